//! What a user is told: on one screen, in each form, and all that is wrong at once.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use super::support::{cts, err, out, root};

fn cts_of(arguments: &[&str], document: &Value) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cts"))
        .current_dir(root())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(document.to_string().as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn example(name: &str) -> Value {
    let file = root().join(format!("examples/{name}.json"));
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// An hour after most examples: a timeline that is soon made.
const SOON: &str = "2026-03-02T16:00:00Z";

/// Rules of two packs that say one thing are told once.
#[test]
fn two_rules_that_say_one_thing_are_one_line() {
    let mut document = example("clean-campaign");
    document["recipient"]["time_zone"] = json!("Asia/Tokyo");
    let printed = out(&cts_of(&["check", "-", "--pack", "messaging-law"], &document));
    let both =
        "input.time-zone-contradicts, input.zone-contradicts-number: The time zone is one of";
    assert!(printed.contains(both) && printed.matches("iana.org").count() == 1, "{printed}");
}

/// What is named of what is missing, out of how much.
#[test]
fn the_members_to_supply_are_counted() {
    let printed = out(&cts_of(&["check", "-"], &six_members()));
    assert!(printed.contains("Supply first:  3 of ") && !printed.contains("and then"), "{printed}");
}

/// A first document of one's own.
fn six_members() -> Value {
    json!({
        "send_at": "2026-03-02T15:00:00Z",
        "account": {"country": "ES"},
        "campaign": {"use_case": "marketing", "category": "marketing"},
        "recipient": {"phone": "+34600000000", "opt_in": "given"}
    })
}

#[test]
fn a_first_document_is_answered_on_one_screen_with_the_next_three_members() {
    let documents = [
        six_members(),
        json!({"send_at": "2026-03-02T15:00:00Z", "campaign": {"category": "marketing"}}),
        example("spring-sale"),
        example("missing-facts"),
    ];
    for document in &documents {
        let explained = cts_of(&["explain", "-", "--json", "--until", SOON], document);
        let explained: Value = serde_json::from_slice(&explained.stdout).unwrap();
        let missing = explained["missing"].as_array().unwrap();
        for (lang, heading) in
            [("en", "Supply first:"), ("es", "Indique primero:"), ("pt", "Informe primeiro:")]
        {
            let output = cts_of(&["check", "-", "--lang", lang], document);
            let text = out(&output);
            assert!(text.lines().count() <= 24, "{lang}: {text}");
            assert!(text.lines().all(|line| line.chars().count() <= 100), "{lang}: {text}");
            assert_eq!(text.contains(heading), !missing.is_empty(), "{lang}: {text}");
            for (number, member) in missing.iter().take(3).enumerate() {
                let path = member["path"].as_str().unwrap();
                let line =
                    text.lines().find(|line| line.starts_with(&format!("   {}.", number + 1)));
                assert!(line.unwrap().contains(path), "{lang}: {path}: {text}");
            }
        }
    }
    let text = out(&cts_of(&["check", "-"], &six_members()));
    assert!(text.contains("1.         access.route (cloud_api, "), "{text}");
    assert!(text.contains("settles 39 rules"), "{text}");
}

#[test]
fn each_violated_rule_has_its_fix_and_addresses_are_whole() {
    let text = out(&cts(&["check", "examples/turkey-2024.json"]));
    for part in [
        "DENY  not clear to send\n",
        "   deny       territory.turkey-barred: ",
        "   clear      from 2024-05-15T00:00:00Z\n",
        "   fix        send later: send_at to 2024-05-15T00:00:00Z\n",
        "              https://",
        "   notes      1 without effect on the verdict: ",
        "`--full` prints every finding",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let sale = out(&cts(&["check", "examples/spring-sale.json"]));
    for rule in ["access.unofficial-client", "consent.opted-out", "feedback.block-rate"] {
        assert!(sale.contains(rule), "{rule}: {sale}");
    }
    // However the lines are wrapped.
    let words = sale.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("account.feedback.blocks_7d to 99 or fewer"), "{sale}");
}

#[test]
fn what_the_short_answer_leaves_out_is_there_in_full() {
    let full = out(&cts(&["check", "examples/spring-sale.json", "--full"]));
    assert!(full.contains("1. deny  access.unofficial-client  violated"), "{full}");
    assert!(full.contains("provider.name = Hubtyp3"), "{full}");
    assert!(full.contains("digest     sha256:"), "{full}");
    let page = out(&cts(&["check", "examples/spring-sale.json", "--format", "md"]));
    assert!(full.contains(", known until 20") && page.contains(", known until 20"), "{full}{page}");
    // Rules that are satisfied have a place in the whole answer alone.
    assert!(out(&cts(&["check", "examples/clean-campaign.json", "--all"])).contains("  satisfied"));
}

#[test]
fn one_option_says_how_an_answer_is_reported() {
    let sale = "examples/spring-sale.json";
    for command in [
        &["check", sale][..],
        &["explain", sale, "--until", SOON],
        &["provider", "Hubtyp3"],
        &["directory", "list"],
        &["code", "131049"],
        &["eval", "1 + 1"],
        &["pack", "list", "whatsapp"],
        &["screen", "examples/campaign-only.json", "examples/audience.csv", "--ignore", "id,name"],
    ] {
        let asked = |more: &[&str]| cts(&[command, more].concat());
        let json = asked(&["--json"]);
        assert!(serde_json::from_slice::<Value>(&json.stdout).is_ok(), "{command:?}");
        assert_eq!(asked(&["--format", "json"]).stdout, json.stdout, "{command:?}");
        assert_eq!(asked(&["--format", "json", "--json"]).stdout, json.stdout, "{command:?}");
        let text = asked(&["--format", "text"]);
        assert_eq!(text.status.code(), json.status.code(), "{command:?}");
        assert!(!text.stdout.is_empty(), "{command:?}");
        let both = asked(&["--format", "text", "--json"]);
        assert_eq!(both.status.code(), Some(2), "{command:?}");
        assert!(err(&both).contains("contradict each other"), "{command:?}: {}", err(&both));
        let unknown = asked(&["--format", "pdf"]);
        assert_eq!(unknown.status.code(), Some(2), "{command:?}");
        assert!(err(&unknown).contains("possible values: text, json"), "{}", err(&unknown));
    }
}

#[test]
fn the_guide_lists_the_forms_of_each_command() {
    let guide = std::fs::read_to_string(root().join("docs/guides/command.md")).unwrap();
    let (_, table) = guide.split_once("| command | forms |").unwrap();
    let names = |cell: &str| -> Vec<String> {
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let mut listed = BTreeMap::new();
    for line in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.split('|').collect();
        for command in names(cells[1]) {
            listed.insert(command, names(cells[2]).join(", "));
        }
    }

    let pages = tempfile::tempdir().unwrap();
    assert!(cts(&["man", "--output", pages.path().to_str().unwrap()]).status.success());
    let mut taken = BTreeMap::new();
    for page in std::fs::read_dir(pages.path()).unwrap() {
        let page = page.unwrap().path();
        // An older name of another option is on no page.
        if !std::fs::read_to_string(&page).unwrap().contains(r"\-\-format") {
            continue;
        }
        let Some(command) = page.file_stem().unwrap().to_str().unwrap().strip_prefix("cts-") else {
            continue;
        };
        let command = command.replace('-', " ");
        let words: Vec<&str> = command.split(' ').chain(["--format", "none"]).collect();
        let refused = err(&cts(&words));
        if let Some((_, forms)) = refused.split_once("[possible values: ") {
            taken.insert(command, forms.split(']').next().unwrap().to_owned());
        }
    }
    assert_eq!(
        listed, taken,
        "the guide has the forms on the left, the command those on the right"
    );
}

#[test]
fn answers_of_many_parts_take_the_same_option() {
    for command in [
        &["verify", "no-such-record.json"][..],
        &["replay", "no-such-record.json"],
        &["records", "find", "no-such-record.json", "--number", "+34600000000"],
        &["account", "apply", "no-such-book.json", "no-such-event.json"],
    ] {
        let asked = |more: &[&str]| cts(&[command, more].concat());
        let json = asked(&["--json"]);
        assert_eq!(asked(&["--format", "json"]), json, "{command:?}");
        let both = asked(&["--format", "text", "--json"]);
        assert_eq!(both.status.code(), Some(2), "{command:?}");
        assert!(err(&both).contains("contradict each other"), "{command:?}: {}", err(&both));
        let unknown = err(&asked(&["--format", "pdf"]));
        assert!(unknown.contains("possible values: text, json"), "{unknown}");
    }
}

#[test]
fn markdown_shows_what_a_stranger_wrote_and_does_not_obey_it() {
    let mut document = example("spring-sale");
    document["provider"]["name"] =
        json!("[x](javascript:alert(1)) | `code` <script>alert(1)</script>");
    for command in [&["check", "-"][..], &["explain", "-", "--until", SOON]] {
        let output = cts_of(&[command, &["--format", "md"]].concat(), &document);
        assert_eq!(output.status.code(), Some(1));
        let page = out(&output);
        assert!(page.starts_with("# DENY: not clear to send\n"), "{page}");
        // A code span holds the text as it is; elsewhere what means something is escaped.
        let mut outside = String::new();
        for line in page.lines() {
            let mut rest = line;
            while let Some(start) = rest.find(['`', '\\']) {
                outside.push_str(&rest[..start]);
                let tail = &rest[start..];
                if tail.starts_with('\\') {
                    rest = tail.get(2..).unwrap_or_default();
                    continue;
                }
                let fence = tail.len() - tail.trim_start_matches('`').len();
                let inside = &tail[fence..];
                let end = inside.find(&tail[..fence]).unwrap();
                rest = &inside[end + fence..];
            }
            outside.push_str(rest);
            outside.push('\n');
        }
        for part in ["](javascript", "<script", "`"] {
            assert!(!outside.contains(part), "{part}: {outside}");
        }
    }
    let screen =
        ["screen", "examples/campaign-only.json", "examples/audience.csv", "--ignore", "id,name"];
    let page = out(&cts(&[&screen[..], &["--format", "md"]].concat()));
    assert!(page.starts_with("| verdict | rows |\n| --- | --- |\n| allow | "), "{page}");
}

#[test]
fn an_explanation_counts_what_it_lists() {
    let text = out(&cts(&["explain", "examples/spring-sale.json", "--until", SOON]));
    let listed = |label: &str| -> usize {
        let from = text.lines().skip_while(|line| !line.starts_with(label));
        let own = from.take(1);
        let more = text
            .lines()
            .skip_while(|line| !line.starts_with(label))
            .skip(1)
            .take_while(|line| line.starts_with("              "));
        own.chain(more).map(|line| line.matches('.').count()).sum()
    };
    let (violated, undetermined) = (listed("   violated"), listed("   undetermined"));
    assert!(text.contains(&format!("{violated} violated, {undetermined} undetermined")), "{text}");
    assert!(text.contains("1 noted"), "{text}");
    assert!(!text.contains("   open"), "{text}");
}

#[test]
fn all_that_is_wrong_with_a_document_is_reported_at_once() {
    let document = json!({
        "acount": {},
        "account": {"daily_limit": "TIER_10K", "quality": "gren", "waba_id": "1"},
        "access": {"client_status": "official"},
        "campaign": {"vertical": "clothing", "audience_size": "8 000", "offers_opt_out": "yes"},
        "recipient": {
            "phone": "600 000 000", "country": "ES", "opt_in_at": 1_749_893_400,
            "last_inbound_at": "2026-03-01 10:00:00"
        },
    });
    let output = cts_of(&["check", "-"], &document);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""));
    let said = err(&output);
    let places: Vec<&str> = said.lines().filter_map(|line| line.split('`').nth(1)).collect();
    assert_eq!(
        places,
        [
            "access.client_status",
            "account.daily_limit",
            "account.quality",
            "account.waba_id",
            "acount",
            "campaign.audience_size",
            "campaign.offers_opt_out",
            "campaign.vertical",
            "recipient.last_inbound_at",
            "recipient.opt_in_at",
            "recipient.phone",
            "send_at"
        ],
        "{said}"
    );
    for part in [
        "did you mean `10000`?",
        "did you mean `green`?",
        "did you mean `account.id`?",
        "did you mean `account`?",
        "did you mean `8000`?",
        "did you mean `true`?",
        "did you mean `fashion`?",
        "`cts schema --for campaign.vertical` lists them",
        "in UTC it would be `2026-03-01T10:00:00Z`",
        "did you mean `\"2025-06-14T09:30:00Z\"`?",
        "did you mean `+34600000000`?",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn of_very_many_problems_the_first_are_reported() {
    let members: serde_json::Map<String, Value> =
        (0..500).map(|number| (format!("m{number:03}"), json!(1))).collect();
    let mut document = Value::Object(members);
    document["send_at"] = json!("2026-03-02T15:00:00Z");
    let said = err(&cts_of(&["check", "-"], &document));
    assert_eq!(said.lines().count(), 21, "{said}");
    assert!(said.contains("`m000`") && said.contains("`m019`") && !said.contains("`m020`"));
    assert!(said.contains("standard input: and 480 more"), "{said}");
}

/// What people write in place of what is expected: each answer says what is wrong, where, and what
/// was meant.
#[test]
fn words_of_practice_are_answered_with_what_was_meant() {
    let clock = "2025-06-14 09:30:00";
    for (path, found, says) in [
        ("/recipient/opt_in_at", json!(clock), &["offset", "in UTC it would be"][..]),
        ("/recipient/phone", json!("34600000000"), &["did you mean `+34600000000`?"]),
        ("/recipient/phone", json!("+34 600 000 000"), &["without spaces", "`+34600000000`?"]),
        ("/campaign/category", json!("MARKETING"), &["did you mean `marketing`?"]),
        ("/campaign/vertical", json!("clothing"), &["`fashion`?", "cts schema --for"]),
        ("/account/waba_id", json!("waba-1"), &["unknown member", "did you mean `account.id`?"]),
    ] {
        let mut document = example("clean-campaign");
        document["recipient"] = json!({"phone": "+34600000000", "opt_in": "given"});
        let (object, name) = path.rsplit_once('/').unwrap();
        document.pointer_mut(object).unwrap()[name] = found;
        let output = cts_of(&["check", "-"], &document);
        assert_eq!(output.status.code(), Some(2), "{path}");
        assert!(output.stdout.is_empty(), "{path}");
        let printed = err(&output);
        let path = path.trim_start_matches('/').replace('/', ".");
        for part in says.iter().chain([&path.as_str()]) {
            assert!(printed.contains(part), "{part}: {printed}");
        }
    }
}
