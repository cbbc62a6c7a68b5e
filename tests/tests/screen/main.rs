//! Audiences: each row as a check of it alone.

mod equality;
mod help;
mod marks;
mod merge;
mod prepared;
