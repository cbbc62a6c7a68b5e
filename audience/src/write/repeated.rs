//! How long do texts become that many rows share?
//!
//! Rows refer to entries of a dictionary, to the value of a run or to a place in a buffer: a file
//! of a kilobyte can stand for a table of many gigabytes. What is written is bounded by the rows.

use arrow_array::cast::AsArray as _;
use arrow_array::{Array, RecordBatch, downcast_run_array};
use arrow_buffer::ArrowNativeType as _;
use arrow_schema::DataType;

use crate::error::{self, AudienceError};
use crate::limits::{REPEATED_BYTES_FREE, REPEATED_BYTES_ROW};

/// The texts of all batches of a table so far.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    allowed: u64,
    taken: u64,
}

impl Repeated {
    /// Takes up a batch that is to be written.
    pub(super) fn take(&mut self, batch: &RecordBatch) -> Result<(), AudienceError> {
        let rows = batch.num_rows() as u64;
        self.allowed = self.allowed.saturating_add(rows.saturating_mul(REPEATED_BYTES_ROW));
        for column in batch.columns() {
            self.taken = self.taken.saturating_add(repeated(column.as_ref()));
        }
        if self.taken <= self.allowed.saturating_add(REPEATED_BYTES_FREE) {
            Ok(())
        } else {
            Err(error::repeats_too_much())
        }
    }
}

/// The bytes of the texts of a column that rows may share, written out.
fn repeated(column: &dyn Array) -> u64 {
    match column.data_type() {
        DataType::Utf8View | DataType::BinaryView => total(&lengths(column)),
        DataType::Dictionary(..) | DataType::RunEndEncoded(..) => {
            let texts = texts(column);
            let longest = texts.iter().copied().max().unwrap_or_default();
            // What is within a row's allowance need not be counted exactly.
            if longest <= REPEATED_BYTES_ROW {
                return longest.saturating_mul(column.len() as u64);
            }
            total(&lengths(column))
        }
        DataType::List(_) => {
            let list = column.as_list::<i32>();
            let offsets = list.value_offsets();
            let ends = offsets.first().zip(offsets.last());
            let (first, last) = ends.map_or((0, 0), |(a, b)| (a.as_usize(), b.as_usize()));
            repeated(list.values().slice(first, last.saturating_sub(first)).as_ref())
        }
        DataType::LargeList(_) => {
            let list = column.as_list::<i64>();
            let offsets = list.value_offsets();
            let ends = offsets.first().zip(offsets.last());
            let (first, last) = ends.map_or((0, 0), |(a, b)| (a.as_usize(), b.as_usize()));
            repeated(list.values().slice(first, last.saturating_sub(first)).as_ref())
        }
        _ => 0,
    }
}

fn total(lengths: &[u64]) -> u64 {
    lengths.iter().fold(0, |sum: u64, length| sum.saturating_add(*length))
}

/// The bytes of each text that rows refer to.
fn texts(column: &dyn Array) -> Vec<u64> {
    if let Some(dictionary) = column.as_any_dictionary_opt() {
        return lengths(dictionary.values().as_ref());
    }
    downcast_run_array!(
        column => lengths(column.values().as_ref()),
        _ => Vec::new()
    )
}

/// The bytes of the text of each row.
fn lengths(column: &dyn Array) -> Vec<u64> {
    let of = |text: Option<&[u8]>| text.map_or(0, <[u8]>::len) as u64;
    let of_text = |text: Option<&str>| of(text.map(str::as_bytes));
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().iter().map(of_text).collect(),
        DataType::LargeUtf8 => column.as_string::<i64>().iter().map(of_text).collect(),
        DataType::Utf8View => column.as_string_view().iter().map(of_text).collect(),
        DataType::Binary => column.as_binary::<i32>().iter().map(of).collect(),
        DataType::LargeBinary => column.as_binary::<i64>().iter().map(of).collect(),
        DataType::BinaryView => column.as_binary_view().iter().map(of).collect(),
        DataType::Dictionary(..) => {
            let Some(dictionary) = column.as_any_dictionary_opt() else { return Vec::new() };
            let texts = texts(column);
            if texts.is_empty() {
                return vec![0; column.len()];
            }
            let keys = dictionary.normalized_keys();
            let length = |(row, key): (usize, &usize)| {
                if column.is_null(row) { 0 } else { texts.get(*key).copied().unwrap_or_default() }
            };
            keys.iter().enumerate().map(length).collect()
        }
        DataType::RunEndEncoded(..) => {
            let texts = texts(column);
            downcast_run_array!(
                column => {
                    let ends = column.run_ends();
                    let end_of_all = ends.offset() + column.len();
                    let mut lengths = Vec::with_capacity(column.len());
                    let mut begun = ends.offset();
                    for (end, length) in ends.values().iter().zip(texts) {
                        let end = end.as_usize().min(end_of_all);
                        lengths.resize(lengths.len() + end.saturating_sub(begun), length);
                        begun = end.max(begun);
                    }
                    lengths
                },
                _ => Vec::new()
            )
        }
        _ => vec![0; column.len()],
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::Int32Type;
    use arrow_array::{
        ArrayRef, DictionaryArray, Int32Array, RunArray, StringArray, StringViewArray,
    };
    use arrow_select::take::take;

    use super::*;

    fn shared(text: &str, rows: usize) -> [ArrayRef; 3] {
        let texts: ArrayRef = Arc::new(StringArray::from(vec![text]));
        let keys = Int32Array::from(vec![0; rows]);
        let ends = Int32Array::from(vec![rows as i32]);
        [
            Arc::new(
                DictionaryArray::<Int32Type>::try_new(keys.clone(), Arc::clone(&texts)).unwrap(),
            ),
            Arc::new(RunArray::<Int32Type>::try_new(&ends, texts.as_ref()).unwrap()),
            take(&StringViewArray::from_iter_values([text]), &keys, None).unwrap(),
        ]
    }

    #[test]
    fn rows_may_share_a_long_text_only_so_often() {
        let long = "x".repeat(1 << 20);
        for column in shared(&long, 2000) {
            let taken = repeated(column.as_ref());
            assert_eq!(taken, 2000 << 20, "{}", column.data_type());
            assert_eq!(repeated(column.slice(10, 3).as_ref()), 3 << 20);
            let batch = RecordBatch::try_from_iter([("id", column)]).unwrap();
            let few = batch.slice(0, 600);
            let mut repeated = Repeated::default();
            repeated.take(&few).unwrap();
            let problem = repeated.take(&batch).unwrap_err();
            assert_eq!(problem.code(), "audience/repeats-too-much");
        }
    }

    #[test]
    fn rows_of_ordinary_length_are_never_too_many() {
        let ordinary = "x".repeat(4000);
        for column in shared(&ordinary, 1 << 14) {
            let batch = RecordBatch::try_from_iter([("id", column)]).unwrap();
            let mut repeated = Repeated::default();
            (0..8).for_each(|_| repeated.take(&batch).unwrap());
        }
    }
}
