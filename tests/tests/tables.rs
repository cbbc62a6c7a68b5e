//! Dated tables: what they come to, what is exact about them, and what is refused.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up should fail")]

use std::borrow::Cow;

use cleartosend::expert::program::dimension::Subject;
use cleartosend::{Engine, EngineError, PackFile, Status};

const MANIFEST: &str = r#"
name = "house"
version = "1.0.0"
requires = "*"
title = "t"
published = 2026-01-01
[sources.s]
title = "t"
url = "https://acme.example"
retrieved = 2026-01-01
confidence = "official"
[attributes."x.segment"]
type = "string"
scope = "campaign"
title = "t"
[attributes."x.sent"]
type = "int"
scope = "campaign"
title = "t"
[attributes."x.tier"]
type = "string"
values = ["gold", "silver"]
scope = "campaign"
title = "t"
[attributes."x.level"]
type = "int"
scope = "campaign"
title = "t"
"#;

const CAP: &str = r#"
[[table]]
id = "weekly-cap"
key = "x.segment"
type = "int"
[[table.entry]]
from = 2026-01-01
until = 2026-07-01
values = { gold = 5, silver = 3, platinum = 5 }
default = 2
[[table.entry]]
from = 2026-07-01
values = { gold = 4 }
"#;

fn build(tables: &str, condition: &str) -> Result<Engine, EngineError> {
    let rule = format!(
        "[[rule]]\nid = 'limits.cap'\ntopic = 'limits'\ntitle = 't'\nrequires = \
         '''{condition}'''\nverdict = 'deny'\nsource = {{ id = 's' }}\nmessage = 'm'\nadvice = \
         'a'\nexposure = []\n"
    );
    let files = [("pack.toml", MANIFEST), ("rules/limits.toml", &rule), ("tables.toml", tables)];
    let files = files.into_iter().map(|(path, text)| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
    });
    Engine::builder().without_built_in().pack("house", files.collect()).build()
}

fn engine(tables: &str, condition: &str) -> Engine {
    build(tables, condition).unwrap_or_else(|error| panic!("{error}"))
}

/// What the rule says, and the code of what has no value.
fn said(engine: &Engine, day: &str, x: &str) -> (Status, Option<&'static str>) {
    let document = format!(r#"{{"send_at": "{day}T00:00:00Z", "x": {x}}}"#);
    let facts = cleartosend::Facts::from_json(engine.schema(), document.as_bytes());
    let decision =
        engine.report(&facts.expect("facts"), cleartosend::Report::EveryRule).expect("a decision");
    let found = decision.findings().iter().find(|found| &*found.rule == "limits.cap");
    let found = found.expect("a rule in scope");
    (found.status, found.error.as_ref().map(|error| error.code))
}

fn refused(tables: &str) -> Vec<String> {
    match build(tables, "x.sent < tables.weekly_cap") {
        Err(EngineError::Pack { errors, .. }) => {
            errors.iter().map(|error| format!("{} {error}", error.code())).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_has_the_value_of_its_key_and_day() {
    let engine = engine(CAP, "x.sent < tables.weekly_cap");
    let ok = (Status::Satisfied, None);
    let bad = (Status::Violated, None);
    for (day, x, expected) in [
        ("2026-01-01", r#"{"segment": "gold", "sent": 4}"#, ok),
        ("2026-01-01", r#"{"segment": "gold", "sent": 5}"#, bad),
        ("2026-06-30", r#"{"segment": "silver", "sent": 3}"#, bad),
        ("2026-06-30", r#"{"segment": "bronze", "sent": 1}"#, ok),
        ("2026-06-30", r#"{"segment": "bronze", "sent": 2}"#, bad),
        ("2026-07-01", r#"{"segment": "gold", "sent": 4}"#, bad),
    ] {
        assert_eq!(said(&engine, day, x), expected, "{day} {x}");
    }
}

#[test]
fn where_a_table_has_no_value_the_rule_is_open() {
    let engine = engine(CAP, "x.sent < tables.weekly_cap");
    let open = (Status::Undetermined, Some("cel/no-entry"));
    assert_eq!(said(&engine, "2025-12-31", r#"{"segment": "gold", "sent": 0}"#), open);
    assert_eq!(said(&engine, "2026-07-01", r#"{"segment": "silver", "sent": 0}"#), open);
    // What decides without the table needs no value of it.
    let engine = self::engine(CAP, r#"x.segment == "bronze" || x.sent < tables.weekly_cap"#);
    let bronze = r#"{"segment": "bronze", "sent": 9}"#;
    assert_eq!(said(&engine, "2026-08-01", bronze), (Status::Satisfied, None));
    let engine = self::engine(CAP, r#"x.sent < (x.segment == "bronze" ? 7 : tables.weekly_cap)"#);
    assert_eq!(said(&engine, "2026-08-01", bronze), (Status::Violated, None));
}

#[test]
fn what_every_key_settles_alike_is_settled() {
    let engine = engine(CAP, "x.sent < tables.weekly_cap");
    for (x, status) in [
        (r#"{"sent": 1}"#, Status::Satisfied),
        (r#"{"sent": 3}"#, Status::Undetermined),
        (r#"{"sent": 5}"#, Status::Violated),
        (r#"{"segment": "gold"}"#, Status::Undetermined),
    ] {
        assert_eq!(said(&engine, "2026-03-01", x).0, status, "{x}");
    }
}

#[test]
fn a_table_leaves_no_predicate_but_for_what_has_no_value() {
    let whole = CAP.replace("values = { gold = 4 }", "values = { gold = 4 }\ndefault = 1");
    let whole = whole.replacen("from = 2026-01-01\n", "", 1);
    for condition in [
        "x.sent < tables.weekly_cap",
        "tables.weekly_cap > x.sent && x.sent >= 0",
        "!(x.sent >= tables.weekly_cap) || x.sent == tables.weekly_cap",
        "(x.sent > 3) == (tables.weekly_cap > 3)",
        "x.sent in [tables.weekly_cap, 0]",
        "tables.weekly_cap + 0 > 3",
    ] {
        let engine = engine(&whole, condition);
        let program = engine.program();
        let names: Vec<&str> = program.predicates().iter().map(|known| &*known.source).collect();
        assert!(names.is_empty(), "{condition}: {names:?}");
        let is_attribute = |known: &&cleartosend::expert::program::dimension::Dimension| {
            matches!(known.subject, Subject::Attribute(_))
        };
        assert!(program.dimensions().iter().filter(is_attribute).count() > 1);
    }
}

#[test]
fn tables_stand_in_named_conditions_and_macros() {
    let tables = format!(
        "{CAP}\n[[table]]\nid = \"open\"\nkey = \"x.level\"\ntype = \"bool\"\n[[table.entry]]\nvalues \
         = {{ 1 = true, \"2\" = false }}\ndefault = true\n[[table]]\nid = \"wait\"\nkey = \
         \"x.tier\"\ntype = \"duration\"\n[[table.entry]]\nvalues = {{ gold = \"24h\", silver = \
         \"1h30m\" }}\n"
    );
    let engine = engine(&tables, "tables.open && [1, 4].all(n, n < tables.weekly_cap)");
    let of = |x: &str| said(&engine, "2026-03-01", x).0;
    assert_eq!(of(r#"{"level": 1, "segment": "gold"}"#), Status::Satisfied);
    assert_eq!(of(r#"{"level": 2, "segment": "gold"}"#), Status::Violated);
    assert_eq!(of(r#"{"level": 3, "segment": "silver"}"#), Status::Violated);
    let engine = self::engine(&tables, r#"tables.wait <= duration("2h")"#);
    assert_eq!(said(&engine, "2026-03-01", r#"{"tier": "silver"}"#).0, Status::Satisfied);
    assert_eq!(said(&engine, "2026-03-01", r#"{"tier": "gold"}"#).0, Status::Violated);
}

#[test]
fn a_table_of_many_values_is_no_deep_tree() {
    let values: Vec<String> = (0..200).map(|number| format!("k{number} = {number}")).collect();
    let tables = format!(
        "[[table]]\nid = \"t\"\nkey = \"x.segment\"\ntype = \"int\"\n[[table.entry]]\nvalues = {{ \
         {} }}\ndefault = -1\n",
        values.join(", ")
    );
    let engine = engine(&tables, "x.sent == tables.t");
    let of = |x: &str| said(&engine, "2026-03-01", x).0;
    assert_eq!(of(r#"{"segment": "k137", "sent": 137}"#), Status::Satisfied);
    assert_eq!(of(r#"{"segment": "k137", "sent": 136}"#), Status::Violated);
    assert_eq!(of(r#"{"segment": "other", "sent": -1}"#), Status::Satisfied);
}

#[test]
fn a_table_is_refused_with_its_place() {
    let first = |tables: &str| refused(tables).swap_remove(0);
    assert_eq!(
        first(&CAP.replace("x.segment", "x.segmant")),
        "pack/unknown-attribute tables.toml:4:7: unknown attribute `x.segmant`; did you mean \
         `x.segment`?"
    );
    assert_eq!(
        first(&CAP.replace("\"x.segment\"", "\"campaign.automated\"")),
        "pack/table-key-type tables.toml:4:7: the key of a table is a string or an int, and \
         `campaign.automated` is bool"
    );
    assert_eq!(
        first(&CAP.replace("\"int\"", "\"itn\"")),
        "pack/unknown-word tables.toml:5:8: unknown type of a table `itn`; did you mean `int`?"
    );
    assert_eq!(
        first(&CAP.replace("gold = 5", "gold = \"5\"")),
        "pack/wrong-type tables.toml:9:19: `gold` is a string, expected a whole number"
    );
    assert_eq!(
        first(&CAP.replace("until = 2026-07-01\n", "")),
        "pack/overlapping-entries tables.toml:10:1: the entry at tables.toml:6:1 still counts in \
         that time; end that one with `until = 2026-07-01T00:00:00Z`"
    );
    let of_tier = "[[table]]\nid = \"weekly-cap\"\nkey = \"x.tier\"\ntype = \
                   \"int\"\n[[table.entry]]\nvalues = { gold = 5, sliver = 3 }\n";
    assert_eq!(
        first(of_tier),
        "cel/unknown-value tables.toml:6:22: `x.tier` is never `sliver`; did you mean `silver`?"
    );
    assert_eq!(
        first(&of_tier.replace(", sliver = 3", "")),
        "pack/missing-table-keys tables.toml:6:1: the attribute can also be silver, for which the \
         table has no value; add them, or a `default`"
    );
    assert_eq!(
        first(&CAP.replace("weekly-cap", "weekly-cup")),
        "cel/unknown-table rules/limits.toml:5:24: there is no table `weekly_cap`; did you mean \
         `tables.weekly_cup`?"
    );
}
