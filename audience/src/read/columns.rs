//! Columns of texts, filled row by row.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::{BATCH_BYTES, BATCH_ROWS};

pub(super) struct Columns {
    pub(super) schema: SchemaRef,
    texts: Vec<StringBuilder>,
    rows: usize,
    bytes: usize,
}

impl Columns {
    pub(super) fn new() -> Self {
        Self { schema: Arc::new(Schema::empty()), texts: Vec::new(), rows: 0, bytes: 0 }
    }

    /// Adds a column, null in the rows so far.
    pub(super) fn add(&mut self, name: &str) {
        let fields = self.schema.fields().iter().cloned().chain([Arc::new(Field::new(name, DataType::Utf8, true))]);
        self.schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let mut text = StringBuilder::new();
        text.append_nulls(self.rows);
        self.texts.push(text);
    }

    /// Puts a text, or null, into the row that is being filled. To be called at most once for each column and row.
    pub(super) fn put(&mut self, column: usize, text: Option<&str>) {
        self.bytes += text.map_or(0, str::len);
        if let Some(texts) = self.texts.get_mut(column) {
            texts.append_option(text);
        }
    }

    /// Ends a row: columns that were not filled are null.
    pub(super) fn end_row(&mut self) {
        self.rows += 1;
        for texts in &mut self.texts {
            if arrow_array::builder::ArrayBuilder::len(texts) < self.rows {
                texts.append_null();
            }
        }
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
        let columns: Vec<ArrayRef> = self.texts.iter_mut().map(|texts| -> ArrayRef { Arc::new(texts.finish()) }).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        (self.rows, self.bytes) = (0, 0);
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options);
        batch.map(Some).map_err(|problem| error::of_arrow(format, &problem))
    }
}
