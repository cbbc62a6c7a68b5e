//! Which exception lowers what a rule says of a case?

use super::case::{Case, class_of_predicate};
use super::outcome;
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Subject;
use crate::program::waivers::{CompiledWaiver, WaiverIdx};
use crate::program::{Program, RuleIdx};
use crate::verdict::{FindingVerdict, Status};

/// The waiver that lowers what a rule says of a case; none where nothing is lowered. Of several the
/// one that lowers most counts.
///
/// A waiver holds only where every way to fill in what is unknown leaves it in force: one whose
/// condition is undetermined lowers nothing.
pub fn waived<C: Case + ?Sized>(
    program: &Program,
    case: &C,
    rule: RuleIdx,
    status: Status,
) -> Option<WaiverIdx> {
    let waivers = waivers_of(program, rule, status)?;
    waivers.into_iter().find(|waiver| {
        program.waivers().get(*waiver).is_some_and(|waiver| holds(program, case, waiver))
    })
}

/// The waivers that can lower what a rule says; none where nothing can.
pub(crate) fn waivers_of(
    program: &Program,
    rule: RuleIdx,
    status: Status,
) -> Option<Vec<WaiverIdx>> {
    let of_rule = program.waivers().of_rule(rule);
    if of_rule.is_empty() || !matches!(status, Status::Violated | Status::Undetermined) {
        return None;
    }
    let (_, said) = program.rule(rule)?;
    // That such a rule is undetermined is reported on request only, and decides nothing.
    if status == Status::Undetermined && said.is_quiet() {
        return None;
    }
    let verdict = said.verdict_of(status);
    let lowers = |waiver: &&WaiverIdx| lower_to(program, **waiver).is_some_and(|to| to < verdict);
    Some(of_rule.iter().filter(lowers).copied().collect())
}

/// What findings mean that a waiver lowers.
pub(crate) fn lower_to(program: &Program, waiver: WaiverIdx) -> Option<FindingVerdict> {
    program.waivers().get(waiver).map(|compiled| compiled.waiver.lower_to)
}

fn holds<C: Case + ?Sized>(program: &Program, case: &C, waiver: &CompiledWaiver) -> bool {
    let class = |place: DimensionIdx| match program.dimension(place) {
        Some(dimension) => match dimension.subject {
            Subject::Attribute(id) => dimension.class(case.fact(id)),
            Subject::Predicate(_) => class_of_predicate(program, place, case),
        },
        None => crate::program::classes::UNKNOWN,
    };
    let possible = |clauses: &[Clause]| clauses.iter().any(|clause| clause.possible_where(class));
    let rule = &waiver.holds;
    let others = |_: &bool| possible(&rule.satisfied) || possible(&rule.not_applicable);
    outcome::settle(possible(&rule.violated), possible(&rule.error), others).violated
}
