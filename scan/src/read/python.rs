//! Requirement files, `pyproject.toml`, `Pipfile`, and the lock files of Python's tools.
//!
//! Of a requirement only its name, its address and a fixed version count. A strict parser of PEP 508 would refuse lines that pip took
//! for years, and a refused line is a client unseen; so names are cut out by the grammar of names alone.

use std::borrow::Cow;
use std::collections::BTreeSet;

use cleartosend::directory::clients::Ecosystem;

use crate::mention::{Mention, Mentions, Via};
use crate::place::{At, place_of};
use crate::tree::Node;

pub(crate) fn read_requirements(text: &str, into: &mut Mentions<'_>) {
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = logical_line(rest);
        rest = after;
        let at = place_of(text, line.trim_start());
        let joined: Cow<'_, str> =
            if line.contains('\n') { Cow::Owned(line.replace("\\\r\n", "").replace("\\\n", "")) } else { Cow::Borrowed(line) };
        let line = without_comment(&joined).trim();
        if line.is_empty() {
            continue;
        }
        let requirement = match line.strip_prefix("-e").or_else(|| line.strip_prefix("--editable")) {
            Some(editable) => editable.trim_start_matches(['=', ' ', '\t']),
            None if line.starts_with('-') => continue,
            None => line,
        };
        if !take_requirement(requirement, at, Via::Direct, into) {
            into.problem(at, format!("no requirement: `{}`", shortened(requirement)));
        }
    }
}

/// The text up to a line end that no `\` stands before, and the rest.
fn logical_line(text: &str) -> (&str, &str) {
    for (at, _) in text.match_indices('\n') {
        let line = text.get(..at).unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if !line.ends_with('\\') {
            return (line, text.get(at + 1..).unwrap_or_default());
        }
    }
    (text, "")
}

/// Without a `#` that begins the line or stands after a blank; one within an address is part of it.
fn without_comment(line: &str) -> &str {
    let comment = line.match_indices('#').find(|(at, _)| *at == 0 || line.get(..*at).is_some_and(|before| before.ends_with([' ', '\t'])));
    comment.and_then(|(at, _)| line.get(..at)).unwrap_or(line)
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Takes `name[extra]==1.0; marker`, `name @ address`, or an address alone. False if it is none of these.
fn take_requirement(text: &str, at: At, via: Via, into: &mut Mentions<'_>) -> bool {
    let text = text.trim();
    let first = text.split([' ', ';']).next().unwrap_or(text);
    if is_path(first) {
        return true;
    }
    let name_end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(text.len());
    let (name, rest) = text.split_at(name_end);
    if first.contains("://") && !rest.trim_start().starts_with(['@', '[']) {
        take_address(first, None, at, via, into);
        return true;
    }
    let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let rest = rest.trim_start();
    if !starts || !(rest.is_empty() || rest.starts_with(['[', '=', '<', '>', '~', '!', ';', '@', '(', '-'])) {
        return false;
    }
    let after_extras = rest.split_once(']').filter(|_| rest.starts_with('[')).map_or(rest, |(_, after)| after).trim_start();
    if let Some(address) = after_extras.strip_prefix('@') {
        take_address(address.trim().split([' ', ';']).next().unwrap_or_default(), Some(name), at, via, into);
        return true;
    }
    let specifier = after_extras.split(';').next().unwrap_or_default().split(" --").next().unwrap_or_default();
    let specifier: String = specifier.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')')).collect();
    into.take(Mention { ecosystem: Ecosystem::Pypi, name, alias: None, version: Some(&specifier), via, at });
    true
}

fn is_path(text: &str) -> bool {
    text.starts_with(['.', '/', '~', '$', '\\']) || text.starts_with("file:") || text.ends_with(".whl") && !text.contains("://")
}

/// Judges by the name given, by the name in the address (`#egg=name`, an archive's file name), or else by the repository.
fn take_address(address: &str, name: Option<&str>, at: At, via: Via, into: &mut Mentions<'_>) {
    let (path, fragment) = address.split_once('#').unwrap_or((address, ""));
    let egg = fragment.split('&').find_map(|part| part.strip_prefix("egg="));
    let mention = |name| Mention { ecosystem: Ecosystem::Pypi, name, alias: None, version: Some(address), via, at };
    let archive = path.rsplit('/').next().filter(|file| file.ends_with(".whl") || file.ends_with(".tar.gz") || file.ends_with(".zip"));
    let archived = archive.and_then(|file| file.match_indices('-').find(|(at, _)| file.get(at + 1..).is_some_and(starts_with_digit)));
    let archived = archived.and_then(|(end, _)| archive?.get(..end));
    for name in [name, egg, archived].into_iter().flatten() {
        if into.take(mention(name)) {
            return;
        }
    }
    into.take(Mention { ecosystem: Ecosystem::Git, name: address, alias: name.or(egg), version: None, ..mention("") });
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

pub(crate) fn read_pyproject(root: Node<'_>, into: &mut Mentions<'_>) {
    let mut lists = root.under(&["project", "dependencies"]);
    lists.extend(root.under(&["build-system", "requires"]));
    for map in [&["project", "optional-dependencies"][..], &["dependency-groups"], &["tool", "pdm", "dev-dependencies"]] {
        lists.extend(root.under(map).into_iter().flat_map(Node::entries).map(|(_, list)| list));
    }
    for list in ["dev-dependencies", "override-dependencies", "constraint-dependencies"] {
        lists.extend(root.under(&["tool", "uv", list]));
    }
    for requirement in lists.into_iter().flat_map(Node::items) {
        // A group may also hold `{include-group = "…"}`.
        if let Some(text) = requirement.text()
            && !take_requirement(text, requirement.at, Via::Direct, into)
        {
            into.problem(requirement.at, format!("no requirement: `{}`", shortened(text)));
        }
    }
    let poetry = root.under(&["tool", "poetry"]);
    let groups =
        poetry.iter().flat_map(|poetry| poetry.all("group")).flat_map(Node::entries).flat_map(|(_, group)| group.all("dependencies"));
    let own = poetry.iter().flat_map(|poetry| poetry.all("dependencies").chain(poetry.all("dev-dependencies")));
    for table in own.chain(groups).chain(root.under(&["tool", "uv", "sources"])) {
        read_table(table, into);
    }
}

/// `name = "^1"`, `name = {version = "^1", git = "…"}`, or a list of the latter.
fn read_table(table: Node<'_>, into: &mut Mentions<'_>) {
    for (name, wanted) in table.entries() {
        let choices: Vec<Node<'_>> = std::iter::once(wanted).chain(wanted.items()).collect();
        let version = choices.iter().find_map(|choice| choice.text().or_else(|| choice.text_of("version")));
        let mention = Mention { ecosystem: Ecosystem::Pypi, name, alias: None, version, via: Via::Direct, at: wanted.at };
        if into.take(mention) {
            continue;
        }
        for address in
            choices.iter().filter_map(|choice| choice.text_of("git").or_else(|| choice.text_of("url")).or_else(|| choice.text_of("file")))
        {
            take_address(address, Some(name), wanted.at, Via::Direct, into);
        }
    }
}

/// `poetry.lock`, `uv.lock`, `pdm.lock`, `pylock.toml`: lists of packages with name, version and source.
pub(crate) fn read_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let packages = || root.all("package").chain(root.all("packages")).flat_map(Node::items);
    // uv writes the project itself among the packages, with its source on disk.
    let is_project =
        |package: Node<'_>| package.all("source").any(|source| ["virtual", "editable"].iter().any(|kind| source.text_of(kind).is_some()));
    let direct: BTreeSet<&str> = packages().filter(|package| is_project(*package)).flat_map(names_needed).collect();
    let tells = packages().any(is_project);
    for package in packages() {
        let Some((name, at)) = package.all("name").find_map(|name| Some((name.text()?, name.at))) else { continue };
        let via = match (tells, direct.contains(name)) {
            (false, _) => Via::Locked,
            (true, true) => Via::Direct,
            (true, false) => Via::Transitive,
        };
        let mention = Mention { ecosystem: Ecosystem::Pypi, name, alias: None, version: package.text_of("version"), via, at };
        if !into.take(mention) {
            for source in package.all("source").chain(package.all("vcs")).chain(package.all("archive")) {
                if let Some(address) = source.text_of("url").or_else(|| source.text_of("git")) {
                    into.take(Mention { ecosystem: Ecosystem::Git, name: address, alias: Some(name), ..mention });
                }
            }
        }
    }
}

/// The names in every list of dependencies of one package of `uv.lock`.
fn names_needed(package: Node<'_>) -> impl Iterator<Item = &str> {
    let grouped = ["optional-dependencies", "dev-dependencies"].into_iter().flat_map(move |key| package.all(key)).flat_map(Node::entries);
    package.all("dependencies").chain(grouped.map(|(_, list)| list)).flat_map(Node::items).filter_map(|needed| needed.text_of("name"))
}

pub(crate) fn read_pipfile(root: Node<'_>, into: &mut Mentions<'_>) {
    // Every other table of a Pipfile than these is a group of packages too.
    for (_, table) in root.entries().filter(|(name, _)| !matches!(*name, "source" | "requires" | "scripts" | "pipenv" | "pipfile")) {
        read_table(table, into);
    }
}

pub(crate) fn read_pipfile_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    for (name, package) in root.entries().filter(|(name, _)| *name != "_meta").flat_map(|(_, group)| group.entries()) {
        let version = package.text_of("version");
        let mention = Mention { ecosystem: Ecosystem::Pypi, name, alias: None, version, via: Via::Locked, at: package.at };
        if !into.take(mention)
            && let Some(address) = package.text_of("git")
        {
            into.take(Mention { ecosystem: Ecosystem::Git, name: address, alias: Some(name), ..mention });
        }
    }
}
