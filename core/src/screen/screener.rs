//! What is settled before the first row, kept for the next audience of the same columns.

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::RecordBatchReader;
use arrow_schema::SchemaRef;

use super::base::Base;
use super::basis::Basis;
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
use super::team::{Other, Team};
use super::workers::Workers;
use crate::explain::Changed;
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
    changes: Arc<[Changed]>,
    pub(super) team: Arc<Team>,
}

impl Screener {
    /// Plans the screening of audiences of these columns. `base` is the campaign and what the engine
    /// holds.
    pub(crate) fn new(
        base: Base,
        columns: SchemaRef,
        options: &ScreenOptions,
        changes: impl Into<Arc<[Changed]>>,
    ) -> Result<Self, ScreenError> {
        if base.facts.scope() == Scope::Recipient {
            return Err(error::recipient_given());
        }
        let threads = options.threads.map_or(1, NonZeroUsize::get);
        if threads > limits::SCREEN_THREADS_MAX {
            return Err(error::too_many_threads(threads));
        }
        let changes = changes.into();
        let (plan, frame) = planned(base.clone(), &columns, options)?;
        let mut others = Vec::with_capacity(changes.len());
        // Of what would help, the verdicts count.
        let verdicts = options.clone().verdict_only();
        for Changed { change, at, facts } in changes.iter() {
            let (plan, frame) =
                planned(Base { facts: facts.clone(), ..base.clone() }, &columns, &verdicts)?;
            others.push(Other { change: change.clone(), at: *at, plan, frame });
        }
        let team = Arc::new(Team::new(Basis::of(&base), plan, frame, others, options));
        Ok(Self { base, options: options.clone(), columns, changes, team })
    }

    /// Judges the campaign against an audience. One of other columns than those planned for is
    /// planned for first, as [`Engine::screen`](crate::engine::Engine::screen) does.
    ///
    /// # Errors
    /// As [`Engine::screen`](crate::engine::Engine::screen), of an audience of other columns.
    pub fn screen<R: RecordBatchReader>(&self, audience: R) -> Result<Screening<R>, ScreenError> {
        let columns = audience.schema();
        if columns != self.columns {
            let other =
                Self::new(self.base.clone(), columns, &self.options, Arc::clone(&self.changes))?;
            return Ok(other.screening(audience));
        }
        Ok(self.screening(audience))
    }

    pub(super) fn screening<R: RecordBatchReader>(&self, audience: R) -> Screening<R> {
        let threads = self.options.threads.map_or(1, NonZeroUsize::get);
        let kernel = Kernel::new(self.options.vectors);
        Screening {
            audience,
            counts: Counts::new(&self.team.plan, self.team.others.len()),
            batches: Batches::new(self.options.rows_max.unwrap_or(AUDIENCE_ROWS_MAX)),
            workers: Workers::new(&self.team, kernel, threads),
            team: Arc::clone(&self.team),
        }
    }
}

/// A campaign planned for audiences of these columns, and the form of what is found.
fn planned(
    mut base: Base,
    columns: &SchemaRef,
    options: &ScreenOptions,
) -> Result<(Arc<Plan>, Arc<Frame>), ScreenError> {
    base.facts.with_recipient();
    let mut bound = bind::bind(columns, base.facts.schema(), &base.facts, options)?;
    let marks = MarkColumns::new(&base.facts, columns, &mut bound);
    let plan = Plan::new(base, bound, marks);
    let frame = Frame::new(&plan, columns);
    Ok((Arc::new(plan), Arc::new(frame)))
}
