//! A campaign, read over the engine's base document.

use std::sync::Arc;

use serde::Deserializer;

use super::parts::{Engine, Parts};
use crate::facts::{Facts, FactsError};
use crate::time::Timestamp;

impl Engine {
    /// This engine over another base document, in place of the one that it was built with
    /// ([`EngineBuilder::base`](super::EngineBuilder::base)). Nothing is built again.
    ///
    /// ```
    /// use cleartosend::Engine;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = Engine::built_in()?;
    /// let of_sender = engine.with_base(br#"{"account": {"quality": "red"}}"#)?;
    /// let campaign = br#"{"send_at": "2026-03-02T15:00:00Z"}"#;
    /// assert_ne!(of_sender.check_json(campaign)?.digest(), engine.check_json(campaign)?.digest());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Whatever is not exactly as the schema says, with its path; a recipient.
    pub fn with_base(&self, document: &[u8]) -> Result<Self, FactsError> {
        Ok(self.over(Facts::base_from_json(self.schema(), document)?))
    }

    /// As [`Self::with_base`], from a document that is no JSON text: see [`Facts::from_source`].
    ///
    /// # Errors
    /// As [`Self::with_base`].
    pub fn with_base_from_source<'de, D: Deserializer<'de, Error = FactsError>>(
        &self,
        source: D,
    ) -> Result<Self, FactsError> {
        Ok(self.over(Facts::base_from_source(self.schema(), source)?))
    }

    fn over(&self, base: Facts) -> Self {
        // Destructured, so that no part is forgotten.
        let Parts {
            program,
            directory,
            catalogue,
            order,
            stamp,
            base: _,
            wanted,
            in_conditions,
            memo,
        } = &*self.0;
        Self(Arc::new(Parts {
            program: Arc::clone(program),
            directory: Arc::clone(directory),
            catalogue: Arc::clone(catalogue),
            order: Arc::clone(order),
            stamp: Arc::clone(stamp),
            base,
            wanted: *wanted,
            in_conditions: *in_conditions,
            memo: Arc::clone(memo),
        }))
    }

    /// Facts for this engine with nothing given yet but what the base document gives, and the
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
    /// let base = br#"{"access": {"route": "cloud_api"}, "account": {"quality": "green"}}"#;
    /// let engine = Engine::builder().base(base).build()?;
    /// let facts = engine.facts_from_json(
    ///     br#"{"send_at": "2026-03-02T15:00:00Z", "account": {"quality": "red"}}"#,
    /// )?;
    /// let text = |path| facts.fact(engine.schema().id(path).unwrap()).text();
    /// assert_eq!(text("access.route"), Some("cloud_api"));
    /// assert_eq!(text("account.quality"), Some("red"));
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

    /// As [`Self::facts_from_json`], with the instant of sending given apart, whatever the
    /// documents say.
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
