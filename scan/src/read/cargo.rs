//! `Cargo.toml` and `Cargo.lock`.

use std::collections::BTreeSet;

use cleartosend::expert::clients::Ecosystem;

use super::{path, shape};
use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::tree::{Node, Shape};

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
    let mut owners = vec![root];
    owners.extend(shape::named_tables(root, &["target"], into));
    let mut tables = Vec::new();
    for owner in owners {
        for section in SECTIONS {
            tables.extend(shape::tables(owner, section, into));
        }
    }
    tables.extend(shape::tables_under(root, &["workspace", "dependencies"], into));
    tables.extend(shape::tables(root, "replace", into));
    tables.extend(shape::named_tables(root, &["patch"], into));
    for (key, wanted) in tables.into_iter().flat_map(Node::entries) {
        shape::fits(wanted, key, &[Shape::Text, Shape::Table], into);
        let package = shape::text(wanted, "package", into);
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
            && let Some(address) = shape::text(wanted, "git", into)
        {
            into.take(Mention {
                ecosystem: Ecosystem::Git,
                name: address,
                alias: Some(key),
                ..mention
            });
        }
        if let Some(folder) = wanted.text_of("path") {
            path::take(folder, mention, into);
        }
    }
}

pub(crate) fn read_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let packages = shape::rows(root, "package", into);
    // Packages of the project itself have no source; older files have one such package, under
    // `root`.
    let own = root
        .all("root")
        .chain(packages.iter().copied().filter(|package| package.text_of("source").is_none()));
    let needed = own
        .flat_map(|package| package.all("dependencies"))
        .flat_map(Node::items)
        .filter_map(Node::text);
    let direct: BTreeSet<&str> =
        needed.map(|needed| needed.split(' ').next().unwrap_or(needed)).collect();
    for package in packages {
        let Some((name, at)) = shape::name(package, into) else { continue };
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
