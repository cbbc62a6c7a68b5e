//! What if a decoder trips over a malformed file?

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{self, AudienceError};
use crate::format::Format;

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is in a decoder, so that a panic is about a file and is reported as an
/// error. A program that writes panics down, by a hook, can leave these out.
pub fn is_decoding() -> bool {
    DECODING.get()
}

/// Runs a decoder. The decoders of Parquet and Arrow are other people's and large; where one panics
/// over bytes that it did not expect, the file is refused as malformed, as it is where it notices.
/// A reader that panicked is not asked again.
pub(super) fn guarded<T>(
    format: Format,
    decode: impl FnOnce() -> Result<T, AudienceError>,
) -> Result<T, AudienceError> {
    DECODING.set(true);
    let decoded = catch_unwind(AssertUnwindSafe(decode));
    DECODING.set(false);
    decoded.unwrap_or_else(|_| Err(error::malformed(format, "its decoder gave up")))
}
