//! What does an answer of the Graph API say?
//!
//! An answer holds from the instant at which it was read. What it leaves out, it does not tell.
//! Lists that lie within it are read like answers of their own.

use cleartosend::{Facts, Schema, Timestamp};
use serde_json::json;

use crate::book::{Key, Register, Word};
use crate::codes::{self, EffectScope};
use crate::consequence::{self, Consequence};
use crate::effects::{Reading, is_id, link_names, person, send_error, tell_country};
use crate::error::{self, AccountError};
use crate::fields::{Spot, canonical, shown_number};
use crate::fold::Standing;
use crate::other;
use crate::words;

pub(crate) fn account(reading: &mut Reading, answer: &Spot<'_>) {
    let key = reading.of_account();
    other::strange_fields(reading, answer);
    if let Some(review) = answer.stated("account_review_status") {
        let word = reading.word(Some(review), "review status", words::REVIEWS, "account.review");
        reading.tell(&key, Register::Review, word);
    }
    if let Some(verification) = answer.stated("business_verification_status") {
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
    if let Some(name) = answer.member("name") {
        match checked_name(&name) {
            Ok(name) => reading.tell(&key, Register::Name, Word::text(&name)),
            // Nothing is judged by it but whether it imitates others.
            Err(problem) => reading.problem(&problem),
        }
    }
    if let Some(limit) = answer.stated("whatsapp_business_manager_messaging_limit") {
        reading.limit(&key, &limit);
    }
    if let Some(status) = answer.stated("status") {
        stopped_unless_active(reading, &status);
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

/// A business portfolio. What it says holds for all of its accounts.
pub(crate) fn business(reading: &mut Reading, answer: &Spot<'_>) {
    let id = answer.member("id").and_then(|id| id.name().ok()).filter(|id| is_id(id));
    let named = std::mem::take(&mut reading.account);
    let is_of_account = !named.is_empty() && id.as_ref() != Some(&named);
    match &id {
        // For whichever account the caller asked.
        Some(id) if is_of_account => {
            reading.put(&Key::account(&named), Register::OfPortfolio, Word::text(id));
        }
        Some(_) => {}
        None if is_of_account => reading.account.clone_from(&named),
        None => reading.doubts(format!("`{}`: a business without an id", answer.path)),
    }
    reading.portfolio.clone_from(&id);
    let key = reading.of_account();
    other::strange_fields(reading, answer);
    if let Some(status) = answer.stated("verification_status") {
        let word = reading.word(
            Some(status),
            "verification status",
            words::VERIFICATIONS,
            "account.verification",
        );
        reading.tell(&key, Register::Verification, word);
    }
    if let Some(limit) = answer.stated("whatsapp_business_manager_messaging_limit") {
        reading.limit(&key, &limit);
    }
    if let Some(status) = answer.stated("status") {
        stopped_unless_active(reading, &status);
    }
    for (name, is_owned) in
        [("owned_whatsapp_business_accounts", true), ("client_whatsapp_business_accounts", false)]
    {
        let Some(list) = answer.member(name) else { continue };
        let list = list.member("data").unwrap_or(list);
        for item in list.one_or_more() {
            let own = item.member("id").and_then(|id| id.name().ok()).filter(|id| is_id(id));
            let Some(own) = own else {
                reading.doubts(format!("`{}`: an account without an id", item.path));
                continue;
            };
            if let (Some(id), true) = (&id, is_owned) {
                reading.put(&Key::account(&own), Register::OfPortfolio, Word::text(id));
            }
            reading.portfolio = None;
            reading.account = own;
            account(reading, &item);
            reading.portfolio.clone_from(&id);
            reading.account.clear();
        }
    }
    // Its own id is what the health state is of.
    if answer.value.get("health_status").is_some() || answer.value.get("can_send_message").is_some()
    {
        reading.portfolio = None;
        bare_health(reading, answer);
    }
}

/// Of other states of an account than `ACTIVE` nothing is published.
fn stopped_unless_active(reading: &mut Reading, status: &Spot<'_>) {
    if !status.shown().eq_ignore_ascii_case("ACTIVE") {
        let key = reading.of_account();
        reading.note("account status", status);
        reading.stand(&key, &Standing::Stopped);
    }
}

pub(crate) fn number(reading: &mut Reading, answer: &Spot<'_>) {
    let shown = answer
        .member("display_phone_number")
        .and_then(|number| number.name().ok())
        .and_then(|number| shown_number(&number));
    let id = answer.member("id").and_then(|id| id.name().ok()).filter(|id| is_id(id));
    other::strange_fields(reading, answer);
    let Some(key) = reading.link_number(shown.as_deref(), id.as_deref()) else { return };
    if let Some(word) = quality(reading, answer, "account.quality") {
        reading.tell(&key, Register::Quality, word);
    }
    if let Some(name) = answer.stated("name_status") {
        let word =
            reading.word(Some(name), "name status", words::NAME_STATUSES, "account.display_name");
        reading.tell(&key, Register::DisplayName, word);
    }
    if let Some(status) = answer.stated("status") {
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
    if let Some(platform) = answer.member("platform_type")
        && !sends_from(&words::normalised(&platform.shown()), reading.at)
    {
        reading.note("platform of a number that sends", &platform);
        reading.tell(&key, Register::NumberStatus, Word::Unknown);
    }
    if let Some(both) = answer.stated("is_on_biz_app") {
        let word = both.value.as_bool().map_or(Word::Unknown, Word::Bool);
        reading.tell(&key, Register::Coexistence, word);
    }
    if let Some(limit) = answer.stated("messaging_limit_tier") {
        reading.limit(&key, &limit);
    }
    if let Some(limit) = answer.stated("whatsapp_business_manager_messaging_limit") {
        let of = if reading.account.is_empty() { key.clone() } else { reading.of_account() };
        reading.limit(&of, &limit);
    }
    health(reading, answer, &Of::Number(key));
}

/// Whether a number can send from a platform.
fn sends_from(platform: &str, at: Timestamp) -> bool {
    /// The end of the On-Premises API: 2025-10-23.
    const ON_PREMISES_UNTIL: i64 = 1_761_177_600;
    match platform {
        "CLOUD_API" => true,
        "ON_PREMISE" => at.seconds() < ON_PREMISES_UNTIL,
        _ => false,
    }
}

pub(crate) fn template(reading: &mut Reading, answer: &Spot<'_>) {
    other::strange_fields(reading, answer);
    let Some(key) = reading.template(answer) else { return };
    if let Some(status) = answer.stated("status") {
        // Of an account these words are not published, and may be said so.
        let is_stop = ["BANNED", "DISABLED", "SUSPENDED"]
            .iter()
            .any(|word| status.shown().trim().eq_ignore_ascii_case(word));
        let is_template = ["language", "category", "components", "quality_score"];
        if is_stop && !is_template.iter().any(|name| answer.member(name).is_some()) {
            reading.doubts_whose(format!("`{}`: of an account or of a template", status.path));
        }
        let word = reading.word(
            Some(status),
            "template status",
            words::TEMPLATE_STATUSES,
            "campaign.template.status",
        );
        reading.tell(&key, Register::Status, word);
    }
    if let Some(word) = quality(reading, answer, "campaign.template.quality") {
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
    health(reading, answer, &Of::Template(key));
}

/// A quality under one of its two names. Where both are given and differ, it is not known.
fn quality(reading: &mut Reading, answer: &Spot<'_>, path: &str) -> Option<Word> {
    let score = answer.stated("quality_score").map(|score| score.member("score").unwrap_or(score));
    let given: Vec<Spot<'_>> = answer.stated("quality_rating").into_iter().chain(score).collect();
    // A `null` beside a word is the name that this version does not use.
    let stated = given.iter().any(|spot| !spot.value.is_null());
    let mut words = given
        .into_iter()
        .filter(|spot| !stated || !spot.value.is_null())
        .map(|spot| reading.word(Some(spot), "quality", words::QUALITIES, path))
        .collect::<Vec<_>>()
        .into_iter();
    let first = words.next()?;
    if words.all(|other| other == first) {
        return Some(first);
    }
    reading.notes.push(format!("`{}`: two qualities that differ", answer.path));
    Some(Word::Unknown)
}

/// A name as a campaign document may have it.
fn checked_name(name: &Spot<'_>) -> Result<String, AccountError> {
    let text = name.text()?.trim().to_owned();
    let document = json!({ "account": { "name": text } }).to_string();
    Facts::from_json_without_send_at(&Schema::built_in(), document.as_bytes())
        .map_err(|problem| error::facts(&problem))?;
    Ok(text)
}

/// A health state that says itself of what it is: of the entity that has the id of the answer.
pub(crate) fn bare_health(reading: &mut Reading, answer: &Spot<'_>) {
    other::strange_fields(reading, answer);
    let status = answer.member("health_status").unwrap_or_else(|| answer.clone());
    let id = answer.member("id").and_then(|id| id.name().ok());
    let entities = status.member("entities").map(|list| list.one_or_more()).unwrap_or_default();
    let is_form = |entity: &Spot<'_>| {
        entity.member("entity_type").is_some_and(|kind| kind.shown().eq_ignore_ascii_case(FORM))
    };
    if entities.iter().any(is_form) || other::has_members_of_form(answer.value) {
        return health(reading, answer, &Of::Form);
    }
    let own = entities.iter().find(|entity| {
        let entity_id = entity.member("id").and_then(|id| id.name().ok());
        id.is_some() && entity_id == id
    });
    // An id of one digit is a placeholder.
    let is_named = |entity: &Spot<'_>| {
        let id = entity.member("id").and_then(|id| id.name().ok());
        id.is_some_and(|id| is_id(&id) && id.len() > 1)
    };
    if id.is_some() && own.is_none() && entities.iter().any(is_named) {
        reading.doubts(format!("`{}`: no entity has the id of the answer", status.path));
        reading.ends_nothing = true;
    }
    let kind = own.and_then(|own| own.member("entity_type"));
    let kind = kind.map(|kind| kind.shown().to_ascii_uppercase());
    let of = match (kind.as_deref(), id) {
        (Some("PHONE_NUMBER"), Some(id)) => match reading.link_number(None, Some(&id)) {
            Some(key) => Of::Number(key),
            None => Of::Account,
        },
        // By its id alone nobody knows which template it is.
        (Some("MESSAGE_TEMPLATE"), _) => Of::UnnamedTemplate,
        (_, Some(id)) => {
            reading.account = id;
            Of::Account
        }
        (_, None) => Of::Account,
    };
    health(reading, answer, &of);
}

/// What takes part in sending a message.
const ENTITIES: [&str; 5] = ["MESSAGE_TEMPLATE", "PHONE_NUMBER", "BUSINESS", "APP", "WABA"];

/// A form, which messages may open: its own health stops no others.
const FORM: &str = "FLOW";

/// Of what an answer with a health state is.
enum Of {
    Account,
    Number(Key),
    Template(Key),
    UnnamedTemplate,
    Form,
}

/// Whether a health code reports a failed payment: by WhatsApp's own text it stops
/// business-initiated conversations, and nothing else.
fn is_payment(code: i64, at: Timestamp) -> bool {
    matches!(consequence::of(code, at), Some((_, Consequence::Stand(Standing::Payment))))
}

/// Whether messages go out, by each of the entities that every message needs. A template's own
/// state is not a state of the account.
fn health(reading: &mut Reading, answer: &Spot<'_>, of: &Of) {
    if answer.stated("health_status").is_some_and(|status| status.value.is_null()) {
        let (row, register) = match of {
            Of::Number(key) => (key.clone(), Register::Health),
            _ => (reading.of_account(), Register::HealthAccount),
        };
        reading.problem(&error::missing("a health state").at(&answer.path));
        return reading.tell(&row, register, Word::Unknown);
    }
    let Some(status) = answer
        .member("health_status")
        .or_else(|| answer.member("can_send_message").map(|_| answer.clone()))
    else {
        return;
    };
    // The account that the answer itself names, where the caller names none.
    let entities = status.member("entities").map(|list| list.one_or_more()).unwrap_or_default();
    let named = match reading.account.is_empty() {
        true => named_account(reading, answer, &entities, of),
        false => None,
    };
    // What a number's answer says of its account is kept with the number, whose account may not be
    // known yet, unless it is named.
    let (row, own) = match of {
        Of::Number(key) if named.is_none() => (key.clone(), Register::Health),
        _ => (reading.of_account(), Register::HealthAccount),
    };
    let mut states: Vec<(Register, Key, Word)> = Vec::new();
    let mut worst_seen = 0;
    let mut saw_template = false;
    let mut saw_account = false;
    let mut payment = false;
    for entity in entities {
        let kind = entity.member("entity_type").map(|kind| kind.shown().to_ascii_uppercase());
        let id = entity.member("id").and_then(|id| id.name().ok());
        let mut word = state(reading, entity.member("can_send_message"));
        worst_seen = worst_seen.max(rank(&word));
        if kind.as_deref() == Some(FORM) {
            saw_template = true;
            continue;
        }
        let errors = errors(reading, &entity, &row, of);
        payment |= errors.payment_alone;
        // What it stops is said below, and replies go out all the same.
        if errors.payment_alone {
            word = Word::text("available");
        }
        let of_other = kind.as_deref() == Some("WABA")
            && !reading.account.is_empty()
            && account_id(answer, &entity, of).is_some_and(|id| id != reading.account);
        if of_other {
            reading.doubts(format!("`{}`: the health of another account", entity.path));
        }
        let is_known = kind.as_deref().is_some_and(|kind| ENTITIES.contains(&kind));
        if !is_known {
            let kind = error::quoted(kind.as_deref().unwrap_or_default());
            reading.doubts(format!("`{}`: there is no entity type {kind}", entity.path));
        }
        // What is not understood is no good news.
        if (errors.unexplained || of_other || !is_known) && rank(&word) == 0 {
            word = Word::Unknown;
        }
        let (register, row) = match kind.as_deref() {
            Some("MESSAGE_TEMPLATE") => {
                saw_template = true;
                if rank(&word) > rank(&Word::text("limited")) {
                    stopped_template(reading, answer, of);
                }
                continue;
            }
            Some("PHONE_NUMBER") => match (of, id) {
                (Of::Number(key), _) => (Register::Health, key.clone()),
                // An id of one digit is a placeholder.
                (_, Some(id)) if is_id(&id) && id.len() > 1 => (Register::Health, Key::number(&id)),
                _ if rank(&word) == 0 => continue,
                _ => (Register::HealthAccount, row.clone()),
            },
            Some("BUSINESS") => {
                // An id of one digit is a placeholder.
                if let (Of::Account, Some(id)) = (of, id.filter(|id| is_id(id) && id.len() > 1)) {
                    reading.put(&row, Register::OfPortfolio, Word::text(&id));
                }
                (Register::HealthPortfolio, row.clone())
            }
            Some("APP") => (Register::HealthApp, row.clone()),
            Some("WABA") => {
                saw_account = true;
                (Register::HealthAccount, row.clone())
            }
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
    let mut overall = state(reading, status.member("can_send_message"));
    let errors = errors(reading, &status, &row, of);
    if errors.payment_alone {
        payment = true;
        overall = Word::text("available");
    } else if errors.unexplained && rank(&overall) == 0 {
        overall = Word::Unknown;
    }
    let overall_word = overall.clone();
    // The whole is the worst of its parts: where it is worse, a part is missing.
    let is_of_template = states.is_empty() && saw_template && rank(&overall) <= worst_seen;
    // Without its parts, it is a word of the node that answers: of an account where the answer has
    // its id. Of another node it may be good while the account stands still.
    let is_own_node = match of {
        Of::Number(_) => true,
        Of::Account => {
            let id = answer.member("id").and_then(|id| id.name().ok());
            id.is_some_and(|id| id == reading.account)
        }
        Of::Template(_) | Of::UnnamedTemplate | Of::Form => false,
    };
    let is_of_any = states.is_empty() && !is_of_template && !is_own_node;
    if is_of_any && rank(&overall) == rank(&Word::text("available")) {
        reading.notes.push(format!("`{}`: the health of nothing that is named", status.path));
    } else if is_of_any && rank(&overall) == rank(&Word::text("limited")) {
        reading.doubts(format!("`{}`: the health of nothing that is named", status.path));
    } else if states.is_empty() && !is_of_template || rank(&overall) > worst_seen {
        states.retain(|(register, of, _)| *register != own || *of != row);
        states.push((own, row.clone(), overall));
    }
    let of_account = |register: Register| register != Register::Health;
    // Where the template alone is stopped, the account is not; but nothing says that it was lifted.
    // Nor does a state in which the account itself is not named.
    let is_healthy = !payment
        && saw_account
        && rank(&overall_word) == 0
        && states.iter().any(|(register, ..)| of_account(*register))
        && states.iter().all(|(register, _, word)| !of_account(*register) || rank(word) == 0);
    for (register, key, word) in states {
        reading.tell(&key, register, word);
    }
    if payment {
        reading.stand(&row, &Standing::Payment);
    } else if is_healthy {
        reading.stand(&row, &Standing::Healthy);
        reading.put(&row, Register::Connection, Word::text("available"));
    }
    // Where it is another account's number, that shows and ends nothing.
    if let (Of::Number(number), Some(account)) = (of, named) {
        reading.name_beside(number, &account, true);
        reading.put(number, Register::NamedUnder, Word::text(&account));
    }
}

/// The id of an account that takes part. An id of one digit is a placeholder, and that of the number
/// or the template which answers is no account's.
fn account_id(answer: &Spot<'_>, entity: &Spot<'_>, of: &Of) -> Option<String> {
    let id_of = |spot: &Spot<'_>| spot.member("id").and_then(|id| id.name().ok());
    let is_own = |id: &String| !matches!(of, Of::Account) && id_of(answer).as_ref() == Some(id);
    id_of(entity).filter(|id| is_id(id) && id.len() > 1 && !is_own(id))
}

/// The account that a health state names, from now on that of the reading. Of several, whose it is
/// nobody knows.
fn named_account(
    reading: &mut Reading,
    answer: &Spot<'_>,
    entities: &[Spot<'_>],
    of: &Of,
) -> Option<String> {
    let is_account = |entity: &&Spot<'_>| {
        entity.member("entity_type").is_some_and(|kind| kind.shown().eq_ignore_ascii_case("WABA"))
    };
    let accounts = entities.iter().filter(is_account);
    let mut ids = accounts.filter_map(|entity| account_id(answer, entity, of));
    let account = ids.next()?;
    if matches!(of, Of::Account) && ids.any(|other| other != account) {
        reading.doubts("the health of several accounts".to_owned());
        reading.ends_nothing = true;
        return None;
    }
    reading.account.clone_from(&account);
    Some(account)
}

/// What the errors beside a health state say.
struct Errors {
    /// That a payment fails, and nothing else.
    payment_alone: bool,
    /// Something that nobody can explain.
    unexplained: bool,
}

fn errors(reading: &mut Reading, spot: &Spot<'_>, row: &Key, of: &Of) -> Errors {
    let account = reading.of_account();
    let mut codes = Vec::new();
    let mut unexplained = false;
    for problem in spot.member("errors").map(|list| list.one_or_more()).unwrap_or_default() {
        let spot = problem.member("error_code").or_else(|| problem.member("code"));
        let Some(code) = spot.as_ref().and_then(|code| code.whole().ok()) else {
            unexplained = true;
            reading.doubts(format!("`{}`: a health error without a code", problem.path));
            continue;
        };
        codes.push(code);
        if codes::explain(code).is_none() {
            unexplained = true;
            if let Some(spot) = &spot {
                reading.note("error code", spot);
            }
            reading.put(row, Register::SendErrors, Word::Int(code));
        }
        reading.put(&account, Register::Errors, Word::Int(code));
        match consequence::of(code, reading.at) {
            // A payment counts where it is all that stands in the way.
            Some((_, Consequence::Stand(Standing::Payment))) | None => {}
            Some((_, Consequence::Stand(standing))) => reading.stand(row, &standing),
            Some((EffectScope::Number, Consequence::Tell(register, word))) => {
                if let Of::Number(number) = of {
                    reading.tell(number, register, word);
                }
            }
            Some((_, Consequence::Tell(register, word))) => {
                reading.tell(&account, register, word);
            }
            // What stops messages says the state itself.
            Some((_, Consequence::Look { .. } | Consequence::Mark(_))) => {}
        }
    }
    let payment_alone =
        !unexplained && !codes.is_empty() && codes.iter().all(|code| is_payment(*code, reading.at));
    Errors { payment_alone, unexplained }
}

/// A template that does not go out. What its status says of that counts, where it is given too.
fn stopped_template(reading: &mut Reading, answer: &Spot<'_>, of: &Of) {
    match of {
        Of::Template(key) => {
            let status = answer.member("status").and_then(|status| status.value.as_str());
            let says = status.and_then(|status| words::of(words::TEMPLATE_STATUSES, status));
            if says.is_none_or(|words| words.contains(&"approved")) {
                reading.tell(key, Register::Status, Word::Unknown);
            }
        }
        Of::Account | Of::Number(_) | Of::UnnamedTemplate | Of::Form => {
            reading.doubts("a template that is not named cannot be sent".to_owned());
        }
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

/// The answer to a message that was refused, and the recipient of the message.
pub(crate) fn error(
    reading: &mut Reading,
    answer: &Spot<'_>,
    at: Option<Timestamp>,
    recipient: &[Spot<'_>],
) {
    let Some(at) = at else {
        return reading.doubts(error::no_time().to_string());
    };
    let given = ["error", "errors"].iter().filter_map(|name| answer.member(name));
    let mut problems: Vec<Spot<'_>> = given.flat_map(|list| list.one_or_more()).collect();
    if problems.is_empty() {
        problems.push(answer.clone());
    }
    for problem in problems {
        refusal(reading, &problem, at, recipient);
    }
}

fn refusal(reading: &mut Reading, problem: &Spot<'_>, at: Timestamp, recipient: &[Spot<'_>]) {
    let code = problem.member("code").or_else(|| problem.member("error_code"));
    let key = reading.of_account();
    let Some(number) = code.as_ref().and_then(|code| code.whole().ok()) else {
        return reading.doubts(format!("`{}`: an error without a code", problem.path));
    };
    send_error(reading, &key, &key, number, at, code.as_ref());
    let names: Vec<Option<Spot<'_>>> = recipient.iter().cloned().map(Some).collect();
    let Some((_, Consequence::Mark(register))) = consequence::of(number, at) else {
        return link_names(reading, at, &names);
    };
    match person(reading, at, &names) {
        Some(person) => {
            reading.tell_at(&person, register, at, Word::Bool(true));
            reading.doubts_names(&names);
        }
        None => reading.doubts(
            "refused for a person whom neither `to` nor `recipient` beside the answer names"
                .to_owned(),
        ),
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
