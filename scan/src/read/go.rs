//! `go.mod`, `go.work` and `go.sum`.
//!
//! Read here and not by a library: the grammar is one of lines and words, and new directives
//! (`tool`, `ignore`) are passed over rather than refused, which a scanner wants and a builder does
//! not.

use cleartosend::expert::clients::Ecosystem;

use super::shape;
use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::place::{At, place_of};
use crate::tree::Node;

/// Both files: one has `module` and `require`, the other `use`, and both may `replace`.
pub(crate) fn read(text: &str, into: &mut Mentions<'_>) {
    let mut block = "";
    for line in text.lines() {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let words: Vec<&str> =
            code.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect();
        let words = match words.as_slice() {
            [")"] => {
                block = "";
                continue;
            }
            [directive] if block.is_empty() && !directive.ends_with('(') => {
                into.problem(
                    place_of(text, line),
                    format!("`{}` says nothing", shortened(directive)),
                );
                continue;
            }
            [directive, "("] | [directive] if block.is_empty() => {
                block = directive.strip_suffix('(').unwrap_or(if words.len() > 1 {
                    directive
                } else {
                    ""
                });
                continue;
            }
            words => words,
        };
        let (directive, words) = match (block, words) {
            ("", [directive, rest @ ..]) => (*directive, rest),
            (block, words) => (block, words),
        };
        match (directive, words) {
            ("module", [path, ..]) => into.own(Ecosystem::Go, path, place_of(text, path)),
            ("require", [path]) => {
                take(path, None, None, Via::Direct, place_of(text, path), into);
                into.problem(place_of(text, path), format!("no version of `{}`", shortened(path)));
            }
            ("require", [path, version, ..]) => {
                let via = if comment.trim_start().starts_with("indirect") {
                    Via::Transitive
                } else {
                    Via::Direct
                };
                take(path, None, Some(version), via, place_of(text, path), into);
            }
            ("tool", [path, ..]) => {
                take_package(path, place_of(text, path), Via::Direct, into);
            }
            ("replace", words) => {
                let Some(arrow) = words.iter().position(|word| *word == "=>") else { continue };
                // A replacement without a version is a directory: what it holds is called by the
                // old name.
                if let (Some(old), [new, version @ ..]) =
                    (words.first(), words.get(arrow + 1..).unwrap_or_default())
                {
                    take(
                        new,
                        Some(old),
                        version.first().copied(),
                        Via::Direct,
                        place_of(text, new),
                        into,
                    );
                }
            }
            (
                "require" | "go" | "toolchain" | "godebug" | "exclude" | "retract" | "ignore"
                | "use" | "module" | "tool",
                _,
            )
            | (_, []) => {}
            (directive, _) => into.problem(
                place_of(text, code),
                format!("`{}` is not a directive that is known", shortened(directive)),
            ),
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

fn take(
    path: &str,
    alias: Option<&str>,
    version: Option<&str>,
    via: Via,
    at: At,
    into: &mut Mentions<'_>,
) -> bool {
    into.take(Mention { ecosystem: Ecosystem::Go, name: path, alias, version, via, at })
}

/// `Gopkg.toml` and `Gopkg.lock`, of the older tool dep.
pub(crate) fn read_dep(root: Node<'_>, into: &mut Mentions<'_>) {
    let projects: Vec<Node<'_>> = ["constraint", "override", "projects"]
        .into_iter()
        .flat_map(|key| shape::rows(root, key, into))
        .collect();
    for project in projects {
        for key in ["name", "source"] {
            if let Some(path) = project.text_of(key) {
                take_package(path, project.at, Via::Locked, into);
            }
        }
    }
    for path in shape::lists(root, "required", into).into_iter().flat_map(Node::items) {
        take_package(path.text().unwrap_or_default(), path.at, Via::Direct, into);
    }
}

/// `glide.yaml` and `glide.lock`, of the older tool Glide.
pub(crate) fn read_glide(root: Node<'_>, into: &mut Mentions<'_>) {
    let packages: Vec<Node<'_>> = ["import", "imports", "testImport", "testImports"]
        .into_iter()
        .flat_map(|key| shape::rows(root, key, into))
        .collect();
    for package in packages {
        for key in ["package", "name", "repo"] {
            if let Some(path) = package.text_of(key) {
                take_package(path, package.at, Via::Locked, into);
            }
        }
    }
}

/// A package, by its own path or by that of the module which holds it.
pub(super) fn take_package(path: &str, at: At, via: Via, into: &mut Mentions<'_>) -> bool {
    let (path, version) =
        path.split_once('@').map_or((path, None), |(path, version)| (path, Some(version)));
    let ends = path
        .match_indices('/')
        .map(|(at, _)| at)
        .chain(std::iter::once(path.len()))
        .filter_map(|end| path.get(..end));
    let module = ends
        .into_iter()
        .filter(|module| module.contains('/'))
        .find(|module| into.knows(Ecosystem::Go, module));
    take(module.unwrap_or(path), None, version, via, at, into)
}

/// `go.sum`: modules whose files were fetched. Those of which only the `go.mod` was asked for are
/// not built.
pub(crate) fn read_sums(text: &str, into: &mut Mentions<'_>) {
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            [path, version, _] if version.starts_with('v') => {
                if !version.ends_with("/go.mod") {
                    take(path, None, Some(*version), Via::Locked, place_of(text, path), into);
                }
            }
            _ => into.problem(
                place_of(text, line),
                format!("not a module, a version and a sum: `{}`", shortened(line)),
            ),
        }
    }
}
