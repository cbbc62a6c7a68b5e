//! How much of an audience is judged at once?
//!
//! How many rows a batch has is a number that its sender writes, and behind a column of nulls, one
//! run or no column at all there is no memory that would have to be paid for it. What is done for a
//! batch takes memory by the row, so batches are cut before anything is done for them.

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;

use super::error;
use crate::limits::SCREEN_BATCH_ROWS_MAX;

/// The batches of an audience in pieces that share their memory, each with the number of its first
/// row.
#[derive(Debug)]
pub(super) struct Batches {
    /// What is left of a batch that was cut.
    rest: Option<RecordBatch>,
    next_row: u64,
    rows_max: u64,
}

impl Batches {
    pub(super) fn new(rows_max: u64) -> Self {
        Self { rest: None, next_row: 0, rows_max }
    }

    pub(super) fn next(
        &mut self,
        audience: &mut impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    ) -> Option<Result<(RecordBatch, u64), ArrowError>> {
        let batch = match self.rest.take().map_or_else(|| audience.next(), |rest| Some(Ok(rest)))? {
            Ok(batch) => batch,
            Err(problem) => return Some(Err(problem)),
        };
        let (first_row, rows) = (self.next_row, batch.num_rows());
        if rows as u64 > self.rows_max - first_row {
            return Some(Err(error::too_many_rows(first_row, rows, self.rows_max)));
        }
        let piece = if rows > SCREEN_BATCH_ROWS_MAX {
            self.rest = Some(batch.slice(SCREEN_BATCH_ROWS_MAX, rows - SCREEN_BATCH_ROWS_MAX));
            batch.slice(0, SCREEN_BATCH_ROWS_MAX)
        } else {
            batch
        };
        self.next_row += piece.num_rows() as u64;
        Some(Ok((piece, first_row)))
    }
}
