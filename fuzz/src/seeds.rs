//! Good inputs, from the project's own files: what is spoiled must have been good, or only the
//! first reader of bytes is tested.
#![allow(clippy::disallowed_methods, clippy::panic, reason = "tests read their data from files")]

use std::path::{Path, PathBuf};

use super::Target;

/// The folder of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files beneath a folder, by paths relative to it, in order.
pub fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_path_buf(), String::new())];
    while let Some((here, prefix)) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&here) else { continue };
        for entry in entries.flatten() {
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                open.push((entry.path(), format!("{path}/")));
            } else {
                found.push((path, read(&entry.path())));
            }
        }
    }
    found.sort();
    found
}

/// The example documents.
pub fn examples() -> Vec<(String, Vec<u8>)> {
    let mut found = tree(&root().join("examples"));
    // Campaigns lie in the folder itself; what lies deeper is directories, account states and
    // events.
    found.retain(|(path, _)| path.ends_with(".json") && !path.contains('/'));
    found
}

/// The conditions of the built-in packs, as their sources are written.
pub fn conditions() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for (path, bytes) in tree(&root().join("packs/whatsapp/rules")) {
        let text = String::from_utf8(bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        for line in text.lines() {
            let Some((key, value)) = line.split_once('=') else { continue };
            // A condition of several lines begins with quotes alone and is left out.
            let condition = value.trim().trim_matches('\'');
            if matches!(key.trim(), "applies" | "requires" | "forbids") && !condition.is_empty() {
                found.push(condition.as_bytes().to_vec());
            }
        }
    }
    found
}

/// Expressions of the conformance suite of CEL, those that are ours and those that must be refused.
fn vectors() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for file in ["cel-profile.json", "cel-outside-profile.json"] {
        let path = root().join("tests/vectors/cel").join(file);
        let read: serde_json::Value =
            serde_json::from_slice(&read(&path)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let cases = read.as_array().map(Vec::as_slice).unwrap_or_default();
        found.extend(
            cases
                .iter()
                .filter_map(|case| case["expr"].as_str())
                .map(|text| text.as_bytes().to_vec()),
        );
    }
    found
}

/// Good inputs for a target, and its regressions.
pub fn of(target: Target) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = match target {
        Target::Document => examples().into_iter().map(|(_, bytes)| bytes).chain([every_member()]).collect(),
        Target::Expression => [vectors(), conditions()].concat(),
        Target::Condition => conditions(),
        Target::Pack => {
            let mut files = tree(&root().join("packs/whatsapp"));
            files.retain(|(path, _)| !path.ends_with(".md"));
            files.into_iter().map(|(path, bytes)| [path.as_bytes(), b"\n", &bytes].concat()).collect()
        }
        Target::Directory => {
            let given = tree(&root().join("packs/whatsapp/tests/directories")).into_iter().map(|(_, bytes)| bytes);
            given.chain([read(&root().join("packs/directory/sample.json"))]).collect()
        }
        Target::Table => vec![
            b"id,name,domains,role,listed_from,listed_until\nhubtype,Hubtype,hubtype.com,solution_partner,2018-08-01,\n\
              acme,\"Acme, Inc.\",acme.example,,2020-01-01,2024-02-29\n7,Seven,seven.example;seven.test,,,\n"
                .to_vec(),
            b"name,id,aliases,evidence\r\nAcme,acme,A\xc3\xa7me;ACME Ltd,\"a \"\"page\"\"\"\r\n".to_vec(),
        ],
        Target::Facts => vec![(0..=255).collect(), (0..=255).rev().collect()],
    };
    found.extend(regressions(target).into_iter().map(|(_, bytes)| bytes));
    found
}

/// Inputs that once broke something, or come near it.
pub fn regressions(target: Target) -> Vec<(String, Vec<u8>)> {
    tree(&root().join("fuzz/regressions").join(target.name()))
}

/// A document that says something of every attribute.
fn every_member() -> Vec<u8> {
    br#"{"send_at": "2026-03-02T15:00:00Z",
 "provider": {"id": "hubtype", "name": "Hubtype", "domain": "hubtype.com", "role": "solution_partner", "app_review": "passed", "claims_official": true},
 "intermediaries": [{"name": "Some Reseller", "domain": "reseller.example", "role": "tech_provider", "app_review": "none"}],
 "access": {"route": "cloud_api", "endpoint": "https://graph.facebook.com/v23.0", "clients": ["npm:@whiskeysockets/baileys"]},
 "account": {"id": "a", "name": "b", "country": "ES", "review": "approved", "verification": "verified", "display_name": "approved",
  "quality": "green", "daily_limit": 10000, "approved_use_cases": ["customer_care", "marketing"],
  "restrictions": [{"kind": "business_initiated", "since": "2026-02-28T00:00:00Z", "until": "2026-03-07T00:00:00+14:00"}],
  "violations": [{"kind": "spam", "at": "2026-01-01T00:00:00Z"}],
  "feedback": {"delivered_7d": 5000, "blocks_7d": 12, "reports_7d": 3}},
 "campaign": {"id": "c", "name": "d", "use_case": "marketing", "initiated_by": "business", "content": "template", "category": "marketing",
  "template": {"name": "e", "status": "approved", "quality": "green"}, "vertical": "retail", "audience_size": 8000, "offers_opt_out": true,
  "automated": true, "human_handoff": true, "general_purpose_ai": false, "requests": ["payment_card"]},
 "recipient": {"phone": "+34600000000", "user_id": null, "country": "ES", "opt_in": "given", "opt_in_at": "2025-03-02T15:00:00Z",
  "opted_out": false, "last_inbound_at": "2026-03-02T14:00:00Z", "marketing_received_24h": 0, "time_zone": "Europe/Madrid"},
 "x": {}}"#
        .to_vec()
}
