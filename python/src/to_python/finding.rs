//! `Finding`: what one rule says of the case.

use std::collections::BTreeMap;
use std::sync::Arc;

use cleartosend::FindingTexts;
use cleartosend::expert::decide;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDict, PyTuple};

use super::{datetime, loads, topic, value, word, words};
use crate::error;
use crate::from_python::language;

/// What one rule says of the case.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Finding {
    decision: Arc<decide::Decision>,
    place: usize,
}

#[pymethods]
impl Finding {
    /// The name of the rule's pack.
    #[getter]
    fn pack(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.finding(py)?.pack)
    }

    /// The rule's id, such as `consent.opted-out`.
    #[getter]
    fn rule(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.finding(py)?.rule)
    }

    /// What the rule is about; a plain text where it is a topic of the pack's own.
    #[getter]
    fn topic<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        topic(py, &self.finding(py)?.topic)
    }

    /// What it says.
    #[getter]
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.finding(py)?.status)
    }

    /// What that means: the rule's own verdict where it is violated, review where it is
    /// undetermined, else allow; a note where the rule's verdict is one, or the rule is not
    /// enforced.
    #[getter]
    fn verdict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.finding(py)?.verdict)
    }

    /// The rule in one line.
    #[getter]
    fn title(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.finding(py)?.title)
    }

    /// What is violated or undetermined in this case.
    #[getter]
    fn message(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.finding(py)?.message)
    }

    /// What is known of what the rule reads, by path. Instants are aware datetimes, lists tuples;
    /// it cannot be changed.
    #[getter]
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let facts = PyDict::new(py);
        for (path, known) in &self.finding(py)?.facts {
            facts.set_item(&**path, value(py, known)?)?;
        }
        py.import(intern!(py, "types"))?.getattr(intern!(py, "MappingProxyType"))?.call1((facts,))
    }

    /// The missing facts that could settle the rule, by path.
    #[getter]
    fn missing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.finding(py)?.missing.iter().map(|path| &**path))
    }

    /// What the violation can lead to, from mild to grave; empty where there is none.
    #[getter]
    fn exposure<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        words(py, &self.finding(py)?.exposure)
    }

    /// What to do.
    #[getter]
    fn advice(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.finding(py)?.advice)
    }

    /// By whose word.
    #[getter]
    fn source(&self, py: Python<'_>) -> PyResult<Source> {
        Ok(Source(self.finding(py)?.source.clone()))
    }

    /// Since when the rule is in force; `None` for always.
    #[getter]
    fn from_<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDateTime>>> {
        self.finding(py)?.from.map(|from| datetime(py, from.0)).transpose()
    }

    /// Until when; `None` for no end.
    #[getter]
    fn until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDateTime>>> {
        self.finding(py)?.until.map(|until| datetime(py, until.0)).transpose()
    }

    /// Why the rule's conditions could not be evaluated although all that they need is known:
    /// `code` and `message`; `None` where they could.
    #[getter]
    fn error<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let make = |error: &decide::FindingError| {
            py.import(intern!(py, "cleartosend.findings"))?
                .getattr(intern!(py, "FindingError"))?
                .call1((error.code, &*error.message))
        };
        self.finding(py)?.error.as_ref().map(make).transpose()
    }

    /// The exception that lowered the verdict: `reason`, `by` and `until`; `None` where there is
    /// none.
    #[getter]
    fn waiver<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.finding(py)?.waiver.as_ref().map(|made| waiver(py, made)).transpose()
    }

    /// What the authors of the rule call it for their own purposes, by name; it cannot be changed.
    #[getter]
    fn labels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        labels(py, &self.finding(py)?.labels)
    }

    /// `title`, `message` and `advice` in a language: `en`, `es` or `pt`. Those of rules whose pack
    /// does not have them in it are in English.
    fn texts<'py>(&self, py: Python<'py>, lang: &str) -> PyResult<Bound<'py, PyAny>> {
        let texts = self.decision.texts(self.place, language(py, lang)?);
        let FindingTexts { title, message, advice, .. } =
            texts.ok_or_else(|| error::of_defect(py, "a finding is not in its decision"))?;
        py.import(intern!(py, "cleartosend.findings"))?
            .getattr(intern!(py, "FindingTexts"))?
            .call1((title, message, advice))
    }

    /// The finding as the decision document has it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(
            py,
            &serde_json::to_string(self.finding(py)?)
                .map_err(|problem| error::of_defect(py, &problem.to_string()))?,
        )
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let finding = self.finding(py)?;
        Ok(format!(
            "<Finding {}/{} {}, {}>",
            finding.pack, finding.rule, finding.status, finding.verdict
        ))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.decision.digest() == other.decision.digest() && self.place == other.place
    }

    fn __hash__(&self) -> u64 {
        crate::pack::hash(&self.decision.digest()).wrapping_add(self.place as u64)
    }
}

impl Finding {
    /// The finding at that place; none where there is none.
    pub(super) fn new(decision: &Arc<decide::Decision>, place: usize) -> Option<Self> {
        decision.findings().get(place).map(|_| Self { decision: Arc::clone(decision), place })
    }

    fn finding(&self, py: Python<'_>) -> PyResult<&decide::Finding> {
        self.decision
            .findings()
            .get(self.place)
            .ok_or_else(|| error::of_defect(py, "a finding is not in its decision"))
    }
}

/// An exception to a rule.
pub(super) fn waiver<'py>(
    py: Python<'py>,
    waiver: &decide::FindingWaiver,
) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "cleartosend.findings"))?.getattr(intern!(py, "FindingWaiver"))?.call1((
        &*waiver.reason,
        &*waiver.by,
        datetime(py, waiver.until.0)?,
    ))
}

/// Labels as a mapping that cannot be changed.
pub(super) fn labels<'py>(
    py: Python<'py>,
    labels: &BTreeMap<Arc<str>, Arc<str>>,
) -> PyResult<Bound<'py, PyAny>> {
    let finding = PyDict::new(py);
    for (name, text) in labels {
        finding.set_item(&**name, &**text)?;
    }
    py.import(intern!(py, "types"))?.getattr(intern!(py, "MappingProxyType"))?.call1((finding,))
}

/// The page or law that a rule cites.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Source(pub(super) decide::FindingSource);

#[pymethods]
impl Source {
    /// Its title.
    #[getter]
    fn title(&self) -> &str {
        &self.0.title
    }

    /// Where it can be read.
    #[getter]
    fn url(&self) -> &str {
        &self.0.url
    }

    /// Where in it.
    #[getter]
    fn section(&self) -> Option<&str> {
        self.0.section.as_deref()
    }

    /// When it was read.
    #[getter]
    fn retrieved<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        datetime(py, self.0.retrieved.0)
    }

    /// Whether the rule and its source are known to be so.
    #[getter]
    fn confirmed(&self) -> bool {
        self.0.confidence.is_none()
    }

    fn __repr__(&self) -> String {
        format!(
            "<Source {}, read {}>",
            cleartosend::expert::text::escaped(&self.0.title),
            self.0.retrieved
        )
    }
}
