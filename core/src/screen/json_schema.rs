//! What does a summary hold, for programs that read one?

use serde_json::{Value as Json, json};

use super::summary::Summary;
use crate::decide::waiver_schema;
use crate::explain::change_schema;
use crate::json_schema::{
    count, described, digest, document, list, or_null, text, timestamp, whole, with, word,
};
use crate::verdict::{FindingVerdict, Status};

impl Summary {
    /// The JSON Schema of [`Self::to_json`].
    pub fn json_schema() -> Json {
        let summary = whole([
            ("rows", described(count(), "Rows judged.")),
            ("verdicts", verdicts()),
            ("basis", basis()),
        ]);
        // All five or none: a screening that is asked for verdicts alone counts nothing else.
        let counts = [
            ("rules", list(rule())),
            ("missing", list(whole([("path", text()), ("rows", count())]))),
            ("countries", list(country())),
            ("bad_rows", described(count(), "Rows with a value that could not be read.")),
            ("bad_values", described(list(bad_value()), "The first of these values.")),
        ];
        let names = counts.each_ref().map(|(name, _)| *name);
        let summary = with(summary, counts);
        let mut summary =
            with(summary, [("audience_size", json!({"type": "integer"})), ("help", help())]);
        if let Some(summary) = summary.as_object_mut() {
            let together = names.map(|name| (name.to_owned(), json!(names))).into_iter();
            summary.insert("dependentRequired".to_owned(), together.collect::<Json>());
        }
        document("Summary", "What was found of an audience.", summary)
    }
}

fn verdicts() -> Json {
    whole([("allow", count()), ("review", count()), ("deny", count())])
}

fn rule() -> Json {
    let rule = whole([
        ("pack", described(or_null(text()), "Null: values that could not be read.")),
        ("rule", text()),
        ("status", word(Status::ALL, Status::name)),
        ("verdict", word(FindingVerdict::ALL, FindingVerdict::name)),
        ("rows", count()),
        ("alone", described(count(), "Rows that nothing else stands against.")),
    ]);
    with(rule, [("waiver", waiver_schema())])
}

fn country() -> Json {
    whole([
        ("country", or_null(json!({"type": "string", "pattern": "^[A-Z]{2}$"}))),
        ("rows", count()),
        ("verdicts", verdicts()),
    ])
}

fn bad_value() -> Json {
    let bad = whole([
        ("row", described(count(), "From 0.")),
        ("column", text()),
        ("attribute", text()),
        ("reason", text()),
    ]);
    with(bad, [("line", described(count(), "Of the file, from 1."))])
}

fn help() -> Json {
    let more = || json!({"type": "integer"});
    let change = whole([("change", change_schema()), ("more", more())]);
    let hour = whole([("at", timestamp()), ("more", more())]);
    whole([("changes", list(change)), ("hours", list(hour))])
}

fn basis() -> Json {
    let pack = whole([("name", text()), ("version", text()), ("digest", digest())]);
    let basis = whole([
        ("campaign", digest()),
        ("packs", list(pack)),
        ("waivers", digest()),
        ("directory", digest()),
        ("bundled", digest()),
        ("engine", text()),
    ]);
    described(basis, "What the summary rests on.")
}
