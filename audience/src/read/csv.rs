//! CSV: RFC 4180 with a heading, as [`cleartosend::expert::csv`] reads it.
//!
//! A cell without anything in it is null, in quotation marks or not; a row of such cells is a row.

use std::collections::BTreeSet;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field};
use cleartosend::expert::csv::Records;

use super::columns::Columns;
use super::{Audience, Bytes, ReadOptions};
use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::COLUMNS_MAX;

pub(super) fn read(input: Bytes, options: &ReadOptions) -> Result<Audience, AudienceError> {
    let progress = input.progress.clone();
    let mut records = Records::new(input, options.separator.byte());
    if !records.advance().map_err(|problem| error::of_record(&problem))? {
        return Err(error::no_heading());
    }
    let line = records.line();
    let mut columns = Columns::new();
    let mut places = Vec::with_capacity(records.len());
    let mut names = BTreeSet::new();
    let heading: Vec<&str> =
        records.cells().map_err(|problem| error::of_record(&problem))?.collect();
    check_heading(line, &heading)?;
    for name in heading {
        let is_read = !options.skips(name);
        if is_read && !names.insert(name.to_owned()) {
            return Err(error::repeated_column(line, name));
        }
        places.push(is_read.then(|| columns.len()));
        if is_read {
            columns.add(Field::new(name, DataType::Utf8, true));
        }
        if places.len() > COLUMNS_MAX {
            return Err(error::too_many_columns(line));
        }
    }
    let schema = columns.schema();
    Ok(Audience::new(schema, Table { records, columns, places }, Format::Csv, progress))
}

/// Refuses what is no line of column names, before its columns are looked for in vain.
fn check_heading(line: u64, heading: &[&str]) -> Result<(), AudienceError> {
    let first = heading.first().copied().unwrap_or_default();
    if heading.iter().any(|name| name.contains('\r')) {
        return Err(error::lines_end_in_returns(line));
    }
    if first.starts_with("sep=") {
        return Err(error::separator_line(line));
    }
    let other = [(';', "a semicolon"), ('\t', "a tab"), (',', "a comma")];
    match (heading, other.iter().find(|(separator, _)| first.contains(*separator))) {
        ([_], Some((_, name))) => Err(error::other_separator(line, first, name)),
        _ => Ok(()),
    }
}

struct Table {
    records: Records<Bytes>,
    columns: Columns,
    /// For each cell of a row its column, if it is read.
    places: Vec<Option<usize>>,
}

impl Iterator for Table {
    type Item = Result<RecordBatch, AudienceError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batch().transpose()
    }
}

impl Table {
    fn batch(&mut self) -> Result<Option<RecordBatch>, AudienceError> {
        let Self { records, columns, places } = self;
        while !columns.are_full()
            && records.advance().map_err(|problem| error::of_record(&problem))?
        {
            if records.len() != places.len() {
                return Err(error::cell_count(records.line(), records.len(), places.len()));
            }
            let cells = records.cells().map_err(|problem| error::of_record(&problem))?;
            for (cell, place) in cells.zip(places.iter()) {
                if let Some(column) = *place {
                    columns.put(column, Some(cell).filter(|cell| !cell.is_empty()));
                }
            }
            columns.end_row();
        }
        columns.take(Format::Csv)
    }
}
