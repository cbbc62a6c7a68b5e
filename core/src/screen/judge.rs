//! One batch, block by block: classes, constraints, clauses, outcomes.
//!
//! A rule's outcome is found as [`crate::matching`] finds it, 64 rows at a time: a clause is
//! possible where all its constraints are, an outcome where one of its clauses is. With everything
//! known exactly one outcome is possible, so *satisfied* and *not applicable* are asked for only
//! where something is unknown.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, BooleanArray, RecordBatch};
use arrow_schema::ArrowError;

use super::axis::{Axis, Source};
use super::base::Overlay;
use super::bind::Reading;
use super::kernel::{self, ALL, BLOCK, Bits, ClassesOfRows, Kernel, NONE, and};
use super::output::{Frame, Output, Spares};
use super::places::{self, BAD_LABEL, Kept, Labels, NULL, Places};
use super::plan::{Constraint, Lacks, Plan, PlanRule, When};
use super::read::{self, KeptDictionary, Reader};
use super::row::{self, BadValue};
use super::summary::Counts;
use crate::facts::Facts;
use crate::matching::outcome::{self, Settled};
use crate::matching::{self, class_of_predicate, missing_where};
use crate::program::classes::{ClassIdx, UNKNOWN};
use crate::program::clause::DimensionIdx;
use crate::program::dimension::Subject;
use crate::resolve::{self, recipient};
use crate::schema::attributes as id;
use crate::schema::{AttributeId, CODE_UNKNOWN, Schema};
use crate::value::Fact;
use crate::verdict::Status;

/// Judges batches of one audience, with room that it uses again.
#[derive(Debug)]
pub(super) struct Judge {
    plan: Arc<Plan>,
    kernel: Kernel,
    room: Box<Room>,
    /// For each axis, the dictionary that was classified last.
    dictionaries: Vec<Option<KeptDictionary<u8>>>,
    /// For each column of places, the dictionary that was labelled last.
    labelled: [Option<KeptDictionary<u32>>; 4],
    /// Of the phones and of the user ids, the dictionary that was looked up last among recipients
    /// of whom something is known.
    marked: [Option<KeptDictionary<u32>>; 2],
    zones: std::cell::RefCell<Kept>,
    spares: Spares,
}

/// What one block needs.
#[derive(Debug)]
struct Room {
    classes: Vec<ClassesOfRows>,
    labels: Labels,
    countries: [u16; BLOCK],
    bits: Vec<Bits>,
    is_open: Vec<bool>,
    missing: Missing,
}

/// For each member that rows may lack, the rows that do.
#[derive(Debug)]
struct Missing {
    /// No row, but for those noted.
    rows: Vec<Bits>,
    noted: Vec<u32>,
}

impl Missing {
    fn note(&mut self, member: u32, rows: &Bits) {
        if let Some(known) = self.rows.get_mut(member as usize) {
            if kernel::is_none(known) {
                self.noted.push(member);
            }
            kernel::or_into(known, rows);
        }
    }

    /// What was noted, in the order of members.
    fn take(&mut self) -> Vec<(u32, Bits)> {
        self.noted.sort_unstable();
        self.noted.dedup();
        let Self { rows, noted } = self;
        noted
            .drain(..)
            .filter_map(|member| {
                Some((member, std::mem::replace(rows.get_mut(member as usize)?, NONE)))
            })
            .collect()
    }
}

/// What was found of one block.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Slots with the rows that have them, in order.
    pub(super) slots: Vec<(u32, Bits)>,
    /// Members with the rows that lack them, in order.
    pub(super) missing: Vec<(u32, Bits)>,
    /// Rows with a value that could not be read, and why.
    pub(super) bad: Vec<(usize, Vec<BadValue>)>,
}

impl Judge {
    pub(super) fn new(plan: Arc<Plan>, kernel: Kernel) -> Self {
        let room = Room {
            classes: vec![[0; BLOCK]; plan.axes.len()],
            labels: Labels::new(),
            countries: [places::NO_COUNTRY; BLOCK],
            bits: vec![NONE; plan.constraints.len()],
            is_open: vec![false; plan.axes.len()],
            missing: Missing { rows: vec![NONE; plan.members.paths().len()], noted: Vec::new() },
        };
        let dictionaries = vec![None; plan.axes.len()];
        Self {
            plan,
            kernel,
            room: Box::new(room),
            dictionaries,
            labelled: Default::default(),
            marked: Default::default(),
            zones: Default::default(),
            spares: Spares::default(),
        }
    }

    /// Judges all rows of a batch, the first of which has that number in the audience.
    pub(super) fn batch(
        &mut self,
        frame: &Frame,
        batch: &RecordBatch,
        first_row: u64,
    ) -> Result<(RecordBatch, Counts), ArrowError> {
        let Self { plan, kernel, room, dictionaries, labelled, marked, zones, spares } = self;
        let mut output = Output::new(plan, batch.num_rows(), spares);
        let schema: &Schema = plan.base.facts.schema();
        let columns = Columns { plan, batch, schema, kernel: *kernel };
        let zone = |text: &str| zones.borrow_mut().label(text, |text| plan.places.zone_label(text));
        let labellers = columns.labellers(labelled, &zone);
        let markers = columns.markers(marked);
        let fillers = columns.fillers(dictionaries);
        let mut start = 0;
        while start < batch.num_rows() {
            let rows = (batch.num_rows() - start).min(BLOCK);
            let block = Block { plan, batch, kernel: *kernel, start, rows };
            block.label(&labellers, room);
            block.classify(&fillers, room);
            let found = block.judge(&fillers, &markers, room);
            output.block(
                plan,
                *kernel,
                &found,
                block.rows,
                first_row + start as u64,
                plan.places.any().then_some(&room.countries),
            );
            start += rows;
        }
        output.finish(plan, frame, batch, spares)
    }
}

/// The columns of one batch.
struct Columns<'a> {
    plan: &'a Plan,
    batch: &'a RecordBatch,
    schema: &'a Schema,
    kernel: Kernel,
}

impl<'a> Columns<'a> {
    fn array(&self, column: usize) -> Option<&'a dyn Array> {
        let column = self.plan.bound.columns.get(column)?;
        self.batch.columns().get(column.index).map(AsRef::as_ref)
    }

    fn labellers(
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

    /// Readers of the columns that name recipients, if something is known of any: [`MARKED`] where
    /// something is known of this one.
    fn markers(&self, kept: &mut [Option<KeptDictionary<u32>>; 2]) -> Vec<Reader<'a, u32>> {
        let Some(marks) = self.plan.base.facts.marks() else { return Vec::new() };
        let named = [id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID].into_iter().zip(kept);
        let marker = |(attribute, kept): (AttributeId, &mut Option<KeptDictionary<u32>>)| {
            let column =
                self.plan.bound.columns.iter().find(|column| column.attribute == attribute)?;
            let array = self.batch.columns().get(column.index)?;
            let label = |text: &str| if marks.contains_key(text) { MARKED } else { NULL };
            Some(read::labelled(array.as_ref(), &column.reading, NULL, self.kernel, kept, label))
        };
        named.filter_map(marker).collect()
    }

    fn fillers(&self, kept: &mut [Option<KeptDictionary<u8>>]) -> Vec<Filler<'a>> {
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
const MARKED: u32 = 1;
const _: () = assert!(MARKED != NULL && MARKED != BAD_LABEL, "three labels");

/// What fills the rows of an axis.
enum Filler<'a> {
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
    if !crate::facts::is_user_id(text) {
        return BAD_LABEL;
    }
    text.split_once('.').map_or(BAD_LABEL, |(country, _)| places::country_label(country))
}

/// Up to [`BLOCK`] rows of a batch.
struct Block<'a> {
    plan: &'a Plan,
    batch: &'a RecordBatch,
    kernel: Kernel,
    start: usize,
    rows: usize,
}

impl Block<'_> {
    fn range(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.rows
    }

    fn label(&self, labellers: &[Option<Reader<'_, u32>>; 4], room: &mut Room) {
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

    fn classify(&self, fillers: &[Filler<'_>], room: &mut Room) {
        let Room { classes, labels, countries, bits, is_open, .. } = room;
        let mut any_open = self.plan.is_open;
        for (((axis, filler), classes), is_open) in
            self.plan.axes.iter().zip(fillers).zip(&mut *classes).zip(&mut *is_open)
        {
            *is_open = match filler {
                Filler::Bits(array) => self.mark_bits(axis, array, bits),
                Filler::Bytes { reader, may_be_null, .. } => {
                    let Some(into) = classes.get_mut(..self.rows) else { continue };
                    reader(self.kernel, self.range(), into);
                    (*may_be_null || !axis.is_open_by_null) && self.is_open(axis, classes)
                }
                Filler::Derived => {
                    let Some(into) = classes.get_mut(..self.rows) else { continue };
                    self.derive(axis, labels, countries, into);
                    self.is_open(axis, classes)
                }
            };
            any_open |= *is_open;
            self.mark(axis, filler, classes, bits, |constraint| constraint.is_first);
        }
        if any_open {
            for ((axis, filler), classes) in self.plan.axes.iter().zip(fillers).zip(&*classes) {
                self.mark(axis, filler, classes, bits, |constraint| !constraint.is_first);
            }
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
            Filler::Derived => true,
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

    /// As [`Self::mark`], of a column that is bits already; whether some row is open.
    fn mark_bits(&self, axis: &Axis, array: &BooleanArray, bits: &mut [Bits]) -> bool {
        let Source::Bools { no, yes, null, .. } = axis.source else { return false };
        let values = read::bits(array.values(), self.start, self.rows);
        let valid = array
            .nulls()
            .filter(|nulls| nulls.null_count() > 0)
            .map(|nulls| read::bits(nulls.inner(), self.start, self.rows));
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
            for (into, value) in into.iter_mut().zip(&values) {
                *into = (value & of_yes) | (!value & of_no);
            }
            if let Some(valid) = &valid {
                into.iter_mut()
                    .zip(valid)
                    .for_each(|(into, valid)| *into = (*into & valid) | (of_null & !valid));
            }
        }
        let mut open = NONE;
        for (place, open) in open.iter_mut().enumerate() {
            let valid = valid.as_ref().map_or(u64::MAX, |valid| valid[place]);
            let of = |class: u8, rows: u64| {
                if axis.open.iter().any(|run| run.holds(class)) { rows } else { 0 }
            };
            *open =
                of(yes, values[place] & valid) | of(no, !values[place] & valid) | of(null, !valid);
        }
        !kernel::is_none(&and(&open, &kernel::first(self.rows)))
    }

    /// Whether something is unknown of some row.
    fn is_open(&self, axis: &Axis, classes: &ClassesOfRows) -> bool {
        let mut open = NONE;
        self.kernel.mark(classes, &axis.open, &mut open);
        !kernel::is_none(&and(&open, &kernel::first(self.rows)))
    }

    /// The bytes of an axis that no column tells alone.
    fn derive(&self, axis: &Axis, labels: &Labels, countries: &[u16; BLOCK], into: &mut [u8]) {
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
                    *into = class_of.get(usize::from(*country)).copied().unwrap_or_default()
                })
            }
            Source::Clocks(class_of) => places.clocks(labels, countries, class_of, into),
            Source::OfPlaces { attribute: id::RECIPIENT_IDENTITY_CONFLICT, class_of } => {
                Places::identity_conflicts(labels, class_of, into)
            }
            Source::OfPlaces { attribute: id::RECIPIENT_NUMBER_OF_BARRED_REGION, class_of } => {
                Places::barred(labels, class_of, into)
            }
            Source::OfPlaces { class_of, .. } => {
                places.zone_conflicts(labels, countries, class_of, into)
            }
            Source::Derived { attribute, class_of } => self.derived(*attribute, class_of, into),
            Source::Predicate { dimension, class_of } => self.predicate(*dimension, class_of, into),
            Source::Line { .. }
            | Source::Doubles { .. }
            | Source::Bools { .. }
            | Source::Words { .. }
            | Source::Presence { .. } => {}
        }
    }

    /// Derives a boolean for each row, from the columns that it follows from. Where the first of
    /// them is null, so that nothing was said, all rows come to the same, unless more columns have
    /// a say then.
    fn derived(&self, attribute: AttributeId, class_of: &[u8; 4], into: &mut [u8]) {
        let base = &self.plan.base;
        let schema = &base.program.schema;
        let sources = recipient::sources(&attribute);
        let first = self
            .plan
            .bound
            .columns
            .iter()
            .find(|column| Some(&column.attribute) == sources.first());
        let first = first
            .and_then(|column| self.batch.columns().get(column.index))
            .filter(|_| attribute != id::RECIPIENT_MARKETING_TODAY);
        let mut of_null = None;
        let mut facts = base.facts.clone();
        for (row, into) in self.range().zip(into) {
            let is_null = first.is_some_and(|first| first.is_null(row));
            *into = match of_null {
                Some(class) if is_null => class,
                _ => {
                    // What cannot be read is judged by the row path, whatever is found here.
                    row::tell(&mut facts, self.batch, row, &self.plan.bound, |id| {
                        sources.contains(&id)
                    });
                    let fact =
                        resolve::derived(&facts, &base.directory, &base.catalogue, attribute);
                    let code = usize::from(schema.attribute(attribute).code(&fact));
                    class_of.get(code).copied().unwrap_or(class_of[usize::from(CODE_UNKNOWN)])
                }
            };
            if is_null {
                of_null = Some(*into);
            }
        }
    }

    /// Works out a predicate for each row, from the columns that it reads.
    fn predicate(&self, dimension: DimensionIdx, class_of: &[u8; 4], into: &mut [u8]) {
        let program = &self.plan.base.program;
        let Some(Subject::Predicate(index)) =
            program.dimension(dimension).map(|known| known.subject)
        else {
            return;
        };
        let Some(predicate) = program.predicates.get(index) else { return };
        let base = &self.plan.base;
        let class_of = |class: ClassIdx| {
            class_of.get(usize::from(class)).copied().unwrap_or(class_of[usize::from(UNKNOWN)])
        };
        if let Some(columns) = self.read_alone(&predicate.attributes) {
            let campaign = base.resolve(&base.facts);
            let mut told: Vec<(AttributeId, Fact)> =
                columns.iter().map(|(id, ..)| (*id, Fact::Unknown)).collect();
            for (row, into) in self.range().zip(into) {
                for ((id, array, reading), (_, fact)) in columns.iter().zip(&mut told) {
                    *fact = row::fact(*array, row, program.schema.attribute(*id), reading)
                        .unwrap_or(Fact::Unknown);
                }
                *into = class_of(class_of_predicate(
                    program,
                    dimension,
                    &Overlay { resolved: &campaign, told: &told },
                ));
            }
            return;
        }
        let reads = |attribute: AttributeId| {
            predicate.attributes.iter().any(|id| recipient::sources(id).contains(&attribute))
        };
        let mut facts = base.facts.clone();
        for (row, into) in self.range().zip(into) {
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
        for id in attributes.iter().filter(|id| super::plan::varies(&self.plan.bound, **id)) {
            let column = self
                .plan
                .bound
                .columns
                .iter()
                .find(|column| column.attribute == *id && recipient::sources(id) == [*id])?;
            columns.push((*id, self.batch.columns().get(column.index)?.as_ref(), &column.reading));
        }
        Some(columns)
    }

    fn judge(&self, fillers: &[Filler<'_>], markers: &[Reader<'_, u32>], room: &mut Room) -> Found {
        let plan = self.plan;
        let bad = self.bad(fillers, room);
        let marked = self.marked(markers);
        let live = kernel::first(self.rows);
        let unmarked = kernel::without(&live, &marked);
        let mut found = Found::default();
        let mut of_row = NONE;
        let mut missing =
            std::mem::replace(&mut room.missing, Missing { rows: Vec::new(), noted: Vec::new() });
        self.kernel.wide(
            #[inline(always)]
            || {
                self.outcomes(
                    room,
                    &kernel::without(&unmarked, &bad),
                    &mut found,
                    &mut missing,
                    &mut of_row,
                )
            },
        );
        if !kernel::is_none(&unmarked) {
            found.slots.extend(plan.fixed.iter().map(|slot| (*slot, unmarked)));
            plan.fixed_missing.iter().for_each(|path| missing.note(*path, &unmarked));
        }
        if !kernel::is_none(&bad) || !kernel::is_none(&of_row) || !kernel::is_none(&marked) {
            self.row_by_row(&bad, &marked, &of_row, &mut found, &mut missing);
        }
        found.slots.sort_unstable_by_key(|(slot, _)| *slot);
        found.missing = missing.take();
        room.missing = missing;
        found
    }

    /// What each rule says of the rows that can be read.
    #[inline(always)]
    fn outcomes(
        &self,
        room: &Room,
        readable: &Bits,
        found: &mut Found,
        missing: &mut Missing,
        of_row: &mut Bits,
    ) {
        for rule in &self.plan.rules {
            let settled = self.outcome(rule, room);
            let violated = and(&settled.violated, readable);
            let open = and(&settled.undetermined, readable);
            if !kernel::is_none(&violated) {
                found.slots.push((rule.violated_slot, violated));
            }
            if let Some(slot) = rule.open_slot
                && !kernel::is_none(&open)
            {
                found.slots.push((slot, open));
                self.lack(rule, &open, room, missing, of_row);
            }
        }
    }

    /// The rows of recipients of whom something is known apart from the audience.
    fn marked(&self, markers: &[Reader<'_, u32>]) -> Bits {
        let mut marked = NONE;
        let mut labels = [NULL; BLOCK];
        for marker in markers {
            let Some(labels) = labels.get_mut(..self.rows) else { continue };
            marker(self.kernel, self.range(), labels);
            labels
                .iter()
                .enumerate()
                .filter(|(_, label)| **label == MARKED)
                .for_each(|(row, _)| set(&mut marked, row));
        }
        marked
    }

    /// The rows with a value that could not be read.
    fn bad(&self, fillers: &[Filler<'_>], room: &Room) -> Bits {
        let mut bad = NONE;
        for ((axis, filler), classes) in self.plan.axes.iter().zip(fillers).zip(&room.classes) {
            if matches!(filler, Filler::Bytes { may_be_bad: true, .. }) {
                let mut of_axis = NONE;
                self.kernel.mark(classes, &axis.bad, &mut of_axis);
                kernel::or_into(&mut bad, &of_axis);
            }
        }
        let places = &self.plan.places;
        let Labels { phone, user_id, country, time_zone } = &room.labels;
        for (column, labels) in [
            (places.phone, phone),
            (places.user_id, user_id),
            (places.country, country),
            (places.time_zone, time_zone),
        ] {
            if column.is_some() {
                for (word, labels) in bad.iter_mut().zip(labels.as_chunks::<64>().0) {
                    // Most often there is none, and asking whether there is any is quick.
                    if labels.iter().fold(false, |any, label| any | (*label == BAD_LABEL)) {
                        *word |= labels.iter().enumerate().fold(0, |word, (bit, label)| {
                            word | u64::from(*label == BAD_LABEL) << bit
                        });
                    }
                }
            }
        }
        and(&bad, &kernel::first(self.rows))
    }

    /// Where a rule is violated, and where it is open.
    #[inline(always)]
    fn outcome(&self, rule: &PlanRule, room: &Room) -> Settled<Bits> {
        let violated = self.any(&rule.violated, room);
        let error = if rule.error.is_empty() { NONE } else { self.any(&rule.error, room) };
        let is_open = rule.is_open
            || rule
                .axes
                .iter()
                .any(|axis| room.is_open.get(*axis as usize).copied().unwrap_or(true));
        outcome::settle(violated, error, |_| {
            if !is_open {
                return NONE;
            }
            let mut others = self.any(&rule.satisfied, room);
            kernel::or_into(&mut others, &self.any(&rule.not_applicable, room));
            others
        })
    }

    /// Where some of the clauses are possible.
    #[inline(always)]
    fn any(&self, clauses: &[u32], room: &Room) -> Bits {
        let mut any = NONE;
        for clause in clauses {
            kernel::or_into(&mut any, &self.all(*clause, room));
        }
        any
    }

    /// Where a clause is possible.
    #[inline(always)]
    fn all(&self, clause: u32, room: &Room) -> Bits {
        let constraints =
            self.plan.clauses.get(clause as usize).map_or::<&[u32], _>(&[], AsRef::as_ref);
        let mut all = ALL;
        for constraint in constraints {
            if let Some(bits) = room.bits.get(*constraint as usize) {
                all = and(&all, bits);
            }
        }
        all
    }

    /// Notes what the rows in which a rule is open lack.
    fn lack(
        &self,
        rule: &PlanRule,
        open: &Bits,
        room: &Room,
        missing: &mut Missing,
        of_row: &mut Bits,
    ) {
        for lacking in &rule.missing {
            let rows = missing_where(&lacking.pairs, |clause| self.all(clause, room));
            let rows = and(&rows, open);
            if kernel::is_none(&rows) {
                continue;
            }
            match &lacking.lacks {
                Lacks::OfRow => kernel::or_into(of_row, &rows),
                Lacks::Members(members) => {
                    for (member, when) in members {
                        let rows = match when {
                            When::Always => rows,
                            When::NoPhone => and(&rows, &where_none(&room.labels.phone, &NULL)),
                            When::NowhereKnown => {
                                let nowhere = where_none(&room.countries, &places::NO_COUNTRY);
                                and(&and(&rows, &where_none(&room.labels.phone, &NULL)), &nowhere)
                            }
                        };
                        missing.note(*member, &rows);
                    }
                }
            }
        }
    }

    /// Judges rows one at a time: those with a value that could not be read and those of whom more
    /// is known whole, the others for what they lack. What is known of a recipient may change what
    /// is fixed for all others, so that nothing is taken from the plan.
    fn row_by_row(
        &self,
        bad: &Bits,
        marked: &Bits,
        of_row: &Bits,
        found: &mut Found,
        missing: &mut Missing,
    ) {
        let base = &self.plan.base;
        let mut rows = *bad;
        kernel::or_into(&mut rows, marked);
        kernel::or_into(&mut rows, of_row);
        for row in kernel::rows(&rows) {
            let (is_bad, is_marked) = (has(bad, row), has(marked, row));
            let mut facts: Facts = base.facts.clone();
            let problems =
                row::tell(&mut facts, self.batch, self.start + row, &self.plan.bound, |_| true);
            if is_marked {
                facts.tell_marks();
            }
            let resolved = base.resolve(&facts);
            for matched in matching::findings(&base.program, &resolved) {
                let place = self.plan.rules.binary_search_by_key(&matched.rule, |rule| rule.rule);
                let varying = place.ok().and_then(|place| self.plan.rules.get(place));
                let slot = match (matched.status, varying) {
                    (Status::Satisfied | Status::NotApplicable, _) => None,
                    (status, _) if is_marked => base.order.number(matched.rule, status),
                    (_, None) => None,
                    (Status::Violated, Some(rule)) => Some(rule.violated_slot),
                    (Status::Undetermined, Some(rule)) => rule.open_slot,
                };
                let Some(slot) = slot else { continue };
                if is_bad || is_marked {
                    put(&mut found.slots, slot, row);
                }
                for path in matched.missing.iter().flat_map(|attribute| resolved.causes(*attribute))
                {
                    if let Some(member) = self.plan.members.position(&path) {
                        missing.note(member, &only(row));
                    }
                }
            }
            if is_bad {
                put(&mut found.slots, base.order.bad_value(), row);
                found.bad.push((row, problems));
            }
        }
    }
}

fn has(bits: &Bits, row: usize) -> bool {
    bits.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
}

fn set(bits: &mut Bits, row: usize) {
    if let Some(word) = bits.get_mut(row / 64) {
        *word |= 1 << (row % 64);
    }
}

fn only(row: usize) -> Bits {
    let mut bits = NONE;
    set(&mut bits, row);
    bits
}

/// Adds a row to a slot.
fn put(slots: &mut Vec<(u32, Bits)>, slot: u32, row: usize) {
    let place = slots.iter().position(|(known, _)| *known == slot).unwrap_or_else(|| {
        slots.push((slot, NONE));
        slots.len() - 1
    });
    if let Some((_, bits)) = slots.get_mut(place) {
        set(bits, row);
    }
}

/// The rows that have that value.
fn where_none<T: PartialEq>(values: &[T; BLOCK], none: &T) -> Bits {
    std::array::from_fn(|word| {
        let rows = &values[word * 64..word * 64 + 64];
        rows.iter().enumerate().fold(0, |bits, (bit, value)| bits | u64::from(value == none) << bit)
    })
}
