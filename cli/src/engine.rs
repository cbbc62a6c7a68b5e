//! Which engine was asked for?

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cleartosend::analyse::Warning;
use cleartosend::expert::limits;
use cleartosend::{Directory, Engine, EngineError, Facts, Pack, PackFile, Schema};

use crate::arguments::evidence::Trusting;
use crate::arguments::{Configured, Over, Waived, With};
use crate::commands::Trusted;
use crate::config::{Config, PackName};
use crate::failure::Failure;
use crate::files;

/// The built-in engine, or one with the packs and the directory that the command line or the
/// configuration names. What the command line names comes before the same of the configuration; its
/// packs are stacked on those of the configuration.
pub(crate) fn of(with: &With, config: Option<&Config>) -> Result<Engine, Failure> {
    built(with, config, None, &Waived::default(), Use::Judging)
}

/// As [`of`], for commands that show rules and judge nothing.
pub(crate) fn of_drafts(with: &With, config: Option<&Config>) -> Result<Engine, Failure> {
    built(with, config, None, &Waived::default(), Use::Drafts)
}

/// As [`of`], with exceptions to rules, and for documents that are read over a base document, if
/// one is named.
pub(crate) fn over(
    over: &Over,
    waived: &Waived,
    with: &With,
    config: Option<&Config>,
) -> Result<Engine, Failure> {
    let base = over.base.as_deref().or(config.and_then(|config| config.base.as_deref()));
    built(with, config, base, waived, Use::Judging)
}

/// What an engine is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Campaigns: a pack that says that it is a built-in one has to be that one.
    Judging,
    /// Work on rules: it may be the next edition of a built-in pack.
    Drafts,
}

fn built(
    with: &With,
    config: Option<&Config>,
    base: Option<&Path>,
    waived: &Waived,
    made_for: Use,
) -> Result<Engine, Failure> {
    let beneath = config.map_or(&[][..], |config| &config.packs);
    if with.no_built_in && with.packs.is_empty() && beneath.is_empty() {
        return Err(Failure::new(
            "without the built-in pack there is no rule; name the packs with `--pack`",
        ));
    }
    let of_config =
        |file: fn(&Config) -> &Option<PathBuf>| config.and_then(|it| file(it).as_deref());
    let replaced = with.directory.as_deref().or(of_config(|config| &config.directory));
    let own = with.own.as_deref().or(of_config(|config| &config.own));
    let no_packs = with.packs.is_empty() && beneath.is_empty();
    let is_plain = no_packs
        && replaced.is_none()
        && own.is_none()
        && base.is_none()
        && with.trusting.at_least.is_empty();
    let declared = config.map_or(&[][..], |config| &config.waivers);
    if is_plain && waived.waivers.is_empty() && declared.is_empty() {
        return Engine::built_in().map_err(|error| Failure::of_engine(&error));
    }
    let trusted = Trusted::of(&with.trusting)?;
    let mut added = Vec::new();
    let mut failures: Vec<(&Path, Failure)> = Vec::new();
    for pack in beneath {
        match pack {
            PackName::BuiltIn(name) => added.push(Named::BuiltIn(name.clone())),
            PackName::Folder(folder) => match trusted_pack(folder, folder_pack, &trusted) {
                Ok(pack) => added.push(pack),
                Err(failure) => failures.push((folder, failure)),
            },
        }
    }
    for named in &with.packs {
        match trusted_pack(named, named_pack, &trusted) {
            Ok(pack) => added.push(pack),
            Err(failure) => failures.push((named, failure)),
        }
    }
    let directory = match trusted_directory(replaced, own, &trusted) {
        Ok(directory) => Some(directory),
        Err(failure) => {
            failures.push((replaced.or(own).unwrap_or(Path::new("")), failure));
            None
        }
    };
    let document = match base.map(|file| files::read(file, limits::DOCUMENT_BYTES_MAX)).transpose()
    {
        Ok(document) => document,
        Err(unreadable) => {
            failures.push((base.unwrap_or(Path::new("")), unreadable.into()));
            None
        }
    };
    let waivers = match read_waivers(waived) {
        Ok(waivers) => waivers,
        Err(failure) => {
            failures
                .push((waived.waivers.first().map_or(Path::new(""), PathBuf::as_path), failure));
            Vec::new()
        }
    };
    let Some(directory) = directory.filter(|_| failures.is_empty()) else {
        return Err(Failure::of_all(failures));
    };
    let mut builder = Engine::builder();
    if with.no_built_in || config.is_some_and(|config| !config.built_in) {
        builder = builder.without_built_in();
    }
    if let Some(document) = &document {
        builder = builder.base(document);
    }
    for pack in &added {
        builder = match pack {
            Named::BuiltIn(name) => builder.built_in_pack(name),
            Named::Folder { pack, .. } if made_for == Use::Drafts => {
                builder.draft(Arc::clone(pack))
            }
            Named::Folder { pack, .. } => builder.add(Arc::clone(pack)),
        };
    }
    for declared in declared {
        builder = builder.waiver(declared.waiver.clone());
    }
    for (called, bytes) in &waivers {
        builder = builder.waivers(called, bytes);
    }
    let engine = builder.directory(directory).build().map_err(|error| match &error {
        EngineError::Waivers { called, errors } => {
            // Those of the configuration come first, so that they are numbered as they stand there.
            let of_config = (1..).zip(declared).find(|(n, _)| *called == format!("waiver {n}"));
            if let (Some(config), Some((_, declared))) = (config, of_config) {
                return Failure::of_config_waiver(&config.name, declared.line, errors);
            }
            let bytes = waivers.iter().find(|(name, _)| name == called);
            Failure::of_waivers(called, bytes.map_or(&[], |(_, bytes)| bytes), errors)
        }
        // A pack may fit alone and not on top of the others.
        EngineError::Pack { pack, errors } => {
            let folder = added.iter().find_map(|added| match added {
                Named::Folder { called, files, pack: own } if *own.name == **pack => {
                    Some((called, files.as_slice()))
                }
                _ => None,
            });
            let (called, files) = folder.unwrap_or((pack, &[]));
            Failure::of_pack(called, files, errors)
        }
        EngineError::Base(error) => Failure::of_base(base.unwrap_or(Path::new("")), error),
        other => Failure::of_engine(other),
    })?;
    trusted.versions(&engine)?;
    Ok(engine)
}

/// What the configuration or files of waivers lower nothing by when a case is sent, as lines below
/// an answer.
pub(crate) fn idle_waivers(engine: &Engine, config: Option<&Config>, facts: &Facts) -> Vec<String> {
    let Some(at) = facts.send_at() else { return Vec::new() };
    let line = |warning: Warning| {
        let declared = config.map_or(&[][..], |config| &config.waivers);
        let of_config =
            (1..).zip(declared).find(|(n, _)| *warning.place.file == *format!("waiver {n}"));
        let place = match (config, of_config) {
            (Some(config), Some((_, declared))) => format!("{}:{}", config.name, declared.line),
            _ => warning.place.to_string(),
        };
        format!("warning {place}: {}\n", warning.message)
    };
    engine.idle_waivers(at).into_iter().map(line).collect()
}

/// An engine of these packs and no others.
pub(crate) fn of_packs(packs: &[PathBuf], trusting: &Trusting) -> Result<Engine, Failure> {
    of_drafts(&alone(packs, None, trusting), None)
}

/// An engine of one pack and no others, with what the configuration says of everything else: the
/// directory, if none is named, the base document, and waivers of the pack's rules.
pub(crate) fn of_pack(
    pack: &Path,
    directory: Option<&Path>,
    trusting: &Trusting,
    config: Option<&Config>,
) -> Result<Engine, Failure> {
    let with = alone(&[pack.to_path_buf()], directory, trusting);
    let Some(config) = config else { return of_drafts(&with, None) };
    let named = match named_pack(pack)? {
        Named::Folder { pack, .. } => pack,
        // That there is none is told where the engine is made.
        Named::BuiltIn(name) => match Pack::built_in(&name) {
            Some(Ok(pack)) => pack,
            _ => return of_drafts(&with, None),
        },
    };
    let config = config.beside(&named);
    let base = config.base.as_deref();
    built(&with, Some(&config), base, &Waived::default(), Use::Drafts)
}

/// The engine that a configuration describes, with another directory.
pub(crate) fn of_directory(
    directory: &Path,
    trusting: &Trusting,
    config: Option<&Config>,
) -> Result<Engine, Failure> {
    of(&With { no_built_in: false, ..alone(&[], Some(directory), trusting) }, config)
}

/// The engine that a configuration describes.
pub(crate) fn of_config(config: &Config, trusting: &Trusting) -> Result<Engine, Failure> {
    of(&With { no_built_in: false, ..alone(&[], None, trusting) }, Some(config))
}

fn alone(packs: &[PathBuf], directory: Option<&Path>, trusting: &Trusting) -> With {
    With {
        packs: packs.to_vec(),
        no_built_in: true,
        directory: directory.map(Path::to_path_buf),
        own: None,
        trusting: trusting.clone(),
        configured: Configured { config: None, no_config: true },
    }
}

/// A pack as somebody named it.
pub(crate) enum Named {
    BuiltIn(String),
    Folder { called: String, files: Vec<PackFile>, pack: Arc<Pack> },
}

/// A folder if there is one, or if it looks like a path; else the name of a built-in pack.
pub(crate) fn named_pack(named: &Path) -> Result<Named, Failure> {
    let text = named.to_string_lossy();
    if !named.is_dir() && !text.contains(['/', '\\', '.']) {
        return Ok(Named::BuiltIn(text.into_owned()));
    }
    folder_pack(named)
}

/// A pack, whose folder has to be signed by a key that the caller trusts.
pub(crate) fn trusted_pack(
    named: &Path,
    read: fn(&Path) -> Result<Named, Failure>,
    trusted: &Trusted,
) -> Result<Named, Failure> {
    let pack = read(named)?;
    if let Named::Folder { files, .. } = &pack {
        trusted.pack(named, files)?;
    }
    Ok(pack)
}

/// The pack in a folder.
pub(crate) fn folder_pack(folder: &Path) -> Result<Named, Failure> {
    let (called, files) = (folder.display().to_string(), read_pack(folder)?);
    // By itself first, so that the problems of every pack are reported, not only the first pack's.
    let pack = load(&called, &files)?;
    Ok(Named::Folder { called, files, pack: Arc::new(pack) })
}

/// Reads the files of a pack's folder.
pub(crate) fn read_pack(folder: &Path) -> Result<Vec<PackFile>, Failure> {
    cleartosend_files::read_pack(folder).map_err(|error| Failure::of_folder(folder, &error))
}

/// Reads files of waivers, each with its name; what is in them is checked when an engine is made.
pub(crate) fn read_waivers(waived: &Waived) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut waivers = Vec::with_capacity(waived.waivers.len());
    let mut failures: Vec<(&Path, Failure)> = Vec::new();
    for file in &waived.waivers {
        match files::read(file, limits::PACK_BYTES_MAX) {
            Ok(bytes) => waivers.push((file.display().to_string(), bytes)),
            Err(unreadable) => failures.push((file, unreadable.into())),
        }
    }
    if failures.is_empty() { Ok(waivers) } else { Err(Failure::of_all(failures)) }
}

/// Reads a pack by itself, its tests with it.
pub(crate) fn load(called: &str, files: &[PackFile]) -> Result<Pack, Failure> {
    Pack::load(files, &Schema::built_in())
        .map_err(|errors| Failure::of_pack(called, files, &errors))
}

/// The directory of that file, or the built-in one, with the caller's own on top.
pub(crate) fn directory(
    file: Option<&Path>,
    own: Option<&Path>,
) -> Result<Arc<Directory>, Failure> {
    trusted_directory(file, own, &Trusted::everybody())
}

/// The same, of files that somebody signed who is trusted.
pub(crate) fn trusted_directory(
    file: Option<&Path>,
    own: Option<&Path>,
    trusted: &Trusted,
) -> Result<Arc<Directory>, Failure> {
    let base = match file {
        Some(file) => Arc::new(read_trusted(file, trusted)?),
        None => Directory::built_in()
            .map_err(|error| Failure::new(&format!("{error} [{}]", error.code())))?,
    };
    let Some(own) = own else { return Ok(base) };
    let stacked = Directory::stack(&base, &read_trusted(own, trusted)?);
    stacked.map(Arc::new).map_err(|error| Failure::of_directory(own, &error))
}

/// Reads a directory file.
pub(crate) fn read_directory(file: &Path) -> Result<Directory, Failure> {
    read_trusted(file, &Trusted::everybody())
}

fn read_trusted(file: &Path, trusted: &Trusted) -> Result<Directory, Failure> {
    let bytes = files::read(file, limits::DIRECTORY_BYTES_MAX)?;
    let directory =
        Directory::from_json(&bytes).map_err(|error| Failure::of_directory(file, &error))?;
    trusted.directory(file, &directory, &bytes)?;
    Ok(directory)
}
