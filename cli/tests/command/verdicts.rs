//! What a user of `cts` sees: exit codes, standard output, standard error.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

#[path = "../../../tests/src/law.rs"]
#[expect(dead_code, unreachable_pub, clippy::panic, reason = "the command takes the sample alone")]
mod law;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use super::support::{cts, err, out, refused, root};

fn cts_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cts"));
    command
        .current_dir(root())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn the_exit_code_is_the_verdict() {
    for (example, code, word) in [
        ("clean-campaign", 0, "ALLOW"),
        ("spring-sale", 1, "DENY"),
        ("missing-facts", 3, "REVIEW"),
        ("campaign-only", 0, "ALLOW"),
    ] {
        let output = cts(&["check", &format!("examples/{example}.json")]);
        assert_eq!(output.status.code(), Some(code), "{example}");
        assert!(out(&output).starts_with(word), "{example}: {}", out(&output));
        assert_eq!(err(&output), "");
        assert!(!out(&output).contains('\u{1b}'), "no colours where there is no terminal");
    }
}

#[test]
fn json_is_one_line_with_the_members_of_the_format_in_order() {
    let output = cts(&["check", "--json", "examples/spring-sale.json"]);
    assert_eq!(output.status.code(), Some(1));
    let text = out(&output);
    assert_eq!(text.lines().count(), 1);
    // Findings have members of the same names, so what comes before them is found from the front
    // and what comes after from the back.
    let before = ["verdict", "send_at", "scope", "findings"]
        .map(|name| text.find(&format!("\"{name}\":")).unwrap());
    let after = ["exposure", "missing", "packs", "directory", "engine", "digest"]
        .map(|name| text.rfind(&format!("\"{name}\":")).unwrap());
    assert!([&before[..], &after[..]].concat().is_sorted(), "{text}");
    let decision: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(decision["verdict"], "deny");
    assert_eq!(decision["packs"][0]["name"], "whatsapp");
    assert!(decision["digest"].as_str().unwrap().starts_with("sha256:"));
}

#[test]
fn the_paper_says_all_that_an_officer_files() {
    let output = cts(&["check", "examples/spring-sale.json", "--full"]);
    let text = out(&output);
    for part in [
        "consent.opted-out",
        "at stake",
        "to do",
        "source",
        "https://www.whatsapp.com/legal/",
        "in force",
        "from 2018-08-01",
        "digest",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let long = text.lines().find(|line| line.chars().count() > 100 && !line.contains("://"));
    assert_eq!(long, None);
}

#[test]
fn another_instant_has_its_own_verdict() {
    let today = cts(&["check", "--json", "examples/spring-sale.json"]);
    let then =
        cts(&["check", "--json", "examples/spring-sale.json", "--at", "2019-09-01T10:00:00Z"]);
    assert!(out(&then).contains("\"send_at\":\"2019-09-01T10:00:00Z\""));
    assert_ne!(out(&today), out(&then));
    // The document itself need not say when.
    let output = cts_with_input(&["check", "-", "--at", "2026-03-02T15:00:00Z"], b"{}");
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
}

#[test]
fn a_dash_reads_standard_input() {
    let document = std::fs::read(root().join("examples/clean-campaign.json")).unwrap();
    let piped = cts_with_input(&["check", "--json", "-"], &document);
    assert_eq!(out(&piped), out(&cts(&["check", "--json", "examples/clean-campaign.json"])));
    let bad = cts_with_input(&["check", "-"], b"{\"send_at\": \"2026-03-02\"}");
    refused(&bad, &["standard input", "send_at", "facts/instant-without-offset"]);
}

#[test]
fn bad_input_is_reported_on_standard_error_alone() {
    for (document, says) in [
        (
            &b"{\"account\": {\"qualty\": \"red\"}}"[..],
            &["account.qualty", "did you mean `quality`?"][..],
        ),
        (b"{\"send_at\": ", &["ends in the middle"]),
        (b"\xff", &["not UTF-8"]),
        (b"{}", &["send_at", "missing"]),
    ] {
        refused(&cts_with_input(&["check", "-"], document), says);
        refused(&cts_with_input(&["check", "--json", "-"], document), says);
    }
    refused(&cts(&["check", "no-such-file.json"]), &["no-such-file.json", "there is no such file"]);
    let says = ["no-such.book", "there is no such file", "a new book is a file that holds `{}`"];
    refused(&cts(&["account", "show", "no-such.book"]), &says);
    refused(&cts(&["check", "docs"]), &["docs has no `.json` file to judge"]);
}

#[test]
fn bad_use_is_reported_on_standard_error_alone() {
    refused(&cts(&["check"]), &["FILE"]);
    refused(&cts(&["chekc"]), &["check"]);
    refused(
        &cts(&["check", "examples/clean-campaign.json", "--at", "yesterday"]),
        &["yesterday", "RFC 3339"],
    );
    refused(
        &cts(&["check", "examples/clean-campaign.json", "--pack", "whatsap"]),
        &["whatsap", "did you mean `whatsapp`?"],
    );
    refused(
        &cts(&[
            "check",
            "examples/clean-campaign.json",
            "--directory",
            "examples/clean-campaign.json",
        ]),
        &["directory/"],
    );
}

#[test]
fn eval_prints_the_value_as_json() {
    for (expression, printed) in [
        ("1 + 2", "3\n"),
        ("7.0 / 2.0", "3.5\n"),
        ("1.0 / 0.0", "\"Infinity\"\n"),
        ("9223372036854775807", "9223372036854775807\n"),
        ("[\"a\", \"b\"]", "[\"a\",\"b\"]\n"),
        ("timestamp(\"2026-03-02T15:00:00+01:00\")", "\"2026-03-02T14:00:00Z\"\n"),
        ("duration(\"3.5s\")", "\"3.5s\"\n"),
    ] {
        let output = cts(&["eval", expression]);
        assert_eq!(
            (output.status.code(), out(&output).as_str()),
            (Some(0), printed),
            "{expression}: {}",
            err(&output)
        );
    }
    let facts = cts(&[
        "eval",
        "account.quality == \"red\" || provider.listing == \"unknown\"",
        "--facts",
        "examples/spring-sale.json",
    ]);
    assert_eq!(out(&facts), "true\n");
}

#[test]
fn eval_sees_the_sets_of_all_packs_on_that_day() {
    let pack = pack("", "");
    let set = |id: &str, until: &str| {
        format!(
            "[[set]]\nid = \"{id}\"\ntitle = \"Ours\"\nsource = {{ id = \"house\" \
             }}\n[[set.entry]]\nvalues = [\"ES\"]\nfrom = 2026-01-01\nuntil = \
             {until}\n[[set.entry]]\nvalues = [\"FR\"]\n"
        )
    };
    std::fs::write(
        pack.path().join("sets.toml"),
        set("our-countries", "2026-02-01") + &set("barred-places", "2027-01-01"),
    )
    .unwrap();
    let pack = pack.path().to_str().unwrap();
    let eval = |expression: &str, more: &[&str]| {
        cts(&[&["eval", expression, "--pack", pack], more].concat())
    };
    let in_january = &["--at", "2026-01-15T00:00:00Z"][..];
    for (expression, at, printed) in [
        ("\"ES\" in sets.our_countries", in_january, "true\n"),
        ("\"ES\" in sets.our_countries", &["--at", "2026-02-01T00:00:00Z"], "false\n"),
        ("size(sets.our_countries)", in_january, "2\n"),
        ("sets.our_countries.exists(country, country == \"FR\")", in_january, "true\n"),
        ("\"CU\" in sets.whatsapp.barred_places", &[], "true\n"),
        ("\"CU\" in sets.mine.barred_places", in_january, "false\n"),
        ("true || \"ES\" in sets.our_countries", &[], "true\n"),
    ] {
        let output = eval(expression, at);
        assert_eq!(
            (output.status.code(), out(&output).as_str()),
            (Some(0), printed),
            "{expression} {at:?}: {}",
            err(&output)
        );
    }
    // Nobody says of which day.
    let undated = eval("\"ES\" in sets.our_countries", &[]);
    assert_eq!(undated.status.code(), Some(3), "{}", err(&undated));
    assert!(err(&undated).contains("missing send_at"), "{}", err(&undated));
    refused(
        &eval("\"CU\" in sets.barred_places", in_january),
        &["there is no set `barred_places`", "sets.", ".barred_places`?"],
    );
    // All that is wrong is told.
    refused(
        &eval("x.foo > 1 && account.quality == \"rde\"", &[]),
        &["`x.foo`", "did you mean `red`?"],
    );
}

#[test]
fn eval_says_why_there_is_no_value() {
    refused(&cts(&["eval", "1 +"]), &["error"]);
    refused(&cts(&["eval", "acount.quality == \"red\""]), &["account.quality"]);
    refused(&cts(&["eval", "\"a\".matches(\"b\")"]), &["matches"]);
    for (expression, says) in [
        ("1 / 0", "zero"),
        ("account.quality == \"red\"", "account.quality"),
        ("recipient.in_service_window", "recipient.last_inbound_at"),
    ] {
        let output = cts(&["eval", expression]);
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(3), ""), "{expression}");
        assert!(err(&output).contains(says), "{expression}: {}", err(&output));
    }
}

#[test]
fn the_schema_is_json() {
    let output = cts(&["schema"]);
    let schema: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

#[test]
fn the_built_in_pack_is_in_order_tested_and_listed() {
    let lint = cts(&["pack", "lint", "packs/whatsapp"]);
    assert_eq!(lint.status.code(), Some(0), "{}", err(&lint));
    let test = cts(&["pack", "test", "packs/whatsapp"]);
    assert_eq!(test.status.code(), Some(0), "{}", out(&test));
    let list = out(&cts(&["pack", "list", "packs/whatsapp"]));
    assert!(list.contains("consent.opted-out") && list.contains("2018-08-01"), "{list}");
    assert!(list.contains(", known until 20"), "{list}");
    assert_eq!(
        list,
        out(&cts(&["pack", "list", "whatsapp"])),
        "the folder and the built-in pack are one"
    );
}

#[test]
fn a_rule_is_explained_with_its_named_conditions_and_its_sources_by_country() {
    let law = ["--pack", "messaging-law"];
    let spain = out(&cts(&["pack", "explain", "consent.spain", law[0], law[1]]));
    for says in ["conditions.marketing is campaign.category", "conditions.customer_who_can_stop is"]
    {
        assert!(spain.contains(says), "{spain}");
    }
    let stop = out(&cts(&["pack", "explain", "consent.no-way-to-stop", law[0], law[1]]));
    for says in ["HK: Hong Kong, ", "CA: Canada, "] {
        assert!(stop.contains(says), "{stop}");
    }
    assert!(!stop.contains("customer_who_can_stop"), "{stop}");
}

const PACK: &str = r#"
name = "mine"
version = "1.0.0"
requires = ">=1.0"
title = "Mine"
published = 2026-01-01
[sources.house]
title = "House rules"
url = "https://house.example/"
retrieved = 2026-01-01
confidence = "official"
[attributes."x.tier"]
type = "string"
values = ["gold", "silver"]
scope = "campaign"
title = "The tier."
"#;

const RULES: &str = r#"
[[rule]]
id = "frequency.gold"
topic = "frequency"
title = "Gold is not written to"
forbids = 'x.tier == "gold"'
verdict = "deny"
from = 2018-01-01
source = { id = "house" }
message = "the tier is {x.tier}"
advice = "leave it"
exposure = []
"#;

/// A folder with a pack of those rules and tests.
fn pack(rules: &str, tests: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in
        [("pack.toml", PACK), ("rules/rules.toml", rules), ("tests/tests.toml", tests)]
    {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_pack_of_ones_own_is_stacked_on_the_built_in_one() {
    let folder = pack(RULES, "");
    let folder = folder.path().to_str().unwrap();
    let document = std::fs::read_to_string(root().join("examples/clean-campaign.json")).unwrap();
    let mut document: serde_json::Value = serde_json::from_str(&document).unwrap();
    document["x"] = serde_json::json!({"tier": "gold"});
    let gold = document.to_string();
    let output = cts_with_input(&["check", "--json", "--pack", folder, "-"], gold.as_bytes());
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let decision: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(decision["findings"][0]["rule"], "frequency.gold");
    assert_eq!(decision["packs"].as_array().unwrap().len(), 2);
    let silver = gold.replace("gold", "silver");
    assert_eq!(
        cts_with_input(&["check", "--pack", folder, "-"], silver.as_bytes()).status.code(),
        Some(0)
    );
    refused(&cts_with_input(&["check", "-"], gold.as_bytes()), &["x.tier", "no pack declares"]);
}

#[test]
fn a_bad_pack_is_reported_with_its_line_and_a_caret() {
    let folder = pack(&RULES.replace("x.tier ==", "x.teir =="), "");
    let output = cts(&["pack", "lint", folder.path().to_str().unwrap()]);
    refused(&output, &["rules/rules.toml:6:", "x.teir", "did you mean `x.tier`?", "^"]);
}

#[test]
fn a_failing_test_and_an_uncovered_rule_are_reported_with_their_places() {
    let good = r#"
[[test]]
name = "gold is denied"
set = { send_at = 2026-03-02T15:00:00Z, "x.tier" = "gold" }
expect = { verdict = "deny", violated = ["frequency.gold"] }
[[test]]
name = "a tier that is not given leaves it undetermined"
set = { send_at = 2026-03-02T15:00:00Z }
expect = { verdict = "review", undetermined = ["frequency.gold"] }
[[test]]
name = "gold is allowed the second before the rule"
set = { send_at = 2017-12-31T23:59:59Z, "x.tier" = "gold" }
expect = { verdict = "allow", not_applicable = ["frequency.gold"] }
[[test]]
name = "gold is denied from the first day of the rule"
set = { send_at = 2018-01-01T00:00:00Z, "x.tier" = "gold" }
expect = { verdict = "deny", violated = ["frequency.gold"] }
[[test]]
name = "silver is allowed"
set = { send_at = 2026-03-02T15:00:00Z, "x.tier" = "silver" }
expect = { verdict = "allow", satisfied = ["frequency.gold"] }
"#;
    let test = |tests: &str| {
        let folder = pack(RULES, tests);
        cts(&["pack", "test", folder.path().to_str().unwrap()])
    };
    let passed = test(good);
    assert_eq!(passed.status.code(), Some(0), "{}", out(&passed));
    let failed =
        test(&good.replace("verdict = \"allow\", satisfied", "verdict = \"review\", satisfied"));
    assert_eq!(failed.status.code(), Some(1));
    assert!(out(&failed).contains("tests/tests.toml:18:"), "{}", out(&failed));
    assert!(out(&failed).contains("expected review, got allow"), "{}", out(&failed));
    let uncovered = test(good.split("[[test]]\nname = \"silver").next().unwrap());
    assert_eq!(uncovered.status.code(), Some(1));
    assert!(
        out(&uncovered).contains("frequency.gold: no test makes it satisfied"),
        "{}",
        out(&uncovered)
    );
}

#[test]
fn the_directory_is_asked_by_name() {
    let output = cts(&["provider", "Hubtype", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(
        (output.status.code(), &answer["entry"]["name"]),
        (Some(0), &serde_json::json!("Hubtype"))
    );
    assert!(out(&cts(&["provider", "Nobody Ever"])).contains("not complete"));
}

#[test]
fn a_tree_is_scanned_for_clients() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("package.json"),
        r#"{"dependencies": {"whatsapp-web.js": "1.0.0"}}"#,
    )
    .unwrap();
    let tree = folder.path().to_str().unwrap();
    let output = cts(&["scan", tree]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(out(&output).contains("whatsapp-web.js"));
    let sarif: serde_json::Value =
        serde_json::from_str(&out(&cts(&["scan", tree, "--format", "sarif"]))).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
}

#[test]
fn a_reader_that_has_seen_enough_changes_nothing() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cts"));
    command
        .current_dir(root())
        .args(["pack", "list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""));
}

/// What nobody understands is an error of the call or no better than a review, and the same as the
/// library says.
#[test]
fn what_nobody_understands_is_answered_as_by_the_library() {
    let engine = cleartosend::Engine::built_in().unwrap();
    let names = [
        "spring-sale",
        "rogue-provider",
        "restricted-account",
        "missing-facts",
        "alcohol-to-spain",
    ];
    let read = |name: &str| {
        (
            name.to_owned(),
            serde_json::from_str(
                &std::fs::read_to_string(root().join(format!("examples/{name}.json"))).unwrap(),
            )
            .unwrap(),
        )
    };
    let documents: Vec<(String, serde_json::Value)> = names.map(read).into();
    let sample = law::sample(&documents, 60);
    assert!(sample.len() >= 50);
    for (name, document) in sample {
        let document = document.to_string();
        let output = cts_with_input(&["check", "--json", "-"], document.as_bytes());
        match engine.check_json(document.as_bytes()) {
            Ok(decision) => assert_eq!(out(&output).trim_end(), decision.to_json(), "{name}"),
            Err(error) => {
                assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{name}");
                assert!(String::from_utf8_lossy(&output.stderr).contains(error.code()), "{name}");
            }
        }
    }
}

/// Digests change with every change of the packs.
fn without_digests(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str("sha256:…");
        kept.push_str(part.trim_start_matches(|digit: char| digit.is_ascii_hexdigit()));
    }
    kept
}

/// What the README shows of the first command, part by part between the places that are left out.
#[test]
fn the_readme_shows_what_the_command_prints() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, shown) = readme.split_once("```text\nDENY").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let printed = cts(&["check", "examples/spring-sale.json"]);
    let printed = String::from_utf8(printed.stdout).unwrap();
    let (shown, printed) = (without_digests(&format!("DENY{shown}")), without_digests(&printed));
    for part in shown.split("\n…\n") {
        assert!(printed.contains(part.trim_end()), "README.md shows:\n{part}\nin:\n{printed}");
    }
}

#[test]
fn packs_are_added_to_the_built_in_one() {
    let packs = |arguments: &[&str]| -> Vec<String> {
        let output_text =
            cts(&[&["check", "examples/clean-campaign.json", "--json"], arguments].concat());
        let decision: serde_json::Value = serde_json::from_slice(&output_text.stdout).unwrap();
        let packs = decision["packs"].as_array().unwrap();
        packs.iter().map(|pack| pack["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(packs(&[]), ["whatsapp"]);
    for stacked in
        [&["--pack", "messaging-law"][..], &["--pack", "whatsapp", "--pack", "messaging-law"]]
    {
        assert_eq!(packs(stacked), ["whatsapp", "messaging-law"]);
    }
    assert_eq!(packs(&["--pack", "messaging-law", "--no-built-in"]), ["messaging-law"]);
    assert_eq!(packs(&["--pack", "packs/whatsapp"]), ["whatsapp"]);
    refused(
        &cts(&["check", "examples/clean-campaign.json", "--no-built-in"]),
        &["no rule", "--pack"],
    );
}

/// The explanation of an example, as text and as JSON, with the exit code.
fn explained(example: &str) -> (Option<i32>, String, serde_json::Value) {
    let file = format!("examples/{example}.json");
    let text = cts(&["explain", &file]);
    let json = cts(&["explain", &file, "--json"]);
    assert_eq!(text.status.code(), json.status.code());
    (text.status.code(), out(&text), serde_json::from_slice(&json.stdout).unwrap())
}

#[test]
fn an_explanation_says_from_when_it_is_clear() {
    let (code, text, json) = explained("turkey-2024");
    assert_eq!(code, Some(1));
    assert!(text.contains("clear      from 2024-05-15T00:00:00Z"), "{text}");
    assert_eq!(json["clear_from"], "2024-05-15T00:00:00Z");
    assert_eq!(json["clear_until"], serde_json::Value::Null);
    let until = cts(&["explain", "examples/turkey-2024.json", "--until", "2024-05-15T00:00:00Z"]);
    assert!(out(&until).contains("at no time up to 2024-05-15T00:00:00Z"), "{}", out(&until));
    for (until, says) in [
        ("2024-05-14T12:00:00Z", "not after `send_at`"),
        ("2026-05-14T12:00:00Z", "more than 400 days"),
    ] {
        let output = cts(&["explain", "examples/turkey-2024.json", "--until", until]);
        refused(&output, &[says, "[explain/bad-horizon]"]);
    }
}

#[test]
fn a_pause_without_end_is_met_by_another_message_or_by_leaving_out() {
    let (code, text, json) = explained("us-marketing-pause");
    assert_eq!(code, Some(1));
    // However the lines are wrapped.
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("no end of territory.us-marketing-paused is known"), "{text}");
    assert_eq!(json["clear_from"], serde_json::Value::Null);
    let fixes = json["fixes"].as_array().unwrap();
    let paths: Vec<&str> = fixes
        .iter()
        .map(|fix| {
            assert_eq!(
                (fix["changes"].as_array().unwrap().len(), &fix["leads_to"]),
                (1, &"allow".into())
            );
            fix["changes"][0]["path"].as_str().unwrap()
        })
        .collect();
    assert_eq!(paths, ["recipient", "campaign"], "{text}");
    assert_eq!(fixes[0]["changes"][0]["to"], "removed");
    assert!(fixes[1]["changes"][0]["how"].as_str().unwrap().starts_with("send another kind of"));
    let to = &fixes[1]["changes"][0]["to"];
    assert!(to["category"] != "marketing" && !to["use_case"].is_null(), "{to}");
    assert_eq!(json["more_fixes"], false);
}

#[test]
fn what_settles_most_is_to_be_supplied_first() {
    let (code, text, json) = explained("missing-facts");
    assert_eq!(code, Some(3));
    let missing = json["missing"].as_array().unwrap();
    assert_eq!(missing[0]["path"], "recipient.opt_in");
    assert_eq!(missing[0]["values"], serde_json::json!(["given", "none"]));
    assert_eq!(missing[0]["can_allow"], true);
    let settles: Vec<u64> =
        missing.iter().map(|known| known["settles"].as_u64().unwrap()).collect();
    assert!(settles.is_sorted_by(|a, b| a >= b), "{settles:?}");
    let (_, after) = text.split_once("Supply first:").unwrap();
    assert!(after.trim_start().starts_with("1.         recipient.opt_in (given, none)"), "{text}");
}

#[test]
fn the_fixes_of_the_spring_sale_lead_to_allow() {
    let (code, _, json) = explained("spring-sale");
    assert_eq!(code, Some(1));
    let path = root().join("examples/spring-sale.json");
    let document: serde_json::Value =
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let fixes = json["fixes"].as_array().unwrap();
    assert!(!fixes.is_empty());
    for fix in fixes {
        let mut document = document.clone();
        for change in fix["changes"].as_array().unwrap() {
            let (path, to) = (change["path"].as_str().unwrap(), &change["to"]);
            if *to == "removed" {
                document.as_object_mut().unwrap().remove(path);
                continue;
            }
            let place = path.split('.').fold(&mut document, |here, name| &mut here[name]);
            // Of objects any will do.
            let object = to.as_array().and_then(|objects| objects.first());
            match object.filter(|object| object.is_object()).unwrap_or(to) {
                serde_json::Value::Object(range) if range.contains_key("max") => {
                    *place = range["max"].clone();
                }
                serde_json::Value::Object(members) => {
                    for (name, value) in members {
                        let first = value.as_array().and_then(|values| values.first());
                        place[name] = first.unwrap_or(value).clone();
                    }
                }
                value => *place = value.clone(),
            }
        }
        let output = cts_with_input(&["check", "-"], document.to_string().as_bytes());
        assert_eq!(output.status.code(), Some(0), "{fix}");
    }
}
