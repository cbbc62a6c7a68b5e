//! For people.

use std::fmt::Write as _;

use cleartosend::directory::clients::ClientStatus;

use crate::report::{Finding, Report};

/// The report for people: one paragraph for each finding, one line for each file that could not be read, and a sum.
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    for finding in &report.findings {
        let _ = write_finding(&mut out, finding);
    }
    for broken in &report.broken {
        let file = if broken.file.is_empty() { "." } else { &broken.file };
        let _ = writeln!(out, "broken      {}{}  {}", plain(file), position(broken.line, broken.column), plain(&broken.reason));
    }
    if !report.findings.is_empty() || !report.broken.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "{} unofficial, {} undecided in {}; {} broken, {} skipped; catalogue {} of {}",
        report.count(ClientStatus::Unofficial),
        report.count(ClientStatus::Undecided),
        counted(report.files_read, "file"),
        report.broken.len(),
        report.skipped.len(),
        report.catalogue.version,
        report.catalogue.dated
    );
    out
}

fn write_finding(out: &mut String, finding: &Finding) -> std::fmt::Result {
    write!(out, "{:<11} {}{}  ", finding.status.name(), plain(&finding.file), position(finding.line, finding.column))?;
    write!(out, "{}:{}", finding.ecosystem, finding.name)?;
    if let Some(version) = &finding.version {
        write!(out, " {}", plain(version))?;
    }
    match &finding.alias {
        Some(alias) => writeln!(out, " (alias `{}`)", plain(alias))?,
        None => writeln!(out, " ({})", via(finding))?,
    }
    writeln!(out, "            {}", finding.note)?;
    if let Some(ask) = &finding.ask {
        writeln!(out, "            {ask}")?;
    }
    Ok(())
}

fn via(finding: &Finding) -> &'static str {
    match finding.via {
        crate::Via::Transitive => "transitive",
        crate::Via::Locked => "locked",
        crate::Via::Direct => "direct",
        crate::Via::Alias => "alias",
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

/// Text from a stranger's file, without what could steer a terminal.
fn plain(text: &str) -> String {
    let steers = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}
