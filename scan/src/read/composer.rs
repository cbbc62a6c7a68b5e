//! `composer.json` and `composer.lock`.

use cleartosend::expert::clients::Ecosystem;

use super::shape;
use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::tree::{Node, Shape};

pub(crate) fn read_manifest(root: Node<'_>, into: &mut Mentions<'_>) {
    for (name, at) in root.all("name").filter_map(|name| Some((name.text()?, name.at))) {
        into.own(Ecosystem::Composer, name, at);
    }
    // A package that replaces or provides another stands for it.
    let sections = ["require", "require-dev", "replace", "provide"];
    let tables: Vec<Node<'_>> =
        sections.into_iter().flat_map(|section| shape::tables(root, section, into)).collect();
    for (name, wanted) in tables.into_iter().flat_map(Node::entries) {
        shape::fits(wanted, name, &[Shape::Text], into);
        into.take(Mention {
            ecosystem: Ecosystem::Composer,
            name,
            alias: None,
            version: wanted.text(),
            via: Via::Direct,
            at: wanted.at,
        });
    }
    // A repository named here can stand for a package of any name, and a package may be written
    // out.
    for all in root.all("repositories") {
        shape::fits(all, "repositories", &[Shape::List, Shape::Table], into);
    }
    let repositories = || {
        root.all("repositories")
            .flat_map(|all| all.items().chain(all.entries().map(|(_, repository)| repository)))
    };
    let packages = || {
        repositories()
            .flat_map(|repository| repository.all("package"))
            .flat_map(|all| std::iter::once(all).chain(all.items()))
    };
    for (name, at) in packages()
        .flat_map(|package| package.all("name"))
        .filter_map(|name| Some((name.text()?, name.at)))
    {
        into.take(Mention {
            ecosystem: Ecosystem::Composer,
            name,
            alias: None,
            version: None,
            via: Via::Direct,
            at,
        });
    }
    let written_out = packages().flat_map(|package| {
        ["source", "dist"].into_iter().flat_map(move |origin| package.all(origin))
    });
    for (address, at) in repositories()
        .chain(written_out)
        .filter_map(|origin| Some((origin.text_of("url")?, origin.at)))
    {
        into.take(Mention {
            ecosystem: Ecosystem::Git,
            name: address,
            alias: None,
            version: None,
            via: Via::Direct,
            at,
        });
    }
}

pub(crate) fn read_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let packages: Vec<Node<'_>> = ["packages", "packages-dev"]
        .into_iter()
        .flat_map(|section| shape::rows(root, section, into))
        .collect();
    for package in packages {
        let Some((name, at)) = shape::name(package, into) else { continue };
        let version = package.text_of("version");
        let mention = Mention {
            ecosystem: Ecosystem::Composer,
            name,
            alias: None,
            version,
            via: Via::Locked,
            at,
        };
        for (replaced, wanted) in ["replace", "provide"]
            .iter()
            .flat_map(|section| package.all(section))
            .flat_map(Node::entries)
        {
            into.take(Mention { name: replaced, at: wanted.at, ..mention });
        }
        if !into.take(mention)
            && let Some(address) = package
                .all("source")
                .chain(package.all("dist"))
                .find_map(|origin| origin.text_of("url"))
        {
            into.take(Mention {
                ecosystem: Ecosystem::Git,
                name: address,
                alias: Some(name),
                ..mention
            });
        }
    }
}
