//! What do all decisions of one engine have in common?

use std::sync::Arc;

use serde::Serialize;

use super::writer::Writer;
use super::written::{self, Written, WrittenDate};
use crate::digest::{Beginning, Digest};
use crate::directory::Directory;
use crate::pack::Pack;
use crate::program::Program;
use crate::time::Timestamp;

/// The version that decisions tell.
pub(crate) const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// Which pack.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct PackStamp {
    /// Its name.
    pub name: Arc<str>,
    /// Its version.
    #[serde(serialize_with = "written::display")]
    pub version: semver::Version,
    /// The day up to which its authors read their sources; none where it does not tell.
    pub known_until: Option<WrittenDate>,
    /// The digest of its files.
    pub digest: Digest,
}

impl PackStamp {
    /// Of a pack.
    pub fn of(pack: &Pack) -> Self {
        Self {
            name: Arc::clone(&pack.name),
            version: pack.version.clone(),
            known_until: pack.known_until.map(WrittenDate),
            digest: pack.digest,
        }
    }
}

/// Which directory.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct DirectoryStamp {
    /// Where the list came from.
    pub source: Arc<str>,
    /// When it was retrieved.
    pub retrieved_at: Written<Timestamp>,
    /// Whether it names every provider that was listed in the time it covers.
    pub complete: bool,
    /// Its digest.
    pub digest: Digest,
}

impl DirectoryStamp {
    /// Of a directory.
    pub fn of(directory: &Directory) -> Self {
        Self {
            source: directory.source().into(),
            retrieved_at: Written(directory.retrieved_at()),
            complete: directory.complete(),
            digest: directory.digest(),
        }
    }
}

/// What decisions of one engine have in common.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// What rules say in other languages, for whoever asks a decision.
    pub(super) program: Arc<Program>,
    pub(super) packs: Vec<PackStamp>,
    pub(super) directory: DirectoryStamp,
    pub(super) bundled: Vec<(&'static str, String)>,
    pub(super) canonical: Canonical,
    pub(super) document: Vec<u8>,
}

impl Stamp {
    /// Of what the engine was made of. `bundled` holds name and version of all data that is
    /// compiled in and can change an answer, in name order.
    pub fn of(
        program: &Arc<Program>,
        directory: &Directory,
        bundled: &[(&'static str, String)],
    ) -> Self {
        let packs: Vec<_> = program.packs().iter().map(|pack| PackStamp::of(pack)).collect();
        let directory = DirectoryStamp::of(directory);
        let canonical = Canonical::of(bundled, &packs, &directory);
        let document = document(&packs, &directory);
        let bundled = bundled.to_vec();
        Self { program: Arc::clone(program), packs, directory, bundled, canonical, document }
    }

    /// Name and version of all data that is compiled in and can change an answer, in name order.
    pub(crate) fn bundled(&self) -> &[(&'static str, String)] {
        &self.bundled
    }
}

/// What all digests of decisions of one engine have in common.
#[derive(Clone, Debug)]
pub(super) struct Canonical {
    /// From the start to the first member that can differ.
    pub(super) beginning: Beginning,
    #[cfg(test)]
    pub(super) begins: Vec<u8>,
    pub(super) packs: Vec<u8>,
}

impl Canonical {
    fn of(
        bundled: &[(&'static str, String)],
        packs: &[PackStamp],
        directory: &DirectoryStamp,
    ) -> Self {
        let mut out = Writer::default();
        out.open("{\"bundled\":{");
        for (name, version) in bundled {
            out.key(name);
            out.string(version);
        }
        let DirectoryStamp { digest, .. } = directory;
        out.close("},\"directory\":");
        out.quoted(digest);
        out.key("engine");
        out.string(ENGINE);
        out.raw("\"facts\":");
        let beginning = out.into_bytes();

        let mut out = Writer::default();
        out.open("[");
        for PackStamp { digest, .. } in packs {
            out.quoted(digest);
        }
        out.close("]");
        Self {
            beginning: Beginning::of(&beginning),
            #[cfg(test)]
            begins: beginning,
            packs: out.into_bytes(),
        }
    }
}

/// The members of a document from `packs` to `engine`.
fn document(packs: &[PackStamp], directory: &DirectoryStamp) -> Vec<u8> {
    let mut out = Writer::default();
    out.open("\"packs\":[");
    for PackStamp { name, version, known_until, digest } in packs {
        out.open("{");
        out.key("name");
        out.string(name);
        out.key("version");
        out.quoted(version);
        out.key("known_until");
        match known_until {
            Some(date) => out.quoted(date),
            None => out.optional(None),
        }
        out.key("digest");
        out.quoted(digest);
        out.close("},");
    }
    out.close("]");
    let DirectoryStamp { source, retrieved_at, complete, digest } = directory;
    out.key("directory");
    out.open("{");
    out.key("source");
    out.string(source);
    out.key("retrieved_at");
    out.quoted(&retrieved_at.0);
    out.key("complete");
    out.raw(if *complete { "true" } else { "false" });
    out.key("digest");
    out.quoted(digest);
    out.close("}");
    out.key("engine");
    out.string(ENGINE);
    out.into_bytes()
}
