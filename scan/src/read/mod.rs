//! What do the manifests of each ecosystem say?
//!
//! In: a file's text or tree. Out: mentions. A reader takes what it knows and passes over the rest: it judges names, not manifests.

pub(crate) mod cargo;
pub(crate) mod composer;
pub(crate) mod docker;
pub(crate) mod go;
pub(crate) mod gradle;
pub(crate) mod maven;
pub(crate) mod npm;
pub(crate) mod nuget;
pub(crate) mod pnpm;
pub(crate) mod python;
pub(crate) mod yarn;
