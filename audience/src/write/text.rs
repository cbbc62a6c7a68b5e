//! CSV and NDJSON.

use std::io::Write;

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::cells::{self, Cell, Cells};
use crate::error::{self, AudienceError};
use crate::format::{Format, Separator};

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
    lines: Vec<u8>,
}

impl<W: Write> Csv<W> {
    pub(super) fn new(to: W, separator: Separator, schema: &Schema) -> Result<Self, AudienceError> {
        check(schema, Format::Csv)?;
        let mut table = Self { to, separator: separator.byte(), lines: Vec::new() };
        for (place, field) in schema.fields().iter().enumerate() {
            if place > 0 {
                table.lines.push(table.separator);
            }
            quoted(&mut table.lines, field.name(), table.separator);
        }
        table.lines.push(b'\n');
        table.send()?;
        Ok(table)
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), AudienceError> {
        let columns: Vec<Cells<'_>> = batch.columns().iter().map(|column| Cells::new(column.as_ref())).collect();
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            for (place, column) in columns.iter().enumerate() {
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
                        Cell::Text(text) => quoted(&mut self.lines, text, self.separator),
                        Cell::Bare => self.lines.extend_from_slice(text.trim_matches('"').as_bytes()),
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
                }
                if !text.is_empty() {
                    quoted(&mut self.lines, &text, self.separator);
                }
            }
            self.lines.push(b'\n');
        }
        self.send()
    }

    fn send(&mut self) -> Result<(), AudienceError> {
        let sent = self.to.write_all(&self.lines).map_err(|problem| error::unwritten(&problem.to_string()));
        self.lines.clear();
        sent
    }
}

/// A cell, in quotation marks where it needs them: to keep it whole, or to tell a text without anything in it from null.
fn quoted(into: &mut Vec<u8>, text: &str, separator: u8) {
    let is_special = |byte: u8| byte == separator || matches!(byte, b'"' | b'\n' | b'\r');
    if !text.is_empty() && !text.bytes().any(is_special) {
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
        Ok(Self { to, names: schema.fields().iter().enumerate().map(name).collect(), lines: Vec::new() })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), AudienceError> {
        let columns: Vec<Cells<'_>> = batch.columns().iter().map(|column| Cells::new(column.as_ref())).collect();
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            for (name, column) in self.names.iter().zip(&columns) {
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
                }
                self.lines.push(b']');
            }
            self.lines.extend_from_slice(b"}\n");
        }
        let sent = self.to.write_all(&self.lines).map_err(|problem| error::unwritten(&problem.to_string()));
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
