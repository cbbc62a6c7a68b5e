//! The tables `[audience.NAME]`: what the columns of somebody's exports say.

use std::collections::BTreeMap;

use cleartosend::schema::Schema;
use cleartosend_audience::{MappingErrors, Separator};
use cleartosend_screening::{Declared, DeclaredColumn};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::Reader;

pub(super) const KEYS: &[&str] = &[
    "columns",
    "date_format",
    "default_country",
    "encoding",
    "ignore",
    "keep",
    "null",
    "separator",
    "time",
    "time_zone",
];
pub(super) const COLUMN_KEYS: &[&str] = &["attribute", "date_format", "time", "values"];

/// Every audience that a file declares, by its name.
pub(super) fn audiences(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
) -> BTreeMap<String, Declared> {
    let mut audiences = BTreeMap::new();
    let Some(value) = table.get("audience") else { return audiences };
    let DeValue::Table(tables) = value.get_ref() else {
        reader.wrong_type("audience", value, "a table for each audience, `[audience.NAME]`");
        return audiences;
    };
    for (name, value) in tables {
        let DeValue::Table(table) = value.get_ref() else {
            reader.wrong_type(name.get_ref(), value, "a table");
            continue;
        };
        let declared = audience(reader, name.get_ref(), table);
        if let Err(problems) = check(&declared) {
            for problem in problems.problems() {
                let name = name.get_ref();
                reader.problem(value.span(), &format!("`audience.{name}`: {problem}"));
            }
        }
        audiences.insert(name.get_ref().to_string(), declared);
    }
    audiences
}

/// What is wrong whatever packs come later: their own attributes are left out.
fn check(declared: &Declared) -> Result<(), MappingErrors> {
    let mut known = declared.clone();
    known.columns.retain(|(_, column)| !column.attribute.starts_with("x."));
    let mapping = known.as_mapping().map(|mapping| mapping.checked(&Schema::built_in()));
    let of_all = declared.as_mapping().map(|_| ());
    mapping.and_then(|checked| checked.map(|_| ())).and(of_all)
}

fn audience(reader: &mut Reader<'_>, name: &str, table: &DeTable<'_>) -> Declared {
    reader.known(table, &format!("`audience.{name}`"), KEYS, |_| None);
    Declared {
        columns: columns(reader, table),
        nulls: reader.strings(table, "null"),
        date_format: reader.text(table, "date_format"),
        time_zone: reader.text(table, "time_zone"),
        time: reader.text(table, "time"),
        default_country: reader.text(table, "default_country"),
        encoding: reader.text(table, "encoding"),
        separator: separator(reader, table),
        keep: reader.strings(table, "keep"),
        ignore: reader.strings(table, "ignore"),
    }
}

fn separator(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Option<Separator> {
    match reader.text(table, "separator")?.as_str() {
        "comma" => Some(Separator::Comma),
        "semicolon" => Some(Separator::Semicolon),
        "tab" => Some(Separator::Tab),
        other => {
            let at = table.get("separator").map(Spanned::span).unwrap_or_default();
            let message = format!("`separator` is `{other}`, expected comma, semicolon or tab");
            reader.problem(at, &message);
            None
        }
    }
}

fn columns(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<(String, DeclaredColumn)> {
    let Some(value) = table.get("columns") else { return Vec::new() };
    let DeValue::Table(columns) = value.get_ref() else {
        reader.wrong_type("columns", value, "a table of columns, each with its attribute");
        return Vec::new();
    };
    let mut read = Vec::with_capacity(columns.len());
    for (name, value) in columns {
        let name = name.get_ref().to_string();
        match value.get_ref() {
            DeValue::String(attribute) => {
                let attribute = attribute.to_string();
                read.push((name, DeclaredColumn { attribute, ..DeclaredColumn::default() }));
            }
            DeValue::Table(table) => {
                reader.known(table, &format!("column `{name}`"), COLUMN_KEYS, |_| None);
                let Some(attribute) = reader.text(table, "attribute") else {
                    if !table.contains_key("attribute") {
                        let message = format!("column `{name}` has no key `attribute`");
                        reader.problem(value.span(), &message);
                    }
                    continue;
                };
                let column = DeclaredColumn {
                    attribute,
                    values: values(reader, table),
                    date_format: reader.text(table, "date_format"),
                    time: reader.text(table, "time"),
                };
                read.push((name, column));
            }
            _ => reader.wrong_type(&name, value, "an attribute, or a table with one"),
        }
    }
    read
}

fn values(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<(String, String)> {
    let Some(value) = table.get("values") else { return Vec::new() };
    let DeValue::Table(values) = value.get_ref() else {
        reader.wrong_type("values", value, "a table from words to values");
        return Vec::new();
    };
    let mut read = Vec::with_capacity(values.len());
    for (word, value) in values {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Boolean(truth) => truth.to_string(),
            DeValue::Integer(number) => number.as_str().to_owned(),
            _ => {
                reader.wrong_type(word.get_ref(), value, "a value of the attribute");
                continue;
            }
        };
        read.push((word.get_ref().to_string(), text));
    }
    read
}
