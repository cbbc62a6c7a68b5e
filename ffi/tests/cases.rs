//! The same documents through the C binding and through Rust: the same bytes out, or the same error.
#![expect(clippy::disallowed_methods, reason = "tests read their data")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::allow_attributes,
    reason = "a test fails by panicking"
)]

mod installed;
#[path = "../../tests/src/law.rs"]
#[expect(dead_code, unreachable_pub, reason = "a binding takes the sample alone")]
mod law;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cleartosend::{Directory, Engine, ExplainOptions, Facts, FactsError, Pack, Timestamp};
use cleartosend_account::{AccountError, Book};
use installed::{Mode, built, is_there, root, scratch, started, succeeds};
use serde_json::{Map, Value as Json};

/// A document, and the directory that it is judged with.
struct Case {
    called: String,
    document: Vec<u8>,
    directory: Option<Vec<u8>>,
}

#[test]
fn every_case_has_the_same_answer() {
    if !is_there("gcc") {
        return;
    }
    let mut cases = examples();
    cases.extend(tests_of_the_pack());
    cases.extend(shared_cases());
    cases.extend(changes_of_examples());
    assert!(cases.len() > 700, "only {} cases were found", cases.len());

    let folder = scratch("cases");
    let (mut script, mut expected) = (String::new(), Vec::new());
    // Cases of one directory follow each other, so that few engines are made.
    cases.sort_by(|a, b| a.directory.cmp(&b.directory));
    let mut engine: Option<(&Option<Vec<u8>>, Engine)> = None;
    for (number, case) in cases.iter().enumerate() {
        let document = folder.join(format!("{number}.json"));
        std::fs::write(&document, &case.document).unwrap();
        let engine = match &engine {
            Some((directory, engine)) if *directory == &case.directory => engine,
            _ => {
                script.push_str("new\nbuilt-in whatsapp\n");
                let mut builder = Engine::builder().built_in_pack("whatsapp");
                if let Some(bytes) = &case.directory {
                    let place = folder.join(format!("{number}.directory.json"));
                    std::fs::write(&place, bytes).unwrap();
                    let _ = writeln!(script, "directory {}", place.display());
                    builder = builder.directory(Arc::new(Directory::from_json(bytes).unwrap()));
                }
                script.push_str("engine\n");
                &engine.insert((&case.directory, builder.build().unwrap())).1
            }
        };
        let _ = writeln!(script, "check {}", document.display());
        expected.push(match engine.check_json(&case.document) {
            Ok(decision) => decision.to_json(),
            Err(error) => format!("error {} {}", error.code(), error.path()),
        });
    }
    let place = folder.join("script");
    std::fs::write(&place, script).unwrap();
    let output = succeeds(started(&built("cases", Mode::Plain), Mode::Plain).arg(&place));
    let output = String::from_utf8(output.stdout).unwrap();
    let found: Vec<&str> = output.lines().collect();
    assert_eq!(found.len(), cases.len());
    for ((case, found), expected) in cases.iter().zip(&found).zip(&expected) {
        assert_eq!(found, expected, "{}", case.called);
    }
    println!(
        "{} cases, {} of them refused",
        cases.len(),
        expected.iter().filter(|line| line.starts_with("error ")).count()
    );
}

#[test]
fn every_example_is_explained_alike() {
    if !is_there("gcc") {
        return;
    }
    let folder = scratch("explained");
    let engine = Engine::built_in().unwrap();
    let (mut script, mut expected) = ("new\nengine\n".to_owned(), Vec::new());
    let cases = examples();
    for (number, case) in cases.iter().enumerate() {
        let document = folder.join(format!("{number}.json"));
        std::fs::write(&document, &case.document).unwrap();
        let _ = writeln!(script, "explain {}", document.display());
        expected.push(match Facts::from_json(engine.schema(), &case.document) {
            Ok(facts) => engine.explain(&facts, &ExplainOptions::default()).unwrap().to_json(),
            Err(error) => format!("error {} {}", error.code(), error.path()),
        });
    }
    let place = folder.join("script");
    std::fs::write(&place, script).unwrap();
    let output = succeeds(started(&built("cases", Mode::Plain), Mode::Plain).arg(&place));
    let output = String::from_utf8(output.stdout).unwrap();
    let found: Vec<&str> = output.lines().collect();
    assert_eq!(found.len(), cases.len());
    for ((case, found), expected) in cases.iter().zip(&found).zip(&expected) {
        assert_eq!(found, expected, "{}", case.called);
    }
}

/// A script of the account's lines for `tests/c/cases.c`, and what Rust says to each.
struct Accounts {
    folder: PathBuf,
    files: usize,
    script: String,
    expected: Vec<String>,
    engine: Engine,
    state: Book,
}

#[test]
fn accounts_have_the_same_states_and_facts() {
    if !is_there("gcc") {
        return;
    }
    let mut printed = Accounts {
        folder: scratch("accounts"),
        files: 0,
        script: "new\nbuilt-in whatsapp\nengine\n".to_owned(),
        expected: Vec::new(),
        engine: Engine::built_in().unwrap(),
        state: Book::new(),
    };
    let example = |name: &str| std::fs::read(root().join("examples/account").join(name)).unwrap();
    let (new, campaign) = (example("new.json"), example("campaign.json"));
    let story: Vec<Vec<u8>> = files(&root().join("examples/account/story"), "json")
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    assert!(story.len() > 10);
    let days = [1_768_100_000, 1_770_811_200, 1_770_973_200, 1_772_452_800];

    // The story of the examples, asked about after every event.
    printed.account(&new);
    for event in &story {
        printed.apply(event);
        printed.state();
        printed.show(None, None);
        printed.tell(&campaign);
        for at in days {
            printed.show(Some(at), Some("+34 911 000 000"));
            printed.project(at, "spam");
        }
    }
    printed.project(days[3], "no_such_kind");
    // Backwards, every event twice, and each written and read between.
    printed.account(b"{}");
    for event in story.iter().rev() {
        printed.apply(event);
        printed.apply(event);
        let written = printed.state.to_json();
        printed.account(written.as_bytes());
    }
    printed.state();
    // Answers as they come; and every event cut short, after every ninth byte.
    for event in &story {
        let parsed: Json = serde_json::from_slice(event).unwrap();
        if let Some(answer) = parsed.get("answer") {
            printed.apply(answer.to_string().as_bytes());
            printed.apply_at(answer.to_string().as_bytes(), days[0]);
        }
        for cut in (0..event.len()).step_by(9) {
            printed.apply(&event[..cut]);
        }
    }
    printed.state();
    for wrong in [
        "",
        "[]",
        "{\"acount\": {}}",
        "{\"account\": {\"quality\": \"pink\"}}",
        "{\"history\": {}}",
    ] {
        printed.account(wrong.as_bytes());
    }
    // Each case's account is what a state begins with, and is told to the rest of the document.
    let mut accounts = 0;
    for case in shared_cases().into_iter().filter(|case| case.directory.is_none()) {
        let Ok(mut document) = serde_json::from_slice::<Map<String, Json>>(&case.document) else {
            continue;
        };
        let Some(account) = document.remove("account") else { continue };
        accounts += 1;
        if printed.account(
            Json::from(Map::from_iter([("account".to_owned(), account)])).to_string().as_bytes(),
        ) {
            printed.state();
            printed.show(Some(days[1]), None);
            printed.project(days[3], "scam");
            printed.tell(Json::from(document).to_string().as_bytes());
        }
    }
    assert!(accounts > 30, "only {accounts} cases have an account");

    let place = printed.folder.join("script");
    std::fs::write(&place, &printed.script).unwrap();
    let output = succeeds(started(&built("cases", Mode::Plain), Mode::Plain).arg(&place));
    let output = String::from_utf8(output.stdout).unwrap();
    let found: Vec<&str> = output.lines().collect();
    for (number, (found, expected)) in found.iter().zip(&printed.expected).enumerate() {
        assert_eq!(found, expected, "answer {number}");
    }
    assert_eq!(found.len(), printed.expected.len());
    println!(
        "{} answers about accounts, {} of them refusals",
        found.len(),
        found.iter().filter(|line| line.starts_with("error ")).count()
    );
}

impl Accounts {
    fn file(&mut self, bytes: &[u8]) -> PathBuf {
        self.files += 1;
        let place = self.folder.join(format!("{}.json", self.files));
        std::fs::write(&place, bytes).unwrap();
        place
    }

    fn answer(&mut self, answer: Result<String, AccountError>) {
        self.expected.push(
            answer.unwrap_or_else(|error| format!("error {} {}", error.code(), error.path())),
        );
    }

    /// Whether the state is one; the state is an empty one otherwise, which no case goes on with.
    fn account(&mut self, bytes: &[u8]) -> bool {
        let place = self.file(bytes);
        let _ = writeln!(self.script, "account {}", place.display());
        match Book::from_json(bytes) {
            Ok(state) => {
                self.state = state;
                true
            }
            Err(error) => {
                self.answer(Err(error));
                false
            }
        }
    }

    fn apply(&mut self, event: &[u8]) {
        let place = self.file(event);
        let _ = writeln!(self.script, "apply {}", place.display());
        let report = self.state.apply(event).map(|report| serde_json::to_string(&report).unwrap());
        self.answer(report);
    }

    fn apply_at(&mut self, event: &[u8], at: i64) {
        let place = self.file(event);
        let _ = writeln!(self.script, "apply-at {at} {}", place.display());
        let report = self
            .state
            .apply_read_at(event, instant(at))
            .map(|report| serde_json::to_string(&report).unwrap());
        self.answer(report);
    }

    fn state(&mut self) {
        self.script.push_str("state\n");
        self.expected.push(self.state.to_json());
    }

    fn show(&mut self, at: Option<i64>, number: Option<&str>) {
        let _ = match at {
            Some(at) => writeln!(self.script, "show-at {at} {}", number.unwrap_or("-")),
            None => writeln!(self.script, "show {}", number.unwrap_or("-")),
        };
        let account = self.state.account(None, at.map(instant), number);
        self.answer(account.map(|account| account.to_string()));
    }

    fn tell(&mut self, document: &[u8]) {
        let place = self.file(document);
        let _ = writeln!(self.script, "tell {}", place.display());
        let judged = || -> Result<String, FactsError> {
            let mut facts = Facts::from_json_without_send_at(self.engine.schema(), document)?;
            self.state.tell(&mut facts)?;
            Ok(self.engine.check(&facts)?.to_json())
        };
        let answer =
            judged().unwrap_or_else(|error| format!("error {} {}", error.code(), error.path()));
        self.expected.push(answer);
    }

    fn project(&mut self, at: i64, kind: &str) {
        let _ = writeln!(self.script, "project {at} {kind}");
        let projection = self
            .state
            .history(None, instant(at))
            .and_then(|history| {
                cleartosend_account::project(&self.engine, &history, kind, instant(at))
            })
            .map(|projection| serde_json::to_string(&projection).unwrap());
        self.answer(projection);
    }
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::new(seconds, 0).unwrap()
}

fn examples() -> Vec<Case> {
    let read = |path: PathBuf| Case {
        called: path.display().to_string(),
        document: std::fs::read(&path).unwrap(),
        directory: None,
    };
    files(&root().join("examples"), "json").into_iter().map(read).collect()
}

fn tests_of_the_pack() -> Vec<Case> {
    let pack = Pack::built_in("whatsapp").unwrap().unwrap();
    let case = |test: &cleartosend::pack::PackTest| Case {
        called: test.name.to_string(),
        document: test.facts.to_string().into_bytes(),
        directory: test.directory.as_ref().map(|name| pack.directories.get(name).unwrap().to_vec()),
    };
    pack.tests().unwrap().tests.iter().map(case).collect()
}

/// What `tests/cases/` has that needs no pack of its own.
fn shared_cases() -> Vec<Case> {
    let folder = root().join("tests/cases");
    let mut cases = Vec::new();
    for path in if folder.is_dir() { files(&folder, "toml") } else { Vec::new() } {
        let file: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        let bases = file.get("base").and_then(toml::Value::as_table);
        for case in file.get("case").and_then(toml::Value::as_array).unwrap() {
            if case.get("packs").is_some() {
                continue;
            }
            let text = |key: &str| case.get(key).and_then(toml::Value::as_str);
            let texts = |key: &str| {
                case.get(key)
                    .and_then(toml::Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(toml::Value::as_str)
            };
            let document = match text("document") {
                Some(document) => document.as_bytes().to_vec(),
                None => {
                    let base = text("base").and_then(|name| bases?.get(name));
                    let mut facts = base.map_or(Json::Object(Map::new()), json);
                    merge(&mut facts, case.get("facts").map_or(Json::Object(Map::new()), json));
                    for path in texts("remove") {
                        put(&mut facts, path, None);
                    }
                    for path in texts("null") {
                        put(&mut facts, path, Some(Json::Null));
                    }
                    facts.to_string().into_bytes()
                }
            };
            let directory = text("directory").map(|name| {
                std::fs::read(folder.join(format!("directories/{name}.json"))).unwrap()
            });
            cases.push(Case { called: text("name").unwrap().to_owned(), document, directory });
        }
    }
    cases
}

/// What nobody understands, in the examples.
fn changes_of_examples() -> Vec<Case> {
    let parsed = |case: Case| (case.called, serde_json::from_slice(&case.document).unwrap());
    let examples: Vec<(String, Json)> = examples().into_iter().map(parsed).collect();
    let case = |(called, json): (String, Json)| Case {
        called,
        document: json.to_string().into_bytes(),
        directory: None,
    };
    law::sample(&examples, 400).into_iter().map(case).collect()
}

fn json(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(truth) => (*truth).into(),
        toml::Value::Datetime(at) => at.to_string().into(),
        toml::Value::Array(items) => items.iter().map(json).collect(),
        toml::Value::Table(table) => table
            .iter()
            .map(|(key, value)| (key.clone(), json(value)))
            .collect::<Map<_, _>>()
            .into(),
    }
}

fn merge(base: &mut Json, over: Json) {
    match (base, over) {
        (Json::Object(base), Json::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key).or_insert(Json::Object(Map::new())), value);
            }
        }
        (base, over) => *base = over,
    }
}

fn put(facts: &mut Json, path: &str, value: Option<Json>) {
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    let Some(object) = facts.as_object_mut() else { return };
    match (rest, value) {
        ("", None) => drop(object.remove(head)),
        ("", Some(value)) => drop(object.insert(head.to_owned(), value)),
        (rest, value) => put(object.entry(head).or_insert(Json::Object(Map::new())), rest, value),
    }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
    files.sort();
    files
}
