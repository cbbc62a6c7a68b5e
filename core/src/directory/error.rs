//! What can be wrong with a directory, and its wording.

use std::fmt;

use crate::limits::{DIRECTORY_BYTES_MAX, DIRECTORY_PROVIDERS_MAX, FACT_TEXT_BYTES_MAX};
use crate::suggest::nearest;
use crate::time::{Timestamp, TimestampError};

/// Why a directory was refused. Nothing of it was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryError {
    code: &'static str,
    path: String,
    message: String,
}

impl DirectoryError {
    /// A stable name for programs, such as `directory/unknown-member`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Where: a path such as `providers[3].listed[0].until`, or empty for the file as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same problem, a level further in.
    #[must_use]
    pub(super) fn under(mut self, parent: &str) -> Self {
        self.path = match self.path.as_bytes().first() {
            None => parent.to_owned(),
            Some(b'[') => format!("{parent}{}", self.path),
            Some(_) => format!("{parent}.{}", self.path),
        };
        self
    }

    fn new(code: &'static str, message: String) -> Self {
        Self { code, path: String::new(), message }
    }

    pub(super) fn too_large(found: usize) -> Self {
        Self::new(
            "directory/too-large",
            format!("{found} bytes are more than {DIRECTORY_BYTES_MAX}"),
        )
    }

    pub(super) fn too_many(found: usize) -> Self {
        Self::new(
            "directory/too-many-providers",
            format!("{found} providers are more than {DIRECTORY_PROVIDERS_MAX}"),
        )
    }

    pub(super) fn not_json(why: &serde_json::Error) -> Self {
        Self::new("directory/not-json", format!("not well-formed JSON: {why}"))
    }

    #[cfg(feature = "csv")]
    pub(super) fn not_csv(why: &crate::csv::RecordError) -> Self {
        Self::new("directory/not-csv", why.to_string())
    }

    #[cfg(feature = "csv")]
    pub(super) fn cell_count(found: usize, expected: usize) -> Self {
        let cells = if found == 1 { "cell" } else { "cells" };
        Self::new(
            "directory/not-csv",
            format!("found {found} {cells}, expected {expected} as in the heading"),
        )
    }

    #[cfg(feature = "csv")]
    pub(super) fn no_heading() -> Self {
        Self::new(
            "directory/not-csv",
            "the table is empty; expected a line with the names of its columns".to_owned(),
        )
    }

    #[cfg(feature = "csv")]
    pub(super) fn other_role(id: &str, found: &str, expected: &str, line: u64) -> Self {
        let message = format!(
            "found role `{found}`, but line {line} has `{expected}` for the same id `{}`",
            shortened(id)
        );
        Self::new("directory/other-role", message)
    }

    #[cfg(feature = "csv")]
    pub(super) fn no_column(name: &str, heading: &[String]) -> Self {
        let advice = nearest(name, heading.iter().map(String::as_str)).map_or_else(
            || format!("the heading has `{}`", shortened(&heading.join("`, `"))),
            |near| format!("did you mean `{}`", shortened(near)),
        );
        Self::new(
            "directory/missing-member",
            format!("there is no column `{}`; {advice}", shortened(name)),
        )
    }

    #[cfg(feature = "csv")]
    pub(super) fn same_made_id(id: &str, name: &str, line: u64) -> Self {
        let message = format!(
            "the name `{}` makes the id `{}`, as another name on line {line} does; give a column \
             of ids or of domains",
            shortened(name),
            shortened(id)
        );
        Self::new("directory/duplicate-id", message)
    }

    #[cfg(feature = "csv")]
    pub(super) fn id_of_another(id: &str, (name, known): (&str, &str), line: u64) -> Self {
        let message = format!(
            "found the name `{}` for the id `{}`, which is that of `{}` on line {line}; expected \
             an id of its own, or the other name among its aliases",
            shortened(name),
            shortened(id),
            shortened(known)
        );
        Self::new("directory/duplicate-id", message)
    }

    #[cfg(feature = "csv")]
    pub(super) fn named_twice(column: &str) -> Self {
        let message =
            format!("the column `{}` is named twice; expected one meaning", shortened(column));
        Self::new("directory/repeated-member", message)
    }

    #[cfg(feature = "csv")]
    pub(super) fn named_and_ignored(column: &str) -> Self {
        let message = format!(
            "the column `{}` is named and left out at once; expected one of the two",
            shortened(column)
        );
        Self::new("directory/repeated-member", message)
    }

    pub(super) fn nothing_to_merge() -> Self {
        Self::new("directory/nothing-to-merge", "there is no snapshot to merge".to_owned())
    }

    pub(super) fn unknown_member(name: &str, known: &[&str]) -> Self {
        let advice = nearest(name, known.iter().copied()).map_or_else(
            || format!("expected one of `{}`", known.join("`, `")),
            |near| format!("did you mean `{near}`"),
        );
        Self::new(
            "directory/unknown-member",
            format!("there is no member `{}`; {advice}", shortened(name)),
        )
    }

    pub(super) fn repeated_member(name: &str) -> Self {
        Self::new("directory/repeated-member", format!("`{name}` is given twice"))
    }

    pub(super) fn missing_member(name: &str) -> Self {
        Self::new("directory/missing-member", format!("`{name}` is missing"))
    }

    pub(super) fn wrong_type(found: &str, expected: &str) -> Self {
        Self::new("directory/wrong-type", format!("expected {expected}, found {found}"))
    }

    pub(super) fn bad_date(found: &str, why: TimestampError) -> Self {
        let why = match why {
            TimestampError::Malformed | TimestampError::NoOffset => {
                "expected a date such as `2026-03-01` or an RFC 3339 instant such as \
                 `2026-03-01T00:00:00Z`"
                    .to_owned()
            }
            TimestampError::Impossible | TimestampError::OutOfRange => why.to_string(),
        };
        Self::new("directory/bad-date", format!("`{}` is not a date: {why}", shortened(found)))
    }

    pub(super) fn bad_period(from: Timestamp, until: Timestamp) -> Self {
        Self::new("directory/bad-period", format!("until `{until}` is not after from `{from}`"))
    }

    pub(super) fn bad_role(found: &str, known: &[&str]) -> Self {
        let advice = nearest(found, known.iter().copied()).map_or_else(
            || format!("expected one of `{}`", known.join("`, `")),
            |near| format!("did you mean `{near}`"),
        );
        Self::new(
            "directory/bad-role",
            format!("there is no role `{}`; {advice}", shortened(found)),
        )
    }

    pub(super) fn bad_domain(found: &str) -> Self {
        let help = super::names::meant_domain(found)
            .map(|host| format!("; did you mean `{host}`?"))
            .unwrap_or_default();
        let found = shortened(found);
        Self::new(
            "directory/bad-domain",
            format!(
                "`{found}` is not a domain that can be registered, such as `example.com`{help}"
            ),
        )
    }

    pub(super) fn bad_id(found: &str) -> Self {
        Self::new(
            "directory/bad-id",
            format!("`{}` is not an id; expected a string without blanks", shortened(found)),
        )
    }

    pub(super) fn bad_name(found: &str) -> Self {
        Self::new(
            "directory/bad-name",
            format!("`{}` is not a name that identifies a provider", shortened(found)),
        )
    }

    #[cfg(feature = "csv")]
    pub(super) fn one_name(found: &str) -> Self {
        Self::new(
            "directory/bad-name",
            format!(
                "`{}` reads as several names; give each a row of its own, and end a single name \
                 that has a comma with `;`",
                shortened(found)
            ),
        )
    }

    #[cfg(feature = "csv")]
    pub(super) fn several_names(found: &str) -> Self {
        Self::new(
            "directory/bad-name",
            format!(
                "`{}` reads as several names; separate names with `;`, and end a single name that \
                 has a comma with `;`",
                shortened(found)
            ),
        )
    }

    pub(super) fn no_date(found: Timestamp) -> Self {
        Self::new(
            "directory/bad-date",
            format!("`{found}` is a date that programs write where there is none"),
        )
    }

    pub(super) fn complete_and_empty() -> Self {
        Self::new(
            "directory/empty",
            "a complete directory that names no provider would call every provider unlisted"
                .to_owned(),
        )
    }

    pub(super) fn empty(what: &str) -> Self {
        Self::new("directory/empty", format!("the {what} is empty"))
    }

    pub(super) fn too_long(found: usize) -> Self {
        Self::new(
            "directory/too-long",
            format!("{found} bytes of text are more than {FACT_TEXT_BYTES_MAX}"),
        )
    }

    pub(super) fn duplicate_id(id: &str, first: usize) -> Self {
        Self::new(
            "directory/duplicate-id",
            format!("`{}` is the id of `providers[{first}]` too", shortened(id)),
        )
    }
}

/// Foreign text, short enough for a message and on one line.
fn shortened(text: &str) -> String {
    crate::text::shortened(text, 60)
}

impl fmt::Display for DirectoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for DirectoryError {}
