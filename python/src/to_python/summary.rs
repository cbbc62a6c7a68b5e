//! `Summary`: what was found of a whole audience.

use std::sync::Arc;

use cleartosend::screen;
use cleartosend::screen::{Basis, VerdictCounts};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::batch::Batch;
use super::explanation::change;
use super::finding::waiver;
use super::{datetime, html, loads, tables, word};
use crate::error;
use crate::evidence;
use crate::from_python::{self, language};
use crate::pack::pickling;

/// What was found of a whole audience. Printed, it is a page for people; two are equal if all they
/// say is.
#[pyclass(frozen, eq, module = "cleartosend")]
#[derive(PartialEq)]
pub(crate) struct Summary(pub(crate) Arc<screen::Summary>);

#[pymethods]
impl Summary {
    /// Rows judged.
    #[getter]
    fn rows(&self) -> u64 {
        self.0.rows
    }

    /// Recipients that the campaign gives, `campaign.audience_size`; `None` where that is
    /// not given, and of replies. Where more rows are not denied, `worst` is at least `REVIEW`.
    #[getter]
    fn audience_size(&self) -> Option<i64> {
        self.0.audience_size
    }

    /// Recipients that the campaign itself says to be without an open customer-service window,
    /// `campaign.audience_outside_window`; `None` where that is not given, and of replies. Where
    /// `rows_outside_window` is more, `worst` is at least `REVIEW`.
    #[getter]
    fn audience_outside_window(&self) -> Option<i64> {
        self.0.audience_outside_window
    }

    /// Rows that are not denied and are known to have no open window; `None` where the campaign
    /// does not say how many there are.
    #[getter]
    fn rows_outside_window(&self) -> Option<u64> {
        self.0.rows_outside_window
    }

    /// Rows by verdict: a tuple of `allow`, `review` and `deny`.
    #[getter]
    fn verdicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        verdicts(py, self.0.verdicts)
    }

    /// The worst verdict of any row; `ALLOW` where there is no row. The verdict on the campaign by
    /// itself is that of a check.
    #[getter]
    fn worst<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        word(py, self.0.worst())
    }

    /// Rules that some row has a finding of, and how many rows do: deny before review, violated
    /// before undetermined, then by pack and rule.
    ///
    /// Raises `ScreenError` (`python/verdict-only`) where verdicts were all that was asked: nothing
    /// of that was counted. So do `missing`, `countries`, `bad_rows` and `bad_values`.
    #[getter]
    fn rules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = class(py, "RuleCount")?;
        let items = counted(py, &self.0.rules)?.iter().map(|rule| {
            class.call1((
                rule.pack.as_deref(),
                &*rule.rule,
                word(py, rule.status)?,
                word(py, rule.verdict)?,
                rule.rows,
                rule.alone,
                rule.waiver.as_ref().map(|made| waiver(py, made)).transpose()?,
            ))
        });
        PyTuple::new(py, items.collect::<PyResult<Vec<_>>>()?)
    }

    /// Members that some row misses, by path.
    #[getter]
    fn missing<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = class(py, "MissingCount")?;
        let items = counted(py, &self.0.missing)?
            .iter()
            .map(|member| class.call1((&*member.path, member.rows)));
        PyTuple::new(py, items.collect::<PyResult<Vec<_>>>()?)
    }

    /// Where recipients are, the most frequent country first; empty where no column gives one.
    #[getter]
    fn countries<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = class(py, "CountryCount")?;
        let items = counted(py, &self.0.countries)?.iter().map(|country| {
            class.call1((country.country, country.rows, verdicts(py, country.verdicts)?))
        });
        PyTuple::new(py, items.collect::<PyResult<Vec<_>>>()?)
    }

    /// Rows with a value that could not be read.
    #[getter]
    fn bad_rows(&self, py: Python<'_>) -> PyResult<u64> {
        counted(py, &self.0.bad_rows).copied()
    }

    /// The first hundred of these values, in row order.
    #[getter]
    fn bad_values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = class(py, "BadValue")?;
        let items = counted(py, &self.0.bad_values)?
            .iter()
            .map(|bad| class.call1((bad.row, &*bad.column, &*bad.attribute, &*bad.reason)));
        PyTuple::new(py, items.collect::<PyResult<Vec<_>>>()?)
    }

    /// What would help most; `None` where `screen(help=…)` did not ask for it.
    #[getter]
    fn help<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(help) = &self.0.help else { return Ok(None) };
        let of_change = class(py, "HelpOfChange")?;
        let changes = help
            .changes
            .iter()
            .map(|known| of_change.call1((change(py, &known.change)?, known.more)));
        let changes = PyTuple::new(py, changes.collect::<PyResult<Vec<_>>>()?)?;
        let of_hour = class(py, "HelpOfHour")?;
        let hours =
            help.hours.iter().map(|hour| of_hour.call1((datetime(py, hour.at)?, hour.more)));
        let hours = PyTuple::new(py, hours.collect::<PyResult<Vec<_>>>()?)?;
        class(py, "Help")?.call1((changes, hours)).map(Some)
    }

    /// What it rests on: the digests of campaign, packs, waivers, directory and bundled data, and
    /// the version of the engine. Summaries of one basis can be merged.
    #[getter]
    fn basis<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let Basis { campaign, packs, waivers, directory, bundled, engine, .. } = &*self.0.basis;
        let pack = class(py, "BasisPack")?;
        let packs = packs.iter().map(|one| pack.call1((&*one.name, &*one.version, &*one.digest)));
        let packs = PyTuple::new(py, packs.collect::<PyResult<Vec<_>>>()?)?;
        let items = (&**campaign, packs, &**waivers, &**directory, &**bundled, &**engine);
        class(py, "Basis")?.call1(items)
    }

    /// One summary of several, as if their audiences had been one: in the order of their rows, by
    /// which rows with bad values are numbered.
    ///
    /// Raises `ScreenError` where they are of different campaigns, packs, waivers, directories or
    /// engines (`screen/other-basis`), and where there is none (`python/no-summary`).
    #[staticmethod]
    fn merge(py: Python<'_>, summaries: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut merged: Option<screen::Summary> = None;
        for summary in summaries.try_iter()? {
            let summary = summary?.cast_into::<Self>()?;
            let summary = &*summary.get().0;
            match &mut merged {
                None => merged = Some(summary.clone()),
                Some(merged) => {
                    merged.merge(summary).map_err(|problem| error::of_screening(py, &problem))?;
                }
            }
        }
        merged.map(|merged| Self(Arc::new(merged))).ok_or_else(|| error::no_summary(py))
    }

    /// Reads a summary from what `to_json` wrote, as text or bytes.
    ///
    /// Raises `ScreenError` for anything else.
    #[staticmethod]
    fn from_json(py: Python<'_>, document: &Bound<'_, PyAny>) -> PyResult<Self> {
        let read = screen::Summary::from_json(from_python::json(document)?.as_bytes());
        read.map(|read| Self(Arc::new(read))).map_err(|problem| error::of_screening(py, &problem))
    }

    /// By its JSON.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((pickling(py, "summary")?, (self.0.to_json(),)))
    }

    /// The summary as one line of JSON, as `cts screen --json` prints it.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// The same as the standard library reads it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &self.0.to_json())
    }

    /// Whether only verdicts were counted, as `screen(verdict_only=True)` asks.
    #[getter]
    fn is_verdict_only(&self) -> bool {
        self.0.rules.is_none()
    }

    /// Raises: compare `worst`, or ask how many rows have which verdict.
    fn __bool__(&self) -> PyResult<bool> {
        Err(PyTypeError::new_err(
            "a summary is neither true nor false: compare `summary.worst`, or ask \
             `summary.verdicts`",
        ))
    }

    fn __repr__(&self) -> String {
        let VerdictCounts { allow, review, deny } = self.0.verdicts;
        format!("<Summary of {} rows: {allow} allow, {review} review, {deny} deny>", self.0.rows)
    }

    /// The summary for people, as `str` gives it, in a language: `en`, `es` or `pt`.
    #[pyo3(signature = (lang="en"))]
    fn text(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        Ok(self.0.text(language(py, lang)?))
    }

    /// The summary as tables, a part of a page, in a language: `en`, `es` or `pt`.
    #[pyo3(signature = (lang="en"))]
    fn html(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        Ok(html::summary(&self.0, language(py, lang)?))
    }

    /// The summary as a page for people, one file of HTML that asks for nothing else, as `cts
    /// report` writes it, in a language: `en`, `es` or `pt`.
    #[pyo3(signature = (*, lang="en"))]
    fn to_html(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        evidence::html(py, "summary", &self.0.to_json(), lang)
    }

    /// One of its lists as a table of pyarrow, which has to be installed: `rules`, `verdicts`,
    /// `missing`, `countries`, `bad_values`, `changes` or `hours`, the last two of `help`.
    #[pyo3(signature = (table="rules"))]
    fn to_arrow<'py>(&self, py: Python<'py>, table: &str) -> PyResult<Bound<'py, PyAny>> {
        let batch =
            py.import("pyarrow")?.call_method1("record_batch", (self.batch(py, table)?,))?;
        py.import("pyarrow")?.getattr("Table")?.call_method1("from_batches", (vec![batch],))
    }

    /// One of its lists as a frame of polars, which has to be installed. `table` is as for
    /// `to_arrow`.
    #[pyo3(signature = (table="rules"))]
    fn to_polars<'py>(&self, py: Python<'py>, table: &str) -> PyResult<Bound<'py, PyAny>> {
        py.import("polars")?.call_method1("DataFrame", (self.batch(py, table)?,))
    }

    /// One of its lists as a frame of pandas, which has to be installed, and pyarrow. `table` is as
    /// for `to_arrow`.
    #[pyo3(signature = (table="rules"))]
    fn to_pandas<'py>(&self, py: Python<'py>, table: &str) -> PyResult<Bound<'py, PyAny>> {
        py.import("pandas")?;
        self.to_arrow(py, table)?.call_method0("to_pandas")
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    /// The summary as on the page of `to_html`, for notebooks.
    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let document = self.0.to_json();
        evidence::fragment(py, |report| report.add("summary", document.as_bytes()))
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }
}

impl Summary {
    /// A table of one of its lists.
    fn batch(&self, py: Python<'_>, table: &str) -> PyResult<Batch> {
        let is_counted = ["verdicts", "changes", "hours"].contains(&table);
        if self.0.rules.is_none() && tables::TABLES.contains(&table) && !is_counted {
            return Err(error::verdict_only(py));
        }
        let made = tables::of(&self.0, table).ok_or_else(|| error::unknown_table(py, table))?;
        made.map(Batch).map_err(|problem| error::of_arrow(py, &problem))
    }
}

/// What was counted.
fn counted<'s, T>(py: Python<'_>, of: &'s Option<T>) -> PyResult<&'s T> {
    of.as_ref().ok_or_else(|| error::verdict_only(py))
}

fn verdicts<'py>(
    py: Python<'py>,
    VerdictCounts { allow, review, deny }: VerdictCounts,
) -> PyResult<Bound<'py, PyAny>> {
    class(py, "VerdictCounts")?.call1((allow, review, deny))
}

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("cleartosend.screening")?.getattr(name)
}
