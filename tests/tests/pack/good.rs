//! A good pack comes out as it was written.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::borrow::Cow;

use cleartosend::pack::{Appeal, Condition, Confidence, Rule, StepEnd};
use cleartosend::schema::{Nullable, Scope, attributes};
use cleartosend::{
    Engine, Exposure, Fact, FindingVerdict, Pack, PackFile, RuleTopic, Schema, Status, Timestamp,
    Topic, Type, Value, Verdict,
};
use serde_json::json;

use crate::common;

fn good() -> Pack {
    Pack::load(&common::good(), &common::base()).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[test]
fn the_manifest_is_read() {
    let pack = good();
    assert_eq!(
        (&*pack.name, pack.version.to_string().as_str(), &*pack.title),
        ("acme", "1.2.0", "Acme's own rules")
    );
    assert_eq!(pack.published, at("2026-11-23T00:00:00Z"));
    assert_eq!(pack.sources["rumour"].retrieved, at("2026-11-20T11:00:00Z"));
    let paths: Vec<&str> = pack.attributes.iter().map(|attribute| &*attribute.path).collect();
    assert_eq!(paths, ["x.shop.open", "x.shop.visits", "x.tier"]);
    let attribute = |path| pack.schema.attribute(pack.schema.id(path).unwrap());
    assert_eq!(attribute("x.shop.visits").ty, Type::INT.list());
    assert_eq!(attribute("x.shop.visits").unit.as_deref(), Some("visits"));
    assert_eq!(attribute("x.shop.open").nullable, Nullable::Yes);
    assert_eq!(
        (attribute("x.tier").scope, attribute("x.tier").nullable),
        (Scope::Recipient, Nullable::No)
    );
    assert_eq!(attribute("x.tier").choices().unwrap().len(), 2);
    assert!(pack.schema.id("x.other").is_some(), "the base's attributes stay");
}

#[test]
fn what_is_passed_over_changes_nothing() {
    let mut files = common::good();
    for path in [
        ".gitignore",
        ".git/config",
        "LICENSE-MIT",
        "rules/consent.toml~",
        "rules/consent.toml.orig",
        "tests/.DS_Store",
    ] {
        files.push(PackFile { path: path.to_owned(), bytes: Cow::Borrowed(b"\xff[[[") });
    }
    assert_eq!(Pack::load(&files, &common::base()).unwrap().digest, good().digest);
}

#[test]
fn rules_are_read_in_source_order() {
    let pack = good();
    let ids: Vec<&str> = pack.rules.iter().map(|rule| &*rule.id).collect();
    assert_eq!(
        ids,
        ["consent.no-opt-in", "consent.long-ago", "vertical.closed-to-gold", "vertical.tobacco"]
    );
    let [opt_in, long_ago, gold, tobacco] = &pack.rules[..] else { panic!("four rules") };
    assert_eq!(
        (opt_in.topic.clone(), opt_in.verdict, opt_in.confidence),
        (RuleTopic::BuiltIn(Topic::Consent), FindingVerdict::Deny, Confidence::Confirmed)
    );
    assert_eq!(opt_in.place.to_string(), "rules/consent.toml:3:1");
    assert_eq!((&*opt_in.source.source, opt_in.source.section.as_deref()), ("handbook", Some("1")));
    assert_eq!(
        opt_in.exposure,
        [Exposure::Warning, Exposure::BlockBusinessInitiated],
        "from mild to grave"
    );
    assert!(
        opt_in.period.contains(at("2018-08-01T00:00:00Z"))
            && opt_in.period.contains(at("2026-10-31T23:59:59Z"))
    );
    assert!(
        !opt_in.period.contains(at("2026-11-01T00:00:00Z"))
            && !opt_in.period.contains(at("2018-07-31T23:59:59Z"))
    );
    assert_eq!(
        (long_ago.period.from, long_ago.period.until),
        (Some(at("2018-07-31T22:00:00Z")), None)
    );
    assert!(matches!(
        (&opt_in.condition, &long_ago.condition),
        (Condition::Requires(_), Condition::Forbids(_))
    ));
    assert_eq!(
        (opt_in.scope, gold.scope, tobacco.scope),
        (Scope::Recipient, Scope::Recipient, Scope::Campaign)
    );
}

#[test]
fn a_rule_reads_what_its_conditions_and_texts_name() {
    let pack = good();
    let paths = |rule: usize| -> Vec<&str> {
        pack.rules[rule].attributes.iter().map(|id| &*pack.schema.attribute(*id).path).collect()
    };
    assert_eq!(paths(0), ["campaign.initiated_by", "recipient.phone", "recipient.opt_in"]);
    assert_eq!(paths(2), ["account.country", "campaign.vertical", "x.tier"]);
    let facts = |id| {
        if id == attributes::RECIPIENT_OPT_IN_AT {
            Fact::Value(Value::Timestamp(at("2019-05-01T00:00:00Z")))
        } else {
            Fact::Unknown
        }
    };
    assert_eq!(
        pack.rules[1].message.render(&pack.schema, facts),
        "opted in at 2019-05-01T00:00:00Z {long ago}"
    );
    assert_eq!(pack.rules[0].message.render(&pack.schema, facts), "unknown has not opted in");
}

#[test]
fn the_scope_of_a_rule_follows_from_its_texts_too() {
    let mut files = common::good();
    let file = files.iter_mut().find(|file| file.path == "rules/vertical.toml").unwrap();
    let text = String::from_utf8(file.bytes.to_vec())
        .unwrap()
        .replace("\"{campaign.vertical}\"", "\"{recipient.phone}\"");
    file.bytes = Cow::Owned(text.into_bytes());
    let pack = Pack::load(&files, &common::base()).unwrap();
    assert_eq!(pack.rules[3].scope, Scope::Recipient);
}

#[test]
fn sets_have_members_by_date() {
    let pack = good();
    let [countries, hours] = &pack.sets[..] else { panic!("two sets") };
    let members = |date: &str| -> Vec<String> {
        countries
            .members_at(at(date))
            .iter()
            .filter_map(
                |value| if let Value::String(text) = value { Some(text.to_string()) } else { None },
            )
            .collect()
    };
    assert_eq!(members("2024-08-20T23:59:59Z"), ["DE", "ES"]);
    assert_eq!(members("2024-08-21T00:00:00Z"), ["DE", "ES", "IN"]);
    assert_eq!(members("2024-08-23T00:00:00Z"), ["DE", "ES"]);
    assert_eq!(members("2025-12-01T00:00:00Z"), ["DE", "IN"]);
    let boundaries =
        ["2024-08-21T00:00:00Z", "2024-08-23T00:00:00Z", "2025-12-01T00:00:00Z"].map(at);
    assert_eq!(countries.boundaries(), boundaries);
    assert_eq!(
        (&*countries.id, countries.name().as_str()),
        ("alcohol-countries", "alcohol_countries")
    );
    assert_eq!(
        (&*countries.entries[0].source.source, &*countries.entries[1].source.source),
        ("handbook", "rumour")
    );
    assert_eq!(
        (hours.element, hours.members_at(Timestamp::MIN)),
        (Type::INT, vec![Value::Int(0), Value::Int(22), Value::Int(23)])
    );
    assert!(hours.boundaries().is_empty());
}

#[test]
fn ladders_are_read() {
    let pack = good();
    let [first, second] = &pack.ladders[..] else { panic!("two ladders") };
    assert_eq!(first.violations.as_ref().map(Vec::len), Some(2));
    assert_eq!((second.violations.as_ref(), &*second.immediate[0]), (None, "terrorism"));
    assert_eq!(
        (first.steps[0].ends, first.steps[0].appeal_days, first.steps[0].days.len()),
        (StepEnd::Nothing, None, 0)
    );
    let step = &second.steps[0];
    assert_eq!(
        (step.days.as_slice(), step.ends, step.appeal, step.appeal_days),
        (&[1, 3][..], StepEnd::Time, Appeal::NotAlways, Some(90))
    );
    assert_eq!(
        (step.blocks.len(), step.exposure.as_slice()),
        (2, &[Exposure::BlockBusinessInitiated][..])
    );
}

#[test]
fn tests_come_with_their_base_changed() {
    let pack = good();
    let [opt_in, silver] = &pack.tests().unwrap().tests[..] else { panic!("two tests") };
    assert_eq!(
        opt_in.facts,
        json!({
            "send_at": "2026-03-02T14:00:00Z",
            "provider": {"name": "Acme"},
            "campaign": {"initiated_by": "business"},
            "recipient": {"opt_in": "none", "last_inbound_at": null},
            "account": {"violations": [], "feedback": {"blocks_7d": 3}},
        })
    );
    assert_eq!(
        (opt_in.directory.as_deref(), opt_in.expect.verdict),
        (Some("empty"), Verdict::Deny)
    );
    assert!(pack.directories["empty"].starts_with(b"{"));
    assert_eq!(opt_in.expect.violated.len() + opt_in.expect.undetermined.len(), 2);
    assert_eq!(opt_in.expect.missing.as_ref().map(Vec::len), Some(1));
    // A table written as a value replaces what was there; a dotted key does not.
    assert_eq!(
        (&silver.facts["campaign"], &silver.facts["x"]),
        (&json!({"vertical": "alcohol"}), &json!({"tier": "silver"}))
    );
    assert_eq!(
        silver.facts["recipient"]["opt_in_at"],
        json!("2026-01-01T00:00:00Z"),
        "the base of another file"
    );
    assert_eq!(silver.expect.missing, None);
}

#[test]
fn the_digest_covers_what_is_read_and_nothing_else() {
    let files = common::good();
    let digest = |files: &[PackFile]| Pack::load(files, &common::base()).unwrap().digest;
    let shuffled: Vec<PackFile> = files.iter().rev().cloned().collect();
    assert_eq!(digest(&files), digest(&shuffled));
    for file in 0..files.len() {
        let mut changed = files.clone();
        changed[file].bytes.to_mut().push(b'\n');
        assert_eq!(
            digest(&changed) == digest(&files),
            files[file].path == "README.md",
            "{}",
            files[file].path
        );
    }
}

#[test]
fn the_built_in_packs_have_no_problems() {
    for name in Pack::built_in_names() {
        let pack =
            Pack::built_in(name).unwrap().unwrap_or_else(|errors| panic!("{name}:\n{errors}"));
        assert_eq!(&*pack.name, name);
    }
    assert!(Pack::built_in("no-such-pack").is_none());
}

/// The good pack with two more files.
fn with_laws() -> Vec<PackFile> {
    let mut files = common::good();
    for (path, text) in [
        (
            "conditions.toml",
            r#"
            [[condition]]
            id   = "is-automated"
            expr = 'campaign.automated || account.region_conflict'
            [[condition]]
            id   = "unwanted"
            expr = 'conditions.is_automated && ["x", "y"].exists(v, v == campaign.name)'
            "#,
        ),
        (
            "rules/law.toml",
            r#"
            [[rule]]
            id       = "territory.law"
            topic    = "territory"
            title    = "A law"
            applies  = 'conditions.is_automated && recipient.country in ["CA", "HK"]'
            forbids  = '["a"].all(v, conditions.unwanted && v == "a")'
            verdict  = "review"
            source   = { id = "handbook" }
            message  = "m"
            advice   = "a"
            exposure = []
            [rule.source_by_country]
            CA = { id = "handbook", section = "of Canada" }
            HK = { id = "rumour" }
            "#,
        ),
    ] {
        files.push(PackFile { path: path.to_owned(), bytes: Cow::Borrowed(text.as_bytes()) });
    }
    files
}

#[test]
fn a_rule_cites_the_source_of_the_country_and_says_what_its_named_conditions_say() {
    let pack = Pack::load(&with_laws(), &common::base()).unwrap();
    let rule = pack.rules.iter().find(|rule| &*rule.id == "territory.law").unwrap();
    let section = |country| rule.source_in(country).section.as_deref();
    assert_eq!(section(Some("CA")), Some("of Canada"));
    assert_eq!((section(Some("ES")), section(None)), (None, None));
    assert_eq!(&*rule.source_in(Some("HK")).source, "rumour");
    let names: Vec<&str> = pack.conditions.iter().map(|named| &*named.name).collect();
    assert_eq!(names, ["is_automated", "unwanted"]);
    for attribute in ["campaign.automated", "account.region_conflict", "campaign.name"] {
        assert!(rule.attributes.contains(&pack.schema.id(attribute).unwrap()), "{attribute}");
    }
    assert!(rule.applies.as_ref().unwrap().source.starts_with("conditions.is_automated && "));

    let files: Vec<PackFile> = with_laws()
        .into_iter()
        .filter(|file| !file.path.starts_with("tests/") && file.path != "README.md")
        .collect();
    let engine = Engine::builder().pack("acme", files).build().unwrap();
    let found = |country: &str, name: &str| {
        let document = json!({
            "send_at": "2026-03-02T15:00:00Z",
            "campaign": {"automated": true, "name": name},
            "recipient": {"country": country, "user_id": null, "phone": null},
        });
        let decision = engine.check_json(document.to_string().as_bytes()).unwrap();
        decision
            .findings()
            .iter()
            .find(|finding| &*finding.rule == "territory.law")
            .map(|finding| (finding.source.title.to_string(), finding.source.section.clone()))
    };
    assert_eq!(found("CA", "x").unwrap().1.as_deref(), Some("of Canada"));
    assert_eq!(found("HK", "y").unwrap().0, pack.sources["rumour"].title.to_string());
    assert_eq!((found("ES", "x"), found("CA", "z")), (None, None));
}

fn with(path: &str, replace: &str, by: &str) -> Pack {
    let mut files = common::good();
    let file = files.iter_mut().find(|file| file.path == path).unwrap();
    let text = String::from_utf8(file.bytes.to_vec()).unwrap();
    assert!(text.contains(replace));
    file.bytes = Cow::Owned(text.replacen(replace, by, 1).into_bytes());
    Pack::load(&files, &common::base()).unwrap()
}

#[test]
fn a_pack_that_says_up_to_when_it_knows_has_the_rules_on_its_age() {
    assert!(good().known_until.is_none() && good().rules.iter().all(Rule::is_written));
    let pack = with(
        "pack.toml",
        "published = 2026-11-23",
        "published = 2026-11-23\nknown_until = 2026-11-20",
    );
    assert_eq!(pack.known_until, Some(at("2026-11-20T00:00:00Z")));
    let own: Vec<&Rule> = pack.rules.iter().filter(|rule| !rule.is_written()).collect();
    let reported: Vec<_> = own
        .iter()
        .map(|rule| (&*rule.id, rule.verdict, rule.period.from, rule.period.until))
        .collect();
    let (noted, doubted) = (at("2027-05-20T00:00:00Z"), at("2027-12-26T00:00:00Z"));
    assert_eq!(
        reported,
        [
            ("directory.rules-not-current", FindingVerdict::Note, Some(noted), Some(doubted)),
            ("directory.rules-not-current", FindingVerdict::Review, Some(doubted), None),
        ]
    );
    assert!(
        own.iter().all(|rule| rule.scope == Scope::Campaign && !rule.is_quiet() || rule.is_note())
    );
}

#[test]
fn a_rule_that_is_assumed_to_its_end_is_quiet_where_it_is_undetermined() {
    let seen = |day: &str| {
        with(
            "rules/consent.toml",
            "from       = 2018-08-01T00:00:00+02:00",
            &format!("from       = 2018-08-01\nuntil      = 2020-01-01\nseen_from  = {day}"),
        )
    };
    let [whole, part] = ["2020-01-01", "2019-12-31"].map(seen);
    assert!(whole.rules[1].is_quiet() && !part.rules[1].is_quiet());
    assert_eq!(whole.rules[1].verdict_of(Status::Undetermined), FindingVerdict::Note);
    assert_eq!(part.rules[1].verdict_of(Status::Undetermined), FindingVerdict::Review);
    assert_eq!(whole.rules[1].verdict_of(Status::Violated), FindingVerdict::Review);
}

#[test]
fn an_own_fact_that_is_absent_when_not_given_leaves_nothing_open() {
    let rule = r#"forbids  = 'has(x.shop.open) && x.shop.open'"#;
    let of = |not_given: &str| {
        let mut files = common::good();
        for (path, replace, by) in [
            (
                "pack.toml",
                "nullable = true",
                &*format!("nullable = true\nnot_given = \"{not_given}\""),
            ),
            ("rules/vertical.toml", "forbids  = 'campaign.vertical == \"tobacco\"'", rule),
        ] {
            let file = files.iter_mut().find(|file| file.path == path).unwrap();
            let text = String::from_utf8(file.bytes.to_vec()).unwrap();
            assert!(text.contains(replace), "{replace}");
            file.bytes = Cow::Owned(text.replacen(replace, by, 1).into_bytes());
        }
        // Its tests are about another rule.
        files.retain(|file| !file.path.starts_with("tests/"));
        Pack::load(&files, &Schema::built_in()).unwrap()
    };
    let statuses = ["absent", "unknown"].map(|not_given| {
        let engine = Engine::builder().without_built_in().add(of(not_given)).build().unwrap();
        let decision = engine.check_json(br#"{"send_at": "2026-03-02T15:00:00Z"}"#).unwrap();
        decision.findings().iter().filter(|found| &*found.rule == "vertical.tobacco").count()
    });
    assert_eq!(statuses, [0, 1]);
}

#[test]
fn topics_of_ones_own_begin_with_the_pack() {
    let pack = with(
        "rules/consent.toml",
        "id         = \"consent.long-ago\"\ntopic      = \"consent\"",
        "id         = \"memory.long-ago\"\ntopic      = \"acme/memory\"",
    );
    let rule = pack.rules.iter().find(|rule| &*rule.id == "memory.long-ago").unwrap();
    assert_eq!(rule.topic, RuleTopic::Own("acme/memory".into()));
    assert_eq!(serde_json::to_value(&rule.topic).unwrap(), json!("acme/memory"));
    assert!(RuleTopic::BuiltIn(Topic::Directory) < rule.topic, "own topics come last");
}
