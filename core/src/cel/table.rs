//! What does a dated table come to, as an expression?
//!
//! `tables.NAME` stands for a choice between the table's values: by `send_at` between its entries,
//! by the key between the values of an entry. Where a table says nothing, the choice ends in an
//! error. [`lift`] then brings such choices to where conditions are, so that a comparison with a
//! table is, for the compiler, a choice between comparisons with constants.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evaluate::constant;
use super::functions::Function;
use super::node::{Comparison, Expression, Node, NodeKind, Reads, Span};
use crate::schema::{AttributeId, Schema, attributes};
use crate::time::Timestamp;
use crate::value::{Type, Value};

/// A table as its pack declares it.
#[derive(Clone, Debug)]
pub struct TableDeclaration {
    /// As an expression writes it, with `_` where the pack has `-`.
    pub name: Arc<str>,
    /// By which attribute its values are looked up.
    pub key: AttributeId,
    /// The type of its values.
    pub ty: Type,
    /// In the order of their periods, which do not overlap.
    pub entries: Vec<TableEntry>,
}

/// The values of a table in one period.
#[derive(Clone, Debug)]
pub struct TableEntry {
    /// The first instant at which they count; always before, if there is none.
    pub from: Option<Timestamp>,
    /// The first instant at which they no longer do; none means no end.
    pub until: Option<Timestamp>,
    /// Key and value, each key once.
    pub values: Vec<(Value, Value)>,
    /// The value of any other key; none where such a key has no value.
    pub default: Option<Value>,
}

/// A table that a pack gives a name; an expression writes `tables.NAME` for it.
#[derive(Clone, Debug)]
pub struct NamedTable {
    /// What its pack says.
    pub declaration: TableDeclaration,
    /// What it stands for.
    pub(super) expression: Expression,
}

impl NamedTable {
    /// The table of a declaration whose keys and values have the types that it says.
    pub fn of(declaration: TableDeclaration, schema: &Schema) -> Self {
        let key = schema.attribute(declaration.key);
        let builder = Builder { key: declaration.key, key_ty: key.ty, ty: declaration.ty };
        let root = builder.periods(None, &declaration.entries);
        let mut attributes = BTreeSet::from([declaration.key]);
        let mut paths = vec![(declaration.key, Arc::clone(&key.path))];
        let is_dated = |entry: &TableEntry| entry.from.is_some() || entry.until.is_some();
        if declaration.entries.iter().any(is_dated) && attributes.insert(attributes::SEND_AT) {
            let path = Arc::clone(&schema.attribute(attributes::SEND_AT).path);
            paths.push((attributes::SEND_AT, path));
        }
        let reads = Reads { attributes, paths, ..Reads::default() };
        let source = Arc::from(format!("tables.{}", declaration.name));
        Self { expression: Expression { source, root, reads }, declaration }
    }
}

struct Builder {
    key: AttributeId,
    key_ty: Type,
    ty: Type,
}

impl Builder {
    /// The choice between entries, where everything before `known` is decided already.
    fn periods(&self, known: Option<Timestamp>, entries: &[TableEntry]) -> Node {
        let Some((entry, later)) = entries.split_first() else { return self.no_entry() };
        let mut chosen = self.values(entry);
        if let Some(until) = entry.until {
            chosen = self.choice(self.before(until), chosen, self.periods(Some(until), later));
        }
        match entry.from {
            Some(from) if known != Some(from) => {
                self.choice(self.before(from), self.no_entry(), chosen)
            }
            _ => chosen,
        }
    }

    /// The choice between the values of one entry.
    fn values(&self, entry: &TableEntry) -> Node {
        let mut groups: Vec<(&Value, Vec<&Value>)> = Vec::new();
        for (key, value) in &entry.values {
            match groups.iter_mut().find(|(known, _)| *known == value) {
                Some((_, keys)) => keys.push(key),
                None => groups.push((value, vec![key])),
            }
        }
        let otherwise = match &entry.default {
            Some(value) => self.literal(value),
            None => self.no_entry(),
        };
        self.groups(&groups, Some(otherwise))
    }

    /// The choice between groups of keys, halved again and again, so that it nests little; with
    /// nothing else, the key is in one of them.
    fn groups(&self, groups: &[(&Value, Vec<&Value>)], otherwise: Option<Node>) -> Node {
        match (groups, otherwise) {
            ([], Some(otherwise)) => otherwise,
            ([], None) => self.no_entry(),
            ([(value, _)], None) => self.literal(value),
            ([(value, keys)], Some(otherwise)) => {
                self.choice(self.among(keys.iter().copied()), self.literal(value), otherwise)
            }
            (groups, otherwise) => {
                let (left, right) = groups.split_at(groups.len() / 2);
                let keys = left.iter().flat_map(|(_, keys)| keys.iter().copied());
                let condition = self.among(keys);
                self.choice(condition, self.groups(left, None), self.groups(right, otherwise))
            }
        }
    }

    fn among<'v>(&self, keys: impl Iterator<Item = &'v Value>) -> Node {
        let attribute = node(NodeKind::Attribute(self.key), self.key_ty);
        let keys = keys.map(|key| node(NodeKind::Literal(key.clone()), self.key_ty)).collect();
        let list = node(NodeKind::List(keys), self.key_ty.list());
        node(NodeKind::In { item: Box::new(attribute), list: Box::new(list) }, Type::BOOL)
    }

    fn before(&self, at: Timestamp) -> Node {
        let left = node(NodeKind::Attribute(attributes::SEND_AT), Type::TIMESTAMP);
        let right = node(NodeKind::Literal(Value::Timestamp(at)), Type::TIMESTAMP);
        let (left, right) = (Box::new(left), Box::new(right));
        node(NodeKind::Compare { operator: Comparison::Less, left, right }, Type::BOOL)
    }

    fn choice(&self, condition: Node, then: Node, otherwise: Node) -> Node {
        node(NodeKind::Conditional(Box::new([condition, then, otherwise])), self.ty)
    }

    fn literal(&self, value: &Value) -> Node {
        node(NodeKind::Literal(value.clone()), self.ty)
    }

    fn no_entry(&self) -> Node {
        let key = node(NodeKind::Attribute(self.key), self.key_ty);
        node(NodeKind::Call { function: Function::NoEntry, arguments: vec![key] }, self.ty)
    }
}

fn node(kind: NodeKind, ty: Type) -> Node {
    Node { kind, ty, span: Span::default() }
}

/// Brings choices between values to the nearest condition around them: `a < (c ? 1 : 2)` becomes
/// `c ? a < 1 : a < 2`. Both come to the same, since nothing between a value and the condition
/// around it absorbs what has no value. What is left to constants becomes their value. `None` where
/// the result would have more than `nodes`.
pub(super) fn lift(mut root: Node, nodes: usize) -> Option<Node> {
    // LIMIT: two large tables in one comparison multiply. On the way down a tree is copied once a
    // level, and choices are halved.
    let mut left = nodes.saturating_mul(16);
    lift_within(&mut root, &mut left)?;
    (count(&root) <= nodes).then_some(root)
}

fn lift_within(condition: &mut Node, left: &mut usize) -> Option<()> {
    let mut all = Some(());
    match &mut condition.kind {
        NodeKind::And(_) | NodeKind::Or(_) | NodeKind::Not(_) | NodeKind::Conditional(_) => {
            condition
                .for_each_part_mut(&mut |part| all = all.and_then(|()| lift_within(part, left)));
            return all;
        }
        _ => {}
    }
    // Conditions among the parts, such as the body of a macro, are conditions by themselves.
    lift_conditions(condition, left)?;
    pull(condition, left)
}

fn lift_conditions(node: &mut Node, left: &mut usize) -> Option<()> {
    let mut all = Some(());
    node.for_each_part_mut(&mut |part| {
        all = all.and_then(|()| match part.ty == Type::BOOL {
            true => lift_within(part, left),
            false => lift_conditions(part, left),
        });
    });
    all
}

/// Brings the choices between values within a condition to it, one after the other.
fn pull(condition: &mut Node, left: &mut usize) -> Option<()> {
    if is_no_entry(condition) {
        return Some(());
    }
    if let Some(entry) = find(condition, &is_no_entry) {
        *condition = Node { ty: condition.ty, span: condition.span, ..entry };
        return Some(());
    }
    let Some(choice) = find(condition, &|part| matches!(part.kind, NodeKind::Conditional(_)))
    else {
        fold(condition);
        return Some(());
    };
    let NodeKind::Conditional(parts) = choice.kind else { return Some(()) };
    *left = left.checked_sub(count(condition))?;
    let [chosen, ..] = *parts;
    let mut branches = [1, 2].map(|branch| {
        let mut branch_of = condition.clone();
        take(&mut branch_of, branch);
        branch_of
    });
    for branch in &mut branches {
        pull(branch, left)?;
    }
    let [then, otherwise] = branches;
    condition.kind = NodeKind::Conditional(Box::new([chosen, then, otherwise]));
    Some(())
}

/// Puts its value in the place of each part that reads nothing; whether the whole reads nothing.
fn fold(node: &mut Node) -> bool {
    let mut reads_nothing = match &node.kind {
        NodeKind::Literal(_) => return true,
        NodeKind::Attribute(_) | NodeKind::Has(_) | NodeKind::Set(_) | NodeKind::Variable(_) => {
            return false;
        }
        _ => true,
    };
    node.for_each_part_mut(&mut |part| reads_nothing &= fold(part));
    if reads_nothing
        && !node.ty.is_list()
        && let Some(value) = constant(node)
    {
        node.kind = NodeKind::Literal(value);
    }
    reads_nothing
}

fn is_no_entry(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Call { function: Function::NoEntry, .. })
}

/// The first part of a condition that is such, in source order, outside conditions and choices
/// within it.
fn find(node: &Node, is_wanted: &dyn Fn(&Node) -> bool) -> Option<Node> {
    let mut found = None;
    node.for_each_part(&mut |part| {
        if found.is_some() || part.ty == Type::BOOL {
            return;
        }
        found = match &part.kind {
            _ if is_wanted(part) => Some(part.clone()),
            NodeKind::Conditional(_) => None,
            _ => find(part, is_wanted),
        };
    });
    found
}

/// Replaces the first choice within a condition by one of its branches; whether there was one.
fn take(node: &mut Node, branch: usize) -> bool {
    let mut is_done = false;
    node.for_each_part_mut(&mut |part| {
        if is_done || part.ty == Type::BOOL {
            return;
        }
        is_done = match &part.kind {
            NodeKind::Conditional(parts) => match parts.get(branch).cloned() {
                Some(chosen) => {
                    *part = chosen;
                    true
                }
                None => false,
            },
            _ => take(part, branch),
        };
    });
    is_done
}

fn count(node: &Node) -> usize {
    let mut nodes = 1_usize;
    node.for_each_part(&mut |part| nodes = nodes.saturating_add(count(part)));
    nodes
}
