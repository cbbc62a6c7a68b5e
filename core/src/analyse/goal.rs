//! A box that a case is looked for in.

use crate::program::clause::Clause;
use crate::schema::Scope;

/// A clause, and whether the case must have a recipient: a rule of recipient scope is not asked
/// of a campaign alone.
#[derive(Clone, Debug)]
pub(super) struct Goal {
    pub(super) clause: Clause,
    pub(super) scope: Scope,
}

impl Goal {
    /// The box that two clauses share; `None` where they share none.
    pub(super) fn both(one: &Clause, other: &Clause, scope: Scope) -> Option<Self> {
        Some(Self { clause: one.and(other)?, scope })
    }
}

/// The boxes of a rule's clauses.
pub(super) fn boxes_of(clauses: &[Clause], scope: Scope) -> impl Iterator<Item = Goal> {
    clauses.iter().map(move |clause| Goal { clause: clause.clone(), scope })
}
