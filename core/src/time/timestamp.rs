//! Instants and spans of time, and their text.

use std::fmt;

use jiff::tz::Offset;
use jiff::{SignedDuration, civil};

/// 0001-01-01T00:00:00Z, in seconds since 1970.
const SECONDS_MIN: i64 = -62_135_596_800;
/// 9999-12-31T23:59:59Z, in seconds since 1970.
const SECONDS_MAX: i64 = SECONDS_END - 1;
/// The first second past all years, since 1970.
pub(crate) const SECONDS_END: i64 = 253_402_300_800;
/// What CEL calls the range of durations: 10,000 years of 365.25 days, in seconds.
pub(crate) const SPAN_SECONDS_MAX: i64 = 315_576_000_000;
/// 1970-01-01T00:00:00, as a calendar shows it.
pub(super) const EPOCH: civil::DateTime = civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
/// 1970-01-02T00:00:00Z, in seconds since 1970: the first instant that can be meant. What programs
/// write for *no date* lies before it, in whatever zone they were.
pub(crate) const FIRST: i64 = 86_400;
/// 1900-01-02T00:00:00Z, in seconds since 1970: the first instant that can be meant where people are
/// asked of, who were born long ago.
pub(crate) const FIRST_OF_OWN: i64 = -2_208_902_400;
/// 2200-01-01T00:00:00Z, in seconds since 1970: nothing has happened from here on.
pub(crate) const PAST_ALL: i64 = 7_258_118_400;
const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// An instant, to the nanosecond.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

/// A span of time, to the nanosecond, either way.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    /// Rounded down, so that `nanos` always adds.
    seconds: i64,
    nanos: u32,
}

/// Why a text is no instant. It has no code of its own: whoever read the text has one for the place
/// where it stood, such as `facts/malformed-instant` or `pack/bad-date`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimestampError {
    /// The text does not have the form of RFC 3339.
    #[error("expected an RFC 3339 instant such as `2026-03-02T15:00:00Z`")]
    Malformed,
    /// There is no offset from UTC.
    #[error("the offset from UTC is missing: end with `Z` or an offset such as `+01:00`")]
    NoOffset,
    /// No calendar has that date, or no day that time.
    #[error("there is no such date or time")]
    Impossible,
    /// Outside the years 1 to 9999.
    #[error("outside the years 0001 to 9999")]
    OutOfRange,
}

impl std::str::FromStr for Timestamp {
    type Err = TimestampError;

    /// Reads RFC 3339, as [`Timestamp::parse`] does.
    fn from_str(text: &str) -> Result<Self, TimestampError> {
        Self::parse(text)
    }
}

impl Timestamp {
    /// The earliest instant: 0001-01-01T00:00:00Z.
    pub const MIN: Self = Self { seconds: SECONDS_MIN, nanos: 0 };
    /// The latest instant: 9999-12-31T23:59:59.999999999Z.
    pub const MAX: Self = Self { seconds: SECONDS_MAX, nanos: 999_999_999 };

    /// The instant that many seconds and nanoseconds after 1970-01-01T00:00:00Z; `None` outside the
    /// range.
    pub const fn new(seconds: i64, nanos: u32) -> Option<Self> {
        if seconds < SECONDS_MIN || seconds > SECONDS_MAX || nanos >= NANOS_PER_SECOND as u32 {
            return None;
        }
        Some(Self { seconds, nanos })
    }

    /// Midnight, UTC, at the start of a day; `None` if there is no such day.
    pub fn from_date(year: i16, month: i8, day: i8) -> Option<Self> {
        Self::from_civil(civil::Date::new(year, month, day).ok()?.at(0, 0, 0, 0), 0)
    }

    /// Reads RFC 3339, with `T` and `Z` in either case, up to nine digits of fraction, and offsets
    /// up to 23:59.
    ///
    /// # Errors
    /// Says which of form, offset, calendar and range is wrong. A leap second (`:60`) is
    /// [`TimestampError::Impossible`].
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        let bytes = text.as_bytes();
        let digits = |from: usize, count: usize| -> Result<i32, TimestampError> {
            let part = bytes.get(from..from + count).ok_or(TimestampError::Malformed)?;
            part.iter().try_fold(0, |sum, byte| match byte {
                b'0'..=b'9' => Ok(sum * 10 + i32::from(byte - b'0')),
                _ => Err(TimestampError::Malformed),
            })
        };
        let mark = |at: usize, wanted: &[u8]| -> Result<(), TimestampError> {
            let found = bytes.get(at).ok_or(TimestampError::Malformed)?;
            if wanted.contains(found) { Ok(()) } else { Err(TimestampError::Malformed) }
        };
        let (year, month, day) = (digits(0, 4)?, digits(5, 2)?, digits(8, 2)?);
        mark(4, b"-")?;
        mark(7, b"-")?;
        if bytes.len() == 10 {
            return Err(TimestampError::NoOffset);
        }
        mark(10, b"Tt")?;
        let (hour, minute, second) = (digits(11, 2)?, digits(14, 2)?, digits(17, 2)?);
        mark(13, b":")?;
        mark(16, b":")?;
        let mut at = 19;
        let mut nanos = 0;
        if bytes.get(at) == Some(&b'.') {
            let fraction = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if fraction == 0 || fraction > 9 {
                return Err(TimestampError::Malformed);
            }
            nanos = digits(at + 1, fraction)? * 10_i32.pow(9 - fraction as u32);
            at += 1 + fraction;
        }
        let offset_seconds = match bytes.get(at) {
            None => return Err(TimestampError::NoOffset),
            Some(b'Z' | b'z') if bytes.len() == at + 1 => 0,
            Some(sign @ (b'+' | b'-')) if bytes.len() == at + 6 => {
                mark(at + 3, b":")?;
                let (hours, minutes) = (digits(at + 1, 2)?, digits(at + 4, 2)?);
                if hours > 23 || minutes > 59 {
                    return Err(TimestampError::Impossible);
                }
                let seconds = hours * 3600 + minutes * 60;
                if *sign == b'-' { -seconds } else { seconds }
            }
            Some(_) => return Err(TimestampError::Malformed),
        };
        if year == 0 {
            return Err(TimestampError::OutOfRange);
        }
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimestampError::Impossible);
        }
        let date = civil::Date::new(year as i16, month as i8, day as i8)
            .map_err(|_| TimestampError::Impossible)?;
        let civil = date.at(hour as i8, minute as i8, second as i8, nanos);
        Self::from_civil(civil, offset_seconds).ok_or(TimestampError::OutOfRange)
    }

    /// The instant at which a clock at that offset from UTC shows that date and time; `None`
    /// outside the range.
    fn from_civil(civil: civil::DateTime, offset_seconds: i32) -> Option<Self> {
        if let Some(at) = Offset::from_seconds(offset_seconds)
            .ok()
            .and_then(|offset| offset.to_timestamp(civil).ok())
        {
            return Self::new(
                at.as_second() - i64::from(at.subsec_nanosecond() < 0),
                at.subsec_nanosecond().rem_euclid(1_000_000_000).cast_unsigned(),
            );
        }
        // The last hours of the year 9999: see `to_civil`.
        let nanos = civil.duration_since(EPOCH).as_nanos()
            - i128::from(offset_seconds) * i128::from(NANOS_PER_SECOND);
        let seconds = i64::try_from(nanos.div_euclid(i128::from(NANOS_PER_SECOND))).ok()?;
        Self::new(seconds, u32::try_from(nanos.rem_euclid(i128::from(NANOS_PER_SECOND))).ok()?)
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after [`Self::seconds`], below one second.
    pub const fn nanos(self) -> u32 {
        self.nanos
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub const fn as_nanos(self) -> i128 {
        self.seconds as i128 * NANOS_PER_SECOND as i128 + self.nanos as i128
    }

    /// The instant that long after this one; `None` outside the range.
    pub fn checked_add(self, span: Duration) -> Option<Self> {
        let (seconds, nanos) = sum((self.seconds, self.nanos), (span.seconds, span.nanos))?;
        Self::new(seconds, nanos)
    }

    /// The instant that long before this one; `None` outside the range.
    pub fn checked_sub(self, span: Duration) -> Option<Self> {
        self.checked_add(span.checked_neg()?)
    }

    /// The span from `earlier` to this one.
    pub fn since(self, earlier: Self) -> Duration {
        let nanos = self.as_nanos() - earlier.as_nanos();
        Duration::from_nanos(nanos).unwrap_or_default()
    }

    /// The calendar date and time of day in UTC.
    ///
    /// Past the end of jiff's own instants, a day and two hours before the year 9999 ends, through
    /// the civil calendar.
    pub(super) fn to_civil(self) -> civil::DateTime {
        match jiff::Timestamp::new(self.seconds, self.nanos.cast_signed()) {
            Ok(at) => Offset::UTC.to_datetime(at),
            Err(_) => {
                EPOCH.saturating_add(SignedDuration::new(self.seconds, self.nanos.cast_signed()))
            }
        }
    }

    /// The same instant in jiff's type, or the nearest that it has.
    pub(super) fn to_jiff(self) -> jiff::Timestamp {
        let nearest = if self.seconds < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        jiff::Timestamp::new(self.seconds, self.nanos.cast_signed()).unwrap_or(nearest)
    }
}

impl Duration {
    /// Nothing.
    pub const ZERO: Self = Self { seconds: 0, nanos: 0 };

    /// That many seconds; `None` outside ±10,000 years.
    pub const fn from_seconds(seconds: i64) -> Option<Self> {
        if seconds < -SPAN_SECONDS_MAX || seconds > SPAN_SECONDS_MAX {
            return None;
        }
        Some(Self { seconds, nanos: 0 })
    }

    /// That many nanoseconds; `None` outside ±10,000 years.
    pub fn from_nanos(nanos: i128) -> Option<Self> {
        let limit = i128::from(SPAN_SECONDS_MAX) * i128::from(NANOS_PER_SECOND);
        if nanos < -limit || nanos > limit {
            return None;
        }
        let seconds = i64::try_from(nanos.div_euclid(i128::from(NANOS_PER_SECOND))).ok()?;
        let rest = u32::try_from(nanos.rem_euclid(i128::from(NANOS_PER_SECOND))).ok()?;
        Some(Self { seconds, nanos: rest })
    }

    /// The whole span in nanoseconds.
    pub const fn as_nanos(self) -> i128 {
        self.seconds as i128 * NANOS_PER_SECOND as i128 + self.nanos as i128
    }

    /// The sum; `None` outside ±10,000 years.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_nanos(self.as_nanos() + other.as_nanos())
    }

    /// The difference; `None` outside ±10,000 years.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::from_nanos(self.as_nanos() - other.as_nanos())
    }

    /// The same span the other way.
    pub fn checked_neg(self) -> Option<Self> {
        Self::from_nanos(-self.as_nanos())
    }
}

/// RFC 3339 in UTC, with as many digits of fraction as needed.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = self.to_civil();
        let (date, time) = (civil.date(), civil.time());
        // Digits by hand: decisions print dozens of instants, and the formatting machinery costs
        // ten times as much.
        let mut text = *b"0000-00-00T00:00:00Z";
        let year = date.year();
        put_digits(&mut text, 0, (year / 100) as u8);
        put_digits(&mut text, 2, (year % 100) as u8);
        let rest = [
            (5, date.month()),
            (8, date.day()),
            (11, time.hour()),
            (14, time.minute()),
            (17, time.second()),
        ];
        rest.into_iter().for_each(|(at, value)| put_digits(&mut text, at, value.cast_unsigned()));
        let whole = std::str::from_utf8(&text).unwrap_or_default();
        if self.nanos == 0 {
            return f.write_str(whole);
        }
        f.write_str(whole.strip_suffix('Z').unwrap_or(whole))?;
        write_fraction(f, self.nanos)?;
        f.write_str("Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Seconds with as many digits of fraction as needed and `s` behind: `3.5s`, `-0.25s`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.as_nanos();
        let magnitude = nanos.unsigned_abs();
        if nanos < 0 {
            f.write_str("-")?;
        }
        write!(f, "{}", magnitude / NANOS_PER_SECOND as u128)?;
        write_fraction(f, (magnitude % NANOS_PER_SECOND as u128) as u32)?;
        f.write_str("s")
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Two digits of a number below 100.
fn put_digits(text: &mut [u8], at: usize, value: u8) {
    if let Some([tens, ones]) = text.get_mut(at..at + 2) {
        *tens = b'0' + value / 10 % 10;
        *ones = b'0' + value % 10;
    }
}

fn write_fraction(f: &mut fmt::Formatter<'_>, nanos: u32) -> fmt::Result {
    if nanos == 0 {
        return Ok(());
    }
    let digits = format!("{nanos:09}");
    write!(f, ".{}", digits.trim_end_matches('0'))
}

/// Adds two (whole seconds rounded down, nanoseconds) pairs.
fn sum(a: (i64, u32), b: (i64, u32)) -> Option<(i64, u32)> {
    let nanos = i64::from(a.1) + i64::from(b.1);
    let seconds = a.0.checked_add(b.0)?.checked_add(nanos / NANOS_PER_SECOND)?;
    Some((seconds, u32::try_from(nanos % NANOS_PER_SECOND).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_read_and_print() {
        for (text, printed) in [
            ("2026-03-02T15:00:00Z", "2026-03-02T15:00:00Z"),
            ("2026-03-02t16:00:00.500+01:00", "2026-03-02T15:00:00.5Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
            ("2024-02-29T23:59:59-00:30", "2024-03-01T00:29:59Z"),
            ("1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.25Z"),
        ] {
            assert_eq!(
                Timestamp::parse(text).map(|at| at.to_string()).as_deref(),
                Ok(printed),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_instant_says_why() {
        for (text, error) in [
            ("2026-03-02", TimestampError::NoOffset),
            ("2026-03-02T15:00:00", TimestampError::NoOffset),
            ("2026-02-30T15:00:00Z", TimestampError::Impossible),
            ("2025-02-29T15:00:00Z", TimestampError::Impossible),
            ("2026-03-02T24:00:00Z", TimestampError::Impossible),
            ("2026-03-02T15:00:60Z", TimestampError::Impossible),
            ("0000-03-02T15:00:00Z", TimestampError::OutOfRange),
            ("0001-01-01T00:00:00+00:01", TimestampError::OutOfRange),
            ("2026-03-02 15:00:00Z", TimestampError::Malformed),
            ("2026-3-2T15:00:00Z", TimestampError::Malformed),
            ("2026-03-02T15:00:00.Z", TimestampError::Malformed),
            ("2026-03-02T15:00:00Zz", TimestampError::Malformed),
            ("", TimestampError::Malformed),
            ("yesterday", TimestampError::Malformed),
        ] {
            assert_eq!(Timestamp::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn spans_print_and_add() {
        let half = Duration::from_nanos(-250_000_000).unwrap();
        assert_eq!(half.to_string(), "-0.25s");
        assert_eq!(
            half.checked_add(Duration::from_seconds(4).unwrap()).unwrap().to_string(),
            "3.75s"
        );
        assert_eq!(Timestamp::MAX.checked_add(Duration::from_nanos(1).unwrap()), None);
    }
}
