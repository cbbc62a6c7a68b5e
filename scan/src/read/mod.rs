//! What do the files of each ecosystem say?
//!
//! In: a file's text or tree. Out: mentions. A reader takes what it knows and passes over the rest:
//! it judges names, not manifests. A member that it knows and that has another shape is reported
//! ([`shape`]).

mod asserted;
pub(crate) mod cargo;
pub(crate) mod command;
pub(crate) mod composer;
pub(crate) mod dart;
pub(crate) mod deno;
pub(crate) mod deployment;
pub(crate) mod docker;
pub(crate) mod garbled;
pub(crate) mod go;
pub(crate) mod gradle;
mod image;
pub(crate) mod imports;
pub(crate) mod ini;
pub(crate) mod language;
mod line;
pub(crate) mod literal;
pub(crate) mod maven;
pub(crate) mod nix;
pub(crate) mod notebook;
pub(crate) mod npm;
pub(crate) mod nuget;
mod path;
pub(crate) mod pieces;
pub(crate) mod pnpm;
pub(crate) mod python;
mod requirement;
mod shape;
pub(crate) mod source;
pub(crate) mod standing;
mod wanted;
pub(crate) mod yarn;
