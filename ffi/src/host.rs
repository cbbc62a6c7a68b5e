//! How are the functions of the host's streams called, and how are they let go?
//!
//! They are C, or C++ behind it. What C++ throws cannot be caught in here: no language but its own
//! can. So that it does not wander through frames that are not made for it, every such function is
//! called as one that may unwind, and if it does, the process is ended with a message that names
//! it. Arrow's own types call `release` as one that never unwinds: hence the types below.

use std::ffi::{c_char, c_int, c_void};
use std::io::Write as _;
use std::mem::{ManuallyDrop, transmute};

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;

/// `ArrowSchema`, as specified: Arrow's own type keeps its members to itself, and panics where one
/// is not as it should be.
#[repr(C)]
pub(crate) struct RawSchema {
    pub(crate) format: *const c_char,
    pub(crate) name: *const c_char,
    _metadata: *const c_char,
    _flags: i64,
    pub(crate) n_children: i64,
    pub(crate) children: *mut *mut Self,
    pub(crate) dictionary: *mut Self,
    release: Option<unsafe extern "C-unwind" fn(*mut Self)>,
    _private_data: *mut c_void,
}

const _: () = assert!(size_of::<RawSchema>() == size_of::<FFI_ArrowSchema>());

/// `ArrowArray`, as specified.
#[repr(C)]
pub(crate) struct RawArray {
    pub(crate) length: i64,
    _null_count: i64,
    pub(crate) offset: i64,
    pub(crate) n_buffers: i64,
    pub(crate) n_children: i64,
    pub(crate) buffers: *mut *const c_void,
    pub(crate) children: *mut *mut Self,
    pub(crate) dictionary: *mut Self,
    release: Option<unsafe extern "C-unwind" fn(*mut Self)>,
    private_data: *mut c_void,
}

const _: () = assert!(size_of::<RawArray>() == size_of::<FFI_ArrowArray>());

/// Ends the process when it is dropped, which happens only where the function that it names is left
/// by anything but a return.
struct Left(&'static str);

impl Drop for Left {
    fn drop(&mut self) {
        let message = format!(
            "cleartosend: `{}` of an audience threw an exception; functions of streams must \
             return\n",
            self.0
        );
        // There is nobody left to tell if this fails.
        let _ = std::io::stderr().write_all(message.as_bytes());
        std::process::abort();
    }
}

fn called<T>(function: &'static str, call: impl FnOnce() -> T) -> T {
    let left = Left(function);
    let returned = call();
    std::mem::forget(left);
    returned
}

type GetSchema = unsafe extern "C" fn(*mut FFI_ArrowArrayStream, *mut FFI_ArrowSchema) -> c_int;
type GetNext = unsafe extern "C" fn(*mut FFI_ArrowArrayStream, *mut FFI_ArrowArray) -> c_int;
type GetLastError = unsafe extern "C" fn(*mut FFI_ArrowArrayStream) -> *const c_char;

/// # Safety
/// The function is the stream's own; a stream that was not released is there, and a place to write
/// to.
pub(crate) unsafe fn get_schema(
    function: GetSchema,
    stream: *mut FFI_ArrowArrayStream,
    out: *mut FFI_ArrowSchema,
) -> c_int {
    type Unwinding =
        unsafe extern "C-unwind" fn(*mut FFI_ArrowArrayStream, *mut FFI_ArrowSchema) -> c_int;
    // SAFETY: both are called alike; they differ in what the compiler takes for granted.
    let function = unsafe { transmute::<GetSchema, Unwinding>(function) };
    // SAFETY: as promised to this function.
    called("get_schema", || unsafe { function(stream, out) })
}

/// # Safety
/// As [`get_schema`].
pub(crate) unsafe fn get_next(
    function: GetNext,
    stream: *mut FFI_ArrowArrayStream,
    out: *mut FFI_ArrowArray,
) -> c_int {
    type Unwinding =
        unsafe extern "C-unwind" fn(*mut FFI_ArrowArrayStream, *mut FFI_ArrowArray) -> c_int;
    // SAFETY: as in `get_schema`.
    let function = unsafe { transmute::<GetNext, Unwinding>(function) };
    // SAFETY: as promised to this function.
    called("get_next", || unsafe { function(stream, out) })
}

/// # Safety
/// As [`get_schema`], and the last call failed.
pub(crate) unsafe fn get_last_error(
    function: GetLastError,
    stream: *mut FFI_ArrowArrayStream,
) -> *const c_char {
    type Unwinding = unsafe extern "C-unwind" fn(*mut FFI_ArrowArrayStream) -> *const c_char;
    // SAFETY: as in `get_schema`.
    let function = unsafe { transmute::<GetLastError, Unwinding>(function) };
    // SAFETY: as promised to this function.
    called("get_last_error", || unsafe { function(stream) })
}

/// A stream of the host's that was taken over, released when it is dropped.
#[derive(Debug)]
pub(crate) struct HostStream(ManuallyDrop<FFI_ArrowArrayStream>);

impl HostStream {
    /// Takes a stream over, and leaves a released one.
    ///
    /// # Safety
    /// A stream that was not released is there.
    pub(crate) unsafe fn from_raw(place: *mut FFI_ArrowArrayStream) -> Self {
        // SAFETY: as promised to this function.
        Self(ManuallyDrop::new(unsafe { FFI_ArrowArrayStream::from_raw(place) }))
    }

    pub(crate) fn as_raw(&mut self) -> *mut FFI_ArrowArrayStream {
        &raw mut *self.0
    }
}

impl Drop for HostStream {
    fn drop(&mut self) {
        type Release = unsafe extern "C" fn(*mut FFI_ArrowArrayStream);
        type Unwinding = unsafe extern "C-unwind" fn(*mut FFI_ArrowArrayStream);
        let Some(release) = self.0.release() else { return };
        // SAFETY: as in `get_schema`.
        let release = unsafe { transmute::<Release, Unwinding>(release) };
        let stream = self.as_raw();
        // SAFETY: the function is the stream's own, which is released once, here.
        called("release", || unsafe { release(stream) });
    }
}

/// The host's schema of its columns, released when it is dropped.
#[derive(Debug)]
pub(crate) struct HostSchema(ManuallyDrop<FFI_ArrowSchema>);

impl HostSchema {
    /// A place for the host to write to.
    pub(crate) fn empty() -> Self {
        Self(ManuallyDrop::new(FFI_ArrowSchema::empty()))
    }

    pub(crate) fn place(&mut self) -> *mut FFI_ArrowSchema {
        &raw mut *self.0
    }

    pub(crate) fn get(&self) -> &FFI_ArrowSchema {
        &self.0
    }
}

impl Drop for HostSchema {
    fn drop(&mut self) {
        let raw: *mut RawSchema = self.place().cast();
        // SAFETY: a schema of the specified layout, which is released once, here.
        let Some(release) = (unsafe { &*raw }).release else { return };
        // SAFETY: the function is the schema's own.
        called("release of the schema", || unsafe { release(raw) });
    }
}

/// An array of the host's, released as such functions are called here: by whoever holds it last.
pub(crate) fn guarded(mut array: FFI_ArrowArray) -> FFI_ArrowArray {
    if array.is_released() {
        return array;
    }
    let raw: *mut RawArray = (&raw mut array).cast();
    // SAFETY: an array of the specified layout. It is moved into the box, as the specification
    // allows, and what stays is a view of it that has a `release` of our own.
    let host = Box::new(unsafe { raw.read() });
    // SAFETY: as above; nobody else has a pointer to it.
    let view = unsafe { &mut *raw };
    view.release = Some(release_array);
    view.private_data = Box::into_raw(host).cast();
    array
}

unsafe extern "C-unwind" fn release_array(view: *mut RawArray) {
    // SAFETY: called once by Arrow's own type, with the array that `guarded` made, wherever it was
    // moved to.
    let view = unsafe { &mut *view };
    view.release = None;
    // SAFETY: `guarded` put the box there.
    let mut host = unsafe { Box::from_raw(view.private_data.cast::<RawArray>()) };
    if let Some(release) = host.release {
        // SAFETY: the function is the array's own, which is released once, here.
        called("release of an array", || unsafe { release(&raw mut *host) });
    }
}
