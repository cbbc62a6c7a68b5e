//! `Account`: what has become of an account, kept by what WhatsApp sends; and what its error codes
//! mean.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cleartosend::account::{History, State};
use cleartosend::facts::Facts;
use cleartosend::time::Timestamp;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::PyDateTime;

use crate::error;
use crate::from_python;
use crate::to_python::code::Code;
use crate::to_python::{datetime, loads};

/// The state of one account, kept by what WhatsApp sends about it. Threads may share it.
// The one class that changes: a lock guards it, which nobody holds while Python code runs.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Account(Mutex<State>);

#[pymethods]
impl Account {
    /// A state of which nothing is known, or what `to_json` wrote, or an object with nothing but an
    /// `account` to begin with.
    #[new]
    #[pyo3(signature = (state=None))]
    fn new(py: Python<'_>, state: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(state) = state else { return Ok(Self(Mutex::default())) };
        let bytes = from_python::json(state)?;
        let bytes = bytes.as_bytes();
        let state = py
            .detach(|| State::from_json(bytes))
            .map_err(|problem| error::of_account(py, &problem))?;
        Ok(Self(Mutex::new(state)))
    }

    /// Takes in one webhook, or an answer of the Graph API that was read at `read_at`, and tells
    /// what became of each change.
    ///
    /// All of it or nothing: raises `AccountError` where any part is malformed. An event that comes
    /// twice changes nothing, and the order in which events come does not count.
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

    /// The `account` member of a campaign document as of an instant; as of the last event, if none
    /// is given.
    ///
    /// `number` is the sending number: without it, what differs between the account's numbers is
    /// left out.
    #[pyo3(signature = (*, at=None, number=None))]
    fn account<'py>(
        &self,
        py: Python<'py>,
        at: Option<&Bound<'py, PyAny>>,
        number: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let at = instant(py, at)?;
        let account = self.locked(py).account(at, number);
        loads(py, &account.to_string())
    }

    /// The state as one line of JSON, to be kept.
    fn to_json(&self, py: Python<'_>) -> String {
        self.locked(py).to_json()
    }

    /// When the last event happened.
    #[getter]
    fn last_event_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDateTime>>> {
        let at = self.locked(py).last_event_at();
        at.map(|at| datetime(py, at)).transpose()
    }

    /// How many events are kept.
    fn __len__(&self, py: Python<'_>) -> usize {
        self.locked(py).len()
    }

    /// Always true: an account without events is still an account.
    fn __bool__(&self) -> bool {
        true
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let state = self.locked(py);
        match state.last_event_at() {
            Some(at) => format!("<Account of {} events, the last at {at}>", state.len()),
            None => "<Account without events>".to_owned(),
        }
    }
}

impl Account {
    /// Says of facts what this state knows.
    pub(crate) fn tell(&self, py: Python<'_>, facts: &mut Facts) -> PyResult<()> {
        let told = self.locked(py).tell(facts);
        told.map_err(|problem| error::of_facts(py, &problem, ""))
    }

    /// What a projection asks.
    pub(crate) fn history(&self, py: Python<'_>, at: Timestamp) -> PyResult<History> {
        let history = self.locked(py).history(at);
        history.map_err(|problem| error::of_facts(py, &problem, ""))
    }

    /// A state is replaced whole or not at all, so that a lock that somebody left by a panic guards
    /// one that is in order.
    fn locked(&self, py: Python<'_>) -> MutexGuard<'_, State> {
        self.0.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an error code of WhatsApp means, and whether to try again; `None` for one that the
/// catalogue does not have. With a subcode, what that means, if the catalogue has it.
#[pyfunction]
#[pyo3(signature = (code, subcode = None))]
pub(crate) fn explain_code(code: i64, subcode: Option<i64>) -> Option<Code> {
    let of_subcode =
        subcode.and_then(|subcode| cleartosend::account::codes::explain_subcode(code, subcode));
    of_subcode.or_else(|| cleartosend::engine::Engine::code(code)).map(Code)
}

fn instant(py: Python<'_>, at: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Timestamp>> {
    at.map(from_python::instant).transpose().map_err(|raised| error::of_reading(py, raised, "at"))
}
