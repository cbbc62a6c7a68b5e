//! Which records were named, and how are they read by all cores in order?
#![expect(clippy::disallowed_methods, reason = "the command opens the files that it is given")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use cleartosend_evidence::{LINE_BYTES_MAX, Lines};
use cleartosend_files::reason;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use super::keep::LOG_ENDS;
use crate::failure::{Failure, files_name};

/// One file of records.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) file: PathBuf,
    pub(super) is_log: bool,
    bytes: u64,
}

/// One record as it stands somewhere, or a line of a log that is not a record.
#[derive(Debug)]
pub(super) struct Piece {
    /// The number of its file among the inputs.
    pub(super) input: usize,
    /// Its line in a log.
    pub(super) line: Option<u64>,
    /// Its bytes, or why there are none.
    pub(super) bytes: Result<Vec<u8>, String>,
}

impl Piece {
    /// `log.ndjson:12`
    pub(super) fn place(&self, inputs: &[Input]) -> String {
        let file = inputs.get(self.input).map(|input| files_name(&input.file)).unwrap_or_default();
        match self.line {
            Some(line) => format!("{file}:{line}"),
            None => file,
        }
    }
}

/// The files that were named, with those of folders by name.
pub(super) fn all(named: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    let mut problems = Vec::new();
    for path in named {
        if !path.is_dir() {
            inputs.push(input(path.clone()));
            continue;
        }
        match folder(path) {
            Ok(files) if files.is_empty() => problems.push(format!(
                "{} holds no records: files that end in `.json` or `.ndjson`",
                files_name(path)
            )),
            Ok(files) => inputs.extend(files.into_iter().map(input)),
            Err(error) => {
                problems.push(format!("cannot read {}: {}", files_name(path), reason(&error)));
            }
        }
    }
    match Failure::of_all_lines(&problems) {
        Some(failure) => Err(failure),
        None => Ok(inputs),
    }
}

/// Whether a file of that name is read as a log.
pub(super) fn is_log(file: &Path) -> bool {
    LOG_ENDS.contains(&end_of(file).as_str())
}

fn input(file: PathBuf) -> Input {
    // What comes through a pipe is read as a log: a record alone is one of one line.
    let is_pipe = file == Path::new(PIPE);
    let bytes = std::fs::metadata(&file).map_or(0, |metadata| metadata.len());
    Input { is_log: is_pipe || is_log(&file), bytes, file }
}

/// Standard input.
const PIPE: &str = "-";

fn open(file: &Path) -> std::io::Result<Box<dyn Read>> {
    match file == Path::new(PIPE) {
        true => Ok(Box::new(std::io::stdin())),
        false => Ok(Box::new(File::open(file)?)),
    }
}

fn end_of(file: &Path) -> String {
    file.extension().and_then(|end| end.to_str()).unwrap_or_default().to_lowercase()
}

fn folder(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        // A link to nowhere is read as well: that it cannot be is told then.
        let is_file = path.is_file() || (path.is_symlink() && !path.exists());
        if !is_hidden(&path) && is_named_as_record(&path) && is_file {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn is_named_as_record(path: &Path) -> bool {
    let end = end_of(path);
    end == "json" || LOG_ENDS.contains(&end.as_str())
}

/// What stands in a folder that was named and holds records too, and is not read.
#[derive(Debug)]
pub(super) struct PassedOver {
    pub(super) file: PathBuf,
    /// What to do.
    pub(super) reason: &'static str,
}

impl PassedOver {
    /// A line for people.
    pub(super) fn line(&self) -> String {
        format!("{}: {}\n", files_name(&self.file), self.reason)
    }

    /// A line for programs, and for a page.
    pub(super) fn to_json(&self) -> serde_json::Value {
        let place = files_name(&self.file);
        serde_json::json!({"place": place, "what": "passed_over", "reason": self.reason})
    }
}

/// A line for people of each.
pub(super) fn lines_of(passed_over: &[PassedOver]) -> String {
    passed_over.iter().map(PassedOver::line).collect()
}

/// How many there are, for people; nothing of none.
pub(super) fn count_of(passed_over: &[PassedOver]) -> String {
    match passed_over.len() {
        0 => String::new(),
        1 => "1 in a folder was not read: nobody knows what stands there\n".to_owned(),
        many => format!("{many} in folders were not read: nobody knows what stands there\n"),
    }
}

/// What of the folders that were named is not read: folders with records, what is compressed, and
/// records in files of other names. Anything else that lies there is none.
pub(super) fn passed_over(named: &[PathBuf]) -> Vec<PassedOver> {
    let mut found = Vec::new();
    for path in named.iter().filter(|path| path.is_dir()) {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        for file in entries.map(|entry| entry.path()).filter(|path| !named.contains(path)) {
            let reason = match () {
                () if file.is_dir() => (!is_hidden(&file)
                    && holds_records(&file, FOLDERS_DEEP_MAX))
                .then_some("not read; name it too"),
                () if is_compressed(&file) => {
                    Some("not read, since it is compressed; unpack it first")
                }
                () if is_hidden(&file) || !is_named_as_record(&file) => begins_as_record(&file)
                    .then_some("not read, though it begins as a record does; name it too"),
                () => None,
            };
            found.extend(reason.map(|reason| PassedOver { file, reason }));
        }
    }
    found.sort_by(|one, other| one.file.cmp(&other.file));
    found.dedup_by(|one, other| one.file == other.file);
    found
}

/// LIMIT: folders in each other, so that the search ends where a link leads back.
const FOLDERS_DEEP_MAX: usize = 8;

fn holds_records(path: &Path, deep: usize) -> bool {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| !is_hidden(path)).any(|path| {
        match path.is_dir() {
            true => deep > 0 && holds_records(&path, deep - 1),
            false => is_named_as_record(&path) || is_compressed(&path),
        }
    })
}

/// Whether a file is called as records are when they are compressed: `log-000001.ndjson.gz`.
fn is_compressed(path: &Path) -> bool {
    const ENDS: [&str; 8] = ["gz", "zst", "xz", "bz2", "lz4", "br", "zip", "7z"];
    let stem = path.file_stem().map(Path::new);
    ENDS.contains(&end_of(path).as_str()) && stem.is_some_and(is_named_as_record)
}

/// Whether the first member of what stands in a file is that of a record.
fn begins_as_record(path: &Path) -> bool {
    const BEGINS: &[u8] = b"{\"record\":";
    if !path.is_file() {
        return false;
    }
    let mut first = Vec::new();
    let read = File::open(path).and_then(|file| file.take(256).read_to_end(&mut first));
    first.retain(|byte| !byte.is_ascii_whitespace());
    read.is_ok() && first.starts_with(BEGINS)
}

/// Pieces that go from thread to thread together.
type Batch = (usize, Vec<Piece>);

const BATCH_PIECES: usize = 64;
const BATCH_BYTES: usize = 1 << 20;

/// Does the work for each piece on as many threads, and hands the results over in order.
pub(super) fn each<T: Send>(
    inputs: &[Input],
    threads: Option<NonZeroUsize>,
    work: impl Fn(&Piece) -> T + Sync,
    mut done: impl FnMut(Piece, T),
) {
    let threads =
        threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let bar = Bar::new(inputs.iter().map(|input| input.bytes).sum());
    let position = AtomicU64::new(0);
    let (send_batches, batches) = sync_channel::<Batch>(2 * threads);
    let batches = Mutex::new(batches);
    std::thread::scope(|scope| {
        let (send_results, results) = sync_channel::<(usize, Vec<(Piece, T)>)>(2 * threads);
        let (batches, work, position) = (&batches, &work, &position);
        scope.spawn(move || read(inputs, &send_batches, position));
        for _ in 0..threads {
            let send_results = send_results.clone();
            scope.spawn(move || {
                while let Some((number, batch)) = next(batches) {
                    let results = batch
                        .into_iter()
                        .map(|piece| {
                            let result = work(&piece);
                            (piece, result)
                        })
                        .collect();
                    if send_results.send((number, results)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send_results);
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        for (number, batch) in results {
            early.insert(number, batch);
            while let Some(batch) = early.remove(&wanted) {
                wanted += 1;
                bar.advance(position.load(Ordering::Relaxed), batch.len());
                batch.into_iter().for_each(|(piece, result)| done(piece, result));
            }
        }
    });
}

fn next(batches: &Mutex<Receiver<Batch>>) -> Option<Batch> {
    batches.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn read(inputs: &[Input], batches: &SyncSender<Batch>, position: &AtomicU64) {
    let mut number = 0;
    let mut batch = Vec::new();
    let mut bytes = 0;
    let mut send = |piece: Piece| {
        bytes += piece.bytes.as_ref().map_or(0, Vec::len);
        batch.push(piece);
        if batch.len() < BATCH_PIECES && bytes < BATCH_BYTES {
            return true;
        }
        position.fetch_add(std::mem::take(&mut bytes) as u64, Ordering::Relaxed);
        number += 1;
        batches.send((number - 1, std::mem::take(&mut batch))).is_ok()
    };
    for (input, Input { file, is_log, .. }) in inputs.iter().enumerate() {
        let failed = |error: &std::io::Error| Piece {
            input,
            line: None,
            bytes: Err(format!("cannot be read: {}", reason(error))),
        };
        let opened = match open(file) {
            Ok(opened) => opened,
            Err(error) => {
                send(failed(&error));
                continue;
            }
        };
        if !is_log {
            let mut bytes = Vec::new();
            let read = opened.take(LINE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes);
            send(match read {
                Ok(_) => {
                    let bytes = packed(&bytes).map_or(Ok(bytes), Err);
                    Piece { input, line: None, bytes }
                }
                Err(error) => failed(&error),
            });
            continue;
        }
        let mut opened = BufReader::with_capacity(BATCH_BYTES, opened);
        if let Some(reason) = opened.fill_buf().ok().and_then(packed) {
            send(Piece { input, line: None, bytes: Err(reason) });
            continue;
        }
        for line in Lines::new(opened) {
            let sent = match line {
                Ok(line) => send(Piece {
                    input,
                    line: Some(line.number),
                    bytes: line.bytes.map_err(|error| format!("{error} [{}]", error.code())),
                }),
                Err(error) => {
                    send(failed(&error));
                    break;
                }
            };
            if !sent {
                return;
            }
        }
    }
    if !batch.is_empty() {
        let _ = batches.send((number, batch));
    }
}

/// By what a file is compressed, by its first bytes.
fn packed(first: &[u8]) -> Option<String> {
    const KINDS: [(&[u8], &str); 2] =
        [(&[0x1f, 0x8b], "gzip"), (&[0x28, 0xb5, 0x2f, 0xfd], "zstd")];
    let kind = KINDS.iter().find(|(begins, _)| first.starts_with(begins));
    kind.map(|(_, kind)| format!("is compressed by {kind}: unpack it first"))
}

/// A line on standard error, where that is a terminal. It is gone when this is dropped.
struct Bar(Option<(ProgressBar, AtomicU64)>);

impl Bar {
    fn new(total: u64) -> Self {
        Self(std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total);
            let template = "{bar:30} {percent:>3}%  {msg}  {eta} left";
            let bar = match ProgressStyle::with_template(template) {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            };
            (bar, AtomicU64::new(0))
        }))
    }

    fn advance(&self, position: u64, records: usize) {
        let Some((bar, done)) = &self.0 else { return };
        let done = done.fetch_add(records as u64, Ordering::Relaxed) + records as u64;
        bar.set_message(format!("{} records", HumanCount(done)));
        bar.set_position(position);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some((bar, _)) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
