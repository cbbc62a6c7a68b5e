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

/// The least and the greatest hour that clocks show where the recipient may be.
///
/// The time zone told decides; else the number may be in any zone of its area, and without a number the recipient in any of the country.
pub(super) fn hours(facts: &Facts, send_at: Option<Timestamp>) -> Option<(i64, i64)> {
    let send_at = send_at?;
    if let Some(zone) = facts.fact(id::RECIPIENT_TIME_ZONE).text() {
        return span(send_at, [zone]);
    }
    match facts.fact(id::RECIPIENT_PHONE).text() {
        Some(phone) => span(send_at, plan::zones_of(phone).iter().copied()),
        None => span(send_at, plan::zones_of_country(country_of(facts)?).iter().copied()),
    }
}

/// `None` if there is no zone, or the hour of one cannot be told.
fn span<'z>(send_at: Timestamp, zones: impl IntoIterator<Item = &'z str>) -> Option<(i64, i64)> {
    let mut hours = None;
    for zone in zones {
        let hour = i64::from(Zone::named(zone)?.local(send_at)?.hour);
        let (least, greatest) = hours.unwrap_or((hour, hour));
        hours = Some((hour.min(least), hour.max(greatest)));
    }
    hours
}

pub(super) fn local_hour(case: &Case<'_>) -> Fact {
    match case.hours {
        Some((least, greatest)) if least == greatest => Fact::Value(Value::Int(least)),
        _ => Fact::Unknown,
    }
}

pub(super) fn local_hour_min(case: &Case<'_>) -> Fact {
    case.hours.map_or(Fact::Unknown, |(least, _)| Fact::Value(Value::Int(least)))
}

pub(super) fn local_hour_max(case: &Case<'_>) -> Fact {
    case.hours.map_or(Fact::Unknown, |(_, greatest)| Fact::Value(Value::Int(greatest)))
}
