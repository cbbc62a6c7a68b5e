//! Under which names is a person known?
//!
//! Events name people by number, by user id, or by both; numbers are written in national variants;
//! user ids and numbers change. Each name has a row, which links to the others.

use std::collections::{BTreeMap, BTreeSet};

use super::row::{Register, Row};

/// Names that are followed for one person.
const NAMES_MAX: usize = 64;

/// All names of the person of that name, as far as rows have them.
pub(super) fn names_of(people: &BTreeMap<Box<str>, Row>, name: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    // Names to follow, and whether a number there leads on: a number that was reached through a
    // user id does not, since numbers change hands.
    let mut open: Vec<(String, bool)> =
        variants(name).into_iter().chain([name.to_owned()]).map(|name| (name, true)).collect();
    while let Some((name, leads_on)) = open.pop() {
        let Some(row) = people.get(name.as_str()) else { continue };
        if names.len() >= NAMES_MAX || !names.insert(name.clone()) {
            continue;
        }
        if !leads_on {
            continue;
        }
        for point in row.of(Register::SameAs) {
            if let Some(other) = point.word.as_text() {
                let is_number = other.starts_with('+');
                open.extend(variants(other).into_iter().map(|other| (other, false)));
                open.push((other.to_owned(), !is_number));
            }
        }
        for point in row.of(Register::Was) {
            if let Some(old) = point.word.as_text() {
                open.extend(variants(old).into_iter().map(|old| (old, false)));
                open.push((old.to_owned(), false));
            }
        }
    }
    names
}

/// How the same number is written otherwise: with and without Brazil's ninth digit, Mexico's 1, and
/// Argentina's 9.
pub(super) fn variants(name: &str) -> Vec<String> {
    let Some(digits) = name.strip_prefix('+') else { return Vec::new() };
    let variant = if let Some(national) = digits.strip_prefix("55") {
        let (area, number) = national.split_at_checked(2).unwrap_or_default();
        let is_mobile = |number: &str| matches!(number.as_bytes().first(), Some(b'6'..=b'9'));
        match (number.len(), number.strip_prefix('9')) {
            (9, Some(short)) if is_mobile(short) => Some(format!("+55{area}{short}")),
            (8, _) if is_mobile(number) => Some(format!("+55{area}9{number}")),
            _ => None,
        }
    } else if let Some(national) = digits.strip_prefix("52") {
        with_and_without("52", "1", national)
    } else if let Some(national) = digits.strip_prefix("54") {
        with_and_without("54", "9", national)
    } else {
        None
    };
    variant.into_iter().collect()
}

fn with_and_without(country: &str, digit: &str, national: &str) -> Option<String> {
    match (national.len(), national.strip_prefix(digit)) {
        (11, Some(rest)) => Some(format!("+{country}{rest}")),
        (10, _) => Some(format!("+{country}{digit}{national}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::variants;

    #[test]
    fn national_variants_lead_to_each_other() {
        for (a, b) in [
            ("+5511987654321", "+551187654321"),
            ("+5215512345678", "+525512345678"),
            ("+5491112345678", "+541112345678"),
        ] {
            assert_eq!(variants(a), [b]);
            assert_eq!(variants(b), [a]);
        }
        // A line number of Brazil has no ninth digit.
        assert!(variants("+551132345678").is_empty());
        assert!(variants("+34600000000").is_empty() && variants("ES.1").is_empty());
    }
}
