//! Lists of objects.

use std::sync::Arc;

use super::attribute::Attribute;
use crate::limits;

/// A list of objects in the campaign document, which rules see only through derived attributes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Collection {
    /// The dotted path, such as `account.restrictions`.
    pub path: Arc<str>,
    /// One line of definition.
    pub doc: Arc<str>,
    /// The members of one entry; each `path` is the member's bare name.
    pub members: Arc<[Attribute]>,
    /// The places of two members that are the beginning and the end of a period.
    pub period: Option<(usize, usize)>,
}

impl Collection {
    /// How many entries it may have.
    pub fn entries_max(&self) -> usize {
        if &*self.path == "intermediaries" {
            limits::INTERMEDIARIES_MAX
        } else {
            limits::FACT_LIST_MAX
        }
    }
}
