//! All clauses into one bitset for each class of each dimension.

use std::collections::BTreeMap;

use super::CompileError;
use crate::limits;
use crate::program::CompiledRule;
use crate::program::classes::ClassIdx;
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::{Dimension, Subject};
use crate::program::table::{ALL, BLOCK, Column, Outcome, Overflow, Table};
use crate::schema::{CODE_ABSENT, CODE_UNKNOWN, Code, Schema, Scope};
use crate::value::Fact;

/// Lays out the clauses and fills the rows.
pub(super) fn table(rules: &[CompiledRule], dimensions: &[Dimension], schema: &Schema) -> Result<Table, CompileError> {
    let rule_words = rules.len().div_ceil(64);
    let (bits, overflow) = layout(rules, rule_words);
    let words = (rule_words * 2 + overflow.len().div_ceil(64)).max(1).next_multiple_of(BLOCK);

    let mut every = vec![0; words];
    let mut campaign = vec![0; words];
    for bit in &bits {
        set(&mut every, bit.at);
        if bit.scope == Scope::Campaign {
            set(&mut campaign, bit.at);
        }
    }

    let mut rows = Rows::new(words);
    let mut row_of = Vec::with_capacity(dimensions.len());
    let mut constrained_bits: Vec<Vec<(usize, &Clause)>> = vec![Vec::new(); dimensions.len()];
    for bit in &bits {
        for (dimension, _) in &bit.clause.constraints {
            if let Some(known) = constrained_bits.get_mut(dimension.index()) {
                known.push((bit.at, bit.clause));
            }
        }
    }
    let mut constrained = Vec::new();
    let mut weights: Vec<(u64, DimensionIdx)> = Vec::new();
    for (number, (dimension, bits)) in dimensions.iter().zip(&constrained_bits).enumerate() {
        let place = DimensionIdx(number as u16);
        let mut of_class = vec![ALL];
        let mut cleared = 0_u64;
        for class in 1..=dimension.count {
            let mut row = every.clone();
            for (at, clause) in bits {
                if clause.on(place).is_some_and(|set| !set.contains(class as ClassIdx)) {
                    clear(&mut row, *at);
                    cleared += 1;
                }
            }
            of_class.push(rows.number(row)?);
        }
        row_of.push(of_class.into_boxed_slice());
        match dimension.subject {
            // The mean a class is rounded down, so whether there is anything to rule out is asked of the sum.
            Subject::Attribute(_) if cleared > 0 => weights.push((cleared / dimension.count.max(1) as u64, place)),
            Subject::Attribute(_) => {}
            Subject::Predicate(_) => {
                let mut row = vec![0; words];
                bits.iter().for_each(|(at, _)| set(&mut row, *at));
                constrained.push((place, rows.number(row)?));
            }
        }
    }
    // Those that rule out most first, so that blocks die early; ties in dimension order.
    weights.sort_by(|(a, first), (b, second)| b.cmp(a).then(first.cmp(second)));
    let (columns, row_of_code) = columns(weights.into_iter().map(|(_, place)| place), dimensions, &row_of, schema);
    let (predicates, constrained) = constrained.into_iter().unzip();
    Ok(Table {
        rule_words,
        words,
        rows: rows.words.into(),
        row_of,
        columns,
        row_of_code: row_of_code.into(),
        predicates,
        constrained,
        every: every.into(),
        campaign: campaign.into(),
        overflow,
    })
}

/// The columns in their order, and for those whose values have codes, the row of each code.
fn columns(
    order: impl Iterator<Item = DimensionIdx>,
    dimensions: &[Dimension],
    row_of: &[Box<[u32]>],
    schema: &Schema,
) -> (Vec<Column>, Vec<u32>) {
    let mut columns = Vec::new();
    let mut row_of_code = Vec::new();
    for place in order {
        let Some(dimension) = dimensions.get(place.index()) else { continue };
        let (Subject::Attribute(id), Some(rows)) = (dimension.subject, row_of.get(place.index())) else { continue };
        let attribute = schema.attribute(id);
        let coded = attribute.codes().map(|codes| {
            let first = row_of_code.len() as u32;
            row_of_code.extend((0..codes as Code).map(|code| {
                let fact = match code {
                    CODE_UNKNOWN => Fact::Unknown,
                    CODE_ABSENT => Fact::Absent,
                    code => attribute.value_of_code(code).map_or(Fact::Unknown, Fact::Value),
                };
                rows.get(usize::from(dimension.class(&fact))).copied().unwrap_or(ALL)
            }));
            first
        });
        columns.push(Column { attribute: id, dimension: place, coded });
    }
    (columns, row_of_code)
}

/// A clause and its place in every row.
struct Bit<'c> {
    at: usize,
    clause: &'c Clause,
    scope: Scope,
}

/// Gives each clause of *violated*, *satisfied* and *error* its bit. Those of *not applicable* have none: they are asked for only where a
/// violation is possible and some fact is unknown, which is rare, and without them most blocks of a large program die early.
fn layout(rules: &[CompiledRule], rule_words: usize) -> (Vec<Bit<'_>>, Vec<Overflow>) {
    let mut bits = Vec::new();
    let mut overflow = Vec::new();
    let beyond = rule_words * 2 * 64;
    for (number, rule) in rules.iter().enumerate() {
        let regions = [(Outcome::Violated, &rule.violated, 0), (Outcome::Satisfied, &rule.satisfied, rule_words * 64)];
        for (outcome, clauses, region) in regions {
            for (order, clause) in clauses.iter().enumerate() {
                let at = if order == 0 {
                    region + number
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

fn set(row: &mut [u64], at: usize) {
    if let Some(word) = row.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

fn clear(row: &mut [u64], at: usize) {
    if let Some(word) = row.get_mut(at / 64) {
        *word &= !(1 << (at % 64));
    }
}

/// Rows, equal ones once.
struct Rows {
    words: Vec<u64>,
    width: usize,
    known: BTreeMap<Vec<u64>, u32>,
}

impl Rows {
    fn new(width: usize) -> Self {
        Self { words: vec![u64::MAX; width], width, known: BTreeMap::new() }
    }

    fn number(&mut self, row: Vec<u64>) -> Result<u32, CompileError> {
        if let Some(number) = self.known.get(&row) {
            return Ok(*number);
        }
        let bytes = (self.words.len() + row.len()) * size_of::<u64>();
        if bytes > limits::TABLE_BYTES_MAX {
            return Err(CompileError::TableTooLarge { bytes });
        }
        let number = (self.words.len() / self.width) as u32;
        self.words.extend_from_slice(&row);
        self.known.insert(row, number);
        Ok(number)
    }
}
