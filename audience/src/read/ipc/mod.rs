//! Arrow IPC, both formats.
//!
//! Messages are taken apart by the decoder of the `arrow` crates. What they claim of their own size
//! is looked at before ([`claims`]): that decoder takes their word for it, asks for as much memory,
//! and ends the process where there is none.

mod claims;
mod file;
mod stream;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use cleartosend::expert::limits::AUDIENCE_ROWS_MAX;
pub(super) use file::read as read_file;
pub(super) use stream::read as read_stream;

use super::ReadOptions;
use crate::limits::BATCH_ROWS;

/// What a message begins with, before its length. Old writers leave it out.
const BEGUN: [u8; 4] = [0xff; 4];

/// The places of the columns that are read.
fn wanted(schema: &Schema, options: &ReadOptions) -> Vec<usize> {
    (0..schema.fields().len()).filter(|place| !options.skips(schema.field(*place).name())).collect()
}

/// A batch in pieces of at most so many rows, which share its memory. One that has more rows than
/// any audience stays whole, so that a screening refuses it before it judges any: a file of four
/// hundred bytes can have such a batch, of nulls.
fn pieces(batch: RecordBatch) -> impl Iterator<Item = RecordBatch> {
    let rows = batch.num_rows();
    let most = if rows as u64 > AUDIENCE_ROWS_MAX { rows } else { BATCH_ROWS };
    (0..rows).step_by(most).map(move |begun| batch.slice(begun, most.min(rows - begun)))
}
