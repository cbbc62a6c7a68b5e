//! Columns of lists: is every value one that its attribute may have?

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, ArrayAccessor};
use arrow_schema::DataType;

use super::memo::Memo;
use crate::form::fits_attribute;
use crate::limits;
use crate::schema::{Attribute, Form};
use crate::value::{Scalar, Type};

/// Whether all lists of a column are such that its attribute may have them: then nobody need look
/// at a row of it. Where this is false, some may be such as well.
pub(super) fn are_fine(array: &dyn Array, attribute: &Attribute) -> bool {
    if attribute.ty.lists != 1 {
        return false;
    }
    let is_short = |long: usize| long <= limits::FACT_LIST_MAX;
    let of = |values: &dyn Array, first: usize, last: usize| {
        first <= last
            && last <= values.len()
            && elements_are_fine(values.slice(first, last - first).as_ref(), attribute)
    };
    match array.data_type() {
        DataType::List(_) => array.as_list_opt::<i32>().is_some_and(|lists| {
            let starts = lists.value_offsets();
            let ends = (starts.first(), starts.last());
            let (Some(first), Some(last)) = ends else { return true };
            starts
                .windows(2)
                .all(|ends| matches!(ends, [start, end] if is_short((end - start) as usize)))
                && of(lists.values(), *first as usize, *last as usize)
        }),
        DataType::LargeList(_) => array.as_list_opt::<i64>().is_some_and(|lists| {
            let starts = lists.value_offsets();
            let ends = (starts.first(), starts.last());
            let (Some(first), Some(last)) = ends else { return true };
            starts
                .windows(2)
                .all(|ends| matches!(ends, [start, end] if is_short((end - start) as usize)))
                && of(lists.values(), *first as usize, *last as usize)
        }),
        _ => false,
    }
}

fn elements_are_fine(elements: &dyn Array, attribute: &Attribute) -> bool {
    let is_count = attribute.form.is_count();
    let scalar = attribute.ty.base;
    elements.null_count() == 0
        && match (scalar, elements.data_type()) {
            (Scalar::String, DataType::Dictionary(..)) => elements
                .as_any_dictionary_opt()
                .is_some_and(|of| elements_are_fine(of.values().as_ref(), attribute)),
            (Scalar::String, DataType::Utf8) => {
                texts_are_fine(&elements.as_string::<i32>(), attribute)
            }
            (Scalar::String, DataType::LargeUtf8) => {
                texts_are_fine(&elements.as_string::<i64>(), attribute)
            }
            (Scalar::String, DataType::Utf8View) => {
                texts_are_fine(&elements.as_string_view(), attribute)
            }
            (Scalar::Bool, DataType::Boolean) => true,
            (
                Scalar::Int,
                DataType::Int8
                | DataType::Int16
                | DataType::Int32
                | DataType::Int64
                | DataType::UInt8
                | DataType::UInt16
                | DataType::UInt32,
            ) => !is_count,
            (Scalar::Double, DataType::Float64) => elements
                .as_primitive::<Float64Type>()
                .values()
                .iter()
                .all(|double| double.is_finite()),
            (Scalar::Double, DataType::Float32) => elements
                .as_primitive::<Float32Type>()
                .values()
                .iter()
                .all(|double| double.is_finite()),
            _ => false,
        }
}

fn texts_are_fine<'a>(texts: &impl ArrayAccessor<Item = &'a str>, attribute: &Attribute) -> bool {
    debug_assert!(attribute.ty.element() == Some(Type::STRING), "a list of texts");
    if matches!(attribute.form, Form::Any | Form::Text) {
        return (0..texts.len()).all(|row| fits_attribute(texts.value(row), attribute));
    }
    // To ask a list of allowed texts, or a grammar, takes longer than to remember.
    let mut memo = Memo::new(texts.len());
    (0..texts.len()).all(|row| memo.get(texts.value(row), |text| fits_attribute(text, attribute)))
}
