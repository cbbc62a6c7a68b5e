//! What can be wrong with what an engine is made of, or asked to evaluate.

use std::fmt;

use crate::cel::ExpressionError;
use crate::clients::CatalogueError;
use crate::compile::CompileError;
use crate::directory::DirectoryError;
use crate::facts::FactsError;
use crate::pack::{Pack, PackErrors};
use crate::suggest;
use crate::text::quoted;

/// Why no engine was made. Nothing of it is half-made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EngineError {
    /// A pack has problems.
    Pack {
        /// The pack, as the caller called it.
        pack: String,
        /// All its problems.
        errors: PackErrors,
    },
    /// Waivers have problems.
    Waivers {
        /// The file, as the caller called it, or which of several waivers it is.
        called: String,
        /// All their problems.
        errors: PackErrors,
    },
    /// There is no built-in pack of that name.
    UnknownPack {
        /// The name asked for.
        name: String,
    },
    /// A pack has the name and the version of a built-in one, and says something else.
    OtherThanBuiltIn {
        /// The name.
        name: String,
        /// The version.
        version: String,
    },
    /// The packs do not make a program together.
    Compile(CompileError),
    /// The directory has a problem.
    Directory(DirectoryError),
    /// The built-in catalogue of clients has a problem.
    Catalogue(CatalogueError),
    /// The base document has a problem.
    Base(FactsError),
}

impl EngineError {
    /// A stable name for programs, such as `engine/unknown-pack`. Listed in
    /// `docs/reference/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Pack { errors, .. } | Self::Waivers { errors, .. } => {
                errors.iter().next().map_or("internal/pack", crate::pack::PackError::code)
            }
            Self::UnknownPack { .. } => "engine/unknown-pack",
            Self::OtherThanBuiltIn { .. } => "engine/other-than-built-in",
            Self::Compile(error) => error.code(),
            Self::Directory(error) => error.code(),
            Self::Catalogue(_) => "internal/catalogue",
            Self::Base(error) => error.code(),
        }
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pack { errors, .. } | Self::Waivers { errors, .. } => write!(f, "{errors}"),
            Self::UnknownPack { name } => {
                write!(f, "there is no built-in pack {}", quoted(name))?;
                let known: Vec<&str> = Pack::built_in_names().collect();
                match suggest::nearest(name, known.iter().copied()) {
                    Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
                    None => write!(f, "; expected one of {}", known.join(", ")),
                }
            }
            Self::OtherThanBuiltIn { name, version } => write!(
                f,
                "the pack {} {version} is built in, and this one of the same name and version says \
                 something else; give it a version of its own",
                quoted(name)
            ),
            Self::Compile(error) => write!(f, "{error}"),
            Self::Directory(error) => write!(f, "{error}"),
            Self::Catalogue(error) => write!(f, "{error}"),
            Self::Base(error) => write!(f, "base document: {error}"),
        }
    }
}

impl std::error::Error for EngineError {}

impl From<DirectoryError> for EngineError {
    fn from(error: DirectoryError) -> Self {
        Self::Directory(error)
    }
}

impl From<CompileError> for EngineError {
    fn from(error: CompileError) -> Self {
        Self::Compile(error)
    }
}

impl From<CatalogueError> for EngineError {
    fn from(error: CatalogueError) -> Self {
        Self::Catalogue(error)
    }
}

/// Why an expression was not evaluated.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EvalError {
    /// It does not parse or check.
    Expression(ExpressionError),
    /// The facts are not for this engine.
    Facts(FactsError),
}

impl EvalError {
    /// A stable name for programs, such as `cel/unknown-attribute`. Listed in
    /// `docs/reference/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Expression(error) => error.code(),
            Self::Facts(error) => error.code(),
        }
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expression(error) => {
                write!(f, "{error}")?;
                error.further().iter().try_for_each(|further| write!(f, "; {further}"))
            }
            Self::Facts(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for EvalError {}

impl From<ExpressionError> for EvalError {
    fn from(error: ExpressionError) -> Self {
        Self::Expression(error)
    }
}

impl From<FactsError> for EvalError {
    fn from(error: FactsError) -> Self {
        Self::Facts(error)
    }
}
