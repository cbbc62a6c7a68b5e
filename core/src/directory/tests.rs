//! What a caller sees of a directory: what it refuses, and what it says of whom and when.

use super::*;

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

fn listing(directory: &Directory, id: Option<&str>, name: Option<&str>, domain: Option<&str>, date: &str) -> &'static str {
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
        assert_eq!(listing(directory, None, Some("Weather Bureau"), None, date), expected, "{date}");
    }
}

#[test]
fn a_period_of_coverage_ends() {
    let json = br#"{"source": "s", "retrieved_at": "2020-01-01", "complete": true, "covers": {"from": "2019-01-01", "until": "2020-01-01"}, "providers": []}"#;
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
        (None, Some("Acme"), Some("no domain"), "unlisted"),
        (None, Some(" "), None, "unlisted"),
        (None, None, None, "unknown"),
    ] {
        assert_eq!(listing(&directory, id, name, domain, "2026-03-01"), expected, "{id:?} {name:?} {domain:?}");
    }
}

#[test]
fn an_entry_without_periods_or_without_domains_leaves_it_open() {
    let directory = directory(true, r#"{"id": "1", "name": "Acme"}, {"id": "2", "name": "Bare", "listed": [{"from": "2018-08-01"}]}"#);
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
    let found = directory.find(&Identity { name: Some("Twin"), ..Identity::default() }, at("2026-03-01"));
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
        (header(r#""sorce": "s""#), "directory/unknown-member", "there is no member `sorce`; did you mean `source`"),
        (header(r#""source": "s", "source": "s""#), "directory/repeated-member", "`source` is given twice"),
        (header(r#""source": 3"#), "directory/wrong-type", "source: expected a text, found the number `3`"),
        (
            header(r#""retrieved_at": "2026-02-30""#),
            "directory/bad-date",
            "retrieved_at: `2026-02-30` is no date: there is no such date or time",
        ),
        (header(r#""complete": "yes""#), "directory/wrong-type", "complete: expected `true` or `false`, found a text"),
        (header(r#""covers": {"from": null}"#), "directory/wrong-type", "covers.from: expected a date or an instant, found null"),
        (header(r#""covers": {"until": null}"#), "directory/missing-member", "covers: `from` is missing"),
        (header(r#""source": "s""#), "directory/missing-member", "`retrieved_at` is missing"),
        ("[]".to_owned(), "directory/wrong-type", "expected a directory object, found an array"),
        ("{".to_owned(), "directory/not-json", "not well-formed JSON: EOF while parsing an object at line 1 column 1"),
        (provider(r#""id": "1""#), "directory/missing-member", "providers[1]: `name` is missing"),
        (provider(r#""id": "0", "name": "x""#), "directory/duplicate-id", "providers[1].id: `0` is the id of `providers[0]` too"),
        (provider(r#""id": "1", "name": " ""#), "directory/empty", "providers[1].name: the name is empty"),
        (
            provider(r#""id": "1", "name": "x", "role": "solution_partnr""#),
            "directory/bad-role",
            "providers[1].role: there is no role `solution_partnr`; did you mean `solution_partner`",
        ),
        (
            provider(r#""id": "1", "name": "x", "domains": ["co.uk"]"#),
            "directory/bad-domain",
            "providers[1].domains[0]: `co.uk` is no domain that can be registered, such as `example.com`",
        ),
        (
            provider(r#""id": "1", "name": "x", "listed": [{"from": "2020-01-01"}, {"from": "2020-01-01", "until": "2020-01-01"}]"#),
            "directory/bad-period",
            "providers[1].listed[1].until: until `2020-01-01T00:00:00Z` is not after from `2020-01-01T00:00:00Z`",
        ),
        (
            provider(r#""id": "1", "name": "x", "listed": [{"from": "soon"}]"#),
            "directory/bad-date",
            "providers[1].listed[0].from: `soon` is no date: expected a date such as `2026-03-01` or an RFC 3339 instant such as `2026-03-01T00:00:00Z`",
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
    assert_eq!(Directory::from_json(format!("{good} x").as_bytes()).unwrap_err().code(), "directory/not-json");
    let mut bytes = good.replace("test", "te\u{1}t").into_bytes();
    assert_eq!(Directory::from_json(&bytes).unwrap_err().code(), "directory/not-json");
    bytes.retain(|byte| *byte != 1);
    let at = bytes.windows(2).position(|pair| pair == b"te").unwrap();
    bytes[at] = 0xff;
    assert_eq!(Directory::from_json(&bytes).unwrap_err().code(), "directory/not-json");
    assert_eq!(Directory::from_json("[".repeat(1000).as_bytes()).unwrap_err().code(), "directory/wrong-type");
}

fn directory_text() -> String {
    r#"{"source": "test", "retrieved_at": "2026-03-01", "complete": true, "covers": {"from": "2018-08-01"}, "providers": []}"#.to_owned()
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
            listed: vec![Listed { period: Period { from: at("2018-08-01"), until: None }, source: Some("a".to_owned()) }],
            ..Entry::default()
        }],
    };
    assert_eq!(read::snapshot(odd.to_json().as_bytes()).unwrap(), odd);
    assert_eq!(Directory::from_snapshot(odd.clone()).unwrap().digest(), Digest::of(odd.to_json().as_bytes()));
}

#[test]
fn the_sample_says_that_it_is_one() {
    let sample = Directory::built_in().unwrap();
    assert_eq!(sample.providers().len(), 57);
    assert!(!sample.complete() && sample.source().contains("not an extract"));
    assert!(sample.providers().iter().all(|provider| provider.listed().is_empty() && provider.evidence().is_some()));
    let nexmo = sample.find(&Identity { name: Some("nexmo"), domain: Some("api.vonage.com"), id: None }, at("2026-11-23"));
    assert_eq!((nexmo.listing, nexmo.entry.map(Provider::name)), (Listing::Unknown, Some("Vonage")));
    assert_eq!(sample.digest(), Digest::of(SAMPLE));
}
