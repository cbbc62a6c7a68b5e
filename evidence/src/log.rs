//! How are records kept one after the other?
//!
//! A log is a file of lines, each a record or a seal, and only ever grows at its end. A line counts
//! when its line feed is stored: what a crash leaves after the last one was never reported as
//! written.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use same_file::Handle;

use crate::error::RecordError;
use crate::record::Record;

/// The longest line that is read.
///
/// LIMIT: a seal names each record of its segment in 17 bytes; this is one of four million.
pub const LINE_BYTES_MAX: usize = 64 << 20;

/// What appending did beside writing the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing else to tell")]
pub struct Appended {
    /// Bytes of a line without an end that were taken away: a record that a crash cut off.
    pub cut: u64,
}

/// Appends a line to a log, which is made where there is none, and returns when it is stored. Other
/// processes that append through this function wait meanwhile.
///
/// # Errors
/// What the system says, or a file that ends in something else than a record; the log then ends as
/// it did, or in a line without an end.
pub fn append(log: &Path, line: &str) -> io::Result<Appended> {
    let is_new = !log.exists();
    let mut file = open_locked(log, Missing::IsMade)?;
    let appended = append_locked(&mut file, line)?;
    if is_new {
        store_name(log);
    }
    Ok(appended)
}

/// What becomes of a log that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    IsMade,
    IsAnError,
}

/// Opens a log for reading and writing, alone until it is closed.
pub(crate) fn open_locked(log: &Path, missing: Missing) -> io::Result<File> {
    loop {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(missing == Missing::IsMade)
            .truncate(false)
            .open(log)?;
        file.lock()?;
        // While this waited, the log may have been put aside.
        let opened = Handle::from_file(file.try_clone()?)?;
        if Handle::from_path(log).is_ok_and(|there| there == opened) {
            return Ok(file);
        }
    }
}

/// A file is found again after a crash once its folder is stored. Systems that cannot store a
/// folder by itself do so with the file.
pub(crate) fn store_name(file: &Path) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(folder) = OpenOptions::new().read(true).open(folder.unwrap_or(Path::new("."))) {
        let _ = folder.sync_all();
    }
}

pub(crate) fn append_locked(file: &mut File, line: &str) -> io::Result<Appended> {
    let length = file.seek(SeekFrom::End(0))?;
    let tail = tail(file, length)?;
    let mut appended = Appended::default();
    let mut text = String::with_capacity(line.len() + 2);
    if !tail.is_empty() {
        // Only the line feed may be missing.
        if Record::read(&tail).is_ok() {
            text.push('\n');
        } else if BEGINNINGS.iter().any(|begins| are_alike(begins.as_bytes(), &tail)) {
            appended.cut = tail.len() as u64;
            file.set_len(length - appended.cut)?;
        } else {
            return Err(io::Error::other("its last line is not of a log of records"));
        }
    }
    file.seek(SeekFrom::End(0))?;
    text.push_str(line);
    text.push('\n');
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    Ok(appended)
}

/// With what every line of a log begins.
const BEGINNINGS: [&str; 3] = ["{\"record\":", "{\"seal\":", "{\"continues\":"];

/// Whether one is the beginning of the other.
fn are_alike(one: &[u8], other: &[u8]) -> bool {
    one.iter().zip(other).all(|(one, other)| one == other)
}

/// What stands after the last line feed.
fn tail(file: &mut File, length: u64) -> io::Result<Vec<u8>> {
    const CHUNK: u64 = 64 << 10;
    let mut tail = Vec::new();
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(CHUNK);
        let mut chunk = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        (&*file).take(end - start).read_to_end(&mut chunk)?;
        let after = chunk.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
        let kept = chunk.get(after.unwrap_or(0)..).unwrap_or_default().to_vec();
        tail.splice(0..0, kept);
        if after.is_some() {
            break;
        }
        if tail.len() > LINE_BYTES_MAX {
            return Err(io::Error::other("the last line is too long for a record"));
        }
        end = start;
    }
    Ok(tail)
}

/// One line of a log, without its line feed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a line and its number")]
pub struct Line {
    /// Counted from 1.
    pub number: u64,
    /// Its bytes, or why it cannot be a record.
    pub bytes: Result<Vec<u8>, RecordError>,
}

/// The lines of a log, one after the other.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Of a log that is read from its beginning.
    pub fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let limit = LINE_BYTES_MAX as u64 + 1;
        if self.reader.by_ref().take(limit).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let has_end = bytes.last() == Some(&b'\n');
        let bytes = if has_end {
            bytes.pop();
            Ok(bytes)
        } else if bytes.len() > LINE_BYTES_MAX {
            self.reader.skip_until(b'\n')?;
            Err(RecordError::too_large(LINE_BYTES_MAX))
        } else {
            Err(RecordError::cut(bytes.len()))
        };
        Ok(Some(Line { number: self.number, bytes }))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}
