//! Parquet.

use std::fs::File;
use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Encoding;
use parquet::file::metadata::ParquetMetaData;

use super::{Audience, Progress, ReadOptions};
use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::BATCH_ROWS;

pub(super) fn read(file: File, options: &ReadOptions) -> Result<Audience, AudienceError> {
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
        .map_err(|problem| error::of_parquet(&problem))?;
    let wanted = faster(&metadata, options);
    // Types that do not fit the file are refused; then it is read as it says.
    let faster = ArrowReaderMetadata::try_new(
        Arc::clone(metadata.metadata()),
        ArrowReaderOptions::new().with_schema(Arc::new(wanted)),
    );
    let metadata = faster.unwrap_or(metadata);

    let fields = metadata.schema().fields().iter().enumerate();
    let read: Vec<usize> =
        fields.filter(|(_, field)| !options.skips(field.name())).map(|(place, _)| place).collect();
    let mask = ProjectionMask::roots(metadata.parquet_schema(), read);
    let rows = u64::try_from(metadata.metadata().file_metadata().num_rows()).ok();
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
        .with_batch_size(BATCH_ROWS)
        .with_projection(mask);
    let reader = builder.build().map_err(|problem| error::of_parquet(&problem))?;

    let progress = Progress { total: rows, ..Progress::default() };
    let counted = progress.clone();
    let schema = arrow_array::RecordBatchReader::schema(&reader);
    let batches = reader.map(move |batch| match batch {
        Ok(batch) => {
            counted.advance(batch.num_rows() as u64);
            Ok(batch)
        }
        Err(problem) => Err(error::of_arrow(Format::Parquet, &problem)),
    });
    Ok(Audience::new(schema, batches, Format::Parquet, progress))
}

/// The types as which columns of texts are read fastest: dictionaries where the file holds nothing
/// else, else views, which are not copied.
fn faster(metadata: &ArrowReaderMetadata, options: &ReadOptions) -> Schema {
    let field = |(place, field): (usize, &FieldRef)| {
        let is_text = matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8);
        if !is_text || options.kept.iter().any(|kept| kept == field.name()) {
            return Arc::clone(field);
        }
        let ty = if has_dictionaries(metadata.metadata(), place) {
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
        } else {
            DataType::Utf8View
        };
        Arc::new(
            Field::new(field.name(), ty, field.is_nullable())
                .with_metadata(field.metadata().clone()),
        )
    };
    let schema = metadata.schema();
    let fields: Vec<FieldRef> = schema.fields().iter().enumerate().map(field).collect();
    Schema::new(fields).with_metadata(schema.metadata().clone())
}

/// Whether every page of a column refers to a dictionary, as far as the file tells.
fn has_dictionaries(metadata: &ParquetMetaData, root: usize) -> bool {
    let schema = metadata.file_metadata().schema_descr();
    let Some(leaf) =
        (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == root)
    else {
        return false;
    };
    metadata.row_groups().iter().all(|group| {
        group.columns().get(leaf).and_then(|column| column.page_encoding_stats_mask()).is_some_and(
            |pages| {
                pages.is_only(Encoding::RLE_DICTIONARY) || pages.is_only(Encoding::PLAIN_DICTIONARY)
            },
        )
    })
}
