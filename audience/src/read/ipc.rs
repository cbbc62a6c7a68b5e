//! Arrow IPC, both formats.

use std::fs::File;
use std::io::BufReader;

use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, Schema, SchemaRef};

use super::{Audience, Bytes, Progress, ReadOptions};
use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::BATCH_ROWS;

pub(super) fn read_file(file: File, options: &ReadOptions) -> Result<Audience, AudienceError> {
    let malformed = |problem: ArrowError| error::of_arrow(Format::Arrow, &problem);
    let again = file.try_clone().map_err(|problem| error::unreadable(&problem))?;
    let mut reader = FileReader::try_new_buffered(file, None).map_err(malformed)?;
    if let Some(read) = projection(&reader.schema(), options) {
        reader = FileReader::try_new_buffered(again, Some(read)).map_err(malformed)?;
    }
    let progress = Progress { total: Some(reader.num_batches() as u64), ..Progress::default() };
    Ok(audience(reader.schema(), reader, Format::Arrow, progress.clone(), Some(progress)))
}

pub(super) fn read_stream(input: Bytes, options: &ReadOptions) -> Result<Audience, AudienceError> {
    let progress = input.progress.clone();
    let reader = StreamReader::try_new(BufReader::with_capacity(1 << 20, input), None);
    let reader = reader.map_err(|problem| error::of_arrow(Format::ArrowStream, &problem))?;
    let schema = reader.schema();
    let Some(read) = projection(&schema, options) else {
        return Ok(audience(schema, reader, Format::ArrowStream, progress, None));
    };
    // The columns are known only once the stream has begun, so that all are read and some are dropped.
    let schema: SchemaRef = schema.project(&read).map_err(|problem| error::of_arrow(Format::ArrowStream, &problem))?.into();
    let batches = reader.map(move |batch| batch.and_then(|batch| batch.project(&read)));
    Ok(audience(schema, batches, Format::ArrowStream, progress, None))
}

/// The places of the columns that are read; none if all are.
fn projection(schema: &Schema, options: &ReadOptions) -> Option<Vec<usize>> {
    let read: Vec<usize> = (0..schema.fields().len()).filter(|place| !options.skips(schema.field(*place).name())).collect();
    (read.len() < schema.fields().len()).then_some(read)
}

/// Batches cut to size. `counted` is told of each, where the bytes are not counted.
fn audience(
    schema: SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>> + Send + 'static,
    format: Format,
    progress: Progress,
    counted: Option<Progress>,
) -> Audience {
    let cut = batches.flat_map(move |batch| {
        if let Some(counted) = &counted {
            counted.advance(1);
        }
        let (batch, failed) = match batch {
            Ok(batch) => (Some(batch), None),
            Err(problem) => (None, Some(Err(error::of_arrow(format, &problem)))),
        };
        batch.into_iter().flat_map(pieces).map(Ok).chain(failed)
    });
    Audience::new(schema, cut, format, progress)
}

/// A batch in pieces of at most so many rows, which share its memory.
fn pieces(batch: RecordBatch) -> impl Iterator<Item = RecordBatch> {
    let rows = batch.num_rows();
    (0..rows).step_by(BATCH_ROWS).map(move |begun| batch.slice(begun, BATCH_ROWS.min(rows - begun)))
}
