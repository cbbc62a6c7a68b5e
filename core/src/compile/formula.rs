//! Formulas: disjunctions of clauses, and the algebra over them.

use std::cell::Cell;

use crate::limits;
use crate::program::classes::ClassSet;
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Dimension;

/// Holds where some clause holds. Without clauses, nowhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Formula(pub(super) Vec<Clause>);

/// A formula would need more clauses than [`limits::CLAUSES_PER_OUTCOME_MAX`], or more steps to be
/// found than are left.
#[derive(Debug)]
pub(super) struct TooManyClauses;

/// How many steps formulas may still take: one is about a word of a set that is compared or made.
#[derive(Debug)]
pub(super) struct Steps {
    given: u64,
    left: Cell<u64>,
}

impl Steps {
    /// As many as a rule of that many nodes may take.
    pub(super) fn of_nodes(nodes: usize) -> Self {
        Self::new(limits::COMPILE_STEPS_PER_NODE_MAX.saturating_mul(nodes as u64))
    }

    /// As many as a set of that many members, over all its periods, may take.
    pub(super) fn of_members(members: usize) -> Self {
        const STEPS_PER_MEMBER: u64 = 1000;
        let steps = STEPS_PER_MEMBER.saturating_mul(members as u64);
        Self::new(steps.max(limits::COMPILE_STEPS_PER_NODE_MAX))
    }

    fn new(given: u64) -> Self {
        Self { given, left: Cell::new(given) }
    }

    /// How many were taken.
    pub(super) fn taken(&self) -> u64 {
        self.given - self.left.get()
    }

    /// Takes some; whether there were as many.
    pub(super) fn spend(&self, steps: usize) -> Result<(), TooManyClauses> {
        let left = self.left.get().checked_sub(steps as u64);
        self.left.set(left.unwrap_or_default());
        left.map(|_| ()).ok_or(TooManyClauses)
    }

    pub(super) fn are_spent(&self) -> bool {
        self.left.get() == 0
    }
}

/// What formulas are made within.
#[derive(Clone, Copy)]
pub(super) struct Space<'s> {
    pub(super) dimensions: &'s [Dimension],
    pub(super) steps: &'s Steps,
}

impl Formula {
    pub(super) const fn never() -> Self {
        Self(Vec::new())
    }

    pub(super) fn always() -> Self {
        Self(vec![Clause::default()])
    }

    pub(super) fn when(condition: bool) -> Self {
        if condition { Self::always() } else { Self::never() }
    }

    /// Holds where a dimension's class is in a set.
    pub(super) fn on(dimension: DimensionIdx, set: ClassSet, dimensions: &[Dimension]) -> Self {
        if set.is_empty() {
            return Self::never();
        }
        if dimensions.get(dimension.index()).is_some_and(|known| set.len() == known.count) {
            return Self::always();
        }
        Self(vec![Clause { constraints: vec![(dimension, set)] }])
    }

    pub(super) fn is_never(&self) -> bool {
        self.0.is_empty()
    }

    /// Holds where both do.
    pub(super) fn and(&self, other: &Self, space: Space<'_>) -> Result<Self, TooManyClauses> {
        let mut clauses = Vec::new();
        for a in &self.0 {
            for b in &other.0 {
                space.steps.spend(a.weight() + b.weight())?;
                if let Some(both) = a.and(b) {
                    push(&mut clauses, both, space)?;
                }
            }
        }
        Ok(Self(clauses))
    }

    /// Holds where either does.
    pub(super) fn or(&self, other: &Self, space: Space<'_>) -> Result<Self, TooManyClauses> {
        let mut clauses = self.0.clone();
        for clause in &other.0 {
            push(&mut clauses, clause.clone(), space)?;
        }
        Ok(Self(clauses))
    }
}

/// Adds a clause unless another covers it; drops those that it covers; merges it with one from
/// which it differs in a single dimension. A merged clause keeps the place of the earlier of the
/// two, so that clauses stay in source order.
fn push(
    clauses: &mut Vec<Clause>,
    mut clause: Clause,
    space: Space<'_>,
) -> Result<(), TooManyClauses> {
    let mut place = clauses.len();
    loop {
        space.steps.spend(clause.weight() * (clauses.len() + 1))?;
        if clauses.iter().any(|known| covers(known, &clause)) {
            return Ok(());
        }
        while let Some(covered) = clauses.iter().position(|known| covers(&clause, known)) {
            clauses.remove(covered);
            place = if covered < place { place - 1 } else { place };
        }
        let merged = clauses.iter().enumerate().find_map(|(at, known)| {
            merge(known, &clause, space.dimensions).map(|merged| (at, merged))
        });
        let Some((at, wider)) = merged else { break };
        clauses.remove(at);
        place = place.min(at);
        clause = wider;
    }
    if clauses.len() >= limits::CLAUSES_PER_OUTCOME_MAX {
        return Err(TooManyClauses);
    }
    clauses.insert(place.min(clauses.len()), clause);
    Ok(())
}

/// Whether `a` holds wherever `b` does.
fn covers(a: &Clause, b: &Clause) -> bool {
    a.constraints
        .iter()
        .all(|(dimension, set)| b.on(*dimension).is_some_and(|narrower| set.includes(narrower)))
}

/// One clause for two that differ in a single dimension.
fn merge(a: &Clause, b: &Clause, dimensions: &[Dimension]) -> Option<Clause> {
    if a.constraints.len() != b.constraints.len() {
        return None;
    }
    let mut differing = None;
    for (place, ((dimension, first), (other, second))) in
        a.constraints.iter().zip(&b.constraints).enumerate()
    {
        if dimension != other {
            return None;
        }
        if first != second && differing.replace(place).is_some() {
            return None;
        }
    }
    let place = differing?;
    let mut merged = a.clone();
    let (dimension, set) = merged.constraints.get_mut(place)?;
    *set = set.or(&b.constraints.get(place)?.1);
    if dimensions.get(dimension.index()).is_some_and(|known| set.len() == known.count) {
        merged.constraints.remove(place);
    }
    Some(merged)
}
