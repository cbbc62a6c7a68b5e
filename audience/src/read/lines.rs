//! On which line of the file does a row begin?

use std::sync::{Arc, Mutex, PoisonError};

/// Where rows begin in a file of lines; keeps telling while the audience is read elsewhere.
///
/// Only those rows are remembered that do not begin on the line after the row before, so that a
/// file without line breaks in its cells costs nothing.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    starts: Arc<Mutex<Starts>>,
}

#[derive(Debug, Default)]
struct Starts {
    /// Rows, from 0, with the line on which they begin, from 1, in order.
    known: Vec<(u64, u64)>,
    /// The row after the last one that was returned, and the line after its beginning.
    next: (u64, u64),
    is_full: bool,
    passed_over: u64,
}

impl Lines {
    /// LIMIT: rows that begin elsewhere than on the next line. What is held must not grow with the
    /// audience, and lines are for people who look at some bad values.
    const STARTS_MAX: usize = 1 << 16;

    /// The next row begins on that line.
    pub(super) fn tell(&self, line: u64) {
        // A thread that panicked while it held this has left nothing half done.
        let mut starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
        if starts.is_full {
            return;
        }
        let (row, expected) = starts.next;
        if row == 0 || line != expected {
            if starts.known.len() == Self::STARTS_MAX {
                starts.is_full = true;
                return;
            }
            starts.known.push((row, line));
        }
        starts.next = (row + 1, line + 1);
    }

    /// So many empty lines stand before it, which are no rows.
    pub(super) fn pass_over(&self, count: u64) {
        if count > 0 {
            let mut starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
            starts.passed_over = starts.passed_over.saturating_add(count);
        }
    }

    /// How many empty lines stand between the rows that were read. Of a table of several columns
    /// they are no rows: one of empty cells has its separators.
    pub fn passed_over(&self) -> u64 {
        self.starts.lock().unwrap_or_else(PoisonError::into_inner).passed_over
    }

    /// The line, from 1, on which a row, from 0, begins; none of a file that has no lines, and of a
    /// row that was not read or not remembered.
    pub fn of(&self, row: u64) -> Option<u64> {
        let starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
        if row >= starts.next.0 {
            return None;
        }
        let after = starts.known.partition_point(|(first, _)| *first <= row);
        let (first, line) = starts.known.get(after.checked_sub(1)?)?;
        Some(line + (row - first))
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn rows_lie_where_they_begin() {
        let lines = Lines::default();
        assert_eq!(lines.of(0), None);
        [2, 3, 6, 7, 9].into_iter().for_each(|line| lines.tell(line));
        let found: Vec<_> = (0..6).map(|row| lines.of(row)).collect();
        assert_eq!(found, [Some(2), Some(3), Some(6), Some(7), Some(9), None]);
    }

    #[test]
    fn past_the_limit_no_line_is_reported_and_none_is_wrong() {
        let lines = Lines::default();
        let max = Lines::STARTS_MAX as u64;
        (0..max + 10).for_each(|row| lines.tell(2 * row + 2));
        assert_eq!(lines.of(max - 1), Some(2 * max));
        assert_eq!(lines.of(max), None);
    }
}
