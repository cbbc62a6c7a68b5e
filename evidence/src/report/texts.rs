//! Documents whose texts are in the language of a reader.

use cleartosend::{Decision, Lang};
use serde_json::Value;

/// The decision's document with title, message and advice of each finding in a language, for pages
/// alone: a decision's own document is in English.
pub(super) fn of_decision(document: &mut Value, decision: &Decision, lang: Lang) {
    let findings = document.get_mut("findings").and_then(Value::as_array_mut);
    for (place, finding) in findings.into_iter().flatten().enumerate() {
        let (Some(members), Some(texts)) = (finding.as_object_mut(), decision.texts(place, lang))
        else {
            continue;
        };
        for (name, text) in
            [("title", texts.title), ("message", texts.message), ("advice", texts.advice)]
        {
            members.insert(name.to_owned(), Value::from(text));
        }
    }
}
