//! Cases that every door runs, the generators that make more, the judges, and what tests share.
#![expect(clippy::panic, clippy::indexing_slicing, reason = "a judge that cannot go on should stop the test")]

pub mod oracle;
pub mod packs;
