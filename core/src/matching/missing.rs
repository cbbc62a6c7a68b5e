//! Which unknown facts can still change a rule's outcome?

use std::collections::BTreeSet;

use super::{Case, Matcher, is_unknown, outcomes};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Subject;
use crate::program::{Program, RuleIdx};
use crate::schema::AttributeId;

/// The attributes, given or derived, of which two completions that differ in one of them alone give the rule different outcomes.
///
/// Two such completions exist for an unknown dimension exactly when two clauses of different outcomes are possible and meet in every other
/// unknown dimension: then one case lies in both but for that dimension. A predicate stands for those of its attributes that are unknown.
pub fn missing<C: Case + ?Sized>(program: &Program, matcher: &Matcher, case: &C, rule: RuleIdx) -> BTreeSet<AttributeId> {
    let mut attributes = BTreeSet::new();
    let Some(compiled) = program.compiled(rule) else { return attributes };
    let row = &matcher.classes(program, case);
    let possible = outcomes(compiled).map(|clauses| clauses.iter().filter(|clause| clause.possible(row)).collect::<Vec<_>>());
    let unknown: Vec<DimensionIdx> = compiled.dimensions.iter().copied().filter(|dimension| is_unknown(row, *dimension)).collect();
    for dimension in &unknown {
        let differs = possible.iter().enumerate().any(|(outcome, clauses)| {
            possible
                .iter()
                .skip(outcome + 1)
                .any(|others| clauses.iter().any(|clause| others.iter().any(|other| meet_but_for(clause, other, *dimension, &unknown))))
        });
        if !differs {
            continue;
        }
        match program.dimension(*dimension).map(|known| known.subject) {
            Some(Subject::Attribute(id)) => {
                attributes.insert(id);
            }
            Some(Subject::Predicate(index)) => {
                let read = program.predicates().get(index).map(|predicate| &predicate.attributes);
                attributes.extend(read.into_iter().flatten().filter(|id| case.fact(**id).is_unknown()));
            }
            None => {}
        }
    }
    attributes
}

/// Whether two possible clauses share a case in every unknown dimension but one.
fn meet_but_for(a: &Clause, b: &Clause, but: DimensionIdx, unknown: &[DimensionIdx]) -> bool {
    unknown.iter().filter(|dimension| **dimension != but).all(|dimension| match (a.on(*dimension), b.on(*dimension)) {
        (Some(first), Some(second)) => first.meets(second),
        _ => true,
    })
}
