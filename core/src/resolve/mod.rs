//! What follows from the given facts?
//!
//! [`resolve`] fills every derived attribute from the facts, the directory and `send_at`;
//! [`Resolved::placed`] then finds where the case lies in a program's table. Nothing after this
//! stage reads the directory, the catalogue of clients, a time zone or the number plan.
//!
//! How each derived attribute follows stands in one table, [`derivations`].
//!
//! What is unknown stays unknown where it matters, and only there: a restriction that surely stops
//! the account settles the matter, however little is known of the next one. [`Resolved::causes`]
//! names what would have to be given.

mod account;
pub(crate) mod barred;
mod campaign;
mod case;
mod causes;
pub(crate) mod derivations;
#[expect(
    clippy::exhaustive_structs,
    reason = "a history is made of what is known, member by member"
)]
pub mod ladder;
mod lookup;
mod memo;
mod moments;
mod of_recipient;
pub mod plan;
mod provider;
mod recipient;
mod region;
mod resolved;
mod restriction;
mod turns;
mod wanted;
pub(crate) mod whereabouts;

#[cfg(feature = "screen")]
pub(crate) use causes::{Causes, When};
pub use derivations::sources;
pub(crate) use derivations::{following, following_list, is_of_recipient, turns_with_send_at};
pub(crate) use memo::Memo;
pub(crate) use moments::turns;
pub use of_recipient::{Derived, OfCampaign, OfRecipient};
#[cfg(feature = "screen")]
pub(crate) use resolved::derived;
pub(crate) use resolved::resolve_with;
pub use resolved::{Resolved, resolve};
pub(crate) use turns::clock_turns;
pub use wanted::Wanted;
