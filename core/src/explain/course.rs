//! What is the verdict at which instant?
//!
//! Everything but `send_at` as given, the engine's answer is a function of `send_at` that changes at
//! finitely many instants: where the program cuts `send_at` (periods of rules and of sets), where
//! what is derived from it turns (`resolve/turns.rs`), and where a condition that reads it turns
//! (`matching/turns.rs`). The case is judged once in each piece between two of them.
//!
//! A timeline speaks of whole seconds: what turns within a second has turned at the next.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::explanation::{Interval, Timeline};
use super::trial::{Judged, Trials};
use crate::cel::{self, Function, Node, NodeKind};
use crate::facts::Facts;
use crate::limits;
use crate::matching::PackView;
use crate::matching::order::Subject;
use crate::matching::turns::{self, Line};
use crate::program::classes::Classes;
use crate::program::dimension::{self, Predicate};
use crate::program::{Program, RuleIdx};
use crate::resolve::{self, Resolved, Wanted};
use crate::schema::AttributeId;
use crate::schema::attributes::SEND_AT;
use crate::time::zone::Zone;
use crate::time::{Duration, Timestamp};
use crate::value::{Fact, Value};
use crate::verdict::Verdict;

/// The verdict over time, and the instants that a fix may propose.
pub(super) struct Course {
    pub(super) timeline: Timeline,
    /// The first instant of each place in the program in which the case comes to lie, in order;
    /// none of them `send_at`.
    pub(super) later: Vec<Timestamp>,
    /// Whether there are more such instants.
    pub(super) later_is_cut: bool,
    /// The pieces of time in which the case is the same: from when on, and what was found.
    pub(super) pieces: Vec<(Timestamp, Judged)>,
}

pub(super) fn of(
    trials: &mut Trials<'_>,
    facts: &Facts,
    send_at: Timestamp,
    until: Timestamp,
) -> Course {
    let mut walk =
        Walk { seen: BTreeSet::new(), later: Vec::new(), later_is_cut: false, pieces: Vec::new() };
    let read = Read::everything(trials);
    let until = each_piece(trials, facts, &read, (send_at, until), |trials, resolved, at| {
        walk.judge(trials, resolved, at);
        ControlFlow::Continue(())
    });
    let timeline = walk.timeline(trials, send_at, until);
    let Walk { later, later_is_cut, pieces, .. } = walk;
    Course { timeline, later, later_is_cut, pieces }
}

/// The first instant after `send_at` at which a case is clear to send that is not so then, judged
/// as far as that instant and no further.
pub(super) fn first_clear(
    trials: &mut Trials<'_>,
    facts: &Facts,
    send_at: Timestamp,
    until: Timestamp,
) -> Option<Timestamp> {
    if !may_pass(trials, facts, send_at, until) {
        return None;
    }
    let mut first = None;
    let read = Read::everything(trials);
    each_piece(trials, facts, &read, (send_at, until), |trials, resolved, at| {
        match trials.verdict_resolved(resolved) {
            Verdict::Allow => {
                first = Some(at);
                ControlFlow::Break(())
            }
            Verdict::Review | Verdict::Deny => ControlFlow::Continue(()),
        }
    });
    first
}

/// Whether everything that stands against sending may pass with time. A rule that reads nothing
/// that moves but periods is tried where these begin and end, which are few instants.
fn may_pass(trials: &mut Trials<'_>, facts: &Facts, send_at: Timestamp, until: Timestamp) -> bool {
    let program = trials.ground.program;
    let judged = trials.judge(facts);
    let mut still: BTreeSet<u32> = trials
        .bad(&judged)
        .filter_map(|rank| match rank.subject {
            Subject::Rule(rule) => Some(rule),
            Subject::BadValue | Subject::Ruleless => None,
        })
        .filter(|rule| !moves(program, *rule))
        .map(|rule| rule.0)
        .collect();
    let mut found = Found::between(send_at, until);
    found.of_program(program);
    let mut facts = facts.clone();
    for at in found.seconds(until) {
        if still.is_empty() {
            break;
        }
        facts.replace(SEND_AT, Fact::Value(Value::Timestamp(at)));
        let judged = trials.judge(&facts);
        let stands: BTreeSet<u32> = trials
            .bad(&judged)
            .filter_map(|rank| match rank.subject {
                Subject::Rule(rule) => Some(rule.0),
                Subject::BadValue | Subject::Ruleless => None,
            })
            .collect();
        still.retain(|rule| stands.contains(rule));
    }
    still.is_empty()
}

/// Whether a rule, or an exception to it, reads what turns with `send_at` by itself.
pub(super) fn moves(program: &Program, rule: RuleIdx) -> bool {
    let dimensions = program.compiled(rule).map_or(&[][..], |compiled| &compiled.dimensions);
    let of_waivers = program.waivers().dimensions(rule);
    let mut all = dimensions.iter().copied().chain(of_waivers);
    all.any(|place| match program.dimension(place).map(|known| known.subject) {
        Some(dimension::Subject::Attribute(id)) => id != SEND_AT && resolve::turns_with_send_at(id),
        Some(dimension::Subject::Predicate(index)) => {
            program.predicates().get(index).is_some_and(|known| {
                known.attributes.iter().any(|id| resolve::turns_with_send_at(*id))
            })
        }
        None => false,
    })
}

/// What is read of a case as time goes on.
pub(super) struct Read<'e> {
    wanted: Wanted,
    /// The conditions that read `send_at`.
    predicates: Vec<&'e Predicate>,
}

impl<'e> Read<'e> {
    /// What some rule reads.
    fn everything(trials: &Trials<'e>) -> Self {
        Self::of_predicates(trials, trials.ground.wanted, |_| true)
    }

    /// What one rule reads, and the exceptions to it.
    pub(super) fn of_rule(trials: &Trials<'e>, rule: RuleIdx) -> Self {
        let program = trials.ground.program;
        let dimensions = program.compiled(rule).map_or(&[][..], |compiled| &compiled.dimensions);
        let of_waivers = program.waivers().dimensions(rule);
        let mut read: BTreeSet<AttributeId> = BTreeSet::new();
        let mut asked: BTreeSet<usize> = BTreeSet::new();
        for place in dimensions.iter().copied().chain(of_waivers) {
            match program.dimension(place).map(|known| known.subject) {
                Some(dimension::Subject::Attribute(id)) => drop(read.insert(id)),
                Some(dimension::Subject::Predicate(index)) => {
                    let predicate = program.predicates().get(index);
                    read.extend(predicate.into_iter().flat_map(|known| &known.attributes));
                    asked.insert(index);
                }
                None => {}
            }
        }
        Self::of_predicates(trials, Wanted::those(|id| read.contains(&id)), |index| {
            asked.contains(&index)
        })
    }

    fn of_predicates(
        trials: &Trials<'e>,
        wanted: Wanted,
        is_asked: impl Fn(usize) -> bool,
    ) -> Self {
        let all = trials.ground.program.predicates().iter().enumerate();
        let predicates = all
            .filter(|(index, known)| known.attributes.contains(&SEND_AT) && is_asked(*index))
            .map(|(_, known)| known)
            .collect();
        Self { wanted, predicates }
    }
}

/// Resolves the case in each piece of time in which what is read of it is the same, in order, from
/// `send_at` on, as long as it is asked to. Gives the instant where the pieces end.
pub(super) fn each_piece<'e>(
    trials: &mut Trials<'e>,
    facts: &Facts,
    read: &Read<'_>,
    (send_at, until): (Timestamp, Timestamp),
    mut visit: impl FnMut(&mut Trials<'e>, &Resolved<'_>, Timestamp) -> ControlFlow<()>,
) -> Timestamp {
    let program = trials.ground.program;
    // What such a condition compares with may itself change with the instant.
    let (moving, still): (Vec<&Predicate>, Vec<&Predicate>) =
        read.predicates.iter().partition(|known| {
            known.attributes.iter().any(|id| *id != SEND_AT && resolve::turns_with_send_at(*id))
        });
    let mut found = Found::between(send_at, until);
    found.instants = resolve::turns(
        facts,
        program.packs(),
        trials.ground.directory,
        read.wanted,
        send_at,
        until,
        &minutes(program),
    );
    found.of_program(program);
    {
        let resolved = trials.ground.resolve(facts);
        still.iter().for_each(|predicate| found.of_predicate(program, predicate, &resolved));
    }
    let until = found.end();
    let starts: Vec<Timestamp> = [send_at].into_iter().chain(found.seconds(until)).collect();
    let mut facts = facts.clone();
    for (place, at) in starts.iter().enumerate() {
        facts.replace(SEND_AT, Fact::Value(Value::Timestamp(*at)));
        let mut inner = Found {
            after: *at,
            before: starts.get(place + 1).copied().unwrap_or(until),
            instants: BTreeSet::new(),
        };
        {
            let resolved = trials.ground.resolve(&facts);
            moving.iter().for_each(|predicate| inner.of_predicate(program, predicate, &resolved));
            if visit(trials, &resolved, *at).is_break() {
                return until;
            }
        }
        for at in inner.seconds(inner.before) {
            facts.replace(SEND_AT, Fact::Value(Value::Timestamp(at)));
            let resolved = trials.ground.resolve(&facts);
            if visit(trials, &resolved, at).is_break() {
                return until;
            }
        }
    }
    until
}

/// The minutes of a local day at which some rule may come to something else: every one where a
/// condition works something out from them.
fn minutes(program: &Program) -> BTreeSet<i64> {
    const DAY_MINUTES: i64 = 24 * 60;
    let is_worked_with = |id| program.predicates().iter().any(|of| of.attributes.contains(&id));
    if dimension::CLOCK_MINUTES.into_iter().any(is_worked_with) {
        return (0..DAY_MINUTES).collect();
    }
    dimension::clock_cuts(program.dimensions())
}

/// Instants between two others.
pub(super) struct Found {
    after: Timestamp,
    before: Timestamp,
    instants: BTreeSet<Timestamp>,
}

impl Found {
    fn insert(&mut self, at: Timestamp) {
        if self.after < at && at < self.before {
            self.instants.insert(at);
        }
    }

    /// Nothing yet.
    pub(super) const fn between(after: Timestamp, before: Timestamp) -> Self {
        Self { after, before, instants: BTreeSet::new() }
    }

    /// Periods of rules and sets.
    pub(super) fn of_program(&mut self, program: &Program) {
        let nano = Duration::from_nanos(1).unwrap_or_default();
        for dimension in program.dimensions() {
            if dimension.subject == dimension::Subject::Attribute(SEND_AT)
                && let Classes::Timestamps(cuts) = &dimension.classes
            {
                for point in cuts.points.iter() {
                    self.insert(*point);
                    point.checked_add(nano).into_iter().for_each(|at| self.insert(at));
                }
            }
        }
        let periods = program.in_force.iter().flat_map(|period| [period.from, period.until]);
        periods.flatten().for_each(|at| self.insert(at));
        for set in program.sets.iter().flatten() {
            set.boundaries().iter().for_each(|at| self.insert(*at));
        }
    }

    fn of_predicate(&mut self, program: &Program, predicate: &Predicate, case: &Resolved<'_>) {
        self.of_condition(&predicate.node, &PackView { program, pack: predicate.pack, case });
    }

    /// Where a condition turns: part by part, since one part may turn where a line does, and
    /// another where a clock does.
    fn of_condition(&mut self, node: &Node, known: &PackView<'_, Resolved<'_>>) {
        match &node.kind {
            NodeKind::Not(inner) => self.of_condition(inner, known),
            NodeKind::And(parts) | NodeKind::Or(parts) => {
                parts.iter().for_each(|part| self.of_condition(part, known));
            }
            NodeKind::Conditional(parts) if node.ty == crate::value::Type::BOOL => {
                parts.iter().for_each(|part| self.of_condition(part, known));
            }
            _ => {
                let mut places = BTreeSet::new();
                let is_linear =
                    turns::turns(node, SEND_AT, Line::Instants, known, &mut places).is_some();
                if is_linear {
                    places.into_iter().filter_map(turns::instant).for_each(|at| self.insert(at));
                } else {
                    self.of_clocks(node);
                }
            }
        }
    }

    /// Functions of calendar and clock turn where these do; anything else may turn at any second.
    fn of_clocks(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Attribute(id) if *id == SEND_AT => self.every(1),
            NodeKind::Call { function, arguments } => {
                let of_send_at = arguments
                    .first()
                    .is_some_and(|first| first.kind == NodeKind::Attribute(SEND_AT));
                match (of_send_at, step(*function)) {
                    (true, Some(seconds)) => self.of_clock(seconds, arguments.get(1)),
                    _ => arguments.iter().for_each(|argument| self.of_clocks(argument)),
                }
            }
            _ => node.for_each_part(&mut |part| self.of_clocks(part)),
        }
    }

    fn of_clock(&mut self, seconds: i64, zone: Option<&Node>) {
        const MINUTE: i64 = 60;
        let zone = match zone.map(|zone| &zone.kind) {
            None => Some(Zone::UTC),
            Some(NodeKind::Literal(Value::String(name))) => cel::zone_named(name),
            Some(_) => None,
        };
        match zone {
            Some(zone) if seconds > MINUTE => {
                let found = resolve::clock_turns(&zone, seconds, self.after, self.before);
                found.into_iter().for_each(|at| self.insert(at));
            }
            // Clocks differ by whole minutes, by whatever offset.
            _ => self.every(seconds.min(MINUTE)),
        }
    }

    /// Every so many seconds, as far as a timeline reaches.
    fn every(&mut self, seconds: i64) {
        let first = self.after.seconds().div_euclid(seconds) * seconds + seconds;
        let instants = (0..=limits::TIMELINE_INSTANTS_MAX as i64)
            .map(|number| first.saturating_add(number.saturating_mul(seconds)))
            .map_while(|seconds| Timestamp::new(seconds, 0))
            .take_while(|at| *at < self.before);
        let instants: Vec<Timestamp> = instants.collect();
        if instants.len() > limits::TIMELINE_INSTANTS_MAX
            && let Some(last) = instants.last()
        {
            self.before = *last;
        }
        instants.into_iter().for_each(|at| self.insert(at));
    }

    /// Where the timeline ends: at the horizon, or at the last instant that it can reach.
    fn end(&self) -> Timestamp {
        self.instants
            .iter()
            .nth(limits::TIMELINE_INSTANTS_MAX)
            .copied()
            .map_or(self.before, |at| at.min(self.before))
    }

    /// The whole seconds at which what has turned is seen, before an instant.
    pub(super) fn seconds(&self, before: Timestamp) -> BTreeSet<Timestamp> {
        let seen = self.instants.iter().filter_map(|at| match at.nanos() {
            0 => Some(*at),
            _ => Timestamp::new(at.seconds() + 1, 0),
        });
        seen.filter(|at| *at < before).collect()
    }
}

/// How many seconds pass, at least, before a function of an instant may come to something else; none
/// for one that is not of clock and calendar.
const fn step(function: Function) -> Option<i64> {
    match function {
        Function::GetFullYear
        | Function::GetMonth
        | Function::GetDate
        | Function::GetDayOfMonth
        | Function::GetDayOfWeek
        | Function::GetDayOfYear => Some(86_400),
        Function::GetHours => Some(3600),
        Function::GetMinutes => Some(60),
        Function::GetSeconds | Function::GetMilliseconds => Some(1),
        Function::Size
        | Function::StartsWith
        | Function::EndsWith
        | Function::Contains
        | Function::LowerAscii
        | Function::Trim
        | Function::ToInt
        | Function::ToDouble
        | Function::ToString
        | Function::ToBool
        | Function::ToTimestamp
        | Function::ToDuration
        | Function::NoEntry => None,
    }
}

/// The pieces in order.
struct Walk {
    /// Places in the program, with what was found there.
    seen: BTreeSet<(Vec<u32>, Vec<u32>)>,
    later: Vec<Timestamp>,
    later_is_cut: bool,
    pieces: Vec<(Timestamp, Judged)>,
}

impl Walk {
    fn judge(&mut self, trials: &mut Trials<'_>, resolved: &Resolved<'_>, at: Timestamp) {
        let judged = trials.judge_case(resolved);
        let rows =
            resolved.rows(trials.ground.program).map_or_else(Vec::new, |(rows, _)| rows.to_vec());
        let is_new = self.seen.insert((rows, judged.findings.clone()));
        if is_new && !self.pieces.is_empty() {
            match self.later.len() < limits::FIX_VALUES_MAX {
                true => self.later.push(at),
                false => self.later_is_cut = true,
            }
        }
        self.pieces.push((at, judged));
    }

    fn timeline(&self, trials: &Trials<'_>, from: Timestamp, until: Timestamp) -> Timeline {
        let names = Names::of(trials.ground.program);
        let mut intervals: Vec<Interval> = Vec::new();
        for (at, judged) in &self.pieces {
            let decisive = judged
                .findings
                .iter()
                .filter_map(|number| trials.ground.order.rank(*number))
                .filter(|rank| {
                    judged.verdict > Verdict::Allow && rank.verdict.effect() == judged.verdict
                });
            let mut rules: Vec<Arc<str>> = Vec::new();
            for name in decisive.filter_map(|rank| names.name(trials.ground.program, rank.subject))
            {
                // A rule that changed over time is several of one id.
                if !rules.contains(&name) {
                    rules.push(name);
                }
            }
            if let Some(before) = intervals.last_mut() {
                if before.verdict == judged.verdict && before.rules == rules {
                    continue;
                }
                before.until = *at;
            }
            intervals.push(Interval { from: *at, until, verdict: judged.verdict, rules });
        }
        Timeline { from, until, intervals }
    }
}

/// How rules are named: by id, or with their pack where several packs have one id.
pub(super) struct Names<'p> {
    owners: BTreeMap<&'p str, BTreeSet<&'p str>>,
}

impl<'p> Names<'p> {
    pub(super) fn of(program: &'p Program) -> Self {
        let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (_, pack, rule) in program.rules() {
            owners.entry(&*rule.id).or_default().insert(&*pack.name);
        }
        Self { owners }
    }

    pub(super) fn name(&self, program: &Program, subject: Subject) -> Option<Arc<str>> {
        let (pack, rule) = subject.names(program)?;
        let is_shared = self.owners.get(rule).is_some_and(|owners| owners.len() > 1);
        Some(if is_shared { format!("{pack}/{rule}").into() } else { rule.into() })
    }
}
