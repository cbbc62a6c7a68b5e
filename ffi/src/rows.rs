//! What does the host get?
//!
//! The result of a screening as an `ArrowArrayStream`. Arrow's own exporter is not used: a panic in
//! a reader would end the host's process there, and so would an error message with a NUL in it.

use std::ffi::{CString, c_char, c_int};
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch, StructArray};
use arrow_schema::SchemaRef;

use crate::audience::{INVALID, StreamError};
use crate::boundary::caught;
use crate::input::Out;
use crate::screen::Course;

/// What is behind the stream.
struct Rows {
    course: Arc<Course>,
    schema: SchemaRef,
    last_error: Option<CString>,
}

/// The rows of a screening as a stream, which keeps all that it needs.
pub(crate) fn stream(course: Arc<Course>, schema: SchemaRef) -> FFI_ArrowArrayStream {
    let rows = Box::into_raw(Box::new(Rows { course, schema, last_error: None }));
    // SAFETY: the functions below take a stream of this function's, `release` frees what is behind
    // it once and marks the stream, and that is all there is.
    unsafe {
        FFI_ArrowArrayStream::new_unchecked(
            Some(get_schema),
            Some(get_next),
            Some(get_last_error),
            Some(release),
            rows.cast(),
        )
    }
}

unsafe extern "C" fn get_schema(
    stream: *mut FFI_ArrowArrayStream,
    out: *mut FFI_ArrowSchema,
) -> c_int {
    let schema = |rows: &Rows| {
        FFI_ArrowSchema::try_from(rows.schema.as_ref())
            .map_err(|error| StreamError::of_arrow(&error))
    };
    // SAFETY: as Arrow specifies for a stream's consumer.
    unsafe { answer(stream, out, FFI_ArrowSchema::empty(), schema) }
}

unsafe extern "C" fn get_next(
    stream: *mut FFI_ArrowArrayStream,
    out: *mut FFI_ArrowArray,
) -> c_int {
    let array = |batch: RecordBatch| FFI_ArrowArray::new(&StructArray::from(batch).to_data());
    // A released array is the end of the stream.
    let next = |rows: &Rows| {
        rows.course.next().map(|batch| batch.map_or_else(FFI_ArrowArray::empty, array))
    };
    // SAFETY: as Arrow specifies for a stream's consumer.
    unsafe { answer(stream, out, FFI_ArrowArray::empty(), next) }
}

unsafe extern "C" fn get_last_error(stream: *mut FFI_ArrowArrayStream) -> *const c_char {
    // SAFETY: as Arrow specifies for a stream's consumer.
    let rows = unsafe { rows_of(stream) };
    rows.and_then(|rows| rows.last_error.as_ref())
        .map_or(std::ptr::null(), |message| message.as_ptr())
}

unsafe extern "C" fn release(stream: *mut FFI_ArrowArrayStream) {
    // SAFETY: as Arrow specifies for a stream's consumer.
    let Some(rows) = (unsafe { rows_of(stream) }) else { return };
    let is_let_go = rows.course.let_go();
    let rows: *mut Rows = rows;
    // SAFETY: `rows_of` has found a stream there.
    let stream = unsafe { &mut *stream };
    // SAFETY: NULL is what `rows_of` takes for a stream that was released; what was there is in
    // `rows`.
    unsafe { stream.set_private_data(std::ptr::null_mut()) };
    // SAFETY: nothing is left to release.
    unsafe { stream.set_release(None) };
    if is_let_go {
        // SAFETY: this came from `stream`, which has forgotten it, and nobody is at work on it.
        unsafe { destroy(rows) };
    }
}

/// Lets go of the screening. The host's stream may be released in here, threads are waited for, and
/// whatever panics in that is no business of the caller's.
///
/// # Safety
/// `rows` came from `Box::into_raw` in [`stream`], and nobody uses it any more.
unsafe fn destroy(rows: *mut Rows) {
    // SAFETY: as promised to this function.
    let rows = unsafe { Box::from_raw(rows) };
    let _ = caught(move || {
        rows.course.end();
        drop(rows);
    });
}

/// Gives what was asked for, or a number as in `errno.h`, which `get_last_error` explains;
/// `out` is then a released one.
///
/// # Safety
/// As [`rows_of`]; `out` is NULL or may be written.
unsafe fn answer<T>(
    stream: *mut FFI_ArrowArrayStream,
    out: *mut T,
    released: T,
    make: impl FnOnce(&Rows) -> Result<T, StreamError>,
) -> c_int {
    // SAFETY: as promised to this function.
    let out = unsafe { Out::untouched(out, "out") }.ok();
    if let Some(out) = &out {
        out.set(released);
    }
    // SAFETY: as promised to this function.
    let Some(rows) = (unsafe { rows_of(stream) }) else { return INVALID };
    let made = match out {
        None => Err(StreamError {
            number: INVALID,
            message: "c/null: `out` is NULL, expected a pointer".to_owned(),
        }),
        Some(out) => caught(|| make(rows))
            .unwrap_or_else(|| Err(StreamError::panic()))
            .map(|made| out.put(made)),
    };
    let number = match made {
        Ok(()) => 0,
        Err(StreamError { number, message }) => {
            // The text ends at its first NUL, and the host's may have one.
            rows.last_error = CString::new(message.replace('\0', "\u{fffd}")).ok();
            number
        }
    };
    if rows.course.is_let_go() {
        // SAFETY: the stream was released while this call was at work on what was behind it, and
        // left it to this call.
        unsafe { destroy(rows) };
    }
    number
}

/// What is behind a stream; nothing behind one that was released.
///
/// # Safety
/// `stream` is NULL or a stream of [`stream`]'s, also one that was released, and nobody else uses
/// it while the call lasts.
unsafe fn rows_of<'a>(stream: *mut FFI_ArrowArrayStream) -> Option<&'a mut Rows> {
    if stream.is_null() || !stream.is_aligned() {
        return None;
    }
    // SAFETY: not NULL, aligned, and a stream is there as promised.
    let rows = unsafe { &*stream }.private_data().cast::<Rows>();
    // SAFETY: NULL, or the box that `stream` made, which lives until the stream is released; nobody
    // else uses it, as promised.
    unsafe { rows.as_mut() }
}
