//! Dated sets as a line of periods, each with its members.

use std::sync::Arc;

use crate::pack::Set;
use crate::time::Timestamp;
use crate::value::Value;

/// One set over all time: between two neighbouring boundaries its members do not change.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Where a new period begins, in order. The first period begins before all time.
    boundaries: Vec<Timestamp>,
    /// The members of each period: one more than boundaries.
    members: Vec<Arc<[Value]>>,
}

impl Timeline {
    /// The line of a set.
    pub fn of(set: &Set) -> Self {
        let mut boundaries: Vec<Timestamp> =
            set.entries.iter().flat_map(|entry| [entry.from, entry.until]).flatten().collect();
        boundaries.sort_unstable();
        boundaries.dedup();
        let starts = [None].into_iter().chain(boundaries.iter().copied().map(Some));
        let members = starts.map(|start| {
            // Any instant of the period serves; before the first boundary, the least there is.
            let at = start.unwrap_or(Timestamp::MIN);
            let in_force = set.entries.iter().filter(|entry| {
                entry.from.is_none_or(|from| start.is_some() && from <= at)
                    && entry.until.is_none_or(|until| at < until)
            });
            let mut values: Vec<Value> =
                in_force.flat_map(|entry| entry.values.iter().cloned()).collect();
            values.sort_by(|a, b| a.compare(b).unwrap_or(std::cmp::Ordering::Equal));
            values.dedup();
            values.into()
        });
        let members = members.collect();
        Self { boundaries, members }
    }

    /// The members at an instant, in order.
    pub fn at(&self, at: Timestamp) -> &[Value] {
        let period = self.boundaries.partition_point(|boundary| *boundary <= at);
        self.members.get(period).map_or(&[], |members| members)
    }

    /// Where a new period begins, in order.
    pub fn boundaries(&self) -> &[Timestamp] {
        &self.boundaries
    }

    /// Each period as (first instant or none, first instant after it or none, members).
    pub fn periods(
        &self,
    ) -> impl Iterator<Item = (Option<Timestamp>, Option<Timestamp>, &[Value])> {
        self.members.iter().enumerate().map(|(place, members)| {
            let from = place.checked_sub(1).and_then(|before| self.boundaries.get(before).copied());
            (from, self.boundaries.get(place).copied(), &**members)
        })
    }
}
