//! Files that are programs, of which only the literal strings count: `setup.py`, `mix.exs`,
//! `Gemfile`, Terraform, Nomad, Nix, Jenkins.

use std::borrow::Cow;

use cleartosend::expert::clients::Ecosystem;

use super::{command, docker, path, requirement, wanted};
use crate::format::Format;
use crate::mention::{Mention, Via, Want};
use crate::mentions::Mentions;
use crate::place::{At, line_before, place_of};

/// How a language writes comments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comments {
    /// From `#` to the end of the line.
    Hash,
    /// `#` and `//` to the end of the line, `/*` to `*/`.
    HashAndSlashes,
}

/// A string literal, with the word and the bracketed name before it.
struct Literal<'t> {
    text: &'t str,
    /// The word directly before: `image = "…"`, `gem "…"`, `{:name, "…"}`.
    word: &'t str,
    /// The nearest name that was given a bracket's contents and is still open:
    /// `install_requires=[…]`.
    within: &'t str,
}

/// Every string literal outside comments, in order. Each byte is looked at once.
fn literals(text: &str, comments: Comments) -> Vec<Literal<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut word, mut named) = (0, "", "");
    let mut open: Vec<&str> = Vec::new();
    while let Some(byte) = bytes.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let line_end = |rest: &str| rest.find('\n').unwrap_or(rest.len());
        match byte {
            b'#' => at += line_end(rest),
            b'/' if comments == Comments::HashAndSlashes && rest.starts_with("//") => {
                at += line_end(rest);
            }
            b'/' if comments == Comments::HashAndSlashes && rest.starts_with("/*") => {
                at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            }
            b'"' | b'\'' => {
                let mark = ["\"\"\"", "'''"].into_iter().find(|mark| rest.starts_with(mark));
                let mark = mark.unwrap_or(if *byte == b'"' { "\"" } else { "'" });
                let body = rest.get(mark.len()..).unwrap_or_default();
                let end = end_of(body, mark);
                let within = open.last().copied().unwrap_or("");
                found.push(Literal { text: body.get(..end).unwrap_or(body), word, within });
                word = "";
                at += (mark.len() + end + mark.len()).min(rest.len());
            }
            b'[' | b'(' | b'{' => {
                let name = std::mem::take(&mut named);
                open.push(if name.is_empty() { open.last().copied().unwrap_or("") } else { name });
                at += 1;
            }
            b']' | b')' | b'}' => {
                open.pop();
                named = "";
                at += 1;
            }
            b'=' | b':' | b' ' | b'\t' => at += 1,
            byte if byte.is_ascii_alphabetic() || *byte == b'_' => {
                let length = rest
                    .bytes()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
                    .count();
                word = rest.get(..length).unwrap_or_default();
                named = word;
                at += length;
            }
            _ => {
                (word, named) = ("", "");
                at += 1;
            }
        }
    }
    found
}

/// Where a literal ends: at its mark, or for want of one at the end of the line.
fn end_of(text: &str, mark: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        if escaped {
            escaped = false;
        } else if byte == b'\\' {
            escaped = true;
        } else if (byte == b'\n' && mark.len() == 1)
            || text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(mark.as_bytes()))
        {
            return at;
        }
    }
    text.len()
}

/// `setup.py`: what is given to `install_requires` and its kin, or to a variable that is called
/// alike.
pub(crate) fn read_setup(text: &str, into: &mut Mentions<'_>) {
    let lists = ["requires", "require", "requirements", "dependencies", "deps"];
    let needed: Vec<&str> =
        required_values(text).map(identifier).filter(|name| !name.is_empty()).collect();
    check_program(text, into);
    check_setup(text, into);
    check_spread(text, into);
    for literal in literals(text, Comments::Hash) {
        let at = place_of(text, literal.text);
        let within = literal.within.to_ascii_lowercase();
        if literal.word == "name" {
            into.own(Ecosystem::Pypi, literal.text, at);
        } else if lists.iter().any(|list| within.ends_with(list))
            || needed.contains(&literal.within)
        {
            // A list may be one string of several lines.
            for line in literal.text.lines() {
                requirement::take_requirement(line.trim(), at, Via::Direct, into);
            }
        }
    }
}

/// What stands behind `install_requires=`.
fn required_values(text: &str) -> impl Iterator<Item = &str> {
    const KEY: &str = "install_requires";
    text.match_indices(KEY).filter_map(|(at, _)| {
        let is_comment = line_before(text, at).trim_start().starts_with('#');
        let rest = text.get(at + KEY.len()..).filter(|_| !is_comment)?;
        let rest = rest.trim_start_matches(['"', '\'', ']']).trim_start();
        Some(rest.strip_prefix(['=', ':'])?.trim_start())
    })
}

/// A name at the start; empty where something else stands there.
fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Where a setup file computes what it installs: the files that it names are read, and without one
/// it is not known.
fn check_setup(text: &str, into: &mut Mentions<'_>) {
    for value in required_values(text) {
        let name = identifier(value);
        let after = value.get(name.len()..).unwrap_or_default().trim_start();
        let is_set = || {
            text.match_indices(name).any(|(at, _)| {
                let rest = text.get(at + name.len()..).unwrap_or_default().trim_start();
                let is_whole = !text.get(..at).is_some_and(|before| {
                    before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
                });
                is_whole
                    && rest
                        .strip_prefix('=')
                        .is_some_and(|rest| rest.trim_start().starts_with(['[', '(', '\'', '"']))
            })
        };
        if name.is_empty() || (!after.starts_with(['(', '.', '[']) && is_set()) {
            continue;
        }
        let files = literals(text, Comments::Hash).into_iter().filter(|literal| {
            let name = literal.text.to_ascii_lowercase();
            [".txt", ".in", ".pip"].iter().any(|ending| name.ends_with(ending))
                && ["req", "dep", "constraint", "install"].iter().any(|word| name.contains(word))
                && !name.contains(char::is_whitespace)
        });
        let mut named = false;
        for file in files {
            named = true;
            into.include(file.text, place_of(text, file.text), Want::IfThere, Format::Requirements);
        }
        if !named {
            let shown: String = name.chars().take(60).collect();
            into.problem(
                place_of(text, value),
                format!("`{shown}` is computed, so what is installed is not known"),
            );
        }
    }
}

/// Where all that a setup file says stands in a table that it computes (`setup(**table)`), and the
/// file says nowhere what is required.
fn check_spread(text: &str, into: &mut Mentions<'_>) {
    /// LIMIT: calls that are looked at, and bytes of the arguments of one.
    const CALLS_MAX: usize = 16;
    const ARGUMENTS_BYTES_MAX: usize = 64 << 10;
    if required_values(text).next().is_some() {
        return;
    }
    for (call, word) in text.match_indices("setup(").take(CALLS_MAX) {
        let is_other =
            line_before(text, call).ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let arguments = text.get(call + word.len()..).unwrap_or_default();
        let mut depth = 1_usize;
        let mut length = 0;
        for byte in arguments.bytes().take(ARGUMENTS_BYTES_MAX) {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            length += 1;
        }
        let table = arguments.get(..length).and_then(|inner| inner.split_once("**"));
        let Some((_, table)) = table.filter(|_| !is_other) else { continue };
        let name = identifier(table.trim_start());
        if !name.is_empty() {
            let shown: String = name.chars().take(60).collect();
            into.problem(
                place_of(text, table),
                format!("`**{shown}` is computed, so what is installed is not known"),
            );
        }
    }
}

/// Says so where a file that should be a program has not one line of one.
pub(crate) fn check_program(text: &str, into: &mut Mentions<'_>) {
    let mut has_code = false;
    for line in text.lines() {
        let code = line.trim();
        if code.is_empty()
            || code.starts_with(['#', '*'])
            || code.starts_with("//")
            || code.starts_with("/*")
        {
            continue;
        }
        has_code = true;
        let name = code
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.@:%".contains(byte))
            .count();
        let rest = code.get(name..).unwrap_or_default().trim_start();
        let statement = rest.starts_with(['=', '(', '{', '"', '\'', '[', ':', '<', '\\'])
            || (name > 0
                && [
                    "import", "from", "def", "do", "end", "with", "let", "apply", "gemspec",
                    "plugin",
                ]
                .iter()
                .any(|word| {
                    code.split_whitespace().any(|other| other.trim_end_matches(['(', ':']) == *word)
                }));
        // A block, a list or a string may stand alone: `{ pkgs }:`, `%{`, `"""…`.
        let alone = name == 0 && code.starts_with(['{', '[', '"', '\'', '(', '}', ']', ')']);
        if (name > 0 && statement) || alone {
            return;
        }
    }
    if has_code {
        into.problem(At::Offset(0), "no line of it is a statement of such a program");
    }
}

/// `Gemfile`, `gems.rb`, `*.gemspec`: the first string after `gem`, `add_dependency` and its kin.
pub(crate) fn read_gems(text: &str, into: &mut Mentions<'_>) {
    let code = without_blocks(text);
    let text = &*code;
    check_program(text, into);
    for literal in literals(text, Comments::Hash) {
        let at = place_of(text, literal.text);
        match literal.word {
            "gem" | "add_dependency" | "add_runtime_dependency" | "add_development_dependency" => {
                take(Ecosystem::Gem, literal.text, at, into);
            }
            "git" => take(Ecosystem::Git, literal.text, at, into),
            "github" => take(Ecosystem::Git, &format!("github:{}", literal.text), at, into),
            "path" => take_folder(literal.text, at, Via::Direct, into),
            _ if literal.within.starts_with("add_") && literal.within.ends_with("dependency") => {
                take(Ecosystem::Gem, literal.text, at, into);
            }
            _ => {}
        }
    }
}

/// A gem that stands in a folder.
fn take_folder(folder: &str, at: At, via: Via, into: &mut Mentions<'_>) {
    let (ecosystem, alias, version) = (Ecosystem::Gem, None, Some(folder));
    path::take(folder, Mention { ecosystem, name: folder, alias, version, via, at }, into);
}

/// A text of Ruby's with blanks for its comments of several lines: `=begin`, `=end`. All places
/// stay.
pub(super) fn without_blocks(text: &str) -> Cow<'_, str> {
    if !text.starts_with("=begin") && !text.contains("\n=begin") {
        return Cow::Borrowed(text);
    }
    let mut within = false;
    let mut code = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let is_mark = |mark: &str| {
            line.strip_prefix(mark)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        };
        within |= is_mark("=begin");
        if within {
            code.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            within = !is_mark("=end");
        } else {
            code.push_str(line);
        }
    }
    Cow::Owned(code)
}

/// `Gemfile.lock`: `    name (1.0)` below `specs:`, and `  remote: ADDRESS`.
pub(crate) fn read_gem_lock(text: &str, into: &mut Mentions<'_>) {
    for line in text.lines() {
        let at = place_of(text, line.trim_start());
        if line.starts_with(|c: char| !c.is_whitespace() && !c.is_ascii_uppercase()) {
            into.problem(at, "neither a section nor an entry of one");
        }
        if let Some(address) = line.strip_prefix("  remote: ") {
            take(Ecosystem::Git, address, at, into);
            if !address.contains("://") {
                take_folder(address, at, Via::Locked, into);
            }
        } else if let Some((name, version)) = line.trim().split_once(" (")
            && line.starts_with("    ")
            && !line.starts_with("      ")
        {
            let version = Some(version.trim_end_matches(')'));
            into.take(Mention {
                ecosystem: Ecosystem::Gem,
                name,
                alias: None,
                version,
                via: Via::Locked,
                at,
            });
        }
    }
}

/// `mix.exs` and `mix.lock`: names are atoms, `{:name, "~> 1.0"}` or `"name": {:hex, :name, …}`;
/// addresses are strings.
pub(crate) fn read_mix(text: &str, into: &mut Mentions<'_>) {
    check_program(text, into);
    for (found, _) in text.match_indices("{:") {
        let rest = text.get(found + 2..).unwrap_or_default();
        let rest = rest.strip_prefix("hex, :").unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        if !line_before(text, found).trim_start().starts_with('#') {
            take(Ecosystem::Hex, name, place_of(text, name), into);
        }
    }
    for literal in literals(text, Comments::Hash) {
        let at = place_of(text, literal.text);
        match literal.word {
            "git" => take(Ecosystem::Git, literal.text, at, into),
            "github" => take(Ecosystem::Git, &format!("github:{}", literal.text), at, into),
            _ if literal.text.contains("://") => take(Ecosystem::Git, literal.text, at, into),
            _ => {}
        }
    }
}

/// Terraform, Nomad, Nix, Jenkins and the like: any string may be an image, since a listed one is
/// called by nothing else; a string of several lines, or one that a shell is given, may hold
/// commands.
pub(crate) fn read_deployment(text: &str, into: &mut Mentions<'_>) {
    check_program(text, into);
    let (mut owner, mut repository) = (None, None);
    for literal in literals(text, Comments::HashAndSlashes) {
        let at = place_of(text, literal.text);
        let word = literal.word.to_ascii_lowercase();
        // `fetchFromGitHub { owner = "…"; repo = "…"; }`
        if let Some(host) = fetched_from(literal.within) {
            match literal.word {
                "owner" => owner = Some(literal.text),
                "repo" => repository = Some(literal.text),
                _ => {}
            }
            if let Some((owned, name)) = owner.zip(repository) {
                take(Ecosystem::Git, &format!("{host}:{owned}/{name}"), at, into);
                (owner, repository) = (None, None);
            }
        } else {
            (owner, repository) = (None, None);
        }
        if literal.text.contains('/') && literal.text.len() <= crate::limits::IMAGE_NAME_BYTES_MAX {
            if word.ends_with("image")
                || literal.text.starts_with("docker-image://")
                || into.knows(Ecosystem::Docker, literal.text)
            {
                docker::take_own_image(literal.text, at, into);
            } else if is_address(literal.text) {
                take(Ecosystem::Git, literal.text.trim_start_matches("git::"), at, into);
            } else if is_module(literal.text) {
                // `HOST/OWNER/NAME//FOLDER?ref=…`
                let name = literal.text.split("//").next().unwrap_or_default();
                take(Ecosystem::Git, name.split('?').next().unwrap_or(name), at, into);
            } else {
                docker::take_copy(literal.text, at, into);
            }
        }
        if literal.text.contains(' ') {
            command::read(literal.text, at, into);
        }
    }
    read_documents(text, into);
}

/// Whether a string is a repository's address; Nix has the short ones.
fn is_address(text: &str) -> bool {
    text.contains("://")
        || ["git@", "github:", "gitlab:", "bitbucket:"].iter().any(|start| text.starts_with(start))
}

/// Whether a string is a module of Terraform's, which names a repository without a scheme.
fn is_module(text: &str) -> bool {
    ["github.com/", "gitlab.com/", "bitbucket.org/", "codeberg.org/"]
        .iter()
        .any(|host| text.starts_with(host))
}

/// The host that a function of Nix fetches from, by the owner and the name of a repository.
fn fetched_from(function: &str) -> Option<&'static str> {
    match function {
        "fetchFromGitHub" | "fetchTree" => Some("github"),
        "fetchFromGitLab" => Some("gitlab"),
        "fetchFromBitbucket" => Some("bitbucket"),
        _ => None,
    }
}

/// Here-documents: lines of a shell, with commands.
fn read_documents(text: &str, into: &mut Mentions<'_>) {
    let mut end: Option<&str> = None;
    for (line, first) in command::joined_lines(text) {
        let code = line.trim();
        match end {
            Some(word) if code == word => end = None,
            Some(_) => command::read(code, place_of(text, first.trim_start()), into),
            None => {
                let code = first.trim();
                let after = code
                    .split_once("<<")
                    .map(|(_, word)| word.trim_start_matches(['-', '~']).trim_matches(['"', '\'']));
                end = after.filter(|word| {
                    !word.is_empty()
                        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                });
            }
        }
    }
}

fn take(ecosystem: Ecosystem, name: &str, at: At, into: &mut Mentions<'_>) {
    into.take(Mention { ecosystem, name, alias: None, version: None, via: Via::Direct, at });
}

/// A JavaScript module specifier: `npm:NAME@1`, an address that serves packages, or a bare name
/// with a path behind it.
pub(crate) fn take_specifier(
    specifier: &str,
    alias: Option<&str>,
    at: At,
    via: Via,
    into: &mut Mentions<'_>,
) -> bool {
    let served =
        SERVERS.iter().find_map(|server| specifier.split_once(server).map(|(_, rest)| rest));
    let (ecosystem, name) =
        match (specifier.strip_prefix("npm:"), specifier.strip_prefix("jsr:"), served) {
            (Some(name), _, _) => (Ecosystem::Npm, name),
            (_, Some(name), _) => (Ecosystem::Jsr, name),
            // A version of the server itself may stand first: `esm.sh/v135/NAME`.
            (_, _, Some(name)) => (Ecosystem::Npm, name.strip_prefix("gh/").map_or(name, |_| "")),
            _ => return false,
        };
    let name = name.trim_start_matches('/').trim_start_matches('*');
    let name = match name.split_once('/') {
        Some((first, rest))
            if first.starts_with('v')
                && first.len() > 1
                && first.bytes().skip(1).all(|b| b.is_ascii_digit()) =>
        {
            rest
        }
        _ => name,
    };
    let name = package_of(name);
    let (package, version) = wanted::split_version(name);
    !package.is_empty()
        && into.take(Mention { ecosystem, name: package, alias, version: Some(version), via, at })
}

/// Addresses that serve packages of npm by name.
pub(crate) const SERVERS: &[&str] = &[
    "esm.sh/",
    "cdn.skypack.dev/",
    "unpkg.com/",
    "cdn.jsdelivr.net/npm/",
    "esm.run/",
    "jspm.dev/npm:",
    "ga.jspm.io/npm:",
];

/// The package in a specifier with a path behind it: `@scope/name@1/lib/x.js`.
pub(crate) fn package_of(specifier: &str) -> &str {
    let specifier = specifier.split(['?', '#']).next().unwrap_or(specifier);
    let scoped = usize::from(specifier.starts_with('@'));
    let end = specifier.match_indices('/').nth(scoped).map_or(specifier.len(), |(at, _)| at);
    specifier.get(..end).unwrap_or(specifier)
}

#[cfg(test)]
mod tests {
    use super::{Comments, literals, package_of};

    #[test]
    fn literals_know_what_they_are_given_to() {
        let text = "setup(name='a', # 'no'\n  install_requires=['b>=1', \"c\"], \
                    extras_require={'x': ['d']}, keywords=['e'])\nx = '''f\ng'''\n'open\nh='i'";
        let found: Vec<(&str, &str, &str)> = literals(text, Comments::Hash)
            .iter()
            .map(|literal| (literal.text, literal.word, literal.within))
            .collect();
        assert_eq!(
            found,
            [
                ("a", "name", "setup"),
                ("b>=1", "install_requires", "install_requires"),
                ("c", "", "install_requires"),
                ("x", "extras_require", "extras_require"),
                ("d", "", "extras_require"),
                ("e", "keywords", "keywords"),
                ("f\ng", "x", ""),
                ("open", "", ""),
                ("i", "h", ""),
            ]
        );
    }

    #[test]
    fn a_path_behind_a_package_is_no_part_of_its_name() {
        assert_eq!(package_of("@a/b@1.0/lib/x.js?dev"), "@a/b@1.0");
        assert_eq!(package_of("b/lib"), "b");
        assert_eq!(package_of("@a"), "@a");
    }
}
