//! Which clauses are possible, and what follows of each rule?

use super::bits::{self, Truth};
use super::case::{Case, class_of_predicate};
use super::outcome::{self, Settled};
use crate::program::classes::{ClassIdx, UNKNOWN};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::Subject;
use crate::program::table::{BLOCK, Outcome, Table};
use crate::program::{Program, RuleIdx};
use crate::schema::attributes::SEND_AT;
use crate::schema::{AttributeId, CODE_UNKNOWN, Scope};
use crate::value::{Fact, Value};
use crate::verdict::{Status, Verdict};

/// As many clauses as are ANDed at a time.
type Block = [u64; BLOCK];

/// Works out cases against one program, with room that it uses again.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    /// The row of each column, where a case has to be looked up.
    rows: Vec<u32>,
    /// The blocks in which some clause is still possible, by number.
    alive: Vec<(usize, Block)>,
    /// The class of each predicate; unknown where it could not matter.
    predicates: Vec<ClassIdx>,
    violated: Vec<u64>,
    undetermined: Vec<u64>,
    satisfied: Vec<u64>,
    /// Rules with a possible clause of error.
    errors: Vec<u64>,
    scope: Option<Scope>,
    /// Whether no rule is in force.
    is_ruleless: bool,
}

impl Matcher {
    /// Room for any program; it grows at the first case.
    pub fn new() -> Self {
        Self::default()
    }

    /// Works out one case.
    pub fn run<C: Case + ?Sized>(&mut self, program: &Program, case: &C) {
        let table = &program.table;
        let scope = case.scope();
        self.scope = Some(scope);
        self.is_ruleless = match case.fact(SEND_AT) {
            Fact::Value(Value::Timestamp(at)) => !program.any_in_force(*at),
            _ => true,
        };
        let mut rows = std::mem::take(&mut self.rows);
        let unknown_attribute = match case.rows(program) {
            Some((rows, unknown)) => {
                self.rule_out(table, scope, rows);
                unknown
            }
            None => {
                let unknown = program.look_up(
                    |id| case.code(&program.schema, id),
                    |id| case.fact(id),
                    &mut rows,
                );
                self.rule_out(table, scope, &rows);
                unknown
            }
        };
        self.rows = rows;
        let unknown_predicate = self.predicates(program, case);
        let error = self.fold(table);
        if unknown_attribute || unknown_predicate || error {
            self.settle(program, case);
        }
    }

    /// ANDs the rows of all columns, in those blocks in which something may survive.
    fn rule_out(&mut self, table: &Table, scope: Scope, columns: &[u32]) {
        self.alive.clear();
        let every = match scope {
            Scope::Recipient => &table.every,
            Scope::Campaign => &table.campaign,
        };
        let every = every.as_chunks::<BLOCK>().0;
        let rows = table.rows.as_chunks::<BLOCK>().0;
        let mut note = |number: usize| {
            let Some(block) = every.get(number) else { return };
            if let Some(left) = survivors(rows, every.len(), number, columns, *block) {
                self.alive.push((number, left));
            }
        };
        if table.summary_words == 0 {
            return note(0);
        }
        for word in 0..table.summary_words {
            let summary = |row: &u32| {
                table
                    .summaries
                    .get(*row as usize * table.summary_words + word)
                    .copied()
                    .unwrap_or(u64::MAX)
            };
            let mut left =
                columns.iter().map(summary).fold(u64::MAX, |left, summary| left & summary);
            while left != 0 {
                note(word * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }

    /// Works out the predicates that can still matter and rules out by each; whether some are
    /// unknown.
    fn predicates<C: Case + ?Sized>(&mut self, program: &Program, case: &C) -> bool {
        let table = &program.table;
        let mut unknown = false;
        self.predicates.clear();
        for (place, constrained) in table.predicates.iter().zip(&table.constrained) {
            let constrained = table.row_number(*constrained).as_chunks::<BLOCK>().0;
            let matters = self.alive.iter().any(|(number, block)| {
                constrained.get(*number).is_some_and(|bits| meets(block, bits))
            });
            let class = if matters { class_of_predicate(program, *place, case) } else { UNKNOWN };
            self.predicates.push(class);
            if matters {
                unknown |= class == UNKNOWN;
                let row = table.row(*place, class).as_chunks::<BLOCK>().0;
                for (number, block) in &mut self.alive {
                    row.get(*number).into_iter().for_each(|bits| and(block, bits));
                }
            }
        }
        unknown
    }

    /// Brings each clause that is still possible to its rule's bit; whether some clause of error
    /// is.
    fn fold(&mut self, table: &Table) -> bool {
        let words = table.rule_words;
        for bits in
            [&mut self.violated, &mut self.satisfied, &mut self.undetermined, &mut self.errors]
        {
            bits.clear();
            bits.resize(words, 0);
        }
        let mut error = false;
        for (number, block) in &self.alive {
            for (at, word) in block.iter().enumerate().filter(|(_, word)| **word != 0) {
                let place = number * BLOCK + at;
                if let Some(place) = place.checked_sub(words * 2) {
                    for bit in bits::places(*word) {
                        let Some(overflow) = table.overflow.get(place * 64 + bit) else { break };
                        let target = match overflow.outcome {
                            Outcome::Violated => &mut self.violated,
                            Outcome::Satisfied => &mut self.satisfied,
                            Outcome::Error | Outcome::NotApplicable => {
                                error = true;
                                &mut self.errors
                            }
                        };
                        put(target, overflow.rule);
                    }
                    continue;
                }
                let (target, place) = match place.checked_sub(words) {
                    None => (&mut self.violated, place),
                    Some(place) => (&mut self.satisfied, place),
                };
                if table.order.is_empty() {
                    target.get_mut(place).into_iter().for_each(|target| *target |= word);
                } else {
                    bits::places(*word)
                        .filter_map(|bit| table.order.get(place * 64 + bit))
                        .for_each(|rule| put(target, *rule));
                }
            }
        }
        error
    }

    /// Where several outcomes are possible, finds what the rule's status is: see [`outcome`].
    fn settle<C: Case + ?Sized>(&mut self, program: &Program, case: &C) {
        let class = |place| class(program, &self.predicates, case, place);
        for place in 0..self.violated.len() {
            let (Some(violated), Some(satisfied), Some(errors)) = (
                self.violated.get_mut(place),
                self.satisfied.get_mut(place),
                self.errors.get(place),
            ) else {
                return;
            };
            // Of a rule that reads nothing unknown only one outcome is possible, and codes are at
            // hand where classes are looked up.
            let may_not_apply = |bit: usize| {
                program.rules.get(place * 64 + bit).is_some_and(|rule| {
                    rule.dimensions
                        .iter()
                        .any(|place| is_unknown(program, &self.predicates, case, *place))
                        && rule.not_applicable.iter().any(|clause| clause.possible_where(class))
                })
            };
            let settled = outcome::settle(*violated, *errors, |asked| {
                bits::places(asked & !*satisfied)
                    .filter(|bit| may_not_apply(*bit))
                    .fold(*satisfied, |others, bit| others | 1 << bit)
            });
            *violated = settled.violated;
            *satisfied = satisfied.without(&settled.undetermined);
            if let Some(undetermined) = self.undetermined.get_mut(place) {
                *undetermined = settled.undetermined;
            }
        }
    }

    /// What became of a rule; `None` for a rule of recipient scope where no recipient is given.
    pub fn status(&self, program: &Program, rule: RuleIdx) -> Option<Status> {
        if self.scope != Some(Scope::Recipient)
            && program.rules.get(rule.index())?.scope == Scope::Recipient
        {
            return None;
        }
        let has = |bits: &[u64]| {
            bits.get(rule.index() / 64).is_some_and(|word| word >> (rule.index() % 64) & 1 == 1)
        };
        let settled =
            Settled { violated: has(&self.violated), undetermined: has(&self.undetermined) };
        Some(settled.status(has(&self.satisfied)))
    }

    /// The rules that are violated or undetermined, in program order, without those that are
    /// undetermined and whose findings are notes: what may be worth knowing is reported on request
    /// only.
    pub fn findings(&self, program: &Program) -> impl Iterator<Item = (RuleIdx, Status)> {
        let words = self.violated.iter().zip(&self.undetermined).zip(&program.notes).enumerate();
        words.flat_map(|(place, ((violated, undetermined), notes))| {
            bits::places(violated | (undetermined & !notes)).map(move |bit| {
                let status =
                    if violated >> bit & 1 == 1 { Status::Violated } else { Status::Undetermined };
                (RuleIdx((place * 64 + bit) as u32), status)
            })
        })
    }

    /// The rules that are violated, in program order.
    pub fn violated(&self) -> impl Iterator<Item = RuleIdx> {
        set_bits(&self.violated)
    }

    /// The rules that are undetermined, in program order.
    pub fn undetermined(&self) -> impl Iterator<Item = RuleIdx> {
        set_bits(&self.undetermined)
    }

    /// The rules that are satisfied, in program order.
    pub fn satisfied(&self) -> impl Iterator<Item = RuleIdx> {
        set_bits(&self.satisfied)
    }

    /// Whether no rule of any pack was in force in the case that was worked out last. Nobody can
    /// say then that it is clear to send.
    pub const fn is_ruleless(&self) -> bool {
        self.is_ruleless
    }

    /// The verdict before any waiver lowers a finding, for whoever compares rules by what they say
    /// themselves. With waivers, and in the order of findings, it is that of a
    /// [`Judgement`](super::judgement::Judgement).
    pub fn verdict_without_waivers(&self, program: &Program) -> Verdict {
        let open =
            self.undetermined.iter().zip(&program.notes).any(|(word, notes)| word & !notes != 0);
        let least = if open || self.is_ruleless { Verdict::Review } else { Verdict::Allow };
        let violated = self.violated().filter_map(|rule| program.rule(rule));
        let of_violated =
            Verdict::of_findings(violated.map(|(_, rule)| rule.verdict_of(Status::Violated)));
        least.max(of_violated)
    }

    /// The class of each dimension in the case that was worked out last. Predicates that could not
    /// matter are unknown.
    pub fn classes<C: Case + ?Sized>(&self, program: &Program, case: &C) -> Vec<ClassIdx> {
        (0..program.dimensions.len() as u16)
            .map(|place| class(program, &self.predicates, case, DimensionIdx(place)))
            .collect()
    }

    /// Whether a clause is possible in the case that was worked out last.
    pub(super) fn is_possible<C: Case + ?Sized>(
        &self,
        program: &Program,
        case: &C,
        clause: &Clause,
    ) -> bool {
        clause.possible_where(|place| class(program, &self.predicates, case, place))
    }
}

/// The class of one dimension, given those of predicates.
fn class<C: Case + ?Sized>(
    program: &Program,
    predicates: &[ClassIdx],
    case: &C,
    place: DimensionIdx,
) -> ClassIdx {
    let Some(dimension) = program.dimension(place) else { return UNKNOWN };
    let coded = program.table.coded.get(place.index()).copied().flatten();
    let of_code = |id: AttributeId, first: u32| {
        let at = first as usize + usize::from(case.code(&program.schema, id));
        program.table.class_of_code.get(at).copied().unwrap_or(UNKNOWN)
    };
    match (dimension.subject, coded) {
        (Subject::Attribute(id), Some(first)) => of_code(id, first),
        (Subject::Attribute(id), None) => dimension.class(case.fact(id)),
        (Subject::Predicate(index), Some(first)) => {
            let predicate = program.predicates.get(index);
            let read = predicate.and_then(|predicate| predicate.attributes.first());
            read.map_or(UNKNOWN, |id| of_code(*id, first))
        }
        (Subject::Predicate(index), None) => {
            let cheap = program.class_of_predicate(place, index, |id| case.fact(id));
            cheap.unwrap_or_else(|| {
                let order = program.table.predicates.binary_search(&place).ok();
                order.and_then(|order| predicates.get(order)).copied().unwrap_or(UNKNOWN)
            })
        }
    }
}

/// Whether a dimension's class may be unknown: never false for one that is.
fn is_unknown<C: Case + ?Sized>(
    program: &Program,
    predicates: &[ClassIdx],
    case: &C,
    place: DimensionIdx,
) -> bool {
    let has_no_fact = |id| case.code(&program.schema, id) == CODE_UNKNOWN;
    match program.dimension(place).map(|dimension| dimension.subject) {
        Some(Subject::Attribute(id)) => has_no_fact(id),
        Some(Subject::Predicate(index)) => {
            let reads_unknown = program
                .predicates
                .get(index)
                .is_none_or(|predicate| predicate.attributes.iter().any(|id| has_no_fact(*id)));
            // One that met a limit on work is unknown over known facts.
            reads_unknown || class(program, predicates, case, place) == UNKNOWN
        }
        None => true,
    }
}

/// The clause by which a rule is violated: the first in source order that holds for certain;
/// where the given facts leave several possible and none certain, the first possible.
pub fn clause<'p>(program: &'p Program, row: &[ClassIdx], rule: RuleIdx) -> Option<&'p Clause> {
    let clauses = &program.rules.get(rule.index())?.violated;
    clauses
        .iter()
        .find(|clause| clause.certain(row))
        .or_else(|| clauses.iter().find(|clause| clause.possible(row)))
}

/// What is left of one block after the rows of all columns; `None` as soon as nothing is.
fn survivors(
    rows: &[Block],
    blocks: usize,
    number: usize,
    columns: &[u32],
    every: Block,
) -> Option<Block> {
    // Asking after each row whether anything is left costs more than a few rows too many.
    const ROWS: usize = 4;
    let mut left = every;
    for columns in columns.chunks(ROWS) {
        for row in columns {
            rows.get(*row as usize * blocks + number)
                .into_iter()
                .for_each(|bits| and(&mut left, bits));
        }
        if !meets(&left, &[u64::MAX; BLOCK]) {
            return None;
        }
    }
    Some(left)
}

#[inline]
fn and(block: &mut Block, bits: &Block) {
    block.iter_mut().zip(bits).for_each(|(word, bits)| *word &= bits);
}

#[inline]
fn meets(block: &Block, bits: &Block) -> bool {
    block.iter().zip(bits).fold(0, |any, (word, bits)| any | (word & bits)) != 0
}

fn put(bits: &mut [u64], rule: u32) {
    if let Some(word) = bits.get_mut(rule as usize / 64) {
        *word |= 1 << (rule % 64);
    }
}

fn set_bits(bits: &[u64]) -> impl Iterator<Item = RuleIdx> {
    bits.iter().enumerate().flat_map(|(place, word)| {
        bits::places(*word).map(move |bit| RuleIdx((place * 64 + bit) as u32))
    })
}
