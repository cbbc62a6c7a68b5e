//! What does a `cts.toml` say of exceptions to rules?
//!
//! Here stands whether an entry has the form of a waiver. Whether its rule is there and its condition
//! holds together is checked when an engine is made ([`EngineBuilder::waiver`]).
//!
//! [`EngineBuilder::waiver`]: cleartosend::EngineBuilder::waiver

use std::ops::Range;

use cleartosend::pack::NewWaiver;
use cleartosend::{FindingVerdict, Timestamp};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::Reader;

/// A waiver, and the line on which it begins.
#[derive(Clone, Debug)]
pub(crate) struct ConfigWaiver {
    pub(crate) line: usize,
    pub(crate) waiver: NewWaiver,
}

pub(super) const KEYS: [&str; 7] = ["rule", "when", "lower_to", "reason", "by", "from", "until"];

/// The entries `[[waiver]]`, in the order of the file.
pub(super) fn waivers(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<ConfigWaiver> {
    let Some(value) = table.get("waiver") else { return Vec::new() };
    let DeValue::Array(entries) = value.get_ref() else {
        reader.wrong_type("waiver", value, "entries `[[waiver]]`");
        return Vec::new();
    };
    let mut waivers = Vec::with_capacity(entries.len());
    for entry in entries {
        match entry.get_ref() {
            DeValue::Table(fields) => waivers.extend(waiver(reader, entry.span(), fields)),
            _ => reader.wrong_type("waiver", entry, "an entry `[[waiver]]`"),
        }
    }
    waivers
}

fn waiver(reader: &mut Reader<'_>, at: Range<usize>, fields: &DeTable<'_>) -> Option<ConfigWaiver> {
    reader.known(fields, "a waiver", &KEYS, |_| None);
    let absent: Vec<String> = KEYS
        .iter()
        .filter(|key| **key != "when" && !fields.contains_key(**key))
        .map(|key| format!("`{key}`"))
        .collect();
    if !absent.is_empty() {
        reader.problem(at.clone(), &format!("a waiver needs {}", absent.join(", ")));
    }
    let rule = reader.text(fields, "rule");
    let when = reader.text(fields, "when");
    let lower_to = lower_to(reader, fields);
    let (reason, by) = (reader.text(fields, "reason"), reader.text(fields, "by"));
    let (from, until) = (instant(reader, fields, "from"), instant(reader, fields, "until"));
    let waiver = NewWaiver {
        rule: rule?,
        when,
        lower_to: lower_to?,
        reason: reason?,
        by: by?,
        from: from?,
        until: until?,
    };
    Some(ConfigWaiver { line: reader.line(at), waiver })
}

fn lower_to(reader: &mut Reader<'_>, fields: &DeTable<'_>) -> Option<FindingVerdict> {
    let word = reader.text(fields, "lower_to")?;
    let read = word.parse().ok();
    if read.is_none() {
        let at = fields.get("lower_to").map(Spanned::span).unwrap_or_default();
        reader.problem(at, "`lower_to` is not one of `note`, `review` and `allow`");
    }
    read
}

/// A date, which is its first instant in UTC, or a timestamp with an offset.
fn instant(reader: &mut Reader<'_>, fields: &DeTable<'_>, key: &str) -> Option<Timestamp> {
    const EXPECTED: &str = "a date such as 2026-07-01, or a timestamp with an offset from UTC";
    let value = fields.get(key)?;
    let DeValue::Datetime(found) = value.get_ref() else {
        reader.wrong_type(key, value, EXPECTED);
        return None;
    };
    let text = match (found.time, found.offset) {
        (None, None) => format!("{found}T00:00:00Z"),
        _ => found.to_string(),
    };
    let read = text.parse().ok();
    if read.is_none() {
        reader.problem(value.span(), &format!("`{key}` is {found}, expected {EXPECTED}"));
    }
    read
}
