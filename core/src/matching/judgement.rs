//! The verdict on a case and the rules behind it, without a text.

use super::case::Case;
use super::matcher::Matcher;
use super::order::{Order, Rank};
use super::remaining::{Remaining, Room};
use super::waived;
use crate::program::Program;
use crate::resolve::OfRecipient;
use crate::verdict::Verdict;

/// Judges cases one after the other, with room that it uses again.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    matcher: Matcher,
    /// The numbers of what was found, in order.
    found: Vec<u32>,
    room: Room,
}

impl Judgement {
    /// Judges a case; what was found of another is forgotten.
    pub fn fill<C: Case + ?Sized>(&mut self, program: &Program, order: &Order, case: &C) {
        let Self { matcher, found, room: _ } = self;
        matcher.run(program, case);
        found.clear();
        let numbers = matcher.findings(program);
        found.extend(numbers.filter_map(|(rule, status)| {
            order.number(rule, status, waived::waived(program, case, rule, status))
        }));
        found.extend(matcher.is_ruleless().then_some(order.ruleless()));
        found.sort_unstable();
    }

    /// As [`Self::fill`], of a recipient of a campaign of which it is known what remains to be
    /// asked.
    pub(crate) fn fill_remaining(
        &mut self,
        program: &Program,
        order: &Order,
        remaining: &Remaining,
        case: &OfRecipient<'_>,
    ) {
        let Self { matcher: _, found, room } = self;
        remaining.find(program, order, (case, case.moved()), room, found);
    }

    /// Forgets what was found.
    pub fn clear(&mut self) {
        self.found.clear();
    }

    /// The verdict: that of the worst finding, which stands first; allow where there is none.
    pub fn verdict(&self, order: &Order) -> Verdict {
        self.findings(order).next().map_or(Verdict::Allow, |worst| worst.verdict.effect())
    }

    /// The numbers of what was found, in the order of findings.
    pub(crate) fn numbers(&self) -> &[u32] {
        &self.found
    }

    /// What was found, in the order of findings.
    pub fn findings(&self, order: &Order) -> impl Iterator<Item = Rank> {
        self.found.iter().filter_map(|number| order.rank(*number))
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The finding of that place, from 0.
    pub fn finding(&self, order: &Order, place: usize) -> Option<Rank> {
        order.rank(*self.found.get(place)?)
    }
}
