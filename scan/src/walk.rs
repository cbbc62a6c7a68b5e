//! Which files of the tree are read, and in which order?

use std::collections::BTreeSet;
use std::path::Path;

use cleartosend::expert::clients::Catalogue;
use walkdir::{DirEntry, WalkDir};

use crate::accept::{Accepted, Pattern};
use crate::finding::Finding;
use crate::formats::Role;
use crate::limits;
use crate::mention::Evidence;
use crate::options::{Acceptances, Installed, Options, ScanError, Unread};
use crate::own_list::{Heard, own_list};
use crate::reader::{Reader, is_history, is_installed, relative, role_in, role_of};
use crate::report::{AcceptedFinding, Broken, Note, Report, Skipped};

/// Reads everything below `root` that says what is installed or run (or `root` itself, if it is one
/// file), looks its names up in the catalogue, and searches sources for names and addresses of
/// clients.
///
/// Hidden and ignored files are read: what a version control system ignores is deployed all the
/// same. The walk follows no link; a file of the tree that a link gives another name is read under
/// that name too. `root` itself may be a link.
///
/// # Errors
/// Only if `root` or its list of what it accepts cannot be read, or a pattern is none. Whatever is
/// wrong below it is part of the report.
pub fn scan(root: &Path, catalogue: &Catalogue, options: &Options) -> Result<Report, ScanError> {
    let unreadable = |reason: String| ScanError::Root { root: root.to_owned(), reason };
    let metadata = root.metadata().map_err(|error| unreadable(error.to_string()))?;
    let mut report = Report::new(root, catalogue);
    report.unread_counts = options.unread == Unread::Counts;
    let mut exclude =
        options.exclude.iter().map(|text| Pattern::new(text)).collect::<Result<Vec<_>, _>>();
    let exclude =
        exclude.as_mut().map_err(|reason| ScanError::Pattern { reason: std::mem::take(reason) })?;
    if metadata.is_file() {
        let role = role_in(root).ok_or_else(|| ScanError::UnknownFile { root: root.to_owned() })?;
        let name =
            root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        report.files_seen = 1;
        let directory = root.parent().unwrap_or(root);
        let mut reader = Reader::new(directory, catalogue, report);
        reader.take(root, &name, role);
        reader.read_includes();
        return Ok(finished(reader));
    }
    if !metadata.is_dir() {
        return Err(unreadable("it is neither a directory nor a regular file".to_owned()));
    }
    std::fs::read_dir(root).map_err(|error| unreadable(error.to_string()))?;
    let mut accepted = match options.accepted {
        Acceptances::Ignore => Accepted::default(),
        Acceptances::On(today) => own_list(root, today, Heard::Yes)?,
        Acceptances::WithoutConfig(today) => own_list(root, today, Heard::No)?,
    };
    exclude.append(&mut accepted.exclude);
    let mut reader = Reader::new(root, catalogue, report);
    reader.exclude.append(exclude);
    walk(&mut reader, options.installed);
    reader.read_includes();
    let mut report = finished(reader);
    if let Acceptances::On(today) | Acceptances::WithoutConfig(today) = options.accepted {
        for finding in std::mem::take(&mut report.findings) {
            match accepted.of(&finding, catalogue, today) {
                Some(acceptance) => report.accepted.push(AcceptedFinding { finding, acceptance }),
                None => report.findings.push(finding),
            }
        }
        report.unused_acceptances = accepted.unused(today);
    }
    drop_repeated(&mut report);
    Ok(report)
}

fn finished(reader: Reader<'_>) -> Report {
    let mut report = reader.report;
    // The page that a program drives may stand in a file of its own.
    if reader.drives {
        report.findings.extend(reader.quiet);
    }
    let set = &reader.set_images;
    let unset = reader.wanted_images.into_iter().filter(|(_, variable)| !set.contains(variable));
    report.broken.extend(unset.map(|(broken, _)| broken));
    if reader.speaks {
        report.findings.extend(reader.plain);
    }
    if report.findings.is_empty() {
        report.findings.extend(reader.faint);
    }
    // Of sources alone those count that show a way to WhatsApp.
    if report.read.is_empty() && !report.has_unsupported() {
        for (file, client) in reader.official {
            let text = format!("`{client}` in it is of the official API");
            report.notes.push(Note { file: file.clone(), text });
            report.read.push(file);
        }
    }
    // A manifest beside a lock file tells what the project itself asks for.
    let folder = |file: &str| file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let is_alone =
        |file: &str| report.read.iter().all(|other| other == file || folder(other) != folder(file));
    let driver = reader.driver.or(reader.locked_driver.filter(|(file, ..)| is_alone(file)));
    // Where there are programs they were searched for pages of the consumer client. Most trees with
    // such a library test or print pages of their own; and an official client explains the word.
    if let Some((file, line, name)) = driver
        && reader.speaks
        && report.clients.is_empty()
        && report.sources_searched == 0
        && report.findings.is_empty()
    {
        let reason = format!(
            "`{name}` drives a browser or a screen, the tree speaks of WhatsApp, and no program of it \
             tells which page"
        );
        report.broken.push(Broken { file, line, column: None, reason });
    }
    report.files_read = report.read.len();
    report.sort();
    report
}

/// Leaves out what sources say of a client that a manifest has said already: it is searched for
/// where no manifest is.
fn drop_repeated(report: &mut Report) {
    let known = |finding: &Finding| finding.project.clone();
    let is_source = |finding: &Finding| finding.evidence == Evidence::SourceString;
    let certain: BTreeSet<_> =
        report.findings.iter().filter(|finding| !is_source(finding)).map(known).collect();
    report.findings.retain(|finding| !is_source(finding) || !certain.contains(&known(finding)));
}

fn walk(reader: &mut Reader<'_>, installed: Installed) {
    let root = reader.root.clone();
    let mut entries = WalkDir::new(&root)
        .follow_links(false)
        .follow_root_links(true)
        .sort_by_file_name()
        .into_iter();
    let mut seen = 0_usize;
    while let Some(entry) = entries.next() {
        seen += 1;
        if seen > limits::ENTRIES_MAX {
            reader.report.broken.push(Broken::of_tree(format!(
                "stopped after {} files and directories",
                limits::ENTRIES_MAX
            )));
            break;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let file = error.path().map(|path| relative(&root, path)).unwrap_or_default();
                let reason = error
                    .io_error()
                    .map_or_else(|| "cannot be walked".to_owned(), ToString::to_string);
                reader.report.broken.push(Broken { file, line: None, column: None, reason });
                continue;
            }
        };
        let kind = entry.file_type();
        let left_out = if kind.is_dir() { reason_to_leave_out(&entry, installed) } else { None };
        let file = relative(&root, entry.path());
        let excluded =
            reader.excluded(&file).map(|pattern| format!("excluded by `{}`", pattern.text));
        if let Some((reason, unread)) = left_out.or_else(|| {
            excluded
                .filter(|_| kind.is_dir() || (kind.is_file() && role_in(entry.path()).is_some()))
                .map(|reason| (reason, false))
        }) {
            reader.report.skipped.push(Skipped { file, reason, unread });
            if kind.is_dir() {
                entries.skip_current_dir();
            }
            continue;
        }
        if kind.is_dir() || reader.excluded(&file).is_some() {
            continue;
        }
        reader.report.files_seen += 1;
        if kind.is_symlink() {
            reader.take_link(entry.path(), &file);
        } else if kind.is_file() {
            if let Some(role) = role_in(entry.path()) {
                reader.take(entry.path(), &file, role);
            }
        } else if let Some(Role::Manifest(_)) = role_of(entry.path()) {
            reader.report.skipped.push(Skipped {
                file,
                reason: "not a regular file".to_owned(),
                unread: true,
            });
        }
    }
}

/// Why a directory is left out, and whether that leaves the result undecided.
fn reason_to_leave_out(entry: &DirEntry, installed: Installed) -> Option<(String, bool)> {
    if entry.depth() == 0 {
        return None;
    }
    let name = entry.file_name().to_str().unwrap_or_default();
    if is_history(name) {
        return Some(("history of a version control system".to_owned(), false));
    }
    if is_installed(name) && installed == Installed::Skip {
        return Some(("installed packages".to_owned(), false));
    }
    (entry.depth() > limits::DIRECTORY_DEPTH_MAX)
        .then(|| (format!("more than {} directories deep", limits::DIRECTORY_DEPTH_MAX), true))
}
