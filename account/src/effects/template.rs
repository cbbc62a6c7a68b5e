//! What does an event say of a template?

use super::reading::{Reading, is_word};
use crate::book::{Register, Word};
use crate::error;
use crate::fields::Spot;
use crate::words;

/// The word for a template that keeps its category.
pub(crate) const NO_CHANGE: &str = "none";

pub(super) fn template_status(reading: &mut Reading, value: &Spot<'_>) {
    let Some(key) = reading.template(value) else { return };
    let event = value.member("event");
    let status = reading.word(
        event,
        "template status",
        words::TEMPLATE_STATUSES,
        "campaign.template.status",
    );
    reading.tell(&key, Register::Status, status);
    if let Some(category) = value.member("message_template_category") {
        let word = reading.word(Some(category), "category", words::CATEGORIES, "campaign.category");
        reading.tell(&key, Register::Category, word);
    }
    let title = value.member("other_info").and_then(|info| info.member("title"));
    let reason = title.or_else(|| value.member("reason")).map(|reason| reason.shown());
    let reason = reason.filter(|reason| reason != "NONE");
    // What is no word may be what somebody wrote, which is not for a book to keep.
    let (word, is_sentence) = match reason {
        Some(reason) if is_word(&reason) => (Word::text(&reason), false),
        Some(_) => (Word::Unknown, true),
        None => (Word::Unknown, false),
    };
    if is_sentence {
        reading.notes.push("the reason is not a word, and is not kept".to_owned());
    }
    reading.put(&key, Register::Reason, word);
}

/// Before a change, `new_category` is the present category and `correct_category` the coming one;
/// after it, `new_category` is the present.
pub(super) fn template_category(reading: &mut Reading, value: &Spot<'_>) {
    let Some(key) = reading.template(value) else { return };
    let mut read = |name: &str| {
        let category = value.member(name)?;
        Some(reading.word(Some(category), "category", words::CATEGORIES, "campaign.category"))
    };
    let (present, coming) = (read("new_category"), read("correct_category"));
    if present.is_none() && coming.is_none() {
        reading.problem(&error::missing("a category").at(&value.path));
        return reading.tell(&key, Register::Category, Word::Unknown);
    }
    if let Some(present) = present {
        reading.tell(&key, Register::Category, present);
    }
    let none = Word::text(NO_CHANGE);
    reading.tell(&key, Register::CorrectCategory, coming.clone().unwrap_or_else(|| none.clone()));
    let day = value.member("category_update_timestamp");
    if let (Some(coming), Some(day)) = (coming, day) {
        match day.moment() {
            Ok(day) => {
                let change = day.max(reading.at);
                reading.tell_at(&key, Register::Category, change, coming);
                reading.tell_at(&key, Register::CorrectCategory, change, none);
            }
            Err(problem) => reading.problem(&problem),
        }
    }
}
