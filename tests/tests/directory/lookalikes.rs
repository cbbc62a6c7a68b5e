//! Look-alikes on a labelled set: the numbers of `docs/lookalikes.md` are those that come out here.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a harness: what fails here fails the test, and what it prints was asked for"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cleartosend::directory::Identity;
use cleartosend::{Directory, Timestamp};

#[path = "../../lookalikes/generate.rs"]
mod generate;
use generate::{Case, imitations, innocents};

/// Caught, all, and of the caught those that named another provider.
#[derive(Default)]
struct Count {
    flagged: usize,
    all: usize,
    misattributed: usize,
}

fn count(
    directory: &Directory,
    cases: &[Case],
    half: impl Fn(&Case) -> bool,
) -> BTreeMap<&'static str, Count> {
    let mut counts: BTreeMap<&'static str, Count> = BTreeMap::new();
    let at = Timestamp::parse("2026-11-23T00:00:00Z").unwrap();
    for case in cases.iter().filter(|case| half(case)) {
        let found = directory.find(
            &Identity { id: None, name: case.name.as_deref(), domain: case.domain.as_deref() },
            at,
        );
        let count = counts.entry(case.kind).or_default();
        count.all += 1;
        if let Some(lookalike) = &found.lookalike {
            count.flagged += 1;
            count.misattributed += usize::from(case.of.as_deref() != Some(lookalike.of.id()));
        }
        let is_wrong = found.lookalike.is_some() == case.of.is_none();
        if is_wrong && std::env::args().any(|argument| argument == "--nocapture") && !case.held_out
        {
            println!("{}: {:?} {:?} {:?}", case.kind, case.of, case.name, case.domain);
            println!(
                "    {:?}",
                found.lookalike.map(|lookalike| (lookalike.of.id().to_owned(), lookalike.reasons))
            );
        }
    }
    counts
}

/// The table of the doc, for one half of the set.
fn table(directory: &Directory, cases: &[Case], half: impl Fn(&Case) -> bool) -> String {
    let counts = count(directory, cases, half);
    let innocents = counts.get("innocent").unwrap();
    let mut text = String::from(
        "| kind | cases | caught | recall | another one named |\n| --- | --: | --: | --: | --: |\n",
    );
    let mut row = |kind: &str, count: &Count| {
        let recall = count.flagged as f64 / count.all as f64;
        writeln!(
            text,
            "| {kind} | {} | {} | {recall:.3} | {} |",
            count.all, count.flagged, count.misattributed
        )
        .unwrap();
    };
    let mut sum = Count::default();
    for (kind, count) in counts.iter().filter(|(kind, _)| **kind != "innocent") {
        row(kind, count);
        sum = Count {
            flagged: sum.flagged + count.flagged,
            all: sum.all + count.all,
            misattributed: sum.misattributed + count.misattributed,
        };
    }
    row("**all**", &sum);
    let precision = sum.flagged as f64 / (sum.flagged + innocents.flagged) as f64;
    writeln!(
        text,
        "\nOf {} innocents {} were taken for an imitation: precision {precision:.3}.",
        innocents.all, innocents.flagged
    )
    .unwrap();
    text
}

fn cases(directory: &Directory) -> Vec<Case> {
    imitations(directory).into_iter().chain(innocents()).collect()
}

#[test]
fn the_labelled_set_is_large_enough_and_says_what_it_means() {
    let directory = Directory::built_in().unwrap();
    let (imitations, innocents) = (imitations(&directory), innocents());
    assert!(
        imitations.len() >= 500 && innocents.len() >= 500,
        "{} {}",
        imitations.len(),
        innocents.len()
    );
    let kinds: std::collections::BTreeSet<_> = imitations.iter().map(|case| case.kind).collect();
    assert_eq!(kinds.len(), 10);
    let at = Timestamp::parse("2026-11-23T00:00:00Z").unwrap();
    for case in imitations.iter().chain(&innocents) {
        let found = directory.find(
            &Identity { id: None, name: case.name.as_deref(), domain: case.domain.as_deref() },
            at,
        );
        assert!(found.entry.is_none(), "{case:?} is no imitation but the thing itself");
    }
}

#[test]
fn the_documented_numbers_are_those_measured() {
    let directory = Directory::built_in().unwrap();
    let cases = cases(&directory);
    let seen = table(&directory, &cases, |case| !case.held_out);
    let held_out = table(&directory, &cases, |case| case.held_out);
    if std::env::args().any(|argument| argument == "--nocapture") {
        println!("{seen}\n{held_out}");
    }
    let doc = include_str!("../../../docs/lookalikes.md");
    assert!(
        doc.contains(&seen),
        "docs/lookalikes.md differs for the half in view; measured:\n{seen}"
    );
    assert!(
        doc.contains(&held_out),
        "docs/lookalikes.md differs for the half held out; measured:\n{held_out}"
    );
}
