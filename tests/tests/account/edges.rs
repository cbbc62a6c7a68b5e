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
    let text = include_str!("../../../examples/clean-campaign.json");
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
    let standing = book.account(None, Some(at(SENT + 3600)), None).unwrap();
    assert_eq!(standing["restrictions"][0]["until"], "2026-03-02T15:01:00Z", "{standing}");
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
    let standing = book.account(None, Some(at(T + 120)), None).unwrap();
    assert_eq!(standing["quality"], "red");
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
    let standing = book.account(None, Some(at(T)), None).unwrap();
    assert_eq!(standing["restrictions"][0]["since"], "2026-03-09T00:00:00Z");
}

#[test]
fn a_restriction_that_ends_before_it_is_reported_has_an_end_that_nobody_knows() {
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
        let standing = book.account(None, Some(at(SENT)), None).unwrap();
        assert_eq!(standing.get("restrictions").is_none(), is_warning, "{kind} {standing}");
    }
}

#[test]
fn a_member_that_nobody_reads_is_reported_and_one_called_like_a_stop_is_for_a_person() {
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
        let removed = book.forget(name).unwrap();
        assert!(!removed.removed.is_empty(), "{name}");
        assert_eq!(book.keys(), ["recipient/100/+34600000009"], "{name}");
        assert!(book.forget(name).unwrap().removed.is_empty());
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

/// What the finding that the document contradicts the book says of a campaign.
fn conflict(book: &Book, members: &Value, template: &Value) -> String {
    let engine = Engine::built_in().unwrap();
    let text = include_str!("../../../examples/clean-campaign.json");
    let mut campaign: Value = serde_json::from_str(text).unwrap();
    for (object, members) in [("account", members), ("campaign", template)] {
        for (name, value) in members.as_object().unwrap() {
            campaign[object][name] = value.clone();
        }
        // What is null is not given.
        campaign[object].as_object_mut().unwrap().retain(|_, value| !value.is_null());
    }
    let text = campaign.to_string();
    let at = Timestamp::new(SENT, 0).unwrap();
    let mut facts = Facts::from_json_at(engine.schema(), text.as_bytes(), at).unwrap();
    book.tell(&mut facts).unwrap();
    let decision = engine.check(&facts).unwrap();
    let decision: Value = serde_json::from_str(&decision.to_json()).unwrap();
    let mut findings = decision["findings"].as_array().unwrap().iter();
    let found = findings.find(|finding| finding["rule"] == "account.book-conflict");
    found.map_or_else(String::new, |found| found["message"].as_str().unwrap().to_owned())
}

#[test]
fn a_contradiction_names_the_member_with_both_values() {
    let mut book = Book::new();
    let node = json!({"id": "100", "account_review_status": "REJECTED",
        "business_verification_status": "verified",
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "phone_numbers": {"data": [
            {"id": "200", "display_phone_number": "+34 600 111 222", "quality_rating": "YELLOW"},
            {"id": "201", "display_phone_number": "+34 600 111 333"}]},
        "message_templates": {"data": [{"id": "300", "name": "spring_sale", "language": "es",
            "status": "PAUSED", "category": "MARKETING"}]}});
    book.apply(&answer(&node)).unwrap();
    let none = json!({});
    let number = "+34600111222";
    let own = |more: Value| {
        let mut account = json!({"id": "100", "number": number, "review": "rejected",
            "verification": "verified", "daily_limit": 2000, "quality": "yellow"});
        account.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        account
    };
    let paused = json!({"template": {"name": "spring_sale", "status": "paused"}});
    assert_eq!(conflict(&book, &own(json!({})), &paused), "");
    let begins = "the document contradicts the account book: ";
    let banned = json!([{"kind": "number_banned", "since": "2026-03-01T00:00:00Z", "until": null}]);
    book.apply(&hook(
        T,
        "account_update",
        &json!({"event": "ACCOUNT_RESTRICTION",
        "restriction_info": []}),
    ))
    .unwrap();
    for (account, campaign, expected) in [
        (
            own(json!({"review": "approved"})),
            &paused,
            "account.review: approved in the document, rejected in the book",
        ),
        (
            own(json!({"daily_limit": "unlimited", "quality": "green"})),
            &paused,
            "account.quality: green in the document, yellow in the book; \
             account.daily_limit: unlimited in the document, 2000 in the book",
        ),
        (
            own(json!({"restrictions": banned})),
            &paused,
            "account.restrictions: [number_banned] in the document, [] in the book",
        ),
        (
            own(json!({})),
            &json!({"template": {"name": "spring_sale", "status": "approved"}}),
            "campaign.template.status: approved in the document, paused in the book",
        ),
        (
            own(json!({"number": "+34600999999"})),
            &paused,
            "account.number: +34600999999 in the document, [+34600111222, +34600111333] in the book",
        ),
        (json!({"id": "999"}), &none, "account.id: 999 in the document, 100 in the book"),
    ] {
        assert_eq!(conflict(&book, &account, campaign), format!("{begins}{expected}"));
    }
    let mut other = json!({"id": "101", "account_review_status": "APPROVED"});
    other["phone_numbers"] =
        json!({"data": [{"id": "202", "display_phone_number": "34600222333"}]});
    book.apply(&answer(&other)).unwrap();
    assert_eq!(
        conflict(&book, &own(json!({"number": "+34600222333"})), &paused),
        format!("{begins}account.id (+34600222333): 100 in the document, 101 in the book")
    );
    // Of a book of several, which accounts there are.
    let of_none = |book: &Book| conflict(book, &json!({"id": null, "number": null}), &none);
    let both = "account.id: null in the document, [100, 101] in the book";
    assert_eq!(of_none(&book), format!("{begins}{both}"));
    for id in ["102", "103"] {
        let node = json!({"id": id, "account_review_status": "APPROVED"});
        book.apply(&answer(&node)).unwrap();
    }
    assert_eq!(
        conflict(&book, &json!({"id": "999"}), &none),
        format!("{begins}account.id: 999 in the document, [100, 101, 102, …] in the book")
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

/// Used in the app and on the Cloud API at once, which is open to numbers of some countries only.
#[test]
fn the_only_number_of_an_account_is_the_one_that_sends() {
    let number = |id: &str, shown: &str, both: bool| {
        answer(&json!({"id": id, "display_phone_number": shown, "is_on_biz_app": both,
            "status": "CONNECTED", "quality_rating": "GREEN"}))
    };
    for (shown, expected) in [
        ("+34 600 111 222", Verdict::Allow),
        // Nigeria has no coexistence, and numbers of Crimea are looked at.
        ("+234 803 000 0000", Verdict::Deny),
        ("+7 978 123 45 67", Verdict::Review),
    ] {
        let mut book = Book::new();
        book.apply(&number("200", shown, true)).unwrap();
        assert_eq!(verdict(&book, SENT, &json!({})).0, expected, "{shown}");
        assert_eq!(verdict(&book, SENT, &json!({ "number": null })).0, expected, "{shown}");
    }
    // Of several, or of one that is known by its id alone, nobody knows which it is.
    let mut book = Book::new();
    book.apply(&number("200", "+34 600 111 222", true)).unwrap();
    book.apply(&number("201", "+34 600 111 333", true)).unwrap();
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Review);
    assert_eq!(verdict(&book, SENT, &json!({"number": "+34600111222"})).0, Verdict::Allow);
    let mut book = Book::new();
    book.apply(&answer(&json!({"id": "200", "is_on_biz_app": true}))).unwrap();
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Review);
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
    // Pages have their messages there, and accounts nothing.
    let messaging = bare.replace("\"id\"", "\"messaging\":[{}],\"id\"");
    let applied = Book::new().apply(messaging.as_bytes()).unwrap();
    assert_eq!(applied.changes[0].outcome, ChangeOutcome::NotUnderstood);
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Review);
    let page = r#"{"object":"page","entry":[{"id":"1","messaging":[{}]}]}"#;
    let applied = Book::new().apply(page.as_bytes()).unwrap();
    assert_eq!(applied.changes[0].outcome, ChangeOutcome::Passed);
}

/// An answer of the Graph API about the account 100, as it was read an hour before sending.
fn answer(answer: &Value) -> Vec<u8> {
    let read_at = at(SENT - 3600).to_string();
    json!({"read_at": read_at, "account": "100", "answer": answer}).to_string().into_bytes()
}

#[test]
fn a_ban_counts_under_the_label_of_messages_too() {
    let ban = json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}});
    let deleted = json!({"event": "ACCOUNT_DELETED"});
    for label in ["messages", "user_preferences", "user_id_update", "flows"] {
        for value in [&ban, &deleted] {
            let mut book = Book::new();
            received(&mut book, &hook(T, label, value), T);
            assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Deny, "{label}: {value}");
        }
    }
}

#[test]
fn a_template_that_is_blocked_is_not_sent() {
    let blocked = json!({"can_send_message": "BLOCKED", "entities": [
        {"entity_type": "MESSAGE_TEMPLATE", "id": "300", "can_send_message": "BLOCKED"},
        {"entity_type": "WABA", "id": "100", "can_send_message": "AVAILABLE"},
    ]});
    let template = |members: &Value| {
        let mut template = json!({"id": "300", "name": "spring_sale_2026", "language": "en"});
        for (name, value) in members.as_object().unwrap() {
            template[name] = value.clone();
        }
        template
    };
    let campaign: Value =
        serde_json::from_str(include_str!("../../../examples/clean-campaign.json")).unwrap();
    let name = &campaign["campaign"]["template"]["name"];
    for (event, expected) in [
        // Which of the templates it is, nobody knows.
        (json!({"id": "300", "health_status": blocked}), Verdict::Review),
        (
            template(&json!({"name": name, "status": "APPROVED", "health_status": blocked})),
            Verdict::Review,
        ),
        (
            template(&json!({"name": name, "status": "PAUSED", "health_status": blocked})),
            Verdict::Deny,
        ),
    ] {
        let mut book = Book::new();
        book.apply(&answer(&event)).unwrap();
        assert_eq!(verdict(&book, SENT, &json!({})).0, expected, "{event}");
    }
}

#[test]
fn what_contradicts_itself_or_is_null_is_not_known() {
    let number = |members: &Value| {
        let mut number = json!({"id": "20000000000001", "display_phone_number": "+34 600 111 222"});
        for (name, value) in members.as_object().unwrap() {
            number[name] = value.clone();
        }
        number
    };
    for event in [
        answer(&number(&json!({"quality_rating": "GREEN", "quality_score": {"score": "RED"}}))),
        answer(&number(&json!({"quality_rating": null}))),
        answer(&number(&json!({"status": null}))),
        answer(&json!({"id": "100", "name": "Shop", "account_review_status": null})),
        answer(&json!({"id": "100", "whatsapp_business_manager_messaging_limit": "TIER_500K"})),
        answer(&json!({"id": "100", "whatsapp_business_manager_messaging_limit": null})),
        hook(
            T,
            "business_capability_update",
            &json!({"max_daily_conversations_per_business": 100_000,
                "max_daily_conversation_per_phone": 250}),
        ),
        hook(
            T,
            "phone_number_quality_update",
            &json!({"display_phone_number": "34600111222", "event": null,
                "current_limit": "TIER_10K"}),
        ),
    ] {
        let mut book = Book::new();
        book.apply(&event).unwrap();
        let event = String::from_utf8(event).unwrap();
        // The document's own words do not stand against it.
        let account = json!({"quality": "green", "review": "approved", "daily_limit": 100_000});
        assert_eq!(verdict(&book, SENT, &account).0, Verdict::Review, "{event}");
    }
    // A name that is not used is not a word.
    let mut book = Book::new();
    let event = number(&json!({"quality_rating": "GREEN", "quality_score": null}));
    book.apply(&answer(&event)).unwrap();
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Allow);
}

#[test]
fn a_name_that_no_document_may_have_is_left_out() {
    for name in [json!(""), json!("  "), json!(5)] {
        let mut book = Book::new();
        let event = json!({"id": "100", "name": name, "account_review_status": "APPROVED"});
        let applied = book.apply(&answer(&event)).unwrap();
        assert!(!applied.changes[0].notes.is_empty(), "{name}");
        assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Allow, "{name}");
    }
}

#[test]
fn a_stop_counts_however_the_person_is_written_or_is_for_a_person() {
    let stop = |wa_id: &str| {
        hook(
            T,
            "user_preferences",
            &json!({"user_preferences": [{"wa_id": wa_id, "category": "marketing_messages",
                "value": "stop", "timestamp": T}]}),
        )
    };
    let campaign: Value =
        serde_json::from_str(include_str!("../../../examples/clean-campaign.json")).unwrap();
    let phone = campaign["recipient"]["phone"].as_str().unwrap().trim_start_matches('+');
    for written in [
        format!("+{phone}"),
        format!("00{phone}"),
        format!("{phone}@s.whatsapp.net"),
        format!("{phone}:12@s.whatsapp.net"),
        format!("{phone}@c.us"),
    ] {
        let mut book = Book::new();
        received(&mut book, &stop(&written), T);
        assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Deny, "{written}");
    }
    for stranger in ["120363000000000000@g.us", "0600111222", "somebody", "1.x@lid"] {
        let mut book = Book::new();
        let applied = received(&mut book, &stop(stranger), T);
        assert_eq!(applied.changes[0].outcome, ChangeOutcome::NotUnderstood, "{stranger}");
        assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Review, "{stranger}");
    }
}

#[test]
fn what_stops_the_portfolio_stops_its_accounts() {
    let owner = hook(
        T,
        "account_update",
        &json!({"event": "PARTNER_ADDED", "waba_info": {"waba_id": "100",
            "owner_business_id": "900"}}),
    );
    let portfolio = |value: &Value| {
        json!({"object": "whatsapp_business_account", "entry": [{"id": "900", "time": T + 60,
            "changes": [{"field": "account_update", "value": value}]}]})
        .to_string()
        .into_bytes()
    };
    for (value, expected) in [
        (
            json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}),
            Verdict::Deny,
        ),
        (json!({"event": "BUSINESS_FROZEN"}), Verdict::Review),
    ] {
        let mut book = Book::new();
        received(&mut book, &owner, T);
        received(&mut book, &portfolio(&value), T + 60);
        assert_eq!(verdict(&book, SENT, &json!({})).0, expected, "{value}");
    }
}

#[test]
fn a_document_that_contradicts_the_book_is_for_a_person() {
    let mut book = Book::new();
    let event = json!({"id": "100", "name": "Shop", "account_review_status": "APPROVED",
        "business_verification_status": "verified"});
    book.apply(&answer(&event)).unwrap();
    let banned = json!([{"kind": "account_disabled", "since": "2026-03-01T00:00:00Z",
        "until": null}]);
    for account in [
        json!({"review": "rejected"}),
        json!({"verification": "rejected"}),
        json!({"verification": "unverified"}),
    ] {
        let (decided, rules) = verdict(&book, SENT, &account);
        assert_eq!(decided, Verdict::Review, "{account}");
        assert!(rules.iter().any(|rule| rule == "account.book-conflict"), "{rules:?}");
    }
    let agrees = json!({"review": "approved", "verification": "verified"});
    assert_eq!(verdict(&book, SENT, &agrees).0, Verdict::Allow);
    // What the book does not know stays as the document says.
    assert_eq!(verdict(&book, SENT, &json!({"restrictions": banned})).0, Verdict::Deny);
    received(
        &mut book,
        &hook(
            T,
            "account_update",
            &json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": []}),
        ),
        T,
    );
    assert_eq!(verdict(&book, SENT, &json!({"restrictions": banned})).0, Verdict::Review);
}

#[test]
fn an_event_that_comes_again_after_it_was_acknowledged_is_looked_at_again() {
    let frozen = |time| hook(time, "account_update", &json!({"event": "ACCOUNT_FROZEN"}));
    let mut book = Book::new();
    received(&mut book, &frozen(T - 90 * 86_400), T - 90 * 86_400);
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Review);
    book.acknowledge(None, at(T - 80 * 86_400)).unwrap();
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Allow);
    // Before somebody had looked, nobody had.
    assert_eq!(verdict(&book, T - 85 * 86_400, &json!({})).0, Verdict::Review);
    received(&mut book, &frozen(T), T);
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Review);
}

#[test]
fn an_answer_about_a_template_lifts_nothing_of_the_account_and_stops_nothing() {
    let health = |template: &str, entities: &[&str]| {
        let entities: Vec<Value> = entities
            .iter()
            .map(|kind| {
                let word = if *kind == "MESSAGE_TEMPLATE" { template } else { "AVAILABLE" };
                json!({"entity_type": kind, "id": "300", "can_send_message": word})
            })
            .collect();
        answer(&json!({"name": "another", "language": "en", "status": "PAUSED", "id": "300",
            "health_status": {"can_send_message": template, "entities": entities}}))
    };
    let all = ["MESSAGE_TEMPLATE", "WABA", "BUSINESS", "APP"];
    let mut book = Book::new();
    book.apply(&health("BLOCKED", &all[..1])).unwrap();
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Allow);

    let compromised = hook(T, "account_update", &json!({"event": "COMPROMISED_NOTIFICATION"}));
    for (event, expected) in
        [(health("BLOCKED", &all), Verdict::Review), (health("AVAILABLE", &all), Verdict::Allow)]
    {
        let mut book = Book::new();
        received(&mut book, &compromised, T);
        let before = verdict(&book, SENT, &json!({})).0;
        assert_ne!(before, Verdict::Allow);
        book.apply(&event).unwrap();
        let after = verdict(&book, SENT, &json!({})).0;
        assert_eq!(after, if expected == Verdict::Allow { expected } else { before });
    }
}

#[test]
fn what_names_no_translation_ends_no_pause_of_one() {
    let name = "spring_sale_2026";
    let of = |language: Option<&str>, status: &str, time: i64| {
        let mut value = json!({"event": status, "message_template_name": name});
        if let Some(language) = language {
            value["message_template_language"] = json!(language);
        }
        hook(time, "message_template_status_update", &value)
    };
    let decided = |events: &[Vec<u8>]| {
        let mut book = Book::new();
        for event in events {
            book.apply(event).unwrap();
        }
        let engine = Engine::built_in().unwrap();
        let text = include_str!("../../../examples/clean-campaign.json");
        let mut document: Value = serde_json::from_str(text).unwrap();
        document["campaign"]["template"] = json!({"name": name, "language": "es"});
        document["account"]["id"] = json!("100");
        let document = document.to_string();
        let mut facts = Facts::from_json(engine.schema(), document.as_bytes()).unwrap();
        book.tell(&mut facts).unwrap();
        engine.check(&facts).unwrap().verdict()
    };
    let spanish = Some("es");
    assert_eq!(decided(&[of(spanish, "APPROVED", T)]), Verdict::Allow);
    assert_eq!(decided(&[of(spanish, "PAUSED", T), of(None, "APPROVED", T + 60)]), Verdict::Review);
    assert_eq!(decided(&[of(None, "PAUSED", T), of(spanish, "APPROVED", T + 60)]), Verdict::Allow);
    assert_eq!(decided(&[of(spanish, "APPROVED", T), of(None, "PAUSED", T + 60)]), Verdict::Deny);
}

#[test]
fn a_person_with_another_user_id_keeps_the_stop_and_a_system_message_of_no_known_kind_shows() {
    let system = |system: &Value| {
        hook(
            T + 60,
            "messages",
            &json!({"metadata": {"display_phone_number": "34600111222"}, "messages": [{
                "from": "ES.1", "id": "w", "timestamp": (T + 60).to_string(), "type": "system",
                "system": system}]}),
        )
    };
    let mut book = Book::new();
    let changed =
        json!({"type": "user_changed_user_id", "user_id": "ES.2", "previous_user_id": "ES.1"});
    let applied = received(&mut book, &system(&changed), T + 60);
    assert_eq!(applied.changes[0].outcome, ChangeOutcome::Noted, "{applied:?}");
    for strange in [json!({"type": "user_changed_user_id", "body": "x"}), json!({"type": "weird"})]
    {
        let mut book = Book::new();
        let applied = received(&mut book, &system(&strange), T + 60);
        assert_eq!(applied.changes[0].outcome, ChangeOutcome::NotUnderstood, "{strange}");
        assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Review, "{strange}");
    }
}

#[test]
fn an_entry_whose_id_is_no_id_may_be_of_any_account() {
    let ban = json!({"object": "whatsapp_business_account", "entry": [{"id": "10 0", "time": T,
        "changes": [{"field": "account_update", "value": {"event": "DISABLED_UPDATE",
        "ban_info": {"waba_ban_state": "DISABLE"}}}]}]});
    let mut book = Book::new();
    received(&mut book, ban.to_string().as_bytes(), T);
    assert_eq!(verdict(&book, SENT, &json!({})).0, Verdict::Deny);
}
