//! What could an unknown fact settle?
//!
//! Each missing member is tried with values that rules distinguish. What some value of it
//! settles by itself, everything else as given, is counted. Whether allow is still possible is
//! asked by giving every missing member the value that makes the case best, one after the other,
//! until nothing gets better; where that does not end in allow and there are few enough of them, by
//! trying all values of all together. A member can allow if one of these ends in allow.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::deed::{Deed, done};
use super::explanation::{Missing, MissingValues};
use super::fixes;
use super::number;
use super::trial::Trials;
use crate::decide::Decision;
use crate::directory::Provider;
use crate::facts::{self, Facts};
use crate::language::Lang;
use crate::limits;
use crate::matching;
use crate::matching::order::Subject;
use crate::program::classes::Classes;
use crate::program::dimension;
use crate::resolve;
use crate::resolve::plan;
use crate::schema::attributes as id;
use crate::schema::levers;
use crate::schema::{Attribute, AttributeId, Form, Nullable, Schema};
use crate::time::Duration;
use crate::value::{Fact, Scalar, Type, Value};
use crate::verdict::{Status, Verdict};

/// The missing members, what settles most first.
pub(super) fn of(trials: &mut Trials<'_>, facts: &Facts, decision: &Decision) -> Vec<Missing> {
    if decision.missing().is_empty() {
        return Vec::new();
    }
    let open = undetermined(trials, facts);
    let can_allow = can_allow(trials, facts);
    let mut left = limits::MISSING_TRIALS_MAX;
    let mut found: Vec<Missing> = decision
        .missing()
        .iter()
        .map(|path| {
            let settles = settles(trials, facts, path, &open, &mut left);
            described(facts.schema(), path, settles, can_allow)
        })
        .collect();
    found.sort_by(|a, b| (b.settles, b.can_allow, &a.path).cmp(&(a.settles, a.can_allow, &b.path)));
    found
}

/// The undetermined findings that count.
fn undetermined(trials: &mut Trials<'_>, facts: &Facts) -> BTreeSet<u32> {
    let judged = trials.judge(facts);
    trials
        .bad(&judged)
        .filter_map(|rank| match (rank.subject, rank.status) {
            (Subject::Rule(rule), Status::Undetermined) => Some(rule.0),
            _ => None,
        })
        .collect()
}

/// How many of the undetermined findings some value settles.
fn settles(
    trials: &mut Trials<'_>,
    facts: &Facts,
    path: &str,
    open: &BTreeSet<u32>,
    left: &mut usize,
) -> usize {
    let mut settled: BTreeSet<u32> = BTreeSet::new();
    for deed in values(trials, facts, path) {
        if *left == 0 {
            break;
        }
        *left -= 1;
        let tried = done(facts, [&deed].into_iter());
        let still = undetermined(trials, &tried);
        settled.extend(open.difference(&still));
    }
    settled.len()
}

/// Whether allow was reached with values for all that is missing.
fn can_allow(trials: &mut Trials<'_>, facts: &Facts) -> bool {
    let mut left = limits::MISSING_TRIALS_MAX;
    climbed(trials, facts, &mut left) || enumerated(trials, facts, left)
}

/// By giving each member the value that is best, until nothing gets better; then two at once, since
/// a limit may be too low for one number and high enough for another.
fn climbed(trials: &mut Trials<'_>, facts: &Facts, left: &mut usize) -> bool {
    // What was given, by path.
    let mut given: BTreeMap<String, Deed> = BTreeMap::new();
    let mut now = rating(trials, facts);
    loop {
        let before = (now, given.len());
        let here = done(facts, given.values());
        let mut asked = lacking(trials, &here);
        asked.extend(given.keys().cloned());
        for path in asked {
            if now == CLEAR {
                return true;
            }
            let mut best: Option<(Rating, Deed)> = None;
            for deed in values(trials, &done(facts, given.values()), &path) {
                if *left == 0 {
                    return false;
                }
                *left -= 1;
                let others = given.iter().filter(|(known, _)| **known != path);
                let tried = done(facts, others.map(|(_, deed)| deed).chain([&deed]));
                let rating = rating(trials, &tried);
                if best.as_ref().is_none_or(|(known, _)| rating < *known) {
                    best = Some((rating, deed));
                }
            }
            if let Some((rating, deed)) = best
                && (rating < now || rating == now && !given.contains_key(&path))
            {
                now = rating;
                given.insert(path, deed);
            }
        }
        if now == CLEAR {
            return true;
        }
        if before == (now, given.len()) {
            let Some(better) = two_at_once(trials, facts, &given, now, left) else { return false };
            (now, given) = better;
        }
    }
}

/// What is given, with other values of two members that make the case better. Only members that
/// what still stands against sending reads.
fn two_at_once(
    trials: &mut Trials<'_>,
    facts: &Facts,
    given: &BTreeMap<String, Deed>,
    now: Rating,
    left: &mut usize,
) -> Option<(Rating, BTreeMap<String, Deed>)> {
    let here = done(facts, given.values());
    let judged = trials.judge(&here);
    let bad: Vec<Subject> = trials.bad(&judged).map(|rank| rank.subject).collect();
    let read: BTreeSet<AttributeId> =
        bad.into_iter().flat_map(|subject| fixes::reads(trials, subject).0).collect();
    let is_read = |path: &&String| {
        facts.schema().id(path).is_some_and(|id| {
            read.contains(&id) || resolve::following(id).any(|id| read.contains(&id))
        })
    };
    // What makes the case worse by itself, whatever its value, was not given.
    let mut asked = lacking(trials, &here);
    asked.extend(given.keys().cloned());
    let members: Vec<&String> = asked.iter().filter(is_read).collect();
    for (place, one) in members.iter().enumerate() {
        for first in values(trials, &here, one) {
            for other in members.iter().skip(place + 1) {
                let mut with = given.clone();
                with.insert((*one).clone(), first.clone());
                for second in values(trials, &done(facts, with.values()), other) {
                    if *left == 0 {
                        return None;
                    }
                    *left -= 1;
                    with.insert((*other).clone(), second);
                    let rating = rating(trials, &done(facts, with.values()));
                    if rating < now {
                        return Some((rating, with));
                    }
                }
            }
        }
    }
    None
}

/// By trying all values of all members together; not where these are too many.
fn enumerated(trials: &mut Trials<'_>, facts: &Facts, left: usize) -> bool {
    let members: Vec<Vec<Deed>> =
        lacking(trials, facts).iter().map(|path| values(trials, facts, path)).collect();
    let ways = members.iter().map(|values| values.len().max(1));
    let Some(ways) = ways.into_iter().try_fold(1_usize, usize::checked_mul) else {
        return false;
    };
    (ways <= left)
        && (0..ways).any(|way| {
            let mut rest = way;
            let picked: Vec<&Deed> = members
                .iter()
                .filter_map(|values| {
                    let count = values.len().max(1);
                    let place = rest % count;
                    rest /= count;
                    values.get(place)
                })
                .collect();
            rating(trials, &done(facts, picked.into_iter())) == CLEAR
        })
}

/// How good a case is: how many findings that count are violated, and how many there are.
type Rating = (usize, usize);
const CLEAR: Rating = (0, 0);

fn rating(trials: &mut Trials<'_>, facts: &Facts) -> Rating {
    let judged = trials.judge(facts);
    let violated = trials.bad(&judged).filter(|rank| rank.status == Status::Violated).count();
    (violated, trials.bad(&judged).count())
}

/// The members that findings with an effect miss.
fn lacking(trials: &Trials<'_>, facts: &Facts) -> BTreeSet<String> {
    let program = trials.ground.program;
    let resolved = trials.ground.resolve(facts);
    matching::findings(program, &resolved)
        .iter()
        .filter(|matched| matched.verdict(program).effect() > Verdict::Allow)
        .flat_map(|matched| &matched.missing)
        .flat_map(|attribute| resolved.causes(*attribute))
        .collect()
}

/// What can be tried of a member; nothing of one whose values cannot be listed.
fn values(trials: &Trials<'_>, facts: &Facts, path: &str) -> Vec<Deed> {
    let schema = facts.schema();
    let Some(attribute) = schema.id(path) else {
        let is_list = schema.collections().iter().any(|list| &*list.path == path);
        return match is_list {
            true => vec![Deed::Empty(path.into())],
            false => values_in_entry(facts, path),
        };
    };
    let known = schema.attribute(attribute);
    let mut values = known_values(trials, facts, attribute, known);
    let mut facts: Vec<Fact> = values.drain(..).map(Fact::Value).collect();
    if known.nullable == Nullable::Yes {
        facts.push(Fact::Absent);
    }
    facts.into_iter().map(|fact| Deed::Set(attribute, fact)).collect()
}

/// What can be tried of a member of an entry: `account.restrictions[0].until`.
fn values_in_entry(facts: &Facts, path: &str) -> Vec<Deed> {
    let Some((list, rest)) = path.split_once('[') else { return Vec::new() };
    let Some((place, member)) = rest.split_once("].") else { return Vec::new() };
    let collection = facts.schema().collections().iter().find(|known| &*known.path == list);
    let known = collection.and_then(|collection| {
        let member = collection.members.iter().position(|known| &*known.path == member)?;
        Some((member, collection.members.get(member)?, place.parse::<usize>().ok()?))
    });
    let Some((member, known, place)) = known else { return Vec::new() };
    let values = match (&known.form, known.ty.base) {
        (_, Scalar::Bool) => vec![Value::Bool(false), Value::Bool(true)],
        (Form::OneOf(choices), _) => {
            choices.iter().map(|choice| Value::String(Arc::clone(&choice.name))).collect()
        }
        (_, Scalar::Timestamp) => ages(facts),
        (_, Scalar::String) => vec![Value::string(SOME_TEXT)],
        _ => Vec::new(),
    };
    let mut found: Vec<Fact> = values.into_iter().map(Fact::Value).collect();
    if known.nullable == Nullable::Yes {
        found.push(Fact::Absent);
    }
    let deed = |fact| Deed::SetInEntry(list.into(), (place, member), fact);
    found.into_iter().map(deed).collect()
}

/// A text that no rule names.
const SOME_TEXT: &str = "-";

fn known_values(
    trials: &Trials<'_>,
    facts: &Facts,
    attribute: AttributeId,
    known: &Attribute,
) -> Vec<Value> {
    let text = |text: &str| vec![Value::string(text)];
    if known.ty.is_list() {
        let one = |value: Value| Value::List([value].into());
        let choices = known.choices().unwrap_or_default().iter();
        let choices = choices.map(|choice| one(Value::String(Arc::clone(&choice.name))));
        return [Value::List([].into())].into_iter().chain(choices).collect();
    }
    match (&known.form, known.ty.base) {
        (_, Scalar::Bool) => vec![Value::Bool(false), Value::Bool(true)],
        (Form::OneOf(choices), _) => {
            choices.iter().map(|choice| Value::String(Arc::clone(&choice.name))).collect()
        }
        (Form::Country, _) => countries(trials, attribute),
        (Form::Phone | Form::PhoneOrId, _) => {
            vec![Value::string(PHONES[0]), Value::string(PHONES[1])]
        }
        (Form::Endpoint, _) => text("https://graph.facebook.com"),
        (Form::TimeZone, _) => zones(facts),
        (Form::Language, _) => text("en"),
        (_, Scalar::Int) => {
            let mut starts = number::pieces(trials, facts, attribute);
            starts.truncate(limits::FIX_VALUES_MAX);
            starts.into_iter().map(Value::Int).collect()
        }
        (_, Scalar::Timestamp) => ages(facts),
        (_, Scalar::Double) => doubles(trials, attribute),
        (_, Scalar::String) => {
            // Of names, ids and addresses there is no list: one that rules name, one of the
            // directory, and one of nobody.
            let mut texts = named(trials, attribute);
            texts.truncate(limits::FIX_VALUES_MAX);
            texts.extend(of_directory(trials, facts, attribute));
            texts.push(Value::string(SOME_TEXT));
            texts
        }
        _ => Vec::new(),
    }
}

/// Numbers of two countries, since there is no list.
const PHONES: [&str; 2] = ["+34600000000", "+12125550123"];

/// The countries that rules name, and one that they do not.
fn countries(trials: &Trials<'_>, attribute: AttributeId) -> Vec<Value> {
    let mut named = named(trials, attribute);
    let other = crate::schema::countries()
        .iter()
        .map(|country| Value::string(country))
        .find(|country| !named.contains(country));
    named.extend(other);
    named.truncate(limits::FIX_VALUES_MAX);
    named
}

/// The texts that rules name of an attribute, or of what follows from it in the same form.
fn named(trials: &Trials<'_>, attribute: AttributeId) -> Vec<Value> {
    let program = trials.ground.program;
    let schema = program.schema();
    let form = &schema.attribute(attribute).form;
    let mut read = vec![attribute];
    read.extend(resolve::following(attribute).filter(|of| schema.attribute(*of).form == *form));
    let texts =
        program.dimensions().iter().filter_map(|known| match (known.subject, &known.classes) {
            (dimension::Subject::Attribute(of), Classes::Texts { named, .. })
                if read.contains(&of) =>
            {
                Some(named)
            }
            _ => None,
        });
    let texts: BTreeSet<&Arc<str>> = texts.flat_map(|named| named.iter()).collect();
    texts.into_iter().map(|text| Value::String(Arc::clone(text))).collect()
}

/// What the directory calls a provider that it lists at the instant of sending; else the first.
fn of_directory(trials: &Trials<'_>, facts: &Facts, attribute: AttributeId) -> Option<Value> {
    let known = trials.ground.directory.providers();
    let is_listed = |provider: &&Provider| {
        facts
            .send_at()
            .is_some_and(|at| provider.listed().iter().any(|listed| listed.period.contains(at)))
    };
    let provider = known.iter().find(is_listed).or_else(|| known.first())?;
    match attribute {
        id::PROVIDER_ID => Some(Value::string(provider.id())),
        id::PROVIDER_NAME => Some(Value::string(provider.name())),
        id::PROVIDER_DOMAIN => provider.domains().first().map(|domain| Value::string(domain)),
        _ => None,
    }
}

/// Numbers at, below and above those that rules name.
fn doubles(trials: &Trials<'_>, attribute: AttributeId) -> Vec<Value> {
    let points = trials.ground.program.dimensions().iter().filter_map(|known| {
        match (known.subject, &known.classes) {
            (dimension::Subject::Attribute(of), Classes::Doubles(cuts)) if of == attribute => {
                Some(&cuts.points)
            }
            _ => None,
        }
    });
    let mut found: Vec<f64> = vec![0.0];
    found
        .extend(points.flat_map(|points| points.iter()).flat_map(|at| [*at - 1.0, *at, *at + 1.0]));
    found.truncate(limits::FIX_VALUES_MAX);
    found.into_iter().map(Value::Double).collect()
}

/// A zone of the number, or of the country; where neither is known, zones far apart.
fn zones(facts: &Facts) -> Vec<Value> {
    const FAR_APART: [&str; 4] = ["UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland"];
    let of_number = facts.fact(id::RECIPIENT_PHONE).text().map(plan::zones_of);
    let of_country = facts.fact(id::RECIPIENT_COUNTRY).text().map(plan::zones_of_country);
    let zones = of_number.into_iter().chain(of_country).flatten();
    let found: Vec<Value> = zones.take(2).map(|zone| Value::string(zone)).collect();
    match found.is_empty() {
        true => FAR_APART.map(Value::string).to_vec(),
        false => found,
    }
}

/// Timestamps before that of sending, one within every period that rules distinguish.
fn ages(facts: &Facts) -> Vec<Value> {
    const HOUR: i64 = 3600;
    const HOURS: [i64; 9] = [0, 1, 23, 25, 8 * 24, 31 * 24, 100 * 24, 3 * 366 * 24, -25];
    let Some(send_at) = facts.send_at() else { return Vec::new() };
    let before = HOURS.iter().filter_map(|hours| {
        Duration::from_seconds(hours * HOUR).and_then(|span| send_at.checked_sub(span))
    });
    before.map(Value::Timestamp).collect()
}

fn described(schema: &Schema, path: &Arc<str>, settles: usize, can_allow: bool) -> Missing {
    let missing = |values, title: &Arc<str>, comes_from| Missing {
        path: Arc::clone(path),
        settles,
        can_allow,
        values,
        title: Arc::clone(title),
        comes_from,
    };
    if let Some(attribute) = schema.id(path) {
        let known = schema.attribute(attribute);
        let comes_from = levers::of(attribute).map_or("", |row| row.comes_from);
        return missing(form(known), &known.doc, comes_from);
    }
    // A list of objects, or a member of one of its entries.
    let list = path.split('[').next().unwrap_or_default();
    let comes_from = levers::of_list(list).map_or("", |row| row.comes_from);
    let Some(collection) = schema.collections().iter().find(|known| &*known.path == list) else {
        return missing(MissingValues::Form(String::new()), path, comes_from);
    };
    let member = path.rsplit_once("].").map(|(_, member)| member);
    match collection.members.iter().find(|known| Some(&*known.path) == member) {
        Some(known) => missing(form(known), &known.doc, comes_from),
        None => missing(
            MissingValues::Form("a list, `[]` if there is none".to_owned()),
            &collection.doc,
            comes_from,
        ),
    }
}

fn form(known: &Attribute) -> MissingValues {
    match known.choices().filter(|choices| !choices.is_empty()) {
        Some(choices) if !known.ty.is_list() => {
            MissingValues::OneOf(choices.iter().map(|choice| Arc::clone(&choice.name)).collect())
        }
        Some(choices) => {
            let names: Vec<&str> = choices.iter().map(|choice| &*choice.name).collect();
            MissingValues::Form(format!("a list of {}", names.join(", ")))
        }
        None if known.ty == Type::BOOL => MissingValues::Bool,
        None => MissingValues::Form(facts::expected(known, Lang::English)),
    }
}
