//! What `cts` writes to files: all of it or nothing, and never over what it reads.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::collections::BTreeSet;
use std::process::Command;

use tempfile::TempDir;

use super::support::{self, cts, err, root};

const EVENT: &str = r#"{"object": "whatsapp_business_account", "entry": [{"id": "1", "time": 1767225600, "changes": [{"field":
    "account_update", "value": {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "January 1, 2026"}}}]}]}"#;

fn command(arguments: &[&str]) -> Command {
    support::command(&root(), arguments)
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn with(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn names(&self) -> BTreeSet<String> {
        std::fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

fn text(path: &str) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// Exit code 2, this on standard error, and the file as it was.
fn refused(arguments: &[&str], parts: &[&str], file: &str) {
    let before = text(file);
    let output = cts(arguments);
    assert_eq!(
        (output.status.code(), output.stdout.len()),
        (Some(2), 0),
        "{arguments:?}: {}",
        err(&output)
    );
    for part in parts {
        assert!(err(&output).contains(part), "{arguments:?}: {part}: {}", err(&output));
    }
    assert_eq!(text(file), before, "{arguments:?}");
}

#[test]
fn a_state_is_written_in_place_or_to_another_file() {
    let folder = Folder::new();
    let (state, event) = (folder.with("state.json", "{}"), folder.with("event.json", EVENT));
    let printed = cts(&["account", "apply", &state, &event]);
    assert_eq!(printed.status.code(), Some(0), "{}", err(&printed));
    assert_eq!(text(&state), "{}");
    let new = folder.path("new.json");
    let written = cts(&["account", "apply", &state, &event, "-o", &new]);
    assert_eq!(
        (written.status.code(), written.stdout.as_slice()),
        (Some(0), &b""[..]),
        "{}",
        err(&written)
    );
    assert_eq!(text(&new).as_bytes(), printed.stdout);
    assert_eq!(written.stderr, printed.stderr);
    let in_place = cts(&["account", "apply", &state, &event, "--in-place"]);
    assert_eq!(
        (in_place.status.code(), in_place.stdout.as_slice()),
        (Some(0), &b""[..]),
        "{}",
        err(&in_place)
    );
    assert_eq!(text(&state).as_bytes(), printed.stdout);
    let dash = cts(&["account", "apply", &new, &event, "-o", "-"]);
    assert_eq!(dash.status.code(), Some(0));
    assert!(dash.stdout.starts_with(b"{"));
    assert_eq!(folder.names(), ["event.json", "new.json", "state.json"].map(str::to_owned).into());
}

#[test]
fn a_state_is_not_written_over_what_is_read() {
    let folder = Folder::new();
    let (state, event) = (folder.with("state.json", "{}"), folder.with("event.json", EVENT));
    refused(
        &["account", "apply", &state, &event, "-o", &state],
        &["state.json is read and would be replaced", "`--in-place`"],
        &state,
    );
    refused(
        &["account", "apply", &state, &event, "-o", &event],
        &["event.json", "name another file"],
        &event,
    );
    refused(&["account", "apply", "-", &event, "--in-place"], &["standard input"], &event);
    refused(
        &["account", "apply", &state, &event, "-o", &folder.path("new.json"), "--in-place"],
        &["--in-place"],
        &state,
    );
    // What cannot be applied leaves the state, and every bad file is told.
    let bad = [folder.with("bad1.json", "{"), folder.with("bad2.json", "[1]")];
    refused(
        &["account", "apply", &state, &bad[1], &event, &bad[0], "--in-place"],
        &["bad1.json", "bad2.json"],
        &state,
    );
    #[cfg(unix)]
    {
        let link = folder.path("link.json");
        std::os::unix::fs::symlink(&state, &link).unwrap();
        let hard = folder.path("hard.json");
        std::fs::hard_link(&state, &hard).unwrap();
        for output in [&link, &hard] {
            refused(
                &["account", "apply", &state, &event, "-o", output],
                &["is the same file as", "state.json"],
                &state,
            );
        }
        // Standard input may be the very file.
        let output = command(&["account", "apply", "-", &event, "-o", &state])
            .stdin(std::fs::File::open(&state).unwrap())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains("standard input"), "{}", err(&output));
        assert_eq!(text(&state), "{}");
        // What is no plain file is no file to lose.
        let output = cts(&["account", "apply", &state, &event, "-o", "/dev/null"]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    }
}

#[test]
fn a_list_is_not_written_over_what_is_read() {
    let folder = Folder::new();
    let table = folder.with("list.csv", "id,name,domains\nacme,Acme,acme.example\n");
    let about = ["--source", "a list", "--retrieved-at", "2026-03-01"];
    refused(
        &[&["directory", "import", &table, "-o", &table], &about[..]].concat(),
        &["list.csv", "would be replaced"],
        &table,
    );
    let made = folder.path("list.json");
    let output = cts(&[&["directory", "import", &table, "-o", &made], &about[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    refused(
        &["directory", "import", &made, "-o", &made],
        &["list.json", "would be replaced"],
        &made,
    );
    refused(
        &["directory", "import", &made, "--into", &made],
        &["list.json", "would be replaced"],
        &made,
    );
    let other = folder.with("other.json", &text(&made));
    refused(
        &["directory", "import", &other, "--into", &made, "-o", &made],
        &["`--into` alone replaces it"],
        &made,
    );
    refused(
        &["directory", "merge", &made, &other, "-o", &other],
        &["other.json", "would be replaced"],
        &other,
    );
    let merged = cts(&["directory", "merge", &made, &other, "-o", &folder.path("merged.json")]);
    assert_eq!(merged.status.code(), Some(0), "{}", err(&merged));
    assert_eq!(folder.names().len(), 4);
}

#[test]
fn every_bad_directory_of_a_merge_is_reported() {
    let folder = Folder::new();
    let (b, a) = (folder.with("b.json", "{"), folder.with("a.json", "[]"));
    let output = cts(&["directory", "merge", &b, &a]);
    assert_eq!(output.status.code(), Some(2));
    let output_text = err(&output);
    let places = [output_text.find("a.json").unwrap(), output_text.find("b.json").unwrap()];
    assert!(places.is_sorted(), "{output_text}");
}

#[test]
fn every_bad_pack_is_reported() {
    let folder = Folder::new();
    for name in ["b", "a"] {
        std::fs::create_dir(folder.path(name)).unwrap();
        std::fs::write(folder.0.path().join(name).join("pack.toml"), "name = 1\n").unwrap();
    }
    let (b, a) = (folder.path("b"), folder.path("a"));
    let output = cts(&[
        "check",
        "examples/clean-campaign.json",
        "--pack",
        &b,
        "--pack",
        &a,
        "--directory",
        &folder.path("none.json"),
    ]);
    assert_eq!(output.status.code(), Some(2));
    let output_text = err(&output);
    let places = [format!("{a} has "), format!("{b} has "), "none.json".to_owned()]
        .map(|part| output_text.find(&part).unwrap());
    assert!(places.is_sorted(), "{output_text}");
}

#[test]
fn a_folder_of_packs_is_reported_in_one_line() {
    let output = cts(&["check", "examples/clean-campaign.json", "--pack", "./packs"]);
    assert_eq!(output.status.code(), Some(2));
    let output_text = err(&output);
    assert!(output_text.contains("`messaging-law` and `whatsapp`"), "{output_text}");
    assert_eq!(output_text.matches("[pack/").count(), 1, "{output_text}");
}

#[test]
fn a_sign_needs_no_dashes_before_it() {
    for (expression, value) in [
        ("-1", "-1\n"),
        ("-1 + 2", "1\n"),
        ("-(2 - 5)", "3\n"),
        ("- 1.5", "-1.5\n"),
        ("--1", "1\n"),
    ] {
        let output = cts(&["eval", expression]);
        assert_eq!(
            (output.status.code(), String::from_utf8(output.stdout.clone()).unwrap()),
            (Some(0), value.to_owned()),
            "{}",
            err(&output)
        );
    }
    assert_eq!(cts(&["eval", "--at", "2026-03-02T15:00:00Z", "-1"]).stdout, b"-1\n");
    assert_eq!(cts(&["eval", "-1", "--at", "2026-03-02T15:00:00Z"]).stdout, b"-1\n");
    assert!(cts(&["eval", "--help"]).stdout.len() > 100);
}
