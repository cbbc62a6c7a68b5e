//! A report shows what documents say, and nothing of them becomes markup.
#![expect(clippy::unwrap_used, reason = "a test that cannot make its documents has failed")]

use cleartosend::{Engine, ExplainOptions, Facts, Lang};
use cleartosend_evidence::{Mask, Page, RecordOptions, Recording as _, Report};
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
                let is_within = tag.starts_with("a href=\"#d");
                assert!(is_within || tag.starts_with("a href=\"http"), "{tag}");
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

/// A decision with one finding.
fn decision(verdict: &str, send_at: &str) -> String {
    let finding = json!({
        "pack": "whatsapp", "rule": "consent.opted-out", "status": "violated", "verdict": verdict,
        "title": "t", "message": "m", "advice": "a", "source": {"title": "s", "retrieved": "r"},
    });
    let findings = if verdict == "allow" { json!([]) } else { json!([finding]) };
    json!({"verdict": verdict, "send_at": send_at, "findings": findings}).to_string()
}

fn markdown(report: &Report) -> String {
    report.page(Page::Markdown, Lang::English).unwrap()
}

#[test]
fn rules_are_counted_by_what_they_say() {
    let mut report = Report::new();
    for verdict in ["review", "deny", "deny"] {
        report.add("x", decision(verdict, "2026-03-02T15:00:00Z").as_bytes()).unwrap();
    }
    let page = markdown(&report);
    assert!(page.contains("| whatsapp/consent.opted-out | deny | 2 |"), "{page}");
    assert!(page.contains("| whatsapp/consent.opted-out | review | 1 |"), "{page}");
}

#[test]
fn of_too_many_documents_the_worst_are_shown() {
    let mut report = Report::new();
    for number in 0..210 {
        let place = format!("log:{number}");
        report.add(&place, decision("allow", "2026-03-02T15:00:00Z").as_bytes()).unwrap();
    }
    report.add("log:the-denial", decision("deny", "2026-03-02T15:00:00Z").as_bytes()).unwrap();
    let page = markdown(&report);
    let first = page.lines().find(|line| line.starts_with("## log")).unwrap();
    assert_eq!(first, "## log:the-denial");
    assert!(page.contains("The worst are shown first. 11 more are counted"), "{page:.400}");
}

#[test]
fn days_stand_at_their_place_in_time() {
    let mut report = Report::new();
    for day in ["2026-01-01", "2026-01-02", "2026-02-19"] {
        let send_at = format!("{day}T15:00:00Z");
        report.add("x", decision("deny", &send_at).as_bytes()).unwrap();
    }
    let page = report.page(Page::Html, Lang::English).unwrap();
    for x in ["x=\"0.0\"", "x=\"20.0\"", "x=\"980.0\""] {
        assert!(page.contains(&format!("<rect class=\"deny\" {x}")), "{x}");
    }
    for date in ["2026-01-01", "2026-01-25", "2026-02-19"] {
        assert!(page.contains(&format!("<span>{date}</span>")), "{date}");
    }
    assert!(markdown(&report).contains("| 2026-01-02 | 1 | 0 | 0 |"));
}

#[test]
fn whatever_a_document_holds_the_page_is_whole_and_nothing_of_it_is_markup() {
    let engine = Engine::built_in().unwrap();
    let bad = "x`|](<script>alert(1)</script> *";
    let mut record: Json =
        serde_json::from_str(&record(&engine, "Acme", "2024-05-14T12:00:00Z")).unwrap();
    for place in [
        "/decision/engine",
        "/decision/send_at",
        "/decision/findings/0/verdict",
        "/decision/findings/0/source/url",
        "/decision/packs/0/version",
        "/decision/packs/0/digest",
        "/decision/directory/digest",
        "/digest",
    ] {
        *record.pointer_mut(place).unwrap() = json!(bad);
    }
    let mut report = Report::new();
    report.add(bad, record.to_string().as_bytes()).unwrap();
    assert_eq!(report.differ(), 1);
    for other in [
        json!({"rows": 1, "verdicts": 5, "rules": "x", "countries": [{}], "missing": {}, "bad_rows": 1,
               "bad_values": [{"row": "x"}, 5], "help": {"changes": "x", "hours": [{"more": 1}]}}),
        json!({"verdict": bad, "findings": [{}, 5, "x"], "exposure": 5, "packs": "x"}),
        json!({"place": bad, "what": bad, "rules": 5, "reasons": {}, "from": bad}),
        json!({"rules": [{}, 5], "bounds": [], "campaigns": 5, "audience": {"moves": 5}}),
        json!({"records": 1, "same_bytes": bad}),
    ] {
        report.add("other", other.to_string().as_bytes()).unwrap();
    }
    let page = report.page(Page::Html, Lang::English).unwrap();
    elements(&page);
    assert!(!page.contains("<script"));
    assert!(page.contains("This record contradicts itself"));
    let markdown = markdown(&report);
    assert!(!markdown.contains("<script") && !markdown.contains("x`|"), "{markdown}");
    assert!(markdown.contains("This record contradicts itself"));
}

#[test]
fn a_screening_is_headed_by_the_worst_of_its_rows() {
    let summary = |deny: u64, review: u64| {
        json!({"rows": 9, "verdicts": {"allow": 9 - deny - review, "review": review, "deny": deny},
               "rules": [], "missing": [], "countries": [], "bad_rows": 0,
               "help": {"hours": [{"at": "2026-03-02T15:00:00Z", "more": 4}], "changes": [
                   {"change": {"path": "access.clients", "from": ["x"], "to": [], "by": "sender",
                               "how": "set"}, "more": 3}]}})
        .to_string()
    };
    for (deny, review, says) in [(1, 2, "deny 1"), (0, 2, "review 1"), (0, 0, "allow 1")] {
        let mut report = Report::new();
        report.add("summary.json", summary(deny, review).as_bytes()).unwrap();
        let page = markdown(&report);
        assert!(page.lines().nth(2).unwrap().contains(says), "{page}");
        assert!(page.contains("access.clients → \\[\\] | 3 |"), "{page}");
        assert!(page.contains("2026-03-02T15:00:00Z | 4 |"), "{page}");
        let page = report.page(Page::Html, Lang::English).unwrap();
        assert!(page.contains("viewBox=\"0 0 1000 40\" role=\"img\" aria-label="));
        elements(&page);
    }
}

#[test]
fn a_masked_page_holds_no_number() {
    let engine = Engine::built_in().unwrap();
    let text = record(&engine, "Acme", "2024-05-14T12:00:00Z");
    let document: Json = serde_json::from_str(&text).unwrap();
    let mut report = Report::new().mask(Mask::new(b"a key for these tests").unwrap());
    report.add("log:1", text.as_bytes()).unwrap();
    let mut decision = document["decision"].clone();
    decision["findings"][0]["message"] = json!("to +90 532 123-45.67, who asked");
    report.add("decision.json", decision.to_string().as_bytes()).unwrap();
    for page in [Page::Html, Page::Markdown] {
        let page = report.page(page, Lang::English).unwrap();
        for part in ["5321234567", "532 123", document["decision"]["digest"].as_str().unwrap()] {
            // All that a digest covers can be known but the number, of a decision alone too.
            assert!(!page.contains(part), "{part}");
        }
        assert!(page.contains("who asked"));
    }
}
