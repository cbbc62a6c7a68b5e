//! And for a whole audience?
//!
//! In: a campaign, and recipients as Arrow record batches, a column an attribute. Out: for each
//! row, in order, its verdict, the rules that it violates or leaves open, and the members that it
//! lacks, exactly as a check of that row alone would say, and a [`Summary`].
//!
//! Nothing is worked out row by row. With the campaign put in, the program shrinks to the few
//! constraints that a row can change ([`plan`]); each column becomes one byte a row ([`axis`],
//! [`read`]); bytes become bitsets, a bit a row, and rules are ANDs and ORs of those ([`judge`],
//! [`kernel`]). Batches are independent, so several threads may work on them; their order is kept.

mod axis;
mod base;
mod bind;
mod cut;
mod error;
pub mod json;
mod judge;
mod kernel;
mod output;
mod pieces;
mod places;
mod plan;
mod read;
mod row;
mod signature;
mod summary;
mod workers;

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

pub(crate) use base::Base;
pub use error::ScreenError;
use kernel::Kernel;
use output::Frame;
use pieces::Pieces;
use plan::Plan;
use summary::Counts;
pub use summary::{BadRow, CountryCount, MissingCount, RuleCount, Summary, VerdictCounts};
use workers::Workers;

use crate::facts::Facts;
use crate::limits::{self, AUDIENCE_ROWS_MAX};
use crate::schema::Scope;

/// How an audience is screened. Without more: no column kept, none ignored, one thread, the widest
/// vectors that the processor has.
#[derive(Clone, Debug, Default)]
pub struct ScreenOptions {
    keep: Vec<String>,
    ignore: Vec<String>,
    names: Vec<(String, String)>,
    texts: Texts,
    time_zone: Option<String>,
    threads: Option<NonZeroUsize>,
    rows_max: Option<u64>,
    vectors: Vectors,
}

/// Which columns may hold texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is nothing between the two")]
pub enum Texts {
    /// Those of attributes that are texts.
    #[default]
    OfTexts,
    /// All: numbers, booleans and instants are read from texts as a campaign document writes them.
    /// For tables that have no types, such as CSV.
    OfAnything,
}

/// How wide vectors may be. All widths give the same result; wider ones than the processor has are
/// as [`Vectors::Best`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Vectors {
    /// The widest that the processor has.
    #[default]
    Best,
    /// SSE2, which every x86-64 processor has.
    X86V1,
    /// SSE4.2.
    X86V2,
    /// AVX2.
    X86V3,
    /// AVX-512, as of Ice Lake.
    X86V4,
}

impl Vectors {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Best, Self::X86V1, Self::X86V2, Self::X86V3, Self::X86V4];

    /// Whether the processor has these.
    pub fn are_here(self) -> bool {
        kernel::level(fearless_simd::Level::new(), self).is_some()
    }
}

impl ScreenOptions {
    /// As documented on the type.
    pub fn new() -> Self {
        Self::default()
    }

    /// Repeats a column of the audience in the result, before the others, such as an id. It need
    /// not be an attribute.
    #[must_use]
    pub fn keep(mut self, column: &str) -> Self {
        self.keep.push(column.to_owned());
        self
    }

    /// Leaves a column of the audience out of account, whatever it is called.
    #[must_use]
    pub fn ignore(mut self, column: &str) -> Self {
        self.ignore.push(column.to_owned());
        self
    }

    /// Says which attribute a column tells that is not called by the attribute's path.
    #[must_use]
    pub fn name(mut self, column: &str, attribute: &str) -> Self {
        self.names.push((column.to_owned(), attribute.to_owned()));
        self
    }

    /// Which columns may hold texts.
    #[must_use]
    pub fn texts(mut self, texts: Texts) -> Self {
        self.texts = texts;
        self
    }

    /// Says that timestamps of columns without a time zone are what clocks of this zone showed,
    /// such as `Europe/Madrid`. Without it, such columns are refused. A time that the zone's clocks
    /// show twice or never is a value that cannot be read.
    #[must_use]
    pub fn time_zone(mut self, zone: &str) -> Self {
        self.time_zone = Some(zone.to_owned());
        self
    }

    /// How many threads work on batches, at most
    /// [`SCREEN_THREADS_MAX`](crate::limits::SCREEN_THREADS_MAX). With one, no thread is started:
    /// batches are judged as they are asked for.
    #[must_use]
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// How many rows an audience may have: at most, and without this, [`AUDIENCE_ROWS_MAX`]. More
    /// are the error `screen/too-many-rows`, before the batch that has them is judged: how long a
    /// batch says it is may have cost its sender nothing.
    #[must_use]
    pub fn rows_max(mut self, rows: u64) -> Self {
        self.rows_max = Some(rows.min(AUDIENCE_ROWS_MAX));
        self
    }

    /// How wide vectors may be.
    #[must_use]
    pub fn vectors(mut self, vectors: Vectors) -> Self {
        self.vectors = vectors;
        self
    }
}

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
    pieces: Pieces,
    workers: Workers,
}

/// Plans the screening of an audience. `base` is the campaign and what the engine holds.
pub(crate) fn screen<R: RecordBatchReader>(
    mut base: Base,
    audience: R,
    options: &ScreenOptions,
) -> Result<Screening<R>, ScreenError> {
    if base.facts.scope() == Scope::Recipient {
        return Err(error::recipient_told());
    }
    let threads = options.threads.map_or(1, NonZeroUsize::get);
    if threads > limits::SCREEN_THREADS_MAX {
        return Err(error::too_many_threads(threads));
    }
    base.facts.with_recipient();
    let schema = audience.schema();
    let bound = bind::bind(&schema, base.facts.schema(), &base.facts, options)?;
    let plan = Arc::new(Plan::new(base, bound));
    let frame = Arc::new(Frame::new(&plan, &schema));
    let counts = Counts::new(&plan);
    let kernel = Kernel::new(options.vectors);
    let workers = Workers::new(&plan, &frame, kernel, threads);
    let pieces = Pieces::new(options.rows_max.unwrap_or(AUDIENCE_ROWS_MAX));
    Ok(Screening { audience, plan, frame, counts, pieces, workers })
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
        let Self { audience, pieces, workers, counts, .. } = self;
        let judged = workers.next(|| pieces.next(audience))?;
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
