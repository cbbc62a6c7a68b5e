//! Runs `tests/cases/`, and holds the decisions of `examples/` against `tests/golden/`.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests read their data and their switches, and have failed where they cannot"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cleartosend::Engine;
use cleartosend_tests::runner;

#[test]
fn every_case_comes_out_as_expected() {
    let filter = std::env::var("CASES").unwrap_or_default();
    let directories = directories();
    let mut names: BTreeMap<String, PathBuf> = BTreeMap::new();
    let (mut ran, mut failures) = (0, Vec::new());
    for path in files(&root().join("tests/cases"), "toml") {
        let file = runner::read(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in &file.cases {
            if let Some(first) = names.insert(case.name.clone(), path.clone()) {
                panic!(
                    "{} is the name of a case in {} and in {}",
                    case.name,
                    first.display(),
                    path.display()
                );
            }
            if !case.name.contains(&filter) {
                continue;
            }
            ran += 1;
            if let Err(problems) = runner::run(&file, case, &directories) {
                failures.push(format!(
                    "{}: {} ({})\n    {}",
                    path.display(),
                    case.name,
                    case.why,
                    problems.join("\n    ")
                ));
            }
        }
    }
    assert!(ran > 0, "no case has `{filter}` in its name");
    assert!(
        failures.is_empty(),
        "{} of {ran} cases fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// Proves that the harness can fail: each of these expects something wrong.
#[test]
fn a_wrong_expectation_fails() {
    let wrong = r#"
        [pack.red]
        rules = '''
        [[rule]]
        id = "feedback.red"
        topic = "feedback"
        title = "Not red"
        forbids = 'account.quality == "red"'
        verdict = "deny"
        from = 2018-01-01
        source = { id = "source" }
        message = "red"
        advice = "wait"
        exposure = ["warning"]
        '''
        [base.red]
        send_at = 2026-03-02T15:00:00Z
        account.quality = "red"
        [[case]]
        name = "verdict"
        why = ""
        packs = ["red"]
        base = "red"
        expect = { verdict = "allow", findings = ["feedback.red"] }
        [[case]]
        name = "findings"
        why = ""
        packs = ["red"]
        base = "red"
        expect = { verdict = "deny" }
        [[case]]
        name = "status"
        why = ""
        packs = ["red"]
        base = "red"
        expect = { verdict = "deny", findings = ["feedback.red"], violated = [] }
        [[case]]
        name = "derived"
        why = ""
        base = "red"
        expect = { derived = { "account.banned" = false } }
        [[case]]
        name = "unknown"
        why = ""
        base = "red"
        expect = { unknown = ["account.quality"] }
        [[case]]
        name = "error"
        why = ""
        base = "red"
        expect = { error = { code = "facts/derived", path = "" } }
        [[case]]
        name = "refused"
        why = ""
        document = "{}"
        expect = { verdict = "allow" }
        [[case]]
        name = "facts"
        why = ""
        packs = ["red"]
        base = "red"
        expect = { shown = { "feedback.red" = { "account.quality" = "green" } } }
    "#;
    let file = runner::read(wrong).unwrap();
    for case in &file.cases {
        assert!(runner::run(&file, case, &BTreeMap::new()).is_err(), "{} should fail", case.name);
    }
    assert!(
        runner::read("[[case]]\nname = 'a'\nwhy = ''\nexpct = {}\nexpect = {}").is_err(),
        "unknown keys are refused"
    );
}

/// `BLESS=1 cargo test -p cleartosend-tests --test cases` writes them anew; the difference is then
/// read as text.
#[test]
fn decisions_of_the_examples_are_the_golden_ones() {
    let engine = Engine::built_in().unwrap();
    let bless = std::env::var_os("BLESS").is_some();
    let golden_folder = root().join("tests/golden");
    let mut wanted = Vec::new();
    for example in examples() {
        let name = example.file_name().unwrap().to_owned();
        let decision = engine
            .check_json(&fs::read(&example).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", example.display()));
        // Laid out for review; member order is the engine's.
        let golden = golden_folder.join(&name);
        let found = laid_out(&decision.to_json());
        if bless {
            fs::write(&golden, &found).unwrap();
        }
        let expected = fs::read_to_string(&golden)
            .unwrap_or_else(|error| panic!("{}: {error}; run with BLESS=1", golden.display()));
        assert!(
            found == expected,
            "{} differs; run with BLESS=1 and read the difference",
            golden.display()
        );
        wanted.push(name);
    }
    assert!(!wanted.is_empty());
    for golden in files(&golden_folder, "json") {
        assert!(
            wanted.iter().any(|name| golden.ends_with(name)),
            "{} is of no example",
            golden.display()
        );
    }
}

#[test]
fn the_same_question_has_the_same_bytes_and_another_fact_another_digest() {
    let engine = Engine::built_in().unwrap();
    let other = Engine::builder().built_in_pack("whatsapp").build().unwrap();
    for example in examples() {
        let document = fs::read(&example).unwrap();
        let first = engine.check_json(&document).unwrap();
        assert_eq!(
            first.to_json(),
            other.check_json(&document).unwrap().to_json(),
            "{}",
            example.display()
        );
        // A name that no rule reads changes the question, so it changes the digest and nothing
        // else.
        let mut facts = cleartosend::Facts::from_json(engine.schema(), &document).unwrap();
        facts.set_path("campaign.id", cleartosend::Value::string("another campaign")).unwrap();
        let second = engine.check(&facts).unwrap();
        assert_ne!(first.digest(), second.digest());
        assert_eq!(first.verdict(), second.verdict());
    }
}

/// Takes each given member out of each example. A gate never says allow because it was not told.
#[test]
fn removing_a_fact_never_turns_a_verdict_into_allow() {
    let engine = Engine::built_in().unwrap();
    for example in examples() {
        let document: serde_json::Value =
            serde_json::from_slice(&fs::read(&example).unwrap()).unwrap();
        let whole = engine.check_json(document.to_string().as_bytes()).unwrap().verdict();
        if whole == cleartosend::Verdict::Allow {
            continue;
        }
        for path in members(&document, "") {
            if path == "/recipient" {
                continue;
            }
            let mut less = document.clone();
            let (parent, name) = path.rsplit_once('/').unwrap();
            less.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
            if let Ok(decision) = engine.check_json(less.to_string().as_bytes()) {
                assert_ne!(
                    decision.verdict(),
                    cleartosend::Verdict::Allow,
                    "{} without {path}",
                    example.display()
                );
            }
        }
    }
}

fn members(json: &serde_json::Value, here: &str) -> Vec<String> {
    let Some(object) = json.as_object() else { return Vec::new() };
    object
        .iter()
        .flat_map(|(name, value)| {
            [vec![format!("{here}/{name}")], members(value, &format!("{here}/{name}"))].concat()
        })
        .collect()
}

/// JSON with a member a line, without changing the order: a reader that sorted members would hide a
/// change of order.
fn laid_out(json: &str) -> String {
    let (mut out, mut depth, mut quoted, mut escaped) = (String::new(), 0, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    let letters: Vec<char> = json.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1);
        if quoted {
            out.push(*letter);
            quoted = escaped || *letter != '"';
            escaped = !escaped && *letter == '\\';
            continue;
        }
        match letter {
            '{' | '[' if !matches!(next, Some('}' | ']')) => {
                depth += 1;
                out.push(*letter);
                line(&mut out, depth);
            }
            '}' | ']' if !out.ends_with(['{', '[']) => {
                depth -= 1;
                line(&mut out, depth);
                out.push(*letter);
            }
            ',' => {
                out.push(',');
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                quoted = *letter == '"';
                out.push(*letter);
            }
        }
    }
    out.push('\n');
    out
}

fn directories() -> BTreeMap<String, String> {
    let files = files(&root().join("tests/cases/directories"), "json");
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

/// The campaigns lie in the folder itself; what lies deeper is directories, account states and
/// events.
fn examples() -> Vec<PathBuf> {
    let folder = root().join("examples");
    files(&folder, "json").into_iter().filter(|path| path.parent() == Some(&folder)).collect()
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut open = vec![folder.to_path_buf()];
    let mut found = Vec::new();
    while let Some(here) = open.pop() {
        for entry in
            fs::read_dir(&here).unwrap_or_else(|error| panic!("{}: {error}", here.display()))
        {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
