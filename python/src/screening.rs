//! `Screening`: a campaign judged against a whole audience, batch by batch, as rows are asked for.
//!
//! The rows can be taken once: by iterating, as an Arrow stream, or into a file. The summary is
//! always of all rows: what was not judged yet is judged when it is asked for, and kept for whoever
//! takes the rows.
//!
//! Nobody holds the interpreter's lock while rows are judged, whoever asks: Python code, or a
//! consumer of the stream on a thread of its own.

use std::collections::VecDeque;
use std::fmt;
use std::io::BufWriter;
use std::mem;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use cleartosend::expert::limits::SCREEN_HOURS_MAX;
use cleartosend::screen::Texts;
use cleartosend::{Engine, Facts, ScreenOptions, Screener, Timestamp, Verdict, screen};
use cleartosend_audience::limits::BATCH_ROWS;
use cleartosend_audience::{
    Ahead, Audience, AudienceError, Beside, Format, Named, Separator, Source, Writer,
    quiet_decoders, read, refuse_same_file,
};
use cleartosend_evidence::{Column, FileDigest, RecordOptions, Recording as _, Screened};
use cleartosend_screening::{Columns, LeftOut, ReadAs, WrittenAs, read_options};
use pyo3::exceptions::{PyKeyboardInterrupt, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyTuple};

use crate::arrow::{self, Reader};
use crate::error;
use crate::evidence::{self, Mask, Record};
use crate::from_python::{Given, Hours, Pieces, Shaped};
use crate::to_python::batch::Batch;
use crate::to_python::summary::Summary;

/// Bytes written at once.
const BUFFER: usize = 1 << 18;

/// How an audience is screened.
#[derive(Clone, PartialEq)]
pub(crate) struct Options {
    pub(crate) keep: Vec<String>,
    pub(crate) ignore: Vec<String>,
    pub(crate) names: Vec<(String, String)>,
    /// Of columns of timestamps without one.
    pub(crate) time_zone: Option<String>,
    pub(crate) rank: bool,
    pub(crate) by_status: bool,
    pub(crate) verdict_only: bool,
    /// 0 is one a processor.
    pub(crate) threads: i64,
    /// Hours for which the effect of sending then is counted, besides changes; none unless asked
    /// for.
    pub(crate) help: Option<Hours>,
    pub(crate) fix_column: bool,
    /// Whether a record can be made of it.
    pub(crate) record: bool,
    /// Whether an account says more of recipients than the audience does.
    pub(crate) by_account: bool,
}

/// A campaign judged against an audience, whose rows can be taken once.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Screening {
    work: Arc<Work>,
    /// Its columns, as files and the batches of `work` have them.
    plain: SchemaRef,
    /// As data frames read them.
    schema: SchemaRef,
    /// The file of the audience, if it is one.
    file: Option<PathBuf>,
    taken: Mutex<Option<Taken>>,
    recorded: Option<Recorded>,
}

/// The file of a result, and how it was written.
#[derive(Clone)]
struct Output {
    file: FileDigest,
    written: Option<serde_json::Value>,
}

/// What a record of a screening holds beside its summary.
struct Recorded {
    engine: Engine,
    campaign: Facts,
    audience: FileDigest,
    columns: Vec<Column>,
    /// How the file was read; none where an account said more.
    read: Option<serde_json::Value>,
    /// Once rows were written.
    output: Mutex<Option<Output>>,
}

/// How rows were taken.
#[derive(Clone, Copy)]
enum Taken {
    Iterated,
    Streamed,
    Written,
}

/// The screening that was planned last, for the next of the same campaign, options and columns: of
/// many small tables each costs what its rows cost.
#[derive(Default)]
pub(crate) struct Planned(Mutex<Option<(Asked, Screener)>>);

/// What a plan rests on beside the engine: the campaign as it was written, the instant given beside
/// it, how it is screened, and the columns.
#[derive(PartialEq)]
struct Asked {
    campaign: String,
    at: Option<Timestamp>,
    options: Options,
    columns: SchemaRef,
}

impl Planned {
    fn get(&self, asked: &Asked) -> Option<Screener> {
        locked(&self.0).as_ref().filter(|(known, _)| known == asked).map(|(_, made)| made.clone())
    }

    fn keep(&self, asked: Asked, made: &Screener) {
        *locked(&self.0) = Some((asked, made.clone()));
    }
}

/// A campaign's facts, and its text and the instant given beside it where nothing else is in them.
pub(crate) struct Campaign<'c> {
    pub(crate) facts: &'c Facts,
    pub(crate) written: Option<(String, Option<Timestamp>)>,
}

/// Begins to screen an audience. Nothing is judged yet.
pub(crate) fn begin(
    py: Python<'_>,
    (engine, planned): (&Engine, &Planned),
    Campaign { facts: campaign, written }: Campaign<'_>,
    audience: Given,
    options: &Options,
) -> PyResult<Screening> {
    let threads = threads(py, options.threads)?;
    let mut screen = ScreenOptions::new().threads(threads);
    if let Some(Hours(hours)) = options.help {
        let hours = u32::try_from(hours).ok().filter(|hours| *hours <= SCREEN_HOURS_MAX);
        screen = screen.help(hours.ok_or_else(|| error::bad_help(py))?);
    }
    if options.fix_column {
        screen = screen.fix_column();
    }
    for column in &options.keep {
        screen = screen.keep(column);
    }
    for column in &options.ignore {
        screen = screen.ignore(column);
    }
    for (column, attribute) in &options.names {
        screen = screen.name(column, attribute);
    }
    if let Some(zone) = &options.time_zone {
        screen = screen.time_zone(zone);
    }
    if options.rank {
        screen = screen.with_rank();
    }
    if options.by_status {
        screen = screen.rules_by_status();
    }
    if options.verdict_only {
        screen = screen.verdict_only();
        if options.record {
            return Err(error::record_of_verdicts(py));
        }
    }
    let digest = match (&audience, options.record) {
        (_, false) => None,
        (Given::Batches(_), true) => return Err(error::no_audience_file(py)),
        (Given::File(file), true) => Some(digest_of(py, file)?),
    };
    let (batches, file) = match audience {
        Given::Batches(batches) => {
            let Options { keep, ignore, names, .. } = options;
            (Shaped::of(batches, engine.schema(), keep, ignore, names), None)
        }
        Given::File(file) => {
            let format = Format::of(&file).ok_or_else(|| error::unknown_format(py, &file))?;
            screen =
                screen.texts(if format.has_types() { Texts::OfTexts } else { Texts::OfAnything });
            let columns =
                Columns { keep: &options.keep, ignore: &options.ignore, names: &options.names };
            let read_options = read_options(engine.schema(), &columns, LeftOut::IsRefused)
                .separator(Separator::of(&file));
            quiet_decoders();
            let opened = py
                .detach(|| Source::open(&file))
                .map_err(|problem| error::os_error(&file, &problem))?;
            let audience = py.detach(|| read(opened, format, &read_options));
            let audience = audience.map_err(|problem| error::of_audience(py, &file, &problem))?;
            let audience = FromFile { audience, file: file.clone() };
            if threads == NonZeroUsize::MIN {
                (Box::new(audience) as Reader, Some(file))
            } else {
                (
                    Box::new(
                        Ahead::new(audience).map_err(|problem| error::os_error(&file, &problem))?,
                    ) as Reader,
                    Some(file),
                )
            }
        }
    };
    let batches: Reader = Box::new(Pieces::new(batches, BATCH_ROWS));
    let columns = batches.schema();
    let recorded = digest.map(|audience| {
        let column =
            |of: &Arc<Field>| Column { name: of.name().clone(), ty: of.data_type().to_string() };
        let Options { keep, ignore, names, time_zone, .. } = options;
        let said = Columns { keep, ignore, names };
        let file = file.as_deref().filter(|_| !options.by_account);
        Recorded {
            read: file.and_then(|file| ReadAs::named(file, &said, time_zone.as_deref())?.to_json()),
            engine: engine.clone(),
            campaign: campaign.clone(),
            audience,
            columns: columns.fields().iter().map(column).collect(),
            output: Mutex::new(None),
        }
    });
    for name in
        columns.fields().iter().map(|field| field.name()).filter(|name| is_index_of_pandas(name))
    {
        if !options.keep.contains(name) && !options.names.iter().any(|(column, _)| column == name) {
            screen = screen.ignore(name);
        }
    }
    let asked = written.filter(|_| file.is_none()).map(|(campaign, at)| {
        let (options, columns) = (options.clone(), Arc::clone(&columns));
        Asked { campaign, at, options, columns }
    });
    let screening = py.detach(|| {
        let Some(asked) = asked else { return engine.screen(campaign, batches, &screen) };
        let screener = match planned.get(&asked) {
            Some(screener) => screener,
            None => {
                let made = engine.screener(campaign, Arc::clone(&asked.columns), &screen)?;
                planned.keep(asked, &made);
                made
            }
        };
        screener.screen(batches)
    });
    let screening = screening.map_err(|problem| error::of_screening(py, &problem))?;
    // What the rows rest on goes with them.
    let basis = serde_json::to_string(&*screening.summary().basis).unwrap_or_default();
    let plain = screening.schema();
    let schema = frame_schema(&plain, basis);
    let has_threads = threads > NonZeroUsize::MIN;
    let work = Arc::new(Work::new(screening, has_threads));
    Ok(Screening { work, plain, schema, file, taken: Mutex::new(None), recorded })
}

/// What is in a file.
fn digest_of(py: Python<'_>, file: &Path) -> PyResult<FileDigest> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let opened = Source::open(file).map_err(|problem| error::os_error(file, &problem))?;
    let digest = py.detach(|| match opened {
        Source::File(file) => FileDigest::read(&name, file),
        Source::Pipe(pipe) => FileDigest::read(&name, pipe),
    });
    digest.map_err(|problem| error::os_error(file, &problem))
}

/// Where Arrow's metadata of a result say what it rests on, in JSON: digests of the campaign, the
/// packs and the directory.
const BASIS: &str = "cleartosend:basis";

/// Where polars looks for the entries of an enumeration, each after its length. It reads other
/// dictionaries as categories, which it orders by the alphabet.
const ENUMERATION: &str = "_PL_ENUM_VALUES2";

/// The columns of a result as data frames read them.
fn frame_schema(plain: &SchemaRef, basis: String) -> SchemaRef {
    let entry = |verdict: &Verdict| format!("{};{}", verdict.name().len(), verdict.name());
    let entries: String = Verdict::ALL.iter().map(entry).collect();
    let fields = plain.fields().iter().map(|field| {
        if field.dict_is_ordered() != Some(true) || field.name() != "verdict" {
            return Arc::clone(field);
        }
        let mut metadata = field.metadata().clone();
        metadata.insert(ENUMERATION.to_owned(), entries.clone());
        Arc::new(Field::clone(field).with_metadata(metadata))
    });
    let mut metadata = plain.metadata().clone();
    metadata.insert(BASIS.to_owned(), basis);
    Arc::new(Schema::new(fields.collect::<Vec<_>>()).with_metadata(metadata))
}

fn threads(py: Python<'_>, asked: i64) -> PyResult<NonZeroUsize> {
    let asked = usize::try_from(asked).map_err(|_| error::bad_threads(py))?;
    let all = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Ok(NonZeroUsize::new(asked).unwrap_or_else(all))
}

/// pandas writes the labels of rows into a column of this name, where they are not just numbered.
/// No attribute is called like that.
fn is_index_of_pandas(name: &str) -> bool {
    name.strip_prefix("__index_level_").is_some_and(|rest| rest.ends_with("__"))
}

#[pymethods]
impl Screening {
    /// What was found of the whole audience.
    ///
    /// Rows that were not judged yet are judged now, and kept for whoever takes them: some twenty
    /// bytes a row, and the columns kept. Where that is too much, take the rows first, or write
    /// them to a file.
    #[getter]
    fn summary(&self, py: Python<'_>) -> PyResult<Summary> {
        loop {
            let found = py.detach(|| self.work.advance());
            match found.map_err(|refused| refused.raise(py))? {
                Advance::Done(summary) => return Ok(Summary(summary)),
                Advance::Failed(problem) => return Err(raise(py, &problem)),
                Advance::Judged => py.check_signals()?,
            }
        }
    }

    /// How many rows were judged so far.
    #[getter]
    fn rows(&self) -> u64 {
        self.work.rows.load(Ordering::Relaxed)
    }

    /// The names of the columns of the result: those kept, then `verdict`, `rules` and `missing`,
    /// and `fix` if it was asked for; of verdicts alone no `rules` and `missing`.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Writes the rows to a file, in the format that its name shows: `.parquet`, `.csv`, `.tsv`,
    /// `.ndjson`, `.jsonl`, `.arrow`, `.ipc`, `.feather`, `.arrows`. Gives the summary.
    ///
    /// The file appears when it is complete; an error leaves what was there before. Raises
    /// `ScreenError` if the rows were taken before, or if it is the file of the audience.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "what Python hands over is made for the call"
    )]
    #[pyo3(signature = (path))]
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<Summary> {
        let format = Format::of(&path).ok_or_else(|| error::unknown_format(py, &path))?;
        let inputs: Vec<Named<'_>> =
            self.file.iter().map(|file| ("the audience", file.as_path())).collect();
        refuse_same_file(&[("the file to write", &path)], &inputs)
            .map_err(|problem| error::of_audience(py, &path, &problem))?;
        let beside = Beside::new(&path).map_err(|problem| error::os_error(&path, &problem))?;
        let handle = beside.handle().map_err(|problem| error::os_error(&path, &problem))?;
        let writer = Writer::new(
            BufWriter::with_capacity(BUFFER, handle),
            format,
            Separator::of(&path),
            &self.plain,
        );
        let mut writer = writer.map_err(|problem| error::of_audience(py, &path, &problem))?;
        self.take(py, Taken::Written)?;
        loop {
            py.check_signals()?;
            let written = py.detach(|| match self.work.take() {
                Ok(Some(Ok(batch))) => writer
                    .write(&batch)
                    .map(|()| None)
                    .map_err(|problem| Stop::Writing(Box::new(problem))),
                Ok(Some(Err(problem))) => Err(Stop::Judging(problem)),
                Ok(None) => Ok(Some(())),
                Err(refused) => Err(Stop::Refused(refused)),
            });
            match written {
                Ok(None) => {}
                Ok(Some(())) => break,
                Err(Stop::Judging(problem)) => return Err(raise(py, &problem)),
                Err(Stop::Writing(problem)) => return Err(error::of_audience(py, &path, &problem)),
                Err(Stop::Refused(refused)) => return Err(refused.raise(py)),
            }
        }
        py.detach(|| writer.finish()).map_err(|problem| error::of_audience(py, &path, &problem))?;
        let placed = py.detach(|| beside.store().and_then(|()| beside.finish()));
        placed.map_err(|problem| error::os_error(&path, &problem))?;
        if let Some(recorded) = &self.recorded {
            let written = WrittenAs::named(&path).and_then(WrittenAs::to_json);
            *locked(&recorded.output) = Some(Output { file: digest_of(py, &path)?, written });
        }
        self.summary(py)
    }

    /// A record of the screening: the campaign's facts and decision, the columns of the audience,
    /// the summary, and the digests of the audience's file and of the file that `write` wrote, if
    /// it did. `mask` is as for `Engine.record`.
    ///
    /// Rows that were not judged yet are judged now, as for `summary`. Raises `RecordError` where
    /// it was not begun with `screen(…, record=True)`, and where the audience's file was changed
    /// meanwhile.
    #[pyo3(signature = (*, mask=None))]
    fn record(&self, py: Python<'_>, mask: Option<&Bound<'_, Mask>>) -> PyResult<Record> {
        let (Some(recorded), Some(file)) = (&self.recorded, &self.file) else {
            return Err(error::no_evidence(py));
        };
        let summary = self.summary(py)?;
        if digest_of(py, file)? != recorded.audience {
            return Err(error::changed_audience(py, file));
        }
        let mask = mask.map(|mask| &mask.get().0);
        let made = py.detach(|| {
            let output = locked(&recorded.output).clone();
            let (output, written) = output.map(|output| (output.file, output.written)).unzip();
            let screened = Screened {
                audience: recorded.audience.clone(),
                columns: recorded.columns.clone(),
                summary: serde_json::from_str(&summary.0.to_json()).unwrap_or_default(),
                output,
                written: written.flatten(),
                read: recorded.read.clone(),
            };
            let options = RecordOptions::new().screened(&screened);
            let options = mask.into_iter().fold(options, RecordOptions::mask);
            recorded.engine.record(&recorded.campaign, &options)
        });
        made.map(Record).map_err(|problem| error::of_record(py, &problem))
    }

    /// What was found, as a page for people: one file of HTML that asks for nothing else, as `cts
    /// report` writes it, in a language: `en`, `es` or `pt`. Rows are judged as for `summary`.
    #[pyo3(signature = (*, lang="en"))]
    fn report(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        evidence::html(py, "screening", &self.summary(py)?.0.to_json(), lang)
    }

    /// The columns of the result, as Arrow's capsule; may be asked for at any time.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::schema_out(py, &self.schema).map_err(|problem| error::of_arrow(py, &problem))
    }

    /// The rows, as Arrow's capsule of a stream: rows are judged as they are pulled. Comes as it
    /// is, whatever schema is requested.
    ///
    /// Raises `ScreenError` if the rows were taken before.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        self.take(py, Taken::Streamed)?;
        let rows =
            Outgoing { work: Some(Arc::clone(&self.work)), schema: Arc::clone(&self.schema) };
        arrow::stream_out(py, Box::new(rows)).map_err(|problem| error::of_arrow(py, &problem))
    }

    /// The rows in batches. Raises `ScreenError` if the rows were taken before.
    fn __iter__(&self, py: Python<'_>) -> PyResult<Batches> {
        self.take(py, Taken::Iterated)?;
        Ok(Batches { work: Arc::clone(&self.work), schema: Arc::clone(&self.schema) })
    }

    /// The rows as a table of pyarrow, which has to be installed.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("pyarrow")?.call_method1("table", (slf,))
    }

    /// The rows as a frame of polars, which has to be installed. The verdict is an `Enum`, in the
    /// order of verdicts.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("polars")?.call_method1("DataFrame", (slf,))
    }

    /// The rows as a frame of pandas, which has to be installed, and pyarrow. The verdict is an
    /// ordered category.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("pandas")?;
        Self::to_arrow(slf)?.call_method0("to_pandas")
    }

    /// Raises: `pandas.DataFrame(screening)` asks this, and would make a frame of batches.
    #[pyo3(signature = (*_arguments, **_named))]
    fn __array__(
        &self,
        _arguments: &Bound<'_, PyTuple>,
        _named: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a screening is no array: write `screening.to_pandas()`, or \
             `pandas.DataFrame.from_arrow(screening)`",
        ))
    }

    /// Raises: ask the summary.
    fn __bool__(&self) -> PyResult<bool> {
        let advice = "a screening is neither true nor false: compare `screening.summary.worst`, \
                      or ask `screening.summary.verdicts`";
        Err(PyTypeError::new_err(advice))
    }

    fn __repr__(&self) -> String {
        format!(
            "<Screening, {} rows judged so far: {}>",
            self.rows(),
            self.column_names().join(", ")
        )
    }
}

impl Screening {
    /// Marks the rows as taken.
    fn take(&self, py: Python<'_>, how: Taken) -> PyResult<()> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match *taken {
            None => {
                *taken = Some(how);
                Ok(())
            }
            Some(before) => {
                drop(taken);
                Err(error::rows_taken(py, before.words()))
            }
        }
    }
}

impl Taken {
    const fn words(self) -> &'static str {
        match self {
            Self::Iterated => "iterating",
            Self::Streamed => "whoever took `__arrow_c_stream__`, such as a data frame",
            Self::Written => "`write`",
        }
    }
}

/// Why a file is not written to its end.
enum Stop {
    Judging(Arc<ArrowError>),
    Writing(Box<AudienceError>),
    Refused(Refused),
}

/// The batches of a screening, one after the other.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Batches {
    work: Arc<Work>,
    schema: SchemaRef,
}

#[pymethods]
impl Batches {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Batch>> {
        py.check_signals()?;
        match py.detach(|| self.work.take()) {
            Ok(Some(Ok(batch))) => {
                let batch = batch.with_schema(Arc::clone(&self.schema));
                Ok(Some(Batch(batch.map_err(|problem| error::of_arrow(py, &problem))?)))
            }
            Ok(Some(Err(problem))) => Err(raise(py, &problem)),
            Ok(None) => Ok(None),
            Err(refused) => Err(refused.raise(py)),
        }
    }
}

/// Nobody will take further rows; the summary can still be asked for.
impl Drop for Batches {
    fn drop(&mut self) {
        self.work.leave();
    }
}

/// The rows on their way to a consumer of Arrow's stream, on whatever thread and with or without
/// the interpreter's lock.
struct Outgoing {
    /// There until it is dropped.
    work: Option<Arc<Work>>,
    schema: SchemaRef,
}

impl Iterator for Outgoing {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        // Whether this thread holds the lock cannot be asked; but it can be taken, which is nothing
        // where it is held, and then given back.
        let found = arrow::attached(|py| match py.check_signals() {
            Ok(()) => py.detach(|| self.pull()),
            Err(raised) => Some(Err(interrupted(py, &raised))),
        });
        found.unwrap_or_else(|| self.pull())
    }
}

impl Outgoing {
    fn pull(&self) -> Option<Result<RecordBatch, ArrowError>> {
        match self.work.as_ref()?.take() {
            Ok(found) => found.map(|batch| {
                batch.map_err(|problem| match &*problem {
                    ArrowError::ExternalError(source) => plain(source),
                    other => plain(other),
                })
            }),
            Err(refused) => Some(Err(plain(&refused))),
        }
    }
}

impl RecordBatchReader for Outgoing {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        let Some(work) = self.work.take() else { return };
        work.leave();
        // The last one lets go of the audience, which may be of Python.
        if let Some(work) = Arc::into_inner(work) {
            arrow::attached(|py| py.detach(|| drop(work)));
        }
    }
}

/// An error as the text that Arrow's interface has for it.
fn plain(problem: &dyn fmt::Display) -> ArrowError {
    ArrowError::ExternalError(problem.to_string().replace('\0', "␀").into())
}

/// What a signal's handler raised, as the text of an error. Consumers raise errors of their own, so
/// that an interruption is asked for once more: the interpreter raises it as soon as the consumer
/// returns.
fn interrupted(py: Python<'_>, raised: &PyErr) -> ArrowError {
    let problem = plain(raised);
    if raised.is_instance_of::<PyKeyboardInterrupt>(py) {
        // Only a thread module that somebody took apart can fail here; the consumer's own error
        // then has to do.
        let _ = py
            .import(intern!(py, "_thread"))
            .and_then(|module| module.call_method0(intern!(py, "interrupt_main")));
    }
    problem
}

/// A file of recipients, whose errors have its name.
struct FromFile {
    audience: Audience,
    file: PathBuf,
}

impl Iterator for FromFile {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.audience.next().map(|batch| batch.map_err(|problem| self.named(problem)))
    }
}

impl FromFile {
    fn named(&self, problem: ArrowError) -> ArrowError {
        let ArrowError::ExternalError(source) = problem else { return problem };
        ArrowError::ExternalError(match source.downcast::<AudienceError>() {
            Ok(error) => Box::new(OfFile { file: self.file.clone(), error: *error }),
            Err(other) => other,
        })
    }
}

impl RecordBatchReader for FromFile {
    fn schema(&self) -> SchemaRef {
        self.audience.schema()
    }
}

/// What is wrong with which file.
#[derive(Debug)]
struct OfFile {
    file: PathBuf,
    error: AudienceError,
}

impl fmt::Display for OfFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} [{}]",
            cleartosend_files::name_of(&self.file),
            self.error,
            self.error.code()
        )
    }
}

impl std::error::Error for OfFile {}

/// A screening under way. Whoever asks holds `state`, and no lock of the interpreter, while it
/// waits or judges.
struct Work {
    state: Mutex<State>,
    /// The thread that holds `state`. If it comes again, the audience's own code asks, which would
    /// wait for itself.
    holder: Mutex<Option<ThreadId>>,
    /// Whether nobody takes further rows.
    is_left: AtomicBool,
    rows: AtomicU64,
    /// The process that began it, if threads work on it: they stay there when it forks.
    process: Option<u32>,
}

struct State {
    /// Until its end or its first error.
    screening: Option<screen::Screening<Reader>>,
    /// Rows judged for the summary, until somebody takes them.
    waiting: VecDeque<RecordBatch>,
    ended: Option<Result<Arc<screen::Summary>, Arc<ArrowError>>>,
}

/// Why a screening does not go on for who asks.
#[derive(Clone, Copy, Debug)]
enum Refused {
    /// The audience's own code asks the screening that waits for it.
    AtWork,
    /// A forked child asks for what the threads of its parent work on.
    OtherProcess,
}

impl Refused {
    fn raise(self, py: Python<'_>) -> PyErr {
        match self {
            Self::AtWork => error::at_work(py),
            Self::OtherProcess => error::other_process(py),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AtWork => "the screening is waiting for its audience",
            Self::OtherProcess => "the screening was begun by another process",
        })
    }
}

enum Advance {
    Judged,
    Done(Arc<screen::Summary>),
    Failed(Arc<ArrowError>),
}

impl Work {
    fn new(screening: screen::Screening<Reader>, has_threads: bool) -> Self {
        let state = State { screening: Some(screening), waiting: VecDeque::new(), ended: None };
        Self {
            state: Mutex::new(state),
            holder: Mutex::new(None),
            is_left: AtomicBool::new(false),
            rows: AtomicU64::new(0),
            process: has_threads.then(process::id),
        }
    }

    /// Whether the threads that work on it are in another process.
    fn is_elsewhere(&self) -> bool {
        self.process.is_some_and(|began| began != process::id())
    }

    /// The next batch of the result.
    fn take(&self) -> Result<Option<Result<RecordBatch, Arc<ArrowError>>>, Refused> {
        let mut state = self.hold()?;
        let waiting = state.waiting.pop_front();
        Ok(waiting.map(Ok).or_else(|| self.judge(&mut state)))
    }

    /// Judges one more batch, and keeps it for whoever takes rows.
    fn advance(&self) -> Result<Advance, Refused> {
        let mut state = self.hold()?;
        if let Some(Ok(batch)) = self.judge(&mut state) {
            state.waiting.push_back(batch);
            if self.is_left.load(Ordering::Relaxed) {
                state.waiting.clear();
            }
            return Ok(Advance::Judged);
        }
        Ok(match &state.ended {
            Some(Ok(summary)) => Advance::Done(Arc::clone(summary)),
            Some(Err(problem)) => Advance::Failed(Arc::clone(problem)),
            None => Advance::Failed(Arc::new(defect())),
        })
    }

    /// Nobody takes further rows.
    fn leave(&self) {
        self.is_left.store(true, Ordering::Relaxed);
        // Whoever goes may hold the interpreter's lock, for which the holder of the state may wait.
        // Then that one lets go of the rows.
        if let Ok(mut state) = self.state.try_lock() {
            state.waiting.clear();
        }
    }

    fn judge(&self, state: &mut State) -> Option<Result<RecordBatch, Arc<ArrowError>>> {
        if let Some(Err(problem)) = &state.ended {
            return Some(Err(Arc::clone(problem)));
        }
        let screening = state.screening.as_mut()?;
        // A consumer's own code, through which a panic must not pass, may be what asks.
        let next = catch_unwind(AssertUnwindSafe(|| screening.next()))
            .unwrap_or_else(|_| Some(Err(defect())));
        match next {
            Some(Ok(batch)) => {
                self.rows.fetch_add(batch.num_rows() as u64, Ordering::Relaxed);
                return Some(Ok(batch));
            }
            Some(Err(problem)) => state.ended = Some(Err(Arc::new(problem))),
            None => state.ended = Some(Ok(Arc::new(screening.summary()))),
        }
        // Lets go of the audience and ends the threads.
        state.screening = None;
        state
            .ended
            .as_ref()
            .and_then(|ended| ended.as_ref().err())
            .map(|problem| Err(Arc::clone(problem)))
    }

    fn hold(&self) -> Result<Held<'_>, Refused> {
        // Before any lock, which a thread of the parent may have held when it forked.
        if self.is_elsewhere() {
            return Err(Refused::OtherProcess);
        }
        let here = thread::current().id();
        if *locked(&self.holder) == Some(here) {
            return Err(Refused::AtWork);
        }
        let state = locked(&self.state);
        *locked(&self.holder) = Some(here);
        Ok(Held { state, work: self })
    }
}

/// In a forked child there is nobody to wait for: what the threads hold is left to the end of the
/// process.
impl Drop for Work {
    fn drop(&mut self) {
        if self.is_elsewhere() {
            let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
            mem::forget(state.screening.take());
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these; what could is caught within.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn defect() -> ArrowError {
    ArrowError::ComputeError(
        "internal/screen: a screening ended early; this is a defect of cleartosend".into(),
    )
}

/// The state, held by this thread.
struct Held<'a> {
    state: MutexGuard<'a, State>,
    work: &'a Work,
}

impl std::ops::Deref for Held<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl std::ops::DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *locked(&self.work.holder) = None;
    }
}

/// The audience's error as an exception.
fn raise(py: Python<'_>, problem: &ArrowError) -> PyErr {
    if let ArrowError::ExternalError(source) = problem
        && let Some(OfFile { file, error }) = source.downcast_ref::<OfFile>()
    {
        return error::of_audience(py, file, error);
    }
    error::of_arrow(py, problem)
}
