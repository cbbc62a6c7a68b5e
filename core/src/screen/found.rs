//! What was found of one block of rows?

use super::bits::Bits;

/// What was found of one block.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Findings, by number, with the rows that have them, in order.
    pub(super) slots: Vec<(u32, Bits)>,
    /// Members with the rows in which they are missing, in order.
    pub(super) missing: Vec<(u32, Bits)>,
    /// Rows with a value that could not be read, and why.
    pub(super) bad: Vec<(usize, Vec<BadValue>)>,
    /// Rows outside the customer-service window, where they are counted.
    pub(super) outside: Bits,
}

impl Found {
    /// Adds a row to a finding.
    pub(super) fn put(&mut self, slot: u32, row: usize) {
        let place = self.slots.iter().position(|(known, _)| *known == slot).unwrap_or_else(|| {
            self.slots.push((slot, Bits::NONE));
            self.slots.len() - 1
        });
        if let Some((_, bits)) = self.slots.get_mut(place) {
            bits.set(row);
        }
    }
}

/// A value that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadValue {
    /// The column, by its place in [`Bound::columns`](super::bind::Bound::columns).
    pub(super) column: usize,
    pub(super) reason: String,
}
