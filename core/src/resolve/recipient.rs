//! Where is the recipient, what time is it there, and is the service window open?

use super::{Case, plan, text};
use crate::facts::Facts;
use crate::schema::attributes as id;
use crate::time::zone::Zone;
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};

pub(super) fn country(case: &Case<'_>) -> Fact {
    country_of(case.facts).map_or(Fact::Unknown, text)
}

/// Where the recipient is: as told, else by the number, else by the business-scoped user id.
fn country_of(facts: &Facts) -> Option<&str> {
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

pub(super) fn in_service_window(case: &Case<'_>) -> Fact {
    const WINDOW_SECONDS: i64 = 24 * 3600;
    match (case.fact(id::RECIPIENT_LAST_INBOUND_AT), case.send_at) {
        (Fact::Absent, _) => Fact::Value(Value::Bool(false)),
        (Fact::Value(Value::Timestamp(last)), Some(send_at)) => {
            let open = *last <= send_at && Duration::from_seconds(WINDOW_SECONDS).is_some_and(|window| send_at.since(*last) < window);
            Fact::Value(Value::Bool(open))
        }
        _ => Fact::Unknown,
    }
}

/// What clocks and calendars show where the recipient may be.
#[derive(Clone, Copy)]
pub(super) struct Clocks {
    hour_min: i64,
    hour_max: i64,
    /// Where all zones agree.
    day: Option<Day>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
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
fn span<'z>(send_at: Timestamp, zones: impl IntoIterator<Item = &'z str>) -> Option<Clocks> {
    let mut clocks: Option<Clocks> = None;
    for zone in zones {
        let local = Zone::named(zone)?.local(send_at)?;
        let hour = i64::from(local.hour);
        let date = i64::from(local.year) * 10_000 + i64::from(local.month) * 100 + i64::from(local.day);
        let day = Day { date, weekday: local.weekday_from_sunday.into() };
        clocks = Some(match clocks {
            None => Clocks { hour_min: hour, hour_max: hour, day: Some(day) },
            Some(known) => Clocks {
                hour_min: known.hour_min.min(hour),
                hour_max: known.hour_max.max(hour),
                day: known.day.filter(|known| *known == day),
            },
        });
    }
    clocks
}

fn shown(case: &Case<'_>, pick: impl Fn(Clocks) -> Option<i64>) -> Fact {
    case.clocks.and_then(pick).map_or(Fact::Unknown, |number| Fact::Value(Value::Int(number)))
}

pub(super) fn local_hour(case: &Case<'_>) -> Fact {
    shown(case, |clocks| (clocks.hour_min == clocks.hour_max).then_some(clocks.hour_min))
}

pub(super) fn local_hour_min(case: &Case<'_>) -> Fact {
    shown(case, |clocks| Some(clocks.hour_min))
}

pub(super) fn local_hour_max(case: &Case<'_>) -> Fact {
    shown(case, |clocks| Some(clocks.hour_max))
}

pub(super) fn local_weekday(case: &Case<'_>) -> Fact {
    shown(case, |clocks| clocks.day.map(|day| day.weekday))
}

pub(super) fn local_date(case: &Case<'_>) -> Fact {
    shown(case, |clocks| clocks.day.map(|day| day.date))
}
