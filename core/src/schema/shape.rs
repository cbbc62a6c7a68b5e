//! The shape of the campaign document: which member lies in which object.

use std::sync::Arc;

use super::attribute::{Attribute, AttributeId, Origin};
use super::collection::Collection;

/// An object of the document.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// The members, in name order.
    members: Vec<(Arc<str>, Member)>,
    /// Where each member is, by a hash of its name, with open addressing; a power of two of places,
    /// no more than half of them taken.
    table: Vec<Option<u16>>,
}

/// A hash of all of a name, eight bytes at a time. Source: FxHash, as Firefox and rustc have it.
fn hash(name: &str) -> usize {
    let fold = |hash: u64, word: [u8; 8]| {
        (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95)
    };
    let (words, rest) = name.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let hash = words.iter().fold(name.len() as u64, |hash, word| fold(hash, *word));
    (fold(hash, last) >> 32) as usize
}

/// What a member of the document holds.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever reads it decides about each: a new one breaks them on purpose"
)]
pub enum Member {
    /// A value.
    Attribute(AttributeId),
    /// A list of objects: its index in [`Schema::collections`](super::Schema::collections).
    Collection(usize),
    /// An object.
    Object(Object),
    /// A derived attribute, which is never given.
    Derived(AttributeId),
}

impl Object {
    /// The shape of a whole document.
    pub(super) fn of<'a>(
        attributes: impl Iterator<Item = (AttributeId, &'a Attribute)>,
        collections: &[Collection],
    ) -> Self {
        let mut root = Self::default();
        for (id, attribute) in attributes {
            let member = match attribute.origin {
                Origin::Given | Origin::GivenOrDerived => Member::Attribute(id),
                Origin::Derived => Member::Derived(id),
            };
            root.insert(&attribute.path, member);
        }
        for (index, collection) in collections.iter().enumerate() {
            root.insert(&collection.path, Member::Collection(index));
        }
        // The caller's own facts may be given as an empty object even where no pack declares any.
        if root.find("x").is_none() {
            root.insert("x", Member::Object(Self::default()));
        }
        root
    }

    /// The member of that name: its place among [`Self::len`], its name, and what it holds.
    pub fn find(&self, name: &str) -> Option<(usize, &str, &Member)> {
        let last = self.table.len().checked_sub(1)?;
        let mut at = hash(name) & last;
        while let Some(place) = self.table.get(at).copied().flatten() {
            let (known, member) = self.members.get(usize::from(place))?;
            if **known == *name {
                return Some((usize::from(place), known, member));
            }
            at = (at + 1) & last;
        }
        None
    }

    /// The members that can be given, by name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().filter(|(_, member)| member.is_given()).map(|(name, _)| &**name)
    }

    /// All members, in name order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Member)> {
        self.members.iter().map(|(name, member)| (&**name, member))
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Adds a member at a path, with the objects on the way.
    pub(super) fn insert(&mut self, path: &str, member: Member) {
        let (name, rest) =
            path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let at = self.members.binary_search_by(|(known, _)| (**known).cmp(name));
        let Some(rest) = rest else {
            // A collection and an object may share a name: `intermediaries` is a list in the
            // document and the prefix of derived attributes.
            match at {
                Ok(index) => self.members[index].1 = member,
                Err(index) => self.insert_at(index, name, member),
            }
            return;
        };
        let index = at.unwrap_or_else(|index| {
            self.insert_at(index, name, Member::Object(Self::default()));
            index
        });
        if let Member::Object(object) = &mut self.members[index].1 {
            object.insert(rest, member);
        }
    }
}

impl Object {
    fn insert_at(&mut self, index: usize, name: &str, member: Member) {
        self.members.insert(index, (name.into(), member));
        if self.members.len() * 2 > self.table.len() {
            self.table = vec![None; (self.members.len() * 4).next_power_of_two()];
            (0..self.members.len()).for_each(|place| self.note(place));
            return;
        }
        self.table
            .iter_mut()
            .flatten()
            .filter(|place| usize::from(**place) >= index)
            .for_each(|place| *place += 1);
        self.note(index);
    }

    /// Takes up a member in the table, which has room for it.
    fn note(&mut self, place: usize) {
        let last = self.table.len() - 1;
        let mut at = hash(&self.members[place].0) & last;
        while self.table[at].is_some() {
            at = (at + 1) & last;
        }
        // A schema has no more attributes than numbers of 16 bits: `limits::ATTRIBUTES_MAX`.
        self.table[at] = Some(place as u16);
    }
}

impl Member {
    /// Whether the caller can give something here.
    fn is_given(&self) -> bool {
        match self {
            Self::Attribute(_) | Self::Collection(_) => true,
            Self::Derived(_) => false,
            Self::Object(object) => {
                object.is_empty() || object.members.iter().any(|(_, member)| member.is_given())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_is_found_in_whatever_order_they_came() {
        let mut object = Object::default();
        let names: Vec<String> =
            (0..2000).map(|number| format!("name_{:04}_alike", number * 7 % 2000)).collect();
        for (number, name) in names.iter().enumerate() {
            object.insert(name, Member::Collection(number));
        }
        for (number, name) in names.iter().enumerate() {
            let (place, known, member) = object.find(name).unwrap();
            assert_eq!((known, place), (name.as_str(), number * 7 % 2000));
            assert!(matches!(member, Member::Collection(found) if *found == number));
        }
        assert!(object.find("name_2000_alike").is_none() && object.find("").is_none());
    }
}
