//! What may an expression name?

use std::sync::Arc;

use super::node::Expression;
use crate::schema::Schema;
use crate::value::Type;

/// A set as its pack declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetDeclaration {
    /// As in the pack, with `-`; an expression writes `_` instead.
    pub name: Arc<str>,
    /// The type of a member.
    pub element: Type,
}

/// What an expression may name.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'a> {
    /// The attributes.
    pub schema: &'a Schema,
    /// The sets; a [`SetId`](super::SetId) is an index into them.
    pub sets: &'a [SetDeclaration],
}

/// A condition that a pack gives a name; an expression writes `conditions.NAME` for it.
#[derive(Clone, Debug)]
pub struct NamedCondition {
    /// As an expression writes it, with `_` where the pack has `-`.
    pub name: Arc<str>,
    /// What it stands for.
    pub expression: Expression,
}
