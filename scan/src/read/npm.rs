//! `package.json`, `package-lock.json` (versions 1 to 3), `npm-shrinkwrap.json` and `bun.lock`; and
//! what yarn and pnpm share with them.

use std::collections::BTreeSet;

use cleartosend::expert::clients::Ecosystem;

use super::wanted::{is_repository, split_version, take_local, take_source, take_wanted};
use super::{command, shape};
use crate::limits;
use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::tree::{Node, Problem, Shape};

/// The sections of a manifest that map names to what is wanted of them.
pub(super) const SECTIONS: &[&str] =
    &["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

pub(crate) fn read_package(root: Node<'_>, into: &mut Mentions<'_>) -> Result<(), Problem> {
    if !root.is_map() {
        return Err(Problem::new(None, "no manifest: expected an object"));
    }
    for (name, at) in root.all("name").filter_map(|name| Some((name.text()?, name.at))) {
        into.own(Ecosystem::Npm, name, at);
    }
    let scripts = shape::tables(root, "scripts", into);
    for (_, script) in scripts.into_iter().flat_map(Node::entries) {
        command::read(script.text().unwrap_or_default(), script.at, into);
    }
    // What workspaces share in one place, as bun has it.
    for shared in root.all("workspaces").chain(std::iter::once(root)) {
        let mut named = shape::tables(shared, "catalog", into);
        named.extend(shape::named_tables(shared, &["catalogs"], into));
        for (name, wanted) in named.into_iter().flat_map(Node::entries) {
            take_member(name, wanted, Via::Direct, into);
        }
    }
    read_sections(root, Via::Direct, into);
    for bundled in
        root.all("bundledDependencies").chain(root.all("bundleDependencies")).flat_map(Node::items)
    {
        take_wanted(bundled.text().unwrap_or_default(), "", bundled.at, Via::Direct, into);
    }
    for pnpm in shape::tables(root, "pnpm", into) {
        read_extensions(pnpm, into);
    }
    let of_pnpm = shape::tables_under(root, &["pnpm", "overrides"], into);
    let mut overrides: Vec<_> = of_pnpm.into_iter().map(|table| (table, true)).collect();
    for key in ["overrides", "resolutions"] {
        overrides.extend(shape::tables(root, key, into).into_iter().map(|table| (table, false)));
    }
    for _ in 0..limits::NESTED_DEPENDENCIES_MAX {
        let mut nested = Vec::new();
        for (table, is_pnpms) in overrides {
            for (selector, replacement) in table.entries() {
                shape::fits(replacement, selector, &[Shape::Text, Shape::Table], into);
                match replacement.text() {
                    // By this pnpm, and no other, takes the package away.
                    Some("-") if is_pnpms => {}
                    Some(wanted) => take_wanted(
                        last_of_selector(selector),
                        wanted,
                        replacement.at,
                        Via::Transitive,
                        into,
                    ),
                    None => nested.push((replacement, is_pnpms)),
                }
            }
        }
        overrides = nested;
    }
    if let Some((deepest, _)) = overrides.iter().find(|(deepest, _)| deepest.is_map()) {
        into.problem(
            deepest.at,
            format!("more than {} levels of overrides", limits::NESTED_DEPENDENCIES_MAX),
        );
    }
    Ok(())
}

/// The sections of a manifest, or of what is added to one. What is not a map of names is reported,
/// and the names in it are read all the same.
pub(super) fn read_sections(manifest: Node<'_>, via: Via, into: &mut Mentions<'_>) {
    for (section, key) in
        SECTIONS.iter().flat_map(|key| manifest.all(key).map(move |section| (section, *key)))
    {
        for (name, wanted) in section.entries() {
            take_member(name, wanted, via, into);
        }
        if !shape::fits(section, key, &[Shape::Table], into) {
            // npm takes a list of `name@range`, and one text with several, for a table.
            for text in std::iter::once(section).chain(section.items()).filter_map(Node::text) {
                for word in text.split([' ', ',', '\t', '\r', '\n']) {
                    let (name, version) = split_version(word);
                    take_wanted(name, version, section.at, via, into);
                }
            }
        }
    }
}

/// What is added to the manifests of others: `packageExtensions`.
pub(super) fn read_extensions(root: Node<'_>, into: &mut Mentions<'_>) {
    for extended in shape::named_tables(root, &["packageExtensions"], into) {
        read_sections(extended, Via::Transitive, into);
    }
}

/// One member of a section: a name with a text. A table in its place is reported, and its version
/// is read all the same.
pub(super) fn take_member(name: &str, wanted: Node<'_>, via: Via, into: &mut Mentions<'_>) {
    shape::fits(wanted, name, &[Shape::Text], into);
    let text = wanted.text().or_else(|| wanted.text_of("version")).unwrap_or_default();
    take_wanted(name, text, wanted.at, via, into);
}

/// The package that an override is about: the last of `a/**/b`, `a>b`, `a@^1`.
pub(super) fn last_of_selector(selector: &str) -> &str {
    let last = selector.rsplit('>').next().unwrap_or(selector).trim();
    let cut = last.rfind("/@").or_else(|| last.rfind('/').filter(|_| !last.starts_with('@')));
    split_version(cut.and_then(|at| last.get(at + 1..)).unwrap_or(last)).0
}

pub(crate) fn read_package_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let tables = shape::tables(root, "packages", into);
    let packages = || tables.iter().copied().flat_map(Node::entries);
    // The project and its workspaces stand beside what they install, each with its own list.
    let direct: BTreeSet<&str> = packages()
        .filter(|(path, _)| !path.contains("node_modules/"))
        .flat_map(|(_, package)| {
            SECTIONS
                .iter()
                .flat_map(move |section| package.all(section))
                .flat_map(Node::entries)
                .map(|(name, _)| name)
        })
        .collect();
    if let Some(name) = root.text_of("name") {
        into.own(Ecosystem::Npm, name, root.at);
    }
    for (path, package) in packages() {
        shape::fits(package, path, &[Shape::Table], into);
        let Some((_, installed_as)) = path.rsplit_once("node_modules/") else {
            // The project, or a part of it that stands in the tree.
            if let Some(name) = package.text_of("name") {
                into.own(Ecosystem::Npm, name, package.at);
            }
            continue;
        };
        let via = if direct.contains(installed_as) { Via::Direct } else { Via::Transitive };
        take_installed(installed_as, package, via, into);
    }
    if packages().next().is_some() {
        // Version 2 repeats everything in the form of version 1.
        return;
    }
    let mut levels = shape::tables(root, "dependencies", into);
    for _ in 0..limits::NESTED_DEPENDENCIES_MAX {
        let mut nested = Vec::new();
        for (installed_as, package) in levels.iter().flat_map(|map| map.entries()) {
            shape::fits(package, installed_as, &[Shape::Table], into);
            take_installed(installed_as, package, Via::Locked, into);
            nested.extend(shape::tables(package, "dependencies", into));
        }
        levels = nested;
    }
    if let Some(deepest) = levels.first() {
        into.problem(
            deepest.at,
            format!("more than {} levels of `dependencies`", limits::NESTED_DEPENDENCIES_MAX),
        );
    }
}

/// One installed package: its true name is given by `name`, by where it came from, or by a
/// `version` that is an alias.
fn take_installed(installed_as: &str, package: Node<'_>, via: Via, into: &mut Mentions<'_>) {
    let version = package.text_of("version").unwrap_or_default();
    let named = package.text_of("name");
    let resolved = package.text_of("resolved").unwrap_or_default();
    let mention = |name, version| Mention {
        ecosystem: Ecosystem::Npm,
        name,
        alias: Some(installed_as),
        version: Some(version),
        via,
        at: package.at,
    };
    if named.is_some_and(|name| into.take(mention(name, version)))
        || take_source(installed_as, resolved, version, via, package.at, into)
    {
        return;
    }
    if named.is_none() {
        take_wanted(installed_as, version, package.at, via, into);
    }
    // A link to a folder beside the project.
    if resolved.starts_with("..") {
        take_local(&format!("link:{resolved}"), mention(installed_as, version), into);
    }
}

pub(crate) fn read_bun_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let workspaces =
        || root.all("workspaces").flat_map(Node::entries).map(|(_, workspace)| workspace);
    let sections = workspaces()
        .flat_map(|workspace| SECTIONS.iter().flat_map(move |section| workspace.all(section)));
    let direct: BTreeSet<&str> = sections.flat_map(Node::entries).map(|(name, _)| name).collect();
    let packages = shape::tables(root, "packages", into);
    for (path, package) in packages.into_iter().flat_map(Node::entries) {
        let Some(locator) = package.items().next().and_then(Node::text) else {
            into.problem(package.at, "no list that begins with a package and its version");
            continue;
        };
        let installed_as = last_of_selector(path);
        let via = if direct.contains(path) { Via::Direct } else { Via::Transitive };
        let (name, version) = split_version(locator);
        let mention = Mention {
            ecosystem: Ecosystem::Npm,
            name,
            alias: Some(installed_as),
            version: Some(version),
            via,
            at: package.at,
        };
        if into.take(mention) {
            continue;
        }
        if is_repository(version) {
            into.take(Mention { ecosystem: Ecosystem::Git, name: version, ..mention });
        }
        take_local(version, mention, into);
    }
}

#[cfg(test)]
mod tests {
    use super::last_of_selector;

    #[test]
    fn of_a_selector_the_last_name_counts() {
        assert_eq!(last_of_selector("x/**/@a/b"), "@a/b");
        assert_eq!(last_of_selector("@a/b"), "@a/b");
        assert_eq!(last_of_selector("a@1>b@2"), "b");
    }
}
