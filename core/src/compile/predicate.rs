//! Predicates: what they read, whether they can fail, when two are one.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::cel::{Arithmetic, Function, Node, NodeKind, SetId};
use crate::program::dimension::PredicateForm;
use crate::schema::{AttributeId, Nullable, Schema};
use crate::value::{Scalar, Value};

/// A text that two trees share exactly when they say the same, wherever they stand; `meant` tells
/// the pack and the number of each set.
pub(super) fn key(node: &Node, meant: &dyn Fn(SetId) -> (usize, SetId)) -> String {
    let mut key = String::new();
    write_key(node, meant, &mut key);
    key
}

fn write_key(node: &Node, meant: &dyn Fn(SetId) -> (usize, SetId), key: &mut String) {
    let mut list = |name: &str, parts: &mut dyn Iterator<Item = &Node>| {
        let _ = write!(key, "{name}(");
        parts.for_each(|part| {
            write_key(part, meant, key);
            key.push(',');
        });
        key.push(')');
    };
    match &node.kind {
        NodeKind::And(parts) => list("and", &mut parts.iter()),
        NodeKind::Or(parts) => list("or", &mut parts.iter()),
        NodeKind::List(parts) => list("list", &mut parts.iter()),
        NodeKind::Conditional(parts) => list("if", &mut parts.iter()),
        NodeKind::Not(inner) => list("not", &mut [&**inner].into_iter()),
        NodeKind::Negate(inner) => list("minus", &mut [&**inner].into_iter()),
        NodeKind::Compare { operator, left, right } => {
            list(operator.symbol(), &mut [&**left, &**right].into_iter());
        }
        NodeKind::Arithmetic { operator, left, right } => {
            list(operator.symbol(), &mut [&**left, &**right].into_iter());
        }
        NodeKind::In { item, list: members } => list("in", &mut [&**item, &**members].into_iter()),
        NodeKind::Index { list: members, position } => {
            list("at", &mut [&**members, &**position].into_iter());
        }
        NodeKind::Call { function, arguments } => {
            list(&format!("{function:?}"), &mut arguments.iter());
        }
        NodeKind::Quantifier { kind, variable, list: members, body } => {
            list(
                &format!("{} {}", kind.name(), variable.0),
                &mut [&**members, &**body].into_iter(),
            );
        }
        // A set belongs to its pack; everything else means the same in all of them. `{:?}` keeps 1,
        // 1.0 and "1" apart.
        NodeKind::Set(set) => {
            let (pack, set) = meant(*set);
            let _ = write!(key, "set {pack}.{}", set.0);
        }
        NodeKind::Literal(value) => {
            let _ = write!(key, "{value:?}");
        }
        NodeKind::Attribute(id) => {
            let _ = write!(key, "fact {}", id.0);
        }
        NodeKind::Has(id) => {
            let _ = write!(key, "has {}", id.0);
        }
        NodeKind::Variable(variable) => {
            let _ = write!(key, "variable {}", variable.0);
        }
    }
}

/// The parts of a node, in source order.
fn parts(node: &Node) -> Vec<&Node> {
    match &node.kind {
        NodeKind::Literal(_)
        | NodeKind::Attribute(_)
        | NodeKind::Has(_)
        | NodeKind::Set(_)
        | NodeKind::Variable(_) => Vec::new(),
        NodeKind::And(parts) | NodeKind::Or(parts) | NodeKind::List(parts) => {
            parts.iter().collect()
        }
        NodeKind::Call { arguments, .. } => arguments.iter().collect(),
        NodeKind::Conditional(parts) => parts.iter().collect(),
        NodeKind::Not(inner) | NodeKind::Negate(inner) => vec![inner],
        NodeKind::Compare { left, right, .. } | NodeKind::Arithmetic { left, right, .. } => {
            vec![left, right]
        }
        NodeKind::In { item, list } => vec![item, list],
        NodeKind::Index { list, position } => vec![list, position],
        NodeKind::Quantifier { list, body, .. } => vec![list, body],
    }
}

/// Every attribute that a tree names.
pub(super) fn attributes(node: &Node, found: &mut BTreeSet<AttributeId>) {
    if let NodeKind::Attribute(id) | NodeKind::Has(id) = &node.kind {
        found.insert(*id);
    }
    // A set is read at `send_at`.
    if matches!(node.kind, NodeKind::Set(_)) {
        found.insert(crate::schema::attributes::SEND_AT);
    }
    parts(node).into_iter().for_each(|part| attributes(part, found));
}

/// Whether some facts make a tree fail. Limits on work are not counted: what meets one is
/// undetermined in any case.
pub(super) fn fallible(node: &Node, schema: &Schema) -> bool {
    let itself = match &node.kind {
        NodeKind::Attribute(id) => schema.attribute(*id).nullable == Nullable::Yes,
        NodeKind::Negate(inner) => inner.ty.base != Scalar::Double,
        NodeKind::Arithmetic { operator, left, .. } => {
            left.ty.base != Scalar::Double || *operator == Arithmetic::Remainder
        }
        NodeKind::Index { .. } => true,
        NodeKind::Call { function, arguments } => match function {
            Function::Size
            | Function::StartsWith
            | Function::EndsWith
            | Function::Contains
            | Function::LowerAscii
            | Function::Trim
            | Function::ToString => false,
            // A number is a double, and a bool a bool, whatever its value.
            Function::ToDouble | Function::ToBool => {
                arguments.iter().any(|argument| argument.ty.base == Scalar::String)
            }
            Function::ToInt | Function::ToTimestamp | Function::ToDuration | Function::NoEntry => {
                true
            }
            // Accessors fail only on a zone that does not exist.
            _ => arguments.len() > 1,
        },
        _ => false,
    };
    itself || parts(node).into_iter().any(|part| fallible(part, schema))
}

/// Whether a tree has no value without all attributes that it names: nothing in it absorbs what is
/// unknown or absent.
pub(super) fn strict(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Literal(_) | NodeKind::Attribute(_) => true,
        NodeKind::Compare { .. }
        | NodeKind::Arithmetic { .. }
        | NodeKind::Negate(_)
        | NodeKind::Call { .. } => parts(node).into_iter().all(strict),
        _ => false,
    }
}

/// How a predicate is worked out.
pub(super) fn form(node: &Node) -> PredicateForm {
    match &node.kind {
        NodeKind::In { item, list } => match (&item.kind, &list.kind) {
            (NodeKind::Literal(Value::String(text)), NodeKind::Attribute(list)) => {
                PredicateForm::Contains { list: *list, text: text.clone() }
            }
            _ => PredicateForm::Tree,
        },
        NodeKind::Compare { operator, left, right } if !left.ty.is_list() => {
            match (&left.kind, &right.kind) {
                (NodeKind::Attribute(left), NodeKind::Attribute(right)) => {
                    PredicateForm::Compares { left: *left, operator: *operator, right: *right }
                }
                _ => PredicateForm::Tree,
            }
        }
        _ => PredicateForm::Tree,
    }
}
