//! What does a rule say, in sentences?
//!
//! Clauses are told as few statements: what all of them have in common, then what can be told apart
//! (each of some conditions with each of some others), then what is left, grouped by what most of
//! it shares. Nothing is told of the rule's period, which stands beside.

use std::fmt::Write as _;

use cleartosend::expert::language::{catalogue, rules as words};
use cleartosend::expert::program::classes::ClassSet;
use cleartosend::expert::program::clause::{Clause, DimensionIdx};
use cleartosend::expert::program::dimension::Subject;
use cleartosend::expert::program::{CompiledRule, Program};
use cleartosend::expert::render::Page;
use cleartosend::expert::text::escaped;
use cleartosend::pack::Rule;
use cleartosend::schema::attributes::SEND_AT;
use cleartosend::{Period, Timestamp, Value};
use cleartosend_authoring::can_be_unknown_of;

use super::can_hold;
use super::outline::{Joint, Outline, bullet, joined};
use super::phrases::{Phrases, title};

/// LIMIT: alternatives of one statement that are told; more are counted.
const ALTERNATIVES_SHOWN: usize = 6;

/// LIMIT: dimensions among which some that can be told apart are looked for, and how many of them
/// at once: up to four of sixteen are 2,516 ways.
const APART_OF_MAX: usize = 16;
const APART_MAX: usize = 4;

/// LIMIT: clauses that are told apart; past that they stand one by one.
const CLAUSES_MAX: usize = 64;

type Constraint = (DimensionIdx, ClassSet);

/// What clauses come to.
#[derive(Clone, Debug, PartialEq)]
enum Statement {
    One(Constraint),
    All(Vec<Statement>),
    Any(Vec<Statement>),
}

/// When a rule is violated, when it is kept instead, and what needs to be known for that.
pub(super) fn write(
    text: &mut String,
    program: &Program,
    (rule, compiled): (&Rule, &CompiledRule),
    page: &Page,
) {
    let lang = page.lang;
    let phrases = Phrases { program, pack: compiled.pack, lang };
    let statements = |clauses: &[Clause]| statements(program, clauses, &rule.period);
    let verdict = catalogue::finding_verdict(rule.verdict).of(lang);
    let violated = statements(&compiled.violated);
    match &violated {
        None => line(text, &words::NEVER_SO.with(lang, &[("verdict", &verdict)])),
        Some(Statement::All(parts)) if parts.is_empty() => {
            line(text, &words::ALWAYS_SO.with(lang, &[("verdict", &verdict)]));
        }
        Some(statement) => {
            line(text, &words::WHEN_ALL_HOLD.with(lang, &[("verdict", &verdict)]));
            bullets(text, phrases, &parts_of(statement), page);
        }
    }
    if let (Some(violated), Some(kept)) = (&violated, statements(&compiled.satisfied)) {
        // What both have in common is not what makes the difference.
        let common = parts_of(violated);
        let rest: Vec<Statement> =
            parts_of(&kept).into_iter().filter(|part| !common.contains(part)).collect();
        if !rest.is_empty() {
            line(text, words::NOT_WHEN.of(lang));
            bullets(text, phrases, &rest, page);
        }
    }
    let open = can_be_unknown_of(program, compiled);
    if !open.is_empty() {
        line(text, words::NEEDS_KNOWN.of(lang));
        let of_schema = |path: &&str| {
            let schema = program.schema();
            let attribute = schema.attribute(schema.id(path)?);
            Some(format!("{path} ({})", title(attribute)))
        };
        let named: Vec<String> = open.iter().filter_map(of_schema).collect();
        bullet(text, &named.join(", "), page, 0);
    }
}

fn line(text: &mut String, statements: &str) {
    let _ = writeln!(text, "{}", escaped(&capital(statements)));
}

/// With a capital at its beginning.
fn capital(statements: &str) -> String {
    let mut letters = statements.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn bullets(text: &mut String, phrases: Phrases<'_>, parts: &[Statement], page: &Page) {
    for part in parts {
        if let Some(statements) = outline(phrases, part, false) {
            statements.write(text, page);
        }
    }
}

fn parts_of(statement: &Statement) -> Vec<Statement> {
    match statement {
        Statement::All(parts) => parts.clone(),
        other => vec![other.clone()],
    }
}

/// What a statement says; none where it says nothing to a reader.
fn outline(phrases: Phrases<'_>, statement: &Statement, is_inner: bool) -> Option<Outline> {
    let lang = phrases.lang;
    let (parts, joint) = match statement {
        Statement::One((place, set)) => return phrases.constraint(*place, set),
        Statement::All(parts) => (parts, Joint::All),
        Statement::Any(parts) => (parts, Joint::Any),
    };
    let mut statements: Vec<Outline> =
        parts.iter().filter_map(|part| outline(phrases, part, true)).collect();
    // What one alternative says nothing of need not be asked.
    if joint == Joint::Any && statements.len() < parts.len() {
        return None;
    }
    let left_out = statements.len().saturating_sub(ALTERNATIVES_SHOWN);
    if joint == Joint::Any && left_out > 1 {
        statements.truncate(ALTERNATIVES_SHOWN);
        statements.push(Outline::plain(words::FURTHER.with(lang, &[("count", &left_out)])));
    }
    // A single part stands for itself.
    if statements.len() == 1 {
        return statements.pop();
    }
    let all = joined(statements.iter().map(|part| part.said().to_owned()), joint, lang)?;
    Some(match (joint, is_inner) {
        (_, true) => Outline::of_parts(all, joint, statements).bracketed(),
        (Joint::Any, false) => {
            let said = format!("{} {all}", words::ONE_OF_THESE.of(lang));
            Outline::of_parts(said, joint, statements)
        }
        (Joint::All, false) => Outline::of_parts(all, joint, statements),
    })
}

/// What clauses come to, but for the period of their rule; none where none can hold.
fn statements(program: &Program, clauses: &[Clause], period: &Period) -> Option<Statement> {
    let held = clauses.iter().filter(|clause| can_hold(program, clause));
    let clauses: Vec<Vec<Constraint>> = held
        .map(|clause| {
            let constraints = clause.constraints.iter().cloned();
            constraints.filter(|part| !is_period(program, part, period)).collect()
        })
        .collect();
    if clauses.is_empty() {
        return None;
    }
    Some(statement(merged(program, clauses)))
}

/// Whether a constraint says when the rule is in force.
fn is_period(program: &Program, (place, set): &Constraint, period: &Period) -> bool {
    let Some(dimension) = program.dimension(*place) else { return false };
    if dimension.subject != Subject::Attribute(SEND_AT) {
        return false;
    }
    let class = |at: Timestamp| dimension.classes.class(&Value::Timestamp(at));
    let first = period.from.map_or(1, class);
    let last = period.until.map_or(dimension.count, |until| usize::from(class(until)) - 1);
    let last = u16::try_from(last).unwrap_or(u16::MAX);
    *set == ClassSet::run(dimension.count, first, last)
}

/// Clauses that differ in one constraint alone become one, and what another says already goes.
fn merged(program: &Program, clauses: Vec<Vec<Constraint>>) -> Vec<Vec<Constraint>> {
    let mut clauses = clauses;
    if clauses.len() > CLAUSES_MAX {
        return clauses;
    }
    'again: loop {
        for one in 0..clauses.len() {
            for other in one + 1..clauses.len() {
                let Some(both) = as_one(program, clauses.get(one), clauses.get(other)) else {
                    continue;
                };
                clauses.remove(other);
                if let Some(place) = clauses.get_mut(one) {
                    *place = both;
                }
                continue 'again;
            }
        }
        return clauses;
    }
}

/// Two clauses as one, where one says what both do.
fn as_one(
    program: &Program,
    one: Option<&Vec<Constraint>>,
    other: Option<&Vec<Constraint>>,
) -> Option<Vec<Constraint>> {
    let (one, other) = (one?, other?);
    let within = |inner: &[Constraint], outer: &[Constraint]| {
        outer.iter().all(|(place, set)| {
            inner.iter().any(|(known, inner)| known == place && set.includes(inner))
        })
    };
    if within(one, other) {
        return Some(other.clone());
    }
    if within(other, one) {
        return Some(one.clone());
    }
    let is_alike = one.len() == other.len()
        && one.iter().zip(other).all(|((place, _), (known, _))| place == known);
    let differ = || one.iter().zip(other).enumerate().filter(|(_, (a, b))| a.1 != b.1);
    if !is_alike || differ().count() != 1 {
        return None;
    }
    let (at, ((place, set), (_, more))) = differ().next()?;
    let mut both = one.clone();
    let all = set.or(more);
    if program.dimension(*place).is_some_and(|dimension| dimension.full() == all) {
        both.remove(at);
    } else if let Some(constraint) = both.get_mut(at) {
        constraint.1 = all;
    }
    Some(both)
}

/// Some clauses, of which one holds, as a statement.
fn statement(clauses: Vec<Vec<Constraint>>) -> Statement {
    let mut parts: Vec<Statement> = Vec::new();
    let mut clauses = distinct(clauses);
    // What all have in common.
    if let Some((first, rest)) = clauses.split_first() {
        let common: Vec<Constraint> =
            first.iter().filter(|part| rest.iter().all(|it| it.contains(part))).cloned().collect();
        clauses.iter_mut().for_each(|clause| clause.retain(|part| !common.contains(part)));
        parts.extend(common.into_iter().map(Statement::One));
    }
    let clauses = distinct(clauses);
    match clauses.as_slice() {
        [] => {}
        [only] => parts.extend(only.iter().cloned().map(Statement::One)),
        _ if clauses.iter().any(Vec::is_empty) => {}
        _ => match apart(&clauses) {
            Some((one, other)) => {
                parts.extend(parts_of(&statement(one)));
                parts.extend(parts_of(&statement(other)));
            }
            None => parts.push(Statement::Any(grouped(clauses))),
        },
    }
    match parts.len() {
        1 => parts.pop().unwrap_or(Statement::All(Vec::new())),
        _ => Statement::All(parts),
    }
}

fn distinct(clauses: Vec<Vec<Constraint>>) -> Vec<Vec<Constraint>> {
    let mut kept: Vec<Vec<Constraint>> = Vec::with_capacity(clauses.len());
    for clause in clauses {
        if !kept.contains(&clause) {
            kept.push(clause);
        }
    }
    kept
}

type Halves = (Vec<Vec<Constraint>>, Vec<Vec<Constraint>>);

/// The clauses as each of some with each of some others, which speak of other things; none where
/// they are not.
fn apart(clauses: &[Vec<Constraint>]) -> Option<Halves> {
    let mut places: Vec<DimensionIdx> = clauses.iter().flatten().map(|(place, _)| *place).collect();
    places.sort_unstable();
    places.dedup();
    if places.len() < 2 || places.len() > APART_OF_MAX || clauses.len() > CLAUSES_MAX {
        return None;
    }
    let ways = 1_u32 << places.len();
    let mut chosen: Vec<u32> =
        (1..ways).filter(|way| way.count_ones() as usize <= APART_MAX).collect();
    chosen.sort_by_key(|way| way.count_ones());
    chosen.into_iter().find_map(|way| {
        let is_in =
            |place: &DimensionIdx| places.binary_search(place).is_ok_and(|at| way >> at & 1 == 1);
        let part = |wanted: bool| {
            let of = |clause: &Vec<Constraint>| -> Vec<Constraint> {
                clause.iter().filter(|(place, _)| is_in(place) == wanted).cloned().collect()
            };
            distinct(clauses.iter().map(of).collect())
        };
        let (one, other) = (part(true), part(false));
        // All clauses are distinct, so that this many are all pairs.
        let is_all = one.len() > 1 && other.len() > 1 && one.len() * other.len() == clauses.len();
        is_all.then_some((one, other))
    })
}

/// Alternatives, those together that share what most share.
fn grouped(clauses: Vec<Vec<Constraint>>) -> Vec<Statement> {
    let mut rest = clauses;
    let mut alternatives = Vec::new();
    while rest.len() > 2 {
        let shared = rest.iter().flatten().map(|part| {
            let count = rest.iter().filter(|clause| clause.contains(part)).count();
            (count, part.clone())
        });
        // Of several the first, so that the order is that of the clauses.
        let best = shared.reduce(|best, next| if next.0 > best.0 { next } else { best });
        let Some((2.., part)) = best else { break };
        let (with, without): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|clause| clause.contains(&part));
        alternatives.push(statement(with));
        rest = without;
    }
    alternatives.extend(rest.into_iter().map(|clause| statement(vec![clause])));
    alternatives
}

#[cfg(test)]
mod tests {
    use cleartosend::{Engine, Lang};

    use super::write;
    use crate::paper;

    /// What is told of each rule of the built-in packs, by its name.
    fn statements(lang: Lang) -> Vec<(String, String)> {
        let engine = Engine::builder().built_in_pack("messaging-law").build().unwrap();
        let program = engine.program();
        let statements = program.rules().map(|(index, pack, rule)| {
            let mut text = String::new();
            let compiled = program.compiled(index).unwrap();
            write(&mut text, program, (rule, compiled), &paper::page(lang));
            (format!("{}/{}", pack.name, rule.id), text)
        });
        statements.collect()
    }

    #[test]
    fn every_built_in_rule_is_reported_in_sentences() {
        let rules = statements(Lang::English);
        assert!(rules.len() > 150, "{}", rules.len());
        for (name, text) in rules {
            let first = text.lines().next().unwrap_or_default();
            assert!(
                ["Deny", "Review", "Note"].iter().any(|verdict| first.starts_with(verdict)),
                "{name}\n{text}"
            );
            let bullets = text.lines().filter(|line| line.starts_with("  - ")).count();
            let whole = first.ends_with("whatever the facts are");
            assert!((1..=16).contains(&bullets) || whole, "{name}: {bullets}\n{text}");
            // No rule falls back to its source.
            for code in [" == ", "&&", "||", "duration(", "timestamp(", "conditions.", "tables."] {
                assert!(!text.contains(code), "{name}: `{code}`\n{text}");
            }
        }
    }

    #[test]
    fn most_rules_are_reported_on_a_few_lines() {
        let rules = statements(Lang::English);
        let long = rules.iter().filter(|(_, text)| text.lines().count() > 16);
        let long: Vec<&str> = long.map(|(name, _)| name.as_str()).collect();
        assert!(long.len() * 5 < rules.len(), "{} of {}: {long:?}", long.len(), rules.len());
    }

    #[test]
    fn no_sentence_goes_on_for_many_lines() {
        for (name, text) in statements(Lang::English) {
            // What needs to be known stands last, and is one list.
            let conditions = text.lines().take_while(|line| !line.starts_with("Needs to be known"));
            let mut lines = 0;
            for line in conditions {
                let goes_on = line.starts_with("    ") && !line.trim_start().starts_with("- ");
                lines = if goes_on { lines + 1 } else { 1 };
                assert!(lines <= 4, "{name}: {line}\n{text}");
            }
        }
    }

    #[test]
    fn the_words_around_definitions_are_the_readers() {
        for (name, text) in statements(Lang::Portuguese) {
            assert!(!text.contains("all of this holds"), "{name}\n{text}");
        }
    }
}
