//! `composer.json` and `composer.lock`.

use cleartosend::expert::clients::Ecosystem;

use crate::mention::{Mention, Mentions, Via};
use crate::tree::Node;

pub(crate) fn read_manifest(root: Node<'_>, into: &mut Mentions<'_>) {
    for (name, at) in root.all("name").filter_map(|name| Some((name.text()?, name.at))) {
        into.own(Ecosystem::Composer, name, at);
    }
    // A package that replaces or provides another stands for it.
    for (name, wanted) in ["require", "require-dev", "replace", "provide"]
        .iter()
        .flat_map(|section| root.all(section))
        .flat_map(Node::entries)
    {
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
    let repositories = || {
        root.all("repositories")
            .flat_map(|all| all.items().chain(all.entries().map(|(_, repository)| repository)))
    };
    let packages = repositories()
        .flat_map(|repository| repository.all("package"))
        .flat_map(|all| std::iter::once(all).chain(all.items()));
    for (name, at) in packages
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
    for (address, at) in
        repositories().filter_map(|repository| Some((repository.text_of("url")?, repository.at)))
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
    for package in ["packages", "packages-dev"]
        .iter()
        .flat_map(|section| root.all(section))
        .flat_map(Node::items)
    {
        let Some((name, at)) = package.all("name").find_map(|name| Some((name.text()?, name.at)))
        else {
            continue;
        };
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
            && let Some(address) = package.all("source").find_map(|source| source.text_of("url"))
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
