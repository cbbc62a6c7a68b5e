//! What numbers came to before, by how they begin.
//!
//! Where a number belongs follows from its first digits and its length, for most numbers by seven
//! digits: those of one town or network come to one label, however their numbers end.

use std::cell::RefCell;

use super::places::{BAD_LABEL, Label, Places};
use crate::resolve::plan;
use crate::schema::is_phone;

/// Digits that a label is kept for.
const HEAD: usize = 7;

/// Labels by the first digits and the length of numbers, each in the place that they name. Another
/// beginning of the same place takes it over, so that nothing grows.
#[derive(Debug, Default)]
pub(super) struct Phones(RefCell<Vec<(u64, Label)>>);

impl Phones {
    /// The label of a number, as [`Places::phone_label`] has it.
    pub(super) fn label(&self, phone: &str, places: &Places) -> Label {
        /// As many as the second cache of any processor holds.
        const PLACES: usize = 1 << 13;
        const MIXED: u64 = 0x9e37_79b9_7f4a_7c15;
        if places.tell_by_start() {
            return places.phone_label(phone);
        }
        if !is_phone(phone) {
            return BAD_LABEL;
        }
        let Some([_, digits @ ..]) = phone.as_bytes().first_chunk::<{ HEAD + 1 }>() else {
            return places.phone_label(phone);
        };
        let head = digits.iter().fold(0, |head, digit| head * 10 + u64::from(digit & 0xf));
        // No number is of no digits, so that no key is 0.
        let key = head << 8 | phone.len() as u64;
        let mut known = self.0.borrow_mut();
        if known.is_empty() {
            known.resize(PLACES, (0, BAD_LABEL));
        }
        let place = (key.wrapping_mul(MIXED) >> 40) as usize % PLACES;
        match known.get_mut(place) {
            Some((same, label)) if *same == key => *label,
            Some(known) => {
                let label = places.phone_label(phone);
                if plan::is_given_by(phone, HEAD) {
                    *known = (key, label);
                }
                label
            }
            None => places.phone_label(phone),
        }
    }
}
