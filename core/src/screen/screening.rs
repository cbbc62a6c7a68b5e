//! An audience being screened.

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

use super::batches::Batches;
use super::summary::{Counts, Summary};
use super::team::Team;
use super::workers::Workers;
use crate::facts::Facts;

/// An audience being screened: an iterator over batches of the result, in order: one for each batch
/// of the audience, but that a batch of more than
/// [`SCREEN_BATCH_ROWS_MAX`](crate::limits::SCREEN_BATCH_ROWS_MAX) rows is judged and given in
/// pieces.
///
/// Columns: those kept; `verdict`, a dictionary of `allow`, `review` and `deny`; `rules`, a list of
/// the ids of the rules that the row violates or leaves undetermined, in the order of findings and
/// without notes; `missing`, a list of the members that the row misses, by path; `fix`, if it was
/// asked for ([`ScreenOptions::fix_column`](super::ScreenOptions::fix_column)). A row with a value
/// that its attribute cannot hold has the finding `input.bad-value` and is `review` at least.
#[derive(Debug)]
pub struct Screening<R> {
    pub(super) audience: R,
    pub(super) team: Arc<Team>,
    pub(super) counts: Counts,
    pub(super) batches: Batches,
    pub(super) workers: Workers,
}

impl<R> Screening<R> {
    /// What was found so far: of the whole audience once all batches have been taken.
    pub fn summary(&self) -> Summary {
        let help = self.team.help(self.counts.more());
        self.counts.summary(&self.team.plan, &self.team.basis, help)
    }

    /// The columns of the result.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.team.schema)
    }

    /// The facts of the campaign that all rows share.
    pub fn campaign(&self) -> &Facts {
        &self.team.plan.base.facts
    }
}

impl<R: RecordBatchReader> Iterator for Screening<R> {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Self { audience, batches, workers, counts, .. } = self;
        let judged = workers.next(|| batches.next(audience))?;
        Some(judged.map(|(batch, found)| {
            counts.add(&found);
            batch
        }))
    }
}

impl<R: RecordBatchReader> RecordBatchReader for Screening<R> {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.team.schema)
    }
}
