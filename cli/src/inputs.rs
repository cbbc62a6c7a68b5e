//! Which documents are to be judged?
//!
//! A file is one document; a folder is each `.json` file in it; a file of NDJSON is a document a
//! line. What is named first is judged first.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use cleartosend::expert::csv::Lines;
use cleartosend::expert::limits;
use cleartosend_audience::{Format, Source};
use cleartosend_files::Unreadable;

use crate::failure::{Failure, files_name};
use crate::files;

/// Standard input.
const PIPE: &str = "-";

/// LIMIT: documents of one call. Each costs a line of the answer, which is held until the end.
const DOCUMENTS_MAX: usize = 100_000;

/// The one document that is asked for, if there is no more to it.
pub(crate) fn only(files: &[PathBuf], is_ndjson: bool) -> Option<&Path> {
    match files {
        [file] if !is_ndjson && !is_lines(file) && !file.is_dir() => Some(file),
        _ => None,
    }
}

/// Whether a file's name says that it is NDJSON.
fn is_lines(file: &Path) -> bool {
    Format::of(file) == Some(Format::Ndjson)
}

/// One of several documents.
pub(crate) struct Document {
    /// The file that it stands in.
    pub(crate) file: PathBuf,
    /// Its line there, from 1, where each has one.
    pub(crate) line: Option<u64>,
    /// The document, or why it cannot be read.
    pub(crate) bytes: Result<Vec<u8>, Failure>,
}

impl Document {
    /// `campaigns/a.json`, or `queue.ndjson:3`.
    pub(crate) fn name(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", files_name(&self.file)),
            None => files_name(&self.file),
        }
    }
}

/// Several documents, read one after the other.
pub(crate) struct Documents {
    files: VecDeque<(PathBuf, Kind)>,
    /// What lies in the folders beside the documents and may hold more of them.
    unread: Vec<PathBuf>,
    lines: Option<OpenLines>,
    count: usize,
}

/// Of what is not read, so many are named.
const UNREAD_SHOWN: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Document,
    Lines,
    /// Of too many documents, the first that is not read.
    TooMany,
}

struct OpenLines {
    file: PathBuf,
    lines: Lines<Box<dyn std::io::Read + Send>>,
}

impl Documents {
    /// The documents of files and folders. Of a folder, those files are left out that are `passed`.
    ///
    /// # Errors
    /// A folder that cannot be read, or that has no document; standard input named twice.
    pub(crate) fn of(
        named: &[PathBuf],
        is_ndjson: bool,
        passed: impl Fn(&Path) -> Result<Vec<PathBuf>, Failure>,
    ) -> Result<Self, Failure> {
        let pipes = named.iter().filter(|file| **file == Path::new(PIPE)).count();
        if pipes > 1 {
            return Err(Failure::new("standard input is named twice, and can be read once"));
        }
        let (mut files, mut unread) = (VecDeque::new(), Vec::new());
        for file in named {
            if file.is_dir() {
                let (found, others) = in_folder(file, &passed(file)?)?;
                files.extend(found.into_iter().map(|file| (file, Kind::Document)));
                unread.extend(others);
                continue;
            }
            let is_lines = is_lines(file) || (is_ndjson && file == Path::new(PIPE));
            files.push_back((file.clone(), if is_lines { Kind::Lines } else { Kind::Document }));
        }
        Ok(Self { files, unread, lines: None, count: 0 })
    }

    /// What lies in the folders that are named and is not read, a line each.
    pub(crate) fn notes(&self) -> String {
        let line = |file: &PathBuf| {
            let what = if file.is_dir() { "a folder in a folder" } else { "lines in a folder" };
            format!("note: {}: {what} is not judged; name it too\n", files_name(file))
        };
        let shown: String = self.unread.iter().take(UNREAD_SHOWN).map(line).collect();
        match self.unread.len().saturating_sub(UNREAD_SHOWN) {
            0 => shown,
            more => format!("{shown}note: {more} more are not judged\n"),
        }
    }

    /// Whether something in the folders that are named may be a document and is not read.
    pub(crate) fn is_any_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// The next line of a file of them.
    fn line(&mut self) -> Option<Document> {
        let open = self.lines.as_mut()?;
        let file = open.file.clone();
        let mut buffer = Vec::new();
        loop {
            return match open.lines.next(&mut buffer) {
                Ok(None) => {
                    self.lines = None;
                    None
                }
                Ok(Some(line)) if line.trim_ascii().is_empty() => continue,
                Ok(Some(line)) => {
                    let bytes = Ok(line.to_vec());
                    Some(Document { file, line: Some(open.lines.number()), bytes })
                }
                Err(problem) => {
                    let line = Some(problem.line());
                    let reason = Failure::new(&format!(
                        "{}:{}: {problem}",
                        files_name(&file),
                        problem.line()
                    ));
                    if problem.is_final() {
                        self.lines = None;
                    }
                    Some(Document { file, line, bytes: Err(reason) })
                }
            };
        }
    }
}

impl Iterator for Documents {
    type Item = Document;

    fn next(&mut self) -> Option<Document> {
        loop {
            let document = match self.line() {
                Some(document) => document,
                None => {
                    let (file, kind) = self.files.pop_front()?;
                    match kind {
                        Kind::Lines => match open(&file) {
                            Ok(lines) => {
                                self.lines = Some(OpenLines { file, lines });
                                continue;
                            }
                            Err(unreadable) => {
                                Document { file, line: None, bytes: Err(unreadable.into()) }
                            }
                        },
                        Kind::Document => {
                            let bytes = files::read(&file, limits::DOCUMENT_BYTES_MAX);
                            Document { file, line: None, bytes: bytes.map_err(Failure::from) }
                        }
                        Kind::TooMany => return None,
                    }
                }
            };
            self.count += 1;
            if self.count <= DOCUMENTS_MAX {
                return Some(document);
            }
            let reason = format!("more than {DOCUMENTS_MAX} documents; ask for them in parts");
            self.lines = None;
            self.files.clear();
            self.files.push_back((document.file.clone(), Kind::TooMany));
            return Some(Document { bytes: Err(Failure::new(&reason)), ..document });
        }
    }
}

fn open(file: &Path) -> Result<Lines<Box<dyn std::io::Read + Send>>, Unreadable> {
    Ok(Lines::new(match files::open(file)? {
        Source::File(file) => Box::new(file),
        Source::Pipe(pipe) => pipe,
    }))
}

/// The documents in a folder, by name, and what lies there that may hold more of them and is not
/// read: folders and files of lines.
fn in_folder(folder: &Path, passed: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Failure> {
    let unreadable = |error| Failure::from(Unreadable { path: folder.to_path_buf(), error });
    let passed: Vec<PathBuf> = passed.iter().filter_map(|file| file.canonicalize().ok()).collect();
    let (mut files, mut unread) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let is_json = file.extension().is_some_and(|it| it.eq_ignore_ascii_case("json"));
        let is_passed = || file.canonicalize().is_ok_and(|file| passed.contains(&file));
        if is_json && file.is_file() && !is_passed() {
            files.push(file);
        } else if is_lines(&file) || file.is_dir() && !is_hidden(&file) {
            unread.push(file);
        }
    }
    if files.is_empty() {
        let name = files_name(folder);
        return Err(Failure::new(&format!("{name} has no `.json` file to judge")));
    }
    files.sort();
    unread.sort();
    Ok((files, unread))
}

/// Whether a file or folder is one that tools keep for themselves, such as `.git`.
fn is_hidden(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}
