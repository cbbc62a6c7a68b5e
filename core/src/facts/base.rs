//! What is the same for all campaigns of a sender, and a campaign over it.
//!
//! A base is facts like any other. A campaign document is read over it, member by member: what it
//! says replaces what the base says, also with a list or null, and what it does not say is left.

use std::sync::Arc;

use serde::Deserializer;

use super::case::Facts;
use super::document;
use super::error::{self, FactsError};
use crate::schema::Schema;
use crate::schema::attributes as id;
use crate::time::Timestamp;
use crate::value::{Fact, Value};

impl Facts {
    /// Reads a base document, which need not have `send_at` and has no recipient.
    pub(crate) fn base_from_json(
        schema: &Arc<Schema>,
        document: &[u8],
    ) -> Result<Self, FactsError> {
        document::read_base(Self::empty(schema), document)
    }

    /// As [`Self::base_from_json`], from a document that is no JSON text.
    pub(crate) fn base_from_source<'de, D: Deserializer<'de, Error = FactsError>>(
        schema: &Arc<Schema>,
        source: D,
    ) -> Result<Self, FactsError> {
        document::read_base_source(Self::empty(schema), source)
    }

    /// A base that says nothing.
    pub(crate) fn empty_base(schema: &Arc<Schema>) -> Self {
        Self::empty(schema)
    }

    /// These facts, with the instant of sending.
    pub(crate) fn sent(mut self, send_at: Timestamp) -> Self {
        self.put(id::SEND_AT, Fact::Value(Value::Timestamp(send_at)));
        self
    }

    pub(crate) fn over_json(self, document: &[u8]) -> Result<Self, FactsError> {
        document::read(self, document).map_err(FactsError::needing_send_at)?.with_send_at()
    }

    pub(crate) fn over_json_at(
        self,
        document: &[u8],
        send_at: Timestamp,
    ) -> Result<Self, FactsError> {
        Ok(document::read(self, document)?.sent(send_at))
    }

    pub(crate) fn over_json_without_send_at(self, document: &[u8]) -> Result<Self, FactsError> {
        document::read(self, document)
    }

    pub(crate) fn over_source<'de, D: Deserializer<'de, Error = FactsError>>(
        self,
        source: D,
    ) -> Result<Self, FactsError> {
        document::read_source(self, source).map_err(FactsError::needing_send_at)?.with_send_at()
    }

    pub(crate) fn over_source_at<'de, D: Deserializer<'de, Error = FactsError>>(
        self,
        source: D,
        send_at: Timestamp,
    ) -> Result<Self, FactsError> {
        Ok(document::read_source(self, source)?.sent(send_at))
    }

    fn with_send_at(self) -> Result<Self, FactsError> {
        if self.fact(id::SEND_AT).is_unknown() { Err(error::missing_send_at()) } else { Ok(self) }
    }
}
