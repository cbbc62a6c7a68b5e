//! What was found of the whole audience?

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use textwrap::{Options, WordSplitter};

use super::basis::Basis;
use super::bits::BLOCK;
use super::help::Help;
use super::number::{grouped, share};
use super::outside;
use super::plan::Plan;
use crate::decide::FindingWaiver;
use crate::language::{Lang, catalogue as words};
use crate::matching::order::{self, Rank, Subject};
use crate::render::waived;
use crate::schema::{self, attributes};
use crate::text::escaped;
use crate::verdict::{FindingVerdict, Status, Verdict};

/// Values that could not be read and are listed one by one; all are counted.
///
/// LIMIT: a person looks at some, and an audience of millions may have the same mistake in each
/// row.
pub(super) const BAD_ROWS_SHOWN_MAX: usize = 100;

/// What was found of an audience: a struct, one line of JSON ([`Summary::to_json`]), or text for
/// people ([`fmt::Display`]).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Rows judged.
    pub rows: u64,
    /// Recipients that the campaign gives, `campaign.audience_size`; not written where
    /// that is not given, and of replies, which no limit counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience_size: Option<i64>,
    /// Recipients that the campaign itself says to be without an open customer-service window,
    /// `campaign.audience_outside_window`; not written where that is not given, and of replies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience_outside_window: Option<i64>,
    /// Rows that are not denied and are known to have no open customer-service window; not written
    /// where the campaign does not say how many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_outside_window: Option<u64>,
    /// Rows by verdict.
    pub verdicts: VerdictCounts,
    /// Rules that some row violates or leaves undetermined, in the order of findings: deny before
    /// review before note, violated before undetermined, then by pack and id. Those that are notes
    /// have no effect on any row's verdict, and the rows' lists of rules leave them out.
    ///
    /// None, and not written, where verdicts were all that was asked
    /// ([`ScreenOptions::verdict_only`](super::ScreenOptions::verdict_only)), as are
    /// [`Self::missing`], [`Self::countries`], [`Self::bad_rows`] and [`Self::bad_values`]: nothing
    /// of that was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<RuleCount>>,
    /// Members that some row misses, by path; none where only verdicts were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<MissingCount>>,
    /// Where recipients are, the most frequent first; empty where no column shows it, none where
    /// only verdicts were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub countries: Option<Vec<CountryCount>>,
    /// Rows with a value that could not be read; none where only verdicts were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bad_rows: Option<u64>,
    /// The first of these values, in row order; none where only verdicts were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bad_values: Option<Vec<BadRow>>,
    /// What would help most; not written where nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Help>,
    /// What it rests on: summaries of one basis can be merged.
    pub basis: Arc<Basis>,
}

/// Rows by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "there are three verdicts, and never a fourth")]
pub struct VerdictCounts {
    /// Clear to send.
    pub allow: u64,
    /// A person must decide, or something is missing.
    pub review: u64,
    /// Not clear to send.
    pub deny: u64,
}

/// How many rows have a finding of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleCount {
    /// The rule's pack; none for values that could not be read.
    pub pack: Option<Arc<str>>,
    /// The rule's id.
    pub rule: Arc<str>,
    /// Whether it is violated or undetermined.
    pub status: Status,
    /// What that means.
    pub verdict: FindingVerdict,
    /// The exception that lowered the verdict; not written where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<FindingWaiver>,
    /// Rows with this finding.
    pub rows: u64,
    /// Rows with no other finding: so many more would be allowed if this were fixed;
    /// 0 for a note.
    pub alone: u64,
}

/// In how many rows a member is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MissingCount {
    /// The member's path.
    pub path: Arc<str>,
    /// Rows in which it is missing.
    pub rows: u64,
}

/// How many recipients are in a country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CountryCount {
    /// ISO 3166-1 alpha-2; none where it is not known.
    pub country: Option<&'static str>,
    /// Rows.
    pub rows: u64,
    /// Rows by verdict.
    pub verdicts: VerdictCounts,
}

/// A value that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BadRow {
    /// The number of the row in the audience, from 0.
    pub row: u64,
    /// The line of the file on which the row begins, from 1, where whoever read it says so; not
    /// written where not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// As the audience calls the column.
    pub column: Arc<str>,
    /// The attribute that the column holds.
    pub attribute: Arc<str>,
    /// What was found, and what was expected.
    pub reason: String,
}

impl BadRow {
    /// Where it stands and what is wrong, in words.
    pub(super) fn lines(&self, column: &str, reason: &dyn fmt::Display, lang: Lang) -> String {
        let row = self.row + 1;
        match self.line {
            Some(line) => words::BAD_ROW_ON_LINE.with(
                lang,
                &[("row", &row), ("line", &line), ("column", &column), ("reason", reason)],
            ),
            None => {
                words::BAD_ROW.with(lang, &[("row", &row), ("column", &column), ("reason", reason)])
            }
        }
    }
}

impl Summary {
    /// The summary as one line of JSON.
    pub fn to_json(&self) -> String {
        // Every member writes itself without fail, and keys are texts.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether more rows are not denied than the campaign is said to have recipients. Limits were
    /// judged by that number, so that a person must look at them again.
    pub fn is_larger_than_said(&self) -> bool {
        is_more(Some(self.to_send()), self.audience_size)
    }

    /// Whether more rows that are not denied are outside the customer-service window than the
    /// campaign says. Limits were judged by what was said here too.
    pub fn is_outside_window_more_than_said(&self) -> bool {
        is_more(self.rows_outside_window, self.audience_outside_window)
    }

    /// Rows that are not denied.
    fn to_send(&self) -> u64 {
        self.rows.saturating_sub(self.verdicts.deny)
    }

    /// The worst verdict of any row, and at least review where more rows are not denied than the
    /// campaign is said to have recipients, or than it says to be outside the customer-service
    /// window; allow where there is none.
    pub fn worst(&self) -> Verdict {
        match self.verdicts {
            VerdictCounts { deny: 1.., .. } => Verdict::Deny,
            VerdictCounts { review: 1.., .. } => Verdict::Review,
            VerdictCounts { .. }
                if self.is_larger_than_said() || self.is_outside_window_more_than_said() =>
            {
                Verdict::Review
            }
            VerdictCounts { .. } => Verdict::Allow,
        }
    }
}

/// For people, in English: [`Summary::text`].
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Lang::English, usize::MAX)
    }
}

impl Summary {
    /// The summary for people, in their language: counts with their share, one line each.
    pub fn text(&self, lang: Lang) -> String {
        self.text_within(lang, usize::MAX)
    }

    /// As [`Self::text`], for a page of so many columns: what a name is longer than its column for
    /// stands below it, and nothing that is copied is broken.
    pub fn text_within(&self, lang: Lang, width: usize) -> String {
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _ = self.write(&mut text, lang, width);
        text
    }

    fn write(&self, f: &mut impl fmt::Write, lang: Lang, page_width: usize) -> fmt::Result {
        let Self {
            rows,
            audience_size: _,
            audience_outside_window: _,
            rows_outside_window: _,
            verdicts,
            rules,
            missing,
            countries,
            bad_rows,
            bad_values,
            help,
            basis: _,
        } = self;
        let (rules, missing) = (rules.as_deref().unwrap_or(&[]), missing.as_deref().unwrap_or(&[]));
        let countries = countries.as_deref().unwrap_or(&[]);
        let share = |count: u64| share(count, *rows);
        let [allow, review, deny] =
            [words::ALLOW, words::REVIEW, words::DENY].map(|word| word.of(lang));
        let word_rows = words::ROWS.of(lang);
        // English words are short, and a column of eight holds them with their gap.
        let widest = [word_rows, allow, review, deny].iter().map(|word| columns(word) + 1).max();
        let width = widest.unwrap_or_default().max(8);
        writeln!(f, "{word_rows:<width$}{:>15}", grouped(*rows))?;
        for (name, count) in
            [(allow, verdicts.allow), (review, verdicts.review), (deny, verdicts.deny)]
        {
            writeln!(f, "{name:<width$}{}", share(count))?;
        }
        for more in self.more_rows(lang) {
            writeln!(f, "\n{more}")?;
        }
        if !rules.is_empty() {
            let name = |rule: &RuleCount| {
                let verdict = words::finding_verdict(rule.verdict).of(lang);
                let status = words::status(rule.status).of(lang);
                match rule.waiver {
                    Some(_) => {
                        format!("{verdict} {} {status}, {}", rule.rule, words::WAIVED.of(lang))
                    }
                    None => format!("{verdict} {} {status}", rule.rule),
                }
            };
            let widest = rules.iter().map(|rule| columns(&name(rule))).max().unwrap_or_default();
            // Few names are longer than this; where one is, all columns move.
            let width = widest.max(46).min(room(page_width, ROWS_WIDTH + ALONE_WIDTH));
            let (rule, alone, total) = (words::RULE.of(lang), words::ALONE.of(lang), width + 2);
            writeln!(f, "\n{rule:<total$}{word_rows:>22}{alone:>17}")?;
            for rule in rules {
                let (name, rows, alone) = (name(rule), share(rule.rows), grouped(rule.alone));
                named_row(f, &name, width, &format!("{rows}{alone:>17}"))?;
            }
        }
        let waivers = self.waivers(lang);
        if !waivers.is_empty() {
            writeln!(f)?;
        }
        for (rule, lines) in waivers {
            let line = format!("{} {rule}: {}", words::LABEL_WAIVER.of(lang), escaped(&lines));
            write_wrapped(f, &line, page_width)?;
        }
        if !missing.is_empty() {
            writeln!(f, "\n{}", words::ROWS_NOT_GIVEN.of(lang))?;
            let widest = missing.iter().map(|member| columns(&member.path)).max();
            let width = widest.unwrap_or_default().max(46).min(room(page_width, ROWS_WIDTH));
            for member in missing {
                named_row(f, &member.path, width, &share(member.rows))?;
            }
        }
        if !countries.is_empty() {
            let unknown = words::COUNTRY_UNKNOWN.of(lang);
            let width = columns(unknown).max(7);
            let cell = room(page_width, width).div_euclid(4).min(15);
            writeln!(
                f,
                "\n{:<total$}{word_rows:>cell$}{allow:>cell$}{review:>cell$}{deny:>cell$}",
                words::COUNTRY.of(lang),
                total = width + 2
            )?;
            for country in countries.iter().take(COUNTRIES_SHOWN) {
                let CountryCount { country, rows, verdicts } = country;
                let VerdictCounts { allow, review, deny } = *verdicts;
                let name = country.unwrap_or(unknown);
                writeln!(
                    f,
                    "  {name:<width$}{:>cell$}{:>cell$}{:>cell$}{:>cell$}",
                    grouped(*rows),
                    grouped(allow),
                    grouped(review),
                    grouped(deny)
                )?;
            }
            if let Some(more) =
                countries.len().checked_sub(COUNTRIES_SHOWN).filter(|more| *more > 0)
            {
                writeln!(f, "  {}", words::AND_MORE.with(lang, &[("count", &more)]))?;
            }
        }
        if let Some(bad_rows @ 1..) = *bad_rows {
            let count = grouped(bad_rows);
            writeln!(f, "\n{}", words::BAD_ROWS.with(lang, &[("count", &count)]))?;
            for bad in bad_values.iter().flatten().take(BAD_SHOWN) {
                let column = format!("`{}`", escaped(&bad.column));
                let lines = bad.lines(&column, &escaped(&bad.reason), lang);
                write_wrapped(f, &lines, page_width)?;
            }
        }
        if let Some(help) = help {
            write!(f, "\n{}", help.text(lang, page_width))?;
        }
        Ok(())
    }
}

impl Summary {
    /// That there are more rows than was said, in words, or more outside the window: a sentence
    /// each, and none where there are not.
    pub fn more_rows(&self, lang: Lang) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(size) = self.audience_size.filter(|_| self.is_larger_than_said()) {
            let rows = grouped(self.rows);
            lines.push(words::ROWS_OVER_SIZE.with(lang, &[("rows", &rows), ("size", &size)]));
        }
        if let (Some(rows), Some(size), true) = (
            self.rows_outside_window,
            self.audience_outside_window,
            self.is_outside_window_more_than_said(),
        ) {
            let rows = grouped(rows);
            lines.push(words::ROWS_OUTSIDE_WINDOW.with(lang, &[("rows", &rows), ("size", &size)]));
        }
        lines
    }

    /// The exceptions by which rules count for less: each rule, with the reason, its author and the
    /// end.
    pub(super) fn waivers(&self, lang: Lang) -> Vec<(Arc<str>, String)> {
        let mut lines: Vec<(Arc<str>, String)> = Vec::new();
        for rule in self.rules.iter().flatten() {
            let Some(waiver) = &rule.waiver else { continue };
            let of_rule = (Arc::clone(&rule.rule), waived(waiver, lang));
            // One that lowers two statuses of a rule is told once.
            if !lines.contains(&of_rule) {
                lines.push(of_rule);
            }
        }
        lines
    }
}

/// Whether rows are more than a campaign says, where it says anything.
fn is_more(rows: Option<u64>, said: Option<i64>) -> bool {
    let said = said.and_then(|said| u64::try_from(said).ok());
    rows.zip(said).is_some_and(|(rows, said)| rows > said)
}

/// Columns of a count with its share.
const ROWS_WIDTH: usize = 23;
/// Columns of the rows that have one rule alone against them.
const ALONE_WIDTH: usize = 17;

/// How many columns a page has left beside others and the margin.
const fn room(page_width: usize, others: usize) -> usize {
    page_width.saturating_sub(others + 2)
}

/// A name and its counts; these on a line of their own where the name is too long for its column.
/// A line of its own, of as many as it takes.
fn write_wrapped(f: &mut impl fmt::Write, line: &str, page_width: usize) -> fmt::Result {
    let options = Options::new(page_width)
        .initial_indent("  ")
        .subsequent_indent("      ")
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(line, options).into_iter().try_for_each(|line| writeln!(f, "{line}"))
}

fn named_row(f: &mut impl fmt::Write, name: &str, width: usize, counts: &str) -> fmt::Result {
    if columns(name) <= width {
        return writeln!(f, "  {name:<width$}{counts}");
    }
    writeln!(f, "  {name}\n  {:<width$}{counts}", "")
}

fn columns(word: &str) -> usize {
    word.chars().count()
}

const COUNTRIES_SHOWN: usize = 10;
const BAD_SHOWN: usize = 10;

/// Counts as they are gathered, by number instead of by name.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    verdicts: VerdictCounts,
    /// By slot: rows, and those with no other finding.
    slots: Vec<(u64, u64)>,
    missing: Vec<u64>,
    /// By country and verdict; empty where no column gives countries.
    countries: Vec<[u64; 4]>,
    bad_rows: u64,
    /// Rows that are not denied and have no open window.
    outside: u64,
    bad_values: Vec<BadRow>,
    /// By change: how many more rows would be allowed.
    help: Vec<i64>,
}

impl Counts {
    pub(super) fn new(plan: &Plan, changes: usize) -> Self {
        let is_counted = !plan.bound.result.verdict_only;
        let of = |count: usize| if is_counted { count } else { 0 };
        let countries = if plan.places.any() { of(schema::countries().len() + 1) } else { 0 };
        Self {
            verdicts: VerdictCounts::default(),
            slots: vec![(0, 0); of(plan.base.order.ranks().len())],
            missing: vec![0; of(plan.members.paths().len())],
            countries: vec![[0; 4]; countries],
            bad_rows: 0,
            outside: 0,
            bad_values: Vec::new(),
            help: vec![0; changes],
        }
    }

    pub(super) fn help(&mut self, change: usize, more: i64) {
        if self.help.len() <= change {
            self.help.resize(change + 1, 0);
        }
        if let Some(count) = self.help.get_mut(change) {
            *count += more;
        }
    }

    pub(super) fn verdicts(&mut self, rows: u64, review: u64, deny: u64) {
        self.verdicts.review += review;
        self.verdicts.deny += deny;
        self.verdicts.allow += rows.saturating_sub(review + deny);
    }

    pub(super) fn slot(&mut self, slot: u32, rows: u64, alone: u64) {
        if let Some((all, only)) = self.slots.get_mut(slot as usize) {
            *all += rows;
            *only += alone;
        }
    }

    pub(super) fn missing(&mut self, path: u32, rows: u64) {
        if let Some(count) = self.missing.get_mut(path as usize) {
            *count += rows;
        }
    }

    #[inline(always)]
    pub(super) fn countries(
        &mut self,
        countries: &[u16; BLOCK],
        verdicts: &[u8; BLOCK],
        rows: usize,
    ) {
        for (country, verdict) in countries.iter().zip(verdicts).take(rows) {
            if let Some(counts) = self.countries.get_mut(usize::from(*country)) {
                counts[usize::from(*verdict & 3)] += 1;
            }
        }
    }

    pub(super) fn bad(&mut self, bad: BadRow) {
        if self.bad_values.len() < BAD_ROWS_SHOWN_MAX {
            self.bad_values.push(bad);
        }
    }

    pub(super) fn outside(&mut self, rows: u64) {
        self.outside += rows;
    }

    pub(super) fn bad_row(&mut self) {
        self.bad_rows += 1;
    }

    /// Adds what was found of later rows.
    pub(super) fn add(&mut self, later: &Self) {
        let Self { verdicts, slots, missing, countries, bad_rows, outside, bad_values, help } =
            later;
        self.verdicts.allow += verdicts.allow;
        self.verdicts.review += verdicts.review;
        self.verdicts.deny += verdicts.deny;
        for (mine, (rows, alone)) in self.slots.iter_mut().zip(slots) {
            mine.0 += rows;
            mine.1 += alone;
        }
        self.missing.iter_mut().zip(missing).for_each(|(mine, more)| *mine += more);
        for (mine, more) in self.countries.iter_mut().zip(countries) {
            mine.iter_mut().zip(more).for_each(|(mine, more)| *mine += more);
        }
        self.bad_rows += bad_rows;
        self.outside += outside;
        help.iter().enumerate().for_each(|(change, more)| self.help(change, *more));
        bad_values.iter().for_each(|bad| self.bad(bad.clone()));
    }

    /// By change, how many more rows would be allowed.
    pub(super) fn more(&self) -> &[i64] {
        &self.help
    }

    pub(super) fn summary(&self, plan: &Plan, basis: &Arc<Basis>, help: Option<Help>) -> Summary {
        let program = &plan.base.program;
        let rule = |(rank, (rows, alone)): (&Rank, &(u64, u64))| {
            let (pack, rule) = rank.subject.names(program).unwrap_or_default();
            RuleCount {
                pack: (rank.subject != Subject::BadValue).then(|| pack.into()),
                rule: rule.into(),
                status: rank.status,
                verdict: rank.verdict,
                waiver: rank.waiver.and_then(|waiver| FindingWaiver::of(program, waiver)),
                rows: *rows,
                alone: *alone,
            }
        };
        let ranks = plan.base.order.ranks().iter();
        let lines = ranks.zip(&self.slots).filter(|(_, (rows, _))| *rows > 0);
        let missing = plan.members.paths().iter().zip(&self.missing).filter(|(_, rows)| **rows > 0);
        let countries: Vec<CountryCount> = self
            .countries
            .iter()
            .enumerate()
            .map(|(number, [allow, review, deny, _])| CountryCount {
                country: number
                    .checked_sub(1)
                    .and_then(|place| schema::countries().get(place).copied()),
                rows: allow + review + deny,
                verdicts: VerdictCounts { allow: *allow, review: *review, deny: *deny },
            })
            .filter(|country| country.rows > 0)
            .collect();
        let VerdictCounts { allow, review, deny } = self.verdicts;
        let is_counted = !plan.bound.result.verdict_only;
        Summary {
            rows: allow + review + deny,
            audience_size: outside::of_campaign(
                &plan.base.facts,
                attributes::CAMPAIGN_AUDIENCE_SIZE,
            ),
            audience_outside_window: outside::said(&plan.base.facts),
            rows_outside_window: outside::said(&plan.base.facts).map(|_| self.outside),
            verdicts: self.verdicts,
            rules: is_counted.then(|| gathered(lines.map(rule))),
            missing: is_counted.then(|| {
                missing
                    .map(|(path, rows)| MissingCount { path: Arc::clone(path), rows: *rows })
                    .collect()
            }),
            countries: is_counted.then(|| in_order(countries)),
            bad_rows: is_counted.then_some(self.bad_rows),
            bad_values: is_counted.then(|| self.bad_values.clone()),
            help,
            basis: Arc::clone(basis),
        }
    }
}

/// Counts of rules, one for equal findings, in the order of findings; of those that differ in
/// their waiver alone the unwaived first, then by the waiver's words.
pub(super) fn gathered(counts: impl Iterator<Item = RuleCount>) -> Vec<RuleCount> {
    let mut counts: Vec<RuleCount> = counts.collect();
    let waiver = |one: &RuleCount| {
        one.waiver.as_ref().map(|FindingWaiver { reason, by, until }| {
            (Arc::clone(reason), Arc::clone(by), until.to_string())
        })
    };
    let place = |one: &RuleCount, other: &RuleCount| one.place().cmp(&other.place());
    counts.sort_by(|one, other| place(one, other).then_with(|| waiver(one).cmp(&waiver(other))));
    let mut found: Vec<RuleCount> = Vec::with_capacity(counts.len());
    for count in counts {
        match found.last_mut() {
            Some(last) if place(last, &count).is_eq() && last.waiver == count.waiver => {
                last.rows = last.rows.saturating_add(count.rows);
                last.alone = last.alone.saturating_add(count.alone);
            }
            _ => found.push(count),
        }
    }
    found
}

impl RuleCount {
    /// By which it is sorted; what is nobody's pack is the empty name.
    fn place(&self) -> impl Ord + '_ {
        order::key(self.verdict, self.status, self.pack.as_deref().unwrap_or_default(), &self.rule)
    }
}

/// Countries, the most frequent first.
pub(super) fn in_order(mut countries: Vec<CountryCount>) -> Vec<CountryCount> {
    countries.sort_by(|a, b| b.rows.cmp(&a.rows).then(a.country.cmp(&b.country)));
    countries
}
