//! How does a record keep in which way a file was read, and another written?

use std::path::Path;

use cleartosend::schema::Schema;
use cleartosend_audience::{Format, MappingErrors, ReadOptions, Separator};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::columns::{Columns, LeftOut, read_options};
use crate::declared::{Declared, DeclaredColumn};

/// How a file of recipients was read, as records of screenings keep it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReadAs {
    /// Its format.
    pub format: Format,
    /// What stands between its cells, where it is CSV.
    pub separator: Separator,
    /// What it means that a line leaves a member out, where it is NDJSON.
    pub left_out: LeftOut,
    /// What was declared of its columns.
    pub declared: Declared,
}

/// The same in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadAsJson {
    /// The extension of files of that format.
    format: String,
    separator: String,
    left_out_is_null: bool,
    declared: Declared,
}

impl ReadAs {
    /// A file that was read like this.
    pub const fn new(
        format: Format,
        separator: Separator,
        left_out: LeftOut,
        declared: Declared,
    ) -> Self {
        Self { format, separator, left_out, declared }
    }

    /// A file that was read as its name says, and of which no more was declared than its columns
    /// and a time zone; `None` where its name does not tell its format.
    pub fn named(file: &Path, columns: &Columns<'_>, time_zone: Option<&str>) -> Option<Self> {
        let column = |(name, attribute): &(String, String)| {
            let attribute = attribute.clone();
            (name.clone(), DeclaredColumn { attribute, ..DeclaredColumn::default() })
        };
        let declared = Declared {
            columns: columns.names.iter().map(column).collect(),
            keep: columns.keep.to_vec(),
            ignore: columns.ignore.to_vec(),
            time_zone: time_zone.map(str::to_owned),
            ..Declared::default()
        };
        Some(Self::new(Format::of(file)?, Separator::of(file), LeftOut::IsRefused, declared))
    }

    /// How such a file is read so that it can be screened.
    ///
    /// # Errors
    /// All that is wrong with what was declared.
    pub fn options(&self, schema: &Schema) -> Result<ReadOptions, MappingErrors> {
        let declared = &self.declared;
        let (keep, ignore, names) = (&declared.keep, &declared.ignore, &declared.names());
        let columns = Columns { keep, ignore, names };
        let options = read_options(schema, &columns, self.left_out).separator(self.separator);
        Ok(match declared.mapping(self.format, schema)? {
            Some(mapping) => options.mapping(mapping),
            None => options,
        })
    }

    /// What a record keeps.
    pub fn to_json(&self) -> Option<Json> {
        let json = ReadAsJson {
            format: extension_of(self.format),
            separator: word_of(self.separator).to_owned(),
            left_out_is_null: self.left_out == LeftOut::IsNull,
            declared: self.declared.clone(),
        };
        serde_json::to_value(json).ok()
    }

    /// What a record kept.
    ///
    /// # Errors
    /// What no known version wrote, in words.
    pub fn of_json(json: &Json) -> Result<Self, String> {
        let json: ReadAsJson = serde_json::from_value(json.clone())
            .map_err(|error| format!("it says otherwise how its audience was read: {error}"))?;
        let (format, separator) = format_of(&json.format)
            .zip(separator_of(&json.separator))
            .ok_or("its audience was read in a way that is not known")?;
        let left_out = if json.left_out_is_null { LeftOut::IsNull } else { LeftOut::IsRefused };
        Ok(Self::new(format, separator, left_out, json.declared))
    }
}

/// How the file of a result was written, as records of screenings keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrittenAs {
    /// Its format.
    pub format: Format,
    /// What stands between its cells, where it is CSV.
    pub separator: Separator,
}

/// The same in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAsJson {
    /// The extension of files of that format.
    format: String,
    separator: String,
}

impl WrittenAs {
    /// A file that was written like this.
    pub const fn new(format: Format, separator: Separator) -> Self {
        Self { format, separator }
    }

    /// A file that was written as its name says; `None` where that does not tell its format.
    pub fn named(file: &Path) -> Option<Self> {
        Some(Self::new(Format::of(file)?, Separator::of(file)))
    }

    /// What a record keeps.
    pub fn to_json(self) -> Option<Json> {
        let json = WrittenAsJson {
            format: extension_of(self.format),
            separator: word_of(self.separator).to_owned(),
        };
        serde_json::to_value(json).ok()
    }

    /// What a record kept.
    ///
    /// # Errors
    /// What no known version wrote, in words.
    pub fn of_json(json: &Json) -> Result<Self, String> {
        let read: Option<WrittenAsJson> = serde_json::from_value(json.clone()).ok();
        read.and_then(|read| format_of(&read.format).zip(separator_of(&read.separator)))
            .map(|(format, separator)| Self::new(format, separator))
            .ok_or_else(|| "the record says in a way that is not known how it was written".into())
    }
}

fn extension_of(format: Format) -> String {
    format.extensions().first().copied().unwrap_or_default().to_owned()
}

fn format_of(extension: &str) -> Option<Format> {
    Format::of(&Path::new("table").with_extension(extension))
}

const fn word_of(separator: Separator) -> &'static str {
    match separator {
        Separator::Comma => "comma",
        Separator::Semicolon => "semicolon",
        Separator::Tab => "tab",
    }
}

fn separator_of(word: &str) -> Option<Separator> {
    match word {
        "comma" => Some(Separator::Comma),
        "semicolon" => Some(Separator::Semicolon),
        "tab" => Some(Separator::Tab),
        _ => None,
    }
}
