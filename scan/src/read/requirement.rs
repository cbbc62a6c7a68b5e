//! What does a requirement of Python's ask for?
//!
//! Of a requirement only its name, its address and a fixed version count. A strict parser of PEP
//! 508 would refuse lines that pip took for years, and a refused line is a client unseen; so names
//! are cut out by the grammar of names alone.

use cleartosend::expert::clients::Ecosystem;

use super::path;
use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::place::At;

/// The text of a requirement that may be none, shown in a message.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Takes `name[extra]==1.0; marker`, `name @ address`, or an address alone. False if it is none of
/// these.
pub(super) fn take_requirement(text: &str, at: At, via: Via, into: &mut Mentions<'_>) -> bool {
    let text = text.trim();
    let first = text.split([' ', ';']).next().unwrap_or(text);
    // pip fills variables in: by itself one may name anything.
    if first.starts_with("${") && !first.contains('/') {
        return false;
    }
    if is_path(first) {
        path::take(first, packed(first, at, via), into);
        return true;
    }
    let name_end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(name_end);
    if first.contains("://") && !rest.trim_start().starts_with(['@', '[']) {
        take_address(first, None, at, via, into);
        return true;
    }
    if is_never(text) {
        return true;
    }
    let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let rest = rest.trim_start();
    if !starts
        || !(rest.is_empty()
            || rest.starts_with(['[', '=', '<', '>', '~', '!', ';', '@', '(', '-']))
    {
        return false;
    }
    let after_extras = rest
        .split_once(']')
        .filter(|_| rest.starts_with('['))
        .map_or(rest, |(_, after)| after)
        .trim_start();
    if let Some(address) = after_extras.strip_prefix('@') {
        take_address(
            address.trim().split([' ', ';']).next().unwrap_or_default(),
            Some(name),
            at,
            via,
            into,
        );
        return true;
    }
    let specifier =
        after_extras.split(';').next().unwrap_or_default().split(" --").next().unwrap_or_default();
    let specifier: String =
        specifier.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')')).collect();
    into.take(Mention {
        ecosystem: Ecosystem::Pypi,
        name,
        alias: None,
        version: Some(&specifier),
        via,
        at,
    });
    true
}

/// Whether a requirement is one of a system that does not exist, by which uv leaves a package out:
/// `name; sys_platform == 'never'`. With `and` it stays so, in whatever brackets; with `or` it may
/// be one of another.
fn is_never(text: &str) -> bool {
    let Some((_, marker)) = text.split_once(';') else { return false };
    let opened = marker.matches('(').count();
    let known = ["sys_platform", "platform_system", "platform_machine", "os_name"];
    let is_alternative = marker
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .any(|word| word.eq_ignore_ascii_case("or"));
    if is_alternative || opened != marker.matches(')').count() || marker.contains('#') {
        return false;
    }
    marker.split(" and ").any(|clause| {
        let clause: String =
            clause.chars().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')')).collect();
        clause.split_once("==").is_some_and(|(variable, value)| {
            known.contains(&variable)
                && value.trim_matches(['"', '\'']).eq_ignore_ascii_case("never")
        })
    })
}

/// What is installed from a path, before its name is known.
pub(super) fn packed(path: &str, at: At, via: Via) -> Mention<'_> {
    Mention { ecosystem: Ecosystem::Pypi, name: path, alias: None, version: Some(path), via, at }
}

fn is_path(text: &str) -> bool {
    text.starts_with(['.', '/', '~', '$', '\\'])
        || text.starts_with("file:")
        || text.ends_with(".whl") && !text.contains("://")
}

/// Judges by the name given, by the name in the address (`#egg=name`, an archive's file name), or
/// else by the repository.
pub(super) fn take_address(
    address: &str,
    name: Option<&str>,
    at: At,
    via: Via,
    into: &mut Mentions<'_>,
) {
    let (path, fragment) = address.split_once('#').unwrap_or((address, ""));
    let egg = fragment.split('&').find_map(|part| part.strip_prefix("egg="));
    let mention = |name| Mention {
        ecosystem: Ecosystem::Pypi,
        name,
        alias: None,
        version: Some(address),
        via,
        at,
    };
    let archive = path.rsplit('/').next().filter(|file| {
        file.ends_with(".whl") || file.ends_with(".tar.gz") || file.ends_with(".zip")
    });
    let archived = archive.and_then(|file| {
        file.match_indices('-').find(|(at, _)| file.get(at + 1..).is_some_and(starts_with_digit))
    });
    let archived = archived.and_then(|(end, _)| archive?.get(..end));
    for name in [name, egg, archived].into_iter().flatten() {
        if into.take(mention(name)) {
            return;
        }
    }
    into.take(Mention {
        ecosystem: Ecosystem::Git,
        name: address,
        alias: name.or(egg),
        version: None,
        ..mention("")
    });
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}
