//! Is this JSON a directory?
//!
//! Streams the file into a [`Snapshot`]. The path of what is being read is kept beside the stream,
//! so that an error says where it was without a tree of the whole file in memory.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::error::DirectoryError;
use super::snapshot::{Entry, Listed, Snapshot};
use crate::limits::DIRECTORY_BYTES_MAX;
use crate::time::{Period, Timestamp, TimestampError};

/// Reads the file; texts, ids and periods are checked afterwards, by [`Snapshot::check`].
pub(super) fn snapshot(bytes: &[u8]) -> Result<Snapshot, DirectoryError> {
    if bytes.len() > DIRECTORY_BYTES_MAX {
        return Err(DirectoryError::too_large(bytes.len()));
    }
    let place = Place::default();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = In(&place, Object::<SnapshotDraft>::default())
        .deserialize(&mut json)
        .and_then(|read| json.end().map(|()| read));
    read.map_err(|error| place.problem.take().unwrap_or_else(|| DirectoryError::not_json(&error)))
}

/// A date stands for midnight, UTC, at its start.
pub(super) fn instant(text: &str) -> Result<Timestamp, DirectoryError> {
    let parsed = match Timestamp::parse(text) {
        Err(TimestampError::NoOffset) if text.len() == 10 => {
            Timestamp::parse(&format!("{text}T00:00:00Z"))
        }
        parsed => parsed,
    };
    parsed.map_err(|why| DirectoryError::bad_date(text, why))
}

/// Where the reader is, and what it found wrong there. serde's errors are text only, so ours
/// travels beside them.
#[derive(Default)]
struct Place {
    steps: RefCell<Vec<Step>>,
    problem: RefCell<Option<DirectoryError>>,
}

#[derive(Clone, Copy)]
enum Step {
    Member(&'static str),
    Element(usize),
}

impl Place {
    fn enter<T, E>(&self, step: Step, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.steps.borrow_mut().push(step);
        let value = read();
        self.steps.borrow_mut().pop();
        value
    }

    /// Notes the problem with its path; what is returned only unwinds the reader.
    fn refuse<E: serde::de::Error>(&self, problem: DirectoryError) -> E {
        let mut path = String::new();
        for step in self.steps.borrow().iter() {
            match step {
                Step::Member(name) if path.is_empty() => path.push_str(name),
                Step::Member(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Step::Element(at) => path.push_str(&format!("[{at}]")),
            }
        }
        self.problem.replace(Some(if path.is_empty() { problem } else { problem.under(&path) }));
        E::custom("refused")
    }
}

/// What a member must look like. Each says what it takes; the rest is refused.
trait Shape<'de>: Sized {
    type Value;
    const EXPECTED: &'static str;

    fn wrong<E: serde::de::Error>(place: &Place, found: &str) -> Result<Self::Value, E> {
        Err(place.refuse(DirectoryError::wrong_type(found, Self::EXPECTED)))
    }
    fn null<E: serde::de::Error>(self, place: &Place) -> Result<Self::Value, E> {
        Self::wrong(place, "null")
    }
    fn truth<E: serde::de::Error>(self, place: &Place, truth: bool) -> Result<Self::Value, E> {
        Self::wrong(place, if truth { "`true`" } else { "`false`" })
    }
    fn text<E: serde::de::Error>(self, place: &Place, _: Cow<'_, str>) -> Result<Self::Value, E> {
        Self::wrong(place, "a string")
    }
    fn array<A: SeqAccess<'de>>(self, place: &Place, _: A) -> Result<Self::Value, A::Error> {
        Self::wrong(place, "an array")
    }
    fn object<A: MapAccess<'de>>(self, place: &Place, _: A) -> Result<Self::Value, A::Error> {
        Self::wrong(place, "an object")
    }
}

/// A shape at a place: the one visitor of this file.
struct In<'p, S>(&'p Place, S);

impl<'de, S: Shape<'de>> DeserializeSeed<'de> for In<'_, S> {
    type Value = S::Value;
    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<S::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: Shape<'de>> Visitor<'de> for In<'_, S> {
    type Value = S::Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(S::EXPECTED)
    }
    fn visit_unit<E: serde::de::Error>(self) -> Result<S::Value, E> {
        self.1.null(self.0)
    }
    fn visit_bool<E: serde::de::Error>(self, truth: bool) -> Result<S::Value, E> {
        self.1.truth(self.0, truth)
    }
    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<S::Value, E> {
        S::wrong(self.0, &format!("the number `{number}`"))
    }
    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<S::Value, E> {
        S::wrong(self.0, &format!("the number `{number}`"))
    }
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<S::Value, E> {
        S::wrong(self.0, &format!("the number `{}`", crate::text::number(number)))
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<S::Value, E> {
        self.1.text(self.0, Cow::Borrowed(text))
    }
    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<S::Value, E> {
        self.1.text(self.0, Cow::Owned(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<S::Value, A::Error> {
        self.1.array(self.0, array)
    }
    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<S::Value, A::Error> {
        self.1.object(self.0, object)
    }
}

struct Text;
impl Shape<'_> for Text {
    type Value = String;
    const EXPECTED: &'static str = "a string";
    fn text<E: serde::de::Error>(self, _: &Place, text: Cow<'_, str>) -> Result<String, E> {
        Ok(text.into_owned())
    }
}

struct TextOrNull;
impl Shape<'_> for TextOrNull {
    type Value = Option<String>;
    const EXPECTED: &'static str = "a string or null";
    fn null<E: serde::de::Error>(self, _: &Place) -> Result<Option<String>, E> {
        Ok(None)
    }
    fn text<E: serde::de::Error>(self, _: &Place, text: Cow<'_, str>) -> Result<Option<String>, E> {
        Ok(Some(text.into_owned()))
    }
}

struct Truth;
impl Shape<'_> for Truth {
    type Value = bool;
    const EXPECTED: &'static str = "`true` or `false`";
    fn truth<E: serde::de::Error>(self, _: &Place, truth: bool) -> Result<bool, E> {
        Ok(truth)
    }
}

struct Instant;
impl Shape<'_> for Instant {
    type Value = Timestamp;
    const EXPECTED: &'static str = "a date or a timestamp";
    fn text<E: serde::de::Error>(self, place: &Place, text: Cow<'_, str>) -> Result<Timestamp, E> {
        instant(&text).map_err(|problem| place.refuse(problem))
    }
}

struct InstantOrNull;
impl Shape<'_> for InstantOrNull {
    type Value = Option<Timestamp>;
    const EXPECTED: &'static str = "a date, a timestamp or null";
    fn null<E: serde::de::Error>(self, _: &Place) -> Result<Option<Timestamp>, E> {
        Ok(None)
    }
    fn text<E: serde::de::Error>(
        self,
        place: &Place,
        text: Cow<'_, str>,
    ) -> Result<Option<Timestamp>, E> {
        instant(&text).map(Some).map_err(|problem| place.refuse(problem))
    }
}

/// An array whose elements `element` makes the shape of.
struct Array<F>(F);
impl<'de, S: Shape<'de>, F: Fn() -> S> Shape<'de> for Array<F> {
    type Value = Vec<S::Value>;
    const EXPECTED: &'static str = "an array";
    fn array<A: SeqAccess<'de>>(
        self,
        place: &Place,
        mut array: A,
    ) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = place
            .enter(Step::Element(values.len()), || array.next_element_seed(In(place, self.0())))?
        {
            values.push(value);
        }
        Ok(values)
    }
}

/// An object under construction.
trait Draft<'de>: Default {
    type Value;
    const MEMBERS: &'static [&'static str];
    const EXPECTED: &'static str;
    /// Reads the value of the member of that number.
    fn read<A: MapAccess<'de>>(
        &mut self,
        member: usize,
        place: &Place,
        object: &mut A,
    ) -> Result<(), A::Error>;
    /// The object, or the name of a member that it lacks.
    fn finish(self) -> Result<Self::Value, &'static str>;
}

#[derive(Default)]
struct Object<D>(D);

impl<'de, D: Draft<'de>> Shape<'de> for Object<D> {
    type Value = D::Value;
    const EXPECTED: &'static str = D::EXPECTED;
    fn object<A: MapAccess<'de>>(
        mut self,
        place: &Place,
        mut object: A,
    ) -> Result<D::Value, A::Error> {
        let mut seen = 0_u32;
        while let Some(member) = object.next_key_seed(In(place, MemberOf(D::MEMBERS)))? {
            let name = D::MEMBERS.get(member).copied().unwrap_or_default();
            if seen & (1 << member) != 0 {
                return Err(place.refuse(DirectoryError::repeated_member(name)));
            }
            seen |= 1 << member;
            place.enter(Step::Member(name), || self.0.read(member, place, &mut object))?;
        }
        self.0.finish().map_err(|name| place.refuse(DirectoryError::missing_member(name)))
    }
}

/// A member's name, as its number.
struct MemberOf(&'static [&'static str]);
impl Shape<'_> for MemberOf {
    type Value = usize;
    const EXPECTED: &'static str = "a member's name";
    fn text<E: serde::de::Error>(self, place: &Place, name: Cow<'_, str>) -> Result<usize, E> {
        let known = self.0.iter().position(|known| *known == name);
        known.ok_or_else(|| place.refuse(DirectoryError::unknown_member(&name, self.0)))
    }
}

#[derive(Default)]
struct SnapshotDraft {
    source: Option<String>,
    retrieved_at: Option<Timestamp>,
    complete: Option<bool>,
    covers: Option<Period<Timestamp>>,
    providers: Option<Vec<Entry>>,
}

impl<'de> Draft<'de> for SnapshotDraft {
    type Value = Snapshot;
    const MEMBERS: &'static [&'static str] =
        &["source", "retrieved_at", "complete", "covers", "providers"];
    const EXPECTED: &'static str = "a directory object";
    fn read<A: MapAccess<'de>>(
        &mut self,
        member: usize,
        place: &Place,
        object: &mut A,
    ) -> Result<(), A::Error> {
        match member {
            0 => self.source = Some(object.next_value_seed(In(place, Text))?),
            1 => self.retrieved_at = Some(object.next_value_seed(In(place, Instant))?),
            2 => self.complete = Some(object.next_value_seed(In(place, Truth))?),
            3 => {
                self.covers =
                    Some(object.next_value_seed(In(place, Object::<PeriodDraft>::default()))?);
            }
            _ => {
                self.providers =
                    Some(object.next_value_seed(In(place, Array(Object::<EntryDraft>::default)))?);
            }
        }
        Ok(())
    }
    fn finish(self) -> Result<Snapshot, &'static str> {
        Ok(Snapshot {
            source: self.source.ok_or("source")?,
            retrieved_at: self.retrieved_at.ok_or("retrieved_at")?,
            complete: self.complete.ok_or("complete")?,
            covers: self.covers.ok_or("covers")?,
            providers: self.providers.ok_or("providers")?,
        })
    }
}

#[derive(Default)]
struct EntryDraft {
    id: Option<String>,
    name: Option<String>,
    rest: Entry,
}

impl<'de> Draft<'de> for EntryDraft {
    type Value = Entry;
    const MEMBERS: &'static [&'static str] =
        &["id", "name", "aliases", "domains", "role", "listed", "evidence", "evidence_at"];
    const EXPECTED: &'static str = "a provider object";
    fn read<A: MapAccess<'de>>(
        &mut self,
        member: usize,
        place: &Place,
        object: &mut A,
    ) -> Result<(), A::Error> {
        match member {
            0 => self.id = Some(object.next_value_seed(In(place, Text))?),
            1 => self.name = Some(object.next_value_seed(In(place, Text))?),
            2 => self.rest.aliases = object.next_value_seed(In(place, Array(|| Text)))?,
            3 => self.rest.domains = object.next_value_seed(In(place, Array(|| Text)))?,
            4 => self.rest.role = object.next_value_seed(In(place, TextOrNull))?,
            5 => {
                self.rest.listed =
                    object.next_value_seed(In(place, Array(Object::<ListedDraft>::default)))?;
            }
            6 => self.rest.evidence = object.next_value_seed(In(place, TextOrNull))?,
            _ => self.rest.evidence_at = object.next_value_seed(In(place, InstantOrNull))?,
        }
        Ok(())
    }
    fn finish(self) -> Result<Entry, &'static str> {
        Ok(Entry { id: self.id.ok_or("id")?, name: self.name.ok_or("name")?, ..self.rest })
    }
}

#[derive(Default)]
struct PeriodDraft {
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl<'de> Draft<'de> for PeriodDraft {
    type Value = Period<Timestamp>;
    const MEMBERS: &'static [&'static str] = &["from", "until"];
    const EXPECTED: &'static str = "a period object";
    fn read<A: MapAccess<'de>>(
        &mut self,
        member: usize,
        place: &Place,
        object: &mut A,
    ) -> Result<(), A::Error> {
        match member {
            0 => self.from = Some(object.next_value_seed(In(place, Instant))?),
            _ => self.until = object.next_value_seed(In(place, InstantOrNull))?,
        }
        Ok(())
    }
    fn finish(self) -> Result<Period<Timestamp>, &'static str> {
        Ok(Period { from: self.from.ok_or("from")?, until: self.until })
    }
}

#[derive(Default)]
struct ListedDraft {
    period: PeriodDraft,
    source: Option<String>,
}

impl<'de> Draft<'de> for ListedDraft {
    type Value = Listed;
    const MEMBERS: &'static [&'static str] = &["from", "until", "source"];
    const EXPECTED: &'static str = "a period object";
    fn read<A: MapAccess<'de>>(
        &mut self,
        member: usize,
        place: &Place,
        object: &mut A,
    ) -> Result<(), A::Error> {
        match member {
            0 | 1 => self.period.read(member, place, object)?,
            _ => self.source = object.next_value_seed(In(place, TextOrNull))?,
        }
        Ok(())
    }
    fn finish(self) -> Result<Listed, &'static str> {
        Ok(Listed { period: self.period.finish()?, source: self.source })
    }
}
