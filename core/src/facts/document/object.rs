//! An object of the document, member by member.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::collection::CollectionSeed;
use super::fact::AttributeSeed;
use super::names::{NameSeed, Seen};
use super::path::Step;
use super::reader::{Kind, Reader};
use crate::facts::error;
use crate::schema::shape::{Member, Object};

/// Reads an object of the document, or `null`, which makes all its members unknown.
pub(super) struct ObjectSeed<'r, 's> {
    pub(super) reader: &'r mut Reader<'s>,
    pub(super) shape: &'s Object,
}

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    refuse_scalars!(|_: &Self| "an object".to_owned());

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.reader.pass_list(list, "an object")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        if self.reader.path.0.is_empty() {
            return Err(self.reader.refuse(error::wrong_type("null", "an object")));
        }
        self.reader.make_unknown(self.shape);
        self.reader.note_recipient();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { reader, shape } = self;
        reader.note_recipient();
        let mut seen = Seen::new(shape.len());
        let mut names_schema = false;
        while let Some(found) = map.next_key_seed(NameSeed(|name: &str| shape.find(name)))? {
            let (index, known, member) = match found {
                Ok(found) => found,
                Err(stranger) if stranger == SCHEMA && reader.path.0.is_empty() => {
                    reader.path.0.push(Step::Name(SCHEMA));
                    if std::mem::replace(&mut names_schema, true) {
                        reader.note(error::repeated_member());
                        reader.skip_value(&mut map)?;
                    } else {
                        map.next_value_seed(SchemaSeed { reader })?;
                    }
                    reader.path.0.pop();
                    continue;
                }
                Err(stranger) => {
                    reader.note_stranger(stranger, shape);
                    reader.skip_value(&mut map)?;
                    reader.path.0.pop();
                    continue;
                }
            };
            reader.path.0.push(Step::Name(known));
            if seen.insert(index) {
                reader.note(error::repeated_member());
                reader.skip_value(&mut map)?;
                reader.path.0.pop();
                continue;
            }
            if reader.kind == Kind::Base && reader.is_of_recipient(member) {
                reader.note(error::recipient_in_base());
                reader.skip_value(&mut map)?;
                reader.path.0.pop();
                continue;
            }
            match member {
                Member::Attribute(id) => map.next_value_seed(AttributeSeed { reader, id: *id })?,
                Member::Object(object) => {
                    map.next_value_seed(ObjectSeed { reader, shape: object })?;
                }
                Member::Collection(index) => {
                    map.next_value_seed(CollectionSeed { reader, index: *index })?;
                }
                Member::Derived(_) => {
                    reader.note(error::derived());
                    reader.skip_value(&mut map)?;
                }
            }
            reader.path.0.pop();
        }
        reader.tell_late();
        Ok(())
    }
}

/// Names the JSON Schema of the document for editors, at the top: no fact, so that it is passed
/// over.
const SCHEMA: &str = "$schema";

pub(super) struct SchemaSeed<'r, 's> {
    pub(super) reader: &'r mut Reader<'s>,
}

impl<'de> DeserializeSeed<'de> for SchemaSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for SchemaSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address of a JSON Schema")
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        self.reader.note(error::wrong_type("a boolean", SCHEMA_EXPECTED));
        Ok(())
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        self.reader.note(error::wrong_type("a number", SCHEMA_EXPECTED));
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        self.reader.note(error::wrong_type("a number", SCHEMA_EXPECTED));
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        self.reader.note(error::wrong_type("a number", SCHEMA_EXPECTED));
        Ok(())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.reader.note(error::wrong_type("null", SCHEMA_EXPECTED));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.reader.pass_list(list, SCHEMA_EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.reader.pass_object(map, SCHEMA_EXPECTED)
    }
}

const SCHEMA_EXPECTED: &str = "the address of a JSON Schema";
