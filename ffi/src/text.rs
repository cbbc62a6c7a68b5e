//! Texts as C sees them.

use std::ffi::c_char;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::contract::{free, getter};
use crate::status::cts_status;

/// A text: UTF-8, `len` bytes, not ended by a NUL.
///
/// A text that a call gives is borrowed: each function says from what, and how long it lives. One
/// that is not there has NULL for `data`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_str {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes.
    pub len: usize,
}

/// A text that a call made. Never changes; may be read by several threads at once.
pub struct cts_text(PhantomData<*mut u8>);

crate::handle::handle!(cts_text holds String);

/// Gives the text.
///
/// `*read` is borrowed from `text` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_text_read(text: *const cts_text, read: *mut cts_str) -> cts_status {
    getter!(text, read, |text| cts_str::of(text))
}

/// Frees a text; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_text_free(text: *mut cts_text) {
    free!(text);
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

/// An array that C sees, of texts or of structures with texts in them, which are as old as what it
/// stands in, or constants.
#[derive(Debug)]
pub(crate) struct Views<T = cts_str>(Vec<T>);

// SAFETY: the texts that the views point to never change, so they may be read from anywhere.
unsafe impl Send for Views {}
// SAFETY: as above.
unsafe impl Sync for Views {}

impl Views {
    pub(crate) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        texts.map(cts_str::of).collect()
    }
}

impl<T> FromIterator<T> for Views<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T> Deref for Views<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}
