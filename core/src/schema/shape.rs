//! The shape of the campaign document: which member lies in which object.

use std::sync::Arc;

use super::{AttributeId, Origin, Schema};

/// An object of the document.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// The members, in name order.
    members: Vec<(Arc<str>, Member)>,
    /// Where each member is, by a hash of its name, with open addressing; a power of two of places, no more than half of them taken.
    table: Vec<Option<u16>>,
}

/// A hash of a name's length and first and last bytes, which tell most names of one object apart. Source of the factor: Fibonacci hashing,
/// Knuth, The Art of Computer Programming 3, section 6.4.
fn hash(name: &str) -> usize {
    let bytes = name.as_bytes();
    let word = |chunk: Option<&[u8; 4]>| chunk.map_or(0, |chunk| u64::from(u32::from_le_bytes(*chunk)));
    let ends = word(bytes.first_chunk()) << 32 | word(bytes.last_chunk());
    ((ends ^ bytes.len() as u64 ^ u64::from(bytes.first().copied().unwrap_or(0)) << 8).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize
}

/// What a member of the document holds.
#[derive(Clone, Debug)]
pub enum Member {
    /// A value.
    Attribute(AttributeId),
    /// A list of objects: its index in [`Schema::collections`].
    Collection(usize),
    /// An object.
    Object(Object),
    /// A derived attribute, which is never given.
    Derived(AttributeId),
}

impl Object {
    /// The shape of a whole document.
    pub fn of(schema: &Schema) -> Self {
        let mut root = Self::default();
        for (id, attribute) in schema.iter() {
            let member = match attribute.origin {
                Origin::Given | Origin::GivenOrDerived => Member::Attribute(id),
                Origin::Derived => Member::Derived(id),
            };
            root.insert(&attribute.path, member);
        }
        for (index, collection) in schema.collections().iter().enumerate() {
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
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let at = self.members.binary_search_by(|(known, _)| (**known).cmp(name));
        let Some(rest) = rest else {
            // A collection and an object may share a name: `intermediaries` is a list in the document and the prefix of derived attributes.
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
        self.table.clear();
        self.table.resize((self.members.len() * 2).next_power_of_two(), None);
        let last = self.table.len() - 1;
        for (place, (name, _)) in self.members.iter().enumerate() {
            let mut at = hash(name) & last;
            while self.table[at].is_some() {
                at = (at + 1) & last;
            }
            // A schema has no more attributes than numbers of 16 bits: `limits::ATTRIBUTES_MAX`.
            self.table[at] = Some(place as u16);
        }
    }
}

impl Member {
    /// Whether the caller can give something here.
    fn is_given(&self) -> bool {
        match self {
            Self::Attribute(_) | Self::Collection(_) => true,
            Self::Derived(_) => false,
            Self::Object(object) => object.is_empty() || object.members.iter().any(|(_, member)| member.is_given()),
        }
    }
}
