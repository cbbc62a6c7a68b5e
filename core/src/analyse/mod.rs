//! What do the rules come to, taken together, and what does a change of them change?
//!
//! In: a program, and documents to begin a search with. Out: an [`Analysis`] of one program, or the
//! [`Difference`] between two.
//!
//! Every rule is a set of boxes: each clause of an outcome is a conjunction of sets of classes, one
//! a dimension, and the clauses of a rule's outcomes share no case and leave none out. So what two
//! rules have in common is found by intersecting boxes, and what one has beyond another by
//! intersecting its boxes with those of the other's *other* outcomes: no solver and no complement
//! is needed. That no box is left is a proof, whatever the facts.
//!
//! A box that is left need not hold a case: facts follow from one another, and predicates read
//! facts that other dimensions read too. What cannot occur together is
//! [`excluded`](crate::program::excluded) by name. Else each is borne out by a *witness*: a
//! document that was built ([`search`]), read anew, resolved and matched. What has neither a proof
//! nor a witness is reported as *possible*.
//!
//! - [`pool`]: cases that are known already, by class and by what rules say of them.
//! - [`search`]: a case in a box: one of the pool, or one that is led there, constraint by
//!   constraint, by what [`moves`] can do to facts.
//! - [`relations`]: pairs of rules; [`alone`]: rules by themselves; [`coverage`]: attributes and
//!   topics.
//! - [`lint`]: what in a valid pack is probably not meant, by clauses alone; [`beside`]: which rules
//!   are worth comparing.
//! - [`example`]: documents for what no test of a pack shows.
//! - [`difference`](mod@difference): the rules of two programs, compiled into one.
//!
//! The kinds of relations are those of packet-filter analysis: E. S. Al-Shaer and H. H. Hamed,
//! *Modeling and management of firewall policies*, IEEE TNSM 1(1), 2004 (shadowing, correlation,
//! generalisation, redundancy), said of rules of which the worst wins instead of the first. Change
//! impact as a set of cases with examples: K. Fisler, S. Krishnamurthi, L. A. Meyerovich and M. C.
//! Tschantz, *Verification and change-impact analysis of access-control policies*, ICSE 2005
//! (Margrave).

mod alone;
mod analysis;
mod beside;
mod change;
mod coverage;
mod difference;
mod document;
mod error;
mod example;
mod goal;
mod ground;
mod lint;
mod moves;
mod pool;
mod relations;
mod sample;
mod search;
mod witness;

pub use analysis::{
    Analysis, Bound, Certainty, Claim, ClaimKind, RuleName, TopicCoverage, VerdictShown,
};
pub use change::{Change, Difference, RuleChange, Said, WitnessOfChange};
pub(crate) use difference::{Side, difference};
pub use error::DiffError;
pub(crate) use example::examples;
pub use example::{Asked, Shown};
pub(crate) use ground::{Directories, Ground};
pub use lint::Warning;
pub(crate) use lint::{idle_beside_packs, warnings};
pub use witness::Witness;

use pool::Pool;
use search::Search;

/// Analyses all rules of a program.
pub(crate) fn analyse(ground: &Ground<'_>) -> Analysis {
    let mut pool = Pool::new(ground);
    let mut search = Search::new();
    let mut claims = alone::claims(&mut pool, &mut search);
    claims.extend(relations::claims(&mut pool, &mut search));
    claims.extend(coverage::uncovered(&mut pool, &mut search));
    let topics = coverage::topics(&pool);
    Analysis { rules: ground.program.len(), claims, topics, bounds: search.bounds() }
}
