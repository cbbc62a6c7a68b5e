//! What does a catalogue say?
//!
//! One record a project; every name and address of it becomes an entry of its own, with all that is
//! said of the project.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use serde::Deserialize;
use toml::Spanned;

use super::address::{Address, Pattern};
use super::catalogue::{Catalogue, Client, counts, firm};
use super::ecosystem::{Ecosystem, KEY_BYTES_MAX, Key};
use super::source::Source;
use super::word::{ClientStatus, EntryConfidence, Kind};
use crate::digest::Digest;
use crate::suggest;

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
    #[error("`{name}` is listed twice, also as `{other}`")]
    Twice { name: String, other: String },
    #[error("`{0}` is not a name of 1 to {KEY_BYTES_MAX} bytes")]
    Name(String),
    #[error(
        "`{0}` is neither a host such as `web.whatsapp.com` or `*.whatsapp.net` nor a path such \
         as `/message/sendText/*`"
    )]
    Address(String),
    #[error("`{name}` is unconfirmed and so must be `unchecked`, not `{status}`")]
    Unconfirmed { name: String, status: ClientStatus },
    #[error("`{name}` is `unchecked`, but its source is not unconfirmed: say what it is")]
    Checked { name: String },
    #[error("`{0}` is undecided and must `ask` the question whose answer decides")]
    AsksNothing(String),
    #[error("`{name}` is of kind `{kind}` and so cannot be `{status}`")]
    Contradiction { name: String, kind: Kind, status: ClientStatus },
    #[error("`{0}` has neither names nor addresses")]
    NoNames(String),
    #[error(
        "`{0}` has a library or an image, and so needs its repository under `names.git`, or \
         `no_repository` with the reason"
    )]
    NoRepository(String),
    #[error("`{0}` has `no_repository`, but a repository too")]
    RepositoryAfterAll(String),
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
            CatalogueErrorKind::Address(_) => "catalogue/bad-address",
            CatalogueErrorKind::Checked { .. } => "catalogue/checked",
            CatalogueErrorKind::NoRepository(_) => "catalogue/no-repository",
            CatalogueErrorKind::RepositoryAfterAll(_) => "catalogue/repository-after-all",
            CatalogueErrorKind::Unconfirmed { .. } => "catalogue/unconfirmed",
            CatalogueErrorKind::AsksNothing(_) => "catalogue/asks-nothing",
            CatalogueErrorKind::Contradiction { .. } => "catalogue/contradiction",
            CatalogueErrorKind::NoNames(_) => "catalogue/no-names",
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
    project: Vec<Spanned<RawProject>>,
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
struct RawProject {
    name: Spanned<String>,
    status: Spanned<String>,
    kind: Spanned<String>,
    source: Spanned<String>,
    seen: Option<Spanned<toml::value::Datetime>>,
    confidence: Option<Spanned<String>>,
    note: String,
    ask: Option<String>,
    no_repository: Option<String>,
    #[serde(default)]
    names: BTreeMap<String, Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    hosts: Vec<Spanned<String>>,
    #[serde(default)]
    paths: Vec<Spanned<String>>,
    /// Where names of an ecosystem, `hosts` or `paths` were seen, if elsewhere than the rest.
    #[serde(default)]
    sources: BTreeMap<String, Spanned<String>>,
}

impl Catalogue {
    /// The catalogue that is compiled in; parsed at the first call.
    ///
    /// # Errors
    /// Only if the compiled-in file is malformed, which the tests rule out.
    pub fn built_in() -> Result<Arc<Self>, CatalogueError> {
        static BUILT_IN: OnceCell<Arc<Catalogue>> = OnceCell::new();
        BUILT_IN
            .get_or_try_init(|| {
                Self::parse(include_str!(concat!(
                    env!("CLEARTOSEND_PACKS"),
                    "/clients/catalogue.toml"
                )))
                .map(Arc::new)
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
        read(text)
    }
}

fn read(text: &str) -> Result<Catalogue, CatalogueError> {
    let error_at = |offset: usize, kind| CatalogueError { line: line_of(text, offset), kind };
    let raw: RawCatalogue = toml::from_str(text).map_err(|error: toml::de::Error| {
        let offset = error.span().map_or(0, |span| span.start);
        error_at(offset, CatalogueErrorKind::Syntax(error.message().replace('\n', " ")))
    })?;
    let date = |member, value: &Spanned<toml::value::Datetime>| match value.get_ref() {
        toml::value::Datetime { date: Some(date), time: None, offset: None } => {
            Ok(Arc::from(date.to_string()))
        }
        other => Err(error_at(
            value.span().start,
            CatalogueErrorKind::Date { member, found: other.to_string() },
        )),
    };
    let confidence = |value: &Spanned<String>| {
        word(
            value,
            "confidence",
            EntryConfidence::from_name,
            EntryConfidence::ALL.iter().map(|c| c.name()),
        )
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
    let (mut hosts, mut paths): (Vec<Address>, Vec<Address>) = (Vec::new(), Vec::new());
    for project in &raw.project {
        let start = project.span().start;
        let project = project.get_ref();
        let name: Arc<str> = Arc::from(project.name.get_ref().as_str());
        let at = |value: &Spanned<String>, kind| error_at(value.span().start, kind);
        let listable = |name: &str| {
            ClientStatus::from_name(name).filter(|status| *status != ClientStatus::Unrecognised)
        };
        let listable_names = ClientStatus::ALL
            .iter()
            .filter(|s| **s != ClientStatus::Unrecognised)
            .map(|s| s.name());
        let status = word(&project.status, "status", listable, listable_names)
            .map_err(|kind| at(&project.status, kind))?;
        let kind = word(&project.kind, "kind", Kind::from_name, Kind::ALL.iter().map(|k| k.name()))
            .map_err(|kind| at(&project.kind, kind))?;
        let source = |id: &Spanned<String>| {
            sources.get(id.get_ref().as_str()).ok_or_else(|| {
                let found = id.get_ref().clone();
                let nearest = suggest::nearest(&found, sources.keys().copied()).map(str::to_owned);
                at(id, CatalogueErrorKind::UnknownSource { found, nearest })
            })
        };
        let own_source = source(&project.source)?;
        let own_confidence = project.confidence.as_ref().map(confidence).transpose()?;
        let own_seen = project.seen.as_ref().map(|seen| date("seen", seen)).transpose()?;
        // What is said of all names of one ecosystem, or of all hosts or paths.
        let said = |part: &str| {
            let other = project.sources.get(part).map(source).transpose()?;
            let (source, confidence) = other.unwrap_or(own_source);
            let confidence =
                if other.is_some() { *confidence } else { own_confidence.unwrap_or(*confidence) };
            let seen = own_seen.clone().unwrap_or_else(|| source.retrieved.clone());
            check(&name, status, kind, confidence, project.ask.is_some())
                .map_err(|kind| at(&project.name, kind))?;
            Ok((Arc::clone(source), confidence, seen))
        };
        let ecosystems = project.names.keys().map(String::as_str);
        for (part, id) in &project.sources {
            if !ecosystems.clone().chain(["hosts", "paths"]).any(|known| known == part) {
                let expected =
                    "`hosts`, `paths` or an ecosystem of which the project has names".to_owned();
                return Err(at(
                    id,
                    CatalogueErrorKind::UnknownValue {
                        member: "sources",
                        found: part.clone(),
                        expected,
                    },
                ));
            }
        }
        if project.names.is_empty() && project.hosts.is_empty() && project.paths.is_empty() {
            return Err(error_at(start, CatalogueErrorKind::NoNames(name.to_string())));
        }
        for (part, names) in &project.names {
            let word_of_names = Spanned::new(names.span(), part.clone());
            let ecosystem = word(
                &word_of_names,
                "ecosystem",
                Ecosystem::from_name,
                Ecosystem::ALL.iter().map(|e| e.name()),
            )
            .map_err(|kind| error_at(names.span().start, kind))?;
            if names.get_ref().is_empty() {
                return Err(error_at(
                    names.span().start,
                    CatalogueErrorKind::NoNames(name.to_string()),
                ));
            }
            let (source, confidence, seen) = said(part)?;
            for written in names.get_ref() {
                let mut buffer = [0; KEY_BYTES_MAX];
                let key: Box<[u8]> = Key::of(ecosystem, written.get_ref())
                    .write(&mut buffer)
                    .unwrap_or_default()
                    .into();
                if key.is_empty() || written.get_ref().chars().any(char::is_control) {
                    return Err(at(written, CatalogueErrorKind::Name(written.get_ref().clone())));
                }
                let client = Client {
                    project: name.clone(),
                    ecosystem,
                    name: Arc::from(written.get_ref().as_str()),
                    status,
                    kind,
                    confidence,
                    seen: seen.clone(),
                    note: Arc::from(project.note.as_str()),
                    ask: project.ask.as_deref().map(Arc::from),
                    source: Arc::clone(&source),
                    key,
                };
                clients.push((written.span().start, client));
            }
        }
        for (part, texts, read, list) in [
            ("hosts", &project.hosts, Pattern::host as fn(&str) -> Option<Pattern>, &mut hosts),
            ("paths", &project.paths, Pattern::path, &mut paths),
        ] {
            for text in texts {
                let (source, confidence, seen) = said(part)?;
                let pattern = read(text.get_ref())
                    .ok_or_else(|| at(text, CatalogueErrorKind::Address(text.get_ref().clone())))?;
                if let Some(other) = list.iter().find(|other: &&Address| other.pattern == pattern) {
                    let other = other.project.to_string();
                    return Err(at(
                        text,
                        CatalogueErrorKind::Twice { name: text.get_ref().clone(), other },
                    ));
                }
                list.push(Address {
                    project: name.clone(),
                    pattern,
                    status,
                    kind,
                    confidence,
                    seen,
                    note: Arc::from(project.note.as_str()),
                    ask: project.ask.as_deref().map(Arc::from),
                    source,
                });
            }
        }
        let published = project
            .names
            .keys()
            .filter_map(|part| Ecosystem::from_name(part))
            .any(Ecosystem::is_published);
        match (published, project.names.contains_key(Ecosystem::Git.name()), &project.no_repository)
        {
            (true, false, None) => {
                return Err(at(&project.name, CatalogueErrorKind::NoRepository(name.to_string())));
            }
            (_, true, Some(_)) => {
                return Err(at(
                    &project.name,
                    CatalogueErrorKind::RepositoryAfterAll(name.to_string()),
                ));
            }
            _ => {}
        }
    }
    let order = |one: &Client, other: &Client| {
        one.ecosystem.cmp(&other.ecosystem).then_with(|| one.key.cmp(&other.key))
    };
    clients.sort_by(|(_, one), (_, other)| order(one, other));
    for pair in clients.windows(2) {
        if let [(_, one), (at, other)] = pair
            && order(one, other) == Ordering::Equal
        {
            let written = |client: &Client| format!("{}:{}", client.ecosystem, client.name);
            return Err(error_at(
                *at,
                CatalogueErrorKind::Twice { name: written(other), other: written(one) },
            ));
        }
    }
    let version = semver::Version::parse(raw.version.get_ref()).map_err(|_| {
        error_at(
            raw.version.span().start,
            CatalogueErrorKind::Version(raw.version.get_ref().clone()),
        )
    })?;
    let clients: Vec<Client> = clients.into_iter().map(|(_, client)| client).collect();
    let addresses: Vec<Address> = hosts.into_iter().chain(paths).collect();
    Ok(Catalogue {
        version,
        dated: date("dated", &raw.dated)?,
        digest: Digest::of(text.as_bytes()),
        firms: firms(&clients, &addresses),
        sold: sold(&clients),
        clients,
        addresses,
    })
}

/// What projects are called that are unofficial, or serve that way too: by their own names, and as
/// services and apps.
fn firms(clients: &[Client], addresses: &[Address]) -> Vec<Box<str>> {
    let of_clients = clients.iter().filter(|client| counts(client.status));
    let of_clients = of_clients.flat_map(|client| {
        let is_sold = matches!(client.ecosystem, Ecosystem::Hosted | Ecosystem::App);
        [Some(&client.project), is_sold.then_some(&client.name)].into_iter().flatten()
    });
    let of_addresses = addresses.iter().filter(|address| counts(address.status));
    let names = of_clients.chain(of_addresses.map(|address| &address.project));
    let mut firms: Vec<Box<str>> = names.map(|name| firm(name).into_boxed_str()).collect();
    firms.sort_unstable();
    firms.dedup();
    // The app's own maker is no gateway of it.
    firms.retain(|firm| &**firm != WHATSAPP);
    firms
}

/// WhatsApp's own name, by its letters.
const WHATSAPP: &str = "whatsapp";

/// What services and apps are called. The name of WhatsApp itself begins the names of many things.
fn sold(clients: &[Client]) -> Vec<(Box<str>, usize)> {
    let is_sold = |client: &Client| matches!(client.ecosystem, Ecosystem::Hosted | Ecosystem::App);
    let names = clients.iter().enumerate().filter(|(_, client)| is_sold(client));
    let mut sold: Vec<(Box<str>, usize)> = names
        .map(|(number, client)| (firm(&client.name).into_boxed_str(), number))
        .filter(|(name, _)| **name != *WHATSAPP)
        .collect();
    sold.sort_unstable();
    sold.dedup_by(|one, other| one.0 == other.0);
    sold
}

/// What must hold between the members of one project.
fn check(
    name: &str,
    status: ClientStatus,
    kind: Kind,
    confidence: EntryConfidence,
    asks: bool,
) -> Result<(), CatalogueErrorKind> {
    let name = || name.to_owned();
    match (status, confidence) {
        (ClientStatus::Unchecked, EntryConfidence::Unconfirmed) => return Ok(()),
        (ClientStatus::Unchecked, _) => return Err(CatalogueErrorKind::Checked { name: name() }),
        (_, EntryConfidence::Unconfirmed) => {
            return Err(CatalogueErrorKind::Unconfirmed { name: name(), status });
        }
        (ClientStatus::Undecided, _) => {
            return if asks { Ok(()) } else { Err(CatalogueErrorKind::AsksNothing(name())) };
        }
        _ => {}
    }
    let fits = match kind {
        Kind::Both => false,
        Kind::Cloud | Kind::BusinessApp => status == ClientStatus::Official,
        Kind::Web
        | Kind::Phone
        | Kind::Browser
        | Kind::Gui
        | Kind::Gateway
        | Kind::Hosted
        | Kind::ModifiedApp
        | Kind::Unstated => status == ClientStatus::Unofficial,
    };
    if fits {
        Ok(())
    } else {
        Err(CatalogueErrorKind::Contradiction { name: name(), kind, status })
    }
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
            None => format!(
                "one of {}",
                names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ),
        };
        CatalogueErrorKind::UnknownValue { member, found, expected }
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
