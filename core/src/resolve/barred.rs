//! Which numbers and time zones are those of a barred region?
//!
//! The number plan knows countries; these ranges are used for regions that WhatsApp does not serve
//! within countries that it does. Neither a number nor a time zone proves a place, so that whoever
//! asks has a person look.

use crate::value::{Fact, Value};

/// Crimea, Sevastopol, and the regions of Donetsk and Luhansk, by the Russian and by the Ukrainian
/// plan; of the Ukrainian ones +380 71 and +380 72 are those of networks of Donetsk and Luhansk
/// that no plan lists.
const RANGES: &[&str] = &[
    "+7365", "+7869", "+7978", "+7856", "+7857", "+7949", "+7959", "+38062", "+38064", "+38065",
    "+380692", "+38071", "+38072",
];

/// Whether a number in E.164 lies in one of the ranges.
pub(crate) fn is_of_barred_region(phone: &str) -> bool {
    (phone.starts_with("+7") || phone.starts_with("+380"))
        && RANGES.iter().any(|range| phone.starts_with(range))
}

/// Whether a number, if there is one, lies in one of the ranges.
pub(super) fn of_number(number: &Fact) -> Fact {
    match number {
        Fact::Value(Value::String(phone)) if phone.starts_with('+') => {
            Fact::Value(Value::Bool(is_of_barred_region(phone)))
        }
        Fact::Absent => Fact::Value(Value::Bool(false)),
        Fact::Value(_) | Fact::Unknown => Fact::Unknown,
    }
}

/// Whether a time zone is that of Crimea, the only barred region that has one; letters match
/// without case, as they do where zones are read.
pub(crate) fn is_zone_of_barred_region(zone: &str) -> bool {
    zone.eq_ignore_ascii_case("Europe/Simferopol")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_a_region_are_not_their_neighbours() {
        for barred in [
            "+73652123456",
            "+78692123456",
            "+79781234567",
            "+79491234567",
            "+380652123456",
            "+380692123456",
            "+380711234567",
            "+380721234567",
        ] {
            assert!(is_of_barred_region(barred), "{barred}");
        }
        for other in [
            "+74951234567",
            "+77012345678",
            "+380441234567",
            "+380682123456",
            "+34600000000",
            "+7",
            "+36512345678",
            "",
        ] {
            assert!(!is_of_barred_region(other), "{other}");
        }
    }
}
