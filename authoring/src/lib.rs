//! Is a pack in order, as its author means it?
//!
//! In: a [`Pack`](cleartosend::Pack) that was read. Out: what its own tests come to and what none of
//! them shows ([`run_tests`]), the tests that are missing, written out ([`draft()`]), and what in it is
//! allowed and probably not meant ([`lint()`]). Nothing here judges a campaign, and nothing opens a
//! file: the command, C and Python ask the same and print it each in their way.
//!
//! ```
//! use cleartosend::{Pack, Timestamp};
//! use cleartosend_authoring::{lint, run_tests};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pack = Pack::built_in("whatsapp").ok_or("it is built in")??;
//! let report = run_tests(&pack, pack.tests()?)?;
//! assert!(report.failures.is_empty() && report.gaps.is_empty());
//! let at: Timestamp = "2026-03-02T15:00:00Z".parse()?;
//! assert!(lint(&pack, at)?.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! - [`TestReport`]: tests that fail ([`TestFailure`]), what no test shows ([`Gap`]), and how much
//!   of each rule is shown ([`RuleCoverage`]).
//! - [`Draft`]: tests to be read and kept.
//! - [`TestsError`]: why tests were not run.

mod coverage;
mod draft;
mod error;
mod lint;
mod run;

pub use coverage::{Count, Gap, RuleCoverage, Share, can_be_unknown_of, named_rules};
pub use draft::{Draft, draft};
pub use error::TestsError;
pub use lint::{lint, lint_json};
pub use run::{TestFailure, TestReport, run_tests};
