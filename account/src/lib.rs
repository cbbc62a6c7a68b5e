//! What has become of the accounts, and what would come next?
//!
//! In: what WhatsApp itself sends about accounts: webhooks, and answers of the Graph API with the
//! timestamp at which they were read. Out: a [`Book`], which says of a campaign's facts what is
//! known of its account, number, template and recipient as of any timestamp, and what a further
//! violation would bring ([`Projection`]).
//!
//! A book is a map from keys to small rows, each a join of registers: an event that comes twice
//! changes nothing, the order in which events come does not count, and books that several workers
//! keep are merged. What is not understood is never dropped in silence: it asks for review until
//! somebody acknowledges it. Nothing here asks a clock or opens a file.
//!
//! ```
//! use cleartosend::{Engine, Facts, Verdict};
//! use cleartosend_account::Book;
//!
//! let mut book = Book::new();
//! let applied = book.apply(
//!     br#"{"object": "whatsapp_business_account", "entry": [{"id": "100", "time": 1772000000,
//!         "changes": [{"field": "account_update", "value": {"event": "DISABLED_UPDATE",
//!         "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "February 25, 2026"}}}]}]}"#,
//! )?;
//! assert_eq!(applied.rows, ["account/100"]);
//!
//! let engine = Engine::built_in()?;
//! let mut facts = Facts::from_json(
//!     engine.schema(),
//!     br#"{"send_at": "2026-03-02T15:00:00Z", "account": {"id": "100"}}"#,
//! )?;
//! book.tell(&mut facts)?;
//! assert_eq!(engine.check(&facts)?.verdict(), Verdict::Deny);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`codes`] explains error codes.
//!
//! The walk: `envelope` takes changes out of a webhook, `event` tells their kind, `other` what is
//! about something else, `effects` (with `graph` and `words`) what each says, `book` keeps it,
//! `fold` tells which restrictions are in force. `project` asks the enforcement ladder.

pub mod book;
pub mod codes;
mod consequence;
mod effects;
mod envelope;
mod error;
mod event;
mod fields;
mod fold;
mod graph;
mod other;
mod project;
mod words;

pub use book::{Applied, Book, ChangeOutcome, ChangeReport, Removed, Rows, accounts_in};
pub use cleartosend::expert::resolve::ladder::{History, PastRestriction, PastViolation};
pub use error::AccountError;
pub use event::Kind as EventKind;
pub use project::{Block, LadderStamp, Possible, Projection, project};
