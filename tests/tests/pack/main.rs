//! Packs: which are read, which refused, and what their own tests notice.

#[path = "../common/mod.rs"]
mod common;

mod bad;
mod coverage;
mod good;
mod mutants;
mod mutations;
mod schemas;
