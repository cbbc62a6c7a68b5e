//! The classes of one dimension, and sets of them.
//!
//! Rules compare an attribute with finitely many constants. Cutting its range at these constants
//! leaves finitely many *classes*: no rule distinguishes two values of one class. Class 0
//! stands for unknown; the rest are numbered from 1.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::time::{Duration, Timestamp};
use crate::value::Value;

/// The number of a class within its dimension; 0 is unknown.
///
/// Sixteen bits: [`crate::limits::CLASSES_MAX`] is 65,535.
pub type ClassIdx = u16;

/// The class of an unknown fact.
pub const UNKNOWN: ClassIdx = 0;

/// A set of known classes of one dimension, as runs of classes that stand side by side: a rule that
/// compares with a constant asks for one or two, however many constants others compare with.
/// Clones share them: clauses have their sets from each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClassSet(Sorted);

/// A run: its first class and its last.
type Run = (ClassIdx, ClassIdx);

/// Runs in order. Most sets have one or two, which need no memory of their own: where there are
/// fewer, [`NO_RUN`] stands behind them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Sorted {
    /// As many as there is room for.
    Few([Run; FEW]),
    /// More than [`FEW`].
    Many(Arc<[Run]>),
}

const FEW: usize = 2;
/// No set holds *unknown*.
const NO_RUN: Run = (UNKNOWN, UNKNOWN);

impl ClassSet {
    /// No class of a dimension with that many known classes.
    pub const fn empty(_: usize) -> Self {
        Self(Sorted::Few([NO_RUN; FEW]))
    }

    /// All classes of a dimension with that many.
    pub fn full(classes: usize) -> Self {
        Self::run(classes, 1, ClassIdx::MAX)
    }

    /// Those classes for which `wanted` says so.
    pub fn of(classes: usize, wanted: impl Fn(ClassIdx) -> bool) -> Self {
        let mut runs = Runs::default();
        for class in (1..=classes).map(|class| class as ClassIdx).filter(|class| wanted(*class)) {
            runs.add(class, class);
        }
        runs.set()
    }

    /// Those classes, of so many, in any order.
    pub fn those(classes: usize, wanted: impl IntoIterator<Item = ClassIdx>) -> Self {
        let is_known = |class: &ClassIdx| *class != UNKNOWN && usize::from(*class) <= classes;
        let mut known: Vec<ClassIdx> = wanted.into_iter().filter(is_known).collect();
        known.sort_unstable();
        let mut runs = Runs::default();
        known.into_iter().for_each(|class| runs.add(class, class));
        runs.set()
    }

    /// All from one class to another, both included, of so many; none if the first is past the
    /// last.
    pub fn run(classes: usize, first: ClassIdx, last: ClassIdx) -> Self {
        let last = usize::from(last).min(classes) as ClassIdx;
        let first = first.max(1);
        if first > last {
            return Self::empty(classes);
        }
        Self(Sorted::Few([(first, last), NO_RUN]))
    }

    /// Its runs, in order.
    fn sorted(&self) -> &[Run] {
        match &self.0 {
            Sorted::Few(runs @ [NO_RUN, _]) => runs.get(..0).unwrap_or_default(),
            Sorted::Few(runs @ [_, NO_RUN]) => runs.get(..1).unwrap_or_default(),
            Sorted::Few(runs) => runs,
            Sorted::Many(runs) => runs,
        }
    }

    /// Whether a known class is in the set.
    pub fn contains(&self, class: ClassIdx) -> bool {
        let runs = self.sorted();
        let place = runs.partition_point(|(_, last)| *last < class);
        runs.get(place).is_some_and(|(first, _)| *first <= class)
    }

    /// Whether nothing is in the set.
    pub fn is_empty(&self) -> bool {
        self.sorted().is_empty()
    }

    /// How many classes are in the set.
    pub fn len(&self) -> usize {
        self.sorted().iter().map(|(first, last)| usize::from(*last) + 1 - usize::from(*first)).sum()
    }

    /// How many runs it has: what it costs to go through it.
    pub(crate) fn weight(&self) -> usize {
        self.sorted().len()
    }

    /// The classes, in order.
    pub fn iter(&self) -> impl Iterator<Item = ClassIdx> {
        self.sorted().iter().flat_map(|(first, last)| *first..=*last)
    }

    /// The classes in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut runs = Runs::default();
        self.shared(other, |first, last| {
            runs.add(first, last);
            true
        });
        runs.set()
    }

    /// The classes in either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let mut runs = Runs::default();
        let (mut one, mut two) =
            (self.sorted().iter().peekable(), other.sorted().iter().peekable());
        loop {
            let next = match (one.peek(), two.peek()) {
                (Some(a), Some(b)) if a <= b => one.next(),
                (_, Some(_)) => two.next(),
                (_, None) => one.next(),
            };
            let Some((first, last)) = next else { return runs.set() };
            runs.add(*first, *last);
        }
    }

    /// The classes of this set that are not in the other.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut runs = Runs::default();
        let mut less = other.sorted().iter().peekable();
        for (first, last) in self.sorted() {
            // What is left of a run, beyond 16 bits at its end.
            let (mut from, end) = (u32::from(*first), u32::from(*last));
            while less.next_if(|(_, last)| u32::from(*last) < from).is_some() {}
            while let Some((first, last)) =
                less.peek().filter(|(first, _)| u32::from(*first) <= end)
            {
                if from < u32::from(*first) {
                    runs.add(from as ClassIdx, first - 1);
                }
                from = from.max(u32::from(*last) + 1);
                if u32::from(*last) > end {
                    break;
                }
                less.next();
            }
            if from <= end {
                runs.add(from as ClassIdx, *last);
            }
        }
        runs.set()
    }

    /// The classes in runs, in order, each as its first and its last.
    pub fn runs(&self) -> impl Iterator<Item = (ClassIdx, ClassIdx)> {
        self.sorted().iter().copied()
    }

    /// Whether all of `other` is in this set.
    pub fn includes(&self, other: &Self) -> bool {
        let mut own = self.sorted().iter().peekable();
        other.sorted().iter().all(|(first, last)| {
            while own.next_if(|(_, last)| last < first).is_some() {}
            own.peek().is_some_and(|run| run.0 <= *first && *last <= run.1)
        })
    }

    /// Whether some class is in both.
    pub fn meets(&self, other: &Self) -> bool {
        let mut meets = false;
        self.shared(other, |_, _| {
            meets = true;
            false
        });
        meets
    }

    /// The runs of what is in both, in order, as long as they are wanted.
    fn shared(&self, other: &Self, mut wanted: impl FnMut(ClassIdx, ClassIdx) -> bool) {
        let (mut one, mut two) =
            (self.sorted().iter().peekable(), other.sorted().iter().peekable());
        while let (Some(a), Some(b)) = (one.peek(), two.peek()) {
            let (first, last) = (a.0.max(b.0), a.1.min(b.1));
            if a.1 <= b.1 {
                one.next();
            } else {
                two.next();
            }
            if first <= last && !wanted(first, last) {
                return;
            }
        }
    }

    /// The classes of a word of 64, as bits.
    fn word(&self, word: usize) -> u64 {
        let (start, end) = (word as u64 * 64 + 1, word as u64 * 64 + 64);
        let from = self.sorted().partition_point(|(_, last)| u64::from(*last) < start);
        let runs =
            self.sorted().iter().skip(from).take_while(|(first, _)| u64::from(*first) <= end);
        runs.fold(0, |bits, (first, last)| {
            let (first, last) = (u64::from(*first).max(start), u64::from(*last).min(end));
            bits | (u64::MAX >> (63 - (last - first))) << (first - start)
        })
    }
}

/// As numbers of 64 bits with a bit for each class compare, the lowest classes first.
impl Ord for ClassSet {
    fn cmp(&self, other: &Self) -> Ordering {
        let differing = self.sorted().iter().zip(other.sorted()).find(|(one, other)| one != other);
        let first = match differing {
            Some((one, other)) if one.0 == other.0 => u32::from(one.1.min(other.1)) + 1,
            Some((one, other)) => u32::from(one.0.min(other.0)),
            // One of them goes on, or neither does.
            None => match (
                self.sorted().get(other.sorted().len()),
                other.sorted().get(self.sorted().len()),
            ) {
                (Some((first, _)), _) | (_, Some((first, _))) => u32::from(*first),
                (None, None) => return Ordering::Equal,
            },
        };
        let word = (first as usize - 1) / 64;
        self.word(word).cmp(&other.word(word))
    }
}

impl PartialOrd for ClassSet {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Runs that are added in order: the first few, and all as soon as they are more.
#[derive(Default)]
struct Runs {
    few: [Run; FEW],
    count: usize,
    many: Vec<Run>,
}

impl Runs {
    /// Adds a run that begins no earlier than the last.
    fn add(&mut self, first: ClassIdx, last: ClassIdx) {
        let before = match self.many.last_mut() {
            None => self.count.checked_sub(1).and_then(|place| self.few.get_mut(place)),
            some => some,
        };
        if let Some(known) = before
            && u32::from(first) <= u32::from(known.1) + 1
        {
            known.1 = known.1.max(last);
            return;
        }
        match self.few.get_mut(self.count) {
            Some(place) => *place = (first, last),
            None => {
                if self.many.is_empty() {
                    self.many.extend(self.few);
                }
                self.many.push((first, last));
            }
        }
        self.count += 1;
    }

    fn set(self) -> ClassSet {
        ClassSet(match self.count {
            ..=FEW => Sorted::Few(self.few),
            _ => Sorted::Many(self.many.into()),
        })
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
        // Whoever has more classes than there are numbers for is refused by how many they are.
        let mut classes: ClassIdx = 0;
        let mut before = None;
        for point in points.iter().copied().map(Some).chain([None]) {
            if empty(before, point) {
                pieces.push(UNKNOWN);
            } else {
                classes = classes.saturating_add(1);
                places.push(pieces.len() as u32);
                pieces.push(classes);
            }
            if point.is_some() {
                classes = classes.saturating_add(1);
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
    fn more_classes_than_there_are_numbers_for_are_counted() {
        let cuts = Cuts::new((0..40_000_i64).map(|n| n * 2).collect(), |_, _| false);
        assert_eq!(cuts.len(), 80_001);
    }

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
    fn sets_are_what_bits_would_be() {
        const CLASSES: usize = 200;
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (state >> 33) % below
        };
        let sets: Vec<Vec<bool>> = (0..60)
            .map(|number| match number % 3 {
                0 => (0..CLASSES).map(|_| random(2) == 0).collect(),
                1 => (0..CLASSES).map(|_| random(40) == 0).collect(),
                _ => {
                    let (first, last) = (random(200) as usize, random(200) as usize);
                    (0..CLASSES).map(|class| (first..=last).contains(&class)).collect()
                }
            })
            .chain([vec![false; CLASSES], vec![true; CLASSES]])
            .collect();
        let set = |bits: &[bool]| ClassSet::of(CLASSES, |class| bits[usize::from(class) - 1]);
        let words = |bits: &[bool]| -> Vec<u64> {
            let word =
                |bits: &[bool]| bits.iter().rev().fold(0, |word, bit| word << 1 | u64::from(*bit));
            bits.chunks(64).map(word).collect()
        };
        for a in &sets {
            let one = set(a);
            let classes: Vec<ClassIdx> =
                (1..=CLASSES as ClassIdx).filter(|class| a[usize::from(*class) - 1]).collect();
            assert_eq!(one.iter().collect::<Vec<_>>(), classes);
            assert_eq!(one, ClassSet::those(CLASSES, classes.iter().rev().copied()));
            assert_eq!((one.len(), one.is_empty()), (classes.len(), classes.is_empty()));
            assert!(
                (0..=CLASSES as ClassIdx + 1).all(|at| one.contains(at) == classes.contains(&at))
            );
            for b in &sets {
                let other = set(b);
                let both = |of: fn(bool, bool) -> bool| -> Vec<bool> {
                    a.iter().zip(b).map(|(a, b)| of(*a, *b)).collect()
                };
                assert_eq!(one.and(&other), set(&both(|a, b| a && b)));
                assert_eq!(one.or(&other), set(&both(|a, b| a || b)));
                assert_eq!(one.without(&other), set(&both(|a, b| a && !b)));
                assert_eq!(one.meets(&other), both(|a, b| a && b).contains(&true));
                assert_eq!(one.includes(&other), !both(|a, b| b && !a).contains(&true));
                assert_eq!(one.cmp(&other), words(a).cmp(&words(b)));
            }
        }
        let last = ClassSet::run(65_535, 65_530, 65_535);
        assert_eq!(ClassSet::full(65_535).without(&last), ClassSet::run(65_535, 1, 65_529));
        assert_eq!(last.or(&ClassSet::full(65_535)), ClassSet::full(65_535));
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
