//! Is this package, image, service or address an official way to WhatsApp?
//!
//! In: the dated catalogue in `packs/clients/catalogue.toml`, which is compiled in, or another file
//! of the same form: one record a project, with all its names. Out: a [`Catalogue`], asked by
//! ecosystem and name, or by the address that messages are posted to. A name matches whole, after
//! the normalisation of its ecosystem (see [`Ecosystem`]); parts of names never match, since
//! `whatsapp` on npm is Meta's own SDK and `jagproject` is not. A [`ClientName`] is a client as
//! callers write it.
//!
//! A catalogue does not know what it does not list: such a client is
//! [`ClientStatus::Unrecognised`], which accuses nobody. An entry that nobody has confirmed is
//! [`ClientStatus::Unchecked`], whatever is said of it; a catalogue that claims more is refused.

use std::fmt;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use crate::digest::Digest;

/// Declares a fieldless enum with its stable names, so that the name list cannot drift from the
/// variants.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every variant, in declaration order, which is also the order of `Ord`.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name used in catalogues, documents and reports.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The variant of that name, if there is one.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names! {
    /// The standing of a client, the worst last: of several clients the worst counts.
    ClientStatus {
        /// Posts to the official API.
        Official = "official",
        /// The catalogue does not list it.
        Unrecognised = "unrecognised",
        /// The catalogue lists it, but nobody has confirmed what is said of it.
        Unchecked = "unchecked",
        /// It serves the official API and an unofficial way alike, or its name does not tell.
        Undecided = "undecided",
        /// Re-implements or drives the consumer client.
        Unofficial = "unofficial",
    }
}

names! {
    /// How a client talks to WhatsApp.
    Kind {
        /// Re-implements the protocol of a linked device.
        Web = "web",
        /// Re-implements the old protocol of the phone app.
        Phone = "phone",
        /// Drives the web client in a browser.
        Browser = "browser",
        /// Drives an app by clicks, keys or pictures.
        Gui = "gui",
        /// An HTTP service over one of the above, or a client of such a service.
        Gateway = "gateway",
        /// Such a service sold by a third party.
        Hosted = "hosted",
        /// A modified copy of the app.
        ModifiedApp = "modified_app",
        /// The official API.
        Cloud = "cloud",
        /// The official API or an unofficial way: only the configuration tells.
        Both = "both",
        /// Not known.
        Unstated = "unstated",
    }
}

names! {
    /// How well an entry is founded.
    Confidence {
        /// The name stands in its registry's public list, with a summary that tells the kind.
        Listed = "listed",
        /// The name was seen in public code or pages.
        Secondary = "secondary",
        /// No page was read. Such an entry is always unchecked.
        Unconfirmed = "unconfirmed",
    }
}

mod address;
mod ecosystem;
mod read;
mod written;

pub(crate) use address::is_within;
pub use address::{Address, Pattern};
pub use ecosystem::Ecosystem;
pub use read::CatalogueError;
pub use written::{ClientName, ClientNameError};

use ecosystem::{KEY_BYTES_MAX, Key};

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
    pub confidence: Confidence,
    /// The day that the entry speaks of, as `2026-11-23`.
    pub seen: Arc<str>,
    /// What it is, in one or two sentences.
    pub note: Arc<str>,
    /// The question whose answer decides; always there for what is undecided.
    pub ask: Option<Arc<str>>,
    /// Where the name was seen.
    pub source: Arc<Source>,
    /// The name, normalised: what is compared.
    key: Box<[u8]>,
}

/// Where entries were seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The id within the catalogue.
    pub id: Arc<str>,
    /// What it is.
    pub title: Arc<str>,
    /// Its address, where it has one.
    pub url: Option<Arc<str>>,
    /// When it was read, as `2026-11-23`.
    pub retrieved: Arc<str>,
}

/// A dated list of clients. Immutable; share it by [`Arc`].
#[derive(Clone, Debug)]
pub struct Catalogue {
    version: semver::Version,
    dated: Arc<str>,
    digest: Digest,
    /// Sorted by ecosystem and key, without duplicates.
    clients: Vec<Client>,
    /// In the order of the file; hosts before paths.
    addresses: Vec<Address>,
}

impl Catalogue {
    /// The catalogue that is compiled in; parsed at the first call.
    ///
    /// # Errors
    /// Only if the compiled-in file is broken, which the tests rule out.
    pub fn built_in() -> Result<Arc<Self>, CatalogueError> {
        static BUILT_IN: OnceCell<Arc<Catalogue>> = OnceCell::new();
        BUILT_IN
            .get_or_try_init(|| {
                Self::parse(include_str!("../../../packs/clients/catalogue.toml")).map(Arc::new)
            })
            .cloned()
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// The first mistake, with its line: bad TOML, an unknown member or value, an unknown source, a
    /// name given twice, an unconfirmed entry that claims to be checked, an undecided one that asks
    /// nothing, or a library or image without its repository or the reason why none is known.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        read::read(text)
    }

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

#[cfg(test)]
mod tests;
