//! Which rules hold?
//!
//! In: a [`Program`] and one case, resolved. Out: for every rule, *not applicable*, *satisfied*, *violated* or *undetermined*. Nothing here
//! allocates once a [`Matcher`] is warm, reads a directory or hashes a text.
//!
//! A rule's outcome is settled when the facts told leave no other outcome possible, whatever the unknown ones turn out to be. Each clause is
//! a conjunction of constraints on single dimensions, so it is possible exactly when each constraint is, and an outcome is possible exactly
//! when one of its clauses is: for facts of separate attributes, *undetermined* is exact. Predicates over one unknown attribute, and derived
//! attributes that hang on the same given one, are taken as independent. That errs towards undetermined: a status told as settled is one that
//! every completion gives, but for *satisfied*, which may stand where every completion would not apply.

mod missing;

pub use missing::missing;

use std::cmp::Ordering;

use crate::cel::{self, Comparison, SetId};
use crate::program::classes::{ClassIdx, UNKNOWN};
use crate::program::clause::{Clause, DimensionIdx};
use crate::program::dimension::{Dimension, Predicate, PredicateForm, Subject};
use crate::program::table::{ALL, BLOCK, Outcome, Table};
use crate::program::{CompiledRule, Program, RuleIdx};
use crate::resolve::Resolved;
use crate::schema::attributes::SEND_AT;
use crate::schema::{AttributeId, CODE_UNKNOWN, Code, Schema, Scope};
use crate::time::Timestamp;
use crate::value::{Fact, Value};
use crate::verdict::{Status, Verdict};

/// One case: what is known of each attribute, given or derived.
pub trait Case {
    /// What is known of an attribute.
    fn fact(&self, id: AttributeId) -> &Fact;
    /// Whether a recipient is told.
    fn scope(&self) -> Scope;
    /// What is known of an attribute, as a code.
    fn code(&self, schema: &Schema, id: AttributeId) -> Code {
        schema.attribute(id).code(self.fact(id))
    }
}

impl Case for Resolved<'_> {
    fn fact(&self, id: AttributeId) -> &Fact {
        self.for_rules(id)
    }

    fn scope(&self) -> Scope {
        self.facts().scope()
    }

    #[inline]
    fn code(&self, _: &Schema, id: AttributeId) -> Code {
        Resolved::code(self, id)
    }
}

/// What one rule says of one case.
#[derive(Clone, Debug)]
pub struct Matched {
    /// The rule.
    pub rule: RuleIdx,
    /// What it says.
    pub status: Status,
    /// The attributes, given or derived, for want of which it is undetermined, in schema order.
    pub lacking: Vec<AttributeId>,
}

/// Works out one case: every rule, in program order; rules of recipient scope only where a recipient is told.
pub fn run(program: &Program, resolved: &Resolved<'_>) -> Vec<Matched> {
    let mut matcher = Matcher::new();
    matcher.run(program, resolved);
    let rules = (0..program.len() as u32).map(RuleIdx);
    rules
        .filter_map(|rule| {
            let status = matcher.status(program, rule)?;
            let lacking = match status {
                Status::Undetermined => missing(program, &matcher, resolved, rule).into_iter().collect(),
                Status::Violated | Status::Satisfied | Status::NotApplicable => Vec::new(),
            };
            Some(Matched { rule, status, lacking })
        })
        .collect()
}

/// Works out cases against one program, with room that it uses again.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    /// The row of each column.
    rows: Vec<u32>,
    /// The class of each predicate's dimension, in the table's order; unknown where it could not matter.
    predicates: Vec<ClassIdx>,
    /// The clauses still possible.
    possible: Vec<u64>,
    violated: Vec<u64>,
    undetermined: Vec<u64>,
    satisfied: Vec<u64>,
    /// Rules with a possible clause of error.
    errors: Vec<u64>,
    scope: Option<Scope>,
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
        let unknown_attribute = self.look_up(program, case);
        self.possible.clear();
        self.possible.extend_from_slice(match scope {
            Scope::Recipient => &table.every,
            Scope::Campaign => &table.campaign,
        });
        rule_out(table, &self.rows, &mut self.possible);
        let unknown_predicate = self.predicates(program, case);
        self.fold(table);
        if unknown_attribute || unknown_predicate || self.errors.iter().any(|word| *word != 0) {
            self.settle(program, case);
        }
    }

    /// Finds the row of each column; whether some fact is unknown.
    fn look_up<C: Case + ?Sized>(&mut self, program: &Program, case: &C) -> bool {
        let table = &program.table;
        let mut unknown = false;
        self.rows.clear();
        self.rows.extend(table.columns.iter().map(|column| {
            let code = case.code(&program.schema, column.attribute);
            unknown |= code == CODE_UNKNOWN;
            match column.coded {
                Some(first) => table.row_of_code.get(first as usize + usize::from(code)).copied().unwrap_or(ALL),
                None => {
                    let class = program.dimension(column.dimension).map_or(UNKNOWN, |known| known.class(case.fact(column.attribute)));
                    table.number(column.dimension, class)
                }
            }
        }));
        unknown
    }

    /// Works out the predicates that can still matter and rules out by each; whether some are unknown.
    fn predicates<C: Case + ?Sized>(&mut self, program: &Program, case: &C) -> bool {
        let table = &program.table;
        let mut unknown = false;
        self.predicates.clear();
        for (place, constrained) in table.predicates.iter().zip(&table.constrained) {
            let constrained = table.row_number(*constrained);
            let matters = self.possible.iter().zip(constrained).any(|(possible, bits)| possible & bits != 0);
            let class = if matters { class_of_predicate(program, *place, case) } else { UNKNOWN };
            self.predicates.push(class);
            if matters {
                unknown |= class == UNKNOWN;
                self.possible.iter_mut().zip(table.row(*place, class)).for_each(|(possible, row)| *possible &= row);
            }
        }
        unknown
    }

    /// Brings the overflow clauses to their rules' bits.
    fn fold(&mut self, table: &Table) {
        let words = table.rule_words;
        let copy = |target: &mut Vec<u64>, region: &[u64]| {
            target.clear();
            target.extend_from_slice(region);
        };
        copy(&mut self.violated, self.possible.get(..words).unwrap_or_default());
        copy(&mut self.satisfied, self.possible.get(words..words * 2).unwrap_or_default());
        self.undetermined.clear();
        self.undetermined.resize(words, 0);
        self.errors.clear();
        self.errors.resize(words, 0);
        for (place, word) in self.possible.iter().enumerate().skip(words * 2) {
            let mut left = *word;
            while left != 0 {
                let bit = (place - words * 2) * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                let Some(overflow) = table.overflow.get(bit) else { break };
                let target = match overflow.outcome {
                    Outcome::Violated => &mut self.violated,
                    Outcome::Satisfied => &mut self.satisfied,
                    Outcome::Error | Outcome::NotApplicable => &mut self.errors,
                };
                put(target, overflow.rule);
            }
        }
    }

    /// Where several outcomes are possible, decides what the rule's status is.
    ///
    /// | violated | error | satisfied | not applicable | status |
    /// | --- | --- | --- | --- | --- |
    /// | yes | no | no | no | violated |
    /// | yes | any other possible | | | undetermined |
    /// | no | yes | | | undetermined |
    /// | no | no | yes | | satisfied |
    /// | no | no | no | yes | not applicable |
    ///
    /// An error is open: a case that turns out so would be undetermined, so no settled status may promise otherwise.
    fn settle<C: Case + ?Sized>(&mut self, program: &Program, case: &C) {
        let mut row = None;
        for place in 0..self.violated.len() {
            let (Some(violated), Some(satisfied), Some(errors)) =
                (self.violated.get_mut(place), self.satisfied.get_mut(place), self.errors.get(place))
            else {
                return;
            };
            let mut open = *errors | (*violated & *satisfied);
            let mut alone = *violated & !open;
            while alone != 0 {
                let bit = alone.trailing_zeros();
                alone &= alone - 1;
                let rule = place * 64 + bit as usize;
                let row = row.get_or_insert_with(|| classes(program, &self.predicates, case));
                if program.rules.get(rule).is_some_and(|rule| possible(&rule.not_applicable, row)) {
                    open |= 1 << bit;
                }
            }
            *violated &= !open;
            *satisfied &= !open;
            if let Some(undetermined) = self.undetermined.get_mut(place) {
                *undetermined = open;
            }
        }
    }

    /// What became of a rule; `None` for a rule of recipient scope where no recipient is told.
    pub fn status(&self, program: &Program, rule: RuleIdx) -> Option<Status> {
        if self.scope != Some(Scope::Recipient) && program.rules.get(rule.index())?.scope == Scope::Recipient {
            return None;
        }
        let has = |bits: &[u64]| bits.get(rule.index() / 64).is_some_and(|word| word >> (rule.index() % 64) & 1 == 1);
        Some(if has(&self.violated) {
            Status::Violated
        } else if has(&self.undetermined) {
            Status::Undetermined
        } else if has(&self.satisfied) {
            Status::Satisfied
        } else {
            Status::NotApplicable
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

    /// The verdict: the worst of all findings.
    pub fn verdict(&self, program: &Program) -> Verdict {
        let open = self.undetermined.iter().any(|word| *word != 0);
        let least = if open { Verdict::Review } else { Verdict::Allow };
        let of_violated = self.violated().filter_map(|rule| program.rule(rule)).map(|(_, rule)| rule.verdict);
        of_violated.fold(least, Verdict::max)
    }

    /// The class of each dimension in the case that was worked out last. Predicates that could not matter are unknown.
    pub fn classes<C: Case + ?Sized>(&self, program: &Program, case: &C) -> Vec<ClassIdx> {
        classes(program, &self.predicates, case)
    }
}

fn classes<C: Case + ?Sized>(program: &Program, predicates: &[ClassIdx], case: &C) -> Vec<ClassIdx> {
    let of_attribute = |dimension: &Dimension| match dimension.subject {
        Subject::Attribute(id) => dimension.class(case.fact(id)),
        Subject::Predicate(_) => UNKNOWN,
    };
    let mut row: Vec<ClassIdx> = program.dimensions.iter().map(of_attribute).collect();
    for (place, class) in program.table.predicates.iter().zip(predicates) {
        if let Some(known) = row.get_mut(place.index()) {
            *known = *class;
        }
    }
    row
}

/// The clause that tells why a rule is violated: the first in source order that holds for certain; where the facts told leave several
/// possible and none certain, the first possible.
pub fn clause<'p>(program: &'p Program, row: &[ClassIdx], rule: RuleIdx) -> Option<&'p Clause> {
    let clauses = &program.rules.get(rule.index())?.violated;
    clauses.iter().find(|clause| clause.certain(row)).or_else(|| clauses.iter().find(|clause| clause.possible(row)))
}

/// ANDs the rows of all columns, block by block, leaving a block as soon as nothing in it is possible.
fn rule_out(table: &Table, rows: &[u32], possible: &mut [u64]) {
    let words = table.words;
    for (block, target) in possible.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        let start = block * BLOCK;
        let mut left = *target;
        for row in rows {
            let from = *row as usize * words + start;
            let Some(bits) = table.rows.get(from..from + BLOCK) else { continue };
            let mut any = 0;
            for (left, bits) in left.iter_mut().zip(bits) {
                *left &= bits;
                any |= *left;
            }
            if any == 0 {
                break;
            }
        }
        *target = left;
    }
}

fn possible(clauses: &[Clause], row: &[ClassIdx]) -> bool {
    clauses.iter().any(|clause| clause.possible(row))
}

fn put(bits: &mut [u64], rule: u32) {
    if let Some(word) = bits.get_mut(rule as usize / 64) {
        *word |= 1 << (rule % 64);
    }
}

fn set_bits(bits: &[u64]) -> impl Iterator<Item = RuleIdx> {
    bits.iter().enumerate().flat_map(|(place, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            (left != 0).then(|| {
                let bit = left.trailing_zeros();
                left &= left - 1;
                RuleIdx(place as u32 * 64 + bit)
            })
        })
    })
}

/// The classes of a predicate: false, true, error.
const FALSE: ClassIdx = 1;
const ERROR: ClassIdx = 3;

/// The class of a predicate's dimension in a case.
pub(crate) fn class_of_predicate<C: Case + ?Sized>(program: &Program, place: DimensionIdx, case: &C) -> ClassIdx {
    let Some(dimension) = program.dimension(place) else { return UNKNOWN };
    let Subject::Predicate(index) = dimension.subject else { return UNKNOWN };
    let Some(predicate) = program.predicates.get(index) else { return UNKNOWN };
    let class = worked_out(program, predicate, case);
    // Only a limit on work makes an infallible predicate fail, and what meets one is undetermined.
    if usize::from(class) > dimension.count { UNKNOWN } else { class }
}

fn worked_out<C: Case + ?Sized>(program: &Program, predicate: &Predicate, case: &C) -> ClassIdx {
    match &predicate.form {
        PredicateForm::Contains { list, text } => match case.fact(*list) {
            Fact::Unknown => UNKNOWN,
            Fact::Absent => ERROR,
            Fact::Value(Value::List(items)) => {
                FALSE + ClassIdx::from(items.iter().any(|item| matches!(item, Value::String(item) if item == text)))
            }
            Fact::Value(_) => ERROR,
        },
        PredicateForm::Compares { left, operator, right } => match (case.fact(*left), case.fact(*right)) {
            // CEL lets an unknown go before an error.
            (Fact::Unknown, _) | (_, Fact::Unknown) => UNKNOWN,
            (Fact::Value(left), Fact::Value(right)) => FALSE + ClassIdx::from(holds(*operator, left.compare(right))),
            (Fact::Absent, _) | (_, Fact::Absent) => ERROR,
        },
        PredicateForm::Tree => {
            let bindings = PackBindings { program, pack: predicate.pack, case };
            match cel::evaluate_node(&predicate.node, &bindings) {
                cel::Outcome::Value(Value::Bool(value)) => FALSE + ClassIdx::from(value),
                cel::Outcome::Value(_) | cel::Outcome::Error(_) => ERROR,
                cel::Outcome::Undetermined(_) => UNKNOWN,
            }
        }
    }
}

fn holds(operator: Comparison, order: Option<Ordering>) -> bool {
    match operator {
        Comparison::Equal => order == Some(Ordering::Equal),
        Comparison::NotEqual => order != Some(Ordering::Equal),
        Comparison::Less => order == Some(Ordering::Less),
        Comparison::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        Comparison::Greater => order == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

/// A case as the conditions of one pack see it: facts, and that pack's sets at `send_at`.
struct PackBindings<'a, C: ?Sized> {
    program: &'a Program,
    pack: usize,
    case: &'a C,
}

impl<C: Case + ?Sized> cel::Bindings for PackBindings<'_, C> {
    fn fact(&self, id: AttributeId) -> &Fact {
        self.case.fact(id)
    }

    fn set(&self, id: SetId) -> &[Value] {
        let at = match self.case.fact(SEND_AT) {
            Fact::Value(Value::Timestamp(at)) => *at,
            // Every check has an instant; a set asked for without one has the members it began with.
            _ => Timestamp::MIN,
        };
        self.program.sets.get(self.pack).and_then(|sets| sets.get(usize::from(id.0))).map_or(&[], |set| set.at(at))
    }
}

/// Every dimension of a rule, with the clauses of each outcome.
fn outcomes(rule: &CompiledRule) -> [&[Clause]; 4] {
    [&rule.violated, &rule.satisfied, &rule.not_applicable, &rule.error]
}

/// Whether a dimension's class is unknown in a row.
fn is_unknown(row: &[ClassIdx], dimension: DimensionIdx) -> bool {
    row.get(dimension.index()).copied().unwrap_or(UNKNOWN) == UNKNOWN
}
