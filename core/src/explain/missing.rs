//! What could an unknown fact settle?
//!
//! Each member that findings lack is tried with values that rules tell apart. What it settles by
//! itself is counted. Whether allow is still possible is asked by giving every missing member the
//! value that makes the case best, one after the other, until nothing is missing: a member can allow
//! if that ends in allow.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::deed::{Deed, done};
use super::explanation::{Missing, MissingValues};
use super::number;
use super::trial::Trials;
use crate::decide::Decision;
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

/// The members that findings lack, what settles most first.
pub(super) fn of(trials: &mut Trials<'_>, facts: &Facts, decision: &Decision) -> Vec<Missing> {
    if decision.missing().is_empty() {
        return Vec::new();
    }
    let mut left = limits::MISSING_TRIALS_MAX;
    let open = undetermined(trials, facts);
    let can_allow = can_allow(trials, facts, decision, &mut left);
    let mut found: Vec<Missing> = decision
        .missing()
        .iter()
        .map(|path| {
            let settles = settles(trials, facts, path, &open, &mut left).unwrap_or_else(|| {
                // Nothing can be tried: all that lack it.
                let lacks = decision.findings().iter().filter(|finding| {
                    finding.status == Status::Undetermined
                        && finding.verdict.effect() > Verdict::Allow
                        && finding.missing.contains(path)
                });
                lacks.count()
            });
            described(facts.schema(), path, settles, can_allow.contains(&**path))
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

/// How many of the undetermined findings some value settles; none where nothing can be tried.
fn settles(
    trials: &mut Trials<'_>,
    facts: &Facts,
    path: &str,
    open: &BTreeSet<u32>,
    left: &mut usize,
) -> Option<usize> {
    let values = values(trials, facts, path);
    let mut settled: BTreeSet<u32> = BTreeSet::new();
    let mut is_tried = false;
    for deed in values {
        if *left == 0 {
            break;
        }
        *left -= 1;
        is_tried = true;
        let tried = done(facts, [&deed].into_iter());
        let still = undetermined(trials, &tried);
        settled.extend(open.difference(&still));
    }
    is_tried.then_some(settled.len())
}

/// The missing members with which allow was reached.
fn can_allow(
    trials: &mut Trials<'_>,
    facts: &Facts,
    decision: &Decision,
    left: &mut usize,
) -> BTreeSet<String> {
    let mut facts = facts.clone();
    let mut given: BTreeSet<String> = BTreeSet::new();
    let mut now = rating(trials, &facts);
    loop {
        let lacking: Vec<String> =
            lacking(trials, &facts).into_iter().filter(|path| !given.contains(path)).collect();
        if lacking.is_empty() || now.0 == Verdict::Allow {
            break;
        }
        for path in lacking {
            let mut best: Option<((Verdict, usize), Facts)> = None;
            for deed in values(trials, &facts, &path) {
                if *left == 0 {
                    return BTreeSet::new();
                }
                *left -= 1;
                let tried = done(&facts, [&deed].into_iter());
                let rating = rating(trials, &tried);
                if best.as_ref().is_none_or(|(known, _)| rating < *known) {
                    best = Some((rating, tried));
                }
            }
            if let Some((rating, tried)) = best
                && rating <= now
            {
                now = rating;
                facts = tried;
            }
            given.insert(path);
        }
    }
    if now.0 != Verdict::Allow {
        return BTreeSet::new();
    }
    decision.missing().iter().map(ToString::to_string).collect()
}

/// How good a case is: the verdict, then how much stands against it.
fn rating(trials: &mut Trials<'_>, facts: &Facts) -> (Verdict, usize) {
    let judged = trials.judge(facts);
    (judged.verdict, trials.bad(&judged).count())
}

/// The members that findings that count lack.
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
        return if is_list { vec![Deed::Empty(path.into())] } else { Vec::new() };
    };
    let known = schema.attribute(attribute);
    let mut values = known_values(trials, facts, attribute, known);
    let mut facts: Vec<Fact> = values.drain(..).map(Fact::Value).collect();
    if known.nullable == Nullable::Yes {
        facts.push(Fact::Absent);
    }
    facts.into_iter().map(|fact| Deed::Set(attribute, fact)).collect()
}

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
        (_, Scalar::Int) => {
            let mut starts = number::pieces(trials, facts, attribute);
            starts.truncate(limits::FIX_VALUES_MAX);
            starts.into_iter().map(Value::Int).collect()
        }
        (_, Scalar::Timestamp) => ages(facts),
        // Of names, ids and addresses there is no list to try.
        _ => named(trials, attribute),
    }
}

/// Numbers of two countries, for want of a list.
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

/// A zone of the number, or of the country.
fn zones(facts: &Facts) -> Vec<Value> {
    let of_number = facts.fact(id::RECIPIENT_PHONE).text().map(plan::zones_of);
    let of_country = facts.fact(id::RECIPIENT_COUNTRY).text().map(plan::zones_of_country);
    let zones = of_number.into_iter().chain(of_country).flatten();
    zones.take(2).map(|zone| Value::string(zone)).collect()
}

/// Instants so long before that of sending: within every stretch that rules tell of.
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
