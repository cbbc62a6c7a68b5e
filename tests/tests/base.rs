//! Base documents: what is the same for all campaigns of a sender, given once.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its documents has failed")]

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator, StringArray};
use cleartosend::{Engine, ExplainOptions, ScreenOptions, Timestamp};

fn over(base: &str) -> Engine {
    Engine::builder().base(base.as_bytes()).build().unwrap()
}

/// The decision on a campaign over a base, and on the one document that says the same.
fn reported(base: &str, campaign: &str, whole: &str) -> (String, String) {
    let merged = over(base).check_json(campaign.as_bytes()).unwrap().to_json();
    let written = Engine::built_in().unwrap().check_json(whole.as_bytes()).unwrap().to_json();
    (merged, written)
}

#[test]
fn a_campaign_over_a_base_is_the_document_that_says_both() {
    let same = |base: &str, campaign: &str, whole: &str| {
        let (merged, written) = reported(base, campaign, whole);
        assert_eq!(merged, written, "{base} and {campaign}");
    };
    // Members of both, and an object that only one has.
    same(
        r#"{"account": {"quality": "green", "daily_limit": 1000}, "access": {"route": "cloud_api"}}"#,
        r#"{"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "red"}}"#,
        r#"{"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "red", "daily_limit": 1000},
            "access": {"route": "cloud_api"}}"#,
    );
    // An object in an object.
    same(
        r#"{"campaign": {"template": {"name": "a", "status": "approved"}}}"#,
        r#"{"send_at": "2026-03-02T15:00:00Z", "campaign": {"template": {"status": "paused"}}}"#,
        r#"{"send_at": "2026-03-02T15:00:00Z",
            "campaign": {"template": {"name": "a", "status": "paused"}}}"#,
    );
    // Lists of values and of objects are replaced whole, also by none.
    same(
        r#"{"access": {"clients": ["npm:@whiskeysockets/baileys"]},
            "account": {"violations": [{"kind": "spam", "at": "2026-02-01T00:00:00Z"}]},
            "intermediaries": [{"name": "Some Reseller"}]}"#,
        r#"{"send_at": "2026-03-02T15:00:00Z", "access": {"clients": ["npm:axios"]},
            "account": {"violations": []}, "intermediaries": [{"domain": "reseller.example"}]}"#,
        r#"{"send_at": "2026-03-02T15:00:00Z", "access": {"clients": ["npm:axios"]},
            "account": {"violations": []}, "intermediaries": [{"domain": "reseller.example"}]}"#,
    );
    // Null makes a value absent or unknown again, and all members of an object unknown.
    same(
        r#"{"provider": {"name": "Acme", "role": "self"}, "account": {"quality": "red"},
            "access": {"route": "unofficial", "endpoint": "https://acme.example"}}"#,
        r#"{"send_at": "2026-03-02T15:00:00Z", "provider": {"name": null},
            "account": {"quality": null}, "access": null}"#,
        r#"{"send_at": "2026-03-02T15:00:00Z", "provider": {"name": null, "role": "self"},
            "account": {"quality": null}, "access": null}"#,
    );
    // The instant of sending may stand in either; `$schema` in both, and in neither's digest.
    same(
        r#"{"$schema": "campaign.schema.json", "send_at": "2026-03-02T15:00:00Z"}"#,
        r#"{"$schema": "other.schema.json", "recipient": {"phone": "+34600000000"}}"#,
        r#"{"send_at": "2026-03-02T15:00:00Z", "recipient": {"phone": "+34600000000"}}"#,
    );
    same("{}", r#"{"send_at": "2026-03-02T15:00:00Z"}"#, r#"{"send_at": "2026-03-02T15:00:00Z"}"#);
}

#[test]
fn every_way_to_ask_is_over_the_base() {
    let base = r#"{"account": {"quality": "red"}, "campaign": {"initiated_by": "business",
        "category": "marketing", "content": "template"}}"#;
    let engine = over(base);
    let plain = Engine::built_in().unwrap();
    let at = Timestamp::parse("2026-03-02T15:00:00Z").unwrap();
    let whole = plain.facts_from_json_at(base.as_bytes(), at).unwrap();
    let merged = engine.facts_from_json_at(b"{}", at).unwrap();

    let decision = plain.check(&whole).unwrap();
    assert!(decision.findings().iter().any(|found| &*found.rule == "feedback.low-quality"));
    for facts in [
        engine.facts(at),
        engine.facts_from_json(br#"{"send_at": "2026-03-02T15:00:00Z"}"#).unwrap(),
        engine.facts_from_source(serde_source(r#"{"send_at": "2026-03-02T15:00:00Z"}"#)).unwrap(),
        engine.facts_from_source_at(serde_source("{}"), at).unwrap(),
        merged.clone(),
    ] {
        assert_eq!(engine.check(&facts).unwrap().to_json(), decision.to_json());
    }
    assert_eq!(engine.check_json_at(b"{}", at).unwrap().to_json(), decision.to_json());
    let judged = engine.judge(&merged).unwrap();
    assert_eq!((judged.verdict(), judged.len()), (decision.verdict(), decision.findings().len()));
    let options = ExplainOptions::default();
    assert_eq!(
        engine.explain(&merged, &options).unwrap().to_json(),
        plain.explain(&whole, &options).unwrap().to_json()
    );
    let screened = |engine: &Engine, campaign| {
        let phones: ArrayRef = Arc::new(StringArray::from(vec!["+34600000000", "+15550100100"]));
        let batch = RecordBatch::try_from_iter([("recipient.phone", phones)]).unwrap();
        let audience = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
        let mut screening = engine.screen(campaign, audience, &ScreenOptions::new()).unwrap();
        let batches: Vec<RecordBatch> = screening.by_ref().map(Result::unwrap).collect();
        (batches, screening.summary().to_json())
    };
    assert_eq!(screened(&engine, &merged), screened(&plain, &whole));
    let without = engine.facts_from_json_without_send_at(b"{}").unwrap();
    assert_eq!(
        engine.eval("account.quality", &without).unwrap(),
        plain.eval("account.quality", &whole).unwrap()
    );
}

/// A source of facts that is no JSON text.
fn serde_source(
    json: &str,
) -> serde::de::value::MapDeserializer<
    'static,
    std::vec::IntoIter<(String, String)>,
    cleartosend::FactsError,
> {
    let members: std::collections::BTreeMap<String, String> = serde_json::from_str(json).unwrap();
    let members: Vec<(String, String)> = members.into_iter().collect();
    serde::de::value::MapDeserializer::new(members.into_iter())
}

#[test]
fn what_is_wrong_with_a_base_says_that_it_is_the_base() {
    let cases = [
        (
            r#"{"account": {"quality": "blue"}}"#,
            "facts/value-outside-list",
            "base document: `account.quality`: found `blue`",
        ),
        (
            r#"{"acount": {}}"#,
            "facts/unknown-member",
            "base document: `acount`: unknown member; did you mean `account`?",
        ),
        (
            r#"{"account": {"quality": "red", "quality": "red"}}"#,
            "facts/repeated-member",
            "base document: `account.quality`: given twice",
        ),
        (r#"{"account": {}"#, "facts/truncated", "base document: line 1, column 14: "),
        (
            r#"{"recipient": {"opted_out": false}}"#,
            "facts/recipient-in-base",
            "base document: `recipient`: a base document holds what is the same for all campaigns",
        ),
        (r#"{"recipient": null}"#, "facts/recipient-in-base", "base document: `recipient`: "),
        (r#"{"provider": {"listing": "listed"}}"#, "facts/derived", "base document: `provider.li"),
        ("[]", "facts/wrong-type", "base document: found a list, expected an object"),
    ];
    for (base, code, begins) in cases {
        let error = Engine::builder().base(base.as_bytes()).build().unwrap_err();
        assert_eq!(error.code(), code, "{base}");
        assert!(error.to_string().starts_with(begins), "{base}: {error}");
    }
}

#[test]
fn what_is_wrong_with_the_campaign_does_not_blame_the_base() {
    let engine = over(r#"{"account": {"quality": "red"}}"#);
    let error = engine.check_json(b"{}").unwrap_err();
    assert_eq!((error.code(), error.path()), ("facts/missing-send-at", "send_at"));
    // A repeated member is one that the same document repeats.
    let error = engine
        .check_json(br#"{"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "blue"}}"#)
        .unwrap_err();
    assert_eq!((error.code(), error.path()), ("facts/value-outside-list", "account.quality"));
    assert!(!error.to_string().contains("base"));
}
