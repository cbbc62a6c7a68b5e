//! What can be done to facts so that they come to lie in other classes of a dimension?
//!
//! A given attribute is set. One that follows from others is led there by what it follows from: by
//! values of those, or by all of them together as another case has them, which lies where this one
//! should, at its own instant or moved along with `send_at`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ground::Case;
use super::pool::{Pool, all_of_both};
use crate::cel::{Node, NodeKind};
use crate::facts::{Entry, Facts};
use crate::limits;
use crate::matching::PackView;
use crate::matching::turns::{Line, turns};
use crate::program::Program;
use crate::program::classes::{ClassIdx, ClassSet};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::{Predicate, PredicateForm, Subject};
use crate::program::sets::Timeline;
use crate::resolve::{Wanted, sources};
use crate::schema::attributes::SEND_AT;
use crate::schema::{AttributeId, Origin, Schema};
use crate::time::Duration;
use crate::value::{Fact, Type, Value};

/// Something that is done.
#[derive(Clone, Debug)]
pub(super) enum Move {
    /// An attribute is something else.
    Set(AttributeId, Fact),
    /// The message is sent at another time, and all that happened is as long before it as it was.
    SentAt(Fact),
    /// What attributes and lists of objects hold is as another case has it.
    Taken { from: usize, what: Arc<Taken>, shift: Shift },
}

/// What is taken over from another case.
#[derive(Debug)]
pub(super) struct Taken {
    attributes: Vec<AttributeId>,
    lists: Vec<Arc<str>>,
}

/// Whether instants keep their distance from `send_at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    None,
    WithSendAt,
}

/// The facts with it done; `None` where they cannot be so.
pub(super) fn done(pool: &Pool<'_>, case: &Case, what: &Move) -> Option<Case> {
    let Case { mut facts, mut directory } = case.clone();
    match what {
        Move::Set(id, fact) => set(&mut facts, *id, fact)?,
        Move::SentAt(at) => {
            let before = facts.send_at()?;
            set(&mut facts, SEND_AT, at)?;
            let by = facts.send_at()?.since(before);
            let schema = Arc::clone(facts.schema());
            let all = Taken {
                attributes: schema.iter().map(|(id, _)| id).filter(|id| *id != SEND_AT).collect(),
                lists: schema.collections().iter().map(|list| Arc::clone(&list.path)).collect(),
            };
            let as_is = facts.clone();
            take(&mut facts, &as_is, &all, by)?;
        }
        Move::Taken { from, what, shift } => {
            let donor = pool.case(*from)?;
            directory = donor.directory;
            let donor = &donor.facts;
            let by = match shift {
                Shift::None => Duration::ZERO,
                Shift::WithSendAt => facts.send_at()?.since(donor.send_at()?),
            };
            take(&mut facts, donor, what, by)?;
        }
    }
    Some(Case { facts, directory })
}

fn set(facts: &mut Facts, id: AttributeId, fact: &Fact) -> Option<()> {
    match fact {
        Fact::Value(value) => facts.set(id, value.clone()).ok(),
        Fact::Absent => facts.set_null(id).ok(),
        Fact::Unknown => None,
    }
}

fn take(facts: &mut Facts, from: &Facts, what: &Taken, by: Duration) -> Option<()> {
    let moved = |fact: &Fact| match fact {
        Fact::Value(Value::Timestamp(at)) if by != Duration::ZERO => {
            at.checked_add(by).map(|at| Fact::Value(Value::Timestamp(at)))
        }
        other => Some(other.clone()),
    };
    for id in &what.attributes {
        let fact = moved(from.fact(*id))?;
        if fact != *facts.fact(*id) {
            match fact {
                Fact::Value(value) => facts.set(*id, value).ok()?,
                other => facts.replace(*id, other),
            }
        }
    }
    for list in &what.lists {
        let Some(entries) = from.collection(list) else { continue };
        let moved: Option<Vec<Entry>> =
            entries.iter().map(|entry| entry.iter().map(moved).collect()).collect();
        facts.set_collection(list, moved?).ok()?;
    }
    Some(())
}

/// What may lead a case into some classes of a dimension, the likeliest first.
pub(super) fn towards(
    pool: &Pool<'_>,
    case: &Case,
    place: DimensionIdx,
    set: &ClassSet,
) -> Vec<Move> {
    let facts = &case.facts;
    let program = pool.ground.program;
    let Some(dimension) = program.dimension(place) else { return Vec::new() };
    let mut found = Vec::new();
    match dimension.subject {
        Subject::Attribute(SEND_AT) => {
            let values = pool.values(SEND_AT, facts.send_at());
            let fit = values.iter().filter(|(_, class)| set.contains(*class));
            for (value, _) in fit.take(limits::ANALYSIS_VALUES_MAX) {
                found.push(Move::SentAt(value.clone()));
                found.push(Move::Set(SEND_AT, value.clone()));
            }
        }
        Subject::Attribute(id) => {
            let attribute = program.schema().attribute(id);
            if attribute.origin != Origin::Derived {
                let values = pool.values(id, facts.send_at());
                let fit = values.iter().filter(|(_, class)| set.contains(*class));
                let some = fit.take(limits::ANALYSIS_VALUES_MAX);
                found.extend(some.map(|(value, _)| Move::Set(id, value.clone())));
            }
            if attribute.origin != Origin::Given {
                donors(pool, place, set, [id].into_iter(), &mut found);
                of_sources(pool, facts, id, &mut found);
            }
        }
        Subject::Predicate(index) => {
            if let Some(predicate) = program.predicates().get(index) {
                of_predicate(pool, case, predicate, &mut found);
                donors(pool, place, set, predicate.attributes.iter().copied(), &mut found);
                for id in &predicate.attributes {
                    of_sources(pool, facts, *id, &mut found);
                }
            }
        }
    }
    found
}

/// Facts with a value for each attribute of a predicate that is not given.
pub(super) fn filled(pool: &Pool<'_>, case: &Case, place: DimensionIdx) -> Option<Case> {
    let program = pool.ground.program;
    let Subject::Predicate(index) = program.dimension(place)?.subject else { return None };
    let mut filled = case.facts.clone();
    let mut any = false;
    for id in &program.predicates().get(index)?.attributes {
        let attribute = program.schema().attribute(*id);
        if attribute.origin == Origin::Derived || filled.fact(*id).value().is_some() {
            continue;
        }
        let values = pool.values(*id, case.facts.send_at());
        any |= values
            .iter()
            .map(|(value, _)| value)
            .filter(|value| value.value().is_some())
            .any(|value| set(&mut filled, *id, value).is_some());
    }
    any.then_some(Case { facts: filled, directory: case.directory })
}

/// Moves by single values of what an attribute follows from.
fn of_sources(pool: &Pool<'_>, facts: &Facts, id: AttributeId, found: &mut Vec<Move>) {
    let schema = pool.ground.program.schema();
    for source in sources(id).iter().filter_map(|path| schema.id(path)) {
        let values = pool.values(source, facts.send_at());
        let some = values.iter().take(limits::ANALYSIS_VALUES_MAX);
        found.extend(some.map(|(value, _)| Move::Set(source, value.clone())));
    }
}

/// Moves that take over what attributes follow from, from cases that lie where this one should.
fn donors(
    pool: &Pool<'_>,
    place: DimensionIdx,
    set: &ClassSet,
    attributes: impl Iterator<Item = AttributeId>,
    found: &mut Vec<Move>,
) {
    let schema = pool.ground.program.schema();
    let what = Arc::new(followed(schema, attributes));
    let clause = Clause { constraints: vec![(place, set.clone())] };
    let bits = pool.cases_in(&clause);
    let cases: Vec<usize> = all_of_both(&bits, &bits).collect();
    let step = cases.len().div_ceil(limits::ANALYSIS_DONORS_MAX).max(1);
    for from in cases.into_iter().step_by(step) {
        for shift in [Shift::WithSendAt, Shift::None] {
            found.push(Move::Taken { from, what: Arc::clone(&what), shift });
        }
    }
}

/// The given attributes and lists that attributes follow from, or are.
fn followed(schema: &Schema, attributes: impl Iterator<Item = AttributeId>) -> Taken {
    let mut all: BTreeSet<AttributeId> = BTreeSet::new();
    let mut lists: BTreeSet<Arc<str>> = BTreeSet::new();
    for id in attributes.filter(|id| *id != SEND_AT) {
        if schema.attribute(id).origin != Origin::Derived {
            all.insert(id);
        }
        for path in sources(id) {
            match schema.id(&path) {
                Some(source) => {
                    all.insert(source);
                }
                None => {
                    lists.insert(path);
                }
            }
        }
    }
    Taken { attributes: all.into_iter().collect(), lists: lists.into_iter().collect() }
}

/// The first texts that a predicate writes, or that are members of the sets that it names.
fn named(program: &Program, predicate: &Predicate) -> Vec<Value> {
    fn note(node: &Node, sets: &[Timeline], found: &mut Vec<Value>) {
        match &node.kind {
            NodeKind::Literal(text @ Value::String(_)) => found.push(text.clone()),
            NodeKind::Set(set) => {
                let timeline = sets.get(usize::from(set.0));
                let members = timeline.into_iter().flat_map(Timeline::values);
                let texts = members.filter(|member| matches!(member, Value::String(_)));
                found.extend(texts.take(TEXTS_MAX).cloned());
            }
            _ => {}
        }
        node.for_each_part(&mut |part| note(part, sets, found));
    }
    let mut found = Vec::new();
    let sets = program.sets.get(predicate.pack).map_or(&[][..], Vec::as_slice);
    note(&predicate.node, sets, &mut found);
    found.truncate(TEXTS_MAX);
    found
}

/// LIMIT: the texts of a predicate that are tried for each attribute that it reads.
const TEXTS_MAX: usize = 4;

/// Lists of more elements than one, of those that other lists hold and of some texts: a predicate
/// may ask how many there are.
fn lists_of_several(lists: &[(Fact, ClassIdx)], texts: &[Value]) -> Vec<Fact> {
    const LENGTHS: [usize; 4] = [2, 3, 5, 11];
    let of_lists = lists.iter().filter_map(|(fact, _)| match fact.value() {
        Some(Value::List(elements)) if elements.len() == 1 => elements.first().cloned(),
        _ => None,
    });
    let mut elements: Vec<Value> = of_lists.take(limits::ANALYSIS_VALUES_MAX).collect();
    let is_of_texts = matches!(elements.first(), None | Some(Value::String(_)));
    elements.extend(texts.iter().filter(|_| is_of_texts).cloned());
    // All of them in turn, and each text by itself.
    let alone = texts.iter().filter(|_| is_of_texts).map(std::slice::from_ref);
    let kinds = [elements.as_slice()].into_iter().chain(alone);
    let of = |kind: &[Value], length: usize| -> Fact {
        Fact::Value(Value::List(kind.iter().cycle().take(length).cloned().collect()))
    };
    kinds
        .filter(|kind| !kind.is_empty())
        .flat_map(|kind| LENGTHS.into_iter().map(move |length| of(kind, length)))
        .collect()
}

/// Moves by values of a predicate's given attributes, those at which it turns among them.
fn of_predicate(pool: &Pool<'_>, case: &Case, predicate: &Predicate, found: &mut Vec<Move>) {
    let program = pool.ground.program;
    let wanted = Wanted::those(|id| predicate.attributes.contains(&id));
    let resolved = pool.ground.resolve_for(case, &wanted);
    let facts = &case.facts;
    let texts = named(program, predicate);
    for id in &predicate.attributes {
        let attribute = program.schema().attribute(*id);
        if attribute.origin == Origin::Derived {
            continue;
        }
        let mut values: Vec<Fact> = Vec::new();
        if let PredicateForm::Contains { list, text } = &predicate.form
            && list == id
        {
            values.push(Fact::Value(Value::List([Value::String(Arc::clone(text))].into())));
        }
        if attribute.ty == Type::STRING {
            values.extend(texts.iter().cloned().map(Fact::Value));
        } else if attribute.ty == Type::STRING.list() {
            let of_one = |text: &Value| Fact::Value(Value::List([text.clone()].into()));
            values.extend(texts.iter().map(of_one));
        }
        if attribute.ty.lists == 1 {
            values.extend(lists_of_several(&pool.values(*id, facts.send_at()), &texts));
        }
        if let Some(line) = Line::of(attribute.ty.base).filter(|_| !attribute.ty.is_list()) {
            let view = PackView { program, pack: predicate.pack, case: &resolved };
            let mut places = BTreeSet::new();
            if turns(&predicate.node, *id, line, &view, &mut places).is_some() {
                let near = places.into_iter().take(limits::ANALYSIS_VALUES_MAX);
                let near = near.flat_map(|at| [at, at - 1, at + 1]);
                values.extend(near.filter_map(|at| line.value(at)).map(Fact::Value));
            }
        }
        let tried = limits::ANALYSIS_VALUES_MAX * 2;
        let samples = pool.values(*id, facts.send_at());
        values.extend(samples.iter().take(tried).map(|(value, _)| value.clone()));
        let is_instant = attribute.ty == Type::TIMESTAMP && *id == SEND_AT;
        for value in values.into_iter().take(tried) {
            if is_instant {
                found.push(Move::SentAt(value.clone()));
            }
            found.push(Move::Set(*id, value));
        }
    }
}
