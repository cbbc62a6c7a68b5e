//! What does the user's `cts.toml` say?
//!
//! It is looked for from the folder of the document upwards, or from the working folder where the
//! document is standard input or there is none; the first one found counts. Whatever depends on it
//! names it, with its digest ([`named`]).

mod audience;
mod json_schema;
mod place;
mod read;
mod reader;
mod waivers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use cleartosend::Pack;
use cleartosend::expert::digest::Digest;
use cleartosend::expert::text::escaped;
use cleartosend_audience::Named;
use cleartosend_screening::Declared;

use crate::failure::Failure;
use crate::files;
use crate::output::{self, Answer};
pub(crate) use json_schema::json_schema;
pub(crate) use waivers::ConfigWaiver;

/// Which `cts.toml` has a say.
#[derive(Debug, Args)]
pub(crate) struct Configured {
    /// Read this `cts.toml`, instead of the first one from the document's folder upwards. What the
    /// command line names comes before what it names; packs are stacked on its packs
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Read no `cts.toml`, as for a stranger's document
    #[arg(long)]
    pub(crate) no_config: bool,
}

/// The name of the file.
pub(crate) const FILE: &str = "cts.toml";

/// LIMIT: bytes of a `cts.toml`. Real ones have some hundred lines; lists of accepted findings are
/// the longest part.
const BYTES_MAX: usize = 4 << 20;

/// What a `cts.toml` says.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// How it is called in messages.
    pub(crate) name: String,
    pub(crate) digest: Digest,
    /// Packs that lie beneath those of the command line, in stacking order.
    pub(crate) packs: Vec<PackName>,
    /// Whether the built-in `whatsapp` pack lies beneath.
    pub(crate) built_in: bool,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) own: Option<PathBuf>,
    pub(crate) base: Option<PathBuf>,
    /// What the columns of audiences say, by the names of the tables.
    pub(crate) audiences: BTreeMap<String, Declared>,
    /// Exceptions to rules.
    pub(crate) waivers: Vec<ConfigWaiver>,
    /// Whether it says what a scan accepts.
    pub(crate) has_scan: bool,
    /// The file itself.
    path: PathBuf,
}

/// A pack as a `cts.toml` names it: by what it is, and never by what else lies where the command
/// runs.
#[derive(Clone, Debug)]
pub(crate) enum PackName {
    BuiltIn(String),
    Folder(PathBuf),
}

impl Config {
    /// All files and folders that are read because of it, with what they are.
    pub(crate) fn inputs(&self) -> Vec<Named<'_>> {
        let mut inputs: Vec<Named<'_>> = vec![("the configuration", &self.path)];
        let files = [
            ("the directory", &self.directory),
            ("your own directory", &self.own),
            ("the base document", &self.base),
        ];
        inputs.extend(files.into_iter().filter_map(|(what, file)| Some((what, file.as_deref()?))));
        inputs.extend(self.packs.iter().filter_map(|pack| match pack {
            PackName::BuiltIn(_) => None,
            PackName::Folder(folder) => Some(("a pack", folder.as_path())),
        }));
        inputs
    }

    /// What it says beside its packs, for a pack that stands alone: of waivers those of that pack's
    /// rules, since a waiver of a rule that is not there lowers nothing.
    pub(crate) fn beside(&self, pack: &Pack) -> Self {
        let is_of = |waiver: &ConfigWaiver| {
            let named = waiver.waiver.rule.split_once('/');
            named.is_some_and(|(name, rule)| {
                name == &*pack.name && pack.rules.iter().any(|known| *known.id == *rule)
            })
        };
        let waivers = self.waivers.iter().filter(|waiver| is_of(waiver)).cloned().collect();
        Self { packs: Vec::new(), waivers, ..self.clone() }
    }

    /// `config  cts.toml  sha256:…`, for people.
    fn line(&self) -> String {
        format!("config  {}  {}\n", escaped(&self.name), self.digest)
    }
}

/// Names in an answer what had a say in it: below what people read, beside what programs read.
pub(crate) fn named<'a>(answer: Answer, configs: impl IntoIterator<Item = &'a Config>) -> Answer {
    let lines: String = configs.into_iter().map(Config::line).collect();
    answer.with_footer(&lines)
}

/// How many lines of a terminal [`named`] takes below an answer.
pub(crate) fn lines_below<'a>(configs: impl IntoIterator<Item = &'a Config>) -> usize {
    let lines = configs.into_iter().map(|config| config.line().chars().count());
    lines.map(|columns| columns.div_ceil(output::width())).sum()
}

/// The `cts.toml` for a document; none where none is found or wanted.
pub(crate) fn of(asked: &Configured, document: Option<&Path>) -> Result<Option<Config>, Failure> {
    file_of(asked, document).map(|file| load(&file)).transpose()
}

/// The `cts.toml` in a folder, if there is one.
pub(crate) fn in_folder(folder: &Path) -> Result<Option<Config>, Failure> {
    let file = folder.join(FILE);
    is_there(&file).then(|| load(&file)).transpose()
}

/// Whether something of that name is there, also what cannot be read as a file: a link that leads
/// nowhere is an error, and not a folder without a configuration.
fn is_there(file: &Path) -> bool {
    file.symlink_metadata().is_ok()
}

/// Where the `cts.toml` for a document is: as the command line says, else the environment, else the
/// first that is found.
#[expect(clippy::disallowed_methods, reason = "`CTS_CONFIG` is documented to say this")]
pub(crate) fn file_of(asked: &Configured, document: Option<&Path>) -> Option<PathBuf> {
    let of_environment = || std::env::var_os("CTS_CONFIG").filter(|value| !value.is_empty());
    if asked.no_config {
        return None;
    }
    let named = asked.config.clone().or_else(|| of_environment().map(PathBuf::from));
    named.or_else(|| search(document))
}

/// The first `cts.toml` from the folder of a document upwards.
fn search(document: Option<&Path>) -> Option<PathBuf> {
    let folder = document
        .filter(|file| *file != Path::new("-"))
        .and_then(Path::parent)
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    // A folder that is not there has no document either, which is reported where that is read.
    let folder = folder.canonicalize().ok()?;
    folder.ancestors().map(|folder| folder.join(FILE)).find(|file| is_there(file))
}

fn load(file: &Path) -> Result<Config, Failure> {
    if file == Path::new("-") {
        return Err(Failure::new("the configuration is a file, not standard input"));
    }
    let name = called(file);
    let bytes = files::read(file, BYTES_MAX)?;
    let refused = |reason: &str| Failure::new(&format!("{name}: {reason}"));
    if bytes.len() > BYTES_MAX {
        return Err(refused(&format!("larger than {} MiB", BYTES_MAX >> 20)));
    }
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| refused(&format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let read = read::read(text, folder.unwrap_or(Path::new(".")));
    let read = read.map_err(|problems| {
        let lines: Vec<String> = problems
            .into_iter()
            .map(|(line, message)| format!("{name}:{line}: {message}"))
            .collect();
        Failure::of_all_lines(&lines).unwrap_or_else(|| refused("it cannot be read"))
    })?;
    Ok(Config {
        name,
        digest: Digest::of(&bytes),
        packs: read.packs,
        built_in: read.built_in,
        directory: read.directory,
        own: read.own,
        base: read.base,
        audiences: read.audiences,
        waivers: read.waivers,
        has_scan: read.has_scan,
        path: file.to_path_buf(),
    })
}

/// A file as a person in the working folder calls it.
fn called(file: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let short = here.as_deref().and_then(|here| file.strip_prefix(here).ok());
    short.unwrap_or(file).display().to_string()
}
