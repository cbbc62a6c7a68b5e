//! Which clients of WhatsApp does this source tree use?
//!
//! [`scan`] walks a directory, reads every file that says what is installed or run, and looks each
//! name up in the catalogue of [`cleartosend::expert::clients`]. Names match whole, per
//! ecosystem; an alias is seen through to the package behind it, and both count. Sources are
//! searched for the names and addresses that no manifest shows.
//!
//! ```no_run
//! use cleartosend::expert::clients::Catalogue;
//! use cleartosend_scan::{Options, render, scan};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let report = scan("my-project".as_ref(), &*Catalogue::built_in()?, &Options::default())?;
//! for line in render::text(&report).lines() {
//!     // unofficial    package.json:7:5  npm:@whiskeysockets/baileys ^6.7.0 (as `wa`)
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - [`Report`]: what was found, which files could not be read and why, what was left out.
//! - [`Finding`]: one client in one file, with what speaks for it ([`Evidence`]).
//! - [`Options`]: what is left out ([`Options::exclude`]), what counts ([`Unread`]), and whether
//!   the tree's own list of accepted findings is heard ([`Acceptances`]).
//! - [`render`]: the report for people, as JSON, and as SARIF 2.1.0 for code hosts.
//!
//! It is a pure function of the tree, the catalogue and the options: it runs no package manager,
//! asks no network, leaves the tree by no link, and lists everything in a fixed order. What it
//! cannot read may hold anything, so it makes the result undecided. What it does not do: evaluate
//! build scripts, follow parents of build files, read installed packages unless asked to
//! ([`Installed`]).

mod accept;
mod decode;
mod file;
mod finding;
mod format;
mod formats;
mod json_schema;
pub mod limits;
mod listed;
mod mention;
mod mentions;
mod options;
mod own_list;
mod place;
mod read;
mod reader;
pub mod render;
mod report;
mod tree;
mod walk;

pub use accept::{Acceptance, CONFIG_FILE, Day, FILE as ACCEPT_FILE, Unused, Why};
pub use finding::Finding;
pub use mention::{Evidence, Via};
pub use options::{Acceptances, Installed, Options, ScanError, Unread};
pub use report::{AcceptedFinding, Broken, CatalogueUsed, Note, Report, Skipped};
pub use walk::scan;
