//! Which characters do these bytes stand for?

use std::borrow::Cow;

/// A file's text, and how it was written where that is not UTF-8.
#[derive(Debug)]
pub(crate) struct Decoded<'b> {
    pub(crate) text: Cow<'b, str>,
    pub(crate) note: Option<String>,
}

/// Reads bytes as UTF-8; as UTF-16 by their byte-order mark, which is what a shell of Windows
/// writes and pip reads; else as Latin-1.
///
/// Names in manifests are ASCII, so that a wrong letter in a comment costs nothing; a file that is
/// refused for it hides what it names.
///
/// # Errors
/// Bytes that are not text: a NUL outside of UTF-16, UTF-32, or UTF-16 with an odd byte at its end.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, String> {
    if bytes.starts_with(&[0xff, 0xfe, 0, 0]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err("in UTF-32, which no package manager reads".to_owned());
    }
    for (mark, name, unit) in [
        ([0xff, 0xfe], "UTF-16 (little-endian)", u16::from_le_bytes as fn([u8; 2]) -> u16),
        ([0xfe, 0xff], "UTF-16 (big-endian)", u16::from_be_bytes),
    ] {
        if let Some(rest) = bytes.strip_prefix(&mark) {
            let (units, odd) = rest.as_chunks::<2>();
            if !odd.is_empty() {
                return Err(format!("in {name} and cut within a character"));
            }
            let text = char::decode_utf16(units.iter().map(|pair| unit(*pair)))
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect();
            return Ok(Decoded {
                text: Cow::Owned(text),
                note: Some(format!("decoded from {name}, by its byte-order mark")),
            });
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded {
            text: Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
            note: None,
        }),
        Err(_) if bytes.contains(&0) => Err("not text: it holds NUL bytes".to_owned()),
        Err(error) => {
            let text = bytes.iter().copied().map(char::from).collect();
            let note = format!("not UTF-8 at byte {}: read as Latin-1", error.valid_up_to());
            Ok(Decoded { text: Cow::Owned(text), note: Some(note) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn text(bytes: &[u8]) -> (String, bool) {
        let decoded = decode(bytes).expect("text");
        (decoded.text.into_owned(), decoded.note.is_some())
    }

    #[test]
    fn marks_tell_the_encoding_and_without_one_every_byte_is_a_letter() {
        assert_eq!(text(b"a\n"), ("a\n".to_owned(), false));
        assert_eq!(text(b"\xef\xbb\xbfa"), ("a".to_owned(), false));
        assert_eq!(text(b"\xff\xfea\0\xe4\0"), ("aä".to_owned(), true));
        assert_eq!(text(b"\xfe\xff\0a\0\xe4"), ("aä".to_owned(), true));
        assert_eq!(text(b"a \xe4"), ("a ä".to_owned(), true));
        assert_eq!(text(b""), (String::new(), false));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        for bytes in
            [&b"a\0b\xff"[..], b"\xff\xfea", b"\xff\xfe\0\0a\0\0\0", b"\0\0\xfe\xff\0\0\0a"]
        {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
    }
}
