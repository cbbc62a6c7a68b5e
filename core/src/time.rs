//! Instants and spans of time, their text, and nothing of clocks.
//!
//! An instant lies in the years 1 to 9999, as in RFC 3339 and CEL, and is counted in nanoseconds
//! since 1970-01-01T00:00:00Z without leap seconds. The calendar is jiff's; its types stay in this
//! folder.

mod period;
mod timestamp;
pub mod zone;

pub use period::Period;
pub use timestamp::{Duration, Timestamp, TimestampError};
pub(crate) use timestamp::{FIRST, FIRST_OF_OWN, PAST_ALL, SECONDS_END, SPAN_SECONDS_MAX};
