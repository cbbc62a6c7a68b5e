//! A value of an attribute.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::path::Step;
use super::reader::{Late, Reader};
use crate::facts::error::{self, FactsError};
use crate::facts::form;
use crate::limits;
use crate::schema::{Attribute, AttributeId, Form, Nullable};
use crate::text::number;
use crate::time::Timestamp;
use crate::value::{Fact, Type, Value};

/// Reads the value of an attribute into its slot.
pub(super) struct AttributeSeed<'r, 's> {
    pub(super) reader: &'r mut Reader<'s>,
    pub(super) id: AttributeId,
}

impl<'de> DeserializeSeed<'de> for AttributeSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { reader, id } = self;
        let schema = reader.schema;
        let attribute = schema.attribute(id);
        let fact = FactSeed { reader: &mut *reader, attribute, ty: attribute.ty }
            .deserialize(deserializer)?;
        reader.facts.put(id, fact);
        Ok(())
    }
}

/// Reads one fact of an attribute or of a list's element.
pub(super) struct FactSeed<'r, 's> {
    pub(super) reader: &'r mut Reader<'s>,
    pub(super) attribute: &'s Attribute,
    pub(super) ty: Type,
}

impl<'de> DeserializeSeed<'de> for FactSeed<'_, '_> {
    type Value = Fact;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fact, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl FactSeed<'_, '_> {
    fn expected(&self) -> String {
        error::expected(self.ty, &self.attribute.form)
    }

    /// What is no value of the attribute is noted, and the fact unknown.
    fn checked(self, value: Result<Value, FactsError>) -> Fact {
        match value {
            Ok(value) => Fact::Value(value),
            Err(problem) => self.noted(problem),
        }
    }

    fn noted(self, problem: FactsError) -> Fact {
        self.reader.note(problem);
        Fact::Unknown
    }
}

impl<'de> Visitor<'de> for FactSeed<'_, '_> {
    type Value = Fact;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Fact, E> {
        match self.attribute.nullable {
            Nullable::Yes => Ok(Fact::Absent),
            Nullable::No => Ok(Fact::Unknown),
        }
    }

    fn visit_bool<E: serde::de::Error>(self, found: bool) -> Result<Fact, E> {
        if self.ty == Type::BOOL {
            return Ok(Fact::Value(Value::Bool(found)));
        }
        let problem = error::wrong_type(if found { "true" } else { "false" }, &self.expected());
        Ok(self.noted(problem))
    }

    fn visit_i64<E: serde::de::Error>(self, found: i64) -> Result<Fact, E> {
        match self.ty {
            Type::INT | Type::DOUBLE => {
                let value = form::value_of(Value::Int(found), self.ty, self.attribute);
                Ok(self.checked(value))
            }
            _ => {
                let problem = error::wrong_number(found, self.ty, self.attribute);
                Ok(self.noted(problem))
            }
        }
    }

    fn visit_u64<E: serde::de::Error>(self, found: u64) -> Result<Fact, E> {
        match (i64::try_from(found), self.ty) {
            (Ok(found), _) => self.visit_i64(found),
            (Err(_), Type::DOUBLE) => Ok(Fact::Value(Value::Double(found as f64))),
            (Err(_), _) => Ok(self.noted(error::number_out_of_range(&found.to_string()))),
        }
    }

    fn visit_f64<E: serde::de::Error>(self, found: f64) -> Result<Fact, E> {
        if self.ty == Type::DOUBLE {
            let value = form::value_of(Value::Double(found), self.ty, self.attribute);
            return Ok(self.checked(value));
        }
        // JSON has one kind of number: `5.0` is the whole number 5 (JSON Schema, section 6.1.1), as
        // far as a double tells whole numbers apart.
        if self.ty == Type::INT && found.fract() == 0.0 && found.abs() < 9_007_199_254_740_992.0 {
            return self.visit_i64(found as i64);
        }
        let problem = if self.ty == Type::INT && found.abs() >= 9.223_372_036_854_776e18 {
            error::number_out_of_range(&number(found))
        } else {
            error::wrong_type(&format!("the number {}", number(found)), &self.expected())
        };
        Ok(self.noted(problem))
    }

    fn visit_str<E: serde::de::Error>(self, found: &str) -> Result<Fact, E> {
        let value = form::value_from_text(found, self.ty, self.attribute);
        let form = &self.attribute.form;
        let is_of_country = matches!(form, Form::Region | Form::Phone | Form::PhoneOrId);
        let is_short = found.len() <= limits::FACT_TEXT_BYTES_MAX;
        if value.is_err() && is_of_country && is_short && self.ty == Type::STRING {
            let path = match self.reader.path.0.is_empty() {
                // One value by itself, of a column.
                true => self.attribute.path.to_string(),
                false => self.reader.path.to_string(),
            };
            self.reader.late.push(Late { path, found: found.to_owned(), form: form.clone() });
            return Ok(Fact::Unknown);
        }
        Ok(self.checked(value))
    }

    /// An instant that came typed. JSON text has none; see [`Facts::from_source`](crate::Facts::from_source).
    fn visit_newtype_struct<D: Deserializer<'de>>(self, instant: D) -> Result<Fact, D::Error> {
        let (seconds, nanos) = <(i64, u32)>::deserialize(instant)?;
        let value = match (self.ty, Timestamp::new(seconds, nanos)) {
            (Type::TIMESTAMP, Some(at)) => {
                form::value_of(Value::Timestamp(at), self.ty, self.attribute)
            }
            (Type::TIMESTAMP, None) => Err(error::instant_out_of_range()),
            _ => Err(error::wrong_type("a timestamp", &self.expected())),
        };
        Ok(self.checked(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Fact, A::Error> {
        let Self { reader, attribute, ty } = self;
        let Some(element) = ty.element() else {
            reader.pass_list(list, &error::expected(ty, &attribute.form))?;
            return Ok(Fact::Unknown);
        };
        let mut items = Vec::new();
        for place in 0.. {
            reader.path.0.push(Step::Entry(place));
            let noted = reader.noted();
            let Some(fact) =
                list.next_element_seed(FactSeed { reader: &mut *reader, attribute, ty: element })?
            else {
                break;
            };
            if place == limits::FACT_LIST_MAX {
                reader.path.0.pop();
                reader.note(error::list_too_long(limits::FACT_LIST_MAX));
                reader.pass_rest(list)?;
                return Ok(Fact::Unknown);
            }
            match fact {
                Fact::Value(value) => items.push(value),
                // What was noted is no null.
                Fact::Absent | Fact::Unknown if reader.noted() == noted => {
                    reader.note(error::null_in_list());
                }
                Fact::Absent | Fact::Unknown => {}
            }
            reader.path.0.pop();
        }
        reader.path.0.pop();
        Ok(Fact::Value(Value::List(items.into())))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Fact, A::Error> {
        let expected = self.expected();
        self.reader.pass_object(map, &expected)?;
        Ok(Fact::Unknown)
    }
}
