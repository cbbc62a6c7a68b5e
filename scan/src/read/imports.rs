//! What does a source take in, by the words of its language, and what does a script say itself that
//! it needs?

use std::collections::BTreeSet;
use std::path::Path;

use cleartosend::expert::clients::Ecosystem;

use super::language::Language;
use super::line::{is_comment, quoted};
use super::standing::Standing;
use super::{command, go, gradle, literal, requirement};
use crate::mention::{Mention, Saying, Via};
use crate::mentions::Mentions;
use crate::place::{At, place_of};
use crate::tree::toml;

/// Where a source lies, for imports of its neighbours.
#[derive(Clone, Copy)]
pub(crate) struct Neighbours<'p> {
    pub(crate) directory: &'p Path,
    pub(crate) root: &'p Path,
}

impl Neighbours<'_> {
    /// Whether a module of that name stands in the tree, beside the file or at the root.
    fn have(self, module: &str) -> bool {
        [self.directory, self.root].iter().any(|place| {
            place.join(module).is_dir() || place.join(format!("{module}.py")).is_file()
        })
    }
}

/// What scripts of one file say themselves that they need: `//DEPS` of JBang, `@Grab` of Groovy,
/// `#r "nuget: …"` of .NET, `Mix.install` of Elixir, `gemfile do` of Ruby.
pub(super) fn read_own_requirements(text: &str, into: &mut Mentions<'_>) {
    into.now(Saying::Installs);
    for line in text.lines() {
        let code = line.trim_start();
        let at = place_of(text, code);
        if let Some(needed) = code.strip_prefix("//DEPS ") {
            for coordinates in needed.split([' ', ',']) {
                gradle::take_coordinates(coordinates, at, Via::Direct, into);
            }
        } else if let Some(needed) = ["@Grab(", "@file:DependsOn("]
            .iter()
            .find_map(|mark| code.split_once(mark))
            .and_then(|(_, rest)| quoted(rest.trim_start()))
        {
            gradle::take_coordinates(needed, at, Via::Direct, into);
        } else if let Some(needed) = code
            .strip_prefix("#r ")
            .and_then(|rest| quoted(rest.trim_start()))
            .and_then(|reference| reference.strip_prefix("nuget:"))
        {
            let name = needed.split(',').next().unwrap_or(needed).trim();
            take_direct(Ecosystem::Nuget, name, at, into);
        } else if let Some(needed) = code.strip_prefix("#:package ") {
            take_direct(Ecosystem::Nuget, needed.trim(), at, into);
        }
    }
    if text.contains("Mix.install(") {
        literal::read_mix(text, into);
    }
    if text.contains("bundler/inline") {
        literal::read_gems(text, into);
    }
    into.now(Saying::Mentions);
}

/// What is loaded by a `require` of another name: `const r = createRequire(…); r("NAME")`.
pub(super) fn read_made_requires(text: &str, into: &mut Mentions<'_>) {
    const MAKER: &str = "createRequire";
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    if !text.contains(MAKER) && !text.contains("= require") {
        return;
    }
    // What makes one may be imported under another name.
    let renamed = text.match_indices("createRequire as ").filter_map(|(at, word)| {
        let name = text.get(at + word.len()..)?.split(|c| !is_word(c)).next()?;
        (!name.is_empty()).then_some(name)
    });
    let makers: Vec<&str> = std::iter::once(MAKER).chain(renamed.take(4)).collect();
    let made = makers
        .iter()
        .flat_map(|maker| text.match_indices(*maker))
        .map(|(at, word)| (at, at + word.len()));
    let renamed = text.match_indices("= require").map(|(at, word)| (at + 2, at + word.len()));
    for (at, end) in made.chain(renamed) {
        let rest = text.get(end..).unwrap_or_default().trim_start();
        let is_call = rest.starts_with('(');
        let before = text.get(..at).unwrap_or_default();
        let before = before.trim_end_matches(|c: char| is_word(c) || c == '.').trim_end();
        let is_made = text.get(at..end) != Some("require");
        if is_made != is_call || is_comment(text, at, Language::JavaScript) {
            continue;
        }
        // Called where it is made.
        if let Some(name) = rest.split_once(")(").map(|(_, rest)| rest).filter(|_| is_call)
            && let Some(name) = quoted(name.trim_start())
        {
            take(Ecosystem::Npm, literal::package_of(name), At::Offset(at), into);
        }
        let Some(before) = before.strip_suffix('=') else { continue };
        let before = before.trim_end();
        let name = before.rsplit(|c: char| !is_word(c)).next().unwrap_or_default();
        if name.is_empty() || name == "require" {
            continue;
        }
        for (call, _) in text.match_indices(name) {
            let begins = !text.get(..call).is_some_and(|before| before.ends_with(is_word));
            let arguments = text.get(call + name.len()..).unwrap_or_default();
            if let Some(arguments) = arguments.trim_start().strip_prefix('(').filter(|_| begins)
                && let Some(package) = quoted(arguments.trim_start())
            {
                take(Ecosystem::Npm, literal::package_of(package), At::Offset(call), into);
            }
        }
    }
}

/// Programs and their arguments in settings that are written in JavaScript, as those of PM2.
pub(super) fn read_programs(text: &str, into: &mut Mentions<'_>) {
    let value = |rest: &str, key: &str| -> Option<String> {
        let rest = rest.split_once(key)?.1.trim_start_matches(['"', '\'']).trim_start();
        let rest = rest.strip_prefix(':')?.trim_start();
        if let Some(list) = rest.strip_prefix('[') {
            let list = list.split(']').next()?;
            return Some(list.replace(['"', '\'', ','], " "));
        }
        quoted(rest).map(str::to_owned)
    };
    for (found, key) in text.match_indices("script") {
        let end = (found + PROGRAM_BYTES_MAX).min(text.len());
        let Some(rest) = (found..=end).rev().find_map(|end| text.get(found..end)) else { continue };
        if let (Some(script), Some(arguments)) = (value(rest, key), value(rest, "args")) {
            command::read(&format!("{script} {arguments}"), At::Offset(found), into);
        }
    }
}

/// LIMIT: bytes from a program's name to its arguments.
const PROGRAM_BYTES_MAX: usize = 300;

fn take_direct(ecosystem: Ecosystem, name: &str, at: At, into: &mut Mentions<'_>) {
    into.take(Mention { ecosystem, name, alias: None, version: None, via: Via::Direct, at });
}

pub(super) fn take(ecosystem: Ecosystem, name: &str, at: At, into: &mut Mentions<'_>) {
    if !name.is_empty() {
        into.take(Mention { ecosystem, name, alias: None, version: None, via: Via::Source, at });
    }
}

/// What stands behind some words at the beginning of a line.
pub(super) fn lines_after<'t>(text: &'t str, words: &[&str]) -> Vec<(&'t str, At)> {
    let lines = text.lines().map(str::trim_start);
    lines
        .filter_map(|line| {
            Some((
                words.iter().find_map(|word| line.strip_prefix(word))?.trim_start(),
                place_of(text, line),
            ))
        })
        .collect()
}

/// `import a, b.c as d` and `from a.b import c`; and the list of requirements that a script may
/// begin with.
pub(super) fn read_python(
    text: &str,
    neighbours: Neighbours<'_>,
    into: &mut Mentions<'_>,
) -> Standing {
    let mut looked_at = BTreeSet::new();
    for line in text.lines() {
        // A line of a notebook is a string.
        let code = line.trim_start().trim_start_matches('"').trim_start();
        let modules = match (code.strip_prefix("import "), code.strip_prefix("from ")) {
            (Some(list), _) => list,
            (_, Some(rest)) => rest.split(" import").next().unwrap_or(rest),
            _ => match imported_by_name(code) {
                Some(module) => module,
                None => continue,
            },
        };
        for module in modules.split(',') {
            let module = module
                .trim()
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default();
            // The first of each name says it; the file system is asked once.
            if !module.is_empty()
                && into.knows(Ecosystem::Pypi, module)
                && looked_at.insert(module)
                && !neighbours.have(module)
            {
                take(Ecosystem::Pypi, module, place_of(text, code), into);
            }
        }
    }
    read_script_requirements(text, into)
}

/// The module of `__import__("NAME")` and of `importlib.import_module("NAME")`.
fn imported_by_name(code: &str) -> Option<&str> {
    const CALLS: [&str; 2] = ["__import__(", "import_module("];
    if code.starts_with('#') {
        return None;
    }
    let (_, rest) = CALLS.iter().find_map(|call| code.split_once(call))?;
    // Within a notebook the line is a string of its own, and its quotes are escaped.
    let name = rest.trim_start().trim_start_matches('\\');
    let name = name.strip_prefix(['"', '\''])?;
    name.split(['"', '\'', '\\', '.']).next().filter(|name| !name.is_empty())
}

/// Settings that list packages, a line each.
pub(super) fn read_package_lists(text: &str, into: &mut Mentions<'_>) {
    for line in text.lines() {
        let code = line.trim_start();
        let code = code.strip_prefix("export ").unwrap_or(code);
        if let Some((key, value)) = code.split_once('=') {
            command::take_setting(key, value, place_of(text, code), into);
        }
    }
}

/// `# /// script`, lines of TOML behind `#`, `# ///`.
fn read_script_requirements(text: &str, into: &mut Mentions<'_>) -> Standing {
    let mut lines = text.lines().skip_while(|line| line.trim_end() != "# /// script");
    let Some(first) = lines.next() else { return Standing::Passed };
    let at = place_of(text, first);
    let block: String = lines
        .map_while(|line| line.strip_prefix('#').filter(|rest| rest.trim() != "///"))
        .flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"])
        .collect();
    match toml::parse(&block) {
        Ok(tree) => {
            into.now(Saying::Installs);
            for requirement in tree.root().all("dependencies").flat_map(crate::tree::Node::items) {
                requirement::take_requirement(
                    requirement.text().unwrap_or_default(),
                    at,
                    Via::Direct,
                    into,
                );
            }
            into.now(Saying::Mentions);
        }
        Err(problem) => {
            into.problem(at, format!("the requirements of the script: {}", problem.reason));
        }
    }
    Standing::Read
}

/// `import "path"`, `name "path"` and `"path"` within an import's brackets.
pub(super) fn read_go(text: &str, into: &mut Mentions<'_>) {
    for line in text.lines() {
        let code = line.trim_start();
        let Some((before, path)) = code.split_once('"') else { continue };
        let named = before.trim().strip_prefix("import").unwrap_or(before.trim()).trim();
        let plain =
            named.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
        if let (true, Some((path, _))) = (plain, path.split_once('"'))
            && path.contains('/')
        {
            go::take_package(path, place_of(text, code), Via::Source, into);
        }
    }
}

/// `use name::…`, `extern crate name`.
pub(super) fn read_rust(text: &str, into: &mut Mentions<'_>) {
    for (rest, at) in lines_after(text, &["use ", "pub use ", "extern crate "]) {
        let name = rest
            .trim_start_matches("::")
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .next()
            .unwrap_or_default();
        take(Ecosystem::Cargo, name, at, into);
    }
}
