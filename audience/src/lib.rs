//! Audiences from files, and what screening makes of them into files.
//!
//! [`read()`] opens CSV, NDJSON, Parquet or Arrow IPC as a reader of record batches; [`Writer`]
//! writes record batches as any of these; [`Beside`] lets a file appear whole or not at all.
//! Batches stream through: what is held does not grow with the audience.
//!
//! ```
//! use arrow_array::RecordBatchReader as _;
//! use cleartosend_audience::{Format, ReadOptions, Source, read};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let table = "id,recipient.phone\n1,+34600000000\n2,\n";
//! let audience = read(Source::Pipe(Box::new(table.as_bytes())), Format::Csv, &ReadOptions::new())?;
//! assert_eq!(audience.schema().field(1).name(), "recipient.phone");
//! let batches = audience.collect::<Result<Vec<_>, _>>()?;
//! assert_eq!((batches[0].num_rows(), batches[0].column(1).null_count()), (2, 1));
//! # Ok(())
//! # }
//! ```
//!
//! - [`Format`]: which formats there are, and what a file's name says of it.
//! - [`Mapping`]: what the columns of somebody else's table say of recipients.
//! - [`Audience`]: a file being read, with how far it has come.
//! - [`AudienceError`]: what is wrong with a file, and where.
//!
//! CSV has no types: all its columns are texts. Those of NDJSON hold the JSON of each member, see
//! [`cleartosend::screen::json`]. Nothing is skipped: a line that is no row is an error with its
//! number.

mod ahead;
mod beside;
mod error;
mod format;
pub mod limits;
mod mapping;
mod read;
mod same;
mod write;

pub use ahead::Ahead;
pub use beside::Beside;
pub use error::AudienceError;
pub use format::{Format, Separator};
pub use mapping::{
    CheckedMapping, ColumnMapping, Country, DateFormat, DateFormatError, Encoding, Mapping,
    MappingErrors, UnknownCountry, UnknownEncoding,
};
pub use read::{Audience, Lines, Progress, ReadOptions, Source, quiet_decoders, read};
pub use same::{Named, refuse_same_file};
pub use write::{Formulas, Writer};

/// Runs what the guide shows.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guides/screening.md")]
struct Guide;

/// Runs what the guide to exports shows.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guides/audience-files.md")]
struct ExportsGuide;
