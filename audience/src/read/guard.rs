//! What if a decoder trips over a malformed file?

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{self, AudienceError};
use crate::format::Format;

/// Runs a decoder. The decoders of Parquet and Arrow are other people's and large; where one panics over bytes that it did not expect, the
/// file is refused as malformed, as it is where it notices. A reader that panicked is not asked again.
pub(super) fn guarded<T>(format: Format, decode: impl FnOnce() -> Result<T, AudienceError>) -> Result<T, AudienceError> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(error::malformed(format, "its decoder gave up")))
}
