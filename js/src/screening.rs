//! A campaign judged against an array of objects.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{Array, RecordBatch, RecordBatchIterator};
use cleartosend::{Engine, Facts, ScreenOptions, Summary};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::engine::{json, language};
use crate::{error, rows};

/// How an audience is screened.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Options {
    keep: Vec<String>,
    ignore: Vec<String>,
    /// Attributes by the names of the members that tell them.
    names: BTreeMap<String, String>,
    left_out_is_null: bool,
}

/// An audience that was screened.
#[wasm_bindgen]
pub struct Screening {
    rows: String,
    summary: Summary,
}

/// The result of a row.
#[derive(Serialize)]
struct Row<'a> {
    verdict: &'a str,
    rules: Vec<&'a str>,
    missing: Vec<&'a str>,
}

#[wasm_bindgen]
impl Screening {
    /// The rows, as a JSON array of `verdict`, `rules` and `missing`. They are not kept.
    #[wasm_bindgen(js_name = takeRows)]
    pub fn take_rows(&mut self) -> String {
        std::mem::take(&mut self.rows)
    }

    /// The summary, as `cts screen --json` prints it.
    #[wasm_bindgen(getter)]
    pub fn summary(&self) -> String {
        self.summary.to_json()
    }

    /// The summary as a page for people.
    pub fn text(&self, lang: &str) -> Result<String, JsValue> {
        Ok(self.summary.text(language(lang)?))
    }
}

/// Screens rows: a JSON array of objects.
pub(crate) fn screen(
    engine: &Engine,
    campaign: &Facts,
    rows: &[u8],
    options: &str,
) -> Result<Screening, JsValue> {
    let options: Options = serde_json::from_str(options)
        .map_err(|problem| error::plain("js/options", "options", &problem.to_string()))?;
    let audience = rows::read(rows, engine.schema(), &options.names, options.left_out_is_null)?;
    let mut asked = ScreenOptions::new();
    for column in &options.keep {
        asked = asked.keep(column);
    }
    for column in &options.ignore {
        asked = asked.ignore(column);
    }
    for (column, attribute) in &options.names {
        asked = asked.name(column, attribute);
    }
    let schema = audience.schema();
    let audience = RecordBatchIterator::new([Ok(audience)], schema);
    let mut screening = engine
        .screen(campaign, audience, &asked)
        .map_err(|problem| error::of_screening(&problem))?;
    let mut text = String::from("[");
    for batch in screening.by_ref() {
        write_rows(&batch.map_err(|problem| error::of_arrow(&problem))?, &mut text)?;
    }
    text.push(']');
    Ok(Screening { rows: text, summary: screening.summary() })
}

/// Adds the rows of a batch of the result.
fn write_rows(batch: &RecordBatch, text: &mut String) -> Result<(), JsValue> {
    let defect = || error::plain("internal/js", "", "a result has other columns than it should");
    let column = |name| batch.column_by_name(name).ok_or_else(defect);
    let verdicts = column("verdict")?.as_dictionary_opt::<Int8Type>().ok_or_else(defect)?;
    let words = verdicts.values().as_string_opt::<i32>().ok_or_else(defect)?;
    let rules = lists(column("rules")?).ok_or_else(defect)?;
    let missing = lists(column("missing")?).ok_or_else(defect)?;
    for row in 0..batch.num_rows() {
        let verdict = verdicts.key(row).filter(|key| *key < words.len());
        let verdict = verdict.map(|key| words.value(key)).ok_or_else(defect)?;
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&json(&Row {
            verdict,
            rules: rules(row).ok_or_else(defect)?,
            missing: missing(row).ok_or_else(defect)?,
        })?);
    }
    Ok(())
}

/// The texts of each row of a column of lists.
fn lists<'a>(column: &'a dyn Array) -> Option<impl Fn(usize) -> Option<Vec<&'a str>>> {
    let lists = column.as_list_opt::<i32>()?;
    let items = lists.values().as_dictionary_opt::<Int32Type>()?;
    let texts = items.values().as_string_opt::<i32>()?;
    Some(move |row: usize| {
        let offsets = lists.value_offsets();
        let from = usize::try_from(*offsets.get(row)?).ok()?;
        let until = usize::try_from(*offsets.get(row + 1)?).ok()?;
        let text = |place| items.key(place).filter(|key| *key < texts.len());
        (from..until).map(|place| text(place).map(|key| texts.value(key))).collect()
    })
}
