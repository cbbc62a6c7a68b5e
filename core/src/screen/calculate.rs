//! An expression over the columns of a batch, block by block.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use arrow_array::Array;

use super::bits::Bits;
use super::entries::{Entries, Looking};
use super::expression::{ColumnRead, Constant, Expression};
use super::functions::{Clocks, Days, joined, parts, parts_of_spans, rewritten, written};
use super::input::Input;
use super::kernel::Kernel;
use super::operators::{
    among, by_ends, compared, conditional, negated, of_doubles, of_ints, of_texts, of_times, whole,
};
use super::over_rows::{Numbers, mapped};
use super::placed::PlacedRows;
use super::places::Labels;
use super::quantified::quantified;
use super::register::{Lacks, Register, Values, either};
use super::texts::{Texts, holds_part};
use crate::cel::Function;
use crate::matching::turns::Line;
use crate::value::Scalar;

/// An expression with the columns of one batch that it reads.
pub(super) struct Calculation<'a> {
    expression: &'a Expression,
    /// By their place in `Bound::columns`.
    inputs: Vec<(usize, Rc<Input<'a>>)>,
    entries: Entries<'a>,
    days: Days,
    clocks: Clocks,
    /// Where the rows of a batch are asked; of entries of dictionaries nobody asks where they are.
    placed: Option<PlacedRows<'a>>,
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

/// The rows of a block, or some elements of their lists.
struct Cells<'c, 'a> {
    range: Range<usize>,
    element: Option<(&'c Input<'a>, ColumnRead)>,
    /// The rows whose answer matters: of the others, anything may come out.
    wanted: Bits,
    /// Where the recipients of the rows are.
    labels: Option<&'c Labels>,
}

impl<'c, 'a> Cells<'c, 'a> {
    /// The same of fewer rows.
    fn of_those(&self, rows: &Bits) -> Self {
        let wanted = self.wanted.and(rows);
        Self { range: self.range.clone(), element: self.element, wanted, labels: self.labels }
    }
}

impl<'a> Calculation<'a> {
    /// `None` where a column has a layout that is read row by row.
    pub(super) fn new(
        expression: &'a Expression,
        placed: PlacedRows<'a>,
        kernel: Kernel,
        inputs: &Inputs<'a>,
    ) -> Option<Self> {
        let PlacedRows { batch, bound, .. } = placed;
        let mut calculation = Self::of(expression, Vec::new(), kernel);
        calculation.placed = Some(placed);
        let mut reads = Vec::new();
        expression.columns(&mut reads);
        for read in reads {
            if calculation.input(&read).is_none() {
                let array: &dyn Array =
                    batch.columns().get(bound.columns.get(read.column)?.index)?.as_ref();
                calculation.inputs.push((read.column, inputs.get(array, &read, kernel)?));
            }
        }
        let truth = &|expression, column, range| {
            Self::of(expression, vec![column], kernel).truth(range, &Bits::ALL, None)
        };
        calculation.entries.look(expression, &Looking { batch, bound, kernel, truth });
        Some(calculation)
    }

    fn of(expression: &'a Expression, inputs: Vec<(usize, Rc<Input<'a>>)>, kernel: Kernel) -> Self {
        Self {
            expression,
            inputs,
            entries: Entries::default(),
            days: Days::new(),
            clocks: Clocks::default(),
            placed: None,
            kernel,
        }
    }

    fn input(&self, read: &ColumnRead) -> Option<&Input<'a>> {
        self.inputs.iter().find(|(column, _)| *column == read.column).map(|(_, input)| &**input)
    }

    /// Whether it holds in each row of a range that is wanted; of the others anything may come out.
    /// `None` where lists are so long that a row may meet the limit of steps.
    pub(super) fn truth(
        &self,
        range: Range<usize>,
        wanted: &Bits,
        labels: Option<&Labels>,
    ) -> Option<(Bits, Lacks)> {
        let cells = Cells { range, element: None, wanted: *wanted, labels };
        let Register { values, lacks } = self.register(self.expression, &cells)?;
        Some((values.truth()?, lacks))
    }

    fn register(&self, expression: &Expression, cells: &Cells<'_, 'a>) -> Option<Register<'a>> {
        let rows = cells.range.len();
        let lacks = |column: &ColumnRead| Some(self.input(column)?.lacks(&cells.range, column));
        if let Some(known) = self.entries.of_rows(expression, &cells.range, self.kernel, lacks) {
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
            Expression::OfPlaces(condition) => {
                let placed = self.placed?;
                Some(placed.register(condition, cells.labels?, &cells.range, &cells.wanted))
            }
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
            Expression::Negate(inner) => negated(self.kernel, self.register(inner, cells)?, rows),
            Expression::Junction { parts, decisive } => self.junction(parts, *decisive, cells),
            Expression::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                let condition = self.register(condition, cells)?;
                let (then, otherwise) = match condition.values.truth() {
                    Some(chosen) => (
                        self.register(then, &cells.of_those(&chosen))?,
                        self.register(otherwise, &cells.of_those(&Bits::ALL.without(&chosen)))?,
                    ),
                    None => (self.register(then, cells)?, self.register(otherwise, cells)?),
                };
                conditional(self.kernel, &condition, &then, &otherwise, rows)
            }
            Expression::Compare { operator, sides } => {
                let (one, other) = self.sides(sides, cells)?;
                let lacks = one.lacks.of_both(other.lacks);
                let asked = (&lacks, &cells.wanted);
                let held =
                    compared(self.kernel, *operator, &one.values, &other.values, rows, asked)?;
                Some(Register { values: Values::Truth(held), lacks })
            }
            Expression::Calculate { operator, result, is_between, sides } => {
                let (one, other) = self.sides(sides, cells)?;
                let lacks = one.lacks.of_both(other.lacks);
                if lacks.valued().is_none() {
                    return Some(Register { values: Values::Truth(Bits::NONE), lacks });
                }
                let (values, failed) = match result {
                    Scalar::Int => {
                        of_ints(self.kernel, *operator, &one.values, &other.values, rows)?
                    }
                    Scalar::Double => {
                        of_doubles(self.kernel, *operator, &one.values, &other.values, rows)?
                    }
                    _ => {
                        let (least, most) = match is_between {
                            true => (i64::MIN.into(), i64::MAX.into()),
                            false => Line::of(*result)?.ends(),
                        };
                        of_times(
                            self.kernel,
                            *operator,
                            &one.values,
                            &other.values,
                            (least, most),
                            rows,
                        )?
                    }
                };
                let lacks = Lacks::ordered(lacks.unknown, either(&lacks.error, &failed));
                Some(Register { values, lacks })
            }
            Expression::Among { item, members } => {
                let Register { values, lacks } = self.register(item, cells)?;
                let found = among(self.kernel, &values, members, &lacks)?;
                Some(Register { values: Values::Truth(found), lacks })
            }
            Expression::TextTest { function, sides } => {
                let (one, other) = self.sides(sides, cells)?;
                let lacks = one.lacks.of_both(other.lacks);
                let wanted = cells.wanted.and(&lacks.valued());
                let ends = by_ends(self.kernel, *function, &one.values, &other.values, &wanted);
                if let Some(held) = ends {
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
                let held = of_texts(self.kernel, &one.values, &other.values, rows, &wanted, test)?;
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
                let (ints, failed) = whole(self.kernel, &values)?;
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
                let input = self.input(list)?;
                let lacks = input.lacks(&cells.range, list);
                let Some(lists) = input.as_lists() else {
                    // A column of nulls has no lists either.
                    let truth = Values::Truth(Bits::NONE);
                    return lacks.valued().is_none().then_some(Register { values: truth, lacks });
                };
                let of_element = ColumnRead { is_list: false, ..*list };
                let rows = (&cells.range, &cells.wanted);
                quantified((*kind, *steps), lists, lacks, rows, |range| {
                    let element = Some((&*lists.elements, of_element));
                    self.register(body, &Cells { range, element, wanted: Bits::ALL, labels: None })
                })
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
            // What is decided needs no more parts.
            let left = cells.of_those(&Bits::ALL.without(&decided));
            if left.wanted.and(&Bits::first(left.range.len())).is_none() {
                break;
            }
            let Register { values, lacks } = self.register(part, &left)?;
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
}

impl<'a> Calculation<'a> {}
