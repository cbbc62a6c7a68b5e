//! Under which names is a person known?
//!
//! Events name people by number, by user id, or by both; numbers are written in national variants;
//! user ids and numbers change. Each name has a row, which links to the others.

use std::collections::{BTreeMap, BTreeSet};

use super::row::{Register, Row};

/// The people of one sender, by name.
pub(super) type People = BTreeMap<Box<str>, Row>;

/// Names that are followed for one person.
const NAMES_MAX: usize = 64;

/// All names of the person of that name, as far as rows of any of these senders have them: a stop
/// may come under one id of an account, and the change of a number under another.
pub(super) fn names_of(people: &[&People], name: &str) -> BTreeSet<String> {
    let walked: Result<_, std::convert::Infallible> = walk(name, |name| {
        let rows: Vec<&Row> = people.iter().filter_map(|people| people.get(name)).collect();
        Ok((!rows.is_empty()).then(|| rows.into_iter().flat_map(links_of).collect()))
    });
    match walked {
        Ok(names) => names,
        Err(never) => match never {},
    }
}

/// As [`names_of`], with every name under which a row may be of the person, in either direction: of
/// who is to be forgotten, nothing may be left.
pub(super) fn all_names_of(people: &[&People], name: &str) -> BTreeSet<String> {
    let mut names = names_of(people, name);
    // A number without a row may have been somebody's before.
    let mut asked: BTreeSet<String> = variants(name).into_iter().collect();
    asked.insert(name.to_owned());
    asked.extend(names.iter().cloned());
    loop {
        let mut found = BTreeSet::new();
        let rows = people.iter().flat_map(|people| people.iter());
        for (other, row) in rows.filter(|(other, _)| !names.contains(&***other)) {
            if links_of(row).iter().any(|(to, _)| asked.contains(to)) {
                found.extend(names_of(people, other));
                found.insert(other.to_string());
            }
        }
        if found.is_subset(&names) {
            return names;
        }
        asked.extend(found.iter().cloned());
        names.extend(found);
    }
}

/// A name that a row leads to, and whether it leads on: a number that was reached through a user id
/// does not, since numbers change hands. One that a person had before another does: it is the same
/// person's, with whatever number came before it.
pub(super) type PersonLink = (String, bool);

/// Walks from a name to all names that are linked with it. `links` gives those of one name's row;
/// none where there is no row.
pub(super) fn walk<E>(
    name: &str,
    mut links: impl FnMut(&str) -> Result<Option<Vec<PersonLink>>, E>,
) -> Result<BTreeSet<String>, E> {
    let mut names = BTreeSet::new();
    let mut followed = BTreeSet::new();
    let mut open: Vec<PersonLink> =
        variants(name).into_iter().chain([name.to_owned()]).map(|name| (name, true)).collect();
    while let Some((name, leads_on)) = open.pop() {
        // A name that was reached as one that does not lead on may be reached as one that does.
        if followed.contains(&name) || !leads_on && names.contains(&name) {
            continue;
        }
        let Some(links) = links(&name)? else { continue };
        if names.len() >= NAMES_MAX && !names.contains(&name) {
            continue;
        }
        if leads_on {
            followed.insert(name.clone());
            open.extend(links);
        }
        names.insert(name);
    }
    Ok(names)
}

/// Whether a row leads to other names.
pub(super) fn is_linked(row: &Row) -> bool {
    !row.of(Register::SameAs).is_empty() || !row.of(Register::Was).is_empty()
}

/// To what a row leads.
pub(super) fn links_of(row: &Row) -> Vec<PersonLink> {
    let mut links = Vec::new();
    for other in row.of(Register::SameAs).iter().filter_map(|point| point.word.as_text()) {
        links.extend(variants(other).into_iter().map(|other| (other, false)));
        links.push((other.to_owned(), !other.starts_with('+')));
    }
    for old in row.of(Register::Was).iter().filter_map(|point| point.word.as_text()) {
        links.extend(variants(old).into_iter().map(|old| (old, true)));
        links.push((old.to_owned(), true));
    }
    links
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
