//! Nodes of the typed tree.

use crate::cel::evaluate::constant;
use crate::cel::node::{Node, NodeKind, Span, VariableIdx};
use crate::cel::tree::Word;
use crate::value::{Scalar, Type, Value};

pub(super) fn node(kind: NodeKind, ty: Type, span: Span) -> Node {
    Node { kind, ty, span }
}

pub(super) fn literal(value: Value, span: Span) -> Node {
    let ty = match value {
        Value::Bool(_) => Type::BOOL,
        Value::Int(_) => Type::INT,
        Value::Double(_) => Type::DOUBLE,
        Value::String(_) => Type::STRING,
        Value::Timestamp(_) => Type::TIMESTAMP,
        Value::Duration(_) => Type::DURATION,
        // The parser makes no list literals of values.
        Value::List(_) => Type::scalar(Scalar::Nothing).list(),
    };
    node(NodeKind::Literal(value), ty, span)
}

/// The node, or its value when every part is a literal and there is one. A part without value fails
/// when it is evaluated, as in CEL.
pub(super) fn folded(node: Node) -> Node {
    let is_literal = |part: &Node| matches!(part.kind, NodeKind::Literal(_));
    let constant_parts = match &node.kind {
        NodeKind::Negate(operand) => is_literal(operand),
        NodeKind::Arithmetic { left, right, .. } => is_literal(left) && is_literal(right),
        NodeKind::Call { arguments, .. } => arguments.iter().all(is_literal),
        _ => false,
    };
    match constant_parts.then(|| constant(&node)).flatten() {
        Some(value) => Node { kind: NodeKind::Literal(value), ..node },
        None => node,
    }
}

/// Puts a tree to a place within as many macros: how many nodes it has.
pub(super) fn settle(node: &mut Node, span: Span, macros: usize) -> usize {
    node.span = span;
    let within = |variable: &mut VariableIdx| {
        variable.0 = variable.0.saturating_add(u8::try_from(macros).unwrap_or(u8::MAX));
    };
    if let NodeKind::Variable(variable) | NodeKind::Quantifier { variable, .. } = &mut node.kind {
        within(variable);
    }
    let mut nodes = 1_usize;
    node.for_each_part_mut(&mut |part| nodes = nodes.saturating_add(settle(part, span, macros)));
    nodes
}

pub(super) fn dotted(path: &[Word<'_>]) -> String {
    let words: Vec<&str> = path.iter().map(|word| word.text).collect();
    words.join(".")
}
