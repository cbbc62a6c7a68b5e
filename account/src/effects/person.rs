//! What does an event say of a person?

use cleartosend::Timestamp;

use super::reading::Reading;
use crate::book::{Key, Register, Word};
use crate::error;
use crate::fields::{Spot, digits, user_of};

/// The word for a person who has marketing again.
pub(crate) const RESUMED: &str = "resumed";

/// One item a preference, without the recipient's name, which says nothing of the account.
pub(super) fn preferences(reading: &mut Reading, value: &Spot<'_>, entry: Option<Timestamp>) {
    let items = match value.member("user_preferences") {
        Some(items) => items.one_or_more(),
        None => vec![value.clone()],
    };
    for item in items {
        let dated = reading.moment_of(&item);
        let is_ahead = dated.is_some_and(|(_, is_ahead)| is_ahead);
        let at = dated.map(|(at, _)| at).or(entry);
        let mut names: Vec<_> =
            ["wa_id", "user_id", "parent_user_id"].iter().map(|name| item.member(name)).collect();
        with_contacts(value, &mut names);
        let Some(at) = at else {
            reading.doubts(error::no_time().at(&item.path).to_string());
            continue;
        };
        let Some(person) = person(reading, at, &names) else {
            reading.doubts(format!("`{}`: a preference of nobody who is named", item.path));
            continue;
        };
        let category = item.member("category").map(|category| category.shown());
        let choice = item.member("value");
        let is_marketing = category
            .as_deref()
            .is_some_and(|category| category.eq_ignore_ascii_case("marketing_messages"));
        let word = match choice.as_ref().map(|choice| choice.shown().to_ascii_lowercase()) {
            Some(choice) if is_marketing && choice == "stop" => Word::Bool(true),
            Some(choice) if is_marketing && (choice == "resume" || choice == "signup") => {
                // Of a day that has not come, nothing resumes.
                if is_ahead { Word::Unknown } else { Word::text(RESUMED) }
            }
            _ => {
                if let Some(category) = item.member("category").filter(|_| !is_marketing) {
                    reading.note("category", &category);
                } else if let Some(choice) = &choice {
                    reading.note("preference", choice);
                }
                Word::Strange(choice.map(|choice| choice.shown()).unwrap_or_default().into())
            }
        };
        reading.tell_at(&person, Register::Stopped, at, word);
        reading.doubts_names(&names);
    }
}

/// Adds the other names of a person that a list of contacts beside the event gives.
pub(super) fn with_contacts<'v>(value: &Spot<'v>, names: &mut Vec<Option<Spot<'v>>>) {
    let read = |spot: &Spot<'_>| spot.name().ok().and_then(|text| name_of(&text));
    let contacts = value.member("contacts").map(|list| list.one_or_more()).unwrap_or_default();
    for contact in contacts {
        let of = ["wa_id", "user_id", "parent_user_id"].map(|name| contact.member(name));
        let is_same = of
            .iter()
            .flatten()
            .filter_map(read)
            .any(|name| names.iter().flatten().filter_map(read).any(|known| known == name));
        if is_same {
            names.extend(of);
        }
    }
}

pub(super) fn user_id_updates(reading: &mut Reading, value: &Spot<'_>, entry: Option<Timestamp>) {
    let items = match value.member("user_id_update") {
        Some(items) => items.one_or_more(),
        None => vec![value.clone()],
    };
    for item in items {
        let at = reading.moment_of(&item).map(|(at, _)| at).or(entry);
        let Some(at) = at else {
            reading.doubts(error::no_time().at(&item.path).to_string());
            continue;
        };
        let of = |name: &str, which: &str| item.member(name).and_then(|ids| ids.member(which));
        let names = [
            item.member("wa_id"),
            of("user_id", "current"),
            of("user_id", "previous"),
            of("parent_user_id", "current"),
            of("parent_user_id", "previous"),
        ];
        let has_pair = |name: &str| item.stated(name).is_some();
        if !has_pair("user_id") && !has_pair("parent_user_id") {
            reading.doubts(format!("`{}`: a user id that changed, and not how", item.path));
        }
        for name in ["user_id", "parent_user_id"].into_iter().filter(|name| has_pair(name)) {
            let (current, previous) = (of(name, "current"), of(name, "previous"));
            changed_id(reading, at, &item, current.as_ref(), previous.as_ref());
        }
        match person(reading, at, &names) {
            Some(person) => {
                // User ids are never given to another person.
                let ids: Vec<String> = [&names[1], &names[2]]
                    .into_iter()
                    .flatten()
                    .filter_map(|id| id.name().ok())
                    .collect();
                if let [current, previous] = ids.as_slice() {
                    let sender = reading.account.clone();
                    link(reading, at, &Key::recipient(&sender, current), previous);
                    link(reading, at, &Key::recipient(&sender, previous), current);
                }
                if let Key::Recipient { id, .. } = &person {
                    reading.says.push(format!("recipient {id}: another user id from {at}"));
                }
            }
            None => reading.doubts(format!("`{}`: a user id of nobody who is named", item.path)),
        }
    }
}

/// A user id that changed, where one of the two cannot be read: of whoever has the new one it is
/// not known what was known under the old; who has an unknown one may be anybody.
pub(super) fn changed_id(
    reading: &mut Reading,
    at: Timestamp,
    item: &Spot<'_>,
    current: Option<&Spot<'_>>,
    previous: Option<&Spot<'_>>,
) {
    let read = |spot: Option<&Spot<'_>>| {
        spot.and_then(|spot| spot.name().ok()).filter(|text| is_user_id(text))
    };
    match (read(current), read(previous)) {
        (Some(_), Some(_)) => {}
        (Some(current), None) => {
            let key = Key::recipient(&reading.account, &current);
            reading.notes.push(format!("`{}`: the former user id is not known", item.path));
            reading.tell_at(&key, Register::Stopped, at, Word::Strange("former user id".into()));
        }
        (None, _) => {
            reading.doubts(format!("`{}`: a user id that changed, and not how", item.path));
        }
    }
}

/// A person's number changed: what was known under the old one goes along. The old one may be
/// somebody else's one day, so that nothing goes back.
pub(super) fn moved(reading: &mut Reading, at: Timestamp, old: &Spot<'_>, new: &Spot<'_>) {
    let read = |spot: &Spot<'_>| spot.name().ok().and_then(|text| name_of(&text));
    let (Some(was), Some(is)) = (read(old), read(new)) else {
        return reading.doubts(format!("`{}`: a number that changed, and not how", new.path));
    };
    if !was.starts_with('+') || !is.starts_with('+') {
        // A user id stays with the person.
        person(reading, at, &[Some(old.clone()), Some(new.clone())]);
        return;
    }
    let (old, new) = (was, is);
    if old == new {
        return;
    }
    let key = Key::recipient(&reading.account, &new);
    reading.says.push(format!("recipient {new}: was {old} until {at}"));
    reading.put_at(&key, Register::Was, at, Word::text(&old));
}

/// The person whom an event names by a number and by user ids. All of the names are linked: what is
/// known under one is known under all.
pub(crate) fn person(
    reading: &mut Reading,
    at: Timestamp,
    names: &[Option<Spot<'_>>],
) -> Option<Key> {
    let mut known: Vec<String> = Vec::new();
    for spot in names.iter().flatten() {
        let Some(name) = spot.name().ok().and_then(|text| name_of(&text)) else {
            reading.note("name of a person", spot);
            continue;
        };
        if !known.contains(&name) {
            known.push(name);
        }
    }
    let first = known.first()?.clone();
    let sender = reading.account.clone();
    for other in known.iter().skip(1) {
        link(reading, at, &Key::recipient(&sender, &first), other);
        link(reading, at, &Key::recipient(&sender, other), &first);
    }
    Some(Key::recipient(&sender, &first))
}

/// Links the names of a person of whom nothing else is said. They are linked whatever is known of
/// the person: a stop may come later than this, and the order of events makes no difference.
pub(crate) fn link_names(reading: &mut Reading, at: Timestamp, names: &[Option<Spot<'_>>]) {
    let read = |spot: &Spot<'_>| spot.name().ok().and_then(|text| name_of(&text));
    let readable: Vec<Option<Spot<'_>>> =
        names.iter().flatten().filter(|spot| read(spot).is_some()).cloned().map(Some).collect();
    person(reading, at, &readable);
}

/// How a person is asked for: by a number with its country code, or by a user id. None for what is
/// neither, such as a group or a number of no country.
pub(crate) fn name_of(text: &str) -> Option<String> {
    let text = user_of(text)?;
    if is_user_id(text) {
        return Some(text.to_owned());
    }
    let is_of_number = |letter: char| {
        letter.is_ascii_digit() || matches!(letter, '+' | ' ' | '-' | '(' | ')' | '.' | '\u{a0}')
    };
    if !text.chars().all(is_of_number) {
        return None;
    }
    let digits = digits(text);
    let number = match text.trim_start().strip_prefix("00") {
        Some(_) => digits.strip_prefix("00")?,
        None => &digits,
    };
    // No country code begins with a zero.
    let is_number = (5..=15).contains(&number.len()) && !number.starts_with('0');
    is_number.then(|| format!("+{number}"))
}

/// Whether a text is a user id: a country, a dot, and letters and digits.
pub(super) fn is_user_id(text: &str) -> bool {
    text.split_once('.').is_some_and(|(country, id)| {
        country.len() == 2
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
            && !id.is_empty()
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
    })
}

impl Reading {
    /// A person is named in a form that cannot be read, and a check may name them so.
    pub(crate) fn doubts_names(&mut self, names: &[Option<Spot<'_>>]) {
        let is_strange =
            |spot: &&Spot<'_>| spot.name().ok().and_then(|text| name_of(&text)).is_none();
        if let Some(strange) = names.iter().flatten().find(is_strange) {
            self.doubts(format!("`{}`: no name of a person", strange.path));
        }
    }
}

fn link(reading: &mut Reading, at: Timestamp, key: &Key, other: &str) {
    reading.put_at(key, Register::SameAs, at, Word::text(other));
}
