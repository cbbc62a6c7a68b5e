//! What an account's state knows of recipients counts in a screening as it counts in a check of
//! each.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Int64Array, LargeStringArray, RecordBatch,
    RecordBatchIterator, StringArray, StringViewArray, TimestampSecondArray,
};
use cleartosend::screen::json;
use cleartosend::{Engine, Facts, PackFile, ScreenOptions};
use cleartosend_account::Book;
use serde_json::{Value, json};

const SENT: &str = "2026-03-02T15:00:00Z";
/// An hour before.
const BEFORE: i64 = 1_772_460_000;

fn state() -> Book {
    let preference = |who: &str, id: &str, value: &str, at: i64| {
        json!({"field": "user_preferences", "value": {"user_preferences": [
            {who: id, "category": "marketing_messages", "value": value, "timestamp": at}]}})
    };
    let error = |number: &str, code: i64| {
        json!({"field": "messages", "value": {"messaging_product": "whatsapp", "statuses": [
            {"id": "m", "status": "failed", "timestamp": BEFORE.to_string(), "recipient_id": number, "errors": [{"code": code, "title": "t"}]}]}})
    };
    let changes = [
        preference("wa_id", "34600000001", "stop", BEFORE),
        preference("wa_id", "34600000002", "stop", BEFORE - 60),
        preference("wa_id", "34600000002", "resume", BEFORE),
        preference("user_id", "ES.17", "stop", BEFORE),
        // After the message is sent.
        preference("wa_id", "34600000005", "stop", BEFORE + 86_400),
        error("34600000003", 131_049),
        error("34600000004", 130_472),
    ];
    // Of a code that cannot be read nobody knows whether it was a stop.
    let mut strange = error("34600000006", 7);
    strange["value"]["statuses"][0]["errors"][0]["code"] = json!("soon");
    let linked = json!({"field": "user_preferences", "value": {"user_preferences": [{"wa_id": "34600000007", "user_id": "ES.18",
        "category": "marketing_messages", "value": "stop", "timestamp": BEFORE}]}});
    // The numbers of one person, of which the last changed twice since the stop.
    let moved = |from: &str, to: &str| {
        json!({"field": "messages", "value": {"messages": [{"from": from, "id": "m", "type": "system",
            "timestamp": BEFORE.to_string(), "system": {"type": "user_changed_number", "wa_id": to}}]}})
    };
    let chain = [moved("34600000001", "34600000008"), moved("34600000008", "34600000009")];
    let changes = changes.into_iter().chain([strange, linked]).chain(chain).collect::<Vec<_>>();
    let mut state =
        Book::from_json(br#"{"account": {"id": "waba-1001", "quality": "green"}}"#).unwrap();
    let webhook = json!({"object": "whatsapp_business_account", "entry": [{"id": "waba-1001", "time": BEFORE, "changes": changes}]});
    state.apply(webhook.to_string().as_bytes()).unwrap();
    state
}

/// Rows as members of a document's recipient.
fn recipients() -> Vec<Value> {
    let mut rows = Vec::new();
    for phone in [
        "+34600000000",
        "+34600000001",
        "+34600000002",
        "+34600000003",
        "+34600000004",
        "+34600000005",
        "+34600000006",
        "+34600000007",
        "+34600000008",
        "+34600000009",
        "34600000001",
        // Shorter than what numbers are sought by, and the same last digits in another country.
        "+123456",
        "+44600000003",
    ] {
        for (user, stopped) in [
            (Value::Null, Value::Null),
            (json!("ES.17"), Value::Null),
            (json!("ES.18"), Value::Null),
            (Value::Null, json!("2026-01-01T00:00:00Z")),
        ] {
            let mut row = json!({"opt_in": "given", "opt_in_at": "2025-01-01T00:00:00Z", "opted_out": false, "marketing_received_24h": 0,
                "last_inbound_at": null, "time_zone": null, "user_id": user, "phone": phone, "marketing_stopped_at": stopped});
            rows.push(row.clone());
            row["phone"] = Value::Null;
            rows.push(row);
        }
    }
    rows
}

fn texts(rows: &[Value], member: &str) -> Vec<Option<String>> {
    rows.iter().map(|row| row[member].as_str().map(str::to_owned)).collect()
}

#[derive(Clone, Copy, Debug)]
enum Layout {
    Texts,
    Large,
    Views,
    Dictionaries,
    Json,
}

/// Whether the audience has a column of its own for what marks tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    Column,
    Nothing,
}

fn batch(rows: &[Value], layout: Layout, own: Own) -> RecordBatch {
    let text = |member: &str| -> ArrayRef {
        let cells = texts(rows, member);
        match layout {
            Layout::Texts => Arc::new(StringArray::from(cells)),
            Layout::Large => Arc::new(LargeStringArray::from(cells)),
            Layout::Views => Arc::new(StringViewArray::from_iter(cells)),
            Layout::Dictionaries => {
                Arc::new(cells.iter().map(Option::as_deref).collect::<DictionaryArray<Int32Type>>())
            }
            Layout::Json => Arc::new(
                rows.iter()
                    .map(|row| (!row[member].is_null()).then(|| row[member].to_string()))
                    .collect::<StringArray>(),
            ),
        }
    };
    let instant = |member: &str| -> ArrayRef {
        let seconds = |cell: Option<String>| {
            cell.map(|cell| cleartosend::Timestamp::parse(&cell).unwrap().seconds())
        };
        let cells: Vec<Option<i64>> = texts(rows, member).into_iter().map(seconds).collect();
        Arc::new(TimestampSecondArray::from(cells).with_timezone("UTC"))
    };
    let mut fields: Vec<(&str, ArrayRef)> = vec![
        ("phone", text("phone")),
        ("user_id", text("user_id")),
        ("opt_in", text("opt_in")),
        ("opt_in_at", instant("opt_in_at")),
        ("opted_out", Arc::new(BooleanArray::from(vec![false; rows.len()]))),
        ("marketing_received_24h", Arc::new(Int64Array::from(vec![0; rows.len()]))),
        ("last_inbound_at", instant("last_inbound_at")),
        ("time_zone", text("time_zone")),
        ("marketing_stopped_at", instant("marketing_stopped_at")),
    ];
    if own == Own::Nothing {
        fields.pop();
    }
    let named = fields.iter().map(|(name, column)| {
        let name = format!("recipient.{name}");
        let is_json =
            matches!((layout, column.data_type()), (Layout::Json, arrow_schema::DataType::Utf8));
        if is_json {
            json::field(&name)
        } else {
            arrow_schema::Field::new(name, column.data_type().clone(), true)
        }
    });
    let schema = arrow_schema::Schema::new(named.collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), fields.into_iter().map(|(_, column)| column).collect())
        .unwrap()
}

/// The facts of a recipient alone.
fn facts_of(engine: &Engine, recipient: &Value) -> Facts {
    let document = json!({"send_at": SENT, "recipient": recipient});
    Facts::from_json(engine.schema(), document.to_string().as_bytes()).unwrap()
}

type RowAnswer = (String, Vec<String>, Vec<String>);

fn reported(batch: &RecordBatch) -> Vec<RowAnswer> {
    let words = |cell: &dyn Array| -> Vec<String> {
        let words = cell.as_dictionary::<Int32Type>();
        let texts = words.values().as_string::<i32>();
        words
            .keys()
            .values()
            .iter()
            .map(|key| texts.value(usize::try_from(*key).unwrap()).to_owned())
            .collect()
    };
    let column = |name: &str| batch.column_by_name(name).expect("a column");
    let verdicts = column("verdict").as_dictionary::<Int8Type>();
    let names = verdicts.values().as_string::<i32>();
    let verdict =
        |row: usize| names.value(usize::try_from(verdicts.keys().value(row)).unwrap()).to_owned();
    let list = |name: &str, row: usize| words(column(name).as_list::<i32>().value(row).as_ref());
    (0..batch.num_rows())
        .map(|row| (verdict(row), list("rules", row), list("missing", row)))
        .collect()
}

#[test]
fn each_row_says_what_a_check_with_the_state_says() {
    let whole = include_str!("../../../examples/campaign-only.json");
    let mut document: Value = serde_json::from_str(whole).unwrap();
    document["send_at"] = json!(SENT);
    let engine = Engine::built_in().unwrap();
    let stopped = rows_say_what_checks_say(&engine, &document, &state());
    // By number, by user id, and by the audience's own column.
    assert!(stopped[0] > 5 * 6 && stopped[1] > 5 * 6, "{stopped:?}");
    // A book that knows people by long names alone, which are sought by their last digits.
    let mut long = Book::from_json(br#"{"account": {"id": "waba-1001"}}"#).unwrap();
    for person in 0..400 {
        let number = format!("346{:08}", person * 3);
        let changes = json!([{"field": "user_preferences", "value": {"user_preferences": [
            {"wa_id": number, "category": "marketing_messages", "value": "stop", "timestamp": BEFORE}]}}]);
        let webhook = json!({"object": "whatsapp_business_account", "entry": [{"id": "waba-1001", "time": BEFORE, "changes": changes}]});
        long.apply(webhook.to_string().as_bytes()).unwrap();
    }
    let stopped = rows_say_what_checks_say(&engine, &document, &long);
    assert!(stopped[1] > 5, "{stopped:?}");
}

/// Rows that are judged apart are told too that no rule is in force.
#[test]
fn so_it_is_where_no_rule_is_in_force_yet() {
    let files = [
        (
            "pack.toml",
            "name = \"late\"\nversion = \"1.0.0\"\nrequires = \"*\"\ntitle = \"t\"\n\
             published = 2026-01-01\n[sources.s]\ntitle = \"t\"\nurl = \"https://example.com\"\n\
             retrieved = 2026-01-01\nconfidence = \"official\"\n",
        ),
        (
            "rules/late.toml",
            "[[rule]]\nid = \"consent.stopped\"\ntopic = \"consent\"\ntitle = \"t\"\n\
             from = 2027-01-01\nforbids = \"has(recipient.marketing_stopped_at) && recipient.marketing_stopped_at < send_at\"\n\
             verdict = \"deny\"\nsource = { id = \"s\" }\nmessage = \"m\"\nadvice = \"a\"\n\
             exposure = []\n",
        ),
    ];
    let files =
        files.map(|(path, text)| PackFile { path: path.to_owned(), bytes: text.as_bytes().into() });
    let late = Engine::builder().without_built_in().pack("late", files.to_vec()).build().unwrap();
    rows_say_what_checks_say(&late, &json!({"send_at": SENT}), &state());
}

/// How many rows were stopped, with a column of the audience's own and without.
fn rows_say_what_checks_say(engine: &Engine, document: &Value, state: &Book) -> [usize; 2] {
    let mut campaign = Facts::from_json(engine.schema(), document.to_string().as_bytes()).unwrap();
    state.tell(&mut campaign).unwrap();
    let mut stopped = [0; 2];
    let layouts = [Layout::Texts, Layout::Large, Layout::Views, Layout::Dictionaries, Layout::Json];
    for (layout, own) in
        layouts.into_iter().flat_map(|layout| [(layout, Own::Column), (layout, Own::Nothing)])
    {
        let mut rows = recipients();
        if own == Own::Nothing {
            rows.retain(|row| row["marketing_stopped_at"].is_null());
            for row in &mut rows {
                row.as_object_mut().unwrap().remove("marketing_stopped_at");
            }
        }
        let batch = batch(&rows, layout, own);
        let schema = batch.schema();
        let halves = [batch.slice(0, 5), batch.slice(5, rows.len() - 5)].map(Ok);
        let mut screening = engine
            .screen(&campaign, RecordBatchIterator::new(halves, schema), &ScreenOptions::new())
            .unwrap();
        let found: Vec<RowAnswer> =
            screening.by_ref().flat_map(|batch| reported(&batch.unwrap())).collect();
        for (row, found) in rows.iter().zip(&found) {
            let mut document = document.clone();
            document["recipient"] = row.clone();
            let Ok(mut facts) = Facts::from_json(engine.schema(), document.to_string().as_bytes())
            else {
                assert!(
                    found.1.iter().any(|rule| rule == "input.bad-value") && found.0 != "allow",
                    "{row} {layout:?}: {found:?}"
                );
                continue;
            };
            state.tell(&mut facts).unwrap();
            let decision = engine.check(&facts).unwrap();
            let rules: Vec<String> =
                decision.findings().iter().map(|finding| finding.rule.to_string()).collect();
            let missing: Vec<String> = decision.missing().iter().map(ToString::to_string).collect();
            // Told of the state before of its recipient.
            let mut later = campaign.clone();
            for member in row.as_object().unwrap().keys() {
                let id = engine.schema().id(&format!("recipient.{member}")).unwrap();
                match facts_of(engine, row).fact(id) {
                    cleartosend::Fact::Value(value) => later.set(id, value.clone()).unwrap(),
                    _ => later.set_null(id).unwrap(),
                }
            }
            assert_eq!(engine.check(&later).unwrap().to_json(), decision.to_json(), "{row}");
            stopped[own as usize] +=
                usize::from(rules.iter().any(|rule| rule == "consent.marketing-stopped"));
            assert_eq!(
                *found,
                (decision.verdict().name().to_owned(), rules, missing),
                "{row} {layout:?} {own:?}"
            );
        }
        let summary = screening.summary();
        assert_eq!(summary.rows, rows.len() as u64);
    }
    stopped
}
