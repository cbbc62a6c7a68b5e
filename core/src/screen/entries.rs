//! What an expression comes to for each entry of a dictionary, where entries are fewer than rows.

use std::ops::Range;
use std::rc::Rc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;

use super::bind::Bound;
use super::bits::{BLOCK, Bits};
use super::expression::{ColumnRead, Expression};
use super::input::Input;
use super::kernel::Kernel;
use super::layout::{self, Reader};
use super::register::{Lacks, Register, Values};
use super::texts::Texts;
use crate::cel::Comparison;
use crate::value::Scalar;

/// Parts of an expression that are known for each entry of a dictionary, by where they stand.
#[derive(Default)]
pub(super) struct Entries<'a>(Vec<(usize, OfEntries<'a>)>);

/// What is known of columns that are dictionaries once their entries were looked at.
enum OfEntries<'a> {
    /// Whether a condition on one column holds, as a number of [`OUTCOMES`].
    Condition(Reader<'a, u8>),
    /// The places of the texts of two columns among those of both, in order.
    Places(Box<[Reader<'a, u8>; 2]>),
}

/// How the outcomes of a condition are numbered: false, true, unknown, an error.
const OUTCOMES: [u8; 4] = [0, 1, 2, 3];

/// A column that is a dictionary, and its entries.
type Dictionary<'a> = (&'a dyn Array, &'a dyn Array);

/// What a condition on one column comes to in some rows of that column.
pub(super) type Truth<'f, 'a> =
    &'f dyn Fn(&'a Expression, (usize, Rc<Input<'a>>), Range<usize>) -> Option<(Bits, Lacks)>;

/// What entries are looked at with.
pub(super) struct Looking<'f, 'a> {
    pub(super) batch: &'a RecordBatch,
    pub(super) bound: &'f Bound,
    pub(super) kernel: Kernel,
    pub(super) truth: Truth<'f, 'a>,
}

impl<'a> Looking<'_, 'a> {
    /// A column of texts that is a dictionary of fewer entries than rows.
    fn dictionary(&self, read: &ColumnRead) -> Option<Dictionary<'a>> {
        /// LIMIT: past this, the rows of a block would each look elsewhere in memory.
        const ENTRIES_MAX: usize = 4096;
        /// So few are always looked at.
        const FEW: usize = 64;
        let place = self.bound.columns.get(read.column)?.index;
        let array: &'a dyn Array = self.batch.columns().get(place)?.as_ref();
        let values: &'a dyn Array = array.as_any_dictionary_opt()?.values().as_ref();
        let most = (array.len() / 4).clamp(FEW, ENTRIES_MAX);
        let is_plain =
            matches!(values.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        let is_text = read.scalar == Scalar::String && !read.is_list && is_plain;
        (is_text && values.len() <= most).then_some((array, values))
    }

    /// What a condition on one column comes to, entry by entry.
    fn of_each_entry(
        &self,
        expression: &'a Expression,
        read: &ColumnRead,
        (array, values): Dictionary<'a>,
    ) -> Option<Reader<'a, u8>> {
        let outcomes = |input: Input<'a>, rows: usize| {
            let input = Rc::new(input);
            let mut found = Vec::with_capacity(rows);
            while found.len() < rows {
                let range = found.len()..(found.len() + BLOCK).min(rows);
                let column = (read.column, Rc::clone(&input));
                let (truth, lacks) = (self.truth)(expression, column, range.clone())?;
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
        Some(of_rows(array, &found, null, self.kernel))
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
        Some([of_rows(one, &of_one, 0, self.kernel), of_rows(other, &of_other, 0, self.kernel)])
    }
}

/// What the rows of a dictionary have of its entries, which have these.
fn of_rows<'a>(
    array: &'a dyn Array,
    of_entries: &[u8],
    null: u8,
    kernel: Kernel,
) -> Reader<'a, u8> {
    layout::layout(array, null, kernel, &mut None, &|_, _| {
        let of_entries = of_entries.to_vec();
        Box::new(move |_, range, into| {
            for (into, entry) in into.iter_mut().zip(of_entries.get(range).unwrap_or_default()) {
                *into = *entry;
            }
        })
    })
}

impl<'a> Entries<'a> {
    /// Finds what an expression comes to for the entries of dictionaries.
    pub(super) fn look(&mut self, expression: &'a Expression, looking: &Looking<'_, 'a>) {
        let is_condition = matches!(
            expression,
            Expression::Compare { .. } | Expression::Among { .. } | Expression::TextTest { .. }
        );
        if is_condition && !expression.reads_places() {
            let mut reads = Vec::new();
            expression.columns(&mut reads);
            reads.dedup_by_key(|read| read.column);
            let is_column = |side: &Expression| matches!(side, Expression::Column(_));
            let is_of_columns = match expression {
                Expression::Compare { sides, .. } => sides.iter().all(is_column),
                _ => false,
            };
            let found = match reads.as_slice() {
                [read] => looking.dictionary(read).and_then(|dictionary| {
                    let reader = looking.of_each_entry(expression, read, dictionary)?;
                    Some(OfEntries::Condition(reader))
                }),
                [one, other] if is_of_columns => {
                    looking.dictionary(one).zip(looking.dictionary(other)).and_then(|both| {
                        let places = looking.places_of_entries([one, other], both)?;
                        Some(OfEntries::Places(Box::new(places)))
                    })
                }
                _ => None,
            };
            if let Some(found) = found {
                self.0.push((std::ptr::from_ref(expression).addr(), found));
                return;
            }
        }
        expression.for_each_part(&mut |part| self.look(part, looking));
    }

    /// What is known of a part of the expression in some rows. `lacks` says where a column has no
    /// value there.
    pub(super) fn of_rows(
        &self,
        expression: &Expression,
        range: &Range<usize>,
        kernel: Kernel,
        lacks: impl Fn(&ColumnRead) -> Option<Lacks>,
    ) -> Option<Register<'a>> {
        let place = std::ptr::from_ref(expression).addr();
        let (_, known) = self.0.iter().find(|(known, _)| *known == place)?;
        let read = |reader: &Reader<'a, u8>| {
            let mut bytes = [0; BLOCK];
            if let Some(into) = bytes.get_mut(..range.len()) {
                reader(kernel, range.clone(), into);
            }
            bytes
        };
        match known {
            OfEntries::Condition(reader) => {
                let bytes = read(reader);
                let [_, yes, unknown, error] =
                    OUTCOMES.map(|outcome| kernel.compare_to(Comparison::Equal, &bytes, outcome));
                Some(Register { values: Values::Truth(yes), lacks: Lacks { unknown, error } })
            }
            OfEntries::Places(readers) => {
                let Expression::Compare { operator, sides } = expression else { return None };
                let [Expression::Column(one), Expression::Column(other)] = &**sides else {
                    return None;
                };
                let lacks = lacks(one)?.of_both(lacks(other)?);
                let [one, other] = &**readers;
                let held = kernel.compare(*operator, &read(one), &read(other));
                Some(Register { values: Values::Truth(held), lacks })
            }
        }
    }
}
