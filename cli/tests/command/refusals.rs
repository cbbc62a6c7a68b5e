//! What is refused or warned of bears its code: the cases of `refusals.toml`, as a user would meet
//! them.
#![expect(clippy::unwrap_used, reason = "a test that cannot run the command has failed")]

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::support::cts_line;

/// A campaign that `cts screen` reads an audience for.
const CAMPAIGN: &str = r#"{"send_at": "2026-03-02T15:00:00Z",
    "provider": {"role": "self", "app_review": "passed"}}"#;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    code: String,
    /// Commands that make files first.
    #[serde(default)]
    made: Vec<String>,
    run: String,
    #[serde(default = "refused")]
    exit: i32,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    long: BTreeMap<String, Long>,
}

/// A file of one text many times.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Long {
    before: String,
    text: String,
    times: usize,
    after: String,
}

const fn refused() -> i32 {
    2
}

fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

#[test]
fn what_is_refused_bears_its_code() {
    let cases: Cases = toml::from_str(include_str!("../refusals.toml")).unwrap();
    let mut wrong = Vec::new();
    for Case { code, made, run, exit, files, long } in &cases.case {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "campaign.json", CAMPAIGN);
        for (name, text) in files {
            write(folder.path(), name, text);
        }
        for (name, Long { before, text, times, after }) in long {
            write(folder.path(), name, &format!("{before}{}{after}", text.repeat(*times)));
        }
        for command in made {
            assert!(cts_line(folder.path(), command, "").status.success(), "{code}: cts {command}");
        }
        let output = cts_line(folder.path(), run, "");
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        let printed = if *exit == refused() { &err } else { &out };
        if output.status.code() != Some(*exit) || !printed.contains(code) {
            wrong.push(format!("{code}: cts {run}\n{}\n{out}{err}", output.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
