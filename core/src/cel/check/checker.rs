//! What a check of names and types knows on its way.

use crate::cel::environment::{Environment, NamedCondition};
use crate::cel::error::ExpressionError;
use crate::cel::node::Reads;
use crate::cel::table::NamedTable;
use crate::schema::AttributeId;
use crate::value::Type;

pub(super) struct Checker<'a> {
    pub(super) source: &'a str,
    pub(super) environment: &'a Environment<'a>,
    /// What `conditions.NAME` stands for.
    pub(super) conditions: &'a [NamedCondition],
    /// What `tables.NAME` stands for.
    pub(super) tables: &'a [NamedTable],
    /// Whether one of them was put in its place.
    pub(super) has_tables: bool,
    /// The nodes of named conditions that were put in their place so far.
    pub(super) expanded: usize,
    /// The variables of the macros around the current node, outermost first.
    pub(super) scope: Vec<Variable>,
    pub(super) reads: Reads,
    /// What was refused so far.
    pub(super) errors: Vec<ExpressionError>,
}

pub(super) struct Variable {
    pub(super) name: String,
    pub(super) ty: Type,
    /// The attribute whose elements it runs over.
    pub(super) domain: Option<AttributeId>,
}
