//! What an expression comes to in the rows of a block.

use std::borrow::Cow;
use std::rc::Rc;

use super::bits::Bits;
use super::over_rows::{Numbers, Side};
use super::texts::Texts;
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
    Ints(Numbers<'a, i64>),
    Doubles(Numbers<'a, f64>),
    /// Instants or spans, as how many times so many nanoseconds.
    Ticks {
        unit: i64,
        ticks: Numbers<'a, i64>,
    },
    /// Instants or spans that no single unit of 64 bits holds, in nanoseconds.
    Nanos(Vec<i128>),
    Texts(Rc<Texts<'a>>),
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
            Self::Texts(texts) => Some(Cow::Borrowed(texts.all())),
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

    pub(super) fn ints(&self) -> Option<Side<'_, i64>> {
        match self {
            Self::Ints(ints) => Some(Side::Each(ints)),
            Self::Same(Value::Int(int)) => Some(Side::Same(*int)),
            _ => None,
        }
    }

    pub(super) fn doubles(&self) -> Option<Side<'_, f64>> {
        match self {
            Self::Doubles(doubles) => Some(Side::Each(doubles)),
            Self::Same(Value::Double(double)) => Some(Side::Same(*double)),
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

/// A unit in nanoseconds, and both sides in it.
type InOneUnit<'v> = (i64, Side<'v, i64>, Side<'v, i64>);

/// Instants or spans of both sides as whole numbers of one unit, where they are.
pub(super) fn in_one_unit<'v>(one: &'v Values<'_>, other: &'v Values<'_>) -> Option<InOneUnit<'v>> {
    let constant = |value: &Value, unit: i64| {
        let nanos = nanos_of(value)?;
        let ticks = i64::try_from(nanos / i128::from(unit)).ok()?;
        (nanos % i128::from(unit) == 0).then_some(Side::Same(ticks))
    };
    match (one, other) {
        (Values::Ticks { unit, ticks: one }, Values::Ticks { unit: same, ticks: other })
            if unit == same =>
        {
            Some((*unit, Side::Each(one), Side::Each(other)))
        }
        (Values::Ticks { unit, ticks }, Values::Same(value)) => {
            Some((*unit, Side::Each(ticks), constant(value, *unit)?))
        }
        (Values::Same(value), Values::Ticks { unit, ticks }) => {
            Some((*unit, constant(value, *unit)?, Side::Each(ticks)))
        }
        _ => None,
    }
}
