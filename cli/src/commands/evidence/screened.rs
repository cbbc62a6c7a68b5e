//! What is kept of a screening?
#![expect(clippy::disallowed_methods, reason = "the command opens the files that it is given")]

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_schema::Schema;
use cleartosend::{Engine, Facts, Summary};
use cleartosend_evidence::{Column, FileDigest, RecordOptions, Screened};
use cleartosend_files::Unreadable;
use cleartosend_screening::WrittenAs;

use super::keep::{is_log, keep};
use crate::arguments::evidence::Keep;
use crate::failure::{Failure, files_name};

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
