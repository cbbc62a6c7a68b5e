//! One row alone, as facts.
//!
//! For rows with a value that cannot be read, and for predicates over several columns: slower by
//! far than columns, and the same answer as [`crate::engine::Engine::check`] gives.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch, downcast_run_array};
use arrow_schema::{DataType, TimeUnit};

use super::bind::{Bound, Reading};
use super::found::BadValue;
use crate::facts::{self, Facts};
use crate::matching::turns;
use crate::schema::{Attribute, AttributeId, Nullable, Schema};
use crate::text::{CELL_REASON, quoted, shortened};
use crate::time::Duration;
use crate::value::{Fact, Scalar, Type, Value};

/// Tells facts what one row says in some columns, and what could not be read.
pub(super) fn tell(
    facts: &mut Facts,
    batch: &RecordBatch,
    row: usize,
    bound: &Bound,
    wanted: impl Fn(AttributeId) -> bool,
) -> Vec<BadValue> {
    let schema = std::sync::Arc::clone(facts.schema());
    let mut bad = Vec::new();
    for (place, column) in bound.columns.iter().enumerate() {
        if !wanted(column.attribute) {
            continue;
        }
        let found = match batch.columns().get(column.index) {
            Some(array) => {
                fact(array.as_ref(), row, schema.attribute(column.attribute), &column.reading)
            }
            None => Ok(Fact::Unknown),
        };
        let outcome = match found {
            Ok(Fact::Value(value)) => {
                facts.set(column.attribute, value).map_err(|problem| problem.message().to_owned())
            }
            Ok(Fact::Absent) => {
                facts.set_null(column.attribute).map_err(|problem| problem.message().to_owned())
            }
            Ok(Fact::Unknown) => {
                facts.set_unknown(column.attribute);
                Ok(())
            }
            Err(reason) => Err(reason),
        };
        if let Err(reason) = outcome {
            facts.set_unknown(column.attribute);
            bad.push(BadValue { column: place, reason });
        }
    }
    bad
}

/// What a row of a column says of an attribute.
pub(super) fn fact(
    array: &dyn Array,
    row: usize,
    attribute: &Attribute,
    reading: &Reading,
) -> Result<Fact, String> {
    if matches!(reading, Reading::Json) {
        // A text of the column's own, whatever the attribute is.
        let json = value(array, row, Type::STRING, attribute, reading)?;
        return match &json {
            Some(Value::String(json)) => facts::fact_from_json(json, attribute)
                .map_err(|problem| problem.message().to_owned()),
            _ => Ok(none(attribute)),
        };
    }
    let read = match value(array, row, attribute.ty, attribute, reading) {
        Ok(Some(value)) => facts::checked(value, attribute)
            .map(Fact::Value)
            .map_err(|problem| problem.message().to_owned()),
        Ok(None) => Ok(none(attribute)),
        Err(reason) => Err(reason),
    };
    read.map_err(|reason| text(array, row).and_then(refused).unwrap_or(reason))
}

/// Why whoever read the table refused a cell, if the text of a value that cannot be read says so.
fn refused(text: &str) -> Option<String> {
    const REASON_CHARS_MAX: usize = 400;
    let (cell, why) = text.split_once(CELL_REASON)?;
    Some(format!("found {}, which {}", quoted(cell), shortened(why, REASON_CHARS_MAX)))
}

/// What null says of an attribute.
pub(super) fn none(attribute: &Attribute) -> Fact {
    match attribute.nullable {
        Nullable::Yes => Fact::Absent,
        Nullable::No => Fact::Unknown,
    }
}

/// A text as a value of an attribute that is no text: as a campaign document writes it, numbers and
/// booleans without quotes.
pub(super) fn parsed(text: &str, attribute: &Attribute) -> Result<Value, String> {
    let wrong = |expected: &str| format!("found `{}`, expected {expected}", shortened(text, 40));
    let value = match attribute.ty {
        Type::BOOL => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => {
                Err(wrong("true or false in small letters, as JSON writes them"))
            }
            _ => Err(wrong("true or false")),
        },
        Type::INT if text != "unlimited" => match text.parse() {
            Ok(whole) if is_json_number(text) => Ok(Value::Int(whole)),
            Err(_)
                if is_json_number(text)
                    && text.parse::<f64>().is_ok_and(|number| number.fract() == 0.0)
                    && text.contains('.') =>
            {
                Err(wrong("a whole number without a decimal point"))
            }
            _ => Err(wrong("a whole number")),
        },
        Type::DOUBLE => match text.parse() {
            Ok(number) if is_json_number(text) => Ok(Value::Double(number)),
            _ => Err(wrong("a number")),
        },
        _ => {
            facts::value_from_text(text, attribute).map_err(|problem| problem.message().to_owned())
        }
    }?;
    facts::checked(value, attribute).map_err(|problem| problem.message().to_owned())
}

/// Whether a text is a number as JSON writes it: no sign but a minus, no zeros in front, digits on
/// both sides of a point.
fn is_json_number(text: &str) -> bool {
    // Most are a few digits, which take no parser.
    if let [b'1'..=b'9', rest @ ..] = text.as_bytes()
        && rest.iter().all(u8::is_ascii_digit)
    {
        return true;
    }
    serde_json::from_str::<serde_json::Number>(text).is_ok()
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
}

fn value(
    array: &dyn Array,
    row: usize,
    ty: Type,
    attribute: &Attribute,
    reading: &Reading,
) -> Result<Option<Value>, String> {
    match array.data_type() {
        DataType::Null => return Ok(None),
        DataType::Dictionary(..) => {
            let Some(dictionary) = array.as_any_dictionary_opt() else { return Ok(None) };
            if dictionary.is_null(row) {
                return Ok(None);
            }
            let Some(Value::Int(key)) = scalar(dictionary.keys(), row, Type::INT, &Reading::Typed)?
            else {
                return Ok(None);
            };
            let values = dictionary.values();
            return match usize::try_from(key) {
                Ok(key) if key < values.len() => {
                    value(values.as_ref(), key, ty, attribute, reading)
                }
                _ => Ok(None),
            };
        }
        DataType::RunEndEncoded(..) => {
            return downcast_run_array!(
                array => value(array.values().as_ref(), array.get_physical_index(row), ty, attribute, reading),
                _ => Ok(None)
            );
        }
        _ => {}
    }
    if array.is_null(row) {
        return Ok(None);
    }
    if let Some(element) = ty.element() {
        let items = match array.data_type() {
            DataType::List(_) => array.as_list::<i32>().value(row),
            _ => array.as_list::<i64>().value(row),
        };
        let items: Result<Vec<Value>, String> = (0..items.len())
            .map(|at| {
                value(items.as_ref(), at, element, attribute, reading)?
                    .ok_or_else(|| "null inside a list".to_owned())
            })
            .collect();
        return items.map(|items| Some(Value::List(items.into())));
    }
    if let Some(text) = text(array, row) {
        return if ty.base == Scalar::String {
            Ok(Some(Value::string(text)))
        } else {
            parsed(text, attribute).map(Some)
        };
    }
    scalar(array, row, ty, reading)
}

fn scalar(
    array: &dyn Array,
    row: usize,
    ty: Type,
    reading: &Reading,
) -> Result<Option<Value>, String> {
    const SECOND: i128 = 1_000_000_000;
    let whole: i128 = match array.data_type() {
        DataType::Boolean => return Ok(Some(Value::Bool(array.as_boolean().value(row)))),
        DataType::Float16 => {
            return Ok(Some(Value::Double(array.as_primitive::<Float16Type>().value(row).into())));
        }
        DataType::Float32 => {
            return Ok(Some(Value::Double(array.as_primitive::<Float32Type>().value(row).into())));
        }
        DataType::Float64 => {
            return Ok(Some(Value::Double(array.as_primitive::<Float64Type>().value(row))));
        }
        DataType::Int8 => array.as_primitive::<Int8Type>().value(row).into(),
        DataType::Int16 => array.as_primitive::<Int16Type>().value(row).into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
        DataType::UInt8 => array.as_primitive::<UInt8Type>().value(row).into(),
        DataType::UInt16 => array.as_primitive::<UInt16Type>().value(row).into(),
        DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).into(),
        DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row).into(),
        DataType::Timestamp(TimeUnit::Second, _) => {
            i128::from(array.as_primitive::<TimestampSecondType>().value(row)) * SECOND
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            i128::from(array.as_primitive::<TimestampMillisecondType>().value(row)) * 1_000_000
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            i128::from(array.as_primitive::<TimestampMicrosecondType>().value(row)) * 1_000
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            array.as_primitive::<TimestampNanosecondType>().value(row).into()
        }
        DataType::Duration(TimeUnit::Second) => {
            i128::from(array.as_primitive::<DurationSecondType>().value(row)) * SECOND
        }
        DataType::Duration(TimeUnit::Millisecond) => {
            i128::from(array.as_primitive::<DurationMillisecondType>().value(row)) * 1_000_000
        }
        DataType::Duration(TimeUnit::Microsecond) => {
            i128::from(array.as_primitive::<DurationMicrosecondType>().value(row)) * 1_000
        }
        DataType::Duration(TimeUnit::Nanosecond) => {
            array.as_primitive::<DurationNanosecondType>().value(row).into()
        }
        _ => return Ok(None),
    };
    if let (Scalar::Timestamp, Reading::Local(zone)) = (ty.base, reading) {
        let reason =
            "the time zone named shows this time twice, never, or outside the years 0001 to 9999";
        return zone
            .instant(whole)
            .map(|at| Some(Value::Timestamp(at)))
            .ok_or_else(|| reason.to_owned());
    }
    let value = match ty.base {
        Scalar::Int => i64::try_from(whole)
            .map(Value::Int)
            .map_err(|_| format!("the number {whole} does not fit into 64 bits")),
        Scalar::Double => Ok(Value::Double(whole as f64)),
        Scalar::Timestamp => turns::instant(whole)
            .map(Value::Timestamp)
            .ok_or_else(|| "a timestamp outside the years 0001 to 9999".to_owned()),
        Scalar::Duration => Duration::from_nanos(whole)
            .map(Value::Duration)
            .ok_or_else(|| "a span of more than 10,000 years".to_owned()),
        Scalar::Bool | Scalar::String | Scalar::Nothing => {
            Err("a value of another type".to_owned())
        }
    };
    value.map(Some)
}

/// The name of the attribute of a bad value.
pub(super) fn path_of(schema: &Schema, bound: &Bound, bad: &BadValue) -> std::sync::Arc<str> {
    let attribute = bound.columns.get(bad.column).map(|column| column.attribute);
    attribute.map_or_else(
        || "".into(),
        |attribute| std::sync::Arc::clone(&schema.attribute(attribute).path),
    )
}

/// The text of a row, in a column of texts.
fn text(array: &dyn Array, row: usize) -> Option<&str> {
    match array.data_type() {
        DataType::Utf8 => Some(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Some(array.as_string::<i64>().value(row)),
        DataType::Utf8View => Some(array.as_string_view().value(row)),
        _ => None,
    }
}
