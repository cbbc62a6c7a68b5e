//! What does C pass?
//!
//! Pointers with lengths become slices and texts, structures are read by their declared size, and
//! places for outputs are found out to be there, and made safe, before any work is done.

use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use cleartosend::expert::limits::FACT_TEXT_BYTES_MAX;

use crate::boundary::Failure;
use crate::text::cts_str;

/// The longest object that there can be.
const LENGTH_MAX: usize = isize::MAX as usize;

/// A text that is no document: a name, a path, a column. LIMIT: none that means anything is longer,
/// and what is longer is refused before it is read.
const TEXT_MAX: usize = FACT_TEXT_BYTES_MAX;

/// A slice. (NULL, 0) is an empty one.
///
/// # Safety
/// `data` is NULL, or points to `length` items that do not change while the call lasts.
pub(crate) unsafe fn items<'a, T>(
    data: *const T,
    length: usize,
    name: &'static str,
) -> Result<&'a [T], Failure> {
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
    // SAFETY: not NULL, aligned, not longer than an object can be; the rest is promised to this
    // function.
    Ok(unsafe { std::slice::from_raw_parts(data, length) })
}

/// Bytes.
///
/// # Safety
/// As [`items`].
pub(crate) unsafe fn bytes<'a>(
    data: *const c_void,
    length: usize,
    name: &'static str,
) -> Result<&'a [u8], Failure> {
    // SAFETY: as promised to this function.
    unsafe { items(data.cast::<u8>(), length, name) }
}

/// Refuses a number of items before anybody looks at them.
pub(crate) fn at_most(length: usize, max: usize, name: &'static str) -> Result<(), Failure> {
    if (max + 1..=LENGTH_MAX).contains(&length) {
        Err(Failure::too_long(name, length, max))
    } else {
        Ok(())
    }
}

/// A text.
///
/// # Safety
/// As [`items`].
pub(crate) unsafe fn text<'a>(
    data: *const std::ffi::c_char,
    length: usize,
    name: &'static str,
) -> Result<&'a str, Failure> {
    if !data.is_null() && (TEXT_MAX + 1..=LENGTH_MAX).contains(&length) {
        return Err(Failure::too_long(name, length, TEXT_MAX));
    }
    // SAFETY: as promised to this function.
    let bytes = unsafe { items(data.cast::<u8>(), length, name) }?;
    std::str::from_utf8(bytes).map_err(|error| Failure::not_utf8(name, error.valid_up_to()))
}

/// A text that may not be there: its data is NULL.
///
/// # Safety
/// As [`items`], for what it points to.
pub(crate) unsafe fn optional_text<'a>(
    view: cts_str,
    name: &'static str,
) -> Result<Option<&'a str>, Failure> {
    if view.data.is_null() && view.len == 0 {
        return Ok(None);
    }
    // SAFETY: as promised to this function.
    unsafe { text(view.data, view.len, name) }.map(Some)
}

/// A structure that C declares with its size as the first member. Members are only ever added at
/// its end, so that what a program declares that was built with an older header is a beginning of
/// it.
///
/// # Safety
/// The type is `repr(C)`, begins with a `usize` that is its size, is a value when all of its bytes
/// are zero, and may be cut at each of its sizes.
pub(crate) unsafe trait StartsWithSize: Sized {
    /// The sizes that it has had in the versions of the interface that are served, this one's last.
    const SIZES: &'static [usize];
}

/// Where a structure of a size that is known stands, and that size.
///
/// # Safety
/// `given` is NULL, or points to a structure that begins with its size.
unsafe fn sized<T: StartsWithSize>(
    given: *const T,
    name: &'static str,
) -> Result<(NonNull<T>, usize), Failure> {
    let Some(there) = NonNull::new(given.cast_mut()) else { return Err(Failure::null(name)) };
    if !there.is_aligned() {
        return Err(Failure::wrong_handle(name));
    }
    // SAFETY: not NULL, aligned, and the type begins with its size.
    let found = unsafe { there.cast::<usize>().read() };
    if T::SIZES.contains(&found) {
        Ok((there, found))
    } else {
        Err(Failure::struct_size(name, found, T::SIZES))
    }
}

/// A structure that C filled; members that it does not have yet are zero.
///
/// # Safety
/// As [`sized`].
pub(crate) unsafe fn structure<T: StartsWithSize>(
    given: *const T,
    name: &'static str,
) -> Result<T, Failure> {
    // SAFETY: as promised to this function.
    let (there, size) = unsafe { sized(given, name) }?;
    let mut read = MaybeUninit::<T>::zeroed();
    // SAFETY: so many bytes are there, as the structure says, and the type has at least as many.
    unsafe { there.cast::<u8>().copy_to_nonoverlapping(NonNull::from(&mut read).cast(), size) };
    // SAFETY: what is not zero was copied up to the end of a member.
    Ok(unsafe { read.assume_init() })
}

/// What an output is as long as there is nothing better to say: it must never be taken for a good
/// answer.
pub(crate) trait Safe {
    const SAFE: Self;
}

impl<T> Safe for *mut T {
    const SAFE: Self = std::ptr::null_mut();
}

impl<T> Safe for *const T {
    const SAFE: Self = std::ptr::null();
}

impl Safe for cts_str {
    const SAFE: Self = Self::ABSENT;
}

macro_rules! zero_is_safe {
    ($($number:ty),+) => { $(impl Safe for $number { const SAFE: Self = 0; })+ };
}

zero_is_safe!(i64, u32, usize);

/// A place that C wants an output in. It holds the safe value from here on, whatever becomes of the
/// call.
#[derive(Debug)]
pub(crate) struct Out<T>(NonNull<T>);

impl<T: Safe> Out<T> {
    /// # Safety
    /// `place` is NULL, or may be written until the call ends, and nobody reads it meanwhile.
    pub(crate) unsafe fn new(place: *mut T, name: &'static str) -> Result<Self, Failure> {
        // SAFETY: as promised to this function.
        let out = unsafe { Self::untouched(place, name) }?;
        out.set(T::SAFE);
        Ok(out)
    }
}

impl<T> Out<T> {
    /// A place that is left as it is until there is something to put there.
    ///
    /// # Safety
    /// As [`Self::new`].
    pub(crate) unsafe fn untouched(place: *mut T, name: &'static str) -> Result<Self, Failure> {
        match NonNull::new(place) {
            None => Err(Failure::null(name)),
            Some(place) if !place.is_aligned() => Err(Failure::wrong_handle(name)),
            Some(place) => Ok(Self(place)),
        }
    }

    /// Writes the output. What was there is not read or dropped: it is C's, and may be anything.
    pub(crate) fn put(self, value: T) {
        self.set(value);
    }

    /// As [`Self::put`], of what may not be the last word.
    pub(crate) fn set(&self, value: T) {
        // SAFETY: not NULL, aligned, and writable as promised to `untouched`.
        unsafe { self.0.write(value) };
    }
}

/// A structure that C wants filled. All but its size is zero from here on, whatever becomes of the
/// call.
#[derive(Debug)]
pub(crate) struct SizedOut<T> {
    place: NonNull<T>,
    size: usize,
}

impl<T: StartsWithSize> SizedOut<T> {
    /// # Safety
    /// As [`Out::new`], and as [`sized`].
    pub(crate) unsafe fn new(place: *mut T, name: &'static str) -> Result<Self, Failure> {
        // SAFETY: as promised to this function.
        let (place, size) = unsafe { sized(place.cast_const(), name) }?;
        let out = Self { place, size };
        out.write(&MaybeUninit::zeroed());
        Ok(out)
    }

    /// Fills the structure as far as C knows it.
    pub(crate) fn put(self, value: T) {
        self.write(&MaybeUninit::new(value));
    }

    fn write(&self, value: &MaybeUninit<T>) {
        let from = NonNull::from(value).cast::<u8>();
        // SAFETY: both are at least so long, the one as its type says and the other as C says, and
        // they are apart: one of them is ours.
        unsafe { from.copy_to_nonoverlapping(self.place.cast(), self.size) };
        // SAFETY: a structure begins with its size, which stays the one that C declared.
        unsafe { self.place.cast::<usize>().write(self.size) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::cts_status;

    /// A structure that has grown twice.
    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct grown {
        struct_size: usize,
        first: u64,
        second: [usize; 2],
        third: u32,
    }

    // SAFETY: `repr(C)`, the size first, all zero is a value, and it is cut between members.
    unsafe impl StartsWithSize for grown {
        const SIZES: &'static [usize] = &[
            std::mem::offset_of!(grown, second),
            std::mem::offset_of!(grown, third),
            size_of::<Self>(),
        ];
    }

    const ANSWER: grown =
        grown { struct_size: size_of::<grown>(), first: 1, second: [1, 2], third: 3 };
    const BEFORE: grown = grown { struct_size: 0, first: 7, second: [7, 7], third: 7 };

    #[test]
    fn an_older_structure_is_filled_as_far_as_it_goes() {
        for (size, wanted, cleared) in [
            (
                16,
                grown { struct_size: 16, first: 1, ..BEFORE },
                grown { struct_size: 16, first: 0, ..BEFORE },
            ),
            (
                32,
                grown { struct_size: 32, third: 7, ..ANSWER },
                grown { struct_size: 32, first: 0, second: [0, 0], third: 7 },
            ),
            (40, ANSWER, grown { struct_size: 40, first: 0, second: [0, 0], third: 0 }),
        ] {
            let mut place = grown { struct_size: size, ..BEFORE };
            // SAFETY: a local variable.
            let out = unsafe { SizedOut::new(&raw mut place, "place") }.unwrap();
            assert_eq!(place, cleared);
            out.put(ANSWER);
            assert_eq!(place, wanted);
        }
        for size in [0, 8, 15, 17, 24, 41, 48, usize::MAX] {
            let mut place = grown { struct_size: size, ..BEFORE };
            // SAFETY: a local variable.
            let failure = unsafe { SizedOut::new(&raw mut place, "place") }.err().unwrap();
            assert_eq!(failure.status(), cts_status::CTS_ERR_STRUCT_SIZE);
            assert_eq!(place, grown { struct_size: size, ..BEFORE });
        }
    }

    #[test]
    fn what_an_older_structure_does_not_have_is_zero() {
        let given = grown { struct_size: 16, ..BEFORE };
        // SAFETY: a local variable.
        let read = unsafe { structure(&raw const given, "given") }.unwrap();
        assert_eq!(read, grown { struct_size: 16, first: 7, second: [0, 0], third: 0 });
    }

    #[test]
    fn an_output_is_safe_from_the_start() {
        let mut place = 7_u32;
        // SAFETY: a local variable.
        let out = unsafe { Out::new(&raw mut place, "place") }.unwrap();
        assert_eq!(place, 0);
        out.put(5);
        assert_eq!(place, 5);
    }

    #[test]
    fn a_length_past_a_limit_is_reported_before_anything_is_read() {
        let letter = b'x';
        for (length, code) in [
            (TEXT_MAX + 1, "at most 8192"),
            (1 << 40, "at most 8192"),
            (usize::MAX, "more than any object has"),
        ] {
            // SAFETY: nothing is read.
            let failure =
                unsafe { text((&raw const letter).cast(), length, "text") }.err().unwrap();
            assert!(failure.message().contains(code), "{}", failure.message());
        }
    }
}
