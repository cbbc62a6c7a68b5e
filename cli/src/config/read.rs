//! Is this a `cts.toml`?
//!
//! All problems are reported at once, each with its line. What is not understood is a problem: a
//! key that is passed over would be a wish that nobody hears.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cleartosend::expert::suggest::nearest;
use cleartosend_screening::Declared;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::PackName;
use super::audience::audiences;
use super::reader::{Problem, Reader};
use super::waivers::{ConfigWaiver, waivers};

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
        packs: packs(&mut reader, table),
        built_in: reader.boolean(table, "built_in").unwrap_or(true),
        directory: reader.path(table, "directory"),
        own: reader.path(table, "own"),
        base: reader.path(table, "base"),
        audiences: audiences(&mut reader, table),
        waivers: waivers(&mut reader, table),
        has_scan: table.contains_key("scan"),
    };
    scan(&mut reader, table);
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

fn packs(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<PackName> {
    let Some(value) = table.get("packs") else { return Vec::new() };
    let DeValue::Array(entries) = value.get_ref() else {
        reader.wrong_type("packs", value, "a list of folders and of names of built-in packs");
        return Vec::new();
    };
    let mut packs = Vec::with_capacity(entries.len());
    let mut seen = BTreeSet::new();
    for entry in entries {
        let Some(name) = reader.string("packs", entry) else { continue };
        if !seen.insert(name.clone()) {
            reader.problem(entry.span(), &format!("`packs`: `{name}` is named twice"));
            continue;
        }
        // A name has no dot and no slash, and a folder of this file's has one: `./house`.
        if name.contains(['/', '\\', '.']) {
            packs.extend(reader.below("packs", entry.span(), &name).map(PackName::Folder));
            continue;
        }
        let known: Vec<&str> = cleartosend::Pack::built_in_names().collect();
        if !known.contains(&name.as_str()) {
            let near = nearest(&name, known.iter().copied());
            let near = near.map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| format!("expected one of {}", known.join(", ")));
            reader.problem(
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
fn scan(reader: &mut Reader<'_>, table: &DeTable<'_>) {
    let Some(value) = table.get("scan") else { return };
    let DeValue::Table(scan) = value.get_ref() else {
        reader.wrong_type("scan", value, "a table");
        return;
    };
    reader.known(scan, "`scan`", &SCAN_KEYS, |_| None);
    let Some(DeValue::Array(entries)) = scan.get("accept").map(Spanned::get_ref) else {
        return;
    };
    for entry in entries {
        if let DeValue::Table(entry) = entry.get_ref() {
            reader.known(entry, "an entry of `scan.accept`", &ACCEPT_KEYS, |_| None);
        }
    }
}
