//! Which waivers lower nothing?

use super::waived;
use crate::pack::Waiver;
use crate::program::clause::Clause;
use crate::program::waivers::{CompiledWaiver, WaiverIdx};
use crate::program::{Program, RuleIdx};
use crate::time::Timestamp;
use crate::verdict::Status;

/// Why a waiver is idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever tells of them has words for each")]
pub enum Idle {
    /// It has ended.
    Ended,
    /// What the rule finds means no more than that already.
    LowersNothing,
    /// No case of its own, within its period, violates the rule or leaves it undetermined.
    NeverMeets,
    /// The pack of its rule is not loaded.
    PackNotLoaded,
}

/// The waivers that lower nothing from an instant on, in order.
pub fn idle_waivers(program: &Program, at: Timestamp) -> Vec<(&Waiver, Idle)> {
    let waivers = (0..).zip(program.waivers().all()).map(|(number, compiled)| {
        let rules = program.waivers().rules_of(WaiverIdx(number));
        (&compiled.waiver, idle(program, (WaiverIdx(number), compiled), rules, at))
    });
    waivers.filter_map(|(waiver, idle)| Some((waiver, idle?))).collect()
}

fn idle(
    program: &Program,
    (number, compiled): (WaiverIdx, &CompiledWaiver),
    rules: &[RuleIdx],
    at: Timestamp,
) -> Option<Idle> {
    if rules.is_empty() {
        return Some(Idle::PackNotLoaded);
    }
    if compiled.waiver.until <= at {
        return Some(Idle::Ended);
    }
    let lowers = |rule: &&RuleIdx| {
        [Status::Violated, Status::Undetermined].into_iter().any(|status| {
            waived::waivers_of(program, **rule, status)
                .is_some_and(|waivers| waivers.contains(&number))
        })
    };
    let lowered: Vec<&RuleIdx> = rules.iter().filter(lowers).collect();
    if lowered.is_empty() {
        return Some(Idle::LowersNothing);
    }
    let meets = |rule: &&RuleIdx| {
        let clauses = program.compiled(**rule).map(|rule| rule.violated.iter().chain(&rule.error));
        clauses
            .into_iter()
            .flatten()
            .any(|clause| compiled.holds.violated.iter().any(|holds| !are_apart(clause, holds)))
    };
    (!lowered.iter().any(meets)).then_some(Idle::NeverMeets)
}

/// Whether two clauses share no case.
fn are_apart(one: &Clause, other: &Clause) -> bool {
    let parts = |other: Option<&crate::program::classes::ClassSet>, set| {
        other.is_some_and(|other| !other.meets(set))
    };
    one.constraints.iter().any(|(dimension, set)| parts(other.on(*dimension), set))
}
