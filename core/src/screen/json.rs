//! Columns whose cells are JSON.
//!
//! A column of texts that says so in its metadata, as `arrow.json`, Arrow's own name for it, holds
//! in each cell the JSON of one member. It is read as a campaign document reads that member: a
//! number is a number and a text a text, whatever the attribute expects.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};

/// Where the metadata of a column say what its cells are.
const EXTENSION: &str = "ARROW:extension:name";
const JSON: &str = "arrow.json";
/// Says of a column that its cells become plain texts where the result repeats it, since only the
/// reader of a file made them JSON.
const PLAIN_IN_RESULT: &str = "cleartosend:plain-in-result";

/// A column of JSON as a reader of files makes it. Where a result repeats it, its cells are plain:
/// texts without quotation marks, anything else as it stands.
pub fn field(name: &str) -> Field {
    let metadata = [(EXTENSION, JSON), (PLAIN_IN_RESULT, "")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()));
    Field::new(name, DataType::Utf8, true)
        .with_metadata(metadata.into_iter().collect::<arrow_schema::Metadata>())
}

/// The columns with plain texts for JSON that only a reader made.
pub fn plain_schema(schema: &Schema) -> Schema {
    let fields = schema.fields().iter().map(plain_field);
    Schema::new(fields.collect::<Vec<_>>()).with_metadata(schema.metadata().clone())
}

/// The rows with plain texts for JSON that only a reader made.
///
/// # Errors
/// None that a batch could be without.
pub fn plain_batch(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = batch.schema();
    if !schema.fields().iter().any(|field| becomes_plain(field)) {
        return Ok(batch.clone());
    }
    let columns = schema
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, column)| plain_column(field, column));
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(plain_schema(&schema)), columns.collect(), &options)
}

/// Whether a column holds JSON.
pub(super) fn is_json(field: &Field) -> bool {
    let is_text =
        matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    is_text && field.metadata().get(EXTENSION).is_some_and(|name| name == JSON)
}

fn becomes_plain(field: &Field) -> bool {
    field.metadata().contains_key(PLAIN_IN_RESULT)
}

pub(super) fn plain_field(field: &Arc<Field>) -> Arc<Field> {
    if !becomes_plain(field) {
        return Arc::clone(field);
    }
    let mut metadata = field.metadata().clone();
    metadata.remove(EXTENSION);
    metadata.remove(PLAIN_IN_RESULT);
    Arc::new(Field::clone(field).with_metadata(metadata))
}

pub(super) fn plain_column(field: &Field, column: &ArrayRef) -> ArrayRef {
    match column.as_string_opt::<i32>() {
        Some(cells) if becomes_plain(field) => {
            let plain = cells
                .iter()
                .map(|json| json.map(|json| string(json).unwrap_or(Cow::Borrowed(json))));
            Arc::new(plain.collect::<StringArray>())
        }
        _ => Arc::clone(column),
    }
}

/// The text that JSON is; none if it is something else.
pub(super) fn string(json: &str) -> Option<Cow<'_, str>> {
    let inside = json.strip_prefix('"')?.strip_suffix('"')?;
    if inside.contains('\\') {
        serde_json::from_str(json).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inside))
    }
}
