//! Is this package, image or service an official way to WhatsApp?
//!
//! In: the dated catalogue in `packs/clients/catalogue.toml`, which is compiled in, or another file of the same form. Out: a
//! [`Catalogue`], asked by ecosystem and name. A name matches whole, after the normalisation of its ecosystem (see [`Ecosystem`]);
//! parts of names never match, since `whatsapp` on npm is Meta's own SDK and `jagproject` is not.
//!
//! A catalogue does not know what it does not list: such a client is [`ClientStatus::Unrecognised`], which accuses nobody. An entry
//! that nobody has confirmed is [`ClientStatus::Undecided`], whatever is said of it; a catalogue that claims more is refused.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use serde::Deserialize;
use toml::Spanned;

use crate::digest::Digest;
use crate::suggest;

/// Declares a fieldless enum with its stable names, so that the name list cannot drift from the variants.
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
        /// Its name does not tell, or nobody has confirmed what is said of it.
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
        /// No page was read. Such an entry is always undecided.
        Unconfirmed = "unconfirmed",
    }
}

names! {
    /// Where a name is registered, and so how two spellings of it compare.
    ///
    /// All compare ASCII letters without case and no other letters at all. A version after the name (`name@1.2`, `name==1.2`,
    /// `image:tag`) is ignored.
    Ecosystem {
        /// Node packages, with their scope: `@scope/name`.
        Npm = "npm",
        /// Python projects: runs of `-`, `_` and `.` are one `-`. Also called `pip`.
        Pypi = "pypi",
        /// Go modules, by module path: the `/v2` of a major version is ignored. Also called `golang`.
        Go = "go",
        /// Rust crates: `_` is `-`. Also called `crates`.
        Cargo = "cargo",
        /// PHP packages: `vendor/name`. Also called `packagist`.
        Composer = "composer",
        /// Java libraries: `group:artifact`.
        Maven = "maven",
        /// .NET packages.
        Nuget = "nuget",
        /// Container images, without tag and digest; `docker.io/` and `library/` are ignored, other registries are part of the name.
        /// Also called `image` and `oci`.
        Docker = "docker",
        /// Repositories: `host/owner/name`, from any form of address.
        Git = "git",
        /// Apps on phones and desktops: spaces, `-`, `_` and `.` are one `-`.
        App = "app",
        /// Services sold under a name: spaces, `-`, `_` and `.` are one `-`.
        Hosted = "hosted",
    }
}

impl Ecosystem {
    /// The ecosystem of that name or of one of its other names; letters are compared without case.
    pub fn find(name: &str) -> Option<Self> {
        const OTHER_NAMES: &[(&str, Ecosystem)] = &[
            ("pip", Ecosystem::Pypi),
            ("golang", Ecosystem::Go),
            ("crates", Ecosystem::Cargo),
            ("crate", Ecosystem::Cargo),
            ("packagist", Ecosystem::Composer),
            ("image", Ecosystem::Docker),
            ("oci", Ecosystem::Docker),
        ];
        let own = Self::ALL.iter().map(|ecosystem| (ecosystem.name(), *ecosystem));
        own.chain(OTHER_NAMES.iter().copied()).find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, ecosystem)| ecosystem)
    }
}

/// One entry of a catalogue.
#[derive(Clone, Debug)]
pub struct Client {
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
    /// For what is undecided: the question whose answer decides.
    pub ask: Option<Arc<str>>,
    /// Where it was seen.
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
}

impl Catalogue {
    /// The catalogue that is compiled in; parsed at the first call.
    ///
    /// # Errors
    /// Only if the compiled-in file is broken, which the tests rule out.
    pub fn built_in() -> Result<Arc<Self>, CatalogueError> {
        static BUILT_IN: OnceCell<Arc<Catalogue>> = OnceCell::new();
        BUILT_IN.get_or_try_init(|| Self::parse(include_str!("../../../packs/clients/catalogue.toml")).map(Arc::new)).cloned()
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// The first mistake, with its line: bad TOML, an unknown member or value, an unknown source, a name given twice, an unconfirmed entry that
    /// claims to be decided, or an undecided one that asks nothing.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        read(text)
    }

    /// The entry of a name, or `None` where the catalogue has none or the ecosystem is unknown.
    ///
    /// Takes well under a microsecond and allocates nothing.
    pub fn find(&self, ecosystem: &str, name: &str) -> Option<&Client> {
        self.find_in(Ecosystem::find(ecosystem)?, name)
    }

    /// As [`find`](Self::find), where the ecosystem is already known.
    pub fn find_in(&self, ecosystem: Ecosystem, name: &str) -> Option<&Client> {
        let key = Key::of(ecosystem, name);
        let at = self.clients.binary_search_by(|client| client.ecosystem.cmp(&ecosystem).then_with(|| key.compare(&client.key))).ok()?;
        self.clients.get(at)
    }

    /// The standing of a client written `ecosystem:name`, as in `access.clients`.
    pub fn status_of(&self, client: &str) -> ClientStatus {
        let entry = client.split_once(':').and_then(|(ecosystem, name)| self.find(ecosystem, name));
        entry.map_or(ClientStatus::Unrecognised, |client| client.status)
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

/// A name reduced to what is compared: a part of the text as written, and a rule that folds its bytes on the way.
///
/// A slice and a rule rather than a new string, so that a lookup allocates nothing.
#[derive(Clone, Copy)]
struct Key<'a> {
    prefix: &'static str,
    text: &'a str,
    fold: Fold,
}

/// What becomes of each byte, besides that capitals become small letters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fold {
    /// Nothing.
    Plain,
    /// A run of `-`, `_`, `.` and blanks becomes one `-`.
    Separators,
    /// `_` becomes `-`.
    Underscores,
    /// `/` becomes `:`.
    SlashToColon,
    /// `:` becomes `/`.
    ColonToSlash,
}

impl<'a> Key<'a> {
    fn of(ecosystem: Ecosystem, name: &'a str) -> Self {
        let name = name.trim();
        let plain = |text| Self { prefix: "", text, fold: Fold::Plain };
        match ecosystem {
            // The `@` of a scope stands first; any other begins a version.
            Ecosystem::Npm => match name.strip_prefix('@').map(|rest| rest.find('@')) {
                Some(Some(at)) => plain(name.get(..=at).unwrap_or(name)),
                Some(None) => plain(name),
                None => plain(until(name, &['@'])),
            },
            Ecosystem::Pypi => {
                let text = until(name, &['=', '<', '>', '~', '!', '[', ';', '@', '(', ' ', '#']).trim_end();
                Self { prefix: "", text, fold: Fold::Separators }
            }
            Ecosystem::Go => plain(without_major_version(until(name, &['@', ' ']).trim_end_matches('/'))),
            Ecosystem::Cargo => Self { prefix: "", text: until(name, &['@', ' ']), fold: Fold::Underscores },
            Ecosystem::Composer => plain(until(name, &[':', '@', '=', ' '])),
            Ecosystem::Maven => Self { prefix: "", text: group_and_artifact(name), fold: Fold::SlashToColon },
            Ecosystem::Nuget => plain(until(name, &['@', ' '])),
            Ecosystem::Docker => plain(image_name(name)),
            Ecosystem::Git => {
                let (prefix, text) = repository(name);
                Self { prefix, text, fold: Fold::ColonToSlash }
            }
            Ecosystem::App | Ecosystem::Hosted => Self { prefix: "", text: name, fold: Fold::Separators },
        }
    }

    fn bytes(self) -> impl Iterator<Item = u8> + use<'a> {
        let fold = self.fold;
        let mut after_separator = false;
        let text = self.text.bytes().filter_map(move |byte| {
            let separates = fold == Fold::Separators && matches!(byte, b'-' | b'_' | b'.' | b' ' | b'\t');
            let repeats = separates && after_separator;
            after_separator = separates;
            match (fold, byte) {
                _ if repeats => None,
                _ if separates => Some(b'-'),
                (Fold::Underscores, b'_') => Some(b'-'),
                (Fold::SlashToColon, b'/') => Some(b':'),
                (Fold::ColonToSlash, b':') => Some(b'/'),
                _ => Some(byte.to_ascii_lowercase()),
            }
        });
        self.prefix.bytes().chain(text)
    }

    /// How an entry's key stands to this one.
    fn compare(self, entry: &[u8]) -> Ordering {
        entry.iter().copied().cmp(self.bytes())
    }
}

/// The text before the first of some marks.
fn until<'a>(text: &'a str, marks: &[char]) -> &'a str {
    text.split(marks).next().unwrap_or(text)
}

/// A module path without the `/v2` that a major version from 2 adds.
fn without_major_version(path: &str) -> &str {
    match path.rsplit_once("/v") {
        Some((stem, major)) if !stem.is_empty() && !major.is_empty() && major.bytes().all(|b| b.is_ascii_digit()) => stem,
        _ => path,
    }
}

/// `group:artifact` of `group:artifact:version:…`, also when written `group/artifact@version`.
fn group_and_artifact(name: &str) -> &str {
    let name = until(name, &['@', ' ']);
    let end = name.match_indices([':', '/']).nth(1).map_or(name.len(), |(at, _)| at);
    name.get(..end).unwrap_or(name)
}

/// An image without digest, tag, the default registry's host and the namespace of its own images.
fn image_name(name: &str) -> &str {
    let name = until(name, &['@', ' ']);
    let last = name.rfind('/').map_or(0, |slash| slash + 1);
    let tag = name.get(last..).and_then(|part| part.find(':')).map_or(name.len(), |colon| last + colon);
    let mut name = name.get(..tag).unwrap_or(name);
    for host in ["docker.io/", "index.docker.io/", "registry-1.docker.io/", "registry.hub.docker.com/"] {
        name = without_prefix(name, host).unwrap_or(name);
    }
    without_prefix(name, "library/").unwrap_or(name)
}

/// `host/owner/name` of a repository's address: a prefix to put before it, and the rest of the text.
fn repository(address: &str) -> (&'static str, &str) {
    let address = until(address, &['#', '?', ' ']);
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    for (short, host) in [("github:", "github.com/"), ("gitlab:", "gitlab.com/"), ("bitbucket:", "bitbucket.org/")] {
        if let Some(path) = without_prefix(address, short) {
            return (host, repository_path(path, 2));
        }
    }
    // A user name stands before the host only: an `@` further on begins a revision.
    let first = until(address, &['/']);
    let address = first.rfind('@').and_then(|at| address.get(at + 1..)).unwrap_or(address);
    let address = without_prefix(address, "www.").or_else(|| without_prefix(address, "codeload.")).unwrap_or(address);
    ("", repository_path(address, 3))
}

/// The first parts of a path, without a revision and the ending `.git`.
fn repository_path(path: &str, parts: usize) -> &str {
    let path = until(path, &['@']).trim_end_matches('/');
    let end = path.match_indices(['/', ':']).nth(parts - 1).map_or(path.len(), |(at, _)| at);
    let path = path.get(..end).unwrap_or(path);
    path.strip_suffix(".git").unwrap_or(path)
}

/// The text after a prefix, letters compared without case.
fn without_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    if head.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

/// Why a catalogue was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("catalogue, line {line}: {kind}")]
pub struct CatalogueError {
    /// The line of the mistake, from 1.
    pub line: usize,
    kind: CatalogueErrorKind,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum CatalogueErrorKind {
    #[error("{0}")]
    Syntax(String),
    #[error("{member} `{found}` is unknown; expected {expected}")]
    UnknownValue { member: &'static str, found: String, expected: String },
    #[error("source `{found}` is not declared{}", nearest.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
    UnknownSource { found: String, nearest: Option<String> },
    #[error("version `{0}` is not a semantic version such as `1.0.0`")]
    Version(String),
    #[error("{member} `{found}` is not a date such as `2026-11-23`")]
    Date { member: &'static str, found: String },
    #[error("`{ecosystem}:{name}` is listed twice, also as `{other}`")]
    Twice { ecosystem: Ecosystem, name: String, other: String },
    #[error("`{0}` is no name")]
    Name(String),
    #[error("`{name}` is unconfirmed and so must be `undecided`, not `{status}`")]
    Unconfirmed { name: String, status: ClientStatus },
    #[error("`{0}` is undecided and must `ask` the question whose answer decides")]
    AsksNothing(String),
    #[error("`{name}` is of kind `{kind}` and so cannot be `{status}`")]
    Contradiction { name: String, kind: Kind, status: ClientStatus },
    #[error("an entry without names")]
    NoNames,
}

impl CatalogueError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self.kind {
            CatalogueErrorKind::Syntax(_) => "catalogue/syntax",
            CatalogueErrorKind::UnknownValue { .. } => "catalogue/unknown-value",
            CatalogueErrorKind::UnknownSource { .. } => "catalogue/unknown-source",
            CatalogueErrorKind::Version(_) => "catalogue/bad-version",
            CatalogueErrorKind::Date { .. } => "catalogue/bad-date",
            CatalogueErrorKind::Twice { .. } => "catalogue/listed-twice",
            CatalogueErrorKind::Name(_) => "catalogue/bad-name",
            CatalogueErrorKind::Unconfirmed { .. } => "catalogue/unconfirmed",
            CatalogueErrorKind::AsksNothing(_) => "catalogue/asks-nothing",
            CatalogueErrorKind::Contradiction { .. } => "catalogue/contradiction",
            CatalogueErrorKind::NoNames => "catalogue/no-names",
        }
    }
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCatalogue {
    version: Spanned<String>,
    dated: Spanned<toml::value::Datetime>,
    #[serde(default)]
    sources: BTreeMap<String, Spanned<RawSource>>,
    #[serde(default)]
    client: Vec<Spanned<RawClient>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    title: String,
    url: Option<String>,
    retrieved: Spanned<toml::value::Datetime>,
    confidence: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClient {
    ecosystem: Spanned<String>,
    names: Vec<Spanned<String>>,
    status: Spanned<String>,
    kind: Spanned<String>,
    source: Spanned<String>,
    seen: Option<Spanned<toml::value::Datetime>>,
    confidence: Option<Spanned<String>>,
    note: String,
    ask: Option<String>,
}

fn read(text: &str) -> Result<Catalogue, CatalogueError> {
    let error_at = |offset: usize, kind| CatalogueError { line: line_of(text, offset), kind };
    let raw: RawCatalogue = toml::from_str(text).map_err(|error: toml::de::Error| {
        let offset = error.span().map_or(0, |span| span.start);
        error_at(offset, CatalogueErrorKind::Syntax(error.message().replace('\n', " ")))
    })?;
    let date = |member, value: &Spanned<toml::value::Datetime>| match value.get_ref() {
        toml::value::Datetime { date: Some(date), time: None, offset: None } => Ok(Arc::from(date.to_string())),
        other => Err(error_at(value.span().start, CatalogueErrorKind::Date { member, found: other.to_string() })),
    };
    let confidence = |value: &Spanned<String>| {
        word(value, "confidence", Confidence::from_name, Confidence::ALL.iter().map(|c| c.name()))
            .map_err(|kind| error_at(value.span().start, kind))
    };

    let mut sources = BTreeMap::new();
    for (id, source) in &raw.sources {
        let source = source.get_ref();
        let made = Source {
            id: Arc::from(id.as_str()),
            title: Arc::from(source.title.as_str()),
            url: source.url.as_deref().map(Arc::from),
            retrieved: date("retrieved", &source.retrieved)?,
        };
        sources.insert(id.as_str(), (Arc::new(made), confidence(&source.confidence)?));
    }

    let mut clients: Vec<(usize, Client)> = Vec::new();
    for entry in &raw.client {
        let start = entry.span().start;
        let entry = entry.get_ref();
        let known = |value: &Spanned<String>, kind| error_at(value.span().start, kind);
        let ecosystem = word(&entry.ecosystem, "ecosystem", Ecosystem::from_name, Ecosystem::ALL.iter().map(|e| e.name()))
            .map_err(|kind| known(&entry.ecosystem, kind))?;
        let listable = |name: &str| ClientStatus::from_name(name).filter(|status| *status != ClientStatus::Unrecognised);
        let listable_names = ClientStatus::ALL.iter().filter(|s| **s != ClientStatus::Unrecognised).map(|s| s.name());
        let status = word(&entry.status, "status", listable, listable_names).map_err(|kind| known(&entry.status, kind))?;
        let kind =
            word(&entry.kind, "kind", Kind::from_name, Kind::ALL.iter().map(|k| k.name())).map_err(|kind| known(&entry.kind, kind))?;
        let Some((source, source_confidence)) = sources.get(entry.source.get_ref().as_str()) else {
            let found = entry.source.get_ref().clone();
            let nearest = suggest::nearest(&found, sources.keys().copied()).map(str::to_owned);
            return Err(known(&entry.source, CatalogueErrorKind::UnknownSource { found, nearest }));
        };
        let confidence = entry.confidence.as_ref().map_or(Ok(*source_confidence), confidence)?;
        let seen = entry.seen.as_ref().map_or_else(|| Ok(source.retrieved.clone()), |seen| date("seen", seen))?;
        if entry.names.is_empty() {
            return Err(error_at(start, CatalogueErrorKind::NoNames));
        }
        for name in &entry.names {
            let key: Box<[u8]> = Key::of(ecosystem, name.get_ref()).bytes().collect();
            let client = Client {
                ecosystem,
                name: Arc::from(name.get_ref().as_str()),
                status,
                kind,
                confidence,
                seen: seen.clone(),
                note: Arc::from(entry.note.as_str()),
                ask: entry.ask.as_deref().map(Arc::from),
                source: source.clone(),
                key,
            };
            check(&client).map_err(|kind| known(name, kind))?;
            clients.push((name.span().start, client));
        }
    }
    let order = |one: &Client, other: &Client| one.ecosystem.cmp(&other.ecosystem).then_with(|| one.key.cmp(&other.key));
    clients.sort_by(|(_, one), (_, other)| order(one, other));
    for pair in clients.windows(2) {
        if let [(_, one), (at, other)] = pair
            && order(one, other) == Ordering::Equal
        {
            let twice = CatalogueErrorKind::Twice { ecosystem: other.ecosystem, name: other.name.to_string(), other: one.name.to_string() };
            return Err(error_at(*at, twice));
        }
    }
    let version = semver::Version::parse(raw.version.get_ref())
        .map_err(|_| error_at(raw.version.span().start, CatalogueErrorKind::Version(raw.version.get_ref().clone())))?;
    Ok(Catalogue {
        version,
        dated: date("dated", &raw.dated)?,
        digest: Digest::of(text.as_bytes()),
        clients: clients.into_iter().map(|(_, client)| client).collect(),
    })
}

/// What must hold between the members of one entry.
fn check(client: &Client) -> Result<(), CatalogueErrorKind> {
    let name = || client.name.to_string();
    let status = client.status;
    if client.key.is_empty() || client.name.chars().any(char::is_control) {
        return Err(CatalogueErrorKind::Name(name()));
    }
    if status == ClientStatus::Undecided {
        return if client.ask.is_some() { Ok(()) } else { Err(CatalogueErrorKind::AsksNothing(name())) };
    }
    if client.confidence == Confidence::Unconfirmed {
        return Err(CatalogueErrorKind::Unconfirmed { name: name(), status });
    }
    let fits = match client.kind {
        Kind::Both => false,
        Kind::Cloud => status == ClientStatus::Official,
        Kind::Web | Kind::Phone | Kind::Browser | Kind::Gui | Kind::Gateway | Kind::Hosted | Kind::ModifiedApp | Kind::Unstated => {
            status == ClientStatus::Unofficial
        }
    };
    if fits { Ok(()) } else { Err(CatalogueErrorKind::Contradiction { name: name(), kind: client.kind, status }) }
}

/// Reads one of a list of words; the error offers the nearest, or all.
fn word<T>(
    value: &Spanned<String>,
    member: &'static str,
    from_name: impl Fn(&str) -> Option<T>,
    names: impl Iterator<Item = &'static str> + Clone,
) -> Result<T, CatalogueErrorKind> {
    from_name(value.get_ref()).ok_or_else(|| {
        let found = value.get_ref().clone();
        let expected = match suggest::nearest(&found, names.clone()) {
            Some(name) => format!("`{name}`, perhaps"),
            None => format!("one of {}", names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
        };
        CatalogueErrorKind::UnknownValue { member, found, expected }
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests;
