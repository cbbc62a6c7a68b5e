//! `Rule`: one rule of a pack.

use std::sync::Arc;

use cleartosend::expert::decide::WrittenDate;
use cleartosend::pack::{Condition, Confidence, Enforcement, SourceConfidence, Waivable};
use cleartosend::{FindingSource, Pack};
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyTuple};

use super::finding::{Source, labels};
use super::{datetime, topic, word, words};
use crate::error;

/// One rule of a pack.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Rule {
    pack: Arc<Pack>,
    place: usize,
}

#[pymethods]
impl Rule {
    /// Its id, such as `consent.opted-out`.
    #[getter]
    fn id(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.said(py)?.id)
    }

    /// What it is about; a plain text where it is a topic of the pack's own.
    #[getter]
    fn topic<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        topic(py, &self.said(py)?.topic)
    }

    /// One line on what it says.
    #[getter]
    fn title(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(&self.said(py)?.title)
    }

    /// What a violation means where the rule is enforced.
    #[getter]
    fn verdict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.said(py)?.verdict)
    }

    /// Whether it means that yet; if not, all that the rule finds is a note.
    #[getter]
    fn enforced(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.said(py)?.enforcement == Enforcement::Enforced)
    }

    /// Whether it needs a recipient.
    #[getter]
    fn scope<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.said(py)?.scope)
    }

    /// When it applies, in the rule language; `None` for always.
    #[getter]
    fn applies(&self, py: Python<'_>) -> PyResult<Option<&str>> {
        Ok(self.said(py)?.applies.as_ref().map(|condition| &*condition.source))
    }

    /// What must hold; `None` where `forbids` says what must not.
    #[getter]
    fn requires(&self, py: Python<'_>) -> PyResult<Option<&str>> {
        Ok(match &self.said(py)?.condition {
            Condition::Requires(condition) => Some(&condition.source),
            Condition::Forbids(_) => None,
        })
    }

    /// What must not hold; `None` where `requires` says what must.
    #[getter]
    fn forbids(&self, py: Python<'_>) -> PyResult<Option<&str>> {
        Ok(match &self.said(py)?.condition {
            Condition::Forbids(condition) => Some(&condition.source),
            Condition::Requires(_) => None,
        })
    }

    /// What a violation can lead to, from mild to grave.
    #[getter]
    fn exposure<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        words(py, &self.said(py)?.exposure)
    }

    /// Since when it is in force; `None` for always.
    #[getter]
    fn from_<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDateTime>>> {
        self.said(py)?.period.from.map(|from| datetime(py, from)).transpose()
    }

    /// Until when; `None` for no end.
    #[getter]
    fn until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDateTime>>> {
        self.said(py)?.period.until.map(|until| datetime(py, until)).transpose()
    }

    /// Whether its findings can be waived.
    #[getter]
    fn waivable(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.said(py)?.waivable == Waivable::Yes)
    }

    /// What its authors call it for their own purposes, by name; it cannot be changed.
    #[getter]
    fn labels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        labels(py, &self.said(py)?.labels)
    }

    /// By whose word.
    #[getter]
    fn source(&self, py: Python<'_>) -> PyResult<Source> {
        let rule = self.said(py)?;
        let cited = self.pack.sources.get(&rule.source.source);
        let cited = cited
            .ok_or_else(|| error::of_defect(py, "a rule cites a source that its pack has not"))?;
        let unconfirmed = rule.confidence == Confidence::Unconfirmed
            || cited.confidence == SourceConfidence::Unconfirmed;
        Ok(Source(FindingSource {
            title: Arc::clone(&cited.title),
            url: Arc::clone(&cited.url),
            section: rule.source.section.clone(),
            retrieved: WrittenDate(cited.retrieved),
            confidence: unconfirmed.then_some(Confidence::Unconfirmed),
        }))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let rule = self.said(py)?;
        Ok(format!(
            "<Rule {}/{} {} {}>",
            self.pack.name,
            rule.id,
            rule.verdict,
            rule.period
                .from
                .map_or_else(|| "always".to_owned(), |from| format!("from {}", WrittenDate(from)))
        ))
    }
}

impl Rule {
    pub(crate) fn new(pack: Arc<Pack>, place: usize) -> Self {
        Self { pack, place }
    }

    fn said(&self, py: Python<'_>) -> PyResult<&cleartosend::pack::Rule> {
        self.pack
            .rules
            .get(self.place)
            .ok_or_else(|| error::of_defect(py, "a rule is not in its pack"))
    }
}
