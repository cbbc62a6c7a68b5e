//! Is this the language of a template?

/// A language as WhatsApp writes it: two or three letters, and at most one part more, which is a
/// country, a script or a region: `es`, `es_ES`, `en-US`, `zh_Hans`, `es_419`.
pub(super) fn is_language(text: &str) -> bool {
    let (language, rest) = match text.split_once(SEPARATORS) {
        Some((language, rest)) => (language, Some(rest)),
        None => (text, None),
    };
    let are_letters = |text: &str, from: usize, to: usize| {
        (from..=to).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let is_number = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    are_letters(language, 2, 3)
        && rest.is_none_or(|rest| are_letters(rest, 2, 4) || is_number(rest))
}

/// The language in a text that has more parts or other signs between them.
pub(super) fn meant_language(text: &str) -> Option<String> {
    let parts = text.split(|letter: char| !letter.is_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).take(2).collect();
    let meant = parts.join("_");
    is_language(&meant).then_some(meant)
}

const SEPARATORS: [char; 2] = ['_', '-'];

#[cfg(test)]
mod tests {
    use super::is_language;

    #[test]
    fn a_language_has_one_part_or_two() {
        for language in ["es", "es_ES", "en-US", "fil", "prs_AF", "zh_Hans", "es_419", "EN_us"] {
            assert!(is_language(language), "{language}");
        }
        for other in [
            "", "e", "_", "es_", "_ES", "es__ES", "es_E", "es_41", "es_4190", "xx_YY_zz",
            "Spanish", "es ES", "es.ES", "español", "es_ES ", "e5", "es_E5",
        ] {
            assert!(!is_language(other), "{other}");
        }
    }
}
