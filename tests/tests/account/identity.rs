//! Whose word an event is: of which account, portfolio, number or person, and what it is taken for
//! where that cannot be read.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cleartosend::{Engine, Facts, Timestamp, Verdict};
use cleartosend_account::{Applied, Book, ChangeOutcome};
use serde_json::{Value, json};

/// 2026-03-02T00:00:00Z.
const T: i64 = 1_772_409_600;
/// The account, one of its numbers by its id and as it is shown, and the portfolio.
const A: &str = "100000000000001";
const N: &str = "200000000000001";
const SHOWN: &str = "34600111222";
const P: &str = "900000000000001";

fn under(id: &str, time: i64, field: &str, value: &Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": id, "time": time,
        "changes": [{"field": field, "value": value}]}]})
}

fn update(id: &str, time: i64, value: &Value) -> Value {
    under(id, time, "account_update", value)
}

fn answer(answer: &Value) -> Value {
    json!({"read_at": at(T + 3600).to_string(), "answer": answer})
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(seconds, 0).unwrap()
}

fn apply(book: &mut Book, event: &Value) -> Applied {
    book.apply(event.to_string().as_bytes()).unwrap()
}

/// A book in which the account stands well, with one number, in a portfolio.
fn well() -> Book {
    let mut book = Book::new();
    let node = json!({"id": A, "account_review_status": "APPROVED",
        "business_verification_status": "verified", "owner_business_info": {"id": P},
        "whatsapp_business_manager_messaging_limit": "TIER_10K",
        "phone_numbers": {"data": [{"id": N, "display_phone_number": SHOWN,
            "quality_rating": "GREEN", "status": "CONNECTED", "name_status": "APPROVED"}]}});
    let read_at = at(T - 86_400).to_string();
    apply(&mut book, &json!({"read_at": read_at, "account": A, "answer": node}));
    book
}

fn after(events: &[Value]) -> Book {
    let mut book = well();
    for event in events {
        apply(&mut book, event);
    }
    book
}

/// What a check of an ordinary campaign of the account says on the next day, with some members of
/// the document changed.
fn verdict_of(book: &Book, changes: &Value) -> Verdict {
    let text = include_str!("../../../examples/clean-campaign.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    document["account"]["id"] = A.into();
    for (path, value) in changes.as_object().unwrap() {
        set(&mut document, path, value.clone());
    }
    let engine = Engine::built_in().unwrap();
    let text = document.to_string();
    let mut facts = Facts::from_json_at(engine.schema(), text.as_bytes(), at(T + 86_400)).unwrap();
    book.tell(&mut facts).unwrap();
    engine.check(&facts).unwrap().verdict()
}

fn set(document: &mut Value, path: &str, value: Value) {
    let (outer, inner) = path.split_once('.').unwrap();
    document[outer][inner] = value;
}

fn verdict(book: &Book) -> Verdict {
    verdict_of(book, &json!({}))
}

fn ban() -> Value {
    json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}})
}

#[test]
fn what_comes_under_the_portfolios_id_counts_for_its_accounts() {
    assert_eq!(verdict(&well()), Verdict::Allow);
    let stop = json!({"user_preferences": [{"wa_id": "34600000000",
        "category": "marketing_messages", "value": "stop", "timestamp": T}]});
    let country = json!({"event": "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", "country": "IR"});
    let violation = json!({"event": "ACCOUNT_VIOLATION",
        "violation_info": {"violation_type": "ADULT"}});
    let limit = json!({"max_daily_conversations_per_business": "TIER_250"});
    let blocked = json!({"id": P, "health_status": {"can_send_message": "BLOCKED"}});
    for event in [
        update(P, T, &ban()),
        update(P, T, &violation),
        update(P, T, &country),
        update(P, T, &json!({"event": "PARTNER_REMOVED"})),
        under(P, T, "business_capability_update", &limit),
        under(P, T, "account_review_update", &json!({"decision": "REJECTED"})),
        under(P, T, "user_preferences", &stop),
        answer(&blocked),
    ] {
        assert_ne!(verdict(&after(std::slice::from_ref(&event))), Verdict::Allow, "{event}");
    }
}

/// What the book says of a member of the account, on the next day.
fn member(book: &Book, name: &str) -> Value {
    book.account(Some(A), Some(at(T + 86_400)), None).unwrap()[name].clone()
}

#[test]
fn a_limit_that_names_no_account_counts_where_it_is_lower() {
    let limit = |id: &Value, limit: &Value| {
        let value = json!({"max_daily_conversations_per_business": limit});
        let mut event = under(A, T, "business_capability_update", &value);
        event["entry"][0]["id"] = id.clone();
        event
    };
    for second in [false, true] {
        for id in [json!(null), json!({"a": 1}), json!("")] {
            let said = |word: Value| {
                let mut book = well();
                if second {
                    let other =
                        json!({"id": "100000000000002", "account_review_status": "APPROVED"});
                    apply(&mut book, &answer(&other));
                }
                let applied = apply(&mut book, &limit(&id, &word));
                assert_ne!(applied.changes[0].outcome, ChangeOutcome::Passed);
                (member(&book, "daily_limit"), verdict(&book))
            };
            assert_eq!(said(json!("TIER_250")), (json!(250), Verdict::Deny), "{id}");
            assert_eq!(said(json!("TIER_UNLIMITED")), (json!(10_000), Verdict::Allow), "{id}");
            assert_eq!(said(json!("TIER_HUGE")), (json!(null), Verdict::Review), "{id}");
        }
    }
    // Where nothing is known of the account's own, the document's may be too high.
    let mut book = Book::new();
    apply(&mut book, &answer(&json!({"id": A, "account_review_status": "APPROVED"})));
    apply(&mut book, &limit(&json!(null), &json!("TIER_250")));
    assert_eq!(verdict(&book), Verdict::Review);
    assert_eq!(verdict_of(&book, &json!({"account.daily_limit": 250})), Verdict::Deny);
}

/// 2025-10-07T00:00:00Z, the day on which limits moved from numbers to portfolios.
const MOVED: i64 = 1_759_795_200;

/// What a check says of the limit on a day, for so many people, to a document that gives none.
fn of_limit(book: &Book, (id, number): (&str, &str), day: i64, audience: i64) -> Option<Verdict> {
    let text = include_str!("../../../examples/clean-campaign.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    document["account"]["id"] = id.into();
    document["account"]["number"] = number.into();
    document["account"].as_object_mut().unwrap().remove("daily_limit");
    document["campaign"]["audience_size"] = audience.into();
    let engine = Engine::built_in().unwrap();
    let text = document.to_string();
    let mut facts = Facts::from_json_at(engine.schema(), text.as_bytes(), at(day)).unwrap();
    book.tell(&mut facts).unwrap();
    let decision: Value = serde_json::from_str(&engine.check(&facts).unwrap().to_json()).unwrap();
    let findings = decision["findings"].as_array().unwrap();
    let of_limit = |finding: &&Value| finding["rule"] == "limits.audience-over-daily-limit";
    match findings.iter().find(of_limit).map(|finding| finding["status"].as_str().unwrap()) {
        None | Some("satisfied") => Some(Verdict::Allow),
        Some("violated") => Some(Verdict::Deny),
        Some("undetermined") => Some(Verdict::Review),
        Some(_) => None,
    }
}

#[test]
fn limits_of_numbers_are_their_own_until_the_portfolios_have_that_of_the_best() {
    use Verdict::{Allow, Deny, Review};
    const MONTH: i64 = 30 * 86_400;
    let (before, since) = (MOVED - MONTH, MOVED + MONTH);
    let [b, alone] = ["100000000000002", "100000000000003"];
    let numbers = [(A, "+34600111222"), (A, "+34600111333"), (b, "+34600111444")];
    let node = |id: &str, portfolio: &str, numbers: &[&str]| {
        let numbers: Vec<Value> = numbers
            .iter()
            .map(|shown| json!({"id": format!("2{shown}"), "display_phone_number": shown}))
            .collect();
        let node = json!({"id": id, "owner_business_info": {"id": portfolio},
            "phone_numbers": {"data": numbers}});
        json!({"read_at": at(MOVED - 12 * MONTH).to_string(), "account": id, "answer": node})
    };
    let book = |events: &[Value]| {
        let mut book = Book::new();
        apply(&mut book, &node(A, P, &["34600111222", "34600111333"]));
        apply(&mut book, &node(b, P, &["34600111444"]));
        apply(&mut book, &node(alone, "901", &["34600111555"]));
        for event in events {
            apply(&mut book, event);
        }
        book
    };
    let tier = |id: &str, time: i64, number: &str, limit: &str| {
        under(
            id,
            time,
            "phone_number_quality_update",
            &json!({"display_phone_number": number,
            "event": "UPGRADE", "current_limit": limit}),
        )
    };
    let capability = |id: &str, time: i64, limit: i64| {
        let value = json!({"max_daily_conversation_per_phone": limit});
        under(id, time, "business_capability_update", &value)
    };
    let of = |events: &[Value], day: i64, audience: i64| {
        let book = book(events);
        numbers.map(|of| of_limit(&book, of, day, audience).unwrap())
    };
    let (early, late) = (MOVED - 8 * MONTH, MOVED - 7 * MONTH);
    // An account's word raises and lowers nothing of another's number, and raises none of several.
    let low = [tier(b, early, "34600111444", "TIER_250"), capability(A, late, 10_000)];
    assert_eq!(of(&low, before, 1500), [Allow, Allow, Deny]);
    let low = [tier(A, early, "34600111222", "TIER_250"), capability(A, late, 10_000)];
    assert_eq!(of(&low, before, 1500)[..2], [Deny, Allow]);
    let high = [tier(b, early, "34600111444", "TIER_10K"), capability(A, late, 250)];
    assert_eq!(of(&high, before, 1500), [Deny, Deny, Allow]);
    // It may be of this one of several, and is that of an only one.
    let lower = [tier(A, early, "34600111222", "TIER_10K"), capability(A, late, 250)];
    assert_eq!(of(&lower, before, 1500)[..2], [Review, Deny]);
    let only = [tier(b, early, "34600111444", "TIER_250"), capability(b, late, 10_000)];
    assert_eq!(of(&only, before, 1500)[2], Allow);
    // The portfolio has the limit of its best number; where not all are known, at least that.
    let two = [tier(A, early, "34600111222", "TIER_1K"), tier(A, late, "34600111333", "TIER_10K")];
    assert_eq!(of(&two, before, 1500)[..2], [Deny, Allow]);
    assert_eq!(of(&two, since, 1500)[..2], [Allow, Allow]);
    assert_eq!(of(&two, since, 15_000)[..2], [Review, Review]);
    let one = [tier(alone, early, "34600111555", "TIER_1K")];
    let one = book(&one);
    let of_one = |audience| of_limit(&one, (alone, "+34600111555"), since, audience).unwrap();
    assert_eq!((of_one(900), of_one(1500)), (Allow, Deny));
    // A word since then is the portfolio's.
    let mut later = two.to_vec();
    later.push(tier(A, MOVED + 60, "34600111222", "TIER_250"));
    assert_eq!(of(&later, since, 1500), [Deny; 3]);
}

#[test]
fn a_business_that_is_read_says_what_holds_for_all_of_its_accounts() {
    let business = |time: i64, more: Value| {
        let mut node = json!({"id": P, "name": "Shop SL"});
        node.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"read_at": at(time).to_string(), "answer": node})
    };
    let status = |status: &str| json!({"verification_status": status});
    let verification = |events: &[Value]| member(&after(events), "verification");
    let mut book = well();
    let applied = apply(&mut book, &business(T, status("not_verified")));
    assert_eq!(applied.changes[0].outcome, ChangeOutcome::Applied, "{applied:?}");
    assert_eq!(applied.rows, [format!("portfolio/{P}")]);
    assert_eq!(member(&book, "verification"), "unverified");
    // Fields of a business that say nothing of what may be sent.
    let full = json!({"verification_status": "verified", "vertical": "RETAIL", "link": "https://x",
        "created_time": "2020-01-01T00:00:00+0000", "two_factor_type": "all_required",
        "timezone_id": 7, "primary_page": {"id": "5", "name": "Shop"}, "is_hidden": false,
        "block_offline_analytics": true, "profile_picture_uri": "https://x/y.png"});
    for node in [status("verified"), full, json!({"two_factor_type": "none"})] {
        assert_eq!(verdict(&after(&[business(T, node.clone())])), Verdict::Allow, "{node}");
    }
    // The later word holds, whichever of the two it is of.
    let own = |time: i64, status: &str| {
        json!({"read_at": at(time).to_string(), "answer":
            {"id": A, "business_verification_status": status}})
    };
    for (events, expected) in [
        (vec![own(T, "pending"), business(T + 60, status("verified"))], json!("verified")),
        (vec![business(T, status("rejected")), own(T + 60, "verified")], json!("verified")),
        (vec![business(T, status("SOMETHING_NEW"))], json!(null)),
        (vec![business(T, json!({"verification_status": null}))], json!(null)),
    ] {
        assert_eq!(verification(&events), expected, "{events:?}");
    }
    // Of another business it says nothing.
    let mut other = business(T, status("rejected"));
    other["answer"]["id"] = "900000000000002".into();
    assert_eq!(verification(std::slice::from_ref(&other)), "verified");
    // Unless the caller says whose it is.
    other["account"] = A.into();
    assert_eq!(verification(&[other]), "rejected");
    // An account that is owned for a client is not verified with the portfolio.
    let owned = json!({"read_at": at(T).to_string(), "answer": {"id": A,
        "ownership_type": "ON_BEHALF_OF", "business_verification_status": "pending"}});
    assert_eq!(verification(&[owned, business(T + 60, status("verified"))]), "pending");
    // The limit is the portfolio's; a stop of unknown kind holds for all.
    let limit = json!({"verification_status": "verified",
        "whatsapp_business_manager_messaging_limit": "TIER_250"});
    assert_eq!(member(&after(&[business(T, limit)]), "daily_limit"), 250);
    for strange in [
        json!({"verification_status": "verified", "is_disabled_for_integrity_reasons": true}),
        json!({"verification_status": "verified", "status": "RESTRICTED"}),
        json!({"verification_status": "verified", "health_status": {"can_send_message": "BLOCKED"}}),
    ] {
        assert_ne!(verdict(&after(&[business(T, strange.clone())])), Verdict::Allow, "{strange}");
    }
}

#[test]
fn a_campaign_that_names_no_account_is_of_that_of_its_number() {
    let mut book = well();
    let other = json!({"id": "100000000000002", "account_review_status": "REJECTED",
        "phone_numbers": {"data": [{"id": "200000000000005",
            "display_phone_number": "34600222333", "quality_rating": "GREEN"}]}});
    apply(&mut book, &answer(&other));
    let of = |number: Value| json!({"account.id": null, "account.number": number});
    for number in [json!(format!("+{SHOWN}")), json!(N)] {
        assert_eq!(verdict_of(&book, &of(number.clone())), Verdict::Allow, "{number}");
    }
    assert_ne!(verdict_of(&book, &of(json!("+34600222333"))), Verdict::Allow);
    // Of several accounts nobody knows which sends, and one may be banned.
    for number in [json!(null), json!("+34600999999")] {
        assert_eq!(verdict_of(&book, &of(number.clone())), Verdict::Review, "{number}");
    }
    // The only account is meant where there is one, whatever came under its portfolio's id.
    assert_eq!(verdict_of(&well(), &of(json!(null))), Verdict::Allow);
    let limit = json!({"max_daily_conversations_per_business": "TIER_10K"});
    let book = after(&[under(P, T, "business_capability_update", &limit)]);
    assert_eq!(book.accounts().collect::<Vec<_>>(), [A]);
    assert_eq!(verdict_of(&book, &of(json!(null))), Verdict::Allow);
}

#[test]
fn accounts_within_a_business_are_read_as_its_own() {
    let node = json!({"id": P, "name": "Shop SL", "owned_whatsapp_business_accounts": {"data": [
        {"id": A, "account_review_status": "REJECTED"},
        {"id": "100000000000002", "account_review_status": "APPROVED",
            "whatsapp_business_manager_messaging_limit": "TIER_250"}]},
        "client_whatsapp_business_accounts": {"data": [
            {"id": "100000000000003", "business_verification_status": "rejected"}]}});
    let book = after(&[json!({"read_at": at(T).to_string(), "answer": node})]);
    assert_eq!(member(&book, "review"), "rejected");
    assert_eq!(member(&book, "daily_limit"), 250);
    assert_eq!(member(&book, "verification"), "verified");
    let other = book.account(Some("100000000000003"), None, None).unwrap();
    assert_eq!(other["verification"], "rejected");
}

#[test]
fn what_comes_under_the_portfolios_id_ends_nothing_of_an_account() {
    let listed = json!({"event": "ACCOUNT_RESTRICTION", "restriction_info":
        [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": T + 864_000}]});
    let none = json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": []});
    let healthy = json!({"id": P, "health_status": {"can_send_message": "AVAILABLE"}});
    let back = json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}});
    let review = |decision: &str| json!({"decision": decision});
    for (stop, end) in [
        (update(A, T, &listed), update(P, T + 60, &none)),
        (update(A, T, &ban()), answer(&healthy)),
        (update(A, T, &ban()), update(P, T + 60, &back)),
        (
            under(A, T, "account_review_update", &review("REJECTED")),
            under(P, T + 60, "account_review_update", &review("APPROVED")),
        ),
    ] {
        assert_eq!(verdict(&after(&[stop.clone(), end.clone()])), Verdict::Deny, "{end}");
    }
    // What came under the portfolio's id ends under it.
    let events = [update(P, T, &ban()), update(P, T + 60, &back)];
    assert_eq!(verdict(&after(&events)), Verdict::Allow);
    // An appeal is a person's own word on all that stops the account.
    let mut book = after(&events[..1]);
    book.appeal(Some(A), None, at(T + 120), "won").unwrap();
    assert_eq!(verdict(&book), Verdict::Allow);
}

#[test]
fn an_event_whose_account_cannot_be_read_may_be_of_any() {
    // Of a partner, who is told of the events of many accounts.
    const PARTNER: &str = "2949482758682047";
    for info in [
        json!("x"),
        json!([{"waba_id": A}]),
        json!({"id": A}),
        json!({"waba_id": null}),
        json!({"waba_id": {"a": 1}}),
        json!({"waba_id": "ZORK"}),
        json!({"owner_business_id": P}),
        json!(7),
        json!(null),
    ] {
        let mut event = ban();
        event["waba_info"] = info;
        let mut book = well();
        let applied = apply(&mut book, &update(PARTNER, T, &event));
        assert_eq!(applied.changes[0].outcome, ChangeOutcome::NotUnderstood, "{event}");
        assert_eq!(verdict(&book), Verdict::Review, "{event}");
        // Nothing is lost of what may be the entry's own.
        assert!(book.row(&format!("account/{PARTNER}")).unwrap().contains("disabled"), "{event}");
        book.acknowledge(Some(A), at(T + 60)).unwrap();
        assert_eq!(verdict(&book), Verdict::Allow, "{event}");
    }
    let mut event = ban();
    event["waba_id"] = A.into();
    assert_eq!(verdict(&after(&[update(PARTNER, T, &event)])), Verdict::Deny);
    // An account whose events came in a partner's entry is stopped by what comes there unnamed.
    let added = json!({"event": "PARTNER_ADDED", "waba_info": {"waba_id": A}});
    let added = update(PARTNER, T - 60, &added);
    for (event, expected) in
        [(ban(), Verdict::Deny), (json!({"event": "SOMETHING_NEW"}), Verdict::Review)]
    {
        let events = [added.clone(), update(PARTNER, T, &event)];
        assert_eq!(verdict(&after(&events)), expected, "{event}");
    }
}

#[test]
fn a_list_of_restrictions_that_names_a_number_is_ended_by_none_of_another() {
    let list = |number: &Value, list: &Value| json!({"event": "ACCOUNT_RESTRICTION", "phone_number": number, "restriction_info": list});
    let block = json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
        "expiration": T + 864_000}]);
    let own = update(A, T, &list(&json!(SHOWN), &block));
    let other = json!("34600999333");
    let end = |number: &Value| update(A, T + 60, &list(number, &json!([])));
    let number = json!({"account.number": format!("+{SHOWN}")});
    for (events, expected) in [
        (vec![own.clone()], Verdict::Deny),
        (vec![own.clone(), end(&other)], Verdict::Deny),
        (vec![own.clone(), end(&json!(SHOWN))], Verdict::Allow),
        (vec![own.clone(), end(&json!({"a": 1}))], Verdict::Deny),
        // Whether the block of another number stops this one is not known.
        (vec![update(A, T, &list(&other, &block))], Verdict::Review),
    ] {
        let book = after(&events);
        assert_eq!(verdict_of(&book, &number), expected, "{events:?}");
    }
    // Of a number that the book has, under whatever entry.
    let events = [update("2949482758682047", T, &list(&json!(SHOWN), &block))];
    assert_eq!(verdict_of(&after(&events), &number), Verdict::Deny);
}

#[test]
fn an_answer_with_little_beside_an_id_counts_for_whatever_has_the_id() {
    let health = |members: &Value| json!({"id": N, "health_status": members});
    for event in [
        json!({"id": A, "status": "BANNED"}),
        json!({"id": A, "status": "ZORK"}),
        json!({"id": A, "status": null}),
        health(&json!({"can_send_message": "BLOCKED"})),
        health(&json!("ZORK")),
        health(&json!({"can_send_message": "BLOCKED", "entities": [{"entity_type": "ZORK",
            "id": N, "can_send_message": "BLOCKED"}]})),
        health(&json!({"can_send_message": "BLOCKED", "entities": [{"entity_type":
            "PHONE_NUMBER", "id": "77777", "can_send_message": "BLOCKED"}]})),
    ] {
        let mut book = after(&[answer(&event)]);
        assert_ne!(verdict(&book), Verdict::Allow, "{event}");
        // A number that was taken for an account is none.
        assert_eq!(book.accounts().collect::<Vec<_>>(), [A], "{event}");
        if event.to_string().contains("77777") {
            // A number that the book did not have.
            continue;
        }
        book.acknowledge(Some(A), at(T + 7200)).unwrap();
        assert_eq!(verdict(&book), Verdict::Allow, "{event}");
    }
    for event in [
        json!({"id": A, "status": "ACTIVE"}),
        health(&json!({"can_send_message":
        "AVAILABLE"})),
    ] {
        assert_eq!(verdict(&after(&[answer(&event)])), Verdict::Allow, "{event}");
    }
}

#[test]
fn a_health_error_that_nobody_can_explain_is_no_good_news() {
    let health = |entity: &Value, errors: &Value| {
        let mut own = json!({"entity_type": "WABA", "id": A, "can_send_message": "AVAILABLE"});
        for (name, value) in entity.as_object().unwrap() {
            own[name] = value.clone();
        }
        answer(&json!({"id": A, "health_status": {"can_send_message": "AVAILABLE",
            "entities": [own], "errors": errors}}))
    };
    let banned = update(A, T, &ban());
    let none = json!([]);
    assert_eq!(verdict(&after(&[health(&json!({}), &none)])), Verdict::Allow);
    assert_eq!(verdict(&after(&[banned.clone(), health(&json!({}), &none)])), Verdict::Allow);
    for event in [
        health(&json!({"errors": [{"error_code": 141_999}]}), &none),
        health(&json!({"errors": [{"error_code": null}]}), &none),
        health(&json!({"errors": "zork"}), &none),
        health(&json!({}), &json!([{"error_code": 141_999}])),
        health(&json!({}), &json!([{"error_code": 141_014}])),
        health(&json!({"id": "77777"}), &none),
        health(&json!({"entity_type": "ZORK"}), &none),
    ] {
        assert_ne!(verdict(&after(std::slice::from_ref(&event))), Verdict::Allow, "{event}");
        let both = [banned.clone(), event.clone()];
        assert_eq!(verdict(&after(&both)), Verdict::Deny, "{event}");
    }
    // The entity of the portfolio tells whose the account is.
    let event = health(&json!({}), &none);
    let mut book = Book::new();
    let mut event: Value = event;
    event["answer"]["health_status"]["entities"][0]["entity_type"] = "BUSINESS".into();
    event["answer"]["health_status"]["entities"][0]["id"] = P.into();
    apply(&mut book, &event);
    assert!(book.row(&format!("account/{A}")).unwrap().contains(P));
}

#[test]
fn what_does_not_come_under_a_label_of_messages_is_for_a_person() {
    let frozen = json!({"event": "ACCOUNT_FROZEN"});
    let mut events = vec![under(A, T, "security", &json!({"event": "ACCOUNT_LOCKED"}))];
    for label in ["messages", "calls", "flows", "history", "standby", "user_id_update"] {
        events.push(under(A, T, label, &frozen));
    }
    let failed = json!({"id": "w", "state": "failed", "recipient_id": "34600000000",
        "error": {"code": 131_031}});
    for value in [
        json!({"account_status": "BANNED"}),
        json!({"messages": [], "waba_ban_state": "DISABLE"}),
        json!({"error": {"code": 131_031}}),
        json!({"a": 1}),
        json!({"statuses": [{"a": 1}]}),
        json!({"statuses": {"a": 1}}),
        json!({"statuses": null}),
        json!({"statuses": [failed]}),
        json!({"statuses": [{"status": null, "recipient_id": "34600000000"}]}),
    ] {
        events.push(under(A, T, "messages", &value));
    }
    for event in events {
        assert_ne!(verdict(&after(std::slice::from_ref(&event))), Verdict::Allow, "{event}");
    }
    // What does is passed, and no word of it is kept.
    let body = json!({"messages": [{"from": "34600000000", "id": "w", "type": "text",
        "text": {"body": "secret"}}], "contacts": [{"profile": {"name": "secret"}}]});
    for (label, value) in [
        ("messages", body.clone()),
        ("messages", json!({"statuses": [{"status": "read", "id": "w"}]})),
        ("flows", json!({"event": "ENDPOINT_AVAILABILITY", "message": "secret"})),
        ("calls", json!({"calls": [{"id": "c", "event": "connect"}]})),
    ] {
        let mut book = well();
        let applied = apply(&mut book, &under(A, T, label, &value));
        assert_eq!(applied.changes[0].outcome, ChangeOutcome::Passed, "{label}: {applied:?}");
    }
    let mut strange = body;
    strange["account_status"] = "secret".into();
    strange["event"] = "the secret".into();
    let book = after(&[under(A, T, "messages", &strange)]);
    assert!(verdict(&book) != Verdict::Allow && !book.to_json().contains("secret"));
}

#[test]
fn of_what_a_caller_gives_and_what_events_say_the_later_holds() {
    let given = |time: i64, member: &str, value: &Value| {
        let mut account = json!({"id": A});
        account[member] = value.clone();
        json!({"read_at": at(time).to_string(), "account": account})
    };
    for (member, value, before) in [
        ("review", json!("rejected"), json!("approved")),
        ("quality", json!("red"), json!("green")),
        ("number_status", json!("banned"), json!("connected")),
        ("daily_limit", json!(250), json!(10_000)),
        ("country", json!("IR"), Value::Null),
    ] {
        let book = after(&[given(T, member, &value), given(T - 60, "name", &json!("Flor"))]);
        let standing = book.account(Some(A), Some(at(T + 60)), None).unwrap();
        assert_eq!((&standing[member], &standing["name"]), (&value, &json!("Flor")), "{standing}");
        // As of an earlier day it was otherwise, and an earlier word is none of today.
        let standing = book.account(Some(A), Some(at(T - 120)), None).unwrap();
        assert_eq!(standing[member], before, "{standing}");
        if !before.is_null() {
            let book = after(&[given(T - 200_000, member, &value)]);
            let standing = book.account(Some(A), Some(at(T + 60)), None).unwrap();
            assert_eq!(standing[member], before, "{standing}");
        }
    }
    assert_eq!(verdict(&after(&[given(T, "review", &json!("rejected"))])), Verdict::Deny);
    let back = under(A, T + 60, "account_review_update", &json!({"decision": "APPROVED"}));
    let events = [given(T, "review", &json!("rejected")), back];
    assert_eq!(verdict(&after(&events)), Verdict::Allow);
}

/// A stop of somebody under the names that are given, and what else stands in it.
fn stop(names: &Value) -> Value {
    let mut item = json!({"category": "marketing_messages", "value": "stop", "timestamp": T});
    for (name, value) in names.as_object().unwrap() {
        item[name] = value.clone();
    }
    under(A, T, "user_preferences", &json!({"user_preferences": [item]}))
}

/// What a check of somebody under a user id says.
fn of_user(book: &Book, id: &str) -> Verdict {
    verdict_of(book, &json!({"recipient.phone": "+34699999999", "recipient.user_id": id}))
}

#[test]
fn a_user_id_that_changed_and_cannot_be_read_loses_no_stop() {
    let change = |members: &Value| {
        let mut item = json!({"wa_id": "34600000000", "timestamp": T + 60});
        for (name, value) in members.as_object().unwrap() {
            item[name] = value.clone();
        }
        under(A, T + 60, "user_id_update", &json!({"user_id_update": [item]}))
    };
    let pair = |previous: &Value, current: &Value| {
        change(&json!({"user_id": {"previous": previous, "current": current}}))
    };
    let stopped = stop(&json!({"user_id": "ES.1"}));
    let (one, two) = (json!("ES.1"), json!("ES.2"));
    assert_eq!(of_user(&after(&[stopped.clone(), pair(&one, &two)]), "ES.2"), Verdict::Deny);
    let mut events = vec![change(&json!({})), change(&json!({"user_id": "ZORK"}))];
    for strange in [json!("ZORK"), json!(null), json!(7), json!({})] {
        events.push(pair(&strange, &two));
        events.push(pair(&one, &strange));
    }
    for event in events {
        let book = after(&[stopped.clone(), event.clone()]);
        assert_ne!(of_user(&book, "ES.2"), Verdict::Allow, "{event}");
    }
    // Whose former id is not known is nobody else's matter.
    assert_eq!(of_user(&after(&[pair(&json!("ZORK"), &two)]), "ES.9"), Verdict::Allow);
}

#[test]
fn a_system_message_that_cannot_be_read_loses_no_stop() {
    let system = |from: &Value, system: &Value| {
        under(
            A,
            T + 60,
            "messages",
            &json!({"messages": [{"from": from, "type": "system",
            "timestamp": (T + 60).to_string(), "system": system}]}),
        )
    };
    let number = json!("34600000001");
    let moved = |from: &Value, to: &Value| {
        system(from, &json!({"type": "user_changed_number", "wa_id": to}))
    };
    let stopped = stop(&json!({"wa_id": number}));
    let new = json!("34600000000");
    for event in [
        moved(&number, &json!("34600000000:12@s.whatsapp.net")),
        system(
            &json!(null),
            &json!({"type": "customer_changed_number", "wa_id": new,
            "customer": number}),
        ),
    ] {
        assert_eq!(verdict(&after(&[stopped.clone(), event.clone()])), Verdict::Deny, "{event}");
    }
    for event in [
        moved(&number, &json!("ZORK")),
        moved(&json!({}), &new),
        moved(&number, &json!(null)),
        system(&number, &json!("ZORK")),
        system(&number, &json!(null)),
    ] {
        assert_ne!(verdict(&after(&[stopped.clone(), event.clone()])), Verdict::Allow, "{event}");
    }
    // The former id stands in WhatsApp's sentence alone.
    let stopped = stop(&json!({"user_id": "ES.1"}));
    let change = |body: &str| {
        system(
            &json!(null),
            &json!({"type": "user_changed_user_id", "user_id": "ES.2",
            "body": body}),
        )
    };
    let book = after(&[stopped.clone(), change("User Ana changed from ES.1 to ES.2.")]);
    assert_eq!(of_user(&book, "ES.2"), Verdict::Deny);
    assert!(!book.to_json().contains("Ana"));
    assert_eq!(
        of_user(&after(&[change("User Ana changed from ES.1 to ES.2.")]), "ES.3"),
        Verdict::Allow
    );
    let book = after(&[stopped, change("Ana")]);
    assert_eq!((of_user(&book, "ES.2"), of_user(&book, "ES.3")), (Verdict::Review, Verdict::Allow));
}

#[test]
fn a_person_is_asked_for_under_each_name_of_a_stop() {
    // Nobody knows by which id the person is asked for.
    let event = stop(&json!({"wa_id": "34600000009", "user_id": "ZORK!"}));
    assert_eq!(of_user(&after(&[event]), "ES.9"), Verdict::Review);
    // A contact beside it names the same person.
    let mut event = stop(&json!({"wa_id": "34600000009"}));
    event["entry"][0]["changes"][0]["value"]["contacts"] = json!([{"wa_id": "34600000009", "user_id": "ES.9"}, {"wa_id": "34600000008",
            "user_id": "ES.8"}]);
    let book = after(&[event]);
    assert_eq!((of_user(&book, "ES.9"), of_user(&book, "ES.8")), (Verdict::Deny, Verdict::Allow));
}

#[test]
fn a_message_that_was_refused_is_of_the_person_whom_the_caller_names() {
    let refused = |code: i64, members: &Value| {
        let mut event = answer(&json!({"error": {"code": code, "message": "secret"}}));
        event["account"] = A.into();
        for (name, value) in members.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    };
    for code in [131_050, 131_049] {
        let to = refused(code, &json!({"to": "34600000000"}));
        assert_ne!(verdict(&after(std::slice::from_ref(&to))), Verdict::Allow, "{code}");
        assert_eq!(of_user(&after(&[to]), "ES.9"), Verdict::Allow, "{code}");
        let id = refused(code, &json!({"recipient": "ES.9"}));
        assert_ne!(of_user(&after(&[id]), "ES.9"), Verdict::Allow, "{code}");
        for nobody in [json!({}), json!({"to": null}), json!({"to": "ZORK!"})] {
            let book = after(&[refused(code, &nobody)]);
            assert_eq!(verdict(&book), Verdict::Review, "{code} {nobody}");
            assert!(!book.to_json().contains("secret"));
        }
    }
}

#[test]
fn a_message_that_failed_links_the_names_of_the_person_whatever_its_code() {
    let failed = |code: i64, names: &Value| {
        let mut status = json!({"id": "wamid.1", "status": "failed", "timestamp": T + 60,
            "errors": [{"code": code}]});
        for (name, value) in names.as_object().unwrap() {
            status[name] = value.clone();
        }
        under(
            A,
            T + 60,
            "messages",
            &json!({"messaging_product": "whatsapp",
            "statuses": [status]}),
        )
    };
    let refused = |code: i64, names: &Value| {
        let mut event = answer(&json!({"error": {"code": code}}));
        event["account"] = A.into();
        for (name, value) in names.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    };
    let stopped = stop(&json!({"wa_id": "34600000000"}));
    for code in [131_026, 131_047, 131_048, 131_049, 131_050, 130_472, 999_999] {
        let both = json!({"recipient_id": "34600000000", "recipient_user_id": "ES.9"});
        let asked = json!({"to": "34600000000", "recipient": "ES.9"});
        for event in [failed(code, &both), refused(code, &asked)] {
            for events in [[stopped.clone(), event.clone()], [event.clone(), stopped.clone()]] {
                assert_eq!(of_user(&after(&events), "ES.9"), Verdict::Deny, "{code} {event}");
            }
        }
    }
    // One name links nothing, and of somebody of whom nothing is known there is nothing to find.
    let one = failed(131_026, &json!({"recipient_id": "34600000000"}));
    assert!(!after(std::slice::from_ref(&one)).to_json().contains("34600000000"));
    assert_eq!(of_user(&after(&[stopped, one]), "ES.9"), Verdict::Allow);
    let group =
        failed(131_026, &json!({"recipient_id": "120363@g.us", "recipient_user_id": "ES.9"}));
    assert!(!after(&[group]).to_json().contains("ES.9"));
}

#[test]
fn a_template_whose_name_or_language_is_none_is_not_forgotten() {
    let paused = |name: &Value, language: &Value| {
        under(
            A,
            T,
            "message_template_status_update",
            &json!({"event": "PAUSED",
            "message_template_id": 3, "message_template_name": name,
            "message_template_language": language}),
        )
    };
    let (name, language) = (json!("spring_sale"), json!("es"));
    let spanish = json!({"campaign.template": {"name": "spring_sale", "status": "approved",
        "quality": "green", "language": "es"}});
    let judged = |event: &Value| verdict_of(&after(std::slice::from_ref(event)), &spanish);
    assert_eq!(judged(&paused(&name, &language)), Verdict::Deny);
    assert_eq!(judged(&paused(&json!("SPRING_SALE"), &language)), Verdict::Deny);
    assert_eq!(judged(&paused(&name, &json!("fr"))), Verdict::Allow);
    for none in [json!(7), json!("zork new !!"), json!(null), json!({})] {
        assert_eq!(judged(&paused(&name, &none)), Verdict::Deny, "{none}");
    }
    for none in [json!(-3), json!(7), json!(1.5), json!("zork new !!"), json!(null)] {
        assert_eq!(judged(&paused(&none, &language)), Verdict::Review, "{none}");
    }
}

/// A stop or a resumption under names.
fn choice(account: &str, time: i64, value: &str, names: &Value) -> Value {
    let mut item = json!({"category": "marketing_messages", "value": value, "timestamp": time});
    for (name, value) in names.as_object().unwrap() {
        item[name] = value.clone();
    }
    under(account, time, "user_preferences", &json!({"user_preferences": [item]}))
}

#[test]
fn who_is_forgotten_is_forgotten_for_every_account() {
    let both = json!({"wa_id": "5511987654321", "user_id": "BR.5"});
    let number = json!({"wa_id": "551187654321"});
    for name in ["BR.5", "5511987654321", "+55 11 98765-4321", "00551187654321"] {
        let mut book = Book::new();
        apply(&mut book, &choice(A, T, "stop", &both));
        apply(&mut book, &choice("777", T, "stop", &number));
        book.forget(name).unwrap();
        assert_eq!(book.keys(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_expires_changes_no_verdict() {
    let person = json!({"recipient.phone": "+34600000000", "recipient.user_id": null});
    let names = json!({"wa_id": "34600000000", "user_id": "ES.9"});
    let mut book = after(&[
        choice(A, T - 200_000, "stop", &names),
        choice(A, T - 100_000, "resume", &json!({"user_id": "ES.9"})),
        choice(A, T - 100_000, "resume", &json!({"user_id": "ES.8"})),
    ]);
    assert_eq!(verdict_of(&book, &person), Verdict::Allow);
    let removed = book.expire(at(T));
    // Who has marketing again is kept: the stop before that may be delivered once more.
    assert!(removed.removed.is_empty(), "{removed:?}");
    assert_eq!(verdict_of(&book, &person), Verdict::Allow);
    for names in [&names, &json!({"user_id": "ES.8"})] {
        apply(&mut book, &choice(A, T - 200_000, "stop", names));
    }
    assert_eq!(verdict_of(&book, &person), Verdict::Allow);
    assert_eq!(of_user(&book, "ES.8"), Verdict::Allow);
}

#[test]
fn ordinary_envelopes_ask_nobody() {
    let message = |status: &str| {
        answer(&json!({"messaging_product": "whatsapp", "contacts": [{"input": "34600000000"}],
            "messages": [{"id": "w", "message_status": status}]}))
    };
    let calls = json!({"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type":
        "USER_INITIATED_CALLS_LOW_PICKUP_RATE"}});
    for event in [
        under(
            A,
            T,
            "business_username_updates",
            &json!({"username": "flor", "status": "approved"}),
        ),
        under(A, T, "account_settings_update", &json!({"phone_number_settings": {"calling": {}}})),
        answer(&json!({"id": A, "ownership_type": "SELF"})),
        answer(&json!({"id": A, "ownership_type": "CLIENT_OWNED"})),
        update(A, T, &calls),
        message("accepted"),
        message("held_for_quality_assessment"),
        answer(&json!({"success": true})),
    ] {
        assert_eq!(verdict(&after(std::slice::from_ref(&event))), Verdict::Allow, "{event}");
    }
    for event in [message("zork"), answer(&json!({"success": false}))] {
        assert_eq!(verdict(&after(std::slice::from_ref(&event))), Verdict::Review, "{event}");
    }
}

#[test]
fn what_has_no_time_is_still_of_whom_it_names() {
    let mut event = update(
        "2949482758682047",
        T,
        &json!({"event": "DISABLED_UPDATE", "waba_info": {"waba_id": A},
            "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "February 25, 2026"}}),
    );
    for time in [json!("ZORK"), Value::Null, json!({})] {
        event["entry"][0]["time"] = time;
        let book = after(std::slice::from_ref(&event));
        assert_ne!(verdict(&book), Verdict::Allow, "{event}");
    }
}

#[test]
fn the_health_of_another_account_ends_no_ban() {
    let ban = update(
        A,
        T,
        &json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}),
    );
    let entities = json!([{"entity_type": "WABA", "id": "777", "can_send_message": "AVAILABLE"}]);
    let health = answer(
        &json!({"id": A, "health_status": {"can_send_message": "AVAILABLE", "entities": entities}}),
    );
    assert_ne!(verdict(&after(&[ban, health])), Verdict::Allow);
}

#[test]
fn a_health_state_without_entities_ends_something_of_its_own_node_alone() {
    let entities = json!([{"entity_type": "WABA", "id": A, "can_send_message": "BLOCKED"}]);
    let blocked = answer(
        &json!({"id": A, "health_status": {"can_send_message": "BLOCKED", "entities": entities}}),
    );
    let after_it = |state: &str, node: &Value, more: &Value| {
        let mut node = node.clone();
        node["health_status"] = json!({"can_send_message": state});
        node["health_status"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut event = answer(&node);
        event["read_at"] = at(T + 7200).to_string().into();
        event["account"] = A.into();
        event
    };
    let said = |event: Value| verdict(&after(&[blocked.clone(), event]));
    let template = json!({"id": "7001", "name": "spring_sale", "language": "es",
        "status": "APPROVED"});
    for more in [json!({}), json!({"entities": []})] {
        assert_eq!(said(after_it("AVAILABLE", &json!({"id": A}), &more)), Verdict::Allow);
        for node in [json!({}), json!({"id": "7001"}), json!({"id": N}), template.clone()] {
            for state in ["AVAILABLE", "LIMITED"] {
                assert_eq!(said(after_it(state, &node, &more)), Verdict::Deny, "{state} {node}");
            }
        }
        // What it says against sending counts.
        let book = |state: &str| after(&[after_it(state, &json!({}), &more)]);
        assert_eq!(verdict(&book("AVAILABLE")), Verdict::Allow);
        assert_eq!(verdict(&book("LIMITED")), Verdict::Review);
        assert_eq!(verdict(&book("BLOCKED")), Verdict::Deny);
    }
}

#[test]
fn a_code_of_a_number_that_nobody_names_is_looked_at() {
    let refused = answer(&json!({"error": {"code": 141_000}}));
    let refused = json!({"read_at": refused["read_at"], "account": A, "answer": refused["answer"]});
    assert_ne!(verdict(&after(&[refused])), Verdict::Allow);
}

/// Another account with a number of its own.
const B: &str = "100000000000002";
const N_OF_B: &str = "200000000000009";
const SHOWN_OF_B: &str = "34600999222";

fn node_of_b() -> Value {
    let node = json!({"id": B, "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "whatsapp_business_manager_messaging_limit": "TIER_10K",
        "phone_numbers": {"data": [{"id": N_OF_B, "display_phone_number": SHOWN_OF_B,
            "quality_rating": "GREEN", "status": "CONNECTED", "name_status": "APPROVED"}]}});
    json!({"read_at": at(T - 86_400).to_string(), "account": B, "answer": node})
}

/// What checks of both accounts say after the events, in whatever order they came.
fn verdicts(events: &[Value]) -> [Verdict; 2] {
    let mut events = [std::slice::from_ref(&node_of_b()), events].concat();
    let book = after(&events);
    events.reverse();
    let mut backward = Book::new();
    for event in &events {
        apply(&mut backward, event);
    }
    backward.merge(&well());
    assert_eq!(backward.to_json(), book.to_json(), "{events:?}");
    let of = |id: &str, shown: &str| {
        let named = json!({"account.id": id, "account.number": format!("+{shown}")});
        [&json!({ "account.id": id }), &named].map(|named| verdict_of(&book, named))
    };
    [of(A, SHOWN), of(B, SHOWN_OF_B)].map(|[whole, sending]| {
        assert_eq!(whole, sending, "{events:?}");
        whole
    })
}

fn reinstated() -> Value {
    json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}})
}

fn naming(value: &Value, member: &str, number: &str) -> Value {
    let mut value = value.clone();
    value[member] = number.into();
    value
}

#[test]
fn an_end_that_names_another_accounts_number_ends_nothing_and_is_for_a_person() {
    use Verdict::{Allow, Deny, Review};
    assert_eq!(verdicts(&[]), [Allow, Allow]);
    for (member, of_a, of_b) in [
        ("phone_number", SHOWN, SHOWN_OF_B),
        ("display_phone_number", "+34 600 111 222", "+34 600 999 222"),
        ("phone_number_id", N, N_OF_B),
    ] {
        let end =
            |id: &str, number: &str| update(id, T + 60, &naming(&reinstated(), member, number));
        // Nothing was banned, and somebody thinks so.
        assert_eq!(verdicts(&[end(A, of_b)]), [Review, Review], "{member}");
        assert_eq!(verdicts(&[end(A, of_a), end(B, of_b)]), [Allow, Allow], "{member}");
        let banned = |id: &str| update(id, T, &ban());
        assert_eq!(verdicts(&[banned(A), end(A, of_b)])[0], Deny, "{member}");
        assert_eq!(verdicts(&[banned(B), end(A, of_b)]), [Review, Deny], "{member}");
        assert_eq!(verdicts(&[banned(A), end(A, of_a)]), [Allow, Allow], "{member}");
        assert_eq!(verdicts(&[banned(A), end(A, "34600777222")]), [Allow, Allow], "{member}");
    }
    // A number that cannot be read may be another's.
    let strange = update(A, T + 60, &naming(&reinstated(), "phone_number", "zork"));
    assert_eq!(verdicts(&[update(A, T, &ban()), strange])[0], Deny);
    // The end of what a list named of a number.
    let listed = |id: &str, time: i64, list: Value| {
        let value = json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": list});
        update(id, time, &naming(&value, "phone_number", SHOWN_OF_B))
    };
    let blocked = json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
        "expiration": T + 864_000}]);
    let shorter = json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
        "expiration": T + 120}]);
    let first = listed(B, T, blocked);
    assert_eq!(verdicts(&[first.clone(), listed(B, T + 60, json!([]))])[1], Allow);
    for list in [json!([]), shorter] {
        assert_eq!(verdicts(&[first.clone(), listed(A, T + 60, list)])[1], Deny);
    }
    // The number moved from one account to the other, and what came before was of the first.
    let moved = json!({"read_at": at(T + 600).to_string(), "account": A,
        "answer": {"id": N_OF_B, "display_phone_number": SHOWN_OF_B, "quality_rating": "GREEN",
            "status": "CONNECTED", "name_status": "APPROVED"}});
    let named = naming(&reinstated(), "phone_number", SHOWN_OF_B);
    let book = after(&[node_of_b(), update(A, T, &ban()), moved, update(A, T + 700, &named)]);
    assert_eq!(verdict_of(&book, &json!({"account.number": format!("+{SHOWN}")})), Allow);
}

/// Acknowledging says that somebody looked, and not that a ban is over.
#[test]
fn what_contradicts_stays_without_effect_after_it_was_acknowledged() {
    let named = update(A, T + 60, &naming(&reinstated(), "phone_number", SHOWN_OF_B));
    for (before, expected) in
        [(vec![], Verdict::Allow), (vec![update(A, T, &ban())], Verdict::Deny)]
    {
        let mut book = after(&[vec![node_of_b()], before, vec![named.clone()]].concat());
        let open = |book: &Book, id: &str| book.not_understood(Some(id)).unwrap().len();
        assert_eq!((open(&book, A), open(&book, B)), (1, 1));
        // It is one event, whichever account somebody asks about.
        book.acknowledge(Some(A), at(T + 3600)).unwrap();
        assert_eq!((open(&book, A), open(&book, B)), (0, 0));
        assert_eq!(verdict(&book), expected);
        assert_eq!(verdict_of(&book, &json!({ "account.id": B })), Verdict::Allow);
    }
}

fn healthy(id: &str, entities: &[(&str, &str)]) -> Value {
    let entity = |(kind, id): &(&str, &str)| json!({"entity_type": kind, "id": id, "can_send_message": "AVAILABLE"});
    let entities: Vec<Value> = entities.iter().map(entity).collect();
    json!({"id": id, "health_status": {"can_send_message": "AVAILABLE", "entities": entities}})
}

#[test]
fn the_health_of_a_number_is_of_the_account_that_it_names() {
    use Verdict::{Allow, Deny, Review};
    let of = |number: &str, account: &str| {
        let entities = [("PHONE_NUMBER", number), ("WABA", account), ("APP", "5000000000000")];
        answer(&healthy(number, &entities))
    };
    let banned = |id: &str| update(id, T, &ban());
    // Of the account itself it is taken, whether the caller names it or not.
    assert_eq!(verdicts(&[banned(A), of(N, A)]), [Allow, Allow]);
    // A number of one and an account of another: of neither.
    assert_eq!(verdicts(&[of(N, B)]), [Review, Review]);
    assert_eq!(verdicts(&[banned(A), of(N, B)]), [Deny, Review]);
    assert_eq!(verdicts(&[banned(B), of(N, B)])[1], Deny);
    // Of an account that nobody knows.
    assert_eq!(verdicts(&[of(N, "100000000000777")]), [Review, Allow]);
    assert_eq!(verdicts(&[banned(A), of(N, "100000000000777")])[0], Deny);
    // Of a template, and of nothing that has a name.
    let template = healthy("7", &[("MESSAGE_TEMPLATE", "7"), ("WABA", B)]);
    let template = json!({"read_at": at(T + 3600).to_string(), "account": A, "answer": template});
    assert_eq!(verdicts(&[banned(A), template.clone()])[0], Deny);
    assert_eq!(verdicts(&[template])[0], Review);
    let mut bare = healthy("7", &[("WABA", B)]);
    bare.as_object_mut().unwrap().remove("id");
    assert_eq!(verdicts(&[banned(A), answer(&bare)])[0], Deny);
}

#[test]
fn a_forms_id_is_no_account() {
    let form = |more: &Value, state: &str, account: &str| {
        let entity = |kind: &str, id: &str, state: &str| json!({"entity_type": kind, "id": id, "can_send_message": state});
        let mut entities = vec![
            entity("FLOW", "1", "BLOCKED"),
            entity("BUSINESS", P, "AVAILABLE"),
            entity("APP", "5000000000000", "AVAILABLE"),
        ];
        entities[0]["errors"] = json!([{"error_code": 131_000, "error_description": "d"}]);
        if !account.is_empty() {
            entities.push(entity("WABA", account, state));
        }
        let mut form = json!({"id": "1", "health_status":
            {"can_send_message": "BLOCKED", "entities": entities}});
        form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        form
    };
    let details = json!({"name": "Blocked form", "status": "BLOCKED", "categories": ["OTHER"],
        "validation_errors": [], "json_version": "7.0", "preview": {"preview_url": "u"},
        "whatsapp_business_account": {"id": A, "name": "Shop"}, "application": {"id": "5"}});
    for more in [json!({}), details] {
        for account in [A, ""] {
            let book = after(&[answer(&form(&more, "AVAILABLE", account))]);
            assert_eq!((verdict(&book), book.accounts().count()), (Verdict::Allow, 1), "{more}");
            assert!(
                !book.keys().iter().any(|key| key.starts_with("account/1/") || key == "account/1")
            );
        }
        // What it says of the account counts.
        let book = after(&[answer(&form(&more, "BLOCKED", A))]);
        assert_ne!(verdict(&book), Verdict::Allow, "{more}");
    }
    let with = |node: Value| json!({"id": "1", "name": "f", "status": "DRAFT", "categories": [], "whatsapp_business_account": node});
    let outcome = |node: Value| apply(&mut well(), &answer(&with(node))).changes[0].outcome;
    assert_eq!(outcome(json!({"id": A, "name": "Shop"})), ChangeOutcome::Passed);
    assert_eq!(outcome(json!({"id": A, "status": "SUSPENDED"})), ChangeOutcome::NotUnderstood);
}

/// Some senders write ids as numbers, also with a fraction of nothing.
#[test]
fn an_id_is_the_same_however_it_is_written() {
    for id in [json!(A), json!(100_000_000_000_001_i64), json!(100_000_000_000_001.0), json!(1e17)]
    {
        let mut event = update(A, T, &ban());
        event["entry"][0]["id"] = id.clone();
        assert_ne!(verdict(&after(&[event])), Verdict::Allow, "{id}");
    }
}

#[test]
fn who_changed_numbers_twice_is_one_person() {
    let moved = |time: i64, from: &str, to: &str| {
        let system = json!({"type": "user_changed_number", "wa_id": to});
        under(
            A,
            time,
            "messages",
            &json!({"messages": [{"from": from, "id": "w",
            "timestamp": time.to_string(), "type": "system", "system": system}]}),
        )
    };
    let refused = under(
        A,
        T,
        "messages",
        &json!({"statuses": [{"id": "w", "status": "failed",
        "timestamp": T, "recipient_id": "34600000000", "errors": [{"code": 131_050}]}]}),
    );
    let numbers = ["34600000000", "34622222222", "34633333333", "34644444444"];
    let of = |book: &Book, number: &str| {
        verdict_of(
            book,
            &json!({"recipient.phone": format!("+{number}"),
            "recipient.user_id": null}),
        )
    };
    for stopped in [stop(&json!({"wa_id": numbers[0]})), refused] {
        let mut events = vec![stopped];
        for (place, pair) in numbers.windows(2).enumerate() {
            events.push(moved(T + 60 * i64::try_from(place).unwrap(), pair[0], pair[1]));
        }
        let book = after(&events);
        for turn in 0..events.len() {
            events.rotate_left(1);
            let mut other = events.clone();
            other.swap(0, turn);
            assert_eq!(after(&other), book);
            let mut joined = well();
            for event in &other {
                let mut worker = Book::new();
                apply(&mut worker, event);
                joined.merge(&worker);
            }
            assert_eq!(joined, book);
        }
        for number in numbers {
            assert_eq!(of(&book, number), Verdict::Deny, "{number}");
            let mut book = book.clone();
            book.forget(number).unwrap();
            assert!(!book.to_json().contains("recipient/"), "{number}");
        }
        // Who resumes under the last number has marketing under it.
        let mut book = book;
        apply(&mut book, &choice(A, T + 600, "resume", &json!({"wa_id": numbers[3]})));
        assert_eq!(of(&book, numbers[3]), Verdict::Allow);
    }
    // Nothing goes back: the old number may be somebody else's.
    let stopped = choice(A, T + 600, "stop", &json!({"wa_id": numbers[1]}));
    let book = after(&[moved(T, numbers[0], numbers[1]), stopped]);
    assert_eq!((of(&book, numbers[0]), of(&book, numbers[1])), (Verdict::Allow, Verdict::Deny));
}

#[test]
fn what_a_portfolio_is_reported_in_the_entry_of_one_account_is_of_all_of_them() {
    let mut sister = node_of_b();
    sister["answer"]["owner_business_info"] = json!({"id": P});
    let said = |events: &[Value], sister: &Value| {
        let book = after(&[std::slice::from_ref(sister), events].concat());
        let mut backward = Book::new();
        for event in events.iter().rev() {
            apply(&mut backward, event);
        }
        apply(&mut backward, sister);
        backward.merge(&well());
        assert_eq!(backward, book);
        [A, B].map(|id| verdict_of(&book, &json!({ "account.id": id })))
    };
    let compromised = json!({"business_id": P, "event": "COMPROMISED_NOTIFICATION"});
    let unknown = json!({"business_id": P, "event": "SOMETHING_NEW"});
    let alert = json!({"entity_type": "BUSINESS", "entity_id": P,
        "alert_info": {"alert_type": "SOMETHING_NEW", "alert_severity": "CRITICAL"}});
    for (field, value) in [
        ("business_status_update", &compromised),
        ("account_update", &compromised),
        ("account_update", &unknown),
        ("something_new", &json!({"business_id": P, "state": "ANY"})),
        ("account_alerts", &alert),
    ] {
        let event = under(A, T, field, value);
        let both = said(std::slice::from_ref(&event), &sister);
        assert_eq!(both, [Verdict::Review, Verdict::Review], "{value}");
        // An account of another portfolio has nothing to do with it.
        assert_eq!(said(&[event], &node_of_b())[1], Verdict::Allow, "{value}");
    }
    // A ban in the entry of an account is of that account.
    let mut banned = ban();
    banned["business_id"] = P.into();
    assert_eq!(said(&[update(A, T, &banned)], &sister), [Verdict::Deny, Verdict::Allow]);
    // What an account can send since, its portfolio does not stop.
    let event = under(A, T, "business_status_update", &compromised);
    let well_again = answer(&healthy(A, &[("WABA", A), ("BUSINESS", P), ("APP", "5000000000000")]));
    let both = said(&[event, well_again], &sister);
    assert_eq!(both, [Verdict::Allow, Verdict::Review]);
}
