//! Are we clear to send?
//!
//! Before a business sends a WhatsApp campaign, it asks this crate, inside its own process, with
//! the facts that it already has. The answer is a [`Decision`]: allow, review or deny, with each
//! rule that stands against sending, the source of the rule, what is at stake, what to do, and
//! which facts are missing.
//!
//! ```
//! use cleartosend::{Engine, Verdict};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::built_in()?;
//! let decision = engine.check_json(
//!     br#"{
//!         "send_at": "2026-03-02T15:00:00Z",
//!         "campaign": {"initiated_by": "business", "category": "marketing"},
//!         "recipient": {"phone": "+34600000000", "opted_out": true}
//!     }"#,
//! )?;
//! assert_eq!(decision.verdict(), Verdict::Deny);
//! assert!(decision.findings().iter().any(|finding| &*finding.rule == "consent.opted-out"));
//! # Ok(())
//! # }
//! ```
//!
//! - [`Engine`]: packs, a directory and all that is bundled, ready to judge. Immutable, shared by
//!   threads, cheap to clone. [`EngineBuilder`] makes one of other packs or another directory.
//! - [`Facts`]: what the caller said of one case, each fact a value, absent or unknown.
//! - [`Decision`] and [`Finding`]: what comes out. A [`Judgement`] is the verdict and the ids of the
//!   rules behind it, without findings.
//! - [`Engine::render`]: a decision as a page for people, in one of the languages of [`Lang`].
//! - `Screening` and `ScreenOptions` (feature `screen`): the same for a whole audience, with a
//!   `Summary`.
//! - [`Pack`]: dated, cited rules, read from TOML and refused whole if anything is wrong.
//! - [`Directory`]: who was listed as a provider, when.
//! - [`Schema`](schema::Schema): which attributes exist, and of what type.
//! - [`Resolved`](resolve::Resolved): the facts with all that follows from them.
//!
//! What is not told is never taken for granted: a rule that the facts do not settle is a finding
//! that asks for review and names what is missing. A finding is about the world, an error is about
//! the call: bad input is refused with its path, and nothing is skipped.
//!
//! The crate reads no clock, file, network, environment, system time zone or random number; the
//! instant of sending is always an argument. The same facts, packs and directory give the same
//! bytes everywhere, and [`Decision::digest`] covers them all.
//!
//! The modules are the pipeline, top to bottom; each opens with the question that it answers.
//! `ARCHITECTURE.md` says where what decides stands: where a rule becomes bits, where a status is
//! decided, where a derived attribute lives.

pub use decide::{Decision, Finding};
pub use directory::{Directory, DirectoryError};
pub use engine::{Engine, EngineBuilder, EngineError, EvalError, JudgedRule, Judgement};
pub use facts::{Facts, FactsError};
pub use language::Lang;
pub use pack::{Pack, PackErrors, PackFile};
#[cfg(feature = "screen")]
pub use screen::{ScreenError, ScreenOptions, Screening, Summary};
pub use verdict::{FindingVerdict, Verdict};

// The leaves, used by every stage.
#[cfg(feature = "csv")]
pub mod csv;
pub mod digest;
pub mod language;
pub mod limits;
pub mod suggest;
pub mod ternary;
pub mod text;
pub mod time;
pub mod value;
pub mod verdict;

// What rules are made of.
pub mod schema;

pub mod cel;

pub mod directory;

pub mod clients;

pub mod endpoints;

pub mod pack;

pub mod program;

pub mod compile;

// What happens to a case.
pub mod facts;

pub mod resolve;

pub mod matching;

pub mod decide;

pub mod render;

#[cfg(feature = "screen")]
pub mod screen;

// The paved path through all of it.
pub mod engine;
