//! How does polars hand over columns that hold nothing but nulls?
//!
//! It gives them a buffer, where the C data interface gives them none, and readers that hold arrays
//! to the interface refuse the whole table. What such a column holds is known without asking: it is
//! left out of the frame before the frame is taken, and put back where it stood.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, NullArray, RecordBatch, RecordBatchIterator, RecordBatchOptions, RecordBatchReader,
};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema as ArrowSchema, SchemaRef};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyMapping;

use crate::arrow::Reader;

/// Columns of nulls that a frame is handed over without.
pub(super) struct Nulls {
    /// Where they stand in the frame, in order, and what they are called.
    columns: Vec<(usize, String)>,
    rows: usize,
}

impl Nulls {
    /// The frame without such columns, and what has to be put back; none where there is nothing to
    /// do, as of all that is no frame of polars.
    pub(super) fn left_out<'py>(
        frame: &Bound<'py, PyAny>,
    ) -> PyResult<Option<(Bound<'py, PyAny>, Self)>> {
        let py = frame.py();
        let class = frame.get_type();
        let is_of_polars = class.module()?.to_string_lossy().starts_with("polars.");
        if !is_of_polars || class.name()?.to_string_lossy() != "DataFrame" {
            return Ok(None);
        }
        let types = frame.getattr(intern!(py, "schema"))?.cast_into::<PyMapping>()?.items()?;
        let mut columns = Vec::new();
        for (place, column) in types.iter().enumerate() {
            let (name, ty): (String, Bound<'py, PyAny>) = column.extract()?;
            if ty.str()?.to_string_lossy() == "Null" {
                columns.push((place, name));
            }
        }
        if columns.is_empty() {
            return Ok(None);
        }
        let rows = frame.getattr(intern!(py, "height"))?.extract()?;
        let names: Vec<&String> = columns.iter().map(|(_, name)| name).collect();
        let rest = frame.call_method1(intern!(py, "drop"), (names,))?;
        Ok(Some((rest, Self { columns, rows })))
    }

    /// The batches of the rest, with these columns.
    pub(super) fn put_back(self, rest: Reader) -> Reader {
        let found = rest.schema();
        let mut fields: Vec<FieldRef> = found.fields().iter().cloned().collect();
        for (place, name) in &self.columns {
            let field = Arc::new(Field::new(name, DataType::Null, true));
            fields.insert((*place).min(fields.len()), field);
        }
        let schema = Arc::new(ArrowSchema::new(fields).with_metadata(found.metadata().clone()));
        let places: Vec<usize> = self.columns.iter().map(|(place, _)| *place).collect();
        if found.fields().is_empty() {
            // A frame without columns has no rows, so that none would come back from it.
            let whole = put_back(&schema, &places, &[], self.rows);
            return Box::new(RecordBatchIterator::new([whole], schema));
        }
        Box::new(PutBack { rest, places, schema })
    }
}

/// The batches of a frame with columns of nulls put back.
struct PutBack {
    rest: Reader,
    places: Vec<usize>,
    schema: SchemaRef,
}

impl Iterator for PutBack {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.rest.next()?;
        Some(batch.and_then(|batch| {
            put_back(&self.schema, &self.places, batch.columns(), batch.num_rows())
        }))
    }
}

impl RecordBatchReader for PutBack {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

fn put_back(
    schema: &SchemaRef,
    places: &[usize],
    rest: &[ArrayRef],
    rows: usize,
) -> Result<RecordBatch, ArrowError> {
    let mut columns = rest.to_vec();
    for place in places {
        columns.insert((*place).min(columns.len()), Arc::new(NullArray::new(rows)));
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
}
