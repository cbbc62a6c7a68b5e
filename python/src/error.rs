//! How does an error become an exception?
//!
//! One class an error of core, in `package/cleartosend/errors.py`, each with the code, the place and the message that core gives.

use cleartosend::account::AccountError;
use cleartosend::cel::ExpressionError;
use cleartosend::directory::DirectoryError;
use cleartosend::engine::{EngineError, EvalError};
use cleartosend::facts::FactsError;
use cleartosend::pack::{PackError, PackErrors};
use cleartosend_cli::Unreadable;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use crate::from_python::Raised;

/// What an exception tells.
struct Told<'a> {
    class: &'static str,
    code: &'a str,
    at: &'a str,
    message: &'a str,
    /// All of it.
    text: &'a str,
}

impl Told<'_> {
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
    let errors = ERRORS.get_or_try_init(py, || py.import("cleartosend.errors").map(|module| module.into_any().unbind()))?;
    Ok(errors.bind(py))
}

/// A campaign that was refused; `within` is its place among others, such as `[3]`.
pub(crate) fn of_facts(py: Python<'_>, error: &FactsError, within: &str) -> PyErr {
    let place = error.line_column().map(|(line, column)| format!("line {line}, column {column}"));
    let path = match (within, error.path()) {
        (within, "") => within.to_owned(),
        ("", path) => path.to_owned(),
        (within, path) => format!("{within}.{path}"),
    };
    let at = if path.is_empty() { place.clone().unwrap_or_default() } else { path };
    let text = if within.is_empty() { error.to_string() } else { format!("`{at}`: {}", error.message()) };
    Told { class: "FactsError", code: error.code(), at: &at, message: error.message(), text: &text }.raise(py, None)
}

/// A campaign that was not read.
pub(crate) fn of_reading(py: Python<'_>, raised: Raised, within: &str) -> PyErr {
    match raised {
        Raised::Facts(error) => of_facts(py, &error, within),
        Raised::Python(error) => error,
    }
}

pub(crate) fn of_directory(py: Python<'_>, error: &DirectoryError) -> PyErr {
    let text = error.to_string();
    let message = text.strip_prefix(error.path()).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&text);
    Told { class: "DirectoryError", code: error.code(), at: error.path(), message, text: &text }.raise(py, None)
}

pub(crate) fn of_account(py: Python<'_>, error: &AccountError) -> PyErr {
    let text = error.to_string();
    Told { class: "AccountError", code: error.code(), at: error.path(), message: error.message(), text: &text }.raise(py, None)
}

pub(crate) fn of_expression(py: Python<'_>, error: &ExpressionError, source: &str) -> PyErr {
    let (line, column) = error.line_column(source);
    let message = with_help(error.message(), error.help());
    let at = format!("{line}:{column}");
    Told { class: "ExpressionError", code: error.code(), at: &at, message: &message, text: &format!("{at}: {message}") }.raise(py, None)
}

pub(crate) fn of_eval(py: Python<'_>, error: &EvalError, source: &str) -> PyErr {
    match error {
        EvalError::Expression(error) => of_expression(py, error, source),
        EvalError::Facts(error) => of_facts(py, error, ""),
        other => of_defect(py, &other.to_string()),
    }
}

/// Every problem of a pack, which the caller calls `called`.
pub(crate) fn of_pack(py: Python<'_>, called: &str, errors: &PackErrors) -> PyErr {
    let Some(first) = errors.iter().next() else { return of_defect(py, "a pack was refused without a reason") };
    let message = with_help(&first.message(), first.help());
    let at = format!("{called}/{}", first.place());
    let mut text = format!("{at}: {message}");
    let more = errors.iter().count() - 1;
    if more > 0 {
        text.push_str(&format!(", and {more} more {}", if more == 1 { "problem" } else { "problems" }));
    }
    match problems(py, called, errors) {
        Ok(problems) => Told { class: "PackError", code: first.code(), at: &at, message: &message, text: &text }.raise(py, Some(problems)),
        Err(failed) => failed,
    }
}

/// The problems of a pack as `cleartosend.errors.Problem`.
pub(crate) fn problems<'py>(py: Python<'py>, called: &str, errors: &PackErrors) -> PyResult<Bound<'py, PyTuple>> {
    let class = module(py)?.getattr("Problem")?;
    let told = |error: &PackError| class.call1((error.code(), error.message(), format!("{called}/{}", error.place()), error.help()));
    let told: PyResult<Vec<_>> = errors.iter().map(told).collect();
    PyTuple::new(py, told?)
}

pub(crate) fn of_engine(py: Python<'_>, error: &EngineError) -> PyErr {
    let text = error.to_string();
    match error {
        EngineError::Pack { pack, errors } => of_pack(py, pack, errors),
        EngineError::Directory(error) => of_directory(py, error),
        EngineError::UnknownPack { name } => {
            Told { class: "EngineError", code: error.code(), at: name, message: &text, text: &text }.raise(py, None)
        }
        _ => Told { class: "EngineError", code: error.code(), at: "", message: &text, text: &text }.raise(py, None),
    }
}

/// An engine without rules would allow everything.
pub(crate) fn no_pack(py: Python<'_>) -> PyErr {
    let message = "no pack was named: an engine without rules would allow everything";
    Told { class: "EngineError", code: "python/no-pack", at: "packs", message, text: message }.raise(py, None)
}

/// An expression over facts that has no value.
pub(crate) fn no_value(py: Python<'_>, code: &str, message: &str) -> PyErr {
    Told { class: "ExpressionError", code, at: "", message, text: message }.raise(py, None)
}

/// Something that cannot be.
pub(crate) fn of_defect(py: Python<'_>, message: &str) -> PyErr {
    let text = format!("{message}; this is a defect of cleartosend, please report it");
    Told { class: "Error", code: "internal/python", at: "", message: &text, text: &text }.raise(py, None)
}

/// A file as Python tells of it: `FileNotFoundError`, `PermissionError` and their like, with its name.
pub(crate) fn of_file(Unreadable { path, error }: &Unreadable) -> PyErr {
    match error.raw_os_error() {
        Some(number) => {
            let whole = error.to_string();
            let what = whole.split(" (os error").next().unwrap_or(&whole).to_owned();
            PyOSError::new_err((number, what, path.display().to_string()))
        }
        None => PyOSError::new_err(format!("{}: {error}", path.display())),
    }
}

fn with_help(message: &str, help: Option<&str>) -> String {
    help.map_or_else(|| message.to_owned(), |help| format!("{message}; {help}"))
}
