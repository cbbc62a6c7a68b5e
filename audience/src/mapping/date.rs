//! How is a date written, and by whose clock?

use std::fmt;

use cleartosend::Timestamp;
use cleartosend::expert::time::zone::Zone;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

use super::error::BAD_MAPPING;

/// How a table writes instants: a format of strftime, whose clock, and the time of day where the
/// format has none.
#[derive(Clone, Debug)]
pub struct DateFormat {
    format: String,
    zone: Option<(String, Zone)>,
    time: Option<Time>,
}

/// What is declared is the same, so that the zones are.
impl PartialEq for DateFormat {
    fn eq(&self, other: &Self) -> bool {
        let zone = |it: &Self| it.zone.as_ref().map(|(name, _)| name.clone());
        (&self.format, zone(self), self.time) == (&other.format, zone(other), other.time)
    }
}

impl Eq for DateFormat {}

/// Why a format of dates cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormatError(String);

impl DateFormatError {
    /// A stable name for programs: `audience/bad-mapping`. Listed in `docs/reference/codes.md`.
    pub const fn code(&self) -> &'static str {
        BAD_MAPPING
    }
}

impl fmt::Display for DateFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DateFormatError {}

/// An instant whose parts all differ, in a form that every format can show.
const PROBE: jiff::Timestamp = jiff::Timestamp::constant(1_795_873_556, 0);
const PROBE_DATE: Date = Date::constant(2026, 11, 28);

/// Where instants are counted from.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

impl DateFormat {
    /// A format such as `%Y-%m-%d %H:%M` or `%d/%m/%Y`, the zone by whose clock it is where the
    /// format has no offset (`%z`), which counts before it, and the time of day, such as `23:59:59`, where it has no hour.
    ///
    /// ```
    /// use cleartosend_audience::DateFormat;
    ///
    /// assert!(DateFormat::new("%d/%m/%Y %H:%M", Some("Europe/Madrid"), None).is_ok());
    /// let error = DateFormat::new("%d/%m/%Y", Some("Europe/Madrid"), None).unwrap_err();
    /// assert!(error.to_string().contains("says no time of day"));
    /// ```
    ///
    /// # Errors
    /// A format that does not say a whole date, a zone or time that is none, or that is needed and
    /// not given, or given and not needed.
    pub fn new(
        format: &str,
        zone: Option<&str>,
        time: Option<&str>,
    ) -> Result<Self, DateFormatError> {
        let error = |message: String| Err(DateFormatError(message));
        let zone = match zone {
            None => None,
            Some(name) => match Zone::named(name) {
                Some(zone) => Some((name.to_owned(), zone)),
                None => {
                    return error(format!(
                        "there is no time zone `{name}`; expected one such as `Europe/Madrid`"
                    ));
                }
            },
        };
        let time: Option<Time> = match time.map(str::parse::<Time>).transpose() {
            Ok(time) => time,
            Err(_) => {
                return error("the time of day is none; expected one such as `23:59:59`".into());
            }
        };
        let made = Self { format: format.to_owned(), zone, time };
        // What the format shows of an instant must say which one it was.
        let probe = PROBE.to_zoned_datetime(TimeZone::UTC);
        let Ok(shown) = jiff::fmt::strtime::format(format, &probe) else {
            return error(format!("`{format}` is not a format of dates such as `%Y-%m-%d %H:%M`"));
        };
        let Ok(parts) = BrokenDownTime::parse(format, &shown) else {
            return error(format!("`{format}` cannot be read back from what it writes"));
        };
        let has_instant = parts.to_timestamp().is_ok();
        if has_instant {
            return match made.time {
                None => Ok(Self { zone: None, ..made }),
                Some(_) => error(format!("`{format}` says its own time of day")),
            };
        }
        if parts.to_date().ok() != Some(PROBE_DATE) {
            return error(format!("`{format}` does not say year, month and day"));
        }
        match (parts.hour().is_some(), made.time.is_some()) {
            (true, true) => return error(format!("`{format}` says its own time of day")),
            (false, false) => {
                return error(format!(
                    "`{format}` says no time of day; say which to take: of a consent the end of \
                     the day is safe, of an objection its start"
                ));
            }
            (true, false) if parts.to_time().is_err() => {
                return error(format!("`{format}` does not say the whole time of day"));
            }
            _ => {}
        }
        if made.zone.is_none() {
            return error(format!("`{format}` does not say by whose clock; name a time zone"));
        }
        Ok(made)
    }

    /// The instant that a cell says, or why it says none.
    pub(super) fn read(&self, cell: &str) -> Result<Timestamp, String> {
        let format = &self.format;
        let parts = BrokenDownTime::parse(format, cell)
            .map_err(|_| format!("is not written as {format}"))?;
        let Some((name, zone)) = &self.zone else {
            let at = parts.to_timestamp().map_err(|_| "is not a timestamp".to_owned())?;
            return Timestamp::parse(&at.to_string()).map_err(|why| format!("is {why}"));
        };
        let date: Date = parts.to_date().map_err(|_| "is not a date".to_owned())?;
        let time = match self.time {
            Some(time) => time,
            None => parts.to_time().map_err(|_| "has no time of day".to_owned())?,
        };
        zone.instant(date.to_datetime(time).duration_since(EPOCH).as_nanos())
            .ok_or_else(|| format!("the clocks of {name} show twice, or never"))
    }
}
