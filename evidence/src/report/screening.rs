//! What of a screening is shown?

use serde_json::{Value, json};

use super::chart;
use super::titles::Titles;
use super::view::change;

/// The summary of a screening, if it is one.
pub(super) fn is_summary(summary: &Value) -> bool {
    summary.get("rows").is_some_and(Value::is_u64) && summary.get("verdicts").is_some()
}

/// The worst verdict of any row; at least review where more rows are not denied than the campaign
/// is said to have recipients.
pub(super) fn worst(summary: &Value) -> &'static str {
    let count = |place: &str| summary.pointer(place).and_then(Value::as_u64).unwrap_or_default();
    let to_send = count("/rows").saturating_sub(count("/verdicts/deny"));
    let said = summary.get("audience_size").and_then(Value::as_u64);
    match (count("/verdicts/deny"), count("/verdicts/review")) {
        (1.., _) => "deny",
        (_, 1..) => "review",
        _ if said.is_some_and(|said| to_send > said) => "review",
        _ => "allow",
    }
}

/// What a page shows of a summary.
pub(super) fn of(summary: &Value, titles: &Titles) -> Value {
    let member = |name: &str| summary.get(name);
    let bad_values = member("bad_values").and_then(Value::as_array).into_iter().flatten();
    let bad_values: Vec<Value> = bad_values
        .map(|bad| {
            // People count from 1.
            let row = bad.get("row").and_then(Value::as_u64);
            json!({
                "place": row.map(|row| row.saturating_add(1)),
                "column": bad.get("column"),
                "reason": bad.get("reason"),
            })
        })
        .collect();
    json!({
        "rows": member("rows"),
        "verdicts": member("verdicts"),
        "bar": chart::shares(summary),
        "rules": rules(summary, titles),
        "missing": member("missing"),
        "countries": member("countries"),
        "bad_rows": member("bad_rows"),
        "bad_values": bad_values,
        "help": member("help").map(help),
    })
}

/// The rules, each with its title where that is known.
fn rules(summary: &Value, titles: &Titles) -> Vec<Value> {
    let packs = summary.pointer("/basis/packs");
    let rows = summary.get("rules").and_then(Value::as_array).into_iter().flatten();
    rows.map(|row| {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let mut row_of = row.clone();
        let title = titles.in_packs(packs, text("pack"), text("rule"));
        if let (Some(title), Some(members)) = (title, row_of.as_object_mut()) {
            members.insert("title".to_owned(), Value::from(title));
        }
        row_of
    })
    .collect()
}

/// What would help most: each change with how many more rows would be allowed, and the best hours.
fn help(help: &Value) -> Value {
    /// The best hours that are shown.
    const HOURS: usize = 10;
    let more = |of: &Value| of.get("more").and_then(Value::as_i64).unwrap_or_default();
    let items = |name: &str| help.get(name).and_then(Value::as_array).into_iter().flatten();
    let changes: Vec<Value> = items("changes")
        .map(|of| json!({"change": change(of.get("change").unwrap_or(of)), "more": more(of)}))
        .collect();
    let mut hours: Vec<&Value> = items("hours").filter(|of| more(of) > 0).collect();
    hours.sort_by_key(|of| std::cmp::Reverse(more(of)));
    hours.truncate(HOURS);
    json!({"changes": changes, "hours": hours})
}
