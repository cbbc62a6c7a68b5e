//! What is not understood makes no check better: each leaf of each kind of event removed, retyped
//! or renamed, in what stops something and in what ends it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use cleartosend::{Engine, Facts, Timestamp, Verdict};
use cleartosend_account::{Book, ChangeOutcome};
use serde_json::{Value, json};

/// 2026-03-02T00:00:00Z.
const T: i64 = 1_772_409_600;
const A: &str = "100000000000001";
const N: &str = "200000000000001";
const SHOWN: &str = "34600111222";

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(seconds, 0).unwrap()
}

fn hook(time: i64, field: &str, value: &Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": A, "time": time,
        "changes": [{"field": field, "value": value}]}]})
}

fn answer(time: i64, answer: &Value) -> Value {
    json!({"read_at": at(time).to_string(), "account": A, "answer": answer})
}

fn apply(book: &mut Book, event: &Value) -> Option<Vec<ChangeOutcome>> {
    let applied = book.apply(event.to_string().as_bytes()).ok()?;
    Some(applied.changes.iter().map(|change| change.outcome).collect())
}

/// A book in which one account with one number and one template stands well.
fn well() -> Book {
    let mut book = Book::new();
    let node = json!({"id": A, "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "whatsapp_business_manager_messaging_limit": "TIER_10K",
        "phone_numbers": {"data": [{"id": N, "display_phone_number": SHOWN,
            "quality_rating": "GREEN", "status": "CONNECTED", "name_status": "APPROVED"}]},
        "message_templates": {"data": [{"name": "spring_sale", "language": "es",
            "status": "APPROVED", "category": "MARKETING", "quality_score": {"score": "GREEN"}}]}});
    apply(&mut book, &answer(T - 86_400, &node)).unwrap();
    book
}

struct Asker {
    engine: Engine,
    document: String,
}

impl Asker {
    fn new() -> Self {
        let text = include_str!("../../../examples/clean-campaign.json");
        let mut document: Value = serde_json::from_str(text).unwrap();
        // What the book says is for the book alone to say.
        document["account"] = json!({"id": A, "number": format!("+{SHOWN}"), "country": "ES", "name": "Flor",
            "approved_use_cases": ["marketing"], "violations": [], "restrictions": [],
            "feedback": {"delivered_7d": 5000, "blocks_7d": 12, "reports_7d": 3}});
        document["campaign"]["template"]["name"] = "spring_sale".into();
        document["campaign"]["template"]["language"] = "es".into();
        document["recipient"]["phone"] = "+34600000000".into();
        Self { engine: Engine::built_in().unwrap(), document: document.to_string() }
    }

    fn verdict(&self, book: &Book) -> Verdict {
        let facts =
            Facts::from_json_at(self.engine.schema(), self.document.as_bytes(), at(T + 86_400));
        let mut facts = facts.unwrap_or_else(|error| panic!("{error}"));
        book.tell(&mut facts).unwrap();
        self.engine.check(&facts).unwrap().verdict()
    }
}

fn update(time: i64, value: &Value) -> Value {
    hook(time, "account_update", value)
}

fn health(time: i64, state: &str) -> Value {
    let entity =
        |kind: &str, id: &str| json!({"entity_type": kind, "id": id, "can_send_message": state});
    answer(
        time,
        &json!({"id": A, "health_status": {"can_send_message": state,
            "entities": [entity("WABA", A), entity("APP", "5000000000000")]}}),
    )
}

/// What stops something, and a later word that ends it.
fn pairs() -> Vec<(Value, Value)> {
    let later = T + 60;
    let number = |mut value: Value| {
        value["display_phone_number"] = SHOWN.into();
        value
    };
    let template = |mut value: Value| {
        value["message_template_id"] = 3_000_000.into();
        value["message_template_name"] = "spring_sale".into();
        value["message_template_language"] = "es".into();
        value
    };
    let person = |choice: &str, time: i64| {
        json!({"user_preferences": [{"wa_id": "34600000000", "category": "marketing_messages",
            "value": choice, "timestamp": time}]})
    };
    let app =
        |event: &str| json!({"event": event, "waba_info": {"waba_id": A, "partner_app_id": "111"}});
    let banned = |state: &str| {
        json!({"event": "DISABLED_UPDATE",
            "ban_info": {"waba_ban_state": state, "waba_ban_date": "March 2, 2026"}})
    };
    let blocked = json!([{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
        "expiration": T + 864_000}]);
    let restricted =
        |list: Value| json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": list});
    let failed = json!({"metadata": {"display_phone_number": SHOWN, "phone_number_id": N},
        "statuses": [{"id": "w", "status": "failed", "timestamp": T, "recipient_id": "34600000009",
            "errors": [{"code": 368}]}]});
    let capability = |limit: &str| json!({"max_daily_conversations_per_business": limit});
    let status = |word: &str| json!({"id": N, "status": word, "quality_rating": "GREEN"});
    let node = |word: &str| json!({"id": A, "account_review_status": word});
    let rated = |word: &str| json!({"previous_quality_score": "GREEN", "new_quality_score": word});
    vec![
        (update(T, &banned("DISABLE")), update(later, &banned("REINSTATE"))),
        (update(T, &restricted(blocked)), update(later, &restricted(json!([])))),
        (
            hook(T, "account_review_update", &json!({"decision": "REJECTED"})),
            hook(later, "account_review_update", &json!({"decision": "APPROVED"})),
        ),
        (
            hook(T, "phone_number_quality_update", &number(json!({"event": "FLAGGED"}))),
            answer(later, &json!({"id": N, "quality_rating": "GREEN"})),
        ),
        (
            hook(T, "message_template_status_update", &template(json!({"event": "PAUSED"}))),
            hook(later, "message_template_status_update", &template(json!({"event": "APPROVED"}))),
        ),
        (
            hook(T, "message_template_quality_update", &template(rated("RED"))),
            hook(later, "message_template_quality_update", &template(rated("GREEN"))),
        ),
        (
            hook(T, "user_preferences", &person("stop", T)),
            hook(later, "user_preferences", &person("resume", later)),
        ),
        (
            update(T, &json!({"event": "PARTNER_REMOVED", "waba_info": {"waba_id": A}})),
            update(later, &json!({"event": "PARTNER_ADDED", "waba_info": {"waba_id": A}})),
        ),
        (update(T, &app("PARTNER_APP_UNINSTALLED")), update(later, &app("PARTNER_APP_INSTALLED"))),
        (
            update(T, &json!({"event": "ACCOUNT_OFFBOARDED"})),
            update(later, &json!({"event": "ACCOUNT_RECONNECTED"})),
        ),
        (
            hook(T, "business_capability_update", &capability("TIER_50")),
            hook(later, "business_capability_update", &capability("TIER_10K")),
        ),
        (answer(T, &status("BANNED")), answer(later, &status("CONNECTED"))),
        (answer(T, &node("REJECTED")), answer(later, &node("APPROVED"))),
        (health(T, "BLOCKED"), health(later, "AVAILABLE")),
        (hook(T, "messages", &failed), health(later, "AVAILABLE")),
        (
            answer(T, &json!({"name": "spring_sale", "language": "es", "status": "PAUSED"})),
            answer(later, &json!({"name": "spring_sale", "language": "es", "status": "APPROVED"})),
        ),
        (
            json!({"read_at": at(T).to_string(), "account": {"id": A, "review": "rejected"}}),
            json!({"read_at": at(later).to_string(), "account": {"id": A, "review": "approved"}}),
        ),
    ]
}

/// Every place of a value that holds no other.
fn leaves(value: &Value, path: &str, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                leaves(member, &format!("{path}/{name}"), all);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                leaves(item, &format!("{path}/{place}"), all);
            }
        }
        _ => all.push(path.to_owned()),
    }
}

/// The event with each leaf removed, retyped or renamed: where, how, and what is left.
fn changes(event: &Value) -> Vec<(String, String, Value)> {
    let words = [
        json!("SOMETHING_NEW"),
        json!(""),
        json!(7),
        json!(["SOMETHING_NEW"]),
        json!({"a": 1}),
        json!(true),
        Value::Null,
    ];
    let mut all = Vec::new();
    leaves(event, "", &mut all);
    let mut changes = Vec::new();
    for path in all {
        for word in &words {
            let mut changed = event.clone();
            *changed.pointer_mut(&path).unwrap() = word.clone();
            changes.push((path.clone(), format!("to {word}"), changed));
        }
        let (outer, last) = path.rsplit_once('/').unwrap();
        let mut changed = event.clone();
        if let Some(members) = changed.pointer_mut(outer).unwrap().as_object_mut() {
            let value = members.remove(last).unwrap();
            changes.push((path.clone(), "removed".to_owned(), changed.clone()));
            let members = changed.pointer_mut(outer).unwrap().as_object_mut().unwrap();
            members.insert(format!("{last}_v2"), value);
            changes.push((path.clone(), "renamed".to_owned(), changed));
        }
    }
    changes
}

/// Members that say of whom the event is, or when: another word there is another event.
const NAMES: [&str; 13] = [
    "account",
    "display_phone_number",
    "id",
    "language",
    "message_template_language",
    "message_template_name",
    "name",
    "object",
    "partner_app_id",
    "phone_number_id",
    "recipient_id",
    "wa_id",
    "waba_id",
];

/// Members by whose words an event ends something.
const WORDS: [&str; 13] = [
    "account_review_status",
    "can_send_message",
    "category",
    "decision",
    "event",
    "max_daily_conversations_per_business",
    "new_quality_score",
    "quality_rating",
    "review",
    "status",
    "value",
    "waba_ban_state",
    "entity_type",
];

#[test]
fn what_stops_something_stops_it_however_little_of_it_is_understood() {
    let asker = Asker::new();
    assert_eq!(asker.verdict(&well()), Verdict::Allow);
    let (mut wrong, mut tried) = (String::new(), 0);
    for (stop, _) in pairs() {
        let mut book = well();
        apply(&mut book, &stop).unwrap();
        assert_ne!(asker.verdict(&book), Verdict::Allow, "{stop}");
        let is_answer = stop.get("answer").is_some() || stop["account"].is_object();
        for (path, how, changed) in changes(&stop) {
            let last = path.rsplit('/').next().unwrap();
            // An answer may have any of the fields, and one without a field says nothing of it.
            let says_less = is_answer && matches!(how.as_str(), "removed" | "to null" | "renamed");
            let is_of_limit = last == "max_daily_conversations_per_business" && how == "to 7";
            if NAMES.contains(&last) || says_less || is_of_limit {
                continue;
            }
            tried += 1;
            let mut book = well();
            // What is refused was not applied, and who applies is told so.
            if apply(&mut book, &changed).is_some() && asker.verdict(&book) == Verdict::Allow {
                let _ = writeln!(wrong, "{path} {how}: {stop}");
            }
        }
    }
    assert!(tried > 300, "{tried}");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn what_is_not_understood_ends_nothing() {
    let asker = Asker::new();
    let (mut wrong, mut tried) = (String::new(), 0);
    for (stop, end) in pairs() {
        let mut stopped = well();
        apply(&mut stopped, &stop).unwrap();
        let mut ended = stopped.clone();
        apply(&mut ended, &end).unwrap();
        assert_eq!(asker.verdict(&ended), Verdict::Allow, "{end}");
        let is_answer = end.get("answer").is_some() || end["account"].is_object();
        for (path, how, changed) in changes(&end) {
            let mut book = stopped.clone();
            let Some(outcomes) = apply(&mut book, &changed) else { continue };
            tried += 1;
            let last = path.rsplit('/').next().unwrap();
            let says_nothing = |outcome: &ChangeOutcome| {
                !matches!(outcome, ChangeOutcome::Applied | ChangeOutcome::Repeated)
            };
            // An answer may have any of the fields, and a limit may be any number.
            let is_other = is_answer
                && !path.contains("/entities/")
                && matches!(how.as_str(), "removed" | "to null" | "renamed");
            let is_limit = how == "to 7" && last.starts_with("max_");
            let is_read = is_other || is_limit || !WORDS.contains(&last);
            if is_read && !outcomes.iter().all(says_nothing) {
                continue;
            }
            // An unknown word leaves a question, and what somebody looked at is not answered by it.
            let said = asker.verdict(&book);
            book.acknowledge(Some(A), at(T + 7200)).unwrap();
            if said == Verdict::Allow || asker.verdict(&book) == Verdict::Allow {
                let _ = writeln!(wrong, "{path} {how}: {said} {outcomes:?} {end}");
            }
        }
    }
    assert!(tried > 500, "{tried}");
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Clocks differ: by some minutes nobody minds; by an hour what stops counts at once, and what ends
/// is for a person.
#[test]
fn what_is_dated_an_hour_ahead_ends_nothing_and_an_hour_late_takes_its_place() {
    let asker = Asker::new();
    for (stop, end) in pairs() {
        if end.get("answer").is_some() || end["account"].is_object() {
            continue;
        }
        let received = |book: &mut Book, event: &Value, at_seconds: i64| {
            let bytes = event.to_string();
            book.apply_received(bytes.as_bytes(), Some(at(at_seconds))).unwrap();
        };
        let mut book = well();
        received(&mut book, &stop, T - 3600);
        assert_ne!(asker.verdict(&book), Verdict::Allow, "{stop}");
        received(&mut book, &end, T + 60 - 3600);
        assert_ne!(asker.verdict(&book), Verdict::Allow, "{end}");
        // In any order, and late.
        let mut book = well();
        received(&mut book, &end, T + 3660);
        received(&mut book, &stop, T + 3720);
        assert_eq!(asker.verdict(&book), Verdict::Allow, "{end}");
    }
}
