//! `pnpm-lock.yaml` (versions 5 to 9) and `pnpm-workspace.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use cleartosend::expert::clients::Ecosystem;

use super::npm::{self, SECTIONS};
use super::shape;
use super::wanted::take_wanted;
use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::tree::{Node, Shape};

pub(crate) fn read_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    // A project without workspaces has its sections at the top, before version 9.
    let mut projects = vec![root];
    projects.extend(shape::named_tables(root, &["importers"], into));
    let mut direct = BTreeSet::new();
    for project in projects {
        let specifiers: BTreeMap<&str, &str> = project
            .all("specifiers")
            .flat_map(Node::entries)
            .filter_map(|(name, wanted)| Some((name, wanted.text()?)))
            .collect();
        let sections: Vec<Node<'_>> =
            SECTIONS.iter().flat_map(|section| shape::tables(project, section, into)).collect();
        for (name, wanted) in sections.into_iter().flat_map(Node::entries) {
            shape::fits(wanted, name, &[Shape::Text, Shape::Table], into);
            let version = wanted.text().or_else(|| wanted.text_of("version")).unwrap_or_default();
            let specifier = wanted.text_of("specifier").or_else(|| specifiers.get(name).copied());
            let at = wanted.at;
            // `version` holds the true name where it is another: `/baileys/6.7.0`,
            // `/baileys@6.7.0`, `baileys@6.7.0`.
            match package_id(version) {
                Some((real, version)) => {
                    direct.insert(real);
                    let mention = Mention {
                        ecosystem: Ecosystem::Npm,
                        name: real,
                        alias: Some(name),
                        version: Some(version),
                        via: Via::Direct,
                        at,
                    };
                    if !into.take(mention) {
                        take_wanted(name, specifier.unwrap_or_default(), at, Via::Direct, into);
                    }
                }
                None => {
                    direct.insert(name);
                    let locked = without_peers(version);
                    let elsewhere = specifier
                        .filter(|specifier| specifier.contains(':') || specifier.contains('/'));
                    take_wanted(name, elsewhere.unwrap_or(locked), at, Via::Direct, into);
                }
            }
        }
    }
    let packages = shape::tables(root, "packages", into);
    for (id, package) in packages.into_iter().flat_map(Node::entries) {
        shape::fits(package, id, &[Shape::Table], into);
        let at = package.at;
        let (name, version) = package_id(id).unwrap_or((id, ""));
        let (name, version) = (
            package.text_of("name").unwrap_or(name),
            package.text_of("version").unwrap_or(version),
        );
        let via = if direct.contains(name) { Via::Direct } else { Via::Transitive };
        let mention = Mention {
            ecosystem: Ecosystem::Npm,
            name,
            alias: None,
            version: Some(version),
            via,
            at,
        };
        if !into.take(mention) {
            // Fetched from a repository: the id holds its address.
            let address = if version.contains("://") { version } else { id };
            into.take(Mention {
                ecosystem: Ecosystem::Git,
                name: address,
                version: None,
                ..mention
            });
        }
    }
}

/// `/@scope/name/1.0.0_peer`, `/@scope/name@1.0.0(peer@2)` or `@scope/name@1.0.0` in name and
/// version; `None` for a bare version or path.
fn package_id(id: &str) -> Option<(&str, &str)> {
    let rooted = id.starts_with('/');
    let id = id.strip_prefix('/').unwrap_or(id);
    let scope = if id.starts_with('@') { id.find('/')? + 1 } else { 0 };
    let end = scope + id.get(scope..)?.find(['/', '@'])?;
    let (name, rest) = (id.get(..end)?, id.get(end..)?);
    let slashed = rest.starts_with('/');
    // Without the slash in front only `name@version` is an id: `link:../x` and `github.com/a/b` are
    // none.
    if (slashed && !rooted) || name.is_empty() || name.contains([':', '(']) {
        return None;
    }
    let version = without_peers(rest.get(1..)?);
    Some((
        name,
        if slashed { version.split(['_', '/']).next().unwrap_or(version) } else { version },
    ))
}

fn without_peers(version: &str) -> &str {
    version.split('(').next().unwrap_or(version)
}

pub(crate) fn read_workspace(root: Node<'_>, into: &mut Mentions<'_>) {
    let mut tables = shape::tables(root, "catalog", into);
    tables.extend(shape::named_tables(root, &["catalogs"], into));
    for (name, wanted) in tables.into_iter().flat_map(Node::entries) {
        npm::take_member(name, wanted, Via::Direct, into);
    }
    let overrides = shape::tables(root, "overrides", into);
    // `-` takes the package away.
    let kept = |(_, wanted): &(&str, Node<'_>)| wanted.text() != Some("-");
    for (selector, wanted) in overrides.into_iter().flat_map(Node::entries).filter(kept) {
        npm::take_member(npm::last_of_selector(selector), wanted, Via::Direct, into);
    }
    npm::read_extensions(root, into);
}

#[cfg(test)]
mod tests {
    use super::package_id;

    #[test]
    fn ids_of_every_version_are_read() {
        assert_eq!(package_id("/@a/b/1.0.0_react@17.0.2"), Some(("@a/b", "1.0.0")));
        assert_eq!(package_id("/b/1.0.0"), Some(("b", "1.0.0")));
        assert_eq!(package_id("/@a/b@1.0.0(react@17.0.2)"), Some(("@a/b", "1.0.0")));
        assert_eq!(package_id("@a/b@1.0.0"), Some(("@a/b", "1.0.0")));
        assert_eq!(package_id("b@https://h.example/x.tgz"), Some(("b", "https://h.example/x.tgz")));
        assert_eq!(package_id("1.0.0"), None);
        assert_eq!(package_id("1.0.0(react@17.0.2)"), None);
        assert_eq!(package_id("link:../b"), None);
        assert_eq!(package_id("github.com/a/b/0ff"), None);
    }
}
