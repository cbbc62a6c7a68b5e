//! Why packs could not be compiled together.

use std::fmt;
use std::sync::Arc;

use crate::limits;

/// Why packs that are each well formed do not make a program.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompileError {
    /// Two packs have one name.
    PackTwice {
        /// The name.
        name: Arc<str>,
    },
    /// More than [`limits::RULES_MAX`].
    TooManyRules {
        /// How many.
        rules: usize,
    },
    /// More than [`limits::DIMENSIONS_MAX`].
    TooManyDimensions {
        /// How many.
        dimensions: usize,
    },
    /// More than [`limits::CLASSES_MAX`] for one attribute.
    TooManyClasses {
        /// The attribute.
        path: Arc<str>,
        /// How many.
        classes: usize,
    },
    /// More than [`limits::TABLE_BYTES_MAX`].
    TableTooLarge {
        /// How many bytes.
        bytes: usize,
    },
    /// A rule could not be brought into clauses: a mistake in cleartosend, not in the pack.
    NoClauses {
        /// The pack.
        pack: Arc<str>,
        /// The rule.
        rule: Arc<str>,
    },
    /// A pack was loaded for a schema that this program's does not extend.
    OtherSchema {
        /// The pack.
        name: Arc<str>,
    },
}

impl CompileError {
    /// A stable name for programs. Listed in `docs/reference/codes.md`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PackTwice { .. } => "compile/pack-twice",
            Self::TooManyRules { .. } => "compile/too-many-rules",
            Self::TooManyDimensions { .. } => "compile/too-many-dimensions",
            Self::TooManyClasses { .. } => "compile/too-many-classes",
            Self::TableTooLarge { .. } => "compile/table-too-large",
            Self::NoClauses { .. } => "internal/compile",
            Self::OtherSchema { .. } => "compile/other-schema",
        }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PackTwice { name } => write!(f, "two packs are named `{name}`"),
            Self::TooManyRules { rules } => {
                write!(f, "{rules} rules in all packs, expected at most {}", limits::RULES_MAX)
            }
            Self::TooManyDimensions { dimensions } => {
                write!(
                    f,
                    "{dimensions} attributes and predicates, expected at most {}",
                    limits::DIMENSIONS_MAX
                )
            }
            Self::TooManyClasses { path, classes } => {
                write!(
                    f,
                    "`{path}` is compared with constants that make {classes} classes, expected at \
                     most {}",
                    limits::CLASSES_MAX - 1
                )
            }
            Self::TableTooLarge { bytes } => write!(
                f,
                "the table would take {bytes} bytes, expected at most {}",
                limits::TABLE_BYTES_MAX
            ),
            Self::NoClauses { pack, rule } => write!(
                f,
                "rule `{rule}` of pack `{pack}` could not be brought into clauses; this is a \
                 mistake in cleartosend, please report it"
            ),
            Self::OtherSchema { name } => {
                write!(f, "pack `{name}` was loaded for another schema; load it with this engine's")
            }
        }
    }
}

impl std::error::Error for CompileError {}
