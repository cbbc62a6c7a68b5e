//! What is kept of a screening, and do the files still fit it?
#![expect(clippy::disallowed_methods, reason = "the command opens the files that it is given")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, ArrayRef, RecordBatchReader as _};
use arrow_schema::{DataType, Schema};
use cleartosend::{Engine, Facts, Summary};
use cleartosend_audience::{Format, ReadOptions, Separator, read};
use cleartosend_evidence::{
    Column, Difference, FileDigest, Record, RecordOptions, Replayed, RowChange, Screened, campaign,
    compare_rows,
};
use cleartosend_files::{Unreadable, reason};

use super::keep::{is_log, keep};
use crate::arguments::evidence::Keep;
use crate::commands::screen::again;
use crate::failure::{Failure, files_name};
use crate::mapping::{ReadAs, WrittenAs};

/// A screening of which a record is kept.
pub(in crate::commands) struct Screenings {
    path: PathBuf,
    audience: FileDigest,
    output: Option<PathBuf>,
}

/// The rows of a result that are complete, and not in their place yet.
pub(in crate::commands) struct ResultFile<'a> {
    pub(in crate::commands) rows: &'a Path,
    pub(in crate::commands) written: WrittenAs,
}

impl Screenings {
    /// Begins with the digest of the audience, before it is read; nothing where no record is kept.
    pub(in crate::commands) fn begin(
        keep: &Keep,
        audience: &Path,
        output: Option<&Path>,
    ) -> Result<Option<Self>, Failure> {
        let Some(target) = &keep.record else { return Ok(None) };
        is_log(target)?;
        for (what, file) in [("the audience", Some(audience)), ("the result", output)] {
            let is_pipe = file == Some(Path::new("-"));
            if is_pipe || file.is_some_and(|file| file.exists() && !file.is_file()) {
                return Err(Failure::new(&format!(
                    "a record names {what} by the digest of its file; a pipe has none"
                )));
            }
        }
        let digest = digest(audience)?;
        let (path, output) = (audience.to_path_buf(), output.map(Path::to_path_buf));
        Ok(Some(Self { path, audience: digest, output }))
    }

    /// Keeps the record of a screening that is complete.
    pub(in crate::commands) fn finish(
        self,
        target: &Keep,
        engine: &Engine,
        facts: &Facts,
        (columns, read): (&Schema, Option<serde_json::Value>),
        (summary, result): (&Summary, Option<ResultFile<'_>>),
    ) -> Result<(), Failure> {
        if digest(&self.path)? != self.audience {
            return Err(Failure::new(&format!(
                "{} was changed while it was screened; no record was kept",
                files_name(&self.path)
            )));
        }
        let columns = columns
            .fields()
            .iter()
            .map(|field| Column { name: field.name().clone(), ty: field.data_type().to_string() });
        let summary = serde_json::from_str(&summary.to_json())
            .map_err(|error| Failure::new(&format!("the summary cannot be kept: {error}")))?;
        // The rows are not in their place yet: nothing is, of which no record is kept.
        let (output, written) = match (self.output.as_deref(), result) {
            (Some(file), Some(ResultFile { rows, written })) => {
                (Some(digest_as(file, rows)?), written.to_json())
            }
            _ => (None, None),
        };
        let screened = Screened {
            audience: self.audience,
            columns: columns.collect(),
            summary,
            output,
            written,
            read,
        };
        keep(target, engine, facts, RecordOptions::new().screened(&screened))
    }
}

fn digest(file: &Path) -> Result<FileDigest, Failure> {
    digest_as(file, file)
}

/// The digest of what is yet to be put in the place of a file.
fn digest_as(file: &Path, now: &Path) -> Result<FileDigest, Failure> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    File::open(now)
        .and_then(|opened| FileDigest::read(&name, opened))
        .map_err(|error| Unreadable { path: file.to_path_buf(), error }.into())
}

/// Whether a file is the one that a record names.
pub(super) enum FileCheck {
    Same,
    Differs(String),
    Unreadable(String),
}

/// Compares the files that the record of a screening names with those in a folder, and counts the
/// verdicts of the result again.
pub(super) fn compare_files(record: &Record, folder: &Path) -> Vec<FileCheck> {
    let files = record.files();
    if let [audience, result] = &files[..] {
        let is_one_name = audience.name == result.name && audience.digest != result.digest;
        let is_there = |named| matches!(compare_file(named, folder), FileCheck::Same);
        if is_one_name && (is_there(audience) || is_there(result)) {
            return vec![FileCheck::Unreadable(format!(
                "its audience and its result are both called `{}`, and a folder holds one of them",
                audience.name
            ))];
        }
    }
    let mut checks: Vec<FileCheck> =
        files.iter().map(|named| compare_file(named, folder)).collect();
    let result = record.result_file();
    if let Some(named) = result.filter(|_| checks.iter().all(|of| matches!(of, FileCheck::Same))) {
        checks.push(recounted(record, &folder.join(&named.name)));
    }
    checks
}

fn compare_file(named: &FileDigest, folder: &Path) -> FileCheck {
    // A name with a folder in it would lead elsewhere.
    let Some(name) = Path::new(&named.name).file_name() else {
        return FileCheck::Differs(format!("`{}` is not the name of a file", named.name));
    };
    let found =
        File::open(folder.join(name)).and_then(|opened| FileDigest::read(&named.name, opened));
    match found {
        Err(error) => FileCheck::Unreadable(format!(
            "its file `{}` cannot be read: {}",
            named.name,
            reason(&error)
        )),
        Ok(found) if found == *named => FileCheck::Same,
        Ok(found) => FileCheck::Differs(format!(
            "the file `{}` has {} bytes and {}, and the record names {} bytes and {}",
            named.name, found.bytes, found.digest, named.bytes, named.digest
        )),
    }
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
                if let Replayed::Changed { inputs, .. } | Replayed::SameVerdict { inputs, .. } =
                    &mut replayed
                {
                    inputs.extend(waivers);
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
    let summary = match again(engine, &facts, &file, &read) {
        Ok(summary) => summary,
        Err(failure) => return RowsAgain::Unreadable(failure.text.trim_end().to_owned()),
    };
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

/// Whether the rows of a result are those that its summary counts: of each verdict all of them, or
/// none, where other verdicts alone were written.
fn recounted(record: &Record, file: &Path) -> FileCheck {
    let written = record.written_as().map(WrittenAs::read).transpose();
    let counted = match written.and_then(|written| count_verdicts(file, written)) {
        Ok(counted) => counted,
        Err(reason) => {
            let name = files_name(file);
            return FileCheck::Unreadable(format!(
                "the rows of {name} cannot be counted: {reason}"
            ));
        }
    };
    let differ: Vec<String> = counted
        .iter()
        .filter_map(|(verdict, rows)| {
            let said = record.rows_of(verdict).unwrap_or_default();
            let is_left_out = *rows == 0 && VERDICTS.contains(&verdict.as_str());
            (*rows != said && !is_left_out).then(|| format!("{verdict} {rows} for {said}"))
        })
        .collect();
    match differ.is_empty() {
        true => FileCheck::Same,
        false => FileCheck::Differs(format!(
            "the rows of {} are not those of the summary: {}",
            files_name(file),
            differ.join(", ")
        )),
    }
}

const VERDICTS: [&str; 3] = ["allow", "review", "deny"];
/// The column of a result that says what came out.
const VERDICT: &str = "verdict";

/// The rows of a result by verdict; words that are no verdict are counted too.
fn count_verdicts(
    file: &Path,
    written: Option<(Format, Separator)>,
) -> Result<BTreeMap<String, u64>, String> {
    let format = match written {
        Some((format, _)) => format,
        None => Format::of(file).ok_or("its name does not tell its format")?,
    };
    let mut counted: BTreeMap<String, u64> =
        VERDICTS.iter().map(|verdict| ((*verdict).to_owned(), 0)).collect();
    // Earlier records do not say by what cells were separated.
    let any = [Separator::of(file), Separator::Comma, Separator::Semicolon, Separator::Tab];
    let separators = written.map_or(any.to_vec(), |(_, separator)| vec![separator]);
    let mut failed = None;
    for separator in separators {
        let source = crate::files::open(file).map_err(|error| reason(&error.error))?;
        let rows = match read(source, format, &ReadOptions::new().separator(separator)) {
            Ok(rows) => rows,
            Err(error) => {
                failed.get_or_insert(error.to_string());
                continue;
            }
        };
        // Columns of the audience that were kept come before those of the result.
        let names = rows.schema();
        let Some(place) = names.fields().iter().rposition(|field| field.name() == VERDICT) else {
            continue;
        };
        for batch in rows {
            let batch = batch.map_err(|error| error.to_string())?;
            for word in words(batch.column(place))? {
                // NDJSON comes as the JSON of each member.
                let word = word.unwrap_or_default().trim_matches('"');
                *counted.entry(word.to_owned()).or_default() += 1;
            }
        }
        return Ok(counted);
    }
    Err(failed.unwrap_or_else(|| format!("it has no column `{VERDICT}`")))
}

/// The words of a column, however they are held.
fn words(column: &ArrayRef) -> Result<Vec<Option<&str>>, String> {
    Ok(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().iter().collect(),
        DataType::LargeUtf8 => column.as_string::<i64>().iter().collect(),
        DataType::Utf8View => column.as_string_view().iter().collect(),
        DataType::Dictionary(..) => {
            let dictionary = column.as_any_dictionary();
            let values = words(dictionary.values())?;
            if values.is_empty() {
                return Ok(vec![None; column.len()]);
            }
            let keys = dictionary.normalized_keys();
            let keys = keys.into_iter().enumerate();
            keys.map(|(row, key)| {
                let value = values.get(key).copied().flatten();
                value.filter(|_| !column.is_null(row))
            })
            .collect()
        }
        other => return Err(format!("its column `{VERDICT}` has the type {other}")),
    })
}
