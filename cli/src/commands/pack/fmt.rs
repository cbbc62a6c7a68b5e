//! `cts pack fmt`: the files of a pack in their one canonical form.
//!
//! Keys of a table stand in the order in which `docs/reference/pack-format.md` has them, with their
//! `=` below each other; one blank line stands before a table, and nowhere two. Comments stay with
//! what they stand before or behind, and values as they are written. A file never comes to mean
//! anything else: that is checked before it is written.

use std::fmt::Write as _;
use std::path::Path;

use cleartosend::expert::text::escaped;
use cleartosend::pack::RULE_KEYS;
use toml_edit::{DocumentMut, Item, Table};

use crate::engine;
use crate::failure::Failure;
use crate::files;
use crate::output::Answer;

/// For files that are not in canonical form, where that is asked.
const NOT_CANONICAL: u8 = 1;

/// What is to become of files that are not in canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    Write,
    Tell,
}

pub(super) fn run(folder: &Path, then: Then) -> Result<Answer, Failure> {
    let called = folder.display().to_string();
    let mut text = String::new();
    for file in engine::read_pack(folder)? {
        if !file.path.ends_with(".toml") {
            continue;
        }
        let name = format!("{called}/{}", file.path);
        let refused = |why: &dyn std::fmt::Display| Failure::new(&format!("{name}: {why}"));
        let written =
            std::str::from_utf8(&file.bytes).map_err(|_| refused(&"the file is not UTF-8"))?;
        let canonical = canonical(&file.path, written).map_err(|why| refused(&why))?;
        if canonical == written {
            continue;
        }
        if then == Then::Write {
            files::write(&folder.join(&file.path), &canonical)?;
        }
        let _ = writeln!(text, "{}", escaped(&name));
    }
    let is_denied = then == Then::Tell && !text.is_empty();
    Ok(Answer::new(text).with_code(if is_denied { NOT_CANONICAL } else { 0 }))
}

/// Why a text is no TOML, in one line; `cts pack lint` shows the place.
fn answer_format(text: &str, error: &toml_edit::TomlError) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    format!("line {line}: not TOML: {}; `cts pack lint` shows all problems", error.message())
}

/// A file in canonical form.
fn canonical(path: &str, text: &str) -> Result<String, String> {
    let plain = text.replace("\r\n", "\n");
    let mut document: DocumentMut =
        plain.parse().map_err(|error: toml_edit::TomlError| answer_format(&plain, &error))?;
    let order = if path.starts_with("rules/") { &RULE_KEYS[..] } else { OTHERS };
    table(document.as_table_mut(), order);
    let trailing = lines(document.trailing().as_str().unwrap_or_default());
    document.set_trailing(trailing);
    let canonical = format!("{}\n", document.to_string().trim_matches('\n'));
    // INVARIANT: only the order of keys and what stands between them has changed.
    let same = match (plain.parse::<toml::Table>(), canonical.parse::<toml::Table>()) {
        (Ok(before), Ok(after)) => before == after,
        _ => false,
    };
    same.then_some(canonical)
        .ok_or_else(|| "internal/format: the canonical form says something else".to_owned())
}

/// The keys of all other tables: where two have one key, it stands at one place in both. A key that
/// is not here comes last, in the order of the file.
const OTHERS: &[&str] = &[
    "name",
    "why",
    "draft",
    "version",
    "requires",
    "rule",
    "when",
    "lower_to",
    "reason",
    "by",
    "id",
    "title",
    "url",
    "retrieved",
    "confidence",
    "published",
    "known_until",
    "key",
    "type",
    "expr",
];

fn rank(order: &[&str], key: &str) -> usize {
    order.iter().position(|known| *known == key).unwrap_or(order.len())
}

/// Puts a table, and those in it, into canonical form.
fn table(table: &mut Table, order: &[&str]) {
    // A table begins right below its name.
    let begins = table.iter().find(|(_, item)| item.is_value()).map(|(key, _)| key.to_owned());
    table.sort_values_by(|one, _, other, _| rank(order, one.get()).cmp(&rank(order, other.get())));
    let width = table
        .iter()
        .filter(|(_, item)| item.is_value())
        .filter_map(|(key, _)| table.key(key).map(|key| key.display_repr().chars().count()))
        .max()
        .unwrap_or_default();
    let mut is_first = true;
    for (mut key, item) in table.iter_mut() {
        match item {
            Item::Value(value) => {
                let shown = key.display_repr().chars().count();
                let name = key.get().to_owned();
                let decor = key.leaf_decor_mut();
                let before = lines(decor.prefix().and_then(|raw| raw.as_str()).unwrap_or_default());
                let begun = is_first || begins.as_deref() == Some(name.as_str());
                let before = if begun { before.trim_start_matches('\n') } else { &before };
                decor.set_prefix(before);
                decor.set_suffix(" ".repeat(width - shown + 1));
                let behind = value.decor().suffix().and_then(|raw| raw.as_str());
                let behind = behind.unwrap_or_default().trim_end().to_owned();
                value.decor_mut().set_prefix(" ");
                value.decor_mut().set_suffix(behind);
                is_first = false;
            }
            Item::Table(inner) => headed(inner, order),
            Item::ArrayOfTables(inner) => {
                inner.iter_mut().for_each(|inner| headed(inner, order));
            }
            Item::None => {}
        }
    }
}

/// As [`table`], of one that has a line of its own for its name.
fn headed(inner: &mut Table, order: &[&str]) {
    // Dotted keys are lines of the table around them, as their author wrote them.
    if inner.is_dotted() {
        return;
    }
    let decor = inner.decor_mut();
    let before = lines(decor.prefix().and_then(|raw| raw.as_str()).unwrap_or_default());
    decor.set_prefix(format!("\n{}", before.trim_start_matches('\n')));
    table(inner, order);
}

/// Comments and blank lines: no two blank lines after each other, no blanks around a line.
fn lines(between: &str) -> String {
    let mut text = String::new();
    for line in between.split_inclusive('\n') {
        let is_whole = line.ends_with('\n');
        let line = line.trim();
        let is_second = text == "\n" || text.ends_with("\n\n");
        if !line.is_empty() || is_whole && !is_second {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "# Who.\nversion = '1'   # of the pack\nname='a'\n\n\n[sources.x]\n\nurl \
                           = 'u'\n  # What.\n  title = 't'\n\n\n\n# The end.\n";

    #[test]
    fn keys_are_in_order_and_comments_stay() {
        let canonical = canonical("pack.toml", WRITTEN).unwrap();
        assert_eq!(
            canonical,
            "name    = 'a'\n# Who.\nversion = '1'   # of the pack\n\n[sources.x]\n# What.\ntitle = \
             't'\nurl   = 'u'\n\n# The end.\n"
        );
        assert_eq!(super::canonical("pack.toml", &canonical).unwrap(), canonical);
    }

    #[test]
    fn dotted_keys_and_inline_tables_keep_their_form() {
        let written = "[[test]]\nset = { a.b = 1 }\n\n[base.clean]\nprovider.name = \"A\"\nsend_at = \
                       2026-03-02\n";
        let canonical = canonical("tests/all.toml", written).unwrap();
        assert!(canonical.contains("provider.name = \"A\""), "{canonical}");
        assert_eq!(super::canonical("tests/all.toml", &canonical).unwrap(), canonical);
    }
}
