//! What would a further violation bring?
//!
//! In: an account's violations and restrictions, a violation kind and an instant. Out: a
//! [`Projection`], the steps of the enforcement ladder that may follow by WhatsApp's published
//! rules. How many violations make a step, and after how long a step is forgotten, is not
//! published: where the history does not decide, each possible step is told, and none with a
//! probability.

use std::sync::Arc;

use serde::Serialize;

use crate::error::{self, AccountError};
use crate::words;
use cleartosend::pack::{Appeal, Ladder, LadderStep, StepOrder};
use cleartosend::schema::attributes as id;
use cleartosend::{Duration, Engine, Exposure, Fact, Facts, Pack, Timestamp, Value};

/// The violations and restrictions of an account; `None` where nothing is known of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// In any order.
    pub restrictions: Option<Vec<PastRestriction>>,
    /// In any order.
    pub violations: Option<Vec<PastViolation>>,
}

/// A restriction, in force at `since <= at < until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRestriction {
    /// A restriction kind of the schema; none where it is not known.
    pub kind: Option<Arc<str>>,
    /// From when; none where it is not known.
    pub since: Option<Timestamp>,
    /// Until when; none for good, or where it is not known.
    pub until: Option<Timestamp>,
}

/// A violation that WhatsApp reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastViolation {
    /// A violation kind of the schema; none where it is not known.
    pub kind: Option<Arc<str>>,
    /// When it was reported; none where it is not known.
    pub at: Option<Timestamp>,
}

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

impl History {
    /// The history that a campaign document tells.
    pub fn of(facts: &Facts) -> Self {
        let kind = |entry: &[Fact]| match entry.first() {
            Some(Fact::Value(Value::String(kind))) => Some(Arc::clone(kind)),
            _ => None,
        };
        let instant = |entry: &[Fact], place: usize| match entry.get(place) {
            Some(Fact::Value(Value::Timestamp(at))) => Some(*at),
            _ => None,
        };
        let restriction = |entry: &Vec<Fact>| PastRestriction {
            kind: kind(entry),
            since: instant(entry, 1),
            until: instant(entry, 2),
        };
        let violation =
            |entry: &Vec<Fact>| PastViolation { kind: kind(entry), at: instant(entry, 1) };
        Self {
            restrictions: facts
                .collection(id::RESTRICTIONS)
                .map(|entries| entries.iter().map(restriction).collect()),
            violations: facts
                .collection(id::VIOLATIONS)
                .map(|entries| entries.iter().map(violation).collect()),
        }
    }

    /// As it stood at an instant: what had begun by then. What has no known date counts.
    fn as_of(&self, at: Timestamp) -> Self {
        let begun = |since: Option<Timestamp>| since.is_none_or(|since| since <= at);
        let restrictions = self
            .restrictions
            .as_ref()
            .map(|all| all.iter().filter(|one| begun(one.since)).cloned().collect());
        let violations = self
            .violations
            .as_ref()
            .map(|all| all.iter().filter(|one| begun(one.at)).cloned().collect());
        Self { restrictions, violations }
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
    let in_force = |pack: &Arc<Pack>| {
        pack.ladders
            .iter()
            .find(|ladder| ladder.period.contains(at))
            .cloned()
            .map(|ladder| (Arc::clone(pack), ladder))
    };
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
    let Some((pack, ladder)) = engine.packs().iter().rev().find_map(in_force) else {
        return Ok(projection);
    };
    projection.ladder = Some(LadderStamp::of(&pack, &ladder));
    projection.covered = ladder
        .violations
        .as_ref()
        .is_none_or(|covered| covered.iter().any(|kind| **kind == *violation));
    projection.immediate = ladder.immediate.iter().any(|kind| **kind == *violation);
    if projection.covered {
        climb(&mut projection, &ladder, &history.as_of(at));
    }
    projection.decided = projection.steps.len() == 1;
    Ok(projection)
}

fn climb(projection: &mut Projection, ladder: &Ladder, history: &History) {
    let at = projection.at;
    let last = ladder.steps.len().saturating_sub(1);
    let shown = Shown::of(ladder, history);
    projection.reached =
        shown.reached.and_then(|place| ladder.steps.get(place)).map(|step| Arc::clone(&step.id));
    let possible =
        |place: usize| ladder.steps.get(place).map(|step| Possible::of(step, at, &step.days));
    if projection.immediate {
        projection.steps.extend(possible(last));
        return;
    }
    if ladder.order == StepOrder::Any {
        projection.steps = (0..ladder.steps.len()).filter_map(possible).collect();
        return;
    }
    if history.restrictions.is_none() {
        projection.missing.push(id::RESTRICTIONS);
    }
    if history.violations.is_none() {
        projection.missing.push(id::VIOLATIONS);
    }
    let (first_possible, last_possible) = match shown.reached {
        None => (0, 0),
        Some(place) => (if shown.repeats { place } else { place + 1 }, place + 1),
    };
    // What is not known may have taken the account further up. Without restrictions, violations
    // alone show no more than a warning.
    let last_possible = if shown.open {
        last
    } else if history.violations.is_none() && shown.reached.is_none() {
        last_possible.max(1)
    } else {
        last_possible
    };
    for place in first_possible.min(last)..=last_possible.min(last) {
        let Some(step) = ladder.steps.get(place) else { continue };
        // A step that was taken comes again only with a length that is no shorter.
        let longer: Vec<u32> = match shown.days {
            Some(days) if shown.reached == Some(place) => {
                step.days.iter().copied().filter(|length| *length > days).collect()
            }
            _ => Vec::new(),
        };
        let days = if longer.is_empty() { &step.days } else { &longer };
        projection.steps.push(Possible::of(step, at, days));
    }
}

/// How far up the history shows the account to be.
struct Shown {
    /// The highest step.
    reached: Option<usize>,
    /// The longest known length of that step, in whole days.
    days: Option<u32>,
    /// Whether that step can come again: a longer one of it is left, or it has come more than once.
    repeats: bool,
    /// Whether something is not known that may be a step further up.
    open: bool,
}

impl Shown {
    fn of(ladder: &Ladder, history: &History) -> Self {
        let restrictions = history.restrictions.as_deref().unwrap_or_default();
        let open = history.restrictions.is_none()
            || restrictions
                .iter()
                .any(|one| one.kind.as_deref().is_none_or(|kind| is_off(ladder, kind)));
        // A kind shows the mildest step that brings it: the block of new numbers comes with
        // several.
        let step_of = |one: &PastRestriction| {
            let kind = one.kind.as_deref()?;
            ladder
                .steps
                .iter()
                .position(|step| step.blocks.iter().any(|blocked| same_block(blocked, kind)))
        };
        let by_restriction = restrictions.iter().filter_map(step_of).max();
        let Some(reached) = by_restriction else {
            // A violation that brought no restriction brought a warning, where the ladder begins
            // with one.
            let covered = |one: &&PastViolation| match (&ladder.violations, &one.kind) {
                (Some(covered), Some(kind)) => covered.contains(kind),
                _ => true,
            };
            let warned =
                history.violations.as_deref().unwrap_or_default().iter().filter(covered).count();
            let reached = (warned > 0
                && ladder.steps.first().is_some_and(|step| step.blocks.is_empty()))
            .then_some(0);
            return Self { reached, days: None, repeats: warned > 1, open };
        };
        let days = restrictions
            .iter()
            .filter(|one| step_of(one) == Some(reached))
            .filter_map(length)
            .max();
        let lengths =
            ladder.steps.get(reached).map(|step| step.days.as_slice()).unwrap_or_default();
        let repeats = match days {
            Some(days) => lengths.iter().any(|length| *length > days),
            // Of a block whose length is not known a longer one may be left.
            None => !lengths.is_empty(),
        };
        Self { reached: Some(reached), days, repeats, open }
    }
}

/// Whether a ladder does not tell what becomes of an account with a restriction of that kind: no
/// step brings it, so that it came by another track.
fn is_off(ladder: &Ladder, kind: &str) -> bool {
    kind != "calling"
        && !ladder
            .steps
            .iter()
            .any(|step| step.blocks.iter().any(|blocked| same_block(blocked, kind)))
}

/// Blocks of replies come with the blocks that stop everything.
fn same_block(blocked: &str, kind: &str) -> bool {
    blocked == kind || blocked == "all_messaging" && kind == "customer_initiated"
}

/// Whole days, rounded up: a block of three days that was told an hour late is one of three days.
fn length(restriction: &PastRestriction) -> Option<u32> {
    const DAY_SECONDS: i64 = 86_400;
    let seconds = restriction.until?.since(restriction.since?).as_nanos() / 1_000_000_000;
    let seconds = i64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
    u32::try_from((seconds + DAY_SECONDS - 1) / DAY_SECONDS).ok()
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
