//! Stretches of time.

use super::timestamp::Timestamp;

/// A half-open stretch of time: `from <= at < until`.
///
/// One that must have a beginning is a `Period<Timestamp>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_structs, reason = "a stretch has two ends")]
pub struct Period<From = Option<Timestamp>> {
    /// The first instant; none means no beginning.
    pub from: From,
    /// The first instant after it; none means no end.
    pub until: Option<Timestamp>,
}

impl<From: Copy + Into<Option<Timestamp>>> Period<From> {
    /// Whether an instant lies in it.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from.into().is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}
