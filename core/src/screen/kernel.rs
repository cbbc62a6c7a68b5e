//! The loops over rows, compiled for each vector width and chosen when the program runs.
//!
//! A block of rows is at work at a time, small enough that all its classes and bitsets stay in the
//! nearest cache. One bit stands for one row, so that a conjunction of conditions over 64 rows is
//! one AND; this is how column stores filter (Li and Patel, *BitWeaving*, SIGMOD 2013). Every width
//! gives the same bits: the loops only compare, count and combine whole numbers.

use fearless_simd::prelude::*;
use fearless_simd::{
    Level, Simd, dispatch, f64x4, f64x8, i8x32, i8x64, i16x16, i32x8, i64x4, i64x8, mask8x64,
    u8x32, u8x64, u16x16, u32x8, u64x4, u64x8,
};

use super::bits::{BLOCK, Bits};
use super::vectors::{Vectors, level};
use crate::cel::Comparison;

/// The class of each row of a block.
pub(super) type ClassesOfRows = [u8; BLOCK];

/// The class of a value that its attribute cannot hold.
pub(super) const BAD: u8 = u8::MAX;

/// A run of classes: its first, and how many follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first: u8,
    pub(super) more: u8,
}

impl Run {
    pub(super) fn holds(self, class: u8) -> bool {
        class.wrapping_sub(self.first) <= self.more
    }
}

/// The loops for one width.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kernel(Level);

impl Kernel {
    pub(super) fn new(vectors: Vectors) -> Self {
        let best = Level::new();
        Self(level(best, vectors).unwrap_or(best))
    }

    /// Runs what is not written in vectors, compiled for the width: counting bits and finding the
    /// next one are single instructions there.
    pub(super) fn wide<T>(self, work: impl FnOnce() -> T) -> T {
        dispatch!(self.0, _simd => work())
    }

    /// The rows whose class lies in one of the runs.
    pub(super) fn mark(self, classes: &ClassesOfRows, runs: &[Run], into: &mut Bits) {
        dispatch!(self.0, simd => mark(simd, classes, runs, into));
    }

    /// The rows whose class has all its bits set in a table; of classes past it, anything.
    pub(super) fn mark_by_table(self, classes: &ClassesOfRows, table: &Repeated, into: &mut Bits) {
        dispatch!(self.0, simd => mark_by_table(simd, classes, table, into));
    }

    /// For each value, how many of the cuts are at most as great, added to `base` modulo 256; NaN
    /// is below all.
    pub(super) fn regions<T: Countable>(self, values: &[T], cuts: &[T], base: u8, into: &mut [u8]) {
        dispatch!(self.0, simd => T::regions(simd, values, cuts, base, into));
    }

    /// Replaces each number by what a table has for it.
    pub(super) fn translate(self, numbers: &mut [u8], table: &SmallTable) {
        dispatch!(self.0, simd => translate(simd, numbers, table));
    }

    /// Overwrites the rows that are not valid.
    pub(super) fn put_nulls(self, into: &mut [u8], valid: &Bits, null: u8) {
        dispatch!(self.0, simd => put_nulls(simd, into, valid, null));
    }

    /// The rows in which one number compares so to the other.
    pub(super) fn compare<T: Comparable>(self, how: Comparison, one: &[T], other: &[T]) -> Bits {
        dispatch!(self.0, simd => T::compare(simd, how, one, other))
    }

    /// The rows in which a number compares so to one that all rows share.
    pub(super) fn compare_to<T: Comparable>(self, how: Comparison, one: &[T], other: T) -> Bits {
        dispatch!(self.0, simd => T::compare_to(simd, how, one, other))
    }

    /// Looks up each key in a table.
    pub(super) fn look_up<K: Key>(self, keys: &[K], table: &SmallTable, into: &mut [u8]) {
        dispatch!(self.0, simd => look_up(simd, keys, table, into));
    }
}

#[inline(always)]
fn mark<S: Simd>(simd: S, classes: &ClassesOfRows, runs: &[Run], into: &mut Bits) {
    let Some((first, rest)) = runs.split_first() else {
        *into = Bits::NONE;
        return;
    };
    mark_run(simd, classes, *first, into, |_, bits| bits);
    for run in rest {
        mark_run(simd, classes, *run, into, |word, bits| word | bits);
    }
}

#[inline(always)]
fn mark_by_table<S: Simd>(simd: S, classes: &ClassesOfRows, table: &Repeated, into: &mut Bits) {
    let table = u8x64::from_slice(simd, &table.0);
    let zero = i8x64::splat(simd, 0);
    for (word, classes) in into.iter_mut().zip(classes.as_chunks::<64>().0) {
        let found: i8x64<S> =
            table.swizzle_dyn_within_blocks(u8x64::from_slice(simd, classes)).bitcast();
        *word = found.simd_lt(zero).to_bitmask();
    }
}

#[inline(always)]
fn mark_run<S: Simd>(
    simd: S,
    classes: &ClassesOfRows,
    run: Run,
    into: &mut Bits,
    combine: impl Fn(u64, u64) -> u64,
) {
    let (first, more) = (u8x64::splat(simd, run.first), u8x64::splat(simd, run.more));
    for (word, classes) in into.iter_mut().zip(classes.as_chunks::<64>().0) {
        // Below the first, the difference wraps around and is past the last.
        let beyond = u8x64::from_slice(simd, classes) - first;
        *word = combine(*word, beyond.simd_le(more).to_bitmask());
    }
}

#[inline(always)]
fn put_nulls<S: Simd>(simd: S, into: &mut [u8], valid: &Bits, null: u8) {
    let nulls = u8x64::splat(simd, null);
    let (chunks, rest) = into.as_chunks_mut::<64>();
    let whole = chunks.len();
    for (chunk, valid) in chunks.iter_mut().zip(valid.iter()) {
        let is_valid = mask8x64::from_bitmask(simd, *valid);
        is_valid.select(u8x64::from_slice(simd, chunk), nulls).store_slice(chunk);
    }
    let valid = valid.get(whole).copied().unwrap_or_default();
    for (bit, row) in rest.iter_mut().enumerate() {
        if valid >> bit & 1 == 0 {
            *row = null;
        }
    }
}

/// A number that cuts are counted below.
pub(super) trait Countable: PartialOrd + Copy {
    /// For each value, how many of the cuts are at most as great, added to `base`.
    fn regions<S: Simd>(simd: S, values: &[Self], cuts: &[Self], base: u8, into: &mut [u8]);
}

/// Rows at work at once: as many as a vector has bytes.
const AT_ONCE: usize = 32;

/// How the bytes of counts stand before they are put in order: byte k of lane l counts for row k *
/// lanes + l.
const fn order_of(lanes: usize) -> [u8; AT_ONCE] {
    let bytes = AT_ONCE / lanes;
    let mut order = [0; AT_ONCE];
    let mut row = 0;
    while row < AT_ONCE {
        order[row] = (row % lanes * bytes + row / lanes) as u8;
        row += 1;
    }
    order
}

macro_rules! countable {
    ($($number:ty: $vector:ident, $lanes:literal, counts $counts:ident of $count:ty, $compared:ident, $class:ident;)+) => {
        $(impl Countable for $number {
            #[inline(always)]
            fn regions<S: Simd>(simd: S, values: &[Self], cuts: &[Self], base: u8, into: &mut [u8]) {
                // A row's count is one byte of a lane: vectors of rows add to different bytes, and
                // nothing has to be narrowed.
                const ORDER: [u8; AT_ONCE] = order_of($lanes);
                let none = $counts::splat(simd, 0);
                let ones: [$counts<S>; AT_ONCE / $lanes] =
                    std::array::from_fn(|byte| $counts::splat(simd, ((1 as $count) << (8 * byte)).cast_signed()));
                let order = u8x32::from_slice(simd, &ORDER);
                let (values_chunks, values_rest) = values.as_chunks::<AT_ONCE>();
                let (into_chunks, into_rest) = into.as_chunks_mut::<AT_ONCE>();
                for (values, into) in values_chunks.iter().zip(into_chunks) {
                    let mut counts = none;
                    for cut in cuts {
                        let cut = $vector::splat(simd, *cut);
                        for (values, one) in values.as_chunks::<$lanes>().0.iter().zip(ones) {
                            counts += $vector::from_slice(simd, values).$compared(cut).select(one, none);
                        }
                    }
                    let counts: u8x32<S> = counts.bitcast();
                    let counts = if $lanes == AT_ONCE { counts } else { counts.swizzle_dyn(order) };
                    $class(simd, base, cuts.len() as u8, counts).store_slice(into);
                }
                for (value, into) in values_rest.iter().zip(into_rest) {
                    *into = base.wrapping_add(cuts.iter().map(|cut| u8::from(*value >= *cut)).sum());
                }
            }
        })+
    };
}

/// Of whole numbers, those below a cut are counted: most processors can tell `<` in one step, but
/// not `>=`.
#[inline(always)]
fn of_below<S: Simd>(simd: S, base: u8, cuts: u8, below: u8x32<S>) -> u8x32<S> {
    u8x32::splat(simd, base.wrapping_add(cuts)) - below
}

/// NaN is neither below nor above, and reaches nothing.
#[inline(always)]
fn of_reached<S: Simd>(simd: S, base: u8, _: u8, reached: u8x32<S>) -> u8x32<S> {
    reached + u8x32::splat(simd, base)
}

countable! {
    i8: i8x32, 32, counts i8x32 of u8, simd_lt, of_below;
    u8: u8x32, 32, counts i8x32 of u8, simd_lt, of_below;
    i16: i16x16, 16, counts i16x16 of u16, simd_lt, of_below;
    u16: u16x16, 16, counts i16x16 of u16, simd_lt, of_below;
    i32: i32x8, 8, counts i32x8 of u32, simd_lt, of_below;
    u32: u32x8, 8, counts i32x8 of u32, simd_lt, of_below;
    i64: i64x4, 4, counts i64x4 of u64, simd_lt, of_below;
    u64: u64x4, 4, counts i64x4 of u64, simd_lt, of_below;
    f64: f64x4, 4, counts i64x4 of u64, simd_ge, of_reached;
}

/// A number that vectors compare with another.
pub(super) trait Comparable: PartialOrd + Copy {
    fn compare<S: Simd>(simd: S, how: Comparison, one: &[Self], other: &[Self]) -> Bits;
    fn compare_to<S: Simd>(simd: S, how: Comparison, one: &[Self], other: Self) -> Bits;
}

macro_rules! comparable {
    ($($number:ty: $vector:ident, $lanes:literal;)+) => {
        $(impl Comparable for $number {
            #[inline(always)]
            fn compare<S: Simd>(simd: S, how: Comparison, one: &[Self], other: &[Self]) -> Bits {
                #[inline(always)]
                fn each<S: Simd>(
                    simd: S,
                    one: &[$number],
                    other: &[$number],
                    vector: impl Fn($vector<S>, $vector<S>) -> u64,
                    single: impl Fn(&$number, &$number) -> bool,
                ) -> Bits {
                    let mut found = Bits::NONE;
                    let (ones, ones_rest) = one.as_chunks::<64>();
                    let (others, others_rest) = other.as_chunks::<64>();
                    for ((one, other), into) in ones.iter().zip(others).zip(found.iter_mut()) {
                        let (one, other) = (one.as_chunks::<$lanes>(), other.as_chunks::<$lanes>());
                        for (place, (one, other)) in one.0.iter().zip(other.0).enumerate() {
                            let (one, other) =
                                ($vector::from_slice(simd, one), $vector::from_slice(simd, other));
                            *into |= vector(one, other) << (place * $lanes);
                        }
                    }
                    if let Some(into) = found.get_mut(ones.len()) {
                        for (bit, (one, other)) in ones_rest.iter().zip(others_rest).enumerate() {
                            *into |= u64::from(single(one, other)) << bit;
                        }
                    }
                    found
                }
                use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
                let equal = |a: $vector<S>, b: $vector<S>| a.simd_eq(b).to_bitmask();
                let less = |a: $vector<S>, b: $vector<S>| a.simd_lt(b).to_bitmask();
                let less_or_equal = |a: $vector<S>, b: $vector<S>| a.simd_le(b).to_bitmask();
                match how {
                    Equal => each(simd, one, other, equal, <$number>::eq),
                    NotEqual => Bits::ALL.without(&each(simd, one, other, equal, <$number>::eq)),
                    Less => each(simd, one, other, less, <$number>::lt),
                    LessOrEqual => each(simd, one, other, less_or_equal, <$number>::le),
                    Greater => each(simd, other, one, less, <$number>::lt),
                    GreaterOrEqual => each(simd, other, one, less_or_equal, <$number>::le),
                }
            }

            #[inline(always)]
            fn compare_to<S: Simd>(simd: S, how: Comparison, one: &[Self], other: Self) -> Bits {
                #[inline(always)]
                fn each<S: Simd>(
                    simd: S,
                    one: &[$number],
                    vector: impl Fn($vector<S>) -> u64,
                    single: impl Fn(&$number) -> bool,
                ) -> Bits {
                    let mut found = Bits::NONE;
                    let (ones, rest) = one.as_chunks::<64>();
                    for (one, into) in ones.iter().zip(found.iter_mut()) {
                        for (place, one) in one.as_chunks::<$lanes>().0.iter().enumerate() {
                            *into |= vector($vector::from_slice(simd, one)) << (place * $lanes);
                        }
                    }
                    if let Some(into) = found.get_mut(ones.len()) {
                        for (bit, one) in rest.iter().enumerate() {
                            *into |= u64::from(single(one)) << bit;
                        }
                    }
                    found
                }
                use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
                let all = $vector::splat(simd, other);
                match how {
                    Equal => {
                        each(simd, one, |a| a.simd_eq(all).to_bitmask(), |a| *a == other)
                    }
                    NotEqual => {
                        let found =
                            each(simd, one, |a| a.simd_eq(all).to_bitmask(), |a| *a == other);
                        Bits::ALL.without(&found)
                    }
                    Less => {
                        each(simd, one, |a| a.simd_lt(all).to_bitmask(), |a| *a < other)
                    }
                    LessOrEqual => {
                        each(simd, one, |a| a.simd_le(all).to_bitmask(), |a| *a <= other)
                    }
                    Greater => {
                        each(simd, one, |a| a.simd_gt(all).to_bitmask(), |a| *a > other)
                    }
                    GreaterOrEqual => {
                        each(simd, one, |a| a.simd_ge(all).to_bitmask(), |a| *a >= other)
                    }
                }
            }
        })+
    };
}

comparable! {
    u8: u8x64, 64;
    i64: i64x8, 8;
    u64: u64x8, 8;
    f64: f64x8, 8;
}

/// Sixteen entries as vectors look them up: as often as the widest has sixteen lanes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Repeated([u8; 64]);

impl Repeated {
    pub(super) fn new(entries: &[u8; 16]) -> Self {
        Self(std::array::from_fn(|at| entries[at % 16]))
    }

    fn entries(&self) -> &[u8; 16] {
        let [first, ..] = self.0.as_chunks::<16>().0 else { return &[0; 16] };
        first
    }
}

/// What numbers below 64 stand for, in parts of 16 that vectors can look up at once; numbers past
/// it stand for what the last one does.
#[derive(Clone, Copy, Debug)]
pub(super) struct SmallTable {
    parts: [Repeated; SmallTable::PARTS],
    used: usize,
}

impl SmallTable {
    const PARTS: usize = 4;
    /// How many numbers a table may have.
    pub(super) const NUMBERS_MAX: usize = 16 * Self::PARTS - 1;

    /// A table of so many numbers; `rest` is for all that are past them.
    pub(super) fn new(of: impl ExactSizeIterator<Item = u8>, rest: u8) -> Option<Self> {
        if of.len() > Self::NUMBERS_MAX {
            return None;
        }
        let used = of.len() / 16 + 1;
        let mut entries = [[rest; 16]; Self::PARTS];
        entries.as_flattened_mut().iter_mut().zip(of).for_each(|(entry, known)| *entry = known);
        Some(Self { parts: entries.each_ref().map(Repeated::new), used })
    }

    fn get(&self, number: u8) -> u8 {
        let place = usize::from(number).min(self.used * 16 - 1);
        self.parts
            .get(place / 16)
            .and_then(|part| part.entries().get(place % 16))
            .copied()
            .unwrap_or_default()
    }
}

#[inline(always)]
fn translate<S: Simd>(simd: S, numbers: &mut [u8], table: &SmallTable) {
    let [first, ..] = &table.parts;
    let first = u8x64::from_slice(simd, &first.0);
    // The last entry of the parts in use is that of the rest.
    let (low, last) = (u8x64::splat(simd, 15), u8x64::splat(simd, (table.used * 16 - 1) as u8));
    let (chunks, rest) = numbers.as_chunks_mut::<64>();
    if table.used == 1 {
        for chunk in chunks {
            first
                .swizzle_dyn_within_blocks(u8x64::from_slice(simd, chunk).min(last))
                .store_slice(chunk);
        }
    } else {
        let more = table.parts.each_ref().map(|part| u8x64::from_slice(simd, &part.0));
        for chunk in chunks {
            let numbers = u8x64::from_slice(simd, chunk).min(last);
            let places = numbers & low;
            let mut found = first.swizzle_dyn_within_blocks(places);
            for (part, wide) in more.iter().enumerate().take(table.used).skip(1) {
                let is_there = numbers.simd_ge(u8x64::splat(simd, part as u8 * 16));
                found = is_there.select(wide.swizzle_dyn_within_blocks(places), found);
            }
            found.store_slice(chunk);
        }
    }
    for number in rest {
        *number = table.get(*number);
    }
}

/// An index into a dictionary.
pub(super) trait Key: Copy {
    /// As a byte; 63 for anything past it.
    fn byte(self) -> u8;
    /// As an index; past every table for what is negative.
    fn index(self) -> usize;
}

macro_rules! keys {
    ($($key:ty, $unsigned:ty;)+) => {
        $(impl Key for $key {
            #[inline(always)]
            fn byte(self) -> u8 {
                // A negative key is as wrong as one that is too great, and arrays may hold either
                // where a row is null.
                (self as $unsigned).min(63) as u8
            }

            #[inline(always)]
            fn index(self) -> usize {
                self as $unsigned as usize
            }
        })+
    };
}
keys! { i8, u8; i16, u16; i32, u32; i64, u64; u8, u8; u16, u16; u32, u32; u64, u64; }

#[inline(always)]
fn look_up<S: Simd, K: Key>(simd: S, keys: &[K], table: &SmallTable, into: &mut [u8]) {
    for (key, into) in keys.iter().zip(into.iter_mut()) {
        *into = key.byte();
    }
    let count = keys.len().min(into.len());
    translate(simd, &mut into[..count], table);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kernels() -> Vec<Kernel> {
        let best = Level::new();
        Vectors::ALL.iter().filter_map(|vectors| level(best, *vectors)).map(Kernel).collect()
    }

    #[test]
    fn every_width_gives_the_same_bits() {
        let classes: ClassesOfRows = std::array::from_fn(|row| (row * 37 % 251) as u8);
        let runs =
            [Run { first: 0, more: 0 }, Run { first: 7, more: 5 }, Run { first: 250, more: 0 }];
        let expected = Bits::of_words(|word| {
            (0..64)
                .map(|bit| (u64::from(matches!(classes[word * 64 + bit], 0 | 7..=12 | 250))) << bit)
                .fold(0, |all, bit| all | bit)
        });
        let values: Vec<i64> = (0..1000).map(|row| row * 7919 % 1009 - 500).collect();
        let cuts = [-400, -1, 0, 77];
        let regions: Vec<u8> = values
            .iter()
            .map(|value| cuts.iter().filter(|cut| value >= cut).count() as u8)
            .collect();
        assert!(kernels().len() > 1, "at least the best and one other");
        for kernel in kernels() {
            let mut found = Bits::ALL;
            kernel.mark(&classes, &runs, &mut found);
            assert_eq!(found, expected);
            let few: ClassesOfRows = std::array::from_fn(|row| (row * 7 % 16) as u8);
            let table: [u8; 16] =
                std::array::from_fn(|class| if class % 3 == 0 { u8::MAX } else { 0 });
            kernel.mark_by_table(&few, &Repeated::new(&table), &mut found);
            let expected_rows =
                few.iter().enumerate().filter(|(_, class)| **class % 3 == 0).map(|(row, _)| row);
            assert!(found.rows().eq(expected_rows));
            let mut into = [0; 1000];
            kernel.regions(&values, &cuts, 0, &mut into);
            assert_eq!(into.as_slice(), regions);
            let shorts: Vec<i32> = values.iter().map(|value| *value as i32).collect();
            kernel.regions(&shorts, &[-400, -1, 0, 77], 0, &mut into);
            assert_eq!(into.as_slice(), regions);
            let doubles: Vec<f64> = values
                .iter()
                .map(|value| if value % 10 == 3 { f64::NAN } else { *value as f64 })
                .collect();
            kernel.regions(&doubles, &[-400.0, -1.0, 0.0, 77.0], 0, &mut into);
            assert!(into.iter().zip(&regions).zip(&values).all(
                |((found, region), value)| *found == if value % 10 == 3 { 0 } else { *region }
            ));
            let bytes: Vec<u8> = values.iter().map(|value| *value as u8).collect();
            kernel.regions(&bytes, &[0, 100, 200], 255, &mut into);
            assert!(
                into.iter()
                    .zip(&bytes)
                    .all(|(found, value)| *found
                        == u8::from(*value >= 100) + u8::from(*value >= 200))
            );
            for size in [1_usize, 5, 15, 16, 17, 40, 63] {
                let entry = |at: usize| (at * 3 + 1) as u8;
                let table = SmallTable::new((0..size).map(entry), 99).unwrap();
                let keys: Vec<i32> = (0..1000).map(|row| row % 80 - 9).collect();
                kernel.look_up(&keys, &table, &mut into);
                for (found, key) in into.iter().zip(&keys) {
                    let expected =
                        usize::try_from(*key).ok().filter(|key| *key < size).map_or(99, entry);
                    assert_eq!(*found, expected, "{key} of {size}");
                }
            }
        }
        for kernel in kernels() {
            let mut into = [7; 1000];
            kernel.put_nulls(&mut into, &expected, 9);
            assert!(into.iter().enumerate().all(|(row, class)| *class
                == if expected[row / 64] >> (row % 64) & 1 == 1 { 7 } else { 9 }));
        }
        assert!(SmallTable::new([0; 64].into_iter(), 0).is_none());
    }

    #[test]
    fn every_width_compares_alike() {
        fn agree<T: Comparable + std::fmt::Debug>(one: &[T], other: &[T]) {
            use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
            for kernel in kernels() {
                for rows in [0, 1, 63, 64, 65, one.len()] {
                    let (one, other) = (&one[..rows], &other[..rows]);
                    for how in [Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual] {
                        let holds = |a: &T, b: &T| match how {
                            Equal => a == b,
                            NotEqual => a != b,
                            Less => a < b,
                            LessOrEqual => a <= b,
                            Greater => a > b,
                            GreaterOrEqual => a >= b,
                        };
                        let found = kernel.compare(how, one, other).and(&Bits::first(rows));
                        let pairs = one.iter().zip(other).enumerate();
                        let expected = pairs.filter(|(_, (a, b))| holds(a, b)).map(|(row, _)| row);
                        assert!(found.rows().eq(expected), "{how:?} of {rows} {kernel:?}");
                        let Some(same) = other.first() else { continue };
                        let found = kernel.compare_to(how, one, *same).and(&Bits::first(rows));
                        let rows = one.iter().enumerate();
                        let expected = rows.filter(|(_, a)| holds(a, same)).map(|(row, _)| row);
                        assert!(found.rows().eq(expected), "{how:?} {same:?} {kernel:?}");
                    }
                }
            }
        }
        let wholes: Vec<i64> =
            (0..200).map(|row| if row % 7 == 0 { i64::MIN } else { row * 31 % 17 - 8 }).collect();
        let others: Vec<i64> = (0..200).map(|row| row * 13 % 17 - 8).collect();
        agree(&wholes, &others);
        let unsigned = |of: &[i64]| of.iter().map(|number| *number as u64).collect::<Vec<_>>();
        agree(&unsigned(&wholes), &unsigned(&others));
        let bytes = |of: &[i64]| of.iter().map(|number| *number as u8).collect::<Vec<_>>();
        agree(&bytes(&wholes), &bytes(&others));
        let doubles = |of: &[i64]| -> Vec<f64> {
            let double = |(row, number): (usize, &i64)| match row % 11 {
                0 => f64::NAN,
                5 => -0.0,
                _ => *number as f64 / 2.0,
            };
            of.iter().enumerate().map(double).collect()
        };
        agree(&doubles(&wholes), &doubles(&others));
    }
}
