//! What is not understood shows in the verdict: one member at a time, over every document that the
//! project knows.
//!
//! `CTS_TIMES=n` takes *n* times as many changes as a run of all tests; `CTS_SEED` chooses others.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests read their data and their switches, and have failed where they cannot"
)]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int8Type;
use cleartosend::screen::Texts;
use cleartosend::{Directory, Engine, Facts, Finding, Pack, PackFile, ScreenOptions, Verdict};
use cleartosend_audience::{Format, ReadOptions, Source, read};
use cleartosend_tests::oracle::harness::times;
use cleartosend_tests::{generate, law, runner};
use serde_json::Value as Json;

/// A document, and the engine that it is asked of.
struct Question {
    name: String,
    engine: Engine,
    document: Json,
}

#[test]
fn a_document_never_becomes_clear_by_what_nobody_understands() {
    let questions = questions();
    let mut changes: Vec<(usize, law::Change)> = Vec::new();
    let mut verdicts = Vec::new();
    for (number, question) in questions.iter().enumerate() {
        let verdict = question
            .engine
            .check_json(question.document.to_string().as_bytes())
            .ok()
            .map(|decision| decision.verdict());
        verdicts.push(verdict);
        if verdict.is_some_and(|verdict| verdict != Verdict::Allow) {
            changes.extend(
                law::changes(&question.document).into_iter().map(|change| (number, change)),
            );
        }
    }
    let all = changes.len();
    let mut random = fastrand::Rng::with_seed(generate::seed(20_260_302));
    random.shuffle(&mut changes);
    changes.truncate(6_000 * times());
    let (mut broken, mut excused, mut refused) = (Vec::new(), BTreeSet::new(), 0);
    for (number, change) in &changes {
        let question = &questions[*number];
        match question.engine.check_json(change.json.to_string().as_bytes()) {
            Err(_) => refused += 1,
            Ok(decision) if decision.verdict() != Verdict::Allow => {}
            Ok(_) if is_assumed(question, change) => {
                excused.insert("what is assumed asks for nothing".into());
            }
            Ok(_) => match law::excuse(question.engine.schema(), change) {
                Some(excuse) => {
                    excused.insert(excuse);
                }
                None => broken.push(format!(
                    "{}: `{}` {}",
                    question.name,
                    change.path(),
                    change.shown()
                )),
            },
        }
    }
    println!(
        "{} of {all} changes of {} documents: {refused} refused; excuses used: {excused:#?}",
        changes.len(),
        questions.len()
    );
    tell(broken);
}

/// Whether a member is left out, and all that spoke against the document is assumed: nobody is
/// asked for a member because of an assumption (docs/adr/0006).
fn is_assumed(question: &Question, change: &law::Change) -> bool {
    let Ok(decision) = question.engine.check_json(question.document.to_string().as_bytes()) else {
        return false;
    };
    let is_quiet = |finding: &Finding| {
        question.engine.program().rules().any(|(_, pack, rule)| {
            pack.name == finding.pack && rule.id == finding.rule && rule.is_quiet()
        })
    };
    change.deed != law::Deed::Replaced
        && decision
            .findings()
            .iter()
            .filter(|finding| finding.verdict.effect() > Verdict::Allow)
            .all(is_quiet)
}

#[test]
fn a_member_that_nobody_knows_is_refused_wherever_it_stands() {
    for question in questions().iter().step_by(7) {
        if question.engine.check_json(question.document.to_string().as_bytes()).is_err() {
            continue;
        }
        for change in law::with_unknown_members(&question.document) {
            let done = question.engine.check_json(change.json.to_string().as_bytes());
            assert!(
                done.is_err(),
                "{}: `{}` takes a member that nobody knows",
                question.name,
                change.path()
            );
        }
    }
}

/// Facts of the caller's own: each type, each as a pack may declare it.
#[test]
fn facts_of_a_pack_never_clear_by_what_nobody_understands() {
    const MANIFEST: &str = r#"
        name = "own"
        version = "1.0.0"
        requires = ">=1.0"
        title = "Facts of every type"
        published = 2026-01-01
        [sources.source]
        title = "The source"
        url = "https://source.example/"
        retrieved = 2026-01-01
        confidence = "official"
        [attributes."x.tier"]
        type = "string"
        values = ["gold", "silver"]
        title = "d"
        scope = "campaign"
        [attributes."x.segment"]
        type = "string"
        title = "d"
        scope = "campaign"
        [attributes."x.approved"]
        type = "bool"
        title = "d"
        scope = "campaign"
        [attributes."x.budget"]
        type = "double"
        title = "d"
        scope = "campaign"
        [attributes."x.seats"]
        type = "int"
        title = "d"
        scope = "campaign"
        [attributes."x.signed_at"]
        type = "timestamp"
        title = "d"
        scope = "campaign"
        [attributes."x.notice"]
        type = "duration"
        title = "d"
        scope = "campaign"
        [attributes."x.tags"]
        type = "list(string)"
        title = "d"
        scope = "campaign"
        [attributes."x.deep.answer"]
        type = "bool"
        nullable = true
        title = "d"
        scope = "campaign"
    "#;
    const CONDITIONS: [(&str, &str); 9] = [
        ("tier", r#"x.tier == "gold""#),
        ("segment", r#"x.segment == "vip""#),
        ("approved", "x.approved"),
        ("budget", "x.budget > 1.5"),
        ("seats", "x.seats > 7"),
        ("signed", r#"x.signed_at > timestamp("2020-01-01T00:00:00Z")"#),
        ("notice", r#"x.notice > duration("1h")"#),
        ("tags", r#""vip" in x.tags"#),
        ("deep", "has(x.deep.answer) && x.deep.answer"),
    ];
    let mut broken = Vec::new();
    for (id, condition) in CONDITIONS {
        let rule = format!(
            r#"
            [[rule]]
            id = "data.{id}"
            topic = "data"
            title = "t"
            forbids = '{condition}'
            verdict = "deny"
            source = {{ id = "source" }}
            message = "m"
            advice = "a"
            exposure = ["warning"]
            "#
        );
        let file = |path: &str, text: &str| PackFile {
            path: path.to_owned(),
            bytes: Cow::Owned(text.as_bytes().to_vec()),
        };
        let files = vec![file("pack.toml", MANIFEST), file("rules/data.toml", &rule)];
        let engine = Engine::builder()
            .without_built_in()
            .pack("own", files)
            .build()
            .unwrap_or_else(|error| panic!("{error}"));
        let document = serde_json::json!({"send_at": "2026-03-02T15:00:00Z", "x": {
            "tier": "gold", "segment": "vip", "approved": true, "budget": 2.5, "seats": 8,
            "signed_at": "2024-01-01T00:00:00Z", "notice": "7200s", "tags": ["vip"], "deep": {"answer": true}}});
        assert_eq!(
            engine.check_json(document.to_string().as_bytes()).unwrap().verdict(),
            Verdict::Deny,
            "{condition}"
        );
        for change in law::changes(&document) {
            let Ok(decision) = engine.check_json(change.json.to_string().as_bytes()) else {
                continue;
            };
            if decision.verdict() == Verdict::Allow
                && law::excuse(engine.schema(), &change).is_none()
            {
                broken.push(format!("{condition}: `{}` {}", change.path(), change.shown()));
            }
        }
    }
    tell(broken);
}

/// Rows of an audience, as lines of JSON and as a table of texts: a row that is not clear does not
/// become clear, and is no worse read than alone.
#[test]
fn a_row_never_becomes_clear_by_what_nobody_understands() {
    let engine =
        Engine::builder().built_in_pack("whatsapp").built_in_pack("messaging-law").build().unwrap();
    let mut broken = Vec::new();
    let mut judged = 0;
    for path in files(&root().join("examples"), "json") {
        let document: Json = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let mut campaign = document.clone();
        let Some(recipient) = campaign.as_object_mut().unwrap().remove("recipient") else {
            continue;
        };
        let facts = Facts::from_json(engine.schema(), campaign.to_string().as_bytes()).unwrap();
        if engine.check_json(document.to_string().as_bytes()).unwrap().verdict() == Verdict::Allow
            || engine.check(&facts).unwrap().verdict() != Verdict::Allow
        {
            // Only where the recipient decides can a row clear anything.
            continue;
        }
        for change in law::changes(&serde_json::json!({ "recipient": recipient })) {
            for (format, row, text) in rows_of(&change.json) {
                let mut whole = campaign.clone();
                whole.as_object_mut().unwrap().extend(row.as_object().unwrap().clone());
                let alone = engine
                    .check_json(whole.to_string().as_bytes())
                    .ok()
                    .map(|decision| decision.verdict());
                let Some(verdict) = screened(&engine, &facts, format, text) else { continue };
                judged += 1;
                let name = path.file_stem().unwrap().to_string_lossy();
                if verdict == "allow" && alone != Some(Verdict::Allow) {
                    broken.push(format!(
                        "{name} as {format:?}: `{}` {}, alone {alone:?}",
                        change.path(),
                        change.shown()
                    ));
                }
            }
        }
    }
    assert!(judged > 500, "only {judged} rows were judged");
    tell(broken);
}

/// A recipient as a line of JSON, and, where all its members are scalars, as a table: with what
/// each says, and its text.
fn rows_of(json: &Json) -> Vec<(Format, Json, String)> {
    let mut rows = vec![(Format::Ndjson, json.clone(), format!("{json}\n"))];
    let Some(members) = json["recipient"].as_object() else { return rows };
    let cells: Option<Vec<(String, String)>> = members
        .iter()
        .map(|(name, value)| match value {
            Json::String(text) => {
                Some((name.clone(), format!("\"{}\"", text.replace('"', "\"\""))))
            }
            Json::Null => Some((name.clone(), String::new())),
            Json::Bool(_) | Json::Number(_) => Some((name.clone(), value.to_string())),
            Json::Array(_) | Json::Object(_) => None,
        })
        .collect();
    if let Some(cells) = cells {
        let (names, cells): (Vec<String>, Vec<String>) =
            cells.into_iter().map(|(name, cell)| (format!("recipient.{name}"), cell)).unzip();
        // A cell has no type: an empty one is none, and what looks like a number or a truth is one.
        let says = |value: &Json| match value.as_str() {
            Some("") => Json::Null,
            Some(text) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
            None => value.clone(),
        };
        let said: serde_json::Map<String, Json> =
            members.iter().map(|(name, value)| (name.clone(), says(value))).collect();
        rows.push((
            Format::Csv,
            serde_json::json!({ "recipient": said }),
            format!("{}\n{}\n", names.join(","), cells.join(",")),
        ));
    }
    rows
}

/// The verdict of a table of one row; none where the table is refused.
fn screened(engine: &Engine, campaign: &Facts, format: Format, text: String) -> Option<String> {
    let source = Source::Pipe(Box::new(std::io::Cursor::new(text.into_bytes())));
    let audience = read(source, format, &ReadOptions::new()).ok()?;
    let texts = if format.has_types() { Texts::OfTexts } else { Texts::OfAnything };
    let screening = engine.screen(campaign, audience, &ScreenOptions::new().texts(texts)).ok()?;
    let batches: Vec<RecordBatch> = screening.collect::<Result<_, _>>().ok()?;
    let column = batches.first()?.column_by_name("verdict")?.clone();
    let words = column.as_dictionary::<Int8Type>();
    let key = usize::try_from(words.keys().values().first().copied()?).ok()?;
    Some(words.values().as_string::<i32>().value(key).to_owned())
}

/// Entries of a directory: a document that a directory denies does not become clear because the
/// directory holds something unreadable.
#[test]
fn a_directory_never_clears_by_what_nobody_understands() {
    let documents: Vec<Json> = [
        ("Acme Messaging", "acme.example", "2025-03-02T15:00:00Z"),
        ("Acme Messaging", "acme.example", "2019-03-02T15:00:00Z"),
        ("Bo1t", "bolt.example", "2024-09-02T15:00:00Z"),
        ("Nobody", "nobody.example", "2024-09-02T15:00:00Z"),
    ]
    .iter()
    .map(|(name, domain, send_at)| {
        let mut document: Json = serde_json::from_str(&fs::read_to_string(root().join("examples/clean-campaign.json")).unwrap()).unwrap();
        document["send_at"] = (*send_at).into();
        document["provider"] = serde_json::json!({"id": null, "name": name, "domain": domain, "role": "solution_partner",
            "app_review": "passed", "claims_official": true});
        document
    })
    .collect();
    let engine_of = |directory: &Json| -> Option<Engine> {
        let directory = Directory::from_json(directory.to_string().as_bytes()).ok()?;
        Some(
            Engine::builder()
                .built_in_pack("whatsapp")
                .directory(Arc::new(directory))
                .build()
                .unwrap(),
        )
    };
    let mut broken = Vec::new();
    for (name, text) in directories() {
        let directory: Json = serde_json::from_str(&text).unwrap();
        let engine = engine_of(&directory).unwrap();
        let before: Vec<Verdict> = documents
            .iter()
            .map(|document| engine.check_json(document.to_string().as_bytes()).unwrap().verdict())
            .collect();
        for change in law::changes(&directory) {
            if matches!(change.steps.last(), Some(law::Step::Element(_)))
                && change.deed == law::Deed::Removed
            {
                continue; // a shorter list is another list
            }
            let Some(engine) = engine_of(&change.json) else { continue };
            for (document, before) in documents.iter().zip(&before) {
                let after = engine.check_json(document.to_string().as_bytes()).unwrap().verdict();
                if *before != Verdict::Allow
                    && after == Verdict::Allow
                    && !is_another_entry(&change)
                {
                    broken.push(format!(
                        "directory {name}: `{}` {}: {}",
                        change.path(),
                        change.shown(),
                        document["provider"]["name"]
                    ));
                }
            }
        }
    }
    tell(broken);
}

/// A change that makes another directory of it, which reads well: another name, another role,
/// another word of evidence.
fn is_another_entry(change: &law::Change) -> bool {
    let last = change.steps.iter().rev().find_map(|step| {
        if let law::Step::Member(name) = step { Some(name.as_str()) } else { None }
    });
    change.deed == law::Deed::Replaced
        && matches!(
            last,
            Some("name" | "id" | "aliases" | "domains" | "evidence" | "source" | "complete")
        )
}

/// Every document of examples, cases and packs' tests.
fn questions() -> Vec<Question> {
    let mut found = Vec::new();
    let whatsapp = Engine::built_in().unwrap();
    let both =
        Engine::builder().built_in_pack("whatsapp").built_in_pack("messaging-law").build().unwrap();
    for path in files(&root().join("examples"), "json") {
        let document: Json = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        found.push(Question {
            name: name.clone(),
            engine: whatsapp.clone(),
            document: document.clone(),
        });
        found.push(Question {
            name: format!("{name} under both packs"),
            engine: both.clone(),
            document,
        });
    }
    let directories = directories();
    for path in files(&root().join("tests/cases"), "toml") {
        let file = runner::read(&fs::read_to_string(&path).unwrap()).unwrap();
        for case in &file.cases {
            let (engine, document) = runner::prepared(&file, case, &directories).unwrap();
            if let Ok(document) = serde_json::from_str(&document) {
                found.push(Question { name: case.name.clone(), engine, document });
            }
        }
    }
    for name in ["whatsapp", "messaging-law"] {
        let mut engines: BTreeMap<Option<Arc<str>>, Engine> = BTreeMap::new();
        let pack = Pack::built_in(name).unwrap().unwrap();
        for test in &pack.tests().unwrap().tests {
            let engine = engines.entry(test.directory.clone()).or_insert_with(|| {
                let builder = Engine::builder().without_built_in().built_in_pack(name);
                match test.directory.as_ref().and_then(|name| pack.directories.get(name)) {
                    Some(directory) => builder
                        .directory(Arc::new(Directory::from_json(directory).unwrap()))
                        .build()
                        .unwrap(),
                    None => builder.build().unwrap(),
                }
            });
            found.push(Question {
                name: test.name.to_string(),
                engine: engine.clone(),
                document: test.facts.clone(),
            });
        }
    }
    found
}

fn tell(mut broken: Vec<String>) {
    broken.sort();
    broken.dedup();
    assert!(
        broken.is_empty(),
        "{} changes clear what was not clear:\n{}",
        broken.len(),
        broken.join("\n")
    );
}

fn directories() -> BTreeMap<String, String> {
    let files = files(&root().join("tests/cases/directories"), "json");
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|found| found == ending));
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
