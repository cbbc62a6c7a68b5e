//! Is this a phone number?

/// The digits of a number with its country code: ITU-T E.164 allows 15 at most. It names no least;
/// the shortest in use (Niue, Tokelau: three digits of country code, and four) have 7. What is shorter
/// is a country code, or a number that was cut.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// E.164: `+`, then a country code that does not begin with 0, and [`DIGITS`] digits in all.
pub(crate) fn is_phone(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    DIGITS.contains(&digits.len()) && !digits.starts_with('0') && are_digits(digits.as_bytes())
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
