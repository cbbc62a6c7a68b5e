//! Which single change meets one finding?
//!
//! A list of findings wants a line of advice each. Every value of every lever is tried by itself;
//! what is told of a violated rule is a change after which that rule is met, whatever else stands
//! against sending. Of several: to send later, where that is all that is needed; one that the told
//! fixes hold too, in their order, so that what single lines advise adds up; then the least effort;
//! then by path.

use std::collections::{BTreeMap, BTreeSet};

use super::deed::{Deed, done};
use super::explanation::{Change, Fix};
use super::fixes::{change, reads};
use super::levers::{Lever, shown_as_tried, shown_together};
use super::trial::Trials;
use crate::decide::Decision;
use crate::facts::Facts;
use crate::limits;
use crate::matching::order::Subject;
use crate::schema::{AttributeId, Scope};
use crate::verdict::{Status, Verdict};

/// For each finding of the decision the change that meets it; none of what is no violation that
/// counts, and where no single change does.
pub(super) fn of(
    trials: &mut Trials<'_>,
    facts: &Facts,
    decision: &Decision,
    levers: &[Lever],
    fixes: &[Fix],
) -> Vec<Option<Change>> {
    let judged = trials.judge(facts);
    let before = subjects(trials, &judged);
    let mut search = Search { facts, levers, before, after: BTreeMap::new() };
    let mut found = Vec::with_capacity(decision.findings().len());
    for finding in decision.findings() {
        let is_bad =
            finding.status == Status::Violated && finding.verdict.effect() > Verdict::Allow;
        let subject = search.before.iter().copied().find(|subject| {
            is_bad && subject.names(trials.ground.program) == Some((&*finding.pack, &*finding.rule))
        });
        found.push(subject.and_then(|subject| search.change(trials, subject, fixes)));
    }
    found
}

struct Search<'f> {
    facts: &'f Facts,
    levers: &'f [Lever],
    /// What stands against sending as it is.
    before: Vec<Subject>,
    /// For each value that was tried by itself, what stands against sending then.
    after: BTreeMap<(usize, usize), Vec<Subject>>,
}

impl Search<'_> {
    fn change(
        &mut self,
        trials: &mut Trials<'_>,
        subject: Subject,
        fixes: &[Fix],
    ) -> Option<Change> {
        let (read, scope) = reads(trials, subject);
        let mut order: Vec<usize> = (0..self.levers.len()).collect();
        order.sort_by_key(|place| self.levers.get(*place).map(|lever| rank(lever, fixes)));
        order.into_iter().find_map(|place| self.by_lever(trials, place, subject, &read, scope))
    }

    /// What of one lever meets the finding.
    fn by_lever(
        &mut self,
        trials: &mut Trials<'_>,
        place: usize,
        subject: Subject,
        read: &BTreeSet<AttributeId>,
        scope: Scope,
    ) -> Option<Change> {
        let levers = self.levers;
        let lever = levers.get(place)?;
        if !lever.concerns(read, scope) {
            return None;
        }
        let mut works = Vec::new();
        // Of those, the values that bring about no other finding.
        let mut clean = Vec::new();
        for value in 0..lever.values.len() {
            let Some(after) = self.after(trials, place, value) else { break };
            if after.contains(&subject) {
                continue;
            }
            works.push(value);
            if after.iter().all(|found| self.before.contains(found)) {
                clean.push(value);
            }
        }
        let values = if clean.is_empty() { works } else { clean };
        let first = *values.first()?;
        // A lever of time has one value, the first instant that helps.
        let together = if lever.is_time() { None } else { shown_together(lever, &values) };
        let whole = together.filter(|_| {
            values.iter().all(|value| {
                let end = lever.values.get(*value).and_then(|value| value.other_end.as_deref());
                end.is_none_or(|end| !self.stands(trials, end, subject))
            })
        });
        let to = whole.or_else(|| shown_as_tried(lever, first))?;
        Some(change(lever, to))
    }

    /// What stands against sending with one value; none where no more is tried.
    fn after(
        &mut self,
        trials: &mut Trials<'_>,
        lever: usize,
        value: usize,
    ) -> Option<Vec<Subject>> {
        if !self.after.contains_key(&(lever, value)) {
            if self.after.len() == limits::FIX_TRIALS_MAX {
                return None;
            }
            let deeds = &self.levers.get(lever)?.values.get(value)?.deeds;
            let judged = trials.judge(&done(self.facts, deeds.iter()));
            let found = subjects(trials, &judged);
            self.after.insert((lever, value), found);
        }
        self.after.get(&(lever, value)).cloned()
    }

    /// Whether a finding is still there when something is done.
    fn stands(&self, trials: &mut Trials<'_>, deeds: &[Deed], subject: Subject) -> bool {
        let judged = trials.judge(&done(self.facts, deeds.iter()));
        subjects(trials, &judged).contains(&subject)
    }
}

fn subjects(trials: &Trials<'_>, judged: &super::trial::Judged) -> Vec<Subject> {
    trials.bad(judged).map(|rank| rank.subject).collect()
}

/// Whether it is to send later and that is all, the place of the first fix that has it, then how
/// much it asks for, then its path.
fn rank<'l>(lever: &'l Lever, fixes: &[Fix]) -> impl Ord + use<'l> {
    let has = |fix: &Fix| fix.changes.iter().any(|own| own.path == lever.path);
    let is_all = lever.is_time()
        && fixes
            .iter()
            .any(|fix| fix.leads_to == Verdict::Allow && fix.changes.len() == 1 && has(fix));
    let place = fixes.iter().position(has);
    (!is_all, place.unwrap_or(usize::MAX), lever.row.effort, &*lever.path)
}
