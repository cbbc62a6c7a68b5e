//! What would a further violation bring?
//!
//! In: an account's violations and restrictions, a violation kind and an instant. Out: a
//! [`Projection`], the steps of the enforcement ladder that may follow by WhatsApp's published
//! rules. How many violations make a step, and after how long a step is forgotten, is not
//! published: where the history does not decide, each possible step is listed, and none with a
//! probability.

use std::sync::Arc;

use serde::Serialize;

use crate::error::{self, AccountError};
use crate::words;
use cleartosend::expert::resolve::ladder::{self, History};
use cleartosend::pack::{Appeal, Ladder, LadderStep};
use cleartosend::{Duration, Engine, Exposure, Pack, Timestamp};

/// What may follow a violation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Projection {
    /// The violation kind.
    pub violation: String,
    /// When it would happen.
    #[serde(serialize_with = "written")]
    pub at: Timestamp,
    /// The ladder in force then; none where none is known.
    pub ladder: Option<LadderStamp>,
    /// Whether the ladder covers the kind. Where it does not, nothing is published, and no step is
    /// told.
    pub covered: bool,
    /// Whether the kind skips the ladder.
    pub immediate: bool,
    /// The id of the highest step that the history shows; none where it shows none.
    pub reached: Option<Arc<str>>,
    /// Whether one step alone can follow.
    pub decided: bool,
    /// The steps that can follow, from mild to grave.
    pub steps: Vec<Possible>,
    /// What of the history is not known and could narrow the steps, by path.
    pub missing: Vec<&'static str>,
}

/// A ladder, and by whose word it holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LadderStamp {
    /// The pack that has it.
    pub pack: Arc<str>,
    /// Its id.
    pub id: Arc<str>,
    /// One line on what it is.
    pub title: Arc<str>,
    /// Since when it is in force.
    #[serde(serialize_with = "written")]
    pub from: Timestamp,
    /// Until when.
    #[serde(serialize_with = "written_or_null")]
    pub until: Option<Timestamp>,
    /// The title of the source.
    pub source: Arc<str>,
    /// The source's address.
    pub url: Arc<str>,
    /// When the source was read.
    #[serde(serialize_with = "written")]
    pub retrieved: Timestamp,
}

/// A step that can follow.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Possible {
    /// The id of the step.
    pub id: Arc<str>,
    /// One line on what happens.
    pub title: Arc<str>,
    /// Each possible length with its end; one without either where days do not apply.
    pub lengths: Vec<Block>,
    /// The restriction kinds that it brings.
    pub blocks: Vec<Arc<str>>,
    /// What ends it: `nothing` where there is nothing to end, `time`, `appeal`, `reinstatement`.
    pub ends: &'static str,
    /// Whether one can appeal: `possible`, `not_always`, `none`.
    pub appeal: &'static str,
    /// The last instant of an appeal, where a number of days is published.
    #[serde(serialize_with = "written_or_null")]
    pub appeal_by: Option<Timestamp>,
    /// What it amounts to.
    pub exposure: Vec<Exposure>,
}

/// A length of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Block {
    /// How many days; none where days do not apply.
    pub days: Option<u32>,
    /// Until when it blocks, if it begins with the violation; none for an open end.
    #[serde(serialize_with = "written_or_null")]
    pub until: Option<Timestamp>,
}

fn written<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

fn written_or_null<S: serde::Serializer>(
    at: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}

/// Asks the ladder that is in force at an instant, of the engine's last pack that has one, what may
/// follow a violation.
///
/// # Errors
/// A violation kind that does not exist.
pub fn project(
    engine: &Engine,
    history: &History,
    violation: &str,
    at: Timestamp,
) -> Result<Projection, AccountError> {
    let kinds: Vec<Arc<str>> = words::violations().collect();
    if !kinds.iter().any(|kind| **kind == *violation) {
        return Err(error::unknown_violation(violation, kinds.iter().map(|kind| &**kind)));
    }
    let mut projection = Projection {
        violation: violation.to_owned(),
        at,
        ladder: None,
        covered: false,
        immediate: false,
        reached: None,
        decided: false,
        steps: Vec::new(),
        missing: Vec::new(),
    };
    let Some((pack, ladder)) = ladder::in_force(engine.packs(), at) else {
        return Ok(projection);
    };
    projection.ladder = Some(LadderStamp::of(pack, ladder));
    let course = ladder::course(ladder, history, violation, at);
    let step = |place: usize| ladder.steps.get(place);
    projection.covered = course.covered;
    projection.immediate = course.immediate;
    projection.reached = course.reached.and_then(step).map(|step| Arc::clone(&step.id));
    let possible = |(place, days): &(usize, Vec<u32>)| Some(Possible::of(step(*place)?, at, days));
    projection.steps = course.steps.iter().filter_map(possible).collect();
    projection.missing = course.missing;
    projection.decided = projection.steps.len() == 1;
    Ok(projection)
}

impl Possible {
    fn of(step: &LadderStep, at: Timestamp, days: &[u32]) -> Self {
        let lengths = if days.is_empty() {
            vec![Block { days: None, until: None }]
        } else {
            days.iter().map(|days| Block { days: Some(*days), until: after(at, *days) }).collect()
        };
        Self {
            id: Arc::clone(&step.id),
            title: Arc::clone(&step.title),
            lengths,
            blocks: step.blocks.clone(),
            ends: step.ends.name(),
            appeal: step.appeal.name(),
            appeal_by: step
                .appeal_days
                .filter(|_| step.appeal != Appeal::None)
                .and_then(|days| after(at, days)),
            exposure: step.exposure.clone(),
        }
    }
}

fn after(at: Timestamp, days: u32) -> Option<Timestamp> {
    const DAY_SECONDS: i64 = 86_400;
    at.checked_add(Duration::from_seconds(i64::from(days) * DAY_SECONDS)?)
}

impl LadderStamp {
    fn of(pack: &Pack, ladder: &Ladder) -> Self {
        let source = pack.sources.get(&ladder.source.source);
        Self {
            pack: Arc::clone(&pack.name),
            id: Arc::clone(&ladder.id),
            title: Arc::clone(&ladder.title),
            // INVARIANT: the reader of ladders demands their beginning.
            from: ladder.period.from.unwrap_or(Timestamp::MIN),
            until: ladder.period.until,
            source: source.map_or_else(
                || Arc::clone(&ladder.source.source),
                |source| Arc::clone(&source.title),
            ),
            url: source.map_or_else(|| Arc::from(""), |source| Arc::clone(&source.url)),
            retrieved: source.map_or(Timestamp::MIN, |source| source.retrieved),
        }
    }
}
