//! What each row is told, as Arrow columns.

use std::sync::Arc;

use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{ArrayRef, DictionaryArray, Int8Array, Int32Array, ListArray, RecordBatch, StringArray};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema as ArrowSchema, SchemaRef};

use super::bind::{MISSING, RULES, VERDICT};
use super::judge::Found;
use super::kernel::{self, BLOCK, Bits, NONE};
use super::plan::Plan;
use super::row;
use super::summary::{BadRow, Counts};
use crate::verdict::Verdict;

/// The columns of the result after those kept: their texts stand in dictionaries that all batches share.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) schema: SchemaRef,
    verdicts: ArrayRef,
    names: ArrayRef,
    paths: ArrayRef,
    item: Arc<Field>,
}

impl Frame {
    pub(super) fn new(plan: &Plan, audience: &ArrowSchema) -> Self {
        let texts = |texts: &[Arc<str>]| -> ArrayRef { Arc::new(StringArray::from_iter_values(texts.iter().map(|text| &**text))) };
        let word = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let item = Arc::new(Field::new("item", word, false));
        let kept = plan.bound.kept.iter().filter_map(|index| audience.fields().get(*index).cloned());
        let fields = kept.chain([
            Arc::new(Field::new(VERDICT, DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8)), false)),
            Arc::new(Field::new(RULES, DataType::List(Arc::clone(&item)), false)),
            Arc::new(Field::new(MISSING, DataType::List(Arc::clone(&item)), false)),
        ]);
        Self {
            schema: Arc::new(ArrowSchema::new(fields.collect::<Vec<_>>())),
            verdicts: Arc::new(StringArray::from_iter_values(Verdict::ALL.iter().map(|verdict| verdict.name()))),
            names: texts(&plan.names),
            paths: texts(&plan.paths),
            item,
        }
    }
}

/// Gathers what the rows of one batch are told.
#[derive(Debug)]
pub(super) struct Output {
    verdicts: Vec<i8>,
    rules: Lists,
    missing: Lists,
    pub(super) counts: Counts,
}

/// Lists of numbers, one a row.
#[derive(Debug)]
struct Lists {
    offsets: Vec<i32>,
    values: Vec<i32>,
}

impl Lists {
    fn with_rows(rows: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self { offsets, values: Vec::with_capacity(rows) }
    }

    /// Adds a block of rows. Numbers come with the rows that have them; each row lists them in the order in which they come.
    fn block(&mut self, rows: usize, numbers: &[(i32, Bits)]) {
        let mut end = self.values.len() as i32;
        if numbers.is_empty() {
            self.offsets.resize(self.offsets.len() + rows, end);
            return;
        }
        let mut places = [0_i32; BLOCK];
        for (_, bits) in numbers {
            kernel::rows(bits).for_each(|row| places[row] += 1);
        }
        self.offsets.extend(places.iter_mut().take(rows).map(|place| {
            let count = *place;
            *place = end;
            end += count;
            end
        }));
        self.values.resize(end as usize, 0);
        for (number, bits) in numbers {
            for row in kernel::rows(bits) {
                if let Some(value) = self.values.get_mut(places[row] as usize) {
                    *value = *number;
                }
                places[row] += 1;
            }
        }
    }

    fn finish(self, item: &Arc<Field>, texts: &ArrayRef) -> Result<ArrayRef, ArrowError> {
        let values = DictionaryArray::<Int32Type>::try_new(Int32Array::from(self.values), Arc::clone(texts))?;
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        Ok(Arc::new(ListArray::try_new(Arc::clone(item), offsets, Arc::new(values), None)?))
    }
}

impl Output {
    pub(super) fn new(plan: &Plan, rows: usize) -> Self {
        Self {
            verdicts: Vec::with_capacity(rows),
            rules: Lists::with_rows(rows),
            missing: Lists::with_rows(rows),
            counts: Counts::new(plan),
        }
    }

    /// Adds a block of rows, the first of which has that number in the audience.
    pub(super) fn block(&mut self, plan: &Plan, found: Found, rows: usize, first_row: u64, countries: Option<&[u16; BLOCK]>) {
        let (mut deny, mut review) = (NONE, NONE);
        let (mut once, mut twice) = (NONE, NONE);
        for (slot, bits) in &found.slots {
            match plan.slots.get(*slot as usize).map(|slot| slot.verdict) {
                Some(Verdict::Deny) => kernel::or_into(&mut deny, bits),
                Some(Verdict::Review) => kernel::or_into(&mut review, bits),
                Some(Verdict::Allow) | None => {}
            }
            for ((once, twice), bits) in once.iter_mut().zip(&mut twice).zip(bits) {
                *twice |= *once & bits;
                *once |= bits;
            }
        }
        let review = kernel::without(&review, &deny);
        let mut verdicts = [0; BLOCK];
        kernel::add(&review, Verdict::Review as u8, &mut verdicts);
        kernel::add(&deny, Verdict::Deny as u8, &mut verdicts);
        self.verdicts.extend(verdicts.iter().take(rows).map(|verdict| verdict.cast_signed()));

        let name = |slot: u32| plan.slots.get(slot as usize).map_or(0, |slot| slot.name as i32);
        let named: Vec<(i32, Bits)> = found.slots.iter().map(|(slot, bits)| (name(*slot), *bits)).collect();
        self.rules.block(rows, &named);
        let lacking: Vec<(i32, Bits)> = found.missing.iter().map(|(path, bits)| (path.cast_signed(), *bits)).collect();
        self.missing.block(rows, &lacking);

        self.counts.verdicts(rows as u64, kernel::count(&review), kernel::count(&deny));
        for (slot, bits) in &found.slots {
            self.counts.slot(*slot, kernel::count(bits), kernel::count(&kernel::without(bits, &twice)));
        }
        for (path, bits) in &found.missing {
            self.counts.missing(*path, kernel::count(bits));
        }
        if let Some(countries) = countries {
            self.counts.countries(countries, &verdicts, rows);
        }
        for (row, problems) in found.bad {
            for problem in problems {
                let column = plan.bound.columns.get(problem.column);
                self.counts.bad(BadRow {
                    row: first_row + row as u64,
                    column: column.map_or_else(|| "".into(), |column| Arc::clone(&column.name)),
                    attribute: row::path_of(plan.base.facts.schema(), &plan.bound, &problem),
                    reason: problem.reason,
                });
            }
            self.counts.bad_row();
        }
    }

    /// The batch of the result, with the columns kept of the audience's batch.
    pub(super) fn finish(self, plan: &Plan, frame: &Frame, batch: &RecordBatch) -> Result<(RecordBatch, Counts), ArrowError> {
        let kept = plan.bound.kept.iter().filter_map(|index| batch.columns().get(*index).cloned());
        let verdicts = DictionaryArray::<Int8Type>::try_new(Int8Array::from(self.verdicts), Arc::clone(&frame.verdicts))?;
        let told: [ArrayRef; 3] =
            [Arc::new(verdicts), self.rules.finish(&frame.item, &frame.names)?, self.missing.finish(&frame.item, &frame.paths)?];
        let columns = kept.chain(told).collect();
        Ok((RecordBatch::try_new(Arc::clone(&frame.schema), columns)?, self.counts))
    }
}
