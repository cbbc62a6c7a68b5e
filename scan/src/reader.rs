//! What does a file of the tree say, and what goes into the report?

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use cleartosend::expert::clients::{Catalogue, ClientStatus};

use crate::accept::Pattern;
use crate::decode::decode;
use crate::file::{beginning, inside, read, settings_beside};
use crate::finding::Finding;
use crate::format::Format;
use crate::formats::{Content, Inner, Role};
use crate::limits;
use crate::listed::without_password;
use crate::mention::{Embedded, Include, Saying, Via, Want};
use crate::mentions::{Mentions, Said};
use crate::place::{At, Lines};
use crate::read::garbled::{Images, holds_client, is_template};
use crate::read::imports::Neighbours;
use crate::read::language::Language;
use crate::read::source::{Hosts, Searcher};
use crate::read::standing::Standing;
use crate::report::{Broken, Note, Report, Skipped, UNSUPPORTED};
use crate::tree::Problem;

/// Reads files into a report.
pub(crate) struct Reader<'c> {
    pub(crate) root: PathBuf,
    pub(crate) catalogue: &'c Catalogue,
    pub(crate) searcher: Searcher<'c>,
    pub(crate) report: Report,
    pub(crate) exclude: Vec<Pattern>,
    pub(crate) searched_bytes: u64,
    /// Files that others name, with the one that does.
    pub(crate) includes: Vec<(PathBuf, String, Option<usize>, Include)>,
    /// Where a library that drives a browser or a screen is asked for, and what it is called.
    pub(crate) driver: Option<(String, Option<usize>, String)>,
    /// The same, of a lock file that does not tell who asks for it.
    pub(crate) locked_driver: Option<(String, Option<usize>, String)>,
    /// Whether something of the tree drives a browser.
    pub(crate) drives: bool,
    /// What counts only then.
    pub(crate) quiet: Vec<Finding>,
    /// Whether something of the tree speaks of WhatsApp.
    pub(crate) speaks: bool,
    /// What counts only then.
    pub(crate) plain: Vec<Finding>,
    /// What counts only where nothing else does.
    pub(crate) faint: Vec<Finding>,
    /// Variables that images are taken from, each with where, and those that are set to one.
    pub(crate) wanted_images: Vec<(Broken, String)>,
    pub(crate) set_images: BTreeSet<String>,
    /// Sources that have to do with the official API, each with the client or the host.
    pub(crate) official: Vec<(String, String)>,
    /// Files that were read as lists of requirements, as the system knows them.
    pub(crate) requirements: BTreeSet<PathBuf>,
}

impl<'c> Reader<'c> {
    pub(crate) fn new(root: &Path, catalogue: &'c Catalogue, report: Report) -> Self {
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
            speaks: false,
            plain: Vec::new(),
            faint: Vec::new(),
            wanted_images: Vec::new(),
            set_images: BTreeSet::new(),
            official: Vec::new(),
            requirements: BTreeSet::new(),
        }
    }

    pub(crate) fn take(&mut self, path: &Path, file: &str, role: Role) {
        match role {
            Role::Manifest(Format::BunBinary) => self.read_binary(path, file),
            Role::Manifest(format) => self.read_manifest(path, file, format),
            Role::Content(content) => self.read_content(path, file, content),
            Role::Template(inner) => self.read_template(path, file, inner),
            Role::Unread(tool) => self.skip(file, format!("{UNSUPPORTED}{tool}"), false),
        }
    }

    pub(crate) fn excluded(&self, file: &str) -> Option<&Pattern> {
        self.exclude.iter().find(|pattern| pattern.matches(file))
    }

    pub(crate) fn skip(&mut self, file: &str, reason: impl Into<String>, unread: bool) {
        self.report.skipped.push(Skipped { file: file.to_owned(), reason: reason.into(), unread });
    }

    pub(crate) fn broken(
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
    pub(crate) fn take_link(&mut self, path: &Path, file: &str) {
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
                self.speaks = self.speaks || self.searcher.speaks(&bytes);
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
        self.speaks = self.speaks || self.searcher.speaks(&bytes);
        let extension =
            path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("manifest.json"));
        let may_say = || {
            content.may_say(&bytes)
                || self.searcher.may_have_address(&bytes)
                || self.searcher.may_have_name(&bytes)
                || self.searcher.may_have_host(&bytes)
                || self.searcher.may_have_app(&bytes)
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
        let said = mentions.finish();
        if let Some(client) = said.official.clone().filter(|_| !is_manifest) {
            self.official.push((file.to_owned(), client));
        }
        self.keep(path, file, &decoded.text, said);
    }

    /// Puts what one file says into the report.
    fn keep(&mut self, path: &Path, file: &str, text: &str, said: Said) {
        // Most files hold nothing to tell, and lines are counted only where something is.
        let silent = said.listed.is_empty()
            && said.problems.is_empty()
            && said.includes.is_empty()
            && said.quiet.is_empty()
            && said.plain.is_empty()
            && said.faint.is_empty()
            && said.wanted_images.is_empty()
            && said.driver.is_none();
        let lines = (!silent && !text.is_empty()).then(|| Lines::new(text));
        let place = |at: Option<At>| {
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
        self.set_images.extend(said.set_images);
        for (variable, at) in said.wanted_images {
            let (line, column) = place(Some(at));
            let reason = format!(
                "`{{{{ {variable} }}}}` has no value in the tree, so what is installed is not known"
            );
            let file = file.to_owned();
            self.wanted_images.push((Broken { file, line, column, reason }, variable));
        }
        self.drives |= said.drives && !is_test(file);
        for listed in said.quiet {
            let (line, column) = place(Some(listed.at));
            self.quiet.push(Finding::new(file.to_owned(), line, column, listed));
        }
        for (from, kept) in [(said.plain, &mut self.plain), (said.faint, &mut self.faint)] {
            for listed in from {
                let (line, column) = place(Some(listed.at));
                kept.push(Finding::new(file.to_owned(), line, column, listed));
            }
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
    pub(crate) fn read_includes(&mut self) {
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

fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}

pub(crate) fn is_history(directory: &str) -> bool {
    matches!(directory, ".git" | ".hg" | ".svn")
}

pub(crate) fn is_installed(directory: &str) -> bool {
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
pub(crate) fn role_of(path: &Path) -> Option<Role> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let directory = path.parent().and_then(name).unwrap_or_default();
    Role::of(&directory, &name(path)?)
}

/// The role of a regular file: by its name, or for want of an ending by its first line, which names
/// the interpreter of a script.
pub(crate) fn role_in(path: &Path) -> Option<Role> {
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
pub(crate) fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
