//! What do sources say literally, where no manifest does?
//!
//! An import without a manifest, a bundle, a script that drives the web client by keys, a call to a
//! gateway's address: of these a name or a host stands in the text and nothing more is certain, so
//! what is found here is *undecided* and comes with a question. No language is parsed; each file is
//! gone through a fixed number of times.

use std::borrow::Cow;
use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use cleartosend::expert::clients::{Catalogue, ClientStatus, Ecosystem, Kind};
use cleartosend::expert::endpoints::{Endpoint, EndpointStatus};

use super::asserted::is_asserted;
use super::imports::{
    Neighbours, lines_after, read_go, read_made_requires, read_own_requirements,
    read_package_lists, read_programs, read_python, read_rust, take,
};
use super::language::Language;
use super::line::{ends_host, host_of, is_comment, is_edge, is_quoted, quoted, word};
use super::standing::Standing;
use super::{command, gradle, literal, notebook, pieces, wanted};
use crate::mention::{Saying, Via};
use crate::mentions::Mentions;
use crate::place::{At, line_before, place_of};

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
    /// Those that press keys, whatever is open.
    presses: Option<AhoCorasick>,
    /// Words of a text that speaks of WhatsApp.
    marks: Option<AhoCorasick>,
    /// Names of the app, for programs that drive a phone or a screen.
    apps: Option<AhoCorasick>,
    /// Coordinates of listed artifacts, for programs that a build is made of.
    artifacts: Option<AhoCorasick>,
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
    "appium",
    "uiautomator",
    "uiautomation",
    "pywinauto",
    "drissionpage",
    "nodriver",
    "zendriver",
    "botasaurus",
    "browser_use",
    "nut-js",
    "robotgo",
    "import rpa",
    "from rpa",
    "rpa.browser",
    "import splinter",
    "from splinter",
    "import helium",
    "from helium",
    "fantoccini",
    "thirtyfour",
    "headless_chrome",
    "chromiumoxide",
    "ferrum",
    "watir",
];

/// Words of programs that press keys or touch a screen: what they open by whatever way, they drive.
/// Not those of browsers, which tests have.
const PRESSES: &[&str] = &[
    "pyautogui",
    "pynput",
    "import keyboard",
    "sendkeys.send",
    "application.sendkeys",
    "sendkeys \"",
    "autoit",
    "robotjs",
    "robotgo",
    "nut-js",
    "pywinauto",
    "uiautomation",
    "xdotool",
    "import rpa",
    "appium",
    "uiautomator",
    "airtest",
    "ppadb",
    "adbutils",
    "adb shell",
    "adb_shell",
    "input keyevent",
    "input tap",
    "app_start(",
    "performaction(",
    "- launchapp",
];

/// What the app is called on a phone, and how it is opened on a computer.
const APPS: &[&str] =
    &["com.whatsapp", "net.whatsapp.whatsapp", "whatsapp.exe", "whatsapp.app", "whatsapp://send"];

/// Words of a text that has to do with WhatsApp.
const MARKS: &[&str] = &["whatsapp", "@c.us", "@g.us"];

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
        let artifacts: Vec<&str> = catalogue
            .clients()
            .iter()
            .filter(|client| {
                client.ecosystem == Ecosystem::Maven && client.status > ClientStatus::Unrecognised
            })
            .map(|client| &*client.name)
            .collect();
        Self {
            catalogue,
            addresses: automaton(&needles),
            numbers,
            images: automaton(&imaged),
            imaged,
            imports: automaton(IMPORTS),
            drivers: automaton(DRIVERS),
            presses: automaton(PRESSES),
            marks: automaton(MARKS),
            apps: automaton(APPS),
            artifacts: automaton(&artifacts),
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
        let code = match language {
            Language::Ruby => literal::without_blocks(text),
            _ => Cow::Borrowed(text),
        };
        let text = &*code;
        // Tests of pages drive browsers as well.
        if self.drivers.as_ref().is_some_and(|drivers| drivers.is_match(text))
            && !text.contains("@playwright/test")
        {
            into.drives();
        }
        self.read_addresses(text, language, Hosts::All, into);
        self.read_images(text, language, into);
        self.read_hosts(text, language, into);
        self.read_official(text, language, into);
        self.read_apps(text, language, into);
        self.read_accounts(text, language, into);
        if language == Language::Other {
            self.read_artifacts(text, neighbours, into);
        }
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

    /// Whether a text has to do with WhatsApp.
    pub(crate) fn speaks(&self, bytes: &[u8]) -> bool {
        self.marks.as_ref().is_some_and(|marks| marks.is_match(bytes))
    }

    /// Whether the app may be named in it.
    pub(crate) fn may_have_app(&self, bytes: &[u8]) -> bool {
        self.apps.as_ref().is_some_and(|apps| apps.is_match(bytes))
    }

    fn presses(&self, text: &str) -> bool {
        self.presses.as_ref().is_some_and(|presses| presses.is_match(text))
    }

    /// The app, in a program that drives a phone or a screen, or that says which app is driven.
    fn read_apps(&self, text: &str, language: Language, into: &mut Mentions<'_>) {
        const CHOICES: &[&str] = &["apppackage", "app_package", "app_start", "bundleid", "appid:"];
        let mut presses = None;
        self.read_windows(text, language, into);
        for found in self.apps.iter().flat_map(|apps| apps.find_iter(text)) {
            let before = text.get(..found.start()).unwrap_or_default();
            let after = text.get(found.end()..).unwrap_or_default();
            let is_whole = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
                && !after.starts_with(|c: char| c.is_ascii_alphanumeric());
            if !is_whole || is_comment(text, found.start(), language) {
                continue;
            }
            let at = At::Offset(found.start());
            let drives =
                language == Language::Keys || *presses.get_or_insert_with(|| self.presses(text));
            let line = line_before(text, found.start()).to_ascii_lowercase();
            if drives || CHOICES.iter().any(|choice| line.contains(choice)) {
                into.app(drives, at);
            }
        }
    }

    /// The app's window, in a program that drives a screen: `getWindowsWithTitle("WhatsApp")`,
    /// `WinActivate, WhatsApp`, `tell application "WhatsApp"`.
    fn read_windows(&self, text: &str, language: Language, into: &mut Mentions<'_>) {
        const NAME: &str = "whatsapp";
        const ACTS: &[&str] = &["winactivate", "winwait", "appactivate", "tell application"];
        let is_keys = language == Language::Keys;
        if !is_keys && !self.presses(text) {
            return;
        }
        for found in self.marks.iter().flat_map(|marks| marks.find_iter(text)) {
            let before = text.get(..found.start()).unwrap_or_default();
            let after = text.get(found.end()..).unwrap_or_default();
            let line = line_before(text, found.start()).to_ascii_lowercase();
            let is_quoted = before.ends_with(['"', '\'']) && after.starts_with(['"', '\'']);
            let is_acted = is_keys && ACTS.iter().any(|act| line.contains(act));
            if found.len() == NAME.len()
                && (is_acted || (is_quoted && !is_keys))
                && !is_comment(text, found.start(), language)
            {
                return into.app(true, At::Offset(found.start()));
            }
        }
    }

    /// Accounts as the consumer client writes them, that a program makes: `number + "@c.us"`.
    fn read_accounts(&self, text: &str, language: Language, into: &mut Mentions<'_>) {
        const ENDING: &str = "@c.us";
        for (found, _) in text.match_indices(ENDING) {
            let before = text.get(..found).unwrap_or_default();
            let after = text.get(found + ENDING.len()..).unwrap_or_default();
            let joined = || {
                let before = before.strip_suffix(['"', '\'', '`']).unwrap_or_default().trim_end();
                before.ends_with(['+', '&']) || before.ends_with(" .") || before.ends_with("..")
            };
            let is_made = before.ends_with(|c: char| c.is_ascii_digit() || c == '}') || joined();
            if is_made
                && after.starts_with(['"', '\'', '`'])
                && !is_comment(text, found, language)
                && let Some(address) = self.catalogue.find_address("s.whatsapp.net", "")
            {
                into.address_in_passing(address, At::Offset(found));
            }
        }
    }

    /// Hosts of the official API and of partners.
    fn read_official(&self, text: &str, language: Language, into: &mut Mentions<'_>) {
        let mut looked_at = BTreeSet::new();
        for (at, mark) in text.match_indices("https://") {
            if into.has_official() {
                return;
            }
            let host = host_of(text.get(at + mark.len()..).unwrap_or_default());
            // Pages link to those of providers, which are none of their APIs.
            let is_api = host.matches('.').count() >= 2 && !host.starts_with("www.");
            let is_new = is_api && looked_at.insert(host);
            let status = || Endpoint::parse(host).map(|endpoint| endpoint.status(self.catalogue));
            if is_new
                && !is_comment(text, at, language)
                && matches!(status(), Ok(EndpointStatus::Official | EndpointStatus::Partner))
            {
                into.official(|| host.to_owned());
            }
        }
    }

    /// Coordinates of artifacts that stand in a program: a build may be handed them by another
    /// name, as from `buildSrc`.
    fn read_artifacts(&self, text: &str, neighbours: Neighbours<'_>, into: &mut Mentions<'_>) {
        const BUILDS: [&str; 4] = ["buildSrc", "build-logic", "buildLogic", "build-src"];
        let below = neighbours.directory.strip_prefix(neighbours.root).ok();
        let is_of_build = below.is_some_and(|below| {
            below.iter().any(|part| BUILDS.iter().any(|build| part == *build))
        });
        if is_of_build {
            return gradle::read_build(text, into);
        }
        for found in self.artifacts.iter().flat_map(|artifacts| artifacts.find_iter(text)) {
            let before = text.get(..found.start()).unwrap_or_default();
            let after = text.get(found.end()..).unwrap_or_default();
            if let Some(quote) = before.chars().next_back().filter(|c| matches!(c, '"' | '\''))
                && (after.starts_with(quote) || after.starts_with(':'))
                && !is_comment(text, found.start(), Language::Other)
            {
                let rest = text.get(found.start()..).unwrap_or_default();
                let coordinates = rest.split(quote).next().unwrap_or_default();
                let at = At::Offset(found.start());
                gradle::take_coordinates(coordinates, at, Via::Source, into);
            }
        }
    }

    /// Addresses in settings, of which each line that begins with `#` is a comment.
    pub(crate) fn read_settings(&self, text: &str, hosts: Hosts, into: &mut Mentions<'_>) {
        into.now(Saying::Mentions);
        self.read_addresses(text, Language::Shell, hosts, into);
        self.read_hosts(text, Language::Shell, into);
        self.read_apps(text, Language::Shell, into);
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
        let speaks = std::cell::OnceCell::new();
        let mut links = 0_usize;
        let presses = std::cell::OnceCell::new();
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
            let pattern = address.pattern.text();
            if is_path && !goes_on(&pattern, after) {
                continue;
            }
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
            // Gateways have paths that others chose as well.
            if is_path
                && address.kind == Kind::Gateway
                && !*speaks.get_or_init(|| self.is_gateways(text))
            {
                into.address_of_strangers(address, at);
                continue;
            }
            // A link for a person to open, as click to chat is; a program that drives a browser or
            // a keyboard opens it for itself.
            let is_link = address.kind == Kind::Gui
                || (is_web_client && after.trim_start_matches('/').starts_with("send"));
            if is_link && language != Language::Keys {
                let drives = drives.get_or_insert_with(|| {
                    self.drivers.as_ref().is_some_and(|drivers| drivers.is_match(text))
                        || self.presses(text)
                });
                let shares = shares(after);
                if !*drives {
                    if is_web_client && !shares {
                        into.address_of_driver(address, at);
                    }
                    continue;
                }
                // A driver of a browser beside it is none of it, and a test says what is there.
                links += 1;
                let passes = shares && !is_web_client
                    || (links <= LINKS_MAX && is_asserted(text, found.start(), language));
                if passes && !*presses.get_or_init(|| self.presses(text)) {
                    continue;
                }
            }
            into.address(address, at);
        }
        self.read_joined_host(text, language, drives, into);
    }

    /// Whether a text that has a path of a gateway's has more of it: its name, WhatsApp's, or what
    /// a request to it holds.
    fn is_gateways(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let is_called = |name: &str| {
            text.match_indices(name).any(|(at, _)| {
                let is_letter = |c: char| c.is_ascii_alphabetic();
                let before = text.get(..at).unwrap_or_default();
                let after = text.get(at + name.len()..).unwrap_or_default();
                !before.ends_with(is_letter) && !after.starts_with(is_letter)
            })
        };
        let beside = [":3000", "x-api-key", "chatid"];
        self.speaks(text.as_bytes())
            || ["waha", "wuzapi", "wppconnect", "wwebjs"].iter().any(|name| is_called(name))
            || (text.contains("session") && beside.iter().any(|word| text.contains(word)))
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
                "/*! " => take(Ecosystem::Npm, wanted::split_version(word(after)).0, at, into),
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

/// Whether what stands behind the beginning of a path goes on as its pattern does: `/api/sessions/`
/// is a gateway's before `NAME/start`.
fn goes_on(pattern: &str, after: &str) -> bool {
    let Some((_, rest)) = pattern.split_once('*') else { return true };
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '?' | '#' | '<');
    let path = head(after).split(is_end).next().unwrap_or_default();
    // The rest of it may be put together.
    path.is_empty()
        || rest.is_empty()
        || path.split_once('/').is_some_and(|(_, behind)| {
            rest.strip_prefix('/').is_some_and(|rest| behind.trim_end_matches('/') == rest)
        })
}

/// LIMIT: links of a file that drives something which are compared with what tests assert; each of
/// more counts as one that is opened.
const LINKS_MAX: usize = 64;

/// The beginning of what stands behind an address, as far as one goes.
fn head(after: &str) -> &str {
    /// LIMIT: characters of an address behind its host.
    const ADDRESS_CHARS_MAX: usize = 512;
    let end = after.char_indices().nth(ADDRESS_CHARS_MAX).map_or(after.len(), |(at, _)| at);
    after.get(..end).unwrap_or(after)
}

/// Whether a link shares a text, which names nobody to send it to.
fn shares(after: &str) -> bool {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<');
    let link = head(after).split(is_end).next().unwrap_or_default();
    let link = link.trim_start_matches('/');
    let query = link.strip_prefix("send").unwrap_or(link).trim_start_matches('/');
    query.starts_with("?text=") && !query.contains("phone=")
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
