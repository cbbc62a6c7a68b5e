//! `pom.xml`.

use std::borrow::Cow;

use cleartosend::directory::clients::Ecosystem;
use roxmltree::{Document, Node};

use crate::mention::{Mention, Mentions, Via};
use crate::place::At;
use crate::tree::{Problem, xml};

pub(crate) fn read(text: &str, into: &mut Mentions<'_>) -> Result<(), Problem> {
    let document = xml::parse(text)?;
    for element in document.descendants().filter(Node::is_element) {
        // Not `exclusion`: what is left out is not used.
        if !matches!(element.tag_name().name(), "dependency" | "plugin" | "parent" | "extension" | "path") {
            continue;
        }
        let (Some(group), Some(artifact)) = (child(element, "groupId"), child(element, "artifactId")) else { continue };
        let name = format!("{}:{}", filled(&document, text_of(group)), filled(&document, text_of(artifact)));
        let version = child(element, "version").map(|version| filled(&document, text_of(version)));
        let at = At::Offset(group.range().start);
        into.take(Mention { ecosystem: Ecosystem::Maven, name: &name, alias: None, version: version.as_deref(), via: Via::Direct, at });
    }
    Ok(())
}

fn child<'a, 'i>(element: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    element.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

fn text_of<'a>(element: Node<'a, '_>) -> &'a str {
    element.text().unwrap_or_default().trim()
}

/// A value that is one `${property}` of the same file, filled in. Properties of parents are not known here.
fn filled<'a>(document: &'a Document<'_>, value: &'a str) -> Cow<'a, str> {
    let Some(property) = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else { return Cow::Borrowed(value) };
    let properties = document.root_element().children().filter(|child| child.tag_name().name() == "properties");
    let found =
        properties.flat_map(|properties| properties.children()).find(|child| child.is_element() && child.tag_name().name() == property);
    found.map_or(Cow::Borrowed(value), |element| Cow::Borrowed(text_of(element)))
}
