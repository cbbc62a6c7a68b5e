//! As what are values shown that were tried, one or several together?

use std::sync::Arc;

use super::deed::Deed;
use super::explanation::To;
use crate::value::{Fact, Value};

/// One value to try.
pub(super) struct Proposed {
    pub(super) deeds: Vec<Deed>,
    /// Another value for which the same is claimed: the other end of a range.
    pub(super) other_end: Option<Vec<Deed>>,
    pub(super) shown: Shown,
}

/// How a value is shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shown {
    Value(Value),
    /// All numbers from one to another, which may be the greatest there is.
    Numbers(i64, i64),
    Members(Vec<(Arc<str>, Option<Value>)>),
    Removed,
}

/// What a set of values of one lever is shown as; none where they have no form in common.
pub(super) fn shown_together(proposed: &[Proposed], values: &[usize]) -> Option<To> {
    let shown: Vec<&Shown> =
        values.iter().filter_map(|place| proposed.get(*place)).map(|known| &known.shown).collect();
    match shown.first()? {
        Shown::Removed => Some(To::Removed),
        Shown::Numbers(..) => {
            let mut pieces: Vec<(i64, i64)> = shown
                .iter()
                .filter_map(|known| match known {
                    Shown::Numbers(start, end) => Some((*start, *end)),
                    _ => None,
                })
                .collect();
            pieces.sort_unstable();
            let is_one = pieces.windows(2).all(|pair| match pair {
                [(_, end), (start, _)] => end.checked_add(1) == Some(*start),
                _ => true,
            });
            let (min, max) = (pieces.first()?.0, pieces.last()?.1);
            if !is_one {
                return None;
            }
            Some(match min == max {
                true => To::Value(number(min)),
                false => To::Range {
                    min: (min > 0).then_some(Value::Int(min)),
                    // Below the number that stands for no limit there is no end either.
                    max: (max < i64::MAX - 1).then_some(Value::Int(max)),
                },
            })
        }
        Shown::Value(first) => {
            let values: Vec<Value> = shown
                .iter()
                .filter_map(|known| match known {
                    Shown::Value(value) => Some(value.clone()),
                    _ => None,
                })
                .collect();
            Some(match values.len() {
                1 => To::Value(first.clone()),
                _ if matches!(first, Value::List(_)) => return None,
                _ => To::OneOf(values),
            })
        }
        Shown::Members(_) => members_together(&shown),
    }
}

/// A number as documents write it.
fn number(number: i64) -> Value {
    if number == i64::MAX { Value::string("unlimited") } else { Value::Int(number) }
}

/// One value as it was tried: of a range, the nearest number.
pub(super) fn shown_as_tried(proposed: &[Proposed], value: usize) -> Option<To> {
    let tried = proposed.get(value)?;
    match (&tried.shown, tried.deeds.first()) {
        (Shown::Numbers(..), Some(Deed::Set(_, Fact::Value(Value::Int(near))))) => {
            Some(To::Value(number(*near)))
        }
        _ => shown_together(proposed, &[value]),
    }
}

/// Members whose values can be combined at will: all combinations have to be among those shown.
fn members_together(shown: &[&Shown]) -> Option<To> {
    let rows: Vec<&Vec<(Arc<str>, Option<Value>)>> = shown
        .iter()
        .filter_map(|known| match known {
            Shown::Members(members) => Some(members),
            _ => None,
        })
        .collect();
    let first = rows.first()?;
    let mut members: Vec<(Arc<str>, Vec<Value>)> = Vec::new();
    let mut combinations = 1;
    for (place, (name, _)) in first.iter().enumerate() {
        let mut values: Vec<Option<Value>> = Vec::new();
        for (_, value) in rows.iter().filter_map(|row| row.get(place)) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        combinations *= values.len();
        if values.len() > 1 && values.contains(&None) {
            return Some(objects_together(&rows));
        }
        members.push((Arc::clone(name), values.into_iter().flatten().collect()));
    }
    if combinations == rows.len() {
        return Some(To::Members(members));
    }
    Some(objects_together(&rows))
}

/// What goes together, where not everything does: as few objects as are found by putting those
/// together that differ in one member.
fn objects_together(rows: &[&Vec<(Arc<str>, Option<Value>)>]) -> To {
    let object = |row: &&Vec<(Arc<str>, Option<Value>)>| -> Object {
        row.iter()
            .map(|(name, value)| (Arc::clone(name), value.iter().cloned().collect()))
            .collect()
    };
    let mut objects: Vec<Object> = Vec::new();
    for object in rows.iter().map(object) {
        let only_difference = |known: &Object| {
            let mut differs = known.iter().zip(&object).enumerate();
            let mut differs = differs.by_ref().filter(|(_, (one, other))| one.1 != other.1);
            let first = differs.next();
            // That a member is none is no value to choose among others.
            let is_choice = |(_, (one, other)): &(usize, (&Member, &Member))| {
                !one.1.is_empty() && !other.1.is_empty()
            };
            first.filter(is_choice).filter(|_| differs.next().is_none()).map(|(place, _)| place)
        };
        let alike = objects.iter_mut().find_map(|known| {
            let place = only_difference(known)?;
            known.get_mut(place).zip(object.get(place))
        });
        match alike {
            Some((known, more)) => known.1.extend(more.1.iter().cloned()),
            None => objects.push(object),
        }
    }
    To::OneOfMembers(objects)
}

type Member = (Arc<str>, Vec<Value>);
type Object = Vec<Member>;
