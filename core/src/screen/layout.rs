//! Columns of any layout, by readers of what they are made of.
//!
//! The entries of a dictionary are read once and its keys are looked up; runs are read value by
//! value. Nothing is copied and no row allocates.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, RunEndIndexType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, NullBuffer};
use arrow_schema::DataType;

use super::bits::{BLOCK, Bits};
use super::kernel::{Kernel, Key, SmallTable};

/// Fills a slice with what the rows of a range come to.
pub(super) type Reader<'a, T> = Box<dyn Fn(Kernel, Range<usize>, &mut [T]) + 'a>;

/// What was worked out of a dictionary: kept while the same one comes again.
#[derive(Clone, Debug)]
pub(super) struct KeptDictionary<T> {
    values: ArrayRef,
    pub(super) entries: Arc<[T]>,
}

/// Takes dictionaries and runs apart; `plain` reads what they are of.
pub(super) fn layout<'a, T: Entry>(
    array: &'a dyn Array,
    null: T,
    kernel: Kernel,
    kept: &mut Option<KeptDictionary<T>>,
    plain: &dyn Fn(&'a dyn Array, Kernel) -> Reader<'a, T>,
) -> Reader<'a, T> {
    match array.data_type() {
        DataType::Null => Box::new(move |_, _, into| into.fill(null)),
        DataType::Dictionary(key, _) => {
            let Some(dictionary) = array.as_any_dictionary_opt() else {
                return Box::new(move |_, _, into| into.fill(null));
            };
            let values = dictionary.values();
            let known = kept
                .as_ref()
                .filter(|known| Arc::ptr_eq(&known.values, values))
                .map(|known| Arc::clone(&known.entries));
            let entries = known.unwrap_or_else(|| {
                let mut entries = vec![null; values.len()];
                layout(values.as_ref(), null, kernel, &mut None, plain)(
                    kernel,
                    0..values.len(),
                    &mut entries,
                );
                entries.into()
            });
            *kept =
                Some(KeptDictionary { values: Arc::clone(values), entries: Arc::clone(&entries) });
            match **key {
                DataType::Int8 => keyed::<Int8Type, T>(array, entries, null),
                DataType::Int16 => keyed::<Int16Type, T>(array, entries, null),
                DataType::Int32 => keyed::<Int32Type, T>(array, entries, null),
                DataType::Int64 => keyed::<Int64Type, T>(array, entries, null),
                DataType::UInt8 => keyed::<UInt8Type, T>(array, entries, null),
                DataType::UInt16 => keyed::<UInt16Type, T>(array, entries, null),
                DataType::UInt32 => keyed::<UInt32Type, T>(array, entries, null),
                _ => keyed::<UInt64Type, T>(array, entries, null),
            }
        }
        DataType::RunEndEncoded(ends, _) => match ends.data_type() {
            DataType::Int16 => runs::<Int16Type, T>(array, null, kernel, plain),
            DataType::Int32 => runs::<Int32Type, T>(array, null, kernel, plain),
            _ => runs::<Int64Type, T>(array, null, kernel, plain),
        },
        _ => plain(array, kernel),
    }
}

/// What a row comes to: a class or a label.
pub(super) trait Entry: Copy + Default + 'static {
    /// The table in a form that vectors can look up, where there is one.
    fn small(table: &[Self], null: Self) -> Option<SmallTable>;
    /// Looks up keys in it.
    fn look_up<K: Key>(kernel: Kernel, keys: &[K], table: &SmallTable, into: &mut [Self]);
    /// Overwrites the rows that are not valid.
    fn put_nulls(kernel: Kernel, into: &mut [Self], valid: &Bits, null: Self);
}

impl Entry for u8 {
    fn small(table: &[Self], null: Self) -> Option<SmallTable> {
        SmallTable::new(table.iter().copied(), null)
    }

    fn look_up<K: Key>(kernel: Kernel, keys: &[K], table: &SmallTable, into: &mut [Self]) {
        kernel.look_up(keys, table, into);
    }

    fn put_nulls(kernel: Kernel, into: &mut [Self], valid: &Bits, null: Self) {
        kernel.put_nulls(into, valid, null);
    }
}

macro_rules! wide_entry {
    ($($entry:ty),+) => {
        $(impl Entry for $entry {
            fn small(_: &[Self], _: Self) -> Option<SmallTable> {
                None
            }

            fn look_up<K: Key>(_: Kernel, _: &[K], _: &SmallTable, _: &mut [Self]) {}

            fn put_nulls(_: Kernel, into: &mut [Self], valid: &Bits, null: Self) {
                for (valid, rows) in valid.iter().zip(into.chunks_mut(64)) {
                    for (bit, row) in rows.iter_mut().enumerate().filter(|_| *valid != u64::MAX) {
                        if valid >> bit & 1 == 0 {
                            *row = null;
                        }
                    }
                }
            }
        })+
    };
}

wide_entry! { u32, i64, f64 }

fn keyed<'a, K, T>(array: &'a dyn Array, entries: Arc<[T]>, null: T) -> Reader<'a, T>
where
    K: ArrowDictionaryKeyType,
    K::Native: Key,
    T: Entry,
{
    /// One row in so many, at the most, is looked up by itself where the others are null.
    const SPARSE: usize = 4;
    let Some(dictionary) = array.as_dictionary_opt::<K>() else {
        return Box::new(move |_, _, into| into.fill(null));
    };
    let keys: &'a [K::Native] = dictionary.keys().values();
    let nulls = dictionary.nulls().filter(|nulls| nulls.null_count() > 0);
    let small = T::small(&entries, null);
    let entry_of = move |entries: &[T], key: &K::Native| {
        entries.get(Key::index(*key)).copied().unwrap_or(null)
    };
    // Of columns such as those of marks, most rows are null.
    if let Some(nulls) =
        nulls.filter(|nulls| (nulls.len() - nulls.null_count()) * SPARSE < nulls.len())
    {
        return Box::new(move |_, range, into| {
            let Some(keys) = keys.get(range.clone()) else { return };
            into.fill(null);
            for (block, (keys, into)) in keys.chunks(BLOCK).zip(into.chunks_mut(BLOCK)).enumerate()
            {
                let valid = bits(nulls.inner(), range.start + block * BLOCK, into.len());
                for row in valid.rows() {
                    if let (Some(key), Some(into)) = (keys.get(row), into.get_mut(row)) {
                        *into = entry_of(&entries, key);
                    }
                }
            }
        });
    }
    Box::new(move |kernel, range, into| {
        let Some(keys) = keys.get(range.clone()) else { return };
        match &small {
            Some(small) => T::look_up(kernel, keys, small, into),
            None => keys
                .iter()
                .zip(into.iter_mut())
                .for_each(|(key, into)| *into = entry_of(&entries, key)),
        }
        put_nulls(nulls, kernel, range.start, null, into);
    })
}

fn runs<'a, R: RunEndIndexType, T: Entry>(
    array: &'a dyn Array,
    null: T,
    kernel: Kernel,
    plain: &dyn Fn(&'a dyn Array, Kernel) -> Reader<'a, T>,
) -> Reader<'a, T> {
    let Some(runs) = array.as_run_opt::<R>() else {
        return Box::new(move |_, _, into| into.fill(null));
    };
    let values = runs.values();
    let mut entries = vec![null; values.len()];
    layout(values.as_ref(), null, kernel, &mut None, plain)(kernel, 0..values.len(), &mut entries);
    let ends = runs.run_ends();
    let offset = ends.offset();
    let ends: &'a [R::Native] = ends.values();
    Box::new(move |_, range, into| {
        let mut run = ends.partition_point(|end| end.as_usize() <= offset + range.start);
        let mut done = 0;
        while done < into.len() {
            let Some(end) = ends.get(run) else { break };
            let end = end.as_usize().saturating_sub(offset + range.start).min(into.len());
            if let Some(part) = into.get_mut(done..end) {
                part.fill(entries.get(run).copied().unwrap_or(null));
            }
            done = end.max(done);
            run += 1;
        }
    })
}

/// The bits of up to a block of rows.
pub(super) fn bits(buffer: &BooleanBuffer, start: usize, rows: usize) -> Bits {
    let rows = rows.min(BLOCK);
    let mut bits = Bits::NONE;
    let first = buffer.offset() + start;
    match buffer.values().get(first / 8..(first + rows).div_ceil(8)) {
        // Most buffers begin at a byte, and blocks do.
        Some(bytes) if first.is_multiple_of(8) => {
            let (words, rest) = bytes.as_chunks::<8>();
            bits.iter_mut().zip(words).for_each(|(into, word)| *into = u64::from_le_bytes(*word));
            if let Some(into) = bits.get_mut(words.len()) {
                *into = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
            }
            bits.and(&Bits::first(rows))
        }
        _ => {
            bits.iter_mut()
                .zip(buffer.slice(start, rows).bit_chunks().iter_padded())
                .for_each(|(into, word)| *into = word);
            bits
        }
    }
}

/// Overwrites the rows that are null. `start` is the first row of `into`.
pub(super) fn put_nulls<T: Entry>(
    nulls: Option<&NullBuffer>,
    kernel: Kernel,
    start: usize,
    null: T,
    into: &mut [T],
) {
    let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else { return };
    for (block, into) in into.chunks_mut(BLOCK).enumerate() {
        let valid = bits(nulls.inner(), start + block * BLOCK, into.len());
        T::put_nulls(kernel, into, &valid, null);
    }
}
