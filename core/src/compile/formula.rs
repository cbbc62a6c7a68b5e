//! Formulas: disjunctions of clauses, and the algebra over them.

use crate::limits;
use crate::program::classes::ClassSet;
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Dimension;

/// Holds where some clause holds. Without clauses, nowhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Formula(pub(super) Vec<Clause>);

/// A formula would need more clauses than [`limits::CLAUSES_PER_OUTCOME_MAX`].
#[derive(Debug)]
pub(super) struct TooManyClauses;

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
    pub(super) fn and(
        &self,
        other: &Self,
        dimensions: &[Dimension],
    ) -> Result<Self, TooManyClauses> {
        let mut clauses = Vec::new();
        for a in &self.0 {
            for b in &other.0 {
                if let Some(both) = a.and(b) {
                    push(&mut clauses, both, dimensions)?;
                }
            }
        }
        Ok(Self(clauses))
    }

    /// Holds where either does.
    pub(super) fn or(
        &self,
        other: &Self,
        dimensions: &[Dimension],
    ) -> Result<Self, TooManyClauses> {
        let mut clauses = self.0.clone();
        for clause in &other.0 {
            push(&mut clauses, clause.clone(), dimensions)?;
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
    dimensions: &[Dimension],
) -> Result<(), TooManyClauses> {
    let mut place = clauses.len();
    loop {
        if clauses.iter().any(|known| covers(known, &clause)) {
            return Ok(());
        }
        while let Some(covered) = clauses.iter().position(|known| covers(&clause, known)) {
            clauses.remove(covered);
            place = if covered < place { place - 1 } else { place };
        }
        let merged = clauses
            .iter()
            .enumerate()
            .find_map(|(at, known)| merge(known, &clause, dimensions).map(|merged| (at, merged)));
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
