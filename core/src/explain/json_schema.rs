//! What does an explanation hold, for programs that read one?

use serde_json::{Value as Json, json};

use super::explanation::Explanation;
use crate::decide::{decision_schema, topic_schema};
use crate::json_schema::{
    count, described, document, flag, list, or_null, text, timestamp, value, whole, word,
};
use crate::schema::levers::ChangedBy;
use crate::verdict::{Status, Verdict};

impl Explanation {
    /// The JSON Schema of [`Self::to_json`].
    pub fn json_schema() -> Json {
        document("Explanation", "Why a case is or is not clear to send, and what would help.", {
            whole([
                ("decision", decision_schema()),
                ("checklist", described(list(checklist()), "Every rule in scope, by topic.")),
                ("fixes", list(fix())),
                ("more_fixes", flag()),
                ("timeline", or_null(timeline())),
                ("clear_from", or_null(timestamp())),
                ("clear_until", or_null(timestamp())),
                ("missing", described(list(missing()), "What settles most comes first.")),
            ])
        })
    }
}

fn checklist() -> Json {
    whole([
        ("topic", topic_schema()),
        ("pack", text()),
        ("rule", text()),
        ("status", word(Status::ALL, Status::name)),
    ])
}

fn fix() -> Json {
    whole([("leads_to", word(Verdict::ALL, Verdict::name)), ("changes", list(change()))])
}

/// One change of one fact, or of several that change together.
pub(crate) fn change() -> Json {
    let one = || json!({"anyOf": [value(), {"type": "null"}]});
    let members = || json!({"type": "object", "additionalProperties": one()});
    let range = whole([("min", one()), ("max", one())]);
    whole([
        ("path", text()),
        ("from", described(json!({"anyOf": [one(), members()]}), "Null: nothing is given.")),
        (
            "to",
            described(
                json!({"anyOf": [value(), range, members(), list(members())]}),
                "A value, a list of values, a range, members of an object, a list of objects of \
                 which any will do, or `removed`.",
            ),
        ),
        ("by", word(ChangedBy::ALL, ChangedBy::name)),
        ("how", text()),
    ])
}

fn timeline() -> Json {
    let interval = whole([
        ("from", timestamp()),
        ("until", timestamp()),
        ("verdict", word(Verdict::ALL, Verdict::name)),
        ("rules", list(text())),
    ]);
    whole([
        ("from", timestamp()),
        ("until", timestamp()),
        ("intervals", described(list(interval), "Half-open and without gaps, in order.")),
    ])
}

fn missing() -> Json {
    let values = json!({"anyOf": [list(text()), list(flag()), text()]});
    whole([
        ("path", text()),
        ("settles", count()),
        ("can_allow", flag()),
        ("values", described(values, "The allowed values, or their form in words.")),
        ("title", text()),
        ("comes_from", text()),
    ])
}
