//! An account book in a file: shared by processes, and whole whenever one of them is killed.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use cleartosend::Engine;
use cleartosend::Facts;
use cleartosend::Timestamp;
use cleartosend_account::Book;
use cleartosend_store::Store;
use fastrand::Rng;
use serde_json::{Value, json};

use super::support::cts_in;

#[path = "../../../tests/accounts/story.rs"]
mod story;

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Events of few accounts and many people.
fn events(count: u32) -> Vec<String> {
    (0..count)
        .map(|number| {
            let (account, time) = (100 + number % 3, 1_760_000_000 + number);
            match number % 4 {
                0 => format!(
                    r#"{{"entry":[{{"id":"{account}","time":{time},"changes":[{{"field":"business_capability_update","value":{{"max_daily_conversations_per_business":{number}}}}}]}}]}}"#
                ),
                1 => format!(
                    r#"{{"entry":[{{"id":"{account}","time":{time},"changes":[{{"field":"account_update","value":{{"event":"ACCOUNT_VIOLATION","violation_info":{{"violation_type":"SPAM"}}}}}}]}}]}}"#
                ),
                _ => format!(
                    r#"{{"entry":[{{"id":"{account}","changes":[{{"field":"user_preferences","value":{{"user_preferences":[{{"wa_id":"3460000{:04}","user_id":"ES.{number}","category":"marketing_messages","value":"stop","timestamp":{time}}}]}}}}]}}]}}"#,
                    number % 100
                ),
            }
        })
        .collect()
}

fn book(events: &[String]) -> Book {
    let mut book = Book::new();
    for event in events {
        book.apply(event.as_bytes()).unwrap();
    }
    book
}

fn write(folder: &Path, name: &str, events: &[String]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, events.join("\n")).unwrap();
    path
}

#[test]
fn processes_that_are_killed_at_any_point_leave_a_whole_book() {
    const KILLED: u32 = 200;
    let folder = tempfile::tempdir().unwrap();
    let all = events(400);
    let file = write(folder.path(), "events.json", &all);
    let store = folder.path().join("book.sqlite");
    let expected = book(&all);
    let mut before = Book::new();
    for round in 0..KILLED {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cts"))
            .args(["account", "--book"])
            .arg(&store)
            .arg("apply")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // From before the file is opened to well into it.
        std::thread::sleep(Duration::from_micros(u64::from(round * 7919 % 60_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        if !store.exists() {
            continue;
        }
        // Whatever was there is there still, and no more than there can be.
        let now = Store::open(&store).unwrap().book().unwrap();
        let mut joined = now.clone();
        assert!(joined.merge(&before).is_empty(), "round {round} lost rows");
        let mut joined = expected.clone();
        assert!(joined.merge(&now).is_empty(), "round {round} has what was never applied");
        before = now;
    }
    let store = store.to_str().unwrap();
    out(&cts_in(folder.path(), &["account", "--book", store, "apply", "events.json"]));
    assert_eq!(Store::open(Path::new(store)).unwrap().book().unwrap(), expected);
}

#[test]
fn four_processes_at_once_give_the_same_book_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let all = events(240);
    let store = folder.path().join("book.sqlite");
    let children: Vec<_> = (0..4)
        .map(|worker| {
            // Each takes a part, and begins with some of another's.
            let part: Vec<String> = all
                .iter()
                .enumerate()
                .filter(|(place, _)| place % 4 == worker || place % 9 == worker)
                .map(|(_, event)| event.clone())
                .rev()
                .collect();
            let file = write(folder.path(), &format!("{worker}.json"), &part);
            Command::new(env!("CARGO_BIN_EXE_cts"))
                .args(["account", "--book"])
                .arg(&store)
                .arg("apply")
                .arg(file)
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(Store::open(&store).unwrap().book().unwrap(), book(&all));
}

/// The events of several webhooks in one envelope, as WhatsApp sends them; answers stay alone.
fn batched(events: &[Vec<u8>], size: usize) -> Vec<String> {
    let (mut batches, mut open) = (Vec::new(), Vec::new());
    let envelope = |entries: &[Value]| {
        json!({"object": "whatsapp_business_account", "entry": entries}).to_string()
    };
    for event in events {
        let event: Value = serde_json::from_slice(event).unwrap();
        match event.get("entry").and_then(Value::as_array) {
            Some(entries) => open.extend(entries.iter().cloned()),
            None => batches.push(event.to_string()),
        }
        if open.len() >= size {
            batches.push(envelope(&open));
            open.clear();
        }
    }
    if !open.is_empty() {
        batches.push(envelope(&open));
    }
    batches
}

#[test]
fn a_story_applied_by_four_processes_in_random_order_is_judged_as_by_one_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Rng::with_seed(41);
    let mut events = story::story(&mut random, 10_000);
    let mut one = Book::new();
    for event in &events {
        one.apply(event).unwrap();
    }
    random.shuffle(&mut events);
    let mut batches = batched(&events, 40);
    random.shuffle(&mut batches);
    let store = folder.path().join("book.sqlite");
    let children: Vec<_> = (0..4)
        .map(|worker| {
            // Each has some of another's too.
            let part: Vec<String> = batches
                .iter()
                .enumerate()
                .filter(|(place, _)| place % 4 == worker || place % 11 == worker)
                .map(|(_, event)| event.clone())
                .collect();
            let file = write(folder.path(), &format!("{worker}.json"), &part);
            Command::new(env!("CARGO_BIN_EXE_cts"))
                .args(["account", "--book"])
                .arg(&store)
                .arg("apply")
                .arg(file)
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let mut kept = Store::open_existing(&store).unwrap();
    assert_eq!(kept.book().unwrap(), one);

    let engine = Engine::built_in().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/accounts/campaign.json");
    let mut document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for instant in 0..20 {
        let at = Timestamp::new(story::START + 300 + instant * 260_000, 0).unwrap();
        for account in story::ACCOUNTS {
            document["account"] = json!({"id": account, "number": "+34600111001"});
            document["recipient"]["phone"] = format!("+346{:08}", instant * 7).into();
            let text = document.to_string();
            let facts = || Facts::from_json_at(engine.schema(), text.as_bytes(), at).unwrap();
            let (mut whole, mut part) = (facts(), facts());
            one.tell(&mut whole).unwrap();
            kept.book_for(&part).unwrap().tell(&mut part).unwrap();
            let decision = engine.check(&whole).unwrap();
            assert_eq!(engine.check(&part).unwrap().to_json(), decision.to_json());
            seen.insert(decision.verdict().name());
        }
        // And so says the command.
        if instant % 7 == 0 {
            let text = document.to_string();
            std::fs::write(folder.path().join("campaign.json"), &text).unwrap();
            let at = at.to_string();
            let arguments =
                ["check", "campaign.json", "--book", "book.sqlite", "--at", &at, "--json"];
            let said = cts_in(folder.path(), &arguments).stdout;
            let said: Value = serde_json::from_slice(&said).unwrap();
            let mut facts =
                Facts::from_json_at(engine.schema(), text.as_bytes(), at.parse().unwrap()).unwrap();
            one.tell(&mut facts).unwrap();
            assert_eq!(said["verdict"], engine.check(&facts).unwrap().verdict().name());
        }
    }
    assert!(seen.len() > 1, "{seen:?}");
}

#[test]
fn a_book_goes_into_a_store_and_out_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    write(here, "events.json", &events(40));
    std::fs::write(here.join("new.json"), "{}").unwrap();
    let text = out(&cts_in(here, &["account", "apply", "new.json", "events.json"]));
    std::fs::write(here.join("book.json"), &text).unwrap();
    out(&cts_in(here, &["account", "--book", "b.sqlite", "import", "book.json"]));
    let rows = out(&cts_in(here, &["account", "--book", "b.sqlite", "export"]));
    assert_eq!(rows, out(&cts_in(here, &["account", "export", "book.json"])));
    std::fs::write(here.join("rows.ndjson"), &rows).unwrap();
    assert_eq!(out(&cts_in(here, &["account", "import", "new.json", "rows.ndjson"])), text);
    // However he is named.
    for name in ["+34 600 000 002", "0034600000002", "34600000002", "34600000002@s.whatsapp.net"] {
        let rest = out(&cts_in(here, &["account", "forget", "book.json", name]));
        assert!(!rest.contains("\"ES.2\"") && !rest.contains("34600000002"), "{name}: {rest}");
    }
    // A person is forgotten under all names, also in the file itself.
    out(&cts_in(here, &["account", "--book", "b.sqlite", "forget", "ES.2"]));
    let rows = out(&cts_in(here, &["account", "--book", "b.sqlite", "export"]));
    assert!(!rows.contains("\"ES.2\"") && !rows.contains("34600000002"), "{rows}");
    let bytes = std::fs::read(here.join("b.sqlite")).unwrap();
    assert!(!bytes.windows(11).any(|bytes| bytes == b"34600000002"));
    // Who is not there is not forgotten, and whoever asked hears of it.
    for (name, said) in [
        ("ES.2", "nobody by the name `ES.2`"),
        ("+34999999999", "nobody by the name"),
        ("zzz", "expected a number with its country code"),
        ("699999999", "read as `+699999999`"),
        ("34 600 000 002", "expected a number such as `+34600000002`"),
    ] {
        let refused = cts_in(here, &["account", "--book", "b.sqlite", "forget", name]);
        assert_eq!(refused.status.code(), Some(2), "{name}");
        let message = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(message.contains(said), "{name}: {message}");
    }
    std::fs::write(here.join("kept.json"), &text).unwrap();
    let refused = cts_in(here, &["account", "forget", "kept.json", "+34999999999", "--in-place"]);
    assert_eq!((refused.status.code(), refused.stdout.is_empty()), (Some(2), true));
    assert_eq!(std::fs::read_to_string(here.join("kept.json")).unwrap(), text);
    // With several accounts, one is named.
    let refused = cts_in(here, &["account", "show", "book.json"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("account/several-accounts"));
    let shown = out(&cts_in(here, &["account", "show", "book.json", "--account", "101"]));
    assert!(shown.contains("\"violations\""), "{shown}");
}

#[test]
fn what_a_store_refuses_bears_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    write(here, "events.json", &events(1));
    out(&cts_in(here, &["account", "--book", "b.sqlite", "apply", "events.json"]));
    let whole = std::fs::read(here.join("b.sqlite")).unwrap();
    let place = |text: &[u8]| whole.windows(text.len()).position(|bytes| bytes == text).unwrap();
    // SQLite's header has a hundred bytes, with the version of whoever made the tables at 60.
    for (at, bytes, code, says) in [
        (60, &[0, 0, 0, 2][..], "store/newer", "version 2"),
        (100, &[0xff; 1000], "store/damaged", "go back to a copy"),
        (place(b"\"registers\""), b"\"registerz\"", "store/damaged", "`account/100` is damaged"),
    ] {
        let mut file = whole.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        std::fs::write(here.join("other.sqlite"), &file).unwrap();
        let refused = cts_in(here, &["account", "--book", "other.sqlite", "show"]);
        let message = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!((refused.status.code(), refused.stdout.is_empty()), (Some(2), true), "{code}");
        assert!(message.contains(&format!("[{code}]")) && message.contains(says), "{message}");
    }

    let mut store = Store::open(&here.join("b.sqlite")).unwrap();
    let before = store.book().unwrap();
    for lines in ["{}", "{\"key\": \"account/1\"}", "\n[", "{\"key\": 1, \"row\": {}}"] {
        assert_eq!(store.import(lines.as_bytes()).unwrap_err().code(), "store/bad-line", "{lines}");
    }
    assert_eq!(store.book().unwrap(), before);
}
