//! Truth with a third value: Kleene's strong logic.

/// A truth value of a condition over facts that may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ternary {
    /// Holds for every completion of the unknown facts.
    True,
    /// Fails for every completion of the unknown facts.
    False,
    /// Undetermined.
    Undetermined,
}

impl Ternary {
    /// Both hold; a side that fails settles it.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            (Self::Undetermined, _) | (_, Self::Undetermined) => Self::Undetermined,
        }
    }

    /// One holds; a side that holds settles it.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, Self::False) => Self::False,
            (Self::Undetermined, _) | (_, Self::Undetermined) => Self::Undetermined,
        }
    }
}

impl From<bool> for Ternary {
    fn from(settled: bool) -> Self {
        if settled { Self::True } else { Self::False }
    }
}

/// `None` is not settled.
impl From<Option<bool>> for Ternary {
    fn from(settled: Option<bool>) -> Self {
        settled.map_or(Self::Undetermined, Self::from)
    }
}
