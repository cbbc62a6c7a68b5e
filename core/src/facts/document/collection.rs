//! A list of objects, such as the account's restrictions.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::fact::FactSeed;
use super::names::{NameSeed, Seen};
use super::path::Step;
use super::reader::Reader;
use crate::facts::case::{Entry, period_of};
use crate::facts::error;
use crate::schema::Collection;
use crate::value::Fact;

/// Reads a list of objects, or `null`, which makes it unknown.
pub(super) struct CollectionSeed<'r, 's> {
    pub(super) reader: &'r mut Reader<'s>,
    pub(super) index: usize,
}

impl<'de> DeserializeSeed<'de> for CollectionSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for CollectionSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    refuse_scalars!(|_: &Self| "a list of objects".to_owned());

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.reader.pass_object(map, "a list of objects")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.reader.facts.collections[self.index] = None;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { reader, index } = self;
        let entries_max = reader.schema.collections().get(index).map_or(0, Collection::entries_max);
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            reader.path.0.push(Step::Entry(entries.len()));
            let Some(entry) = list.next_element_seed(EntrySeed { reader, index })? else { break };
            if entries.len() == entries_max {
                reader.path.0.pop();
                reader.note(error::list_too_long(entries_max));
                return reader.pass_rest(list);
            }
            entries.push(entry);
            reader.path.0.pop();
        }
        reader.path.0.pop();
        reader.facts.collections[index] = Some(entries);
        Ok(())
    }
}

/// Reads one object of a list.
pub(super) struct EntrySeed<'r, 's> {
    pub(super) reader: &'r mut Reader<'s>,
    index: usize,
}

impl<'de> DeserializeSeed<'de> for EntrySeed<'_, '_> {
    type Value = Entry;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Entry, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for EntrySeed<'_, '_> {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    refuse_scalars!(|_: &Self| "an object".to_owned());

    fn visit_unit<E>(self) -> Result<Entry, E> {
        let members = self
            .reader
            .schema
            .collections()
            .get(self.index)
            .map_or(0, |collection| collection.members.len());
        Ok(vec![Fact::Unknown; members])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Entry, A::Error> {
        self.reader.pass_list(list, "an object")?;
        Ok(Entry::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let Self { reader, index } = self;
        let schema = reader.schema;
        let members = schema
            .collections()
            .get(index)
            .map(|collection| &*collection.members)
            .unwrap_or_default();
        let mut entry = vec![Fact::Unknown; members.len()];
        let mut seen = Seen::new(members.len());
        let find =
            |name: &str| members.iter().enumerate().find(|(_, member)| *member.path == *name);
        while let Some(found) = map.next_key_seed(NameSeed(find))? {
            let (place, member) = match found {
                Ok(found) => found,
                Err(stranger) => {
                    let problem = error::unknown_member(
                        &stranger,
                        members.iter().map(|member| &*member.path),
                        None,
                    );
                    reader.path.0.push(Step::Stranger(stranger));
                    reader.note(problem);
                    reader.skip_value(&mut map)?;
                    reader.path.0.pop();
                    continue;
                }
            };
            reader.path.0.push(Step::Name(&member.path));
            if seen.insert(place) {
                reader.note(error::repeated_member());
                reader.skip_value(&mut map)?;
                reader.path.0.pop();
                continue;
            }
            entry[place] =
                map.next_value_seed(FactSeed { reader, attribute: member, ty: member.ty })?;
            reader.path.0.pop();
        }
        if let Some(collection) = schema.collections().get(index)
            && let Err(problem) = period_of(&entry, collection)
        {
            let here = reader.path.to_string();
            reader.note(problem.under(&here));
        }
        Ok(entry)
    }
}
