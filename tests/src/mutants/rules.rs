//! Mutants of rules.

use cleartosend::expert::cel::guard;
use cleartosend::expert::matching::Matcher;
use cleartosend::expert::program::RuleIdx;
use cleartosend::pack::{Condition, Confidence, Rule, SourceConfidence};
use cleartosend::{Duration, FindingVerdict, Pack, Period, Timestamp};

use super::bench::{Bench, Said, mean_the_same, rescope};
use super::changes::{Change, Whole, changes};
use super::{Fate, Kind, Mutant, Text};

pub(super) fn mutants(bench: &Bench<'_>, text: &Text) -> Vec<Mutant> {
    let rules = bench.pack.rules.iter().enumerate().filter(|(_, rule)| rule.is_written());
    rules.flat_map(|(place, rule)| of_rule(bench, text, place, rule)).collect()
}

/// A rule with one thing changed.
struct Changed {
    mutant: Mutant,
    rule: Rule,
}

fn of_rule(bench: &Bench<'_>, text: &Text, place: usize, rule: &Rule) -> Vec<Mutant> {
    let mut all = changed(bench.pack, text, rule);
    for changed in &mut all {
        rescope(&mut changed.rule, bench.pack);
        if is_refused(bench.pack, &changed.rule) {
            changed.mutant.fate = Fate::Refused;
        }
    }
    let rules: Vec<Rule> = std::iter::once(rule.clone())
        .chain(all.iter().map(|changed| changed.rule.clone()))
        .collect();
    let sets = bench.sets_of(&rules);
    let program = bench.program(vec![(rules, sets)]);
    let mut matcher = Matcher::new();
    // Most are noticed by a test that names the rule.
    let (naming, others): (Vec<_>, Vec<_>) = bench.cases.iter().partition(|case| case.names(place));
    for case in naming.into_iter().chain(others) {
        if all.iter().all(|changed| changed.mutant.fate != Fate::Survived) {
            break;
        }
        matcher.run(&program, &case.resolved);
        for (number, changed) in all.iter_mut().enumerate() {
            if changed.mutant.fate != Fate::Survived {
                continue;
            }
            let status = matcher.status(&program, RuleIdx(number as u32 + 1));
            if status == case.status(place) && changed.mutant.kind != Kind::Verdict {
                continue;
            }
            if case.fails(&[Said { place, rule: &changed.rule, status }]) {
                changed.mutant.fate = Fate::Noticed;
            }
        }
    }
    for (number, changed) in all.iter_mut().enumerate() {
        if changed.mutant.fate == Fate::Survived
            && changed.mutant.kind != Kind::Verdict
            && mean_the_same(&program, RuleIdx(0), RuleIdx(number as u32 + 1))
        {
            changed.mutant.fate = Fate::Equal;
        }
    }
    all.into_iter().map(|changed| changed.mutant).collect()
}

fn changed(pack: &Pack, text: &Text, rule: &Rule) -> Vec<Changed> {
    let mut all = Vec::new();
    let mut put = |kind, what: String, place, rule: Rule| {
        let mutant = Mutant { kind, of: rule.id.clone(), what, place, fate: Fate::Survived };
        all.push(Changed { mutant, rule });
    };
    let line = |word: &str| text.line_after((&rule.place).into(), &format!("\n{word} "), 1);
    if let Some(applies) = &rule.applies {
        let without = with(rule, |changed| changed.applies = None);
        put(Kind::Condition, "without `applies`".to_owned(), line("applies"), without);
        for Change { kind, what, span, root } in changes(applies, &pack.schema, Whole::Negated) {
            let mut applies = applies.clone();
            applies.root = root;
            let place = text.line_of((&rule.place).into(), &applies.source, span);
            put(kind, what, place, with(rule, |changed| changed.applies = Some(applies)));
        }
    }
    let condition = rule.condition.expression();
    let swapped = match &rule.condition {
        Condition::Requires(condition) => {
            (Condition::Forbids(condition.clone()), "`forbids` instead of `requires`", "requires")
        }
        Condition::Forbids(condition) => {
            (Condition::Requires(condition.clone()), "`requires` instead of `forbids`", "forbids")
        }
    };
    let (swapped, what, word) = swapped;
    let swapped = with(rule, |changed| changed.condition = swapped);
    put(Kind::Condition, what.to_owned(), line(word), swapped);
    for Change { kind, what, span, root } in changes(condition, &pack.schema, Whole::AsItIs) {
        let place = text.line_of((&rule.place).into(), &condition.source, span);
        let changed = with(rule, |changed| match &mut changed.condition {
            Condition::Requires(condition) | Condition::Forbids(condition) => condition.root = root,
        });
        put(kind, what, place, changed);
    }
    for verdict in [FindingVerdict::Note, FindingVerdict::Review, FindingVerdict::Deny] {
        if verdict != rule.verdict {
            let what = format!("verdict {verdict} instead of {}", rule.verdict);
            put(
                Kind::Verdict,
                what,
                line("verdict"),
                with(rule, |changed| changed.verdict = verdict),
            );
        }
    }
    let Period { from, until } = rule.period;
    for (what, from) in other_ends("from", from) {
        let period = Period { from, until };
        if is_period(period) {
            put(Kind::Date, what, line("from"), with(rule, |changed| changed.period = period));
        }
    }
    for (what, until) in other_ends("until", until) {
        let period = Period { from, until };
        if is_period(period) {
            put(Kind::Date, what, line("until"), with(rule, |changed| changed.period = period));
        }
    }
    all
}

fn with(rule: &Rule, change: impl FnOnce(&mut Rule)) -> Rule {
    let mut changed = rule.clone();
    change(&mut changed);
    changed
}

/// An end of a period a day earlier, a day later, and left out.
pub(super) fn other_ends(
    word: &str,
    written: Option<Timestamp>,
) -> Vec<(String, Option<Timestamp>)> {
    let Some(at) = written else { return Vec::new() };
    let Some(day) = Duration::from_seconds(86_400) else { return Vec::new() };
    let ends = [
        at.checked_sub(day).map(|other| (format!("{word} a day earlier"), Some(other))),
        at.checked_add(day).map(|other| (format!("{word} a day later"), Some(other))),
        Some((format!("without {word}"), None)),
    ];
    ends.into_iter().flatten().collect()
}

pub(super) fn is_period(period: Period) -> bool {
    period.from.zip(period.until).is_none_or(|(from, until)| from < until)
}

/// Whether a pack with such a rule would not load.
pub(super) fn is_refused(pack: &Pack, rule: &Rule) -> bool {
    let applies = rule.applies.as_ref().map(|applies| &applies.root);
    let unguarded = guard::unguarded(applies, &rule.condition.expression().root, &pack.schema);
    !unguarded.is_empty() || rule.verdict == FindingVerdict::Deny && may_not_deny(pack, rule)
}

fn may_not_deny(pack: &Pack, rule: &Rule) -> bool {
    let mut cited = std::iter::once(&rule.source).chain(rule.source_by_country.values());
    let is_assumed =
        rule.seen_from.zip(rule.period.until).is_some_and(|(seen, until)| until <= seen);
    rule.confidence == Confidence::Unconfirmed
        || is_assumed
        || cited.any(|citation| {
            pack.sources[&citation.source].confidence == SourceConfidence::Unconfirmed
        })
}
