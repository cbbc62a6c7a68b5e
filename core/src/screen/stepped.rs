//! Columns of numbers into classes: how many steps of an axis a number has reached.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};

use super::axis::Steps;
use super::bits::BLOCK;
use super::kernel::{BAD, Countable, Kernel, SmallTable};
use super::layout::{Reader, put_nulls};
use crate::matching::turns::Line;

/// Whole numbers, instants or spans of any width and unit, put on the axis's line by rewriting its
/// steps once into the column's own unit.
pub(super) fn numbers<'a>(
    array: &'a dyn Array,
    line: Line,
    steps: &Steps<i128>,
    null: u8,
) -> Reader<'a, u8> {
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

pub(super) fn stepped<P>(
    array: &PrimitiveArray<P>,
    steps: Steps<P::Native>,
    null: u8,
) -> Reader<'_, u8>
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
pub(super) fn doubles<'a>(
    array: &'a dyn Array,
    steps: &'a Steps<f64>,
    null: u8,
    _: Kernel,
) -> Reader<'a, u8> {
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
