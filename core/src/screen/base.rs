//! What all rows have in common: the campaign, and what the engine holds.

use std::sync::Arc;

use crate::clients::Catalogue;
use crate::decide::Stamp;
use crate::directory::Directory;
use crate::facts::Facts;
use crate::matching::Case;
use crate::matching::order::Order;
use crate::program::Program;
use crate::resolve::{self, Resolved, Wanted};
use crate::schema::{AttributeId, Scope};
use crate::time::Timestamp;
use crate::value::Fact;

/// The campaign, and the engine's parts that a single row needs.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub(crate) program: Arc<Program>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) order: Arc<Order>,
    pub(crate) wanted: Wanted,
    /// The campaign's facts, with a recipient about whom nothing is given.
    pub(crate) facts: Facts,
    /// What decisions of the engine have in common.
    pub(crate) stamp: Arc<Stamp>,
}

impl Base {
    pub(super) fn resolve<'f>(&self, facts: &'f Facts) -> Resolved<'f> {
        resolve::resolve(
            facts,
            self.program.packs(),
            &self.directory,
            &self.catalogue,
            &self.wanted,
        )
    }

    pub(super) fn send_at(&self) -> Timestamp {
        self.facts.send_at().unwrap_or(Timestamp::MIN)
    }
}

/// A case with a few facts replaced.
pub(super) struct Overlay<'a> {
    pub(super) resolved: &'a Resolved<'a>,
    pub(super) given: &'a [(AttributeId, Fact)],
}

impl Case for Overlay<'_> {
    fn fact(&self, id: AttributeId) -> &Fact {
        let given = self.given.iter().find(|(known, _)| *known == id);
        given.map_or_else(|| self.resolved.for_rules(id), |(_, fact)| fact)
    }

    fn scope(&self) -> Scope {
        Scope::Recipient
    }
}
