//! Gradle's build scripts, lock files and version catalogues.
//!
//! A build script is a program. What counts of it are its string literals: one that is whole
//! coordinates (`group:artifact:version`), and `group`, `name` pairs in one statement; and what a
//! configuration is given one by one: `implementation("group", "artifact", "1.0")`. A variable has
//! the literal that the same file gives it. Another, in a group or an artifact, is reported where
//! the whole may be a listed name. What is excluded or substituted is not used.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cleartosend::expert::clients::Ecosystem;

use super::maven::take;
use super::shape;
use crate::mention::Via;
use crate::mentions::Mentions;
use crate::place::{At, line_before, place_of};
use crate::tree::{Node, Shape};

/// Variables by the literal that they are given.
type Values<'t> = BTreeMap<&'t str, &'t str>;

pub(crate) fn read_build(text: &str, into: &mut Mentions<'_>) {
    let kept = without_excluded(text);
    let text = &*kept;
    let values: Values<'_> = Literals::new(text)
        .filter(|literal| !literal.label.is_empty())
        .map(|literal| (literal.label, literal.text))
        .collect();
    read_calls(text, &values, into);
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
            _ if literal.text.contains('$') => take_computed(literal.text, &values, at, into),
            _ => take_coordinates(literal.text, at, Via::Direct, into),
        }
    }
}

/// The text with blanks for what `exclude` leaves out and for what `substitute` or `replacedBy`
/// replaces: neither is used. What stands in its place is kept, and so are all places.
fn without_excluded(text: &str) -> Cow<'_, str> {
    const WORDS: [&str; 3] = ["exclude", "substitute", "module"];
    if !WORDS.iter().any(|word| text.contains(word)) {
        return Cow::Borrowed(text);
    }
    // Comments and literals exclude nothing.
    let (code, bare) = without_comments(text);
    let mut ranges = Vec::new();
    for (at, word) in WORDS.iter().flat_map(|word| bare.match_indices(word)) {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let before = line_before(&bare, at);
        let rest = code.get(at + word.len()..).unwrap_or_default();
        if before.ends_with(is_word) || rest.starts_with(is_word) {
            continue;
        }
        let length = match word {
            "exclude" => length_of_arguments(rest),
            // `module('…') { replacedBy('…') }`
            "module" => Some(rest)
                .filter(|rest| rest.starts_with('('))
                .and_then(length_in_brackets)
                .filter(|length| is_replaced(rest.get(*length..).unwrap_or_default())),
            // `substitute module('…') using …`, `substitute(module("…")).using(…)`
            _ => rest
                .find('(')
                .filter(|open| !rest.get(..*open).unwrap_or_default().contains('\n'))
                .and_then(|open| Some(open + length_in_brackets(rest.get(open..)?)?)),
        };
        if let Some(length) = length {
            ranges.push(at + word.len()..at + word.len() + length);
        }
    }
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        blank(&mut bytes, range);
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Whether what stands behind a module is a block that names what replaces it.
fn is_replaced(after: &str) -> bool {
    after
        .trim_start_matches([' ', '\t'])
        .strip_prefix('{')
        .is_some_and(|block| block.trim_start().starts_with("replacedBy("))
}

/// A script with blanks for its comments, and the same with blanks for what its literals hold, too.
/// All places stay.
fn without_comments(text: &str) -> (String, String) {
    let (mut code, mut bare) = (text.as_bytes().to_vec(), text.as_bytes().to_vec());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with(['"', '\'']) {
            let is_long = rest.starts_with("\"\"\"") || rest.starts_with("'''");
            let (mark, literal) = rest.split_at(if is_long { 3 } else { 1 });
            let length = end_of_literal(literal, mark);
            blank(&mut bare, at + mark.len()..at + mark.len() + length);
            at += (mark.len() + length + mark.len()).min(rest.len());
            continue;
        } else {
            at += rest.find(['/', '"', '\'']).map_or(rest.len(), |next| next.max(1));
            continue;
        };
        blank(&mut code, at..at + length);
        blank(&mut bare, at..at + length);
        at += length;
    }
    let [code, bare] = [code, bare].map(|bytes| String::from_utf8(bytes).unwrap_or_default());
    (code, bare)
}

/// Puts blanks in the place of all but the ends of lines.
fn blank(bytes: &mut [u8], range: std::ops::Range<usize>) {
    let range = bytes.get_mut(range).into_iter().flatten();
    range.filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

/// Bytes of what a method is given: in brackets, or up to the end of the statement.
fn length_of_arguments(rest: &str) -> Option<usize> {
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let arguments = rest.get(blank..)?;
    if arguments.starts_with('(') {
        return Some(blank + length_in_brackets(arguments)?);
    }
    let mut quote = None;
    let mut last = ' ';
    for (at, c) in arguments.char_indices().take(EXCLUDED_BYTES_MAX) {
        match quote {
            Some(open) => quote = Some(open).filter(|open| *open != c && c != '\n'),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if matches!(c, ';' | '}') || (c == '\n' && last != ',') => {
                return Some(blank + at);
            }
            None => {}
        }
        if !matches!(c, ' ' | '\t' | '\r' | '\n') {
            last = c;
        }
    }
    (arguments.len() <= EXCLUDED_BYTES_MAX).then_some(rest.len())
}

/// Bytes from a bracket to the one that closes it.
fn length_in_brackets(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, byte) in text.bytes().take(EXCLUDED_BYTES_MAX).enumerate() {
        match (quote, byte) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != byte),
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// LIMIT: bytes of one exclusion.
const EXCLUDED_BYTES_MAX: usize = 1_024;

/// Coordinates with variables in them: `"$group:cobalt:1.0"`.
fn take_computed(text: &str, values: &Values<'_>, at: At, into: &mut Mentions<'_>) {
    let mut parts = text.split(':');
    let (Some(group), Some(artifact)) = (parts.next(), parts.next()) else { return };
    if group.is_empty() || artifact.is_empty() || text.contains(char::is_whitespace) {
        return;
    }
    let version = parts.next();
    let (group, artifact) = (filled(group, values), filled(artifact, values));
    // Of two values and nothing else it is any text.
    if group != "*" || artifact != "*" || version.is_some() {
        take_parts(&group, &artifact, version, text, at, into);
    }
}

/// A group and an artifact, each with `*` for what is not known of it.
fn take_parts(
    group: &str,
    artifact: &str,
    version: Option<&str>,
    written: &str,
    at: At,
    into: &mut Mentions<'_>,
) {
    let name = format!("{group}:{artifact}");
    if name.contains('*') {
        into.gap(Ecosystem::Maven, written, &name, at);
    } else {
        take(&name, version, at, Via::Direct, into);
    }
}

/// A text with `*` for each variable that has no value in the file.
fn filled(text: &str, values: &Values<'_>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (name, left) = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some(braced) => braced,
            None => {
                let end = after
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(after.len());
                after.split_at(end)
            }
        };
        out.push_str(value_of(name, values));
        rest = left;
    }
    out.push_str(rest);
    out
}

/// The value of a variable, or `*`.
fn value_of<'t>(name: &str, values: &Values<'t>) -> &'t str {
    let name = name.trim().rsplit('.').next().unwrap_or(name);
    values.get(name).copied().filter(|value| !value.contains('$')).unwrap_or("*")
}

/// What configurations are given as one argument for each part of the coordinates.
fn read_calls(text: &str, values: &Values<'_>, into: &mut Mentions<'_>) {
    /// The ends of what configurations are called: `testImplementation`, `kapt`.
    const CONFIGURATIONS: [&str; 9] = [
        "implementation",
        "api",
        "only",
        "compile",
        "classpath",
        "kapt",
        "ksp",
        "processor",
        "runtime",
    ];
    /// LIMIT: bytes of one call's arguments.
    const CALL_BYTES_MAX: usize = 1_024;
    for (open, _) in text.match_indices('(') {
        let before = text.get(..open).unwrap_or_default().trim_end();
        let called = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is_method = before.strip_suffix(called).is_some_and(|receiver| receiver.ends_with('.'));
        let called = called.to_ascii_lowercase();
        if is_method
            || !CONFIGURATIONS.iter().any(|ending| called.ends_with(ending))
            || line_before(text, open).trim_start().starts_with("//")
        {
            continue;
        }
        let rest = text.get(open + 1..).unwrap_or_default();
        let end = rest.bytes().take(CALL_BYTES_MAX).position(|byte| byte == b')');
        let Some(inner) = end.and_then(|end| rest.get(..end)) else { continue };
        let arguments: Vec<&str> = inner.split(',').map(str::trim).collect();
        // `group = "…", name = "…"` is read as literals with their labels.
        let [group, artifact, others @ ..] = arguments.as_slice() else { continue };
        let (Some(group), Some(artifact)) = (part(group, values), part(artifact, values)) else {
            continue;
        };
        let version = others.first().map(|version| version.trim_matches(['"', '\'']));
        if group != "*" || artifact != "*" || version.is_some() {
            take_parts(&group, &artifact, version, inner, place_of(text, inner), into);
        }
    }
}

/// One argument: a literal, or a variable. `None` for anything else.
fn part(argument: &str, values: &Values<'_>) -> Option<String> {
    let quote = argument.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote {
        let inner = argument.get(1..)?.strip_suffix(quote)?;
        return (!inner.contains([':', quote])).then(|| filled(inner, values));
    }
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    (!argument.is_empty() && argument.bytes().all(is_name))
        .then(|| value_of(argument, values).to_owned())
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
            } else if self.rest.starts_with("==") {
                // Compared with it, which names nothing.
                self.label = "";
                self.skip(2);
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
    let libraries = shape::tables(root, "libraries", into);
    for (key, library) in libraries.into_iter().flat_map(Node::entries) {
        shape::fits(library, key, &[Shape::Text, Shape::Table], into);
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
