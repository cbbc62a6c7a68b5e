//! What is met in practice: events, the campaign that is judged after them, and the right answers.
#![expect(clippy::disallowed_methods, reason = "tests read their data from files")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use cleartosend::{Engine, Facts, Timestamp, Verdict};
use cleartosend_account::codes::{self, Api, Code};
use cleartosend_account::{Book, ChangeOutcome, project};
use cleartosend_tests::generate::seed;
use fastrand::Rng;
use serde::Deserialize;
use serde_json::{Value, json};

use super::businesses::{ACCOUNTS, START, story};

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

/// What takes the place of a leaf that was understood; none where it is left out.
fn replacements() -> [Option<Value>; 6] {
    [
        Some(json!("SOMETHING_NEW")),
        Some(json!("")),
        Some(json!(7)),
        Some(json!(["SOMETHING_NEW"])),
        Some(Value::Null),
        None,
    ]
}

/// The event with another leaf in that place, or without it.
fn changed(event: &Value, path: &str, to: Option<&Value>) -> Value {
    let mut changed = event.clone();
    match to {
        Some(to) => *changed.pointer_mut(path).unwrap() = to.clone(),
        None => {
            let (outer, last) = path.rsplit_once('/').unwrap();
            match changed.pointer_mut(outer).unwrap() {
                Value::Object(members) => {
                    members.remove(last);
                }
                Value::Array(items) => {
                    items.remove(last.parse().unwrap());
                }
                _ => panic!("{path} lies in nothing"),
            }
        }
    }
    changed
}

#[test]
fn no_leaf_of_an_event_that_nobody_understands_makes_a_campaign_clear_that_was_not() {
    let engine = Engine::built_in().unwrap();
    let mut wrong = String::new();
    let mut tried = 0;
    for case in cases().iter().filter(|case| case.base.is_none()) {
        let events: Vec<Value> =
            case.events.iter().map(|event| serde_json::from_str(event).unwrap()).collect();
        let document = campaign(&case.set);
        let at = case.at.as_deref().unwrap_or(AT);
        let judged = |events: &[&Value]| {
            let mut book = well();
            for event in events {
                // What is refused was not applied, and who applies is told so.
                book.apply(event.to_string().as_bytes()).ok()?;
            }
            Some(verdict(&engine, &book, &document, at).0)
        };
        // What each event says alone, whatever the others add or end.
        for event in &events {
            if judged(&[event]).is_none_or(|said| said == Verdict::Allow) {
                continue;
            }
            let mut all = Vec::new();
            leaves(event, "", &mut all);
            for path in all {
                let last = path.rsplit('/').next().unwrap_or_default();
                let is_prose = matches!(last, "title" | "message" | "details" | "href" | "detail");
                if NAMES.contains(&last) || is_prose || path.contains("recipient_user_id") {
                    continue;
                }
                // An answer may have any of the fields, so that one without a field is good.
                let is_field = path.contains("/answer/");
                for to in replacements() {
                    if is_field && to.as_ref().is_none_or(Value::is_null) {
                        continue;
                    }
                    tried += 1;
                    let changed = changed(event, &path, to.as_ref());
                    if judged(&[&changed]) == Some(Verdict::Allow) {
                        let _ = writeln!(wrong, "{}: {path} to {to:?}", case.name);
                    }
                }
            }
        }
    }
    assert!(tried > 1000, "{tried}");
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// An event that brings a code: a message that failed, or a health state.
fn event_of(code: &Code, at: i64) -> Value {
    if code.api == Api::HealthStatus {
        return json!({"read_at": at, "account": "100000000000001", "answer": {"id": "200000000000001", "health_status": {"can_send_message": "BLOCKED", "entities": [
            {"entity_type": "PHONE_NUMBER", "id": "200000000000001", "can_send_message": "BLOCKED", "errors": [{"error_code": code.code}]},
            {"entity_type": "WABA", "id": "100000000000001", "can_send_message": "AVAILABLE"}]}}});
    }
    json!({"object": "whatsapp_business_account", "entry": [{"id": "100000000000001", "time": at, "changes": [{"field": "messages", "value": {
        "metadata": {"display_phone_number": "34600111222", "phone_number_id": "200000000000001"},
        "statuses": [{"status": "failed", "timestamp": at, "recipient_id": "34600000000", "errors": [{"code": code.code}]}]}}]}]})
}

#[test]
fn what_the_catalogue_says_of_a_code_a_check_says_for_the_stated_term() {
    // What a person who reads the catalogue takes for an order.
    const ORDERS: [&str; 4] =
        ["Stop the campaign", "Send nothing", "Hold the", "hold the campaign"];
    let engine = Engine::built_in().unwrap();
    let came = Timestamp::parse(AT).unwrap().seconds();
    let document = campaign(&BTreeMap::new());
    let clear = well();
    let mut wrong = String::new();
    let mut terms = 0;
    for code in codes::all().iter().filter(|code| code.subcode_of.is_empty()) {
        let mut book = well();
        book.apply(event_of(code, came).to_string().as_bytes()).unwrap();
        let judged = |book: &Book, after: i64| {
            let at = Timestamp::new(came + after, 0).unwrap().to_string();
            verdict(&engine, book, &document, &at).0
        };
        let mut expects = |after: i64, is_clear: bool| {
            assert_eq!(judged(&clear, after), Verdict::Allow, "{after}");
            let said = judged(&book, after);
            if (said == Verdict::Allow) != is_clear {
                let _ = writeln!(wrong, "{}: {said} after {after} s", code.code);
            }
        };
        match &code.effect {
            // A health state stops what it stops, whatever the code.
            None if code.api == Api::HealthStatus => expects(60, false),
            None => {
                expects(60, true);
                let ordered = ORDERS.iter().find(|order| code.gate.contains(**order));
                if let Some(ordered) = ordered.filter(|_| code.api != Api::OnPremises) {
                    let _ = writeln!(wrong, "{}: `{ordered}`, and no effect", code.code);
                }
            }
            Some(effect) => {
                expects(60, false);
                if let Some(hours) = effect.hours {
                    terms += 1;
                    let term = i64::from(hours) * 3600;
                    expects(term - 1, false);
                    expects(term, true);
                } else {
                    expects(30 * 86_400, false);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(terms > 15, "{terms}");
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
        let at = Timestamp::new(START + 300 + instant * 260_000, 0).unwrap().to_string();
        for account in ACCOUNTS {
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
    let removed = book.forget(&format!("ES.{name}")).unwrap();
    assert!(removed.removed.iter().any(|key| key.ends_with(&phone)), "{removed:?}");
    let text = book.to_json();
    assert!(!text.contains(&format!("\"ES.{name}\"")) && !text.contains(&format!("/ES.{name}\"")));
    let before = book.len();
    let removed = book.expire(Timestamp::parse("2027-01-01T00:00:00Z").unwrap());
    assert_eq!(book.len(), before - removed.removed.len());
    assert!(!removed.removed.is_empty());
    assert!(!book.to_json().contains("marketing_withheld_at"));
}
