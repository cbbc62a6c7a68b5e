//! Every collected fact is accounted for, and every built-in pack's rules stand where its coverage
//! says.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use cleartosend::pack::{Part, Template};
use cleartosend::{Engine, Exposure, FindingVerdict, Pack};

use crate::common;

/// The first and last cells of each row of the tables whose first column is `fact`.
fn rows(page: &str) -> Vec<(String, String)> {
    let mut inside = false;
    let mut rows = Vec::new();
    for line in page.lines() {
        if !line.starts_with('|') {
            inside = false;
        } else if line.starts_with("| fact |") {
            inside = true;
        } else if inside && !line.starts_with("| ---") {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            rows.push((cells.first().unwrap().to_string(), cells.last().unwrap().to_string()));
        }
    }
    rows
}

fn each_fact_once(name: &str) {
    let root = common::root();
    let page = common::text(&root.join(format!("../packs/{name}/COVERAGE.md")));
    let facts = common::text(&root.join(format!("packs/{name}-facts.txt")));
    let mut reported: BTreeMap<&str, usize> = facts.lines().map(|id| (id, 0)).collect();
    let rows = rows(&page);
    for (id, cell) in &rows {
        let count = reported.get_mut(id.as_str());
        assert!(count.is_some(), "{name}: `{id}` is no fact of the list");
        *count.unwrap() += 1;
        assert!(!cell.is_empty(), "{name}: {id} has neither rule nor reason");
    }
    let wrong: Vec<_> = reported.iter().filter(|(_, count)| **count != 1).collect();
    assert!(wrong.is_empty(), "{name}: not exactly once: {wrong:?}");
}

fn each_rule_stands_there(name: &str) {
    let page = common::text(&common::root().join(format!("../packs/{name}/COVERAGE.md")));
    let pack = Pack::built_in(name).unwrap().unwrap();
    let rules: BTreeSet<&str> = pack.rules.iter().map(|rule| &*rule.id).collect();
    let sets: BTreeSet<&str> = pack.sets.iter().map(|set| &*set.id).collect();
    let topics: BTreeSet<&str> = pack.rules.iter().map(|rule| rule.topic.name()).collect();
    let quoted: BTreeSet<&str> = page.split('`').skip(1).step_by(2).collect();
    // Hyphens tell ids of rules from attributes, whose words are joined by `_`.
    let is_rule = |word: &&str| {
        word.split_once('.').is_some_and(|(topic, rest)| {
            topics.contains(topic) && (rest.contains('-') || rules.contains(word))
        })
    };
    let strangers: Vec<_> =
        quoted.iter().copied().filter(is_rule).filter(|word| !rules.contains(word)).collect();
    assert!(
        strangers.is_empty(),
        "{name}: COVERAGE.md names rules that are not in the pack: {strangers:?}"
    );
    // What follows from `known_until` stands in no file of rules.
    let written = pack.rules.iter().filter(|rule| rule.is_written());
    let written: BTreeSet<&str> = written.map(|rule| &*rule.id).collect();
    let not_given: Vec<_> =
        written.iter().chain(&sets).filter(|id| !quoted.contains(*id)).collect();
    assert!(not_given.is_empty(), "{name}: COVERAGE.md does not name {not_given:?}");
}

#[test]
fn each_fact_on_whatsapp_is_accounted_for_once() {
    each_fact_once("whatsapp");
}

#[test]
fn each_rule_and_set_of_the_whatsapp_pack_is_named_by_its_coverage() {
    each_rule_stands_there("whatsapp");
}

#[test]
fn each_fact_on_marketing_law_is_accounted_for_once() {
    each_fact_once("messaging-law");
}

#[test]
fn each_rule_and_set_of_the_law_pack_is_named_by_its_coverage() {
    each_rule_stands_there("messaging-law");
}

/// Where a law does not plainly reach messaging apps, a rule asks for a review and says so; it
/// never denies.
#[test]
fn each_rule_of_law_says_whether_the_law_reaches_messaging_apps_and_that_it_is_no_legal_advice() {
    let pack = Pack::built_in("messaging-law").unwrap().unwrap();
    let text = |template: &Template| -> String {
        let texts = template.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(&**text),
            Part::FirstOf(_) => None,
        });
        texts.collect()
    };
    for rule in pack.rules.iter().filter(|rule| rule.is_written()) {
        let message = text(&rule.message);
        let plain = message.ends_with("; the law reaches messaging apps");
        assert!(
            rule.verdict < FindingVerdict::Deny || plain,
            "{}: it denies and does not say that the law reaches messaging apps",
            rule.id
        );
        let said =
            ["messaging apps", "whatever the channel"].iter().any(|words| message.contains(words));
        assert!(said, "{}: it does not say whether the law reaches messaging apps", rule.id);
        assert!(text(&rule.advice).ends_with(" This is not legal advice."), "{}", rule.id);
        // A note threatens with nothing.
        let exposure: &[Exposure] =
            if rule.verdict == FindingVerdict::Note { &[] } else { &[Exposure::LegalAction] };
        assert_eq!(rule.exposure, exposure, "{}", rule.id);
    }
}

#[test]
fn the_law_pack_is_built_in_and_off_unless_asked_for() {
    let named = |engine: &Engine| {
        engine.packs().iter().map(|pack| pack.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(named(&Engine::built_in().unwrap()), ["whatsapp"]);
    let both =
        Engine::builder().built_in_pack("whatsapp").built_in_pack("messaging-law").build().unwrap();
    assert_eq!(named(&both), ["whatsapp", "messaging-law"]);
}

/// The country of a law, as its title begins: the directive is the law of many.
fn country_of_title(title: &str) -> &str {
    title.split([',', ':']).next().unwrap_or(title)
}

#[test]
fn no_rule_on_law_cites_the_law_of_another_country() {
    const OF_MANY: &str = "European Union";
    let pack = Pack::built_in("messaging-law").unwrap().unwrap();
    let mut cited: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for rule in &pack.rules {
        let title = |source: &str| country_of_title(&pack.sources[source].title).to_owned();
        for (country, citation) in &rule.source_by_country {
            cited.entry(country.to_string()).or_default().insert(title(&citation.source));
        }
        let applies = rule.applies.as_ref().map_or("", |applies| &applies.source);
        let named: BTreeSet<&str> = applies
            .split("recipient.country == \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        if let (1, Some(country)) = (named.len(), named.first()) {
            cited.entry((*country).to_owned()).or_default().insert(title(&rule.source.source));
        }
        let is_about_several = applies.contains("recipient.country in ");
        assert!(
            !is_about_several
                || !rule.source_by_country.is_empty()
                || ["eu-eprivacy", "holidays"].contains(&&*rule.source.source),
            "{}: a rule about several countries names the law of each",
            rule.id
        );
    }
    let mut countries: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (country, titles) in &cited {
        assert_eq!(titles.len(), 1, "{country} is judged by laws of {titles:?}");
        countries.entry(titles.first().unwrap()).or_default().insert(country);
    }
    countries.retain(|title, _| *title != OF_MANY);
    let shared: Vec<_> = countries.iter().filter(|(_, countries)| countries.len() > 1).collect();
    assert!(shared.is_empty(), "one law, several countries: {shared:?}");
    assert!(cited.len() > 60, "only {} countries cite a law", cited.len());
}
