//! A decision as a paper.

use std::fmt::Write as _;

use super::row::{self, Ink, Page, directory, period};
use crate::decide::{Decision, Finding, FindingTexts, FindingWaiver, Written};
use crate::language::{Lang, Words, catalogue as words};
use crate::schema::Scope;
use crate::verdict::{Exposure, FindingVerdict, Status, Verdict};

/// The whole decision.
pub fn paper(decision: &Decision, page: &Page) -> String {
    let mut text = String::new();
    let lang = page.lang;
    let verdict = decision.verdict();
    headline(&mut text, verdict, page);
    page.row(&mut text, words::LABEL_SEND_AT, &decision.send_at().to_string());
    page.row(&mut text, words::LABEL_SCOPE, scope(decision.scope()).of(lang));
    if !decision.exposure().is_empty() {
        page.row(&mut text, words::LABEL_AT_STAKE, &exposure(decision.exposure(), lang));
    }
    if !decision.missing().is_empty() {
        page.row(&mut text, words::LABEL_MISSING, &decision.missing().join(", "));
    }
    let findings =
        decision.findings().iter().enumerate().filter_map(|(place, finding)| {
            decision.texts(place, lang).map(|texts| (finding, texts))
        });
    let (notes, findings): (Vec<_>, Vec<_>) =
        findings.partition(|(finding, _)| finding.verdict == FindingVerdict::Note);
    for (number, (finding, texts)) in findings.iter().enumerate() {
        text.push('\n');
        write_finding(&mut text, number + 1, finding, texts, page);
    }
    if !notes.is_empty() {
        text.push('\n');
        write_notes(&mut text, &notes, page);
    }
    text.push('\n');
    for pack in decision.packs() {
        let stamp = format!("{}, {}", row::pack(pack, lang), pack.digest);
        page.row(&mut text, words::LABEL_PACK, &stamp);
    }
    page.row(&mut text, words::LABEL_DIRECTORY, &directory(decision.directory(), lang));
    page.row(&mut text, words::LABEL_ENGINE, decision.engine());
    page.row(&mut text, words::LABEL_DIGEST, &decision.digest().to_string());
    text
}

/// The verdict in words, and an empty line.
pub(super) fn headline(text: &mut String, verdict: Verdict, page: &Page) {
    let says = says(verdict);
    let capitals = words::verdict(verdict).of(page.lang).to_uppercase();
    let capitals = page.inked(Ink::Verdict(verdict), &capitals);
    let _ = writeln!(text, "{capitals}  {}\n", says.of(page.lang));
}

/// What a verdict says of sending.
pub const fn says(verdict: Verdict) -> Words {
    match verdict {
        Verdict::Allow => words::CLEAR,
        Verdict::Review => words::NOT_CLEAR_YET,
        Verdict::Deny => words::NOT_CLEAR,
    }
}

fn write_finding(
    text: &mut String,
    number: usize,
    finding: &Finding,
    texts: &FindingTexts,
    page: &Page,
) {
    let lang = page.lang;
    let status = match finding.status {
        Status::Violated => words::VIOLATED,
        Status::Undetermined => words::UNDETERMINED,
        Status::Satisfied => words::SATISFIED,
        Status::NotApplicable => words::DOES_NOT_APPLY,
    };
    let verdict = words::finding_verdict(finding.verdict);
    let _ = writeln!(
        text,
        "{number}. {}  {}  {}",
        page.inked(Ink::Finding(finding.verdict), verdict.of(lang)),
        page.inked(Ink::Strong, &finding.rule),
        page.inked(Ink::Faint, status.of(lang))
    );
    page.paragraph(text, "   ", &texts.title);
    page.row(text, words::LABEL_FINDING, &texts.message);
    if let Some(waiver) = &finding.waiver {
        page.row(text, words::LABEL_WAIVER, &waived(waiver, lang));
    }
    for (number, (path, value)) in finding.facts.iter().enumerate() {
        let fact = format!("{path} = {}", Written(value).in_words(lang));
        match number {
            0 => page.row(text, words::LABEL_FACTS, &fact),
            _ => page.more(text, &fact),
        }
    }
    if !finding.missing.is_empty() {
        page.row(text, words::LABEL_MISSING, &finding.missing.join(", "));
    }
    if !finding.exposure.is_empty() {
        page.row(text, words::LABEL_AT_STAKE, &exposure(&finding.exposure, lang));
    }
    if !texts.advice.is_empty() {
        page.row(text, words::LABEL_TO_DO, &texts.advice);
    }
    let source = &finding.source;
    let section = source.section.as_ref().map(|section| format!(", {section}")).unwrap_or_default();
    page.row(text, words::LABEL_SOURCE, &format!("{}{section}", source.title));
    page.address(text, &source.url);
    let read = if source.confidence.is_some() { words::READ_UNCONFIRMED } else { words::READ };
    page.more(text, &read.with(lang, &[("date", &source.retrieved)]));
    page.row(text, words::LABEL_IN_FORCE, &period(finding.from, finding.until, lang));
    page.row(text, words::LABEL_PACK, &finding.pack);
}

/// What is worth knowing and decides nothing, without facts and sources: `cts pack explain` and the
/// document have those.
fn write_notes(text: &mut String, notes: &[(&Finding, FindingTexts)], page: &Page) {
    let lang = page.lang;
    let _ = writeln!(
        text,
        "{}  {}",
        page.inked(Ink::Strong, words::NOTES.of(lang)),
        page.inked(Ink::Faint, words::WITHOUT_EFFECT.of(lang))
    );
    for (note, texts) in notes {
        let status = match note.status {
            Status::Violated => String::new(),
            Status::Undetermined | Status::Satisfied | Status::NotApplicable => {
                format!("  {}", words::UNDETERMINED.of(lang))
            }
        };
        let _ = writeln!(
            text,
            "   {}{}",
            page.inked(Ink::Strong, &note.rule),
            page.inked(Ink::Faint, &status)
        );
        for part in [&texts.message, &texts.advice].into_iter().filter(|part| !part.is_empty()) {
            page.paragraph(text, "     ", part);
        }
        if let Some(waiver) = &note.waiver {
            let label = words::LABEL_WAIVER.of(lang);
            page.paragraph(text, "     ", &format!("{label}: {}", waived(waiver, lang)));
        }
    }
}

/// Why a finding means less than its rule says, by whose word, and how long.
pub(crate) fn waived(waiver: &FindingWaiver, lang: Lang) -> String {
    let FindingWaiver { reason, by, until } = waiver;
    words::WAIVER.with(lang, &[("reason", reason), ("by", by), ("date", until)])
}

pub(super) const fn scope(scope: Scope) -> Words {
    match scope {
        Scope::Campaign => words::SCOPE_CAMPAIGN,
        Scope::Recipient => words::SCOPE_RECIPIENT,
    }
}

pub(super) fn exposure(exposure: &[Exposure], lang: Lang) -> String {
    exposure.iter().map(|word| words::exposure(*word).of(lang)).collect::<Vec<_>>().join(", ")
}
