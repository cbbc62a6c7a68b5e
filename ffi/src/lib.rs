//! The C binding.
//!
//! In: pointers, lengths and numbers from a program that may be wrong about all of them. Out: a
//! status, and what was asked for. What the functions promise is written at each of them, since
//! their comments become `include/cleartosend.h`; why the unsafe code in here is sound is argued in
//! `SAFETY.md`.
//!
//! Four modules hold all of the machinery: `handle` turns what C holds into references, `input`
//! what C passes into values, `boundary` results and panics into a status; `contract` holds what
//! callers promise, and is how every function of the header reaches the other three. `audience` and
//! `rows` are the two ends of a screening, as Arrow streams, and `host` calls the functions of the
//! first. The others are one noun of the header each.

#![expect(
    unsafe_code,
    reason = "this is the one crate that meets pointers; every block says why it is sound"
)]
#![warn(clippy::undocumented_unsafe_blocks, clippy::multiple_unsafe_ops_per_block)]
#![expect(non_camel_case_types, reason = "types are called as in the header")]
#![expect(
    clippy::missing_safety_doc,
    reason = "the header's first comment is the contract of every function; SAFETY.md is about it"
)]

mod audience;
mod boundary;
mod contract;
mod handle;
mod host;
mod input;
mod rows;

pub mod account;
pub mod builder;
pub mod bytes;
pub mod changes;
pub mod code;
pub mod decision;
pub mod engine;
pub mod error;
pub mod explanation;
pub mod facts;
pub mod init;
pub mod pack;
pub mod projection;
pub mod provider;
pub mod record;
pub mod report;
pub mod scan;
pub mod screen;
pub mod status;
pub mod summary;
pub mod table;
pub mod text;
pub mod version;
