//! `Explanation`: why a campaign is or is not clear to send, and what would help.

use std::sync::Arc;

use cleartosend::explain::{self, Before, MissingValues, To};
use cleartosend::{Lang, Timestamp, Value, Verdict};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDateTime, PyDict, PyTuple};

use super::decision::Decision;
use super::{datetime, html, loads, topic, value, word};
use crate::error;
use crate::evidence;
use crate::from_python::language;

/// Why a campaign is or is not clear to send, and what would help. Printed, it is a page for
/// people; two are equal if their documents are.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Explanation {
    explanation: explain::Explanation,
    /// Made when it is first asked for.
    json: PyOnceLock<String>,
}

#[pymethods]
impl Explanation {
    /// The decision, as `check` gives it.
    #[getter]
    fn decision(&self) -> Decision {
        Decision::new(self.explanation.decision().clone())
    }

    /// Every rule in scope: by topic; of one topic violated, undetermined, satisfied, not
    /// applicable; then by pack and rule.
    #[getter]
    fn checklist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = class(py, "ChecklistEntry")?;
        let entries = self.explanation.checklist().iter().map(|entry| {
            let (topic, status) = (topic(py, &entry.topic)?, word(py, entry.status)?);
            class.call1((topic, &*entry.pack, &*entry.rule, status))
        });
        PyTuple::new(py, entries.collect::<PyResult<Vec<_>>>()?)
    }

    /// The smallest sets of changes that lead to `ALLOW`; where none does and the verdict is
    /// `DENY`, those that lead to `REVIEW`. By number of changes, then by effort, then by path.
    #[getter]
    fn fixes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = class(py, "Fix")?;
        let fixes = self.explanation.fixes().iter().map(|fix| {
            let changes = fix.changes.iter().map(|change| self::change(py, change));
            let changes = PyTuple::new(py, changes.collect::<PyResult<Vec<_>>>()?)?;
            class.call1((word(py, fix.leads_to)?, changes))
        });
        PyTuple::new(py, fixes.collect::<PyResult<Vec<_>>>()?)
    }

    /// Whether there are, or may be, more fixes than these.
    #[getter]
    fn more_fixes(&self) -> bool {
        self.explanation.more_fixes()
    }

    /// The verdict at later instants; `None` where it was not asked for.
    #[getter]
    fn timeline<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(timeline) = self.explanation.timeline() else { return Ok(None) };
        let of_interval = class(py, "Interval")?;
        let intervals = timeline.intervals.iter().map(|interval| {
            let rules = PyTuple::new(py, interval.rules.iter().map(|rule| &**rule))?;
            let (from, until) = (datetime(py, interval.from)?, datetime(py, interval.until)?);
            of_interval.call1((from, until, word(py, interval.verdict)?, rules))
        });
        let intervals = PyTuple::new(py, intervals.collect::<PyResult<Vec<_>>>()?)?;
        let (from, until) = (datetime(py, timeline.from)?, datetime(py, timeline.until)?);
        class(py, "Timeline")?.call1((from, until, intervals)).map(Some)
    }

    /// The first instant, from `send_at` on, at which everything else as given is clear to send;
    /// `None` where there is none in the timeline.
    #[getter]
    fn clear_from<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDateTime>>> {
        instant(py, self.explanation.clear_from())
    }

    /// The first instant after `clear_from` at which it no longer is; `None` where it is clear as
    /// far as the timeline reaches.
    #[getter]
    fn clear_until<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDateTime>>> {
        instant(py, self.explanation.clear_until())
    }

    /// The members to supply, the one that settles most first.
    #[getter]
    fn missing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = class(py, "Missing")?;
        let members = self.explanation.missing().iter().map(|member| {
            let values = match &member.values {
                MissingValues::OneOf(names) => {
                    PyTuple::new(py, names.iter().map(|name| &**name))?.into_any()
                }
                MissingValues::Bool => PyTuple::new(py, [false, true])?.into_any(),
                MissingValues::Form(form) => form.into_pyobject(py)?.into_any(),
                _ => return Err(not_known(py)),
            };
            class.call1((
                &*member.path,
                member.settles,
                member.can_allow,
                values,
                &*member.title,
                member.comes_from,
            ))
        });
        PyTuple::new(py, members.collect::<PyResult<Vec<_>>>()?)
    }

    /// The explanation as one line of JSON, as `cts explain --json` prints it.
    fn to_json(&self, py: Python<'_>) -> &str {
        self.json.get_or_init(py, || self.explanation.to_json())
    }

    /// The same as the standard library reads it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, self.to_json(py))
    }

    /// Raises: ask `decision.allowed`, or compare `decision.verdict`.
    fn __bool__(&self) -> PyResult<bool> {
        Err(PyTypeError::new_err(
            "an explanation is neither true nor false: ask `explanation.decision.allowed`, or \
             compare `explanation.decision.verdict` with `Verdict.ALLOW`",
        ))
    }

    fn __repr__(&self) -> String {
        let decision = self.explanation.decision();
        let fixes = match (self.explanation.fixes().len(), self.explanation.more_fixes()) {
            (1, false) => "1 fix".to_owned(),
            (count, false) => format!("{count} fixes"),
            (count, true) => format!("{count} fixes or more"),
        };
        let clear = match self.explanation.clear_from() {
            Some(from) if decision.verdict() != Verdict::Allow => format!(", clear from {from}"),
            _ => String::new(),
        };
        format!("<Explanation {} at {}, {fixes}{clear}>", decision.verdict(), decision.send_at())
    }

    /// The explanation for people, as `str` gives it and `cts explain` writes it, in a language:
    /// `en`, `es` or `pt`.
    #[pyo3(signature = (lang="en"))]
    fn text(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        Ok(self.explanation.text(language(py, lang)?))
    }

    /// The explanation as HTML, a part of a page, in a language: `en`, `es` or `pt`.
    #[pyo3(signature = (lang="en"))]
    fn html(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        Ok(html::explanation(&self.explanation, language(py, lang)?))
    }

    /// The explanation as a page for people, one file of HTML that asks for nothing else, as `cts
    /// report` writes it, in a language: `en`, `es` or `pt`.
    #[pyo3(signature = (*, lang="en"))]
    fn to_html(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        evidence::page_of(py, lang, |report, lang| {
            report.add_explanation("explanation", &self.explanation, lang)
        })
    }

    fn __str__(&self) -> String {
        self.explanation.text(Lang::English)
    }

    /// The explanation as on the page of `to_html`, for notebooks.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        evidence::fragment(py, |report| {
            report.add_explanation("explanation", &self.explanation, Lang::English)
        })
    }

    fn __eq__(&self, py: Python<'_>, other: &Self) -> bool {
        self.to_json(py) == other.to_json(py)
    }

    /// Equal explanations have equal decisions.
    fn __hash__(&self) -> u64 {
        crate::pack::hash(&self.explanation.decision().digest())
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }
}

impl Explanation {
    pub(crate) fn new(explanation: explain::Explanation) -> Self {
        Self { explanation, json: PyOnceLock::new() }
    }
}

/// A class of `cleartosend.explanation`.
fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "cleartosend.explanation"))?.getattr(name)
}

fn not_known(py: Python<'_>) -> PyErr {
    error::of_defect(py, "an explanation has a form that has no class in Python")
}

fn instant(py: Python<'_>, at: Option<Timestamp>) -> PyResult<Option<Bound<'_, PyDateTime>>> {
    at.map(|at| datetime(py, at)).transpose()
}

pub(super) fn change<'py>(
    py: Python<'py>,
    change: &explain::Change,
) -> PyResult<Bound<'py, PyAny>> {
    let from = match &change.from {
        Before::Value(known) => optional(py, known.as_ref())?,
        Before::Members(members) => frozen(
            py,
            members.iter().map(|(name, known)| Ok((name, optional(py, known.as_ref())?))),
        )?,
        _ => return Err(not_known(py)),
    };
    let to = match &change.to {
        To::Value(known) => value(py, known)?,
        To::OneOf(known) => class(py, "OneOf")?.call1((values(py, known)?,))?,
        To::Range { min, max } => {
            let ends = (optional(py, min.as_ref())?, optional(py, max.as_ref())?);
            class(py, "Range")?.call1(ends)?
        }
        To::Members(known) => members(py, known)?,
        To::OneOfMembers(objects) => {
            let objects: PyResult<Vec<_>> =
                objects.iter().map(|known| members(py, known)).collect();
            class(py, "OneOf")?.call1((PyTuple::new(py, objects?)?,))?
        }
        To::Removed => class(py, "Removed")?.getattr(intern!(py, "REMOVED"))?,
        _ => return Err(not_known(py)),
    };
    class(py, "Change")?.call1((&*change.path, from, to, word(py, change.by)?, change.how))
}

fn members<'py>(py: Python<'py>, known: &[(Arc<str>, Vec<Value>)]) -> PyResult<Bound<'py, PyAny>> {
    let members = known.iter().map(|(name, known)| {
        Ok((
            name,
            match &known[..] {
                [] => py.None().into_bound(py),
                [only] => value(py, only)?,
                several => class(py, "OneOf")?.call1((values(py, several)?,))?,
            },
        ))
    });
    class(py, "Members")?.call1((frozen(py, members)?,))
}

fn optional<'py>(py: Python<'py>, known: Option<&Value>) -> PyResult<Bound<'py, PyAny>> {
    known.map_or_else(|| Ok(py.None().into_bound(py)), |known| value(py, known))
}

fn values<'py>(py: Python<'py>, known: &[Value]) -> PyResult<Bound<'py, PyTuple>> {
    let known: PyResult<Vec<_>> = known.iter().map(|known| value(py, known)).collect();
    PyTuple::new(py, known?)
}

/// A mapping that cannot be changed.
fn frozen<'py, 'n>(
    py: Python<'py>,
    members: impl Iterator<Item = PyResult<(&'n Arc<str>, Bound<'py, PyAny>)>>,
) -> PyResult<Bound<'py, PyAny>> {
    let known = PyDict::new(py);
    for member in members {
        let (name, member) = member?;
        known.set_item(&**name, member)?;
    }
    py.import(intern!(py, "types"))?.getattr(intern!(py, "MappingProxyType"))?.call1((known,))
}
