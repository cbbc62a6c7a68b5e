//! Columns of texts that stand for numbers, booleans, instants and spans, as tables without types
//! have them: read once a batch into columns of that type, whatever asks for them.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayAccessor, ArrayRef, BooleanArray, DurationMicrosecondArray, Float64Array,
    Int64Array, RecordBatch, TimestampMicrosecondArray,
};
use arrow_schema::{ArrowError, DataType, Field, Schema as ArrowSchema};

use super::axis::{Axis, Source};
use super::bind::{Bound, Reading};
use super::memo::Memo;
use super::row;
use crate::schema::{Attribute, Schema};
use crate::value::{Scalar, Value};

/// The places, in [`Bound::columns`], of the columns whose values are asked for.
pub(super) fn columns(axes: &[Axis]) -> Box<[usize]> {
    let mut columns = BTreeSet::new();
    for axis in axes {
        match &axis.source {
            Source::Line { column, .. }
            | Source::Doubles { column, .. }
            | Source::Bools { column, .. } => {
                columns.insert(*column);
            }
            Source::Predicate { expression: Some(expression), .. } => {
                let mut reads = Vec::new();
                expression.columns(&mut reads);
                columns.extend(reads.iter().filter(|read| !read.is_list).map(|read| read.column));
            }
            _ => {}
        }
    }
    columns.into_iter().collect()
}

/// A batch with such columns in their types; nothing where there are none. A column with a value
/// that cannot be read, or that no column of its type holds, stays as it is in that batch.
pub(super) fn typed(
    batch: &RecordBatch,
    columns: &[usize],
    bound: &Bound,
    schema: &Schema,
) -> Result<Option<RecordBatch>, ArrowError> {
    let mut read: Vec<(usize, ArrayRef)> = Vec::new();
    for column in columns.iter().filter_map(|place| bound.columns.get(*place)) {
        let Some(array) = batch.columns().get(column.index) else { continue };
        if matches!(column.reading, Reading::Typed) {
            let array = array_of(array.as_ref(), schema.attribute(column.attribute));
            read.extend(array.map(|array| (column.index, array)));
        }
    }
    if read.is_empty() {
        return Ok(None);
    }
    let schema_of_batch = batch.schema();
    let mut fields = schema_of_batch.fields().to_vec();
    let mut arrays = batch.columns().to_vec();
    for (index, array) in read {
        if let (Some(field), Some(known)) = (fields.get_mut(index), arrays.get_mut(index)) {
            *field = Arc::new(Field::new(field.name(), array.data_type().clone(), true));
            *known = array;
        }
    }
    RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), arrays).map(Some)
}

fn array_of(array: &dyn Array, attribute: &Attribute) -> Option<ArrayRef> {
    match array.data_type() {
        DataType::Utf8 => of_texts(&array.as_string::<i32>(), attribute),
        DataType::LargeUtf8 => of_texts(&array.as_string::<i64>(), attribute),
        DataType::Utf8View => of_texts(&array.as_string_view(), attribute),
        _ => None,
    }
}

fn of_texts<'a>(
    texts: &impl ArrayAccessor<Item = &'a str>,
    attribute: &Attribute,
) -> Option<ArrayRef> {
    if attribute.ty.is_list() {
        return None;
    }
    let whole = |value: &Value| match value {
        Value::Int(int) => Some(*int),
        _ => None,
    };
    Some(match attribute.ty.base {
        Scalar::Bool => {
            let cells = cells(texts, attribute, |value| match value {
                Value::Bool(is) => Some(*is),
                _ => None,
            })?;
            Arc::new(BooleanArray::from(cells))
        }
        Scalar::Int => Arc::new(Int64Array::from(cells(texts, attribute, whole)?)),
        Scalar::Double => {
            let cells = cells(texts, attribute, |value| match value {
                Value::Double(double) => Some(*double),
                _ => None,
            })?;
            Arc::new(Float64Array::from(cells))
        }
        Scalar::Timestamp => {
            let cells = cells(texts, attribute, micros)?;
            Arc::new(TimestampMicrosecondArray::from(cells).with_timezone("UTC"))
        }
        Scalar::Duration => {
            Arc::new(DurationMicrosecondArray::from(cells(texts, attribute, micros)?))
        }
        Scalar::String | Scalar::Nothing => return None,
    })
}

/// An instant or a span in microseconds, where it is a whole number of them.
fn micros(value: &Value) -> Option<i64> {
    let nanos = super::register::nanos_of(value)?;
    (nanos % 1_000 == 0).then(|| i64::try_from(nanos / 1_000).ok())?
}

/// The values of all cells, if all can be read.
fn cells<'a, T: Copy>(
    texts: &impl ArrayAccessor<Item = &'a str>,
    attribute: &Attribute,
    value: impl Fn(&Value) -> Option<T>,
) -> Option<Vec<Option<T>>> {
    let mut memo = Memo::new(texts.len());
    let read = |text: &str| row::parsed(text, attribute).ok().as_ref().and_then(&value);
    let mut cells = Vec::with_capacity(texts.len());
    for at in 0..texts.len() {
        cells.push(if texts.is_null(at) { None } else { Some(memo.get(texts.value(at), read)?) });
    }
    Some(cells)
}
