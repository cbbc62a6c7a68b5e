//! And for a whole audience?
//!
//! In: a campaign, and recipients as Arrow record batches, a column an attribute. Out: for each
//! row, in order, its verdict, the rules that it violates or leaves undetermined, and the members
//! that it misses, exactly as a check of that row alone would say, and a [`Summary`].
//!
//! Nothing is worked out row by row. With the campaign put in, the program shrinks to the few
//! constraints that a row can change ([`plan`]); each column becomes one byte a row ([`axes`],
//! [`read`]); bytes become bitsets, a bit a row ([`block`], [`kernel`]); and rules are ANDs and ORs
//! of those, settled as [`crate::matching::outcome`] settles one case ([`findings`]). Batches are
//! independent, so several threads may work on them; their order is kept.

mod axes;
mod axis;
mod base;
mod basis;
mod batches;
mod bind;
mod bits;
mod block;
mod calculate;
mod column;
mod columns;
mod entries;
mod error;
mod expression;
mod findings;
mod found;
mod functions;
mod help;
mod input;
#[doc(hidden)]
pub mod json;
mod json_schema;
mod judge;
mod kernel;
mod layout;
mod lists;
mod markdown;
mod marked;
mod memo;
mod merge;
mod number;
mod operators;
mod options;
mod output;
mod outside;
mod over_rows;
mod phones;
mod pieces;
mod placed;
mod places;
mod plan;
mod quantified;
mod read;
mod register;
mod room;
mod row;
mod screener;
mod screening;
mod signature;
mod stepped;
mod summary;
mod team;
mod texts;
mod typed;
mod vectors;
mod verdicts;
mod ways;
mod word_table;
mod workers;

use arrow_array::RecordBatchReader;

use crate::explain::Changed;

pub(crate) use base::Base;
pub use basis::{Basis, BasisPack};
pub use error::ScreenError;
pub use help::{Help, HelpOfChange, HelpOfHour};
pub use options::{ScreenOptions, Texts};
pub use screener::Screener;
pub use screening::Screening;
pub use summary::{BadRow, CountryCount, MissingCount, RuleCount, Summary, VerdictCounts};
pub use vectors::Vectors;
pub use ways::{ScreenedCondition, Way};

/// Screens an audience. `base` is the campaign and what the engine holds, `changes` what it is
/// judged with besides.
pub(crate) fn screen<R: RecordBatchReader>(
    base: Base,
    audience: R,
    options: &ScreenOptions,
    changes: Vec<Changed>,
) -> Result<Screening<R>, ScreenError> {
    Ok(Screener::new(base, audience.schema(), options, changes)?.screening(audience))
}

#[cfg(test)]
mod tests;
