//! What a reader of a document holds: where it is, what it has read, and what is wrong so far.

use serde::de::{IgnoredAny, MapAccess, SeqAccess};

use super::depth::Depth;
use super::path::{Path, Step};
use crate::facts::case::Facts;
use crate::facts::error::{self, FactsError};
use crate::facts::problems::Problems;
use crate::limits;
use crate::schema::attributes;
use crate::schema::shape::{Member, Object};
use crate::schema::{Form, Schema, Scope};
use crate::value::Fact;

/// Whether a document may have a recipient.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Campaign,
    /// What is the same for all campaigns of a sender.
    Base,
}

pub(super) struct Reader<'s> {
    pub(super) kind: Kind,
    pub(super) schema: &'s Schema,
    pub(super) facts: Facts,
    pub(super) path: Path<'s>,
    /// Our own errors: serde's carries only text, so they travel beside.
    pub(super) problems: Problems,
    /// Whether the last of them ended the reading.
    pub(super) is_refused: bool,
    /// What is wrong where what was meant depends on the country, which the same object may give
    /// after it.
    pub(super) late: Vec<Late>,
}

/// A region that is none, or a number that is not one of E.164.
pub(super) struct Late {
    pub(super) path: String,
    pub(super) found: String,
    pub(super) form: Form,
}

impl Late {
    pub(super) fn problem(self, country: Option<&str>) -> FactsError {
        error::malformed(&self.found, &self.form, country).at(self.path)
    }
}

impl<'s> Reader<'s> {
    pub(super) fn new(schema: &'s Schema, facts: Facts) -> Self {
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
    pub(super) fn note(&mut self, problem: FactsError) {
        let path = self.path.to_string();
        self.problems.put(if problem.path().is_empty() { problem.at(path) } else { problem });
    }

    /// Notes what is wrong here, and ends the reading.
    pub(super) fn refuse<E: serde::de::Error>(&mut self, problem: FactsError) -> E {
        if !self.is_refused {
            self.note(problem);
            self.is_refused = true;
        }
        E::custom("refused")
    }

    /// Passes over a value that nobody wants.
    pub(super) fn skip_value<'de, A: MapAccess<'de>>(
        &mut self,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let mut deep = false;
        let skipped =
            map.next_value_seed(Depth { left: limits::DOCUMENT_DEPTH_MAX, deep: &mut deep });
        if deep { Err(self.refuse(error::too_deep())) } else { skipped }
    }
}

impl Reader<'_> {
    /// Where an object is the recipient's, there is a recipient, whatever it holds.
    pub(super) fn note_recipient(&mut self) {
        if let [Step::Name("recipient")] = self.path.0.as_slice() {
            self.facts.scope = Scope::Recipient;
        }
    }

    /// Whether a member that was just entered is the recipient's.
    pub(super) fn is_of_recipient(&self, member: &Member) -> bool {
        match member {
            Member::Attribute(id) => self.schema.attribute(*id).scope == Scope::Recipient,
            _ => matches!(self.path.0.as_slice(), [Step::Name("recipient")]),
        }
    }

    pub(super) fn under_x(&self) -> bool {
        matches!(self.path.0.first(), Some(Step::Name("x")))
    }

    /// Notes a member that the schema does not know, and enters it.
    pub(super) fn note_stranger(&mut self, name: String, shape: &Object) {
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
    pub(super) fn noted(&self) -> usize {
        self.problems.count() + self.late.len()
    }

    /// At the end of an object: what is wrong in it, in the light of the country that it gives.
    pub(super) fn tell_late(&mut self) {
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
    pub(super) fn elsewhere(&self, name: &str) -> Option<String> {
        let here = self.path.to_string();
        let whole = if here.is_empty() { name.to_owned() } else { format!("{here}.{name}") };
        self.schema.nearest_given(&whole).map(str::to_owned)
    }

    pub(super) fn make_unknown(&mut self, shape: &Object) {
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
    pub(super) fn pass_list<'de, A: SeqAccess<'de>>(
        &mut self,
        list: A,
        expected: &str,
    ) -> Result<(), A::Error> {
        self.pass_rest(list)?;
        self.note(error::wrong_type("a list", expected));
        Ok(())
    }

    /// Passes over what is left of a list.
    pub(super) fn pass_rest<'de, A: SeqAccess<'de>>(
        &mut self,
        mut list: A,
    ) -> Result<(), A::Error> {
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
    pub(super) fn pass_object<'de, A: MapAccess<'de>>(
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

impl Reader<'_> {
    /// The facts, if nothing was wrong with any member.
    pub(super) fn done(self) -> Result<Facts, FactsError> {
        let lacks_send_at = self.facts.fact(attributes::SEND_AT).is_unknown();
        match self.problems.into_error() {
            None => Ok(self.facts),
            Some(error) => Err(error.of_whole_document(lacks_send_at)),
        }
    }

    /// Why reading text ended, with its place, and what was wrong before.
    pub(super) fn refused(mut self, problem: &serde_json::Error) -> FactsError {
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
