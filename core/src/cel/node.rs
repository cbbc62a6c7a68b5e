//! The typed tree: what the checker makes, what is evaluated, and what the compiler normalises.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::functions::Function;
use crate::schema::AttributeId;
use crate::value::{Type, Value};

/// The number of a set within its pack.
///
/// Sixteen bits: a pack of 65,536 sets would be past [`crate::limits::PACK_BYTES_MAX`] long before
/// it says anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetId(pub u16);

/// The variable of a macro: how many macros enclose the one that names it.
///
/// Eight bits: [`crate::limits::EXPRESSION_DEPTH_MAX`] bounds the nesting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableIdx(pub u8);

/// Where something stands in the source, in bytes, half-open.
///
/// Thirty-two bits: [`crate::limits::EXPRESSION_BYTES_MAX`] is far below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// From the start of this one to the end of `last`.
    pub(super) fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end }
    }

    /// As a range of bytes of the source.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// An expression that passed the checker.
#[derive(Clone, Debug)]
pub struct Expression {
    /// As written.
    pub source: Arc<str>,
    /// What it says.
    pub root: Node,
    pub(super) reads: Reads,
}

impl Expression {
    /// The type of its value.
    pub const fn ty(&self) -> Type {
        self.root.ty
    }

    /// Every attribute that it names, also under `has`.
    pub const fn attributes(&self) -> &BTreeSet<AttributeId> {
        &self.reads.attributes
    }

    /// Every set that it names.
    pub const fn sets(&self) -> &BTreeSet<SetId> {
        &self.reads.sets
    }

    /// The same where the sets of its pack stand further on, in a list of those of several packs.
    pub(crate) fn with_sets_from(mut self, first: u16) -> Self {
        fn each(node: &mut Node, moved: &dyn Fn(SetId) -> SetId) {
            if let NodeKind::Set(set) = &mut node.kind {
                *set = moved(*set);
            }
            node.for_each_part_mut(&mut |part| each(part, moved));
        }
        let moved = |set: SetId| SetId(set.0.saturating_add(first));
        each(&mut self.root, &moved);
        self.reads.sets = self.reads.sets.iter().map(|set| moved(*set)).collect();
        for membership in &mut self.reads.memberships {
            membership.set = moved(membership.set);
        }
        self
    }

    /// Where an attribute with a closed list of values meets a set, in source order: each member of
    /// the set must be one of the values.
    pub fn memberships(&self) -> &[Membership] {
        &self.reads.memberships
    }
}

/// What an expression reads.
#[derive(Clone, Debug, Default)]
pub(super) struct Reads {
    pub(super) attributes: BTreeSet<AttributeId>,
    pub(super) sets: BTreeSet<SetId>,
    pub(super) memberships: Vec<Membership>,
    /// The paths of `attributes`, for messages of evaluation.
    pub(super) paths: Vec<(AttributeId, Arc<str>)>,
}

/// A comparison of an attribute with the members of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The attribute, which has a closed list of values.
    pub attribute: AttributeId,
    /// The set.
    pub set: SetId,
    /// The comparison.
    pub span: Span,
}

/// One node of the typed tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The type of its value.
    pub ty: Type,
    /// Where it stands.
    pub span: Span,
}

impl Node {
    /// Calls `visit` with each direct part, in source order.
    pub fn for_each_part<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        match &self.kind {
            NodeKind::Literal(_)
            | NodeKind::Attribute(_)
            | NodeKind::Has(_)
            | NodeKind::Set(_)
            | NodeKind::Variable(_) => {}
            NodeKind::Not(operand) | NodeKind::Negate(operand) => visit(operand),
            NodeKind::And(parts) | NodeKind::Or(parts) | NodeKind::List(parts) => {
                parts.iter().for_each(visit);
            }
            NodeKind::Conditional(parts) => parts.iter().for_each(visit),
            NodeKind::Call { arguments, .. } => arguments.iter().for_each(visit),
            NodeKind::Compare { left, right, .. } | NodeKind::Arithmetic { left, right, .. } => {
                visit(left);
                visit(right);
            }
            NodeKind::In { item, list } => {
                visit(item);
                visit(list);
            }
            NodeKind::Index { list, position } => {
                visit(list);
                visit(position);
            }
            NodeKind::Quantifier { list, body, .. } => {
                visit(list);
                visit(body);
            }
        }
    }

    /// As [`Self::for_each_part`], for parts that change.
    pub(crate) fn for_each_part_mut(&mut self, visit: &mut dyn FnMut(&mut Self)) {
        match &mut self.kind {
            NodeKind::Literal(_)
            | NodeKind::Attribute(_)
            | NodeKind::Has(_)
            | NodeKind::Set(_)
            | NodeKind::Variable(_) => {}
            NodeKind::Not(operand) | NodeKind::Negate(operand) => visit(operand),
            NodeKind::And(parts) | NodeKind::Or(parts) | NodeKind::List(parts) => {
                parts.iter_mut().for_each(visit);
            }
            NodeKind::Conditional(parts) => parts.iter_mut().for_each(visit),
            NodeKind::Call { arguments, .. } => arguments.iter_mut().for_each(visit),
            NodeKind::Compare { left, right, .. } | NodeKind::Arithmetic { left, right, .. } => {
                visit(left);
                visit(right);
            }
            NodeKind::In { item, list } => {
                visit(item);
                visit(list);
            }
            NodeKind::Index { list, position } => {
                visit(list);
                visit(position);
            }
            NodeKind::Quantifier { list, body, .. } => {
                visit(list);
                visit(body);
            }
        }
    }
}

/// What a node is. Parts are in source order.
///
/// Arithmetic, functions and signs over literals are folded by the checker where they have a value,
/// so `timestamp("2024-01-01T00:00:00Z")` is a [`NodeKind::Literal`].
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "every pass over the tree must handle every kind")]
pub enum NodeKind {
    /// A value. Lists are [`NodeKind::List`].
    Literal(Value),
    /// The value of an attribute.
    Attribute(AttributeId),
    /// Whether an attribute has a value.
    Has(AttributeId),
    /// The members of a set at `send_at`.
    Set(SetId),
    /// The variable of an enclosing macro.
    Variable(VariableIdx),
    /// `!a`
    Not(Box<Node>),
    /// `-a`
    Negate(Box<Node>),
    /// `a && b && …`, at least two.
    And(Vec<Node>),
    /// `a || b || …`, at least two.
    Or(Vec<Node>),
    /// `condition ? then : otherwise`, in this order.
    Conditional(Box<[Node; 3]>),
    /// `left operator right`; both sides have one type, but for `[]`, which fits every list.
    Compare {
        /// The operator.
        operator: Comparison,
        /// The left side.
        left: Box<Node>,
        /// The right side.
        right: Box<Node>,
    },
    /// `item in list`
    In {
        /// What is looked for.
        item: Box<Node>,
        /// Where.
        list: Box<Node>,
    },
    /// `left operator right`
    Arithmetic {
        /// The operator.
        operator: Arithmetic,
        /// The left side.
        left: Box<Node>,
        /// The right side.
        right: Box<Node>,
    },
    /// `[a, b, …]`
    List(Vec<Node>),
    /// `list[position]`
    Index {
        /// The list.
        list: Box<Node>,
        /// The position, from 0.
        position: Box<Node>,
    },
    /// A function; a method's receiver is the first argument.
    Call {
        /// The function.
        function: Function,
        /// Its arguments.
        arguments: Vec<Node>,
    },
    /// `list.all(variable, body)` and its like.
    Quantifier {
        /// Which of them.
        kind: Quantifier,
        /// The variable.
        variable: VariableIdx,
        /// The list.
        list: Box<Node>,
        /// What is asked of each element.
        body: Box<Node>,
    },
}

/// The operators that compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "every pass over the tree must handle every operator")]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// As written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether an order satisfies the operator; NaN has none and satisfies only `!=`.
    pub fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Self::Equal => order == Some(Ordering::Equal),
            Self::NotEqual => order != Some(Ordering::Equal),
            Self::Less => order == Some(Ordering::Less),
            Self::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Self::Greater => order == Some(Ordering::Greater),
            Self::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

/// The operators that calculate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "every pass over the tree must handle every operator")]
pub enum Arithmetic {
    /// `+`, also of texts and lists.
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Arithmetic {
    /// As written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// The macros over lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "every pass over the tree must handle every macro")]
pub enum Quantifier {
    /// True for every element.
    All,
    /// True for some element.
    Exists,
    /// True for exactly one element.
    ExistsOne,
}

impl Quantifier {
    /// As written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Exists => "exists",
            Self::ExistsOne => "exists_one",
        }
    }
}
