//! What is claimed of rules, held against every case that there is.
//!
//! `CTS_TIMES=n` takes *n* times as many packs as a run of all tests.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use cleartosend::analyse::{Certainty, Change, Claim, ClaimKind};
use cleartosend::{Analysis, Engine, Facts, FindingVerdict, PackFile, Report, Status, Verdict};
use cleartosend_tests::oracle::harness::times;
use fastrand::Rng;
use serde_json::{Value as Json, json};

const MANIFEST: &str = r#"
name = "small"
version = "1.0.0"
requires = ">=1.0, <2"
title = "Small"
published = 2026-01-01

[sources.s]
title = "S"
url = "https://example.com/"
retrieved = 2026-01-01
confidence = "official"

[attributes."x.kind"]
type = "string"
values = ["p", "q", "r"]
scope = "campaign"
title = "A kind."

[attributes."x.flag"]
type = "bool"
scope = "campaign"
title = "A flag."

[attributes."x.count"]
type = "int"
scope = "campaign"
title = "A count."
"#;

fn engine(rules: &str) -> Engine {
    let file = |path: &str, text: &str| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
    };
    let files = vec![file("pack.toml", MANIFEST), file("rules/all.toml", rules)];
    Engine::builder().without_built_in().pack("small", files).build().unwrap()
}

fn rule(id: &str, verdict: &str, rest: &str) -> String {
    format!(
        "[[rule]]\nid = \"account.{id}\"\ntopic = \"account\"\ntitle = \"{id}\"\n\
         verdict = \"{verdict}\"\nsource = {{ id = \"s\" }}\nmessage = \"{id}\"\nadvice = \"none\"\nexposure = [\"warning\"]\n{rest}\n\n"
    )
}

/// Claims about rules, as `kind rule other`.
fn of_rules(analysis: &Analysis) -> Vec<String> {
    let claims = analysis.claims.iter().filter(|claim| claim.rule.is_some());
    claims.map(said).collect()
}

fn said(claim: &Claim) -> String {
    let id = |name: &Option<cleartosend::analyse::RuleName>| {
        name.as_ref().map(|name| name.rule.replace("account.", "")).unwrap_or_default()
    };
    format!("{} {} {}", claim.kind, id(&claim.rule), id(&claim.other)).trim_end().to_owned()
}

#[test]
fn what_was_planted_is_found_and_nothing_else() {
    let rules = [
        rule("red", "deny", "from = 2020-01-01\nforbids = 'x.kind == \"p\"'"),
        // Duplicate of it in other words.
        rule("red-again", "deny", "from = 2020-01-01\nrequires = 'x.kind != \"p\"'"),
        // Shadowed by both: milder, and about fewer cases.
        rule("red-flag", "review", "from = 2020-01-01\nforbids = 'x.kind == \"p\" && x.flag'"),
        // Dead: no count is both.
        rule("dead", "deny", "from = 2020-01-01\nforbids = 'x.count > 5 && x.count < 3'"),
        rule(
            "idle",
            "deny",
            "from = 2020-01-01\napplies = 'x.flag && !x.flag'\nforbids = 'x.count > 5'",
        ),
        // A contradiction.
        rule(
            "needs-few",
            "deny",
            "from = 2020-01-01\napplies = 'x.kind == \"q\"'\nrequires = 'x.count < 3'",
        ),
        rule(
            "needs-many",
            "deny",
            "from = 2020-01-01\napplies = 'x.kind == \"q\"'\nrequires = 'x.count > 7'",
        ),
        rule(
            "all",
            "review",
            "from = 2020-01-01\nuntil = 2021-01-01\nforbids = 'x.count > 5 || x.count <= 5'",
        ),
    ]
    .concat();
    let engine = engine(&rules);
    let analysis = engine.analyse();
    let mut found = of_rules(&analysis);
    // While it is in force everything is violated, so that it is beside all.
    found.retain(|claim| !claim.contains(" all") || claim.starts_with("always"));
    found.sort();
    assert_eq!(
        found,
        [
            "always_violated all",
            "contradictory needs-few needs-many",
            "duplicate red-again red",
            "never_applies idle",
            "never_violated dead",
            "shadowed red-flag red",
            "shadowed red-flag red-again",
        ]
    );
    for claim in &analysis.claims {
        assert_eq!(claim.certainty, Certainty::Proved, "{claim:?}");
        let has_none = claim.kind == ClaimKind::NeverApplies;
        assert_eq!(claim.witness.is_none(), has_none, "{claim:?}");
        let Some(witness) = &claim.witness else { continue };
        let decision = engine.check_json(&serde_json::to_vec(&witness.document).unwrap()).unwrap();
        assert_eq!(decision.verdict(), witness.verdict, "{claim:?}");
    }
    let values: Vec<&str> = analysis
        .claims
        .iter()
        .filter(|claim| claim.kind == ClaimKind::ValueNotCovered)
        .map(|claim| claim.says.as_str())
        .collect();
    assert_eq!(values, ["no violation depends on it not in [p, q]"]);
    assert!(analysis.bounds.is_empty());
    let [topic] = analysis.topics.as_slice() else { panic!("{:?}", analysis.topics) };
    let shown: Vec<(FindingVerdict, usize, usize)> =
        topic.verdicts.iter().map(|shown| (shown.verdict, shown.rules, shown.violated)).collect();
    assert_eq!(shown, [(FindingVerdict::Deny, 6, 4), (FindingVerdict::Review, 2, 2)]);
}

const IDS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn condition(rng: &mut Rng, derived: bool, depth: usize) -> String {
    if depth > 0 && rng.u8(..3) > 0 {
        let (left, right) =
            (condition(rng, derived, depth - 1), condition(rng, derived, depth - 1));
        let operator = if rng.bool() { "&&" } else { "||" };
        return format!("({left} {operator} {right})");
    }
    let kinds = ["p", "q", "r"];
    match rng.u8(..if derived { 8 } else { 7 }) {
        0 => format!("x.kind == \"{}\"", kinds[rng.usize(..3)]),
        1 => format!("x.kind in [\"{}\", \"{}\"]", kinds[rng.usize(..3)], kinds[rng.usize(..3)]),
        2 => "x.flag".to_owned(),
        3 => "!x.flag".to_owned(),
        4 => format!("x.count < {}", rng.u8(..4)),
        5 => format!("x.count == {}", rng.u8(..4)),
        6 => format!("x.count + 1 > {}", rng.u8(..4)),
        _ => "account.restricted_all".to_owned(),
    }
}

fn random(rng: &mut Rng, derived: bool) -> String {
    let mut rules = String::new();
    for id in IDS {
        let from = ["2020-01-01", "2022-01-01"][rng.usize(..2)];
        let mut rest = format!("from = {from}\n");
        if rng.u8(..4) == 0 {
            rest.push_str("until = 2024-01-01\n");
        }
        if rng.bool() {
            let _ = writeln!(rest, "applies = '{}'", condition(rng, derived, 1));
        }
        let word = if rng.bool() { "requires" } else { "forbids" };
        let _ = writeln!(rest, "{word} = '{}'", condition(rng, derived, 1));
        let verdict = ["review", "deny"][rng.usize(..2)];
        rules.push_str(&rule(id, verdict, &rest));
    }
    rules
}

/// Every case that rules of these packs can tell apart.
fn cases(derived: bool) -> Vec<Json> {
    let mut cases = Vec::new();
    for send_at in ["2019-06-01", "2021-06-01", "2023-06-01", "2025-06-01"] {
        for kind in ["p", "q", "r"] {
            for flag in [false, true] {
                // At the largest number there is, `x.count + 1` cannot be worked out.
                for count in (-1..5).chain([i64::MAX]) {
                    for restricted in [false, true] {
                        if !derived && restricted {
                            continue;
                        }
                        let mut case = json!({
                            "send_at": format!("{send_at}T00:00:00Z"),
                            "x": {"kind": kind, "flag": flag, "count": count},
                        });
                        let restriction = json!({
                            "kind": "all_messaging", "since": "2018-01-01T00:00:00Z", "until": null,
                        });
                        if derived {
                            let restrictions = if restricted { vec![restriction] } else { vec![] };
                            case["account"] = json!({"restrictions": restrictions});
                        }
                        cases.push(case);
                    }
                }
            }
        }
    }
    cases
}

/// What each rule says of each case, and its period.
fn reported(engine: &Engine, cases: &[Json]) -> BTreeMap<String, Vec<Status>> {
    let mut reported: BTreeMap<String, Vec<Status>> = BTreeMap::new();
    for case in cases {
        let facts = Facts::from_json(engine.schema(), case.to_string().as_bytes()).unwrap();
        let decision = engine.report(&facts, Report::EveryRule).unwrap();
        for finding in decision.findings().iter().filter(|finding| &*finding.pack != "engine") {
            reported.entry(finding.rule.replace("account.", "")).or_default().push(finding.status);
        }
    }
    reported
}

fn verdicts(engine: &Engine) -> BTreeMap<String, FindingVerdict> {
    let rules = engine.packs().iter().flat_map(|pack| &pack.rules);
    rules.map(|rule| (rule.id.replace("account.", ""), rule.verdict)).collect()
}

/// What is so, by looking at every case.
fn enumerated(engine: &Engine, cases: &[Json]) -> BTreeSet<String> {
    let reported = reported(engine, cases);
    let verdicts = verdicts(engine);
    let in_force = |id: &str| -> Vec<bool> {
        let rules = engine.packs().iter().flat_map(|pack| &pack.rules);
        let rule = rules.into_iter().find(|rule| rule.id.ends_with(&format!(".{id}"))).unwrap();
        let at = |case: &Json| case["send_at"].as_str().unwrap().parse().unwrap();
        cases.iter().map(|case| rule.period.contains(at(case))).collect()
    };
    let all =
        |id: &str, holds: &dyn Fn(Status) -> bool| reported[id].iter().all(|status| holds(*status));
    let each = |a: &str, b: &str, holds: &dyn Fn(Status, Status) -> bool| {
        reported[a].iter().zip(&reported[b]).all(|(a, b)| holds(*a, *b))
    };
    let (violated, satisfied) = (Status::Violated, Status::Satisfied);
    let mut found = BTreeSet::new();
    for id in IDS {
        if all(id, &|status| status == Status::NotApplicable) {
            found.insert(format!("never_applies {id}"));
        } else if all(id, &|status| status != violated) {
            found.insert(format!("never_violated {id}"));
        } else if reported[id]
            .iter()
            .zip(in_force(id))
            .all(|(status, is)| !is || *status == violated)
        {
            found.insert(format!("always_violated {id}"));
        }
    }
    let is_live = |id: &&str| !all(id, &|status| status != violated);
    for (number, a) in IDS.iter().enumerate().filter(|(_, id)| is_live(id)) {
        for b in IDS[number + 1..].iter().filter(|id| is_live(id)) {
            let within = |a: &str, b: &str| each(a, b, &|a, b| a != violated || b == violated);
            match (within(a, b), within(b, a)) {
                (true, true) if verdicts[*a] == verdicts[*b] => {
                    found.insert(format!("duplicate {b} {a}"));
                }
                (true, _) if verdicts[*a] <= verdicts[*b] => {
                    found.insert(format!("shadowed {a} {b}"));
                }
                (_, true) if verdicts[*b] <= verdicts[*a] => {
                    found.insert(format!("shadowed {b} {a}"));
                }
                (true, _) => {
                    found.insert(format!("generalised {b} {a}"));
                }
                (_, true) => {
                    found.insert(format!("generalised {a} {b}"));
                }
                (false, false) => {}
            }
            let apart = |x: Status, y: Status| !each(a, b, &|a, b| !(a == x && b == y));
            if !apart(satisfied, satisfied)
                && apart(violated, satisfied)
                && apart(satisfied, violated)
            {
                found.insert(format!("contradictory {a} {b}"));
            }
        }
    }
    found
}

#[test]
fn every_claim_is_so_and_none_is_missed() {
    let mut kinds = BTreeSet::new();
    for seed in 0..40 * times() as u64 {
        // What follows from other facts costs the tests of the built-in packs, so that few do.
        let derived = seed % 40 == 39;
        let mut rng = Rng::with_seed(seed);
        let rules = random(&mut rng, derived);
        let engine = engine(&rules);
        let cases = cases(derived);
        let analysis = engine.analyse();
        let claims = analysis
            .claims
            .iter()
            .filter(|claim| claim.rule.is_some() && claim.kind != ClaimKind::Correlated);
        let found: BTreeSet<String> = claims.clone().map(said).collect();
        assert_eq!(found, enumerated(&engine, &cases), "seed {seed}\n{rules}");
        let reported = reported(&engine, &cases);
        for claim in &analysis.claims {
            kinds.insert(claim.kind);
            if claim.kind == ClaimKind::Correlated {
                let text = said(claim);
                let [_, a, b] = text.split(' ').collect::<Vec<_>>()[..] else { panic!("{text}") };
                let has = |x: bool, y: bool| {
                    reported[a].iter().zip(&reported[b]).any(|(a, b)| {
                        (*a == Status::Violated) == x && (*b == Status::Violated) == y
                    })
                };
                assert!(
                    has(true, true) && has(true, false) && has(false, true),
                    "seed {seed}: {text}"
                );
            }
            let Some(witness) = &claim.witness else { continue };
            let document = serde_json::to_vec(&witness.document).unwrap();
            assert_eq!(engine.check_json(&document).unwrap().verdict(), witness.verdict);
        }
    }
    for kind in ClaimKind::ALL {
        assert!(kinds.contains(kind), "no seed shows {kind}");
    }
}

#[test]
fn every_change_is_so_and_none_is_missed() {
    let cases = cases(false);
    let mut seen = BTreeSet::new();
    for seed in 0..30 * times() as u64 {
        let mut rng = Rng::with_seed(seed);
        let before = random(&mut rng, false);
        let others = random(&mut rng, false);
        // Some rules stay, some are of the other pack, one is gone and one is new.
        let split = |text: &str| -> Vec<String> {
            text.split("[[rule]]").skip(1).map(|rule| format!("[[rule]]{rule}")).collect()
        };
        let (old, other) = (split(&before), split(&others));
        let mut after: Vec<String> = (0..IDS.len())
            .map(|place| if rng.bool() { old[place].clone() } else { other[place].clone() })
            .collect();
        let gone = rng.usize(..IDS.len());
        after.remove(gone);
        after.push(rule("new", "deny", "from = 2020-01-01\nforbids = 'x.flag'"));
        let (old, new) = (engine(&before), engine(&after.concat()));
        let difference = old.diff(&new).unwrap();
        assert!(difference.changes_meaning() && difference.bounds.is_empty());
        let (was, is) = (reported(&old, &cases), reported(&new, &cases));
        let (was_verdict, is_verdict) = (verdicts(&old), verdicts(&new));
        let mut expected: BTreeMap<String, Change> = BTreeMap::new();
        for id in IDS.iter().copied().chain(["new"]) {
            match (was.get(id), is.get(id)) {
                (Some(_), None) => {
                    expected.insert(id.to_owned(), Change::Removed);
                }
                (None, Some(_)) => {
                    expected.insert(id.to_owned(), Change::Added);
                }
                (Some(old), Some(new)) => {
                    let means_other =
                        was_verdict[id] != is_verdict[id] && new.contains(&Status::Violated);
                    if old != new || means_other {
                        expected.insert(id.to_owned(), Change::Changed);
                    }
                }
                (None, None) => {}
            }
        }
        let found: BTreeMap<String, Change> = difference
            .rules
            .iter()
            .filter(|change| change.change != Change::Reworded)
            .map(|change| (change.rule.replace("account.", ""), change.change))
            .collect();
        assert_eq!(found, expected, "seed {seed}\n{before}\n---\n{}", after.concat());
        for change in &difference.rules {
            seen.insert(change.change);
            assert_eq!(change.certainty, Certainty::Proved, "seed {seed}: {change:?}");
            let Some(witness) = &change.witness else { continue };
            let document = serde_json::to_vec(&witness.document).unwrap();
            let said = |engine: &Engine| engine.check_json(&document).unwrap().verdict();
            assert_eq!((said(&old), said(&new)), (witness.old.verdict, witness.new.verdict));
            assert!(
                witness.old.status != witness.new.status || change.old != change.new,
                "seed {seed}: {change:?}"
            );
        }
    }
    seen.remove(&Change::Reworded);
    assert_eq!(seen.len() + 1, Change::ALL.len(), "{seen:?}");
}

#[test]
fn a_pack_is_equivalent_to_itself_and_to_itself_in_other_words() {
    let one =
        engine(&rule("red", "deny", "from = 2020-01-01\nforbids = 'x.kind == \"p\" && x.flag'"));
    let other = engine(&rule(
        "red",
        "deny",
        "from = 2020-01-01\napplies = 'x.flag'\nrequires = 'x.kind in [\"q\", \"r\"]'",
    ));
    assert!(one.diff(&one).unwrap().rules.is_empty());
    // Where the flag is not set, the one is kept and the other does not apply.
    let difference = one.diff(&other).unwrap();
    let [change] = difference.rules.as_slice() else { panic!("{difference:?}") };
    let witness = change.witness.as_ref().unwrap();
    assert_eq!(
        (witness.old.status, witness.new.status),
        (Some(Status::Satisfied), Some(Status::NotApplicable))
    );
    let words =
        engine(&rule("red", "deny", "from = 2020-01-01\nforbids = 'x.flag && \"p\" == x.kind'"));
    let difference = one.diff(&words).unwrap();
    assert!(difference.rules.is_empty() && difference.equivalent == 1, "{difference:?}");
}

#[test]
fn two_dates_of_one_pack_differ_by_the_rules_whose_periods_part_them() {
    let rules = [
        rule("early", "deny", "from = 2020-01-01\nuntil = 2022-01-01\nforbids = 'x.flag'"),
        rule("always", "review", "from = 2018-01-01\nforbids = 'x.kind == \"p\"'"),
    ]
    .concat();
    let engine = engine(&rules);
    let at = |text: &str| text.parse().unwrap();
    let (old, new) = (at("2021-06-01T00:00:00Z"), at("2023-06-01T00:00:00Z"));
    let difference = engine.diff_at(old, &engine, new).unwrap();
    let [change] = difference.rules.as_slice() else { panic!("{difference:?}") };
    assert_eq!((&*change.rule, change.change), ("account.early", Change::Changed));
    let witness = change.witness.as_ref().unwrap();
    assert_eq!((witness.old.verdict, witness.new.verdict), (Verdict::Deny, Verdict::Review));
    assert_eq!((witness.old.at, witness.new.at), (Some(old), Some(new)));
    assert!(engine.diff_at(old, &engine, old).unwrap().rules.is_empty());
}

#[test]
fn a_rule_without_applies_is_not_said_to_apply_to_no_case() {
    // The pack brings no directory of which a case could come.
    let engine = engine(&rule("delisted", "deny", "forbids = 'provider.listing == \"delisted\"'"));
    let analysis = engine.analyse();
    let claims: Vec<(ClaimKind, Certainty)> =
        analysis.claims.iter().map(|claim| (claim.kind, claim.certainty)).collect();
    assert!(claims.contains(&(ClaimKind::NeverViolated, Certainty::Possible)), "{claims:?}");
    assert!(!claims.iter().any(|(kind, _)| *kind == ClaimKind::NeverApplies), "{claims:?}");
}

/// A pack with a list attribute, `x.tags`, and these sets and rules.
fn engine_with_sets(sets: &str, rules: &str) -> Engine {
    let tags = "\n[attributes.\"x.tags\"]\ntype = \"list(string)\"\nscope = \"campaign\"\n\
                title = \"Tags.\"\n";
    let file = |path: &str, text: &str| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
    };
    let manifest = format!("{MANIFEST}{tags}");
    let files =
        vec![file("pack.toml", &manifest), file("sets.toml", sets), file("rules/all.toml", rules)];
    Engine::builder().without_built_in().pack("small", files).build().unwrap()
}

fn set(entries: &[(&str, &str)]) -> String {
    let mut text = "[[set]]\nid = \"frozen\"\ntitle = \"F\"\nsource = { id = \"s\" }\n".to_owned();
    for (values, dates) in entries {
        let _ = writeln!(text, "[[set.entry]]\nvalues = [{values}]\n{dates}");
    }
    text
}

#[test]
fn a_text_that_a_condition_names_is_tried_and_lists_of_several() {
    let rules = [
        rule("a", "deny", "forbids = 'x.tags.exists(t, t in sets.frozen)'"),
        rule("b", "deny", "requires = '!campaign.name.startsWith(\"shop-\")'"),
        rule("c", "deny", "applies = 'size(x.tags) > 1'\nforbids = 'campaign.automated'"),
        rule("d", "deny", "forbids = 'size(x.tags) > 4 && x.tags.all(t, t == \"vip\")'"),
    ];
    // Too many members to be written out, a condition each.
    let members: Vec<String> = (0..100).map(|number| format!("\"t{number}\"")).collect();
    let engine = engine_with_sets(&set(&[(&members.join(", "), "")]), &rules.concat());
    let analysis = engine.analyse();
    let never: Vec<&Claim> = analysis
        .claims
        .iter()
        .filter(|claim| matches!(claim.kind, ClaimKind::NeverViolated | ClaimKind::NeverApplies))
        .collect();
    assert!(never.is_empty(), "{never:?}");
}

#[test]
fn predicates_over_sets_of_equal_members_are_equal() {
    let conditions = [
        "x.tags.exists(t, t in sets.frozen)",
        "x.tags.all(t, t in sets.frozen)",
        "campaign.name.trim() in sets.frozen",
    ];
    let rules = |dates: &str| -> String {
        let of = |(number, condition): (usize, &&str)| {
            rule(&format!("r{number}"), "deny", &format!("{dates}\nforbids = '{condition}'"))
        };
        conditions.iter().enumerate().map(of).collect()
    };
    let always = rules("from = 2020-01-01");
    let one = engine_with_sets(&set(&[(r#""a", "b""#, "")]), &always);
    let same_in_parts = engine_with_sets(&set(&[(r#""b""#, ""), (r#""a""#, "")]), &always);
    let changed = |old: &Engine, new: &Engine| -> Vec<(String, Certainty)> {
        let difference = old.diff(new).unwrap();
        assert!(difference.bounds.is_empty(), "{difference:?}");
        let changes = difference.rules.iter();
        changes.map(|change| (change.rule.to_string(), change.certainty)).collect()
    };
    assert_eq!(changed(&one, &one), []);
    assert_eq!(changed(&one, &same_in_parts), []);
    let other = engine_with_sets(&set(&[(r#""a", "c""#, "")]), &always);
    assert_eq!(changed(&one, &other).len(), conditions.len());
    // A set too large to be written in a predicate's place of it, against itself.
    let many: Vec<String> = (0..2000).map(|number| format!("\"t{number}\"")).collect();
    let large = engine_with_sets(&set(&[(&many.join(", "), "")]), &always);
    assert_eq!(changed(&large, &large), []);
    // What comes to a set after the rules' end changes nothing of them.
    let later = set(&[(r#""a", "b""#, ""), (r#""c""#, "from = 2025-01-01")]);
    let ended = rules("from = 2020-01-01\nuntil = 2024-01-01");
    let before = engine_with_sets(&set(&[(r#""a", "b""#, "")]), &ended);
    assert_eq!(changed(&before, &engine_with_sets(&later, &ended)), []);
    // Two dates of one pack, with and without a date of a set between them.
    let dated = engine_with_sets(&later, &always);
    let at = |old: &str, new: &str| {
        let (old, new) = (old.parse().unwrap(), new.parse().unwrap());
        dated.diff_at(old, &dated, new).unwrap().rules.len()
    };
    assert_eq!(at("2023-03-01T00:00:00Z", "2023-04-01T00:00:00Z"), 0);
    assert_eq!(at("2024-03-01T00:00:00Z", "2025-04-01T00:00:00Z"), conditions.len());
}

#[test]
fn sides_with_other_attributes_are_refused() {
    let one = engine(&rule("red", "deny", "from = 2020-01-01\nforbids = 'x.flag'"));
    let manifest = MANIFEST.replace("type = \"bool\"", "type = \"double\"");
    let file = |path: &str, text: &str| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
    };
    let files = vec![
        file("pack.toml", &manifest),
        file("rules/all.toml", &rule("red", "deny", "from = 2020-01-01\nforbids = 'x.flag > 1.0'")),
    ];
    let other = Engine::builder().without_built_in().pack("small", files).build().unwrap();
    let error = one.diff(&other).unwrap_err();
    assert_eq!(error.code(), "diff/other-attribute");
    assert!(error.to_string().contains("`x.flag`"), "{error}");
}
