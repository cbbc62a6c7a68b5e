//! What may a `cts.toml` hold, for editors that check and complete one?

use cleartosend::expert::json_schema::{described, document, flag, list, map, object, text, with};
use cleartosend::pack::FileSchema;
use cleartosend::schema::Origin;
use cleartosend::{Pack, Schema};
use serde_json::{Value as Json, json};

/// The JSON Schema of `cts.toml`. What a schema cannot say (files that are not there, rules that no
/// pack has) the reader checks; what it refuses the reader refuses too.
pub(crate) fn json_schema(schema: &Schema) -> Json {
    let names: Vec<&str> = Pack::built_in_names().collect();
    let pack = json!({"anyOf": [{"enum": names}, {"type": "string", "pattern": "[./\\\\]"}]});
    let packs = json!({"type": "array", "items": pack, "uniqueItems": true});
    let waivers = FileSchema::Waivers.json(schema)["properties"]["waiver"].take();
    let file = object(
        &[],
        [
            (
                "packs",
                described(
                    packs,
                    "Built-in packs by name, and folders, which begin with `./`, in stacking order.",
                ),
            ),
            ("built_in", described(flag(), "Whether the built-in `whatsapp` pack lies beneath.")),
            ("directory", described(text(), "The list of providers, instead of the sample.")),
            ("own", described(text(), "Providers that you vetted yourself, on top of it.")),
            ("base", described(text(), "What is the same for all of your campaigns.")),
            (
                "audience",
                described(map(audience(schema)), "What the columns of exports say, by name."),
            ),
            ("waiver", waivers),
            ("scan", scan()),
        ],
    );
    document("cts.toml", "What `cts` reads for every document in this folder and below.", file)
}

fn audience(schema: &Schema) -> Json {
    let column = with(
        object(&["attribute"], [("attribute", attribute(schema))]),
        [
            ("values", map(json!({"type": ["string", "boolean", "integer"]}))),
            ("date_format", text()),
            ("time", text()),
        ],
    );
    let columns = map(json!({"anyOf": [attribute(schema), column]}));
    object(
        &[],
        [
            ("columns", columns),
            ("date_format", text()),
            ("default_country", text()),
            ("encoding", text()),
            ("ignore", list(text())),
            ("keep", list(text())),
            ("null", list(text())),
            ("separator", json!({"enum": ["comma", "semicolon", "tab"]})),
            ("time", text()),
            ("time_zone", text()),
        ],
    )
}

/// An attribute of recipients: one that is known, or one that a pack declares.
fn attribute(schema: &Schema) -> Json {
    let given = schema.iter().map(|(_, attribute)| attribute).filter(|attribute| {
        attribute.origin != Origin::Derived && attribute.path.starts_with("recipient.")
    });
    let paths: Vec<&str> = given.map(|attribute| &*attribute.path).collect();
    json!({"anyOf": [{"enum": paths}, {"type": "string", "pattern": "^x\\."}]})
}

fn scan() -> Json {
    let accept = object(
        &["client", "reason", "until"],
        [
            ("client", json!({"type": "string", "pattern": "^[^:]+:."})),
            ("path", text()),
            ("reason", json!({"type": "string", "pattern": "\\S"})),
            ("until", json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})),
        ],
    );
    object(&[], [("exclude", list(text())), ("accept", list(accept))])
}

#[cfg(test)]
mod tests {
    use super::json_schema;
    use crate::config::{audience, read, waivers};

    /// The keys of a table of the schema, in order.
    fn keys(pointer: &str) -> Vec<String> {
        let schema = json_schema(&cleartosend::Schema::built_in());
        let table = schema.pointer(&format!("{pointer}/properties")).unwrap();
        let mut keys: Vec<String> = table.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    }

    #[test]
    fn it_has_the_keys_that_are_read_and_no_others() {
        let audience_at = "/properties/audience/additionalProperties";
        let column_at = format!("{audience_at}/properties/columns/additionalProperties/anyOf/1");
        for (pointer, known) in [
            ("", read::KEYS),
            (audience_at, audience::KEYS),
            (&column_at, audience::COLUMN_KEYS),
            ("/properties/waiver/items", &waivers::KEYS[..]),
            ("/properties/scan", &read::SCAN_KEYS),
            ("/properties/scan/properties/accept/items", &read::ACCEPT_KEYS),
        ] {
            let mut known = known.to_vec();
            known.sort_unstable();
            assert_eq!(keys(pointer), known, "{pointer}");
        }
    }
}
