//! Where is the recipient, what time is it there, and is the service window open?

use super::case::{Case, fact_of, text};
use super::plan::Located;
use super::whereabouts::{Clocks, Whereabouts, user_id_country};
use super::{barred, region};
use crate::schema::AttributeId;
use crate::schema::attributes as id;
use crate::ternary::Ternary;
use crate::time::zone::{Local, Zone};
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};

pub(super) fn country(case: &Case<'_>) -> Fact {
    case.country().map_or(Fact::Unknown, text)
}

/// The user id counts only where it is known that there is no number: a number that is not given
/// may be of another country.
pub(super) fn number_country(case: &Case<'_>) -> Fact {
    let country = match case.fact(id::RECIPIENT_PHONE) {
        Fact::Value(Value::String(_)) => case.number().and_then(Located::country_name),
        Fact::Absent => user_id_country(case.facts),
        Fact::Value(_) | Fact::Unknown => None,
    };
    country.map_or(Fact::Unknown, text)
}

pub(super) fn number_of_barred_region(case: &Case<'_>) -> Fact {
    barred::of_number(case.fact(id::RECIPIENT_PHONE))
}

/// A zone that is not given proves nothing; see [`barred`].
pub(super) fn zone_of_barred_region(case: &Case<'_>) -> Fact {
    let zone = case.fact(id::RECIPIENT_TIME_ZONE).text();
    Fact::Value(Value::Bool(zone.is_some_and(barred::is_zone_of_barred_region)))
}

/// How long the service window stays open after the recipient wrote.
pub(super) const WINDOW_SECONDS: i64 = 24 * 3600;

/// How far the clock of whoever stamped a message may be ahead of the clock that gave `send_at`.
pub(super) const SKEW_SECONDS: i64 = 5 * 60;

/// 2009-01-01T00:00:00Z. There was no WhatsApp before that year.
pub(super) const FIRST_YEAR_SECONDS: i64 = 1_230_768_000;

/// Whether something that happened at `at` had happened by `send_at`, as far as clocks agree.
fn is_received(at: Timestamp, send_at: Timestamp) -> bool {
    at <= latest(send_at)
}

/// The last instant that counts as `send_at`.
pub(super) fn latest(send_at: Timestamp) -> Timestamp {
    Duration::from_seconds(SKEW_SECONDS)
        .and_then(|skew| send_at.checked_add(skew))
        .unwrap_or(Timestamp::MAX)
}

/// The last inbound messages at which [`in_service_window`] turns: from the first of these instants
/// the window is open, from the second it is not, since the message lies in the future of
/// `send_at`.
pub(super) fn window_turns(send_at: Timestamp) -> [Option<Timestamp>; 2] {
    let nano = Duration::from_nanos(1);
    let window = Duration::from_seconds(WINDOW_SECONDS);
    let after = |at: Timestamp| nano.and_then(|nano| at.checked_add(nano));
    [window.and_then(|window| send_at.checked_sub(window)).and_then(after), after(latest(send_at))]
}

pub(super) fn in_service_window(case: &Case<'_>) -> Fact {
    window_of(case.fact(id::RECIPIENT_LAST_INBOUND_AT), case.send_at)
}

/// Whether the window is open after a last inbound message.
pub(super) fn window_of(last_inbound_at: &Fact, send_at: Option<Timestamp>) -> Fact {
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

pub(super) fn last_inbound_misdated(case: &Case<'_>) -> Fact {
    misdated(case.fact(id::RECIPIENT_LAST_INBOUND_AT), case.send_at)
}

/// Whether a message that had come by `send_at` is dated when it cannot have. One that is not given
/// contradicts nothing.
pub(super) fn misdated(at: &Fact, send_at: Option<Timestamp>) -> Fact {
    match (at, send_at) {
        (Fact::Value(Value::Timestamp(at)), Some(send_at)) => Fact::Value(Value::Bool(
            !is_received(*at, send_at) || at.seconds() < FIRST_YEAR_SECONDS,
        )),
        (Fact::Value(_), _) => Fact::Unknown,
        (Fact::Absent | Fact::Unknown, _) => Fact::Value(Value::Bool(false)),
    }
}

pub(super) fn last_deal_misdated(case: &Case<'_>) -> Fact {
    dated_ahead(case.fact(id::RECIPIENT_LAST_DEAL_AT), case.send_at)
}

/// Whether what had happened by `send_at` is dated after it. What is not given contradicts nothing.
pub(super) fn dated_ahead(at: &Fact, send_at: Option<Timestamp>) -> Fact {
    match (at, send_at) {
        (Fact::Value(Value::Timestamp(at)), Some(send_at)) => {
            Fact::Value(Value::Bool(!is_received(*at, send_at)))
        }
        (Fact::Value(_), _) => Fact::Unknown,
        (Fact::Absent | Fact::Unknown, _) => Fact::Value(Value::Bool(false)),
    }
}

/// The instant from which on [`dated_ahead`] is another.
pub(super) fn dated_ahead_turns(send_at: Timestamp) -> [Option<Timestamp>; 2] {
    let nano = Duration::from_nanos(1);
    [nano.and_then(|nano| latest(send_at).checked_add(nano)), None]
}

/// The instants from which on [`misdated`] is another.
pub(super) fn misdated_turns(send_at: Timestamp) -> [Option<Timestamp>; 2] {
    let nano = Duration::from_nanos(1);
    let after_latest = nano.and_then(|nano| latest(send_at).checked_add(nano));
    [Timestamp::new(FIRST_YEAR_SECONDS, 0), after_latest]
}

pub(super) fn time_zone_conflict(case: &Case<'_>) -> Fact {
    case.whereabouts.as_ref().map_or(Fact::Unknown, |whereabouts| fact_of(whereabouts.conflict))
}

pub(super) fn region_conflict(case: &Case<'_>) -> Fact {
    region::elsewhere(case.fact(id::RECIPIENT_REGION), case.country())
}

/// Two of which one is not given do not contradict each other.
pub(super) fn identity_conflict(case: &Case<'_>) -> Fact {
    match (case.fact(id::RECIPIENT_PHONE).text(), user_id_country(case.facts)) {
        (Some(_), Some(of_user)) => {
            let of_number = case.number().and_then(Located::country_name);
            fact_of(Ternary::from(of_number.map(|of_number| of_number != of_user)))
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
        // Whether another came before it on the day of sending is not given.
        return fact_of(none_lately);
    }
    let longest_day = Duration::from_seconds(LONGEST_DAY_SECONDS);
    if longest_day.is_some_and(|day| send_at.since(last) >= day) {
        return Fact::Value(Value::Bool(false));
    }
    let last = last.min(send_at);
    let is_same_day = |zone: &str| -> Ternary {
        let date = |at| {
            Zone::kept(zone)
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
pub(super) const LONGEST_DAY_SECONDS: i64 = 36 * 3600;

pub(super) fn local_hour(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, Clocks::hour)
}

pub(super) fn local_hour_min(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, Clocks::hour_min)
}

pub(super) fn local_hour_max(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, Clocks::hour_max)
}

pub(super) fn local_minute_of_day_min(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, Clocks::minute_min)
}

pub(super) fn local_minute_of_day_max(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, Clocks::minute_max)
}

pub(super) fn local_weekday(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, Clocks::weekday)
}

pub(super) fn local_date(case: &Case<'_>) -> Fact {
    Clocks::fact(case.clocks, Clocks::date)
}

/// How many local dates lie between an instant and `send_at`, in each zone that the recipient may
/// be in: the least and the greatest.
fn local_days_since(case: &Case<'_>, instant: AttributeId, pick: fn((i64, i64)) -> i64) -> Fact {
    let (at, send_at) = match (case.fact(instant), case.send_at) {
        (Fact::Value(Value::Timestamp(at)), Some(send_at)) => (*at, send_at),
        (Fact::Absent, _) => return Fact::Absent,
        _ => return Fact::Unknown,
    };
    // Clocks differ.
    let at = if is_received(at, send_at) { at.min(send_at) } else { at };
    let zones = case.whereabouts.iter().filter_map(Whereabouts::zones).flatten();
    let mut span: Option<(i64, i64)> = None;
    for zone in zones {
        let date = |at| Zone::kept(zone).and_then(|zone| day_number(&zone.local(at)?));
        let Some((then, now)) = date(at).zip(date(send_at)) else { return Fact::Unknown };
        let days = now - then;
        span = Some(span.map_or((days, days), |(min, max)| (min.min(days), max.max(days))));
    }
    span.map_or(Fact::Unknown, |span| Fact::Value(Value::Int(pick(span))))
}

/// The days of the calendar from the first of January 1970 to a date.
fn day_number(local: &Local) -> Option<i64> {
    const DAY_SECONDS: i64 = 86_400;
    let midnight = Timestamp::from_date(local.year, local.month, local.day)?;
    Some(midnight.seconds().div_euclid(DAY_SECONDS))
}

/// The instants whose local dates are counted from.
pub(super) const COUNTED_FROM: [AttributeId; 5] = [
    id::RECIPIENT_OPT_IN_AT,
    id::RECIPIENT_LAST_INBOUND_AT,
    id::RECIPIENT_LAST_MARKETING_AT,
    id::RECIPIENT_LAST_DEAL_AT,
    id::RECIPIENT_REGISTER_CHECKED_AT,
];

pub(super) fn local_days_since_opt_in_min(case: &Case<'_>) -> Fact {
    local_days_since(case, id::RECIPIENT_OPT_IN_AT, |(least, _)| least)
}

pub(super) fn local_days_since_opt_in_max(case: &Case<'_>) -> Fact {
    local_days_since(case, id::RECIPIENT_OPT_IN_AT, |(_, greatest)| greatest)
}

pub(super) fn local_days_since_last_inbound_min(case: &Case<'_>) -> Fact {
    local_days_since(case, id::RECIPIENT_LAST_INBOUND_AT, |(least, _)| least)
}

pub(super) fn local_days_since_last_inbound_max(case: &Case<'_>) -> Fact {
    local_days_since(case, id::RECIPIENT_LAST_INBOUND_AT, |(_, greatest)| greatest)
}

pub(super) fn local_days_since_last_marketing_min(case: &Case<'_>) -> Fact {
    local_days_since(case, id::RECIPIENT_LAST_MARKETING_AT, |(least, _)| least)
}

pub(super) fn local_days_since_last_marketing_max(case: &Case<'_>) -> Fact {
    local_days_since(case, id::RECIPIENT_LAST_MARKETING_AT, |(_, greatest)| greatest)
}

pub(super) fn local_days_since_last_deal_min(case: &Case<'_>) -> Fact {
    local_days_since(case, id::RECIPIENT_LAST_DEAL_AT, |(least, _)| least)
}

pub(super) fn local_days_since_last_deal_max(case: &Case<'_>) -> Fact {
    local_days_since(case, id::RECIPIENT_LAST_DEAL_AT, |(_, greatest)| greatest)
}

pub(super) fn local_days_since_register_check_min(case: &Case<'_>) -> Fact {
    local_days_since(case, id::RECIPIENT_REGISTER_CHECKED_AT, |(least, _)| least)
}

pub(super) fn local_days_since_register_check_max(case: &Case<'_>) -> Fact {
    local_days_since(case, id::RECIPIENT_REGISTER_CHECKED_AT, |(_, greatest)| greatest)
}
