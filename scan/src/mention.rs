//! Which names does a file mention, and which of them does the catalogue list?
//!
//! Readers hand every name to [`Mentions`], which looks it up at once and keeps only what is listed: a lock file of 20,000 packages
//! costs 20,000 lookups and no copies.

use std::collections::BTreeMap;
use std::sync::Arc;

use cleartosend::directory::clients::{Catalogue, Client, Ecosystem};
use serde::Serialize;

use crate::limits;
use crate::place::At;
use crate::tree::Problem;

/// How a name came into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// Something else needs it.
    Transitive,
    /// It stands in a lock file that does not tell whether the project itself needs it.
    Locked,
    /// The project itself asks for it.
    Direct,
    /// It is installed under another name.
    Alias,
}

/// A name as a reader found it.
#[derive(Clone, Copy)]
pub(crate) struct Mention<'m> {
    pub(crate) ecosystem: Ecosystem,
    pub(crate) name: &'m str,
    /// The name that the project uses for it, where that is another.
    pub(crate) alias: Option<&'m str>,
    pub(crate) version: Option<&'m str>,
    pub(crate) via: Via,
    pub(crate) at: At,
}

/// A name that the catalogue lists.
pub(crate) struct Listed<'c> {
    pub(crate) client: &'c Client,
    pub(crate) alias: Option<Arc<str>>,
    pub(crate) version: Option<Arc<str>>,
    pub(crate) via: Via,
    pub(crate) at: At,
}

/// Where in a list the mentions of one name in one version stand.
type ByAlias = BTreeMap<Option<Arc<str>>, usize>;

/// What the readers of one file found.
pub(crate) struct Mentions<'c> {
    catalogue: &'c Catalogue,
    listed: Vec<Listed<'c>>,
    problems: Vec<Problem>,
    problems_left_out: usize,
}

impl<'c> Mentions<'c> {
    pub(crate) fn new(catalogue: &'c Catalogue) -> Self {
        Self { catalogue, listed: Vec::new(), problems: Vec::new(), problems_left_out: 0 }
    }

    pub(crate) fn knows(&self, ecosystem: Ecosystem, name: &str) -> bool {
        self.catalogue.find_in(ecosystem, name).is_some()
    }

    /// Takes a mention; tells whether the catalogue lists it.
    pub(crate) fn take(&mut self, mention: Mention<'_>) -> bool {
        let Some(client) = self.catalogue.find_in(mention.ecosystem, mention.name) else { return false };
        let alias = mention.alias.filter(|alias| !alias.eq_ignore_ascii_case(mention.name));
        self.listed.push(Listed {
            client,
            alias: alias.map(Arc::from),
            version: mention.version.map(str::trim).filter(|version| !version.is_empty()).map(Arc::from),
            via: if alias.is_some() { Via::Alias } else { mention.via },
            at: mention.at,
        });
        true
    }

    /// Notes a part that could not be read, where the rest of the file still can.
    pub(crate) fn problem(&mut self, at: At, reason: impl Into<String>) {
        if self.problems.len() < limits::PROBLEMS_PER_FILE_MAX {
            self.problems.push(Problem::new(Some(at), reason));
        } else {
            self.problems_left_out += 1;
        }
    }

    /// What is listed, each name once for each version and alias, and the parts that could not be read.
    ///
    /// Lock files say the same thing in several sections: the first place stands, and the way that tells most.
    pub(crate) fn finish(self) -> (Vec<Listed<'c>>, Vec<Problem>) {
        let mut merged: Vec<Listed<'c>> = Vec::new();
        let mut groups: BTreeMap<(Ecosystem, &str, Option<Arc<str>>), ByAlias> = BTreeMap::new();
        for listed in self.listed {
            let group = groups.entry((listed.client.ecosystem, &*listed.client.name, listed.version.clone())).or_default();
            // A mention without an alias is the same as any with one.
            let same = match &listed.alias {
                Some(_) => group.get(&listed.alias).copied().or_else(|| group.remove(&None)),
                None => group.values().next().copied(),
            };
            match same.and_then(|at| Some((at, merged.get_mut(at)?))) {
                Some((at, other)) => {
                    other.via = other.via.max(listed.via);
                    other.alias = other.alias.take().or(listed.alias);
                    group.insert(other.alias.clone(), at);
                }
                None => {
                    group.insert(listed.alias.clone(), merged.len());
                    merged.push(listed);
                }
            }
        }
        let mut problems = self.problems;
        if self.problems_left_out > 0 {
            problems.push(Problem::new(None, format!("and {} more of the kind", self.problems_left_out)));
        }
        (merged, problems)
    }
}
