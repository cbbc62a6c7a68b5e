//! Names of members, and which of them were seen.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Visitor};

/// Reads a member's name and finds what it stands for: that, or that the name is unknown.
pub(super) struct NameSeed<F>(pub(super) F);

impl<'de, T, F: FnOnce(&str) -> Option<T>> DeserializeSeed<'de> for NameSeed<F> {
    type Value = Result<T, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T, F: FnOnce(&str) -> Option<T>> Visitor<'_> for NameSeed<F> {
    type Value = Result<T, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok((self.0)(name).ok_or_else(|| name.to_owned()))
    }
}

/// Which members of one object have been read.
pub(super) struct Seen {
    first: u64,
    /// Beyond 64 members, which only `x` can have.
    more: Vec<u64>,
}

impl Seen {
    pub(super) fn new(members: usize) -> Self {
        Self { first: 0, more: vec![0; members.div_ceil(64).saturating_sub(1)] }
    }

    /// Notes a member; whether it was there already.
    pub(super) fn insert(&mut self, index: usize) -> bool {
        let word = match (index / 64).checked_sub(1) {
            None => Some(&mut self.first),
            Some(place) => self.more.get_mut(place),
        };
        let Some(word) = word else { return false };
        let bit = 1 << (index % 64);
        let seen = *word & bit != 0;
        *word |= bit;
        seen
    }
}
