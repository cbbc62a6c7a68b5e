//! One report in its three forms.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot set up its files fails, also in its helpers"
)]

use std::fs;

use cleartosend::expert::clients::Catalogue;
use cleartosend_scan::{Acceptances, Options, Report, render, scan};
use serde_json::Value;
use tempfile::TempDir;

fn report() -> (TempDir, Report) {
    let root = tempfile::tempdir().expect("a directory");
    let directory = root.path().join("a b:ü");
    fs::create_dir(&directory).expect("a directory");
    let manifest = "{\"dependencies\": {\n  \"wa\": \"npm:@whiskeysockets/baileys@^6.7.0\",\n  \
                    \"openclaw\": \"1.0\u{1b}[31m\",\n  \"whatsapp\": \"1.0.0\"\n}}";
    fs::write(directory.join("package.json"), manifest).expect("a file");
    fs::write(root.path().join("go.mod"), "require go.mau.fi/whatsmeow v0.0.1\n").expect("a file");
    fs::write(root.path().join("Cargo.toml"), "[").expect("a file");
    let report = scan(root.path(), &Catalogue::built_in().expect("catalogue"), &Options::default())
        .expect("a readable tree");
    (root, report)
}

#[test]
fn text_tells_place_name_alias_and_question_and_steers_no_terminal() {
    let (_root, report) = report();
    let text = render::text(&report);
    for part in [
        "undecided   npm:openclaw\n",
        "            a b:ü/package.json:3:3  1.0\\u{1b}[31m (direct)\n",
        "unofficial  npm:@whiskeysockets/baileys\n",
        "            a b:ü/package.json:2:3  ^6.7.0 (alias `wa`)\n",
        "unofficial  go:go.mau.fi/whatsmeow\n",
        "            go.mod:1:9  v0.0.1 (direct)\n",
        "            next: send by the Cloud API instead",
        "broken      Cargo.toml:1:",
        "settle: Does a WhatsApp channel exist",
        "2 unofficial, 1 undecided in 2 files; 1 broken, 0 skipped; catalogue ",
        "\ndeny: an unofficial client is in use\n",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(!text.contains('\u{1b}') && !text.contains("npm:whatsapp"));
}

#[test]
fn json_has_every_member_that_the_reference_names() {
    let (root, report) = report();
    let json: Value = serde_json::from_str(&render::json(&report).expect("JSON")).expect("JSON");
    let members = |value: &Value| {
        value
            .as_object()
            .map(|object| object.keys().cloned().collect::<Vec<_>>())
            .unwrap_or_default()
    };
    let expected = [
        "accepted",
        "broken",
        "catalogue",
        "clients",
        "files_read",
        "files_seen",
        "findings",
        "notes",
        "read",
        "root",
        "roots",
        "skipped",
        "sources_searched",
        "summary",
        "unused_acceptances",
    ];
    assert_eq!(members(&json), expected);
    assert_eq!(
        json["clients"],
        serde_json::json!([
            "go:go.mau.fi/whatsmeow",
            "npm:@whiskeysockets/baileys",
            "npm:openclaw",
            "npm:whatsapp"
        ])
    );
    assert_eq!(json["root"], root.path().to_str().expect("a plain path"));
    assert_eq!(
        json["summary"],
        serde_json::json!({"unofficial": 2, "undecided": 1, "unchecked": 0, "accepted": 0, "broken": 1, "unread": true, "verdict": "deny"})
    );
    assert!(
        json["catalogue"]["digest"].as_str().is_some_and(|digest| digest.starts_with("sha256:"))
    );
    let finding = &json["findings"][0];
    let expected = [
        "alias",
        "ask",
        "column",
        "confidence",
        "ecosystem",
        "evidence",
        "file",
        "kind",
        "line",
        "name",
        "note",
        "project",
        "resembles",
        "seen",
        "source",
        "status",
        "target",
        "version",
        "via",
    ];
    assert_eq!(members(finding), expected);
    assert_eq!(
        (&finding["alias"], &finding["via"], &finding["status"]),
        (&"wa".into(), &"alias".into(), &"unofficial".into())
    );
    assert_eq!(json["broken"][0]["file"], "Cargo.toml");
}

/// What SARIF 2.1.0 asks of a log, by section of the standard.
#[test]
fn sarif_keeps_the_rules_of_the_standard() {
    let (_root, report) = report();
    let log: Value = serde_json::from_str(&render::sarif(&report).expect("SARIF")).expect("JSON");
    assert_eq!(log["version"], "2.1.0", "3.13.2");
    assert!(
        log["$schema"].as_str().is_some_and(|schema| schema.ends_with("sarif-2.1.0.json")),
        "3.13.3"
    );
    let [run] = log["runs"].as_array().expect("3.13.4: runs").as_slice() else { panic!("one run") };
    let driver = &run["tool"]["driver"];
    assert!(driver["name"].is_string(), "3.19.8: name is required");
    let rules = driver["rules"].as_array().expect("3.19.23");
    let ids: Vec<&str> =
        rules.iter().map(|rule| rule["id"].as_str().expect("3.49.3: id is required")).collect();
    assert_eq!(
        ids,
        ["unofficial-client", "undecided-client", "resembles-client", "client-in-source"]
    );
    for rule in rules {
        assert!(
            rule["shortDescription"]["text"].is_string()
                && rule["fullDescription"]["text"].is_string(),
            "3.12.3: text is required"
        );
        assert!(
            rule["helpUri"].as_str().is_some_and(|uri| uri.starts_with("https://")),
            "3.49.12: an absolute address"
        );
    }
    assert!(
        driver["informationUri"].as_str().is_some_and(|uri| uri.contains(':')),
        "3.19.17: an absolute address"
    );
    let precision: Vec<&str> = rules
        .iter()
        .map(|rule| rule["properties"]["precision"].as_str().expect("a word"))
        .collect();
    assert_eq!(precision, ["very-high", "high", "medium", "medium"]);
    assert!(
        run["originalUriBaseIds"]["SRCROOT"]["uri"].as_str().is_some_and(|uri| uri.ends_with('/')),
        "3.14.14: a base ends with a slash"
    );
    assert!(
        matches!(run["columnKind"].as_str(), Some("utf16CodeUnits" | "unicodeCodePoints")),
        "3.14.17"
    );

    let results = run["results"].as_array().expect("3.14.23: results, even if there are none");
    assert_eq!(results.len(), report.findings.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("3.27.6")).expect("small");
        assert_eq!(result["ruleId"], rules[index]["id"], "3.27.5: both name the same rule");
        assert!(
            matches!(result["level"].as_str(), Some("none" | "note" | "warning" | "error")),
            "3.27.10"
        );
        assert!(result["message"]["text"].is_string(), "3.27.11: message is required");
        let physical = &result["locations"][0]["physicalLocation"];
        let uri = physical["artifactLocation"]["uri"].as_str().expect("3.4.3");
        assert!(
            !uri.starts_with('/') && !uri.contains([':', ' ', '\\']) && uri.is_ascii(),
            "3.4.3: a relative reference: {uri}"
        );
        assert!(physical["region"]["startLine"].as_u64() >= Some(1), "3.30.5");
        assert!(physical["region"]["startColumn"].as_u64() >= Some(1), "3.30.6");
        assert!(
            result["partialFingerprints"]
                .as_object()
                .is_some_and(|all| all.values().all(Value::is_string)),
            "3.27.17"
        );
    }
    let invocation = &run["invocations"][0];
    assert!(invocation["executionSuccessful"].is_boolean(), "3.20.14: required");
    let notification = &invocation["toolExecutionNotifications"][0];
    assert!(
        notification["message"]["text"]
            .as_str()
            .is_some_and(|text| text.starts_with("not read: no TOML")),
        "3.58.5: required"
    );
    assert_eq!(
        notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "Cargo.toml"
    );
    assert!(
        results
            .iter()
            .any(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                == "a%20b%3A%C3%BC/package.json")
    );
}

#[test]
fn a_fingerprint_survives_lines_that_move() {
    let at = |text: &str| {
        let root = tempfile::tempdir().expect("a directory");
        fs::write(root.path().join("go.mod"), text).expect("a file");
        let report =
            scan(root.path(), &Catalogue::built_in().expect("catalogue"), &Options::default())
                .expect("a readable tree");
        let log: Value =
            serde_json::from_str(&render::sarif(&report).expect("SARIF")).expect("JSON");
        let result = log["runs"][0]["results"][0].clone();
        (result["partialFingerprints"].clone(), result["locations"].clone())
    };
    let (one, here) = at("require go.mau.fi/whatsmeow v0.0.1\n");
    let (other, there) = at("module x\n\nrequire go.mau.fi/whatsmeow v0.0.2\n");
    assert_eq!(one, other);
    assert_ne!(here, there);
}

#[test]
fn fingerprints_tell_results_of_one_file_apart() {
    let root = tempfile::tempdir().expect("a directory");
    fs::write(
        root.path().join("Dockerfile"),
        "FROM devlikeapro/waha:1\nFROM devlikeapro/waha:2\nFROM devlikeapro/waha:3\n",
    )
    .expect("a file");
    let report = scan(root.path(), &Catalogue::built_in().expect("catalogue"), &Options::default())
        .expect("a readable tree");
    let log: Value = serde_json::from_str(&render::sarif(&report).expect("SARIF")).expect("JSON");
    let hashes: Vec<&str> = log["runs"][0]["results"]
        .as_array()
        .expect("results")
        .iter()
        .map(|result| {
            result["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("a hash")
        })
        .collect();
    let [one, two, three] = hashes.as_slice() else { panic!("three results: {hashes:?}") };
    assert!(one.ends_with(":1") && two.ends_with(":2") && three.ends_with(":3"), "{hashes:?}");
    assert_eq!(one.split(':').next(), three.split(':').next());
}

#[test]
fn accepted_findings_are_suppressed_results_and_are_reported() {
    let root = tempfile::tempdir().expect("a directory");
    fs::write(root.path().join("package.json"), r#"{"dependencies": {"baileys": "6"}}"#)
        .expect("a file");
    let accept = "[[accept]]\nclient = \"npm:baileys\"\nreason = \"never\u{1b}[2J sends\"\nuntil \
                  = 2027-01-01\n";
    fs::write(root.path().join(".cts-scan.toml"), accept.replace('\u{1b}', "\\u001b"))
        .expect("a file");
    let options = Options {
        accepted: Acceptances::On("2026-11-28".parse().expect("a day")),
        ..Options::default()
    };
    let report = scan(root.path(), &Catalogue::built_in().expect("catalogue"), &options)
        .expect("a readable tree");
    let log: Value = serde_json::from_str(&render::sarif(&report).expect("SARIF")).expect("JSON");
    let suppression = &log["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!(
        (&suppression["kind"], &suppression["status"]),
        (&"external".into(), &"accepted".into()),
        "3.35"
    );
    let text = render::text(&report);
    assert!(
        text.contains(
            "accepted    package.json:1:19  npm:baileys, until 2027-01-01: never\\u{1b}[2J sends\n"
        ),
        "{text}"
    );
    assert!(text.ends_with("allow: no unofficial client that is known was found\n"), "{text}");
    let json: Value = serde_json::from_str(&render::json(&report).expect("JSON")).expect("JSON");
    assert_eq!(
        (&json["accepted"][0]["name"], &json["accepted"][0]["acceptance"]["until"]),
        (&"baileys".into(), &"2027-01-01".into())
    );
    assert_eq!(json["clients"], serde_json::json!(["npm:baileys"]), "it is in use all the same");
}
