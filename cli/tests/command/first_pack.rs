//! The commands of the guide *Your first pack* do what it says.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::support::{cts_in, text};

/// The fenced blocks of a page: language, lines.
fn blocks(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut blocks: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut is_open = false;
    for line in page.lines() {
        match (line.strip_prefix("```"), is_open) {
            (Some(language), false) => {
                blocks.push((language, Vec::new()));
                is_open = true;
            }
            (Some(_), true) => is_open = false,
            (None, true) => blocks.last_mut().unwrap().1.push(line),
            (None, false) => {}
        }
    }
    blocks
}

/// Runs the commands of a block; what stands below each is among what it prints.
fn run(folder: &Path, lines: &[&str]) {
    let mut said = String::new();
    for line in lines {
        let Some(command) = line.strip_prefix("$ cts ") else {
            assert!(said.contains(line), "`{line}` is not in\n{said}");
            continue;
        };
        let (command, may_fail) =
            command.strip_suffix(" || true").map_or((command, false), |command| (command, true));
        let arguments: Vec<&str> = command.split(' ').collect();
        let output = cts_in(folder, &arguments);
        said = text(&output);
        // A check answers by its code.
        let is_fine = output.status.success() || may_fail || arguments[0] == "check";
        assert!(is_fine, "cts {command}\n{said}");
    }
}

/// Runs a command of git, by nobody's configuration.
fn git(folder: &Path, command: &str) {
    let output = Command::new("sh")
        .current_dir(folder)
        .args(["-c", command])
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "Ana Ruiz")))
        .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "ana@acme.example")))
        .output()
        .unwrap();
    assert!(output.status.success(), "{command}\n{}", text(&output));
}

#[test]
fn the_guide_does_what_it_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides/first-pack.md");
    let page = std::fs::read_to_string(page).unwrap();
    let folder = TempDir::new().unwrap();
    // Where whoever types the commands is.
    let mut here = folder.path().to_path_buf();
    let mut commands = 0;
    for (language, lines) in blocks(&page) {
        match (language, lines.split_first()) {
            ("console", _) => {
                commands += lines.len();
                run(&here, &lines);
            }
            ("toml" | "json", Some((name, rest))) => {
                let name = name.trim_start_matches(['#', '/', ' ']);
                std::fs::write(folder.path().join(name), rest.join("\n") + "\n").unwrap();
            }
            ("sh", _) => lines.iter().for_each(|line| match line.strip_prefix("cd ") {
                Some(inner) => here.push(inner),
                None => git(&here, line),
            }),
            other => panic!("{other:?}"),
        }
    }
    assert!(commands > 10);
    // What is committed is all that is there.
    let committed = Command::new("git").current_dir(&here).args(["ls-files"]).output().unwrap();
    let committed = text(&committed);
    for file in ["pack.toml", "tables.toml", "conditions.toml", "waivers.toml", "tests/july.toml"] {
        assert!(committed.lines().any(|line| line == file), "{committed}");
    }
}

#[test]
fn a_new_pack_overwrites_nothing_and_has_a_name() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| cts_in(folder.path(), &["pack", "new", name, "--at", "2026-03-01"]);
    assert!(at("packs/house-2").status.success());
    let manifest = folder.path().join("packs/house-2/pack.toml");
    let manifest = std::fs::read_to_string(manifest).unwrap();
    assert!(
        manifest.contains("name      = \"house-2\"") && manifest.contains("published = 2026-03-01"),
        "{manifest}"
    );
    for (name, printed) in [
        ("packs/house-2", "nothing is overwritten"),
        ("packs", "nothing is overwritten"),
        ("whatsapp", "built-in"),
        ("My Pack", "pack/bad-name"),
        ("..", "names no folder"),
    ] {
        let output = at(name);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(text(&output).contains(printed), "{name}: {}", text(&output));
    }
    assert!(!folder.path().join("My Pack").exists());
    let new = folder.path().join("packs/house-2");
    for command in ["lint", "test"] {
        let output = cts_in(&new, &["pack", command, "."]);
        assert!(output.status.success(), "{}", text(&output));
    }
}

#[test]
fn the_rules_of_packs_are_a_register() {
    let folder = TempDir::new().unwrap();
    assert!(
        cts_in(folder.path(), &["pack", "new", "house", "--at", "2026-03-01"]).status.success()
    );
    let of =
        |format: &str| text(&cts_in(folder.path(), &["pack", "list", "house", "--format", format]));
    let csv = of("csv");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "pack,version,rule,title,topic,verdict,enforced,waivable,scope,from,until,source,section,url,\
         retrieved,confidence,exposure,labels"
    );
    assert_eq!(
        lines[1],
        "house,0.1.0,frequency.too-many-promotions,Nobody gets more promotions in a week than their \
         segment allows,frequency,deny,true,true,recipient,2026-01-01,,The house rules of house,How \
         often,https://example.com/house-rules,2026-03-01,confirmed,,"
    );
    let md = of("md");
    assert!(md.starts_with("| pack | version |") && md.contains("\n| --- |"), "{md}");
    let json: serde_json::Value = serde_json::from_str(&of("json")).unwrap();
    let rule = &json["rules"][0];
    assert_eq!(
        (rule["topic"].as_str(), rule["from"].as_str()),
        (Some("frequency"), Some("2026-01-01"))
    );
    assert!(rule["until"].is_null() && rule["labels"].is_object());
    // For people, by topic, as wide as a page.
    let page = of("text");
    let rule = "\nfrequency\n   deny       frequency.too-many-promotions: Nobody gets more promotions \
                in a week than their\n              segment allows\n              recipient; from \
                2026-01-01; house-rules, How often\n";
    assert!(page.contains(rule), "{page}");
    let source = "\nsources\n              house-rules: The house rules of house; read 2026-03-01, \
                  official\n              https://example.com/house-rules\n";
    assert!(page.contains(source), "{page}");
    assert!(page.lines().skip(2).all(|line| line.chars().count() <= 100), "{page}");
    // All built-in packs, if none is named.
    let all = text(&cts_in(folder.path(), &["pack", "list", "--format", "csv"]));
    assert!(all.contains("\nwhatsapp,") && all.contains("\nmessaging-law,"));
}
