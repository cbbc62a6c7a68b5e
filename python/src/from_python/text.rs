//! The UTF-8 of a Python text, where it lies.

#![expect(
    unsafe_code,
    reason = "pyo3 offers no view of a text to a wheel for Python 3.9 and later"
)]
#![warn(clippy::undocumented_unsafe_blocks, clippy::multiple_unsafe_ops_per_block)]

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::PyString;

/// A text's UTF-8; none where half a surrogate pair is in it.
///
/// By the stable interface of 3.9 each text is encoded into a bytes object of its own and looked
/// through again, which took a third of a check.
#[cfg(unix)]
pub(super) fn utf8<'t>(text: &'t Bound<'_, PyString>) -> Option<Cow<'t, str>> {
    use std::ffi::c_char;
    use std::slice;

    use pyo3::ffi::{Py_ssize_t, PyObject};

    // Every CPython since 3.3 exports it; the stable interface, which the library of Windows is
    // made of, names it since 3.10 only.
    unsafe extern "C" {
        fn PyUnicode_AsUTF8AndSize(text: *mut PyObject, size: *mut Py_ssize_t) -> *const c_char;
    }
    let mut size: Py_ssize_t = 0;
    // SAFETY: the object is a text, which its type says, and is alive; the interpreter is attached,
    // since there is a `Bound`.
    let start = unsafe { PyUnicode_AsUTF8AndSize(text.as_ptr(), &raw mut size) };
    if start.is_null() {
        // What was raised says that there is half a surrogate pair, and the caller says it in our
        // words.
        drop(PyErr::take(text.py()));
        return None;
    }
    // SAFETY: so many bytes belong to the text, which never changes and lives while it is borrowed.
    let bytes =
        unsafe { slice::from_raw_parts(start.cast::<u8>(), usize::try_from(size).unwrap_or(0)) };
    // SAFETY: the interpreter encoded it, and refuses what has no encoding.
    Some(Cow::Borrowed(unsafe { std::str::from_utf8_unchecked(bytes) }))
}

/// A text's UTF-8; none where half a surrogate pair is in it.
#[cfg(not(unix))]
pub(super) fn utf8<'t>(text: &'t Bound<'_, PyString>) -> Option<Cow<'t, str>> {
    let bytes = text.encode_utf8().ok()?;
    String::from_utf8(bytes.as_bytes().to_vec()).ok().map(Cow::Owned)
}
