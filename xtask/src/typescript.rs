//! What do TypeScript's checker and editors know of the members of a campaign document?
//!
//! In: its JSON Schema. Out: `campaign.d.ts`.

use std::fmt::Write as _;

use serde_json::Value as Json;

/// `campaign.d.ts`. Members stand in the order of the schema, which is that of the alphabet.
pub(crate) fn campaign(schema: &Json) -> String {
    format!(
        "// Generated from the engine's own declarations by `cargo xtask generate`. Do not edit.\n\n\
         /** An instant: text as RFC 3339 has it, or a `Date`. */\n\
         export type Instant = string | Date;\n\n\
         /** A campaign, and maybe one recipient. What is not given is unknown, and not false. */\n\
         export interface CampaignDocument {{\n{}}}\n",
        members(schema, 1)
    )
}

/// The members of an object, each indented by `depth`.
fn members(object: &Json, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    let required = list(&object["required"]);
    let mut text = String::new();
    for (name, member) in object["properties"].as_object().into_iter().flatten() {
        if let Some(doc) = member["description"].as_str() {
            let _ = writeln!(text, "{indent}/** {doc} */");
        }
        let mark = if required.iter().any(|must| must == name) { "" } else { "?" };
        let _ = writeln!(text, "{indent}{name}{mark}: {};", ty(member, depth));
    }
    text
}

fn ty(schema: &Json, depth: usize) -> String {
    let any_of = list(&schema["anyOf"]);
    let words = list(&schema["enum"]);
    if !any_of.is_empty() {
        return union(any_of.iter().map(|one| ty(one, depth)));
    }
    if let Some(definition) = schema["$ref"].as_str() {
        let is_instant = definition.ends_with("/instant");
        return if is_instant { "Instant" } else { "string" }.to_owned();
    }
    if !words.is_empty() {
        return union(words.iter().map(Json::to_string));
    }
    if let Some(word) = schema.get("const") {
        return word.to_string();
    }
    match &schema["type"] {
        Json::Array(types) => {
            union(types.iter().filter_map(Json::as_str).map(|one| named(one, schema, depth)))
        }
        one => named(one.as_str().unwrap_or("unknown"), schema, depth),
    }
}

/// A type by the name that JSON Schema has for it.
fn named(name: &str, schema: &Json, depth: usize) -> String {
    match name {
        "integer" => "number | bigint".to_owned(),
        "array" => format!("readonly ({})[]", ty(&schema["items"], depth)),
        "object" if schema.get("properties").is_some() => {
            format!("{{\n{}{}}}", members(schema, depth + 1), "  ".repeat(depth))
        }
        "object" => "Record<string, unknown>".to_owned(),
        other => other.to_owned(),
    }
}

fn union(types: impl Iterator<Item = String>) -> String {
    types.collect::<Vec<_>>().join(" | ")
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_its_type() {
        let schema = serde_json::json!({
            "required": ["at"],
            "properties": {
                "at": {"$ref": "#/$defs/instant", "description": "When."},
                "limit": {"anyOf": [{"type": "integer"}, {"const": "unlimited"}, {"type": "null"}]},
                "list": {"type": ["array", "null"], "items": {
                    "type": "object", "properties": {"kind": {"enum": ["a", null]}},
                }},
                "x": {"type": "object"},
            },
        });
        assert_eq!(
            members(&schema, 1),
            "  /** When. */\n  at: Instant;\n  limit?: number | bigint | \"unlimited\" | null;\n  \
             list?: readonly ({\n    kind?: \"a\" | null;\n  })[] | null;\n  \
             x?: Record<string, unknown>;\n"
        );
    }
}
