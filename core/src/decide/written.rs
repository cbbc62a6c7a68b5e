//! How is a value written in a decision?

use std::fmt;
use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::language::{Lang, catalogue as words};
use crate::schema::{Attribute, Form, Scope};
use crate::time::Timestamp;
use crate::value::{Fact, Value};

/// The greatest whole number that every reader of JSON keeps exactly: 2^53 (RFC 8259, section 6).
pub(super) const EXACT_MAX: u64 = 1 << 53;

/// Something that a decision writes as its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a way to write what is within")]
pub struct Written<T>(pub T);

impl Serialize for Written<Timestamp> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for Written<Scope> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

/// A whole number past 2^53 is a text, and so is a number that is not finite.
impl Serialize for Written<&Value> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) if value.unsigned_abs() > EXACT_MAX => serializer.collect_str(value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Double(value) if value.is_finite() => serializer.serialize_f64(*value),
            Value::Double(value) => serializer.serialize_str(not_finite(*value)),
            Value::String(value) => serializer.serialize_str(value),
            Value::Timestamp(value) => serializer.collect_str(value),
            Value::Duration(value) => serializer.collect_str(value),
            Value::List(values) => serializer.collect_seq(values.iter().map(Written)),
        }
    }
}

/// As JSON's own tools spell what JSON cannot say.
pub(crate) fn not_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

/// For people: texts bare, lists with commas.
impl fmt::Display for Written<&Value> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.in_words(Lang::English), f)
    }
}

impl<'a> Written<&'a Value> {
    /// For people, in their language. Values are the same in all but for the word that there is
    /// none.
    pub const fn in_words(self, lang: Lang) -> InWords<'a> {
        InWords { value: self.0, lang }
    }
}

/// A value as people read it.
#[derive(Clone, Copy, Debug)]
pub struct InWords<'a> {
    value: &'a Value,
    lang: Lang,
}

impl fmt::Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Double(value) => write!(f, "{value}"),
            Value::String(value) => f.write_str(value),
            Value::Timestamp(value) => write!(f, "{value}"),
            Value::Duration(value) => write!(f, "{value}"),
            Value::List(values) if values.is_empty() => {
                f.write_str(words::NONE_LISTED.of(self.lang))
            }
            Value::List(values) => values.iter().enumerate().try_for_each(|(number, value)| {
                let comma = if number == 0 { "" } else { ", " };
                write!(f, "{comma}{}", Self { value, lang: self.lang })
            }),
        }
    }
}

/// An instant that is mostly a day: written as `2026-03-02` at midnight, UTC, else as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a way to write what is within")]
pub struct WrittenDate(pub Timestamp);

impl fmt::Display for WrittenDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.strip_suffix("T00:00:00Z").unwrap_or(&text))
    }
}

impl Serialize for WrittenDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

pub(super) fn display<T: fmt::Display, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

pub(super) fn facts<S: Serializer>(
    facts: &[(Arc<str>, Value)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(facts.len()))?;
    for (path, value) in facts {
        map.serialize_entry(&**path, &Written(value))?;
    }
    map.end()
}

/// An attribute's path and its value as decisions show it; none where there is no value.
pub(super) fn value_in_words(attribute: &Attribute, fact: &Fact) -> Option<(Arc<str>, Value)> {
    Some((Arc::clone(&attribute.path), shown(attribute, fact.value()?)))
}

/// A value as decisions show it.
pub(crate) fn shown(attribute: &Attribute, value: &Value) -> Value {
    no_limit(attribute, value).map_or_else(|| value.clone(), Value::string)
}

/// No limit is a word and not the number that stands for it.
pub(super) fn no_limit(attribute: &Attribute, value: &Value) -> Option<&'static str> {
    (*value == Value::Int(i64::MAX) && attribute.form == Form::CountOrUnlimited)
        .then_some("unlimited")
}
