//! What did the caller say?
//!
//! In: a campaign document (design: one JSON object) or typed setters. Out: [`Facts`], one slot an
//! attribute, each a value, absent or unknown, checked against the schema. Nothing after this stage
//! meets text that has not been read.

mod base;
mod case;
mod document;
mod error;
mod form;
mod marks;
mod problems;

use std::sync::Arc;

use serde::Deserializer;

pub use case::{Entry, Facts};
pub use error::FactsError;
pub use marks::Marks;

use crate::directory::Identity;
use crate::language::Lang;
use crate::schema::{Attribute, Schema, attributes as id};
use crate::time::Timestamp;
#[cfg(feature = "screen")]
use crate::value::{Fact, Value};

/// Checks what is asked of a directory outside of a campaign as a campaign document would be: a
/// text that is no name or no domain leads nowhere, and would come out as nobody who is known.
///
/// # Errors
/// As [`Facts::set_text`], at `provider.id`, `provider.name` or `provider.domain`.
pub fn check_identity(who: &Identity<'_>) -> Result<(), FactsError> {
    let mut facts = Facts::empty(&Schema::built_in());
    let members = [
        (id::PROVIDER_ID, who.id),
        (id::PROVIDER_NAME, who.name),
        (id::PROVIDER_DOMAIN, who.domain),
    ];
    members
        .into_iter()
        .filter_map(|(member, text)| Some((member, text?)))
        .try_for_each(|(member, text)| facts.set_text(member, text))
}

impl Facts {
    /// Reads a campaign document.
    ///
    /// # Errors
    /// Whatever is not exactly as the schema says, with its path; a document without `send_at`.
    pub fn from_json(schema: &Arc<Schema>, document: &[u8]) -> Result<Self, FactsError> {
        Self::empty(schema).over_json(document)
    }

    /// As [`Self::from_json`], with the instant of sending given apart, whatever the document says.
    ///
    /// # Errors
    /// As [`Self::from_json`], but the document need not have `send_at`.
    pub fn from_json_at(
        schema: &Arc<Schema>,
        document: &[u8],
        send_at: Timestamp,
    ) -> Result<Self, FactsError> {
        Self::empty(schema).over_json_at(document, send_at)
    }

    /// As [`Self::from_json`], but the document need not have `send_at`: for expressions that do
    /// not ask for it.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_json_without_send_at(
        schema: &Arc<Schema>,
        document: &[u8],
    ) -> Result<Self, FactsError> {
        Self::empty(schema).over_json_without_send_at(document)
    }

    /// Reads a campaign document that is no JSON text, such as another language's objects: whatever
    /// serde can walk, by the same rules and with the same errors as JSON. A source may give an
    /// instant typed, as a newtype around `(seconds, nanoseconds)` since 1970; what it cannot give
    /// at all it refuses itself, with the constructors of [`FactsError`]. It has to bound how much
    /// it gives.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_source<'de, D: Deserializer<'de, Error = FactsError>>(
        schema: &Arc<Schema>,
        source: D,
    ) -> Result<Self, FactsError> {
        Self::empty(schema).over_source(source)
    }

    /// As [`Self::from_source`], with the instant of sending given apart, whatever the document
    /// says.
    ///
    /// # Errors
    /// As [`Self::from_source`], but the document need not have `send_at`.
    pub fn from_source_at<'de, D: Deserializer<'de, Error = FactsError>>(
        schema: &Arc<Schema>,
        source: D,
        send_at: Timestamp,
    ) -> Result<Self, FactsError> {
        Self::empty(schema).over_source_at(source, send_at)
    }
}

/// What a value of an attribute looks like, in words.
pub(crate) fn expected(attribute: &Attribute, lang: Lang) -> String {
    error::expected_in(attribute.ty, &attribute.form, lang)
}

/// A text as a value of an attribute, as a campaign document would hold it.
///
/// # Errors
/// A text that the attribute cannot hold.
#[cfg(feature = "screen")]
pub(crate) fn value_from_text(text: &str, attribute: &Attribute) -> Result<Value, FactsError> {
    form::value_from_text(text, attribute.ty, attribute)
        .map_err(|problem| problem.at(attribute.path.to_string()))
}

/// What a member's JSON says of an attribute, as a campaign document would.
///
/// # Errors
/// What the attribute cannot hold.
#[cfg(feature = "screen")]
pub(crate) fn fact_from_json(json: &str, attribute: &Attribute) -> Result<Fact, FactsError> {
    document::read_fact(json, attribute)
}

/// A typed value as an attribute holds it.
///
/// # Errors
/// A value that the attribute cannot hold.
#[cfg(feature = "screen")]
pub(crate) fn checked(value: Value, attribute: &Attribute) -> Result<Value, FactsError> {
    form::value_of(value, attribute.ty, attribute)
        .map_err(|problem| problem.at(attribute.path.to_string()))
}

#[cfg(test)]
mod tests;
