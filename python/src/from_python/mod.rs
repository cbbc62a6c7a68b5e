//! What did the caller hand over?
//!
//! Protocols in: a mapping or JSON for a campaign, an aware datetime or text for an instant, a path
//! or text for a file, Arrow's capsules for a table.

mod audience;
mod campaign;
mod hours;
mod instant;
mod json;
mod language;
mod nulls;
mod pack;
mod shape;
mod text;

pub(crate) use audience::{Given, Pieces, audience};
pub(crate) use campaign::{Raised, facts, over_base};
pub(crate) use hours::Hours;
pub(crate) use instant::{epoch, instant};
pub(crate) use json::{document, json, with_recipient};
pub(crate) use language::language;
pub(crate) use pack::{Named, named};
pub(crate) use shape::Shaped;
