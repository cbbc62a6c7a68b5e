//! What do sources say literally, where no manifest does?
//!
//! An import without a manifest, a bundle, a script that drives the web client by keys, a call to a
//! gateway's address: of these a name or a host stands in the text and nothing more is certain, so
//! what is found here is *undecided* and comes with a question. No language is parsed; each file is
//! gone through a fixed number of times.

use std::collections::BTreeSet;
use std::path::Path;

use aho_corasick::{AhoCorasick, MatchKind};
use cleartosend::expert::clients::{Catalogue, ClientStatus, Ecosystem, Kind};
use cleartosend::expert::endpoints::{Endpoint, EndpointStatus};

use super::deployment::Standing;
use super::{command, go, gradle, literal, notebook, npm, pieces, python};
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
            | "astro" | "html" | "htm" => Self::JavaScript,
            "py" | "pyw" | "ipynb" => Self::Python,
            "go" => Self::Go,
            "rs" => Self::Rust,
            "rb" => Self::Ruby,
            "dart" => Self::Dart,
            "sh" | "bash" | "zsh" | "fish" | "ps1" | "psm1" | "bat" | "cmd" | "mk" | "ksh"
            | "csh" | "tcsh" | "dash" | "nu" | "bats" | "command" | "envrc" | "bashrc"
            | "bash_profile" | "profile" | "zshrc" => Self::Shell,
            "ahk" | "au3" | "vbs" | "robot" | "sikuli" | "applescript" => Self::Keys,
            "java" | "kt" | "kts" | "scala" | "groovy" | "cs" | "csx" | "fs" | "fsx" | "vb"
            | "php" | "ex" | "exs" | "livemd" | "lua" | "pl" | "pm" | "swift" | "gs" | "bas"
            | "cls" | "pas" | "cpp" | "cc" | "c" | "m" | "mm" | "r" | "jl" | "clj" | "erl"
            | "http" | "rest" => Self::Other,
            _ => return None,
        })
    }
}

impl Language {
    /// By the first line of a script, which names its interpreter: `#!/usr/bin/env python3`.
    pub(crate) fn of_script(bytes: &[u8]) -> Option<Self> {
        let line = bytes.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
        let line = String::from_utf8_lossy(line);
        let mut words = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        words.find_map(|word| {
            let name = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            Some(match name {
                "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" | "csh" | "tcsh" | "fish"
                | "pwsh" | "nu" | "make" | "just" | "openrc-run" | "bats" | "with-contenv"
                | "execlineb" => Self::Shell,
                "python" | "pypy" | "uv" | "pipx" | "ipython" | "pip-run" => Self::Python,
                "node" | "nodejs" | "deno" | "bun" | "tsx" | "ts-node" | "zx" | "npx" => {
                    Self::JavaScript
                }
                "ruby" | "jruby" => Self::Ruby,
                "dart" => Self::Dart,
                "go" | "gorun" | "yaegi" => Self::Go,
                "rust-script" | "cargo" => Self::Rust,
                "osascript" => Self::Keys,
                "php" | "perl" | "lua" | "elixir" | "groovy" | "kotlin" | "kscript" | "scala"
                | "scala-cli" | "jbang" | "java" | "dotnet" | "dotnet-script" | "Rscript"
                | "julia" | "swift" | "escript" => Self::Other,
                _ => return None,
            })
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

/// Which of the catalogue's addresses are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hosts {
    All,
    /// Those of gateways: lists of addresses hold the consumer client's for many reasons.
    Services,
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
    /// Images of the catalogue, for strings that are one.
    images: Option<AhoCorasick>,
    imaged: Vec<&'c str>,
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
        let imaged: Vec<&str> = catalogue
            .clients()
            .iter()
            .filter(|client| {
                client.ecosystem == Ecosystem::Docker && client.status > ClientStatus::Unrecognised
            })
            .map(|client| &*client.name)
            .filter(|name| name.contains('/'))
            .collect();
        Self {
            catalogue,
            addresses: automaton(&needles),
            numbers,
            images: automaton(&imaged),
            imaged,
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
        // Tests of pages drive browsers as well.
        if self.drivers.as_ref().is_some_and(|drivers| drivers.is_match(text))
            && !text.contains("@playwright/test")
        {
            into.drives();
        }
        self.read_addresses(text, language, Hosts::All, into);
        self.read_images(text, language, into);
        self.read_hosts(text, language, into);
        if matches!(language, Language::Other | Language::Ruby) {
            read_own_requirements(text, into);
        }
        if matches!(language, Language::Other | Language::Shell) {
            read_package_lists(text, into);
        }
        if language != Language::Shell {
            let is_code = |at| !is_comment(text, at, language) && !is_quoted(text, at);
            command::read_calls(text, is_code, into);
        }
        match language {
            Language::JavaScript => {
                read_programs(text, into);
                read_made_requires(text, into);
                return self.read_imports(text, into);
            }
            Language::Python => {
                let standing = read_python(text, neighbours, into);
                self.read_notebook(text, neighbours, into);
                return standing;
            }
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
                command::read_script(text, into);
            }
            Language::Keys => {
                for line in text.lines().filter(|line| !line.trim_start().starts_with([';', '\'']))
                {
                    command::read(line, place_of(text, line.trim_start()), into);
                }
            }
            Language::Other => {}
        }
        Standing::Passed
    }

    /// A notebook: the code of each cell, in the language of its kernel, with its lines of a shell.
    fn read_notebook(&self, text: &str, neighbours: Neighbours<'_>, into: &mut Mentions<'_>) {
        // Most files in Python are none, and need no parser to tell.
        if !text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
            return;
        }
        for cell in notebook::cells(text).unwrap_or_default() {
            command::read(&cell.commands, cell.at, into);
            into.placed(cell.at, |into| match cell.language {
                Language::Python => {
                    let is_code = |at| !is_comment(&cell.code, at, Language::Python);
                    command::read_calls(&cell.code, is_code, into);
                    read_python(&cell.code, neighbours, into);
                }
                Language::JavaScript => {
                    let is_code = |at| !is_comment(&cell.code, at, Language::JavaScript);
                    command::read_calls(&cell.code, is_code, into);
                    self.read_imports(&cell.code, into);
                }
                _ => {}
            });
        }
    }

    /// Whether a look at the bytes says that an address of the catalogue may stand there.
    pub(crate) fn may_have_address(&self, bytes: &[u8]) -> bool {
        self.addresses.as_ref().is_some_and(|addresses| addresses.is_match(bytes))
            // A host of it may be put together.
            || memchr::memmem::find(bytes, b"whatsapp.com").is_some()
    }

    /// Whether a package of npm or an image is named somewhere in it.
    pub(crate) fn may_have_name(&self, bytes: &[u8]) -> bool {
        self.names.as_ref().is_some_and(|names| names.is_match(bytes))
            || self.images.as_ref().is_some_and(|images| images.is_match(bytes))
    }

    /// Whether an address in it has a host that is called after a gateway.
    pub(crate) fn may_have_host(&self, bytes: &[u8]) -> bool {
        /// LIMIT: bytes of a host with the user before it; a name of the network has fewer.
        const AUTHORITY_BYTES_MAX: usize = 512;
        memchr::memmem::find_iter(bytes, b"://").any(|at| {
            let rest = bytes.get(at + 3..).unwrap_or_default();
            let rest = rest.get(..AUTHORITY_BYTES_MAX).unwrap_or(rest);
            let rest = String::from_utf8_lossy(rest);
            self.catalogue.called_below_domain(host_of(&rest)).is_some()
        })
    }

    /// Addresses in settings, of which each line that begins with `#` is a comment.
    pub(crate) fn read_settings(&self, text: &str, hosts: Hosts, into: &mut Mentions<'_>) {
        into.now(Saying::Mentions);
        self.read_addresses(text, Language::Shell, hosts, into);
        self.read_hosts(text, Language::Shell, into);
        into.now(Saying::Installs);
    }

    /// Images in strings and settings: what a test or a program starts.
    fn read_images(&self, text: &str, language: Language, into: &mut Mentions<'_>) {
        let bytes = text.as_bytes();
        for found in self.images.iter().flat_map(|images| images.find_iter(text)) {
            let before = text.get(..found.start()).unwrap_or_default();
            let before = before.strip_suffix("docker.io/").unwrap_or(before);
            let begins = before.ends_with(['"', '\'', '`', '=']);
            let ends = bytes
                .get(found.end())
                .is_none_or(|byte| !(byte.is_ascii_alphanumeric() || b"-_./".contains(byte)));
            if begins
                && ends
                && !is_comment(text, found.start(), language)
                && let Some(name) = self.imaged.get(found.pattern().as_usize())
            {
                take(Ecosystem::Docker, name, At::Offset(found.start()), into);
            }
        }
    }

    /// Hosts and paths of gateways and of the consumer's own client.
    fn read_addresses(
        &self,
        text: &str,
        language: Language,
        hosts: Hosts,
        into: &mut Mentions<'_>,
    ) {
        let Some(automaton) = &self.addresses else { return };
        let mut drives = None;
        let names_whatsapp = std::cell::OnceCell::new();
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
            let is_consumers = matches!(address.kind, Kind::Browser | Kind::Gui);
            let is_path = matches!(shape, Shape::Path | Shape::PathBeginning);
            let is_web_client =
                text.get(found.range()).is_some_and(|host| host.eq_ignore_ascii_case(WEB_CLIENT));
            let at = At::Offset(found.start());
            if !is_whole
                || (is_path && self.is_of_partner(text, found.start()))
                // Words that anybody may choose for a path.
                || (address.kind == Kind::Unstated && !*names_whatsapp.get_or_init(|| {
                    text.to_ascii_lowercase().contains("whatsapp")
                }))
                || is_comment(text, found.start(), language)
            {
                continue;
            }
            if hosts == Hosts::Services && is_consumers {
                if is_web_client {
                    into.address_of_driver(address, at);
                }
                continue;
            }
            // A link for a person to open, as click to chat is; a program that drives a browser or
            // a keyboard opens it for itself.
            let is_link = address.kind == Kind::Gui
                || (is_web_client && after.trim_start_matches('/').starts_with("send"));
            if is_link && language != Language::Keys {
                let drives = drives.get_or_insert_with(|| {
                    self.drivers.as_ref().is_some_and(|drivers| drivers.is_match(text))
                });
                if !*drives {
                    // A link that shares a text names nobody to send it to.
                    let shares = after.trim_start_matches('/').starts_with("send?text=");
                    if is_web_client && !shares {
                        into.address_of_driver(address, at);
                    }
                    continue;
                }
            }
            into.address(address, at);
        }
        self.read_joined_host(text, language, drives, into);
    }

    /// Whether the address that a path ends is one of a partner, which is known for what it is.
    fn is_of_partner(&self, text: &str, path: usize) -> bool {
        let before = text.get(..path).unwrap_or_default();
        let begins = before.rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`'));
        let address = before.get(begins.map_or(0, |at| at + 1)..).unwrap_or_default();
        address.contains("://") && self.is_partners(address)
    }

    fn is_partners(&self, address: &str) -> bool {
        Endpoint::parse(address)
            .is_ok_and(|address| address.status(self.catalogue) == EndpointStatus::Partner)
    }

    /// Hosts that are called after a gateway, as containers and subdomains are:
    /// `http://waha:3000`. Links to a gateway's own pages say nothing of what is used.
    fn read_hosts(&self, text: &str, language: Language, into: &mut Mentions<'_>) {
        const SCHEMES: [&str; 4] = ["http", "https", "ws", "wss"];
        for (at, mark) in text.match_indices("://") {
            let before = text.get(..at).unwrap_or_default();
            let scheme = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next();
            if !scheme.is_some_and(|scheme| SCHEMES.contains(&scheme)) {
                continue;
            }
            let rest = text.get(at + mark.len()..).unwrap_or_default();
            let host = host_of(rest);
            let Some(client) = self.catalogue.called_below_domain(host) else { continue };
            // What is listed by its host was found by it.
            let is_listed = self.catalogue.find_address(host, "").is_some();
            // Nobody runs a sold service in a container of its own.
            let is_run = client.kind != Kind::Hosted;
            let is_other = !is_listed && !self.is_partners(host);
            if is_run && is_other && !is_comment(text, at, language) {
                take(client.ecosystem, &client.name, At::Offset(at + mark.len()), into);
            }
        }
    }

    /// The page of the consumer client, written in pieces by a program that drives a browser.
    fn read_joined_host(
        &self,
        text: &str,
        language: Language,
        drives: Option<bool>,
        into: &mut Mentions<'_>,
    ) {
        let is_driver = || {
            drives.unwrap_or_else(|| {
                self.drivers.as_ref().is_some_and(|drivers| drivers.is_match(text))
            })
        };
        if let Some(at) = pieces::of_host(text, WEB_CLIENT)
            && !is_comment(text, at, language)
            && let Some(address) = self.catalogue.find_address(WEB_CLIENT, "")
        {
            let at = At::Offset(at);
            match language == Language::Keys || is_driver() {
                true => into.address(address, at),
                false => into.address_of_driver(address, at),
            }
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
                "require(" | "from" | "import"
                    if is_comment(text, found.start(), Language::JavaScript)
                        || is_quoted(text, found.start()) => {}
                "require(" | "from" | "import" => {
                    let Some(specifier) = quoted(after.trim_start_matches([' ', '\t', '('])) else {
                        continue;
                    };
                    let specified = specifier.starts_with("npm:")
                        || specifier.starts_with("jsr:")
                        || literal::SERVERS.iter().any(|server| specifier.contains(server));
                    if !specified {
                        take(Ecosystem::Npm, literal::package_of(specifier), at, into);
                    } else {
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

/// The host at the start of what stands behind a scheme.
fn host_of(rest: &str) -> &str {
    let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '`' | '<');
    let authority = rest.split(ends).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

pub(super) fn is_edge(before: u8) -> bool {
    !(before.is_ascii_alphanumeric() || matches!(before, b'-' | b'_' | b'@'))
}

pub(super) fn ends_host(after: &str) -> bool {
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

/// Whether that place stands in a comment, as far as its line tells.
fn is_comment(text: &str, at: usize, language: Language) -> bool {
    let line = line_before(text, at);
    let begins = line.trim_start();
    match language {
        Language::Python | Language::Ruby | Language::Shell => begins.starts_with('#'),
        Language::Keys => begins.starts_with([';', '\'']),
        Language::JavaScript | Language::Go | Language::Rust | Language::Dart | Language::Other => {
            begins.starts_with("//")
                || begins.starts_with("* ")
                || (begins.starts_with("/*") && !begins.contains("*/"))
                || begins.starts_with("# ")
                || within(line) == Within::Comment
        }
    }
}

/// Whether that place stands in a string that is only text: what is handed to `eval` is run.
fn is_quoted(text: &str, at: usize) -> bool {
    let line = line_before(text, at);
    within(line) == Within::Literal
        && !["eval", "Function(", "-e "].iter().any(|run| line.contains(run))
}

/// What a place of a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Code,
    Literal,
    Comment,
}

/// What the end of the beginning of a line stands in, in a language with `//` for comments.
fn within(line: &str) -> Within {
    // Of a longer line the beginning is not known, and with it what is open.
    if line.len() >= LINE_BYTES_MAX {
        return Within::Code;
    }
    let mut quote = None;
    let mut escaped = false;
    let (mut last, mut before) = (b' ', b' ');
    for byte in line.bytes() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if byte == b'\\' => escaped = true,
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if matches!(byte, b'"' | b'\'' | b'`') => quote = Some(byte),
            // An address without quotes has a colon before its slashes.
            None if byte == b'/' && last == b'/' && before != b':' => return Within::Comment,
            None => {}
        }
        (last, before) = (byte, last);
    }
    if quote.is_some() { Within::Literal } else { Within::Code }
}

/// LIMIT: bytes of a line up to a place that are looked at for strings and comments: all that
/// [`line_before`] gives of one that is longer.
const LINE_BYTES_MAX: usize = 250;

/// What scripts of one file say themselves that they need: `//DEPS` of JBang, `@Grab` of Groovy,
/// `#r "nuget: …"` of .NET, `Mix.install` of Elixir, `gemfile do` of Ruby.
fn read_own_requirements(text: &str, into: &mut Mentions<'_>) {
    into.now(Saying::Installs);
    for line in text.lines() {
        let code = line.trim_start();
        let at = place_of(text, code);
        if let Some(needed) = code.strip_prefix("//DEPS ") {
            for coordinates in needed.split([' ', ',']) {
                gradle::take_coordinates(coordinates, at, Via::Direct, into);
            }
        } else if let Some(needed) = ["@Grab(", "@file:DependsOn("]
            .iter()
            .find_map(|mark| code.split_once(mark))
            .and_then(|(_, rest)| quoted(rest.trim_start()))
        {
            gradle::take_coordinates(needed, at, Via::Direct, into);
        } else if let Some(needed) = code
            .strip_prefix("#r ")
            .and_then(|rest| quoted(rest.trim_start()))
            .and_then(|reference| reference.strip_prefix("nuget:"))
        {
            let name = needed.split(',').next().unwrap_or(needed).trim();
            take_direct(Ecosystem::Nuget, name, at, into);
        } else if let Some(needed) = code.strip_prefix("#:package ") {
            take_direct(Ecosystem::Nuget, needed.trim(), at, into);
        }
    }
    if text.contains("Mix.install(") {
        literal::read_mix(text, into);
    }
    if text.contains("bundler/inline") {
        literal::read_gems(text, into);
    }
    into.now(Saying::Mentions);
}

/// What is loaded by a `require` of another name: `const r = createRequire(…); r("NAME")`.
fn read_made_requires(text: &str, into: &mut Mentions<'_>) {
    const MAKER: &str = "createRequire";
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    if !text.contains(MAKER) && !text.contains("= require") {
        return;
    }
    // What makes one may be imported under another name.
    let renamed = text.match_indices("createRequire as ").filter_map(|(at, word)| {
        let name = text.get(at + word.len()..)?.split(|c| !is_word(c)).next()?;
        (!name.is_empty()).then_some(name)
    });
    let makers: Vec<&str> = std::iter::once(MAKER).chain(renamed.take(4)).collect();
    let made = makers
        .iter()
        .flat_map(|maker| text.match_indices(*maker))
        .map(|(at, word)| (at, at + word.len()));
    let renamed = text.match_indices("= require").map(|(at, word)| (at + 2, at + word.len()));
    for (at, end) in made.chain(renamed) {
        let rest = text.get(end..).unwrap_or_default().trim_start();
        let is_call = rest.starts_with('(');
        let before = text.get(..at).unwrap_or_default();
        let before = before.trim_end_matches(|c: char| is_word(c) || c == '.').trim_end();
        let is_made = text.get(at..end) != Some("require");
        if is_made != is_call || is_comment(text, at, Language::JavaScript) {
            continue;
        }
        // Called where it is made.
        if let Some(name) = rest.split_once(")(").map(|(_, rest)| rest).filter(|_| is_call)
            && let Some(name) = quoted(name.trim_start())
        {
            take(Ecosystem::Npm, literal::package_of(name), At::Offset(at), into);
        }
        let Some(before) = before.strip_suffix('=') else { continue };
        let before = before.trim_end();
        let name = before.rsplit(|c: char| !is_word(c)).next().unwrap_or_default();
        if name.is_empty() || name == "require" {
            continue;
        }
        for (call, _) in text.match_indices(name) {
            let begins = !text.get(..call).is_some_and(|before| before.ends_with(is_word));
            let arguments = text.get(call + name.len()..).unwrap_or_default();
            if let Some(arguments) = arguments.trim_start().strip_prefix('(').filter(|_| begins)
                && let Some(package) = quoted(arguments.trim_start())
            {
                take(Ecosystem::Npm, literal::package_of(package), At::Offset(call), into);
            }
        }
    }
}

/// Programs and their arguments in settings that are written in JavaScript, as those of PM2.
fn read_programs(text: &str, into: &mut Mentions<'_>) {
    let value = |rest: &str, key: &str| -> Option<String> {
        let rest = rest.split_once(key)?.1.trim_start_matches(['"', '\'']).trim_start();
        let rest = rest.strip_prefix(':')?.trim_start();
        if let Some(list) = rest.strip_prefix('[') {
            let list = list.split(']').next()?;
            return Some(list.replace(['"', '\'', ','], " "));
        }
        quoted(rest).map(str::to_owned)
    };
    for (found, key) in text.match_indices("script") {
        let end = (found + PROGRAM_BYTES_MAX).min(text.len());
        let Some(rest) = (found..=end).rev().find_map(|end| text.get(found..end)) else { continue };
        if let (Some(script), Some(arguments)) = (value(rest, key), value(rest, "args")) {
            command::read(&format!("{script} {arguments}"), At::Offset(found), into);
        }
    }
}

/// LIMIT: bytes from a program's name to its arguments.
const PROGRAM_BYTES_MAX: usize = 300;

fn take_direct(ecosystem: Ecosystem, name: &str, at: At, into: &mut Mentions<'_>) {
    into.take(Mention { ecosystem, name, alias: None, version: None, via: Via::Direct, at });
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
            _ => match imported_by_name(code) {
                Some(module) => module,
                None => continue,
            },
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

/// The module of `__import__("NAME")` and of `importlib.import_module("NAME")`.
fn imported_by_name(code: &str) -> Option<&str> {
    const CALLS: [&str; 2] = ["__import__(", "import_module("];
    if code.starts_with('#') {
        return None;
    }
    let (_, rest) = CALLS.iter().find_map(|call| code.split_once(call))?;
    // Within a notebook the line is a string of its own, and its quotes are escaped.
    let name = rest.trim_start().trim_start_matches('\\');
    let name = name.strip_prefix(['"', '\''])?;
    name.split(['"', '\'', '\\', '.']).next().filter(|name| !name.is_empty())
}

/// Settings that list packages, a line each.
fn read_package_lists(text: &str, into: &mut Mentions<'_>) {
    for line in text.lines() {
        let code = line.trim_start();
        let code = code.strip_prefix("export ").unwrap_or(code);
        if let Some((key, value)) = code.split_once('=') {
            command::take_setting(key, value, place_of(text, code), into);
        }
    }
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
            into.problem(at, format!("the requirements of the script: {}", problem.reason));
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
    use super::{Language, Within, ends_host, is_comment, is_quoted, quoted, within, word};

    #[test]
    fn names_and_hosts_end_where_they_end() {
        assert_eq!(quoted("'a/b' x"), Some("a/b"));
        assert_eq!(quoted("a'"), None);
        assert_eq!(quoted("'a\nb'"), None);
        assert_eq!(word("@a/b@1.0'"), "@a/b@1.0");
        assert!(ends_host("/x") && ends_host("") && ends_host(". Then") && ends_host("\""));
        assert!(!ends_host(".evil.example") && !ends_host("x") && !ends_host("-x"));
    }

    #[test]
    fn comments_and_strings_are_no_code() {
        let comment = |text: &str, at| is_comment(text, at, Language::JavaScript);
        assert!(comment("a\n  // b", 8) && !comment("// a\nb", 5));
        assert!(comment("run() // import b", 10) && !comment("f('https://x') + b", 17));
        assert!(!comment("URL=https://x", 12) && !comment("/*! x */ f(y)", 11));
        assert_eq!(within("f(\"a"), Within::Literal);
        assert_eq!(within("f(\"a\\\"\") + "), Within::Code);
        let text = "say(\"do not require('b')\"); eval(\"require('b')\")";
        assert!(is_quoted(text, 12) && !is_quoted(text, 34));
    }
}
