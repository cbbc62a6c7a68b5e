//! What is one client in one file, and what speaks for it?

use std::sync::Arc;

use cleartosend::expert::clients::ClientStatus;
use serde::{Serialize, Serializer};

use crate::listed::Listed;
use crate::mention::{Evidence, Via};

/// One client in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The path below the root, with `/` between its parts.
    pub file: String,
    /// From 1, where known.
    pub line: Option<usize>,
    /// From 1, in characters, where known.
    pub column: Option<usize>,
    /// The ecosystem's name, such as `npm`; `address` for a host or a path.
    pub ecosystem: &'static str,
    /// The name as the catalogue writes it, or as the file does where the catalogue does not list
    /// it.
    pub name: Arc<str>,
    /// The project that the name belongs to.
    pub project: Arc<str>,
    /// The name that the project uses for it, where that is another.
    pub alias: Option<Arc<str>>,
    /// What is installed under the name, where that is something else.
    pub target: Option<Arc<str>>,
    /// The listed client that the name resembles, where it is not listed itself.
    pub resembles: Option<Arc<str>>,
    /// The version, range or address that the file states.
    pub version: Option<Arc<str>>,
    /// Worse than [`ClientStatus::Unrecognised`].
    #[serde(serialize_with = "as_name")]
    pub status: ClientStatus,
    /// What speaks for it.
    pub evidence: Evidence,
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
    /// For what is not certain: the question whose answer decides.
    pub ask: Option<Arc<str>>,
    /// Where the catalogue saw it.
    pub source: Arc<str>,
}

fn as_name<S: Serializer>(status: &ClientStatus, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(status.name())
}

impl Finding {
    pub(crate) fn new(
        file: String,
        line: Option<usize>,
        column: Option<usize>,
        listed: Listed,
    ) -> Self {
        Self {
            file,
            line,
            column,
            ecosystem: listed.ecosystem,
            name: listed.name,
            project: listed.project,
            alias: listed.alias,
            target: listed.target,
            resembles: listed.resembles,
            version: listed.version,
            status: listed.status,
            evidence: listed.evidence,
            via: listed.via,
            kind: listed.kind,
            confidence: listed.confidence,
            seen: listed.seen,
            note: listed.note,
            ask: listed.ask,
            source: listed.source,
        }
    }

    /// The client, as `ecosystem:name`.
    pub fn client(&self) -> String {
        format!("{}:{}", self.ecosystem, self.name)
    }
}
