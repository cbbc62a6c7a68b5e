//! Members of a manifest in the shape that its tool wants, and those that have another.
//!
//! A list where a table should be, a text where a list should be: what the writer meant is not
//! known, and something may be installed by it. So a member of another shape is reported, and never
//! passed over as if it held nothing. What is empty says nothing in every shape: some tools write
//! an empty table as an empty list.

use crate::mentions::Mentions;
use crate::place::At;
use crate::tree::{Node, Shape};

/// Whether a member has one of the shapes, or is empty; reports it if not.
pub(super) fn fits(
    node: Node<'_>,
    name: &str,
    expected: &[Shape],
    into: &mut Mentions<'_>,
) -> bool {
    let shape = node.shape();
    if shape == Shape::Nothing || expected.contains(&shape) {
        return true;
    }
    let expected: Vec<&str> = expected.iter().map(|shape| shape.words()).collect();
    let name: String = name.chars().take(100).collect();
    into.problem(
        node.at,
        format!("`{name}` is {}; expected {}", shape.words(), expected.join(" or ")),
    );
    false
}

/// The tables under a key.
pub(super) fn tables<'a>(of: Node<'a>, key: &str, into: &mut Mentions<'_>) -> Vec<Node<'a>> {
    of.all(key).filter(|node| fits(*node, key, &[Shape::Table], into)).collect()
}

/// The tables under a path of keys, of which each leads to tables.
pub(super) fn tables_under<'a>(
    root: Node<'a>,
    path: &[&str],
    into: &mut Mentions<'_>,
) -> Vec<Node<'a>> {
    path.iter().fold(vec![root], |nodes, key| {
        nodes.into_iter().flat_map(|node| tables(node, key, into)).collect()
    })
}

/// The tables within the tables under a path of keys: `[group.NAME]`.
pub(super) fn named_tables<'a>(
    root: Node<'a>,
    path: &[&str],
    into: &mut Mentions<'_>,
) -> Vec<Node<'a>> {
    let all = tables_under(root, path, into);
    all.into_iter()
        .flat_map(Node::entries)
        .filter(|(name, node)| fits(*node, name, &[Shape::Table], into))
        .map(|(_, node)| node)
        .collect()
}

/// The lists under a key.
pub(super) fn lists<'a>(of: Node<'a>, key: &str, into: &mut Mentions<'_>) -> Vec<Node<'a>> {
    of.all(key).filter(|node| fits(*node, key, &[Shape::List], into)).collect()
}

/// The lists under a path of keys, of which each but the last leads to tables.
pub(super) fn lists_under<'a>(
    root: Node<'a>,
    path: &[&str],
    into: &mut Mentions<'_>,
) -> Vec<Node<'a>> {
    let Some((last, path)) = path.split_last() else { return Vec::new() };
    let owners = tables_under(root, path, into);
    owners.into_iter().flat_map(|owner| lists(owner, last, into)).collect()
}

/// The lists within the tables under a path of keys: `[optional-dependencies] NAME = […]`.
pub(super) fn named_lists<'a>(
    root: Node<'a>,
    path: &[&str],
    into: &mut Mentions<'_>,
) -> Vec<Node<'a>> {
    let all = tables_under(root, path, into);
    all.into_iter()
        .flat_map(Node::entries)
        .filter(|(name, node)| fits(*node, name, &[Shape::List], into))
        .map(|(_, node)| node)
        .collect()
}

/// The tables in the lists under a key: `[[package]]`.
pub(super) fn rows<'a>(of: Node<'a>, key: &str, into: &mut Mentions<'_>) -> Vec<Node<'a>> {
    let all = lists(of, key, into);
    all.into_iter()
        .flat_map(Node::items)
        .filter(|row| fits(*row, key, &[Shape::Table], into))
        .collect()
}

/// The last text under a key, like [`Node::text_of`].
pub(super) fn text<'a>(of: Node<'a>, key: &str, into: &mut Mentions<'_>) -> Option<&'a str> {
    of.all(key).for_each(|node| {
        fits(node, key, &[Shape::Text], into);
    });
    of.text_of(key)
}

/// The name of a package in a lock file, which each has.
pub(super) fn name<'a>(package: Node<'a>, into: &mut Mentions<'_>) -> Option<(&'a str, At)> {
    let found = package.all("name").find_map(|name| Some((name.text()?, name.at)));
    if found.is_none() {
        into.problem(package.at, "a package without a `name`");
    }
    found
}
