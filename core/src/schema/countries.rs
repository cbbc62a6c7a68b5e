//! Country codes: ISO 3166-1 alpha-2 (249), and `XK`, a user-assigned code for Kosovo that the
//! number plan uses for +383.

use super::plain::plain;
use crate::suggest;

/// In order, for binary search.
pub(super) const CODES: &[&str] = &[
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ",
    "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS",
    "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN",
    "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE",
    "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF",
    "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM",
    "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM",
    "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC",
    "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
    "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA",
    "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG",
    "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW",
    "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS",
    "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO",
    "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
    "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW",
];

/// The place of a code in [`CODES`]: by its two letters, without a search.
pub(super) fn place(code: &str) -> Option<u16> {
    let &[first, second] = code.as_bytes() else { return None };
    let (first, second) = (first.wrapping_sub(b'A'), second.wrapping_sub(b'A'));
    if first > 25 || second > 25 {
        return None;
    }
    let place = *PLACES.get(usize::from(first) * 26 + usize::from(second))?;
    (place != NONE).then_some(place)
}

const NONE: u16 = u16::MAX;

/// By two letters, the place in [`CODES`].
const PLACES: [u16; 26 * 26] = {
    let mut places = [NONE; 26 * 26];
    let mut place = 0;
    while place < CODES.len() {
        let letters = CODES[place].as_bytes();
        places[(letters[0] - b'A') as usize * 26 + (letters[1] - b'A') as usize] = place as u16;
        place += 1;
    }
    places
};

/// By country, its code, the code of ISO 3166-1 alpha-3, what it is called in English or at home,
/// codes of other lists, and its calling code with `+`, for suggestions. A calling code that several
/// share stands with the country that gave it its name in the number plan.
const NAMES: &str = include_str!("country_names.txt");

/// The country that another code or a name means, such as `ESP`, `es`, `Spain`, `Spian` or `+34`.
pub(super) fn meant(text: &str) -> Option<&'static str> {
    let text = text.trim();
    by_name(text)
        .or_else(|| by_calling_code(text))
        .or_else(|| of_locale(text))
        .or_else(|| near(text))
}

/// Each line's code, and its names.
fn lines() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    NAMES.lines().filter_map(|line| {
        let (code, names) = line.split_once('|')?;
        Some((code, names.split('|')))
    })
}

fn by_name(text: &str) -> Option<&'static str> {
    let wanted = plain(text);
    if wanted.is_empty() {
        return None;
    }
    let is_meant = |name: &str| !name.starts_with('+') && plain(name) == wanted;
    lines().find_map(|(code, mut names)| (is_meant(code) || names.any(is_meant)).then_some(code))
}

/// `+34`, `0034` or `34`.
fn by_calling_code(text: &str) -> Option<&'static str> {
    let digits = text.trim_start_matches(['+', '0']);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let is_meant = |name: &str| name.strip_prefix('+') == Some(digits);
    lines().find_map(|(code, mut names)| names.any(is_meant).then_some(code))
}

/// `es-ES` and `es_ES` name a language and a country; `ES-MD` a part of a country.
fn of_locale(text: &str) -> Option<&'static str> {
    let known = |part: &str| {
        let part = part.to_uppercase();
        CODES.iter().find(|code| **code == part).copied()
    };
    let (first, last) = (text.split(['-', '_']).next()?, text.rsplit(['-', '_']).next()?);
    if first.len() == text.len() {
        return None;
    }
    let is_language = first.bytes().all(|byte| byte.is_ascii_lowercase());
    if is_language { known(last).or_else(|| known(first)) } else { known(first) }
}

/// The country with the nearest name. Short names are too near to each other.
fn near(text: &str) -> Option<&'static str> {
    const LETTERS_MIN: usize = 4;
    let is_long = |name: &str| name.chars().count() >= LETTERS_MIN && !name.starts_with('+');
    if !is_long(text) {
        return None;
    }
    let names = || lines().flat_map(|(_, names)| names.filter(|name| is_long(name)));
    let name = suggest::nearest(text, names())?;
    by_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_its_place_and_nothing_else_has() {
        assert!(CODES.iter().enumerate().all(|(at, code)| place(code) == Some(at as u16)));
        assert!(["", "E", "ES ", "es", "ZZ", "É"].iter().all(|code| place(code).is_none()));
    }

    #[test]
    fn each_line_of_names_is_a_country_s_and_no_name_is_two_countries() {
        let mut seen = std::collections::BTreeMap::new();
        for (code, names) in lines() {
            assert!(place(code).is_some(), "{code}");
            for name in names {
                let key = if name.starts_with('+') { name.to_owned() } else { plain(name) };
                let other = seen.insert(key, code);
                assert!(other.is_none_or(|other| other == code), "{name}: {code}, {other:?}");
            }
        }
    }

    #[test]
    fn what_people_write_for_a_country_means_its_code() {
        for (text, code) in [
            ("Spain", Some("ES")),
            ("espana", Some("ES")),
            ("SP", Some("ES")),
            ("ESP", Some("ES")),
            ("ES ", Some("ES")),
            ("es-ES", Some("ES")),
            ("pt_BR", Some("BR")),
            ("ES-MD", Some("ES")),
            ("UK", Some("GB")),
            ("GER", Some("DE")),
            ("43", Some("AT")),
            ("+34", Some("ES")),
            ("0034", Some("ES")),
            ("1", Some("US")),
            ("Germny", Some("DE")),
            ("Untied States", Some("US")),
            ("XX", None),
            ("EU", None),
            ("999", None),
            ("weather", None),
            ("", None),
        ] {
            assert_eq!(meant(text), code, "{text}");
        }
    }
}
