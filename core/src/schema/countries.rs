//! Country codes: ISO 3166-1 alpha-2 (249), and `XK`, a user-assigned code for Kosovo that the
//! number plan uses for +383.

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

/// By country, its code, the code of ISO 3166-1 alpha-3, and what it is called in English or at
/// home, for suggestions.
const NAMES: &str = include_str!("country_names.txt");

/// The country that another code or a name means, such as `ESP`, `es` or `Spain`.
pub(crate) fn meant(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    NAMES.lines().find_map(|line| {
        let mut names = line.split('|');
        let code = names.next()?;
        let is_meant =
            code.eq_ignore_ascii_case(&text) || names.any(|name| name.to_lowercase() == text);
        is_meant.then_some(code)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_its_place_and_nothing_else_has() {
        assert!(CODES.iter().enumerate().all(|(at, code)| place(code) == Some(at as u16)));
        assert!(["", "E", "ES ", "es", "ZZ", "É"].iter().all(|code| place(code).is_none()));
    }
}
