//! `go.mod`.
//!
//! Read here and not by a library: the grammar is one of lines and words, and new directives (`tool`, `ignore`) are passed over rather
//! than refused, which a scanner wants and a builder does not.

use cleartosend::directory::clients::Ecosystem;

use crate::mention::{Mention, Mentions, Via};
use crate::place::place_of;

pub(crate) fn read(text: &str, into: &mut Mentions<'_>) {
    let mut block = "";
    for line in text.lines() {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let words: Vec<&str> = code.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect();
        let words = match words.as_slice() {
            [")"] => {
                block = "";
                continue;
            }
            [directive, "("] | [directive] if block.is_empty() => {
                block = directive.strip_suffix('(').unwrap_or(if words.len() > 1 { directive } else { "" });
                continue;
            }
            words => words,
        };
        let (directive, words) = match (block, words) {
            ("", [directive, rest @ ..]) => (*directive, rest),
            (block, words) => (block, words),
        };
        let module = |name, version, alias, via| Mention { ecosystem: Ecosystem::Go, name, alias, version, via, at: place_of(text, name) };
        match (directive, words) {
            ("require", [path, version, ..]) => {
                let indirect = comment.trim_start().starts_with("indirect");
                into.take(module(*path, Some(*version), None, if indirect { Via::Transitive } else { Via::Direct }));
            }
            ("replace", words) => {
                let Some(arrow) = words.iter().position(|word| *word == "=>") else { continue };
                let (old, new) = (words.first(), words.get(arrow + 1..).unwrap_or_default());
                // A replacement without a version is a directory.
                if let (Some(old), [path, version, ..]) = (old, new) {
                    into.take(module(*path, Some(*version), Some(*old), Via::Direct));
                }
            }
            _ => {}
        }
    }
}
