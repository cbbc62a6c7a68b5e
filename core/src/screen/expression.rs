//! What a predicate over several columns comes to, as an expression over columns alone.
//!
//! In: the tree of a predicate, with the campaign known. Out: an [`Expression`], in which all that
//! no row changes is a constant and every attribute is a column; or nothing, where the predicate
//! has a part that is worked out row by row: one that reads what is derived for each row, a
//! conversion from a text, a list that is put together, or a place of a list.

use std::cell::Cell;
use std::cmp::Ordering;
use std::sync::Arc;

use super::bind::{Bound, Reading};
use super::functions::{is_part, is_part_of_span};
use super::placed::{OfPlaces, follows_from_labels};
use crate::cel::{self, Arithmetic, Bindings, Comparison, Function, Node, NodeKind, Quantifier};
use crate::limits;
use crate::resolve::derivations::recipient_sources;
use crate::schema::{AttributeId, Nullable, Schema};
use crate::time::zone::Zone;
use crate::value::{Scalar, Type, Value};

/// An expression over the columns of an audience. Each node has the type that the checker gave it,
/// so that both sides of a comparison are of one kind.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    /// The same for all rows.
    Constant(Constant),
    /// The value of a column.
    Column(ColumnRead),
    /// Whether a column has a value.
    Has(ColumnRead),
    /// A condition on where the recipient is.
    OfPlaces(OfPlaces),
    /// The element of the list that a [`Expression::Quantifier`] goes through.
    Element,
    Not(Box<Self>),
    Negate(Box<Self>),
    /// `&&`, which false decides, or `||`, which true does.
    Junction {
        parts: Vec<Self>,
        decisive: bool,
    },
    Conditional(Box<[Self; 3]>),
    Compare {
        operator: Comparison,
        sides: Box<[Self; 2]>,
    },
    /// Of numbers, instants and spans; of instants and spans only sums and differences.
    Calculate {
        operator: Arithmetic,
        /// Of what type the result is.
        result: Scalar,
        /// Whether it is what lies between two instants, which is bounded more tightly.
        is_between: bool,
        sides: Box<[Self; 2]>,
    },
    /// Whether a value is one of these; they are in order, where they have one.
    Among {
        item: Box<Self>,
        members: Arc<[Value]>,
    },
    /// Whether a text begins with another, ends with it or holds it.
    TextTest {
        function: Function,
        sides: Box<[Self; 2]>,
    },
    /// How many code points a text has.
    Size(Box<Self>),
    /// How many elements the lists of a column have.
    ListSize(ColumnRead),
    /// Two texts, one after the other.
    Joined(Box<[Self; 2]>),
    /// A whole number in digits.
    Written(Box<Self>),
    /// A text without white space at its ends, or in small letters.
    Rewritten {
        function: Function,
        text: Box<Self>,
    },
    /// A part of an instant, in a zone.
    Part {
        function: Function,
        zone: Zone,
        instant: Box<Self>,
    },
    /// A span in whole units, or its milliseconds after the last whole second.
    PartOfSpan {
        function: Function,
        span: Box<Self>,
    },
    /// A double without its fraction, or an instant in seconds since 1970.
    Whole(Box<Self>),
    /// A whole number as a double.
    Widened(Box<Self>),
    /// What is asked of the elements of a column of lists. `steps` are those of the body.
    Quantifier {
        kind: Quantifier,
        list: ColumnRead,
        steps: u64,
        body: Box<Self>,
    },
}

/// What all rows come to.
#[derive(Clone, Debug)]
pub(super) enum Constant {
    Value(Value),
    Unknown,
    Error,
}

/// A column as an expression reads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColumnRead {
    /// Its place in [`Bound::columns`].
    pub(super) column: usize,
    /// What its values, or the elements of its lists, are.
    pub(super) scalar: Scalar,
    pub(super) is_list: bool,
    /// Whether null is *absent*; else it is unknown.
    pub(super) is_nullable: bool,
}

impl Expression {
    /// Adds the columns that it reads.
    pub(super) fn columns(&self, into: &mut Vec<ColumnRead>) {
        match self {
            Self::Column(read) | Self::Has(read) | Self::ListSize(read) => into.push(*read),
            Self::Quantifier { list, .. } => into.push(*list),
            _ => {}
        }
        self.for_each_part(&mut |part| part.columns(into));
    }

    /// Whether it reads where recipients are.
    pub(super) fn reads_places(&self) -> bool {
        let mut reads = matches!(self, Self::OfPlaces(_));
        self.for_each_part(&mut |part| reads = reads || part.reads_places());
        reads
    }

    /// Whether some part of it looks at one row after the other, so that fewer rows take less.
    pub(super) fn is_by_row(&self) -> bool {
        let mut is = matches!(
            self,
            Self::OfPlaces(_)
                | Self::TextTest { .. }
                | Self::Quantifier { .. }
                | Self::Joined(_)
                | Self::Rewritten { .. }
                | Self::Written(_)
        );
        self.for_each_part(&mut |part| is = is || part.is_by_row());
        is
    }

    /// What it takes to work out, about, as many times what it takes to read a column.
    pub(super) fn cost(&self) -> u64 {
        let own = match self {
            Self::Constant(_) | Self::Element | Self::Column(_) | Self::Has(_) => 0,
            Self::OfPlaces(_) => 8,
            Self::Not(_)
            | Self::Negate(_)
            | Self::Junction { .. }
            | Self::Widened(_)
            | Self::Conditional(_)
            | Self::Compare { .. }
            | Self::Calculate { .. } => 1,
            Self::Whole(_) | Self::ListSize(_) | Self::PartOfSpan { .. } | Self::Size(_) => 2,
            Self::Among { .. } | Self::TextTest { .. } | Self::Part { .. } => 4,
            Self::Quantifier { .. } => 6,
            Self::Joined(_) | Self::Written(_) | Self::Rewritten { .. } => 10,
        };
        let mut cost: u64 = own;
        self.for_each_part(&mut |part| cost = cost.saturating_add(part.cost()));
        cost
    }

    /// Visits what it is made of.
    pub(super) fn for_each_part<'e>(&'e self, visit: &mut dyn FnMut(&'e Self)) {
        match self {
            Self::Constant(_)
            | Self::Element
            | Self::OfPlaces(_)
            | Self::Column(_)
            | Self::Has(_)
            | Self::ListSize(_) => {}
            Self::Not(inner)
            | Self::Negate(inner)
            | Self::Size(inner)
            | Self::Widened(inner)
            | Self::Whole(inner)
            | Self::Written(inner)
            | Self::PartOfSpan { span: inner, .. }
            | Self::Rewritten { text: inner, .. }
            | Self::Part { instant: inner, .. }
            | Self::Among { item: inner, .. }
            | Self::Quantifier { body: inner, .. } => visit(inner),
            Self::Junction { parts, .. } => parts.iter().for_each(visit),
            Self::Conditional(parts) => parts.iter().for_each(visit),
            Self::Compare { sides, .. }
            | Self::Calculate { sides, .. }
            | Self::Joined(sides)
            | Self::TextTest { sides, .. } => sides.iter().for_each(visit),
        }
    }
}

/// What predicates are lowered with.
pub(super) struct Lowering<'p> {
    pub(super) schema: &'p Schema,
    pub(super) bound: &'p Bound,
    /// The campaign, and the sets of the predicate's pack.
    pub(super) known: &'p dyn Bindings,
    pub(super) pack: usize,
    /// Steps that the members of sets may take.
    pub(super) of_members: Cell<u64>,
    pub(super) quantifiers: Cell<usize>,
}

/// Of what an expression takes no more than this many steps is never cut short by
/// [`limits::EVALUATION_STEPS_MAX`]: a text of a fact has at most so many blocks of 64 bytes.
const TEXT_STEPS_MAX: u64 = (limits::FACT_TEXT_BYTES_MAX / 64) as u64;

/// Quantifiers of one expression; each may take a share of the steps of an evaluation.
pub(super) const QUANTIFIERS_MAX: usize = 4;

impl Lowering<'_> {
    /// The expression of a predicate, if it has one. A single evaluation of it always stays within
    /// its limit of steps, lists aside: they are counted when they are seen.
    pub(super) fn predicate(&self, node: &Node) -> Option<Expression> {
        let expression = self.lower(node)?;
        let steps = steps(node)?.saturating_add(self.of_members.get());
        // The other half is for lists.
        let is_bounded = steps < limits::EVALUATION_STEPS_MAX / 2;
        (is_bounded && self.quantifiers.get() <= QUANTIFIERS_MAX).then_some(expression)
    }

    fn lower(&self, node: &Node) -> Option<Expression> {
        if !self.varies(node) {
            return Some(Expression::Constant(match cel::evaluate_node(node, self.known) {
                cel::Outcome::Value(value) => Constant::Value(value),
                cel::Outcome::Undetermined(_) => Constant::Unknown,
                cel::Outcome::Error(_) => Constant::Error,
            }));
        }
        if self.is_of_places(node) {
            let (node, pack) = (Arc::new(node.clone()), self.pack);
            return Some(Expression::OfPlaces(OfPlaces { node, pack }));
        }
        let boxed = |node: &Node| self.lower(node).map(Box::new);
        let both =
            |left: &Node, right: &Node| Some(Box::new([self.lower(left)?, self.lower(right)?]));
        match &node.kind {
            NodeKind::Attribute(id) => {
                self.column(*id).filter(|read| !read.is_list).map(Expression::Column)
            }
            NodeKind::Has(id) => self.column(*id).map(Expression::Has),
            NodeKind::Variable(_) => Some(Expression::Element),
            NodeKind::Not(inner) => boxed(inner).map(Expression::Not),
            NodeKind::Negate(inner) => boxed(inner).map(Expression::Negate),
            NodeKind::And(parts) => self.junction(parts, false),
            NodeKind::Or(parts) => self.junction(parts, true),
            NodeKind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                (!node.ty.is_list()).then_some(())?;
                Some(Expression::Conditional(Box::new([
                    self.lower(condition)?,
                    self.lower(then)?,
                    self.lower(otherwise)?,
                ])))
            }
            NodeKind::Compare { operator, left, right } => {
                (!left.ty.is_list() && !right.ty.is_list()).then_some(())?;
                Some(Expression::Compare { operator: *operator, sides: both(left, right)? })
            }
            NodeKind::Arithmetic { left, right, .. } if node.ty == Type::STRING => {
                // With more, an evaluation might build a text that is too long.
                (bytes(node) <= limits::TEXT_BYTES_MAX).then_some(())?;
                both(left, right).map(Expression::Joined)
            }
            NodeKind::Arithmetic { operator, left, right } => {
                let is_number = matches!(node.ty, Type::INT | Type::DOUBLE);
                let is_time = matches!(node.ty, Type::TIMESTAMP | Type::DURATION);
                (is_number || is_time).then_some(())?;
                Some(Expression::Calculate {
                    operator: *operator,
                    result: node.ty.base,
                    is_between: left.ty == Type::TIMESTAMP && right.ty == Type::TIMESTAMP,
                    sides: both(left, right)?,
                })
            }
            NodeKind::In { item, list } => self.membership(item, list),
            NodeKind::Call { function, arguments } => match (function, arguments.as_slice()) {
                (Function::Size, [text]) if text.ty == Type::STRING => {
                    boxed(text).map(Expression::Size)
                }
                (Function::LowerAscii | Function::Trim, [text]) => {
                    Some(Expression::Rewritten { function: *function, text: boxed(text)? })
                }
                (Function::Size, [list]) => {
                    let NodeKind::Attribute(list) = &list.kind else { return None };
                    self.column(*list).filter(|read| read.is_list).map(Expression::ListSize)
                }
                (_, [instant, zones @ ..])
                    if instant.ty == Type::TIMESTAMP && is_part(*function) =>
                {
                    let zone = match zones {
                        [] => Zone::UTC,
                        [zone, ..] => match self.lower(zone)? {
                            Expression::Constant(Constant::Value(Value::String(name))) => {
                                cel::zone_named(&name)?
                            }
                            _ => return None,
                        },
                    };
                    Some(Expression::Part { function: *function, zone, instant: boxed(instant)? })
                }
                (_, [span]) if span.ty == Type::DURATION && is_part_of_span(*function) => {
                    Some(Expression::PartOfSpan { function: *function, span: boxed(span)? })
                }
                (Function::ToInt, [of]) if matches!(of.ty, Type::DOUBLE | Type::TIMESTAMP) => {
                    boxed(of).map(Expression::Whole)
                }
                (Function::ToString, [int]) if int.ty == Type::INT => {
                    boxed(int).map(Expression::Written)
                }
                (Function::ToInt | Function::ToDouble | Function::ToString, [same])
                    if same.ty == node.ty =>
                {
                    self.lower(same)
                }
                (Function::ToDouble, [int]) if int.ty == Type::INT => {
                    boxed(int).map(Expression::Widened)
                }
                (Function::StartsWith | Function::EndsWith | Function::Contains, [text, part]) => {
                    Some(Expression::TextTest { function: *function, sides: both(text, part)? })
                }
                _ => None,
            },
            NodeKind::Quantifier { kind, list, body, .. } => {
                let NodeKind::Attribute(list) = &list.kind else { return None };
                let list = self.column(*list).filter(|read| read.is_list)?;
                // What is asked of an element and also of the row would have to be repeated for
                // each element.
                let mut is_of_element = true;
                reads(body, &mut |id| is_of_element &= !self.bound.varies(id));
                is_of_element.then_some(())?;
                self.quantifiers.set(self.quantifiers.get() + 1);
                Some(Expression::Quantifier {
                    kind: *kind,
                    list,
                    steps: steps(body)?,
                    body: boxed(body)?,
                })
            }
            NodeKind::Literal(_)
            | NodeKind::Set(_)
            | NodeKind::List(_)
            | NodeKind::Index { .. } => None,
        }
    }

    fn junction(&self, parts: &[Node], decisive: bool) -> Option<Expression> {
        let parts: Option<Vec<Expression>> = parts.iter().map(|part| self.lower(part)).collect();
        Some(Expression::Junction { parts: parts?, decisive })
    }

    fn membership(&self, item: &Node, list: &Node) -> Option<Expression> {
        (!item.ty.is_list()).then_some(())?;
        if self.varies(list) {
            // A constant among the elements of a column: some element equals it.
            let NodeKind::Attribute(list) = &list.kind else { return None };
            let list = self.column(*list).filter(|read| read.is_list)?;
            let wanted = self.lower(item)?;
            let Expression::Constant(Constant::Value(_)) = wanted else { return None };
            self.quantifiers.set(self.quantifiers.get() + 1);
            let sides = Box::new([Expression::Element, wanted]);
            return Some(Expression::Quantifier {
                kind: Quantifier::Exists,
                list,
                steps: TEXT_STEPS_MAX + 2,
                body: Box::new(Expression::Compare { operator: Comparison::Equal, sides }),
            });
        }
        let members = match &list.kind {
            NodeKind::Set(set) if self.known.knows_set(*set) => self.known.set(*set).to_vec(),
            NodeKind::Set(_) => return None,
            _ => match cel::evaluate_node(list, self.known) {
                cel::Outcome::Value(Value::List(members)) => members.to_vec(),
                _ => return None,
            },
        };
        let each = members.iter().fold(0_u64, |sum, member| {
            sum + 1 + if let Value::String(text) = member { text.len() as u64 / 64 } else { 0 }
        });
        self.of_members.set(self.of_members.get().saturating_add(each));
        let mut members = members;
        members.sort_by(|a, b| a.compare(b).unwrap_or(Ordering::Equal));
        Some(Expression::Among { item: Box::new(self.lower(item)?), members: members.into() })
    }

    /// How a column is read that holds an attribute and nothing else is asked of it, as its type
    /// says.
    fn column(&self, id: AttributeId) -> Option<ColumnRead> {
        (recipient_sources(&id) == [id]).then_some(())?;
        let column = self.bound.place(id)?;
        let reading = &self.bound.columns.get(column)?.reading;
        matches!(reading, Reading::Typed).then_some(())?;
        let attribute = self.schema.attribute(id);
        (attribute.ty.lists <= 1).then_some(ColumnRead {
            column,
            scalar: attribute.ty.base,
            is_list: attribute.ty.is_list(),
            is_nullable: attribute.nullable == Nullable::Yes,
        })
    }

    /// Whether a condition reads nothing of a row but where the recipient is.
    fn is_of_places(&self, node: &Node) -> bool {
        let mut is = node.ty == Type::BOOL;
        reads(node, &mut |id| is &= !self.bound.varies(id) || follows_from_labels(id));
        is && !has_variable(node)
    }

    /// Whether rows, or elements of lists, change what a node comes to.
    fn varies(&self, node: &Node) -> bool {
        let own = match &node.kind {
            NodeKind::Attribute(id) | NodeKind::Has(id) => self.bound.varies(*id),
            NodeKind::Variable(_) => true,
            _ => false,
        };
        let mut varies = own;
        node.for_each_part(&mut |part| varies = varies || self.varies(part));
        varies
    }
}

/// How many blocks of 64 bytes what a node comes to may have, if it is a text.
fn text_steps(node: &Node) -> u64 {
    bytes(node) as u64 / 64
}

/// How many bytes what a node comes to may have, if it is a text.
fn bytes(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Literal(Value::String(text)) => text.len(),
        // A text that is put together is as long as its parts.
        NodeKind::Arithmetic { left, right, .. } => bytes(left).saturating_add(bytes(right)),
        NodeKind::Conditional(parts) => {
            let [_, then, otherwise] = &**parts;
            bytes(then).max(bytes(otherwise))
        }
        NodeKind::Call { arguments, .. } => {
            arguments.iter().map(bytes).max().unwrap_or_default().max(limits::FACT_TEXT_BYTES_MAX)
        }
        _ => limits::FACT_TEXT_BYTES_MAX,
    }
}

/// Whether a part of it is what a quantifier goes through, of this node or one around it.
fn has_variable(node: &Node) -> bool {
    let mut has = matches!(node.kind, NodeKind::Variable(_));
    node.for_each_part(&mut |part| has = has || has_variable(part));
    has
}

fn reads(node: &Node, visit: &mut dyn FnMut(AttributeId)) {
    if let NodeKind::Attribute(id) | NodeKind::Has(id) = &node.kind {
        visit(*id);
    }
    node.for_each_part(&mut |part| reads(part, visit));
}

/// How many steps an evaluation takes at most, elements of lists aside; `None` where that cannot be
/// said.
fn steps(node: &Node) -> Option<u64> {
    let own = match &node.kind {
        NodeKind::Compare { left, right, .. } if left.ty == Type::STRING => {
            text_steps(left).max(text_steps(right))
        }
        NodeKind::Call { arguments, .. } => arguments.iter().map(text_steps).sum::<u64>() + 1,
        NodeKind::In { item, list } => match &list.kind {
            NodeKind::List(elements) => {
                elements.len() as u64
                    * (1 + if list.ty.base == Scalar::String {
                        text_steps(item).max(TEXT_STEPS_MAX)
                    } else {
                        0
                    })
            }
            // Counted with the members.
            _ => 0,
        },
        NodeKind::Arithmetic { .. } if node.ty == Type::STRING => text_steps(node),
        _ => 0,
    };
    let mut all = Some(own + 1);
    node.for_each_part(&mut |part| {
        all = all.zip(steps(part)).map(|(sum, more)| sum.saturating_add(more));
    });
    all
}
