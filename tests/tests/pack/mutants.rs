//! The built-in packs' own tests notice it if a rule says something else.
//!
//! `cargo xtask mutants` shows what this prints: the share of mutants that are killed, and each
//! that survives. See `docs/internals/mutants.md`.
#![expect(clippy::print_stdout, reason = "the chore shows what came of the mutants")]

use std::borrow::Cow;

use cleartosend::PackFile;
use cleartosend_tests::mutants::{Excuse, Kind, Report};

use crate::common;

/// Of each kind, in tenths of a percent. Of members, every one.
const KILLED_MIN: usize = 980;

#[test]
fn the_whatsapp_packs_tests_notice_its_mutants() {
    held("whatsapp");
}

#[test]
fn the_law_packs_tests_notice_its_mutants() {
    held("messaging-law");
}

fn held(name: &str) {
    let excuses = Excuse::list(&common::text(&common::root().join("packs/excused-mutants.toml")));
    let mut report = Report::of(&common::pack(name));
    let unneeded = report.excuse(excuses.iter().filter(|excuse| excuse.pack == name));
    assert!(unneeded.is_empty(), "{name}: these excuses are not needed: {unneeded:?}");
    let mut reported = String::new();
    for survivor in report.survivors() {
        reported += &format!("packs/{name}/{survivor}\n");
    }
    let mut too_few = Vec::new();
    for kind in Kind::ALL {
        let count = report.count(kind);
        reported += &format!("{name}: {}: {count}\n", kind.name());
        let least = if kind == Kind::Member { 1000 } else { KILLED_MIN };
        if count.per_mille() < least {
            too_few.push(kind.name());
        }
        // A kind of which there is nothing proves nothing.
        assert!(count.all() > 50, "{name}: only {} mutants of {}", count.all(), kind.name());
    }
    // In one piece, so that two packs do not mix.
    print!("{reported}");
    assert!(too_few.is_empty(), "{name}: too few are killed of {}", too_few.join(", "));
}

/// Every mutant of a small pack, by hand.
#[test]
fn each_change_meets_its_fate() {
    let file = |path: &str, text: &str| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
    };
    let report = Report::of(&[
        file("pack.toml", MANIFEST),
        file("sets.toml", SETS),
        file("conditions.toml", CONDITIONS),
        file("rules/limits.toml", RULES),
        file("tests/limits.toml", TESTS),
    ]);
    let reported: Vec<String> =
        report.mutants.iter().map(|mutant| format!("{:?} {mutant}", mutant.fate)).collect();
    let expected: Vec<&str> = FATES.trim().lines().collect();
    assert_eq!(reported, expected, "\n{}", reported.join("\n"));
}

const MANIFEST: &str = r#"
name = "small"
version = "1.0.0"
requires = "*"
title = "t"
published = 2026-01-01
[sources.s]
title = "t"
url = "https://acme.example"
retrieved = 2026-01-01
confidence = "official"
"#;

const SETS: &str = r#"
[[set]]
id = "closed"
title = "t"
source = { id = "s" }

[[set.entry]]
values = ["ES", "FR"]
from = 2024-01-01
"#;

const CONDITIONS: &str = r#"
[[condition]]
id = "ours"
expr = 'campaign.initiated_by == "business"'
"#;

const RULES: &str = r#"
[[rule]]
id = "limits.daily"
topic = "limits"
title = "t"
applies = 'conditions.ours && send_at >= timestamp("2020-01-01T00:00:00Z")'
forbids = 'has(account.recipients_24h) && account.recipients_24h >= 3'
verdict = "review"
from = 2020-01-01
source = { id = "s" }
message = "m"
advice = "a"
exposure = []

[[rule]]
id = "limits.closed"
topic = "limits"
title = "t"
forbids = 'account.country in sets.closed'
verdict = "deny"
source = { id = "s" }
message = "m"
advice = "a"
exposure = []
confidence = "confirmed"
"#;

/// Whether two or three people make a difference is tested, whether two or one do is not; nor is
/// the second member, or the day.
const TESTS: &str = r#"
[base.two]
send_at = 2025-01-01T00:00:00Z
account.country = "PT"
account.recipients_24h = 2
campaign.initiated_by = "business"

[[test]]
name = "two are clear"
base = "two"
expect = { verdict = "allow", satisfied = ["limits.daily"] }

[[test]]
name = "three are not"
base = "two"
set = { "account.recipients_24h" = 3 }
expect = { verdict = "review", violated = ["limits.daily"] }

[[test]]
name = "three who wrote are clear"
base = "two"
set = { "account.recipients_24h" = 3, "campaign.initiated_by" = "customer" }
expect = { verdict = "allow", not_applicable = ["limits.daily"] }

[[test]]
name = "Spain is closed"
base = "two"
set = { "account.country" = "ES" }
expect = { verdict = "deny", violated = ["limits.closed"] }
"#;

/// What must become of each mutant, a line each.
const FATES: &str = include_str!("../../packs/mutant-fates.txt");
