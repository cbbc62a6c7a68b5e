//! Waivers that stand in no pack.

use std::borrow::Cow;
use std::sync::Arc;

use super::content::{PackFile, Waiver};
use super::context::Context;
use super::error::{Kind, PackError, PackErrors};
use super::load::{FileKind, parse, root_of};
use super::manifest;
use super::table::Problems;
use super::waiver::{self, NewWaiver};
use crate::limits;
use crate::schema::Schema;

/// Where waivers beside those of packs come from.
#[derive(Clone, Debug)]
pub(crate) enum Waivers {
    /// A file in the form of `waivers.toml`, and how errors call it.
    File { called: String, bytes: Vec<u8> },
    /// One by one.
    Typed(NewWaiver),
}

impl Waivers {
    /// How errors call them; `number` is which of several they are, from 1.
    pub(crate) fn called(&self, number: usize) -> String {
        match self {
            Self::File { called, .. } => called.clone(),
            Self::Typed(_) => format!("waiver {number}"),
        }
    }

    /// Reads and checks them; `number` is which of several they are, from 1.
    pub(crate) fn read(&self, number: usize, schema: &Schema) -> Result<Vec<Waiver>, PackErrors> {
        match self {
            Self::File { called, bytes } => read_alone(called, bytes, schema),
            Self::Typed(waiver) => {
                waiver::typed(waiver, number, schema).map(|waiver| vec![waiver]).map_err(PackErrors)
            }
        }
    }
}

/// Reads a file of waivers that is no part of a pack. They may name all attributes.
fn read_alone(called: &str, bytes: &[u8], schema: &Schema) -> Result<Vec<Waiver>, PackErrors> {
    let problems = Problems::default();
    if bytes.len() > limits::PACK_BYTES_MAX {
        let kind = Kind::TooManyBytes { bytes: bytes.len() };
        problems.push(PackError::of_file(called, kind, None));
    }
    problems.finish()?;
    let file = PackFile { path: called.to_owned(), bytes: Cow::Owned(bytes.to_vec()) };
    let parsed = parse(FileKind::Waivers, &file, &problems);
    let declared = schema.iter().map(|(_, attribute)| Arc::clone(&attribute.path)).collect();
    let sources = manifest::Sources::default();
    let context = Context {
        pack: None,
        schema,
        declared: &declared,
        sources: &sources,
        sets: &[],
        members: &[],
        conditions: &[],
        below: &[],
        tables: &[],
        names_known: true,
    };
    let root = parsed
        .as_ref()
        .and_then(|file| file.root.as_ref().map(|root| root_of(file, root, &problems)));
    let waivers = root.map(|(spot, root)| waiver::read(&spot, root, &context)).unwrap_or_default();
    problems.finish()?;
    Ok(waivers)
}
