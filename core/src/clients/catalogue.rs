//! What the catalogue holds, and how it is asked.

use std::sync::Arc;

use super::address::{self, Address};
use super::ecosystem::{self, Ecosystem, KEY_BYTES_MAX, Key};
use super::likeness;
use super::source::Source;
use super::word::{ClientStatus, EntryConfidence, Kind, Likeness};
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
    /// What unofficial projects are called, as [`firm`] writes it; sorted.
    pub(super) firms: Vec<Box<str>>,
}

/// A name by its letters and digits alone, in small letters: `GREEN-API` and `Green API` are one.
pub(super) fn firm(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Last parts of listed images that anybody calls an image of their own.
const PLAIN_IMAGES: &[&str] = &["server", "server-cli", "api", "whatsapp"];

impl Catalogue {
    /// The entry of a name, or `None` where the catalogue has none or the ecosystem is unknown.
    ///
    /// Takes well under a microsecond and allocates nothing.
    pub fn find(&self, ecosystem: &str, name: &str) -> Option<&Client> {
        self.find_in(Ecosystem::find(ecosystem)?, name)
    }

    /// As [`find`](Self::find), where the ecosystem is already known.
    ///
    /// A package inside a Go module is found as its module, and an app as itself whatever version
    /// stands behind its name.
    pub fn find_in(&self, ecosystem: Ecosystem, name: &str) -> Option<&Client> {
        if let Some(client) = self.find_whole(ecosystem, name) {
            return Some(client);
        }
        let mut shorter = name;
        loop {
            shorter = ecosystem::without_last_part(ecosystem, shorter)?;
            if let Some(client) = self.find_whole(ecosystem, shorter) {
                return Some(client);
            }
        }
    }

    fn find_whole(&self, ecosystem: Ecosystem, name: &str) -> Option<&Client> {
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

    /// The listed client that a name which is not listed itself may be, and why.
    ///
    /// Names prove nothing: what is known by its likeness alone is undecided at most.
    pub fn likeness(&self, ecosystem: Ecosystem, name: &str) -> Option<(&Client, Likeness)> {
        if self.find_in(ecosystem, name).is_some() {
            return None;
        }
        if let Some(client) = self.copy_of(ecosystem, name) {
            return Some((client, Likeness::Copy));
        }
        let kin = match ecosystem {
            Ecosystem::Jsr => self.find_in(Ecosystem::Npm, name),
            Ecosystem::Conda => self.find_in(Ecosystem::Pypi, name),
            _ => None,
        };
        if let Some(client) = kin {
            return Some((client, Likeness::Kin));
        }
        let (ecosystem, original) = likeness::of(ecosystem, name)?;
        Some((self.find_in(ecosystem, original)?, Likeness::Fork))
    }

    /// The listed client of which a name with an owner in it has the whole last part, as
    /// `@other/baileys` has.
    pub fn namesake(&self, ecosystem: Ecosystem, name: &str) -> Option<&Client> {
        let (ecosystem, original) = likeness::same_last_part(ecosystem, name)?;
        self.find_in(ecosystem, original)
    }

    /// The listed image of which an image is a copy by its name: the last two parts of its path are
    /// the same, and the registry is another; or it has no owner at all, and the last part is the
    /// same.
    ///
    /// A mirror carries what it mirrors, but its name alone does not prove it.
    pub fn copy_of(&self, ecosystem: Ecosystem, name: &str) -> Option<&Client> {
        if ecosystem != Ecosystem::Docker || self.find_in(ecosystem, name).is_some() {
            return None;
        }
        let image = ecosystem::image_name(name);
        let parts = if ecosystem::has_owner(image) { 2 } else { 1 };
        let last_parts = ecosystem::last_parts(image, parts)?;
        if parts == 1 && PLAIN_IMAGES.iter().any(|plain| last_parts.eq_ignore_ascii_case(plain)) {
            return None;
        }
        let images = self.clients.iter().filter(|client| client.ecosystem == Ecosystem::Docker);
        images.into_iter().find(|client| {
            ecosystem::last_parts(&client.name, parts)
                .is_some_and(|parts| parts.eq_ignore_ascii_case(last_parts))
        })
    }

    /// The listed client, other than an official one, that a name with gaps in it may be: `*`
    /// stands for any text, as where a variable has no value.
    pub fn may_be(&self, ecosystem: Ecosystem, pattern: &str) -> Option<&Client> {
        let mut listed = self.clients.iter().filter(|client| {
            client.ecosystem == ecosystem && client.status > ClientStatus::Unrecognised
        });
        listed.find(|client| ecosystem::fits(&client.name, pattern))
    }

    /// The standing of a client, as in `access.clients`: of what only resembles a listed client at
    /// most undecided, and of a service that is named by its address that of the address.
    pub fn status_of(&self, client: &str) -> ClientStatus {
        let Ok(client) = ClientName::parse(client) else { return ClientStatus::Unrecognised };
        if let Some(entry) = self.find_in(client.ecosystem, &client.name) {
            return entry.status;
        }
        if client.ecosystem == Ecosystem::Hosted {
            let (host, path) = address::host_and_path(&client.name);
            if let Some(address) = self.find_address(host, path) {
                return address.status;
            }
        }
        match self.likeness(client.ecosystem, &client.name) {
            Some((entry, _)) if entry.status > ClientStatus::Unrecognised => {
                entry.status.min(ClientStatus::Undecided)
            }
            _ => ClientStatus::Unrecognised,
        }
    }

    /// Whether a client is listed as one that re-implements or drives the consumer client, which
    /// nobody has checked.
    pub fn is_alleged(&self, client: &str) -> bool {
        let Ok(client) = ClientName::parse(client) else { return false };
        self.find_in(client.ecosystem, &client.name).is_some_and(|entry| {
            entry.status == ClientStatus::Unchecked && entry.kind.is_unofficial()
        })
    }

    /// The name or the domain of a firm, whichever is that of a project that is unofficial, or that
    /// serves an unofficial way too: a name
    /// is compared by its letters and digits alone, a domain with the hosts of gateways below it.
    pub fn gateway<'n>(&self, name: Option<&'n str>, domain: Option<&'n str>) -> Option<&'n str> {
        let by_name = || {
            let name = name?;
            let key = firm(name);
            let is_listed = self.firms.binary_search_by(|known| (**known).cmp(&*key)).is_ok();
            is_listed.then_some(name)
        };
        let by_domain = || {
            let domain = domain?;
            let is_of = |address: &Address| address.is_of_domain(domain);
            self.addresses.iter().any(is_of).then_some(domain)
        };
        by_domain().or_else(by_name)
    }

    /// The entry that an address belongs to: by its host if one is listed, else by a path that
    /// stands for a gateway on any host.
    pub fn find_address(&self, host: &str, path: &str) -> Option<&Address> {
        let parts = address::parts_of(path);
        self.addresses.iter().find(|address| address.matches(host, &parts))
    }

    /// The gateway after which a part of a host is called, as `http://waha:3000` is within a
    /// network of containers, or `evolution-api.shop.example`.
    pub(crate) fn called_like_host(&self, host: &str) -> Option<&Client> {
        host.split('.').find_map(|label| {
            self.find_in(Ecosystem::Hosted, label)
                .or_else(|| self.copy_of(Ecosystem::Docker, label))
                .filter(|client| client.status > ClientStatus::Unrecognised)
        })
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
