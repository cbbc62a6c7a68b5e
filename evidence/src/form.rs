//! Has a record the form of one, where its digests cannot say so?
//!
//! Whoever changes a record can recompute its digests. What is said of a mask and of a screening is
//! still bound to have the form that these have, and to agree with itself.

use serde_json::Value;

use crate::record::{MASK_PREFIX, NAMES, Record};
use crate::verify::Difference;

/// Adds what has another form.
pub(crate) fn check(record: &Record, differences: &mut Vec<Difference>) {
    of_mask(record, differences);
    of_screening(record, differences);
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
