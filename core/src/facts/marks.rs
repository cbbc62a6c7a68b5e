//! What is known of recipients apart from a case?

use std::collections::BTreeMap;

use crate::schema::AttributeId;
use crate::value::{Fact, Value};

/// What is known of recipients apart from the case: for each name of a recipient, a number in E.164
/// or a user id, facts of that recipient. A case without a recipient carries them, for the audience
/// that it is screened against and for a recipient who is given later.
#[derive(Clone, Debug, Default)]
pub struct Marks(BTreeMap<Box<str>, Vec<(AttributeId, Fact)>>);

impl Marks {
    /// Adds what is known under one name. Of two facts of one attribute the stricter counts: a
    /// value before unknown, unknown before absent, the later timestamp, `true` before `false`.
    pub fn insert(&mut self, name: &str, attribute: AttributeId, fact: Fact) {
        let facts = match self.0.get_mut(name) {
            Some(facts) => facts,
            None => self.0.entry(name.into()).or_default(),
        };
        add(facts, attribute, fact);
    }

    /// Whether nothing is known of anybody.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether something is known under that name.
    #[cfg(feature = "screen")]
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// What is known under one name.
    pub fn facts_of(&self, name: &str) -> Vec<(AttributeId, Fact)> {
        self.of([name])
    }

    /// What is known of a recipient under all of its names.
    pub(crate) fn of<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Vec<(AttributeId, Fact)> {
        let mut facts = Vec::new();
        for (attribute, fact) in names.into_iter().filter_map(|name| self.0.get(name)).flatten() {
            add(&mut facts, *attribute, fact.clone());
        }
        facts
    }
}

fn add(facts: &mut Vec<(AttributeId, Fact)>, attribute: AttributeId, fact: Fact) {
    match facts.iter_mut().find(|(known, _)| *known == attribute) {
        None => facts.push((attribute, fact)),
        Some((_, known)) => {
            if is_stricter(&fact, known) {
                *known = fact;
            }
        }
    }
}

fn is_stricter(fact: &Fact, than: &Fact) -> bool {
    let rank = |fact: &Fact| match fact {
        Fact::Absent => 0,
        Fact::Unknown => 1,
        Fact::Value(_) => 2,
    };
    match (fact, than) {
        (Fact::Value(Value::Timestamp(at)), Fact::Value(Value::Timestamp(known))) => at > known,
        (Fact::Value(Value::Bool(is)), Fact::Value(Value::Bool(known))) => is > known,
        _ => rank(fact) > rank(than),
    }
}
