//! The JavaScript binding: the engine as a WebAssembly module.
//!
//! It only translates. Documents come as the bytes of their JSON and go back as JSON; the package
//! around it (`package/`) makes objects, classes and errors of them. Codes and bytes are those of
//! core.

mod engine;
mod error;
mod pack;
mod rows;
mod screening;

/// The version of the engine.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The names of the built-in packs.
#[wasm_bindgen::prelude::wasm_bindgen(js_name = builtInPackNames)]
pub fn built_in_pack_names() -> Vec<String> {
    cleartosend::Pack::built_in_names().map(str::to_owned).collect()
}
