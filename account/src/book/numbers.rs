//! Which numbers does an account have, and under which names?

use std::collections::BTreeSet;

use cleartosend::Timestamp;

use super::row::{Point, Register, Row};
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

/// That the number which an id had is another id's: what is said of the number since is of the
/// other, and makes nothing of the first better.
pub(super) struct Replaced<'b> {
    /// From when on.
    since: Timestamp,
    /// The id that the number had last.
    pub(super) by: String,
    /// The rows of the number that are not of the first id alone.
    rows: Vec<&'b Row>,
}

impl<'b> Replaced<'b> {
    /// Of the id by which a number is named, at an instant.
    pub(super) fn of(
        book: &'b Book,
        number: &Number<'b>,
        id: &str,
        at: Option<Timestamp>,
    ) -> Option<Self> {
        let shown = number.names.iter().filter(|name| name.starts_with('+'));
        let links = shown.filter_map(|name| book.row_of(&Key::number(name)));
        let links: Vec<&Point> = links.flat_map(|row| row.of(Register::SameAs)).collect();
        let first = |point: &&&Point| point.word.as_text() == Some(id);
        let own = links.iter().find(first)?.at;
        let is_later = |point: &&&Point| point.at > own && at.is_none_or(|at| point.at <= at);
        let later = || links.iter().filter(is_later);
        let own = book.row_of(&Key::number(id));
        let is_own = |row: &&&Row| own.is_some_and(|own| std::ptr::eq(own, **row));
        Some(Self {
            since: later().map(|point| point.at).min()?,
            by: later().max_by_key(|point| (point.at, &point.word))?.word.as_text()?.to_owned(),
            rows: number.rows.iter().filter(|row| !is_own(row)).copied().collect(),
        })
    }

    /// Whether a point of a row may be of the other id.
    pub(super) fn is_of_other(&self, row: &Row, point: &Point) -> bool {
        point.at >= self.since && self.rows.iter().any(|other| std::ptr::eq(*other, row))
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
