//! `Account`: what has become of an account, kept by what WhatsApp sends; and what its error codes
//! mean.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cleartosend::{Facts, Timestamp};
use cleartosend_account::{Book, History};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::PyDateTime;

use crate::error;
use crate::from_python;
use crate::to_python::code::Code;
use crate::to_python::{datetime, loads};

/// A book of accounts, kept by what WhatsApp sends about them. Threads may share it.
// The one class that changes: a lock guards it, which nobody holds while Python code runs.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Account(Mutex<Book>);

#[pymethods]
impl Account {
    /// A book in which nothing is known, or what `to_json` wrote, or an object with nothing but an
    /// `account` to begin with.
    #[new]
    #[pyo3(signature = (state=None))]
    fn new(py: Python<'_>, state: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(state) = state else { return Ok(Self(Mutex::default())) };
        let bytes = from_python::json(state)?;
        let bytes = bytes.as_bytes();
        let state = py
            .detach(|| Book::from_json(bytes))
            .map_err(|problem| error::of_account(py, &problem))?;
        Ok(Self(Mutex::new(state)))
    }

    /// Takes in one webhook, or an answer of the Graph API that was read at `read_at`, and returns
    /// what became of each change.
    ///
    /// Each change stands or falls alone; raises `AccountError` for what is not JSON or not an
    /// event. An event that comes twice changes nothing, and the order in which events come does
    /// not count.
    #[pyo3(signature = (event, *, read_at=None))]
    fn apply<'py>(
        &self,
        py: Python<'py>,
        event: &Bound<'py, PyAny>,
        read_at: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let read_at = instant(py, read_at)?;
        let event = from_python::json(event)?;
        let mut state = self.locked(py);
        let report = match read_at {
            Some(at) => state.apply_read_at(event.as_bytes(), at),
            None => state.apply(event.as_bytes()),
        };
        drop(state);
        let report = report.map_err(|problem| error::of_account(py, &problem))?;
        loads(
            py,
            &serde_json::to_string(&report.changes)
                .map_err(|problem| error::of_defect(py, &problem.to_string()))?,
        )
    }

    /// As `apply`, of an envelope that was received at `received_at`: what became of each change
    /// under `changes`, and under `rows` the keys of the rows that changed, which are those to
    /// store.
    #[pyo3(signature = (event, *, received_at=None))]
    fn receive<'py>(
        &self,
        py: Python<'py>,
        event: &Bound<'py, PyAny>,
        received_at: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let received_at = instant(py, received_at)?;
        let event = from_python::json(event)?;
        let applied = self.locked(py).apply_received(event.as_bytes(), received_at);
        let applied = applied.map_err(|problem| error::of_account(py, &problem))?;
        written(py, &applied)
    }

    /// The `account` member of a campaign document as of an instant; as of the last event, if none
    /// is given.
    ///
    /// `number` is the sending number: without it, what differs between the account's numbers is
    /// left out. `id` is the account's, of several.
    #[pyo3(signature = (*, at=None, number=None, id=None))]
    fn account<'py>(
        &self,
        py: Python<'py>,
        at: Option<&Bound<'py, PyAny>>,
        number: Option<&str>,
        id: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let at = instant(py, at)?;
        let account = self.locked(py).account(id, at, number);
        let account = account.map_err(|problem| error::of_account(py, &problem))?;
        loads(py, &account.to_string())
    }

    /// The ids of the accounts, in order.
    fn accounts(&self, py: Python<'_>) -> Vec<String> {
        self.locked(py).accounts().map(str::to_owned).collect()
    }

    /// The ids of the accounts that an envelope is about, in order and each once: whose rows to
    /// load before it is applied.
    #[staticmethod]
    fn accounts_in(py: Python<'_>, event: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
        let event = from_python::json(event)?;
        cleartosend_account::accounts_in(event.as_bytes())
            .map_err(|problem| error::of_account(py, &problem))
    }

    /// The keys of the rows, in order.
    fn keys(&self, py: Python<'_>) -> Vec<String> {
        self.locked(py).keys()
    }

    /// One row as a line of JSON; `None` where there is none.
    fn row(&self, py: Python<'_>, key: &str) -> Option<String> {
        self.locked(py).row(key)
    }

    /// Joins a row, as `row` gave it, also of a later version. Whether the book changed.
    fn merge_row(&self, py: Python<'_>, key: &str, row: &Bound<'_, PyAny>) -> PyResult<bool> {
        let row = from_python::json(row)?;
        let merged = self.locked(py).merge_row(key, row.as_bytes());
        merged.map_err(|problem| error::of_account(py, &problem))
    }

    /// Joins another book, and gives the keys of the rows that changed.
    fn merge(&self, py: Python<'_>, other: &Self) -> Vec<String> {
        let other = other.locked(py).clone();
        self.locked(py).merge(&other)
    }

    /// Forgets a person, given by a number in E.164 or a user id, under all names that the book
    /// knows. Gives the keys of rows to delete under `removed`, and of rows to replace under
    /// `replaced`: both are empty where the book has nobody of that name.
    ///
    /// Raises `AccountError` for what names no person.
    fn forget<'py>(&self, py: Python<'py>, person: &str) -> PyResult<Bound<'py, PyAny>> {
        let removed = self.locked(py).forget(person);
        written(py, &removed.map_err(|problem| error::of_account(py, &problem))?)
    }

    /// Drops what no check after an instant asks about; gives keys as `forget` does.
    fn expire<'py>(
        &self,
        py: Python<'py>,
        before: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let before = needed_instant(py, before)?;
        let removed = self.locked(py).expire(before);
        written(py, &removed)
    }

    /// What of an account's events was not understood and not acknowledged.
    #[pyo3(signature = (*, id=None))]
    fn not_understood<'py>(
        &self,
        py: Python<'py>,
        id: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let open = self.locked(py).not_understood(id);
        written(py, &open.map_err(|problem| error::of_account(py, &problem))?)
    }

    /// Words of WhatsApp that no table has, and which leave something of the account unknown: each
    /// with its register.
    #[pyo3(signature = (*, id=None))]
    fn strange_words(&self, py: Python<'_>, id: Option<&str>) -> PyResult<Vec<String>> {
        let words = self.locked(py).strange_words(id);
        words.map_err(|problem| error::of_account(py, &problem))
    }

    /// Acknowledges it: checks no longer ask for review because of it. Gives the keys of the rows
    /// that changed.
    #[pyo3(signature = (at, *, id=None))]
    fn acknowledge(
        &self,
        py: Python<'_>,
        at: &Bound<'_, PyAny>,
        id: Option<&str>,
    ) -> PyResult<Vec<String>> {
        let at = needed_instant(py, at)?;
        let changed = self.locked(py).acknowledge(id, at);
        changed.map_err(|problem| error::of_account(py, &problem))
    }

    /// Notes that an appeal succeeded: restrictions of that kind, or all of them, end then. Gives
    /// the keys of the rows that changed.
    #[pyo3(signature = (at, reason, *, kind=None, id=None))]
    fn appeal(
        &self,
        py: Python<'_>,
        at: &Bound<'_, PyAny>,
        reason: &str,
        kind: Option<&str>,
        id: Option<&str>,
    ) -> PyResult<Vec<String>> {
        let at = needed_instant(py, at)?;
        let changed = self.locked(py).appeal(id, kind, at, reason);
        changed.map_err(|problem| error::of_account(py, &problem))
    }

    /// The book as one line of JSON, to be kept.
    fn to_json(&self, py: Python<'_>) -> String {
        self.locked(py).to_json()
    }

    /// When the last event happened.
    #[getter]
    fn last_event_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDateTime>>> {
        let at = self.locked(py).last_event_at();
        at.map(|at| datetime(py, at)).transpose()
    }

    /// By its JSON.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let json = slf.call_method0(intern!(slf.py(), "to_json"))?.extract()?;
        Ok((slf.get_type().into_any(), (json,)))
    }

    /// How many rows are kept.
    fn __len__(&self, py: Python<'_>) -> usize {
        self.locked(py).len()
    }

    /// Always true: a book without rows is still a book.
    fn __bool__(&self) -> bool {
        true
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let state = self.locked(py);
        match state.last_event_at() {
            Some(at) => format!("<Account of {} rows, the last event at {at}>", state.len()),
            None => "<Account without events>".to_owned(),
        }
    }
}

impl Account {
    /// Says of facts what this state knows.
    pub(crate) fn tell(&self, py: Python<'_>, facts: &mut Facts) -> PyResult<()> {
        let items = self.locked(py).tell(facts);
        items.map_err(|problem| error::of_facts(py, &problem, ""))
    }

    /// What a projection asks.
    pub(crate) fn history(&self, py: Python<'_>, at: Timestamp) -> PyResult<History> {
        let history = self.locked(py).history(None, at);
        history.map_err(|problem| error::of_account(py, &problem))
    }

    /// A word is added whole or not at all, so that a lock that somebody left by a panic guards a
    /// book that is in order.
    fn locked(&self, py: Python<'_>) -> MutexGuard<'_, Book> {
        self.0.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an error code of WhatsApp means, and whether to try again; `None` for one that the
/// catalogue does not have. With a subcode, what that means, if the catalogue has it.
#[pyfunction]
#[pyo3(signature = (code, subcode = None))]
pub(crate) fn explain_code(code: i64, subcode: Option<i64>) -> Option<Code> {
    let of_subcode =
        subcode.and_then(|subcode| cleartosend_account::codes::explain_subcode(code, subcode));
    of_subcode.or_else(|| cleartosend_account::codes::explain(code)).map(Code)
}

/// What serde writes, as Python objects.
fn written<'py>(py: Python<'py>, value: &impl serde::Serialize) -> PyResult<Bound<'py, PyAny>> {
    let text = serde_json::to_string(value)
        .map_err(|problem| error::of_defect(py, &problem.to_string()))?;
    loads(py, &text)
}

fn needed_instant(py: Python<'_>, at: &Bound<'_, PyAny>) -> PyResult<Timestamp> {
    from_python::instant(at).map_err(|raised| error::of_reading(py, raised, "at"))
}

fn instant(py: Python<'_>, at: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Timestamp>> {
    at.map(from_python::instant).transpose().map_err(|raised| error::of_reading(py, raised, "at"))
}
