//! CSV and NDJSON.

use std::io::Write;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use memchr::{memchr, memchr3};

use super::cells::{self, Cell, Cells};
use crate::error::{self, AudienceError};
use crate::format::{Format, Separator};
use crate::limits::RECORD_BYTES_MAX;

/// Bytes of lines that are gathered before they are sent.
const SENT_BYTES: usize = 1 << 20;

/// What becomes of cells that a spreadsheet would take for a formula.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum Formulas {
    /// They are written as they are.
    #[default]
    AsTheyAre,
    /// They get an apostrophe in front, by which spreadsheets know a text.
    Guarded,
}

/// Between the items of a list in one cell.
const ITEMS: char = ';';

fn check(schema: &Schema, format: Format) -> Result<(), AudienceError> {
    match schema.fields().iter().find(|field| !cells::have_a_form(field.data_type())) {
        Some(field) => Err(error::unwritable_type(field.name(), field.data_type(), format)),
        None => Ok(()),
    }
}

/// A table in CSV.
pub(super) struct Csv<W> {
    pub(super) to: W,
    separator: u8,
    formulas: Formulas,
    lines: Vec<u8>,
}

impl<W: Write> Csv<W> {
    pub(super) fn new(
        to: W,
        separator: Separator,
        formulas: Formulas,
        schema: &Schema,
    ) -> Result<Self, AudienceError> {
        check(schema, Format::Csv)?;
        let mut table = Self { to, separator: separator.byte(), formulas, lines: Vec::new() };
        for (place, field) in schema.fields().iter().enumerate() {
            if place > 0 {
                table.lines.push(table.separator);
            }
            table.text(field.name());
        }
        table.lines.push(b'\n');
        table.send()?;
        Ok(table)
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), AudienceError> {
        let columns: Vec<Cells<'_>> =
            batch.columns().iter().map(|column| Cells::new(column.as_ref())).collect();
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            let begun = self.lines.len();
            for (place, column) in columns.iter().enumerate() {
                if self.lines.len() - begun > RECORD_BYTES_MAX {
                    return Err(error::row_too_long());
                }
                if place > 0 {
                    self.lines.push(self.separator);
                }
                if column.is_null(row) {
                    continue;
                }
                text.clear();
                let Some((items, values)) = column.items(row) else {
                    match column.cell(row, &mut text) {
                        Cell::Null => {}
                        Cell::Text(text) => self.text(text),
                        Cell::Bare => {
                            self.lines.extend_from_slice(text.trim_matches('"').as_bytes());
                        }
                        Cell::Quoted => quoted(&mut self.lines, &text, self.separator),
                    }
                    continue;
                };
                for (number, item) in items.enumerate() {
                    if number > 0 {
                        text.push(ITEMS);
                    }
                    if let Cell::Text(item) = values.cell(item, &mut text) {
                        text.push_str(item);
                    }
                    if text.len() > RECORD_BYTES_MAX {
                        return Err(error::row_too_long());
                    }
                }
                if !text.is_empty() {
                    self.text(&text);
                }
            }
            self.lines.push(b'\n');
            if self.lines.len() >= SENT_BYTES {
                self.send()?;
            }
        }
        self.send()
    }

    /// A text as a cell.
    fn text(&mut self, text: &str) {
        if self.formulas == Formulas::Guarded && is_formula(text) {
            quoted(&mut self.lines, &format!("'{text}"), self.separator);
        } else {
            quoted(&mut self.lines, text, self.separator);
        }
    }

    fn send(&mut self) -> Result<(), AudienceError> {
        let sent = self
            .to
            .write_all(&self.lines)
            .map_err(|problem| error::unwritten(&problem.to_string()));
        self.lines.clear();
        sent
    }
}

/// Whether a spreadsheet would take a text for a formula: by its first character, also behind
/// blanks.
fn is_formula(text: &str) -> bool {
    text.starts_with(['\t', '\r'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// A cell, in quotation marks where it needs them: to keep it whole, or to tell a text without
/// anything in it from null.
fn quoted(into: &mut Vec<u8>, text: &str, separator: u8) {
    let is_special = || {
        memchr(separator, text.as_bytes()).is_some()
            || memchr3(b'"', b'\n', b'\r', text.as_bytes()).is_some()
    };
    if !text.is_empty() && !is_special() {
        into.extend_from_slice(text.as_bytes());
        return;
    }
    into.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            into.push(b'"');
        }
        into.push(byte);
    }
    into.push(b'"');
}

/// A table in NDJSON.
pub(super) struct Ndjson<W> {
    pub(super) to: W,
    /// For each column what comes before its value: the names, written once.
    names: Vec<Vec<u8>>,
    lines: Vec<u8>,
}

impl<W: Write> Ndjson<W> {
    pub(super) fn new(to: W, schema: &Schema) -> Result<Self, AudienceError> {
        check(schema, Format::Ndjson)?;
        let name = |(place, field): (usize, &arrow_schema::FieldRef)| {
            let mut name = vec![if place == 0 { b'{' } else { b',' }];
            json(&mut name, field.name());
            name.push(b':');
            name
        };
        Ok(Self {
            to,
            names: schema.fields().iter().enumerate().map(name).collect(),
            lines: Vec::new(),
        })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), AudienceError> {
        let columns: Vec<Cells<'_>> =
            batch.columns().iter().map(|column| Cells::new(column.as_ref())).collect();
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            let begun = self.lines.len();
            for (name, column) in self.names.iter().zip(&columns) {
                if self.lines.len() - begun > RECORD_BYTES_MAX {
                    return Err(error::row_too_long());
                }
                self.lines.extend_from_slice(name);
                if column.is_null(row) {
                    self.lines.extend_from_slice(b"null");
                    continue;
                }
                let Some((items, values)) = column.items(row) else {
                    value(&mut self.lines, column, row, &mut text);
                    continue;
                };
                self.lines.push(b'[');
                for (number, item) in items.enumerate() {
                    if number > 0 {
                        self.lines.push(b',');
                    }
                    value(&mut self.lines, values, item, &mut text);
                    if self.lines.len() - begun > RECORD_BYTES_MAX {
                        return Err(error::row_too_long());
                    }
                }
                self.lines.push(b']');
            }
            self.lines.extend_from_slice(b"}\n");
            if self.lines.len() >= SENT_BYTES {
                self.send()?;
            }
        }
        self.send()
    }

    fn send(&mut self) -> Result<(), AudienceError> {
        let sent = self
            .to
            .write_all(&self.lines)
            .map_err(|problem| error::unwritten(&problem.to_string()));
        self.lines.clear();
        sent
    }
}

fn value(into: &mut Vec<u8>, column: &Cells<'_>, row: usize, text: &mut String) {
    text.clear();
    match column.cell(row, text) {
        Cell::Null => into.extend_from_slice(b"null"),
        Cell::Text(text) => json(into, text),
        Cell::Bare => into.extend_from_slice(text.as_bytes()),
        Cell::Quoted => json(into, text),
    }
}

/// A text in JSON.
fn json(into: &mut Vec<u8>, text: &str) {
    let begun = into.len();
    if serde_json::to_writer(&mut *into, text).is_err() {
        // A vector takes everything, and a text can always be written.
        into.truncate(begun);
        into.extend_from_slice(b"null");
    }
}
