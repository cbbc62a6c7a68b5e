//! What can the rows of an axis be, as far as any constraint can tell?
//!
//! [`super::signature`] makes classes of pieces.

use super::axis::Source;
use super::signature::{Numbering, Piece};
use crate::program::classes::UNKNOWN;
use crate::program::dimension::Dimension;
use crate::value::{Fact, Value};

/// All that the rows of an axis can be.
pub(super) struct Pieces<'a> {
    pub(super) pieces: Vec<Piece>,
    /// Which of them stands for null, where it is a column's.
    pub(super) null: Option<usize>,
    /// Which of them stands for values that the attribute cannot hold.
    pub(super) bad: Option<usize>,
    pub(super) numbering: Numbering,
    pub(super) source: Maker<'a>,
}

impl<'a> Pieces<'a> {
    /// Pieces of which the first stands for null.
    pub(super) fn after_null(pieces: Vec<Piece>, source: impl Fn(&[u8]) -> Source + 'a) -> Self {
        Self {
            pieces,
            null: Some(0),
            bad: None,
            numbering: Numbering::Merged,
            source: Box::new(source),
        }
    }

    /// Pieces of what is no column.
    pub(super) fn derived(pieces: Vec<Piece>, source: impl Fn(&[u8]) -> Source + 'a) -> Self {
        Self {
            pieces,
            null: None,
            bad: None,
            numbering: Numbering::Merged,
            source: Box::new(source),
        }
    }
}

/// What a boolean comes to, by its code.
pub(super) fn pieces_of_boolean(dimensions: &[&Dimension]) -> Vec<Piece> {
    let facts = [
        Fact::Unknown,
        Fact::Absent,
        Fact::Value(Value::Bool(false)),
        Fact::Value(Value::Bool(true)),
    ];
    facts
        .iter()
        .map(|fact| dimensions.iter().map(|dimension| dimension.class(fact)).collect())
        .collect()
}

pub(super) fn by_code(classes: &[u8]) -> [u8; 4] {
    std::array::from_fn(|code| class_of(classes, code))
}

/// Makes the source of an axis of the classes of its pieces.
pub(super) type Maker<'a> = Box<dyn Fn(&[u8]) -> Source + 'a>;

/// The class of a piece.
pub(super) fn class_of(classes: &[u8], piece: usize) -> u8 {
    classes.get(piece).copied().unwrap_or_default()
}

/// Pieces along a line, then what lies past its end, then null. `source` gets the classes of the
/// pieces, of null, and of what is past the end.
pub(super) fn on_line<'a>(
    mut pieces: Vec<Piece>,
    null: Piece,
    source: impl Fn(&[u8], u8, u8) -> Source + 'a,
) -> Pieces<'a> {
    let count = pieces.len();
    let past: Piece = vec![UNKNOWN; null.len()];
    pieces.extend([past, null]);
    let source = move |classes: &[u8]| {
        source(
            classes.get(..count).unwrap_or_default(),
            class_of(classes, count + 1),
            class_of(classes, count),
        )
    };
    Pieces {
        pieces,
        null: Some(count + 1),
        bad: Some(count),
        numbering: Numbering::InOrder,
        source: Box::new(source),
    }
}
