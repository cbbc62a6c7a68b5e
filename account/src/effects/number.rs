//! What does an event say of a number?

use super::reading::Reading;
use crate::book::{Key, NOT_LOW, Register, Word};
use crate::error;
use crate::fields::{Limit, Spot};
use crate::words;

pub(super) fn number_quality(reading: &mut Reading, value: &Spot<'_>) {
    let Some(number) = reading.number(value) else { return };
    if let Some(score) = value.member("new_quality_score") {
        let word = reading.word(Some(score), "quality", words::QUALITIES, "account.quality");
        reading.tell(&number, Register::Quality, word);
    } else if let Some(event) = value.member("event") {
        match words::normalised(&event.shown()).as_str() {
            "FLAGGED" => reading.tell(&number, Register::Quality, Word::text("red")),
            // No longer low; whether medium or high is not given.
            "UNFLAGGED" => reading.tell(&number, Register::Quality, Word::text(NOT_LOW)),
            "ONBOARDING" | "THROUGHPUT_UPGRADE" | "UPGRADE" | "DOWNGRADE" => {}
            _ => {
                reading.note("event", &event);
                reading.tell(&number, Register::Quality, Word::Strange(event.shown().into()));
            }
        }
    } else {
        // It may have been flagged.
        reading.problem(&error::missing("what happened").at(&value.path));
        reading.tell(&number, Register::Quality, Word::Unknown);
    }
    daily_limit(reading, value, &number);
}

fn daily_limit(reading: &mut Reading, value: &Spot<'_>, number: &Key) {
    let of_number = reading.at.seconds() < LIMITS_OF_PORTFOLIOS_SINCE;
    let account = reading.of_account();
    let of_portfolio = value.member("max_daily_conversations_per_business");
    let current = value.member("current_limit");
    let known = |spot: &Option<Spot<'_>>| match spot.as_ref().map(Spot::limit) {
        Some(Ok(Limit::Known(limit))) => Some(limit),
        _ => None,
    };
    let (first, second) = (known(&of_portfolio), known(&current));
    let is_strange = |spot: &Spot<'_>| matches!(spot.limit(), Ok(Limit::Strange) | Err(_));
    let contradict = match (&of_portfolio, &current) {
        (Some(one), Some(other)) => {
            is_strange(one)
                || is_strange(other)
                || first.is_some() && second.is_some() && first != second
        }
        _ => false,
    };
    let lowered =
        value.member("event").is_some_and(|event| words::normalised(&event.shown()) == "DOWNGRADE");
    // Where no account is named, the number says whose it is.
    let is_of_number = of_portfolio.is_none() && of_number || reading.account.is_empty();
    let key = if is_of_number { number } else { &account };
    if contradict {
        reading.notes.push(format!("`{}`: two limits that differ", value.path));
        reading.tell(key, Register::DailyLimit, Word::Unknown);
    } else if lowered && first.is_none() && second.is_none() {
        // It is lower than it was, and nobody says how low.
        reading.problem(&error::missing("a limit").at(&value.path));
        reading.tell(key, Register::DailyLimit, Word::Unknown);
    } else if let Some(limit) = of_portfolio.or(current) {
        reading.limit(key, &limit);
    }
}

/// The day on which limits moved from numbers to portfolios: 2025-10-07.
pub(crate) const LIMITS_OF_PORTFOLIOS_SINCE: i64 = 1_759_795_200;
