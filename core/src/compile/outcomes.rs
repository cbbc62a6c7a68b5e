//! A rule's outcomes as clauses.
//!
//! With *in force* P, *applies* A and the condition C, of which *bad* is what violates it and
//! *good* what satisfies it:
//!
//! ```text
//! violated       = P T(A) bad        not applicable = not P + P F(A)
//! satisfied      = P T(A) good       error          = P E(A) + P T(A) E(C)
//! ```

use std::borrow::Cow;

use super::folded::{Sets, folded};
use super::formula::{Formula, Space, Steps, TooManyClauses};
use super::normalise::{Normaliser, Origin, Three, nodes};
use crate::cel::Node;
use crate::pack::Rule;
use crate::program::CompiledRule;
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::sets::Timeline;
use crate::schema::{Schema, Scope};

/// The conditions of a rule, without what `send_at` alone settles.
pub(super) struct Conditions<'p> {
    applies: Option<Cow<'p, Node>>,
    condition: Cow<'p, Node>,
}

impl<'p> Conditions<'p> {
    pub(super) fn of(
        rule: &'p Rule,
        schema: &Schema,
        sets: &[Timeline],
        in_predicates: Sets,
    ) -> Self {
        let folded = |node: &'p Node| folded(node, schema, sets, in_predicates);
        let applies = rule.applies.as_ref();
        Self {
            applies: applies.map(|applies| folded(&applies.root)),
            condition: folded(&rule.condition.expression().root),
        }
    }

    pub(super) fn each(&self) -> impl Iterator<Item = &Node> {
        self.applies.iter().chain([&self.condition]).map(|root| &**root)
    }
}

/// Where a rule stands, and the sets of its pack.
#[derive(Clone, Copy)]
pub(super) struct PlaceOfRule<'p> {
    pub(super) pack: usize,
    pub(super) place: usize,
    pub(super) sets: &'p [Timeline],
}

/// Compiles the rule at a place of a pack.
///
/// # Errors
/// Never: two predicates and a period make at most three clauses an outcome. A rule without clauses
/// would never fire, so that whoever calls this says so all the same.
pub(super) fn of_rule(
    normaliser: &mut Normaliser<'_>,
    rule: &Rule,
    conditions: &Conditions<'_>,
    PlaceOfRule { pack, place, sets }: PlaceOfRule<'_>,
) -> Result<CompiledRule, TooManyClauses> {
    let applies = rule.applies.as_ref().zip(conditions.applies.as_deref());
    let applies =
        applies.map(|(applies, root)| (root, Origin { pack, source: &applies.source, sets }));
    let condition = &*conditions.condition;
    let origin = Origin { pack, source: &rule.condition.expression().source, sets };

    let in_force = normaliser.between(rule.period.from, rule.period.until);
    let size = nodes(condition) + applies.map_or(0, |(root, _)| nodes(root));
    normaliser.steps = Steps::of_nodes(size);
    let mut a = applies.map_or_else(
        || Three::literal(true),
        |(applies, origin)| normaliser.three(applies, origin),
    );
    let mut c = normaliser.three(condition, origin);
    normaliser.taken += normaliser.steps.taken();
    if normaliser.steps.are_spent() {
        c = normaliser.predicate(condition, origin);
        if let Some((applies, origin)) = applies {
            a = normaliser.predicate(applies, origin);
        }
    }
    let outcomes = combined(normaliser, &in_force, &a, &c, rule.condition.is_required()).or_else(
        |TooManyClauses| {
            // Each part is within bounds and their product is not: the condition becomes a
            // predicate, then the applicability too.
            let c = normaliser.predicate(condition, origin);
            combined(normaliser, &in_force, &a, &c, rule.condition.is_required()).or_else(
                |TooManyClauses| {
                    let a = applies.map_or_else(
                        || Three::literal(true),
                        |(applies, origin)| normaliser.predicate(applies, origin),
                    );
                    combined(normaliser, &in_force, &a, &c, rule.condition.is_required())
                },
            )
        },
    );
    Ok(with_clauses(outcomes?, pack, place, rule.scope))
}

/// A rule of these clauses: violated, satisfied, not applicable, error.
pub(super) fn with_clauses(
    outcomes: [Vec<Clause>; 4],
    pack: usize,
    place: usize,
    scope: Scope,
) -> CompiledRule {
    let constraints = outcomes.iter().flatten().flat_map(|clause| &clause.constraints);
    let mut dimensions: Vec<DimensionIdx> = constraints.map(|(dimension, _)| *dimension).collect();
    dimensions.sort_unstable();
    dimensions.dedup();
    let [violated, satisfied, not_applicable, error] = outcomes;
    CompiledRule { pack, place, scope, violated, satisfied, not_applicable, error, dimensions }
}

/// The clauses of the four outcomes, in the same order.
pub(super) fn combined(
    normaliser: &Normaliser<'_>,
    in_force: &Formula,
    applies: &Three,
    condition: &Three,
    required: bool,
) -> Result<[Vec<Clause>; 4], TooManyClauses> {
    const NODES_MIN: usize = 64;
    // What is left of the parts' steps says nothing of how they are put together.
    let steps = Steps::of_nodes(NODES_MIN);
    let space = Space { dimensions: &normaliser.dimensions, steps: &steps };
    let (bad, good) =
        if required { (&condition.no, &condition.yes) } else { (&condition.yes, &condition.no) };
    let applicable = in_force.and(&applies.yes, space)?;
    let idle = normaliser.other_instants(in_force).or(&in_force.and(&applies.no, space)?, space)?;
    let broken = in_force
        .and(&applies.error, space)?
        .or(&applicable.and(&condition.error, space)?, space)?;
    let outcomes = [applicable.and(bad, space)?, applicable.and(good, space)?, idle, broken];
    let occurs = |clause: &Clause| !normaliser.excluded.covers(clause);
    Ok(outcomes.map(|Formula(clauses)| clauses.into_iter().filter(occurs).collect()))
}
