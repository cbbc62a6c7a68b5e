//! What does it say that a message failed?

use cleartosend::Timestamp;
use serde_json::Value;

use super::person::{
    changed_id, is_user_id, link_names, moved, person, preferences, user_id_updates, with_contacts,
};
use super::reading::{Dated, Reading};
use crate::book::{Key, Point, Register, Word};
use crate::codes::{self, EffectScope};
use crate::consequence::{self, Consequence};
use crate::error;
use crate::fields::Spot;
use crate::other::{self, SystemMessage};

/// What failed, and changes of persons' numbers. Of a message nothing else is read.
pub(super) fn messages(reading: &mut Reading, value: &Spot<'_>, entry: Option<Timestamp>) {
    /// What a value under the label of messages has.
    const PARTS: [&str; 13] = [
        "calls",
        "contacts",
        "error",
        "errors",
        "from",
        "groups",
        "history",
        "message_echoes",
        "messages",
        "state_sync",
        "statuses",
        "user_id_update",
        "user_preferences",
    ];
    let mut seen = reading.doubt.is_some();
    let known: Vec<&str> =
        PARTS.iter().chain(&["messaging_product", "metadata"]).copied().collect();
    let strange = other::strange_members(value.value, &known);
    let is_of_account = |name: &&&str| {
        value.value.get(**name).is_some_and(|strange| other::tells_of_stop(name, strange))
    };
    if let Some(name) = strange.iter().find(is_of_account) {
        seen = true;
        reading.doubts(format!("there is no member {} of messages", error::quoted(name)));
    }
    reading.notes.extend(other::not_read(&strange));
    if !PARTS.iter().any(|name| value.value.get(name).is_some()) {
        seen = true;
        reading.doubts("neither a message nor a status".to_owned());
    }
    for status in value.stated("statuses").map(|list| list.one_or_more()).unwrap_or_default() {
        let errors = match failed(&status) {
            Failed::No => continue,
            Failed::For(errors) => errors,
            // Something failed, and nobody says why.
            Failed::Silently => vec![status.clone()],
            Failed::Unclear => {
                seen = true;
                reading.doubts(format!("`{}`: a status that nobody knows", status.path));
                continue;
            }
        };
        seen = true;
        let dated = reading.moment_of(&status);
        let Some(at) = dated.map(|(at, _)| at).or(entry) else {
            if !errors.iter().all(leaves_nothing) {
                reading.doubts(error::no_time().at(&status.path).to_string());
            }
            continue;
        };
        let is_ahead = dated.is_some_and(|(_, is_ahead)| is_ahead);
        let later = if is_ahead { later_than(reading, &status, at) } else { None };
        let names = ["recipient_id", "recipient_user_id", "parent_recipient_user_id"];
        let mut names: Vec<_> = names.iter().map(|name| status.member(name)).collect();
        with_contacts(value, &mut names);
        for problem in errors {
            failure(reading, value, &problem, at, &names);
        }
        // What the envelope's time bounds may be as late as it says: until then it is withheld too.
        if let Some(later) = later {
            let withheld = |(key, point): &(Key, Point)| {
                (point.register == Register::Withheld && point.at == at).then(|| key.clone())
            };
            let keys: Vec<Key> = reading.points.iter().filter_map(withheld).collect();
            for key in keys {
                reading.tell_at(&key, Register::Withheld, later, Word::Bool(true));
            }
        }
    }
    // Errors that belong to no message.
    let errors = ["errors", "error"].iter().filter_map(|name| value.member(name));
    for problem in errors.flat_map(|list| list.one_or_more()) {
        seen = true;
        match entry {
            Some(at) => failure(reading, value, &problem, at, &[]),
            None if leaves_nothing(&problem) => {}
            None => reading.doubts(error::no_time().at(&problem.path).to_string()),
        }
    }
    for message in value.member("messages").map(|list| list.one_or_more()).unwrap_or_default() {
        let is_system = |kind: Spot<'_>| kind.value.as_str() == Some("system");
        let Some(system) = message.member("system").filter(|system| system.value.is_object())
        else {
            if message.member("system").is_some() || message.member("type").is_some_and(is_system) {
                seen = true;
                reading.doubts(format!("`{}`: a message of the system", message.path));
            }
            continue;
        };
        let at = reading.moment_of(&message).map(|(at, _)| at).or(entry);
        let kind = system.member("type").map(|kind| kind.shown());
        let says = other::system_message(kind.as_deref());
        seen |= says != SystemMessage::SamePerson;
        match says {
            SystemMessage::SamePerson => continue,
            SystemMessage::OtherNumber => {}
            SystemMessage::OtherUserId => {
                other_user_id(reading, at, &message, &system);
                continue;
            }
            SystemMessage::OfPerson | SystemMessage::Unknown => {
                let kind = error::quoted(kind.as_deref().unwrap_or_default());
                let why = format!("`{}`: there is no event {kind}", system.path);
                match (says, at) {
                    (SystemMessage::OfPerson, Some(at)) => {
                        strange_of_person(reading, at, &message, &system, why);
                    }
                    _ => reading.doubts(why),
                }
                continue;
            }
        }
        let old = message.member("from").or_else(|| system.member("customer"));
        let new = system.member("wa_id").or_else(|| system.member("new_wa_id"));
        match (at, old, new) {
            (Some(at), Some(old), Some(new)) => moved(reading, at, &old, &new),
            _ => reading.doubts(format!("`{}`: a number that changed, and not how", system.path)),
        }
    }
    // Some senders put all that concerns people under one label.
    if value.member("user_preferences").is_some() {
        seen = true;
        preferences(reading, value, entry);
    }
    if value.member("user_id_update").is_some() {
        seen = true;
        user_id_updates(reading, value, entry);
    }
    reading.passed = !seen;
}

/// By its own word when a message failed, where that is later than the envelope was sent, and not
/// later than it was received nor by more days than WhatsApp tries again.
fn later_than(reading: &Reading, status: &Spot<'_>, at: Timestamp) -> Option<Timestamp> {
    const DAYS_SECONDS: i64 = 7 * 86_400;
    let own = status.member("timestamp")?.moment().ok()?;
    let is_near = own.seconds().saturating_sub(at.seconds()) <= DAYS_SECONDS;
    let is_received = matches!(reading.dated(own), Dated::At(_));
    (is_near && is_received).then_some(own)
}

/// Something is told of a person, and nobody knows what: it may be that marketing stops.
fn strange_of_person(
    reading: &mut Reading,
    at: Timestamp,
    message: &Spot<'_>,
    system: &Spot<'_>,
    why: String,
) {
    let names = ["from", "user_id"].map(|name| message.member(name));
    let beside = ["customer", "wa_id", "new_wa_id", "user_id"].map(|name| system.member(name));
    let names: Vec<_> = names.into_iter().chain(beside).collect();
    match person(reading, at, &names) {
        Some(person) => {
            reading.notes.push(why);
            let word = Word::Strange("system message".into());
            reading.tell_at(&person, Register::Stopped, at, word);
            reading.doubts_names(&names);
        }
        None => reading.doubts(why),
    }
}

/// A person has another user id.
fn other_user_id(
    reading: &mut Reading,
    at: Option<Timestamp>,
    message: &Spot<'_>,
    system: &Spot<'_>,
) {
    let of = |names: &[&str]| names.iter().find_map(|name| system.member(name));
    let current = of(&["user_id", "new_user_id", "current_user_id"]);
    let previous = of(&["previous_user_id", "old_user_id"]).or_else(|| message.member("user_id"));
    let Some(at) = at else {
        return reading.doubts(error::no_time().at(&system.path).to_string());
    };
    let of_body = match (&previous, &current) {
        (None, Some(current)) => former_id(system, current),
        _ => None,
    };
    let of_body = of_body.map(Value::from);
    let previous = previous
        .or_else(|| of_body.as_ref().map(|id| Spot::new(id, &format!("{}.body", system.path))));
    changed_id(reading, at, system, current.as_ref(), previous.as_ref());
    let names = [current, previous, message.member("from"), system.member("wa_id")];
    if person(reading, at, &names).is_some() {
        reading.says.push(format!("`{}`: another user id from {at}", system.path));
    }
}

/// The former user id by WhatsApp's own sentence, `User NAME changed from ES.1 to ES.2`: the one
/// that is not the present.
fn former_id(system: &Spot<'_>, current: &Spot<'_>) -> Option<String> {
    let current = current.name().ok()?;
    let body = system.member("body")?.value.as_str()?;
    let words = body.split_whitespace();
    let words = words.map(|word| word.trim_matches(|letter: char| !letter.is_ascii_alphanumeric()));
    let mut ids = words.filter(|word| is_user_id(word) && *word != current);
    let only = ids.next()?;
    ids.all(|other| other == only).then(|| only.to_owned())
}

/// Whether a message failed.
enum Failed<'v> {
    No,
    /// For these errors.
    For(Vec<Spot<'v>>),
    /// Without an error.
    Silently,
    /// By a word that no page has.
    Unclear,
}

fn failed<'v>(status: &Spot<'v>) -> Failed<'v> {
    const FARED: [&str; 9] = [
        "sent",
        "delivered",
        "read",
        "played",
        "deleted",
        "accepted",
        "pending",
        "warning",
        "held_for_quality_assessment",
    ];
    let errors = status.member("errors").or_else(|| status.member("error"));
    let errors = errors.map(|errors| errors.one_or_more()).unwrap_or_default();
    if !errors.is_empty() {
        return Failed::For(errors);
    }
    if !status.value.is_object() {
        return Failed::Unclear;
    }
    // A payment or a call that failed is no message that failed.
    let kind = status.member("type").map(|kind| kind.shown().to_ascii_lowercase());
    if kind.is_some_and(|kind| kind == "payment" || kind == "call") {
        return Failed::No;
    }
    match status.member("status").map(|word| word.shown().to_ascii_lowercase()) {
        None => Failed::Unclear,
        Some(word) if FARED.contains(&word.as_str()) => Failed::No,
        Some(word) if word == "failed" => Failed::Silently,
        Some(_) => Failed::Unclear,
    }
}

/// Whether an error has a code that leaves nothing behind, whenever it came.
fn leaves_nothing(problem: &Spot<'_>) -> bool {
    let code = problem.member("code").or_else(|| problem.member("error_code"));
    let code = code.and_then(|code| code.whole().ok());
    code.is_some_and(|code| consequence::of(code, Timestamp::MIN).is_none())
}

/// Why a message failed.
fn failure(
    reading: &mut Reading,
    value: &Spot<'_>,
    problem: &Spot<'_>,
    at: Timestamp,
    names: &[Option<Spot<'_>>],
) {
    let account = reading.of_account();
    let code = problem.member("code").or_else(|| problem.member("error_code"));
    let number = code.as_ref().and_then(|code| code.whole().ok());
    let Some(number) = number else {
        match &code {
            Some(code) => reading.note("error code", code),
            None => reading.problem(&error::missing("an error code").at(&problem.path)),
        }
        let word = Word::Strange(code.map(|code| code.shown()).unwrap_or_default().into());
        reading.put_at(&account, Register::SendErrors, at, word);
        // It may have been that the person stopped marketing, or anything.
        match person(reading, at, names) {
            Some(person) => {
                let word = Word::Strange("error".into());
                reading.tell_at(&person, Register::Stopped, at, word);
            }
            None => reading.doubts(format!("`{}`: an error without a code", problem.path)),
        }
        return;
    };
    let known = consequence::of(number, at);
    let through = match &known {
        Some((EffectScope::Number, _)) => {
            metadata(reading, value, at).unwrap_or_else(|| account.clone())
        }
        Some((_, Consequence::Mark(_))) | None => account.clone(),
        // Whose number it went through is told by the metadata, whatever entry it came in.
        Some(_) => {
            metadata(reading, value, at);
            account.clone()
        }
    };
    send_error(reading, &account, &through, number, at, code.as_ref());
    let Some((_, Consequence::Mark(register))) = known else {
        // It says nothing of the person but which names are one.
        return link_names(reading, at, names);
    };
    match person(reading, at, names) {
        Some(person) => {
            reading.tell_at(&person, register, at, Word::Bool(true));
            reading.doubts_names(names);
        }
        None => reading.doubts(format!("`{}`: a failure to nobody who is named", problem.path)),
    }
}

/// The number that messages went through, linked to its account; none where it is not named.
fn metadata(reading: &mut Reading, value: &Spot<'_>, at: Timestamp) -> Option<Key> {
    let metadata = value.member("metadata")?;
    let (doubt, notes) = (reading.doubt.clone(), reading.notes.len());
    let before = std::mem::replace(&mut reading.at, at);
    let number = reading.number(&metadata);
    reading.at = before;
    reading.doubt = doubt;
    reading.notes.truncate(notes);
    number
}

/// What a code of a message that was not sent says of the account, or of the number that it went
/// through.
pub(crate) fn send_error(
    reading: &mut Reading,
    account: &Key,
    through: &Key,
    code: i64,
    at: Timestamp,
    spot: Option<&Spot<'_>>,
) {
    if codes::explain(code).is_none()
        && let Some(spot) = spot
    {
        reading.note("error code", spot);
    }
    let (scope, known) = consequence::of(code, at).unzip();
    match known {
        Some(Consequence::Look { .. }) => {
            reading.tell_at(account, Register::Errors, at, Word::Int(code));
            reading.put_at(through, Register::SendErrors, at, Word::Int(code));
        }
        // Restricted, disabled or locked: the code does not tell which, nor until when.
        Some(Consequence::Stand(standing)) => {
            reading.tell_at(account, Register::Errors, at, Word::Int(code));
            let before = std::mem::replace(&mut reading.at, at);
            reading.stand(account, &standing);
            reading.at = before;
        }
        Some(Consequence::Tell(register, word)) => {
            reading.tell_at(through, register, at, word);
            // What is of a number says nothing of an account.
            if scope == Some(EffectScope::Number) && !matches!(through, Key::Number(_)) {
                reading.doubts(format!("the error code {code} of a number that is not named"));
            }
        }
        Some(Consequence::Mark(_)) | None => {}
    }
}
