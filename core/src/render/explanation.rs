//! An explanation as a page.

use std::fmt::Write as _;

use super::change::change;
use super::paper::headline;
use super::row::{Ink, Page, counted};
use super::short::{Supply, listed, supply, waivers};
use crate::explain::{Explanation, Fix, Interval, RuleEnd, Timeline, WhenOver};
use crate::language::{Lang, Words, answers, catalogue as words};
use crate::limits;
use crate::verdict::{Status, Verdict};

/// How many missing members are named.
const SUPPLY_SHOWN: usize = 5;
/// How many rules an interval names.
const RULES_SHOWN: usize = 4;

/// How a timeline is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever makes a page has to choose")]
pub enum TimelineShape {
    /// To people at a terminal: a bar.
    Bar,
    /// To whoever reads a file: an interval a line.
    Lines,
}

/// The whole explanation.
pub fn explanation(explanation: &Explanation, shape: TimelineShape, page: &Page) -> String {
    let decision = explanation.decision();
    let lang = page.lang;
    let mut text = String::new();
    headline(&mut text, decision.verdict(), page);
    page.row(&mut text, words::LABEL_SEND_AT, &decision.send_at().to_string());
    if let Some(timeline) = explanation.timeline() {
        page.row(&mut text, answers::LABEL_CLEAR, &clear(explanation, timeline, lang));
    }
    page.row(&mut text, answers::LABEL_RULES, &counts(explanation, lang));
    for (label, status) in
        [(words::VIOLATED, Status::Violated), (words::UNDETERMINED, Status::Undetermined)]
    {
        let names = standing(explanation, status);
        if !names.is_empty() {
            page.row(&mut text, label, &names.join(", "));
        }
    }
    waivers(&mut text, explanation, page);
    fixes(&mut text, explanation, page);
    if let Some(timeline) = explanation.timeline().filter(|known| known.intervals.len() > 1) {
        text.push('\n');
        page.heading(&mut text, answers::WHEN.of(lang), answers::ALL_ELSE_AS_GIVEN.of(lang));
        match shape {
            TimelineShape::Bar => bar(&mut text, timeline, page),
            TimelineShape::Lines => lines(&mut text, &timeline.intervals, page),
        }
    }
    if !explanation.missing().is_empty() {
        text.push('\n');
        supply(&mut text, explanation, (SUPPLY_SHOWN, Supply::Whole), page);
    }
    text
}

/// From when it is clear to send.
pub fn clear(explanation: &Explanation, timeline: &Timeline, lang: Lang) -> String {
    let end = timeline.until;
    match (explanation.clear_from(), explanation.clear_until()) {
        (Some(from), Some(until)) => {
            words::FROM_UNTIL.with(lang, &[("from", &from), ("until", &until)])
        }
        (Some(from), None) => answers::CLEAR_FROM.with(lang, &[("from", &from), ("until", &end)]),
        (None, _) => {
            let never = answers::CLEAR_AT_NO_TIME.with(lang, &[("until", &end)]);
            never + &without_end(explanation, timeline, lang)
        }
    }
}

/// When that ends which decides at every instant that was looked at, and whether it is of use to
/// look further.
fn without_end(explanation: &Explanation, timeline: &Timeline, lang: Lang) -> String {
    let decides = |end: &&RuleEnd| {
        end.status == Status::Violated && end.verdict == explanation.decision().verdict()
    };
    let ends: Vec<&RuleEnd> = explanation.ends().iter().filter(decides).collect();
    let mut text = String::new();
    for end in ends.iter().take(RULES_SHOWN) {
        let says = |words: Words, at| words.with(lang, &[("rule", &end.rule), ("at", &at)]);
        match end.over {
            WhenOver::At(at) => text.push_str(&says(answers::ENDS_AT, at)),
            WhenOver::NotBefore(at) => text.push_str(&says(answers::ENDS_NOT_BEFORE, at)),
            WhenOver::NoEndKnown => {}
        }
    }
    let endless = |end: &&RuleEnd| end.over == WhenOver::NoEndKnown;
    let names: Vec<&str> = ends.iter().copied().filter(endless).map(|end| &*end.rule).collect();
    if !names.is_empty() {
        text.push_str(&answers::NO_END_KNOWN.with(lang, &[("rules", &names.join(", "))]));
    }
    let is_of_use = !explanation.ends().iter().any(|end| endless(&end));
    if is_of_use && reaches_further(timeline) {
        text.push_str(answers::LOOK_FURTHER.of(lang));
    }
    text
}

/// Whether a timeline may end later than this one does.
fn reaches_further(timeline: &Timeline) -> bool {
    const DAY_SECONDS: i64 = 86_400;
    timeline.until.seconds() - timeline.from.seconds() < limits::TIMELINE_DAYS_MAX * DAY_SECONDS
}

/// How many rules say what. Notes are counted apart, since they stand against nothing.
pub fn counts(explanation: &Explanation, lang: Lang) -> String {
    let said = |status| explanation.checklist().iter().filter(move |entry| entry.status == status);
    let violated = standing(explanation, Status::Violated).len();
    let undetermined = standing(explanation, Status::Undetermined).len();
    let findings = said(Status::Violated).count() + said(Status::Undetermined).count();
    let notes = findings.saturating_sub(violated + undetermined);
    let satisfied = said(Status::Satisfied).count();
    let counts = [
        Some(counted(answers::ONE_VIOLATED, answers::COUNT_VIOLATED, violated, lang)),
        Some(counted(answers::ONE_UNDETERMINED, answers::COUNT_UNDETERMINED, undetermined, lang)),
        (notes > 0).then(|| counted(answers::ONE_NOTE, answers::COUNT_NOTES, notes, lang)),
        Some(counted(answers::ONE_SATISFIED, answers::COUNT_SATISFIED, satisfied, lang)),
        Some(counted(
            answers::ONE_NOT_APPLICABLE,
            answers::COUNT_NOT_APPLICABLE,
            said(Status::NotApplicable).count(),
            lang,
        )),
    ];
    counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The rules that stand against sending.
pub(super) fn standing(explanation: &Explanation, status: Status) -> Vec<&str> {
    let findings = explanation.decision().findings().iter();
    findings
        .filter(|found| found.status == status && found.verdict.effect() > Verdict::Allow)
        .map(|found| &*found.rule)
        .collect()
}

/// What the fixes lead to, in words.
const fn leads_to(leads_to: Verdict, is_missing: bool, more: bool) -> Words {
    match (leads_to, is_missing, more) {
        (Verdict::Allow, _, false) => answers::EACH_ALLOWS,
        (Verdict::Allow, _, true) => answers::EACH_ALLOWS_MORE,
        // Facts that are missing are held as they are: with them it may lead to allow.
        (_, true, false) => answers::EACH_REVIEWS_UNTIL,
        (_, true, true) => answers::EACH_REVIEWS_UNTIL_MORE,
        (_, false, false) => answers::EACH_REVIEWS,
        (_, false, true) => answers::EACH_REVIEWS_MORE,
    }
}

/// What the fixes lead to, where the case is not clear.
pub fn help(explanation: &Explanation) -> Option<Words> {
    if explanation.decision().verdict() == Verdict::Allow {
        return None;
    }
    let is_missing = !explanation.missing().is_empty();
    let is_wrong = !standing(explanation, Status::Violated).is_empty();
    Some(match explanation.fixes().first() {
        None if is_missing && !is_wrong => answers::ONLY_MISSING,
        None if explanation.more_fixes() => answers::NOTHING_IN_REACH,
        None => answers::NOTHING_HELPS,
        Some(first) => leads_to(first.leads_to, is_missing, explanation.more_fixes()),
    })
}

fn fixes(text: &mut String, explanation: &Explanation, page: &Page) {
    let Some(says) = help(explanation) else { return };
    let lang = page.lang;
    text.push('\n');
    page.heading(text, answers::WHAT_WOULD_HELP.of(lang), says.of(lang));
    for (number, fix) in explanation.fixes().iter().enumerate() {
        for (place, words) in fix_lines(explanation.fixes(), number, fix, lang).iter().enumerate() {
            let label = match place {
                0 => format!("{}.", number + 1),
                _ => format!("  {}", answers::AND.of(lang)),
            };
            page.labelled(text, &label, words);
        }
    }
}

/// One change a line. Of a fix that differs from one before in values alone, what differs.
pub(super) fn fix_lines(all: &[Fix], number: usize, fix: &Fix, lang: Lang) -> Vec<String> {
    let paths =
        |fix: &Fix| -> Vec<String> { fix.changes.iter().map(|own| own.path.to_string()).collect() };
    let mut before = all.iter().take(number).enumerate();
    let alike = before.find(|(_, known)| paths(known) == paths(fix));
    let lines = fix.changes.iter().filter_map(|own| {
        let words = change(own, lang);
        let Some((place, known)) = alike else { return Some(words) };
        if known.changes.contains(own) {
            return None;
        }
        let number = place + 1;
        Some(answers::AS_BUT.with(lang, &[("number", &number), ("change", &words)]))
    });
    lines.collect()
}

/// One cell for each equal part of the time: what is worst in it.
fn bar(text: &mut String, timeline: &Timeline, page: &Page) {
    const LESS_THAN_WIDTH: usize = 8;
    let lang = page.lang;
    let cells = page.width.saturating_sub(LESS_THAN_WIDTH).clamp(10, 90);
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
        let worst = worst.unwrap_or(Verdict::Allow);
        line.push_str(&page.inked(Ink::Verdict(worst), mark(worst)));
    }
    let _ = writeln!(text, "   {line}");
    let legend: Vec<String> = [Verdict::Deny, Verdict::Review, Verdict::Allow]
        .map(|verdict| format!("{} {}", mark(verdict), words::verdict(verdict).of(lang)))
        .to_vec();
    let _ = writeln!(text, "   {}", page.inked(Ink::Faint, &legend.join("  ")));
    let ends = answers::FROM_TO.with(lang, &[("from", &timeline.from), ("until", &timeline.until)]);
    let _ = writeln!(text, "   {}", page.inked(Ink::Faint, &ends));
}

const fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Deny => "█",
        Verdict::Review => "▒",
        Verdict::Allow => "·",
    }
}

fn lines(text: &mut String, intervals: &[Interval], page: &Page) {
    const SHOWN: usize = 6;
    let lang = page.lang;
    for interval in intervals.iter().take(SHOWN) {
        let label = words::verdict(interval.verdict);
        page.row(text, label, &interval_line(interval, lang));
    }
    if let Some(rest) = intervals.get(SHOWN..).filter(|rest| !rest.is_empty())
        && let Some(last) = rest.last()
    {
        let count = rest.len();
        page.more(
            text,
            &answers::MORE_UNTIL.with(lang, &[("count", &count), ("until", &last.until)]),
        );
    }
}

/// From when, and by which rules.
fn interval_line(interval: &Interval, lang: Lang) -> String {
    let rules: Vec<&str> = interval.rules.iter().map(|rule| &**rule).collect();
    match rules.is_empty() {
        true => words::FROM.with(lang, &[("from", &interval.from)]),
        false => {
            let rules = listed(&rules, RULES_SHOWN, lang);
            answers::FROM_WITH.with(lang, &[("from", &interval.from), ("rules", &rules)])
        }
    }
}
