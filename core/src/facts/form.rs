//! Whether one value is what its attribute holds.
//!
//! Both ways in for values come through here: the document reader and the typed setters.

use std::ops::Range;
use std::sync::Arc;

use super::error::{self, FactsError};
use crate::form;
use crate::limits;
use crate::schema::{Attribute, Form};
use crate::time::{Duration, Timestamp};
use crate::value::{Scalar, Type, Value};

/// Reads a text as a value of that type and form: a string, an instant, or the word `unlimited`.
pub(super) fn value_from_text(
    text: &str,
    ty: Type,
    attribute: &Attribute,
) -> Result<Value, FactsError> {
    if text.len() > limits::FACT_TEXT_BYTES_MAX {
        return Err(error::text_too_long(text.len()));
    }
    match ty {
        Type::STRING => text_of_form(text, attribute),
        Type::TIMESTAMP => {
            let at = Timestamp::parse(text).map_err(|problem| error::bad_instant(text, problem))?;
            instant_of_form(at, attribute)
        }
        Type::DURATION => duration_from_text(text)
            .map(Value::Duration)
            .ok_or_else(|| error::wrong_text(text, ty, attribute)),
        Type::INT if attribute.form == Form::CountOrUnlimited => match text {
            "unlimited" => Ok(Value::Int(i64::MAX)),
            _ => Err(error::malformed(text, &Form::CountOrUnlimited, None)),
        },
        _ => Err(error::wrong_text(text, ty, attribute)),
    }
}

/// A duration as CEL's protobuf form has it: a decimal number of seconds and `s`.
fn duration_from_text(text: &str) -> Option<Duration> {
    let number = text.strip_suffix('s')?;
    let (negative, number) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 12
        || !digits(whole)
        || fraction.len() > 9
        || !digits(fraction)
        || number.ends_with('.')
    {
        return None;
    }
    let nanos = format!("{fraction:0<9}").parse::<i128>().ok()?;
    let total = whole.parse::<i128>().ok()? * 1_000_000_000 + nanos;
    Duration::from_nanos(if negative { -total } else { total })
}

fn text_of_form(text: &str, attribute: &Attribute) -> Result<Value, FactsError> {
    if let Form::OneOf(choices) = &attribute.form {
        // The schema's own copy of the text is shared, so a known value costs no allocation.
        let choice = choices.iter().find(|choice| &*choice.name == text);
        return choice
            .map(|choice| Value::String(Arc::clone(&choice.name)))
            .ok_or_else(|| error::not_in_list(text, attribute));
    }
    match form::fits(text, &attribute.form) {
        true => Ok(Value::string(text)),
        false => Err(error::malformed(text, &attribute.form, None)),
    }
}

/// Refuses an instant that stands for none.
fn instant_of_form(at: Timestamp, attribute: &Attribute) -> Result<Value, FactsError> {
    let is_taken = |taken: &[Range<i64>]| taken.iter().any(|taken| taken.contains(&at.seconds()));
    match attribute.form.instants_taken().is_none_or(is_taken) {
        true => Ok(Value::Timestamp(at)),
        false => Err(error::no_instant(at, attribute)),
    }
}

/// Checks a value that came typed against its attribute, and shares the schema's own copy of listed
/// texts.
pub(super) fn value_of(value: Value, ty: Type, attribute: &Attribute) -> Result<Value, FactsError> {
    match (&value, ty) {
        (Value::String(text), Type { base: Scalar::String, lists: 0 }) => {
            value_from_text(text, ty, attribute)
        }
        (Value::Int(int), Type { base: Scalar::Int, lists: 0 }) => match attribute.form {
            Form::Count | Form::CountOrUnlimited if *int < 0 => Err(error::negative_count(*int)),
            _ => Ok(value),
        },
        (Value::Double(double), Type { base: Scalar::Double, lists: 0 }) => {
            if double.is_finite() {
                Ok(value)
            } else {
                Err(error::not_a_number())
            }
        }
        (Value::Int(int), Type { base: Scalar::Double, lists: 0 }) => {
            Ok(Value::Double(*int as f64))
        }
        (Value::Bool(_), Type { base: Scalar::Bool, lists: 0 })
        | (Value::Duration(_), Type { base: Scalar::Duration, lists: 0 }) => Ok(value),
        (Value::Timestamp(at), Type { base: Scalar::Timestamp, lists: 0 }) => {
            instant_of_form(*at, attribute)
        }
        (Value::List(items), _) => {
            let Some(element) = ty.element() else { return Err(mismatch(&value, ty, attribute)) };
            if items.len() > limits::FACT_LIST_MAX {
                return Err(error::list_too_long(limits::FACT_LIST_MAX));
            }
            let items: Result<Vec<Value>, FactsError> =
                items.iter().map(|item| value_of(item.clone(), element, attribute)).collect();
            Ok(Value::List(items?.into()))
        }
        _ => Err(mismatch(&value, ty, attribute)),
    }
}

fn mismatch(value: &Value, ty: Type, attribute: &Attribute) -> FactsError {
    let found = match value {
        Value::Bool(_) => "a boolean",
        Value::Int(_) => "a whole number",
        Value::Double(_) => "a number with a fraction",
        Value::String(_) => "a string",
        Value::Timestamp(_) => "a timestamp",
        Value::Duration(_) => "a duration",
        Value::List(_) => "a list",
    };
    error::wrong_type(found, &error::expected(ty, &attribute.form))
}
