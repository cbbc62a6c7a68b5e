//! Reading packs from folders, for tests of packs.
#![expect(clippy::disallowed_methods, reason = "tests read their data from files")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, clippy::allow_attributes, reason = "each test binary uses a part of this")]

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use cleartosend::schema::{Attribute, Form, NotGiven, Nullable, Origin, Scope};
use cleartosend::{PackFile, Schema, Type};

/// The folder of this crate.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The pack that has nothing wrong with it.
pub(crate) fn good() -> Vec<PackFile> {
    files(&root().join("packs/good"))
}

/// A pack of the repository.
pub(crate) fn pack(name: &str) -> Vec<PackFile> {
    files(&root().join("../packs").join(name))
}

fn files(folder: &Path) -> Vec<PackFile> {
    let mut files = Vec::new();
    collect(folder, "", &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<PackFile>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            files.push(PackFile { path, bytes: Cow::Owned(std::fs::read(entry.path()).unwrap()) });
        }
    }
}

/// The schema of a pack beneath, which declares `x.other`.
pub(crate) fn base() -> Schema {
    let other = Attribute {
        path: "x.other".into(),
        ty: Type::BOOL,
        form: Form::Any,
        unit: None,
        nullable: Nullable::No,
        origin: Origin::Given,
        not_given: NotGiven::Unknown,
        scope: Scope::Campaign,
        doc: "Another pack's.".into(),
    };
    Schema::built_in().with_declared([other]).unwrap()
}

/// The campaign documents of `examples/`.
pub(crate) fn examples() -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(root().join("../examples")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}
