//! How much is to be explained?

use super::error::ExplainError;
use crate::limits;
use crate::time::{Duration, Timestamp};

const DAY_SECONDS: i64 = 86_400;
/// How far a timeline reaches where nothing else is asked for.
const DAYS: i64 = 30;
/// The default number of fixes.
const FIXES: usize = 8;

/// How much is to be explained: by default up to 8 fixes, and 30 days.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ExplainOptions {
    pub(super) fixes_max: usize,
    pub(super) depth: Depth,
    until: Horizon,
}

/// How much is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Every smallest fix, and the verdict at all instants.
    Whole,
    /// Fixes of one change, and the first instant that is clear.
    OneStep,
}

/// How far a timeline reaches.
#[derive(Clone, Copy, Debug)]
enum Horizon {
    Days,
    Until(Timestamp),
    Nowhere,
}

impl Default for ExplainOptions {
    fn default() -> Self {
        Self { fixes_max: FIXES, depth: Depth::Whole, until: Horizon::Days }
    }
}

impl ExplainOptions {
    /// As many fixes at most.
    #[must_use]
    pub const fn fixes_max(mut self, most: usize) -> Self {
        self.fixes_max = most;
        self
    }

    /// A timeline that ends before this instant, in place of 30 days after `send_at`.
    #[must_use]
    pub const fn until(mut self, until: Timestamp) -> Self {
        self.until = Horizon::Until(until);
        self
    }

    /// No timeline, and no fix by sending later: the rest takes a fraction of the time.
    #[must_use]
    pub const fn without_timeline(mut self) -> Self {
        self.until = Horizon::Nowhere;
        self
    }

    /// What one screen holds: fixes of one change alone, and of later instants
    /// [`Explanation::clear_from`](super::Explanation::clear_from) in place of a timeline. For
    /// answers to people who wait; it takes a fraction of the time.
    #[must_use]
    pub const fn one_step(mut self) -> Self {
        self.depth = Depth::OneStep;
        self
    }

    /// Where the timeline of a case ends; none where there is to be none.
    pub(super) fn until_after(
        &self,
        send_at: Timestamp,
    ) -> Result<Option<Timestamp>, ExplainError> {
        let days = |days: i64| {
            Duration::from_seconds(days * DAY_SECONDS)
                .and_then(|span| send_at.checked_add(span))
                .unwrap_or(Timestamp::MAX)
        };
        match self.until {
            Horizon::Nowhere => Ok(None),
            Horizon::Days => Ok(Some(days(DAYS)).filter(|until| *until > send_at)),
            Horizon::Until(until) if until <= send_at => {
                Err(ExplainError::not_after(until, send_at))
            }
            Horizon::Until(until) if until > days(limits::TIMELINE_DAYS_MAX) => {
                Err(ExplainError::too_far(until, send_at))
            }
            Horizon::Until(until) => Ok(Some(until)),
        }
    }
}
