//! What do sources say literally, where no manifest does?
//!
//! An import without a manifest, a bundle, a script that drives the web client by keys, a call to a
//! gateway's address: of these a name or a host stands in the text and nothing more is certain, so
//! what is found here is *undecided* and comes with a question. No language is parsed; each file is
//! gone through a fixed number of times.

use std::collections::BTreeSet;
use std::path::Path;

use aho_corasick::{AhoCorasick, MatchKind};
use cleartosend::clients::{Catalogue, ClientStatus, Ecosystem, Kind};

use super::deployment::Standing;
use super::{command, go, literal, npm, python};
use crate::mention::{Mention, Mentions, Saying, Via};
use crate::place::{At, line_before, place_of};
use crate::tree::toml;

/// What a source is written in, as far as it matters for imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    JavaScript,
    Python,
    Go,
    Rust,
    Ruby,
    Dart,
    Shell,
    /// Languages that mostly press keys and click: what they open, they drive.
    Keys,
    Other,
}

impl Language {
    /// By the ending of a file's name, in small letters.
    pub(crate) fn of(file: &str) -> Option<Self> {
        if file == ".env" || file.starts_with(".env.") {
            return Some(Self::Other);
        }
        if matches!(file, "makefile" | "gnumakefile" | "justfile" | "procfile" | "taskfile") {
            return Some(Self::Shell);
        }
        let (_, ending) = file.rsplit_once('.')?;
        Some(match ending {
            "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" | "vue" | "svelte"
            | "astro" => Self::JavaScript,
            "py" | "pyw" | "ipynb" => Self::Python,
            "go" => Self::Go,
            "rs" => Self::Rust,
            "rb" => Self::Ruby,
            "dart" => Self::Dart,
            "sh" | "bash" | "zsh" | "fish" | "ps1" | "bat" | "cmd" | "mk" => Self::Shell,
            "ahk" | "au3" | "vbs" | "robot" | "sikuli" | "applescript" => Self::Keys,
            "java" | "kt" | "kts" | "scala" | "groovy" | "cs" | "fs" | "vb" | "php" | "ex"
            | "exs" | "lua" | "pl" | "pm" | "swift" | "gs" | "bas" | "cls" | "pas" | "cpp"
            | "cc" | "c" | "m" | "mm" | "r" | "jl" | "clj" | "erl" => Self::Other,
            _ => return None,
        })
    }
}

/// Where a source lies, for imports of its neighbours.
#[derive(Clone, Copy)]
pub(crate) struct Neighbours<'p> {
    pub(crate) directory: &'p Path,
    pub(crate) root: &'p Path,
}

impl Neighbours<'_> {
    /// Whether a module of that name stands in the tree, beside the file or at the root.
    fn have(self, module: &str) -> bool {
        [self.directory, self.root].iter().any(|place| {
            place.join(module).is_dir() || place.join(format!("{module}.py")).is_file()
        })
    }
}

/// What of an address the catalogue lists.
#[derive(Clone, Copy)]
enum Shape {
    Host,
    /// With every host below it.
    Domain,
    Path,
    /// Of which the last part may go on: `/waInstance*`.
    PathBeginning,
}

impl Shape {
    fn of(pattern: &str) -> Self {
        match pattern.as_bytes().first() {
            Some(b'/') if pattern.contains('*') => Self::PathBeginning,
            Some(b'/') => Self::Path,
            Some(b'*') => Self::Domain,
            _ => Self::Host,
        }
    }
}

/// What is searched for; made once for a tree.
pub(crate) struct Searcher<'c> {
    catalogue: &'c Catalogue,
    /// Hosts and paths of the catalogue, each with its number there.
    addresses: Option<AhoCorasick>,
    numbers: Vec<(usize, Shape)>,
    /// What stands before a module's name.
    imports: Option<AhoCorasick>,
    /// Tools that drive a browser or a screen.
    drivers: Option<AhoCorasick>,
    /// Names of npm, for files that are not text.
    names: Option<AhoCorasick>,
    named: Vec<&'c str>,
}

const IMPORTS: &[&str] = &[
    "require(",
    "from",
    "import",
    "node_modules/",
    "/*! ",
    "npm:",
    "esm.sh/",
    "unpkg.com/",
    "cdn.jsdelivr.net/npm/",
    "skypack.dev/",
];

/// Words of programs that open a page to press its buttons.
const DRIVERS: &[&str] = &[
    "puppeteer",
    "playwright",
    "selenium",
    "webdriver",
    "pyautogui",
    "pynput",
    "sendkeys",
    "send_keys",
    "keyboard.press",
    "autoit",
    "robotjs",
    "nightmare",
    "chromedp",
    "rod.new",
];

/// The page that people open from links, too: `/send?phone=` shows a chat and sends nothing by
/// itself.
const WEB_CLIENT: &str = "web.whatsapp.com";

/// Letters of the fixed part of a path that is searched for. Below it, strangers' code would match.
const PATH_BYTES_MIN: usize = 10;

/// Bytes of a name that is searched for within a binary file, where nothing marks its ends.
const BINARY_NAME_BYTES_MIN: usize = 8;

impl<'c> Searcher<'c> {
    pub(crate) fn new(catalogue: &'c Catalogue) -> Self {
        let mut needles = Vec::new();
        let mut numbers = Vec::new();
        for (number, address) in catalogue
            .addresses()
            .iter()
            .enumerate()
            .filter(|(_, address)| address.status > ClientStatus::Unrecognised)
        {
            let pattern = address.pattern.text();
            let needle = pattern
                .strip_prefix("*.")
                .unwrap_or(&pattern)
                .split('*')
                .next()
                .unwrap_or_default();
            if !needle.starts_with('/') || needle.len() >= PATH_BYTES_MIN {
                needles.push(needle.to_owned());
                numbers.push((number, Shape::of(&pattern)));
            }
        }
        let named: Vec<&str> = catalogue
            .clients()
            .iter()
            .filter(|client| {
                client.ecosystem == Ecosystem::Npm && client.status > ClientStatus::Unrecognised
            })
            .map(|client| &*client.name)
            .filter(|name| name.len() >= BINARY_NAME_BYTES_MIN)
            .collect();
        Self {
            catalogue,
            addresses: automaton(&needles),
            numbers,
            imports: automaton(IMPORTS),
            drivers: automaton(DRIVERS),
            names: automaton(&named),
            named,
        }
    }

    /// Searches one source. [`Standing::Read`] if it says itself what is installed, as sources of
    /// Deno do.
    pub(crate) fn read(
        &self,
        text: &str,
        language: Language,
        neighbours: Neighbours<'_>,
        into: &mut Mentions<'_>,
    ) -> Standing {
        into.now(Saying::Mentions);
        self.read_addresses(text, language, into);
        match language {
            Language::JavaScript => return self.read_imports(text, into),
            Language::Python => return read_python(text, neighbours, into),
            Language::Go => read_go(text, into),
            Language::Rust => read_rust(text, into),
            Language::Ruby => {
                for (rest, at) in lines_after(text, &["require "]) {
                    take(Ecosystem::Gem, quoted(rest).unwrap_or_default(), at, into);
                }
            }
            Language::Dart => {
                for (found, _) in text.match_indices("package:") {
                    let rest = text.get(found + "package:".len()..).unwrap_or_default();
                    let name = rest
                        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                        .next()
                        .unwrap_or_default();
                    take(Ecosystem::Pub, name, At::Offset(found), into);
                }
            }
            Language::Shell => {
                for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', ':'])) {
                    command::read(line, place_of(text, line.trim_start()), into);
                }
            }
            Language::Keys | Language::Other => {}
        }
        Standing::Passed
    }

    /// Hosts and paths of gateways and of the consumer's own client.
    pub(crate) fn read_addresses(&self, text: &str, language: Language, into: &mut Mentions<'_>) {
        let Some(automaton) = &self.addresses else { return };
        let mut drives = None;
        let bytes = text.as_bytes();
        for found in automaton.find_iter(text) {
            let Some((number, shape)) = self.numbers.get(found.pattern().as_usize()) else {
                continue;
            };
            let Some(address) = self.catalogue.addresses().get(*number) else { continue };
            let before =
                found.start().checked_sub(1).and_then(|at| bytes.get(at)).copied().unwrap_or(b' ');
            let after = text.get(found.end()..).unwrap_or_default();
            let is_whole = match shape {
                Shape::Host => is_edge(before) && before != b'.' && ends_host(after),
                Shape::Domain => is_edge(before) && ends_host(after),
                Shape::Path => !after.starts_with(|c: char| c.is_ascii_alphanumeric()),
                Shape::PathBeginning => true,
            };
            if !is_whole {
                continue;
            }
            let is_web_client =
                text.get(found.range()).is_some_and(|host| host.eq_ignore_ascii_case(WEB_CLIENT));
            // A link for a person to open, as click to chat is; a program that drives a browser or
            // a keyboard opens it for itself.
            let is_link = address.kind == Kind::Gui
                || (is_web_client && after.trim_start_matches('/').starts_with("send"));
            if is_link && language != Language::Keys {
                let drives = drives.get_or_insert_with(|| {
                    self.drivers.as_ref().is_some_and(|drivers| drivers.is_match(text))
                });
                if !*drives {
                    continue;
                }
            }
            into.address(address, At::Offset(found.start()));
        }
    }

    /// `require`, `import` and `from` with a listed name, in source and in bundles.
    fn read_imports(&self, text: &str, into: &mut Mentions<'_>) -> Standing {
        let mut standing = Standing::Passed;
        let Some(automaton) = &self.imports else { return standing };
        for found in automaton.find_iter(text) {
            let needle = IMPORTS.get(found.pattern().as_usize()).copied().unwrap_or_default();
            let after = text.get(found.end()..).unwrap_or_default();
            let at = At::Offset(found.start());
            match needle {
                "require(" | "from" | "import" => {
                    let Some(specifier) = quoted(after.trim_start_matches([' ', '\t', '('])) else {
                        continue;
                    };
                    let specified = specifier.starts_with("npm:")
                        || specifier.starts_with("jsr:")
                        || literal::SERVERS.iter().any(|server| specifier.contains(server));
                    if !specified {
                        take(Ecosystem::Npm, literal::package_of(specifier), at, into);
                    } else if !is_comment(text, found.start()) {
                        // Nothing else says what is installed: this line does.
                        standing = Standing::Read;
                        into.now(Saying::Installs);
                        literal::take_specifier(specifier, None, at, Via::Direct, into);
                        into.now(Saying::Mentions);
                    }
                }
                "node_modules/" => take(Ecosystem::Npm, literal::package_of(word(after)), at, into),
                "/*! " => take(Ecosystem::Npm, npm::split_version(word(after)).0, at, into),
                needle => {
                    let specifier = format!("{needle}{}", word(after));
                    literal::take_specifier(&specifier, None, at, Via::Source, into);
                }
            }
        }
        standing
    }

    /// Names of npm in a file that is not text, such as the binary lock file of bun, where nothing
    /// marks the ends of a name.
    pub(crate) fn read_binary(&self, bytes: &[u8], into: &mut Mentions<'_>) {
        into.now(Saying::Mentions);
        for found in self.names.iter().flat_map(|names| names.find_iter(bytes)) {
            if let Some(name) = self.named.get(found.pattern().as_usize()) {
                take(Ecosystem::Npm, name, At::Offset(0), into);
            }
        }
    }
}

/// `None` if nothing is searched for, or more than the automaton holds: the built-in catalogue has
/// some hundred names.
fn automaton<N: AsRef<[u8]>>(needles: &[N]) -> Option<AhoCorasick> {
    if needles.is_empty() {
        return None;
    }
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(needles)
        .ok()
}

fn is_edge(before: u8) -> bool {
    !(before.is_ascii_alphanumeric() || matches!(before, b'-' | b'_' | b'@'))
}

fn ends_host(after: &str) -> bool {
    let mut bytes = after.bytes();
    match bytes.next() {
        Some(b'.') => !bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric()),
        Some(byte) => !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')),
        None => true,
    }
}

/// The text between quotes at the start.
fn quoted(text: &str) -> Option<&str> {
    /// LIMIT: bytes of a module specifier; past it a quote is an apostrophe in prose.
    const SPECIFIER_BYTES_MAX: usize = 512;
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let body = text.get(1..)?;
    let end = body.bytes().take(SPECIFIER_BYTES_MAX).position(|byte| byte == quote as u8)?;
    body.get(..end).filter(|specifier| !specifier.contains('\n'))
}

/// What can be a package's name with a path, at the start.
fn word(text: &str) -> &str {
    let end = text.bytes().take(512).position(|byte| {
        !(byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'/' | b'-' | b'_' | b'.'))
    });
    text.get(..end.unwrap_or_else(|| text.len().min(512))).unwrap_or_default()
}

/// Whether the line of that place begins as a comment does.
fn is_comment(text: &str, at: usize) -> bool {
    let line = line_before(text, at).trim_start();
    line.starts_with("//") || line.starts_with('*') || line.starts_with("/*")
}

fn take(ecosystem: Ecosystem, name: &str, at: At, into: &mut Mentions<'_>) {
    if !name.is_empty() {
        into.take(Mention { ecosystem, name, alias: None, version: None, via: Via::Source, at });
    }
}

/// What stands behind some words at the beginning of a line.
fn lines_after<'t>(text: &'t str, words: &[&str]) -> Vec<(&'t str, At)> {
    let lines = text.lines().map(str::trim_start);
    lines
        .filter_map(|line| {
            Some((
                words.iter().find_map(|word| line.strip_prefix(word))?.trim_start(),
                place_of(text, line),
            ))
        })
        .collect()
}

/// `import a, b.c as d` and `from a.b import c`; and the list of requirements that a script may
/// begin with.
fn read_python(text: &str, neighbours: Neighbours<'_>, into: &mut Mentions<'_>) -> Standing {
    let mut looked_at = BTreeSet::new();
    for line in text.lines() {
        // A line of a notebook is a string.
        let code = line.trim_start().trim_start_matches('"').trim_start();
        let modules = match (code.strip_prefix("import "), code.strip_prefix("from ")) {
            (Some(list), _) => list,
            (_, Some(rest)) => rest.split(" import").next().unwrap_or(rest),
            _ => continue,
        };
        for module in modules.split(',') {
            let module = module
                .trim()
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default();
            // The first of each name says it; the file system is asked once.
            if !module.is_empty()
                && into.knows(Ecosystem::Pypi, module)
                && looked_at.insert(module)
                && !neighbours.have(module)
            {
                take(Ecosystem::Pypi, module, place_of(text, code), into);
            }
        }
    }
    read_script_requirements(text, into)
}

/// `# /// script`, lines of TOML behind `#`, `# ///`.
fn read_script_requirements(text: &str, into: &mut Mentions<'_>) -> Standing {
    let mut lines = text.lines().skip_while(|line| line.trim_end() != "# /// script");
    let Some(first) = lines.next() else { return Standing::Passed };
    let at = place_of(text, first);
    let block: String = lines
        .map_while(|line| line.strip_prefix('#').filter(|rest| rest.trim() != "///"))
        .flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"])
        .collect();
    match toml::parse(&block) {
        Ok(tree) => {
            into.now(Saying::Installs);
            for requirement in tree.root().all("dependencies").flat_map(crate::tree::Node::items) {
                python::take_requirement(
                    requirement.text().unwrap_or_default(),
                    at,
                    Via::Direct,
                    into,
                );
            }
            into.now(Saying::Mentions);
        }
        Err(problem) => {
            into.problem(at, format!("the requirements of the script: {}", problem.reason))
        }
    }
    Standing::Read
}

/// `import "path"`, `name "path"` and `"path"` within an import's brackets.
fn read_go(text: &str, into: &mut Mentions<'_>) {
    for line in text.lines() {
        let code = line.trim_start();
        let Some((before, path)) = code.split_once('"') else { continue };
        let named = before.trim().strip_prefix("import").unwrap_or(before.trim()).trim();
        let plain =
            named.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
        if let (true, Some((path, _))) = (plain, path.split_once('"'))
            && path.contains('/')
        {
            go::take_package(path, place_of(text, code), Via::Source, into);
        }
    }
}

/// `use name::…`, `extern crate name`.
fn read_rust(text: &str, into: &mut Mentions<'_>) {
    for (rest, at) in lines_after(text, &["use ", "pub use ", "extern crate "]) {
        let name = rest
            .trim_start_matches("::")
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .next()
            .unwrap_or_default();
        take(Ecosystem::Cargo, name, at, into);
    }
}

#[cfg(test)]
mod tests {
    use super::{ends_host, is_comment, quoted, word};

    #[test]
    fn names_and_hosts_end_where_they_end() {
        assert_eq!(quoted("'a/b' x"), Some("a/b"));
        assert_eq!(quoted("a'"), None);
        assert_eq!(quoted("'a\nb'"), None);
        assert_eq!(word("@a/b@1.0'"), "@a/b@1.0");
        assert!(ends_host("/x") && ends_host("") && ends_host(". Then") && ends_host("\""));
        assert!(!ends_host(".evil.example") && !ends_host("x") && !ends_host("-x"));
        assert!(is_comment("a\n  // b", 8) && !is_comment("// a\nb", 5));
    }
}
