//! How do values turn into values of other types?

use crate::time::zone::Zone;
use crate::time::{Duration, Timestamp};
use crate::value::Value;

/// `int(…)`: a double loses its fraction, an instant becomes seconds since 1970. `None` where there
/// is no such int.
pub(super) fn int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(int) => Some(*int),
        Value::Double(double) => {
            // Both ends are open: 2^63 is no int, and -2^63 as a double may have been rounded to it
            // from below.
            let inside = *double > i64::MIN as f64 && *double < i64::MAX as f64;
            inside.then_some(*double as i64)
        }
        Value::String(text) => text.parse().ok(),
        Value::Timestamp(at) => Some(at.seconds()),
        Value::Bool(_) | Value::Duration(_) | Value::List(_) => None,
    }
}

/// `double(…)`: an int is rounded to the nearest double.
pub(super) fn double(value: &Value) -> Option<f64> {
    match value {
        Value::Double(double) => Some(*double),
        Value::Int(int) => Some(*int as f64),
        Value::String(text) => double_of_text(text),
        _ => None,
    }
}

fn double_of_text(text: &str) -> Option<f64> {
    let double: f64 = text.parse().ok()?;
    // Digits that overflow are out of range; the word `inf` is infinity.
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    (double.is_finite() || !digits).then_some(double)
}

/// `bool(…)`
pub(super) fn bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(bool) => Some(*bool),
        Value::String(text) => match &**text {
            "1" | "t" | "true" | "True" | "TRUE" => Some(true),
            "0" | "f" | "false" | "False" | "FALSE" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// `timestamp(…)`: RFC 3339, or seconds since 1970.
pub(super) fn timestamp(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Timestamp(at) => Some(*at),
        Value::Int(seconds) => Timestamp::new(*seconds, 0),
        Value::String(text) => Timestamp::parse(text).ok(),
        _ => None,
    }
}

/// `string(…)`
pub(super) fn string(value: &Value) -> Option<String> {
    match value {
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Int(int) => Some(int.to_string()),
        Value::Double(double) => Some(double_text(*double)),
        Value::String(text) => Some(text.to_string()),
        Value::Timestamp(at) => Some(at.to_string()),
        Value::Duration(span) => Some(span.to_string()),
        Value::List(_) => None,
    }
}

/// The shortest digits that read back as the same double; with an exponent below 10^-4 and from
/// 10^6, as other CEL runtimes print.
fn double_text(double: f64) -> String {
    if double.is_nan() {
        return "NaN".to_owned();
    }
    if double.is_infinite() {
        return if double > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() };
    }
    let scientific = format!("{double:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if double == 0.0 || (-4..6).contains(&exponent) {
        return format!("{double}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

/// A span as in `1h30m`, `-1.5s`, `250ms`; units `h`, `m`, `s`, `ms`, `us`, `ns`. Fractions of a
/// nanosecond are cut off.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..)?),
        Some(b'+') => (false, text.get(1..)?),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    if rest.is_empty() {
        return None;
    }
    let mut nanos: i128 = 0;
    while !rest.is_empty() {
        let (part, after) = duration_part(rest)?;
        nanos = nanos.checked_add(part)?;
        rest = after;
    }
    Duration::from_nanos(if negative { -nanos } else { nanos })
}

/// One number with its unit, in nanoseconds, and what follows.
fn duration_part(text: &str) -> Option<(i128, &str)> {
    let count_digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = text.split_at_checked(count_digits(text))?;
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(after) => after.split_at_checked(count_digits(after))?,
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let units: [(&str, i128); 8] = [
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("μs", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ];
    let (unit, scale) = units.into_iter().find(|(unit, _)| rest.starts_with(unit))?;
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut nanos = whole.checked_mul(scale)?;
    let mut place = scale;
    for digit in fraction.bytes() {
        place /= 10;
        nanos = nanos.checked_add(place * i128::from(digit - b'0'))?;
    }
    Some((nanos, rest.get(unit.len()..)?))
}

/// A zone by its IANA name, or an offset from UTC such as `+01:00`, `-02:30` or `02:00`.
pub fn zone_named(name: &str) -> Option<Zone> {
    let (sign, digits) = match name.as_bytes().first()? {
        b'-' => (-1, name.get(1..)?),
        b'+' => (1, name.get(1..)?),
        _ => (1, name),
    };
    let Some((hours, minutes)) = digits.split_once(':') else { return Zone::named(name) };
    let number = |text: &str, max: i32| {
        let two_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number: &i32| two_digits && *number <= max)
    };
    Zone::fixed(sign * (number(hours, 23)? * 3600 + number(minutes, 59)? * 60))
}
