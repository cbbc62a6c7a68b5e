//! What does a directory say of a provider?

/// What a directory says of a provider at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever reads it decides about each: a new one breaks them on purpose"
)]
pub enum Listing {
    /// In the list at that instant.
    Listed,
    /// It was in the list before, and no longer at that instant.
    Delisted,
    /// Not in the list, which is complete for that instant.
    Unlisted,
    /// The directory cannot tell.
    Unknown,
}

impl Listing {
    /// Every listing, in the order in which one is preferred where an identity leads to several
    /// entries.
    pub const ALL: &'static [Self] = &[Self::Listed, Self::Delisted, Self::Unlisted, Self::Unknown];

    /// The stable name used in packs, documents and decisions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Delisted => "delisted",
            Self::Unlisted => "unlisted",
            Self::Unknown => "unknown",
        }
    }
}

impl std::fmt::Display for Listing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
