//! What is met in practice: events, the campaign that is judged after them, and the right answers.
#![expect(clippy::disallowed_methods, reason = "tests read their data from files")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use cleartosend::{Engine, Facts, Timestamp, Verdict};
use cleartosend_account::{Book, ChangeOutcome, project};
use cleartosend_tests::generate::seed;
use fastrand::Rng;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Table {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    why: String,
    #[serde(default)]
    base: Option<String>,
    #[serde(default)]
    at: Option<String>,
    events: Vec<String>,
    #[serde(default)]
    set: BTreeMap<String, String>,
    verdict: Vec<String>,
    #[serde(default)]
    kept_nowhere: Option<String>,
    #[serde(default)]
    passed: bool,
}

fn file(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("accounts").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cases() -> Vec<Case> {
    toml::from_str::<Table>(&file("practice.toml")).unwrap().case
}

/// A book in which one account with one number stands well.
fn well() -> Book {
    let mut book = Book::from_json(file("start.json").as_bytes()).unwrap();
    for line in file("base.ndjson").lines() {
        book.apply(line.as_bytes()).unwrap();
    }
    book
}

fn campaign(set: &BTreeMap<String, String>) -> Value {
    let mut document: Value = serde_json::from_str(&file("campaign.json")).unwrap();
    for (path, value) in set {
        let mut member = &mut document;
        for name in path.split('.') {
            member = &mut member[name];
        }
        *member = if value == "null" { Value::Null } else { json!(value) };
    }
    document
}

fn verdict(engine: &Engine, book: &Book, document: &Value, at: &str) -> (Verdict, String) {
    let at = Timestamp::parse(at).unwrap();
    let bytes = document.to_string();
    let mut facts = Facts::from_json_at(engine.schema(), bytes.as_bytes(), at)
        .unwrap_or_else(|error| panic!("{error}"));
    book.tell(&mut facts).unwrap();
    let decision = engine.check(&facts).unwrap();
    (decision.verdict(), decision.to_json())
}

const AT: &str = "2026-03-02T15:00:00Z";

#[test]
fn every_case_of_practice_is_answered_right() {
    let engine = Engine::built_in().unwrap();
    let mut wrong = String::new();
    for case in cases() {
        let mut book = if case.base.is_some() { Book::new() } else { well() };
        let before = book.clone();
        for event in &case.events {
            let applied = book.apply(event.as_bytes()).unwrap_or_else(|error| {
                panic!("{}: {error}", case.name);
            });
            if case.passed {
                let passed =
                    |outcome| matches!(outcome, ChangeOutcome::Passed | ChangeOutcome::Noted);
                assert!(
                    applied.changes.iter().all(|change| passed(change.outcome)),
                    "{}",
                    case.name
                );
                assert_eq!(book, before, "{}", case.name);
            }
        }
        let text = book.to_json();
        if let Some(kept) = &case.kept_nowhere {
            assert!(!text.contains(kept.as_str()), "{}: {kept}", case.name);
        }
        // What is written and read is the same book.
        let book = Book::from_json(text.as_bytes()).unwrap();
        let document = campaign(&case.set);
        let (said, decision) = verdict(&engine, &book, &document, case.at.as_deref().unwrap_or(AT));
        if !case.verdict.iter().any(|right| right == said.name()) {
            let _ = writeln!(
                wrong,
                "{}: {said}, right: {} ({})\n  {}",
                case.name,
                case.verdict.join(" or "),
                case.why,
                decision.chars().take(1500).collect::<String>()
            );
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
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

/// Members that say of whom the event is: another word there is another account, number, person or
/// template.
const NAMES: [&str; 14] = [
    "id",
    "waba_id",
    "object",
    "field",
    "display_phone_number",
    "phone_number",
    "phone_number_id",
    "message_template_name",
    "message_template_language",
    "name",
    "language",
    "wa_id",
    "user_id",
    "recipient_id",
];

#[test]
fn no_unknown_word_in_an_event_makes_a_campaign_clear_that_was_not() {
    let engine = Engine::built_in().unwrap();
    let mut wrong = String::new();
    for case in cases().iter().filter(|case| case.events.len() == 1 && case.base.is_none()) {
        let event: Value = serde_json::from_str(&case.events[0]).unwrap();
        let document = campaign(&case.set);
        let judged = |event: &Value| {
            let mut book = well();
            let _ = book.apply(event.to_string().as_bytes());
            verdict(&engine, &book, &document, AT).0
        };
        if judged(&event) == Verdict::Allow {
            continue;
        }
        let mut all = Vec::new();
        leaves(&event, "", &mut all);
        for path in all {
            let last = path.rsplit('/').next().unwrap_or_default();
            let is_prose = matches!(last, "title" | "message" | "details" | "href" | "detail");
            if NAMES.contains(&last) || is_prose || path.contains("recipient_user_id") {
                continue;
            }
            let mut changed = event.clone();
            *changed.pointer_mut(&path).unwrap() = json!("SOMETHING_NEW");
            // What is refused was not applied, and who applies is told so.
            if Book::new().apply(changed.to_string().as_bytes()).is_err() {
                continue;
            }
            if judged(&changed) == Verdict::Allow {
                let _ = writeln!(wrong, "{}: {path}", case.name);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_track_that_the_ladder_does_not_cover_leaves_the_next_step_undecided() {
    let engine = Engine::built_in().unwrap();
    let at = Timestamp::parse("2026-03-05T00:00:00Z").unwrap();
    let mut book = well();
    let utility = json!({"object": "whatsapp_business_account", "entry": [{"id": "100000000000001", "time": 1_772_000_000, "changes": [
        {"field": "account_update", "value": {"event": "ACCOUNT_RESTRICTION", "restriction_info": [
            {"restriction_type": "RESTRICTED_UTILITY_TEMPLATES", "expiration": 1_772_604_800}]}}]}]});
    book.apply(utility.to_string().as_bytes()).unwrap();
    let next = |book: &Book, kind: &str| {
        let history = book.history(None, at).unwrap();
        project(&engine, &history, kind, at).unwrap()
    };
    let projection = next(&book, "template_misclassification");
    assert!(!projection.decided && projection.steps.len() > 1);
    let mut book = well();
    for line in file("two-blocks.ndjson").lines() {
        book.apply(line.as_bytes()).unwrap();
    }
    let projection = next(&book, "scam");
    assert!(projection.decided && &*projection.steps[0].id == "disabled");
}

/// A story of three businesses with five numbers and many people, as their events.
fn story(random: &mut Rng, people: u32) -> Vec<Vec<u8>> {
    const START: i64 = 1_767_225_600;
    let accounts = ["100000000000001", "100000000000002", "100000000000003"];
    let numbers = [
        ("34600111001", "200000000000001", 0),
        ("34600111002", "200000000000002", 0),
        ("34600111003", "200000000000003", 1),
        ("34600111004", "200000000000004", 1),
        ("34600111005", "200000000000005", 2),
    ];
    let mut events = Vec::new();
    let hook = |account: &str, time: i64, field: &str, value: Value| json!({"object": "whatsapp_business_account", "entry": [{"id": account, "time": time, "changes": [{"field": field, "value": value}]}]});
    for account in accounts {
        events.push(hook(account, START, "account_review_update", json!({"decision": "APPROVED"})));
        events.push(json!({"read_at": START + 60, "answer": {"id": account, "business_verification_status": "verified", "ownership_type": "SELF_OWNED",
            "primary_business_location": "ES", "owner_business_info": {"id": "500000000000001"}}}));
        events.push(hook(
            account,
            START + 120,
            "business_capability_update",
            json!({"max_daily_conversations_per_business": "TIER_10K"}),
        ));
        events.push(hook(account, START + 180, "message_template_status_update",
            json!({"event": "APPROVED", "message_template_name": "spring_sale", "message_template_language": "es"})));
    }
    for (display, id, of) in numbers {
        let answer = json!({"id": id, "display_phone_number": display, "quality_rating": "GREEN", "status": "CONNECTED", "name_status": "APPROVED"});
        events.push(json!({"read_at": START + 240, "account": accounts[of], "answer": answer}));
    }
    let pick = |random: &mut Rng, words: &[&str]| words[random.usize(0..words.len())].to_owned();
    for step in 0..120 {
        let time = START + 3600 + step * 40_000 + random.i64(0..3);
        let account = accounts[random.usize(0..3)];
        let (display, id, _) = numbers[random.usize(0..5)];
        events.push(match random.u8(0..8) {
            0 => hook(account, time, "account_update", json!({"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": pick(random, &["SPAM", "ALCOHOL"])}})),
            1 => hook(account, time, "account_update", json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [
                {"restriction_type": pick(random, &["RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_UTILITY_TEMPLATES"]), "expiration": time + 259_200}]})),
            2 => hook(account, time, "account_update", json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": pick(random, &["DISABLE", "REINSTATE"])}})),
            3 => json!({"read_at": time, "answer": {"id": id, "display_phone_number": display, "quality_rating": pick(random, &["GREEN", "YELLOW", "RED"]), "status": pick(random, &["CONNECTED", "CONNECTED", "BANNED"])}}),
            4 => hook(account, time, "message_template_status_update", json!({"event": pick(random, &["PAUSED", "APPROVED"]), "message_template_name": "spring_sale", "message_template_language": "es"})),
            5 => hook(account, time, "account_update", json!({"event": pick(random, &["ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED", "SOMETHING_NEW"])})),
            6 => json!({"read_at": time, "answer": {"id": account, "health_status": {"can_send_message": pick(random, &["AVAILABLE", "AVAILABLE", "BLOCKED"]), "entities": []}}}),
            _ => hook(account, time, "business_capability_update", json!({"max_daily_conversations_per_business": pick(random, &["TIER_10K", "TIER_2K", "TIER_HUGE"])})),
        });
    }
    for person in 0..people {
        let time = START + random.i64(0..5_000_000);
        let (display, id, of) = numbers[random.usize(0..5)];
        let metadata = json!({"display_phone_number": display, "phone_number_id": id});
        let wa_id = format!("346{:08}", person / 2);
        let value = match random.u8(0..4) {
            0 => {
                json!({"metadata": metadata, "statuses": [{"timestamp": time, "recipient_id": wa_id, "errors": [{"code": 131_049}]}]})
            }
            1 => {
                json!({"metadata": metadata, "statuses": [{"timestamp": time, "recipient_id": wa_id, "recipient_user_id": format!("ES.{person}"), "errors": [{"code": 131_050}]}]})
            }
            choice => {
                let value = if choice == 2 { "stop" } else { "resume" };
                json!({"metadata": metadata, "user_preferences": [{"wa_id": wa_id, "user_id": format!("ES.{person}"), "category": "marketing_messages", "value": value, "timestamp": time}]})
            }
        };
        let field = if value.get("statuses").is_some() { "messages" } else { "user_preferences" };
        events.push(json!({"object": "whatsapp_business_account", "entry": [{"id": accounts[of], "changes": [{"field": field, "value": value}]}]}));
    }
    events.into_iter().map(|event| event.to_string().into_bytes()).collect()
}

#[test]
fn a_story_in_random_order_by_four_workers_is_the_story_in_order_by_one() {
    let engine = Engine::built_in().unwrap();
    let mut random = Rng::with_seed(seed(21));
    let mut events = story(&mut random, 10_000);
    let mut one = Book::new();
    for event in &events {
        one.apply(event).unwrap();
    }
    random.shuffle(&mut events);
    let mut workers = vec![Book::new(); 4];
    for (place, event) in events.iter().enumerate() {
        workers[place % 4].apply(event).unwrap();
        // Some are delivered twice, and to another worker.
        if place % 7 == 0 {
            workers[(place + 1) % 4].apply(event).unwrap();
        }
    }
    let mut joined = Book::new();
    for worker in workers {
        joined.merge(&worker);
    }
    assert_eq!(joined, one);
    let mut seen = BTreeMap::new();
    for instant in 0..20 {
        let at = Timestamp::new(1_767_225_600 + 300 + instant * 260_000, 0).unwrap().to_string();
        for account in ["100000000000001", "100000000000002", "100000000000003"] {
            let set = BTreeMap::from([
                ("account.id".to_owned(), account.to_owned()),
                ("recipient.phone".to_owned(), format!("+346{:08}", instant * 7)),
            ]);
            let document = campaign(&set);
            let (said, decision) = verdict(&engine, &joined, &document, &at);
            assert_eq!((said, decision), verdict(&engine, &one, &document, &at));
            *seen.entry(said).or_insert(0) += 1;
        }
    }
    assert!(seen.len() > 1, "{seen:?}");
}

#[test]
fn a_person_is_forgotten_under_all_names_and_old_marks_go() {
    let mut random = Rng::with_seed(seed(22));
    let mut book = Book::new();
    for event in story(&mut random, 2000) {
        book.apply(&event).unwrap();
    }
    let name = book
        .keys()
        .iter()
        .find_map(|key| key.strip_prefix("recipient/100000000000001/ES.").map(str::to_owned))
        .unwrap();
    let row: Value =
        serde_json::from_str(&book.row(&format!("recipient/100000000000001/ES.{name}")).unwrap())
            .unwrap();
    let phone = row["registers"]["same_as"][0][1].as_str().unwrap().to_owned();
    let removed = book.forget(&format!("ES.{name}"));
    assert!(removed.removed.iter().any(|key| key.ends_with(&phone)), "{removed:?}");
    let text = book.to_json();
    assert!(!text.contains(&format!("\"ES.{name}\"")) && !text.contains(&format!("/ES.{name}\"")));
    let before = book.len();
    let removed = book.expire(Timestamp::parse("2027-01-01T00:00:00Z").unwrap());
    assert_eq!(book.len(), before - removed.removed.len());
    assert!(!removed.removed.is_empty());
    assert!(!book.to_json().contains("marketing_withheld_at"));
}
