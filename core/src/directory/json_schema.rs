//! What may a directory file hold, for programs that check or complete one?

use serde_json::{Value as Json, json};

use super::list::Directory;
use super::snapshot::roles;
use crate::json_schema::{date, described, document, flag, list, object, or_null, with};
use crate::schema::Schema;

impl Directory {
    /// The JSON Schema of directory files. What a schema cannot say (periods that end before they
    /// begin, ids that stand twice) the reader checks; what it refuses the reader refuses too.
    ///
    /// ```
    /// use cleartosend::Directory;
    ///
    /// let schema = Directory::json_schema();
    /// assert_eq!(schema["additionalProperties"], false);
    /// ```
    pub fn json_schema() -> Json {
        let directory = object(
            &["source", "retrieved_at", "complete", "covers", "providers"],
            [
                ("source", described(name(), "Where the list came from.")),
                ("retrieved_at", date()),
                (
                    "complete",
                    described(flag(), "Whether it names every provider that was listed then."),
                ),
                ("covers", period()),
                ("providers", list(provider())),
            ],
        );
        document("Directory of solution providers", "", directory)
    }
}

fn name() -> Json {
    json!({"type": "string", "pattern": "\\S"})
}

/// Half-open: `until` is the first day after it.
fn period() -> Json {
    object(&["from"], [("from", date()), ("until", or_null(date()))])
}

fn provider() -> Json {
    let roles = json!({"enum": roles(&Schema::built_in())});
    object(
        &["id", "name"],
        [
            ("id", described(name(), "Unique in the directory.")),
            ("name", name()),
            ("aliases", list(name())),
            ("domains", list(name())),
            ("role", or_null(roles)),
            ("listed", list(with(period(), [("source", or_null(name()))]))),
            ("evidence", or_null(name())),
            ("evidence_at", or_null(date())),
        ],
    )
}
