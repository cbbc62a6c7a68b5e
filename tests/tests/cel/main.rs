//! The language of rules, beside other implementations and its limits.

mod against_cel_crate;
mod conformance;
mod garbage;
mod limits;
mod refusals;
mod three_values;
