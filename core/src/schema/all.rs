//! All attributes of one engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use once_cell::sync::Lazy;

use super::attribute::{Attribute, AttributeId, Code, Form, NotGiven, Origin};
use super::collection::Collection;
use super::error::SchemaError;
use super::{attributes, shape};
use crate::limits;
use crate::suggest;
use crate::value::{Fact, Type};

/// All attributes of one engine.
#[derive(Clone, Debug)]
pub struct Schema {
    attributes: Vec<Attribute>,
    by_path: BTreeMap<Arc<str>, AttributeId>,
    given: Vec<Given>,
    collections: Arc<[Collection]>,
    shape: shape::Object,
    /// The code of each attribute where nothing is given, and those of which something is known
    /// then.
    not_given: (Vec<Code>, Vec<(AttributeId, Fact)>),
}

static BUILT_IN: Lazy<Arc<Schema>> = Lazy::new(|| Arc::new(Schema::from_declarations()));

/// Something that callers give.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    path: Arc<str>,
    /// The path as the name of a member in JSON: `"account.quality":`.
    pub(crate) name: Box<str>,
    pub(crate) member: GivenMember,
}

/// What it is.
#[derive(Clone, Debug)]
pub(crate) enum GivenMember {
    /// With the whole member of each value that has a code of its own, by code from `CODE_FIRST`:
    /// `"account.quality":"green",`.
    Value(AttributeId, Box<[Box<str>]>),
    /// A list of objects: its index in [`Schema::collections`].
    Collection(usize),
}

impl Given {
    fn value(id: AttributeId, attribute: &Attribute) -> Self {
        let name = member_name(&attribute.path);
        let member = |value: serde_json::Value| format!("{name}{value},").into();
        let known = match (&attribute.form, attribute.ty) {
            (_, Type::BOOL) => [false, true].map(|value| member(value.into())).into(),
            (Form::OneOf(choices), Type::STRING) => {
                choices.iter().map(|choice| member((&*choice.name).into())).collect()
            }
            _ => Box::default(),
        };
        Self { path: Arc::clone(&attribute.path), name, member: GivenMember::Value(id, known) }
    }

    fn collection(index: usize, collection: &Collection) -> Self {
        Self {
            path: Arc::clone(&collection.path),
            name: member_name(&collection.path),
            member: GivenMember::Collection(index),
        }
    }
}

/// Notes what is known of an attribute where nothing is given.
fn note(
    (codes, known): &mut (Vec<Code>, Vec<(AttributeId, Fact)>),
    id: AttributeId,
    attribute: &Attribute,
) {
    let fact = attribute.not_given.fact();
    codes.push(attribute.code(&fact));
    if !fact.is_unknown() {
        known.push((id, fact));
    }
}

fn member_name(path: &str) -> Box<str> {
    format!("{}:", serde_json::Value::from(path)).into()
}

impl Schema {
    /// The built-in schema.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    fn from_declarations() -> Self {
        let attributes = attributes::all();
        let by_path: BTreeMap<_, _> = attributes
            .iter()
            .enumerate()
            .map(|(index, attribute)| (Arc::clone(&attribute.path), AttributeId(index as u16)))
            .collect();
        let mut schema = Self {
            attributes,
            by_path,
            given: Vec::new(),
            collections: attributes::collections(),
            shape: shape::Object::default(),
            not_given: (Vec::new(), Vec::new()),
        };
        for (id, attribute) in (0..).map(AttributeId).zip(&schema.attributes) {
            note(&mut schema.not_given, id, attribute);
        }
        let values = schema.iter().filter(|(_, attribute)| attribute.origin != Origin::Derived);
        let lists = schema.collections().iter().enumerate();
        schema.given = values
            .map(|(id, attribute)| Given::value(id, attribute))
            .chain(lists.map(|(index, collection)| Given::collection(index, collection)))
            .collect();
        schema.given.sort_by(|a, b| a.path.cmp(&b.path));
        schema.shape = shape::Object::of(schema.iter(), schema.collections());
        schema
    }

    /// This schema with attributes that packs declare under `x.`.
    ///
    /// # Errors
    /// A path outside `x.`, a path declared twice with different meanings, too many attributes.
    pub fn with_declared(
        &self,
        declared: impl IntoIterator<Item = Attribute>,
    ) -> Result<Self, SchemaError> {
        let mut schema = self.clone();
        declared.into_iter().try_for_each(|attribute| schema.declare(attribute))?;
        Ok(schema)
    }

    /// Adds one attribute that a pack declares under `x.`.
    ///
    /// # Errors
    /// As [`Self::with_declared`]; the schema is then as it was.
    pub fn declare(&mut self, attribute: Attribute) -> Result<(), SchemaError> {
        if !attribute.path.starts_with("x.") {
            return Err(SchemaError::OutsideX { path: attribute.path.to_string() });
        }
        if let Some(id) = self.id(&attribute.path) {
            let known = self.attribute(id);
            let same = known.ty == attribute.ty
                && known.form == attribute.form
                && known.nullable == attribute.nullable
                && known.not_given.agrees(&attribute.not_given)
                && known.scope == attribute.scope;
            return if same {
                Ok(())
            } else {
                Err(SchemaError::DeclaredTwice { path: attribute.path.to_string() })
            };
        }
        let prefix = format!("{}.", attribute.path);
        let clash = self.by_path.keys().find(|path| {
            path.starts_with(&prefix)
                || attribute.path.strip_prefix(&***path).is_some_and(|rest| rest.starts_with('.'))
        });
        if let Some(other) = clash {
            return Err(SchemaError::Overlap {
                path: attribute.path.to_string(),
                other: other.to_string(),
            });
        }
        if self.attributes.len() >= limits::ATTRIBUTES_MAX {
            return Err(SchemaError::TooMany);
        }
        let id = AttributeId(self.attributes.len() as u16);
        let place = self.given.partition_point(|given| given.path < attribute.path);
        self.given.insert(place, Given::value(id, &attribute));
        self.by_path.insert(Arc::clone(&attribute.path), id);
        self.shape.insert(&attribute.path, shape::Member::Attribute(id));
        note(&mut self.not_given, id, &attribute);
        self.attributes.push(attribute);
        Ok(())
    }

    /// The attribute of that number.
    ///
    /// Ids come from this schema or from one that it extends, so they are in range.
    pub fn attribute(&self, id: AttributeId) -> &Attribute {
        &self.attributes[id.index()]
    }

    /// The number of that attribute.
    pub fn id(&self, path: &str) -> Option<AttributeId> {
        self.by_path.get(path).copied()
    }

    /// How many attributes there are.
    pub fn len(&self) -> usize {
        self.attributes.len()
    }

    /// Whether there are none, which is never.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// All attributes, in declaration order.
    pub fn iter(&self) -> impl Iterator<Item = (AttributeId, &Attribute)> {
        self.attributes
            .iter()
            .enumerate()
            .map(|(index, attribute)| (AttributeId(index as u16), attribute))
    }

    /// All attributes, in path order.
    pub fn iter_by_path(&self) -> impl Iterator<Item = (AttributeId, &Attribute)> {
        self.by_path.values().map(|id| (*id, self.attribute(*id)))
    }

    /// The given attributes that are absent when not given, in path order, each with the reason:
    /// leaving one out may make a verdict better.
    pub fn absent_when_not_given(&self) -> impl Iterator<Item = (&Attribute, &str)> {
        self.iter_by_path().filter_map(|(_, attribute)| {
            match (&attribute.not_given, attribute.origin) {
                (NotGiven::Absent { reason }, Origin::Given | Origin::GivenOrDerived) => {
                    Some((attribute, &**reason))
                }
                _ => None,
            }
        })
    }

    /// The code of each attribute where nothing is given, and those of which something is known
    /// then.
    pub(crate) fn not_given(&self) -> (&[Code], &[(AttributeId, Fact)]) {
        (&self.not_given.0, &self.not_given.1)
    }

    /// What callers give, in path order.
    pub(crate) fn given(&self) -> &[Given] {
        &self.given
    }

    /// The shape of the campaign document.
    pub fn shape(&self) -> &shape::Object {
        &self.shape
    }

    /// The lists of objects.
    pub fn collections(&self) -> &[Collection] {
        &self.collections
    }

    /// The member that can be given which a wrong path means: by what other systems call it, by the
    /// last name of another object, or by one that is near.
    pub fn nearest_given(&self, wrong: &str) -> Option<&str> {
        let leaf_of = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
        let leaf = leaf_of(wrong);
        if let Some((_, path)) =
            attributes::FOREIGN_NAMES.iter().find(|(name, _)| *name == leaf.to_ascii_lowercase())
        {
            return Some(path);
        }
        let given = || self.given.iter().map(|given| &*given.path);
        // Most of a long path agrees with many others, so the last name alone has to be near.
        let is_near = |path: &&str| suggest::nearest(&leaf, [leaf_of(path).as_str()]).is_some();
        given()
            .find(|path| leaf_of(path) == leaf)
            .or_else(|| suggest::nearest(wrong, given().filter(is_near)))
    }

    /// Whether a member has that name in other systems.
    pub(crate) fn is_foreign_name(name: &str) -> bool {
        attributes::FOREIGN_NAMES.iter().any(|(known, _)| *known == name.to_ascii_lowercase())
    }

    /// The known path nearest to a wrong one.
    pub fn nearest(&self, wrong: &str) -> Option<&str> {
        let nearest = suggest::nearest(wrong, self.by_path.keys().map(|path| &**path));
        nearest.or_else(|| {
            // A bare last name is the commonest slip: `quality` for `account.quality`.
            let leaf = wrong.rsplit('.').next().unwrap_or(wrong);
            self.by_path
                .keys()
                .map(|path| &**path)
                .find(|path| path.rsplit('.').next() == Some(leaf))
        })
    }
}
