//! What did the scan find?

use std::path::Path;
use std::sync::Arc;

use cleartosend::directory::clients::{Catalogue, ClientStatus};
use cleartosend::verdict::Verdict;
use serde::{Serialize, Serializer};

use crate::mention::{Listed, Via};

/// What a scan found. Serialises to the JSON of `docs/reference/scan.md`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The tree, as given.
    pub root: String,
    /// The catalogue that judged.
    pub catalogue: CatalogueUsed,
    /// Unofficial and undecided clients, by file, line, column, ecosystem and name.
    pub findings: Vec<Finding>,
    /// Files, and parts of files, that could not be read; by file and line. They may hold anything.
    pub broken: Vec<Broken>,
    /// What was left out on purpose, by file.
    pub skipped: Vec<Skipped>,
    /// How many files were read.
    pub files_read: usize,
}

/// Which catalogue judged.
#[derive(Clone, Debug, Serialize)]
pub struct CatalogueUsed {
    /// Its version.
    pub version: String,
    /// Its day.
    pub dated: String,
    /// The digest of its file.
    pub digest: String,
}

/// One client in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The path below the root, with `/` between its parts.
    pub file: String,
    /// From 1, where known.
    pub line: Option<usize>,
    /// From 1, in characters, where known.
    pub column: Option<usize>,
    /// The ecosystem's name, such as `npm`.
    pub ecosystem: &'static str,
    /// The name as the catalogue writes it.
    pub name: Arc<str>,
    /// The name that the project uses for it, where that is another.
    pub alias: Option<Arc<str>>,
    /// The version, range or address that the file states.
    pub version: Option<Arc<str>>,
    /// [`ClientStatus::Unofficial`] or [`ClientStatus::Undecided`].
    #[serde(serialize_with = "as_name")]
    pub status: ClientStatus,
    /// How it came into the file.
    pub via: Via,
    /// How it talks to WhatsApp.
    pub kind: &'static str,
    /// How well the catalogue's entry is founded.
    pub confidence: &'static str,
    /// The day that the entry speaks of.
    pub seen: Arc<str>,
    /// What it is.
    pub note: Arc<str>,
    /// For what is undecided: the question whose answer decides.
    pub ask: Option<Arc<str>>,
    /// Where the catalogue saw it.
    pub source: Arc<str>,
}

fn as_name<S: Serializer>(status: &ClientStatus, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(status.name())
}

/// A file, or a part of one, that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Broken {
    /// The path below the root; empty for the tree as a whole.
    pub file: String,
    /// From 1, where known.
    pub line: Option<usize>,
    /// From 1, where known.
    pub column: Option<usize>,
    /// Why.
    pub reason: String,
}

/// Something left out on purpose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Skipped {
    /// The path below the root.
    pub file: String,
    /// Why.
    pub reason: String,
}

impl Report {
    pub(crate) fn new(root: &Path, catalogue: &Catalogue) -> Self {
        Self {
            root: root.to_string_lossy().into_owned(),
            catalogue: CatalogueUsed {
                version: catalogue.version().to_string(),
                dated: catalogue.dated().to_owned(),
                digest: catalogue.digest().to_string(),
            },
            findings: Vec::new(),
            broken: Vec::new(),
            skipped: Vec::new(),
            files_read: 0,
        }
    }

    /// The worst status found; official where nothing was.
    pub fn worst(&self) -> ClientStatus {
        self.findings.iter().map(|finding| finding.status).max().unwrap_or(ClientStatus::Official)
    }

    /// `deny` where something unofficial was found, `review` where something is undecided, else `allow`. Broken files do not count.
    pub fn verdict(&self) -> Verdict {
        match self.worst() {
            ClientStatus::Unofficial => Verdict::Deny,
            ClientStatus::Undecided => Verdict::Review,
            ClientStatus::Unchecked | ClientStatus::Unrecognised | ClientStatus::Official => Verdict::Allow,
        }
    }

    /// How many findings have a status.
    pub fn count(&self, status: ClientStatus) -> usize {
        self.findings.iter().filter(|finding| finding.status == status).count()
    }

    /// Keeps a finding unless it is of an official client: there is nothing to do about one.
    pub(crate) fn add(&mut self, finding: Finding) {
        if finding.status > ClientStatus::Unrecognised {
            self.findings.push(finding);
        }
    }

    pub(crate) fn sort(&mut self) {
        let order = |finding: &Finding| {
            let place = (finding.file.clone(), finding.line, finding.column);
            (place, finding.ecosystem, finding.name.clone(), finding.version.clone(), finding.alias.clone())
        };
        self.findings.sort_by_cached_key(order);
        self.broken.sort();
        self.skipped.sort();
    }
}

impl Broken {
    pub(crate) fn of_tree(reason: String) -> Self {
        Self { file: String::new(), line: None, column: None, reason }
    }
}

impl Finding {
    pub(crate) fn new(file: String, line: Option<usize>, column: Option<usize>, listed: &Listed<'_>) -> Self {
        let client = listed.client;
        Self {
            file,
            line,
            column,
            ecosystem: client.ecosystem.name(),
            name: client.name.clone(),
            alias: listed.alias.clone(),
            version: listed.version.clone(),
            status: client.status,
            via: listed.via,
            kind: client.kind.name(),
            confidence: client.confidence.name(),
            seen: client.seen.clone(),
            note: client.note.clone(),
            ask: client.ask.clone(),
            source: client.source.url.clone().unwrap_or_else(|| client.source.title.clone()),
        }
    }
}
