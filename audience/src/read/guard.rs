//! What if a decoder trips over a malformed file?

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::error::{self, AudienceError};
use crate::format::Format;

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Has the program's panic hook pass over a decoder that panics on a malformed file, which is
/// reported as an error of that file and not as a crash: from now on, for the whole process. For
/// the program's own hook all other panics are what they were.
pub fn quiet_decoders() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !DECODING.get() {
                hook(panic);
            }
        }));
    });
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
