//! How do the columns of one batch become bytes and labels?

use arrow_array::cast::AsArray;
use arrow_array::{Array, BooleanArray, RecordBatch};

use super::axis::{Axis, Source};
use super::kernel::Kernel;
use super::places::{self, BAD_LABEL, NULL};
use super::plan::Plan;
use super::read::{self, KeptDictionary, Reader};
use crate::schema::attributes as id;
use crate::schema::{AttributeId, Schema};

/// The columns of one batch.
pub(super) struct Columns<'a> {
    pub(super) plan: &'a Plan,
    pub(super) batch: &'a RecordBatch,
    pub(super) schema: &'a Schema,
    pub(super) kernel: Kernel,
}

impl<'a> Columns<'a> {
    fn array(&self, column: usize) -> Option<&'a dyn Array> {
        let column = self.plan.bound.columns.get(column)?;
        self.batch.columns().get(column.index).map(AsRef::as_ref)
    }

    pub(super) fn labellers(
        &self,
        kept: &mut [Option<KeptDictionary<u32>>; 4],
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
                Labeller::Phone => {
                    read::labelled(array, reading, NULL, self.kernel, kept, |text| {
                        places.phone_label(text)
                    })
                }
                Labeller::UserId => {
                    read::labelled(array, reading, NULL, self.kernel, kept, user_label)
                }
                Labeller::Country => {
                    read::labelled(array, reading, NULL, self.kernel, kept, places::country_label)
                }
                Labeller::Zone(zone) => {
                    read::labelled(array, reading, NULL, self.kernel, kept, zone)
                }
            })
        };
        [
            bind(places.phone, phones, Labeller::Phone),
            bind(places.user_id, users, Labeller::UserId),
            bind(places.country, countries, Labeller::Country),
            bind(places.time_zone, zones, Labeller::Zone(zone)),
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

    pub(super) fn fillers(&self, kept: &mut [Option<KeptDictionary<u8>>]) -> Vec<Filler<'a>> {
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
                | Source::Derived { .. }
                | Source::Predicate { .. } => {
                    return None;
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
}

/// The label of a recipient of whom something is known apart from the audience.
pub(super) const MARKED: u32 = 1;
const _: () = assert!(MARKED != NULL && MARKED != BAD_LABEL, "three labels");

/// What fills the rows of an axis.
pub(super) enum Filler<'a> {
    /// A column of bits, from which constraints are marked without a byte in between.
    Bits(&'a BooleanArray),
    /// A column.
    Bytes { reader: Reader<'a, u8>, may_be_null: bool, may_be_bad: bool },
    /// What other columns come to.
    Derived,
}

#[derive(Clone, Copy)]
enum Labeller<'a> {
    Phone,
    UserId,
    Country,
    Zone(&'a dyn Fn(&str) -> u32),
}

/// The label of a business-scoped user id: its country's.
fn user_label(text: &str) -> u32 {
    if !crate::form::is_user_id(text) {
        return BAD_LABEL;
    }
    text.split_once('.').map_or(BAD_LABEL, |(country, _)| places::country_label(country))
}
