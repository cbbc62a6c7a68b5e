//! An expression over the columns of a batch, block by block.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::ops::Range;
use std::rc::Rc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;

use super::bind::Bound;
use super::bits::{BLOCK, Bits};
use super::expression::{ColumnRead, Constant, Expression, QUANTIFIERS_MAX};
use super::functions::{Clocks, Days, joined, parts, parts_of_spans, rewritten, written};
use super::input::{Input, Lists};
use super::kernel::Kernel;
use super::read::{self, Reader};
use super::register::{
    Lacks, Numbers, Register, Side, Values, combined, conditional, either, floored, in_one_unit,
    made, mapped, mapped_small, nanos_of, ordered, pairs_where, rows_where, turned,
};
use super::texts::Texts;
use crate::cel::{Arithmetic, Comparison, Function, Quantifier};
use crate::limits;
use crate::matching::turns::Line;
use crate::value::{Scalar, Value};

/// An expression with the columns of one batch that it reads.
pub(super) struct Calculation<'a> {
    expression: &'a Expression,
    /// By their place in [`Bound::columns`].
    inputs: Vec<(usize, Rc<Input<'a>>)>,
    /// Parts of the expression that are known for each entry of a dictionary, by where they stand.
    of_entries: Vec<(usize, OfEntries<'a>)>,
    days: Days,
    clocks: Clocks,
    kernel: Kernel,
}

/// The columns of a batch that expressions have read: what one reads another need not.
#[derive(Default)]
pub(super) struct Inputs<'a>(RefCell<Vec<(usize, Rc<Input<'a>>)>>);

impl<'a> Inputs<'a> {
    /// `None` where the column has a layout that is read row by row.
    fn get(
        &self,
        array: &'a dyn Array,
        read: &ColumnRead,
        kernel: Kernel,
    ) -> Option<Rc<Input<'a>>> {
        let mut known = self.0.borrow_mut();
        if let Some((_, input)) = known.iter().find(|(column, _)| *column == read.column) {
            return Some(Rc::clone(input));
        }
        let input = Rc::new(Input::new(array, read, kernel)?);
        known.push((read.column, Rc::clone(&input)));
        Some(input)
    }
}

/// What is known of columns that are dictionaries once their entries were looked at.
enum OfEntries<'a> {
    /// Whether a condition on one column holds, as a number of [`OUTCOMES`].
    Condition(Reader<'a, u8>),
    /// The places of the texts of two columns among those of both, in order.
    Places(Box<[Reader<'a, u8>; 2]>),
}

/// How the outcomes of a condition are numbered: false, true, unknown, an error.
const OUTCOMES: [u8; 4] = [0, 1, 2, 3];

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

/// A column that is a dictionary, and its entries.
type Dictionary<'a> = (&'a dyn Array, &'a dyn Array);

/// What the rows of a dictionary have of its entries, which have these.
fn entries<'a>(
    array: &'a dyn Array,
    of_entries: &[u8],
    null: u8,
    kernel: Kernel,
) -> Reader<'a, u8> {
    read::layout(array, null, kernel, &mut None, &|_, _| {
        let of_entries = of_entries.to_vec();
        Box::new(move |_, range, into| {
            for (into, entry) in into.iter_mut().zip(of_entries.get(range).unwrap_or_default()) {
                *into = *entry;
            }
        })
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
        inputs: &Inputs<'a>,
    ) -> Option<Self> {
        let mut calculation = Self {
            expression,
            inputs: Vec::new(),
            of_entries: Vec::new(),
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
                calculation.inputs.push((read.column, inputs.get(array, &read, kernel)?));
            }
        }
        calculation.look_at_entries(expression, batch, bound);
        Some(calculation)
    }

    /// Finds what an expression comes to for the entries of dictionaries, where they are fewer than
    /// the rows.
    fn look_at_entries(
        &mut self,
        expression: &'a Expression,
        batch: &'a RecordBatch,
        bound: &Bound,
    ) {
        let dictionary = |read: &ColumnRead| {
            /// LIMIT: past this, the rows of a block would each look elsewhere in memory.
            const ENTRIES_MAX: usize = 4096;
            /// So few are always looked at.
            const FEW: usize = 64;
            let array: &'a dyn Array =
                batch.columns().get(bound.columns.get(read.column)?.index)?.as_ref();
            let values: &'a dyn Array = array.as_any_dictionary_opt()?.values().as_ref();
            let most = (array.len() / 4).clamp(FEW, ENTRIES_MAX);
            let is_plain = matches!(
                values.data_type(),
                DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
            );
            let is_text = read.scalar == Scalar::String && !read.is_list && is_plain;
            (is_text && values.len() <= most).then_some((array, values))
        };
        let is_condition = matches!(
            expression,
            Expression::Compare { .. } | Expression::Among { .. } | Expression::TextTest { .. }
        );
        if is_condition {
            let mut reads = Vec::new();
            expression.columns(&mut reads);
            reads.dedup_by_key(|read| read.column);
            let is_column = |side: &Expression| matches!(side, Expression::Column(_));
            let is_of_columns = match expression {
                Expression::Compare { sides, .. } => sides.iter().all(is_column),
                _ => false,
            };
            let found = match reads.as_slice() {
                [read] => dictionary(read).and_then(|(array, values)| {
                    let reader = self.of_each_entry(expression, read, array, values)?;
                    Some(OfEntries::Condition(reader))
                }),
                [one, other] if is_of_columns => {
                    dictionary(one).zip(dictionary(other)).and_then(|both| {
                        let places = self.places_of_entries([one, other], both)?;
                        Some(OfEntries::Places(Box::new(places)))
                    })
                }
                _ => None,
            };
            if let Some(found) = found {
                self.of_entries.push((std::ptr::from_ref(expression).addr(), found));
                return;
            }
        }
        expression.for_each_part(&mut |part| self.look_at_entries(part, batch, bound));
    }

    /// What a condition on one column comes to, entry by entry.
    fn of_each_entry(
        &self,
        expression: &'a Expression,
        read: &ColumnRead,
        array: &'a dyn Array,
        values: &'a dyn Array,
    ) -> Option<Reader<'a, u8>> {
        let outcomes = |input: Input<'a>, rows: usize| {
            let of_entries = Self {
                expression,
                inputs: vec![(read.column, Rc::new(input))],
                of_entries: Vec::new(),
                days: Days::new(),
                clocks: Clocks::default(),
                kernel: self.kernel,
            };
            let mut found = Vec::with_capacity(rows);
            while found.len() < rows {
                let range = found.len()..(found.len() + BLOCK).min(rows);
                let (truth, lacks) = of_entries.truth(range.clone())?;
                let [no, yes, unknown, error] = OUTCOMES;
                found.extend((0..range.len()).map(|row| {
                    match (lacks.unknown.has(row), lacks.error.has(row)) {
                        (true, _) => unknown,
                        (_, true) => error,
                        _ if truth.has(row) => yes,
                        _ => no,
                    }
                }));
            }
            Some(found)
        };
        let null = *outcomes(Input::of_nulls(), 1)?.first()?;
        let found = outcomes(Input::new(values, read, self.kernel)?, values.len())?;
        Some(entries(array, &found, null, self.kernel))
    }

    /// The places of the entries of two dictionaries among those of both.
    fn places_of_entries(
        &self,
        reads: [&ColumnRead; 2],
        both: (Dictionary<'a>, Dictionary<'a>),
    ) -> Option<[Reader<'a, u8>; 2]> {
        let texts = |read: &ColumnRead, values: &'a dyn Array| {
            let range = 0..values.len();
            let input = Input::new(values, read, self.kernel)?;
            // More than that have no places that fit into a byte.
            (range.len() <= usize::from(u8::MAX)).then_some(())?;
            input.register(self.kernel, &range, read).map(|register| register.values)
        };
        let ((one, of_one), (other, of_other)) = both;
        let (texts_of_one, texts_of_other) = (texts(reads[0], of_one)?, texts(reads[1], of_other)?);
        let (Values::Texts(texts_of_one), Values::Texts(texts_of_other)) =
            (texts_of_one, texts_of_other)
        else {
            return None;
        };
        let mut all: Vec<&str> =
            texts_of_one.all().iter().chain(texts_of_other.all()).copied().collect();
        all.sort_unstable();
        all.dedup();
        (all.len() <= usize::from(u8::MAX)).then_some(())?;
        let places = |texts: &Texts<'a>| -> Vec<u8> {
            let place = |text: &&str| all.binary_search(text).unwrap_or_default() as u8;
            texts.all().iter().map(place).collect()
        };
        let (of_one, of_other) = (places(&texts_of_one), places(&texts_of_other));
        Some([entries(one, &of_one, 0, self.kernel), entries(other, &of_other, 0, self.kernel)])
    }

    /// What is known from the entries of dictionaries of a part of the expression.
    fn by_entries(&self, expression: &Expression, cells: &Cells<'_, 'a>) -> Option<Register<'a>> {
        let place = std::ptr::from_ref(expression).addr();
        let (_, known) = self.of_entries.iter().find(|(known, _)| *known == place)?;
        let rows = cells.range.len();
        let read = |reader: &Reader<'a, u8>| {
            let mut bytes = [0; BLOCK];
            if let Some(into) = bytes.get_mut(..rows) {
                reader(self.kernel, cells.range.clone(), into);
            }
            bytes
        };
        match known {
            OfEntries::Condition(reader) => {
                let bytes = read(reader);
                let [_, yes, unknown, error] = OUTCOMES
                    .map(|outcome| self.kernel.compare_to(Comparison::Equal, &bytes, outcome));
                Some(Register { values: Values::Truth(yes), lacks: Lacks { unknown, error } })
            }
            OfEntries::Places(readers) => {
                let Expression::Compare { operator, sides } = expression else { return None };
                let [Expression::Column(one), Expression::Column(other)] = &**sides else {
                    return None;
                };
                let lacks = |column| Some(self.input(column)?.lacks(&cells.range, column));
                let lacks = lacks(one)?.of_both(lacks(other)?);
                let [one, other] = &**readers;
                let held = self.kernel.compare(*operator, &read(one), &read(other));
                Some(Register { values: Values::Truth(held), lacks })
            }
        }
    }

    fn input(&self, read: &ColumnRead) -> Option<&Input<'a>> {
        self.inputs.iter().find(|(column, _)| *column == read.column).map(|(_, input)| &**input)
    }

    /// Whether it holds in each row of a range. `None` where lists are so long that a row may meet
    /// the limit of steps.
    pub(super) fn truth(&self, range: Range<usize>) -> Option<(Bits, Lacks)> {
        let Register { values, lacks } =
            self.register(self.expression, &Cells { range, element: None })?;
        Some((values.truth()?, lacks))
    }

    fn register(&self, expression: &Expression, cells: &Cells<'_, 'a>) -> Option<Register<'a>> {
        let rows = cells.range.len();
        if !self.of_entries.is_empty()
            && let Some(known) = self.by_entries(expression, cells)
        {
            return Some(known);
        }
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
                conditional(self.kernel, &condition, &then, &otherwise, rows)
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
                if let Some(held) = self.by_ends(*function, &one.values, &other.values) {
                    return Some(Register { values: Values::Truth(held), lacks });
                }
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
                let sizes = match (&values, values.texts()) {
                    (Values::Texts(texts), _) => Numbers::Made(texts.sizes()),
                    (_, Some(texts)) => texts.iter().map(size).collect(),
                    (_, None) if lacks.valued().is_none() => vec![0; rows].into(),
                    (_, None) => return None,
                };
                Some(Register { values: Values::Ints(sizes), lacks })
            }
            Expression::Rewritten { function, text } => {
                let Register { values, lacks } = self.register(text, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register {
                        values: Values::Texts(Texts::new(vec![""; rows])),
                        lacks,
                    });
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
                    None => vec![0; rows].into(),
                };
                Some(Register { values: Values::Ints(sizes), lacks })
            }
            Expression::Joined(sides) => {
                let (one, other) = self.sides(sides, cells)?;
                let lacks = one.lacks.of_both(other.lacks);
                if lacks.valued().is_none() {
                    return Some(Register {
                        values: Values::Texts(Texts::new(vec![""; rows])),
                        lacks,
                    });
                }
                Some(Register { values: joined(&one.values, &other.values, rows)?, lacks })
            }
            Expression::Written(int) => {
                let Register { values, lacks } = self.register(int, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register {
                        values: Values::Texts(Texts::new(vec![""; rows])),
                        lacks,
                    });
                }
                Some(Register { values: written(&values.ints()?.each(rows)), lacks })
            }
            Expression::Part { function, zone, instant } => {
                let Register { values, lacks } = self.register(instant, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Ints(vec![0; rows].into()), lacks });
                }
                let values = match (zone.is_utc(), values) {
                    (false, Values::Ticks { unit, ticks }) => {
                        self.clocks.shown(self.kernel, zone, (unit, &ticks))?
                    }
                    (false, _) => return None,
                    (true, values) => values,
                };
                let parts = parts(self.kernel, *function, &values, &self.days)?;
                Some(Register { values: Values::Ints(parts), lacks })
            }
            Expression::PartOfSpan { function, span } => {
                let Register { values, lacks } = self.register(span, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Ints(vec![0; rows].into()), lacks });
                }
                Some(Register {
                    values: Values::Ints(parts_of_spans(self.kernel, *function, &values)?),
                    lacks,
                })
            }
            Expression::Whole(of) => {
                let Register { values, lacks } = self.register(of, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Ints(vec![0; rows].into()), lacks });
                }
                let (ints, failed) = self.whole(&values)?;
                let lacks = Lacks::ordered(lacks.unknown, either(&lacks.error, &failed));
                Some(Register { values: Values::Ints(ints), lacks })
            }
            Expression::Widened(int) => {
                let Register { values, lacks } = self.register(int, cells)?;
                if lacks.valued().is_none() {
                    return Some(Register {
                        values: Values::Doubles(vec![0.0; rows].into()),
                        lacks,
                    });
                }
                let ints = values.ints()?;
                let doubles = mapped(self.kernel, &ints.each(rows), |int| int as f64);
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
                // The least number is its own negative.
                let negate = |int: i64| (int.wrapping_neg(), int & int.wrapping_neg());
                let (ints, failed) = made(self.kernel, ints, negate);
                (Values::Ints(ints.into()), failed)
            }
            Values::Doubles(doubles) => {
                (Values::Doubles(mapped(self.kernel, doubles, |double: f64| -double)), Bits::NONE)
            }
            _ if lacks.valued().is_none() => (Values::Ints(vec![0; rows].into()), Bits::NONE),
            _ => return None,
        };
        let lacks = Lacks::ordered(lacks.unknown, either(&lacks.error, &failed));
        Some(Register { values, lacks })
    }

    /// Doubles without their fraction, instants in seconds; and where there is no such number.
    fn whole<'r>(&self, values: &Values<'_>) -> Option<(Numbers<'r, i64>, Bits)> {
        const SECOND: i64 = 1_000_000_000;
        Some(match values {
            Values::Doubles(doubles) => {
                let failed = rows_where(self.kernel, doubles, |double: f64| {
                    // As for one evaluation: both ends are open.
                    !(double > i64::MIN as f64 && double < i64::MAX as f64)
                });
                (mapped(self.kernel, doubles, |double: f64| double as i64), failed)
            }
            Values::Ticks { unit, ticks } => {
                let each = SECOND / *unit;
                let by = each as f64;
                let small = mapped_small(
                    self.kernel,
                    ticks,
                    #[inline(always)]
                    |ticks| floored(ticks, by).0,
                );
                let seconds = small.unwrap_or_else(|| {
                    mapped(self.kernel, ticks, |ticks: i64| ticks.div_euclid(each))
                });
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

    fn of_ints(
        &self,
        operator: Arithmetic,
        one: &Values<'_>,
        other: &Values<'_>,
        rows: usize,
    ) -> Option<(Values<'a>, Bits)> {
        /// The sign of a number: all bits where it is below zero.
        fn below(failed: bool) -> i64 {
            if failed { -1 } else { 0 }
        }
        let kernel = self.kernel;
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

    fn of_doubles(
        &self,
        operator: Arithmetic,
        one: &Values<'_>,
        other: &Values<'_>,
        rows: usize,
    ) -> Option<(Values<'a>, Bits)> {
        let (kernel, one, other) = (self.kernel, one.doubles()?, other.doubles()?);
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
        if let Some((unit, one, other)) = in_one_unit(one, other) {
            // The places in that unit: rounded into the range that they bound.
            let wide = i128::from(unit);
            let least = i64::try_from(-(-least).div_euclid(wide)).unwrap_or(i64::MIN);
            let most = i64::try_from(most.div_euclid(wide)).unwrap_or(i64::MAX);
            let outside = |value: i64| if (value < least) | (value > most) { i64::MIN } else { 0 };
            let (ticks, failed) = match is_sum {
                true => combined(self.kernel, one, other, rows, |a: i64, b: i64| {
                    let sum = a.wrapping_add(b);
                    (sum, (a ^ sum) & (b ^ sum) | outside(sum))
                }),
                false => combined(self.kernel, one, other, rows, |a: i64, b: i64| {
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
            true => {
                combined(self.kernel, one, other, rows, |a, b| bounded(i128::overflowing_add(a, b)))
            }
            false => {
                combined(self.kernel, one, other, rows, |a, b| bounded(i128::overflowing_sub(a, b)))
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
                Some(ordered(self.kernel, operator, one.ints()?, other.ints()?))
            }
            (Values::Doubles(_) | Values::Same(Value::Double(_)), _) => {
                Some(ordered(self.kernel, operator, one.doubles()?, other.doubles()?))
            }
            (Values::Texts(texts), Values::Same(Value::String(other))) => {
                Some(texts.compare_to(self.kernel, operator, other))
            }
            (Values::Same(Value::String(one)), Values::Texts(texts)) => {
                Some(texts.compare_to(self.kernel, turned(operator), one))
            }
            (Values::Texts(one), Values::Texts(other)) => {
                Some(one.compare(self.kernel, operator, other))
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
            _ => match in_one_unit(one, other) {
                Some((_, one, other)) => Some(ordered(self.kernel, operator, one, other)),
                None => {
                    let (one, other) = (one.nanos(rows)?, other.nanos(rows)?);
                    Some(pairs_where(self.kernel, &one, &other, |a: i128, b: i128| {
                        operator.holds(Some(a.cmp(&b)))
                    }))
                }
            },
        }
    }

    /// How texts of a column start or end, where that is all that is asked.
    fn by_ends(&self, function: Function, one: &Values<'_>, other: &Values<'_>) -> Option<Bits> {
        let Values::Texts(texts) = one else { return None };
        match (function, other) {
            (Function::StartsWith, Values::Same(Value::String(part))) => {
                Some(texts.start_with(self.kernel, part))
            }
            (Function::StartsWith, Values::Texts(parts)) => {
                Some(texts.start_with_each(self.kernel, parts))
            }
            (Function::EndsWith, Values::Same(Value::String(part))) => {
                Some(texts.end_with(self.kernel, part))
            }
            _ => None,
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

    fn among<'m>(&self, values: &Values<'_>, members: &'m [Value], lacks: &Lacks) -> Option<Bits> {
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
                rows_where(self.kernel, ints, |int: i64| is_member(&Value::Int(int)))
            }
            Values::Ints(ints) => {
                let mut found = Bits::NONE;
                for member in members {
                    let Value::Int(member) = member else { return None };
                    found.add(&self.kernel.compare_to(Comparison::Equal, ints, *member));
                }
                found
            }
            // NaN is no member of anything, and has no place among those in order.
            Values::Doubles(doubles) => {
                let mut found = Bits::NONE;
                for member in members {
                    let Value::Double(member) = member else { return None };
                    found.add(&self.kernel.compare_to(Comparison::Equal, doubles, *member));
                }
                found
            }
            Values::Texts(texts) => {
                let text = |member: &'m Value| match member {
                    Value::String(member) => Some(&**member),
                    _ => None,
                };
                let members = members.iter().map(text).collect::<Option<Vec<&str>>>()?;
                texts.among(self.kernel, &members)
            }
            Values::Built { .. } => rows_where(self.kernel, &values.texts()?, |text| {
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
                    return Some(rows_where(self.kernel, nanos, |at: i128| {
                        members.binary_search(&at).is_ok()
                    }));
                };
                let unit = i128::from(*unit);
                rows_where(self.kernel, ticks, |at: i64| {
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
        let within = (STEPS_MAX / (steps + 2)).saturating_sub(1);
        let short = usize::try_from(within).unwrap_or(usize::MAX).min(63);
        for (place, row) in cells.range.clone().enumerate().filter(|(place, _)| valued.has(*place))
        {
            let elements = lists.of_row(row);
            // Without a branch that depends on what the list holds: lists are short, and where they
            // stand among those known is alike from row to row.
            if known.is_whole && elements.len() <= short && known.holds(&elements) {
                let trues = known.trues_of_few(&elements);
                let holds = match kind {
                    Quantifier::All => trues == elements.len() as u32,
                    Quantifier::Exists => trues > 0,
                    Quantifier::ExistsOne => trues == 1,
                };
                held.put(place, holds);
                continue;
            }
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

    /// Whether these elements, or the place of none, are among them.
    #[inline]
    fn holds(&self, elements: &Range<usize>) -> bool {
        (self.range.start <= elements.start) & (elements.end <= self.range.end)
    }

    /// Of how many of these elements it is true, which are among them and fewer than 64.
    #[inline]
    fn trues_of_few(&self, elements: &Range<usize>) -> u32 {
        debug_assert!(self.holds(elements) && elements.len() < 64, "few that are known");
        let first = elements.start - self.range.start;
        let word = |place: usize| self.truth.get(place).copied().unwrap_or_default();
        let both = u128::from(word(first / 64 + 1)) << 64 | u128::from(word(first / 64));
        let own = (both >> (first % 64)) as u64 & ((1 << elements.len()) - 1);
        own.count_ones()
    }

    /// Of how many of these elements it is true.
    fn trues(&self, elements: &Range<usize>) -> usize {
        if elements.is_empty() {
            return 0;
        }
        let first = elements.start - self.range.start;
        let (mut at, end) = (first, elements.end - self.range.start);
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
