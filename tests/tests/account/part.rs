//! The part of a book that a campaign asks for tells it what the whole book does.
#![expect(clippy::disallowed_methods, reason = "tests read their data from files")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use cleartosend::Engine;
use cleartosend::Facts;
use cleartosend::Timestamp;
use cleartosend_account::{AccountError, Book, Rows};
use cleartosend_tests::generate::seed;
use fastrand::Rng;
use serde_json::{Value, json};

use super::businesses::{ACCOUNTS, START, story};

/// Rows as a database holds them.
struct Kept {
    rows: BTreeMap<String, String>,
    /// How many were asked for.
    read: usize,
}

impl Kept {
    fn of(book: &Book) -> Self {
        let rows = book.keys().into_iter().map(|key| (key.clone(), book.row(&key).unwrap()));
        Self { rows: rows.collect(), read: 0 }
    }
}

impl Rows for Kept {
    type Error = AccountError;

    fn join_row(&mut self, book: &mut Book, key: &str) -> Result<(), AccountError> {
        if let Some(row) = self.rows.get(key) {
            self.read += 1;
            book.merge_row(key, row.as_bytes())?;
        }
        Ok(())
    }

    fn join_rows(
        &mut self,
        book: &mut Book,
        prefix: &str,
        containing: Option<&str>,
    ) -> Result<(), AccountError> {
        for (key, row) in self.rows.range(prefix.to_owned()..) {
            if !key.starts_with(prefix) {
                break;
            }
            if containing.is_none_or(|text| row.contains(text)) {
                self.read += 1;
                book.merge_row(key, row.as_bytes())?;
            }
        }
        Ok(())
    }

    fn first_key(&mut self, prefix: &str, from: &str) -> Result<Option<String>, AccountError> {
        let first = self.rows.range(from.to_owned()..).next();
        Ok(first.map(|(key, _)| key.clone()).filter(|key| key.starts_with(prefix)))
    }
}

/// Events that stand apart from the story: that name no account, that link people and numbers in
/// other ways, that move numbers and accounts.
fn oddity(random: &mut Rng) -> Value {
    let time = START + random.i64(0..5_000_000);
    let account =
        ["", "100000000000001", "100000000000002", "100000000000004", "7"][random.usize(0..5)];
    let number = format!("3460011100{}", random.u8(0..7));
    let id = format!("20000000000000{}", random.u8(0..7));
    let person = || format!("346{:08}", 3);
    let other = format!("346{:08}", random.u8(0..9));
    let hook = |field: &str, value: Value| json!({"object": "whatsapp_business_account", "entry": [{"id": account, "time": time, "changes": [{"field": field, "value": value}]}]});
    match random.u8(0..20) {
        0 => hook(
            "user_id_update",
            json!({"user_id_update": [{"wa_id": other, "timestamp": time, "user_id": {"previous": "ES.1", "current": format!("ES.{}", random.u8(2..5))}}]}),
        ),
        1 => hook(
            "messages",
            json!({"messages": [{"from": person(), "timestamp": time, "type": "system", "system": {"type": "user_changed_number", "wa_id": other}}]}),
        ),
        2 => hook(
            "message_template_status_update",
            json!({"event": "DISABLED", "message_template_name": "spring_sale"}),
        ),
        3 => {
            json!({"read_at": time, "account": account, "answer": {"id": id, "display_phone_number": number, "quality_rating": "RED", "status": "CONNECTED"}})
        }
        4 => {
            json!({"read_at": time, "answer": {"id": account, "ownership_type": "SELF_OWNED", "owner_business_info": {"id": format!("50000000000000{}", random.u8(1..3))},
            "whatsapp_business_manager_messaging_limit": "TIER_2K"}})
        }
        5 => hook("account_update", json!({"event": "SOMETHING_NEW"})),
        6 => hook(
            "user_preferences",
            json!({"user_preferences": [{"wa_id": "5511987654321", "category": "marketing_messages", "value": "stop", "timestamp": time}]}),
        ),
        7 => {
            let mut event = hook("account_update", json!({"event": "DISABLED_UPDATE"}));
            event["entry"][0]["id"] = format!("50000000000000{}", random.u8(1..3)).into();
            event
        }
        8 => {
            let mut event = hook(
                "account_update",
                json!({"event": "PARTNER_ADDED", "waba_info": {"waba_id": account}}),
            );
            event["entry"][0]["id"] = format!("50000000000000{}", random.u8(1..5)).into();
            event
        }
        11 => {
            let state = json!({"event": "DISABLED_UPDATE", "phone_number": number});
            let mut event = hook("account_update", state);
            event["entry"][0]["id"] = format!("50000000000000{}", random.u8(1..9)).into();
            event
        }
        12 => {
            let event = ["PARTNER_APP_INSTALLED", "PARTNER_APP_UNINSTALLED"][random.usize(0..2)];
            let app = random.u8(1..4).to_string();
            hook("account_update", json!({"event": event, "partner_app_id": app}))
        }
        // What names a number of whichever account, and a health state that names an account.
        13 => {
            let state = ["DISABLE", "REINSTATE"][random.usize(0..2)];
            let value = json!({"event": "DISABLED_UPDATE", "phone_number": number,
                "ban_info": {"waba_ban_state": state}});
            hook("account_update", value)
        }
        14 => {
            let value = json!({"event": "ACCOUNT_RESTRICTION", "phone_number": number,
                "restriction_info": []});
            hook("account_update", value)
        }
        15 => {
            let kind = ["PHONE_NUMBER", "FLOW"][random.usize(0..2)];
            let entity = |kind: &str, id: &str| json!({"entity_type": kind, "id": id, "can_send_message": "AVAILABLE"});
            let entities = json!([entity(kind, &id), entity("WABA", account)]);
            json!({"read_at": time, "answer": {"id": id,
                "health_status": {"can_send_message": "AVAILABLE", "entities": entities}}})
        }
        16 => {
            let event = ["COMPROMISED_NOTIFICATION", "SOMETHING_NEW"][random.usize(0..2)];
            let portfolio = format!("50000000000000{}", random.u8(1..3));
            hook("business_status_update", json!({"business_id": portfolio, "event": event}))
        }
        17 => hook(
            "messages",
            json!({"metadata": {"display_phone_number": number, "phone_number_id": id}, "errors": [{"code": 131_031}]}),
        ),
        9 => json!({"read_at": time, "account": {"id": account, "number": format!("+{number}")}}),
        _ => hook(
            "messages",
            json!({"metadata": {"display_phone_number": number, "phone_number_id": id}, "statuses": [{"timestamp": time, "recipient_id": other, "errors": [{"code": 131_048}]}]}),
        ),
    }
}

/// A campaign of one of the accounts, of another, or of none, with or without a number, a language
/// and a recipient.
fn document(random: &mut Rng) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("accounts/campaign.json");
    let mut document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let account = match random.u8(0..6) {
        0 => None,
        1 => Some("100000000000004".to_owned()),
        2 => Some("9".to_owned()),
        _ => Some(ACCOUNTS[random.usize(0..3)].to_owned()),
    };
    let number = match random.u8(0..4) {
        0 => None,
        1 => Some(format!("20000000000000{}", random.u8(0..7))),
        _ => Some(format!("+3460011100{}", random.u8(0..7))),
    };
    document["account"] = json!({});
    if let Some(account) = account {
        document["account"]["id"] = account.into();
    }
    if let Some(number) = number {
        document["account"]["number"] = number.into();
    }
    if random.bool() {
        document["campaign"]["template"]["language"] = "es".into();
    }
    match random.u8(0..5) {
        0 => {
            document.as_object_mut().unwrap().remove("recipient");
        }
        1 => document["recipient"]["phone"] = "+551187654321".into(),
        2 => document["recipient"]["user_id"] = format!("ES.{}", random.u8(0..6)).into(),
        _ => document["recipient"]["phone"] = format!("+346{:08}", random.u8(0..9)).into(),
    }
    if random.u8(0..8) > 0 {
        let at = Timestamp::new(START + random.i64(0..5_500_000), 0).unwrap();
        document["send_at"] = at.to_string().into();
    } else {
        document.as_object_mut().unwrap().remove("send_at");
    }
    document
}

#[test]
fn a_part_tells_what_the_whole_book_does() {
    let engine = Engine::built_in().unwrap();
    let mut random = Rng::with_seed(seed(31));
    let (mut read, mut all) = (0, 0);
    for round in 0..30 {
        let mut events = if round % 3 == 0 { Vec::new() } else { story(&mut random, 40) };
        for _ in 0..random.usize(0..30) {
            events.push(oddity(&mut random).to_string().into_bytes());
        }
        random.shuffle(&mut events);
        events.truncate(random.usize(0..=events.len()));
        let mut whole = Book::new();
        for event in &events {
            whole.apply(event).unwrap_or_else(|error| {
                panic!("{error}: {}", String::from_utf8_lossy(event));
            });
        }
        // What later versions may write.
        for key in whole.keys() {
            if random.u8(0..40) == 0 {
                let row = ["{\"v\": 2}", "{\"v\": 2, \"registers\": {\"lock\": [[1, 2]]}}"];
                whole.merge_row(&key, row[random.usize(0..2)].as_bytes()).unwrap();
            }
        }
        let mut kept = Kept::of(&whole);
        for _ in 0..20 {
            let document = document(&mut random).to_string();
            let facts = Facts::from_json_without_send_at(engine.schema(), document.as_bytes())
                .or_else(|_| Facts::from_json(engine.schema(), document.as_bytes()));
            let mut facts = facts.unwrap_or_else(|error| panic!("{error}: {document}"));
            let mut standing = facts.clone();
            kept.read = 0;
            let part = Book::part_for(&facts, &mut kept).unwrap();
            if facts.send_at().is_some() {
                read += kept.read;
                all += whole.len();
            }
            whole.tell(&mut facts).unwrap();
            part.tell(&mut standing).unwrap();
            assert_eq!(format!("{standing:?}"), format!("{facts:?}"), "round {round}: {document}");
        }
    }
    // Of other accounts, templates and people little is read.
    assert!(read * 2 < all, "{read} of {all}");
}

#[test]
fn rows_that_a_part_does_not_need_are_not_asked_for() {
    let engine = Engine::built_in().unwrap();
    let mut whole = Book::new();
    for event in story(&mut Rng::with_seed(7), 2000) {
        whole.apply(&event).unwrap();
    }
    let mut kept = Kept::of(&whole);
    let document = json!({"send_at": "2026-02-01T12:00:00Z", "account": {"id": ACCOUNTS[0]},
        "recipient": {"phone": "+34600000003"}});
    let facts = Facts::from_json(engine.schema(), document.to_string().as_bytes()).unwrap();
    Book::part_for(&facts, &mut kept).unwrap();
    assert!(whole.len() > 1000 && kept.read < 40, "{} of {}", kept.read, whole.len());
}
