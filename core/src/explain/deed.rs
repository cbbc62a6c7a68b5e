//! What is done to facts on trial?

use crate::facts::Facts;
use crate::schema::AttributeId;
use crate::value::Fact;

/// One thing done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    /// An attribute is something else.
    Set(AttributeId, Fact),
    /// A member of one entry of a list of objects is something else, by their places.
    SetInEntry(std::sync::Arc<str>, (usize, usize), Fact),
    /// A list of objects is without one of its entries, by its place as given.
    WithoutEntry(&'static str, usize),
    /// A list of objects is known to be empty.
    Empty(std::sync::Arc<str>),
    /// There is no recipient.
    WithoutRecipient,
}

/// The facts with all of it done.
pub(super) fn done<'d>(facts: &Facts, deeds: impl Iterator<Item = &'d Deed>) -> Facts {
    let mut facts = facts.clone();
    let mut entries: Vec<(&'static str, usize)> = Vec::new();
    let mut has_recipient = true;
    for deed in deeds {
        match deed {
            Deed::Set(attribute, fact) => facts.replace(*attribute, fact.clone()),
            Deed::SetInEntry(list, places, fact) => {
                facts.replace_in_entry(list, *places, fact.clone());
            }
            Deed::WithoutEntry(list, place) => entries.push((list, *place)),
            Deed::Empty(list) => facts.empty_list(list),
            Deed::WithoutRecipient => has_recipient = false,
        }
    }
    // Places are those of the lists as given, so that one list is gone through once.
    entries.sort_unstable();
    for chunk in entries.chunk_by(|(a, _), (b, _)| a == b) {
        if let Some((list, _)) = chunk.first() {
            let places: Vec<usize> = chunk.iter().map(|(_, place)| *place).collect();
            facts.without_entries(list, &places);
        }
    }
    if !has_recipient {
        facts.without_recipient();
    }
    facts
}
