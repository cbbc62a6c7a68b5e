//! A decision as a paper that an officer can file: what was decided, by which rule and whose word,
//! what is at stake and what to do.

use std::fmt::Write as _;

use cleartosend::expert::decide::{Written, WrittenDate};
use cleartosend::expert::text::escaped;
use cleartosend::schema::Scope;
use cleartosend::{Decision, DirectoryStamp, Finding, FindingVerdict, Status, Verdict};
use textwrap::{Options, WordSplitter};

use crate::output::{self, styled};

/// Columns of a row's label.
const LABEL: usize = 11;

/// The whole decision, wrapped to that many columns.
pub(crate) fn of(decision: &Decision, width: usize) -> String {
    let mut text = String::new();
    let headline = match decision.verdict() {
        Verdict::Allow => "clear to send",
        Verdict::Review => "not clear to send before a person has decided",
        Verdict::Deny => "not clear to send",
    };
    let verdict =
        styled(headline_style(decision.verdict()), &decision.verdict().name().to_uppercase());
    let _ = writeln!(text, "{verdict}  {headline}\n");
    row(&mut text, "send at", &decision.send_at().to_string(), width);
    row(&mut text, "scope", scope(decision.scope()), width);
    if !decision.exposure().is_empty() {
        row(&mut text, "at stake", &list(decision.exposure()), width);
    }
    if !decision.missing().is_empty() {
        row(&mut text, "missing", &list(decision.missing()), width);
    }
    let (notes, findings): (Vec<_>, Vec<_>) =
        decision.findings().iter().partition(|finding| finding.verdict == FindingVerdict::Note);
    for (number, finding) in findings.iter().enumerate() {
        text.push('\n');
        write_finding(&mut text, number + 1, finding, width);
    }
    if !notes.is_empty() {
        text.push('\n');
        write_notes(&mut text, &notes, width);
    }
    text.push('\n');
    for pack in decision.packs() {
        row(&mut text, "pack", &format!("{} {}, {}", pack.name, pack.version, pack.digest), width);
    }
    row(&mut text, "directory", &directory(decision.directory()), width);
    row(&mut text, "engine", decision.engine(), width);
    row(&mut text, "digest", &decision.digest().to_string(), width);
    text
}

fn write_finding(text: &mut String, number: usize, finding: &Finding, width: usize) {
    let verdict = styled(style(finding.verdict), finding.verdict.name());
    let status = match finding.status {
        Status::Violated => "violated",
        Status::Undetermined => "undetermined",
        Status::Satisfied => "kept",
        Status::NotApplicable => "not applicable",
    };
    let _ = writeln!(
        text,
        "{number}. {verdict}  {}  {}",
        styled(output::STRONG, &finding.rule),
        styled(output::FAINT, status)
    );
    paragraph(text, &finding.title, width);
    row(text, "finding", &finding.message, width);
    for (number, (path, value)) in finding.facts.iter().enumerate() {
        row(
            text,
            if number == 0 { "facts" } else { "" },
            &format!("{path} = {}", Written(value)),
            width,
        );
    }
    if !finding.missing.is_empty() {
        row(text, "missing", &list(&finding.missing), width);
    }
    if !finding.exposure.is_empty() {
        row(text, "at stake", &list(&finding.exposure), width);
    }
    if !finding.advice.is_empty() {
        row(text, "to do", &finding.advice, width);
    }
    let source = &finding.source;
    let section = source.section.as_ref().map(|section| format!(", {section}")).unwrap_or_default();
    row(text, "source", &format!("{}{section}", source.title), width);
    // An address is copied whole, so that it is never broken.
    let _ = writeln!(text, "   {:<LABEL$}{}", "", escaped(&source.url));
    let doubt = if source.confidence.is_some() { "; unconfirmed" } else { "" };
    row(text, "", &format!("read {}{doubt}", source.retrieved), width);
    row(text, "in force", &period(finding.from, finding.until), width);
    row(text, "pack", &finding.pack, width);
}

/// What is worth knowing and decides nothing, without facts and sources: `cts pack explain` and the
/// document have those.
fn write_notes(text: &mut String, notes: &[&Finding], width: usize) {
    let _ = writeln!(
        text,
        "{}  {}",
        styled(output::STRONG, "notes"),
        styled(output::FAINT, "without effect on the verdict")
    );
    for note in notes {
        let status = if note.status == Status::Violated { "" } else { "  undetermined" };
        let _ = writeln!(
            text,
            "   {}{}",
            styled(output::STRONG, &note.rule),
            styled(output::FAINT, status)
        );
        for part in [&note.message, &note.advice].into_iter().filter(|part| !part.is_empty()) {
            for line in textwrap::wrap(
                &escaped(part),
                Options::new(width).initial_indent("     ").subsequent_indent("     "),
            ) {
                let _ = writeln!(text, "{line}");
            }
        }
    }
}

/// A label and what belongs to it, escaped, and wrapped beside it.
pub(crate) fn row(text: &mut String, label: &str, value: &str, width: usize) {
    let first = format!("   {label:<LABEL$}");
    let next = " ".repeat(first.len());
    let styled_first = format!(
        "   {}{}",
        styled(output::FAINT, label),
        " ".repeat(LABEL.saturating_sub(label.len()))
    );
    let value = escaped(value);
    // Words are copied: an address or the id of a rule is not broken, at hyphens neither.
    let options = Options::new(width).initial_indent(&first).subsequent_indent(&next);
    let wrapped = textwrap::wrap(
        &value,
        options.break_words(false).word_splitter(WordSplitter::NoHyphenation),
    );
    for (number, line) in wrapped.iter().enumerate() {
        let line = line.trim_end();
        let _ = match (number, line.strip_prefix(&*first)) {
            (0, Some(rest)) => writeln!(text, "{styled_first}{rest}"),
            _ => writeln!(text, "{line}"),
        };
    }
}

fn paragraph(text: &mut String, value: &str, width: usize) {
    for line in textwrap::wrap(
        &escaped(value),
        Options::new(width).initial_indent("   ").subsequent_indent("   "),
    ) {
        let _ = writeln!(text, "{line}");
    }
}

/// `from 2018-08-01 until 2025-10-23`
pub(crate) fn period(from: Option<WrittenDate>, until: Option<WrittenDate>) -> String {
    match (from, until) {
        (Some(from), Some(until)) => format!("from {from} until {until}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until {until}"),
        (None, None) => "always".to_owned(),
    }
}

/// A directory in one line.
pub(crate) fn directory(stamp: &DirectoryStamp) -> String {
    let complete = if stamp.complete { "complete" } else { "not complete" };
    format!(
        "{}; retrieved {}, {complete}, {}",
        stamp.source,
        WrittenDate(stamp.retrieved_at.0),
        stamp.digest
    )
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Campaign => {
            "the campaign alone: no recipient is told, and rules about recipients were not asked"
        }
        Scope::Recipient => "the campaign and one recipient",
    }
}

fn list(items: &[impl std::fmt::Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

const fn headline_style(verdict: Verdict) -> anstyle::Style {
    match verdict {
        Verdict::Allow => output::GOOD,
        Verdict::Review => output::DOUBTFUL,
        Verdict::Deny => output::BAD,
    }
}

const fn style(verdict: FindingVerdict) -> anstyle::Style {
    match verdict {
        FindingVerdict::Allow => output::GOOD,
        FindingVerdict::Note => output::FAINT,
        FindingVerdict::Review => output::DOUBTFUL,
        FindingVerdict::Deny => output::BAD,
    }
}
