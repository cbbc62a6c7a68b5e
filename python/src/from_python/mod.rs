//! What did the caller hand over?
//!
//! Protocols in: a mapping or JSON for a campaign, an aware datetime or text for an instant, a path or text for a file.

mod campaign;
mod instant;
mod json;
mod pack;

pub(crate) use campaign::{Raised, facts};
pub(crate) use instant::{epoch, instant};
pub(crate) use json::json;
pub(crate) use pack::{Named, named};
