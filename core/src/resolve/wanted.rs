//! Which derived attributes are worked out?

use super::case::Needs;
use super::derivations::DERIVATIONS;
use crate::directory::Listing;
use crate::schema::attributes::{self as id, ORIGINS};
use crate::schema::{AttributeId, Origin};
use crate::value::Fact;

/// Which derived attributes to work out. Looking up a provider or a time zone costs more than all
/// rules together.
#[derive(Clone, Copy, Debug)]
pub struct Wanted(u128);

impl Wanted {
    /// All of them.
    pub const ALL: Self = Self(u128::MAX >> (128 - DERIVATIONS.len()));

    /// Those that callers may give.
    pub(super) const GIVEN_OR_DERIVED: Self = {
        let mut bits = 0;
        let mut place = 0;
        while place < DERIVATIONS.len() {
            if matches!(ORIGINS[DERIVATIONS[place].id.index()].1, Origin::GivenOrDerived) {
                bits |= 1 << place;
            }
            place += 1;
        }
        Self(bits)
    };

    /// Those that follow from who carries the messages, and from nothing else.
    pub(super) const OF_CARRIERS: Self = {
        let mut bits = 0;
        let mut place = 0;
        while place < DERIVATIONS.len() {
            if DERIVATIONS[place].basis.is_of_carriers() {
                bits |= 1 << place;
            }
            place += 1;
        }
        Self(bits)
    };

    const OF_PROVIDER: Self = Self::needing(Needs::PROVIDER);
    const OF_LINKS: Self = Self::needing(Needs::LINKS);
    const OF_WHEREABOUTS: Self = Self::needing(Needs::WHEREABOUTS);
    const OF_CLOCKS: Self = Self::needing(Needs::CLOCKS);

    /// Those that something asks for.
    pub fn those(wanted: impl Fn(AttributeId) -> bool) -> Self {
        let bits = DERIVATIONS
            .iter()
            .enumerate()
            .filter(|(_, row)| wanted(row.id))
            .map(|(place, _)| 1 << place);
        Self(bits.fold(0, |all, bit: u128| all | bit))
    }

    /// Those that are among both.
    pub(crate) const fn and(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// Whether that row is among them.
    pub(super) fn has(self, place: usize) -> bool {
        self.0.checked_shr(place as u32).is_some_and(|bits| bits & 1 == 1)
    }

    /// Those that need something.
    const fn needing(needs: Needs) -> Self {
        let mut bits = 0;
        let mut place = 0;
        while place < DERIVATIONS.len() {
            if DERIVATIONS[place].basis.needs.has(needs) {
                bits |= 1 << place;
            }
            place += 1;
        }
        Self(bits)
    }

    /// What they need.
    pub(super) const fn needs(self) -> Needs {
        let mut needs = Needs::NOTHING;
        if self.any(Self::OF_PROVIDER) {
            needs = needs.and(Needs::PROVIDER);
        }
        if self.any(Self::OF_LINKS) {
            needs = needs.and(Needs::LINKS);
        }
        if self.any(Self::OF_WHEREABOUTS) {
            needs = needs.and(Needs::WHEREABOUTS);
        }
        if self.any(Self::OF_CLOCKS) {
            needs = needs.and(Needs::CLOCKS);
        }
        needs
    }

    /// Those of them that follow from what is given of a recipient: from one attribute.
    pub(super) fn following(self, given: AttributeId) -> Self {
        let rows = DERIVATIONS.iter().enumerate();
        let follows = rows.filter(|(_, row)| row.basis.reads_of_recipient(given));
        Self(follows.fold(0, |all, (place, _)| all | 1 << place)).and(self)
    }

    /// Both.
    #[must_use]
    pub(crate) const fn or(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those that are not among others.
    #[must_use]
    pub(super) const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// That row alone.
    pub(super) const fn one(place: usize) -> Self {
        Self(1 << place)
    }

    /// None of them.
    pub(super) const NONE: Self = Self(0);

    /// Their rows, in order.
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            (left != 0).then(|| {
                let place = left.trailing_zeros() as usize;
                left &= left - 1;
                place
            })
        })
    }

    pub(super) const fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

/// Whether this is a listing that the directory cannot tell.
pub(super) fn is_open_listing(id: AttributeId, fact: &Fact) -> bool {
    id == id::PROVIDER_LISTING && fact.text() == Some(Listing::Unknown.name())
}
