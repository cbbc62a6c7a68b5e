//! Which engine was asked for?

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cleartosend::expert::limits;
use cleartosend::{Directory, Engine, EngineError, Pack, PackFile, Schema};

use crate::arguments::With;
use crate::failure::Failure;
use crate::files;

/// The built-in engine, or one with the packs and the directory that were named.
pub(crate) fn of(with: &With) -> Result<Engine, Failure> {
    if with.no_built_in && with.packs.is_empty() {
        return Err(Failure::new(
            "without the built-in pack there is no rule; name the packs with `--pack`",
        ));
    }
    if with.packs.is_empty() && with.directory.is_none() && with.own.is_none() {
        return Engine::built_in().map_err(|error| Failure::of_engine(&error));
    }
    let mut added = Vec::new();
    let mut failures: Vec<(&Path, Failure)> = Vec::new();
    for named in &with.packs {
        match named_pack(named) {
            Ok(pack) => added.push(pack),
            Err(failure) => failures.push((named, failure)),
        }
    }
    let directory = match directory(with.directory.as_deref(), with.own.as_deref()) {
        Ok(directory) => Some(directory),
        Err(failure) => {
            failures.push((
                with.directory.as_deref().or(with.own.as_deref()).unwrap_or(Path::new("")),
                failure,
            ));
            None
        }
    };
    let Some(directory) = directory.filter(|_| failures.is_empty()) else {
        return Err(Failure::of_all(failures));
    };
    let mut builder = Engine::builder();
    if with.no_built_in {
        builder = builder.without_built_in();
    }
    for pack in &added {
        builder = match pack {
            Named::BuiltIn(name) => builder.built_in_pack(name),
            Named::Folder { called, files } => builder.pack(called, files.clone()),
        };
    }
    builder.directory(directory).build().map_err(|error| match &error {
        // A pack may fit alone and not on top of the others.
        EngineError::Pack { pack, errors } => {
            let files = added.iter().find_map(|added| match added {
                Named::Folder { called, files } if called == pack => Some(files.as_slice()),
                _ => None,
            });
            Failure::of_pack(pack, files.unwrap_or_default(), errors)
        }
        other => Failure::of_engine(other),
    })
}

/// An engine of these packs and no others, with this directory or the built-in one.
pub(crate) fn of_packs(packs: &[PathBuf], directory: Option<&Path>) -> Result<Engine, Failure> {
    let with = With {
        packs: packs.to_vec(),
        no_built_in: true,
        directory: directory.map(Path::to_path_buf),
        own: None,
    };
    of(&with)
}

/// A pack as somebody named it.
pub(crate) enum Named {
    BuiltIn(String),
    Folder { called: String, files: Vec<PackFile> },
}

/// A folder if there is one, or if it looks like a path; else the name of a built-in pack.
pub(crate) fn named_pack(named: &Path) -> Result<Named, Failure> {
    let text = named.to_string_lossy();
    if !named.is_dir() && !text.contains(['/', '\\', '.']) {
        return Ok(Named::BuiltIn(text.into_owned()));
    }
    let (called, files) = (named.display().to_string(), read_pack(named)?);
    // By itself first, so that each pack's problems are told, and not the first pack's alone.
    load(&called, &files)?;
    Ok(Named::Folder { called, files })
}

/// Reads the files of a pack's folder.
pub(crate) fn read_pack(folder: &Path) -> Result<Vec<PackFile>, Failure> {
    cleartosend_files::read_pack(folder).map_err(|error| Failure::of_folder(folder, &error))
}

/// Reads a pack by itself.
pub(crate) fn load(called: &str, files: &[PackFile]) -> Result<Pack, Failure> {
    Pack::load(files, &Schema::built_in())
        .map_err(|errors| Failure::of_pack(called, files, &errors))
}

/// The directory of that file, or the built-in one, with the caller's own on top.
pub(crate) fn directory(
    file: Option<&Path>,
    own: Option<&Path>,
) -> Result<Arc<Directory>, Failure> {
    let base = match file {
        Some(file) => Arc::new(read_directory(file)?),
        None => Directory::built_in()
            .map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?,
    };
    let Some(own) = own else { return Ok(base) };
    let stacked = Directory::stack(&base, &read_directory(own)?);
    stacked.map(Arc::new).map_err(|error| Failure::of_directory(own, &error))
}

/// Reads a directory file.
pub(crate) fn read_directory(file: &Path) -> Result<Directory, Failure> {
    let bytes = files::read(file, limits::DIRECTORY_BYTES_MAX)?;
    Directory::from_json(&bytes).map_err(|error| Failure::of_directory(file, &error))
}
