//! Which library is this?

use std::ffi::c_char;

/// The binary interface that this header describes. It rises with every change of a function, a structure or a number.
pub const CTS_ABI_VERSION: u32 = 3;

/// The version of the library that is loaded, such as `0.1.0`, ended by a NUL. It lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn cts_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The binary interface of the library that is loaded, to be compared with `CTS_ABI_VERSION`; `cts_abi_matches` does.
#[unsafe(no_mangle)]
pub extern "C" fn cts_abi_version() -> u32 {
    CTS_ABI_VERSION
}
