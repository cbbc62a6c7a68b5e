//! From what is a byte for each row made?
//!
//! An axis is one column's bytes, or those of a place that several columns tell together, or a
//! predicate's. [`super::axes`] makes axes of what constraints ask.

use std::sync::Arc;

use super::bits::Bits;
use super::expression::Expression;
use super::kernel::{ClassesOfRows, Kernel, Repeated, Run};
use crate::matching::turns::Line;
use crate::program::clause::DimensionIdx;
use crate::resolve::derivations::{FirstNull, OfPlaces};
use crate::schema::AttributeId;

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

impl Axis {
    /// What it takes to read a column.
    pub(super) const OF_COLUMN: u64 = 1;

    /// Whether it takes less where fewer rows are asked for.
    pub(super) fn is_by_row(&self) -> bool {
        match &self.source {
            Source::Predicate { expression: Some(expression), .. } => expression.is_by_row(),
            Source::Predicate { expression: None, .. } | Source::Derived { .. } => true,
            _ => false,
        }
    }

    /// What it takes to read, about, in columns.
    pub(super) fn cost(&self) -> u64 {
        const BY_ROW: u64 = 1000;
        match &self.source {
            Source::Predicate { expression: Some(expression), .. } => {
                Self::OF_COLUMN + expression.cost()
            }
            Source::Predicate { expression: None, .. } | Source::Derived { .. } => BY_ROW,
            Source::Line { .. }
            | Source::Doubles { .. }
            | Source::Bools { .. }
            | Source::Words { .. }
            | Source::Presence { .. }
            | Source::PlacePresence { .. }
            | Source::NumberCountry(_)
            | Source::Country(_)
            | Source::Clocks(_)
            | Source::OfPlaces { .. } => Self::OF_COLUMN,
        }
    }
}

/// From what an axis is filled. Columns are by their place in [`Bound::columns`](super::bind::Bound::columns).
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
    /// Whether one of the columns of [`Places`](super::places::Places) has a value.
    PlacePresence {
        column: usize,
        present: u8,
        null: u8,
    },
    /// By the country's number in [`super::places`], 0 where there is none.
    NumberCountry(Box<[u8]>),
    Country(Box<[u8]>),
    /// By the number of the clocks in [`Places`](super::places::Places).
    Clocks(Box<[u8]>),
    /// By the code of the fact.
    OfPlaces {
        of: OfPlaces,
        class_of: [u8; 4],
    },
    /// By the class of the fact on the attribute's dimension.
    Derived {
        attribute: AttributeId,
        first_null: FirstNull,
        dimension: DimensionIdx,
        class_of: Box<[u8]>,
    },
    /// By the class of the predicate: unknown, false, true, error. Without an expression it is worked
    /// out row by row.
    Predicate {
        dimension: DimensionIdx,
        expression: Option<Arc<Expression>>,
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
    /// [`BAD`](super::kernel::BAD) where the list is closed.
    pub(super) others: u8,
}

impl Words {
    pub(super) fn class(&self, text: &str) -> u8 {
        let place = self.known.binary_search_by(|(known, _)| (**known).cmp(text));
        place.ok().and_then(|place| self.known.get(place)).map_or(self.others, |(_, class)| *class)
    }
}

impl<T: PartialOrd + Copy> Steps<T> {
    /// Steps of which those that change nothing are left out.
    pub(super) fn merged(before: u8, mut starts: Vec<(T, u8)>) -> Self {
        starts.dedup_by(|next, before| next.1 == before.1);
        Self { before, starts }
    }

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
    pub(super) fn new(mut runs: Vec<Run>, null: Option<u8>, classes: usize) -> Self {
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
