//! The classes of one dimension, and sets of them.
//!
//! Rules compare an attribute with finitely many constants. Cutting its range at these constants
//! leaves finitely many *classes*: no rule distinguishes two values of one class. Class 0
//! stands for unknown; the rest are numbered from 1.

use std::sync::Arc;

use crate::time::{Duration, Timestamp};
use crate::value::Value;

/// The number of a class within its dimension; 0 is unknown.
///
/// Sixteen bits: [`crate::limits::CLASSES_MAX`] is 65,535.
pub type ClassIdx = u16;

/// The class of an unknown fact.
pub const UNKNOWN: ClassIdx = 0;

/// A set of known classes of one dimension. Clones share its words: clauses have their sets from
/// each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassSet(Arc<[u64]>);

impl ClassSet {
    /// No class of a dimension with that many known classes.
    pub fn empty(classes: usize) -> Self {
        Self(vec![0; classes.div_ceil(64)].into())
    }

    /// All classes of a dimension with that many.
    pub fn full(classes: usize) -> Self {
        let whole = (0..classes / 64).map(|_| u64::MAX);
        let rest = (!classes.is_multiple_of(64)).then(|| (1 << (classes % 64)) - 1);
        Self(whole.chain(rest).collect())
    }

    /// Those classes for which `wanted` says so.
    pub fn of(classes: usize, wanted: impl Fn(ClassIdx) -> bool) -> Self {
        Self::those(classes, (1..=classes).map(|class| class as ClassIdx).filter(|at| wanted(*at)))
    }

    /// Those classes, of so many, in any order.
    pub fn those(classes: usize, wanted: impl IntoIterator<Item = ClassIdx>) -> Self {
        let mut words = vec![0; classes.div_ceil(64)];
        for class in wanted {
            let place = usize::from(class).wrapping_sub(1);
            if let Some(word) = words.get_mut(place / 64) {
                *word |= 1 << (place % 64);
            }
        }
        Self(words.into())
    }

    /// All from one class to another, both included, of so many; none if the first is past the
    /// last.
    pub fn run(classes: usize, first: ClassIdx, last: ClassIdx) -> Self {
        let (first, last) = (usize::from(first).max(1), usize::from(last).min(classes));
        let below = |places: usize, word: usize| match places.saturating_sub(word * 64) {
            0 => 0,
            left if left >= 64 => u64::MAX,
            left => (1 << left) - 1,
        };
        let word = |word| below(last, word) & !below(first - 1, word);
        Self((0..classes.div_ceil(64)).map(word).collect())
    }

    /// Whether a known class is in the set.
    pub fn contains(&self, class: ClassIdx) -> bool {
        let place = usize::from(class).wrapping_sub(1);
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// Whether nothing is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// How many classes are in the set.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many words it takes.
    pub(crate) fn words(&self) -> usize {
        self.0.len()
    }

    /// The classes, in order.
    pub fn iter(&self) -> impl Iterator<Item = ClassIdx> {
        self.0.iter().enumerate().flat_map(|(place, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let bit = left.trailing_zeros() as usize;
                    left &= left - 1;
                    (place * 64 + bit + 1) as ClassIdx
                })
            })
        })
    }

    /// The classes in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&*other.0).map(|(a, b)| a & b).collect())
    }

    /// The classes in either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&*other.0).map(|(a, b)| a | b).collect())
    }

    /// The classes of this set that are not in the other.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&*other.0).map(|(a, b)| a & !b).collect())
    }

    /// The classes in runs, in order, each as its first and its last.
    pub fn runs(&self) -> impl Iterator<Item = (ClassIdx, ClassIdx)> {
        let mut next = 0;
        std::iter::from_fn(move || {
            let first = self.place_from(next, true)?;
            let end = self.place_from(first, false).unwrap_or(self.0.len() * 64);
            next = end;
            Some(((first + 1) as ClassIdx, end as ClassIdx))
        })
    }

    /// The first place from one on whose bit is as asked for.
    fn place_from(&self, from: usize, is_set: bool) -> Option<usize> {
        let wanted = |word: u64| if is_set { word } else { !word };
        let first = self.0.get(from / 64).map(|word| wanted(*word) & u64::MAX << (from % 64))?;
        if first != 0 {
            return Some(from / 64 * 64 + first.trailing_zeros() as usize);
        }
        let rest = self.0.iter().enumerate().skip(from / 64 + 1);
        rest.map(|(place, word)| (place, wanted(*word)))
            .find(|(_, word)| *word != 0)
            .map(|(place, word)| place * 64 + word.trailing_zeros() as usize)
    }

    /// Whether all of `other` is in this set.
    pub fn includes(&self, other: &Self) -> bool {
        self.0.iter().zip(&*other.0).all(|(a, b)| b & !a == 0)
    }

    /// Whether some class is in both.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&*other.0).any(|(a, b)| a & b != 0)
    }
}

/// How values of one attribute fall into classes.
///
/// Classes are numbered so that the kinds follow each other: listed or ordered values first, then
/// *other*, then *absent*.
#[derive(Clone, Debug, PartialEq)]
pub enum Classes {
    /// `false` is 1, `true` is 2.
    Bool,
    /// Texts that rules name, in order, from 1; then, where there are any, all the others.
    Texts {
        /// Named by some rule, in order.
        named: Arc<[Arc<str>]>,
        /// Whether a text that no rule names is possible.
        others: bool,
    },
    /// Whole numbers, cut at points.
    Ints(Cuts<i64>),
    /// Numbers, cut at points.
    Doubles(Cuts<f64>),
    /// Instants, cut at points.
    Timestamps(Cuts<Timestamp>),
    /// Spans of time, cut at points.
    Durations(Cuts<Duration>),
    /// A list: members are asked about through predicates, so all lists are one class.
    List,
    /// A predicate: `false` is 1, `true` is 2, error is 3.
    Predicate,
}

/// A line cut at points into classes: from below the first point, each point and each gap after it,
/// where there is room.
#[derive(Clone, Debug, PartialEq)]
pub struct Cuts<T> {
    /// In order, each once.
    pub points: Arc<[T]>,
    /// The class of each piece of the line: gap, point, gap, point, … gap; 0 where a gap holds no
    /// value.
    pub pieces: Arc<[ClassIdx]>,
    /// The place in `pieces` of each class, from class 1.
    places: Arc<[u32]>,
}

impl<T: PartialOrd + Copy> Cuts<T> {
    /// Cuts a line at points, in order and each once. `empty` says whether nothing lies between two
    /// neighbours (`None` for the ends).
    pub fn new(points: Vec<T>, empty: impl Fn(Option<T>, Option<T>) -> bool) -> Self {
        let mut pieces = Vec::with_capacity(points.len() * 2 + 1);
        let mut places = Vec::with_capacity(points.len() * 2 + 1);
        let mut classes: ClassIdx = 0;
        let mut before = None;
        for point in points.iter().copied().map(Some).chain([None]) {
            if empty(before, point) {
                pieces.push(UNKNOWN);
            } else {
                classes += 1;
                places.push(pieces.len() as u32);
                pieces.push(classes);
            }
            if point.is_some() {
                classes += 1;
                places.push(pieces.len() as u32);
                pieces.push(classes);
            }
            before = point;
        }
        Self { points: points.into(), pieces: pieces.into(), places: places.into() }
    }

    /// What a class holds; none for a class that there is not.
    pub fn piece(&self, class: ClassIdx) -> Option<Piece<T>> {
        let place = *self.places.get(usize::from(class).checked_sub(1)?)?;
        Some(self.piece_at(place as usize))
    }

    fn piece_at(&self, place: usize) -> Piece<T> {
        if place % 2 == 1 {
            return self
                .points
                .get(place / 2)
                .copied()
                .map_or(Piece::Gap(None, None), Piece::Point);
        }
        let lower = place.checked_sub(2).and_then(|below| self.points.get(below / 2).copied());
        Piece::Gap(lower, self.points.get(place / 2).copied())
    }

    /// How many classes there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none, which is never: a line without points is one class.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The class of a value.
    #[inline]
    pub fn class(&self, value: T) -> ClassIdx {
        // A handful of points is the rule, and counting them all is faster than a search that
        // mispredicts.
        let below = if self.points.len() <= 16 {
            self.points.iter().map(|point| usize::from(*point < value)).sum()
        } else {
            self.points.partition_point(|point| *point < value)
        };
        let on = usize::from(self.points.get(below) == Some(&value));
        self.pieces.get(below * 2 + on).copied().unwrap_or(UNKNOWN)
    }

    /// Some value of each piece, as (class, point or gap, lower neighbour, upper neighbour).
    pub fn iter(&self) -> impl Iterator<Item = (ClassIdx, Piece<T>)> {
        self.pieces
            .iter()
            .enumerate()
            .filter(|(_, class)| **class != UNKNOWN)
            .map(|(place, class)| (*class, self.piece_at(place)))
    }
}

/// A piece of a cut line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece<T> {
    /// One value.
    Point(T),
    /// Everything strictly between two neighbours; `None` is the end of the line.
    Gap(Option<T>, Option<T>),
}

impl Classes {
    /// How many known classes there are, *absent* not counted.
    pub fn len(&self) -> usize {
        match self {
            Self::Bool => 2,
            Self::Texts { named, others } => named.len() + usize::from(*others),
            Self::Ints(cuts) => cuts.len(),
            Self::Doubles(cuts) => cuts.len(),
            Self::Timestamps(cuts) => cuts.len(),
            Self::Durations(cuts) => cuts.len(),
            Self::List => 1,
            Self::Predicate => 3,
        }
    }

    /// Whether there are none, which is never.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The class of a value of the attribute's type; [`UNKNOWN`] for any other, so that a mistake
    /// of ours can never settle a rule.
    pub fn class(&self, value: &Value) -> ClassIdx {
        match (self, value) {
            (Self::Bool, Value::Bool(value)) => 1 + ClassIdx::from(*value),
            (Self::Texts { named, others }, Value::String(text)) => {
                match named.binary_search_by(|known| (**known).cmp(text)) {
                    Ok(place) => place as ClassIdx + 1,
                    Err(_) if *others => named.len() as ClassIdx + 1,
                    Err(_) => UNKNOWN,
                }
            }
            (Self::Ints(cuts), Value::Int(value)) => cuts.class(*value),
            (Self::Doubles(cuts), Value::Double(value)) => cuts.class(*value),
            (Self::Timestamps(cuts), Value::Timestamp(value)) => cuts.class(*value),
            (Self::Durations(cuts), Value::Duration(value)) => cuts.class(*value),
            (Self::List, Value::List(_)) => 1,
            _ => UNKNOWN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_into_points_and_gaps_that_hold_something() {
        let none_between = |a: Option<i64>, b: Option<i64>| {
            matches!((a, b), (Some(a), Some(b)) if b - a == 1) || (a.is_none() && b == Some(0))
        };
        let cuts = Cuts::new(vec![0, 5, 6], none_between);
        assert_eq!(
            (cuts.class(0), cuts.class(3), cuts.class(5), cuts.class(6), cuts.class(7)),
            (1, 2, 3, 4, 5)
        );
        assert_eq!(cuts.len(), 5, "nothing below 0 and nothing between 5 and 6");
    }

    #[test]
    fn sets_hold_what_was_put_in() {
        let set = ClassSet::of(130, |class| class % 3 == 0);
        assert_eq!(set.iter().take(3).collect::<Vec<_>>(), [3, 6, 9]);
        assert_eq!(set.len(), 43);
        assert!(set.contains(129) && !set.contains(130) && !set.contains(UNKNOWN));
        assert!(ClassSet::full(130).includes(&set) && !set.includes(&ClassSet::full(130)));
        assert_eq!(ClassSet::full(130).without(&set).len(), 87);
    }

    #[test]
    fn runs_are_what_they_were_made_of() {
        for (first, last) in [(1, 130), (1, 1), (64, 65), (63, 128), (130, 130), (5, 4)] {
            let set = ClassSet::run(130, first, last);
            assert_eq!(set, ClassSet::of(130, |class| first <= class && class <= last));
            assert_eq!(
                set.runs().collect::<Vec<_>>(),
                Vec::from_iter((first <= last).then_some((first, last)))
            );
        }
        assert_eq!(ClassSet::full(128), ClassSet::run(128, 1, 128));
        let set = ClassSet::those(200, [200, 3, 2, 64, 65, 128]);
        assert_eq!(set.runs().collect::<Vec<_>>(), [(2, 3), (64, 65), (128, 128), (200, 200)]);
    }
}
