//! What does C hold?
//!
//! Every type that C holds a pointer to says beside its definition what is behind it, by [`handle`].
//! Behind the pointer is a box that begins with a tag, so that a handle of another type, or one that
//! was freed and not yet reused, is distinguished from a right one.

use crate::boundary::Failure;

/// A type of which C sees only pointers.
pub(crate) trait Handle {
    /// What is behind the pointer.
    type Inside;
    /// What its box begins with; no other type has the same.
    const TAG: u64;
}

/// Says what is behind a pointer of C's.
macro_rules! handle {
    ($name:ident holds $inside:ty) => {
        impl $crate::handle::Handle for $name {
            type Inside = $inside;
            const TAG: u64 = $crate::handle::tag_of(stringify!($name));
        }

        // A `const` handle may be used by any number of threads at once, and freed by another than
        // made it.
        const _: fn() = $crate::handle::assert_shared::<$inside>;
    };
}
pub(crate) use handle;

/// The tag of a type of that name: all begin alike, and then differ by a hash of the name (FNV-1a,
/// <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>).
pub(crate) const fn tag_of(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0x811c_9dc5_u32;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    let [a, b, c, d] = hash.to_ne_bytes();
    let [first, second, third, fourth] = BEGIN;
    u64::from_ne_bytes([first, second, third, fourth, a, b, c, d])
}

pub(crate) fn assert_shared<T: Send + Sync>() {}

/// What the tags of all types begin with.
const BEGIN: [u8; 4] = *b"cts ";

/// What a freed handle is marked with.
const FREED: u64 = 0;

/// The tag comes first, at the same place for every type: it is read before the type is known.
#[repr(C)]
struct Held<T> {
    tag: u64,
    inside: T,
}

/// Hands something over to C.
pub(crate) fn give<H: Handle>(inside: H::Inside) -> *mut H {
    Box::into_raw(Box::new(Held { tag: H::TAG, inside })).cast()
}

/// What a `const` handle is, for the length of the call.
///
/// # Safety
/// `handle` is NULL, or a handle of this library that is not freed while the call lasts; nobody has
/// it by [`exclusive`] meanwhile.
pub(crate) unsafe fn shared<'a, H: Handle>(
    handle: *const H,
    name: &'static str,
) -> Result<&'a H::Inside, Failure> {
    // SAFETY: as promised to this function.
    let held = unsafe { check(handle, name) }?;
    // SAFETY: the tag says that a `Held` of this type is there, alive as promised.
    Ok(&unsafe { &*held }.inside)
}

/// What a handle is that the call changes.
///
/// # Safety
/// `handle` is NULL, or a handle of this library that nobody else uses or frees while the call
/// lasts.
pub(crate) unsafe fn exclusive<'a, H: Handle>(
    handle: *mut H,
    name: &'static str,
) -> Result<&'a mut H::Inside, Failure> {
    // SAFETY: as promised to this function.
    let held = unsafe { check(handle.cast_const(), name) }?.cast_mut();
    // SAFETY: the tag says that a `Held` of this type is there; the pointer came as `*mut`, and
    // nobody else uses it, as promised.
    Ok(&mut unsafe { &mut *held }.inside)
}

/// Takes back what was handed over, and destroys it. Anything but a handle of this type is left
/// alone.
///
/// # Safety
/// As [`exclusive`], and the handle is not used again.
pub(crate) unsafe fn release<H: Handle>(handle: *mut H) {
    // SAFETY: as promised to this function.
    let Ok(held) = (unsafe { check(handle.cast_const(), "handle") }) else { return };
    let held = held.cast_mut();
    // SAFETY: the tag says that this came from `Box::into_raw` in `give`, and it is not used again.
    let mut held = unsafe { Box::from_raw(held) };
    let tag: *mut u64 = &raw mut held.tag;
    // SAFETY: the tag is part of the box. Volatile, or the compiler drops a write to memory that is
    // freed next.
    unsafe { tag.write_volatile(FREED) };
}

/// Whether there is a handle of any type where something else is expected: all their tags begin
/// alike.
///
/// # Safety
/// `place` is aligned, and eight bytes there may be read.
pub(crate) unsafe fn is_one(place: *const u64) -> bool {
    // SAFETY: as promised to this function.
    let found = unsafe { place.read() };
    found.to_ne_bytes().starts_with(&BEGIN)
}

/// # Safety
/// `handle` is NULL, not aligned, or points to a [`Held`] of any type.
unsafe fn check<H: Handle>(
    handle: *const H,
    name: &'static str,
) -> Result<*const Held<H::Inside>, Failure> {
    let tag = handle.cast::<u64>();
    if tag.is_null() {
        return Err(Failure::null(name));
    }
    if !tag.is_aligned() {
        return Err(Failure::wrong_handle(name));
    }
    // SAFETY: every `Held` begins with its tag, and the pointer is aligned and not NULL.
    let found = unsafe { tag.read() };
    if found == H::TAG { Ok(handle.cast()) } else { Err(Failure::wrong_handle(name)) }
}
