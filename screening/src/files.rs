//! Are the files of a screening still those that its record names?
#![expect(clippy::disallowed_methods, reason = "the caller names the folder of the files")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, ArrayRef, RecordBatchReader as _};
use arrow_schema::DataType;
use cleartosend_audience::{Format, ReadOptions, Separator, Source, read};
use cleartosend_evidence::{FileDigest, Record};
use cleartosend_files::{name_of, reason};

use crate::form::WrittenAs;

/// Whether a file is the one that a record names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever reads it tells each from the others")]
pub enum FileCheck {
    /// It is.
    Same,
    /// It is another, and how it differs.
    Differs(String),
    /// It cannot be read, and why.
    Unreadable(String),
}

/// Compares the files that the record of a screening names with those in a folder, and counts the
/// verdicts of the result again.
pub fn compare_files(record: &Record, folder: &Path) -> Vec<FileCheck> {
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

pub(crate) fn compare_file(named: &FileDigest, folder: &Path) -> FileCheck {
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

/// Whether the rows of a result are those that its summary counts: of each verdict all of them, or
/// none, where other verdicts alone were written.
fn recounted(record: &Record, file: &Path) -> FileCheck {
    let written = record.written_as().map(WrittenAs::of_json).transpose();
    let counted = match written.and_then(|written| count_verdicts(file, written)) {
        Ok(counted) => counted,
        Err(reason) => {
            let name = name_of(file);
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
            name_of(file),
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
    written: Option<WrittenAs>,
) -> Result<BTreeMap<String, u64>, String> {
    let format = match written {
        Some(written) => written.format,
        None => Format::of(file).ok_or("its name does not tell its format")?,
    };
    let mut counted: BTreeMap<String, u64> =
        VERDICTS.iter().map(|verdict| ((*verdict).to_owned(), 0)).collect();
    // Earlier records do not say by what cells were separated.
    let any = [Separator::of(file), Separator::Comma, Separator::Semicolon, Separator::Tab];
    let separators = written.map_or(any.to_vec(), |written| vec![written.separator]);
    let mut failed = None;
    for separator in separators {
        let source = Source::open(file).map_err(|error| reason(&error))?;
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
