//! At which instants does what follows from `send_at` become something else?
//!
//! Everything else as given, a derived attribute is the same between two neighbouring instants of
//! those found here. There may be more of them than changes: an instant too many costs a trial, one
//! too few would be a wrong answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::lookup;
use super::recipient::{COUNTED_FROM, LONGEST_DAY_SECONDS, SKEW_SECONDS, WINDOW_SECONDS};
use super::whereabouts::Whereabouts;
use crate::directory::{Directory, Identity};
use crate::facts::Facts;
use crate::pack::Pack;
use crate::schema::attributes as id;
use crate::time::zone::Zone;
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};

/// Upon what a derived attribute turns as `send_at` goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Turns {
    /// Listings of the provider, and what the directory covers.
    Provider,
    /// Likewise, and those of intermediaries.
    ProviderAndLinks,
    /// Whole days from the directory's retrieval.
    DirectoryAge,
    /// Beginnings and ends of restrictions.
    Restrictions,
    /// Violations that come to be counted, or cease to be.
    Violations,
    /// Ladders that come into force or go, and the history of the account that they read.
    Ladder,
    /// Clocks that are set forward or back.
    Offsets,
    /// Hours of clocks.
    Hours,
    /// The minutes of a day that somebody asks about.
    Minutes,
    /// Days of calendars.
    Days,
    /// Days of calendars after the last marketing message.
    MarketingDay,
    /// Days of calendars after instants that local dates are counted from.
    DaysSince,
    /// The last inbound message, and the end of the window after it.
    ServiceWindow,
    /// The last deal.
    LastDeal,
}

/// The instants after one and before another at which something that turns so may change;
/// `minutes` are those of a day that anything asks about.
pub(super) fn instants(
    kinds: &BTreeSet<Turns>,
    facts: &Facts,
    packs: &[Arc<Pack>],
    directory: &Directory,
    after: Timestamp,
    before: Timestamp,
    minutes: &BTreeSet<i64>,
) -> BTreeSet<Timestamp> {
    let found = BTreeSet::new();
    let mut moments = Moments { facts, packs, directory, after, before, minutes, found };
    kinds.iter().for_each(|kind| moments.add(*kind));
    moments.found
}

struct Moments<'a> {
    facts: &'a Facts,
    packs: &'a [Arc<Pack>],
    directory: &'a Directory,
    after: Timestamp,
    before: Timestamp,
    minutes: &'a BTreeSet<i64>,
    found: BTreeSet<Timestamp>,
}

const HOUR_SECONDS: i64 = 3600;
const DAY_SECONDS: i64 = 86_400;
const MINUTE_SECONDS: i64 = 60;

impl Moments<'_> {
    fn add(&mut self, kind: Turns) {
        match kind {
            Turns::Provider => self.provider(),
            Turns::ProviderAndLinks => {
                self.provider();
                self.links();
            }
            Turns::DirectoryAge => self.steps(self.directory.retrieved_at(), DAY_SECONDS),
            Turns::Restrictions => self.restrictions(),
            Turns::Ladder => {
                self.restrictions();
                self.violations();
                for period in
                    self.packs.iter().flat_map(|pack| &pack.ladders).map(|ladder| ladder.period)
                {
                    [period.from, period.until].into_iter().for_each(|at| self.insert(at));
                }
            }
            Turns::Violations => self.violations(),
            Turns::Offsets => self.clocks(None),
            Turns::Hours => self.clocks(Some(HOUR_SECONDS)),
            Turns::Minutes => {
                self.clocks(Some(DAY_SECONDS));
                for minute in self.minutes {
                    self.clocks_past(Some(DAY_SECONDS), minute * MINUTE_SECONDS);
                }
            }
            Turns::Days => self.clocks(Some(DAY_SECONDS)),
            Turns::MarketingDay => {
                let last = self.facts.fact(id::RECIPIENT_LAST_MARKETING_AT);
                for seconds in [-SKEW_SECONDS, 0, LONGEST_DAY_SECONDS] {
                    self.at(last, seconds);
                }
                if last.value().is_some() {
                    self.clocks(Some(DAY_SECONDS));
                }
            }
            Turns::DaysSince => {
                let given = COUNTED_FROM.map(|instant| self.facts.fact(instant));
                for at in given {
                    [-SKEW_SECONDS, 0].into_iter().for_each(|seconds| self.at(at, seconds));
                }
                if given.iter().any(|at| at.value().is_some()) {
                    self.clocks(Some(DAY_SECONDS));
                }
            }
            Turns::ServiceWindow => {
                let last = self.facts.fact(id::RECIPIENT_LAST_INBOUND_AT);
                self.at(last, -SKEW_SECONDS);
                self.at(last, WINDOW_SECONDS);
            }
            Turns::LastDeal => {
                self.at(self.facts.fact(id::RECIPIENT_LAST_DEAL_AT), -SKEW_SECONDS);
            }
        }
    }

    fn insert(&mut self, at: Option<Timestamp>) {
        self.found.extend(at.filter(|at| self.after < *at && *at < self.before));
    }

    /// So many seconds after the instant that a fact is.
    fn at(&mut self, fact: &Fact, seconds: i64) {
        if let Fact::Value(Value::Timestamp(at)) = fact {
            self.insert(shifted(*at, seconds));
        }
    }

    /// The first instant after the one that lies so many seconds after what a fact is.
    fn past(&mut self, fact: &Fact, seconds: i64) {
        if let Fact::Value(Value::Timestamp(at)) = fact {
            let nano = Duration::from_nanos(1);
            self.insert(
                shifted(*at, seconds).and_then(|at| nano.and_then(|nano| at.checked_add(nano))),
            );
        }
    }

    fn provider(&mut self) {
        let [name, domain, identifier] = [id::PROVIDER_NAME, id::PROVIDER_DOMAIN, id::PROVIDER_ID]
            .map(|attribute| self.facts.fact(attribute).text());
        self.identity(&Identity { id: identifier, name, domain });
    }

    fn links(&mut self) {
        let facts = self.facts;
        let entries = facts.collection(id::INTERMEDIARIES).unwrap_or_default();
        for entry in entries.iter().filter_map(lookup::members) {
            self.identity(&Identity {
                id: entry.id.text(),
                name: entry.name.text(),
                domain: entry.domain.text(),
            });
        }
    }

    fn identity(&mut self, identity: &Identity<'_>) {
        if *identity == Identity::default() {
            return;
        }
        self.directory.turns(identity).into_iter().for_each(|at| self.insert(Some(at)));
    }

    fn restrictions(&mut self) {
        // Kind, since, until.
        for entry in self.facts.collection(id::RESTRICTIONS).unwrap_or_default() {
            entry.iter().skip(1).for_each(|fact| self.at(fact, 0));
        }
    }

    /// A violation counts from the instant on at which it was reported, or from a little before it,
    /// and for so many days.
    fn violations(&mut self) {
        const DAYS: [i64; 3] = [7, 30, 90];
        for entry in self.facts.collection(id::VIOLATIONS).unwrap_or_default() {
            let Some(at) = entry.get(1) else { continue };
            self.at(at, 0);
            self.at(at, -SKEW_SECONDS);
            DAYS.iter().for_each(|days| self.past(at, days * DAY_SECONDS));
        }
    }

    /// Every so many seconds from an instant on.
    fn steps(&mut self, from: Timestamp, seconds: i64) {
        let gap = self.after.seconds() - from.seconds();
        let mut next = shifted(from, gap.div_euclid(seconds) * seconds);
        while let Some(at) = next.filter(|at| *at < self.before) {
            self.insert(Some(at));
            next = shifted(at, seconds);
        }
    }

    /// Where clocks are set forward or back, and every so many seconds that clocks show, in every
    /// zone that the recipient may be in.
    fn clocks(&mut self, step: Option<i64>) {
        self.clocks_past(step, 0);
    }

    /// Likewise, so many seconds past every step.
    fn clocks_past(&mut self, step: Option<i64>, past: i64) {
        let whereabouts = Whereabouts::of(self.facts, self.after);
        // Zones whose clocks agree to the step are read once.
        let read: BTreeSet<Vec<Stretch>> = whereabouts
            .every_zone()
            .into_iter()
            .filter_map(Zone::named)
            .map(|zone| stretches(&zone, step, past, self.after, self.before))
            .collect();
        for stretches in read {
            of_stretches(&stretches, step, self.before).for_each(|at| self.insert(Some(at)));
        }
    }
}

/// The instants after one and before another at which a clock of a zone shows a whole number of
/// such steps, or is set forward or back.
pub(crate) fn clock_turns(
    zone: &Zone,
    step: i64,
    after: Timestamp,
    before: Timestamp,
) -> Vec<Timestamp> {
    let stretches = stretches(zone, Some(step), 0, after, before);
    of_stretches(&stretches, Some(step), before).filter(|at| *at > after).collect()
}

/// From when on a clock goes on undisturbed, and how far it is ahead of UTC: where it is read in
/// steps, but for whole steps.
type Stretch = (Timestamp, i64);

fn stretches(
    zone: &Zone,
    step: Option<i64>,
    past: i64,
    after: Timestamp,
    before: Timestamp,
) -> Vec<Stretch> {
    let ahead = |at| {
        let offset = i64::from(zone.offset_seconds(at)) - past;
        (at, step.map_or(offset, |step| offset.rem_euclid(step)))
    };
    [after].into_iter().chain(zone.changes(after, before)).map(ahead).collect()
}

fn of_stretches(
    stretches: &[Stretch],
    step: Option<i64>,
    before: Timestamp,
) -> impl Iterator<Item = Timestamp> {
    let ends = stretches.iter().skip(1).map(|(at, _)| *at).chain([before]);
    stretches.iter().zip(ends).flat_map(move |((from, ahead), end)| {
        let steps = step.map(|step| {
            let first = (from.seconds() + ahead).div_euclid(step) * step - ahead;
            let next = move |at: &Timestamp| shifted(*at, step);
            std::iter::successors(Timestamp::new(first, 0), next)
        });
        let steps = steps.into_iter().flatten();
        [*from]
            .into_iter()
            .chain(steps.skip_while(move |at| *at < *from).take_while(move |at| *at < end))
    })
}

fn shifted(at: Timestamp, seconds: i64) -> Option<Timestamp> {
    Duration::from_seconds(seconds).and_then(|span| at.checked_add(span))
}
