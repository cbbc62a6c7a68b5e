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
/// takes so many steps, and is what `evaluate` finds for elements that stand side by side. Of rows
/// that are not wanted anything may come out. `None`
/// where a list is so long that its row may meet the limit of steps.
pub(super) fn quantified<'a>(
    (kind, steps): (Quantifier, u64),
    lists: &Lists<'_>,
    lacks: Lacks,
    (rows, wanted): (&Range<usize>, &Bits),
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
    let valued = lacks.valued().and(wanted);
    let mut known = Elements::default();
    let within = (STEPS_MAX / (steps + 2)).saturating_sub(1);
    let short = usize::try_from(within).unwrap_or(usize::MAX).min(63);
    let mut done = 0;
    // Where nearly all rows are asked for, they are taken in stretches.
    if valued.count() * 2 > rows.len() as u64 {
        let longest = short.min(Stretch::LONGEST);
        let start = |place: usize| lists.start_of(rows.start + place);
        while done < rows.len() {
            if !known.holds(&(start(done)..start(done + 1))) {
                known = block(start(done))?;
            }
            let end = known.range.end;
            let fitting = (done..rows.len()).take_while(|place| start(place + 1) <= end).count();
            let is_short = |place: usize| start(place + 1) - start(place) <= longest;
            if !known.is_whole || fitting == 0 || !(done..done + fitting).all(is_short) {
                break;
            }
            let stretch = Stretch::new(&known);
            let mut word = 0;
            for place in done..done + fitting {
                let holds = stretch.holds(kind, start(place), start(place + 1));
                word |= u64::from(holds) << (place % 64);
                if place % 64 == 63 || place + 1 == done + fitting {
                    if let Some(into) = held.get_mut(place / 64) {
                        *into |= word;
                    }
                    word = 0;
                }
            }
            done += fitting;
        }
        held = held.and(&valued);
    }
    let left = rows.clone().enumerate().skip(done);
    for (place, row) in left.filter(|(place, _)| valued.has(*place)) {
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

/// Elements whose body has a value for each, as bytes, so that those of a short list are one load.
struct Stretch {
    first: usize,
    bytes: [u8; BLOCK / 8 + 8],
}

impl Stretch {
    /// So many bits are in one load, wherever in a byte they begin.
    const LONGEST: usize = 56;

    fn new(known: &Elements) -> Self {
        let mut bytes = [0; BLOCK / 8 + 8];
        for (into, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(known.truth.iter()) {
            *into = word.to_le_bytes();
        }
        Self { first: known.range.start, bytes }
    }

    /// What a quantifier comes to of the elements of one list, which are among them.
    #[inline(always)]
    fn holds(&self, kind: Quantifier, start: usize, end: usize) -> bool {
        let first = start.wrapping_sub(self.first);
        let eight = self.bytes.get(first / 8..).and_then(<[u8]>::first_chunk::<8>);
        let word = eight.map_or(0, |eight| u64::from_le_bytes(*eight)) >> (first % 8);
        let own = !(u64::MAX << (end.wrapping_sub(start) & 63));
        match kind {
            Quantifier::All => !word & own == 0,
            Quantifier::Exists => word & own != 0,
            Quantifier::ExistsOne => (word & own).is_power_of_two(),
        }
    }
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
