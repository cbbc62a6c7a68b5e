//! Why, and what would help?
//!
//! In: what the engine holds, and the facts of one case. Out: an [`Explanation`]: the decision, a
//! checklist of all rules, the smallest sets of changes that make the verdict better, the verdict
//! at later instants, and what to supply first.
//!
//! Nothing is argued from the text of rules. Changes are found in the program's classes, instants
//! in its cuts and in what turns with `send_at`, and every claim is one that the case itself bore
//! out when it was resolved and matched again ([`trial`]).
//!
//! - [`levers`]: which facts somebody can change, and into what.
//! - [`fixes`]: which changes together make the verdict better.
//! - [`changed`]: what a case comes to with some of it changed.
//! - [`alone`]: which single change meets one finding.
//! - [`course`]: what the verdict is at which instant.
//! - [`ends`]: when that ends which stands against sending all along.
//! - [`missing`]: what an unknown fact could settle.
//! - [`shared`]: which single changes there are to what an audience shares.

mod alone;
mod changed;
mod checklist;
mod course;
mod deed;
mod ends;
mod error;
mod explanation;
mod fixes;
mod json;
mod json_schema;
mod levers;
mod missing;
mod number;
mod options;
mod proposed;
#[cfg(feature = "screen")]
mod shared;
mod trial;

pub use error::ExplainError;
pub use explanation::{
    Before, Change, ChecklistEntry, Explanation, Fix, Interval, Missing, MissingValues, RuleEnd,
    Timeline, To, WhenOver,
};
#[cfg(feature = "screen")]
pub(crate) use json_schema::change as change_schema;
pub use options::ExplainOptions;
#[cfg(feature = "screen")]
pub(crate) use shared::{Changed, changes};
pub(crate) use trial::Ground;

use std::sync::Arc;

use crate::decide;
use crate::facts::Facts;
use crate::limits;
use crate::matching;
use crate::verdict::Verdict;
use changed::Alternatives;
use options::Depth;
use trial::Trials;

/// Explains a case, which is ready to be judged.
pub(crate) fn explain(
    ground: &Ground<'_>,
    facts: &Facts,
    options: &ExplainOptions,
) -> Result<Explanation, ExplainError> {
    let send_at = facts.sent_at()?;
    let until = options.until_after(send_at)?;
    let resolved = ground.resolve(facts);
    let matched = matching::findings(ground.program, &resolved);
    let decision = decide::decide(ground.program, &resolved, &matched, ground.stamp);
    let checklist = checklist::of(ground.program, &resolved);
    let mut trials = Trials::new(ground);
    let is_whole = options.depth == Depth::Whole;
    let course =
        until.filter(|_| is_whole).map(|until| course::of(&mut trials, facts, send_at, until));
    let first_clear = until
        .filter(|_| !is_whole && decision.verdict() > Verdict::Allow)
        .and_then(|until| course::first_clear(&mut trials, facts, send_at, until));
    let later = match &course {
        Some(course) => (&course.later[..], course.later_is_cut),
        None => (first_clear.as_slice(), false),
    };
    let ends = match &course {
        Some(course) => ends::of(&mut trials, facts, course),
        None => Vec::new(),
    };
    let levers = match decision.verdict() {
        Verdict::Allow => Vec::new(),
        Verdict::Review | Verdict::Deny => levers::of(&trials, facts, &decision, later),
    };
    let changes_max = if is_whole { limits::FIX_CHANGES_MAX } else { 1 };
    let most = (options.fixes_max, changes_max);
    let mut alternatives = Alternatives::new(&resolved, &levers);
    let (fixes, more_fixes) = fixes::of(&mut trials, &mut alternatives, &decision, most);
    let alone = alone::of(&mut trials, &mut alternatives, &decision, &fixes);
    // What ends after the timeline may be waited for.
    let is_over_later = ends.iter().any(|end| end.over != WhenOver::NoEndKnown);
    let more_fixes = more_fixes || is_over_later;
    let missing = missing::of(&mut trials, facts, &decision);
    Ok(Explanation {
        schema: Arc::clone(facts.schema()),
        decision,
        checklist,
        fixes,
        more_fixes,
        alone,
        timeline: course.map(|course| course.timeline),
        first_clear,
        ends,
        missing,
    })
}
