//! What would help an audience most: as many more rows as a screening of the changed campaign says,
//! for random campaigns and audiences.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a judge that cannot go on should stop the test"
)]

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
};
use cleartosend::{Engine, Facts, ScreenOptions, Summary, Timestamp, Value as FactValue};
use cleartosend_tests::oracle::harness::{seed, times};
use fastrand::Rng;
use serde_json::{Value, json};

const CAMPAIGNS: usize = 2;
const ROWS: usize = 60;
const HOURS: u32 = 8;

fn campaign(rng: &mut Rng) -> Value {
    let mut pick = |of: &[&str]| of[rng.usize(..of.len())].to_owned();
    let category = pick(&["marketing", "utility"]);
    let use_case = if category == "marketing" { "marketing" } else { "delivery_updates" };
    let day = pick(&["2026-03-02T15:00:00Z", "2024-05-14T20:00:00Z", "2025-11-03T21:30:00Z"]);
    let (route, quality) = (pick(&["cloud_api", "on_premises_api"]), pick(&["green", "red"]));
    let content = pick(&["template", "free_form"]);
    let clients = if rng.bool() { json!([]) } else { json!(["npm:@whiskeysockets/baileys"]) };
    json!({
        "send_at": day,
        "provider": {"id": null, "name": null, "domain": null, "role": "self",
            "app_review": "passed", "claims_official": false},
        "intermediaries": [],
        "access": {"route": route, "endpoint": "https://graph.facebook.com", "clients": clients},
        "account": {"id": "1", "name": "A shop", "country": "ES", "review": "approved",
            "verification": "verified", "display_name": "approved", "quality": quality,
            "daily_limit": 10000, "approved_use_cases": ["marketing", "delivery_updates"],
            "restrictions": [], "violations": [],
            "feedback": {"delivered_7d": 5000, "blocks_7d": 12, "reports_7d": 3}},
        "campaign": {"id": "2", "name": "March", "use_case": use_case, "category": category,
            "initiated_by": "business", "content": content,
            "template": {"name": "march", "status": "approved", "quality": "green"},
            "vertical": "retail", "audience_size": 800, "offers_opt_out": rng.bool(),
            "automated": false, "human_handoff": true, "general_purpose_ai": false,
            "requests": []}
    })
}

fn audience(rng: &mut Rng) -> RecordBatch {
    let phones = ["+34600000000", "+905321234567", "+12125550123", "+5511999999999", "34-600"];
    let mut texts = |of: &[&'static str], nulls: bool| -> ArrayRef {
        let text = |_| (!nulls || rng.u8(..5) > 0).then(|| of[rng.usize(..of.len())]);
        Arc::new((0..ROWS).map(text).collect::<StringArray>())
    };
    let phone = texts(&phones, false);
    let opt_in = texts(&["given", "given", "none"], true);
    let opted_out: BooleanArray = (0..ROWS).map(|_| Some(rng.u8(..6) == 0)).collect();
    let received: Int64Array = (0..ROWS).map(|_| Some(rng.i64(0..3))).collect();
    RecordBatch::try_from_iter_with_nullable([
        ("recipient.phone", phone, true),
        ("recipient.opt_in", opt_in, true),
        ("recipient.opted_out", Arc::new(opted_out) as ArrayRef, true),
        ("recipient.marketing_received_24h", Arc::new(received) as ArrayRef, true),
    ])
    .unwrap()
}

/// The summary, and the word of each row in a column.
fn screened(
    engine: &Engine,
    facts: &Facts,
    rows: &RecordBatch,
    options: &ScreenOptions,
) -> (Summary, Vec<(String, Option<String>)>) {
    let cut = rows.num_rows() / 3;
    let pieces = [rows.slice(0, cut), rows.slice(cut, rows.num_rows() - cut)];
    let reader = RecordBatchIterator::new(pieces.map(Ok), rows.schema());
    let mut screening = engine.screen(facts, reader, options).unwrap();
    let mut reported = Vec::new();
    for batch in screening.by_ref() {
        let batch = batch.unwrap();
        let column = |name: &str| {
            let column = batch.column_by_name(name)?.as_dictionary::<Int8Type>();
            let words = column.downcast_dict::<StringArray>()?;
            Some(words.into_iter().map(|word| word.map(str::to_owned)).collect::<Vec<_>>())
        };
        let verdicts = column("verdict").unwrap().into_iter().flatten();
        let fixes = column("fix").unwrap_or_else(|| vec![None; batch.num_rows()]);
        reported.extend(verdicts.zip(fixes));
    }
    (screening.summary(), reported)
}

/// The document with a change of its JSON form made.
fn changed(document: &Value, change: &Value) -> Value {
    let mut changed = document.clone();
    let path = change["path"].as_str().unwrap();
    let mut place = &mut changed;
    for name in path.split('.') {
        place = &mut place[name];
    }
    match (&change["to"], &mut *place) {
        (Value::Object(to), Value::Object(members)) => {
            for (name, value) in to {
                members.insert(name.clone(), value.clone());
            }
        }
        (to, place) => *place = to.clone(),
    }
    changed
}

fn facts(engine: &Engine, document: &Value) -> Facts {
    Facts::from_json(engine.schema(), document.to_string().as_bytes()).unwrap()
}

#[test]
fn what_helps_is_what_a_screening_of_the_changed_campaign_says() {
    let engine = Engine::built_in().unwrap();
    let mut rng = Rng::with_seed(seed(2026));
    let (mut changes, mut hours) = (0, 0);
    for _ in 0..CAMPAIGNS * times() {
        let document = campaign(&mut rng);
        let rows = audience(&mut rng);
        let own = facts(&engine, &document);
        let threads = NonZeroUsize::new(1 + rng.usize(..2)).unwrap();
        let plain = ScreenOptions::new().threads(threads);
        let (now, _) = screened(&engine, &own, &rows, &plain);
        assert_eq!(now.help, None);
        let asked = plain.clone().help(HOURS).fix_column();
        let (summary, reported) = screened(&engine, &own, &rows, &asked);
        assert_eq!(summary.verdicts, now.verdicts);
        let allowed = |document: &Facts| {
            let (summary, reported) = screened(&engine, document, &rows, &plain);
            (i64::try_from(summary.verdicts.allow).unwrap(), reported)
        };
        let before = i64::try_from(now.verdicts.allow).unwrap();
        let help: Value = serde_json::from_str(&summary.to_json()).unwrap();
        let help = &help["help"];
        for known in help["changes"].as_array().unwrap() {
            let after = allowed(&facts(&engine, &changed(&document, &known["change"]))).0;
            assert_eq!(known["more"], after - before, "{known}");
            assert!(after > before, "{known}");
            changes += 1;
        }
        assert_eq!(summary.help.as_ref().unwrap().hours.len(), HOURS as usize);
        let mut by_time = [false; ROWS];
        for known in &summary.help.as_ref().unwrap().hours {
            let mut later = own.clone();
            later.set_path("send_at", FactValue::Timestamp(known.at)).unwrap();
            let (after, reported) = allowed(&later);
            assert_eq!(known.more, after - before, "{}", known.at);
            hours += usize::from(known.more != 0);
            for (is, (verdict, _)) in by_time.iter_mut().zip(&reported) {
                *is |= verdict == "allow";
            }
        }
        let first = summary.help.as_ref().unwrap().hours.first().unwrap().at;
        assert!(first > Timestamp::parse(document["send_at"].as_str().unwrap()).unwrap());
        for (row, (verdict, fix)) in reported.iter().enumerate() {
            assert_eq!(fix.is_none(), verdict == "allow", "{row}");
            match fix.as_deref() {
                Some("time") => assert!(by_time[row], "{row}"),
                Some("audience") => assert!(!by_time[row], "{row}"),
                _ => {}
            }
        }
    }
    assert!(changes + hours > 0, "nothing that helps was found");
}
