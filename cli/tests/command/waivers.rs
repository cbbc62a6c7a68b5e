//! Exceptions to rules, on the command line.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::path::Path;

use tempfile::TempDir;

use super::support::{cts_in, err, out};

const WAIVER: &str = "[[waiver]]\nrule = \"whatsapp/template.not-approved\"\nlower_to = \
                      \"note\"\nreason = \"seen\"\nby = \"Ana\"\nfrom = 2026-01-01\nuntil = \
                      2026-07-01\n";
const CAMPAIGN: &str = r#"{"send_at": "2026-03-02T15:00:00Z",
    "campaign": {"content": "template", "template": {"status": "rejected"}}}"#;

fn cts(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = cts_in(folder, arguments);
    (output.status.code(), out(&output), err(&output))
}

fn write(folder: &TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn check_explain_and_screen_take_waivers() {
    let folder = TempDir::new().unwrap();
    write(&folder, "campaign.json", CAMPAIGN);
    write(&folder, "waivers.toml", WAIVER);
    write(&folder, "audience.csv", "recipient.country\nES\nFR\n");
    let with = ["--waivers", "waivers.toml"];
    let run = |arguments: &[&str]| cts(folder.path(), &[arguments, &with].concat());

    let (_, page, _) = run(&["check", "campaign.json"]);
    assert!(page.contains("template.not-approved: seen (Ana, until 2026-07-01)"), "{page}");
    let (_, page, _) = run(&["check", "campaign.json", "--lang", "es"]);
    assert!(page.contains("template.not-approved: seen (Ana, hasta el 2026-07-01)"), "{page}");
    let (_, json, _) = run(&["check", "campaign.json", "--json"]);
    let waiver = r#""waiver":{"reason":"seen","by":"Ana","until":"2026-07-01"}"#;
    assert!(json.contains(waiver), "{json}");
    let (_, page, _) = run(&["explain", "campaign.json"]);
    // The exception that let a rule pass is named.
    assert!(page.contains("template.not-approved: seen (Ana, until 2026-07-01)"), "{page}");
    let (_, json, _) = run(&["explain", "campaign.json", "--json"]);
    assert!(json.contains(waiver), "{json}");
    let (_, summary, _) = run(&["screen", "campaign.json", "audience.csv"]);
    assert!(summary.contains("note template.not-approved violated, waived"), "{summary}");
    let (_, json, _) = run(&["screen", "campaign.json", "audience.csv", "--json"]);
    assert!(json.contains(waiver), "{json}");
}

#[test]
fn a_waiver_that_lowers_nothing_any_more_is_named_below_the_answer() {
    let folder = TempDir::new().unwrap();
    write(&folder, "campaign.json", CAMPAIGN);
    write(&folder, "waivers.toml", WAIVER);
    write(&folder, "audience.csv", "recipient.country\nES\nFR\n");
    let later = folder.path().join("later.json");
    std::fs::write(&later, CAMPAIGN.replace("2026-03-02", "2026-07-02")).unwrap();
    let run = |arguments: &[&str]| {
        let (_, page, beside) =
            cts(folder.path(), &[arguments, &["--waivers", "waivers.toml"]].concat());
        (page, beside)
    };
    let warning = "warning waivers.toml:1:1: the waiver of `whatsapp/template.not-approved` ended \
                   on 2026-07-01\n";
    for command in [
        &["check", "later.json"][..],
        &["check", "later.json", "--full"],
        &["explain", "later.json"],
        &["screen", "later.json", "audience.csv", "--anyway"],
    ] {
        let (page, _) = run(command);
        assert!(page.contains(warning), "{command:?}: {page}");
        let in_time: Vec<&str> = command
            .iter()
            .map(|word| if *word == "later.json" { "campaign.json" } else { word })
            .collect();
        let (page, beside) = run(&in_time);
        assert!(!format!("{page}{beside}").contains("warning waivers"), "{page}{beside}");
    }
    // What programs read stays JSON.
    let (page, beside) = run(&["check", "later.json", "--json"]);
    assert!(serde_json::from_str::<serde_json::Value>(&page).is_ok(), "{page}");
    assert!(beside.contains(warning), "{beside}");
    // Of several documents each is named once.
    std::fs::copy(&later, folder.path().join("later-too.json")).unwrap();
    let several = ["check", "campaign.json", "later.json", "later-too.json"];
    let (page, _) = run(&several);
    assert!(page.ends_with(warning) && page.matches("warning ").count() == 1, "{page}");
    let (page, beside) = run(&[&several[..], &["--json"]].concat());
    assert!(page.lines().all(|line| line.starts_with('{')) && beside.contains(warning), "{beside}");
}

#[test]
fn a_waiver_that_is_refused_is_shown_in_its_line() {
    let folder = TempDir::new().unwrap();
    write(&folder, "campaign.json", CAMPAIGN);
    write(&folder, "waivers.toml", &WAIVER.replace("template.not-approved", "consent.opted-out"));
    let (code, out, printed) =
        cts(folder.path(), &["check", "campaign.json", "--waivers", "waivers.toml"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(
        printed.contains("pack/not-waivable")
            && printed.contains("waivers.toml:2:8")
            && printed.contains("rule = \"whatsapp/consent.opted-out\""),
        "{printed}"
    );
    let (code, _, printed) =
        cts(folder.path(), &["check", "campaign.json", "--waivers", "none.toml"]);
    assert_eq!(code, Some(2));
    assert!(printed.contains("none.toml"), "{printed}");
}

#[test]
fn lint_tells_of_waivers_that_lower_nothing() {
    let folder = TempDir::new().unwrap();
    write(
        &folder,
        "pack.toml",
        "name = \"house\"\nversion = \"1.0.0\"\nrequires = \"*\"\ntitle = \"t\"\npublished = \
         2026-01-01\n",
    );
    let of = |rule: &str, more: &str| WAIVER.replace("whatsapp/template.not-approved", rule) + more;
    let waivers = [
        of("whatsapp/template.not-approved", ""),
        of("whatsapp/template.not-approved", "when = 'campaign.content == \"free_form\"'\n"),
        of("whatsapp/account.verification-rejected", ""),
        of("elsewhere/limits.big", ""),
    ];
    write(&folder, "waivers.toml", &waivers.concat());
    let warnings = |at: &str| -> Vec<String> {
        let (code, out, printed) = cts(folder.path(), &["pack", "lint", ".", "--at", at]);
        assert_eq!(code, Some(0), "{printed}");
        let lines =
            out.lines().filter_map(|line| line.split_once("warning: ").map(|(_, printed)| printed));
        lines.map(|printed| printed.split(" [lint/").next().unwrap_or(printed).to_owned()).collect()
    };
    assert_eq!(
        warnings("2026-03-01T00:00:00Z"),
        [
            "the waiver of `whatsapp/template.not-approved` lowers nothing: no case of its own \
             breaks the rule",
            "the waiver of `whatsapp/account.verification-rejected` lowers nothing: the rule finds \
             no more than that",
            "the waiver of `elsewhere/limits.big` is of a pack that is not built in: `elsewhere`",
        ]
    );
    let ended = "the waiver of `whatsapp/template.not-approved` ended on 2026-07-01";
    assert_eq!(
        warnings("2026-07-01T00:00:00Z").iter().filter(|printed| *printed == ended).count(),
        2
    );
    write(&folder, "waivers.toml", &of("whatsapp/template.none", ""));
    let (code, _, printed) = cts(folder.path(), &["pack", "lint", "."]);
    assert_eq!(code, Some(2));
    assert!(printed.contains("pack/unknown-rule"), "{printed}");
}
