//! What is left to ask of each recipient of a campaign?
//!
//! With the campaign known, most rules are settled or cannot be violated any more, and of the
//! others few clauses are left, of which only what constrains the recipient matters. These are laid
//! out as a [table](crate::program::table) of their own, small enough for one or two blocks, in
//! which clauses of *not applicable* have bits too: they decide wherever something is unknown, and
//! of a recipient much may be.
//!
//! ```text
//! [ violated: bit p is the first violated-clause of the open rule p ][ others: the first clause of
//! satisfied or not applicable ][ further clauses of violated, and those of error ][ further others ]
//! ```

use std::ops::Range;

use super::bits::{self, Truth};
use super::case::{Case, class_of_predicate};
use super::order::Order;
use super::outcome::{self, Settled};
use super::waived;
use crate::program::classes::{ClassIdx, ClassSet, UNKNOWN};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::{PredicateForm, Subject};
use crate::program::table::{ALL, BLOCK};
use crate::program::{Program, RuleIdx};
use crate::schema::AttributeId;
use crate::schema::attributes::SEND_AT;
use crate::value::{Fact, Value};
use crate::verdict::Status;

type Block = [u64; BLOCK];

/// Words of all rows together that are worth having: 2 MiB. Past them the program's own table is
/// asked.
const WORDS_MAX: usize = 1 << 18;

/// Stands for a finding that is not reported.
const NOT_REPORTED: u32 = u32::MAX;

/// What a campaign leaves to be asked of each recipient.
#[derive(Clone, Debug)]
pub struct Remaining {
    /// A bit for each finding, by its number in the order of findings: those of every recipient.
    settled: Box<[u64]>,
    /// What settled rules say that waivers may lower for one recipient and not for another.
    lowered: Box<[(RuleIdx, Status)]>,
    open: Open,
}

/// Rules that one recipient violates and another does not.
#[derive(Clone, Debug, Default)]
struct Open {
    /// Words of the first region, and of the second.
    rule_words: usize,
    /// Words of a row, a multiple of [`BLOCK`].
    words: usize,
    rows: Vec<u64>,
    columns: Vec<Column>,
    /// For each column, the row of each class.
    row_of: Vec<u32>,
    /// The row of each column where nothing is known of the recipient.
    unknown: Vec<u32>,
    /// By attribute, the columns that read it.
    reading: Vec<Vec<u16>>,
    /// The clauses there are.
    every: Vec<u64>,
    rules: Vec<OpenRule>,
    /// As of a program: rules of which it is not reported that they are undetermined.
    notes: Vec<u64>,
    /// Where the third region begins, and its bits.
    further: usize,
    of_further: Vec<Further>,
}

#[derive(Clone, Debug)]
struct Column {
    dimension: DimensionIdx,
    lookup: Lookup,
    /// The row of class 0.
    first: u32,
}

#[derive(Clone, Debug)]
enum Lookup {
    /// By the code of an attribute, from a place of the program's list of classes on.
    Code(AttributeId, u32),
    Value(AttributeId),
    /// A predicate that needs no walk over a tree: its index.
    Predicate(usize),
    /// One that is walked only where it can matter: to rules of which some clause constrains it, a
    /// bit each.
    Tree(Box<[u64]>),
}

#[derive(Clone, Debug)]
struct OpenRule {
    rule: RuleIdx,
    /// The numbers of what it finds: violated, undetermined.
    numbers: [u32; 2],
    has_waivers: bool,
    /// Its bits in the last region.
    others: Range<u32>,
}

/// One bit of the third region: of which open rule, and whether it is an error.
#[derive(Clone, Copy, Debug)]
struct Further {
    place: u32,
    is_error: bool,
}

/// Room that is used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Room {
    rows: Vec<u32>,
    left: Vec<u64>,
    trees: Vec<u16>,
    violated: Vec<u64>,
    errors: Vec<u64>,
    found: Vec<u64>,
}

/// What is left of a clause: what it asks of the recipient.
type Rest<'p> = Vec<(DimensionIdx, &'p ClassSet)>;

/// What is left of an outcome: its clauses; one without constraints alone, which is always
/// possible.
fn rest<'p>(clauses: &'p [Clause], fixed: &[Option<ClassIdx>], into: &mut Vec<Rest<'p>>) {
    if into.first().is_some_and(Vec::is_empty) {
        return;
    }
    for clause in clauses {
        let mut left = Vec::new();
        let is_possible = clause.constraints.iter().all(|(dimension, set)| {
            match fixed.get(dimension.index()).copied().flatten() {
                Some(UNKNOWN) => true,
                Some(class) => set.contains(class),
                None => {
                    left.push((*dimension, set));
                    true
                }
            }
        });
        if !is_possible {
            continue;
        }
        if left.is_empty() {
            into.clear();
            into.push(left);
            return;
        }
        if !into.contains(&left) {
            into.push(left);
        }
    }
}

/// Whether an outcome is possible whatever the recipient.
fn is_certain(clauses: &[Rest<'_>]) -> bool {
    clauses.first().is_some_and(Vec::is_empty)
}

impl Remaining {
    /// What is left of a program where only the attributes that vary are not settled; `case` is
    /// what is known of the campaign, and of a recipient of whom nothing is given. None where that
    /// is too much for a table of its own.
    pub(crate) fn of<C: Case>(
        program: &Program,
        order: &Order,
        case: &C,
        varies: impl Fn(AttributeId) -> bool,
    ) -> Option<Self> {
        let fixed = |place: usize| {
            let varies = match program.dimensions.get(place)?.subject {
                Subject::Attribute(id) => varies(id),
                Subject::Predicate(index) => {
                    program.predicates.get(index)?.attributes.iter().any(|id| varies(*id))
                }
            };
            if varies { None } else { Some(class_in(program, DimensionIdx(place as u16), case)) }
        };
        let fixed: Vec<Option<ClassIdx>> = (0..program.dimensions.len()).map(fixed).collect();
        let mut settled = vec![0; order.ranks().len().div_ceil(64)];
        let mut lowered = Vec::new();
        let is_ruleless = match case.fact(SEND_AT) {
            Fact::Value(Value::Timestamp(at)) => !program.any_in_force(*at),
            _ => true,
        };
        if is_ruleless {
            put(&mut settled, order.ruleless() as usize);
        }
        let mut open = Vec::new();
        for (rule, known) in (0..).map(RuleIdx).zip(&program.rules) {
            let [mut violated, mut errors, mut others] = [const { Vec::new() }; 3];
            rest(&known.violated, &fixed, &mut violated);
            rest(&known.error, &fixed, &mut errors);
            if violated.is_empty() && errors.is_empty() {
                continue;
            }
            rest(&known.satisfied, &fixed, &mut others);
            rest(&known.not_applicable, &fixed, &mut others);
            let is_settled = is_certain(&errors)
                || is_certain(&violated)
                    && errors.is_empty()
                    && (others.is_empty() || is_certain(&others));
            if !is_settled {
                open.push((rule, [violated, errors, others]));
                continue;
            }
            let said =
                outcome::settle(!violated.is_empty(), !errors.is_empty(), |_| !others.is_empty());
            let status = said.status(false);
            if waived::waivers_of(program, rule, status).is_some_and(|some| !some.is_empty()) {
                lowered.push((rule, status));
            } else if let Some(number) = order.number(rule, status, None) {
                put(&mut settled, number as usize);
            }
        }
        let open = Open::of(program, order, case, &fixed, &open)?;
        Some(Self { settled: settled.into(), lowered: lowered.into(), open })
    }

    /// The numbers of what is found of a recipient, in order. `moved` are the attributes, given or
    /// derived, of which another thing is known than of a recipient of whom nothing is given.
    pub(super) fn find<C: Case>(
        &self,
        program: &Program,
        order: &Order,
        (case, moved): (&C, &[AttributeId]),
        room: &mut Room,
        found: &mut Vec<u32>,
    ) {
        room.found.clear();
        room.found.extend_from_slice(&self.settled);
        self.open.judge(program, order, (case, moved), room);
        for (rule, status) in &self.lowered {
            let waiver = waived::waived(program, case, *rule, *status);
            let number = order.number(*rule, *status, waiver);
            number.into_iter().for_each(|number| put(&mut room.found, number as usize));
        }
        found.clear();
        for (place, word) in room.found.iter().enumerate() {
            found.extend(bits::places(*word).map(|bit| (place * 64 + bit) as u32));
        }
    }
}

impl Open {
    fn of<C: Case>(
        program: &Program,
        order: &Order,
        case: &C,
        fixed: &[Option<ClassIdx>],
        open: &[(RuleIdx, [Vec<Rest<'_>>; 3])],
    ) -> Option<Self> {
        let rule_words = open.len().div_ceil(64);
        let mut this = Self { rule_words, further: rule_words * 2, ..Self::default() };
        // Each clause that is left, with its bit.
        let mut clauses: Vec<Left<'_>> = Vec::new();
        let mut at = this.further * 64;
        for (place, (_, [violated, errors, _])) in open.iter().enumerate() {
            clauses.extend(violated.first().map(|clause| Left { at: place, place, clause }));
            let violated = violated.iter().skip(1).map(|clause| (clause, false));
            for (clause, is_error) in violated.chain(errors.iter().map(|clause| (clause, true))) {
                clauses.push(Left { at, place, clause });
                this.of_further.push(Further { place: place as u32, is_error });
                at += 1;
            }
        }
        at = at.next_multiple_of(64);
        for (place, (rule, [_, _, others])) in open.iter().enumerate() {
            let first = others.first();
            clauses.extend(first.map(|clause| Left { at: rule_words * 64 + place, place, clause }));
            let first = at as u32;
            for clause in others.iter().skip(1) {
                clauses.push(Left { at, place, clause });
                at += 1;
            }
            let number = |status| order.number(*rule, status, None).unwrap_or(NOT_REPORTED);
            this.rules.push(OpenRule {
                rule: *rule,
                numbers: [number(Status::Violated), number(Status::Undetermined)],
                has_waivers: !program.waivers.of_rule(*rule).is_empty(),
                others: first..at as u32,
            });
        }
        this.words = at.div_ceil(64).max(1).next_multiple_of(BLOCK);
        this.every = vec![0; this.words];
        clauses.iter().for_each(|left| put(&mut this.every, left.at));
        this.notes = vec![0; rule_words];
        for (place, rule) in this.rules.iter().enumerate() {
            if rule.numbers[1] == NOT_REPORTED {
                put(&mut this.notes, place);
            }
        }
        this.add_columns(program, case, fixed, &clauses)?;
        Some(this)
    }

    /// The rows of each dimension that varies and that some clause constrains.
    fn add_columns<C: Case>(
        &mut self,
        program: &Program,
        case: &C,
        fixed: &[Option<ClassIdx>],
        clauses: &[Left<'_>],
    ) -> Option<()> {
        let mut constrained: Vec<Vec<(&Left<'_>, &ClassSet)>> = vec![Vec::new(); fixed.len()];
        for left in clauses {
            for (dimension, set) in left.clause {
                if let Some(known) = constrained.get_mut(dimension.index()) {
                    known.push((left, set));
                }
            }
        }
        self.rows.extend_from_slice(&self.every);
        self.reading = vec![Vec::new(); program.schema.len()];
        let constrained = constrained.iter().enumerate().filter(|(_, some)| !some.is_empty());
        for (place, constrained) in constrained {
            let dimension = DimensionIdx(place as u16);
            let known = program.dimension(dimension)?;
            let first = self.row_of.len() as u32;
            self.add_rows(known.count, constrained)?;
            let coded = program.table.coded.get(place).copied().flatten();
            let (lookup, read): (_, Vec<AttributeId>) = match known.subject {
                Subject::Attribute(id) => {
                    (coded.map_or(Lookup::Value(id), |first| Lookup::Code(id, first)), vec![id])
                }
                Subject::Predicate(index) => {
                    let predicate = program.predicates.get(index)?;
                    let mut of_rules = vec![0; self.rule_words];
                    constrained.iter().for_each(|(left, _)| put(&mut of_rules, left.place));
                    let lookup = match (&predicate.form, coded, predicate.attributes.first()) {
                        (_, Some(first), Some(id)) => Lookup::Code(*id, first),
                        (PredicateForm::Tree, ..) => Lookup::Tree(of_rules.into()),
                        _ => Lookup::Predicate(index),
                    };
                    (lookup, predicate.attributes.iter().copied().collect())
                }
            };
            for id in read {
                self.reading.get_mut(id.index())?.push(self.columns.len() as u16);
            }
            let column = Column { dimension, lookup, first };
            self.unknown.push(self.row(&column, class_in(program, dimension, case)));
            self.columns.push(column);
        }
        Some(())
    }

    /// The rows of the classes of one dimension; from class to class few bits turn. None where
    /// there are too many.
    fn add_rows(&mut self, classes: usize, constrained: &[(&Left<'_>, &ClassSet)]) -> Option<()> {
        let mut turns: Vec<Vec<usize>> = vec![Vec::new(); classes + 2];
        let mut row = self.every.clone();
        for (left, set) in constrained {
            turn(&mut row, left.at);
            for (first, last) in set.runs() {
                for class in [usize::from(first), usize::from(last) + 1] {
                    turns.get_mut(class).into_iter().for_each(|turning| turning.push(left.at));
                }
            }
        }
        // What is unknown rules nothing out.
        self.row_of.push(ALL);
        let mut number = None;
        for turning in turns.iter().take(classes + 1).skip(1) {
            if number.is_none() || !turning.is_empty() {
                if self.rows.len() >= WORDS_MAX {
                    return None;
                }
                turning.iter().for_each(|at| turn(&mut row, *at));
                number = Some((self.rows.len() / self.words) as u32);
                self.rows.extend_from_slice(&row);
            }
            self.row_of.extend(number);
        }
        Some(())
    }

    fn row(&self, column: &Column, class: ClassIdx) -> u32 {
        self.row_of.get(column.first as usize + usize::from(class)).copied().unwrap_or(ALL)
    }

    /// Adds the numbers of what is found of a recipient to those in `room`.
    fn judge<C: Case>(
        &self,
        program: &Program,
        order: &Order,
        (case, moved): (&C, &[AttributeId]),
        room: &mut Room,
    ) {
        if self.rules.is_empty() {
            return;
        }
        let Room { rows, left, trees, violated, errors, found } = room;
        rows.clear();
        rows.extend_from_slice(&self.unknown);
        trees.clear();
        for number in moved.iter().filter_map(|id| self.reading.get(id.index())).flatten() {
            let place = usize::from(*number);
            let Some((column, row)) = self.columns.get(place).zip(rows.get_mut(place)) else {
                continue;
            };
            let class = match &column.lookup {
                Lookup::Code(id, first) => {
                    let at = *first as usize + usize::from(case.code(&program.schema, *id));
                    program.table.class_of_code.get(at).copied().unwrap_or(UNKNOWN)
                }
                Lookup::Value(id) => program
                    .dimension(column.dimension)
                    .map_or(UNKNOWN, |known| known.class(case.fact(*id))),
                Lookup::Predicate(index) => program
                    .class_of_predicate(column.dimension, *index, |id| case.fact(id))
                    .unwrap_or(UNKNOWN),
                Lookup::Tree(_) => {
                    if !trees.contains(number) {
                        trees.push(*number);
                    }
                    UNKNOWN
                }
            };
            *row = self.row(column, class);
        }
        left.clear();
        left.extend_from_slice(&self.every);
        rows.iter().filter(|row| **row != ALL).for_each(|row| self.rule_out(left, *row));
        self.fold(left, violated, errors);
        for number in &*trees {
            let Some(column) = self.columns.get(usize::from(*number)) else { continue };
            let Lookup::Tree(of_rules) = &column.lookup else { continue };
            let open = violated.iter().zip(&*errors).zip(of_rules);
            if open.into_iter().any(|((violated, errors), rules)| (violated | errors) & rules != 0)
            {
                let class = class_of_predicate(program, column.dimension, case);
                self.rule_out(left, self.row(column, class));
                self.fold(left, violated, errors);
            }
        }
        for place in 0..self.rule_words {
            let (Some(violated), Some(errors), Some(others), Some(notes)) = (
                violated.get(place),
                errors.get(place),
                left.get(self.rule_words + place),
                self.notes.get(place),
            ) else {
                return;
            };
            let said = outcome::settle(*violated, *errors, |asked| {
                bits::places(asked & !others)
                    .filter(|bit| {
                        let rule = self.rules.get(place * 64 + bit);
                        rule.is_some_and(|rule| any(left, &rule.others))
                    })
                    .fold(*others, |others, bit| others | 1 << bit)
            });
            let is_reported =
                Settled { violated: said.violated, undetermined: said.undetermined.without(notes) };
            for bit in bits::places(is_reported.violated.or(&is_reported.undetermined)) {
                let Some(rule) = self.rules.get(place * 64 + bit) else { continue };
                let is_violated = is_reported.violated >> bit & 1 == 1;
                let number = if rule.has_waivers {
                    let status = if is_violated { Status::Violated } else { Status::Undetermined };
                    let waiver = waived::waived(program, case, rule.rule, status);
                    order.number(rule.rule, status, waiver)
                } else {
                    Some(rule.numbers[usize::from(!is_violated)])
                };
                number.into_iter().for_each(|number| put(found, number as usize));
            }
        }
    }

    fn rule_out(&self, left: &mut [u64], row: u32) {
        let start = row as usize * self.words;
        let Some(row) = self.rows.get(start..start + self.words) else { return };
        for (left, row) in left.as_chunks_mut::<BLOCK>().0.iter_mut().zip(row.as_chunks().0) {
            let row: &Block = row;
            left.iter_mut().zip(row).for_each(|(left, row)| *left &= row);
        }
    }

    /// Brings each clause of violated, and each of error, to its rule's bit.
    fn fold(&self, left: &[u64], violated: &mut Vec<u64>, errors: &mut Vec<u64>) {
        violated.clear();
        violated.extend_from_slice(left.get(..self.rule_words).unwrap_or_default());
        errors.clear();
        errors.resize(self.rule_words, 0);
        let words = self.of_further.len().div_ceil(64);
        let region = left.get(self.further..self.further + words).unwrap_or_default();
        for (place, word) in region.iter().enumerate() {
            for bit in bits::places(*word) {
                let Some(further) = self.of_further.get(place * 64 + bit) else { continue };
                let target = if further.is_error { &mut *errors } else { &mut *violated };
                put(target, further.place as usize);
            }
        }
    }
}

/// Whether some bit of a range is set.
fn any(words: &[u64], range: &Range<u32>) -> bool {
    let (mut at, end) = (range.start, range.end);
    while at < end {
        let Some(word) = words.get(at as usize / 64) else { return false };
        let upto = (at / 64 + 1) * 64;
        let mut word = word >> (at % 64);
        if upto > end {
            word &= u64::MAX >> (64 - (end - at));
        }
        if word != 0 {
            return true;
        }
        at = upto;
    }
    false
}

/// A clause that is left: its bit, and the place of its rule.
#[derive(Clone, Copy)]
struct Left<'c> {
    at: usize,
    place: usize,
    clause: &'c Rest<'c>,
}

/// The class of a dimension in a case.
fn class_in<C: Case>(program: &Program, place: DimensionIdx, case: &C) -> ClassIdx {
    match program.dimension(place).map(|dimension| (dimension, dimension.subject)) {
        Some((dimension, Subject::Attribute(id))) => dimension.class(case.fact(id)),
        Some((_, Subject::Predicate(_))) => class_of_predicate(program, place, case),
        None => UNKNOWN,
    }
}

fn put(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

fn turn(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word ^= 1 << (at % 64);
    }
}
