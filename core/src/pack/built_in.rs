//! Which packs come with the engine?

use std::borrow::Cow;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::content::{Pack, PackFile};
use super::error::PackErrors;
use crate::schema::Schema;

/// A pack within the binary, read when first asked for.
struct Embedded {
    name: &'static str,
    files: &'static [(&'static str, &'static [u8])],
    loaded: OnceCell<Arc<Pack>>,
}

impl Embedded {
    const fn new(name: &'static str, files: &'static [(&'static str, &'static [u8])]) -> Self {
        Self { name, files, loaded: OnceCell::new() }
    }

    fn load(&self) -> Result<Arc<Pack>, PackErrors> {
        let load = || Pack::load_for_engine(&self.files(), &Schema::built_in()).map(Arc::new);
        self.loaded.get_or_try_init(load).map(Arc::clone)
    }

    fn files(&self) -> Vec<PackFile> {
        self.files
            .iter()
            .map(|(path, bytes)| PackFile {
                path: (*path).to_owned(),
                bytes: Cow::Borrowed(*bytes),
            })
            .collect()
    }
}

// Written by `build.rs` from the folder `packs`: `static EMBEDDED`.
include!(concat!(env!("OUT_DIR"), "/built_in_packs.rs"));

impl Pack {
    /// The names of the built-in packs, in order.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        EMBEDDED.iter().map(|embedded| embedded.name)
    }

    /// A built-in pack; `None` if there is none of that name. It is read once, when first asked
    /// for.
    ///
    /// # Errors
    /// The problems of the pack, which the project's own tests rule out.
    pub fn built_in(name: &str) -> Option<Result<Arc<Self>, PackErrors>> {
        EMBEDDED.iter().find(|embedded| embedded.name == name).map(Embedded::load)
    }

    /// The files of a built-in pack, for loading it on top of packs that declare attributes; `None`
    /// if there is none of that name.
    pub fn built_in_files(name: &str) -> Option<Vec<PackFile>> {
        EMBEDDED.iter().find(|embedded| embedded.name == name).map(Embedded::files)
    }
}
