//! What a caller sees of a directory: what it refuses, and what it says of whom and when.

use super::list::SAMPLE;
use super::*;
use crate::digest::Digest;
use crate::time::{Period, Timestamp};

fn at(date: &str) -> Timestamp {
    read::instant(date).unwrap()
}

fn directory(complete: bool, providers: &str) -> Directory {
    let covers = r#"{"from": "2018-08-01", "until": null}"#;
    Directory::from_json(
        format!(
            r#"{{"source": "test", "retrieved_at": "2026-03-01", "complete": {complete}, "covers": {covers}, "providers": [{providers}]}}"#
        )
        .as_bytes(),
    )
    .unwrap()
}

const ACME: &str = r#"{"id": "1", "name": "Acme Chat", "aliases": ["Acme"], "domains": ["acme.example"], "role": null,
    "listed": [{"from": "2020-01-01", "until": "2021-01-01"}, {"from": "2022-01-01", "until": null}]}"#;

fn listing(
    directory: &Directory,
    id: Option<&str>,
    name: Option<&str>,
    domain: Option<&str>,
    date: &str,
) -> &'static str {
    directory.find(&Identity { id, name, domain }, at(date)).listing.name()
}

#[test]
fn an_entry_is_listed_in_its_periods_delisted_after_them_and_before_them_absent() {
    let (complete, partial) = (directory(true, ACME), directory(false, ACME));
    for (date, in_complete, in_partial) in [
        ("2018-07-31", "unknown", "unknown"),
        ("2019-12-31T23:59:59.999999999Z", "unlisted", "unknown"),
        ("2020-01-01", "listed", "listed"),
        ("2020-12-31T23:59:59Z", "listed", "listed"),
        ("2021-01-01", "delisted", "delisted"),
        ("2022-01-01", "listed", "listed"),
        ("2031-01-01", "listed", "listed"),
    ] {
        assert_eq!(listing(&complete, None, Some("acme"), None, date), in_complete, "{date}");
        assert_eq!(listing(&partial, None, Some("acme"), None, date), in_partial, "{date}");
    }
}

#[test]
fn a_stranger_is_unlisted_only_in_a_complete_directory_that_covers_the_day() {
    let (complete, partial) = (directory(true, ACME), directory(false, ACME));
    for (directory, date, expected) in [
        (&complete, "2026-03-01", "unlisted"),
        (&complete, "2030-01-01", "unlisted"),
        (&complete, "2018-08-01", "unlisted"),
        (&complete, "2018-07-31T23:59:59Z", "unknown"),
        (&partial, "2026-03-01", "unknown"),
    ] {
        assert_eq!(
            listing(directory, None, Some("Weather Bureau"), None, date),
            expected,
            "{date}"
        );
    }
}

#[test]
fn a_period_of_coverage_ends() {
    let json = br#"{"source": "s", "retrieved_at": "2020-01-01", "complete": true, "covers": {"from": "2019-01-01", "until": "2020-01-01"}, "providers": [{"id": "1", "name": "Acme"}]}"#;
    let directory = Directory::from_json(json).unwrap();
    assert_eq!(listing(&directory, None, Some("x"), None, "2019-12-31T23:59:59Z"), "unlisted");
    assert_eq!(listing(&directory, None, Some("x"), None, "2020-01-01"), "unknown");
}

#[test]
fn listed_needs_every_given_identifier() {
    let other = r#"{"id": "2", "name": "Other", "domains": ["other.example"], "listed": [{"from": "2018-08-01"}]}"#;
    let directory = directory(true, &format!("{ACME}, {other}"));
    for (id, name, domain, expected) in [
        (Some("1"), None, None, "listed"),
        (None, Some(" ACME  chat"), None, "listed"),
        (None, None, Some("App.Acme.Example."), "listed"),
        (Some("1"), Some("Acme"), Some("acme.example"), "listed"),
        (Some("2"), Some("Acme"), Some("acme.example"), "unlisted"),
        (Some("1"), Some("Other"), None, "unlisted"),
        (None, Some("Acme"), Some("other.example"), "unlisted"),
        (None, Some("Acme"), Some("acme.test"), "unlisted"),
        (None, Some("Acme"), Some("no domain"), "unknown"),
        (None, Some(" "), None, "unknown"),
        (None, Some("Acme Chat, S.L."), None, "listed"),
        (None, None, None, "unknown"),
    ] {
        assert_eq!(
            listing(&directory, id, name, domain, "2026-03-01"),
            expected,
            "{id:?} {name:?} {domain:?}"
        );
    }
}

#[test]
fn an_entry_without_periods_or_without_domains_leaves_it_open() {
    let directory = directory(
        true,
        r#"{"id": "1", "name": "Acme"}, {"id": "2", "name": "Bare", "listed": [{"from": "2018-08-01"}]}"#,
    );
    assert_eq!(listing(&directory, Some("1"), None, None, "2026-03-01"), "unknown");
    assert_eq!(listing(&directory, None, Some("bare"), None, "2026-03-01"), "listed");
    assert_eq!(
        listing(&directory, None, Some("bare"), Some("bare.example"), "2026-03-01"),
        "unknown",
        "the directory has no domain to compare"
    );
}

#[test]
fn of_two_of_one_name_the_better_listing_counts() {
    let directory = directory(
        true,
        r#"{"id": "1", "name": "Twin", "listed": [{"from": "2019-01-01", "until": "2020-01-01"}]},
           {"id": "2", "name": "twin", "listed": [{"from": "2021-01-01"}]}"#,
    );
    let found =
        directory.find(&Identity { name: Some("Twin"), ..Identity::default() }, at("2026-03-01"));
    assert_eq!((found.listing, found.entry.map(Provider::id)), (Listing::Listed, Some("2")));
}

#[test]
fn what_is_no_directory_is_refused_with_its_place() {
    let provider = |members: &str| {
        format!(
            r#"{{"source": "s", "retrieved_at": "2026-03-01", "complete": true, "covers": {{"from": "2018-08-01"}}, "providers": [{{"id": "0", "name": "Zero"}}, {{{members}}}]}}"#
        )
    };
    let header = |members: &str| format!(r#"{{{members}}}"#);
    for (json, code, message) in [
        (
            header(r#""sorce": "s""#),
            "directory/unknown-member",
            "there is no member `sorce`; did you mean `source`",
        ),
        (
            header(r#""source": "s", "source": "s""#),
            "directory/repeated-member",
            "`source` is given twice",
        ),
        (
            header(r#""source": 3"#),
            "directory/wrong-type",
            "source: expected a string, found the number `3`",
        ),
        (
            header(r#""retrieved_at": "2026-02-30""#),
            "directory/bad-date",
            "retrieved_at: `2026-02-30` is not a date: there is no such date or time",
        ),
        (
            header(r#""complete": "yes""#),
            "directory/wrong-type",
            "complete: expected `true` or `false`, found a string",
        ),
        (
            header(r#""covers": {"from": null}"#),
            "directory/wrong-type",
            "covers.from: expected a date or a timestamp, found null",
        ),
        (
            header(r#""covers": {"until": null}"#),
            "directory/missing-member",
            "covers: `from` is missing",
        ),
        (header(r#""source": "s""#), "directory/missing-member", "`retrieved_at` is missing"),
        ("[]".to_owned(), "directory/wrong-type", "expected a directory object, found an array"),
        (
            "{".to_owned(),
            "directory/not-json",
            "not well-formed JSON: EOF while parsing an object at line 1 column 1",
        ),
        (provider(r#""id": "1""#), "directory/missing-member", "providers[1]: `name` is missing"),
        (
            provider(r#""id": "0", "name": "x""#),
            "directory/duplicate-id",
            "providers[1].id: `0` is the id of `providers[0]` too",
        ),
        (
            provider(r#""id": "1", "name": " ""#),
            "directory/empty",
            "providers[1].name: the name is empty",
        ),
        (
            provider(r#""id": "a b", "name": "x""#),
            "directory/bad-id",
            "providers[1].id: `a b` is not an id; expected a string without blanks",
        ),
        (
            provider(r#""id": "null", "name": "x""#),
            "directory/bad-id",
            "providers[1].id: `null` is not an id; expected a string without blanks",
        ),
        (
            provider("\"id\": \"1\", \"name\": \"\u{3164}\""),
            "directory/bad-name",
            "providers[1].name: `\\u{3164}` is not a name that identifies a provider",
        ),
        (
            provider(r#""id": "1", "name": "x", "aliases": ["N/A"]"#),
            "directory/bad-name",
            "providers[1].aliases[0]: `N/A` is not a name that identifies a provider",
        ),
        (
            provider(r#""id": "1", "name": "x", "listed": [{"from": "1970-01-01"}]"#),
            "directory/bad-date",
            "providers[1].listed[0].from: `1970-01-01T00:00:00Z` is a date that programs write \
             where there is none",
        ),
        (
            r#"{"source": "s", "retrieved_at": "9999-12-31", "complete": false, "covers": {"from": "2018-08-01"}, "providers": []}"#.to_owned(),
            "directory/bad-date",
            "retrieved_at: `9999-12-31T00:00:00Z` is a date that programs write where there is \
             none",
        ),
        (
            r#"{"source": "s", "retrieved_at": "2026-03-01", "complete": true, "covers": {"from": "2018-08-01"}, "providers": []}"#.to_owned(),
            "directory/empty",
            "providers: a complete directory that names no provider would call every provider \
             unlisted",
        ),
        (
            provider(r#""id": "1", "name": "x", "role": "solution_partnr""#),
            "directory/bad-role",
            "providers[1].role: there is no role `solution_partnr`; did you mean \
             `solution_partner`",
        ),
        (
            provider(r#""id": "1", "name": "x", "domains": ["co.uk"]"#),
            "directory/bad-domain",
            "providers[1].domains[0]: `co.uk` is not a domain that can be registered, such as \
             `example.com`",
        ),
        (
            provider(
                r#""id": "1", "name": "x", "listed": [{"from": "2020-01-01"}, {"from": "2020-01-01", "until": "2020-01-01"}]"#,
            ),
            "directory/bad-period",
            "providers[1].listed[1].until: until `2020-01-01T00:00:00Z` is not after from \
             `2020-01-01T00:00:00Z`",
        ),
        (
            provider(r#""id": "1", "name": "x", "listed": [{"from": "soon"}]"#),
            "directory/bad-date",
            "providers[1].listed[0].from: `soon` is not a date: expected a date such as `2026-03-01` \
             or an RFC 3339 instant such as `2026-03-01T00:00:00Z`",
        ),
    ] {
        let error = Directory::from_json(json.as_bytes()).unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), (code, message), "{json}");
    }
}

#[test]
fn what_follows_the_object_or_is_no_text_is_refused() {
    let good = directory_text();
    assert!(Directory::from_json(good.as_bytes()).is_ok());
    assert_eq!(
        Directory::from_json(format!("{good} x").as_bytes()).unwrap_err().code(),
        "directory/not-json"
    );
    let mut bytes = good.replace("test", "te\u{1}t").into_bytes();
    assert_eq!(Directory::from_json(&bytes).unwrap_err().code(), "directory/not-json");
    bytes.retain(|byte| *byte != 1);
    let at = bytes.windows(2).position(|pair| pair == b"te").unwrap();
    bytes[at] = 0xff;
    assert_eq!(Directory::from_json(&bytes).unwrap_err().code(), "directory/not-json");
    assert_eq!(
        Directory::from_json("[".repeat(1000).as_bytes()).unwrap_err().code(),
        "directory/wrong-type"
    );
}

fn directory_text() -> String {
    r#"{"source": "test", "retrieved_at": "2026-03-01", "complete": true, "covers": {"from": "2018-08-01"}, "providers": [{"id": "0", "name": "Zero"}]}"#.to_owned()
}

#[test]
fn what_is_written_reads_back_the_same() {
    let snapshot = read::snapshot(SAMPLE).unwrap();
    assert_eq!(read::snapshot(snapshot.to_json().as_bytes()).unwrap(), snapshot);
    let odd = Snapshot {
        source: "quotes \" and \\ and \u{7f}\n".to_owned(),
        retrieved_at: at("2026-03-01T10:00:00.5Z"),
        complete: true,
        covers: Period { from: at("2018-08-01T12:00:00Z"), until: Some(at("2019-01-01")) },
        providers: vec![Entry {
            id: "1".to_owned(),
            name: "N\u{fc}".to_owned(),
            listed: vec![Listed {
                period: Period { from: at("2018-08-01"), until: None },
                source: Some("a".to_owned()),
            }],
            evidence_at: Some(at("2020-07-16")),
            ..Entry::default()
        }],
    };
    assert_eq!(read::snapshot(odd.to_json().as_bytes()).unwrap(), odd);
    assert_eq!(
        Directory::from_snapshot(odd.clone()).unwrap().digest(),
        Digest::of(odd.to_json().as_bytes())
    );
}

#[test]
fn the_sample_says_that_it_is_one() {
    let sample = Directory::built_in().unwrap();
    assert_eq!(sample.providers().len(), 57);
    assert!(!sample.complete() && sample.source().contains("not an extract"));
    assert!(
        sample
            .providers()
            .iter()
            .all(|provider| provider.listed().is_empty() && provider.evidence().is_some())
    );
    let nexmo = sample.find(
        &Identity { name: Some("nexmo"), domain: Some("api.vonage.com"), id: None },
        at("2026-11-23"),
    );
    assert_eq!(
        (nexmo.listing, nexmo.entry.map(Provider::name)),
        (Listing::Unknown, Some("Vonage"))
    );
    assert_eq!(sample.digest(), Digest::of(SAMPLE));
}

fn imitated(name: Option<&str>, domain: Option<&str>) -> Option<(String, Vec<&'static str>)> {
    let sample = Directory::built_in().unwrap();
    let found = sample.find(&Identity { id: None, name, domain }, at("2026-11-23"));
    found.lookalike.map(|lookalike| {
        (
            lookalike.of.name().to_owned(),
            lookalike.reasons.iter().map(|reason| reason.name()).collect(),
        )
    })
}

#[test]
fn a_lookalike_names_whom_it_resembles_and_why() {
    for (name, domain, of, reasons) in [
        (Some("Hubtype Official"), None, "Hubtype", &["added-words"][..]),
        (Some("Hubtyp3"), None, "Hubtype", &["confusable-characters"]),
        (Some("Hubt\u{443}pe"), None, "Hubtype", &["confusable-characters", "mixed-scripts"]),
        (Some("lnfobip"), None, "Infobip", &["confusable-characters"]),
        (Some("Infobpi"), None, "Infobip", &["misspelling"]),
        (Some("360-dialog"), None, "360dialog", &["separators"]),
        (Some("Mobile Route"), None, "Route Mobile", &["swapped-words"]),
        (None, Some("hubtype-whatsapp.example"), "Hubtype", &["added-words"]),
        (None, Some("hubtype.net"), "Hubtype", &["other-suffix"]),
        (None, Some("hubtype.com.login.example"), "Hubtype", &["subdomain"]),
        (
            None,
            Some("hubt\u{443}pe.com"),
            "Hubtype",
            &["confusable-characters", "mixed-scripts", "punycode"],
        ),
        (None, Some("gupshup-io.example"), "Gupshup", &["added-words"]),
        (Some("Hubtype"), Some("cheap-sender.example"), "Hubtype", &["other-domain"]),
        (Some("Hubtype"), Some("hubtype.net"), "Hubtype", &["other-domain", "other-suffix"]),
        (Some("Hubtype"), Some("twilio.com"), "Hubtype", &["other-domain"]),
        (Some("Hubtyp3"), Some("hubtype.com"), "Hubtype", &["confusable-characters"]),
    ] {
        let (found, why) = imitated(name, domain).unwrap_or_else(|| panic!("{name:?} {domain:?}"));
        assert_eq!((found.as_str(), why.as_slice()), (of, reasons), "{name:?} {domain:?}");
    }
}

#[test]
fn what_only_shares_a_word_or_is_the_provider_itself_imitates_nobody() {
    for (name, domain) in [
        (Some("Hubtype"), None),
        (Some("Hubtype"), Some("app.hubtype.com")),
        (Some("hubtype.com"), None),
        (Some("Hubtype Inc"), Some("hubtype.com")),
        (Some("Twilio Inc."), None),
        (Some("Twillio"), Some("twilio.com")),
        (Some("Hubtype"), Some("https://hubtype.com/")),
        (Some("Hubtype"), Some("n/a")),
        (Some("Bird Rides"), None),
        (Some("Freshbooks"), Some("freshbooks.com")),
        (Some("Acme"), Some("hubtype.com")),
        (Some("WhatsApp Marketing"), None),
        (None, Some("bird.example")),
        (Some("???"), Some("---")),
        (Some(&"x ".repeat(4000)), Some(&"a.".repeat(200))),
    ] {
        assert_eq!(imitated(name, domain), None, "{name:?} {domain:?}");
    }
}

#[test]
fn an_address_written_for_a_name_or_an_id_says_whose_it_is() {
    let hubtype = r#"{"id": "1", "name": "Hubtype", "domains": ["hubtype.com", "hubtype.io"],
        "listed": [{"from": "2020-01-01", "until": null}]}"#;
    let directory = directory(true, hubtype);
    for (id, name, domain, found, domain_of) in [
        (None, Some("hubtype.com"), None, true, false),
        (None, Some("https://www.hubtype.com/"), None, true, false),
        (None, Some("hubtype.com"), Some("hubtype.io"), true, false),
        (None, Some("hubtype.com"), Some("someshop.example"), false, true),
        (None, Some("https://www.hubtype.com/"), Some("someshop.example"), false, true),
        (None, Some("Some Shop (hubtype.com)"), Some("someshop.example"), false, true),
        (Some("hubtype.com"), None, Some("someshop.example"), false, true),
        (None, Some("someshop.example"), Some("someshop.example"), false, false),
        (None, Some("Some Shop"), Some("someshop.example"), false, false),
    ] {
        let answer = directory.find(&Identity { id, name, domain }, at("2026-03-01"));
        let seen = (answer.entry.is_some(), answer.domain_of.is_some());
        assert_eq!(seen, (found, domain_of), "{id:?} {name:?} {domain:?}");
    }
}

#[test]
fn a_legal_name_beside_the_own_domain_contradicts_nothing() {
    let hubtype = r#"{"id": "1", "name": "Hubtype", "domains": ["hubtype.com"],
        "listed": [{"from": "2020-01-01", "until": null}]}"#;
    let directory = directory(true, hubtype);
    for (name, differs) in [
        ("Hubtype Technologies S.L.", false),
        ("Hubtype Ireland Limited", false),
        ("Hub Type", false),
        ("HUB-TYPE Spain SL", false),
        ("Hubtipe", true),
        ("Hubtype Partner", true),
        ("Hubtype Reseller", true),
        ("Hubtype Zorgle", true),
        ("Zorgle", true),
    ] {
        let who = Identity { id: None, name: Some(name), domain: Some("hubtype.com") };
        let answer = directory.find(&who, at("2026-03-01"));
        assert_eq!(answer.domain_of.is_some(), differs, "{name}");
        assert!(answer.lookalike.is_none() && answer.listing.name() != "listed", "{name}");
    }
}

#[test]
fn an_id_that_is_anothers_contradicts_a_name() {
    let other = r#"{"id": "2", "name": "Other", "domains": ["other.example"]}"#;
    for (complete, id, reasons) in [
        (true, "3", &["other-id"][..]),
        (true, "2", &["other-id"]),
        (false, "2", &["other-id"]),
        (false, "3", &[]),
    ] {
        let directory = directory(complete, &format!("{ACME}, {other}"));
        let found = directory
            .find(&Identity { id: Some(id), name: Some("Acme"), domain: None }, at("2026-03-01"));
        let names: Vec<_> = found
            .lookalike
            .iter()
            .flat_map(|lookalike| &lookalike.reasons)
            .map(|reason| reason.name())
            .collect();
        assert_eq!(names, reasons, "{complete} {id}");
    }
}

/// A list as it was seen on a day: who is in it is listed from then on.
fn seen(day: &str, complete: bool, names: &[(&str, &str)]) -> Snapshot {
    let retrieved_at = at(day);
    let entry = |(id, name): &(&str, &str)| Entry {
        id: (*id).to_owned(),
        name: (*name).to_owned(),
        listed: vec![Listed { period: Period { from: retrieved_at, until: None }, source: None }],
        ..Entry::default()
    };
    let covers = Period { from: retrieved_at, until: None };
    Snapshot {
        source: format!("list of {day}"),
        retrieved_at,
        complete,
        covers,
        providers: names.iter().map(entry).collect(),
    }
}

#[test]
fn snapshots_merge_into_periods_that_say_where_they_come_from() {
    let snapshots = [
        seen("2024-03-01", true, &[("1", "Acme Group"), ("3", "Cee")]),
        seen("2024-01-01", true, &[("1", "Acme"), ("2", "Bee")]),
        seen("2024-02-01", false, &[("1", "Acme")]),
        seen("2024-04-01", true, &[("1", "Acme Group"), ("2", "Bee")]),
    ];
    let merged = Directory::merge(&snapshots).unwrap();
    assert_eq!(
        (merged.complete(), merged.covers().from, merged.retrieved_at()),
        (true, at("2024-01-01"), at("2024-04-01"))
    );
    let on = |name, day| listing(&merged, None, Some(name), None, day);
    for (name, listings) in [
        ("Acme", ["listed", "listed", "listed", "listed"]),
        ("Acme Group", ["listed", "listed", "listed", "listed"]),
        ("Bee", ["listed", "listed", "delisted", "listed"]),
        ("Cee", ["unlisted", "unlisted", "listed", "delisted"]),
        ("Dee", ["unlisted", "unlisted", "unlisted", "unlisted"]),
    ] {
        assert_eq!(
            ["2024-01-01", "2024-02-10", "2024-03-01", "2024-04-01"].map(|day| on(name, day)),
            listings,
            "{name}"
        );
    }
    let bee: Vec<_> = merged
        .provider("2")
        .unwrap()
        .listed()
        .iter()
        .filter_map(|listed| listed.source.as_deref())
        .collect();
    assert_eq!(
        bee,
        [
            "list of 2024-01-01 (2024-01-01); not in list of 2024-03-01 (2024-03-01)",
            "list of 2024-04-01 (2024-04-01)"
        ],
        "the incomplete list of February says nothing of Bee"
    );
    let mut shuffled = snapshots.to_vec();
    shuffled.reverse();
    assert_eq!(Snapshot::merge(&shuffled).unwrap(), Snapshot::merge(&snapshots).unwrap());
    let once = Snapshot::merge(&snapshots[..1]).unwrap();
    assert_eq!(once.providers[0].listed[0].period, snapshots[0].providers[0].listed[0].period);
    assert_eq!(Snapshot::merge(&[]).unwrap_err().code(), "directory/nothing-to-merge");
}

#[test]
fn an_own_list_adds_providers_and_makes_nobody_unlisted() {
    let base = Directory::from_snapshot(seen("2024-01-01", true, &[("1", "Acme")])).unwrap();
    let own = Directory::from_snapshot(seen(
        "2025-01-01",
        true,
        &[("own-1", "My Provider"), ("1", "Acme Local")],
    ))
    .unwrap();
    let stacked = Directory::stack(&base, &own).unwrap();
    for (name, day, expected) in [
        ("Acme", "2026-01-01", "listed"),
        ("Acme Local", "2026-01-01", "listed"),
        ("My Provider", "2026-01-01", "listed"),
        ("My Provider", "2024-06-01", "unlisted"),
        ("Other", "2024-06-01", "unlisted"),
        ("Other", "2023-06-01", "unknown"),
    ] {
        assert_eq!(listing(&stacked, None, Some(name), None, day), expected, "{name} {day}");
    }
    assert_eq!(stacked.provider("1").unwrap().name(), "Acme");
    assert_ne!(stacked.digest(), base.digest());
}

#[test]
fn a_difference_names_what_was_added_removed_and_changed() {
    let old = seen("2024-01-01", true, &[("1", "Acme"), ("2", "Bee"), ("3", "Cee")]);
    let mut new = seen("2024-01-01", true, &[("3", "Cee"), ("1", "Acme Group"), ("4", "Dee")]);
    new.providers[0].domains.push("cee.example".to_owned());
    let found = diff(&old, &new);
    let names =
        |entries: &[Entry]| entries.iter().map(|entry| entry.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        (names(&found.added), names(&found.removed)),
        (vec!["Dee".to_owned()], vec!["Bee".to_owned()])
    );
    let changed: Vec<_> =
        found.changed.iter().map(|change| (change.id.as_str(), change.members.clone())).collect();
    let member = |name, was: &str, is: &str| vec![(name, was.to_owned(), is.to_owned())];
    assert_eq!(
        changed,
        [
            ("1", member("name", "\"Acme\"", "\"Acme Group\"")),
            ("3", member("domains", "[]", "[\"cee.example\"]"))
        ]
    );
    assert_eq!(diff(&old, &old), Difference::default());
}

#[test]
fn evidence_shows_the_role_that_was_given() {
    let snapshot = |retrieved: &str, entry: Entry| Snapshot {
        source: "made up".to_owned(),
        retrieved_at: at(retrieved),
        complete: false,
        covers: Period { from: at("2018-08-01"), until: None },
        providers: vec![Entry { id: "1".to_owned(), name: "One".to_owned(), ..entry }],
    };
    let partner = snapshot(
        "2026-01-01",
        Entry {
            role: Some("solution_partner".to_owned()),
            evidence: Some("own page".to_owned()),
            evidence_at: Some(at("2020-07-16")),
            ..Entry::default()
        },
    );
    let silent = snapshot("2026-02-01", Entry::default());
    let reseller =
        snapshot("2026-02-01", Entry { role: Some("reseller".to_owned()), ..Entry::default() });
    let seen = |snapshot: &Snapshot| {
        let [entry] = snapshot.providers.as_slice() else { panic!("one provider") };
        (entry.role.clone(), entry.evidence_at)
    };
    let known = Some(at("2020-07-16"));
    assert_eq!(
        seen(&Snapshot::stack(&partner, &silent)),
        (Some("solution_partner".to_owned()), known)
    );
    assert_eq!(seen(&Snapshot::stack(&partner, &reseller)), (Some("reseller".to_owned()), None));
    assert_eq!(
        seen(&Snapshot::merge(&[partner.clone(), reseller]).unwrap()),
        (Some("reseller".to_owned()), None)
    );
    assert_eq!(
        seen(&Snapshot::merge(&[partner, silent]).unwrap()),
        (Some("solution_partner".to_owned()), known)
    );
}
