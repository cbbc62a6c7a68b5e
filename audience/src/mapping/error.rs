//! Why can a mapping not be used?

use std::error::Error;
use std::fmt;

/// What is declared of the columns of a table and cannot be meant.
pub(crate) const BAD_MAPPING: &str = "audience/bad-mapping";

/// All that is wrong with a mapping, in the order of its declarations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingErrors(Vec<String>);

impl MappingErrors {
    /// All problems, in words; none where there are none.
    pub fn of(problems: Vec<String>) -> Option<Self> {
        (!problems.is_empty()).then_some(Self(problems))
    }

    /// One problem.
    pub fn one(problem: String) -> Self {
        Self(vec![problem])
    }

    /// A stable name for programs: `audience/bad-mapping`. Listed in `docs/reference/codes.md`.
    pub const fn code(&self) -> &'static str {
        BAD_MAPPING
    }

    /// Each problem, in words.
    pub fn problems(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for MappingErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl Error for MappingErrors {}
