//! CSV: RFC 4180 with a heading, as [`cleartosend::expert::csv`] reads it.
//!
//! A cell without anything in it is null, in quotation marks or not; a row of such cells is a row.

use std::collections::BTreeSet;
use std::io::Read;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field};
use cleartosend::expert::csv::Records;

use super::columns::Columns;
use super::{Audience, Bytes, Lines, ReadOptions};
use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::COLUMNS_MAX;
use crate::mapping::{CheckedMapping, Conversion, Encoding, UNREADABLE};

pub(super) fn read(input: Bytes, options: &ReadOptions) -> Result<Audience, AudienceError> {
    let progress = input.progress.clone();
    let encoding = options.mapping.as_ref().and_then(|mapping| mapping.encoding);
    let input: Box<dyn Read + Send> = match encoding {
        Some(encoding) => encoding.read(input),
        None => Box::new(input),
    };
    let mut records = Records::new(input, options.separator.byte());
    if !records.advance().map_err(|problem| error::of_record(&problem))? {
        return Err(error::no_heading());
    }
    let line = records.line();
    let mut columns = Columns::new();
    let heading: Vec<&str> =
        records.cells().map_err(|problem| error::of_record(&problem))?.collect();
    check_heading(line, &heading)?;
    check_letters(line, &heading, encoding)?;
    if heading.len() > COLUMNS_MAX {
        return Err(error::too_many_columns(line));
    }
    let mut names = BTreeSet::new();
    for name in &heading {
        if !options.skips(name) && !names.insert(*name) {
            return Err(error::repeated_column(line, name));
        }
    }
    let places = match &options.mapping {
        Some(mapping) => mapped(line, &heading, options, mapping, &mut columns)?,
        None => heading
            .iter()
            .map(|name| {
                let is_read = !options.skips(name);
                Vec::from_iter(is_read.then(|| Target::new(&mut columns, name, None)))
            })
            .collect(),
    };
    let schema = columns.schema();
    let lines = Lines::default();
    let table = Table { records, columns, places, encoding, lines: lines.clone() };
    Ok(Audience::new(schema, table, Format::Csv, progress).with_lines(lines))
}

/// Where the cells of a table go that is mapped, or everything that is wrong with its heading.
fn mapped(
    line: u64,
    heading: &[&str],
    options: &ReadOptions,
    mapping: &CheckedMapping,
    columns: &mut Columns,
) -> Result<Vec<Vec<Target>>, AudienceError> {
    let mut problems: Vec<String> = mapping
        .names()
        .filter(|(name, _)| !heading.contains(name))
        .map(|(name, path)| error::no_such_column(name, path, heading.iter().copied()))
        .collect();
    let mut given = BTreeSet::new();
    let mut places = Vec::with_capacity(heading.len());
    for name in heading {
        let mut targets = Vec::new();
        let is_kept = options.kept.iter().any(|kept| kept == name);
        let is_mapped = mapping.names().any(|(mapped, _)| mapped == *name);
        match mapping.of(name) {
            Some(_) if options.skips(name) => {
                if is_mapped {
                    problems.push(error::mapped_and_ignored(name));
                }
            }
            Some((path, conversion)) => {
                if !given.insert(path) {
                    problems.push(error::mapped_twice(name, path));
                }
                targets.push(Target::new(columns, path, Some(conversion.clone())));
                if is_kept && path != *name {
                    targets.push(Target::new(columns, name, None));
                }
            }
            None if is_kept => targets.push(Target::new(columns, name, None)),
            None if options.skips(name) => {}
            None => problems.push(error::unmapped(name)),
        }
        places.push(targets);
    }
    if problems.is_empty() { Ok(places) } else { Err(error::heading(line, &problems)) }
}

/// Refuses cells with bytes that are no letter of the encoding.
fn check_letters(
    line: u64,
    cells: &[&str],
    encoding: Option<Encoding>,
) -> Result<(), AudienceError> {
    match encoding {
        Some(encoding) if cells.iter().any(|cell| cell.contains(UNREADABLE)) => {
            Err(error::not_encoded(line, encoding))
        }
        _ => Ok(()),
    }
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

/// Where a cell goes, and as what.
struct Target {
    column: usize,
    name: String,
    conversion: Option<Conversion>,
}

impl Target {
    fn new(columns: &mut Columns, name: &str, conversion: Option<Conversion>) -> Self {
        let column = columns.len();
        columns.add(Field::new(name, DataType::Utf8, true));
        Self { column, name: name.to_owned(), conversion }
    }
}

struct Table {
    records: Records<Box<dyn Read + Send>>,
    columns: Columns,
    /// For each cell of a row the columns that it fills.
    places: Vec<Vec<Target>>,
    encoding: Option<Encoding>,
    lines: Lines,
}

impl Iterator for Table {
    type Item = Result<RecordBatch, AudienceError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batch().transpose()
    }
}

impl Table {
    fn batch(&mut self) -> Result<Option<RecordBatch>, AudienceError> {
        let Self { records, columns, places, encoding, lines } = self;
        while !columns.are_full()
            && records.advance().map_err(|problem| error::of_record(&problem))?
        {
            let line = records.line();
            // Of one column, an empty line may be a row with an empty cell: programs differ.
            let gap = records.gap();
            if places.len() == 1 && gap > 0 {
                return Err(error::cell_count(line.saturating_sub(1), 0, 1));
            }
            lines.pass_over(gap);
            if records.len() != places.len() {
                return Err(error::cell_count(line, records.len(), places.len()));
            }
            let cells = records.cells().map_err(|problem| error::of_record(&problem))?;
            for (cell, targets) in cells.zip(places.iter()) {
                check_letters(line, &[cell], *encoding)?;
                for target in targets {
                    put(columns, target, cell, line)?;
                }
            }
            columns.end_row();
            lines.tell(line);
        }
        columns.take(Format::Csv)
    }
}

/// Puts a cell into a column.
fn put(columns: &mut Columns, target: &Target, cell: &str, line: u64) -> Result<(), AudienceError> {
    match &target.conversion {
        None => columns.put(target.column, Some(cell).filter(|cell| !cell.is_empty())),
        Some(conversion) => match conversion.of(cell) {
            Ok(value) => columns.put(target.column, value.as_deref()),
            Err(problem) => {
                return Err(error::not_covered(line, &target.name, cell, &problem.words));
            }
        },
    }
    Ok(())
}
