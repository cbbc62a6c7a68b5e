//! From what is a byte for each row made, and what do its values mean?
//!
//! An axis is one column's bytes, or those of a place that several columns tell together, or a
//! predicate's. For each kind there is a list of pieces: all that its rows can be, as far as any
//! constraint can tell. [`super::signature`] makes classes of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::base::Overlay;
use super::bind::Bound;
use super::cut::{self, Line};
use super::kernel::{BAD, Bits, ClassesOfRows, Kernel, Repeated, Run};
use super::places::Places;
use super::plan::varies;
use super::signature::{Numbering, Piece, Signature, Wanted, signatures};
use crate::facts::{FIRST, PAST_ALL};
use crate::matching::{PackView, class_of_predicate};
use crate::program::Program;
use crate::program::classes::{ClassIdx, ClassSet, Classes, Piece as LinePiece, UNKNOWN};
use crate::program::clause::DimensionIdx;
use crate::program::dimension::{Dimension, Subject};
use crate::resolve::{Resolved, recipient};
use crate::schema::attributes as id;
use crate::schema::{Attribute, AttributeId, CODE_FIRST, Form, Nullable};
use crate::value::{Fact, Scalar, Value};

/// What one vector of bytes is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AxisKey {
    /// One given attribute, and all that follows from it alone.
    Column(AttributeId),
    /// `recipient.number_country`
    NumberCountry,
    /// `recipient.country`
    Country,
    /// The local hour, weekday and date.
    Clocks,
    /// A boolean that follows from columns of places.
    OfPlaces(AttributeId),
    /// A boolean that is derived row by row.
    Derived(AttributeId),
    /// A predicate that is worked out row by row.
    Predicate(DimensionIdx),
}

/// One vector of bytes: how it is filled.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub(super) source: Source,
    /// The classes that leave something unknown.
    pub(super) open: Box<[Run]>,
    /// Whether only nulls do.
    pub(super) is_open_by_null: bool,
    /// The classes of values that the attribute cannot hold; none where there can be no such value.
    pub(super) bad: Box<[Run]>,
    /// The numbers of the constraints on it.
    pub(super) constraints: Box<[u32]>,
}

/// From what an axis is filled. Columns are by their place in [`Bound::columns`].
#[derive(Clone, Debug)]
pub(super) enum Source {
    Line {
        column: usize,
        line: Line,
        steps: Steps<i128>,
        null: u8,
    },
    Doubles {
        column: usize,
        steps: Steps<f64>,
        null: u8,
    },
    Bools {
        column: usize,
        no: u8,
        yes: u8,
        null: u8,
    },
    Words {
        column: usize,
        words: Words,
        null: u8,
    },
    /// Only whether there is a value counts; its form is checked.
    Presence {
        column: usize,
        present: u8,
        null: u8,
    },
    /// Whether one of the columns of [`Places`] has a value.
    PlacePresence {
        column: usize,
        present: u8,
        null: u8,
    },
    /// By the country's number in [`super::places`], 0 where there is none.
    NumberCountry(Box<[u8]>),
    Country(Box<[u8]>),
    /// By the number of the clocks in [`Places`].
    Clocks(Box<[u8]>),
    /// By the code of the fact.
    OfPlaces {
        attribute: AttributeId,
        class_of: [u8; 4],
    },
    Derived {
        attribute: AttributeId,
        class_of: [u8; 4],
    },
    /// By the class of the predicate: unknown, false, true, error.
    Predicate {
        dimension: DimensionIdx,
        class_of: [u8; 4],
    },
}

/// A line in steps: the class before the first start, and the class from each start on.
#[derive(Clone, Debug)]
pub(super) struct Steps<T> {
    pub(super) before: u8,
    pub(super) starts: Vec<(T, u8)>,
}

/// Texts with a class of their own, and the class of all others.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// In order.
    pub(super) known: Vec<(Arc<str>, u8)>,
    /// [`BAD`] where the list is closed.
    pub(super) others: u8,
}

impl Words {
    pub(super) fn class(&self, text: &str) -> u8 {
        let place = self.known.binary_search_by(|(known, _)| (**known).cmp(text));
        place.ok().and_then(|place| self.known.get(place)).map_or(self.others, |(_, class)| *class)
    }
}

impl<T: PartialOrd + Copy> Steps<T> {
    /// The class of a value.
    pub(super) fn class(&self, value: T) -> u8 {
        let place = self.starts.partition_point(|(start, _)| *start <= value);
        place
            .checked_sub(1)
            .and_then(|place| self.starts.get(place))
            .map_or(self.before, |(_, class)| *class)
    }
}

/// Classes that satisfy a constraint.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    runs: Box<[Run]>,
    /// How many of them hold more than null.
    of_values: usize,
    /// Where classes are few: all bits set for those that satisfy it.
    table: Option<Box<Repeated>>,
}

impl Runs {
    /// `null` is the class of null, if that of nothing else; `classes` is how many classes there
    /// are.
    fn new(mut runs: Vec<Run>, null: Option<u8>, classes: usize) -> Self {
        let is_null = |run: &Run| run.more == 0 && Some(run.first) == null;
        runs.sort_by_key(is_null);
        let of_values = runs.iter().filter(|run| !is_null(run)).count();
        let holds = |class: usize| runs.iter().any(|run| run.holds(class as u8));
        let table = (classes <= 16).then(|| {
            Box::new(Repeated::new(&std::array::from_fn(
                |class| if holds(class) { u8::MAX } else { 0 },
            )))
        });
        Self { runs: runs.into(), of_values, table }
    }

    /// Marks the rows whose class satisfies it.
    pub(super) fn mark(
        &self,
        kernel: Kernel,
        classes: &ClassesOfRows,
        may_be_null: bool,
        into: &mut Bits,
    ) {
        match (&self.table, self.get(may_be_null)) {
            (Some(table), runs) if runs.len() > 1 => kernel.mark_by_table(classes, table, into),
            (_, runs) => kernel.mark(classes, runs, into),
        }
    }

    /// The runs; those that only null can meet left out where there is none.
    fn get(&self, may_be_null: bool) -> &[Run] {
        if may_be_null { &self.runs } else { self.runs.get(..self.of_values).unwrap_or_default() }
    }

    /// Whether a class satisfies it.
    pub(super) fn hold(&self, class: u8) -> bool {
        self.runs.iter().any(|run| run.holds(class))
    }
}

/// The axis that a dimension belongs to.
pub(super) fn key(
    program: &Program,
    bound: &Bound,
    resolved: &Resolved<'_>,
    dimension: DimensionIdx,
) -> AxisKey {
    match program.dimension(dimension).map(|known| known.subject) {
        Some(Subject::Attribute(attribute)) => of_attribute(attribute),
        Some(Subject::Predicate(index)) => {
            let on_column = program.predicates.get(index).and_then(|predicate| {
                let mut read = predicate.attributes.iter().filter(|id| varies(bound, **id));
                let only = *read.next()?;
                let is_simple = read.next().is_none()
                    && of_attribute(only) == AxisKey::Column(only)
                    && !is_place(only);
                let attribute = program.schema.attribute(only);
                let view = PackView { program, pack: predicate.pack, case: resolved };
                let can = is_simple
                    && match Line::of(attribute.ty.base) {
                        _ if attribute.ty.is_list() => false,
                        Some(line) => {
                            cut::turns(&predicate.node, only, line, &view, &mut BTreeSet::new())
                                .is_some()
                        }
                        None => attribute.codes().is_some(),
                    };
                can.then_some(only)
            });
            on_column.map_or(AxisKey::Predicate(dimension), AxisKey::Column)
        }
        None => AxisKey::Predicate(dimension),
    }
}

fn of_attribute(attribute: AttributeId) -> AxisKey {
    match attribute {
        id::RECIPIENT_NUMBER_COUNTRY => AxisKey::NumberCountry,
        id::RECIPIENT_COUNTRY => AxisKey::Country,
        id::RECIPIENT_IN_SERVICE_WINDOW => AxisKey::Column(id::RECIPIENT_LAST_INBOUND_AT),
        id::RECIPIENT_LOCAL_HOUR
        | id::RECIPIENT_LOCAL_HOUR_MIN
        | id::RECIPIENT_LOCAL_HOUR_MAX
        | id::RECIPIENT_LOCAL_WEEKDAY
        | id::RECIPIENT_LOCAL_DATE => AxisKey::Clocks,
        id::RECIPIENT_TIME_ZONE_CONFLICT
        | id::RECIPIENT_IDENTITY_CONFLICT
        | id::RECIPIENT_NUMBER_OF_BARRED_REGION => AxisKey::OfPlaces(attribute),
        id::RECIPIENT_STOPPED_THIS
        | id::RECIPIENT_OPT_IN_COVERS
        | id::RECIPIENT_REGION_CONFLICT
        | id::RECIPIENT_MARKETING_TODAY => AxisKey::Derived(attribute),
        given => AxisKey::Column(given),
    }
}

/// Whether a column is read by [`Places`].
pub(super) fn is_place(attribute: AttributeId) -> bool {
    [id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID, id::RECIPIENT_COUNTRY, id::RECIPIENT_TIME_ZONE]
        .contains(&attribute)
}

/// One axis and the constraints on it, by their numbers, with the classes that satisfy them.
type Built = (Axis, Vec<(usize, Runs)>);

/// Makes the axes of one key; more than one where a byte could not tell all apart.
pub(super) fn build(
    program: &Program,
    bound: &Bound,
    resolved: &Resolved<'_>,
    places: &Places,
    key: AxisKey,
    wanted: &[(DimensionIdx, &ClassSet, u32)],
) -> Vec<Built> {
    let mut dimensions: Vec<DimensionIdx> =
        wanted.iter().map(|(dimension, _, _)| *dimension).collect();
    dimensions.dedup();
    let numbered: Vec<(usize, Wanted<'_>)> = wanted
        .iter()
        .map(|(dimension, set, number)| {
            let place = dimensions.iter().position(|known| known == dimension).unwrap_or_default();
            (*number as usize, Wanted { dimension: place, set })
        })
        .collect();
    let known: Vec<&Dimension> =
        dimensions.iter().filter_map(|dimension| program.dimension(*dimension)).collect();
    let Pieces { pieces, null, bad, numbering, source } = match key {
        AxisKey::NumberCountry => Pieces::derived(places.country_pieces(&known), |classes| {
            Source::NumberCountry(classes.into())
        }),
        AxisKey::Country => Pieces::derived(places.country_pieces(&known), |classes| {
            Source::Country(classes.into())
        }),
        AxisKey::Clocks => Pieces::derived(places.clock_pieces(&known), |classes| {
            Source::Clocks(places.by_clocks(classes))
        }),
        AxisKey::OfPlaces(attribute) => {
            Pieces::derived(pieces_of_boolean(&known), move |classes| Source::OfPlaces {
                attribute,
                class_of: by_code(classes),
            })
        }
        AxisKey::Derived(attribute) => Pieces::derived(pieces_of_boolean(&known), move |classes| {
            Source::Derived { attribute, class_of: by_code(classes) }
        }),
        AxisKey::Predicate(dimension) => {
            let count = program.dimension(dimension).map_or(0, |known| known.count as ClassIdx);
            let pieces =
                (0..=3).map(|class| vec![if class > count { UNKNOWN } else { class }]).collect();
            Pieces::derived(pieces, move |classes| Source::Predicate {
                dimension,
                class_of: std::array::from_fn(|class| class_of(classes, class)),
            })
        }
        AxisKey::Column(attribute) => {
            let Some(column) =
                bound.columns.iter().position(|column| column.attribute == attribute)
            else {
                return Vec::new();
            };
            let on = OnColumn {
                program,
                resolved,
                attribute,
                known: program.schema.attribute(attribute),
                column,
                dimensions: &dimensions,
            };
            on.pieces()
        }
    };
    let may_be_bad = matches!(key, AxisKey::Column(attribute) if !is_place(attribute)
        && bound.columns.iter().any(|column| column.attribute == attribute && column.may_be_bad));
    let built = signatures(&pieces, bad, &numbered, numbering).into_iter().map(|signature| {
        let Signature { class_of: classes, constraints, open } = signature;
        let is_open = |class: u8| open.iter().any(|run| run.holds(class));
        let readable = || {
            classes
                .iter()
                .enumerate()
                .filter(|(piece, _)| Some(*piece) != null && Some(*piece) != bad)
                .map(|(_, class)| *class)
        };
        let is_open_by_null = null.is_some() && !readable().any(is_open);
        let null = null
            .map(|null| class_of(&classes, null))
            .filter(|null| readable().all(|class| class != *null));
        let of_bad = bad.map(|bad| Run { first: class_of(&classes, bad), more: 0 });
        let axis = Axis {
            source: source(&classes),
            is_open_by_null,
            bad: if may_be_bad {
                [Run { first: BAD, more: 0 }].into_iter().chain(of_bad).collect()
            } else {
                Box::default()
            },
            constraints: constraints.iter().map(|(number, _)| *number as u32).collect(),
            open: open.into(),
        };
        let count = classes.iter().max().map_or(0, |last| usize::from(*last) + 1);
        (
            axis,
            constraints
                .into_iter()
                .map(|(number, runs)| (number, Runs::new(runs, null, count)))
                .collect(),
        )
    });
    built.collect()
}

/// All that the rows of an axis can be.
struct Pieces<'a> {
    pieces: Vec<Piece>,
    /// Which of them stands for null, where it is a column's.
    null: Option<usize>,
    /// Which of them stands for values that the attribute cannot hold.
    bad: Option<usize>,
    numbering: Numbering,
    source: Maker<'a>,
}

impl<'a> Pieces<'a> {
    /// Pieces of which the first stands for null.
    fn after_null(pieces: Vec<Piece>, source: impl Fn(&[u8]) -> Source + 'a) -> Self {
        Self {
            pieces,
            null: Some(0),
            bad: None,
            numbering: Numbering::Merged,
            source: Box::new(source),
        }
    }

    /// Pieces of what is no column.
    fn derived(pieces: Vec<Piece>, source: impl Fn(&[u8]) -> Source + 'a) -> Self {
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
fn pieces_of_boolean(dimensions: &[&Dimension]) -> Vec<Piece> {
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

fn by_code(classes: &[u8]) -> [u8; 4] {
    std::array::from_fn(|code| class_of(classes, code))
}

/// Makes the source of an axis of the classes of its pieces.
type Maker<'a> = Box<dyn Fn(&[u8]) -> Source + 'a>;

/// The class of a piece.
fn class_of(classes: &[u8], piece: usize) -> u8 {
    classes.get(piece).copied().unwrap_or_default()
}

/// The pieces of a column.
struct OnColumn<'a> {
    program: &'a Program,
    resolved: &'a Resolved<'a>,
    attribute: AttributeId,
    known: &'a Attribute,
    column: usize,
    dimensions: &'a [DimensionIdx],
}

impl<'a> OnColumn<'a> {
    fn pieces(self) -> Pieces<'a> {
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
                    Source::Doubles {
                        column,
                        steps: Steps { before: BAD, starts: merged(starts.collect()) },
                        null,
                    }
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
        let seconds = |seconds: i64| i128::from(seconds) * 1_000_000_000;
        let (first, last) = match self.known.form {
            Form::Count | Form::CountOrUnlimited => (0, last),
            Form::Instant => (seconds(FIRST), seconds(PAST_ALL) - 1),
            Form::End => (seconds(FIRST), last),
            _ => (first, last),
        };
        let starts: Vec<i128> = [first]
            .into_iter()
            .chain(self.turns(line).into_iter().filter(|at| first < *at && *at <= last))
            .collect();
        let pieces =
            starts.iter().map(|at| self.piece(&line.value(*at).map_or(Fact::Unknown, Fact::Value)));
        on_line(pieces.collect(), null, move |classes, null, bad| {
            let starts = starts
                .iter()
                .zip(classes)
                .map(|(start, class)| (*start, *class))
                .chain([(last + 1, bad)]);
            Source::Line {
                column,
                line,
                steps: Steps { before: BAD, starts: merged(starts.collect()) },
                null,
            }
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
        // Predicates over open texts are worked out row by row, so only the attribute's own
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
        let mut told = vec![(self.attribute, fact.clone())];
        if self.attribute == id::RECIPIENT_LAST_INBOUND_AT {
            told.push((
                id::RECIPIENT_IN_SERVICE_WINDOW,
                recipient::window_of(fact, self.resolved.facts().send_at()),
            ));
        }
        let case = Overlay { resolved: self.resolved, told: &told };
        let class = |place: &DimensionIdx| {
            let dimension = self.program.dimension(*place)?;
            Some(match dimension.subject {
                Subject::Attribute(attribute) => {
                    let fact =
                        told.iter().find(|(known, _)| *known == attribute).map(|(_, fact)| fact);
                    fact.map_or(UNKNOWN, |fact| dimension.class(fact))
                }
                Subject::Predicate(_) => class_of_predicate(self.program, *place, &case),
            })
        };
        self.dimensions.iter().map(|place| class(place).unwrap_or(UNKNOWN)).collect()
    }

    /// Where something turns along the column's line, in order.
    fn turns(&self, line: Line) -> BTreeSet<i128> {
        let mut turns = BTreeSet::new();
        for place in self.dimensions {
            let Some(dimension) = self.program.dimension(*place) else { continue };
            match (&dimension.subject, &dimension.classes) {
                (Subject::Attribute(id::RECIPIENT_IN_SERVICE_WINDOW), _) => {
                    let send_at = self.resolved.facts().send_at();
                    let ends = send_at.map(recipient::window_turns).into_iter().flatten().flatten();
                    turns.extend(ends.map(crate::time::Timestamp::as_nanos));
                }
                (Subject::Attribute(_), Classes::Ints(cuts)) => {
                    turns.extend(around(cuts.iter(), i128::from))
                }
                (Subject::Attribute(_), Classes::Timestamps(cuts)) => {
                    turns.extend(around(cuts.iter(), crate::time::Timestamp::as_nanos))
                }
                (Subject::Attribute(_), Classes::Durations(cuts)) => {
                    turns.extend(around(cuts.iter(), crate::time::Duration::as_nanos))
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
                    let _ = cut::turns(&predicate.node, self.attribute, line, &view, &mut turns);
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

/// Pieces along a line, then what lies past its end, then null. `source` gets the classes of the
/// pieces, of null, and of what is past the end.
fn on_line<'a>(
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

/// Steps without those that change nothing.
fn merged<T>(mut steps: Vec<(T, u8)>) -> Vec<(T, u8)> {
    steps.dedup_by(|next, before| next.1 == before.1);
    steps
}
