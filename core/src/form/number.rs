//! Is this a business-scoped user id, or the id of a number?

use crate::schema::{are_digits, is_country};

/// The id that WhatsApp gives to a sending number. Shorter digits may be a number without its `+`.
pub(super) fn is_number_id(text: &str) -> bool {
    (14..=20).contains(&text.len()) && are_digits(text.as_bytes())
}

/// ISO country, dot, 1 to 128 letters and digits; between the two `ENT.` where the id is a parent
/// id, that is one person's over several portfolios. Sources: Meta's page on business-scoped user
/// ids, 2026-02-06; 360dialog's page on them, 2026, for parent ids.
pub(crate) fn is_user_id(text: &str) -> bool {
    text.split_once('.').is_some_and(|(country, id)| {
        let id = id.strip_prefix("ENT.").unwrap_or(id);
        is_country(country)
            && (1..=128).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
