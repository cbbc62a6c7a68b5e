//! Which files of the tree are read, and in which order?

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use cleartosend::directory::clients::Catalogue;
use walkdir::{DirEntry, WalkDir};

use crate::formats::Format;
use crate::limits;
use crate::place::Lines;
use crate::report::{Broken, Finding, Report, Skipped};

/// What to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether packages that are installed in the tree are read one by one.
    pub installed: Installed,
}

/// Whether packages that are installed in the tree are read one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Installed {
    /// Directories named `node_modules`, `bower_components`, `vendor`, `site-packages`, `.yarn`, `.venv` or `venv` are left out and
    /// listed as skipped: the lock file beside them tells what they hold. The default.
    #[default]
    Skip,
    /// They are read like everything else.
    Read,
}

/// Why a tree could not be scanned.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The root cannot be read.
    #[error("cannot read `{}`: {reason}", root.display())]
    Root {
        /// As given.
        root: PathBuf,
        /// What the operating system said.
        reason: String,
    },
    /// The root is one file, of a kind that is not read.
    #[error("`{}` is no manifest or lock file that is known; give a directory, or a file such as `package.json`", root.display())]
    UnknownFile {
        /// As given.
        root: PathBuf,
    },
}

impl ScanError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Root { .. } => "scan/unreadable-root",
            Self::UnknownFile { .. } => "scan/unknown-file",
        }
    }
}

/// Reads every manifest and lock file below `root` (or `root` itself, if it is one) and looks its names up in the catalogue.
///
/// Hidden and ignored files are read: what a version control system ignores is deployed all the same. Links are never followed; what
/// they stand for within the tree is read there. `root` itself may be a link.
///
/// # Errors
/// Only if `root` cannot be read. Whatever is wrong below it is part of the report.
pub fn scan(root: &Path, catalogue: &Catalogue, options: &Options) -> Result<Report, ScanError> {
    let unreadable = |reason: String| ScanError::Root { root: root.to_owned(), reason };
    let metadata = root.metadata().map_err(|error| unreadable(error.to_string()))?;
    let mut report = Report::new(root, catalogue);
    if metadata.is_file() {
        let format = format_of(root).ok_or_else(|| ScanError::UnknownFile { root: root.to_owned() })?;
        let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        read_into(&mut report, root, &name, format, catalogue);
        report.sort();
        return Ok(report);
    }
    std::fs::read_dir(root).map_err(|error| unreadable(error.to_string()))?;

    let mut entries = WalkDir::new(root).follow_links(false).follow_root_links(true).sort_by_file_name().into_iter();
    let mut seen = 0_usize;
    while let Some(entry) = entries.next() {
        seen += 1;
        if seen > limits::ENTRIES_MAX {
            report.broken.push(Broken::of_tree(format!("stopped after {} files and directories", limits::ENTRIES_MAX)));
            break;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let file = error.path().map(|path| relative(root, path)).unwrap_or_default();
                let reason = error.io_error().map_or_else(|| "cannot be walked".to_owned(), ToString::to_string);
                report.broken.push(Broken { file, line: None, column: None, reason });
                continue;
            }
        };
        let kind = entry.file_type();
        if kind.is_dir() {
            if let Some(reason) = reason_to_leave_out(&entry, *options) {
                report.skipped.push(Skipped { file: relative(root, entry.path()), reason });
                entries.skip_current_dir();
            }
            continue;
        }
        let Some(format) = format_of(entry.path()) else { continue };
        let file = relative(root, entry.path());
        if kind.is_file() {
            read_into(&mut report, entry.path(), &file, format, catalogue);
        } else {
            let reason = if kind.is_symlink() { "a link; links are not followed" } else { "not a regular file" };
            report.skipped.push(Skipped { file, reason: reason.to_owned() });
        }
    }
    report.sort();
    Ok(report)
}

fn reason_to_leave_out(entry: &DirEntry, options: Options) -> Option<String> {
    if entry.depth() == 0 {
        return None;
    }
    let name = entry.file_name().to_str().unwrap_or_default();
    if matches!(name, ".git" | ".hg" | ".svn") {
        return Some("history of a version control system".to_owned());
    }
    let installed = matches!(name, "node_modules" | "bower_components" | "vendor" | "site-packages" | ".yarn" | ".venv" | "venv");
    if installed && options.installed == Installed::Skip {
        return Some("installed packages".to_owned());
    }
    (entry.depth() > limits::DIRECTORY_DEPTH_MAX).then(|| format!("more than {} directories deep", limits::DIRECTORY_DEPTH_MAX))
}

fn format_of(path: &Path) -> Option<Format> {
    let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    let directory = path.parent().and_then(name).unwrap_or_default();
    Format::of(&directory, &name(path)?)
}

/// The path below the root, with `/` between its parts on every system.
fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn read_into(report: &mut Report, path: &Path, file: &str, format: Format, catalogue: &Catalogue) {
    let broken = |reason: String| Broken { file: file.to_owned(), line: None, column: None, reason };
    let bytes = match read(path) {
        Ok(bytes) => bytes,
        Err(reason) => return report.broken.push(broken(reason)),
    };
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => return report.broken.push(broken(format!("not UTF-8 at byte {}", error.valid_up_to()))),
    };
    let read = format.read(text, catalogue);
    // Most files hold nothing to tell, and lines are counted only where something is.
    let lines = match &read {
        Ok((listed, problems)) if listed.is_empty() && problems.is_empty() => None,
        _ => Some(Lines::new(text)),
    };
    let place = |at: Option<crate::place::At>| at.and_then(|at| lines.as_ref().map(|lines| lines.line_column(at))).unzip();
    let (listed, problems) = match read {
        Ok((listed, problems)) => {
            report.files_read += 1;
            (listed, problems)
        }
        Err(problem) => (Vec::new(), vec![problem]),
    };
    for problem in problems {
        let (line, column) = place(problem.at);
        report.broken.push(Broken { file: file.to_owned(), line, column, reason: problem.reason });
    }
    for listed in listed {
        let (line, column) = place(Some(listed.at));
        report.add(Finding::new(file.to_owned(), line, column, &listed));
    }
}

#[expect(clippy::disallowed_methods, reason = "the scanner is what reads the tree; the engine never does")]
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    // One byte more than the limit tells a file at the limit from one past it, whatever its metadata say.
    file.take(limits::FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > limits::FILE_BYTES_MAX {
        return Err(format!("larger than {} MiB", limits::FILE_BYTES_MAX >> 20));
    }
    Ok(bytes)
}
