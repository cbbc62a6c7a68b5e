//! `cts pack list`: which rules, about what, since when, by whose word?

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use cleartosend::expert::decide::WrittenDate;
use cleartosend::expert::text::escaped;
use cleartosend::pack::{Enforcement, Rule};
use cleartosend::{Pack, RuleTopic};

use crate::output::{self, Answer, styled};
use crate::paper;

pub(super) fn run(packs: &[Arc<Pack>]) -> Answer {
    Answer::new(as_text(packs, output::width()))
}

/// The rules by topic, each with its title, period and source, and then the sources.
fn as_text(packs: &[Arc<Pack>], width: usize) -> String {
    let mut text = String::new();
    for pack in packs {
        if !text.is_empty() {
            text.push('\n');
        }
        let head = styled(output::STRONG, &format!("{} {}", pack.name, pack.version));
        let _ = writeln!(
            text,
            "{head}  {}\npublished {}{}, {}",
            escaped(&pack.title),
            WrittenDate(pack.published),
            pack.known_until
                .map(|date| format!(", known until {}", WrittenDate(date)))
                .unwrap_or_default(),
            pack.digest
        );
        let mut topics: BTreeMap<&RuleTopic, Vec<&Rule>> = BTreeMap::new();
        for rule in &pack.rules {
            topics.entry(&rule.topic).or_default().push(rule);
        }
        for (topic, rules) in topics {
            let _ = writeln!(text, "\n{}", styled(output::STRONG, &escaped(topic.name())));
            for rule in rules {
                let title = format!("{}: {}", rule.id, rule.title);
                paper::row(&mut text, &rule.verdict.to_string(), &title, width);
                paper::row(&mut text, "", &details(rule), width);
            }
        }
        let _ = writeln!(text, "\n{}", styled(output::STRONG, "sources"));
        for (id, source) in &pack.sources {
            let title = format!(
                "{id}: {}; read {}, {}",
                source.title,
                WrittenDate(source.retrieved),
                source.confidence
            );
            paper::row(&mut text, "", &title, width);
            paper::row(&mut text, "", &source.url, width);
        }
    }
    text
}

/// Where a rule applies, when, and its source.
fn details(rule: &Rule) -> String {
    let note = match rule.enforcement {
        Enforcement::Enforced => "",
        Enforcement::Observed => "as a note; ",
    };
    let section = rule.source.section.as_ref().map(|section| format!(", {section}"));
    let by_country = if rule.source_by_country.is_empty() { "" } else { ", or by country" };
    format!(
        "{note}{}; {}; {}{}{by_country}",
        rule.scope.name(),
        paper::period(rule.period.from.map(WrittenDate), rule.period.until.map(WrittenDate)),
        rule.source.source,
        section.unwrap_or_default()
    )
}
