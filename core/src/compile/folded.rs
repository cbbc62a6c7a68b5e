//! Which parts of a condition do not depend on the facts?
//!
//! The members of a set depend on `send_at` alone. So a condition that asks something of a set is,
//! for the compiler, a choice by `send_at` between the set's periods, in each of which its members
//! are known: what then reads no fact becomes its value, what is asked of every element of an empty
//! list is settled, and what is asked of the members of a short list is written out, a member each.
//! An attribute that is looked for in a set is left as it is: [`super::normalise`] knows that form.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::atom::{Atom, Shape, shape};
use super::normalise::nodes;
use super::predicate::fallible;
use crate::cel::{
    Bindings, Comparison, Node, NodeKind, Outcome, Quantifier, SetId, VariableIdx, evaluate_node,
};
use crate::program::sets::Timeline;
use crate::schema::{AttributeId, Schema, attributes};
use crate::time::Timestamp;
use crate::value::{Fact, Type, Value};

/// LIMIT: the periods of the sets of one predicate. One with more is left as it is: it decides the
/// same, but of unknown facts it knows only what the evaluator knows.
const PERIODS_MAX: usize = 32;
/// LIMIT: the nodes that a predicate may come to over all periods; likewise.
const NODES_MAX: usize = 4096;
/// LIMIT: the members of a set that are written in a predicate's place of it; likewise.
const MEMBERS_MAX: usize = 1024;
/// LIMIT: the elements of a list that are written out; likewise.
const ELEMENTS_MAX: usize = 32;

/// What stands in a predicate for a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sets {
    /// Its number: its members may be many, and are looked up where the predicate is worked out.
    Named,
    /// Its members, where they are not too many.
    Written,
}

/// A condition of a pack with these sets, with the parts that do not depend on facts worked out.
pub(super) fn folded<'n>(
    node: &'n Node,
    schema: &Schema,
    sets: &[Timeline],
    in_predicates: Sets,
) -> Cow<'n, Node> {
    if !has_anything(node) {
        return Cow::Borrowed(node);
    }
    match shape(node, schema) {
        Shape::Atom(Atom::Predicate) => match by_period(node, schema, sets, in_predicates) {
            Some(choice) => Cow::Owned(choice),
            None => Cow::Borrowed(node),
        },
        Shape::Atom(_) => Cow::Borrowed(node),
        _ => {
            let mut copy = node.clone();
            copy.for_each_part_mut(&mut |part| {
                *part = folded(part, schema, sets, in_predicates).into_owned();
            });
            Cow::Owned(copy)
        }
    }
}

/// Whether there is anything to work out.
fn has_anything(node: &Node) -> bool {
    let is_constant = || {
        node.ty == Type::BOOL
            && !matches!(node.kind, NodeKind::Literal(_))
            && reads_sets_alone(node)
    };
    let mut found =
        matches!(node.kind, NodeKind::Set(_) | NodeKind::Quantifier { .. }) || is_constant();
    node.for_each_part(&mut |part| found = found || has_anything(part));
    found
}

/// The choice between the periods of the sets that a predicate names; `None` where none of them
/// settles anything.
fn by_period(node: &Node, schema: &Schema, sets: &[Timeline], in_predicates: Sets) -> Option<Node> {
    let mut named = BTreeSet::new();
    sets_of(node, &mut named);
    let timelines = named.iter().filter_map(|set| sets.get(usize::from(set.0)));
    let boundaries: BTreeSet<Timestamp> =
        timelines.flat_map(|timeline| timeline.boundaries().iter().copied()).collect();
    if boundaries.len() > PERIODS_MAX || nodes(node) * (boundaries.len() + 1) > NODES_MAX {
        return None;
    }
    let starts = std::iter::once(None).chain(boundaries.into_iter().map(Some));
    let mut periods: Vec<(Option<Timestamp>, Node)> = Vec::new();
    for start in starts {
        let within = Within { schema, sets, in_predicates, at: start.unwrap_or(Timestamp::MIN) };
        let mut value = node.clone();
        within.fold(&mut value);
        if periods.last().is_none_or(|(_, before)| *before != value) {
            periods.push((start, value));
        }
    }
    let (mut start, mut choice) = periods.pop()?;
    if periods.is_empty() && choice == *node {
        return None;
    }
    while let Some((earlier, value)) = periods.pop() {
        let Some(from) = start else { break };
        let parts = Box::new([before(from, node), value, choice]);
        choice = Node { kind: NodeKind::Conditional(parts), ty: Type::BOOL, span: node.span };
        start = earlier;
    }
    Some(choice)
}

/// `send_at < at`
fn before(at: Timestamp, around: &Node) -> Node {
    let of_time = |kind| Box::new(Node { kind, ty: Type::TIMESTAMP, span: around.span });
    let kind = NodeKind::Compare {
        operator: Comparison::Less,
        left: of_time(NodeKind::Attribute(attributes::SEND_AT)),
        right: of_time(NodeKind::Literal(Value::Timestamp(at))),
    };
    Node { kind, ty: Type::BOOL, span: around.span }
}

fn sets_of(node: &Node, found: &mut BTreeSet<SetId>) {
    if let NodeKind::Set(set) = node.kind {
        found.insert(set);
    }
    node.for_each_part(&mut |part| sets_of(part, found));
}

/// The sets of a pack at one instant, and no facts.
struct Within<'p> {
    schema: &'p Schema,
    sets: &'p [Timeline],
    in_predicates: Sets,
    at: Timestamp,
}

impl Bindings for Within<'_> {
    fn fact(&self, _: AttributeId) -> &Fact {
        &Fact::Unknown
    }

    fn set(&self, set: SetId) -> &[Value] {
        self.sets.get(usize::from(set.0)).map_or(&[], |timeline| timeline.at(self.at))
    }
}

impl Within<'_> {
    /// Puts what is known in the place of each part, from the inside.
    fn fold(&self, node: &mut Node) {
        if let Some(written) = self.written_out(node) {
            *node = written;
        }
        node.for_each_part_mut(&mut |part| self.fold(part));
        if let Some(known) = self.known(node) {
            node.kind = known;
        }
    }

    /// What a node whose parts are folded comes to.
    fn known(&self, node: &mut Node) -> Option<NodeKind> {
        let truth = |value: bool| Some(NodeKind::Literal(Value::Bool(value)));
        if !node.ty.is_list()
            && !matches!(node.kind, NodeKind::Literal(_))
            && reads_sets_alone(node)
            // An error is that of the condition.
            && let Outcome::Value(value) = evaluate_node(node, self)
        {
            return Some(NodeKind::Literal(value));
        }
        match &mut node.kind {
            NodeKind::Set(set) => {
                let members = self.set(*set);
                let is_written = members.is_empty()
                    || self.in_predicates == Sets::Written && members.len() <= MEMBERS_MAX;
                let ty = Type { lists: node.ty.lists.checked_sub(1)?, ..node.ty };
                let literal = |value: &Value| {
                    let kind = NodeKind::Literal(value.clone());
                    Node { kind, ty, span: node.span }
                };
                is_written.then(|| NodeKind::List(members.iter().map(literal).collect()))
            }
            NodeKind::Not(inner) => truth(!bool_of(inner)?),
            NodeKind::And(parts) => absorbed(parts, false, NodeKind::And),
            NodeKind::Or(parts) => absorbed(parts, true, NodeKind::Or),
            NodeKind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                let chosen = if bool_of(condition)? { then } else { otherwise };
                Some(chosen.kind.clone())
            }
            NodeKind::In { item, list } if is_empty(list) && !fallible(item, self.schema) => {
                truth(false)
            }
            NodeKind::Quantifier { kind, list, body, .. } => {
                let is_all = *kind == Quantifier::All;
                let is_settled = bool_of(body) == Some(is_all) && !fallible(list, self.schema);
                if is_empty(list) || is_settled { truth(is_all) } else { None }
            }
            _ => None,
        }
    }

    /// What `all` or `exists` asks of the members of a short list, each by itself. Both absorb
    /// errors an element at a time, as `&&` and `||` do.
    fn written_out(&self, node: &Node) -> Option<Node> {
        let NodeKind::Quantifier { kind, variable, list, body } = &node.kind else { return None };
        let elements: Vec<Node> = match &list.kind {
            NodeKind::Set(set) => {
                let ty = Type { lists: list.ty.lists.checked_sub(1)?, ..list.ty };
                let literal = |value: &Value| {
                    let kind = NodeKind::Literal(value.clone());
                    Node { kind, ty, span: list.span }
                };
                self.set(*set).iter().map(literal).collect()
            }
            NodeKind::List(elements)
                if elements.iter().all(|node| matches!(node.kind, NodeKind::Literal(_))) =>
            {
                elements.clone()
            }
            _ => return None,
        };
        if elements.is_empty()
            || elements.len() > ELEMENTS_MAX
            || elements.len() * nodes(body) > NODES_MAX
        {
            return None;
        }
        let mut parts = elements.iter().map(|element| {
            let mut part = (**body).clone();
            put(&mut part, *variable, element);
            part
        });
        let kind = match (kind, elements.len()) {
            (Quantifier::ExistsOne, _) => return None,
            (_, 1) => return parts.next(),
            (Quantifier::All, _) => NodeKind::And(parts.collect()),
            (Quantifier::Exists, _) => NodeKind::Or(parts.collect()),
        };
        Some(Node { kind, ty: Type::BOOL, span: node.span })
    }
}

/// `&&` (`||`) without what is true (false); what is `absorbing` settles it, also beside an error.
fn absorbed(
    parts: &mut Vec<Node>,
    absorbing: bool,
    joined: impl Fn(Vec<Node>) -> NodeKind,
) -> Option<NodeKind> {
    if parts.iter().any(|part| bool_of(part) == Some(absorbing)) {
        return Some(NodeKind::Literal(Value::Bool(absorbing)));
    }
    let count = parts.len();
    parts.retain(|part| bool_of(part).is_none());
    match parts.len() {
        0 => Some(NodeKind::Literal(Value::Bool(!absorbing))),
        1 => parts.pop().map(|only| only.kind),
        kept if kept < count => Some(joined(std::mem::take(parts))),
        _ => None,
    }
}

/// The value of a literal condition.
const fn bool_of(node: &Node) -> Option<bool> {
    match node.kind {
        NodeKind::Literal(Value::Bool(value)) => Some(value),
        _ => None,
    }
}

fn is_empty(list: &Node) -> bool {
    matches!(&list.kind, NodeKind::List(elements) if elements.is_empty())
}

fn reads_sets_alone(node: &Node) -> bool {
    let mut alone =
        !matches!(node.kind, NodeKind::Attribute(_) | NodeKind::Has(_) | NodeKind::Variable(_));
    node.for_each_part(&mut |part| alone = alone && reads_sets_alone(part));
    alone
}

/// Puts an element in the place of a macro's variable. Macros within it have one fewer around them.
fn put(node: &mut Node, variable: VariableIdx, element: &Node) {
    match &mut node.kind {
        NodeKind::Variable(known) if *known == variable => {
            *node = element.clone();
            return;
        }
        NodeKind::Variable(known) | NodeKind::Quantifier { variable: known, .. }
            if *known > variable =>
        {
            known.0 -= 1;
        }
        _ => {}
    }
    node.for_each_part_mut(&mut |part| put(part, variable, element));
}
