//! What is one attribute?

use std::ops::Range;
use std::sync::Arc;

use super::countries;
#[cfg(doc)]
use crate::limits;
use crate::time::{FIRST, FIRST_OF_OWN, PAST_ALL, SECONDS_END};
use crate::value::{Fact, Type, Value};

/// The number of one attribute within its schema.
///
/// Sixteen bits: [`limits::ATTRIBUTES_MAX`] is far below 65,536.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a number with a name of its own")]
pub struct AttributeId(pub u16);

impl AttributeId {
    /// As an index into a table with one entry an attribute.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One attribute: what it is called, what it may hold, and where it comes from.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
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
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever reads it decides about each: a new one breaks them on purpose"
)]
pub enum Form {
    /// Any.
    Any,
    /// One of a list.
    OneOf(Arc<[Choice]>),
    /// ISO 3166-1 alpha-2, in capitals.
    Country,
    /// E.164: `+`, a digit from 1 to 9, then 6 to 14 digits.
    Phone,
    /// E.164, or the id that WhatsApp gives to a sending number: 14 to 20 digits.
    PhoneOrId,
    /// A name of the IANA time zone database.
    TimeZone,
    /// A code of ISO 3166-2.
    Region,
    /// A host name that can be registered, such as `example.com`.
    Domain,
    /// An identifier: something, and no blanks in it.
    Id,
    /// A name for people: letters or digits are in it, and it is no word for *none* or *not known*.
    Name,
    /// The name of a firm: as a name, and no word that stands in for one, such as `test`.
    Firm,
    /// Anything in which something can be seen: systems write empty texts where they know nothing.
    Text,
    /// An instant at which something happened, from 1970-01-02 to the year 2199: programs write
    /// others for *no date*.
    Instant,
    /// An instant at which something ends, from 1970-01-02 on.
    End,
    /// An instant that a pack asks for and that may be long ago, such as a birthday: from 1900-01-02
    /// on, but for the first day of 1970, since programs write others for *no date*.
    OwnInstant,
    /// `ecosystem:name`, or a package URL.
    Client,
    /// An address that messages are posted to.
    Endpoint,
    /// A business-scoped user id: ISO country, dot, up to 128 letters and digits.
    UserId,
    /// The language of a template: two or three letters, and at most one part more behind `_` or
    /// `-`.
    Language,
    /// A whole number from 0.
    Count,
    /// A whole number from 0, or the word `unlimited`.
    CountOrUnlimited,
}

impl Form {
    /// Whether it is a number of things, of which there are no fewer than none.
    pub(crate) const fn is_count(&self) -> bool {
        matches!(self, Self::Count | Self::CountOrUnlimited)
    }

    /// Which instants are taken, in seconds since 1970, in order; none of a form that takes each.
    #[expect(
        clippy::single_range_in_vec_init,
        reason = "one span of instants is a list of spans too"
    )]
    pub(crate) const fn instants_taken(&self) -> Option<&'static [Range<i64>]> {
        match self {
            Self::Instant => Some(&[FIRST..PAST_ALL]),
            Self::End => Some(&[FIRST..SECONDS_END]),
            Self::OwnInstant => Some(&[FIRST_OF_OWN..0, FIRST..SECONDS_END]),
            _ => None,
        }
    }
}

/// One allowed value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers build it: a new field is theirs to fill in")]
pub struct Choice {
    /// As written.
    pub name: Arc<str>,
    /// What it means; empty where the name says it.
    pub doc: Arc<str>,
}

/// Whether an attribute can be known not to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever reads it decides about each: a new one breaks them on purpose"
)]
pub enum Nullable {
    /// `null` means absent.
    Yes,
    /// `null` means unknown.
    No,
}

/// Where an attribute comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever reads it decides about each: a new one breaks them on purpose"
)]
pub enum Origin {
    /// The caller gives it.
    Given,
    /// It follows from others and is never given.
    Derived,
    /// The caller may give it; where not, it follows from others.
    GivenOrDerived,
}

/// What it means when a given attribute is left out.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever reads it decides about each: a new one breaks them on purpose"
)]
pub enum NotGiven {
    /// Nothing is known.
    Unknown,
    /// It does not exist.
    Absent {
        /// Why leaving it out is no gap: half a sentence.
        reason: Arc<str>,
    },
    /// It has this value, as its pack says.
    Value(Value),
}

impl NotGiven {
    /// Whether leaving it out says that it does not exist.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent { .. })
    }

    /// What is known of an attribute that is left out.
    pub fn fact(&self) -> Fact {
        match self {
            Self::Unknown => Fact::Unknown,
            Self::Absent { .. } => Fact::Absent,
            Self::Value(value) => Fact::Value(value.clone()),
        }
    }

    /// Whether two packs that declare an attribute agree on what leaving it out means.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent { .. }, Self::Absent { .. }) => true,
            (one, other) => one == other,
        }
    }
}

/// Whom an attribute is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever reads it decides about each: a new one breaks them on purpose"
)]
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
    /// Whether leaving it out says something else than `null`.
    pub fn differs_from_null(&self) -> bool {
        let null = match self.nullable {
            Nullable::Yes => Fact::Absent,
            Nullable::No => Fact::Unknown,
        };
        self.not_given.fact() != null
    }

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
