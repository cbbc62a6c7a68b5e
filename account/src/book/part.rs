//! Which rows does a campaign need?
//!
//! In: facts, and [`Rows`] that are kept somewhere. Out: a book of those rows alone that
//! [`super::tell`] reads: of the account and its portfolio, of its numbers, of the campaign's
//! template, and of the recipient under all names, or of all recipients for an audience. Told by
//! it, facts get from it what they get from the whole book.

use std::collections::BTreeSet;

use cleartosend::Facts;
use cleartosend::schema::{Scope, attributes as id};

use super::row::Register;
use super::tell::{Chosen, NAMED, chosen, senders, template_sent};
use super::view::{self, View};
use super::{Book, Key, above, numbers, people};

use crate::fold::Standing;

/// Rows that are kept elsewhere, such as in a database.
pub trait Rows {
    /// Why they cannot be read.
    type Error;

    /// Joins the row under a key into a book, where there is one.
    ///
    /// # Errors
    /// A row that cannot be read.
    fn join_row(&mut self, book: &mut Book, key: &str) -> Result<(), Self::Error>;

    /// Joins the rows whose keys begin with `prefix` into a book. With a text, rows that do not
    /// contain it may be left out.
    ///
    /// # Errors
    /// As [`Self::join_row`].
    fn join_rows(
        &mut self,
        book: &mut Book,
        prefix: &str,
        containing: Option<&str>,
    ) -> Result<(), Self::Error>;

    /// The first key that begins with `prefix` and is not less than `from`, by the order of bytes.
    ///
    /// # Errors
    /// As [`Self::join_row`].
    fn first_key(&mut self, prefix: &str, from: &str) -> Result<Option<String>, Self::Error>;
}

pub(super) fn part_for<R: Rows>(facts: &Facts, rows: &mut R) -> Result<Book, R::Error> {
    let mut book = Book::new();
    if facts.send_at().is_none() {
        // What was known last: any row may have the last event.
        rows.join_rows(&mut book, "", None)?;
        return Ok(book);
    }
    let text = |path: &str| {
        let id = facts.schema().id(path)?;
        facts.fact(id).text().map(str::to_owned)
    };
    let given = text("account.id");
    let number = text("account.number");
    let mut owner = None;
    if let (None, Some(number)) = (&given, &number) {
        number_rows(&mut book, rows, &numbers::sending_name(number))?;
        owner = numbers::account_of_number(&book, number).map(str::to_owned);
    }
    accounts(&mut book, rows, given.as_deref().or(owner.as_deref()))?;
    let chosen = chosen(&book, given.as_deref(), number.as_deref());
    if matches!(chosen, None | Some(Chosen::Undecided)) {
        first_accounts(&mut book, rows)?;
    }
    if let Some(chosen) = &chosen {
        account(&mut book, rows, chosen.id())?;
        sending(&mut book, rows, chosen.id(), number.as_deref(), facts)?;
        if let (Some(name), Chosen::Account(_)) = (template_sent(facts), chosen) {
            let view = View::of(&book, chosen.id(), facts.send_at(), number.as_deref());
            let mut owners = view.ids_above().to_vec();
            owners.extend([chosen.id().unwrap_or_default().to_owned(), String::new()]);
            for owner in owners {
                let first = Key::Template {
                    account: owner.as_str().into(),
                    name: name.as_str().into(),
                    language: "".into(),
                };
                rows.join_rows(&mut book, &first.to_string(), None)?;
            }
        }
    }
    let of = chosen.as_ref().and_then(Chosen::id).or(given.as_deref()).map(str::to_owned);
    recipients(&mut book, rows, of.as_deref(), number.as_deref(), facts)?;
    Ok(book)
}

/// Notes that there is an account, with whether it is a number that was taken for one, and of which
/// portfolio it is.
fn note<R: Rows>(book: &mut Book, rows: &mut R, account: &str) -> Result<(), R::Error> {
    if account.is_empty() {
        return Ok(());
    }
    rows.join_row(book, &Key::number(account).to_string())?;
    rows.join_row(book, &Key::account(account).to_string())?;
    book.rows.entry(Key::account(account)).or_default();
    Ok(())
}

/// Names as many of the first accounts as a sentence does, for a campaign that is of none of them.
fn first_accounts<R: Rows>(book: &mut Book, rows: &mut R) -> Result<(), R::Error> {
    for prefix in ["account/", "template/"] {
        let mut from = prefix.to_owned();
        let mut found = 0;
        while found <= NAMED {
            let Some(key) = rows.first_key(prefix, &from)? else { break };
            if let Some(Key::Account(id) | Key::Template { account: id, .. }) = Key::parse(&key) {
                note(book, rows, &id)?;
                // It may be the portfolio of another account, and none itself.
                let word = serde_json::Value::from(&*id).to_string();
                rows.join_rows(book, "account/", Some(&word))?;
                found += usize::from(book.accounts().any(|known| *known == *id));
            }
            let name = parts(&key).get(1).copied().unwrap_or_default().to_owned();
            from = after(&format!("{prefix}{name}"), prefix);
        }
    }
    Ok(())
}

/// Names the accounts that there are, as far as it matters: that of the document, and whether there
/// is another, or several.
fn accounts<R: Rows>(book: &mut Book, rows: &mut R, given: Option<&str>) -> Result<(), R::Error> {
    if let Some(given) = given {
        let key = Key::account(given).to_string();
        let known = rows.first_key(&key, &key)?.is_some_and(|found| found == key);
        let templates = format!("template/{}/", parts(&key)[1]);
        if known || rows.first_key(&templates, &templates)?.is_some() {
            note(book, rows, given)?;
        }
    }
    for prefix in ["account/", "template/"] {
        let mut from = prefix.to_owned();
        // Two are enough to know that there are several.
        while book.accounts().nth(1).is_none() {
            let Some(key) = rows.first_key(prefix, &from)? else { break };
            let name = parts(&key).get(1).copied().unwrap_or_default().to_owned();
            if let Some(Key::Account(id) | Key::Template { account: id, .. }) = Key::parse(&key) {
                note(book, rows, &id)?;
            }
            from = after(&format!("{prefix}{name}"), prefix);
        }
    }
    Ok(())
}

/// The parts of a key as they are written.
fn parts(key: &str) -> Vec<&str> {
    key.split('/').collect()
}

/// The least text after all keys that begin with those parts: of accounts the next name, of others
/// what follows all that lies within.
fn after(parts: &str, prefix: &str) -> String {
    let end = if prefix == "account/" { '\0' } else { '0' };
    format!("{parts}{end}")
}

/// The account's own row with what named no account, and what comes under other ids and counts for
/// it: that of its portfolio, with the accounts beside it.
fn account<R: Rows>(book: &mut Book, rows: &mut R, of: Option<&str>) -> Result<(), R::Error> {
    let own: Vec<Key> = [Some(""), of].into_iter().flatten().map(Key::account).collect();
    for key in own.iter().chain(&[Key::portfolio("")]) {
        rows.join_row(book, &key.to_string())?;
    }
    for key in own {
        let Some(row) = book.row_of(&key) else { continue };
        let portfolio = above::portfolio_of(row).map(str::to_owned);
        for id in above::ids_of_row(row) {
            rows.join_row(book, &Key::account(&id).to_string())?;
            rows.join_row(book, &Key::Portfolio(id.into()).to_string())?;
        }
        if let Some(portfolio) = portfolio {
            let word = serde_json::Value::from(portfolio).to_string();
            rows.join_rows(book, "account/", Some(&word))?;
        }
    }
    Ok(())
}

/// The numbers of the account, and the one that the document names.
fn sending<R: Rows>(
    book: &mut Book,
    rows: &mut R,
    of: Option<&str>,
    number: Option<&str>,
    facts: &Facts,
) -> Result<(), R::Error> {
    let own = [of.map(Key::account), Some(Key::account(""))];
    let mut names: Vec<String> = Vec::new();
    for row in own.iter().flatten().filter_map(|key| book.row_of(key)) {
        names.extend(view::texts(row, Register::Numbers));
        let base = view::base_number(&[row], facts.send_at());
        names.extend(base.as_deref().map(numbers::sending_name));
        let named = row.of(Register::Standing).iter();
        names.extend(named.filter_map(|point| Standing::beside(&point.word, "number")));
    }
    if book.accounts().nth(1).is_none() {
        rows.join_rows(book, "number/", None)?;
        let known = book.rows.keys().filter_map(|key| match key {
            Key::Number(name) => Some(name.to_string()),
            _ => None,
        });
        names.extend(known.collect::<Vec<_>>());
    }
    names.extend(number.map(numbers::sending_name));
    for name in names {
        let names = number_rows(book, rows, &name)?;
        for name in names {
            rows.join_row(book, &Key::account(&name).to_string())?;
        }
    }
    let numbers = book.rows.iter().filter(|(key, _)| matches!(key, Key::Number(_)));
    let entries: Vec<String> =
        numbers.flat_map(|(_, row)| view::texts(row, Register::NamedUnder)).collect();
    for id in entries {
        rows.join_row(book, &Key::account(&id).to_string())?;
        rows.join_row(book, &Key::Portfolio(id.into()).to_string())?;
    }
    Ok(())
}

/// A number under all of its names, which it gives.
fn number_rows<R: Rows>(
    book: &mut Book,
    rows: &mut R,
    name: &str,
) -> Result<BTreeSet<String>, R::Error> {
    numbers::walk(name, |name| {
        let key = Key::number(name);
        rows.join_row(book, &key.to_string())?;
        Ok(book.row_of(&key).map(numbers::other_names).unwrap_or_default())
    })
}

/// What is known of the recipient, or of all of them: as this account knows them and as nobody says
/// which does, and where no account is meant, as any does.
fn recipients<R: Rows>(
    book: &mut Book,
    rows: &mut R,
    of: Option<&str>,
    number: Option<&str>,
    facts: &Facts,
) -> Result<(), R::Error> {
    const PREFIX: &str = "recipient/";
    let mut asked = BTreeSet::new();
    match of {
        Some(of) => {
            let view = View::of(book, Some(of), facts.send_at(), number);
            asked = senders(book, of, view.numbers());
        }
        None => {
            let mut from = PREFIX.to_owned();
            while let Some(key) = rows.first_key(PREFIX, &from)? {
                if let Some(Key::Recipient { sender, .. }) = Key::parse(&key) {
                    asked.insert(sender.into());
                }
                let name = parts(&key).get(1).copied().unwrap_or_default().to_owned();
                from = after(&format!("{PREFIX}{name}"), PREFIX);
            }
        }
    }
    if facts.scope() == Scope::Campaign {
        for sender in &asked {
            rows.join_rows(book, &Key::recipient(sender, "").to_string(), None)?;
        }
        return Ok(());
    }
    for name in [id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID] {
        let Some(name) = facts.fact(name).text() else { continue };
        people::walk(name, |name| {
            let mut links = None;
            for sender in &asked {
                let key = Key::recipient(sender, name);
                rows.join_row(book, &key.to_string())?;
                if let Some(row) = book.row_of(&key) {
                    links.get_or_insert_with(Vec::new).extend(people::links_of(row));
                }
            }
            Ok(links)
        })?;
    }
    Ok(())
}
