//! SARIF 2.1.0, for code hosts.

use std::collections::BTreeMap;

use cleartosend::expert::digest::Digest;
use cleartosend_scan::render::{SarifRun, sarif_location, sarif_log};
use serde_json::{Value, json};

use super::{Case, Level, Remark};

/// The package URL of this version.
const INFORMATION: &str = concat!("pkg:cargo/cleartosend-cli@", env!("CARGO_PKG_VERSION"));

pub(super) fn text(cases: &[Case]) -> Result<String, serde_json::Error> {
    let remarks = || cases.iter().flat_map(|case| &case.remarks);
    let by_id: BTreeMap<&str, &Remark> = remarks().map(|remark| (&*remark.id, remark)).collect();
    let rules = by_id.values().map(|remark| rule(remark)).collect();
    let index: BTreeMap<&str, usize> = by_id.keys().copied().zip(0..).collect();
    // Of the same rule in the same file the first, the second, …
    let mut counted: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let results = remarks().map(|remark| {
        let count = counted.entry((&remark.place.file, &remark.id)).or_default();
        *count += 1;
        result(remark, index.get(&*remark.id).copied().unwrap_or_default(), *count)
    });
    let log = sarif_log(SarifRun {
        information: INFORMATION,
        rules,
        properties: json!({}),
        base_ids: json!({"SRCROOT": {"description": {"text": "the working folder"}}}),
        notifications: Vec::new(),
        results: results.collect(),
    });
    Ok(serde_json::to_string_pretty(&log)? + "\n")
}

fn rule(remark: &Remark) -> Value {
    let mut rule = json!({"id": remark.id, "shortDescription": {"text": remark.title}});
    if !remark.url.is_empty() {
        rule["helpUri"] = json!(remark.url);
    }
    rule
}

fn result(remark: &Remark, index: usize, count: usize) -> Value {
    let level = match remark.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    // Stays the same when lines move, so that a code host knows the result again.
    let count = count.to_string();
    let parts = [
        ("file", remark.place.file.as_bytes()),
        ("rule", remark.id.as_bytes()),
        ("count", count.as_bytes()),
    ];
    json!({
        "ruleId": remark.id,
        "ruleIndex": index,
        "level": level,
        "message": {"text": remark.text()},
        "locations": [sarif_location(&remark.place.file, Some(remark.place.line), None)],
        "partialFingerprints": {"ruleInFile/v1": Digest::of_parts(parts).to_string()},
    })
}
