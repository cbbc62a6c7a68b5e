//! A rule, compiled.

use super::clause::{Clause, DimensionIdx};
use crate::schema::Scope;

/// The number of a rule within its program: packs in stacking order, rules in source order.
///
/// Thirty-two bits: [`crate::limits::RULES_MAX`] is far below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleIdx(pub u32);

impl RuleIdx {
    /// As an index into a table with one entry a rule.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A rule as clauses, for each outcome. For every case with all facts known, exactly one outcome
/// has a clause that holds.
#[derive(Clone, Debug)]
pub struct CompiledRule {
    /// Its pack, as an index into [`Program::packs`](super::Program::packs).
    pub pack: usize,
    /// Its place among the pack's rules.
    pub place: usize,
    /// Whom it is about.
    pub scope: Scope,
    /// The cases in which it is violated, in source order.
    pub violated: Vec<Clause>,
    /// The cases in which it is satisfied.
    pub satisfied: Vec<Clause>,
    /// The cases in which it does not apply.
    pub not_applicable: Vec<Clause>,
    /// The cases in which it cannot be worked out.
    pub error: Vec<Clause>,
    /// Every dimension that some clause constrains, in order.
    pub dimensions: Vec<DimensionIdx>,
}
