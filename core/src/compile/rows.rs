//! All clauses into one bitset for each class of each dimension.

use std::collections::BTreeMap;

use super::error::CompileError;
use crate::limits;
use crate::program::CompiledRule;
use crate::program::classes::{ClassIdx, ClassSet, UNKNOWN};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::{Dimension, Predicate, PredicateForm, Subject};
use crate::program::table::{ALL, BLOCK, Column, Lookup, Outcome, Overflow, Table};
use crate::schema::{Attribute, CODE_ABSENT, CODE_FIRST, CODE_UNKNOWN, Code, Schema, Scope};
use crate::value::Fact;

/// Lays out the clauses and fills the rows.
pub(super) fn table(
    rules: &[CompiledRule],
    dimensions: &[Dimension],
    predicates: &[Predicate],
    schema: &Schema,
) -> Result<Table, CompileError> {
    let by_weight = by_weight(rules, dimensions);
    let rule_words = rules.len().div_ceil(64);
    let overflowing = rules.iter().map(overflowing).sum::<usize>();
    let words = (rule_words * 2 + overflowing.div_ceil(64)).max(1).next_multiple_of(BLOCK);
    let order = if words > BLOCK { clustered(rules, &by_weight) } else { Vec::new() };
    let (bits, overflow) = layout(rules, &order, rule_words);

    let mut every = vec![0; words];
    let mut campaign = vec![0; words];
    for bit in &bits {
        set(&mut every, bit.at);
        if bit.scope == Scope::Campaign {
            set(&mut campaign, bit.at);
        }
    }

    let mut rows = Rows::new(words);
    let every = Row::of(every);
    let mut row_of = Vec::with_capacity(dimensions.len());
    let mut constrained_bits: Vec<Vec<(usize, &ClassSet)>> = vec![Vec::new(); dimensions.len()];
    for bit in &bits {
        for (dimension, set) in &bit.clause.constraints {
            if let Some(known) = constrained_bits.get_mut(dimension.index()) {
                known.push((bit.at, set));
            }
        }
    }
    let mut constrained = Vec::new();
    for (number, (dimension, bits)) in dimensions.iter().zip(&constrained_bits).enumerate() {
        row_of.push(rows_of(dimension.count, bits, &every, &mut rows)?);
        if let Subject::Predicate(index) = dimension.subject
            && is_tree(predicates, index)
        {
            let mut row = Row::of(vec![0; words]);
            bits.iter().for_each(|(at, _)| row.turn(*at));
            constrained.push((DimensionIdx(number as u16), rows.number(&row)?));
        }
    }
    let codes = Codes::of(dimensions, &row_of, schema);
    let columns = by_weight.iter().filter_map(|place| {
        let lookup = match (
            dimensions.get(place.index())?.subject,
            codes.first.get(place.index()).copied().flatten(),
        ) {
            (Subject::Attribute(attribute), Some(first)) => Lookup::Code { attribute, first },
            (Subject::Attribute(attribute), None) => Lookup::Value { attribute },
            (Subject::Predicate(index), _) if is_tree(predicates, index) => return None,
            (Subject::Predicate(index), _) => Lookup::Predicate { index },
        };
        Some(Column { dimension: *place, lookup })
    });
    let columns = columns.collect();
    let (predicates, constrained) = constrained.into_iter().unzip();
    let summary_words = if words > BLOCK { (words / BLOCK).div_ceil(64) } else { 0 };
    Ok(Table {
        rule_words,
        words,
        summaries: summaries(&rows.words, words, summary_words).into(),
        summary_words,
        rows: rows.words.into(),
        order: order.into(),
        row_of,
        columns,
        class_of_code: codes.classes.into(),
        row_of_code: codes.rows.into(),
        coded: codes.first.into(),
        predicates,
        constrained,
        every: every.words.into(),
        campaign: campaign.into(),
        overflow,
    })
}

/// The row of each class of one dimension, *unknown* first. From class to class few bits turn:
/// those whose run of classes begins or has ended.
fn rows_of(
    classes: usize,
    bits: &[(usize, &ClassSet)],
    every: &Row,
    rows: &mut Rows,
) -> Result<Box<[u32]>, CompileError> {
    let mut turns: Vec<Vec<usize>> = vec![Vec::new(); classes + 1];
    let mut row = every.clone();
    for (at, set) in bits {
        row.clear(*at);
        for (first, last) in set.runs() {
            for class in [usize::from(first), usize::from(last) + 1] {
                if let Some(turning) = turns.get_mut(class) {
                    turning.push(*at);
                }
            }
        }
    }
    let mut of_class = vec![ALL];
    for turning in turns.iter().skip(1) {
        turning.iter().for_each(|at| row.turn(*at));
        of_class.push(rows.number(&row)?);
    }
    Ok(of_class.into())
}

/// Whether a predicate takes a walk over its tree.
fn is_tree(predicates: &[Predicate], index: usize) -> bool {
    predicates.get(index).is_none_or(|predicate| predicate.form == PredicateForm::Tree)
}

/// The dimensions that rule out something, those that rule out most first, so that blocks die
/// early; ties in dimension order.
fn by_weight(rules: &[CompiledRule], dimensions: &[Dimension]) -> Vec<DimensionIdx> {
    let mut cleared = vec![0_u64; dimensions.len()];
    for clause in
        rules.iter().flat_map(|rule| rule.violated.iter().chain(&rule.satisfied).chain(&rule.error))
    {
        for (place, set) in &clause.constraints {
            let classes = dimensions.get(place.index()).map_or(0, |dimension| dimension.count);
            if let Some(sum) = cleared.get_mut(place.index()) {
                *sum += classes.saturating_sub(set.len()) as u64;
            }
        }
    }
    // The mean a class is rounded down, so whether there is anything to rule out is asked of the
    // sum.
    let weighed = cleared.iter().zip(dimensions).enumerate().filter(|(_, (sum, _))| **sum > 0);
    let mut weighed: Vec<(u64, DimensionIdx)> = weighed
        .map(|(number, (sum, dimension))| {
            (*sum / dimension.count.max(1) as u64, DimensionIdx(number as u16))
        })
        .collect();
    weighed.sort_by(|(a, first), (b, second)| b.cmp(a).then(first.cmp(second)));
    weighed.into_iter().map(|(_, place)| place).collect()
}

/// The rules in an order in which those that ask for the same classes of the heaviest dimensions
/// stand together.
fn clustered(rules: &[CompiledRule], by_weight: &[DimensionIdx]) -> Vec<u32> {
    // Four dimensions tell thousands of rules apart; those that ask nothing of one stand before
    // those that do.
    const DIMENSIONS: usize = 4;
    let mut order: Vec<u32> = (0..rules.len() as u32).collect();
    order.sort_by_cached_key(|rule| {
        let clause = rules.get(*rule as usize).and_then(|rule| rule.violated.first());
        let least = |place: &DimensionIdx| {
            clause.and_then(|clause| clause.on(*place)?.iter().next()).unwrap_or(UNKNOWN)
        };
        let mut key = [UNKNOWN; DIMENSIONS];
        key.iter_mut().zip(by_weight).for_each(|(key, place)| *key = least(place));
        key
    });
    order
}

/// For each row, a bit a block that has any bit.
fn summaries(rows: &[u64], words: usize, summary_words: usize) -> Vec<u64> {
    let mut summaries = Vec::new();
    if summary_words == 0 {
        return summaries;
    }
    for row in rows.chunks_exact(words) {
        let mut summary = vec![0; summary_words];
        let blocks = row.as_chunks::<BLOCK>().0.iter().enumerate();
        blocks
            .filter(|(_, block)| block.iter().any(|word| *word != 0))
            .for_each(|(number, _)| set(&mut summary, number));
        summaries.extend(summary);
    }
    summaries
}

/// Classes and rows by code, one dimension after the other.
#[derive(Default)]
struct Codes {
    first: Vec<Option<u32>>,
    classes: Vec<ClassIdx>,
    rows: Vec<u32>,
}

impl Codes {
    fn of(dimensions: &[Dimension], row_of: &[Box<[u32]>], schema: &Schema) -> Self {
        let mut codes = Self::default();
        for (dimension, rows) in dimensions.iter().zip(row_of) {
            let classes = match dimension.subject {
                Subject::Attribute(id) => classes_of_codes(dimension, schema.attribute(id)),
                Subject::Predicate(_) => None,
            };
            codes.first.push(classes.as_ref().map(|_| codes.classes.len() as u32));
            for class in classes.into_iter().flatten() {
                codes.classes.push(class);
                codes.rows.push(rows.get(usize::from(class)).copied().unwrap_or(ALL));
            }
        }
        codes
    }
}

/// The class of each code of an attribute: where each value has a code of its own, or rules tell no
/// value from another.
fn classes_of_codes(dimension: &Dimension, attribute: &Attribute) -> Option<Vec<ClassIdx>> {
    let codes = match attribute.codes() {
        Some(codes) => codes,
        None if dimension.classes.len() == 1 => usize::from(CODE_FIRST) + 1,
        None => return None,
    };
    let class = |code: Code| match code {
        CODE_UNKNOWN => UNKNOWN,
        CODE_ABSENT => dimension.class(&Fact::Absent),
        // The only class of values is the first.
        _ if dimension.classes.len() == 1 => 1,
        code => attribute
            .value_of_code(code)
            .map_or(UNKNOWN, |value| dimension.class(&Fact::Value(value))),
    };
    Some((0..codes as Code).map(class).collect())
}

/// A clause and its place in every row.
struct Bit<'c> {
    at: usize,
    clause: &'c Clause,
    scope: Scope,
}

/// Gives each clause of *violated*, *satisfied* and *error* its bit. Those of *not applicable* have
/// none: they are asked for only where a violation is possible and some fact is unknown, which is
/// rare, and without them most blocks of a large program die early.
fn layout<'c>(
    rules: &'c [CompiledRule],
    order: &[u32],
    rule_words: usize,
) -> (Vec<Bit<'c>>, Vec<Overflow>) {
    let mut bits = Vec::new();
    let mut overflow = Vec::new();
    let beyond = rule_words * 2 * 64;
    for position in 0..rules.len() {
        let number = order.get(position).map_or(position, |rule| *rule as usize);
        let Some(rule) = rules.get(number) else { continue };
        let regions = [
            (Outcome::Violated, &rule.violated, 0),
            (Outcome::Satisfied, &rule.satisfied, rule_words * 64),
        ];
        for (outcome, clauses, region) in regions {
            for (order, clause) in clauses.iter().enumerate() {
                let at = if order == 0 {
                    region + position
                } else {
                    overflow.push(Overflow { rule: number as u32, outcome });
                    beyond + overflow.len() - 1
                };
                bits.push(Bit { at, clause, scope: rule.scope });
            }
        }
        for clause in &rule.error {
            overflow.push(Overflow { rule: number as u32, outcome: Outcome::Error });
            bits.push(Bit { at: beyond + overflow.len() - 1, clause, scope: rule.scope });
        }
    }
    (bits, overflow)
}

/// How many clauses of a rule stand in the overflow region.
fn overflowing(rule: &CompiledRule) -> usize {
    rule.violated.len().saturating_sub(1)
        + rule.satisfied.len().saturating_sub(1)
        + rule.error.len()
}

fn set(row: &mut [u64], at: usize) {
    if let Some(word) = row.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

/// A row with a number that follows its bits as they turn, so that a row is looked up without
/// being read: one number of chance a bit, all of a row's bits put together by exclusive or (A. L.
/// Zobrist, *A new hashing method with application for game playing*, 1970).
#[derive(Clone)]
struct Row {
    words: Vec<u64>,
    hash: u64,
}

impl Row {
    fn of(words: Vec<u64>) -> Self {
        let mut hash = 0;
        for (number, word) in words.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                hash ^= of_bit(number * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
        Self { words, hash }
    }

    fn turn(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / 64) {
            *word ^= 1 << (at % 64);
            self.hash ^= of_bit(at);
        }
    }

    fn clear(&mut self, at: usize) {
        if self.words.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1) {
            self.turn(at);
        }
    }
}

/// The number of chance of a bit, the same on every machine.
fn of_bit(at: usize) -> u64 {
    let mut bits = (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Rows, equal ones once.
struct Rows {
    words: Vec<u64>,
    width: usize,
    /// Rows by their numbers of chance; of two rows that share one, the later stands at the next
    /// that is free.
    known: BTreeMap<u64, u32>,
}

impl Rows {
    fn new(width: usize) -> Self {
        Self { words: vec![u64::MAX; width], width, known: BTreeMap::new() }
    }

    fn number(&mut self, row: &Row) -> Result<u32, CompileError> {
        let mut place = row.hash;
        while let Some(number) = self.known.get(&place) {
            let start = *number as usize * self.width;
            if self.words.get(start..start + self.width) == Some(row.words.as_slice()) {
                return Ok(*number);
            }
            place = place.wrapping_add(1);
        }
        let row = &row.words;
        let bytes = (self.words.len() + row.len()) * size_of::<u64>();
        if bytes > limits::TABLE_BYTES_MAX {
            return Err(CompileError::TableTooLarge { bytes });
        }
        let number = (self.words.len() / self.width) as u32;
        self.words.extend_from_slice(row);
        self.known.insert(place, number);
        Ok(number)
    }
}
