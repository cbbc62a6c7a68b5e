//! Arrow columns into bytes.
//!
//! [`reader`] binds one column of one batch to one axis once, whatever its layout, and gives a
//! function that fills blocks of rows; [`layout`] takes dictionaries and runs apart.

use std::cell::RefCell;
use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayAccessor, BooleanArray, GenericStringArray, OffsetSizeTrait};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;

use super::axis::{Axis, Source, Words};
use super::bind::Reading;
use super::bits::{BLOCK, Bits};
use super::kernel::{BAD, Kernel};
use super::layout::{Entry, KeptDictionary, Reader, bits, layout, put_nulls};
use super::lists;
use super::memo::Memo;
use super::places::BAD_LABEL;
use super::stepped::{doubles, numbers};
use super::texts::{self, head, head_within};
use super::word_table::WordTable;
use super::{json, row};
use crate::cel::Comparison;
use crate::facts;
use crate::form;
use crate::limits;
use crate::schema::{Attribute, Form};
use crate::value::{Fact, Type, Value};

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
        each_of(values, null, of_string(reading, null, BAD_LABEL, label))
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
            let is_closed = attribute.codes().is_some();
            let is_any = is_closed || is_free(attribute);
            match array.data_type() {
                DataType::Utf8 if is_any && words.known.len() <= FEW_WORDS => {
                    return few_words(array.as_string::<i32>(), words, attribute, null);
                }
                DataType::LargeUtf8 if is_any && words.known.len() <= FEW_WORDS => {
                    return few_words(array.as_string::<i64>(), words, attribute, null);
                }
                _ => {}
            }
            let words = WordTable::new(words);
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
            if is_free(attribute) {
                match array.data_type() {
                    DataType::Utf8 => {
                        return any_text(array.as_string::<i32>(), attribute, present, null);
                    }
                    DataType::LargeUtf8 => {
                        return any_text(array.as_string::<i64>(), attribute, present, null);
                    }
                    _ => {}
                }
            }
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
            if attribute.form == Form::Any || attribute.codes().is_some() =>
        {
            let class = move |text: &str| {
                if text.len() > limits::FACT_TEXT_BYTES_MAX { BAD } else { words.class(text) }
            };
            each_of(array, null, of_string(reading, null, BAD, class))
        }
        Source::Words { words, .. } => {
            let class = move |text: &str| {
                if facts::value_from_text(text, attribute).is_ok() {
                    words.class(text)
                } else {
                    BAD
                }
            };
            each_of(array, null, of_string(reading, null, BAD, class))
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
        _ if is_text => each_of(array, null, move |text| match row::parsed(text, attribute) {
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

/// Up to so many words are looked for one after the other.
const FEW_WORDS: usize = 8;

/// A column of plain texts of which a few are named: told apart by their first eight bytes, which
/// are compared for all rows of a block at once.
fn few_words<'a, O: OffsetSizeTrait>(
    array: &'a GenericStringArray<O>,
    words: &'a Words,
    attribute: &'a Attribute,
    null: u8,
) -> Reader<'a, u8> {
    let is_closed = attribute.codes().is_some();
    let (memory, offsets) = (array.value_data(), array.value_offsets());
    let at = move |row: usize| offsets.get(row).map_or(0, |at| at.as_usize());
    let known: Vec<(&str, u64, u8)> =
        words.known.iter().map(|(word, class)| (&**word, head(word), *class)).collect();
    let nulls = array.nulls();
    Box::new(move |kernel, range, into| {
        for (block, into) in into.chunks_mut(BLOCK).enumerate() {
            let start = range.start + block * BLOCK;
            let rows = start..start + into.len();
            let mut heads = [0_u64; BLOCK];
            for (head, row) in heads.iter_mut().zip(rows.clone()) {
                *head = head_within(array.value(row), memory);
            }
            into.fill(words.others);
            for (word, head, class) in &known {
                let heads = heads.get(..into.len()).unwrap_or_default();
                let alike = kernel.compare_to(Comparison::Equal, heads, *head);
                for place in alike.and(&Bits::first(into.len())).rows() {
                    let row = start + place;
                    let is_same = at(row + 1) - at(row) == word.len()
                        && (word.len() <= texts::BYTES || array.value(row) == *word);
                    if let Some(into) = into.get_mut(place).filter(|_| is_same) {
                        *into = *class;
                    }
                }
            }
            // Of a list that is closed, what is not on it is bad whatever it is.
            if !is_closed {
                refuse(array, attribute, rows, into);
            }
            put_nulls(nulls, kernel, start, null, into);
        }
    })
}

/// Whether a text may be anything that is not too long. Of texts that have to show something, to
/// ask each for its first letter takes as long as to ask it for all.
fn is_free(attribute: &Attribute) -> bool {
    attribute.form == Form::Any
}

/// Marks the rows whose text is too long: few, if any.
fn refuse<O: OffsetSizeTrait>(
    array: &GenericStringArray<O>,
    attribute: &Attribute,
    rows: Range<usize>,
    into: &mut [u8],
) {
    let offsets = array.value_offsets();
    let at = |row: usize| offsets.get(row).map_or(0, |at| at.as_usize());
    if at(rows.end) - at(rows.start) <= limits::FACT_TEXT_BYTES_MAX {
        return;
    }
    for (row, into) in rows.zip(into) {
        if !form::fits_attribute(array.value(row), attribute) {
            *into = BAD;
        }
    }
}

/// A column of plain texts that may be anything that is not too long.
fn any_text<'a, O: OffsetSizeTrait>(
    array: &'a GenericStringArray<O>,
    attribute: &'a Attribute,
    present: u8,
    null: u8,
) -> Reader<'a, u8> {
    Box::new(move |kernel, range, into| {
        into.fill(present);
        refuse(array, attribute, range.clone(), into);
        put_nulls(array.nulls(), kernel, range.start, null, into);
    })
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

fn each_of<'a, T: Entry>(
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

/// As [`each_of`], of what is found as soon as it would be remembered.
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
