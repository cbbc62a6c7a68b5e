//! How do tables cross from Python into Rust and back?
//!
//! By Arrow's capsules, which carry the structs of its C interfaces: nothing is copied, whoever
//! made the table. Who pulls from a stream may or may not hold the interpreter's lock, and neither
//! interface says which: [`attached`] takes it.

#![expect(
    unsafe_code,
    reason = "the structs in capsules are taken over by pointer, and the lock where pyo3 would take it \
              for held; every block says why it is sound"
)]
#![warn(clippy::undocumented_unsafe_blocks, clippy::multiple_unsafe_ops_per_block)]

use std::ffi::CStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{Array as _, RecordBatch, RecordBatchOptions, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// Record batches, whoever makes them.
pub(crate) type Reader = Box<dyn RecordBatchReader + Send>;

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";

/// Takes over the stream that a capsule carries.
pub(crate) fn stream_in(capsule: &Bound<'_, PyAny>) -> Result<Reader, ArrowError> {
    let stream = pointer::<FFI_ArrowArrayStream>(capsule, STREAM)?;
    // SAFETY: a capsule of that name holds a stream by the protocol, and lives while `capsule`
    // does. What is taken is left marked as released, so that the capsule does not release it
    // again; one that was taken before is refused by `try_new`.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) };
    guarded(|| {
        RecordBatchStreamReader::try_new(stream).map(|reader| Box::new(Guarded(reader)) as Reader)
    })
}

/// Takes over the record batch that two capsules carry.
pub(crate) fn batch_in(
    schema: &Bound<'_, PyAny>,
    array: &Bound<'_, PyAny>,
) -> Result<RecordBatch, ArrowError> {
    let schema = pointer::<FFI_ArrowSchema>(schema, SCHEMA)?;
    let array = pointer::<FFI_ArrowArray>(array, ARRAY)?;
    // SAFETY: a capsule of that name holds a schema by the protocol, which nobody changes while the
    // capsule is borrowed.
    let schema = unsafe { schema.as_ref() };
    // SAFETY: as for streams.
    let array = unsafe { FFI_ArrowArray::from_raw(array.as_ptr()) };
    if array.is_released() {
        return Err(ArrowError::CDataInterface("the array was taken before".into()));
    }
    guarded(|| {
        let field = Field::try_from(schema)?;
        let DataType::Struct(fields) = field.data_type() else {
            return Err(ArrowError::CDataInterface(format!(
                "found an array of {}, expected a record batch",
                field.data_type()
            )));
        };
        // SAFETY: that an array is laid out as its schema says is what who makes them promises by
        // the protocol.
        let data = unsafe { from_ffi(array, schema) }?;
        let schema = Arc::new(Schema::new(fields.clone()).with_metadata(field.metadata().clone()));
        let options = RecordBatchOptions::new().with_row_count(Some(data.len()));
        RecordBatch::try_new_with_options(schema, StructArray::from(data).into_parts().1, &options)
    })
}

/// A capsule of the columns.
pub(crate) fn schema_out<'py>(
    py: Python<'py>,
    schema: &Schema,
) -> Result<Bound<'py, PyCapsule>, ArrowError> {
    PyCapsule::new_with_value(py, FFI_ArrowSchema::try_from(schema)?, SCHEMA).map_err(raised)
}

/// Two capsules of a batch: its columns, and it.
pub(crate) fn batch_out<'py>(
    py: Python<'py>,
    batch: &RecordBatch,
) -> Result<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>), ArrowError> {
    let array = FFI_ArrowArray::new(&StructArray::from(batch.clone()).to_data());
    Ok((
        schema_out(py, batch.schema_ref())?,
        PyCapsule::new_with_value(py, array, ARRAY).map_err(raised)?,
    ))
}

/// A capsule of a stream. Its errors have to be texts without NUL: this interface has no other form
/// for them.
pub(crate) fn stream_out<'py>(
    py: Python<'py>,
    reader: Reader,
) -> Result<Bound<'py, PyCapsule>, ArrowError> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), STREAM).map_err(raised)
}

/// Runs what needs the interpreter in a call of a stream that was handed out, whoever makes it and
/// whether it holds the interpreter's lock or not; none where the interpreter has ended.
///
/// pyo3 alone would not do: it counts how often this module has attached a thread, and takes that
/// for the truth. Where this module called Python code and that called another module's, which let
/// go of the lock before it pulled from the stream, the count says that the lock is held and it is
/// not.
pub(crate) fn attached<R>(run: impl FnOnce(Python<'_>) -> R) -> Option<R> {
    // SAFETY: may be asked at any time.
    if unsafe { ffi::Py_IsInitialized() } == 0 {
        return None;
    }
    // SAFETY: the interpreter is there. Whether the thread holds the lock does not matter, and it
    // is given back as it was by `Held`.
    let held = Held(unsafe { ffi::PyGILState_Ensure() });
    let found = Python::try_attach(run);
    drop(held);
    found
}

/// The interpreter's lock, held by this thread.
struct Held(ffi::PyGILState_STATE);

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: what was taken on this thread, given back once and after all that was taken
        // later.
        unsafe { ffi::PyGILState_Release(self.0) };
    }
}

/// What Python raised, on its way through readers of batches.
pub(crate) fn raised(error: PyErr) -> ArrowError {
    ArrowError::ExternalError(Box::new(error))
}

/// What a capsule of that name points to; an error for anything else.
fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &CStr) -> Result<NonNull<T>, ArrowError> {
    let capsule = capsule.cast::<PyCapsule>().map_err(|other| raised(other.into()))?;
    Ok(capsule.pointer_checked(Some(name)).map_err(raised)?.cast())
}

/// A reader of what others made. Where its shape is not as promised, the code that takes it over
/// may panic, which is reported as an error.
struct Guarded<R>(R);

impl<R: RecordBatchReader> Iterator for Guarded<R> {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        guarded(|| self.0.next().transpose()).transpose()
    }
}

impl<R: RecordBatchReader> RecordBatchReader for Guarded<R> {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }
}

fn guarded<T>(take: impl FnOnce() -> Result<T, ArrowError>) -> Result<T, ArrowError> {
    let malformed =
        |_| Err(ArrowError::CDataInterface("the table is not laid out as its schema says".into()));
    catch_unwind(AssertUnwindSafe(take)).unwrap_or_else(malformed)
}
