//! Under which names is a person known?
//!
//! Events name people by number, by user id, or by both; numbers are written in national variants;
//! user ids and numbers change. Each name has a row, which links to the others.

use std::collections::{BTreeMap, BTreeSet};

use cleartosend::expert::resolve::plan::national_variant;

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
    let mut asked: BTreeSet<String> = national_variant(name).into_iter().collect();
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
    let mut open: Vec<PersonLink> = national_variant(name)
        .into_iter()
        .chain([name.to_owned()])
        .map(|name| (name, true))
        .collect();
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
        links.extend(national_variant(other).into_iter().map(|other| (other, false)));
        links.push((other.to_owned(), !other.starts_with('+')));
    }
    for old in row.of(Register::Was).iter().filter_map(|point| point.word.as_text()) {
        links.extend(national_variant(old).into_iter().map(|old| (old, true)));
        links.push((old.to_owned(), true));
    }
    links
}
