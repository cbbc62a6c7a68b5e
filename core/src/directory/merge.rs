//! What do many snapshots say together?
//!
//! Three ways to put directories together, each over plain [`Snapshot`]s: [`Snapshot::merge`] reads
//! several looks at one list over time, [`Snapshot::stack`] lays a caller's own list over
//! another's, and [`diff`] says what changed from one to the next.

use std::collections::{BTreeMap, BTreeSet};

use super::error::DirectoryError;
use super::list::Directory;
use super::snapshot::{Entry, Listed, Snapshot};
use crate::time::{Period, Timestamp};

impl Directory {
    /// The directory of several snapshots of one list, taken over time; see [`Snapshot::merge`].
    ///
    /// # Errors
    /// As [`Directory::from_snapshot`].
    pub fn merge(snapshots: &[Snapshot]) -> Result<Self, DirectoryError> {
        Self::from_snapshot(Snapshot::merge(snapshots)?)
    }

    /// A caller's own list laid over another; see [`Snapshot::stack`].
    ///
    /// # Errors
    /// As [`Directory::from_snapshot`].
    pub fn stack(base: &Self, own: &Self) -> Result<Self, DirectoryError> {
        Self::from_snapshot(Snapshot::stack(&base.to_snapshot(), &own.to_snapshot()))
    }

    /// What the directory says, in plain form.
    pub fn to_snapshot(&self) -> Snapshot {
        Snapshot {
            source: self.source.clone(),
            retrieved_at: self.retrieved_at,
            complete: self.complete,
            covers: self.covers,
            providers: self.providers.iter().map(|provider| provider.entry.clone()).collect(),
        }
    }
}

impl Snapshot {
    /// Several snapshots of one list, taken over time, as one; providers are the same where their
    /// ids are.
    ///
    /// For each instant the snapshot retrieved last decides, of those that speak of it. A snapshot
    /// speaks of a provider that it names with periods from the first of them on, and a complete
    /// one of any provider, as far as it covers. So a provider listed in one snapshot and not in a
    /// later complete one was delisted when that was retrieved (it may have been earlier: the
    /// latest day is the one that accuses nobody), and one that an incomplete snapshot leaves out
    /// is listed on.
    ///
    /// Each period says by which snapshots it is known. Names, domains, role and evidence are the
    /// last ones given; former names become aliases, and former domains are kept. The result is
    /// complete, and covers what complete snapshots cover without a gap, up to the end of the last
    /// such stretch; with none that is complete it is not, and covers from the first to the last.
    ///
    /// # Errors
    /// If there is no snapshot, or one of them is no good directory by itself; the path starts with
    /// `snapshots[…]`.
    pub fn merge(snapshots: &[Self]) -> Result<Self, DirectoryError> {
        for (at, snapshot) in snapshots.iter().enumerate() {
            snapshot.check().map_err(|error| error.under(&format!("snapshots[{at}]")))?;
        }
        let mut looks: Vec<Look<'_>> = snapshots.iter().map(Look::new).collect();
        looks.sort_by_key(|look| look.snapshot.retrieved_at);
        let last = looks.last().ok_or_else(DirectoryError::nothing_to_merge)?;
        let ids: BTreeSet<&str> =
            looks.iter().flat_map(|look| look.entries.keys().copied()).collect();
        let providers = ids
            .into_iter()
            .map(|id| {
                let given: Vec<&Entry> =
                    looks.iter().filter_map(|look| look.entries.get(id).copied()).collect();
                Entry { listed: listed(&looks, id), ..together(&given) }
            })
            .collect();
        let stretch = last_stretch(
            looks.iter().filter(|look| look.snapshot.complete).map(|look| look.snapshot.covers),
        );
        Ok(Self {
            source: sources(looks.iter().map(|look| look.snapshot.source.as_str())),
            retrieved_at: last.snapshot.retrieved_at,
            complete: stretch.is_some(),
            covers: stretch
                .or_else(|| hull(looks.iter().map(|look| look.snapshot.covers)))
                .unwrap_or(last.snapshot.covers),
            providers,
        })
    }

    /// A caller's own list laid over another, as providers that the caller has vetted itself.
    ///
    /// An entry of an id that the base has adds its names, domains and periods to that entry, and
    /// its role and evidence count where it tells them; the rest is appended. What the base covers,
    /// whether it is complete and when it was retrieved stay: an own list adds providers and never
    /// makes another one unlisted.
    #[must_use]
    pub fn stack(base: &Self, own: &Self) -> Self {
        let mut providers = base.providers.clone();
        let places: BTreeMap<&str, usize> =
            base.providers.iter().enumerate().map(|(at, entry)| (entry.id.as_str(), at)).collect();
        for entry in &own.providers {
            let listed: Vec<Listed> = entry
                .listed
                .iter()
                .map(|listed| Listed {
                    source: Some(listed.source.clone().unwrap_or_else(|| own.source.clone())),
                    ..listed.clone()
                })
                .collect();
            match places.get(entry.id.as_str()).and_then(|at| providers.get_mut(*at)) {
                Some(known) => {
                    let before = known.clone();
                    let periods = known.listed.iter().cloned().chain(listed).collect();
                    // The base's name stays the name.
                    *known = Entry { listed: periods, ..together(&[entry, known]) };
                    known.role = entry.role.clone().or_else(|| known.role.take());
                    known.evidence = entry.evidence.clone().or_else(|| known.evidence.take());
                    // A day shows the role that was given for it.
                    known.evidence_at = entry
                        .evidence_at
                        .or_else(|| before.evidence_at.filter(|_| known.role == before.role));
                }
                None => providers.push(Entry { listed, ..entry.clone() }),
            }
        }
        Self {
            source: sources([base.source.as_str(), own.source.as_str()]),
            providers,
            ..base.clone()
        }
    }
}

/// One snapshot among those that are merged.
struct Look<'s> {
    snapshot: &'s Snapshot,
    entries: BTreeMap<&'s str, &'s Entry>,
}

/// What a snapshot says of a provider at an instant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Listed,
    NotListed,
    Nothing,
}

impl<'s> Look<'s> {
    fn new(snapshot: &'s Snapshot) -> Self {
        Self {
            snapshot,
            entries: snapshot.providers.iter().map(|entry| (entry.id.as_str(), entry)).collect(),
        }
    }

    fn says(&self, id: &str, at: Timestamp) -> Said {
        let listed = self.entries.get(id).map(|entry| entry.listed.as_slice());
        match listed {
            Some([]) => Said::Nothing,
            Some(periods) if periods.iter().any(|listed| listed.period.contains(at)) => {
                Said::Listed
            }
            Some(periods) if periods.iter().any(|listed| listed.period.from <= at) => {
                Said::NotListed
            }
            _ if self.snapshot.complete && self.snapshot.covers.contains(at) => Said::NotListed,
            _ => Said::Nothing,
        }
    }

    /// Where it is known from that the provider was listed at an instant: a snapshot that was
    /// merged before says it of each period.
    fn source(&self, id: &str, at: Timestamp) -> String {
        let periods = self.entries.get(id).into_iter().flat_map(|entry| &entry.listed);
        let stated = periods
            .filter(|listed| listed.period.contains(at))
            .find_map(|listed| listed.source.clone());
        stated.unwrap_or_else(|| self.name())
    }

    fn name(&self) -> String {
        let date = self.snapshot.retrieved_at.to_string();
        format!("{} ({})", self.snapshot.source, date.strip_suffix("T00:00:00Z").unwrap_or(&date))
    }
}

/// The periods in which a provider was listed: between any two instants at which some snapshot says
/// something new, they all say the same.
fn listed(looks: &[Look<'_>], id: &str) -> Vec<Listed> {
    let mut turns = BTreeSet::new();
    for look in looks {
        let stated = look
            .entries
            .get(id)
            .into_iter()
            .flat_map(|entry| &entry.listed)
            .map(|listed| &listed.period);
        for period in stated.chain([&look.snapshot.covers]) {
            turns.insert(period.from);
            turns.extend(period.until);
        }
    }
    let mut periods: Vec<Listed> = Vec::new();
    let mut open: Option<Open> = None;
    for at in turns {
        let decides = looks
            .iter()
            .rev()
            .map(|look| (look, look.says(id, at)))
            .find(|(_, said)| *said != Said::Nothing);
        match (&mut open, decides) {
            (None, Some((look, Said::Listed))) => {
                open =
                    Some(Open { from: at, first: look.source(id, at), last: look.source(id, at) });
            }
            (Some(open), Some((look, Said::Listed))) => open.last = look.source(id, at),
            (Some(ended), Some((look, Said::NotListed))) => {
                periods.push(ended.until(Some(at), Some(look.name())));
                open = None;
            }
            // Nobody speaks of this instant: the period is not stated any further.
            (Some(ended), _) => {
                periods.push(ended.until(Some(at), None));
                open = None;
            }
            (None, _) => {}
        }
    }
    periods.extend(open.map(|open| open.until(None, None)));
    periods
}

/// A period that has begun, with the first and the last snapshot that know of it.
struct Open {
    from: Timestamp,
    first: String,
    last: String,
}

impl Open {
    fn until(&self, until: Option<Timestamp>, not_in: Option<String>) -> Listed {
        let mut source = self.first.clone();
        if self.last != self.first {
            // What was merged before names its own first and last snapshot; the outer two are
            // enough.
            let first = source.split_once(") to ").map_or(source.as_str(), |(first, _)| first);
            let closed = if first.len() < source.len() { ")" } else { "" };
            let last = self.last.rsplit_once(") to ").map_or(self.last.as_str(), |(_, last)| last);
            source = format!("{first}{closed} to {last}");
        }
        if let Some(name) =
            not_in.filter(|name| *name != self.last && !source.contains("; not in "))
        {
            source = format!("{source}; not in {name}");
        }
        Listed { period: Period { from: self.from, until }, source: Some(source) }
    }
}

/// One entry of several of one id, from the first given to the last; without periods.
fn together(given: &[&Entry]) -> Entry {
    let mut entry = Entry::default();
    for next in given.iter().rev() {
        if entry.id.is_empty() {
            entry.id.clone_from(&next.id);
            entry.name.clone_from(&next.name);
        }
        for name in std::iter::once(&next.name).chain(&next.aliases) {
            if *name != entry.name && !entry.aliases.contains(name) {
                entry.aliases.push(name.clone());
            }
        }
        for domain in &next.domains {
            if !entry.domains.contains(domain) {
                entry.domains.push(domain.clone());
            }
        }
        entry.role = entry.role.or_else(|| next.role.clone());
        // A role and its evidence belong together.
        if entry.evidence.is_none() && entry.evidence_at.is_none() {
            entry.evidence.clone_from(&next.evidence);
            let is_of_the_role = entry.role == next.role;
            entry.evidence_at = next.evidence_at.filter(|_| is_of_the_role);
        }
    }
    entry
}

/// The last stretch of time that the periods cover without a gap.
fn last_stretch(periods: impl Iterator<Item = Period<Timestamp>>) -> Option<Period<Timestamp>> {
    let mut periods: Vec<Period<Timestamp>> = periods.collect();
    periods.sort_unstable();
    periods.into_iter().fold(None, |stretch: Option<Period<Timestamp>>, period| match stretch {
        Some(before) if before.until.is_none_or(|until| period.from <= until) => {
            Some(Period { from: before.from, until: later(before.until, period.until) })
        }
        _ => Some(period),
    })
}

fn hull(periods: impl Iterator<Item = Period<Timestamp>>) -> Option<Period<Timestamp>> {
    periods.reduce(|one, other| Period {
        from: one.from.min(other.from),
        until: later(one.until, other.until),
    })
}

/// The later of two ends, where `None` is no end.
fn later(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.zip(other).map(|(one, other)| one.max(other))
}

/// The sources, each once; of many the first and the last, since a source must stay a line that
/// people read. One that was put together here before counts by its parts, so that a directory into
/// which a list is merged every day does not grow a line a day.
fn sources<'s>(all: impl IntoIterator<Item = &'s str>) -> String {
    const SHOWN_MAX: usize = 8;
    let mut distinct: Vec<&str> = Vec::new();
    let mut left_out = 0;
    for part in all.into_iter().flat_map(|source| source.split("; ")) {
        match part.strip_suffix(" more").and_then(|count| count.parse::<usize>().ok()) {
            Some(count) => left_out += count,
            None if distinct.contains(&part) => {}
            None => distinct.push(part),
        }
    }
    match distinct.as_slice() {
        [first, between @ .., last] if left_out > 0 || distinct.len() > SHOWN_MAX => {
            format!("{first}; {} more; {last}", left_out.saturating_add(between.len()))
        }
        few => few.join("; "),
    }
}

/// What changed from one directory to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Providers that only the new one has, by id.
    pub added: Vec<Entry>,
    /// Providers that only the old one has, by id.
    pub removed: Vec<Entry>,
    /// Providers that both have and that differ, by id.
    pub changed: Vec<Change>,
}

/// What changed in one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Its id.
    pub id: String,
    /// Its name in the new directory.
    pub name: String,
    /// The members that differ, in the order of the format, each with what it was and what it is,
    /// as JSON.
    pub members: Vec<(&'static str, String, String)>,
}

/// What changed from `old` to `new`; the order of providers, and of names, domains and periods
/// within one, does not count.
pub fn diff(old: &Snapshot, new: &Snapshot) -> Difference {
    let by_id = |snapshot: &Snapshot| -> BTreeMap<String, Entry> {
        snapshot.providers.iter().map(|entry| (entry.id.clone(), in_order(entry))).collect()
    };
    let (mut before, after) = (by_id(old), by_id(new));
    let mut difference = Difference::default();
    for (id, entry) in after {
        match before.remove(&id) {
            None => difference.added.push(entry),
            Some(was) if was == entry => {}
            Some(was) => {
                let members = was.members().into_iter().zip(entry.members());
                let members = members
                    .filter(|(was, is)| was != is)
                    .map(|((name, was), (_, is))| (name, was, is))
                    .collect();
                difference.changed.push(Change { id, name: entry.name, members });
            }
        }
    }
    difference.removed = before.into_values().collect();
    difference
}

fn in_order(entry: &Entry) -> Entry {
    let mut entry = entry.clone();
    entry.aliases.sort_unstable();
    entry.domains.sort_unstable();
    entry
        .listed
        .sort_by(|one, other| (one.period, &one.source).cmp(&(other.period, &other.source)));
    entry
}
