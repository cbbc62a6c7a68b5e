//! Which values are looked up by a key, and when do they count?

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

use super::context::Context;
use super::error::{Kind, did_you_mean, meant};
use super::place::Place;
use super::table::{NameForm, Spot, Table, Text, fields};
use super::value::read_value;
use crate::cel::{self, NamedTable, Span, TableDeclaration, TableEntry};
use crate::limits;
use crate::schema::{AttributeId, Form};
use crate::value::{Type, Value};

const KEYS: [&str; 1] = ["table"];
const TABLE_KEYS: [&str; 5] = ["id", "title", "key", "type", "entry"];
const ENTRY_KEYS: [&str; 4] = ["from", "until", "values", "default"];
const TYPES: [(&str, Type); 6] = [
    ("bool", Type::BOOL),
    ("int", Type::INT),
    ("double", Type::DOUBLE),
    ("string", Type::STRING),
    ("timestamp", Type::TIMESTAMP),
    ("duration", Type::DURATION),
];

/// What `tables.toml` says, as far as it could be read.
#[derive(Default)]
pub(super) struct Read {
    /// The tables, in source order.
    pub(super) tables: Vec<NamedTable>,
    /// Whether each table of the file is among them.
    pub(super) complete: bool,
}

pub(super) fn read<'t>(spot: &Spot<'t>, root: &'t DeTable<'t>, context: &Context<'_>) -> Read {
    let table = Table::new(spot.clone(), root, "`tables.toml`", &KEYS);
    let tables = table.tables("table", "a table", &TABLE_KEYS);
    if tables.len() > limits::TABLES_MAX {
        spot.report(Kind::TooManyTables);
        return Read::default();
    }
    let mut read = Read::default();
    let mut names: BTreeMap<String, Place> = BTreeMap::new();
    for table in &tables {
        let id = table.text("id").filter(|id| id.check_name("a table", NameForm::Identifier));
        let declaration = read_table(table, id.as_ref(), context);
        if let Some(id) = &id {
            let name = id.value.replace('-', "_");
            if let Some(first) = names.get(&name) {
                let (what, id_text) = ("the table", id.value.into());
                id.spot.report(Kind::RepeatedId { what, id: id_text, first: first.clone() });
                continue;
            }
            names.insert(name, id.spot.place());
        }
        read.tables.extend(
            table.keep(declaration).map(|declaration| NamedTable::of(declaration, context.schema)),
        );
    }
    let count =
        table.optional("table").and_then(|field| field.items()).map_or(0, |items| items.len());
    read.complete = read.tables.len() == count;
    read
}

fn read_table(
    table: &Table<'_>,
    id: Option<&Text<'_>>,
    context: &Context<'_>,
) -> Option<TableDeclaration> {
    if table.optional("title").is_some() {
        table.shared("title")?;
    }
    let key = table.text("key").and_then(|text| read_key(&text, context));
    let ty = table.text("type").and_then(|text| read_type(&text));
    let tables = table.tables("entry", "an entry of a table", &ENTRY_KEYS);
    let entries_field = table.required("entry");
    if let Some(field) = &entries_field
        && field.items().is_some_and(|items| items.is_empty())
    {
        field.spot.report(Kind::Empty { key: field.key.into() });
        return None;
    }
    if tables.len() > limits::TABLE_ENTRIES_MAX {
        table.spot.report(Kind::TooManyTableEntries);
        return None;
    }
    let (key, ty) = (key?, ty?);
    let before = table.spot.problems.count();
    let mut entries: Vec<(TableEntry, Place)> = Vec::with_capacity(tables.len());
    for entry in &tables {
        let read = read_entry(entry, key, ty, context);
        entries.extend(entry.keep(read).map(|read| (read, entry.spot.place())));
    }
    entries.sort_by_key(|(entry, _)| entry.from);
    for ((entry, first), (next, place)) in entries.iter().zip(entries.iter().skip(1)) {
        let meets = entry.until.is_none_or(|until| next.from.is_none_or(|from| from < until));
        if meets && let Some(spot) = tables.iter().find(|table| table.spot.place() == *place) {
            let help = next.from.map(|from| format!("end that one with `until = {from}`"));
            spot.spot.report_with(Kind::OverlappingEntry { first: first.clone() }, help);
        }
    }
    if table.spot.problems.count() > before {
        return None;
    }
    Some(TableDeclaration {
        name: Arc::from(id?.value.replace('-', "_")),
        key,
        ty,
        entries: entries.into_iter().map(|(entry, _)| entry).collect(),
    })
}

fn read_key(text: &Text<'_>, context: &Context<'_>) -> Option<AttributeId> {
    let schema = context.schema;
    let known = schema
        .id(text.value)
        .filter(|_| !text.value.starts_with("x.") || context.declared.contains(text.value));
    let Some(id) = known else {
        let help = schema.nearest(text.value).map(meant);
        text.spot.report_with(Kind::UnknownAttribute { path: text.value.into() }, help);
        return None;
    };
    let ty = schema.attribute(id).ty;
    if ty != Type::STRING && ty != Type::INT {
        let kind = Kind::TableKeyType { path: text.value.into(), ty: ty.to_string() };
        text.spot.report(kind);
        return None;
    }
    Some(id)
}

fn read_type(text: &Text<'_>) -> Option<Type> {
    let found = TYPES.iter().find(|(name, _)| *name == text.value);
    if found.is_none() {
        let kind = Kind::UnknownWord { what: "type of a table", word: text.value.into() };
        let names = TYPES.iter().map(|(name, _)| *name);
        text.spot.report_with(kind, did_you_mean(text.value, names));
    }
    found.map(|(_, ty)| *ty)
}

fn read_entry(
    table: &Table<'_>,
    key: AttributeId,
    ty: Type,
    context: &Context<'_>,
) -> Option<TableEntry> {
    let period = table.period();
    let default = match table.optional("default") {
        None => Some(None),
        Some(field) => read_value(&field, ty).map(Some),
    };
    let field = table.required("values")?;
    let listed = fields(&field.spot, field.entries()?);
    if listed.len() > limits::TABLE_KEYS_MAX {
        field.key_text().spot.report(Kind::TooManyTableKeys);
        return None;
    }
    if listed.is_empty() && default == Some(None) {
        field.spot.report(Kind::Empty { key: field.key.into() });
        return None;
    }
    let mut values = Vec::with_capacity(listed.len());
    for one in &listed {
        let (key, value) = (read_member(&one.key_text(), key, context), read_value(one, ty));
        values.extend(key.zip(value));
    }
    if values.len() != listed.len() {
        return None;
    }
    // A key that the attribute can have and the table has not would have no value for nobody's
    // reason.
    if default == Some(None)
        && let Form::OneOf(choices) = &context.schema.attribute(key).form
    {
        let is_there = |name: &str| {
            values.iter().any(|(key, _)| matches!(key, Value::String(key) if **key == *name))
        };
        let lacking: Vec<&str> =
            choices.iter().map(|choice| &*choice.name).filter(|name| !is_there(name)).collect();
        if !lacking.is_empty() {
            let kind = Kind::MissingTableKeys { keys: lacking.join(", ") };
            field.key_text().spot.report_with(kind, Some("add them, or a `default`".to_owned()));
            return None;
        }
    }
    let (from, until) = period?;
    Some(TableEntry { from, until, values, default: default? })
}

/// A key of a table: a value that the attribute can have.
fn read_member(text: &Text<'_>, key: AttributeId, context: &Context<'_>) -> Option<Value> {
    if context.schema.attribute(key).ty == Type::INT {
        let number = text.value.parse().ok().map(Value::Int);
        if number.is_none() {
            let (key, found) = ("a key of this table".into(), text.value.into());
            text.spot.report(Kind::OutOfRange {
                key,
                found,
                expected: "a whole number of 64 bits",
            });
        }
        return number;
    }
    match cel::check_value(context.schema, key, text.value, Span::default()) {
        Ok(()) => Some(Value::string(text.value)),
        Err(error) => {
            let kind = Kind::Expression { code: error.code(), message: error.to_string() };
            text.spot.report_with(kind, error.help().map(str::to_owned));
            None
        }
    }
}
