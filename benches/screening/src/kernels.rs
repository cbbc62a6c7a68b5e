//! The rules with the kernels of arrow-rs: comparisons with a constant, and boolean kernels over
//! their results.
//!
//! As a careful user writes them: dictionaries are compared by key, each condition is worked out
//! once a batch however many rules ask for it, and a list of constants is an OR.

use std::sync::Arc;

use arrow_arith::boolean::{and, and_not, not, or};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    ArrayRef, BooleanArray, Datum, Int8Array, Int32Array, Int64Array, RecordBatch, Scalar,
    TimestampMillisecondArray,
};
use arrow_ord::cmp::{eq, gt, gt_eq, lt, lt_eq, neq};
use arrow_schema::ArrowError;

use crate::rule::{Condition, Operator, Rule};
use crate::table::{COLUMNS, Layout};

/// The rules, with each different condition once.
pub struct Kernels {
    conditions: Vec<(Condition, Vec<Box<dyn Datum + Send + Sync>>)>,
    rules: Vec<Numbered>,
}

/// A rule by the numbers of its conditions.
struct Numbered {
    applies: Vec<usize>,
    is_required: bool,
    demand: Vec<usize>,
}

impl Kernels {
    pub fn new(rules: &[Rule]) -> Self {
        let mut conditions: Vec<(Condition, Vec<Box<dyn Datum + Send + Sync>>)> = Vec::new();
        let mut number = |condition: &Condition| {
            conditions.iter().position(|(known, _)| known == condition).unwrap_or_else(|| {
                let constants = condition
                    .constants
                    .iter()
                    .map(|constant| scalar(condition.column, *constant))
                    .collect();
                conditions.push((condition.clone(), constants));
                conditions.len() - 1
            })
        };
        let mut numbers = |conditions: &[Condition]| conditions.iter().map(&mut number).collect();
        let numbered = |rule: &Rule| Numbered {
            applies: numbers(&rule.applies),
            is_required: rule.is_required,
            demand: numbers(&rule.demand),
        };
        let rules = rules.iter().map(numbered).collect();
        Self { conditions, rules }
    }

    /// The rows that are denied.
    pub fn run(&self, batch: &RecordBatch) -> Result<BooleanArray, ArrowError> {
        let mut keys: Vec<Option<ArrayRef>> = vec![None; COLUMNS.len()];
        let mut holds: Vec<BooleanArray> = Vec::with_capacity(self.conditions.len());
        for (condition, constants) in &self.conditions {
            let array =
                keys[condition.column].get_or_insert_with(|| by_key(condition.column, batch));
            holds.push(condition_holds(condition, constants, array)?);
        }
        // No rule is without conditions.
        let all = |numbers: &[usize]| -> Result<BooleanArray, ArrowError> {
            numbers[1..]
                .iter()
                .try_fold(holds[numbers[0]].clone(), |all, number| and(&all, &holds[*number]))
        };
        let violated = |rule: &Numbered| -> Result<BooleanArray, ArrowError> {
            let (applies, demand) = (all(&rule.applies)?, all(&rule.demand)?);
            if rule.is_required { and_not(&applies, &demand) } else { and(&applies, &demand) }
        };
        self.rules[1..]
            .iter()
            .try_fold(violated(&self.rules[0])?, |denied, rule| or(&denied, &violated(rule)?))
    }
}

fn by_key(column: usize, batch: &RecordBatch) -> ArrayRef {
    let array = batch.column(column);
    match COLUMNS[column].layout {
        Layout::Words8(_) => Arc::new(array.as_dictionary::<Int8Type>().keys().clone()),
        Layout::Words32(_) => Arc::new(array.as_dictionary::<Int32Type>().keys().clone()),
        _ => Arc::clone(array),
    }
}

fn scalar(column: usize, constant: i64) -> Box<dyn Datum + Send + Sync> {
    match COLUMNS[column].layout {
        Layout::Bool(_) => Box::new(BooleanArray::new_scalar(constant == 1)),
        Layout::Words8(_) => Box::new(Int8Array::new_scalar(constant as i8)),
        Layout::Words32(_) | Layout::Int32(_) => Box::new(Int32Array::new_scalar(constant as i32)),
        Layout::Int64(_) => Box::new(Int64Array::new_scalar(constant)),
        Layout::Instant(_) => {
            Box::new(Scalar::new(TimestampMillisecondArray::from(vec![constant])))
        }
    }
}

fn condition_holds(
    condition: &Condition,
    constants: &[Box<dyn Datum + Send + Sync>],
    array: &ArrayRef,
) -> Result<BooleanArray, ArrowError> {
    let first = &*constants[0];
    match condition.operator {
        // A column of booleans is what a comparison would make of it.
        Operator::Equal if matches!(COLUMNS[condition.column].layout, Layout::Bool(_)) => {
            let array = array.as_boolean();
            if condition.constants[0] == 1 { Ok(array.clone()) } else { not(array) }
        }
        Operator::Equal => eq(array, first),
        Operator::NotEqual => neq(array, first),
        Operator::Less => lt(array, first),
        Operator::LessOrEqual => lt_eq(array, first),
        Operator::Greater => gt(array, first),
        Operator::GreaterOrEqual => gt_eq(array, first),
        Operator::In | Operator::NotIn => {
            let mut any = eq(array, first)?;
            for constant in &constants[1..] {
                any = or(&any, &eq(array, &**constant)?)?;
            }
            if condition.operator == Operator::In { Ok(any) } else { not(&any) }
        }
    }
}
