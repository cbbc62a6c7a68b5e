//! How is what was found written down?

mod cells;
mod repeated;
mod text;

use std::fmt;
use std::io::Write;

use arrow_array::cast::AsArray as _;
use arrow_array::{AnyDictionaryArray, Array as _, ArrayRef, ListArray, RecordBatch};
use arrow_buffer::OffsetBuffer;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::take::take;
use cleartosend::screen::json;
#[cfg(feature = "parquet")]
use parquet::arrow::ArrowWriter;
#[cfg(feature = "parquet")]
use parquet::basic::Compression;
#[cfg(feature = "parquet")]
use parquet::errors::ParquetError;
#[cfg(feature = "parquet")]
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use repeated::Repeated;
pub use text::Formulas;
use text::{Csv, Ndjson};

use crate::error::{self, AudienceError};
use crate::format::{Format, Separator};
use crate::limits::WRITTEN_BYTES_MAX;
#[cfg(feature = "parquet")]
use crate::limits::{GROUP_BYTES, GROUP_ROWS};

/// Writes record batches to anything that takes bytes.
///
/// CSV: the items of a list are joined with `;`, null is an empty cell. NDJSON: every member in
/// every line, null where there is none. Parquet: compressed with Snappy; dictionaries as the
/// values that they stand for. Arrow: as the batches are, but in files a dictionary that changes
/// from batch to batch is not allowed, so that columns that are dictionaries come as their values.
pub struct Writer<W: Write + Send> {
    schema: SchemaRef,
    kind: Kind<W>,
    repeated: Repeated,
}

enum Kind<W: Write + Send> {
    Csv(Csv<W>),
    Ndjson(Ndjson<W>),
    #[cfg(feature = "parquet")]
    Parquet(Box<ArrowWriter<W>>),
    Arrow(FileWriter<W>),
    ArrowStream(StreamWriter<W>),
}

impl<W: Write + Send> fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl<W: Write + Send> Writer<W> {
    /// Begins a table with those columns.
    ///
    /// # Errors
    /// A column whose type the format has no form for; what `to` fails with.
    pub fn new(
        to: W,
        format: Format,
        separator: Separator,
        schema: &Schema,
    ) -> Result<Self, AudienceError> {
        Self::with_formulas(to, format, separator, Formulas::default(), schema)
    }

    /// As [`Self::new`], and says what becomes of cells and names of CSV that a spreadsheet would
    /// take for a formula.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_formulas(
        to: W,
        format: Format,
        separator: Separator,
        formulas: Formulas,
        schema: &Schema,
    ) -> Result<Self, AudienceError> {
        let schema = &json::plain_schema(schema);
        let kind = match format {
            Format::Csv => Kind::Csv(Csv::new(to, separator, formulas, schema)?),
            Format::Ndjson => Kind::Ndjson(Ndjson::new(to, schema)?),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => return Err(error::left_out(format)),
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::SNAPPY)
                    .set_dictionary_enabled(true)
                    .set_statistics_enabled(EnabledStatistics::Chunk)
                    .set_max_row_group_row_count(Some(GROUP_ROWS))
                    .set_max_row_group_bytes(Some(GROUP_BYTES))
                    .build();
                let writer =
                    ArrowWriter::try_new(to, SchemaRef::new(plain(schema)), Some(properties))
                        .map_err(|problem| of_parquet(&problem))?;
                Kind::Parquet(Box::new(writer))
            }
            Format::Arrow => Kind::Arrow(
                FileWriter::try_new(to, &plain(schema)).map_err(|problem| of_arrow(&problem))?,
            ),
            Format::ArrowStream => Kind::ArrowStream(
                StreamWriter::try_new(to, schema).map_err(|problem| of_arrow(&problem))?,
            ),
        };
        Ok(Self { schema: SchemaRef::new(schema.clone()), kind, repeated: Repeated::default() })
    }

    /// Writes a batch of these columns.
    ///
    /// # Errors
    /// A row that no reader would take; rows that share long texts and would become very many
    /// bytes; what the writer beneath fails with.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), AudienceError> {
        let batch = &json::plain_batch(batch).map_err(|problem| of_arrow(&problem))?;
        // A stream keeps dictionaries, runs and views as they are.
        if !matches!(self.kind, Kind::ArrowStream(_)) {
            self.repeated.take(batch)?;
        }
        match &mut self.kind {
            Kind::Csv(table) => table.write(batch),
            Kind::Ndjson(table) => table.write(batch),
            #[cfg(feature = "parquet")]
            Kind::Parquet(writer) => in_pieces(batch, &mut |piece| {
                writer.write(piece).map_err(|problem| of_parquet(&problem))
            }),
            Kind::Arrow(writer) => in_pieces(batch, &mut |piece| {
                writer.write(piece).map_err(|problem| of_arrow(&problem))
            }),
            Kind::ArrowStream(writer) => writer.write(batch).map_err(|problem| of_arrow(&problem)),
        }
    }

    /// Ends the table. A table that is not ended is not whole.
    ///
    /// # Errors
    /// What the writer beneath fails with.
    pub fn finish(self) -> Result<W, AudienceError> {
        let mut to = match self.kind {
            Kind::Csv(table) => table.to,
            Kind::Ndjson(table) => table.to,
            #[cfg(feature = "parquet")]
            Kind::Parquet(writer) => writer.into_inner().map_err(|problem| of_parquet(&problem))?,
            Kind::Arrow(writer) => writer.into_inner().map_err(|problem| of_arrow(&problem))?,
            Kind::ArrowStream(writer) => {
                writer.into_inner().map_err(|problem| of_arrow(&problem))?
            }
        };
        to.flush().map_err(|problem| error::unwritten(&problem.to_string()))?;
        Ok(to)
    }
}

#[cfg(feature = "parquet")]
fn of_parquet(problem: &ParquetError) -> AudienceError {
    error::unwritten(&match problem {
        ParquetError::External(source) => source.to_string(),
        ParquetError::General(text) => text.clone(),
        other => other.to_string(),
    })
}

fn of_arrow(problem: &ArrowError) -> AudienceError {
    error::unwritten(&match problem {
        ArrowError::IoError(_, source) => source.to_string(),
        other => other.to_string(),
    })
}

/// The columns with plain values instead of dictionaries.
fn plain(schema: &Schema) -> Schema {
    let fields = schema.fields().iter().map(|field| match plain_type(field.data_type()) {
        Some(ty) => Field::new(field.name(), ty, field.is_nullable())
            .with_metadata(field.metadata().clone())
            .into(),
        None => field.clone(),
    });
    Schema::new(fields.collect::<Vec<_>>()).with_metadata(schema.metadata().clone())
}

fn plain_type(ty: &DataType) -> Option<DataType> {
    match ty {
        DataType::Dictionary(_, values) => Some((**values).clone()),
        DataType::List(item) => {
            let ty = plain_type(item.data_type())?;
            Some(DataType::List(Field::new(item.name(), ty, item.is_nullable()).into()))
        }
        _ => None,
    }
}

/// Writes a batch without dictionaries, in as many pieces as it takes for each to stay small: a few
/// bytes can stand for very many.
fn in_pieces(
    batch: &RecordBatch,
    write: &mut impl FnMut(&RecordBatch) -> Result<(), AudienceError>,
) -> Result<(), AudienceError> {
    let longest: Vec<u64> = batch.columns().iter().map(longest_entry).collect();
    let mut pieces = vec![batch.clone()];
    while let Some(piece) = pieces.pop() {
        let bytes = piece
            .columns()
            .iter()
            .zip(&longest)
            .map(|(column, longest)| entries(column).saturating_mul(*longest));
        let bytes = bytes.fold(0, u64::saturating_add);
        let rows = piece.num_rows();
        if bytes <= WRITTEN_BYTES_MAX {
            write(&without_dictionaries(&piece)?)?;
        } else if rows > 1 {
            pieces.push(piece.slice(rows / 2, rows - rows / 2));
            pieces.push(piece.slice(0, rows / 2));
        } else {
            return Err(error::row_too_long());
        }
    }
    Ok(())
}

/// The bytes of the longest text of a dictionary, or of the dictionary that lists refer to.
fn longest_entry(column: &ArrayRef) -> u64 {
    let dictionary = match column.as_list_opt::<i32>() {
        Some(list) => list.values().as_any_dictionary_opt(),
        None => column.as_any_dictionary_opt(),
    };
    let Some(values) = dictionary.map(AnyDictionaryArray::values) else { return 0 };
    let longest = if let Some(texts) = values.as_string_opt::<i32>() {
        texts.iter().flatten().map(str::len).max()
    } else if let Some(texts) = values.as_string_opt::<i64>() {
        texts.iter().flatten().map(str::len).max()
    } else if let Some(texts) = values.as_binary_opt::<i32>() {
        texts.iter().flatten().map(<[u8]>::len).max()
    } else {
        None
    };
    longest.unwrap_or_default() as u64
}

/// How many entries of a dictionary the rows refer to.
fn entries(column: &ArrayRef) -> u64 {
    let Some(list) = column.as_list_opt::<i32>() else { return column.len() as u64 };
    match (list.value_offsets().first(), list.value_offsets().last()) {
        (Some(first), Some(last)) => u64::from((last - first).unsigned_abs()),
        _ => 0,
    }
}

fn without_dictionaries(batch: &RecordBatch) -> Result<RecordBatch, AudienceError> {
    let columns = batch.columns().iter().map(plain_values).collect::<Result<Vec<_>, ArrowError>>();
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    let written = columns.and_then(|columns| {
        RecordBatch::try_new_with_options(plain(&batch.schema()).into(), columns, &options)
    });
    written.map_err(|problem| of_arrow(&problem))
}

fn plain_values(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    if let Some(dictionary) = column.as_any_dictionary_opt() {
        return take(dictionary.values().as_ref(), dictionary.keys(), None);
    }
    match column.as_list_opt::<i32>() {
        Some(list) if plain_type(list.data_type()).is_some() => {
            // Of a piece, only what its rows refer to.
            let (first, last) = list
                .value_offsets()
                .first()
                .zip(list.value_offsets().last())
                .map_or((0, 0), |(first, last)| (*first, *last));
            let values = plain_values(
                &list
                    .values()
                    .slice(first.unsigned_abs() as usize, (last - first).unsigned_abs() as usize),
            )?;
            let DataType::List(item) = list.data_type() else { return Ok(ArrayRef::clone(column)) };
            let item = Field::new(item.name(), values.data_type().clone(), item.is_nullable());
            let list = ListArray::try_new(
                item.into(),
                OffsetBuffer::from_lengths(list.offsets().lengths()),
                values,
                list.nulls().cloned(),
            )?;
            Ok(ArrayRef::from(Box::new(list) as Box<dyn arrow_array::Array>))
        }
        _ => Ok(ArrayRef::clone(column)),
    }
}
