//! Which names does a file mention, and which of them does the catalogue know?
//!
//! Readers hand every name to [`Mentions`], which looks it up at once and keeps only what is known:
//! a lock file of 20,000 packages costs 20,000 lookups and no copies. Evidence adds up and is never
//! replaced: a name that is listed counts although it stands for another package, and that package
//! counts as well.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleartosend::expert::clients::{
    Address, Catalogue, Client, ClientName, ClientStatus, Ecosystem, Likeness,
};

use crate::format::Format;
use crate::limits;
use crate::listed::{
    Listed, doubtful_name, hide_passwords, listed_as, of_address, without_password,
};
use crate::mention::{Embedded, Evidence, Include, Mention, Saying, Via, Want};
use crate::place::At;
use crate::tree::Problem;

/// Ecosystem, name, version and target: what two mentions have in common that are reported as one.
type Named = (&'static str, Arc<str>, Option<Arc<str>>, Option<Arc<str>>);

/// Where in a list the mentions of one name in one version stand.
type ByAlias = BTreeMap<Option<Arc<str>>, usize>;

/// What the readers of one file found.
pub(crate) struct Mentions<'c> {
    catalogue: &'c Catalogue,
    saying: Saying,
    listed: Vec<Listed>,
    /// What only looks like a client, until it is known that nothing better stands in the same
    /// place.
    alike: Vec<Listed>,
    clients: BTreeSet<String>,
    problems: Vec<Problem>,
    problems_left_out: usize,
    notes: Vec<String>,
    includes: Vec<Include>,
    /// The library that drives a browser or a screen, of which the file tells most; of equals the
    /// first.
    driver: Option<(String, Via, At)>,
    /// Whether it has to do with a library that drives a browser.
    drives: bool,
    /// Pages of the consumer client that say nothing until a program of the tree drives a browser.
    quiet: Vec<Listed>,
    /// What strangers have too, which says nothing until something of the tree speaks of WhatsApp.
    plain: Vec<Listed>,
    /// What counts only where nothing else does.
    faint: Vec<Listed>,
    /// The client of the official API that a source has to do with.
    official: Option<String>,
    /// Variables that an image is taken from, and those that are set to one.
    wanted_images: Vec<(String, At)>,
    set_images: BTreeSet<String>,
    /// Files that stand within this one.
    embedded: Vec<Embedded>,
    /// Values of variables, from the settings beside the file.
    pub(crate) variables: BTreeMap<String, String>,
}

/// What one file says.
pub(crate) struct Said {
    pub(crate) listed: Vec<Listed>,
    /// Every listed client that it installs, official ones too, and what may be a copy or a fork of
    /// one, as `ecosystem:name`.
    pub(crate) clients: BTreeSet<String>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) notes: Vec<String>,
    pub(crate) includes: Vec<Include>,
    pub(crate) driver: Option<(String, Via, At)>,
    pub(crate) drives: bool,
    pub(crate) quiet: Vec<Listed>,
    pub(crate) plain: Vec<Listed>,
    pub(crate) faint: Vec<Listed>,
    pub(crate) official: Option<String>,
    pub(crate) wanted_images: Vec<(String, At)>,
    pub(crate) set_images: BTreeSet<String>,
}

impl<'c> Mentions<'c> {
    pub(crate) fn new(catalogue: &'c Catalogue) -> Self {
        Self {
            catalogue,
            saying: Saying::Installs,
            listed: Vec::new(),
            alike: Vec::new(),
            clients: BTreeSet::new(),
            problems: Vec::new(),
            problems_left_out: 0,
            notes: Vec::new(),
            includes: Vec::new(),
            driver: None,
            drives: false,
            quiet: Vec::new(),
            plain: Vec::new(),
            faint: Vec::new(),
            official: None,
            wanted_images: Vec::new(),
            set_images: BTreeSet::new(),
            embedded: Vec::new(),
            variables: BTreeMap::new(),
        }
    }

    /// From here on, names are said by sources, or by manifests again.
    pub(crate) fn now(&mut self, saying: Saying) {
        self.saying = saying;
    }

    /// Whether nothing that is listed was taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.listed.is_empty() && self.alike.is_empty()
    }

    pub(crate) fn knows(&self, ecosystem: Ecosystem, name: &str) -> bool {
        self.catalogue.find_in(ecosystem, name).is_some()
    }

    /// Whether a word of a text that cannot be read is the name of a client that asks for something
    /// to be done, in any ecosystem.
    pub(crate) fn lists(&self, word: &str) -> bool {
        Ecosystem::ALL
            .iter()
            .filter(|ecosystem| ecosystem.is_published() || **ecosystem == Ecosystem::Git)
            .filter_map(|ecosystem| self.catalogue.find_in(*ecosystem, word))
            .any(|client| client.status > ClientStatus::Unrecognised)
    }

    /// Takes a mention; returns whether the catalogue lists it, or the name that is used for it.
    pub(crate) fn take(&mut self, mention: Mention<'_>) -> bool {
        let catalogue = self.catalogue;
        if matches!(mention.via, Via::Direct | Via::Locked) && self.saying == Saying::Installs {
            self.driver(mention.ecosystem, mention.name, mention.via, mention.at);
        }
        let alias = mention
            .alias
            .filter(|alias| !alias.is_empty() && !alias.eq_ignore_ascii_case(mention.name));
        let client = catalogue.find_in(mention.ecosystem, mention.name);
        // A repository is installed under a package's name, which the readers look up as such.
        let key = alias
            .filter(|_| mention.ecosystem != Ecosystem::Git)
            .and_then(|alias| catalogue.find_in(mention.ecosystem, alias));
        let key = key.filter(|key| client.is_none_or(|client| client.status < key.status));
        if let Some(client) = client {
            let via = if alias.is_some() { mention.via.max(Via::Alias) } else { mention.via };
            self.keep(client, Evidence::Name, Mention { alias, via, ..mention }, None);
        }
        if let Some(key) = key {
            let target = Some(format!("{}:{}", mention.ecosystem, mention.name));
            self.keep(key, Evidence::Key, Mention { alias: None, ..mention }, target);
        }
        if client.is_some() || key.is_some() {
            return true;
        }
        if let Some(original) = catalogue.copy_of(mention.ecosystem, mention.name) {
            self.doubt(original, Evidence::ImageCopy, mention, mention.name);
        } else if self.saying == Saying::Installs {
            self.compare(mention, alias);
        }
        false
    }

    /// Notes a name that looks like a fork of a listed client, of the thing itself or of the name
    /// that is used for it.
    fn compare(&mut self, mention: Mention<'_>, alias: Option<&str>) {
        for name in std::iter::once(mention.name).chain(alias) {
            if let Some((original, likeness)) = self.catalogue.likeness(mention.ecosystem, name) {
                let evidence = match likeness {
                    Likeness::Copy => Evidence::ImageCopy,
                    _ => Evidence::Resemblance,
                };
                return self.doubt(original, evidence, mention, name);
            }
        }
    }

    /// Takes the name of a file or a folder that is installed: it may be that of a listed client,
    /// or look like it, and proves neither.
    pub(crate) fn take_packed(&mut self, name: &str, mention: Mention<'_>) {
        match self.catalogue.find_in(mention.ecosystem, name) {
            Some(original) => {
                self.doubt(original, Evidence::Resemblance, mention, &original.name);
            }
            None => self.compare(Mention { name, alias: None, ..mention }, None),
        }
    }

    /// Takes a string that may be an image's name, if it is that of a listed image under another
    /// registry.
    pub(crate) fn take_copy(&mut self, name: &str, at: At) {
        if let Some(original) = self.catalogue.copy_of(Ecosystem::Docker, name) {
            let mention = Mention {
                ecosystem: Ecosystem::Docker,
                name,
                alias: None,
                version: None,
                via: Via::Direct,
                at,
            };
            self.doubt(original, Evidence::ImageCopy, mention, name);
        }
    }

    /// The name that the tree gives itself.
    ///
    /// One with an owner's name in it (`@whiskeysockets/baileys`, `group:artifact`) is the client;
    /// a plain one may be a word that two people have chosen, so it is asked about.
    pub(crate) fn own(&mut self, ecosystem: Ecosystem, name: &str, at: At) {
        let mention = Mention { ecosystem, name, alias: None, version: None, via: Via::Own, at };
        match self.catalogue.find_in(ecosystem, name) {
            Some(client) if client.status > ClientStatus::Unrecognised => {
                if name.contains(['/', ':']) {
                    self.push(listed_as(client, Evidence::OwnName, mention));
                } else {
                    self.doubt(client, Evidence::OwnName, mention, name);
                }
            }
            Some(_) => {}
            None => {
                if let Some(original) = self.catalogue.namesake(ecosystem, name) {
                    self.doubt(original, Evidence::Resemblance, mention, name);
                }
            }
        }
    }

    /// An address that the catalogue lists, in a source or a setting.
    pub(crate) fn address(&mut self, address: &Address, at: At) {
        self.push(of_address(address, at));
    }

    /// One that counts only if something of the tree drives a browser: page and program may stand
    /// in two files.
    pub(crate) fn address_of_driver(&mut self, address: &Address, at: At) {
        if self.quiet.len() < limits::FINDINGS_PER_FILE_MAX {
            self.quiet.push(of_address(address, at));
        }
    }

    /// One that a stranger may have as well: it counts if something of the tree speaks of WhatsApp.
    pub(crate) fn address_of_strangers(&mut self, address: &Address, at: At) {
        if self.plain.len() < limits::FINDINGS_PER_FILE_MAX {
            self.plain.push(of_address(address, at));
        }
    }

    /// One that is not written out, which counts where nothing else does.
    pub(crate) fn address_in_passing(&mut self, address: &Address, at: At) {
        if self.faint.is_empty() {
            self.faint.push(of_address(address, at));
        }
    }

    /// The consumer app, where a source names it that may drive it.
    pub(crate) fn app(&mut self, drives: bool, at: At) {
        const APP: &str = "com.whatsapp";
        let Some(app) = self.catalogue.find_in(Ecosystem::App, APP) else { return };
        let found = self.listed.len();
        let mention = Mention {
            ecosystem: Ecosystem::App,
            name: APP,
            alias: None,
            version: None,
            via: Via::Source,
            at,
        };
        self.doubt(app, Evidence::SourceString, mention, APP);
        if !drives {
            self.quiet.extend(self.listed.drain(found..));
        }
    }

    /// Notes that a source has to do with the official API.
    pub(crate) fn official(&mut self, name: impl FnOnce() -> String) {
        if self.official.is_none() {
            self.official = Some(name());
        }
    }

    /// Notes a variable that a container's image is taken from, which another file may set.
    pub(crate) fn wants_image(&mut self, variable: &str, at: At) {
        if self.wanted_images.len() < limits::PROBLEMS_PER_FILE_MAX {
            self.wanted_images.push((variable.chars().take(100).collect(), at));
        }
    }

    /// Notes a variable that is set to an image.
    pub(crate) fn sets_image(&mut self, variable: &str) {
        if self.set_images.len() < limits::PROBLEMS_PER_FILE_MAX && variable.len() <= 100 {
            self.set_images.insert(variable.to_owned());
        }
    }

    pub(crate) const fn has_official(&self) -> bool {
        self.official.is_some()
    }

    /// Notes that a program drives a browser.
    pub(crate) fn drives(&mut self) {
        self.drives = true;
    }

    fn keep(
        &mut self,
        client: &Client,
        evidence: Evidence,
        mention: Mention<'_>,
        target: Option<String>,
    ) {
        if self.saying == Saying::Mentions {
            if client.status == ClientStatus::Official {
                self.official(|| format!("{}:{}", client.ecosystem, client.name));
            }
            return self.doubt(
                client,
                Evidence::SourceString,
                Mention { via: Via::Source, ..mention },
                &client.name,
            );
        }
        self.clients.insert(format!("{}:{}", client.ecosystem, client.name));
        self.push(Listed { target: target.map(Arc::from), ..listed_as(client, evidence, mention) });
    }

    /// Keeps what is not certain, with the question that settles it.
    fn doubt(&mut self, original: &Client, evidence: Evidence, mention: Mention<'_>, name: &str) {
        if original.status <= ClientStatus::Unrecognised {
            return;
        }
        let listed = format!("{}:{}", original.ecosystem, original.name);
        let (note, ask, name): (String, String, String) = match evidence {
            Evidence::ImageCopy => (
                format!("Named like `{listed}` under another registry. {}", original.note),
                format!("Is this a copy of `{listed}`?"),
                cleaned(mention.ecosystem, name),
            ),
            Evidence::Resemblance => (
                format!("Its name looks like a fork or an add-on of `{listed}`. {}", original.note),
                format!(
                    "Is this a fork or an add-on of `{listed}`, or something else of that name?"
                ),
                cleaned(mention.ecosystem, name),
            ),
            Evidence::OwnName => (
                format!("The tree calls itself by the name of `{listed}`. {}", original.note),
                format!("Is this tree `{listed}`, or a copy of it, and is it used?"),
                original.name.to_string(),
            ),
            Evidence::Name | Evidence::Key | Evidence::SourceString => (
                original.note.to_string(),
                original
                    .ask
                    .as_deref()
                    .unwrap_or(
                        "Does this code run, and is it installed by a way that no manifest here \
                         shows?",
                    )
                    .to_owned(),
                original.name.to_string(),
            ),
        };
        let resembles = matches!(evidence, Evidence::ImageCopy | Evidence::Resemblance)
            .then(|| Arc::from(listed));
        let doubtful = Listed {
            ecosystem: mention.ecosystem.name(),
            name: Arc::from(name),
            status: original.status.min(ClientStatus::Undecided),
            note: Arc::from(note),
            ask: Some(Arc::from(ask)),
            resembles,
            alias: None,
            ..listed_as(original, evidence, mention)
        };
        if evidence == Evidence::Resemblance {
            self.alike.push(doubtful);
        } else {
            self.push(doubtful);
        }
    }

    fn push(&mut self, listed: Listed) {
        self.listed.push(listed);
    }

    /// Says that a name is not known, where it may be that of a listed client: `pattern` has `*`
    /// for each variable without a value.
    pub(crate) fn gap(&mut self, ecosystem: Ecosystem, written: &str, pattern: &str, at: At) {
        if self.catalogue.may_be(ecosystem, pattern).is_some() {
            let written: String = written.chars().take(100).collect();
            self.problem(
                at,
                format!("`{written}` has no value here, so what is installed is not known"),
            );
        }
    }

    /// Notes a library that drives a browser or a screen: which page, only the program tells.
    fn driver(&mut self, ecosystem: Ecosystem, name: &str, via: Via, at: At) {
        /// Those that are made to press buttons of pages and apps.
        const DRIVERS: &[(Ecosystem, &[&str])] = &[
            (
                Ecosystem::Npm,
                &[
                    "@nut-tree/nut-js",
                    "@nut-tree-fork/nut-js",
                    "appium",
                    "nightmare",
                    "playwright",
                    "playwright-core",
                    "playwright-extra",
                    "puppeteer",
                    "puppeteer-core",
                    "puppeteer-extra",
                    "puppeteer-real-browser",
                    "rebrowser-playwright",
                    "rebrowser-puppeteer",
                    "robotjs",
                    "selenium-webdriver",
                    "wd",
                    "webdriverio",
                ],
            ),
            (
                Ecosystem::Pypi,
                &[
                    "adbutils",
                    "airtest",
                    "appium-python-client",
                    "botasaurus",
                    "browser-use",
                    "camoufox",
                    "drissionpage",
                    "helium",
                    "nodriver",
                    "patchright",
                    "playwright",
                    "pure-python-adb",
                    "pyautogui",
                    "pydoll-python",
                    "pyppeteer",
                    "pywinauto",
                    "rpa",
                    "rpaframework",
                    "selenium",
                    "selenium-driverless",
                    "selenium-wire",
                    "seleniumbase",
                    "splinter",
                    "uiautomation",
                    "uiautomator2",
                    "undetected-chromedriver",
                    "zendriver",
                ],
            ),
            (Ecosystem::Conda, &["playwright", "pyautogui", "pyppeteer", "selenium"]),
            (
                Ecosystem::Maven,
                &[
                    "com.microsoft.playwright:playwright",
                    "io.appium:java-client",
                    "org.seleniumhq.selenium:selenium-java",
                ],
            ),
            (
                Ecosystem::Nuget,
                &[
                    "Appium.WebDriver",
                    "Microsoft.Playwright",
                    "PuppeteerSharp",
                    "Selenium.WebDriver",
                ],
            ),
            (Ecosystem::Gem, &["appium_lib", "ferrum", "selenium-webdriver", "watir"]),
            (
                Ecosystem::Go,
                &[
                    "github.com/chromedp/chromedp",
                    "github.com/go-rod/rod",
                    "github.com/go-vgo/robotgo",
                    "github.com/playwright-community/playwright-go",
                    "github.com/tebeka/selenium",
                ],
            ),
            (Ecosystem::Composer, &["facebook/webdriver", "php-webdriver/webdriver"]),
            (
                Ecosystem::Cargo,
                &["chromiumoxide", "enigo", "fantoccini", "headless_chrome", "thirtyfour"],
            ),
        ];
        let is_driver = DRIVERS.iter().any(|(of, names)| {
            *of == ecosystem && names.iter().any(|driver| driver.eq_ignore_ascii_case(name))
        });
        self.drives |= is_driver;
        // What a manifest asks for is stronger evidence than what a lock file has.
        let is_given = self.driver.as_ref().is_some_and(|(_, known, _)| *known >= via);
        if is_driver && !is_given {
            self.driver = Some((name.to_owned(), via, at));
        }
    }

    /// Takes a client that a text names as `ecosystem:name` or as a package URL.
    pub(crate) fn take_client(&mut self, text: &str, via: Via, at: At) {
        if let Ok(client) = ClientName::parse(text) {
            let (ecosystem, name) = (client.ecosystem, &*client.name);
            self.take(Mention { ecosystem, name, alias: None, version: None, via, at });
        }
    }

    /// Reads a text that stands within another, all of whose places are the one place there.
    pub(crate) fn placed(&mut self, at: At, reads: impl FnOnce(&mut Self)) {
        let listed = self.listed.len();
        let alike = self.alike.len();
        let problems = self.problems.len();
        let includes = self.includes.len();
        let (quiet, plain) = (self.quiet.len(), self.plain.len());
        let embedded = self.embedded.len();
        reads(self);
        self.quiet.iter_mut().skip(quiet).for_each(|quiet| quiet.at = at);
        self.plain.iter_mut().skip(plain).for_each(|plain| plain.at = at);
        self.embedded.iter_mut().skip(embedded).for_each(|embedded| embedded.at = at);
        self.listed.iter_mut().skip(listed).for_each(|listed| listed.at = at);
        self.alike.iter_mut().skip(alike).for_each(|alike| alike.at = at);
        self.problems.iter_mut().skip(problems).for_each(|problem| problem.at = Some(at));
        self.includes.iter_mut().skip(includes).for_each(|include| include.at = at);
    }

    /// Notes a file that stands within this one, by the name that it is written under.
    pub(crate) fn embed(&mut self, name: &str, text: &str, at: At) {
        if self.embedded.len() < limits::EMBEDDED_PER_FILE_MAX {
            let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
            self.embedded.push(Embedded { name, text: text.to_owned(), at });
        } else {
            self.problem(
                at,
                format!("more than {} files within one", limits::EMBEDDED_PER_FILE_MAX),
            );
        }
    }

    /// The files within this one that were noted since the last call.
    pub(crate) fn take_embedded(&mut self) -> Vec<Embedded> {
        std::mem::take(&mut self.embedded)
    }

    /// Notes a part that could not be read, where the rest of the file still can.
    pub(crate) fn problem(&mut self, at: At, reason: impl Into<String>) {
        let problem = Problem::new(Some(at), reason);
        // Several readers may look at one member.
        if self.problems.contains(&problem) {
            return;
        }
        if self.problems.len() < limits::PROBLEMS_PER_FILE_MAX {
            self.problems.push(problem);
        } else {
            self.problems_left_out += 1;
        }
    }

    /// Says something about how the file was read.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Asks for another file to be read.
    pub(crate) fn include(&mut self, path: &str, at: At, want: Want, format: Format) {
        if self.includes.len() < limits::INCLUDES_PER_FILE_MAX {
            self.includes.push(Include { path: path.to_owned(), at, want, format });
        } else {
            self.problem(
                at,
                format!("more than {} files named by one", limits::INCLUDES_PER_FILE_MAX),
            );
        }
    }

    /// What is known, each name once for each version, alias and target, and the parts that could
    /// not be read.
    ///
    /// Lock files say the same thing in several sections: the first place stands, and the way that
    /// tells most.
    pub(crate) fn finish(self) -> Said {
        let mut taken: BTreeSet<At> = self.listed.iter().map(|listed| listed.at).collect();
        let alike: Vec<Listed> =
            self.alike.into_iter().filter(|alike| taken.insert(alike.at)).collect();
        let (mut quiet, mut plain) = (self.quiet, self.plain);
        let mut merged: Vec<Listed> = Vec::new();
        let mut groups: BTreeMap<Named, ByAlias> = BTreeMap::new();
        let mut left_out = 0_usize;
        for listed in self.listed.into_iter().chain(alike) {
            // Of a client that asks for nothing to be done, `clients` says all that is to be said.
            if listed.status <= ClientStatus::Unrecognised {
                continue;
            }
            let group = groups
                .entry((
                    listed.ecosystem,
                    listed.name.clone(),
                    listed.version.clone(),
                    listed.target.clone(),
                ))
                .or_default();
            // A mention without an alias is the same as any with one.
            let same = match &listed.alias {
                Some(_) => group.get(&listed.alias).copied().or_else(|| group.remove(&None)),
                None => group.values().next().copied(),
            };
            let is_full = merged.len() >= limits::FINDINGS_PER_FILE_MAX;
            match same.and_then(|at| Some((at, merged.get_mut(at)?))) {
                Some((at, other)) => {
                    other.via = other.via.max(listed.via);
                    other.status = other.status.max(listed.status);
                    other.alias = other.alias.take().or(listed.alias);
                    group.insert(other.alias.clone(), at);
                }
                None if is_full => left_out += 1,
                None => {
                    group.insert(listed.alias.clone(), merged.len());
                    merged.push(listed);
                }
            }
        }
        // A copy or a fork is asked about, and a campaign that uses it is asked the same.
        let doubtful = merged.iter().filter(|listed| {
            matches!(listed.evidence, Evidence::ImageCopy | Evidence::Resemblance)
                && !matches!(listed.via, Via::Source | Via::Own)
        });
        let mut clients = self.clients;
        clients.extend(doubtful.filter_map(|listed| doubtful_name(listed, self.catalogue)));
        let clients = clients.iter().map(|name| without_password(name).into_owned()).collect();
        for listed in merged.iter_mut().chain(&mut quiet).chain(&mut plain) {
            hide_passwords(listed);
        }
        let mut problems = self.problems;
        for problem in &mut problems {
            problem.reason = without_password(&problem.reason).into_owned();
        }
        if self.problems_left_out > 0 {
            problems.push(Problem::new(
                None,
                format!("and {} more of the kind", self.problems_left_out),
            ));
        }
        if left_out > 0 {
            problems.push(Problem::new(
                None,
                format!("{left_out} more mentions of clients are not listed one by one"),
            ));
        }
        Said {
            listed: merged,
            clients,
            problems,
            notes: self.notes,
            includes: self.includes,
            driver: self.driver,
            drives: self.drives,
            quiet,
            plain,
            faint: self.faint,
            official: self.official,
            wanted_images: self.wanted_images,
            set_images: self.set_images,
        }
    }
}

/// A foreign name without its version.
fn cleaned(ecosystem: Ecosystem, name: &str) -> String {
    let name = name.trim();
    let cut = match ecosystem {
        Ecosystem::Docker => {
            let name = name.split('@').next().unwrap_or(name);
            let last = name.rfind('/').map_or(0, |slash| slash + 1);
            let tag = name
                .get(last..)
                .and_then(|part| part.find(':'))
                .map_or(name.len(), |colon| last + colon);
            name.get(..tag).unwrap_or(name)
        }
        Ecosystem::Git => name.split(['#', '?']).next().unwrap_or(name),
        _ => name,
    };
    cut.chars().take(limits::IMAGE_NAME_BYTES_MAX).collect()
}
