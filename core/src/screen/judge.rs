//! One batch, block by block.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;

use super::bits::BLOCK;
use super::block::Block;
use super::columns::Columns;
use super::kernel::Kernel;
use super::layout::KeptDictionary;
use super::marked::MarkedBatch;
use super::output::{Frame, Output, Spares};
use super::phones::Phones;
use super::placed::Placed;
use super::places::Kept;
use super::plan::Plan;
use super::room::Room;
use super::summary::Counts;
use super::typed;
use super::verdicts::{Readers, Turns};
use crate::schema::Schema;

/// Judges batches of one audience, with room that it uses again.
#[derive(Debug)]
pub(super) struct Judge {
    plan: Arc<Plan>,
    kernel: Kernel,
    room: Box<Room>,
    /// For each axis, the dictionary that was classified last.
    dictionaries: Vec<Option<KeptDictionary<u8>>>,
    /// For each column of places, the dictionary that was labelled last.
    labelled: [Option<KeptDictionary<u32>>; 4],
    /// Of the phones and of the user ids, the dictionary that was looked up last among recipients
    /// of whom something is known.
    marked: [Option<KeptDictionary<u32>>; 2],
    zones: std::cell::RefCell<Kept>,
    phones: Phones,
    placed: Placed,
    spares: Spares,
    /// Where verdicts are all that is asked.
    turns: Option<Turns>,
}

impl Judge {
    pub(super) fn new(plan: Arc<Plan>, kernel: Kernel) -> Self {
        let dictionaries = vec![None; plan.axes.len()];
        Self {
            room: Box::new(Room::new(&plan)),
            turns: plan.bound.result.verdict_only.then(|| Turns::new(&plan)),
            plan,
            kernel,
            dictionaries,
            labelled: Default::default(),
            marked: Default::default(),
            zones: Default::default(),
            phones: Phones::default(),
            placed: Placed::default(),
            spares: Spares::default(),
        }
    }

    /// Judges all rows of a batch, the first of which has that number in the audience.
    pub(super) fn batch(
        &mut self,
        frame: &Frame,
        batch: &RecordBatch,
        first_row: u64,
    ) -> Result<(RecordBatch, Counts), ArrowError> {
        let Self {
            plan,
            kernel,
            room,
            dictionaries,
            labelled,
            marked,
            zones,
            phones,
            placed,
            spares,
            turns,
        } = self;
        let joined = match &plan.marks {
            Some(marks) => Some(marks.join(batch, &plan.bound, *kernel, marked)?),
            None => None,
        };
        let (batch, apart) = match &joined {
            Some(MarkedBatch { batch, apart }) => (batch, &**apart),
            None => (batch, &[][..]),
        };
        let mut output = Output::new(plan, batch.num_rows(), spares);
        let schema: &Schema = plan.base.facts.schema();
        let whole = batch;
        let typed = typed::typed(whole, &plan.typed, &plan.bound, schema)?;
        let batch = typed.as_ref().unwrap_or(whole);
        let columns = Columns { plan, batch, schema, kernel: *kernel, placed };
        let zone = |text: &str| zones.borrow_mut().label(text, |text| plan.places.zone_label(text));
        let phone = |text: &str| phones.label(text, &plan.places);
        let labellers = columns.labellers(labelled, &phone, &zone);
        let markers = columns.markers(marked);
        let fillers = columns.fillers(dictionaries);
        let nulls = columns.nulls();
        let mut start = 0;
        while start < batch.num_rows() {
            let rows = (batch.num_rows() - start).min(BLOCK);
            let block = Block { plan, batch, kernel: *kernel, nulls: &nulls, start, rows };
            if let Some(turns) = turns {
                let readers =
                    Readers { fillers: &fillers, labellers: &labellers, markers: &markers, apart };
                let found = block.verdicts(&readers, turns, room);
                output.verdicts(*kernel, &found, rows);
                start += rows;
                continue;
            }
            block.label(&labellers, room);
            block.classify(&fillers, room);
            let found = block.judge(&fillers, (&markers, apart), room);
            output.block(
                plan,
                *kernel,
                &found,
                block.rows,
                first_row + start as u64,
                plan.places.any().then_some(&room.countries),
            );
            start += rows;
        }
        output.finish(plan, frame, whole, spares)
    }
}
