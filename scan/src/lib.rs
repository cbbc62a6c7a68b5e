//! Which clients of WhatsApp does this source tree use?
//!
//! [`scan`] walks a directory, reads every manifest and lock file that it knows, and looks each name up in the catalogue of
//! [`cleartosend::directory::clients`]. Names match whole, per ecosystem; an alias is seen through to the package behind it.
//!
//! ```no_run
//! use cleartosend::directory::clients::Catalogue;
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
//! - [`Finding`]: one name of the catalogue in one file.
//! - [`render`]: the report for people, as JSON, and as SARIF 2.1.0 for code hosts.
//!
//! It is a pure function of the tree, the catalogue and the options: it runs no package manager, asks no network, follows no link, and
//! lists everything in a fixed order. What it does not do: evaluate build scripts, follow `-r` lines or parents of build files, read
//! installed packages unless told to ([`Installed`]).

mod formats;
pub mod limits;
mod mention;
mod place;
mod read;
pub mod render;
mod report;
mod tree;
mod walk;

pub use mention::Via;
pub use report::{Broken, CatalogueUsed, Finding, Report, Skipped};
pub use walk::{Installed, Options, ScanError, scan};
