//! Whom does the caller want to be screened?
//!
//! A table (anything with `__arrow_c_stream__` or `__arrow_c_array__`), an iterator over such, or
//! the path of a file.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchOptions, RecordBatchReader};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use cleartosend::expert::limits::AUDIENCE_ROWS_MAX;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyString};

use super::nulls::Nulls;
use crate::arrow::{self, Reader};
use crate::error;

/// An audience as it was handed over.
pub(crate) enum Given {
    /// Record batches, which may come from Python code.
    Batches(Reader),
    /// A file.
    File(PathBuf),
}

/// An audience. Of an iterator, the first table is taken, since it gives the columns.
pub(crate) fn audience(given: &Bound<'_, PyAny>) -> PyResult<Given> {
    let py = given.py();
    if given.is_instance_of::<PyString>() || given.hasattr(intern!(py, "__fspath__"))? {
        return Ok(Given::File(given.extract()?));
    }
    if let Some(reader) = table(given)? {
        return Ok(Given::Batches(reader));
    }
    // A lazy frame of polars looks as if one could iterate over it.
    let is_query = given.hasattr(intern!(py, "collect"))?;
    let Some(tables) = given.try_iter().ok().filter(|_| !is_query) else {
        return Err(error::no_audience(given));
    };
    Ok(Given::Batches(Box::new(Tables::new(tables)?)))
}

/// The batches of a table; none if it is no table.
fn table(given: &Bound<'_, PyAny>) -> PyResult<Option<Reader>> {
    let py = given.py();
    let stream = intern!(py, "__arrow_c_stream__");
    let array = intern!(py, "__arrow_c_array__");
    let taken = if given.hasattr(stream)? {
        match Nulls::left_out(given)? {
            None => arrow::stream_in(&given.call_method0(stream)?),
            Some((rest, nulls)) => {
                arrow::stream_in(&rest.call_method0(stream)?).map(|rest| nulls.put_back(rest))
            }
        }
    } else if given.hasattr(array)? {
        let (schema, array): (Bound<'_, PyAny>, Bound<'_, PyAny>) =
            given.call_method0(array)?.extract()?;
        arrow::batch_in(&schema, &array).map(|batch| {
            let schema = batch.schema();
            Box::new(RecordBatchIterator::new([Ok(batch)], schema)) as Reader
        })
    } else {
        return Ok(None);
    };
    taken.map(Some).map_err(|problem| error::of_table(py, &problem))
}

/// Batches of the tables that Python code gives one after the other, all with the columns of the
/// first.
struct Tables {
    tables: Py<PyIterator>,
    /// Tables taken so far.
    taken: usize,
    /// Of the table that was taken last.
    batches: Option<Reader>,
    schema: SchemaRef,
}

impl Tables {
    fn new(tables: Bound<'_, PyIterator>) -> PyResult<Self> {
        let py = tables.py();
        let first = { tables.clone() }.next().ok_or_else(|| error::no_table(py))??;
        let batches = table(&first)?.ok_or_else(|| error::no_table_at(&first, 0))?;
        // Whether a column may be null differs from table to table, and is ignored.
        let may_be_null = |field: &Arc<Field>| Arc::new(Field::clone(field).with_nullable(true));
        let found = batches.schema();
        let fields: Vec<_> = found.fields().iter().map(may_be_null).collect();
        let schema = Arc::new(Schema::new(fields).with_metadata(found.metadata().clone()));
        Ok(Self { tables: tables.unbind(), taken: 1, batches: Some(batches), schema })
    }

    /// The batches of the next table, for which Python code is asked.
    fn following(&mut self) -> Option<Result<Reader, ArrowError>> {
        let following = Python::try_attach(|py| {
            let found = { self.tables.bind(py).clone() }.next()?;
            let batches = found.and_then(|found| {
                table(&found)?.ok_or_else(|| error::no_table_at(&found, self.taken))
            });
            let batches =
                batches.and_then(|batches| match differs(&self.schema, &batches.schema()) {
                    Some(column) => Err(error::other_columns(py, self.taken, &column)),
                    None => Ok(batches),
                });
            Some(batches.map_err(arrow::raised))
        });
        self.taken += 1;
        // None at all: the interpreter has ended, and whoever asks ends with it.
        following.flatten()
    }
}

impl Iterator for Tables {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(batch) = self.batches.as_mut().and_then(Iterator::next) {
                return Some(batch.and_then(|batch| {
                    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
                    RecordBatch::try_new_with_options(
                        Arc::clone(&self.schema),
                        batch.columns().to_vec(),
                        &options,
                    )
                }));
            }
            self.batches = None;
            match self.following()? {
                Ok(batches) => self.batches = Some(batches),
                Err(problem) => return Some(Err(problem)),
            }
        }
    }
}

impl RecordBatchReader for Tables {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// What the first column that is another than expected is called; the name of one that is missing.
fn differs(expected: &Schema, found: &Schema) -> Option<String> {
    let mut expected = expected.fields().iter();
    let mut found = found.fields().iter();
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return None,
            (Some(expected), Some(found))
                if expected.name() == found.name() && expected.data_type() == found.data_type() => {
            }
            (Some(column), _) | (None, Some(column)) => return Some(column.name().clone()),
        }
    }
}

/// Batches of no more than so many rows: the same memory in smaller pieces, so that threads have
/// something to share, results stay small and an interruption is seen soon.
pub(crate) struct Pieces {
    batches: Reader,
    rows_max: usize,
    waiting: VecDeque<RecordBatch>,
}

impl Pieces {
    pub(crate) fn new(batches: Reader, rows_max: usize) -> Self {
        Self { batches, rows_max, waiting: VecDeque::new() }
    }
}

impl Iterator for Pieces {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(piece) = self.waiting.pop_front() {
            return Some(Ok(piece));
        }
        let batch = match self.batches.next()? {
            Ok(batch) => batch,
            Err(problem) => return Some(Err(problem)),
        };
        let rows = batch.num_rows();
        // One that has more rows than any audience stays whole: the screening refuses it before it
        // judges any.
        if rows <= self.rows_max || rows as u64 > AUDIENCE_ROWS_MAX {
            return Some(Ok(batch));
        }
        self.waiting.extend(
            (0..rows)
                .step_by(self.rows_max)
                .map(|first| batch.slice(first, self.rows_max.min(rows - first))),
        );
        self.waiting.pop_front().map(Ok)
    }
}

impl RecordBatchReader for Pieces {
    fn schema(&self) -> SchemaRef {
        self.batches.schema()
    }
}
