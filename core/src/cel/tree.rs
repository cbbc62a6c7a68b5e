//! The untyped tree: what the parser found, before anybody asked what the names mean.
//!
//! It lives between [`super::parse`] and [`super::check`] only; what runs is [`super::node`].

use super::node::{Arithmetic, Comparison, Span};
use crate::value::Value;

/// One node of the untyped tree.
#[derive(Debug)]
pub(super) struct Syntax {
    pub(super) kind: SyntaxKind,
    pub(super) span: Span,
    /// Nodes on the longest way down, this one counted.
    pub(super) depth: u16,
}

/// What the parser saw.
#[derive(Debug)]
pub(super) enum SyntaxKind {
    Literal(Value),
    /// A dotted name, `a.b.c`. One that begins with a dot never means the variable of a macro.
    Name {
        path: Vec<Word>,
        from_root: bool,
    },
    /// `operand.member`, where the operand is no name.
    Select {
        operand: Box<Syntax>,
        member: Word,
    },
    Call {
        receiver: Option<Box<Syntax>>,
        name: Word,
        arguments: Vec<Syntax>,
    },
    Index {
        list: Box<Syntax>,
        position: Box<Syntax>,
    },
    List(Vec<Syntax>),
    /// `!!!a`, with how many there are: a chain of signs is one node.
    Not {
        times: usize,
        operand: Box<Syntax>,
    },
    Negate {
        times: usize,
        operand: Box<Syntax>,
    },
    And(Vec<Syntax>),
    Or(Vec<Syntax>),
    Conditional(Box<[Syntax; 3]>),
    Compare {
        operator: Comparison,
        sides: Box<[Syntax; 2]>,
    },
    In(Box<[Syntax; 2]>),
    Arithmetic {
        operator: Arithmetic,
        sides: Box<[Syntax; 2]>,
    },
}

/// A name and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) span: Span,
}
