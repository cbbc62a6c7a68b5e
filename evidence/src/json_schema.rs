//! What does a record hold, for programs that read one?

use cleartosend::{Decision, Explanation};
use serde_json::Value as Json;

use crate::record::Record;

/// What records add to the documents of the engine.
const OUTLINE: &str = include_str!("record.schema.json");

impl Record {
    /// The JSON Schema of records: that of the reference, with those of its decision and of its
    /// explanation in it.
    ///
    /// ```
    /// use cleartosend_evidence::Record;
    ///
    /// let schema = Record::json_schema();
    /// assert_eq!(schema["properties"]["decision"]["title"], "Decision");
    /// ```
    pub fn json_schema() -> Json {
        // INVARIANT: the outline is JSON, as a test holds.
        let mut schema: Json = serde_json::from_str(OUTLINE).unwrap_or_default();
        let mut decision = Decision::json_schema();
        if let Some(members) = decision.as_object_mut() {
            members.remove("$schema");
        }
        schema["properties"]["decision"] = decision;
        let mut explanation = Explanation::json_schema();
        if let Some(members) = explanation["properties"].as_object_mut() {
            members.remove("decision");
        }
        if let Some(required) = explanation["required"].as_array_mut() {
            required.retain(|name| name != "decision");
        }
        if let Some(outline) = schema.pointer_mut("/properties/explanation") {
            outline["type"] = serde_json::json!(["object", "null"]);
            for key in ["properties", "required", "additionalProperties"] {
                outline[key] = explanation[key].take();
            }
        }
        schema.sort_all_objects();
        schema
    }
}
