//! How is a book written, and what else is read as one?
//!
//! A book is one JSON object: `book` is the version of the form, `rows` holds the rows by key. Its
//! `account`, where the book has one account, is a view for readers and is not read back. A state
//! of version 0.1.0 is read too: its events are applied, and its base is kept.

use cleartosend::expert::limits;
use serde_json::{Map, Value, json};

use super::row::{Point, Register, Row};
use super::{Book, Key};
use crate::effects;
use crate::envelope::{self, Change, Content};
use crate::error::{self, AccountError};
use crate::event::{self, Kind};
use crate::fields::{Spot, canonical};
use crate::graph;
use crate::other;
use cleartosend::Timestamp;

const MEMBERS: [&str; 3] = ["account", "book", "rows"];
const STATE_MEMBERS: [&str; 8] =
    ["account", "errors", "history", "notices", "numbers", "recipients", "templates", "unknown"];

pub(super) fn read(bytes: &[u8]) -> Result<Book, AccountError> {
    let whole =
        envelope::json(bytes, limits::ACCOUNT_STATE_BYTES_MAX, limits::ACCOUNT_STATE_DEPTH_MAX)?;
    let root = Spot::new(&whole, "");
    let members = root.object()?;
    let Some(version) = root.member("book") else { return state(&root) };
    if version.whole()? == 1 {
        check_members(members, &MEMBERS)?;
    }
    let mut book = Book::new();
    let rows = root.required("rows", "an object of rows")?;
    for (key, row) in rows.object()? {
        let spot =
            Spot::new(row, &format!("rows.{}", cleartosend::expert::text::shortened(key, 60)));
        put(&mut book, key, &Row::read(&spot)?).map_err(|problem| problem.at(&spot.path))?;
    }
    Ok(book)
}

fn put(book: &mut Book, key: &str, row: &Row) -> Result<bool, AccountError> {
    match Key::parse(key) {
        Some(key) => Ok(book.row_mut(&key).merge(row)),
        // A later version may have rows of other things.
        None if row.is_newer() => Ok(book.foreign.entry(key.to_owned()).or_default().merge(row)),
        None => Err(error::bad_key(key)),
    }
}

pub(super) fn merge_row(book: &mut Book, key: &str, bytes: &[u8]) -> Result<bool, AccountError> {
    let value =
        envelope::json(bytes, limits::ACCOUNT_EVENT_BYTES_MAX, limits::ACCOUNT_STATE_DEPTH_MAX)?;
    let row = Row::read(&Spot::new(&value, ""))?;
    put(book, key, &row)
}

fn check_members(members: &Map<String, Value>, known: &[&str]) -> Result<(), AccountError> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let shown = cleartosend::expert::text::shortened(name, 60);
            Err(error::unknown_member(name, known).at(&shown))
        }
    }
}

pub(super) fn write(book: &Book) -> String {
    let mut rows = Map::new();
    for key in book.keys() {
        if let Some(row) = Key::parse(&key).and_then(|key| book.row_of(&key)) {
            rows.insert(key, row.to_value());
        }
    }
    for (key, row) in &book.foreign {
        rows.insert(key.clone(), row.to_value());
    }
    let mut document = json!({"book": 1, "rows": rows});
    let mut accounts = book.accounts();
    if let (Some(_), None) = (accounts.next(), accounts.next())
        && let (Ok(account), Some(document)) =
            (book.account(None, None, None), document.as_object_mut())
    {
        document.insert("account".into(), account);
    }
    canonical(&document)
}

/// A state of version 0.1.0.
fn state(root: &Spot<'_>) -> Result<Book, AccountError> {
    check_members(root.object()?, &STATE_MEMBERS)?;
    let mut book = Book::new();
    let account = root.member("account");
    if let Some(account) = &account {
        account.object()?;
    }
    let Some(history) = root.member("history") else {
        if let Some(account) = account
            && !account.object()?.is_empty()
        {
            base(&mut book, &account)?;
        }
        return Ok(book);
    };
    for item in history.required("events", "a list of events")?.items()? {
        let event = read_event(&item)?;
        let value = adapted(&event);
        let content = match event.kind {
            Some(kind) => Content::Event(kind, Spot::new(&value, &item.path)),
            None if !other::is_passed(&event.field) => {
                Content::NotUnderstood(&value, "kept by version 0.1.0 as unknown".to_owned())
            }
            None => continue,
        };
        let change = Change {
            path: item.path.clone(),
            field: event.field.clone(),
            account: event.account.clone(),
            at: Some(event.at),
            content,
            recipient: Vec::new(),
        };
        for (key, point) in effects::read(&change, None).points {
            book.row_mut(&key).add(point);
        }
    }
    let mut before = Map::new();
    if let Some(base) = history.member("base") {
        before = base.object()?.clone();
    }
    // What was edited by hand among the members that no event tells.
    let given = book.account(None, None, None).unwrap_or_default();
    if let Some(account) = &account {
        for (name, value) in account.object()? {
            if given.get(name).is_none() {
                before.insert(name.clone(), value.clone());
            }
        }
    }
    if !before.is_empty() {
        let before = Value::Object(before);
        base(&mut book, &Spot::new(&before, "history.base"))?;
    }
    Ok(book)
}

fn base(book: &mut Book, account: &Spot<'_>) -> Result<(), AccountError> {
    let word = graph::checked_base(account)?;
    let id = account.member("id").map(|id| id.name()).transpose()?;
    let only = book.accounts().next().map(str::to_owned);
    let key = Key::account(&id.or(only).unwrap_or_default());
    book.row_mut(&key).add(Point { register: Register::Base, at: Timestamp::MIN, word });
    Ok(())
}

struct Event {
    at: Timestamp,
    account: String,
    field: String,
    kind: Option<Kind>,
    value: Value,
}

fn read_event(item: &Spot<'_>) -> Result<Event, AccountError> {
    let at = item.required("at", "a timestamp")?.instant()?;
    let account =
        item.member("account").map(|account| account.name()).transpose()?.unwrap_or_default();
    let field = item.required("field", "the label of the change")?.text()?.to_owned();
    let value = item.required("value", "an object")?;
    value.object()?;
    let kind = if field.contains(':') {
        None
    } else {
        Kind::from_name(&field)
            .filter(|kind| kind.name().starts_with("graph_"))
            .or_else(|| event::kind(&field, value.value))
    };
    Ok(Event { at, account, field, kind, value: value.value.clone() })
}

/// Version 0.1.0 kept failures and preferences one by one, in a form of its own.
fn adapted(event: &Event) -> Value {
    if event.kind != Some(Kind::MessageError) || event.value.get("statuses").is_some() {
        return event.value.clone();
    }
    let mut status = event.value.clone();
    if let Some(status) = status.as_object_mut() {
        let code = status.remove("code").unwrap_or_default();
        let number = status.remove("display_phone_number");
        status.insert("timestamp".into(), event.at.to_string().into());
        status.insert("errors".into(), json!([{ "code": code }]));
        let metadata = number.map(|number| json!({ "display_phone_number": number }));
        return json!({"statuses": [status], "metadata": metadata});
    }
    status
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_is_read_as_it_is_written() {
        let mut book = Book::new();
        book.apply(br#"{"entry":[{"id":"100","time":1760000000,"changes":[{"field":"account_review_update","value":{"decision":"APPROVED"}}]}]}"#).unwrap();
        let text = book.to_json();
        assert_eq!(read(text.as_bytes()).unwrap(), book);
        assert_eq!(read(b"{}").unwrap(), Book::new());
    }
}
