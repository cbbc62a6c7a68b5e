//! `cts explain`: why, and what would help?

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use cleartosend::expert::decide::Written;
use cleartosend::expert::limits;
use cleartosend::expert::text::escaped;
use cleartosend::explain::{Before, Change, Fix, Interval, Missing, MissingValues, Timeline, To};
use cleartosend::{ExplainOptions, Explanation, Facts, Status, Timestamp, Value, Verdict};
use cleartosend_evidence::RecordOptions;

use crate::arguments::Explain;
use crate::commands::{account, code_of, evidence};
use crate::failure::Failure;
use crate::output::{self, Answer, styled};
use crate::{engine, files, paper};

pub(super) fn run(arguments: &Explain) -> Result<Answer, Failure> {
    evidence::refuse_place(&arguments.kept, &arguments.file)?;
    let engine = engine::of(&arguments.with)?;
    let document = files::read(&arguments.file, limits::DOCUMENT_BYTES_MAX)?;
    let facts = match arguments.at {
        Some(at) => Facts::from_json_at(engine.schema(), &document, at),
        None => Facts::from_json(engine.schema(), &document),
    };
    let mut facts = facts.map_err(|error| Failure::of_facts(&arguments.file, &error))?;
    account::tell(
        &mut facts,
        arguments.account.as_deref(),
        arguments.book.as_deref(),
        arguments.number.as_deref(),
    )?;
    let options = match arguments.until {
        Some(until) => ExplainOptions::default().until(until),
        None => ExplainOptions::default(),
    };
    let explanation = engine.explain(&facts, &options).map_err(|error| match error.facts() {
        Some(facts) => Failure::of_facts(&arguments.file, facts),
        None => Failure::new(&format!("{error} [{}]", error.code())),
    })?;
    evidence::keep(&arguments.kept, &engine, &facts, RecordOptions::new().explain(options))?;
    let code = code_of(explanation.decision().verdict());
    let answer = match arguments.json {
        true => Answer::of_bytes(format!("{}\n", explanation.to_json())),
        false => {
            let show = match std::io::stdout().is_terminal() {
                true => TimelineShape::Bar,
                false => TimelineShape::Lines,
            };
            Answer::new(as_text(&explanation, output::width(), show))
        }
    };
    Ok(answer.with_code(code))
}

/// How a timeline is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TimelineShape {
    /// To people at a terminal: a bar.
    Bar,
    /// To whoever reads a file: an interval a line.
    Lines,
}

fn as_text(explanation: &Explanation, width: usize, shape: TimelineShape) -> String {
    let decision = explanation.decision();
    let mut text = String::new();
    text.push_str(&headline(decision.verdict()));
    paper::row(&mut text, "send at", &decision.send_at().to_string(), width);
    if let Some(timeline) = explanation.timeline() {
        paper::row(&mut text, "clear", &clear(explanation, timeline), width);
    }
    checklist(&mut text, explanation, width);
    fixes(&mut text, explanation, width);
    if let Some(timeline) = explanation.timeline().filter(|known| known.intervals.len() > 1) {
        heading(&mut text, "When", "everything else as given");
        match shape {
            TimelineShape::Bar => bar(&mut text, timeline, width),
            TimelineShape::Lines => lines(&mut text, &timeline.intervals, width),
        }
    }
    supply(&mut text, explanation.missing(), width);
    text
}

/// The verdict in words, and an empty line.
fn headline(verdict: Verdict) -> String {
    let (words, style) = match verdict {
        Verdict::Allow => ("clear to send", output::GOOD),
        Verdict::Review => ("not clear to send before a person has decided", output::DOUBTFUL),
        Verdict::Deny => ("not clear to send", output::BAD),
    };
    format!("{}  {words}\n\n", styled(style, &verdict.name().to_uppercase()))
}

fn clear(explanation: &Explanation, timeline: &Timeline) -> String {
    match (explanation.clear_from(), explanation.clear_until()) {
        (Some(from), Some(until)) => format!("from {from} until {until}"),
        (Some(from), None) => {
            format!("from {from}, as far as was looked, until {}", timeline.until)
        }
        (None, _) => {
            format!("at no time up to {}{}", timeline.until, without_end(explanation))
        }
    }
}

/// Of which of the rules that decide no end is known.
fn without_end(explanation: &Explanation) -> String {
    let decision = explanation.decision();
    let names: Vec<&str> = decision
        .findings()
        .iter()
        .filter(|found| {
            found.status == Status::Violated
                && found.verdict.effect() == decision.verdict()
                && found.until.is_none()
        })
        .map(|found| &*found.rule)
        .collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("; no end of {} is known", names.join(", ")),
    }
}

/// How many rules say what, and the names of those that stand against sending.
fn checklist(text: &mut String, explanation: &Explanation, width: usize) {
    let count =
        |status| explanation.checklist().iter().filter(|entry| entry.status == status).count();
    let summary = format!(
        "{} violated, {} undetermined, {} satisfied, {} not applicable",
        count(Status::Violated),
        count(Status::Undetermined),
        count(Status::Satisfied),
        count(Status::NotApplicable)
    );
    paper::row(text, "rules", &summary, width);
    for (label, status) in [("violated", Status::Violated), ("open", Status::Undetermined)] {
        let findings = explanation.decision().findings().iter();
        let names: Vec<&str> = findings
            .filter(|found| found.status == status && found.verdict.effect() > Verdict::Allow)
            .map(|found| &*found.rule)
            .collect();
        if !names.is_empty() {
            paper::row(text, label, &names.join(", "), width);
        }
    }
}

fn heading(text: &mut String, title: &str, rest: &str) {
    let _ = writeln!(text, "\n{}  {}", styled(output::STRONG, title), styled(output::FAINT, rest));
}

fn fixes(text: &mut String, explanation: &Explanation, width: usize) {
    if explanation.decision().verdict() == Verdict::Allow {
        return;
    }
    let Some(first) = explanation.fixes().first() else {
        heading(text, "What would help", "no change that somebody can make was found");
        return;
    };
    let leads_to = match (first.leads_to, explanation.more_fixes()) {
        (Verdict::Allow, false) => "each of these leads to allow",
        (Verdict::Allow, true) => "each of these leads to allow; there may be more",
        (_, false) => "nothing leads to allow; each of these leads to review",
        (_, true) => "nothing was found that leads to allow; each of these leads to review",
    };
    heading(text, "What would help", leads_to);
    for (number, fix) in explanation.fixes().iter().enumerate() {
        let before = explanation.fixes().iter().take(number);
        write_fix(text, number + 1, fix, before, width);
    }
}

/// One change a row. Of a fix that differs from one before in values alone, what differs.
fn write_fix<'f>(
    text: &mut String,
    number: usize,
    fix: &Fix,
    before: impl Iterator<Item = &'f Fix>,
    width: usize,
) {
    let paths = |fix: &Fix| -> Vec<String> {
        fix.changes.iter().map(|change| change.path.to_string()).collect()
    };
    let alike = before.enumerate().find(|(_, known)| paths(known) == paths(fix));
    let mut label = format!("{number}.");
    for change in &fix.changes {
        let mut words = in_words(change);
        if let Some((place, known)) = alike {
            if known.changes.contains(change) {
                continue;
            }
            words = format!("as {}, but {words}", place + 1);
        }
        paper::row(text, &label, &words, width);
        label = "  and".to_owned();
    }
}

/// `send later: send_at to 2024-05-15T00:00:00Z`
fn in_words(change: &Change) -> String {
    let to = match &change.to {
        To::Removed => match &change.from {
            Before::Value(Some(name)) => format!("{} ({})", change.path, Written(name)),
            _ => change.path.to_string(),
        },
        To::Value(value) => format!("{} to {}", change.path, Written(value)),
        To::OneOf(values) => format!("{} to {}", change.path, any_of(values)),
        To::Range { min, max } => format!("{} {}", change.path, range(min.as_ref(), max.as_ref())),
        To::Members(members) => {
            let members = members.iter().map(|(name, values)| match &values[..] {
                [] => format!("{}.{name} to null", change.path),
                values => format!("{}.{name} to {}", change.path, any_of(values)),
            });
            members.collect::<Vec<_>>().join(", ")
        }
        _ => change.path.to_string(),
    };
    format!("{}: {to}", change.how)
}

fn any_of(values: &[Value]) -> String {
    let shown: Vec<String> = values.iter().map(|value| Written(value).to_string()).collect();
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

fn range(min: Option<&Value>, max: Option<&Value>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("to {} up to {}", Written(min), Written(max)),
        (Some(min), None) => format!("to {} or more", Written(min)),
        (None, Some(max)) => format!("to {} or fewer", Written(max)),
        (None, None) => "to any number".to_owned(),
    }
}

/// One cell for each equal part of the time: what is worst in it.
fn bar(text: &mut String, timeline: &Timeline, width: usize) {
    const LESS_THAN_WIDTH: usize = 8;
    let cells = width.saturating_sub(LESS_THAN_WIDTH).clamp(10, 90);
    let (from, until) = (timeline.from.seconds(), timeline.until.seconds());
    let length = (until - from).max(1);
    let mut line = String::new();
    for cell in 0..cells as i64 {
        let start = from + length * cell / cells as i64;
        let end = (from + length * (cell + 1) / cells as i64).max(start + 1);
        let worst = timeline
            .intervals
            .iter()
            .filter(|known| known.from.seconds() < end && start < known.until.seconds())
            .map(|known| known.verdict)
            .max();
        let (style, mark) = match worst {
            Some(Verdict::Deny) => (output::BAD, "█"),
            Some(Verdict::Review) => (output::DOUBTFUL, "▒"),
            Some(Verdict::Allow) | None => (output::GOOD, "·"),
        };
        line.push_str(&styled(style, mark));
    }
    let _ = writeln!(text, "   {line}");
    let _ = writeln!(text, "   {}", styled(output::FAINT, "█ deny  ▒ review  · allow"));
    let _ = writeln!(
        text,
        "   {}",
        styled(output::FAINT, &format!("{} to {}", timeline.from, timeline.until))
    );
}

fn lines(text: &mut String, intervals: &[Interval], width: usize) {
    const SHOWN: usize = 6;
    for interval in intervals.iter().take(SHOWN) {
        let rules: Vec<String> =
            interval.rules.iter().map(|rule| escaped(rule).into_owned()).collect();
        let rules =
            if rules.is_empty() { String::new() } else { format!("  {}", rules.join(", ")) };
        let line = format!("from {}{rules}", interval.from);
        paper::row(text, interval.verdict.name(), &line, width);
    }
    if let Some(rest) = intervals.get(SHOWN..).filter(|rest| !rest.is_empty()) {
        let end = intervals.last().map_or(Timestamp::MIN, |last| last.until);
        paper::row(text, "", &format!("{} more until {end}: see `--json`", rest.len()), width);
    }
}

fn supply(text: &mut String, missing: &[Missing], width: usize) {
    const SHOWN: usize = 5;
    if missing.is_empty() {
        return;
    }
    let rest = missing.len().saturating_sub(SHOWN);
    let heading_rest = match rest {
        0 => String::new(),
        rest => format!("and then {rest} more"),
    };
    heading(text, "Supply first:", &heading_rest);
    for (number, member) in missing.iter().take(SHOWN).enumerate() {
        let values = match &member.values {
            MissingValues::OneOf(names) => {
                names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            }
            MissingValues::Bool => "true or false".to_owned(),
            MissingValues::Form(words) => words.clone(),
            _ => String::new(),
        };
        let settles = match member.settles {
            1 => "settles 1 rule".to_owned(),
            several => format!("settles {several} rules"),
        };
        let line = format!(
            "{} ({values}); {settles}; from {}",
            member.path,
            if member.comes_from.is_empty() { "your own systems" } else { member.comes_from }
        );
        paper::row(text, &format!("{}.", number + 1), &line, width);
    }
}
