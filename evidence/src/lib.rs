//! How is a decision stored, so that others can check it?
//!
//! A [`Record`] is one JSON document: the facts that were judged, the decision, the explanation if
//! it was asked for, and the digests of all that these rest on. Whoever has it can recompute its
//! digests ([`verify()`]) and, with the same packs, judge again ([`replay()`]).
//!
//! ```
//! use cleartosend::{Engine, Facts};
//! use cleartosend_evidence::{RecordOptions, Recording as _, Replayed, replay, verify};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::built_in()?;
//! let document = br#"{"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "red"}}"#;
//! let facts = Facts::from_json(engine.schema(), document)?;
//! let record = engine.record(&facts, &RecordOptions::new())?;
//! assert_eq!(verify(&record), []);
//! assert_eq!(replay(&record, &engine)?, Replayed::SameBytes);
//! # Ok(())
//! # }
//! ```
//!
//! Recording is an extension of [`Engine`](cleartosend::Engine) and not part of it: keys, hashes of
//! names and files are no business of the engine, which reaches nothing.
//!
//! - [`Recording`]: `engine.record(&facts, &options)`.
//! - [`Mask`]: the recipient's number and user id as keyed hashes.
//! - [`append`] and [`Lines`]: logs of records, a line each.
//! - [`Report`]: a page for people.
//! - [`Seal`]: what makes an edited, cut or reordered log show.
//! - [`Subject`] and [`Trust`]: signed packs and directories; [`Trusting`]: engines of them alone.
//!
//! Bytes come in as arguments, but for logs: [`append`] locks the file that it is given.

mod error;
mod flat;
mod form;
mod json;
mod json_schema;
mod log;
mod mask;
mod record;
mod replay;
mod report;
mod rows;
mod screening;
mod seal;
mod signed;
mod trusted;
mod verify;

pub use error::RecordError;
pub use log::{Appended, LINE_BYTES_MAX, Line, Lines, append};
pub use mask::{KEY_FILE_BYTES_MAX, MASK_KEY_BYTES_MIN, Mask};
pub use record::{Record, RecordOptions, Recording, VERSION};
pub use replay::{Replayed, RuleChange, campaign, replay};
pub use report::{Page, Report};
pub use rows::{RowChange, compare_columns, compare_rows};
pub use screening::{Column, FileDigest, Screened};
pub use seal::{Broken, Chain, PublicKey, Rotated, Seal, SealError, SecretKey};
pub use signed::{Subject, Trust, TrustError};
pub use trusted::{TrustedBuilder, TrustedError, Trusting};
pub use verify::{Difference, verify};
