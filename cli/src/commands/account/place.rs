//! Where is a book kept, how is it read, and where does the new one go?

use std::fmt::Write as _;
use std::path::Path;

use cleartosend::expert::limits;
use cleartosend::expert::text::{escaped, shortened};
use cleartosend_account::{AccountError, Book, Removed};
use cleartosend_files::name_of;
use cleartosend_store::{Store, StoreError};

use crate::arguments::NewBook;
use crate::failure::Failure;
use crate::files;
use crate::output::Answer;

/// Where a book is kept.
pub(super) enum Place<'a> {
    Json(&'a Path),
    Store(&'a Path),
}

impl<'a> Place<'a> {
    pub(super) fn of(json: Option<&'a Path>, store: Option<&'a Path>) -> Result<Self, Failure> {
        match (json, store) {
            (Some(json), None) => Ok(Self::Json(json)),
            (None, Some(store)) => Ok(Self::Store(store)),
            (Some(_), Some(_)) => Err(Failure::new("both a BOOK and `--book` are given")),
            (None, None) => Err(Failure::new("neither a BOOK nor `--book` is given")),
        }
    }

    pub(super) fn file(&self) -> &'a Path {
        match self {
            Self::Json(file) | Self::Store(file) => file,
        }
    }

    pub(super) fn change(
        &self,
        new: &NewBook,
        change: impl FnOnce(&mut Book) -> Result<Vec<String>, AccountError>,
    ) -> Result<Answer, Failure> {
        match self {
            Self::Json(file) => {
                let mut book = book(file)?;
                let changed =
                    change(&mut book).map_err(|error| Failure::of_account(file, &error))?;
                Ok(new.write(file, &book)?.with_note(keys_note("changed", &changed)))
            }
            Self::Store(file) => {
                let changed = opened(file).and_then(|mut store| store.change(change));
                let changed = changed.map_err(|error| of_store(file, &error))?;
                Ok(Answer::new(String::new()).with_note(keys_note("changed", &changed)))
            }
        }
    }

    /// Removes rows. Where a person is meant, one that the book does not have is an error: whoever
    /// erases somebody must not take a slip in the name for done.
    pub(super) fn remove(
        &self,
        new: &NewBook,
        person: Option<&str>,
        remove: impl FnOnce(&mut Book) -> Result<Removed, AccountError>,
    ) -> Result<Answer, Failure> {
        let check = |removed: &Removed| match person {
            Some(name) if removed.removed.is_empty() && removed.replaced.is_empty() => {
                Err(Failure::new(&nobody(self.file(), name)))
            }
            _ => Ok(()),
        };
        let (answer, removed) = match self {
            Self::Json(file) => {
                let mut book = book(file)?;
                let removed =
                    remove(&mut book).map_err(|error| Failure::of_account(file, &error))?;
                check(&removed)?;
                (new.write(file, &book)?, removed)
            }
            Self::Store(file) => {
                let removed = opened(file).and_then(|mut store| store.remove(remove));
                let removed = removed.map_err(|error| of_store(file, &error))?;
                check(&removed)?;
                (Answer::new(String::new()), removed)
            }
        };
        Ok(answer.with_note(format!(
            "{}{}",
            keys_note("removed", &removed.removed),
            keys_note("replaced", &removed.replaced)
        )))
    }
}

/// That a book does not have a person. Whoever gives digits alone sees what was made of them.
fn nobody(book: &Path, name: &str) -> String {
    let nobody =
        format!("{}: the book has nobody by the name `{}`", name_of(book), shortened(name, 60));
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!(
            "{nobody}, read as `+{}`, and stays as it is; a number needs its country code",
            shortened(name.trim_start_matches('0'), 60)
        );
    }
    format!("{nobody}, and stays as it is")
}

impl NewBook {
    /// Writes the new book where it goes.
    pub(super) fn write(&self, old: &Path, book: &Book) -> Result<Answer, Failure> {
        write_book(self.to(old, &[])?, book)
    }

    /// Where the new book goes, if not to standard output.
    pub(super) fn to<'a>(
        &'a self,
        old: &'a Path,
        events: &[&Path],
    ) -> Result<Option<&'a Path>, Failure> {
        let is_pipe = |file: &Path| file == Path::new("-");
        if self.in_place {
            return match is_pipe(old) {
                true => Err(Failure::new(
                    "`--in-place` needs a book in a file, and this one is standard input",
                )),
                false => Ok(Some(old)),
            };
        }
        let Some(output) = self.output.as_deref().filter(|file| !is_pipe(file)) else {
            return Ok(None);
        };
        files::refuse_input(output, &[old], "`--in-place` writes the new book there")?;
        files::refuse_input(output, events, "name another file")?;
        Ok(Some(output))
    }
}

pub(super) fn write_book(to: Option<&Path>, book: &Book) -> Result<Answer, Failure> {
    let text = format!("{}\n", book.to_json());
    match to {
        None => Ok(Answer::of_bytes(text)),
        Some(file) => {
            files::write(file, &text)?;
            Ok(Answer::new(String::new()))
        }
    }
}

pub(super) fn keys_note(what: &str, keys: &[String]) -> String {
    keys.iter().fold(String::new(), |mut note, key| {
        let _ = writeln!(note, "{what}  {}", escaped(key));
        note
    })
}

/// Reads a book.
pub(super) fn book(file: &Path) -> Result<Book, Failure> {
    let read = files::read(file, limits::ACCOUNT_STATE_BYTES_MAX);
    let bytes = read.map_err(|unreadable| Failure::of_book(&unreadable))?;
    Book::from_json(&bytes).map_err(|error| Failure::of_account(file, &error))
}

/// Opens a store that is there.
pub(super) fn opened(file: &Path) -> Result<Store, StoreError> {
    Store::open_existing(file)
}

/// Reads the book of a store.
pub(super) fn stored(file: &Path) -> Result<Book, Failure> {
    opened(file).and_then(|mut store| store.book()).map_err(|error| of_store(file, &error))
}

pub(super) fn of_store(file: &Path, error: &StoreError) -> Failure {
    Failure::new(&format!("{}: {error} [{}]", name_of(file), error.code()))
}
