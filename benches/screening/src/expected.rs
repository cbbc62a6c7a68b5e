//! What a plain loop over the rules says of every row: all that is measured must say the same
//! first.

use crate::rule::Rule;
use crate::table::{Cells, Table};

/// The violated rules of each row, by number.
pub struct Expected {
    offsets: Vec<u32>,
    violated: Vec<u16>,
}

impl Expected {
    pub fn new(rules: &[Rule], table: &Table) -> Self {
        let mut offsets = vec![0];
        let mut violated = Vec::new();
        for batch in &table.batches {
            let cells = Cells::new(batch);
            for row in 0..batch.num_rows() {
                let row = cells.row(row);
                violated.extend(
                    (0_u16..)
                        .zip(rules)
                        .filter(|(_, rule)| rule.is_violated_by(&row))
                        .map(|(number, _)| number),
                );
                offsets.push(violated.len() as u32);
            }
        }
        Self { offsets, violated }
    }

    pub fn rows(&self) -> usize {
        self.offsets.len() - 1
    }

    pub fn row(&self, row: usize) -> &[u16] {
        &self.violated[self.offsets[row] as usize..self.offsets[row + 1] as usize]
    }

    pub fn denied(&self) -> usize {
        (0..self.rows()).filter(|row| !self.row(*row).is_empty()).count()
    }

    /// The first row that is told otherwise, if any.
    pub fn differs(&self, who: &str, is_denied: impl Fn(usize) -> bool) -> Result<(), String> {
        match (0..self.rows()).find(|row| is_denied(*row) == self.row(*row).is_empty()) {
            Some(row) => Err(format!(
                "{who} does not say of row {row} what a plain loop says: {:?}",
                self.row(row)
            )),
            None => Ok(()),
        }
    }

    /// As [`Self::differs`], for sets of rules as bits.
    pub fn differs_in_rules(&self, who: &str, rules: impl Fn(usize) -> u32) -> Result<(), String> {
        let bits = |row: usize| self.row(row).iter().fold(0, |bits, rule| bits | 1 << rule);
        match (0..self.rows()).find(|row| rules(*row) != bits(*row)) {
            Some(row) => Err(format!(
                "{who} does not name the rules of row {row} that a plain loop names: {:?}",
                self.row(row)
            )),
            None => Ok(()),
        }
    }
}
