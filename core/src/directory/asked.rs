//! Whom is a directory asked for?

use super::names::{folded, registrable};
use super::provider::Provider;

/// What a caller knows of a provider. What is `None` was not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct Identity<'a> {
    /// Its id in the directory.
    pub id: Option<&'a str>,
    /// Its name.
    pub name: Option<&'a str>,
    /// Its web domain, at any depth: `app.hubtype.com` is as good as `hubtype.com`.
    pub domain: Option<&'a str>,
}

/// An identity in normal form.
#[derive(Clone, Debug)]
pub(super) struct Asked<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) name: Given,
    pub(super) domain: Given,
    /// As given, for look-alikes: the normal form drops subdomains.
    pub(super) identity: Identity<'a>,
}

/// An identifier in normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    No,
    As(String),
    /// It was given and can be nobody's, as a domain of one label.
    Nobodys,
}

impl<'a> Asked<'a> {
    pub(super) fn new(who: &Identity<'a>) -> Self {
        let given = |text: Option<&str>, normal: fn(&str) -> Option<String>| match text {
            None => Given::No,
            Some(text) => normal(text).map_or(Given::Nobodys, Given::As),
        };
        Self {
            id: who.id,
            name: given(who.name, folded),
            domain: given(who.domain, registrable),
            identity: *who,
        }
    }

    pub(super) fn is_nobody(&self) -> bool {
        self.id.is_none() && !self.name.is_given() && !self.domain.is_given()
    }

    /// Whether every given identifier is one of that provider's.
    pub(super) fn leads_to(&self, provider: &Provider) -> bool {
        self.id.is_none_or(|id| provider.entry.id == id)
            && self.name.is_not_or_in(&provider.names)
            && self.domain.is_not_or_in(&provider.domains)
    }
}

impl Given {
    pub(super) fn is_given(&self) -> bool {
        *self != Self::No
    }

    pub(super) fn is_not_or_in(&self, texts: &[String]) -> bool {
        match self {
            Self::No => true,
            Self::As(text) => texts.contains(text),
            Self::Nobodys => false,
        }
    }
}
