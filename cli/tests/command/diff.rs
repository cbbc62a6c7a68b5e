//! What a user of `cts diff` and `cts pack analyse` sees.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::path::Path;

use serde_json::Value;

use super::support::{cts, err, out};

const MANIFEST: &str = r#"
name = "house"
version = "1.0.0"
requires = ">=1.0, <2"
title = "House rules"
published = 2026-01-01

[sources.handbook]
title = "Handbook"
url = "https://example.com/"
retrieved = 2026-01-01
confidence = "official"
"#;

/// A pack's folder with one rule on the size of audiences.
fn pack(folder: &Path, most: u32, verdict: &str) -> String {
    let rule = format!(
        "[[rule]]\nid = \"limits.large-audience\"\ntopic = \"limits\"\ntitle = \"Small audiences\"\n\
         requires = 'campaign.audience_size <= {most}'\nverdict = \"{verdict}\"\nfrom = 2020-01-01\n\
         source = {{ id = \"handbook\" }}\nmessage = \"too many\"\nadvice = \"Write to fewer.\"\n\
         exposure = [\"warning\"]\n"
    );
    std::fs::create_dir_all(folder.join("rules")).unwrap();
    std::fs::write(folder.join("pack.toml"), MANIFEST).unwrap();
    std::fs::write(folder.join("rules/limits.toml"), rule).unwrap();
    folder.display().to_string()
}

#[test]
fn a_change_is_named_with_a_document_that_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let old = pack(&folder.path().join("old"), 1000, "review");
    let new = pack(&folder.path().join("new"), 500, "deny");

    let same = cts(&["diff", &old, &old]);
    assert_eq!(same.status.code(), Some(0), "{}", err(&same));
    assert_eq!(out(&same), "rules: 0 added, 0 removed, 0 changed, 0 reworded, 1 equivalent\n");

    let changed = cts(&["diff", &old, &new]);
    assert_eq!(changed.status.code(), Some(4), "{}", err(&changed));
    let text = out(&changed);
    assert!(text.starts_with("changed   house/limits.large-audience (review -> deny)\n"), "{text}");
    assert!(text.contains("    satisfied, verdict allow -> violated, verdict deny\n"), "{text}");
    assert!(text.contains("\"audience_size\":"), "{text}");

    let json = cts(&["diff", &old, &new, "--format", "json"]);
    let document: Value = serde_json::from_slice(&json.stdout).unwrap();
    let witness = &document["rules"][0]["witness"];
    assert_eq!(document["rules"][0]["change"], "changed");
    let size = witness["document"]["campaign"]["audience_size"].as_i64().unwrap();
    assert!(size > 500 && size <= 1000, "{witness}");
    assert_eq!(document["campaigns"], Value::Null);

    let page = out(&cts(&["diff", &old, &new, "--format", "md"]));
    assert!(
        page.contains("| `house/limits.large-audience` | changed (review -> deny) |"),
        "{page}"
    );
}

#[test]
fn own_campaigns_are_judged_by_both_sides() {
    let folder = tempfile::tempdir().unwrap();
    let old = pack(&folder.path().join("old"), 1000, "review");
    let new = pack(&folder.path().join("new"), 500, "review");
    let campaigns = folder.path().join("campaigns.ndjson");
    let line = |id: &str, size: u32| {
        format!(
            "{{\"send_at\":\"2026-03-02T15:00:00Z\",\"campaign\":{{\"id\":\"{id}\",\"audience_size\":{size}}}}}\n"
        )
    };
    let lines = [line("small", 10), line("middle", 700), String::from("\n"), line("large", 5000)];
    std::fs::write(&campaigns, lines.concat()).unwrap();
    let campaigns = campaigns.display().to_string();

    let output = cts(&["diff", &old, &new, "--campaigns", &campaigns]);
    assert_eq!(output.status.code(), Some(4), "{}", err(&output));
    let text = out(&output);
    assert!(text.contains(&format!("case {campaigns}:2 (middle): allow -> review\n")), "{text}");
    assert!(text.contains("    + house/limits.large-audience: violated, review\n"), "{text}");
    assert!(text.ends_with("cases: 1 of 3 change: 1 allow -> review\n"), "{text}");

    let json = cts(&["diff", &old, &new, "--format", "json", "--campaigns", &campaigns]);
    let document: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(document["campaigns"]["judged"], 3);
    assert_eq!(document["campaigns"]["changed"][0]["id"], "middle");

    std::fs::write(folder.path().join("bad.ndjson"), "{}\n{\"sent\": 1}\n").unwrap();
    let bad = folder.path().join("bad.ndjson").display().to_string();
    let refused = cts(&["diff", &old, &new, "--campaigns", &bad]);
    assert_eq!((refused.status.code(), out(&refused).as_str()), (Some(2), ""));
    assert!(err(&refused).contains("bad.ndjson:1: ") && err(&refused).contains("bad.ndjson:2: "));
}

#[test]
fn two_directories_are_compared_by_their_entries_and_by_own_campaigns() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        std::fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).display().to_string()
    };
    let entry = |id: &str| {
        format!(
            r#"{{"id":"{id}","name":"{id} Messaging","aliases":[],"domains":["{id}.example"],"role":"solution_partner","listed":[{{"from":"2018-08-01","until":null}}],"evidence":"e"}}"#
        )
    };
    let directory = |entries: &[String]| {
        format!(
            r#"{{"source":"A list","retrieved_at":"2026-03-01T00:00:00Z","complete":true,"covers":{{"from":"2018-08-01","until":null}},"providers":[{}]}}"#,
            entries.join(",")
        )
    };
    let old = file("old.json", directory(&[entry("acme"), entry("other")]));
    let new = file("new.json", directory(&[entry("other")]));
    let of = |id: &str, provider: &str| {
        format!(
            r#"{{"send_at":"2026-02-02T15:00:00Z","campaign":{{"id":"{id}"}},"access":{{"route":"cloud_api"}},"provider":{{"name":"{provider} Messaging","role":"solution_partner","app_review":"none"}}}}"#
        )
    };
    let campaigns =
        file("campaigns.ndjson", format!("{}\n{}\n", of("gone", "acme"), of("kept", "other")));

    let same = cts(&["diff", &old, &old, "--campaigns", &campaigns, "--no-config"]);
    assert_eq!(same.status.code(), Some(0), "{}{}", out(&same), err(&same));
    let output = cts(&["diff", &old, &new, "--campaigns", &campaigns, "--no-config"]);
    assert_eq!(output.status.code(), Some(4), "{}", err(&output));
    let text = out(&output);
    assert!(text.starts_with("removed  acme Messaging (acme)\n0 added, 1 removed"), "{text}");
    assert!(text.contains(&format!("case {campaigns}:1 (gone): review -> deny\n")), "{text}");
    assert!(text.contains("    + whatsapp/provider.unlisted: violated, deny\n"), "{text}");
    assert!(text.contains("cases: 1 of 2 change"), "{text}");
    let json = cts(&["diff", &old, &new, "--no-config", "--json"]);
    assert_eq!(json.status.code(), Some(4), "{}", err(&json));
    let document: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(document["directories"]["removed"][0]["id"], "acme");

    // A list that is no longer complete says something else of who is not in it.
    let partial = file(
        "partial.json",
        directory(&[entry("acme"), entry("other")])
            .replace(r#""complete":true"#, r#""complete":false"#),
    );
    let text = out(&cts(&["diff", &old, &partial, "--no-config"]));
    assert!(text.contains("complete\n      was true\n      is  false\n"), "{text}");

    for (arguments, said) in [
        (vec!["diff", &old, "packs/whatsapp"], "is a file and"),
        (vec!["diff", &old, &new, "--directory", &new], "expected none by `--directory`"),
    ] {
        let refused = cts(&arguments);
        assert_eq!(refused.status.code(), Some(2));
        assert!(err(&refused).contains(said), "{}", err(&refused));
    }
}

#[test]
fn the_rows_of_an_audience_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let with = |name: &str, rule: &str| {
        let folder = folder.path().join(name);
        let pack = pack(&folder, 1000, "review");
        std::fs::write(folder.join("rules/consent.toml"), rule).unwrap();
        pack
    };
    let consent = "[[rule]]\nid = \"consent.no-opt-in\"\ntopic = \"consent\"\ntitle = \"Consent\"\n\
                   requires = 'recipient.opt_in == \"given\"'\nverdict = \"deny\"\nfrom = 2020-01-01\n\
                   source = { id = \"handbook\" }\nmessage = \"none\"\nadvice = \"Ask.\"\nexposure = [\"warning\"]\n";
    let (old, new) = (pack(&folder.path().join("old"), 1000, "review"), with("new", consent));
    let campaign = folder.path().join("campaign.json").display().to_string();
    std::fs::write(
        &campaign,
        r#"{"send_at": "2026-03-02T15:00:00Z", "campaign": {"audience_size": 3}}"#,
    )
    .unwrap();
    let audience = folder.path().join("audience.csv").display().to_string();
    let rows = "recipient.phone,recipient.opt_in\n+34600000001,given\n+34600000002,none\n+34600000003,none\n";
    std::fs::write(&audience, rows).unwrap();
    let arguments = ["diff", &old, &new, "--campaigns", &campaign, "--audience", &audience];
    let output = cts(&arguments);
    assert_eq!(output.status.code(), Some(4), "{}", err(&output));
    let text = out(&output);
    assert!(text.contains("recipients: 2 of 3 change: 2 allow -> deny\n"), "{text}");
    assert!(text.contains("consent.no-opt-in: on 0 no longer, on 2 from now on\n"), "{text}");
    let json = cts(&[&arguments[..], &["--format", "json"]].concat());
    let document: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&document["audience"]["rows"], &document["audience"]["changed"]),
        (&3.into(), &2.into())
    );
}

#[test]
fn two_dates_of_one_pack_are_compared() {
    let changed = cts(&[
        "diff",
        "messaging-law",
        "--old-at",
        "2017-01-01",
        "--new-at",
        "2026-03-02",
        "--format",
        "json",
    ]);
    assert_eq!(changed.status.code(), Some(4), "{}", err(&changed));
    let document: Value = serde_json::from_slice(&changed.stdout).unwrap();
    let rules = document["rules"].as_array().unwrap();
    assert!(rules.iter().all(|rule| rule["change"] == "changed"));
    let alone = cts(&["diff", "messaging-law"]);
    assert_eq!((alone.status.code(), out(&alone).as_str()), (Some(2), ""));
    let half = cts(&["diff", "messaging-law", "--old-at", "2017-01-01"]);
    assert_eq!((half.status.code(), out(&half).as_str()), (Some(2), ""));
}

/// A document that says so of a provider by a directory that the pack's tests bring.
#[test]
fn a_document_is_reported_with_the_directory_that_it_is_judged_with() {
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str, verdict: &str| {
        let named = pack(&folder.path().join(name), 500, "deny");
        let tests = folder.path().join(name).join("tests");
        std::fs::create_dir_all(tests.join("directories")).unwrap();
        let directory = r#"{"source":"A list","retrieved_at":"2026-03-01T00:00:00Z","complete":true,"covers":{"from":"2018-08-01","until":null},"providers":[{"id":"acme","name":"Acme Messaging","aliases":[],"domains":["acme.example"],"role":"solution_partner","listed":[{"from":"2018-08-01","until":"2025-01-01"}],"evidence":"e"}]}"#;
        std::fs::write(tests.join("directories/short.json"), directory).unwrap();
        let rule = format!(
            "[[rule]]\nid = \"provider.gone\"\ntopic = \"provider\"\ntitle = \"t\"\nforbids = \
             'provider.listing == \"delisted\"'\nverdict = \"{verdict}\"\nfrom = 2020-01-01\nsource = \
             {{ id = \"handbook\" }}\nmessage = \"m\"\nadvice = \"a\"\nexposure = []\n"
        );
        std::fs::write(folder.path().join(name).join("rules/provider.toml"), rule).unwrap();
        let test = format!(
            "[[test]]\nname = \"a provider that is gone\"\ndirectory = \"short\"\nset = {{ send_at = \
             2026-02-01T00:00:00Z, provider = {{ name = \"Acme Messaging\" }} }}\nexpect = {{ verdict = \"{verdict}\" }}\n"
        );
        std::fs::write(tests.join("provider.toml"), test).unwrap();
        named
    };
    let (old, new) = (of("old", "review"), of("new", "deny"));
    let printed = "judged with the directory `short` of the pack's tests";
    let text = cts(&["diff", &old, &new]);
    assert!(out(&text).contains(&format!("\n    {printed}\n")), "{}{}", out(&text), err(&text));
    let page = out(&cts(&["diff", &old, &new, "--format", "md"]));
    assert!(page.contains(&format!("`, {printed} |")), "{page}");
}

/// The version of the built-in pack that was published first, against the one of today.
#[test]
fn a_new_version_of_the_built_in_pack_is_reported_rule_by_rule() {
    let output =
        cts(&["diff", "tests/compat/packs/whatsapp-1.0.0", "packs/whatsapp", "--format", "json"]);
    assert_eq!(output.status.code(), Some(4), "{}", err(&output));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["bounds"].as_array().unwrap().len(), 0);
    let rules = document["rules"].as_array().unwrap();
    let of = |change: &str| rules.iter().filter(|rule| rule["change"] == change).count();
    assert!(of("added") > 50 && of("changed") > 10, "{} {}", of("added"), of("changed"));
    for rule in rules.iter().filter(|rule| rule["change"] != "reworded") {
        let is_shown = rule["witness"].is_object();
        assert!(is_shown || rule["certainty"] == "possible", "{rule}");
    }
    let lacking = rules
        .iter()
        .filter(|rule| rule["change"] != "reworded" && rule["witness"].is_null())
        .count();
    assert!(lacking <= 5, "{lacking} rules have no witness");
}

#[test]
fn packs_are_analysed_together() {
    let folder = tempfile::tempdir().unwrap();
    let house = pack(&folder.path().join("house"), 500, "deny");
    let output = cts(&["pack", "analyse", &house]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(out(&output), "limits       deny 1\n1 rule, 0 claims\n");
    let json = cts(&["pack", "analyse", &house, "--format", "json"]);
    let document: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&document["rules"], document["claims"].as_array().unwrap().len()), (&1.into(), 0));
    let missing = cts(&["pack", "analyse", "no-such-pack"]);
    assert_eq!((missing.status.code(), out(&missing).as_str()), (Some(2), ""));
}
