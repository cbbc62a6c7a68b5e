//! How is JSON written?
//!
//! Without spaces, members in the order in which they are given. Of several ways to write a text it
//! takes that of RFC 8785, section 3.2.2.2, which is also `serde_json`'s: the two-letter escapes,
//! `\u00xx` in lower case for other controls, everything else as it is.

use std::fmt::Display;
use std::io::Write as _;

/// What follows the backslash for each byte that is escaped: a letter, or `u` for its number; 0 for
/// the rest.
const ESCAPES: [u8; 256] = {
    let mut escapes = [0; 256];
    let mut control = 0;
    while control < 0x20 {
        escapes[control] = b'u';
        control += 1;
    }
    escapes[0x08] = b'b';
    escapes[0x09] = b't';
    escapes[0x0a] = b'n';
    escapes[0x0c] = b'f';
    escapes[0x0d] = b'r';
    escapes[b'"' as usize] = b'"';
    escapes[b'\\' as usize] = b'\\';
    escapes
};

/// What a decision without findings takes, and what most findings take each, so that the text need
/// not move while it grows.
const ROOM: usize = 2048;
const ROOM_OF_FINDING: usize = 1536;

/// JSON that is being written.
///
/// A value is followed by a comma, which the end of its object or list takes back.
pub(super) struct Writer(pub(super) Vec<u8>);

impl Default for Writer {
    fn default() -> Self {
        Self(Vec::with_capacity(ROOM))
    }
}

impl Writer {
    /// For a decision with so many findings.
    pub(super) fn for_findings(count: usize) -> Self {
        Self(Vec::with_capacity(ROOM + count * ROOM_OF_FINDING))
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn raw(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// What begins an object or a list.
    pub(super) fn open(&mut self, text: &str) {
        self.raw(text);
    }

    /// What ends an object or a list, after the comma of its last member is taken back.
    pub(super) fn close(&mut self, text: &str) {
        if self.0.last() == Some(&b',') {
            self.0.pop();
        }
        self.raw(text);
    }

    pub(super) fn key(&mut self, name: &str) {
        if !matches!(self.0.last(), Some(b'{' | b',')) {
            self.raw(",");
        }
        self.text(name);
        self.raw(":");
    }

    /// A text, and the comma after it.
    pub(super) fn string(&mut self, text: &str) {
        self.text(text);
        self.raw(",");
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        self.0.push(b'"');
        // Hardly a text has anything to escape.
        if any_escaped(text.as_bytes()) {
            self.escaped(text.as_bytes());
        } else {
            self.raw(text);
        }
        self.0.push(b'"');
    }

    /// Something whose text has nothing to escape, in quotes, and the comma after it.
    pub(super) fn quoted(&mut self, value: &impl Display) {
        self.raw("\"");
        self.plain(value);
        self.raw("\",");
    }

    /// Something as its text.
    pub(super) fn plain(&mut self, value: &impl Display) {
        // Writing to memory cannot fail.
        let _ = write!(self.0, "{value}");
    }

    #[cold]
    fn escaped(&mut self, mut rest: &[u8]) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        while let Some(at) = rest.iter().position(|byte| is_escaped(*byte)) {
            let (plain, from) = rest.split_at(at);
            self.0.extend_from_slice(plain);
            let Some((byte, after)) = from.split_first() else { break };
            match ESCAPES[usize::from(*byte)] {
                b'u' => self.0.extend_from_slice(&[
                    b'\\',
                    b'u',
                    b'0',
                    b'0',
                    HEX[usize::from(byte >> 4)],
                    HEX[usize::from(byte & 15)],
                ]),
                short => self.0.extend_from_slice(&[b'\\', short]),
            }
            rest = after;
        }
        self.0.extend_from_slice(rest);
    }

    pub(super) fn strings<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        self.open("[");
        texts.for_each(|text| self.string(text));
        self.close("]");
    }

    pub(super) fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.raw("null"),
        }
    }
}

/// Whether some byte is escaped. Asking for all bytes of a chunk at once compiles to a few wide
/// comparisons; the last chunk overlaps the one before, so that no byte is left over but in short
/// texts.
fn any_escaped(text: &[u8]) -> bool {
    const WIDE: usize = 16;
    const NARROW: usize = 8;
    fn any<const N: usize>(chunk: &[u8; N]) -> bool {
        chunk.iter().fold(false, |any, byte| any | is_escaped(*byte))
    }
    if let Some(last) = text.last_chunk::<WIDE>() {
        text.as_chunks::<WIDE>().0.iter().fold(any(last), |found, chunk| found | any(chunk))
    } else if let (Some(first), Some(last)) =
        (text.first_chunk::<NARROW>(), text.last_chunk::<NARROW>())
    {
        any(first) | any(last)
    } else {
        text.iter().any(|byte| is_escaped(*byte))
    }
}

const fn is_escaped(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_serde_json_writes_them() {
        for length in 0..70 {
            for place in 0..length {
                for odd in ['"', '\\', '\n', '\u{1}', '\u{7f}', '/', 'a'] {
                    let text: String =
                        (0..length).map(|at| if at == place { odd } else { 'x' }).collect();
                    let mut out = Writer::default();
                    out.text(&text);
                    assert_eq!(
                        String::from_utf8(out.into_bytes()).unwrap(),
                        serde_json::to_string(&text).unwrap()
                    );
                }
            }
        }
    }
}
