//! Which files of the tree are read, and in which order?

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use cleartosend::expert::clients::{Catalogue, ClientStatus};
use walkdir::{DirEntry, WalkDir};

use crate::accept::{self, Accepted, Day, Pattern};
use crate::decode::decode;
use crate::formats::{Content, Format, Inner, Role};
use crate::limits;
use crate::mention::{
    Embedded, Evidence, Include, Mentions, Said, Saying, Via, Want, without_password,
};
use crate::place::Lines;
use crate::read::deployment::Standing;
use crate::read::garbled::{Images, holds_client, is_template};
use crate::read::source::{Hosts, Language, Neighbours, Searcher};
use crate::report::{AcceptedFinding, Broken, Finding, Note, Report, Skipped, UNSUPPORTED};
use crate::tree::Problem;

/// What to read, and what counts.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether packages that are installed in the tree are read one by one.
    pub installed: Installed,
    /// Whether what could not be read makes the result undecided.
    pub unread: Unread,
    /// Patterns of paths below the root that are left out, besides those of the tree's own
    /// list. `*` stays within one part of a path, `**` goes over any number; what
    /// matches a folder matches all below it.
    pub exclude: Vec<String>,
    /// Whether the tree's own list of what it accepts is heard.
    pub accepted: Acceptances,
}

/// Whether packages that are installed in the tree are read one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Installed {
    /// Directories named `node_modules`, `bower_components`, `vendor`, `site-packages`, `.yarn`,
    /// `.venv` or `venv` are left out and listed as skipped: the lock file beside them lists what
    /// they hold. The default.
    #[default]
    Skip,
    /// They are read like everything else.
    Read,
}

/// Whether what could not be read makes the result undecided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unread {
    /// It may hold anything, so it does. The default.
    #[default]
    Counts,
    /// It is reported and does not count.
    Accept,
}

/// Whether the tree's own list of what it accepts is heard: its `.cts-scan.toml`, or the table
/// `scan` of its `cts.toml`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Acceptances {
    /// No: the tree may be untrusted. The default.
    #[default]
    Ignore,
    /// Yes, with acceptances that end after this day.
    On(Day),
    /// Only a `.cts-scan.toml`, likewise.
    WithoutConfig(Day),
}

/// Why a tree could not be scanned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
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
    #[error("`{}` is no manifest, lock file or source that is known; give a directory, or a file such as `package.json`", root.display())]
    UnknownFile {
        /// As given.
        root: PathBuf,
    },
    /// A pattern of paths that cannot be read.
    #[error("{reason}")]
    Pattern {
        /// What is wrong with it.
        reason: String,
    },
    /// A `.cts-scan.toml` or `cts.toml` that cannot be read, or both that say what is accepted.
    #[error("`{}`, line {line}: {reason}", file.display())]
    AcceptFile {
        /// The file.
        file: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

impl ScanError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Root { .. } => "scan/unreadable-root",
            Self::UnknownFile { .. } => "scan/unknown-file",
            Self::Pattern { .. } => "scan/bad-pattern",
            Self::AcceptFile { .. } => "scan/bad-accept-file",
        }
    }
}

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
    // A manifest beside a lock file tells what the project itself asks for.
    let folder = |file: &str| file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let is_alone =
        |file: &str| report.read.iter().all(|other| other == file || folder(other) != folder(file));
    let driver = reader.driver.or(reader.locked_driver.filter(|(file, ..)| is_alone(file)));
    // Where there are programs they were searched for pages of the consumer client.
    if let Some((file, line, name)) = driver
        && report.sources_searched == 0
        && report.findings.is_empty()
    {
        let reason = format!(
            "`{name}` drives a browser or a screen, and no program of the tree tells which page"
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

/// What the tree accepts: as one of two files says.
fn own_list(root: &Path, today: Day, config: Heard) -> Result<Accepted, ScanError> {
    let own = accept_file(root, accept::FILE, |text| Accepted::parse(text, today).map(Some))?;
    let config = match config {
        Heard::Yes => {
            accept_file(root, accept::CONFIG_FILE, |text| Accepted::parse_config(text, today))?
        }
        Heard::No => None,
    };
    match (own, config) {
        (Some(_), Some(_)) => Err(ScanError::AcceptFile {
            file: root.join(accept::FILE),
            line: 1,
            reason: format!(
                "`{}` has a table `scan` too; move all of it there, and take this file away",
                accept::CONFIG_FILE
            ),
        }),
        (own, config) => Ok(own.or(config).unwrap_or_default()),
    }
}

/// Whether the tree's `cts.toml` is heard.
#[derive(Clone, Copy)]
enum Heard {
    Yes,
    No,
}

/// What a file at the root says; none where it is not there or says nothing of this.
fn accept_file(
    root: &Path,
    name: &str,
    parse: impl FnOnce(&str) -> Result<Option<Accepted>, (usize, String)>,
) -> Result<Option<Accepted>, ScanError> {
    let file = root.join(name);
    let error = |line, reason| ScanError::AcceptFile { file: file.clone(), line, reason };
    match file.symlink_metadata() {
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Ok(metadata) if !metadata.is_file() => {
            return Err(error(1, "not a regular file".to_owned()));
        }
        _ => {}
    }
    let bytes = read(&file, limits::ACCEPT_FILE_BYTES_MAX).map_err(|reason| error(1, reason))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| error(1, "not UTF-8".to_owned()))?;
    parse(text).map_err(|(line, reason)| error(line, reason))
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

fn is_history(directory: &str) -> bool {
    matches!(directory, ".git" | ".hg" | ".svn")
}

fn is_installed(directory: &str) -> bool {
    matches!(
        directory,
        "node_modules"
            | "bower_components"
            | "vendor"
            | "site-packages"
            | ".yarn"
            | ".venv"
            | "venv"
    )
}

/// A name that is not UTF-8 has an ending all the same, and a client may stand in the file.
fn role_of(path: &Path) -> Option<Role> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let directory = path.parent().and_then(name).unwrap_or_default();
    Role::of(&directory, &name(path)?)
}

/// The role of a regular file: by its name, or for want of an ending by its first line, which names
/// the interpreter of a script.
fn role_in(path: &Path) -> Option<Role> {
    let by_line = || {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let has_ending = name.trim_start_matches('.').contains('.');
        let begin = beginning(path).filter(|_| !has_ending)?;
        // What a machine sets itself up by.
        if begin.starts_with(b"#cloud-config") {
            return Some(Role::Content(Content::Yaml));
        }
        let language = Language::of_script(&begin)?;
        Some(Role::Content(Content::Source(language)))
    };
    role_of(path).or_else(by_line)
}

/// The path below the root, with `/` between its parts on every system.
fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Reads files into a report.
struct Reader<'c> {
    root: PathBuf,
    catalogue: &'c Catalogue,
    searcher: Searcher<'c>,
    report: Report,
    exclude: Vec<Pattern>,
    searched_bytes: u64,
    /// Files that others name, with the one that does.
    includes: Vec<(PathBuf, String, Option<usize>, Include)>,
    /// Where a library that drives a browser or a screen is asked for, and what it is called.
    driver: Option<(String, Option<usize>, String)>,
    /// The same, of a lock file that does not tell who asks for it.
    locked_driver: Option<(String, Option<usize>, String)>,
    /// Whether something of the tree drives a browser.
    drives: bool,
    /// What counts only then.
    quiet: Vec<Finding>,
    /// Files that were read as lists of requirements, as the system knows them.
    requirements: BTreeSet<PathBuf>,
}

impl<'c> Reader<'c> {
    fn new(root: &Path, catalogue: &'c Catalogue, report: Report) -> Self {
        Self {
            root: root.to_owned(),
            catalogue,
            searcher: Searcher::new(catalogue),
            report,
            exclude: Vec::new(),
            searched_bytes: 0,
            includes: Vec::new(),
            driver: None,
            locked_driver: None,
            drives: false,
            quiet: Vec::new(),
            requirements: BTreeSet::new(),
        }
    }

    fn take(&mut self, path: &Path, file: &str, role: Role) {
        match role {
            Role::Manifest(Format::BunBinary) => self.read_binary(path, file),
            Role::Manifest(format) => self.read_manifest(path, file, format),
            Role::Content(content) => self.read_content(path, file, content),
            Role::Template(inner) => self.read_template(path, file, inner),
            Role::Unread(tool) => self.skip(file, format!("{UNSUPPORTED}{tool}"), false),
        }
    }

    fn excluded(&self, file: &str) -> Option<&Pattern> {
        self.exclude.iter().find(|pattern| pattern.matches(file))
    }

    fn skip(&mut self, file: &str, reason: impl Into<String>, unread: bool) {
        self.report.skipped.push(Skipped { file: file.to_owned(), reason: reason.into(), unread });
    }

    fn broken(
        &mut self,
        file: &str,
        line: Option<usize>,
        column: Option<usize>,
        reason: impl Into<String>,
    ) {
        self.report.broken.push(Broken {
            file: file.to_owned(),
            line,
            column,
            reason: without_password(&reason.into()).into_owned(),
        });
    }

    /// A link is not walked through. What it stands for is read where it stands in the tree; under
    /// the link's name as well, if only that says what it is. Outside of the tree nothing is read.
    fn take_link(&mut self, path: &Path, file: &str) {
        let role = role_of(path);
        let is_manifest = matches!(role, Some(Role::Manifest(_)));
        let is_read = is_manifest || matches!(role, Some(Role::Content(_)));
        let target = path.canonicalize().ok();
        let Some((target, root)) = target.zip(self.root.canonicalize().ok()) else {
            if is_manifest {
                self.skip(file, "a link that leads nowhere", true);
            }
            return;
        };
        let is_left_out = |part: Component<'_>| {
            part.as_os_str().to_str().is_some_and(|name| is_installed(name) || is_history(name))
        };
        if !target.starts_with(&root) {
            if is_read || target.is_dir() {
                self.skip(file, "a link that leads out of the tree; links are not followed", true);
            }
        } else if target.is_file()
            && (role != role_of(&target) || target.components().any(is_left_out))
        {
            if let Some(role) = role {
                self.report.notes.push(Note {
                    file: file.to_owned(),
                    text: "a link; what it stands for was read under this name".to_owned(),
                });
                self.take(&target, file, role);
            }
        } else if is_manifest {
            self.skip(file, "a link; what it stands for is read where it is", false);
        }
    }

    fn read_manifest(&mut self, path: &Path, file: &str, format: Format) {
        if format == Format::Requirements
            && let Ok(known) = path.canonicalize()
            && !self.requirements.insert(known)
        {
            return;
        }
        match read(path, limits::FILE_BYTES_MAX) {
            Ok(bytes) => {
                let reads = |text: &str,
                             searcher: &Searcher<'_>,
                             into: &mut Mentions<'c>|
                 -> Result<Standing, Problem> {
                    let standing = format.read(text, into)?;
                    if format.has_addresses() {
                        searcher.read_settings(text, Hosts::All, into);
                    }
                    Ok(standing)
                };
                self.read_text(path, file, &bytes, reads, true);
            }
            Err(reason) => self.broken(file, None, None, reason),
        }
    }

    fn read_content(&mut self, path: &Path, file: &str, content: Content) {
        let limit = if let Content::Source(_) = content {
            limits::SOURCE_FILE_BYTES_MAX
        } else {
            limits::FILE_BYTES_MAX
        };
        let length = path.metadata().map_or(0, |metadata| metadata.len());
        if self.searched_bytes.saturating_add(length.min(limit)) > limits::SEARCHED_TREE_BYTES_MAX {
            return self.skip(
                file,
                format!(
                    "{} MiB of the tree were searched before it",
                    limits::SEARCHED_TREE_BYTES_MAX >> 20
                ),
                true,
            );
        }
        let bytes = match read(path, limit) {
            Ok(bytes) => bytes,
            // Data of that size is no list of what is run; a source of that size, and any file that
            // cannot be opened, may hold whatever it likes.
            Err(reason) => {
                return self.skip(
                    file,
                    format!("not searched: {reason}"),
                    !matches!(content, Content::Json | Content::Toml | Content::Data),
                );
            }
        };
        self.searched_bytes += bytes.len() as u64;
        if let Content::Source(_) = content {
            self.report.sources_searched += 1;
        }
        let extension =
            path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("manifest.json"));
        let may_say = || {
            content.may_say(&bytes)
                || self.searcher.may_have_address(&bytes)
                || self.searcher.may_have_name(&bytes)
                || self.searcher.may_have_host(&bytes)
        };
        if !extension && !may_say() {
            return;
        }
        let name =
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let root = self.root.clone();
        let neighbours = Neighbours { directory: path.parent().unwrap_or(&root), root: &root };
        self.read_text(
            path,
            file,
            &bytes,
            |text, searcher, into| content.read(text, &name, searcher, neighbours, into),
            false,
        );
    }

    /// A template of a file, or an example of one: what it names may run once somebody has filled it
    /// in, and is asked about.
    fn read_template(&mut self, path: &Path, file: &str, inner: Inner) {
        let bytes = read(path, limits::FILE_BYTES_MAX);
        let decoded = match bytes.as_deref().map_err(Clone::clone).and_then(decode) {
            Ok(decoded) => decoded,
            Err(reason) => return self.skip(file, format!("not read: {reason}"), false),
        };
        let text = &decoded.text;
        let name = file.rsplit('/').next().unwrap_or(file);
        let root = self.root.clone();
        let neighbours = Neighbours { directory: path.parent().unwrap_or(&root), root: &root };
        let mut mentions = Mentions::new(self.catalogue);
        mentions.now(Saying::Mentions);
        let standing = match inner {
            Inner::Manifest(format) => {
                let standing = format.read(text, &mut mentions);
                if format.has_addresses() {
                    self.searcher.read_settings(text, Hosts::All, &mut mentions);
                }
                standing
            }
            Inner::Content(content) => {
                content.read(text, name, &self.searcher, neighbours, &mut mentions)
            }
        };
        let is_given = !mentions.is_empty() || holds_client(text, Images::Listed, &mentions);
        let mut said = mentions.finish();
        said.includes.clear();
        let is_whole = standing.is_ok() && said.problems.is_empty();
        match standing {
            Err(problem) if is_given => {
                let (line, column) = problem.at.map(|at| Lines::new(text).line_column(at)).unzip();
                self.broken(file, line, column, problem.reason);
            }
            _ if is_given => {}
            _ if !is_whole => {
                said.problems.clear();
                self.skip(file, "a template, which says nothing before it is filled in", false);
            }
            _ => {}
        }
        self.keep(path, file, text, said);
    }

    fn read_binary(&mut self, path: &Path, file: &str) {
        match read(path, limits::FILE_BYTES_MAX) {
            Ok(bytes) => {
                let mut mentions = Mentions::new(self.catalogue);
                self.searcher.read_binary(&bytes, &mut mentions);
                self.keep(path, file, "", mentions.finish());
                let reason = "not read: bun's binary lock file was only searched for names; `bun \
                              install --save-text-lockfile` writes one that can be read";
                self.skip(file, reason, false);
            }
            Err(reason) => self.broken(file, None, None, reason),
        }
    }

    /// Decodes and reads one file. `is_manifest`: its name says that it lists what is installed, so
    /// that bytes which are not text are reported.
    fn read_text<R>(&mut self, path: &Path, file: &str, bytes: &[u8], reads: R, is_manifest: bool)
    where
        R: FnOnce(&str, &Searcher<'_>, &mut Mentions<'c>) -> Result<Standing, Problem>,
    {
        let decoded = match decode(bytes) {
            Ok(decoded) => decoded,
            Err(reason) if is_manifest => return self.broken(file, None, None, reason),
            // An interpreter reads on past such bytes, and much with the ending of a source is
            // something else, such as a film: names are searched for, and the file is reported.
            Err(reason) => {
                let mut mentions = Mentions::new(self.catalogue);
                self.searcher.read_binary(bytes, &mut mentions);
                self.keep(path, file, "", mentions.finish());
                let reason = format!("not read: {reason}; only searched for names of packages");
                return self.skip(file, reason, false);
            }
        };
        let mut mentions = Mentions::new(self.catalogue);
        if file.ends_with(".yml") || file.ends_with(".yaml") {
            mentions.variables = settings_beside(path);
        }
        let standing = reads(&decoded.text, &self.searcher, &mut mentions);
        let root = self.root.clone();
        let neighbours = Neighbours { directory: path.parent().unwrap_or(&root), root: &root };
        read_embedded(&self.searcher, neighbours, &mut mentions);
        match standing {
            Ok(Standing::Read) => {
                self.report.read.push(file.to_owned());
                if let Some(text) = decoded.note {
                    self.report.notes.push(Note { file: file.to_owned(), text });
                }
            }
            Ok(Standing::Passed) => {}
            Err(problem) => {
                let (line, column) =
                    problem.at.map(|at| Lines::new(&decoded.text).line_column(at)).unzip();
                self.broken(file, line, column, problem.reason);
            }
        }
        self.keep(path, file, &decoded.text, mentions.finish());
    }

    /// Puts what one file says into the report.
    fn keep(&mut self, path: &Path, file: &str, text: &str, said: Said) {
        // Most files hold nothing to tell, and lines are counted only where something is.
        let silent = said.listed.is_empty()
            && said.problems.is_empty()
            && said.includes.is_empty()
            && said.quiet.is_empty()
            && said.driver.is_none();
        let lines = (!silent && !text.is_empty()).then(|| Lines::new(text));
        let place = |at: Option<crate::place::At>| {
            at.and_then(|at| lines.as_ref().map(|lines| lines.line_column(at))).unzip()
        };
        for problem in said.problems {
            let (line, column) = place(problem.at);
            self.report.broken.push(Broken {
                file: file.to_owned(),
                line,
                column,
                reason: problem.reason,
            });
        }
        for listed in said.listed {
            // Its entry is unconfirmed, but has nothing against it.
            if listed.status == ClientStatus::Unchecked && listed.kind == "cloud" {
                let text = format!(
                    "`{}:{}` is listed as a client of the official API, which nobody has checked",
                    listed.ecosystem, listed.name
                );
                self.report.notes.push(Note { file: file.to_owned(), text });
                continue;
            }
            let (line, column) = place(Some(listed.at));
            self.report.findings.push(Finding::new(file.to_owned(), line, column, listed));
        }
        self.drives |= said.drives && !is_test(file);
        for listed in said.quiet {
            let (line, column) = place(Some(listed.at));
            self.quiet.push(Finding::new(file.to_owned(), line, column, listed));
        }
        if let Some((name, via, at)) = said.driver {
            let driver =
                if via == Via::Locked { &mut self.locked_driver } else { &mut self.driver };
            driver.get_or_insert_with(|| (file.to_owned(), place(Some(at)).0, name));
        }
        self.report.clients.extend(said.clients);
        self.report
            .notes
            .extend(said.notes.into_iter().map(|text| Note { file: file.to_owned(), text }));
        for include in said.includes {
            let (line, _) = place(Some(include.at));
            self.includes.push((
                path.parent().unwrap_or(&self.root).to_owned(),
                file.to_owned(),
                line,
                include,
            ));
        }
    }

    /// Reads the files that requirement files name by `-r` and `-c`, and compose files by
    /// `include` and `extends`, and those that these name.
    /// Only within the tree.
    fn read_includes(&mut self) {
        while let Some((directory, named_by, line, include)) = self.includes.pop() {
            let required = include.want == Want::Required;
            if include.path.contains("://") {
                if required {
                    self.broken(
                        &named_by,
                        line,
                        None,
                        format!("names `{}`, which is not in the tree", shortened(&include.path)),
                    );
                }
                continue;
            }
            let target = directory.join(&include.path);
            let below = inside(&self.root, &target).filter(|path| path.is_file());
            match below {
                Some(path) => {
                    let file = relative(&self.root, &path);
                    // The walk takes what it knows by its name.
                    let is_walked = include.format != Format::Requirements
                        && role_of(&path).is_some()
                        && !file.split('/').any(is_installed);
                    if self.excluded(&file).is_none() && !is_walked {
                        self.read_manifest(&path, &file, include.format);
                    }
                }
                None if required => {
                    self.broken(
                        &named_by,
                        line,
                        None,
                        format!(
                            "names `{}`, which is not a file of the tree",
                            shortened(&include.path)
                        ),
                    );
                }
                None => {}
            }
        }
    }
}

/// Reads the files that stand within a file, and those within them.
fn read_embedded(searcher: &Searcher<'_>, neighbours: Neighbours<'_>, into: &mut Mentions<'_>) {
    for _ in 0..limits::EMBEDDED_DEPTH_MAX {
        for Embedded { name, text, at } in into.take_embedded() {
            let by_line = || Language::of_script(text.as_bytes()).map(Content::Source);
            let role = Role::of("", &name).or_else(|| by_line().map(Role::Content));
            let mut standing = Ok(Standing::Passed);
            into.placed(at, |into| match role {
                Some(Role::Manifest(format)) => {
                    standing = format.read(&text, into);
                    if format.has_addresses() {
                        searcher.read_settings(&text, Hosts::All, into);
                    }
                }
                Some(Role::Content(content)) => {
                    standing = content.read(&text, &name, searcher, neighbours, into);
                }
                _ => {}
            });
            into.now(Saying::Installs);
            if let Err(problem) = standing
                && (!is_template(&text) || holds_client(&text, Images::Listed, into))
            {
                into.problem(at, format!("`{}` within it: {}", shortened(&name), problem.reason));
            }
        }
    }
}

/// Whether a file is one of tests, which drive the pages of the tree itself.
fn is_test(file: &str) -> bool {
    let (folders, name) = file.rsplit_once('/').unwrap_or(("", file));
    let of_tests = ["test", "tests", "__tests__", "e2e", "spec", "specs", "cypress"];
    folders.split('/').any(|folder| of_tests.contains(&folder))
        || name.contains(".spec.")
        || name.contains(".test.")
        || name.starts_with("test_")
}

/// The variables of a `.env` file in the same folder, which compose files are filled in with.
fn settings_beside(path: &Path) -> BTreeMap<String, String> {
    let settings = path.with_file_name(".env");
    let is_file = settings.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let bytes = if is_file { read(&settings, limits::SETTINGS_BYTES_MAX).ok() } else { None };
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.trim().trim_start_matches("export ").split_once('='))
        .filter(|(name, _)| !name.starts_with('#'))
        .map(|(name, value)| {
            let value = value.split(" #").next().unwrap_or(value).trim();
            (name.trim().to_owned(), value.trim_matches(['"', '\'']).to_owned())
        })
        .collect()
}

/// A path with its `..` taken away, if it stays below the root, without a link on the way out of
/// it.
fn inside(root: &Path, path: &Path) -> Option<PathBuf> {
    let below = path.strip_prefix(root).ok()?;
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in below.components() {
        match part {
            Component::Normal(_) => parts.push(part),
            Component::ParentDir => drop(parts.pop()?),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    let path = root.join(parts.iter().collect::<PathBuf>());
    path.canonicalize().ok()?.starts_with(root.canonicalize().ok()?).then_some(path)
}

fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}

/// The first bytes of a file, as far as a line that names an interpreter goes.
#[expect(
    clippy::disallowed_methods,
    reason = "the scanner is what reads the tree; the engine never does"
)]
fn beginning(path: &Path) -> Option<Vec<u8>> {
    /// LIMIT: bytes of such a line.
    const LINE_BYTES_MAX: u64 = 256;
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LINE_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the scanner is what reads the tree; the engine never does"
)]
fn read(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    // One byte more than the limit tells a file at the limit from one past it, whatever its
    // metadata say.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > limit {
        return Err(format!("larger than {} MiB", limit >> 20));
    }
    Ok(bytes)
}
