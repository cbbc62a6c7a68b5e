//! Why were a pack's tests not run?

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use cleartosend::{DirectoryError, EngineError};

/// Why a pack's tests were not run.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "an engine is made of a pack and of a directory")]
pub enum TestsError {
    /// A directory that tests name cannot be read.
    Directory {
        /// Its name: the file is `tests/directories/NAME.json`.
        name: Arc<str>,
        /// What is wrong with it.
        error: DirectoryError,
    },
    /// The pack makes no engine.
    Engine(EngineError),
}

impl TestsError {
    /// A stable name for programs, such as `directory/not-json`. Listed in
    /// `docs/reference/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Directory { error, .. } => error.code(),
            Self::Engine(error) => error.code(),
        }
    }
}

impl fmt::Display for TestsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory { name, error } => {
                write!(f, "tests/directories/{name}.json: {error}")
            }
            Self::Engine(error) => error.fmt(f),
        }
    }
}

impl Error for TestsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Directory { error, .. } => Some(error),
            Self::Engine(error) => error.source(),
        }
    }
}

impl From<EngineError> for TestsError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<TestsError> for EngineError {
    /// Without the name of the directory.
    fn from(error: TestsError) -> Self {
        match error {
            TestsError::Directory { error, .. } => Self::Directory(error),
            TestsError::Engine(error) => error,
        }
    }
}
