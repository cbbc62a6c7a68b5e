//! In what state is the account on the day of sending?

use std::collections::BTreeSet;

use super::case::{Case, count, fact_of, text};
use super::ladder::{self, History};
use super::restriction::{Stop, restricts};
use super::{barred, campaign, plan, recipient, region};
use crate::facts::Entry;
use crate::schema::attributes as id;
use crate::ternary::Ternary;
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};

pub(super) fn number_country(case: &Case<'_>) -> Fact {
    match case.fact(id::ACCOUNT_NUMBER) {
        Fact::Value(Value::String(phone)) => plan::country_of(phone).map_or(Fact::Unknown, text),
        Fact::Absent => Fact::Absent,
        Fact::Value(_) | Fact::Unknown => Fact::Unknown,
    }
}

pub(super) fn number_of_barred_region(case: &Case<'_>) -> Fact {
    barred::of_number(case.fact(id::ACCOUNT_NUMBER))
}

pub(super) fn region_conflict(case: &Case<'_>) -> Fact {
    region::elsewhere(case.fact(id::ACCOUNT_REGION), case.fact(id::ACCOUNT_COUNTRY).text())
}

pub(super) fn restricted_business_initiated(case: &Case<'_>) -> Fact {
    restricted(case, Stop::BusinessInitiated)
}

pub(super) fn restricted_all(case: &Case<'_>) -> Fact {
    restricted(case, Stop::All)
}

pub(super) fn restricted_replies(case: &Case<'_>) -> Fact {
    restricted(case, Stop::Replies)
}

pub(super) fn restricted_otherwise(case: &Case<'_>) -> Fact {
    restricted(case, Stop::SomethingElse)
}

pub(super) fn restricted_utility_templates(case: &Case<'_>) -> Fact {
    restricted(case, Stop::UtilityTemplates)
}

pub(super) fn restricted_direct_send(case: &Case<'_>) -> Fact {
    restricted(case, Stop::DirectSend)
}

pub(super) fn banned(case: &Case<'_>) -> Fact {
    restricted(case, Stop::Ban)
}

fn restricted(case: &Case<'_>, stop: Stop) -> Fact {
    let Some(entries) = case.facts.collection(id::RESTRICTIONS) else { return Fact::Unknown };
    let any = entries
        .iter()
        .fold(Ternary::False, |any, entry| any.or(restricts(entry, stop, case.send_at)));
    fact_of(any)
}

const DAY_SECONDS: i64 = 86_400;

pub(super) fn violations_90d(case: &Case<'_>) -> Fact {
    violations_since(case, 90, case.send_at).map_or(Fact::Unknown, count)
}

/// A violation is recent for a week, and for a month where it was not the only one.
pub(super) fn violations_recent(case: &Case<'_>) -> Fact {
    let until = case.send_at.map(recipient::latest);
    match (violations_since(case, 7, until), violations_since(case, 30, until)) {
        (Some(of_week), Some(of_month)) => count(if of_month > 1 { of_month } else { of_week }),
        _ => Fact::Unknown,
    }
}

/// Violations from so many days before `send_at` up to an instant; none where that is not known.
fn violations_since(case: &Case<'_>, days: i64, until: Option<Timestamp>) -> Option<usize> {
    let (Some(entries), Some(send_at), Some(until)) =
        (case.facts.collection(id::VIOLATIONS), case.send_at, until)
    else {
        return None;
    };
    let start = Duration::from_seconds(days * DAY_SECONDS)
        .and_then(|days| send_at.checked_sub(days))
        .unwrap_or(Timestamp::MIN);
    let mut counted = 0;
    for entry in entries {
        match entry.as_slice() {
            [_, Fact::Value(Value::Timestamp(at))] => {
                counted += usize::from(start <= *at && *at <= until);
            }
            _ => return None,
        }
    }
    Some(counted)
}

pub(super) fn violation_kinds(case: &Case<'_>) -> Fact {
    let (Some(entries), Some(send_at)) = (case.facts.collection(id::VIOLATIONS), case.send_at)
    else {
        return Fact::Unknown;
    };
    let mut kinds = BTreeSet::new();
    for entry in entries {
        match entry.as_slice() {
            [_, Fact::Value(Value::Timestamp(at))] if *at > recipient::latest(send_at) => {}
            [Fact::Value(Value::String(kind)), Fact::Value(Value::Timestamp(_))] => {
                kinds.insert(std::sync::Arc::clone(kind));
            }
            _ => return Fact::Unknown,
        }
    }
    Fact::Value(Value::List(kinds.into_iter().map(Value::String).collect()))
}

/// What the ladder in force says can follow a further violation of the kind that was reported last.
pub(super) fn next_steps(case: &Case<'_>) -> Fact {
    let (Some(entries), Some(send_at)) = (case.facts.collection(id::VIOLATIONS), case.send_at)
    else {
        return Fact::Unknown;
    };
    let texts = |texts: Vec<String>| {
        Fact::Value(Value::List(texts.iter().map(|text| Value::string(text)).collect()))
    };
    let mut last: Option<(Timestamp, &str)> = None;
    for entry in entries {
        match entry.as_slice() {
            [_, Fact::Value(Value::Timestamp(at))] if *at > recipient::latest(send_at) => {}
            [Fact::Value(Value::String(kind)), Fact::Value(Value::Timestamp(at))] => {
                last = last.max(Some((*at, kind)));
            }
            _ => return Fact::Unknown,
        }
    }
    let Some((_, kind)) = last else { return texts(Vec::new()) };
    let Some((_, ladder)) = ladder::in_force(case.packs, send_at) else {
        return texts(vec!["nothing that is published".to_owned()]);
    };
    let course = ladder::course(ladder, &History::of(case.facts), kind, send_at);
    if !course.covered {
        return texts(vec![format!("nothing that is published for {kind}")]);
    }
    let steps = course.steps.iter().filter_map(|(place, days)| {
        let id = &ladder.steps.get(*place)?.id;
        Some(if days.is_empty() { id.to_string() } else { format!("{id} of {}", lengths(days)) })
    });
    texts(steps.collect())
}

/// `1 or 3 days`, `5, 7 or 30 days`.
fn lengths(days: &[u32]) -> String {
    let days: Vec<String> = days.iter().map(u32::to_string).collect();
    match days.as_slice() {
        [one] if one == "1" => "1 day".to_owned(),
        [first @ .., last] if !first.is_empty() => format!("{} or {last} days", first.join(", ")),
        _ => format!("{} days", days.concat()),
    }
}

pub(super) fn violations_misdated(case: &Case<'_>) -> Fact {
    let (Some(entries), Some(send_at)) = (case.facts.collection(id::VIOLATIONS), case.send_at)
    else {
        return Fact::Unknown;
    };
    let is_misdated = |entry: &Entry| match entry.as_slice() {
        [_, Fact::Value(Value::Timestamp(at))] => Ternary::from(
            *at > recipient::latest(send_at) || at.seconds() < recipient::FIRST_YEAR_SECONDS,
        ),
        _ => Ternary::Undetermined,
    };
    fact_of(entries.iter().fold(Ternary::False, |any, entry| any.or(is_misdated(entry))))
}

pub(super) fn restrictions_misdated(case: &Case<'_>) -> Fact {
    let is_early = |fact: &Fact| match fact {
        Fact::Value(Value::Timestamp(at)) => at.seconds() < recipient::FIRST_YEAR_SECONDS,
        _ => false,
    };
    let entries = case.facts.collection(id::RESTRICTIONS).unwrap_or_default();
    Fact::Value(Value::Bool(entries.iter().flatten().any(is_early)))
}

/// A sender may not have the counts, so that one that is not given contradicts nothing.
pub(super) fn feedback_conflict(case: &Case<'_>) -> Fact {
    let is_some = |id| matches!(case.fact(id), Fact::Value(Value::Int(count)) if *count > 0);
    let is_none = *case.fact(id::ACCOUNT_DELIVERED_7D) == Fact::Value(Value::Int(0));
    let is_conflict =
        is_none && (is_some(id::ACCOUNT_BLOCKS_7D) || is_some(id::ACCOUNT_REPORTS_7D));
    Fact::Value(Value::Bool(is_conflict))
}

pub(super) fn feedback_block_rate(case: &Case<'_>) -> Fact {
    rate_over_deliveries(case.fact(id::ACCOUNT_BLOCKS_7D), case)
}

pub(super) fn feedback_report_rate(case: &Case<'_>) -> Fact {
    rate_over_deliveries(case.fact(id::ACCOUNT_REPORTS_7D), case)
}

/// A count that is given and cannot be measured, for want of the deliveries, is no answer; one that
/// is not known asks for none, since a sender may not have it.
fn rate_over_deliveries(count: &Fact, case: &Case<'_>) -> Fact {
    match (count, case.fact(id::ACCOUNT_DELIVERED_7D)) {
        (Fact::Absent | Fact::Unknown, _)
        | (_, Fact::Value(Value::Int(0)))
        | (Fact::Value(Value::Int(0)), Fact::Absent) => Fact::Absent,
        // One correctly rounded division of two counts: the same bits everywhere.
        (Fact::Value(Value::Int(count)), Fact::Value(Value::Int(delivered))) => {
            Fact::Value(Value::Double(*count as f64 / *delivered as f64))
        }
        _ => Fact::Unknown,
    }
}

pub(super) fn use_case_approved(case: &Case<'_>) -> Fact {
    let Fact::Value(Value::List(approved)) = case.fact(id::ACCOUNT_APPROVED_USE_CASES) else {
        return Fact::Unknown;
    };
    match campaign::use_case(case) {
        Fact::Value(use_case) => Fact::Value(Value::Bool(approved.contains(&use_case))),
        // Of an account that is approved for nothing, every use case is outside.
        _ if approved.is_empty() => Fact::Value(Value::Bool(false)),
        _ => Fact::Unknown,
    }
}
