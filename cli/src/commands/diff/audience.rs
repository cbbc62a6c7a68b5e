//! Which recipients of an audience come out differently?
//!
//! The audience is read once for each side, and both results come row by row in one order, so that
//! rows are compared as they come and none is kept.

use std::collections::BTreeMap;
use std::path::Path;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{DictionaryArray, ListArray, RecordBatch};
use cleartosend::screen::Texts;
use cleartosend::{ScreenOptions, Verdict};
use cleartosend_audience::{Format, Separator, read};
use cleartosend_screening::{Columns, LeftOut, read_options};
use serde_json::{Value, json};

use super::Side;
use crate::commands::screen;
use crate::failure::{Failure, files_name};
use crate::files;

/// What becomes of the rows of an audience.
#[derive(Default)]
pub(super) struct Audience {
    pub(super) rows: u64,
    /// Rows of which the verdict or a rule is another.
    pub(super) changed: u64,
    /// How many rows go from one verdict to another, by both.
    pub(super) moves: BTreeMap<(Verdict, Verdict), u64>,
    /// For each rule, on how many rows it is no longer reported and on how many it is new.
    pub(super) rules: BTreeMap<String, (u64, u64)>,
}

impl Audience {
    /// Screens an audience with the campaign of a document, by both sides.
    pub(super) fn screened(
        old: &Side,
        new: &Side,
        campaign: &Path,
        audience: &Path,
    ) -> Result<Self, Failure> {
        let format = Format::of(audience).ok_or_else(|| {
            let known = Format::ALL.iter().flat_map(|format| format.extensions());
            let known: Vec<String> = known.map(|ending| format!(".{ending}")).collect();
            let file = files_name(audience);
            let known = known.join(", ");
            Failure::new(&format!(
                "the name of {file} does not tell its format; expected one of {known}"
            ))
        })?;
        let mut found = Self::default();
        let mut before = batches(old, campaign, audience, format)?;
        let mut after = batches(new, campaign, audience, format)?;
        loop {
            match (before.next(), after.next()) {
                (None, None) => return Ok(found),
                (Some(before), Some(after)) => {
                    found.compare(&before?, &after?).ok_or_else(|| misread(audience))?;
                }
                _ => return Err(misread(audience)),
            }
        }
    }

    fn compare(&mut self, before: &RecordBatch, after: &RecordBatch) -> Option<()> {
        if before.num_rows() != after.num_rows() {
            return None;
        }
        let (was, is) = (RowResults::of(before)?, RowResults::of(after)?);
        for row in 0..before.num_rows() {
            self.rows += 1;
            let verdicts = (was.verdict(row)?, is.verdict(row)?);
            let (gone, come) = (was.rules(row)?, is.rules(row)?);
            if verdicts.0 == verdicts.1 && gone == come {
                continue;
            }
            self.changed += 1;
            *self.moves.entry(verdicts).or_default() += 1;
            for rule in gone.iter().filter(|rule| !come.contains(rule)) {
                self.rules.entry((*rule).to_owned()).or_default().0 += 1;
            }
            for rule in come.iter().filter(|rule| !gone.contains(rule)) {
                self.rules.entry((*rule).to_owned()).or_default().1 += 1;
            }
        }
        Some(())
    }

    pub(super) fn to_json(&self) -> Value {
        let moves: Vec<Value> = self
            .moves
            .iter()
            .map(|((from, to), rows)| json!({"from": from, "to": to, "rows": rows}))
            .collect();
        let rules: Vec<Value> = self
            .rules
            .iter()
            .map(|(rule, (gone, come))| json!({"rule": rule, "gone": gone, "come": come}))
            .collect();
        json!({"rows": self.rows, "changed": self.changed, "moves": moves, "rules": rules})
    }
}

fn misread(audience: &Path) -> Failure {
    Failure::new(&format!(
        "{}: the two sides read other rows; expected a file that does not change meanwhile",
        files_name(audience)
    ))
}

type Batches = Box<dyn Iterator<Item = Result<RecordBatch, Failure>>>;

/// The result of one side, batch by batch.
fn batches(
    side: &Side,
    campaign: &Path,
    audience: &Path,
    format: Format,
) -> Result<Batches, Failure> {
    let facts = side.facts(campaign)?;
    let columns = Columns { keep: &[], ignore: &[], names: &[] };
    let options = read_options(side.engine.schema(), &columns, LeftOut::IsRefused)
        .separator(Separator::of(audience));
    let source = files::open(audience)?;
    let rows =
        read(source, format, &options).map_err(|error| screen::of_reading(audience, &error))?;
    let texts = if format.has_types() { Texts::OfTexts } else { Texts::OfAnything };
    let screening = side
        .engine
        .screen(&facts, rows, &ScreenOptions::new().texts(texts))
        .map_err(|error| Failure::of_screening(audience, &error))?;
    let audience = audience.to_path_buf();
    let results =
        move |batch: Result<_, _>| batch.map_err(|error| screen::of_batch(&audience, &error));
    Ok(Box::new(screening.map(results)))
}

/// The results of the rows of one batch.
struct RowResults<'b> {
    verdicts: &'b DictionaryArray<Int8Type>,
    rules: &'b ListArray,
}

impl<'b> RowResults<'b> {
    fn of(batch: &'b RecordBatch) -> Option<Self> {
        Some(Self {
            verdicts: batch.column_by_name("verdict")?.as_dictionary_opt()?,
            rules: batch.column_by_name("rules")?.as_list_opt()?,
        })
    }

    fn verdict(&self, row: usize) -> Option<Verdict> {
        let names = self.verdicts.values().as_string_opt::<i32>()?;
        Verdict::from_name(names.value(self.verdicts.key(row)?))
    }

    fn rules(&self, row: usize) -> Option<Vec<&'b str>> {
        let all: &DictionaryArray<Int32Type> = self.rules.values().as_dictionary_opt()?;
        let names = all.values().as_string_opt::<i32>()?;
        let offsets = self.rules.value_offsets();
        let (start, end) = (*offsets.get(row)?, *offsets.get(row + 1)?);
        let places = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
        places.map(|place| Some(names.value(all.key(place)?))).collect()
    }
}
