//! Which files are made from the sources, and are they fresh?

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use cleartosend::expert::program::dimension::Subject;
use cleartosend::expert::resolve;
use cleartosend::schema::{AttributeId, json_schema, reference};
use cleartosend::{Engine, Pack, Schema};

use crate::{origins, python, typescript};

/// What to do with a file that differs from what the sources give.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stale {
    Rewrite,
    Refuse,
}

/// It lies in the crate that packages of other languages bring along, and is read in the
/// documentation.
const RECORD_SCHEMA: &str = include_str!("../../evidence/src/record.schema.json");

/// Every generated file: its path in the repository and what it must hold.
fn files() -> Result<Vec<(&'static str, String)>, String> {
    let schema = Schema::built_in();
    let read = read_by_rules()?;
    let campaign_schema = json_schema::campaign_schema(&schema);
    let mut campaign =
        serde_json::to_string_pretty(&campaign_schema).map_err(|error| error.to_string())?;
    campaign.push('\n');
    Ok(vec![
        ("DIGESTS", digests()?),
        ("docs/reference/attributes.md", reference::markdown(&schema, &|path| read.contains(path))),
        ("docs/reference/campaign.schema.json", campaign),
        ("docs/reference/record.schema.json", RECORD_SCHEMA.to_owned()),
        ("docs/guides/where-facts-come-from.md", origins::page(&schema)?),
        ("js/package/campaign.d.ts", typescript::campaign(&campaign_schema)),
        ("python/package/cleartosend/campaign.py", python::campaign(&schema)),
        ("python/package/cleartosend/words.py", python::words()),
    ])
}

/// What an engine is built with, as decisions name it, a line each: so that whoever holds a decision
/// finds the state of the repository that made it.
fn digests() -> Result<String, String> {
    let engine = Engine::built_in().map_err(|error| error.to_string())?;
    let mut text = String::new();
    for name in Pack::built_in_names() {
        let pack = Pack::built_in(name)
            .ok_or_else(|| format!("{name} is not built in"))?
            .map_err(|errors| errors.to_string())?;
        let _ = writeln!(text, "{}  pack {} {}", pack.digest, pack.name, pack.version);
    }
    let _ = writeln!(text, "{}  directory sample", engine.directory().digest());
    let _ = writeln!(text, "{}  catalogue of clients", engine.catalogue().digest());
    Ok(text)
}

/// The attributes and lists that conditions of the built-in packs read, by themselves or by what
/// follows from them.
fn read_by_rules() -> Result<BTreeSet<String>, String> {
    let mut engine = Engine::builder();
    for name in Pack::built_in_names() {
        engine = engine.built_in_pack(name);
    }
    let engine = engine.build().map_err(|error| error.to_string())?;
    let program = engine.program();
    let mut read = BTreeSet::new();
    for (rule, _, _) in program.rules() {
        let compiled = program.compiled(rule).ok_or("a rule that is not compiled")?;
        for dimension in compiled.dimensions.iter().filter_map(|place| program.dimension(*place)) {
            let attributes: Vec<AttributeId> = match dimension.subject {
                Subject::Attribute(id) => vec![id],
                Subject::Predicate(index) => program
                    .predicates()
                    .get(index)
                    .map(|predicate| predicate.attributes.iter().copied().collect())
                    .unwrap_or_default(),
            };
            for id in attributes {
                read.insert(program.schema().attribute(id).path.to_string());
                read.extend(resolve::sources(id).iter().map(ToString::to_string));
            }
        }
    }
    // The day decides which rules are in force.
    read.insert("send_at".to_owned());
    Ok(read)
}

/// Writes the generated files, or compares them with what would be written.
///
/// # Errors
/// A file differs and may not be rewritten, or cannot be written.
pub(crate) fn generate(root: &Path, stale: Stale) -> Result<(), String> {
    let mut different = Vec::new();
    for (path, wanted) in files()? {
        // A file that is missing or unreadable is as stale as one that differs.
        let found = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        if found == wanted {
            println!("{path}: fresh");
        } else if stale == Stale::Rewrite {
            std::fs::write(root.join(path), &wanted).map_err(|error| format!("{path}: {error}"))?;
            println!("{path}: written");
        } else {
            println!("{path}: stale, {}", first_difference(&found, &wanted));
            different.push(path);
        }
    }
    if different.is_empty() {
        Ok(())
    } else {
        Err(format!("stale: {}; run `cargo xtask generate`", different.join(", ")))
    }
}

fn first_difference(found: &str, wanted: &str) -> String {
    let mut lines = 0;
    for (found, wanted) in found.lines().zip(wanted.lines()) {
        lines += 1;
        if found != wanted {
            return format!("line {lines} is `{found}`, expected `{wanted}`");
        }
    }
    format!(
        "{} lines, expected {}, the same up to line {lines}",
        found.lines().count(),
        wanted.lines().count()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_reported() {
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), "line 2 is `b`, expected `c`");
        assert_eq!(first_difference("", "a\n"), "0 lines, expected 1, the same up to line 0");
    }
}
