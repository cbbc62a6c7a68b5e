//! `cts account`: what has become of the accounts, and what would come next?

mod page;
mod place;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cleartosend::expert::limits;
use cleartosend::expert::text::{escaped, shortened};
use cleartosend::schema::attributes as id;
use cleartosend::{Facts, Timestamp};
use cleartosend_account::{AccountError, Applied, Book, ChangeOutcome, History};
use cleartosend_files::name_of;
use cleartosend_store::Store;
use serde::de::IgnoredAny;

use page::as_text;
use place::{Place, book, of_store, opened, stored, write_book};

use crate::arguments::{Account, AccountBook, Apply, ImportRows, OfAccount, Project, Show};
use crate::failure::Failure;
use crate::format::PlainForm;
use crate::output::{self, Answer, Reader, styled};
use crate::{config, engine, files};

pub(super) fn run(account: &AccountBook) -> Result<Answer, Failure> {
    let store = account.book.as_deref();
    match &account.command {
        Account::Apply(arguments) => apply(arguments, store),
        Account::Show(arguments) => show(arguments, store),
        Account::Project(arguments) => project(arguments, store),
        Account::Appeal(arguments) => {
            let kind = (arguments.kind != "all").then_some(arguments.kind.as_str());
            let place = Place::of(arguments.state.as_deref(), store)?;
            place.change(&arguments.new, |book| {
                book.appeal(arguments.account.as_deref(), kind, arguments.at, &arguments.reason)
            })
        }
        Account::Acknowledge(arguments) => {
            let place = Place::of(arguments.state.as_deref(), store)?;
            place.change(&arguments.new, |book| {
                book.acknowledge(arguments.account.as_deref(), arguments.at)
            })
        }
        Account::Forget(arguments) => {
            let (book, name) = match (arguments.names.as_slice(), store) {
                ([book, name], None) => (Some(Path::new(book)), name),
                ([name], Some(_)) => (None, name),
                _ => return Err(Failure::new("expected BOOK PERSON, or `--book FILE` and PERSON")),
            };
            let place = Place::of(book, store)?;
            place.remove(&arguments.new, Some(name), |book| book.forget(name))
        }
        Account::Expire(arguments) => {
            let place = Place::of(arguments.state.as_deref(), store)?;
            place.remove(&arguments.new, None, |book| Ok(book.expire(arguments.before)))
        }
        Account::Export(arguments) => export(&Place::of(arguments.state.as_deref(), store)?),
        Account::Import(arguments) => import(arguments, store),
    }
}

/// Tells a campaign's facts what a book knows, where one is named.
pub(super) fn tell(facts: &mut Facts, asked: &OfAccount) -> Result<(), Failure> {
    if let Some(number) = &asked.number {
        facts
            .set_text(id::ACCOUNT_NUMBER, number)
            .map_err(|error| Failure::new(&format!("`--number`: {error} [{}]", error.code())))?;
    }
    let (file, book) = match (asked.account.as_deref(), asked.book.as_deref()) {
        (Some(file), _) => (file, book(file)?),
        (None, Some(file)) => {
            // Of a store only what these facts ask for is read.
            let part = opened(file).and_then(|mut store| store.book_for(facts));
            (file, part.map_err(|error| of_store(file, &error))?)
        }
        (None, None) => return Ok(()),
    };
    book.tell(facts).map_err(|error| Failure::of_facts(file, &error))
}

fn apply(arguments: &Apply, store: Option<&Path>) -> Result<Answer, Failure> {
    let form = arguments.answer_format.or(PlainForm::Text)?;
    let (old, events) = match (arguments.files.as_slice(), store) {
        (events, Some(_)) => (None, events),
        ([old, events @ ..], None) if !events.is_empty() => (Some(old.as_path()), events),
        _ => return Err(Failure::new("expected BOOK EVENT…, or `--book FILE` and EVENT…")),
    };
    let from_input = arguments.files.iter().filter(|file| **file == Path::new("-")).count();
    if from_input > 1 {
        return Err(Failure::new("standard input can be read only once"));
    }
    let event_paths: Vec<&Path> = events.iter().map(PathBuf::as_path).collect();
    let to = old.map(|old| arguments.new.to(old, &event_paths)).transpose()?.flatten();
    let mut target = match (old, store) {
        (None, Some(file)) => {
            Target::Store(file, Store::open(file).map_err(|error| of_store(file, &error))?)
        }
        (old, _) => Target::Json(book(old.unwrap_or(Path::new("-")))?),
    };
    let mut note = String::new();
    // Every bad file is reported, and nothing else is printed.
    let mut failures = Vec::new();
    for file in events {
        if let Err(failure) = apply_file(&mut target, file, (arguments.read_at, form), &mut note) {
            failures.push((file.as_path(), failure));
        }
    }
    if !failures.is_empty() {
        return Err(Failure::of_all(failures));
    }
    let answer = match &target {
        Target::Store(..) => Answer::new(String::new()),
        Target::Json(book) => write_book(to, book)?,
    };
    let reader = match form {
        PlainForm::Json => Reader::Programs,
        PlainForm::Text => Reader::People,
    };
    Ok(answer.with_note_for(note, reader))
}

/// What events are applied to.
enum Target<'a> {
    Json(Book),
    Store(&'a Path, Store),
}

/// Takes all events of a file.
fn apply_file(
    target: &mut Target<'_>,
    file: &Path,
    (read_at, form): (Option<Timestamp>, PlainForm),
    note: &mut String,
) -> Result<(), Failure> {
    let bytes = files::read(file, limits::ACCOUNT_STATE_BYTES_MAX)?;
    for event in documents(&bytes) {
        let applied = match target {
            Target::Json(book) => book
                .apply_received(event, read_at)
                .map_err(|error| Failure::of_account(file, &error))?,
            Target::Store(kept, store) => store.apply(event, read_at).map_err(|error| {
                let of_store_itself = error.code().starts_with("store/");
                of_store(if of_store_itself { kept } else { file }, &error)
            })?,
        };
        if form == PlainForm::Json {
            let line = serde_json::to_string(&applied)
                .map_err(|error| Failure::new(&error.to_string()))?;
            let _ = writeln!(note, "{line}");
        } else {
            write_report(note, file, &applied);
        }
    }
    Ok(())
}

fn export(place: &Place<'_>) -> Result<Answer, Failure> {
    let mut text = String::new();
    match place {
        Place::Json(file) => {
            let book = book(file)?;
            for key in book.keys() {
                if let Some(row) = book.row(&key) {
                    let key = serde_json::Value::from(key);
                    let _ = writeln!(text, "{{\"key\":{key},\"row\":{row}}}");
                }
            }
        }
        Place::Store(file) => {
            let exported = opened(file).and_then(|store| {
                store.export(|line| {
                    text.push_str(line);
                    Ok(())
                })
            });
            exported.map_err(|error| of_store(file, &error))?;
        }
    }
    Ok(Answer::of_bytes(text))
}

fn import(arguments: &ImportRows, store: Option<&Path>) -> Result<Answer, Failure> {
    let (old, files) = match (arguments.files.as_slice(), store) {
        (files, Some(_)) => (None, files),
        ([old, files @ ..], None) if !files.is_empty() => (Some(old.as_path()), files),
        _ => return Err(Failure::new("expected BOOK FILE…, or `--book STORE` and FILE…")),
    };
    let mut read = Vec::new();
    for file in files {
        read.push((file.as_path(), rows(file)?));
    }
    if let Some(path) = store {
        let mut store = Store::open(path).map_err(|error| of_store(path, &error))?;
        let mut note = String::new();
        for (file, other) in &read {
            let changed = store.merge(other).map_err(|error| of_store(path, &error))?;
            let _ = writeln!(note, "{}: {changed} rows changed", name_of(file));
        }
        return Ok(Answer::new(String::new()).with_note(note));
    }
    let old = old.unwrap_or(Path::new("-"));
    let mut book = book(old)?;
    for (_, other) in &read {
        book.merge(other);
    }
    arguments.new.write(old, &book)
}

/// Reads rows as `export` prints them, a book, or a state of version 0.1.0.
fn rows(file: &Path) -> Result<Book, Failure> {
    let bytes = files::read(file, limits::ACCOUNT_STATE_BYTES_MAX)?;
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_line = serde_json::from_slice::<serde_json::Value>(first)
        .is_ok_and(|line| line.get("key").is_some() && line.get("row").is_some());
    if !is_line {
        return Book::from_json(&bytes).map_err(|error| Failure::of_account(file, &error));
    }
    let mut book = Book::new();
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let bad = |problem: &str| {
            Failure::new(&format!("{}: line {}: {problem}", name_of(file), number + 1))
        };
        let value: serde_json::Value =
            serde_json::from_slice(line).map_err(|problem| bad(&problem.to_string()))?;
        let key = value.get("key").and_then(serde_json::Value::as_str);
        let (Some(key), Some(row)) = (key, value.get("row")) else {
            return Err(bad("expected {\"key\": KEY, \"row\": ROW}"));
        };
        book.merge_row(key, row.to_string().as_bytes())
            .map_err(|problem| bad(&format!("{problem} [{}]", problem.code())))?;
    }
    Ok(book)
}

/// The JSON documents of a file, one after the other. What is none is the last of them, so that
/// reading it says why.
fn documents(bytes: &[u8]) -> Vec<&[u8]> {
    let mut documents = Vec::new();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut stream = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    let mut begun = 0;
    while let Some(document) = stream.next() {
        let end = if document.is_ok() { stream.byte_offset() } else { bytes.len() };
        documents.extend(bytes.get(begun..end));
        if document.is_err() {
            break;
        }
        begun = end;
    }
    // A file without any document is refused as one.
    if documents.is_empty() {
        documents.push(bytes);
    }
    documents
}

fn write_report(text: &mut String, file: &Path, report: &Applied) {
    for change in &report.changes {
        let style = match change.outcome {
            ChangeOutcome::NotUnderstood => output::DOUBTFUL,
            ChangeOutcome::Applied => output::GOOD,
            _ => output::FAINT,
        };
        let (file, path, field) =
            (name_of(file), escaped(&change.path), shortened(&change.field, 60));
        let _ = write!(text, "{}  {file} {path}  {field}", styled(style, change.outcome.name()));
        if let Some(kind) = change.read_as {
            let _ = write!(text, ", read as {kind}");
        }
        text.push('\n');
        for sentence in change.says.iter().chain(&change.notes) {
            let _ = writeln!(text, "    {}", escaped(sentence));
        }
    }
}

fn show(arguments: &Show, store: Option<&Path>) -> Result<Answer, Failure> {
    // It goes into a campaign document, unless asked otherwise.
    let form = arguments.answer_format.or(PlainForm::Json)?;
    let place = Place::of(arguments.state.as_deref(), store)?;
    let book = match &place {
        Place::Json(file) => book(file)?,
        Place::Store(file) => stored(file)?,
    };
    let of_book = |error: AccountError| Failure::of_account(place.file(), &error);
    let id = arguments.account.as_deref();
    let account = book.account(id, arguments.at, arguments.number.as_deref()).map_err(of_book)?;
    let mut note = String::new();
    for open in book.not_understood(id).map_err(of_book)? {
        let _ = writeln!(note, "not understood  {}", escaped(&open.to_string()));
    }
    for word in book.strange_words(id).map_err(of_book)? {
        let _ = writeln!(note, "not known  {}", escaped(&word));
    }
    let answer = match form {
        PlainForm::Json => Answer::of_bytes(format!("{account:#}\n")),
        PlainForm::Text => {
            let mut text = String::new();
            write_members(&mut text, "account", &account);
            Answer::new(text)
        }
    };
    Ok(answer.with_note(note))
}

/// A member a line, by its path.
fn write_members(text: &mut String, path: &str, value: &serde_json::Value) {
    match value {
        serde_json::Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                write_members(text, &format!("{path}.{name}"), value);
            }
        }
        serde_json::Value::Array(items) if items.iter().any(serde_json::Value::is_object) => {
            for (place, item) in items.iter().enumerate() {
                write_members(text, &format!("{path}[{place}]"), item);
            }
        }
        value => {
            let _ = writeln!(text, "{} = {}", escaped(path), escaped(&value.to_string()));
        }
    }
}

fn project(arguments: &Project, store: Option<&Path>) -> Result<Answer, Failure> {
    let form = arguments.answer_format.or(PlainForm::Text)?;
    let config = config::of(&arguments.with.configured, arguments.state.as_deref())?;
    let engine = engine::of(&arguments.with, config.as_ref())?;
    let place = Place::of(arguments.state.as_deref(), store)?;
    let (file, id) = (place.file(), arguments.account.as_deref());
    let of_book = |book: &Book| {
        book.history(id, arguments.at).map_err(|error| Failure::of_account(file, &error))
    };
    let history = match &place {
        Place::Store(file) => of_book(&stored(file)?)?,
        Place::Json(file) => {
            let bytes = files::read(file, limits::ACCOUNT_STATE_BYTES_MAX)?;
            if is_campaign(&bytes) {
                Facts::from_json_at(engine.schema(), &bytes, arguments.at)
                    .map(|facts| History::of(&facts))
                    .map_err(|error| Failure::of_facts(file, &error))?
            } else {
                let book =
                    Book::from_json(&bytes).map_err(|error| Failure::of_account(file, &error))?;
                of_book(&book)?
            }
        }
    };
    let projection =
        cleartosend_account::project(&engine, &history, &arguments.violation, arguments.at);
    let projection =
        projection.map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?;
    if form == PlainForm::Json {
        let line =
            serde_json::to_string(&projection).map_err(|error| Failure::new(&error.to_string()))?;
        return Ok(config::named(Answer::of_bytes(format!("{line}\n")), &config));
    }
    Ok(config::named(Answer::new(as_text(&projection)), &config))
}

/// Whether this is a campaign document and not a book: it has a member that books have not.
fn is_campaign(bytes: &[u8]) -> bool {
    let members = ["send_at", "provider", "intermediaries", "access", "campaign", "recipient", "x"];
    let document: Option<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_slice(bytes).ok();
    document.is_some_and(|document| members.iter().any(|member| document.contains_key(*member)))
}
