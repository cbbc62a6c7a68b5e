//! The slips of people who write their first pack: each is answered with what to write.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::borrow::Cow;

use cleartosend::{Pack, PackError, PackErrors, PackFile, Schema};

const MANIFEST: &str = r#"
name = "house"
version = "1.0.0"
requires = "1.0"
title = "House rules"
published = 2026-02-01

[sources.handbook]
title = "Handbook"
url = "https://intranet.acme.example/handbook"
retrieved = 2026-02-01
confidence = "official"

[attributes."x.tier"]
type = "string"
scope = "recipient"
title = "The tier."
"#;

const RULE: &str = r#"
[[rule]]
id = "data.one"
topic = "data"
title = "One"
forbids = '''CONDITION'''
verdict = "review"
from = 2026-01-01
source = { id = "handbook" }
message = "m"
advice = "a"
exposure = []
"#;

fn loaded(manifest: &str, rules: &str) -> Result<Pack, PackErrors> {
    let file = |path: &str, text: &str| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
    };
    let files = [file("pack.toml", manifest), file("rules/data.toml", rules)];
    Pack::load(&files, &Schema::built_in())
}

fn with_condition(condition: &str) -> Result<Pack, PackErrors> {
    loaded(MANIFEST, &RULE.replace("CONDITION", condition))
}

/// What is said of a pack with a slip in it: messages and helps.
fn reported(slip: &str, pack: Result<Pack, PackErrors>) -> (String, String) {
    let errors = pack.err().unwrap_or_else(|| panic!("`{slip}` is accepted"));
    let messages: Vec<String> = errors.iter().map(PackError::message).collect();
    let helps: Vec<&str> = errors.iter().filter_map(PackError::help).collect();
    (messages.join("; "), helps.join("; "))
}

/// A condition, and what its help says.
const CONDITIONS: &[(&str, &str)] = &[
    ("send_at < now()", "rules have no clock: `send_at` is when the message is sent"),
    ("send_at + 30 > recipient.opt_in_at", "`duration(\"720h\")` for 30 days"),
    ("send_at - recipient.opt_in_at > 30d", "write `duration(\"720h\")`"),
    (
        "1 < campaign.audience_size < 5",
        "write `1 < campaign.audience_size && campaign.audience_size < 5`",
    ),
    (
        "days_between(recipient.opt_in_at, send_at) < 30",
        "such as `recipient.local_days_since_opt_in_max`",
    ),
    ("recipient.local_hour.between(8, 20)", "write `8 <= recipient.local_hour && "),
    ("campaign.requests.contains('password')", "write `'password' in campaign.requests`"),
    ("if campaign.automated then true else false", "write `condition ? then : otherwise`"),
    ("send_at > 2026-03-01", "write `timestamp(\"2026-03-01T00:00:00Z\")`"),
    ("send_at > '2026-03-01'", "write `timestamp(\"2026-03-01T00:00:00Z\")`"),
    ("recipient.country in ['ES', 'FR'", "close `[` of character 22 with `]`"),
    ("(campaign.automated", "close `(` of character 1 with `)`"),
    ("size(campaign.requests", "close `(` of character 5 with `)`"),
    ("campaign.requests[0 == 'password'", "close `[` of character 18 with `]`"),
    ("campaign.category = 'marketing'", "write `==` to compare"),
    ("campaign.category == marketing", "write a string in quotes: `\"marketing\"`"),
    ("campaign.automated AND true", "write `&&` for and"),
    ("campaign.category IN ('utility')", "`campaign.category in ['utility']`"),
    ("recipient.phone == null", "write `!has(recipient.phone)`"),
    ("recipient.opt_in == true", "write one of `\"given\"`, `\"none\"`"),
    ("{{campaign.automated}}", "write the path of an attribute alone, such as `campaign.category`"),
    ("x.teir == 'gold'", "did you mean `x.tier`?"),
];

/// A part of the pack, what is written instead, and what the help says.
const PARTS: &[(&str, &str, &str)] = &[
    ("[attributes.\"x.tier\"]", "[attributes.x.tier]", "`[attributes.\"x.tier\"]`"),
    ("[attributes.\"x.tier\"]", "[attributes.tier]", "`[attributes.\"x.tier\"]`"),
    ("type = \"string\"", "type = \"list\"", "write `list(string)`"),
    ("type = \"string\"", "type = \"list<text>\"", "write `list(string)`"),
    ("type = \"string\"", "type = \"integer\"", "write `int`"),
    ("type = \"string\"", "type = \"Date\"", "write `timestamp`"),
    ("topic = \"data\"", "topic = \"budget\"", "`limits`, `feedback` or `directory`"),
    ("topic = \"data\"", "topic = \"budget\"", "a topic of your own is `house/budget`"),
    ("topic = \"data\"", "topic = \"consnet\"", "did you mean `consent`?"),
    ("verdict = \"review\"", "verdict = \"block\"", "expected `note`, `review` or `deny`"),
    ("{ id = \"handbook\" }", "\"handbook\"", "write `source = { id = \"handbook\" }`"),
    ("id = \"data.one\"", "id = \"one\"", "did you mean `data.one`?"),
    ("forbids =", "forbid =", "did you mean `forbids`?"),
];

#[test]
fn each_slip_is_answered_with_what_to_write() {
    assert!(with_condition("campaign.automated && x.tier == 'gold'").is_ok());
    let mut wrong = Vec::new();
    for (slip, help) in CONDITIONS {
        let (message, found) = reported(slip, with_condition(slip));
        if !found.contains(help) {
            wrong.push(format!("{slip}: {message}; {found}"));
        }
    }
    let rules = RULE.replace("CONDITION", "campaign.automated");
    for (part, slip, help) in PARTS {
        assert!(MANIFEST.contains(part) || rules.contains(part), "{part}");
        let pack = loaded(&MANIFEST.replacen(part, slip, 1), &rules.replacen(part, slip, 1));
        let (message, found) = reported(slip, pack);
        if !found.contains(help) {
            wrong.push(format!("{slip}: {message}; {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_slips_of_a_file_are_reported_at_once_and_where_they_are() {
    let one = RULE.replace("CONDITION", "send_at < now() && x.teir == 'gold'");
    let two = RULE.replace("data.one", "data.two").replace("CONDITION", "1 < 2 < 3");
    let errors = loaded(MANIFEST, &format!("{one}{two}")).err().map(|errors| {
        let places = errors.iter().map(|error| (error.place().line, error.place().column));
        places.collect::<Vec<_>>()
    });
    assert_eq!(errors, Some(vec![(6, 24), (6, 33), (18, 14)]));
}
