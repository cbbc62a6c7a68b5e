//! What is known of recipients, as columns of the audience.
//!
//! Marks are looked up by the columns that name recipients, and become a column for each attribute
//! of which something is known, so that marked rows are judged with all others. What a column
//! cannot say (a fact that is unknown, two names with different marks) is left to the
//! path of single rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BooleanArray, GenericStringArray, NullArray, OffsetSizeTrait, RecordBatch,
    StringViewArray, TimestampNanosecondArray,
};
use arrow_buffer::{BooleanBufferBuilder, NullBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema as ArrowSchema, SchemaRef, TimeUnit};

use super::bind::{Bound, Column, Reading};
use super::kernel::Kernel;
use super::layout::KeptDictionary;
use super::places::{BAD_LABEL, NULL};
use super::read;
use crate::facts::{Facts, Marks};
use crate::schema::{AttributeId, NotGiven, Nullable, Schema, attributes as id};
use crate::time::{FIRST, PAST_ALL};
use crate::value::{Fact, Type, Value};

/// The columns that an audience gets beside its own.
#[derive(Clone, Debug)]
pub(super) struct MarkColumns {
    marks: Arc<Marks>,
    /// For each attribute, what each entry says of it.
    cells: Arc<[Cells]>,
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
        let attributes: BTreeSet<AttributeId> = marks.attributes().iter().copied().collect();
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
        let (cells, is_apart) = cells_of(marks, &attributes, schema);
        let mut fields = audience.fields().to_vec();
        let mut unmarked = fields.clone();
        for cells in &cells {
            let known = schema.attribute(cells.attribute);
            bound.columns.push(Column {
                attribute: cells.attribute,
                index: fields.len(),
                name: Arc::clone(&known.path),
                reading: Reading::Typed,
                may_be_bad: false,
            });
            fields.push(Arc::new(Field::new(&*known.path, cells.said.data_type(), true)));
            unmarked.push(Arc::new(Field::new(&*known.path, DataType::Null, true)));
        }
        let schemas = [fields, unmarked].map(|fields| Arc::new(ArrowSchema::new(fields)));
        Some(Self { marks: Arc::clone(marks), cells: cells.into(), is_apart, schemas })
    }

    /// Looks up a batch's rows.
    pub(super) fn join(
        &self,
        batch: &RecordBatch,
        bound: &Bound,
        kernel: Kernel,
        kept: &mut [Option<KeptDictionary<u32>>; 2],
    ) -> Result<MarkedBatch, ArrowError> {
        let rows = batch.num_rows();
        let mut apart = Vec::new();
        // The marked rows in order, each with its entry.
        let mut marked: Vec<(u32, u32)> = Vec::new();
        let named = [id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID].into_iter().zip(kept);
        for (attribute, kept) in named {
            let Some(column) = bound.column(attribute) else { continue };
            let Some(array) = batch.columns().get(column.index) else { continue };
            let found = self.entries(array.as_ref(), &column.reading, kernel, kept);
            if marked.is_empty() {
                marked = found;
                continue;
            }
            let before = std::mem::take(&mut marked);
            let (mut before, mut found) =
                (before.into_iter().peekable(), found.into_iter().peekable());
            loop {
                marked.push(match (before.peek().copied(), found.peek().copied()) {
                    (None, None) => break,
                    (Some(one), None) => {
                        before.next();
                        one
                    }
                    (None, Some(other)) => {
                        found.next();
                        other
                    }
                    (Some(one), Some(other)) if one.0 < other.0 => {
                        before.next();
                        one
                    }
                    (Some(one), Some(other)) if one.0 > other.0 => {
                        found.next();
                        other
                    }
                    (Some((row, entry)), Some((_, other))) => {
                        if entry != other && !self.is_same(entry, other) {
                            apart.push(row);
                        }
                        before.next();
                        found.next();
                        (row, entry)
                    }
                });
            }
        }
        let mut columns = batch.columns().to_vec();
        let [with_marks, unmarked] = &self.schemas;
        if marked.is_empty() {
            let nothing: ArrayRef = Arc::new(NullArray::new(rows));
            columns.extend(self.cells.iter().map(|_| Arc::clone(&nothing)));
            let batch = RecordBatch::try_new(Arc::clone(unmarked), columns)?;
            return Ok(MarkedBatch { batch, apart });
        }
        let is_apart = |entry: u32| self.is_apart.get(entry as usize).copied().unwrap_or(true);
        let of_apart = marked.iter().filter(|(_, entry)| is_apart(*entry));
        apart.extend(of_apart.map(|(row, _)| *row));
        apart.sort_unstable();
        apart.dedup();
        columns.extend(self.cells.iter().map(|cells| cells.column(rows, &marked)));
        Ok(MarkedBatch { batch: RecordBatch::try_new(Arc::clone(with_marks), columns)?, apart })
    }

    /// The rows of a column of names that are known, in order, each with its entry.
    fn entries(
        &self,
        array: &dyn Array,
        reading: &Reading,
        kernel: Kernel,
        kept: &mut Option<KeptDictionary<u32>>,
    ) -> Vec<(u32, u32)> {
        let plain = match array.data_type() {
            _ if !matches!(reading, Reading::Typed) => None,
            DataType::Utf8 => Some(self.of_texts(array.as_string::<i32>(), kernel)),
            DataType::LargeUtf8 => Some(self.of_texts(array.as_string::<i64>(), kernel)),
            DataType::Utf8View => Some(self.of_views(array.as_string_view(), kernel)),
            _ => None,
        };
        plain.unwrap_or_else(|| {
            // Labels count entries from 1. What cannot be read is not an entry, and is reported
            // elsewhere.
            let label = |text: &str| self.marks.find(text).map_or(NULL, |entry| entry + 1);
            let mut labels = vec![NULL; array.len()];
            let reader = read::labelled(array, reading, NULL, kernel, kept, label);
            reader(kernel, 0..array.len(), &mut labels);
            let entries = (0..).zip(labels).filter(|(_, label)| ![NULL, BAD_LABEL].contains(label));
            entries.map(|(row, label)| (row, label - 1)).collect()
        })
    }

    fn of_texts<O: OffsetSizeTrait>(
        &self,
        texts: &GenericStringArray<O>,
        kernel: Kernel,
    ) -> Vec<(u32, u32)> {
        let mut found = Vec::new();
        let (bytes, ends) = (texts.value_data(), texts.value_offsets());
        kernel.wide(
            #[inline(always)]
            || self.marks.find_each_within(bytes, ends, O::as_usize, &mut found),
        );
        without_nulls(texts, found)
    }

    fn of_views(&self, texts: &StringViewArray, kernel: Kernel) -> Vec<(u32, u32)> {
        let mut found = Vec::new();
        let name = |row: usize| texts.value(row).as_bytes();
        kernel.wide(
            #[inline(always)]
            || self.marks.find_each(texts.len(), name, &mut found),
        );
        without_nulls(texts, found)
    }

    /// Whether two entries say the same.
    fn is_same(&self, one: u32, other: u32) -> bool {
        let facts = |entry: u32| self.marks.facts_at(entry);
        facts(one).count() == facts(other).count()
            && facts(one).all(|known| facts(other).any(|other| known == other))
    }
}

/// A cell that is null may hold any text.
fn without_nulls(texts: &dyn Array, mut found: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    if texts.null_count() > 0 {
        found.retain(|(row, _)| !texts.is_null(*row as usize));
    }
    found
}

/// What each entry says of one attribute.
#[derive(Debug)]
struct Cells {
    attribute: AttributeId,
    said: Said,
    /// Whether it says something, and that there is one.
    is_there: Vec<bool>,
}

#[derive(Debug)]
enum Said {
    Instants(Vec<i64>),
    Bools(Vec<bool>),
}

impl Said {
    fn data_type(&self) -> DataType {
        match self {
            Self::Instants(_) => DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
            Self::Bools(_) => DataType::Boolean,
        }
    }
}

impl Cells {
    /// The column of a batch in which these rows are marked, each by its entry.
    fn column(&self, rows: usize, marked: &[(u32, u32)]) -> ArrayRef {
        let mut is_there = bits_of(rows);
        let known = marked.iter().map(|(row, entry)| (*row as usize, *entry as usize));
        let known = known.filter(|(row, entry)| {
            *row < rows && self.is_there.get(*entry).copied().unwrap_or_default()
        });
        match &self.said {
            Said::Instants(of_entries) => {
                let mut values = vec![0_i64; rows];
                for (row, entry) in known {
                    is_there.set_bit(row, true);
                    put(&mut values, row, of_entries.get(entry).copied().unwrap_or_default());
                }
                let nulls = Some(NullBuffer::new(is_there.finish()));
                let column = TimestampNanosecondArray::new(values.into(), nulls);
                Arc::new(column.with_timezone("UTC"))
            }
            Said::Bools(of_entries) => {
                let mut values = bits_of(rows);
                for (row, entry) in known {
                    is_there.set_bit(row, true);
                    values.set_bit(row, of_entries.get(entry).copied().unwrap_or_default());
                }
                let nulls = Some(NullBuffer::new(is_there.finish()));
                Arc::new(BooleanArray::new(values.finish(), nulls))
            }
        }
    }
}

/// As many bits, none of them set.
fn bits_of(rows: usize) -> BooleanBufferBuilder {
    let mut bits = BooleanBufferBuilder::new(rows);
    bits.append_n(rows, false);
    bits
}

/// What each entry says of each attribute. Second, for each entry, whether a column cannot say it.
fn cells_of(
    marks: &Marks,
    attributes: &BTreeSet<AttributeId>,
    schema: &Schema,
) -> (Vec<Cells>, Vec<bool>) {
    let entries = marks.len();
    let mut is_apart = vec![false; entries];
    let new = |attribute: &AttributeId| Cells {
        attribute: *attribute,
        said: match schema.attribute(*attribute).ty == Type::BOOL {
            true => Said::Bools(vec![false; entries]),
            false => Said::Instants(vec![0; entries]),
        },
        is_there: vec![false; entries],
    };
    let mut columns: Vec<Cells> = attributes.iter().map(new).collect();
    for (entry, is_apart) in is_apart.iter_mut().enumerate() {
        for (attribute, fact) in marks.facts_at(entry as u32) {
            let column = columns.iter_mut().find(|column| column.attribute == attribute);
            let Some(column) = column else { continue };
            let is_known = match (fact, &mut column.said) {
                (Fact::Absent, _) => continue,
                // A mark is taken as it is; a cell of a column would be a bad value.
                (Fact::Value(Value::Timestamp(at)), Said::Instants(instants))
                    if (FIRST..PAST_ALL).contains(&at.seconds()) =>
                {
                    let nanos = at.seconds() * 1_000_000_000 + i64::from(at.nanos());
                    put(instants, entry, nanos)
                }
                (Fact::Value(Value::Bool(is)), Said::Bools(bools)) => put(bools, entry, *is),
                (Fact::Value(_) | Fact::Unknown, _) => false,
            };
            *is_apart |= !is_known;
            put(&mut column.is_there, entry, is_known);
        }
    }
    (columns, is_apart)
}

/// Whether there was a place for it.
fn put<T>(column: &mut [T], place: usize, value: T) -> bool {
    match column.get_mut(place) {
        Some(cell) => {
            *cell = value;
            true
        }
        None => false,
    }
}
