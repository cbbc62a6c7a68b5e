//! Exceptions to rules: whom they cover, what they change, and what is refused.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up should fail")]

use std::borrow::Cow;

use cleartosend::pack::NewWaiver;
use cleartosend::{
    Decision, Engine, EngineBuilder, EngineError, ExplainOptions, Facts, FindingVerdict, Lang,
    PackFile, Status, Timestamp, Verdict,
};

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
"#;

const RULES: &str = r#"
[[rule]]
id = "limits.big"
topic = "limits"
title = "Campaigns are small"
forbids = 'campaign.audience_size > 100'
verdict = "deny"
source = { id = "s" }
message = "m"
advice = "a"
exposure = ["warning"]
labels = { team = "legal", "ticket.url" = "https://acme.example/7" }

[[rule]]
id = "limits.never"
topic = "limits"
title = "Nothing is huge"
forbids = 'campaign.audience_size > 1000'
verdict = "deny"
waivable = false
source = { id = "s" }
message = "m"
advice = "a"
exposure = []
"#;

fn house(waivers: &str) -> EngineBuilder {
    let mut files = vec![("pack.toml", MANIFEST), ("rules/limits.toml", RULES)];
    if !waivers.is_empty() {
        files.push(("waivers.toml", waivers));
    }
    let files = files.into_iter().map(|(path, text)| PackFile {
        path: path.to_owned(),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
    });
    Engine::builder().without_built_in().pack("house", files.collect())
}

fn waiver(lower_to: &str, when: &str) -> String {
    let when = if when.is_empty() { String::new() } else { format!("when = '{when}'\n") };
    format!(
        "[[waiver]]\nrule = \"house/limits.big\"\n{when}lower_to = \"{lower_to}\"\nreason = \
         \"tried out\"\nby = \"Ana\"\nfrom = 2026-01-01\nuntil = 2026-07-01\n"
    )
}

fn check(engine: &Engine, day: &str, campaign: &str) -> Decision {
    let document = format!(
        r#"{{"send_at": "{day}T00:00:00Z", "account": {{"id": "7"}}, "campaign": {campaign}}}"#
    );
    engine.check_json(document.as_bytes()).expect("a decision")
}

const BIG: &str = r#"{"audience_size": 500}"#;
const OPEN: &str = "{}";

fn reported(decision: &Decision) -> Vec<(String, Status, FindingVerdict, bool)> {
    let findings = decision.findings().iter();
    findings
        .map(|found| (found.rule.to_string(), found.status, found.verdict, found.waiver.is_some()))
        .collect()
}

fn refused(builder: EngineBuilder) -> Vec<String> {
    match builder.build() {
        Err(EngineError::Pack { errors, .. } | EngineError::Waivers { errors, .. }) => {
            errors.iter().map(|error| format!("{} {error}", error.code())).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_violation_is_lowered_within_the_period_and_keeps_its_status() {
    let engine = house(&waiver("review", "")).build().expect("an engine");
    for (day, verdict) in [
        ("2025-12-31", Verdict::Deny),
        ("2026-01-01", Verdict::Review),
        ("2026-06-30", Verdict::Review),
        ("2026-07-01", Verdict::Deny),
    ] {
        assert_eq!(check(&engine, day, BIG).verdict(), verdict, "{day}");
    }
    let decision = check(&engine, "2026-03-01", BIG);
    let finding = &decision.findings()[0];
    assert_eq!((finding.status, finding.verdict), (Status::Violated, FindingVerdict::Review));
    assert_eq!(finding.exposure.len(), 1);
    let waiver = finding.waiver.as_ref().expect("a waiver");
    assert_eq!((&*waiver.reason, &*waiver.by), ("tried out", "Ana"));
    assert!(decision.to_json().contains(
        r#""waiver":{"reason":"tried out","by":"Ana","until":"2026-07-01"},"labels":{"team":"legal","ticket.url":"https://acme.example/7"}}"#
    ));
    assert!(decision.text(Lang::English).contains("tried out (Ana, until 2026-07-01)"));
    assert!(decision.text(Lang::Spanish).contains("tried out (Ana, hasta el 2026-07-01)"));
}

#[test]
fn what_is_open_is_waived_too_and_lacks_nothing_then() {
    let engine = house(&waiver("allow", "")).build().expect("an engine");
    let decision = check(&engine, "2026-03-01", OPEN);
    let expected = [
        ("limits.never".to_owned(), Status::Undetermined, FindingVerdict::Review, false),
        ("limits.big".to_owned(), Status::Undetermined, FindingVerdict::Allow, true),
    ];
    assert_eq!(reported(&decision), expected);
    let decision = check(&engine, "2026-03-01", BIG);
    assert_eq!(decision.verdict(), Verdict::Allow);
    assert!(decision.exposure().is_empty() && decision.missing().is_empty());
    let expected = [("limits.big".to_owned(), Status::Violated, FindingVerdict::Allow, true)];
    assert_eq!(reported(&decision), expected);
    // A review is not lowered to review.
    let engine = house(&waiver("review", "")).build().expect("an engine");
    assert!(reported(&check(&engine, "2026-03-01", OPEN)).iter().all(|(.., waived)| !waived));
}

#[test]
fn a_condition_that_is_open_or_has_no_value_waives_nothing() {
    let is_waived = |when: &str, campaign: &str| {
        let engine = house(&waiver("note", when)).build().expect("an engine");
        reported(&check(&engine, "2026-03-01", campaign)).iter().any(|(.., waived)| *waived)
    };
    let with = |more: &str| format!(r#"{{"audience_size": 500{more}}}"#);
    assert!(is_waived(r#"account.id == "7""#, BIG));
    assert!(!is_waived(r#"account.id == "8""#, BIG));
    let marketing = r#"campaign.category == "marketing""#;
    assert!(!is_waived(marketing, BIG));
    assert!(is_waived(marketing, &with(r#", "category": "marketing""#)));
    assert!(!is_waived(marketing, &with(r#", "category": "utility""#)));
    // Whatever it is, the condition holds.
    assert!(is_waived(&format!("{marketing} || !({marketing})"), BIG));
    assert!(!is_waived("send_at.getHours() / 0 == 1", BIG));
    assert!(!is_waived("provider.id.size() > 0", BIG));
}

#[test]
fn the_waiver_that_lowers_most_counts() {
    let both = format!("{}{}", waiver("review", ""), waiver("note", r#"account.id == "7""#));
    let engine = house(&both).build().expect("an engine");
    let decision = check(&engine, "2026-03-01", BIG);
    assert_eq!(decision.findings()[0].verdict, FindingVerdict::Note);
    let judged = engine
        .judge(
            &Facts::from_json(
                engine.schema(),
                br#"{"send_at": "2026-03-01T00:00:00Z",
            "campaign": {"audience_size": 500}, "account": {"id": "8"}}"#,
            )
            .expect("facts"),
        )
        .expect("a judgement");
    assert_eq!(judged.verdict(), Verdict::Review);
}

#[test]
fn the_digest_covers_the_waiver() {
    let of = |waivers: &str| {
        let engine = house("").waivers("w.toml", waivers.as_bytes()).build().expect("an engine");
        check(&engine, "2026-03-01", BIG).digest()
    };
    let one = waiver("review", "");
    assert_eq!(of(&one), of(&one));
    assert_ne!(of(&one), of(&one.replace("Ana", "Eva")));
    // One that does not hold changes nothing.
    assert_eq!(of(""), of(&one.replace("2026-01-01", "2026-06-01")));
}

#[test]
fn an_explanation_knows_when_a_waiver_ends() {
    let engine = house(&waiver("allow", "")).build().expect("an engine");
    let facts = Facts::from_json(
        engine.schema(),
        br#"{"send_at": "2026-06-15T00:00:00Z", "campaign": {"audience_size": 500}}"#,
    );
    let explanation =
        engine.explain(&facts.expect("facts"), &ExplainOptions::default()).expect("one");
    let timeline = explanation.timeline().expect("a timeline");
    let reported: Vec<_> =
        timeline.intervals.iter().map(|one| (one.from.to_string(), one.verdict)).collect();
    assert_eq!(
        reported,
        [
            ("2026-06-15T00:00:00Z".to_owned(), Verdict::Allow),
            ("2026-07-01T00:00:00Z".to_owned(), Verdict::Deny)
        ]
    );
}

#[test]
fn a_waiver_is_refused_with_its_place() {
    let of = |waivers: &str| refused(house("").waivers("w.toml", waivers.as_bytes()));
    let one = waiver("review", "");
    assert_eq!(
        of(&one.replace("limits.big", "limits.bigg")),
        ["pack/unknown-rule w.toml:2:8: unknown rule `house/limits.bigg`; did you mean \
          `house/limits.big`?"]
    );
    assert_eq!(
        of(&one.replace("house/", "hose/")),
        ["pack/unknown-pack w.toml:2:8: no pack `hose` is loaded; did you mean `house`?"]
    );
    assert_eq!(
        of(&one.replace("limits.big", "limits.never")),
        [
            "pack/not-waivable w.toml:2:8: `house/limits.never` cannot be waived: it says `waivable = \
          false`"
        ]
    );
    assert_eq!(
        of(&one.replace("2026-07-01", "2027-07-01")),
        ["pack/waiver-too-long w.toml:7:9: a waiver lasts at most 400 days"]
    );
    let bad = "[[waiver]]\nrule = \"limits.big\"\nwhen = 'account.idd == 7'\nlower_to = \
               \"deny\"\nreason = \"\"\nfrom = 2026-01-01\n";
    let codes: Vec<String> = of(bad)
        .iter()
        .map(|reported| reported.split(' ').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        codes,
        [
            "pack/missing-key",
            "pack/missing-key",
            "pack/no-rule-name",
            "cel/unknown-attribute",
            "pack/unknown-word",
            "pack/empty"
        ]
    );
    // In a pack, a waiver of the pack's own rule is refused with the pack.
    assert_eq!(refused(house(&one.replace("big", "never"))).len(), 1);
}

#[test]
fn a_program_makes_waivers_too() {
    let day = |text: &str| Timestamp::parse(text).expect("an instant");
    let good = NewWaiver {
        rule: "house/limits.big".to_owned(),
        when: Some(r#"account.id == "7""#.to_owned()),
        lower_to: FindingVerdict::Review,
        reason: "tried out".to_owned(),
        by: "Ana".to_owned(),
        from: day("2026-01-01T00:00:00Z"),
        until: day("2026-07-01T00:00:00Z"),
    };
    let engine = house("").waiver(good.clone()).build().expect("an engine");
    assert_eq!(check(&engine, "2026-03-01", BIG).verdict(), Verdict::Review);
    let bad = NewWaiver {
        when: Some("account.idd".to_owned()),
        lower_to: FindingVerdict::Deny,
        by: " ".to_owned(),
        until: good.from,
        ..good.clone()
    };
    assert_eq!(refused(house("").waiver(good).waiver(bad)).len(), 4);
}
