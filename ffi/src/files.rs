//! The one place that opens files: the engine takes bytes.
#![expect(clippy::disallowed_methods, reason = "a door reads files and hands over bytes")]

use std::borrow::Cow;
use std::io::{self, Read as _};
use std::path::Path;

use cleartosend::limits;
use cleartosend::pack::PackFile;

use crate::boundary::Failure;

/// Reads all files of a pack's folder, by paths relative to it, in order.
///
/// Reads at most one byte and one file past the limits; whoever reads the pack then refuses it.
pub(crate) fn read_pack(folder: &str) -> Result<Vec<PackFile>, Failure> {
    let mut files = Vec::new();
    let mut bytes_left = limits::PACK_BYTES_MAX;
    let mut open = vec![(Path::new(folder).to_path_buf(), String::new())];
    while let Some((here, prefix)) = open.pop() {
        let failed = |error: &io::Error| Failure::file(&here.to_string_lossy(), &reason(error));
        for entry in std::fs::read_dir(&here).map_err(|error| failed(&error))? {
            let entry = entry.map_err(|error| failed(&error))?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                // LIMIT: no file of a pack lies deeper than `tests/directories/`, so deeper folders can only be strangers or loops.
                if prefix.matches('/').count() < 3 {
                    open.push((entry.path(), format!("{path}/")));
                }
                continue;
            }
            let bytes = read(&entry.path(), bytes_left)?;
            bytes_left = bytes_left.saturating_sub(bytes.len());
            files.push(PackFile { path, bytes: Cow::Owned(bytes) });
            if files.len() > limits::PACK_FILES_MAX {
                return Ok(files);
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn read(file: &Path, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let limit = bytes_max as u64 + 1;
    let done = std::fs::File::open(file).and_then(|opened| opened.take(limit).read_to_end(&mut bytes));
    done.map_err(|error| Failure::file(&file.to_string_lossy(), &reason(&error)))?;
    Ok(bytes)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        io::ErrorKind::NotADirectory => "it is no folder".into(),
        _ => error.to_string(),
    }
}
