//! From the columns of a block to the rows that satisfy each constraint.

use std::collections::BTreeSet;

use arrow_array::{Array, BooleanArray, RecordBatch};
use arrow_buffer::NullBuffer;

use super::axis::{Axis, Source};
use super::base::Overlay;
use super::bind::Reading;
use super::bits::{BLOCK, Bits};
use super::columns::Filler;
use super::kernel::{ClassesOfRows, Kernel};
use super::layout::{self, Reader};
use super::places::{Labels, NULL, Places};
use super::plan::{Constraint, Plan};
use super::register::Lacks;
use super::room::Room;
use super::row;
use crate::matching::class_of_predicate;
use crate::program::classes::{ClassIdx, UNKNOWN};
use crate::program::clause::DimensionIdx;
use crate::program::dimension::Subject;
use crate::resolve;
use crate::resolve::derivations::{FirstNull, OfPlaces, recipient_sources};
use crate::schema::AttributeId;
use crate::value::Fact;

/// Up to [`BLOCK`] rows of a batch.
pub(super) struct Block<'a> {
    pub(super) plan: &'a Plan,
    pub(super) batch: &'a RecordBatch,
    pub(super) kernel: Kernel,
    /// The nulls of the columns that are asked for them, if there are some.
    pub(super) nulls: &'a [(usize, Option<NullBuffer>)],
    pub(super) start: usize,
    pub(super) rows: usize,
}

impl Block<'_> {
    pub(super) fn range(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.rows
    }

    pub(super) fn label(&self, labellers: &[Option<Reader<'_, u32>>; 4], room: &mut Room) {
        let Labels { phone, user_id, country, time_zone } = &mut room.labels;
        for (labeller, into) in labellers.iter().zip([phone, user_id, country, time_zone]) {
            if let (Some(labeller), Some(into)) = (labeller, into.get_mut(..self.rows)) {
                labeller(self.kernel, self.range(), into);
            }
        }
        if self.plan.places.any() {
            let Room { labels, countries, .. } = room;
            self.kernel.wide(
                #[inline(always)]
                || self.plan.places.countries(labels, self.rows, countries),
            );
        }
    }

    pub(super) fn classify(&self, fillers: &[Filler<'_>], room: &mut Room) {
        let (mut any_open, live) = (self.plan.is_open, Bits::first(self.rows));
        room.begin();
        for place in &self.plan.in_turn {
            any_open |= self.read(*place as usize, fillers, room, &live);
        }
        if any_open {
            for place in 0..self.plan.axes.len() {
                self.mark_rest(place, fillers, room);
            }
        }
    }

    /// Of some rows, those in which it matters what an axis comes to: the other constraints of a
    /// clause are met, as far as they are known.
    fn asked(&self, place: usize, room: &Room, wanted: &Bits) -> Bits {
        let Some(clauses) = self.plan.beside.get(place).filter(|clauses| !clauses.is_empty())
        else {
            return *wanted;
        };
        let mut asked = Bits::NONE;
        for others in clauses {
            let mut rows = *wanted;
            for number in others {
                let known = self.plan.constraints.get(*number as usize).filter(|constraint| {
                    let axis = constraint.axis as usize;
                    let is = |of: &[bool]| of.get(axis).copied().unwrap_or_default();
                    is(&room.is_read)
                        && (constraint.is_first || is(&room.is_marked) || is(&room.is_whole))
                });
                if let (Some(_), Some(bits)) = (known, room.bits.get(*number as usize)) {
                    rows = rows.and(bits);
                }
            }
            asked.add(&rows);
        }
        asked
    }

    /// Reads an axis and marks the rows that satisfy those of its constraints on which a violation
    /// or an error depends; whether something is unknown of some row. What it comes to in rows that
    /// are not wanted may be anything.
    pub(super) fn read(
        &self,
        place: usize,
        fillers: &[Filler<'_>],
        room: &mut Room,
        wanted: &Bits,
    ) -> bool {
        let asked = self.asked(place, room, wanted);
        let wanted = &asked;
        if let Some(is_read) = room.is_read.get_mut(place) {
            *is_read = true;
        }
        let Room { classes, labels, countries, bits, is_open, is_marked, .. } = room;
        let (Some(axis), Some(filler)) = (self.plan.axes.get(place), fillers.get(place)) else {
            return false;
        };
        let (Some(classes), Some(is_open), Some(is_marked)) =
            (classes.get_mut(place), is_open.get_mut(place), is_marked.get_mut(place))
        else {
            return false;
        };
        *is_marked = false;
        *is_open = match filler {
            Filler::Bits(array) => self.mark_bits(axis, array, bits),
            Filler::Bytes { reader, may_be_null, .. } => {
                let Some(into) = classes.get_mut(..self.rows) else { return false };
                reader(self.kernel, self.range(), into);
                (*may_be_null || !axis.is_open_by_null) && self.is_open(axis, classes)
            }
            Filler::Calculated { calculation, class_of } => {
                if let Some((truth, lacks)) = calculation.truth(self.range(), wanted, Some(labels))
                {
                    *is_open = self.mark_truth(axis, class_of, &truth, &lacks, bits);
                    *is_marked = true;
                    return *is_open;
                }
                let Some(into) = classes.get_mut(..self.rows) else { return false };
                self.derive(axis, labels, countries, (into, wanted));
                self.is_open(axis, classes)
            }
            Filler::Derived => {
                let Some(into) = classes.get_mut(..self.rows) else { return false };
                self.derive(axis, labels, countries, (into, wanted));
                self.is_open(axis, classes)
            }
        };
        self.mark(axis, filler, classes, bits, |constraint| constraint.is_first);
        *is_open
    }

    /// Marks the rows that satisfy the other constraints of an axis that was read, if that was not
    /// done.
    pub(super) fn mark_rest(&self, place: usize, fillers: &[Filler<'_>], room: &mut Room) {
        let Room { classes, bits, is_marked, is_whole, .. } = room;
        if is_marked.get(place).copied().unwrap_or(true)
            || is_whole.get_mut(place).is_none_or(|is_whole| std::mem::replace(is_whole, true))
        {
            return;
        }
        if let (Some(axis), Some(filler), Some(classes)) =
            (self.plan.axes.get(place), fillers.get(place), classes.get(place))
        {
            self.mark(axis, filler, classes, bits, |constraint| !constraint.is_first);
        }
    }

    /// Marks the rows that satisfy an axis's constraints.
    fn mark(
        &self,
        axis: &Axis,
        filler: &Filler<'_>,
        classes: &ClassesOfRows,
        bits: &mut [Bits],
        wanted: impl Fn(&Constraint) -> bool,
    ) {
        let may_be_null = match filler {
            Filler::Bits(_) => return,
            Filler::Bytes { may_be_null, .. } => *may_be_null,
            Filler::Calculated { .. } | Filler::Derived => true,
        };
        for number in &axis.constraints {
            if let (Some(constraint), Some(bits)) =
                (self.plan.constraints.get(*number as usize), bits.get_mut(*number as usize))
                && wanted(constraint)
            {
                constraint.runs.mark(self.kernel, classes, may_be_null, bits);
            }
        }
    }

    /// As [`Self::mark`], of a column that is bits already; whether something is unknown of some
    /// row.
    fn mark_bits(&self, axis: &Axis, array: &BooleanArray, bits: &mut [Bits]) -> bool {
        let Source::Bools { no, yes, null, .. } = axis.source else { return false };
        let values = layout::bits(array.values(), self.start, self.rows);
        let valid = array
            .nulls()
            .filter(|nulls| nulls.null_count() > 0)
            .map(|nulls| layout::bits(nulls.inner(), self.start, self.rows));
        for number in &axis.constraints {
            let (Some(constraint), Some(into)) =
                (self.plan.constraints.get(*number as usize), bits.get_mut(*number as usize))
            else {
                continue;
            };
            let word = |allowed: bool| if allowed { u64::MAX } else { 0 };
            let (of_no, of_yes, of_null) = (
                word(constraint.runs.hold(no)),
                word(constraint.runs.hold(yes)),
                word(constraint.runs.hold(null)),
            );
            for (into, value) in into.iter_mut().zip(values.iter()) {
                *into = (value & of_yes) | (!value & of_no);
            }
            if let Some(valid) = &valid {
                into.iter_mut()
                    .zip(valid.iter())
                    .for_each(|(into, valid)| *into = (*into & valid) | (of_null & !valid));
            }
        }
        let mut open = Bits::NONE;
        for (place, open) in open.iter_mut().enumerate() {
            let valid = valid.as_ref().map_or(u64::MAX, |valid| valid[place]);
            let of = |class: u8, rows: u64| {
                if axis.open.iter().any(|run| run.holds(class)) { rows } else { 0 }
            };
            *open =
                of(yes, values[place] & valid) | of(no, !values[place] & valid) | of(null, !valid);
        }
        !open.and(&Bits::first(self.rows)).is_none()
    }

    /// As [`Self::mark`], of a predicate that is worked out as bits.
    fn mark_truth(
        &self,
        axis: &Axis,
        class_of: &[u8; 4],
        truth: &Bits,
        lacks: &Lacks,
        bits: &mut [Bits],
    ) -> bool {
        let [of_unknown, of_false, of_true, of_error] = *class_of;
        let Lacks { unknown, error } = lacks;
        let valued = lacks.valued();
        let (held, missed) = (valued.and(truth), valued.without(truth));
        let of = |holds: &dyn Fn(u8) -> bool| {
            let mut found = Bits::NONE;
            for (class, rows) in
                [(of_unknown, unknown), (of_false, &missed), (of_true, &held), (of_error, error)]
            {
                if holds(class) {
                    found.add(rows);
                }
            }
            found
        };
        for number in &axis.constraints {
            if let (Some(constraint), Some(bits)) =
                (self.plan.constraints.get(*number as usize), bits.get_mut(*number as usize))
            {
                *bits = of(&|class| constraint.runs.hold(class));
            }
        }
        let open = of(&|class| axis.open.iter().any(|run| run.holds(class)));
        !open.and(&Bits::first(self.rows)).is_none()
    }

    /// Whether something is unknown of some row.
    fn is_open(&self, axis: &Axis, classes: &ClassesOfRows) -> bool {
        let mut open = Bits::NONE;
        self.kernel.mark(classes, &axis.open, &mut open);
        !open.and(&Bits::first(self.rows)).is_none()
    }

    /// The bytes of an axis that no single column gives.
    fn derive(
        &self,
        axis: &Axis,
        labels: &Labels,
        countries: &[u16; BLOCK],
        (into, wanted): (&mut [u8], &Bits),
    ) {
        let places = &self.plan.places;
        match &axis.source {
            Source::PlacePresence { column, present, null } => {
                let labels = match Some(*column) {
                    column if column == places.phone => &labels.phone,
                    column if column == places.user_id => &labels.user_id,
                    column if column == places.country => &labels.country,
                    _ => &labels.time_zone,
                };
                into.iter_mut().zip(labels).for_each(|(into, label)| {
                    *into = if *label == NULL { *null } else { *present }
                });
            }
            Source::NumberCountry(class_of) => places.number_country(labels, class_of, into),
            Source::Country(class_of) => {
                into.iter_mut().zip(countries).for_each(|(into, country)| {
                    *into = class_of.get(usize::from(*country)).copied().unwrap_or_default();
                });
            }
            Source::Clocks(class_of) => places.clocks(labels, countries, class_of, into),
            Source::OfPlaces { of, class_of } => match of {
                OfPlaces::IdentityConflict => Places::identity_conflicts(labels, class_of, into),
                OfPlaces::NumberOfBarredRegion => Places::barred(labels, class_of, into),
                OfPlaces::ZoneOfBarredRegion => Places::barred_zones(labels, class_of, into),
                OfPlaces::TimeZoneConflict => {
                    places.zone_conflicts(labels, countries, class_of, into);
                }
            },
            Source::Derived { attribute, first_null, dimension, class_of } => {
                let dimension = (*dimension, &**class_of);
                self.derived(*attribute, *first_null, dimension, (into, wanted));
            }
            Source::Predicate { dimension, class_of, .. } => {
                self.predicate(*dimension, class_of, (into, wanted));
            }
            Source::Line { .. }
            | Source::Doubles { .. }
            | Source::Bools { .. }
            | Source::Words { .. }
            | Source::Presence { .. } => {}
        }
    }

    /// Derives an attribute for each row, from the columns that it follows from. Where the first of
    /// them is null, so that nothing is given, all rows have the same value, unless more columns
    /// have a say then.
    fn derived(
        &self,
        attribute: AttributeId,
        first_null: FirstNull,
        (dimension, class_of): (DimensionIdx, &[u8]),
        (into, wanted): (&mut [u8], &Bits),
    ) {
        let base = &self.plan.base;
        let dimension = base.program.dimension(dimension);
        let sources = recipient_sources(&attribute);
        let first = sources
            .first()
            .and_then(|source| self.plan.bound.column(*source))
            .and_then(|column| self.batch.columns().get(column.index))
            .filter(|_| first_null == FirstNull::Settles);
        let mut of_null = None;
        let mut facts = base.facts.clone();
        for (place, (row, into)) in self.range().zip(into).enumerate() {
            if !wanted.has(place) {
                *into = 0;
                continue;
            }
            let is_null = first.is_some_and(|first| first.is_null(row));
            *into = match of_null {
                Some(class) if is_null => class,
                _ => {
                    // What cannot be read is judged by the row path, whatever is found here.
                    row::tell(&mut facts, self.batch, row, &self.plan.bound, |id| {
                        sources.contains(&id)
                    });
                    let fact = resolve::derived(
                        &facts,
                        base.program.packs(),
                        &base.directory,
                        &base.catalogue,
                        attribute,
                    );
                    let class = dimension.map_or(UNKNOWN, |known| known.class(&fact));
                    class_of.get(usize::from(class)).copied().unwrap_or_default()
                }
            };
            if is_null {
                of_null = Some(*into);
            }
        }
    }

    /// Works out a predicate for each row, from the columns that it reads.
    fn predicate(
        &self,
        dimension: DimensionIdx,
        class_of: &[u8; 4],
        (into, wanted): (&mut [u8], &Bits),
    ) {
        let program = &self.plan.base.program;
        let Some(Subject::Predicate(index)) =
            program.dimension(dimension).map(|known| known.subject)
        else {
            return;
        };
        let Some(predicate) = program.predicates.get(index) else { return };
        let base = &self.plan.base;
        let class_of_code = class_of;
        let class_of = |class: ClassIdx| {
            class_of.get(usize::from(class)).copied().unwrap_or(class_of[usize::from(UNKNOWN)])
        };
        if let Some(columns) = self.read_alone(&predicate.attributes) {
            let campaign = base.resolve(&base.facts);
            let mut given: Vec<(AttributeId, Fact)> =
                columns.iter().map(|(id, ..)| (*id, Fact::Unknown)).collect();
            for (place, (row, into)) in self.range().zip(into).enumerate() {
                if !wanted.has(place) {
                    *into = class_of_code[1];
                    continue;
                }
                for ((id, array, reading), (_, fact)) in columns.iter().zip(&mut given) {
                    *fact = row::fact(*array, row, program.schema.attribute(*id), reading)
                        .unwrap_or(Fact::Unknown);
                }
                *into = class_of(class_of_predicate(
                    program,
                    dimension,
                    &Overlay { resolved: &campaign, given: &given },
                ));
            }
            return;
        }
        let reads = |attribute: AttributeId| {
            predicate.attributes.iter().any(|id| recipient_sources(id).contains(&attribute))
        };
        let mut facts = base.facts.clone();
        for (place, (row, into)) in self.range().zip(into).enumerate() {
            if !wanted.has(place) {
                *into = class_of_code[1];
                continue;
            }
            // What cannot be read is judged by the row path, whatever is found here.
            row::tell(&mut facts, self.batch, row, &self.plan.bound, reads);
            *into = class_of(class_of_predicate(program, dimension, &base.resolve(&facts)));
        }
    }

    /// The columns of attributes of which nothing else follows that is asked for here: none where
    /// something has to be derived for each row.
    fn read_alone(
        &self,
        attributes: &BTreeSet<AttributeId>,
    ) -> Option<Vec<(AttributeId, &dyn Array, &Reading)>> {
        let mut columns = Vec::new();
        for id in attributes.iter().filter(|id| self.plan.bound.varies(**id)) {
            let column = self.plan.bound.column(*id).filter(|_| recipient_sources(id) == [*id])?;
            columns.push((*id, self.batch.columns().get(column.index)?.as_ref(), &column.reading));
        }
        Some(columns)
    }
}
