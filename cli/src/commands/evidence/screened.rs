//! What is kept of a screening, and do the files still fit it?
#![expect(clippy::disallowed_methods, reason = "the command opens the files that it is given")]

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_schema::Schema;
use cleartosend::{Engine, Facts, Summary};
use cleartosend_evidence::{Column, FileDigest, Record, RecordOptions, Screened};
use cleartosend_files::{Unreadable, reason};

use super::keep::{is_log, keep};
use crate::arguments::evidence::Keep;
use crate::failure::{Failure, files_name};

/// A screening of which a record is kept.
pub(in crate::commands) struct Screenings {
    path: PathBuf,
    audience: FileDigest,
    output: Option<PathBuf>,
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
        columns: &Schema,
        summary: &Summary,
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
        let screened = Screened {
            audience: self.audience,
            columns: columns.collect(),
            summary,
            output: self.output.as_deref().map(digest).transpose()?,
        };
        keep(target, engine, facts, RecordOptions::new().screened(&screened))
    }
}

fn digest(file: &Path) -> Result<FileDigest, Failure> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    File::open(file)
        .and_then(|opened| FileDigest::read(&name, opened))
        .map_err(|error| Unreadable { path: file.to_path_buf(), error }.into())
}

/// Whether a file is the one that a record names.
pub(super) enum FileCheck {
    Same,
    Differs(String),
    Unreadable(String),
}

/// Compares the files that the record of a screening names with those in a folder.
pub(super) fn compare_files(record: &Record, folder: &Path) -> Vec<FileCheck> {
    let files = record.files();
    files
        .iter()
        .map(|named| {
            // A name with a folder in it would lead elsewhere.
            let Some(name) = Path::new(&named.name).file_name() else {
                return FileCheck::Differs(format!("`{}` is not the name of a file", named.name));
            };
            let found = File::open(folder.join(name))
                .and_then(|opened| FileDigest::read(&named.name, opened));
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
        })
        .collect()
}
