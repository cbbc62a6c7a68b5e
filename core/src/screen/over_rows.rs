//! What is worked out of the values of a block's rows, one after the other: compiled for the
//! width of the kernel, and without knowing what the values mean.

use std::borrow::Cow;
use std::ops::Deref;
use std::rc::Rc;

use super::bits::{BLOCK, Bits};
use super::kernel::{Comparable, Kernel};
use crate::cel::Comparison;

/// Numbers of a block.
#[derive(Clone, Debug)]
pub(super) enum Numbers<'a, T> {
    /// As they stand in a column.
    Lent(&'a [T]),
    /// Read or worked out.
    Made(Rc<Vec<T>>),
}

impl<T> Deref for Numbers<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Lent(numbers) => numbers,
            Self::Made(numbers) => numbers,
        }
    }
}

impl<T> From<Vec<T>> for Numbers<'_, T> {
    fn from(numbers: Vec<T>) -> Self {
        Self::Made(Rc::new(numbers))
    }
}

impl<T> FromIterator<T> for Numbers<'_, T> {
    fn from_iter<I: IntoIterator<Item = T>>(numbers: I) -> Self {
        Vec::from_iter(numbers).into()
    }
}

/// What stands on one side of an operator.
#[derive(Clone, Copy, Debug)]
pub(super) enum Side<'v, T> {
    Same(T),
    Each(&'v [T]),
}

impl<T: Copy> Side<'_, T> {
    /// A value for each row.
    pub(super) fn each(&self, rows: usize) -> Cow<'_, [T]> {
        match self {
            Self::Same(same) => Cow::Owned(vec![*same; rows]),
            Self::Each(each) => Cow::Borrowed(each),
        }
    }
}

/// The rows in which one side compares so to the other.
pub(super) fn ordered<T: Comparable>(
    kernel: Kernel,
    how: Comparison,
    one: Side<'_, T>,
    other: Side<'_, T>,
) -> Bits {
    match (one, other) {
        (Side::Each(one), Side::Each(other)) => kernel.compare(how, one, other),
        (Side::Each(one), Side::Same(other)) => kernel.compare_to(how, one, other),
        (Side::Same(one), Side::Each(other)) => kernel.compare_to(turned(how), other, one),
        (Side::Same(one), Side::Same(other)) => {
            if how.holds(one.partial_cmp(&other)) {
                Bits::ALL
            } else {
                Bits::NONE
            }
        }
    }
}

/// What holds of two sides that change places.
pub(super) fn turned(how: Comparison) -> Comparison {
    match how {
        Comparison::Equal | Comparison::NotEqual => how,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
    }
}

/// The rows of which something holds, compiled for the width of the kernel.
pub(super) fn rows_where<T: Copy>(kernel: Kernel, values: &[T], holds: impl Fn(T) -> bool) -> Bits {
    kernel.wide(
        #[inline(always)]
        || {
            let mut bits = Bits::NONE;
            for (values, into) in values.chunks(64).zip(bits.iter_mut()) {
                let mut bytes = [0_u8; 64];
                values
                    .iter()
                    .zip(&mut bytes)
                    .for_each(|(value, byte)| *byte = u8::from(holds(*value)));
                *into = gathered(&bytes);
            }
            bits
        },
    )
}

/// As [`rows_where`], of pairs.
pub(super) fn pairs_where<T: Copy, U: Copy>(
    kernel: Kernel,
    one: &[T],
    other: &[U],
    holds: impl Fn(T, U) -> bool,
) -> Bits {
    kernel.wide(
        #[inline(always)]
        || {
            let mut bits = Bits::NONE;
            for ((one, other), into) in one.chunks(64).zip(other.chunks(64)).zip(bits.iter_mut()) {
                let mut bytes = [0_u8; 64];
                one.iter()
                    .zip(other)
                    .zip(&mut bytes)
                    .for_each(|((one, other), byte)| *byte = u8::from(holds(*one, *other)));
                *into = gathered(&bytes);
            }
            bits
        },
    )
}

/// The last bit of each byte.
#[inline(always)]
fn gathered(bytes: &[u8; 64]) -> u64 {
    // Each product brings the eight bits into its highest byte, the first byte's lowest.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (bytes, _) = bytes.as_chunks::<8>();
    bytes
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from_le_bytes(*byte).wrapping_mul(GATHER) >> 56)
}

/// What comes of both sides, and the rows in which that does not fit: those of which a number
/// below zero comes beside it.
pub(super) fn combined<T: Copy + Default, U: Copy + Default>(
    kernel: Kernel,
    one: Side<'_, T>,
    other: Side<'_, T>,
    rows: usize,
    combine: impl Fn(T, T) -> (U, i64),
) -> (Vec<U>, Bits) {
    match (one, other) {
        (Side::Each(one), Side::Same(other)) => made(kernel, one, |one| combine(one, other)),
        (Side::Same(one), Side::Each(other)) => made(kernel, other, |other| combine(one, other)),
        (Side::Same(one), Side::Same(other)) => {
            let (value, failed) = combine(one, other);
            (vec![value; rows], if failed < 0 { Bits::ALL } else { Bits::NONE })
        }
        (Side::Each(one), Side::Each(other)) => {
            let mut results = vec![U::default(); one.len()];
            let failed = kernel.wide(
                #[inline(always)]
                || {
                    let mut bits = Bits::NONE;
                    let chunks = one.chunks(64).zip(other.chunks(64)).zip(results.chunks_mut(64));
                    for (((one, other), results), into) in chunks.zip(bits.iter_mut()) {
                        let mut any = 0;
                        for ((one, other), result) in one.iter().zip(other).zip(results) {
                            let (value, failed) = combine(*one, *other);
                            *result = value;
                            any |= failed;
                        }
                        // That something does not fit is rare.
                        if any < 0 {
                            let pairs = one.iter().zip(other).enumerate();
                            *into = pairs.fold(0, |word, (bit, (one, other))| {
                                word | u64::from(combine(*one, *other).1 < 0) << bit
                            });
                        }
                    }
                    bits
                },
            );
            (results, failed)
        }
    }
}

/// As [`combined`], of one side.
pub(super) fn made<T: Copy, U: Copy + Default>(
    kernel: Kernel,
    of: &[T],
    make: impl Fn(T) -> (U, i64),
) -> (Vec<U>, Bits) {
    let mut results = vec![U::default(); of.len()];
    let failed = kernel.wide(
        #[inline(always)]
        || {
            let mut bits = Bits::NONE;
            for ((of, results), into) in
                of.chunks(64).zip(results.chunks_mut(64)).zip(bits.iter_mut())
            {
                let mut any = 0;
                for (of, result) in of.iter().zip(results) {
                    let (value, failed) = make(*of);
                    *result = value;
                    any |= failed;
                }
                if any < 0 {
                    *into = of
                        .iter()
                        .enumerate()
                        .fold(0, |word, (bit, of)| word | u64::from(make(*of).1 < 0) << bit);
                }
            }
            bits
        },
    );
    (results, failed)
}

/// What comes of each, where nothing fails.
pub(super) fn mapped<'r, T: Copy, U: Copy + Default>(
    kernel: Kernel,
    of: &[T],
    map: impl Fn(T) -> U,
) -> Numbers<'r, U> {
    let (results, _) = made(
        kernel,
        of,
        #[inline(always)]
        |of| (map(of), 0),
    );
    results.into()
}

/// Whole numbers up to this, and their parts, are told apart by doubles without loss.
const SMALL: u64 = 1 << 50;

/// What comes of each whole number as a double, which has to be one again and as small; `None`
/// where one is too great for that. Vectors of any width work with doubles, and divide none.
pub(super) fn mapped_small<'r>(
    kernel: Kernel,
    of: &[i64],
    map: impl Fn(f64) -> f64,
) -> Option<Numbers<'r, i64>> {
    /// With this added, the last bits of a double are the whole number.
    const SHIFT: f64 = (3_u64 << 51) as f64;
    let mut results = vec![0; of.len()];
    let most = kernel.wide(
        #[inline(always)]
        || {
            let most = of.iter().fold(0, |most, int| most | (int ^ (int >> 63)));
            for (of, into) in of.iter().zip(&mut results) {
                let whole = SHIFT.to_bits().wrapping_add(of.cast_unsigned());
                let found = map(f64::from_bits(whole) - SHIFT) + SHIFT;
                *into = found.to_bits().wrapping_sub(SHIFT.to_bits()).cast_signed();
            }
            most
        },
    );
    (most.cast_unsigned() < SMALL).then(|| results.into())
}

/// A whole number divided by another that is greater than zero, rounded down, and what is left:
/// both up to [`SMALL`].
#[inline(always)]
pub(super) fn floored(of: f64, by: f64) -> (f64, f64) {
    /// What this is added to and taken from is rounded to a whole number.
    const SHIFT: f64 = (3_u64 << 51) as f64;
    // The inverse is worked out once: it is the same for all rows.
    let near = (of * (1.0 / by) + SHIFT) - SHIFT;
    // No product is greater than 2^53, so that this is exact; and the quotient is one off at most.
    let rest = of - near * by;
    let (near, rest) = if rest < 0.0 { (near - 1.0, rest + by) } else { (near, rest) };
    if rest >= by { (near + 1.0, rest - by) } else { (near, rest) }
}

/// Of each row, one or the other.
pub(super) fn selected<T: Copy + Default>(
    kernel: Kernel,
    chosen: &Bits,
    one: Side<'_, T>,
    other: Side<'_, T>,
    rows: usize,
) -> Vec<T> {
    let (one, other) = (one.each(rows), other.each(rows));
    let mut selected = vec![T::default(); rows];
    kernel.wide(
        #[inline(always)]
        || {
            let chunks = one.chunks(64).zip(other.chunks(64)).zip(selected.chunks_mut(64));
            for (((one, other), into), word) in chunks.zip(chosen.iter()) {
                let pairs = one.iter().zip(other).zip(into);
                for (bit, ((one, other), into)) in pairs.enumerate() {
                    *into = if word >> bit & 1 == 1 { *one } else { *other };
                }
            }
        },
    );
    selected
}

const _: () = assert!(BLOCK.is_multiple_of(64), "blocks are whole words");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::Vectors;

    #[test]
    fn rows_are_found_whatever_their_number() {
        let kernel = Kernel::new(Vectors::Best);
        for rows in [0, 1, 63, 64, 65, 100, BLOCK] {
            let values: Vec<i64> = (0..rows as i64).collect();
            let found = rows_where(kernel, &values, |value| value % 3 == 1);
            let expected: Vec<usize> = (0..rows).filter(|row| row % 3 == 1).collect();
            assert_eq!(found.rows().collect::<Vec<_>>(), expected);
            let same = |a: i64, b: i64| (a + b, if (a + b) % 5 == 0 { -1 } else { 0 });
            let (sums, over) =
                combined(kernel, Side::Each(&values), Side::Each(&values), rows, same);
            assert_eq!(sums.last().copied(), rows.checked_sub(1).map(|last| last as i64 * 2));
            assert_eq!(over.count(), rows.div_ceil(5) as u64);
        }
    }

    #[test]
    fn doubles_divide_as_whole_numbers_do() {
        let kernel = Kernel::new(Vectors::Best);
        let most = SMALL as i64 - 1;
        let mut values: Vec<i64> = (-70..70).chain([most, -most, most - 1, 1 - most]).collect();
        values.extend((0..500).map(|at: i64| (at * 0x9e37_79b9_7f4a) % most * (at % 2 * 2 - 1)));
        for by in [1, 2, 3, 7, 10, 24, 60, 1000, 3_600_000, 86_400_000, most / 3, most] {
            let (quotients, rests): (Vec<i64>, Vec<i64>) =
                values.iter().map(|of| (of.div_euclid(by), of.rem_euclid(by))).unzip();
            let double = by as f64;
            let found = mapped_small(kernel, &values, |of| floored(of, double).0).unwrap();
            assert_eq!(&*found, quotients, "{by}");
            let found = mapped_small(kernel, &values, |of| floored(of, double).1).unwrap();
            assert_eq!(&*found, rests, "{by}");
        }
        for great in [SMALL as i64, i64::MAX, i64::MIN, -(SMALL as i64) - 1] {
            assert!(mapped_small(kernel, &[1, great], |of| of).is_none());
        }
    }
}
