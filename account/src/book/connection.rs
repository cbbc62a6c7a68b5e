//! Is an account connected to the partner or app that sends?
//!
//! WhatsApp says it of the partner, and of each of the partner's apps by its id. Which of several
//! apps sends, no event tells: so that where one is gone and another is there, nobody knows.

use std::collections::BTreeMap;

use cleartosend::Timestamp;

use super::row::{self, Point, Register, Row, Word};
use super::view::{Statement, held, said, statement};

/// By the account's own rows, with those of its numbers, and by what stops those above it.
pub(super) fn of(own: &[&Row], above: &[&Row], at: Option<Timestamp>) -> Statement {
    let last = held(own, Register::Connection, at);
    let of_above = above
        .iter()
        .filter_map(|row| held(&[*row], Register::Connection, at))
        .filter(|word| {
            row::is_against(word) && last.is_none_or(|own| row::is_later_and_no_milder(word, own))
        })
        .max_by(|a, b| row::holds_over(a, b));
    if of_above.is_some() {
        return statement(of_above);
    }
    let account = of_account(own, at);
    let apps = Apps::of(own, above, at);
    let Some(gone) = apps.gone else {
        return match (&account, apps.here) {
            (Statement::Nothing, Some(_)) => Statement::Known(Word::text("connected")),
            // What was gone had no name, and may be another app.
            (Statement::Known(word), Some(here))
                if word.as_text() != Some("connected")
                    && last.is_none_or(|last| last.at < here) =>
            {
                Statement::Unknown
            }
            _ => account,
        };
    };
    let is_back = last.is_some_and(|last| !row::is_against(last) && last.at > gone);
    match &account {
        Statement::Known(word) if word.as_text() != Some("connected") => account,
        _ if apps.here.is_some() || is_back => Statement::Unknown,
        _ => Statement::Known(Word::text("disconnected")),
    }
}

/// A health status that is read with the partner's token shows that the partner has access. It does
/// not show that a number which left the platform came back.
fn of_account(rows: &[&Row], at: Option<Timestamp>) -> Statement {
    if !held(rows, Register::Connection, at).is_some_and(is_health) {
        return said(rows, Register::Connection, at);
    }
    let of_events = rows.iter().flat_map(|row| row.of(Register::Connection));
    let last_event = of_events
        .filter(|point| is_by(point, at) && !is_health(point))
        .max_by(|a, b| row::holds_over(a, b));
    match last_event.and_then(|point| point.word.as_text()) {
        Some("offboarded") => Statement::Unknown,
        _ => Statement::Known(Word::text("connected")),
    }
}

/// Apps that have names.
#[derive(Default)]
struct Apps {
    /// When the last of those that are gone went.
    gone: Option<Timestamp>,
    /// When the last of those that are there came.
    here: Option<Timestamp>,
}

impl Apps {
    fn of(own: &[&Row], above: &[&Row], at: Option<Timestamp>) -> Self {
        let healthy = own
            .iter()
            .flat_map(|row| row.of(Register::Connection))
            .filter(|point| is_by(point, at) && is_health(point))
            .map(|point| point.at)
            .max();
        let mut last: BTreeMap<String, (Timestamp, bool)> = BTreeMap::new();
        let mut apps = Self::default();
        let points = |rows: &[&Row]| -> Vec<(Timestamp, String, bool)> {
            let points = rows.iter().flat_map(|row| row.of(Register::Apps));
            let points = points.filter(|point| is_by(point, at));
            points.map(|point| app_of(&point.word, point.at)).collect()
        };
        for (at, app, is_there) in points(own) {
            let known = last.entry(app).or_insert((at, is_there));
            // Within a second what is gone holds.
            let order = |(at, is_there): (Timestamp, bool)| (at.seconds(), !is_there, at.nanos());
            if order((at, is_there)) > order(*known) {
                *known = (at, is_there);
            }
        }
        let gone_above =
            points(above).into_iter().filter(|(.., is_there)| !is_there).map(|(at, ..)| at);
        let words = last.into_values().chain(gone_above.map(|at| (at, false)));
        for (at, is_there) in words {
            let of = if is_there { &mut apps.here } else { &mut apps.gone };
            // An answer that was read since shows that whatever sends is there.
            if is_there || healthy.is_none_or(|healthy| healthy < at) {
                *of = (*of).max(Some(at));
            }
        }
        apps
    }
}

/// The app that a word is of, and whether it is there; what a later version wrote is gone.
fn app_of(word: &Word, at: Timestamp) -> (Timestamp, String, bool) {
    let value = word.value();
    let app = value.get("app").and_then(serde_json::Value::as_str).unwrap_or_default();
    (at, app.to_owned(), value.get("is").and_then(serde_json::Value::as_str) == Some("installed"))
}

fn is_health(point: &Point) -> bool {
    point.word.as_text() == Some("available")
}

fn is_by(point: &Point, at: Option<Timestamp>) -> bool {
    at.is_none_or(|at| point.at <= at)
}
