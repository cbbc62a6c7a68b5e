//! Which unknown facts can still change a rule's outcome?

use std::collections::BTreeSet;

use super::{Case, Matcher, outcomes};
use crate::program::dimension::Subject;
use crate::program::{Program, RuleIdx};
use crate::schema::AttributeId;

/// The attributes, given or derived, of which two completions that differ in one of them alone give
/// the rule different outcomes.
///
/// Two such completions exist exactly when two clauses of different outcomes are possible and one
/// dimension alone keeps them from sharing a case: then one case lies in both but for that
/// dimension, which is unknown, since a known class would lie in both clauses. A predicate stands
/// for those of its attributes that are unknown.
pub fn missing<C: Case + ?Sized>(
    program: &Program,
    matcher: &Matcher,
    case: &C,
    rule: RuleIdx,
) -> BTreeSet<AttributeId> {
    let mut attributes = BTreeSet::new();
    let Some(compiled) = program.compiled(rule) else { return attributes };
    let is_possible = |clause: &&_| matcher.is_possible(program, case, clause);
    let possible =
        outcomes(compiled).map(|clauses| clauses.iter().filter(is_possible).collect::<Vec<_>>());
    let mut dimensions = BTreeSet::new();
    for (outcome, clauses) in possible.iter().enumerate() {
        for other in possible.iter().skip(outcome + 1).flatten() {
            dimensions.extend(clauses.iter().filter_map(|clause| clause.parted_by(other)));
        }
    }
    for dimension in dimensions {
        match program.dimension(dimension).map(|known| known.subject) {
            Some(Subject::Attribute(id)) => {
                attributes.insert(id);
            }
            Some(Subject::Predicate(index)) => {
                let read = program.predicates().get(index).map(|predicate| &predicate.attributes);
                attributes
                    .extend(read.into_iter().flatten().filter(|id| case.fact(**id).is_unknown()));
            }
            None => {}
        }
    }
    attributes
}
