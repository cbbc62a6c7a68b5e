//! Why is an audience not screened?

use std::fmt;

use arrow_schema::{ArrowError, DataType};

use crate::facts::FactsError;
use crate::suggest;
use crate::text::{quoted, shortened};

/// Why an audience was refused, before its first row: what was found, what was expected, and in
/// which column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenError {
    code: &'static str,
    column: String,
    message: String,
}

impl ScreenError {
    /// A stable name for programs, such as `screen/unknown-column`. Listed in
    /// `docs/reference/codes.md`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The column, or the member of the campaign; empty where it is neither.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ScreenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.column.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "`{}`: {}", self.column, self.message)
        }
    }
}

impl std::error::Error for ScreenError {}

/// The campaign itself cannot be judged.
impl From<FactsError> for ScreenError {
    fn from(problem: FactsError) -> Self {
        Self {
            code: problem.code(),
            column: problem.path().to_owned(),
            message: problem.message().to_owned(),
        }
    }
}

fn error(code: &'static str, column: &str, message: String) -> ScreenError {
    ScreenError { code, column: shortened(column, 60), message }
}

pub(super) fn recipient_told() -> ScreenError {
    error(
        "screen/recipient-told",
        "recipient",
        "the campaign already tells of a recipient; those of an audience stand in its columns"
            .into(),
    )
}

pub(super) fn unknown_column<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> ScreenError {
    let help = suggest::nearest(name, known)
        .map(|known| format!("; did you mean `{known}`?"))
        .unwrap_or_default();
    let message = format!(
        "no attribute of a recipient, and not among the columns to keep or to ignore{help}"
    );
    error("screen/unknown-column", name, message)
}

pub(super) fn unknown_attribute(column: &str, path: &str, nearest: Option<&str>) -> ScreenError {
    let help = nearest.map(|path| format!("; did you mean `{path}`?")).unwrap_or_default();
    let path = quoted(path);
    error(
        "screen/unknown-attribute",
        column,
        format!("{path} is no attribute of a recipient and none under `x.`{help}"),
    )
}

pub(super) fn derived_column(name: &str) -> ScreenError {
    error("screen/derived-column", name, "this follows from other facts and cannot be given".into())
}

pub(super) fn no_such_column<'a>(
    name: &str,
    columns: impl Iterator<Item = &'a str>,
) -> ScreenError {
    let help = suggest::nearest(name, columns)
        .map(|known| format!("; did you mean `{known}`?"))
        .unwrap_or_default();
    error("screen/missing-column", name, format!("the audience has no such column{help}"))
}

pub(super) fn repeated_column(name: &str, attribute: &str) -> ScreenError {
    error("screen/repeated-column", name, format!("another column already holds `{attribute}`"))
}

pub(super) fn told_twice(name: &str) -> ScreenError {
    error(
        "screen/repeated-column",
        name,
        "the campaign already tells this, for every recipient".into(),
    )
}

pub(super) fn reserved_name(name: &str) -> ScreenError {
    error(
        "screen/reserved-name",
        name,
        "this is the name of a column of the result; rename it before it is kept".into(),
    )
}

pub(super) fn wrong_type(name: &str, found: &DataType, expected: &str) -> ScreenError {
    error("screen/wrong-type", name, format!("found a column of {found}, expected {expected}"))
}

pub(super) fn without_zone(name: &str, found: &DataType) -> ScreenError {
    let message = format!(
        "found a column of {found}: timestamps without a time zone do not say when they are; \
         expected a column with a time zone, or the option that names the zone of such columns"
    );
    error("screen/timestamps-without-zone", name, message)
}

pub(super) fn dates(name: &str, found: &DataType) -> ScreenError {
    let message = format!(
        "found a column of {found}: a date does not say when on that day; expected timestamps \
         with a time zone: of a consent the end of the day is safe, of an objection its start"
    );
    error("screen/dates", name, message)
}

pub(super) fn unknown_time_zone(name: &str) -> ScreenError {
    let name = quoted(name);
    error(
        "screen/unknown-time-zone",
        "",
        format!("there is no time zone {name}; expected one such as `Europe/Madrid` or `UTC`"),
    )
}

pub(super) fn too_many_threads(asked: usize) -> ScreenError {
    let most = crate::limits::SCREEN_THREADS_MAX;
    error("screen/too-many-threads", "", format!("found {asked} threads, expected at most {most}"))
}

/// A batch's lists do not fit into a column.
pub(super) fn too_many_findings() -> ArrowError {
    under_way(
        "screen/too-many-findings",
        "a batch has more than 2^31 findings; make batches smaller",
    )
}

/// An audience goes on past the rows that it may have.
pub(super) fn too_many_rows(before: u64, rows: usize, rows_max: u64) -> ArrowError {
    let message = format!(
        "a batch of {rows} rows after {before} others, expected at most {rows_max} rows of an \
         audience"
    );
    under_way("screen/too-many-rows", &message)
}

/// A thread panicked.
pub(super) fn thread_gone() -> ArrowError {
    under_way(
        "internal/screen",
        "a thread of the screening ended early; this is a defect of the library",
    )
}

/// What stops a screening that has begun comes in the way of batches.
fn under_way(code: &str, message: &str) -> ArrowError {
    ArrowError::ComputeError(format!("{code}: {message}"))
}
