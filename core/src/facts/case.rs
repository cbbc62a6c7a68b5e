//! The facts of one case.

use std::sync::Arc;

use super::error::{self, FactsError};
use super::form;
use super::marks::Marks;
use crate::schema::attributes as id;
use crate::schema::{
    Attribute, AttributeId, CODE_FIRST, Code, Collection, Form, Nullable, Origin, Schema, Scope,
};
use crate::time::Timestamp;
use crate::value::{Fact, Type, Value};

/// The given facts of one case: a campaign, and maybe one recipient.
///
/// Made for one schema. Slots of derived attributes stay unknown here; [`crate::resolve`] fills
/// them.
#[derive(Clone, Debug)]
pub struct Facts {
    pub(super) schema: Arc<Schema>,
    pub(super) slots: Vec<Fact>,
    /// The code of each slot, so that deciding needs no text.
    pub(super) codes: Vec<Code>,
    /// One for each collection of the schema: the entries given, or `None` when unknown.
    pub(super) collections: Vec<Option<Vec<Entry>>>,
    pub(super) scope: Scope,
    pub(super) marks: Option<Arc<Marks>>,
}

/// One object of a list: its members' facts, in the order of the collection's members.
pub type Entry = Vec<Fact>;

impl Facts {
    /// Facts of which nothing is known yet but the instant of sending.
    ///
    /// The scope is the campaign until something is given of a recipient.
    pub fn new(schema: &Arc<Schema>, send_at: Timestamp) -> Self {
        let mut facts = Self::empty(schema);
        facts.put(id::SEND_AT, Fact::Value(Value::Timestamp(send_at)));
        facts
    }

    pub(super) fn empty(schema: &Arc<Schema>) -> Self {
        let (codes, known) = schema.not_given();
        let mut slots: Vec<Fact> =
            std::iter::repeat_with(|| Fact::Unknown).take(codes.len()).collect();
        for (id, fact) in known {
            slots.get_mut(id.index()).into_iter().for_each(|slot| slot.clone_from(fact));
        }
        let collections = vec![None; schema.collections().len()];
        Self {
            schema: Arc::clone(schema),
            slots,
            codes: codes.to_vec(),
            collections,
            scope: Scope::Campaign,
            marks: None,
        }
    }

    /// Says what an attribute's value is.
    ///
    /// # Errors
    /// A value that the attribute cannot hold; a derived attribute; the number of an attribute that
    /// this schema does not have.
    pub fn set(&mut self, id: AttributeId, value: impl Into<Value>) -> Result<(), FactsError> {
        match value.into() {
            Value::String(text) => self.set_text(id, &text),
            Value::Bool(truth) if self.set_bool(id, truth) => Ok(()),
            value => {
                self.set_checked(id, |attribute| form::value_of(value, attribute.ty, attribute))
            }
        }
    }

    /// As [`Self::set`] with a text, which is not copied where the schema has one like it: a listed
    /// value.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub fn set_text(&mut self, id: AttributeId, text: &str) -> Result<(), FactsError> {
        if self.set_choice(id, text) {
            return Ok(());
        }
        let checked = self.set_checked(id, |attribute| match attribute.ty {
            Type::STRING => form::value_from_text(text, Type::STRING, attribute),
            ty => form::value_of(Value::string(text), ty, attribute),
        });
        checked.map_err(|problem| {
            let path = problem.path().to_owned();
            match problem.code() {
                // What was meant depends on the country beside it.
                "facts/unknown-region" | "facts/malformed-phone" => {
                    let form = &self.schema.attribute(id).form;
                    error::malformed(text, form, self.country_beside(&path)).at(path)
                }
                _ => problem,
            }
        })
    }

    /// Says that an attribute is true or false; whether it is one that can be.
    fn set_bool(&mut self, id: AttributeId, truth: bool) -> bool {
        let Some(slot) = self.slots.get_mut(id.index()) else { return false };
        let attribute = self.schema.attribute(id);
        if attribute.ty != Type::BOOL || attribute.origin == Origin::Derived {
            return false;
        }
        *slot = Fact::Value(Value::Bool(truth));
        self.codes[id.index()] = CODE_FIRST + Code::from(truth);
        self.scope = self.scope.max(attribute.scope);
        true
    }

    /// Says that an attribute is one of its listed values; whether the text is one.
    fn set_choice(&mut self, id: AttributeId, text: &str) -> bool {
        let Some(slot) = self.slots.get_mut(id.index()) else { return false };
        let attribute = self.schema.attribute(id);
        let (Form::OneOf(choices), Type::STRING) = (&attribute.form, attribute.ty) else {
            return false;
        };
        let place = choices.iter().position(|choice| *choice.name == *text);
        let (Some(place), true) = (place, attribute.origin != Origin::Derived) else {
            return false;
        };
        let Some(choice) = choices.get(place) else { return false };
        *slot = Fact::Value(Value::String(Arc::clone(&choice.name)));
        self.codes[id.index()] = CODE_FIRST + place as Code;
        self.scope = self.scope.max(attribute.scope);
        true
    }

    fn set_checked(
        &mut self,
        id: AttributeId,
        value: impl FnOnce(&Attribute) -> Result<Value, FactsError>,
    ) -> Result<(), FactsError> {
        self.knows(id)?;
        let attribute = self.schema.attribute(id);
        if attribute.origin == Origin::Derived {
            return Err(error::derived().at(attribute.path.to_string()));
        }
        let value = value(attribute).map_err(|problem| problem.at(attribute.path.to_string()))?;
        self.put(id, Fact::Value(value));
        Ok(())
    }

    /// The country that was given beside a member, by the member's path.
    pub(super) fn country_beside(&self, path: &str) -> Option<&str> {
        let (object, _) = path.rsplit_once('.')?;
        self.fact(self.schema.id(&format!("{object}.country"))?).text()
    }

    /// Says what an attribute's value is, by its path:
    /// `facts.set_path("recipient.phone", "+34600000000")`.
    ///
    /// # Errors
    /// As [`Self::set`], and a path that does not exist.
    pub fn set_path(&mut self, path: &str, value: impl Into<Value>) -> Result<(), FactsError> {
        let Some(id) = self.schema.id(path) else {
            return Err(error::undeclared(self.schema.nearest_given(path)).at_stranger(path));
        };
        self.set(id, value)
    }

    /// Says that an attribute does not exist; on one that is not nullable, that it is unknown.
    ///
    /// # Errors
    /// A derived attribute.
    pub fn set_null(&mut self, id: AttributeId) -> Result<(), FactsError> {
        self.knows(id)?;
        let attribute = self.schema.attribute(id);
        if attribute.origin == Origin::Derived {
            return Err(error::derived().at(attribute.path.to_string()));
        }
        let fact = match attribute.nullable {
            Nullable::Yes => Fact::Absent,
            Nullable::No => Fact::Unknown,
        };
        self.put(id, fact);
        Ok(())
    }

    /// Says that nothing is known of an attribute, whatever its absence from a document would mean.
    pub fn set_unknown(&mut self, id: AttributeId) {
        if self.knows(id).is_ok() {
            self.put(id, Fact::Unknown);
        }
    }

    /// Clears an attribute; nothing was given for one that this schema does not
    /// have.
    pub fn unset(&mut self, id: AttributeId) {
        if self.knows(id).is_err() {
            return;
        }
        let fact = self.schema.attribute(id).not_given.fact();
        self.codes[id.index()] = self.schema.attribute(id).code(&fact);
        self.slots[id.index()] = fact;
    }

    /// Says what a list of objects holds, each entry with its members' facts in the order of the
    /// schema.
    ///
    /// # Errors
    /// An unknown list, an entry with too many members, a member's value that it cannot hold.
    pub fn set_collection(&mut self, path: &str, entries: Vec<Entry>) -> Result<(), FactsError> {
        let schema = Arc::clone(&self.schema);
        let Some((index, collection)) =
            schema.collections().iter().enumerate().find(|(_, known)| &*known.path == path)
        else {
            let known = schema.collections().iter().map(|known| &*known.path);
            return Err(error::unknown_member(path, known, None).at_stranger(path));
        };
        if entries.len() > collection.entries_max() {
            return Err(error::list_too_long(collection.entries_max()).at(path.to_owned()));
        }
        let mut checked = Vec::with_capacity(entries.len());
        for (number, entry) in entries.into_iter().enumerate() {
            let mut facts = Vec::with_capacity(collection.members.len());
            let mut given = entry.into_iter();
            for member in collection.members.iter() {
                let place = || format!("{path}[{number}].{}", member.path);
                facts.push(match given.next() {
                    Some(Fact::Value(value)) => Fact::Value(
                        form::value_of(value, member.ty, member)
                            .map_err(|problem| problem.at(place()))?,
                    ),
                    Some(Fact::Absent) if member.nullable == Nullable::Yes => Fact::Absent,
                    Some(Fact::Absent | Fact::Unknown) | None => Fact::Unknown,
                });
            }
            period_of(&facts, collection)
                .map_err(|problem| problem.under(&format!("{path}[{number}]")))?;
            if given.next().is_some() {
                return Err(error::wrong_type("too many members", "the members of the schema")
                    .at(format!("{path}[{number}]")));
            }
            checked.push(facts);
        }
        self.collections[index] = Some(checked);
        Ok(())
    }

    /// Declares that there is a recipient, about whom nothing need be known.
    pub fn with_recipient(&mut self) {
        self.scope = Scope::Recipient;
    }

    /// Clears all that was given of a recipient, and that there is one: the campaign is left, as
    /// it was given. For facts that are used for one recipient after the other, so that none
    /// inherits facts of the one before; what was set of the campaign meanwhile stays.
    ///
    /// ```
    /// use cleartosend::{Engine, Facts, Value};
    ///
    /// let engine = Engine::built_in()?;
    /// let mut facts = Facts::from_json(engine.schema(), br#"{"send_at":
    /// "2026-03-02T15:00:00Z"}"#)?; for (phone, opted_out) in [("+34600000000", Some(true)),
    /// ("+34600000001", None)] {
    ///     facts.without_recipient();
    ///     facts.set_path("recipient.phone", Value::string(phone))?;
    ///     if let Some(opted_out) = opted_out {
    ///         facts.set_path("recipient.opted_out", Value::Bool(opted_out))?;
    ///     }
    ///     assert_eq!(facts.fact(engine.schema().id("recipient.opted_out").unwrap()).is_unknown(),
    ///     opted_out.is_none()); }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn without_recipient(&mut self) {
        let schema = Arc::clone(&self.schema);
        for (id, _) in schema.iter().filter(|(_, attribute)| attribute.scope == Scope::Recipient) {
            self.unset(id);
        }
        self.scope = Scope::Campaign;
    }

    /// Keeps what is known of recipients apart from these facts, in place of what was kept before.
    pub fn set_marks(&mut self, marks: Marks) {
        self.marks = (!marks.is_empty()).then(|| Arc::new(marks));
    }

    /// What is known of recipients.
    #[cfg(feature = "screen")]
    pub(crate) fn marks(&self) -> Option<&Arc<Marks>> {
        self.marks.as_ref()
    }

    /// These facts with what is known of their recipient, who may have been given only after it.
    pub(crate) fn with_marks(&self) -> std::borrow::Cow<'_, Self> {
        if self.marks.is_none() || self.scope == Scope::Campaign {
            return std::borrow::Cow::Borrowed(self);
        }
        let mut marked = self.clone();
        marked.tell_marks();
        std::borrow::Cow::Owned(marked)
    }

    /// Says of this recipient what is known of it.
    pub(crate) fn tell_marks(&mut self) {
        let Some(marks) = self.marks.clone() else { return };
        let names = [id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID];
        let facts = marks.of(names.into_iter().filter_map(|name| self.fact(name).text()));
        for (id, fact) in facts {
            self.put(id, fact);
        }
    }

    /// Refuses the number of an attribute of another, larger schema.
    fn knows(&self, id: AttributeId) -> Result<(), FactsError> {
        if id.index() < self.slots.len() { Ok(()) } else { Err(error::other_schema()) }
    }

    /// Says what is known of an attribute, which it can hold.
    pub(crate) fn replace(&mut self, id: AttributeId, fact: Fact) {
        if self.knows(id).is_ok() {
            self.put(id, fact);
        }
    }

    /// Says of an attribute what other facts of this schema say.
    pub(crate) fn copy(&mut self, id: AttributeId, from: &Self) {
        let of = (from.slots.get(id.index()), from.codes.get(id.index()));
        let to = (self.slots.get_mut(id.index()), self.codes.get_mut(id.index()));
        if let ((Some(slot), Some(code)), (Some(to), Some(to_code))) = (of, to) {
            to.clone_from(slot);
            *to_code = *code;
        }
    }

    /// Whether something is kept apart of recipients.
    pub(crate) fn has_marks(&self) -> bool {
        self.marks.is_some()
    }

    /// Takes some entries of a list of objects back, by their places.
    pub(crate) fn without_entries(&mut self, path: &str, places: &[usize]) {
        let index = self.schema.collections().iter().position(|known| &*known.path == path);
        let list = index.and_then(|index| self.collections.get_mut(index));
        if let Some(Some(entries)) = list {
            let mut place = 0;
            entries.retain(|_| {
                place += 1;
                !places.contains(&(place - 1))
            });
        }
    }

    /// Takes a member of one entry of a list of objects for something else, by their places.
    pub(crate) fn replace_in_entry(
        &mut self,
        path: &str,
        (place, member): (usize, usize),
        fact: Fact,
    ) {
        let index = self.schema.collections().iter().position(|known| &*known.path == path);
        let list = index.and_then(|index| self.collections.get_mut(index));
        let entry = list.and_then(|list| list.as_mut()?.get_mut(place)?.get_mut(member));
        if let Some(known) = entry {
            *known = fact;
        }
    }

    /// Says that a list of objects is empty.
    pub(crate) fn empty_list(&mut self, path: &str) {
        let index = self.schema.collections().iter().position(|known| &*known.path == path);
        if let Some(list) = index.and_then(|index| self.collections.get_mut(index)) {
            *list = Some(Vec::new());
        }
    }

    pub(super) fn put(&mut self, id: AttributeId, fact: Fact) {
        let attribute = self.schema.attribute(id);
        self.scope = self.scope.max(attribute.scope);
        self.codes[id.index()] = attribute.code(&fact);
        self.slots[id.index()] = fact;
    }

    /// What is known of an attribute; derived ones are unknown here.
    pub fn fact(&self, id: AttributeId) -> &Fact {
        self.slots.get(id.index()).unwrap_or(&Fact::Unknown)
    }

    /// The codes of all attributes, in schema order; derived ones are unknown here.
    pub fn codes(&self) -> &[Code] {
        &self.codes
    }

    /// The entries of a list of objects; `None` when unknown.
    pub fn collection(&self, path: &str) -> Option<&[Entry]> {
        let index = self.schema.collections().iter().position(|known| &*known.path == path)?;
        self.collections[index].as_deref()
    }

    /// The entries of the list of objects of that number; `None` when unknown.
    pub(crate) fn collection_at(&self, index: usize) -> Option<&[Entry]> {
        self.collections.get(index)?.as_deref()
    }

    /// Whether a recipient is given.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// The time of sending, when given.
    pub fn send_at(&self) -> Option<Timestamp> {
        match self.fact(id::SEND_AT) {
            Fact::Value(Value::Timestamp(at)) => Some(*at),
            _ => None,
        }
    }

    /// The schema that these facts were made for.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Refuses facts that were made for another schema.
    ///
    /// # Errors
    /// `facts/other-engine`.
    pub fn made_for(&self, schema: &Arc<Schema>) -> Result<(), FactsError> {
        if Arc::ptr_eq(&self.schema, schema) { Ok(()) } else { Err(error::other_schema()) }
    }

    /// Refuses facts that cannot be judged: made for another schema, or without the instant of
    /// sending.
    ///
    /// # Errors
    /// `facts/other-engine`, `facts/missing-send-at`.
    pub fn ready_for(&self, schema: &Arc<Schema>) -> Result<(), FactsError> {
        self.made_for(schema)?;
        self.sent_at().map(|_| ())
    }

    /// The instant of sending of facts that can be judged.
    pub(crate) fn sent_at(&self) -> Result<Timestamp, FactsError> {
        self.send_at().ok_or_else(error::missing_send_at)
    }
}

/// Refuses an entry that ends before it begins: it was never in force, and whoever wrote it did not
/// mean that.
pub(super) fn period_of(entry: &[Fact], collection: &Collection) -> Result<(), FactsError> {
    let Some((since, until)) = collection.period else { return Ok(()) };
    match (entry.get(since), entry.get(until)) {
        (Some(Fact::Value(Value::Timestamp(since))), Some(Fact::Value(Value::Timestamp(end))))
            if end <= since =>
        {
            let member = collection
                .members
                .get(until)
                .map(|member| member.path.to_string())
                .unwrap_or_default();
            Err(error::bad_period(*since, *end).at(member))
        }
        _ => Ok(()),
    }
}
