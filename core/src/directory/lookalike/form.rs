//! What is left of a name once nobody looks closely?
//!
//! Two forms for comparison, neither ever used for a match: *plain*, letters and digits without
//! case, marks and spacing; and the *look*, where characters that are taken for one another are
//! one.

use std::borrow::Cow;

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

/// Letters and digits, folded, without marks: `Hüb-Type` is `hubtype`.
pub(super) fn plain(text: &str) -> String {
    if text.is_ascii() {
        return text
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect();
    }
    text.nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .default_case_fold()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

/// The words of a name: runs of letters, marks and digits.
pub(super) fn words(text: &str) -> Vec<&str> {
    text.split(|letter: char| {
        !letter.is_alphanumeric() && !is_combining_mark(letter) && !is_invisible(letter)
    })
    .filter(|word| !word.is_empty())
    .collect()
}

/// Whether a host looks as if it began as another does, whatever stands between its labels: its
/// encoded labels are decoded first.
pub(crate) fn begins_like(host: &str, other: &str) -> bool {
    let (unicode, _) = idna::domain_to_unicode(host);
    let begin = looking(other.chars());
    looks(&unicode).iter().any(|look| look.starts_with(&*begin))
}

/// The looks of a text: by UTS 39 skeleton as written, in small letters and in capitals, since a
/// Cyrillic capital that looks like `H` has a small letter that does not; then with what
/// handwriting and fonts confuse within ASCII made one.
pub(super) fn looks(text: &str) -> Vec<String> {
    if text.is_ascii() {
        return vec![looking(text.chars())];
    }
    let shown = as_shown(text);
    let folded: String = shown.chars().default_case_fold().collect();
    let capitals: String = shown.chars().flat_map(char::to_uppercase).collect();
    let mut looks: Vec<String> = [text, &shown, &folded, &capitals].into_iter().map(look).collect();
    looks.sort_unstable();
    looks.dedup();
    looks
}

/// A text in the order in which it is shown, where a mark turns the letters after it round:
/// `U+202E`, up to where `U+202C` ends that.
fn as_shown(text: &str) -> Cow<'_, str> {
    const TURN: char = '\u{202e}';
    const END: char = '\u{202c}';
    let Some((before, turned)) = text.split_once(TURN) else { return Cow::Borrowed(text) };
    let (turned, after) = turned.split_once(END).unwrap_or((turned, ""));
    let shown = before.chars().chain(turned.chars().rev()).chain(after.chars());
    Cow::Owned(shown.collect())
}

fn look(text: &str) -> String {
    let bare: String = text.nfkd().filter(|letter| !is_combining_mark(*letter)).collect();
    looking(skeleton(&bare))
}

/// Within ASCII this does all that the skeleton does, and more.
fn looking(letters: impl Iterator<Item = char>) -> String {
    let mut look = String::new();
    for letter in letters.flat_map(char::to_lowercase) {
        match letter {
            'i' | 'l' | '1' | '|' | '!' => look.push('l'),
            '0' => look.push('o'),
            '2' => look.push('z'),
            '3' => look.push('e'),
            '4' | '@' => look.push('a'),
            '5' | '$' => look.push('s'),
            '7' => look.push('t'),
            '8' => look.push('b'),
            '9' => look.push('g'),
            'm' => look.push_str("rn"),
            'w' => look.push_str("vv"),
            other if other.is_alphanumeric() => look.push(other),
            _ => {}
        }
    }
    look
}

/// Zero-width and other characters that show nothing.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{looks, plain, words};

    #[test]
    fn what_looks_the_same_has_one_look() {
        for (one, other) in [
            ("Hubtype", "HUBTYPE"),
            ("Hubtype", "Hubt\u{443}pe"),
            ("Hubtype", "\u{41d}ubtype"),
            ("Infobip", "lnfobip"),
            ("Twilio", "TWI1I0"),
            ("Amio", "Arnio"),
            ("Wati", "VVati"),
            ("Hubtype", "Hubtyp3"),
            ("Hubtype", "Hub\u{200b}type"),
            ("Hubtype", "\u{202e}epytbuH"),
            ("Hubtype", "\u{ff28}ubtype"),
        ] {
            assert!(
                looks(other).contains(&looks(one)[0]),
                "{one} {other} {:?} {:?}",
                looks(one),
                looks(other)
            );
        }
        assert_ne!(looks("Twilio"), looks("Trilio"));
    }

    #[test]
    fn plain_keeps_letters_and_digits() {
        assert_eq!(plain("H\u{fc}b-Type 2\u{ba}"), "hubtype2o");
        assert_eq!(words("Hub\u{200b}type, S.L."), ["Hub\u{200b}type", "S", "L"]);
    }
}
