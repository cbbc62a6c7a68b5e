//! How is foreign text shown to people?
//!
//! Names, messages and file names come from whoever wrote the document, the pack, the directory or
//! the tree. A terminal obeys some characters instead of showing them, others turn the text around
//! them or cannot be seen, look like an ordinary blank without being one, and a line feed begins a
//! line that looks like ours. [`escaped`] shows all of them as `\u{…}`. JSON and other output for
//! programs is not escaped: it keeps every byte.

use std::borrow::Cow;
use std::ops::RangeInclusive;

/// The text with each character that cannot be seen or that steers what shows it as `\u{…}`.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unseen) {
        Cow::Owned(text.chars().flat_map(shown).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// As [`escaped`], cut after so many characters of the text, with `…` in place of the rest.
pub fn shortened(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        None => escaped(text).into_owned(),
        Some((end, _)) => format!("{}…", escaped(text.get(..end).unwrap_or_default())),
    }
}

/// As [`shortened`], to what a message repeats of foreign text so that it stays on one line.
pub fn brief(text: &str) -> String {
    const BRIEF_CHARS_MAX: usize = 60;
    shortened(text, BRIEF_CHARS_MAX)
}

/// As [`brief`], in backticks: how a message quotes foreign text.
pub fn quoted(text: &str) -> String {
    format!("`{}`", brief(text))
}

/// A number as people write it: `1e300` and not its 301 digits.
pub fn number(number: f64) -> String {
    const DIGITS_MAX: f64 = 1e15;
    if number.abs() < DIGITS_MAX { number.to_string() } else { format!("{number:e}") }
}

/// Parts a cell from the reason why whoever read its table refused it, in the text of a value that
/// no attribute can hold.
pub const CELL_REASON: char = '\u{1f}';

/// The character, or its escape.
fn shown(character: char) -> impl Iterator<Item = char> {
    let escape = is_unseen(character).then(|| character.escape_unicode());
    let itself = escape.is_none().then_some(character);
    escape.into_iter().flatten().chain(itself)
}

/// Whether a character is a control character (C0, DEL, C1) or one of [`HIDDEN`].
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || (character > '\u{ac}' && HIDDEN.iter().any(|range| range.contains(&character)))
}

/// Whether a character looks like an ordinary space or like nothing: it is hidden, or white
/// space other than U+0020.
fn is_unseen(character: char) -> bool {
    is_hidden(character) || (character > '\u{7f}' && character.is_whitespace())
}

/// What has no shape of its own: Unicode's format characters (general category Cf), its line and
/// paragraph separators, and whatever else is ignorable by default
/// (`Default_Ignorable_Code_Point`), in Unicode 17.0. Marks of direction and joiners are among the
/// first. Then the blank of Braille, what is for private use, and what is no character.
const HIDDEN: &[RangeInclusive<char>] = &[
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{600}'..='\u{605}',
    '\u{61c}'..='\u{61c}',
    '\u{6dd}'..='\u{6dd}',
    '\u{70f}'..='\u{70f}',
    '\u{890}'..='\u{891}',
    '\u{8e2}'..='\u{8e2}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{2800}'..='\u{2800}',
    '\u{3164}'..='\u{3164}',
    '\u{e000}'..='\u{f8ff}',
    '\u{fdd0}'..='\u{fdef}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fffb}',
    '\u{fffe}'..='\u{ffff}',
    '\u{110bd}'..='\u{110bd}',
    '\u{110cd}'..='\u{110cd}',
    '\u{13430}'..='\u{1343f}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e0fff}',
    '\u{f0000}'..='\u{10ffff}',
];

#[cfg(test)]
mod tests {
    use super::{HIDDEN, escaped, shortened};

    #[test]
    fn what_steers_or_hides_is_shown_and_nothing_else_changes() {
        for (text, shown) in [
            ("Hubtype", "Hubtype"),
            ("Café «Ñandú» 株式会社 C:\\temp \"x\"", "Café «Ñandú» 株式会社 C:\\temp \"x\""),
            ("a\u{a0}b\u{202f}c\u{3000}d", "a\\u{a0}b\\u{202f}c\\u{3000}d"),
            ("\u{1680}\u{2003}\u{205f}", "\\u{1680}\\u{2003}\\u{205f}"),
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\u{1b}]0;title\u{7}", "a\\u{1b}]0;title\\u{7}"),
            ("a\u{9b}31m", "a\\u{9b}31m"),
            ("a\u{7f}", "a\\u{7f}"),
            ("Acme\n\nALLOW", "Acme\\u{a}\\u{a}ALLOW"),
            ("a\r\tb", "a\\u{d}\\u{9}b"),
            ("\u{202e}evil\u{2066}", "\\u{202e}evil\\u{2066}"),
            ("Hub\u{200b}type\u{feff}", "Hub\\u{200b}type\\u{feff}"),
            ("a\u{2800}b\u{e000}\u{ffff}", "a\\u{2800}b\\u{e000}\\u{ffff}"),
            ("a\u{2028}b\u{ad}c\u{e0041}", "a\\u{2028}b\\u{ad}c\\u{e0041}"),
        ] {
            assert_eq!(escaped(text), shown);
        }
    }

    #[test]
    fn a_long_text_is_cut_by_its_own_characters() {
        assert_eq!(shortened("ñandú", 5), "ñandú");
        assert_eq!(shortened("ñandú", 4), "ñand…");
        assert_eq!(shortened("\u{1b}\u{1b}\u{1b}", 2), "\\u{1b}\\u{1b}…");
    }

    #[test]
    fn ranges_are_in_order() {
        assert!(HIDDEN.is_sorted_by(|a, b| a.end() < b.start()));
    }
}
