//! The result of each row, as Arrow columns.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    ArrayRef, DictionaryArray, Int8Array, Int32Array, ListArray, RecordBatch, StringArray,
};
use arrow_buffer::{ArrowNativeType, Buffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema as ArrowSchema, SchemaRef};

use super::bind::{RANK, VERDICT};
use super::bits::{BLOCK, Bits};
use super::found::Found;
use super::kernel::Kernel;
use super::options::ResultColumns;
use super::plan::Plan;
use super::row;
use super::summary::{BadRow, Counts};
use super::verdicts::Verdicts;
use super::{error, json};
use crate::verdict::{FindingVerdict, Status, Verdict};

/// The columns of the result after those kept: their texts stand in dictionaries that all batches
/// share.
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
        let texts = |texts: &[Arc<str>]| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(texts.iter().map(|text| &**text)))
        };
        let word = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let item = Arc::new(Field::new("item", word, false));
        let kept = plan
            .bound
            .kept
            .iter()
            .filter_map(|index| audience.fields().get(*index).map(json::plain_field));
        let list = DataType::List(Arc::clone(&item));
        let fields = plan.bound.result.names().map(|name| match name {
            // In the order of its entries, so that the greatest verdict is the worst.
            VERDICT => Field::new(
                VERDICT,
                DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8)),
                false,
            )
            .with_dict_is_ordered(true),
            RANK => Field::new(RANK, DataType::Int8, false),
            list_of => Field::new(list_of, list.clone(), false),
        });
        let fields = kept.chain(fields.map(Arc::new));
        Self {
            schema: Arc::new(ArrowSchema::new(fields.collect::<Vec<_>>())),
            verdicts: Arc::new(StringArray::from_iter_values(
                Verdict::ALL.iter().map(|verdict| verdict.name()),
            )),
            names: texts(&plan.names),
            paths: texts(plan.members.paths()),
            item,
        }
    }
}

/// The memory of batches that went before, used again once nobody holds them: to get fresh pages
/// takes longer than to write on them.
#[derive(Debug, Default)]
pub(super) struct Spares {
    spares: VecDeque<Spare>,
    /// How many numbers the lists had last: of rules, of missing members and, apart, of rules that
    /// are undetermined.
    numbers: [usize; 3],
}

#[derive(Debug)]
struct Spare {
    verdicts: Buffer,
    lists: [Option<SpareLists>; 3],
}

#[derive(Debug)]
struct SpareLists {
    offsets: Buffer,
    values: Buffer,
}

impl Spares {
    /// One at work, one waiting and one at the caller's.
    const KEPT_MAX: usize = 3;

    fn take(&mut self) -> Option<Spare> {
        let is_free = |spare: &Spare| {
            let lists = spare.lists.iter().flatten();
            let lists = lists.flat_map(|lists| [&lists.offsets, &lists.values]);
            lists.chain([&spare.verdicts]).all(|buffer| buffer.strong_count() == 1)
        };
        self.spares.remove(self.spares.iter().position(is_free)?)
    }

    fn keep(&mut self, spare: Spare) {
        if self.spares.len() >= Self::KEPT_MAX {
            self.spares.pop_front();
        }
        self.spares.push_back(spare);
    }
}

/// An empty vector with room, if it can be in the memory of a buffer.
fn room<T: ArrowNativeType>(buffer: Option<Buffer>, capacity: usize) -> Vec<T> {
    let mut room = buffer.and_then(|buffer| buffer.into_vec().ok()).unwrap_or_default();
    room.clear();
    room.reserve(capacity);
    room
}

/// Gathers the results of the rows of one batch.
#[derive(Debug)]
pub(super) struct Output {
    verdicts: Vec<i8>,
    /// None where verdicts are all that is asked.
    reasons: Option<Reasons>,
    counts: Counts,
}

/// Why rows have their verdicts.
#[derive(Debug)]
struct Reasons {
    rules: Lists,
    missing: Lists,
    /// The rules that are undetermined, where they stand apart.
    undetermined: Option<Lists>,
}

/// Lists of numbers, one a row.
#[derive(Debug)]
struct Lists {
    offsets: Vec<i32>,
    values: Vec<i32>,
    /// Whether there were more numbers than a list column can hold.
    is_full: bool,
}

impl Lists {
    fn new(spare: Option<SpareLists>, rows: usize, numbers: usize) -> Self {
        let (offsets, values) =
            spare.map(|SpareLists { offsets, values }| (offsets, values)).unzip();
        let mut offsets = room(offsets, rows + 1);
        offsets.push(0);
        Self { offsets, values: room(values, numbers), is_full: false }
    }

    /// Adds a block of rows. Numbers come with the rows that have them; each row lists them in the
    /// order in which they come.
    #[inline(always)]
    fn block(&mut self, rows: usize, numbers: &[(i32, Bits)]) {
        let mut end = self.values.len() as i32;
        let more: u64 = numbers.iter().map(|(_, bits)| bits.count()).sum();
        // LIMIT: offsets have 31 bits. A batch of that many findings has millions of rows, each
        // with hundreds.
        self.is_full |= self.values.len() as u64 + more > i32::MAX as u64;
        if more == 0 || self.is_full {
            self.offsets.resize(self.offsets.len() + rows, end);
            return;
        }
        let mut places = [0; BLOCK];
        count_by_row(numbers, &mut places);
        self.offsets.extend(places.iter_mut().take(rows).map(|place| {
            let count = *place;
            *place = end;
            end += count;
            end
        }));
        self.values.resize(end as usize, 0);
        let values = self.values.as_mut_slice();
        let mut put = |place: &mut i32, number: i32| {
            if let Some(value) = values.get_mut(*place as usize) {
                *value = number;
            }
            *place += 1;
        };
        for (number, bits) in numbers {
            for (word, places) in bits.iter().zip(places.as_chunks_mut::<64>().0) {
                let mut left = *word;
                // Of a finding that all rows have, nothing has to be looked for.
                if left == u64::MAX {
                    places.iter_mut().for_each(|place| put(place, *number));
                    continue;
                }
                while left != 0 {
                    put(&mut places[left.trailing_zeros() as usize], *number);
                    left &= left - 1;
                }
            }
        }
    }

    /// The safe constructors ask each number of each row again; counted, that was a quarter of all
    /// instructions of a row.
    #[expect(unsafe_code, reason = "arrays made of numbers that were counted here a moment ago")]
    fn finish(
        self,
        item: &Arc<Field>,
        texts: &ArrayRef,
    ) -> Result<(ArrayRef, SpareLists), ArrowError> {
        if self.is_full {
            return Err(error::too_many_findings());
        }
        debug_assert!(
            self.values
                .iter()
                .all(|number| usize::try_from(*number).is_ok_and(|number| number < texts.len()))
        );
        debug_assert!(self.offsets.is_sorted() && self.offsets.first() == Some(&0));
        let (values, offsets) = (ScalarBuffer::from(self.values), ScalarBuffer::from(self.offsets));
        let spare = SpareLists { offsets: offsets.inner().clone(), values: values.inner().clone() };
        // SAFETY: every value is the number of a slot's name or of a path, and `texts` holds
        // exactly those, in the order of their numbers.
        let values = unsafe {
            DictionaryArray::<Int32Type>::new_unchecked(
                Int32Array::new(values, None),
                Arc::clone(texts),
            )
        };
        // SAFETY: offsets begin with the 0 of `new`; each block adds the running end of the values,
        // which never goes down and, since the lists are not full, stays below 2^31.
        let offsets = unsafe { OffsetBuffer::new_unchecked(offsets) };
        Ok((
            Arc::new(ListArray::try_new(Arc::clone(item), offsets, Arc::new(values), None)?),
            spare,
        ))
    }
}

/// Adds up in how many of the sets each row is. Bits of sums are kept apart, each a set of its own,
/// so that a set is added with a few operations for hundreds of rows (Muła, Kurz and Lemire,
/// *Faster Population Counts Using AVX2 Instructions*, 2018).
#[inline(always)]
fn count_by_row(numbers: &[(i32, Bits)], counts: &mut [i32; BLOCK]) {
    const AT_ONCE: usize = 4;
    const PLANES_MAX: usize = i32::BITS as usize;
    let used = (usize::BITS - numbers.len().leading_zeros()) as usize;
    for (group, counts) in counts.as_chunks_mut::<{ AT_ONCE * 64 }>().0.iter_mut().enumerate() {
        let mut planes = [[0_u64; AT_ONCE]; PLANES_MAX];
        let Some(planes) = planes.get_mut(..used) else { return };
        for (_, bits) in numbers {
            let mut carry = bits.as_chunks::<AT_ONCE>().0[group];
            for plane in &mut *planes {
                for (plane, carry) in plane.iter_mut().zip(&mut carry) {
                    (*plane, *carry) = (*plane ^ *carry, *plane & *carry);
                }
            }
        }
        for (place, plane) in planes.iter().enumerate() {
            for (word, counts) in plane.iter().zip(counts.as_chunks_mut::<64>().0) {
                for (half, counts) in [*word as u32, (*word >> 32) as u32]
                    .into_iter()
                    .zip(counts.as_chunks_mut::<32>().0)
                {
                    for (bit, count) in counts.iter_mut().enumerate() {
                        *count += ((half >> bit & 1) << place).cast_signed();
                    }
                }
            }
        }
    }
}

impl Output {
    pub(super) fn new(plan: &Plan, rows: usize, spares: &mut Spares) -> Self {
        let (verdicts, lists) =
            spares.take().map(|Spare { verdicts, lists }| (verdicts, lists)).unzip();
        let [rules, missing, undetermined] = lists.unwrap_or_default();
        // Batches of one audience are alike.
        let [of_rules, of_missing, of_undetermined] =
            spares.numbers.map(|before| before + before / 8);
        let ResultColumns { rules_by_status, verdict_only, .. } = plan.bound.result;
        let reasons = (!verdict_only).then(|| Reasons {
            rules: Lists::new(rules, rows, of_rules),
            missing: Lists::new(missing, rows, of_missing),
            undetermined: rules_by_status.then(|| Lists::new(undetermined, rows, of_undetermined)),
        });
        Self { verdicts: room(verdicts, rows), reasons, counts: Counts::new(plan, 0) }
    }

    /// Adds the verdicts of a block of rows: those that are denied, and of the others those that a
    /// person must look at.
    pub(super) fn verdicts(&mut self, kernel: Kernel, found: &Verdicts, rows: usize) {
        let Verdicts { deny, review, outside } = found;
        kernel.wide(
            #[inline(always)]
            || self.put_verdicts(deny, review, rows),
        );
        self.counts.verdicts(rows as u64, review.count(), deny.count());
        self.counts.outside(outside.without(deny).count());
    }

    /// Writes down verdicts; no row is in both sets. Gives them as bytes.
    #[inline(always)]
    fn put_verdicts(&mut self, deny: &Bits, review: &Bits, rows: usize) -> [u8; BLOCK] {
        let mut verdicts = [0; BLOCK];
        review.weigh(Verdict::Review as u8, &mut verdicts);
        deny.weigh(Verdict::Deny as u8, &mut verdicts);
        self.verdicts.extend(verdicts.iter().take(rows).map(|verdict| verdict.cast_signed()));
        verdicts
    }

    /// Adds a block of rows, the first of which has that number in the audience.
    pub(super) fn block(
        &mut self,
        plan: &Plan,
        kernel: Kernel,
        found: &Found,
        rows: usize,
        first_row: u64,
        countries: Option<&[u16; BLOCK]>,
    ) {
        kernel.wide(
            #[inline(always)]
            || self.tell(plan, found, rows, countries),
        );
        for (row, problems) in &found.bad {
            for problem in problems {
                let column = plan.bound.columns.get(problem.column);
                self.counts.bad(BadRow {
                    row: first_row + *row as u64,
                    line: None,
                    column: column.map_or_else(|| "".into(), |column| Arc::clone(&column.name)),
                    attribute: row::path_of(plan.base.facts.schema(), &plan.bound, problem),
                    reason: problem.reason.clone(),
                });
            }
            self.counts.bad_row();
        }
    }

    #[inline(always)]
    fn tell(&mut self, plan: &Plan, found: &Found, rows: usize, countries: Option<&[u16; BLOCK]>) {
        let (mut deny, mut review) = (Bits::NONE, Bits::NONE);
        let (mut once, mut twice) = (Bits::NONE, Bits::NONE);
        let verdict = |slot: u32| plan.base.order.rank(slot).map(|rank| rank.verdict);
        let is_note =
            |slot: u32| verdict(slot).is_some_and(|verdict| verdict.effect() == Verdict::Allow);
        for (slot, bits) in &found.slots {
            match verdict(*slot) {
                Some(FindingVerdict::Deny) => deny.add(bits),
                Some(FindingVerdict::Review) => review.add(bits),
                // A note, and what is waived to less, is counted in the summary and reported of no
                // row.
                Some(FindingVerdict::Note | FindingVerdict::Allow) => continue,
                None => {}
            }
            for ((once, twice), bits) in once.iter_mut().zip(twice.iter_mut()).zip(bits.iter()) {
                *twice |= *once & bits;
                *once |= bits;
            }
        }
        let review = review.without(&deny);
        let verdicts = self.put_verdicts(&deny, &review, rows);

        let Some(Reasons { rules, missing, undetermined }) = &mut self.reasons else { return };
        let name = |slot: u32| plan.name_of.get(slot as usize).map_or(0, |name| name.cast_signed());
        let listed = found.slots.iter().filter(|(slot, _)| !is_note(*slot));
        match undetermined {
            None => {
                let named: Vec<(i32, Bits)> =
                    listed.map(|(slot, bits)| (name(*slot), *bits)).collect();
                rules.block(rows, &named);
            }
            Some(undetermined) => {
                let status = |slot: u32| plan.base.order.rank(slot).map(|rank| rank.status);
                let (open, violated): (Vec<&(u32, Bits)>, Vec<_>) =
                    listed.partition(|(slot, _)| status(*slot) == Some(Status::Undetermined));
                let named = |listed: Vec<&(u32, Bits)>| -> Vec<(i32, Bits)> {
                    listed.into_iter().map(|(slot, bits)| (name(*slot), *bits)).collect()
                };
                rules.block(rows, &named(violated));
                undetermined.block(rows, &named(open));
            }
        }
        let lacking: Vec<(i32, Bits)> =
            found.missing.iter().map(|(path, bits)| (path.cast_signed(), *bits)).collect();
        missing.block(rows, &lacking);

        self.counts.verdicts(rows as u64, review.count(), deny.count());
        self.counts.outside(found.outside.without(&deny).count());
        for (slot, bits) in &found.slots {
            let alone = if is_note(*slot) { 0 } else { bits.without(&twice).count() };
            self.counts.slot(*slot, bits.count(), alone);
        }
        for (path, bits) in &found.missing {
            self.counts.missing(*path, bits.count());
        }
        if let Some(countries) = countries {
            self.counts.countries(countries, &verdicts, rows);
        }
    }

    /// The batch of the result, with the columns kept of the audience's batch.
    #[expect(unsafe_code, reason = "as for lists")]
    pub(super) fn finish(
        self,
        plan: &Plan,
        frame: &Frame,
        batch: &RecordBatch,
        spares: &mut Spares,
    ) -> Result<(RecordBatch, Counts), ArrowError> {
        let of_audience = batch.schema();
        let kept = plan.bound.kept.iter().filter_map(|index| {
            let (field, column) =
                of_audience.fields().get(*index).zip(batch.columns().get(*index))?;
            Some(json::plain_column(field, column))
        });
        debug_assert!(
            self.verdicts.iter().all(|verdict| (0..Verdict::ALL.len() as i8).contains(verdict))
        );
        if let Some(Reasons { rules, missing, undetermined }) = &self.reasons {
            spares.numbers = [
                rules.values.len(),
                missing.values.len(),
                undetermined.as_ref().map_or(0, |lists| lists.values.len()),
            ];
        }
        let verdicts = ScalarBuffer::from(self.verdicts);
        let spare = verdicts.inner().clone();
        let rank = plan
            .bound
            .result
            .has_rank
            .then(|| Arc::new(Int8Array::new(verdicts.clone(), None)) as ArrayRef);
        // SAFETY: a verdict's byte is 0, or 1 for review, or 2 for deny, never both; the dictionary
        // holds the three in this order.
        let verdicts = unsafe {
            DictionaryArray::<Int8Type>::new_unchecked(
                Int8Array::new(verdicts, None),
                Arc::clone(&frame.verdicts),
            )
        };
        let (mut lists, mut of_lists) = ([None, None, None], [None, None, None]);
        if let Some(Reasons { rules, missing, undetermined }) = self.reasons {
            let (rules, of_rules) = rules.finish(&frame.item, &frame.names)?;
            let (missing, of_missing) = missing.finish(&frame.item, &frame.paths)?;
            let undetermined =
                undetermined.map(|lists| lists.finish(&frame.item, &frame.names)).transpose()?;
            let (undetermined, of_undetermined) = undetermined.unzip();
            lists = [Some(rules), undetermined, Some(missing)];
            of_lists = [Some(of_rules), Some(of_missing), of_undetermined];
        }
        spares.keep(Spare { verdicts: spare, lists: of_lists });
        // As the names of the result's columns stand.
        let columns = kept
            .chain([Arc::new(verdicts) as ArrayRef])
            .chain(rank)
            .chain(lists.into_iter().flatten());
        Ok((RecordBatch::try_new(Arc::clone(&frame.schema), columns.collect())?, self.counts))
    }
}
