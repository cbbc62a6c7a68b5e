//! Who may send: `cts provider`, `cts directory` and `cts scan`, as a user sees them.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::process::Output;

use serde_json::Value;

use super::support::{cts, err};

const COMPLETE: &str = "examples/directories/complete.json";

/// Standard output, without regard to where lines are broken.
fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone())
        .unwrap()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn json(arguments: &[&str]) -> Value {
    let output = cts(arguments);
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(text.lines().count(), 1, "{arguments:?}: {text}{}", err(&output));
    serde_json::from_str(&text).unwrap()
}

fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// Exit code 2, nothing on standard output, and this on standard error.
fn refused(arguments: &[&str], parts: &[&str]) {
    let output = cts(arguments);
    assert_eq!(
        (output.status.code(), out(&output).as_str()),
        (Some(2), ""),
        "{arguments:?}: {}",
        err(&output)
    );
    says(&err(&output), parts);
}

/// What an earlier step wrote, as a path that `cts` takes.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn with(&self, name: &str, text: &str) -> String {
        std::fs::write(self.0.path().join(name), text).unwrap();
        self.path(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort_unstable();
        names
    }
}

#[test]
fn a_lookalike_is_not_listed_resembles_somebody_and_the_sample_says_its_limits() {
    let output = cts(&["provider", "Hubtyp3"]);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""));
    says(
        &out(&output),
        &[
            "unknown Hubtyp3",
            "It is not listed here, and this directory is not complete, so it cannot tell",
            "resembles Hubtype (hubtype.com)",
            "because it has characters that are taken for those of a known name",
            "follows",
            "Cloud API, any role and app review: review",
            "provider.lookalike",
            "says nothing against it",
            "It has no listing periods",
            "not an extract of Meta's partner directory",
        ],
    );
    let answer = json(&["provider", "Hubtyp3", "--json"]);
    assert_eq!(
        (&answer["listing"], &answer["lookalike"]["of"]),
        (&Value::from("unknown"), &Value::from("Hubtype"))
    );
    assert_eq!(answer["lookalike"]["reasons"], serde_json::json!(["confusable-characters"]));
    assert_eq!(answer["directory"]["complete"], false);
    assert!(answer.get("advice").is_none());
}

#[test]
fn a_complete_directory_decides() {
    let answer = json(&["provider", "Hubtyp3", "--directory", COMPLETE, "--json"]);
    assert_eq!(answer["listing"], "unlisted");
    let verdict = |answer: &Value, role: &str, review: &str| {
        let cases = answer["follows"].as_array().unwrap();
        let case = cases.iter().find(|case| {
            case["route"] == "cloud_api" && case["role"] == role && case["app_review"] == review
        });
        case.unwrap()["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict(&answer, "solution_partner", "none"), "deny");
    // A stranger that imitates nobody: its role and its app review decide.
    let stranger = json(&["provider", "Weather Bureau", "--directory", COMPLETE, "--json"]);
    assert_eq!(verdict(&stranger, "tech_provider", "none"), "deny");
    assert_eq!(verdict(&stranger, "tech_provider", "pending"), "review");
    assert_eq!(verdict(&stranger, "tech_provider", "passed"), "allow");
    let listed = json(&[
        "provider",
        "Hubtype",
        "--domain",
        "hubtype.com",
        "--directory",
        COMPLETE,
        "--json",
    ]);
    assert_eq!(
        (&listed["listing"], verdict(&listed, "solution_partner", "none").as_str()),
        (&Value::from("listed"), "allow")
    );
    let left = ["provider", "Northwind Messaging", "--directory", COMPLETE, "--json", "--at"];
    assert_eq!(json(&[&left[..], &["2024-05-31T00:00:00Z"]].concat())["listing"], "listed");
    assert_eq!(json(&[&left[..], &["2024-06-01T00:00:00Z"]].concat())["listing"], "delisted");
}

#[test]
fn the_campaign_is_denied_for_its_provider_where_the_directory_is_complete() {
    let rules = |arguments: &[&str]| -> Vec<String> {
        let decision = json(arguments);
        let denied = decision["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["verdict"] == "deny");
        denied.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
    };
    let campaign = ["check", "--json", "examples/spring-sale.json"];
    assert!(
        rules(&[&campaign[..], &["--directory", COMPLETE]].concat())
            .contains(&"provider.unlisted".to_owned())
    );
    assert!(
        !rules(&campaign).iter().any(|rule| rule.starts_with("provider.")),
        "the sample accuses nobody"
    );
}

#[test]
fn advice_comes_with_its_sources() {
    let text = out(&cts(&["provider", "Hubtyp3", "--advice"]));
    says(
        &text,
        &[
            "How to report a rogue provider",
            "contact or business info, and choose Report",
            "How to move to an authorized one with the number",
            "within 30 days",
            "https://www.whatsapp.com/legal/business-terms-for-service-providers",
        ],
    );
    let advice = &json(&["provider", "Hubtyp3", "--advice", "--json"])["advice"];
    for part in ["report", "move"] {
        let steps = advice[part].as_array().unwrap();
        assert!(
            steps.len() >= 4
                && steps.iter().all(|step| !step["source"]["title"].as_str().unwrap().is_empty()),
            "{part}"
        );
    }
}

#[test]
fn an_own_list_lies_on_top_and_makes_nobody_unlisted() {
    let folder = Folder::new();
    let own = folder.with("own.csv", "id,name,domains\nown-1,Weather Bureau,weather.example\n");
    let list = folder.path("own.json");
    let import = cts(&[
        "directory",
        "import",
        &own,
        "--source",
        "vetted here",
        "--retrieved-at",
        "2026-01-01",
        "-o",
        &list,
    ]);
    assert_eq!(import.status.code(), Some(0), "{}", err(&import));
    let listing = |name: &str, more: &[&str]| {
        let asked = ["provider", name, "--json", "--at", "2026-03-02T00:00:00Z", "--own", &list];
        json(&[&asked[..], more].concat())["listing"].as_str().unwrap().to_owned()
    };
    assert_eq!(listing("Weather Bureau", &[]), "listed");
    assert_eq!(listing("Weather Bureau", &["--directory", COMPLETE]), "listed");
    assert_eq!(listing("Hubtype", &["--directory", COMPLETE]), "listed");
    assert_eq!(listing("Somebody", &[]), "unknown");
    let check = cts(&["check", "examples/clean-campaign.json", "--own", &list]);
    assert_eq!(check.status.code(), Some(0), "{}", err(&check));
    refused(
        &["check", "examples/clean-campaign.json", "--own", &own],
        &["own.csv", "directory/not-json"],
    );
}

#[test]
fn lists_of_two_days_merge_into_periods() {
    let folder = Folder::new();
    let directory = folder.path("directory.json");
    let first = folder.with("january.csv", "id,name\n0012345678901234,Acme\n77,Bee\n");
    let second = folder.with("march.csv", "id,name\n0012345678901234,Acme\n88,Cee\n");
    let import = |file: &str, day: &str, more: &[&str]| {
        cts(&[
            &[
                "directory",
                "import",
                file,
                "--source",
                "the list",
                "--complete",
                "--retrieved-at",
                day,
            ],
            more,
        ]
        .concat())
    };
    assert_eq!(import(&first, "2026-01-01", &["-o", &directory]).status.code(), Some(0));
    let before = std::fs::read(&directory).unwrap();
    let merged = import(&second, "2026-03-01", &["--into", &directory]);
    assert_eq!(merged.status.code(), Some(0), "{}", err(&merged));
    says(&out(&merged), &["3 providers, retrieved 2026-03-01T00:00:00Z, complete"]);

    let list = json(&["directory", "list", "--directory", &directory, "--json"]);
    let listings: Vec<(&str, &str)> = list["providers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|provider| (provider["id"].as_str().unwrap(), provider["listing"].as_str().unwrap()))
        .collect();
    assert_eq!(listings, [("0012345678901234", "listed"), ("77", "delisted"), ("88", "listed")]);
    let bee = json(&["directory", "show", "bee", "--directory", &directory, "--json"]);
    assert_eq!(
        (&bee["listed"][0]["from"], &bee["listed"][0]["until"]),
        (&Value::from("2026-01-01"), &Value::from("2026-03-01"))
    );
    says(
        bee["listed"][0]["source"].as_str().unwrap(),
        &["the list (2026-01-01)", "not in the list (2026-03-01)"],
    );
    says(
        &out(&cts(&["directory", "show", "77", "--directory", &directory])),
        &["delisted Bee", "from 2026-01-01 until 2026-03-01"],
    );

    // Daily lists do not make the file grow by a line a day, and what was known before stays known.
    for day in ["2026-03-02", "2026-03-03", "2026-03-04"] {
        assert_eq!(import(&second, day, &["--into", &directory]).status.code(), Some(0));
    }
    let text = std::fs::read_to_string(&directory).unwrap();
    assert!(text.starts_with("{\n  \"source\": \"the list\","), "{text}");
    let periods = |name: &str| {
        json(&["directory", "show", name, "--directory", &directory, "--json"])["listed"].clone()
    };
    assert_eq!(periods("acme")[0]["source"], "the list (2026-01-01) to the list (2026-03-04)");
    assert_eq!(periods("bee"), bee["listed"]);

    // An older list would be judged by a directory that has forgotten what lay between.
    let old = folder.with("old.json", std::str::from_utf8(&before).unwrap());
    refused(
        &["directory", "import", &old, "--into", &directory],
        &["2026-01-01", "cts directory merge"],
    );
    let together = cts(&["directory", "merge", &directory, &old]);
    assert_eq!(together.status.code(), Some(0), "{}", err(&together));

    let same = cts(&["directory", "diff", &old, &old]);
    assert_eq!(
        (same.status.code(), out(&same).as_str()),
        (Some(0), "0 added, 0 removed, 0 changed")
    );
    let differs = cts(&["directory", "diff", &old, &directory]);
    assert_eq!(differs.status.code(), Some(1));
    says(&out(&differs), &["added Cee (88)", "changed Bee (77)", "1 added, 0 removed, 2 changed"]);
    let differs = json(&["directory", "diff", &old, &directory, "--json"]);
    assert_eq!(
        (&differs["same"], &differs["added"][0]["id"]),
        (&Value::from(false), &Value::from("88"))
    );
    assert_eq!(differs["changed"][1]["members"]["listed"]["was"][0]["until"], Value::Null);
}

#[test]
fn a_bad_table_is_reported_row_by_row_and_nothing_is_imported() {
    let folder = Folder::new();
    let good = folder.with("good.csv", "id,name\n1,Acme\n");
    let directory = folder.path("directory.json");
    let about = ["--source", "s", "--retrieved-at", "2026-01-01"];
    assert_eq!(
        cts(&[&["directory", "import", &good, "-o", &directory][..], &about].concat())
            .status
            .code(),
        Some(0)
    );
    let before = std::fs::read(&directory).unwrap();
    let bad = folder.with(
        "bad.csv",
        "id,name,domains,listed_from\n1,Good,,\n2,,,\n3,Three,co.uk,\n4,Four,,2026-02-30\n",
    );
    for target in ["--into", "-o"] {
        refused(
            &[&["directory", "import", &bad, target, &directory][..], &about].concat(),
            &[
                "bad.csv:3: name: ",
                "[directory/empty]",
                "bad.csv:4: domains[0]: `co.uk`",
                "bad.csv:5: listed_from: `2026-02-30`",
            ],
        );
    }
    assert_eq!(std::fs::read(&directory).unwrap(), before);
    assert_eq!(folder.names(), ["bad.csv", "directory.json", "good.csv"], "nothing is left beside");
    refused(&["directory", "import", &good, "--source", "s"], &["--retrieved-at"]);
    refused(&["directory", "import", &directory, "--source", "s"], &["`--source` is for tables"]);
    refused(
        &[&["directory", "import", &good, "-o", &folder.path("none/out.json")][..], &about]
            .concat(),
        &["cannot write"],
    );
    let nameless = folder.with("list.txt", "id,name\n1,Acme\n");
    refused(&["directory", "import", &nameless], &["--input-format csv"]);
    refused(&["directory", "show", "Hubtpye"], &["`Hubtpye`", "did you mean `Hubtype`?"]);
    refused(&["directory", "list", "--directory", &good], &["directory/not-json"]);
}

#[test]
fn the_sample_can_be_listed_and_shown() {
    let output = cts(&["directory", "list"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    says(
        &out(&output),
        &["hubtype Hubtype hubtype.com solution_partner unknown", "57 providers", "not complete"],
    );
    says(
        &out(&cts(&["directory", "show", "nexmo"])),
        &["unknown Vonage", "also", "no period is on record", "evidence"],
    );
}

#[test]
fn a_library_of_the_consumer_client_is_found_behind_an_alias_and_metas_sdk_is_not() {
    let hidden = cts(&["scan", "examples/who/hidden-baileys"]);
    assert_eq!(hidden.status.code(), Some(1), "{}", err(&hidden));
    says(
        &out(&hidden),
        &["unofficial", "package-lock.json", "npm:@whiskeysockets/baileys", "chat-transport"],
    );
    let report = json_of(&["scan", "examples/who/hidden-baileys", "--format", "json"]);
    assert_eq!(report["findings"][0]["alias"], "chat-transport");
    let sarif = json_of(&["scan", "examples/who/hidden-baileys", "--format", "sarif"]);
    assert_eq!(sarif["version"], "2.1.0");
    let own = cts(&["scan", "examples/who/meta-sdk"]);
    assert_eq!(own.status.code(), Some(0), "{}", err(&own));
    assert_eq!(
        json_of(&["scan", "examples/who/meta-sdk", "--format", "json"])["findings"],
        serde_json::json!([])
    );
}

fn json_of(arguments: &[&str]) -> Value {
    serde_json::from_slice(&cts(arguments).stdout).unwrap()
}

#[test]
fn what_is_undecided_asks_for_a_person_and_what_is_broken_is_reported() {
    let folder = Folder::new();
    folder.with("package.json", "{\"dependencies\": {\"n8n-nodes-evolution-api\": \"1.0.4\"}}");
    folder.with("composer.json", "{\"require\": ");
    let tree = folder.path("");
    let undecided = cts(&["scan", &tree]);
    assert_eq!(undecided.status.code(), Some(3), "{}", out(&undecided));
    says(
        &out(&undecided),
        &["undecided", "n8n-nodes-evolution-api", "broken composer.json", "1 broken"],
    );
    std::fs::remove_file(folder.path("package.json")).unwrap();
    let broken = cts(&["scan", &tree]);
    assert_eq!(broken.status.code(), Some(3), "{}", out(&broken));
    says(&out(&broken), &["broken composer.json", "nothing was read"]);
    assert_eq!(cts(&["scan", &tree, "--allow-unread"]).status.code(), Some(0));
    // What is accepted cannot fail at once.
    let both = cts(&["scan", &tree, "--allow-unread", "--fail-on", "undecided,unread"]);
    assert_eq!((both.status.code(), out(&both).as_str()), (Some(2), ""), "{}", err(&both));
    assert!(err(&both).contains("expected one of them"), "{}", err(&both));
}

#[test]
fn what_fails_a_scan_can_be_chosen_and_unofficial_clients_always_do() {
    let folder = Folder::new();
    let code =
        |arguments: &[&str]| cts(&[&["scan", &folder.path("")], arguments].concat()).status.code();
    folder.with("package.json", "{\"dependencies\": {\"openclaw\": \"1\"}}");
    folder.with("Podfile", "pod 'x'");
    assert_eq!(
        (code(&[]), code(&["--fail-on", "unofficial"]), code(&["--fail-on", "unread"])),
        (Some(3), Some(0), Some(0))
    );
    assert_eq!(code(&["--fail-on", "unread,unsupported"]), Some(3));
    folder.with("package.json", "{\"dependencies\": {\"baileys\": \"1\"}}");
    assert_eq!(
        (code(&["--fail-on", "unread"]), code(&["--exclude", "*.json"])),
        (Some(1), Some(3))
    );
    folder.with(
        ".cts-scan.toml",
        "[[accept]]\nclient = \"npm:baileys\"\nreason = \"a test\"\nuntil = 2027-01-01\n",
    );
    assert_eq!(
        (code(&["--at", "2026-12-31"]), code(&["--at", "2027-01-01"]), code(&["--no-accept"])),
        (Some(0), Some(1), Some(1))
    );
    folder.with("package.json", "{}");
    assert_eq!(
        (code(&["--at", "2026-12-31"]), code(&["--at", "2026-12-31", "--fail-on", "stale"])),
        (Some(0), Some(3))
    );
    folder.with(
        ".cts-scan.toml",
        "[[accept]]\nclient = \"baileys\"\nreason = \"a test\"\nuntil = 2027-01-01\n",
    );
    refused(&["scan", &folder.path("")], &[".cts-scan.toml", "line 2", "[scan/bad-accept-file]"]);
    refused(&["scan", &folder.path(""), "--no-accept", "--exclude", "["], &["[scan/bad-pattern]"]);
    refused(
        &["scan", &folder.path(""), "--catalogue", &folder.path("Podfile")],
        &["Podfile", "[catalogue/syntax]"],
    );
    let two = cts(&["scan", "examples/who/meta-sdk", "examples/who/hidden-baileys"]);
    assert_eq!(two.status.code(), Some(1));
    says(&out(&two), &["examples/who/hidden-baileys/package-lock.json"]);
}
