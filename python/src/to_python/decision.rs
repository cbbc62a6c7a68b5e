//! `Decision`: whether a campaign is clear to send, and why.

use std::sync::Arc;

use cleartosend::expert::decide;
use cleartosend::{Lang, Verdict};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDateTime, PyTuple};

use super::finding::Finding;
use super::{datetime, html, loads, word, words};
use crate::evidence;
use crate::from_python::language;
use crate::pack::hash;

/// Whether a campaign is clear to send, and why. Printed, it is a paper for people; two are equal
/// if their digests are.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Decision {
    decision: Arc<decide::Decision>,
    findings: PyOnceLock<Py<PyTuple>>,
}

#[pymethods]
impl Decision {
    /// The worst of the findings; `ALLOW` where there is none.
    #[getter]
    fn verdict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.decision.verdict())
    }

    /// Whether the verdict is `ALLOW`. A decision itself has no truth value.
    #[getter]
    fn allowed(&self) -> bool {
        self.decision.verdict() == Verdict::Allow
    }

    /// What stands against sending: deny before review, violated before undetermined, then by pack
    /// and rule.
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let make = || {
            let count = self.decision.findings().len();
            let findings: Vec<Finding> =
                (0..count).filter_map(|place| Finding::new(&self.decision, place)).collect();
            PyTuple::new(py, findings).map(Bound::unbind)
        };
        Ok(self.findings.get_or_try_init(py, make)?.bind(py).clone())
    }

    /// The facts that are missing for findings, by path.
    #[getter]
    fn missing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.decision.missing().iter().map(|path| &**path))
    }

    /// What the violations can lead to, from mild to grave.
    #[getter]
    fn exposure<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        words(py, self.decision.exposure())
    }

    /// The instant that the decision is about, in UTC, to the microsecond.
    #[getter]
    fn send_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        datetime(py, self.decision.send_at())
    }

    /// Whether a recipient was judged too.
    #[getter]
    fn scope<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.decision.scope())
    }

    /// The packs that it rests on, in stacking order.
    #[getter]
    fn packs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.decision.packs().iter().cloned().map(PackStamp))
    }

    /// The directory that it rests on.
    #[getter]
    fn directory(&self) -> DirectoryStamp {
        DirectoryStamp(self.decision.directory().clone())
    }

    /// The version of the engine.
    #[getter]
    fn engine(&self) -> &'static str {
        self.decision.engine()
    }

    /// A digest over the facts, the bundled data's versions and all of the decision: `sha256:` and
    /// 64 hexadecimal digits.
    #[getter]
    fn digest(&self) -> String {
        self.decision.digest().to_string()
    }

    /// The decision document: one line, the same bytes through every binding.
    fn to_json(&self) -> String {
        self.decision.to_json()
    }

    /// The decision document as the standard library reads it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &self.decision.to_json())
    }

    /// Raises: ask `allowed`, or compare `verdict`.
    fn __bool__(&self) -> PyResult<bool> {
        let advice = "a decision is neither true nor false: ask `decision.allowed`, or compare \
                      `decision.verdict` with `Verdict.ALLOW`";
        Err(PyTypeError::new_err(advice))
    }

    fn __repr__(&self) -> String {
        const SHOWN: usize = 3;
        let rules: Vec<&str> =
            self.decision.findings().iter().take(SHOWN).map(|finding| &*finding.rule).collect();
        let more = if self.decision.findings().len() > SHOWN { ", …" } else { "" };
        let findings = match self.decision.findings().len() {
            0 => "no finding".to_owned(),
            1 => format!("1 finding: {}", rules.join(", ")),
            count => format!("{count} findings: {}{more}", rules.join(", ")),
        };
        format!("<Decision {} at {}, {findings}>", self.decision.verdict(), self.decision.send_at())
    }

    /// The decision for people, as `str` gives it, in a language: `en`, `es` or `pt`.
    ///
    /// The document, codes and digest do not depend on it. Texts of rules that their pack does not
    /// have in a language are in English.
    #[pyo3(signature = (lang="en"))]
    fn text(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        Ok(self.decision.text(language(py, lang)?))
    }

    /// The decision as a table, a part of a page, in a language: `en`, `es` or `pt`.
    #[pyo3(signature = (lang="en"))]
    fn html(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        Ok(html::decision(&self.decision, language(py, lang)?))
    }

    /// The decision as a page for people, one file of HTML that asks for nothing else, as `cts
    /// report` writes it, in a language: `en`, `es` or `pt`.
    #[pyo3(signature = (*, lang="en"))]
    fn to_html(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        evidence::page_of(py, lang, |report, lang| {
            report.add_decision("decision", &self.decision, lang)
        })
    }

    fn __str__(&self) -> String {
        self.decision.text(Lang::English)
    }

    /// The decision as on the page of `to_html`, for notebooks.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        evidence::fragment(py, |report| {
            report.add_decision("decision", &self.decision, Lang::English)
        })
    }

    /// Raises: what a decision rests on stays in its process.
    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a decision cannot be pickled, since what its texts are made of stays in its process: \
             send `decision.to_json()` or `decision.to_dict()`, or pickle the engine and check \
             where the decision is needed",
        ))
    }

    /// The digest covers the facts and all of the decision.
    fn __eq__(&self, other: &Self) -> bool {
        self.decision.digest() == other.decision.digest()
    }

    fn __hash__(&self) -> u64 {
        hash(&self.decision.digest())
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }
}

impl Decision {
    pub(crate) fn new(decision: decide::Decision) -> Self {
        Self { decision: Arc::new(decision), findings: PyOnceLock::new() }
    }
}

/// Which pack a decision rests on.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct PackStamp(decide::PackStamp);

#[pymethods]
impl PackStamp {
    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Its version.
    #[getter]
    fn version(&self) -> String {
        self.0.version.to_string()
    }

    /// The day up to which its authors read their sources; `None` where it does not state one.
    #[getter]
    fn known_until(&self) -> Option<String> {
        self.0.known_until.map(|date| date.to_string())
    }

    /// The digest of its files.
    #[getter]
    fn digest(&self) -> String {
        self.0.digest.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<PackStamp {} {}>", self.0.name, self.0.version)
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0.name == other.0.name && self.0.digest == other.0.digest
    }

    fn __hash__(&self) -> u64 {
        hash(&self.0.digest)
    }
}

/// Which directory a decision rests on.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct DirectoryStamp(decide::DirectoryStamp);

#[pymethods]
impl DirectoryStamp {
    /// Where the list came from.
    #[getter]
    fn source(&self) -> &str {
        &self.0.source
    }

    /// When it was retrieved.
    #[getter]
    fn retrieved_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        datetime(py, self.0.retrieved_at.0)
    }

    /// Whether it names every provider that was listed in the time it covers.
    #[getter]
    fn complete(&self) -> bool {
        self.0.complete
    }

    /// Its digest.
    #[getter]
    fn digest(&self) -> String {
        self.0.digest.to_string()
    }

    fn __repr__(&self) -> String {
        format!(
            "<DirectoryStamp retrieved {}, {}>",
            self.0.retrieved_at.0,
            if self.0.complete { "complete" } else { "not complete" }
        )
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0.digest == other.0.digest
    }

    fn __hash__(&self) -> u64 {
        hash(&self.0.digest)
    }
}
