//! Conditions on where a recipient is, as parts of expressions.
//!
//! Country, clocks and what else follows from number, user id, country and zone follows from their
//! labels: a condition that reads nothing else is worked out once for all rows of the same labels.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::RecordBatch;

use super::base::Base;
use super::bind::Bound;
use super::bits::Bits;
use super::places::{Label, Labels, is_place};
use super::register::{Lacks, Register, Values};
use super::row;
use crate::cel::{self, Node};
use crate::matching::PackView;
use crate::resolve::derivations::{self, AxisKind};
use crate::schema::AttributeId;
use crate::value::Value;

/// A condition that reads nothing of a row but what follows from labels.
#[derive(Clone, Debug)]
pub(super) struct OfPlaces {
    pub(super) node: Arc<Node>,
    /// Whose sets it reads.
    pub(super) pack: usize,
}

/// Whether an attribute follows from labels alone.
pub(super) fn follows_from_labels(attribute: AttributeId) -> bool {
    matches!(
        derivations::of(attribute).map(|row| row.basis.axis),
        Some(
            AxisKind::Country | AxisKind::NumberCountry | AxisKind::Clocks(_) | AxisKind::Places(_)
        )
    )
}

/// What rows of the same labels come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    False,
    True,
    Unknown,
    Error,
}

/// The labels of a row: of number, user id, country and zone.
type Key = [Label; 4];

/// What conditions came to before, by their labels, each in the place that these name. Others of
/// the same place take it over, so that nothing grows.
#[derive(Debug, Default)]
pub(super) struct Placed(RefCell<Vec<Known>>);

/// Of one condition, by where it stands in the plan.
#[derive(Debug)]
struct Known {
    condition: usize,
    outcomes: Vec<Option<(Key, Outcome)>>,
}

impl Placed {
    /// The place of a condition among those that are known.
    fn place(&self, condition: usize) -> usize {
        /// There are some 250 countries, and in a few of them several zones.
        const PLACES: usize = 4096;
        let mut known = self.0.borrow_mut();
        known.iter().position(|known| known.condition == condition).unwrap_or_else(|| {
            known.push(Known { condition, outcomes: vec![None; PLACES] });
            known.len() - 1
        })
    }

    fn outcome(&self, place: usize, key: Key, work_out: impl FnOnce() -> Outcome) -> Outcome {
        const MIXED: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut known = self.0.borrow_mut();
        let Some(Known { outcomes, .. }) = known.get_mut(place) else { return work_out() };
        let mixed = key.iter().fold(0_u64, |mixed, label| {
            (mixed.rotate_left(23) ^ u64::from(*label)).wrapping_mul(MIXED)
        });
        let place = (mixed >> 40) as usize & (outcomes.len() - 1);
        match outcomes.get_mut(place) {
            Some(Some((same, outcome))) if *same == key => *outcome,
            Some(free) => {
                let outcome = work_out();
                *free = Some((key, outcome));
                outcome
            }
            None => work_out(),
        }
    }
}

/// With what conditions on places are worked out.
#[derive(Clone, Copy)]
pub(super) struct PlacedRows<'a> {
    pub(super) placed: &'a Placed,
    pub(super) base: &'a Base,
    pub(super) bound: &'a Bound,
    pub(super) batch: &'a RecordBatch,
}

impl PlacedRows<'_> {
    /// What a condition comes to in the rows of a range that are wanted, which have these labels.
    pub(super) fn register<'r>(
        &self,
        condition: &OfPlaces,
        labels: &Labels,
        range: &Range<usize>,
        wanted: &Bits,
    ) -> Register<'r> {
        let place = self.placed.place(Arc::as_ptr(&condition.node).addr());
        let (mut held, mut unknown, mut error) = (Bits::NONE, Bits::NONE, Bits::NONE);
        let mut before: Option<(Key, Outcome)> = None;
        for (at, row) in range.clone().enumerate() {
            if !wanted.has(at) {
                continue;
            }
            let Labels { phone, user_id, country, time_zone } = labels;
            let key = [phone, user_id, country, time_zone]
                .map(|labels| labels.get(at).copied().unwrap_or_default());
            let outcome = match before {
                Some((same, outcome)) if same == key => outcome,
                _ => self.placed.outcome(place, key, || self.work_out(condition, row)),
            };
            before = Some((key, outcome));
            held.put(at, outcome == Outcome::True);
            unknown.put(at, outcome == Outcome::Unknown);
            error.put(at, outcome == Outcome::Error);
        }
        Register { values: Values::Truth(held), lacks: Lacks { unknown, error } }
    }

    fn work_out(&self, condition: &OfPlaces, row: usize) -> Outcome {
        let mut facts = self.base.facts.clone();
        // What cannot be read is judged by the row path, whatever is found here.
        row::tell(&mut facts, self.batch, row, self.bound, is_place);
        let resolved = self.base.resolve(&facts);
        let view = PackView { program: &self.base.program, pack: condition.pack, case: &resolved };
        match cel::evaluate_node(&condition.node, &view) {
            cel::Outcome::Value(Value::Bool(true)) => Outcome::True,
            cel::Outcome::Value(_) => Outcome::False,
            cel::Outcome::Undetermined(_) => Outcome::Unknown,
            cel::Outcome::Error(_) => Outcome::Error,
        }
    }
}
