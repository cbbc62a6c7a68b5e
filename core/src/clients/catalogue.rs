//! What the catalogue holds, and how it is asked.

use std::sync::Arc;

use super::address::{self, Address};
use super::ecosystem::{self, Ecosystem, KEY_BYTES_MAX, Key};
use super::likeness;
use super::source::Source;
use super::word::{ClientStatus, EntryConfidence, Kind, Likeness};
use super::written::ClientName;
use crate::digest::Digest;
use crate::directory;

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
    /// What services and apps are called, as [`firm`] writes it, each with its client; sorted.
    pub(super) sold: Vec<(Box<str>, usize)>,
}

/// A name by its letters and digits alone, in small letters: `GREEN-API` and `Green API` are one.
pub(super) fn firm(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether whoever is called like a project of that standing is asked about.
pub(super) fn counts(status: ClientStatus) -> bool {
    matches!(status, ClientStatus::Unofficial | ClientStatus::Undecided)
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
        if let Some(entry) = self.begins_as(client.ecosystem, &client.name) {
            return entry.status.min(ClientStatus::Undecided);
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

    /// Whether WhatsApp's own app for businesses, which a person uses by hand, is meant.
    pub fn is_business_app(&self, client: &str) -> bool {
        let Ok(client) = ClientName::parse(client) else { return false };
        let entry = self.find_in(client.ecosystem, &client.name);
        entry.is_some_and(|entry| entry.kind == Kind::BusinessApp)
    }

    /// The service or app whose name stands at the beginning of another, as of `WAHA Plus`,
    /// `Unipile Inc` and `com.whatsapp:2.24`; of several the longest.
    fn begins_as(&self, ecosystem: Ecosystem, name: &str) -> Option<&Client> {
        if !matches!(ecosystem, Ecosystem::App | Ecosystem::Hosted) {
            return None;
        }
        // An app is one also where somebody calls it a service.
        let known = self.find_in(Ecosystem::App, name).or_else(|| self.sold_in(name));
        known.filter(|entry| entry.status > ClientStatus::Unrecognised)
    }

    /// The service or app that a name begins with, or one of several that it joins: as by `Twilio +
    /// Green API`, `Acme (WAHA)`, `hosted:twilio and ultramsg`.
    fn sold_in(&self, name: &str) -> Option<&Client> {
        const MARKS: &[char] =
            &[',', ';', '|', '&', '+', '/', '(', '[', '{', '>', '→', '、', '，', '／', '·', '•'];
        const WORDS: &[&str] = &["and", "y", "e", "und", "et", "via", "con", "com", "by", "with"];
        let mut parts: Vec<String> = vec![String::new()];
        for part in name.split(MARKS) {
            parts.push(String::new());
            for word in part.split_whitespace() {
                if WORDS.contains(&word.to_lowercase().as_str()) {
                    parts.push(String::new());
                } else if let Some(last) = parts.last_mut() {
                    last.push_str(word);
                    last.push(' ');
                }
            }
        }
        let parts = parts.iter().map(String::as_str);
        let found = std::iter::once(name).chain(parts).filter_map(|part| self.sold_as(part));
        found.max_by_key(|entry| entry.status)
    }

    /// The service or app that the first words of a name are, the longest first.
    fn sold_as(&self, name: &str) -> Option<&Client> {
        /// LIMIT: words of a name that are compared.
        const WORDS_MAX: usize = 8;
        let mut key = String::new();
        let mut found = None;
        let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        for word in words.take(WORDS_MAX) {
            key.push_str(&firm(word));
            let at = self.sold.binary_search_by(|(known, _)| (**known).cmp(&*key));
            if let Some((_, client)) = at.ok().and_then(|at| self.sold.get(at)) {
                found = self.clients.get(*client);
            }
        }
        found
    }

    /// The name, the id or the domain of a firm, whichever is that of a project that is unofficial,
    /// or that serves an unofficial way too: a name is compared by its letters and digits alone,
    /// without a legal form, and by its first words with the names of services; a domain with the
    /// hosts of gateways below it.
    pub fn gateway<'n>(
        &self,
        names: [Option<&'n str>; 2],
        domain: Option<&'n str>,
    ) -> Option<&'n str> {
        let is_listed = |name: &str| {
            let key = firm(name);
            self.firms.binary_search_by(|known| (**known).cmp(&*key)).is_ok()
        };
        let is_known = |name: &&str| {
            is_listed(name)
                || directory::bare_name(name).is_some_and(|bare| is_listed(&bare))
                || self.sold_in(name).is_some_and(|entry| counts(entry.status))
                || self.is_domain_of_gateway(name)
        };
        let by_name = || names.into_iter().flatten().find(is_known);
        let by_domain = || domain.filter(|domain| self.is_domain_of_gateway(domain));
        by_domain().or_else(by_name)
    }

    /// Whether a domain, or the address of a page below it, is that of a gateway: names of firms
    /// are written so too.
    fn is_domain_of_gateway(&self, text: &str) -> bool {
        let (host, _) = address::host_and_path(text);
        let registered = directory::registrable(host);
        let registered = registered.as_deref().unwrap_or_default();
        let is_hosts = || {
            self.addresses
                .iter()
                .any(|address| address.is_of_domain(host) || address.is_of_domain(registered))
        };
        directory::is_domain(host) && (is_hosts() || self.is_called_as_sold(registered))
    }

    /// Whether a domain is called as a gateway that is sold, `ultramsg.net` as `ultramsg.com` is. A
    /// library's name may be anybody's: `baileys.com` sells drinks.
    fn is_called_as_sold(&self, domain: &str) -> bool {
        let key = firm(domain.split('.').next().unwrap_or_default());
        let found = self.sold.binary_search_by(|(known, _)| (**known).cmp(&*key));
        let client = found.ok().and_then(|at| self.clients.get(self.sold.get(at)?.1));
        client.is_some_and(|client| {
            counts(client.status)
                && matches!(client.kind, Kind::Gateway | Kind::Hosted | Kind::Both)
        })
    }

    /// The entry that an address belongs to: by its host if one is listed, else by a path that
    /// stands for a gateway on any host.
    pub fn find_address(&self, host: &str, path: &str) -> Option<&Address> {
        let parts = address::parts_of(path);
        self.addresses.iter().find(|address| address.matches(host, &parts))
    }

    /// The gateway after which a part of a host is called, as `http://waha:3000` is within a
    /// network of containers, or `evolution-api-2.shop.example`.
    pub(crate) fn called_like_host(&self, host: &str) -> Option<&Client> {
        host.split('.')
            .find_map(|label| self.of_label(label))
            .or_else(|| self.called_below_domain(host))
    }

    /// As where a host is called after a gateway, by the labels that stand below the domain that
    /// its owner registered, which may be anybody's: `baileys.com` sells drinks.
    pub fn called_below_domain(&self, host: &str) -> Option<&Client> {
        let labels = directory::below_registrable(host).split('.');
        labels.into_iter().find_map(|label| {
            // One of several containers is numbered, and around the name of a library stand words
            // of whoever runs it.
            let bare = label.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
            self.of_label(label).or_else(|| self.of_label(bare)).or_else(|| {
                let (ecosystem, original) = likeness::of(Ecosystem::Hosted, label)?;
                self.find_in(ecosystem, original)
            })
        })
    }

    /// The gateway that a label of a host is called.
    fn of_label(&self, label: &str) -> Option<&Client> {
        self.find_in(Ecosystem::Hosted, label)
            .or_else(|| self.copy_of(Ecosystem::Docker, label))
            .filter(|client| client.status > ClientStatus::Unrecognised)
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
