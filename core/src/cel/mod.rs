//! What does a condition say, and what does it come to?
//!
//! The rule language: a profile of CEL, the Common Expression Language. In: the source of one
//! expression, the schema and the names of a pack's sets ([`compile`]). Out: an [`Expression`], a
//! typed tree that has been checked against them. That one tree is what [`evaluate()`] runs and
//! what the compiler normalises.
//!
//! `tokens` → `parse` → `check`, each refusing what it cannot read with a code, a place and, where
//! something is near, a suggestion (`error`). Limits are those of [`crate::limits`]; recursion is
//! bounded by [`crate::limits::EXPRESSION_DEPTH_MAX`].

mod check;
mod convert;
mod environment;
mod error;
mod error_of_types;
mod evaluate;
mod functions;
pub mod guard;
mod node;
mod outcome;
mod parse;
mod plain;
mod slips;
mod table;
mod tokens;
mod tree;

use std::sync::Arc;

pub use convert::zone_named;
pub use environment::{Environment, NamedCondition, SetDeclaration};
pub use error::{ExpressionError, line_column};
pub use evaluate::{Bindings, evaluate, evaluate_node};
pub use functions::Function;
pub use node::{
    Arithmetic, Comparison, Expression, Membership, Node, NodeKind, Quantifier, SetId, Span,
    VariableIdx,
};
pub use outcome::{EvaluationError, Outcome};
pub(crate) use plain::holds;
pub use table::{NamedTable, TableDeclaration, TableEntry};

use crate::schema::{AttributeId, Schema};
use crate::time::Duration;
use crate::value::Type;

/// Reads and checks one expression of any type.
///
/// # Errors
/// Whatever is wrong with it: of the first pass that finds something, what it finds first. The
/// names and types of a well-formed expression are looked at whole, and the error then has the
/// others with it ([`ExpressionError::further`]).
pub fn compile(source: &str, environment: &Environment<'_>) -> Result<Expression, ExpressionError> {
    compile_with(source, environment, &[], &[])
}

/// As [`compile`], of an expression that may also name conditions and tables.
///
/// # Errors
/// As [`compile`], and for a name that none of `conditions` or `tables` has.
pub(crate) fn compile_with(
    source: &str,
    environment: &Environment<'_>,
    conditions: &[NamedCondition],
    tables: &[NamedTable],
) -> Result<Expression, ExpressionError> {
    let syntax = parse::parse(source)?;
    let (root, reads) = check::check(source, &syntax, environment, conditions, tables)?;
    Ok(Expression { source: Arc::from(source), root, reads })
}

/// Reads and checks one condition.
///
/// # Errors
/// As [`compile`], and for an expression that is not of type bool.
pub fn compile_condition(
    source: &str,
    environment: &Environment<'_>,
) -> Result<Expression, ExpressionError> {
    compile_condition_with(source, environment, &[], &[])
}

/// Reads and checks one condition that may name others, and tables: in their place stands what they
/// stand for.
///
/// # Errors
/// As [`compile_condition`], and for a name that none of `conditions` or `tables` has.
pub fn compile_condition_with(
    source: &str,
    environment: &Environment<'_>,
    conditions: &[NamedCondition],
    tables: &[NamedTable],
) -> Result<Expression, ExpressionError> {
    let expression = compile_with(source, environment, conditions, tables)?;
    match expression.ty() {
        Type::BOOL => Ok(expression),
        other => Err(ExpressionError::not_a_condition(expression.root.span, other)),
    }
}

/// The span that a text says, such as `1h30m`; none where it says none.
pub fn duration_of(text: &str) -> Option<Duration> {
    convert::duration(text)
}

/// Checks that a text is one that the attribute can have, as a literal in a condition would be
/// checked. `span` is where it stands.
///
/// # Errors
/// The text is not among the attribute's allowed values.
pub fn check_value(
    schema: &Schema,
    attribute: AttributeId,
    text: &str,
    span: Span,
) -> Result<(), ExpressionError> {
    check::check_member(schema, attribute, text, span)
}
