//! The columns of a batch as expressions read them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayAccessor, BooleanArray};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, TimeUnit};

use super::bits::{BLOCK, Bits};
use super::expression::ColumnRead;
use super::kernel::Kernel;
use super::layout::{self, Entry, Reader};
use super::over_rows::Numbers;
use super::register::{Lacks, Register, Values};
use super::texts::Texts;
use crate::value::Scalar;

/// One column of a batch.
pub(super) struct Input<'a> {
    cells: Cells<'a>,
    nulls: Option<NullBuffer>,
}

enum Cells<'a> {
    Bools(&'a BooleanArray),
    Ints(Cached<'a, i64>),
    Doubles(Cached<'a, f64>),
    Ticks(i64, Cached<'a, i64>),
    Texts(TextReader<'a>, Kept<Rc<Texts<'a>>>, Memory<'a>),
    Lists(Lists<'a>),
    /// Nothing but nulls.
    Nothing,
}

/// What was read of the ranges that were asked for last: several expressions read the same rows,
/// and elements of the lists of a block of rows stand in a few ranges.
struct Kept<T>(RefCell<VecDeque<(Range<usize>, T)>>);

impl<T: Clone> Kept<T> {
    fn new() -> Self {
        Self(RefCell::new(VecDeque::new()))
    }

    fn get(&self, range: &Range<usize>, read: impl FnOnce() -> T) -> T {
        /// As many ranges of elements as a block has whose lists have three each.
        const RANGES: usize = 4;
        let mut known = self.0.borrow_mut();
        if let Some((_, found)) = known.iter().find(|(known, _)| known == range) {
            return found.clone();
        }
        let found = read();
        if known.len() == RANGES {
            known.pop_front();
        }
        known.push_back((range.clone(), found.clone()));
        found
    }
}

/// Numbers of a column.
struct Cached<'a, T> {
    /// Where the column has them as they are to be read.
    lent: Option<&'a [T]>,
    reader: Reader<'a, T>,
    kept: Kept<Numbers<'a, T>>,
}

impl<'a, T: Entry> Cached<'a, T> {
    fn new(lent: Option<&'a [T]>, reader: Reader<'a, T>) -> Self {
        Self { lent, reader, kept: Kept::new() }
    }

    fn numbers(&self, kernel: Kernel, range: &Range<usize>) -> Numbers<'a, T> {
        debug_assert!(range.len() <= BLOCK, "a block at most");
        if let Some(lent) = self.lent.and_then(|lent| lent.get(range.clone())) {
            return Numbers::Lent(lent);
        }
        self.kept.get(range, || {
            let mut values = vec![T::default(); range.len()];
            (self.reader)(kernel, range.clone(), &mut values);
            Numbers::from(values)
        })
    }
}

/// Adds the texts of a range of rows to a list.
type TextReader<'a> = Box<dyn Fn(Kernel, Range<usize>, &mut Vec<&'a str>) + 'a>;

/// A column of lists: where each begins among the elements, and where the last ends.
pub(super) struct Lists<'a> {
    starts: Starts<'a>,
    pub(super) elements: Box<Input<'a>>,
}

enum Starts<'a> {
    Short(&'a [i32]),
    Long(&'a [i64]),
}

impl Lists<'_> {
    /// Where the elements of a row begin, and those of the row before end.
    #[inline]
    pub(super) fn start_of(&self, row: usize) -> usize {
        match self.starts {
            Starts::Short(starts) => starts.get(row).map_or(0, |start| *start as usize),
            Starts::Long(starts) => starts.get(row).map_or(0, |start| *start as usize),
        }
    }

    /// The elements of a row.
    #[inline]
    pub(super) fn of_row(&self, row: usize) -> Range<usize> {
        match self.starts {
            Starts::Short(starts) => match starts.get(row..row + 2) {
                Some([start, end]) => *start as usize..*end as usize,
                _ => 0..0,
            },
            Starts::Long(starts) => match starts.get(row..row + 2) {
                Some([start, end]) => *start as usize..*end as usize,
                _ => 0..0,
            },
        }
    }
}

impl<'a> Input<'a> {
    /// A column as it is to be read; `None` for a layout that is read row by row.
    pub(super) fn new(array: &'a dyn Array, read: &ColumnRead, kernel: Kernel) -> Option<Self> {
        let nulls = array.logical_nulls().filter(|nulls| nulls.null_count() > 0);
        let cells = match (array.data_type(), read.is_list) {
            (DataType::Null, _) => Cells::Nothing,
            (DataType::List(_), true) => {
                let lists = array.as_list_opt::<i32>()?;
                let starts = Starts::Short(lists.value_offsets());
                Cells::Lists(Self::lists(lists.values().as_ref(), read, kernel, starts)?)
            }
            (DataType::LargeList(_), true) => {
                let lists = array.as_list_opt::<i64>()?;
                let starts = Starts::Long(lists.value_offsets());
                Cells::Lists(Self::lists(lists.values().as_ref(), read, kernel, starts)?)
            }
            (_, true) => return None,
            (_, false) => scalars(array, read.scalar, kernel)?,
        };
        Some(Self { cells, nulls })
    }

    /// A column of nothing but nulls.
    pub(super) fn of_nulls() -> Self {
        Self { cells: Cells::Nothing, nulls: None }
    }

    fn lists(
        elements: &'a dyn Array,
        read: &ColumnRead,
        kernel: Kernel,
        starts: Starts<'a>,
    ) -> Option<Lists<'a>> {
        let of_element = ColumnRead { is_list: false, ..*read };
        let elements = Box::new(Self::new(elements, &of_element, kernel)?);
        Some(Lists { starts, elements })
    }

    /// The lists, where it has some.
    pub(super) fn as_lists(&self) -> Option<&Lists<'a>> {
        if let Cells::Lists(lists) = &self.cells { Some(lists) } else { None }
    }

    /// The rows of a range that are not null.
    pub(super) fn valid(&self, range: &Range<usize>) -> Bits {
        match (&self.cells, &self.nulls) {
            (Cells::Nothing, _) => Bits::NONE,
            (_, None) => Bits::ALL,
            (_, Some(nulls)) => layout::bits(nulls.inner(), range.start, range.len()),
        }
    }

    /// The rows of a range without a value.
    pub(super) fn lacks(&self, range: &Range<usize>, read: &ColumnRead) -> Lacks {
        let null = Bits::ALL.without(&self.valid(range));
        match read.is_nullable {
            true => Lacks { unknown: Bits::NONE, error: null },
            false => Lacks { unknown: null, error: Bits::NONE },
        }
    }

    /// The values of up to a block of rows; `None` where the column has lists.
    pub(super) fn register(
        &self,
        kernel: Kernel,
        range: &Range<usize>,
        read: &ColumnRead,
    ) -> Option<Register<'a>> {
        let values = match &self.cells {
            Cells::Bools(array) => {
                Values::Truth(layout::bits(array.values(), range.start, range.len()))
            }
            Cells::Ints(ints) => Values::Ints(ints.numbers(kernel, range)),
            Cells::Doubles(doubles) => Values::Doubles(doubles.numbers(kernel, range)),
            Cells::Ticks(unit, ticks) => {
                Values::Ticks { unit: *unit, ticks: ticks.numbers(kernel, range) }
            }
            Cells::Texts(texts, kept, Memory { within, is_in_order }) => {
                Values::Texts(kept.get(range, || {
                    let mut all = Vec::with_capacity(range.len());
                    texts(kernel, range.clone(), &mut all);
                    Texts::within(all, *within, *is_in_order)
                }))
            }
            Cells::Nothing => match read.scalar {
                Scalar::Bool => Values::Truth(Bits::NONE),
                Scalar::Int => Values::Ints(vec![0; range.len()].into()),
                Scalar::Double => Values::Doubles(vec![0.0; range.len()].into()),
                Scalar::Timestamp | Scalar::Duration => {
                    Values::Ticks { unit: 1, ticks: vec![0; range.len()].into() }
                }
                Scalar::String | Scalar::Nothing => {
                    Values::Texts(Texts::new(vec![""; range.len()]))
                }
            },
            Cells::Lists(_) => return None,
        };
        Some(Register { values, lacks: self.lacks(range, read) })
    }
}

/// What a layout is of.
fn leaf(found: &DataType) -> &DataType {
    match found {
        DataType::Dictionary(_, values) => leaf(values),
        DataType::RunEndEncoded(_, values) => leaf(values.data_type()),
        found => found,
    }
}

fn scalars<'a>(array: &'a dyn Array, scalar: Scalar, kernel: Kernel) -> Option<Cells<'a>> {
    let whole = || layout::layout(array, 0, kernel, &mut None, &|values, _| wholes(values));
    let unit = |unit: &TimeUnit| match unit {
        TimeUnit::Second => 1_000_000_000,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    };
    let lent = lent(array);
    let leaf = leaf(array.data_type());
    Some(match (scalar, leaf) {
        (Scalar::Bool, _) => Cells::Bools(array.as_boolean_opt()?),
        (Scalar::Int, whole_numbers) if whole_numbers.is_integer() => {
            Cells::Ints(Cached::new(lent, whole()))
        }
        (Scalar::Double, numbers) if numbers.is_numeric() => {
            let lent = array.as_primitive_opt::<Float64Type>().map(|array| &**array.values());
            let reader =
                layout::layout(array, 0.0, kernel, &mut None, &|values, _| doubles(values));
            Cells::Doubles(Cached::new(lent, reader))
        }
        (Scalar::Timestamp, DataType::Timestamp(of, _))
        | (Scalar::Duration, DataType::Duration(of)) => {
            Cells::Ticks(unit(of), Cached::new(lent, whole()))
        }
        (Scalar::String, _) => Cells::Texts(texts(array, kernel)?, Kept::new(), memory(array)),
        _ => return None,
    })
}

/// The numbers of a column that has them as they are to be read.
fn lent(array: &dyn Array) -> Option<&[i64]> {
    fn of<P: ArrowPrimitiveType<Native = i64>>(array: &dyn Array) -> Option<&[i64]> {
        array.as_primitive_opt::<P>().map(|array| &**array.values())
    }
    match array.data_type() {
        DataType::Int64 => of::<Int64Type>(array),
        DataType::Timestamp(TimeUnit::Second, _) => of::<TimestampSecondType>(array),
        DataType::Timestamp(TimeUnit::Millisecond, _) => of::<TimestampMillisecondType>(array),
        DataType::Timestamp(TimeUnit::Microsecond, _) => of::<TimestampMicrosecondType>(array),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => of::<TimestampNanosecondType>(array),
        DataType::Duration(TimeUnit::Second) => of::<DurationSecondType>(array),
        DataType::Duration(TimeUnit::Millisecond) => of::<DurationMillisecondType>(array),
        DataType::Duration(TimeUnit::Microsecond) => of::<DurationMicrosecondType>(array),
        DataType::Duration(TimeUnit::Nanosecond) => of::<DurationNanosecondType>(array),
        _ => None,
    }
}

fn wholes(array: &dyn Array) -> Reader<'_, i64> {
    match array.data_type() {
        DataType::Int8 => each::<Int8Type, i64>(array, i64::from),
        DataType::Int16 => each::<Int16Type, i64>(array, i64::from),
        DataType::Int32 => each::<Int32Type, i64>(array, i64::from),
        DataType::Int64 => each::<Int64Type, i64>(array, |value| value),
        DataType::UInt8 => each::<UInt8Type, i64>(array, i64::from),
        DataType::UInt16 => each::<UInt16Type, i64>(array, i64::from),
        DataType::UInt32 => each::<UInt32Type, i64>(array, i64::from),
        // Past 63 bits it is a bad value, which is judged alone.
        DataType::UInt64 => each::<UInt64Type, i64>(array, u64::cast_signed),
        DataType::Timestamp(TimeUnit::Second, _) => {
            each::<TimestampSecondType, i64>(array, |value| value)
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            each::<TimestampMillisecondType, i64>(array, |value| value)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            each::<TimestampMicrosecondType, i64>(array, |value| value)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            each::<TimestampNanosecondType, i64>(array, |value| value)
        }
        DataType::Duration(TimeUnit::Second) => {
            each::<DurationSecondType, i64>(array, |value| value)
        }
        DataType::Duration(TimeUnit::Millisecond) => {
            each::<DurationMillisecondType, i64>(array, |value| value)
        }
        DataType::Duration(TimeUnit::Microsecond) => {
            each::<DurationMicrosecondType, i64>(array, |value| value)
        }
        DataType::Duration(TimeUnit::Nanosecond) => {
            each::<DurationNanosecondType, i64>(array, |value| value)
        }
        // Asked for whole numbers alone.
        _ => Box::new(|_, _, into| into.fill(0)),
    }
}

fn doubles(array: &dyn Array) -> Reader<'_, f64> {
    match array.data_type() {
        DataType::Float16 => each::<Float16Type, f64>(array, f64::from),
        DataType::Float32 => each::<Float32Type, f64>(array, f64::from),
        DataType::Float64 => each::<Float64Type, f64>(array, |value| value),
        DataType::UInt64 => each::<UInt64Type, f64>(array, |value| value as f64),
        _ => {
            let whole = wholes(array);
            Box::new(move |kernel, range, into| {
                let mut numbers = vec![0; range.len()];
                whole(kernel, range, &mut numbers);
                numbers.iter().zip(into).for_each(|(number, into)| *into = *number as f64);
            })
        }
    }
}

fn each<P: ArrowPrimitiveType, T: Entry>(
    array: &dyn Array,
    convert: impl Fn(P::Native) -> T + 'static,
) -> Reader<'_, T> {
    let Some(array) = array.as_primitive_opt::<P>() else {
        return Box::new(|_, _, into| into.fill(T::default()));
    };
    Box::new(move |kernel, range, into| {
        let Some(values) = array.values().get(range) else { return };
        kernel.wide(
            #[inline(always)]
            || values.iter().zip(into).for_each(|(value, into)| *into = convert(*value)),
        );
    })
}

/// What the texts of a column stand in.
struct Memory<'a> {
    /// Where that is one piece of memory.
    within: Option<&'a [u8]>,
    /// Whether each begins there where the one of the row before ends.
    is_in_order: bool,
}

fn memory(array: &dyn Array) -> Memory<'_> {
    let dictionary = array.as_any_dictionary_opt();
    let values = dictionary.map_or(array, |of| of.values().as_ref());
    let within = match values.data_type() {
        DataType::Utf8 => Some(values.as_string::<i32>().value_data()),
        DataType::LargeUtf8 => Some(values.as_string::<i64>().value_data()),
        _ => None,
    };
    Memory { within, is_in_order: dictionary.is_none() }
}

fn texts<'a>(array: &'a dyn Array, kernel: Kernel) -> Option<TextReader<'a>> {
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        // A dictionary of plain texts, which are few.
        let values = dictionary.values().as_ref();
        let plain = texts_of_rows(values)?;
        let mut entries = Vec::with_capacity(values.len());
        plain(kernel, 0..values.len(), &mut entries);
        let keys = layout::layout(dictionary.keys(), 0, kernel, &mut None, &|keys, _| wholes(keys));
        return Some(Box::new(move |kernel, range, into| {
            let mut found = vec![0; range.len()];
            keys(kernel, range, &mut found);
            into.extend(found.iter().map(|key| {
                usize::try_from(*key).ok().and_then(|key| entries.get(key)).copied().unwrap_or("")
            }));
        }));
    }
    texts_of_rows(array)
}

fn texts_of_rows<'a>(array: &'a dyn Array) -> Option<TextReader<'a>> {
    fn of<'a>(array: impl ArrayAccessor<Item = &'a str> + 'a) -> TextReader<'a> {
        Box::new(move |_, range, into| into.extend(range.map(|row| array.value(row))))
    }
    match array.data_type() {
        DataType::Utf8 => Some(of(array.as_string::<i32>())),
        DataType::LargeUtf8 => Some(of(array.as_string::<i64>())),
        DataType::Utf8View => Some(of(array.as_string_view())),
        _ => None,
    }
}
