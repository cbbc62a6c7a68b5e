//! XML, without document types: no entity is ever expanded.

use roxmltree::{Document, ParsingOptions};

use super::Problem;
use super::json::lower_first;
use crate::limits;
use crate::place::At;

/// Parses a file.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Problem> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: limits::XML_NODES_MAX, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let pos = error.pos();
        let at = At::LineColumn(pos.row as usize, pos.col as usize);
        Problem::new(Some(at), format!("no XML: {}", lower_first(&error.to_string())))
    })
}
