//! A decision on one screen: what is against sending, what would meet it, what to supply first.

use super::change::change;
use super::paper::{exposure, headline, scope, waived};
use super::row::{Ink, Page, counted};
use crate::decide::{Finding, FindingTexts, Length, values_of};
use crate::explain::{Explanation, Missing};
use crate::language::{Lang, answers, catalogue as words, levers};
use crate::schema::{Schema, Scope};
use crate::verdict::{FindingVerdict, Status, Verdict};

/// Lines of a screen: those of a terminal that nobody has made larger.
pub const SCREEN_LINES: usize = 24;
/// How many missing members are named.
const SUPPLY_SHOWN: usize = 3;
/// How many rules a line names that has no more to say of them.
const NAMES_SHOWN: usize = 4;
/// How many of the things at stake are named where there is little room: the gravest.
const GRAVEST_SHOWN: usize = 2;

/// The decision of an explanation, in so many lines wherever that is possible: what does not fit is
/// told shorter, and what is not told of a rule is counted. A rule that is violated is named,
/// however many there are.
pub fn short(explanation: &Explanation, lines: usize, page: &Page) -> String {
    let entries = entries(explanation, page.lang);
    let all = entries.len();
    let is_violated = |entry: &&Entry<'_>| entry.finding.status == Status::Violated;
    // They stand first.
    let violated = entries.iter().take_while(is_violated).count();
    let whole = [Detail::Source, Detail::Fix].map(|detail| (detail, Supply::Whole, all));
    let without_undetermined =
        (violated..=all).rev().map(|shown| (Detail::Line, Supply::Whole, shown));
    let fewer = (0..=all).rev().map(|shown| (Detail::Line, Supply::Brief, shown));
    let mut text = String::new();
    for room in whole.into_iter().chain(without_undetermined).chain(fewer) {
        text = composed(explanation, &entries, room, page);
        if text.lines().count() <= lines {
            break;
        }
    }
    text
}

/// How much is shown of a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// Its title, what meets it, and where it can be read.
    Source,
    /// Its title, and what meets it.
    Fix,
    /// What meets it.
    Line,
}

/// How much is told of a member to supply.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Supply {
    /// What can be given, what that settles, and where it comes from.
    Whole,
    /// What that settles, and where all else can be read.
    Brief,
}

/// A rule that stands against sending and that no member to supply settles.
struct Entry<'e> {
    finding: &'e Finding,
    /// The ids of rules with the same result.
    rules: Vec<&'e str>,
    texts: FindingTexts,
    fix: String,
}

fn entries(explanation: &Explanation, lang: Lang) -> Vec<Entry<'_>> {
    let decision = explanation.decision();
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for (place, finding) in decision.findings().iter().enumerate() {
        let is_supplied = finding.status == Status::Undetermined && !finding.missing.is_empty();
        let counts = finding.verdict.effect() > Verdict::Allow;
        let Some(texts) = decision.texts(place, lang).filter(|_| counts && !is_supplied) else {
            continue;
        };
        let fix = match explanation.change_for(place) {
            Some(known) => change(known, lang),
            None => texts.advice.clone(),
        };
        let is_undetermined = finding.status == Status::Undetermined;
        let alike = entries.iter_mut().find(|known| {
            // Rules of two packs may say one thing.
            let says_the_same =
                || known.finding.verdict == finding.verdict && known.texts.title == texts.title;
            known.finding.status == finding.status
                && known.fix == fix
                && (is_undetermined || says_the_same())
        });
        match alike {
            Some(known) => known.rules.push(&finding.rule),
            None => entries.push(Entry { finding, rules: vec![&*finding.rule], texts, fix }),
        }
    }
    entries
}

fn composed(
    explanation: &Explanation,
    entries: &[Entry<'_>],
    (detail, supplied, shown): (Detail, Supply, usize),
    page: &Page,
) -> String {
    let mut text = String::new();
    head(&mut text, explanation, supplied, page);
    if !entries.is_empty() {
        text.push('\n');
        entries.iter().take(shown).for_each(|entry| write_entry(&mut text, entry, detail, page));
        rest(&mut text, entries.get(shown..).unwrap_or_default(), page);
    }
    if !explanation.missing().is_empty() {
        text.push('\n');
        supply(&mut text, explanation, (SUPPLY_SHOWN, supplied), page);
    }
    // Where no rule has room of its own, notes have none either.
    let has_notes = shown > 0 || entries.is_empty();
    foot(&mut text, explanation, has_notes, page);
    text
}

/// How many rules there are besides, and which of them are violated.
fn rest(text: &mut String, entries: &[Entry<'_>], page: &Page) {
    let count: usize = entries.iter().map(|entry| entry.rules.len()).sum();
    let violated = entries.iter().filter(|entry| entry.finding.status == Status::Violated);
    let names: Vec<&str> = violated.flat_map(|entry| entry.rules.iter().copied()).collect();
    match (count, names.is_empty()) {
        (0, _) => {}
        (_, true) => page.more(text, &words::AND_MORE.with(page.lang, &[("count", &count)])),
        (_, false) => {
            let names = names.join(", ");
            let details: [(&str, &dyn std::fmt::Display); 2] =
                [("count", &count), ("names", &names)];
            page.more(text, &answers::AND_MORE_NAMES.with(page.lang, &details));
        }
    }
}

fn head(text: &mut String, explanation: &Explanation, supplied: Supply, page: &Page) {
    let decision = explanation.decision();
    let lang = page.lang;
    headline(text, decision.verdict(), page);
    page.row(text, words::LABEL_SEND_AT, &decision.send_at().to_string());
    if decision.scope() == Scope::Campaign {
        page.row(text, words::LABEL_SCOPE, scope(Scope::Campaign).of(lang));
    }
    let count = |status| {
        let findings = decision.findings().iter();
        findings
            .filter(|found| found.status == status && found.verdict.effect() > Verdict::Allow)
            .count()
    };
    let counts: Vec<String> = [
        (answers::ONE_VIOLATED, answers::COUNT_VIOLATED, count(Status::Violated)),
        (answers::ONE_UNDETERMINED, answers::COUNT_UNDETERMINED, count(Status::Undetermined)),
    ]
    .into_iter()
    .filter(|(.., count)| *count > 0)
    .map(|(one, several, count)| counted(one, several, count, lang))
    .collect();
    if !counts.is_empty() {
        page.row(text, answers::LABEL_RULES, &counts.join(", "));
    }
    let at_stake = decision.exposure();
    let gravest = at_stake.get(at_stake.len().saturating_sub(GRAVEST_SHOWN)..);
    match (supplied, gravest.filter(|gravest| gravest.len() < at_stake.len())) {
        (Supply::Brief, Some(gravest)) => {
            let more = at_stake.len() - gravest.len();
            let more = words::AND_MORE.with(lang, &[("count", &more)]);
            let named = format!("{} {more}", exposure(gravest, lang));
            page.row(text, words::LABEL_AT_STAKE, &named);
        }
        _ if at_stake.is_empty() => {}
        _ => page.row(text, words::LABEL_AT_STAKE, &exposure(at_stake, lang)),
    }
    if let Some(at) = explanation.clear_from().filter(|at| *at > decision.send_at()) {
        page.row(text, answers::LABEL_CLEAR, &answers::CLEAR_SINCE.with(lang, &[("from", &at)]));
    }
}

fn write_entry(text: &mut String, entry: &Entry<'_>, detail: Detail, page: &Page) {
    let Entry { finding, rules, texts, fix } = entry;
    let lang = page.lang;
    let verdict = words::finding_verdict(finding.verdict).of(lang);
    let mut names = rules.join(", ");
    if finding.status == Status::Undetermined {
        names = format!("{names} ({})", words::UNDETERMINED.of(lang));
    }
    let ink = Ink::Finding(finding.verdict);
    if detail == Detail::Line {
        page.inked_row(text, ink, verdict, &format!("{names}: {fix}"));
        return;
    }
    let is_of_one_title = rules.len() == 1 || finding.status == Status::Violated;
    let said = if is_of_one_title { format!("{names}: {}", texts.title) } else { names };
    page.inked_row(text, ink, verdict, &said);
    if !fix.is_empty() {
        page.row(text, answers::LABEL_FIX, fix);
    }
    if detail == Detail::Source && is_of_one_title {
        page.address(text, &finding.source.url);
    }
}

/// The members to supply, what settles most first.
pub(super) fn supply(
    text: &mut String,
    explanation: &Explanation,
    (shown, details): (usize, Supply),
    page: &Page,
) {
    let lang = page.lang;
    let missing = explanation.missing();
    let of_all = match missing.len() {
        all if all <= shown => String::new(),
        all => answers::SHOWN_OF_ALL.with(lang, &[("shown", &shown), ("count", &all)]),
    };
    page.heading(text, answers::SUPPLY_FIRST.of(lang), &of_all);
    for (number, member) in missing.iter().take(shown).enumerate() {
        let line = match details {
            Supply::Whole => member_line(member, explanation.schema(), lang),
            Supply::Brief => format!("{}; {}", member.path, settles(member, lang)),
        };
        page.labelled(text, &format!("{}.", number + 1), &line);
    }
}

/// A member to supply: `access.route (cloud_api, …); settles 30 rules; from constant of the
/// business: …`.
pub fn to_supply(explanation: &Explanation, member: &Missing, lang: Lang) -> String {
    member_line(member, explanation.schema(), lang)
}

fn member_line(member: &Missing, schema: &Schema, lang: Lang) -> String {
    let (values, settles, source) = member_parts(member, schema, lang);
    format!("{} ({values}); {settles}; {source}", member.path)
}

/// What can be given, what that settles, and where it comes from.
pub(super) fn member_parts(
    member: &Missing,
    schema: &Schema,
    lang: Lang,
) -> (String, String, String) {
    let path: &str = &member.path;
    let (mut values, length) = values_of(schema, path, lang);
    if length == Length::Cut {
        values = format!("{values}; {}", answers::LISTED_BY.with(lang, &[("path", &path)]));
    }
    let source = match member.comes_from {
        "" => answers::OWN_SYSTEMS.of(lang),
        known => levers::of(known, lang),
    };
    let source = answers::COMES_FROM.with(lang, &[("source", &source)]);
    (values, settles(member, lang), source)
}

fn settles(member: &Missing, lang: Lang) -> String {
    match member.settles {
        0 => answers::SETTLES_WITH_OTHERS.of(lang).to_owned(),
        1 => answers::SETTLES_ONE.of(lang).to_owned(),
        several => answers::SETTLES.with(lang, &[("count", &several)]),
    }
}

/// What has no effect on the verdict, by whose rules it was judged, and where there is more.
fn foot(text: &mut String, explanation: &Explanation, has_notes: bool, page: &Page) {
    let decision = explanation.decision();
    let lang = page.lang;
    let notes = decision.findings().iter().filter(|finding| {
        finding.verdict == FindingVerdict::Note
            && finding.waiver.is_none()
            && matches!(finding.status, Status::Violated | Status::Undetermined)
    });
    let notes: Vec<&str> = notes.map(|finding| &*finding.rule).collect();
    text.push('\n');
    if has_notes && !notes.is_empty() {
        let names = listed(&notes, NAMES_SHOWN, lang);
        let says = answers::WITHOUT_EFFECT_NAMES;
        let says = says.with(lang, &[("count", &notes.len()), ("names", &names)]);
        page.row(text, answers::LABEL_NOTES, &says);
    }
    waivers(text, explanation, page);
    let packs: Vec<String> =
        decision.packs().iter().map(|pack| format!("{} {}", pack.name, pack.version)).collect();
    page.row(text, words::LABEL_PACK, &packs.join(", "));
    if !decision.findings().is_empty() {
        page.row(text, words::LABEL_MORE, answers::MORE_ANSWER.of(lang));
    }
}

/// The exceptions by which rules count for less.
pub(super) fn waivers(text: &mut String, explanation: &Explanation, page: &Page) {
    let lang = page.lang;
    let exceptions = explanation.decision().findings().iter().filter_map(|finding| {
        let waiver = finding.waiver.as_ref()?;
        Some(format!("{}: {}", finding.rule, waived(waiver, lang)))
    });
    let exceptions: Vec<String> = exceptions.collect();
    if !exceptions.is_empty() {
        let names: Vec<&str> = exceptions.iter().map(String::as_str).collect();
        page.row(text, words::LABEL_WAIVER, &listed(&names, NAMES_SHOWN, lang));
    }
}

/// The names, of many the first.
pub(super) fn listed(names: &[&str], shown: usize, lang: Lang) -> String {
    let mut listed = names.iter().take(shown).copied().collect::<Vec<_>>().join(", ");
    if names.len() > shown {
        let more = words::AND_MORE.with(lang, &[("count", &(names.len() - shown))]);
        listed = format!("{listed} {more}");
    }
    listed
}
