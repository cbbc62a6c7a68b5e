//! Where does a record go?

use std::path::{Path, PathBuf};

use cleartosend::{Engine, Facts};
use cleartosend_evidence::{Record, RecordOptions, Recording as _, append};

use super::{mask, of_record};
use crate::arguments::evidence::Keep;
use crate::failure::{Failure, files_name};
use crate::files;

/// The ends of logs' names.
pub(super) const LOG_ENDS: [&str; 2] = ["ndjson", "jsonl"];

/// Keeps a record of a case, where one is asked for. When this returns it is stored.
pub(in crate::commands) fn keep(
    keep: &Keep,
    engine: &Engine,
    facts: &Facts,
    options: RecordOptions<'_>,
) -> Result<(), Failure> {
    let Some(target) = &keep.record else { return Ok(()) };
    let mask = keep.mask_key.as_deref().map(mask).transpose()?;
    let options = match &mask {
        Some(mask) => options.mask(mask),
        None => options,
    };
    let record = engine.record(facts, &options).map_err(|error| of_record(target, &error))?;
    store(target, &record)
}

/// Refuses a place where no record can go, and one that is read.
pub(in crate::commands) fn refuse_place(keep: &Keep, document: &Path) -> Result<(), Failure> {
    let Some(target) = &keep.record else { return Ok(()) };
    if !is_log(target)? {
        // Whoever checks the folder next would take the records for documents.
        let folder = if document.is_dir() { document } else { folder_of(document) };
        let is_read =
            document != Path::new("-") && same_file::is_same_file(folder, target).unwrap_or(false);
        if is_read {
            return Err(Failure::new(&format!(
                "`--record` writes into {}, whose documents are checked; name another folder",
                files_name(target)
            )));
        }
    }
    files::refuse_input(target, &[document], "name another log")
}

/// The folder that a file stands in.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Refuses a place where no record can go, before there is one.
pub(in crate::commands) fn is_log(target: &Path) -> Result<bool, Failure> {
    let end = target.extension().and_then(|end| end.to_str()).unwrap_or_default();
    match (target.is_dir(), LOG_ENDS.contains(&end)) {
        (true, _) => Ok(false),
        (false, true) => Ok(true),
        (false, false) => Err(Failure::new(&format!(
            "{} is neither a folder nor the name of a log; expected a folder that is there, or a \
             name that ends in `.ndjson`",
            files_name(target)
        ))),
    }
}

fn store(target: &Path, record: &Record) -> Result<(), Failure> {
    if !is_log(target)? {
        let file = target.join(name_of(record));
        return files::write(&file, &format!("{}\n", record.to_json()));
    }
    append(target, record.to_json()).map_err(|error| Failure::of_writing(target, &error))?;
    Ok(())
}

/// By the instant, so that a folder is in order; and by the digest, so that the same record is the
/// same file.
fn name_of(record: &Record) -> PathBuf {
    const DIGITS: usize = 16;
    let instant: String = record.send_at().chars().filter(char::is_ascii_alphanumeric).collect();
    let digest = record.digest().strip_prefix("sha256:").unwrap_or_default();
    let digest = digest.get(..DIGITS).unwrap_or(digest);
    PathBuf::from(format!("{instant}-{digest}.json"))
}
