//! Bytes as C sees them.

use std::marker::PhantomData;

use crate::contract::{free, getter};
use crate::status::cts_status;

/// Bytes that a call made. Never change; may be read by several threads at once.
pub struct cts_bytes(PhantomData<*mut u8>);

crate::handle::handle!(cts_bytes holds Vec<u8>);

/// Gives the bytes.
///
/// `*data` is borrowed from `bytes` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_bytes_read(
    bytes: *const cts_bytes,
    data: *mut *const u8,
    len: *mut usize,
) -> cts_status {
    getter!(bytes, [data, len], |bytes| bytes)
}

/// Frees bytes; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_bytes_free(bytes: *mut cts_bytes) {
    free!(bytes);
}
