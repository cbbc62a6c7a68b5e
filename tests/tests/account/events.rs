//! What each event says, with every trap that WhatsApp and those who pass its events on have laid;
//! and what holds of all events.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use cleartosend::schema::attributes as id;
use cleartosend::{Engine, Fact, Facts, Schema, Timestamp, Value as Given};
use cleartosend_account::{Applied, Book, ChangeOutcome, EventKind};
use fastrand::Rng;
use serde_json::{Value, json};

/// 2025-10-09T08:53:20Z, from which the events here are counted.
const T: i64 = 1_760_000_000;

fn hook_at(time: i64, field: &str, value: &Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "100", "time": time, "changes": [{"field": field, "value": value}]}]})
}

fn hook(field: &str, value: &Value) -> Value {
    hook_at(T, field, value)
}

fn apply(state: &mut Book, event: &Value) -> Applied {
    state.apply(event.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}\n{event:#}"))
}

fn state(events: &[Value]) -> Book {
    let mut state = Book::new();
    for event in events {
        apply(&mut state, event);
    }
    state
}

fn account(events: &[Value]) -> Value {
    state(events).account(None, None, None).unwrap()
}

/// The registers of a row.
fn row(state: &Book, key: &str) -> Value {
    let row = state.row(key).unwrap_or_else(|| panic!("no {key} in {}", state.to_json()));
    serde_json::from_str::<Value>(&row).unwrap()["registers"].clone()
}

/// The newest word of a register.
fn last(state: &Book, key: &str, register: &str) -> Value {
    row(state, key)[register].as_array().unwrap().last().unwrap()[1].clone()
}

fn update(time: i64, value: &Value) -> Value {
    hook_at(time, "account_update", value)
}

fn restricted(time: i64, list: &Value) -> Value {
    update(time, &json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": list}))
}

fn banned(time: i64, state: &str, date: &str) -> Value {
    update(
        time,
        &json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": state, "waba_ban_date": date}}),
    )
}

/// What a change is noted to lack, and how the book's only account stands then.
fn noted(event: &Value) -> (ChangeOutcome, String) {
    let mut book = Book::new();
    let change = apply(&mut book, event).changes.remove(0);
    (change.outcome, change.notes.join("; "))
}

/// Whether the schema has a word of its own for something, which the fewest campaigns need.
fn has_kind(kind: &str) -> bool {
    let schema = Schema::built_in();
    let restrictions =
        schema.collections().iter().find(|known| &*known.path == id::RESTRICTIONS).unwrap();
    restrictions.members[0].choices().unwrap().iter().any(|choice| &*choice.name == kind)
}

#[test]
fn three_spellings_of_one_restriction_mean_the_same() {
    for spelling in [
        "RESTRICTED_ADD_PHONE_NUMBER_ACTION",
        "RESTRICTION_ADD_PHONE_NUMBER_ACTION",
        "RESTRICTION_ON_ADD_PHONE_NUMBER_ACTION",
    ] {
        let standing = account(&[restricted(
            T,
            &json!([{"restriction_type": spelling, "expiration": T + 86_400}]),
        )]);
        let expected = json!([{"kind": "add_phone_number", "since": "2025-10-09T08:53:20Z", "until": "2025-10-10T08:53:20Z"}]);
        assert_eq!(standing["restrictions"], expected, "{spelling}");
    }
}

#[test]
fn a_restriction_of_customer_initiated_messages_means_that_the_business_cannot_answer() {
    let standing = account(&[restricted(
        T,
        &json!([{"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "expiration": T + 60}]),
    )]);
    let kind = if has_kind("customer_initiated") { "customer_initiated" } else { "all_messaging" };
    assert_eq!(standing["restrictions"][0]["kind"], kind);
}

#[test]
fn an_unknown_restriction_is_kept_reported_and_never_an_allow() {
    let mut state = Book::new();
    let report = apply(
        &mut state,
        &restricted(
            T,
            &json!([{"restriction_type": "RESTRICTED_SOMETHING_NEW", "expiration": T + 600}]),
        ),
    );
    assert_eq!(report.changes[0].notes.len(), 1, "{report:?}");
    let entry = state.account(None, None, None).unwrap()["restrictions"][0].clone();
    assert_eq!(entry["until"], "2025-10-09T09:03:20Z");
    let kind = if has_kind("other") { json!("other") } else { Value::Null };
    assert_eq!(entry.get("kind").cloned().unwrap_or_default(), kind);
}

#[test]
fn restrictions_of_calls_restrict_no_messages() {
    for kind in [
        "RESTRICTED_BUSINESS_INITIATED_CALLING",
        "RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN",
    ] {
        let mut state = Book::new();
        let report = apply(
            &mut state,
            &restricted(T, &json!([{"restriction_type": kind, "expiration": T + 60}])),
        );
        assert!(report.changes[0].notes[0].contains("concerns no messages"), "{report:?}");
        assert_eq!(state.account(None, None, None).unwrap().get("restrictions"), None);
    }
}

#[test]
fn expirations_come_as_numbers_texts_and_iso_dates() {
    for expiration in [
        json!(1_776_607_160),
        json!("1776607160"),
        json!("2026-04-19T13:59:20+0000"),
        json!("2026-04-19T13:59:20Z"),
    ] {
        let standing = account(&[restricted(
            T,
            &json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": expiration}]),
        )]);
        assert_eq!(standing["restrictions"][0]["until"], "2026-04-19T13:59:20Z", "{expiration}");
    }
    let mut state = Book::new();
    let late = restricted(
        T,
        &json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": T - 60}]),
    );
    let report = apply(&mut state, &late);
    assert!(report.changes[0].notes[0].contains("before the event"), "{report:?}");
    // Nobody tells of what is over: the end is wrong, and not known.
    let entry = state.account(None, None, None).unwrap()["restrictions"][0].clone();
    assert_eq!(entry.get("until"), None);
    // No end that is known is no end: it is left out, which a check takes for unknown.
    for expiration in [json!(null), json!(0), json!(-1)] {
        let standing = account(&[restricted(
            T,
            &json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": expiration}]),
        )]);
        assert_eq!(standing["restrictions"][0].get("until"), None, "{expiration}");
    }
}

#[test]
fn a_new_list_replaces_what_it_names_and_leaves_the_rest_in_doubt() {
    let until = T + 259_200;
    let first = restricted(
        T,
        &json!([
            {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": until},
            {"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION", "expiration": until},
            {"restriction_type": "RESTRICTED_UTILITY_TEMPLATES", "expiration": until}]),
    );
    let second = restricted(
        T + 3600,
        &json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": T + 600_000}]),
    );
    let standing = account(&[first.clone(), second]);
    // No message depends on the block of new numbers, which runs to its own end.
    let expected = json!([
        {"kind": "add_phone_number", "since": "2025-10-09T08:53:20Z", "until": "2025-10-12T08:53:20Z"},
        {"kind": "business_initiated", "since": "2025-10-09T08:53:20Z", "until": "2025-10-16T07:33:20Z"},
        {"kind": "utility_templates", "since": "2025-10-09T08:53:20Z", "until": "2025-10-09T09:53:20Z"},
        {"since": "2025-10-09T09:53:20Z", "until": "2025-10-12T08:53:20Z"}]);
    assert_eq!(standing["restrictions"], expected);
    // An empty list says that nothing is left.
    let standing = account(&[first, restricted(T + 3600, &json!([]))]);
    let ends: Vec<&Value> =
        standing["restrictions"].as_array().unwrap().iter().map(|entry| &entry["until"]).collect();
    assert_eq!(ends, ["2025-10-09T09:53:20Z"; 3]);
}

#[test]
fn bans_are_dated_in_english_and_end_by_reinstatement() {
    let scheduled = banned(T, "SCHEDULE_FOR_DISABLE", "October 20, 2025");
    let standing = account(std::slice::from_ref(&scheduled));
    assert_eq!(
        standing["restrictions"],
        json!([{"kind": "account_disabled", "since": "2025-10-20T00:00:00Z", "until": null}])
    );
    // On the event's own day, the event says more than the date.
    let standing = account(&[banned(T, "DISABLE", "October 9, 2025")]);
    assert_eq!(standing["restrictions"][0]["since"], "2025-10-09T08:53:20Z");
    // Told late: it was disabled on the day that is named.
    let standing = account(&[banned(T, "DISABLE", "October 1, 2025")]);
    assert_eq!(standing["restrictions"][0]["since"], "2025-10-01T00:00:00Z");
    // Reinstated before the day comes: it never was disabled. Later: it was, until then.
    let standing = account(&[scheduled.clone(), banned(T + 60, "REINSTATE", "October 9, 2025")]);
    assert_eq!(standing.get("restrictions"), None);
    let standing = account(&[scheduled, banned(T + 2_000_000, "REINSTATE", "November 1, 2025")]);
    assert_eq!(standing["restrictions"][0]["until"], "2025-11-01T12:26:40Z");
    // A date that nobody can read is no reason to overlook the ban.
    for date in ["Smarch 1, 2025", "", "25 de fevereiro de 2026", "02/25/2026"] {
        let standing = account(&[banned(T, "DISABLE", date)]);
        assert_eq!(standing["restrictions"][0]["since"], "2025-10-09T08:53:20Z", "{date}");
    }
}

#[test]
fn a_health_state_that_says_banned_disables_until_it_says_otherwise() {
    let read = |at: i64, state: &str, errors: &Value| {
        let entities = json!([{"entity_type": "WABA", "id": "100", "can_send_message": state, "errors": errors}]);
        json!({"read_at": at, "answer": {"id": "100", "health_status": {"can_send_message": state, "entities": entities}}})
    };
    let blocked = read(T, "BLOCKED", &json!([{"error_code": 141_014, "error_description": "…"}]));
    let standing = account(std::slice::from_ref(&blocked));
    assert_eq!(
        standing["restrictions"],
        json!([{"kind": "account_disabled", "since": "2025-10-09T08:53:20Z", "until": null}])
    );
    let standing = account(&[blocked, read(T + 3600, "AVAILABLE", &json!([]))]);
    assert_eq!(standing["restrictions"][0]["until"], "2025-10-09T09:53:20Z");
}

#[test]
fn violation_types_become_kinds_and_an_unknown_one_is_other() {
    let violated = |kind: &str| {
        account(&[update(
            T,
            &json!({"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": kind}}),
        )])
    };
    assert_eq!(
        violated("ALCOHOL")["violations"],
        json!([{"kind": "alcohol", "at": "2025-10-09T08:53:20Z"}])
    );
    assert_eq!(
        violated("OVERTLY_SEXUALIZED_POSITIONING")["violations"][0]["kind"],
        "overtly_sexualized_positioning"
    );
    assert_eq!(violated("SOMETHING_NEW")["violations"][0]["kind"], "other");
}

#[test]
fn older_samples_with_a_number_beside_the_event_and_renamed_members_are_read() {
    let standing = account(&[update(
        T,
        &json!({"phone_number": "16505551111", "event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SCAM"}}),
    )]);
    assert_eq!(standing["violations"][0]["kind"], "scam");
    let standing = account(&[update(
        T,
        &json!({"updateEvent": "DISABLED_UPDATE", "ban_info": {"banState": "DISABLE", "banDate": "October 9, 2025"}}),
    )]);
    assert_eq!(standing["restrictions"][0]["kind"], "account_disabled");
}

#[test]
fn a_wrongly_labelled_change_is_read_by_its_members() {
    let mut state = Book::new();
    let quality = json!({"previous_quality_score": "GREEN", "new_quality_score": "YELLOW", "message_template_id": 1, "message_template_name": "promo", "message_template_language": "en_US"});
    let report = apply(&mut state, &hook("message_template_status_update", &quality));
    assert_eq!(report.changes[0].read_as, Some(EventKind::TemplateQuality));
    assert_eq!(last(&state, "template/100/promo/en_us", "quality"), "yellow");
}

#[test]
fn limits_come_as_numbers_tiers_texts_and_minus_one() {
    for (limit, standing) in [
        (json!(2000), json!(2000)),
        (json!("2000"), json!(2000)),
        (json!("TIER_100K"), json!(100_000)),
        (json!(-1), json!("unlimited")),
        (json!("TIER_UNLIMITED"), json!("unlimited")),
        (json!("TIER_NOT_SET"), json!(null)),
    ] {
        for name in ["max_daily_conversations_per_business", "max_daily_conversation_per_phone"] {
            let mut value = json!({"max_phone_numbers_per_waba": 25});
            value[name] = limit.clone();
            let account = account(&[hook("business_capability_update", &value)]);
            assert_eq!(
                account.get("daily_limit").cloned().unwrap_or_default(),
                standing,
                "{name} {limit}"
            );
        }
    }
    // Of a tier that nobody knows, nothing is known: not even what was before.
    let raised = |time: i64, limit: &str| {
        hook_at(
            time,
            "business_capability_update",
            &json!({"max_daily_conversations_per_business": limit}),
        )
    };
    assert_eq!(
        account(&[raised(T, "TIER_2K"), raised(T + 1, "TIER_HUGE")]).get("daily_limit"),
        None
    );
}

#[test]
fn limits_were_those_of_numbers_until_they_became_those_of_portfolios() {
    let upgrade = |time: i64, number: &str, limit: &str| {
        hook_at(
            time,
            "phone_number_quality_update",
            &json!({"display_phone_number": number, "event": "UPGRADE", "current_limit": limit}),
        )
    };
    let before = 1_759_795_199;
    let state_before =
        state(&[upgrade(before, "+1 555-1", "TIER_1K"), upgrade(before, "15552", "TIER_10K")]);
    assert_eq!(state_before.account(None, None, Some("+15551")).unwrap()["daily_limit"], 1000);
    assert_eq!(state_before.account(None, None, Some("15552")).unwrap()["daily_limit"], 10_000);
    // Which of them sends is not told.
    assert_eq!(state_before.account(None, None, None).unwrap().get("daily_limit"), None);
    let after = account(&[
        upgrade(before + 1, "15551", "TIER_1K"),
        upgrade(before + 2, "15552", "TIER_10K"),
    ]);
    assert_eq!(after["daily_limit"], 10_000);
}

#[test]
fn old_events_of_quality_are_read() {
    let event = |time: i64, event: &str| {
        hook_at(
            time,
            "phone_number_quality_update",
            &json!({"display_phone_number": "1555", "event": event, "current_limit": "TIER_1K"}),
        )
    };
    assert_eq!(account(&[event(T, "FLAGGED")])["quality"], "red");
    assert_eq!(account(&[event(T, "FLAGGED"), event(T + 1, "UNFLAGGED")]).get("quality"), None);
}

#[test]
fn alerts_are_read_in_both_shapes() {
    let alert = json!({"alert_severity": "WARNING", "alert_status": "ACTIVE", "alert_type": "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED", "alert_description": "…"});
    let mut flat = alert.clone();
    flat["entity_type"] = "BUSINESS".into();
    for value in [json!({"entity_type": "BUSINESS", "entity_id": "1", "alert_info": alert}), flat] {
        let key = if value.get("entity_id").is_some() { "portfolio/1" } else { "account/100" };
        assert_eq!(
            last(&state(&[hook("account_alerts", &value)]), key, "notices"),
            "alert INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED: WARNING"
        );
    }
}

#[test]
fn reviews_and_names_have_four_decisions() {
    for (decision, review, name) in [
        ("APPROVED", "approved", "approved"),
        ("REJECTED", "rejected", "declined"),
        ("PENDING", "pending", "pending"),
        ("DEFERRED", "pending", "pending"),
    ] {
        assert_eq!(
            account(&[hook("account_review_update", &json!({"decision": decision}))])["review"],
            review
        );
        let named = json!({"display_phone_number": "1555", "decision": decision, "requested_verified_name": "x", "rejection_reason": null});
        assert_eq!(account(&[hook("phone_number_name_update", &named)])["display_name"], name);
    }
    // A decision that nobody knows is no approval, and takes the old one back.
    let mut state = state(&[hook("account_review_update", &json!({"decision": "APPROVED"}))]);
    let report =
        apply(&mut state, &hook_at(T + 1, "account_review_update", &json!({"decision": "MAYBE"})));
    assert_eq!(
        (report.changes[0].notes.len(), state.account(None, None, None).unwrap().get("review")),
        (1, None)
    );
}

#[test]
fn every_template_state_is_reported_and_only_an_approved_one_is_approved() {
    let standing = |event: &str| {
        let value = json!({"event": event, "message_template_id": 1, "message_template_name": "promo", "message_template_language": "en_US", "reason": null});
        let mut state = Book::new();
        let report = apply(&mut state, &hook("message_template_status_update", &value));
        (last(&state, "template/100/promo/en_us", "status"), report.changes[0].notes.len())
    };
    for approved in ["APPROVED", "REINSTATED", "UNARCHIVED"] {
        assert_eq!(standing(approved), (json!("approved"), 0));
    }
    for other in [
        "ARCHIVED",
        "DELETED",
        "DISABLED",
        "FLAGGED",
        "IN_APPEAL",
        "LIMIT_EXCEEDED",
        "LOCKED",
        "PAUSED",
        "PENDING",
        "PENDING_DELETION",
        "REJECTED",
    ] {
        let (status, notes) = standing(other);
        assert!(status != "approved" && notes == 0, "{other}: {status}");
    }
    assert_eq!(standing("SOMETHING_NEW"), (Value::Null, 1));
}

#[test]
fn before_a_change_of_category_the_new_category_is_the_present_one() {
    let template = json!({"message_template_id": 1, "message_template_name": "promo", "message_template_language": "en_US"});
    let with = |members: Value| {
        let mut value = template.clone();
        value.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        value
    };
    let coming = hook(
        "template_category_update",
        &with(
            json!({"new_category": "UTILITY", "correct_category": "MARKETING", "category_update_timestamp": T + 86_400}),
        ),
    );
    let standing = row(&state(std::slice::from_ref(&coming)), "template/100/promo/en_us");
    assert_eq!(
        (&standing["category"][0][1], &standing["correct_category"][0][1]),
        (&json!("utility"), &json!("marketing"))
    );
    // A campaign that goes out after the day is one of the new category.
    let engine = Engine::built_in().unwrap();
    let category = |at: i64| {
        let mut facts = engine.facts(Timestamp::new(at, 0).unwrap());
        facts.set(id::CAMPAIGN_TEMPLATE_NAME, Given::string("promo")).unwrap();
        state(std::slice::from_ref(&coming)).tell(&mut facts).unwrap();
        facts.fact(id::CAMPAIGN_CATEGORY).text().map(str::to_owned)
    };
    assert_eq!(category(T + 86_399).as_deref(), Some("utility"));
    assert_eq!(category(T + 86_400).as_deref(), Some("marketing"));
    let done = hook_at(
        T + 86_400,
        "template_category_update",
        &with(json!({"previous_category": "UTILITY", "new_category": "MARKETING"})),
    );
    assert_eq!(last(&state(&[done]), "template/100/promo/en_us", "category"), "marketing");
}

#[test]
fn of_the_translations_of_a_template_the_worst_that_is_not_deleted_counts() {
    let status = |language: &str, event: &str| {
        hook(
            "message_template_status_update",
            &json!({"event": event, "message_template_id": 1, "message_template_name": "promo", "message_template_language": language}),
        )
    };
    let engine = Engine::built_in().unwrap();
    let standing = |events: &[Value]| {
        let mut facts = engine.facts(Timestamp::new(T, 0).unwrap());
        facts.set(id::CAMPAIGN_TEMPLATE_NAME, Given::string("promo")).unwrap();
        facts.set(id::CAMPAIGN_TEMPLATE_STATUS, Given::string("approved")).unwrap();
        state(events).tell(&mut facts).unwrap();
        facts.fact(id::CAMPAIGN_TEMPLATE_STATUS).text().map(str::to_owned)
    };
    let paused = Some("paused".to_owned());
    assert_eq!(standing(&[status("es", "APPROVED"), status("en", "PAUSED")]), paused);
    assert_eq!(standing(&[status("es", "APPROVED"), status("en", "NEW")]), None);
    let approved = Some("approved".to_owned());
    assert_eq!(standing(&[status("es", "APPROVED"), status("en", "DELETED")]), approved);
    assert_eq!(standing(&[status("es", "DELETED")]).as_deref(), Some("deleted"));
    // A hyphen and an underscore are the same, and within one second the stricter word holds.
    assert_eq!(standing(&[status("en-US", "PAUSED"), status("en_US", "APPROVED")]), paused);
    assert_eq!(
        standing(&[status("es", "PAUSED"), status("en", "PAUSED")]).as_deref(),
        Some("paused")
    );
}

/// What a state says of a recipient of a marketing template, an hour later.
fn recipient(state: &Book) -> Facts {
    let engine = Engine::built_in().unwrap();
    let document = json!({"send_at": (T + 3600), "campaign": {"category": "marketing"}, "recipient": {"phone": "+16505551234", "opted_out": false}});
    let mut document = document;
    document["send_at"] = Timestamp::new(T + 3600, 0).unwrap().to_string().into();
    let mut facts = Facts::from_json(engine.schema(), document.to_string().as_bytes()).unwrap();
    state.tell(&mut facts).unwrap();
    facts
}

fn stopped(facts: &Facts) -> bool {
    match facts.schema().id("recipient.marketing_stopped_at") {
        Some(id) => facts.fact(id).value().is_some(),
        None => *facts.fact(id::RECIPIENT_OPTED_OUT) == Fact::Value(Given::Bool(true)),
    }
}

#[test]
fn a_recipient_stops_marketing_and_resumes_it() {
    let preference = |time: i64, value: &str| {
        let item = json!({"wa_id": "16505551234", "detail": "…", "category": "marketing_messages", "value": value, "timestamp": time});
        let value = json!({"messaging_product": "whatsapp", "contacts": [{"profile": {"name": "Ada"}, "wa_id": "16505551234"}], "user_preferences": [item]});
        // These come without a time of the entry.
        json!({"object": "whatsapp_business_account", "entry": [{"id": "100", "changes": [{"field": "user_preferences", "value": value}]}]})
    };
    assert!(stopped(&recipient(&state(&[preference(T, "stop")]))));
    let resumed = state(&[preference(T + 60, "resume"), preference(T, "stop")]);
    assert!(!stopped(&recipient(&resumed)));
    // What a person is called is nothing that a state keeps.
    assert!(!resumed.to_json().contains("Ada"));
}

fn failed(code: &Value) -> Value {
    let status = json!({"id": "wamid.1", "status": "failed", "timestamp": T.to_string(), "recipient_id": "16505551234",
        "errors": [{"code": code, "title": "…", "error_data": {"details": "…"}}]});
    let value = json!({"messaging_product": "whatsapp", "metadata": {"display_phone_number": "1555", "phone_number_id": "2"}, "statuses": [status]});
    json!({"object": "whatsapp_business_account", "entry": [{"id": "100", "changes": [{"field": "messages", "value": value}]}]})
}

#[test]
fn a_failed_message_tells_of_the_recipient_or_of_the_account() {
    assert!(stopped(&recipient(&state(&[failed(&json!(131_050))]))));
    let withheld = state(&[failed(&json!("131049"))]);
    assert_eq!(
        row(&withheld, "recipient/100/+16505551234"),
        json!({"marketing_withheld_at": [["2025-10-09T08:53:20Z", true]]})
    );
    // A mark of a person makes no account.
    assert_eq!(withheld.accounts().count(), 0);
    // 368 says that something is in force, and neither what nor until when.
    assert_eq!(
        account(&[failed(&json!(368))])["restrictions"],
        json!([{"since": "2025-10-09T08:53:20Z"}])
    );
    // Where a restriction is known, it explains the failure.
    let known = restricted(
        T - 60,
        &json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": T + 60}]),
    );
    assert_eq!(account(&[failed(&json!(368)), known])["restrictions"].as_array().unwrap().len(), 1);
    let mut state = Book::new();
    let report = apply(&mut state, &failed(&json!(999_999)));
    // What nobody can explain may stop the account: a check asks a person.
    assert_eq!(report.changes[0].outcome, ChangeOutcome::Applied);
    assert!(report.changes[0].notes[0].contains("unknown error code"), "{report:?}");
    assert_eq!(report.rows, ["account/100", "number/+1555", "number/2"]);
}

#[test]
fn messages_that_did_not_fail_are_passed_and_leave_nothing_behind() {
    let mut state = Book::new();
    let value = json!({"messaging_product": "whatsapp", "messages": [{"from": "16505551234", "text": {"body": "a secret"}, "timestamp": "1760000000"}]});
    let report = apply(&mut state, &hook("messages", &value));
    assert_eq!(report.changes[0].outcome, ChangeOutcome::Passed);
    assert_eq!(state.to_json(), Book::new().to_json());
}

#[test]
fn an_account_and_a_number_that_were_read_tell_their_fields() {
    let account = account(&[
        json!({"read_at": "2026-01-01T00:00:00Z", "answer": {"id": "100", "name": "Shop", "account_review_status": "APPROVED", "business_verification_status": "PENDING_NEED_MORE_INFO",
            "primary_business_location": "ES", "whatsapp_business_manager_messaging_limit": "TIER_250", "status": "ACTIVE"}}),
        json!({"read_at": "2026-01-01T00:00:00Z", "answer": {"id": "7", "display_phone_number": "+1 555-0100", "quality_rating": "YELLOW", "name_status": "AVAILABLE_WITHOUT_REVIEW",
            "status": "CONNECTED", "messaging_limit_tier": "TIER_1K"}}),
    ]);
    for (member, standing) in [
        ("name", "Shop"),
        ("review", "approved"),
        ("verification", "pending"),
        ("country", "ES"),
        ("quality", "yellow"),
        ("display_name", "approved"),
        ("id", "100"),
    ] {
        assert_eq!(account[member], standing, "{member}");
    }
    for (status, verification) in [
        ("not_verified", "unverified"),
        ("expired", "unverified"),
        ("revoked", "rejected"),
        ("verified", "verified"),
    ] {
        let read =
            json!({"read_at": T, "answer": {"id": "100", "business_verification_status": status}});
        assert_eq!(self::account(&[read])["verification"], verification);
    }
    // A number that is banned bans what is sent from it, and nothing that another sends.
    let read = json!({"read_at": T, "answer": {"id": "7", "display_phone_number": "15550100", "status": "BANNED", "quality_rating": "GREEN"}});
    let state = state(&[read]);
    assert_eq!(
        state.account(None, None, Some("+15550100")).unwrap()["restrictions"][0]["kind"],
        "number_banned"
    );
    assert_eq!(state.account(None, None, Some("+15550199")).unwrap().get("restrictions"), None);
}

#[test]
fn an_answer_that_does_not_say_when_it_was_read_needs_the_time() {
    let answer = json!({"id": "100", "account_review_status": "APPROVED"}).to_string();
    let problem = Book::new().apply(answer.as_bytes()).unwrap_err();
    assert_eq!(problem.code(), "account/no-read-time");
    let mut state = Book::new();
    state.apply_read_at(answer.as_bytes(), Timestamp::new(T, 0).unwrap()).unwrap();
    assert_eq!(state.account(None, None, None).unwrap()["review"], "approved");
}

#[test]
fn an_unknown_event_of_an_account_asks_for_review_until_it_is_acknowledged() {
    let mut book = Book::new();
    let applied = apply(&mut book, &update(T, &json!({"event": "SOMETHING_NEW", "detail": "x"})));
    assert_eq!(applied.changes[0].outcome, ChangeOutcome::NotUnderstood);
    assert_eq!(applied.rows, ["account/100"]);
    assert!(!book.to_json().contains("detail"), "only what it is called is kept");
    let open = book.not_understood(None).unwrap();
    assert_eq!((open.len(), &open[0]["event"]), (1, &json!("SOMETHING_NEW")));
    let engine = Engine::built_in().unwrap();
    let count = |book: &Book| {
        let mut facts = engine.facts(Timestamp::new(T + 60, 0).unwrap());
        book.tell(&mut facts).unwrap();
        facts.fact(engine.schema().id("account.events_not_understood").unwrap()).clone()
    };
    assert_eq!(count(&book), Fact::Value(Given::Int(1)));
    assert_eq!(
        book.acknowledge(None, Timestamp::new(T + 50, 0).unwrap()).unwrap(),
        ["account/100"]
    );
    assert_eq!(count(&book), Fact::Absent);
    // Another one asks again.
    apply(&mut book, &update(T + 10, &json!({"event": "SOMETHING_NEWER"})));
    assert_eq!(count(&book), Fact::Value(Given::Int(1)));
}

/// Nobody knows what a new field is about: it asks, and nothing of its contents is kept.
#[test]
fn a_field_that_nobody_knows_asks_for_review_and_keeps_no_word_of_it() {
    let mut book = Book::new();
    let value = json!({"secret": "a private word"});
    let event =
        json!({"entry": [{"id": "100", "time": T, "changes": [{"field": "x", "value": value}]}]});
    let applied = apply(&mut book, &event);
    assert_eq!(applied.changes[0].outcome, ChangeOutcome::NotUnderstood);
    assert_eq!(book.not_understood(None).unwrap().len(), 1);
    assert!(!book.to_json().contains("private"));
}

/// A ban counts under the label of messages that somebody echoes, too.
#[test]
fn what_is_grave_counts_whatever_the_label_says() {
    let ban = json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}});
    for field in ["flows", "history", "smb_message_echoes", "calls", "group_lifecycle_update"] {
        let event = json!({"entry": [{"id": "100", "time": T, "changes": [{"field": field, "value": ban}]}]});
        let mut book = Book::new();
        assert_eq!(apply(&mut book, &event).changes[0].outcome, ChangeOutcome::Applied, "{field}");
        let restrictions = &book.account(None, None, None).unwrap()["restrictions"];
        assert_eq!(restrictions[0]["kind"], "account_disabled", "{field}");
    }
}

/// A message that failed for no reason that is told may have failed for any.
#[test]
fn a_failure_without_an_error_asks_for_review() {
    for (status, outcome) in [
        (json!({"status": "failed"}), ChangeOutcome::Applied),
        (json!({"status": "failed", "errors": []}), ChangeOutcome::Applied),
        (json!({"status": "account_blocked"}), ChangeOutcome::NotUnderstood),
        (json!("failed"), ChangeOutcome::NotUnderstood),
        (json!({"status": "delivered"}), ChangeOutcome::Passed),
        (json!({"status": "failed", "type": "payment"}), ChangeOutcome::Passed),
    ] {
        let mut status = status;
        if let Some(members) = status.as_object_mut() {
            members.insert("recipient_id".to_owned(), json!("34600000000"));
            members.insert("timestamp".to_owned(), json!("1772442000"));
        }
        let value = json!({"metadata": {"phone_number_id": "1"}, "statuses": [status.clone()]});
        let event = json!({"entry": [{"id": "100", "time": T, "changes": [{"field": "messages", "value": value}]}]});
        let mut book = Book::new();
        assert_eq!(apply(&mut book, &event).changes[0].outcome, outcome, "{status}");
    }
}

#[test]
fn an_alert_that_no_page_has_asks_for_review_until_it_is_over() {
    for (kind, status, outcome) in [
        ("ACCOUNT_SUSPENDED", "ACTIVE", ChangeOutcome::NotUnderstood),
        ("ACCOUNT_SUSPENDED", "NONE", ChangeOutcome::Noted),
        ("INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED", "ACTIVE", ChangeOutcome::Noted),
    ] {
        let value = json!({"entity_type": "WABA", "entity_id": "100", "alert_severity": "CRITICAL", "alert_status": status, "alert_type": kind});
        let event = json!({"entry": [{"id": "100", "time": T, "changes": [{"field": "account_alerts", "value": value}]}]});
        let mut book = Book::new();
        assert_eq!(apply(&mut book, &event).changes[0].outcome, outcome, "{kind} {status}");
    }
}

/// A limit that is lower than it was, or told twice, or `null`, is not the limit of before.
#[test]
fn a_limit_that_is_not_given_is_unknown() {
    let event = |field: &str, time: i64, value: Value| json!({"entry": [{"id": "100", "time": time, "changes": [{"field": field, "value": value}]}]});
    let quality = |members: Value| {
        let mut value = json!({"display_phone_number": "34600000000", "event": "DOWNGRADE"});
        let (all, more) = (value.as_object_mut().unwrap(), members);
        all.extend(more.as_object().unwrap().clone());
        ("phone_number_quality_update", value)
    };
    for (field, value) in [
        quality(json!({})),
        quality(json!({"current_limit": null})),
        quality(json!({"current_limit": "TIER_NOT_SET"})),
        quality(
            json!({"current_limit": "TIER_250", "max_daily_conversations_per_business": "TIER_UNLIMITED"}),
        ),
        (
            "business_capability_update",
            json!({"max_daily_conversations_per_business": null, "max_phone_numbers_per_waba": 25}),
        ),
    ] {
        let mut book = Book::new();
        let before = json!({"max_daily_conversations_per_business": 2000});
        apply(&mut book, &event("business_capability_update", T, before));
        assert_eq!(book.account(None, None, None).unwrap()["daily_limit"], 2000);
        apply(&mut book, &event(field, T + 60, value.clone()));
        assert!(book.account(None, None, None).unwrap().get("daily_limit").is_none(), "{value}");
    }
}

/// Where a word is expected, a sentence may be what somebody wrote.
#[test]
fn a_sentence_in_the_place_of_an_event_is_not_kept() {
    for field in ["x", "account_update"] {
        let value = json!({"event": "a private sentence"});
        let event = json!({"entry": [{"id": "100", "time": T, "changes": [{"field": field, "value": value}]}]});
        let mut book = Book::new();
        assert_eq!(apply(&mut book, &event).changes[0].outcome, ChangeOutcome::NotUnderstood);
        assert!(!book.to_json().contains("private"), "{}", book.to_json());
    }
}

#[test]
fn what_concerns_no_account_is_passed_and_leaves_nothing_behind() {
    for field in ["flows", "smb_message_echoes", "history", "calls", "group_lifecycle_update"] {
        // These come without a time, too.
        let value = json!({"secret": "a private word", "messages": [{"body": "a private word"}]});
        let event =
            json!({"entry": [{"id": "100", "changes": [{"field": field, "value": value}]}]});
        let mut book = Book::new();
        assert_eq!(apply(&mut book, &event).changes[0].outcome, ChangeOutcome::Passed, "{field}");
        assert!(book.is_empty());
    }
    for event in [
        json!({"object": "user", "entry": [{"id": "0", "changed_fields": ["location"]}]}),
        json!({"object": "page", "entry": [{"id": "1", "messaging": [{"message": {"text": "x"}}]}]}),
        json!({"entry": [{"id": "0", "time": T, "changes": [{"field": "account_update", "value": {"event": "DISABLED_UPDATE"}}]}]}),
    ] {
        let mut book = Book::new();
        assert_eq!(apply(&mut book, &event).changes[0].outcome, ChangeOutcome::Passed, "{event}");
        assert!(book.is_empty());
    }
}

#[test]
fn several_changes_lie_in_one_envelope_and_one_malformed_one_spoils_no_other() {
    let good = json!({"field": "account_review_update", "value": {"decision": "APPROVED"}});
    let limit = json!({"field": "business_capability_update", "value": {"max_daily_conversations_per_business": 250}});
    let entry = |changes: Value| json!({"id": "100", "time": T, "changes": changes});
    let bad = json!({"field": "account_update", "value": {"event": 7}});
    let many = json!({"object": "whatsapp_business_account", "entry": [entry(json!([good, bad, limit])), entry(json!([good]))]});
    let mut state = Book::new();
    let report = apply(&mut state, &many);
    let outcomes: Vec<ChangeOutcome> = report.changes.iter().map(|change| change.outcome).collect();
    use ChangeOutcome::{Applied, NotUnderstood, Repeated};
    assert_eq!(outcomes, [Applied, NotUnderstood, Applied, Repeated]);
    assert_eq!(
        (state.len(), &state.account(None, None, None).unwrap()["daily_limit"]),
        (1, &json!(250))
    );
}

#[test]
fn what_cannot_be_read_is_reported_and_is_no_good_news() {
    let restriction = |value: Value| restricted(T, &json!([value]));
    for (event, outcome, note) in [
        (
            json!({"entry": [{"id": "100", "changes": [{"field": "account_update", "value": {"event": "ACCOUNT_DELETED"}}]}]}),
            ChangeOutcome::NotUnderstood,
            "does not say when it happened",
        ),
        (hook("account_update", &json!({})), ChangeOutcome::NotUnderstood, "what happened"),
        (hook("account_update", &json!([])), ChangeOutcome::NotUnderstood, "not an object"),
        (
            hook("account_review_update", &json!({"decision": null})),
            ChangeOutcome::Applied,
            "no decision",
        ),
        (banned(T, "DISABLE", "Octember 9"), ChangeOutcome::Applied, "expected a date such as"),
        (restriction(json!({"restriction_type": 3})), ChangeOutcome::Applied, "restriction type"),
        (
            restriction(
                json!({"restriction_type": "RESTRICTED_UTILITY_TEMPLATES", "expiration": "soon"}),
            ),
            ChangeOutcome::Applied,
            "expiration",
        ),
        (
            hook(
                "business_capability_update",
                &json!({"max_daily_conversations_per_business": []}),
            ),
            ChangeOutcome::Applied,
            "limit",
        ),
    ] {
        let (found, notes) = noted(&event);
        assert!(found == outcome && notes.contains(note), "{event}: {found} {notes}");
    }
    for (event, code) in [
        (json!([]), "account/not-an-event"),
        (json!({"weather": "fine"}), "account/not-an-event"),
        (json!({"field": "account_update", "value": {}}), "account/not-an-event"),
    ] {
        let problem = Book::new().apply(event.to_string().as_bytes()).unwrap_err();
        assert_eq!(problem.code(), code, "{event}");
    }
    let problem = Book::new().apply(br#"{"field": "x", "value": {}}"#).unwrap_err();
    assert!(problem.message().contains("wrap it as"), "{problem}");
    let problem = Book::new().apply(b"{").unwrap_err();
    assert_eq!(problem.code(), "account/syntax");
}

#[test]
fn a_book_has_many_accounts_and_a_campaign_is_judged_by_its_own() {
    let mut book = state(&[hook("account_review_update", &json!({"decision": "APPROVED"}))]);
    let mut other = hook("account_review_update", &json!({"decision": "REJECTED"}));
    other["entry"][0]["id"] = "200".into();
    apply(&mut book, &other);
    assert_eq!(cleartosend_account::accounts_in(other.to_string().as_bytes()).unwrap(), ["200"]);
    assert_eq!(book.accounts().collect::<Vec<_>>(), ["100", "200"]);
    assert_eq!(book.account(None, None, None).unwrap_err().code(), "account/several-accounts");
    assert_eq!(
        book.account(Some("300"), None, None).unwrap_err().code(),
        "account/no-such-account"
    );
    let engine = Engine::built_in().unwrap();
    let standing = |id: Option<&str>| {
        let mut facts = engine.facts(Timestamp::new(T + 60, 0).unwrap());
        if let Some(id) = id {
            facts.set(engine.schema().id("account.id").unwrap(), Given::string(id)).unwrap();
        }
        book.tell(&mut facts).unwrap();
        let text =
            |path: &str| facts.fact(engine.schema().id(path).unwrap()).text().map(str::to_owned);
        (text("account.review"), text("account.book_conflict"))
    };
    assert_eq!(standing(Some("100")), (Some("approved".into()), None));
    assert_eq!(standing(Some("200")), (Some("rejected".into()), None));
    assert_eq!(standing(Some("300")), (None, Some("other_account".into())));
    // Which of them sends, nobody says.
    assert_eq!(standing(None), (None, Some("other_account".into())));
    // Changes that concern partners come in an entry of the portfolio, and name the account.
    let partner = json!({"event": "PARTNER_ADDED", "waba_info": {"waba_id": "100", "owner_business_id": "300"}});
    let mut event = update(T, &partner);
    event["entry"][0]["id"] = "300".into();
    assert_eq!(apply(&mut book, &event).rows, ["account/100"]);
}

#[test]
fn what_nobody_gave_is_not_known() {
    // Without the account's beginning or a list, whether it is restricted is not known.
    let standing = account(&[hook(
        "business_capability_update",
        &json!({"max_daily_conversations_per_business": 250}),
    )]);
    assert_eq!((standing.get("restrictions"), standing.get("violations")), (None, None));
    let standing = account(&[hook("account_review_update", &json!({"decision": "APPROVED"}))]);
    assert_eq!((&standing["restrictions"], &standing["violations"]), (&json!([]), &json!([])));
}

#[test]
fn a_state_of_the_first_version_is_read() {
    let state = json!({
        "account": {"id": "100", "review": "approved", "restrictions": [], "violations": [],
            "feedback": {"delivered_7d": 10, "blocks_7d": 0, "reports_7d": 0}},
        "history": {"base": {}, "events": [
            {"at": "2025-10-09T08:53:20Z", "account": "100", "field": "account_review_update", "value": {"decision": "APPROVED"}},
            {"at": "2025-10-09T08:53:20Z", "account": "100", "field": "user_preferences",
                "value": {"wa_id": "16505551234", "category": "marketing_messages", "value": "stop", "timestamp": T}},
            {"at": "2025-10-09T08:53:20Z", "account": "100", "field": "messages",
                "value": {"code": 368, "recipient_id": "16505551234", "display_phone_number": "15550100"}},
            {"at": "2025-10-09T08:53:20Z", "field": "graph_phone_number",
                "value": {"id": "7", "display_phone_number": "+1 555 0100", "quality_rating": "RED"}},
            {"at": "2025-10-09T08:53:20Z", "account": "100", "field": "flows", "value": {"secret": "x"}}]},
        "recipients": {}});
    let book = Book::from_json(state.to_string().as_bytes()).unwrap();
    let account = book.account(None, None, None).unwrap();
    assert_eq!(account["feedback"]["delivered_7d"], 10);
    assert_eq!((&account["review"], &account["quality"]), (&json!("approved"), &json!("red")));
    assert_eq!(account["restrictions"], json!([{"since": "2025-10-09T08:53:20Z"}]));
    assert!(stopped(&recipient(&book)) && !book.to_json().contains("secret"));
    for (state, code, path) in [
        (json!({"acount": {}}), "account/unknown-member", "acount"),
        (json!({"account": {"quality": "purple"}}), "account/bad-account", "account.quality"),
        (
            json!({"history": {"events": [{"at": 1_760_000_000, "field": "x", "value": 2}]}}),
            "account/wrong-type",
            "history.events[0].value",
        ),
        (
            json!({"history": {"events": [{"at": "soon", "field": "x", "value": {}}]}}),
            "account/bad-instant",
            "history.events[0].at",
        ),
        (
            json!({"book": 1, "rows": {"shop/1": {"v": 1, "registers": {}}}}),
            "account/bad-key",
            "rows.shop/1",
        ),
        (
            json!({"book": 1, "rows": {"account/1": {"v": 1, "registers": {"review": [["soon", "approved"]]}}}}),
            "account/bad-row",
            "rows.account/1.registers.review[0]",
        ),
    ] {
        let problem = Book::from_json(state.to_string().as_bytes()).unwrap_err();
        assert_eq!((problem.code(), problem.path()), (code, path));
    }
}

/// Events of every kind, with few names, numbers and instants, so that they meet.
fn random_event(random: &mut Rng) -> Value {
    let time = T + random.i64(0..6) * 3600;
    let pick = |random: &mut Rng, words: &[&str]| words[random.usize(0..words.len())].to_owned();
    let template = |random: &mut Rng| json!({"message_template_id": 1, "message_template_name": pick(random, &["a", "b"]), "message_template_language": pick(random, &["es", "en"])});
    let merge = |mut value: Value, more: &Value| {
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    };
    let under = |random: &mut Rng, mut event: Value| {
        event["entry"][0]["id"] = pick(random, &["100", "101", "900"]).into();
        event
    };
    match random.u8(0..18) {
        // What names a number under one of several ids, and what a number's health names.
        12 => {
            let mut event = banned(
                time,
                &pick(random, &["DISABLE", "REINSTATE"]),
                &pick(random, &["October 9, 2025", "October 10, 2025"]),
            );
            let name = pick(random, &["phone_number", "phone_number_id"]);
            let number = pick(random, &["1555", "1556", "7", "x"]);
            event["entry"][0]["changes"][0]["value"][name] = number.into();
            under(random, event)
        }
        13 => {
            let list: Vec<Value> = (0..random.usize(0..2))
                .map(|_| json!({"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": time + random.i64(-2..9) * 3600}))
                .collect();
            let mut event = restricted(time, &list.into());
            event["entry"][0]["changes"][0]["value"]["phone_number"] =
                pick(random, &["1555", "1556"]).into();
            under(random, event)
        }
        14 => {
            let state = pick(random, &["AVAILABLE", "BLOCKED"]);
            let entity = |kind: &str, id: &str| json!({"entity_type": kind, "id": id, "can_send_message": state});
            let own = pick(random, &["PHONE_NUMBER", "FLOW", "MESSAGE_TEMPLATE", "CATALOG"]);
            let entities =
                json!([entity(&own, "7"), entity("WABA", &pick(random, &["100", "101", "1"]))]);
            json!({"read_at": time, "answer": {"id": "7", "health_status": {"can_send_message": state, "entities": entities}}})
        }
        15 => {
            let account = pick(random, &["100", "101"]);
            json!({"read_at": time, "account": account, "answer": {"id": pick(random, &["7", "8"]), "display_phone_number": pick(random, &["1555", "1556"]), "quality_rating": "GREEN"}})
        }
        16 => {
            let strange = pick(random, &["trace", "account_lock", "is_limited"]);
            let mut sent = json!({"messaging_product": "whatsapp", "contacts": [{"wa_id": "1555"}], "messages": [{"id": "w"}]});
            sent[strange.as_str()] = json!(random.bool());
            let event = hook_at(time, "messages", &sent);
            if random.bool() {
                event
            } else {
                json!({"read_at": time, "account": "100", "answer": sent})
            }
        }
        17 => {
            let answers = [
                json!({"success": true}),
                json!({"success": false}),
                json!({"username": "a", "status": "reserved"}),
                json!({"messaging_product": "whatsapp", "block_users": {}, "errors": [{"code": 139_100}, {"code": 131_031}]}),
                json!({"id": "1", "name": "f", "status": "DRAFT"}),
            ];
            json!({"read_at": time, "account": "100", "answer": random.choice(&answers)})
        }
        0 => update(
            time,
            &json!({"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": pick(random, &["ALCOHOL", "SCAM", "NEW"])}}),
        ),
        1 | 2 => {
            let types = [
                "RESTRICTED_BIZ_INITIATED_MESSAGING",
                "RESTRICTED_CUSTOMER_INITIATED_MESSAGING",
                "RESTRICTED_ADD_PHONE_NUMBER_ACTION",
                "NEW",
            ];
            let list: Vec<Value> = (0..random.usize(0..3))
                .map(|_| json!({"restriction_type": pick(random, &types), "expiration": time + random.i64(-2..9) * 3600}))
                .collect();
            restricted(time, &list.into())
        }
        3 => banned(
            time,
            &pick(random, &["SCHEDULE_FOR_DISABLE", "DISABLE", "REINSTATE", "NEW"]),
            &pick(random, &["October 9, 2025", "October 10, 2025"]),
        ),
        4 => hook_at(
            time,
            "account_review_update",
            &json!({"decision": pick(random, &["APPROVED", "REJECTED"])}),
        ),
        5 => hook_at(
            time,
            "business_capability_update",
            &json!({"max_daily_conversations_per_business": pick(random, &["TIER_250", "TIER_2K", "NEW"])}),
        ),
        6 => hook_at(
            time,
            "message_template_status_update",
            &merge(template(random), &json!({"event": pick(random, &["APPROVED", "PAUSED"])})),
        ),
        7 => hook_at(
            time,
            "template_category_update",
            &merge(
                template(random),
                &json!({"new_category": "UTILITY", "correct_category": "MARKETING", "category_update_timestamp": time + 5000}),
            ),
        ),
        8 => failed(&json!(random.choice([368, 131_031, 131_050]).unwrap())),
        9 => {
            json!({"read_at": time, "answer": {"id": "7", "display_phone_number": "1555", "status": pick(random, &["BANNED", "CONNECTED"]), "quality_rating": pick(random, &["RED", "GREEN"])}})
        }
        10 => {
            json!({"read_at": time, "answer": {"id": "100", "health_status": {"can_send_message": pick(random, &["AVAILABLE", "BLOCKED"]), "entities": []}}})
        }
        _ => update(
            time,
            &json!({"event": pick(random, &["NEW", "ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED"])}),
        ),
    }
}

#[test]
fn the_same_events_in_any_order_repeated_and_in_parts_give_the_same_rows() {
    let mut random = Rng::with_seed(cleartosend_tests::generate::seed(11));
    for _ in 0..300 {
        let mut events: Vec<Value> =
            (0..random.usize(1..14)).map(|_| random_event(&mut random)).collect();
        let expected = state(&events).to_json();
        for _ in 0..3 {
            let repeated = random.choice(&events).cloned();
            events.extend(repeated);
            random.shuffle(&mut events);
            assert_eq!(state(&events).to_json(), expected, "{events:#?}");
        }
        // Kept apart and joined, in whatever way.
        let place = random.usize(0..=events.len());
        let (left, right) = (state(&events[..place]), state(&events[place..]));
        let join = |a: &Book, b: &Book| {
            let mut joined = a.clone();
            joined.merge(b);
            joined
        };
        let joined = join(&left, &right);
        assert_eq!(joined.to_json(), expected);
        assert_eq!(join(&right, &left), joined);
        assert!(joined.clone().merge(&joined.clone()).is_empty());
        let third = state(&[random_event(&mut random)]);
        assert_eq!(join(&join(&left, &right), &third), join(&left, &join(&right, &third)));
        let again = Book::from_json(expected.as_bytes())
            .unwrap_or_else(|error| panic!("{error}\n{expected}"));
        assert_eq!(again.to_json(), expected);
        // Whatever came, a campaign document takes it, of any account.
        let engine = Engine::built_in().unwrap();
        for account in ["100", "101"] {
            let mut facts = engine.facts(Timestamp::new(T + 7200, 0).unwrap());
            facts.set_text(engine.schema().id("account.id").unwrap(), account).unwrap();
            again.tell(&mut facts).unwrap();
        }
    }
}

/// Changes one thing somewhere in a value.
fn mutate(random: &mut Rng, value: &mut Value) {
    let strange = [
        json!(null),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("é"),
        json!([]),
        json!({}),
        json!([[{}]]),
        json!(i64::MAX),
        json!("99999999999999999999"),
        json!(true),
    ];
    match value {
        Value::Object(members) if !members.is_empty() && random.u8(0..4) > 0 => {
            let name = members.keys().nth(random.usize(0..members.len())).unwrap().clone();
            if random.u8(0..6) == 0 {
                members.remove(&name);
            } else {
                mutate(random, &mut members[&name]);
            }
        }
        Value::Array(items) if !items.is_empty() && random.u8(0..4) > 0 => {
            let place = random.usize(0..items.len());
            mutate(random, &mut items[place]);
        }
        other => *other = random.choice(&strange).unwrap().clone(),
    }
}

#[test]
fn no_mutation_of_an_event_or_a_state_panics_and_a_refused_one_changes_nothing() {
    let mut random = Rng::with_seed(cleartosend_tests::generate::seed(12));
    let (mut refused, mut taken) = (0, 0);
    for _ in 0..6000 {
        let mut event = random_event(&mut random);
        mutate(&mut random, &mut event);
        let mut state = state(&[random_event(&mut random)]);
        let before = state.to_json();
        match state.apply(event.to_string().as_bytes()) {
            Ok(_) => {
                taken += 1;
                let written = state.to_json();
                assert_eq!(
                    Book::from_json(written.as_bytes()).map(|state| state.to_json()).as_ref(),
                    Ok(&written),
                    "{event}"
                );
            }
            Err(_) => {
                refused += 1;
                assert_eq!(state.to_json(), before);
            }
        }
        let mut written: Value = serde_json::from_str(&before).unwrap();
        mutate(&mut random, &mut written);
        let _ = Book::from_json(written.to_string().as_bytes());
        let mut bytes = event.to_string().into_bytes();
        bytes.truncate(random.usize(0..=bytes.len()));
        let _ = Book::new().apply(&bytes);
    }
    assert!(refused > 100 && taken > 500, "{refused} refused, {taken} taken");
}
