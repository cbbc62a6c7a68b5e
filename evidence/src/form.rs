//! Has a record the form of one, where its digests cannot say so?
//!
//! Whoever changes a record can recompute its digests. What is said of a mask and of a screening is
//! still bound to have the form that these have, and to agree with itself.

use cleartosend::expert::digest::Digest;
use serde_json::Value;

use crate::json;
use crate::record::{MASK_PREFIX, NAMES, Record};
use crate::verify::{Difference, shown};

/// Adds what has another form.
pub(crate) fn check(record: &Record, differences: &mut Vec<Difference>) {
    of_mask(record, differences);
    let before = differences.len();
    of_screening(record, differences);
    of_columns(record, differences);
    of_basis(record, differences);
    // One difference is not told twice.
    if differences.len() == before {
        of_summary(record, differences);
    }
}

fn of_mask(record: &Record, differences: &mut Vec<Difference>) {
    let is_masked = record.at("/masked").is_some();
    for path in NAMES {
        let Some(name) = record.facts().get(path).filter(|name| !name.is_null()) else { continue };
        let hash = name.as_str().and_then(|text| text.strip_prefix(MASK_PREFIX));
        let is_hidden = hash.is_some_and(|hash| is_hex(hash, 64));
        if is_hidden != is_masked {
            let expected = match is_masked {
                true => "a keyed hash, since the record is masked",
                false => "a name and no keyed hash, since the record is not masked",
            };
            // A name in a masked record is not shown once more.
            let found = Value::from(if is_hidden { "a keyed hash" } else { "no keyed hash" });
            differences.push(Difference::new(format!("facts.{path}"), Some(&found), expected));
        }
    }
    if !is_masked {
        return;
    }
    let mut expect = |member: &'static str, fits: &dyn Fn(&Value) -> bool, expected: &str| {
        let found = record.at(&format!("/{}", member.replace('.', "/")));
        if !found.is_some_and(fits) {
            differences.push(Difference::new(member, found, expected));
        }
    };
    expect("masked.by", &|by: &Value| by == "hmac-sha256", "hmac-sha256");
    let is_key = |key: &Value| key.as_str().is_some_and(|key| is_hex(key, 16));
    expect("masked.key", &is_key, "16 hexadecimal digits");
    let is_digest = |digest: &Value| {
        let hash = |text: &str| {
            let hash = text.strip_prefix(MASK_PREFIX).or_else(|| text.strip_prefix("sha256:"));
            hash.is_some_and(|hash| is_hex(hash, 64))
        };
        digest.as_str().is_some_and(hash)
    };
    expect("masked.unmasked_digest", &is_digest, "`hmac-sha256:` and 64 hexadecimal digits");
    expect("masked.derived", &Value::is_object, "an object");
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn of_screening(record: &Record, differences: &mut Vec<Difference>) {
    if !record.is_screening() {
        return;
    }
    let mut differ = |member: &str, found: Option<&Value>, expected: &str| {
        differences.push(Difference::new(format!("screening.{member}"), found, expected));
    };
    let summary = |place: &str| record.at(&format!("/screening/summary/{place}"));
    let count = |place: &str| summary(place)?.as_u64();
    let Some(rows) = count("rows") else {
        differ("summary.rows", summary("rows"), "a count of rows");
        return;
    };
    let mut sum = Some(0_u64);
    for verdict in ["allow", "review", "deny"] {
        let place = format!("verdicts/{verdict}");
        let counted = count(&place);
        if counted.is_none() {
            let member = format!("summary.verdicts.{verdict}");
            differ(&member, summary(&place), "a count of rows");
        }
        sum = sum.zip(counted).and_then(|(sum, counted)| sum.checked_add(counted));
    }
    if sum.is_some_and(|sum| sum != rows) {
        let expected = format!("verdicts of {rows} rows");
        differ("summary.verdicts", summary("verdicts"), &expected);
    }
    of_rows(record, rows, &mut differ);
    for (member, found) in [("read", record.read_as()), ("written", record.written_as())] {
        if let Some(found) = found.filter(|found| !found.is_object()) {
            differ(member, Some(found), "an object or null");
        }
    }
    for file in ["audience", "output"] {
        let found = record.at(&format!("/screening/{file}"));
        let is_left_out = file == "output" && found.is_none();
        let is_file = found.and_then(crate::FileDigest::from_json).is_some();
        if !is_left_out && !is_file {
            differ(file, found, "a file with its name, bytes and digest");
        }
    }
}

/// Columns have names and types.
fn of_columns(record: &Record, differences: &mut Vec<Difference>) {
    let Some(found) = record.at("/screening/columns") else { return };
    let mut differ = |member: String, found: Option<&Value>, expected: &str| {
        differences.push(Difference::new(format!("screening.{member}"), found, expected));
    };
    let Some(columns) = found.as_array() else {
        differ("columns".to_owned(), Some(found), "a list");
        return;
    };
    for (place, column) in columns.iter().enumerate() {
        let members = column.as_object();
        let is_text = |name: &str| column.get(name).is_some_and(Value::is_string);
        if members.is_none_or(|of| of.len() != 2) || !is_text("name") || !is_text("type") {
            differ(format!("columns.{place}"), Some(column), "a name and a type, both texts");
        }
    }
}

/// A summary rests on what its record rests on. One without a basis says nothing of it.
fn of_basis(record: &Record, differences: &mut Vec<Difference>) {
    let place = "/screening/summary/basis";
    let Some(basis) = record.at(place) else { return };
    let mut compare = |name: &str, expected: Option<Value>| {
        let found = basis.get(name);
        if found != expected.as_ref() {
            let member = format!("screening.summary.basis.{name}");
            differences.push(Difference::new(member, found, shown(expected.as_ref())));
        }
    };
    let facts = Value::Object(record.facts().clone());
    let campaign = json::canonical(&facts).ok();
    compare("campaign", campaign.map(|bytes| Value::from(Digest::of(&bytes).to_string())));
    compare("directory", record.at("/rests_on/directory").cloned());
    compare("engine", record.at("/rests_on/engine").cloned());
    let bundled = record.at("/rests_on/bundled").and_then(Value::as_object).map(|bundled| {
        let mut parts: Vec<(&str, &[u8])> = bundled
            .iter()
            .map(|(name, version)| (&**name, version.as_str().unwrap_or_default().as_bytes()))
            .collect();
        parts.sort_unstable();
        Value::from(Digest::of_parts(parts).to_string())
    });
    compare("bundled", bundled);
    let packs = record.at("/decision/packs").and_then(Value::as_array);
    let packs = packs.into_iter().flatten().map(|pack| {
        let members = ["name", "version", "digest"];
        let members = members.map(|name| (name.to_owned(), pack.get(name).cloned()));
        let members = members.into_iter().filter_map(|(name, of)| Some((name, of?)));
        Value::Object(members.collect())
    });
    compare("packs", Some(packs.collect()));
    let size = |of: Option<&Value>| of.and_then(Value::as_i64);
    // Of what its recipients began, a campaign says nothing of them.
    let is_theirs = record.facts().get("campaign.initiated_by").is_some_and(|by| by == "customer");
    let said = size(record.facts().get("campaign.audience_size")).filter(|_| !is_theirs);
    let found = record.at("/screening/summary/audience_size");
    if size(found) != said {
        let expected = said.map_or_else(|| "not given".to_owned(), |size| size.to_string());
        let member = "screening.summary.audience_size";
        differences.push(Difference::new(member, found, expected));
    }
}

/// What a summary has, of itself and of its parts; of a list, of each item.
const SUMMARY: [(&str, &[&str]); 7] = [
    (
        "",
        &[
            "audience_outside_window",
            "audience_size",
            "bad_rows",
            "bad_values",
            "basis",
            "countries",
            "help",
            "missing",
            "rows",
            "rows_outside_window",
            "rules",
            "verdicts",
        ],
    ),
    ("basis", &["bundled", "campaign", "directory", "engine", "packs", "waivers"]),
    ("verdicts", &["allow", "deny", "review"]),
    ("rules", &["alone", "pack", "rows", "rule", "status", "verdict", "waiver"]),
    ("missing", &["path", "rows"]),
    ("countries", &["country", "rows", "verdicts"]),
    ("bad_values", &["attribute", "column", "line", "reason", "row"]),
];

/// A summary of this engine has no member that it does not write.
fn of_summary(record: &Record, differences: &mut Vec<Difference>) {
    let engine = record.text_at("/screening/summary/basis/engine");
    if engine != Some(env!("CARGO_PKG_VERSION")) {
        return;
    }
    let Some(summary) = record.at("/screening/summary") else { return };
    for (part, known) in SUMMARY {
        let of = if part.is_empty() { Some(summary) } else { summary.get(part) };
        let items = match of {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(of) => vec![of],
            None => Vec::new(),
        };
        let members = items.into_iter().filter_map(Value::as_object).flatten();
        for (name, found) in members.filter(|(name, _)| !known.contains(&name.as_str())) {
            let path = [part, name].into_iter().filter(|name| !name.is_empty());
            let path = path.collect::<Vec<_>>().join(".");
            let member = format!("screening.summary.{path}");
            differences.push(Difference::new(member, Some(found), "no such member"));
        }
    }
}

/// No list of a summary says more rows than there are, and denials have rules that deny.
fn of_rows(record: &Record, rows: u64, differ: &mut impl FnMut(&str, Option<&Value>, &str)) {
    for list in ["rules", "missing", "countries"] {
        let found = record.at(&format!("/screening/summary/{list}"));
        let Some(items) = found.and_then(Value::as_array) else {
            // A summary without places or members has empty lists.
            if list == "rules" || found.is_some() {
                differ(&format!("summary.{list}"), found, "a list");
            }
            continue;
        };
        for (place, item) in items.iter().enumerate() {
            let found = item.get("rows");
            if found.and_then(Value::as_u64).is_none_or(|counted| counted > rows) {
                let member = format!("summary.{list}.{place}.rows");
                differ(&member, found, &format!("at most {rows} rows"));
            }
        }
    }
    // A row is denied by each rule that denies it; one to review has no such rule.
    let counted = |verdict: &str| {
        let counted = record.at(&format!("/screening/summary/verdicts/{verdict}"));
        counted.and_then(Value::as_u64)
    };
    let rules = record.at("/screening/summary/rules").and_then(Value::as_array);
    for (place, rule) in rules.into_iter().flatten().enumerate() {
        let (at_most, of) = match rule.get("verdict").and_then(Value::as_str) {
            Some("deny") => (counted("deny"), "rows that are denied"),
            Some("review") => {
                let both = counted("deny").zip(counted("review"));
                let both = both.and_then(|(deny, review)| deny.checked_add(review));
                (both, "rows that are denied or to be reviewed")
            }
            _ => continue,
        };
        let found = rule.get("rows");
        let said = found.and_then(Value::as_u64).filter(|said| *said <= rows);
        if let Some((at_most, _)) = at_most.zip(said).filter(|(at_most, said)| said > at_most) {
            let member = format!("summary.rules.{place}.rows");
            differ(&member, found, &format!("at most the {at_most} {of}"));
        }
    }
    for verdict in ["deny", "review"] {
        let counted = record.at(&format!("/screening/summary/verdicts/{verdict}"));
        let has_rows = counted.and_then(Value::as_u64).is_some_and(|rows| rows > 0);
        let found = record.at("/screening/summary/rules");
        let rules = found.and_then(Value::as_array);
        let says = |rule: &Value| rule.get("verdict").is_some_and(|of| of == verdict);
        if has_rows && rules.is_some_and(|rules| !rules.iter().any(says)) {
            let expected = format!("a rule that says {verdict}, as some rows do");
            differ("summary.rules", found, &expected);
        }
    }
}
