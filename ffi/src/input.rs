//! What does C pass?
//!
//! Pointers with lengths become slices and texts, structures are read by their declared size, and places for outputs are found out to be
//! there before any work is done.

use std::ffi::c_void;
use std::ptr::NonNull;

use crate::boundary::Failure;
use crate::text::cts_str;

/// The longest object that there can be.
const LENGTH_MAX: usize = isize::MAX as usize;

/// A slice. (NULL, 0) is an empty one.
///
/// # Safety
/// `data` is NULL, or points to `length` items that do not change while the call lasts.
pub(crate) unsafe fn items<'a, T>(data: *const T, length: usize, name: &'static str) -> Result<&'a [T], Failure> {
    if length == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(Failure::null(name));
    }
    if length > LENGTH_MAX / size_of::<T>().max(1) {
        return Err(Failure::length(name, length));
    }
    if !data.is_aligned() {
        return Err(Failure::wrong_handle(name));
    }
    // SAFETY: not NULL, aligned, not longer than an object can be; the rest is promised to this function.
    Ok(unsafe { std::slice::from_raw_parts(data, length) })
}

/// Bytes.
///
/// # Safety
/// As [`items`].
pub(crate) unsafe fn bytes<'a>(data: *const c_void, length: usize, name: &'static str) -> Result<&'a [u8], Failure> {
    // SAFETY: as promised to this function.
    unsafe { items(data.cast::<u8>(), length, name) }
}

/// A text.
///
/// # Safety
/// As [`items`].
pub(crate) unsafe fn text<'a>(data: *const std::ffi::c_char, length: usize, name: &'static str) -> Result<&'a str, Failure> {
    // SAFETY: as promised to this function.
    let bytes = unsafe { items(data.cast::<u8>(), length, name) }?;
    std::str::from_utf8(bytes).map_err(|error| Failure::not_utf8(name, error.valid_up_to()))
}

/// A text that may not be there: its data is NULL.
///
/// # Safety
/// As [`items`], for what it points to.
pub(crate) unsafe fn optional_text<'a>(view: cts_str, name: &'static str) -> Result<Option<&'a str>, Failure> {
    if view.data.is_null() && view.len == 0 {
        return Ok(None);
    }
    // SAFETY: as promised to this function.
    unsafe { text(view.data, view.len, name) }.map(Some)
}

/// A structure that C declares with its size as the first member, and that this library reads or writes whole.
///
/// # Safety
/// The type is `repr(C)` and begins with a `usize` that is its size.
pub(crate) unsafe trait StartsWithSize {}

/// Whether a structure is there and has the size that this library knows.
///
/// # Safety
/// `given` is NULL, or points to a structure that begins with its size.
pub(crate) unsafe fn sized<T: StartsWithSize>(given: *const T, name: &'static str) -> Result<NonNull<T>, Failure> {
    let Some(there) = NonNull::new(given.cast_mut()) else { return Err(Failure::null(name)) };
    if !there.is_aligned() {
        return Err(Failure::wrong_handle(name));
    }
    // SAFETY: not NULL, aligned, and the type begins with its size.
    let found = unsafe { there.cast::<usize>().read() };
    if found == size_of::<T>() { Ok(there) } else { Err(Failure::struct_size(name, found, size_of::<T>())) }
}

/// A place that C wants an output in.
#[derive(Debug)]
pub(crate) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    /// # Safety
    /// `place` is NULL, or may be written until the call ends, and nobody reads it meanwhile.
    pub(crate) unsafe fn new(place: *mut T, name: &'static str) -> Result<Self, Failure> {
        match NonNull::new(place) {
            None => Err(Failure::null(name)),
            Some(place) if !place.is_aligned() => Err(Failure::wrong_handle(name)),
            Some(place) => Ok(Self(place)),
        }
    }

    /// A structure with its size in front.
    ///
    /// # Safety
    /// As [`Self::new`], and as [`sized`].
    pub(crate) unsafe fn sized(place: *mut T, name: &'static str) -> Result<Self, Failure>
    where
        T: StartsWithSize,
    {
        // SAFETY: as promised to this function.
        unsafe { sized(place.cast_const(), name) }.map(Self)
    }

    /// Writes the output. What was there is not read or dropped: it is C's, and may be anything.
    pub(crate) fn put(self, value: T) {
        // SAFETY: not NULL, aligned, and writable as promised to `new`.
        unsafe { self.0.write(value) };
    }
}
