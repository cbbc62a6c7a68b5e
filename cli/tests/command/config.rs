//! `cts.toml`, base documents, `cts init` and several documents at once.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

use super::support::{err, out, refused};

/// A folder with some files, where commands run.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cts"));
        command.current_dir(self.path()).args(arguments).env_remove("CTS_CONFIG");
        command
    }

    fn cts(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn cts_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }
}

fn json(output: &Output) -> Json {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", err(output)))
}

const CLEAN: &str = include_str!("../../../examples/clean-campaign.json");
const BASE: &str = r#"{"account": {"quality": "red", "daily_limit": 1000}}"#;
const CAMPAIGN: &str = r#"{"send_at": "2026-03-02T15:00:00Z"}"#;
/// What both say.
const WHOLE: &str =
    r#"{"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "red", "daily_limit": 1000}}"#;
const OLD: &str = r#"{"send_at": "1990-01-01T00:00:00Z"}"#;
/// What an opted-out recipient is to every campaign.
const DENIED: &str = r#"{"send_at": "2026-03-02T15:00:00Z", "campaign": {"initiated_by": "business"},
    "recipient": {"phone": "+34600000000", "opted_out": true}}"#;

/// The decision of a document that says all itself.
fn decision_of(document: &str) -> Json {
    let folder = Folder::new(&[("whole.json", document)]);
    json(&folder.cts(&["check", "--no-config", "--json", "whole.json"]))
}

#[test]
fn a_base_document_is_beneath_check_explain_and_screen() {
    let folder = Folder::new(&[
        ("base.json", BASE),
        ("campaign.json", CAMPAIGN),
        ("whole.json", WHOLE),
        ("audience.csv", "recipient.phone\n+34600000000\n"),
    ]);
    for command in ["check", "explain"] {
        let over = folder.cts(&[command, "--base", "base.json", "--json", "campaign.json"]);
        let whole = folder.cts(&[command, "--json", "whole.json"]);
        assert_eq!((out(&over), err(&over)), (out(&whole), err(&whole)), "{command}");
    }
    let over = folder.cts(&[
        "screen",
        "--anyway",
        "--json",
        "--base",
        "base.json",
        "campaign.json",
        "audience.csv",
    ]);
    let whole = folder.cts(&["screen", "--anyway", "--json", "whole.json", "audience.csv"]);
    assert_eq!((out(&over), err(&over)), (out(&whole), err(&whole)));
    let value = folder.cts(&["eval", "--base", "base.json", "account.daily_limit"]);
    assert_eq!(out(&value), "1000\n");

    fs::write(folder.path().join("base.json"), r#"{"recipient": {"opted_out": false}}"#).unwrap();
    refused(
        &folder.cts(&["check", "--base", "base.json", "campaign.json"]),
        &["base document base.json: `recipient`: ", "[facts/recipient-in-base]"],
    );
    refused(&folder.cts(&["check", "--base", "none.json", "campaign.json"]), &["none.json"]);
    // What is read is not written.
    refused(
        &folder.cts(&[
            "screen",
            "--base",
            "whole.json",
            "campaign.json",
            "audience.csv",
            "-o",
            "whole.json",
            "--format",
            "csv",
        ]),
        &["the base document", "audience/same-file"],
    );
}

#[test]
fn the_first_configuration_from_the_document_upwards_counts_and_is_named() {
    let folder = Folder::new(&[
        ("cts.toml", "base = \"shared/base.json\"\n"),
        ("shared/base.json", BASE),
        ("campaigns/a.json", CAMPAIGN),
        ("other/cts.toml", "packs = [\"messaging-law\"]\n"),
        ("other/b.json", CAMPAIGN),
    ]);
    // Found from the document's folder, wherever the command runs.
    let found = folder.cts(&["check", "--json", "campaigns/a.json"]);
    assert_eq!(json(&found), decision_of(WHOLE), "the decision says nothing of the configuration");
    let named = err(&found);
    assert!(named.starts_with("config  cts.toml  sha256:"), "{named}");
    let text = out(&folder.cts(&["check", "campaigns/a.json"]));
    assert!(text.ends_with(&named), "{text}");

    let nearer = folder.cts(&["check", "--json", "other/b.json"]);
    assert_eq!(json(&nearer)["packs"].as_array().unwrap().len(), 2);
    assert!(err(&nearer).starts_with("config  other/cts.toml  sha256:"), "{}", err(&nearer));

    // Standard input has the working folder.
    let piped = folder.cts_with_input(&["check", "--json", "-"], CAMPAIGN);
    assert_eq!((out(&piped), err(&piped)), (out(&found), named.clone()));

    let without = folder.cts(&["check", "--json", "--no-config", "campaigns/a.json"]);
    assert_eq!((json(&without), err(&without)), (decision_of(CAMPAIGN), String::new()));
    let other = folder.cts(&["check", "--json", "--config", "other/cts.toml", "campaigns/a.json"]);
    assert_eq!((out(&other), err(&other)), (out(&nearer), err(&nearer)));
    let of_environment = folder
        .command(&["check", "--json", "campaigns/a.json"])
        .env("CTS_CONFIG", "other/cts.toml")
        .output()
        .unwrap();
    assert_eq!((out(&of_environment), err(&of_environment)), (out(&nearer), err(&nearer)));
    refused(&folder.cts(&["check", "--config", "none.toml", "campaigns/a.json"]), &["none.toml"]);
    refused(&folder.cts(&["check", "--config", "-", "campaigns/a.json"]), &["not standard input"]);

    // Commands without a document have the working folder too.
    let program = folder.cts(&["program"]);
    assert!(out(&program).ends_with(&named), "{}", out(&program));
}

#[test]
fn the_command_line_comes_before_the_configuration() {
    let folder = Folder::new(&[
        ("cts.toml", "base = \"base.json\"\npacks = [\"messaging-law\"]\n"),
        ("base.json", r#"{"account": {"quality": "green"}}"#),
        ("red.json", BASE),
        ("campaign.json", CAMPAIGN),
    ]);
    let decision = json(&folder.cts(&["check", "--json", "--base", "red.json", "campaign.json"]));
    assert_eq!(decision["packs"].as_array().unwrap().len(), 2);
    assert_eq!(decision["verdict"], decision_of(WHOLE)["verdict"]);
    let text = decision.to_string();
    assert!(text.contains("feedback.low-quality"), "{text}");
    // A pack that both name is there once.
    let twice = folder.cts(&["check", "--json", "--pack", "messaging-law", "campaign.json"]);
    assert_eq!(json(&twice)["packs"].as_array().unwrap().len(), 2);
}

#[test]
fn everything_wrong_with_a_configuration_is_reported_at_once_with_its_line() {
    let folder = Folder::new(&[
        (
            "cts.toml",
            "bases = \"base.json\"\npacks = [\"mesaging-law\", 3]\ndirectory = \"../secret.json\"\n\
             own = \"/etc/hosts\"\nbuilt_in = \"no\"\n[[waiver]]\nrule = \"a\"\n[scan]\nexcept = []\n",
        ),
        ("campaign.json", CAMPAIGN),
    ]);
    refused(
        &folder.cts(&["check", "campaign.json"]),
        &[
            "cts.toml:1: the file has no key `bases`; did you mean `base`?",
            "cts.toml:2: `packs`: there is no built-in pack `mesaging-law`; did you mean \
             `messaging-law`?",
            "cts.toml:2: `packs` is a whole number, expected a string",
            "cts.toml:3: `directory`: `../secret.json` leads out of the folder",
            "cts.toml:4: `own`: `/etc/hosts` leads out of the folder",
            "cts.toml:5: `built_in` is a string, expected true or false",
            "cts.toml:6: a waiver needs `lower_to`, `reason`, `by`, `from`, `until`",
            "cts.toml:9: `scan` has no key `except`; did you mean",
        ],
    );
    fs::write(folder.path().join("cts.toml"), "base = \n").unwrap();
    refused(&folder.cts(&["check", "campaign.json"]), &["cts.toml:1: "]);
    fs::write(folder.path().join("cts.toml"), "built_in = false\n").unwrap();
    refused(&folder.cts(&["check", "campaign.json"]), &["cts.toml:1: without the built-in pack"]);
}

#[test]
fn a_configuration_waives_what_a_rule_finds_and_says_what_is_wrong_with_its_waivers() {
    let campaign = r#"{"send_at": "2026-11-10T12:00:00Z",
        "campaign": {"content": "template", "template": {"status": "rejected"}}}"#;
    let waiver = |rule: &str, until: &str| {
        format!(
            "\n[[waiver]]\nrule = \"{rule}\"\nlower_to = \"review\"\nreason = \"it is on its way\"\n\
             by = \"Ana\"\nfrom = 2026-11-01\nuntil = {until}\n"
        )
    };
    let config = waiver("whatsapp/template.not-approved", "2026-12-01");
    let folder = Folder::new(&[("cts.toml", &config), ("campaign.json", campaign)]);
    let found = |args: &[&str]| {
        let decision = json(&folder.cts(args));
        let findings = decision["findings"].as_array().unwrap().clone();
        findings.into_iter().find(|finding| finding["rule"] == "template.not-approved").unwrap()
    };
    let waived = found(&["check", "--json", "campaign.json"]);
    assert_eq!((&waived["verdict"], &waived["status"]), (&"review".into(), &"violated".into()));
    assert_eq!(waived["waiver"]["reason"], "it is on its way");
    let plain = found(&["check", "--json", "--no-config", "campaign.json"]);
    assert_eq!((&plain["verdict"], &plain["waiver"]), (&"deny".into(), &serde_json::Value::Null));
    // After its end it lowers nothing.
    let later = found(&["check", "--json", "--at", "2026-12-01T00:00:00Z", "campaign.json"]);
    assert_eq!(later["verdict"], "deny");

    let later = folder.cts(&["check", "--at", "2026-12-01T00:00:00Z", "campaign.json"]);
    let page = String::from_utf8_lossy(&later.stdout).into_owned();
    let warning =
        "cts.toml:2: the waiver of `whatsapp/template.not-approved` ended on 2026-12-01\n";
    assert!(page.contains(warning), "{page}");

    let wrong = [
        waiver("whatsapp/template.not-aproved", "2026-12-01"),
        waiver("whatsapp/account.banned", "2026-12-01"),
        waiver("whatsapp/template.not-approved", "2028-12-01"),
    ];
    for (line, number) in [(2, 0), (10, 1), (18, 2)] {
        fs::write(folder.path().join("cts.toml"), "\n".repeat(8 * number) + &wrong[number])
            .unwrap();
        refused(&folder.cts(&["check", "campaign.json"]), &[&format!("cts.toml:{line}: ")]);
    }
    let no_offset = waiver("whatsapp/template.not-approved", "2026-12-01T10:00:00");
    fs::write(folder.path().join("cts.toml"), no_offset).unwrap();
    refused(
        &folder.cts(&["check", "campaign.json"]),
        &["cts.toml:8: `until` is 2026-12-01T10:00:00"],
    );
}

#[cfg(unix)]
#[test]
fn no_path_of_a_configuration_leads_out_by_a_link() {
    let elsewhere = Folder::new(&[("base.json", BASE)]);
    let folder =
        Folder::new(&[("cts.toml", "base = \"base.json\"\n"), ("campaign.json", CAMPAIGN)]);
    let link = folder.path().join("base.json");
    std::os::unix::fs::symlink(elsewhere.path().join("base.json"), link).unwrap();
    refused(
        &folder.cts(&["check", "campaign.json"]),
        &["cts.toml:1: `base`: `base.json` leads out of the folder of the configuration"],
    );
}

#[test]
fn a_scan_reads_the_table_of_its_own_root_alone() {
    let accept = "[[scan.accept]]\nclient = \"npm:whatsapp-web.js\"\nreason = \"never deployed\"\n\
                  until = 2027-01-01\n";
    let manifest = r#"{"dependencies": {"whatsapp-web.js": "1.0.0"}}"#;
    let folder = Folder::new(&[
        ("cts.toml", accept),
        ("package.json", manifest),
        ("inner/package.json", manifest),
    ]);
    let scan =
        |arguments: &[&str]| folder.cts(&[&["scan", "--at", "2026-11-28"], arguments].concat());
    let root = scan(&["."]);
    assert_eq!(root.status.code(), Some(0), "{}", out(&root));
    assert!(out(&root).contains("config  "), "{}", out(&root));
    assert_eq!(scan(&["inner"]).status.code(), Some(1), "nothing is looked for above the root");
    for passed in ["--no-config", "--no-accept"] {
        let output = scan(&[passed, "."]);
        assert_eq!(output.status.code(), Some(1), "{passed}");
        assert!(!out(&output).contains("config  "));
    }
    fs::write(folder.path().join(".cts-scan.toml"), "exclude = []\n").unwrap();
    refused(&scan(&["."]), &["`cts.toml` has a table `scan` too", "[scan/bad-accept-file]"]);
}

#[test]
fn init_writes_what_can_be_judged_at_once_and_overwrites_nothing() {
    let folder = Folder::new(&[]);
    let begun = folder.cts(&["init", "new/house"]);
    assert_eq!(begun.status.code(), Some(0), "{}", err(&begun));
    for name in ["cts.toml", "base.json", "campaign.json"] {
        assert!(out(&begun).contains(name), "{}", out(&begun));
        assert!(folder.path().join("new/house").join(name).is_file());
    }
    let judged = folder.cts(&["check", "--json", "new/house/campaign.json"]);
    // Nothing is claimed for the user: what the files do not say is asked for.
    assert_eq!(judged.status.code(), Some(3), "{}{}", out(&judged), err(&judged));
    let missing = json(&judged)["missing"].to_string();
    for path in ["account.quality", "provider.role", "access.clients", "campaign.template.status"] {
        assert!(missing.contains(path), "{path}: {missing}");
    }
    assert_eq!(json(&judged)["packs"].as_array().unwrap().len(), 2);
    // The folder as a whole is its campaigns, without the base document.
    let all = folder.cts(&["check", "new/house"]);
    assert_eq!(all.status.code(), Some(3), "{}{}", out(&all), err(&all));

    // What it shows of mappings can be taken as it stands.
    let written = include_str!("../../src/init/cts.toml");
    let shown = written.lines().skip_while(|line| *line != "# [audience.crm]");
    let shown: Vec<&str> = shown.map_while(|line| line.strip_prefix("# ")).collect();
    assert!(shown.len() > 5, "{written}");
    let folder_of_shop = Folder::new(&[
        ("cts.toml", &shown.join("\n")),
        ("campaign.json", OLD),
        (
            "export.csv",
            "Customer,First name,Mobile,Opt-in,Opt-in date,Unsubscribed\n\
             7,Ana,600 000 001,Yes,14/06/2018 11:30,No\n",
        ),
    ]);
    let screened = folder_of_shop.cts(&[
        "screen",
        "--json",
        "--mapping",
        "crm",
        "--anyway",
        "campaign.json",
        "export.csv",
    ]);
    let summary = json(&screened);
    assert_eq!((&summary["rows"], &summary["bad_rows"]), (&1.into(), &0.into()), "{summary}");

    let before = fs::read_dir(folder.path()).unwrap().count();
    fs::remove_file(folder.path().join("new/house/cts.toml")).unwrap();
    refused(
        &folder.cts(&["init", "new/house"]),
        &["base.json is there, and nothing was written", "campaign.json is there"],
    );
    assert!(!folder.path().join("new/house/cts.toml").exists(), "nothing is written half");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before);
}

#[test]
fn of_several_documents_each_is_one_line_and_a_bad_one_stops_none() {
    let folder = Folder::new(&[
        ("a.json", OLD),
        ("b.json", DENIED),
        ("c.json", r#"{"send_at": "yesterday"}"#),
        ("sub/cts.toml", "base = \"base.json\"\n"),
        ("sub/base.json", BASE),
        ("sub/d.json", CAMPAIGN),
    ]);
    let output = folder.cts(&["check", "b.json", "c.json", "a.json", "sub"]);
    assert_eq!(output.status.code(), Some(2));
    let text = out(&output);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(
        lines[0].starts_with("DENY") && lines[0].contains("b.json  consent.opted-out"),
        "{text}"
    );
    assert!(lines[1].starts_with("REVIEW  a.json"), "{text}");
    assert!(lines[2].contains("sub/d.json") || lines[2].contains("sub\\d.json"), "{text}");
    assert!(lines[3].starts_with("config  sub/cts.toml  sha256:"), "{text}");
    assert!(err(&output).contains("c.json: `send_at`: found `yesterday`"), "{}", err(&output));

    let output = folder.cts(&["check", "--json", "b.json", "c.json", "sub"]);
    assert_eq!(output.status.code(), Some(2));
    let lines: Vec<Json> =
        out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["file"], "b.json");
    assert_eq!(lines[0]["decision"], decision_of(DENIED));
    assert_eq!(lines[0]["config"], Json::Null);
    assert!(lines[1]["error"].as_str().unwrap().starts_with("c.json: `send_at`: "));
    assert_eq!(lines[2]["decision"], decision_of(WHOLE));
    assert_eq!(lines[2]["config"]["file"], "sub/cts.toml");

    // Without a refusal, the worst verdict: deny before review before allow.
    assert_eq!(folder.cts(&["check", "a.json", "b.json"]).status.code(), Some(1));
    assert_eq!(folder.cts(&["check", "a.json", "a.json"]).status.code(), Some(3));
    refused(&folder.cts(&["check", "a.json", "-", "-"]), &["standard input is named twice"]);
    let empty = Folder::new(&[]);
    refused(&empty.cts(&["check", "."]), &["has no `.json` file to judge"]);
}

#[test]
fn a_line_of_ndjson_is_a_document() {
    let lines = format!("{OLD}\n\n{}\nnonsense\n", DENIED.replace('\n', ""));
    let folder = Folder::new(&[("queue.ndjson", &lines)]);
    let of_file = folder.cts(&["check", "queue.ndjson"]);
    assert_eq!(of_file.status.code(), Some(2));
    let text = out(&of_file);
    assert!(text.starts_with("REVIEW  queue.ndjson:1") && text.contains("DENY    queue.ndjson:3"));
    assert!(err(&of_file).contains("queue.ndjson:4: "), "{}", err(&of_file));
    let piped = folder.cts_with_input(&["check", "--ndjson", "--json", "-"], &lines);
    assert_eq!(piped.status.code(), Some(2));
    let read: Vec<Json> =
        out(&piped).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let places: Vec<&Json> = read.iter().map(|line| &line["line"]).collect();
    assert_eq!(places, [1, 3, 4]);
    assert_eq!(read[1]["decision"], decision_of(DENIED));
    assert!(read[2]["error"].is_string());
}

#[test]
fn colours_are_as_the_environment_says() {
    let folder = Folder::new(&[("a.json", OLD)]);
    let with =
        |value| folder.command(&["check", "a.json"]).env("CTS_COLOR", value).output().unwrap();
    assert!(out(&with("always")).contains('\u{1b}'));
    assert!(!out(&with("never")).contains('\u{1b}'));
    assert!(!out(&with("auto")).contains('\u{1b}'), "no terminal, no colours");
    refused(&with("sometimes"), &["`CTS_COLOR` is `sometimes`, expected auto, always or never"]);
}

#[cfg(unix)]
#[test]
fn a_configuration_that_is_there_and_cannot_be_read_is_never_passed_over() {
    let folder = Folder::new(&[("c.json", CLEAN), ("real.toml", "packs = []\n")]);
    std::os::unix::fs::symlink("real.toml", folder.path().join("cts.toml")).unwrap();
    assert_eq!(folder.cts(&["check", "c.json"]).status.code(), Some(0));
    // The link leads nowhere: the rules that it asked for would not be asked.
    fs::rename(folder.path().join("real.toml"), folder.path().join("other.toml")).unwrap();
    let output = folder.cts(&["check", "c.json"]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("cts.toml"), "{}", err(&output));
    fs::remove_file(folder.path().join("cts.toml")).unwrap();
    fs::create_dir(folder.path().join("cts.toml")).unwrap();
    assert_eq!(folder.cts(&["check", "c.json"]).status.code(), Some(2));
    assert_eq!(folder.cts(&["check", "c.json", "--no-config"]).status.code(), Some(0));
}

#[test]
fn what_is_not_judged_is_named() {
    let folder = Folder::new(&[
        ("all/c.json", CLEAN),
        ("all/more/d.json", CLEAN),
        ("all/lines.ndjson", "{}\n"),
        ("all/.git/e.json", "{}"),
        ("empty.ndjson", ""),
    ]);
    let output = folder.cts(&["check", "all"]);
    assert_eq!(output.status.code(), Some(3), "what nobody judged is not clear to send");
    let printed = err(&output);
    assert!(printed.contains("more: a folder in a folder is not judged"), "{printed}");
    assert!(printed.contains("lines.ndjson: lines in a folder"), "{printed}");
    assert!(!printed.contains(".git"), "{printed}");
    let named = ["check", "all/c.json", "all/more"];
    assert_eq!(folder.cts(&named).status.code(), Some(0));
    let output = folder.cts(&["check", "empty.ndjson"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("no campaign document"), "{}", err(&output));
}
