//! What is left of the program once the campaign is known?
//!
//! In: the program, the campaign and the audience's columns. Out: a [`Plan`]. Dimensions of the
//! campaign have a class already, so clauses that it rules out go, constraints that it satisfies
//! go, and rules that no row can change are settled once. What remains are constraints on columns,
//! gathered by *axis*: one vector of bytes that tells, for each row, all that the constraints on
//! one column need to know of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::axis::{self, Axis, AxisKey, Runs};
use super::base::Base;
use super::bind::Bound;
use super::places::Places;
use crate::decide::NO_RULE_IN_FORCE;
use crate::matching::class_of_predicate;
use crate::pack::ENGINE_PACK;
use crate::program::classes::{ClassIdx, ClassSet, UNKNOWN};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Subject;
use crate::program::{CompiledRule, Program, RuleIdx};
use crate::resolve::{Resolved, recipient};
use crate::schema::attributes as id;
use crate::schema::{AttributeId, Nullable, Origin, Scope};
use crate::verdict::{FindingVerdict, Status};

/// How every row of one audience is judged.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) base: Base,
    pub(super) bound: Bound,
    pub(super) axes: Vec<Axis>,
    /// What is read of numbers, user ids, countries and zones.
    pub(super) places: Places,
    pub(super) constraints: Vec<Constraint>,
    /// Each a conjunction of constraints, by their numbers.
    pub(super) clauses: Vec<Box<[u32]>>,
    /// In program order.
    pub(super) rules: Vec<PlanRule>,
    /// All that a row can be told, in the order of findings.
    pub(super) slots: Vec<Slot>,
    /// Slots that every row has.
    pub(super) fixed: Vec<u32>,
    /// The given members that findings may lack, in order.
    pub(super) paths: Vec<Arc<str>>,
    /// Members that every row lacks.
    pub(super) fixed_missing: Vec<u32>,
    /// The slot of a row with a value that cannot be read.
    pub(super) input_slot: u32,
    /// The texts of the column of rules.
    pub(super) names: Vec<Arc<str>>,
    /// Whether something is unknown of every row.
    pub(super) is_open: bool,
}

/// A constraint on an axis: the classes for which it is possible.
#[derive(Clone, Debug)]
pub(super) struct Constraint {
    pub(super) axis: u32,
    pub(super) runs: Runs,
    /// Whether a violation or an error depends on it; the others are asked for only where something
    /// is unknown.
    pub(super) is_first: bool,
}

/// A rule that rows can change. Clauses are by their numbers.
#[derive(Clone, Debug)]
pub(super) struct PlanRule {
    pub(super) rule: RuleIdx,
    pub(super) violated: Box<[u32]>,
    pub(super) satisfied: Box<[u32]>,
    pub(super) not_applicable: Box<[u32]>,
    pub(super) error: Box<[u32]>,
    /// The axes that its clauses read.
    pub(super) axes: Box<[u32]>,
    /// Whether something that it reads is unknown of every row.
    pub(super) is_open: bool,
    pub(super) violated_slot: u32,
    /// None where nothing is told of a rule that is open.
    pub(super) open_slot: Option<u32>,
    pub(super) missing: Box<[PlanMissing]>,
}

/// When a rule that is open lacks a dimension: two clauses of different outcomes are possible that
/// differ in it alone.
#[derive(Clone, Debug)]
pub(super) struct PlanMissing {
    pub(super) pairs: Box<[(u32, u32)]>,
    pub(super) lacks: Lacks,
}

/// What has to be told of a dimension that a row lacks.
#[derive(Clone, Debug)]
pub(super) enum Lacks {
    /// These members, by their numbers, on some condition of the row.
    Members(Box<[(u32, When)]>),
    /// To be worked out for the row alone.
    OfRow,
}

/// When a member is among those that a row lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    Always,
    /// No number is known.
    NoPhone,
    /// No number is known, and no country either.
    NowhereKnown,
}

/// What a row can be told: that a rule is violated or open, or that a value cannot be read.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) of: SlotOf,
    pub(super) status: Status,
    pub(super) verdict: FindingVerdict,
    /// In [`Plan::names`].
    pub(super) name: u32,
}

/// Whose word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlotOf {
    Rule(RuleIdx),
    /// Some value of the row cannot be read.
    BadValue,
    /// No rule is in force.
    Ruleless,
}

/// The rule id of rows with a value that cannot be read.
pub(super) const INPUT_RULE: &str = "input.bad-value";

/// The class of a dimension as far as the campaign settles it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Fixed(ClassIdx),
    Varying,
}

/// A clause after the campaign has been put in: what it still asks of the row.
struct Folded<'p> {
    /// The clause as it was.
    whole: &'p Clause,
    number: u32,
}

impl Plan {
    /// Plans the screening of an audience whose columns are bound.
    pub(super) fn new(base: Base, bound: Bound) -> Self {
        let program = Arc::clone(&base.program);
        let facts = base.facts.clone();
        let resolved = base.resolve(&facts);
        let states = states(&program, &bound, &resolved);
        let Slots { slots, of_rule, input_slot, ruleless_slot, names } = slots(&program);
        let paths = paths(&program, &bound, &resolved);
        let mut folding = Folding {
            program: &program,
            states: &states,
            live: BTreeMap::new(),
            clauses: BTreeMap::new(),
        };
        let mut rules = Vec::new();
        let mut fixed = Vec::new();
        let mut fixed_missing = Vec::new();
        for (number, rule) in program.rules.iter().enumerate() {
            let folded = [&rule.violated, &rule.satisfied, &rule.not_applicable, &rule.error]
                .map(|clauses| folding.clauses(clauses));
            let [violated, _, _, error] = &folded;
            // What can neither be violated nor fail is never told of.
            if violated.is_empty() && error.is_empty() {
                continue;
            }
            let (violated_slot, open_slot) = of_rule.get(number).copied().unwrap_or_default();
            let missing = match open_slot {
                Some(_) => missing(&program, &states, &bound, &resolved, rule, &folded, &paths),
                None => Vec::new(),
            };
            let varies = rule
                .dimensions
                .iter()
                .any(|dimension| states.get(dimension.index()) == Some(&State::Varying));
            if varies {
                rules.push(plan_rule(
                    RuleIdx(number as u32),
                    rule,
                    &states,
                    &folded,
                    (violated_slot, open_slot),
                    missing,
                ));
                continue;
            }
            match settled(&folded) {
                Status::Violated => fixed.push(violated_slot),
                Status::Undetermined => {
                    fixed.extend(open_slot);
                    let all = missing.iter().filter_map(|missing| match &missing.lacks {
                        Lacks::Members(members) => Some(members.iter().map(|(member, _)| *member)),
                        Lacks::OfRow => None,
                    });
                    fixed_missing.extend(all.flatten());
                }
                Status::Satisfied | Status::NotApplicable => {}
            }
        }
        if !program.any_in_force(base.send_at()) {
            fixed.push(ruleless_slot);
        }
        fixed.sort_unstable();
        fixed_missing.sort_unstable();
        fixed_missing.dedup();
        let Folding { live, clauses, .. } = folding;
        let places = Places::new(&base, &bound);
        let (axes, mut constraints) = axes(&program, &bound, &resolved, &places, &live);
        let mut numbered: Vec<(u32, Box<[u32]>)> =
            clauses.into_iter().map(|(clause, number)| (number, clause.into())).collect();
        numbered.sort_unstable_by_key(|(number, _)| *number);
        let clauses: Vec<Box<[u32]>> = numbered.into_iter().map(|(_, clause)| clause).collect();
        rules.iter_mut().for_each(|rule| rule.axes = axes_of(rule, &clauses, &constraints));
        let first = rules
            .iter()
            .flat_map(|rule| rule.violated.iter().chain(&rule.error))
            .filter_map(|clause| clauses.get(*clause as usize));
        for constraint in first.flat_map(|clause| clause.iter()) {
            if let Some(constraint) = constraints.get_mut(*constraint as usize) {
                constraint.is_first = true;
            }
        }
        let is_open = rules.iter().any(|rule| rule.is_open);
        drop(resolved);
        Self {
            base,
            bound,
            axes,
            places,
            constraints,
            clauses,
            rules,
            slots,
            fixed,
            paths,
            fixed_missing,
            input_slot,
            names,
            is_open,
        }
    }
}

/// Whether rows can change an attribute: whether some column tells one that it follows from.
pub(super) fn varies(bound: &Bound, attribute: AttributeId) -> bool {
    recipient::sources(&attribute)
        .iter()
        .any(|source| bound.columns.iter().any(|column| column.attribute == *source))
}

fn states(program: &Program, bound: &Bound, resolved: &Resolved<'_>) -> Vec<State> {
    let state = |(place, dimension): (usize, &crate::program::dimension::Dimension)| match dimension
        .subject
    {
        Subject::Attribute(id) if varies(bound, id) => State::Varying,
        Subject::Attribute(id) => State::Fixed(dimension.class(resolved.for_rules(id))),
        Subject::Predicate(index) => {
            let reads = program.predicates.get(index).map(|predicate| &predicate.attributes);
            if reads.into_iter().flatten().any(|id| varies(bound, *id)) {
                State::Varying
            } else {
                State::Fixed(class_of_predicate(program, DimensionIdx(place as u16), resolved))
            }
        }
    };
    program.dimensions.iter().enumerate().map(state).collect()
}

/// All that a row can be told.
struct Slots {
    /// In the order of findings.
    slots: Vec<Slot>,
    /// Those of each rule: violated, open.
    of_rule: Vec<(u32, Option<u32>)>,
    input_slot: u32,
    ruleless_slot: u32,
    names: Vec<Arc<str>>,
}

fn slots(program: &Program) -> Slots {
    let mut names: Vec<Arc<str>> = Vec::with_capacity(program.len() + 1);
    // Each with its pack and rule id, for their order.
    let mut slots: Vec<(Slot, &str, &str)> = Vec::with_capacity(program.len() * 2 + 1);
    // The engine's own ids count too: a rule of a pack that has one of them is told with its pack.
    let mut owners: BTreeMap<&str, u32> = BTreeMap::from([(INPUT_RULE, 1), (NO_RULE_IN_FORCE, 1)]);
    program.rules().for_each(|(_, _, rule)| *owners.entry(&rule.id).or_default() += 1);
    for (number, pack, rule) in program.rules() {
        let is_shared = owners.get(&*rule.id).is_some_and(|owners| *owners > 1);
        let name = names.len() as u32;
        names.push(if is_shared {
            format!("{}/{}", pack.name, rule.id).into()
        } else {
            Arc::clone(&rule.id)
        });
        let told: &[Status] = if rule.is_note() {
            &[Status::Violated]
        } else {
            &[Status::Violated, Status::Undetermined]
        };
        for status in told.iter().copied() {
            slots.push((
                Slot { of: SlotOf::Rule(number), status, verdict: rule.verdict_of(status), name },
                &pack.name,
                &rule.id,
            ));
        }
    }
    for (of, pack, id) in
        [(SlotOf::BadValue, "", INPUT_RULE), (SlotOf::Ruleless, ENGINE_PACK, NO_RULE_IN_FORCE)]
    {
        let slot = Slot {
            of,
            status: Status::Violated,
            verdict: FindingVerdict::Review,
            name: names.len() as u32,
        };
        names.push(id.into());
        slots.push((slot, pack, id));
    }
    slots.sort_by(|(a, a_pack, a_id), (b, b_pack, b_id)| {
        let worst_first = b.verdict.cmp(&a.verdict).then(a.status.cmp(&b.status));
        worst_first.then_with(|| a_pack.cmp(b_pack)).then_with(|| a_id.cmp(b_id))
    });
    let slots: Vec<Slot> = slots.into_iter().map(|(slot, _, _)| slot).collect();
    let mut of_rule = vec![(0, None); program.len()];
    let (mut input_slot, mut ruleless_slot) = (0, 0);
    for (place, slot) in slots.iter().enumerate() {
        let place = place as u32;
        match slot.of {
            SlotOf::BadValue => input_slot = place,
            SlotOf::Ruleless => ruleless_slot = place,
            SlotOf::Rule(rule) => match of_rule.get_mut(rule.index()) {
                Some((violated, _)) if slot.status == Status::Violated => *violated = place,
                Some((_, open)) => *open = Some(place),
                None => {}
            },
        }
    }
    Slots { slots, of_rule, input_slot, ruleless_slot, names }
}

/// Every member that some row may lack.
fn paths(program: &Program, bound: &Bound, resolved: &Resolved<'_>) -> Vec<Arc<str>> {
    let schema = &program.schema;
    let mut paths: Vec<Arc<str>> = Vec::new();
    let rows = schema.iter().filter(|(id, attribute)| {
        attribute.origin != Origin::Derived
            && (attribute.scope == Scope::Recipient
                || bound.columns.iter().any(|column| column.attribute == *id))
    });
    paths.extend(rows.map(|(_, attribute)| Arc::clone(&attribute.path)));
    for (id, _) in schema.iter() {
        if program.reads(id) {
            paths.extend(resolved.causes(id).into_iter().map(Arc::from));
            // What the campaign lacks may matter to some rows only.
            let of_campaign = recipient::campaign_sources(id)
                .iter()
                .filter(|source| resolved.fact(**source).is_unknown());
            paths.extend(of_campaign.map(|source| Arc::clone(&schema.attribute(*source).path)));
        }
    }
    paths.sort_unstable();
    paths.dedup();
    paths
}

struct Folding<'p> {
    program: &'p Program,
    states: &'p [State],
    /// The constraints on rows, numbered as they are met.
    live: BTreeMap<(DimensionIdx, &'p ClassSet), u32>,
    clauses: BTreeMap<Vec<u32>, u32>,
}

impl<'p> Folding<'p> {
    /// The clauses that the campaign leaves possible.
    fn clauses(&mut self, clauses: &'p [Clause]) -> Vec<Folded<'p>> {
        debug_assert_eq!(self.states.len(), self.program.dimensions.len());
        clauses.iter().filter_map(|clause| self.clause(clause)).collect()
    }

    fn clause(&mut self, clause: &'p Clause) -> Option<Folded<'p>> {
        let mut constraints = Vec::new();
        for (dimension, set) in &clause.constraints {
            match self.states.get(dimension.index()) {
                Some(State::Varying) => {
                    let next = self.live.len() as u32;
                    constraints.push(*self.live.entry((*dimension, set)).or_insert(next));
                }
                Some(State::Fixed(UNKNOWN)) | None => {}
                Some(State::Fixed(class)) if set.contains(*class) => {}
                Some(State::Fixed(_)) => return None,
            }
        }
        let next = self.clauses.len() as u32;
        Some(Folded { whole: clause, number: *self.clauses.entry(constraints).or_insert(next) })
    }
}

fn plan_rule(
    number: RuleIdx,
    rule: &CompiledRule,
    states: &[State],
    folded: &[Vec<Folded<'_>>; 4],
    slots: (u32, Option<u32>),
    missing: Vec<PlanMissing>,
) -> PlanRule {
    let numbers = |clauses: &[Folded<'_>]| clauses.iter().map(|clause| clause.number).collect();
    let [violated, satisfied, not_applicable, error] =
        folded.each_ref().map(|clauses| numbers(clauses));
    let is_open = rule
        .dimensions
        .iter()
        .any(|dimension| states.get(dimension.index()) == Some(&State::Fixed(UNKNOWN)));
    PlanRule {
        rule: number,
        violated,
        satisfied,
        not_applicable,
        error,
        axes: Box::default(),
        is_open,
        violated_slot: slots.0,
        open_slot: slots.1,
        missing: missing.into(),
    }
}

/// The status of a rule that no row changes: see [`crate::matching`], `settle`.
fn settled(folded: &[Vec<Folded<'_>>; 4]) -> Status {
    let [violated, satisfied, not_applicable, error] =
        folded.each_ref().map(|clauses| !clauses.is_empty());
    match (violated, error) {
        (_, true) => Status::Undetermined,
        (true, false) if satisfied || not_applicable => Status::Undetermined,
        (true, false) => Status::Violated,
        (false, false) if satisfied => Status::Satisfied,
        (false, false) => Status::NotApplicable,
    }
}

/// For each dimension that a row may lack, the pairs of clauses of different outcomes that differ
/// in it alone.
///
/// Where two clauses are both possible, a dimension in which they do not meet must be unknown: a
/// known class would rule one of them out. So in a row that leaves both possible, the dimension is
/// lacking exactly if it is the only one in which they do not meet.
fn missing(
    program: &Program,
    states: &[State],
    bound: &Bound,
    resolved: &Resolved<'_>,
    rule: &CompiledRule,
    folded: &[Vec<Folded<'_>>; 4],
    paths: &[Arc<str>],
) -> Vec<PlanMissing> {
    let mut pairs: BTreeMap<DimensionIdx, Vec<(u32, u32)>> = BTreeMap::new();
    for (outcome, clauses) in folded.iter().enumerate() {
        let others = folded.iter().skip(outcome + 1).flatten();
        for other in others {
            for clause in clauses {
                if let Some(dimension) = only_conflict(clause.whole, other.whole)
                    && rule.dimensions.contains(&dimension)
                    && matches!(
                        states.get(dimension.index()),
                        Some(State::Varying | State::Fixed(UNKNOWN))
                    )
                {
                    pairs.entry(dimension).or_default().push((clause.number, other.number));
                }
            }
        }
    }
    let lacking = pairs.into_iter().map(|(dimension, mut pairs)| {
        pairs.sort_unstable();
        pairs.dedup();
        PlanMissing {
            pairs: pairs.into(),
            lacks: lacks(program, bound, resolved, dimension, paths),
        }
    });
    lacking.collect()
}

/// The dimension in which two clauses do not meet, if it is only one.
fn only_conflict(a: &Clause, b: &Clause) -> Option<DimensionIdx> {
    let mut conflicts = a
        .constraints
        .iter()
        .filter(|(dimension, set)| b.on(*dimension).is_some_and(|other| !set.meets(other)));
    let (dimension, _) = conflicts.next()?;
    conflicts.next().is_none().then_some(*dimension)
}

/// What has to be told where a dimension is lacking; see `Resolved::causes`.
fn lacks(
    program: &Program,
    bound: &Bound,
    resolved: &Resolved<'_>,
    dimension: DimensionIdx,
    paths: &[Arc<str>],
) -> Lacks {
    let attributes: Vec<AttributeId> = match program.dimension(dimension).map(|known| known.subject)
    {
        Some(Subject::Attribute(id)) => vec![id],
        Some(Subject::Predicate(index)) => match program.predicates.get(index) {
            Some(predicate) if predicate.attributes.iter().any(|id| varies(bound, *id)) => {
                return Lacks::OfRow;
            }
            Some(predicate) => predicate
                .attributes
                .iter()
                .copied()
                .filter(|id| resolved.for_rules(*id).is_unknown())
                .collect(),
            None => Vec::new(),
        },
        None => Vec::new(),
    };
    if attributes
        .iter()
        .any(|attribute| varies(bound, *attribute) && recipient::is_derived_alone(*attribute))
    {
        return Lacks::OfRow;
    }
    let number = |path: &str| {
        paths.binary_search_by(|known| (**known).cmp(path)).ok().map(|place| place as u32)
    };
    let has_column = |attribute| bound.columns.iter().any(|column| column.attribute == attribute);
    let mut members: Vec<(u32, When)> = Vec::new();
    for attribute in attributes {
        let mut note = |given: AttributeId, when| {
            members.extend(number(&program.schema.attribute(given).path).map(|path| (path, when)))
        };
        if !varies(bound, attribute) {
            members.extend(
                resolved
                    .causes(attribute)
                    .iter()
                    .filter_map(|path| Some((number(path)?, When::Always))),
            );
            continue;
        }
        // A nullable member that has a column is known or absent in every row that can be read.
        let mut untold = |given: &[AttributeId], when| {
            given.iter().filter(|given| !has_column(**given)).for_each(|given| note(*given, when))
        };
        match attribute {
            id::RECIPIENT_NUMBER_COUNTRY => {
                untold(&[id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID], When::NoPhone)
            }
            id::RECIPIENT_IN_SERVICE_WINDOW => {
                untold(&[id::RECIPIENT_LAST_INBOUND_AT], When::Always)
            }
            id::RECIPIENT_LOCAL_HOUR
            | id::RECIPIENT_LOCAL_HOUR_MIN
            | id::RECIPIENT_LOCAL_HOUR_MAX
            | id::RECIPIENT_LOCAL_WEEKDAY
            | id::RECIPIENT_LOCAL_DATE => {
                untold(&[id::RECIPIENT_TIME_ZONE, id::RECIPIENT_PHONE], When::Always);
                note(id::RECIPIENT_COUNTRY, When::NowhereKnown);
            }
            given => {
                let is_settled =
                    program.schema.attribute(given).nullable == Nullable::Yes && has_column(given);
                if !is_settled {
                    note(given, When::Always);
                }
            }
        }
    }
    members.sort_unstable();
    members.dedup();
    Lacks::Members(members.into())
}

/// The axes of all constraints, and each constraint on its axis.
fn axes(
    program: &Program,
    bound: &Bound,
    resolved: &Resolved<'_>,
    places: &Places,
    live: &BTreeMap<(DimensionIdx, &ClassSet), u32>,
) -> (Vec<Axis>, Vec<Constraint>) {
    let mut constraints =
        vec![Constraint { axis: 0, runs: Runs::default(), is_first: false }; live.len()];
    let mut axes: Vec<Axis> = Vec::new();
    let mut grouped: BTreeMap<AxisKey, Vec<(DimensionIdx, &ClassSet, u32)>> = BTreeMap::new();
    // Columns of which nothing is asked are still read: a value that cannot be is a finding.
    for column in &bound.columns {
        grouped.entry(AxisKey::Column(column.attribute)).or_default();
    }
    for ((dimension, set), number) in live {
        let key = axis::key(program, bound, resolved, *dimension);
        grouped.entry(key).or_default().push((*dimension, *set, *number));
    }
    for (key, wanted) in grouped {
        for (axis, found) in axis::build(program, bound, resolved, places, key, &wanted) {
            for (number, runs) in found {
                if let Some(constraint) = constraints.get_mut(number) {
                    *constraint = Constraint { axis: axes.len() as u32, runs, is_first: false };
                }
            }
            axes.push(axis);
        }
    }
    (axes, constraints)
}

/// Which axes a rule's clauses read.
fn axes_of(rule: &PlanRule, clauses: &[Box<[u32]>], constraints: &[Constraint]) -> Box<[u32]> {
    let numbers = [&rule.violated, &rule.satisfied, &rule.not_applicable, &rule.error]
        .into_iter()
        .flat_map(|clauses| clauses.iter());
    let read =
        numbers.filter_map(|number| clauses.get(*number as usize)).flat_map(|clause| clause.iter());
    let mut axes: Vec<u32> = read
        .filter_map(|constraint| constraints.get(*constraint as usize).map(|known| known.axis))
        .collect();
    axes.sort_unstable();
    axes.dedup();
    axes.into()
}
