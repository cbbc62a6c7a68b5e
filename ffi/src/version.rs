//! Which library is this?

use std::ffi::c_char;

/// The binary interface that this header describes. It rises with every change of a function, a
/// structure or a number.
pub const CTS_ABI_VERSION: u32 = 13;

/// The oldest interface that programs may have been built for which the library of this header
/// serves: what came since was added to it.
pub const CTS_ABI_OLDEST: u32 = 4;

/// The version of the library that is loaded, such as `0.1.0`, ended by a NUL. It lives as long as
/// the library.
#[unsafe(no_mangle)]
pub extern "C" fn cts_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The binary interface of the library that is loaded.
#[unsafe(no_mangle)]
pub extern "C" fn cts_abi_version() -> u32 {
    CTS_ABI_VERSION
}

/// The oldest binary interface that the library which is loaded serves.
#[unsafe(no_mangle)]
pub extern "C" fn cts_abi_oldest() -> u32 {
    CTS_ABI_OLDEST
}

/// Whether the library that is loaded serves programs that were built for that binary interface: 1,
/// from `cts_abi_oldest` to `cts_abi_version`, or 0. `cts_abi_matches` asks with the number of its
/// header; programs without a C compiler ask here.
#[unsafe(no_mangle)]
pub extern "C" fn cts_abi_serves(version: u32) -> i32 {
    i32::from((CTS_ABI_OLDEST..=CTS_ABI_VERSION).contains(&version))
}
