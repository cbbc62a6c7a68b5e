//! What can the rows of one column be?

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::axis::{Source, Steps, Words};
use super::base::Overlay;
use super::kernel::BAD;
use super::pieces::{Pieces, class_of, on_line};
use super::places::is_place;
use super::signature::Piece;
use crate::matching::turns::{self, Line};
use crate::matching::{PackView, class_of_predicate};
use crate::program::Program;
use crate::program::classes::{ClassIdx, Classes, Piece as LinePiece, UNKNOWN};
use crate::program::clause::DimensionIdx;
use crate::program::dimension::{Dimension, Subject};
use crate::resolve::Resolved;
use crate::resolve::derivations::{AxisKind, DERIVATIONS, OfColumn};
use crate::schema::{Attribute, AttributeId, CODE_FIRST, Nullable};
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Scalar, Value};

/// The pieces of a column.
pub(super) struct OnColumn<'a> {
    pub(super) program: &'a Program,
    pub(super) resolved: &'a Resolved<'a>,
    pub(super) attribute: AttributeId,
    pub(super) known: &'a Attribute,
    pub(super) column: usize,
    pub(super) dimensions: &'a [DimensionIdx],
}

impl<'a> OnColumn<'a> {
    pub(super) fn pieces(self) -> Pieces<'a> {
        let column = self.column;
        let null = self.piece(&match self.known.nullable {
            Nullable::Yes => Fact::Absent,
            Nullable::No => Fact::Unknown,
        });
        // Where rules name single numbers, ids or zones, a label of the place is too little.
        if is_place(self.attribute) && !self.names_texts() {
            return Pieces::after_null(vec![null, self.presence()], move |classes| {
                Source::PlacePresence {
                    column,
                    null: class_of(classes, 0),
                    present: class_of(classes, 1),
                }
            });
        }
        if self.known.ty.is_list() {
            return Pieces::after_null(vec![null, self.presence()], move |classes| {
                Source::Presence {
                    column,
                    null: class_of(classes, 0),
                    present: class_of(classes, 1),
                }
            });
        }
        if let Some(line) = Line::of(self.known.ty.base) {
            return self.line(line, null);
        }
        match self.known.ty.base {
            Scalar::Double => {
                let starts: Vec<f64> = [f64::MIN].into_iter().chain(self.double_turns()).collect();
                let pieces = starts.iter().map(|at| self.piece(&Fact::Value(Value::Double(*at))));
                on_line(pieces.collect(), null, move |classes, null, bad| {
                    let starts = starts
                        .iter()
                        .zip(classes)
                        .map(|(start, class)| (*start, *class))
                        .chain([(f64::INFINITY, bad)]);
                    Source::Doubles { column, steps: Steps::merged(BAD, starts.collect()), null }
                })
            }
            Scalar::Bool => {
                let pieces = [Fact::Value(Value::Bool(false)), Fact::Value(Value::Bool(true))];
                let pieces =
                    [null].into_iter().chain(pieces.iter().map(|fact| self.piece(fact))).collect();
                Pieces::after_null(pieces, move |classes| Source::Bools {
                    column,
                    null: class_of(classes, 0),
                    no: class_of(classes, 1),
                    yes: class_of(classes, 2),
                })
            }
            _ => self.words(null),
        }
    }

    /// Whole numbers, instants or spans.
    fn line(&self, line: Line, null: Piece) -> Pieces<'a> {
        let column = self.column;
        let (first, last) = line.ends();
        let nanos = |seconds: i64| i128::from(seconds) * 1_000_000_000;
        let all = if self.known.form.is_count() { 0..last + 1 } else { first..last + 1 };
        let within =
            |taken: &Range<i64>| nanos(taken.start).max(first)..nanos(taken.end).min(last + 1);
        let taken: Vec<Range<i128>> = match self.known.form.instants_taken() {
            Some(taken) => taken.iter().map(within).collect(),
            None => std::iter::once(all).collect(),
        };
        let turns = self.turns(line);
        let starts_in = |taken: &Range<i128>| {
            let (start, end) = (taken.start, taken.end);
            let turns = turns.iter().copied().filter(move |at| start < *at && *at < end);
            [start].into_iter().chain(turns).collect::<Vec<i128>>()
        };
        let starts: Vec<i128> = taken.iter().flat_map(starts_in).collect();
        let pieces =
            starts.iter().map(|at| self.piece(&line.value(*at).map_or(Fact::Unknown, Fact::Value)));
        on_line(pieces.collect(), null, move |classes, null, bad| {
            let starts = starts.iter().zip(classes).map(|(start, class)| (*start, *class));
            let ends = taken.iter().map(|taken| (taken.end, bad));
            let mut starts: Vec<(i128, u8)> = starts.chain(ends).collect();
            starts.sort_unstable_by_key(|(start, _)| *start);
            Source::Line { column, line, steps: Steps::merged(BAD, starts), null }
        })
    }

    /// Texts: all of a closed list, or those that rules name.
    fn words(&self, null: Piece) -> Pieces<'a> {
        let column = self.column;
        if let Some(codes) = self.known.codes() {
            let texts = (usize::from(CODE_FIRST)..codes).filter_map(|code| {
                match self.known.value_of_code(code as u16) {
                    Some(Value::String(text)) => Some(text),
                    _ => None,
                }
            });
            let mut texts: Vec<Arc<str>> = texts.collect();
            texts.sort_unstable();
            let pieces =
                texts.iter().map(|text| self.piece(&Fact::Value(Value::String(Arc::clone(text)))));
            return Pieces::after_null(
                [null].into_iter().chain(pieces).collect(),
                move |classes| {
                    let known = texts
                        .iter()
                        .enumerate()
                        .map(|(place, text)| (Arc::clone(text), class_of(classes, place + 1)))
                        .collect();
                    Source::Words {
                        column,
                        words: Words { known, others: BAD },
                        null: class_of(classes, 0),
                    }
                },
            );
        }
        // Predicates over open texts have axes of their own, so only the attribute's own
        // dimension is here, if any.
        let own = self
            .dimensions
            .iter()
            .filter_map(|dimension| self.program.dimension(*dimension))
            .find_map(|known| match &known.classes {
                Classes::Texts { named, .. } => Some(named.to_vec()),
                _ => None,
            });
        let named: Vec<Arc<str>> = own.unwrap_or_default();
        let pieces =
            named.iter().map(|text| self.piece(&Fact::Value(Value::String(Arc::clone(text)))));
        Pieces::after_null(
            [null, self.presence()].into_iter().chain(pieces).collect(),
            move |classes| {
                let known = named
                    .iter()
                    .enumerate()
                    .map(|(place, text)| (Arc::clone(text), class_of(classes, place + 2)))
                    .collect();
                Source::Words {
                    column,
                    words: Words { known, others: class_of(classes, 1) },
                    null: class_of(classes, 0),
                }
            },
        )
    }

    /// Whether rules name values of it.
    fn names_texts(&self) -> bool {
        self.dimensions.iter().any(|dimension| {
            let classes = self.program.dimension(*dimension).map(|dimension| &dimension.classes);
            matches!(classes, Some(Classes::Texts { named, .. }) if !named.is_empty())
        })
    }

    /// What holds of a value that no rule names.
    fn presence(&self) -> Piece {
        let class = |dimension: &Dimension| match &dimension.classes {
            Classes::Texts { named, .. } => named.len() as ClassIdx + 1,
            Classes::List => 1,
            _ => UNKNOWN,
        };
        self.dimensions
            .iter()
            .map(|dimension| self.program.dimension(*dimension).map_or(UNKNOWN, class))
            .collect()
    }

    /// The classes that follow from one value of the column.
    fn piece(&self, fact: &Fact) -> Piece {
        let mut given = vec![(self.attribute, fact.clone())];
        let send_at = self.resolved.facts().send_at();
        given.extend(self.derived().map(|(id, of)| (id, (of.derive)(fact, send_at))));
        let case = Overlay { resolved: self.resolved, given: &given };
        let class = |place: &DimensionIdx| {
            let dimension = self.program.dimension(*place)?;
            Some(match dimension.subject {
                Subject::Attribute(attribute) => {
                    let fact =
                        given.iter().find(|(known, _)| *known == attribute).map(|(_, fact)| fact);
                    fact.map_or(UNKNOWN, |fact| dimension.class(fact))
                }
                Subject::Predicate(_) => class_of_predicate(self.program, *place, &case),
            })
        };
        self.dimensions.iter().map(|place| class(place).unwrap_or(UNKNOWN)).collect()
    }

    /// What follows from this column alone, value by value.
    fn derived(&self) -> impl Iterator<Item = (AttributeId, &'static OfColumn)> {
        DERIVATIONS.iter().filter_map(|row| match row.basis.axis {
            AxisKind::Column(of) if of.column == self.attribute => Some((row.id, of)),
            _ => None,
        })
    }

    /// Where something turns along the column's line, in order.
    fn turns(&self, line: Line) -> BTreeSet<i128> {
        let send_at = self.resolved.facts().send_at();
        let mut turns = BTreeSet::new();
        for place in self.dimensions {
            let Some(dimension) = self.program.dimension(*place) else { continue };
            match (&dimension.subject, &dimension.classes) {
                (Subject::Attribute(attribute), _) if *attribute != self.attribute => {
                    let derived = self.derived().filter(|(id, _)| id == attribute);
                    let ends = derived.flat_map(|(_, of)| send_at.map(of.turns));
                    turns.extend(ends.flatten().flatten().map(Timestamp::as_nanos));
                }
                (Subject::Attribute(_), Classes::Ints(cuts)) => {
                    turns.extend(around(cuts.iter(), i128::from));
                }
                (Subject::Attribute(_), Classes::Timestamps(cuts)) => {
                    turns.extend(around(cuts.iter(), Timestamp::as_nanos));
                }
                (Subject::Attribute(_), Classes::Durations(cuts)) => {
                    turns.extend(around(cuts.iter(), Duration::as_nanos));
                }
                (Subject::Attribute(_), _) => {}
                (Subject::Predicate(index), _) => {
                    let Some(predicate) = self.program.predicates.get(*index) else { continue };
                    let view = PackView {
                        program: self.program,
                        pack: predicate.pack,
                        case: self.resolved,
                    };
                    // That it has places was asked when its axis was chosen.
                    let _ = turns::turns(&predicate.node, self.attribute, line, &view, &mut turns);
                }
            }
        }
        turns
    }

    fn double_turns(&self) -> Vec<f64> {
        let mut turns: Vec<f64> = Vec::new();
        for dimension in self.dimensions.iter().filter_map(|place| self.program.dimension(*place)) {
            if let Classes::Doubles(cuts) = &dimension.classes {
                let points = cuts.iter().filter_map(|(_, piece)| {
                    if let LinePiece::Point(at) = piece { Some(at) } else { None }
                });
                turns.extend(
                    points
                        .flat_map(|at| [at, at.next_up()])
                        .filter(|at| *at > f64::MIN && at.is_finite()),
                );
            }
        }
        turns.sort_by(f64::total_cmp);
        turns.dedup();
        turns
    }
}

/// Each point where a line is cut, and the place after it.
fn around<T>(
    pieces: impl Iterator<Item = (ClassIdx, LinePiece<T>)>,
    place: impl Fn(T) -> i128,
) -> Vec<i128> {
    let points =
        pieces.filter_map(
            |(_, piece)| if let LinePiece::Point(at) = piece { Some(place(at)) } else { None },
        );
    points.flat_map(|at| [at, at + 1]).collect()
}
