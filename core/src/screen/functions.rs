//! What functions of one value come to in the rows of a block.

use std::cell::RefCell;

use super::register::Values;
use crate::cel::Function;
use crate::time::Timestamp;
use crate::time::zone::Zone;

const DAY: i128 = 86_400_000_000_000;

/// The parts of days that were worked out, each in the place that its number names.
#[derive(Debug)]
pub(super) struct Days(RefCell<Vec<Option<(i64, Function, i64)>>>);

impl Days {
    pub(super) fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    /// A part of the date of a day, counted from 1970-01-01; nothing outside the calendar.
    fn part(&self, function: Function, day: i64) -> Option<i64> {
        /// Eleven years.
        const PLACES: usize = 4096;
        let mut known = self.0.borrow_mut();
        if known.is_empty() {
            known.resize(PLACES, None);
        }
        let place = known.get_mut(day.rem_euclid(PLACES as i64) as usize)?;
        match *place {
            Some((same, of, part)) if same == day && of == function => Some(part),
            _ => {
                let at = Timestamp::new(day.checked_mul(86_400)?, 0)?;
                let local = Zone::UTC.local(at)?;
                let part = match function {
                    Function::GetFullYear => i64::from(local.year),
                    Function::GetMonth => i64::from(local.month) - 1,
                    Function::GetDate => i64::from(local.day),
                    Function::GetDayOfMonth => i64::from(local.day) - 1,
                    Function::GetDayOfYear => i64::from(local.day_of_year) - 1,
                    Function::GetDayOfWeek => i64::from(local.weekday_from_sunday),
                    _ => return None,
                };
                *place = Some((day, function, part));
                Some(part)
            }
        }
    }
}

/// Whether a function gives a part of an instant.
pub(super) fn is_part(function: Function) -> bool {
    is_of_date(function) || time_of_day(function).is_some()
}

fn is_of_date(function: Function) -> bool {
    matches!(
        function,
        Function::GetFullYear
            | Function::GetMonth
            | Function::GetDate
            | Function::GetDayOfMonth
            | Function::GetDayOfYear
            | Function::GetDayOfWeek
    )
}

/// A part of the time of day: of how many nanoseconds each is, and after how many it begins again.
fn time_of_day(function: Function) -> Option<(i128, i128)> {
    match function {
        Function::GetHours => Some((3_600_000_000_000, 24)),
        Function::GetMinutes => Some((60_000_000_000, 60)),
        Function::GetSeconds => Some((1_000_000_000, 60)),
        Function::GetMilliseconds => Some((1_000_000, 1_000)),
        _ => None,
    }
}

/// A part of timestamps in UTC; of rows without a value, anything.
pub(super) fn parts(function: Function, values: &Values<'_>, days: &Days) -> Option<Vec<i64>> {
    let Some((long, count)) = time_of_day(function) else {
        let of_day = |day: i128| {
            i64::try_from(day).ok().and_then(|day| days.part(function, day)).unwrap_or_default()
        };
        return match values {
            Values::Ticks { unit, ticks } => {
                let long = i64::try_from(DAY / i128::from(*unit)).ok()?;
                Some(ticks.iter().map(|ticks| of_day(ticks.div_euclid(long).into())).collect())
            }
            Values::Nanos(nanos) => {
                Some(nanos.iter().map(|nanos| of_day(nanos.div_euclid(DAY))).collect())
            }
            _ => None,
        };
    };
    match values {
        Values::Ticks { unit, ticks } => {
            let (unit, count) = (i128::from(*unit), i64::try_from(count).ok()?);
            if unit > long {
                // Columns of seconds have no milliseconds.
                return Some(vec![0; ticks.len()]);
            }
            let long = i64::try_from(long / unit).ok()?;
            Some(ticks.iter().map(|ticks| ticks.div_euclid(long).rem_euclid(count)).collect())
        }
        Values::Nanos(nanos) => Some(
            nanos.iter().map(|nanos| nanos.div_euclid(long).rem_euclid(count) as i64).collect(),
        ),
        _ => None,
    }
}

/// Texts without white space at their ends, or with `A` to `Z` in small.
pub(super) fn rewritten<'a>(function: Function, values: &Values<'a>) -> Option<Values<'a>> {
    match (function, values) {
        (Function::Trim, Values::Texts(texts)) => {
            Some(Values::Texts(texts.iter().map(|text| text.trim()).collect()))
        }
        (Function::Trim, _) => built(values.texts()?.iter().map(|text| text.trim())),
        (Function::LowerAscii, _) => {
            let Values::Built { mut bytes, ends } = built(values.texts()?.iter().copied())? else {
                return None;
            };
            bytes.make_ascii_lowercase();
            Some(Values::Built { bytes, ends })
        }
        _ => None,
    }
}

fn built<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Values<'static>> {
    let mut bytes = String::new();
    let mut ends = Vec::new();
    for text in texts {
        bytes.push_str(text);
        ends.push(bytes.len());
    }
    Some(Values::Built { bytes, ends })
}
