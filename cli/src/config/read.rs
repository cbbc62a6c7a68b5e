//! Is this a `cts.toml`?
//!
//! All problems are reported at once, each with its line. What is not understood is a problem: a
//! key that is passed over would be a wish that nobody hears.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use cleartosend::expert::suggest::nearest;
use cleartosend_screening::Declared;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::PackName;
use super::audience::audiences;
use super::place::below;
use super::waivers::{ConfigWaiver, waivers};

/// A line, and what is wrong there.
pub(super) type Problem = (usize, String);

/// LIMIT: problems that are reported of one file.
const PROBLEMS_MAX: usize = 50;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) packs: Vec<PackName>,
    pub(super) built_in: bool,
    pub(super) directory: Option<PathBuf>,
    pub(super) own: Option<PathBuf>,
    pub(super) base: Option<PathBuf>,
    pub(super) audiences: BTreeMap<String, Declared>,
    pub(super) waivers: Vec<ConfigWaiver>,
    pub(super) has_scan: bool,
}

pub(super) const KEYS: &[&str] =
    &["packs", "built_in", "directory", "own", "base", "audience", "waiver", "scan"];
pub(super) const SCAN_KEYS: [&str; 2] = ["exclude", "accept"];
pub(super) const ACCEPT_KEYS: [&str; 4] = ["client", "path", "reason", "until"];

/// Reads the text of a file that lies in that folder.
pub(super) fn read(text: &str, folder: &Path) -> Result<Read, Vec<Problem>> {
    let mut reader = Reader { text, folder, problems: Vec::new() };
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let message = error.message().trim_end().replace('\n', " ");
            return Err(vec![(reader.line(error.span().unwrap_or_default()), message)]);
        }
    };
    let table = table.get_ref();
    reader.known(table, "the file", KEYS, |_| None);
    let read = Read {
        packs: reader.packs(table),
        built_in: reader.boolean(table, "built_in").unwrap_or(true),
        directory: reader.path(table, "directory"),
        own: reader.path(table, "own"),
        base: reader.path(table, "base"),
        audiences: audiences(&mut reader, table),
        waivers: waivers(&mut reader, table),
        has_scan: table.contains_key("scan"),
    };
    reader.scan(table);
    if !read.built_in && read.packs.is_empty() && reader.problems.is_empty() {
        let at = table.get("built_in").map(Spanned::span).unwrap_or_default();
        reader.problem(at, "without the built-in pack there is no rule; name `packs`");
    }
    let mut problems = reader.problems;
    if problems.is_empty() {
        return Ok(read);
    }
    problems.sort();
    problems.dedup();
    problems.truncate(PROBLEMS_MAX);
    Err(problems)
}

pub(super) struct Reader<'t> {
    text: &'t str,
    folder: &'t Path,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    pub(super) fn line(&self, span: Range<usize>) -> usize {
        1 + self.text.bytes().take(span.start).filter(|byte| *byte == b'\n').count()
    }

    pub(super) fn problem(&mut self, span: Range<usize>, message: &str) {
        let line = self.line(span);
        self.problems.push((line, message.to_owned()));
    }

    /// Reports each key that is not known; `reserved` says why some are not heard.
    pub(super) fn known(
        &mut self,
        table: &DeTable<'_>,
        of: &str,
        known: &[&str],
        reserved: impl Fn(&str) -> Option<&'static str>,
    ) {
        for (key, _) in table {
            let name = &**key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let message = match (reserved(name), nearest(name, known.iter().copied())) {
                (Some(why), _) => format!("`{name}`: {why}"),
                (None, Some(near)) => {
                    format!("{of} has no key `{name}`; did you mean `{near}`?")
                }
                (None, None) => {
                    format!("{of} has no key `{name}`; expected one of {}", known.join(", "))
                }
            };
            self.problem(key.span(), &message);
        }
    }

    pub(super) fn wrong_type(&mut self, key: &str, found: &Spanned<DeValue<'_>>, expected: &str) {
        let message = format!("`{key}` is {}, expected {expected}", kind(found.get_ref()));
        self.problem(found.span(), &message);
    }

    fn boolean(&mut self, table: &DeTable<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => {
                self.wrong_type(key, value, "true or false");
                None
            }
        }
    }

    fn string(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong_type(key, value, "a string");
                None
            }
        }
    }

    /// A text that may be left out.
    pub(super) fn text(&mut self, table: &DeTable<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        self.string(key, value)
    }

    /// A list of texts that may be left out.
    pub(super) fn strings(&mut self, table: &DeTable<'_>, key: &str) -> Vec<String> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let DeValue::Array(entries) = value.get_ref() else {
            self.wrong_type(key, value, "a list of strings");
            return Vec::new();
        };
        entries.iter().filter_map(|entry| self.string(key, entry)).collect()
    }

    fn path(&mut self, table: &DeTable<'_>, key: &str) -> Option<PathBuf> {
        let value = table.get(key)?;
        let path = self.string(key, value)?;
        self.below(key, value.span(), &path)
    }

    fn below(&mut self, key: &str, at: Range<usize>, path: &str) -> Option<PathBuf> {
        match below(self.folder, path) {
            Ok(path) => Some(path),
            Err(reason) => {
                self.problem(at, &format!("`{key}`: {reason}"));
                None
            }
        }
    }

    fn packs(&mut self, table: &DeTable<'_>) -> Vec<PackName> {
        let Some(value) = table.get("packs") else { return Vec::new() };
        let DeValue::Array(entries) = value.get_ref() else {
            self.wrong_type("packs", value, "a list of folders and of names of built-in packs");
            return Vec::new();
        };
        let mut packs = Vec::with_capacity(entries.len());
        let mut seen = BTreeSet::new();
        for entry in entries {
            let Some(name) = self.string("packs", entry) else { continue };
            if !seen.insert(name.clone()) {
                self.problem(entry.span(), &format!("`packs`: `{name}` is named twice"));
                continue;
            }
            // A name has no dot and no slash, and a folder of this file's has one: `./house`.
            if name.contains(['/', '\\', '.']) {
                packs.extend(self.below("packs", entry.span(), &name).map(PackName::Folder));
                continue;
            }
            let known: Vec<&str> = cleartosend::Pack::built_in_names().collect();
            if !known.contains(&name.as_str()) {
                let near = nearest(&name, known.iter().copied());
                let near = near.map(|near| format!("did you mean `{near}`?"));
                let help = near.unwrap_or_else(|| format!("expected one of {}", known.join(", ")));
                self.problem(
                    entry.span(),
                    &format!(
                        "`packs`: there is no built-in pack `{name}`; {help}; a folder begins \
                         with `./`"
                    ),
                );
                continue;
            }
            packs.push(PackName::BuiltIn(name));
        }
        packs
    }

    /// What `cts scan` reads there; here only whether it has the keys that are read.
    fn scan(&mut self, table: &DeTable<'_>) {
        let Some(value) = table.get("scan") else { return };
        let DeValue::Table(scan) = value.get_ref() else {
            self.wrong_type("scan", value, "a table");
            return;
        };
        self.known(scan, "`scan`", &SCAN_KEYS, |_| None);
        let Some(DeValue::Array(entries)) = scan.get("accept").map(Spanned::get_ref) else {
            return;
        };
        for entry in entries {
            if let DeValue::Table(entry) = entry.get_ref() {
                self.known(entry, "an entry of `scan.accept`", &ACCEPT_KEYS, |_| None);
            }
        }
    }
}

/// What a value is, in words.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
