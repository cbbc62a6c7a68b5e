//! Mutants of sets: each in all the rules that read it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleartosend::expert::cel::{Node, NodeKind, SetId};
use cleartosend::expert::matching::Matcher;
use cleartosend::expert::program::RuleIdx;
use cleartosend::expert::resolve::Resolved;
use cleartosend::pack::{Place, Rule, Set, SetEntry};
use cleartosend::schema::AttributeId;
use cleartosend::{Fact, Period, Status, Value};

use super::bench::{Bench, Said, mean_the_same, reads, trees};
use super::rules::{is_period, other_ends};
use super::{Fate, Kind, Mutant, Text};

/// Of a larger set, no member is dropped: its members are data, and a test of each would only say
/// them again.
const MEMBERS_MAX: usize = 20;

/// How many of the values that tests tell of are tried as strangers.
const STRANGERS_MAX: usize = 8;

pub(super) fn mutants(bench: &Bench<'_>, text: &Text) -> Vec<Mutant> {
    let sets = bench.pack.sets.iter().enumerate();
    sets.flat_map(|(number, set)| of_set(bench, text, number, set)).collect()
}

/// A set with one thing changed.
struct Changed {
    /// Its mutant; strangers share one.
    mutant: usize,
    set: Set,
}

fn of_set(bench: &Bench<'_>, text: &Text, number: usize, set: &Set) -> Vec<Mutant> {
    let id = SetId(number as u16);
    let (places, rules): (Vec<usize>, Vec<Rule>) = bench
        .pack
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| reads(rule, id))
        .map(|(place, rule)| (place, rule.clone()))
        .unzip();
    let (mut mutants, all) = changed(bench, text, set, id, &places);
    let sets = bench.sets_of(&rules);
    let alternatives: Vec<(Vec<Rule>, Vec<Set>)> = std::iter::once(set)
        .chain(all.iter().map(|changed| &changed.set))
        .map(|set| {
            let mut sets = sets.clone();
            sets[number] = set.clone();
            (rules.clone(), sets)
        })
        .collect();
    let program = bench.program(alternatives);
    let index = |alternative: usize, rule: usize| {
        RuleIdx(u32::try_from(alternative * rules.len() + rule).unwrap_or(u32::MAX))
    };
    let mut matcher = Matcher::new();
    let is_naming = |case: &&super::bench::Case<'_>| places.iter().any(|place| case.names(*place));
    let (naming, others): (Vec<_>, Vec<_>) = bench.cases.iter().partition(is_naming);
    for case in naming.into_iter().chain(others) {
        if mutants.iter().all(|mutant| mutant.fate != Fate::Survived) {
            break;
        }
        matcher.run(&program, &case.resolved);
        for (alternative, changed) in all.iter().enumerate() {
            if mutants[changed.mutant].fate != Fate::Survived {
                continue;
            }
            let statuses: Vec<Option<Status>> = (0..rules.len())
                .map(|rule| matcher.status(&program, index(alternative + 1, rule)))
                .collect();
            if statuses.iter().zip(&places).all(|(status, place)| *status == case.status(*place)) {
                continue;
            }
            let said: Vec<Said<'_>> = statuses
                .iter()
                .zip(&rules)
                .zip(&places)
                .map(|((status, rule), place)| Said { place: *place, rule, status: *status })
                .collect();
            if case.fails(&said) {
                mutants[changed.mutant].fate = Fate::Noticed;
            }
        }
    }
    for (number, mutant) in mutants.iter_mut().enumerate() {
        let mut own = all.iter().enumerate().filter(|(_, changed)| changed.mutant == number);
        if mutant.fate == Fate::Survived
            && own.all(|(alternative, _)| {
                (0..rules.len()).all(|rule| {
                    mean_the_same(&program, index(0, rule), index(alternative + 1, rule))
                })
            })
        {
            mutant.fate = Fate::Equal;
        }
    }
    mutants
}

fn changed(
    bench: &Bench<'_>,
    text: &Text,
    set: &Set,
    id: SetId,
    readers: &[usize],
) -> (Vec<Mutant>, Vec<Changed>) {
    let (mut mutants, mut all) = (Vec::new(), Vec::new());
    let mutant = |kind, what: String, place| Mutant {
        kind,
        of: Arc::clone(&set.id),
        what,
        place,
        fate: Fate::Survived,
    };
    let members: BTreeSet<String> =
        set.entries.iter().flat_map(|entry| entry.values.iter().map(shown)).collect();
    for (number, entry) in set.entries.iter().enumerate() {
        let place = entry_place(text, set, number);
        if members.len() <= MEMBERS_MAX {
            for (at, value) in entry.values.iter().enumerate() {
                let mut other = set.clone();
                other.entries[number].values.remove(at);
                let what = format!("without {}{}", shown(value), during(entry));
                let line = text.line_after((&place).into(), &shown(value), 0);
                all.push(Changed { mutant: mutants.len(), set: other });
                mutants.push(mutant(Kind::Member, what, line));
            }
        }
        let ends = [("from", entry.from), ("until", entry.until)];
        for (word, end) in ends {
            for (what, end) in other_ends(word, end) {
                let mut other = set.clone();
                let changed = &mut other.entries[number];
                *if word == "from" { &mut changed.from } else { &mut changed.until } = end;
                if !is_period(Period { from: changed.from, until: changed.until }) {
                    continue;
                }
                let mut mutant = mutant(
                    Kind::Date,
                    format!("entry {}: {what}", number + 1),
                    place_of(text, &place, word),
                );
                if overlaps(&other, number) {
                    mutant.fate = Fate::Refused;
                }
                all.push(Changed { mutant: mutants.len(), set: other });
                mutants.push(mutant);
            }
        }
    }
    let strangers = strangers(bench, set, id, readers);
    let place = (Arc::clone(&set.place.file), set.place.line);
    for stranger in &strangers {
        let mut other = set.clone();
        let mut entry = set.entries[0].clone();
        (entry.values, entry.from, entry.until) = (vec![stranger.clone()], None, None);
        other.entries.push(entry);
        all.push(Changed { mutant: mutants.len(), set: other });
    }
    if !strangers.is_empty() {
        mutants.push(mutant(Kind::Member, "with a stranger".to_owned(), place));
    }
    (mutants, all)
}

fn place_of(text: &Text, entry: &Place, word: &str) -> (Arc<str>, u32) {
    text.line_after(entry.into(), &format!("\n{word} "), 1)
}

/// Where the entry of a number stands.
fn entry_place(text: &Text, set: &Set, number: usize) -> Place {
    let mut place = set.place.clone();
    for _ in 0..=number {
        let (_, line) = text.line_after((&place).into(), "\n[[set.entry]]", 1);
        place.line = line;
    }
    place
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{text}\""),
        Value::Int(number) => number.to_string(),
        _ => String::new(),
    }
}

fn during(entry: &SetEntry) -> String {
    let from = entry.from.map(|from| format!(" from {from}")).unwrap_or_default();
    let until = entry.until.map(|until| format!(" until {until}")).unwrap_or_default();
    format!("{from}{until}")
}

/// Whether a member of an entry is one by another entry too at some instant, which no pack may say.
fn overlaps(set: &Set, number: usize) -> bool {
    let entry = &set.entries[number];
    let begins_before =
        |a: &SetEntry, b: &SetEntry| a.from.zip(b.until).is_none_or(|(from, until)| from < until);
    set.entries.iter().enumerate().any(|(at, other)| {
        at != number
            && begins_before(entry, other)
            && begins_before(other, entry)
            && other
                .values
                .iter()
                .any(|value| entry.values.iter().any(|own| shown(own) == shown(value)))
    })
}

/// Values that are never members, and that the tests tell of an attribute which rules compare with
/// the set; those first of which most tests that name such a rule tell.
fn strangers(bench: &Bench<'_>, set: &Set, id: SetId, readers: &[usize]) -> Vec<Value> {
    fn compared(node: &Node, set: SetId, found: &mut BTreeSet<AttributeId>) {
        if let NodeKind::In { item, list } = &node.kind
            && let (NodeKind::Attribute(attribute), NodeKind::Set(named)) = (&item.kind, &list.kind)
            && *named == set
        {
            found.insert(*attribute);
        }
        node.for_each_part(&mut |part| compared(part, set, found));
    }
    let mut attributes = BTreeSet::new();
    for place in readers {
        trees(&bench.pack.rules[*place]).for_each(|tree| compared(tree, id, &mut attributes));
    }
    let members: BTreeSet<String> =
        set.entries.iter().flat_map(|entry| entry.values.iter().map(shown)).collect();
    let mut counts: BTreeMap<String, (usize, Value)> = BTreeMap::new();
    for case in bench.cases.iter().filter(|case| readers.iter().any(|place| case.names(*place))) {
        for value in given(&case.resolved, &attributes) {
            let key = shown(&value);
            if !key.is_empty() && !members.contains(&key) {
                counts.entry(key).or_insert((0, value)).0 += 1;
            }
        }
    }
    let mut counted: Vec<(usize, Value)> = counts.into_values().collect();
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    counted.into_iter().take(STRANGERS_MAX).map(|(_, value)| value).collect()
}

fn given(resolved: &Resolved<'_>, attributes: &BTreeSet<AttributeId>) -> Vec<Value> {
    let facts = attributes.iter().map(|id| resolved.for_rules(*id));
    facts
        .filter_map(|fact| match fact {
            Fact::Value(value) => Some(value.clone()),
            _ => None,
        })
        .collect()
}
