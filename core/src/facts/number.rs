//! Is this a phone number, or a business-scoped user id?

use crate::schema::is_country;

/// E.164: `+`, then a country code that does not begin with 0, and at most 15 digits in all.
pub(crate) fn is_e164(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    (2..=15).contains(&digits.len()) && !digits.starts_with('0') && are_digits(digits.as_bytes())
}

/// The id that WhatsApp gives to a sending number. Shorter digits may be a number without its `+`.
pub(super) fn is_number_id(text: &str) -> bool {
    (14..=20).contains(&text.len()) && are_digits(text.as_bytes())
}

/// Whether all bytes are digits: most numbers are so long that two looks at eight bytes, which may
/// overlap, see all of them.
pub(crate) fn are_digits(bytes: &[u8]) -> bool {
    let eight = |bytes: &[u8; 8]| {
        const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
        const ZEROS: u64 = 0x3030_3030_3030_3030;
        const SIX: u64 = 0x0606_0606_0606_0606;
        let bytes = u64::from_le_bytes(*bytes);
        // With 6 more, what is past 9 leaves the range; where the first look holds, nothing carries
        // into the next byte.
        bytes & HIGH == ZEROS && (bytes + SIX) & HIGH == ZEROS
    };
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) if bytes.len() <= 16 => eight(first) && eight(last),
        _ => bytes.iter().all(u8::is_ascii_digit),
    }
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
