//! What does an event say of a number?

use super::reading::Reading;
use crate::book::{Register, Word};
use crate::fields::Spot;
use crate::words;

pub(super) fn number_quality(reading: &mut Reading, value: &Spot<'_>) {
    let Some(number) = reading.number(value) else { return };
    if let Some(score) = value.member("new_quality_score") {
        let word = reading.word(Some(score), "quality", words::QUALITIES, "account.quality");
        reading.tell(&number, Register::Quality, word);
    } else if let Some(event) = value.member("event") {
        match words::normalised(&event.shown()).as_str() {
            "FLAGGED" => reading.tell(&number, Register::Quality, Word::text("red")),
            // No longer low; whether medium or high is not told.
            "UNFLAGGED" => reading.tell(&number, Register::Quality, Word::Unknown),
            "ONBOARDING" | "THROUGHPUT_UPGRADE" | "UPGRADE" | "DOWNGRADE" => {}
            _ => {
                reading.note("event", &event);
                reading.tell(&number, Register::Quality, Word::Strange(event.shown().into()));
            }
        }
    }
    let of_number = reading.at.seconds() < LIMITS_OF_PORTFOLIOS_SINCE;
    let account = reading.of_account();
    if let Some(limit) = value.member("max_daily_conversations_per_business") {
        reading.limit(&account, &limit);
    } else if let Some(limit) = value.member("current_limit") {
        reading.limit(if of_number { &number } else { &account }, &limit);
    }
}

/// The day on which limits moved from numbers to portfolios: 2025-10-07.
const LIMITS_OF_PORTFOLIOS_SINCE: i64 = 1_759_795_200;
