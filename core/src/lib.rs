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
//! - [`Facts`]: what the caller gave of one case, each fact a value, absent or unknown.
//! - [`Decision`] and [`Finding`]: what comes out. A [`Judgement`] is the verdict and the ids of
//!   the rules behind it, without findings.
//! - [`Explanation`]: what would make the verdict better, when it would be clear, and what to
//!   supply first.
//! - [`Engine::render`]: a decision as a page for people, in one of the languages of [`Lang`].
//! - `Screening` and `ScreenOptions` (feature `screen`): the same for a whole audience, with a
//!   `Summary`.
//! - [`Pack`]: dated, cited rules, read from TOML and refused whole if anything is wrong.
//! - [`Directory`]: who was listed as a provider, when.
//! - [`Schema`]: which attributes exist, and of what type.
//!
//! What is not given is never assumed: a rule that the facts do not settle is a finding
//! that asks for review and names what is missing. A finding is about the world, an error is about
//! the call: bad input is refused with its path, and nothing is skipped.
//!
//! The crate reads no clock, file, network, environment, system time zone or random number; the
//! instant of sending is always an argument. The same facts, packs and directory give the same
//! bytes everywhere, and [`Decision::digest`] covers them all.
//!
//! Features: `screen` for audiences, from and to Arrow record batches; `csv` for reading provider
//! directories from tables. Without them the crate needs neither Arrow nor a reader of tables.
//!
//! This page is the front door: what stands here, and in the modules [`directory`],
//! [`analyse`], [`explain`], [`pack`], [`schema`] and `screen`, keeps its names from one minor
//! version to the next. [`expert`] is the machinery behind it, for tools that look into an engine;
//! it may change with any release.
//!
//! For those who read the source: the modules are the pipeline, top to bottom; each opens with the
//! question that it answers. `ARCHITECTURE.md` says where what decides stands: where a rule becomes
//! clauses (`compile/outcomes.rs`) and clauses become bits (`compile/rows.rs`), where a status is
//! decided (`matching/outcome.rs`), where a derived attribute lives (`resolve/derivations.rs`).

// A type of the front door can gain fields or variants unless it says why not.
#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

pub use analyse::{Analysis, DiffError, Difference};
pub use decide::{
    Decision, DirectoryStamp, Finding, FindingError, FindingSource, FindingTexts, FindingWaiver,
    PackStamp, Report,
};
pub use directory::{Directory, DirectoryError};
pub use engine::{
    Engine, EngineBuilder, EngineError, EvalError, JudgedRule, Judgement, Prepared, Recipient,
};
pub use explain::{ExplainError, ExplainOptions, Explanation};
pub use facts::{Facts, FactsError, Marks};
pub use language::Lang;
pub use pack::{Pack, PackError, PackErrors, PackFile};
pub use schema::Schema;
#[cfg(feature = "screen")]
pub use screen::{ScreenError, ScreenOptions, Screener, Screening, Summary};
pub use time::{Duration, Period, Timestamp, TimestampError};
pub use value::{Fact, Scalar, Type, Value};
pub use verdict::{Exposure, FindingVerdict, RuleTopic, Status, Topic, UnknownWord, Verdict};

// The leaves, used by every stage.
#[cfg(feature = "csv")]
mod csv;
mod digest;
mod json_schema;
mod language;
mod limits;
mod suggest;
#[expect(clippy::exhaustive_enums, reason = "machinery")]
mod ternary;
mod text;
mod time;
mod value;
mod verdict;

// What rules are made of.
pub mod schema;

pub mod directory;

#[expect(clippy::exhaustive_structs, reason = "machinery")]
mod clients;

#[expect(clippy::exhaustive_enums, reason = "machinery")]
mod endpoints;

mod form;

#[expect(clippy::exhaustive_structs, reason = "machinery")]
mod cel;

pub mod pack;

#[expect(clippy::exhaustive_enums, clippy::exhaustive_structs, reason = "machinery")]
mod program;

mod compile;

// What happens to a case.
mod facts;

mod resolve;

#[expect(clippy::exhaustive_structs, reason = "machinery")]
mod matching;

mod decide;

pub mod explain;

mod render;

#[cfg(feature = "screen")]
pub mod screen;

pub mod analyse;

// The paved path through all of it.
mod engine;

/// The machinery, for tools that look into an engine: the command, the bindings, the judges.
///
/// Each module here is the one of that name in the source. Nothing in it is part of what a version
/// promises; whoever depends on a name of it may ask for it to be re-exported at the root.
pub mod expert {
    macro_rules! machinery {
        ($($(#[$when:meta])* $module:ident)*) => {
            $(
                $(#[$when])*
                #[doc(hidden)]
                pub mod $module {
                    pub use crate::$module::*;
                }
            )*
        };
    }

    machinery! {
        #[cfg(feature = "csv")]
        csv
        digest json_schema language limits suggest ternary text time value verdict
        cel clients endpoints program compile
        facts resolve matching decide render engine
    }
}
