//! What is left of the program once the campaign is known?
//!
//! In: the program, the campaign and the audience's columns. Out: a [`Plan`]. Dimensions of the
//! campaign have a class already, so clauses that it rules out go, constraints that it satisfies
//! go, and rules that no row can change are settled once. What remains are constraints on columns,
//! gathered by *axis*: one vector of bytes that holds, for each row, all that the constraints on
//! one column need to know of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::axes::{self, AxisKey};
use super::axis::{Axis, Runs};
use super::base::Base;
use super::bind::{Bound, Reading};
use super::marked::MarkColumns;
use super::outside::{self, Asked, Outside};
use super::places::Places;
use super::typed;
use crate::matching::order::{BAD_VALUE, NO_RULE_IN_FORCE, Order, Rank, Subject as FindingSubject};
use crate::matching::outcome;
use crate::matching::position::{Members, sorted};
use crate::matching::{Parted, attributes, class_of_predicate, parted, waived};
use crate::program::classes::{ClassIdx, ClassSet, UNKNOWN};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::{Predicate, Subject};
use crate::program::{CompiledRule, Program, RuleIdx};
use crate::resolve::derivations::{self, campaign_sources};
use crate::resolve::{Causes, Resolved, When};
use crate::schema::{Nullable, Origin, Scope};
use crate::verdict::Status;

/// How every row of one audience is judged.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) base: Base,
    pub(super) bound: Bound,
    /// The columns that marks of recipients become, beside those of the audience.
    pub(super) marks: Option<MarkColumns>,
    pub(super) axes: Vec<Axis>,
    /// Their places, those first that take less.
    pub(super) in_turn: Box<[u32]>,
    /// For each axis that takes less of fewer rows, the other constraints of each clause that has
    /// one on it.
    /// Where they are not met, it does not matter what it comes to. Empty where all rows count.
    pub(super) beside: Vec<Box<[Box<[u32]>]>>,
    /// What is read of numbers, user ids, countries and zones.
    pub(super) places: Places,
    pub(super) constraints: Vec<Constraint>,
    /// Each a conjunction of constraints, by their numbers.
    pub(super) clauses: Vec<Box<[u32]>>,
    /// In program order.
    pub(super) rules: Vec<PlanRule>,
    /// The findings that every row has of which nothing is known apart, by number in the base's
    /// order.
    pub(super) fixed: Vec<u32>,
    /// That no rule is in force at the instant: of all rows alike, whatever is known of them.
    pub(super) ruleless: Option<u32>,
    /// The given members that findings may miss.
    pub(super) members: Members,
    /// Members that every row misses.
    pub(super) fixed_missing: Vec<u32>,
    /// The texts of the column of rules.
    pub(super) names: Vec<Arc<str>>,
    /// For each finding, the number of its text.
    pub(super) name_of: Vec<u32>,
    /// Whether something is unknown of every row.
    pub(super) is_open: bool,
    /// The rows outside the customer-service window.
    pub(super) outside: Outside,
    /// The columns whose nulls are asked for, where a predicate is unknown.
    pub(super) asked_for_nulls: Box<[usize]>,
    /// The columns that are read into their types, where they are texts.
    pub(super) typed: Box<[usize]>,
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
    /// The number of the finding that it is violated.
    pub(super) violated_slot: u32,
    /// That it is undetermined; none where that is not reported.
    pub(super) open_slot: Option<u32>,
    pub(super) missing: Box<[PlanMissing]>,
    /// The exceptions to it, in the order in which they are asked.
    pub(super) waivers: Box<[PlanWaiver]>,
}

impl PlanRule {
    /// The rule, and when its waivers hold.
    pub(super) fn with_waivers(&self) -> impl Iterator<Item = &Self> {
        [self].into_iter().chain(self.waivers.iter().map(|waiver| &waiver.holds))
    }
}

/// An exception to a rule.
#[derive(Clone, Debug)]
pub(super) struct PlanWaiver {
    /// When it holds, as a rule that is violated where it does. Its slots and what it misses count
    /// nothing.
    pub(super) holds: PlanRule,
    /// The number of the finding that the rule is violated, lowered; none where that lowers
    /// nothing.
    pub(super) violated_slot: Option<u32>,
    /// That it is undetermined, lowered.
    pub(super) open_slot: Option<u32>,
}

/// When an undetermined rule misses a dimension: two clauses of different outcomes are possible
/// that differ in it alone.
#[derive(Clone, Debug)]
pub(super) struct PlanMissing {
    pub(super) pairs: Box<[(u32, u32)]>,
    pub(super) lacks: Lacks,
}

/// What has to be given for a dimension that a row misses.
#[derive(Clone, Debug)]
pub(super) enum Lacks {
    /// These members, by their numbers, on some condition of the row.
    Members(Box<[(u32, When)]>),
    /// What a predicate over columns reads.
    Columns(LacksOfColumns),
    /// To be worked out for the row alone.
    OfRow,
}

/// The members, by their numbers, that a predicate misses where it is unknown.
#[derive(Clone, Debug)]
pub(super) struct LacksOfColumns {
    /// Those that nobody gives of any row.
    pub(super) always: Box<[u32]>,
    /// Those that a column gives, by its place in [`Bound::columns`]: in rows in which it is null.
    pub(super) nulls: Box<[(u32, usize)]>,
}

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
    /// What it takes to read an axis, about.
    pub(super) fn cost(&self, axis: u32) -> u64 {
        self.axes.get(axis as usize).map_or(0, Axis::cost)
    }

    /// Plans the screening of an audience whose columns are bound.
    pub(super) fn new(base: Base, bound: Bound, marks: Option<MarkColumns>) -> Self {
        let program = Arc::clone(&base.program);
        let facts = base.facts.clone();
        let resolved = base.resolve(&facts);
        let states = states(&program, &bound, &resolved);
        let order = Arc::clone(&base.order);
        let (names, name_of) = names(&program, &order);
        let members = members(&program, &bound, &resolved);
        let settled_class = |place: usize| match states.get(place) {
            Some(State::Fixed(class)) => Some(*class),
            Some(State::Varying) | None => None,
        };
        let asked = outside::asked(&base.facts, &program, settled_class);
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
            // What can neither be violated nor fail is never reported.
            if violated.is_empty() && error.is_empty() {
                continue;
            }
            let number = RuleIdx(number as u32);
            let Some(violated_slot) = order.number(number, Status::Violated, None) else {
                continue;
            };
            let open_slot = order.number(number, Status::Undetermined, None);
            let missing = match open_slot {
                Some(_) => missing(&program, &bound, &resolved, &folded, &members),
                None => Vec::new(),
            };
            let of_waivers = program.waivers().dimensions(number);
            let varies = rule
                .dimensions
                .iter()
                .copied()
                .chain(of_waivers)
                .any(|dimension| states.get(dimension.index()) == Some(&State::Varying));
            if varies {
                let waivers = plan_waivers(&mut folding, &order, number);
                let slots = (violated_slot, open_slot);
                let mut planned = plan_rule(number, rule, &states, &folded, slots, missing);
                planned.waivers = waivers;
                rules.push(planned);
                continue;
            }
            let status = settled(&folded);
            let waived = waived::waived(&program, &resolved, number, status)
                .and_then(|waiver| order.number(number, status, Some(waiver)));
            match status {
                Status::Violated => fixed.push(waived.unwrap_or(violated_slot)),
                Status::Undetermined if waived.is_some() => fixed.extend(waived),
                Status::Undetermined => {
                    fixed.extend(open_slot);
                    let all = missing.iter().filter_map(|missing| match &missing.lacks {
                        Lacks::Members(members) => Some(members.iter().map(|(member, _)| *member)),
                        Lacks::Columns(_) | Lacks::OfRow => None,
                    });
                    fixed_missing.extend(all.flatten());
                }
                Status::Satisfied | Status::NotApplicable => {}
            }
        }
        let ruleless = (!program.any_in_force(base.send_at())).then(|| order.ruleless());
        fixed.sort_unstable();
        fixed_missing.sort_unstable();
        fixed_missing.dedup();
        let outside = match &asked {
            Asked::Settled(outside) => *outside,
            Asked::OfRows(dimension, open) => {
                Outside::Without(folding.constraint(*dimension, open))
            }
        };
        let Folding { live, clauses, .. } = folding;
        let places = Places::new(&base, &bound);
        let (axes, mut constraints) = axes(&program, &bound, &resolved, &places, &live);
        let mut numbered: Vec<(u32, Box<[u32]>)> =
            clauses.into_iter().map(|(clause, number)| (number, clause.into())).collect();
        numbered.sort_unstable_by_key(|(number, _)| *number);
        let clauses: Vec<Box<[u32]>> = numbered.into_iter().map(|(_, clause)| clause).collect();
        for rule in &mut rules {
            rule.axes = axes_of(rule, &clauses, &constraints);
            for waiver in &mut rule.waivers {
                waiver.holds.axes = axes_of(&waiver.holds, &clauses, &constraints);
            }
        }
        let all = || rules.iter().flat_map(PlanRule::with_waivers);
        let first = all()
            .flat_map(|rule| rule.violated.iter().chain(&rule.error))
            .filter_map(|clause| clauses.get(*clause as usize));
        for constraint in first.flat_map(|clause| clause.iter()) {
            if let Some(constraint) = constraints.get_mut(*constraint as usize) {
                constraint.is_first = true;
            }
        }
        if let Outside::Without(constraint) = outside
            && let Some(constraint) = constraints.get_mut(constraint as usize)
        {
            constraint.is_first = true;
        }
        let is_open = all().any(|rule| rule.is_open);
        let lacking = rules.iter().flat_map(|rule| rule.missing.iter());
        let of_columns = lacking.filter_map(|missing| match &missing.lacks {
            Lacks::Columns(lacks) => Some(lacks.nulls.iter().map(|(_, column)| *column)),
            Lacks::Members(_) | Lacks::OfRow => None,
        });
        let asked_for_nulls = sorted(of_columns.flatten()).into();
        let mut in_turn: Box<[u32]> = (0..axes.len() as u32).collect();
        in_turn.sort_by_key(|axis| axes.get(*axis as usize).map(Axis::cost));
        let beside = beside(&axes, &constraints, &clauses, &rules);
        drop(resolved);
        Self {
            base,
            bound,
            marks,
            typed: typed::columns(&axes),
            axes,
            in_turn,
            beside,
            places,
            constraints,
            clauses,
            rules,
            fixed,
            ruleless,
            members,
            fixed_missing,
            names,
            name_of,
            is_open,
            outside,
            asked_for_nulls,
        }
    }
}

/// For each axis that takes less of fewer rows, what else the clauses ask that have a constraint on
/// it.
fn beside(
    axes: &[Axis],
    constraints: &[Constraint],
    clauses: &[Box<[u32]>],
    rules: &[PlanRule],
) -> Vec<Box<[Box<[u32]>]>> {
    /// LIMIT: of more, to ask them all might take longer than the axis.
    const CLAUSES_MAX: usize = 16;
    let used: BTreeSet<u32> = rules
        .iter()
        .flat_map(PlanRule::with_waivers)
        .flat_map(|rule| [&rule.violated, &rule.satisfied, &rule.not_applicable, &rule.error])
        .flat_map(|clauses| clauses.iter().copied())
        .collect();
    let mut found: Vec<BTreeSet<Box<[u32]>>> = vec![BTreeSet::new(); axes.len()];
    let axis_of = |number: u32| constraints.get(number as usize).map(|known| known.axis);
    for clause in used.iter().filter_map(|clause| clauses.get(*clause as usize)) {
        let on: BTreeSet<u32> = clause.iter().filter_map(|number| axis_of(*number)).collect();
        for axis in on {
            let others = clause.iter().copied().filter(|number| axis_of(*number) != Some(axis));
            if let Some(known) = found.get_mut(axis as usize) {
                known.insert(others.collect());
            }
        }
    }
    let of_axis = |(axis, clauses): (&Axis, BTreeSet<Box<[u32]>>)| {
        let is_worth_it = axis.is_by_row()
            && clauses.len() <= CLAUSES_MAX
            && clauses.iter().all(|others| !others.is_empty());
        if is_worth_it { clauses.into_iter().collect() } else { Box::default() }
    };
    axes.iter().zip(found).map(of_axis).collect()
}

fn states(program: &Program, bound: &Bound, resolved: &Resolved<'_>) -> Vec<State> {
    let state = |(place, dimension): (usize, &crate::program::dimension::Dimension)| match dimension
        .subject
    {
        Subject::Attribute(id) if bound.varies(id) => State::Varying,
        Subject::Attribute(id) => State::Fixed(dimension.class(resolved.for_rules(id))),
        Subject::Predicate(index) => {
            let reads = program.predicates.get(index).map(|predicate| &predicate.attributes);
            if reads.into_iter().flatten().any(|id| bound.varies(*id)) {
                State::Varying
            } else {
                State::Fixed(class_of_predicate(program, DimensionIdx(place as u16), resolved))
            }
        }
    };
    program.dimensions.iter().enumerate().map(state).collect()
}

/// The texts of the column of rules, in program order, and those of the engine's own findings; and
/// the number of each finding's text.
fn names(program: &Program, order: &Order) -> (Vec<Arc<str>>, Vec<u32>) {
    // The engine's own ids count too: a rule of a pack that has one of them is named with its pack.
    let mut owners: BTreeMap<&str, u32> = BTreeMap::from([(BAD_VALUE, 1), (NO_RULE_IN_FORCE, 1)]);
    // A pack may have several rules of one id, one after the other.
    let ids: BTreeSet<(&str, &str)> =
        program.rules().map(|(_, pack, rule)| (&*rule.id, &*pack.name)).collect();
    ids.iter().for_each(|(id, _)| *owners.entry(id).or_default() += 1);
    let is_shared = |id: &str| owners.get(id).is_some_and(|owners| *owners > 1);
    let rules = program.rules().map(|(_, pack, rule)| match is_shared(&rule.id) {
        true => format!("{}/{}", pack.name, rule.id).into(),
        false => Arc::clone(&rule.id),
    });
    let names = rules.chain([BAD_VALUE.into(), NO_RULE_IN_FORCE.into()]).collect();
    let name = |rank: &Rank| match rank.subject {
        FindingSubject::Rule(rule) => rule.0,
        FindingSubject::BadValue => program.len() as u32,
        FindingSubject::Ruleless => program.len() as u32 + 1,
    };
    (names, order.ranks().iter().map(name).collect())
}

/// Every member that some row may miss.
fn members(program: &Program, bound: &Bound, resolved: &Resolved<'_>) -> Members {
    let schema = &program.schema;
    let mut paths: Vec<Arc<str>> = Vec::new();
    let rows = schema.iter().filter(|(id, attribute)| {
        attribute.origin != Origin::Derived
            && (attribute.scope == Scope::Recipient || bound.column(*id).is_some())
    });
    paths.extend(rows.map(|(_, attribute)| Arc::clone(&attribute.path)));
    for (id, _) in schema.iter() {
        if program.reads(id) {
            paths.extend(resolved.causes(id).into_iter().map(Arc::from));
            // What is missing in the campaign may matter to some rows only.
            let of_campaign =
                campaign_sources(id).iter().filter(|source| resolved.fact(**source).is_unknown());
            paths.extend(of_campaign.map(|source| Arc::clone(&schema.attribute(*source).path)));
        }
    }
    Members::of(paths)
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

    /// The number of a constraint on rows.
    fn constraint(&mut self, dimension: DimensionIdx, set: &'p ClassSet) -> u32 {
        let next = self.live.len() as u32;
        *self.live.entry((dimension, set)).or_insert(next)
    }

    fn clause(&mut self, clause: &'p Clause) -> Option<Folded<'p>> {
        let mut constraints = Vec::new();
        for (dimension, set) in &clause.constraints {
            match self.states.get(dimension.index()) {
                Some(State::Varying) => constraints.push(self.constraint(*dimension, set)),
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
        waivers: Box::default(),
    }
}

/// The exceptions to a rule that lower something.
fn plan_waivers<'p>(folding: &mut Folding<'p>, order: &Order, rule: RuleIdx) -> Box<[PlanWaiver]> {
    let program: &'p Program = folding.program;
    let waivers = program.waivers().of_rule(rule).iter().filter_map(|waiver| {
        let holds = &program.waivers().get(*waiver)?.holds;
        let [violated_slot, open_slot] = [Status::Violated, Status::Undetermined]
            .map(|status| order.number(rule, status, Some(*waiver)));
        violated_slot.or(open_slot)?;
        let folded = [&holds.violated, &holds.satisfied, &holds.not_applicable, &holds.error]
            .map(|clauses| folding.clauses(clauses));
        let holds = plan_rule(rule, holds, folding.states, &folded, (0, None), Vec::new());
        Some(PlanWaiver { holds, violated_slot, open_slot })
    });
    waivers.collect()
}

/// The status of a rule that no row changes.
fn settled(folded: &[Vec<Folded<'_>>; 4]) -> Status {
    let [violated, satisfied, not_applicable, error] =
        folded.each_ref().map(|clauses| !clauses.is_empty());
    outcome::settle(violated, error, |_| satisfied || not_applicable).status(satisfied)
}

/// For each dimension that a row may miss, the pairs of clauses that it alone keeps apart. One that
/// the campaign settles is never among them: both clauses hold its class.
fn missing(
    program: &Program,
    bound: &Bound,
    resolved: &Resolved<'_>,
    folded: &[Vec<Folded<'_>>; 4],
    members: &Members,
) -> Vec<PlanMissing> {
    let mut pairs: BTreeMap<DimensionIdx, Vec<(u32, u32)>> = BTreeMap::new();
    for Parted { dimension, clauses: (one, other) } in parted(folded, |clause| clause.whole) {
        pairs.entry(dimension).or_default().push((one.number, other.number));
    }
    let missing = pairs.into_iter().map(|(dimension, pairs)| PlanMissing {
        pairs: sorted(pairs).into(),
        lacks: lacks(program, bound, resolved, dimension, members),
    });
    missing.collect()
}

/// What has to be given where a dimension is missing; see `Resolved::causes`.
fn lacks(
    program: &Program,
    bound: &Bound,
    resolved: &Resolved<'_>,
    dimension: DimensionIdx,
    known: &Members,
) -> Lacks {
    if let Some(Subject::Predicate(index)) = program.dimension(dimension).map(|known| known.subject)
        && let Some(predicate) = program.predicates.get(index)
        && predicate.attributes.iter().any(|id| bound.varies(*id))
    {
        return of_predicate(bound, resolved, predicate, known)
            .map_or(Lacks::OfRow, Lacks::Columns);
    }
    let attributes = attributes(program, dimension, |id| resolved.for_rules(id).is_unknown());
    let mut members: Vec<(u32, When)> = Vec::new();
    for attribute in attributes {
        if !bound.varies(attribute) {
            let paths = resolved.causes(attribute);
            let known = paths.iter().filter_map(|path| known.position(path));
            members.extend(known.map(|member| (member, When::Always)));
            continue;
        }
        let own = [(attribute, When::Always)];
        let causes = match derivations::of(attribute).map(|row| row.basis.causes) {
            None => &own[..],
            Some(Causes::None) => &[],
            Some(Causes::OfCase(_)) => return Lacks::OfRow,
            Some(Causes::Members(causes)) => causes,
        };
        for (member, when) in causes {
            let given = program.schema.attribute(*member);
            let when = when.of_rows(given.nullable, bound.column(*member).is_some());
            members.extend(known.position(&given.path).zip(when));
        }
    }
    Lacks::Members(sorted(members).into())
}

/// What a predicate misses that reads columns, if each of these gives one attribute, from which
/// nothing else follows that is read.
fn of_predicate(
    bound: &Bound,
    resolved: &Resolved<'_>,
    predicate: &Predicate,
    known: &Members,
) -> Option<LacksOfColumns> {
    let schema = resolved.facts().schema();
    let (mut always, mut nulls) = (Vec::new(), Vec::new());
    for id in &predicate.attributes {
        if bound.varies(*id) && bound.place(*id).is_some() {
            let column = bound.place(*id)?;
            let is_plain = derivations::of(*id).is_none()
                && matches!(bound.columns.get(column)?.reading, Reading::Typed);
            is_plain.then_some(())?;
            let attribute = schema.attribute(*id);
            if attribute.nullable == Nullable::No {
                nulls.push((known.position(&attribute.path)?, column));
            }
            continue;
        }
        (!bound.varies(*id) || derivations::of(*id).is_none()).then_some(())?;
        always.extend(resolved.causes(*id).iter().filter_map(|path| known.position(path)));
    }
    Some(LacksOfColumns { always: sorted(always).into(), nulls: sorted(nulls).into() })
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
        let key = axes::key(program, bound, resolved, *dimension);
        grouped.entry(key).or_default().push((*dimension, *set, *number));
    }
    for (key, wanted) in grouped {
        for (axis, found) in axes::build(program, bound, resolved, places, key, &wanted) {
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
