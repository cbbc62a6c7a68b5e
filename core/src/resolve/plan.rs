//! Which country is a number's, and which clocks may it live by?
//!
//! In goes a number in E.164, out come an ISO 3166-1 country and IANA time zones. The plan is
//! libphonenumber's, bundled as tables that `xtask/number_plan/generate.py` writes; nothing is
//! allocated, and nothing can change it at run time. [`VERSION`] belongs in the digest of whatever
//! was decided by it.

#[path = "../../data/number_plan.rs"]
mod tables;

use tables::{
    CODE_STARTS, COUNTRIES, COUNTRY_ZONES, PREFIXES, STATE_ANSWERS, STATE_MASKS, STATE_OFFSETS,
    TARGETS, ZONE_LISTS,
};

use crate::schema::are_digits;

/// The versions of the bundled number plan and of the list of countries' zones.
pub const VERSION: &str = tables::VERSION;

/// E.164 numbers have at most fifteen digits.
const DIGITS_MAX: usize = 15;
/// Marks a calling code that belongs to no country.
const NO_STATE: u16 = u16::MAX;

/// The country of a number in E.164 with its `+`.
///
/// Where a calling code is one country's, the code decides. Where several share one, the number
/// must lie in a range that is assigned, with the length that the range has: `+1 416 555 0100` is
/// Canada's and `+1 416 55` nobody's. Codes of no country (`+800`, `+881`) and what is no number
/// have none. `XK` stands for Kosovo; Ascension and Tristan da Cunha are `SH`, as in ISO 3166-1.
pub fn country_of(phone: &str) -> Option<&'static str> {
    place_of(Digits::of(phone)?)?.country()
}

/// The time zones that a number may be in, by name and in order; none where its country is unknown.
///
/// A number tied to a place has the zones of its longest known prefix, any other (in most
/// countries, a mobile one) all zones of its country.
pub fn zones_of(phone: &str) -> &'static [&'static str] {
    let Some(digits) = Digits::of(phone) else { return &[] };
    let Some(place) = place_of(digits) else { return &[] };
    place.prefix_zones(digits).unwrap_or_else(|| place.country_zones())
}

/// Where the plan places a number, as numbers: for those who look up many and keep what follows
/// from each place.
#[derive(Clone, Copy)]
pub(crate) struct Located<'a> {
    /// An index into [`countries`].
    pub(crate) country: u16,
    place: Place,
    digits: Digits<'a>,
}

impl Located<'_> {
    /// As [`country_of`].
    pub(super) fn country_name(self) -> Option<&'static str> {
        self.place.country()
    }

    /// The zones that the number may be in, as an index into [`zone_lists`].
    pub(crate) fn zones(self) -> u16 {
        self.place.prefix_zone_list(self.digits).unwrap_or_else(|| country_zone_list(self.country))
    }
}

/// What [`country_of`] and [`zones_of`] say of a number, at once; none where neither says anything.
pub(crate) fn located(phone: &str) -> Option<Located<'_>> {
    let digits = Digits::of(phone)?;
    let place = place_of(digits)?;
    let country = u16::try_from(place.country_index())
        .ok()
        .filter(|at| usize::from(*at) < COUNTRIES.len())?;
    Some(Located { country, place, digits })
}

/// Whether all numbers of the length of this one lie in its country and its zones that begin with so
/// many of its digits.
#[cfg(feature = "screen")]
pub(crate) fn is_given_by(phone: &str, head: usize) -> bool {
    let Some(digits) = Digits::of(phone) else { return false };
    let mut values = digits.values().take(head);
    let mut state = start_of(&mut values);
    for digit in values {
        state = state.and_then(|state| successor(usize::from(state), digit));
    }
    for _ in head..digits.0.len() {
        let Some(known) = state.map(usize::from) else { return true };
        let next = successor(known, 0);
        if (1..10).any(|digit| successor(known, digit) != next) {
            return false;
        }
        state = next;
    }
    // A longer prefix of zones could tell some of them apart.
    let scale = 10_u64.pow(DIGITS_MAX.saturating_sub(head) as u32);
    let first = digits.padded() / scale * scale;
    let from = PREFIXES.partition_point(|(key, _, _)| *key < first);
    let within = PREFIXES.iter().skip(from).take_while(|(key, _, _)| *key < first + scale);
    within.into_iter().all(|(_, length, _)| usize::from(*length) <= head)
}

/// The countries of the plan, in order.
#[cfg(feature = "screen")]
pub(crate) fn countries() -> &'static [&'static str] {
    COUNTRIES
}

/// All lists of zones that a number or a country may have.
pub(crate) fn zone_lists() -> &'static [&'static [&'static str]] {
    ZONE_LISTS
}

/// The list of all zones of a country, as an index into [`zone_lists`]; past its end for no
/// country.
pub(crate) fn country_zone_list(country: u16) -> u16 {
    COUNTRY_ZONES.get(usize::from(country)).copied().unwrap_or(u16::MAX)
}

/// All time zones of a country by its ISO 3166-1 code, in order; none for a code that is no
/// country's, or a country without any (`BV`, `HM`).
pub fn zones_of_country(country: &str) -> &'static [&'static str] {
    zone_list(zone_list_of_country(country).as_ref())
}

/// As [`zones_of_country`], as an index into [`zone_lists`].
pub(super) fn zone_list_of_country(country: &str) -> Option<u16> {
    COUNTRIES.binary_search(&country).ok().and_then(|at| COUNTRY_ZONES.get(at)).copied()
}

/// The zones of a list by its index.
pub(super) fn zones_of_list(list: Option<u16>) -> &'static [&'static str] {
    zone_list(list.as_ref())
}

/// The digits of a number, as text has them.
#[derive(Clone, Copy)]
struct Digits<'a>(&'a [u8]);

impl<'a> Digits<'a> {
    fn of(phone: &'a str) -> Option<Self> {
        let digits = phone.strip_prefix('+')?.as_bytes();
        (!digits.is_empty() && digits.len() <= DIGITS_MAX && are_digits(digits))
            .then_some(Self(digits))
    }

    fn values(self) -> impl Iterator<Item = u8> + 'a {
        self.0.iter().map(|digit| digit & 0xf)
    }

    /// As a whole number with fifteen digits, padded behind: numbers with a common prefix are
    /// neighbours.
    fn padded(self) -> u64 {
        self.values()
            .chain(std::iter::repeat(0))
            .take(DIGITS_MAX)
            .fold(0, |sum, value| sum * 10 + u64::from(value))
    }
}

/// What the plan says of a number: twice the number of its country, counted from 1, and 1 more if
/// it is tied to a place.
#[derive(Clone, Copy)]
struct Place(u16);

impl Place {
    fn country_index(self) -> usize {
        usize::from(self.0 / 2).wrapping_sub(1)
    }

    fn country(self) -> Option<&'static str> {
        COUNTRIES.get(self.country_index()).copied()
    }

    fn country_zones(self) -> &'static [&'static str] {
        zone_list(COUNTRY_ZONES.get(self.country_index()))
    }

    /// The zones of the longest known prefix, of a number that is tied to a place.
    ///
    /// Prefixes are sorted by their digits padded to fifteen, shorter first, so those of a number
    /// lie before its own place, each longer one nearer. A prefix between that is not the number's
    /// cannot hide one: it is skipped by looking up each length in turn.
    fn prefix_zones(self, digits: Digits<'_>) -> Option<&'static [&'static str]> {
        self.prefix_zone_list(digits).map(|number| zone_list(Some(&number)))
    }

    fn prefix_zone_list(self, digits: Digits<'_>) -> Option<u16> {
        if self.0.is_multiple_of(2) {
            return None;
        }
        let padded = digits.padded();
        (1..=digits.0.len().min(PREFIX_DIGITS_MAX)).rev().find_map(|length| {
            let scale = 10_u64.pow((DIGITS_MAX - length) as u32);
            let wanted = (padded / scale * scale, length as u8);
            let at =
                PREFIXES.binary_search_by_key(&wanted, |(key, length, _)| (*key, *length)).ok()?;
            PREFIXES.get(at).map(|(_, _, zones)| *zones)
        })
    }
}

/// The longest prefix that the table of zones has.
const PREFIX_DIGITS_MAX: usize = 9;

fn place_of(digits: Digits<'_>) -> Option<Place> {
    let mut values = digits.values();
    let start = start_of(&mut values)?;
    follow(start, values)
}

/// Takes the calling code: the state that it starts in.
fn start_of(digits: &mut impl Iterator<Item = u8>) -> Option<u16> {
    // No calling code is the start of another, so the first that fits is the one.
    let mut code = 0_usize;
    for (at, digit) in digits.take(3).enumerate() {
        code = code * 10 + usize::from(digit);
        if let Some(start) =
            CODE_STARTS.get(code).filter(|start| at == length_of(code) && **start != NO_STATE)
        {
            return Some(*start);
        }
    }
    None
}

/// The country of all numbers that begin with three digits, where their calling code is one
/// country's; an index into [`countries`].
#[cfg(feature = "screen")]
pub(crate) fn country_of_start(digits: [u8; 3]) -> Option<u16> {
    let start = start_of(&mut digits.into_iter())?;
    let mut seen = vec![false; STATE_ANSWERS.len()];
    let mut left = vec![start];
    let mut country = None;
    while let Some(state) = left.pop() {
        let state = usize::from(state);
        if std::mem::replace(seen.get_mut(state)?, true) {
            continue;
        }
        let here = Place(*STATE_ANSWERS.get(state)?).country_index();
        if *country.get_or_insert(here) != here || here >= COUNTRIES.len() {
            return None;
        }
        left.extend((0..10).map_while(|digit| successor(state, digit)));
    }
    u16::try_from(country?).ok()
}

/// One less than the digits of a calling code, none of which starts with 0.
fn length_of(code: usize) -> usize {
    match code {
        0..=9 => 0,
        10..=99 => 1,
        _ => 2,
    }
}

/// Runs the digits through the automaton.
fn follow(start: u16, mut digits: impl Iterator<Item = u8>) -> Option<Place> {
    let state = digits.try_fold(start, |state, digit| successor(usize::from(state), digit))?;
    STATE_ANSWERS.get(usize::from(state)).copied().filter(|answer| *answer > 0).map(Place)
}

/// The state after a digit. A state's ten successors are kept as runs of equal ones: its mask has a
/// bit where a run starts.
fn successor(state: usize, digit: u8) -> Option<u16> {
    let runs = STATE_MASKS.get(state)? & ((2 << digit) - 1);
    TARGETS.get(usize::from(*STATE_OFFSETS.get(state)?) + runs.count_ones() as usize - 1).copied()
}

fn zone_list(number: Option<&u16>) -> &'static [&'static str] {
    number.and_then(|number| ZONE_LISTS.get(usize::from(*number))).copied().unwrap_or_default()
}

/// How the same number in E.164 is written otherwise: with and without Brazil's ninth digit, Mexico's
/// 1, and Argentina's 9. None where it has one form.
pub fn national_variant(number: &str) -> Option<String> {
    let digits = number.strip_prefix('+')?;
    let with_and_without = |country: &str, digit: &str| {
        let national = digits.strip_prefix(country)?;
        match (national.len(), national.strip_prefix(digit)) {
            (11, Some(rest)) => Some(format!("+{country}{rest}")),
            (10, _) => Some(format!("+{country}{digit}{national}")),
            _ => None,
        }
    };
    let of_brazil = || {
        let (area, number) = digits.strip_prefix("55")?.split_at_checked(2)?;
        let is_mobile = |number: &str| matches!(number.as_bytes().first(), Some(b'6'..=b'9'));
        match (number.len(), number.strip_prefix('9')) {
            (9, Some(short)) if is_mobile(short) => Some(format!("+55{area}{short}")),
            // A line number has no ninth digit.
            (8, _) if is_mobile(number) => Some(format!("+55{area}9{number}")),
            _ => None,
        }
    };
    of_brazil().or_else(|| with_and_without("52", "1")).or_else(|| with_and_without("54", "9"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::is_country;
    use crate::time::zone::Zone;

    #[cfg(feature = "screen")]
    #[test]
    fn numbers_that_begin_alike_are_reported_alike_where_that_is_said() {
        let mut settled_count = 0;
        let mut chance = 7_u64;
        let mut below = |end: u64| {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (chance >> 33) % end
        };
        let starts = ["34", "1212", "1", "7", "44", "380", "5511", "86", "9144", "61", "39", "800"];
        for _ in 0..4000 {
            let start = starts[below(12) as usize];
            let length = 8 + below(6) as usize;
            let mut number = |head: &str| {
                let mut number = head.to_owned();
                while number.len() < length {
                    number.push(char::from(b'0' + below(10) as u8));
                }
                format!("+{number}")
            };
            let phone = number(start);
            if is_given_by(&phone, 7) {
                settled_count += 1;
                let other = number(&phone[1..8]);
                assert_eq!(country_of(&phone), country_of(&other), "{phone} {other}");
                assert_eq!(zones_of(&phone), zones_of(&other), "{phone} {other}");
            }
        }
        assert!(settled_count > 1000, "{settled_count}");
    }

    #[test]
    fn shared_codes_are_told_apart() {
        for (phone, country) in [
            ("+14165550123", "CA"),
            ("+12125550123", "US"),
            ("+18765551234", "JM"),
            ("+17875551234", "PR"),
            ("+18095551234", "DO"),
            ("+74951234567", "RU"),
            ("+77011234567", "KZ"),
            ("+442079460123", "GB"),
            ("+441481256789", "GG"),
            ("+441534456789", "JE"),
            ("+441624756789", "IM"),
            ("+390612345678", "IT"),
            ("+390669812345", "VA"),
            ("+262262123456", "RE"),
            ("+262269601234", "YT"),
            ("+590590201234", "GP"),
            ("+590590271234", "BL"),
            ("+590590001234", "MF"),
            ("+5997151234", "BQ"),
            ("+59994351234", "CW"),
            ("+61212345678", "AU"),
            ("+61891621234", "CC"),
            ("+61891641234", "CX"),
            ("+4721234567", "NO"),
            ("+4779123456", "SJ"),
            ("+358131234567", "FI"),
            ("+358181234567", "AX"),
            ("+212520123456", "MA"),
            ("+34600000000", "ES"),
            ("+4915123456789", "DE"),
            ("+38328012345", "XK"),
            ("+2476889", "SH"),
        ] {
            assert_eq!(country_of(phone), Some(country), "{phone}");
        }
    }

    #[cfg(feature = "screen")]
    #[test]
    fn a_calling_code_of_one_country_decides_alone() {
        let country = |digits| {
            country_of_start(digits).and_then(|at| COUNTRIES.get(usize::from(at))).copied()
        };
        for (digits, expected) in
            [([3, 4, 0], Some("ES")), ([4, 9, 9], Some("DE")), ([3, 5, 1], Some("PT"))]
        {
            assert_eq!(country(digits), expected);
        }
        for shared in [[1, 2, 1], [7, 4, 9], [4, 4, 2], [3, 9, 0], [2, 6, 2], [8, 0, 0], [2, 1, 0]]
        {
            assert_eq!(country(shared), None, "{shared:?}");
        }
        for start in 0..1000_u16 {
            let digits = [start / 100, start / 10 % 10, start % 10].map(|digit| digit as u8);
            let Some(country) = country(digits) else { continue };
            for rest in ["", "0", "1", "55512345", "999999999999"] {
                assert_eq!(country_of(&format!("+{start:03}{rest}")), Some(country));
            }
        }
    }

    #[test]
    fn what_the_plan_does_not_know_has_no_country() {
        for phone in [
            "+141655",
            "+11165550123",
            "+80012345678",
            "+881612345678",
            "+2105551234",
            "+0123456",
            "+",
            "",
            "34600000000",
            "+34 600",
            "+٣٤",
        ] {
            assert_eq!(country_of(phone), None, "{phone}");
            assert!(zones_of(phone).is_empty(), "{phone}");
        }
        assert_eq!(country_of("+1234567890123456"), None, "sixteen digits");
    }

    #[test]
    fn a_number_tied_to_a_place_has_that_places_clock() {
        for (phone, zones) in [
            ("+12125550123", &["America/New_York"][..]),
            ("+74012123456", &["Europe/Kaliningrad"]),
            ("+61889501234", &["Australia/Darwin"]),
            ("+78452123456", &["Europe/Saratov"]),
            ("+526141234567", &["America/Chihuahua"]),
            ("+34600000000", &["Africa/Ceuta", "Atlantic/Canary", "Europe/Madrid"]),
            ("+4915123456789", &["Europe/Berlin", "Europe/Busingen"]),
            ("+8613812345678", &["Asia/Shanghai"]),
            ("+213551234567", &["Africa/Algiers"]),
        ] {
            assert_eq!(zones_of(phone), zones, "{phone}");
        }
        assert!(
            zones_of("+61412345678").contains(&"Australia/Perth"),
            "a mobile may be anywhere in its country"
        );
    }

    #[test]
    fn every_country_is_one_and_every_zone_is_in_the_bundled_database() {
        assert!(COUNTRIES.is_sorted() && COUNTRIES.iter().all(|country| is_country(country)));
        assert!(ZONE_LISTS.iter().copied().flatten().all(|zone| Zone::named(zone).is_some()));
        assert!(PREFIXES.iter().all(|(_, length, _)| usize::from(*length) <= PREFIX_DIGITS_MAX));
        for (country, zone) in
            [("BR", "America/Sao_Paulo"), ("RU", "Asia/Kamchatka"), ("XK", "Europe/Belgrade")]
        {
            assert!(zones_of_country(country).contains(&zone), "{country}");
        }
        assert!(zones_of_country("ZZ").is_empty() && zones_of_country("BV").is_empty());
    }

    #[test]
    fn national_variants_lead_to_each_other() {
        for (a, b) in [
            ("+5511987654321", "+551187654321"),
            ("+5215512345678", "+525512345678"),
            ("+5491112345678", "+541112345678"),
        ] {
            assert_eq!(national_variant(a).as_deref(), Some(b));
            assert_eq!(national_variant(b).as_deref(), Some(a));
        }
        for of_one_form in ["+551132345678", "+34600000000", "ES.1", ""] {
            assert_eq!(national_variant(of_one_form), None, "{of_one_form}");
        }
    }
}
