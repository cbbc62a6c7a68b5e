//! Dated sets as a line of periods, each with its members.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use crate::pack::{Set, SetEntry};
use crate::time::Timestamp;
use crate::value::Value;

/// One set over all time: between two neighbouring boundaries its members do not change.
///
/// A set of a thousand entries, each with a date of its own, has a thousand periods, and in many of
/// them most entries are members. So the members of a period are gathered when they are asked for.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Where a new period begins, in order. The first period begins before all time.
    boundaries: Vec<Timestamp>,
    entries: Arc<[SetEntry]>,
    /// The members of each period that somebody asked for: one more than boundaries.
    members: Vec<OnceCell<Arc<[Value]>>>,
    /// Each value with the place of an entry that has it, in order, once somebody asked.
    by_value: OnceCell<Arc<[(Value, usize)]>>,
}

impl Timeline {
    /// The line of a set.
    pub fn of(set: &Set) -> Self {
        let mut boundaries: Vec<Timestamp> =
            set.entries.iter().flat_map(|entry| [entry.from, entry.until]).flatten().collect();
        boundaries.sort_unstable();
        boundaries.dedup();
        let members = vec![OnceCell::new(); boundaries.len() + 1];
        let by_value = OnceCell::new();
        Self { boundaries, entries: set.entries.clone().into(), members, by_value }
    }

    /// The members at an instant, in order.
    pub fn at(&self, at: Timestamp) -> &[Value] {
        let period = self.boundaries.partition_point(|boundary| *boundary <= at);
        let members = self.members.get(period);
        members.map_or(&[], |members| members.get_or_init(|| self.gathered(period).into()))
    }

    /// Where a new period begins, in order.
    pub fn boundaries(&self) -> &[Timestamp] {
        &self.boundaries
    }

    /// Whatever is a member at some time, in source order and as often as it is written.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.entries.iter().flat_map(|entry| &entry.values)
    }

    /// Each period as (first instant or none, first instant after it or none, members in order).
    pub fn periods(
        &self,
    ) -> impl Iterator<Item = (Option<Timestamp>, Option<Timestamp>, Vec<Value>)> {
        (0..self.members.len()).map(|place| {
            let from = place.checked_sub(1).and_then(|before| self.boundaries.get(before).copied());
            (from, self.boundaries.get(place).copied(), self.gathered(place))
        })
    }

    /// From when and until when a value is a member, an entry after the other.
    pub(crate) fn of_value(
        &self,
        value: &Value,
    ) -> impl Iterator<Item = (Option<Timestamp>, Option<Timestamp>)> {
        let order = |a: &Value, b: &Value| a.compare(b).unwrap_or(Ordering::Equal);
        let by_value = self.by_value.get_or_init(|| {
            let entries = self.entries.iter().enumerate();
            let mut all: Vec<(Value, usize)> = entries
                .flat_map(|(place, entry)| {
                    entry.values.iter().map(move |value| (value.clone(), place))
                })
                .collect();
            all.sort_by(|(a, first), (b, second)| order(a, b).then(first.cmp(second)));
            all.into()
        });
        let first = by_value.partition_point(|(known, _)| order(known, value).is_lt());
        let own = by_value.iter().skip(first).take_while(move |(known, _)| known == value);
        own.filter_map(|(_, place)| self.entries.get(*place)).map(|entry| (entry.from, entry.until))
    }

    /// A text that two lines share exactly when they have the same members at every instant.
    pub(crate) fn as_text(&self) -> String {
        let mut text = String::new();
        let mut before = None;
        for (from, _, members) in self.periods() {
            if before.as_ref() != Some(&members) {
                let _ = writeln!(text, "{from:?} {members:?}");
            }
            before = Some(members);
        }
        text
    }

    fn gathered(&self, period: usize) -> Vec<Value> {
        let start = period.checked_sub(1).and_then(|before| self.boundaries.get(before).copied());
        // Any instant of the period serves; before the first boundary, the least there is.
        let at = start.unwrap_or(Timestamp::MIN);
        let in_force = self.entries.iter().filter(|entry| {
            entry.from.is_none_or(|from| start.is_some() && from <= at)
                && entry.until.is_none_or(|until| at < until)
        });
        let mut values: Vec<Value> =
            in_force.flat_map(|entry| entry.values.iter().cloned()).collect();
        values.sort_by(|a, b| a.compare(b).unwrap_or(Ordering::Equal));
        values.dedup();
        values
    }
}
