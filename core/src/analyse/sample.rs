//! Values of an attribute: some of each class.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::program::classes::{Classes, Cuts, Piece};
use crate::program::dimension::Dimension;
use crate::schema::{Attribute, Form, Nullable, countries};
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Scalar, Value};

const DAY: i64 = 86_400;

/// Values to try, whatever the class they fall into: at least one of each class of the attribute's
/// dimension, where there is one; for instants also some before and after the one of sending.
pub(super) fn values(
    attribute: &Attribute,
    dimension: Option<&Dimension>,
    send_at: Option<Timestamp>,
) -> Vec<Fact> {
    let classes = dimension.map(|dimension| &dimension.classes);
    let mut found: Vec<Value> = Vec::new();
    if attribute.ty.is_list() {
        lists(attribute, &mut found);
    } else {
        match attribute.ty.base {
            Scalar::Bool => found.extend([Value::Bool(true), Value::Bool(false)]),
            Scalar::String | Scalar::Nothing => texts(attribute, classes, &mut found),
            Scalar::Int => {
                if let Some(Classes::Ints(cuts)) = classes {
                    found.extend(on_line(cuts, i64::checked_add).map(Value::Int));
                }
                found.extend([0, 1, 2, 5, 10, 100, 1000, 100_000].map(Value::Int));
            }
            Scalar::Double => {
                if let Some(Classes::Doubles(cuts)) = classes {
                    let gap = 0.5;
                    found.extend(
                        on_line(cuts, |at, by| Some(at + gap * by as f64)).map(Value::Double),
                    );
                    found.extend(cuts.points.windows(2).filter_map(|pair| match pair {
                        [low, high] => Some(Value::Double(low + (high - low) / 2.0)),
                        _ => None,
                    }));
                }
                found.extend([0.0, 0.5, 1.0].map(Value::Double));
            }
            Scalar::Timestamp => instants(classes, send_at, &mut found),
            Scalar::Duration => {
                if let Some(Classes::Durations(cuts)) = classes {
                    let later = |at: Duration, by| at.checked_add(Duration::from_seconds(by)?);
                    found.extend(on_line(cuts, later).map(Value::Duration));
                }
                found.extend(Duration::from_seconds(DAY).map(Value::Duration));
            }
        }
    }
    let mut facts = each_once(found);
    if attribute.nullable == Nullable::Yes {
        facts.push(Fact::Absent);
    }
    facts
}

/// The values, each at its first place: a program may name thousands.
fn each_once(found: Vec<Value>) -> Vec<Fact> {
    let (mut texts, mut ints, mut instants) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut facts: Vec<Fact> = Vec::with_capacity(found.len() + 1);
    for value in found {
        let is_new = match &value {
            Value::String(text) => texts.insert(Arc::clone(text)),
            Value::Int(int) => ints.insert(*int),
            Value::Timestamp(at) => instants.insert(*at),
            other => !facts.iter().any(|fact| fact.value() == Some(other)),
        };
        if is_new {
            facts.push(Fact::Value(value));
        }
    }
    facts
}

/// The points of a line, and the values next to them.
fn on_line<T: PartialOrd + Copy>(
    cuts: &Cuts<T>,
    moved: impl Fn(T, i64) -> Option<T>,
) -> impl Iterator<Item = T> {
    cuts.iter().flat_map(move |(_, piece)| match piece {
        Piece::Point(at) => vec![at],
        Piece::Gap(low, high) => {
            let inside =
                |at: &T| low.is_none_or(|low| low < *at) && high.is_none_or(|high| *at < high);
            let above = low.and_then(|low| moved(low, 1));
            let below = high.and_then(|high| moved(high, -1));
            above.into_iter().chain(below).filter(inside).collect()
        }
    })
}

fn texts(attribute: &Attribute, classes: Option<&Classes>, found: &mut Vec<Value>) {
    if let Some(Classes::Texts { named, .. }) = classes {
        found.extend(named.iter().map(|text| Value::String(Arc::clone(text))));
    }
    match &attribute.form {
        Form::OneOf(choices) => {
            found.extend(choices.iter().map(|choice| Value::String(Arc::clone(&choice.name))));
        }
        Form::Country => found.extend(countries().iter().map(|text| Value::string(text))),
        form => found.extend(some_of(form).iter().map(|text| Value::string(text))),
    }
}

/// Texts that a form takes, the plain ones first.
const fn some_of(form: &Form) -> &'static [&'static str] {
    match form {
        Form::Phone => &["+34600000000", "+919812345678", "+14165550100", "+5511912345678"],
        Form::PhoneOrId => &["+34600000000", "100000000000001"],
        Form::TimeZone => &["Europe/Madrid", "Asia/Kolkata", "America/Toronto"],
        Form::Region => &["ES-MD", "US-CA", "UA-43"],
        Form::Domain => &["example.com", "example.org"],
        Form::Id => &["example", "other"],
        Form::Client => &["npm:example", "npm:@whiskeysockets/baileys"],
        Form::Endpoint => &["https://graph.facebook.com/v23.0", "https://example.org/"],
        Form::Language => &["es", "en_US"],
        Form::UserId => &["ES.1A2B3C", "IN.1A2B3C"],
        Form::Name | Form::Firm => &["Example", "Other"],
        Form::Any
        | Form::Text
        | Form::OneOf(_)
        | Form::Country
        | Form::Instant
        | Form::End
        | Form::OwnInstant
        | Form::Count
        | Form::CountOrUnlimited => &["example", "other"],
    }
}

fn lists(attribute: &Attribute, found: &mut Vec<Value>) {
    let of = |items: Vec<Value>| Value::List(items.into());
    found.push(of(Vec::new()));
    match &attribute.form {
        Form::OneOf(choices) => {
            let all = choices.iter().map(|choice| Value::String(Arc::clone(&choice.name)));
            found.extend(all.clone().map(|item| of(vec![item])));
            found.push(of(all.collect()));
        }
        form if attribute.ty.base == Scalar::String => {
            found.extend(some_of(form).iter().map(|text| of(vec![Value::string(text)])));
        }
        _ if attribute.ty.lists == 1 && attribute.ty.base == Scalar::Int => {
            found.extend([0, 1, 5].map(|item| of(vec![Value::Int(item)])));
        }
        _ => {}
    }
}

fn instants(classes: Option<&Classes>, send_at: Option<Timestamp>, found: &mut Vec<Value>) {
    let moved =
        |at: Timestamp, by: i64| Duration::from_seconds(by).and_then(|by| at.checked_add(by));
    let mut add = |at: Option<Timestamp>| found.extend(at.map(Value::Timestamp));
    if let Some(Classes::Timestamps(cuts)) = classes {
        for (_, piece) in cuts.iter() {
            match piece {
                Piece::Point(at) => add(Some(at)),
                Piece::Gap(low, high) => {
                    let inside = |at: &Timestamp| {
                        low.is_none_or(|low| low < *at) && high.is_none_or(|high| *at < high)
                    };
                    let near = [DAY * 30 + DAY / 2, DAY / 2, 1];
                    let after = near.into_iter().filter_map(|by| moved(low?, by));
                    let before = near.into_iter().filter_map(|by| moved(high?, -by));
                    let least = low.and_then(|low| low.checked_add(Duration::from_nanos(1)?));
                    after.chain(before).chain(least).filter(inside).for_each(|at| add(Some(at)));
                }
            }
        }
    }
    let Some(send_at) = send_at else {
        // A Monday afternoon, as good as any.
        return add(Timestamp::from_date(2026, 3, 2).and_then(|day| moved(day, 54_000)));
    };
    let hours = [-1, -23, -25, -24 * 3, -24 * 8, -24 * 40, -24 * 100, -24 * 400, 1, 24 * 40];
    add(Some(send_at));
    hours.into_iter().for_each(|hours| add(moved(send_at, hours * 3600)));
}
