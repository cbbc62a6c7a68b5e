//! Quantifiers over the lists of a block: for how many elements of each row's list the body holds.

use std::ops::Range;

use super::bits::{BLOCK, Bits};
use super::expression::QUANTIFIERS_MAX;
use super::input::Lists;
use super::register::{Lacks, Register, Values};
use crate::cel::Quantifier;
use crate::limits;

/// What the elements of one list may take.
const STEPS_MAX: u64 = limits::EVALUATION_STEPS_MAX / 2 / QUANTIFIERS_MAX as u64;

/// What a quantifier comes to in some rows, of which these have no list. Of each element its body
/// takes so many steps, and is what `evaluate` finds for elements that stand side by side. `None`
/// where a list is so long that its row may meet the limit of steps.
pub(super) fn quantified<'a>(
    (kind, steps): (Quantifier, u64),
    lists: &Lists<'_>,
    lacks: Lacks,
    rows: &Range<usize>,
    evaluate: impl Fn(Range<usize>) -> Option<Register<'a>>,
) -> Option<Register<'a>> {
    // What the body comes to for a block of elements, those of the rows as far as they stand in it.
    let last = lists.of_row(rows.end.saturating_sub(1)).end;
    let block = |first: usize| {
        let range = first..(first + BLOCK).min(last).max(first + 1);
        let Register { values, lacks } = evaluate(range.clone())?;
        let is_whole = Bits::first(range.len()).without(&lacks.valued()).is_none();
        Some(Elements { range, truth: values.truth()?, lacks, is_whole })
    };
    let (mut held, mut unknown, mut error) = (Bits::NONE, lacks.unknown, lacks.error);
    let valued = lacks.valued();
    let mut known = Elements::default();
    let within = (STEPS_MAX / (steps + 2)).saturating_sub(1);
    let short = usize::try_from(within).unwrap_or(usize::MAX).min(63);
    for (place, row) in rows.clone().enumerate().filter(|(place, _)| valued.has(*place)) {
        let elements = lists.of_row(row);
        // Without a branch that depends on what the list holds: lists are short, and where they
        // stand among those known is alike from row to row.
        if known.is_whole && elements.len() <= short && known.holds(&elements) {
            let trues = known.trues_of_few(&elements);
            let holds = match kind {
                Quantifier::All => trues == elements.len() as u32,
                Quantifier::Exists => trues > 0,
                Quantifier::ExistsOne => trues == 1,
            };
            held.put(place, holds);
            continue;
        }
        // LIMIT: with more, an evaluation of the row alone might meet its own.
        if (elements.len() as u64 + 1).saturating_mul(steps + 2) > STEPS_MAX {
            return None;
        }
        if !known.has(&elements) && elements.len() <= BLOCK {
            known = block(elements.start)?;
        }
        if known.is_whole && known.has(&elements) {
            let trues = known.trues(&elements);
            let holds = match kind {
                Quantifier::All => trues == elements.len(),
                Quantifier::Exists => trues > 0,
                Quantifier::ExistsOne => trues == 1,
            };
            if holds {
                held.set(place);
            }
            continue;
        }
        let mut found = [0_usize; 4];
        for element in elements.clone() {
            if !known.range.contains(&element) {
                known = block(element)?;
            }
            found[known.outcome(element)] += 1;
        }
        let [trues, falses, unknowns, errors] = found;
        let is_decided = match kind {
            Quantifier::All => falses > 0,
            Quantifier::Exists => trues > 0,
            Quantifier::ExistsOne => false,
        };
        let holds = match kind {
            Quantifier::All => falses == 0,
            Quantifier::Exists => trues > 0,
            Quantifier::ExistsOne => trues == 1,
        };
        match (is_decided, unknowns, errors) {
            (true, ..) | (_, 0, 0) if holds => held.set(place),
            (true, ..) | (_, 0, 0) => {}
            (_, 0, _) => error.set(place),
            _ => unknown.set(place),
        }
    }
    Some(Register { values: Values::Truth(held), lacks: Lacks { unknown, error } })
}

/// What the body of a quantifier comes to for some elements that stand side by side.
struct Elements {
    range: Range<usize>,
    truth: Bits,
    lacks: Lacks,
    /// Whether it has a value for each.
    is_whole: bool,
}

impl Default for Elements {
    fn default() -> Self {
        Self { range: 0..0, truth: Bits::NONE, lacks: Lacks::NONE, is_whole: true }
    }
}

impl Elements {
    /// Whether these elements are among them.
    fn has(&self, elements: &Range<usize>) -> bool {
        elements.is_empty() || self.range.start <= elements.start && elements.end <= self.range.end
    }

    /// Whether these elements, or the place of none, are among them.
    #[inline]
    fn holds(&self, elements: &Range<usize>) -> bool {
        (self.range.start <= elements.start) & (elements.end <= self.range.end)
    }

    /// Of how many of these elements it is true, which are among them and fewer than 64.
    #[inline]
    fn trues_of_few(&self, elements: &Range<usize>) -> u32 {
        debug_assert!(self.holds(elements) && elements.len() < 64, "few that are known");
        let first = elements.start - self.range.start;
        let word = |place: usize| self.truth.get(place).copied().unwrap_or_default();
        let both = u128::from(word(first / 64 + 1)) << 64 | u128::from(word(first / 64));
        let own = (both >> (first % 64)) as u64 & ((1 << elements.len()) - 1);
        own.count_ones()
    }

    /// Of how many of these elements it is true.
    fn trues(&self, elements: &Range<usize>) -> usize {
        if elements.is_empty() {
            return 0;
        }
        let first = elements.start - self.range.start;
        let (mut at, end) = (first, elements.end - self.range.start);
        let mut count = 0;
        for word in self.truth.iter().skip(at / 64) {
            let last = (end - at / 64 * 64).min(64);
            let bits = word >> (at % 64) << (at % 64) & (u64::MAX >> (64 - last));
            count += bits.count_ones() as usize;
            at = (at / 64 + 1) * 64;
            if at >= end {
                break;
            }
        }
        count
    }

    /// 0 for true, 1 for false, 2 for unknown, 3 for an error.
    fn outcome(&self, element: usize) -> usize {
        let place = element - self.range.start;
        match (self.lacks.unknown.has(place), self.lacks.error.has(place)) {
            (true, _) => 2,
            (_, true) => 3,
            _ => usize::from(!self.truth.has(place)),
        }
    }
}
