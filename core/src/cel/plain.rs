//! What does a condition come to where nothing it reads is missing and nothing fails?
//!
//! The common case of the [evaluator](super::evaluate), without its accounts: no steps are counted,
//! no reason is kept why there is no value, and no value is copied. What is not known here, the
//! evaluator is asked. Nothing is handled that could meet a limit on work: a tree has no more than
//! [`EXPRESSION_NODES_MAX`] nodes, each of which costs as much as two texts of facts are long.
//!
//! [`EXPRESSION_NODES_MAX`]: crate::limits::EXPRESSION_NODES_MAX

use std::cmp::Ordering;

use super::evaluate::{Bindings, int_between, int_of};
use super::functions::Function;
use super::node::{Arithmetic, Comparison, Node, NodeKind};
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};

/// Whether a condition holds; none where the evaluator has to be asked.
pub(crate) fn holds<B: Bindings + ?Sized>(node: &Node, known: &B) -> Option<bool> {
    match &node.kind {
        NodeKind::Has(id) => match known.fact(*id) {
            Fact::Value(_) => Some(true),
            Fact::Absent => Some(false),
            Fact::Unknown => None,
        },
        NodeKind::Not(operand) => holds(operand, known).map(|truth| !truth),
        NodeKind::And(parts) => junction(parts, false, known),
        NodeKind::Or(parts) => junction(parts, true, known),
        NodeKind::Compare { operator, left, right } => {
            compare(*operator, plain(left, known)?, plain(right, known)?)
        }
        NodeKind::Conditional(parts) => {
            let [condition, then, otherwise] = &**parts;
            holds(if holds(condition, known)? { then } else { otherwise }, known)
        }
        NodeKind::Call { function, arguments } => {
            let [text, part] = arguments.as_slice() else { return None };
            let (Plain::Text(text), Plain::Text(part)) = (plain(text, known)?, plain(part, known)?)
            else {
                return None;
            };
            match function {
                Function::StartsWith => Some(text.starts_with(part)),
                Function::EndsWith => Some(text.ends_with(part)),
                Function::Contains => Some(text.contains(part)),
                _ => None,
            }
        }
        NodeKind::Attribute(_) | NodeKind::Literal(_) => match plain(node, known)? {
            Plain::Bool(truth) => Some(truth),
            _ => None,
        },
        _ => None,
    }
}

/// `&&` (decided by false) or `||` (decided by true): a part that decides does so whatever others
/// lack.
fn junction<B: Bindings + ?Sized>(parts: &[Node], decisive: bool, known: &B) -> Option<bool> {
    let mut is_whole = true;
    for part in parts {
        match holds(part, known) {
            Some(truth) if truth == decisive => return Some(decisive),
            Some(_) => {}
            None => is_whole = false,
        }
    }
    is_whole.then_some(!decisive)
}

/// A value of one of the scalar types, borrowed.
#[derive(Clone, Copy)]
enum Plain<'a> {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(&'a str),
    Timestamp(Timestamp),
    Duration(Duration),
}

impl<'a> Plain<'a> {
    #[inline]
    fn of(value: &'a Value) -> Option<Self> {
        Some(match value {
            Value::Bool(bool) => Self::Bool(*bool),
            Value::Int(int) => Self::Int(*int),
            Value::Double(double) => Self::Double(*double),
            Value::String(text) => Self::Text(text),
            Value::Timestamp(at) => Self::Timestamp(*at),
            Value::Duration(long) => Self::Duration(*long),
            Value::List(_) => return None,
        })
    }
}

fn plain<'a, B: Bindings + ?Sized>(node: &'a Node, known: &'a B) -> Option<Plain<'a>> {
    match &node.kind {
        NodeKind::Attribute(id) => known.fact(*id).value().and_then(Plain::of),
        NodeKind::Literal(value) => Plain::of(value),
        NodeKind::Arithmetic { operator, left, right } => {
            arithmetic(*operator, plain(left, known)?, plain(right, known)?)
        }
        NodeKind::Conditional(parts) => {
            let [condition, then, otherwise] = &**parts;
            plain(if holds(condition, known)? { then } else { otherwise }, known)
        }
        NodeKind::Call { function: Function::Size, arguments } => {
            let [text] = arguments.as_slice() else { return None };
            match plain(text, known)? {
                Plain::Text(text) => Some(Plain::Int(int_of(text.chars().count()))),
                _ => None,
            }
        }
        NodeKind::Negate(operand) => match plain(operand, known)? {
            Plain::Int(int) => int.checked_neg().map(Plain::Int),
            Plain::Double(double) => Some(Plain::Double(-double)),
            _ => None,
        },
        NodeKind::Has(_)
        | NodeKind::Not(_)
        | NodeKind::And(_)
        | NodeKind::Or(_)
        | NodeKind::Compare { .. } => holds(node, known).map(Plain::Bool),
        _ => None,
    }
}

/// As [`Value::compare`] within one type.
fn compare(operator: Comparison, left: Plain<'_>, right: Plain<'_>) -> Option<bool> {
    let order: Option<Ordering> = match (left, right) {
        (Plain::Int(a), Plain::Int(b)) => Some(a.cmp(&b)),
        (Plain::Bool(a), Plain::Bool(b)) => Some(a.cmp(&b)),
        (Plain::Double(a), Plain::Double(b)) => a.partial_cmp(&b),
        (Plain::Text(a), Plain::Text(b)) => Some(a.cmp(b)),
        (Plain::Timestamp(a), Plain::Timestamp(b)) => Some(a.cmp(&b)),
        (Plain::Duration(a), Plain::Duration(b)) => Some(a.cmp(&b)),
        _ => return None,
    };
    Some(operator.holds(order))
}

/// None where it has no result: the evaluator says why.
fn arithmetic<'a>(operator: Arithmetic, left: Plain<'a>, right: Plain<'a>) -> Option<Plain<'a>> {
    use Arithmetic::{Add, Divide, Multiply, Remainder, Subtract};
    match (left, right) {
        (Plain::Int(a), Plain::Int(b)) => int_between(operator, a, b).map(Plain::Int),
        (Plain::Double(a), Plain::Double(b)) => match operator {
            Add => Some(Plain::Double(a + b)),
            Subtract => Some(Plain::Double(a - b)),
            Multiply => Some(Plain::Double(a * b)),
            Divide => Some(Plain::Double(a / b)),
            Remainder => None,
        },
        (Plain::Timestamp(late), Plain::Timestamp(early)) if operator == Subtract => {
            let nanos = i64::try_from(late.as_nanos() - early.as_nanos()).ok()?;
            Duration::from_nanos(nanos.into()).map(Plain::Duration)
        }
        (Plain::Timestamp(at), Plain::Duration(long)) => match operator {
            Add => at.checked_add(long).map(Plain::Timestamp),
            Subtract => at.checked_sub(long).map(Plain::Timestamp),
            _ => None,
        },
        (Plain::Duration(a), Plain::Duration(b)) => match operator {
            Add => a.checked_add(b).map(Plain::Duration),
            Subtract => a.checked_sub(b).map(Plain::Duration),
            _ => None,
        },
        _ => None,
    }
}
