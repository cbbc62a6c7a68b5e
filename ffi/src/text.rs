//! Texts as C sees them.

use std::ffi::c_char;

/// A text: UTF-8, `len` bytes, not ended by a NUL.
///
/// A text that a call gives is borrowed: each function says from what, and how long it lives. One that is not there has NULL for `data`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_str {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes.
    pub len: usize,
}

impl cts_str {
    /// A text that is not there.
    pub(crate) const ABSENT: Self = Self { data: std::ptr::null(), len: 0 };

    /// A view of a text that outlives what it is handed out with.
    pub(crate) fn of(text: &str) -> Self {
        Self { data: text.as_ptr().cast(), len: text.len() }
    }

    pub(crate) fn of_option(text: Option<&str>) -> Self {
        text.map_or(Self::ABSENT, Self::of)
    }
}
