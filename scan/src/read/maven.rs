//! `pom.xml`.

use std::collections::BTreeMap;

use cleartosend::expert::clients::Ecosystem;
use roxmltree::{Document, Node};

use crate::mention::{Mention, Via};
use crate::mentions::Mentions;
use crate::place::At;
use crate::tree::{Problem, xml};

pub(crate) fn read(text: &str, into: &mut Mentions<'_>) -> Result<(), Problem> {
    let document = xml::parse(text)?;
    let properties = properties(&document);
    let coordinates = |element| {
        let (group, artifact) = (child(element, "groupId")?, child(element, "artifactId")?);
        Some((
            format!(
                "{}:{}",
                filled(&properties, text_of(group)),
                filled(&properties, text_of(artifact))
            ),
            At::Offset(group.range().start),
        ))
    };
    for element in document.descendants().filter(Node::is_element) {
        // Not `exclusion`: what is left out is not used.
        if !matches!(
            element.tag_name().name(),
            "dependency" | "plugin" | "parent" | "extension" | "path"
        ) {
            continue;
        }
        let Some((name, at)) = coordinates(element) else { continue };
        let version =
            child(element, "version").map(|version| filled(&properties, text_of(version)));
        take(&name, version, at, Via::Direct, into);
        if let Some(pattern) = gap_pattern(&name) {
            into.gap(Ecosystem::Maven, &name, &pattern, at);
        }
    }
    let root = document.root_element();
    let group = child(root, "groupId")
        .or_else(|| child(root, "parent").and_then(|parent| child(parent, "groupId")));
    if let (Some(group), Some(artifact)) = (group, child(root, "artifactId")) {
        into.own(
            Ecosystem::Maven,
            &format!("{}:{}", text_of(group), text_of(artifact)),
            At::Offset(artifact.range().start),
        );
    }
    Ok(())
}

/// Takes an artifact; of one that is built from a repository on demand (`com.github.OWNER:NAME`),
/// the repository too.
pub(super) fn take(name: &str, version: Option<&str>, at: At, via: Via, into: &mut Mentions<'_>) {
    let mention = Mention { ecosystem: Ecosystem::Maven, name, alias: None, version, via, at };
    if into.take(mention) {
        return;
    }
    for (group, host) in [
        ("com.github.", "github.com"),
        ("com.gitlab.", "gitlab.com"),
        ("org.bitbucket.", "bitbucket.org"),
    ] {
        if let Some((owner, repository)) =
            name.strip_prefix(group).and_then(|rest| rest.split_once(':'))
        {
            into.take(Mention {
                ecosystem: Ecosystem::Git,
                name: &format!("{host}/{owner}/{repository}"),
                ..mention
            });
        }
    }
}

/// A name with `*` for each property that has no value here; `None` where there is none.
fn gap_pattern(name: &str) -> Option<String> {
    if !name.contains("${") {
        return None;
    }
    let mut pattern = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("${") {
        pattern.push_str(before);
        let (property, left) = after.split_once('}')?;
        // These are the project's own coordinates.
        if property.starts_with("project.") || property.starts_with("pom.") {
            return None;
        }
        pattern.push('*');
        rest = left;
    }
    pattern.push_str(rest);
    Some(pattern)
}

/// The properties of the file. Those of parents are not known here.
fn properties<'a>(document: &'a Document<'_>) -> BTreeMap<&'a str, &'a str> {
    let all =
        document.root_element().children().filter(|child| child.tag_name().name() == "properties");
    let elements = all.flat_map(|properties| properties.children()).filter(Node::is_element);
    elements.map(|element| (element.tag_name().name(), text_of(element))).collect()
}

fn child<'a, 'i>(element: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    element.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

fn text_of<'a>(element: Node<'a, '_>) -> &'a str {
    element.text().unwrap_or_default().trim()
}

/// A value that is one `${property}`, filled in.
fn filled<'a>(properties: &BTreeMap<&'a str, &'a str>, value: &'a str) -> &'a str {
    let property = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    property.and_then(|property| properties.get(property).copied()).unwrap_or(value)
}
