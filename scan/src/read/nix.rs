//! Nix's `flake.lock`: where each input was fetched from.

use cleartosend::expert::clients::Ecosystem;

use super::shape;
use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::tree::{Node, Shape};

pub(crate) fn read_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let nodes = shape::tables(root, "nodes", into);
    for (input, node) in nodes.into_iter().flat_map(Node::entries) {
        shape::fits(node, input, &[Shape::Table], into);
        for from in shape::tables(node, "locked", into) {
            let owned = from.text_of("owner").zip(from.text_of("repo"));
            let address = match (from.text_of("url"), owned) {
                (Some(url), _) => url.to_owned(),
                (None, Some((owner, name))) => {
                    format!("{}:{owner}/{name}", from.text_of("type").unwrap_or("github"))
                }
                (None, None) => continue,
            };
            into.take(Mention {
                ecosystem: Ecosystem::Git,
                name: &address,
                alias: Some(input),
                version: from.text_of("rev"),
                via: Via::Locked,
                at: from.at,
            });
        }
    }
}
