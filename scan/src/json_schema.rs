//! What does a report hold, for programs that read one?

use cleartosend::Verdict;
use cleartosend::expert::clients::{ClientStatus, EntryConfidence, Kind};
use cleartosend::expert::json_schema::{
    count, date, described, digest, document, flag, list, or_null, text, whole, word,
};
use serde_json::{Value as Json, json};

use crate::accept::Why;
use crate::mention::{Evidence, Via};
use crate::report::Report;

impl Report {
    /// The JSON Schema of [`render::json`](crate::render::json).
    ///
    /// ```
    /// use cleartosend_scan::Report;
    ///
    /// assert_eq!(Report::json_schema()["additionalProperties"], false);
    /// ```
    pub fn json_schema() -> Json {
        let catalogue = whole([("version", text()), ("dated", date()), ("digest", digest())]);
        let mut accepted = finding();
        accepted["properties"]["acceptance"] = whole([("reason", text()), ("until", date())]);
        if let Some(required) = accepted["required"].as_array_mut() {
            required.push("acceptance".into());
        }
        let report = whole([
            ("root", text()),
            ("roots", list(text())),
            ("catalogue", catalogue),
            ("clients", described(list(text()), "What `access.clients` takes.")),
            ("findings", list(finding())),
            ("accepted", described(list(accepted), "Findings that do not count.")),
            ("unused_acceptances", list(unused())),
            ("broken", list(broken())),
            ("skipped", list(skipped())),
            ("notes", list(whole([("file", text()), ("text", text())]))),
            ("read", list(text())),
            ("files_read", count()),
            ("sources_searched", count()),
            ("files_seen", count()),
            ("summary", summary()),
        ]);
        document("Scan", "Which clients of WhatsApp stand in a source tree.", report)
    }
}

fn finding() -> Json {
    let evidence: Vec<Json> = Evidence::ALL.iter().map(|evidence| json!(evidence)).collect();
    let via: Vec<Json> = Via::ALL.iter().map(|via| json!(via)).collect();
    whole([
        ("file", text()),
        ("line", or_null(count())),
        ("column", or_null(count())),
        ("ecosystem", described(text(), "`address` for a host or a path.")),
        ("name", text()),
        ("project", text()),
        ("alias", or_null(text())),
        ("target", or_null(text())),
        ("resembles", or_null(text())),
        ("version", or_null(text())),
        ("status", word(ClientStatus::ALL, ClientStatus::name)),
        ("evidence", json!({"enum": evidence})),
        ("via", json!({"enum": via})),
        ("kind", word(Kind::ALL, Kind::name)),
        ("confidence", word(EntryConfidence::ALL, EntryConfidence::name)),
        ("seen", text()),
        ("note", text()),
        ("ask", or_null(text())),
        ("source", text()),
    ])
}

fn unused() -> Json {
    whole([
        ("line", count()),
        ("client", text()),
        ("path", or_null(text())),
        ("why", json!({"enum": [Why::Expired, Why::Stale]})),
        ("until", date()),
    ])
}

fn broken() -> Json {
    whole([
        ("file", described(text(), "Empty for the tree as a whole.")),
        ("line", or_null(count())),
        ("column", or_null(count())),
        ("reason", text()),
    ])
}

fn skipped() -> Json {
    whole([
        ("file", text()),
        ("reason", text()),
        ("unread", described(flag(), "Whether it makes the result undecided.")),
    ])
}

fn summary() -> Json {
    whole([
        ("unofficial", count()),
        ("undecided", count()),
        ("unchecked", count()),
        ("accepted", count()),
        ("broken", count()),
        ("unread", flag()),
        ("verdict", word(Verdict::ALL, Verdict::name)),
    ])
}
