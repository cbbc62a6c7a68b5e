//! How is an account book stored in a file that several processes share?
//!
//! In: an SQLite file. Out: a [`Store`], whose rows are those of a [`Book`]. An envelope is applied
//! in one transaction, which touches only the rows that the envelope is about: it is in the file
//! whole, or not at all, whenever a process or the machine stops. Processes wait for each other.

mod error;

use std::path::Path;
use std::time::Duration;

use cleartosend::{Facts, Timestamp};
use cleartosend_account::{AccountError, Applied, Book, Removed, Rows};
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params,
};
use serde_json::Value;

pub use error::StoreError;

/// An account book in an SQLite file.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
}

/// "ctsb": marks our files among those of SQLite.
const APPLICATION: i64 = 0x6374_7362;
/// The version of the tables.
const VERSION: i64 = 1;
/// How long a process waits for the others.
const PATIENCE: Duration = Duration::from_secs(30);

impl Store {
    /// Opens a store, or makes one where there is no file.
    ///
    /// # Errors
    /// A file that is not a store; one of a later version; a folder that cannot be written.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::with(path, OpenFlags::default())
    }

    /// Opens a store that is there.
    ///
    /// # Errors
    /// As [`Self::open`]; no such file.
    pub fn open_existing(path: &Path) -> Result<Self, StoreError> {
        Self::with(path, OpenFlags::default().difference(OpenFlags::SQLITE_OPEN_CREATE))
    }

    fn with(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        // A path that begins with `file:` is a path.
        let flags = flags.difference(OpenFlags::SQLITE_OPEN_URI);
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        let number = |connection: &Connection, name: &str| -> rusqlite::Result<i64> {
            connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))
        };
        let tables = |connection: &Connection| -> rusqlite::Result<i64> {
            connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        };
        if tables(&connection)? == 0 {
            // Readers go on while one process writes. Whether the mode could be set does not
            // matter: the transactions are safe in either.
            match connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())) {
                Err(problem) if problem.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) => {
                    return Err(problem.into());
                }
                // Another process is setting it.
                _ => {}
            }
            let making = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            // Another process may have been first.
            if tables(&making)? == 0 {
                making.execute_batch(&format!(
                    "PRAGMA application_id = {APPLICATION};
                     PRAGMA user_version = {VERSION};
                     CREATE TABLE row (key TEXT PRIMARY KEY, row TEXT NOT NULL) WITHOUT ROWID;"
                ))?;
            }
            making.commit()?;
        }
        if number(&connection, "application_id")? != APPLICATION {
            return Err(error::not_a_store());
        }
        let version = number(&connection, "user_version")?;
        if version > VERSION {
            return Err(error::newer(version, VERSION));
        }
        // What was committed is on the disk, also if the machine stops.
        connection.pragma_update(None, "synchronous", "FULL")?;
        Ok(Self { connection })
    }

    /// Applies one webhook, or an answer of the Graph API: see [`Book::apply_received`].
    ///
    /// # Errors
    /// What the book refuses, and what SQLite does; nothing was applied then.
    pub fn apply(
        &mut self,
        envelope: &[u8],
        received_at: Option<Timestamp>,
    ) -> Result<Applied, StoreError> {
        // Which rows it is about does not depend on what they hold.
        let touched = Book::new().apply_received(envelope, received_at)?.rows;
        let change = begin(&mut self.connection)?;
        let mut book = Book::new();
        load(&change, &mut book, touched.iter().map(String::as_str))?;
        let applied = book.apply_received(envelope, received_at)?;
        save(&change, &book, applied.rows.iter().map(String::as_str))?;
        change.commit()?;
        Ok(applied)
    }

    /// The whole book.
    ///
    /// # Errors
    /// A damaged file.
    pub fn book(&mut self) -> Result<Book, StoreError> {
        whole(&self.connection)
    }

    /// The part of the book that a campaign's facts ask for, in one read transaction: see
    /// [`Book::part_for`]. Of other accounts and of other people nothing is read.
    ///
    /// # Errors
    /// A damaged file.
    pub fn book_for(&mut self, facts: &Facts) -> Result<Book, StoreError> {
        let reading = self.connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        Book::part_for(facts, &mut Kept(&reading))
    }

    /// The book without the people.
    ///
    /// # Errors
    /// A damaged file.
    pub fn accounts(&mut self) -> Result<Book, StoreError> {
        let mut book = Book::new();
        let mut rows = self
            .connection
            .prepare("SELECT key, row FROM row WHERE key < 'recipient/' OR key >= 'recipient0'")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            put(&mut book, &row.get::<_, String>(0)?, &row.get::<_, String>(1)?)?;
        }
        Ok(book)
    }

    /// Changes the book in one transaction: `change` gives the keys of the rows that changed.
    ///
    /// # Errors
    /// What `change` refuses, and what SQLite does; nothing was changed then.
    pub fn change(
        &mut self,
        change: impl FnOnce(&mut Book) -> Result<Vec<String>, AccountError>,
    ) -> Result<Vec<String>, StoreError> {
        let transaction = begin(&mut self.connection)?;
        let mut book = whole(&transaction)?;
        let changed = change(&mut book)?;
        save(&transaction, &book, changed.iter().map(String::as_str))?;
        transaction.commit()?;
        Ok(changed)
    }

    /// Removes rows in one transaction, as [`Book::forget`] and [`Book::expire`] do.
    ///
    /// # Errors
    /// What `remove` refuses, and what SQLite does; nothing was removed then.
    pub fn remove(
        &mut self,
        remove: impl FnOnce(&mut Book) -> Result<Removed, AccountError>,
    ) -> Result<Removed, StoreError> {
        let transaction = begin(&mut self.connection)?;
        let mut book = whole(&transaction)?;
        let removed = remove(&mut book)?;
        save(&transaction, &book, removed.replaced.iter().map(String::as_str))?;
        {
            let mut delete = transaction.prepare("DELETE FROM row WHERE key = ?1")?;
            for key in &removed.removed {
                delete.execute(params![key])?;
            }
        }
        transaction.commit()?;
        // What was deleted leaves the file too, and not only its index.
        self.connection.execute_batch("VACUUM")?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(removed)
    }

    /// Every row as a line of JSON, `{"key": …, "row": …}`, in the order of the keys.
    ///
    /// # Errors
    /// What SQLite refuses, and what `line` gives.
    pub fn export(
        &self,
        mut line: impl FnMut(&str) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut rows = self.connection.prepare("SELECT key, row FROM row ORDER BY key")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let (key, row): (String, String) = (row.get(0)?, row.get(1)?);
            line(&format!("{{\"key\":{},\"row\":{row}}}\n", Value::from(key)))?;
        }
        Ok(())
    }

    /// Joins rows as [`Self::export`] wrote them. All of it or nothing. Gives how many rows
    /// changed.
    ///
    /// # Errors
    /// A line that is not a row; what SQLite refuses.
    pub fn import(&mut self, lines: &[u8]) -> Result<usize, StoreError> {
        let transaction = begin(&mut self.connection)?;
        let mut changed = 0;
        for (number, line) in lines.split(|byte| *byte == b'\n').enumerate() {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let bad = |problem: &str| error::bad_line(number + 1, problem);
            let value: Value =
                serde_json::from_slice(line).map_err(|problem| bad(&problem.to_string()))?;
            let key = value.get("key").and_then(Value::as_str).ok_or_else(|| bad("no `key`"))?;
            let row = value.get("row").ok_or_else(|| bad("no `row`"))?.to_string();
            let mut book = Book::new();
            load(&transaction, &mut book, [key])?;
            let is_new =
                book.merge_row(key, row.as_bytes()).map_err(|problem| bad(&problem.to_string()))?;
            if is_new {
                save(&transaction, &book, [key])?;
                changed += 1;
            }
        }
        transaction.commit()?;
        Ok(changed)
    }

    /// Joins a whole book. Gives how many rows changed.
    ///
    /// # Errors
    /// What SQLite refuses; nothing was changed then.
    pub fn merge(&mut self, other: &Book) -> Result<usize, StoreError> {
        let keys = other.keys();
        let transaction = begin(&mut self.connection)?;
        let mut book = Book::new();
        load(&transaction, &mut book, keys.iter().map(String::as_str))?;
        let changed = book.merge(other);
        save(&transaction, &book, changed.iter().map(String::as_str))?;
        transaction.commit()?;
        Ok(changed.len())
    }
}

/// The rows of a file.
struct Kept<'c>(&'c Connection);

impl Rows for Kept<'_> {
    type Error = StoreError;

    fn join_row(&mut self, book: &mut Book, key: &str) -> Result<(), StoreError> {
        load(self.0, book, [key])
    }

    fn join_rows(
        &mut self,
        book: &mut Book,
        prefix: &str,
        containing: Option<&str>,
    ) -> Result<(), StoreError> {
        // Prefixes are empty or end at a part's end, and `0` comes next after `/`.
        let end = prefix.strip_suffix('/').map(|parts| format!("{parts}0"));
        let mut rows = self.0.prepare(
            "SELECT key, row FROM row WHERE key >= ?1 AND (?2 IS NULL OR key < ?2)
             AND (?3 IS NULL OR instr(row, ?3) > 0)",
        )?;
        let mut rows = rows.query(params![prefix, end, containing])?;
        while let Some(row) = rows.next()? {
            put(book, &row.get::<_, String>(0)?, &row.get::<_, String>(1)?)?;
        }
        Ok(())
    }

    fn first_key(&mut self, prefix: &str, from: &str) -> Result<Option<String>, StoreError> {
        let mut first =
            self.0.prepare("SELECT key FROM row WHERE key >= ?1 ORDER BY key LIMIT 1")?;
        let key: Option<String> = first.query_row(params![from], |row| row.get(0)).optional()?;
        Ok(key.filter(|key| key.starts_with(prefix)))
    }
}

/// Begins a change: whoever reads in order to write waits before reading.
fn begin(connection: &mut Connection) -> Result<Transaction<'_>, StoreError> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

fn whole(connection: &Connection) -> Result<Book, StoreError> {
    let mut book = Book::new();
    let mut rows = connection.prepare("SELECT key, row FROM row")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        put(&mut book, &row.get::<_, String>(0)?, &row.get::<_, String>(1)?)?;
    }
    Ok(book)
}

fn load<'k>(
    connection: &Connection,
    book: &mut Book,
    keys: impl IntoIterator<Item = &'k str>,
) -> Result<(), StoreError> {
    let mut select = connection.prepare("SELECT row FROM row WHERE key = ?1")?;
    for key in keys {
        let row: Option<String> = select.query_row(params![key], |row| row.get(0)).optional()?;
        if let Some(row) = row {
            put(book, key, &row)?;
        }
    }
    Ok(())
}

fn put(book: &mut Book, key: &str, row: &str) -> Result<(), StoreError> {
    book.merge_row(key, row.as_bytes())
        .map(|_| ())
        .map_err(|problem| error::damaged_row(key, &problem))
}

fn save<'k>(
    connection: &Connection,
    book: &Book,
    keys: impl IntoIterator<Item = &'k str>,
) -> Result<(), StoreError> {
    let mut upsert = connection.prepare(
        "INSERT INTO row (key, row) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET row = ?2",
    )?;
    for key in keys {
        if let Some(row) = book.row(key) {
            upsert.execute(params![key, row])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(account: &str, time: i64) -> Vec<u8> {
        format!(
            r#"{{"entry":[{{"id":"{account}","time":{time},"changes":[{{"field":"account_review_update","value":{{"decision":"APPROVED"}}}}]}}]}}"#
        )
        .into_bytes()
    }

    #[test]
    fn a_store_holds_what_a_book_would() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.sqlite");
        let mut book = Book::new();
        for number in 0..20 {
            let event = event(&format!("10000{}", number % 3), 1_760_000_000 + number);
            book.apply(&event).unwrap();
            // Opened anew for each, as by many processes.
            Store::open(&path).unwrap().apply(&event, None).unwrap();
        }
        let mut store = Store::open_existing(&path).unwrap();
        assert_eq!(store.book().unwrap(), book);
        assert_eq!(store.accounts().unwrap(), book);
        let mut lines = String::new();
        store
            .export(|line| {
                lines.push_str(line);
                Ok(())
            })
            .unwrap();
        let mut copy = Store::open(&folder.path().join("copy.sqlite")).unwrap();
        assert_eq!(copy.import(lines.as_bytes()).unwrap(), 3);
        assert_eq!(copy.import(lines.as_bytes()).unwrap(), 0);
        assert_eq!(copy.book().unwrap(), book);
    }

    #[test]
    fn what_is_not_a_store_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other");
        std::fs::write(&path, "something else, and long enough for a header of a database")
            .unwrap();
        assert_eq!(Store::open(&path).unwrap_err().code(), "store/not-a-store");
        assert!(Store::open_existing(&folder.path().join("none")).is_err());
    }
}
