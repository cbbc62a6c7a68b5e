//! `Provider`: what a directory says of somebody.

use cleartosend::Timestamp;
use cleartosend::directory::{Found, Listing};
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyTuple};

use super::{datetime, word};

/// What a directory says of a provider at an instant. What is of an entry is `None` or empty where
/// nothing leads to one.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Provider {
    listing: Listing,
    at: Timestamp,
    entry: Option<Entry>,
    lookalike: Option<Imitated>,
}

/// The entry that all that was asked leads to.
struct Entry {
    id: String,
    name: String,
    aliases: Vec<String>,
    domains: Vec<String>,
    role: Option<String>,
    evidence: Option<String>,
}

#[derive(Clone)]
struct Imitated {
    id: String,
    name: String,
    domains: Vec<String>,
    reasons: Vec<(&'static str, &'static str)>,
}

impl Provider {
    pub(crate) fn of(found: &Found<'_>, at: Timestamp) -> Self {
        Self {
            listing: found.listing,
            at,
            entry: found.entry.map(|entry| Entry {
                id: entry.id().to_owned(),
                name: entry.name().to_owned(),
                aliases: entry.aliases().to_vec(),
                domains: entry.domains().to_vec(),
                role: entry.role().map(str::to_owned),
                evidence: entry.evidence().map(str::to_owned),
            }),
            lookalike: found.lookalike.as_ref().map(|lookalike| Imitated {
                id: lookalike.of.id().to_owned(),
                name: lookalike.of.name().to_owned(),
                domains: lookalike.of.domains().to_vec(),
                reasons: lookalike
                    .reasons
                    .iter()
                    .map(|reason| (reason.name(), reason.sentence()))
                    .collect(),
            }),
        }
    }
}

#[pymethods]
impl Provider {
    /// Whether it is listed.
    #[getter]
    fn listing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.listing)
    }

    /// The instant that the answer is about.
    #[getter]
    fn at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        datetime(py, self.at)
    }

    /// The entry's id.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.entry.as_ref().map(|entry| &*entry.id)
    }

    /// The entry's name.
    #[getter]
    fn name(&self) -> Option<&str> {
        self.entry.as_ref().map(|entry| &*entry.name)
    }

    /// The entry's other, former or later names.
    #[getter]
    fn aliases<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(
            py,
            self.entry.as_ref().map(|entry| entry.aliases.as_slice()).unwrap_or_default(),
        )
    }

    /// The entry's web domains.
    #[getter]
    fn domains<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(
            py,
            self.entry.as_ref().map(|entry| entry.domains.as_slice()).unwrap_or_default(),
        )
    }

    /// The role that it is listed in, where the directory says so.
    #[getter]
    fn role(&self) -> Option<&str> {
        self.entry.as_ref()?.role.as_deref()
    }

    /// What the entry rests on, in words.
    #[getter]
    fn evidence(&self) -> Option<&str> {
        self.entry.as_ref()?.evidence.as_deref()
    }

    /// The known provider that this one imitates.
    #[getter]
    fn lookalike(&self) -> Option<Lookalike> {
        self.lookalike.clone().map(Lookalike)
    }

    fn __repr__(&self) -> String {
        match (&self.entry, &self.lookalike) {
            (Some(entry), _) => {
                format!("<Provider {:?} {} at {}>", entry.name, self.listing, self.at)
            }
            (None, Some(lookalike)) => format!(
                "<Provider {} at {}, resembles {:?}>",
                self.listing, self.at, lookalike.name
            ),
            (None, None) => format!("<Provider {} at {}>", self.listing, self.at),
        }
    }
}

/// The known provider that another one imitates.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Lookalike(Imitated);

#[pymethods]
impl Lookalike {
    /// The id of the one that is imitated.
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Its web domains.
    #[getter]
    fn domains<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.0.domains)
    }

    /// How it is imitated, by stable names such as `confusable_characters`.
    #[getter]
    fn reasons<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.reasons.iter().map(|(name, _)| *name))
    }

    /// The same in sentences.
    #[getter]
    fn why<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.reasons.iter().map(|(_, sentence)| *sentence))
    }

    fn __repr__(&self) -> String {
        let reasons: Vec<&str> = self.0.reasons.iter().map(|(name, _)| *name).collect();
        format!("<Lookalike of {:?}: {}>", self.0.name, reasons.join(", "))
    }
}
