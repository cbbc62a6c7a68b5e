//! An expression over the columns of a batch, block by block.

use std::cmp::Ordering;
use std::ops::Range;

use arrow_array::{Array, RecordBatch};

use super::bind::Bound;
use super::bits::{BLOCK, Bits};
use super::expression::{ColumnRead, Constant, Expression, QUANTIFIERS_MAX};
use super::functions::{Clocks, Days, joined, parts, parts_of_spans, rewritten, written};
use super::input::{Input, Lists};
use super::kernel::Kernel;
use super::register::{
    Lacks, Register, Values, combined, conditional, either, in_one_unit, nanos_of, pairs_where,
    rows_where,
};
use crate::cel::{Arithmetic, Comparison, Function, Quantifier};
use crate::limits;
use crate::matching::turns::Line;
use crate::value::{Scalar, Value};

/// An expression with the columns of one batch that it reads.
pub(super) struct Calculation<'a> {
    expression: &'a Expression,
    /// By their place in [`Bound::columns`].
    inputs: Vec<(usize, Input<'a>)>,
    days: Days,
    clocks: Clocks,
    kernel: Kernel,
}

/// Whether a text holds another. Texts of a column are short, and to prepare a search for each
/// takes longer than to look.
fn holds_part(text: &str, part: &str) -> bool {
    const SHORT: usize = 64;
    let (Some((first, rest)), true) = (part.as_bytes().split_first(), text.len() <= SHORT) else {
        return text.contains(part);
    };
    let bytes = text.as_bytes();
    let starts = (bytes.len() + 1).saturating_sub(part.len());
    bytes.iter().take(starts).enumerate().any(|(place, byte)| {
        byte == first && bytes.get(place + 1..place + part.len()) == Some(rest)
    })
}

/// The rows of a block, or some elements of their lists.
struct Cells<'c, 'a> {
    range: Range<usize>,
    element: Option<(&'c Input<'a>, ColumnRead)>,
}

/// What the elements of one list may take.
const STEPS_MAX: u64 = limits::EVALUATION_STEPS_MAX / 2 / QUANTIFIERS_MAX as u64;

impl<'a> Calculation<'a> {
    /// `None` where a column has a layout that is read row by row.
    pub(super) fn new(
        expression: &'a Expression,
        batch: &'a RecordBatch,
        bound: &Bound,
        kernel: Kernel,
    ) -> Option<Self> {
        let mut calculation = Self {
            expression,
            inputs: Vec::new(),
            days: Days::new(),
            clocks: Clocks::default(),
            kernel,
        };
        let mut reads = Vec::new();
        expression.columns(&mut reads);
        for read in reads {
            if calculation.input(&read).is_none() {
                let array: &dyn Array =
                    batch.columns().get(bound.columns.get(read.column)?.index)?.as_ref();
                calculation.inputs.push((read.column, Input::new(array, &read, kernel)?));
            }
        }
        Some(calculation)
    }

    fn input(&self, read: &ColumnRead) -> Option<&Input<'a>> {
        self.inputs.iter().find(|(column, _)| *column == read.column).map(|(_, input)| input)
    }

    /// The class of each row: those of unknown, false, true and error are given. `None` where lists
    /// are so long that a row may meet the limit of steps.
    pub(super) fn classes(
        &self,
        range: Range<usize>,
        class_of: &[u8; 4],
        into: &mut [u8],
    ) -> Option<()> {
        let [of_unknown, of_false, of_true, of_error] = *class_of;
        let Register { values, lacks } =
            self.register(self.expression, &Cells { range, element: None })?;
        into.fill(of_false);
        let put = |rows: &Bits, class: u8, into: &mut [u8]| {
            self.kernel.put_nulls(into, &Bits::ALL.without(rows), class);
        };
        put(&values.truth()?, of_true, into);
        put(&lacks.error, of_error, into);
        put(&lacks.unknown, of_unknown, into);
        Some(())
    }

    fn register(&self, expression: &Expression, cells: &Cells<'_, 'a>) -> Option<Register<'a>> {
        let rows = cells.range.len();
        match expression {
            Expression::Constant(constant) => Some(match constant {
                Constant::Value(value) => {
                    Register { values: Values::Same(value.clone()), lacks: Lacks::NONE }
                }
                Constant::Unknown => Register {
                    values: Values::Truth(Bits::NONE),
                    lacks: Lacks { unknown: Bits::ALL, error: Bits::NONE },
                },
                Constant::Error => Register {
                    values: Values::Truth(Bits::NONE),
                    lacks: Lacks { unknown: Bits::NONE, error: Bits::ALL },
                },
            }),
            Expression::Column(read) => self.input(read)?.register(self.kernel, &cells.range, read),
            Expression::Element => {
                let (input, read) = cells.element.as_ref()?;
                input.register(self.kernel, &cells.range, read)
            }
            Expression::Has(read) => {
                let valid = self.input(read)?.valid(&cells.range);
                let lacks = match read.is_nullable {
                    true => Lacks::NONE,
                    false => Lacks { unknown: Bits::ALL.without(&valid), error: Bits::NONE },
                };
                Some(Register { values: Values::Truth(valid), lacks })
            }
            Expression::Not(inner) => {
                let Register { values, lacks } = self.register(inner, cells)?;
                Some(Register { values: Values::Truth(Bits::ALL.without(&values.truth()?)), lacks })
            }
            Expression::Negate(inner) => self.negated(self.register(inner, cells)?, rows),
            Expression::Junction { parts, decisive } => self.junction(parts, *decisive, cells),
            Expression::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                let condition = self.register(condition, cells)?;
                let (then, otherwise) =
                    (self.register(then, cells)?, self.register(otherwise, cells)?);
                conditional(&condition, &then, &otherwise, rows)
            }
            Expression::Compare { operator, sides } => {
                let (one, other) = self.sides(sides, cells)?;
                let lacks = one.lacks.of_both(other.lacks);
                let held = self.compared(*operator, &one.values, &other.values, rows, &lacks)?;
                Some(Register { values: Values::Truth(held), lacks })
            }
            Expression::Calculate { operator, result, is_between, sides } => {
                let (one, other) = self.sides(sides, cells)?;
                let lacks = one.lacks.of_both(other.lacks);
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Truth(Bits::NONE), lacks });
                }
                let (values, failed) = match result {
                    Scalar::Int => self.of_ints(*operator, &one.values, &other.values, rows)?,
                    Scalar::Double => {
                        self.of_doubles(*operator, &one.values, &other.values, rows)?
                    }
                    _ => {
                        let (least, most) = match is_between {
                            true => (i64::MIN.into(), i64::MAX.into()),
                            false => Line::of(*result)?.ends(),
                        };
                        self.of_times(*operator, &one.values, &other.values, (least, most), rows)?
                    }
                };
                let lacks = Lacks::ordered(lacks.unknown, either(&lacks.error, &failed));
                Some(Register { values, lacks })
            }
            Expression::Among { item, members } => {
                let Register { values, lacks } = self.register(item, cells)?;
                let found = self.among(&values, members, &lacks)?;
                Some(Register { values: Values::Truth(found), lacks })
            }
            Expression::TextTest { function, sides } => {
                let (one, other) = self.sides(sides, cells)?;
                let lacks = one.lacks.of_both(other.lacks);
                let test = match function {
                    // Most texts differ in the letter that is looked at first.
                    Function::StartsWith => |text: &str, part: &str| {
                        part.is_empty()
                            || text.as_bytes().first() == part.as_bytes().first()
                                && text.starts_with(part)
                    },
                    Function::EndsWith => |text: &str, part: &str| {
                        part.is_empty()
                            || text.as_bytes().last() == part.as_bytes().last()
                                && text.ends_with(part)
                    },
                    Function::Contains => holds_part,
                    _ => return None,
                };
                let held = self.of_texts(&one.values, &other.values, rows, &lacks, test)?;
                Some(Register { values: Values::Truth(held), lacks })
            }
            Expression::Size(text) => {
                let Register { values, lacks } = self.register(text, cells)?;
                let size = |text: &&str| i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                let sizes = match values.texts() {
                    Some(texts) => texts.iter().map(size).collect(),
                    None if lacks.valued().is_none() => vec![0; rows],
                    None => return None,
                };
                Some(Register { values: Values::Ints(sizes), lacks })
            }
            Expression::Rewritten { function, text } => {
                let Register { values, lacks } = self.register(text, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Texts(vec![""; rows]), lacks });
                }
                Some(Register { values: rewritten(*function, &values)?, lacks })
            }
            Expression::ListSize(read) => {
                let input = self.input(read)?;
                let lacks = input.lacks(&cells.range, read);
                let sizes = match input.as_lists() {
                    Some(lists) => {
                        cells.range.clone().map(|row| lists.of_row(row).len() as i64).collect()
                    }
                    // A column of nulls has no lists either.
                    None => vec![0; rows],
                };
                Some(Register { values: Values::Ints(sizes), lacks })
            }
            Expression::Joined(sides) => {
                let (one, other) = self.sides(sides, cells)?;
                let lacks = one.lacks.of_both(other.lacks);
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Texts(vec![""; rows]), lacks });
                }
                Some(Register { values: joined(&one.values, &other.values, rows)?, lacks })
            }
            Expression::Written(int) => {
                let Register { values, lacks } = self.register(int, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Texts(vec![""; rows]), lacks });
                }
                Some(Register { values: written(&values.ints(rows)?), lacks })
            }
            Expression::Part { function, zone, instant } => {
                let Register { values, lacks } = self.register(instant, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Ints(vec![0; rows]), lacks });
                }
                let values = match (zone.is_utc(), values) {
                    (false, Values::Ticks { unit, ticks }) => {
                        self.clocks.shown(zone, Values::Ticks { unit, ticks })?
                    }
                    (false, _) => return None,
                    (true, values) => values,
                };
                let parts = parts(*function, &values, &self.days)?;
                Some(Register { values: Values::Ints(parts), lacks })
            }
            Expression::PartOfSpan { function, span } => {
                let Register { values, lacks } = self.register(span, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Ints(vec![0; rows]), lacks });
                }
                Some(Register { values: Values::Ints(parts_of_spans(*function, &values)?), lacks })
            }
            Expression::Whole(of) => {
                let Register { values, lacks } = self.register(of, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Ints(vec![0; rows]), lacks });
                }
                let (ints, failed) = self.whole(&values)?;
                let lacks = Lacks::ordered(lacks.unknown, either(&lacks.error, &failed));
                Some(Register { values: Values::Ints(ints), lacks })
            }
            Expression::Widened(int) => {
                let Register { values, lacks } = self.register(int, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Doubles(vec![0.0; rows]), lacks });
                }
                let doubles = values.ints(rows)?.iter().map(|int| *int as f64).collect();
                Some(Register { values: Values::Doubles(doubles), lacks })
            }
            Expression::Quantifier { kind, list, steps, body } => {
                self.quantified(*kind, list, *steps, body, cells)
            }
        }
    }

    fn sides(
        &self,
        sides: &[Expression; 2],
        cells: &Cells<'_, 'a>,
    ) -> Option<(Register<'a>, Register<'a>)> {
        let [one, other] = sides;
        Some((self.register(one, cells)?, self.register(other, cells)?))
    }

    fn junction(
        &self,
        parts: &[Expression],
        decisive: bool,
        cells: &Cells<'_, 'a>,
    ) -> Option<Register<'a>> {
        let (mut decided, mut unknown, mut error) = (Bits::NONE, Bits::NONE, Bits::NONE);
        for part in parts {
            let Register { values, lacks } = self.register(part, cells)?;
            let truth = values.truth()?;
            let deciding = if decisive { truth } else { Bits::ALL.without(&truth) };
            decided.add(&deciding.and(&lacks.valued()));
            unknown.add(&lacks.unknown);
            error.add(&lacks.error);
        }
        let truth = if decisive { decided } else { Bits::ALL.without(&decided) };
        let lacks = Lacks::ordered(unknown.without(&decided), error.without(&decided));
        Some(Register { values: Values::Truth(truth), lacks })
    }

    fn negated(&self, of: Register<'a>, rows: usize) -> Option<Register<'a>> {
        let Register { values, lacks } = of;
        let (values, failed) = match &values {
            Values::Ints(ints) => {
                let (ints, failed) =
                    combined(self.kernel, ints, ints, |int, _: i64| int.overflowing_neg());
                (Values::Ints(ints), failed)
            }
            Values::Doubles(doubles) => {
                (Values::Doubles(doubles.iter().map(|double| -double).collect()), Bits::NONE)
            }
            _ if lacks.valued().is_none() => (Values::Ints(vec![0; rows]), Bits::NONE),
            _ => return None,
        };
        let lacks = Lacks::ordered(lacks.unknown, either(&lacks.error, &failed));
        Some(Register { values, lacks })
    }

    /// Doubles without their fraction, instants in seconds; and where there is no such number.
    fn whole(&self, values: &Values<'_>) -> Option<(Vec<i64>, Bits)> {
        const SECOND: i64 = 1_000_000_000;
        Some(match values {
            Values::Doubles(doubles) => {
                let failed = rows_where(self.kernel, doubles, |double| {
                    // As for one evaluation: both ends are open.
                    !(double > i64::MIN as f64 && double < i64::MAX as f64)
                });
                (doubles.iter().map(|double| *double as i64).collect(), failed)
            }
            Values::Ticks { unit, ticks } => {
                let each = SECOND / *unit;
                (ticks.iter().map(|ticks| ticks.div_euclid(each)).collect(), Bits::NONE)
            }
            Values::Nanos(nanos) => {
                let second = |nanos: &i128| i64::try_from(nanos.div_euclid(SECOND.into())).ok();
                (nanos.iter().map(second).collect::<Option<_>>()?, Bits::NONE)
            }
            _ => return None,
        })
    }

    fn of_ints(
        &self,
        operator: Arithmetic,
        one: &Values<'_>,
        other: &Values<'_>,
        rows: usize,
    ) -> Option<(Values<'a>, Bits)> {
        // What divides mostly is a constant, of which it is known that nothing fails.
        if let (Values::Same(Value::Int(by)), Values::Ints(ints)) = (other, one)
            && !matches!(by, -1 | 0)
        {
            match operator {
                Arithmetic::Divide => {
                    let ints = ints.iter().map(|int| int / by).collect();
                    return Some((Values::Ints(ints), Bits::NONE));
                }
                Arithmetic::Remainder => {
                    let ints = ints.iter().map(|int| int % by).collect();
                    return Some((Values::Ints(ints), Bits::NONE));
                }
                Arithmetic::Add | Arithmetic::Subtract | Arithmetic::Multiply => {}
            }
        }
        let (one, other) = (one.ints(rows)?, other.ints(rows)?);
        let whole = |of: fn(i64, i64) -> Option<i64>| {
            combined(self.kernel, &one, &other, |a, b| {
                of(a, b).map_or((0, true), |value| (value, false))
            })
        };
        let (ints, failed) = match operator {
            Arithmetic::Add => {
                combined::<i64, i64>(self.kernel, &one, &other, i64::overflowing_add)
            }
            Arithmetic::Subtract => {
                combined::<i64, i64>(self.kernel, &one, &other, i64::overflowing_sub)
            }
            Arithmetic::Multiply => {
                combined::<i64, i64>(self.kernel, &one, &other, i64::overflowing_mul)
            }
            Arithmetic::Divide => whole(i64::checked_div),
            Arithmetic::Remainder => whole(i64::checked_rem),
        };
        Some((Values::Ints(ints), failed))
    }

    fn of_doubles(
        &self,
        operator: Arithmetic,
        one: &Values<'_>,
        other: &Values<'_>,
        rows: usize,
    ) -> Option<(Values<'a>, Bits)> {
        let (one, other) = (one.doubles(rows)?, other.doubles(rows)?);
        let calculate = |of: fn(f64, f64) -> f64| {
            Values::Doubles(one.iter().zip(&*other).map(|(a, b)| of(*a, *b)).collect())
        };
        let values = match operator {
            Arithmetic::Add => calculate(|a, b| a + b),
            Arithmetic::Subtract => calculate(|a, b| a - b),
            Arithmetic::Multiply => calculate(|a, b| a * b),
            Arithmetic::Divide => calculate(|a, b| a / b),
            Arithmetic::Remainder => return None,
        };
        Some((values, Bits::NONE))
    }

    /// A sum or difference of instants and spans, which must lie between two places.
    fn of_times(
        &self,
        operator: Arithmetic,
        one: &Values<'_>,
        other: &Values<'_>,
        (least, most): (i128, i128),
        rows: usize,
    ) -> Option<(Values<'a>, Bits)> {
        let is_sum = match operator {
            Arithmetic::Add => true,
            Arithmetic::Subtract => false,
            _ => return None,
        };
        if let Some((unit, one, other)) = in_one_unit(one, other, rows) {
            // The places in that unit: rounded into the range that they bound.
            let wide = i128::from(unit);
            let least = i64::try_from(-(-least).div_euclid(wide)).unwrap_or(i64::MIN);
            let most = i64::try_from(most.div_euclid(wide)).unwrap_or(i64::MAX);
            let bounded =
                |(value, over): (i64, bool)| (value, over | (value < least) | (value > most));
            let (ticks, failed) = match is_sum {
                true => {
                    combined(self.kernel, &one, &other, |a, b| bounded(i64::overflowing_add(a, b)))
                }
                false => {
                    combined(self.kernel, &one, &other, |a, b| bounded(i64::overflowing_sub(a, b)))
                }
            };
            return Some((Values::Ticks { unit, ticks }, failed));
        }
        let (one, other) = (one.nanos(rows)?, other.nanos(rows)?);
        let bounded =
            |(value, over): (i128, bool)| (value, over | (value < least) | (value > most));
        let (nanos, failed) = match is_sum {
            true => {
                combined(self.kernel, &one, &other, |a, b| bounded(i128::overflowing_add(a, b)))
            }
            false => {
                combined(self.kernel, &one, &other, |a, b| bounded(i128::overflowing_sub(a, b)))
            }
        };
        Some((Values::Nanos(nanos), failed))
    }

    fn compared(
        &self,
        operator: Comparison,
        one: &Values<'_>,
        other: &Values<'_>,
        rows: usize,
        lacks: &Lacks,
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
                Some(self.ordered::<i64>(operator, &one.ints(rows)?, &other.ints(rows)?))
            }
            (Values::Doubles(_) | Values::Same(Value::Double(_)), _) => {
                Some(self.ordered::<f64>(operator, &one.doubles(rows)?, &other.doubles(rows)?))
            }
            (Values::Texts(_) | Values::Built { .. } | Values::Same(Value::String(_)), _) => {
                match operator {
                    // Most texts differ in their length.
                    Comparison::Equal => self.of_texts(one, other, rows, lacks, |a, b| a == b),
                    Comparison::NotEqual => self.of_texts(one, other, rows, lacks, |a, b| a != b),
                    _ => self.of_texts(one, other, rows, lacks, |a, b| {
                        let first = a.as_bytes().first().cmp(&b.as_bytes().first());
                        operator.holds(Some(first.then_with(|| a.cmp(b))))
                    }),
                }
            }
            _ => match in_one_unit(one, other, rows) {
                Some((_, one, other)) => Some(self.ordered::<i64>(operator, &one, &other)),
                None => {
                    Some(self.ordered::<i128>(operator, &one.nanos(rows)?, &other.nanos(rows)?))
                }
            },
        }
    }

    fn ordered<T: PartialOrd + Copy>(&self, operator: Comparison, one: &[T], other: &[T]) -> Bits {
        let kernel = self.kernel;
        match operator {
            Comparison::Equal => pairs_where(kernel, one, other, |a, b| a == b),
            Comparison::NotEqual => pairs_where(kernel, one, other, |a, b| a != b),
            Comparison::Less => pairs_where(kernel, one, other, |a, b| a < b),
            Comparison::LessOrEqual => pairs_where(kernel, one, other, |a, b| a <= b),
            Comparison::Greater => pairs_where(kernel, one, other, |a, b| a > b),
            Comparison::GreaterOrEqual => pairs_where(kernel, one, other, |a, b| a >= b),
        }
    }

    fn of_texts(
        &self,
        one: &Values<'_>,
        other: &Values<'_>,
        rows: usize,
        lacks: &Lacks,
        holds: impl Fn(&str, &str) -> bool,
    ) -> Option<Bits> {
        if lacks.valued().is_none() {
            return Some(Bits::NONE);
        }
        let (texts, others) = (one.texts(), other.texts());
        Some(match (texts.as_deref(), others.as_deref(), one, other) {
            (Some(texts), Some(others), ..) => pairs_where(self.kernel, texts, others, holds),
            (Some(texts), None, _, Values::Same(Value::String(other))) => {
                rows_where(self.kernel, texts, |text| holds(text, other))
            }
            (None, Some(others), Values::Same(Value::String(one)), _) => {
                rows_where(self.kernel, others, |text| holds(one, text))
            }
            (None, None, Values::Same(Value::String(one)), Values::Same(Value::String(other))) => {
                debug_assert!(rows <= BLOCK, "a block at most");
                if holds(one, other) { Bits::ALL } else { Bits::NONE }
            }
            _ => return None,
        })
    }

    fn among(&self, values: &Values<'_>, members: &[Value], lacks: &Lacks) -> Option<Bits> {
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
                rows_where(self.kernel, ints, |int| is_member(&Value::Int(int)))
            }
            Values::Ints(ints) => {
                let mut found = Bits::NONE;
                for member in members {
                    let Value::Int(member) = member else { return None };
                    found.add(&rows_where(self.kernel, ints, |int| int == *member));
                }
                found
            }
            // NaN is no member of anything, and has no place among those in order.
            Values::Doubles(doubles) => {
                rows_where(self.kernel, doubles, |double| members.contains(&Value::Double(double)))
            }
            Values::Texts(_) | Values::Built { .. } => {
                rows_where(self.kernel, &values.texts()?, |text| {
                    let order = |member: &Value| match member {
                        Value::String(member) => (**member).cmp(text),
                        _ => Ordering::Less,
                    };
                    members.binary_search_by(order).is_ok()
                })
            }
            Values::Ticks { .. } | Values::Nanos(_) => {
                let members: Option<Vec<i128>> = members.iter().map(nanos_of).collect();
                let members = members?;
                let Values::Ticks { unit, ticks } = values else {
                    let Values::Nanos(nanos) = values else { return None };
                    return Some(rows_where(self.kernel, nanos, |at| {
                        members.binary_search(&at).is_ok()
                    }));
                };
                let unit = i128::from(*unit);
                rows_where(self.kernel, ticks, |at| {
                    members.binary_search(&(i128::from(at) * unit)).is_ok()
                })
            }
        })
    }

    fn quantified(
        &self,
        kind: Quantifier,
        list: &ColumnRead,
        steps: u64,
        body: &Expression,
        cells: &Cells<'_, 'a>,
    ) -> Option<Register<'a>> {
        let input = self.input(list)?;
        let lacks = input.lacks(&cells.range, list);
        let Some(lists) = input.as_lists() else {
            // A column of nulls has no lists either.
            let truth = Values::Truth(Bits::NONE);
            return lacks.valued().is_none().then_some(Register { values: truth, lacks });
        };
        let of_element = ColumnRead { is_list: false, ..*list };
        let (mut held, mut unknown, mut error) = (Bits::NONE, lacks.unknown, lacks.error);
        let valued = lacks.valued();
        let mut known = Elements::default();
        for (place, row) in cells.range.clone().enumerate().filter(|(place, _)| valued.has(*place))
        {
            let elements = lists.of_row(row);
            // LIMIT: with more, an evaluation of the row alone might meet its own.
            if (elements.len() as u64 + 1).saturating_mul(steps + 2) > STEPS_MAX {
                return None;
            }
            if !known.has(&elements) && elements.len() <= BLOCK {
                known = self.elements(lists, of_element, body, elements.start, &cells.range)?;
            }
            if known.is_whole && known.has(&elements) {
                let trues = known.trues(&elements);
                let holds = match kind {
                    Quantifier::All => trues == elements.len(),
                    Quantifier::Exists => trues > 0,
                    Quantifier::ExistsOne => trues == 1,
                };
                if holds {
                    held.set(place);
                }
                continue;
            }
            let mut found = [0_usize; 4];
            for element in elements.clone() {
                if !known.range.contains(&element) {
                    known = self.elements(lists, of_element, body, element, &cells.range)?;
                }
                found[known.outcome(element)] += 1;
            }
            let [trues, falses, unknowns, errors] = found;
            let is_decided = match kind {
                Quantifier::All => falses > 0,
                Quantifier::Exists => trues > 0,
                Quantifier::ExistsOne => false,
            };
            let holds = match kind {
                Quantifier::All => falses == 0,
                Quantifier::Exists => trues > 0,
                Quantifier::ExistsOne => trues == 1,
            };
            match (is_decided, unknowns, errors) {
                (true, ..) | (_, 0, 0) if holds => held.set(place),
                (true, ..) | (_, 0, 0) => {}
                (_, 0, _) => error.set(place),
                _ => unknown.set(place),
            }
        }
        Some(Register { values: Values::Truth(held), lacks: Lacks { unknown, error } })
    }
}

impl<'a> Calculation<'a> {
    /// What the body of a quantifier comes to for a block of elements, those of the rows of a range
    /// as far as they stand in it.
    fn elements(
        &self,
        lists: &Lists<'a>,
        of_element: ColumnRead,
        body: &Expression,
        first: usize,
        rows: &Range<usize>,
    ) -> Option<Elements> {
        let last = lists.of_row(rows.end.saturating_sub(1)).end;
        let range = first..(first + BLOCK).min(last).max(first + 1);
        let element = Some((&*lists.elements, of_element));
        let Register { values, lacks } =
            self.register(body, &Cells { range: range.clone(), element })?;
        let is_whole = Bits::first(range.len()).without(&lacks.valued()).is_none();
        Some(Elements { range, truth: values.truth()?, lacks, is_whole })
    }
}

/// What the body of a quantifier comes to for some elements that stand side by side.
struct Elements {
    range: Range<usize>,
    truth: Bits,
    lacks: Lacks,
    /// Whether it has a value for each.
    is_whole: bool,
}

impl Default for Elements {
    fn default() -> Self {
        Self { range: 0..0, truth: Bits::NONE, lacks: Lacks::NONE, is_whole: true }
    }
}

impl Elements {
    /// Whether these elements are among them.
    fn has(&self, elements: &Range<usize>) -> bool {
        elements.is_empty() || self.range.start <= elements.start && elements.end <= self.range.end
    }

    /// Of how many of these elements it is true.
    fn trues(&self, elements: &Range<usize>) -> usize {
        let (mut at, end) = match elements.is_empty() {
            true => return 0,
            false => (elements.start - self.range.start, elements.end - self.range.start),
        };
        let mut count = 0;
        for word in self.truth.iter().skip(at / 64) {
            let last = (end - at / 64 * 64).min(64);
            let bits = word >> (at % 64) << (at % 64) & (u64::MAX >> (64 - last));
            count += bits.count_ones() as usize;
            at = (at / 64 + 1) * 64;
            if at >= end {
                break;
            }
        }
        count
    }

    /// 0 for true, 1 for false, 2 for unknown, 3 for an error.
    fn outcome(&self, element: usize) -> usize {
        let place = element - self.range.start;
        match (self.lacks.unknown.has(place), self.lacks.error.has(place)) {
            (true, _) => 2,
            (_, true) => 3,
            _ => usize::from(!self.truth.has(place)),
        }
    }
}
