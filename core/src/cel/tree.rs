//! The untyped tree: what the parser found, before anybody asked what the names mean.
//!
//! It lives between [`super::parse`] and [`super::check`] only; what runs is [`super::node`].

use super::node::{Arithmetic, Comparison, Span};
use crate::value::Value;

/// One node of the untyped tree.
#[derive(Debug)]
pub(super) struct Syntax<'s> {
    pub(super) kind: SyntaxKind<'s>,
    pub(super) span: Span,
    /// Nodes on the longest way down, this one counted.
    pub(super) depth: u16,
}

/// What the parser saw.
#[derive(Debug)]
pub(super) enum SyntaxKind<'s> {
    Literal(Value),
    /// A dotted name, `a.b.c`. One that begins with a dot never means the variable of a macro.
    Name {
        path: Vec<Word<'s>>,
        from_root: bool,
    },
    /// `operand.member`, where the operand is no name.
    Select {
        operand: Box<Syntax<'s>>,
        member: Word<'s>,
    },
    Call {
        receiver: Option<Box<Syntax<'s>>>,
        name: Word<'s>,
        arguments: Vec<Syntax<'s>>,
    },
    Index {
        list: Box<Syntax<'s>>,
        position: Box<Syntax<'s>>,
    },
    List(Vec<Syntax<'s>>),
    /// `!!!a`, with how many there are: a chain of signs is one node.
    Not {
        times: usize,
        operand: Box<Syntax<'s>>,
    },
    Negate {
        times: usize,
        operand: Box<Syntax<'s>>,
    },
    And(Vec<Syntax<'s>>),
    Or(Vec<Syntax<'s>>),
    Conditional(Box<[Syntax<'s>; 3]>),
    Compare {
        operator: Comparison,
        sides: Box<[Syntax<'s>; 2]>,
    },
    In(Box<[Syntax<'s>; 2]>),
    Arithmetic {
        operator: Arithmetic,
        sides: Box<[Syntax<'s>; 2]>,
    },
}

/// A name and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'s> {
    pub(super) text: &'s str,
    pub(super) span: Span,
}
