//! What do the objects of an array say of recipients?
//!
//! Members are named by path, `"recipient.phone": …`, or stand in each other,
//! `"recipient": {"phone": …}`; objects under `recipient` and `x` are opened. Each cell is the JSON
//! of its member, which is read as a campaign document reads it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder as _, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::Schema;
use cleartosend::schema::{self, Origin};
use cleartosend::screen::json;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use wasm_bindgen::JsValue;

use crate::error;

/// Members whose objects are opened, as in a campaign document.
const OPENED: [&str; 2] = ["recipient", "x"];
/// Deeper than any attribute lies.
const DEPTH_MAX: usize = 8;
/// More than any table of recipients has.
const COLUMNS_MAX: usize = 1024;

/// Reads rows. What a row leaves out is null, but where null and nothing differ, it is refused if
/// other rows tell it, unless `left_out_is_null`.
pub(crate) fn read(
    rows: &[u8],
    schema: &schema::Schema,
    names: &BTreeMap<String, String>,
    left_out_is_null: bool,
) -> Result<RecordBatch, JsValue> {
    let rows: Vec<&RawValue> = serde_json::from_slice(rows)
        .map_err(|problem| error::plain("js/rows", "rows", &format!("not an array: {problem}")))?;
    let mut table = Table::default();
    for (row, object) in rows.iter().enumerate() {
        table.object(object, "", row, 0)?;
    }
    if !left_out_is_null {
        table.all_given(schema, names, rows.len())?;
    }
    table.batch(rows.len())
}

#[derive(Default)]
struct Table {
    places: BTreeMap<String, usize>,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    cells: StringBuilder,
    /// How many rows tell it, and the first that leaves it out where they are not all.
    given: usize,
    left_out: Option<usize>,
}

impl Table {
    fn object(
        &mut self,
        object: &RawValue,
        within: &str,
        row: usize,
        depth: usize,
    ) -> Result<(), JsValue> {
        let Members(members) = serde_json::from_str(object.get()).map_err(|_| {
            let found = object.get().chars().take(40).collect::<String>();
            refused(row, within, &format!("found `{}`, expected an object", found.escape_debug()))
        })?;
        if depth > DEPTH_MAX {
            return Err(refused(row, within, "objects stand deeper in each other than any member"));
        }
        for (Name(name), value) in members {
            let path =
                if within.is_empty() { name } else { Cow::Owned(format!("{within}.{name}")) };
            let cell = value.get();
            if cell.starts_with('{') && (depth > 0 || OPENED.contains(&&*path)) {
                self.object(value, &path, row, depth + 1)?;
            } else if cell != "null" || depth > 0 || !OPENED.contains(&&*path) {
                // A null for a whole object gives none of its members.
                self.put(&path, row, Some(cell).filter(|cell| *cell != "null"))?;
            }
        }
        Ok(())
    }

    fn put(&mut self, path: &str, row: usize, cell: Option<&str>) -> Result<(), JsValue> {
        let place = match self.places.get(path) {
            Some(place) => *place,
            None if self.columns.len() >= COLUMNS_MAX => {
                let message = format!("more than {COLUMNS_MAX} different members");
                return Err(refused(row, path, &message));
            }
            None => {
                self.places.insert(path.to_owned(), self.columns.len());
                self.columns.push(Column {
                    name: path.to_owned(),
                    cells: StringBuilder::new(),
                    given: 0,
                    left_out: (row > 0).then_some(0),
                });
                self.columns.len() - 1
            }
        };
        let Some(column) = self.columns.get_mut(place) else { return Ok(()) };
        let filled = column.cells.len();
        if filled > row {
            return Err(refused(row, path, "found twice: by its path, and within an object"));
        }
        if filled < row {
            column.left_out.get_or_insert(filled);
            column.cells.append_nulls(row - filled);
        }
        column.cells.append_option(cell);
        column.given += 1;
        Ok(())
    }

    /// Refuses a member that some rows tell and others leave out, where that is not the same as
    /// null: a column has one word for both.
    fn all_given(
        &self,
        schema: &schema::Schema,
        names: &BTreeMap<String, String>,
        rows: usize,
    ) -> Result<(), JsValue> {
        for column in self.columns.iter().filter(|column| column.given < rows) {
            let path = names.get(&column.name).unwrap_or(&column.name);
            let differs = schema.iter().any(|(_, attribute)| {
                *attribute.path == **path
                    && attribute.origin == Origin::Given
                    && attribute.differs_from_null()
            });
            if differs {
                let row = column.left_out.unwrap_or_else(|| column.cells.len());
                let message = "left out here and told by other rows; say null where there is none, \
                               or `leftOutIsNull: true` if that is what leaving out means";
                return Err(refused(row, &column.name, message));
            }
        }
        Ok(())
    }

    fn batch(self, rows: usize) -> Result<RecordBatch, JsValue> {
        let mut fields = Vec::with_capacity(self.columns.len());
        let mut cells: Vec<ArrayRef> = Vec::with_capacity(self.columns.len());
        for mut column in self.columns {
            column.cells.append_nulls(rows.saturating_sub(column.cells.len()));
            fields.push(json::field(&column.name));
            cells.push(Arc::new(column.cells.finish()));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), cells, &options)
            .map_err(|problem| error::of_arrow(&problem))
    }
}

fn refused(row: usize, path: &str, message: &str) -> JsValue {
    let place = if path.is_empty() { format!("[{row}]") } else { format!("[{row}].{path}") };
    error::plain("js/rows", &place, message)
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
