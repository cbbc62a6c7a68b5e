//! `Record`: a decision with all that it rests on, and `Mask`, which hides who it is about.
//!
//! Keeping, verifying and judging again are those of the command: the same documents, one line
//! each.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use cleartosend::{Lang, Timestamp, Verdict};
use cleartosend_audience::Source;
use cleartosend_evidence::{
    Chain, KEY_FILE_BYTES_MAX, Lines, Page, RecordError, Replayed, Report, RowChange, RuleChange,
    append, verify,
};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyString, PyTuple};

use crate::error;
use crate::from_python::{self, language};
use crate::pack::pickling;
use crate::to_python::{datetime, loads, word};

/// What is read at once of a log.
const BUFFER: usize = 1 << 20;

/// A decision with all that it rests on, as one document: the facts after merging, the decision,
/// the explanation if it was asked for, and the digests of packs, directory and bundled data. Two
/// are equal if their documents are.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Record(pub(crate) cleartosend_evidence::Record);

#[pymethods]
impl Record {
    /// Reads a record from its JSON, as text or bytes: that it is one, and not what it says, which
    /// `verify` checks.
    ///
    /// Raises `RecordError` for anything else.
    #[staticmethod]
    fn from_json(py: Python<'_>, document: &Bound<'_, PyAny>) -> PyResult<Self> {
        let document = from_python::json(document)?;
        let bytes = document.as_bytes();
        let read = py.detach(|| cleartosend_evidence::Record::read(bytes));
        read.map(Self).map_err(|problem| error::of_record(py, &problem))
    }

    /// The record as one line of JSON, as `cts check --record` writes it.
    fn to_json(&self) -> &str {
        self.0.to_json()
    }

    /// The same as the standard library reads it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, self.0.to_json())
    }

    /// The digest that the record gives itself: `sha256:` and 64 hexadecimal digits.
    #[getter]
    fn digest(&self) -> &str {
        self.0.digest()
    }

    /// The verdict of its decision. Raises `RecordError` where that is none.
    #[getter]
    fn verdict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let known = Verdict::ALL.iter().find(|known| known.name() == self.0.verdict());
        let known = known.ok_or_else(|| error::record_member(py, "decision.verdict", "a verdict"));
        word(py, *known?)
    }

    /// The instant that its decision is about, in UTC, to the microsecond. Raises `RecordError`
    /// where that is none.
    #[getter]
    fn send_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        let at = Timestamp::parse(self.0.send_at());
        let at = at.map_err(|_| error::record_member(py, "decision.send_at", "a timestamp"));
        datetime(py, at?)
    }

    /// Whether it is about the screening of an audience.
    #[getter]
    fn is_screening(&self) -> bool {
        self.0.is_screening()
    }

    /// The name of the key that its recipient is hidden by; `None` where nothing is hidden.
    #[getter]
    fn mask_key(&self) -> Option<&str> {
        self.0.mask_key()
    }

    /// What it contradicts itself in, such as a digest that does not fit; nothing of a record that
    /// is as it was made. Whoever changes a record can recompute its digests: only a seal
    /// (`cts records seal`) or a digest that was kept elsewhere shows that.
    fn verify<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let found = py.detach(|| verify(&self.0));
        contradictions(py, &found)
    }

    /// Appends it to a log, a file of a record a line that is made where there is none, and comes
    /// back when it is stored. Processes and threads that append to one log wait for each other.
    ///
    /// Gives the bytes of a line without an end that were taken away: a record that a crash cut
    /// off; mostly 0. Raises `OSError` where it could not be stored, or where the file is no log.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "what Python hands over is made for the call"
    )]
    #[pyo3(signature = (log))]
    fn append(&self, py: Python<'_>, log: PathBuf) -> PyResult<u64> {
        let appended = py.detach(|| append(&log, self.0.to_json()));
        appended.map(|done| done.cut).map_err(|problem| error::os_error(&log, &problem))
    }

    /// Whether its recipient has that number in E.164, or that user id: by itself, or where the
    /// record is masked, by the keyed hash of it.
    #[pyo3(signature = (name, *, mask=None))]
    fn is_about(&self, name: &str, mask: Option<&Bound<'_, Mask>>) -> bool {
        self.0.is_about(name, mask.map(|mask| &mask.get().0))
    }

    /// The record as a page for people, one file of HTML that asks for nothing else, in a language:
    /// `en`, `es` or `pt`. What rules say stands as the record has it.
    #[pyo3(signature = (*, lang="en"))]
    fn to_html(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        html(py, "record", self.0.to_json(), lang)
    }

    /// By its JSON.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((pickling(py, "record")?, (self.0.to_json().to_owned(),)))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    fn __hash__<'py>(&self, py: Python<'py>) -> PyResult<isize> {
        PyString::new(py, self.0.to_json()).hash()
    }

    fn __repr__(&self) -> String {
        let what = if self.0.is_screening() { "Record of a screening," } else { "Record" };
        let text = format!("<{what} {} at {}>", self.0.verdict(), self.0.send_at());
        cleartosend::expert::text::escaped(&text).into_owned()
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }
}

/// A key that hides who recipients are: in records, keyed hashes stand in place of their numbers
/// and user ids. It shows nothing of itself but its name.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Mask(pub(crate) cleartosend_evidence::Mask);

#[pymethods]
impl Mask {
    /// A mask by the bytes of a key, wherever these are kept: 16 at least.
    ///
    /// Raises `RecordError` for a key of fewer bytes, which can be guessed.
    #[new]
    fn new(py: Python<'_>, key: &[u8]) -> PyResult<Self> {
        let mask = cleartosend_evidence::Mask::new(key);
        mask.map(Self).map_err(|problem| error::of_record(py, &problem))
    }

    /// Reads a key file, as `cts key mask` makes it.
    ///
    /// Raises `RecordError` for any other file, and `OSError` for what cannot be read.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "what Python hands over is made for the call"
    )]
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let file = cleartosend_files::read(&path, KEY_FILE_BYTES_MAX);
        let file = file.map_err(|problem| error::of_file(&problem))?;
        let mask = cleartosend_evidence::Mask::read(&file);
        mask.map(Self).map_err(|problem| error::of_record(py, &problem))
    }

    /// What distinguishes this key from others, and nothing more about it; masked records have it.
    #[getter]
    fn name(&self) -> String {
        self.0.name()
    }

    fn __repr__(&self) -> String {
        format!("<Mask {}>", self.0.name())
    }

    /// Raises: a key goes nowhere by itself.
    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a mask cannot be pickled, since its key would be: read the key where it is needed",
        ))
    }
}

/// The records of a log, one line after the other.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Log {
    lines: Mutex<Lines<Box<dyn BufRead + Send>>>,
    path: PathBuf,
}

#[pymethods]
impl Log {
    /// Opens a log: a file of a record a line, as `Record.append` and `cts check --record` write
    /// it.
    ///
    /// Raises `OSError` for what cannot be read.
    #[new]
    fn new(path: PathBuf) -> PyResult<Self> {
        let opened = Source::open(&path).map_err(|problem| error::os_error(&path, &problem))?;
        let lines: Box<dyn BufRead + Send> = match opened {
            Source::File(file) => Box::new(BufReader::with_capacity(BUFFER, file)),
            Source::Pipe(pipe) => Box::new(BufReader::with_capacity(BUFFER, pipe)),
        };
        Ok(Self { lines: Mutex::new(Lines::new(lines)), path })
    }

    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    /// A `LogLine` of `cleartosend.evidence`: a record with its line, or what that line has instead
    /// of one. Seals are passed over.
    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        py.check_signals()?;
        let found = py.detach(|| {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            loop {
                let Some(line) = lines.next().transpose()? else { return Ok(None) };
                let read = match line.bytes {
                    Ok(bytes) if !Chain::is_record(&bytes) => continue,
                    Ok(bytes) => cleartosend_evidence::Record::read(&bytes),
                    Err(problem) => Err(problem),
                };
                return Ok(Some((line.number, read)));
            }
        });
        let found = found.map_err(|problem| error::os_error(&self.path, &problem))?;
        let Some((line, read)) = found else { return Ok(None) };
        let (record, problem) = match read {
            Ok(record) => (Bound::new(py, Record(record))?.into_any(), py.None().into_bound(py)),
            Err(problem) => (
                py.None().into_bound(py),
                error::of_record(py, &problem).into_value(py).into_bound(py).into_any(),
            ),
        };
        class(py, "LogLine")?.call1((line, record, problem)).map(Some)
    }
}

/// One page of any number of documents: see `cleartosend.evidence.report`.
#[expect(clippy::needless_pass_by_value, reason = "what Python hands over is made for the call")]
#[pyfunction]
pub(crate) fn report(
    py: Python<'_>,
    documents: Vec<(String, String)>,
    lang: &str,
    form: &str,
    mask: Option<&Bound<'_, Mask>>,
) -> PyResult<String> {
    let lang = language(py, lang)?;
    let form = match form {
        "html" => Page::Html,
        "md" => Page::Markdown,
        other => return Err(error::unknown_form(py, other)),
    };
    let mask = mask.map(|mask| mask.get().0.clone());
    let page = py.detach(|| {
        let mut report = Report::new();
        if let Some(mask) = mask {
            report = report.mask(mask);
        }
        for (name, document) in &documents {
            report.add(name, document.as_bytes())?;
        }
        report.page(form, lang)
    });
    page.map_err(|problem| error::of_record(py, &problem))
}

/// The page of a report.
pub(crate) fn page_of(
    py: Python<'_>,
    lang: &str,
    add: impl FnOnce(&mut Report, Lang) -> Result<(), RecordError>,
) -> PyResult<String> {
    let lang = language(py, lang)?;
    let mut report = Report::new();
    let page = add(&mut report, lang).and_then(|()| report.page(Page::Html, lang));
    page.map_err(|problem| error::of_record(py, &problem))
}

/// A part of that page, for notebooks.
pub(crate) fn fragment(
    py: Python<'_>,
    add: impl FnOnce(&mut Report) -> Result<(), RecordError>,
) -> PyResult<String> {
    let mut report = Report::new();
    let part = add(&mut report).and_then(|()| report.fragment(Lang::English));
    part.map_err(|problem| error::of_record(py, &problem))
}

/// The page of one document.
pub(crate) fn html(py: Python<'_>, name: &str, document: &str, lang: &str) -> PyResult<String> {
    page_of(py, lang, |report, _| report.add(name, document.as_bytes()))
}

/// What came of judging a record again, as `cleartosend.evidence.Replayed`; `reason` is why rows
/// were not.
pub(crate) fn replayed<'py>(
    py: Python<'py>,
    found: &Replayed,
    reason: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let none: &[String] = &[];
    let verdict = |name: &str| match Verdict::ALL.iter().find(|known| known.name() == name) {
        Some(known) => word(py, *known),
        // Of a record that says something else.
        None => Ok(PyString::new(py, name).into_any()),
    };
    let nothing = || py.None().into_bound(py);
    let (mut engine, mut inputs, mut texts) = (None, none, none);
    let (mut from, mut to) = (nothing(), nothing());
    let (mut rules, mut rows) = (PyTuple::empty(py), PyTuple::empty(py));
    let mut differences = PyTuple::empty(py);
    let what = match found {
        Replayed::SameBytes => "same_bytes",
        Replayed::SameOfOtherEngine { engine: other } => {
            engine = Some(&**other);
            "same_of_other_engine"
        }
        Replayed::CampaignAlone => "not_judged_again",
        Replayed::SameRows => "same_rows",
        Replayed::Contradicts { differences: found } => {
            differences = contradictions(py, found)?;
            "differs"
        }
        Replayed::SameVerdict { inputs: other, texts: said } => {
            (inputs, texts) = (other, said);
            "same_verdict"
        }
        Replayed::Changed {
            inputs: other,
            from: before,
            to: after,
            rules: changed,
            rows: counted,
        } => {
            inputs = other;
            (from, to) = (verdict(before)?, verdict(after)?);
            let of_rule = class(py, "RuleChange")?;
            let changed =
                changed.iter().map(|RuleChange { rule, from, to }| of_rule.call1((rule, from, to)));
            rules = PyTuple::new(py, changed.collect::<PyResult<Vec<_>>>()?)?;
            let of_rows = class(py, "RowChange")?;
            let counted =
                counted.iter().map(|RowChange { what, from, to }| of_rows.call1((what, from, to)));
            rows = PyTuple::new(py, counted.collect::<PyResult<Vec<_>>>()?)?;
            "changed"
        }
    };
    let what = class(py, "Outcome")?.call1((what,))?;
    let (inputs, texts) = (PyTuple::new(py, inputs)?, PyTuple::new(py, texts)?);
    let items = (what, engine, inputs, texts, from, to, rules, rows, differences, reason);
    class(py, "Replayed")?.call1(items)
}

fn contradictions<'py>(
    py: Python<'py>,
    found: &[cleartosend_evidence::Difference],
) -> PyResult<Bound<'py, PyTuple>> {
    let class = class(py, "Contradiction")?;
    let found = found.iter().map(|of| class.call1((&*of.member, &*of.found, &*of.expected)));
    PyTuple::new(py, found.collect::<PyResult<Vec<_>>>()?)
}

/// A class of `cleartosend.evidence`.
fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "cleartosend.evidence"))?.getattr(name)
}
