//! Which rules hold?
//!
//! In: a [`Program`](crate::program::Program) and one case, resolved. Out: for every rule, *not
//! applicable*, *satisfied*, *violated* or *undetermined*. Nothing here allocates once a
//! [`Matcher`] is warm, reads a directory or hashes a text.
//!
//! A rule's outcome is settled when the given facts leave no other outcome possible, whatever the
//! unknown ones turn out to be. Each clause is a conjunction of constraints on single dimensions,
//! so it is possible exactly when each constraint is, and an outcome is possible exactly when one
//! of its clauses is: for facts of separate attributes, *undetermined* is exact. Predicates over
//! one unknown attribute, and derived attributes that hang on the same given one, are taken as
//! independent. That errs towards undetermined: a status reported as settled is one that every
//! completion gives, but for *satisfied*, which may stand where every completion would not apply.
//!
//! What decides stands here once, for one case and for many ([`bits`]): from possible outcomes to a
//! status ([`outcome`]), the order of findings ([`order`]), which facts are missing
//! ([`missing()`]), what a waiver lowers ([`waived`]) and where members stand ([`position`]).
//! Checks, screenings and judgements call it.

pub mod bits;
mod by_code;
mod case;
mod idle;
mod judgement;
mod matched;
mod matcher;
mod missing;
pub mod order;
pub mod outcome;
pub mod position;
mod remaining;
pub(crate) mod turns;
pub mod waived;

pub use by_code::by_code;
pub use case::Case;
pub(crate) use case::{PackView, class_of_predicate};
pub use idle::{Idle, idle_waivers};
pub use judgement::Judgement;
pub use matched::{Failure, Matched, findings, run};
pub use matcher::{Matcher, clause};
pub use missing::missing;
#[cfg(feature = "screen")]
pub(crate) use missing::{Parted, attributes, missing_where, parted};
pub use remaining::Remaining;
