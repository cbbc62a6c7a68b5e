//! Which single change meets one finding?
//!
//! A list of findings wants a line of advice each. Every value of every lever is tried by itself;
//! a violated rule is shown with a change after which that rule is satisfied, whatever else stands
//! against sending. Of several: to send later, where that is all that is needed; one that the
//! reported fixes hold too, in their order, so that what single lines advise adds up; then the
//! least effort; then by path. A change that brings about something else that stands against
//! sending is none.

use std::collections::{BTreeMap, BTreeSet};

use super::changed::Alternatives;
use super::deed::{Deed, done};
use super::explanation::{Change, Fix, To};
use super::fixes::{change, reads};
use super::levers::Lever;
use super::proposed::{shown_as_tried, shown_together};
use super::trial::{Judged, Trials};
use crate::decide::Decision;
use crate::limits;
use crate::matching::order::{Rank, Subject};
use crate::schema::{AttributeId, Scope};
use crate::verdict::{Status, Verdict};

/// For each finding of the decision the change that meets it; none of what is no violation that
/// counts, and where no single change does.
pub(super) fn of(
    trials: &mut Trials<'_>,
    alternatives: &mut Alternatives<'_>,
    decision: &Decision,
    fixes: &[Fix],
) -> Vec<Option<Change>> {
    let judged = alternatives.judge(trials, &Vec::new());
    let before = standing(trials, &judged);
    let levers = alternatives.levers;
    let mut order: Vec<usize> = (0..levers.len()).collect();
    order.sort_by_key(|place| levers.get(*place).map(|lever| rank(lever, fixes)));
    let mut search = Search { alternatives, levers, order, before, after: BTreeMap::new() };
    let mut found = Vec::with_capacity(decision.findings().len());
    for finding in decision.findings() {
        let is_bad =
            finding.status == Status::Violated && finding.verdict.effect() > Verdict::Allow;
        let subjects = search.before.iter().map(|rank| rank.subject);
        let subject = subjects.into_iter().find(|subject| {
            is_bad && subject.names(trials.ground.program) == Some((&*finding.pack, &*finding.rule))
        });
        found.push(subject.and_then(|subject| search.change(trials, subject)));
    }
    found
}

struct Search<'s, 'f> {
    alternatives: &'s mut Alternatives<'f>,
    levers: &'f [Lever],
    /// The levers, those to be tried first first.
    order: Vec<usize>,
    /// What stands against sending as it is.
    before: Vec<Rank>,
    /// For each value that was tried by itself, what stands against sending then.
    after: BTreeMap<(usize, usize), Vec<Rank>>,
}

impl Search<'_, '_> {
    fn change(&mut self, trials: &mut Trials<'_>, subject: Subject) -> Option<Change> {
        let (read, scope) = reads(trials, subject);
        let order = self.order.clone();
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
        let mut values = Vec::new();
        for value in 0..lever.values.len() {
            if !self.try_alone(trials, place, value) {
                break;
            }
            let after = self.after.get(&(place, value));
            if after.is_some_and(|after| self.meets(subject, after)) {
                values.push(value);
            }
        }
        let first = *values.first()?;
        // A lever of time has one value, the first instant that helps.
        let together = if lever.is_time() { None } else { shown_together(&lever.values, &values) };
        // One line has room for one way; the fixes have the others.
        let together = together.filter(|to| !matches!(to, To::OneOfMembers(_)));
        let whole = together.filter(|_| {
            values.iter().all(|value| {
                let end = lever.values.get(*value).and_then(|value| value.other_end.as_deref());
                end.is_none_or(|end| self.meets_done(trials, end, subject))
            })
        });
        let to = whole.or_else(|| shown_as_tried(&lever.values, first))?;
        Some(change(lever, to))
    }

    /// Whether with one value it is known what stands against sending; not where no more is tried.
    fn try_alone(&mut self, trials: &mut Trials<'_>, lever: usize, value: usize) -> bool {
        if !self.after.contains_key(&(lever, value)) {
            if self.after.len() == limits::FIX_TRIALS_MAX {
                return false;
            }
            let judged = self.alternatives.judge(trials, &vec![(lever, value)]);
            self.after.insert((lever, value), standing(trials, &judged));
        }
        true
    }

    /// Whether a finding is met when something is done.
    fn meets_done(&self, trials: &mut Trials<'_>, deeds: &[Deed], subject: Subject) -> bool {
        let judged = trials.judge(&done(self.alternatives.facts, deeds.iter()));
        self.meets(subject, &standing(trials, &judged))
    }

    /// Whether a finding is met, and nothing stands against sending that did not before, or stood
    /// less against it.
    fn meets(&self, subject: Subject, after: &[Rank]) -> bool {
        let stood = |found: &Rank| {
            let before = self.before.iter().find(|before| before.subject == found.subject);
            before.is_some_and(|before| {
                found.verdict <= before.verdict
                    && (found.status == before.status || before.status == Status::Violated)
            })
        };
        after.iter().all(|found| found.subject != subject && stood(found))
    }
}

fn standing(trials: &Trials<'_>, judged: &Judged) -> Vec<Rank> {
    trials.bad(judged).collect()
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
