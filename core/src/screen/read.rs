//! Arrow columns into bytes.
//!
//! [`reader`] binds one column of one batch to one axis once, whatever its layout, and gives a
//! function that fills blocks of rows. A dictionary is classified entry by entry and its keys are
//! looked up; runs are classified value by value. Nothing is copied and no row allocates.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, DurationMicrosecondType, DurationMillisecondType,
    DurationNanosecondType, DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, RunEndIndexType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayAccessor, ArrayRef, BooleanArray, PrimitiveArray};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, NullBuffer};
use arrow_schema::{DataType, TimeUnit};

use super::axis::{Axis, Source, Steps};
use super::bind::Reading;
use super::bits::{BLOCK, Bits};
use super::kernel::{BAD, Countable, Kernel, Key, SmallTable};
use super::lists;
use super::memo::Memo;
use super::places::BAD_LABEL;
use super::word_table::WordTable;
use super::{json, row};
use crate::facts;
use crate::form;
use crate::matching::turns::Line;
use crate::schema::Attribute;
use crate::value::{Fact, Type, Value};

/// Fills a slice with what the rows of a range come to.
pub(super) type Reader<'a, T> = Box<dyn Fn(Kernel, Range<usize>, &mut [T]) + 'a>;

/// What was worked out of a dictionary: kept while the same one comes again.
#[derive(Clone, Debug)]
pub(super) struct KeptDictionary<T> {
    values: ArrayRef,
    entries: Arc<[T]>,
}

/// The reader of a column for an axis.
pub(super) fn reader<'a>(
    array: &'a dyn Array,
    source: &'a Source,
    attribute: &'a Attribute,
    reading: &'a Reading,
    kernel: Kernel,
    kept: &mut Option<KeptDictionary<u8>>,
) -> Reader<'a, u8> {
    let null = null_of(source);
    layout(array, null, kernel, kept, &|values, kernel| {
        plain(values, source, attribute, reading, kernel)
    })
}

/// Whether a column may hold a value that its attribute cannot: a dictionary of few entries is
/// asked entry by entry.
pub(super) fn may_be_bad(
    array: &dyn Array,
    axis: &Axis,
    kept: Option<&KeptDictionary<u8>>,
) -> bool {
    /// LIMIT: past this, asking the rows costs no more.
    const ENTRIES_MAX: usize = 4096;
    match (&axis.source, array.data_type(), kept) {
        (_, DataType::Null, _) => false,
        (_, DataType::Dictionary(..), Some(kept)) if kept.entries.len() <= ENTRIES_MAX => {
            kept.entries.iter().any(|class| axis.bad.iter().any(|run| run.holds(*class)))
        }
        // No 64-bit number is too great, and where the line has no start of its own, none is too
        // small.
        (Source::Line { steps, .. }, DataType::Int64, _) => {
            steps.starts.first().is_none_or(|(first, _)| *first > i64::MIN.into())
        }
        _ => true,
    }
}

/// The reader of a column of texts that are labelled.
pub(super) fn labelled<'a>(
    array: &'a dyn Array,
    reading: &'a Reading,
    null: u32,
    kernel: Kernel,
    kept: &mut Option<KeptDictionary<u32>>,
    label: impl Fn(&str) -> u32 + Copy + 'a,
) -> Reader<'a, u32> {
    layout(array, null, kernel, kept, &|values, _| {
        texts(values, null, of_string(reading, null, BAD_LABEL, label))
    })
}

/// What a text comes to, or the string that its JSON is; `bad` where that is none.
fn of_string<'a, T: Copy + 'a>(
    reading: &'a Reading,
    null: T,
    bad: T,
    entry: impl Fn(&str) -> T + 'a,
) -> impl Fn(&str) -> T + 'a {
    move |text| match reading {
        Reading::Json if text == "null" => null,
        Reading::Json => json::string(text).map_or(bad, |text| entry(&text)),
        Reading::Typed | Reading::Local(_) => entry(text),
    }
}

fn null_of(source: &Source) -> u8 {
    match source {
        Source::Line { null, .. }
        | Source::Doubles { null, .. }
        | Source::Bools { null, .. }
        | Source::Words { null, .. }
        | Source::Presence { null, .. }
        | Source::PlacePresence { null, .. } => *null,
        Source::NumberCountry(_)
        | Source::Country(_)
        | Source::Clocks(_)
        | Source::OfPlaces { .. }
        | Source::Derived { .. }
        | Source::Predicate { .. } => 0,
    }
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
fn put_nulls<T: Entry>(
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

/// A column without a layout of its own around it.
fn plain<'a>(
    array: &'a dyn Array,
    source: &'a Source,
    attribute: &'a Attribute,
    reading: &'a Reading,
    kernel: Kernel,
) -> Reader<'a, u8> {
    let null = null_of(source);

    let is_text =
        matches!(array.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    // What the value of a text or a list is, and not what a member's JSON says of it.
    let is_plain = !matches!(reading, Reading::Json);
    match source {
        Source::Words { words, .. } if is_plain && is_text && attribute.ty == Type::STRING => {
            let words = WordTable::new(words);
            let is_closed = attribute.codes().is_some();
            each_plain_text(array, null, move |text| {
                if is_closed || form::fits_attribute(text, attribute) {
                    words.class(text)
                } else {
                    BAD
                }
            })
        }
        Source::Presence { present, .. } if is_plain && is_text && attribute.ty == Type::STRING => {
            let present = *present;
            each_plain_text(array, null, move |text| {
                if form::fits_attribute(text, attribute) { present } else { BAD }
            })
        }
        Source::Presence { present, .. } if is_plain && lists::are_fine(array, attribute) => {
            let (present, nulls) = (*present, array.logical_nulls());
            Box::new(move |kernel, range, into| {
                into.fill(present);
                put_nulls(nulls.as_ref(), kernel, range.start, null, into);
            })
        }
        Source::Words { words, .. }
            if attribute.form == crate::schema::Form::Any || attribute.codes().is_some() =>
        {
            let class = move |text: &str| {
                if text.len() > crate::limits::FACT_TEXT_BYTES_MAX {
                    BAD
                } else {
                    words.class(text)
                }
            };
            texts(array, null, of_string(reading, null, BAD, class))
        }
        Source::Words { words, .. } => {
            let class = move |text: &str| {
                if facts::value_from_text(text, attribute).is_ok() {
                    words.class(text)
                } else {
                    BAD
                }
            };
            texts(array, null, of_string(reading, null, BAD, class))
        }
        Source::Presence { present, .. } => {
            let present = *present;
            by_row(array, null, move |array, row| match row::fact(array, row, attribute, reading) {
                Ok(Fact::Absent | Fact::Unknown) => null,
                Ok(Fact::Value(_)) => present,
                Err(_) => BAD,
            })
        }
        // Each value by itself: a member's JSON, or what the clocks of a zone showed.
        _ if !matches!(reading, Reading::Typed) => {
            by_row(array, null, move |array, row| match row::fact(array, row, attribute, reading) {
                Ok(Fact::Value(value)) => class_of(source, &value),
                Ok(Fact::Absent | Fact::Unknown) => null,
                Err(_) => BAD,
            })
        }
        // Numbers, instants and booleans as a document of text has them.
        _ if is_text => texts(array, null, move |text| match row::parsed(text, attribute) {
            Ok(value) => class_of(source, &value),
            Err(_) => BAD,
        }),
        Source::Bools { no, yes, .. } => bools(array.as_boolean(), *no, *yes, null),
        Source::Line { line, steps, .. } => numbers(array, *line, steps, null),
        Source::Doubles { steps, .. } => doubles(array, steps, null, kernel),
        Source::PlacePresence { .. }
        | Source::NumberCountry(_)
        | Source::Country(_)
        | Source::Clocks(_)
        | Source::OfPlaces { .. }
        | Source::Derived { .. }
        | Source::Predicate { .. } => Box::new(move |_, _, into| into.fill(null)),
    }
}

/// The class of a single value.
fn class_of(source: &Source, value: &Value) -> u8 {
    match (source, value) {
        (Source::Line { line, steps, .. }, value) => {
            line.place(value).map_or(BAD, |at| steps.class(at))
        }
        (Source::Doubles { steps, .. }, Value::Double(value)) => steps.class(*value),
        (Source::Bools { no, yes, .. }, Value::Bool(value)) => {
            if *value {
                *yes
            } else {
                *no
            }
        }
        _ => BAD,
    }
}

fn by_row<'a>(
    array: &'a dyn Array,
    null: u8,
    class: impl Fn(&dyn Array, usize) -> u8 + 'a,
) -> Reader<'a, u8> {
    Box::new(move |_, range, into| {
        for (row, into) in range.zip(into) {
            *into = if array.is_null(row) { null } else { class(array, row) };
        }
    })
}

fn texts<'a, T: Entry>(
    array: &'a dyn Array,
    null: T,
    entry: impl Fn(&str) -> T + 'a,
) -> Reader<'a, T> {
    match array.data_type() {
        DataType::Utf8 => Box::new(each_text(array.as_string::<i32>(), null, entry)),
        DataType::LargeUtf8 => Box::new(each_text(array.as_string::<i64>(), null, entry)),
        DataType::Utf8View => Box::new(each_text(array.as_string_view(), null, entry)),
        _ => Box::new(move |_, _, into| into.fill(null)),
    }
}

fn each_text<'a, A, T: Entry>(
    array: A,
    null: T,
    entry: impl Fn(&str) -> T + 'a,
) -> impl Fn(Kernel, Range<usize>, &mut [T]) + 'a
where
    A: ArrayAccessor<Item = &'a str> + 'a,
{
    let memo = RefCell::new(Memo::new(array.len()));
    move |_, range, into| {
        // Sorted and constant columns repeat the text before, and to compare is cheaper than to
        // look up.
        let mut before: Option<(&str, T)> = None;
        let mut memo = memo.borrow_mut();
        let has_nulls = array.null_count() > 0;
        for (row, into) in range.zip(into) {
            if has_nulls && array.is_null(row) {
                *into = null;
                continue;
            }
            let text = array.value(row);
            // Numbers and names that differ mostly do so at the end.
            *into = match before {
                Some((known, same))
                    if known.as_bytes().last() == text.as_bytes().last() && known == text =>
                {
                    same
                }
                _ => memo.get(text, &entry),
            };
            before = Some((text, *into));
        }
    }
}

/// As [`texts`], of what is found as soon as it would be remembered.
fn each_plain_text<'a>(
    array: &'a dyn Array,
    null: u8,
    class: impl Fn(&str) -> u8 + 'a,
) -> Reader<'a, u8> {
    fn of<'a>(
        array: impl ArrayAccessor<Item = &'a str> + 'a,
        nulls: Option<&'a NullBuffer>,
        null: u8,
        class: impl Fn(&str) -> u8 + 'a,
    ) -> Reader<'a, u8> {
        Box::new(move |_, range, into| {
            let nulls = nulls.filter(|nulls| nulls.null_count() > 0);
            for (row, into) in range.zip(into) {
                *into = match nulls {
                    Some(nulls) if nulls.is_null(row) => null,
                    _ => class(array.value(row)),
                };
            }
        })
    }
    let nulls = array.nulls();
    match array.data_type() {
        DataType::Utf8 => of(array.as_string::<i32>(), nulls, null, class),
        DataType::LargeUtf8 => of(array.as_string::<i64>(), nulls, null, class),
        DataType::Utf8View => of(array.as_string_view(), nulls, null, class),
        _ => Box::new(move |_, _, into| into.fill(null)),
    }
}

fn bools(array: &BooleanArray, no: u8, yes: u8, null: u8) -> Reader<'_, u8> {
    let nulls = array.nulls();
    Box::new(move |kernel, range, into| {
        for (block, into) in into.chunks_mut(BLOCK).enumerate() {
            let values = bits(array.values(), range.start + block * BLOCK, into.len());
            into.fill(yes);
            kernel.put_nulls(into, &values, no);
        }
        put_nulls(nulls, kernel, range.start, null, into);
    })
}

/// Whole numbers, instants or spans of any width and unit, put on the axis's line by rewriting its
/// steps once into the column's own unit.
fn numbers<'a>(array: &'a dyn Array, line: Line, steps: &Steps<i128>, null: u8) -> Reader<'a, u8> {
    const SECOND: i128 = 1_000_000_000;
    let unit = |unit: &TimeUnit| match unit {
        TimeUnit::Second => SECOND,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    };
    match (line, array.data_type()) {
        (Line::Ints, DataType::Int8) => on_line::<Int8Type>(array, 1, steps, null),
        (Line::Ints, DataType::Int16) => on_line::<Int16Type>(array, 1, steps, null),
        (Line::Ints, DataType::Int32) => on_line::<Int32Type>(array, 1, steps, null),
        (Line::Ints, DataType::Int64) => on_line::<Int64Type>(array, 1, steps, null),
        (Line::Ints, DataType::UInt8) => on_line::<UInt8Type>(array, 1, steps, null),
        (Line::Ints, DataType::UInt16) => on_line::<UInt16Type>(array, 1, steps, null),
        (Line::Ints, DataType::UInt32) => on_line::<UInt32Type>(array, 1, steps, null),
        (Line::Ints, DataType::UInt64) => on_line::<UInt64Type>(array, 1, steps, null),
        (Line::Instants, DataType::Timestamp(of, _)) => match of {
            TimeUnit::Second => on_line::<TimestampSecondType>(array, unit(of), steps, null),
            TimeUnit::Millisecond => {
                on_line::<TimestampMillisecondType>(array, unit(of), steps, null)
            }
            TimeUnit::Microsecond => {
                on_line::<TimestampMicrosecondType>(array, unit(of), steps, null)
            }
            TimeUnit::Nanosecond => {
                on_line::<TimestampNanosecondType>(array, unit(of), steps, null)
            }
        },
        (Line::Spans, DataType::Duration(of)) => match of {
            TimeUnit::Second => on_line::<DurationSecondType>(array, unit(of), steps, null),
            TimeUnit::Millisecond => {
                on_line::<DurationMillisecondType>(array, unit(of), steps, null)
            }
            TimeUnit::Microsecond => {
                on_line::<DurationMicrosecondType>(array, unit(of), steps, null)
            }
            TimeUnit::Nanosecond => on_line::<DurationNanosecondType>(array, unit(of), steps, null),
        },
        // Refused when the column was bound.
        _ => Box::new(move |_, _, into| into.fill(BAD)),
    }
}

fn on_line<'a, P>(array: &'a dyn Array, unit: i128, steps: &Steps<i128>, null: u8) -> Reader<'a, u8>
where
    P: ArrowPrimitiveType,
    P::Native: Countable + TryFrom<i128>,
{
    let Some(array) = array.as_primitive_opt::<P>() else {
        return Box::new(move |_, _, into| into.fill(null));
    };
    let mut native = Steps { before: steps.before, starts: Vec::with_capacity(steps.starts.len()) };
    for (start, class) in &steps.starts {
        // The first value of the column's unit that is not before the start.
        let first = -(-start).div_euclid(unit);
        match P::Native::try_from(first) {
            // Every value of the type has reached it.
            Ok(_) if P::Native::try_from(first - 1).is_err() => native.before = *class,
            Ok(first) => match native.starts.last_mut() {
                Some((before, same)) if *before == first => *same = *class,
                _ => native.starts.push((first, *class)),
            },
            // Below all values of the type: what comes before the next start. Above all: never met.
            Err(_) if first < 0 => native.before = *class,
            Err(_) => break,
        }
    }
    stepped(array, native, null)
}

/// Steps up to which all are counted; past it, a binary search is faster.
const COUNTED_MAX: usize = 15;

fn stepped<P>(array: &PrimitiveArray<P>, steps: Steps<P::Native>, null: u8) -> Reader<'_, u8>
where
    P: ArrowPrimitiveType,
    P::Native: Countable,
{
    let counted = Counted::of(&steps);
    Box::new(move |kernel, range, into| {
        let Some(values) = array.values().get(range.clone()) else { return };
        match &counted {
            Some(counted) => counted.fill(kernel, values, into),
            None => values
                .iter()
                .zip(into.iter_mut())
                .for_each(|(value, into)| *into = steps.class(*value)),
        }
        put_nulls(array.nulls(), kernel, range.start, null, into);
    })
}

/// Few steps: the class by how many starts a value has reached.
struct Counted<T> {
    cuts: Vec<T>,
    /// The class before the first start.
    base: u8,
    /// Where classes do not go up by one from start to start.
    class_of: Option<SmallTable>,
}

impl<T: Countable> Counted<T> {
    fn of(steps: &Steps<T>) -> Option<Self> {
        if steps.starts.len() > COUNTED_MAX {
            return None;
        }
        let classes: Vec<u8> = [steps.before]
            .into_iter()
            .chain(steps.starts.iter().map(|(_, class)| *class))
            .collect();
        // BAD lies before 0, so an axis with values that are too small begins there.
        let goes_up = classes
            .windows(2)
            .all(|pair| matches!(pair, [before, next] if before.wrapping_add(1) == *next));
        let cuts = steps.starts.iter().map(|(start, _)| *start).collect();
        if goes_up {
            return Some(Self { cuts, base: steps.before, class_of: None });
        }
        Some(Self {
            cuts,
            base: 0,
            class_of: Some(SmallTable::new(classes.into_iter(), steps.before)?),
        })
    }

    fn fill(&self, kernel: Kernel, values: &[T], into: &mut [u8]) {
        kernel.regions(values, &self.cuts, self.base, into);
        if let Some(class_of) = &self.class_of {
            kernel.translate(into, class_of);
        }
    }
}

/// Numbers of any type as doubles, a block at a time.
fn doubles<'a>(array: &'a dyn Array, steps: &'a Steps<f64>, null: u8, _: Kernel) -> Reader<'a, u8> {
    match array.data_type() {
        DataType::Float64 => stepped(array.as_primitive::<Float64Type>(), steps.clone(), null),
        DataType::Float32 => converted(array.as_primitive::<Float32Type>(), steps, null, f64::from),
        DataType::Float16 => converted(array.as_primitive::<Float16Type>(), steps, null, f64::from),
        DataType::Int8 => converted(array.as_primitive::<Int8Type>(), steps, null, f64::from),
        DataType::Int16 => converted(array.as_primitive::<Int16Type>(), steps, null, f64::from),
        DataType::Int32 => converted(array.as_primitive::<Int32Type>(), steps, null, f64::from),
        DataType::Int64 => {
            converted(array.as_primitive::<Int64Type>(), steps, null, |value| value as f64)
        }
        DataType::UInt8 => converted(array.as_primitive::<UInt8Type>(), steps, null, f64::from),
        DataType::UInt16 => converted(array.as_primitive::<UInt16Type>(), steps, null, f64::from),
        DataType::UInt32 => converted(array.as_primitive::<UInt32Type>(), steps, null, f64::from),
        DataType::UInt64 => {
            converted(array.as_primitive::<UInt64Type>(), steps, null, |value| value as f64)
        }
        // Refused when the column was bound.
        _ => Box::new(move |_, _, into| into.fill(BAD)),
    }
}

fn converted<'a, P: ArrowPrimitiveType>(
    array: &'a PrimitiveArray<P>,
    steps: &'a Steps<f64>,
    null: u8,
    convert: impl Fn(P::Native) -> f64 + 'a,
) -> Reader<'a, u8> {
    let counted = Counted::of(steps);
    Box::new(move |kernel, range, into| {
        let Some(values) = array.values().get(range.clone()) else { return };
        let mut wide = [0.0; BLOCK];
        for (values, into) in values.chunks(BLOCK).zip(into.chunks_mut(BLOCK)) {
            values.iter().zip(&mut wide).for_each(|(value, wide)| *wide = convert(*value));
            let wide = &wide[..values.len()];
            match &counted {
                Some(counted) => counted.fill(kernel, wide, into),
                None => wide
                    .iter()
                    .zip(into.iter_mut())
                    .for_each(|(value, into)| *into = steps.class(*value)),
            }
        }
        put_nulls(array.nulls(), kernel, range.start, null, into);
    })
}
