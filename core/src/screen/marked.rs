//! What is known of recipients, as columns of the audience.
//!
//! Marks are looked up by the columns that name recipients, and become a column for each attribute
//! of which something is known, so that marked rows are judged with all others. What a column
//! cannot say (a fact that is unknown, two names that are told different things) is left to the
//! path of single rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Int32Array, NullArray, RecordBatch,
    TimestampNanosecondArray,
};
use arrow_schema::{ArrowError, DataType, Field, Schema as ArrowSchema, SchemaRef};

use super::bind::{Bound, Column, Reading};
use super::kernel::Kernel;
use super::places::NULL;
use super::read::{self, KeptDictionary};
use crate::facts::{Facts, Marks};
use crate::schema::{AttributeId, NotGiven, Nullable, attributes as id};
use crate::time::{FIRST, PAST_ALL};
use crate::value::{Fact, Value};

/// The columns that an audience gets beside its own.
#[derive(Clone, Debug)]
pub(super) struct MarkColumns {
    marks: Arc<Marks>,
    /// For each attribute, what each entry says of it.
    values: Vec<ArrayRef>,
    /// For each entry, whether a column cannot say what is known.
    is_apart: Vec<bool>,
    /// The audience's schema with the columns, where some row is marked and where none is.
    schemas: [SchemaRef; 2],
}

/// A batch with its columns, and the rows that are judged apart, in order.
pub(super) struct MarkedBatch {
    pub(super) batch: RecordBatch,
    pub(super) apart: Vec<u32>,
}

impl MarkColumns {
    /// Binds a column for each attribute that marks tell. None where there are no marks, and where
    /// the audience or the campaign tell one of the attributes too: each row is then looked up.
    pub(super) fn new(facts: &Facts, audience: &SchemaRef, bound: &mut Bound) -> Option<Self> {
        let marks = facts.marks()?;
        let mut attributes = BTreeSet::new();
        for entry in 0..marks.len() as u32 {
            attributes.extend(marks.facts_at(entry).map(|(attribute, _)| attribute));
        }
        let schema = facts.schema();
        let is_free = |attribute: &AttributeId| {
            let known = schema.attribute(*attribute);
            bound.column(*attribute).is_none()
                && *facts.fact(*attribute) == Fact::Absent
                && known.nullable == Nullable::Yes
                && matches!(known.not_given, NotGiven::Absent { .. })
        };
        if !attributes.iter().all(is_free) {
            return None;
        }
        let mut is_apart = vec![false; marks.len()];
        let mut values = Vec::with_capacity(attributes.len());
        let mut fields = audience.fields().to_vec();
        let mut unmarked = fields.clone();
        for attribute in attributes {
            let column = values_of(marks, attribute, &mut is_apart);
            let known = schema.attribute(attribute);
            let ty = DataType::Dictionary(
                Box::new(DataType::Int32),
                Box::new(column.data_type().clone()),
            );
            bound.columns.push(Column {
                attribute,
                index: fields.len(),
                name: Arc::clone(&known.path),
                reading: Reading::Typed,
                may_be_bad: false,
            });
            fields.push(Arc::new(Field::new(&*known.path, ty, true)));
            unmarked.push(Arc::new(Field::new(&*known.path, DataType::Null, true)));
            values.push(column);
        }
        let schemas = [fields, unmarked].map(|fields| Arc::new(ArrowSchema::new(fields)));
        Some(Self { marks: Arc::clone(marks), values, is_apart, schemas })
    }

    /// Looks up a batch's rows.
    pub(super) fn join(
        &self,
        batch: &RecordBatch,
        bound: &Bound,
        kernel: Kernel,
        kept: &mut [Option<KeptDictionary<u32>>; 2],
    ) -> Result<MarkedBatch, ArrowError> {
        let mut entries: Vec<u32> = Vec::new();
        let mut apart = Vec::new();
        let mut labels = Vec::new();
        let named = [id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID].into_iter().zip(kept);
        for (attribute, kept) in named {
            let Some(column) = bound.column(attribute) else { continue };
            let Some(array) = batch.columns().get(column.index) else { continue };
            // Labels count entries from 1.
            let label = |text: &str| self.marks.find(text).map_or(NULL, |entry| entry + 1);
            labels.clear();
            labels.resize(batch.num_rows(), NULL);
            read::labelled(array.as_ref(), &column.reading, NULL, kernel, kept, label)(
                kernel,
                0..batch.num_rows(),
                &mut labels,
            );
            if entries.is_empty() {
                std::mem::swap(&mut entries, &mut labels);
                continue;
            }
            for (row, (entry, other)) in entries.iter_mut().zip(&labels).enumerate() {
                if *entry == NULL {
                    *entry = *other;
                } else if *other != NULL && *other != *entry && !self.is_same(*entry, *other) {
                    apart.push(row as u32);
                }
            }
        }
        // What cannot be read is no entry, and told elsewhere.
        let entry_of = |label: u32| {
            (label as usize).checked_sub(1).filter(|entry| *entry < self.is_apart.len())
        };
        let mut keys: Vec<i32> = Vec::new();
        let mut is_marked: Vec<bool> = Vec::new();
        for (row, label) in entries.iter().enumerate() {
            let Some(entry) = entry_of(*label) else { continue };
            if keys.is_empty() {
                keys.resize(batch.num_rows(), 0);
                is_marked.resize(batch.num_rows(), false);
            }
            if self.is_apart.get(entry).copied().unwrap_or(true) {
                apart.push(row as u32);
            }
            if let (Some(key), Some(is_marked)) = (keys.get_mut(row), is_marked.get_mut(row)) {
                *key = entry as i32;
                *is_marked = true;
            }
        }
        apart.sort_unstable();
        apart.dedup();
        let mut columns = batch.columns().to_vec();
        let [marked, unmarked] = &self.schemas;
        if keys.is_empty() {
            let nothing: ArrayRef = Arc::new(NullArray::new(batch.num_rows()));
            columns.extend(self.values.iter().map(|_| Arc::clone(&nothing)));
            let batch = RecordBatch::try_new(Arc::clone(unmarked), columns)?;
            return Ok(MarkedBatch { batch, apart });
        }
        let keys = Int32Array::new(keys.into(), Some(is_marked.into()));
        for values in &self.values {
            columns.push(Arc::new(DictionaryArray::<Int32Type>::try_new(
                keys.clone(),
                Arc::clone(values),
            )?));
        }
        Ok(MarkedBatch { batch: RecordBatch::try_new(Arc::clone(marked), columns)?, apart })
    }

    /// Whether two entries, by their labels, say the same.
    fn is_same(&self, one: u32, other: u32) -> bool {
        let facts = |label: u32| self.marks.facts_at(label.wrapping_sub(1));
        facts(one).count() == facts(other).count()
            && facts(one).all(|known| facts(other).any(|other| known == other))
    }
}

/// What each entry says of an attribute; null where it says nothing or that there is none.
fn values_of(marks: &Marks, attribute: AttributeId, is_apart: &mut [bool]) -> ArrayRef {
    let mut instants: Vec<Option<i64>> = vec![None; marks.len()];
    let mut bools: Vec<Option<bool>> = Vec::new();
    for (entry, is_apart) in is_apart.iter_mut().enumerate() {
        let fact = marks.facts_at(entry as u32).find(|(known, _)| *known == attribute);
        match fact.map(|(_, fact)| fact) {
            None | Some(Fact::Absent) => {}
            // A mark is told as it is, and a cell of a column would be called bad.
            Some(Fact::Value(Value::Timestamp(at)))
                if (FIRST..PAST_ALL).contains(&at.seconds()) =>
            {
                if let Some(instant) = instants.get_mut(entry) {
                    *instant = Some(at.seconds() * 1_000_000_000 + i64::from(at.nanos()));
                }
            }
            Some(Fact::Value(Value::Bool(is))) => {
                bools.resize(marks.len(), None);
                if let Some(known) = bools.get_mut(entry) {
                    *known = Some(*is);
                }
            }
            Some(_) => *is_apart = true,
        }
    }
    if bools.is_empty() {
        Arc::new(TimestampNanosecondArray::from(instants).with_timezone("UTC"))
    } else {
        Arc::new(BooleanArray::from(bools))
    }
}
