//! Stands in until the rule language is merged: an expression is its text, its attributes those whose paths stand in it.
#![expect(missing_docs, clippy::needless_pass_by_value, reason = "a stand-in, replaced whole")]

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::schema::{AttributeId, Schema};
use crate::value::Type;

#[derive(Clone, Debug)]
pub struct SetDeclaration {
    pub name: Arc<str>,
    pub element: Type,
}

pub struct Environment<'a> {
    pub schema: &'a Schema,
    pub sets: &'a [SetDeclaration],
}

#[derive(Clone, Debug)]
pub struct Node;
pub type Span = Range<usize>;

#[derive(Clone, Debug)]
pub struct Expression {
    pub root: Node,
    attributes: BTreeSet<AttributeId>,
}

impl Expression {
    pub fn attributes(&self) -> &BTreeSet<AttributeId> {
        &self.attributes
    }
}

#[derive(Clone, Debug)]
pub struct ExpressionError {
    pub span: Span,
    pub help: Option<String>,
}

impl ExpressionError {
    pub fn code(&self) -> &'static str {
        "cel/syntax"
    }
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an expression")
    }
}

pub fn compile_condition(source: &str, environment: &Environment<'_>) -> Result<Expression, ExpressionError> {
    if let Some(at) = source.find('\\') {
        return Err(ExpressionError { span: at..at + 1, help: None });
    }
    let attributes = environment.schema.iter().filter(|(_, attribute)| source.contains(&*attribute.path)).map(|(id, _)| id).collect();
    Ok(Expression { root: Node, attributes })
}

pub mod guard {
    use super::*;
    pub fn unguarded(_applies: Option<&Node>, _condition: &Node, _schema: &Schema) -> Vec<(AttributeId, Span)> {
        Vec::new()
    }
}
