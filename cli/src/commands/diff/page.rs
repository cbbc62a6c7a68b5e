//! How does a difference read?

use std::fmt::Write as _;

use cleartosend::analyse::{Certainty, Change, RuleChange, Said, WitnessOfChange};
use cleartosend::expert::text::escaped;
use cleartosend::{Difference, Verdict};

use super::super::directory::Differences;
use super::Compared;
use super::audience::Audience;
use super::cases::{CaseChange, Cases};
use crate::commands::pack::directory_of_tests;
use crate::output::{self, styled};

/// For a terminal.
pub(super) fn text(compared: &Compared) -> String {
    let Compared { difference, directories, cases, audience } = compared;
    let mut text = directories.as_ref().map(Differences::to_text).unwrap_or_default();
    for change in &difference.rules {
        let style = match change.change {
            Change::Added => output::GOOD,
            Change::Removed => output::BAD,
            Change::Changed => output::DOUBTFUL,
            Change::Reworded => output::FAINT,
        };
        let word = styled(style, &format!("{:<9}", change.change.name()));
        let _ = writeln!(text, "{word} {}/{}{}", change.pack, change.rule, means(change));
        if let Some(witness) = &change.witness {
            let _ = writeln!(text, "    {}", said(witness));
            let _ = writeln!(text, "    {}", escaped(&witness.document.to_string()));
            if let Some(directory) = by_directory(witness) {
                let _ = writeln!(text, "    {}", escaped(&directory));
            }
        }
    }
    if let Some(cases) = cases {
        for change in &cases.changed {
            let _ = writeln!(
                text,
                "{} {}: {}",
                styled(output::STRONG, "case"),
                escaped(&named(change)),
                moved(change)
            );
            for (sign, findings) in [('-', &change.gone), ('+', &change.come)] {
                for finding in findings {
                    let _ = writeln!(text, "    {sign} {}", escaped(finding));
                }
            }
        }
    }
    let _ = writeln!(text, "{}", counts(difference));
    if let Some(cases) = cases {
        let _ = writeln!(text, "{}", of_cases(cases));
    }
    if let Some(audience) = audience {
        for (rule, counts) in &audience.rules {
            let _ = writeln!(text, "    {}", escaped(&of_rows(rule, *counts)));
        }
        let _ = writeln!(text, "{}", of_audience(audience));
    }
    bounds(difference).for_each(|bound| text.push_str(&format!("{bound}\n")));
    text
}

/// For a change request.
pub(super) fn markdown(compared: &Compared) -> String {
    let Compared { difference, directories, cases, audience } = compared;
    let mut text = match directories {
        Some(directories) => {
            // As it stands, so that no name in it is taken for markup.
            let answer_format = anstream::adapter::strip_str(&directories.to_text()).to_string();
            let fence = "`".repeat(3.max(1 + longest_run(&answer_format)));
            format!("{fence}text\n{answer_format}{fence}\n\n{}\n", counts(difference))
        }
        None => format!("{}\n", counts(difference)),
    };
    if !difference.rules.is_empty() {
        text.push_str("\n| rule | change | what shows it |\n| --- | --- | --- |\n");
    }
    for change in &difference.rules {
        let shown = change.witness.as_ref().map(|witness| {
            let directory =
                by_directory(witness).map(|answer_format| format!(", {}", escaped(&answer_format)));
            format!(
                "{}: {}{}",
                said(witness),
                code(&witness.document.to_string()),
                directory.unwrap_or_default()
            )
        });
        let _ = writeln!(
            text,
            "| `{}/{}` | {}{} | {} |",
            change.pack,
            change.rule,
            change.change.name(),
            means(change),
            shown.unwrap_or_default()
        );
    }
    if let Some(cases) = cases {
        let _ = writeln!(text, "\n{}", of_cases(cases));
        if !cases.changed.is_empty() {
            text.push_str("\n| case | verdict | no longer | from now on |\n");
            text.push_str("| --- | --- | --- | --- |\n");
        }
        for change in &cases.changed {
            let list = |findings: &[String]| {
                findings.iter().map(|finding| code(finding)).collect::<Vec<_>>().join("<br>")
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                code(&named(change)),
                moved(change),
                list(&change.gone),
                list(&change.come)
            );
        }
    }
    if let Some(audience) = audience {
        let _ = writeln!(text, "\n{}", of_audience(audience));
        if !audience.rules.is_empty() {
            text.push('\n');
        }
        for (rule, counts) in &audience.rules {
            let _ = writeln!(text, "- {}", code(&of_rows(rule, *counts)));
        }
    }
    bounds(difference).for_each(|bound| text.push_str(&format!("\n{bound}\n")));
    text
}

/// A stranger's text as code within a table.
fn code(text: &str) -> String {
    let safe = escaped(text).replace('|', "\\|");
    let fence = "`".repeat(1 + longest_run(&safe));
    // A text that begins or ends with a back-tick needs a blank there, which is not shown.
    let blank = if safe.contains('`') { " " } else { "" };
    format!("{fence}{blank}{safe}{blank}{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|other| other != '`').map(str::len).max().unwrap_or_default()
}

/// What a violation means on both sides.
fn means(change: &RuleChange) -> String {
    let doubt = match change.certainty {
        Certainty::Proved => "",
        Certainty::Possible => ", possibly: no document was found that shows it",
    };
    let means = match (change.old, change.new) {
        (Some(old), Some(new)) if old != new => format!(" ({old} -> {new})"),
        (Some(only), _) | (None, Some(only)) => format!(" ({only})"),
        (None, None) => String::new(),
    };
    format!("{means}{doubt}")
}

fn said(witness: &WitnessOfChange) -> String {
    let of = |said: &Said| {
        let status = said.status.map_or("-".to_owned(), |status| status.name().replace('_', " "));
        let at = said.at.map(|at| format!("at {at} ")).unwrap_or_default();
        format!("{at}{}, verdict {}", status, said.verdict)
    };
    format!("{} -> {}", of(&witness.old), of(&witness.new))
}

/// Which directory the document is judged with, where it is not the engine's own.
fn by_directory(witness: &WitnessOfChange) -> Option<String> {
    witness.directory.as_deref().map(directory_of_tests)
}

fn counts(difference: &Difference) -> String {
    let of = |change| difference.rules.iter().filter(|known| known.change == change).count();
    let counts: Vec<String> =
        Change::ALL.iter().map(|change| format!("{} {}", of(*change), change.name())).collect();
    format!("rules: {}, {} equivalent", counts.join(", "), difference.equivalent)
}

fn of_cases(cases: &Cases) -> String {
    let moves = moves(cases.moves().into_iter());
    format!("cases: {} of {} change{moves}", cases.changed.len(), cases.judged)
}

fn of_audience(audience: &Audience) -> String {
    let moves = moves(audience.moves.iter().map(|(verdicts, rows)| (*verdicts, *rows)));
    format!("recipients: {} of {} change{moves}", audience.changed, audience.rows)
}

fn of_rows(rule: &str, (gone, come): (u64, u64)) -> String {
    format!("{rule}: on {gone} no longer, on {come} from now on")
}

/// How many go from one verdict to another.
fn moves<N: std::fmt::Display>(moves: impl Iterator<Item = ((Verdict, Verdict), N)>) -> String {
    let moves: Vec<String> =
        moves.map(|((from, to), count)| format!("{count} {from} -> {to}")).collect();
    if moves.is_empty() { String::new() } else { format!(": {}", moves.join(", ")) }
}

fn named(change: &CaseChange) -> String {
    match &change.id {
        Some(id) => format!("{} ({id})", change.place),
        None => change.place.clone(),
    }
}

fn moved(change: &CaseChange) -> String {
    match change.from == change.to {
        true => format!("{} on both sides, by other rules", change.from),
        false => format!("{} -> {}", change.from, change.to),
    }
}

fn bounds(difference: &Difference) -> impl Iterator<Item = String> {
    difference
        .bounds
        .iter()
        .map(|bound| format!("not all was tried: {} ({})", bound.left, bound.limit))
}
