//! Parts of countries: ISO 3166-2.
//!
//! `codes.txt` and `replaced.txt` are written by `xtask/regions/generate.py`. A code that is not in
//! the list is refused, so that nobody takes the name of a barred place for one that no rule knows;
//! what was meant is suggested.

use std::collections::BTreeMap;

use once_cell::sync::Lazy;

use super::countries;
use super::plain::plain;
use crate::suggest;

/// The version of the bundled list. It belongs in the digest of whatever was decided by it.
pub(crate) const VERSION: &str = "cldr 48.2.0";

/// Each code and its English name, in the order of codes.
static CODES: Lazy<Vec<(&str, &str)>> = Lazy::new(|| pairs(include_str!("codes.txt")).collect());
/// Codes that ISO has replaced, each with the one for it.
static REPLACED: Lazy<BTreeMap<&str, &str>> =
    Lazy::new(|| pairs(include_str!("replaced.txt")).collect());
/// The codes of each name, plain.
static BY_NAME: Lazy<BTreeMap<String, Vec<&str>>> = Lazy::new(|| {
    let mut names: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let others = OTHER_NAMES.iter().map(|(name, code)| (*code, *name));
    for (code, name) in CODES.iter().copied().chain(others) {
        names.entry(plain(name)).or_default().push(code);
    }
    names
});

fn pairs(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter_map(|line| line.split_once(' '))
}

/// Whether a text is a code of the list.
pub(crate) fn is_region(code: &str) -> bool {
    CODES.binary_search_by_key(&code, |(known, _)| known).is_ok()
}

/// How many codes may be suggested for one text: a name that more regions have says too little.
const SUGGESTIONS_MAX: usize = 3;

/// The codes that a text which is none may mean, at most three: by another way to write a code, by
/// a code that was replaced, by name. Where the country is known, a part alone is one of its codes
/// (`CA` of `US`), and no other country's region is guessed from a misspelt name.
pub(crate) fn meant(text: &str, country: Option<&str>) -> Vec<&'static str> {
    let upper = text.trim().to_uppercase().replace(['_', ' ', '.'], "-");
    // A part that is all of it comes first: `CA` in the United States is no code of Canada.
    if let Some(code) = country.and_then(|country| listed(&format!("{country}-{upper}"))) {
        return vec![code];
    }
    let with_hyphen = upper
        .split_at_checked(2)
        .map(|(country, rest)| format!("{country}-{}", rest.trim_start_matches('-')))
        .unwrap_or_default();
    // `USA-CA`, `ESP-MD`.
    let by_alpha_2 = upper
        .split_once('-')
        .filter(|(before, _)| before.len() > 2)
        .and_then(|(before, part)| Some((countries::meant(before)?, part)))
        .map(|(country, part)| format!("{country}-{part}"))
        .unwrap_or_default();
    if let Some(code) =
        [&upper, &with_hyphen, &by_alpha_2].into_iter().find_map(|code| listed(code))
    {
        return vec![code];
    }
    let few = |codes: Vec<&'static str>| {
        let here: Vec<&str> = match country {
            Some(country) => codes.iter().copied().filter(|code| lies_in(code, country)).collect(),
            None => Vec::new(),
        };
        let codes = if here.is_empty() { codes } else { here };
        if codes.len() <= SUGGESTIONS_MAX { codes } else { Vec::new() }
    };
    let name = plain(text);
    if let Some(codes) = BY_NAME.get(&name) {
        return few(codes.clone());
    }
    // What follows is a guess, and a guess stays in its country.
    let is_near = |code: &str| country.is_none_or(|country| lies_in(code, country));
    let of_part = |(code, _): &(&'static str, &str)| {
        code.split_once('-').is_some_and(|(_, part)| part == upper).then_some(*code)
    };
    let parts: Vec<&str> = CODES.iter().filter_map(of_part).filter(|code| is_near(code)).collect();
    if !parts.is_empty() {
        return few(parts);
    }
    // The first word of a name: `Madrid` for that of the community and of the province.
    let begun: Vec<&'static str> = BY_NAME
        .range(name.clone()..)
        .take_while(|(known, _)| name.len() >= 4 && known.starts_with(&name))
        .flat_map(|(_, codes)| codes.iter().copied())
        .filter(|code| is_near(code))
        .collect();
    if !begun.is_empty() && begun.len() <= SUGGESTIONS_MAX {
        return begun;
    }
    // Only names with the same first letter: to compare with all takes milliseconds, and the first
    // letter is seldom wrong.
    let Some(first) = name.chars().next().filter(|_| name.len() >= 4) else { return Vec::new() };
    let near = suggest::nearest(
        &name,
        BY_NAME
            .range(first.to_string()..)
            .take_while(|(name, _)| name.starts_with(first))
            .filter(|(_, codes)| codes.iter().any(|code| is_near(code)))
            .map(|(name, _)| name.as_str()),
    );
    near.and_then(|near| BY_NAME.get(near)).cloned().map(few).unwrap_or_default()
}

/// The code of the list that a code is, or is another way to write.
fn listed(code: &str) -> Option<&'static str> {
    let known = CODES
        .binary_search_by_key(&code, |(known, _)| known)
        .ok()
        .and_then(|place| CODES.get(place))
        .map(|(known, _)| *known);
    let other = || OTHER_CODES.iter().find(|(known, _)| *known == code).map(|(_, known)| *known);
    known.or_else(|| REPLACED.get(code).copied()).or_else(other)
}

/// Codes of other lists and of everyday use.
const OTHER_CODES: &[(&str, &str)] = &[
    ("RU-CR", "UA-43"),
    ("RU-KRY", "UA-43"),
    ("RU-KRM", "UA-43"),
    ("RU-SEV", "UA-40"),
    ("RU-DON", "UA-14"),
    ("RU-LUG", "UA-09"),
];

/// Names that the list does not have: of regions that rules name, and what large regions are called
/// at home.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("Bayern", "DE-BY"),
    ("Hessen", "DE-HE"),
    ("Sachsen", "DE-SN"),
    ("Niedersachsen", "DE-NI"),
    ("Nordrhein-Westfalen", "DE-NW"),
    ("Rheinland-Pfalz", "DE-RP"),
    ("Thüringen", "DE-TH"),
    ("Lombardia", "IT-25"),
    ("Sicilia", "IT-82"),
    ("Toscana", "IT-52"),
    ("Bretagne", "FR-BRE"),
    ("Autonomous Republic of Crimea", "UA-43"),
    ("Republic of Crimea", "UA-43"),
    ("Krym", "UA-43"),
    ("Krymska Oblast", "UA-43"),
    ("АР Крим", "UA-43"),
    ("Автономна Республіка Крим", "UA-43"),
    ("Республика Крым", "UA-43"),
    ("Крим", "UA-43"),
    ("Крым", "UA-43"),
    ("Севастополь", "UA-40"),
    ("Donetsk", "UA-14"),
    ("Donetsk Oblast", "UA-14"),
    ("Donetsk People's Republic", "UA-14"),
    ("DNR", "UA-14"),
    ("DPR", "UA-14"),
    ("Luhansk", "UA-09"),
    ("Lugansk", "UA-09"),
    ("Luhansk Oblast", "UA-09"),
    ("Luhansk People's Republic", "UA-09"),
    ("LNR", "UA-09"),
    ("LPR", "UA-09"),
];

/// Whether a region lies in a country, by their codes. Some regions are countries of ISO 3166-1
/// too, and then lie in both.
pub(crate) fn lies_in(region: &str, country: &str) -> bool {
    let is_of = region.split_once('-').is_some_and(|(of, _)| of == country);
    is_of || COUNTRIES_TOO.iter().any(|(known, also)| *known == region && *also == country)
}

/// Regions of one country with a country code of their own.
const COUNTRIES_TOO: &[(&str, &str)] = &[
    ("CN-HK", "HK"),
    ("CN-MO", "MO"),
    ("CN-TW", "TW"),
    ("FI-01", "AX"),
    ("FR-971", "GP"),
    ("FR-972", "MQ"),
    ("FR-973", "GF"),
    ("FR-974", "RE"),
    ("FR-976", "YT"),
    ("FR-BL", "BL"),
    ("FR-MF", "MF"),
    ("FR-NC", "NC"),
    ("FR-PF", "PF"),
    ("FR-PM", "PM"),
    ("FR-TF", "TF"),
    ("FR-WF", "WF"),
    ("NL-AW", "AW"),
    ("NL-BQ1", "BQ"),
    ("NL-BQ2", "BQ"),
    ("NL-BQ3", "BQ"),
    ("NL-CW", "CW"),
    ("NL-SX", "SX"),
    ("NO-21", "SJ"),
    ("NO-22", "SJ"),
    ("US-AS", "AS"),
    ("US-GU", "GU"),
    ("US-MP", "MP"),
    ("US-PR", "PR"),
    ("US-UM", "UM"),
    ("US-VI", "VI"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_made_of_countries() {
        assert!(CODES.len() > 5000 && CODES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(CODES.iter().all(|(code, _)| {
            code.split_once('-').is_some_and(|(country, _)| crate::schema::is_country(country))
        }));
        let others =
            REPLACED.values().chain(OTHER_CODES.iter().chain(OTHER_NAMES).map(|(_, code)| code));
        assert!(
            others.chain(COUNTRIES_TOO.iter().map(|(code, _)| code)).all(|code| is_region(code))
        );
        assert!(
            ["", "US", "US-", "us-tx", "UA43", "RU-CR", "Crimea", "XX-01"]
                .iter()
                .all(|text| !is_region(text))
        );
    }

    #[test]
    fn names_and_near_misses_mean_a_code() {
        for (text, codes) in [
            ("Crimea", &["UA-43"][..]),
            ("Sevastopol", &["UA-40"]),
            ("sebastopol", &["UA-40"]),
            ("Texas", &["US-TX"]),
            ("Madrid", &["ES-MD", "ES-M"]),
            ("\u{410}\u{420} \u{41a}\u{440}\u{438}\u{43c}", &["UA-43"]),
            ("Kryms\u{2019}ka Oblast\u{2019}", &["UA-43"]),
            ("us-tx", &["US-TX"]),
            ("US_TX", &["US-TX"]),
            ("UA43", &["UA-43"]),
            ("RU-CR", &["UA-43"]),
            ("FR-A", &["FR-GES"]),
            ("Sao Paulo", &["BR-SP"]),
            ("Flordia", &["US-FL", "UY-FD"]),
            ("nowhere at all", &[]),
            ("", &[]),
        ] {
            assert_eq!(meant(text, None), codes, "{text}");
        }
    }

    #[test]
    fn a_known_country_says_which_part_is_meant() {
        for (text, country, codes) in [
            ("CA", "US", &["US-CA"][..]),
            ("ca", "US", &["US-CA"]),
            ("MD", "ES", &["ES-MD"]),
            ("SP", "BR", &["BR-SP"]),
            ("43", "UA", &["UA-43"]),
            ("USA-CA", "US", &["US-CA"]),
            ("Florida", "US", &["US-FL"]),
            ("Bayern", "DE", &["DE-BY"]),
            // A name is believed wherever its region lies; a guess is not.
            ("Republic of Crimea", "RU", &["UA-43"]),
            ("Bayrn", "CH", &[]),
            ("ZZ", "US", &[]),
        ] {
            assert_eq!(meant(text, Some(country)), codes, "{text}, {country}");
        }
    }

    #[test]
    fn a_region_lies_in_its_country_and_in_itself() {
        assert!(lies_in("US-FL", "US") && lies_in("US-PR", "US") && lies_in("US-PR", "PR"));
        assert!(!lies_in("UA-43", "RU") && !lies_in("US-FL", "PR"));
    }
}
