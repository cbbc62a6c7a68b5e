//! What do the columns of an audience say: by the command line, and by a table `[audience.NAME]` of
//! the `cts.toml`?
//!
//! What the command line says of a column, a format or an encoding replaces what the table says of
//! it; texts that say nothing, and columns that are kept or ignored, are those of both.

use std::path::Path;

use cleartosend::expert::suggest::nearest;
use cleartosend::schema::Schema;
use cleartosend_audience::{
    CheckedMapping, ColumnMapping, Country, DateFormat, Encoding, Format, Mapping, Separator,
};

use serde::{Deserialize, Serialize};

use crate::arguments::Screen;
use crate::commands::{Columns, LeftOut};
use crate::config::Config;
use crate::failure::Failure;

/// How a file of recipients was read, as records of screenings keep it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadAs {
    /// The extension of files of that format.
    format: String,
    separator: String,
    left_out_is_null: bool,
    declared: Declared,
}

impl ReadAs {
    pub(crate) fn new(
        format: Format,
        separator: Separator,
        left_out: LeftOut,
        declared: Declared,
    ) -> Self {
        Self {
            format: extension_of(format),
            separator: word_of(separator).to_owned(),
            left_out_is_null: left_out == LeftOut::IsNull,
            declared,
        }
    }

    pub(crate) fn to_json(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self).ok()
    }

    /// What a record keeps.
    ///
    /// # Errors
    /// What no version of the command that is known wrote.
    pub(crate) fn of_json(json: &serde_json::Value) -> Result<Self, String> {
        let read: Self = serde_json::from_value(json.clone())
            .map_err(|error| format!("it says otherwise how its audience was read: {error}"))?;
        match read.format().is_some() && read.separator().is_some() {
            true => Ok(read),
            false => Err("its audience was read in a way that is not known".to_owned()),
        }
    }

    pub(crate) fn format(&self) -> Option<Format> {
        format_of(&self.format)
    }

    pub(crate) fn separator(&self) -> Option<Separator> {
        separator_of(&self.separator)
    }

    pub(crate) fn left_out(&self) -> LeftOut {
        if self.left_out_is_null { LeftOut::IsNull } else { LeftOut::IsRefused }
    }

    pub(crate) fn declared(&self) -> &Declared {
        &self.declared
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

/// How the file of a result was written, as records of screenings keep it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenAs {
    /// The extension of files of that format.
    format: String,
    separator: String,
}

impl WrittenAs {
    pub(crate) fn new(format: Format, separator: Separator) -> Self {
        Self { format: extension_of(format), separator: word_of(separator).to_owned() }
    }

    pub(crate) fn to_json(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self).ok()
    }

    /// The format and the separator that a record keeps.
    ///
    /// # Errors
    /// What no version of the command that is known wrote.
    pub(crate) fn read(json: &serde_json::Value) -> Result<(Format, Separator), String> {
        let read: Option<Self> = serde_json::from_value(json.clone()).ok();
        read.and_then(|read| format_of(&read.format).zip(separator_of(&read.separator)))
            .ok_or_else(|| "the record says in a way that is not known how it was written".into())
    }
}

/// How a record keeps that a result was written as its file's name says.
pub fn written_as(file: &Path) -> Option<serde_json::Value> {
    WrittenAs::new(Format::of(file)?, Separator::of(file)).to_json()
}

/// How a record keeps that a file was read of which nothing else was declared.
pub fn read_as(
    file: &Path,
    columns: &Columns<'_>,
    time_zone: Option<&str>,
) -> Option<serde_json::Value> {
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
    ReadAs::new(Format::of(file)?, Separator::of(file), LeftOut::IsRefused, declared).to_json()
}

/// What is declared of an audience.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declared {
    pub(crate) columns: Vec<(String, DeclaredColumn)>,
    pub(crate) nulls: Vec<String>,
    pub(crate) date_format: Option<String>,
    pub(crate) time_zone: Option<String>,
    pub(crate) time: Option<String>,
    pub(crate) default_country: Option<String>,
    pub(crate) encoding: Option<String>,
    /// Records say it beside what is declared.
    #[serde(skip)]
    pub(crate) separator: Option<Separator>,
    pub(crate) keep: Vec<String>,
    pub(crate) ignore: Vec<String>,
}

/// What is declared of a column.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredColumn {
    pub(crate) attribute: String,
    pub(crate) values: Vec<(String, String)>,
    pub(crate) date_format: Option<String>,
    pub(crate) time: Option<String>,
}

impl Declared {
    /// What is declared of the audience of a call.
    pub(crate) fn of(arguments: &Screen, config: Option<&Config>) -> Result<Self, Failure> {
        let mut declared = match &arguments.mapped.mapping {
            None => Self::default(),
            Some(name) => named(name, config)?,
        };
        let mapped = &arguments.mapped;
        refuse_twice(arguments)?;
        for (column, attribute) in &arguments.names {
            let attribute = attribute.clone();
            declared.columns.retain(|(known, _)| known != column);
            let said = DeclaredColumn { attribute, ..DeclaredColumn::default() };
            declared.columns.push((column.clone(), said));
        }
        for (attribute, word, value) in &mapped.values {
            let pair = (word.clone(), value.clone());
            match declared.columns.iter_mut().find(|(_, column)| column.attribute == *attribute) {
                Some((_, column)) => {
                    column.values.retain(|(known, _)| known != word);
                    column.values.push(pair);
                }
                // A column that is called by its attribute.
                None => {
                    let attribute = attribute.clone();
                    let said = DeclaredColumn {
                        attribute: attribute.clone(),
                        values: vec![pair],
                        ..DeclaredColumn::default()
                    };
                    declared.columns.push((attribute, said));
                }
            }
        }
        declared.nulls.extend(mapped.nulls.iter().cloned());
        replace(&mut declared.date_format, &mapped.date_format);
        replace(&mut declared.time_zone, &arguments.time_zone);
        replace(&mut declared.time, &mapped.time);
        replace(&mut declared.default_country, &mapped.default_country);
        replace(&mut declared.encoding, &mapped.encoding);
        declared.keep.extend(arguments.keep.iter().cloned());
        declared.ignore.extend(arguments.ignore.iter().cloned());
        Ok(declared)
    }

    /// Columns, each with the attribute that it holds.
    pub(crate) fn names(&self) -> Vec<(String, String)> {
        let names = self.columns.iter().map(|(name, column)| (name, &column.attribute));
        names.map(|(name, attribute)| (name.clone(), attribute.clone())).collect()
    }

    /// Whether it declares more than the attribute of each column.
    fn is_of_cells(&self) -> bool {
        let of_column =
            |column: &DeclaredColumn| !column.values.is_empty() || column.date_format.is_some();
        !self.nulls.is_empty()
            || self.date_format.is_some()
            || self.default_country.is_some()
            || self.encoding.is_some()
            || self.columns.iter().any(|(_, column)| of_column(column))
    }

    /// The mapping of a table in CSV; none where nothing is declared, or where the table has types
    /// and names alone are declared.
    ///
    /// # Errors
    /// All problems at once.
    pub(crate) fn mapping(
        &self,
        format: Format,
        schema: &Schema,
    ) -> Result<Option<CheckedMapping>, Failure> {
        if format != Format::Csv {
            return match self.is_of_cells() {
                true => Err(Failure::new(&format!(
                    "value maps, date formats, a default country, texts that say nothing and an \
                     encoding are of CSV, and the audience is {format}"
                ))),
                false => Ok(None),
            };
        }
        if self.columns.is_empty() && !self.is_of_cells() {
            return Ok(None);
        }
        let checked = self.as_mapping().and_then(|mapping| mapping.checked(schema));
        checked.map(Some).map_err(|problems| {
            Failure::of_all_lines(&problems).unwrap_or_else(|| Failure::new("a bad mapping"))
        })
    }

    /// The mapping, without regard to what attributes there are.
    pub(crate) fn as_mapping(&self) -> Result<Mapping, Vec<String>> {
        let mut problems = Vec::new();
        let mut mapping = Mapping::new();
        let zone = self.time_zone.as_deref();
        if let Some(format) = &self.date_format {
            match DateFormat::new(format, zone, self.time.as_deref()) {
                Ok(format) => mapping = mapping.date_format(format),
                Err(error) => problems.push(error.to_string()),
            }
        }
        if let Some(country) = &self.default_country {
            match Country::named(country) {
                Ok(country) => mapping = mapping.default_country(country),
                Err(error) => problems.push(error.to_string()),
            }
        }
        if let Some(encoding) = &self.encoding {
            match Encoding::named(encoding) {
                Ok(encoding) => mapping = mapping.encoding(encoding),
                Err(error) => problems.push(error.to_string()),
            }
        }
        for null in &self.nulls {
            mapping = mapping.null(null);
        }
        for (name, declared) in &self.columns {
            let mut column = ColumnMapping::new(&declared.attribute);
            for (word, value) in &declared.values {
                column = column.value(word, value);
            }
            if let Some(format) = &declared.date_format {
                match DateFormat::new(format, zone, declared.time.as_deref()) {
                    Ok(format) => column = column.date_format(format),
                    Err(error) => problems.push(format!("column `{name}`: {error}")),
                }
            }
            mapping = mapping.column(name, column);
        }
        if problems.is_empty() { Ok(mapping) } else { Err(problems) }
    }
}

/// Refuses a column with two attributes and a word with two values, all at once. What the command
/// line says twice alike is said once.
fn refuse_twice(arguments: &Screen) -> Result<(), Failure> {
    let mut problems = Vec::new();
    for (number, (column, attribute)) in arguments.names.iter().enumerate() {
        let before = arguments.names.iter().take(number);
        for (_, other) in before.filter(|(known, other)| known == column && other != attribute) {
            problems.push(format!("`--map`: column `{column}` is `{other}` and `{attribute}`"));
        }
    }
    let values = &arguments.mapped.values;
    for (number, (attribute, word, value)) in values.iter().enumerate() {
        let before = values.iter().take(number);
        let others = before
            .filter(|(known, said, other)| known == attribute && said == word && other != value);
        for (_, _, other) in others {
            problems.push(format!(
                "`--value`: in `{attribute}` the word `{word}` is `{other}` and `{value}`"
            ));
        }
    }
    Failure::of_all_lines(&problems).map_or(Ok(()), Err)
}

fn named(name: &str, config: Option<&Config>) -> Result<Declared, Failure> {
    let Some(config) = config else {
        return Err(Failure::new(&format!(
            "`--mapping {name}` is a table `[audience.{name}]` of a `cts.toml`, and none is read"
        )));
    };
    config.audiences.get(name).cloned().ok_or_else(|| {
        let known: Vec<&str> = config.audiences.keys().map(String::as_str).collect();
        let help = match (nearest(name, known.iter().copied()), known.is_empty()) {
            (Some(near), _) => format!("; did you mean `{near}`?"),
            (None, false) => format!("; expected one of {}", known.join(", ")),
            (None, true) => String::new(),
        };
        Failure::new(&format!("{} has no table `[audience.{name}]`{help}", config.name))
    })
}

fn replace(declared: &mut Option<String>, given: &Option<String>) {
    if given.is_some() {
        declared.clone_from(given);
    }
}
