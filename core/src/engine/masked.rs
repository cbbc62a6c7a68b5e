//! What would be decided if nobody knew who the recipient is?

use super::parts::Engine;
use crate::decide::{self, Decision};
use crate::facts::{Facts, FactsError};
use crate::matching;
use crate::resolve;
use crate::schema::AttributeId;
use crate::schema::attributes as id;
use crate::value::{Fact, Value};

/// A recipient whose names are hidden behind others, with what followed from the names.
#[derive(Clone, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct Masked {
    /// What stands for the number and the user id. No form is asked of it.
    pub names: Vec<(AttributeId, String)>,
    /// What followed from them, as [`Engine::derived_from_names`] gives it.
    pub derived: Vec<(AttributeId, Fact)>,
}

/// The attributes that name a recipient.
const NAMES: [AttributeId; 2] = [id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID];

impl Engine {
    /// The values of the attributes that name the recipient.
    pub fn names_of(&self, facts: &Facts) -> Vec<(AttributeId, String)> {
        let value = |id| facts.fact(id).text().map(|text| (id, text.to_owned()));
        NAMES.into_iter().filter_map(value).collect()
    }

    /// What follows from the recipient's number or user id, whether rules of this engine read it or
    /// not: each attribute once and in the order of the schema.
    pub fn derived_from_names(&self, facts: &Facts) -> Vec<(AttributeId, Fact)> {
        let facts = &*facts.with_marks();
        let resolved = self.resolve(facts);
        let mut ids: Vec<AttributeId> = NAMES.into_iter().flat_map(resolve::following).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(|id| (id, resolved.fact(id).clone())).collect()
    }

    /// Judges a case as [`Self::check`] does, with other names in place of the recipient's, and
    /// what followed from these taken as it was. The decision is about the case with those names:
    /// its facts, texts and digest hold no other.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn check_masked(&self, facts: &Facts, masked: &Masked) -> Result<Decision, FactsError> {
        facts.ready_for(self.schema())?;
        let mut facts = facts.with_marks().into_owned();
        for (id, name) in masked.names.iter().filter(|(id, _)| NAMES.contains(id)) {
            facts.replace(*id, Fact::Value(Value::string(name)));
        }
        let parts = &self.0;
        let resolved = resolve::resolve(
            &facts,
            parts.program.packs(),
            &parts.directory,
            &parts.catalogue,
            &parts.wanted,
        )
        .with_derived(&masked.derived)
        .placed(&parts.program);
        let matched = matching::findings(&parts.program, &resolved);
        Ok(decide::decide(&parts.program, &resolved, &matched, &parts.stamp))
    }
}
