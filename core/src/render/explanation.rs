//! An explanation as a page.

use std::fmt::{Display, Write as _};

use super::paper::headline;
use super::row::{Ink, Page};
use crate::decide::Written;
use crate::explain::{
    Before, Change, Explanation, Fix, Interval, Missing, MissingValues, Timeline, To,
};
use crate::language::{Lang, Words, catalogue, explanation as words};
use crate::time::Timestamp;
use crate::value::Value;
use crate::verdict::{Status, Verdict};

/// How a timeline is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "machinery")]
pub enum TimelineShape {
    /// To people at a terminal: a bar.
    Bar,
    /// To whoever reads a file: an interval a line.
    Lines,
}

/// The whole explanation.
pub fn explanation(explanation: &Explanation, page: &Page, shape: TimelineShape) -> String {
    let mut text = String::new();
    let verdict = explanation.decision().verdict();
    headline(&mut text, verdict, page);
    page.row(&mut text, catalogue::LABEL_SEND_AT, &explanation.decision().send_at().to_string());
    if let Some(timeline) = explanation.timeline() {
        page.row(&mut text, words::LABEL_CLEAR, &clear(explanation, timeline, page.lang));
    }
    write_checklist(&mut text, explanation, page);
    write_fixes(&mut text, explanation, page);
    if let Some(timeline) = explanation.timeline().filter(|known| known.intervals.len() > 1) {
        heading(&mut text, words::WHEN, words::AS_GIVEN.of(page.lang), page);
        match shape {
            TimelineShape::Bar => write_bar(&mut text, timeline, page),
            TimelineShape::Lines => write_intervals(&mut text, &timeline.intervals, page),
        }
    }
    write_missing(&mut text, explanation.missing(), page);
    text
}

/// From when it is clear, and until when.
pub fn clear(explanation: &Explanation, timeline: &Timeline, lang: Lang) -> String {
    match (explanation.clear_from(), explanation.clear_until()) {
        (Some(from), Some(until)) => {
            catalogue::FROM_UNTIL.with(lang, &[("from", &from), ("until", &until)])
        }
        (Some(from), None) => {
            words::CLEAR_FROM.with(lang, &[("from", &from), ("until", &timeline.until)])
        }
        (None, _) => {
            let never = words::CLEAR_NEVER.with(lang, &[("until", &timeline.until)]);
            format!("{never}{}", without_end(explanation, lang))
        }
    }
}

/// Of which of the rules that decide no end is known.
fn without_end(explanation: &Explanation, lang: Lang) -> String {
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
        false => words::NO_END_KNOWN.with(lang, &[("rules", &names.join(", "))]),
    }
}

/// How many rules say what, and the names of those that stand against sending.
fn write_checklist(text: &mut String, explanation: &Explanation, page: &Page) {
    page.row(text, words::LABEL_RULES, &rule_counts(explanation, page.lang));
    let labels =
        [(words::LABEL_VIOLATED, Status::Violated), (words::LABEL_OPEN, Status::Undetermined)];
    for (label, status) in labels {
        let findings = explanation.decision().findings().iter();
        let names: Vec<&str> = findings
            .filter(|found| found.status == status && found.verdict.effect() > Verdict::Allow)
            .map(|found| &*found.rule)
            .collect();
        if !names.is_empty() {
            page.row(text, label, &names.join(", "));
        }
    }
}

/// How many rules say what.
pub fn rule_counts(explanation: &Explanation, lang: Lang) -> String {
    let count =
        |status| explanation.checklist().iter().filter(|entry| entry.status == status).count();
    let told: [(&str, &dyn Display); 4] = [
        ("violated", &count(Status::Violated)),
        ("undetermined", &count(Status::Undetermined)),
        ("satisfied", &count(Status::Satisfied)),
        ("not_applicable", &count(Status::NotApplicable)),
    ];
    words::RULE_COUNTS.with(lang, &told)
}

fn heading(text: &mut String, title: Words, rest: &str, page: &Page) {
    let title = page.inked(Ink::Strong, title.of(page.lang));
    let _ = writeln!(text, "\n{title}  {}", page.inked(Ink::Faint, rest));
}

/// What the fixes lead to, if the case is not clear.
pub fn help(explanation: &Explanation) -> Option<Words> {
    if explanation.decision().verdict() == Verdict::Allow {
        return None;
    }
    let Some(first) = explanation.fixes().first() else { return Some(words::HELP_NONE) };
    Some(match (first.leads_to, explanation.more_fixes()) {
        (Verdict::Allow, false) => words::HELP_ALLOW,
        (Verdict::Allow, true) => words::HELP_ALLOW_MORE,
        (_, false) => words::HELP_REVIEW,
        (_, true) => words::HELP_REVIEW_MORE,
    })
}

fn write_fixes(text: &mut String, explanation: &Explanation, page: &Page) {
    let Some(leads_to) = help(explanation) else { return };
    heading(text, words::HELP, leads_to.of(page.lang), page);
    for (number, fix) in explanation.fixes().iter().enumerate() {
        let before = explanation.fixes().iter().take(number);
        write_fix(text, number + 1, fix, before, page);
    }
}

/// One change a row. Of a fix that differs from one before in values alone, what differs.
fn write_fix<'f>(
    text: &mut String,
    number: usize,
    fix: &Fix,
    before: impl Iterator<Item = &'f Fix>,
    page: &Page,
) {
    let paths = |fix: &'f Fix| fix.changes.iter().map(|change| &*change.path);
    let own: Vec<&str> = fix.changes.iter().map(|change| &*change.path).collect();
    let alike = before.enumerate().find(|(_, known)| paths(known).eq(own.iter().copied()));
    let mut label = format!("{number}.");
    for change in &fix.changes {
        let mut shown = self::change(change, page.lang);
        if let Some((place, known)) = alike {
            if known.changes.contains(change) {
                continue;
            }
            let told: [(&str, &dyn Display); 2] = [("number", &(place + 1)), ("change", &shown)];
            shown = words::AS_BEFORE.with(page.lang, &told);
        }
        page.labelled(text, &label, &shown);
        words::LABEL_AND.of(page.lang).clone_into(&mut label);
    }
}

/// `send later: send_at to 2024-05-15T00:00:00Z`
pub fn change(change: &Change, lang: Lang) -> String {
    let path = &change.path;
    let to_value = |path: &dyn Display, value: &dyn Display| {
        words::TO_VALUE.with(lang, &[("path", path), ("value", value)])
    };
    let to = match &change.to {
        To::Removed => match &change.from {
            Before::Value(Some(name)) => format!("{path} ({})", Written(name)),
            Before::Value(None) | Before::Members(_) => path.to_string(),
        },
        To::Value(value) => to_value(path, &Written(value)),
        To::OneOf(values) => to_value(path, &any_of(values, lang)),
        To::Range { min, max } => range(path, min.as_ref(), max.as_ref(), lang),
        To::Members(members) => {
            let members = members.iter().map(|(name, values)| {
                let member = format!("{path}.{name}");
                match &values[..] {
                    [] => to_value(&member, &"null"),
                    values => to_value(&member, &any_of(values, lang)),
                }
            });
            members.collect::<Vec<_>>().join(", ")
        }
    };
    format!("{}: {to}", change.how)
}

fn any_of(values: &[Value], lang: Lang) -> String {
    let shown: Vec<String> = values.iter().map(|value| Written(value).to_string()).collect();
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => {
            words::OR.with(lang, &[("others", &others.join(", ")), ("last", last)])
        }
        None => String::new(),
    }
}

fn range(path: &str, min: Option<&Value>, max: Option<&Value>, lang: Lang) -> String {
    let (min, max) = (min.map(Written), max.map(Written));
    match (&min, &max) {
        (Some(min), Some(max)) => {
            words::TO_BETWEEN.with(lang, &[("path", &path), ("min", min), ("max", max)])
        }
        (Some(min), None) => words::TO_OR_MORE.with(lang, &[("path", &path), ("min", min)]),
        (None, Some(max)) => words::TO_OR_FEWER.with(lang, &[("path", &path), ("max", max)]),
        (None, None) => words::TO_ANY.with(lang, &[("path", &path)]),
    }
}

/// One cell for each equal part of the time: what is worst in it.
fn write_bar(text: &mut String, timeline: &Timeline, page: &Page) {
    const LESS_THAN_WIDTH: usize = 8;
    let cells = page.width.saturating_sub(LESS_THAN_WIDTH).clamp(10, 90);
    let (from, until) = (timeline.from.seconds(), timeline.until.seconds());
    let length = until.saturating_sub(from).max(1);
    let mut line = String::new();
    for cell in 0..cells as i64 {
        let start = from + length * cell / cells as i64;
        let end = (from + length * (cell + 1) / cells as i64).max(start + 1);
        let worst = timeline
            .intervals
            .iter()
            .filter(|known| known.from.seconds() < end && start < known.until.seconds())
            .map(|known| known.verdict)
            .max()
            .unwrap_or(Verdict::Allow);
        line.push_str(&page.inked(Ink::Verdict(worst), mark(worst)));
    }
    let _ = writeln!(text, "   {line}");
    let key = [Verdict::Deny, Verdict::Review, Verdict::Allow]
        .map(|verdict| format!("{} {}", mark(verdict), catalogue::verdict(verdict).of(page.lang)));
    let _ = writeln!(text, "   {}", page.inked(Ink::Faint, &key.join("  ")));
    let told: [(&str, &dyn Display); 2] = [("from", &timeline.from), ("until", &timeline.until)];
    let span = words::SPAN.with(page.lang, &told);
    let _ = writeln!(text, "   {}", page.inked(Ink::Faint, &span));
}

const fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Deny => "█",
        Verdict::Review => "▒",
        Verdict::Allow => "·",
    }
}

fn write_intervals(text: &mut String, intervals: &[Interval], page: &Page) {
    const SHOWN: usize = 6;
    for interval in intervals.iter().take(SHOWN) {
        let from = catalogue::FROM.with(page.lang, &[("from", &interval.from)]);
        let rules = match interval.rules.is_empty() {
            true => String::new(),
            false => format!("  {}", interval.rules.join(", ")),
        };
        let verdict = catalogue::verdict(interval.verdict);
        page.row(text, verdict, &format!("{from}{rules}"));
    }
    if let Some(rest) = intervals.get(SHOWN..).filter(|rest| !rest.is_empty()) {
        let end = intervals.last().map_or(Timestamp::MIN, |last| last.until);
        let told: [(&str, &dyn Display); 2] = [("count", &rest.len()), ("until", &end)];
        page.more(text, &words::MORE_INTERVALS.with(page.lang, &told));
    }
}

fn write_missing(text: &mut String, missing: &[Missing], page: &Page) {
    const SHOWN: usize = 5;
    if missing.is_empty() {
        return;
    }
    let rest = match missing.len().saturating_sub(SHOWN) {
        0 => String::new(),
        rest => words::AND_THEN.with(page.lang, &[("count", &rest)]),
    };
    heading(text, words::SUPPLY, &rest, page);
    for (number, member) in missing.iter().take(SHOWN).enumerate() {
        page.labelled(text, &format!("{}.", number + 1), &to_supply(member, page.lang));
    }
}

/// `recipient.opt_in (given, none); settles 1 rule; from …`
pub fn to_supply(member: &Missing, lang: Lang) -> String {
    let values = match &member.values {
        MissingValues::OneOf(names) => names.join(", "),
        MissingValues::Bool => words::TRUE_OR_FALSE.of(lang).to_owned(),
        MissingValues::Form(form) => form.clone(),
    };
    let settles = match member.settles {
        1 => words::SETTLES_ONE.of(lang).to_owned(),
        several => words::SETTLES.with(lang, &[("count", &several)]),
    };
    let source = match member.comes_from {
        "" => words::OWN_SYSTEMS.of(lang),
        source => source,
    };
    let source = words::COMES_FROM.with(lang, &[("source", &source)]);
    format!("{} ({values}); {settles}; {source}", member.path)
}
