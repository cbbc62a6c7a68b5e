//! Why is a case not explained?

use std::fmt;

use crate::facts::FactsError;
use crate::limits;
use crate::time::Timestamp;

/// Why a case was not explained.
#[derive(Clone, Debug)]
pub struct ExplainError {
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Facts(FactsError),
    NotAfter { until: Timestamp, send_at: Timestamp },
    TooFar { until: Timestamp, send_at: Timestamp },
}

impl ExplainError {
    pub(super) const fn not_after(until: Timestamp, send_at: Timestamp) -> Self {
        Self { kind: Kind::NotAfter { until, send_at } }
    }

    pub(super) const fn too_far(until: Timestamp, send_at: Timestamp) -> Self {
        Self { kind: Kind::TooFar { until, send_at } }
    }

    /// A stable name for programs, such as `explain/bad-horizon`. Listed in
    /// `docs/reference/codes.md`.
    pub fn code(&self) -> &'static str {
        match &self.kind {
            Kind::Facts(error) => error.code(),
            Kind::NotAfter { .. } | Kind::TooFar { .. } => "explain/bad-horizon",
        }
    }

    /// What is wrong with the facts, if it is they.
    pub const fn facts(&self) -> Option<&FactsError> {
        match &self.kind {
            Kind::Facts(error) => Some(error),
            Kind::NotAfter { .. } | Kind::TooFar { .. } => None,
        }
    }
}

impl fmt::Display for ExplainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Facts(error) => write!(f, "{error}"),
            Kind::NotAfter { until, send_at } => {
                write!(f, "the timeline ends at {until}, which is not after `send_at`, {send_at}")
            }
            Kind::TooFar { until, send_at } => write!(
                f,
                "the timeline ends at {until}, more than {} days after `send_at`, {send_at}",
                limits::TIMELINE_DAYS_MAX
            ),
        }
    }
}

impl std::error::Error for ExplainError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Facts(error) => Some(error),
            Kind::NotAfter { .. } | Kind::TooFar { .. } => None,
        }
    }
}

impl From<FactsError> for ExplainError {
    fn from(error: FactsError) -> Self {
        Self { kind: Kind::Facts(error) }
    }
}
