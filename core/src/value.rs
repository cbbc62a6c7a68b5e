//! The values of facts and of the rule language.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::time::{Duration, Timestamp};

/// The type of a value: a scalar, or a list of lists … of a scalar.
///
/// Lists nest at most [`crate::limits::LIST_NESTING_MAX`] deep, so a type fits in two bytes and is
/// `Copy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a type is its two members")]
pub struct Type {
    /// What the innermost list holds, or the type itself when `lists` is 0.
    pub base: Scalar,
    /// How many lists enclose the base.
    pub lists: u8,
}

/// The scalar types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever reads it decides about each: a new one breaks them on purpose"
)]
pub enum Scalar {
    /// `true` or `false`.
    Bool,
    /// 64-bit signed.
    Int,
    /// IEEE 754 binary64.
    Double,
    /// Unicode text.
    String,
    /// An instant.
    Timestamp,
    /// A span of time.
    Duration,
    /// The element of `[]`, which fits every list. Never the type of a whole expression.
    Nothing,
}

impl Type {
    /// `bool`
    pub const BOOL: Self = Self::scalar(Scalar::Bool);
    /// `int`
    pub const INT: Self = Self::scalar(Scalar::Int);
    /// `double`
    pub const DOUBLE: Self = Self::scalar(Scalar::Double);
    /// `string`
    pub const STRING: Self = Self::scalar(Scalar::String);
    /// `timestamp`
    pub const TIMESTAMP: Self = Self::scalar(Scalar::Timestamp);
    /// `duration`
    pub const DURATION: Self = Self::scalar(Scalar::Duration);

    /// The type of one scalar.
    pub const fn scalar(base: Scalar) -> Self {
        Self { base, lists: 0 }
    }

    /// A list of this type.
    pub const fn list(self) -> Self {
        Self { base: self.base, lists: self.lists.saturating_add(1) }
    }

    /// The element type, when this is a list.
    pub const fn element(self) -> Option<Self> {
        match self.lists {
            0 => None,
            lists => Some(Self { base: self.base, lists: lists - 1 }),
        }
    }

    /// Whether this is a list.
    pub const fn is_list(self) -> bool {
        self.lists > 0
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let base = match self.base {
            Scalar::Bool => "bool",
            Scalar::Int => "int",
            Scalar::Double => "double",
            Scalar::String => "string",
            Scalar::Timestamp => "timestamp",
            Scalar::Duration => "duration",
            Scalar::Nothing => "?",
        };
        for _ in 0..self.lists {
            f.write_str("list(")?;
        }
        f.write_str(base)?;
        for _ in 0..self.lists {
            f.write_str(")")?;
        }
        Ok(())
    }
}

/// A value that is known.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever reads it decides about each: a new one breaks them on purpose"
)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// 64-bit signed.
    Int(i64),
    /// IEEE 754 binary64; facts are never NaN, results of arithmetic may be.
    Double(f64),
    /// Unicode text.
    String(Arc<str>),
    /// An instant.
    Timestamp(Timestamp),
    /// A span of time.
    Duration(Duration),
    /// Elements of one type.
    List(Arc<[Value]>),
}

impl Value {
    /// A string value.
    pub fn string(text: &str) -> Self {
        Self::String(Arc::from(text))
    }

    /// The order of CEL's `<` within one type; `None` across types, between lists, and for NaN.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Double(a), Self::Double(b)) => a.partial_cmp(b),
            (Self::String(a), Self::String(b)) => Some(a.cmp(b)),
            (Self::Timestamp(a), Self::Timestamp(b)) => Some(a.cmp(b)),
            (Self::Duration(a), Self::Duration(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl Value {
    /// The value as JSON: ints as numbers, doubles with a fraction or exponent, those that are not
    /// finite as `"NaN"`, `"Infinity"` and `"-Infinity"`, instants as RFC 3339, spans as `3.5s`.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Bool(bool) => (*bool).into(),
            Self::Int(int) => (*int).into(),
            Self::Double(double) => match serde_json::Number::from_f64(*double) {
                Some(number) => number.into(),
                None if double.is_nan() => "NaN".into(),
                None if *double > 0.0 => "Infinity".into(),
                None => "-Infinity".into(),
            },
            Self::String(text) => (**text).into(),
            Self::Timestamp(at) => at.to_string().into(),
            Self::Duration(span) => span.to_string().into(),
            Self::List(elements) => elements.iter().map(Self::to_json).collect(),
        }
    }
}

macro_rules! from {
    ($($type:ty => $make:expr,)+) => {
        $(
            impl From<$type> for Value {
                fn from(value: $type) -> Self {
                    $make(value)
                }
            }
        )+
    };
}

from! {
    bool => Self::Bool,
    i32 => |int| Self::Int(i64::from(int)),
    i64 => Self::Int,
    u32 => |int| Self::Int(i64::from(int)),
    f64 => Self::Double,
    &str => Self::string,
    String => |text| Self::String(Arc::from(text)),
    Arc<str> => Self::String,
    Timestamp => Self::Timestamp,
    Duration => Self::Duration,
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(elements: Vec<T>) -> Self {
        elements.into_iter().collect()
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self::List(elements.into_iter().map(Into::into).collect())
    }
}

/// CEL's `==` within one type: NaN differs from itself, lists compare element by element.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a), Self::List(b)) => a == b,
            _ => self.compare(other) == Some(Ordering::Equal),
        }
    }
}

/// What is known of one attribute in one case.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "three values, and never a fourth")]
pub enum Fact {
    /// Not given: any value of the attribute is possible.
    #[default]
    Unknown,
    /// Known not to exist.
    Absent,
    /// Known.
    Value(Value),
}

impl Fact {
    /// The value, when known.
    pub const fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// Whether nothing is known.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The text, when a string is known.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Value(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_print_as_json() {
        let text = |value: Value| value.to_json().to_string();
        assert_eq!(text(Value::Int(i64::MIN)), "-9223372036854775808");
        assert_eq!(text(Value::Double(1.0)), "1.0");
        assert_eq!(text(Value::Double(f64::NEG_INFINITY)), "\"-Infinity\"");
        assert_eq!(text(Value::Duration(Duration::from_nanos(3_500_000_000).unwrap())), "\"3.5s\"");
        assert_eq!(
            text(Value::List([Value::string("a"), Value::Bool(true)].into())),
            "[\"a\",true]"
        );
    }
}
