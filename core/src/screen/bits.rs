//! One bit for each row of a block.

use std::ops::{Deref, DerefMut};

use crate::matching::bits::{Truth, places};

/// Rows of a block.
///
/// A column of a block is 1 KiB, so 25 of them and the bitsets over them fit into 32 KiB, the
/// smallest first-level cache there is.
pub(super) const BLOCK: usize = 1024;
/// Words of a bitset over a block.
pub(super) const WORDS: usize = BLOCK / 64;

/// One bit for each row of a block: a set of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits([u64; WORDS]);
impl Bits {
    /// No row.
    pub(super) const NONE: Self = Self([0; WORDS]);
    /// Every row.
    pub(super) const ALL: Self = Self([u64::MAX; WORDS]);

    /// Those words, 64 rows each.
    #[inline(always)]
    pub(super) fn of_words(word: impl FnMut(usize) -> u64) -> Self {
        Self(std::array::from_fn(word))
    }

    /// The first `count` rows.
    #[inline(always)]
    pub(super) fn first(count: usize) -> Self {
        Self::of_words(|place| match count.saturating_sub(place * 64) {
            0 => 0,
            left if left >= 64 => u64::MAX,
            left => (1 << left) - 1,
        })
    }

    /// That row alone.
    pub(super) fn only(row: usize) -> Self {
        let mut bits = Self::NONE;
        bits.set(row);
        bits
    }

    /// The rows that have that value.
    pub(super) fn of_rows_with<T: PartialEq>(values: &[T; BLOCK], wanted: &T) -> Self {
        Self::of_words(|word| {
            let rows = &values[word * 64..word * 64 + 64];
            rows.iter()
                .enumerate()
                .fold(0, |bits, (bit, value)| bits | u64::from(value == wanted) << bit)
        })
    }

    /// What both have.
    #[inline(always)]
    #[must_use]
    pub(super) fn and(&self, other: &Self) -> Self {
        Self(self.0.and(&other.0))
    }

    /// What this has and the other has not.
    #[inline(always)]
    #[must_use]
    pub(super) fn without(&self, less: &Self) -> Self {
        Self(self.0.without(&less.0))
    }

    /// Adds the rows of another set.
    #[inline(always)]
    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(into, bits)| *into |= bits);
    }

    /// Adds a row.
    pub(super) fn set(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    /// Adds a row, if it is wanted.
    #[inline]
    pub(super) fn put(&mut self, row: usize, is_wanted: bool) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word |= u64::from(is_wanted) << (row % 64);
        }
    }

    /// Takes a row away.
    pub(super) fn clear(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word &= !(1 << (row % 64));
        }
    }

    /// Whether it has a row.
    pub(super) fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Whether it has none.
    #[inline(always)]
    pub(super) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// How many rows it has.
    #[inline(always)]
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The rows, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.0
            .iter()
            .enumerate()
            .flat_map(|(place, word)| places(*word).map(move |bit| place * 64 + bit))
    }

    /// Adds what follows from it to `into`, a byte for each row: `weight` where the bit is set.
    #[inline(always)]
    pub(super) fn weigh(&self, weight: u8, into: &mut [u8; BLOCK]) {
        for (word, into) in self.0.iter().zip(into.as_chunks_mut::<64>().0) {
            if *word == 0 {
                continue;
            }
            for (byte, into) in word.to_le_bytes().iter().zip(into.as_chunks_mut::<8>().0) {
                // No byte carries into the next: what is added stays far below 256.
                *into = (u64::from_le_bytes(*into)
                    + SPREAD[usize::from(*byte)] * u64::from(weight))
                .to_le_bytes();
            }
        }
    }
}

/// A block's rows, for the specification of matching.
impl Truth for Bits {
    const NONE: Self = Self::NONE;

    #[inline(always)]
    fn and(&self, other: &Self) -> Self {
        Self(self.0.and(&other.0))
    }

    #[inline(always)]
    fn or(&self, other: &Self) -> Self {
        Self(self.0.or(&other.0))
    }

    #[inline(always)]
    fn without(&self, other: &Self) -> Self {
        Self(self.0.without(&other.0))
    }

    #[inline(always)]
    fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

/// Its words, 64 rows each.
impl Deref for Bits {
    type Target = [u64; WORDS];

    #[inline(always)]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Bits {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// Spreads the bits of a byte over eight: 1 where a bit is set.
const SPREAD: [u64; 256] = {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_counts_agree() {
        let bits = Bits::first(130);
        assert_eq!((bits.count(), bits.rows().last()), (130, Some(129)));
        assert!(bits.has(129) && !bits.has(130));
        let mut bytes = [0; BLOCK];
        bits.weigh(2, &mut bytes);
        Bits::only(0).weigh(1, &mut bytes);
        assert_eq!((bytes[0], bytes[129], bytes[130]), (3, 2, 0));
        assert!(Bits::first(0).is_none() && Bits::first(BLOCK) == Bits::ALL);
        let mut both = Bits::only(7);
        both.add(&Bits::only(64));
        assert_eq!(both.rows().collect::<Vec<_>>(), [7, 64]);
        assert_eq!(both.without(&Bits::first(8)), Bits::only(64));
        assert_eq!(Bits::of_rows_with(&bytes, &3), Bits::only(0));
    }
}
