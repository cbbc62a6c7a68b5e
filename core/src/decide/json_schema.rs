//! What does a decision hold, for programs that read one?

use serde_json::{Value as Json, json};

use super::decision::Decision;
use crate::json_schema::{
    date, described, digest, document, flag, list, map, or_null, text, timestamp, value, whole,
    with, word,
};
use crate::pack::Confidence;
use crate::schema::Scope;
use crate::verdict::{Exposure, FindingVerdict, Status, Topic, Verdict};

impl Decision {
    /// The JSON Schema of [`Self::to_json`].
    ///
    /// ```
    /// use cleartosend::Decision;
    ///
    /// let schema = Decision::json_schema();
    /// assert_eq!(schema["properties"]["verdict"]["enum"][2], "deny");
    /// ```
    pub fn json_schema() -> Json {
        let description = "What a check concludes. The order of findings is deny, review, note, \
                           allow; violated before undetermined; then by pack and rule.";
        document("Decision", description, decision())
    }
}

/// A decision, also as a member of another document.
pub(crate) fn decision() -> Json {
    whole([
        ("verdict", described(word(Verdict::ALL, Verdict::name), "The worst finding's.")),
        ("send_at", timestamp()),
        ("scope", word(&[Scope::Campaign, Scope::Recipient], Scope::name)),
        ("findings", list(finding())),
        ("exposure", exposure()),
        ("missing", paths()),
        ("packs", list(pack())),
        ("directory", directory()),
        ("engine", described(text(), "The version of the engine.")),
        ("digest", digest()),
    ])
}

fn finding() -> Json {
    let source = whole([
        ("title", text()),
        ("url", text()),
        ("section", or_null(text())),
        ("retrieved", date()),
    ]);
    let source = with(source, [("confidence", word(Confidence::ALL, Confidence::name))]);
    let finding = whole([
        ("pack", text()),
        ("rule", text()),
        ("topic", topic()),
        ("status", word(Status::ALL, Status::name)),
        ("verdict", word(FindingVerdict::ALL, FindingVerdict::name)),
        ("title", text()),
        ("message", text()),
        ("facts", described(map(value()), "What is known of what the rule reads, by path.")),
        ("missing", paths()),
        ("exposure", exposure()),
        ("advice", text()),
        ("source", source),
        ("from", described(or_null(date()), "Null: always.")),
        ("until", described(or_null(date()), "Null: no end.")),
        ("error", or_null(whole([("code", text()), ("message", text())]))),
        ("waiver", or_null(waiver())),
    ]);
    with(finding, [("labels", map(text()))])
}

/// What a rule is about: a topic of ours, or one of a pack's own, `PACK/topic`.
pub(crate) fn topic() -> Json {
    let topics = word(Topic::ALL, Topic::name);
    json!({"anyOf": [topics, {"type": "string", "pattern": "^[^/]+/[^/]+$"}]})
}

/// The exception that lowered a finding.
pub(crate) fn waiver() -> Json {
    whole([("reason", text()), ("by", text()), ("until", date())])
}

fn paths() -> Json {
    list(text())
}

fn exposure() -> Json {
    list(word(Exposure::ALL, Exposure::name))
}

fn pack() -> Json {
    whole([
        ("name", text()),
        ("version", text()),
        ("known_until", or_null(date())),
        ("digest", digest()),
    ])
}

fn directory() -> Json {
    whole([
        ("source", text()),
        ("retrieved_at", timestamp()),
        ("complete", flag()),
        ("digest", digest()),
    ])
}
