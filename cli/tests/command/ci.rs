//! What a build is told: annotations, JUnit and SARIF, and what the action and the hooks run.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::support::{cts, root};

/// The exit code, and what was printed.
fn said(arguments: &[&str]) -> (i32, String) {
    let output = cts(arguments);
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

const DENIED: &str = "examples/rogue-provider.json";
const ALLOWED: &str = "examples/clean-campaign.json";
const OPEN: &str = "examples/missing-facts.json";

fn bad_document(folder: &Path) -> String {
    let file = folder.join("bad.json");
    std::fs::write(
        &file,
        "{\n  \"send_at\": \"2026-03-02T15:00:00Z\",\n  \"account\": {\"quality\": \"reed\"}\n}\n",
    )
    .unwrap();
    file.display().to_string()
}

/// A pack that is in order.
fn pack(folder: &Path) -> PathBuf {
    let house = folder.join("house");
    let made = cts(&["pack", "new", &house.display().to_string(), "--at", "2026-03-02T00:00:00Z"]);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    house
}

#[test]
fn annotations_stand_at_the_document_with_the_rule_that_is_against_it() {
    let folder = tempfile::tempdir().unwrap();
    let bad = bad_document(folder.path());
    let (code, text) = said(&["check", "--format", "github", DENIED, ALLOWED, OPEN, &bad]);
    assert_eq!(code, 2, "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], format!("DENY  {DENIED}"));
    assert!(
        lines.iter().any(|line| line.starts_with(&format!(
            "::error file={DENIED},line=1,title=whatsapp/access.unofficial-client%3A"
        ))),
        "{text}"
    );
    assert!(lines.contains(&&*format!("ALLOW  {ALLOWED}")), "{text}");
    assert!(lines.iter().any(|line| line.starts_with(&format!("::warning file={OPEN},"))));
    // What is wrong with a value is told by its path.
    let refused = lines.iter().find(|line| line.contains("did you mean `red`?")).unwrap();
    assert!(
        refused.starts_with("::error file=")
            && refused.contains("bad.json,line=1,title=facts/value-outside-list%3A refused::")
            && refused.contains("`account.quality`"),
        "{refused}"
    );
    // What is no JSON is told at its line.
    std::fs::write(&bad, "{\n  \"send_at\": nonsense\n}\n").unwrap();
    let (code, syntax) = said(&["check", "--format", "github", &bad]);
    assert_eq!(code, 2);
    assert!(syntax.contains("bad.json,line=2,title=facts/syntax%3A refused::"), "{syntax}");
    // One document alone is told in the same way, with its own exit code.
    let (code, alone) = said(&["check", "--format", "github", DENIED]);
    assert_eq!(code, 1);
    assert!(text.starts_with(&alone), "{alone}");
}

#[test]
fn a_junit_report_counts_documents_and_says_why_they_fail() {
    let folder = tempfile::tempdir().unwrap();
    let bad = bad_document(folder.path());
    let (code, text) = said(&["check", "--format", "junit", DENIED, ALLOWED, OPEN, &bad]);
    assert_eq!(code, 2);
    let document = roxmltree::Document::parse(&text).unwrap();
    let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
    for (name, value) in [("tests", "4"), ("failures", "2"), ("errors", "1"), ("skipped", "0")] {
        assert_eq!(suite.attribute(name), Some(value), "{name}");
    }
    let of = |name: &str| {
        let case = suite.children().find(|case| case.attribute("name") == Some(name)).unwrap();
        let outcome = case.children().find(roxmltree::Node::is_element);
        outcome.map(|outcome| {
            (
                outcome.tag_name().name(),
                outcome.attribute("type").unwrap(),
                outcome.attribute("message").unwrap().to_owned(),
                outcome.text().unwrap().to_owned(),
            )
        })
    };
    assert_eq!(of(ALLOWED), None);
    let (tag, kind, message, text) = of(DENIED).unwrap();
    assert_eq!((tag, kind), ("failure", "deny"));
    assert!(message.starts_with("deny: whatsapp/"), "{message}");
    assert!(text.contains("https://"), "{text}");
    let (tag, kind, ..) = of(OPEN).unwrap();
    assert_eq!((tag, kind), ("failure", "review"));
    let (tag, kind, message, text) = of(&bad).unwrap();
    assert_eq!((tag, kind), ("error", "refused"));
    assert!(message.starts_with("refused: facts/"), "{message}");
    assert!(text.contains(":1: facts/") && text.contains("did you mean `red`?"), "{text}");
}

#[test]
fn a_sarif_log_has_a_rule_for_each_result() {
    let (code, text) = said(&["check", "--format", "sarif", DENIED, OPEN]);
    assert_eq!(code, 1);
    let log: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let mut levels = BTreeMap::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["region"]["startLine"], 1);
        assert!(result["partialFingerprints"]["ruleInFile/v1"].is_string());
        *levels
            .entry((
                place["artifactLocation"]["uri"].as_str().unwrap(),
                result["level"].as_str().unwrap(),
            ))
            .or_insert(0) += 1;
    }
    assert!(levels[&(DENIED, "error")] >= 1, "{levels:?}");
    assert!(levels[&(OPEN, "warning")] >= 1, "{levels:?}");
    assert!(!levels.contains_key(&(OPEN, "error")), "{levels:?}");
    let mut prints: Vec<&Value> =
        results.iter().map(|result| &result["partialFingerprints"]).collect();
    prints.sort_by_key(ToString::to_string);
    prints.dedup();
    assert_eq!(prints.len(), results.len());
}

#[test]
fn a_line_of_ndjson_is_its_own_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queue.ndjson");
    std::fs::write(
        &file,
        "{\"send_at\": \"2026-03-02T15:00:00Z\"}\n{\"send_at\": \"2026-03-02T15:00:00Z\", \
         \"account\": {\"quality\": \"reed\"}}\n",
    )
    .unwrap();
    let (code, text) = said(&["check", "--format", "github", &file.display().to_string()]);
    assert_eq!(code, 2, "{text}");
    assert!(
        text.contains("queue.ndjson,line=2,title=facts/value-outside-list%3A refused::"),
        "{text}"
    );
    assert!(text.contains("queue.ndjson,line=1,title=whatsapp/"), "{text}");
}

#[test]
fn the_tests_of_a_pack_are_a_report_of_tests() {
    let folder = tempfile::tempdir().unwrap();
    let house = pack(folder.path());
    let name = house.display().to_string();
    let (code, text) = said(&["pack", "test", "--format", "junit", &name]);
    assert_eq!(code, 0, "{text}");
    let document = roxmltree::Document::parse(&text).unwrap();
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase")).count();
    assert!(cases > 1 && !text.contains("<failure"), "{text}");

    // A test that expects something else fails where it stands.
    let file = house.join("tests/frequency.toml");
    let tests = std::fs::read_to_string(&file).unwrap();
    let wrong = tests.replacen("verdict = \"deny\"", "verdict = \"allow\"", 1);
    assert_ne!(wrong, tests, "the pack has a test that expects deny");
    std::fs::write(&file, wrong).unwrap();
    let (code, text) = said(&["pack", "test", "--format", "junit", &name]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("<failure type=\"failed\" message=\"failed: test/failed"), "{text}");
    let (code, text) = said(&["pack", "test", "--format", "github", &name]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.lines().any(|line| line.starts_with("::error file=")
            && line.contains("house/tests/frequency.toml,line=")
            && line.contains("expected allow, got deny")),
        "{text}"
    );
    let (code, text) = said(&["pack", "test", "--format", "sarif", &name]);
    assert_eq!(code, 1);
    let log: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "test/failed");

    // A pack that is refused is told at its lines as well.
    std::fs::write(house.join("conditions.toml"), "[[condition]]\nnonsense = 1\n").unwrap();
    let (code, text) = said(&["pack", "test", "--format", "github", &name]);
    assert_eq!(code, 2, "{text}");
    assert!(
        text.lines().any(|line| line.starts_with("::error file=")
            && line.contains("house/conditions.toml,line=")
            && line.contains("title=pack/")),
        "{text}"
    );
}

/// The script of a step of the action.
fn script(name: &str) -> String {
    let action = std::fs::read_to_string(root().join("action.yml")).unwrap();
    let step = action.split_once(&format!("- name: {name}\n")).unwrap().1;
    let script = step.split_once("run: |\n").unwrap().1;
    let lines = script.lines().take_while(|line| line.is_empty() || line.starts_with("        "));
    lines.map(|line| format!("{}\n", line.trim_start_matches("        "))).collect()
}

/// Runs a step as a runner does, with this `cts`.
fn run_step(name: &str, inputs: &[(&str, &str)]) -> (i32, String) {
    let bin = Path::new(env!("CARGO_BIN_EXE_cts")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("bash");
    command
        .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &script(name)])
        .env("PATH", path)
        .current_dir(root());
    for input in ["CTS_FILES", "CTS_PACKS", "CTS_ARGUMENTS", "CTS_JUNIT", "CTS_SARIF"] {
        command.env(input, "");
    }
    let output = command.envs(inputs.iter().copied()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), text + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_action_runs_what_its_inputs_ask_for() {
    let folder = tempfile::tempdir().unwrap();
    let house = pack(folder.path()).display().to_string();
    let (junit, sarif) = (folder.path().join("cts.xml"), folder.path().join("cts.sarif"));
    assert_eq!(run_step("Build cts", &[]), (0, String::new()));
    let (code, text) = run_step(
        "Check",
        &[
            ("CTS_FILES", &format!("{ALLOWED}\n{DENIED}\n")),
            ("CTS_PACKS", &house),
            ("CTS_ARGUMENTS", "--at\n2026-03-02T15:00:00Z"),
            ("CTS_JUNIT", &junit.display().to_string()),
            ("CTS_SARIF", &sarif.display().to_string()),
        ],
    );
    assert_eq!(code, 1, "{text}");
    assert!(text.contains(&format!("\nDENY  {DENIED}\n::error file={DENIED},")), "{text}");
    let report = std::fs::read_to_string(junit).unwrap();
    assert!(report.contains("tests=\"2\" failures=\"1\" errors=\"0\""), "{report}");
    let log: Value = serde_json::from_slice(&std::fs::read(sarif).unwrap()).unwrap();
    assert_eq!(log["version"], "2.1.0");

    assert_eq!(run_step("Check", &[("CTS_FILES", ALLOWED)]).0, 0);
    assert_eq!(run_step("Check", &[("CTS_PACKS", &house)]).0, 0);
    // An action that was asked for nothing has not shown that all is well.
    let (code, text) = run_step("Check", &[]);
    assert!(code == 2 && text.contains("::error::nothing to do"), "{text}");
}

#[test]
fn the_hooks_run_commands_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let house = pack(folder.path()).display().to_string();
    let hooks = std::fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let member = |hook: &str, name: &str| {
        let line = hook.lines().find_map(|line| line.trim().strip_prefix(&format!("{name}: ")));
        line.unwrap_or_default().to_owned()
    };
    let mut seen = Vec::new();
    for hook in hooks.split("\n- ").skip(1) {
        let id = member(hook, "id");
        let entry = member(hook, "entry");
        let mut words: Vec<&str> = entry.split(' ').collect();
        assert_eq!(words.remove(0), "cts", "{id}");
        // What pre-commit adds: the files that match, or the arguments of whoever uses the hook.
        let (added, at, code): (&[&str], _, _) = match id.as_str() {
            "cts-check" => (&[ALLOWED, DENIED], root(), 1),
            "cts-pack-test" => (&[&house], root(), 0),
            "cts-scan" => (&[], root().join("examples/who/meta-sdk"), 0),
            other => panic!("{other} is not tried"),
        };
        let output = Command::new(env!("CARGO_BIN_EXE_cts"))
            .args(words)
            .args(added)
            .current_dir(at)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{id}: {output:?}");
        seen.push(id);
    }
    assert_eq!(seen, ["cts-check", "cts-pack-test", "cts-scan"]);
}
