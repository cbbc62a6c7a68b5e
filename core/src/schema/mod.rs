//! Which attributes exist, and of what type?
//!
//! In: the built-in declarations ([`attributes`]) and those that packs add under `x.`. Out: a
//! [`Schema`], from which come the rule language's environment, the reader of campaign documents,
//! the JSON Schema and the reference page.
//!
//! Every attribute is declared once, in [`attributes`]; everything else is derived from there.

pub mod attributes;
mod countries;
mod error;
pub mod json_schema;
pub mod reference;
pub(crate) mod regions;
pub mod shape;

use std::collections::BTreeMap;
use std::sync::Arc;

use once_cell::sync::Lazy;

pub use error::SchemaError;

use crate::limits;
use crate::suggest;
use crate::value::{Fact, Type, Value};

/// The version of the built-in schema, against which a pack states its `requires`.
pub const VERSION: semver::Version = semver::Version::new(1, 0, 0);

/// The number of one attribute within its schema.
///
/// Sixteen bits: [`limits::ATTRIBUTES_MAX`] is far below 65,536.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeId(pub u16);

impl AttributeId {
    /// As an index into a table with one entry an attribute.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One attribute: what it is called, what it may hold, and where it comes from.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The dotted path, such as `account.quality`.
    pub path: Arc<str>,
    /// The type that rules see.
    pub ty: Type,
    /// What its texts must look like.
    pub form: Form,
    /// The unit of a number, such as `messages`.
    pub unit: Option<Arc<str>>,
    /// Whether it can be known not to exist.
    pub nullable: Nullable,
    /// Where it comes from.
    pub origin: Origin,
    /// What it means to leave it out.
    pub not_given: NotGiven,
    /// Whom it is about.
    pub scope: Scope,
    /// One line of definition.
    pub doc: Arc<str>,
}

/// What the texts (or numbers) of an attribute must look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Any.
    Any,
    /// One of a list.
    OneOf(Arc<[Choice]>),
    /// ISO 3166-1 alpha-2, in capitals.
    Country,
    /// E.164: `+`, a digit from 1 to 9, then up to 14 digits.
    Phone,
    /// A name of the IANA time zone database.
    TimeZone,
    /// A code of ISO 3166-2.
    Region,
    /// A host name that can be registered, such as `example.com`.
    Domain,
    /// An identifier: something, and no blanks in it.
    Id,
    /// A name for people: letters or digits are in it.
    Name,
    /// Anything in which something can be seen: systems write empty texts where they know nothing.
    Text,
    /// An instant at which something happened, from 1970-01-02 to the year 2199: programs write
    /// others for *no date*.
    Instant,
    /// An instant at which something ends, from 1970-01-02 on.
    End,
    /// `ecosystem:name`, or a package URL.
    Client,
    /// An address that messages are posted to.
    Endpoint,
    /// A business-scoped user id: ISO country, dot, up to 128 letters and digits.
    UserId,
    /// A whole number from 0.
    Count,
    /// A whole number from 0, or the word `unlimited`.
    CountOrUnlimited,
}

/// One allowed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As written.
    pub name: Arc<str>,
    /// What it means; empty where the name says it.
    pub doc: Arc<str>,
}

/// Whether an attribute can be known not to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nullable {
    /// `null` means absent.
    Yes,
    /// `null` means unknown.
    No,
}

/// Where an attribute comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The caller gives it.
    Given,
    /// It follows from others and is never given.
    Derived,
    /// The caller may give it; where not, it follows from others.
    GivenOrDerived,
}

/// What it means when a given attribute is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotGiven {
    /// Nothing is known.
    Unknown,
    /// It does not exist.
    Absent {
        /// Why leaving it out is no gap: half a sentence.
        reason: Arc<str>,
    },
}

impl NotGiven {
    /// Whether leaving it out says that it does not exist.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent { .. })
    }
}

/// Whom an attribute is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The campaign: the same for every recipient.
    Campaign,
    /// One recipient.
    Recipient,
}

impl Scope {
    /// The word used in decisions and packs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Recipient => "recipient",
        }
    }
}

impl Attribute {
    /// The allowed values, when they are a list.
    pub fn choices(&self) -> Option<&[Choice]> {
        match &self.form {
            Form::OneOf(choices) => Some(choices),
            _ => None,
        }
    }
}

/// A list of objects in the campaign document, which rules see only through derived attributes.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The dotted path, such as `account.restrictions`.
    pub path: Arc<str>,
    /// One line of definition.
    pub doc: Arc<str>,
    /// The members of one entry; each `path` is the member's bare name.
    pub members: Arc<[Attribute]>,
    /// The places of two members that are the beginning and the end of a period.
    pub period: Option<(usize, usize)>,
}

impl Collection {
    /// How many entries it may have.
    pub fn entries_max(&self) -> usize {
        if &*self.path == "intermediaries" {
            limits::INTERMEDIARIES_MAX
        } else {
            limits::FACT_LIST_MAX
        }
    }
}

/// All attributes of one engine.
#[derive(Clone, Debug)]
pub struct Schema {
    attributes: Vec<Attribute>,
    by_path: BTreeMap<Arc<str>, AttributeId>,
    given: Vec<Given>,
    collections: Arc<[Collection]>,
    shape: shape::Object,
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
    /// With the whole member of each value that has a code of its own, by code from [`CODE_FIRST`]:
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
        };
        let values = schema.iter().filter(|(_, attribute)| attribute.origin != Origin::Derived);
        let lists = schema.collections().iter().enumerate();
        schema.given = values
            .map(|(id, attribute)| Given::value(id, attribute))
            .chain(lists.map(|(index, collection)| Given::collection(index, collection)))
            .collect();
        schema.given.sort_by(|a, b| a.path.cmp(&b.path));
        schema.shape = shape::Object::of(&schema);
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

/// What is known of an attribute as a small number, so that deciding needs no text: 0 unknown, 1
/// absent, and from 2 the known values of an attribute with finitely many (`false` and `true`, a
/// list's choices, countries), or simply 2.
///
/// Sixteen bits: no list of choices comes near.
pub type Code = u16;

/// The code of an unknown fact.
pub const CODE_UNKNOWN: Code = 0;
/// The code of an absent one.
pub const CODE_ABSENT: Code = 1;
/// The code of the first known value.
pub const CODE_FIRST: Code = 2;

impl Attribute {
    /// The code of a fact of this attribute.
    pub fn code(&self, fact: &Fact) -> Code {
        match fact {
            Fact::Unknown => CODE_UNKNOWN,
            Fact::Absent => CODE_ABSENT,
            Fact::Value(Value::Bool(value)) => CODE_FIRST + Code::from(*value),
            Fact::Value(Value::String(text)) => match &self.form {
                Form::OneOf(choices) => {
                    // Facts share the schema's own texts, so the first look is at addresses.
                    let place = choices.iter().position(|choice| Arc::ptr_eq(&choice.name, text));
                    let place =
                        place.or_else(|| choices.iter().position(|choice| *choice.name == **text));
                    place.map_or(CODE_UNKNOWN, |place| CODE_FIRST + place as Code)
                }
                Form::Country => {
                    countries::place(text).map_or(CODE_UNKNOWN, |place| CODE_FIRST + place)
                }
                _ => CODE_FIRST,
            },
            Fact::Value(_) => CODE_FIRST,
        }
    }

    /// How many codes there are, if each known value has one of its own.
    pub fn codes(&self) -> Option<usize> {
        match (&self.form, self.ty) {
            (_, Type::BOOL) => Some(usize::from(CODE_FIRST) + 2),
            (Form::OneOf(choices), Type::STRING) => Some(usize::from(CODE_FIRST) + choices.len()),
            (Form::Country, Type::STRING) => Some(usize::from(CODE_FIRST) + countries::CODES.len()),
            _ => None,
        }
    }

    /// The known value of a code, where each has one of its own.
    pub fn value_of_code(&self, code: Code) -> Option<Value> {
        let place = usize::from(code.checked_sub(CODE_FIRST)?);
        match (&self.form, self.ty) {
            (_, Type::BOOL) => Some(Value::Bool(place == 1)),
            (Form::OneOf(choices), Type::STRING) => {
                choices.get(place).map(|choice| Value::String(Arc::clone(&choice.name)))
            }
            (Form::Country, Type::STRING) => {
                countries::CODES.get(place).map(|country| Value::string(country))
            }
            _ => None,
        }
    }
}

/// Whether a text is a country code of ISO 3166-1 alpha-2, or `XK`, which the number plan uses for
/// Kosovo.
pub fn is_country(code: &str) -> bool {
    countries::place(code).is_some()
}

/// Whether a text is a region of ISO 3166-2, such as `US-FL`.
pub fn is_region(code: &str) -> bool {
    regions::is_region(code)
}

/// All country codes, in order.
pub fn countries() -> &'static [&'static str] {
    countries::CODES
}
