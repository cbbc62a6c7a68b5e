//! A pack of one's own in use: its rules in sentences, its tests as it is written, defaults of its
//! facts, and what a `cts.toml` changes of comparisons.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

use super::support::{HOUSE, cts_line, text};

const ATTRIBUTES: &str = r#"
[attributes."x.tier"]
type    = "string"
values  = ["gold", "silver"]
default = "silver"
scope   = "recipient"
title   = "The recipient's tier."

[attributes."x.sent_7d"]
type  = "int"
unit  = "messages"
scope = "recipient"
title = "Messages in the last seven days."
"#;

const CAP: &str = r#"
[[rule]]
id       = "limits.cap"
topic    = "limits"
title    = "A cap for silver"
forbids  = 'x.tier == "silver" && x.sent_7d >= CAP'
verdict  = "deny"
from     = 2026-01-01
source   = { id = "handbook" }
message  = "{x.sent_7d} messages"
advice   = "Wait."
exposure = []
"#;

/// Writes the pack `house` into a folder, with that cap.
fn write_house(folder: &Path, cap: &str) {
    std::fs::create_dir_all(folder.join("rules")).unwrap();
    std::fs::create_dir_all(folder.join("tests")).unwrap();
    std::fs::write(folder.join("pack.toml"), format!("{HOUSE}{ATTRIBUTES}")).unwrap();
    std::fs::write(folder.join("rules/limits.toml"), CAP.replace("CAP", cap)).unwrap();
}

/// Runs a check of a document with the pack alone.
fn check(desk: &Path, document: &str) -> Json {
    let arguments = "check --json --all --no-config --no-built-in --pack house -";
    let output = cts_line(desk, arguments, document);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output)))
}

#[test]
fn a_rule_is_reported_with_its_values_units_and_what_it_needs() {
    let desk = TempDir::new().unwrap();
    write_house(&desk.path().join("house"), "5");
    let explain = |more: &str| {
        let arguments = format!("pack explain limits.cap --no-config --pack house {more}");
        text(&cts_line(desk.path(), &arguments, ""))
    };
    let page = explain("");
    let sentences = "Deny when all of this holds:\n  - the recipient's tier: silver\n  - messages in \
                     the last seven days: 5 messages or more\nNot when all of this holds \
                     instead:\n  - one of these: the recipient's tier: gold, or messages in the \
                     last seven days: less than 5\n    messages\nNeeds to be known:\n  - x.sent_7d \
                     (messages in the last seven days)\n";
    assert!(page.contains(sentences), "{page}");
    assert!(page.contains("in force  from 2026-01-01"), "{page}");
    assert!(!page.contains("when one of these holds"), "{page}");
    assert!(explain("--clauses").contains("violated when one of these holds"));
    assert!(explain("--lang es").contains("Denegado cuando se cumple todo esto:"));
}

#[test]
fn tests_run_again_when_the_pack_changes() {
    let desk = TempDir::new().unwrap();
    let house = desk.path().join("house");
    write_house(&house, "5");
    let test = "[[test]]\nname = 'five'\nset = { send_at = 2026-03-01, x.sent_7d = 5 }\n\
                expect = { verdict = 'deny', violated = ['limits.cap'] }\n";
    std::fs::write(house.join("tests/all.toml"), test).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_cts"))
        .current_dir(desk.path())
        .args(["pack", "test", "house", "--watch", "--threshold", "0", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut problems = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut next = || -> Json { serde_json::from_str(&printed.next().unwrap().unwrap()).unwrap() };
    assert_eq!(next()["passed"], true);
    std::fs::write(house.join("rules/limits.toml"), CAP.replace("CAP", "6")).unwrap();
    assert_eq!(next()["passed"], false);
    // A pack that is not in order is told too, and watched on.
    std::fs::write(house.join("rules/limits.toml"), CAP.replace("CAP", "six")).unwrap();
    assert!(problems.next().unwrap().unwrap().contains("cel/unknown-attribute"));
    std::fs::write(house.join("rules/limits.toml"), CAP.replace("CAP", "5")).unwrap();
    assert_eq!(next()["passed"], true);
    child.kill().unwrap();
    child.wait().unwrap();
    for (arguments, reason) in [
        ("pack test whatsapp --watch", "needs the folder of a pack"),
        ("pack test house --watch --format junit", "as text or as a line of JSON"),
    ] {
        let refused = cts_line(desk.path(), arguments, "");
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused).contains(reason), "{}", text(&refused));
    }
}

#[test]
fn a_fact_of_a_packs_own_may_have_a_default() {
    let desk = TempDir::new().unwrap();
    let desk = desk.path();
    write_house(&desk.join("house"), "5");
    let status = |x: &str| {
        let document = r#"{"send_at": "2026-03-02T15:00:00Z", "recipient": {}, "x": X}"#;
        let decision = check(desk, &document.replace('X', x));
        let finding = decision["findings"][0].clone();
        (finding["status"].as_str().unwrap().to_owned(), finding["facts"]["x.tier"].clone())
    };
    let printed = |status: &str, tier: Json| (status.to_owned(), tier);
    assert_eq!(status(r#"{"sent_7d": 5}"#), printed("violated", "silver".into()));
    assert_eq!(status(r#"{"sent_7d": 5, "tier": "gold"}"#), printed("satisfied", "gold".into()));
    // What is said not to be known is not known.
    assert_eq!(status(r#"{"sent_7d": 5, "tier": null}"#), printed("undetermined", Json::Null));
    assert_eq!(status("{}"), printed("undetermined", "silver".into()));

    // An audience comes out as its documents do.
    let campaign = r#"{"send_at": "2026-03-02T15:00:00Z"}"#;
    std::fs::write(desk.join("campaign.json"), campaign).unwrap();
    let screened = |name: &str, rows: &str| {
        std::fs::write(desk.join(name), rows).unwrap();
        let arguments =
            format!("screen --json --no-config --no-built-in --pack house campaign.json {name}");
        cts_line(desk, &arguments, "")
    };
    let verdicts = |output: &Output| -> Json {
        let summary: Json = serde_json::from_slice(&output.stdout).unwrap();
        summary["verdicts"].clone()
    };
    let without = screened("a.csv", "x.sent_7d\n5\n4\n");
    assert_eq!(verdicts(&without), serde_json::json!({"allow": 1, "review": 0, "deny": 1}));
    let with = screened("b.csv", "x.sent_7d,x.tier\n5,gold\n5,silver\n5,\n");
    assert_eq!(verdicts(&with), serde_json::json!({"allow": 1, "review": 1, "deny": 1}));
    // A column has one word for what is left out and for null, which differ.
    let mixed =
        screened("c.ndjson", "{\"x.sent_7d\": 5, \"x.tier\": \"gold\"}\n{\"x.sent_7d\": 5}\n");
    assert_eq!(mixed.status.code(), Some(2), "{}", text(&mixed));

    // A record has the value, and is judged again from it.
    let document = r#"{"send_at": "2026-03-02T15:00:00Z", "recipient": {}, "x": {"sent_7d": 5}}"#;
    std::fs::write(desk.join("case.json"), document).unwrap();
    let keep = "check --no-config --no-built-in --pack house --record log.ndjson case.json";
    assert_eq!(cts_line(desk, keep, "").status.code(), Some(1));
    assert_eq!(cts_line(desk, "verify log.ndjson", "").status.code(), Some(0));
    let replay = cts_line(desk, "replay log.ndjson --packs .", "");
    assert_eq!(replay.status.code(), Some(0), "{}", text(&replay));
}

#[test]
fn comparisons_of_own_cases_see_the_configuration() {
    let desk = TempDir::new().unwrap();
    let desk = desk.path();
    for (folder, cap) in [("old", "5"), ("house", "3")] {
        write_house(&desk.join(folder), cap);
    }
    let case = r#"{"send_at": "2026-03-02T15:00:00Z", "campaign": {"name": "launch"},
        "recipient": {}, "x": {"sent_7d": 4}}"#;
    std::fs::write(desk.join("case.json"), case).unwrap();
    let waiver = "[[waiver]]\nrule = 'house/limits.cap'\nwhen = 'campaign.name == \"launch\"'\n\
                  lower_to = 'note'\nreason = 'r'\nby = 'b'\nfrom = 2026-01-01\nuntil = \
                  2026-12-01\n[[waiver]]\nrule = 'whatsapp/template.not-approved'\nlower_to = \
                  'note'\nreason = 'r'\nby = 'b'\nfrom = 2026-01-01\nuntil = 2026-12-01\n";
    std::fs::write(desk.join("cts.toml"), format!("packs = ['./house']\n{waiver}")).unwrap();
    let compared = |more: &str| {
        let output =
            cts_line(desk, &format!("diff old house --json --campaigns case.json {more}"), "");
        let answer: Json =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output)));
        answer["campaigns"]["changed"][0].clone()
    };
    let with = compared("");
    assert_eq!((&with["from"], &with["to"]), (&"allow".into(), &"allow".into()), "{with}");
    let without = compared("--no-config");
    assert_eq!((&without["from"], &without["to"]), (&"allow".into(), &"deny".into()));

    // The packs of the configuration, as a check uses them.
    let analysis = cts_line(desk, "pack analyse", "");
    let printed = text(&analysis);
    assert_eq!(analysis.status.code(), Some(0), "{printed}");
    assert!(printed.contains("config  cts.toml") && printed.contains("\nlimits "), "{printed}");
    let none = cts_line(desk, "pack analyse --no-config", "");
    assert!(text(&none).contains("name the packs to analyse"), "{}", text(&none));

    // Unsigned packs are refused where somebody is to be trusted.
    assert_eq!(cts_line(desk, "key new officer", "").status.code(), Some(0));
    for command in ["pack analyse house", "diff old house", "pack analyse"] {
        let refused = cts_line(desk, &format!("{command} --trust officer.pub"), "");
        assert_eq!(refused.status.code(), Some(2), "{command}: {}", text(&refused));
    }
}
