//! What the account book keeps of events, and what a check is given of it.

#[path = "../../accounts/story.rs"]
mod businesses;

mod edges;
mod events;
mod identity;
mod interface;
mod law;
mod part;
mod practice;
mod standing;
mod story;
