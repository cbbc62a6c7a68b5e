//! Gradle's build scripts, lock files and version catalogues.
//!
//! A build script is a program. What counts of it are its string literals: one that is whole
//! coordinates (`group:artifact:version`), and `group`, `name` pairs in one statement.

use super::maven::take;
use crate::mention::{Mentions, Via};
use crate::place::{At, place_of};
use crate::tree::Node;

pub(crate) fn read_build(text: &str, into: &mut Mentions<'_>) {
    let mut group: Option<(&str, usize)> = None;
    for literal in Literals::new(text) {
        let at = place_of(text, literal.text);
        match literal.label {
            "group" => group = Some((literal.text, literal.line)),
            "name" | "module" => {
                // Written over at most a few lines, in this order.
                if let Some((group, line)) = group.take()
                    && literal.line - line <= 2
                {
                    take(&format!("{group}:{}", literal.text), None, at, Via::Direct, into);
                }
            }
            _ => take_coordinates(literal.text, at, Via::Direct, into),
        }
    }
}

/// `group:artifact`, `group:artifact:version`, `group:artifact:version:classifier@ext`.
pub(super) fn take_coordinates(text: &str, at: At, via: Via, into: &mut Mentions<'_>) {
    let mut parts = text.split(':');
    if let (Some(group), Some(artifact)) = (parts.next(), parts.next()) {
        let end = group.len() + 1 + artifact.len();
        let version = parts.next().map(|version| version.split('@').next().unwrap_or(version));
        let name = text.get(..end).unwrap_or(text);
        take(name, version, at, via, into);
    }
}

/// A string literal, and the word before it if that labels it: `group: 'x'`, `group = "x"`.
struct Literal<'t> {
    label: &'t str,
    text: &'t str,
    line: usize,
}

/// Every string literal outside comments, in order.
struct Literals<'t> {
    rest: &'t str,
    label: &'t str,
    line: usize,
}

impl<'t> Literals<'t> {
    fn new(text: &'t str) -> Self {
        Self { rest: text, label: "", line: 1 }
    }

    /// Passes over some bytes.
    fn skip(&mut self, bytes: usize) -> &'t str {
        let (skipped, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line += skipped.bytes().filter(|byte| *byte == b'\n').count();
        self.rest = rest;
        skipped
    }
}

impl<'t> Iterator for Literals<'t> {
    type Item = Literal<'t>;

    fn next(&mut self) -> Option<Literal<'t>> {
        loop {
            let first = self.rest.chars().next()?;
            if self.rest.starts_with("//") {
                self.skip(self.rest.find('\n').unwrap_or(self.rest.len()));
            } else if self.rest.starts_with("/*") {
                self.skip(self.rest.find("*/").map_or(self.rest.len(), |end| end + 2));
            } else if matches!(first, '"' | '\'') {
                let quote = if self.rest.starts_with("\"\"\"") || self.rest.starts_with("'''") {
                    3
                } else {
                    1
                };
                let mark = self.skip(quote);
                let end = end_of_literal(self.rest, mark);
                let line = self.line;
                let text = self.skip(end);
                self.skip(quote);
                return Some(Literal { label: std::mem::take(&mut self.label), text, line });
            } else if first.is_ascii_alphabetic() {
                self.label = self.skip(
                    self.rest
                        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                        .unwrap_or(self.rest.len()),
                );
            } else {
                if !matches!(first, ':' | '=' | ' ' | '\t') {
                    self.label = "";
                }
                self.skip(first.len_utf8());
            }
        }
    }
}

/// Where a literal ends: at its mark, or for want of one at the end of the line.
fn end_of_literal(text: &str, mark: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if text.get(at..).is_some_and(|rest| rest.starts_with(mark))
            || (c == '\n' && mark.len() == 1)
        {
            return at;
        }
    }
    text.len()
}

pub(crate) fn read_lock(text: &str, into: &mut Mentions<'_>) {
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let coordinates = line.split('=').next().unwrap_or(line);
        let parts = coordinates.split(':').count();
        let plain = coordinates == "empty" || (parts == 3 && !coordinates.contains(' '));
        let is_read = line.trim().is_empty() || (plain && line.contains('='));
        if !is_read {
            into.problem(place_of(text, line), "no `group:artifact:version=configurations`");
        }
        take_coordinates(coordinates, place_of(text, line), Via::Locked, into);
    }
}

/// `libs.versions.toml`: `x = "group:artifact:1.0"`, `x = {module = "group:artifact"}`,
/// `x = {group = "…", name = "…"}`.
pub(crate) fn read_catalogue(root: Node<'_>, into: &mut Mentions<'_>) {
    for (_, library) in root.all("libraries").flat_map(Node::entries) {
        let version = library.text_of("version");
        if let Some(coordinates) = library.text() {
            take_coordinates(coordinates, library.at, Via::Direct, into);
        } else if let Some(module) = library.text_of("module") {
            take(module, version, library.at, Via::Direct, into);
        } else if let (Some(group), Some(name)) =
            (library.text_of("group"), library.text_of("name"))
        {
            take(&format!("{group}:{name}"), version, library.at, Via::Direct, into);
        }
    }
}
