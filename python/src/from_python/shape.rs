//! How do the columns of a frame become columns of attributes?
//!
//! A column `recipient` of objects, as Spark, BigQuery and nested Parquet have it, is a column for
//! each member. Whole numbers with nulls are numbers with fractions in pandas: such a column is
//! reported cell by cell as JSON, in which `1.0` is a whole number and `1.5` is none.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float16Type, Float32Type, Float64Type};
use arrow_array::{Array as _, ArrayRef, RecordBatch, RecordBatchOptions, RecordBatchReader};
use arrow_array::{StringArray, StructArray};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema as ArrowSchema, SchemaRef};
use cleartosend::Schema;
use cleartosend::expert::value::Scalar;
use cleartosend::screen::json;

use crate::arrow::Reader;

/// The column of objects whose members are columns.
const RECIPIENT: &str = "recipient";

/// An audience whose columns are as screening takes them.
pub(crate) struct Shaped {
    batches: Reader,
    columns: Vec<Column>,
    schema: SchemaRef,
}

/// Where a column comes from.
struct Column {
    place: usize,
    /// The member of an object.
    member: Option<usize>,
    cells: Cells,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cells {
    AsTheyAre,
    /// Numbers, as JSON.
    AsJson,
}

impl Shaped {
    /// The audience as it is, if nothing has to be made of it. A column that is `kept` stays beside
    /// what is made of it, one that is `ignored` is left alone.
    pub(crate) fn of(
        batches: Reader,
        attributes: &Schema,
        kept: &[String],
        ignored: &[String],
        names: &[(String, String)],
    ) -> Reader {
        let found = batches.schema();
        let is_among = |list: &[String], name: &str| list.iter().any(|one| one == name);
        let (mut columns, mut fields): (Vec<Column>, Vec<FieldRef>) = (Vec::new(), Vec::new());
        let mut is_as_it_was = true;
        for (place, field) in found.fields().iter().enumerate() {
            let name = field.name();
            let is_kept = is_among(kept, name);
            let is_ignored = is_among(ignored, name);
            let path = names.iter().find(|(column, _)| column == name);
            let path = path.map_or(&**name, |(_, path)| path);
            if let (DataType::Struct(members), RECIPIENT, false) =
                (field.data_type(), path, is_ignored)
            {
                is_as_it_was = false;
                if is_kept {
                    columns.push(Column { place, member: None, cells: Cells::AsTheyAre });
                    fields.push(Arc::clone(field));
                }
                for (member, inner) in members.iter().enumerate() {
                    let path = format!("{RECIPIENT}.{}", inner.name());
                    let cells = cells(attributes, &path, inner.data_type());
                    columns.push(Column { place, member: Some(member), cells });
                    fields.push(shaped(inner, &path, cells));
                }
                continue;
            }
            let cells = match is_kept || is_ignored {
                true => Cells::AsTheyAre,
                false => cells(attributes, path, field.data_type()),
            };
            is_as_it_was &= cells == Cells::AsTheyAre;
            columns.push(Column { place, member: None, cells });
            fields.push(shaped(field, name, cells));
        }
        if is_as_it_was {
            return batches;
        }
        let schema = ArrowSchema::new(fields).with_metadata(found.metadata().clone());
        Box::new(Self { batches, columns, schema: Arc::new(schema) })
    }

    fn batch(&self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let columns = self.columns.iter().map(|Column { place, member, cells }| {
            let gone = || ArrowError::CDataInterface("the tables have other columns".into());
            let mut column = batch.columns().get(*place).ok_or_else(gone)?;
            if let Some(member) = member {
                let object = column.as_any().downcast_ref::<StructArray>().ok_or_else(gone)?;
                if let Some(row) = (0..object.len()).find(|row| object.is_null(*row)) {
                    return Err(ArrowError::InvalidArgumentError(format!(
                        "`{RECIPIENT}` is null in row {row} of a batch, so that nothing is known of \
                         the recipient; leave the row out, or give an object whose members say what \
                         is known"
                    )));
                }
                column = object.columns().get(*member).ok_or_else(gone)?;
            }
            Ok(match cells {
                Cells::AsTheyAre => Arc::clone(column),
                Cells::AsJson => Arc::new(numbers(column)),
            })
        });
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let columns = columns.collect::<Result<Vec<_>, ArrowError>>()?;
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
    }
}

impl Iterator for Shaped {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batches.next()?;
        Some(batch.and_then(|batch| self.batch(&batch)))
    }
}

impl RecordBatchReader for Shaped {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// How the cells of a column of that type tell an attribute.
fn cells(attributes: &Schema, path: &str, found: &DataType) -> Cells {
    let is_whole = attributes.id(path).is_some_and(|id| {
        let ty = attributes.attribute(id).ty;
        ty.base == Scalar::Int && !ty.is_list()
    });
    match found {
        DataType::Float16 | DataType::Float32 | DataType::Float64 if is_whole => Cells::AsJson,
        _ => Cells::AsTheyAre,
    }
}

fn shaped(field: &FieldRef, name: &str, cells: Cells) -> FieldRef {
    match cells {
        Cells::AsJson => Arc::new(json::field(name)),
        Cells::AsTheyAre if field.name() == name => Arc::clone(field),
        Cells::AsTheyAre => Arc::new(Field::clone(field).with_name(name)),
    }
}

/// Numbers as JSON writes them. What JSON has no number for becomes what no reader of it takes.
fn numbers(column: &ArrayRef) -> StringArray {
    let json = |number: Option<f64>| number.map(|number| number.to_string());
    match column.data_type() {
        DataType::Float16 => {
            column.as_primitive::<Float16Type>().iter().map(|n| json(n.map(f64::from))).collect()
        }
        DataType::Float32 => {
            column.as_primitive::<Float32Type>().iter().map(|n| json(n.map(f64::from))).collect()
        }
        _ => column.as_primitive::<Float64Type>().iter().map(json).collect(),
    }
}
