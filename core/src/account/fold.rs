//! What do all events together say?
//!
//! In: events, in their order. Out: [`Known`]: the latest word on each matter up to an instant, the
//! restrictions and the violations with their dates. The events alone decide, never the order in
//! which they came.

use std::collections::BTreeMap;

use serde_json::Value;

use super::effects::{Effect, Key, Listed};
use crate::time::Timestamp;

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The latest word on each matter, and since when; null where it is no longer known.
    pub(super) told: BTreeMap<Key, (Timestamp, Value)>,
    /// In the order of their beginnings.
    pub(super) restrictions: Vec<Restriction>,
    /// In time order, each once.
    pub(super) violations: Vec<(Timestamp, String)>,
    /// Whether the restrictions are all that there are: their list was told, or that there are
    /// none.
    pub(super) restrictions_complete: bool,
}

/// A restriction, in force at `since <= at < until`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Restriction {
    /// A restriction kind of the schema; none where it is not known which.
    pub(super) kind: Option<String>,
    /// From when; none where that is not known.
    pub(super) since: Option<Timestamp>,
    pub(super) until: Until,
    pub(super) origin: Origin,
}

/// Until when a restriction is in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Until {
    At(Timestamp),
    /// Until an event ends it.
    Open,
    Unknown,
}

/// Where a restriction comes from, which says what ends it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origin {
    /// The state that was there before any event.
    Base,
    /// A list of restrictions.
    List,
    /// The account is disabled.
    Ban,
    /// A number is banned.
    Number(String),
    /// A message failed.
    Failure,
}

impl Restriction {
    /// Whether it may be in force at that instant or later.
    fn outlasts(&self, at: Timestamp) -> bool {
        match self.until {
            Until::At(until) => until > at,
            Until::Open | Until::Unknown => true,
        }
    }

    fn covers(&self, at: Timestamp) -> bool {
        self.since.is_some_and(|since| since <= at) && self.outlasts(at)
    }

    fn begins_after(&self, at: Timestamp) -> bool {
        self.since.is_some_and(|since| since >= at)
    }
}

/// Folds effects. `until` bounds what is *told*; restrictions and violations have dates of their
/// own and are given whole.
pub(super) fn fold(
    base: Vec<Restriction>,
    mut effects: Vec<Effect>,
    until: Option<Timestamp>,
) -> Known {
    // Stable: effects of one event, and of events within one second, keep their order.
    effects.sort_by_key(Effect::at);
    let mut known = Known { restrictions: base, ..Known::default() };
    for effect in effects {
        let at = effect.at();
        match effect {
            Effect::Tell { key, value, .. } => {
                if until.is_none_or(|until| at <= until) {
                    known.told.insert(key, (at, value));
                }
            }
            Effect::Violation { kind, .. } => known.violations.push((at, kind)),
            Effect::Restrictions { list, .. } => known.replace(at, &list),
            Effect::Ban { since, .. } => known.ban(at, since),
            Effect::Reinstated { .. } => known.end(at, |entry| {
                matches!(entry.origin, Origin::Ban | Origin::Failure)
                    || entry.origin == Origin::Base
                        && matches!(
                            entry.kind.as_deref(),
                            Some("account_disabled" | "account_locked")
                        )
            }),
            Effect::Healthy { .. } => {
                known.restrictions_complete = true;
                known.end(at, |entry| match entry.origin {
                    Origin::Failure => true,
                    // A ban that is yet to come says nothing against sending now.
                    Origin::Ban => entry.since.is_some_and(|since| since <= at),
                    _ => false,
                });
            }
            Effect::NumberBan { number, banned, .. } => known.number_ban(at, number, banned),
            Effect::Stopped { .. } => known.stopped(at),
        }
    }
    known.restrictions.sort_by(|a, b| (a.since, &a.kind).cmp(&(b.since, &b.kind)));
    known.violations.dedup();
    known
}

impl Known {
    /// A new list stands for the whole. WhatsApp does not say so plainly: what an earlier list had
    /// and this one has not may be over or go on, so that until its end nobody knows. Only an empty
    /// list says that nothing is left.
    fn replace(&mut self, at: Timestamp, list: &[Listed]) {
        self.restrictions_complete = true;
        self.end(at, |entry| entry.origin == Origin::Failure);
        let mut doubtful = Vec::new();
        let mut continued = vec![false; list.len()];
        for entry in &mut self.restrictions {
            let replaceable = entry.origin == Origin::List
                || entry.origin == Origin::Base && is_of_lists(entry.kind.as_deref());
            if !replaceable || !entry.covers(at) {
                continue;
            }
            if list.is_empty() {
                entry.until = Until::At(at);
            } else if entry.kind.is_none() {
                // It was doubtful before, and stays so.
            } else if let Some(place) = list.iter().position(|listed| listed.kind == entry.kind) {
                continued[place] = true;
                entry.until = end_of(&list[place], entry.since.unwrap_or(at));
            } else if !stops_messages(entry.kind.as_deref()) {
                // Whether it goes on or not, no message depends on it.
            } else {
                doubtful.push(Restriction {
                    kind: None,
                    since: Some(at),
                    until: entry.until,
                    origin: Origin::List,
                });
                entry.until = Until::At(at);
            }
        }
        for (listed, continued) in list.iter().zip(continued) {
            if !continued {
                // Told after its end: how long it had been in force is not known.
                let since = listed.until.map_or(at, |until| until.min(at));
                let until = end_of(listed, since);
                self.restrictions.push(Restriction {
                    kind: listed.kind.clone(),
                    since: Some(since),
                    until,
                    origin: Origin::List,
                });
            }
        }
        self.restrictions.append(&mut doubtful);
    }

    /// A date that has not come is replaced by a newer word; what has begun has begun.
    fn ban(&mut self, at: Timestamp, since: Timestamp) {
        let open = self
            .restrictions
            .iter_mut()
            .find(|entry| entry.origin == Origin::Ban && entry.until == Until::Open);
        match open {
            Some(entry) => {
                entry.since = Some(
                    entry
                        .since
                        .filter(|begun| *begun <= at)
                        .map_or(since, |begun| begun.min(since)),
                )
            }
            None => self.restrictions.push(Restriction {
                kind: Some("account_disabled".into()),
                since: Some(since),
                until: Until::Open,
                origin: Origin::Ban,
            }),
        }
    }

    fn number_ban(&mut self, at: Timestamp, number: String, banned: bool) {
        let origin = Origin::Number(number);
        let open = self
            .restrictions
            .iter()
            .any(|entry| entry.origin == origin && entry.until == Until::Open);
        if !banned {
            self.end(at, |entry| entry.origin == origin);
        } else if !open {
            self.restrictions.push(Restriction {
                kind: Some("number_banned".into()),
                since: Some(at),
                until: Until::Open,
                origin,
            });
        }
    }

    /// What is known to be in force explains a failure; else something is, and nobody knows what
    /// nor until when.
    fn stopped(&mut self, at: Timestamp) {
        let stops = |entry: &Restriction| {
            stops_messages(entry.kind.as_deref())
                && entry.kind.as_deref() != Some("utility_templates")
                && entry.covers(at)
        };
        if !self.restrictions.iter().any(stops) {
            self.restrictions.push(Restriction {
                kind: None,
                since: Some(at),
                until: Until::Unknown,
                origin: Origin::Failure,
            });
        }
    }

    /// Ends what goes on at that instant, and drops what would have begun after it.
    fn end(&mut self, at: Timestamp, ends: impl Fn(&Restriction) -> bool) {
        self.restrictions.retain(|entry| !(ends(entry) && entry.begins_after(at)));
        for entry in self.restrictions.iter_mut().filter(|entry| ends(entry)) {
            if entry.outlasts(at) {
                entry.until = Until::At(at);
            }
        }
    }
}

fn end_of(listed: &Listed, since: Timestamp) -> Until {
    listed.until.map_or(Until::Unknown, |until| Until::At(until.max(since)))
}

/// The kinds that lists of restrictions tell, and that an event may therefore replace.
fn is_of_lists(kind: Option<&str>) -> bool {
    let lists = [
        "business_initiated",
        "customer_initiated",
        "all_messaging",
        "add_phone_number",
        "utility_templates",
        "calling",
        "other",
    ];
    kind.is_some_and(|kind| lists.contains(&kind))
}

/// Whether some message may depend on a restriction of that kind.
fn stops_messages(kind: Option<&str>) -> bool {
    !matches!(kind, Some("add_phone_number" | "calling"))
}
