//! Conditions into clauses, under three-valued logic.
//!
//! A condition is true, false or in error for each case. [`Normaliser::three`] gives, for each of
//! the three, the formula of the cases for which it is so; the three never overlap and leave no
//! case out. `&&` and `||` absorb errors as CEL says (cel-spec, *Logical operators*):
//!
//! ```text
//! T(a && b) = T(a) T(b)      F(a && b) = F(a) + F(b)      E(a && b) = E(a) (T(b) + E(b)) + T(a)
//! E(b) T(a || b) = T(a) + T(b)    F(a || b) = F(a) F(b)        E(a || b) = E(a) (F(b) + E(b)) +
//! F(a) E(b) T(a ? b : c) = T(a) T(b) + F(a) T(c)                    E(a ? b : c) = E(a) + T(a)
//! E(b) + F(a) E(c)
//! ```
//!
//! Where a formula would need too many clauses, the node becomes a predicate: it decides the same,
//! but of unknown facts it only knows what the evaluator knows.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::atom::{Atom, Shape, shape};
use super::dimensions::bounded_by;
use super::formula::{Formula, Space, Steps, TooManyClauses};
use super::predicate;
use crate::cel::{Comparison, Node, SetId};
use crate::program::classes::{ClassIdx, ClassSet, Classes, Piece};
use crate::program::clause::DimensionIdx;
use crate::program::dimension::{Dimension, Predicate};
use crate::program::excluded::Excluded;
use crate::program::sets::Timeline;
use crate::schema::{AttributeId, Schema, attributes};
use crate::time::Timestamp;
use crate::value::Value;

/// When a condition is true, false, and in error.
#[derive(Clone, Debug)]
pub(super) struct Three {
    pub(super) yes: Formula,
    pub(super) no: Formula,
    pub(super) error: Formula,
}

/// What conditions are normalised against.
pub(super) struct Normaliser<'p> {
    pub(super) schema: &'p Schema,
    /// The facts that cannot occur together.
    pub(super) excluded: Excluded,
    pub(super) dimensions: Vec<Dimension>,
    pub(super) predicates: Vec<Predicate>,
    /// The dimension of each attribute that is constrained.
    pub(super) places: BTreeMap<AttributeId, DimensionIdx>,
    /// The dimension of each predicate, by its text without spans.
    pub(super) known: BTreeMap<String, DimensionIdx>,
    /// When a member of a set lies in it, by attribute, pack and set: many rules may ask the same
    /// of a large set.
    pub(super) memberships: BTreeMap<(AttributeId, usize, SetId), Three>,
    /// The set that is meant by another with the same members at all times.
    pub(super) alike: BTreeMap<(usize, SetId), (usize, SetId)>,
    /// What is left for the rule at hand.
    pub(super) steps: Steps,
    /// What the rules before took.
    pub(super) taken: u64,
}

/// A condition of one pack: its tree's own source text, and the sets that it may name.
#[derive(Clone, Copy)]
pub(super) struct Origin<'p> {
    pub(super) pack: usize,
    pub(super) source: &'p str,
    pub(super) sets: &'p [Timeline],
}

impl Three {
    fn negated(self) -> Self {
        Self { yes: self.no, no: self.yes, error: self.error }
    }

    pub(super) fn literal(value: bool) -> Self {
        Self { yes: Formula::when(value), no: Formula::when(!value), error: Formula::never() }
    }
}

impl Normaliser<'_> {
    /// When a condition is true, false, and in error. Where the rule's steps are spent, nothing is
    /// said of it, and whoever asks takes the whole of the condition as a predicate.
    pub(super) fn three(&mut self, node: &Node, origin: Origin<'_>) -> Three {
        if self.steps.are_spent() {
            return Three::literal(false);
        }
        match self.normalised(node, origin) {
            Ok(three) => three,
            Err(TooManyClauses) => self.part(node, origin),
        }
    }

    /// A part of a condition as a predicate: the same part of a deep tree may come to be copied at
    /// every level.
    fn part(&mut self, node: &Node, origin: Origin<'_>) -> Three {
        const STEPS_PER_NODE: usize = 64;
        match self.steps.spend(nodes(node) * STEPS_PER_NODE) {
            Ok(()) => self.predicate(node, origin),
            Err(TooManyClauses) => Three::literal(false),
        }
    }

    pub(super) fn space(&self) -> Space<'_> {
        Space { dimensions: &self.dimensions, steps: &self.steps }
    }

    fn normalised(&mut self, node: &Node, origin: Origin<'_>) -> Result<Three, TooManyClauses> {
        match shape(node, self.schema) {
            Shape::Not(inner) => Ok(self.three(inner, origin).negated()),
            Shape::And(parts) => self.conjunction(parts, origin),
            // a || b is !(!a && !b), and negation only swaps.
            Shape::Or(parts) => {
                let mut all: Option<Three> = None;
                for part in parts {
                    let next = self.three(part, origin).negated();
                    all = Some(match all {
                        None => next,
                        Some(before) => self.both(&before, &next)?,
                    });
                }
                Ok(all.map_or_else(|| Three::literal(false), Three::negated))
            }
            Shape::Conditional([condition, then, otherwise]) => {
                let (condition, then, otherwise) = (
                    self.three(condition, origin),
                    self.three(then, origin),
                    self.three(otherwise, origin),
                );
                let branch = |a: &Formula, b: &Formula| {
                    let first = condition.yes.and(a, self.space())?;
                    first.or(&condition.no.and(b, self.space())?, self.space())
                };
                Ok(Three {
                    yes: branch(&then.yes, &otherwise.yes)?,
                    no: branch(&then.no, &otherwise.no)?,
                    error: condition
                        .error
                        .or(&branch(&then.error, &otherwise.error)?, self.space())?,
                })
            }
            Shape::Same(left, right) => self.same(left, right, origin),
            Shape::Differ(left, right) => Ok(self.same(left, right, origin)?.negated()),
            Shape::Atom(atom) => Ok(self.atom(&atom, node, origin)),
        }
    }

    fn conjunction(&mut self, parts: &[Node], origin: Origin<'_>) -> Result<Three, TooManyClauses> {
        let mut all: Option<Three> = None;
        for part in parts {
            let next = self.three(part, origin);
            all = Some(match all {
                None => next,
                Some(before) => self.both(&before, &next)?,
            });
        }
        Ok(all.unwrap_or_else(|| Three::literal(true)))
    }

    fn both(&self, a: &Three, b: &Three) -> Result<Three, TooManyClauses> {
        let space = self.space();
        let open = b.yes.or(&b.error, space)?;
        Ok(Three {
            yes: a.yes.and(&b.yes, space)?,
            no: a.no.or(&b.no, space)?,
            error: a.error.and(&open, space)?.or(&a.yes.and(&b.error, space)?, space)?,
        })
    }

    /// `a == b` of booleans: an error on either side is an error.
    fn same(
        &mut self,
        left: &Node,
        right: &Node,
        origin: Origin<'_>,
    ) -> Result<Three, TooManyClauses> {
        let (a, b) = (self.three(left, origin), self.three(right, origin));
        let space = self.space();
        Ok(Three {
            yes: a.yes.and(&b.yes, space)?.or(&a.no.and(&b.no, space)?, space)?,
            no: a.yes.and(&b.no, space)?.or(&a.no.and(&b.yes, space)?, space)?,
            error: a.error.or(&b.error, space)?,
        })
    }

    fn atom(&mut self, atom: &Atom<'_>, node: &Node, origin: Origin<'_>) -> Three {
        match atom {
            Atom::Literal(value) => Three::literal(*value),
            Atom::Truth(id) => self.split(*id, node, origin, |dimension| {
                let yes = (dimension.classes == Classes::Bool).then_some(2);
                ClassSet::those(dimension.count, yes)
            }),
            Atom::Has(id) => {
                let Some((place, dimension)) = self.dimension(*id) else {
                    return self.part(node, origin);
                };
                let absent = absent(dimension);
                let present = dimension.complement(&absent);
                Three {
                    yes: Formula::on(place, present, &self.dimensions),
                    no: Formula::on(place, absent, &self.dimensions),
                    error: Formula::never(),
                }
            }
            Atom::Compare(id, operator, constant) => self
                .split(*id, node, origin, |dimension| satisfying(dimension, *operator, constant)),
            Atom::Among(id, constants) => self.split(*id, node, origin, |dimension| {
                members_in(dimension, constants.iter().copied())
            }),
            Atom::InSet(id, set) => {
                let Some(timeline) = origin.sets.get(usize::from(set.0)) else {
                    return self.part(node, origin);
                };
                if let Some(known) = self.memberships.get(&(*id, origin.pack, *set)) {
                    return known.clone();
                }
                match self.in_set(*id, timeline) {
                    Some(three) => {
                        self.memberships.insert((*id, origin.pack, *set), three.clone());
                        three
                    }
                    None => self.part(node, origin),
                }
            }
            Atom::ConstantInSet(constant, set) => {
                let Some(timeline) = origin.sets.get(usize::from(set.0)) else {
                    return self.part(node, origin);
                };
                let mut yes = Formula::never();
                for (from, until) in timeline.of_value(constant) {
                    match yes.or(&self.between(from, until), self.space()) {
                        Ok(wider) => yes = wider,
                        Err(TooManyClauses) => return self.part(node, origin),
                    }
                }
                Three { no: self.other_instants(&yes), yes, error: Formula::never() }
            }
            Atom::Predicate => self.part(node, origin),
        }
    }

    /// The instants that a formula over `send_at` alone leaves out.
    pub(super) fn other_instants(&self, formula: &Formula) -> Formula {
        let Some((place, dimension)) = self.dimension(attributes::SEND_AT) else {
            return Formula::when(formula.is_never());
        };
        let mut inside = ClassSet::empty(dimension.count);
        for clause in &formula.0 {
            match clause.on(place) {
                Some(set) => inside = inside.or(set),
                None => return Formula::never(),
            }
        }
        Formula::on(place, dimension.complement(&inside), &self.dimensions)
    }

    /// The timestamps of a half-open period.
    pub(super) fn between(&self, from: Option<Timestamp>, until: Option<Timestamp>) -> Formula {
        let Some((place, dimension)) = self.dimension(attributes::SEND_AT) else {
            return Formula::always();
        };
        let bound = |operator, at: Option<Timestamp>| {
            at.map(|at| satisfying(dimension, operator, &Value::Timestamp(at)))
        };
        let set = match (bound(Comparison::GreaterOrEqual, from), bound(Comparison::Less, until)) {
            (Some(after), Some(before)) => after.and(&before),
            (Some(set), None) | (None, Some(set)) => set,
            (None, None) => dimension.full(),
        };
        Formula::on(place, set, &self.dimensions)
    }

    fn dimension(&self, id: AttributeId) -> Option<(DimensionIdx, &Dimension)> {
        let place = *self.places.get(&id)?;
        Some((place, self.dimensions.get(place.index())?))
    }

    /// Splits an attribute's classes into those for which a condition is true, those for which it
    /// is false, and *absent*, for which it is an error.
    fn split(
        &mut self,
        id: AttributeId,
        node: &Node,
        origin: Origin<'_>,
        satisfying: impl FnOnce(&Dimension) -> ClassSet,
    ) -> Three {
        let Some((place, dimension)) = self.dimension(id) else {
            return self.part(node, origin);
        };
        let error = absent(dimension);
        let yes = satisfying(dimension).without(&error);
        let no = dimension.complement(&yes).without(&error);
        match (self.within(id, place, yes), self.within(id, place, no)) {
            (Ok(yes), Ok(no)) => {
                Three { yes, no, error: Formula::on(place, error, &self.dimensions) }
            }
            _ => self.part(node, origin),
        }
    }

    /// Where an attribute is in a set of classes. Of one that lies between two others, these are
    /// said too: where it is unknown, they tell what it cannot be.
    fn within(
        &self,
        id: AttributeId,
        place: DimensionIdx,
        set: ClassSet,
    ) -> Result<Formula, TooManyClauses> {
        let ends = bounded_by(id).zip(self.dimensions.get(place.index()));
        let Some(([least, greatest], Dimension { classes: Classes::Ints(cuts), count, .. })) = ends
        else {
            return Ok(Formula::on(place, set, &self.dimensions));
        };
        let bound = |id: AttributeId, operator: Comparison, at: Option<i64>| {
            let (place, dimension) = self.dimension(id)?;
            let set = satisfying(dimension, operator, &Value::Int(at?));
            Some(Formula::on(place, set, &self.dimensions))
        };
        let mut all = Formula::never();
        for (first, last) in set.runs() {
            let lower = match cuts.piece(first) {
                Some(Piece::Point(at)) => bound(greatest, Comparison::GreaterOrEqual, Some(at)),
                Some(Piece::Gap(above, _)) => bound(greatest, Comparison::Greater, above),
                None => None,
            };
            let upper = match cuts.piece(last) {
                Some(Piece::Point(at)) => bound(least, Comparison::LessOrEqual, Some(at)),
                Some(Piece::Gap(_, below)) => bound(least, Comparison::Less, below),
                None => None,
            };
            let run = ClassSet::run(*count, first, last);
            let mut part = Formula::on(place, run, &self.dimensions);
            for bound in [lower, upper].into_iter().flatten() {
                part = part.and(&bound, self.space())?;
            }
            all = all.or(&part, self.space())?;
        }
        Ok(all)
    }

    /// One clause for each period of the set, and likewise for its complement; `None` where they
    /// are too many.
    fn in_set(&self, id: AttributeId, timeline: &Timeline) -> Option<Three> {
        let (place, dimension) = self.dimension(id)?;
        let absent = absent(dimension);
        // It is worked out once for all rules that ask, so that it takes nothing of their steps.
        let values = timeline.values().count();
        let steps = Steps::of_members(values);
        let space = Space { dimensions: &self.dimensions, steps: &steps };
        let mut three = Three {
            yes: Formula::never(),
            no: Formula::never(),
            error: Formula::on(place, absent.clone(), &self.dimensions),
        };
        for (from, until, members) in timeline.periods() {
            steps.spend(values).ok()?;
            let inside = members_in(dimension, &members);
            let outside = dimension.complement(&inside).without(&absent);
            let period = self.between(from, until);
            for (target, set) in [(&mut three.yes, inside), (&mut three.no, outside)] {
                let part = period.and(&self.within(id, place, set).ok()?, space);
                *target = part.and_then(|part| target.or(&part, space)).ok()?;
            }
        }
        Some(three)
    }

    /// A condition as a dimension of its own.
    pub(super) fn predicate(&mut self, node: &Node, origin: Origin<'_>) -> Three {
        let key = predicate::key(node, &|set| {
            let set = (origin.pack, set);
            *self.alike.get(&set).unwrap_or(&set)
        });
        let place = match self.known.get(&key) {
            Some(place) => *place,
            None => {
                let place = DimensionIdx(self.dimensions.len() as u16);
                let mut attributes = BTreeSet::new();
                predicate::attributes(node, &mut attributes);
                let fallible = predicate::fallible(node, self.schema);
                let source =
                    Arc::from(origin.source.get(node.span.range()).unwrap_or(origin.source));
                self.dimensions.push(Dimension::of_predicate(self.predicates.len(), fallible));
                let form = predicate::form(node);
                self.predicates.push(Predicate {
                    node: node.clone(),
                    pack: origin.pack,
                    source,
                    attributes,
                    fallible,
                    form,
                    strict: predicate::strict(node),
                });
                self.known.insert(key, place);
                place
            }
        };
        let count = self.dimensions.get(place.index()).map_or(3, |dimension| dimension.count);
        let only = |wanted: ClassIdx| {
            Formula::on(place, ClassSet::of(count, |class| class == wanted), &self.dimensions)
        };
        Three { yes: only(2), no: only(1), error: only(3) }
    }
}

/// How many nodes a tree has.
pub(super) fn nodes(node: &Node) -> usize {
    let mut count = 1;
    node.for_each_part(&mut |part| count += nodes(part));
    count
}

/// The classes of constants at which a dimension is cut. Each is looked up by itself, so that large
/// sets take time in proportion.
fn members_in<'v>(dimension: &Dimension, members: impl IntoIterator<Item = &'v Value>) -> ClassSet {
    let classes = members.into_iter().filter_map(|member| {
        let class = dimension.classes.class(member);
        compares(&dimension.classes, class, Comparison::Equal, member).then_some(class)
    });
    ClassSet::those(dimension.count, classes)
}

/// The class of *absent*, where there is one.
fn absent(dimension: &Dimension) -> ClassSet {
    ClassSet::those(dimension.count, dimension.absent)
}

/// The classes whose values compare so with a constant at which the dimension is cut.
fn satisfying(dimension: &Dimension, operator: Comparison, constant: &Value) -> ClassSet {
    let classes = &dimension.classes;
    // What rules do not name stands behind what they do, and has no order.
    let ordered = match classes {
        Classes::Texts { named, .. } => named.len(),
        others => others.len(),
    };
    // Classes go up with what they hold: those below the constant, then its own, then those above.
    let until = |operator: Comparison| {
        let (mut low, mut high) = (0, ordered);
        while low < high {
            let middle = low.midpoint(high);
            match compares(classes, (middle + 1) as ClassIdx, operator, constant) {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    };
    let below = until(Comparison::Less);
    let ends = [below, until(Comparison::LessOrEqual).max(below), ordered, classes.len()];
    let mut first = 1;
    let mut runs: Vec<(ClassIdx, ClassIdx)> = Vec::new();
    for end in ends {
        // All from the first to the end compare alike.
        if first <= end && compares(classes, first as ClassIdx, operator, constant) {
            match runs.last_mut() {
                Some((_, last)) if usize::from(*last) + 1 == first => *last = end as ClassIdx,
                _ => runs.push((first as ClassIdx, end as ClassIdx)),
            }
        }
        first = first.max(end + 1);
    }
    // Sets of a dimension that is cut often are long, and most are one run.
    let run = |(first, last): (ClassIdx, ClassIdx)| ClassSet::run(dimension.count, first, last);
    let all = runs.into_iter().map(run).reduce(|all, next| all.or(&next));
    all.unwrap_or_else(|| ClassSet::empty(dimension.count))
}

/// Whether every value of a class compares so with a constant at which the dimension is cut.
fn compares(classes: &Classes, class: ClassIdx, operator: Comparison, constant: &Value) -> bool {
    // A constant is a point of the cut, so a gap lies wholly on one side of it; those beyond the
    // range are above or below everything.
    fn on_line<T: PartialOrd + Copy>(
        piece: Option<Piece<T>>,
        operator: Comparison,
        constant: T,
        above_all: bool,
    ) -> bool {
        match piece {
            Some(Piece::Point(value)) => operator.holds(value.partial_cmp(&constant)),
            Some(Piece::Gap(_, upper)) => {
                let below = above_all || upper.is_some_and(|upper| upper <= constant);
                operator.holds(Some(if below { Ordering::Less } else { Ordering::Greater }))
            }
            None => false,
        }
    }
    match (classes, constant) {
        (Classes::Bool, Value::Bool(constant)) => operator.holds(Some((class == 2).cmp(constant))),
        (Classes::Texts { named, .. }, Value::String(constant)) => {
            match named.get(usize::from(class).wrapping_sub(1)) {
                Some(text) => operator.holds(Some((**text).cmp(constant))),
                // The other texts: none of them is a constant. Order over open lists is a predicate
                // and never comes here.
                None => operator == Comparison::NotEqual,
            }
        }
        (Classes::Ints(cuts), Value::Int(constant)) => {
            on_line(cuts.piece(class), operator, *constant, false)
        }
        (Classes::Doubles(_), Value::Double(constant)) if constant.is_nan() => {
            operator == Comparison::NotEqual
        }
        (Classes::Doubles(cuts), Value::Double(constant)) => {
            on_line(cuts.piece(class), operator, *constant, *constant == f64::INFINITY)
        }
        (Classes::Timestamps(cuts), Value::Timestamp(constant)) => {
            on_line(cuts.piece(class), operator, *constant, false)
        }
        (Classes::Durations(cuts), Value::Duration(constant)) => {
            on_line(cuts.piece(class), operator, *constant, false)
        }
        _ => false,
    }
}
