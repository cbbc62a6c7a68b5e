//! What does an answer of the Graph API say?
//!
//! An answer holds from the instant at which it was read. What it leaves out, it does not tell.
//! Lists that lie within it are read like answers of their own.

use cleartosend::{Facts, Schema};
use serde_json::json;

use crate::book::{Key, Register, Word};
use crate::effects::{Reading, is_id, send_error, tell_country};
use crate::error::{self, AccountError};
use crate::fields::{Spot, canonical, digits};
use crate::fold::Standing;
use crate::words;

pub(crate) fn account(reading: &mut Reading, answer: &Spot<'_>) {
    if let Some(id) = answer.member("id").and_then(|id| id.name().ok()) {
        reading.account = id;
    }
    let key = reading.of_account();
    if let Some(review) = answer.member("account_review_status") {
        let word = reading.word(Some(review), "review status", words::REVIEWS, "account.review");
        reading.tell(&key, Register::Review, word);
    }
    if let Some(verification) = answer.member("business_verification_status") {
        let word = reading.word(
            Some(verification),
            "verification status",
            words::VERIFICATIONS,
            "account.verification",
        );
        reading.tell(&key, Register::Verification, word);
    }
    if let Some(ownership) = answer.member("ownership_type") {
        let word =
            reading.word(Some(ownership), "ownership", words::OWNERSHIPS, "account.ownership");
        reading.tell(&key, Register::Ownership, word);
    }
    if let Some(country) =
        answer.member("primary_business_location").or_else(|| answer.member("country"))
    {
        tell_country(reading, Some(&country));
    }
    if let Some(name) = answer.member("name").and_then(|name| name.name().ok()) {
        reading.tell(&key, Register::Name, Word::text(&name));
    }
    if let Some(limit) = answer.member("whatsapp_business_manager_messaging_limit") {
        reading.limit(&key, &limit);
    }
    if let Some(status) = answer.member("status")
        && !status.shown().eq_ignore_ascii_case("ACTIVE")
    {
        // Of other states of an account nothing is published.
        reading.note("account status", &status);
        reading.stand(&key, &Standing::Stopped);
    }
    if let Some(status) = answer.member("marketing_messages_onboarding_status")
        && status.shown().eq_ignore_ascii_case("INELIGIBLE_INACTIVE_OR_RESTRICTED")
    {
        reading.stand(&key, &Standing::Stopped);
    }
    for name in ["owner_business_info", "on_behalf_of_business_info"] {
        let owner = answer.member(name).and_then(|owner| owner.member("id"));
        if let Some(owner) = owner.and_then(|id| id.name().ok()).filter(|id| is_id(id)) {
            reading.put(&key, Register::OfPortfolio, Word::text(&owner));
            break;
        }
    }
    for (name, read) in
        [("phone_numbers", number as fn(&mut Reading, &Spot<'_>)), ("message_templates", template)]
    {
        let Some(list) = answer.member(name) else { continue };
        let list = list.member("data").unwrap_or(list);
        for item in list.one_or_more() {
            read(reading, &item);
        }
    }
    health(reading, answer, &Of::Account);
}

pub(crate) fn number(reading: &mut Reading, answer: &Spot<'_>) {
    let shown = answer
        .member("display_phone_number")
        .and_then(|number| number.name().ok())
        .map(|number| digits(&number))
        .filter(|number| (2..=15).contains(&number.len()))
        .map(|number| format!("+{number}"));
    let id = answer.member("id").and_then(|id| id.name().ok()).filter(|id| is_id(id));
    let Some(key) = reading.link_number(shown.as_deref(), id.as_deref()) else { return };
    let score = answer.member("quality_score").map(|score| score.member("score").unwrap_or(score));
    if let Some(quality) = answer.member("quality_rating").or(score) {
        let word = reading.word(Some(quality), "quality", words::QUALITIES, "account.quality");
        reading.tell(&key, Register::Quality, word);
    }
    if let Some(name) = answer.member("name_status") {
        let word =
            reading.word(Some(name), "name status", words::NAME_STATUSES, "account.display_name");
        reading.tell(&key, Register::DisplayName, word);
    }
    if let Some(status) = answer.member("status") {
        let word = reading.word(
            Some(status.clone()),
            "number status",
            words::NUMBER_STATUSES,
            "account.number_status",
        );
        let is_known = !word.is_unknown();
        reading.tell(&key, Register::NumberStatus, word);
        if is_known {
            let banned = status.shown().trim().eq_ignore_ascii_case("BANNED");
            reading.stand(&key, &Standing::NumberBan { banned });
        }
    }
    if let Some(both) = answer.member("is_on_biz_app") {
        let word = both.value.as_bool().map_or(Word::Unknown, Word::Bool);
        reading.tell(&key, Register::Coexistence, word);
    }
    if let Some(limit) = answer.member("messaging_limit_tier") {
        reading.limit(&key, &limit);
    }
    if let Some(limit) = answer.member("whatsapp_business_manager_messaging_limit") {
        let of = if reading.account.is_empty() { key.clone() } else { reading.of_account() };
        reading.limit(&of, &limit);
    }
    health(reading, answer, &Of::Number(key));
}

pub(crate) fn template(reading: &mut Reading, answer: &Spot<'_>) {
    let Some(key) = reading.template(answer) else { return };
    if let Some(status) = answer.member("status") {
        let word = reading.word(
            Some(status),
            "template status",
            words::TEMPLATE_STATUSES,
            "campaign.template.status",
        );
        reading.tell(&key, Register::Status, word);
    }
    let score = answer.member("quality_score").map(|score| score.member("score").unwrap_or(score));
    if let Some(quality) = score {
        let word =
            reading.word(Some(quality), "quality", words::QUALITIES, "campaign.template.quality");
        reading.tell(&key, Register::Quality, word);
    }
    if let Some(category) = answer.member("category") {
        let word = reading.word(Some(category), "category", words::CATEGORIES, "campaign.category");
        reading.tell(&key, Register::Category, word);
    }
    if let Some(coming) = answer.member("correct_category") {
        let word = reading.word(Some(coming), "category", words::CATEGORIES, "campaign.category");
        reading.tell(&key, Register::CorrectCategory, word);
    }
    health(reading, answer, &Of::Template);
}

/// A health state that says itself of what it is: of the entity that has the id of the answer.
pub(crate) fn bare_health(reading: &mut Reading, answer: &Spot<'_>) {
    let status = answer.member("health_status").unwrap_or_else(|| answer.clone());
    let id = answer.member("id").and_then(|id| id.name().ok());
    let entities = status.member("entities").map(|list| list.one_or_more()).unwrap_or_default();
    let own = entities.iter().find(|entity| {
        let entity_id = entity.member("id").and_then(|id| id.name().ok());
        id.is_some() && entity_id == id
    });
    let kind = own.and_then(|own| own.member("entity_type")).map(|kind| kind.shown());
    let of = match (kind.as_deref(), id) {
        (Some("PHONE_NUMBER"), Some(id)) => match reading.link_number(None, Some(&id)) {
            Some(key) => Of::Number(key),
            None => Of::Account,
        },
        (Some("MESSAGE_TEMPLATE"), _) => Of::Template,
        (_, Some(id)) => {
            reading.account = id;
            Of::Account
        }
        (_, None) => Of::Account,
    };
    health(reading, answer, &of);
}

/// Of what an answer with a health state is.
enum Of {
    Account,
    Number(Key),
    Template,
}

/// The health code of an account that is banned.
const BANNED: i64 = 141_014;
/// The health code for a payment that fails: by WhatsApp's own text it stops business-initiated
/// conversations, and nothing else.
const PAYMENT: i64 = 141_006;

/// Whether messages go out, by each of the entities that every message needs. A template's own
/// state is not a state of the account.
fn health(reading: &mut Reading, answer: &Spot<'_>, of: &Of) {
    let Some(status) = answer
        .member("health_status")
        .or_else(|| answer.member("can_send_message").map(|_| answer.clone()))
    else {
        return;
    };
    // What a number's answer says of its account is kept with the number, whose account may not be
    // known yet.
    let (row, own) = match of {
        Of::Number(key) => (key.clone(), Register::Health),
        Of::Account | Of::Template => (reading.of_account(), Register::HealthAccount),
    };
    let mut states: Vec<(Register, Key, Word)> = Vec::new();
    let mut worst_seen = 0;
    let mut payment = false;
    for entity in status.member("entities").map(|list| list.one_or_more()).unwrap_or_default() {
        let kind = entity.member("entity_type").map(|kind| kind.shown().to_ascii_uppercase());
        let id = entity.member("id").and_then(|id| id.name().ok());
        let mut word = state(reading, entity.member("can_send_message"));
        worst_seen = worst_seen.max(rank(&word));
        let mut codes = Vec::new();
        for problem in entity.member("errors").map(|list| list.one_or_more()).unwrap_or_default() {
            match problem.member("error_code").map(|code| code.whole()) {
                Some(Ok(code)) => codes.push(code),
                _ => reading.problem(&error::missing("an error code").at(&problem.path)),
            }
        }
        for code in &codes {
            let account = reading.of_account();
            reading.put(&account, Register::Errors, Word::Int(*code));
            if *code == BANNED {
                reading.stand(&row, &Standing::Ban { since: reading.at });
            }
        }
        if !codes.is_empty() && codes.iter().all(|code| *code == PAYMENT) {
            payment = true;
            word = Word::text("limited");
        }
        let (register, row) = match kind.as_deref() {
            Some("MESSAGE_TEMPLATE") => continue,
            Some("PHONE_NUMBER") => match (of, id) {
                (Of::Number(key), _) => (Register::Health, key.clone()),
                // An id of one digit is a placeholder.
                (_, Some(id)) if is_id(&id) && id.len() > 4 => (Register::Health, Key::number(&id)),
                _ if rank(&word) == 0 => continue,
                _ => (Register::HealthAccount, row.clone()),
            },
            Some("BUSINESS") => (Register::HealthPortfolio, row.clone()),
            Some("APP") => (Register::HealthApp, row.clone()),
            _ => (Register::HealthAccount, row.clone()),
        };
        match states.iter_mut().find(|(known, of, _)| *known == register && *of == row) {
            Some((_, _, known)) => {
                if rank(&word) > rank(known) {
                    *known = word;
                }
            }
            None => states.push((register, row, word)),
        }
    }
    let overall = state(reading, status.member("can_send_message"));
    // The whole is the worst of its parts: where it is worse, a part is missing.
    if states.is_empty() || rank(&overall) > worst_seen {
        states.retain(|(register, of, _)| *register != own || *of != row);
        states.push((own, row.clone(), overall));
    }
    let of_account = |register: Register| register != Register::Health;
    let is_healthy = states.iter().any(|(register, ..)| of_account(*register))
        && states.iter().all(|(register, _, word)| !of_account(*register) || rank(word) == 0);
    for (register, key, word) in states {
        reading.tell(&key, register, word);
    }
    if payment {
        reading.stand(&row, &Standing::Payment);
    } else if is_healthy {
        reading.stand(&row, &Standing::Healthy);
        reading.put(&row, Register::Connection, Word::text("connected"));
    }
}

fn state(reading: &mut Reading, spot: Option<Spot<'_>>) -> Word {
    let Some(spot) = spot else {
        reading.problem(&error::missing("a health state"));
        return Word::Unknown;
    };
    match spot.shown().trim().to_ascii_uppercase().as_str() {
        "AVAILABLE" => Word::text("available"),
        "LIMITED" => Word::text("limited"),
        "BLOCKED" => Word::text("blocked"),
        _ => {
            reading.note("health state", &spot);
            Word::Strange(spot.shown().into())
        }
    }
}

/// From good to bad; a state that is not known may be the worst.
fn rank(word: &Word) -> u8 {
    match word.as_text() {
        Some("available") => 0,
        Some("limited") => 1,
        Some("blocked") => 2,
        _ => 3,
    }
}

/// The answer to a message that was refused.
pub(crate) fn error(reading: &mut Reading, answer: &Spot<'_>) {
    let problem = answer.member("error").unwrap_or_else(|| answer.clone());
    let code = problem.member("code").or_else(|| problem.member("error_code"));
    let key = reading.of_account();
    match code.as_ref().map(Spot::whole) {
        Some(Ok(number)) => {
            let at = reading.at;
            send_error(reading, &key, &key, number, at, code.as_ref());
        }
        _ => reading.doubts(format!("`{}`: an error without a code", problem.path)),
    }
}

/// The account as the caller knows it.
pub(crate) fn base(reading: &mut Reading, account: &Spot<'_>) {
    match checked_base(account) {
        Ok(word) => {
            let key = reading.of_account();
            reading.says.push(format!("account: as given, from {}", reading.at));
            reading.put(&key, Register::Base, word);
        }
        Err(problem) => reading.doubts(problem.to_string()),
    }
}

/// An account in the form of a campaign document.
pub(crate) fn checked_base(account: &Spot<'_>) -> Result<Word, AccountError> {
    let document = json!({ "account": account.object()? }).to_string();
    Facts::from_json_without_send_at(&Schema::built_in(), document.as_bytes())
        .map_err(|problem| error::facts(&problem))?;
    Ok(Word::Json(canonical(account.value).into()))
}
