//! How is a value printed as JSON?

use cleartosend::Value;
use serde_json::Value as Json;

/// Whole numbers and doubles as numbers, but texts for doubles that JSON has no number for;
/// instants and spans as texts.
pub(crate) fn json(value: &Value) -> Json {
    match value {
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Double(value) => serde_json::Number::from_f64(*value)
            .map_or_else(|| Json::from(not_finite(*value)), Json::Number),
        Value::String(value) => Json::from(&**value),
        Value::Timestamp(value) => Json::from(value.to_string()),
        Value::Duration(value) => Json::from(value.to_string()),
        Value::List(values) => values.iter().map(json).collect(),
    }
}

fn not_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}
