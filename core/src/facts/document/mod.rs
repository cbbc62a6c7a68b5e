//! The campaign document: JSON text into slots, in one pass, without a tree in between.
//!
//! serde_json reads the text; this file says, member by member, what may stand there. What is wrong
//! with a member is noted and the reading goes on, so that all of it is reported at once; what is
//! no JSON ends it.

#[macro_use]
mod refuse;

#[cfg(feature = "screen")]
mod alone;
mod collection;
mod depth;
mod fact;
mod names;
mod object;
mod path;
mod reader;

use serde::de::{DeserializeSeed, Deserializer};

#[cfg(feature = "screen")]
pub(super) use self::alone::read_fact;
use self::object::ObjectSeed;
use self::reader::{Kind, Reader};
use super::case::Facts;
use super::error::{self, FactsError};
use crate::limits;

/// Reads a campaign document over facts: what it says of a member replaces what they say, and what
/// it does not say is left.
pub(super) fn read(facts: Facts, document: &[u8]) -> Result<Facts, FactsError> {
    read_as(Kind::Campaign, facts, document)
}

/// Reads a base document into facts of which nothing is known yet.
pub(super) fn read_base(facts: Facts, document: &[u8]) -> Result<Facts, FactsError> {
    read_as(Kind::Base, facts, document)
}

fn read_as(kind: Kind, facts: Facts, document: &[u8]) -> Result<Facts, FactsError> {
    if document.len() > limits::DOCUMENT_BYTES_MAX {
        return Err(error::too_large(document.len()));
    }
    let text =
        std::str::from_utf8(document).map_err(|problem| error::not_utf8(problem.valid_up_to()))?;
    // Some editors begin a file with a byte order mark, which is not JSON (RFC 8259, section 8.1)
    // and says nothing.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let schema = std::sync::Arc::clone(&facts.schema);
    let mut reader = Reader { kind, ..Reader::new(&schema, facts) };
    let mut json = serde_json::Deserializer::from_str(text);
    let done = ObjectSeed { reader: &mut reader, shape: schema.shape() }
        .deserialize(&mut json)
        .and_then(|()| json.end());
    match done {
        Ok(()) => reader.done(),
        Err(problem) => Err(reader.refused(&problem)),
    }
}

/// As [`read`], from a document that is no JSON text.
pub(super) fn read_source<'de, D: Deserializer<'de, Error = FactsError>>(
    facts: Facts,
    source: D,
) -> Result<Facts, FactsError> {
    read_source_as(Kind::Campaign, facts, source)
}

/// As [`read_base`], from a document that is no JSON text.
pub(super) fn read_base_source<'de, D: Deserializer<'de, Error = FactsError>>(
    facts: Facts,
    source: D,
) -> Result<Facts, FactsError> {
    read_source_as(Kind::Base, facts, source)
}

fn read_source_as<'de, D: Deserializer<'de, Error = FactsError>>(
    kind: Kind,
    facts: Facts,
    source: D,
) -> Result<Facts, FactsError> {
    let schema = std::sync::Arc::clone(&facts.schema);
    let mut reader = Reader { kind, ..Reader::new(&schema, facts) };
    let done = ObjectSeed { reader: &mut reader, shape: schema.shape() }.deserialize(source);
    let Err(problem) = done else { return reader.done() };
    if !reader.is_refused {
        let path = reader.path.to_string();
        let problem = if problem.path().is_empty() { problem.at(path) } else { problem };
        reader.problems.put_first(problem.clone());
        return Err(reader.problems.into_error().unwrap_or(problem));
    }
    Err(reader.problems.into_error().unwrap_or(problem))
}
