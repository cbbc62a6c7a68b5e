//! What does this event say?
//!
//! In: one change. Out: a [`Reading`], dated words for the rows that they concern. Words of
//! WhatsApp become words of the schema here. The grave core of an event counts, whatever of its
//! details can be read: a detail that cannot is unknown, and a note says so.
mod account;
mod failure;
mod number;
mod person;
mod reading;
mod template;

use cleartosend::Timestamp;

pub(crate) use account::tell_country;
pub(crate) use failure::send_error;
pub(crate) use person::{RESUMED, link_names, name_of, person};
use reading::Dated;
pub(crate) use reading::{Reading, is_id, is_word, language_of, template_name_of};
pub(crate) use template::NO_CHANGE;

use account::{account_alert, account_update, business_capability};
use failure::messages;
pub(crate) use number::LIMITS_OF_PORTFOLIOS_SINCE;
use number::number_quality;
use person::{preferences, user_id_updates};
use template::{template_category, template_status};

use crate::book::{Register, Word};
use crate::envelope::{Change, Content};
use crate::error;
use crate::event::Kind;
use crate::fields::{EARLIEST, Spot};
use crate::graph;
use crate::other;
use crate::words;

/// Reads a change. What it dates later than `received_at` counts from then.
pub(crate) fn read(change: &Change<'_>, received_at: Option<Timestamp>) -> Reading {
    let mut reading = Reading {
        account: change.account.clone(),
        portfolio: None,
        at: Timestamp::MIN,
        received_at,
        points: Vec::new(),
        says: Vec::new(),
        notes: Vec::new(),
        kind: None,
        doubt: None,
        of_any: false,
        ends_nothing: false,
        passed: false,
    };
    if let Content::Passed(note) = &change.content {
        reading.passed = true;
        reading.notes.extend(note.clone());
        return reading;
    }
    let at = change.at.map(|at| match reading.dated(at) {
        Dated::At(at) => at,
        // What it ends may go on: somebody has to look.
        Dated::Ahead(at, why) => {
            reading.doubts(why);
            at
        }
    });
    reading.at = at.unwrap_or(Timestamp::MIN);
    let value = match &change.content {
        Content::Passed(_) => return reading,
        Content::NotUnderstood(value, why) => {
            reading.doubts(why.clone());
            reading.keep_doubt(change, value);
            return reading;
        }
        Content::Repeated(value, member) => {
            let why = error::repeated_member().at(member).to_string();
            // Whose it is, nobody knows where that is what was given twice.
            match member.rsplit('.').next() {
                Some("id" | "waba_id" | "waba_info") => reading.doubts_whose(why),
                _ => reading.doubts(why),
            }
            reading.keep_doubt(change, value);
            if let Some(named) = reading.account_in(value) {
                let entry = std::mem::replace(&mut reading.account, named);
                reading.keep_doubt(change, value);
                reading.account = entry;
            }
            return reading;
        }
        Content::Event(kind, value) => {
            reading.kind = Some(*kind);
            if *kind == Kind::GraphError {
                graph::error(&mut reading, value, at, &change.recipient);
            } else {
                event(&mut reading, *kind, value, at);
            }
            value
        }
    };
    reading.mark_number(value);
    if reading.account.is_empty() && reading.is_against_some_account() {
        reading.doubts_whose("whose it is, is not given".to_owned());
    }
    if reading.ends_nothing {
        reading.drop_good();
    }
    if reading.kind == Some(Kind::AccountUpdate) {
        reading.tell_portfolio(value.value);
    }
    reading.keep_doubt(change, value.value);
    reading
}

fn event(reading: &mut Reading, kind: Kind, value: &Spot<'_>, at: Option<Timestamp>) {
    if matches!(kind, Kind::MessageError | Kind::Preferences | Kind::UserIdUpdate)
        && let Some(why) = other::unlike_passed(kind.name(), value.value)
    {
        reading.doubts(why);
    }
    // These carry times of their own.
    match kind {
        Kind::MessageError => return messages(reading, value, at),
        Kind::Preferences => return preferences(reading, value, at),
        Kind::UserIdUpdate => return user_id_updates(reading, value, at),
        _ => {}
    }
    reading.own_account(value);
    // It may be of any account, and makes nothing of one better.
    let is_of_account = matches!(
        kind,
        Kind::AccountUpdate
            | Kind::AccountReview
            | Kind::BusinessCapability
            | Kind::TemplateStatus
            | Kind::TemplateQuality
    );
    if is_of_account && reading.account.is_empty() {
        reading.ends_nothing = true;
    }
    if at.is_none() {
        // Whose it is counts; when that began to be so is not known.
        reading.points.clear();
        if kind == Kind::AccountUpdate {
            reading.at = account::day_of_ban(value).unwrap_or(EARLIEST);
            account_update(reading, value);
            reading.keep_stops();
            reading.at = Timestamp::MIN;
        }
        return reading.doubts(error::no_time().to_string());
    }
    match kind {
        Kind::AccountUpdate => account_update(reading, value),
        Kind::AccountReview => {
            let key = reading.of_account();
            let decision = value.member("decision");
            let word = reading.word(decision, "decision", words::REVIEWS, "account.review");
            reading.tell(&key, Register::Review, word);
            reading.put(&key, Register::Began, Word::Bool(true));
        }
        Kind::AccountAlerts => account_alert(reading, value),
        Kind::BusinessCapability => business_capability(reading, value),
        Kind::NumberQuality => number_quality(reading, value),
        Kind::NumberName => {
            if let Some(number) = reading.number(value) {
                let decision = value.member("decision");
                let word = reading.word(
                    decision,
                    "decision",
                    words::NAME_DECISIONS,
                    "account.display_name",
                );
                reading.tell(&number, Register::DisplayName, word);
            }
        }
        Kind::TemplateStatus => template_status(reading, value),
        Kind::TemplateQuality => {
            if let Some(template) = reading.template(value) {
                let score = value.member("new_quality_score");
                let word =
                    reading.word(score, "quality", words::QUALITIES, "campaign.template.quality");
                reading.tell(&template, Register::Quality, word);
            }
        }
        Kind::TemplateCategory => template_category(reading, value),
        // Who asked for it is a person, and nothing depends on it.
        Kind::Security => match value.member("event") {
            Some(event) if !words::normalised(&event.shown()).starts_with("PIN_") => {
                reading.doubts(format!(
                    "`event` {} of a number's security is not known",
                    error::quoted(&event.shown())
                ));
            }
            Some(event) => {
                let key = reading.of_account();
                reading.notice(&key, &format!("security {}", event.shown()));
            }
            None => reading.doubts(error::missing("what happened").to_string()),
        },
        Kind::GraphBusiness => graph::business(reading, value),
        Kind::GraphAccount => graph::account(reading, value),
        Kind::GraphNumber => graph::number(reading, value),
        Kind::GraphTemplate => graph::template(reading, value),
        Kind::GraphHealth => graph::bare_health(reading, value),
        Kind::Base => graph::base(reading, value),
        Kind::MessageError | Kind::Preferences | Kind::UserIdUpdate | Kind::GraphError => {}
    }
}
