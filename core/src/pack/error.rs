//! What can be wrong with a pack, in words.

use std::fmt;
use std::ops::Range;

use super::Place;

/// Why a pack was refused: every problem, in the order of files and places.
#[derive(Clone, Debug)]
pub struct PackErrors(pub(super) Vec<PackError>);

/// One problem of a pack.
#[derive(Clone, Debug)]
pub struct PackError {
    pub(super) kind: Kind,
    pub(super) help: Option<String>,
    pub(super) place: Place,
    pub(super) span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Kind {
    #[error("the file is not UTF-8")]
    NotUtf8,
}

impl Kind {
    const fn code(&self) -> &'static str {
        match self {
            Self::NotUtf8 => "pack/not-utf8",
        }
    }
}

impl PackErrors {
    /// The problems, in the order of files and places.
    pub fn iter(&self) -> std::slice::Iter<'_, PackError> {
        self.0.iter()
    }
}

impl PackError {
    /// A stable name for programs, such as `pack/unknown-key`. Listed in `docs/reference/codes.md`.
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Where it is.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The same place in bytes of the file.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// What would help, such as the nearest valid name.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> String {
        self.kind.to_string()
    }
}

/// One problem a line: `file:line:column: message`.
impl fmt::Display for PackErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fmt::Display::fmt(error, f)?;
        }
        Ok(())
    }
}

/// `file:line:column: message`, and what would help behind it.
impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PackErrors {}
impl std::error::Error for PackError {}
