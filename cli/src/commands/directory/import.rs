//! `cts directory import` and `merge`: how does a list become a directory?

use std::path::{Path, PathBuf};

use cleartosend::directory::Snapshot;
use cleartosend::directory::import::{About, Layout, from_table};
use cleartosend::expert::limits;
use cleartosend::{DirectoryError, Period};

use crate::arguments::{CellSeparator, Import, ListFormat};
use crate::engine;
use crate::failure::{Failure, files_name};
use crate::files;
use crate::output::Answer;

const OTHER_FILE: &str = "name another file";

pub(super) fn import(arguments: &Import) -> Result<Answer, Failure> {
    if let Some(output) = &arguments.output {
        files::refuse_input(output, &[&arguments.file], OTHER_FILE)?;
        let into: Vec<&Path> = arguments.into.iter().map(PathBuf::as_path).collect();
        files::refuse_input(output, &into, "`--into` alone replaces it")?;
    }
    if let Some(into) = &arguments.into {
        files::refuse_input(into, &[&arguments.file], OTHER_FILE)?;
    }
    let read = match format_of(arguments)? {
        ListFormat::Json => directory_file(arguments)?,
        ListFormat::Csv => table(arguments)?,
    };
    let snapshot = match &arguments.into {
        None => read,
        Some(into) => merged_into(into, read, &arguments.file)?,
    };
    deliver(&snapshot, arguments.output.as_deref().or(arguments.into.as_deref()))
}

pub(super) fn merge(files: &[PathBuf], output: Option<&Path>) -> Result<Answer, Failure> {
    if let Some(output) = output {
        let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
        files::refuse_input(output, &files, OTHER_FILE)?;
    }
    let (mut snapshots, mut failures) = (Vec::new(), Vec::new());
    for file in files {
        match engine::read_directory(file) {
            Ok(directory) => snapshots.push(directory.to_snapshot()),
            Err(failure) => failures.push((file.as_path(), failure)),
        }
    }
    if !failures.is_empty() {
        return Err(Failure::of_all(failures));
    }
    let merged = Snapshot::merge(&snapshots).map_err(|error| of_directory(&error))?;
    deliver(&merged, output)
}

fn format_of(arguments: &Import) -> Result<ListFormat, Failure> {
    let extension = arguments
        .file
        .extension()
        .map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    match (arguments.format, extension.as_deref()) {
        (Some(format), _) => Ok(format),
        (None, Some("json")) => Ok(ListFormat::Json),
        (None, Some("csv" | "tsv")) => Ok(ListFormat::Csv),
        (None, _) => Err(Failure::new(&format!(
            "the name of {} does not tell its format; expected `--input-format json` or `--input-format csv`",
            files_name(&arguments.file)
        ))),
    }
}

/// A directory file names its own source; an option that names another is a mistake.
fn directory_file(arguments: &Import) -> Result<Snapshot, Failure> {
    let options_given = [
        ("--source", arguments.source.is_some()),
        ("--retrieved-at", arguments.retrieved_at.is_some()),
        ("--complete", arguments.complete),
        ("--covers-from", arguments.covers_from.is_some()),
        ("--covers-until", arguments.covers_until.is_some()),
        ("--name", !arguments.names.is_empty()),
        ("--ignore", !arguments.ignore.is_empty()),
        ("--separator", arguments.separator.is_some()),
    ];
    if let Some((option, _)) = options_given.iter().find(|(_, is_given)| *is_given) {
        return Err(Failure::new(&format!(
            "`{option}` is for tables; a directory file tells that itself"
        )));
    }
    engine::read_directory(&arguments.file).map(|directory| directory.to_snapshot())
}

fn table(arguments: &Import) -> Result<Snapshot, Failure> {
    let missing = |option: &str| {
        Failure::new(&format!(
            "a table does not tell where it is from and when: `{option}` is missing"
        ))
    };
    let source = arguments.source.clone().ok_or_else(|| missing("--source"))?;
    let retrieved_at = arguments.retrieved_at.ok_or_else(|| missing("--retrieved-at"))?;
    let covers = Period {
        from: arguments.covers_from.unwrap_or(retrieved_at),
        until: arguments.covers_until,
    };
    let about = About { source, retrieved_at, complete: arguments.complete, covers };
    let bytes = files::read(&arguments.file, limits::DIRECTORY_BYTES_MAX)?;
    let layout = Layout {
        separator: separator_of(arguments),
        names: arguments.names.clone(),
        ignore: arguments.ignore.clone(),
    };
    from_table(&bytes, about, &layout).map_err(|error| Failure::of_table(&arguments.file, &error))
}

fn separator_of(arguments: &Import) -> u8 {
    let is_tabbed = || {
        arguments.file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("tsv"))
    };
    match arguments.separator {
        Some(CellSeparator::Comma) => b',',
        Some(CellSeparator::Semicolon) => b';',
        Some(CellSeparator::Tab) => b'\t',
        None if is_tabbed() => b'\t',
        None => b',',
    }
}

/// An older look would be judged by a directory that has forgotten what was seen in between.
fn merged_into(into: &Path, read: Snapshot, file: &Path) -> Result<Snapshot, Failure> {
    let before = engine::read_directory(into)?.to_snapshot();
    if read.retrieved_at < before.retrieved_at {
        return Err(Failure::new(&format!(
            "{} was retrieved at {}, before {} at {}: merge the first lists anew with `cts \
             directory merge`",
            files_name(file),
            read.retrieved_at,
            files_name(into),
            before.retrieved_at
        )));
    }
    Snapshot::merge(&[before, read]).map_err(|error| of_directory(&error))
}

fn of_directory(error: &DirectoryError) -> Failure {
    Failure::new(&format!("{error} [{}]", error.code()))
}

fn deliver(snapshot: &Snapshot, to: Option<&Path>) -> Result<Answer, Failure> {
    let text = snapshot.to_json();
    let Some(file) = to else { return Ok(Answer::of_bytes(text)) };
    files::write(file, &text)?;
    let (count, complete) =
        (snapshot.providers.len(), if snapshot.complete { "complete" } else { "not complete" });
    Ok(Answer::new(format!(
        "{}: {count} providers, retrieved {}, {complete}\n",
        files_name(file),
        snapshot.retrieved_at
    )))
}
