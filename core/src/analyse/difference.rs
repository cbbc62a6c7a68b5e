//! Which rules change from one program to another, and on what document?
//!
//! The rules of both sides are compiled into one program, so that their clauses lie on the same
//! dimensions. A rule says the same of every case if no clause of one outcome on the old side
//! meets a clause of another outcome on the new. Where some do, a case is looked for in what they
//! share, and both sides judge it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::Value as Json;

use super::analysis::Certainty;
use super::change::{Change, Difference, RuleChange, Said, WitnessOfChange};
use super::document;
use super::error::DiffError;
use super::goal::Goal;
use super::ground::{Case, Directories, DirectoryIdx, Ground, OWN};
use super::pool::{Pool, all_of_both};
use super::search::{Reach, Search, known};
use crate::compile;
use crate::facts::Facts;
use crate::limits;
use crate::matching::Matcher;
use crate::pack::{Pack, Rule, Set};
use crate::program::classes::ClassSet;
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Subject;
use crate::program::{CompiledRule, Program, RuleIdx};
use crate::resolve::Wanted;
use crate::schema::attributes::SEND_AT;
use crate::schema::{Schema, Scope};
use crate::time::Timestamp;
use crate::value::{Fact, Value};
use crate::verdict::{FindingVerdict, Status, Verdict};

/// One side of a comparison.
#[derive(Clone, Debug)]
pub(crate) struct Side<'e> {
    pub(crate) ground: Ground<'e>,
    /// When all messages are sent; at their own instants, if there is none. Both sides have one, or
    /// neither.
    pub(crate) at: Option<Timestamp>,
}

/// Compares two sides.
///
/// # Errors
/// Sides that declare attributes which are not the same.
pub(crate) fn difference(old: &Side<'_>, new: &Side<'_>) -> Result<Difference, DiffError> {
    let schema = schema_of_both(old.ground.program.schema(), new.ground.program.schema())?;
    // Rules are compared by what they say themselves, whatever is waived.
    let unwaived = |pack: &Arc<Pack>, at: Option<Timestamp>| {
        let mut pack = Pack::clone(pack);
        pack.waivers.clear();
        if let Some(at) = at {
            pack.sets.iter_mut().for_each(|set| hold(set, at));
        }
        pack
    };
    let before = old.ground.packs.iter().map(|pack| {
        let mut renamed = unwaived(pack, old.at);
        // No pack has a blank in its name.
        renamed.name = format!("{} before", pack.name).into();
        renamed
    });
    let after = new.ground.packs.iter().map(|pack| unwaived(pack, new.at));
    let packs = before.chain(after).map(Arc::new).collect();
    let program = compile::compile_to_compare(packs, schema)?;
    let all = new.ground.packs.iter().chain(old.ground.packs);
    let directories = Directories::new(new.ground.directories.own(), all);
    let wanted = Wanted::those(|id| program.reads(id));
    let ground = Ground { program: &program, directories, wanted, ..new.ground };
    let old = &Side {
        ground: Ground { directories: ground.directories.clone(), ..old.ground.clone() },
        ..*old
    };
    let new = &Side {
        ground: Ground { directories: ground.directories.clone(), ..new.ground.clone() },
        ..*new
    };
    let mut pool = Pool::new(&ground);
    old.ground.packs.iter().for_each(|pack| pool.add_tests(pack));
    let mut comparison = Comparison { old, new, program: &program, search: Search::new() };
    let mut rules = Vec::new();
    let mut equivalent = 0;
    for twin in twins(old.ground.program, new.ground.program) {
        match comparison.change(&mut pool, &twin) {
            Some(change) => rules.push(change),
            None => equivalent += 1,
        }
    }
    Ok(Difference { rules, equivalent, bounds: comparison.search.bounds() })
}

/// Leaves a set the members that it has at an instant, which it has at all others then.
fn hold(set: &mut Set, at: Timestamp) {
    set.entries.retain(|entry| {
        entry.from.is_none_or(|from| from <= at) && entry.until.is_none_or(|until| at < until)
    });
    for entry in &mut set.entries {
        (entry.from, entry.until) = (None, None);
    }
}

/// The larger of two schemas, which means the same by the numbers of the smaller.
fn schema_of_both(old: &Arc<Schema>, new: &Arc<Schema>) -> Result<Arc<Schema>, DiffError> {
    let (small, large) = if old.len() <= new.len() { (old, new) } else { (new, old) };
    for ((_, one), (_, other)) in small.iter().zip(large.iter()) {
        let is_same = one.path == other.path
            && one.ty == other.ty
            && one.form == other.form
            && one.nullable == other.nullable
            && one.origin == other.origin
            && one.not_given == other.not_given;
        if !is_same {
            return Err(DiffError::other_attribute(&one.path));
        }
    }
    Ok(Arc::clone(large))
}

/// A rule of one side or both.
struct Twin {
    pack: Arc<str>,
    rule: Arc<str>,
    old: Option<RuleIdx>,
    new: Option<RuleIdx>,
}

/// The rules of both sides by name, in the order of the new one. Where each side is a single pack,
/// the packs need not have one name.
fn twins(old: &Program, new: &Program) -> Vec<Twin> {
    let is_single = old.packs().len() == 1 && new.packs().len() == 1;
    let key = |pack: &Pack, rule: &Rule| {
        let pack = (!is_single).then(|| Arc::clone(&pack.name));
        (pack, Arc::clone(&rule.id))
    };
    // The note and the review that follow from a pack's `known_until` have one name.
    let mut left: BTreeMap<_, VecDeque<RuleIdx>> = BTreeMap::new();
    for (index, pack, rule) in old.rules() {
        left.entry(key(pack, rule)).or_default().push_back(index);
    }
    let mut found: Vec<Twin> = new
        .rules()
        .map(|(index, pack, rule)| Twin {
            pack: Arc::clone(&pack.name),
            rule: Arc::clone(&rule.id),
            old: left.get_mut(&key(pack, rule)).and_then(VecDeque::pop_front),
            new: Some(index),
        })
        .collect();
    let mut gone: Vec<RuleIdx> = left.into_values().flatten().collect();
    gone.sort_unstable();
    found.extend(gone.into_iter().filter_map(|index| {
        let (pack, rule) = old.rule(index)?;
        let (pack, rule) = (Arc::clone(&pack.name), Arc::clone(&rule.id));
        Some(Twin { pack, rule, old: Some(index), new: None })
    }));
    found
}

struct Comparison<'c, 'e> {
    old: &'c Side<'e>,
    new: &'c Side<'e>,
    /// Rules of the old side first.
    program: &'c Program,
    search: Search,
}

/// The clauses of a rule as one side counts them, by outcome.
struct Outcomes([(Option<Status>, Vec<Clause>); 4]);

impl Comparison<'_, '_> {
    /// How a rule changes; `None` where it does not.
    fn change(&mut self, pool: &mut Pool<'_>, twin: &Twin) -> Option<RuleChange> {
        let offset = self.old.ground.program.len() as u32;
        let joint = (twin.old, twin.new.map(|index| RuleIdx(index.0 + offset)));
        let old_rule = twin.old.and_then(|index| self.old.ground.program.rule(index));
        let new_rule = twin.new.and_then(|index| self.new.ground.program.rule(index));
        let means = |rule: &Rule| rule.verdict_of(Status::Violated);
        let (old_means, new_means) =
            (old_rule.map(|(_, rule)| means(rule)), new_rule.map(|(_, rule)| means(rule)));
        let made = |change, certainty, witness| RuleChange {
            pack: Arc::clone(&twin.pack),
            rule: Arc::clone(&twin.rule),
            change,
            certainty,
            old: old_means,
            new: new_means,
            witness,
        };
        let compiled = (
            joint.0.and_then(|index| self.program.compiled(index)),
            joint.1.and_then(|index| self.program.compiled(index)),
        );
        let (old, new) = match compiled {
            (Some(old), Some(new)) => (old, new),
            (only_old, only_new) => {
                let change = if only_old.is_some() { Change::Removed } else { Change::Added };
                let only = only_old.or(only_new)?;
                let at = if only_old.is_some() { self.old.at } else { self.new.at };
                let goals: Vec<Goal> = self
                    .outcomes(only, at)
                    .violated()
                    .filter_map(|clause| self.pinned(clause, only.scope))
                    .collect();
                let (_, witness) = self.shown(pool, twin, &goals, joint);
                // That it is there on one side alone needs no document to show it.
                return Some(made(change, Certainty::Proved, witness));
            }
        };
        let is_same = old.violated == new.violated
            && old.satisfied == new.satisfied
            && old.not_applicable == new.not_applicable
            && old.error == new.error
            && self.old.at == self.new.at;
        if !is_same {
            let scope = old.scope.max(new.scope);
            let (before, after) =
                (self.outcomes(old, self.old.at), self.outcomes(new, self.new.at));
            for of_violations in [true, false] {
                let goals = self.differing(&before, &after, of_violations, scope);
                match self.shown(pool, twin, &goals, joint) {
                    (Reach::Nowhere, _) => {}
                    (Reach::At(_), witness @ Some(_)) => {
                        return Some(made(Change::Changed, Certainty::Proved, witness));
                    }
                    // A difference between rules that apply and rules that do not may show where
                    // the one between violations does not.
                    (_, _) if of_violations && !self.rest_is_same(&before, &after, scope) => {}
                    (_, _) => return Some(made(Change::Changed, Certainty::Possible, None)),
                }
            }
        }
        if old_means != new_means {
            let goals: Vec<Goal> = self
                .outcomes(new, self.new.at)
                .violated()
                .filter_map(|clause| self.pinned(clause, new.scope))
                .collect();
            let (reach, witness) = self.shown(pool, twin, &goals, joint);
            if reach != Reach::Nowhere {
                let certainty = match witness {
                    Some(_) => Certainty::Proved,
                    None => Certainty::Possible,
                };
                return Some(made(Change::Changed, certainty, witness));
            }
        }
        let ((_, old), (_, new)) = (old_rule?, new_rule?);
        let is_as_worded = old.title == new.title
            && old.message == new.message
            && old.advice == new.advice
            && old.translations == new.translations
            && old.exposure == new.exposure
            && old.topic == new.topic
            && old.labels == new.labels
            && old.confidence == new.confidence
            && old.waivable == new.waivable
            && old.enforcement == new.enforcement
            && old.period == new.period
            && old.seen_from == new.seen_from
            && old.source == new.source
            && old.source_by_country == new.source_by_country;
        (!is_as_worded).then(|| made(Change::Reworded, Certainty::Proved, None))
    }

    fn rest_is_same(&self, before: &Outcomes, after: &Outcomes, scope: Scope) -> bool {
        self.differing(before, after, false, scope).is_empty()
    }

    /// The clauses of a rule, at the instant of its side: with that fixed, they no longer ask for
    /// it.
    fn outcomes(&self, rule: &CompiledRule, at: Option<Timestamp>) -> Outcomes {
        let of = |clauses: &[Clause]| -> Vec<Clause> {
            let Some((when, class)) = at.and_then(|at| self.class_of(at)) else {
                return clauses.to_vec();
            };
            clauses
                .iter()
                .filter(|clause| clause.on(when).is_none_or(|set| set.contains(class)))
                .map(|clause| {
                    let rest = clause.constraints.iter().filter(|(place, _)| *place != when);
                    Clause { constraints: rest.cloned().collect() }
                })
                .collect()
        };
        Outcomes([
            (Some(Status::Violated), of(&rule.violated)),
            (Some(Status::Satisfied), of(&rule.satisfied)),
            (Some(Status::NotApplicable), of(&rule.not_applicable)),
            (None, of(&rule.error)),
        ])
    }

    fn class_of(&self, at: Timestamp) -> Option<(DimensionIdx, u16)> {
        let dimensions = self.program.dimensions().iter().enumerate();
        let (place, dimension) = dimensions
            .into_iter()
            .find(|(_, known)| known.subject == Subject::Attribute(SEND_AT))?;
        let class = dimension.class(&Fact::Value(Value::Timestamp(at)));
        Some((DimensionIdx(place as u16), class))
    }

    /// A box, at the old side's instant.
    fn pinned(&self, clause: Clause, scope: Scope) -> Option<Goal> {
        let pin = self.old.at.and_then(|at| {
            let (place, class) = self.class_of(at)?;
            let count = self.program.dimension(place)?.count;
            let set = ClassSet::of(count, |known| known == class);
            Some(Clause { constraints: vec![(place, set)] })
        });
        match pin {
            Some(pin) => Goal::both(&clause, &pin, scope),
            None => Some(Goal { clause, scope }),
        }
    }

    /// The boxes in which a rule comes to different outcomes, of which one is a violation or none.
    fn differing(
        &self,
        before: &Outcomes,
        after: &Outcomes,
        of_violations: bool,
        scope: Scope,
    ) -> Vec<Goal> {
        let violated = Some(Status::Violated);
        let mut goals = Vec::new();
        for (was, some) in &before.0 {
            for (is, others) in &after.0 {
                if was == is || of_violations != (*was == violated || *is == violated) {
                    continue;
                }
                for one in some {
                    let shared = others.iter().filter_map(|other| one.and(other));
                    goals.extend(shared.filter_map(|clause| self.pinned(clause, scope)));
                }
            }
        }
        goals
    }

    /// Whether there is a case in some boxes of which the two sides say different things, and the
    /// document that shows it best: one on which the verdicts differ, if any does.
    fn shown(
        &mut self,
        pool: &mut Pool<'_>,
        twin: &Twin,
        goals: &[Goal],
        joint: (Option<RuleIdx>, Option<RuleIdx>),
    ) -> (Reach, Option<WitnessOfChange>) {
        let reach = self.search.reach(pool, goals.iter().cloned());
        let Reach::At(first) = reach else { return (reach, None) };
        let mut cases = vec![first];
        for goal in goals.iter().take(limits::ANALYSIS_BOXES_MAX) {
            cases.extend(known(pool, goal));
        }
        cases.extend(told_apart(pool, joint));
        cases.truncate(limits::ANALYSIS_WITNESSES_MAX);
        let mut best: Option<(bool, Json, DirectoryIdx)> = None;
        for case in cases {
            let Some(Case { facts, directory }) = pool.case(case) else { continue };
            let document = document::of(facts, self.program.schema());
            let Some((old, new)) = self.rule_cases(twin, &document, *directory) else { continue };
            if !is_other(twin, self.means(twin), &old, &new) {
                continue;
            }
            let by_verdict = old.said.verdict != new.said.verdict;
            if by_verdict || best.is_none() {
                best = Some((by_verdict, document, *directory));
            }
            if by_verdict {
                break;
            }
        }
        let witness = best.and_then(|(by_verdict, document, directory)| {
            let means = self.means(twin);
            let does_by = |document: &Json, directory: DirectoryIdx| {
                self.rule_cases(twin, document, directory).is_some_and(|(old, new)| {
                    is_other(twin, means, &old, &new)
                        && (!by_verdict || old.said.verdict != new.said.verdict)
                })
            };
            let document = document::shortened(document, |document| does_by(document, directory));
            // What shows the same without a directory of tests is easier to try.
            let directory = if does_by(&document, OWN) { OWN } else { directory };
            let (old, new) = self.rule_cases(twin, &document, directory)?;
            let directory = pool.ground.directories.name(directory);
            Some(WitnessOfChange { document, directory, old: old.said, new: new.said })
        });
        (reach, witness)
    }

    /// What a violation means on each side.
    fn means(&self, twin: &Twin) -> (Option<FindingVerdict>, Option<FindingVerdict>) {
        let of = |side: &Side<'_>, index: Option<RuleIdx>| {
            let (_, rule) = side.ground.program.rule(index?)?;
            Some(rule.verdict_of(Status::Violated))
        };
        (of(self.old, twin.old), of(self.new, twin.new))
    }

    /// What both sides say of a document, each as it reads it.
    fn rule_cases(
        &self,
        twin: &Twin,
        document: &Json,
        by: DirectoryIdx,
    ) -> Option<(RuleCases, RuleCases)> {
        Some((
            rule_cases(self.old, twin.old, document, by)?,
            rule_cases(self.new, twin.new, document, by)?,
        ))
    }
}

impl Outcomes {
    fn violated(self) -> impl Iterator<Item = Clause> {
        let [(_, violated), ..] = self.0;
        violated.into_iter()
    }
}

/// Cases of the pool of which the rule says one thing on the old side and another on the new.
fn told_apart(pool: &Pool<'_>, joint: (Option<RuleIdx>, Option<RuleIdx>)) -> Vec<usize> {
    let rule_cases = |index: Option<RuleIdx>| index.and_then(|index| pool.rule_cases(index));
    match (rule_cases(joint.0), rule_cases(joint.1)) {
        (Some(old), Some(new)) => all_of_both(old.violated.bits(), &new.clear)
            .chain(all_of_both(&old.clear, new.violated.bits()))
            .chain(all_of_both(old.violated.bits(), new.violated.bits()))
            .take(limits::ANALYSIS_WITNESSES_MAX)
            .collect(),
        (Some(only), None) | (None, Some(only)) => {
            all_of_both(only.violated.bits(), only.violated.bits())
                .take(limits::ANALYSIS_WITNESSES_MAX)
                .collect()
        }
        (None, None) => Vec::new(),
    }
}

/// Whether the result for a rule differs: its status, or the verdict of its violation.
fn is_other(
    twin: &Twin,
    means: (Option<FindingVerdict>, Option<FindingVerdict>),
    old: &RuleCases,
    new: &RuleCases,
) -> bool {
    let violated = Some(Status::Violated);
    match (twin.old, twin.new) {
        (Some(_), None) => old.said.status == violated,
        (None, Some(_)) => new.said.status == violated,
        // What is undetermined because facts are missing is not a difference.
        _ if old.is_open || new.is_open => false,
        _ if old.said.status != new.said.status => true,
        _ => old.said.status == violated && means.0 != means.1,
    }
}

/// What one side says of a rule and a document.
struct RuleCases {
    said: Said,
    /// Whether the rule is undetermined because facts are unknown, and not because its conditions
    /// cannot be worked out.
    is_open: bool,
}

fn rule_cases(
    side: &Side<'_>,
    rule: Option<RuleIdx>,
    document: &Json,
    directory: DirectoryIdx,
) -> Option<RuleCases> {
    let program = side.ground.program;
    let mut own = document.clone();
    // A further attribute of the other side is unknown to this one.
    let own = {
        prune(&mut own, program.schema());
        own
    };
    let bytes = serde_json::to_vec(&own).ok()?;
    let facts = match side.at {
        Some(at) => Facts::from_json_at(program.schema(), &bytes, at).ok()?,
        None => Facts::from_json(program.schema(), &bytes).ok()?,
    };
    let mut matcher = Matcher::new();
    let case = Case { facts, directory };
    let resolved = side.ground.resolve(&case);
    matcher.run(program, &resolved);
    let status = rule.and_then(|rule| matcher.status(program, rule));
    let is_open = status == Some(Status::Undetermined) && {
        let row = matcher.classes(program, &resolved);
        let compiled = rule.and_then(|rule| program.compiled(rule));
        !compiled.is_some_and(|rule| rule.error.iter().any(|clause| clause.certain(&row)))
    };
    let verdict: Verdict = matcher.verdict_without_waivers(program);
    Some(RuleCases { said: Said { at: side.at, verdict, status }, is_open })
}

/// Takes out of `x` what a schema does not have.
fn prune(document: &mut Json, schema: &Schema) {
    let Some(Json::Object(own)) = document.get_mut("x") else { return };
    fn keep(object: &mut serde_json::Map<String, Json>, path: &str, schema: &Schema) {
        object.retain(|member, value| {
            let path = format!("{path}.{member}");
            match value {
                Json::Object(inner) => {
                    keep(inner, &path, schema);
                    !inner.is_empty()
                }
                _ => schema.id(&path).is_some(),
            }
        });
    }
    keep(own, "x", schema);
}
