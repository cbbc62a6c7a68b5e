//! What is wrong with a file?

use std::fmt;
use std::io;
use std::path::Path;

use arrow_ipc::CompressionType;
use arrow_schema::{ArrowError, DataType};
use cleartosend::expert::csv::{Reason, RecordError};
use cleartosend::expert::suggest::nearest;
use cleartosend::expert::text::{brief, quoted, shortened};
#[cfg(feature = "parquet")]
use parquet::errors::ParquetError;

use crate::format::Format;
use crate::limits;
use crate::mapping::Encoding;

/// What is wrong with a file that is read or written: a code, the line where there are lines, and a
/// message.
#[derive(Debug)]
pub struct AudienceError {
    code: &'static str,
    line: Option<u64>,
    message: String,
}

impl AudienceError {
    /// A stable name for programs, such as `audience/not-utf8`. Listed in
    /// `docs/reference/codes.md`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The line of a CSV or NDJSON file, from 1.
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The error that a reader of record batches gave, if it is one of these.
    pub fn within(error: &ArrowError) -> Option<&Self> {
        match error {
            ArrowError::ExternalError(source) => source.downcast_ref(),
            _ => None,
        }
    }
}

impl fmt::Display for AudienceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for AudienceError {}

impl From<AudienceError> for ArrowError {
    fn from(error: AudienceError) -> Self {
        Self::ExternalError(Box::new(error))
    }
}

/// Everything that is wrong with a heading, at once.
pub(crate) fn heading(line: u64, problems: &[String]) -> AudienceError {
    at(line, "audience/unmapped-columns", problems.join("; "))
}

/// A column of the mapping that the table does not have.
pub(crate) fn no_such_column<'a>(
    name: &str,
    path: &str,
    heading: impl Iterator<Item = &'a str>,
) -> String {
    let help = match nearest(name, heading) {
        Some(near) => format!("; did you mean {}?", quoted(near)),
        None => String::new(),
    };
    format!("there is no column {}, which gives `{path}`{help}", quoted(name))
}

/// A column that is not declared.
pub(crate) fn unmapped(name: &str) -> String {
    format!("column {} is not an attribute, and is not mapped, kept or ignored", quoted(name))
}

/// A column that is to be left out and to be read.
pub(crate) fn mapped_and_ignored(name: &str) -> String {
    format!("column {} is mapped and ignored", quoted(name))
}

/// Two columns that tell one attribute.
pub(crate) fn mapped_twice(name: &str, path: &str) -> String {
    format!("column {} gives `{path}`, as another one does", quoted(name))
}

/// A cell of a column with a value map that has no such word.
pub(crate) fn not_covered(line: u64, column: &str, cell: &str, words: &[String]) -> AudienceError {
    let words: Vec<String> = words.iter().map(|word| brief(word)).collect();
    let (column, cell) = (quoted(column), quoted(cell));
    let message = format!(
        "column {column}: found {cell}, which no value map covers; expected one of {}",
        words.join(", ")
    );
    at(line, "audience/unmapped-value", message)
}

/// Bytes that are no letter of the encoding that was declared.
pub(crate) fn not_encoded(line: u64, encoding: Encoding) -> AudienceError {
    let message = format!("found bytes that are not {}", encoding.name());
    at(line, "audience/not-encoded", message)
}

fn error(code: &'static str, message: String) -> AudienceError {
    AudienceError { code, line: None, message }
}

fn at(line: u64, code: &'static str, message: String) -> AudienceError {
    AudienceError { code, line: Some(line), message }
}

pub(crate) fn unreadable(problem: &io::Error) -> AudienceError {
    error("audience/unreadable", format!("reading failed: {problem}"))
}

pub(crate) fn no_place(problem: &io::Error) -> AudienceError {
    error(
        "audience/unreadable",
        format!(
            "from a pipe, this format must first be stored in a temporary file, which failed: \
             {problem}"
        ),
    )
}

/// A format that is a feature of this crate.
#[cfg(not(feature = "parquet"))]
pub(crate) fn left_out(format: Format) -> AudienceError {
    error("audience/unreadable", format!("this program was built without {format}"))
}

/// Buffers of Arrow that are compressed by what this program cannot undo.
pub(crate) fn compressed(format: Format, codec: CompressionType) -> AudienceError {
    let by = match codec.variant_name() {
        Some("ZSTD") => "Zstandard, which this program was built without".to_owned(),
        Some(name) => format!("{name}, which this program was built without"),
        None => format!("a method that is not known, number {}", codec.0),
    };
    error(
        "audience/compression",
        format!("it is compressed by {by}; write the {format} with LZ4 or uncompressed"),
    )
}

pub(crate) fn malformed(format: Format, problem: &str) -> AudienceError {
    error(
        "audience/malformed",
        format!("this is not well-formed {format}: {}", shortened(problem, 300)),
    )
}

#[cfg(feature = "parquet")]
pub(crate) fn of_parquet(problem: &ParquetError) -> AudienceError {
    match problem {
        ParquetError::General(text) | ParquetError::NYI(text) | ParquetError::EOF(text) => {
            malformed(Format::Parquet, text)
        }
        other => malformed(Format::Parquet, &other.to_string()),
    }
}

pub(crate) fn of_arrow(format: Format, problem: &ArrowError) -> AudienceError {
    match problem {
        ArrowError::IpcError(text)
        | ArrowError::ParseError(text)
        | ArrowError::ParquetError(text) => malformed(format, text),
        other => malformed(format, &other.to_string()),
    }
}

pub(crate) fn gone() -> AudienceError {
    error(
        "internal/audience",
        "a thread that reads ended early; this is a defect of cleartosend".into(),
    )
}

/// What is wrong with a line or a record, which tables of providers have in common.
pub(crate) fn of_record(problem: &RecordError) -> AudienceError {
    let code = match problem.reason() {
        Reason::Unreadable(_) => "audience/unreadable",
        Reason::NotUtf8 => "audience/not-utf8",
        Reason::TooLong => "audience/too-long",
        Reason::UnclosedQuote => "audience/unclosed-quote",
        Reason::TextAfterQuote(_) => "audience/text-after-quote",
    };
    match problem.reason() {
        Reason::Unreadable(_) => error(code, problem.to_string()),
        _ => at(problem.line(), code, problem.to_string()),
    }
}

pub(crate) fn not_utf8(line: u64) -> AudienceError {
    at(line, "audience/not-utf8", "found bytes that are not UTF-8".into())
}

pub(crate) fn pipe_too_long(format: Format) -> AudienceError {
    let message = format!(
        "from a pipe, {format} is stored in a temporary file first, of at most {} bytes; give it \
         as a file",
        limits::PIPE_BYTES_MAX
    );
    error("audience/pipe-too-long", message)
}

/// An Arrow stream that has no end of its own.
pub(crate) fn cut_short() -> AudienceError {
    error(
        "audience/cut-short",
        "the stream ends without its mark of an end, so that rows may be missing: its writer \
         ended early"
            .into(),
    )
}

pub(crate) fn after_end() -> AudienceError {
    error(
        "audience/cut-short",
        "bytes follow the stream's mark of an end, and would not be read".into(),
    )
}

pub(crate) fn too_large(format: Format) -> AudienceError {
    malformed(
        format,
        &format!(
            "its compressed buffers claim more than {} bytes at once; write smaller batches",
            limits::DECOMPRESSED_BYTES_MAX
        ),
    )
}

pub(crate) fn row_too_long() -> AudienceError {
    error(
        "audience/row-too-long",
        format!(
            "a row of the result has more than {} bytes, which no reader takes",
            limits::RECORD_BYTES_MAX
        ),
    )
}

pub(crate) fn repeats_too_much() -> AudienceError {
    error(
        "audience/repeats-too-much",
        format!(
            "rows of the result share long texts (entries of a dictionary, runs or views), which \
             would be more than {} bytes a row and {} more when they are written out; leave the \
             column out, or write Arrow as a stream, which keeps dictionaries",
            limits::REPEATED_BYTES_ROW,
            limits::REPEATED_BYTES_FREE
        ),
    )
}

pub(crate) fn same_file(output: &str, other: &str, file: &Path) -> AudienceError {
    let file = file.display().to_string();
    let message =
        format!("{output} and {other} are one file, {}; nothing was written", quoted(&file));
    error("audience/same-file", message)
}

pub(crate) fn too_many_columns(line: u64) -> AudienceError {
    at(
        line,
        "audience/too-many-columns",
        format!("found more than {} columns", limits::COLUMNS_MAX),
    )
}

pub(crate) fn no_heading() -> AudienceError {
    at(
        1,
        "audience/no-heading",
        "the table is empty; expected a line with the names of its columns".into(),
    )
}

pub(crate) fn repeated_column(line: u64, name: &str) -> AudienceError {
    let message = match name.trim() {
        "" => "two columns have no name; name each column, or take the separators at the end out"
            .to_owned(),
        _ => format!("two columns are named {}", quoted(name)),
    };
    at(line, "audience/repeated-column", message)
}

pub(crate) fn other_separator(line: u64, name: &str, separator: &str) -> AudienceError {
    let message = format!(
        "the heading is one column, {}; if {separator} separates the columns, say so with \
         `--separator`",
        quoted(name)
    );
    at(line, "audience/bad-heading", message)
}

pub(crate) fn separator_line(line: u64) -> AudienceError {
    let message = "a line such as `sep=;` is for spreadsheets; take it out, and name another \
                   separator than the comma with `--separator`";
    at(line, "audience/bad-heading", message.into())
}

pub(crate) fn lines_end_in_returns(line: u64) -> AudienceError {
    let message = "the lines end in carriage returns alone; expected line feeds, with or without \
                   carriage returns before them";
    at(line, "audience/bad-heading", message.into())
}

pub(crate) fn cell_count(line: u64, found: usize, expected: usize) -> AudienceError {
    let found = match found {
        0 => "an empty line, which may be a row with an empty cell (written `\"\"`) or none"
            .to_owned(),
        1 => "1 cell".to_owned(),
        found => format!("{found} cells"),
    };
    let words = format!("found {found}, expected {expected} as in the heading");
    at(line, "audience/cell-count", words)
}

pub(crate) fn not_an_object(line: u64, problem: Option<&serde_json::Error>) -> AudienceError {
    let why = match problem {
        Some(problem) => {
            // The parser was given one line, and calls it line 1.
            let wrong_with = problem.to_string();
            let wrong_with = wrong_with.split(" at line ").next().unwrap_or_default();
            format!(": {wrong_with}, at column {}", problem.column())
        }
        None => String::new(),
    };
    at(line, "audience/not-an-object", format!("expected one JSON object{why}"))
}

pub(crate) fn repeated_member(line: u64, name: &str) -> AudienceError {
    at(line, "audience/repeated-member", format!("{} is given twice", quoted(name)))
}

pub(crate) fn late_member(line: u64, name: &str, rows: u64) -> AudienceError {
    let message = format!(
        "none of the first {rows} rows has {}, so it is not a column; give it there too, null if \
         need be",
        quoted(name)
    );
    at(line, "audience/late-member", message)
}

pub(crate) fn missing_member(line: u64, name: &str) -> AudienceError {
    let message = format!(
        "{} is left out, though other rows give it: null says that there is none",
        quoted(name)
    );
    at(line, "audience/missing-member", message)
}

pub(crate) fn too_deep(line: u64) -> AudienceError {
    at(line, "audience/too-deep", format!("objects nest deeper than {}", limits::DEPTH_MAX))
}

pub(crate) fn unwritable_type(name: &str, ty: &DataType, format: Format) -> AudienceError {
    let message = format!(
        "column {}: {format} has no form for {ty}; write Parquet or Arrow, or leave the column \
         out",
        quoted(name)
    );
    error("audience/unwritable-type", message)
}

pub(crate) fn unwritten(problem: &str) -> AudienceError {
    error("audience/unwritten", format!("writing failed: {problem}"))
}
