//! The same question and the same answer have the same digest.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::written::{Written, shown};
use super::{Decision, DirectoryStamp, Finding, PackStamp};
use crate::digest::Digest;
use crate::facts::{Entry, Facts};
use crate::schema::{Attribute, Origin, Scope};
use crate::time::Timestamp;
use crate::value::Fact;
use crate::verdict::{Exposure, Verdict};

/// What the digest of a decision is over: its RFC 8785 form, which puts members in order.
#[derive(Serialize)]
struct Digested<'a> {
    facts: Given<'a>,
    #[serde(serialize_with = "versions")]
    bundled: &'a [(&'static str, String)],
    decision: Undigested<'a>,
}

/// A decision but for its digest. Destructured from [`Decision`], so that no member is forgotten.
#[derive(Serialize)]
struct Undigested<'a> {
    verdict: Verdict,
    send_at: Written<Timestamp>,
    scope: Written<Scope>,
    findings: &'a [Finding],
    exposure: &'a [Exposure],
    missing: &'a [std::sync::Arc<str>],
    packs: &'a [PackStamp],
    directory: &'a DirectoryStamp,
    engine: &'a str,
}

pub(super) fn of(facts: &Facts, bundled: &[(&'static str, String)], decision: &Decision) -> Digest {
    let Decision { verdict, send_at, scope, findings, exposure, missing, packs, directory, engine, digest: _ } = decision;
    let decision =
        Undigested { verdict: *verdict, send_at: *send_at, scope: *scope, findings, exposure, missing, packs, directory, engine };
    let digested = Digested { facts: Given(facts), bundled, decision };
    // Everything in it writes itself without fail, and no number is past what RFC 8785 can hold.
    let canonical = serde_json_canonicalizer::to_vec(&digested).unwrap_or_default();
    Digest::of(&canonical)
}

fn versions<S: Serializer>(versions: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(versions.iter().map(|(name, version)| (name, version)))
}

/// The facts as given, by path: what is absent is null, what is unknown is left out.
struct Given<'a>(&'a Facts);

impl Serialize for Given<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let facts = self.0;
        let schema = facts.schema();
        let mut map = serializer.serialize_map(None)?;
        for (id, attribute) in schema.iter() {
            if attribute.origin != Origin::Derived {
                write(&mut map, attribute, facts.fact(id))?;
            }
        }
        for collection in schema.collections() {
            if let Some(entries) = facts.collection(&collection.path) {
                let entries: Vec<_> = entries.iter().map(|entry| GivenEntry { members: &collection.members, entry }).collect();
                map.serialize_entry(&*collection.path, &entries)?;
            }
        }
        map.end()
    }
}

/// One object of a list, written as the facts are.
struct GivenEntry<'a> {
    members: &'a [Attribute],
    entry: &'a Entry,
}

impl Serialize for GivenEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (member, fact) in self.members.iter().zip(self.entry) {
            write(&mut map, member, fact)?;
        }
        map.end()
    }
}

fn write<M: SerializeMap>(map: &mut M, attribute: &Attribute, fact: &Fact) -> Result<(), M::Error> {
    match fact {
        Fact::Value(value) => map.serialize_entry(&*attribute.path, &Written(&shown(attribute, value))),
        Fact::Absent => map.serialize_entry(&*attribute.path, &None::<()>),
        Fact::Unknown => Ok(()),
    }
}
