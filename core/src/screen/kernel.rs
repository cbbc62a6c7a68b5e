//! The loops over rows, compiled for each vector width and chosen when the program runs.
//!
//! A block of rows is at work at a time, small enough that all its classes and bitsets stay in the nearest cache. One bit stands for one row,
//! so that a conjunction of conditions over 64 rows is one AND; this is how column stores filter (Li and Patel, *BitWeaving*, SIGMOD 2013).
//! Every width gives the same bits: the loops only compare, count and combine whole numbers.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x64};

use super::Vectors;

/// Rows of a block.
///
/// A column of a block is 1 KiB, so 25 of them and the bitsets over them fit into 32 KiB, the smallest first-level cache there is.
pub(super) const BLOCK: usize = 1024;
/// Words of a bitset over a block.
pub(super) const WORDS: usize = BLOCK / 64;

/// One bit for each row of a block.
pub(super) type Bits = [u64; WORDS];
/// The class of each row of a block.
pub(super) type ClassesOfRows = [u8; BLOCK];

/// No row.
pub(super) const NONE: Bits = [0; WORDS];
/// Every row.
pub(super) const ALL: Bits = [u64::MAX; WORDS];

/// The class of a value that its attribute cannot hold.
pub(super) const BAD: u8 = u8::MAX;

/// A run of classes: its first, and how many follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first: u8,
    pub(super) more: u8,
}

/// The loops for one width.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kernel(Level);

impl Kernel {
    pub(super) fn new(vectors: Vectors) -> Self {
        let best = Level::new();
        Self(level(best, vectors).unwrap_or(best))
    }

    /// The rows whose class lies in one of the runs.
    pub(super) fn mark(self, classes: &ClassesOfRows, runs: &[Run]) -> Bits {
        dispatch!(self.0, simd => mark(simd, classes, runs))
    }

    /// The rows in which all of some sets hold. `sets` are indexes into `bits`.
    pub(super) fn all(self, bits: &[Bits], sets: &[u32], into: &mut Bits) {
        dispatch!(self.0, simd => all(simd, bits, sets, into));
    }

    /// For each value, how many of the cuts are at most as great; NaN is below all.
    pub(super) fn regions<T: PartialOrd + Copy>(self, values: &[T], cuts: &[T], into: &mut [u8]) {
        dispatch!(self.0, simd => regions(simd, values, cuts, into));
    }

    /// Replaces each number by what a table of at most 16 has for it.
    pub(super) fn translate(self, numbers: &mut [u8], table: &[u8; 16]) {
        dispatch!(self.0, simd => translate(simd, numbers, table));
    }

    /// Looks up each key in a table of at most 16; keys past it have its last entry.
    pub(super) fn look_up<K: Key>(self, keys: &[K], table: &[u8; 16], into: &mut [u8]) {
        dispatch!(self.0, simd => look_up(simd, keys, table, into));
    }
}

/// The vectors that this processor has at that width; none where it has not.
pub(super) fn level(best: Level, vectors: Vectors) -> Option<Level> {
    match vectors {
        Vectors::Best => Some(best),
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Vectors::X86V1 => best.as_sse2().map(Simd::level),
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Vectors::X86V2 => best.as_sse4_2().map(Simd::level),
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Vectors::X86V3 => best.as_avx2().map(Simd::level),
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        Vectors::X86V4 => best.as_avx512().map(Simd::level),
        #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
        _ => None,
    }
}

#[inline(always)]
fn mark<S: Simd>(simd: S, classes: &ClassesOfRows, runs: &[Run]) -> Bits {
    let mut bits = NONE;
    for (word, classes) in bits.iter_mut().zip(classes.as_chunks::<64>().0) {
        let classes = u8x64::from_slice(simd, classes);
        for run in runs {
            // Below the first, the difference wraps around and is past the last.
            let beyond = classes - u8x64::splat(simd, run.first);
            *word |= beyond.simd_le(u8x64::splat(simd, run.more)).to_bitmask();
        }
    }
    bits
}

#[inline(always)]
fn all<S: Simd>(_: S, bits: &[Bits], sets: &[u32], into: &mut Bits) {
    *into = ALL;
    for set in sets {
        let Some(set) = bits.get(*set as usize) else { continue };
        for (into, word) in into.iter_mut().zip(set) {
            *into &= word;
        }
    }
}

#[inline(always)]
fn regions<S: Simd, T: PartialOrd + Copy>(_: S, values: &[T], cuts: &[T], into: &mut [u8]) {
    // Chunks of a fixed length let the compiler unroll and vectorise; the cuts are few.
    let (values_chunks, values_rest) = values.as_chunks::<64>();
    let (into_chunks, into_rest) = into.as_chunks_mut::<64>();
    for (values, into) in values_chunks.iter().zip(into_chunks) {
        let mut counts = [0; 64];
        for cut in cuts {
            for (count, value) in counts.iter_mut().zip(values) {
                *count += u8::from(*value >= *cut);
            }
        }
        *into = counts;
    }
    for (value, into) in values_rest.iter().zip(into_rest) {
        *into = cuts.iter().map(|cut| u8::from(*value >= *cut)).sum();
    }
}

#[inline(always)]
fn translate<S: Simd>(simd: S, numbers: &mut [u8], table: &[u8; 16]) {
    let wide: [u8; 64] = std::array::from_fn(|at| table[at % 16]);
    let wide = u8x64::from_slice(simd, &wide);
    let (chunks, rest) = numbers.as_chunks_mut::<64>();
    for chunk in chunks {
        let numbers = u8x64::from_slice(simd, chunk);
        wide.swizzle_dyn_within_blocks(numbers).store_slice(chunk);
    }
    for number in rest {
        *number = table[usize::from(*number) % 16];
    }
}

/// An index into a dictionary.
pub(super) trait Key: Copy {
    /// As a byte; 15 for anything past it.
    fn byte(self) -> u8;
    /// As an index; past every table for what is negative.
    fn index(self) -> usize;
}

macro_rules! keys {
    ($($key:ty, $unsigned:ty;)+) => {
        $(impl Key for $key {
            #[inline(always)]
            fn byte(self) -> u8 {
                // A negative key is as wrong as one that is too great, and arrays may hold either where a row is null.
                let key = self as $unsigned;
                if key < 15 { key as u8 } else { 15 }
            }

            #[inline(always)]
            fn index(self) -> usize {
                usize::try_from(self).unwrap_or(usize::MAX)
            }
        })+
    };
}
keys! { i8, u8; i16, u16; i32, u32; i64, u64; u8, u8; u16, u16; u32, u32; u64, u64; }

#[inline(always)]
fn look_up<S: Simd, K: Key>(simd: S, keys: &[K], table: &[u8; 16], into: &mut [u8]) {
    for (key, into) in keys.iter().zip(into.iter_mut()) {
        *into = key.byte();
    }
    let count = keys.len().min(into.len());
    translate(simd, &mut into[..count], table);
}

/// Spreads the bits of a byte over eight: 1 where a bit is set.
pub(super) const SPREAD: [u64; 256] = {
    let mut spread = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            spread[byte] |= ((byte >> bit & 1) as u64) << (bit * 8);
            bit += 1;
        }
        byte += 1;
    }
    spread
};

/// Adds what follows from `bits` to `into`, a byte for each row: `weight` where the bit is set.
pub(super) fn add(bits: &Bits, weight: u8, into: &mut [u8; BLOCK]) {
    for (word, into) in bits.iter().zip(into.as_chunks_mut::<64>().0) {
        if *word == 0 {
            continue;
        }
        for (byte, into) in word.to_le_bytes().iter().zip(into.as_chunks_mut::<8>().0) {
            // No byte carries into the next: what is added stays far below 256.
            *into = (u64::from_le_bytes(*into) + SPREAD[usize::from(*byte)] * u64::from(weight)).to_le_bytes();
        }
    }
}

/// The rows of a set, in order.
pub(super) fn rows(bits: &Bits) -> impl Iterator<Item = usize> + '_ {
    bits.iter().enumerate().flat_map(|(place, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            (left != 0).then(|| {
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                place * 64 + bit
            })
        })
    })
}

/// The first `count` rows of a block.
pub(super) fn first(count: usize) -> Bits {
    std::array::from_fn(|place| match count.saturating_sub(place * 64) {
        0 => 0,
        left if left >= 64 => u64::MAX,
        left => (1 << left) - 1,
    })
}

pub(super) fn or_into(into: &mut Bits, bits: &Bits) {
    into.iter_mut().zip(bits).for_each(|(into, bits)| *into |= bits);
}

pub(super) fn and_into(into: &mut Bits, bits: &Bits) {
    into.iter_mut().zip(bits).for_each(|(into, bits)| *into &= bits);
}

/// Takes away.
pub(super) fn without(bits: &Bits, less: &Bits) -> Bits {
    std::array::from_fn(|place| bits[place] & !less[place])
}

pub(super) fn is_none(bits: &Bits) -> bool {
    bits.iter().fold(0, |any, word| any | word) == 0
}

pub(super) fn count(bits: &Bits) -> u64 {
    bits.iter().map(|word| u64::from(word.count_ones())).sum()
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
        let runs = [Run { first: 0, more: 0 }, Run { first: 7, more: 5 }, Run { first: 250, more: 0 }];
        let expected: Bits = std::array::from_fn(|word| {
            (0..64).map(|bit| (u64::from(matches!(classes[word * 64 + bit], 0 | 7..=12 | 250))) << bit).fold(0, |all, bit| all | bit)
        });
        let values: Vec<i64> = (0..1000).map(|row| row * 7919 % 1009 - 500).collect();
        let cuts = [-400, -1, 0, 77];
        let regions: Vec<u8> = values.iter().map(|value| cuts.iter().filter(|cut| value >= cut).count() as u8).collect();
        let table: [u8; 16] = std::array::from_fn(|at| (at * 3) as u8);
        assert!(kernels().len() > 1, "at least the best and one other");
        for kernel in kernels() {
            assert_eq!(kernel.mark(&classes, &runs), expected);
            let mut into = [0; 1000];
            kernel.regions(&values, &cuts, &mut into);
            assert_eq!(into.as_slice(), regions);
            kernel.translate(&mut into, &table);
            assert!(into.iter().zip(&regions).all(|(found, region)| *found == table[usize::from(*region)]));
            let keys: Vec<i32> = (0..1000).map(|row| row % 20 - 3).collect();
            kernel.look_up(&keys, &table, &mut into);
            assert!(into.iter().zip(&keys).all(|(found, key)| *found == table[if (0..15).contains(key) { *key as usize } else { 15 }]));
        }
    }

    #[test]
    fn rows_and_counts_agree() {
        let bits = first(130);
        assert_eq!((count(&bits), rows(&bits).last()), (130, Some(129)));
        let mut bytes = [0; BLOCK];
        add(&bits, 2, &mut bytes);
        add(&first(1), 1, &mut bytes);
        assert_eq!((bytes[0], bytes[129], bytes[130]), (3, 2, 0));
        assert!(is_none(&first(0)) && first(BLOCK) == ALL);
    }
}
