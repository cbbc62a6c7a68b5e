//! What does the caller get?
//!
//! Frozen objects over what core gave. What is dear to make (texts, lists, datetimes) is made when
//! it is asked for.

pub(crate) mod batch;
pub(crate) mod code;
pub(crate) mod decision;
pub(crate) mod explanation;
pub(crate) mod finding;
mod html;
pub(crate) mod judgement;
pub(crate) mod provider;
pub(crate) mod rule;
pub(crate) mod summary;
mod tables;
mod testing;
mod value;
mod word;

pub(crate) use tables::TABLES;
pub(crate) use testing::{failed_test, gap, report};
pub(crate) use value::{datetime, loads, value};
pub(crate) use word::{topic, word, words};
