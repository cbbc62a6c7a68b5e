//! Where are the recipients, and what time is it there?
//!
//! Country and clocks follow from up to four columns together: number, business-scoped user id,
//! country, time zone. Each is read into a label for every row, a small number that says all that
//! anything asks of it; what follows is then looked up by label, with the derivations' own answers,
//! worked out once for each country and each list of zones.

use std::collections::{BTreeMap, BTreeSet};

use super::base::Base;
use super::bind::Bound;
use super::bits::BLOCK;
use super::signature::Piece;
use crate::program::classes::UNKNOWN;
use crate::program::dimension::{Dimension, Subject, clock_cuts};
use crate::resolve::derivations::{self, AxisKind, Basis, Derivation, OfPlaces};
use crate::resolve::whereabouts::{ClockNumbers, Clocks};
use crate::resolve::{barred, plan};
use crate::schema::attributes as id;
use crate::schema::{AttributeId, CODE_FIRST, CODE_UNKNOWN, countries, is_phone};
use crate::ternary::Ternary;
use crate::time::Timestamp;
use crate::time::zone::Zone;
use crate::value::{Fact, Value};

/// What a column of places says in one row.
pub(super) type Label = u32;

/// Nothing.
pub(super) const NULL: Label = 0;
/// A value that the attribute cannot hold.
pub(super) const BAD_LABEL: Label = u32::MAX;

/// A number: set, and above it the number of its country and of its list of zones, each counted
/// from 1, 0 where the plan has none.
const KNOWN: Label = 1;
const COUNTRY_SHIFT: u32 = 1;
const COUNTRY_MASK: Label = 0x1ff;
const ZONES_SHIFT: u32 = 10;
const ZONES_MASK: Label = 0xffff;
/// Whether the number, or the zone, is of a barred region, above all the rest.
const BARRED: Label = 1 << 30;

/// How many beginnings of three digits there are.
const STARTS: usize = 1000;
const UKRAINE: usize = 380;

/// The number of no country.
pub(super) const NO_COUNTRY: u16 = 0;

/// Which columns tell places, and what follows from labels.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// By their place in [`Bound::columns`].
    pub(super) phone: Option<usize>,
    pub(super) user_id: Option<usize>,
    pub(super) country: Option<usize>,
    pub(super) time_zone: Option<usize>,
    /// The number of each country of the plan among all countries, counted from 1.
    of_plan: Vec<u16>,
    /// By its first three digits, the label of a number whose calling code is one country's;
    /// [`NULL`] for the others. Empty where clocks are read: they need the whole number.
    of_start: Vec<Label>,
    clocks: ClockNumbers,
    /// The numbers that rows may have, the unknown first.
    may_be: Vec<u32>,
    /// By list of zones, counted from 1, what they show.
    of_zones: Vec<Shown>,
    /// By country, counted from 1, what its zones show.
    of_country: Vec<Shown>,
    send_at: Timestamp,
}

/// What some zones show.
#[derive(Clone, Debug, Default)]
struct Shown {
    /// Of clocks.
    number: u32,
    /// Seconds by which they are ahead of UTC.
    offsets: Box<[i32]>,
}

impl Shown {
    fn has(&self, offset: i32) -> bool {
        self.offsets.contains(&offset)
    }
}

/// The label of a zone without an offset from UTC; others are greater.
const ZONE_AT_UTC: Label = 1 << 20;

/// What a row says of zones: whether the given one contradicts number and country, and the number
/// of its clocks.
struct Zones {
    conflict: Ternary,
    clocks: u32,
}

/// The labels of a block of rows.
#[derive(Clone, Debug)]
pub(super) struct Labels {
    pub(super) phone: [Label; BLOCK],
    pub(super) user_id: [Label; BLOCK],
    pub(super) country: [Label; BLOCK],
    pub(super) time_zone: [Label; BLOCK],
}

impl Labels {
    pub(super) fn new() -> Self {
        Self {
            phone: [NULL; BLOCK],
            user_id: [NULL; BLOCK],
            country: [NULL; BLOCK],
            time_zone: [NULL; BLOCK],
        }
    }
}

impl Places {
    pub(super) fn new(base: &Base, bound: &Bound) -> Self {
        let column = |attribute| bound.place(attribute);
        let send_at = base.send_at();
        let mut places = Self {
            phone: column(id::RECIPIENT_PHONE),
            user_id: column(id::RECIPIENT_USER_ID),
            country: column(id::RECIPIENT_COUNTRY),
            time_zone: column(id::RECIPIENT_TIME_ZONE),
            of_start: Vec::new(),
            of_plan: plan::countries().iter().map(|country| country_number(country)).collect(),
            clocks: ClockNumbers::new(send_at, &clock_cuts(base.program.dimensions())),
            may_be: vec![0],
            of_zones: vec![Shown::default()],
            of_country: vec![Shown::default(); countries().len() + 1],
            send_at,
        };
        let reads_clocks =
            base.program.dimensions().iter().any(
                |dimension| matches!(dimension.subject, Subject::Attribute(id) if is_clock(id)),
            );
        let reads_clocks = reads_clocks
            || base
                .program
                .predicates()
                .iter()
                .any(|predicate| predicate.attributes.iter().any(|id| is_clock(*id)));
        if reads_clocks && places.any() {
            places.note_clocks();
        } else if places.phone.is_some() {
            places.of_start = (0..STARTS).map(|start| places.label_of_start(start)).collect();
        }
        places
    }

    /// Whether some column holds a place.
    pub(super) fn any(&self) -> bool {
        [self.phone, self.user_id, self.country, self.time_zone].iter().any(Option::is_some)
    }

    /// Whether the first three digits of most numbers tell their label, because no clock is read.
    pub(super) fn tell_by_start(&self) -> bool {
        !self.of_start.is_empty()
    }

    fn note_clocks(&mut self) {
        for zones in plan::zone_lists() {
            self.of_zones.push(self.shown(zones));
        }
        for (at, country) in countries().iter().enumerate() {
            let shown = self.shown(plan::zones_of_country(country));
            if let Some(known) = self.of_country.get_mut(at + 1) {
                *known = shown;
            }
        }
        let mut may_be: BTreeSet<u32> =
            self.of_zones.iter().chain(&self.of_country).map(|shown| shown.number).collect();
        if self.time_zone.is_some() {
            may_be.extend(self.clocks.of_each_offset());
        }
        let tells = [self.phone, self.user_id, self.country, self.time_zone]
            .iter()
            .filter(|column| column.is_some())
            .count();
        if tells > 1 {
            // What contradicts each other is judged together.
            let mut left: Vec<u32> = may_be.iter().copied().collect();
            let parts = left.clone();
            while let Some(number) = left.pop() {
                let more = parts.iter().map(|part| self.clocks.both(number, *part));
                left.extend(more.filter(|number| may_be.insert(*number)).collect::<Vec<_>>());
            }
        }
        may_be.insert(0);
        self.may_be = may_be.into_iter().collect();
    }

    fn shown(&self, zones: &[&str]) -> Shown {
        let mut offsets: Vec<i32> = zones
            .iter()
            .filter_map(|zone| Zone::named(zone))
            .map(|zone| zone.offset_seconds(self.send_at))
            .collect();
        offsets.sort_unstable();
        offsets.dedup();
        Shown { number: self.clocks.of_zones(zones.iter().copied()), offsets: offsets.into() }
    }

    /// What each country comes to in some dimensions, none first.
    pub(super) fn country_pieces(&self, dimensions: &[&Dimension]) -> Vec<Piece> {
        let unknown = vec![UNKNOWN; dimensions.len()];
        let of = |country: &&str| {
            let fact = Fact::Value(Value::string(country));
            dimensions.iter().map(|dimension| dimension.class(&fact)).collect()
        };
        [unknown].into_iter().chain(countries().iter().map(of)).collect()
    }

    /// What each of the clocks comes to in some dimensions.
    pub(super) fn clock_pieces(&self, dimensions: &[&Dimension]) -> Vec<Piece> {
        let class = |dimension: &Dimension, clocks: Option<Clocks>| match dimension.subject {
            Subject::Attribute(attribute) => match derivations::of(attribute) {
                Some(Derivation {
                    basis: Basis { axis: AxisKind::Clocks(reading), .. }, ..
                }) => dimension.class(&Clocks::fact(clocks, *reading)),
                _ => UNKNOWN,
            },
            Subject::Predicate(_) => UNKNOWN,
        };
        let piece = |number: &u32| {
            let clocks = self.clocks.clocks(*number);
            dimensions.iter().map(|dimension| class(dimension, clocks)).collect()
        };
        self.may_be.iter().map(piece).collect()
    }

    /// By the number of clocks, the class of its piece.
    pub(super) fn by_clocks(&self, classes: &[u8]) -> Box<[u8]> {
        let unknown = classes.first().copied().unwrap_or_default();
        let mut by_number = vec![unknown; self.clocks.count()];
        for (number, class) in self.may_be.iter().zip(classes) {
            if let Some(known) = by_number.get_mut(*number as usize) {
                *known = *class;
            }
        }
        by_number.into()
    }

    fn label_of_start(&self, start: usize) -> Label {
        let digits = [start / 100, start / 10 % 10, start % 10].map(|digit| digit as u8);
        match plan::country_of_start(digits) {
            // Some of its numbers are of a barred region, which the beginning does not tell.
            Some(country) if start != UKRAINE => self.label_in(country),
            _ => NULL,
        }
    }

    /// The label of a number in E.164.
    pub(super) fn phone_label(&self, phone: &str) -> Label {
        if !is_phone(phone) {
            return BAD_LABEL;
        }
        if let Some([_, digits @ ..]) = phone.as_bytes().first_chunk::<4>() {
            let start = digits.iter().fold(0, |start, digit| start * 10 + usize::from(digit & 0xf));
            if let Some(label) = self.of_start.get(start).filter(|label| **label != NULL) {
                return *label;
            }
        }
        let Some(located) = plan::located(phone) else {
            return if barred::is_of_barred_region(phone) { KNOWN | BARRED } else { KNOWN };
        };
        // To find the zones of a number takes longer than to find its country.
        let zones = if self.of_start.is_empty() { Label::from(located.zones()) + 1 } else { 0 };
        let barred = if barred::is_of_barred_region(phone) { BARRED } else { 0 };
        self.label_in(located.country) | zones << ZONES_SHIFT | barred
    }

    /// The label of a number in a country of the plan, without its zones.
    fn label_in(&self, country: u16) -> Label {
        let country = self.of_plan.get(usize::from(country)).copied().unwrap_or(NO_COUNTRY);
        KNOWN | Label::from(country) << COUNTRY_SHIFT
    }

    /// The label of a time zone: by how much it is ahead of UTC.
    pub(super) fn zone_label(&self, name: &str) -> Label {
        match Zone::named(name) {
            Some(zone) => {
                let barred = if barred::is_zone_of_barred_region(name) { BARRED } else { 0 };
                ZONE_AT_UTC.saturating_add_signed(zone.offset_seconds(self.send_at)) | barred
            }
            None => BAD_LABEL,
        }
    }

    /// The number of the country of each row: as given, else by the number, else by the user id.
    #[inline(always)]
    pub(super) fn countries(&self, labels: &Labels, rows: usize, into: &mut [u16; BLOCK]) {
        let by_code = |label: Label| if label == BAD_LABEL { NO_COUNTRY } else { label as u16 };
        let into = into.iter_mut().take(rows);
        match (self.country, self.phone, self.user_id) {
            (Some(_), None, None) => {
                into.zip(&labels.country).for_each(|(into, label)| *into = by_code(*label));
            }
            (None, Some(_), None) => {
                into.zip(&labels.phone).for_each(|(into, label)| *into = country_of(*label));
            }
            _ => {
                for (row, country) in into.enumerate() {
                    let candidates = [
                        by_code(labels.country[row]),
                        country_of(labels.phone[row]),
                        by_code(labels.user_id[row]),
                    ];
                    *country = candidates
                        .into_iter()
                        .find(|country| *country != NO_COUNTRY)
                        .unwrap_or(NO_COUNTRY);
                }
            }
        }
    }

    /// The bytes of the axis of `recipient.number_country`, by country.
    pub(super) fn number_country(&self, labels: &Labels, class_of: &[u8], into: &mut [u8]) {
        let has_numbers = self.phone.is_some();
        for (row, into) in into.iter_mut().enumerate() {
            let phone = labels.phone[row];
            // The user id counts only where it is known that there is no number.
            let country = if phone != NULL {
                country_of(phone)
            } else if has_numbers && labels.user_id[row] != BAD_LABEL {
                labels.user_id[row] as u16
            } else {
                NO_COUNTRY
            };
            *into = class_of.get(usize::from(country)).copied().unwrap_or_default();
        }
    }

    /// The bytes of the axis of clocks.
    pub(super) fn clocks(
        &self,
        labels: &Labels,
        countries: &[u16; BLOCK],
        class_of: &[u8],
        into: &mut [u8],
    ) {
        for (row, into) in into.iter_mut().enumerate() {
            let zones = self.zones(labels, countries, row);
            *into = class_of.get(zones.clocks as usize).copied().unwrap_or_default();
        }
    }

    /// The bytes of the axis of `recipient.time_zone_conflict`.
    pub(super) fn zone_conflicts(
        &self,
        labels: &Labels,
        countries: &[u16; BLOCK],
        class_of: &[u8; 4],
        into: &mut [u8],
    ) {
        for (row, into) in into.iter_mut().enumerate() {
            *into = class_of[code_of(self.zones(labels, countries, row).conflict)];
        }
    }

    /// The bytes of the axis of `recipient.identity_conflict`.
    pub(super) fn identity_conflicts(labels: &Labels, class_of: &[u8; 4], into: &mut [u8]) {
        for (row, into) in into.iter_mut().enumerate() {
            let (phone, user) = (labels.phone[row], labels.user_id[row]);
            let conflict =
                match (phone & KNOWN != 0 && phone != BAD_LABEL, user == NULL || user == BAD_LABEL)
                {
                    (true, false) if country_of(phone) == NO_COUNTRY => Ternary::Undetermined,
                    (true, false) => Ternary::from(Label::from(country_of(phone)) != user),
                    _ => Ternary::False,
                };
            *into = class_of[code_of(conflict)];
        }
    }

    /// The bytes of the axis of `recipient.number_of_barred_region`.
    pub(super) fn barred(labels: &Labels, class_of: &[u8; 4], into: &mut [u8]) {
        for (label, into) in labels.phone.iter().zip(into) {
            *into = class_of[code_of(Ternary::from(*label != BAD_LABEL && label & BARRED != 0))];
        }
    }

    /// The bytes of the axis of `recipient.zone_of_barred_region`.
    pub(super) fn barred_zones(labels: &Labels, class_of: &[u8; 4], into: &mut [u8]) {
        for (label, into) in labels.time_zone.iter().zip(into) {
            *into = class_of[code_of(Ternary::from(*label != BAD_LABEL && label & BARRED != 0))];
        }
    }

    /// As [`crate::resolve`] has it for one recipient, of labels.
    #[inline(always)]
    fn zones(&self, labels: &Labels, countries: &[u16; BLOCK], row: usize) -> Zones {
        let (mut zone, phone) = (labels.time_zone[row], labels.phone[row]);
        if zone != BAD_LABEL {
            zone &= !BARRED;
        }
        let has_phone = phone & KNOWN != 0 && phone != BAD_LABEL;
        let list = if has_phone { (phone >> ZONES_SHIFT & ZONES_MASK) as usize } else { 0 };
        let (of_number, other) = if has_phone {
            let of_number = country_of(phone);
            let given = if labels.country[row] == BAD_LABEL {
                NO_COUNTRY
            } else {
                labels.country[row] as u16
            };
            (of_number, if given == of_number { NO_COUNTRY } else { given })
        } else {
            (NO_COUNTRY, countries[row])
        };
        let is_lost = has_phone && list == 0;
        let number = |shown: Option<&Shown>| shown.map_or(0, |shown| shown.number);
        let together = || match (list, self.of_country.get(usize::from(other))) {
            _ if is_lost => 0,
            (0, other) => number(other),
            // A country without zones adds nothing.
            (list, Some(other)) if !other.offsets.is_empty() => {
                self.clocks.both(number(self.of_zones.get(list)), other.number)
            }
            (list, _) => number(self.of_zones.get(list)),
        };
        if zone == NULL || zone == BAD_LABEL {
            return Zones { conflict: Ternary::False, clocks: together() };
        }
        let offset = zone as i32 - ZONE_AT_UTC as i32;
        let here = self.clocks.of_offset(offset.into());
        let known = [
            self.of_zones.get(list),
            self.of_country.get(usize::from(of_number)),
            self.of_country.get(usize::from(other)),
        ];
        let mut known = known.into_iter().flatten();
        let conflict = if known.clone().any(|shown| shown.has(offset)) {
            Ternary::False
        } else if is_lost {
            Ternary::Undetermined
        } else {
            known.any(|shown| !shown.offsets.is_empty()).into()
        };
        let clocks = match conflict {
            Ternary::False => here,
            Ternary::True => self.clocks.both(here, together()),
            Ternary::Undetermined => 0,
        };
        Zones { conflict, clocks }
    }
}

/// The code of what is known of a boolean.
fn code_of(known: Ternary) -> usize {
    usize::from(match known {
        Ternary::Undetermined => CODE_UNKNOWN,
        Ternary::False => CODE_FIRST,
        Ternary::True => CODE_FIRST + 1,
    })
}

/// The number of a country: its place among all, counted from 1.
pub(super) fn country_number(country: &str) -> u16 {
    countries().binary_search(&country).map_or(NO_COUNTRY, |at| at as u16 + 1)
}

/// The label of a country's code.
pub(super) fn country_label(country: &str) -> Label {
    match country_number(country) {
        NO_COUNTRY => BAD_LABEL,
        number => number.into(),
    }
}

/// The number of a phone's country by its label.
#[inline(always)]
fn country_of(phone: Label) -> u16 {
    if phone == BAD_LABEL { NO_COUNTRY } else { (phone >> COUNTRY_SHIFT & COUNTRY_MASK) as u16 }
}

/// Whether a column is read by [`Places`].
pub(super) fn is_place(attribute: AttributeId) -> bool {
    [id::RECIPIENT_PHONE, id::RECIPIENT_USER_ID, id::RECIPIENT_COUNTRY, id::RECIPIENT_TIME_ZONE]
        .contains(&attribute)
}

/// Whether the whole number is needed for an attribute: clocks are read for it.
fn is_clock(attribute: AttributeId) -> bool {
    matches!(
        derivations::of(attribute).map(|row| row.basis.axis),
        Some(AxisKind::Clocks(_) | AxisKind::Places(OfPlaces::TimeZoneConflict))
    )
}

/// Labels of texts that cost more than a look, kept for the texts that come again.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept(BTreeMap<Box<str>, Label>);

impl Kept {
    /// LIMIT: there are some 600 zones; past this, names are noise and each is looked up.
    const TEXTS_MAX: usize = 1024;

    pub(super) fn label(&mut self, text: &str, work_out: impl FnOnce(&str) -> Label) -> Label {
        if let Some(label) = self.0.get(text) {
            return *label;
        }
        let label = work_out(text);
        if self.0.len() < Self::TEXTS_MAX && text.len() <= 64 {
            self.0.insert(text.into(), label);
        }
        label
    }
}
