//! Where in a file is it?

/// A place, in whichever form a parser gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum At {
    /// In bytes from the start.
    Offset(usize),
    /// Both from 1; the column in characters.
    LineColumn(usize, usize),
}

/// The place of a slice within the text that it was cut from; the start of the text if it was not.
pub(crate) fn place_of(text: &str, slice: &str) -> At {
    let offset = (slice.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    At::Offset(if offset <= text.len() { offset } else { 0 })
}

/// The start of the line that a place stands in, as far as a comment's mark can be: a line may be
/// the whole file, and is asked of often.
pub(crate) fn line_before(text: &str, at: usize) -> &str {
    /// LIMIT: bytes before the place that are looked at.
    const BYTES_BEFORE_MAX: usize = 256;
    let mut start = at.saturating_sub(BYTES_BEFORE_MAX);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let before = text.get(start..at).unwrap_or_default();
    before.rsplit('\n').next().unwrap_or(before)
}

/// Turns places into lines and columns, both from 1, columns in characters.
///
/// Made when the first place of a file is asked for: most files hold nothing to report. A place
/// costs no more than one block to count, however long its line is: a lock file may be one line.
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// How many characters begin before each block.
    characters: Vec<usize>,
}

const BLOCK_BYTES: usize = 1 << 10;

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let breaks =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let mut before = 0;
        let characters = text.as_bytes().chunks(BLOCK_BYTES).map(|block| {
            let here = before;
            before += beginnings(block);
            here
        });
        Self {
            text,
            characters: characters.collect(),
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    pub(crate) fn line_column(&self, at: At) -> (usize, usize) {
        match at {
            At::LineColumn(line, column) => (line, column),
            At::Offset(offset) => {
                let offset = offset.min(self.text.len());
                let line = self.starts.partition_point(|start| *start <= offset).max(1);
                let start = self.starts.get(line - 1).copied().unwrap_or(0);
                (
                    line,
                    self.characters_before(offset).saturating_sub(self.characters_before(start))
                        + 1,
                )
            }
        }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK_BYTES;
        let Some(before) = self.characters.get(block) else { return self.characters_before_all() };
        before + self.text.as_bytes().get(block * BLOCK_BYTES..offset).map_or(0, beginnings)
    }

    fn characters_before_all(&self) -> usize {
        let last = self.characters.len().saturating_sub(1);
        let rest = self.text.as_bytes().get(last * BLOCK_BYTES..).map_or(0, beginnings);
        self.characters.last().copied().unwrap_or(0) + rest
    }
}

/// How many characters begin in these bytes of UTF-8.
fn beginnings(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::{At, Lines};

    #[test]
    fn columns_count_characters() {
        let lines = Lines::new("a\nßb\n");
        assert_eq!(lines.line_column(At::Offset(0)), (1, 1));
        assert_eq!(lines.line_column(At::Offset(2)), (2, 1));
        assert_eq!(lines.line_column(At::Offset(4)), (2, 2));
        assert_eq!(lines.line_column(At::Offset(6)), (3, 1));
        assert_eq!(lines.line_column(At::Offset(99)), (3, 1));
    }

    #[test]
    fn a_long_line_is_counted_by_blocks() {
        let text = format!("a\n{}", "ßb".repeat(5_000));
        let lines = Lines::new(&text);
        for characters in [0_usize, 1, 2, 999, 1_000, 5_001, 9_998] {
            let bytes = 2 + characters / 2 * 3 + characters % 2 * 2;
            assert_eq!(lines.line_column(At::Offset(bytes)), (2, characters + 1));
        }
        assert_eq!(lines.line_column(At::Offset(text.len())), (2, 10_001));
    }
}
