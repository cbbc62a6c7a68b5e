//! What does one member of an event hold?
//!
//! WhatsApp and those who pass its events on write the same thing in several ways: numbers as
//! texts, instants as seconds, milliseconds or ISO 8601, dates as English prose, limits as numbers
//! or as names of tiers. Each is read here, once.

use serde_json::{Map, Value};

use cleartosend::expert::text::shortened;
use cleartosend::{Timestamp, TimestampError};

use crate::error::{self, AccountError};

/// Letters of foreign text that are shown or kept.
pub(crate) const SHOWN: usize = 60;

/// A value of an event, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Spot<'v> {
    pub(crate) value: &'v Value,
    pub(crate) path: String,
}

impl<'v> Spot<'v> {
    pub(crate) fn new(value: &'v Value, path: &str) -> Self {
        Self { value, path: path.to_owned() }
    }

    /// The member of that name; none where it is left out or null.
    pub(crate) fn member(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Some(Self { value, path })
    }

    /// As [`Self::member`], but a `null` is one too: it says that the value is not known.
    pub(crate) fn stated(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name)?;
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Some(Self { value, path })
    }

    pub(crate) fn required(&self, name: &str, expected: &str) -> Result<Self, AccountError> {
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        self.member(name).ok_or_else(|| error::missing(expected).at(&path))
    }

    pub(crate) fn object(&self) -> Result<&'v Map<String, Value>, AccountError> {
        self.value
            .as_object()
            .ok_or_else(|| error::wrong_type(self.value, "an object").at(&self.path))
    }

    pub(crate) fn items(&self) -> Result<Vec<Self>, AccountError> {
        let items = self
            .value
            .as_array()
            .ok_or_else(|| error::wrong_type(self.value, "a list").at(&self.path))?;
        Ok(items
            .iter()
            .enumerate()
            .map(|(number, value)| Self { value, path: format!("{}[{number}]", self.path) })
            .collect())
    }

    /// The items of a list; a value that stands alone is one.
    pub(crate) fn one_or_more(&self) -> Vec<Self> {
        self.items().unwrap_or_else(|_| vec![self.clone()])
    }

    /// What stands there, for people.
    pub(crate) fn shown(&self) -> String {
        match self.value {
            Value::String(text) => shortened(text, SHOWN),
            other => shortened(&other.to_string(), SHOWN),
        }
    }

    pub(crate) fn text(&self) -> Result<&'v str, AccountError> {
        self.value.as_str().ok_or_else(|| error::wrong_type(self.value, "a string").at(&self.path))
    }

    /// A name or an id, which some write as a number.
    pub(crate) fn name(&self) -> Result<String, AccountError> {
        match self.value {
            Value::String(text) => Ok(text.trim().to_owned()),
            // Some write them as `100000000000001.0`; past what that tells exactly, nobody knows which
            // it is.
            Value::Number(number) if number.is_f64() => whole(self.value)
                .map(|number| number.to_string())
                .ok_or_else(|| error::wrong_type(self.value, "an id").at(&self.path)),
            Value::Number(number) => Ok(number.to_string()),
            other => Err(error::wrong_type(other, "an id").at(&self.path)),
        }
    }

    /// A whole number, also one that is written as a text.
    pub(crate) fn whole(&self) -> Result<i64, AccountError> {
        whole(self.value)
            .ok_or_else(|| error::wrong_type(self.value, "a whole number").at(&self.path))
    }

    /// An instant: seconds or milliseconds since 1970, as a number or a text, or RFC 3339, also
    /// with an offset such as `+0000`.
    pub(crate) fn instant(&self) -> Result<Timestamp, AccountError> {
        instant(self.value).ok_or_else(|| error::bad_instant(self.value).at(&self.path))
    }

    /// When something happened, as [`Self::instant`]: which is never later than the year 2199.
    pub(crate) fn moment(&self) -> Result<Timestamp, AccountError> {
        const PAST_ALL: i64 = 7_258_118_400;
        let at = self.instant()?;
        if at.seconds() >= PAST_ALL {
            return Err(error::bad_instant(self.value).at(&self.path));
        }
        Ok(at)
    }

    /// The start of a day, UTC: English prose such as `April 17, 2025`, an ISO date, or an instant.
    pub(crate) fn date(&self) -> Result<Timestamp, AccountError> {
        let day =
            self.value.as_str().and_then(|text| english_date(text).or_else(|| iso_date(text)));
        day.or_else(|| instant(self.value).map(start_of_day))
            .filter(|day| is_of_whatsapp(*day))
            .ok_or_else(|| error::bad_date(self.value).at(&self.path))
    }

    /// A daily limit.
    pub(crate) fn limit(&self) -> Result<Limit, AccountError> {
        match self.value {
            Value::String(text) => Ok(limit_of_text(text)),
            Value::Number(_) => match self.whole()? {
                -1 => Ok(Limit::Known(Value::from("unlimited"))),
                number if number >= 0 => Ok(Limit::Known(Value::from(number))),
                _ => Err(error::wrong_type(self.value, "a limit").at(&self.path)),
            },
            other => Err(error::wrong_type(other, "a limit").at(&self.path)),
        }
    }
}

/// What an event says of a daily limit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Limit {
    /// A whole number, or `"unlimited"`.
    Known(Value),
    /// It says that there is none yet.
    NotSet,
    /// A word that is not known.
    Strange,
}

fn limit_of_text(text: &str) -> Limit {
    /// Those that there are or were. What another would be worth is not known.
    const TIERS: [&str; 6] = ["50", "250", "1K", "2K", "10K", "100K"];
    let upper = text.trim().to_ascii_uppercase();
    let named = upper.strip_prefix("TIER_");
    let tier = named.unwrap_or(&upper);
    let (digits, factor) = match tier.strip_suffix('K') {
        Some(digits) => (digits, 1000),
        None => (tier, 1),
    };
    match tier {
        "-1" if named.is_none() => Limit::Known(Value::from("unlimited")),
        "UNLIMITED" => Limit::Known(Value::from("unlimited")),
        "NOT_SET" => Limit::NotSet,
        _ if named.is_some() && !TIERS.contains(&tier) => Limit::Strange,
        _ if !digits.bytes().all(|byte| byte.is_ascii_digit()) => Limit::Strange,
        _ => match digits.parse::<i64>().ok().and_then(|number| number.checked_mul(factor)) {
            Some(number) => Limit::Known(Value::from(number)),
            None => Limit::Strange,
        },
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole_of_float(number.as_f64()?)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| whole_of_float(text.parse().ok()?))
        }
        _ => None,
    }
}

/// Some write whole numbers as `1772700000.0`.
fn whole_of_float(number: f64) -> Option<i64> {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole, and within the exact range")]
    (number.fract() == 0.0 && number.abs() < EXACT_MAX).then_some(number as i64)
}

/// Seconds past this many are milliseconds: as seconds it would be the year 5138, as milliseconds
/// it is 1973.
const SECONDS_MAX: i64 = 100_000_000_000;

fn instant(value: &Value) -> Option<Timestamp> {
    let at = match whole(value) {
        Some(number) if number <= 0 => None,
        Some(seconds) if seconds <= SECONDS_MAX => Timestamp::new(seconds, 0),
        Some(millis) => {
            Timestamp::new(millis / 1000, u32::try_from(millis % 1000).ok()? * 1_000_000)
        }
        None => iso_instant(value.as_str()?.trim()),
    };
    at.filter(|at| is_of_whatsapp(*at))
}

/// The first instant of which an event can be. Before 2009 there was no WhatsApp: such a number is
/// a default, or counts something else.
pub(crate) const EARLIEST: Timestamp = match Timestamp::new(1_230_768_000, 0) {
    Some(at) => at,
    None => Timestamp::MIN,
};

fn is_of_whatsapp(at: Timestamp) -> bool {
    at >= EARLIEST
}

fn iso_instant(text: &str) -> Option<Timestamp> {
    match Timestamp::parse(text) {
        Ok(at) => Some(at),
        // Resellers write offsets without a colon.
        Err(TimestampError::Malformed) => {
            let split = text.len().checked_sub(2)?;
            let (head, minutes) = (text.get(..split)?, text.get(split..)?);
            let signed = head
                .len()
                .checked_sub(3)
                .and_then(|at| head.get(at..))
                .is_some_and(|sign| sign.starts_with(['+', '-']));
            if signed { Timestamp::parse(&format!("{head}:{minutes}")).ok() } else { None }
        }
        Err(_) => None,
    }
}

fn iso_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() == 10 { Timestamp::parse(&format!("{text}T00:00:00Z")).ok() } else { None }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// `April 17, 2025`, also with a shortened month, without the comma, or with the day first.
fn english_date(text: &str) -> Option<Timestamp> {
    let words: Vec<String> =
        text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let [first, second, year] = words.as_slice() else { return None };
    let month_of = |word: &str| {
        let word = word.trim_end_matches('.');
        MONTHS.iter().position(|month| *month == word || word.len() >= 3 && month.starts_with(word))
    };
    let (month, day) = match month_of(first) {
        Some(month) => (month, second),
        None => (month_of(second)?, first),
    };
    let month = i8::try_from(month + 1).ok()?;
    Timestamp::from_date(year.parse().ok()?, month, day.parse().ok()?)
}

/// Midnight, UTC, at the start of the day that an instant lies in.
pub(crate) fn start_of_day(at: Timestamp) -> Timestamp {
    const DAY_SECONDS: i64 = 86_400;
    Timestamp::new(at.seconds().div_euclid(DAY_SECONDS) * DAY_SECONDS, 0).unwrap_or(Timestamp::MIN)
}

/// Who is meant by an address that clients of the consumer side write,
/// `NUMBER:DEVICE@s.whatsapp.net`, or by a name that is none; none for groups and the like.
pub(crate) fn user_of(text: &str) -> Option<&str> {
    match text.split_once('@') {
        Some((user, "s.whatsapp.net" | "c.us")) => {
            Some(user.split_once(':').map_or(user, |(user, _)| user))
        }
        Some(_) => None,
        None => Some(text),
    }
}

/// A number that is shown, with its country code, as `+` and digits, also one that is dialled with
/// `00`.
pub(crate) fn shown_number(text: &str) -> Option<String> {
    let digits = digits(user_of(text.trim())?);
    // No country code begins with a zero.
    let number = digits.strip_prefix("00").unwrap_or(&digits);
    (2..=15).contains(&number.len()).then(|| format!("+{number}"))
}

/// The digits of a phone number, however it is written.
pub(crate) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The value as one line, members by name: the same on every machine, whatever order they came in.
pub(crate) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

/// The depth is bounded by serde_json, which refuses text nested more than 128 levels deep.
fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                write_canonical(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort_unstable();
            text.push('{');
            for (number, name) in names.into_iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write_canonical(members.get(name).unwrap_or(&Value::Null), text);
            }
            text.push('}');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn instants_read_in_every_form_that_is_about() {
        for value in [
            json!(1_776_607_160),
            json!("1776607160"),
            json!(1_776_607_160_000_i64),
            json!("2026-04-19T13:59:20Z"),
            json!("2026-04-19T13:59:20+0000"),
            json!("2026-04-19T15:59:20+0200"),
        ] {
            assert_eq!(
                instant(&value).map(|at| at.to_string()).as_deref(),
                Some("2026-04-19T13:59:20Z"),
                "{value}"
            );
        }
        for value in [
            json!("soon"),
            json!(""),
            json!(0),
            json!(-1),
            json!("2026-04-19"),
            json!("é+0000"),
            json!(true),
            json!(i64::MAX),
        ] {
            assert_eq!(instant(&value), None, "{value}");
        }
    }

    #[test]
    fn dates_read_in_english() {
        for text in [
            "April 17, 2025",
            "april 17 2025",
            "Apr 17, 2025",
            "Apr. 17, 2025",
            "17 April 2025",
            "2025-04-17",
        ] {
            assert_eq!(
                Spot::new(&json!(text), "d").date().map(|at| at.to_string()).as_deref(),
                Ok("2025-04-17T00:00:00Z"),
                "{text}"
            );
        }
        for text in [
            "April 31, 2025",
            "Ap 17, 2025",
            "Smarch 1, 2025",
            "17.04.2025",
            "April 2025",
            "April 17, 99999",
        ] {
            let problem = Spot::new(&json!(text), "d").date().unwrap_err();
            assert_eq!((problem.code(), problem.path()), ("account/bad-date", "d"), "{text}");
        }
    }

    #[test]
    fn limits_read_as_numbers_texts_and_tiers() {
        let read = |value: Value| Spot::new(&value, "l").limit();
        for (value, known) in [
            (json!(2000), json!(2000)),
            (json!("2000"), json!(2000)),
            (json!("TIER_2K"), json!(2000)),
            (json!("TIER_1K"), json!(1000)),
            (json!("TIER_250"), json!(250)),
            (json!(-1), json!("unlimited")),
            (json!("TIER_UNLIMITED"), json!("unlimited")),
        ] {
            assert_eq!(read(value), Ok(Limit::Known(known)));
        }
        assert_eq!(read(json!("TIER_NOT_SET")), Ok(Limit::NotSet));
        for strange in [
            "TIER_HUGE",
            "TIER_99999999999999999999K",
            "TIER_",
            "K",
            "TIER_-1",
            "TIER_0",
            "TIER_9",
            "TIER_500K",
            "TIER_2.5K",
            "10 000",
        ] {
            assert_eq!(read(json!(strange)), Ok(Limit::Strange), "{strange}");
        }
        assert!(read(json!(-2)).is_err() && read(json!([])).is_err());
    }
}
