//! What does the caller say of a file of recipients, and how is it read for that?

use std::num::NonZeroUsize;

use cleartosend::ScreenOptions;
use cleartosend::schema::{Origin, Schema};
use cleartosend::screen::Texts;
use cleartosend_audience::{Format, ReadOptions};

use crate::declared::Declared;

/// What the caller says of an audience's columns.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    /// Those that the result repeats.
    pub keep: &'a [String],
    /// Those that are of no account.
    pub ignore: &'a [String],
    /// Columns, each with the attribute that it holds.
    pub names: &'a [(String, String)],
}

/// What it means that a line of NDJSON leaves out a member which others tell, where null says that
/// there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum LeftOut {
    /// It gives nothing, and a column cannot express that.
    IsRefused,
    /// It is the same as null.
    IsNull,
}

/// How a file of recipients is read so that it can be screened.
pub fn read_options(schema: &Schema, columns: &Columns<'_>, left_out: LeftOut) -> ReadOptions {
    let Columns { keep, ignore, names } = columns;
    let mut options = ReadOptions::new();
    for column in *keep {
        options = options.keep(column);
    }
    for column in ignore.iter().filter(|column| !keep.contains(column)) {
        options = options.skip(column);
    }
    if left_out == LeftOut::IsRefused {
        let differ = schema.iter().filter(|(_, attribute)| {
            attribute.origin == Origin::Given && attribute.differs_from_null()
        });
        for (_, attribute) in differ {
            let named = names.iter().find(|(_, path)| **path == *attribute.path);
            options = options.required(named.map_or(&attribute.path, |(column, _)| column));
        }
    }
    options
}

/// What is declared of the columns of a table.
pub fn screen_options(declared: &Declared, format: Format, threads: NonZeroUsize) -> ScreenOptions {
    let texts = if format.has_types() { Texts::OfTexts } else { Texts::OfAnything };
    let mut options = ScreenOptions::new().threads(threads).texts(texts);
    for column in &declared.keep {
        options = options.keep(column);
    }
    for column in &declared.ignore {
        options = options.ignore(column);
    }
    // The columns of a table in CSV come by the names of their attributes.
    if format != Format::Csv {
        for (column, attribute) in declared.names() {
            options = options.name(&column, &attribute);
        }
    }
    match &declared.time_zone {
        Some(zone) => options.time_zone(zone),
        None => options,
    }
}
