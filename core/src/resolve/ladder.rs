//! What may follow a further violation?
//!
//! In: a ladder, and the violations and restrictions of an account. Out: the steps that may follow
//! by WhatsApp's published rules. How many violations make a step, and after how long a step is
//! forgotten, is not published: where the history does not decide, each possible step is listed.

use std::sync::Arc;

use crate::facts::Facts;
use crate::pack::{Ladder, Pack, StepOrder};
use crate::schema::attributes as id;
use crate::time::Timestamp;
use crate::value::{Fact, Value};

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

/// What may follow by one ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Whether the ladder covers the kind. Where it does not, nothing is published, and no step is
    /// told.
    pub covered: bool,
    /// Whether the kind skips the ladder.
    pub immediate: bool,
    /// The place of the highest step that the history shows; none where it shows none.
    pub reached: Option<usize>,
    /// The steps that can follow, from mild to grave: each with its place and its possible lengths
    /// in days, none where days do not apply.
    pub steps: Vec<(usize, Vec<u32>)>,
    /// What of the history is not known and could narrow the steps, by path.
    pub missing: Vec<&'static str>,
}

/// The ladder that is in force at an instant, of the last pack that has one.
pub fn in_force(packs: &[Arc<Pack>], at: Timestamp) -> Option<(&Arc<Pack>, &Ladder)> {
    packs.iter().rev().find_map(|pack| {
        pack.ladders.iter().find(|ladder| ladder.period.contains(at)).map(|ladder| (pack, ladder))
    })
}

impl History {
    /// The history that a campaign document gives.
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

/// What may follow a violation of that kind at an instant, by a ladder.
pub fn course(ladder: &Ladder, history: &History, violation: &str, at: Timestamp) -> Course {
    let mut course = Course {
        covered: ladder
            .violations
            .as_ref()
            .is_none_or(|covered| covered.iter().any(|kind| **kind == *violation)),
        immediate: ladder.immediate.iter().any(|kind| **kind == *violation),
        reached: None,
        steps: Vec::new(),
        missing: Vec::new(),
    };
    if course.covered {
        climb(&mut course, ladder, &history.as_of(at));
    }
    course
}

fn climb(course: &mut Course, ladder: &Ladder, history: &History) {
    let last = ladder.steps.len().saturating_sub(1);
    let shown = Shown::of(ladder, history);
    course.reached = shown.reached;
    let whole = |place: usize| ladder.steps.get(place).map(|step| (place, step.days.clone()));
    if course.immediate {
        course.steps.extend(whole(last));
        return;
    }
    if ladder.order == StepOrder::Any {
        course.steps = (0..ladder.steps.len()).filter_map(whole).collect();
        return;
    }
    if history.restrictions.is_none() {
        course.missing.push(id::RESTRICTIONS);
    }
    if history.violations.is_none() {
        course.missing.push(id::VIOLATIONS);
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
        let days = if longer.is_empty() { step.days.clone() } else { longer };
        course.steps.push((place, days));
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

/// Whole days, rounded up: a block of three days that was reported an hour late is one of three
/// days.
fn length(restriction: &PastRestriction) -> Option<u32> {
    const DAY_SECONDS: i64 = 86_400;
    let seconds = restriction.until?.since(restriction.since?).as_nanos() / 1_000_000_000;
    let seconds = i64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
    u32::try_from((seconds + DAY_SECONDS - 1) / DAY_SECONDS).ok()
}
