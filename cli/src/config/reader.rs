//! What do the values of a `cts.toml` say, and what is wrong with them, each at its line?

use std::ops::Range;
use std::path::{Path, PathBuf};

use cleartosend::expert::suggest::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::place::below;

/// A line, and what is wrong there.
pub(super) type Problem = (usize, String);

/// Reads values, and keeps what is wrong.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) folder: &'t Path,
    pub(super) problems: Vec<Problem>,
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

    pub(super) fn boolean(&mut self, table: &DeTable<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => {
                self.wrong_type(key, value, "true or false");
                None
            }
        }
    }

    pub(super) fn string(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
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

    pub(super) fn path(&mut self, table: &DeTable<'_>, key: &str) -> Option<PathBuf> {
        let value = table.get(key)?;
        let path = self.string(key, value)?;
        self.below(key, value.span(), &path)
    }

    pub(super) fn below(&mut self, key: &str, at: Range<usize>, path: &str) -> Option<PathBuf> {
        match below(self.folder, path) {
            Ok(path) => Some(path),
            Err(reason) => {
                self.problem(at, &format!("`{key}`: {reason}"));
                None
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
