//! Who was listed, when? Who looks alike?
//!
//! In goes a directory, one JSON file (`docs/reference/directory-format.md`), or one merged from
//! several; out comes a [`Directory`] that never changes and answers [`Directory::find`]: was this
//! provider listed at that instant, and if it is none that the directory knows, does it imitate
//! one? A directory does not know what it does not cover: *unlisted* needs one that is complete for
//! that instant.

mod asked;
mod error;
mod find;
#[cfg(feature = "csv")]
pub mod import;
mod index;
mod json_schema;
mod known;
mod list;
mod listing;
mod lookalike;
mod merge;
mod names;
mod provider;
mod read;
mod several;
mod snapshot;

pub use asked::Identity;
pub use error::DirectoryError;
pub use find::Found;
pub use list::Directory;
pub use listing::Listing;
pub(crate) use lookalike::begins_like;
pub use lookalike::{Lookalike, Reason};
pub use merge::{Change, Difference, diff};
pub use names::{DATA_VERSION, is_domain, is_id, is_name, meant_domain};
pub(crate) use names::{a_labels, bare_name, below_registrable, registrable};
pub(crate) use names::{is_firm, is_placeholder};
pub use provider::Provider;
pub use snapshot::{Entry, Listed, Snapshot};

#[cfg(test)]
mod tests;
