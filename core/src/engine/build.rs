//! What is an engine made of?

use std::collections::BTreeSet;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::{Engine, EngineError, Parts};
use crate::compile;
use crate::decide::Stamp;
use crate::directory::clients::Catalogue;
use crate::directory::{self, Directory};
use crate::pack::{Pack, PackFile};
use crate::resolve::{Wanted, plan};
use crate::schema::{self, AttributeId, Schema};
use crate::time::zone;

/// The pack of the engine that is built in.
const BUILT_IN_PACK: &str = "whatsapp";

pub(super) fn built_in() -> Result<Engine, EngineError> {
    static BUILT_IN: OnceCell<Engine> = OnceCell::new();
    BUILT_IN.get_or_try_init(|| Engine::builder().built_in_pack(BUILT_IN_PACK).build()).cloned()
}

/// Gathers what an engine is made of.
///
/// No pack unless one is added: an engine without packs has no rule in force, and asks for a review
/// of everything. The built-in sample directory unless another is given.
#[derive(Clone, Debug, Default)]
pub struct EngineBuilder {
    packs: Vec<Source>,
    directory: Option<Arc<Directory>>,
}

#[derive(Clone, Debug)]
enum Source {
    BuiltIn(String),
    Files { called: String, files: Vec<PackFile> },
}

impl EngineBuilder {
    /// Adds a built-in pack by its name, on top of those added before.
    #[must_use]
    pub fn built_in_pack(mut self, name: &str) -> Self {
        self.packs.push(Source::BuiltIn(name.to_owned()));
        self
    }

    /// Adds a pack by its files, on top of those added before. `called` is how errors call it, such
    /// as its folder.
    #[must_use]
    pub fn pack(mut self, called: &str, files: Vec<PackFile>) -> Self {
        self.packs.push(Source::Files { called: called.to_owned(), files });
        self
    }

    /// Replaces the directory.
    #[must_use]
    pub fn directory(mut self, directory: Arc<Directory>) -> Self {
        self.directory = Some(directory);
        self
    }

    /// Reads and checks everything.
    ///
    /// # Errors
    /// All problems of the first pack that has any; a pack that is not there; two packs of one
    /// name.
    pub fn build(self) -> Result<Engine, EngineError> {
        let mut schema = Schema::built_in();
        let mut packs: Vec<Arc<Pack>> = Vec::with_capacity(self.packs.len());
        for source in &self.packs {
            let pack = load(source, &schema)?;
            // Packs that declare nothing share one schema, and so may engines share facts.
            if !pack.attributes.is_empty() {
                schema = Arc::clone(&pack.schema);
            }
            packs.push(pack);
        }
        let directory = self.directory.map_or_else(Directory::built_in, Ok)?;
        let catalogue = Catalogue::built_in()?;
        let program = Arc::new(compile::compile(packs, schema)?);
        let stamp = Arc::new(Stamp::of(&program, &directory, &bundled(&catalogue)));
        let read: BTreeSet<AttributeId> =
            program.rules().flat_map(|(_, _, rule)| rule.attributes.iter().copied()).collect();
        let wanted = Wanted::those(|id| read.contains(&id));
        Ok(Engine(Arc::new(Parts { program, directory, catalogue, stamp, wanted })))
    }
}

fn load(source: &Source, schema: &Arc<Schema>) -> Result<Arc<Pack>, EngineError> {
    match source {
        Source::BuiltIn(name) => {
            let unknown = || EngineError::UnknownPack { name: name.clone() };
            let failed = |errors| EngineError::Pack { pack: name.clone(), errors };
            // The shared copy numbers attributes as the built-in schema does: it fits while no pack
            // beneath has declared any.
            if schema.len() == Schema::built_in().len() {
                return Pack::built_in(name).ok_or_else(unknown)?.map_err(failed);
            }
            let files = Pack::built_in_files(name).ok_or_else(unknown)?;
            Pack::load(&files, schema).map(Arc::new).map_err(failed)
        }
        Source::Files { called, files } => Pack::load(files, schema)
            .map(Arc::new)
            .map_err(|errors| EngineError::Pack { pack: called.clone(), errors }),
    }
}

/// All data that is compiled in and can change an answer.
fn bundled(catalogue: &Catalogue) -> Vec<(&'static str, String)> {
    vec![
        ("clients", catalogue.digest().to_string()),
        ("names", directory::DATA_VERSION.to_owned()),
        ("number_plan", plan::VERSION.to_owned()),
        ("regions", schema::regions::VERSION.to_owned()),
        ("schema", schema::VERSION.to_string()),
        ("tzdb", zone::version().to_owned()),
    ]
}
