//! Where is the recipient, what time is it there, and is the service window open?

use super::{Case, account, barred, plan, text};
use crate::facts::Facts;
use crate::schema::AttributeId;
use crate::schema::attributes as id;
use crate::ternary::Ternary;
use crate::time::zone::{Local, Zone};
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};

pub(super) fn country(case: &Case<'_>) -> Fact {
    country_of(case.facts).map_or(Fact::Unknown, text)
}

/// Where the recipient is: as told, else by the number, else by the business-scoped user id.
pub(super) fn country_of(facts: &Facts) -> Option<&str> {
    let given = facts.fact(id::RECIPIENT_COUNTRY).text();
    given
        .or_else(|| plan::country_of(facts.fact(id::RECIPIENT_PHONE).text()?))
        .or_else(|| user_id_country(facts))
}

/// The prefix of a business-scoped user id, `US` of `US.13491208655302741918`.
fn user_id_country(facts: &Facts) -> Option<&str> {
    facts.fact(id::RECIPIENT_USER_ID).text()?.split_once('.').map(|(country, _)| country)
}

/// The user id counts only where it is known that there is no number: a number that is not told may
/// be of another country.
pub(super) fn number_country(case: &Case<'_>) -> Fact {
    let country = match case.fact(id::RECIPIENT_PHONE) {
        Fact::Value(Value::String(phone)) => plan::country_of(phone),
        Fact::Absent => user_id_country(case.facts),
        Fact::Value(_) | Fact::Unknown => None,
    };
    country.map_or(Fact::Unknown, text)
}

pub(super) fn number_of_barred_region(case: &Case<'_>) -> Fact {
    match case.fact(id::RECIPIENT_PHONE) {
        Fact::Value(Value::String(phone)) => {
            Fact::Value(Value::Bool(barred::is_of_barred_region(phone)))
        }
        Fact::Absent => Fact::Value(Value::Bool(false)),
        Fact::Value(_) | Fact::Unknown => Fact::Unknown,
    }
}

/// How long the service window stays open after the recipient wrote.
const WINDOW_SECONDS: i64 = 24 * 3600;

/// How far the clock of whoever stamped a message may be ahead of the clock that gave `send_at`.
const SKEW_SECONDS: i64 = 5 * 60;

/// Whether something that happened at `at` had happened by `send_at`, as far as clocks agree.
fn is_received(at: Timestamp, send_at: Timestamp) -> bool {
    at <= latest(send_at)
}

/// The last instant that counts as `send_at`.
fn latest(send_at: Timestamp) -> Timestamp {
    Duration::from_seconds(SKEW_SECONDS)
        .and_then(|skew| send_at.checked_add(skew))
        .unwrap_or(Timestamp::MAX)
}

/// The last inbound messages at which [`in_service_window`] turns: from the first of these instants
/// the window is open, from the second it is not, since the message lies in the future of
/// `send_at`.
#[cfg(feature = "screen")]
pub(crate) fn window_turns(send_at: Timestamp) -> [Option<Timestamp>; 2] {
    let nano = Duration::from_nanos(1);
    let window = Duration::from_seconds(WINDOW_SECONDS);
    let after = |at: Timestamp| nano.and_then(|nano| at.checked_add(nano));
    [window.and_then(|window| send_at.checked_sub(window)).and_then(after), after(latest(send_at))]
}

pub(super) fn in_service_window(case: &Case<'_>) -> Fact {
    window_of(case.fact(id::RECIPIENT_LAST_INBOUND_AT), case.send_at)
}

/// Whether the window is open after a last inbound message.
pub(crate) fn window_of(last_inbound_at: &Fact, send_at: Option<Timestamp>) -> Fact {
    match (last_inbound_at, send_at) {
        (Fact::Absent, _) => Fact::Value(Value::Bool(false)),
        (Fact::Value(Value::Timestamp(last)), Some(send_at)) => {
            let open = is_received(*last, send_at)
                && Duration::from_seconds(WINDOW_SECONDS)
                    .is_some_and(|window| send_at.since(*last) < window);
            Fact::Value(Value::Bool(open))
        }
        _ => Fact::Unknown,
    }
}

/// What clocks and calendars show where the recipient may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clocks {
    hour_min: i64,
    hour_max: i64,
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

/// What is told of where the recipient is, as far as clocks go.
pub(super) struct Whereabouts<'a> {
    send_at: Timestamp,
    zone: Option<&'a str>,
    /// Of the number.
    zones: &'static [&'static str],
    /// Of the given country, if the number is of another; of the country as far as it is known, if
    /// there is no number.
    other_zones: &'static [&'static str],
    /// Whether a number is told and the plan knows no zone of it.
    is_lost: bool,
    /// Whether the zone shows another time than number and country.
    conflict: Ternary,
}

impl<'a> Whereabouts<'a> {
    pub(super) fn of(facts: &'a Facts, send_at: Timestamp) -> Self {
        let zone = facts.fact(id::RECIPIENT_TIME_ZONE).text();
        let phone = facts.fact(id::RECIPIENT_PHONE).text();
        let of_number = phone.and_then(plan::country_of);
        let other = match phone {
            Some(_) => {
                facts.fact(id::RECIPIENT_COUNTRY).text().filter(|given| Some(*given) != of_number)
            }
            None => country_of(facts),
        };
        let zones = phone.map_or::<&[_], _>(&[], plan::zones_of);
        let other_zones = other.map_or::<&[_], _>(&[], plan::zones_of_country);
        let is_lost = phone.is_some() && zones.is_empty();
        let conflict = zone.map_or(Ternary::False, |zone| {
            // A number that is tied to a place may have moved within its country.
            let in_country = of_number.map_or::<&[_], _>(&[], plan::zones_of_country);
            if [zones, in_country, other_zones].iter().any(|zones| zones.contains(&zone)) {
                return Ternary::False;
            }
            let shown = |zone: &str| Zone::named(zone).map(|zone| zone.offset_seconds(send_at));
            let here = shown(zone);
            let mut known = [zones, in_country, other_zones].into_iter().flatten().peekable();
            match (known.peek().is_some(), is_lost) {
                (_, _) if known.any(|known| shown(known) == here) => Ternary::False,
                (_, true) => Ternary::Undetermined,
                (any, false) => any.into(),
            }
        });
        Self { send_at, zone, zones, other_zones, is_lost, conflict }
    }

    /// The zones that clocks are read in; none where the recipient may be anywhere.
    ///
    /// A given zone decides. One that contradicts number and country is no better than they are, so
    /// all of them count; and so do those of a number and of another country that is given.
    fn zones(&self) -> Option<impl Iterator<Item = &str>> {
        let (zone, zones, other_zones): (_, &[&str], &[&str]) = match (self.zone, self.conflict) {
            (Some(zone), Ternary::False) => (Some(zone), &[], &[]),
            (zone, Ternary::True | Ternary::False) if !self.is_lost => {
                (zone, self.zones, self.other_zones)
            }
            _ => return None,
        };
        Some(zone.into_iter().chain(zones.iter().copied()).chain(other_zones.iter().copied()))
    }

    pub(super) fn clocks(&self) -> Option<Clocks> {
        span(self.send_at, self.zones()?)
    }
}

pub(super) fn time_zone_conflict(case: &Case<'_>) -> Fact {
    case.whereabouts.as_ref().map_or(Fact::Unknown, |whereabouts| fact_of(whereabouts.conflict))
}

fn fact_of(ternary: Ternary) -> Fact {
    match ternary {
        Ternary::True => Fact::Value(Value::Bool(true)),
        Ternary::False => Fact::Value(Value::Bool(false)),
        Ternary::Undetermined => Fact::Unknown,
    }
}

pub(super) fn region_conflict(case: &Case<'_>) -> Fact {
    account::region_elsewhere(case.fact(id::RECIPIENT_REGION), country_of(case.facts))
}

/// Two of which one is not told do not contradict each other.
pub(super) fn identity_conflict(case: &Case<'_>) -> Fact {
    match (case.fact(id::RECIPIENT_PHONE).text(), user_id_country(case.facts)) {
        (Some(phone), Some(of_user)) => {
            fact_of(Ternary::from(plan::country_of(phone).map(|of_number| of_number != of_user)))
        }
        _ => Fact::Value(Value::Bool(false)),
    }
}

/// Whether the campaign's category or use case is in a list of them; `everywhere` where there is no
/// list.
fn concerns(case: &Case<'_>, list: &Fact, everywhere: bool) -> Fact {
    let purposes = match list {
        Fact::Value(Value::List(purposes)) => purposes,
        Fact::Absent => return Fact::Value(Value::Bool(everywhere)),
        Fact::Value(_) | Fact::Unknown => return Fact::Unknown,
    };
    let is_in = |attribute| match case.fact(attribute) {
        Fact::Value(value) => Ternary::from(purposes.contains(value)),
        // What it is may be in the list only if something that it can be is.
        Fact::Absent | Fact::Unknown => {
            let choices = case.facts.schema().attribute(attribute).choices().unwrap_or_default();
            let can_be = |purpose: &Value| matches!(purpose, Value::String(text) if choices.iter().any(|choice| choice.name == *text));
            if purposes.iter().any(can_be) { Ternary::Undetermined } else { Ternary::False }
        }
    };
    fact_of(is_in(id::CAMPAIGN_CATEGORY).or(is_in(id::CAMPAIGN_USE_CASE)))
}

pub(super) fn stopped_this(case: &Case<'_>) -> Fact {
    concerns(case, case.fact(id::RECIPIENT_OPTED_OUT_OF), false)
}

pub(super) fn opt_in_covers(case: &Case<'_>) -> Fact {
    concerns(case, case.fact(id::RECIPIENT_OPT_IN_FOR), true)
}

/// Without the instant of the last marketing message, a count of none in 24 hours covers the day so
/// far.
pub(super) fn marketing_today(case: &Case<'_>) -> Fact {
    let none_lately = match case.fact(id::RECIPIENT_MARKETING_RECEIVED_24H) {
        Fact::Value(Value::Int(0)) => Ternary::False,
        _ => Ternary::Undetermined,
    };
    let (last, send_at) = match (case.fact(id::RECIPIENT_LAST_MARKETING_AT), case.send_at) {
        (Fact::Value(Value::Timestamp(last)), Some(send_at)) => (*last, send_at),
        _ => return fact_of(none_lately),
    };
    if !is_received(last, send_at) {
        // Whether another came before it on the day of sending is not told.
        return fact_of(none_lately);
    }
    if longest_day().is_some_and(|day| send_at.since(last) >= day) {
        return Fact::Value(Value::Bool(false));
    }
    let last = last.min(send_at);
    let is_same_day = |zone: &str| -> Ternary {
        let date = |at| {
            Zone::named(zone)
                .and_then(|zone| zone.local(at))
                .map(|local| (local.year, local.day_of_year))
        };
        Ternary::from(date(last).and_then(|then| Some(then == date(send_at)?)))
    };
    let mut zones = case.whereabouts.iter().filter_map(Whereabouts::zones).flatten();
    let Some(first) = zones.next().map(is_same_day) else { return Fact::Unknown };
    fact_of(if zones.all(|zone| is_same_day(zone) == first) {
        first
    } else {
        Ternary::Undetermined
    })
}

/// No local day is longer, with whatever change of clocks.
fn longest_day() -> Option<Duration> {
    Duration::from_seconds(36 * 3600)
}

/// `None` if there is no zone, or what one shows cannot be told.
pub(crate) fn span<'z>(
    send_at: Timestamp,
    zones: impl IntoIterator<Item = &'z str>,
) -> Option<Clocks> {
    let mut clocks: Option<Clocks> = None;
    for zone in zones {
        let here = Clocks::at(Zone::named(zone)?.local(send_at)?);
        clocks = Some(match clocks {
            None => here,
            Some(known) => known.with(here),
        });
    }
    clocks
}

impl Clocks {
    /// What a single zone shows.
    pub(crate) fn at(local: Local) -> Self {
        let hour = i64::from(local.hour);
        let date =
            i64::from(local.year) * 10_000 + i64::from(local.month) * 100 + i64::from(local.day);
        Self {
            hour_min: hour,
            hour_max: hour,
            day: Some(Day { date, weekday: local.weekday_from_sunday.into() }),
        }
    }

    /// What several zones show together.
    pub(crate) fn with(self, other: Self) -> Self {
        Self {
            hour_min: self.hour_min.min(other.hour_min),
            hour_max: self.hour_max.max(other.hour_max),
            day: self.day.filter(|day| Some(*day) == other.day),
        }
    }

    /// What one of the attributes that follow from clocks says; unknown for any other.
    pub(crate) fn fact(clocks: Option<Self>, attribute: AttributeId) -> Fact {
        let Some(clocks) = clocks else { return Fact::Unknown };
        let number = match attribute {
            id::RECIPIENT_LOCAL_HOUR => {
                (clocks.hour_min == clocks.hour_max).then_some(clocks.hour_min)
            }
            id::RECIPIENT_LOCAL_HOUR_MIN => Some(clocks.hour_min),
            id::RECIPIENT_LOCAL_HOUR_MAX => Some(clocks.hour_max),
            id::RECIPIENT_LOCAL_WEEKDAY => clocks.day.map(|day| day.weekday),
            id::RECIPIENT_LOCAL_DATE => clocks.day.map(|day| day.date),
            _ => None,
        };
        number.map_or(Fact::Unknown, |number| Fact::Value(Value::Int(number)))
    }
}

/// All that clocks may show around one instant, numbered: 0 where nothing is known, else by the
/// hours and by the day, if zones agree on one.
#[cfg(feature = "screen")]
#[derive(Clone, Debug)]
pub(crate) struct ClockNumbers {
    send_at: Timestamp,
    /// Yesterday, today and tomorrow in UTC.
    days: [Option<Day>; 3],
}

#[cfg(feature = "screen")]
impl ClockNumbers {
    /// How many numbers there are.
    pub(crate) const COUNT: usize = 24 * 24 * 4 + 1;

    pub(crate) fn new(send_at: Timestamp) -> Self {
        let day =
            |at: Option<Timestamp>| Zone::UTC.local(at?).and_then(|local| Clocks::at(local).day);
        let whole = Duration::from_seconds(86_400).unwrap_or_default();
        Self {
            send_at,
            days: [send_at.checked_sub(whole), Some(send_at), send_at.checked_add(whole)].map(day),
        }
    }

    /// The number of what some zones show together.
    pub(crate) fn of_zones<'z>(&self, zones: impl IntoIterator<Item = &'z str>) -> u16 {
        let Some(clocks) = span(self.send_at, zones) else { return 0 };
        let day = clocks
            .day
            .and_then(|day| self.days.iter().position(|known| *known == Some(day)))
            .map_or(0, |place| place + 1);
        Self::number(clocks.hour_min as u16, clocks.hour_max as u16, day as u16)
    }

    /// The number of what a single zone shows that is ahead of UTC by so many seconds.
    pub(crate) fn of_offset(&self, seconds: i64) -> u16 {
        const DAY_SECONDS: i64 = 86_400;
        let local = self.send_at.seconds().rem_euclid(DAY_SECONDS) + seconds;
        let day = (local.div_euclid(DAY_SECONDS) + 1).clamp(0, 2) as usize;
        let hour = (local.rem_euclid(DAY_SECONDS) / 3600) as u16;
        match self.days.get(day) {
            Some(Some(_)) => Self::number(hour, hour, day as u16 + 1),
            _ => 0,
        }
    }

    /// The number of what two show together.
    pub(crate) fn both(a: u16, b: u16) -> u16 {
        let (Some(a), Some(b)) = (a.checked_sub(1), b.checked_sub(1)) else { return 0 };
        let day = if a % 4 == b % 4 { a % 4 } else { 0 };
        Self::number((a / 96).min(b / 96), (a / 4 % 24).max(b / 4 % 24), day)
    }

    fn number(hour_min: u16, hour_max: u16, day: u16) -> u16 {
        (hour_min * 24 + hour_max) * 4 + day + 1
    }

    /// What a number stands for.
    pub(crate) fn clocks(&self, number: u16) -> Option<Clocks> {
        let number = number.checked_sub(1)?;
        let day = usize::from(number % 4)
            .checked_sub(1)
            .and_then(|day| self.days.get(day).copied().flatten());
        Some(Clocks { hour_min: (number / 96).into(), hour_max: (number / 4 % 24).into(), day })
    }
}

pub(super) fn local_hour(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, id::RECIPIENT_LOCAL_HOUR)
}

pub(super) fn local_hour_min(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, id::RECIPIENT_LOCAL_HOUR_MIN)
}

pub(super) fn local_hour_max(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, id::RECIPIENT_LOCAL_HOUR_MAX)
}

pub(super) fn local_weekday(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, id::RECIPIENT_LOCAL_WEEKDAY)
}

pub(super) fn local_date(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, id::RECIPIENT_LOCAL_DATE)
}

/// Whether what is missing of an attribute is asked of each row by itself.
#[cfg(feature = "screen")]
pub(crate) fn is_derived_alone(attribute: AttributeId) -> bool {
    [
        id::RECIPIENT_TIME_ZONE_CONFLICT,
        id::RECIPIENT_IDENTITY_CONFLICT,
        id::RECIPIENT_REGION_CONFLICT,
        id::RECIPIENT_STOPPED_THIS,
        id::RECIPIENT_OPT_IN_COVERS,
        id::RECIPIENT_MARKETING_TODAY,
    ]
    .contains(&attribute)
}

/// The attributes of the campaign that an attribute of recipient scope follows from, besides its
/// [`sources`].
#[cfg(feature = "screen")]
pub(crate) fn campaign_sources(attribute: AttributeId) -> &'static [AttributeId] {
    match attribute {
        id::RECIPIENT_STOPPED_THIS | id::RECIPIENT_OPT_IN_COVERS => {
            &[id::CAMPAIGN_CATEGORY, id::CAMPAIGN_USE_CASE]
        }
        _ => &[],
    }
}

/// The given attributes that an attribute of recipient scope follows from, or is.
#[cfg(feature = "screen")]
pub(crate) fn sources(attribute: &AttributeId) -> &[AttributeId] {
    match *attribute {
        id::RECIPIENT_COUNTRY => {
            &[id::RECIPIENT_COUNTRY, id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID]
        }
        id::RECIPIENT_NUMBER_COUNTRY => &[id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID],
        id::RECIPIENT_NUMBER_OF_BARRED_REGION => &[id::RECIPIENT_PHONE],
        id::RECIPIENT_IN_SERVICE_WINDOW => &[id::RECIPIENT_LAST_INBOUND_AT],
        id::RECIPIENT_STOPPED_THIS => &[id::RECIPIENT_OPTED_OUT_OF],
        id::RECIPIENT_OPT_IN_COVERS => &[id::RECIPIENT_OPT_IN_FOR],
        id::RECIPIENT_REGION_CONFLICT => &[
            id::RECIPIENT_REGION,
            id::RECIPIENT_COUNTRY,
            id::RECIPIENT_PHONE,
            id::RECIPIENT_USER_ID,
        ],
        id::RECIPIENT_IDENTITY_CONFLICT => &[id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID],
        id::RECIPIENT_MARKETING_TODAY => &[
            id::RECIPIENT_LAST_MARKETING_AT,
            id::RECIPIENT_MARKETING_RECEIVED_24H,
            id::RECIPIENT_TIME_ZONE,
            id::RECIPIENT_PHONE,
            id::RECIPIENT_COUNTRY,
            id::RECIPIENT_USER_ID,
        ],
        id::RECIPIENT_TIME_ZONE_CONFLICT
        | id::RECIPIENT_LOCAL_HOUR
        | id::RECIPIENT_LOCAL_HOUR_MIN
        | id::RECIPIENT_LOCAL_HOUR_MAX
        | id::RECIPIENT_LOCAL_WEEKDAY
        | id::RECIPIENT_LOCAL_DATE => &[
            id::RECIPIENT_TIME_ZONE,
            id::RECIPIENT_PHONE,
            id::RECIPIENT_COUNTRY,
            id::RECIPIENT_USER_ID,
        ],
        _ => std::slice::from_ref(attribute),
    }
}
