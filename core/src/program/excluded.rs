//! Which facts cannot occur together?
//!
//! Attributes that follow from the same facts imply each other, and clauses do not know it: on
//! dimensions alone an account could be banned and free to send. Each row is two things that no
//! case has both of: a program keeps no clause that lies in such a box, and an analysis looks for no
//! case in one. Rows follow from the functions in [`crate::resolve`]; the tests of the built-in packs
//! are held against them.

use super::classes::ClassSet;
use super::clause::{Clause, DimensionIdx};
use super::dimension::{Dimension, Subject};
use crate::schema::AttributeId;
use crate::schema::attributes as id;
use crate::value::{Fact, Value};

/// What an attribute is.
#[derive(Clone, Copy, Debug)]
enum Is {
    True,
    False,
    Absent,
    /// Not absent and not unknown.
    Given,
}

/// What no case has both of.
const EXCLUDED: &[[(AttributeId, Is); 2]] = &[
    [(id::PROVIDER_LISTING_KNOWN, Is::False), (id::PROVIDER_LISTING, Is::Given)],
    [(id::ACCOUNT_APPROVED_USE_CASES, Is::Absent), (id::CAMPAIGN_USE_CASE_APPROVED, Is::Given)],
    // Each of these kinds of restrictions is among those of the next.
    [(id::ACCOUNT_BANNED, Is::True), (id::ACCOUNT_RESTRICTED_ALL, Is::False)],
    [
        (id::ACCOUNT_RESTRICTED_ALL, Is::True),
        (id::ACCOUNT_RESTRICTED_BUSINESS_INITIATED, Is::False),
    ],
    [(id::ACCOUNT_RESTRICTED_ALL, Is::True), (id::ACCOUNT_RESTRICTED_REPLIES, Is::False)],
    [(id::ACCOUNT_BANNED, Is::True), (id::ACCOUNT_RESTRICTED_BUSINESS_INITIATED, Is::False)],
    [(id::ACCOUNT_BANNED, Is::True), (id::ACCOUNT_RESTRICTED_REPLIES, Is::False)],
    // A window is opened by a message.
    [(id::RECIPIENT_IN_SERVICE_WINDOW, Is::True), (id::RECIPIENT_LAST_INBOUND_AT, Is::Absent)],
];

/// The boxes of a program's dimensions that hold no case.
#[derive(Clone, Debug)]
pub(crate) struct Excluded(Vec<Clause>);

impl Excluded {
    pub(crate) fn of(dimensions: &[Dimension]) -> Self {
        let rows = EXCLUDED.iter().filter_map(|row| {
            let [one, other] = row.map(|(attribute, is)| constraint(dimensions, attribute, is));
            one?.and(&other?)
        });
        Self(rows.collect())
    }

    /// The boxes.
    pub(crate) fn boxes(&self) -> &[Clause] {
        &self.0
    }

    /// Whether a box holds no case.
    pub(crate) fn covers(&self, clause: &Clause) -> bool {
        self.0.iter().any(|excluded| {
            excluded.constraints.iter().all(|(place, set)| {
                clause.on(*place).is_some_and(|narrower| set.includes(narrower))
            })
        })
    }

    /// Whether two clauses share a case. Nothing is made for most pairs: many rules are compared
    /// with each other.
    pub(crate) fn leaves_shared(&self, one: &Clause, other: &Clause) -> bool {
        let meet = one
            .constraints
            .iter()
            .all(|(place, set)| other.on(*place).is_none_or(|others| set.meets(others)));
        let may_cover = |excluded: &Clause| {
            let mut places = excluded.constraints.iter().map(|(place, _)| *place);
            places.all(|place| one.on(place).is_some() || other.on(place).is_some())
        };
        meet && (!self.0.iter().any(may_cover)
            || one.and(other).is_some_and(|both| !self.covers(&both)))
    }

    /// Whether a row of classes lies in one of the boxes.
    #[cfg(test)]
    fn holds(&self, row: &[super::classes::ClassIdx]) -> bool {
        self.0.iter().any(|excluded| excluded.certain(row))
    }
}

/// The box of what an attribute is; `None` where no rule asks for it, or nothing is in it.
fn constraint(dimensions: &[Dimension], attribute: AttributeId, is: Is) -> Option<Clause> {
    let place =
        dimensions.iter().position(|known| known.subject == Subject::Attribute(attribute))?;
    let dimension = dimensions.get(place)?;
    let truth = |value: bool| dimension.class(&Fact::Value(Value::Bool(value)));
    let set = ClassSet::of(dimension.count, |class| match is {
        Is::True => class == truth(true),
        Is::False => class == truth(false),
        Is::Absent => Some(class) == dimension.absent,
        Is::Given => Some(class) != dimension.absent,
    });
    let clause = Clause { constraints: vec![(DimensionIdx(place as u16), set.clone())] };
    (!set.is_empty()).then_some(clause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;
    use crate::matching::Matcher;
    use crate::{Directory, Engine, Pack};
    use std::sync::Arc;

    #[test]
    fn no_test_of_a_built_in_pack_has_what_is_excluded() {
        let mut checked = 0;
        for name in Pack::built_in_names() {
            let pack = Pack::built_in(name).unwrap().unwrap();
            let engine = Engine::builder().built_in_pack(name).build().unwrap();
            let mut engines = vec![(None, engine.clone())];
            for (named, bytes) in &pack.directories {
                let directory = Arc::new(Directory::from_json(bytes).unwrap());
                let builder = Engine::builder().built_in_pack(name).directory(directory);
                engines.push((Some(Arc::clone(named)), builder.build().unwrap()));
            }
            let excluded = Excluded::of(engine.program().dimensions());
            assert_eq!(
                excluded.0.len(),
                EXCLUDED.len(),
                "each row is of attributes that are asked"
            );
            for test in &pack.tests().unwrap().tests {
                let (_, engine) =
                    engines.iter().find(|(named, _)| *named == test.directory).unwrap();
                let document = test.facts.to_string();
                let facts = Facts::from_json(engine.schema(), document.as_bytes()).unwrap();
                let resolved = engine.resolve(&facts);
                let mut matcher = Matcher::new();
                matcher.run(engine.program(), &resolved);
                let row = matcher.classes(engine.program(), &resolved);
                assert!(!excluded.holds(&row), "{}", test.name);
                checked += 1;
            }
        }
        assert!(checked > 1000, "{checked}");
    }
}
