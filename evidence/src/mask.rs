//! How is a record stored without naming the recipient?
//!
//! The number and the user id are replaced by keyed hashes before the case is judged, so that no
//! text can hold them. What followed from them goes with the record, since a hash has no country.

use cleartosend::{Decision, FindingVerdict, Status};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value};
use sha2::Sha256;

use crate::error::RecordError;
use crate::record::MASK_PREFIX;

/// Fewer bytes can be guessed: there are so few numbers that whoever guesses the key has them all.
pub const MASK_KEY_BYTES_MIN: usize = 16;

/// The key that hides names.
#[derive(Clone)]
pub struct Mask(Hmac<Sha256>);

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Mask").field(&self.name()).finish()
    }
}

impl Mask {
    /// Of a key: the bytes of its file, without blanks at the end.
    ///
    /// # Errors
    /// A key of fewer than [`MASK_KEY_BYTES_MIN`] bytes; a text of several lines, which is no key:
    /// one that signs, or a document.
    pub fn new(key: &[u8]) -> Result<Self, RecordError> {
        let key = key.trim_ascii_end();
        // Whoever names a text that others have too by mistake would hide nothing.
        let is_of_lines = key.contains(&b'\n') && std::str::from_utf8(key).is_ok();
        if is_of_lines {
            return Err(RecordError::not_a_mask_key());
        }
        if key.len() < MASK_KEY_BYTES_MIN {
            return Err(RecordError::short_mask_key(MASK_KEY_BYTES_MIN));
        }
        Hmac::new_from_slice(key)
            .map(Self)
            .map_err(|_| RecordError::short_mask_key(MASK_KEY_BYTES_MIN))
    }

    /// The text of a new key, of the system's random numbers.
    ///
    /// # Errors
    /// A system without them.
    pub fn new_key() -> Result<String, RecordError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| RecordError::no_random(&error))?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// What distinguishes this key from others, and nothing more about it.
    pub fn name(&self) -> String {
        self.hash(&[b"name of the key"]).chars().take(16).collect()
    }

    /// The keyed hash of a name under the path of its attribute.
    pub(crate) fn hide(&self, path: &str, name: &str) -> String {
        format!("{MASK_PREFIX}{}", self.hash(&[path.as_bytes(), b"\0", name.as_bytes()]))
    }

    fn hash(&self, parts: &[&[u8]]) -> String {
        let mut hash = self.0.clone();
        parts.iter().for_each(|part| hash.update(part));
        hash.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Refuses a masked case of which rules say something else.
pub(crate) fn refuse_other_verdicts(
    plain: &Decision,
    masked: &Decision,
) -> Result<(), RecordError> {
    fn said(decision: &Decision) -> Vec<(&str, &str, Status, FindingVerdict)> {
        let findings = decision.findings().iter();
        findings.map(|of| (&*of.pack, &*of.rule, of.status, of.verdict)).collect()
    }
    let (plain, masked) = (said(plain), said(masked));
    let only = |one: &[(&str, &str, Status, FindingVerdict)],
                other: &[(&str, &str, Status, FindingVerdict)]| {
        let found = one.iter().find(|said| !other.contains(said));
        found.map(|(pack, rule, ..)| format!("{pack}/{rule}"))
    };
    match only(&plain, &masked).or_else(|| only(&masked, &plain)) {
        Some(rule) => Err(RecordError::rule_reads_name(&rule)),
        None => Ok(()),
    }
}

/// The document with hashes in place of names, wherever these stand in a text.
pub(crate) fn replaced(value: Value, hidden: &[(&str, &str)]) -> Value {
    let within =
        |text: String| hidden.iter().fold(text, |text, (name, hash)| text.replace(name, hash));
    match value {
        Value::String(text) => Value::String(within(text)),
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| replaced(item, hidden)).collect())
        }
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (within(name), replaced(member, hidden)))
            .collect::<Map<_, _>>()
            .into(),
        other => other,
    }
}

/// A screening without the values that could not be read: any of them may be a number.
pub(crate) fn without_values(mut screening: Value) -> Value {
    if let Some(values) = screening.pointer_mut("/summary/bad_values") {
        *values = Value::Array(Vec::new());
    }
    screening
}

/// Refuses a record that holds a name, or the last digits of a number, in whatever way written.
pub(crate) fn refuse_names(
    members: &Map<String, Value>,
    names: &[&str],
) -> Result<(), RecordError> {
    /// With these alone a number of any plan is found again.
    const LAST_DIGITS: usize = 8;
    let needles: Vec<Needle<'_>> = names
        .iter()
        .filter_map(|name| match name.strip_prefix('+') {
            Some(digits) => {
                let from = digits.len().saturating_sub(LAST_DIGITS);
                Some(Needle::Digits(digits.get(from..)?))
            }
            // The country before the dot is no secret.
            None => Some(Needle::Text(name.split_once('.').map_or(name, |(_, rest)| rest))),
        })
        .collect();
    let mut path = String::new();
    for (name, member) in members {
        path.clone_from(name);
        search(member, &mut path, &needles)?;
    }
    Ok(())
}

enum Needle<'a> {
    Digits(&'a str),
    Text(&'a str),
}

impl Needle<'_> {
    fn is_in(&self, text: &str, digits: &str) -> bool {
        match self {
            Self::Digits(needle) => digits.contains(needle),
            Self::Text(needle) => text.contains(needle),
        }
    }
}

/// Bounded by the depth that reading JSON allows.
fn search(value: &Value, path: &mut String, needles: &[Needle<'_>]) -> Result<(), RecordError> {
    let refuse = |text: &str, path: &str| {
        let digits = digits_of(text);
        match needles.iter().any(|needle| needle.is_in(text, &digits)) {
            true => Err(RecordError::name_elsewhere(path)),
            false => Ok(()),
        }
    };
    let length = path.len();
    match value {
        Value::String(text) => refuse(&without_hashes(text), path)?,
        Value::Number(number) => refuse(&number.to_string(), path)?,
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                path.push_str(&format!("[{place}]"));
                search(item, path, needles)?;
                path.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                path.push('.');
                path.push_str(name);
                refuse(name, path)?;
                search(member, path, needles)?;
                path.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
    Ok(())
}

/// A text without what is hashed: digits stand side by side in it by chance.
fn without_hashes(text: &str) -> String {
    const HEX: usize = 64;
    let mut rest = text.to_owned();
    for mark in [MASK_PREFIX, "sha256:"] {
        while let Some(at) = rest.find(mark) {
            let end = at + mark.len();
            let hex = rest.get(end..).unwrap_or_default();
            let length = hex.bytes().take(HEX).take_while(u8::is_ascii_hexdigit).count();
            rest.replace_range(at..end + length, "");
        }
    }
    rest
}

/// The digits of a text, with those together that only marks of writing numbers stand between.
fn digits_of(text: &str) -> String {
    text.chars()
        .filter(|letter| !matches!(letter, ' ' | '\u{a0}' | '-' | '.' | '(' | ')' | '/'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_however_they_are_written() {
        let record = |text: &str| {
            let mut members = Map::new();
            members.insert("facts".to_owned(), serde_json::json!({"campaign.name": text}));
            members
        };
        for text in ["+34600112233", "600 11 22 33", "(0) 600-11.22.33", "x600112233y"] {
            let problem = refuse_names(&record(text), &["+34600112233"]).unwrap_err();
            assert_eq!(problem.code(), "record/name-elsewhere");
            assert!(problem.to_string().contains("`facts.campaign.name`"), "{problem}");
        }
        let hash = format!("{MASK_PREFIX}{}", "00112233".repeat(8));
        assert_eq!(refuse_names(&record(&hash), &["+34600112233"]), Ok(()));
        assert!(refuse_names(&record("of abc123"), &["ES.abc123"]).is_err());
    }

    #[test]
    fn keys_that_can_be_guessed_are_refused() {
        assert!(Mask::new(b"fifteen bytes !\n").is_err());
        let (one, other) =
            (Mask::new(b"sixteen bytes !!\n").unwrap(), Mask::new(b"sixteen bytes ??").unwrap());
        assert_eq!(one.name(), Mask::new(b"sixteen bytes !!").unwrap().name());
        assert_ne!(one.name(), other.name());
        assert_ne!(one.hide("a", "x"), one.hide("b", "x"));
    }
}
