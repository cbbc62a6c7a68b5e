//! What may stand in each file of a pack, as JSON Schema?
//!
//! For editors: they complete keys, words and attributes, and mark what is wrong while it is
//! written. TOML's dates are strings to a JSON Schema. What a schema cannot say (references,
//! periods, conditions) the reader of packs checks; what a schema refuses it refuses too.

use serde_json::{Map, Value as Json, json};

use super::content::{Appeal, Confidence, SourceConfidence, StepEnd, StepOrder};
use crate::json_schema::{date, document, flag, object, word};
use crate::schema::{Origin, Schema};
use crate::verdict::{Exposure, Status, Topic, Verdict};

crate::verdict::names! {
    /// A kind of file that packs have.
    FileSchema {
        /// `pack.toml`
        Pack = "pack",
        /// `rules/*.toml`
        Rules = "rules",
        /// `sets.toml`
        Sets = "sets",
        /// `tables.toml`
        Tables = "tables",
        /// `conditions.toml`
        Conditions = "conditions",
        /// `waivers.toml`
        Waivers = "waivers",
        /// `ladder.toml`
        Ladder = "ladder",
        /// `tests/*.toml`
        Tests = "tests",
    }
}

impl FileSchema {
    /// The JSON Schema of such files, for packs over a schema of attributes.
    ///
    /// ```
    /// use cleartosend::Schema;
    /// use cleartosend::pack::FileSchema;
    ///
    /// let schema = FileSchema::Rules.json(&Schema::built_in());
    /// assert_eq!(schema["title"], "rules of a cleartosend pack");
    /// ```
    pub fn json(self, schema: &Schema) -> Json {
        let file = match self {
            Self::Pack => manifest(),
            Self::Rules => list("rule", &rule()),
            Self::Sets => list("set", &set()),
            Self::Tables => list("table", &table(schema)),
            Self::Conditions => {
                list("condition", &object(&["id", "expr"], [("id", name()), ("expr", condition())]))
            }
            Self::Waivers => list("waiver", &waiver()),
            Self::Ladder => list("ladder", &ladder()),
            Self::Tests => tests(schema),
        };
        document(&format!("{} of a cleartosend pack", self.name()), "", file)
    }
}

/// A file of one kind of table.
fn list(key: &str, of: &Json) -> Json {
    object(&[], [(key, json!({"type": "array", "items": of}))])
}

fn text() -> Json {
    json!({"type": "string", "pattern": "\\S"})
}

fn condition() -> Json {
    json!({"type": "string", "pattern": "\\S", "description": "a condition of the rule language"})
}

fn texts() -> Json {
    json!({"type": "array", "items": text(), "uniqueItems": true})
}

/// A name that conditions can write.
fn name() -> Json {
    json!({"type": "string", "pattern": "^[a-z][a-z0-9]*([-_][a-z0-9]+)*$"})
}

fn exposure() -> Json {
    json!({"type": "array", "items": word(Exposure::ALL, Exposure::name), "uniqueItems": true})
}

fn citation() -> Json {
    object(&["id"], [("id", text()), ("section", text())])
}

fn manifest() -> Json {
    let source = object(
        &["title", "url", "retrieved", "confidence"],
        [
            ("title", text()),
            ("url", json!({"type": "string", "pattern": "^https?://"})),
            ("retrieved", date()),
            ("confidence", word(SourceConfidence::ALL, SourceConfidence::name)),
        ],
    );
    let scalar = "(bool|int|double|string|timestamp|duration)";
    let attribute = object(
        &["type", "scope", "title"],
        [
            ("type", json!({"type": "string", "pattern": format!("^(list\\()*{scalar}\\)*$")})),
            ("values", texts()),
            ("nullable", flag()),
            ("not_given", json!({"enum": ["unknown", "absent"]})),
            ("default", json!({"type": ["boolean", "integer", "number", "string", "array"]})),
            ("scope", json!({"enum": ["campaign", "recipient"]})),
            ("unit", text()),
            ("title", text()),
        ],
    );
    object(
        &["name", "version", "requires", "title", "published"],
        [
            ("name", text()),
            ("version", text()),
            ("requires", text()),
            ("title", text()),
            ("published", date()),
            ("known_until", date()),
            ("sources", json!({"type": "object", "additionalProperties": source})),
            (
                "attributes",
                json!({
                    "type": "object",
                    "propertyNames": {"pattern": "^x\\.[A-Za-z_]"},
                    "additionalProperties": attribute,
                }),
            ),
        ],
    )
}

fn rule() -> Json {
    let translation = || {
        object(
            &["title", "message", "advice"],
            [("title", text()), ("message", text()), ("advice", text())],
        )
    };
    let topics: Vec<&str> = Topic::ALL.iter().map(|topic| topic.name()).collect();
    let mut rule = object(
        &["id", "topic", "title", "verdict", "source", "message", "advice"],
        [
            ("id", json!({"type": "string", "pattern": "^[a-z0-9]+([-_][a-z0-9]+)*\\."})),
            (
                "topic",
                json!({"anyOf": [{"enum": topics}, {"type": "string", "pattern": "^[^/]+/[^/]+$"}]}),
            ),
            ("title", text()),
            ("applies", condition()),
            ("requires", condition()),
            ("forbids", condition()),
            ("verdict", json!({"enum": ["deny", "review", "note"]})),
            ("enforce", flag()),
            ("from", date()),
            ("until", date()),
            ("seen_from", date()),
            ("source", citation()),
            (
                "source_by_country",
                json!({
                    "type": "object",
                    "propertyNames": {"pattern": "^[A-Z]{2}$"},
                    "additionalProperties": citation(),
                }),
            ),
            ("message", text()),
            ("advice", text()),
            ("exposure", exposure()),
            ("confidence", word(Confidence::ALL, Confidence::name)),
            ("waivable", flag()),
            ("labels", json!({"type": "object", "additionalProperties": text()})),
            ("es", translation()),
            ("pt", translation()),
        ],
    );
    if let Json::Object(members) = &mut rule {
        members.insert(
            "oneOf".to_owned(),
            json!([{"required": ["requires"]}, {"required": ["forbids"]}]),
        );
    }
    rule
}

fn set() -> Json {
    let entry = object(
        &["values"],
        [
            (
                "values",
                json!({
                    "anyOf": [texts(), {"type": "array", "items": {"type": "integer"}}],
                }),
            ),
            ("from", date()),
            ("until", date()),
            ("source", citation()),
        ],
    );
    object(
        &["id", "title", "source", "entry"],
        [
            ("id", name()),
            ("title", text()),
            ("source", citation()),
            ("entry", json!({"type": "array", "items": entry})),
        ],
    )
}

fn table(schema: &Schema) -> Json {
    let value = json!({"type": ["boolean", "integer", "number", "string"]});
    let entry = object(
        &["values"],
        [
            ("from", date()),
            ("until", date()),
            ("values", json!({"type": "object", "additionalProperties": value})),
            ("default", value.clone()),
        ],
    );
    let keys: Vec<&str> = schema
        .iter()
        .map(|(_, attribute)| attribute)
        .filter(|attribute| ["string", "int"].contains(&attribute.ty.to_string().as_str()))
        .map(|attribute| &*attribute.path)
        .collect();
    object(
        &["id", "key", "type", "entry"],
        [
            ("id", name()),
            ("title", text()),
            ("key", json!({"anyOf": [{"enum": keys}, {"type": "string", "pattern": "^x\\."}]})),
            ("type", json!({"enum": ["bool", "int", "double", "string", "timestamp", "duration"]})),
            ("entry", json!({"type": "array", "items": entry})),
        ],
    )
}

fn waiver() -> Json {
    object(
        &["rule", "lower_to", "reason", "by", "from", "until"],
        [
            ("rule", json!({"type": "string", "pattern": "^[^/]+/[^/]+$"})),
            ("when", condition()),
            ("lower_to", json!({"enum": ["review", "note", "allow"]})),
            ("reason", text()),
            ("by", text()),
            ("from", date()),
            ("until", date()),
        ],
    )
}

fn ladder() -> Json {
    let days = json!({"type": "integer", "minimum": 1});
    let step = object(
        &["id", "title", "ends", "appeal"],
        [
            ("id", text()),
            ("title", text()),
            ("days", json!({"type": "array", "items": days})),
            ("blocks", texts()),
            ("ends", word(StepEnd::ALL, StepEnd::name)),
            ("appeal", word(Appeal::ALL, Appeal::name)),
            ("appeal_days", days.clone()),
            ("exposure", exposure()),
        ],
    );
    object(
        &["id", "title", "source", "step"],
        [
            ("id", text()),
            ("title", text()),
            ("from", date()),
            ("until", date()),
            ("source", citation()),
            ("violations", texts()),
            ("immediate", texts()),
            ("order", word(StepOrder::ALL, StepOrder::name)),
            ("step", json!({"type": "array", "items": step, "minItems": 1})),
        ],
    )
}

fn tests(schema: &Schema) -> Json {
    let given: Vec<&str> = schema
        .iter()
        .map(|(_, attribute)| attribute)
        .filter(|attribute| attribute.origin != Origin::Derived)
        .map(|attribute| &*attribute.path)
        .collect();
    // Objects and lists of objects are paths too; what is not a path is reported by the reader of
    // packs.
    let path = json!({"anyOf": [{"enum": given}, text()]});
    let paths = json!({"type": "array", "items": path, "uniqueItems": true});
    let properties: Map<String, Json> =
        given.iter().map(|path| ((*path).to_owned(), json!({}))).collect();
    let changes = json!({"type": "object", "properties": properties});
    let expect = object(
        &["verdict"],
        [
            ("verdict", word(Verdict::ALL, Verdict::name)),
            ("violated", texts()),
            ("undetermined", texts()),
            ("satisfied", texts()),
            ("not_applicable", texts()),
            ("missing", texts()),
        ],
    );
    let test = object(
        &["name", "expect"],
        [
            ("name", text()),
            ("why", text()),
            ("draft", flag()),
            ("base", text()),
            ("set", changes),
            ("remove", paths.clone()),
            ("null", paths),
            ("directory", text()),
            ("expect", expect),
        ],
    );
    let exempt = object(
        &["why"],
        [
            ("rule", text()),
            ("set", text()),
            ("outcome", word(Status::ALL, Status::name)),
            ("date", date()),
            ("clause", text()),
            ("lint", text()),
            ("why", text()),
        ],
    );
    object(
        &[],
        [
            ("base", json!({"type": "object", "additionalProperties": {"type": "object"}})),
            ("test", json!({"type": "array", "items": test})),
            ("exempt", json!({"type": "array", "items": exempt})),
        ],
    )
}
