//! A page that does not say who recipients are.

use serde_json::{Map, Value};

use crate::error::RecordError;
use crate::mask::{self, Mask};
use crate::record::{MASK_PREFIX, NAMES};

/// The document with keyed hashes in place of numbers and user ids, and of the digests by which
/// these could be guessed.
pub(super) fn names(document: Value, mask: &Mask) -> Result<Value, RecordError> {
    let Some(facts) = document.get("record").and_then(|_| document.get("facts")) else {
        // Whose facts are not there: every number in it is hidden.
        let document = without_digests(numbers(document, mask), mask);
        return Ok(without_bad_values(without_place(document, mask)));
    };
    let names: Vec<(String, String)> = NAMES
        .iter()
        .filter_map(|path| Some((path, facts.get(*path)?.as_str()?)))
        .filter(|(_, name)| !name.starts_with(MASK_PREFIX))
        .map(|(path, name)| (name.to_owned(), mask.hide(path, name)))
        .collect();
    let pairs: Vec<(&str, &str)> =
        names.iter().map(|(name, hash)| (name.as_str(), hash.as_str())).collect();
    let mut document = mask::replaced(document, &pairs);
    if !names.is_empty() {
        for (place, path) in [("/decision/digest", "decision.digest"), ("/digest", "digest")] {
            if let Some(digest) = document.pointer_mut(place) {
                let hash = digest.as_str().map(|digest| mask.hide(path, digest));
                *digest = hash.map_or(Value::Null, Value::from);
            }
        }
    }
    if let Some(screening) = document.get_mut("screening") {
        *screening = mask::without_values(screening.take());
    }
    if let Some(members) = document.as_object() {
        let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        mask::refuse_names(members, &names)?;
    }
    Ok(document)
}

/// A decision or an explanation without the digest of the decision, which covers the number: all
/// else that it covers can be known, so that whoever tries every number would find the right one.
/// That of a campaign by itself covers none. So do digests that verifying came to.
fn without_digests(mut document: Value, mask: &Mask) -> Value {
    for place in ["", "/decision"] {
        let Some(decision) = document.pointer_mut(place).and_then(Value::as_object_mut) else {
            continue;
        };
        let is_decision = decision.get("findings").is_some_and(Value::is_array);
        let is_of_nobody = decision.get("scope").is_some_and(|scope| scope == "campaign");
        if let Some(digest) = decision.get_mut("digest").filter(|_| is_decision && !is_of_nobody) {
            let hash = digest.as_str().map(|digest| mask.hide("decision.digest", digest));
            *digest = hash.map_or(Value::Null, Value::from);
        }
    }
    let reasons = document.get_mut("reasons").and_then(Value::as_array_mut);
    for reason in reasons.into_iter().flatten() {
        if let Value::String(text) = reason {
            *text = difference(text, mask);
        }
    }
    document
}

/// What a record contradicts itself in, without a number and without a digest over one.
pub(super) fn difference(text: &str, mask: &Mask) -> String {
    const DIGEST: &str = "sha256:";
    let text = without_numbers(text, mask);
    let over = ["digest", "decision.digest"];
    let Some(path) = over.into_iter().find(|path| text.starts_with(&format!("`{path}` is ")))
    else {
        return text;
    };
    let words: Vec<String> = text
        .split(' ')
        .map(|word| {
            let (digest, end) = word.strip_suffix(',').map_or((word, ""), |digest| (digest, ","));
            match digest.starts_with(DIGEST) {
                true => mask.hide(path, digest) + end,
                false => word.to_owned(),
            }
        })
        .collect();
    words.join(" ")
}

/// The name of a document, or nothing of a name that may be a recipient's number.
pub(super) fn place(place: &str, mask: &Mask) -> String {
    match mask::is_like_a_number(place) {
        true => mask.hide("place", place),
        false => place.to_owned(),
    }
}

fn without_place(mut document: Value, mask: &Mask) -> Value {
    if let Some(Value::String(of)) = document.get_mut("place") {
        *of = place(of, mask);
    }
    document
}

fn without_bad_values(mut document: Value) -> Value {
    if let Some(values) = document.get_mut("bad_values") {
        *values = Value::Array(Vec::new());
    }
    document
}

/// Hides what is written like a number in E.164, everywhere.
fn numbers(value: Value, mask: &Mask) -> Value {
    match value {
        Value::String(text) => Value::from(without_numbers(&text, mask)),
        Value::Array(items) => items.into_iter().map(|item| numbers(item, mask)).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (without_numbers(&name, mask), numbers(member, mask)))
            .collect::<Map<_, _>>()
            .into(),
        other => other,
    }
}

fn without_numbers(text: &str, mask: &Mask) -> String {
    /// The digits of a number with its country code, at least.
    const DIGITS_MIN: usize = 7;
    let mut hidden = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('+') {
        let (before, from) = rest.split_at(at);
        hidden.push_str(before);
        let after = from.get(1..).unwrap_or_default();
        let is_within = |letter: &char| {
            letter.is_ascii_digit()
                || matches!(letter, ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '/')
        };
        let run: String = after.chars().take_while(is_within).collect();
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let written = run.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        if digits.len() < DIGITS_MIN {
            hidden.push('+');
            rest = after;
            continue;
        }
        hidden.push_str(&mask.hide("recipient.phone", &format!("+{digits}")));
        rest = after.get(written.len()..).unwrap_or_default();
    }
    hidden + rest
}
