//! Columns of cells, filled row by row.

use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder as _, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{Field, FieldRef, Schema, SchemaRef};

use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::{BATCH_BYTES, BATCH_ROWS};

/// Bytes that a cell costs besides its text, null or not.
const CELL_BYTES: usize = size_of::<i32>();

pub(super) struct Columns {
    fields: Vec<FieldRef>,
    texts: Vec<StringBuilder>,
    rows: usize,
    bytes: usize,
}

impl Columns {
    pub(super) fn new() -> Self {
        Self { fields: Vec::new(), texts: Vec::new(), rows: 0, bytes: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    pub(super) fn name(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", |field| field.name())
    }

    pub(super) fn schema(&self) -> SchemaRef {
        Arc::new(Schema::new(self.fields.clone()))
    }

    /// Adds a column, null in the rows so far.
    pub(super) fn add(&mut self, field: Field) {
        self.fields.push(Arc::new(field));
        self.texts.push(StringBuilder::new());
        self.bytes += self.rows * CELL_BYTES;
    }

    /// Puts a text, or null, into the row that is being filled. To be called at most once for each
    /// column and row.
    pub(super) fn put(&mut self, column: usize, text: Option<&str>) {
        self.bytes += text.map_or(0, str::len);
        if let Some(texts) = self.texts.get_mut(column) {
            // Rows that left it out are filled up only now, so that a row costs what it tells.
            texts.append_nulls(self.rows.saturating_sub(texts.len()));
            texts.append_option(text);
        }
    }

    /// Ends a row: columns that were not filled are null.
    pub(super) fn end_row(&mut self) {
        self.rows += 1;
        self.bytes += self.fields.len() * CELL_BYTES;
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn are_full(&self) -> bool {
        self.rows >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    /// The rows as a batch, none if there are none, and room for the next.
    pub(super) fn take(&mut self, format: Format) -> Result<Option<RecordBatch>, AudienceError> {
        if self.rows == 0 {
            return Ok(None);
        }
        let rows = self.rows;
        let finish = |texts: &mut StringBuilder| -> ArrayRef {
            texts.append_nulls(rows.saturating_sub(texts.len()));
            Arc::new(texts.finish())
        };
        let columns: Vec<ArrayRef> = self.texts.iter_mut().map(finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        (self.rows, self.bytes) = (0, 0);
        let batch = RecordBatch::try_new_with_options(self.schema(), columns, &options);
        batch.map(Some).map_err(|problem| error::of_arrow(format, &problem))
    }
}
