//! What a single condition constrains: the forms that become classes, and the rest, which become
//! predicates.

use crate::cel::{Comparison, Node, NodeKind, SetId};
use crate::schema::{Attribute, AttributeId, Form, Schema, countries};
use crate::value::{Scalar, Type, Value};

/// A condition without logical operators.
#[derive(Debug)]
pub(super) enum Atom<'n> {
    /// `true` or `false`
    Literal(bool),
    /// A boolean attribute.
    Truth(AttributeId),
    /// `has(attribute)`
    Has(AttributeId),
    /// `attribute operator constant`
    Compare(AttributeId, Comparison, &'n Value),
    /// `attribute in [constant, …]`
    Among(AttributeId, Vec<&'n Value>),
    /// `attribute in sets.name`
    InSet(AttributeId, SetId),
    /// `constant in sets.name`: true in some periods.
    ConstantInSet(&'n Value, SetId),
    /// Anything else.
    Predicate,
}

/// A condition with one of the logical operators, or an atom.
pub(super) enum Shape<'n> {
    /// `!a`
    Not(&'n Node),
    /// `a && b && …`
    And(&'n [Node]),
    /// `a || b || …`
    Or(&'n [Node]),
    /// `a ? b : c`
    Conditional(&'n [Node; 3]),
    /// `a == b` of booleans that are no constants.
    Same(&'n Node, &'n Node),
    /// `a != b` of booleans that are no constants.
    Differ(&'n Node, &'n Node),
    /// No logical operator.
    Atom(Atom<'n>),
}

/// Takes a boolean node apart.
pub(super) fn shape<'n>(node: &'n Node, schema: &Schema) -> Shape<'n> {
    match &node.kind {
        NodeKind::Not(inner) => Shape::Not(inner),
        NodeKind::And(parts) => Shape::And(parts),
        NodeKind::Or(parts) => Shape::Or(parts),
        NodeKind::Conditional(parts) => Shape::Conditional(parts),
        NodeKind::Compare { operator: Comparison::Equal, left, right }
            if left.ty == Type::BOOL && right.ty == Type::BOOL =>
        {
            Shape::Same(left, right)
        }
        NodeKind::Compare { operator: Comparison::NotEqual, left, right }
            if left.ty == Type::BOOL && right.ty == Type::BOOL =>
        {
            Shape::Differ(left, right)
        }
        _ => Shape::Atom(atom(node, schema)),
    }
}

fn atom<'n>(node: &'n Node, schema: &Schema) -> Atom<'n> {
    match &node.kind {
        NodeKind::Literal(Value::Bool(value)) => Atom::Literal(*value),
        NodeKind::Attribute(id) if node.ty == Type::BOOL => Atom::Truth(*id),
        NodeKind::Has(id) => Atom::Has(*id),
        NodeKind::Compare { operator, left, right } => {
            compare(*operator, left, right, schema).unwrap_or(Atom::Predicate)
        }
        NodeKind::In { item, list } => membership(item, list).unwrap_or(Atom::Predicate),
        _ => Atom::Predicate,
    }
}

fn compare<'n>(
    operator: Comparison,
    left: &'n Node,
    right: &'n Node,
    schema: &Schema,
) -> Option<Atom<'n>> {
    let (id, operator, constant) = match (&left.kind, &right.kind) {
        (NodeKind::Attribute(id), NodeKind::Literal(constant)) => (*id, operator, constant),
        (NodeKind::Literal(constant), NodeKind::Attribute(id)) => {
            (*id, mirrored(operator), constant)
        }
        _ => return None,
    };
    let attribute = schema.attribute(id);
    if attribute.ty.is_list() {
        return None;
    }
    // The order of texts has no finite classes unless the texts are a closed list.
    let ordered = !matches!(operator, Comparison::Equal | Comparison::NotEqual);
    if ordered && attribute.ty.base == Scalar::String && closed_list(attribute).is_none() {
        return None;
    }
    Some(Atom::Compare(id, operator, constant))
}

fn membership<'n>(item: &'n Node, list: &'n Node) -> Option<Atom<'n>> {
    match (&item.kind, &list.kind) {
        (NodeKind::Attribute(id), NodeKind::List(items)) if !item.ty.is_list() => {
            let constants = items.iter().map(|item| match &item.kind {
                NodeKind::Literal(constant) => Some(constant),
                _ => None,
            });
            Some(Atom::Among(*id, constants.collect::<Option<_>>()?))
        }
        (NodeKind::Attribute(id), NodeKind::Set(set)) => Some(Atom::InSet(*id, *set)),
        (NodeKind::Literal(constant), NodeKind::Set(set)) => {
            Some(Atom::ConstantInSet(constant, *set))
        }
        _ => None,
    }
}

/// The only values that a text attribute can have, when they are a closed list.
pub(super) fn closed_list(attribute: &Attribute) -> Option<Vec<&str>> {
    match &attribute.form {
        Form::OneOf(choices) => Some(choices.iter().map(|choice| &*choice.name).collect()),
        Form::Country => Some(countries().to_vec()),
        _ => None,
    }
}

/// The operator with its sides changed about.
const fn mirrored(operator: Comparison) -> Comparison {
    match operator {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        Comparison::Equal | Comparison::NotEqual => operator,
    }
}
