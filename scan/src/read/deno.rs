//! Deno's manifests and lock file, and import maps.

use cleartosend::expert::clients::Ecosystem;

use super::{command, literal, shape};
use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::place::At;
use crate::tree::{Node, Shape};

/// `deno.json`, `jsr.json`, import maps.
pub(crate) fn read(root: Node<'_>, into: &mut Mentions<'_>) {
    if let Some(name) = root.text_of("name") {
        into.own(Ecosystem::Jsr, name, root.at);
    }
    let mut imports = shape::tables(root, "imports", into);
    imports.extend(shape::named_tables(root, &["scopes"], into));
    for (key, wanted) in imports.into_iter().flat_map(Node::entries) {
        shape::fits(wanted, key, &[Shape::Text], into);
        let specifier = wanted.text().unwrap_or_default();
        let key = key.trim_end_matches('/');
        if !literal::take_specifier(specifier, Some(key), wanted.at, Via::Direct, into) {
            // A listed name that stands for something else.
            into.take(Mention {
                ecosystem: Ecosystem::Npm,
                name: specifier,
                alias: Some(key),
                version: None,
                via: Via::Direct,
                at: wanted.at,
            });
        }
    }
    for (_, task) in root.all("tasks").flat_map(Node::entries) {
        let command = task.text().or_else(|| task.text_of("command")).unwrap_or_default();
        command::read(command, task.at, into);
    }
}

/// `deno.lock`, of each version.
pub(crate) fn read_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let lists = root.all("npm").chain(root.under(&["packages", "npm"]));
    let older = root.under(&["npm", "packages"]);
    for (name, at) in
        lists.chain(older).flat_map(Node::entries).map(|(name, package)| (name, package.at))
    {
        take_locked(&format!("npm:{name}"), at, into);
    }
    let specifiers = root.all("specifiers").chain(root.under(&["packages", "specifiers"]));
    for (specifier, at) in specifiers
        .chain(root.all("remote"))
        .flat_map(Node::entries)
        .map(|(name, entry)| (name, entry.at))
    {
        take_locked(specifier, at, into);
    }
    let workspaces = root.all("workspace").flat_map(|all| {
        std::iter::once(all).chain(all.all("members").flat_map(Node::entries).map(|(_, one)| one))
    });
    for needed in workspaces
        .flat_map(|one| one.all("dependencies").chain(one.under(&["packageJson", "dependencies"])))
        .flat_map(Node::items)
    {
        literal::take_specifier(
            needed.text().unwrap_or_default(),
            None,
            needed.at,
            Via::Direct,
            into,
        );
    }
}

fn take_locked(specifier: &str, at: At, into: &mut Mentions<'_>) {
    literal::take_specifier(specifier, None, at, Via::Locked, into);
}
