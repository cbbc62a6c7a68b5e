//! What does a file say of recipients?

mod columns;
mod csv;
mod guard;
mod ipc;
mod lines;
mod ndjson;
#[cfg(feature = "parquet")]
mod parquet;

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

pub use guard::quiet_decoders;
pub use lines::Lines;

use crate::error::{self, AudienceError};
use crate::format::{Format, Separator};
use crate::limits::PIPE_BYTES_MAX;
use crate::mapping::CheckedMapping;

/// Where an audience comes from.
pub enum Source {
    /// A file.
    File(File),
    /// Anything that can only be read from its beginning to its end. Parquet and Arrow files begin
    /// at their ends, so that these are stored in a temporary file first.
    Pipe(Box<dyn Read + Send>),
}

impl Source {
    /// Opens a file, or standard input for `-`, to be read as it comes.
    ///
    /// # Errors
    /// What the system says; a folder.
    #[expect(clippy::disallowed_methods, reason = "a caller names the file")]
    pub fn open(file: &Path) -> io::Result<Self> {
        if file == Path::new("-") {
            return Ok(Self::Pipe(Box::new(io::stdin())));
        }
        let opened = File::open(file)?;
        if opened.metadata().is_ok_and(|metadata| metadata.is_dir()) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(Self::File(opened))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File(_) => "File",
            Self::Pipe(_) => "Pipe",
        })
    }
}

/// How an audience is read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    separator: Separator,
    skipped: Vec<String>,
    kept: Vec<String>,
    required: Vec<String>,
    mapping: Option<Arc<CheckedMapping>>,
}

impl ReadOptions {
    /// Every column, comma-separated, what is left out of a line being null.
    pub fn new() -> Self {
        Self::default()
    }

    /// What stands between the cells of a CSV table.
    #[must_use]
    pub fn separator(mut self, separator: Separator) -> Self {
        self.separator = separator;
        self
    }

    /// Leaves out a column, which then costs next to nothing.
    #[must_use]
    pub fn skip(mut self, column: &str) -> Self {
        self.skipped.push(column.to_owned());
        self
    }

    /// Reads a column exactly as its file types it, for instance to write it out again. Other texts
    /// of Parquet files may come as dictionaries or views, whichever is faster.
    #[must_use]
    pub fn keep(mut self, column: &str) -> Self {
        self.kept.push(column.to_owned());
        self
    }

    /// Refuses a line of NDJSON that leaves out this member if any other line gives it, even as
    /// null.
    #[must_use]
    pub fn required(mut self, column: &str) -> Self {
        self.required.push(column.to_owned());
        self
    }

    /// Takes the columns of a table in CSV as a mapping says: each that it names or that is called
    /// by an attribute comes as a column of that attribute's name, with cells as a campaign
    /// document writes them. A column that is kept comes under its own name, as it is. Any other
    /// has to be skipped. Tables of other formats name their columns by attributes.
    #[must_use]
    pub fn mapping(mut self, mapping: CheckedMapping) -> Self {
        self.mapping = Some(Arc::new(mapping));
        self
    }

    fn skips(&self, column: &str) -> bool {
        self.skipped.iter().any(|skipped| skipped == column)
    }
}

/// Opens an audience. Its first bytes are read, since they tell its columns.
///
/// # Errors
/// A file that is not well-formed, as far as its beginning (and, for Parquet and Arrow files, its
/// end) tells.
pub fn read(
    source: Source,
    format: Format,
    options: &ReadOptions,
) -> Result<Audience, AudienceError> {
    guard::guarded(format, || match format {
        Format::Csv => csv::read(bytes_of(source)?, options),
        Format::Ndjson => ndjson::read(bytes_of(source)?, options),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::read(stored(source, format)?, options),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err(error::left_out(format)),
        Format::Arrow => ipc::read_file(stored(source, format)?, options),
        Format::ArrowStream => ipc::read_stream(bytes_of(source)?, options),
    })
}

/// An audience being read: batches of at most [`BATCH_ROWS`](crate::limits::BATCH_ROWS) rows.
pub struct Audience {
    schema: SchemaRef,
    batches: Box<dyn Iterator<Item = Result<RecordBatch, AudienceError>> + Send>,
    format: Format,
    progress: Progress,
    lines: Lines,
    is_finished: bool,
}

/// How far a reader has come, in a unit of its own: rows, batches or bytes.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    position: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Progress {
    /// What was read.
    pub fn position(&self) -> u64 {
        self.position.load(Ordering::Relaxed)
    }

    /// What there is, where that is known before.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    fn advance(&self, by: u64) {
        self.position.fetch_add(by, Ordering::Relaxed);
    }
}

impl Audience {
    fn new(
        schema: SchemaRef,
        batches: impl Iterator<Item = Result<RecordBatch, AudienceError>> + Send + 'static,
        format: Format,
        progress: Progress,
    ) -> Self {
        let lines = Lines::default();
        Self { schema, batches: Box::new(batches), format, progress, lines, is_finished: false }
    }

    fn with_lines(self, lines: Lines) -> Self {
        Self { lines, ..self }
    }

    /// On which lines its rows begin; keeps telling while the audience is read elsewhere.
    pub fn lines(&self) -> Lines {
        self.lines.clone()
    }

    /// How far it has come; keeps telling while the audience is read elsewhere.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }
}

impl fmt::Debug for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audience")
            .field("schema", &self.schema)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

impl Iterator for Audience {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_finished {
            return None;
        }
        let Self { batches, format, .. } = self;
        let batch = guard::guarded(*format, || batches.next().transpose())
            .map_err(ArrowError::from)
            .transpose();
        self.is_finished = !matches!(batch, Some(Ok(_)));
        batch
    }
}

impl RecordBatchReader for Audience {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }
}

/// Bytes, counted as they are read.
struct Bytes {
    input: Box<dyn Read + Send>,
    progress: Progress,
}

impl Read for Bytes {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(into)?;
        self.progress.advance(count as u64);
        Ok(count)
    }
}

fn bytes_of(source: Source) -> Result<Bytes, AudienceError> {
    Ok(match source {
        Source::Pipe(input) => Bytes { input, progress: Progress::default() },
        Source::File(file) => {
            let metadata = file.metadata().map_err(|problem| error::unreadable(&problem))?;
            let total = if metadata.is_file() { Some(metadata.len()) } else { None };
            Bytes { input: Box::new(file), progress: Progress { total, ..Progress::default() } }
        }
    })
}

/// A file that can be read from its end: the one given, or a temporary one that the system removes
/// when it is closed.
fn stored(source: Source, format: Format) -> Result<File, AudienceError> {
    let mut input: Box<dyn Read + Send> = match source {
        Source::File(file) if file.metadata().is_ok_and(|metadata| metadata.is_file()) => {
            return Ok(file);
        }
        Source::File(file) => Box::new(file),
        Source::Pipe(input) => input,
    };
    // What is not such a file is not copied first.
    let mut begun = Vec::new();
    let mark = format.mark();
    (&mut input)
        .take(mark.len() as u64)
        .read_to_end(&mut begun)
        .map_err(|problem| error::unreadable(&problem))?;
    if begun != mark {
        return Err(error::malformed(format, "it does not begin like one"));
    }
    let mut file = tempfile::tempfile().map_err(|problem| error::no_place(&problem))?;
    let mut bounded = begun.as_slice().chain(input).take(PIPE_BYTES_MAX + 1);
    let copied = io::copy(&mut bounded, &mut file).map_err(|problem| error::no_place(&problem))?;
    if copied > PIPE_BYTES_MAX {
        return Err(error::pipe_too_long(format));
    }
    file.rewind().map_err(|problem| error::no_place(&problem))?;
    Ok(file)
}
