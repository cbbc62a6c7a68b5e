//! Which single changes can be made to what a whole audience shares?
//!
//! The campaign's own levers and the sender's, each value by itself, and each hour that comes. What
//! they help is for whoever judges the audience to say.

use std::sync::Arc;

use super::explanation::{Before, Change, To};
use super::fixes::change;
use super::levers;
use super::proposed::shown_as_tried;
use super::trial::{Ground, Trials};
use crate::decide;
use crate::facts::Facts;
use crate::matching;
use crate::schema::attributes::SEND_AT;
use crate::schema::levers::{self as rows, ChangedBy};
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};

const HOUR_SECONDS: i64 = 3600;

/// A campaign with one change made.
#[derive(Clone, Debug)]
pub(crate) struct Changed {
    pub(crate) change: Change,
    /// The instant, where it is that which changes.
    pub(crate) at: Option<Timestamp>,
    pub(crate) facts: Facts,
}

/// Every campaign that one change of the campaign or of the sender, or sending so many whole hours
/// later at most, makes of this one: by effort, then by path; of one path in the order in which
/// values are tried, hours as they come.
pub(crate) fn changes(ground: &Ground<'_>, facts: &Facts, hours: u32) -> Vec<Changed> {
    let resolved = ground.resolve(facts);
    let matched = matching::findings(ground.program, &resolved);
    let decision = decide::decide(ground.program, &resolved, &matched, ground.stamp);
    let trials = Trials::new(ground);
    let mut found: Vec<Changed> = Vec::new();
    let shared = |by: ChangedBy| matches!(by, ChangedBy::Campaign | ChangedBy::Sender);
    for lever in
        levers::of(&trials, facts, &decision, (&[], false)).iter().filter(|of| shared(of.row.by))
    {
        for (place, proposed) in lever.values.iter().enumerate() {
            let Some(to) = shown_as_tried(&lever.values, place) else { continue };
            let facts = super::deed::done(facts, proposed.deeds.iter());
            found.push(Changed { change: change(lever, to), at: None, facts });
        }
    }
    found.extend(later(facts, hours));
    found.sort_by(|a, b| (a.change.effort, &a.change.path).cmp(&(b.change.effort, &b.change.path)));
    found
}

/// The campaign at each hour that comes.
fn later(facts: &Facts, hours: u32) -> impl Iterator<Item = Changed> + '_ {
    let start = facts.send_at().zip(rows::of(SEND_AT));
    (1..=i64::from(hours)).filter_map(move |hour| {
        let (send_at, row) = start?;
        let at = send_at.checked_add(Duration::from_seconds(hour * HOUR_SECONDS)?)?;
        let mut facts = facts.clone();
        facts.replace(SEND_AT, Fact::Value(Value::Timestamp(at)));
        let change = Change {
            path: Arc::clone(&facts.schema().attribute(SEND_AT).path),
            from: Before::Value(Some(Value::Timestamp(send_at))),
            to: To::Value(Value::Timestamp(at)),
            by: row.by,
            how: row.how,
            effort: row.effort,
        };
        Some(Changed { change, at: Some(at), facts })
    })
}
