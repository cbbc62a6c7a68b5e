//! Packs and directories, from bytes.

use std::borrow::Cow;
use std::sync::Arc;

use cleartosend::{EngineError, PackFile, Schema};
use wasm_bindgen::prelude::*;

use crate::error;

/// The files of a pack, gathered one by one.
#[wasm_bindgen]
#[derive(Default)]
pub struct PackFiles(pub(crate) Vec<PackFile>);

#[wasm_bindgen]
impl PackFiles {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file by its path within the pack, with `/` between its parts.
    pub fn add(&mut self, path: String, bytes: Vec<u8>) {
        self.0.push(PackFile { path, bytes: Cow::Owned(bytes) });
    }
}

/// Dated, cited rules, read and checked.
#[wasm_bindgen]
pub struct Pack(pub(crate) Arc<cleartosend::Pack>);

#[wasm_bindgen]
impl Pack {
    /// Reads a pack from its files; `called` is how errors call it.
    pub fn load(called: &str, files: PackFiles) -> Result<Self, JsValue> {
        match cleartosend::Pack::load(&files.0, &Schema::built_in()) {
            Ok(pack) => Ok(Self(Arc::new(pack))),
            Err(errors) => Err(error::of_pack(called, &errors)),
        }
    }

    /// A built-in pack by its name.
    #[wasm_bindgen(js_name = builtIn)]
    pub fn built_in(name: &str) -> Result<Self, JsValue> {
        match cleartosend::Pack::built_in(name) {
            Some(Ok(pack)) => Ok(Self(pack)),
            Some(Err(errors)) => Err(error::of_pack(name, &errors)),
            None => Err(error::of_engine(&EngineError::UnknownPack { name: name.to_owned() })),
        }
    }

    /// Its name.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.0.name.to_string()
    }

    /// Its version.
    #[wasm_bindgen(getter)]
    pub fn version(&self) -> String {
        self.0.version.to_string()
    }

    /// One line on what it is.
    #[wasm_bindgen(getter)]
    pub fn title(&self) -> String {
        self.0.title.to_string()
    }

    /// The digest of its files.
    #[wasm_bindgen(getter)]
    pub fn digest(&self) -> String {
        self.0.digest.to_string()
    }
}

/// A dated snapshot of the list of solution providers.
#[wasm_bindgen]
pub struct Directory(pub(crate) Arc<cleartosend::Directory>);

#[wasm_bindgen]
impl Directory {
    /// Reads the bytes of a directory file.
    #[wasm_bindgen(js_name = fromJson)]
    pub fn from_json(document: &[u8]) -> Result<Self, JsValue> {
        let directory = cleartosend::Directory::from_json(document);
        directory
            .map(|directory| Self(Arc::new(directory)))
            .map_err(|problem| error::of_directory(&problem))
    }

    /// The sample that ships with the engine.
    #[wasm_bindgen(js_name = builtIn)]
    pub fn built_in() -> Result<Self, JsValue> {
        cleartosend::Directory::built_in()
            .map(Self)
            .map_err(|problem| error::of_directory(&problem))
    }

    /// This directory with your own on top.
    pub fn stack(&self, own: &Self) -> Result<Self, JsValue> {
        cleartosend::Directory::stack(&self.0, &own.0)
            .map(|directory| Self(Arc::new(directory)))
            .map_err(|problem| error::of_directory(&problem))
    }

    /// Where the list came from, in words.
    #[wasm_bindgen(getter)]
    pub fn source(&self) -> String {
        self.0.source().to_owned()
    }

    /// When the list was retrieved.
    #[wasm_bindgen(getter, js_name = retrievedAt)]
    pub fn retrieved_at(&self) -> String {
        self.0.retrieved_at().to_string()
    }

    /// Whether it names every provider that was listed in the time it covers.
    #[wasm_bindgen(getter)]
    pub fn complete(&self) -> bool {
        self.0.complete()
    }

    /// How many providers it names.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> usize {
        self.0.providers().len()
    }

    /// The digest of the file.
    #[wasm_bindgen(getter)]
    pub fn digest(&self) -> String {
        self.0.digest().to_string()
    }
}
