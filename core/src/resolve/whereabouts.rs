//! Where may the recipient be, and what do clocks show there?

#[cfg(feature = "screen")]
use std::collections::BTreeSet;

use std::sync::OnceLock;

use super::plan::{self, Located};
use crate::facts::Facts;
use crate::schema::attributes as id;
use crate::ternary::Ternary;
#[cfg(feature = "screen")]
use crate::time::Duration;
use crate::time::Timestamp;
use crate::time::zone::{Local, Zone};
use crate::value::{Fact, Value};

/// Where the recipient is: as given, else by the number, else by the business-scoped user id.
pub(super) fn country_of(facts: &Facts) -> Option<&str> {
    let given = facts.fact(id::RECIPIENT_COUNTRY).text();
    given
        .or_else(|| plan::country_of(facts.fact(id::RECIPIENT_PHONE).text()?))
        .or_else(|| user_id_country(facts))
}

/// The prefix of a business-scoped user id, `US` of `US.13491208655302741918`.
pub(super) fn user_id_country(facts: &Facts) -> Option<&str> {
    facts.fact(id::RECIPIENT_USER_ID).text()?.split_once('.').map(|(country, _)| country)
}

/// What is known of where the recipient is, as far as local time goes.
pub(super) struct Whereabouts<'a> {
    send_at: Timestamp,
    zone: Option<&'a str>,
    /// Of the number: an index into [`plan::zone_lists`].
    list: Option<u16>,
    /// Of the given country, if the number is of another; of the country as far as it is known, if
    /// there is no number. Likewise.
    other_list: Option<u16>,
    /// Of the number.
    country: Option<&'static str>,
    /// Whether a number is given and the plan knows no zone of it.
    is_lost: bool,
    /// Whether the zone shows another time than number and country.
    pub(super) conflict: Ternary,
}

impl<'a> Whereabouts<'a> {
    pub(super) fn of(facts: &'a Facts, send_at: Timestamp) -> Self {
        let number = facts.fact(id::RECIPIENT_PHONE).text().and_then(plan::located);
        Self::of_number(facts, send_at, number)
    }

    /// As [`Self::of`], where the number was located already.
    pub(super) fn of_number(
        facts: &'a Facts,
        send_at: Timestamp,
        number: Option<Located<'_>>,
    ) -> Self {
        let zone = facts.fact(id::RECIPIENT_TIME_ZONE).text();
        let has_phone = facts.fact(id::RECIPIENT_PHONE).text().is_some();
        let of_number = number.and_then(Located::country_name);
        let other = if has_phone {
            facts.fact(id::RECIPIENT_COUNTRY).text().filter(|given| Some(*given) != of_number)
        } else {
            country_of(facts)
        };
        let list = number.map(Located::zones);
        let other_list = other.and_then(plan::zone_list_of_country);
        let zones = plan::zones_of_list(list);
        let is_lost = has_phone && zones.is_empty();
        let conflict = zone.map_or(Ternary::False, |zone| {
            // A number that is tied to a place may have moved within its country.
            let in_country = of_number.map_or::<&[_], _>(&[], plan::zones_of_country);
            let other_zones = plan::zones_of_list(other_list);
            if [zones, in_country, other_zones].iter().any(|zones| zones.contains(&zone)) {
                return Ternary::False;
            }
            let shown = |zone: &str| Zone::kept(zone).map(|zone| zone.offset_seconds(send_at));
            let here = shown(zone);
            let mut known = [zones, in_country, other_zones].into_iter().flatten().peekable();
            match (known.peek().is_some(), is_lost) {
                (_, _) if known.any(|known| shown(known) == here) => Ternary::False,
                (_, true) => Ternary::Undetermined,
                (any, false) => any.into(),
            }
        });
        Self { send_at, zone, list, other_list, country: of_number, is_lost, conflict }
    }

    /// The zone and the lists of zones that clocks are read in; none where the recipient may be
    /// anywhere.
    ///
    /// A given zone decides. One that contradicts number and country is no better than they are, so
    /// all of them count; and so do those of a number and of another country that is given.
    fn read_in(&self) -> Option<(Option<&'a str>, [Option<u16>; 2])> {
        match (self.zone, self.conflict) {
            (Some(zone), Ternary::False) => Some((Some(zone), [None, None])),
            (zone, Ternary::True | Ternary::False) if !self.is_lost => {
                Some((zone, [self.list, self.other_list]))
            }
            _ => None,
        }
    }

    /// The zones that clocks are read in; none where the recipient may be anywhere.
    pub(super) fn zones(&self) -> Option<impl Iterator<Item = &'a str>> {
        let (zone, lists) = self.read_in()?;
        let of_lists = lists.map(plan::zones_of_list).into_iter().flatten().copied();
        Some(zone.into_iter().chain(of_lists))
    }

    /// The zones that clocks may be read in at any instant, or that decide whether a given zone is
    /// believed. One that is among those of number and country is believed at any instant.
    pub(super) fn every_zone(&self) -> Vec<&str> {
        let in_country = self.country.map_or::<&[_], _>(&[], plan::zones_of_country);
        let [zones, other_zones] = [self.list, self.other_list].map(plan::zones_of_list);
        let known = [zones, in_country, other_zones];
        match self.zone {
            Some(zone) if known.iter().any(|zones| zones.contains(&zone)) => vec![zone],
            zone => zone.into_iter().chain(known.into_iter().flatten().copied()).collect(),
        }
    }

    pub(super) fn clocks(&self) -> Option<Clocks> {
        span(self.send_at, self.zones()?)
    }

    /// As [`Self::clocks`], read where they were read before at the same instant.
    pub(super) fn clocks_of(&self, read: &ClocksRead) -> Option<Clocks> {
        let (zone, lists) = self.read_in()?;
        let zone = zone.map(|zone| read.of_zone(self.send_at, zone));
        let lists = lists.into_iter().flatten().filter(|list| {
            // A list of no zone says nothing.
            !plan::zones_of_list(Some(*list)).is_empty()
        });
        let mut each = zone.into_iter().chain(lists.map(|list| read.of_list(self.send_at, list)));
        let first = each.next()??;
        each.try_fold(first, |known, clocks| Some(known.with(clocks?)))
    }
}

/// What clocks show at one instant, of each zone and each list of zones that somebody asked for.
#[derive(Clone, Debug)]
pub(crate) struct ClocksRead {
    zones: Box<[OnceLock<Option<Clocks>>]>,
    lists: Box<[OnceLock<Option<Clocks>>]>,
}

impl ClocksRead {
    pub(super) fn new() -> Self {
        let none = |count| (0..count).map(|_| OnceLock::new()).collect();
        Self { zones: none(Zone::count()), lists: none(plan::zone_lists().len()) }
    }

    fn of_zone(&self, send_at: Timestamp, zone: &str) -> Option<Clocks> {
        let read = || span(send_at, [zone]);
        let kept = Zone::number(zone).and_then(|number| self.zones.get(number));
        kept.map_or_else(read, |kept| *kept.get_or_init(read))
    }

    fn of_list(&self, send_at: Timestamp, list: u16) -> Option<Clocks> {
        let read = || span(send_at, plan::zones_of_list(Some(list)).iter().copied());
        let kept = self.lists.get(usize::from(list));
        kept.map_or_else(read, |kept| *kept.get_or_init(read))
    }
}

const HOUR_MINUTES: i64 = 60;
/// A clock shows so many minutes, counted from midnight.
#[cfg(feature = "screen")]
const DAY_MINUTES: i64 = 24 * HOUR_MINUTES;

/// What clocks and calendars show where the recipient may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clocks {
    /// Minutes since midnight: the least and the greatest that a zone shows.
    minute_min: i64,
    minute_max: i64,
    /// Where all zones agree.
    day: Option<Day>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Day {
    /// 20260302 for 2 March 2026.
    date: i64,
    /// 0 for Sunday.
    weekday: i64,
}

impl Clocks {
    /// What a single zone shows.
    pub(crate) fn at(local: Local) -> Self {
        let minute = i64::from(local.hour) * HOUR_MINUTES + i64::from(local.minute);
        let date =
            i64::from(local.year) * 10_000 + i64::from(local.month) * 100 + i64::from(local.day);
        Self {
            minute_min: minute,
            minute_max: minute,
            day: Some(Day { date, weekday: local.weekday_from_sunday.into() }),
        }
    }

    /// What several zones show together.
    pub(crate) fn with(self, other: Self) -> Self {
        Self {
            minute_min: self.minute_min.min(other.minute_min),
            minute_max: self.minute_max.max(other.minute_max),
            day: self.day.filter(|day| Some(*day) == other.day),
        }
    }

    /// What a reading of clocks says; unknown where no clock is known.
    pub(crate) fn fact(clocks: Option<Self>, reading: ClockReading) -> Fact {
        let number = clocks.as_ref().and_then(reading);
        number.map_or(Fact::Unknown, |number| Fact::Value(Value::Int(number)))
    }

    /// The hour that all zones show.
    pub(crate) fn hour(&self) -> Option<i64> {
        self.hour_min().filter(|hour| self.hour_max() == Some(*hour))
    }

    /// The least hour that a zone shows.
    pub(crate) fn hour_min(&self) -> Option<i64> {
        Some(self.minute_min / HOUR_MINUTES)
    }

    /// The greatest hour that a zone shows.
    pub(crate) fn hour_max(&self) -> Option<i64> {
        Some(self.minute_max / HOUR_MINUTES)
    }

    /// The least minute of the day that a zone shows.
    pub(crate) fn minute_min(&self) -> Option<i64> {
        Some(self.minute_min)
    }

    /// The greatest minute of the day that a zone shows.
    pub(crate) fn minute_max(&self) -> Option<i64> {
        Some(self.minute_max)
    }

    /// The day of the week that all zones show.
    pub(crate) fn weekday(&self) -> Option<i64> {
        self.day.map(|day| day.weekday)
    }

    /// The date that all zones show.
    pub(crate) fn date(&self) -> Option<i64> {
        self.day.map(|day| day.date)
    }
}

/// One number that clocks show.
pub(crate) type ClockReading = fn(&Clocks) -> Option<i64>;

/// `None` if there is no zone, or the time in one is unknown.
pub(crate) fn span<'z>(
    send_at: Timestamp,
    zones: impl IntoIterator<Item = &'z str>,
) -> Option<Clocks> {
    let mut clocks: Option<Clocks> = None;
    for zone in zones {
        let here = Clocks::at(Zone::kept(zone)?.local(send_at)?);
        clocks = Some(match clocks {
            None => here,
            Some(known) => known.with(here),
        });
    }
    clocks
}

/// All that clocks may show around one instant as far as conditions ask, numbered: 0 where nothing
/// is known, else by two stretches of the day, in which the least and the greatest time lie, and by
/// the day, if zones agree on one.
#[cfg(feature = "screen")]
#[derive(Clone, Debug)]
pub(crate) struct ClockNumbers {
    send_at: Timestamp,
    /// Yesterday, today and tomorrow in UTC.
    days: [Option<Day>; 3],
    /// The minutes at which stretches begin, in order: each hour, and where conditions cut the day
    /// besides. No condition tells two minutes of one stretch apart.
    starts: Box<[u16]>,
    /// In which stretch each minute of the day lies.
    stretches: Box<[u16]>,
}

#[cfg(feature = "screen")]
impl ClockNumbers {
    /// `cuts` are the minutes at which conditions cut the day.
    pub(crate) fn new(send_at: Timestamp, cuts: &BTreeSet<i64>) -> Self {
        let day =
            |at: Option<Timestamp>| Zone::UTC.local(at?).and_then(|local| Clocks::at(local).day);
        let whole = Duration::from_seconds(86_400).unwrap_or_default();
        let begins = |minute: &i64| minute % HOUR_MINUTES == 0 || cuts.contains(minute);
        let starts = (0..DAY_MINUTES).filter(begins).map(|minute| minute as u16).collect();
        let stretches = (0..DAY_MINUTES).scan(0, |begun, minute| {
            *begun += u16::from(begins(&minute));
            Some(*begun - 1)
        });
        Self {
            send_at,
            days: [send_at.checked_sub(whole), Some(send_at), send_at.checked_add(whole)].map(day),
            starts,
            stretches: stretches.collect(),
        }
    }

    /// How many numbers there are.
    pub(crate) fn count(&self) -> usize {
        self.starts.len() * self.starts.len() * 4 + 1
    }

    /// The number of what some zones show together.
    pub(crate) fn of_zones<'z>(&self, zones: impl IntoIterator<Item = &'z str>) -> u32 {
        let Some(clocks) = span(self.send_at, zones) else { return 0 };
        let day = clocks
            .day
            .and_then(|day| self.days.iter().position(|known| *known == Some(day)))
            .map_or(0, |place| place + 1);
        self.number(self.stretch(clocks.minute_min), self.stretch(clocks.minute_max), day as u32)
    }

    /// The number of what a single zone shows that is ahead of UTC by so many seconds.
    pub(crate) fn of_offset(&self, seconds: i64) -> u32 {
        const DAY_SECONDS: i64 = 86_400;
        let local = self.send_at.seconds().rem_euclid(DAY_SECONDS) + seconds;
        let day = (local.div_euclid(DAY_SECONDS) + 1).clamp(0, 2) as usize;
        let stretch = self.stretch(local.rem_euclid(DAY_SECONDS) / 60);
        match self.days.get(day) {
            Some(Some(_)) => self.number(stretch, stretch, day as u32 + 1),
            _ => 0,
        }
    }

    /// The numbers of all that a single zone may show.
    pub(crate) fn of_each_offset(&self) -> impl Iterator<Item = u32> {
        // Whole minutes meet every stretch of the three days.
        (1 - DAY_MINUTES..DAY_MINUTES).map(|minutes| self.of_offset(minutes * 60))
    }

    /// The number of what two show together.
    pub(crate) fn both(&self, a: u32, b: u32) -> u32 {
        let (Some(a), Some(b)) = (a.checked_sub(1), b.checked_sub(1)) else { return 0 };
        let day = if a % 4 == b % 4 { a % 4 } else { 0 };
        let count = self.starts.len() as u32;
        let (a, b) = (a / 4, b / 4);
        self.number((a / count).min(b / count), (a % count).max(b % count), day)
    }

    fn stretch(&self, minute: i64) -> u32 {
        let place = usize::try_from(minute).unwrap_or_default();
        self.stretches.get(place).copied().unwrap_or_default().into()
    }

    fn number(&self, least: u32, greatest: u32, day: u32) -> u32 {
        (least * self.starts.len() as u32 + greatest) * 4 + day + 1
    }

    /// What a number stands for: of each stretch, its first minute.
    pub(crate) fn clocks(&self, number: u32) -> Option<Clocks> {
        let number = number.checked_sub(1)?;
        let day = ((number % 4) as usize)
            .checked_sub(1)
            .and_then(|day| self.days.get(day).copied().flatten());
        let count = self.starts.len() as u32;
        let start = |stretch: u32| self.starts.get(stretch as usize).copied().map(i64::from);
        let pair = number / 4;
        Some(Clocks { minute_min: start(pair / count)?, minute_max: start(pair % count)?, day })
    }
}
