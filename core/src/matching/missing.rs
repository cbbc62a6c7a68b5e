//! Which unknown facts can still change a rule's outcome?
//!
//! Those of which two completions that differ in one of them alone give the rule different
//! outcomes. Two such completions exist exactly when two clauses of different outcomes are possible
//! and one dimension alone keeps them from sharing a case: then one case lies in both but for that
//! dimension, which is unknown, since a known class would lie in both clauses.

use std::collections::BTreeSet;

#[cfg(feature = "screen")]
use super::bits::Truth;
use super::case::Case;
use super::matcher::Matcher;
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Subject;
use crate::program::{CompiledRule, Program, RuleIdx};
use crate::schema::AttributeId;

/// The attributes, given or derived, that a rule misses in a case.
pub fn missing<C: Case + ?Sized>(
    program: &Program,
    matcher: &Matcher,
    case: &C,
    rule: RuleIdx,
) -> BTreeSet<AttributeId> {
    let Some(compiled) = program.compiled(rule) else { return BTreeSet::new() };
    let possible = outcomes(compiled).map(|clauses| {
        clauses
            .iter()
            .filter(|clause| matcher.is_possible(program, case, clause))
            .collect::<Vec<_>>()
    });
    let dimensions: BTreeSet<DimensionIdx> =
        parted(&possible, |clause: &&Clause| *clause).map(|parted| parted.dimension).collect();
    dimensions
        .into_iter()
        .flat_map(|dimension| attributes(program, dimension, |id| case.fact(id).is_unknown()))
        .collect()
}

/// Two clauses of different outcomes that one dimension alone keeps apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parted<'a, T> {
    pub(crate) dimension: DimensionIdx,
    #[cfg_attr(not(feature = "screen"), expect(dead_code, reason = "of screenings alone"))]
    pub(crate) clauses: (&'a T, &'a T),
}

/// All such pairs of a rule, given the clauses of each outcome in whatever form.
pub(crate) fn parted<'a, T>(
    outcomes: &'a [Vec<T>; 4],
    clause: impl Fn(&T) -> &Clause + Copy + 'a,
) -> impl Iterator<Item = Parted<'a, T>> {
    let others = move |number: usize| outcomes.iter().skip(number + 1).flatten();
    outcomes.iter().enumerate().flat_map(move |(number, clauses)| {
        others(number).flat_map(move |other| {
            clauses.iter().filter_map(move |own| {
                let dimension = clause(own).parted_by(clause(other))?;
                Some(Parted { dimension, clauses: (own, other) })
            })
        })
    })
}

/// In which cases a rule misses a dimension: those in which both clauses of a pair that it alone
/// keeps apart are possible.
#[cfg(feature = "screen")]
#[inline(always)]
pub(crate) fn missing_where<B: Truth, T: Copy>(pairs: &[(T, T)], possible: impl Fn(T) -> B) -> B {
    pairs.iter().fold(B::NONE, |any, (one, other)| any.or(&possible(*one).and(&possible(*other))))
}

/// The attributes that are missing where a dimension is: a predicate stands for those of its
/// attributes that are unknown.
pub(crate) fn attributes(
    program: &Program,
    dimension: DimensionIdx,
    is_unknown: impl Fn(AttributeId) -> bool,
) -> Vec<AttributeId> {
    match program.dimension(dimension).map(|known| known.subject) {
        Some(Subject::Attribute(id)) => vec![id],
        Some(Subject::Predicate(index)) => {
            let read = program.predicates().get(index).map(|predicate| &predicate.attributes);
            read.into_iter().flatten().copied().filter(|id| is_unknown(*id)).collect()
        }
        None => Vec::new(),
    }
}

/// The clauses of each outcome.
fn outcomes(rule: &CompiledRule) -> [&[Clause]; 4] {
    [&rule.violated, &rule.satisfied, &rule.not_applicable, &rule.error]
}
