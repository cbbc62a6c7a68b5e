//! For people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cleartosend::Verdict;
use cleartosend::expert::clients::ClientStatus;
use cleartosend::expert::text::escaped;

use crate::accept::{self, Why};
use crate::finding::Finding;
use crate::report::Report;

/// Places of one client that are named; the JSON form has all.
const PLACES_SHOWN_MAX: usize = 20;
/// Lines of what was left out, and of notes.
const LINES_SHOWN_MAX: usize = 50;

/// The report for people: one paragraph for each client with its places, then what was accepted,
/// could not be read and was left out, a sum, and what it comes to.
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    for (_, findings) in clients(report) {
        let _ = write_client(&mut out, &findings);
    }
    let mut lines: Vec<String> = Vec::new();
    for accepted in &report.accepted {
        let finding = &accepted.finding;
        let place = format!("{}{}", plain(&finding.file), position(finding.line, finding.column));
        let until = accepted.acceptance.until;
        lines.push(format!(
            "accepted    {place}  {}, until {until}: {}",
            plain(&finding.client()),
            plain(&accepted.acceptance.reason)
        ));
    }
    for unused in &report.unused_acceptances {
        let place = format!("{}:{}  {}", unused.file, unused.line, plain(&unused.client));
        lines.push(match unused.why {
            Why::Expired => format!(
                "expired     {place}, which was accepted until {}: what it took counts again",
                unused.until
            ),
            Why::Stale => format!("stale       {place} matches nothing: take it out"),
        });
    }
    for broken in &report.broken {
        let file = if broken.file.is_empty() { "." } else { &broken.file };
        lines.push(format!(
            "broken      {}{}  {}",
            plain(file),
            position(broken.line, broken.column),
            plain(&broken.reason)
        ));
    }
    let (unread, skipped): (Vec<_>, Vec<_>) =
        report.skipped.iter().partition(|skipped| skipped.unread);
    lines.extend(unread.iter().map(|skipped| {
        format!("unread      {}  {}", plain(&skipped.file), plain(&skipped.reason))
    }));
    shortened(
        &mut lines,
        skipped.iter().map(|skipped| {
            format!("skipped     {}  {}", plain(&skipped.file), plain(&skipped.reason))
        }),
    );
    shortened(
        &mut lines,
        report
            .notes
            .iter()
            .map(|note| format!("note        {}  {}", plain(&note.file), plain(&note.text))),
    );
    for line in &lines {
        let _ = writeln!(out, "{line}");
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(out, "{}", sum(report));
    let _ = writeln!(out, "{}", outcome(report));
    out
}

/// As many lines as are shown, and how many there are besides.
fn shortened(lines: &mut Vec<String>, more: impl ExactSizeIterator<Item = String>) {
    let left_out = more.len().saturating_sub(LINES_SHOWN_MAX);
    lines.extend(more.take(LINES_SHOWN_MAX));
    if left_out > 0 {
        lines.push(format!("            and {left_out} more, which `--format json` names"));
    }
}

/// Findings by client, the worst first, and then by name.
fn clients(report: &Report) -> BTreeMap<(std::cmp::Reverse<ClientStatus>, String), Vec<&Finding>> {
    let mut clients: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        clients
            .entry((std::cmp::Reverse(finding.status), finding.client()))
            .or_default()
            .push(finding);
    }
    clients
}

fn write_client(out: &mut String, findings: &[&Finding]) -> std::fmt::Result {
    let Some(first) = findings.first() else { return Ok(()) };
    writeln!(out, "{:<11} {}", first.status.name(), plain(&first.client()))?;
    writeln!(out, "            {}", plain(&first.note))?;
    writeln!(
        out,
        "            source: {} ({}, seen {})",
        plain(&first.source),
        first.confidence,
        first.seen
    )?;
    for finding in findings.iter().take(PLACES_SHOWN_MAX) {
        write!(
            out,
            "            {}{}",
            plain(&finding.file),
            position(finding.line, finding.column)
        )?;
        if let Some(version) = &finding.version {
            write!(out, "  {}", plain(version))?;
        }
        match (&finding.alias, &finding.target) {
            (Some(alias), _) => writeln!(out, " (alias `{}`)", plain(alias))?,
            (None, Some(target)) => {
                writeln!(out, " ({}; under this name stands `{}`)", via(finding), plain(target))?;
            }
            (None, None) => writeln!(out, " ({})", via(finding))?,
        }
    }
    if findings.len() > PLACES_SHOWN_MAX {
        writeln!(
            out,
            "            and {} more places, which `--format json` names",
            findings.len() - PLACES_SHOWN_MAX
        )?;
    }
    match (&first.ask, first.status) {
        (Some(ask), _) => writeln!(out, "            settle: {}", plain(ask)),
        (None, ClientStatus::Unofficial) => {
            writeln!(
                out,
                "            next: send by the Cloud API instead, or accept it with a reason in \
                 `{}` if it never sends",
                accept::FILE
            )
        }
        (None, _) => Ok(()),
    }
}

fn via(finding: &Finding) -> &'static str {
    match finding.via {
        crate::Via::Source => "in a source",
        crate::Via::Command => "in a command",
        crate::Via::Transitive => "transitive",
        crate::Via::Locked => "locked",
        crate::Via::Own => "the tree's own name",
        crate::Via::Direct => "direct",
        crate::Via::Alias => "alias",
    }
}

fn sum(report: &Report) -> String {
    let mut counts = vec![
        format!("{} unofficial", report.count(ClientStatus::Unofficial)),
        format!("{} undecided", report.count(ClientStatus::Undecided)),
    ];
    let unchecked = report.count(ClientStatus::Unchecked);
    if unchecked > 0 {
        counts.push(format!("{unchecked} unchecked"));
    }
    if !report.accepted.is_empty() {
        counts.push(format!("{} accepted", report.accepted.len()));
    }
    format!(
        "{} in {}; {} broken, {} skipped; catalogue {} of {}",
        counts.join(", "),
        counted(report.files_read, "file"),
        report.broken.len(),
        report.skipped.len(),
        report.catalogue.version,
        report.catalogue.dated
    )
}

/// What it comes to, and why that is not better.
fn outcome(report: &Report) -> String {
    let nothing_read = report.files_read == 0;
    match report.verdict() {
        Verdict::Deny => "deny: an unofficial client is in use".to_owned(),
        Verdict::Review if report.worst() > ClientStatus::Unrecognised => {
            "review: settle the questions above".to_owned()
        }
        Verdict::Review if nothing_read => format!(
            "review: nothing was read: of {} none says what is installed or run in a form that is \
             known; `--allow-unread` accepts that",
            counted(report.files_seen, "file")
        ),
        Verdict::Review => "review: what is broken or unread may hold anything; `--allow-unread` \
                            accepts that"
            .to_owned(),
        Verdict::Allow if nothing_read => {
            "allow: nothing was read, and that was accepted".to_owned()
        }
        Verdict::Allow => "allow: no unofficial client that is known was found".to_owned(),
    }
}

fn position(line: Option<usize>, column: Option<usize>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!(":{line}:{column}"),
        (Some(line), None) => format!(":{line}"),
        (None, _) => String::new(),
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Text from a foreign file, without what could control a terminal.
fn plain(text: &str) -> String {
    escaped(text).into_owned()
}
