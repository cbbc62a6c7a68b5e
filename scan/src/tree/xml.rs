//! XML, without document types: no entity is ever expanded. Elements have a bounded number of
//! attributes.

use roxmltree::{Document, ParsingOptions};

use super::Problem;
use super::json::lower_first;
use crate::limits;
use crate::place::At;

/// Parses a file.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Problem> {
    check_attributes(text)?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: limits::XML_NODES_MAX,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| {
        let pos = error.pos();
        let at = At::LineColumn(pos.row as usize, pos.col as usize);
        Problem::new(Some(at), format!("no XML: {}", lower_first(&error.to_string())))
    })
}

/// Refuses what the parser would take a time for that grows with the square of the attributes of an
/// element, or of the namespaces.
fn check_attributes(text: &str) -> Result<(), Problem> {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        at += found;
        let rest = text.get(at..).unwrap_or_default();
        let apart = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
            .into_iter()
            .find(|(start, _)| rest.starts_with(start));
        let (length, attributes) = match apart {
            Some((_, end)) => (rest.find(end).map_or(rest.len(), |found| found + end.len()), 0),
            None => element(rest),
        };
        if attributes > limits::XML_ATTRIBUTES_MAX {
            let reason =
                format!("an element with more than {} attributes", limits::XML_ATTRIBUTES_MAX);
            return Err(Problem::new(Some(At::Offset(at)), reason));
        }
        at += length;
    }
    match text.match_indices("xmlns").nth(limits::XML_ATTRIBUTES_MAX) {
        Some((at, _)) => Err(Problem::new(
            Some(At::Offset(at)),
            format!("more than {} namespaces", limits::XML_ATTRIBUTES_MAX),
        )),
        None => Ok(()),
    }
}

/// The length of an element's tag, and how many attributes it has.
fn element(tag: &str) -> (usize, usize) {
    let (mut attributes, mut quote) = (0, None);
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (at + 1, attributes),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if byte == open => quote = None,
            (None, b'=') => attributes += 1,
            _ => {}
        }
    }
    (tag.len(), attributes)
}
