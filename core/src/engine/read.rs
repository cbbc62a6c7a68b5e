//! A campaign, read over the engine's base document.

use serde::Deserializer;

use super::parts::Engine;
use crate::facts::{Facts, FactsError};
use crate::time::Timestamp;

impl Engine {
    /// Facts for this engine of which nothing is said yet but what the base document says, and the
    /// instant of sending.
    pub fn facts(&self, send_at: Timestamp) -> Facts {
        self.0.base.clone().sent(send_at)
    }

    /// Reads a campaign document over the base document
    /// ([`EngineBuilder::base`](super::EngineBuilder::base)); as [`Facts::from_json`] does, where
    /// the engine has none.
    ///
    /// ```
    /// use cleartosend::Engine;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let base = br#"{"access": {"route": "cloud_api", "clients": ["npm:axios"]}}"#;
    /// let engine = Engine::builder().base(base).build()?;
    /// let facts = engine.facts_from_json(
    ///     br#"{"send_at": "2026-03-02T15:00:00Z", "access": {"clients": []}}"#,
    /// )?;
    /// let told = |path| facts.fact(engine.schema().id(path).unwrap()).to_string();
    /// assert_eq!(told("access.route"), "cloud_api");
    /// assert_eq!(told("access.clients"), "[]");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Whatever is not exactly as the schema says, with its path; neither the campaign nor the base
    /// says `send_at`.
    pub fn facts_from_json(&self, document: &[u8]) -> Result<Facts, FactsError> {
        self.0.base.clone().over_json(document)
    }

    /// As [`Self::facts_from_json`], with the instant of sending given apart, whatever the documents
    /// say.
    ///
    /// # Errors
    /// As [`Self::facts_from_json`], but no document need have `send_at`.
    pub fn facts_from_json_at(
        &self,
        document: &[u8],
        send_at: Timestamp,
    ) -> Result<Facts, FactsError> {
        self.0.base.clone().over_json_at(document, send_at)
    }

    /// As [`Self::facts_from_json`], but no document need have `send_at`: for expressions that do
    /// not ask for it.
    ///
    /// # Errors
    /// As [`Self::facts_from_json`].
    pub fn facts_from_json_without_send_at(&self, document: &[u8]) -> Result<Facts, FactsError> {
        self.0.base.clone().over_json_without_send_at(document)
    }

    /// As [`Self::facts_from_json`], from a document that is no JSON text: see
    /// [`Facts::from_source`].
    ///
    /// # Errors
    /// As [`Self::facts_from_json`].
    pub fn facts_from_source<'de, D: Deserializer<'de, Error = FactsError>>(
        &self,
        source: D,
    ) -> Result<Facts, FactsError> {
        self.0.base.clone().over_source(source)
    }

    /// As [`Self::facts_from_source`], with the instant of sending given apart, whatever the
    /// documents say.
    ///
    /// # Errors
    /// As [`Self::facts_from_source`], but no document need have `send_at`.
    pub fn facts_from_source_at<'de, D: Deserializer<'de, Error = FactsError>>(
        &self,
        source: D,
        send_at: Timestamp,
    ) -> Result<Facts, FactsError> {
        self.0.base.clone().over_source_at(source, send_at)
    }
}
