//! The value of one attribute alone, as a column of JSON holds it.

use serde::de::DeserializeSeed as _;

use super::fact::FactSeed;
use super::reader::Reader;
use crate::facts::case::Facts;
use crate::facts::error::FactsError;
use crate::schema::{Attribute, Schema, Scope};
use crate::value::Fact;

/// Reads the JSON of one attribute.
pub(in crate::facts) fn read_fact(json: &str, attribute: &Attribute) -> Result<Fact, FactsError> {
    // Nothing is put into these facts.
    let schema = Schema::built_in();
    let facts = Facts {
        schema: std::sync::Arc::clone(&schema),
        slots: Vec::new(),
        codes: Vec::new(),
        collections: Vec::new(),
        scope: Scope::Campaign,
        marks: None,
    };
    let mut reader = Reader::new(&schema, facts);
    let mut json = serde_json::Deserializer::from_str(json);
    let seed = FactSeed { reader: &mut reader, attribute, ty: attribute.ty };
    let read = seed.deserialize(&mut json).and_then(|fact| json.end().map(|()| fact));
    if let Some(late) = reader.late.pop() {
        return Err(late.problem(None));
    }
    match read {
        Ok(fact) => reader.done().map(|_| fact),
        Err(problem) => Err(reader.refused(&problem)),
    }
}
