//! Which rules may be violated wherever another is?
//!
//! The clauses of a rule's outcomes share no case and leave none out. So a rule that is violated
//! wherever another is has a clause of *violated* around each case of the other's, and one case
//! tells apart most of those that cannot. For each rule such a case is picked, and the program's
//! table says, by a bit a rule, what it violates. A rule of one clause that asks for something of
//! which the other rule says nothing is violated in fewer cases than that, whatever it asks.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::program::classes::ClassIdx;
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::excluded::Excluded;
use crate::program::table::Outcome;
use crate::program::{Program, RuleIdx};

/// The rules of a program, by what violates them.
pub(super) struct Beside<'p> {
    program: &'p Program,
    excluded: &'p Excluded,
    /// The dimensions of which some things cannot occur together.
    entangled: BTreeSet<DimensionIdx>,
    /// Rules of one clause of *violated*: the dimension of its constraints, but for those above,
    /// that the fewest clauses have.
    by_rarest: BTreeMap<DimensionIdx, Positions>,
    /// The other rules: of several clauses, or of none that could tell.
    others: Vec<u64>,
    /// The clauses of *violated* beyond each rule's first.
    beyond: Vec<u64>,
    /// How many rules are left by a row of the table, as far as somebody asked.
    left_by: RefCell<BTreeMap<u32, u32>>,
}

/// Positions of rules in a row of the table.
enum Positions {
    Few(Vec<usize>),
    /// A bit each, where they would take less.
    Many(Vec<u64>),
}

/// A dimension and a class of it.
type Assigned = (DimensionIdx, ClassIdx);

impl<'p> Beside<'p> {
    pub(super) fn of(program: &'p Program, excluded: &'p Excluded) -> Self {
        let mut asked = vec![0_u32; program.dimensions().len()];
        let violated = || {
            (0..program.len() as u32)
                .map(RuleIdx)
                .filter_map(|rule| Some((rule, &program.compiled(rule)?.violated)))
        };
        for clause in violated().flat_map(|(_, clauses)| clauses) {
            for (place, _) in &clause.constraints {
                if let Some(count) = asked.get_mut(place.index()) {
                    *count += 1;
                }
            }
        }
        let boxes = excluded.boxes().iter().flat_map(|excluded| &excluded.constraints);
        let entangled: BTreeSet<DimensionIdx> = boxes.map(|(place, _)| *place).collect();
        let table = program.table();
        let words = table.rule_words;
        let mut beside = Self {
            program,
            excluded,
            entangled,
            by_rarest: BTreeMap::new(),
            others: vec![0; words],
            beyond: vec![0; table.overflow.len().div_ceil(64)],
            left_by: RefCell::default(),
        };
        for (bit, overflow) in table.overflow.iter().enumerate() {
            if overflow.outcome == Outcome::Violated {
                set(&mut beside.beyond, bit);
            }
        }
        let mut by_rarest: BTreeMap<DimensionIdx, Vec<usize>> = BTreeMap::new();
        let positions = beside.positions();
        for (rule, clauses) in violated() {
            let Some(position) = positions.get(rule.0 as usize).copied() else { continue };
            let rarest = match clauses.as_slice() {
                [clause] => {
                    let places = clause.constraints.iter().map(|(place, _)| *place);
                    places
                        .filter(|place| !beside.entangled.contains(place))
                        .min_by_key(|place| asked.get(place.index()).copied())
                }
                _ => None,
            };
            match rarest {
                Some(place) => by_rarest.entry(place).or_default().push(position),
                None => set(&mut beside.others, position),
            }
        }
        let shortened = |positions: Vec<usize>| match positions.len() > words {
            false => Positions::Few(positions),
            true => {
                let mut bits = vec![0; words];
                positions.into_iter().for_each(|position| set(&mut bits, position));
                Positions::Many(bits)
            }
        };
        beside.by_rarest =
            by_rarest.into_iter().map(|(place, found)| (place, shortened(found))).collect();
        beside
    }

    /// The position of each rule.
    fn positions(&self) -> Vec<usize> {
        let order = &self.program.table().order;
        let mut positions: Vec<usize> = (0..self.program.len()).collect();
        for (position, rule) in order.iter().enumerate() {
            if let Some(known) = positions.get_mut(*rule as usize) {
                *known = position;
            }
        }
        positions
    }

    /// The rules that may be violated in every case of a clause, in program order. No other is.
    pub(super) fn violated_with(&self, clause: &Clause) -> Vec<RuleIdx> {
        /// Columns that rule out much are asked besides, where the clause's own leave many rules.
        const COLUMNS: usize = 16;
        const ENOUGH: u32 = 8;
        let program = self.program;
        let Some(assigned) = self.case_of(clause) else {
            return (0..program.len() as u32).map(RuleIdx).collect();
        };
        let table = program.table();
        let mut firsts = self.with_no_more(clause);
        let mut beyond = self.beyond.clone();
        let mut narrow = |(place, class): Assigned, firsts: &mut Vec<u64>| {
            let row = table.row(place, class);
            let keep = |(word, row): (&mut u64, &u64)| *word &= row;
            firsts.iter_mut().zip(row).for_each(keep);
            let further = row.get(table.rule_words * 2..).unwrap_or_default();
            beyond.iter_mut().zip(further).for_each(keep);
        };
        assigned.iter().for_each(|class| narrow(*class, &mut firsts));
        for column in table.columns.iter().take(COLUMNS) {
            if firsts.iter().map(|word| word.count_ones()).sum::<u32>() <= ENOUGH {
                break;
            }
            let place = column.dimension;
            if assigned.iter().any(|(known, _)| *known == place) {
                continue;
            }
            if let Some(class) = self.choices(place, clause).first() {
                narrow((place, *class), &mut firsts);
            }
        }
        let rule_at = |position: usize| match table.order.get(position) {
            Some(rule) => RuleIdx(*rule),
            None => RuleIdx(position as u32),
        };
        let mut found: Vec<RuleIdx> = bits(&firsts).map(rule_at).collect();
        let overflow = bits(&beyond).filter_map(|bit| table.overflow.get(bit));
        found.extend(overflow.map(|overflow| RuleIdx(overflow.rule)));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The rules that may ask for nothing of which a clause says nothing, by position.
    fn with_no_more(&self, clause: &Clause) -> Vec<u64> {
        let mut found = self.others.clone();
        for (place, _) in &clause.constraints {
            match self.by_rarest.get(place) {
                Some(Positions::Few(few)) => few.iter().for_each(|at| set(&mut found, *at)),
                Some(Positions::Many(many)) => {
                    found.iter_mut().zip(many).for_each(|(word, more)| *word |= more);
                }
                None => {}
            }
        }
        found
    }

    /// A case of a clause, so far as it is settled: nothing in it cannot occur together. `None`
    /// where none was found.
    fn case_of(&self, clause: &Clause) -> Option<Vec<Assigned>> {
        let mut assigned = Vec::with_capacity(self.entangled.len() + clause.constraints.len());
        let places: Vec<DimensionIdx> = self.entangled.iter().copied().collect();
        self.assign(clause, &places, &mut assigned).then_some(())?;
        for (place, _) in &clause.constraints {
            if !self.entangled.contains(place) {
                assigned.push((*place, *self.choices(*place, clause).first()?));
            }
        }
        Some(assigned)
    }

    /// Gives each place a class, so that no box that holds no case has them all; whether it could.
    /// The places are those of the engine's own list of such boxes, which is short.
    fn assign(
        &self,
        clause: &Clause,
        places: &[DimensionIdx],
        assigned: &mut Vec<Assigned>,
    ) -> bool {
        let Some((place, rest)) = places.split_first() else { return true };
        for class in self.choices(*place, clause) {
            assigned.push((*place, class));
            let is_inside = |excluded: &Clause| {
                excluded.constraints.iter().all(|(place, set)| {
                    assigned.iter().any(|(known, class)| known == place && set.contains(*class))
                })
            };
            if !self.excluded.boxes().iter().any(is_inside) && self.assign(clause, rest, assigned) {
                return true;
            }
            assigned.pop();
        }
        false
    }

    /// Some classes of a dimension that a clause allows, those first that the fewest rules allow:
    /// named values come first, what no rule names and *absent* last.
    fn choices(&self, place: DimensionIdx, clause: &Clause) -> Vec<ClassIdx> {
        let Some(dimension) = self.program.dimension(place) else { return Vec::new() };
        let full = dimension.full();
        let set = clause.on(place).unwrap_or(&full);
        let runs = || set.runs().take(1).chain(set.runs().last());
        let mut classes: Vec<ClassIdx> = runs()
            .flat_map(|(first, last)| [first, last, last.saturating_sub(1).max(first)])
            .collect();
        classes.sort_unstable();
        classes.dedup();
        classes.sort_by_key(|class| self.left_by(self.program.table().number(place, *class)));
        classes
    }

    /// How many rules a row leaves.
    fn left_by(&self, row: u32) -> u32 {
        let mut known = self.left_by.borrow_mut();
        *known.entry(row).or_insert_with(|| {
            let table = self.program.table();
            let words = table.row_number(row).iter().take(table.rule_words);
            words.map(|word| word.count_ones()).sum()
        })
    }
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

/// The places of the bits that are set.
fn bits(words: &[u64]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().flat_map(|(number, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(number * 64 + bit)
        })
    })
}
