//! What did the scan find?

use std::collections::BTreeSet;
use std::path::Path;

use cleartosend::Verdict;
use cleartosend::expert::clients::{Catalogue, ClientStatus};
use serde::Serialize;

use crate::accept::{Acceptance, Unused};
use crate::finding::Finding;

/// What a scan found. Serialises to the JSON of `docs/reference/scan.md`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What the paths of the report begin at: the tree, as given, or `.` where there are several.
    pub root: String,
    /// The trees and files that were scanned, as given.
    pub roots: Vec<String>,
    /// The catalogue that judged.
    pub catalogue: CatalogueUsed,
    /// Every listed client that a manifest installs or a command runs, official ones too, and what
    /// may be a copy or a fork of one, as `ecosystem:name`: what `access.clients` takes. A name has
    /// the standing there that it has here.
    pub clients: BTreeSet<String>,
    /// What asks for something to be done, by file, line, column, ecosystem and name.
    pub findings: Vec<Finding>,
    /// Findings that `.cts-scan.toml` accepts, in the same order. They do not count.
    pub accepted: Vec<AcceptedFinding>,
    /// Acceptances that have ended or match nothing, in the order of the file.
    pub unused_acceptances: Vec<Unused>,
    /// Files, and parts of files, that could not be read; by file and line. They may hold anything.
    pub broken: Vec<Broken>,
    /// What was left out, by file, with the reason.
    pub skipped: Vec<Skipped>,
    /// What is to be known of how a file was read, by file.
    pub notes: Vec<Note>,
    /// The files that were read for what is installed or run, in order.
    pub read: Vec<String>,
    /// How many these are.
    pub files_read: usize,
    /// How many sources were searched.
    pub sources_searched: usize,
    /// How many files the tree has, without those in folders that were left out.
    pub files_seen: usize,
    /// Whether what could not be read counts.
    #[serde(skip)]
    pub(crate) unread_counts: bool,
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

/// A finding that somebody has accepted, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AcceptedFinding {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// Who took it.
    pub acceptance: Acceptance,
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

/// Something left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Skipped {
    /// The path below the root.
    pub file: String,
    /// Why.
    pub reason: String,
    /// Whether it makes the result undecided: it is of a kind that is read, and could not be.
    pub unread: bool,
}

/// What is to be known of how a file was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Note {
    /// The path below the root.
    pub file: String,
    /// What.
    pub text: String,
}

impl Report {
    pub(crate) fn new(root: &Path, catalogue: &Catalogue) -> Self {
        let root = root.to_string_lossy().into_owned();
        Self {
            roots: vec![root.clone()],
            root,
            catalogue: CatalogueUsed {
                version: catalogue.version().to_string(),
                dated: catalogue.dated().to_owned(),
                digest: catalogue.digest().to_string(),
            },
            clients: BTreeSet::new(),
            findings: Vec::new(),
            accepted: Vec::new(),
            unused_acceptances: Vec::new(),
            broken: Vec::new(),
            skipped: Vec::new(),
            notes: Vec::new(),
            read: Vec::new(),
            files_read: 0,
            sources_searched: 0,
            files_seen: 0,
            unread_counts: true,
        }
    }

    /// The worst status found; official where nothing was.
    pub fn worst(&self) -> ClientStatus {
        self.findings.iter().map(|finding| finding.status).max().unwrap_or(ClientStatus::Official)
    }

    /// `deny` where something unofficial was found, `review` where something is not certain or
    /// could not be read, else `allow`.
    pub fn verdict(&self) -> Verdict {
        match self.worst() {
            ClientStatus::Unofficial => Verdict::Deny,
            ClientStatus::Undecided | ClientStatus::Unchecked => Verdict::Review,
            ClientStatus::Unrecognised | ClientStatus::Official => {
                if self.unread_counts && self.has_unread() {
                    Verdict::Review
                } else {
                    Verdict::Allow
                }
            }
        }
    }

    /// Whether something could not be read that may hold anything, or nothing was read at all.
    pub fn has_unread(&self) -> bool {
        self.files_read == 0
            || !self.broken.is_empty()
            || self.skipped.iter().any(|skipped| skipped.unread)
    }

    /// Whether a well-known kind of dependency file stands in the tree that is not read.
    pub fn has_unsupported(&self) -> bool {
        self.skipped.iter().any(|skipped| skipped.reason.starts_with(UNSUPPORTED))
    }

    /// How many findings have a status.
    pub fn count(&self, status: ClientStatus) -> usize {
        self.findings.iter().filter(|finding| finding.status == status).count()
    }

    /// Several reports as one, each file named with its root in front. The first report's catalogue
    /// is that of all.
    pub fn joined(reports: Vec<Self>) -> Option<Self> {
        let mut all = reports.into_iter();
        let mut joined = all.next()?;
        let rest: Vec<Self> = all.collect();
        if rest.is_empty() {
            return Some(joined);
        }
        joined.prefix();
        for mut report in rest {
            report.prefix();
            joined.roots.append(&mut report.roots);
            joined.clients.append(&mut report.clients);
            joined.findings.append(&mut report.findings);
            joined.accepted.append(&mut report.accepted);
            joined.unused_acceptances.append(&mut report.unused_acceptances);
            joined.broken.append(&mut report.broken);
            joined.skipped.append(&mut report.skipped);
            joined.notes.append(&mut report.notes);
            joined.read.append(&mut report.read);
            joined.files_read += report.files_read;
            joined.sources_searched += report.sources_searched;
            joined.files_seen += report.files_seen;
            joined.unread_counts |= report.unread_counts;
        }
        ".".clone_into(&mut joined.root);
        joined.sort();
        Some(joined)
    }

    /// Puts the root in front of every path.
    fn prefix(&mut self) {
        if self.files_read == 0 {
            // Of one tree the count says it; of several it would be lost.
            self.broken.push(Broken::of_tree("nothing was read here".to_owned()));
        }
        let root = self.root.trim_end_matches('/').to_owned();
        let single = Path::new(&root).is_file();
        let put = |file: &mut String| {
            *file = match (single, root.as_str(), file.as_str()) {
                (true, _, _) | (_, _, "") => root.clone(),
                (_, ".", _) => std::mem::take(file),
                _ => format!("{root}/{file}"),
            };
        };
        self.findings.iter_mut().for_each(|finding| put(&mut finding.file));
        self.accepted.iter_mut().for_each(|accepted| put(&mut accepted.finding.file));
        self.broken.iter_mut().for_each(|broken| put(&mut broken.file));
        self.skipped.iter_mut().for_each(|skipped| put(&mut skipped.file));
        self.notes.iter_mut().for_each(|note| put(&mut note.file));
        self.read.iter_mut().for_each(put);
    }

    pub(crate) fn sort(&mut self) {
        let order = |finding: &Finding| {
            let place = (finding.file.clone(), finding.line, finding.column);
            (
                place,
                finding.ecosystem,
                finding.name.clone(),
                finding.version.clone(),
                finding.alias.clone(),
                finding.target.clone(),
            )
        };
        self.findings.sort_by_cached_key(order);
        self.accepted.sort_by_cached_key(|accepted| order(&accepted.finding));
        self.broken.sort();
        self.skipped.sort();
        self.notes.sort();
        self.read.sort();
    }
}

/// What the reason begins with where a kind of file is known and not read.
pub(crate) const UNSUPPORTED: &str = "not read: of ";

impl Broken {
    pub(crate) fn of_tree(reason: String) -> Self {
        Self { file: String::new(), line: None, column: None, reason }
    }
}
