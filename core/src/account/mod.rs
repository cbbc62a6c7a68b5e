//! What has become of the account?
//!
//! In: what WhatsApp itself sends about an account: webhooks, and answers of the Graph API with the
//! instant at which they were read. Out: a [`State`], which gives the `account` member of a
//! campaign document as of any instant, the states of templates, the recipients who stopped
//! marketing, and what a further violation would bring ([`Projection`]).
//!
//! A state is the set of its events and nothing else: an event that comes twice changes nothing,
//! and the order in which events come does not count. What is not understood is kept and told, and
//! may be understood by a later version. Nothing here asks a clock.
//!
//! [`codes`] tells what an error code means.
//!
//! The walk: `envelope` takes events out of a webhook, `event` tells their kind, `effects` (with
//! `graph` and `words`) what each says, `fold` what all of them say together, `document` writes and
//! reads the state. `project` asks the enforcement ladder.

pub mod codes;
mod document;
mod effects;
mod envelope;
mod error;
mod event;
mod fields;
mod fold;
mod graph;
mod project;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

pub use error::AccountError;
pub use event::Kind as EventKind;
pub use project::{
    Block, History, LadderStamp, PastRestriction, PastViolation, Possible, Projection, project,
};

use crate::facts::{Facts, FactsError};
use crate::limits;
use crate::time::Timestamp;
use document::Base;
use effects::{Effect, Key, Of};
use event::Event;
use fold::Known;

/// What is known of one account: what was there before any event, and the events.
#[derive(Clone, Debug, Default)]
pub struct State {
    base: Base,
    events: BTreeSet<Event>,
    /// The last instant of an event that was let go; before it, only dated matters are known.
    forgotten_until: Option<Timestamp>,
}

/// What became of the changes of one event, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// One an event that lay in the envelope; one for a change in which none lay.
    pub changes: Vec<ChangeReport>,
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeReport {
    /// Where it stands, such as `entry[0].changes[1].value`.
    pub path: String,
    /// The label that it came with.
    pub field: String,
    /// As what it was read, where that is known and not what the label says.
    pub read_as: Option<EventKind>,
    /// When it happened.
    pub at: Option<String>,
    /// What became of it.
    pub outcome: ChangeOutcome,
    /// What it says, a sentence each.
    pub says: Vec<String>,
    /// What a reader should know, such as a word that is not known.
    pub notes: Vec<String>,
}

crate::verdict::names! {
    /// What became of a change.
    ChangeOutcome {
        /// It was new and says something.
        Applied = "applied",
        /// It was known, and changed nothing.
        Repeated = "repeated",
        /// It was kept, and nobody knows what it says.
        Unknown = "unknown",
        /// It was understood and kept, and says nothing of what may be sent.
        Noted = "noted",
        /// It concerns messages and not the account, and was not kept.
        Passed = "passed",
    }
}

impl State {
    /// A state of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a state: what [`Self::to_json`] wrote, or an object with nothing but an `account`, as
    /// in a campaign document, to begin with.
    ///
    /// # Errors
    /// Whatever is not a state, with its path; an account that differs from what its own events
    /// tell.
    pub fn from_json(bytes: &[u8]) -> Result<Self, AccountError> {
        document::read(bytes)
    }

    /// The state as one line of JSON: `account` as of the last event, views of the rest, and
    /// `history`, from which all follows.
    pub fn to_json(&self) -> String {
        document::write(self)
    }

    /// Takes in one webhook. All of it, or nothing where any part is malformed.
    ///
    /// # Errors
    /// Whatever cannot be read, with its path; an event of another account; more events than a
    /// state may hold.
    pub fn apply(&mut self, event: &[u8]) -> Result<Report, AccountError> {
        self.take(envelope::read(event, None)?)
    }

    /// As [`Self::apply`], for an answer of the Graph API that does not say when it was read.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn apply_read_at(
        &mut self,
        event: &[u8],
        read_at: Timestamp,
    ) -> Result<Report, AccountError> {
        self.take(envelope::read(event, Some(read_at))?)
    }

    /// When the last event happened.
    pub fn last_event_at(&self) -> Option<Timestamp> {
        self.events.last().map(|event| event.at)
    }

    /// How many events are kept.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether no event is kept.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The `account` member of a campaign document as of an instant; as of the last event, if none
    /// is given. `number` is the sending number: without it, what differs between the account's
    /// numbers is left out.
    ///
    /// Restrictions and violations have dates of their own and are given whole, also those of a
    /// later date.
    pub fn account(&self, at: Option<Timestamp>, number: Option<&str>) -> Value {
        document::account(self, &self.known(at.or_else(|| self.last_event_at())), number)
    }

    /// Says of facts what this state knows, as of their instant of sending: the account, the
    /// campaign's template by its name, and the recipient. What the state does not know stays as it
    /// is.
    ///
    /// Facts without a recipient keep what the state knows of recipients, for the audience that
    /// they are screened against and for a recipient who is told later: each is judged as if told
    /// before.
    ///
    /// # Errors
    /// More restrictions or violations than facts can hold; facts of another form, which cannot be.
    pub fn tell(&self, facts: &mut Facts) -> Result<(), FactsError> {
        document::tell(self, facts)
    }

    /// What a projection asks: the restrictions and violations.
    ///
    /// # Errors
    /// As [`Self::tell`].
    pub fn history(&self, at: Timestamp) -> Result<History, FactsError> {
        let mut facts = Facts::new(&crate::schema::Schema::built_in(), at);
        self.tell(&mut facts)?;
        Ok(History::of(&facts))
    }

    fn take(&mut self, changes: Vec<envelope::Change>) -> Result<Report, AccountError> {
        let own = self.account_id();
        let mut own = own.as_deref().map(str::to_owned);
        let mut report = Report { changes: Vec::new() };
        let mut new = Vec::new();
        for change in changes {
            if change.events.is_empty() {
                let passed = ChangeReport::of(change.path, &change.field, ChangeOutcome::Passed);
                report.changes.push(passed);
            }
            for (path, event) in change.events {
                check_account(&mut own, &event).map_err(|problem| problem.at(&path))?;
                let reading = effects::read(&event, &path)?;
                let is_new = !self.events.contains(&event) && !new.contains(&event);
                let outcome = match reading.kind {
                    _ if !is_new => ChangeOutcome::Repeated,
                    None => ChangeOutcome::Unknown,
                    Some(_) if reading.effects.is_empty() => ChangeOutcome::Noted,
                    Some(_) => ChangeOutcome::Applied,
                };
                let told = ChangeReport {
                    read_as: reading.kind.filter(|kind| kind.name() != change.field),
                    at: Some(event.at.to_string()),
                    says: reading.effects.iter().map(Effect::sentence).collect(),
                    notes: reading.notes,
                    ..ChangeReport::of(path, &change.field, outcome)
                };
                report.changes.push(told);
                if is_new {
                    new.push(event);
                }
            }
        }
        let mut next = self.events.clone();
        next.extend(new);
        self.forgotten_until = forget(&mut next)?.max(self.forgotten_until);
        self.events = next;
        Ok(report)
    }

    /// The account that this is the state of, where that is known.
    fn account_id(&self) -> Option<String> {
        let told = self.base.account.get("id").and_then(Value::as_str).map(str::to_owned);
        told.or_else(|| {
            self.events
                .iter()
                .map(|event| &event.account)
                .find(|account| !account.is_empty())
                .cloned()
        })
    }

    fn known(&self, at: Option<Timestamp>) -> Known {
        let effects = self.events.iter().flat_map(|event| {
            effects::read(event, "").map(|reading| reading.effects).unwrap_or_default()
        });
        let mut known = fold::fold(self.base.restrictions.clone(), effects.collect(), at);
        // Before that instant, a word may be missing that replaced one that is still here.
        if at.zip(self.forgotten_until).is_some_and(|(at, forgotten)| at <= forgotten) {
            known.told.clear();
        }
        known
    }
}

impl ChangeReport {
    fn of(path: String, field: &str, outcome: ChangeOutcome) -> Self {
        Self {
            path,
            field: field.to_owned(),
            read_as: None,
            at: None,
            outcome,
            says: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// A state is of one account. Where nothing says of which, the first event does.
fn check_account(own: &mut Option<String>, event: &Event) -> Result<(), AccountError> {
    match own {
        _ if event.account.is_empty() => Ok(()),
        Some(own) if *own == event.account => Ok(()),
        Some(own) => Err(error::other_account(&event.account, own)),
        None => {
            *own = Some(event.account.clone());
            Ok(())
        }
    }
}

/// Lets go of the oldest events that say nothing that a newer one does not replace, where there are
/// more of them than a state keeps. Gives the last instant of what went.
///
/// What goes follows from the set of events alone, and never comes back: whatever was replaced
/// stays replaced.
fn forget(events: &mut BTreeSet<Event>) -> Result<Option<Timestamp>, AccountError> {
    if events.len() <= limits::ACCOUNT_SUPERSEDED_MAX {
        return Ok(None);
    }
    let mut winners: BTreeMap<Key, usize> = BTreeMap::new();
    let mut stays = vec![false; events.len()];
    for (number, event) in events.iter().enumerate() {
        let reading = effects::read(event, "").unwrap_or_default();
        let mut dated = reading.kind.is_none() || reading.effects.is_empty();
        for effect in reading.effects {
            match effect {
                Effect::Tell { at, key, .. } if at == event.at => {
                    winners.insert(key, number);
                }
                _ => dated = true,
            }
        }
        if let Some(stays) = stays.get_mut(number) {
            *stays = dated;
        }
    }
    for winner in winners.into_values() {
        if let Some(stays) = stays.get_mut(winner) {
            *stays = true;
        }
    }
    let superseded = stays.iter().filter(|stays| !**stays).count();
    if events.len() - superseded > limits::ACCOUNT_EVENTS_MAX {
        return Err(error::too_many_events());
    }
    let mut excess = superseded.saturating_sub(limits::ACCOUNT_SUPERSEDED_MAX);
    let mut forgotten_until = None;
    let mut number = 0;
    events.retain(|event| {
        let stays = stays.get(number).copied().unwrap_or(true) || excess == 0;
        number += 1;
        if !stays {
            excess -= 1;
            forgotten_until = Some(event.at);
        }
        stays
    });
    Ok(forgotten_until)
}

/// The registers of one kind of thing, gathered by thing.
fn gathered<K: Ord>(
    known: &Known,
    of: impl Fn(&Of) -> Option<K>,
) -> BTreeMap<K, Map<String, Value>> {
    let mut gathered: BTreeMap<K, Map<String, Value>> = BTreeMap::new();
    for (key, (_, value)) in &known.told {
        if let Some(thing) = of(&key.of) {
            let members = gathered.entry(thing).or_default();
            if !value.is_null() {
                members.insert(key.member.to_owned(), value.clone());
            }
        }
    }
    gathered
}

#[cfg(test)]
mod tests;
