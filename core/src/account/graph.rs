//! What does an answer of the Graph API say?
//!
//! An answer holds from the instant at which it was read. What it leaves out, it does not tell.

use serde_json::Value;

use super::effects::{Effect, Of, Reading, tell_country};
use super::error::AccountError;
use super::fields::{Spot, digits};
use super::words;
use crate::time::Timestamp;

pub(super) fn account(
    reading: &mut Reading,
    answer: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    if let Some(review) = answer.member("account_review_status") {
        let review = reading.word(&review, "review status", words::REVIEWS, "account.review")?;
        reading.tell(at, Of::Account, "review", review);
    }
    if let Some(verification) = answer.member("business_verification_status") {
        let verification = reading.word(
            &verification,
            "verification status",
            words::VERIFICATIONS,
            "account.verification",
        )?;
        reading.tell(at, Of::Account, "verification", verification);
    }
    if let Some(ownership) = answer.member("ownership_type") {
        let ownership =
            reading.word(&ownership, "ownership", words::OWNERSHIPS, "account.ownership")?;
        reading.tell(at, Of::Account, "ownership", ownership);
    }
    if let Some(country) =
        answer.member("primary_business_location").or_else(|| answer.member("country"))
    {
        tell_country(reading, &country, at)?;
    }
    if let Some(name) = answer.member("name") {
        reading.tell(at, Of::Account, "name", name.text()?.into());
    }
    if let Some(limit) = answer.member("whatsapp_business_manager_messaging_limit") {
        reading.limit(at, Of::Account, &limit)?;
    }
    health(reading, answer, at)
}

pub(super) fn number(
    reading: &mut Reading,
    answer: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    let shown = answer
        .member("display_phone_number")
        .map(|number| number.name().map(|number| digits(&number)))
        .transpose()?;
    let number = match shown {
        Some(number) => number,
        None => format!("id {}", answer.required("id", "the id of the number")?.name()?),
    };
    let of = Of::Number(number.clone());
    let score = answer.member("quality_score").and_then(|score| score.member("score"));
    if let Some(quality) = answer.member("quality_rating").or(score) {
        let quality = reading.word(&quality, "quality", words::QUALITIES, "account.quality")?;
        reading.tell(at, of.clone(), "quality", quality);
    }
    if let Some(name) = answer.member("name_status") {
        let name =
            reading.word(&name, "name status", words::NAME_STATUSES, "account.display_name")?;
        reading.tell(at, of.clone(), "display_name", name);
    }
    if let Some(status) = answer.member("status") {
        let known = reading.word(
            &status,
            "number status",
            words::NUMBER_STATUSES,
            "account.number_status",
        )?;
        reading.tell(at, of.clone(), "number_status", known);
        let text = status.text()?;
        if words::of(words::NUMBER_STATUSES, text).is_some_and(|known| !known.is_empty()) {
            reading.effects.push(Effect::NumberBan {
                at,
                number,
                banned: text.eq_ignore_ascii_case("BANNED"),
            });
        }
    }
    if let Some(coexistence) = answer.member("is_on_biz_app").and_then(|both| both.value.as_bool())
    {
        reading.tell(at, of.clone(), "coexistence", coexistence.into());
    }
    if let Some(limit) = answer.member("messaging_limit_tier") {
        reading.limit(at, of, &limit)?;
    }
    if let Some(limit) = answer.member("whatsapp_business_manager_messaging_limit") {
        reading.limit(at, Of::Account, &limit)?;
    }
    health(reading, answer, at)
}

pub(super) fn template(
    reading: &mut Reading,
    answer: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    let name = answer.required("name", "the name of the template")?.name()?;
    let language =
        answer.member("language").map(|language| language.text()).transpose()?.unwrap_or_default();
    let of = Of::Template(name, language.to_owned());
    if let Some(status) = answer.member("status") {
        let word = reading.word(
            &status,
            "template status",
            words::TEMPLATE_STATUSES,
            "campaign.template.status",
        )?;
        reading.tell(at, of.clone(), "status", word);
        reading.tell(at, of.clone(), "told", status.text()?.into());
    }
    if let Some(quality) = answer.member("quality_score").and_then(|score| score.member("score")) {
        let quality =
            reading.word(&quality, "quality", words::QUALITIES, "campaign.template.quality")?;
        reading.tell(at, of.clone(), "quality", quality);
    }
    if let Some(category) = answer.member("category") {
        let category =
            reading.word(&category, "category", words::CATEGORIES, "campaign.category")?;
        reading.tell(at, of.clone(), "category", category);
    }
    if let Some(coming) = answer.member("correct_category") {
        let coming = reading.word(&coming, "category", words::CATEGORIES, "campaign.category")?;
        reading.tell(at, of, "correct_category", coming);
    }
    health(reading, answer, at)
}

/// Whether messages go out, by the worst of the entities that every message needs. A template's own
/// state is no state of the account.
pub(super) fn health(
    reading: &mut Reading,
    answer: &Spot<'_>,
    at: Timestamp,
) -> Result<(), AccountError> {
    let Some(health) = answer.member("health_status") else { return Ok(()) };
    let overall = health.required("can_send_message", "a health state")?;
    let overall_text = overall.text()?;
    let mut worst = None;
    for entity in health.member("entities").map_or(Ok(Vec::new()), |entities| entities.items())? {
        let kind = entity.required("entity_type", "the type of the entity")?.text()?.to_owned();
        let state = entity.required("can_send_message", "a health state")?;
        if rank(state.text()?).is_none() {
            reading.note("health state", &state);
        }
        for problem in entity.member("errors").map_or(Ok(Vec::new()), |errors| errors.items())? {
            let code = problem.required("error_code", "an error code")?.whole()?;
            reading.tell(at, Of::Error(code), "at", at.to_string().into());
            if code == BANNED {
                reading.effects.push(Effect::Ban { at, since: at });
            }
        }
        if kind != "MESSAGE_TEMPLATE" {
            // A state that is not known may be the worst.
            worst = worst.max(Some(rank(state.text()?).unwrap_or(UNKNOWN)));
        }
    }
    let worst = worst.or_else(|| Some(rank(overall_text).unwrap_or(UNKNOWN)));
    let told = match worst {
        Some(0) => "available".into(),
        Some(1) => "limited".into(),
        Some(2) => "blocked".into(),
        _ => {
            reading.note("health state", &overall);
            Value::Null
        }
    };
    if told == "available" {
        reading.effects.push(Effect::Healthy { at });
    }
    reading.tell(at, Of::Account, "health", told);
    Ok(())
}

/// The health code of an account that is banned.
const BANNED: i64 = 141_014;
const UNKNOWN: u8 = 3;

fn rank(state: &str) -> Option<u8> {
    match state {
        "AVAILABLE" => Some(0),
        "LIMITED" => Some(1),
        "BLOCKED" => Some(2),
        _ => None,
    }
}
