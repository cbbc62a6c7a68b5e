//! The rules of packs as a register: one row a rule, as a table or as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use cleartosend::expert::decide::WrittenDate;
use cleartosend::expert::text::escaped;
use cleartosend::pack::{Confidence, Enforcement, Rule, Waivable};
use cleartosend::{Exposure, FindingVerdict, Pack, RuleTopic};
use serde::Serialize;

use crate::format::RegisterForm;
use crate::output::Answer;

/// One rule, with all that an auditor asks of it.
#[derive(Serialize)]
struct Entry<'p> {
    pack: &'p str,
    version: String,
    rule: &'p str,
    title: &'p str,
    topic: &'p RuleTopic,
    verdict: FindingVerdict,
    enforced: bool,
    waivable: bool,
    scope: &'static str,
    from: Option<WrittenDate>,
    until: Option<WrittenDate>,
    source: &'p str,
    section: Option<&'p str>,
    url: &'p str,
    retrieved: Option<WrittenDate>,
    confidence: Confidence,
    exposure: &'p [Exposure],
    labels: &'p BTreeMap<Arc<str>, Arc<str>>,
}

#[derive(Serialize)]
struct Register<'p> {
    rules: Vec<Entry<'p>>,
}

const COLUMNS: [&str; 18] = [
    "pack",
    "version",
    "rule",
    "title",
    "topic",
    "verdict",
    "enforced",
    "waivable",
    "scope",
    "from",
    "until",
    "source",
    "section",
    "url",
    "retrieved",
    "confidence",
    "exposure",
    "labels",
];

/// The register in a format for programs or for a page; none for text, which [`super::list`] writes.
pub(super) fn run(packs: &[Arc<Pack>], format: RegisterForm) -> Option<Answer> {
    let rules = packs.iter().flat_map(|pack| pack.rules.iter().map(move |rule| entry(pack, rule)));
    let register = Register { rules: rules.collect() };
    match format {
        RegisterForm::Text => None,
        RegisterForm::Json => {
            // Every member writes itself without fail, and keys are texts.
            let json = serde_json::to_string(&register).unwrap_or_default();
            Some(Answer::of_bytes(json + "\n"))
        }
        RegisterForm::Csv => {
            let line = |cells: &[String]| {
                let cells: Vec<String> = cells.iter().map(|cell| in_csv(cell)).collect();
                cells.join(",") + "\n"
            };
            let mut text = line(&COLUMNS.map(str::to_owned));
            register.rules.iter().for_each(|entry| text.push_str(&line(&entry.cells())));
            Some(Answer::of_bytes(text))
        }
        RegisterForm::Md => {
            let line = |cells: &[String]| {
                let cells: Vec<String> = cells.iter().map(|cell| in_markdown(cell)).collect();
                format!("| {} |\n", cells.join(" | "))
            };
            let mut text = line(&COLUMNS.map(str::to_owned));
            let _ = writeln!(text, "|{}", " --- |".repeat(COLUMNS.len()));
            register.rules.iter().for_each(|entry| text.push_str(&line(&entry.cells())));
            Some(Answer::new(text))
        }
    }
}

fn entry<'p>(pack: &'p Pack, rule: &'p Rule) -> Entry<'p> {
    let cited = pack.sources.get(&rule.source.source);
    Entry {
        pack: &pack.name,
        version: pack.version.to_string(),
        rule: &rule.id,
        title: &rule.title,
        topic: &rule.topic,
        verdict: rule.verdict,
        enforced: rule.enforcement == Enforcement::Enforced,
        waivable: rule.waivable == Waivable::Yes,
        scope: rule.scope.name(),
        from: rule.period.from.map(WrittenDate),
        until: rule.period.until.map(WrittenDate),
        source: cited.map_or(&*rule.source.source, |source| &source.title),
        section: rule.source.section.as_deref(),
        url: cited.map_or("", |source| &source.url),
        retrieved: cited.map(|source| WrittenDate(source.retrieved)),
        confidence: rule.confidence,
        exposure: &rule.exposure,
        labels: &rule.labels,
    }
}

impl Entry<'_> {
    fn cells(&self) -> [String; COLUMNS.len()] {
        let date = |date: Option<WrittenDate>| date.map(|date| date.to_string());
        let exposure: Vec<&str> = self.exposure.iter().map(|exposure| exposure.name()).collect();
        let label = |(name, text): (&Arc<str>, &Arc<str>)| format!("{name}={text}");
        let labels: Vec<String> = self.labels.iter().map(label).collect();
        [
            self.pack.to_owned(),
            self.version.clone(),
            self.rule.to_owned(),
            self.title.to_owned(),
            self.topic.to_string(),
            self.verdict.to_string(),
            self.enforced.to_string(),
            self.waivable.to_string(),
            self.scope.to_owned(),
            date(self.from).unwrap_or_default(),
            date(self.until).unwrap_or_default(),
            self.source.to_owned(),
            self.section.unwrap_or_default().to_owned(),
            self.url.to_owned(),
            date(self.retrieved).unwrap_or_default(),
            self.confidence.to_string(),
            exposure.join(" "),
            labels.join(" "),
        ]
    }
}

/// RFC 4180: in quotes where it has to be.
fn in_csv(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// On one line, and no end of the cell within it.
fn in_markdown(cell: &str) -> String {
    escaped(cell).replace('\\', "\\\\").replace('|', "\\|")
}
