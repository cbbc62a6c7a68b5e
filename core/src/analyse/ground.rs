//! What is analysed, and how a case is judged by it.

use std::sync::Arc;

use crate::clients::Catalogue;
use crate::directory::Directory;
use crate::facts::Facts;
use crate::pack::Pack;
use crate::program::Program;
use crate::resolve::{self, Resolved, Wanted};

/// A program, and what facts are resolved with.
#[derive(Clone, Debug)]
pub(crate) struct Ground<'e> {
    pub(crate) program: &'e Program,
    /// Whose enforcement ladders count, and whose tests a search begins with.
    pub(crate) packs: &'e [Arc<Pack>],
    pub(crate) directories: Directories,
    pub(crate) catalogue: &'e Catalogue,
    /// What conditions ask for.
    pub(crate) wanted: Wanted,
}

/// The directories that cases are judged with: the engine's own, and those of packs' tests. What a
/// rule says of a provider must not hang on who is listed today.
#[derive(Clone, Debug)]
pub(crate) struct Directories {
    own: Arc<Directory>,
    of_tests: Vec<OfTests>,
}

/// A directory of a pack's tests.
#[derive(Clone, Debug)]
struct OfTests {
    name: Arc<str>,
    bytes: Arc<[u8]>,
    directory: Arc<Directory>,
}

/// The number of a directory; 0 is the engine's own.
pub(super) type DirectoryIdx = usize;

/// The engine's own.
pub(super) const OWN: DirectoryIdx = 0;

impl Directories {
    /// The engine's own, and those of packs.
    pub(crate) fn new<'p>(
        own: &Arc<Directory>,
        packs: impl IntoIterator<Item = &'p Arc<Pack>>,
    ) -> Self {
        let mut of_tests: Vec<OfTests> = Vec::new();
        for pack in packs {
            for (name, bytes) in &pack.directories {
                if of_tests.iter().any(|known| known.bytes == *bytes) {
                    continue;
                }
                // Two versions of one pack may have directories of one name.
                let is_taken = of_tests.iter().any(|known| known.name == *name);
                let name = match is_taken {
                    true => format!("{name} of {} {}", pack.name, pack.version).into(),
                    false => Arc::clone(name),
                };
                if let Ok(directory) = Directory::from_json(bytes) {
                    let (bytes, directory) = (Arc::clone(bytes), Arc::new(directory));
                    of_tests.push(OfTests { name, bytes, directory });
                }
            }
        }
        Self { own: Arc::clone(own), of_tests }
    }

    /// The engine's own.
    pub(super) const fn own(&self) -> &Arc<Directory> {
        &self.own
    }

    /// The number of the directory that a test of a pack names.
    pub(super) fn of_test(&self, pack: &Pack, name: &str) -> Option<DirectoryIdx> {
        let bytes = pack.directories.get(name)?;
        self.of_tests.iter().position(|known| known.bytes == *bytes).map(|place| place + 1)
    }

    /// The name of a directory; none for the engine's own.
    pub(super) fn name(&self, directory: DirectoryIdx) -> Option<Arc<str>> {
        self.of_tests.get(directory.checked_sub(1)?).map(|known| Arc::clone(&known.name))
    }

    fn of(&self, directory: DirectoryIdx) -> &Directory {
        let of_test = directory.checked_sub(1).and_then(|place| self.of_tests.get(place));
        of_test.map_or(&self.own, |known| &known.directory)
    }
}

/// The facts of a case, and who is listed.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) facts: Facts,
    pub(super) directory: DirectoryIdx,
}

impl Case {
    /// A case that is judged with the engine's own directory.
    pub(super) const fn own(facts: Facts) -> Self {
        Self { facts, directory: 0 }
    }
}

impl Ground<'_> {
    /// What is known of a case, as far as conditions ask.
    pub(super) fn resolve<'f>(&self, case: &'f Case) -> Resolved<'f> {
        self.resolve_for(case, &self.wanted)
    }

    /// As [`Self::resolve`], only that which is wanted.
    pub(super) fn resolve_for<'f>(&self, case: &'f Case, wanted: &Wanted) -> Resolved<'f> {
        let directory = self.directories.of(case.directory);
        resolve::resolve(&case.facts, self.packs, directory, self.catalogue, wanted)
    }
}
