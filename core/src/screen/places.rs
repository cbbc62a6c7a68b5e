//! Where are the recipients, and what time is it there?
//!
//! Country and clocks follow from up to four columns together: number, business-scoped user id, country, time zone. Each is read into a label
//! for every row, a small number that says all that anything asks of it; what follows is then looked up by label, with the derivations'
//! own answers, worked out once for each country and each list of zones.

use std::collections::BTreeMap;

use super::base::Base;
use super::bind::Bound;
use super::kernel::BLOCK;
use super::signature::Piece;
use crate::program::classes::UNKNOWN;
use crate::program::dimension::{Dimension, Subject};
use crate::resolve::plan;
use crate::resolve::recipient::{self, Clocks};
use crate::schema::attributes as id;
use crate::schema::{AttributeId, countries};
use crate::time::Timestamp;
use crate::time::zone::Zone;
use crate::value::{Fact, Value};

/// What a column of places says in one row.
pub(super) type Label = u32;

/// Nothing.
pub(super) const NULL: Label = 0;
/// A value that the attribute cannot hold.
pub(super) const BAD_LABEL: Label = u32::MAX;

/// A number: set, and above it the number of its country and of its list of zones, each counted from 1, 0 where the plan has none.
const KNOWN: Label = 1;
const COUNTRY_SHIFT: u32 = 1;
const COUNTRY_MASK: Label = 0x1ff;
const ZONES_SHIFT: u32 = 10;

/// How many beginnings of three digits there are.
const STARTS: usize = 1000;

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
    /// By its first three digits, the label of a number whose calling code is one country's; [`NULL`] for the others. Empty where clocks are
    /// read: they need the whole number.
    of_start: Vec<Label>,
    /// All clocks that there may be, the unknown first.
    clocks: Vec<Option<Clocks>>,
    /// By list of zones, counted from 1, the number of its clocks.
    of_zones: Vec<u16>,
    /// By country, counted from 1, the number of its clocks.
    of_country: Vec<u16>,
    send_at: Timestamp,
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
        Self { phone: [NULL; BLOCK], user_id: [NULL; BLOCK], country: [NULL; BLOCK], time_zone: [NULL; BLOCK] }
    }
}

impl Places {
    pub(super) fn new(base: &Base, bound: &Bound) -> Self {
        let column = |attribute| bound.columns.iter().position(|column| column.attribute == attribute);
        let send_at = base.send_at();
        let mut places = Self {
            phone: column(id::RECIPIENT_PHONE),
            user_id: column(id::RECIPIENT_USER_ID),
            country: column(id::RECIPIENT_COUNTRY),
            time_zone: column(id::RECIPIENT_TIME_ZONE),
            of_start: Vec::new(),
            of_plan: plan::countries().iter().map(|country| country_number(country)).collect(),
            clocks: vec![None],
            of_zones: vec![0],
            of_country: vec![0; countries().len() + 1],
            send_at,
        };
        let reads_clocks =
            base.program.dimensions().iter().any(|dimension| matches!(dimension.subject, Subject::Attribute(id) if is_clock(id)));
        let reads_clocks =
            reads_clocks || base.program.predicates().iter().any(|predicate| predicate.attributes.iter().any(|id| is_clock(*id)));
        if reads_clocks && places.any() {
            places.note_clocks();
        } else if places.phone.is_some() {
            places.of_start = (0..STARTS).map(|start| places.label_of_start(start)).collect();
        }
        places
    }

    /// Whether some column tells a place.
    pub(super) fn any(&self) -> bool {
        [self.phone, self.user_id, self.country, self.time_zone].iter().any(Option::is_some)
    }

    fn note_clocks(&mut self) {
        for zones in plan::zone_lists() {
            let number = self.clocks_number(recipient::span(self.send_at, zones.iter().copied()));
            self.of_zones.push(number);
        }
        for (at, country) in countries().iter().enumerate() {
            let number = self.clocks_number(recipient::span(self.send_at, plan::zones_of_country(country).iter().copied()));
            if let Some(known) = self.of_country.get_mut(at + 1) {
                *known = number;
            }
        }
        // A single zone shows some hour of yesterday, today or tomorrow: a quarter of an hour is fine enough to meet each.
        const STEP_SECONDS: i32 = 15 * 60;
        for step in -95..=95 {
            let local = Zone::fixed(step * STEP_SECONDS).and_then(|zone| zone.local(self.send_at));
            self.clocks_number(local.map(Clocks::at));
        }
    }

    fn clocks_number(&mut self, clocks: Option<Clocks>) -> u16 {
        let known = self.clocks.iter().position(|known| *known == clocks);
        let number = known.unwrap_or_else(|| {
            self.clocks.push(clocks);
            self.clocks.len() - 1
        });
        number as u16
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
        let class = |dimension: &Dimension, clocks: &Option<Clocks>| match dimension.subject {
            Subject::Attribute(attribute) => dimension.class(&Clocks::fact(*clocks, attribute)),
            Subject::Predicate(_) => UNKNOWN,
        };
        self.clocks.iter().map(|clocks| dimensions.iter().map(|dimension| class(dimension, clocks)).collect()).collect()
    }

    fn label_of_start(&self, start: usize) -> Label {
        let digits = [start / 100, start / 10 % 10, start % 10].map(|digit| digit as u8);
        plan::country_of_start(digits).map_or(NULL, |country| self.label_in(country))
    }

    /// The label of a number in E.164.
    pub(super) fn phone_label(&self, phone: &str) -> Label {
        if !crate::facts::is_e164(phone) {
            return BAD_LABEL;
        }
        if let Some([_, digits @ ..]) = phone.as_bytes().first_chunk::<4>() {
            let start = digits.iter().fold(0, |start, digit| start * 10 + usize::from(digit & 0xf));
            if let Some(label) = self.of_start.get(start).filter(|label| **label != NULL) {
                return *label;
            }
        }
        let Some(located) = plan::located(phone) else { return KNOWN };
        // To find the zones of a number takes longer than to find its country.
        let zones = if self.of_start.is_empty() { Label::from(located.zones()) + 1 } else { 0 };
        self.label_in(located.country) | zones << ZONES_SHIFT
    }

    /// The label of a number in a country of the plan, without its zones.
    fn label_in(&self, country: u16) -> Label {
        let country = self.of_plan.get(usize::from(country)).copied().unwrap_or(NO_COUNTRY);
        KNOWN | Label::from(country) << COUNTRY_SHIFT
    }

    /// The label of a time zone: the number of its clocks, counted from 2.
    pub(super) fn zone_label(&self, name: &str) -> Label {
        if Zone::named(name).is_none() {
            return BAD_LABEL;
        }
        let clocks = recipient::span(self.send_at, [name]);
        self.clocks.iter().position(|known| *known == clocks).map_or(2, |number| number as Label + 2)
    }

    /// The number of the country of each row: as told, else by the number, else by the user id.
    #[inline(always)]
    pub(super) fn countries(&self, labels: &Labels, rows: usize, into: &mut [u16; BLOCK]) {
        let by_code = |label: Label| if label == BAD_LABEL { NO_COUNTRY } else { label as u16 };
        let into = into.iter_mut().take(rows);
        match (self.country, self.phone, self.user_id) {
            (Some(_), None, None) => into.zip(&labels.country).for_each(|(into, label)| *into = by_code(*label)),
            (None, Some(_), None) => into.zip(&labels.phone).for_each(|(into, label)| *into = country_of(*label)),
            _ => {
                for (row, country) in into.enumerate() {
                    let told = [by_code(labels.country[row]), country_of(labels.phone[row]), by_code(labels.user_id[row])];
                    *country = told.into_iter().find(|country| *country != NO_COUNTRY).unwrap_or(NO_COUNTRY);
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

    /// The bytes of the axis of clocks: the zone told decides, else the number, else the country.
    pub(super) fn clocks(&self, labels: &Labels, countries: &[u16; BLOCK], class_of: &[u8], into: &mut [u8]) {
        for (row, into) in into.iter_mut().enumerate() {
            let (zone, phone) = (labels.time_zone[row], labels.phone[row]);
            let number = if zone >= 2 && zone != BAD_LABEL {
                zone as u16 - 2
            } else if phone & KNOWN != 0 && phone != BAD_LABEL {
                self.of_zones.get((phone >> ZONES_SHIFT) as usize).copied().unwrap_or_default()
            } else {
                self.of_country.get(usize::from(countries[row])).copied().unwrap_or_default()
            };
            *into = class_of.get(usize::from(number)).copied().unwrap_or_default();
        }
    }
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

fn is_clock(attribute: AttributeId) -> bool {
    [
        id::RECIPIENT_LOCAL_HOUR,
        id::RECIPIENT_LOCAL_HOUR_MIN,
        id::RECIPIENT_LOCAL_HOUR_MAX,
        id::RECIPIENT_LOCAL_WEEKDAY,
        id::RECIPIENT_LOCAL_DATE,
    ]
    .contains(&attribute)
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
