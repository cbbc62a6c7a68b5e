//! Where in a file is it?

/// A place, in whichever form a parser tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Turns places into lines and columns, both from 1, columns in characters.
///
/// Made when the first place of a file is asked for: most files hold nothing to report.
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    pub(crate) fn line_column(&self, at: At) -> (usize, usize) {
        match at {
            At::LineColumn(line, column) => (line, column),
            At::Offset(offset) => {
                let line = self.starts.partition_point(|start| *start <= offset).max(1);
                let start = self.starts.get(line - 1).copied().unwrap_or(0);
                let before = self.text.get(start..offset).unwrap_or_default();
                (line, before.chars().count() + 1)
            }
        }
    }
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
}
