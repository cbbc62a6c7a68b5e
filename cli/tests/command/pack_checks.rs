//! What is found in a pack: mistakes and warnings, how exact its conditions are, what its tests
//! lack, and its form.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot write its files or read its output has failed"
)]

use std::path::Path;

use serde_json::Value as Json;
use tempfile::TempDir;

use super::support::{HOUSE, cts_line, text};

const ATTRIBUTES: &str = r#"
[attributes."x.tags"]
type  = "list(string)"
scope = "campaign"
title = "Tags."

[attributes."x.approved"]
type  = "bool"
scope = "campaign"
title = "Whether it is approved."

[attributes."x.sent_7d"]
type  = "int"
scope = "campaign"
title = "Messages in the last seven days."
"#;

const FROZEN: &str = r#"
[[set]]
id     = "frozen"
title  = "Frozen tags"
source = { id = "handbook" }
[[set.entry]]
values = ["b", "c"]
from   = 2026-06-01
"#;

/// A rule, whose conditions are `more`.
fn rule(id: &str, verdict: &str, more: &str) -> String {
    let topic = id.split('.').next().unwrap();
    format!(
        "[[rule]]\nid = '{id}'\ntopic = '{topic}'\ntitle = 't'\n{more}\nverdict = '{verdict}'\n\
         from = 2020-01-01\nsource = {{ id = 'handbook' }}\nmessage = 'm'\nadvice = 'a'\nexposure \
         = []\n"
    )
}

/// A folder with the pack `house` in it.
fn house(files: &[(&str, &str)]) -> TempDir {
    let desk = TempDir::new().unwrap();
    let pack = desk.path().join("house");
    std::fs::create_dir_all(pack.join("rules")).unwrap();
    std::fs::create_dir_all(pack.join("tests")).unwrap();
    std::fs::write(pack.join("pack.toml"), format!("{HOUSE}{ATTRIBUTES}")).unwrap();
    for (path, text) in files {
        std::fs::write(pack.join(path), text).unwrap();
    }
    desk
}

/// What the pack's rules say of a document: id and status, and what they miss.
fn said(desk: &TempDir, document: &str) -> Vec<String> {
    let arguments = "check --json --all --no-config --no-built-in --pack house -";
    let output = cts_line(desk.path(), arguments, document);
    let decision: Json = serde_json::from_slice(&output.stdout).unwrap();
    let findings = decision["findings"].as_array().unwrap().iter();
    let own = findings.filter(|finding| finding["pack"] == "house");
    let said = own.map(|finding| {
        let word = |key: &str| finding[key].as_str().unwrap().to_owned();
        format!("{} {}", word("rule"), word("status"))
    });
    let mut said: Vec<String> = said.collect();
    said.sort_unstable();
    said
}

#[test]
fn a_set_is_known_in_each_of_its_periods() {
    let rules = [
        rule(
            "data.all",
            "deny",
            "applies = 'x.tags.all(t, !(t in sets.frozen))'\nrequires = 'x.approved'",
        ),
        rule("data.exists", "deny", "forbids = 'x.tags.exists(t, t in sets.frozen)'"),
        rule("data.size", "deny", "forbids = 'size(sets.frozen) > 1'"),
        rule("data.members", "deny", "forbids = 'sets.frozen.exists(f, f == campaign.name)'"),
        rule(
            "data.nested",
            "deny",
            "forbids = 'sets.frozen.exists(f, x.tags.exists(t, t.startsWith(f)))'",
        ),
    ];
    let desk = house(&[("rules/data.toml", &rules.concat()), ("sets.toml", FROZEN)]);
    // Nobody says which tags there are: the set has no members on that day.
    assert_eq!(
        said(&desk, r#"{"send_at": "2026-03-02T15:00:00Z", "x": {"approved": false}}"#),
        [
            "data.all violated",
            "data.exists satisfied",
            "data.members satisfied",
            "data.nested satisfied",
            "data.size satisfied"
        ]
    );
    let later = r#"{"send_at": "2026-06-02T15:00:00Z", "campaign": {"name": "a"},
        "x": {"approved": false}}"#;
    assert_eq!(
        said(&desk, later),
        [
            "data.all undetermined",
            "data.exists undetermined",
            "data.members satisfied",
            "data.nested undetermined",
            "data.size violated"
        ]
    );
    let printed = r#"{"send_at": "2026-06-02T15:00:00Z", "campaign": {"name": "c"},
        "x": {"approved": false, "tags": ["a", "cat"]}}"#;
    assert_eq!(
        said(&desk, printed),
        [
            "data.all violated",
            "data.exists satisfied",
            "data.members violated",
            "data.nested violated",
            "data.size violated"
        ]
    );
}

#[test]
fn a_local_hour_is_compared_by_the_hours_of_all_zones() {
    let rules = [
        rule(
            "timing.night",
            "deny",
            "forbids = 'recipient.local_hour < 8 || recipient.local_hour >= 21'",
        ),
        rule("timing.noon", "deny", "forbids = 'recipient.local_hour in [12, 20]'"),
    ];
    let desk = house(&[("rules/timing.toml", &rules.concat())]);
    let at = |hour: &str| {
        let recipient = r#""recipient": {"country": "US"}"#;
        said(&desk, &format!(r#"{{"send_at": "2026-03-02T{hour}:00:00Z", {recipient}}}"#))
    };
    // From 10 in Honolulu to 15 in New York; and from 20 to 1, past midnight.
    assert_eq!(at("20"), ["timing.night satisfied", "timing.noon undetermined"]);
    assert_eq!(at("06"), ["timing.night undetermined", "timing.noon undetermined"]);
}

#[test]
fn what_cannot_occur_together_is_no_case() {
    let condition = "forbids = 'recipient.in_service_window && !has(recipient.last_inbound_at)'";
    let desk = house(&[("rules/window.toml", &rule("window.odd", "deny", condition))]);
    let document = r#"{"send_at": "2026-03-02T15:00:00Z", "recipient": {}}"#;
    assert_eq!(said(&desk, document), ["window.odd satisfied"]);
}

#[test]
fn a_path_without_quotes_is_reported_once_with_what_to_write() {
    let manifest =
        format!("{HOUSE}{ATTRIBUTES}").replace("[attributes.\"x.tags\"]", "[attributes.x.tags]");
    let rules = rule("data.one", "deny", "forbids = 'x.approved'");
    let desk = house(&[("pack.toml", &manifest), ("rules/data.toml", &rules)]);
    let output = cts_line(desk.path(), "pack lint house", "");
    let printed = text(&output);
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.contains("write its path in quotes: `[attributes.\"x.tags\"]`"), "{printed}");
    assert!(printed.contains("house has 1 problem"), "{printed}");
}

/// A pack of these files, refused by `cts pack lint`.
fn refused(files: &[(&str, &str)]) -> String {
    let desk = house(files);
    let output = cts_line(desk.path(), "pack lint house", "");
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    text(&output)
}

#[test]
fn a_list_that_is_not_closed_is_reported_once_where_it_begins() {
    let one = rule("data.one", "deny", "forbids = 'x.approved'");
    let open = one.replace("exposure = []", "exposure = ['warning'");
    assert_ne!(one, open);
    let line = open.lines().position(|line| line.starts_with("exposure")).unwrap() + 1;
    for after in ["", &one] {
        let printed = refused(&[("rules/data.toml", &format!("{open}{after}"))]);
        assert!(printed.contains("not TOML: a list that is not closed"), "{printed}");
        assert!(printed.contains(&format!("rules/data.toml:{line}:12")), "{printed}");
        assert!(printed.contains("write `]` behind its last element"), "{printed}");
        assert!(printed.contains("house has 1 problem\n"), "{printed}");
    }
    let set = FROZEN.replace("[\"b\", \"c\"]", "[[\"b\", \"c\"]");
    let printed = refused(&[("sets.toml", &set)]);
    assert!(
        printed.contains("sets.toml:7:10") && printed.contains("house has 1 problem"),
        "{printed}"
    );
}

#[test]
fn a_condition_that_stands_further_down_and_a_span_that_is_too_long_are_reported_as_such() {
    let conditions = "[[condition]]\nid = 'first'\nexpr = 'conditions.is_many'\n\
                      [[condition]]\nid = 'is-many'\nexpr = 'x.sent_7d > 9'\n";
    let one = rule("data.one", "deny", "forbids = 'conditions.first && conditions.is_many'");
    let printed = refused(&[("rules/data.toml", &one), ("conditions.toml", conditions)]);
    assert!(
        printed.contains("it stands further down: a condition names those above it"),
        "{printed}"
    );
    let long = "forbids = 'send_at > send_at + duration(\"87700000h\")'";
    let printed = refused(&[("rules/data.toml", &rule("data.one", "deny", long))]);
    assert!(printed.contains("it reaches beyond 10,000 years, 87,660,000 hours"), "{printed}");
}

#[test]
fn several_tables_of_one_name_are_reported_once_with_what_to_write() {
    let one = rule("data.one", "deny", "forbids = 'x.approved'").replace("[[rule]]", "[rule]");
    let printed = refused(&[("rules/data.toml", &format!("{one}{one}"))]);
    assert!(printed.contains("the key `rule` is there twice"), "{printed}");
    assert!(printed.contains("write `[[rule]]` before each of them"), "{printed}");
    assert!(printed.contains("house has 1 problem\n"), "{printed}");
    // A key that is there twice in one table is told as before.
    let one = rule("data.one", "deny", "forbids = 'x.approved'\nforbids = 'x.approved'");
    let printed = refused(&[("rules/data.toml", &one)]);
    assert!(printed.contains("the key `forbids` is there twice"), "{printed}");
}

/// The warnings of a pack: code, and which line.
fn warnings(desk: &TempDir) -> Vec<(String, u64)> {
    let output = cts_line(desk.path(), "pack lint house --at 2026-03-01T00:00:00Z --json", "");
    let answer: Json = serde_json::from_slice(&output.stdout).unwrap();
    let warnings = answer["warnings"].as_array().unwrap().iter();
    let printed = warnings.map(|warning| {
        (warning["code"].as_str().unwrap().to_owned(), warning["line"].as_u64().unwrap())
    });
    printed.filter(|(code, _)| code != "lint/unused-attribute").collect()
}

#[test]
fn lint_warns_of_what_the_clauses_tell() {
    for (code, conditions) in [
        ("lint/never-violated", "forbids = 'x.sent_7d >= 4 && x.sent_7d < 4'"),
        ("lint/always-violated", "forbids = '1 == 1'"),
        (
            "lint/never-applies",
            "applies = 'campaign.category == \"marketing\" && campaign.category == \
             \"utility\"'\nforbids = 'x.approved'",
        ),
        ("lint/constant", "forbids = 'x.sent_7d / 0 > 3'"),
        ("lint/constant", "forbids = 'x.approved && 1 < 2'"),
    ] {
        let desk = house(&[("rules/data.toml", &rule("data.one", "deny", conditions))]);
        assert_eq!(warnings(&desk), [(code.to_owned(), 1)], "{conditions}");
    }
    // What the language's own page writes for a fact that may be absent.
    for conditions in [
        "forbids = 'has(recipient.phone) ? recipient.phone.startsWith(\"+1\") : false'",
        "forbids = 'x.approved ? x.sent_7d < 3 : true'",
    ] {
        let desk = house(&[("rules/data.toml", &rule("data.one", "deny", conditions))]);
        assert_eq!(warnings(&desk), [], "{conditions}");
    }
    let unsettled = rule("timing.night", "deny", "forbids = 'recipient.local_hour_min < 8'")
        .replace("message = 'm'", "message = 'it is {recipient.local_hour} there'");
    let desk = house(&[("rules/timing.toml", &unsettled)]);
    assert_eq!(warnings(&desk), [("lint/unsettled-text".to_owned(), 1)]);
}

#[test]
fn lint_warns_of_a_text_with_a_fact_of_which_nothing_may_be_known() {
    let shown = |message: &str, conditions: &str| {
        let rule = rule("data.one", "deny", conditions)
            .replace("message = 'm'", &format!("message = '{message}'"));
        let desk = house(&[("rules/data.toml", &rule)]);
        warnings(&desk).into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    let asks = "forbids = 'x.sent_7d == 8'";
    for open in ["{x.approved}", "{campaign.name}", "{recipient.phone}"] {
        assert_eq!(shown(open, asks), ["lint/unsettled-text"], "{open}");
    }
    // What is read, what it follows from, what is always given, and what has another in its place.
    for (settled, conditions) in [
        ("{x.sent_7d} at {send_at}", asks),
        ("{recipient.phone|recipient.user_id}", asks),
        ("{recipient.phone}", "forbids = 'recipient.number_country == \"FR\"'"),
        ("{x.approved}", "applies = 'x.approved'\nforbids = 'x.sent_7d == 8'"),
    ] {
        assert_eq!(shown(settled, conditions), Vec::<String>::new(), "{settled}");
    }
}

#[test]
fn lint_warns_of_rules_that_add_nothing_and_of_what_is_unused() {
    let rules = [
        rule("limits.four", "review", "forbids = 'x.sent_7d > 4'"),
        rule("limits.three", "deny", "forbids = 'x.sent_7d > 3'"),
        rule("limits.three-again", "deny", "requires = 'x.sent_7d <= 3'"),
        rule("limits.note", "note", "forbids = 'x.sent_7d > 5'"),
    ];
    let conditions = "[[condition]]\nid = 'is-many'\nexpr = 'x.sent_7d > 9'\n";
    let tables = "[[table]]\nid = 'cap'\nkey = 'campaign.category'\ntype = 'int'\n\
                  [[table.entry]]\nvalues = { marketing = 1 }\ndefault = 2\n";
    let source = "[sources.unread]\ntitle = 't'\nurl = 'https://acme.example'\nretrieved = \
                  2026-02-01\nconfidence = 'official'\n";
    let desk = house(&[
        ("rules/limits.toml", &rules.concat()),
        ("sets.toml", FROZEN),
        ("conditions.toml", conditions),
        ("tables.toml", tables),
        ("pack.toml", &format!("{HOUSE}{ATTRIBUTES}{source}")),
    ]);
    let mut codes: Vec<String> = warnings(&desk).into_iter().map(|(code, _)| code).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "lint/duplicate",
            "lint/shadowed",
            "lint/shadowed",
            "lint/unused-condition",
            "lint/unused-set",
            "lint/unused-source",
            "lint/unused-table"
        ]
    );
    let lint = |more: &str| {
        let arguments = format!("pack lint house --at 2026-03-01T00:00:00Z {more}");
        cts_line(desk.path(), &arguments, "")
    };
    assert_eq!(lint("").status.code(), Some(0));
    assert_eq!(lint("--deny warnings").status.code(), Some(1));
    let github = text(&lint("--format github"));
    let line = "::warning file=house/rules/limits.toml,line=1,title=lint/shadowed";
    assert!(github.contains(line), "{github}");
    let sarif: Json = serde_json::from_slice(&lint("--format sarif").stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|result| result["ruleId"] == "lint/duplicate"), "{sarif}");
}

#[test]
fn a_warning_that_is_meant_is_exempt_with_a_reason() {
    let rules = [
        rule("limits.four", "review", "forbids = 'x.sent_7d > 4'"),
        rule("limits.three", "deny", "forbids = 'x.sent_7d > 3'"),
    ];
    let exempt = |lint: &str| {
        let text = format!("[[exempt]]\nrule = 'limits.four'\nlint = '{lint}'\nwhy = 'w'\n");
        house(&[("rules/limits.toml", &rules.concat()), ("tests/exempt.toml", &text)])
    };
    assert_eq!(warnings(&exempt("shadowed")), []);
    let codes: Vec<String> =
        warnings(&exempt("duplicate")).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["lint/shadowed", "lint/exemption-idle"]);
}

#[test]
fn drafts_show_all_that_is_lacking_and_each_is_needed() {
    let rules = [
        rule("limits.cap", "deny", "forbids = 'x.sent_7d > 4 || x.sent_7d < 0'"),
        rule(
            "data.tags",
            "review",
            "applies = 'campaign.category == \"marketing\"'\nforbids = '\"vip\" in x.tags'\nuntil \
             = 2026-06-01",
        ),
        // Of its ways to be violated the last is told only where none before it holds.
        rule(
            "consent.stopped",
            "deny",
            "applies = 'campaign.category == \"marketing\" || campaign.use_case == \
             \"marketing\"'\nforbids = 'recipient.opt_in == \"none\" || recipient.opted_out'",
        ),
        // Neither facts nor dates let it not apply.
        rule("timing.late", "review", "forbids = 'recipient.local_minute_of_day_max >= 1290'")
            .replace("from = 2020-01-01\n", ""),
    ];
    let desk = house(&[("rules/house.toml", &rules.concat())]);
    let none = cts_line(desk.path(), "pack test house", "");
    assert_eq!(none.status.code(), Some(1));
    assert!(text(&none).contains("[[exempt]]\nrule = \"limits.cap\"\noutcome = "));
    let drafts = cts_line(desk.path(), "pack test house --draft", "");
    assert_eq!(drafts.status.code(), Some(0), "{}", text(&drafts));
    let drafts = String::from_utf8(drafts.stdout).unwrap();
    let file = desk.path().join("house/tests/drafts.toml");
    std::fs::write(&file, &drafts).unwrap();
    let all = cts_line(desk.path(), "pack test house", "");
    let printed = text(&all);
    assert_eq!(all.status.code(), Some(0), "{drafts}\n{printed}");
    assert!(printed.contains("drafts that nobody has read"), "{printed}");
    // Without any of them less is shown.
    let tests: Vec<&str> = drafts.split_inclusive("\n\n").collect();
    assert!(tests.len() > 4, "{drafts}");
    for left_out in 0..tests.len() {
        let rest = tests.iter().enumerate().filter(|(number, _)| *number != left_out);
        let rest: String = rest.map(|(_, test)| *test).collect();
        std::fs::write(&file, rest).unwrap();
        let less = cts_line(desk.path(), "pack test house", "");
        let printed = text(&less);
        assert_eq!(less.status.code(), Some(1), "not needed: {}\n{printed}", tests[left_out]);
        assert!(printed.contains("not covered") && printed.contains(" 0 failed"), "{printed}");
    }
}

#[test]
fn coverage_is_apart_from_what_holds() {
    let rules = rule("limits.cap", "deny", "forbids = 'x.sent_7d > 4'");
    let test = "[[test]]\nname = 'five are too many'\nset = { send_at = 2026-03-01, x.sent_7d = 5 \
                }\nexpect = { verdict = 'deny', violated = ['limits.cap'] }\n";
    let desk = house(&[("rules/limits.toml", &rules), ("tests/all.toml", test)]);
    let run = |more: &str| cts_line(desk.path(), &format!("pack test house {more}"), "");
    assert_eq!(run("").status.code(), Some(1));
    assert_eq!(run("--threshold 0").status.code(), Some(0));
    assert_eq!(run("--threshold 100").status.code(), Some(1));
    assert_eq!(run("--only five").status.code(), Some(0));
    assert_eq!(run("--only limits.cap").status.code(), Some(0));
    assert_eq!(run("--only six").status.code(), Some(2));
    let printed = text(&run("--coverage --threshold 0"));
    assert!(printed.contains("limits.cap") && printed.contains(" percent"), "{printed}");
    let json: Json = serde_json::from_slice(&run("--json").stdout).unwrap();
    assert_eq!(json["coverage"]["rules"][0]["clauses"], serde_json::json!({"shown": 1, "of": 1}));
}

#[test]
fn eval_knows_what_packs_give_a_name() {
    let conditions = "[[condition]]\nid = 'is-frozen'\nexpr = '\"b\" in sets.frozen'\n";
    let tables = "[[table]]\nid = 'cap'\nkey = 'campaign.category'\ntype = 'int'\n\
                  [[table.entry]]\nvalues = { marketing = 1 }\ndefault = 2\n";
    let rules = rule("limits.cap", "deny", "forbids = 'x.sent_7d > tables.cap'");
    let desk = house(&[
        ("rules/limits.toml", &rules),
        ("sets.toml", FROZEN),
        ("conditions.toml", conditions),
        ("tables.toml", tables),
    ]);
    let eval = |day: &str, expression: &str| {
        let arguments = format!("eval --pack house --at {day}T00:00:00Z {expression}");
        text(&cts_line(desk.path(), &arguments, "")).trim().to_owned()
    };
    assert_eq!(eval("2026-03-01", "conditions.is_frozen"), "false");
    assert_eq!(eval("2026-06-01", "conditions.is_frozen"), "true");
    assert_eq!(eval("2026-06-01", "size(sets.frozen)"), "2");
    let of_date = cts_line(desk.path(), "eval --pack house --at 2026-06-01 size(sets.frozen)", "");
    assert_eq!(text(&of_date).trim(), "2");
    assert!(eval("2026-06-01", "tables.cap").contains("undetermined: missing campaign.category"));
    assert!(eval("2026-06-01", "tables.cup").contains("did you mean `tables.cap`?"));
}

#[test]
fn fmt_says_in_one_line_why_a_file_is_no_toml() {
    let desk = house(&[("rules/data.toml", "[[rule]]\nid = [\n")]);
    let output = cts_line(desk.path(), "pack fmt house", "");
    let printed = text(&output);
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(
        printed.contains("house/rules/data.toml: line 2: not TOML: unclosed array"),
        "{printed}"
    );
    assert!(!printed.contains("u{a}"), "{printed}");
}

#[test]
fn fmt_writes_the_canonical_form_once() {
    let rules = "[[rule]]\ntopic = 'data'\nid='data.one'\n\n\n# Why.\nforbids = 'x.approved'\n\
                 verdict = 'deny'\nsource = { id = 'handbook' }\nmessage = 'm'\nadvice = 'a'\n\
                 exposure = []\ntitle = 't'   # shown\n";
    let desk = house(&[("rules/data.toml", rules)]);
    let fmt = |more: &str| cts_line(desk.path(), &format!("pack fmt house {more}"), "");
    let printed = fmt("--check");
    assert_eq!(printed.status.code(), Some(1));
    assert!(text(&printed).contains("house/rules/data.toml"), "{}", text(&printed));
    let file = desk.path().join("house/rules/data.toml");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), rules);
    assert_eq!(fmt("").status.code(), Some(0));
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(
        written.starts_with("[[rule]]\nid       = 'data.one'\ntopic    = 'data'\n"),
        "{written}"
    );
    assert!(written.contains("title    = 't'   # shown\n"), "{written}");
    assert!(written.contains("# Why.\nforbids  = 'x.approved'\n"), "{written}");
    assert_eq!(fmt("--check").status.code(), Some(0), "{}", text(&fmt("--check")));
    assert!(text(&cts_line(desk.path(), "pack lint house", "")).contains("in order"));
}

#[test]
fn the_built_in_packs_are_written_in_the_canonical_form() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs");
    for pack in ["whatsapp", "messaging-law"] {
        let output = cts_line(&packs, &format!("pack fmt {pack} --check"), "");
        assert_eq!(output.status.code(), Some(0), "`cts pack fmt packs/{pack}`: {}", text(&output));
    }
}
