//! What does the pack say?
//!
//! In: the files of a pack, as names and bytes. Out: a typed [`Pack`], or every problem at once,
//! each with its place. A pack with a problem is refused whole. The format is specified in
//! `docs/reference/pack-format.md`.
//!
//! A pack is read in this order: [`load`] sorts and parses the files, `manifest` reads `pack.toml`,
//! `sets`, `tables`, `conditions`, `rules`, `waiver`, `ladder` and `cases` the rest, each through the spanned
//! tables of `table`. What they make stands in `content`, all wording in `error`.

mod built_in;
mod cases;
mod conditions;
mod content;
mod context;
mod defaults;
mod error;
mod exceptions;
mod json_schema;
mod labels;
mod ladder;
mod load;
mod manifest;
mod place;
mod rules;
mod sets;
mod table;
mod tables;
mod template;
mod value;
mod waiver;
mod written;

pub use content::{
    Appeal, Citation, Condition, Confidence, ENGINE_PACK, Enforcement, Exempted, Exemption,
    ExemptionOf, Expectation, Ladder, LadderStep, Pack, PackFile, PackTest, PackTests, Part, Rule,
    Set, SetEntry, Source, SourceConfidence, StepEnd, StepOrder, Template, Translation, Waivable,
    Waiver,
};
pub use error::{PackError, PackErrors};
pub(crate) use exceptions::Waivers;
pub use json_schema::FileSchema;
pub use place::Place;
pub use rules::RULE_KEYS;
pub use waiver::NewWaiver;
pub(crate) use waiver::refused;
pub(crate) use written::Declared;
