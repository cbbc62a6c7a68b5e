//! How does an error become an exception?
//!
//! One class an error of core, in `package/cleartosend/errors.py`, each with the code, the place
//! and the message that core gives.

use std::io::ErrorKind;
use std::path::Path;

use arrow_schema::ArrowError;
use cleartosend::analyse::Warning;
use cleartosend::expert::cel::ExpressionError;
use cleartosend::expert::limits::SCREEN_HOURS_MAX;
use cleartosend::expert::text::{escaped, quoted};
use cleartosend::{
    DiffError, DirectoryError, EngineError, EvalError, ExplainError, FactsError, PackError,
    PackErrors, ScreenError,
};
use cleartosend_account::AccountError;
use cleartosend_audience::{AudienceError, Format};
use cleartosend_evidence::RecordError;
use cleartosend_files::{FolderError, Unreadable, name_of};
use pyo3::exceptions::{PyOSError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::from_python::Raised;
use crate::to_python::TABLES;

/// What an exception holds.
struct Problem<'a> {
    class: &'static str,
    code: &'a str,
    at: &'a str,
    message: &'a str,
    /// All of it.
    text: &'a str,
}

impl Problem<'_> {
    fn raise(&self, py: Python<'_>, problems: Option<Bound<'_, PyTuple>>) -> PyErr {
        let make = || {
            let named = PyDict::new(py);
            named.set_item("code", self.code)?;
            named.set_item("at", self.at)?;
            named.set_item("message", self.message)?;
            if let Some(problems) = problems {
                named.set_item("problems", problems)?;
            }
            let text = format!("{} [{}]", self.text, self.code);
            module(py)?.getattr(self.class)?.call((text,), Some(&named))
        };
        make().map_or_else(|failed| failed, PyErr::from_value)
    }
}

fn module(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static ERRORS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let errors = ERRORS.get_or_try_init(py, || {
        py.import("cleartosend.errors").map(|module| module.into_any().unbind())
    })?;
    Ok(errors.bind(py))
}

/// A campaign that was refused; `within` is its place among others, such as `[3]`.
pub(crate) fn of_facts(py: Python<'_>, error: &FactsError, within: &str) -> PyErr {
    let at = facts_place(error, within);
    let mut text =
        if within.is_empty() { error.to_string() } else { format!("`{at}`: {}", error.message()) };
    let more = error.further().len() + error.left_out();
    if more > 0 {
        text.push_str(&and_more(more));
    }
    let problems = match facts_problems(py, error, within) {
        Ok(problems) => problems,
        Err(failed) => return failed,
    };
    Problem {
        class: "FactsError",
        code: error.code(),
        at: &at,
        message: error.message(),
        text: &text,
    }
    .raise(py, Some(problems))
}

/// All that is wrong with a campaign, as `cleartosend.errors.Problem`.
fn facts_problems<'py>(
    py: Python<'py>,
    error: &FactsError,
    within: &str,
) -> PyResult<Bound<'py, PyTuple>> {
    let class = module(py)?.getattr("Problem")?;
    let described: PyResult<Vec<_>> = [error]
        .into_iter()
        .chain(error.further())
        .map(|problem| {
            let at = facts_place(problem, within);
            class.call1((problem.code(), problem.message(), at, py.None()))
        })
        .collect();
    PyTuple::new(py, described?)
}

/// Where a problem of a campaign is: its path, or where it has none, line and column.
fn facts_place(error: &FactsError, within: &str) -> String {
    let place = error.line_column().map(|(line, column)| format!("line {line}, column {column}"));
    let path = match (within, error.path()) {
        // An instant that is an argument of its own is read as a campaign's.
        (within @ ("at" | "until"), "send_at") | (within, "") => within.to_owned(),
        ("", path) => path.to_owned(),
        (within, path) => format!("{within}.{path}"),
    };
    if path.is_empty() { place.unwrap_or_default() } else { path }
}

/// A campaign that was not read.
pub(crate) fn of_reading(py: Python<'_>, raised: Raised, within: &str) -> PyErr {
    match raised {
        Raised::Facts(error) => of_facts(py, &error, within),
        Raised::Python(error) => error,
    }
}

/// A base document that was not read. What is found out of a text that is no JSON is mostly the
/// path of a file.
pub(crate) fn of_base(py: Python<'_>, raised: Raised, base: &Bound<'_, PyAny>) -> PyErr {
    let error = match raised {
        Raised::Facts(error) => error,
        Raised::Python(error) => return error,
    };
    let is_other_text = base
        .cast::<PyString>()
        .is_ok_and(|text| text.to_cow().is_ok_and(|text| !text.trim_start().starts_with('{')));
    if !is_other_text {
        return of_facts(py, &error, "base");
    }
    let help = "a text is read as JSON; of a file, hand over the bytes, as with \
                `Path(…).read_bytes()`";
    let message = format!("{}; {help}", error.message());
    let text = format!("`base`: {message}");
    Problem { class: "FactsError", code: error.code(), at: "base", message: &message, text: &text }
        .raise(py, None)
}

pub(crate) fn of_directory(py: Python<'_>, error: &DirectoryError) -> PyErr {
    let text = error.to_string();
    let message =
        text.strip_prefix(error.path()).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&text);
    Problem { class: "DirectoryError", code: error.code(), at: error.path(), message, text: &text }
        .raise(py, None)
}

pub(crate) fn of_account(py: Python<'_>, error: &AccountError) -> PyErr {
    let text = error.to_string();
    Problem {
        class: "AccountError",
        code: error.code(),
        at: error.path(),
        message: error.message(),
        text: &text,
    }
    .raise(py, None)
}

/// What cannot be recorded, read as a record, or judged again.
pub(crate) fn of_record(py: Python<'_>, error: &RecordError) -> PyErr {
    record(py, error.code(), "", &error.to_string())
}

/// A member of a record that is not what it is asked for as.
pub(crate) fn record_member(py: Python<'_>, path: &str, expected: &str) -> PyErr {
    let message = format!("the member `{path}` is not {expected}");
    record(py, "record/member", path, &message)
}

/// A record of a screening that was not begun for one.
pub(crate) fn no_evidence(py: Python<'_>) -> PyErr {
    let message = "this screening was not begun to be recorded; ask for it by `screen(…, \
                   record=True)`, which takes the digest of the audience's file before it is read";
    record(py, "python/not-recorded", "record", message)
}

/// A table has no file that a record could name.
pub(crate) fn no_audience_file(py: Python<'_>) -> PyErr {
    let message = "a record names the audience by the digest of its file; write the table to one \
                   and screen that";
    record(py, "python/no-file", "audience", message)
}

/// The rows of a recorded screening cannot be judged again.
pub(crate) fn no_rows(py: Python<'_>, reason: &str) -> PyErr {
    let message = format!("its rows cannot be judged again: {reason}");
    record(py, "python/no-rows", "files", &message)
}

/// An audience that is not the one that was screened.
pub(crate) fn changed_audience(py: Python<'_>, file: &Path) -> PyErr {
    let file = name_of(file);
    let message = format!("{file} was changed while it was screened; there is no record of it");
    record(py, "python/changed-audience", &file, &message)
}

/// A page in a form that there is none of.
pub(crate) fn unknown_form(py: Python<'_>, form: &str) -> PyErr {
    let message = format!("found {}, expected the form of a page: `html` or `md`", quoted(form));
    record(py, "python/unknown-form", "form", &message)
}

fn record(py: Python<'_>, code: &str, at: &str, message: &str) -> PyErr {
    Problem { class: "RecordError", code, at, message, text: message }.raise(py, None)
}

pub(crate) fn of_expression(py: Python<'_>, error: &ExpressionError, source: &str) -> PyErr {
    let (line, column) = error.line_column(source);
    let message = with_help(error.message(), error.help());
    let at = format!("{line}:{column}");
    Problem {
        class: "ExpressionError",
        code: error.code(),
        at: &at,
        message: &message,
        text: &format!("{at}: {message}"),
    }
    .raise(py, None)
}

pub(crate) fn of_eval(py: Python<'_>, error: &EvalError, source: &str) -> PyErr {
    match error {
        EvalError::Expression(error) => of_expression(py, error, source),
        EvalError::Facts(error) => of_facts(py, error, ""),
        other => of_defect(py, &other.to_string()),
    }
}

pub(crate) fn of_explaining(py: Python<'_>, error: &ExplainError) -> PyErr {
    match error.facts() {
        Some(facts) => of_facts(py, facts, ""),
        None => explain(py, error.code(), "until", &error.to_string()),
    }
}

/// A timeline that is to end somewhere, and not to be.
pub(crate) fn until_without_timeline(py: Python<'_>) -> PyErr {
    let message = "found a timestamp, but there is to be no timeline; leave out one of both";
    explain(py, "python/until-without-timeline", "until", message)
}

pub(crate) fn bad_fixes_max(py: Python<'_>, found: i64) -> PyErr {
    let message = format!("found {found}, expected how many, from 0");
    explain(py, "python/fixes-max", "fixes_max", &message)
}

fn explain(py: Python<'_>, code: &str, at: &str, message: &str) -> PyErr {
    let text = format!("`{at}`: {message}");
    Problem { class: "ExplainError", code, at, message, text: &text }.raise(py, None)
}

/// Every problem of a pack, which the caller calls `called`.
pub(crate) fn of_pack(py: Python<'_>, called: &str, errors: &PackErrors) -> PyErr {
    let called = &*escaped(called);
    let Some(first) = errors.iter().next() else {
        return of_defect(py, "a pack was refused without a reason");
    };
    let message = with_help(&first.message(), first.help());
    let at = format!("{called}/{}", first.place());
    let mut text = format!("{at}: {message}");
    let more = errors.iter().count() - 1;
    if more > 0 {
        text.push_str(&and_more(more));
    }
    match problems(py, called, errors) {
        Ok(problems) => Problem {
            class: "PackError",
            code: first.code(),
            at: &at,
            message: &message,
            text: &text,
        }
        .raise(py, Some(problems)),
        Err(failed) => failed,
    }
}

fn and_more(more: usize) -> String {
    format!(", and {more} more {}", if more == 1 { "problem" } else { "problems" })
}

/// The problems of a pack as `cleartosend.errors.Problem`.
pub(crate) fn problems<'py>(
    py: Python<'py>,
    called: &str,
    errors: &PackErrors,
) -> PyResult<Bound<'py, PyTuple>> {
    let class = module(py)?.getattr("Problem")?;
    let described = |error: &PackError| {
        class.call1((
            error.code(),
            error.message(),
            format!("{called}/{}", error.place()),
            error.help(),
        ))
    };
    let described: PyResult<Vec<_>> = errors.iter().map(described).collect();
    PyTuple::new(py, described?)
}

/// What in a pack is probably not meant, as the same plain objects.
pub(crate) fn warnings<'py>(
    py: Python<'py>,
    called: &str,
    warnings: &[Warning],
) -> PyResult<Bound<'py, PyTuple>> {
    let class = module(py)?.getattr("Problem")?;
    let described = |warning: &Warning| {
        let place = format!("{called}/{}", warning.place);
        class.call1((warning.code, &*warning.message, place, py.None()))
    };
    let described: PyResult<Vec<_>> = warnings.iter().map(described).collect();
    PyTuple::new(py, described?)
}

pub(crate) fn of_engine(py: Python<'_>, error: &EngineError) -> PyErr {
    let text = error.to_string();
    match error {
        EngineError::Pack { pack: called, errors } | EngineError::Waivers { called, errors } => {
            of_pack(py, called, errors)
        }
        EngineError::Directory(error) => of_directory(py, error),
        EngineError::Base(error) => of_facts(py, error, "base"),
        EngineError::UnknownPack { name } => Problem {
            class: "EngineError",
            code: error.code(),
            at: name,
            message: &text,
            text: &text,
        }
        .raise(py, None),
        _ => Problem {
            class: "EngineError",
            code: error.code(),
            at: "",
            message: &text,
            text: &text,
        }
        .raise(py, None),
    }
}

/// Engines that cannot be compared.
pub(crate) fn of_diff(py: Python<'_>, error: &DiffError) -> PyErr {
    let text = error.to_string();
    Problem { class: "EngineError", code: error.code(), at: "new", message: &text, text: &text }
        .raise(py, None)
}

/// One side of a comparison as of an instant, and the other at each case's own.
pub(crate) fn half_dated() -> PyErr {
    PyTypeError::new_err("`old_at` and `new_at` are given together, or neither")
}

/// An engine without rules would allow everything.
pub(crate) fn no_pack(py: Python<'_>) -> PyErr {
    let message = "no pack was named: an engine without rules would allow everything";
    Problem { class: "EngineError", code: "python/no-pack", at: "packs", message, text: message }
        .raise(py, None)
}

/// An expression over facts that has no value.
pub(crate) fn no_value(py: Python<'_>, code: &str, message: &str) -> PyErr {
    Problem { class: "ExpressionError", code, at: "", message, text: message }.raise(py, None)
}

/// A tree that could not be scanned.
pub(crate) fn of_scan(py: Python<'_>, code: &str, message: &str) -> PyErr {
    Problem { class: "Error", code, at: "", message, text: message }.raise(py, None)
}

/// What no day of the calendar is.
pub(crate) fn no_day(found: &str) -> PyErr {
    PyValueError::new_err(format!("`at`: found {}, expected a date", quoted(found)))
}

/// An audience that was refused before its first row.
pub(crate) fn of_screening(py: Python<'_>, error: &ScreenError) -> PyErr {
    let text = error.to_string();
    Problem {
        class: "ScreenError",
        code: error.code(),
        at: error.column(),
        message: error.message(),
        text: &text,
    }
    .raise(py, None)
}

/// A file of recipients that is not in order, or one that was not written.
pub(crate) fn of_audience(py: Python<'_>, file: &Path, error: &AudienceError) -> PyErr {
    let file = name_of(file);
    let at = error.line().map_or_else(|| file.clone(), |line| format!("{file}:{line}"));
    let text = format!("{at}: {}", error.message());
    Problem {
        class: "ScreenError",
        code: error.code(),
        at: &at,
        message: error.message(),
        text: &text,
    }
    .raise(py, None)
}

/// What a reader of batches failed with: what Python code raised comes out as itself.
pub(crate) fn of_arrow(py: Python<'_>, error: &ArrowError) -> PyErr {
    if let ArrowError::ExternalError(source) = error
        && let Some(raised) = source.downcast_ref::<PyErr>()
    {
        return raised.clone_ref(py);
    }
    let text = match error {
        ArrowError::CDataInterface(text)
        | ArrowError::ComputeError(text)
        | ArrowError::InvalidArgumentError(text) => text.clone(),
        other => other.to_string(),
    };
    // Core's own errors within those of Arrow begin with their code.
    let (code, message) = match text.split_once(": ") {
        Some((code, message)) if code.starts_with("screen/") || code.starts_with("internal/") => {
            (code, message)
        }
        _ => ("python/audience", &*text),
    };
    Problem { class: "ScreenError", code, at: "", message, text: message }.raise(py, None)
}

/// What is no table, although it says so.
pub(crate) fn of_table(py: Python<'_>, error: &ArrowError) -> PyErr {
    match error {
        ArrowError::CDataInterface(text) => {
            screen(py, "python/audience", "", &format!("this cannot be taken as a table: {text}"))
        }
        other => of_arrow(py, other),
    }
}

/// Something about an audience that only this binding refuses.
fn screen(py: Python<'_>, code: &str, at: &str, message: &str) -> PyErr {
    let text = if at.is_empty() { message.to_owned() } else { format!("`{at}`: {message}") };
    Problem { class: "ScreenError", code, at, message, text: &text }.raise(py, None)
}

const TABLE: &str =
    "expected a table with `__arrow_c_stream__` or `__arrow_c_array__`, such as a data frame";

pub(crate) fn no_audience(found: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!(
        "found {}; {TABLE}, an iterator over such, or the path of a file{}",
        kind(found),
        advice(found)
    ))
}

pub(crate) fn no_table_at(found: &Bound<'_, PyAny>, place: usize) -> PyErr {
    PyTypeError::new_err(format!(
        "the audience gave {} at place {place}; {TABLE}{}",
        kind(found),
        advice(found)
    ))
}

fn kind(found: &Bound<'_, PyAny>) -> String {
    found.get_type().name().map_or_else(|_| "something else".to_owned(), |name| format!("`{name}`"))
}

/// What people hand over who have rows, or a query that was not run.
fn advice(found: &Bound<'_, PyAny>) -> &'static str {
    match &*kind(found) {
        "`dict`" | "`list`" | "`str`" => {
            "; rows and columns of Python objects become one by `polars.DataFrame(…)` or \
             `pyarrow.table(…)`"
        }
        "`LazyFrame`" => "; `.collect()` makes one of a lazy frame",
        _ => "",
    }
}

pub(crate) fn no_table(py: Python<'_>) -> PyErr {
    screen(
        py,
        "python/no-table",
        "",
        "the iterator gave no table, so that there are no columns; hand over one without rows",
    )
}

pub(crate) fn other_columns(py: Python<'_>, place: usize, column: &str) -> PyErr {
    let message = format!(
        "the table at place {place} differs in this column from the first one, by its name, type \
         or place"
    );
    screen(py, "python/other-columns", column, &message)
}

pub(crate) fn unknown_format(py: Python<'_>, file: &Path) -> PyErr {
    let known: Vec<String> = Format::ALL
        .iter()
        .flat_map(|format| format.extensions())
        .map(|extension| format!(".{extension}"))
        .collect();
    let message =
        format!("the file's name does not tell its format; expected one of {}", known.join(", "));
    screen(py, "python/unknown-format", &name_of(file), &message)
}

pub(crate) fn bad_threads(py: Python<'_>) -> PyErr {
    screen(
        py,
        "python/threads",
        "threads",
        "found a number below zero; expected how many, or 0 for one a processor",
    )
}

pub(crate) fn bad_help(py: Python<'_>) -> PyErr {
    let message = format!("expected how many hours that come, from 0 to {SCREEN_HOURS_MAX}");
    screen(py, "python/help", "help", &message)
}

/// Rows are there once.
pub(crate) fn rows_taken(py: Python<'_>, how: &str) -> PyErr {
    let message = format!(
        "the rows were taken before, by {how}, and can be taken only once; keep what was made of \
         them, or screen again"
    );
    screen(py, "python/rows-taken", "", &message)
}

/// A table that a summary does not have.
pub(crate) fn unknown_table(py: Python<'_>, table: &str) -> PyErr {
    let known = TABLES.map(|known| format!("`{known}`")).join(", ");
    let message = format!("found {}, expected one of {known}", quoted(table));
    screen(py, "python/unknown-table", "table", &message)
}

/// What was not counted has no number.
pub(crate) fn verdict_only(py: Python<'_>) -> PyErr {
    let message = "the screening was asked for verdicts alone and counted nothing else; screen \
                   again without `verdict_only`";
    screen(py, "python/verdict-only", "", message)
}

/// A record says why rows have their verdicts.
pub(crate) fn record_of_verdicts(py: Python<'_>) -> PyErr {
    let message = "a record says which rules and members are behind verdicts; screen without \
                   `verdict_only`";
    record(py, "python/verdict-only", "verdict_only", message)
}

/// There is nothing to merge.
pub(crate) fn no_summary(py: Python<'_>) -> PyErr {
    screen(py, "python/no-summary", "", "there is no summary to merge; expected one at least")
}

/// A screening with threads was begun by another process.
pub(crate) fn other_process(py: Python<'_>) -> PyErr {
    screen(
        py,
        "python/other-process",
        "",
        "this screening was begun before the process was forked, and its threads stayed behind; \
         screen again in this process",
    )
}

/// One text where a list of texts is expected.
pub(crate) fn text_for_list(name: &str, text: &str) -> PyErr {
    let text = quoted(text);
    let list = text.replace('`', "\"");
    PyTypeError::new_err(format!("{name}: found the string {text}, expected a list: `[{list}]`"))
}

pub(crate) fn at_work(py: Python<'_>) -> PyErr {
    screen(
        py,
        "python/at-work",
        "",
        "the screening is waiting for its audience, which may not ask the screening in turn",
    )
}

/// A language that there are no texts in.
pub(crate) fn unknown_language(py: Python<'_>, lang: &str) -> PyErr {
    let found = quoted(lang);
    let message = format!("found {found}, expected the name of a language: `en`, `es` or `pt`");
    Problem {
        class: "Error",
        code: "python/unknown-language",
        at: "lang",
        message: &message,
        text: &format!("`lang`: {message}"),
    }
    .raise(py, None)
}

/// Something that cannot be.
pub(crate) fn of_defect(py: Python<'_>, message: &str) -> PyErr {
    let text = format!("{message}; this is a defect of cleartosend, please report it");
    Problem { class: "Error", code: "internal/python", at: "", message: &text, text: &text }
        .raise(py, None)
}

/// A file error as Python raises it: `FileNotFoundError`, `PermissionError` and their like, with
/// its name.
pub(crate) fn of_file(Unreadable { path, error }: &Unreadable) -> PyErr {
    os_error(path, error)
}

/// The folder of a pack, as [`of_file`] or as a pack that is refused.
pub(crate) fn of_folder(py: Python<'_>, folder: &Path, error: &FolderError) -> PyErr {
    match error {
        FolderError::Unreadable(unreadable) => of_file(unreadable),
        FolderError::Pack(errors) => of_pack(py, &folder.display().to_string(), errors),
    }
}

pub(crate) fn os_error(path: &Path, error: &std::io::Error) -> PyErr {
    let words = |number: i32, what: &str| {
        PyOSError::new_err((number, what.to_owned(), path.display().to_string()))
    };
    match (error.raw_os_error(), error.kind()) {
        (Some(number), _) => {
            let whole = error.to_string();
            words(number, whole.split(" (os error").next().unwrap_or(&whole))
        }
        // What lost its number on the way. Python makes the class of the number, and these are the
        // same on every system that it knows.
        (None, ErrorKind::NotFound) => words(2, "No such file or directory"),
        (None, ErrorKind::PermissionDenied) => words(13, "Permission denied"),
        (None, ErrorKind::NotADirectory) => words(20, "Not a directory"),
        (None, ErrorKind::IsADirectory) => words(21, "Is a directory"),
        _ => PyOSError::new_err(format!("{}: {error}", name_of(path))),
    }
}

fn with_help(message: &str, help: Option<&str>) -> String {
    help.map_or_else(|| message.to_owned(), |help| format!("{message}; {help}"))
}
