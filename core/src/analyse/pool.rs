//! Cases that are known already.
//!
//! The tests of packs are documents that their authors thought of, one on each side of every edge:
//! most boxes that hold a case at all hold one of them, and the rest are a step or two away. Cases
//! that a search finds are added.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::goal::Goal;
use super::ground::{Case, DirectoryIdx, Ground};
use crate::facts::Facts;
use crate::limits;
use crate::matching::{Matcher, class_of_predicate};
use crate::pack::Pack;
use crate::program::classes::{ClassIdx, UNKNOWN};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::{Dimension, Subject};
use crate::program::excluded::Excluded;
use crate::program::{Program, RuleIdx};
use crate::resolve::{Resolved, sources};
use crate::schema::attributes::SEND_AT;
use crate::schema::{Attribute, AttributeId, Origin, Schema, Scope};
use crate::time::Timestamp;
use crate::value::{Fact, Scalar, Value};
use crate::verdict::Status;

/// A set of cases, a bit each.
pub(super) type Bits = Vec<u64>;

/// Whether two sets have a case in common, and the first.
fn first_of_both(one: &Bits, other: &Bits) -> Option<usize> {
    let words = one.iter().zip(other).map(|(one, other)| one & other);
    let (place, word) = words.enumerate().find(|(_, word)| *word != 0)?;
    Some(place * 64 + word.trailing_zeros() as usize)
}

/// The cases of both sets, in order.
pub(super) fn all_of_both(one: &Bits, other: &Bits) -> impl Iterator<Item = usize> {
    let words: Vec<u64> = one.iter().zip(other).map(|(one, other)| one & other).collect();
    words.into_iter().enumerate().flat_map(|(place, word)| {
        crate::matching::bits::places(word).map(move |bit| place * 64 + bit)
    })
}

fn put(bits: &mut Bits, place: usize) {
    if bits.len() <= place / 64 {
        bits.resize(place / 64 + 1, 0);
    }
    if let Some(word) = bits.get_mut(place / 64) {
        *word |= 1 << (place % 64);
    }
}

/// What a rule says of each case of the pool.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleCases {
    pub(super) violated: Cases,
    pub(super) satisfied: Cases,
    /// Satisfied or not applicable.
    pub(super) clear: Bits,
}

/// A set of cases, and the same as numbers in order: most rules are violated by few of many.
#[derive(Clone, Debug, Default)]
pub(super) struct Cases {
    bits: Bits,
    numbers: Vec<u32>,
}

impl Cases {
    fn put(&mut self, case: usize) {
        put(&mut self.bits, case);
        self.numbers.push(case as u32);
    }

    pub(super) const fn bits(&self) -> &Bits {
        &self.bits
    }

    pub(super) fn first(&self) -> Option<usize> {
        self.numbers.first().map(|case| *case as usize)
    }

    /// The first case that is in another set too.
    pub(super) fn first_in(&self, other: &Bits) -> Option<usize> {
        if self.numbers.len() > self.bits.len() {
            return first_of_both(&self.bits, other);
        }
        let is_in =
            |case: &usize| other.get(case / 64).is_some_and(|word| word >> (case % 64) & 1 == 1);
        self.numbers.iter().map(|case| *case as usize).find(is_in)
    }

    /// The first case of both.
    pub(super) fn first_of_both(&self, other: &Self) -> Option<usize> {
        match self.numbers.len() <= other.numbers.len() {
            true => self.first_in(&other.bits),
            false => other.first_in(&self.bits),
        }
    }
}

/// Values to try of an attribute, whatever the cases, each with its class on the attribute's
/// dimension; unknown where it has none.
type Samples = Arc<[(Fact, ClassIdx)]>;

/// Texts that cases give of an attribute that takes others than those of a list, beyond its
/// samples: the first few.
struct Texts {
    id: AttributeId,
    of_cases: Vec<(Fact, ClassIdx)>,
}

/// All cases that are known, and where they lie.
pub(super) struct Pool<'g> {
    pub(super) ground: &'g Ground<'g>,
    excluded: Excluded,
    cases: Vec<Case>,
    /// For each dimension, for each class, the cases in it.
    in_class: Vec<Vec<Bits>>,
    /// For each dimension, the class of each case.
    classes: Vec<Vec<ClassIdx>>,
    /// Cases with a recipient.
    of_recipient: Bits,
    rule_cases: Vec<RuleCases>,
    /// The tests that were added: two versions of a pack share most of theirs.
    tests: BTreeSet<(String, DirectoryIdx)>,
    /// Which dimensions are of attributes that are given, whatever else is.
    given: Vec<bool>,
    texts: Vec<Texts>,
    /// By attribute, those of instants left out: their samples lie about `send_at`. A program may
    /// name thousands of values, so they are worked out once.
    samples: Vec<OnceCell<Samples>>,
    /// The dimension of each attribute that has one.
    dimension_of: Vec<Option<DimensionIdx>>,
    /// The given attributes that rules ask for, or for what follows from them.
    asked: Vec<AttributeId>,
}

impl<'g> Pool<'g> {
    /// The tests of the packs, those of the built-in packs where rules ask for what follows from
    /// other facts, and a case without facts for each date that rules name.
    pub(super) fn new(ground: &'g Ground<'g>) -> Self {
        let program = ground.program;
        let in_class = program
            .dimensions()
            .iter()
            .map(|dimension| vec![Bits::new(); dimension.count + 1])
            .collect();
        let rule_cases = vec![RuleCases::default(); program.len()];
        let mut pool = Self {
            ground,
            excluded: Excluded::of(program.dimensions()),
            cases: Vec::new(),
            in_class,
            classes: vec![Vec::new(); program.dimensions().len()],
            of_recipient: Bits::new(),
            rule_cases,
            tests: BTreeSet::new(),
            texts: texts(program),
            samples: vec![OnceCell::new(); program.schema().len()],
            dimension_of: dimensions_of(program),
            given: program.dimensions().iter().map(|known| is_given(program, known)).collect(),
            asked: asked(program),
        };
        for at in instants(program) {
            let campaign = Facts::new(program.schema(), at);
            let mut recipient = campaign.clone();
            recipient.with_recipient();
            pool.add_with_others(Case::own(campaign));
            pool.add_with_others(Case::own(recipient));
        }
        let mut seen: Vec<&str> = Vec::new();
        for pack in ground.packs {
            seen.push(&pack.name);
            pool.add_tests(pack);
        }
        // A pack that is built in brings enough of its own.
        let has_many = Pack::built_in_names().any(|name| seen.contains(&name));
        if asks_for_what_follows(program) && !has_many {
            let others = Pack::built_in_names();
            // What is built in loads; a search without its tests only finds less.
            for pack in others.filter_map(|name| Pack::built_in(name)?.ok()) {
                pool.add_tests(&pack);
            }
        }
        pool
    }

    /// Adds a case, gives its number, and adds a few like it with every other fact given too:
    /// a violation of one rule shows little about others as long as they are undetermined.
    pub(super) fn add_with_others(&mut self, case: Case) -> usize {
        let others: Vec<Case> =
            (0..limits::ANALYSIS_OTHERS).map(|other| self.filled(&case, other)).collect();
        let number = self.add(case);
        others.into_iter().for_each(|other| {
            self.add(other);
        });
        number
    }

    /// A case with a value for each attribute that is not given, as long as rules
    /// ask for it or for what follows from it: not the same for any two cases, and the same at
    /// every run.
    fn filled(&self, case: &Case, other: usize) -> Case {
        let Case { mut facts, directory } = case.clone();
        let program = self.ground.program;
        let schema = program.schema();
        let mut number = (self.cases.len() * limits::ANALYSIS_OTHERS + other) as u64;
        for id in &self.asked {
            let attribute = schema.attribute(*id);
            let is_left_out =
                facts.fact(*id).is_unknown() || *facts.fact(*id) == attribute.not_given.fact();
            if !is_left_out || attribute.scope > facts.scope() {
                continue;
            }
            let values = self.samples(*id, facts.send_at());
            // Steps of D. Knuth's linear congruential generator; only that values vary matters.
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let place = (number >> 33) % values.len().max(1) as u64;
            match values.get(place as usize) {
                Some((Fact::Value(value), _)) => {
                    // A value that does not go with the others leaves the attribute unsaid.
                    let _ = facts.set(*id, value.clone());
                }
                Some((Fact::Absent, _)) => {
                    let _ = facts.set_null(*id);
                }
                Some((Fact::Unknown, _)) | None => {}
            }
        }
        for list in schema.collections() {
            if facts.collection(&list.path).is_none() {
                facts.empty_list(&list.path);
            }
        }
        Case { facts, directory }
    }

    /// The tests of a pack, as far as this schema can say them.
    pub(super) fn add_tests(&mut self, pack: &Pack) {
        // Tests that do not load are reported by whoever runs them; a search without them only
        // finds less.
        let tests = pack.tests().map(|all| all.tests.as_slice()).unwrap_or_default();
        for test in tests {
            let document = test.facts.to_string();
            let facts = Facts::from_json(self.ground.program.schema(), document.as_bytes());
            let named = test.directory.as_ref();
            let directory =
                named.and_then(|name| self.ground.directories.of_test(pack, name)).unwrap_or(0);
            let is_new = self.tests.insert((document, directory));
            if let Ok(facts) = facts
                && is_new
            {
                self.add(Case { facts, directory });
            }
        }
    }

    /// Adds a case, and gives its number.
    pub(super) fn add(&mut self, case: Case) -> usize {
        let program = self.ground.program;
        let number = self.cases.len();
        {
            let resolved = self.ground.resolve(&case);
            let dimensions = self.in_class.iter_mut().zip(&mut self.classes).enumerate();
            for (place, (classes, of_cases)) in dimensions {
                let class = class_of(program, DimensionIdx(place as u16), &resolved);
                of_cases.push(class);
                if let Some(bits) = classes.get_mut(usize::from(class)) {
                    put(bits, number);
                }
            }
            let mut matcher = Matcher::new();
            matcher.run(program, &resolved);
            for (rule, rule_cases) in self.rule_cases.iter_mut().enumerate() {
                match matcher.status(program, RuleIdx(rule as u32)) {
                    Some(Status::Violated) => rule_cases.violated.put(number),
                    Some(Status::Satisfied) => {
                        rule_cases.satisfied.put(number);
                        put(&mut rule_cases.clear, number);
                    }
                    Some(Status::NotApplicable) => put(&mut rule_cases.clear, number),
                    Some(Status::Undetermined) | None => {}
                }
            }
        }
        if case.facts.scope() == Scope::Recipient {
            put(&mut self.of_recipient, number);
        }
        for place in 0..self.texts.len() {
            let Some(Texts { id, of_cases }) = self.texts.get(place) else { break };
            let (id, fact) = (*id, case.facts.fact(*id));
            let is_new = of_cases.len() < limits::ANALYSIS_VALUES_MAX
                && fact.value().is_some()
                && !of_cases.iter().any(|(known, _)| known == fact)
                && !self.samples(id, None).iter().any(|(known, _)| known == fact);
            if is_new {
                let class = self.class_of_fact(id, fact);
                if let Some(Texts { of_cases, .. }) = self.texts.get_mut(place) {
                    of_cases.push((fact.clone(), class));
                }
            }
        }
        self.cases.push(case);
        number
    }

    /// Whether a box holds no case, whatever its dimensions say.
    pub(super) fn excludes(&self, goal: &Goal) -> bool {
        self.excluded.covers(&goal.clause)
    }

    /// Whether a box surely holds a case: it is of attributes that are given, each whatever the
    /// others are, and some case has each of them as the box asks.
    pub(super) fn is_free(&self, goal: &Goal) -> bool {
        goal.clause.constraints.iter().all(|(place, set)| {
            let is_given = self.given.get(place.index()).copied().unwrap_or_default();
            let classes = self.in_class.get(place.index()).map_or(&[][..], |classes| classes);
            let has_case = |class| classes.get(usize::from(class)).is_some_and(|it| !it.is_empty());
            is_given && set.iter().any(has_case)
        })
    }

    pub(super) fn case(&self, case: usize) -> Option<&Case> {
        self.cases.get(case)
    }

    pub(super) fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// Values to try of an attribute, each with its class on its dimension: samples, and of one
    /// that takes any text, of which the texts that a form takes are few, what cases give.
    pub(super) fn values(&self, id: AttributeId, send_at: Option<Timestamp>) -> Samples {
        let samples = self.samples(id, send_at);
        let Ok(place) = self.texts.binary_search_by_key(&id, |known| known.id) else {
            return samples;
        };
        let of_cases = self.texts.get(place).map_or(&[][..], |texts| texts.of_cases.as_slice());
        let left = limits::ANALYSIS_VALUES_MAX.saturating_sub(samples.len()).min(of_cases.len());
        match of_cases.get(..left) {
            None | Some([]) => samples,
            Some(some) => samples.iter().chain(some).cloned().collect(),
        }
    }

    /// Values to try, whatever the cases: of instants, those about the one of sending.
    fn samples(&self, id: AttributeId, send_at: Option<Timestamp>) -> Samples {
        let program = self.ground.program;
        let attribute = program.schema().attribute(id);
        let made = || -> Samples {
            let place = self.dimension_of.get(id.index()).copied().flatten();
            let dimension = place.and_then(|place| program.dimension(place));
            let values = super::sample::values(attribute, dimension, send_at).into_iter();
            let class = |fact: &Fact| dimension.map_or(UNKNOWN, |dimension| dimension.class(fact));
            values.map(|fact| (fact.clone(), class(&fact))).collect()
        };
        match self.samples.get(id.index()) {
            Some(known) if attribute.ty.base != Scalar::Timestamp => {
                Arc::clone(known.get_or_init(made))
            }
            _ => made(),
        }
    }

    fn class_of_fact(&self, id: AttributeId, fact: &Fact) -> ClassIdx {
        let place = self.dimension_of.get(id.index()).copied().flatten();
        let dimension = place.and_then(|place| self.ground.program.dimension(place));
        dimension.map_or(UNKNOWN, |dimension| dimension.class(fact))
    }

    /// What a rule says of the cases.
    pub(super) fn rule_cases(&self, rule: RuleIdx) -> Option<&RuleCases> {
        self.rule_cases.get(rule.index())
    }

    /// The cases for which each constraint of a goal holds, one set a constraint; of a rule about
    /// recipients, those that tell of one come first.
    pub(super) fn met(&self, goal: &Goal) -> Vec<Bits> {
        let words = self.cases.len().div_ceil(64);
        let wide = |bits: &Bits| {
            let mut bits = bits.clone();
            bits.resize(words, 0);
            bits
        };
        let mut all = Vec::with_capacity(goal.clause.constraints.len() + 1);
        if goal.scope == Scope::Recipient {
            all.push(wide(&self.of_recipient));
        }
        for (place, set) in &goal.clause.constraints {
            let mut any = vec![0; words];
            // Of a set of many classes it costs less to ask each case whether it is in one.
            if set.len() > CLASSES_JOINED_MAX {
                let classes = self.classes.get(place.index()).map_or(&[][..], |classes| classes);
                for (word, classes) in any.iter_mut().zip(classes.chunks(64)) {
                    let bits = classes.iter().enumerate();
                    *word = bits.fold(0, |word, (bit, class)| {
                        word | u64::from(set.contains(*class)) << bit
                    });
                }
                all.push(any);
                continue;
            }
            let classes = self.in_class.get(place.index()).map_or(&[][..], |classes| classes);
            for bits in set.iter().filter_map(|class| classes.get(usize::from(class))) {
                any.iter_mut().zip(bits).for_each(|(any, bits)| *any |= bits);
            }
            all.push(any);
        }
        all
    }

    /// The cases in one class or more of a dimension, in order.
    pub(super) fn cases_in(&self, clause: &Clause) -> Bits {
        let goal = Goal { clause: clause.clone(), scope: Scope::Campaign };
        let words = self.cases.len().div_ceil(64);
        self.met(&goal).into_iter().fold(vec![u64::MAX; words], |all, bits| {
            all.iter().zip(&bits).map(|(all, bits)| all & bits).collect()
        })
    }
}

/// Of so many classes the sets of cases are joined: a set is a bit a case, and a look-up takes
/// about as long as a few words.
const CLASSES_JOINED_MAX: usize = 96;

/// The attributes that take any text, by number.
fn texts(program: &Program) -> Vec<Texts> {
    let is_text = |attribute: &Attribute| {
        attribute.ty.base == Scalar::String
            && attribute.choices().is_none()
            && attribute.origin != Origin::Derived
    };
    let all = program.schema().iter().filter(|(_, attribute)| is_text(attribute));
    all.map(|(id, _)| Texts { id, of_cases: Vec::new() }).collect()
}

/// The dimension of each attribute that has one.
fn dimensions_of(program: &Program) -> Vec<Option<DimensionIdx>> {
    let mut found = vec![None; program.schema().len()];
    for (place, dimension) in program.dimensions().iter().enumerate() {
        if let Subject::Attribute(id) = dimension.subject
            && let Some(known) = found.get_mut(id.index())
            && known.is_none()
        {
            *known = Some(DimensionIdx(place as u16));
        }
    }
    found
}

/// The given attributes that rules ask for, or for what follows from them, but for the instant.
fn asked(program: &Program) -> Vec<AttributeId> {
    let schema = program.schema();
    let read: Vec<AttributeId> =
        schema.iter().map(|(id, _)| id).filter(|id| program.reads(*id)).collect();
    let mut asked: BTreeSet<AttributeId> = read.iter().copied().collect();
    asked.extend(read.iter().flat_map(|id| sources(*id)).filter_map(|path| schema.id(&path)));
    asked
        .into_iter()
        .filter(|id| schema.attribute(*id).origin != Origin::Derived && *id != SEND_AT)
        .collect()
}

/// Whether a dimension is of an attribute that can be given as anything, whatever else is given:
/// not of a list, nor of an instant but that of sending, by which others are read.
fn is_given(program: &Program, dimension: &Dimension) -> bool {
    let Subject::Attribute(id) = dimension.subject else { return false };
    let attribute = program.schema().attribute(id);
    let is_plain = id == SEND_AT || !matches!(attribute.ty.base, Scalar::Timestamp);
    attribute.origin == Origin::Given && is_plain && !attribute.ty.is_list()
}

/// The class of a case on a dimension.
pub(super) fn class_of(
    program: &Program,
    place: DimensionIdx,
    resolved: &Resolved<'_>,
) -> ClassIdx {
    let Some(dimension) = program.dimension(place) else { return UNKNOWN };
    match dimension.subject {
        Subject::Attribute(id) => dimension.class(resolved.for_rules(id)),
        Subject::Predicate(_) => class_of_predicate(program, place, resolved),
    }
}

/// One instant for each piece of the line of `send_at`, or one if rules name no date.
fn instants(program: &Program) -> Vec<Timestamp> {
    let dimension = program
        .dimensions()
        .iter()
        .find(|dimension| dimension.subject == Subject::Attribute(SEND_AT));
    let schema = Schema::built_in();
    let values = super::sample::values(schema.attribute(SEND_AT), dimension, None);
    let mut seen = Vec::new();
    let mut instants = Vec::new();
    for value in values {
        let class = dimension.map_or(UNKNOWN, |dimension| dimension.class(&value));
        if let Fact::Value(Value::Timestamp(at)) = value
            && !seen.contains(&class)
        {
            seen.push(class);
            instants.push(at);
        }
    }
    instants.truncate(limits::ANALYSIS_STARTS_MAX);
    instants
}

/// Whether some rule asks for an attribute that is never given.
fn asks_for_what_follows(program: &Program) -> bool {
    program
        .schema()
        .iter()
        .any(|(id, attribute)| attribute.origin == Origin::Derived && program.reads(id))
}
