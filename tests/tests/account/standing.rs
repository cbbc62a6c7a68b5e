//! What speaks of an account's standing, under whatever id, name or form it comes, and what does
//! not.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cleartosend::{Engine, Facts, Timestamp, Verdict};
use cleartosend_account::{AccountError, Applied, Book, ChangeOutcome, Removed};
use serde_json::{Value, json};

/// 2026-03-02T00:00:00Z.
const T: i64 = 1_772_409_600;
/// The account, its number by its id and as it is shown, a second one, and a partner.
const A: &str = "100000000000001";
const N: &str = "200000000000001";
const SHOWN: &str = "34600111222";
const SECOND: &str = "34600111333";
const PARTNER: &str = "2949482758682047";

fn under(id: &str, time: Option<i64>, field: &str, value: &Value) -> Value {
    let mut entry = json!({"id": id, "changes": [{"field": field, "value": value}]});
    if let Some(time) = time {
        entry["time"] = time.into();
    }
    json!({"object": "whatsapp_business_account", "entry": [entry]})
}

fn update(id: &str, time: i64, value: &Value) -> Value {
    under(id, Some(time), "account_update", value)
}

fn answer(time: i64, answer: &Value) -> Value {
    json!({"read_at": at(time).to_string(), "account": A, "answer": answer})
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(seconds, 0).unwrap()
}

fn apply(book: &mut Book, event: &Value) -> Applied {
    book.apply(event.to_string().as_bytes()).unwrap()
}

/// A book in which the account stands well, with two numbers.
fn well() -> Book {
    let number = |id: &str, shown: &str| {
        json!({"id": id, "display_phone_number": shown,
        "quality_rating": "GREEN", "status": "CONNECTED", "name_status": "APPROVED"})
    };
    let node = json!({"id": A, "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "whatsapp_business_manager_messaging_limit": "TIER_10K",
        "phone_numbers": {"data": [number(N, SHOWN), number("200000000000002", SECOND)]}});
    let mut book = Book::new();
    apply(&mut book, &answer(T - 86_400, &node));
    book
}

fn after(events: &[Value]) -> Book {
    let mut book = well();
    for event in events {
        apply(&mut book, event);
    }
    book
}

/// What a check of an ordinary campaign of the account's first number says on the next day, to that
/// person.
fn said_to(book: &Book, phone: &str) -> (Verdict, String) {
    let text = include_str!("../../../examples/clean-campaign.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    document["account"]["id"] = A.into();
    document["account"]["number"] = format!("+{SHOWN}").into();
    document["recipient"]["phone"] = phone.into();
    let engine = Engine::built_in().unwrap();
    let text = document.to_string();
    let mut facts = Facts::from_json_at(engine.schema(), text.as_bytes(), at(T + 86_400)).unwrap();
    book.tell(&mut facts).unwrap();
    let decision = engine.check(&facts).unwrap();
    (decision.verdict(), decision.to_json())
}

fn verdict(book: &Book) -> Verdict {
    said_to(book, "+34600000000").0
}

fn ban() -> Value {
    json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}})
}

#[test]
fn what_names_one_of_our_numbers_counts_under_whatever_entry() {
    assert_eq!(verdict(&well()), Verdict::Allow);
    let with = |value: &Value, number: &Value| {
        let mut value = value.clone();
        value["phone_number"] = number.clone();
        value
    };
    let violation = json!({"event": "ACCOUNT_VIOLATION",
        "violation_info": {"violation_type": "ADULT"}});
    for value in [
        ban(),
        violation,
        json!({"event": "ACCOUNT_DELETED"}),
        json!({"event": "SOMETHING_NEW"}),
        json!({"event": "COMPROMISED_NOTIFICATION"}),
        json!({"event": "PARTNER_REMOVED"}),
        json!({"event": "ACCOUNT_OFFBOARDED"}),
    ] {
        // An entry that says nothing else of the account says nothing of it.
        assert_eq!(verdict(&after(&[update(PARTNER, T, &value)])), Verdict::Allow, "{value}");
        for number in [json!(SHOWN), json!(format!("+{SHOWN}")), json!(SECOND)] {
            let event = update(PARTNER, T, &with(&value, &number));
            assert_ne!(verdict(&after(&[event])), Verdict::Allow, "{value} of {number}");
        }
        // A number that cannot be read may be ours.
        let event = update(PARTNER, T, &with(&value, &json!("zork")));
        assert_ne!(verdict(&after(&[event])), Verdict::Allow, "{value}");
        let event = update(PARTNER, T, &with(&value, &json!("34600999333")));
        assert_eq!(verdict(&after(&[event])), Verdict::Allow, "{value} of another");
    }
}

#[test]
fn what_came_of_a_number_while_it_was_anothers_is_the_others() {
    let mut value = ban();
    value["phone_number"] = SHOWN.into();
    let former = "100000000000009";
    let read = json!({"read_at": at(T - 864_000).to_string(), "account": former, "answer": {
        "id": former, "phone_numbers": {"data": [{"id": N, "display_phone_number": SHOWN}]}}});
    let banned = |time| {
        let mut book = Book::new();
        apply(&mut book, &read);
        book.merge(&well());
        apply(&mut book, &update(former, time, &value));
        verdict(&book)
    };
    assert_eq!(banned(T - 500_000), Verdict::Allow);
    assert_eq!(banned(T), Verdict::Deny);
}

#[test]
fn what_comes_under_the_entry_of_a_linked_partner_counts_where_it_is_no_milder() {
    let link =
        update(PARTNER, T - 60, &json!({"event": "PARTNER_ADDED", "waba_info": {"waba_id": A}}));
    let blocked = json!({"health_status": {"can_send_message": "BLOCKED"}});
    let of_partner = |value: &Value| {
        let mut event = answer(T, value);
        event["account"] = PARTNER.into();
        event
    };
    let country = json!({"event": "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", "country": "IR"});
    let review = |decision: &str| json!({"decision": decision});
    let limit = |limit: &str| json!({"max_daily_conversations_per_business": limit});
    for event in [
        under(PARTNER, Some(T), "account_review_update", &review("REJECTED")),
        update(PARTNER, T, &country),
        of_partner(&blocked),
        under(PARTNER, Some(T), "business_capability_update", &limit("TIER_250")),
    ] {
        assert_eq!(verdict(&after(std::slice::from_ref(&event))), Verdict::Allow, "{event}");
        assert_ne!(verdict(&after(&[link.clone(), event.clone()])), Verdict::Allow, "{event}");
    }
    // It makes nothing of the account better.
    for (worse, better) in [
        (
            under(A, Some(T - 30), "account_review_update", &review("REJECTED")),
            under(PARTNER, Some(T), "account_review_update", &review("APPROVED")),
        ),
        (
            under(A, Some(T - 30), "business_capability_update", &limit("TIER_250")),
            under(PARTNER, Some(T), "business_capability_update", &limit("TIER_UNLIMITED")),
        ),
    ] {
        let book = after(&[link.clone(), worse.clone(), better]);
        assert_ne!(verdict(&book), Verdict::Allow, "{worse}");
    }
}

fn app(time: i64, event: &str, app: &Value) -> Value {
    update(A, time, &json!({"event": event, "waba_info": {"waba_id": A, "partner_app_id": app}}))
}

#[test]
fn each_app_comes_and_goes_by_itself() {
    let (ours, other) = (json!("111"), json!("222"));
    let (added, removed) = ("PARTNER_APP_INSTALLED", "PARTNER_APP_UNINSTALLED");
    let health = answer(
        T + 60,
        &json!({"id": A, "health_status": {"can_send_message": "AVAILABLE",
        "entities": [{"entity_type": "WABA", "id": A, "can_send_message": "AVAILABLE"}]}}),
    );
    let not_connected = verdict(&after(&[app(T, removed, &ours)]));
    assert_ne!(not_connected, Verdict::Allow);
    for (events, expected) in [
        (vec![app(T, added, &ours)], Verdict::Allow),
        (vec![app(T, removed, &ours), app(T + 1, added, &ours)], Verdict::Allow),
        (vec![app(T, added, &ours), app(T + 1, removed, &ours)], not_connected),
        // Which of the two sends is not told.
        (vec![app(T, added, &ours), app(T + 1, removed, &other)], Verdict::Review),
        (vec![app(T, removed, &ours), app(T + 1, added, &other)], Verdict::Review),
        (vec![app(T, removed, &ours), app(T + 1, added, &json!("zork"))], Verdict::Review),
        (vec![app(T, removed, &Value::Null), app(T + 1, added, &other)], Verdict::Review),
        (vec![app(T, removed, &ours), health.clone()], Verdict::Allow),
        (vec![health, app(T + 61, removed, &ours)], not_connected),
        (
            vec![app(T, removed, &ours), update(A, T + 1, &json!({"event": "PARTNER_ADDED"}))],
            Verdict::Review,
        ),
    ] {
        let reversed: Vec<Value> = events.iter().rev().cloned().collect();
        for events in [&events, &reversed] {
            assert_eq!(verdict(&after(events)), expected, "{events:?}");
        }
    }
}

fn number_event(time: i64, event: &str) -> Value {
    under(
        A,
        Some(time),
        "phone_number_quality_update",
        &json!({"display_phone_number": SHOWN, "event": event}),
    )
}

#[test]
fn a_quality_that_is_no_longer_low_is_what_it_was_unless_it_was_low() {
    let rated = |time, word: &str| answer(time, &json!({"id": N, "quality_rating": word}));
    let quality = |events: &[Value]| {
        let account = after(events).account(Some(A), Some(at(T + 86_400)), Some(N)).unwrap();
        account.get("quality").and_then(Value::as_str).map(str::to_owned)
    };
    for (events, expected) in [
        (vec![number_event(T, "UNFLAGGED")], Some("green")),
        (vec![rated(T, "YELLOW"), number_event(T + 1, "UNFLAGGED")], Some("yellow")),
        (vec![number_event(T, "FLAGGED"), number_event(T + 1, "UNFLAGGED")], None),
        (vec![rated(T, "RED"), number_event(T + 1, "UNFLAGGED")], None),
        (vec![rated(T, "ZORK"), number_event(T + 1, "UNFLAGGED")], None),
        (vec![number_event(T, "UNFLAGGED"), number_event(T, "FLAGGED")], Some("red")),
        (vec![number_event(T, "UNFLAGGED"), rated(T + 1, "RED")], Some("red")),
    ] {
        assert_eq!(quality(&events).as_deref(), expected, "{events:?}");
        let reversed: Vec<Value> = events.iter().rev().cloned().collect();
        assert_eq!(quality(&reversed).as_deref(), expected, "{events:?}");
    }
    // No rating ends no low one, whichever of the two words says so.
    for unrated in ["UNKNOWN", "NA"] {
        for (events, expected) in [
            (vec![rated(T + 1, unrated)], Some("unrated")),
            (vec![rated(T, "RED"), rated(T + 1, unrated)], Some("red")),
            (vec![rated(T, "YELLOW"), rated(T + 1, unrated)], Some("yellow")),
            (vec![number_event(T, "FLAGGED"), rated(T + 1, unrated)], Some("red")),
            (vec![rated(T, "RED"), rated(T + 1, "GREEN"), rated(T + 2, unrated)], Some("unrated")),
            (vec![rated(T, "RED"), rated(T + 1, unrated), rated(T + 2, "GREEN")], Some("green")),
        ] {
            assert_eq!(quality(&events).as_deref(), expected, "{events:?}");
            let reversed: Vec<Value> = events.iter().rev().cloned().collect();
            assert_eq!(quality(&reversed).as_deref(), expected, "{events:?}");
        }
        let mut book = after(&[rated(T, "RED"), rated(T + 1, unrated)]);
        book.expire(at(T + 3600));
        assert_eq!(verdict(&book), Verdict::Review);
        // Nor one that the caller gave.
        let given = json!({"read_at": at(T).to_string(), "account": {"id": A, "quality": "red"}});
        assert_eq!(quality(&[given.clone(), rated(T + 1, unrated)]).as_deref(), Some("red"));
        let events = [given, rated(T + 1, "GREEN"), rated(T + 2, unrated)];
        assert_eq!(quality(&events).as_deref(), Some("unrated"));
    }
    // What expires changes no word.
    let mut book = after(&[number_event(T, "UNFLAGGED")]);
    book.expire(at(T + 3600));
    assert_eq!(verdict(&book), Verdict::Allow);
}

/// A number was flagged for its quality, whichever way says so: since 2025-10-07 nothing else follows
/// from it.
#[test]
fn a_number_that_is_flagged_and_not_rated_is_of_low_quality() {
    let read = |time, status: &str, rating: Option<&str>| {
        let mut node = json!({"id": N, "display_phone_number": SHOWN, "status": status});
        if let Some(rating) = rating {
            node["quality_rating"] = rating.into();
        }
        answer(time, &node)
    };
    let flagged = |rating| read(T, "FLAGGED", rating);
    let given = |time| {
        let account = json!({"id": A, "quality": "green"});
        json!({"read_at": at(time).to_string(), "account": account})
    };
    for (events, expected) in [
        (vec![flagged(None)], Verdict::Review),
        (vec![read(T, "flagged", None)], Verdict::Review),
        (vec![flagged(Some("UNKNOWN"))], Verdict::Review),
        (vec![flagged(Some("RED"))], Verdict::Review),
        (vec![flagged(Some("ZORK"))], Verdict::Review),
        (vec![number_event(T, "FLAGGED")], Verdict::Review),
        (vec![read(T - 60, "CONNECTED", Some("GREEN")), flagged(None)], Verdict::Review),
        (vec![given(T - 60), flagged(None)], Verdict::Review),
        // A rating, then or later, says what it is; so does that it is flagged no more.
        (vec![flagged(Some("GREEN"))], Verdict::Allow),
        (
            vec![flagged(None), answer(T + 60, &json!({"id": N, "quality_rating": "GREEN"}))],
            Verdict::Allow,
        ),
        (vec![flagged(None), read(T + 60, "CONNECTED", None)], Verdict::Allow),
        (vec![flagged(None), number_event(T + 60, "UNFLAGGED")], Verdict::Allow),
        (vec![flagged(None), given(T + 60)], Verdict::Allow),
    ] {
        assert_eq!(verdict(&in_any_order(&events)), expected, "{events:?}");
    }
}

/// Whether a number can send where its answer tells from where, and what heals it.
#[test]
fn a_number_that_is_on_no_platform_is_looked_at_until_its_messages_go() {
    let on = |time, platform: &Value| answer(time, &json!({"id": N, "platform_type": platform}));
    let before = answer(T - 60, &json!({"id": N, "platform_type": "CLOUD_API"}));
    for platform in ["NOT_APPLICABLE", "ON_PREMISE", "not_applicable", "MOON"] {
        let event = on(T, &json!(platform));
        let stopped = in_any_order(&[before.clone(), event.clone()]);
        assert_eq!(verdict(&stopped), Verdict::Review, "{platform}");
        for better in [json!({"status": "CONNECTED"}), number_health("AVAILABLE", &[])] {
            let mut better = better;
            better["id"] = N.into();
            let healed = in_any_order(&[event.clone(), answer(T + 60, &better)]);
            assert_eq!(verdict(&healed), Verdict::Allow, "{platform} {better}");
        }
    }
    for platform in [json!("CLOUD_API"), json!("cloud_api"), json!(null)] {
        assert_eq!(verdict(&after(&[on(T, &platform)])), Verdict::Allow, "{platform}");
    }
    // Until 2025-10-23 the other platform sent.
    let old = in_any_order(&[on(1_761_177_599, &json!("ON_PREMISE"))]);
    assert_eq!(verdict(&old), Verdict::Allow);
}

/// The health of the number, with that of the account.
fn number_health(state: &str, codes: &[i64]) -> Value {
    let errors: Vec<Value> = codes.iter().map(|code| json!({ "error_code": code })).collect();
    json!({"health_status": {"can_send_message": state, "entities": [
        {"entity_type": "PHONE_NUMBER", "id": N, "can_send_message": state, "errors": errors},
        {"entity_type": "WABA", "id": A, "can_send_message": "AVAILABLE"},
        {"entity_type": "BUSINESS", "id": "400000000000001", "can_send_message": "AVAILABLE"},
        {"entity_type": "APP", "id": "5000000000000", "can_send_message": "AVAILABLE"}]}})
}

#[test]
fn a_number_whose_state_was_to_be_looked_at_is_well_once_its_messages_go() {
    let health = |time, state: &str, codes: &[i64]| {
        let mut node = number_health(state, codes);
        node["id"] = N.into();
        answer(time, &node)
    };
    let state = |time, state: &Value| {
        answer(time, &json!({"id": N, "display_phone_number": SHOWN, "status": state}))
    };
    let blocked = health(T, "BLOCKED", &[141_000]);
    let available = |time| health(time, "AVAILABLE", &[]);
    for (events, expected) in [
        (vec![blocked.clone()], Verdict::Deny),
        (vec![blocked.clone(), available(T + 60)], Verdict::Allow),
        (vec![blocked.clone(), available(T + 60), available(T + 120)], Verdict::Allow),
        (vec![available(T - 60), blocked.clone()], Verdict::Deny),
        (vec![available(T - 60), health(T, "LIMITED", &[141_000])], Verdict::Review),
        (vec![blocked.clone(), health(T + 60, "LIMITED", &[])], Verdict::Review),
        (vec![state(T, &json!("UNKNOWN")), available(T + 60)], Verdict::Allow),
        // What it was before that, it is still; and what a word says that nobody knows, may be
        // anything.
        (
            vec![state(T - 60, &json!("DISCONNECTED")), blocked.clone(), available(T + 60)],
            Verdict::Deny,
        ),
        (vec![state(T, &json!("OFFLINE")), available(T + 60)], Verdict::Review),
    ] {
        let mut book = in_any_order(&events);
        assert_eq!(verdict(&book), expected, "{events:?}");
        book.expire(at(T + 3600));
        assert_eq!(verdict(&book), expected, "{events:?}");
    }
}

#[test]
fn a_system_message_of_no_known_type_is_of_the_person_or_of_the_account_by_its_name() {
    let system = |kind: &Value, from: &Value| {
        let message = json!({"from": from, "id": "w", "timestamp": T.to_string(),
            "type": "system", "system": {"type": kind, "body": "b"}});
        under(A, Some(T), "messages", &json!({"messages": [message]}))
    };
    let of_person = after(&[system(&json!("user_changed_name"), &json!("34600000000"))]);
    assert_eq!(said_to(&of_person, "+34600000000").0, Verdict::Review);
    assert_eq!(said_to(&of_person, "+34600000001").0, Verdict::Allow);
    for (kind, from) in [
        (json!("user_changed_name"), json!("zork")),
        (json!("user_changed_name"), Value::Null),
        (json!("business_changed"), json!("34600000000")),
        (json!("SOMETHING_NEW"), json!("34600000000")),
        (json!(7), json!("34600000000")),
        (json!("account_suspended"), json!("34600000000")),
    ] {
        let book = after(&[system(&kind, &from)]);
        assert_eq!(said_to(&book, "+34600000001").0, Verdict::Review, "{kind} {from}");
    }
}

#[test]
fn answers_about_something_else_ask_nobody_and_what_may_be_standing_does() {
    let outcome = |value: &Value| {
        let mut book = well();
        let applied = apply(&mut book, &answer(T, value));
        let outcomes: Vec<ChangeOutcome> =
            applied.changes.iter().map(|change| change.outcome).collect();
        (outcomes, verdict(&book))
    };
    for value in [
        json!({"data": [{"about": "a", "address": "b", "description": "c", "email": "d",
            "profile_picture_url": "e", "websites": ["f"], "vertical": "RETAIL",
            "messaging_product": "whatsapp"}]}),
        json!({"url": "u", "mime_type": "image/jpeg", "sha256": "s", "file_size": 7, "id": "1",
            "messaging_product": "whatsapp"}),
        json!({"analytics": {"granularity": "DAY", "data_points": []}, "id": A}),
        json!({"pricing_analytics": {"data": []}, "id": A}),
        json!({"data": [{"granularity": "DAILY", "data_points": []}]}),
        json!({"data": [{"is_cart_enabled": true, "is_catalog_visible": false, "id": "1"}]}),
        json!({"data": [{"whatsapp_business_api_data": {"name": "app", "id": "1"}}]}),
        json!({"data": {"code": "c", "prefilled_message": "p", "deep_link_url": "u"}}),
        json!({"id": "1", "name": "form", "status": "BLOCKED", "categories": [],
            "validation_errors": []}),
        json!({"data": [{"entity_name": "a", "entity_type": "PARTNERSHIP", "is_registered": true,
            "grievance_officer_details": {"name": "b"}, "customer_care_details": {"email": "c"}}]}),
        json!({"id": "1", "status": "PENDING", "category": "MARKETING"}),
        json!({"success": true}),
        json!({"success": true, "id": "1", "name": "n", "category": "MARKETING"}),
        json!({"success": true, "validation_errors": [{"error": "INVALID", "message": "m"}]}),
        json!({"messaging_product": "whatsapp", "success": true}),
        json!({"data": [{"messaging_product": "whatsapp", "wa_id": "34600000000"}],
            "paging": {"cursors": {"after": "a", "before": "b"}}}),
        json!({"messaging_product": "whatsapp", "block_users": {
            "added_users": [{"input": "34600000000", "wa_id": "34600000000"}],
            "failed_users": [{"input": "3", "errors": [{"message": "m", "code": 139_101}]}]}}),
        json!({"messaging_product": "whatsapp", "block_users": {"removed_users": []}}),
        json!({"h": "4::aW"}),
        json!({"id": "upload:MTphd?sig=x"}),
        json!({"id": "upload:MTphd?sig=x", "file_offset": 0}),
        json!({"calling": {"status": "ENABLED", "call_icon_visibility": "DEFAULT",
            "restrictions": {"restrictions": [{"type": "RESTRICTED_BUSINESS_INITIATED_CALLING"}]}},
            "payload_encryption": {"status": "DISABLED"},
            "storage_configuration": {"status": "DEFAULT"}}),
        json!({"data": {"app_id": "1", "type": "USER", "application": "a", "expires_at": 0,
            "data_access_expires_at": 0, "is_valid": true, "scopes": ["s"], "user_id": "1"}}),
        json!({"access_token": "t", "token_type": "bearer"}),
        json!({"messaging_product": "whatsapp", "id": "g", "subject": "s", "suspended": true,
            "participants": [{"wa_id": "1"}], "total_participant_count": 1}),
        json!({"data": {"groups": [{"id": "g", "subject": "s", "created_at": "1"}]}}),
        json!({"data": [{"join_request_id": "j", "creation_timestamp": "1751210000",
            "wa_id": "34600000000"}]}),
        json!({"messaging_product": "whatsapp", "request_id": "r"}),
        json!({"username": "shop", "status": "approved"}),
        json!({"status": "reserved"}),
        json!({"data": [{"username_suggestions": ["a", "b"]}]}),
        json!({"data": [{"metric": "BLOCK_RATE", "type": "RELATIVE",
            "order_by_relative_metric": ["1", "2"]}]}),
        json!({"conversation_analytics": {"data": [{"data_points": []}]}, "id": A}),
        json!({"data": [{"email": "a", "messaging_product": "whatsapp"}]}),
        json!({"message_qrdls": {"data": [{"code": "c", "prefilled_message": "p"}]}, "id": N}),
        json!({"data": [{"id": "1", "name": "f", "status": "PUBLISHED",
            "categories": ["OTHER"]}]}),
        json!({"data": [{"id": "1", "name": "f", "status": "DRAFT"}]}),
        json!({"data": [{"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": "u"}]}),
        json!({"preview": {"preview_url": "u", "expires_at": "t"}, "id": "1"}),
        json!({"data": [{"entity_name": "a", "entity_type": "PARTNERSHIP", "is_registered": true,
            "grievance_officer_details": {"name": "b"}, "customer_care_details": {"email": "c"}}]}),
        json!({"id": "1", "status": "PENDING", "category": "MARKETING"}),
        json!({"id": "1", "status": "REJECTED", "category": "MARKETING"}),
    ] {
        let (outcomes, said) = outcome(&value);
        assert_eq!((outcomes, said), (vec![ChangeOutcome::Passed], Verdict::Allow), "{value}");
    }
    // Of templates the list is read as ever, and an empty one says nothing.
    let list = json!({"data": [{"name": "other", "language": "es", "status": "APPROVED",
        "category": "MARKETING", "id": "1"}], "paging": {"cursors": {}}});
    assert_eq!(outcome(&list), (vec![ChangeOutcome::Applied], Verdict::Allow));
    assert_eq!(outcome(&json!({"data": []})), (vec![], Verdict::Allow));
    for value in [
        json!({"about": "a", "integrity_status": "BANNED"}),
        json!({"analytics": {}, "restrictions": []}),
        json!({"id": A}),
        json!({"id": "1", "status": "PAUSED", "category": "MARKETING"}),
        json!({"mood": "good"}),
        json!({"success": false}),
        json!({"success": true, "waba_state": "x"}),
        json!({"messaging_product": "whatsapp", "block_users": {}, "account_lock": true}),
        json!({"messaging_product": "whatsapp", "errors": [{"code": 131_031}],
            "block_users": {"failed_users": []}}),
        json!({"calling": {"status": "ENABLED"}, "restriction": "ANY"}),
        // Fields of a later version beside known ones.
        json!({"id": A, "account_review_status": "APPROVED", "enforcement_state": "ANY"}),
        json!({"id": A, "account_review_status": "APPROVED", "standing": "SUSPENDED"}),
        json!({"id": N, "quality_rating": "GREEN", "limits": {"is_blocked": true}}),
    ] {
        let (_, said) = outcome(&value);
        assert_eq!(said, Verdict::Review, "{value}");
    }
    // A state is the number's where a username has no such state.
    let banned = json!({"username": "shop", "status": "BANNED", "id": N});
    assert_eq!(outcome(&banned).1, Verdict::Deny);
    // What says that nothing stands against it is no stop.
    for value in [
        json!({"id": A, "account_review_status": "APPROVED", "is_restricted": false}),
        json!({"id": A, "account_review_status": "APPROVED", "restriction": "NONE"}),
        json!({"id": A, "account_review_status": "APPROVED", "currency": "EUR", "colour": "red"}),
        json!({"id": N, "verified_name": "Blocked Drains Ltd"}),
    ] {
        let (_, said) = outcome(&value);
        assert_eq!(said, Verdict::Allow, "{value}");
    }
}

/// Of an answer to a message and of a webhook with messages.
#[test]
fn members_beside_messages_are_counted_and_a_stop_among_them_is_for_a_person() {
    let sent = json!({"messaging_product": "whatsapp", "contacts": [{"wa_id": "34600000000"}],
        "messages": [{"id": "wamid.1", "message_status": "accepted"}]});
    let came = json!({"messaging_product": "whatsapp", "metadata": {"phone_number_id": N},
        "contacts": [{"wa_id": "34600000000"}], "messages": [{"id": "wamid.2", "type": "text"}]});
    let with = |value: &Value, more: &Value| {
        let mut value = value.clone();
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    };
    let events = |more: &Value| {
        [answer(T, &with(&sent, more)), under(A, Some(T), "messages", &with(&came, more))]
    };
    for (more, said) in [
        (json!({"trace": "a"}), "`trace`"),
        (json!({"meta": {"api_status": "stable"}, "pricing": {"a": [1, null]}}), "2 members"),
        (json!({"is_limited": false}), "`is_limited`"),
    ] {
        for event in events(&more) {
            let mut book = well();
            let change = apply(&mut book, &event).changes.remove(0);
            assert_eq!(change.outcome, ChangeOutcome::Passed, "{event}");
            assert!(change.notes.iter().any(|note| note.contains(said)), "{:?}", change.notes);
            assert_eq!((verdict(&book), book.len()), (Verdict::Allow, well().len()));
        }
    }
    for more in [
        json!({"account_lock": true}),
        json!({"waba_state": "ANY"}),
        json!({"is_restricted": true}),
        json!({"standing": {"state": "SUSPENDED"}}),
        json!({"event": "ACCOUNT_DELETED"}),
    ] {
        for event in events(&more) {
            assert_ne!(verdict(&after(std::slice::from_ref(&event))), Verdict::Allow, "{event}");
        }
    }
}

#[test]
fn violations_of_calls_concern_no_messages_and_words_that_no_page_has_do() {
    let violation = |word: &str| {
        update(
            A,
            T,
            &json!({"event": "ACCOUNT_VIOLATION", "phone_number": SHOWN,
                "violation_info": {"violation_type": word}}),
        )
    };
    for word in [
        "LOW_BUSINESS_INITIATED_CALLING_QUALITY",
        "LOW_USER_INITIATED_CALLING_QUALITY",
        "LOW_CALLING_QUALITY",
        "USER_INITIATED_CALLS_LOW_PICKUP_RATE",
    ] {
        assert_eq!(verdict(&after(&[violation(word)])), Verdict::Allow, "{word}");
    }
    for word in ["BUSINESS_INITIATED_CALLING_LOW_QUALITY", "CALLING", "SOMETHING_NEW"] {
        assert_eq!(verdict(&after(&[violation(word)])), Verdict::Review, "{word}");
    }
}

#[test]
fn events_of_accounts_that_no_page_has_ask_until_somebody_looked() {
    for value in [
        json!({"event": "BUSINESS_VERIFICATION_STATUS_UPDATE",
            "business_verification_info": {"verification_status": "FAILED"}}),
        json!({"event": "PHONE_NUMBER_ADDED", "phone_number": SHOWN}),
        json!({"event": "PHONE_NUMBER_REMOVED", "phone_number": SHOWN}),
        json!({"event": "ACCOUNT_RESTORED"}),
    ] {
        let mut book = well();
        let applied = apply(&mut book, &update(A, T, &value));
        assert_eq!(applied.changes[0].outcome, ChangeOutcome::NotUnderstood, "{value}");
        assert_eq!(verdict(&book), Verdict::Review, "{value}");
        book.acknowledge(Some(A), at(T + 60)).unwrap();
        assert_eq!(verdict(&book), Verdict::Allow, "{value}");
    }
}

#[test]
fn a_ban_without_a_time_counts() {
    let timeless = |value: &Value| under(A, None, "account_update", value);
    let restricted = json!({"event": "ACCOUNT_RESTRICTION", "restriction_info":
        [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": T + 864_000}]});
    let dated = json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE",
        "waba_ban_date": "March 1, 2026"}});
    for value in [&ban(), &restricted, &dated, &json!({"event": "ACCOUNT_DELETED"})] {
        // From its receipt, where that is given; it is over when a later word says so.
        let mut book = well();
        let text = timeless(value).to_string();
        book.apply_received(text.as_bytes(), Some(at(T))).unwrap();
        assert_eq!(verdict(&book), Verdict::Deny, "{value}");
        // Else from before all else, and somebody has to look.
        let mut book = well();
        let applied = apply(&mut book, &timeless(value));
        assert_eq!(applied.changes[0].outcome, ChangeOutcome::NotUnderstood, "{value}");
        assert_eq!(verdict(&book), Verdict::Deny, "{value}");
        book.acknowledge(Some(A), at(T + 60)).unwrap();
        assert_eq!(verdict(&book), Verdict::Deny, "{value}");
        apply(&mut book, &update(A, T + 120, &restored()));
        // What was deleted may not be what was reinstated.
        let is_deleted = value["event"] == "ACCOUNT_DELETED";
        let rest =
            if value == &restricted || is_deleted { Verdict::Review } else { Verdict::Allow };
        assert_eq!(verdict(&book), rest, "{value}");
    }
    // What would end something ends nothing.
    let mut book = after(&[update(A, T, &ban())]);
    apply(&mut book, &timeless(&restored()));
    assert_eq!(verdict(&book), Verdict::Deny);
}

fn restored() -> Value {
    json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}})
}

#[test]
fn an_empty_list_of_the_account_leaves_a_numbers_list_in_doubt() {
    let list = |list: &Value| json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": list});
    let of_number = |items: &Value| {
        let mut value = list(items);
        value["phone_number"] = SHOWN.into();
        value
    };
    let block = json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
        "expiration": T + 864_000}]);
    let none = json!([]);
    for (events, expected) in [
        (vec![of_number(&block)], Verdict::Deny),
        (vec![of_number(&block), list(&none)], Verdict::Review),
        (vec![of_number(&block), of_number(&none)], Verdict::Allow),
        (vec![of_number(&block), list(&none), of_number(&none)], Verdict::Allow),
        (vec![list(&block), of_number(&none)], Verdict::Deny),
        (vec![list(&block), list(&none)], Verdict::Allow),
    ] {
        let events: Vec<Value> =
            (0..).zip(&events).map(|(number, value)| update(A, T + number, value)).collect();
        assert_eq!(verdict(&after(&events)), expected, "{events:?}");
    }
}

#[test]
fn who_is_no_person_cannot_be_forgotten_in_silence() {
    let stop = json!({"user_preferences": [{"wa_id": "34600000000", "user_id": "ES.1",
        "category": "marketing_messages", "value": "stop", "timestamp": T}]});
    let mut book = after(&[under(A, Some(T), "user_preferences", &stop)]);
    let code = |result: Result<Removed, AccountError>| result.map_err(|error| error.code());
    for name in ["hola", "", "+", "0", "120363000000000000@g.us", "ES.", "recipient/1/ES.1"] {
        assert_eq!(code(book.forget(name)), Err("account/not-a-person"), "{name}");
    }
    assert_eq!(book.forget("+34600000001").unwrap(), Removed::default());
    for name in [
        "34600000000",
        "+34 600 000 000",
        "0034600000000",
        "0034 600-000-000",
        "34600000000@s.whatsapp.net",
        "34600000000:7@s.whatsapp.net",
        "ES.1",
    ] {
        assert_eq!(book.clone().forget(name).unwrap().removed.len(), 2, "{name}");
    }
    // So people write the numbers of their own country.
    for name in ["34 600 000 000", "(34) 600-000-000"] {
        let refused = book.forget(name).unwrap_err();
        assert_eq!(refused.code(), "account/not-a-person");
        assert!(refused.to_string().contains("`+34600000000`"), "{refused}");
    }
}

fn disabled(info: &Value) -> Value {
    json!({"event": "DISABLED_UPDATE", "ban_info": info})
}

/// What could be taken for the end of a ban, and is not the end of this one.
#[test]
fn a_ban_ends_by_what_is_surely_its_end() {
    let health = |id: &str, entities: &Value| json!({"id": id, "health_status": {"can_send_message": "AVAILABLE", "entities": entities}});
    let entity = |kind: &str, id: &str| json!({"entity_type": kind, "id": id, "can_send_message": "AVAILABLE"});
    let reinstated = || json!({"waba_ban_state": "REINSTATE"});
    let without_id = json!({"object": "whatsapp_business_account", "entry": [{"time": T + 60,
        "changes": [{"field": "account_update", "value": disabled(&reinstated())}]}]});
    let mut later = reinstated();
    later["waba_ban_date"] = json!("April 1, 2026");
    let mut beside = reinstated();
    beside["suspended_until"] = json!("2027-01-01");
    let numbers = json!([entity("PHONE_NUMBER", N), entity("BUSINESS", "300000000000001")]);
    for (event, why) in [
        (without_id, "an entry without an id"),
        (update("UNKNOWN", T + 60, &disabled(&reinstated())), "an id that is none"),
        (update(A, T + 60, &disabled(&later)), "a day to come"),
        (update(A, T + 60, &disabled(&beside)), "a member that nobody reads"),
        (answer(T + 60, &health(N, &numbers)), "a health state without the account"),
        (answer(T + 60, &health(A, &json!([entity("APP", "400000000000001")]))), "an app's"),
        (answer(T + 60, &health(A, &json!([]))), "of nothing"),
    ] {
        let book = after(&[update(A, T, &ban()), event]);
        assert_ne!(verdict(&book), Verdict::Allow, "{why}");
    }
    for event in [
        update(A, T + 60, &disabled(&reinstated())),
        answer(T + 60, &health(A, &json!([entity("WABA", A)]))),
    ] {
        assert_eq!(
            verdict(&after(&[update(A, T, &ban()), event.clone()])),
            Verdict::Allow,
            "{event}"
        );
    }
}

/// The day of a ban that is announced.
#[test]
fn an_account_that_is_to_be_disabled_is_for_a_person() {
    let scheduled = |time, day: &str| {
        update(
            A,
            time,
            &disabled(&json!({"waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": day})),
        )
    };
    let reinstated = |time| update(A, time, &disabled(&json!({"waba_ban_state": "REINSTATE"})));
    for (events, expected) in [
        (vec![scheduled(T, "March 11, 2026")], Verdict::Review),
        (vec![scheduled(T, "March 4, 2026")], Verdict::Review),
        (vec![scheduled(T, "May 30, 2026")], Verdict::Review),
        (vec![scheduled(T, "March 3, 2026")], Verdict::Deny),
        // That messages go now says nothing of that day.
        (vec![scheduled(T, "March 11, 2026"), all_available(T + 60)], Verdict::Review),
        (vec![scheduled(T, "March 11, 2026"), reinstated(T + 60)], Verdict::Allow),
        (vec![reinstated(T - 60), scheduled(T, "March 11, 2026")], Verdict::Review),
        // What is announced after the day that is asked about was not known then.
        (vec![scheduled(T + 90_000, "March 11, 2026")], Verdict::Allow),
        (vec![scheduled(T, "March 11, 2026"), reinstated(T + 90_000)], Verdict::Review),
    ] {
        assert_eq!(verdict(&in_any_order(&events)), expected, "{events:?}");
    }
    let said = said_to(&after(&[scheduled(T, "March 11, 2026")]), "+34600000000").1;
    assert!(said.contains("account.disabling-announced"), "{said}");
    assert!(said.contains("2026-03-11T00:00:00Z"), "{said}");
}

#[test]
fn what_may_be_a_stop_of_the_account_is_not_taken_for_something_else() {
    let typed = |kind: &str| json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"restriction_type": kind}]});
    for (event, why) in [
        (answer(T, &json!({"id": A, "name": "Shop", "status": "DISABLED"})), "no template's"),
        (update(A, T, &typed("RESTRICTED_MESSAGING_AFTER_WARNING")), "a type nobody knows"),
        (
            answer(
                T,
                &json!({"messaging_product": "whatsapp", "contacts": [],
                "messages": [{"id": "m", "message_status": "paused"}]}),
            ),
            "a message that did not go out",
        ),
        (
            update(
                A,
                T,
                &json!({"event": "VERIFIED_ACCOUNT", "state": {"waba_ban_state": "DISABLE"}}),
            ),
            "a stop under another member",
        ),
    ] {
        assert_ne!(verdict(&after(&[event])), Verdict::Allow, "{why}");
    }
    // A template's own words, and a warning about templates.
    let template = json!({"id": "9", "name": "other", "language": "es", "status": "DISABLED"});
    for event in [answer(T, &template), update(A, T, &typed("UTILITY_TEMPLATE_MISUSE_WARN"))] {
        assert_eq!(verdict(&after(std::slice::from_ref(&event))), Verdict::Allow, "{event}");
    }
}

/// Under the label of messages, or dated later than the envelope that brings it.
#[test]
fn a_persons_stop_counts_wherever_and_whenever_it_comes() {
    let stop = |seconds: i64| {
        json!({"messaging_product": "whatsapp", "contacts": [{"wa_id": "34600000000"}],
            "user_preferences": [{"wa_id": "34600000000", "category": "marketing_messages",
                "value": "stop", "timestamp": seconds}]})
    };
    for (field, seconds) in [
        ("messages", T),
        ("user_preferences", 4_102_444_800),
        ("messages", 4_102_444_800),
        ("standby", T),
        ("smb_message_echoes", T),
        ("something_new", T),
    ] {
        let book = after(&[under(A, Some(T), field, &stop(seconds))]);
        assert_eq!(said_to(&book, "+34600000000").0, Verdict::Deny, "{field} {seconds}");
    }
}

/// A number that is written otherwise may be linked with another user id.
#[test]
fn links_of_each_way_to_write_a_number_are_followed() {
    for (one, other) in [
        ("551187654321", "5511987654321"),
        ("5215512345678", "525512345678"),
        ("5491112345678", "541112345678"),
    ] {
        for (asked, linked) in [(one, other), (other, one)] {
            let preference = |person: &Value, value: &str| {
                let mut item =
                    json!({"category": "marketing_messages", "value": value, "timestamp": T});
                item.as_object_mut().unwrap().extend(person.as_object().unwrap().clone());
                under(A, Some(T), "user_preferences", &json!({"user_preferences": [item]}))
            };
            let moved = json!({"user_id_update": [{"wa_id": linked, "timestamp": T + 20,
                "user_id": {"previous": "BR.8", "current": "BR.89"}}]});
            let book = after(&[
                preference(&json!({"wa_id": asked, "user_id": "BR.1"}), "resume"),
                preference(&json!({"user_id": "BR.8"}), "stop"),
                under(A, Some(T + 20), "user_id_update", &moved),
            ]);
            let (verdict, json) = said_to(&book, &format!("+{asked}"));
            assert!(json.contains("consent.marketing-stopped"), "{asked}: {verdict:?}");
        }
    }
}

/// A landline of Brazil has no ninth digit: with one before it, it is somebody else's number.
#[test]
fn a_landline_of_brazil_is_no_mobile_number_with_a_digit_more() {
    for first in 1..=9 {
        let (short, long) = (format!("5511{first}2345678"), format!("55119{first}2345678"));
        for (stopped, asked) in [(&short, &long), (&long, &short)] {
            let item = json!({"category": "marketing_messages", "value": "stop", "timestamp": T,
                "wa_id": stopped});
            let value = json!({"user_preferences": [item]});
            let book = after(&[under(A, Some(T), "user_preferences", &value)]);
            let (_, json) = said_to(&book, &format!("+{asked}"));
            let is_stopped = json.contains("consent.marketing-stopped");
            assert_eq!(is_stopped, first >= 6, "{stopped} {asked}");
        }
    }
}

/// A book of these events, the same in whatever order they came, twice, and by whatever workers.
fn in_any_order(events: &[Value]) -> Book {
    let book = after(events);
    for_each_order(&mut events.to_vec(), events.len(), &mut |events| {
        let (mut one, mut joined) = (well(), well());
        for event in events.iter().chain(events) {
            apply(&mut one, event);
            let mut worker = Book::new();
            apply(&mut worker, event);
            joined.merge(&worker);
        }
        assert_eq!(one, book, "{events:?}");
        assert_eq!(joined, book, "{events:?}");
    });
    book
}

fn for_each_order(events: &mut Vec<Value>, left: usize, see: &mut impl FnMut(&[Value])) {
    if left <= 1 {
        return see(events);
    }
    for place in 0..left {
        events.swap(place, left - 1);
        for_each_order(events, left - 1, see);
        events.swap(place, left - 1);
    }
}

fn restricted(time: i64, kinds: &[&str]) -> Value {
    let list: Vec<Value> = kinds
        .iter()
        .map(|kind| json!({"restriction_type": kind, "expiration": T + 40_000}))
        .collect();
    update(A, time, &json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": list}))
}

fn failed(time: i64, code: i64) -> Value {
    under(
        A,
        Some(time),
        "messages",
        &json!({"metadata": {"phone_number_id": N,
        "display_phone_number": SHOWN}, "statuses": [{"id": "w", "status": "failed",
        "timestamp": time, "recipient_id": "34611111111", "errors": [{"code": code}]}]}),
    )
}

/// What stops the account, and nobody knows how.
fn unknown_stops() -> Vec<Value> {
    let disabled = |info: &Value| json!({"event": "DISABLED_UPDATE", "ban_info": info});
    let state = |state: &Value| update(A, T, &disabled(&json!({ "waba_ban_state": state })));
    vec![
        state(&json!("SUSPENDED")),
        state(&json!(null)),
        update(A, T, &disabled(&json!("DISABLE"))),
        update(A, T, &disabled(&json!([{"waba_ban_state": "DISABLE"}]))),
        update(A, T, &json!({"event": "DISABLED_UPDATE"})),
        update(A, T, &json!({"event": "ACCOUNT_RESTRICTION"})),
        update(A, T, &json!({"event": "COMPROMISED_NOTIFICATION"})),
        failed(T, 131_031),
        failed(T, 368),
    ]
}

fn all_available(time: i64) -> Value {
    let entity = |kind: &str, id: &str| json!({"entity_type": kind, "id": id, "can_send_message": "AVAILABLE"});
    answer(
        time,
        &json!({"id": A, "health_status": {"can_send_message": "AVAILABLE",
            "entities": [entity("WABA", A), entity("APP", "5000000000000")]}}),
    )
}

#[test]
fn a_stop_of_unknown_kind_ends_only_by_its_own_end() {
    const ADD: &str = "RESTRICTED_ADD_PHONE_NUMBER_ACTION";
    const UTILITY: &str = "RESTRICTED_UTILITY_TEMPLATES";
    const STARTED: &str = "RESTRICTED_BIZ_INITIATED_MESSAGING";
    let kinds =
        ["account_disabled", "business_initiated", "customer_initiated", "utility_templates"];
    for stop in unknown_stops() {
        assert_eq!(verdict(&after(std::slice::from_ref(&stop))), Verdict::Review, "{stop}");
        for list in [&[][..], &[ADD], &[UTILITY], &[ADD, UTILITY]] {
            let book = in_any_order(&[stop.clone(), restricted(T + 60, list)]);
            assert_eq!(verdict(&book), Verdict::Review, "{stop} {list:?}");
        }
        // A list that names another stop is that one's.
        let events = [stop.clone(), restricted(T - 60, &[STARTED]), restricted(T + 60, &[])];
        let is_code = stop["entry"][0]["changes"][0]["field"] == "messages";
        let explained = if is_code { Verdict::Allow } else { Verdict::Review };
        assert_eq!(verdict(&in_any_order(&events)), explained, "{stop}");
        for kind in kinds {
            let mut book = after(std::slice::from_ref(&stop));
            book.appeal(Some(A), Some(kind), at(T + 60), "won").unwrap();
            assert_eq!(verdict(&book), Verdict::Review, "{stop} {kind}");
        }
        let mut book = after(std::slice::from_ref(&stop));
        book.appeal(Some(A), None, at(T + 60), "won").unwrap();
        assert_eq!(verdict(&book), Verdict::Allow, "{stop}");
        let reinstated = json!({"event": "DISABLED_UPDATE",
            "ban_info": {"waba_ban_state": "REINSTATE"}});
        for end in [update(A, T + 60, &reinstated), all_available(T + 60)] {
            let events = [stop.clone(), end, restricted(T + 30, &[])];
            assert_eq!(verdict(&in_any_order(&events)), Verdict::Allow, "{stop}");
        }
        assert_eq!(verdict(&in_any_order(&[stop.clone(), all_available(T - 60)])), Verdict::Review);
    }
    // A code comes before the list that tells why, and is over with it.
    for code in [131_031, 368] {
        let events = [failed(T, code), restricted(T + 5, &[STARTED])];
        assert_eq!(verdict(&in_any_order(&events)), Verdict::Allow);
        let events = [failed(T - 100_000, code), restricted(T + 5, &[STARTED])];
        assert_eq!(verdict(&in_any_order(&events)), Verdict::Review);
    }
    // Of whatever kind the list told that is in doubt, an appeal of that kind ends it.
    let mut book = after(&[restricted(T, &[STARTED]), all_available(T + 60)]);
    for (kind, said) in
        [("customer_initiated", Verdict::Review), ("business_initiated", Verdict::Allow)]
    {
        book.appeal(Some(A), Some(kind), at(T + 120), "won").unwrap();
        let document = book.account(Some(A), Some(at(T + 200)), None).unwrap();
        let open = document["restrictions"].as_array().unwrap().iter().any(|entry| {
            entry.get("kind").is_none() && entry["until"] != json!(at(T + 120).to_string())
        });
        assert_eq!(open, said == Verdict::Review, "{kind} {document}");
    }
}

#[test]
fn what_concerns_templates_or_payments_holds_no_replies() {
    let text = include_str!("../../../examples/clean-campaign.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    document["account"]["id"] = A.into();
    document["account"]["number"] = format!("+{SHOWN}").into();
    let campaign = &mut document["campaign"];
    for (name, value) in [
        ("initiated_by", json!("customer")),
        ("content", json!("free_form")),
        ("category", json!("service")),
        ("use_case", json!("customer_care")),
        ("template", json!(null)),
    ] {
        campaign[name] = value;
    }
    document["recipient"]["last_inbound_at"] = at(T + 80_000).to_string().into();
    let engine = Engine::built_in().unwrap();
    let reply = |book: &Book| {
        let text = document.to_string();
        let facts = Facts::from_json_at(engine.schema(), text.as_bytes(), at(T + 86_400));
        let mut facts = facts.unwrap();
        book.tell(&mut facts).unwrap();
        engine.check(&facts).unwrap().verdict()
    };
    assert_eq!(reply(&well()), Verdict::Allow);
    for code in [132_001, 132_007, 132_015, 132_016] {
        let book = after(&[failed(T + 80_000, code)]);
        assert_eq!((reply(&book), verdict(&book)), (Verdict::Allow, Verdict::Review), "{code}");
    }
    for code in [131_048, 130_497] {
        assert_eq!(reply(&after(&[failed(T + 80_000, code)])), Verdict::Review, "{code}");
    }
    let health = |codes: &[i64]| {
        let errors: Vec<Value> = codes.iter().map(|code| json!({ "error_code": code })).collect();
        answer(
            T,
            &json!({"id": A, "health_status": {"can_send_message": "BLOCKED", "entities": [
            {"entity_type": "WABA", "id": A, "can_send_message": "BLOCKED", "errors": errors}]}}),
        )
    };
    let unpaid = in_any_order(&[health(&[141_006])]);
    assert_eq!((reply(&unpaid), verdict(&unpaid)), (Verdict::Allow, Verdict::Deny));
    let paid = in_any_order(&[health(&[141_006]), all_available(T + 60)]);
    assert_eq!((reply(&paid), verdict(&paid)), (Verdict::Allow, Verdict::Allow));
    // Beside another reason it is not the payment alone.
    assert_eq!(reply(&after(&[health(&[141_006, 141_014])])), Verdict::Deny);
    assert_eq!(reply(&after(&[health(&[])])), Verdict::Deny);
}

/// A reply of free form names the template of the campaign that it belongs to.
#[test]
fn a_message_without_a_template_has_nothing_of_the_one_that_is_named() {
    let hook = |time, event: &str| {
        under(
            A,
            Some(time),
            "message_template_status_update",
            &json!({"event": event, "message_template_id": 3, "message_template_name":
                "spring_sale", "message_template_language": "es",
                "message_template_category": "MARKETING"}),
        )
    };
    let text = include_str!("../../../examples/clean-campaign.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    document["account"]["id"] = A.into();
    document["account"]["number"] = format!("+{SHOWN}").into();
    document["campaign"]["template"] = json!({"name": "spring_sale"});
    document["campaign"]["initiated_by"] = "customer".into();
    document["campaign"]["use_case"] = "customer_care".into();
    document["recipient"]["last_inbound_at"] = at(T + 80_000).to_string().into();
    let engine = Engine::built_in().unwrap();
    let said = |book: &Book, content: &Value, category: &Value| {
        let mut document = document.clone();
        document["campaign"]["content"] = content.clone();
        document["campaign"]["category"] = category.clone();
        let text = document.to_string();
        let facts = Facts::from_json_at(engine.schema(), text.as_bytes(), at(T + 86_400));
        let mut facts = facts.unwrap();
        book.tell(&mut facts).unwrap();
        engine.check(&facts).unwrap().verdict()
    };
    let (free, service) = (json!("free_form"), json!("service"));
    let stop = under(A, Some(T), "user_preferences", &stop("34600000000", None));
    for event in [hook(T, "APPROVED"), hook(T, "PAUSED"), hook(T, "DISABLED")] {
        for events in [vec![event.clone()], vec![event.clone(), stop.clone()]] {
            let book = after(&events);
            assert_eq!(said(&book, &free, &service), Verdict::Allow, "{events:?}");
            // Where the template is sent, or nobody says what is, it counts.
            for content in [json!("template"), json!(null)] {
                assert_ne!(said(&book, &content, &service), Verdict::Allow, "{content}");
            }
        }
        // Of what category a free text is, no template says.
        let book = after(&[event, stop.clone()]);
        assert_eq!(said(&book, &free, &json!(null)), Verdict::Review);
    }
    let promotes = after(&[hook(T, "APPROVED"), stop]);
    assert_eq!(said(&promotes, &free, &json!("marketing")), Verdict::Deny);
}

/// What later versions may write.
#[test]
fn rows_of_a_later_version_ask_for_review_under_whatever_key() {
    let mut known = well();
    let template = json!({"event": "APPROVED", "message_template_id": 3,
        "message_template_name": "spring_sale", "message_template_language": "es"});
    apply(&mut known, &under(A, Some(T), "message_template_status_update", &template));
    assert_eq!(verdict(&known), Verdict::Allow);
    let day = at(T).to_string();
    let words = json!({"v": 2, "registers": {
        "number_status": [[day, "frozen"]], "status": [[day, "frozen"]], "review": [[day, "frozen"]],
        "quality": [[day, {"a": 1}]], "country": [[day, "somewhere"]], "daily_limit": [[day, "many"]],
        "violations": [[day, "boredom"]], "marketing_experiment": [[day, "perhaps"]],
        "standing": [[day, {"is": "restricted", "list": [{"kind": "boredom", "until": null}]}]]}});
    let rows = [
        json!({"v": 2}),
        json!({"v": 2, "future": 1}),
        json!({"v": 2, "registers": {"lock": [[day, "on"]]}}),
        json!({"v": 2, "registers": {"quality": [[day, "green", 1, 2]]}}),
        words.clone(),
    ];
    let shown = format!("number/+{SHOWN}");
    let number = format!("number/{N}");
    let account = format!("account/{A}");
    let spring = format!("template/{A}/spring_sale/es");
    let person = format!("recipient/{A}/+34600000000");
    for key in [&account, &number, &shown, &spring, &person] {
        for row in &rows {
            let mut book = known.clone();
            book.merge_row(key, row.to_string().as_bytes()).unwrap();
            let said = verdict(&book);
            assert!(matches!(said, Verdict::Review | Verdict::Deny), "{key} {row} {said:?}");
            // Of one person it says nothing of others.
            let others = said_to(&book, "+34600000007").0;
            assert_eq!(others == Verdict::Allow, key == &person, "{key} {row}");
            let is_listed = !book.not_understood(Some(A)).unwrap().is_empty();
            assert_eq!(is_listed, key != &person, "{key} {row}");
            assert!(book.account(Some(A), None, None).unwrap().is_object());
            let again = Book::from_json(book.to_json().as_bytes()).unwrap();
            assert_eq!(again, book, "{key} {row}");
        }
    }
    // A stop that is understood stays one.
    let stopped = json!({"v": 2, "registers": {"marketing_stopped_at": [[day, true]]}});
    let mut book = known.clone();
    book.merge_row(&person, stopped.to_string().as_bytes()).unwrap();
    assert_eq!(verdict(&book), Verdict::Deny);
    // Of a word that is not known in a row of this version nothing is known, and no check fails.
    let mut words = words;
    words["v"] = 1.into();
    for key in [&account, &number, &shown, &spring] {
        let mut book = known.clone();
        book.merge_row(key, words.to_string().as_bytes()).unwrap();
        assert_ne!(verdict(&book), Verdict::Allow, "{key}");
    }
}

#[test]
fn what_no_value_can_hold_spoils_nothing_else() {
    let message = |body: &str| {
        format!(
            r#"{{"object": "whatsapp_business_account", "entry": [{{"id": "{A}", "time": {T}, "changes": [
            {{"field": "messages", "value": {{"metadata": {{"phone_number_id": "{N}"}}, "contacts": [{{"profile":
            {{"name": {body}}}, "wa_id": "34600000009"}}], "messages": [{{"from": "34600000009", "id": "w",
            "timestamp": "{T}", "type": "text", "text": {{"body": {body}}}}}]}}}},
            {{"field": "account_update", "value": {{"event": "DISABLED_UPDATE", "ban_info":
            {{"waba_ban_state": "DISABLE"}}}}}}]}}]}}"#
        )
    };
    let long = "1".repeat(400);
    for body in [
        r#""\ud83d""#,
        r#""a \udE00 b \\ud83d""#,
        r#""\ud83d\ud83d\ude00""#,
        r#""\ud83d\n""#,
        "1e999",
        "-1E+999",
        &long,
        r#"{"a\ud83d": [1e999, 2]}"#,
    ] {
        let mut book = well();
        let applied = book.apply(message(body).as_bytes()).unwrap();
        let outcomes: Vec<ChangeOutcome> =
            applied.changes.iter().map(|change| change.outcome).collect();
        assert_eq!(outcomes, [ChangeOutcome::Passed, ChangeOutcome::Applied], "{body}");
        assert_eq!(verdict(&book), Verdict::Deny, "{body}");
    }
    for body in ["01", "1e", "\"\\ud8\"", "NaN", "\"\\x\"", "\"\u{1}\"", "1e999e"] {
        let refused = well().apply(message(body).as_bytes()).unwrap_err();
        assert_eq!(refused.code(), "account/syntax", "{body}");
    }
    // Of what it reads it is what cannot be read.
    let changed = |from: &str, to: &str| {
        let text = update(A, T, &ban()).to_string();
        assert!(text.contains(from));
        let mut book = well();
        book.apply(text.replace(from, to).as_bytes()).unwrap();
        verdict(&book)
    };
    assert_eq!(changed("\"DISABLE\"", "\"\\ud83d\""), Verdict::Review);
    assert_eq!(changed("\"DISABLED_UPDATE\"", "1e999"), Verdict::Deny);
    assert_eq!(changed(&format!("\"time\":{T}"), "\"time\":1e999"), Verdict::Deny);
    for id in ["1e999".to_owned(), long, "\"10\\ud83d\"".to_owned()] {
        assert_ne!(changed(&format!("\"id\":\"{A}\""), &format!("\"id\":{id}")), Verdict::Allow);
    }
}

#[test]
fn a_member_that_is_given_twice_spoils_its_own_change_alone() {
    let ban = r#"{"field": "account_update", "value": {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}}"#;
    let with = |change: &str| {
        format!(
            r#"{{"object": "whatsapp_business_account", "entry": [{{"id": "{A}", "time": {T}, "changes": [{change}, {ban}]}}]}}"#
        )
    };
    let alone = |change: &str| with(change).replace(&format!(", {ban}"), "");
    for (change, place) in [
        (
            r#"{"field": "account_update", "value": {"event": "AD_ACCOUNT_LINKED", "event": "AD_ACCOUNT_LINKED"}}"#,
            "value.event",
        ),
        (
            r#"{"field": "messages", "value": {"messages": [{"id": "w", "type": "text", "type": "text"}]}}"#,
            "value.messages[0].type",
        ),
        (r#"{"field": "flows", "value": {}, "value": {}}"#, "value"),
        (r#"{"field": "flows", "field": "account_update", "value": {}}"#, "field"),
    ] {
        let mut book = well();
        let applied = book.apply(with(change).as_bytes()).unwrap();
        assert_eq!(applied.changes[0].outcome, ChangeOutcome::NotUnderstood, "{change}");
        let path = format!("`entry[0].changes[0].{place}`: given twice");
        assert!(applied.changes[0].notes[0].starts_with(&path), "{:?}", applied.changes[0].notes);
        assert_eq!(applied.changes[1].outcome, ChangeOutcome::Applied, "{change}");
        assert_eq!(verdict(&book), Verdict::Deny, "{change}");
        let mut book = well();
        book.apply(alone(change).as_bytes()).unwrap();
        assert_eq!(verdict(&book), Verdict::Review, "{change}");
        book.acknowledge(Some(A), at(T + 60)).unwrap();
        assert_eq!(verdict(&book), Verdict::Allow, "{change}");
    }
    // It is of the account that it names, and of any where just that is given twice.
    let partner = |info: &str| {
        let change = format!(r#"{{"field": "account_update", "value": {{"event": "X", {info}}}}}"#);
        let mut book = well();
        book.apply(alone(&change).replace(A, PARTNER).replace("WABA", A).as_bytes()).unwrap();
        verdict(&book)
    };
    assert_eq!(partner(r#""event": "Y", "waba_info": {"waba_id": "WABA"}"#), Verdict::Review);
    assert_eq!(partner(r#""waba_info": {"waba_id": "7", "waba_id": "WABA"}"#), Verdict::Review);
    assert_eq!(partner(r#""event": "Y", "waba_info": {"waba_id": "7"}"#), Verdict::Allow);
    // Of the envelope itself it spoils all.
    for envelope in [
        with(ban).replacen("\"id\"", "\"id\": \"7\", \"id\"", 1),
        with(ban).replacen("\"object\"", "\"object\": \"x\", \"object\"", 1),
        with(ban).replacen("\"changes\"", "\"more\": {\"a\": 1, \"a\": 2}, \"changes\"", 1),
    ] {
        let mut book = well();
        let refused = book.apply(envelope.as_bytes()).unwrap_err();
        assert_eq!((refused.code(), book), ("account/repeated-member", well()), "{envelope}");
    }
    // An item of a list that was read is a change of its own.
    let list = format!(
        r#"{{"read_at": {T}, "account": "{A}", "answer": {{"data": [{{"id": "{N}", "status": "CONNECTED", "status": "BANNED"}}, {{"id": "200000000000002", "status": "BANNED"}}]}}}}"#
    );
    let outcomes = well().apply(list.as_bytes()).unwrap();
    let outcomes: Vec<_> = outcomes.changes.iter().map(|change| change.outcome).collect();
    assert_eq!(outcomes, [ChangeOutcome::NotUnderstood, ChangeOutcome::Applied]);
}

/// Values of messages have no time where an error stands for no message.
#[test]
fn an_error_that_leaves_nothing_behind_needs_no_time() {
    let value = |codes: &[i64]| {
        let errors: Vec<Value> =
            codes.iter().map(|code| json!({"code": code, "title": "a"})).collect();
        json!({"messaging_product": "whatsapp", "metadata": {"phone_number_id": N,
            "display_phone_number": SHOWN}, "errors": errors})
    };
    let status = |codes: &[i64]| {
        let mut value = value(codes);
        let errors = value["errors"].take();
        value["statuses"] = json!([{"id": "w", "status": "failed", "recipient_id": "34611111111",
            "errors": errors}]);
        value.as_object_mut().unwrap().remove("errors");
        value
    };
    let untimed = |value: &Value| under(A, None, "messages", value);
    for codes in [&[131_000][..], &[131_051], &[131_052], &[131_000, 131_051]] {
        for event in [untimed(&value(codes)), untimed(&status(codes))] {
            let mut book = well();
            let applied = apply(&mut book, &event);
            assert_eq!(applied.changes[0].outcome, ChangeOutcome::Noted, "{event}");
            assert_eq!(applied.rows, Vec::<String>::new(), "{event}");
            assert_eq!(verdict(&book), Verdict::Allow, "{event}");
        }
    }
    // What stops something, and what nobody knows, began at some instant.
    for codes in [&[131_031][..], &[131_048], &[131_000, 368], &[999_999]] {
        for event in [untimed(&value(codes)), untimed(&status(codes))] {
            assert_eq!(verdict(&after(std::slice::from_ref(&event))), Verdict::Review, "{event}");
        }
    }
}

#[test]
fn a_code_of_one_of_our_numbers_counts_under_whatever_entry() {
    let through = |members: &Value, code: i64| {
        let mut value = members.clone();
        value["metadata"] = json!({"phone_number_id": N, "display_phone_number": SHOWN});
        let errors = json!([{ "code": code }]);
        match value.get("statuses") {
            Some(_) => value["statuses"][0]["errors"] = errors,
            None => value["errors"] = errors,
        }
        under(PARTNER, Some(T + 80_000), "messages", &value)
    };
    let status = json!({"statuses": [{"id": "w", "status": "failed", "timestamp": T + 80_000,
        "recipient_id": "34611111111"}]});
    for code in [368, 131_031, 131_042, 131_048, 130_497, 133_010] {
        for members in [&status, &json!({})] {
            let book = in_any_order(&[through(members, code)]);
            assert_ne!(verdict(&book), Verdict::Allow, "{code} {members}");
        }
    }
}

#[test]
fn a_message_withheld_later_than_the_envelope_was_sent_counts_as_late_as_it_says() {
    let withheld = |later: i64| {
        under(
            A,
            Some(T),
            "messages",
            &json!({"statuses": [{"id": "w", "status": "failed",
            "timestamp": T + later, "recipient_id": "34600000000", "errors": [{"code": 131_049}]}]}),
        )
    };
    // A check is made a day after the envelope was sent.
    assert_eq!(verdict(&after(&[withheld(-3600)])), Verdict::Allow);
    assert_eq!(verdict(&in_any_order(&[withheld(3600), withheld(-3600)])), Verdict::Review);
    // What was received before that has another clock.
    let mut book = well();
    book.apply_received(withheld(3600).to_string().as_bytes(), Some(at(T))).unwrap();
    assert_eq!(verdict(&book), Verdict::Allow);
    assert!(book.last_event_at().unwrap() <= at(T));
}

#[test]
fn what_is_against_an_account_that_is_not_named_holds_every_account() {
    let approved = under(
        "300000000000003",
        Some(T - 60),
        "account_review_update",
        &json!({"decision": "APPROVED"}),
    );
    assert_eq!(verdict(&after(std::slice::from_ref(&approved))), Verdict::Allow);
    let violation = json!({"event": "ACCOUNT_VIOLATION",
        "violation_info": {"violation_type": "ADULT"}});
    for (field, value) in [
        ("account_update", violation),
        ("account_update", json!({"event": "ACCOUNT_OFFBOARDED"})),
        ("account_update", json!({"event": "PARTNER_REMOVED"})),
        ("account_review_update", json!({"decision": "REJECTED"})),
    ] {
        for id in [json!(null), json!(""), json!(["1"])] {
            let mut event = under(A, Some(T), field, &value);
            event["entry"][0]["id"] = id;
            let found = verdict(&after(&[approved.clone(), event.clone()]));
            assert_ne!(found, Verdict::Allow, "{event}");
        }
    }
}

#[test]
fn a_number_is_the_same_however_it_is_shown() {
    let failed = |shown: &str| {
        under(
            A,
            Some(T),
            "messages",
            &json!({"messaging_product": "whatsapp",
            "metadata": {"display_phone_number": shown},
            "errors": [{"code": 131_048, "title": "Spam rate limit hit"}]}),
        )
    };
    // Of a number that is not ours it says nothing of ours.
    let other = under(
        PARTNER,
        Some(T),
        "messages",
        &failed("34911222333")["entry"][0]["changes"][0]["value"],
    );
    assert_eq!(verdict(&after(&[other])), Verdict::Allow);
    for shown in [
        SHOWN.to_owned(),
        format!("+{SHOWN}"),
        format!("00{SHOWN}"),
        format!("{SHOWN}@s.whatsapp.net"),
        format!("{SHOWN}:12@s.whatsapp.net"),
    ] {
        let event = failed(&shown);
        let value = &event["entry"][0]["changes"][0]["value"];
        for event in [&event, &under(PARTNER, Some(T), "messages", value)] {
            assert_ne!(verdict(&after(std::slice::from_ref(event))), Verdict::Allow, "{event}");
        }
    }
}

fn stop(person: &str, number: Option<&str>) -> Value {
    let mut value = json!({"messaging_product": "whatsapp", "user_preferences": [
        {"wa_id": person, "category": "marketing_messages", "value": "stop", "timestamp": T}]});
    if let Some(number) = number {
        value["metadata"] = json!({"display_phone_number": SHOWN, "phone_number_id": number});
    }
    value
}

/// That a person has another number from then on.
fn moved(old: &str, new: &str) -> Value {
    json!({"messages": [{"from": old, "timestamp": T.to_string(), "type": "system",
        "system": {"wa_id": new, "type": "user_changed_number"}}]})
}

#[test]
fn a_stop_to_one_of_our_numbers_counts_under_whatever_entry() {
    let people = |entry: &str, value: &Value| {
        let book = after(&[under(entry, Some(T), "user_preferences", value)]);
        ["+34600000000", "+34600000001"].map(|phone| said_to(&book, phone).0)
    };
    let ours = stop("34600000000", Some(N));
    assert_eq!(people(A, &ours), [Verdict::Deny, Verdict::Allow]);
    assert_eq!(people(PARTNER, &ours), [Verdict::Deny, Verdict::Allow]);
    // Of a number that is not ours, and where no number is named, it is another sender's.
    assert_eq!(people(PARTNER, &stop("34600000000", None)), [Verdict::Allow, Verdict::Allow]);
    let mut other = stop("34600000000", Some("700000000000007"));
    other["metadata"]["display_phone_number"] = "34911222333".into();
    assert_eq!(people(PARTNER, &other), [Verdict::Allow, Verdict::Allow]);
}

#[test]
fn a_stop_and_a_new_number_are_one_persons_under_each_id_of_the_account() {
    const OWNER: &str = "900000000000009";
    let of_portfolio = json!({"event": "VERIFIED_ACCOUNT", "business_id": OWNER,
        "waba_info": {"waba_id": A, "owner_business_id": OWNER}});
    let first = update(A, T - 60, &of_portfolio);
    let stopped =
        |entry: &str| under(entry, Some(T), "user_preferences", &stop("34600000000", None));
    let changed =
        |entry: &str| under(entry, Some(T), "messages", &moved("34600000000", "34600000022"));
    for (one, other) in [(A, OWNER), (OWNER, A), ("", A), (A, A)] {
        for events in [[stopped(one), changed(other)], [changed(other), stopped(one)]] {
            let events = [first.clone(), events[0].clone(), events[1].clone()];
            let mut book = after(&events);
            for phone in ["+34600000000", "+34600000022"] {
                assert_eq!(said_to(&book, phone).0, Verdict::Deny, "{phone} {one} {other}");
            }
            assert_eq!(said_to(&book, "+34600000023").0, Verdict::Allow);
            // Nothing of such a person is left.
            book.forget("+34600000022").unwrap();
            assert_eq!(said_to(&book, "+34600000000").0, Verdict::Allow, "{one} {other}");
            assert!(!book.to_json().contains("34600000000"), "{one} {other}");
        }
    }
}

/// What is said of a template under the id of an entry.
fn of_template(id: &str, time: i64, event: &str, language: &str) -> Value {
    let value = json!({"event": event, "message_template_id": 7,
        "message_template_name": "spring_sale", "message_template_language": language,
        "reason": null});
    let mut event = under(A, Some(time), "message_template_status_update", &value);
    event["entry"][0]["id"] = if id.is_empty() { json!(null) } else { json!(id) };
    event
}

/// What a check of a campaign with that template says on the next day.
fn with_template(events: &[Value], language: Option<&str>) -> Verdict {
    let text = include_str!("../../../examples/clean-campaign.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    document["account"]["id"] = A.into();
    document["campaign"]["template"]["name"] = "spring_sale".into();
    document["campaign"]["template"]["language"] = language.into();
    let engine = Engine::built_in().unwrap();
    let text = document.to_string();
    let at = at(T + 86_400);
    let mut facts = Facts::from_json_at(engine.schema(), text.as_bytes(), at).unwrap();
    after(events).tell(&mut facts).unwrap();
    engine.check(&facts).unwrap().verdict()
}

#[test]
fn a_template_may_have_blanks_in_its_name() {
    let event = |event: &str| {
        under(
            A,
            Some(T),
            "message_template_status_update",
            &json!({"event": event, "message_template_id": 4, "message_template_name":
                "My message template", "message_template_language": "en-US", "reason": null}),
        )
    };
    for (word, of_book) in [("APPROVED", Verdict::Allow), ("PAUSED", Verdict::Review)] {
        let book = after(&[event(word)]);
        assert_eq!(book.not_understood(Some(A)).unwrap(), Vec::<Value>::new());
        assert!(book.row(&format!("template/{A}/my message template/en_us")).is_some());
        let text = include_str!("../../../examples/clean-campaign.json");
        let mut document: Value = serde_json::from_str(text).unwrap();
        document["account"]["id"] = A.into();
        document["account"]["number"] = format!("+{SHOWN}").into();
        document["campaign"]["template"] = json!({"name": "My message template"});
        let engine = Engine::built_in().unwrap();
        let text = document.to_string();
        let facts = Facts::from_json_at(engine.schema(), text.as_bytes(), at(T + 86_400));
        let mut facts = facts.unwrap();
        book.tell(&mut facts).unwrap();
        let decided = engine.check(&facts).unwrap().verdict();
        assert_eq!(decided == Verdict::Allow, of_book == Verdict::Allow, "{word}");
    }
}

#[test]
fn a_template_of_no_account_that_is_named_gets_no_better() {
    let said = |events: &[Value]| with_template(events, None);
    let status = |id: &str, time: i64, event: &str| of_template(id, time, event, "en_US");
    let paused = status(A, T, "PAUSED");
    assert_eq!(said(std::slice::from_ref(&paused)), Verdict::Deny);
    assert_eq!(said(&[paused.clone(), status(A, T + 60, "APPROVED")]), Verdict::Allow);
    assert_eq!(said(&[paused, status("", T + 60, "APPROVED")]), Verdict::Deny);
    // What is against it counts.
    let approved = status(A, T, "APPROVED");
    assert_ne!(said(&[approved, status("", T + 60, "PAUSED")]), Verdict::Allow);
}

#[test]
fn what_is_against_a_template_counts_under_the_id_of_an_entry_that_counts_for_its_account() {
    const OWNER: &str = "900000000000009";
    let owned = json!({"event": "VERIFIED_ACCOUNT",
        "waba_info": {"waba_id": A, "owner_business_id": OWNER}});
    let linked = json!({"event": "PARTNER_ADDED", "waba_info": {"waba_id": A}});
    for (entry, link) in
        [(OWNER, update(A, T - 120, &owned)), (PARTNER, update(PARTNER, T - 120, &linked))]
    {
        let status = |id: &str, time, event: &str| of_template(id, time, event, "en_US");
        for event in [
            "PAUSED",
            "DISABLED",
            "FLAGGED",
            "REJECTED",
            "DELETED",
            "LOCKED",
            "PENDING",
            "IN_APPEAL",
            "LIMIT_EXCEEDED",
            "ARCHIVED",
            "SOMETHING_NEW",
        ] {
            for own in [None, Some(status(A, T - 60, "APPROVED"))] {
                let mut events = vec![link.clone()];
                events.extend(own);
                assert_eq!(with_template(&events, None), Verdict::Allow);
                let of_own = [events.clone(), vec![status(A, T, event)]].concat();
                let expected = with_template(&of_own, None);
                events.push(status(entry, T, event));
                assert_eq!(with_template(&events, None), expected, "{event}");
                // Of another translation it says nothing.
                assert_eq!(with_template(&events, Some("en-US")), expected, "{event}");
                assert_eq!(with_template(&events, Some("es")), Verdict::Allow, "{event}");
                // The account's own later word ends it, and that of the same entry does.
                for end in [A, entry] {
                    let ended = [events.clone(), vec![status(end, T + 60, "APPROVED")]].concat();
                    assert_eq!(with_template(&ended, None), Verdict::Allow, "{event} {end}");
                }
            }
        }
        // Without a link it is somebody else's, and what is better ends nothing.
        let paused = status(entry, T, "PAUSED");
        assert_eq!(with_template(&[paused], None), Verdict::Allow);
        let own = [link.clone(), status(A, T, "PAUSED"), status(entry, T + 60, "APPROVED")];
        assert_eq!(with_template(&own, None), Verdict::Deny);
    }
}

#[test]
fn a_category_under_the_id_of_an_entry_is_known_where_it_is_the_templates_own() {
    let link =
        update(PARTNER, T - 120, &json!({"event": "PARTNER_ADDED", "waba_info": {"waba_id": A}}));
    let category = |id: &str, time: i64, category: &str| {
        let mut event = of_template(id, time, "APPROVED", "en_US");
        event["entry"][0]["changes"][0]["value"]["message_template_category"] = category.into();
        event
    };
    // The campaign is one of marketing.
    for (events, expected) in [
        (vec![category(PARTNER, T, "MARKETING")], Verdict::Allow),
        (vec![category(PARTNER, T, "UTILITY")], Verdict::Review),
        (vec![category(A, T - 60, "MARKETING"), category(PARTNER, T, "UTILITY")], Verdict::Review),
        (vec![category(A, T + 60, "MARKETING"), category(PARTNER, T, "UTILITY")], Verdict::Allow),
    ] {
        let events = [vec![link.clone()], events].concat();
        assert_eq!(with_template(&events, None), expected, "{events:?}");
    }
}

/// What a check says of a campaign by the number that is named so, at an instant.
fn by_number(book: &Book, number: &str, seconds: i64) -> (Verdict, String) {
    let text = include_str!("../../../examples/clean-campaign.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    document["account"]["id"] = A.into();
    document["account"]["number"] = number.into();
    let engine = Engine::built_in().unwrap();
    let text = document.to_string();
    let mut facts = Facts::from_json_at(engine.schema(), text.as_bytes(), at(seconds)).unwrap();
    book.tell(&mut facts).unwrap();
    let decision = engine.check(&facts).unwrap();
    (decision.verdict(), decision.to_json())
}

#[test]
fn an_id_that_has_its_number_no_more_gets_nothing_of_the_one_that_has_it() {
    const NEW: &str = "200000000000009";
    let node = |time: i64, id: &str, status: &str| {
        answer(
            time,
            &json!({"id": id, "display_phone_number": format!("+{SHOWN}"), "status": status,
                "quality_rating": "GREEN"}),
        )
    };
    let shown = format!("+{SHOWN}");
    let said = |book: &Book, number: &str| by_number(book, number, T + 86_400).0;
    let banned = [node(T, N, "BANNED"), node(T + 60, NEW, "CONNECTED")];
    for events in [banned.clone(), [banned[1].clone(), banned[0].clone()]] {
        let book = after(&events);
        assert_eq!(said(&book, N), Verdict::Deny);
        assert_eq!(said(&book, NEW), Verdict::Allow);
        assert_eq!(said(&book, &shown), Verdict::Allow);
        // Before the other id had it.
        assert_eq!(by_number(&book, N, T + 30).0, Verdict::Deny);
        assert_eq!(by_number(&book, N, T - 30).0, Verdict::Allow);
    }
    // What the id itself is said to be, counts.
    let own = json!({"id": N, "status": "CONNECTED", "quality_rating": "GREEN"});
    let book = after(&[banned.to_vec(), vec![answer(T + 120, &own)]].concat());
    assert_eq!(said(&book, N), Verdict::Review);
    // A message by an id that has no number is for a person, also where nothing is against it.
    let moved = after(&[node(T + 60, NEW, "CONNECTED")]);
    let (verdict, decision) = by_number(&moved, N, T + 86_400);
    assert_eq!(verdict, Verdict::Review);
    assert!(decision.contains("account.book-conflict"), "{decision}");
    assert_eq!(by_number(&moved, N, T + 30).0, Verdict::Allow);
    // What is against the number may be against the id.
    let flagged = json!({"display_phone_number": SHOWN, "event": "FLAGGED",
        "current_limit": "TIER_10K"});
    let flagged = under(A, Some(T + 120), "phone_number_quality_update", &flagged);
    let (_, decision) = by_number(&after(&[node(T + 60, NEW, "CONNECTED"), flagged]), N, T + 3600);
    assert!(decision.contains("feedback.low-quality"), "{decision}");
}
