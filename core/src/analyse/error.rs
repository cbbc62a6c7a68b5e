//! Why were two programs not compared?

use std::fmt;
use std::sync::Arc;

use crate::compile::CompileError;
use crate::text::quoted;

/// Why two engines were not compared.
#[derive(Clone, Debug)]
pub struct DiffError {
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    OtherAttribute { path: Arc<str> },
    Compile(Arc<CompileError>),
}

impl DiffError {
    pub(super) fn other_attribute(path: &Arc<str>) -> Self {
        Self { kind: Kind::OtherAttribute { path: Arc::clone(path) } }
    }

    /// A stable name for programs, such as `diff/other-attribute`. Listed in
    /// `docs/reference/codes.md`.
    pub fn code(&self) -> &'static str {
        match &self.kind {
            Kind::OtherAttribute { .. } => "diff/other-attribute",
            Kind::Compile(error) => error.code(),
        }
    }
}

impl fmt::Display for DiffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::OtherAttribute { path } => write!(
                f,
                "the two declare {} differently, so that their conditions cannot be compared: \
                 expected the same attributes, or further ones on one side",
                quoted(path)
            ),
            Kind::Compile(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for DiffError {}

impl From<CompileError> for DiffError {
    fn from(error: CompileError) -> Self {
        Self { kind: Kind::Compile(Arc::new(error)) }
    }
}
