//! Why is an audience not screened?

use std::fmt;

use arrow_schema::{ArrowError, DataType};

use crate::facts::FactsError;
use crate::suggest;
use crate::text::{quoted, shortened};
use crate::value::{Scalar, Type};

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

pub(super) fn recipient_given() -> ScreenError {
    error(
        "screen/recipient-told",
        "recipient",
        "the campaign already tells of a recipient; those of an audience stand in its columns"
            .into(),
    )
}

/// A column that nobody said anything of, and the others of which the same is so.
pub(super) fn unknown_column(name: &str, others: &[&str], known: &[&str]) -> ScreenError {
    let help = |name: &str| {
        let near = suggest::nearest(name, known.iter().copied());
        near.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default()
    };
    let mut message = format!(
        "no attribute of a recipient, and not among the columns to keep or to ignore{}",
        help(name)
    );
    for other in others.iter().take(COLUMNS_SHOWN) {
        message.push_str(&format!("; nor is {}{}", quoted(other), help(other)));
    }
    let more = others.len().saturating_sub(COLUMNS_SHOWN);
    if more > 0 {
        message.push_str(&format!("; and {more} more"));
    }
    error("screen/unknown-column", name, message)
}

/// How many columns one error names besides the first.
const COLUMNS_SHOWN: usize = 20;

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

pub(super) fn given_twice(name: &str) -> ScreenError {
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

pub(super) fn wrong_type(name: &str, found: &DataType, ty: Type) -> ScreenError {
    let help = match (found, ty.is_list()) {
        (DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View, true) => {
            "; a cell of CSV holds no list, and an audience in NDJSON or Parquet may"
        }
        (
            DataType::FixedSizeList(..) | DataType::ListView(_) | DataType::LargeListView(_),
            true,
        ) => "; cast the column to `List`",
        _ => "",
    };
    let (found, expected) = (found_column(found), expected(ty));
    error("screen/wrong-type", name, format!("found {found}, expected {expected}{help}"))
}

/// A column by what it holds, in words, and by its type in Arrow.
fn found_column(found: &DataType) -> String {
    format!("a column of {} (`{}`)", held(found), shortened(&found.to_string(), 60))
}

/// What a column of a type holds, in words.
fn held(ty: &DataType) -> String {
    let plain = match ty {
        DataType::Null => "nothing but nulls",
        DataType::Boolean => "booleans",
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64 => "whole numbers",
        DataType::Float16 | DataType::Float32 | DataType::Float64 => "numbers with fractions",
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => "decimal numbers",
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "strings",
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => "bytes",
        DataType::Date32 | DataType::Date64 => "dates",
        DataType::Time32(_) | DataType::Time64(_) => "times of day",
        DataType::Timestamp(_, None) => "timestamps without a time zone",
        DataType::Timestamp(_, Some(_)) => "timestamps",
        DataType::Duration(_) => "durations",
        DataType::Interval(_) => "calendar intervals",
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item) => return format!("lists of {}", held(item.data_type())),
        DataType::FixedSizeList(item, length) => {
            return format!("lists of exactly {length} {}", held(item.data_type()));
        }
        DataType::Dictionary(_, values) => return held(values),
        DataType::RunEndEncoded(_, values) => return held(values.data_type()),
        DataType::Struct(_) => "objects",
        DataType::Map(..) => "maps",
        DataType::Union(..) => "values of several types",
    };
    plain.to_owned()
}

/// The columns that an attribute of a type can be given in: in words, and by their types in Arrow.
fn expected(ty: Type) -> String {
    let (words, types) = in_words(ty);
    format!("a column of {words} ({types})")
}

fn in_words(ty: Type) -> (String, String) {
    if let Some(element) = ty.element() {
        let (words, types) = in_words(element);
        return (format!("lists of {words}"), format!("`List` or `LargeList` of {types}"));
    }
    let (words, types) = match ty.base {
        Scalar::Bool => ("booleans", "`Boolean`"),
        Scalar::Int => ("whole numbers", "`Int8` to `Int64`, `UInt8` to `UInt64`"),
        Scalar::Double => ("numbers", "`Float16` to `Float64`, or whole numbers"),
        Scalar::String => ("strings", "`Utf8`, `LargeUtf8` or `Utf8View`"),
        Scalar::Timestamp => ("timestamps with a time zone", "`Timestamp` of any unit"),
        Scalar::Duration => ("durations", "`Duration` of any unit"),
        Scalar::Nothing => ("nulls", "`Null`"),
    };
    (words.to_owned(), types.to_owned())
}

pub(super) fn without_zone(name: &str, found: &DataType) -> ScreenError {
    let message = format!(
        "found {}, which do not say when they are; expected a column with a time zone, or the \
         option that names the zone of such columns",
        found_column(found)
    );
    error("screen/timestamps-without-zone", name, message)
}

pub(super) fn dates(name: &str, found: &DataType) -> ScreenError {
    let message = format!(
        "found {}, and a date does not say when on that day; expected timestamps with a time \
         zone: of a consent the end of the day is safe, of an objection its start",
        found_column(found)
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

/// Two summaries are not of one audience's parts.
pub(super) fn other_basis(differences: &[String]) -> ScreenError {
    let differences = differences.join("; ");
    error("screen/other-basis", "", format!("the summaries are of different {differences}"))
}

/// What would help an audience is not what would help its parts, added up.
pub(super) fn help_is_given() -> ScreenError {
    let reason = "summaries that say what would help cannot be merged, since each leaves out the \
                  changes that help none of its rows: screen the parts without asking for help";
    error("screen/summary-with-help", "", reason.into())
}

/// More rows than a summary can count.
pub(super) fn too_many_to_count() -> ScreenError {
    error("screen/summary", "", "together the summaries have more rows than 64 bits count".into())
}

/// What is to be a summary is none.
pub(super) fn no_summary(problem: &dyn fmt::Display) -> ScreenError {
    error("screen/summary", "", format!("found no summary as `to_json` writes it: {problem}"))
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

/// A result has no verdicts.
pub(super) fn no_verdicts() -> ArrowError {
    under_way("internal/screen", "a result has no verdicts; this is a defect of the library")
}

/// What stops a screening that has begun comes in the way of batches.
fn under_way(code: &str, message: &str) -> ArrowError {
    ArrowError::ComputeError(format!("{code}: {message}"))
}
