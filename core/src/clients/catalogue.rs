//! What the catalogue holds, and how it is asked.

use std::sync::Arc;

use super::address::Address;
use super::ecosystem::{self, Ecosystem, KEY_BYTES_MAX, Key};
use super::source::Source;
use super::word::{ClientStatus, EntryConfidence, Kind};
use super::written::ClientName;
use crate::digest::Digest;

/// One name of one project.
#[derive(Clone, Debug)]
pub struct Client {
    /// The project, which may have other names and addresses.
    pub project: Arc<str>,
    /// Where the name is registered.
    pub ecosystem: Ecosystem,
    /// The name as its makers write it.
    pub name: Arc<str>,
    /// Its standing. Never [`ClientStatus::Unrecognised`].
    pub status: ClientStatus,
    /// How it talks to WhatsApp.
    pub kind: Kind,
    /// How well the entry is founded.
    pub confidence: EntryConfidence,
    /// The day that the entry speaks of, as `2026-11-23`.
    pub seen: Arc<str>,
    /// What it is, in one or two sentences.
    pub note: Arc<str>,
    /// The question whose answer decides; always there for what is undecided.
    pub ask: Option<Arc<str>>,
    /// Where the name was seen.
    pub source: Arc<Source>,
    /// The name, normalised: what is compared.
    pub(super) key: Box<[u8]>,
}

/// A dated list of clients. Immutable; share it by [`Arc`].
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub(super) version: semver::Version,
    pub(super) dated: Arc<str>,
    pub(super) digest: Digest,
    /// Sorted by ecosystem and key, without duplicates.
    pub(super) clients: Vec<Client>,
    /// In the order of the file; hosts before paths.
    pub(super) addresses: Vec<Address>,
}

impl Catalogue {
    /// The entry of a name, or `None` where the catalogue has none or the ecosystem is unknown.
    ///
    /// Takes well under a microsecond and allocates nothing.
    pub fn find(&self, ecosystem: &str, name: &str) -> Option<&Client> {
        self.find_in(Ecosystem::find(ecosystem)?, name)
    }

    /// As [`find`](Self::find), where the ecosystem is already known.
    pub fn find_in(&self, ecosystem: Ecosystem, name: &str) -> Option<&Client> {
        let mut buffer = [0; KEY_BYTES_MAX];
        let key = Key::of(ecosystem, name).write(&mut buffer)?;
        let at = self
            .clients
            .binary_search_by(|client| {
                client.ecosystem.cmp(&ecosystem).then_with(|| (*client.key).cmp(key))
            })
            .ok()?;
        self.clients.get(at)
    }

    /// The listed image of which an image is a copy by its name: the last two parts of its path are
    /// the same, and the registry is another.
    ///
    /// A mirror carries what it mirrors, but its name alone does not prove it.
    pub fn copy_of(&self, ecosystem: Ecosystem, name: &str) -> Option<&Client> {
        if ecosystem != Ecosystem::Docker || self.find_in(ecosystem, name).is_some() {
            return None;
        }
        let last_parts = ecosystem::last_parts(ecosystem::image_name(name), 2)?;
        let images = self.clients.iter().filter(|client| client.ecosystem == Ecosystem::Docker);
        images.into_iter().find(|client| {
            ecosystem::last_parts(&client.name, 2)
                .is_some_and(|parts| parts.eq_ignore_ascii_case(last_parts))
        })
    }

    /// The standing of a client, as in `access.clients`: of a copy of a listed image at most
    /// undecided, since its name alone proves nothing.
    pub fn status_of(&self, client: &str) -> ClientStatus {
        let Ok(client) = ClientName::parse(client) else { return ClientStatus::Unrecognised };
        if let Some(entry) = self.find_in(client.ecosystem, &client.name) {
            return entry.status;
        }
        match self.copy_of(client.ecosystem, &client.name) {
            Some(entry) if entry.status > ClientStatus::Unrecognised => {
                entry.status.min(ClientStatus::Undecided)
            }
            _ => ClientStatus::Unrecognised,
        }
    }

    /// The entry that an address belongs to: by its host if one is listed, else by a path that
    /// stands for a gateway on any host.
    pub fn find_address(&self, host: &str, path: &str) -> Option<&Address> {
        self.addresses.iter().find(|address| address.matches(host, path))
    }

    /// Every host, and then every path, in the order of the file.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Every entry, by ecosystem and then by normalised name.
    pub fn clients(&self) -> &[Client] {
        &self.clients
    }

    /// The catalogue's own version.
    pub fn version(&self) -> &semver::Version {
        &self.version
    }

    /// The day of its newest look at the world, as `2026-11-23`.
    pub fn dated(&self) -> &str {
        &self.dated
    }

    /// The digest of the file.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}
