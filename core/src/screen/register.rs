//! What an expression comes to in the rows of a block.

use std::borrow::Cow;

use super::bits::{BLOCK, Bits};
use super::kernel::Kernel;
use crate::value::Value;

/// A value for each row, or why there is none.
#[derive(Clone, Debug)]
pub(super) struct Register<'a> {
    pub(super) values: Values<'a>,
    pub(super) lacks: Lacks,
}

/// The rows without a value. None is in both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lacks {
    pub(super) unknown: Bits,
    pub(super) error: Bits,
}

/// The values of a block; of rows without one, anything.
#[derive(Clone, Debug)]
pub(super) enum Values<'a> {
    /// The same in every row.
    Same(Value),
    /// A bit a row.
    Truth(Bits),
    Ints(Vec<i64>),
    Doubles(Vec<f64>),
    /// Instants or spans, as how many times so many nanoseconds.
    Ticks {
        unit: i64,
        ticks: Vec<i64>,
    },
    /// Instants or spans that no single unit of 64 bits holds, in nanoseconds.
    Nanos(Vec<i128>),
    Texts(Vec<&'a str>),
    /// Texts that no column holds, one after the other, each up to its end.
    Built {
        bytes: String,
        ends: Vec<usize>,
    },
}

impl Lacks {
    pub(super) const NONE: Self = Self { unknown: Bits::NONE, error: Bits::NONE };

    /// Of a strict operator: an unknown goes before an error.
    pub(super) fn of_both(self, other: Self) -> Self {
        Self::ordered(either(&self.unknown, &other.unknown), either(&self.error, &other.error))
    }

    /// Of rows that are unknown and rows that fail, some of which are both.
    pub(super) fn ordered(unknown: Bits, error: Bits) -> Self {
        Self { unknown, error: error.without(&unknown) }
    }

    /// The rows that have a value.
    pub(super) fn valued(&self) -> Bits {
        Bits::ALL.without(&self.unknown).without(&self.error)
    }
}

pub(super) fn either(one: &Bits, other: &Bits) -> Bits {
    let mut both = *one;
    both.add(other);
    both
}

impl Values<'_> {
    /// The bits of a condition.
    pub(super) fn truth(&self) -> Option<Bits> {
        match self {
            Self::Truth(bits) => Some(*bits),
            Self::Same(Value::Bool(true)) => Some(Bits::ALL),
            Self::Same(Value::Bool(false)) => Some(Bits::NONE),
            _ => None,
        }
    }

    /// Instants or spans in nanoseconds.
    pub(super) fn nanos(&self, rows: usize) -> Option<Cow<'_, [i128]>> {
        match self {
            Self::Nanos(nanos) => Some(Cow::Borrowed(nanos)),
            Self::Ticks { unit, ticks } => {
                let unit = i128::from(*unit);
                Some(ticks.iter().map(|ticks| i128::from(*ticks) * unit).collect())
            }
            Self::Same(value) => Some(Cow::Owned(vec![nanos_of(value)?; rows])),
            _ => None,
        }
    }

    /// Texts that differ from row to row.
    pub(super) fn texts(&self) -> Option<Cow<'_, [&str]>> {
        match self {
            Self::Texts(texts) => Some(Cow::Borrowed(texts)),
            Self::Built { bytes, ends } => {
                let mut start = 0;
                let text = |end: &usize| {
                    let text = bytes.get(start..*end).unwrap_or_default();
                    start = *end;
                    text
                };
                Some(Cow::Owned(ends.iter().map(text).collect()))
            }
            _ => None,
        }
    }

    pub(super) fn ints(&self, rows: usize) -> Option<Cow<'_, [i64]>> {
        match self {
            Self::Ints(ints) => Some(Cow::Borrowed(ints)),
            Self::Same(Value::Int(int)) => Some(Cow::Owned(vec![*int; rows])),
            _ => None,
        }
    }

    pub(super) fn doubles(&self, rows: usize) -> Option<Cow<'_, [f64]>> {
        match self {
            Self::Doubles(doubles) => Some(Cow::Borrowed(doubles)),
            Self::Same(Value::Double(double)) => Some(Cow::Owned(vec![*double; rows])),
            _ => None,
        }
    }
}

/// An instant or a span in nanoseconds.
pub(super) fn nanos_of(value: &Value) -> Option<i128> {
    match value {
        Value::Timestamp(at) => Some(at.as_nanos()),
        Value::Duration(long) => Some(long.as_nanos()),
        _ => None,
    }
}

/// The rows of which something holds, compiled for the width of the kernel.
pub(super) fn rows_where<T: Copy>(kernel: Kernel, values: &[T], holds: impl Fn(T) -> bool) -> Bits {
    kernel.wide(
        #[inline(always)]
        || {
            let mut bits = Bits::NONE;
            for (values, into) in values.chunks(64).zip(bits.iter_mut()) {
                let mut bytes = [0_u8; 64];
                values
                    .iter()
                    .zip(&mut bytes)
                    .for_each(|(value, byte)| *byte = u8::from(holds(*value)));
                *into = gathered(&bytes);
            }
            bits
        },
    )
}

/// As [`rows_where`], of pairs.
pub(super) fn pairs_where<T: Copy, U: Copy>(
    kernel: Kernel,
    one: &[T],
    other: &[U],
    holds: impl Fn(T, U) -> bool,
) -> Bits {
    kernel.wide(
        #[inline(always)]
        || {
            let mut bits = Bits::NONE;
            for ((one, other), into) in one.chunks(64).zip(other.chunks(64)).zip(bits.iter_mut()) {
                let mut bytes = [0_u8; 64];
                one.iter()
                    .zip(other)
                    .zip(&mut bytes)
                    .for_each(|((one, other), byte)| *byte = u8::from(holds(*one, *other)));
                *into = gathered(&bytes);
            }
            bits
        },
    )
}

/// The last bit of each byte.
#[inline(always)]
fn gathered(bytes: &[u8; 64]) -> u64 {
    // Each product brings the eight bits into its highest byte, the first byte's lowest.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (bytes, _) = bytes.as_chunks::<8>();
    bytes
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from_le_bytes(*byte).wrapping_mul(GATHER) >> 56)
}

/// What comes of pairs, and where it does not fit.
pub(super) fn combined<T: Copy + Default, U: Copy>(
    kernel: Kernel,
    one: &[T],
    other: &[U],
    combine: impl Fn(T, U) -> (T, bool),
) -> (Vec<T>, Bits) {
    let mut results = vec![T::default(); one.len()];
    let failed = kernel.wide(
        #[inline(always)]
        || {
            let mut bits = Bits::NONE;
            let chunks = one.chunks(64).zip(other.chunks(64)).zip(results.chunks_mut(64));
            for (((one, other), results), into) in chunks.zip(bits.iter_mut()) {
                let mut bytes = [0_u8; 64];
                for (((one, other), result), byte) in
                    one.iter().zip(other).zip(results).zip(&mut bytes)
                {
                    let (value, failed) = combine(*one, *other);
                    *result = value;
                    *byte = u8::from(failed);
                }
                *into = gathered(&bytes);
            }
            bits
        },
    );
    (results, failed)
}

/// Of each row, one or the other.
fn selected<T: Copy>(chosen: &Bits, one: &[T], other: &[T]) -> Vec<T> {
    let mut selected = Vec::with_capacity(one.len());
    for ((one, other), word) in one.chunks(64).zip(other.chunks(64)).zip(chosen.iter()) {
        let pairs = one.iter().zip(other).enumerate();
        selected.extend(
            pairs.map(|(bit, (one, other))| if word >> bit & 1 == 1 { *one } else { *other }),
        );
    }
    selected
}

/// A unit in nanoseconds, and both sides in it.
type InOneUnit<'v> = (i64, Cow<'v, [i64]>, Cow<'v, [i64]>);

/// Instants or spans of both sides as whole numbers of one unit, where they are.
pub(super) fn in_one_unit<'v>(
    one: &'v Values<'_>,
    other: &'v Values<'_>,
    rows: usize,
) -> Option<InOneUnit<'v>> {
    let constant = |value: &Value, unit: i64| {
        let nanos = nanos_of(value)?;
        let ticks = i64::try_from(nanos / i128::from(unit)).ok()?;
        (nanos % i128::from(unit) == 0).then(|| Cow::Owned(vec![ticks; rows]))
    };
    match (one, other) {
        (Values::Ticks { unit, ticks: one }, Values::Ticks { unit: same, ticks: other })
            if unit == same =>
        {
            Some((*unit, Cow::Borrowed(one), Cow::Borrowed(other)))
        }
        (Values::Ticks { unit, ticks }, Values::Same(value)) => {
            Some((*unit, Cow::Borrowed(ticks), constant(value, *unit)?))
        }
        (Values::Same(value), Values::Ticks { unit, ticks }) => {
            Some((*unit, constant(value, *unit)?, Cow::Borrowed(ticks)))
        }
        _ => None,
    }
}

/// Where a condition has no value, neither has the whole; else the branch that it chooses counts
/// alone.
pub(super) fn conditional<'a>(
    condition: &Register<'_>,
    then: &Register<'a>,
    otherwise: &Register<'a>,
    rows: usize,
) -> Option<Register<'a>> {
    let chosen = condition.values.truth()?;
    let (none, valued) = (&condition.lacks, condition.lacks.valued());
    let branch =
        |one: &Bits, other: &Bits| either(&one.and(&chosen), &other.without(&chosen)).and(&valued);
    let unknown = either(&none.unknown, &branch(&then.lacks.unknown, &otherwise.lacks.unknown));
    let error = either(&none.error, &branch(&then.lacks.error, &otherwise.lacks.error));
    let values = match (&then.values, &otherwise.values) {
        // What has no value in any row has no kind of values either.
        (_, other) if then.lacks.valued().is_none() => other.clone(),
        (one, _) if otherwise.lacks.valued().is_none() => one.clone(),
        (one, other) => match (one, other) {
            (Values::Truth(_) | Values::Same(Value::Bool(_)), _) => {
                let (one, other) = (one.truth()?, other.truth()?);
                Values::Truth(either(&one.and(&chosen), &other.without(&chosen)))
            }
            (Values::Ints(_) | Values::Same(Value::Int(_)), _) => {
                Values::Ints(selected(&chosen, &one.ints(rows)?, &other.ints(rows)?))
            }
            (Values::Doubles(_) | Values::Same(Value::Double(_)), _) => {
                Values::Doubles(selected(&chosen, &one.doubles(rows)?, &other.doubles(rows)?))
            }
            (Values::Texts(one), Values::Texts(other)) => {
                Values::Texts(selected(&chosen, one, other))
            }
            (Values::Texts(_) | Values::Same(Value::String(_)), _) => return None,
            _ => Values::Nanos(selected(&chosen, &one.nanos(rows)?, &other.nanos(rows)?)),
        },
    };
    Some(Register { values, lacks: Lacks { unknown, error } })
}

const _: () = assert!(BLOCK.is_multiple_of(64), "blocks are whole words");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::Vectors;

    #[test]
    fn rows_are_found_whatever_their_number() {
        let kernel = Kernel::new(Vectors::Best);
        for rows in [0, 1, 63, 64, 65, 100, BLOCK] {
            let values: Vec<i64> = (0..rows as i64).collect();
            let found = rows_where(kernel, &values, |value| value % 3 == 1);
            let expected: Vec<usize> = (0..rows).filter(|row| row % 3 == 1).collect();
            assert_eq!(found.rows().collect::<Vec<_>>(), expected);
            let (sums, over) = combined(kernel, &values, &values, |a, b| (a + b, (a + b) % 5 == 0));
            assert_eq!(sums.last().copied(), rows.checked_sub(1).map(|last| last as i64 * 2));
            assert_eq!(over.count(), rows.div_ceil(5) as u64);
        }
    }
}
