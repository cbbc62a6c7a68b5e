//! Which facts of an attribute can a rule tell apart?
//!
//! Found in the simplest way: every constant of the attribute's type that stands anywhere in the
//! rule's conditions, one value of each gap between two of them, below the least and above the
//! greatest, one text that is not named, and *absent*.

use cleartosend::schema::{Attribute, Form, Nullable, countries};
use cleartosend::{Duration, Fact, Scalar, Timestamp, Type, Value};

use super::text::Constants;

/// Closed lists up to this length are tried whole; of longer ones, a value of each gap between
/// those that are named.
const WHOLE_LIST_MAX: usize = 8;

/// One fact of each class.
pub fn of(attribute: &Attribute, constants: &Constants) -> Vec<Fact> {
    let values = match attribute.ty.element() {
        None => scalars(attribute, attribute.ty, constants),
        Some(element) => lists(&scalars(attribute, element, constants)),
    };
    let mut facts: Vec<Fact> = values.into_iter().map(Fact::Value).collect();
    if attribute.nullable == Nullable::Yes {
        facts.push(Fact::Absent);
    }
    facts
}

fn scalars(attribute: &Attribute, ty: Type, constants: &Constants) -> Vec<Value> {
    if ty.is_list() {
        return lists(&[]);
    }
    match ty.base {
        Scalar::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Scalar::Int => {
            let least = if matches!(attribute.form, Form::Count | Form::CountOrUnlimited) {
                0
            } else {
                i64::MIN
            };
            let nanos: Vec<i128> = constants.ints.iter().map(|int| i128::from(*int)).collect();
            let line = line(&nanos, i128::from(least), i128::from(i64::MAX));
            line.into_iter().filter_map(|int| i64::try_from(int).ok().map(Value::Int)).collect()
        }
        Scalar::Timestamp => {
            let nanos: Vec<i128> = constants.instants.iter().map(|at| at.as_nanos()).collect();
            let at = |nanos: i128| {
                let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
                Timestamp::new(seconds, u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?)
            };
            let line = line(&nanos, Timestamp::MIN.as_nanos(), Timestamp::MAX.as_nanos());
            line.into_iter().filter_map(at).map(Value::Timestamp).collect()
        }
        Scalar::Duration => {
            let nanos: Vec<i128> = constants.spans.iter().map(|span| span.as_nanos()).collect();
            let line = line(&nanos, -1_i128 << 60, 1_i128 << 60);
            line.into_iter().filter_map(Duration::from_nanos).map(Value::Duration).collect()
        }
        Scalar::Double => doubles(&constants.doubles).into_iter().map(Value::Double).collect(),
        Scalar::String | Scalar::Nothing => {
            texts(attribute, &constants.texts).iter().map(|text| Value::string(text)).collect()
        }
    }
}

/// Points between two ends, and one value of each gap around them.
fn line(points: &[i128], least: i128, greatest: i128) -> Vec<i128> {
    let mut points: Vec<i128> =
        points.iter().copied().filter(|point| (least..=greatest).contains(point)).collect();
    points.sort_unstable();
    points.dedup();
    let Some((first, last)) = points.first().copied().zip(points.last().copied()) else {
        return vec![7.clamp(least, greatest)];
    };
    let mut found = Vec::new();
    found.extend((first > least).then(|| first - 1));
    for (place, point) in points.iter().enumerate() {
        found.push(*point);
        found.extend(points.get(place + 1).filter(|next| **next - point > 1).map(|_| point + 1));
    }
    found.extend((last < greatest).then(|| last + 1));
    found
}

fn doubles(points: &[f64]) -> Vec<f64> {
    let mut points: Vec<f64> = points.iter().copied().filter(|point| point.is_finite()).collect();
    points.sort_by(f64::total_cmp);
    points.dedup_by(|a, b| a == b);
    let Some((first, last)) = points.first().copied().zip(points.last().copied()) else {
        return vec![0.25];
    };
    let mut found = vec![first.next_down()];
    for (place, point) in points.iter().enumerate() {
        found.push(*point);
        found.extend(
            points
                .get(place + 1)
                .map(|next| point / 2.0 + next / 2.0)
                .filter(|middle| middle > point),
        );
    }
    found.push(last.next_up());
    found.retain(|value| value.is_finite());
    found
}

fn texts(attribute: &Attribute, named: &[String]) -> Vec<String> {
    let mut closed: Vec<String> = match &attribute.form {
        Form::OneOf(choices) => choices.iter().map(|choice| choice.name.to_string()).collect(),
        Form::Country => countries().iter().map(|code| (*code).to_owned()).collect(),
        _ => {
            let mut open: Vec<String> = named.to_vec();
            open.push("~ a text that no rule names".to_owned());
            open.sort_unstable();
            open.dedup();
            return open;
        }
    };
    closed.sort_unstable();
    closed.dedup();
    if closed.len() <= WHOLE_LIST_MAX {
        return closed;
    }
    // What is not named differs only by its order among what is.
    let mut found: Vec<String> = Vec::new();
    let mut gap = true;
    for value in closed {
        let is_named = named.contains(&value);
        if is_named || gap {
            found.push(value);
        }
        gap = is_named;
    }
    found
}

/// Some lists: rules ask about their members in ways without end, so these are samples and no
/// classes.
fn lists(items: &[Value]) -> Vec<Value> {
    let mut found = vec![Value::List([].into())];
    found.extend(items.iter().take(4).map(|item| Value::List([item.clone()].into())));
    if items.len() > 1 {
        found.push(Value::List(items.iter().take(4).cloned().collect()));
        found.push(Value::List(items.iter().rev().take(2).cloned().collect()));
    }
    found
}
