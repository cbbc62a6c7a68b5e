//! Which numbers does an account have, and under which names?

use std::collections::BTreeSet;

use super::row::{Register, Row};
use super::view::texts;
use super::{Book, Key};

/// A number that sends, under all of its names.
pub(super) struct Number<'b> {
    pub(super) names: BTreeSet<String>,
    pub(super) rows: Vec<&'b Row>,
}

impl<'b> Number<'b> {
    /// The account that it belongs to.
    pub(super) fn owner(&self) -> Option<&'b str> {
        self.rows
            .iter()
            .flat_map(|row| row.of(Register::OfAccount))
            .max_by_key(|point| (point.at, &point.word))
            .and_then(|point| point.word.as_text())
    }
}

/// A number as rows are named by it.
pub(super) fn sending_name(number: &str) -> String {
    match number.strip_prefix('+') {
        Some(digits) => format!("+{}", crate::fields::digits(digits)),
        // An id, or a display number without its plus.
        None => crate::fields::digits(number),
    }
}

/// The numbers of an account: those that its events named and that belong to it still; in a book of
/// one account also those that belong to none.
/// Second, those that belong to another account now.
pub(super) fn numbers<'b>(
    book: &'b Book,
    id: Option<&str>,
    own: &[&Row],
    only: bool,
) -> (Vec<Number<'b>>, Vec<Number<'b>>) {
    let mut names: BTreeSet<&str> = own
        .iter()
        .flat_map(|row| row.of(Register::Numbers))
        .filter_map(|point| point.word.as_text())
        .collect();
    if only {
        // Whose a number is of which only people were spoken, nobody says.
        let rows = book.rows.iter().filter(|(_, row)| !row.has_only(Register::MarkedUnder));
        names.extend(rows.filter_map(|(key, _)| match key {
            // An answer about the account itself may have been taken for one of a number.
            Key::Number(name) => Some(&**name).filter(|name| id != Some(*name)),
            _ => None,
        }));
    }
    let (mut numbers, mut former): (Vec<Number<'b>>, Vec<Number<'b>>) = Default::default();
    for name in names {
        if numbers.iter().chain(&former).any(|known| known.names.contains(name)) {
            continue;
        }
        let number = group(book, name);
        if number.owner().is_none_or(|owner| id.is_none_or(|id| id == owner)) {
            numbers.push(number);
        } else {
            former.push(number);
        }
    }
    (numbers, former)
}

pub(super) fn group<'b>(book: &'b Book, name: &str) -> Number<'b> {
    let mut rows = Vec::new();
    let walked: Result<_, std::convert::Infallible> = walk(name, |name| {
        let Some(row) = book.row_of(&Key::number(name)) else { return Ok(Vec::new()) };
        rows.push(row);
        Ok(other_names(row))
    });
    let mut names = match walked {
        Ok(names) => names,
        Err(never) => match never {},
    };
    // A display number may come without its plus.
    let without_plus: Vec<String> =
        names.iter().filter_map(|name| name.strip_prefix('+')).map(str::to_owned).collect();
    names.extend(without_plus);
    Number { names, rows }
}

/// Walks from a number's name to all names that are linked with it. `links` gives those of one
/// name's row.
pub(super) fn walk<E>(
    name: &str,
    mut links: impl FnMut(&str) -> Result<Vec<String>, E>,
) -> Result<BTreeSet<String>, E> {
    const NAMES_MAX: usize = 64;
    let mut names = BTreeSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        if names.len() >= NAMES_MAX || names.contains(&name) {
            continue;
        }
        open.extend(links(&name)?);
        names.insert(name);
    }
    Ok(names)
}

/// The other names of a number, by its row.
pub(super) fn other_names(row: &Row) -> Vec<String> {
    texts(row, Register::SameAs)
}

/// The account that a number belongs to.
pub(super) fn account_of_number<'b>(book: &'b Book, number: &str) -> Option<&'b str> {
    group(book, &sending_name(number)).owner()
}
