//! Where do the rows of the result go?

use std::io::{self, BufWriter, Write};
use std::path::Path;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int8Type;
use arrow_array::{BooleanArray, RecordBatch};
use arrow_schema::Schema;
use arrow_select::filter::filter_record_batch;
use cleartosend::Verdict;
use cleartosend_audience::{AudienceError, Beside, Format, Formulas, Separator, Writer};

use super::is_pipe;
use crate::failure::Failure;
use crate::{interrupt, output};

/// The exit code of programs whose reader has gone away before all was written, as shells see it.
const READER_GONE: u8 = 141;

/// The column of verdicts.
const VERDICT: &str = "verdict";

/// Bytes written at once.
const BUFFER: usize = 1 << 18;

/// The rows of the result on their way to a file or to standard output.
pub(super) struct Rows {
    writer: Writer<BufWriter<Box<dyn Write + Send>>>,
    /// Which verdicts are written, by their numbers; all if none are named.
    only: Vec<Verdict>,
    file: String,
    to: To,
}

enum To {
    Output(output::Rows),
    File(Beside),
}

/// How a table is written.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub(super) format: Format,
    pub(super) separator: Separator,
    pub(super) formulas: Formulas,
}

impl Rows {
    pub(super) fn begin(
        file: &Path,
        table: Table,
        schema: &Schema,
        only: &[Verdict],
    ) -> Result<Self, Failure> {
        let (to, sink): (To, Box<dyn Write + Send>) = if is_pipe(file) {
            let rows = output::Rows::default();
            (To::Output(rows.clone()), Box::new(rows))
        } else {
            let beside = interrupt::begin(file)?;
            let handle = beside.handle().map_err(|error| Failure::of_writing(file, &error))?;
            (To::File(beside), Box::new(handle))
        };
        let name =
            if is_pipe(file) { "standard output".to_owned() } else { file.display().to_string() };
        let Table { format, separator, formulas } = table;
        let writer = Writer::with_formulas(
            BufWriter::with_capacity(BUFFER, sink),
            format,
            separator,
            formulas,
            schema,
        );
        let writer = writer.map_err(|error| to.failed(&name, &error))?;
        Ok(Self { writer, only: only.to_vec(), file: name, to })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        let Self { writer, only, file, to } = self;
        let chosen = if only.is_empty() { None } else { Some(chosen(batch, only)?) };
        writer.write(chosen.as_ref().unwrap_or(batch)).map_err(|error| to.failed(file, &error))
    }

    /// Completes the table. A file is yet to be put in its place.
    pub(super) fn finish(self) -> Result<Option<Beside>, Failure> {
        let Self { writer, file, to, .. } = self;
        let written = writer.finish();
        written.map_err(|error| to.failed(&file, &error))?;
        match to {
            To::Output(_) => Ok(None),
            To::File(beside) => {
                beside.store().map_err(|error| Failure::of_writing(Path::new(&file), &error))?;
                Ok(Some(beside))
            }
        }
    }
}

impl To {
    fn failed(&self, file: &str, error: &AudienceError) -> Failure {
        match self {
            Self::Output(rows) if rows.is_closed() => Failure::silent(READER_GONE),
            Self::Output(_) | Self::File(_) => {
                Failure::new(&format!("{file}: {error} [{}]", error.code()))
            }
        }
    }
}

/// The rows of those verdicts.
fn chosen(batch: &RecordBatch, only: &[Verdict]) -> Result<RecordBatch, Failure> {
    let verdicts =
        batch.column_by_name(VERDICT).and_then(|column| column.as_dictionary_opt::<Int8Type>());
    let verdicts = verdicts.ok_or_else(|| {
        Failure::new("the result has no verdicts; this is a defect of cleartosend")
    })?;
    // The dictionary has the verdicts in their order.
    let is_wanted: Vec<bool> = Verdict::ALL.iter().map(|verdict| only.contains(verdict)).collect();
    let wanted = |number: &i8| {
        usize::try_from(*number)
            .ok()
            .and_then(|number| is_wanted.get(number))
            .copied()
            .unwrap_or_default()
    };
    let mask: BooleanArray =
        verdicts.keys().values().iter().map(|number| Some(wanted(number))).collect();
    filter_record_batch(batch, &mask).map_err(|error| Failure::new(&error.to_string()))
}

/// Writes a text as a file that is yet to be put in its place.
pub(super) fn fill(beside: &Beside, text: &str) -> io::Result<()> {
    beside.handle()?.write_all(text.as_bytes())?;
    beside.store()
}
