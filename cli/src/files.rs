//! The one place that opens files: the engine takes bytes.
#![expect(clippy::disallowed_methods, reason = "a door reads files and hands over bytes")]

use std::borrow::Cow;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use cleartosend::limits;
use cleartosend::pack::PackFile;
use cleartosend_audience::{Beside, Source};

use crate::failure::{Failure, files_name};

/// A file or folder that cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Which; `-` is standard input.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

impl From<Unreadable> for Failure {
    fn from(Unreadable { path, error }: Unreadable) -> Self {
        Self::new(&format!("cannot read {}: {}", files_name(&path), reason(&error)))
    }
}

/// Reads a file, or standard input for `-`, but no more than one byte past the limit: the reader of the bytes then refuses them.
///
/// # Errors
/// What the system says.
pub fn read(file: &Path, bytes_max: usize) -> Result<Vec<u8>, Unreadable> {
    let limit = bytes_max as u64 + 1;
    let mut bytes = Vec::new();
    let done = if file == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(limit).read_to_end(&mut bytes))
    };
    done.map(|_| bytes).map_err(|error| Unreadable { path: file.to_path_buf(), error })
}

/// Opens a file, or standard input for `-`, to be read as it comes.
///
/// # Errors
/// What the system says.
pub fn open(file: &Path) -> Result<Source, Unreadable> {
    if file == Path::new("-") {
        return Ok(Source::Pipe(Box::new(io::stdin())));
    }
    let failed = |error: io::Error| Unreadable { path: file.to_path_buf(), error };
    let opened = std::fs::File::open(file).map_err(failed)?;
    if opened.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    Ok(Source::File(opened))
}

/// Writes a file whole: beside it first, then in its place, so that nobody ever reads half of it.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let written = Beside::new(file).and_then(|beside| {
        beside.handle()?.write_all(text.as_bytes())?;
        beside.store()?;
        beside.finish()
    });
    written.map_err(|error| Failure::of_writing(file, &error))
}

/// Reads all files of a pack's folder, by paths relative to it, in order.
///
/// # Errors
/// What the system says.
pub fn read_pack(folder: &Path) -> Result<Vec<PackFile>, Unreadable> {
    let mut files = Vec::new();
    let mut bytes_left = limits::PACK_BYTES_MAX;
    let mut open = vec![(folder.to_path_buf(), String::new())];
    while let Some((here, prefix)) = open.pop() {
        let failed = |error: io::Error| Unreadable { path: here.clone(), error };
        for entry in std::fs::read_dir(&here).map_err(failed)? {
            let entry = entry.map_err(failed)?;
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

/// In words, where the system's are not the user's.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        io::ErrorKind::NotADirectory => "it is no folder".into(),
        _ => error.to_string(),
    }
}
