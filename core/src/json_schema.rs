//! How is what a document may hold written as JSON Schema?
//!
//! Objects have the members that are named, and no others.

use serde_json::{Value as Json, json};

/// The draft that all of ours are written in.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a whole document: which draft, and what the document is.
pub fn document(title: &str, description: &str, schema: Json) -> Json {
    let mut schema = schema;
    schema["$schema"] = DRAFT.into();
    schema["title"] = title.into();
    if !description.is_empty() {
        schema["description"] = description.into();
    }
    // Whatever features of the JSON library the rest of a build turns on, the bytes are the same.
    schema.sort_all_objects();
    schema
}

/// An object with these members, and no others.
pub fn object<const N: usize>(required: &[&str], members: [(&str, Json); N]) -> Json {
    pairs([
        ("type", "object".into()),
        ("properties", pairs(members)),
        ("required", required.into()),
        ("additionalProperties", false.into()),
    ])
}

fn pairs<const N: usize>(members: [(&str, Json); N]) -> Json {
    let members = members.into_iter().map(|(name, schema)| (name.to_owned(), schema));
    Json::Object(members.collect())
}

/// An object with all of these members, and no others.
pub fn whole<const N: usize>(members: [(&str, Json); N]) -> Json {
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    object(&required, members)
}

/// Members beside those that an object always has.
#[must_use]
pub fn with<const N: usize>(mut object: Json, optional: [(&str, Json); N]) -> Json {
    for (name, schema) in optional {
        object["properties"][name] = schema;
    }
    object
}

/// Says what something is.
#[must_use]
pub fn described(mut schema: Json, description: &str) -> Json {
    schema["description"] = description.into();
    schema
}

/// An object with members of any name, each of this schema.
pub fn map(of: Json) -> Json {
    pairs([("type", "object".into()), ("additionalProperties", of)])
}

/// A list.
pub fn list(of: Json) -> Json {
    pairs([("type", "array".into()), ("items", of)])
}

/// That, or `null`.
pub fn or_null(schema: Json) -> Json {
    pairs([("anyOf", Json::Array(vec![schema, json!({"type": "null"})]))])
}

/// One of some words.
pub fn word<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Json {
    json!({"enum": all.iter().map(|word| name(*word)).collect::<Vec<_>>()})
}

/// Any text.
pub fn text() -> Json {
    json!({"type": "string"})
}

/// `true` or `false`.
pub fn flag() -> Json {
    json!({"type": "boolean"})
}

/// A number of things.
pub fn count() -> Json {
    json!({"type": "integer", "minimum": 0})
}

/// A date or a timestamp: both are strings to a JSON Schema.
pub fn date() -> Json {
    json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}"})
}

/// A timestamp as we write one.
pub fn timestamp() -> Json {
    json!({
        "type": "string",
        "format": "date-time",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$",
    })
}

/// A digest as we write one.
pub fn digest() -> Json {
    json!({"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"})
}

/// The value of a fact as documents of ours write it.
pub fn value() -> Json {
    json!({"type": ["string", "number", "boolean", "array"]})
}
