//! What is settled before the first row, kept for the next audience of the same columns.

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::RecordBatchReader;
use arrow_schema::SchemaRef;

use super::base::Base;
use super::batches::Batches;
use super::bind;
use super::error::{self, ScreenError};
use super::kernel::Kernel;
use super::marked::MarkColumns;
use super::options::ScreenOptions;
use super::output::Frame;
use super::plan::Plan;
use super::screening::Screening;
use super::summary::Counts;
use super::workers::Workers;
use crate::limits::{self, AUDIENCE_ROWS_MAX};
use crate::schema::Scope;

/// A campaign, ready to be judged against audiences of certain columns: of two audiences the second
/// costs no planning, so that small batches pay too. Never changes and may be shared by threads.
///
/// Made by [`Engine::screener`](crate::engine::Engine::screener).
#[derive(Clone, Debug)]
pub struct Screener {
    base: Base,
    options: ScreenOptions,
    columns: SchemaRef,
    pub(super) plan: Arc<Plan>,
    frame: Arc<Frame>,
}

impl Screener {
    /// Plans the screening of audiences of these columns. `base` is the campaign and what the engine
    /// holds.
    pub(crate) fn new(
        mut base: Base,
        columns: SchemaRef,
        options: &ScreenOptions,
    ) -> Result<Self, ScreenError> {
        if base.facts.scope() == Scope::Recipient {
            return Err(error::recipient_told());
        }
        let threads = options.threads.map_or(1, NonZeroUsize::get);
        if threads > limits::SCREEN_THREADS_MAX {
            return Err(error::too_many_threads(threads));
        }
        let told = base.clone();
        base.facts.with_recipient();
        let mut bound = bind::bind(&columns, base.facts.schema(), &base.facts, options)?;
        let marks = MarkColumns::new(&base.facts, &columns, &mut bound);
        let plan = Arc::new(Plan::new(base, bound, marks));
        let frame = Arc::new(Frame::new(&plan, &columns));
        Ok(Self { base: told, options: options.clone(), columns, plan, frame })
    }

    /// Judges the campaign against an audience. One of other columns than those planned for is
    /// planned for first, as [`Engine::screen`](crate::engine::Engine::screen) does.
    ///
    /// # Errors
    /// As [`Engine::screen`](crate::engine::Engine::screen), of an audience of other columns.
    pub fn screen<R: RecordBatchReader>(&self, audience: R) -> Result<Screening<R>, ScreenError> {
        let columns = audience.schema();
        if columns != self.columns {
            let other = Self::new(self.base.clone(), columns, &self.options)?;
            return Ok(other.screening(audience));
        }
        Ok(self.screening(audience))
    }

    pub(super) fn screening<R: RecordBatchReader>(&self, audience: R) -> Screening<R> {
        let threads = self.options.threads.map_or(1, NonZeroUsize::get);
        let kernel = Kernel::new(self.options.vectors);
        Screening {
            audience,
            counts: Counts::new(&self.plan),
            batches: Batches::new(self.options.rows_max.unwrap_or(AUDIENCE_ROWS_MAX)),
            workers: Workers::new(&self.plan, &self.frame, kernel, threads),
            plan: Arc::clone(&self.plan),
            frame: Arc::clone(&self.frame),
        }
    }
}
