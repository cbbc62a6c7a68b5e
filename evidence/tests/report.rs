//! A report shows what documents say, and nothing of them becomes markup.
#![expect(clippy::unwrap_used, reason = "a test that cannot make its documents has failed")]

use cleartosend::{Engine, ExplainOptions, Facts, Lang};
use cleartosend_evidence::{Page, RecordOptions, Recording as _, Report};
use serde_json::{Value as Json, json};

fn record(engine: &Engine, name: &str, send_at: &str) -> String {
    let document = json!({
        "send_at": send_at,
        "provider": {"name": name, "role": "solution_partner"},
        "campaign": {"initiated_by": "business", "category": "marketing", "use_case": "marketing"},
        "recipient": {"phone": "+905321234567", "opted_out": false, "opt_in": "given"},
    });
    let facts = Facts::from_json(engine.schema(), document.to_string().as_bytes()).unwrap();
    let options = RecordOptions::new().explain(ExplainOptions::default());
    engine.record(&facts, &options).unwrap().to_json().to_owned()
}

/// What a reader of XML says of the page: every element is closed, every text escaped.
fn elements(page: &str) -> Vec<String> {
    let mut open: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let tag = &rest[at + 1..];
        let end = tag.find('>').unwrap();
        let (tag, after) = (&tag[..end], &tag[end + 1..]);
        rest = after;
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_ref(), Some(&name), "closes what is not open: {tag}");
        } else if !tag.ends_with('/') && !["meta", "br", ""].contains(&name.as_str()) {
            if name == "style" {
                rest = &rest[rest.find("</style>").unwrap()..];
            }
            open.push(name.clone());
        }
        seen.push(tag.to_owned());
    }
    assert_eq!(open, [""; 0], "not closed");
    seen
}

#[test]
fn nothing_of_a_document_becomes_markup_and_nothing_is_asked_of_the_net() {
    let engine = Engine::built_in().unwrap();
    let hostile = "Acme <script>alert(1)</script> \" onload=x & \u{202e}txt";
    let mut report = Report::new();
    for day in 1..4 {
        let record = record(&engine, hostile, &format!("2024-05-1{day}T12:00:00Z"));
        report.add("a <b>log</b>.ndjson:1", record.as_bytes()).unwrap();
    }
    for lang in [Lang::English, Lang::Spanish, Lang::Portuguese] {
        let page = report.page(Page::Html, lang).unwrap();
        let seen = elements(&page);
        assert!(seen.iter().all(|tag| !tag.starts_with("script") && !tag.starts_with("b>")));
        for tag in &seen {
            for word in ["src=", "onload", "@import", "javascript:"] {
                let within = tag.contains(word) && !tag.contains("aria-label");
                assert!(!within, "{tag}");
            }
            if tag.starts_with("a ") {
                assert!(tag.starts_with("a href=\"http"), "{tag}");
            }
            if tag.starts_with("svg") {
                assert!(tag.contains("role=\"img\"") && tag.contains("aria-label=\""), "{tag}");
            }
        }
        assert!(page.contains("&lt;script&gt;"), "what was given is shown as it is");
        assert!(!page.contains('\u{202e}') && page.contains("\\u{202e}"));
        assert!(page.contains(&format!("<html lang=\"{}\">", lang.name())));
        assert!(seen.iter().any(|tag| tag.starts_with("rect")), "no chart");
        let markdown = report.page(Page::Markdown, lang).unwrap();
        assert!(!markdown.contains("<script>") && !markdown.contains("<b>"), "{markdown}");
        assert!(markdown.contains("&lt;b"), "{markdown}");
    }
    let page = report.page(Page::Html, Lang::Spanish);
    assert!(page.unwrap().contains("Informe de decisiones"));
}

#[test]
fn links_lead_to_the_web_alone() {
    let engine = Engine::built_in().unwrap();
    let mut document: Json =
        serde_json::from_str(&record(&engine, "Acme", "2024-05-14T12:00:00Z")).unwrap();
    document["decision"]["findings"][0]["source"]["url"] = json!("javascript:alert(1)");
    let decision = document["decision"].to_string();
    let mut report = Report::new();
    report.add("decision.json", decision.as_bytes()).unwrap();
    let page = report.page(Page::Html, Lang::English).unwrap();
    assert!(!page.contains("javascript:"));
    elements(&page);
}

#[test]
fn summaries_are_shown_and_what_is_nothing_of_it_is_refused() {
    let mut report = Report::new();
    let summary = json!({
        "rows": 3, "verdicts": {"allow": 1, "review": 0, "deny": 2}, "missing": [], "bad_rows": 1,
        "rules": [{"pack": "whatsapp", "rule": "consent.opted-out", "status": "violated",
                   "verdict": "deny", "rows": 2, "alone": 1}],
        "countries": [{"country": null, "rows": 3,
                       "verdicts": {"allow": 1, "review": 0, "deny": 2}}],
    });
    report.add("summary.json", summary.to_string().as_bytes()).unwrap();
    let page = report.page(Page::Html, Lang::Portuguese).unwrap();
    elements(&page);
    for part in ["3 linhas", "whatsapp/consent.opted-out", "desconhecido", "valor ilegível"] {
        assert!(page.contains(part), "{part}");
    }
    for (document, code) in [
        ("{}", "record/no-record"),
        ("[1]", "record/no-record"),
        ("{", "record/not-json"),
        (r#"{"record": 9}"#, "record/unknown-version"),
    ] {
        assert_eq!(report.add("x", document.as_bytes()).unwrap_err().code(), code, "{document}");
    }
    assert_eq!(report.len(), 1);
}
