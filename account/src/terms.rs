//! For how long does an error code of a message make a check look twice?
//!
//! Where WhatsApp publishes a term it is that one; where it publishes none, a day, in which limits
//! are counted, or seven days, which is the shorter block for templates in a wrong category.

const DAY_SECONDS: i64 = 86_400;

/// Whether a code speaks of the sending number alone.
pub(crate) const fn is_of_number(code: i64) -> bool {
    matches!(code, 131_048 | 133_010 | 131_045)
}

/// For how many seconds after it came a code counts; none for one that says nothing of the account
/// or its numbers.
pub(crate) const fn seconds_of(code: i64) -> Option<i64> {
    match code {
        // The number sent what people block or report; it was not registered; the country is
        // barred; a template was paused, disabled or against the policy.
        131_048 | 133_010 | 131_045 | 130_497 | 132_007 | 132_015 | 132_016 | 131_037 => {
            Some(DAY_SECONDS)
        }
        // Templates were put into a wrong category; the payment is not in order.
        131_064 | 131_042 => Some(7 * DAY_SECONDS),
        // Direct Send is blocked.
        139_200 => Some(7 * DAY_SECONDS),
        _ => None,
    }
}
