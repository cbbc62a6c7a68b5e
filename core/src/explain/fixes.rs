//! Which changes together make the verdict better?
//!
//! Every finding that is too bad has to be met by a change of something that its rule reads: what
//! differs in nothing that a rule reads is alike to it. The findings are thus conflicts, the
//! changes that concern them the elements, and a fix is a set that meets every conflict, those too
//! that it brings about itself. The sets are found as R. Reiter finds hitting sets (*A theory of
//! diagnosis from first principles*, Artificial Intelligence 32, 1987), level by level in a tree
//! whose nodes are sets of changes; R. Greiner, B. Smith and R. Wilkerson (*A correction to the
//! algorithm in Reiter's theory of diagnosis*, Artificial Intelligence 41, 1989) showed that a node
//! may only be closed over a set that was found, and that nodes of one set are one: so here. That
//! smallest changes of features which change an outcome are hitting sets of its explanations is
//! from A. Ignatiev, N. Narodytska, N. Asher and J. Marques-Silva (*Before contrastive to abductive
//! explanations and back again*, AI*IA 2020).
//!
//! At each node the case is judged again with the node's changes ([`super::changed`]), and what is
//! told was resolved and judged as a whole besides, so that a fix is one that was tried, and never
//! one that was only argued. One conflict is taken at each node: of those
//! that deny, if there are any, the one that the fewest values concern.
//!
//! - **Every smallest fix is found.** Let F be a fix and A, a part of it, a node that is none. Some
//!   finding of A is too bad, and with F it is not, so that F holds a change that concerns it and
//!   is not in A; the node with A and that change is reached. It is closed only if the change
//!   brings the case, for that rule, nowhere else, and no other lever has a say in what it changes:
//!   then F holds another change that concerns the rule. Since a conflict that denies is taken
//!   first, the same is so of fixes that lead to review.
//! - **None has a part that suffices.** Nodes are taken by size, and one whose levers include all
//!   levers of a fix found before is closed: of no fix some of the levers suffice, whatever the
//!   values.
//!
//! The tree ends at named limits; the explanation then says that there may be more. Where it ended
//! before anything led to allow, one set is looked for besides by going from one change to the
//! best next one, so that nobody is told that nothing helps who needs to change much.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::changed::{Alternatives, Assignment, Changed};
use super::deed::{Deed, done};
use super::explanation::{Before, Change, Fix, To};
use super::levers::Lever;
use super::proposed::{shown_as_tried, shown_together};
use super::trial::{Judged, Trials};
use crate::decide::Decision;
use crate::facts::Facts;
use crate::limits;
use crate::matching::Case as _;
use crate::matching::order::Subject;
use crate::program::RuleIdx;
use crate::program::dimension;
use crate::schema::levers::Effort;
use crate::schema::{AttributeId, Scope, attributes};
use crate::value::Value;
use crate::verdict::Verdict;

/// The fixes in order, at most so many of at most so many changes, and whether there may be more.
pub(super) fn of(
    trials: &mut Trials<'_>,
    alternatives: &mut Alternatives<'_>,
    decision: &Decision,
    (fixes_max, changes_max): (usize, usize),
) -> (Vec<Fix>, bool) {
    if decision.verdict() == Verdict::Allow {
        return (Vec::new(), false);
    }
    let mut search = Search {
        levers: alternatives.levers,
        alternatives,
        concerned: BTreeMap::new(),
        alone: BTreeMap::new(),
        left: limits::FIX_TRIALS_MAX,
        is_cut: false,
        wanted: fixes_max,
        start: decision.verdict(),
        can_allow: true,
        to_allow: Works::default(),
        to_review: Works::default(),
    };
    search.run(trials, changes_max);
    let Search { alternatives, to_allow, to_review, mut is_cut, .. } = search;
    let (works, leads_to) = match to_allow.is_empty() {
        false => (to_allow, Verdict::Allow),
        true => (to_review, Verdict::Review),
    };
    let mut sets: Vec<(Vec<usize>, BTreeSet<Assignment>)> = works.into_iter().collect();
    sets.sort_by_cached_key(|(set, _)| key(alternatives.levers, set));
    let mut fixes: Vec<Fix> = Vec::new();
    for (set, works) in sets {
        if fixes.len() > fixes_max {
            break;
        }
        fixes.extend(boxes(trials, alternatives, &set, &works, leads_to));
    }
    is_cut |= fixes.len() > fixes_max;
    fixes.truncate(fixes_max);
    (fixes, is_cut)
}

/// By what fixes are sorted: those of one set of levers stand together.
fn key(levers: &[Lever], set: &[usize]) -> (usize, Option<Effort>, Vec<Arc<str>>) {
    let levers = || set.iter().filter_map(|place| levers.get(*place));
    let effort = levers().map(|lever| lever.row.effort).max();
    (set.len(), effort, levers().map(|lever| Arc::clone(&lever.path)).collect())
}

/// For each set of levers, the assignments that work.
type Works = BTreeMap<Vec<usize>, BTreeSet<Assignment>>;

struct Search<'s, 'f> {
    alternatives: &'s mut Alternatives<'f>,
    levers: &'f [Lever],
    /// The levers that concern a finding, by its number.
    concerned: BTreeMap<u32, Rc<[usize]>>,
    /// Whether a lever is alone in what it changes for a rule, by both.
    alone: BTreeMap<(u32, usize), bool>,
    /// How many cases may still be judged.
    left: usize,
    is_cut: bool,
    wanted: usize,
    start: Verdict,
    can_allow: bool,
    to_allow: Works,
    to_review: Works,
}

struct Node {
    changes: Assignment,
    judged: Judged,
}

impl<'f> Search<'_, 'f> {
    fn run(&mut self, trials: &mut Trials<'_>, changes_max: usize) {
        self.grow(trials, changes_max);
        if self.is_cut && self.can_allow && self.to_allow.is_empty() && changes_max > 1 {
            self.descend(trials);
        }
    }

    /// Where the tree ended at a limit before anything led to allow: what makes the case best, one
    /// change after the other, until it is clear; then without those that it does not need.
    fn descend(&mut self, trials: &mut Trials<'_>) {
        let rating = |trials: &Trials<'_>, judged: &Judged| {
            let bad = trials.bad(judged).filter(|rank| rank.verdict.effect() == judged.verdict);
            (judged.verdict, bad.count(), trials.bad(judged).count())
        };
        let mut changes = Assignment::new();
        let mut now = self.alternatives.judge(trials, &changes);
        let mut left = limits::FIX_TRIALS_MAX;
        while now.verdict > Verdict::Allow {
            let mut best: Option<(Assignment, Judged)> = None;
            for (place, lever) in self.levers.iter().enumerate() {
                let is_free = changes.iter().all(|(picked, _)| {
                    *picked != place
                        && self.levers.get(*picked).is_some_and(|picked| !picked.excludes(lever))
                });
                for value in (0..lever.values.len()).filter(|_| is_free) {
                    if left == 0 {
                        return;
                    }
                    left -= 1;
                    let mut with = changes.clone();
                    with.push((place, value));
                    with.sort_unstable();
                    let judged = self.alternatives.judge(trials, &with);
                    let before = best.as_ref().map_or(&now, |(_, judged)| judged);
                    if rating(trials, &judged) < rating(trials, before) {
                        best = Some((with, judged));
                    }
                }
            }
            let Some((with, judged)) = best else { return };
            (changes, now) = (with, judged);
        }
        for place in (0..changes.len()).rev() {
            let mut without = changes.clone();
            without.remove(place);
            if self.alternatives.judge(trials, &without).verdict == Verdict::Allow {
                changes = without;
            }
        }
        let levers = changes.iter().map(|(lever, _)| *lever).collect();
        self.to_allow.insert(levers, BTreeSet::from([changes]));
    }

    /// The tree, level by level.
    fn grow(&mut self, trials: &mut Trials<'_>, changes_max: usize) {
        let judged = self.alternatives.judge(trials, &Vec::new());
        let root = Node { changes: Vec::new(), judged };
        // What no lever concerns stays as it is.
        self.can_allow = trials
            .bad(&root.judged)
            .zip(&root.judged.findings)
            .all(|(rank, number)| !self.concerned(trials, rank.subject, *number).is_empty());
        let mut level = vec![root];
        let mut seen: BTreeSet<Assignment> = BTreeSet::new();
        for size in 1..=changes_max {
            let found = if self.can_allow { &self.to_allow } else { &self.to_review };
            let closed: Vec<Vec<usize>> = found.keys().cloned().collect();
            if closed.len() > self.wanted {
                // There are more than are asked for, and the rest takes more changes.
                self.is_cut = true;
                return;
            }
            let mut next = Vec::new();
            for node in &level {
                self.expand(trials, node, &closed, &mut seen, &mut next);
                if self.left == 0 {
                    self.is_cut = true;
                    return;
                }
            }
            level = next;
            if level.is_empty() {
                return;
            }
            self.is_cut |= size == changes_max;
        }
    }

    /// The nodes below one.
    fn expand(
        &mut self,
        trials: &mut Trials<'_>,
        node: &Node,
        closed: &[Vec<usize>],
        seen: &mut BTreeSet<Assignment>,
        next: &mut Vec<Node>,
    ) {
        let Some((subject, branches)) = self.conflict(trials, node) else { return };
        let place_of = |trials: &mut Trials<'_>, case: &Changed<'f>| trials.place(case, subject);
        let here = self.alternatives.ask(trials, &node.changes, place_of);
        let scope = self.alternatives.facts.scope();
        for lever in branches {
            let Some(known) = self.levers.get(lever) else { continue };
            // What was not proposed may help as well.
            self.is_cut |= known.is_cut;
            let mut levers: Vec<usize> = node.changes.iter().map(|(lever, _)| *lever).collect();
            levers.push(lever);
            levers.sort_unstable();
            let includes = |found: &Vec<usize>| found.iter().all(|lever| levers.contains(lever));
            if closed.iter().any(includes) {
                continue;
            }
            let is_alone = self.is_alone(trials, lever, subject);
            for value in 0..known.values.len() {
                let mut changes = node.changes.clone();
                changes.push((lever, value));
                changes.sort_unstable();
                if !seen.insert(changes.clone()) {
                    continue;
                }
                if self.left == 0 {
                    return;
                }
                self.left -= 1;
                let judged = self.alternatives.ask(trials, &changes, |trials, case| {
                    let is_moot =
                        is_alone && case.scope() == scope && trials.place(case, subject) == here;
                    (!is_moot).then(|| trials.judge_case(case))
                });
                let Some(judged) = judged else {
                    // Alike to the rule that was to be met, and so no better. Another conflict may
                    // lead here.
                    seen.remove(&changes);
                    continue;
                };
                self.note(&levers, &changes, judged.verdict);
                if judged.verdict > Verdict::Allow
                    && (self.can_allow || judged.verdict == Verdict::Deny)
                {
                    next.push(Node { changes, judged });
                }
            }
        }
    }

    /// Whether nothing that a rule reads by a lever is read by another lever as well: of two that
    /// change one thing together, neither may change it by itself.
    fn is_alone(&mut self, trials: &Trials<'_>, lever: usize, subject: Subject) -> bool {
        let Subject::Rule(rule) = subject else { return false };
        if let Some(known) = self.alone.get(&(rule.0, lever)) {
            return *known;
        }
        let found = self.is_alone_for(trials, lever, rule);
        self.alone.insert((rule.0, lever), found);
        found
    }

    fn is_alone_for(&self, trials: &Trials<'_>, lever: usize, rule: RuleIdx) -> bool {
        let program = trials.ground.program;
        let Some((known, compiled)) = self.levers.get(lever).zip(program.compiled(rule)) else {
            return false;
        };
        let dimensions = compiled.dimensions.iter().filter_map(|place| program.dimension(*place));
        let mut read = dimensions.map(|dimension| match dimension.subject {
            dimension::Subject::Attribute(id) => vec![id],
            dimension::Subject::Predicate(index) => {
                let predicate = program.predicates().get(index);
                predicate.into_iter().flat_map(|known| known.attributes.iter().copied()).collect()
            }
        });
        !read.any(|attributes: Vec<AttributeId>| {
            known.touches(&attributes)
                && self
                    .levers
                    .iter()
                    .enumerate()
                    .any(|(place, other)| place != lever && other.touches(&attributes))
        })
    }

    fn note(&mut self, levers: &[usize], changes: &Assignment, verdict: Verdict) {
        let works = match verdict {
            Verdict::Allow => &mut self.to_allow,
            Verdict::Review if self.start == Verdict::Deny => &mut self.to_review,
            Verdict::Review | Verdict::Deny => return,
        };
        let is_smaller = |found: &&Vec<usize>| {
            found.len() < levers.len() && found.iter().all(|lever| levers.contains(lever))
        };
        if works.keys().any(|found| is_smaller(&found)) {
            return;
        }
        works.entry(levers.to_vec()).or_default().insert(changes.clone());
    }

    /// The conflict of a node that the fewest values concern, and the levers that do, of those that
    /// deny if any does. None where one of them cannot be met at all.
    fn conflict(&mut self, trials: &Trials<'_>, node: &Node) -> Option<(Subject, Vec<usize>)> {
        let worst = node.judged.verdict;
        let mut best: Option<(usize, Subject, Vec<usize>)> = None;
        for (rank, number) in trials.bad(&node.judged).zip(&node.judged.findings) {
            if rank.verdict.effect() < worst {
                break;
            }
            let concerned = self.concerned(trials, rank.subject, *number);
            let known = |place: usize| self.levers.get(place);
            let is_free = |place: usize| {
                node.changes.iter().all(|(picked, _)| {
                    *picked != place
                        && known(*picked)
                            .zip(known(place))
                            .is_some_and(|(picked, lever)| !picked.excludes(lever))
                })
            };
            let levers: Vec<usize> =
                concerned.iter().copied().filter(|place| is_free(*place)).collect();
            let values = levers
                .iter()
                .filter_map(|place| self.levers.get(*place))
                .map(|lever| lever.values.len())
                .sum();
            if best.as_ref().is_none_or(|(fewest, _, _)| values < *fewest) {
                best = Some((values, rank.subject, levers));
            }
        }
        best.filter(|(values, _, _)| *values > 0).map(|(_, subject, levers)| (subject, levers))
    }

    /// The levers that concern a finding.
    fn concerned(&mut self, trials: &Trials<'_>, subject: Subject, number: u32) -> Rc<[usize]> {
        let levers = self.levers;
        let known = self.concerned.entry(number).or_insert_with(|| {
            let (reads, scope) = reads(trials, subject);
            let all = levers.iter().enumerate();
            all.filter(|(_, lever)| lever.concerns(&reads, scope)).map(|(place, _)| place).collect()
        });
        Rc::clone(known)
    }
}

/// The attributes that a finding's rule reads, and whom it is about; that no rule is in force
/// depends on the instant alone.
pub(super) fn reads(trials: &Trials<'_>, subject: Subject) -> (BTreeSet<AttributeId>, Scope) {
    let program = trials.ground.program;
    let Subject::Rule(rule) = subject else {
        return (BTreeSet::from([attributes::SEND_AT]), Scope::Campaign);
    };
    let Some(compiled) = program.compiled(rule) else {
        return (BTreeSet::new(), Scope::Campaign);
    };
    let mut read = BTreeSet::new();
    for known in compiled.dimensions.iter().filter_map(|place| program.dimension(*place)) {
        match known.subject {
            dimension::Subject::Attribute(id) => {
                read.insert(id);
            }
            dimension::Subject::Predicate(index) => {
                let predicate = program.predicates().get(index);
                read.extend(
                    predicate.into_iter().flat_map(|known| known.attributes.iter().copied()),
                );
            }
        }
    }
    (read, compiled.scope)
}

/// The assignments of one set of levers that work, as few boxes: for each lever some values, any of
/// which works with any of the others.
fn boxes(
    trials: &mut Trials<'_>,
    alternatives: &Alternatives<'_>,
    set: &[usize],
    works: &BTreeSet<Assignment>,
    leads_to: Verdict,
) -> Vec<Fix> {
    let mut covered: BTreeSet<Assignment> = BTreeSet::new();
    let mut fixes = Vec::new();
    let (facts, levers) = (alternatives.facts, alternatives.levers);
    let time = set.iter().position(|place| levers.get(*place).is_some_and(Lever::is_time));
    let mut assignments: Vec<Assignment> = works.iter().cloned().collect();
    if let Some(time) = time {
        assignments.sort_by_key(|known| known.get(time).map(|(_, value)| *value));
    }
    for first in assignments {
        if covered.contains(&first) || alternatives.confirm(trials, &first) > leads_to {
            continue;
        }
        let mut sides: Vec<Vec<usize>> = first.iter().map(|(_, value)| vec![*value]).collect();
        for (side, (place, _)) in first.iter().enumerate() {
            let Some(lever) = levers.get(*place).filter(|lever| !lever.is_time()) else { continue };
            // Values that have a form in common only all together are added so.
            let all: Vec<usize> = (0..lever.values.len())
                .filter(|value| fits(works, &covered, &first, &sides, side, *value))
                .collect();
            let mut tried = vec![all.clone()];
            tried.extend(all.iter().map(|value| {
                let mut more = sides.get(side).cloned().unwrap_or_default();
                more.push(*value);
                more.sort_unstable();
                more.dedup();
                more
            }));
            for mut more in tried {
                if let Some(now) = sides.get_mut(side)
                    && more.len() > now.len()
                {
                    more.extend(now.iter().copied());
                    more.sort_unstable();
                    more.dedup();
                    if shown_together(&lever.values, &more).is_some() {
                        *now = more;
                    }
                }
            }
        }
        let members = combinations(&first, &sides);
        let holds = members.iter().all(|member| ends_hold(trials, facts, levers, member, leads_to));
        let members = if holds { members } else { vec![first.clone()] };
        if !holds {
            sides = first.iter().map(|(_, value)| vec![*value]).collect();
        }
        covered.extend(members);
        let is_whole = holds || ends_hold(trials, facts, levers, &first, leads_to);
        let changes: Option<Vec<Change>> = first
            .iter()
            .zip(&sides)
            .map(|((place, value), side)| {
                let lever = levers.get(*place)?;
                let to = match is_whole {
                    true => shown_together(&lever.values, side)?,
                    // Only what was tried is listed.
                    false => shown_as_tried(&lever.values, *value)?,
                };
                Some(change(lever, to))
            })
            .collect();
        fixes.extend(changes.map(|changes| Fix { leads_to, changes }));
        if time.is_some() {
            // The first instant that helps; the timeline has the others.
            break;
        }
    }
    fixes
}

/// A lever's change to something, as it is shown.
pub(super) fn change(lever: &Lever, to: To) -> Change {
    let (from, to) = match (&lever.from, to) {
        // Only what changes is listed.
        (Before::Members(from), To::Members(to)) => {
            let to = different(from, to);
            (Before::Members(of_objects(from, &[&to])), To::Members(to))
        }
        (Before::Members(from), To::OneOfMembers(objects)) => {
            let to: Vec<Vec<_>> = objects.into_iter().map(|to| different(from, to)).collect();
            let all: Vec<&Vec<_>> = to.iter().collect();
            (Before::Members(of_objects(from, &all)), To::OneOfMembers(to))
        }
        (from, to) => (from.clone(), to),
    };
    Change {
        path: Arc::clone(&lever.path),
        from,
        to,
        by: lever.row.by,
        how: lever.row.how,
        effort: lever.row.effort,
    }
}

/// The members of an object that become another.
fn different(
    from: &[(Arc<str>, Option<Value>)],
    to: Vec<(Arc<str>, Vec<Value>)>,
) -> Vec<(Arc<str>, Vec<Value>)> {
    let is_same = |name: &str, values: &[Value]| {
        let now = from.iter().find(|(known, _)| &**known == name);
        now.is_some_and(|(_, now)| match (now, values) {
            (None, []) => true,
            (Some(now), [only]) => now == only,
            _ => false,
        })
    };
    to.into_iter().filter(|(name, values)| !is_same(name, values)).collect()
}

/// What those members are now that are in some of the objects.
fn of_objects(
    from: &[(Arc<str>, Option<Value>)],
    objects: &[&Vec<(Arc<str>, Vec<Value>)>],
) -> Vec<(Arc<str>, Option<Value>)> {
    let is_named =
        |name: &Arc<str>| objects.iter().any(|to| to.iter().any(|(known, _)| known == name));
    from.iter().filter(|(name, _)| is_named(name)).cloned().collect()
}

/// Whether a value may be added to one side of a box.
fn fits(
    works: &BTreeSet<Assignment>,
    covered: &BTreeSet<Assignment>,
    first: &Assignment,
    sides: &[Vec<usize>],
    side: usize,
    value: usize,
) -> bool {
    let mut with = sides.to_vec();
    if let Some(values) = with.get_mut(side) {
        *values = vec![value];
    }
    // What a fix before this one holds is not told twice.
    let is_free = |member: &Assignment| works.contains(member) && !covered.contains(member);
    combinations(first, &with).iter().all(is_free)
}

/// All assignments of a box.
fn combinations(first: &Assignment, sides: &[Vec<usize>]) -> Vec<Assignment> {
    let mut found: Vec<Assignment> = vec![Vec::new()];
    for ((lever, _), values) in first.iter().zip(sides) {
        found = found
            .into_iter()
            .flat_map(|before| {
                values.iter().map(move |value| {
                    let mut with = before.clone();
                    with.push((*lever, *value));
                    with
                })
            })
            .collect();
    }
    found
}

/// Whether the other ends of ranges lead to as good a verdict too.
fn ends_hold(
    trials: &mut Trials<'_>,
    facts: &Facts,
    levers: &[Lever],
    member: &Assignment,
    leads_to: Verdict,
) -> bool {
    let mut ways: Vec<Vec<&Deed>> = vec![Vec::new()];
    for proposed in
        member.iter().filter_map(|(lever, value)| levers.get(*lever)?.values.get(*value))
    {
        let ends = [Some(&proposed.deeds), proposed.other_end.as_ref()];
        ways = ways
            .into_iter()
            .flat_map(|before| {
                ends.into_iter().flatten().map(move |end| {
                    let mut with = before.clone();
                    with.extend(end);
                    with
                })
            })
            .collect();
    }
    // The first way is the assignment itself, which was tried.
    ways.into_iter().skip(1).all(|way| trials.verdict(&done(facts, way.into_iter())) <= leads_to)
}
