//! The shape of the campaign document: which member lies in which object.

use std::sync::Arc;

use super::{AttributeId, Origin, Schema};

/// An object of the document.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// The members, in name order.
    members: Vec<(Arc<str>, Member)>,
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

    /// The member of that name, with its place among [`Self::len`].
    pub fn find(&self, name: &str) -> Option<(usize, &Member)> {
        let index = self.members.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        self.members.get(index).map(|(_, member)| (index, member))
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
                Err(index) => self.members.insert(index, (name.into(), member)),
            }
            return;
        };
        let index = at.unwrap_or_else(|index| {
            self.members.insert(index, (name.into(), Member::Object(Self::default())));
            index
        });
        if let Member::Object(object) = &mut self.members[index].1 {
            object.insert(rest, member);
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
