//! What is to be read, and why could it not be?

use std::path::PathBuf;

use crate::accept::Day;

/// What to read, and what counts.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether packages that are installed in the tree are read one by one.
    pub installed: Installed,
    /// Whether what could not be read makes the result undecided.
    pub unread: Unread,
    /// Patterns of paths below the root that are left out, besides those of the tree's own
    /// list. `*` stays within one part of a path, `**` goes over any number; what
    /// matches a folder matches all below it.
    pub exclude: Vec<String>,
    /// Whether the tree's own list of what it accepts is heard.
    pub accepted: Acceptances,
}

/// Whether packages that are installed in the tree are read one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Installed {
    /// Directories named `node_modules`, `bower_components`, `vendor`, `site-packages`, `.yarn`,
    /// `.venv` or `venv` are left out and listed as skipped: the lock file beside them lists what
    /// they hold. The default.
    #[default]
    Skip,
    /// They are read like everything else.
    Read,
}

/// Whether what could not be read makes the result undecided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unread {
    /// It may hold anything, so it does. The default.
    #[default]
    Counts,
    /// It is reported and does not count.
    Accept,
}

/// Whether the tree's own list of what it accepts is heard: its `.cts-scan.toml`, or the table
/// `scan` of its `cts.toml`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Acceptances {
    /// No: the tree may be untrusted. The default.
    #[default]
    Ignore,
    /// Yes, with acceptances that end after this day.
    On(Day),
    /// Only a `.cts-scan.toml`, likewise.
    WithoutConfig(Day),
}

/// Why a tree could not be scanned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// The root cannot be read.
    #[error("cannot read `{}`: {reason}", root.display())]
    Root {
        /// As given.
        root: PathBuf,
        /// What the operating system said.
        reason: String,
    },
    /// The root is one file, of a kind that is not read.
    #[error("`{}` is not a manifest, lock file or source that is known; give a directory, or a file such as `package.json`", root.display())]
    UnknownFile {
        /// As given.
        root: PathBuf,
    },
    /// A pattern of paths that cannot be read.
    #[error("{reason}")]
    Pattern {
        /// What is wrong with it.
        reason: String,
    },
    /// A `.cts-scan.toml` or `cts.toml` that cannot be read, or both that say what is accepted.
    #[error("`{}`, line {line}: {reason}", file.display())]
    AcceptFile {
        /// The file.
        file: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

impl ScanError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Root { .. } => "scan/unreadable-root",
            Self::UnknownFile { .. } => "scan/unknown-file",
            Self::Pattern { .. } => "scan/bad-pattern",
            Self::AcceptFile { .. } => "scan/bad-accept-file",
        }
    }
}
