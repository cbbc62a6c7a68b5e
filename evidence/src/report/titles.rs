//! What are rules called, of which a document has the names alone?

use std::collections::BTreeMap;

use cleartosend::expert::text::escaped;
use cleartosend::{Engine, Lang};
use serde_json::Value;

/// Titles by the digest of a pack and the name of a rule.
#[derive(Debug, Default)]
pub(super) struct Titles(BTreeMap<(String, String), String>);

impl Titles {
    /// Adds those of an engine's packs.
    pub(super) fn add(&mut self, engine: &Engine, lang: Lang) {
        for (_, pack, rule) in engine.program().rules() {
            let key = (pack.digest.to_string(), rule.id.to_string());
            let title = rule.translation(lang).map_or(&*rule.title, |texts| &*texts.title);
            self.0.insert(key, escaped(title).into_owned());
        }
    }

    /// The title of a rule of the pack of that name, if it is the one that a document rests on.
    pub(super) fn in_packs(&self, packs: Option<&Value>, pack: &str, rule: &str) -> Option<&str> {
        let is_it = |stamp: &&Value| stamp.get("name").and_then(Value::as_str) == Some(pack);
        let stamp = packs.and_then(Value::as_array)?.iter().find(is_it)?;
        let digest = stamp.get("digest").and_then(Value::as_str)?;
        self.0.get(&(digest.to_owned(), rule.to_owned())).map(String::as_str)
    }
}
