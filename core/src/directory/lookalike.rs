//! Does it imitate one that we know?

use super::{Asked, Directory, Given, Provider};

/// A known provider that another one imitates.
#[derive(Clone, Debug)]
pub struct Lookalike<'a> {
    /// The one that is imitated.
    pub of: &'a Provider,
    /// How, in the order of [`Reason`]; never empty.
    pub reasons: Vec<Reason>,
}

/// How a name or domain imitates another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The right name with another domain.
    OtherDomain,
}

impl Reason {
    /// A stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OtherDomain => "other-domain",
        }
    }

    /// What it means, as a sentence without a full stop.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::OtherDomain => "the name is a known provider's, the domain is none of its domains",
        }
    }
}

/// What look-alikes are searched with.
#[derive(Debug)]
pub(super) struct Likeness;

impl Likeness {
    pub(super) fn new(_: &[Provider]) -> Self {
        Self
    }
}

impl Directory {
    pub(super) fn lookalike(&self, asked: &Asked<'_>) -> Option<Lookalike<'_>> {
        let _ = (&self.likeness, &asked.told);
        let Given::As(name) = &asked.name else { return None };
        let of = self.by_name.get(super::hash(name)).filter_map(|at| self.at(at)).find(|provider| provider.names.contains(name))?;
        (asked.domain.is_given() && !of.domains.is_empty()).then(|| Lookalike { of, reasons: vec![Reason::OtherDomain] })
    }
}
