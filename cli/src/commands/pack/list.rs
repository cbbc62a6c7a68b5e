//! `cts pack list`: which rules, since when, by whose word?

use std::fmt::Write as _;
use std::sync::Arc;

use cleartosend::Pack;
use cleartosend::expert::decide::WrittenDate;
use cleartosend::expert::text::escaped;
use cleartosend::pack::Enforcement;
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};

use crate::output::{self, Answer, styled};

pub(super) fn run(packs: &[Arc<Pack>]) -> Answer {
    Answer::new(as_text(packs))
}

fn as_text(packs: &[Arc<Pack>]) -> String {
    let mut text = String::new();
    for pack in packs {
        if !text.is_empty() {
            text.push('\n');
        }
        let head = styled(output::STRONG, &format!("{} {}", pack.name, pack.version));
        let _ = writeln!(
            text,
            "{head}  {}\npublished {}{}, {}\n",
            escaped(&pack.title),
            WrittenDate(pack.published),
            pack.known_until
                .map(|date| format!(", known until {}", WrittenDate(date)))
                .unwrap_or_default(),
            pack.digest
        );
        let mut rules = table(["rule", "verdict", "scope", "from", "until", "source"]);
        for rule in &pack.rules {
            let section = rule
                .source
                .section
                .as_ref()
                .map(|section| format!(", {section}"))
                .unwrap_or_default();
            let by_country = if rule.source_by_country.is_empty() { "" } else { ", or by country" };
            rules.add_row([
                rule.id.to_string(),
                if rule.enforcement == Enforcement::Enforced {
                    rule.verdict.to_string()
                } else {
                    format!("{}, as a note", rule.verdict)
                },
                rule.scope.name().to_owned(),
                rule.period
                    .from
                    .map_or_else(|| "always".to_owned(), |from| WrittenDate(from).to_string()),
                rule.period.until.map(|until| WrittenDate(until).to_string()).unwrap_or_default(),
                escaped(&format!("{}{section}{by_country}", rule.source.source)).into_owned(),
            ]);
        }
        write_table(&mut text, &rules);
        text.push('\n');
        let mut sources = table(["source", "title", "read", "confidence", "address"]);
        for (id, source) in &pack.sources {
            sources.add_row([
                id.to_string(),
                escaped(&source.title).into_owned(),
                WrittenDate(source.retrieved).to_string(),
                source.confidence.to_string(),
                escaped(&source.url).into_owned(),
            ]);
        }
        write_table(&mut text, &sources);
    }
    text
}

fn table<const COLUMNS: usize>(header: [&str; COLUMNS]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header);
    table
}

fn write_table(text: &mut String, table: &Table) {
    for line in table.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
}
