//! A truth value for one case, for 64 of them, or for a block.

/// A truth value for each of some cases that are worked out together: a `bool` for one, a bit a
/// case for more.
pub trait Truth: Copy {
    /// False for every case.
    const NONE: Self;

    /// Where both are true.
    #[must_use]
    fn and(&self, other: &Self) -> Self;

    /// Where one of them is true.
    #[must_use]
    fn or(&self, other: &Self) -> Self;

    /// Where this is true and the other is not.
    #[must_use]
    fn without(&self, other: &Self) -> Self;

    /// Whether it is false for every case.
    fn is_none(&self) -> bool;
}

/// One case.
impl Truth for bool {
    const NONE: Self = false;

    #[inline(always)]
    fn and(&self, other: &Self) -> Self {
        *self && *other
    }

    #[inline(always)]
    fn or(&self, other: &Self) -> Self {
        *self || *other
    }

    #[inline(always)]
    fn without(&self, other: &Self) -> Self {
        *self && !*other
    }

    #[inline(always)]
    fn is_none(&self) -> bool {
        !*self
    }
}

/// 64 of them.
impl Truth for u64 {
    const NONE: Self = 0;

    #[inline(always)]
    fn and(&self, other: &Self) -> Self {
        *self & *other
    }

    #[inline(always)]
    fn or(&self, other: &Self) -> Self {
        *self | *other
    }

    #[inline(always)]
    fn without(&self, other: &Self) -> Self {
        *self & !*other
    }

    #[inline(always)]
    fn is_none(&self) -> bool {
        *self == 0
    }
}

/// A block of words.
impl<const WORDS: usize> Truth for [u64; WORDS] {
    const NONE: Self = [0; WORDS];

    #[inline(always)]
    fn and(&self, other: &Self) -> Self {
        std::array::from_fn(|place| self[place] & other[place])
    }

    #[inline(always)]
    fn or(&self, other: &Self) -> Self {
        std::array::from_fn(|place| self[place] | other[place])
    }

    #[inline(always)]
    fn without(&self, other: &Self) -> Self {
        std::array::from_fn(|place| self[place] & !other[place])
    }

    #[inline(always)]
    fn is_none(&self) -> bool {
        self.iter().fold(0, |any, word| any | word) == 0
    }
}

/// The places of a word's set bits, in order.
pub(crate) fn places(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros() as usize;
            word &= word - 1;
            bit
        })
    })
}
