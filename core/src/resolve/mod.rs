//! What follows from what the caller said?

pub mod plan;
