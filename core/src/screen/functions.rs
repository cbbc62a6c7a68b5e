//! What functions of one value come to in the rows of a block.

use std::cell::RefCell;

use super::kernel::Kernel;
use super::over_rows::{Numbers, floored, mapped, mapped_small};
use super::register::Values;
use super::texts::Texts;
use crate::cel::Function;
use crate::time::Timestamp;
use crate::time::zone::Zone;
use crate::value::Value;

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

/// Whether a function gives a part of a span.
pub(super) fn is_part_of_span(function: Function) -> bool {
    time_of_day(function).is_some()
}

/// Whole units of spans, cut off towards zero, or the milliseconds after their last whole second.
pub(super) fn parts_of_spans<'r>(
    kernel: Kernel,
    function: Function,
    values: &Values<'_>,
) -> Option<Numbers<'r, i64>> {
    let (long, _) = time_of_day(function)?;
    let is_rest = function == Function::GetMilliseconds;
    match values {
        Values::Ticks { unit, ticks } if i128::from(*unit) <= long => {
            let long = i64::try_from(long / i128::from(*unit)).ok()?;
            if is_rest {
                return Some(mapped(kernel, ticks, |ticks| ticks / long % 1_000));
            }
            let by = long as f64;
            let small = mapped_small(
                kernel,
                ticks,
                #[inline(always)]
                |ticks| floored(ticks.abs(), by).0.copysign(ticks),
            );
            Some(small.unwrap_or_else(|| mapped(kernel, ticks, |ticks| ticks / long)))
        }
        Values::Ticks { unit, ticks } => {
            let each = i64::try_from(i128::from(*unit) / long).ok()?;
            // Whole seconds have no milliseconds after them.
            let part = |ticks: &i64| if is_rest { Some(0) } else { ticks.checked_mul(each) };
            ticks.iter().map(part).collect()
        }
        Values::Nanos(nanos) => {
            let part = |nanos: &i128| {
                let whole = nanos / long;
                i64::try_from(if is_rest { whole % 1_000 } else { whole }).ok()
            };
            nanos.iter().map(part).collect()
        }
        _ => None,
    }
}

/// By how much the clocks of zones are ahead of UTC, from change to change.
#[derive(Debug, Default)]
pub(super) struct Clocks(RefCell<Vec<(usize, Changes)>>);

/// The stretch of seconds that was asked for, with the offset at its start and at each change.
#[derive(Debug)]
struct Changes {
    first: i64,
    last: i64,
    at_first: i64,
    changes: Vec<(i64, i64)>,
}

impl Changes {
    fn new(zone: &Zone, first: i64, last: i64) -> Option<Self> {
        let offset = |at: Timestamp| i64::from(zone.offset_seconds(at));
        let (start, end) = (Timestamp::new(first, 0)?, Timestamp::new(last.checked_add(1)?, 0)?);
        let changes = zone.changes(start, end);
        Some(Self {
            first,
            last,
            at_first: offset(start),
            changes: changes.into_iter().map(|at| (at.seconds(), offset(at))).collect(),
        })
    }

    /// The offset at an instant of a column of which each second has so many ticks.
    fn offset(&self, ticks: i64, each: i64) -> i64 {
        let before = self.changes.partition_point(|(at, _)| at.saturating_mul(each) <= ticks);
        let known = before.checked_sub(1).and_then(|place| self.changes.get(place));
        known.map_or(self.at_first, |(_, offset)| *offset)
    }
}

impl Clocks {
    /// Instants as what a zone's clocks show, counted as if it were UTC. `None` where one lies so
    /// near the ends of the calendar that its clocks may show what lies beyond.
    pub(super) fn shown<'r>(
        &self,
        kernel: Kernel,
        zone: &Zone,
        (unit, ticks): (i64, &[i64]),
    ) -> Option<Values<'r>> {
        const SECOND: i64 = 1_000_000_000;
        const MARGIN: i64 = 2 * 86_400;
        // Columns count in seconds or parts of them.
        let each = SECOND / unit;
        let ends = kernel.wide(
            #[inline(always)]
            || {
                ticks.iter().fold((i64::MAX, i64::MIN), |(least, most), ticks| {
                    (least.min(*ticks), most.max(*ticks))
                })
            },
        );
        let (least, most) = ends;
        if ticks.is_empty() {
            return Some(Values::Ticks { unit, ticks: Numbers::Lent(&[]) });
        }
        let (least, most) = (least.div_euclid(each), most.div_euclid(each));
        let room = Timestamp::MIN.seconds() + MARGIN..Timestamp::MAX.seconds() - MARGIN;
        (room.contains(&least) && room.contains(&most)).then_some(())?;
        let mut known = self.0.borrow_mut();
        // Each zone stands where its expression does, as long as this is there.
        let key = std::ptr::from_ref(zone).addr();
        let place = match known.iter().position(|(zone, _)| *zone == key) {
            Some(place) => place,
            None => {
                known.push((key, Changes::new(zone, least, most)?));
                known.len() - 1
            }
        };
        let (_, changes) = known.get_mut(place)?;
        if least < changes.first || most > changes.last {
            *changes = Changes::new(zone, least.min(changes.first), most.max(changes.last))?;
        }
        let ticks = if changes.changes.is_empty() {
            let ahead = changes.at_first * each;
            mapped(kernel, ticks, |ticks| ticks + ahead)
        } else {
            ticks.iter().map(|ticks| ticks + changes.offset(*ticks, each) * each).collect()
        };
        Some(Values::Ticks { unit, ticks })
    }
}

/// A part of timestamps in UTC; of rows without a value, anything.
pub(super) fn parts<'r>(
    kernel: Kernel,
    function: Function,
    values: &Values<'_>,
    days: &Days,
) -> Option<Numbers<'r, i64>> {
    let Some((long, count)) = time_of_day(function) else {
        let of_day = |day: i128| {
            i64::try_from(day).ok().and_then(|day| days.part(function, day)).unwrap_or_default()
        };
        return match values {
            Values::Ticks { unit, ticks } => {
                let long = i64::try_from(DAY / i128::from(*unit)).ok()?;
                if function == Function::GetDayOfWeek
                    && let Some(parts) = days_of_week(kernel, ticks, long)
                {
                    return Some(parts);
                }
                let by = long as f64;
                let numbers = mapped_small(
                    kernel,
                    ticks,
                    #[inline(always)]
                    |ticks| floored(ticks, by).0,
                );
                let numbers = numbers
                    .unwrap_or_else(|| mapped(kernel, ticks, |ticks: i64| ticks.div_euclid(long)));
                Some(numbers.iter().map(|day| of_day((*day).into())).collect())
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
                return Some(vec![0; ticks.len()].into());
            }
            let long = i64::try_from(long / unit).ok()?;
            let whole = long.checked_mul(count)?;
            let (by, again) = (long as f64, whole as f64);
            let small = mapped_small(
                kernel,
                ticks,
                #[inline(always)]
                |ticks| floored(floored(ticks, again).1, by).0,
            );
            Some(small.unwrap_or_else(|| {
                mapped(kernel, ticks, |ticks: i64| ticks.div_euclid(long).rem_euclid(count))
            }))
        }
        Values::Nanos(nanos) => Some(
            nanos.iter().map(|nanos| nanos.div_euclid(long).rem_euclid(count) as i64).collect(),
        ),
        _ => None,
    }
}

/// The days of the week, from Sunday, of instants in UTC of which a day has so many.
fn days_of_week<'r>(kernel: Kernel, ticks: &[i64], long: i64) -> Option<Numbers<'r, i64>> {
    /// 1970-01-01 was a Thursday.
    const FIRST: f64 = 4.0;
    let by = long as f64;
    mapped_small(
        kernel,
        ticks,
        #[inline(always)]
        |ticks| floored(floored(ticks, by).0 + FIRST, 7.0).1,
    )
}

/// Texts without white space at their ends, or with `A` to `Z` in small.
pub(super) fn rewritten<'a>(function: Function, values: &Values<'a>) -> Option<Values<'a>> {
    match (function, values) {
        (Function::Trim, Values::Texts(texts)) => {
            Some(Values::Texts(Texts::new(texts.all().iter().map(|text| text.trim()).collect())))
        }
        (Function::Trim, _) => built(values.texts()?.iter().map(|text| text.trim())),
        (Function::LowerAscii, Values::Texts(texts)) if texts.in_a_row().is_some() => {
            let mut bytes = String::from_utf8(texts.in_a_row()?.to_vec()).ok()?;
            bytes.make_ascii_lowercase();
            let mut end = 0;
            let ends = texts.all().iter().map(|text| {
                end += text.len();
                end
            });
            Some(Values::Built { ends: ends.collect(), bytes })
        }
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

/// Whole numbers in digits.
pub(super) fn written(ints: &[i64]) -> Values<'static> {
    let mut bytes = String::with_capacity(ints.len() * 8);
    let mut ends = Vec::with_capacity(ints.len());
    for int in ints {
        let mut digits = [0_u8; 20];
        let (mut left, mut first) = (int.unsigned_abs(), digits.len());
        while let Some(digit) = first.checked_sub(1).and_then(|place| digits.get_mut(place)) {
            *digit = b'0' + (left % 10) as u8;
            (left, first) = (left / 10, first - 1);
            if left == 0 {
                break;
            }
        }
        if *int < 0 {
            bytes.push('-');
        }
        let digits = digits.get(first..).and_then(|digits| std::str::from_utf8(digits).ok());
        bytes.push_str(digits.unwrap_or_default());
        ends.push(bytes.len());
    }
    Values::Built { bytes, ends }
}

/// The texts of both sides, one after the other.
pub(super) fn joined(one: &Values<'_>, other: &Values<'_>, rows: usize) -> Option<Values<'static>> {
    let (texts, others) = (one.texts(), other.texts());
    let side = |texts: Option<&[&str]>, same: &Values<'_>| match (texts, same) {
        (Some(_), _) => Some(None),
        (None, Values::Same(Value::String(text))) => Some(Some(text.clone())),
        _ => None,
    };
    let same = (side(texts.as_deref(), one)?, side(others.as_deref(), other)?);
    let mut bytes = String::new();
    let mut ends = Vec::with_capacity(rows);
    for row in 0..rows {
        for (texts, same) in [(&texts, &same.0), (&others, &same.1)] {
            let own = texts.as_ref().and_then(|texts| texts.get(row)).copied();
            bytes.push_str(own.or(same.as_deref()).unwrap_or_default());
        }
        ends.push(bytes.len());
    }
    Some(Values::Built { bytes, ends })
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
