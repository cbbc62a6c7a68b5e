//! Where is the recipient, what time is it there, and is the service window open?

use super::{Case, plan, text};
use crate::facts::Facts;
use crate::schema::AttributeId;
use crate::schema::attributes as id;
use crate::time::zone::{Local, Zone};
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};

pub(super) fn country(case: &Case<'_>) -> Fact {
    country_of(case.facts).map_or(Fact::Unknown, text)
}

/// Where the recipient is: as told, else by the number, else by the business-scoped user id.
pub(super) fn country_of(facts: &Facts) -> Option<&str> {
    let given = facts.fact(id::RECIPIENT_COUNTRY).text();
    given.or_else(|| plan::country_of(facts.fact(id::RECIPIENT_PHONE).text()?)).or_else(|| user_id_country(facts))
}

/// The prefix of a business-scoped user id, `US` of `US.13491208655302741918`.
fn user_id_country(facts: &Facts) -> Option<&str> {
    facts.fact(id::RECIPIENT_USER_ID).text()?.split_once('.').map(|(country, _)| country)
}

/// The user id counts only where it is known that there is no number: a number that is not told may be of another country.
pub(super) fn number_country(case: &Case<'_>) -> Fact {
    let country = match case.fact(id::RECIPIENT_PHONE) {
        Fact::Value(Value::String(phone)) => plan::country_of(phone),
        Fact::Absent => user_id_country(case.facts),
        Fact::Value(_) | Fact::Unknown => None,
    };
    country.map_or(Fact::Unknown, text)
}

/// How long the service window stays open after the recipient wrote.
const WINDOW_SECONDS: i64 = 24 * 3600;

/// The last inbound messages at which [`in_service_window`] turns: from the first of these instants the window is open, from the second it is
/// not, since the message lies in the future of `send_at`.
#[cfg(feature = "screen")]
pub(crate) fn window_turns(send_at: Timestamp) -> [Option<Timestamp>; 2] {
    let nano = Duration::from_nanos(1);
    let window = Duration::from_seconds(WINDOW_SECONDS);
    let after = |at: Timestamp| nano.and_then(|nano| at.checked_add(nano));
    [window.and_then(|window| send_at.checked_sub(window)).and_then(after), after(send_at)]
}

pub(super) fn in_service_window(case: &Case<'_>) -> Fact {
    window_of(case.fact(id::RECIPIENT_LAST_INBOUND_AT), case.send_at)
}

/// Whether the window is open after a last inbound message.
pub(crate) fn window_of(last_inbound_at: &Fact, send_at: Option<Timestamp>) -> Fact {
    match (last_inbound_at, send_at) {
        (Fact::Absent, _) => Fact::Value(Value::Bool(false)),
        (Fact::Value(Value::Timestamp(last)), Some(send_at)) => {
            let open = *last <= send_at && Duration::from_seconds(WINDOW_SECONDS).is_some_and(|window| send_at.since(*last) < window);
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

/// The time zone told decides; else the number may be in any zone of its area, and without a number the recipient in any of the country.
pub(super) fn clocks(facts: &Facts, send_at: Option<Timestamp>) -> Option<Clocks> {
    let send_at = send_at?;
    if let Some(zone) = facts.fact(id::RECIPIENT_TIME_ZONE).text() {
        return span(send_at, [zone]);
    }
    match facts.fact(id::RECIPIENT_PHONE).text() {
        Some(phone) => span(send_at, plan::zones_of(phone).iter().copied()),
        None => span(send_at, plan::zones_of_country(country_of(facts)?).iter().copied()),
    }
}

/// `None` if there is no zone, or what one shows cannot be told.
pub(crate) fn span<'z>(send_at: Timestamp, zones: impl IntoIterator<Item = &'z str>) -> Option<Clocks> {
    let mut clocks: Option<Clocks> = None;
    for zone in zones {
        let here = Clocks::at(Zone::named(zone)?.local(send_at)?);
        clocks = Some(match clocks {
            None => here,
            Some(known) => Clocks {
                hour_min: known.hour_min.min(here.hour_min),
                hour_max: known.hour_max.max(here.hour_max),
                day: known.day.filter(|known| Some(*known) == here.day),
            },
        });
    }
    clocks
}

impl Clocks {
    /// What a single zone shows.
    pub(crate) fn at(local: Local) -> Self {
        let hour = i64::from(local.hour);
        let date = i64::from(local.year) * 10_000 + i64::from(local.month) * 100 + i64::from(local.day);
        Self { hour_min: hour, hour_max: hour, day: Some(Day { date, weekday: local.weekday_from_sunday.into() }) }
    }

    /// What one of the attributes that follow from clocks says; unknown for any other.
    pub(crate) fn fact(clocks: Option<Self>, attribute: AttributeId) -> Fact {
        let Some(clocks) = clocks else { return Fact::Unknown };
        let number = match attribute {
            id::RECIPIENT_LOCAL_HOUR => (clocks.hour_min == clocks.hour_max).then_some(clocks.hour_min),
            id::RECIPIENT_LOCAL_HOUR_MIN => Some(clocks.hour_min),
            id::RECIPIENT_LOCAL_HOUR_MAX => Some(clocks.hour_max),
            id::RECIPIENT_LOCAL_WEEKDAY => clocks.day.map(|day| day.weekday),
            id::RECIPIENT_LOCAL_DATE => clocks.day.map(|day| day.date),
            _ => None,
        };
        number.map_or(Fact::Unknown, |number| Fact::Value(Value::Int(number)))
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

/// The given attributes that an attribute of recipient scope follows from, or is.
#[cfg(feature = "screen")]
pub(crate) fn sources(attribute: &AttributeId) -> &[AttributeId] {
    match *attribute {
        id::RECIPIENT_COUNTRY => &[id::RECIPIENT_COUNTRY, id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID],
        id::RECIPIENT_NUMBER_COUNTRY => &[id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID],
        id::RECIPIENT_IN_SERVICE_WINDOW => &[id::RECIPIENT_LAST_INBOUND_AT],
        id::RECIPIENT_LOCAL_HOUR
        | id::RECIPIENT_LOCAL_HOUR_MIN
        | id::RECIPIENT_LOCAL_HOUR_MAX
        | id::RECIPIENT_LOCAL_WEEKDAY
        | id::RECIPIENT_LOCAL_DATE => &[id::RECIPIENT_TIME_ZONE, id::RECIPIENT_PHONE, id::RECIPIENT_COUNTRY, id::RECIPIENT_USER_ID],
        _ => std::slice::from_ref(attribute),
    }
}
