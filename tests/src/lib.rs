//! Cases that every door runs, the generators that make more, and what tests share.

pub mod generate;
