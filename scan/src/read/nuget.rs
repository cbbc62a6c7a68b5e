//! .NET project files, `packages.config` and `packages.lock.json`.

use cleartosend::expert::clients::Ecosystem;

use super::shape;
use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::place::At;
use crate::tree::{Node, Problem, Shape, xml};

pub(crate) fn read_project(text: &str, into: &mut Mentions<'_>) -> Result<(), Problem> {
    read_elements(
        text,
        &["PackageReference", "PackageVersion", "GlobalPackageReference", "PackageDownload"],
        &["Include", "Update"],
        "Version",
        into,
    )
}

pub(crate) fn read_packages(text: &str, into: &mut Mentions<'_>) -> Result<(), Problem> {
    read_elements(text, &["package"], &["id"], "version", into)
}

fn read_elements(
    text: &str,
    elements: &[&str],
    names: &[&str],
    version: &str,
    into: &mut Mentions<'_>,
) -> Result<(), Problem> {
    let document = xml::parse(text)?;
    // The build engine compares element and attribute names without case.
    for element in document.descendants().filter(|node| {
        elements.iter().any(|name| node.tag_name().name().eq_ignore_ascii_case(name))
    }) {
        let attribute = |wanted: &str| {
            element.attributes().find(|attribute| attribute.name().eq_ignore_ascii_case(wanted))
        };
        let Some(name) = names.iter().find_map(|name| attribute(name)) else { continue };
        let child =
            element.children().find(|child| child.tag_name().name().eq_ignore_ascii_case(version));
        let version = attribute(version)
            .map(|version| version.value())
            .or_else(|| child.and_then(|child| child.text()));
        let at = At::Offset(element.range().start);
        // One element may name several, split by `;`.
        for name in name.value().split(';').map(str::trim) {
            into.take(Mention {
                ecosystem: Ecosystem::Nuget,
                name,
                alias: None,
                version,
                via: Via::Direct,
                at,
            });
        }
    }
    Ok(())
}

pub(crate) fn read_lock(root: Node<'_>, into: &mut Mentions<'_>) {
    let frameworks = shape::named_tables(root, &["dependencies"], into);
    for (name, package) in frameworks.into_iter().flat_map(Node::entries) {
        shape::fits(package, name, &[Shape::Table], into);
        let via =
            if package.text_of("type") == Some("Direct") { Via::Direct } else { Via::Transitive };
        let version = package.text_of("resolved");
        into.take(Mention {
            ecosystem: Ecosystem::Nuget,
            name,
            alias: None,
            version,
            via,
            at: package.at,
        });
    }
}
