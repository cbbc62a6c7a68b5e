//! What is an entry of a directory, and by what is it looked up?

use super::snapshot::{Entry, Listed};
use crate::time::Timestamp;

/// One provider of a directory.
#[derive(Debug)]
pub struct Provider {
    pub(super) entry: Entry,
    /// The normal forms of the name and the aliases, in that order.
    pub(super) names: Vec<String>,
    /// The registrable domains, as A-labels.
    pub(super) domains: Vec<String>,
}

impl Provider {
    /// Its id, unique in the directory.
    pub fn id(&self) -> &str {
        &self.entry.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.entry.name
    }

    /// Its other, former or later names.
    pub fn aliases(&self) -> &[String] {
        &self.entry.aliases
    }

    /// Its web domains, as the directory writes them.
    pub fn domains(&self) -> &[String] {
        &self.entry.domains
    }

    /// The role that it is listed in, where the directory says so; a value of `provider.role`.
    pub fn role(&self) -> Option<&str> {
        self.entry.role.as_deref()
    }

    /// The periods in which it was listed, in the order of the file.
    pub fn listed(&self) -> &[Listed] {
        &self.entry.listed
    }

    /// What the entry rests on, in words.
    pub fn evidence(&self) -> Option<&str> {
        self.entry.evidence.as_deref()
    }

    /// From when on that shows the role.
    pub fn evidence_at(&self) -> Option<Timestamp> {
        self.entry.evidence_at
    }

    /// All of it.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }
}
