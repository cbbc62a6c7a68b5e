//! What operators come to over the values of a block; `None` where that is left to single rows.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::bits::{BLOCK, Bits};
use super::kernel::Kernel;
use super::over_rows::{
    Numbers, Side, combined, floored, made, mapped, mapped_small, ordered, pairs_where, rows_where,
    selected, turned,
};
use super::register::{Lacks, Register, Values, either, in_one_unit, nanos_of};
use super::texts::{Texts, holding};
use crate::cel::{Arithmetic, Comparison, Function};
use crate::value::Value;

pub(super) fn negated(kernel: Kernel, of: Register<'_>, rows: usize) -> Option<Register<'static>> {
    let Register { values, lacks } = of;
    let (values, failed) = match &values {
        Values::Ints(ints) => {
            // The least number is its own negative.
            let negate = |int: i64| (int.wrapping_neg(), int & int.wrapping_neg());
            let (ints, failed) = made(kernel, ints, negate);
            (Values::Ints(ints.into()), failed)
        }
        Values::Doubles(doubles) => {
            (Values::Doubles(mapped(kernel, doubles, |double: f64| -double)), Bits::NONE)
        }
        _ if lacks.valued().is_none() => (Values::Ints(vec![0; rows].into()), Bits::NONE),
        _ => return None,
    };
    let lacks = Lacks::ordered(lacks.unknown, either(&lacks.error, &failed));
    Some(Register { values, lacks })
}

/// Doubles without their fraction, instants in seconds; and where there is no such number.
pub(super) fn whole<'r>(kernel: Kernel, values: &Values<'_>) -> Option<(Numbers<'r, i64>, Bits)> {
    const SECOND: i64 = 1_000_000_000;
    Some(match values {
        Values::Doubles(doubles) => {
            let failed = rows_where(kernel, doubles, |double: f64| {
                // As for one evaluation: both ends are open.
                !(double > i64::MIN as f64 && double < i64::MAX as f64)
            });
            (mapped(kernel, doubles, |double: f64| double as i64), failed)
        }
        Values::Ticks { unit, ticks } => {
            let each = SECOND / *unit;
            let by = each as f64;
            let small = mapped_small(
                kernel,
                ticks,
                #[inline(always)]
                |ticks| floored(ticks, by).0,
            );
            let seconds =
                small.unwrap_or_else(|| mapped(kernel, ticks, |ticks: i64| ticks.div_euclid(each)));
            (seconds, Bits::NONE)
        }
        Values::Nanos(nanos) => {
            let second = |nanos: &i128| i64::try_from(nanos.div_euclid(SECOND.into())).ok();
            let seconds = nanos.iter().map(second).collect::<Option<Vec<_>>>()?;
            (seconds.into(), Bits::NONE)
        }
        _ => return None,
    })
}

pub(super) fn of_ints(
    kernel: Kernel,
    operator: Arithmetic,
    one: &Values<'_>,
    other: &Values<'_>,
    rows: usize,
) -> Option<(Values<'static>, Bits)> {
    /// The sign of a number: all bits where it is below zero.
    fn below(failed: bool) -> i64 {
        if failed { -1 } else { 0 }
    }
    let (one, other) = (one.ints()?, other.ints()?);
    // What divides mostly is a constant, of which it is known that nothing fails.
    if let (Side::Each(ints), Side::Same(by)) = (&one, &other)
        && let Some(ints) = divided(kernel, operator, ints, *by)
    {
        return Some((Values::Ints(ints), Bits::NONE));
    }
    let (ints, failed) = match (operator, one, other) {
        (Arithmetic::Add, ..) => combined(kernel, one, other, rows, |a: i64, b: i64| {
            let sum = a.wrapping_add(b);
            (sum, (a ^ sum) & (b ^ sum))
        }),
        (Arithmetic::Subtract, ..) => combined(kernel, one, other, rows, |a: i64, b: i64| {
            let difference = a.wrapping_sub(b);
            (difference, (a ^ b) & (a ^ difference))
        }),
        (Arithmetic::Multiply, Side::Each(ints), Side::Same(by))
        | (Arithmetic::Multiply, Side::Same(by), Side::Each(ints))
            if by > 0 =>
        {
            let (least, most) = (i64::MIN / by, i64::MAX / by);
            made(kernel, ints, |int: i64| {
                (int.wrapping_mul(by), below((int < least) | (int > most)))
            })
        }
        (Arithmetic::Multiply, ..) => combined(kernel, one, other, rows, |a: i64, b: i64| {
            let (product, failed) = a.overflowing_mul(b);
            (product, below(failed))
        }),
        (Arithmetic::Divide, ..) => combined(kernel, one, other, rows, |a: i64, b: i64| {
            a.checked_div(b).map_or((0, -1), |value| (value, 0))
        }),
        (Arithmetic::Remainder, ..) => combined(kernel, one, other, rows, |a: i64, b: i64| {
            a.checked_rem(b).map_or((0, -1), |value| (value, 0))
        }),
    };
    Some((Values::Ints(ints.into()), failed))
}

/// Whole numbers divided by one of which it is known that nothing fails, or what is left, cut off
/// towards zero.
fn divided<'r>(
    kernel: Kernel,
    operator: Arithmetic,
    ints: &[i64],
    by: i64,
) -> Option<Numbers<'r, i64>> {
    /// Divisors below this, times what doubles hold, stay exact.
    const GREAT: i64 = 1 << 50;
    if matches!(by, -1 | 0) {
        return None;
    }
    let divisor = by as f64;
    let is_small = 0 < by && by < GREAT;
    match operator {
        Arithmetic::Divide => {
            let small = is_small.then(|| {
                mapped_small(
                    kernel,
                    ints,
                    #[inline(always)]
                    |int| floored(int.abs(), divisor).0.copysign(int),
                )
            });
            Some(small.flatten().unwrap_or_else(|| mapped(kernel, ints, |int: i64| int / by)))
        }
        Arithmetic::Remainder => {
            let small = is_small.then(|| {
                mapped_small(
                    kernel,
                    ints,
                    #[inline(always)]
                    |int| floored(int.abs(), divisor).1.copysign(int),
                )
            });
            Some(small.flatten().unwrap_or_else(|| mapped(kernel, ints, |int: i64| int % by)))
        }
        Arithmetic::Add | Arithmetic::Subtract | Arithmetic::Multiply => None,
    }
}

pub(super) fn of_doubles(
    kernel: Kernel,
    operator: Arithmetic,
    one: &Values<'_>,
    other: &Values<'_>,
    rows: usize,
) -> Option<(Values<'static>, Bits)> {
    let (one, other) = (one.doubles()?, other.doubles()?);
    let (doubles, failed) = match operator {
        Arithmetic::Add => combined(kernel, one, other, rows, |a: f64, b: f64| (a + b, 0)),
        Arithmetic::Subtract => combined(kernel, one, other, rows, |a: f64, b: f64| (a - b, 0)),
        Arithmetic::Multiply => combined(kernel, one, other, rows, |a: f64, b: f64| (a * b, 0)),
        Arithmetic::Divide => combined(kernel, one, other, rows, |a: f64, b: f64| (a / b, 0)),
        Arithmetic::Remainder => return None,
    };
    Some((Values::Doubles(doubles.into()), failed))
}

/// A sum or difference of instants and spans, which must lie between two places.
pub(super) fn of_times(
    kernel: Kernel,
    operator: Arithmetic,
    one: &Values<'_>,
    other: &Values<'_>,
    (least, most): (i128, i128),
    rows: usize,
) -> Option<(Values<'static>, Bits)> {
    let is_sum = match operator {
        Arithmetic::Add => true,
        Arithmetic::Subtract => false,
        _ => return None,
    };
    if let Some((unit, one, other)) = in_one_unit(one, other) {
        // The places in that unit: rounded into the range that they bound.
        let wide = i128::from(unit);
        let least = i64::try_from(-(-least).div_euclid(wide)).unwrap_or(i64::MIN);
        let most = i64::try_from(most.div_euclid(wide)).unwrap_or(i64::MAX);
        let outside = |value: i64| if (value < least) | (value > most) { i64::MIN } else { 0 };
        let (ticks, failed) = match is_sum {
            true => combined(kernel, one, other, rows, |a: i64, b: i64| {
                let sum = a.wrapping_add(b);
                (sum, (a ^ sum) & (b ^ sum) | outside(sum))
            }),
            false => combined(kernel, one, other, rows, |a: i64, b: i64| {
                let difference = a.wrapping_sub(b);
                (difference, (a ^ b) & (a ^ difference) | outside(difference))
            }),
        };
        return Some((Values::Ticks { unit, ticks: ticks.into() }, failed));
    }
    let (one, other) = (one.nanos(rows)?, other.nanos(rows)?);
    let (one, other) = (Side::Each(&one), Side::Each(&other));
    let bounded = |(value, over): (i128, bool)| {
        (value, if over | (value < least) | (value > most) { -1 } else { 0 })
    };
    let (nanos, failed) = match is_sum {
        true => combined(kernel, one, other, rows, |a, b| bounded(i128::overflowing_add(a, b))),
        false => combined(kernel, one, other, rows, |a, b| bounded(i128::overflowing_sub(a, b))),
    };
    Some((Values::Nanos(nanos), failed))
}

pub(super) fn compared(
    kernel: Kernel,
    operator: Comparison,
    one: &Values<'_>,
    other: &Values<'_>,
    rows: usize,
    (lacks, wanted): (&Lacks, &Bits),
) -> Option<Bits> {
    match (one, other) {
        _ if lacks.valued().is_none() => Some(Bits::NONE),
        (Values::Truth(_) | Values::Same(Value::Bool(_)), _) => {
            let (one, other) = (one.truth()?, other.truth()?);
            let same = either(&one.and(&other), &Bits::ALL.without(&one).without(&other));
            let (less, greater) = (other.without(&one), one.without(&other));
            Some(match operator {
                Comparison::Equal => same,
                Comparison::NotEqual => Bits::ALL.without(&same),
                Comparison::Less => less,
                Comparison::LessOrEqual => Bits::ALL.without(&greater),
                Comparison::Greater => greater,
                Comparison::GreaterOrEqual => Bits::ALL.without(&less),
            })
        }
        (Values::Ints(_) | Values::Same(Value::Int(_)), _) => {
            Some(ordered(kernel, operator, one.ints()?, other.ints()?))
        }
        (Values::Doubles(_) | Values::Same(Value::Double(_)), _) => {
            Some(ordered(kernel, operator, one.doubles()?, other.doubles()?))
        }
        (Values::Texts(texts), Values::Same(Value::String(other))) => {
            Some(texts.compare_to(kernel, operator, other))
        }
        (Values::Same(Value::String(one)), Values::Texts(texts)) => {
            Some(texts.compare_to(kernel, turned(operator), one))
        }
        (Values::Texts(one), Values::Texts(other)) => Some(one.compare(kernel, operator, other)),
        (Values::Texts(_) | Values::Built { .. } | Values::Same(Value::String(_)), _) => {
            match operator {
                // Most texts differ in their length.
                Comparison::Equal => {
                    of_texts(kernel, one, other, rows, &wanted.and(&lacks.valued()), |a, b| a == b)
                }
                Comparison::NotEqual => {
                    of_texts(kernel, one, other, rows, &wanted.and(&lacks.valued()), |a, b| a != b)
                }
                _ => of_texts(kernel, one, other, rows, &wanted.and(&lacks.valued()), |a, b| {
                    let first = a.as_bytes().first().cmp(&b.as_bytes().first());
                    operator.holds(Some(first.then_with(|| a.cmp(b))))
                }),
            }
        }
        _ => match in_one_unit(one, other) {
            Some((_, one, other)) => Some(ordered(kernel, operator, one, other)),
            None => {
                let (one, other) = (one.nanos(rows)?, other.nanos(rows)?);
                Some(pairs_where(kernel, &one, &other, |a: i128, b: i128| {
                    operator.holds(Some(a.cmp(&b)))
                }))
            }
        },
    }
}

/// How texts of a column start or end or what they hold, where that is all that is asked.
pub(super) fn by_ends(
    kernel: Kernel,
    function: Function,
    one: &Values<'_>,
    other: &Values<'_>,
    wanted: &Bits,
) -> Option<Bits> {
    let texts = match (one, function, other) {
        (Values::Texts(texts), ..) => texts,
        (Values::Built { bytes, ends }, Function::Contains, Values::Same(Value::String(part))) => {
            return Some(holding(bytes.as_bytes(), part, ends.iter().copied()));
        }
        (Values::Built { bytes, ends }, _, Values::Same(Value::String(part))) => {
            let part = part.as_bytes();
            return match function {
                Function::StartsWith => {
                    Some(built_where(kernel, bytes, ends, |text| text.starts_with(part)))
                }
                Function::EndsWith => {
                    Some(built_where(kernel, bytes, ends, |text| text.ends_with(part)))
                }
                _ => None,
            };
        }
        _ => return None,
    };
    match (function, other) {
        (Function::Contains, Values::Same(Value::String(part))) => Some(texts.hold(part, wanted)),
        (Function::StartsWith, Values::Same(Value::String(part))) => {
            Some(texts.start_with(kernel, part))
        }
        (Function::StartsWith, Values::Texts(parts)) => Some(texts.start_with_each(kernel, parts)),
        (Function::EndsWith, Values::Same(Value::String(part))) => {
            Some(texts.end_with(kernel, part))
        }
        _ => None,
    }
}

/// The rows of texts that were put together of which something holds.
fn built_where(kernel: Kernel, bytes: &str, ends: &[usize], holds: impl Fn(&[u8]) -> bool) -> Bits {
    let mut start = 0;
    let starts: Vec<(usize, usize)> = ends
        .iter()
        .map(|end| {
            let both = (start, *end);
            start = *end;
            both
        })
        .collect();
    rows_where(kernel, &starts, |(start, end)| {
        holds(bytes.as_bytes().get(start..end).unwrap_or_default())
    })
}

pub(super) fn of_texts(
    kernel: Kernel,
    one: &Values<'_>,
    other: &Values<'_>,
    rows: usize,
    wanted: &Bits,
    holds: impl Fn(&str, &str) -> bool,
) -> Option<Bits> {
    if wanted.is_none() {
        return Some(Bits::NONE);
    }
    let (texts, others) = (one.texts(), other.texts());
    // Where few rows are wanted, the others are passed over.
    if wanted.count() * 2 < rows as u64 {
        let of = |texts: &Option<Cow<'_, [&str]>>, same: &Values<'_>| {
            texts.is_some() || matches!(same, Values::Same(Value::String(_)))
        };
        (of(&texts, one) && of(&others, other)).then_some(())?;
        fn text<'t>(
            texts: &'t Option<Cow<'_, [&'t str]>>,
            same: &'t Values<'_>,
            row: usize,
        ) -> &'t str {
            match (texts, same) {
                (Some(texts), _) => texts.get(row).copied().unwrap_or_default(),
                (None, Values::Same(Value::String(same))) => same,
                (None, _) => "",
            }
        }
        let mut found = Bits::NONE;
        for row in wanted.rows().take_while(|row| *row < rows) {
            found.put(row, holds(text(&texts, one, row), text(&others, other, row)));
        }
        return Some(found);
    }
    Some(match (texts.as_deref(), others.as_deref(), one, other) {
        (Some(texts), Some(others), ..) => pairs_where(kernel, texts, others, holds),
        (Some(texts), None, _, Values::Same(Value::String(other))) => {
            rows_where(kernel, texts, |text| holds(text, other))
        }
        (None, Some(others), Values::Same(Value::String(one)), _) => {
            rows_where(kernel, others, |text| holds(one, text))
        }
        (None, None, Values::Same(Value::String(one)), Values::Same(Value::String(other))) => {
            debug_assert!(rows <= BLOCK, "a block at most");
            if holds(one, other) { Bits::ALL } else { Bits::NONE }
        }
        _ => return None,
    })
}

pub(super) fn among<'m>(
    kernel: Kernel,
    values: &Values<'_>,
    members: &'m [Value],
    lacks: &Lacks,
) -> Option<Bits> {
    /// Up to so many members are compared one by one.
    const FEW: usize = 8;
    let is_member = |value: &Value| {
        let order = |member: &Value| member.compare(value).unwrap_or(Ordering::Equal);
        members.binary_search_by(order).is_ok()
    };
    Some(match values {
        _ if lacks.valued().is_none() => Bits::NONE,
        Values::Same(value) => {
            if members.contains(value) {
                Bits::ALL
            } else {
                Bits::NONE
            }
        }
        Values::Truth(truth) => {
            let has = |wanted| members.contains(&Value::Bool(wanted));
            let of = |wanted, rows: Bits| if has(wanted) { rows } else { Bits::NONE };
            either(&of(true, *truth), &of(false, Bits::ALL.without(truth)))
        }
        Values::Ints(ints) if members.len() > FEW => {
            rows_where(kernel, ints, |int: i64| is_member(&Value::Int(int)))
        }
        Values::Ints(ints) => {
            let mut found = Bits::NONE;
            for member in members {
                let Value::Int(member) = member else { return None };
                found.add(&kernel.compare_to(Comparison::Equal, ints, *member));
            }
            found
        }
        // NaN is no member of anything, and has no place among those in order.
        Values::Doubles(doubles) => {
            let mut found = Bits::NONE;
            for member in members {
                let Value::Double(member) = member else { return None };
                found.add(&kernel.compare_to(Comparison::Equal, doubles, *member));
            }
            found
        }
        Values::Texts(texts) => {
            let text = |member: &'m Value| match member {
                Value::String(member) => Some(&**member),
                _ => None,
            };
            let members = members.iter().map(text).collect::<Option<Vec<&str>>>()?;
            texts.among(kernel, &members)
        }
        Values::Built { .. } => rows_where(kernel, &values.texts()?, |text| {
            let order = |member: &Value| match member {
                Value::String(member) => (**member).cmp(text),
                _ => Ordering::Less,
            };
            members.binary_search_by(order).is_ok()
        }),
        Values::Ticks { .. } | Values::Nanos(_) => {
            let members: Option<Vec<i128>> = members.iter().map(nanos_of).collect();
            let members = members?;
            let Values::Ticks { unit, ticks } = values else {
                let Values::Nanos(nanos) = values else { return None };
                return Some(rows_where(kernel, nanos, |at: i128| {
                    members.binary_search(&at).is_ok()
                }));
            };
            let unit = i128::from(*unit);
            rows_where(kernel, ticks, |at: i64| {
                members.binary_search(&(i128::from(at) * unit)).is_ok()
            })
        }
    })
}

/// Where a condition has no value, neither has the whole; else the branch that it chooses counts
/// alone.
pub(super) fn conditional<'a>(
    kernel: Kernel,
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
                Values::Ints(selected(kernel, &chosen, one.ints()?, other.ints()?, rows).into())
            }
            (Values::Doubles(_) | Values::Same(Value::Double(_)), _) => Values::Doubles(
                selected(kernel, &chosen, one.doubles()?, other.doubles()?, rows).into(),
            ),
            (Values::Texts(one), Values::Texts(other)) => {
                let (one, other) = (Side::Each(one.all()), Side::Each(other.all()));
                Values::Texts(Texts::new(selected(kernel, &chosen, one, other, rows)))
            }
            (Values::Texts(_) | Values::Same(Value::String(_)), _) => return None,
            (Values::Ticks { unit, ticks: one }, Values::Ticks { unit: same, ticks: other })
                if unit == same =>
            {
                let (one, other) = (Side::Each(one), Side::Each(other));
                let ticks = selected(kernel, &chosen, one, other, rows).into();
                Values::Ticks { unit: *unit, ticks }
            }
            _ => {
                let (one, other) = (one.nanos(rows)?, other.nanos(rows)?);
                let (one, other) = (Side::Each(&one), Side::Each(&other));
                Values::Nanos(selected(kernel, &chosen, one, other, rows))
            }
        },
    };
    Some(Register { values, lacks: Lacks { unknown, error } })
}
