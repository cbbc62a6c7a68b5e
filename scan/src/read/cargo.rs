//! `Cargo.toml` and `Cargo.lock`.

use std::collections::BTreeSet;

use cleartosend::expert::clients::Ecosystem;

use crate::mention::{Mention, Mentions, Via};
use crate::tree::Node;

const SECTIONS: &[&str] = &[
    "dependencies",
    "dev-dependencies",
    "build-dependencies",
    "dev_dependencies",
    "build_dependencies",
];

pub(crate) fn read_manifest(root: Node<'_>, into: &mut Mentions<'_>) {
    for (name, at) in root
        .all("package")
        .flat_map(|package| package.all("name"))
        .filter_map(|name| Some((name.text()?, name.at)))
    {
        into.own(Ecosystem::Cargo, name, at);
    }
    let mut tables: Vec<Node<'_>> = SECTIONS.iter().flat_map(|section| root.all(section)).collect();
    tables.extend(root.under(&["workspace", "dependencies"]));
    tables.extend(root.all("replace"));
    tables.extend(root.all("patch").flat_map(Node::entries).map(|(_, registry)| registry));
    let targets = root.all("target").flat_map(Node::entries);
    tables.extend(
        targets
            .flat_map(|(_, target)| SECTIONS.iter().flat_map(move |section| target.all(section))),
    );
    for (key, wanted) in tables.into_iter().flat_map(Node::entries) {
        let package = wanted.text_of("package");
        let version = wanted.text().or_else(|| wanted.text_of("version"));
        let name = package.unwrap_or(key);
        let mention = Mention {
            ecosystem: Ecosystem::Cargo,
            name,
            alias: package.and(Some(key)),
            version,
            via: Via::Direct,
            at: wanted.at,
        };
        if !into.take(mention)
            && let Some(address) = wanted.text_of("git")
        {
            into.take(Mention {
                ecosystem: Ecosystem::Git,
                name: address,
                alias: Some(key),
                ..mention
            });
        }
    }
}

pub(crate) fn read_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let packages = || root.all("package").flat_map(Node::items);
    // Packages of the project itself have no source; older files have one such package, under
    // `root`.
    let own =
        root.all("root").chain(packages().filter(|package| package.text_of("source").is_none()));
    let needed = own
        .flat_map(|package| package.all("dependencies"))
        .flat_map(Node::items)
        .filter_map(Node::text);
    let direct: BTreeSet<&str> =
        needed.map(|needed| needed.split(' ').next().unwrap_or(needed)).collect();
    for package in packages() {
        let Some((name, at)) = package.all("name").find_map(|name| Some((name.text()?, name.at)))
        else {
            continue;
        };
        let via = if direct.contains(name) { Via::Direct } else { Via::Transitive };
        let mention = Mention {
            ecosystem: Ecosystem::Cargo,
            name,
            alias: None,
            version: package.text_of("version"),
            via,
            at,
        };
        let Some(source) = package.text_of("source") else {
            into.own(Ecosystem::Cargo, name, at);
            continue;
        };
        if !into.take(mention) && source.starts_with("git+") {
            into.take(Mention {
                ecosystem: Ecosystem::Git,
                name: source,
                alias: Some(name),
                ..mention
            });
        }
    }
}
