//! What an engine holds.

use std::sync::Arc;

use crate::clients::Catalogue;
use crate::decide::Stamp;
use crate::directory::Directory;
use crate::facts::Facts;
use crate::matching::order::Order;
use crate::program::Program;
use crate::resolve::{self, Memo, Resolved, Wanted};

/// Packs, a directory and all that is bundled, ready to judge campaigns.
///
/// Never changes, may be shared by threads, and costs a count to clone. The same facts give the
/// same decision, byte for byte.
#[derive(Clone, Debug)]
pub struct Engine(pub(crate) Arc<Parts>);

#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) program: Arc<Program>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) catalogue: Arc<Catalogue>,
    /// The order of findings.
    pub(crate) order: Arc<Order>,
    pub(crate) stamp: Arc<Stamp>,
    /// What is the same for all campaigns; nothing, where no base document was given.
    pub(crate) base: Facts,
    /// What rules read, in conditions or texts.
    pub(crate) wanted: Wanted,
    /// What they read in conditions: no text is made of a verdict and the ids of rules.
    pub(crate) in_conditions: Wanted,
    /// What was found of those who carry the messages.
    pub(crate) memo: Arc<Memo>,
}

impl Parts {
    /// What is known of a case, as far as rules ask.
    pub(super) fn resolve<'f>(&self, facts: &'f Facts) -> Resolved<'f> {
        let known = (&*self.directory, &*self.catalogue);
        resolve::resolve_with(facts, self.program.packs(), known, &self.wanted, Some(&self.memo))
            .placed(&self.program)
    }
}
