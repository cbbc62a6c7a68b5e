//! Dart's `pubspec.yaml` and `pubspec.lock`.

use cleartosend::expert::clients::Ecosystem;

use super::{path, shape};
use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::tree::{Node, Shape};

/// `pubspec.yaml`: packages of Dart.
pub(crate) fn read(root: Node<'_>, into: &mut Mentions<'_>) {
    if let Some(name) = root.text_of("name") {
        into.own(Ecosystem::Pub, name, root.at);
    }
    for section in ["dependencies", "dev_dependencies", "dependency_overrides"] {
        let tables = shape::tables(root, section, into);
        for (name, wanted) in tables.into_iter().flat_map(Node::entries) {
            shape::fits(wanted, name, &[Shape::Text, Shape::Table], into);
            let version = wanted.text().or_else(|| wanted.text_of("version"));
            let mention = Mention {
                ecosystem: Ecosystem::Pub,
                name,
                alias: None,
                version,
                via: Via::Direct,
                at: wanted.at,
            };
            if !into.take(mention) {
                let address =
                    wanted.all("git").find_map(|git| git.text().or_else(|| git.text_of("url")));
                if let Some(address) = address {
                    into.take(Mention {
                        ecosystem: Ecosystem::Git,
                        name: address,
                        alias: Some(name),
                        ..mention
                    });
                }
                if let Some(folder) = wanted.text_of("path") {
                    path::take(folder, mention, into);
                }
            }
        }
    }
}

/// `pubspec.lock`.
pub(crate) fn read_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let packages = shape::tables(root, "packages", into);
    for (name, package) in packages.into_iter().flat_map(Node::entries) {
        shape::fits(package, name, &[Shape::Table], into);
        let version = package.text_of("version");
        let via = if package.text_of("dependency").is_some_and(|way| way.starts_with("direct")) {
            Via::Direct
        } else {
            Via::Transitive
        };
        let mention =
            Mention { ecosystem: Ecosystem::Pub, name, alias: None, version, via, at: package.at };
        if !into.take(mention)
            && let Some(address) =
                package.all("description").find_map(|description| description.text_of("url"))
            && package.text_of("source") == Some("git")
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
