//! What does one block need while it is judged?

use super::bits::{BLOCK, Bits};
use super::kernel::ClassesOfRows;
use super::places::{self, Labels};
use super::plan::Plan;

/// What one block needs.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) classes: Vec<ClassesOfRows>,
    pub(super) labels: Labels,
    pub(super) countries: [u16; BLOCK],
    pub(super) bits: Vec<Bits>,
    pub(super) is_open: Vec<bool>,
    /// Of each axis, whether all of its constraints are marked without a byte for each row.
    pub(super) is_marked: Vec<bool>,
    pub(super) missing: Missing,
    /// Of each axis, whether it was read for the block, where that is done only when it is needed.
    pub(super) is_read: Vec<bool>,
    /// Whether all constraints on it are marked, and not only those that a violation depends on.
    pub(super) is_whole: Vec<bool>,
    /// Whether the columns of places were read.
    pub(super) is_labelled: bool,
}

/// For each member that rows may miss, the rows that do.
#[derive(Debug)]
pub(super) struct Missing {
    /// No row, but for those noted.
    rows: Vec<Bits>,
    noted: Vec<u32>,
}

impl Missing {
    pub(super) fn note(&mut self, member: u32, rows: &Bits) {
        if let Some(known) = self.rows.get_mut(member as usize) {
            if known.is_none() {
                self.noted.push(member);
            }
            known.add(rows);
        }
    }

    /// What was noted, in the order of members.
    pub(super) fn take(&mut self) -> Vec<(u32, Bits)> {
        self.noted.sort_unstable();
        self.noted.dedup();
        let Self { rows, noted } = self;
        noted
            .drain(..)
            .filter_map(|member| {
                Some((member, std::mem::replace(rows.get_mut(member as usize)?, Bits::NONE)))
            })
            .collect()
    }
}

impl Room {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            classes: vec![[0; BLOCK]; plan.axes.len()],
            labels: Labels::new(),
            countries: [places::NO_COUNTRY; BLOCK],
            bits: vec![Bits::NONE; plan.constraints.len()],
            is_open: vec![false; plan.axes.len()],
            is_marked: vec![false; plan.axes.len()],
            missing: Missing::new(plan.members.paths().len()),
            is_read: vec![false; plan.axes.len()],
            is_whole: vec![false; plan.axes.len()],
            is_labelled: false,
        }
    }

    /// Forgets what was read of the block before.
    pub(super) fn begin(&mut self) {
        self.is_read.fill(false);
        self.is_whole.fill(false);
        self.is_labelled = false;
    }
}

impl Missing {
    /// Of so many members.
    pub(super) fn new(members: usize) -> Self {
        Self { rows: vec![Bits::NONE; members], noted: Vec::new() }
    }
}
