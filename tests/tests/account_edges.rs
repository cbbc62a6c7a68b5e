//! What events say at the edges: times that cannot be, words beside what is known, names that a
//! person had, and rows that this version does not understand.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cleartosend::{Engine, Facts, Timestamp, Verdict};
use cleartosend_account::{Applied, Book, ChangeOutcome};
use serde_json::{Value, json};

/// 2026-03-02T00:00:00Z.
const T: i64 = 1_772_409_600;

fn hook(time: i64, field: &str, value: &Value) -> Vec<u8> {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "100", "time": time, "changes": [{"field": field, "value": value}]}]})
        .to_string()
        .into_bytes()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(seconds, 0).unwrap()
}

fn received(book: &mut Book, event: &[u8], seconds: i64) -> Applied {
    book.apply_received(event, Some(at(seconds))).unwrap()
}

/// The example of an ordinary campaign, with some members of its account changed.
fn verdict(book: &Book, seconds: i64, account: &Value) -> (Verdict, Vec<String>) {
    let text = include_str!("../../examples/clean-campaign.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    let own = document["account"].as_object_mut().unwrap();
    own.insert("id".into(), json!("100"));
    for (name, value) in account.as_object().unwrap() {
        own.insert(name.clone(), value.clone());
    }
    let engine = Engine::built_in().unwrap();
    let text = document.to_string();
    let mut facts = Facts::from_json_at(engine.schema(), text.as_bytes(), at(seconds)).unwrap();
    book.tell(&mut facts).unwrap();
    let decision = engine.check(&facts).unwrap();
    let rules = decision.findings().iter().map(|finding| finding.rule.to_string()).collect();
    (decision.verdict(), rules)
}

/// 2026-03-02T15:00:00Z, when the example is sent.
const SENT: i64 = T + 15 * 3600;

#[test]
fn a_ban_that_is_dated_ahead_counts_from_its_receipt_and_hides_nothing_later() {
    let ban = |time, state: &str| {
        hook(
            time,
            "account_update",
            &json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": state}}),
        )
    };
    let mut book = Book::new();
    let applied = received(&mut book, &ban(T + 86_400 * 365, "DISABLE"), SENT - 60);
    assert!(applied.changes[0].notes[0].contains("after its receipt"), "{applied:?}");
    assert_eq!(applied.changes[0].at.as_deref(), Some("2026-03-02T14:59:00Z"));
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Deny);
    assert_eq!(applied.changes[0].outcome, ChangeOutcome::NotUnderstood);
    // Ended by a later word.
    received(&mut book, &ban(SENT + 60, "REINSTATE"), SENT + 60);
    let told = book.account(None, Some(at(SENT + 3600)), None).unwrap();
    assert_eq!(told["restrictions"][0]["until"], "2026-03-02T15:01:00Z", "{told}");
}

#[test]
fn what_is_dated_ahead_and_lifts_something_leaves_it_to_a_person() {
    let ban = |time, state: &str| {
        hook(
            time,
            "account_update",
            &json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": state}}),
        )
    };
    let mut book = Book::new();
    received(&mut book, &ban(T, "DISABLE"), T);
    received(&mut book, &ban(T + 100_000_000, "REINSTATE"), T + 3600);
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Review);
    let stop = |time: i64, choice: &str| {
        hook(
            T,
            "user_preferences",
            &json!({"user_preferences": [{"wa_id": "34600000000", "category": "marketing_messages", "value": choice, "timestamp": time}]}),
        )
    };
    let mut book = Book::new();
    received(&mut book, &stop(T, "stop"), T);
    received(&mut book, &stop(T + 100_000_000, "resume"), T + 3600);
    let (verdict, rules) = verdict(&book, SENT, &json!({}));
    assert_eq!(verdict, Verdict::Review);
    assert!(rules.iter().any(|rule| rule == "consent.marketing-stopped"), "{rules:?}");
}

#[test]
fn a_word_that_is_dated_ahead_gives_way_to_a_later_one() {
    let quality = |time, score: &str| {
        hook(
            time,
            "phone_number_quality_update",
            &json!({"display_phone_number": "34600111222", "new_quality_score": score}),
        )
    };
    let stop = |time: i64, choice: &str| {
        hook(
            T,
            "user_preferences",
            &json!({"user_preferences": [{"wa_id": "34600000000", "category": "marketing_messages", "value": choice, "timestamp": time}]}),
        )
    };
    let mut book = Book::new();
    received(&mut book, &quality(T + 10_000_000, "GREEN"), T);
    received(&mut book, &quality(T + 60, "RED"), T + 60);
    let told = book.account(None, Some(at(T + 120)), None).unwrap();
    assert_eq!(told["quality"], "red");
    // A person's own instants too.
    received(&mut book, &stop(T + 10_000_000, "resume"), T);
    received(&mut book, &stop(T + 60, "stop"), T + 60);
    let row: Value =
        serde_json::from_str(&book.row("recipient/100/+34600000000").unwrap()).unwrap();
    let last = row["registers"]["marketing_stopped_at"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last, json!(["2026-03-02T00:01:00Z", true]));
}

#[test]
fn clocks_may_differ_by_minutes_and_what_is_to_come_keeps_its_day() {
    let mut book = Book::new();
    let review = hook(T + 300, "account_review_update", &json!({"decision": "APPROVED"}));
    let applied = received(&mut book, &review, T);
    assert!(applied.changes[0].notes.is_empty(), "{applied:?}");
    // A category that a template will have, and the day of a ban that is announced.
    let category = json!({"message_template_name": "a", "message_template_language": "es", "new_category": "UTILITY", "correct_category": "MARKETING", "category_update_timestamp": T + 86_400});
    let ban = json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": "March 9, 2026"}});
    received(&mut book, &hook(T, "template_category_update", &category), T);
    received(&mut book, &hook(T, "account_update", &ban), T);
    assert!(book.row("template/100/a/es").unwrap().contains("2026-03-03T00:00:00Z"));
    let told = book.account(None, Some(at(T)), None).unwrap();
    assert_eq!(told["restrictions"][0]["since"], "2026-03-09T00:00:00Z");
}

#[test]
fn a_restriction_that_ends_before_it_is_told_has_an_end_that_nobody_knows() {
    let mut book = Book::new();
    let list = json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": SENT - 7200}]);
    let event = hook(
        SENT - 3600,
        "account_update",
        &json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": list}),
    );
    let applied = received(&mut book, &event, SENT - 3600);
    assert!(applied.changes[0].notes[0].contains("end is not known"), "{applied:?}");
    assert_ne!(verdict(&book, SENT, &json!({})).0, Verdict::Allow);
}

#[test]
fn a_warning_is_one_of_utility_templates_alone() {
    for (kind, other, is_warning) in [
        ("RESTRICTED_UTILITY_TEMPLATES", "ENFORCEMENT_WARN", true),
        ("UTILITY_TEMPLATE_MISUSE_WARNING", "", true),
        ("RESTRICTED_BIZ_INITIATED_MESSAGING", "WARNING", false),
        ("RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "WARN", false),
        ("RESTRICTED_SWARN_MESSAGING", "AWARN", false),
    ] {
        let mut book = Book::new();
        let list = json!([{"restriction_type": kind, "reason": other, "expiration": SENT + 7200}]);
        let event = hook(
            T,
            "account_update",
            &json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": list}),
        );
        received(&mut book, &event, T);
        let told = book.account(None, Some(at(SENT)), None).unwrap();
        assert_eq!(told.get("restrictions").is_none(), is_warning, "{kind} {told}");
    }
}

#[test]
fn a_member_that_nobody_reads_is_told_and_one_called_like_a_stop_is_for_a_person() {
    let apply = |value: &Value| {
        let mut book = Book::new();
        received(&mut book, &hook(T, "account_update", value), T).changes.remove(0)
    };
    let change = apply(&json!({"event": "VERIFIED_ACCOUNT"}));
    assert!(change.notes.is_empty() && change.outcome == ChangeOutcome::Noted, "{change:?}");
    let change = apply(&json!({"event": "VERIFIED_ACCOUNT", "badge_colour": "blue"}));
    assert_eq!(change.notes, ["the member `badge_colour` is not read"]);
    for name in ["messaging_suspension_info", "account_lock", "limitInfo", "ENFORCEMENT"] {
        let change = apply(&json!({"event": "VERIFIED_ACCOUNT", name: {"kind": "x"}}));
        assert_eq!(change.outcome, ChangeOutcome::NotUnderstood, "{name}");
    }
    let change = apply(&json!({"event": "PARTNER_ADDED", "account_status": "DISABLED"}));
    assert_eq!(change.outcome, ChangeOutcome::NotUnderstood);
    // Letters within a word are no word.
    let change = apply(&json!({"event": "VERIFIED_ACCOUNT", "urban_clock": 1}));
    assert_eq!(change.outcome, ChangeOutcome::Noted);
}

#[test]
fn a_reason_is_kept_as_a_word_and_not_as_a_sentence() {
    let mut book = Book::new();
    for reason in ["Maria Perez of Example Street 5 complained about this", "INCORRECT_CATEGORY"] {
        let value = json!({"event": "REJECTED", "message_template_name": "a", "message_template_language": "es", "reason": reason});
        let applied = received(&mut book, &hook(T, "message_template_status_update", &value), T);
        assert_eq!(applied.changes[0].notes.is_empty(), !reason.contains(' '), "{applied:?}");
    }
    let row = book.row("template/100/a/es").unwrap();
    assert!(row.contains("INCORRECT_CATEGORY") && !row.contains("Maria"), "{row}");
}

#[test]
fn who_is_forgotten_is_forgotten_under_the_numbers_before_and_after() {
    let moved = json!({"messages": [{"from": "34600000001", "timestamp": T.to_string(), "type": "system", "system": {"wa_id": "34600000002", "type": "user_changed_number"}}]});
    let stop = json!({"user_preferences": [{"wa_id": "34600000002", "user_id": "ES.7", "category": "marketing_messages", "value": "stop", "timestamp": T}]});
    let other = json!({"user_preferences": [{"wa_id": "34600000009", "category": "marketing_messages", "value": "stop", "timestamp": T}]});
    for name in ["+34600000001", "+34600000002", "ES.7"] {
        let mut book = Book::new();
        received(&mut book, &hook(T, "messages", &moved), T);
        received(&mut book, &hook(T, "user_preferences", &stop), T);
        received(&mut book, &hook(T, "user_preferences", &other), T);
        let removed = book.forget(name);
        assert!(!removed.removed.is_empty(), "{name}");
        assert_eq!(book.keys(), ["recipient/100/+34600000009"], "{name}");
        assert!(book.forget(name).removed.is_empty());
    }
}

#[test]
fn a_row_of_a_later_version_is_kept_whatever_it_holds() {
    let mut book = Book::new();
    for (key, row) in
        [("account/100", r#"{"v":2,"words":{"quality":["red"]}}"#), ("call/7", r#"{"v":3}"#)]
    {
        assert!(book.merge_row(key, row.as_bytes()).unwrap(), "{key}");
        assert!(!book.merge_row(key, row.as_bytes()).unwrap(), "{key}");
    }
    let again = Book::from_json(book.to_json().as_bytes()).unwrap();
    assert_eq!(again, book);
    assert!(book.row("account/100").unwrap().contains(r#""words":{"quality":["red"]}"#));
    // Nobody here knows what it says.
    assert_ne!(verdict(&book, SENT, &json!({})).0, Verdict::Allow);
    assert_eq!(
        book.merge_row("account/100", br#"{"v":1}"#).unwrap_err().code(),
        "account/missing-member"
    );
}

#[test]
fn a_sending_number_that_the_book_does_not_have_is_for_a_person() {
    let mut book = Book::new();
    assert_eq!(verdict(&book, SENT, &json!({"number": "+34600111999"})).0, Verdict::Allow);
    let quality = json!({"display_phone_number": "34600111222", "new_quality_score": "GREEN"});
    received(&mut book, &hook(T, "phone_number_quality_update", &quality), T);
    assert_eq!(verdict(&book, SENT, &json!({"number": "+34600111222"})).0, Verdict::Allow);
    let (verdict, rules) = verdict(&book, SENT, &json!({"number": "+34600111999"}));
    assert_eq!(verdict, Verdict::Review);
    assert!(rules.iter().any(|rule| rule == "account.book-conflict"), "{rules:?}");
}

#[test]
fn an_envelope_with_nothing_to_read_says_so() {
    for envelope in [
        r#"{"object":"whatsapp_business_account","entry":[]}"#,
        r#"{"entry":[{"id":"100","time":1772409600,"changes":[]}]}"#,
    ] {
        let error = Book::new().apply(envelope.as_bytes()).unwrap_err();
        assert_eq!(error.code(), "account/no-changes", "{envelope}");
    }
    let mut book = Book::new();
    let bare = r#"{"object":"whatsapp_business_account","entry":[{"id":"100","time":1772409600}]}"#;
    let applied = book.apply(bare.as_bytes()).unwrap();
    assert_eq!(applied.changes[0].outcome, ChangeOutcome::NotUnderstood);
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Review);
    let page = r#"{"object":"page","entry":[{"id":"1","messaging":[{}]}]}"#;
    let applied = Book::new().apply(page.as_bytes()).unwrap();
    assert_eq!(applied.changes[0].outcome, ChangeOutcome::Passed);
}
