//! And for a whole audience?
//!
//! In: a campaign, and recipients as Arrow record batches, a column an attribute. Out: for each
//! row, in order, its verdict, the rules that it violates or leaves open, and the members that it
//! lacks, exactly as a check of that row alone would say, and a [`Summary`].
//!
//! Nothing is worked out row by row. With the campaign put in, the program shrinks to the few
//! constraints that a row can change ([`plan`]); each column becomes one byte a row ([`axes`],
//! [`read`]); bytes become bitsets, a bit a row ([`block`], [`kernel`]); and rules are ANDs and ORs
//! of those, settled as [`crate::matching::outcome`] settles one case ([`findings`]). Batches are
//! independent, so several threads may work on them; their order is kept.

mod axes;
mod axis;
mod base;
mod batches;
mod bind;
mod bits;
mod block;
mod calculate;
mod column;
mod columns;
mod error;
mod expression;
mod findings;
mod found;
mod input;
#[doc(hidden)]
pub mod json;
mod judge;
mod kernel;
mod markdown;
mod marked;
mod memo;
mod options;
mod output;
mod pieces;
mod places;
mod plan;
mod read;
mod register;
mod room;
mod row;
mod screener;
mod signature;
mod summary;
mod vectors;
mod workers;

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

pub(crate) use base::Base;
use batches::Batches;
pub use error::ScreenError;
pub use options::{ScreenOptions, Texts};
use output::Frame;
use plan::Plan;
pub use screener::Screener;
use summary::Counts;
pub use summary::{BadRow, CountryCount, MissingCount, RuleCount, Summary, VerdictCounts};
pub use vectors::Vectors;
use workers::Workers;

use crate::facts::Facts;

/// An audience being screened: an iterator over batches of the result, in order: one for each batch
/// of the audience, but that a batch of more than
/// [`SCREEN_BATCH_ROWS_MAX`](crate::limits::SCREEN_BATCH_ROWS_MAX) rows is judged and given in
/// pieces.
///
/// Columns: those kept; `verdict`, a dictionary of `allow`, `review` and `deny`; `rules`, a list of
/// the ids of the rules that the row violates or leaves open, in the order of findings and without
/// notes; `missing`, a list of the members that the row lacks, by path. A row with a value that its
/// attribute cannot hold is told of `input.bad-value` and is `review` at least.
#[derive(Debug)]
pub struct Screening<R> {
    audience: R,
    plan: Arc<Plan>,
    frame: Arc<Frame>,
    counts: Counts,
    batches: Batches,
    workers: Workers,
}

/// Screens an audience. `base` is the campaign and what the engine holds.
pub(crate) fn screen<R: RecordBatchReader>(
    base: Base,
    audience: R,
    options: &ScreenOptions,
) -> Result<Screening<R>, ScreenError> {
    Ok(Screener::new(base, audience.schema(), options)?.screening(audience))
}

impl<R> Screening<R> {
    /// What was found so far: of the whole audience once all batches have been taken.
    pub fn summary(&self) -> Summary {
        self.counts.summary(&self.plan)
    }

    /// The columns of the result.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.frame.schema)
    }

    /// The facts of the campaign that all rows share.
    pub fn campaign(&self) -> &Facts {
        &self.plan.base.facts
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
        Arc::clone(&self.frame.schema)
    }
}

#[cfg(test)]
mod tests;
