//! Dockerfiles: which images are built upon, and what their commands install by name.
//!
//! Dockerfiles are read here and not by a library: those at hand either know no here-documents or
//! keep no lines, and all that counts are the images of `FROM`, `COPY --from` and
//! `RUN --mount=from`, and names in commands.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use cleartosend::clients::Ecosystem;

use super::command;
use crate::limits;
use crate::mention::{Mention, Mentions, Via};
use crate::place::{At, place_of};

pub(crate) fn read_dockerfile(text: &str, into: &mut Mentions<'_>) {
    let mut arguments: BTreeMap<String, String> = BTreeMap::new();
    let mut stages: BTreeSet<String> = BTreeSet::new();
    for instruction in instructions(text) {
        let mut words = instruction.words.iter().map(String::as_str);
        let Some(mut keyword) = words.next() else { continue };
        // What an image that builds on this one does first.
        if keyword.eq_ignore_ascii_case("ONBUILD") {
            let Some(next) = words.next() else { continue };
            keyword = next;
        }
        let words: Vec<&str> = words.collect();
        let mut images: Vec<&str> = Vec::new();
        match keyword.to_ascii_uppercase().as_str() {
            "ARG" => {
                // LIMIT: a longer value is no part of an image's name, and is not copied into each
                // that uses it.
                let values = words
                    .iter()
                    .filter_map(|word| word.split_once('='))
                    .filter(|(_, value)| value.len() <= limits::IMAGE_NAME_BYTES_MAX);
                for (name, value) in values {
                    arguments.insert(name.to_owned(), value.trim_matches(['"', '\'']).to_owned());
                }
            }
            "FROM" => {
                let mut rest = words.iter().copied().skip_while(|word| word.starts_with("--"));
                images.extend(rest.next());
                if let (Some(word), Some(stage)) = (rest.next(), rest.next())
                    && word.eq_ignore_ascii_case("as")
                {
                    // The stage's name counts from the next instruction on: `FROM node AS node`
                    // builds upon an image.
                    take_stage(
                        images.pop().unwrap_or_default(),
                        &arguments,
                        &stages,
                        instruction.at,
                        into,
                    );
                    stages.insert(stage.to_ascii_lowercase());
                }
            }
            "COPY" | "ADD" => {
                images.extend(words.iter().filter_map(|word| word.strip_prefix("--from=")))
            }
            "RUN" => {
                let mounts = words.iter().filter_map(|word| word.strip_prefix("--mount="));
                images.extend(
                    mounts
                        .flat_map(|mount| mount.split(','))
                        .filter_map(|part| part.strip_prefix("from=")),
                );
                command::read(&shell_words(&words), instruction.at, into);
                for (line, at) in &instruction.document {
                    command::read(line, *at, into);
                }
            }
            // What is fetched when the container starts.
            "CMD" | "ENTRYPOINT" => command::read(&shell_words(&words), instruction.at, into),
            _ => {}
        }
        for image in images {
            take_stage(image, &arguments, &stages, instruction.at, into);
        }
    }
}

/// A command as words with blanks between them, also one that is written as a list of JSON.
fn shell_words(words: &[&str]) -> String {
    let text = words.join(" ");
    let is_list =
        words.iter().find(|word| !word.starts_with("--")).is_some_and(|word| word.starts_with('['));
    if is_list { text.replace(',', " ") } else { text }
}

/// An image, with variables whose values are not known here.
pub(super) fn take_image(image: &str, at: At, into: &mut Mentions<'_>) {
    take_stage(
        image.strip_prefix("docker://").unwrap_or(image),
        &BTreeMap::new(),
        &BTreeSet::new(),
        at,
        into,
    );
}

/// A string that may be an image: it is only if its name ends as that of a listed one.
pub(super) fn take_copy(text: &str, at: At, into: &mut Mentions<'_>) {
    if text.matches('/').count() >= 2 && !text.contains("://") {
        let image = filled(text, &BTreeMap::new());
        into.take_copy(&image, at);
    }
}

fn take_stage(
    image: &str,
    arguments: &BTreeMap<String, String>,
    stages: &BTreeSet<String>,
    at: At,
    into: &mut Mentions<'_>,
) {
    let image = filled(image.trim_matches(['"', '\'']), arguments);
    let earlier_stage =
        stages.contains(&image.to_ascii_lowercase()) || image.bytes().all(|b| b.is_ascii_digit());
    if !earlier_stage {
        let version = version_of(&image);
        into.take(Mention {
            ecosystem: Ecosystem::Docker,
            name: &image,
            alias: None,
            version,
            via: Via::Direct,
            at,
        });
    }
}

/// The digest or the tag.
fn version_of(image: &str) -> Option<&str> {
    if let Some((_, digest)) = image.split_once('@') {
        return Some(digest);
    }
    image.rsplit('/').next()?.split_once(':').map(|(_, tag)| tag)
}

/// `$X`, `${X}`, `${X:-y}` and `${X-y}` filled in where a value is known, and by the variable's
/// name where it is not.
fn filled<'i>(image: &'i str, known: &BTreeMap<String, String>) -> Cow<'i, str> {
    if !image.contains('$') {
        return Cow::Borrowed(image);
    }
    let mut out = String::with_capacity(image.len());
    let mut rest = image;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let braced = after.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let (variable, left) = braced.unwrap_or_else(|| {
            let end =
                after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            after.split_at(end)
        });
        let name = variable.split([':', '-', '+', '?']).next().unwrap_or(variable);
        let default = variable
            .get(name.len()..)
            .map(|rest| rest.trim_start_matches(':'))
            .and_then(|rest| rest.strip_prefix('-'));
        out.push_str(known.get(name).map(String::as_str).or(default).unwrap_or(name));
        rest = left;
        if out.len() > limits::IMAGE_NAME_BYTES_MAX {
            break;
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// One instruction, with continued lines joined, and the lines of its here-documents.
struct Instruction<'t> {
    at: At,
    words: Vec<String>,
    document: Vec<(&'t str, At)>,
}

fn instructions(text: &str) -> Vec<Instruction<'_>> {
    let escape = text
        .lines()
        .map_while(|line| line.trim_start().strip_prefix('#'))
        .filter_map(|directive| directive.trim().split_once('='))
        .find_map(|(name, value)| {
            name.trim().eq_ignore_ascii_case("escape").then(|| value.trim().chars().next())
        })
        .flatten()
        .unwrap_or('\\');
    let mut all = Vec::new();
    // Where each line stands last, so that an end which never comes is known at once.
    let last_of: BTreeMap<&str, usize> = text
        .lines()
        .enumerate()
        .map(|(number, line)| (line.trim_start_matches('\t'), number))
        .collect();
    let mut lines = text.lines().enumerate();
    while let Some((first_number, first)) = lines.next() {
        if first.trim().is_empty() || first.trim_start().starts_with('#') {
            continue;
        }
        let at = place_of(text, first.trim_start());
        let mut words = Vec::new();
        let (mut number, mut line) = (first_number, first);
        loop {
            let code = line.trim_end();
            let continued = code.strip_suffix(escape);
            words.extend(continued.unwrap_or(code).split_whitespace().map(str::to_owned));
            if continued.is_none() {
                break;
            }
            // Comments and empty lines do not end a continued instruction.
            let Some(next) = lines
                .find(|(_, next)| !next.trim().is_empty() && !next.trim_start().starts_with('#'))
            else {
                break;
            };
            (number, line) = next;
        }
        let mut document = Vec::new();
        let takes_documents = words.first().is_some_and(|word| {
            ["RUN", "COPY", "ADD"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
        });
        if takes_documents {
            for end in words.iter().filter_map(|word| here_document(word)) {
                // Without its end it is a shell's own here-document within quotes, or broken:
                // nothing is passed over then.
                if last_of.get(end).is_some_and(|last| *last > number) {
                    for (here, line) in lines.by_ref() {
                        number = here;
                        if line.trim_start_matches('\t') == end {
                            break;
                        }
                        document.push((line, place_of(text, line)));
                    }
                }
            }
        }
        all.push(Instruction { at, words, document });
    }
    all
}

/// The word that ends a here-document: `<<EOF`, `<<-EOF`, `<<"EOF"`.
fn here_document(word: &str) -> Option<&str> {
    let (_, end) = word.split_once("<<")?;
    let end = end.strip_prefix('-').unwrap_or(end).trim_matches(['"', '\'']);
    let plain = !end.is_empty() && end.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    plain.then_some(end)
}
