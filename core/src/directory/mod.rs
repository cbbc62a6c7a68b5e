//! Who was listed, when? Who looks alike?
//!
//! In goes a directory, one JSON file (`docs/reference/directory-format.md`), or one merged from
//! several; out comes a [`Directory`] that never changes and answers [`Directory::find`]: was this
//! provider listed at that instant, and if it is none that the directory knows, does it imitate
//! one? A directory does not know what it does not cover: *unlisted* needs one that is complete for
//! that instant.

use std::sync::Arc;

use once_cell::sync::OnceCell;

use crate::digest::Digest;
use crate::time::Timestamp;

mod error;
#[cfg(feature = "csv")]
pub mod import;
mod index;
mod lookalike;
mod merge;
mod names;
mod read;
mod snapshot;

pub use error::DirectoryError;
pub use lookalike::{Lookalike, Reason};
pub use merge::{Change, Difference, diff};
pub(crate) use names::a_labels;
pub use names::{DATA_VERSION, is_domain, meant_domain};
pub use snapshot::{Entry, Listed, Period, Snapshot};

use index::{Index, hash};
use names::{folded, registrable, without_legal_form};

/// The sample that ships with the engine: names seen in public, no listing periods, not complete.
const SAMPLE: &[u8] = include_bytes!("../../../packs/directory/sample.json");

/// A dated snapshot of the list of solution providers, indexed for search. Immutable.
#[derive(Debug)]
pub struct Directory {
    source: String,
    retrieved_at: Timestamp,
    complete: bool,
    covers: Period,
    digest: Digest,
    providers: Vec<Provider>,
    by_id: Index,
    by_name: Index,
    by_domain: Index,
    /// Built by the first search for a look-alike: most callers name a provider that is known, and
    /// it costs more than all the rest.
    likeness: OnceCell<lookalike::Marks>,
}

/// One provider of a directory.
#[derive(Debug)]
pub struct Provider {
    entry: Entry,
    /// The normal forms of the name and the aliases, in that order.
    names: Vec<String>,
    /// The registrable domains, as A-labels.
    domains: Vec<String>,
}

/// What a caller knows of a provider. What is `None` was not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity<'a> {
    /// Its id in the directory.
    pub id: Option<&'a str>,
    /// Its name.
    pub name: Option<&'a str>,
    /// Its web domain, at any depth: `app.hubtype.com` is as good as `hubtype.com`.
    pub domain: Option<&'a str>,
}

/// What a directory says of a provider at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// The answer to [`Directory::find`].
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// What the directory says.
    pub listing: Listing,
    /// The entry that every given identifier leads to.
    pub entry: Option<&'a Provider>,
    /// The known provider that this one imitates; never set together with `entry`.
    pub lookalike: Option<Lookalike<'a>>,
}

impl Directory {
    /// Reads a directory file.
    ///
    /// # Errors
    /// Nothing is skipped: an unknown, missing or repeated member, a wrong type, a bad date,
    /// period, role or domain, and an id that two providers share are each an error with the path,
    /// and nothing is loaded.
    pub fn from_json(bytes: &[u8]) -> Result<Self, DirectoryError> {
        Self::build(read::snapshot(bytes)?, Digest::of(bytes))
    }

    /// The directory of a snapshot; its digest is over [`Snapshot::to_json`].
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_snapshot(snapshot: Snapshot) -> Result<Self, DirectoryError> {
        let digest = Digest::of(snapshot.to_json().as_bytes());
        Self::build(snapshot, digest)
    }

    /// The sample that ships with the engine, loaded once.
    ///
    /// # Errors
    /// Never in a released engine: the sample is loaded in its tests.
    pub fn built_in() -> Result<Arc<Self>, DirectoryError> {
        static BUILT_IN: OnceCell<Arc<Directory>> = OnceCell::new();
        BUILT_IN.get_or_try_init(|| Self::from_json(SAMPLE).map(Arc::new)).cloned()
    }

    fn build(snapshot: Snapshot, digest: Digest) -> Result<Self, DirectoryError> {
        let normal_forms = snapshot.check()?;
        let Snapshot { source, retrieved_at, complete, covers, providers } = snapshot;
        let providers: Vec<Provider> = providers
            .into_iter()
            .zip(normal_forms)
            .map(|(entry, forms)| Provider { entry, names: forms.names, domains: forms.domains })
            .collect();
        let index = |keys: &dyn Fn(&Provider) -> Vec<u64>| {
            Index::new(
                (0_u32..)
                    .zip(&providers)
                    .flat_map(|(at, provider)| keys(provider).into_iter().map(move |key| (key, at)))
                    .collect(),
            )
        };
        let hashes = |texts: &[String]| texts.iter().map(|text| hash(text)).collect();
        Ok(Self {
            source,
            retrieved_at,
            complete,
            covers,
            digest,
            by_id: index(&|provider| vec![hash(&provider.entry.id)]),
            by_name: index(&|provider| hashes(&provider.names)),
            by_domain: index(&|provider| hashes(&provider.domains)),
            likeness: OnceCell::new(),
            providers,
        })
    }

    /// Where the list came from, in words.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// When the list was retrieved.
    pub fn retrieved_at(&self) -> Timestamp {
        self.retrieved_at
    }

    /// Whether the directory names every provider that was listed in [`Self::covers`].
    pub fn complete(&self) -> bool {
        self.complete
    }

    /// The period that the directory speaks of; without an end it goes on after the retrieval.
    pub fn covers(&self) -> Period {
        self.covers
    }

    /// The digest of the file, byte for byte, or of the snapshot's JSON.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The providers, in the order of the file.
    pub fn providers(&self) -> &[Provider] {
        &self.providers
    }

    /// The provider of that id.
    pub fn provider(&self, id: &str) -> Option<&Provider> {
        self.by_id.get(hash(id)).filter_map(|at| self.at(at)).find(|provider| provider.id() == id)
    }

    /// What the directory says of a provider at an instant.
    ///
    /// *Listed* needs every given identifier to lead to the same entry. Where an identity leads to
    /// several entries (two of one name), the best listing counts, and of equals the first in the
    /// file. What leads nowhere is *unlisted* if the directory is complete and covers the instant,
    /// and else *unknown*; an identity that gives nothing is unknown.
    pub fn find(&self, who: &Identity<'_>, at: Timestamp) -> Found<'_> {
        let asked = Asked::new(who);
        // What cannot be used says nothing, for or against: nobody is accused of how somebody wrote
        // an address.
        if asked.is_nobody() || asked.domain == Given::Nobodys || asked.name == Given::Nobodys {
            return Found { listing: Listing::Unknown, entry: None, lookalike: None };
        }
        let best = self
            .candidates(&asked)
            .filter(|provider| asked.leads_to(provider))
            .map(|provider| (self.listing(provider, at), provider))
            .min_by_key(|(listing, _)| *listing);
        if let Some((listing, provider)) = best {
            return Found { listing, entry: Some(provider), lookalike: None };
        }
        // A firm may be called by its name with the legal form, which lists leave out.
        if let Given::As(name) = &asked.name
            && let Some(name) = without_legal_form(name)
        {
            let asked = Asked { name: Given::As(name), ..asked.clone() };
            let known = self.candidates(&asked).filter(|provider| asked.leads_to(provider));
            if let Some((listing, provider)) = known
                .map(|provider| (self.listing(provider, at), provider))
                .min_by_key(|(listing, _)| *listing)
            {
                return Found { listing, entry: Some(provider), lookalike: None };
            }
        }
        Found {
            listing: self.listing_of_stranger(&asked, at),
            entry: None,
            lookalike: self.lookalike(&asked),
        }
    }

    /// What the directory says at an instant of a provider that it names.
    pub fn listing(&self, provider: &Provider, at: Timestamp) -> Listing {
        let listed = &provider.entry.listed;
        if listed.is_empty() {
            Listing::Unknown
        } else if listed.iter().any(|listed| listed.period.contains(at)) {
            Listing::Listed
        } else if listed.iter().any(|listed| listed.period.until.is_some_and(|until| until <= at)) {
            Listing::Delisted
        } else {
            self.listing_of_absent(at)
        }
    }

    /// For an instant at which a list that named a provider would have said so.
    fn listing_of_absent(&self, at: Timestamp) -> Listing {
        if self.complete && self.covers.contains(at) { Listing::Unlisted } else { Listing::Unknown }
    }

    /// For an identity of which no entry fits all of it.
    ///
    /// An entry that fits but for a domain, and has no domain on record, is not contradicted: the
    /// directory does not know.
    fn listing_of_stranger(&self, asked: &Asked<'_>, at: Timestamp) -> Listing {
        let undecided = || {
            let without_domain = Asked { domain: Given::No, ..asked.clone() };
            !without_domain.is_nobody()
                && self.candidates(&without_domain).any(|provider| {
                    provider.domains.is_empty() && without_domain.leads_to(provider)
                })
        };
        if asked.domain.is_given() && undecided() {
            Listing::Unknown
        } else {
            self.listing_of_absent(at)
        }
    }

    /// The entries that one of the given identifiers may lead to: by id, else by domain, else by
    /// name.
    fn candidates(&self, asked: &Asked<'_>) -> impl Iterator<Item = &Provider> {
        let found = match (asked.id, &asked.domain, &asked.name) {
            (Some(id), _, _) => Some(self.by_id.get(hash(id))),
            (None, Given::As(domain), _) => Some(self.by_domain.get(hash(domain))),
            (None, Given::No, Given::As(name)) => Some(self.by_name.get(hash(name))),
            _ => None,
        };
        found.into_iter().flatten().filter_map(|at| self.at(at))
    }

    fn at(&self, at: u32) -> Option<&Provider> {
        self.providers.get(at as usize)
    }
}

impl Provider {
    /// Its id, unique in the directory.
    pub fn id(&self) -> &str {
        &self.entry.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.entry.name
    }

    /// Its other, former or later names.
    pub fn aliases(&self) -> &[String] {
        &self.entry.aliases
    }

    /// Its web domains, as the directory writes them.
    pub fn domains(&self) -> &[String] {
        &self.entry.domains
    }

    /// The role that it is listed in, where the directory says so; a value of `provider.role`.
    pub fn role(&self) -> Option<&str> {
        self.entry.role.as_deref()
    }

    /// The periods in which it was listed, in the order of the file.
    pub fn listed(&self) -> &[Listed] {
        &self.entry.listed
    }

    /// What the entry rests on, in words.
    pub fn evidence(&self) -> Option<&str> {
        self.entry.evidence.as_deref()
    }

    /// All of it.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }
}

/// An identity in normal form.
#[derive(Clone, Debug)]
struct Asked<'a> {
    id: Option<&'a str>,
    name: Given,
    domain: Given,
    /// As given, for look-alikes: the normal form drops subdomains.
    told: Identity<'a>,
}

/// An identifier in normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Given {
    No,
    As(String),
    /// It was given and can be nobody's, as a domain of one label.
    Nobodys,
}

impl<'a> Asked<'a> {
    fn new(who: &Identity<'a>) -> Self {
        let given = |text: Option<&str>, normal: fn(&str) -> Option<String>| match text {
            None => Given::No,
            Some(text) => normal(text).map_or(Given::Nobodys, Given::As),
        };
        Self {
            id: who.id,
            name: given(who.name, folded),
            domain: given(who.domain, registrable),
            told: *who,
        }
    }

    fn is_nobody(&self) -> bool {
        self.id.is_none() && !self.name.is_given() && !self.domain.is_given()
    }

    /// Whether every given identifier is one of that provider's.
    fn leads_to(&self, provider: &Provider) -> bool {
        self.id.is_none_or(|id| provider.entry.id == id)
            && self.name.is_not_or_in(&provider.names)
            && self.domain.is_not_or_in(&provider.domains)
    }
}

impl Given {
    fn is_given(&self) -> bool {
        *self != Self::No
    }

    fn is_not_or_in(&self, texts: &[String]) -> bool {
        match self {
            Self::No => true,
            Self::As(text) => texts.contains(text),
            Self::Nobodys => false,
        }
    }
}

#[cfg(test)]
mod tests;
