//! `Finding`: what one rule says of the case.

use std::sync::Arc;

use cleartosend::decide;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDict, PyTuple};

use super::{datetime, loads, value, word, words};
use crate::error;

/// What one rule says of the case.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Finding {
    decision: Arc<decide::Decision>,
    place: usize,
}

#[pymethods]
impl Finding {
    #[getter]
    fn pack(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.told(py)?.pack)
    }

    #[getter]
    fn rule(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.told(py)?.rule)
    }

    #[getter]
    fn topic<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.told(py)?.topic)
    }

    #[getter]
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.told(py)?.status)
    }

    #[getter]
    fn verdict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.told(py)?.verdict)
    }

    #[getter]
    fn title(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.told(py)?.title)
    }

    #[getter]
    fn message(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.told(py)?.message)
    }

    #[getter]
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let facts = PyDict::new(py);
        for (path, known) in &self.told(py)?.facts {
            facts.set_item(&**path, value(py, known)?)?;
        }
        py.import(intern!(py, "types"))?.getattr(intern!(py, "MappingProxyType"))?.call1((facts,))
    }

    #[getter]
    fn missing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.told(py)?.missing.iter().map(|path| &**path))
    }

    #[getter]
    fn exposure<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        words(py, &self.told(py)?.exposure)
    }

    #[getter]
    fn advice(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.told(py)?.advice)
    }

    #[getter]
    fn source(&self, py: Python<'_>) -> PyResult<Source> {
        Ok(Source(self.told(py)?.source.clone()))
    }

    #[getter]
    fn from_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        datetime(py, self.told(py)?.from.0)
    }

    #[getter]
    fn until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDateTime>>> {
        self.told(py)?.until.map(|until| datetime(py, until.0)).transpose()
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &serde_json::to_string(self.told(py)?).map_err(|problem| error::of_defect(py, &problem.to_string()))?)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let told = self.told(py)?;
        Ok(format!("<Finding {}/{} {}, {}>", told.pack, told.rule, told.status, told.verdict))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.decision.digest == other.decision.digest && self.place == other.place
    }

    fn __hash__(&self) -> u64 {
        crate::pack::hash(&self.decision.digest).wrapping_add(self.place as u64)
    }
}

impl Finding {
    /// The finding at that place; none where there is none.
    pub(super) fn new(decision: &Arc<decide::Decision>, place: usize) -> Option<Self> {
        decision.findings.get(place).map(|_| Self { decision: Arc::clone(decision), place })
    }

    fn told(&self, py: Python<'_>) -> PyResult<&decide::Finding> {
        self.decision.findings.get(self.place).ok_or_else(|| error::of_defect(py, "a finding is not in its decision"))
    }
}

/// The page or law that a rule cites.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Source(pub(super) decide::FindingSource);

#[pymethods]
impl Source {
    #[getter]
    fn title(&self) -> &str {
        &self.0.title
    }

    #[getter]
    fn url(&self) -> &str {
        &self.0.url
    }

    #[getter]
    fn section(&self) -> Option<&str> {
        self.0.section.as_deref()
    }

    #[getter]
    fn retrieved<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        datetime(py, self.0.retrieved.0)
    }

    #[getter]
    fn confirmed(&self) -> bool {
        self.0.confidence.is_none()
    }

    fn __repr__(&self) -> String {
        format!("<Source {}, read {}>", self.0.title, self.0.retrieved)
    }
}
