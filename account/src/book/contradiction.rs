//! Does what an event names contradict the account that it came under?
//!
//! An event under the id of one account may name a number of another. Whose a number is, other
//! events say, before it or after it: so that rows keep what was named, and both are compared when
//! somebody asks. What contradicts ends nothing, and is for a person.

use cleartosend::Timestamp;

use super::numbers::{Number, group};
use super::row::{Point, Register, Row};
use super::view::texts;
use super::{Book, Key};
use crate::fold::Standing;

/// A word on standing that came under another account than that of the number which it names.
pub(super) struct Contradiction<'b> {
    pub(super) point: &'b Point,
    account: String,
    number: String,
}

impl Contradiction<'_> {
    /// By what somebody acknowledges it.
    pub(super) fn id(&self) -> String {
        format!("{}/{}/{}", self.account, self.number, self.point.at)
    }
}

/// Those in an account's own rows, which end nothing of it, and in the rows of its numbers.
pub(super) fn own<'b>(
    book: &'b Book,
    id: Option<&str>,
    own: &[&'b Row],
    numbers: &[&Number<'b>],
) -> Vec<Contradiction<'b>> {
    let mut found = Vec::new();
    if let Some(id) = id {
        for point in own.iter().flat_map(|row| row.of(Register::Standing)) {
            found.extend(of_account(book, id, point));
        }
    }
    for number in numbers {
        for point in number.rows.iter().flat_map(|row| row.of(Register::Standing)) {
            let Some(under) = Standing::beside(&point.word, "under") else { continue };
            if contradicts(number, &under, point.at) {
                let number = number.names.first().cloned().unwrap_or_default();
                found.push(Contradiction { point, account: under, number });
            }
        }
    }
    found
}

/// Those in rows of other accounts that name one of these numbers.
pub(super) fn of_others<'b>(
    book: &'b Book,
    id: Option<&str>,
    numbers: &[Number<'b>],
) -> Vec<Contradiction<'b>> {
    let mut found = Vec::new();
    for number in numbers {
        for entry in number.rows.iter().flat_map(|row| texts(row, Register::NamedUnder)) {
            let Some(row) = book.row_of(&Key::account(&entry)).filter(|_| Some(&*entry) != id)
            else {
                continue;
            };
            let names = |point: &Point| {
                let named = Standing::beside(&point.word, "number");
                let is_account = Standing::beside(&point.word, "under").is_some();
                named.is_some_and(|named| number.names.contains(&named))
                    && (is_account || has_other_numbers(row, number))
            };
            let points = row.of(Register::Standing).iter().filter(|point| names(point));
            found.extend(points.filter_map(|point| of_account(book, &entry, point)));
        }
    }
    found
}

/// Whether an entry is surely that of an account, and not of a partner who receives the events of
/// several.
fn has_other_numbers(row: &Row, number: &Number<'_>) -> bool {
    let numbers = texts(row, Register::Numbers);
    !row.of(Register::Review).is_empty()
        || numbers.iter().any(|other| !number.names.contains(other))
}

/// A word in an account's row that ends something and names a number of another account.
fn of_account<'b>(book: &Book, account: &str, point: &'b Point) -> Option<Contradiction<'b>> {
    let number = Standing::beside(&point.word, "number")?;
    contradicts(&group(book, &number), account, point.at).then(|| Contradiction {
        point,
        account: account.to_owned(),
        number,
    })
}

/// Whether a number belongs to another account than that, and at that instant did no more belong to
/// it.
fn contradicts(number: &Number<'_>, account: &str, at: Timestamp) -> bool {
    if number.owner().is_none_or(|owner| owner == account) {
        return false;
    }
    let claims = number.rows.iter().flat_map(|row| row.of(Register::OfAccount));
    let own = claims.filter(|point| point.word.as_text() == Some(account));
    own.map(|point| point.at).max().is_none_or(|last| at > last)
}
