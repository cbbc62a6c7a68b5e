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

/// No key file is longer, of whatever kind of key.
pub const KEY_FILE_BYTES_MAX: usize = 64 << 10;

/// With what a key file begins: hexadecimal digits of the key follow.
const KEY_FILE: &str = "cts-mask-key-1:";

/// How many digits a key file of before had, which had nothing else.
const EARLIER_DIGITS: usize = 64;

/// The key that hides names.
#[derive(Clone)]
pub struct Mask(Hmac<Sha256>);

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Mask").field(&self.name()).finish()
    }
}

impl Mask {
    /// Of a key file, as [`Mask::new_key`] writes it. A wrong file is refused, whatever is in it:
    /// whoever names a text that others have too by mistake would hide nothing.
    ///
    /// Keys that were made before their files had a format are 64 hexadecimal digits; these are
    /// read as they were.
    ///
    /// # Errors
    /// What is not a key file; a key of fewer than [`MASK_KEY_BYTES_MIN`] bytes.
    pub fn read(file: &[u8]) -> Result<Self, RecordError> {
        let text = file.trim_ascii_end();
        if text.len() == EARLIER_DIGITS && text.iter().all(u8::is_ascii_hexdigit) {
            return Self::new(text);
        }
        let digits = text.strip_prefix(KEY_FILE.as_bytes());
        let key = digits.and_then(bytes_of).ok_or_else(RecordError::not_a_mask_key)?;
        Self::new(&key)
    }

    /// Of the bytes of a key itself, wherever they are kept.
    ///
    /// # Errors
    /// A key of fewer than [`MASK_KEY_BYTES_MIN`] bytes.
    pub fn new(key: &[u8]) -> Result<Self, RecordError> {
        if key.len() < MASK_KEY_BYTES_MIN {
            return Err(RecordError::short_mask_key(MASK_KEY_BYTES_MIN));
        }
        Hmac::new_from_slice(key)
            .map(Self)
            .map_err(|_| RecordError::short_mask_key(MASK_KEY_BYTES_MIN))
    }

    /// The text of the file of a new key, of the system's random numbers: one line.
    ///
    /// # Errors
    /// A system without them.
    pub fn new_key() -> Result<String, RecordError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| RecordError::no_random(&error))?;
        Ok(key_file(&bytes))
    }

    /// The text of the file of a key that was kept otherwise, such as a secret of your own: its
    /// bytes without blanks at the end.
    ///
    /// # Errors
    /// A key of fewer than [`MASK_KEY_BYTES_MIN`] bytes.
    pub fn key_of(secret: &[u8]) -> Result<String, RecordError> {
        let secret = secret.trim_ascii_end();
        Self::new(secret).map(|_| key_file(secret))
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

fn key_file(key: &[u8]) -> String {
    let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{KEY_FILE}{digits}")
}

/// The bytes that hexadecimal digits say, two a byte.
fn bytes_of(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16)?).ok();
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
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

/// Refuses a screening whose files or columns are called by what is written like a number, or of
/// which such a text was declared: nobody knows here whether a row has it.
pub(crate) fn refuse_numbers(screening: &Value) -> Result<(), RecordError> {
    let column = |(place, column): (usize, &Value)| {
        let name = column.get("name")?.as_str()?.to_owned();
        Some((format!("screening.columns[{place}].name"), name))
    };
    let columns = screening.get("columns").and_then(Value::as_array).into_iter().flatten();
    let files = ["audience", "output"].iter().filter_map(|of| {
        let name = screening.pointer(&format!("/{of}/name"))?.as_str()?;
        Some((format!("screening.{of}.name"), name.to_owned()))
    });
    let found = files
        .chain(columns.enumerate().filter_map(column))
        .find(|(_, name)| is_like_a_number(name));
    let found = found.map(|(path, _)| path);
    // Whatever may be declared of an audience: columns that are left out have no other place.
    let declared = ["read", "written"].iter().find_map(|of| {
        let mut path = format!("screening.{of}");
        has_number(screening.get(*of)?, &mut path).then_some(path)
    });
    found.or(declared).map_or(Ok(()), |path| Err(RecordError::number_elsewhere(&path)))
}

/// Whether a text of a value is written like a number, and where: of the name of a member, the
/// path says in what it stands.
fn has_number(value: &Value, path: &mut String) -> bool {
    let length = path.len();
    match value {
        Value::String(text) => is_like_a_number(text),
        Value::Number(number) => is_like_a_number(&number.to_string()),
        Value::Array(items) => items.iter().enumerate().any(|(place, item)| {
            path.truncate(length);
            path.push_str(&format!("[{place}]"));
            has_number(item, path)
        }),
        Value::Object(members) => members.iter().any(|(name, member)| {
            path.truncate(length);
            if is_like_a_number(name) {
                return true;
            }
            path.push('.');
            path.push_str(name);
            has_number(member, path)
        }),
        Value::Null | Value::Bool(_) => false,
    }
}

/// Whether digits stand together like those of a number: as many as a number has with its country,
/// and no date before them; or after a `+`.
pub(crate) fn is_like_a_number(text: &str) -> bool {
    const DIGITS: std::ops::RangeInclusive<usize> = 9..=15;
    /// With a `+` before them, fewer are enough.
    const DIGITS_MIN: usize = 7;
    let is_within = |letter: &char| letter.is_ascii_digit() || is_mark(*letter);
    let text: String = text.chars().map(digit_of).collect();
    let after_plus = text.split('+').skip(1).any(|rest| {
        rest.chars().take_while(is_within).filter(char::is_ascii_digit).count() >= DIGITS_MIN
    });
    let runs = text.split(|letter: char| !is_within(&letter));
    after_plus
        || runs.map(|run| run.chars().filter(char::is_ascii_digit).collect::<String>()).any(
            |digits| {
                DIGITS.contains(&digits.len())
                    && !is_date(digits.get(..8).unwrap_or_default())
                    && !is_date(digits.get(digits.len() - 8..).unwrap_or_default())
            },
        )
}

/// Whether eight digits are a day of this century, such as `20260302`.
fn is_date(digits: &str) -> bool {
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse().ok());
    let part = |range| part(range).unwrap_or(0_u32);
    part(0..2) == 20 && (1..=12).contains(&part(4..6)) && (1..=31).contains(&part(6..8))
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
            Self::Text(needle) => text.to_lowercase().contains(&needle.to_lowercase()),
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

/// The digits of a text, of whatever script, with those together that only marks of writing numbers
/// stand between.
fn digits_of(text: &str) -> String {
    text.chars().filter(|letter| !is_mark(*letter)).map(digit_of).collect()
}

/// Whether a letter stands between the digits of one number, or cannot be seen.
fn is_mark(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '-' | '.'
                | '('
                | ')'
                | '/'
                | '_'
                | '\u{ad}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2010}'..='\u{2015}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{2212}'
                | '\u{feff}'
                | '\u{ff08}'
                | '\u{ff09}'
                | '\u{ff0d}'
                | '\u{ff0e}'
                | '\u{ff0f}'
        )
}

/// A decimal digit of another script as one of ASCII.
fn digit_of(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    let zero = match ZEROS.binary_search(&letter) {
        Ok(_) => return '0',
        Err(place) => place.checked_sub(1).and_then(|place| ZEROS.get(place)),
    };
    let above = zero.map(|zero| u32::from(letter) - u32::from(*zero));
    above.and_then(|above| char::from_digit(above, 10)).unwrap_or(letter)
}

/// The zeros of the scripts that have decimal digits of their own (Unicode 14.0, general category
/// Nd), in order. Nine more digits follow each.
const ZEROS: [char; 65] = [
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{ff10}',
    '\u{104a0}',
    '\u{10d30}',
    '\u{11066}',
    '\u{110f0}',
    '\u{11136}',
    '\u{111d0}',
    '\u{112f0}',
    '\u{11450}',
    '\u{114d0}',
    '\u{11650}',
    '\u{116c0}',
    '\u{11730}',
    '\u{118e0}',
    '\u{11950}',
    '\u{11c50}',
    '\u{11d50}',
    '\u{11da0}',
    '\u{16a60}',
    '\u{16ac0}',
    '\u{16b50}',
    '\u{1d7ce}',
    '\u{1d7d8}',
    '\u{1d7e2}',
    '\u{1d7ec}',
    '\u{1d7f6}',
    '\u{1e140}',
    '\u{1e2f0}',
    '\u{1e950}',
    '\u{1fbf0}',
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_found_however_they_are_written() {
        let record = |text: &str| {
            let mut members = Map::new();
            members.insert("facts".to_owned(), json!({"campaign.name": text}));
            members
        };
        for text in [
            "+34600112233",
            "600 11 22 33",
            "(0) 600-11.22.33",
            "x600112233y",
            "６００ １１ ２２ ３３",
            "٦٠٠١١٢٢٣٣",
            "۶۰۰-۱۱۲۲۳۳",
            "६००११२२३३",
            "600\u{2011}11\u{202f}22\u{200b}33",
        ] {
            let problem = refuse_names(&record(text), &["+34600112233"]).unwrap_err();
            assert_eq!(problem.code(), "record/name-elsewhere");
            assert!(problem.to_string().contains("`facts.campaign.name`"), "{problem}");
        }
        let hash = format!("{MASK_PREFIX}{}", "00112233".repeat(8));
        assert_eq!(refuse_names(&record(&hash), &["+34600112233"]), Ok(()));
        assert!(refuse_names(&record("of abc123"), &["ES.abc123"]).is_err());
        assert!(refuse_names(&record("of ABC123"), &["ES.abc123"]).is_err());
        assert_eq!(digits_of("𝟗𞥙９ⅸ"), "999ⅸ");
    }

    #[test]
    fn a_file_called_by_a_number_is_refused_and_one_called_by_a_day_is_not() {
        let of = |name: &str| json!({"audience": {"name": name}, "columns": []});
        for name in [
            "34600112233.csv",
            "to +34 600-11-22.csv",
            "reply_600112233_2.csv",
            "٦٠٠١١٢٢٣٣.csv",
            "0034 600 11 22 33.ndjson",
            "+3460011.csv",
        ] {
            let problem = refuse_numbers(&of(name)).unwrap_err();
            assert_eq!(problem.code(), "record/name-elsewhere", "{name}");
            assert!(problem.to_string().contains("`screening.audience.name`"), "{problem}");
        }
        for name in [
            "audience.csv",
            "audience-2026-03-02.csv",
            "20260302T1500.csv",
            "spring_2026.03.02_150000.parquet",
            "batch-12 2026-03-02.csv",
            "100000-rows.csv",
        ] {
            assert_eq!(refuse_numbers(&of(name)), Ok(()), "{name}");
        }
        let columns = json!({"columns": [{"name": "id"}, {"name": "+34600112233"}]});
        let problem = refuse_numbers(&columns).unwrap_err();
        assert!(problem.to_string().contains("`screening.columns[1].name`"), "{problem}");
        assert_eq!(refuse_numbers(&Value::Null), Ok(()));
    }

    #[test]
    fn keys_that_can_be_guessed_are_refused() {
        assert!(Mask::new(b"fifteen bytes !").is_err());
        let (one, other) =
            (Mask::new(b"sixteen bytes !!").unwrap(), Mask::new(b"sixteen bytes ??").unwrap());
        assert_ne!(one.name(), other.name());
        assert_ne!(one.hide("a", "x"), one.hide("b", "x"));
    }

    #[test]
    fn a_key_file_has_a_form_and_nothing_else_is_taken_for_one() {
        let text = Mask::new_key().unwrap();
        let name = Mask::read(text.as_bytes()).unwrap().name();
        assert_eq!(Mask::read(format!("{text}\r\n").as_bytes()).unwrap().name(), name);
        // As they were made before: the digits are the key.
        let earlier = "0123456789abcdef".repeat(4);
        let read = Mask::read(format!("{earlier}\n").as_bytes()).unwrap();
        assert_eq!(read.name(), Mask::new(earlier.as_bytes()).unwrap().name());
        let kept = Mask::key_of(b"a secret of our own\n").unwrap();
        let own = Mask::new(b"a secret of our own").unwrap();
        assert_eq!(Mask::read(kept.as_bytes()).unwrap().name(), own.name());
        let one_line =
            br#"{"send_at": "2026-03-02T15:00:00Z", "campaign": {"content": "template"}}"#;
        let digest = format!("sha256:{earlier}");
        let odd = format!("{KEY_FILE}{}0", "00".repeat(16));
        let not_hex = format!("{KEY_FILE}{}", "0g".repeat(16));
        let short = format!("{KEY_FILE}{}", "00".repeat(15));
        let twice = format!("{text}\n{text}\n");
        for wrong in [
            &one_line[..],
            digest.as_bytes(),
            odd.as_bytes(),
            not_hex.as_bytes(),
            short.as_bytes(),
            twice.as_bytes(),
            b"",
            b"a long line of text that somebody else has too, and no key",
        ] {
            let error = Mask::read(wrong).unwrap_err();
            assert_eq!(error.code(), "record/mask-key", "{}", String::from_utf8_lossy(wrong));
        }
    }
}
