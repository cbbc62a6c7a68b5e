//! CSV: RFC 4180 with a heading.
//!
//! Lines end with LF or CRLF; blank lines are no rows. A cell without anything in it is null, in quotation marks or not. A quotation mark
//! inside a cell that does not begin with one stands for itself.

use arrow_array::RecordBatch;
use memchr::{memchr, memchr_iter};

use super::columns::Columns;
use super::lines::{Lines, without_end};
use super::{Audience, Bytes, ReadOptions};
use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::COLUMNS_MAX;

pub(super) fn read(input: Bytes, options: &ReadOptions) -> Result<Audience, AudienceError> {
    let progress = input.progress.clone();
    let mut records = Records {
        lines: Lines::new(input),
        separator: options.separator.byte(),
        line: Vec::new(),
        bytes: Vec::new(),
        ends: Vec::new(),
        begun: 0,
    };
    if !records.next()? {
        return Err(error::no_heading());
    }
    let mut columns = Columns::new();
    let mut places = Vec::with_capacity(records.ends.len());
    let text = records.text()?;
    for name in cells(text, &records.ends) {
        if columns.schema.column_with_name(name).is_some() {
            return Err(error::repeated_column(records.begun, name));
        }
        let is_read = !options.skips(name);
        places.push(is_read.then(|| columns.schema.fields().len()));
        if is_read {
            columns.add(name);
        }
        if places.len() > COLUMNS_MAX {
            return Err(error::too_many_columns(records.begun));
        }
    }
    let schema = columns.schema.clone();
    Ok(Audience::new(schema, Table { records, columns, places }, Format::Csv, progress))
}

struct Table {
    records: Records,
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
        while !columns.are_full() && records.next()? {
            if records.ends.len() != places.len() {
                return Err(error::cell_count(records.begun, records.ends.len(), places.len()));
            }
            let text = records.text()?;
            for (cell, place) in cells(text, &records.ends).zip(places.iter()) {
                if let Some(column) = *place {
                    columns.put(column, Some(cell).filter(|cell| !cell.is_empty()));
                }
            }
            columns.end_row();
        }
        columns.take(Format::Csv)
    }
}

/// The cells of a record, cut at their ends.
fn cells<'a>(text: &'a str, ends: &'a [usize]) -> impl Iterator<Item = &'a str> {
    let mut begun = 0;
    ends.iter().map(move |end| {
        // INVARIANT: cells end at ASCII, so that no cut goes through a character.
        let cell = text.get(begun..*end).unwrap_or_default();
        begun = *end;
        cell
    })
}

/// Records, one after the other: the cells without quotation marks and separators, each with its end.
struct Records {
    lines: Lines<Bytes>,
    separator: u8,
    line: Vec<u8>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// The line on which the record begins.
    begun: u64,
}

impl Records {
    fn text(&self) -> Result<&str, AudienceError> {
        std::str::from_utf8(&self.bytes).map_err(|_| error::not_utf8(self.begun))
    }

    /// Reads a record; false at the end of the table.
    fn next(&mut self) -> Result<bool, AudienceError> {
        self.bytes.clear();
        self.ends.clear();
        let Some(line) = self.lines.next(&mut self.line)? else { return Ok(false) };
        self.begun = self.lines.number;
        if memchr(b'"', line).is_some() {
            self.quoted()?;
            return Ok(true);
        }
        let mut begun = 0;
        for end in memchr_iter(self.separator, line).chain([line.len()]) {
            self.bytes.extend_from_slice(line.get(begun..end).unwrap_or_default());
            self.ends.push(self.bytes.len());
            begun = end + 1;
        }
        Ok(true)
    }

    /// A record with quotation marks, which may go over several lines.
    fn quoted(&mut self) -> Result<(), AudienceError> {
        let mut place = 0;
        loop {
            if self.line.get(place) == Some(&b'"') {
                place = self.inside(place + 1)?;
                let rest = self.line.get(place..).unwrap_or_default();
                if without_end(rest).first().is_some_and(|byte| *byte != self.separator) {
                    return Err(error::text_after_quote(self.begun, self.ends.len()));
                }
            } else {
                let rest = without_end(self.line.get(place..).unwrap_or_default());
                let cell = rest.get(..memchr(self.separator, rest).unwrap_or(rest.len())).unwrap_or_default();
                self.bytes.extend_from_slice(cell);
                place += cell.len();
            }
            self.ends.push(self.bytes.len());
            if self.line.get(place) != Some(&self.separator) {
                return Ok(());
            }
            place += 1;
        }
    }

    /// What is inside quotation marks, from that place; gives the place after the closing one.
    fn inside(&mut self, mut place: usize) -> Result<usize, AudienceError> {
        loop {
            let rest = self.line.get(place..).unwrap_or_default();
            let Some(end) = memchr(b'"', rest) else {
                self.bytes.extend_from_slice(rest);
                place = self.line.len();
                if !self.lines.append(&mut self.line, self.begun)? {
                    return Err(error::unclosed_quote(self.begun));
                }
                continue;
            };
            self.bytes.extend_from_slice(rest.get(..end).unwrap_or_default());
            place += end + 1;
            if self.line.get(place) != Some(&b'"') {
                return Ok(place);
            }
            self.bytes.push(b'"');
            place += 1;
        }
    }
}
