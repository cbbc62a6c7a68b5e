//! What counts for an account beside its own rows?
//!
//! Events of a portfolio come under the portfolio's own id, in the same kind of row as those of an
//! account; and some events of an account come in an entry of the partner who receives them.

use cleartosend::Timestamp;

use super::numbers::Number;
use super::row::{self, Point, Register, Row};
use super::{Book, Key, view};
use crate::fold::Standing;

/// Rows that count for an account and are not its own.
#[derive(Default)]
pub(super) struct Above<'b> {
    /// Of the portfolio, under its own id.
    pub(super) owner: Vec<&'b Row>,
    /// Of whoever receives the account's events.
    pub(super) receivers: Vec<&'b Row>,
    /// The portfolio's row with those of its other accounts.
    pub(super) portfolio: Vec<&'b Row>,
    /// The ids under which they came.
    pub(super) ids: Vec<String>,
}

impl<'b> Above<'b> {
    /// Of an account with these rows.
    pub(super) fn of(book: &'b Book, id: Option<&str>, own: &[&Row]) -> Self {
        let mut above = Self::default();
        let owner = own.iter().find_map(|row| portfolio_of(row));
        for other in own.iter().flat_map(|row| ids_of_row(row)) {
            if Some(&*other) == id {
                continue;
            }
            let rows = [Key::account(&other), Key::Portfolio(other.as_str().into())];
            let rows = rows.iter().filter_map(|key| book.row_of(key));
            if owner == Some(&*other) { &mut above.owner } else { &mut above.receivers }
                .extend(rows);
            above.ids.push(other);
        }
        above.portfolio.clone_from(&above.owner);
        above.receivers.extend(book.row_of(&Key::portfolio("")));
        let Some(owner) = owner else { return above };
        for (key, row) in &book.rows {
            if let Key::Account(other) = key
                && Some(&**other) != id
                && portfolio_of(row) == Some(owner)
            {
                above.portfolio.push(row);
            }
        }
        above
    }

    /// Adds entries in which events came that name one of the account's numbers: such an event is
    /// of the account, whatever the entry is of.
    pub(super) fn add_named_by(
        &mut self,
        book: &'b Book,
        id: Option<&str>,
        own: &[&Row],
        numbers: &[Number<'_>],
    ) {
        let mut known: Vec<String> = own.iter().flat_map(|row| ids_of_row(row)).collect();
        for number in numbers {
            let of_number = |row: &Row| {
                let points = row.of(Register::Numbers).iter();
                let is_of = |point: &&Point| {
                    point.word.as_text().is_some_and(|name| number.names.contains(name))
                };
                points.filter(is_of).map(|point| point.at).min()
            };
            let since = own.iter().filter_map(|row| of_number(row)).min();
            for point in number.rows.iter().flat_map(|row| row.of(Register::NamedUnder)) {
                let Some(entry) = point.word.as_text() else { continue };
                if entry.is_empty() || Some(entry) == id || known.iter().any(|id| id == entry) {
                    continue;
                }
                let rows = [Key::account(entry), Key::Portfolio(entry.into())];
                let rows: Vec<&Row> = rows.iter().filter_map(|key| book.row_of(key)).collect();
                // What came of it while it was another account's is that account's.
                let was_of_other = rows.iter().any(|row| of_number(row).is_some());
                if was_of_other && since.is_none_or(|since| point.at <= since) {
                    continue;
                }
                known.push(entry.to_owned());
                self.ids.push(entry.to_owned());
                self.receivers.extend(rows);
            }
        }
    }

    /// The word against sending that holds, of those under other ids that hold over the account's
    /// own and are no milder: each id apart, since none of them ends what another says. Of a
    /// country none is milder than another, and only the portfolio's is the account's.
    pub(super) fn against(
        &self,
        register: Register,
        own: Option<&Point>,
        at: Option<Timestamp>,
    ) -> Option<&'b Point> {
        let receivers = self.receivers.iter().filter(|_| register != Register::Country);
        let rows = self.owner.iter().chain(receivers);
        rows.filter_map(|row| view::held(&[*row], register, at))
            .filter(|word| {
                row::is_against(word)
                    && own.is_none_or(|own| row::is_later_and_no_milder(word, own))
            })
            .max_by(|a, b| row::holds_over(a, b))
    }

    /// Whether a country came under the id of an entry, later than the account's own and another:
    /// whose it is, nobody says.
    pub(super) fn has_other_country(&self, own: Option<&Point>, at: Option<Timestamp>) -> bool {
        let words = self.receivers.iter();
        let mut words = words.filter_map(|row| view::held(&[*row], Register::Country, at));
        words.any(|word| {
            own.is_none_or(|own| word.word != own.word && row::holds_over(word, own).is_gt())
        })
    }

    /// The daily limit under the id of an entry, where it is later than that of the portfolio and
    /// no higher.
    pub(super) fn limit(&self, wide: Option<&Point>, at: Option<Timestamp>) -> Option<&'b Point> {
        self.limits(at)
            .filter(|word| wide.is_some_and(|wide| row::is_later_and_no_milder(word, wide)))
            .max_by(|a, b| row::holds_over(a, b))
    }

    /// The daily limits under the ids of entries.
    pub(super) fn limits(&self, at: Option<Timestamp>) -> impl Iterator<Item = &'b Point> {
        let rows = self.receivers.iter();
        rows.filter_map(move |row| view::held(&[*row], Register::DailyLimit, at))
    }

    /// Those by which the account may be stopped.
    pub(super) fn stopping(&self) -> impl Iterator<Item = &'b Row> {
        self.owner.iter().chain(&self.receivers).copied()
    }
}

/// The ids under which events come that concern an account too.
pub(super) fn ids(book: &Book, account: &str) -> Vec<String> {
    book.row_of(&Key::account(account)).map(ids_of_row).unwrap_or_default()
}

/// As [`ids`], by the account's row: that of its portfolio, and those of entries that were not its
/// own.
pub(super) fn ids_of_row(row: &Row) -> Vec<String> {
    let mut ids = view::texts(row, Register::SameAs);
    if let Some(owner) = portfolio_of(row)
        && !ids.iter().any(|id| *id == *owner)
    {
        ids.push(owner.to_owned());
    }
    ids
}

/// An answer of the Graph API that gives little beside an id is read as one of an account or of a
/// number by a guess, and may be of the other: the instant of the last that stands against sending,
/// in a row of the other kind under the same id.
pub(super) fn guessed_against(row: &Row, at: Option<Timestamp>) -> Option<Timestamp> {
    const MATTERS: [Register; 8] = [
        Register::Health,
        Register::HealthAccount,
        Register::HealthApp,
        Register::HealthPortfolio,
        Register::NumberStatus,
        Register::DisplayName,
        Register::Quality,
        Register::Review,
    ];
    let last = |register| view::held(&[row], register, at);
    let is_against = |point: &&Point| match point.register {
        Register::NotUnderstood => true,
        Register::Standing => Standing::of(&point.word).stops(),
        _ => row::is_against(point),
    };
    let registers = [Register::NotUnderstood, Register::Standing].into_iter().chain(MATTERS);
    registers.filter_map(last).filter(is_against).map(|point| point.at).max()
}

/// The portfolio that an account belongs to, by its row.
pub(super) fn portfolio_of(row: &Row) -> Option<&str> {
    row.of(Register::OfPortfolio)
        .iter()
        .max_by_key(|point| (point.at, &point.word))
        .and_then(|point| point.word.as_text())
}
