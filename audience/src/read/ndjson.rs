//! NDJSON: a JSON object a line.
//!
//! Members are named by path, `"recipient.phone": …`, or stand in each other,
//! `"recipient": {"phone": …}`; objects under `recipient` and `x` are opened. Every cell is the
//! JSON of its member, so that a number stays a number and a text a text, and the column says so.
//! The rows of the first batch decide which columns there are.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use arrow_array::RecordBatch;
use cleartosend::expert::csv::Lines;
use cleartosend::screen::json;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::columns::Columns;
use super::{Audience, Bytes, ReadOptions};
use crate::error::{self, AudienceError};
use crate::format::Format;
use crate::limits::{COLUMNS_MAX, DEPTH_MAX};

/// Members whose objects are opened, as in a campaign document.
const OPENED: [&str; 2] = ["recipient", "x"];

pub(super) fn read(input: Bytes, options: &ReadOptions) -> Result<Audience, AudienceError> {
    let progress = input.progress.clone();
    let starts = super::Lines::default();
    let mut table = Table {
        lines: Lines::new(input),
        starts: starts.clone(),
        buffer: Vec::new(),
        columns: Columns::new(),
        places: BTreeMap::new(),
        states: Vec::new(),
        options: options.clone(),
        rows: 0,
        columns_known_at: None,
    };
    let first = table.batch()?;
    table.columns_known_at = Some(table.rows);
    let schema = table.columns.schema();
    let batches = first.map(Ok).into_iter().chain(table);
    Ok(Audience::new(schema, batches, Format::Ndjson, progress).with_lines(starts))
}

struct Table {
    lines: Lines<Bytes>,
    /// Where rows begin, for whoever asks.
    starts: super::Lines,
    buffer: Vec<u8>,
    columns: Columns,
    /// Columns by name; none for those that are skipped.
    places: BTreeMap<String, Option<usize>>,
    states: Vec<State>,
    options: ReadOptions,
    rows: u64,
    /// After so many rows no new columns are taken.
    columns_known_at: Option<u64>,
}

/// Of a column: which line gave it last, and the first of a batch that did not, if that is refused.
struct State {
    given_on: u64,
    is_required: bool,
    left_out_on: Option<u64>,
}

impl Iterator for Table {
    type Item = Result<RecordBatch, AudienceError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batch().transpose()
    }
}

impl Table {
    fn batch(&mut self) -> Result<Option<RecordBatch>, AudienceError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut first_line = None;
        while !self.columns.are_full() {
            let Some(line) =
                self.lines.next(&mut buffer).map_err(|problem| error::of_record(&problem))?
            else {
                break;
            };
            if line.trim_ascii().is_empty() {
                continue;
            }
            let number = self.lines.number();
            first_line.get_or_insert(number);
            let line = std::str::from_utf8(line).map_err(|_| error::not_utf8(number))?;
            for (Name(name), value) in members(line, number)? {
                self.member(&name, value, number, 0, first_line)?;
            }
            for state in
                self.states.iter_mut().filter(|state| state.is_required && state.given_on != number)
            {
                state.left_out_on.get_or_insert(number);
            }
            self.columns.end_row();
            self.starts.tell(number);
            self.rows += 1;
        }
        self.buffer = buffer;
        // A column that appeared late in the first batch was left out before.
        let left_out = self
            .states
            .iter()
            .enumerate()
            .filter_map(|(column, state)| Some((state.left_out_on?, column)));
        if let Some((line, column)) = left_out.min() {
            return Err(error::missing_member(line, self.columns.name(column)));
        }
        self.columns.take(Format::Ndjson)
    }

    /// Puts a member into its column, or those of an object into theirs.
    fn member(
        &mut self,
        name: &str,
        value: &RawValue,
        line: u64,
        depth: usize,
        first_line: Option<u64>,
    ) -> Result<(), AudienceError> {
        let json = value.get();
        let is_opened = json.starts_with('{') && (depth > 0 || OPENED.contains(&name));
        if is_opened {
            if depth >= DEPTH_MAX {
                return Err(error::too_deep(line));
            }
            for (Name(inner), value) in members(json, line)? {
                self.member(&format!("{name}.{inner}"), value, line, depth + 1, first_line)?;
            }
            return Ok(());
        }
        // A null for a whole object gives none of its members.
        if json == "null" && depth == 0 && OPENED.contains(&name) {
            return Ok(());
        }
        let Some(column) = self.column(name, line, first_line)? else { return Ok(()) };
        if let Some(state) = self.states.get_mut(column) {
            if state.given_on == line {
                return Err(error::repeated_member(line, name));
            }
            state.given_on = line;
        }
        self.columns.put(column, Some(json).filter(|json| *json != "null"));
        Ok(())
    }

    /// The column of that name, which is made if it is new; none if it is skipped.
    fn column(
        &mut self,
        name: &str,
        line: u64,
        first_line: Option<u64>,
    ) -> Result<Option<usize>, AudienceError> {
        if let Some(known) = self.places.get(name) {
            return Ok(*known);
        }
        let is_skipped = self.options.skips(name);
        if let (Some(rows), false) = (self.columns_known_at, is_skipped) {
            return Err(error::late_member(line, name, rows));
        }
        if self.places.len() >= COLUMNS_MAX {
            return Err(error::too_many_columns(line));
        }
        let column = (!is_skipped).then_some(self.states.len());
        self.places.insert(name.to_owned(), column);
        if !is_skipped {
            let is_required = self.options.required.iter().any(|required| required == name);
            let left_out_on =
                first_line.filter(|first| is_required && self.columns.rows() > 0 && *first < line);
            self.states.push(State { given_on: 0, is_required, left_out_on });
            self.columns.add(json::field(name));
        }
        Ok(column)
    }
}

/// The members of an object, each of another name.
fn members(json: &str, line: u64) -> Result<Vec<(Name<'_>, &RawValue)>, AudienceError> {
    let Members(members) =
        serde_json::from_str(json).map_err(|problem| error::not_an_object(line, Some(&problem)))?;
    /// Up to which all pairs are compared, which is quicker than to sort.
    const FEW: usize = 16;
    let repeated = if members.len() <= FEW {
        let is_repeated = |(place, (name, _)): &(usize, &(Name<'_>, _))| {
            members.iter().take(*place).any(|(other, _)| other.0 == name.0)
        };
        members.iter().enumerate().find(is_repeated).map(|(_, (name, _))| &*name.0)
    } else {
        let mut seen = BTreeSet::new();
        members.iter().map(|(name, _)| &*name.0).find(|name| !seen.insert(*name))
    };
    match repeated {
        Some(name) => Err(error::repeated_member(line, name)),
        None => Ok(members),
    }
}

/// The members of an object, in order.
struct Members<'a>(Vec<(Name<'a>, &'a RawValue)>);

/// A text, borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfObject;
        impl<'de> Visitor<'de> for OfObject {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(OfObject)
    }
}
