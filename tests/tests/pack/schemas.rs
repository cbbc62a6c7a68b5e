//! Do the published JSON Schemas of pack files accept what packs hold, and refuse what the reader
//! of packs refuses?

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot be set up should fail"
)]
#![expect(clippy::disallowed_methods, reason = "the packs are files")]

use std::path::{Path, PathBuf};

use cleartosend::Schema;
use cleartosend::pack::FileSchema;
use jsonschema::Validator;
use serde_json::{Value, json};

fn validator(kind: FileSchema) -> Validator {
    jsonschema::validator_for(&kind.json(&Schema::built_in())).expect("a JSON Schema")
}

/// TOML as an editor hands it to a JSON Schema: dates are strings.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(value) => json!(value),
        toml::Value::Datetime(at) => json!(at.to_string()),
        toml::Value::Array(items) => items.iter().map(as_json).collect(),
        toml::Value::Table(members) => {
            members.iter().map(|(key, value)| (key.clone(), as_json(value))).collect()
        }
    }
}

/// The files of a pack's folder, each with its kind.
fn files(folder: &Path) -> Vec<(FileSchema, PathBuf)> {
    let mut found = Vec::new();
    for (path, kind) in [
        ("pack.toml", FileSchema::Pack),
        ("sets.toml", FileSchema::Sets),
        ("tables.toml", FileSchema::Tables),
        ("conditions.toml", FileSchema::Conditions),
        ("waivers.toml", FileSchema::Waivers),
        ("ladder.toml", FileSchema::Ladder),
    ] {
        found.push((kind, folder.join(path)));
    }
    for (path, kind) in [("rules", FileSchema::Rules), ("tests", FileSchema::Tests)] {
        let entries = std::fs::read_dir(folder.join(path)).unwrap();
        found.extend(entries.map(|entry| (kind, entry.unwrap().path())));
    }
    found.retain(|(_, path)| path.is_file() && path.extension().is_some_and(|end| end == "toml"));
    found
}

#[test]
fn the_built_in_packs_are_accepted() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs");
    let mut checked = 0;
    for folder in ["whatsapp", "messaging-law"] {
        for (kind, path) in files(&packs.join(folder)) {
            let text = std::fs::read_to_string(&path).unwrap();
            let file = as_json(&toml::Value::Table(text.parse().unwrap()));
            let problems: Vec<String> = validator(kind)
                .iter_errors(&file)
                .map(|error| format!("{}: {}", error.instance_path(), error))
                .take(3)
                .collect();
            assert!(problems.is_empty(), "{}: {problems:?}", path.display());
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn slips_are_refused() {
    let rule = json!({
        "id": "data.one", "topic": "data", "title": "t", "forbids": "true", "verdict": "deny",
        "source": {"id": "s"}, "message": "m", "advice": "a", "exposure": ["warning"]
    });
    let of_rules = validator(FileSchema::Rules);
    let file = |rule: &Value| json!({"rule": [rule]});
    assert!(of_rules.is_valid(&file(&rule)));
    for (key, value) in [
        ("topic", json!("budget")),
        ("verdict", json!("allow")),
        ("exposure", json!(["ban"])),
        ("requires", json!("true")),
        ("severity", json!("high")),
        ("title", json!(" ")),
    ] {
        let mut slip = rule.clone();
        slip[key] = value;
        assert!(!of_rules.is_valid(&file(&slip)), "{key}");
    }
    let manifest = json!({
        "name": "house", "version": "1.0.0", "requires": "*", "title": "t", "published": "2026-01-01",
        "attributes": {"x": {"brand": {"type": "string", "scope": "campaign", "title": "t"}}}
    });
    assert!(!validator(FileSchema::Pack).is_valid(&manifest));
}
