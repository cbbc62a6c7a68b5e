//! The JSON Schemas that `cts schema` prints accept what is printed and read, and refuse slips.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::path::{Path, PathBuf};

use cleartosend::{Engine, ExplainOptions};
use jsonschema::Validator;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::support::{cts, root};

fn printed(arguments: &[&str]) -> Json {
    let output = cts(arguments);
    let output_text = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{arguments:?}: {output_text}"))
}

/// The schema of that name, which is one itself.
fn validator(kind: &str) -> Validator {
    let schema = printed(&["schema", kind]);
    assert!(jsonschema::draft202012::meta::is_valid(&schema), "{kind}");
    jsonschema::validator_for(&schema).unwrap()
}

/// That a document is as its schema says.
fn accepts(validator: &Validator, what: &str, document: &Json) {
    let problems: Vec<String> = validator
        .iter_errors(document)
        .map(|problem| format!("{}: {problem}", problem.instance_path()))
        .take(3)
        .collect();
    assert!(problems.is_empty(), "{what}: {problems:#?}");
}

/// The files of a folder that end so, in order.
fn files(folder: &str, end: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.to_string_lossy().ends_with(end));
    found.sort();
    assert!(!found.is_empty(), "{folder}");
    found
}

fn read(path: &Path) -> Json {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// TOML as an editor hands it to a JSON Schema: dates are strings.
fn toml_as_json(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(value) => json!(value),
        toml::Value::Datetime(at) => json!(at.to_string()),
        toml::Value::Array(items) => items.iter().map(toml_as_json).collect(),
        toml::Value::Table(members) => {
            members.iter().map(|(key, value)| (key.clone(), toml_as_json(value))).collect()
        }
    }
}

fn read_toml(text: &str) -> Json {
    toml_as_json(&toml::Value::Table(text.parse().unwrap()))
}

#[test]
fn decisions_and_explanations_of_all_examples_are_as_their_schemas_say() {
    let (of_decisions, of_explanations) = (validator("decision"), validator("explanation"));
    let engine = Engine::builder().built_in_pack("messaging-law").build().unwrap();
    for path in files("examples", ".json") {
        let name = path.display().to_string();
        let document = std::fs::read(&path).unwrap();
        let facts = engine.facts_from_json(&document).unwrap();
        let report = engine.report(&facts, cleartosend::Report::EveryRule).unwrap();
        accepts(&of_decisions, &name, &serde_json::from_str(&report.to_json()).unwrap());
        let explanation =
            engine.explain(&facts, &ExplainOptions::default().without_timeline()).unwrap();
        accepts(&of_explanations, &name, &serde_json::from_str(&explanation.to_json()).unwrap());
    }
}

#[test]
fn what_the_command_prints_is_as_its_schemas_say() {
    let desk = TempDir::new().unwrap();
    let at = |name: &str| desk.path().join(name).display().to_string();
    let (waivers, record, summary) = (at("waivers.toml"), at("record.ndjson"), at("summary.json"));
    let waiver = "[[waiver]]\nrule = 'whatsapp/provider.false-official-claim'\nlower_to = 'note'\n\
                  reason = 'r'\nby = 'b'\nfrom = 2026-01-01\nuntil = 2026-12-01\n";
    std::fs::write(&waivers, waiver).unwrap();
    let rogue = "examples/rogue-provider.json";
    let complete = "examples/directories/complete.json";
    let waived = printed(&[
        "check",
        "--json",
        "--no-config",
        "--waivers",
        &waivers,
        "--directory",
        complete,
        "--record",
        &record,
        rogue,
    ]);
    assert!(waived["findings"].as_array().unwrap().iter().any(|it| !it["waiver"].is_null()));
    accepts(&validator("decision"), "a waived decision", &waived);
    let explained = printed(&["explain", "--json", "--no-config", "--record", &record, rogue]);
    accepts(&validator("explanation"), "an explanation", &explained);
    let audience = "examples/audiences/hubspot.csv";
    let campaign = "examples/audiences/campaign.json";
    let screened = printed(&[
        "screen",
        "--json",
        "--mapping",
        "hubspot",
        "--summary",
        &summary,
        "--record",
        &record,
        campaign,
        audience,
    ]);
    let of_summaries = validator("summary");
    accepts(&of_summaries, "a summary", &screened);
    accepts(&of_summaries, "a summary in a file", &read(Path::new(&summary)));
    let of_records = validator("record");
    let records = std::fs::read_to_string(&record).unwrap();
    assert_eq!(records.lines().count(), 3);
    for line in records.lines() {
        accepts(&of_records, "a record", &serde_json::from_str(line).unwrap());
    }
    for slip in ["verdict", "digest"] {
        let mut other = waived.clone();
        other[slip] = json!("sure");
        assert!(!validator("decision").is_valid(&other), "{slip}");
    }
}

#[test]
fn reports_of_scans_are_as_their_schema_says() {
    let validator = validator("scan");
    let desk = TempDir::new().unwrap();
    let manifest = r#"{"dependencies": {"baileys": "^6", "whatsapp-web.js": "1"}}"#;
    std::fs::write(desk.path().join("package.json"), manifest).unwrap();
    let accepted = "[[accept]]\nclient = 'npm:baileys'\nreason = 'r'\nuntil = 2027-06-30\n\
                    [[accept]]\nclient = 'npm:venom-bot'\nreason = 'r'\nuntil = 2027-06-30\n";
    std::fs::write(desk.path().join(".cts-scan.toml"), accepted).unwrap();
    let own = desk.path().display().to_string();
    let report = printed(&["scan", "--json", &own]);
    assert_eq!(report["accepted"].as_array().unwrap().len(), 1, "{report:#}");
    assert_eq!(report["unused_acceptances"].as_array().unwrap().len(), 1);
    accepts(&validator, "accepted", &report);
    for tree in ["examples/who", "tests/scan"] {
        accepts(&validator, tree, &printed(&["scan", "--json", tree]));
    }
}

#[test]
fn directories_and_configurations_are_as_their_schemas_say() {
    let of_directories = validator("directory");
    let folders = ["packs/directory", "examples/directories", "tests/cases/directories"];
    for path in folders.iter().flat_map(|folder| files(folder, ".json")) {
        accepts(&of_directories, &path.display().to_string(), &read(&path));
    }
    let complete = read(&root().join("examples/directories/complete.json"));
    for (pointer, value) in [
        ("/complete", json!("yes")),
        ("/covers/from", json!("last year")),
        ("/providers/0/role", json!("broker")),
        ("/providers/0/id", Json::Null),
        ("/providers/0", json!({"name": "Acme"})),
        ("/source", json!({"url": "https://example.com"})),
    ] {
        let mut slip = complete.clone();
        *slip.pointer_mut(pointer).unwrap() = value;
        assert!(!of_directories.is_valid(&slip), "{pointer}");
    }

    let of_configs = validator("config");
    let columns = std::fs::read_to_string(root().join("examples/audiences/cts.toml")).unwrap();
    accepts(&of_configs, "the example", &read_toml(&columns));
    let begun = std::fs::read_to_string(root().join("cli/src/init/cts.toml")).unwrap();
    accepts(&of_configs, "what `cts init` writes", &read_toml(&begun));
    // With all that it shows in comments.
    let shown: Vec<&str> = begun
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.starts_with('[') || line.contains(" = "))
        .filter(|line| !line.starts_with("packs"))
        .collect();
    let shown = read_toml(&shown.join("\n"));
    assert!(shown.as_object().unwrap().len() > 5, "{shown:#}");
    accepts(&of_configs, "what `cts init` shows", &shown);
    for slip in [
        "pack = []",
        "packs = ['house']",
        "packs = 'whatsapp'",
        "built_in = 'yes'",
        "[audience.crm]\ncolumn.a = 'recipient.phone'",
        "[audience.crm]\ncolumns.a = 'account.quality'",
        "[audience.crm]\nseparator = ';'",
        "[[waiver]]\nrule = 'whatsapp/provider.unlisted'",
        "[scan]\naccept = [{ client = 'npm:baileys', reason = 'r' }]",
    ] {
        assert!(!of_configs.is_valid(&read_toml(slip)), "{slip}");
    }
}
