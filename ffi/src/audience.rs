//! What does the host's Arrow stream give?
//!
//! In: an `ArrowArrayStream`, from a program that may be wrong about it. Out: record batches that
//! are as their schema says. What can be checked of the memory that the host points to is checked
//! before anything reads it, since columns are read unchecked afterwards: lengths, offsets, UTF-8,
//! the keys of dictionaries. Whether a buffer is as long as its array says cannot be checked.

use std::ffi::{CStr, c_int};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchOptions, RecordBatchReader, StructArray};
use arrow_data::ArrayData;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use crate::boundary::{Failure, caught};
use crate::handle;
use crate::host::{self, HostSchema, HostStream, RawArray, RawSchema};

/// `EINVAL`, which is the same number on every system that has it.
pub(crate) const INVALID: c_int = 22;
/// `EIO`, likewise.
pub(crate) const IN_OUT: c_int = 5;

/// How deep types may be nested. LIMIT: types are read by recursion, and no table that anybody
/// screens has lists in lists in lists.
const DEPTH_MAX: usize = 64;

/// More columns, with what is nested in them, than any table has. LIMIT: a schema that contains
/// itself must not keep us for ever.
const TYPES_MAX: usize = 1 << 20;

/// More rows than any batch has. LIMIT: a number of rows times the widest value of a column, and
/// one more, stays far inside of 64 bits.
const ROWS_MAX: i64 = 1 << 56;

/// More buffers than any column has. LIMIT: those of a column of views are as many as its host
/// likes; a wild number must not become a length.
const BUFFERS_MAX: i64 = 1 << 32;

/// Why a stream stops.
#[derive(Clone, Debug)]
pub(crate) struct StreamError {
    /// As in `errno.h`; never 0.
    pub(crate) number: c_int,
    pub(crate) message: String,
}

impl StreamError {
    /// What an array or a schema is that does not keep the specification.
    fn broken(what: impl fmt::Display) -> Self {
        Self {
            number: INVALID,
            message: format!("c/stream: the audience does not keep Arrow's specification: {what}"),
        }
    }

    pub(crate) fn panic() -> Self {
        Self {
            number: IN_OUT,
            message: "internal/panic: a defect of the library was met and caught; please report it"
                .to_owned(),
        }
    }

    /// As it goes through the screening.
    fn into_arrow(self) -> ArrowError {
        ArrowError::ExternalError(Box::new(self))
    }

    /// As it comes out of the screening.
    pub(crate) fn of_arrow(error: &ArrowError) -> Self {
        if let ArrowError::ExternalError(inner) = error
            && let Some(own) = inner.downcast_ref::<Self>()
        {
            return own.clone();
        }
        Self { number: INVALID, message: error.to_string() }
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StreamError {}

/// Where a stream is once it has been taken over from C.
pub(crate) type Taken = Arc<Mutex<Option<HostStream>>>;

/// An audience as the screening reads it. Its columns are known before its stream is taken over.
#[derive(Debug)]
pub(crate) struct Audience {
    stream: Taken,
    schema: SchemaRef,
}

impl Audience {
    /// Looks at a stream, and leaves it with C.
    ///
    /// # Safety
    /// `place` is NULL, or points to a stream as Arrow specifies it, which nobody else uses while
    /// the call lasts.
    pub(crate) unsafe fn look(place: *mut FFI_ArrowArrayStream) -> Result<Self, Failure> {
        const NAME: &str = "audience";
        if place.is_null() {
            return Err(Failure::null(NAME));
        }
        // SAFETY: not NULL; something of a pointer's size is there as promised, whatever it is.
        if !place.is_aligned() || unsafe { handle::is_one(place.cast_const().cast()) } {
            return Err(Failure::wrong_handle(NAME));
        }
        // SAFETY: not NULL, aligned, and a stream is there as promised. All its members may be
        // null.
        let stream = unsafe { &*place };
        let (get_schema, get_next, release) =
            (stream.get_schema(), stream.get_next(), stream.release());
        let (Some(get_schema), Some(_), Some(_)) = (get_schema, get_next, release) else {
            let found = if release.is_none() {
                "a stream that was released"
            } else {
                "a stream without get_schema or get_next"
            };
            return Err(Failure::value(
                NAME,
                found,
                "a stream as the Arrow C stream interface has it",
            ));
        };
        let mut reported = HostSchema::empty();
        // SAFETY: the function is the stream's own, called with the stream, which was not released,
        // and a place to write to.
        let number = unsafe { host::get_schema(get_schema, place, reported.place()) };
        if number != 0 {
            // SAFETY: as promised, and the last call failed.
            return Err(Failure::stream(unsafe { last_error(place, number) }.message));
        }
        // What the host wrote may be anything, which Arrow's reader answers with a panic here and
        // there.
        let schema = caught(|| schema_of(reported.get()))
            .unwrap_or_else(|| Err(StreamError::broken("a schema that cannot be read")));
        let schema = schema.map_err(|error| Failure::stream(error.message))?;
        Ok(Self { stream: Arc::default(), schema })
    }

    /// Where the stream is to be put when it is taken over.
    pub(crate) fn taken(&self) -> Taken {
        Arc::clone(&self.stream)
    }
}

/// Takes a stream over from C, which is left with a released one.
///
/// # Safety
/// As for [`Audience::look`], which has found a stream there.
pub(crate) unsafe fn take_over(place: *mut FFI_ArrowArrayStream, taken: &Taken) {
    // SAFETY: a stream is there, aligned, as found by `look`.
    let stream = unsafe { HostStream::from_raw(place) };
    *taken.lock().unwrap_or_else(PoisonError::into_inner) = Some(stream);
}

fn schema_of(reported: &FFI_ArrowSchema) -> Result<SchemaRef, StreamError> {
    if reported.release().is_none() {
        return Err(StreamError::broken("its schema was released"));
    }
    // SAFETY: a schema is there, as the host promises, that was not released.
    unsafe { readable(std::ptr::from_ref(reported).cast(), DEPTH_MAX, &mut { TYPES_MAX }) }
        .map_err(StreamError::broken)?;
    let field = Field::try_from(reported).map_err(StreamError::broken)?;
    match field.data_type() {
        DataType::Struct(fields) => {
            Ok(Arc::new(Schema::new(fields.clone()).with_metadata(field.metadata().clone())))
        }
        other => Err(StreamError::broken(format_args!(
            "found a stream of {other}, expected a struct with a column for each member"
        ))),
    }
}

/// Whether Arrow's reader will get along with a schema: texts are texts, what must be there is, and
/// it is neither too deep nor too much.
///
/// # Safety
/// `schema` is NULL, or points to a schema as Arrow specifies it, but that texts need not be UTF-8,
/// and pointers may be NULL.
unsafe fn readable(
    schema: *const RawSchema,
    depth: usize,
    types: &mut usize,
) -> Result<(), String> {
    let depth = depth
        .checked_sub(1)
        .ok_or_else(|| format!("types are nested more than {DEPTH_MAX} deep"))?;
    *types =
        types.checked_sub(1).ok_or_else(|| format!("more than {TYPES_MAX} types in a schema"))?;
    // SAFETY: NULL, or a schema as promised.
    let Some(schema) = (unsafe { schema.as_ref() }) else {
        return Err("a column without a schema".to_owned());
    };
    for (what, text) in [("format", schema.format), ("name", schema.name)] {
        if text.is_null() {
            if what == "format" {
                return Err("a type without a format".to_owned());
            }
            continue;
        }
        // SAFETY: not NULL, and ended by a NUL as promised.
        let text = unsafe { CStr::from_ptr(text) };
        text.to_str()
            .map_err(|_| format!("a {what} that is not UTF-8: {}", text.to_string_lossy()))?;
    }
    let children = usize::try_from(schema.n_children)
        .map_err(|_| format!("a type has {} children", schema.n_children))?;
    if children > 0 && schema.children.is_null() {
        return Err("a type without its children".to_owned());
    }
    for index in 0..children {
        // SAFETY: there are so many pointers, as promised.
        let child = unsafe { schema.children.add(index) };
        // SAFETY: as above.
        let child = unsafe { child.read() };
        // SAFETY: NULL, or a schema as promised.
        unsafe { readable(child, depth, types) }?;
    }
    if schema.dictionary.is_null() {
        return Ok(());
    }
    // SAFETY: a schema as promised.
    unsafe { readable(schema.dictionary, depth, types) }
}

/// What a stream says of its last call, which failed with that number.
///
/// # Safety
/// A stream is at `stream`, was not released, and the last call failed.
unsafe fn last_error(stream: *mut FFI_ArrowArrayStream, number: c_int) -> StreamError {
    // SAFETY: a stream is there as promised.
    let get_last_error = unsafe { &*stream }.get_last_error();
    let reported = get_last_error.map_or(std::ptr::null(), |get_last_error| {
        // SAFETY: the function is the stream's own, and the last call failed.
        unsafe { host::get_last_error(get_last_error, stream) }
    });
    let mut message = format!("c/stream: the audience's stream failed with {number}");
    if !reported.is_null() {
        // SAFETY: not NULL, and ended by a NUL as Arrow specifies.
        let reported = unsafe { CStr::from_ptr(reported) };
        message = format!("{message}: {}", reported.to_string_lossy());
    }
    StreamError { number, message }
}

impl Iterator for Audience {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut taken = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        let stream = taken.as_mut()?.as_raw();
        // SAFETY: a stream that is not released before it is dropped.
        let get_next = unsafe { &*stream }.get_next()?;
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: the function is the stream's own, called with the stream, which is not released
        // before it is dropped, and a place to write to.
        let number = unsafe { host::get_next(get_next, stream, &raw mut array) };
        if number != 0 {
            // SAFETY: the stream is there, and the last call failed.
            return Some(Err(unsafe { last_error(stream, number) }.into_arrow()));
        }
        if array.is_released() {
            return None;
        }
        let array = host::guarded(array);
        let batch = caught(|| batch_of(array, &self.schema))
            .unwrap_or_else(|| Err(StreamError::broken("an array that cannot be read")));
        Some(batch.map_err(StreamError::into_arrow))
    }
}

impl RecordBatchReader for Audience {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

fn batch_of(array: FFI_ArrowArray, schema: &SchemaRef) -> Result<RecordBatch, StreamError> {
    let ty = DataType::Struct(schema.fields().clone());
    // SAFETY: an array is there, as the host promises, that was not released.
    unsafe { is_shaped_as((&raw const array).cast(), &ty) }.map_err(StreamError::broken)?;
    // SAFETY: the host promises that buffers are there as the array says; what can be told of them
    // is checked in the next line, and nothing has read a value before.
    let data = unsafe { from_ffi_and_data_type(array, ty) }.map_err(StreamError::broken)?;
    let data = without_stray_offsets(data);
    data.validate_full().map_err(StreamError::broken)?;
    if data.null_count() > 0 {
        return Err(StreamError::broken("a row itself is null, and not a value in it"));
    }
    let rows = data.len();
    let (_, columns, _) = StructArray::from(data).into_parts();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
        .map_err(StreamError::broken)
}

/// Arrow's importer takes empty texts to have no bytes, wherever their one offset points to, and
/// its validation then finds that offset past their end. Such is what is left of a sliced array,
/// and there is nothing wrong with it.
fn without_stray_offsets(data: ArrayData) -> ArrayData {
    let ty = data.data_type();
    let has_texts = matches!(
        ty,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Binary | DataType::LargeBinary
    );
    if has_texts && data.is_empty() && data.offset() == 0 {
        return ArrayData::new_empty(ty);
    }
    if data.child_data().is_empty() {
        return data;
    }
    let children = data.child_data().iter().cloned().map(without_stray_offsets).collect();
    // SAFETY: as sound as it was: a child may be exchanged for an empty one where it was empty.
    unsafe { data.into_builder().child_data(children).build_unchecked() }
}

/// Whether an array's own numbers and pointers can be those of an array of that type. Arrow's
/// reader takes them at their word.
///
/// # Safety
/// `array` is NULL, or points to an array as Arrow specifies it, but that its numbers may be
/// anything, and pointers may be NULL.
unsafe fn is_shaped_as(array: *const RawArray, ty: &DataType) -> Result<(), String> {
    // SAFETY: NULL, or an array as promised.
    let Some(array) = (unsafe { array.as_ref() }) else {
        return Err(format!("an array of {ty} is NULL"));
    };
    if !(0..=ROWS_MAX).contains(&array.length) || !(0..=ROWS_MAX).contains(&array.offset) {
        return Err(format!(
            "an array of {ty} has a length of {} after {}",
            array.length, array.offset
        ));
    }
    let needed = match ty {
        // Of a struct, some hosts leave out even the one that says which rows are null.
        DataType::Null | DataType::RunEndEncoded(..) | DataType::Struct(_) => 0,
        DataType::FixedSizeList(..) | DataType::Union(..) => 1,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Binary | DataType::LargeBinary => 3,
        // Of views, the last one has the lengths of those that hold the texts.
        DataType::Utf8View
        | DataType::BinaryView
        | DataType::ListView(_)
        | DataType::LargeListView(_) => 3,
        _ => 2,
    };
    if !(needed..=BUFFERS_MAX).contains(&array.n_buffers)
        || array.n_buffers > 0 && array.buffers.is_null()
    {
        return Err(format!("an array of {ty} has {} buffers, expected {needed}", array.n_buffers));
    }
    // Of texts, the last offset becomes a length.
    let texts_end = match ty {
        // SAFETY: an array of the type, with its buffers, as was looked at above.
        DataType::Utf8 | DataType::Binary => unsafe { last_offset::<i32>(array) }.map(i64::from),
        // SAFETY: as above.
        DataType::LargeUtf8 | DataType::LargeBinary => unsafe { last_offset::<i64>(array) },
        _ => None,
    };
    if let Some(end) = texts_end.filter(|end| *end < 0) {
        return Err(format!("an array of {ty} has texts that end at {end}"));
    }
    let (dictionary, children): (_, Vec<&DataType>) = match ty {
        DataType::Dictionary(_, values) => (Some(&**values), Vec::new()),
        DataType::Struct(fields) => (None, fields.iter().map(|field| field.data_type()).collect()),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => (None, vec![item.data_type()]),
        DataType::Union(fields, _) => {
            (None, fields.iter().map(|(_, field)| field.data_type()).collect())
        }
        DataType::RunEndEncoded(ends, values) => (None, vec![ends.data_type(), values.data_type()]),
        _ => (None, Vec::new()),
    };
    if usize::try_from(array.n_children) != Ok(children.len())
        || !children.is_empty() && array.children.is_null()
    {
        return Err(format!(
            "an array of {ty} has {} children, expected {}",
            array.n_children,
            children.len()
        ));
    }
    if let Some(ty) = dictionary {
        // SAFETY: NULL, or an array as promised.
        unsafe { is_shaped_as(array.dictionary, ty) }?;
    }
    for (index, ty) in children.into_iter().enumerate() {
        // SAFETY: there are so many pointers, as promised.
        let child = unsafe { array.children.add(index) };
        // SAFETY: as above.
        let child = unsafe { child.read() };
        // SAFETY: NULL, or an array as promised.
        unsafe { is_shaped_as(child, ty) }?;
    }
    Ok(())
}

/// Where the last text of an array ends; nothing where it has none.
///
/// # Safety
/// An array of texts with offsets of that width, as Arrow specifies it, with its buffers; one that
/// has offsets has one more than rows.
unsafe fn last_offset<T: Copy>(array: &RawArray) -> Option<T> {
    if array.length == 0 {
        return None;
    }
    // SAFETY: there are at least two buffers.
    let offsets = unsafe { array.buffers.add(1) };
    // SAFETY: as above.
    let offsets = unsafe { offsets.read() }.cast::<T>();
    let last = usize::try_from(array.offset + array.length).ok().filter(|_| !offsets.is_null())?;
    // SAFETY: as promised to this function. The sum is far inside of an address, since both numbers
    // were looked at.
    let last = unsafe { offsets.add(last) };
    // SAFETY: as above; whether it is aligned nobody has looked at.
    Some(unsafe { last.read_unaligned() })
}
