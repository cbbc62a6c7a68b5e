//! JSON that says one thing: no member twice, and one form for each document.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::RecordError;

/// Reads a document in which no object has a member twice: readers differ in which of two they
/// take, so that one record could show two verdicts.
pub(crate) fn read(text: &[u8]) -> Result<Value, RecordError> {
    /// What some editors put before a text.
    const MARK: &[u8] = "\u{feff}".as_bytes();
    if text.starts_with(MARK) {
        let problem = "it begins with a byte order mark, three bytes that an editor put before it";
        return Err(RecordError::not_json(&problem));
    }
    serde_json::from_slice::<Strict>(text)
        .map(|strict| strict.0)
        .map_err(|problem| RecordError::not_json(&problem))
}

/// The form of RFC 8785.
pub(crate) fn canonical(value: &impl serde::Serialize) -> Result<Vec<u8>, RecordError> {
    serde_json_canonicalizer::to_vec(value).map_err(|problem| RecordError::not_json(&problem))
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Strict, E> {
        Ok(Strict(Value::from(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Strict, E> {
        Ok(Strict(Value::from(value)))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Strict, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("a number out of range"))?;
        Ok(Strict(Value::Number(number)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
        Ok(Strict(Value::from(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Strict, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Strict(Value::Array(values)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Strict, A::Error> {
        let mut members = Map::new();
        while let Some((name, Strict(value))) = object.next_entry::<String, Strict>()? {
            if members.contains_key(&name) {
                return Err(de::Error::custom(format!("the member `{name}` stands here twice")));
            }
            members.insert(name, value);
        }
        Ok(Strict(Value::Object(members)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_stands_twice_is_refused() {
        for text in [r#"{"a": 1, "a": 1}"#, r#"[{"b": {"a": 1, "a": 2}}]"#] {
            let problem = read(text.as_bytes()).unwrap_err();
            assert!(problem.to_string().contains("the member `a` stands here twice"), "{problem}");
        }
    }

    #[test]
    fn numbers_are_read_as_they_were_written() {
        for number in [0.1 + 0.2, 1.0 / 3.0, 5e-324, 1.797_693_134_862_315_7e308, 0.002_4] {
            let text = serde_json::to_string(&number).unwrap();
            assert_eq!(read(text.as_bytes()).unwrap(), Value::from(number), "{text}");
        }
    }
}
