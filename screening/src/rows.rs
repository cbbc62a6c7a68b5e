//! Do the rows of a screening come to the same again?
#![expect(clippy::disallowed_methods, reason = "the caller names the folder of the files")]

use std::fs::File;
use std::num::NonZeroUsize;
use std::path::Path;

use arrow_array::RecordBatchReader as _;
use cleartosend::{Engine, Facts, Summary};
use cleartosend_audience::{AudienceError, Source, read};
use cleartosend_evidence::{
    Column, Difference, FileDigest, Record, Replayed, RowChange, campaign, compare_columns,
    compare_rows,
};
use cleartosend_files::{name_of, reason};

use crate::columns::screen_options;
use crate::files::{FileCheck, compare_file};
use crate::form::ReadAs;

/// What came of judging the rows of a screening again.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "whoever reads it tells each from the others")]
pub enum RowsAgain {
    /// They were judged: the counts that are others than in the record.
    Judged {
        /// The counts of rows.
        rows: Vec<RowChange>,
        /// The waivers that were in force, where these are others now.
        waivers: Option<String>,
    },
    /// They were not judged, and why.
    NotJudged(String),
    /// The audience is not the one that was screened, or the result beside it not the one that was
    /// written.
    Differs(Difference),
    /// The audience cannot be read, and why.
    Unreadable(String),
}

impl RowsAgain {
    /// What the record comes to with this, where its campaign comes to that by itself; and why rows
    /// were not judged, where they were not.
    ///
    /// # Errors
    /// An audience that cannot be read.
    pub fn with(
        self,
        record: &Record,
        alone: Replayed,
    ) -> Result<(Replayed, Option<String>), String> {
        Ok(match self {
            Self::Judged { rows, waivers } => {
                let mut replayed = alone.with_rows(record, rows);
                match (&mut replayed, waivers) {
                    (
                        Replayed::Changed { inputs, .. } | Replayed::SameVerdict { inputs, .. },
                        waivers,
                    ) => inputs.extend(waivers),
                    // As of a decision: the same rows by other inputs are told.
                    (Replayed::SameRows, Some(waivers)) => {
                        let texts = vec!["screening.summary.basis.waivers".to_owned()];
                        replayed = Replayed::SameVerdict { inputs: vec![waivers], texts };
                    }
                    _ => {}
                }
                (replayed, None)
            }
            Self::NotJudged(reason) => (alone, Some(reason)),
            Self::Differs(difference) => {
                (Replayed::Contradicts { differences: vec![difference] }, None)
            }
            Self::Unreadable(reason) => return Err(reason),
        })
    }
}

/// Judges the rows of a screening again, by the file of its audience in a folder.
pub fn judge_rows(record: &Record, engine: &Engine, folder: &Path) -> RowsAgain {
    let (Some(read), Some(named)) = (record.read_as(), record.audience_file()) else {
        return RowsAgain::NotJudged(
            "it does not say how its audience was read, as where that took an account's book, so \
             that no row was judged again"
                .to_owned(),
        );
    };
    let read = match ReadAs::of_json(read) {
        Ok(read) => read,
        Err(reason) => return RowsAgain::NotJudged(reason),
    };
    match compare_file(&named, folder) {
        FileCheck::Same => {}
        FileCheck::Differs(_) => {
            return RowsAgain::Differs(other_file("screening.audience", &named, folder));
        }
        FileCheck::Unreadable(reason) => return RowsAgain::Unreadable(reason),
    }
    // Another result beside it would pass for the one that the record is about. It need not be
    // there: rows are judged by the audience alone.
    let files = record.files();
    let result = files.get(1).filter(|result| result.name != named.name);
    if let Some(result) = result
        && matches!(compare_file(result, folder), FileCheck::Differs(_))
    {
        return RowsAgain::Differs(other_file("screening.output", result, folder));
    }
    let facts = match campaign(record, engine) {
        Ok(facts) => facts,
        Err(error) => return RowsAgain::Unreadable(format!("{error} [{}]", error.code())),
    };
    let file = folder.join(Path::new(&named.name).file_name().unwrap_or_default());
    let (summary, columns) = match again(engine, &facts, &file, &read) {
        Ok(again) => again,
        Err(reason) => return RowsAgain::Unreadable(reason),
    };
    if let Some(difference) = compare_columns(record, &columns, &read.declared.names()) {
        return RowsAgain::Differs(difference);
    }
    match serde_json::from_str(&summary.to_json()) {
        Ok(now) => RowsAgain::Judged {
            rows: compare_rows(record, &now),
            waivers: record
                .waivers()
                .filter(|then| **then != *summary.basis.waivers)
                .map(|then| format!("waivers: {then} then, {} now", summary.basis.waivers)),
        },
        Err(error) => RowsAgain::Unreadable(format!("its rows cannot be counted: {error}")),
    }
}

/// What comes of a file of recipients that is read as a record says; else why nothing does.
/// With the columns that it has.
fn again(
    engine: &Engine,
    facts: &Facts,
    file: &Path,
    read_as: &ReadAs,
) -> Result<(Summary, Vec<Column>), String> {
    let name = name_of(file);
    let of_audience = |error: &AudienceError| format!("{name}: {error} [{}]", error.code());
    let ReadAs { format, declared, .. } = read_as;
    let options = read_as
        .options(engine.schema())
        .map_err(|errors| format!("{name}: {errors} [{}]", errors.code()))?;
    let source =
        Source::open(file).map_err(|error| format!("cannot read {name}: {}", reason(&error)))?;
    let audience = read(source, *format, &options).map_err(|error| of_audience(&error))?;
    let columns = audience.schema();
    let columns = columns
        .fields()
        .iter()
        .map(|field| Column { name: field.name().clone(), ty: field.data_type().to_string() })
        .collect();
    let options = screen_options(declared, *format, NonZeroUsize::MIN);
    let mut screening = engine
        .screen(facts, audience, &options)
        .map_err(|error| format!("{name}: {error} [{}]", error.code()))?;
    for batch in &mut screening {
        batch.map_err(|error| {
            AudienceError::within(&error).map_or_else(|| format!("{name}: {error}"), of_audience)
        })?;
    }
    Ok((screening.summary(), columns))
}

/// How a file differs from the one that a record names.
fn other_file(member: &'static str, named: &FileDigest, folder: &Path) -> Difference {
    let name = Path::new(&named.name).file_name().unwrap_or_default();
    let found =
        File::open(folder.join(name)).and_then(|opened| FileDigest::read(&named.name, opened));
    let shown = |file: &FileDigest| format!("{} bytes and {}", file.bytes, file.digest);
    Difference {
        member: member.into(),
        found: match found {
            Ok(found) => {
                format!("not the file `{}` in that folder, which has {}", named.name, shown(&found))
            }
            Err(_) => format!("no file `{}` in that folder", named.name),
        },
        expected: format!("one of {}", shown(named)),
    }
}
