//! Where entries were seen.

use std::sync::Arc;

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
