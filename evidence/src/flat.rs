//! How do the facts of a record become facts again?
//!
//! A record holds facts as the digest covers them: by path, null for what is absent, nothing for
//! what is unknown. A campaign document says the same with objects in objects, but for attributes
//! that are absent when they are left out: of these a record distinguishes unknown and absent.

use std::sync::Arc;

use cleartosend::Facts;
use cleartosend::schema::{AttributeId, NotGiven, Origin, Schema, Scope};
use cleartosend::{Fact, Scalar, Timestamp, Type, Value};
use serde_json::{Map, Value as Json};

use crate::error::RecordError;
use crate::record::MASK_PREFIX;

/// Facts of a record, and the names that are masked in it.
pub(crate) struct Flat {
    pub(crate) facts: Facts,
    pub(crate) names: Vec<(AttributeId, String)>,
}

/// Reads the facts of a record. `recipient` says whether one was judged.
pub(crate) fn read(
    schema: &Arc<Schema>,
    flat: &Map<String, Json>,
    recipient: Recipient,
    schemas: Schemas,
) -> Result<Flat, RecordError> {
    let mut document = Map::new();
    let mut names = Vec::new();
    let judged = |id: Option<AttributeId>| {
        recipient == Recipient::Judged
            || id.is_none_or(|id| schema.attribute(id).scope == Scope::Campaign)
    };
    for (path, value) in flat {
        // What is not given of a recipient is absent too, where the schema says so.
        if !judged(schema.id(path)) {
            continue;
        }
        let masked = value.as_str().filter(|text| text.starts_with(MASK_PREFIX));
        if let (Some(name), Some(id)) = (masked, schema.id(path)) {
            names.push((id, name.to_owned()));
            continue;
        }
        insert(&mut document, path, written(schema, path, value))?;
    }
    let text = Json::Object(document).to_string();
    let mut facts =
        Facts::from_json(schema, text.as_bytes()).map_err(|error| RecordError::of_facts(&error))?;
    if recipient == Recipient::Judged {
        facts.with_recipient();
    }
    let given = schema.iter().filter(|(_, attribute)| attribute.origin != Origin::Derived);
    for (id, attribute) in given {
        let is_left_out = schemas == Schemas::Same && !flat.contains_key(&*attribute.path);
        if is_left_out && attribute.not_given != NotGiven::Unknown && judged(Some(id)) {
            facts.set_unknown(id);
        }
    }
    Ok(Flat { facts, names })
}

/// Whether a recipient was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recipient {
    Judged,
    Nobody,
}

/// Whether the record was made with the attributes of today: one that came later was not unknown
/// then, but not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schemas {
    Same,
    Differ,
}

/// A whole number past 2^53 is a text in a record, and a number in a document.
fn written(schema: &Schema, path: &str, value: &Json) -> Json {
    let is_int = schema.id(path).is_some_and(|id| schema.attribute(id).ty == Type::INT);
    match value.as_str().filter(|_| is_int).map(str::parse::<i64>) {
        Some(Ok(number)) => Json::from(number),
        _ => value.clone(),
    }
}

fn insert(document: &mut Map<String, Json>, path: &str, value: Json) -> Result<(), RecordError> {
    let mut object = document;
    let mut rest = path;
    while let Some((name, further)) = rest.split_once('.') {
        let member = object.entry(name).or_insert_with(|| Json::Object(Map::new()));
        let Json::Object(inner) = member else {
            return Err(RecordError::member(&format!("facts.{path}"), "a fact beside others"));
        };
        (object, rest) = (inner, further);
    }
    object.insert(rest.to_owned(), value);
    Ok(())
}

/// A fact as a record writes it; nothing for what is unknown.
pub(crate) fn fact_to_json(fact: &Fact) -> Option<Json> {
    match fact {
        Fact::Unknown => None,
        Fact::Absent => Some(Json::Null),
        Fact::Value(value) => {
            serde_json::to_value(cleartosend::expert::decide::Written(value)).ok()
        }
    }
}

/// A derived fact of a record.
pub(crate) fn fact_from_json(ty: Type, json: Option<&Json>) -> Option<Fact> {
    let Some(json) = json else { return Some(Fact::Unknown) };
    let value = match (json, ty) {
        (Json::Null, _) => return Some(Fact::Absent),
        (Json::Array(items), ty) => {
            let element = ty.element()?;
            let items: Option<Vec<Value>> =
                items.iter().map(|item| scalar_from_json(element, item)).collect();
            Value::List(items?.into())
        }
        (json, ty) => scalar_from_json(ty, json)?,
    };
    Some(Fact::Value(value))
}

fn scalar_from_json(ty: Type, json: &Json) -> Option<Value> {
    match ty.base {
        Scalar::Bool => json.as_bool().map(Value::Bool),
        Scalar::Int => json
            .as_i64()
            .or_else(|| json.as_str().and_then(|text| text.parse().ok()))
            .map(Value::Int),
        Scalar::Double => json.as_f64().map(Value::Double),
        Scalar::String => json.as_str().map(Value::string),
        Scalar::Timestamp => {
            json.as_str().and_then(|text| Timestamp::parse(text).ok()).map(Value::Timestamp)
        }
        _ => None,
    }
}
