//! What can be changed in a condition, one thing at a time?

use std::collections::BTreeSet;
use std::sync::Arc;

use cleartosend::expert::cel::{Comparison, Expression, Node, NodeKind, Quantifier, Span};
use cleartosend::schema::{AttributeId, Form, countries};
use cleartosend::{Duration, Scalar, Schema, Type, Value};

use super::Kind;

/// A condition with one thing changed.
pub(super) struct Change {
    pub(super) kind: Kind,
    pub(super) what: String,
    pub(super) span: Span,
    pub(super) root: Node,
}

/// Whether the negation of the whole condition is among its changes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Negated,
    /// What the caller does has the same effect.
    AsItIs,
}

/// Every change of a condition. Within a named condition nothing is changed: that is done where it
/// is written.
pub(super) fn changes(expression: &Expression, schema: &Schema, whole: Whole) -> Vec<Change> {
    let mut mentioned = BTreeSet::new();
    mention(&expression.root, &mut mentioned);
    let mut walk = Walk { expression, schema, mentioned, path: Vec::new(), found: Vec::new() };
    if whole == Whole::Negated {
        walk.negate(&expression.root);
    }
    walk.visit(&expression.root, None);
    walk.found
}

/// The strings that stand in a tree.
fn mention(node: &Node, found: &mut BTreeSet<Arc<str>>) {
    if let NodeKind::Literal(Value::String(text)) = &node.kind {
        found.insert(Arc::clone(text));
    }
    node.for_each_part(&mut |part| mention(part, found));
}

struct Walk<'a> {
    expression: &'a Expression,
    schema: &'a Schema,
    mentioned: BTreeSet<Arc<str>>,
    /// Which part of which part the walk is at.
    path: Vec<usize>,
    found: Vec<Change>,
}

impl Walk<'_> {
    /// `compared` is the attribute that a literal here is compared with.
    fn visit(&mut self, node: &Node, compared: Option<AttributeId>) {
        if self.is_named(node) {
            return;
        }
        match &node.kind {
            NodeKind::Literal(value) => self.literal(node, value, compared),
            NodeKind::And(parts) | NodeKind::Or(parts) => {
                self.parts(node, parts);
                for (at, part) in parts.iter().enumerate() {
                    self.within(at, |walk| {
                        walk.negate(part);
                        walk.visit(part, None);
                    });
                }
            }
            // To negate what is negated is to negate the whole, which was done above.
            NodeKind::Not(inner) => self.within(0, |walk| walk.visit(inner, None)),
            NodeKind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                for part in [then, otherwise] {
                    let what = format!("`{}` instead of the choice", self.source(part.span));
                    self.put(Kind::Condition, what, node.span, part.clone());
                }
                for (at, part) in [condition, then, otherwise].into_iter().enumerate() {
                    self.within(at, |walk| {
                        walk.negate(part);
                        walk.visit(part, None);
                    });
                }
            }
            NodeKind::Compare { operator, left, right } => {
                self.operators(node, *operator, left.ty);
                let (of_left, of_right) = (attribute(right), attribute(left));
                self.within(0, |walk| walk.visit(left, of_left));
                self.within(1, |walk| walk.visit(right, of_right));
            }
            NodeKind::In { item, list } => {
                let (of_item, of_list) = (attribute(list), attribute(item));
                self.within(0, |walk| walk.visit(item, of_item));
                self.within(1, |walk| walk.visit(list, of_list));
            }
            NodeKind::List(items) if items.len() > 1 => self.parts(node, items),
            NodeKind::Quantifier { kind, list, body, .. } => {
                let other = match kind {
                    Quantifier::All => Quantifier::Exists,
                    Quantifier::Exists | Quantifier::ExistsOne => Quantifier::All,
                };
                let mut changed = node.clone();
                if let NodeKind::Quantifier { kind, .. } = &mut changed.kind {
                    *kind = other;
                }
                let what = format!("`{}` instead of `{}`", other.name(), kind.name());
                self.put(Kind::Condition, what, node.span, changed);
                self.within(0, |walk| walk.visit(list, None));
                self.within(1, |walk| {
                    walk.negate(body);
                    walk.visit(body, None);
                });
            }
            _ => {
                let mut parts = Vec::new();
                node.for_each_part(&mut |part| parts.push(part));
                for (at, part) in parts.into_iter().enumerate() {
                    self.within(at, |walk| walk.visit(part, None));
                }
            }
        }
    }

    fn within(&mut self, part: usize, visit: impl FnOnce(&mut Self)) {
        self.path.push(part);
        visit(self);
        self.path.pop();
    }

    /// The node without each of its parts in turn; a conjunction of one part is that part.
    fn parts(&mut self, node: &Node, parts: &[Node]) {
        for (at, part) in parts.iter().enumerate() {
            let mut left = parts.to_vec();
            left.remove(at);
            let mut changed = node.clone();
            match (&mut changed.kind, left.as_slice()) {
                (NodeKind::And(_) | NodeKind::Or(_), [only]) => changed = only.clone(),
                (NodeKind::And(parts) | NodeKind::Or(parts) | NodeKind::List(parts), _) => {
                    *parts = left;
                }
                _ => continue,
            }
            let what = format!("without `{}`", self.source(part.span));
            self.put(Kind::Condition, what, part.span, changed);
        }
    }

    fn negate(&mut self, node: &Node) {
        match &node.kind {
            // Another operator, or the other literal, is the negation.
            NodeKind::Compare { .. } | NodeKind::Literal(_) => {}
            NodeKind::Not(inner) => {
                let what = format!("`{}` not negated", self.source(inner.span));
                self.put(Kind::Condition, what, node.span, (**inner).clone());
            }
            _ => {
                let what = format!("`{}` negated", self.source(node.span));
                self.put(Kind::Condition, what, node.span, negated(node.clone()));
            }
        }
    }

    fn operators(&mut self, node: &Node, written: Comparison, ty: Type) {
        use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        let is_ordered = !ty.is_list()
            && matches!(
                ty.base,
                Scalar::Int | Scalar::Double | Scalar::Timestamp | Scalar::Duration
            );
        // Of an order: the other end, the other side, and both.
        let others: &[Comparison] = match (written, is_ordered) {
            (Equal, false) => &[NotEqual],
            (NotEqual, false) => &[Equal],
            (Equal, true) => &[NotEqual, LessOrEqual, GreaterOrEqual],
            (NotEqual, true) => &[Equal, Less, Greater],
            (Less, _) => &[LessOrEqual, Greater, GreaterOrEqual],
            (LessOrEqual, _) => &[Less, Greater, GreaterOrEqual],
            (Greater, _) => &[GreaterOrEqual, Less, LessOrEqual],
            (GreaterOrEqual, _) => &[Greater, Less, LessOrEqual],
        };
        for other in others {
            let mut changed = node.clone();
            if let NodeKind::Compare { operator, .. } = &mut changed.kind {
                *operator = *other;
            }
            let source = self.source(node.span);
            let what =
                format!("`{}` instead of `{}` in `{source}`", other.symbol(), written.symbol());
            self.put(Kind::Condition, what, node.span, changed);
        }
    }

    fn literal(&mut self, node: &Node, value: &Value, compared: Option<AttributeId>) {
        let day = || Duration::from_seconds(86_400);
        let second = || Duration::from_seconds(1);
        let (kind, others): (Kind, Vec<Option<Value>>) = match value {
            Value::Bool(value) => (Kind::Condition, vec![Some(Value::Bool(!value))]),
            Value::Int(value) => {
                let others = [value.checked_sub(1), value.checked_add(1)];
                (Kind::Number, others.map(|other| other.map(Value::Int)).to_vec())
            }
            Value::Double(value) => {
                let digits = self.source(node.span).split_once('.').map_or(0, |(_, end)| end.len());
                let step = 0.1_f64.powi(i32::try_from(digits).unwrap_or(0));
                let others = [value - step, value + step];
                (Kind::Number, others.map(|other| Some(Value::Double(other))).to_vec())
            }
            Value::Duration(value) => {
                let others = [
                    second().and_then(|second| value.checked_sub(second)),
                    second().and_then(|second| value.checked_add(second)),
                ];
                (Kind::Number, others.map(|other| other.map(Value::Duration)).to_vec())
            }
            Value::Timestamp(value) => {
                let others = [
                    day().and_then(|day| value.checked_sub(day)),
                    day().and_then(|day| value.checked_add(day)),
                ];
                (Kind::Date, others.map(|other| other.map(Value::Timestamp)).to_vec())
            }
            Value::String(text) => (Kind::Condition, vec![Some(self.other_string(text, compared))]),
            Value::List(_) => return,
        };
        for other in others.into_iter().flatten() {
            let what = format!("{} instead of `{}`", shown(&other), self.source(node.span));
            let changed = Node { kind: NodeKind::Literal(other), ..node.clone() };
            self.put(kind, what, node.span, changed);
        }
    }

    /// Another string that the attribute can have, if possible one that the condition does not
    /// name.
    fn other_string(&self, text: &str, compared: Option<AttributeId>) -> Value {
        let possible: Vec<&str> = match compared.map(|id| &self.schema.attribute(id).form) {
            Some(Form::OneOf(choices)) => choices.iter().map(|choice| &*choice.name).collect(),
            Some(Form::Country) => countries().to_vec(),
            _ => Vec::new(),
        };
        let unnamed = possible.iter().find(|word| !self.mentioned.contains(**word));
        let other = unnamed.or_else(|| possible.iter().find(|word| **word != text));
        other.map_or_else(|| Value::string(&format!("{text}?")), |word| Value::string(word))
    }

    /// Whether a node is what a named condition stands for: it stands where the name does.
    fn is_named(&self, node: &Node) -> bool {
        let name = self.source(node.span).strip_prefix("conditions.");
        name.is_some_and(|name| {
            name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        })
    }

    fn source(&self, span: Span) -> &str {
        self.expression.source.get(span.range()).unwrap_or_default()
    }

    /// Notes the whole condition with `part` where the walk is.
    fn put(&mut self, kind: Kind, what: String, span: Span, part: Node) {
        let mut root = self.expression.root.clone();
        let mut at = &mut root;
        for step in &self.path {
            let Some(next) = parts_mut(at).into_iter().nth(*step) else { return };
            at = next;
        }
        *at = part;
        self.found.push(Change { kind, what, span, root });
    }
}

fn negated(node: Node) -> Node {
    Node { ty: Type::BOOL, span: node.span, kind: NodeKind::Not(Box::new(node)) }
}

fn attribute(node: &Node) -> Option<AttributeId> {
    match node.kind {
        NodeKind::Attribute(id) => Some(id),
        _ => None,
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`\"{text}\"`"),
        Value::Bool(value) => format!("`{value}`"),
        Value::Int(value) => format!("`{value}`"),
        Value::Double(value) => format!("`{value}`"),
        Value::Timestamp(value) => format!("`{value}`"),
        Value::Duration(value) => format!("`{value}`"),
        Value::List(_) => "another list".to_owned(),
    }
}

/// The parts of a node, in the order of [`Node::for_each_part`].
fn parts_mut(node: &mut Node) -> Vec<&mut Node> {
    match &mut node.kind {
        NodeKind::Literal(_)
        | NodeKind::Attribute(_)
        | NodeKind::Has(_)
        | NodeKind::Set(_)
        | NodeKind::Variable(_) => Vec::new(),
        NodeKind::Not(inner) | NodeKind::Negate(inner) => vec![inner],
        NodeKind::And(parts) | NodeKind::Or(parts) | NodeKind::List(parts) => {
            parts.iter_mut().collect()
        }
        NodeKind::Conditional(parts) => parts.iter_mut().collect(),
        NodeKind::Call { arguments, .. } => arguments.iter_mut().collect(),
        NodeKind::Compare { left, right, .. } | NodeKind::Arithmetic { left, right, .. } => {
            vec![left, right]
        }
        NodeKind::In { item, list } => vec![item, list],
        NodeKind::Index { list, position } => vec![list, position],
        NodeKind::Quantifier { list, body, .. } => vec![list, body],
    }
}
