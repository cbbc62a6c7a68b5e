//! `Judgement`: a verdict and the rules behind it, without findings.

use cleartosend::{Judgement as Judged, Verdict};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::word;

/// The verdict on a campaign and the rules behind it, without texts: what a check finds, in a
/// fraction of its time.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Judgement(pub(crate) Judged);

#[pymethods]
impl Judgement {
    /// The verdict, as `check` gives it.
    #[getter]
    fn verdict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.0.verdict())
    }

    /// Whether the verdict is `ALLOW`. A judgement itself has no truth value.
    #[getter]
    fn allowed(&self) -> bool {
        self.0.verdict() == Verdict::Allow
    }

    /// The rules that are violated or undetermined: those of a decision's findings, in their order.
    #[getter]
    fn rules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = py.import(intern!(py, "cleartosend.findings"))?;
        let class = class.getattr(intern!(py, "JudgedRule"))?;
        let rules = self.0.rules().map(|judged| {
            let (status, verdict) = (word(py, judged.status)?, word(py, judged.verdict)?);
            class.call1((judged.pack, judged.rule, status, verdict))
        });
        PyTuple::new(py, rules.collect::<PyResult<Vec<_>>>()?)
    }

    /// Raises: ask `allowed`, or compare `verdict`.
    fn __bool__(&self) -> PyResult<bool> {
        Err(PyTypeError::new_err(
            "a judgement is neither true nor false: ask `judgement.allowed`, or compare \
             `judgement.verdict` with `Verdict.ALLOW`",
        ))
    }

    fn __repr__(&self) -> String {
        let rules = match self.0.len() {
            1 => "1 rule".to_owned(),
            count => format!("{count} rules"),
        };
        format!("<Judgement {}, {rules}>", self.0.verdict())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0.verdict() == other.0.verdict() && self.0.rules().eq(other.0.rules())
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }
}
