//! What a directory holds.

use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::error::DirectoryError;
use super::index::{Index, hash};
use super::known::Known;
use super::lookalike::marks::Marks;
use super::provider::Provider;
use super::read;
use super::snapshot::Snapshot;
use crate::digest::Digest;
use crate::time::{Period, Timestamp};

/// The sample that ships with the engine: names seen in public, no listing periods, not complete.
pub(super) const SAMPLE: &[u8] =
    include_bytes!(concat!(env!("CLEARTOSEND_PACKS"), "/directory/sample.json"));

/// A dated snapshot of the list of solution providers, indexed for search. Immutable.
#[derive(Debug)]
pub struct Directory {
    pub(super) source: String,
    pub(super) retrieved_at: Timestamp,
    pub(super) complete: bool,
    pub(super) covers: Period<Timestamp>,
    pub(super) digest: Digest,
    pub(super) providers: Vec<Provider>,
    pub(super) by_id: Index,
    pub(super) by_name: Index,
    pub(super) by_domain: Index,
    /// Built by the first search for a look-alike: most callers name a provider that is known, and
    /// it costs more than all the rest.
    pub(super) likeness: OnceCell<Marks>,
    /// What was found of those who were asked for before.
    pub(super) known: Known,
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
            known: Known::default(),
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
    pub fn covers(&self) -> Period<Timestamp> {
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

    /// The number of a provider of this directory.
    pub(super) fn number_of(&self, provider: &Provider) -> Option<u32> {
        let of_id = self.by_id.get(hash(provider.id()));
        of_id.into_iter().find(|at| self.at(*at).is_some_and(|known| std::ptr::eq(known, provider)))
    }

    pub(super) fn at(&self, at: u32) -> Option<&Provider> {
        self.providers.get(at as usize)
    }
}
