//! Do the rows of an audience come to the same as they did?

use std::collections::BTreeMap;

use serde_json::Value;

use crate::record::Record;
use crate::screening::Column;
use crate::verify::{Difference, shown};

/// A count of rows that is another than it was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "what is counted, and how many there are twice")]
pub struct RowChange {
    /// What is counted: `deny`, `whatsapp/consent.no-opt-in (violated, deny)`, `missing
    /// recipient.opt_in`, `country ES`.
    pub what: String,
    /// Rows in the record.
    pub from: u64,
    /// Rows now.
    pub to: u64,
}

/// Compares the summary of the record of a screening with that of another screening of the same
/// audience: rows by verdict, rule, missing member and country, and those with values that cannot
/// be read. What would help, and what the two rest on, is left out.
pub fn compare_rows(record: &Record, summary: &Value) -> Vec<RowChange> {
    let before = record.at("/screening/summary").map(counts).unwrap_or_default();
    let now = counts(summary);
    let mut names: Vec<&String> = before.keys().chain(now.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let rows = |counted: &BTreeMap<String, u64>, what: &str| {
        counted.get(what).copied().unwrap_or_default()
    };
    names
        .into_iter()
        .map(|what| RowChange {
            // Its place in the order is no part of its name.
            what: what.split_once(' ').map_or(what.as_str(), |(_, what)| what).to_owned(),
            from: rows(&before, what),
            to: rows(&now, what),
        })
        .filter(|change| change.from != change.to)
        .collect()
}

/// Compares the columns that the record of a screening names with those that its audience has. A
/// column that is in `names`, pairs of its name and its attribute, may stand under either.
pub fn compare_columns(
    record: &Record,
    columns: &[Column],
    names: &[(String, String)],
) -> Option<Difference> {
    let now = Column::all_to_json(columns);
    let then = record.at("/screening/columns");
    let mut renamed = then.cloned();
    for column in renamed.iter_mut().filter_map(Value::as_array_mut).flatten() {
        let attribute = names
            .iter()
            .find(|(name, _)| column.get("name").and_then(Value::as_str) == Some(name))
            .map(|(_, attribute)| attribute.as_str());
        if let Some(attribute) = attribute {
            column["name"] = attribute.into();
        }
    }
    let is_same = then == Some(&now) || renamed.as_ref() == Some(&now);
    (!is_same).then(|| Difference::new("screening.columns", then, shown(Some(&now))))
}

/// What is counted, after a digit by which it is in order.
fn counts(summary: &Value) -> BTreeMap<String, u64> {
    let mut counted = BTreeMap::new();
    let mut count = |what: String, rows: Option<&Value>| {
        let rows = rows.and_then(Value::as_u64).unwrap_or_default();
        *counted.entry(what).or_default() += rows;
    };
    count("0 rows".to_owned(), summary.get("rows"));
    for verdict in ["allow", "review", "deny"] {
        count(format!("1 {verdict}"), summary.pointer(&format!("/verdicts/{verdict}")));
    }
    count("2 rows with a value that cannot be read".to_owned(), summary.get("bad_rows"));
    let items = |list: &str| summary.get(list).and_then(Value::as_array).into_iter().flatten();
    fn text<'a>(item: &'a Value, name: &str) -> &'a str {
        item.get(name).and_then(Value::as_str).unwrap_or_default()
    }
    for rule in items("rules") {
        let pack = rule.get("pack").and_then(Value::as_str);
        let pack = pack.map(|pack| format!("{pack}/")).unwrap_or_default();
        let (id, status, verdict) =
            (text(rule, "rule"), text(rule, "status"), text(rule, "verdict"));
        count(format!("3 {pack}{id} ({status}, {verdict})"), rule.get("rows"));
        count(format!("4 {pack}{id} ({status}, {verdict}) alone"), rule.get("alone"));
    }
    for member in items("missing") {
        count(format!("5 missing {}", text(member, "path")), member.get("rows"));
    }
    for country in items("countries") {
        let name = country.get("country").and_then(Value::as_str).unwrap_or("unknown");
        count(format!("6 country {name}"), country.get("rows"));
        for verdict in ["allow", "review", "deny"] {
            let rows = country.pointer(&format!("/verdicts/{verdict}"));
            count(format!("7 country {name}: {verdict}"), rows);
        }
    }
    counted
}
