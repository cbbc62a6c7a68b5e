//! How do the columns of one batch become bytes and labels?

use arrow_array::cast::AsArray;
use arrow_array::{Array, BooleanArray, RecordBatch};
use arrow_buffer::NullBuffer;

use super::axis::{Axis, Source};
use super::base::Overlay;
use super::calculate::{Calculation, Inputs};
use super::kernel::Kernel;
use super::layout::{self, KeptDictionary, Reader};
use super::placed::{Placed, PlacedRows};
use super::places::{self, BAD_LABEL, NULL};
use super::plan::Plan;
use super::read;
use super::row;
use crate::matching::class_of_predicate;
use crate::program::classes::UNKNOWN;
use crate::program::clause::DimensionIdx;
use crate::program::dimension::Subject;
use crate::resolve::Resolved;
use crate::resolve::derivations::recipient_sources;
use crate::schema::attributes as id;
use crate::schema::{AttributeId, Schema};
use crate::value::Fact;

/// The columns of one batch.
pub(super) struct Columns<'a> {
    pub(super) plan: &'a Plan,
    pub(super) batch: &'a RecordBatch,
    pub(super) schema: &'a Schema,
    pub(super) kernel: Kernel,
    pub(super) placed: &'a Placed,
}

impl<'a> Columns<'a> {
    fn array(&self, column: usize) -> Option<&'a dyn Array> {
        let column = self.plan.bound.columns.get(column)?;
        self.batch.columns().get(column.index).map(AsRef::as_ref)
    }

    pub(super) fn labellers(
        &self,
        kept: &mut [Option<KeptDictionary<u32>>; 4],
        phone: &'a dyn Fn(&str) -> u32,
        zone: &'a dyn Fn(&str) -> u32,
    ) -> [Option<Reader<'a, u32>>; 4] {
        let places = &self.plan.places;
        let [phones, users, countries, zones] = kept;
        let bind = |column: Option<usize>,
                    kept: &mut Option<KeptDictionary<u32>>,
                    label: Labeller<'a>| {
            let array = self.array(column?)?;
            let reading = &self.plan.bound.columns.get(column?)?.reading;
            Some(match label {
                Labeller::UserId => {
                    read::labelled(array, reading, NULL, self.kernel, kept, user_label)
                }
                Labeller::Country => {
                    read::labelled(array, reading, NULL, self.kernel, kept, places::country_label)
                }
                Labeller::Memoised(label) => {
                    read::labelled(array, reading, NULL, self.kernel, kept, label)
                }
            })
        };
        [
            bind(places.phone, phones, Labeller::Memoised(phone)),
            bind(places.user_id, users, Labeller::UserId),
            bind(places.country, countries, Labeller::Country),
            bind(places.time_zone, zones, Labeller::Memoised(zone)),
        ]
    }

    /// Readers of the columns that name recipients, if something is known of any that no column
    /// tells: [`MARKED`] where something is known of this one.
    pub(super) fn markers(
        &self,
        kept: &mut [Option<KeptDictionary<u32>>; 2],
    ) -> Vec<Reader<'a, u32>> {
        let Some(marks) = self.plan.base.facts.marks().filter(|_| self.plan.marks.is_none()) else {
            return Vec::new();
        };
        let named = [id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID].into_iter().zip(kept);
        let marker = |(attribute, kept): (AttributeId, &mut Option<KeptDictionary<u32>>)| {
            let column = self.plan.bound.column(attribute)?;
            let array = self.batch.columns().get(column.index)?;
            let label = |text: &str| if marks.contains(text) { MARKED } else { NULL };
            Some(read::labelled(array.as_ref(), &column.reading, NULL, self.kernel, kept, label))
        };
        named.filter_map(marker).collect()
    }

    /// The nulls of the columns that are asked for them where a predicate is unknown.
    pub(super) fn nulls(&self) -> Vec<(usize, Option<NullBuffer>)> {
        let of = |column: &usize| (*column, self.array(*column).and_then(Array::logical_nulls));
        self.plan.asked_for_nulls.iter().map(of).collect()
    }

    pub(super) fn fillers(&self, kept: &mut [Option<KeptDictionary<u8>>]) -> Vec<Filler<'a>> {
        let inputs = Inputs::default();
        let filler = |(axis, kept): (&'a Axis, &mut Option<KeptDictionary<u8>>)| {
            let column = match &axis.source {
                Source::Line { column, .. }
                | Source::Doubles { column, .. }
                | Source::Bools { column, .. }
                | Source::Words { column, .. }
                | Source::Presence { column, .. } => *column,
                Source::PlacePresence { .. }
                | Source::NumberCountry(_)
                | Source::Country(_)
                | Source::Clocks(_)
                | Source::OfPlaces { .. }
                | Source::Derived { .. } => return None,
                Source::Predicate { dimension, expression, class_of } => {
                    if let Some(reader) = self.by_entry(*dimension, class_of, kept) {
                        return Some(Filler::Bytes {
                            reader,
                            may_be_null: true,
                            may_be_bad: false,
                        });
                    }
                    let rows = PlacedRows {
                        placed: self.placed,
                        base: &self.plan.base,
                        bound: &self.plan.bound,
                        batch: self.batch,
                    };
                    let expression = expression.as_deref()?;
                    let calculation = Calculation::new(expression, rows, self.kernel, &inputs)?;
                    return Some(Filler::Calculated { calculation, class_of });
                }
            };
            let array = self.array(column)?;
            if let (Source::Bools { .. }, Some(array)) = (&axis.source, array.as_boolean_opt()) {
                return Some(Filler::Bits(array));
            }
            let column = self.plan.bound.columns.get(column)?;
            let attribute = self.schema.attribute(column.attribute);
            let reader =
                read::reader(array, &axis.source, attribute, &column.reading, self.kernel, kept);
            let may_be_bad = !axis.bad.is_empty() && read::may_be_bad(array, axis, kept.as_ref());
            Some(Filler::Bytes { reader, may_be_null: array.is_nullable(), may_be_bad })
        };
        self.plan
            .axes
            .iter()
            .zip(kept)
            .map(|both| filler(both).unwrap_or(Filler::Derived))
            .collect()
    }

    /// The reader of a predicate over one column that is a dictionary: it is worked out entry by
    /// entry, whatever it asks.
    fn by_entry(
        &self,
        dimension: DimensionIdx,
        class_of: &[u8; 4],
        kept: &mut Option<KeptDictionary<u8>>,
    ) -> Option<Reader<'a, u8>> {
        let base = &self.plan.base;
        let program = &base.program;
        let Subject::Predicate(index) = program.dimension(dimension)?.subject else { return None };
        let bound = &self.plan.bound;
        let mut read = program
            .predicates
            .get(index)?
            .attributes
            .iter()
            .filter(|attribute| bound.varies(**attribute));
        let only = *read.next().filter(|id| recipient_sources(id) == [**id])?;
        if read.next().is_some() {
            return None;
        }
        let column = bound.column(only)?;
        let array = self.batch.columns().get(column.index)?.as_ref();
        let entries = array.as_any_dictionary_opt()?.values().len();
        if entries > array.len() && kept.is_none() {
            return None;
        }
        let attribute = self.schema.attribute(only);
        let class = |campaign: &Resolved<'_>, fact: Fact| {
            let given = [(only, fact)];
            let overlay = Overlay { resolved: campaign, given: &given };
            let class = class_of_predicate(program, dimension, &overlay);
            class_of.get(usize::from(class)).copied().unwrap_or(class_of[usize::from(UNKNOWN)])
        };
        let null = class(&base.resolve(&base.facts), row::none(attribute));
        Some(layout::layout(array, null, self.kernel, kept, &|values, _| {
            let campaign = base.resolve(&base.facts);
            let of_row = |at: usize| {
                // What cannot be read is judged by the row path, whatever is found here.
                let fact = row::fact(values, at, attribute, &column.reading);
                class(&campaign, fact.unwrap_or(Fact::Unknown))
            };
            let classes: Vec<u8> = (0..values.len()).map(of_row).collect();
            Box::new(move |_, range, into| {
                into.iter_mut().zip(range).for_each(|(into, row)| {
                    *into = classes.get(row).copied().unwrap_or(null);
                });
            })
        }))
    }
}

/// The label of a recipient about whom something is known apart from the audience.
pub(super) const MARKED: u32 = 1;
const _: () = assert!(MARKED != NULL && MARKED != BAD_LABEL, "three labels");

/// What fills the rows of an axis.
pub(super) enum Filler<'a> {
    /// A column of bits, from which constraints are marked without a byte in between.
    Bits(&'a BooleanArray),
    /// A column.
    Bytes { reader: Reader<'a, u8>, may_be_null: bool, may_be_bad: bool },
    /// An expression over several columns; the classes of unknown, false, true and error.
    Calculated { calculation: Calculation<'a>, class_of: &'a [u8; 4] },
    /// What other columns come to.
    Derived,
}

#[derive(Clone, Copy)]
enum Labeller<'a> {
    UserId,
    Country,
    /// With what was found before.
    Memoised(&'a dyn Fn(&str) -> u32),
}

/// The label of a business-scoped user id: its country's.
fn user_label(text: &str) -> u32 {
    if !crate::form::is_user_id(text) {
        return BAD_LABEL;
    }
    text.split_once('.').map_or(BAD_LABEL, |(country, _)| places::country_label(country))
}
