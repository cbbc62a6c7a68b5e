//! What does C hold?
//!
//! Every type that C holds a pointer to is declared here once, with what is behind it. Behind the
//! pointer is a box that begins with a tag, so that a handle of another type, or one that was freed
//! and not yet reused, is distinguished from a right one.

use std::sync::Arc;

use cleartosend_account::Book;

use crate::account::cts_account;
use crate::boundary::Failure;
use crate::builder::{Ingredients, cts_builder};
use crate::changes::{Changes, cts_changes};
use crate::decision::{Made, cts_decision};
use crate::engine::{Live, cts_engine};
use crate::error::{Told, cts_error};
use crate::explanation::{ExplanationReport, cts_explanation};
use crate::facts::{Filled, cts_facts};
use crate::projection::{Outlook, cts_projection};
use crate::provider::{Answer, cts_provider};
use crate::report::{Report, cts_report};
use crate::screen::{Course, Options, cts_screen_options, cts_screening};
use crate::summary::{Found, cts_summary};
use crate::text::cts_text;

/// A type of which C sees only pointers.
pub(crate) trait Handle {
    /// What is behind the pointer.
    type Inside;
    /// Eight letters, of which no other type has the same.
    const TAG: &'static [u8; 8];
}

macro_rules! handles {
    ($($name:ident holds $inside:ty, $tag:literal;)+) => {
        $(
            impl Handle for $name {
                type Inside = $inside;
                const TAG: &'static [u8; 8] = $tag;
            }

            // A `const` handle may be used by any number of threads at once, and freed by another
            // than made it.
            const _: fn() = assert_shared::<$inside>;
        )+
    };
}

fn assert_shared<T: Send + Sync>() {}

handles! {
    cts_text holds String, b"cts text";
    cts_error holds Told, b"cts erro";
    cts_builder holds Ingredients, b"cts buil";
    cts_engine holds Live, b"cts engi";
    cts_facts holds Filled, b"cts fact";
    cts_decision holds Made, b"cts deci";
    cts_explanation holds ExplanationReport, b"cts expl";
    cts_report holds Report, b"cts repo";
    cts_provider holds Answer, b"cts prov";
    cts_account holds Book, b"cts acco";
    cts_changes holds Changes, b"cts chan";
    cts_projection holds Outlook, b"cts proj";
    cts_screen_options holds Options, b"cts opti";
    cts_screening holds Arc<Course>, b"cts scre";
    cts_summary holds Found, b"cts summ";
}

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
    Box::into_raw(Box::new(Held { tag: u64::from_ne_bytes(*H::TAG), inside })).cast()
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
    found.to_ne_bytes().starts_with(b"cts ")
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
    if found == u64::from_ne_bytes(*H::TAG) {
        Ok(handle.cast())
    } else {
        Err(Failure::wrong_handle(name))
    }
}
