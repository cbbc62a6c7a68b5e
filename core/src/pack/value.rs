//! Which value of a type does a key have?

use toml::de::DeValue;

use super::error::Kind;
use super::table::{Field, kind_of};
use crate::cel;
use crate::value::{Scalar, Type, Value};

/// A value of a type that is no list.
pub(super) fn read_value(field: &Field<'_>, ty: Type) -> Option<Value> {
    let wrong = |expected: &'static str| {
        let (key, found) = (field.key.into(), kind_of(field.value));
        field.spot.report(Kind::WrongType { key, expected, found });
        None
    };
    match (ty.base, field.value) {
        (Scalar::Bool, _) => field.bool().map(Value::Bool),
        (Scalar::Int, DeValue::Integer(digits)) => {
            let number = i64::from_str_radix(digits.as_str(), digits.radix()).ok();
            if number.is_none() {
                let (key, found) = (field.key.into(), field.source().into());
                let expected = "a whole number of 64 bits";
                field.spot.report(Kind::OutOfRange { key, found, expected });
            }
            number.map(Value::Int)
        }
        (Scalar::Int, _) => wrong("a whole number"),
        (Scalar::Double, DeValue::Float(digits)) => {
            match digits.as_str().parse::<f64>().ok().filter(|number| number.is_finite()) {
                Some(number) => Some(Value::Double(number)),
                None => wrong("a number with a fraction, such as 1.0"),
            }
        }
        (Scalar::Double, _) => wrong("a number with a fraction, such as 1.0"),
        (Scalar::Timestamp, _) => field.date().map(Value::Timestamp),
        (Scalar::Duration, DeValue::String(text)) => match cel::duration_of(text) {
            Some(span) => Some(Value::Duration(span)),
            None => wrong("a span such as \"24h\""),
        },
        (Scalar::Duration, _) => wrong("a span such as \"24h\""),
        (Scalar::String | Scalar::Nothing, _) => field.text().map(|text| Value::string(text.value)),
    }
}
