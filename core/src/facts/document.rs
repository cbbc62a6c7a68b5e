//! The campaign document: JSON text into slots, in one pass, without a tree in between.
//!
//! serde_json reads the text; this file says, member by member, what may stand there. What is wrong
//! with a member is noted and the reading goes on, so that all of it is reported at once; what is
//! no JSON ends it.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};

use super::case::{Entry, Facts, period_of};
use super::error::{self, FactsError};
use super::form;
use super::problems::Problems;
use crate::limits;
use crate::schema::attributes;
use crate::schema::shape::{Member, Object};
use crate::schema::{Attribute, AttributeId, Collection, Form, Nullable, Schema, Scope};
use crate::text::{number, shortened};
use crate::time::Timestamp;
use crate::value::{Fact, Type, Value};

/// Whether a document may have a recipient.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Campaign,
    /// What is the same for all campaigns of a sender.
    Base,
}

/// Reads a campaign document over facts: what it says of a member replaces what they say, and what
/// it does not say is left.
pub(super) fn read(facts: Facts, document: &[u8]) -> Result<Facts, FactsError> {
    read_as(Kind::Campaign, facts, document)
}

/// Reads a base document into facts of which nothing is known yet.
pub(super) fn read_base(facts: Facts, document: &[u8]) -> Result<Facts, FactsError> {
    read_as(Kind::Base, facts, document)
}

fn read_as(kind: Kind, facts: Facts, document: &[u8]) -> Result<Facts, FactsError> {
    if document.len() > limits::DOCUMENT_BYTES_MAX {
        return Err(error::too_large(document.len()));
    }
    let text =
        std::str::from_utf8(document).map_err(|problem| error::not_utf8(problem.valid_up_to()))?;
    // Some editors begin a file with a byte order mark, which is not JSON (RFC 8259, section 8.1)
    // and says nothing.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let schema = std::sync::Arc::clone(&facts.schema);
    let mut reader = Reader { kind, ..Reader::new(&schema, facts) };
    let mut json = serde_json::Deserializer::from_str(text);
    let done = ObjectSeed { reader: &mut reader, shape: schema.shape() }
        .deserialize(&mut json)
        .and_then(|()| json.end());
    match done {
        Ok(()) => reader.done(),
        Err(problem) => Err(reader.told(&problem)),
    }
}

/// Reads the JSON of one attribute.
#[cfg(feature = "screen")]
pub(super) fn read_fact(json: &str, attribute: &Attribute) -> Result<Fact, FactsError> {
    // Nothing is put into these facts.
    let schema = Schema::built_in();
    let facts = Facts {
        schema: std::sync::Arc::clone(&schema),
        slots: Vec::new(),
        codes: Vec::new(),
        collections: Vec::new(),
        scope: Scope::Campaign,
        marks: None,
    };
    let mut reader = Reader::new(&schema, facts);
    let mut json = serde_json::Deserializer::from_str(json);
    let seed = FactSeed { reader: &mut reader, attribute, ty: attribute.ty };
    let read = seed.deserialize(&mut json).and_then(|fact| json.end().map(|()| fact));
    if let Some(late) = reader.late.pop() {
        return Err(late.problem(None));
    }
    match read {
        Ok(fact) => reader.done().map(|_| fact),
        Err(problem) => Err(reader.told(&problem)),
    }
}

impl Reader<'_> {
    /// The facts, if nothing was wrong with any member.
    fn done(self) -> Result<Facts, FactsError> {
        let lacks_send_at = self.facts.fact(attributes::SEND_AT).is_unknown();
        match self.problems.into_error() {
            None => Ok(self.facts),
            Some(error) => Err(error.of_whole_document(lacks_send_at)),
        }
    }

    /// Why reading text ended, with its place, and what was wrong before.
    fn told(mut self, problem: &serde_json::Error) -> FactsError {
        for late in std::mem::take(&mut self.late) {
            self.note(late.problem(None));
        }
        if !self.is_refused {
            let found = match problem.classify() {
                serde_json::error::Category::Eof => error::truncated(),
                _ if problem.to_string().starts_with("recursion limit") => error::too_deep(),
                _ if problem.to_string().starts_with("number out of range") => {
                    error::number_out_of_range("a number")
                }
                _ => {
                    let whole = problem.to_string();
                    error::syntax(whole.split(" at line ").next().unwrap_or(&whole))
                }
            };
            let found = found.at(self.path.to_string());
            self.problems.put_first(found.at_line(problem.line(), problem.column()));
        }
        // There is one at least: a reading that ends early says why.
        self.problems.into_error().unwrap_or_else(error::truncated)
    }
}

/// As [`read`], from a document that is no JSON text.
pub(super) fn read_source<'de, D: Deserializer<'de, Error = FactsError>>(
    facts: Facts,
    source: D,
) -> Result<Facts, FactsError> {
    read_source_as(Kind::Campaign, facts, source)
}

/// As [`read_base`], from a document that is no JSON text.
pub(super) fn read_base_source<'de, D: Deserializer<'de, Error = FactsError>>(
    facts: Facts,
    source: D,
) -> Result<Facts, FactsError> {
    read_source_as(Kind::Base, facts, source)
}

fn read_source_as<'de, D: Deserializer<'de, Error = FactsError>>(
    kind: Kind,
    facts: Facts,
    source: D,
) -> Result<Facts, FactsError> {
    let schema = std::sync::Arc::clone(&facts.schema);
    let mut reader = Reader { kind, ..Reader::new(&schema, facts) };
    let done = ObjectSeed { reader: &mut reader, shape: schema.shape() }.deserialize(source);
    let Err(problem) = done else { return reader.done() };
    if !reader.is_refused {
        let path = reader.path.to_string();
        let problem = if problem.path().is_empty() { problem.at(path) } else { problem };
        reader.problems.put_first(problem.clone());
        return Err(reader.problems.into_error().unwrap_or(problem));
    }
    Err(reader.problems.into_error().unwrap_or(problem))
}

struct Reader<'s> {
    kind: Kind,
    schema: &'s Schema,
    facts: Facts,
    path: Path<'s>,
    /// Our own errors: serde's carries only text, so they travel beside.
    problems: Problems,
    /// Whether the last of them ended the reading.
    is_refused: bool,
    /// What is wrong where what was meant depends on the country, which the same object may give
    /// after it.
    late: Vec<Late>,
}

/// A region that is none, or a number that is not one of E.164.
struct Late {
    path: String,
    found: String,
    form: Form,
}

impl Late {
    fn problem(self, country: Option<&str>) -> FactsError {
        error::malformed(&self.found, &self.form, country).at(self.path)
    }
}

impl<'s> Reader<'s> {
    fn new(schema: &'s Schema, facts: Facts) -> Self {
        Self {
            kind: Kind::Campaign,
            schema,
            facts,
            path: Path::default(),
            problems: Problems::default(),
            is_refused: false,
            late: Vec::new(),
        }
    }
}

impl Reader<'_> {
    /// Notes what is wrong here, and reads on.
    fn note(&mut self, problem: FactsError) {
        let path = self.path.to_string();
        self.problems.put(if problem.path().is_empty() { problem.at(path) } else { problem });
    }

    /// Notes what is wrong here, and ends the reading.
    fn refuse<E: serde::de::Error>(&mut self, problem: FactsError) -> E {
        if !self.is_refused {
            self.note(problem);
            self.is_refused = true;
        }
        E::custom("refused")
    }

    /// Passes over a value that nobody wants.
    fn skip_value<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error> {
        let mut deep = false;
        let skipped =
            map.next_value_seed(Depth { left: limits::DOCUMENT_DEPTH_MAX, deep: &mut deep });
        if deep { Err(self.refuse(error::too_deep())) } else { skipped }
    }
}

/// Where the reader is: `account.restrictions[0].until`.
#[derive(Default)]
struct Path<'s>(Vec<Step<'s>>);

enum Step<'s> {
    Name(&'s str),
    /// A name that the schema does not know.
    Stranger(String),
    Entry(usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.0.iter().enumerate() {
            let dot = if number == 0 { "" } else { "." };
            match step {
                Step::Name(name) => write!(f, "{dot}{name}")?,
                Step::Stranger(name) => {
                    write!(f, "{dot}{}", shortened(name, 60))?;
                }
                Step::Entry(entry) => write!(f, "[{entry}]")?,
            }
        }
        Ok(())
    }
}

/// Reads an object of the document, or `null`, which makes all its members unknown.
struct ObjectSeed<'r, 's> {
    reader: &'r mut Reader<'s>,
    shape: &'s Object,
}

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Notes every form but the object: the methods of [`Visitor`] that a reader does not want.
macro_rules! refuse_scalars {
    ($expected:expr) => {
        fn visit_bool<E: serde::de::Error>(self, found: bool) -> Result<Self::Value, E> {
            let expected = $expected(&self);
            self.reader.note(error::wrong_type(if found { "true" } else { "false" }, &expected));
            Ok(Default::default())
        }
        fn visit_i64<E: serde::de::Error>(self, found: i64) -> Result<Self::Value, E> {
            let expected = $expected(&self);
            self.reader.note(error::wrong_type(&format!("the number {found}"), &expected));
            Ok(Default::default())
        }
        fn visit_u64<E: serde::de::Error>(self, found: u64) -> Result<Self::Value, E> {
            let expected = $expected(&self);
            self.reader.note(error::wrong_type(&format!("the number {found}"), &expected));
            Ok(Default::default())
        }
        fn visit_f64<E: serde::de::Error>(self, found: f64) -> Result<Self::Value, E> {
            let expected = $expected(&self);
            let found = number(found);
            self.reader.note(error::wrong_type(&format!("the number {found}"), &expected));
            Ok(Default::default())
        }
        fn visit_str<E: serde::de::Error>(self, found: &str) -> Result<Self::Value, E> {
            let expected = $expected(&self);
            self.reader.note(error::wrong_type(
                &format!("the text `{}`", shortened(found, 40)),
                &expected,
            ));
            Ok(Default::default())
        }
        fn visit_newtype_struct<D: Deserializer<'de>>(self, _: D) -> Result<Self::Value, D::Error> {
            let expected = $expected(&self);
            self.reader.note(error::wrong_type("an instant", &expected));
            Ok(Default::default())
        }
    };
}

impl<'de> Visitor<'de> for ObjectSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    refuse_scalars!(|_: &Self| "an object".to_owned());

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.reader.pass_list(list, "an object")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        if self.reader.path.0.is_empty() {
            return Err(self.reader.refuse(error::wrong_type("null", "an object")));
        }
        self.reader.make_unknown(self.shape);
        self.reader.note_recipient();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { reader, shape } = self;
        reader.note_recipient();
        let mut seen = Seen::new(shape.len());
        let mut names_schema = false;
        while let Some(found) = map.next_key_seed(NameSeed(|name: &str| shape.find(name)))? {
            let (index, known, member) = match found {
                Ok(found) => found,
                Err(stranger) if stranger == SCHEMA && reader.path.0.is_empty() => {
                    reader.path.0.push(Step::Name(SCHEMA));
                    if std::mem::replace(&mut names_schema, true) {
                        reader.note(error::repeated_member());
                        reader.skip_value(&mut map)?;
                    } else {
                        map.next_value_seed(SchemaSeed { reader })?;
                    }
                    reader.path.0.pop();
                    continue;
                }
                Err(stranger) => {
                    reader.note_stranger(stranger, shape);
                    reader.skip_value(&mut map)?;
                    reader.path.0.pop();
                    continue;
                }
            };
            reader.path.0.push(Step::Name(known));
            if seen.insert(index) {
                reader.note(error::repeated_member());
                reader.skip_value(&mut map)?;
                reader.path.0.pop();
                continue;
            }
            if reader.kind == Kind::Base && reader.is_of_recipient(member) {
                reader.note(error::recipient_in_base());
                reader.skip_value(&mut map)?;
                reader.path.0.pop();
                continue;
            }
            match member {
                Member::Attribute(id) => map.next_value_seed(AttributeSeed { reader, id: *id })?,
                Member::Object(object) => {
                    map.next_value_seed(ObjectSeed { reader, shape: object })?;
                }
                Member::Collection(index) => {
                    map.next_value_seed(CollectionSeed { reader, index: *index })?;
                }
                Member::Derived(_) => {
                    reader.note(error::derived());
                    reader.skip_value(&mut map)?;
                }
            }
            reader.path.0.pop();
        }
        reader.tell_late();
        Ok(())
    }
}

/// Names the JSON Schema of the document for editors, at the top: no fact, so that it is passed
/// over.
const SCHEMA: &str = "$schema";

struct SchemaSeed<'r, 's> {
    reader: &'r mut Reader<'s>,
}

impl<'de> DeserializeSeed<'de> for SchemaSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for SchemaSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address of a JSON Schema")
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        self.reader.note(error::wrong_type("a boolean", SCHEMA_EXPECTED));
        Ok(())
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        self.reader.note(error::wrong_type("a number", SCHEMA_EXPECTED));
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        self.reader.note(error::wrong_type("a number", SCHEMA_EXPECTED));
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        self.reader.note(error::wrong_type("a number", SCHEMA_EXPECTED));
        Ok(())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.reader.note(error::wrong_type("null", SCHEMA_EXPECTED));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.reader.pass_list(list, SCHEMA_EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.reader.pass_object(map, SCHEMA_EXPECTED)
    }
}

const SCHEMA_EXPECTED: &str = "the address of a JSON Schema";

impl Reader<'_> {
    /// Where an object is the recipient's, there is a recipient, whatever it holds.
    fn note_recipient(&mut self) {
        if let [Step::Name("recipient")] = self.path.0.as_slice() {
            self.facts.scope = Scope::Recipient;
        }
    }

    /// Whether a member that was just entered is the recipient's.
    fn is_of_recipient(&self, member: &Member) -> bool {
        match member {
            Member::Attribute(id) => self.schema.attribute(*id).scope == Scope::Recipient,
            _ => matches!(self.path.0.as_slice(), [Step::Name("recipient")]),
        }
    }

    fn under_x(&self) -> bool {
        matches!(self.path.0.first(), Some(Step::Name("x")))
    }

    /// Notes a member that the schema does not know, and enters it.
    fn note_stranger(&mut self, name: String, shape: &Object) {
        let elsewhere = self.elsewhere(&name);
        let problem = if self.under_x() {
            error::undeclared(elsewhere.as_deref())
        } else {
            error::unknown_member(&name, shape.names(), elsewhere.as_deref())
        };
        self.path.0.push(Step::Stranger(name));
        self.note(problem);
    }

    /// How much is noted, or waits for the end of its object.
    fn noted(&self) -> usize {
        self.problems.count() + self.late.len()
    }

    /// At the end of an object: what is wrong in it, in the light of the country that it gives.
    fn tell_late(&mut self) {
        if self.late.is_empty() {
            return;
        }
        let here = self.path.to_string();
        let (ended, rest): (Vec<Late>, Vec<Late>) =
            self.late.drain(..).partition(|late| late.path.starts_with(&here));
        self.late = rest;
        for late in ended {
            let country = self.facts.country_beside(&late.path).map(str::to_owned);
            self.note(late.problem(country.as_deref()));
        }
    }

    /// A path elsewhere in the document whose last name is this one, or is near.
    fn elsewhere(&self, name: &str) -> Option<String> {
        let here = self.path.to_string();
        let whole = if here.is_empty() { name.to_owned() } else { format!("{here}.{name}") };
        self.schema.nearest_given(&whole).map(str::to_owned)
    }

    fn make_unknown(&mut self, shape: &Object) {
        for (_, member) in shape.iter() {
            match member {
                Member::Attribute(id) => self.facts.put(*id, Fact::Unknown),
                Member::Object(object) => self.make_unknown(object),
                Member::Collection(index) => self.facts.collections[*index] = None,
                Member::Derived(_) => {}
            }
        }
    }

    /// Notes a list where something else belongs, and passes over it.
    fn pass_list<'de, A: SeqAccess<'de>>(
        &mut self,
        list: A,
        expected: &str,
    ) -> Result<(), A::Error> {
        self.pass_rest(list)?;
        self.note(error::wrong_type("a list", expected));
        Ok(())
    }

    /// Passes over what is left of a list.
    fn pass_rest<'de, A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        let mut deep = false;
        loop {
            let depth = Depth { left: limits::DOCUMENT_DEPTH_MAX, deep: &mut deep };
            match list.next_element_seed(depth) {
                Ok(Some(())) => {}
                Ok(None) => return Ok(()),
                Err(_) if deep => return Err(self.refuse(error::too_deep())),
                Err(problem) => return Err(problem),
            }
        }
    }

    /// Notes an object where something else belongs, and passes over it.
    fn pass_object<'de, A: MapAccess<'de>>(
        &mut self,
        mut map: A,
        expected: &str,
    ) -> Result<(), A::Error> {
        while map.next_key::<IgnoredAny>()?.is_some() {
            self.skip_value(&mut map)?;
        }
        self.note(error::wrong_type("an object", expected));
        Ok(())
    }
}

/// Walks what nobody wants and notices when it nests too deep. serde_json's own limit of 128 bounds
/// the recursion.
struct Depth<'a> {
    left: usize,
    deep: &'a mut bool,
}

impl<'de> DeserializeSeed<'de> for Depth<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Depth<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, _: D) -> Result<(), D::Error> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some(left) = self.left.checked_sub(1) else {
            *self.deep = true;
            return Err(A::Error::custom("too deep"));
        };
        while list.next_element_seed(Depth { left, deep: self.deep })?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some(left) = self.left.checked_sub(1) else {
            *self.deep = true;
            return Err(A::Error::custom("too deep"));
        };
        while map.next_key::<IgnoredAny>()?.is_some() {
            map.next_value_seed(Depth { left, deep: self.deep })?;
        }
        Ok(())
    }
}

/// Reads a member's name and finds what it stands for: that, or that the name is unknown.
struct NameSeed<F>(F);

impl<'de, T, F: FnOnce(&str) -> Option<T>> DeserializeSeed<'de> for NameSeed<F> {
    type Value = Result<T, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T, F: FnOnce(&str) -> Option<T>> Visitor<'_> for NameSeed<F> {
    type Value = Result<T, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok((self.0)(name).ok_or_else(|| name.to_owned()))
    }
}

/// Which members of one object have been read.
struct Seen {
    first: u64,
    /// Beyond 64 members, which only `x` can have.
    more: Vec<u64>,
}

impl Seen {
    fn new(members: usize) -> Self {
        Self { first: 0, more: vec![0; members.div_ceil(64).saturating_sub(1)] }
    }

    /// Notes a member; whether it was there already.
    fn insert(&mut self, index: usize) -> bool {
        let word = match (index / 64).checked_sub(1) {
            None => Some(&mut self.first),
            Some(place) => self.more.get_mut(place),
        };
        let Some(word) = word else { return false };
        let bit = 1 << (index % 64);
        let seen = *word & bit != 0;
        *word |= bit;
        seen
    }
}

/// Reads the value of an attribute into its slot.
struct AttributeSeed<'r, 's> {
    reader: &'r mut Reader<'s>,
    id: AttributeId,
}

impl<'de> DeserializeSeed<'de> for AttributeSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self { reader, id } = self;
        let schema = reader.schema;
        let attribute = schema.attribute(id);
        let fact = FactSeed { reader: &mut *reader, attribute, ty: attribute.ty }
            .deserialize(deserializer)?;
        reader.facts.put(id, fact);
        Ok(())
    }
}

/// Reads one fact of an attribute or of a list's element.
struct FactSeed<'r, 's> {
    reader: &'r mut Reader<'s>,
    attribute: &'s Attribute,
    ty: Type,
}

impl<'de> DeserializeSeed<'de> for FactSeed<'_, '_> {
    type Value = Fact;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fact, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl FactSeed<'_, '_> {
    fn expected(&self) -> String {
        error::expected(self.ty, &self.attribute.form)
    }

    /// What is no value of the attribute is noted, and the fact unknown.
    fn checked(self, value: Result<Value, FactsError>) -> Fact {
        match value {
            Ok(value) => Fact::Value(value),
            Err(problem) => self.noted(problem),
        }
    }

    fn noted(self, problem: FactsError) -> Fact {
        self.reader.note(problem);
        Fact::Unknown
    }
}

impl<'de> Visitor<'de> for FactSeed<'_, '_> {
    type Value = Fact;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Fact, E> {
        match self.attribute.nullable {
            Nullable::Yes => Ok(Fact::Absent),
            Nullable::No => Ok(Fact::Unknown),
        }
    }

    fn visit_bool<E: serde::de::Error>(self, found: bool) -> Result<Fact, E> {
        if self.ty == Type::BOOL {
            return Ok(Fact::Value(Value::Bool(found)));
        }
        let problem = error::wrong_type(if found { "true" } else { "false" }, &self.expected());
        Ok(self.noted(problem))
    }

    fn visit_i64<E: serde::de::Error>(self, found: i64) -> Result<Fact, E> {
        match self.ty {
            Type::INT | Type::DOUBLE => {
                let value = form::value_of(Value::Int(found), self.ty, self.attribute);
                Ok(self.checked(value))
            }
            _ => {
                let problem = error::wrong_number(found, self.ty, self.attribute);
                Ok(self.noted(problem))
            }
        }
    }

    fn visit_u64<E: serde::de::Error>(self, found: u64) -> Result<Fact, E> {
        match (i64::try_from(found), self.ty) {
            (Ok(found), _) => self.visit_i64(found),
            (Err(_), Type::DOUBLE) => Ok(Fact::Value(Value::Double(found as f64))),
            (Err(_), _) => Ok(self.noted(error::number_out_of_range(&found.to_string()))),
        }
    }

    fn visit_f64<E: serde::de::Error>(self, found: f64) -> Result<Fact, E> {
        if self.ty == Type::DOUBLE {
            let value = form::value_of(Value::Double(found), self.ty, self.attribute);
            return Ok(self.checked(value));
        }
        // JSON has one kind of number: `5.0` is the whole number 5 (JSON Schema, section 6.1.1), as
        // far as a double tells whole numbers apart.
        if self.ty == Type::INT && found.fract() == 0.0 && found.abs() < 9_007_199_254_740_992.0 {
            return self.visit_i64(found as i64);
        }
        let problem = if self.ty == Type::INT && found.abs() >= 9.223_372_036_854_776e18 {
            error::number_out_of_range(&number(found))
        } else {
            error::wrong_type(&format!("the number {}", number(found)), &self.expected())
        };
        Ok(self.noted(problem))
    }

    fn visit_str<E: serde::de::Error>(self, found: &str) -> Result<Fact, E> {
        let value = form::value_from_text(found, self.ty, self.attribute);
        let form = &self.attribute.form;
        let is_of_country = matches!(form, Form::Region | Form::Phone | Form::PhoneOrId);
        let is_short = found.len() <= limits::FACT_TEXT_BYTES_MAX;
        if value.is_err() && is_of_country && is_short && self.ty == Type::STRING {
            let path = match self.reader.path.0.is_empty() {
                // One value by itself, of a column.
                true => self.attribute.path.to_string(),
                false => self.reader.path.to_string(),
            };
            self.reader.late.push(Late { path, found: found.to_owned(), form: form.clone() });
            return Ok(Fact::Unknown);
        }
        Ok(self.checked(value))
    }

    /// An instant that came typed. JSON text has none; see [`Facts::from_source`].
    fn visit_newtype_struct<D: Deserializer<'de>>(self, instant: D) -> Result<Fact, D::Error> {
        let (seconds, nanos) = <(i64, u32)>::deserialize(instant)?;
        let value = match (self.ty, Timestamp::new(seconds, nanos)) {
            (Type::TIMESTAMP, Some(at)) => {
                form::value_of(Value::Timestamp(at), self.ty, self.attribute)
            }
            (Type::TIMESTAMP, None) => Err(error::instant_out_of_range()),
            _ => Err(error::wrong_type("an instant", &self.expected())),
        };
        Ok(self.checked(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Fact, A::Error> {
        let Self { reader, attribute, ty } = self;
        let Some(element) = ty.element() else {
            reader.pass_list(list, &error::expected(ty, &attribute.form))?;
            return Ok(Fact::Unknown);
        };
        let mut items = Vec::new();
        for place in 0.. {
            reader.path.0.push(Step::Entry(place));
            let noted = reader.noted();
            let Some(fact) =
                list.next_element_seed(FactSeed { reader: &mut *reader, attribute, ty: element })?
            else {
                break;
            };
            if place == limits::FACT_LIST_MAX {
                reader.path.0.pop();
                reader.note(error::list_too_long(limits::FACT_LIST_MAX));
                reader.pass_rest(list)?;
                return Ok(Fact::Unknown);
            }
            match fact {
                Fact::Value(value) => items.push(value),
                // What was noted is no null.
                Fact::Absent | Fact::Unknown if reader.noted() == noted => {
                    reader.note(error::null_in_list());
                }
                Fact::Absent | Fact::Unknown => {}
            }
            reader.path.0.pop();
        }
        reader.path.0.pop();
        Ok(Fact::Value(Value::List(items.into())))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Fact, A::Error> {
        let expected = self.expected();
        self.reader.pass_object(map, &expected)?;
        Ok(Fact::Unknown)
    }
}

/// Reads a list of objects, or `null`, which makes it unknown.
struct CollectionSeed<'r, 's> {
    reader: &'r mut Reader<'s>,
    index: usize,
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
struct EntrySeed<'r, 's> {
    reader: &'r mut Reader<'s>,
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
