//! What shall an engine be made of?

use std::borrow::Cow;
use std::ffi::{c_char, c_void};
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use cleartosend::expert::limits::{DOCUMENT_BYTES_MAX, PACK_BYTES_MAX, PACK_FILES_MAX};
use cleartosend::{Directory, Engine, EngineError, Pack, PackFile};

use crate::boundary::Failure;
use crate::contract::{Contract, called, free};
use crate::error::cts_error;
use crate::handle;
use crate::input;
use crate::pack::cts_pack;
use crate::status::cts_status;
use crate::text::cts_str;

/// Gathers what an engine is made of: packs, one on top of the other, a directory and a base
/// document. For one thread at a time.
pub struct cts_builder(PhantomData<*mut u8>);

crate::handle::handle!(cts_builder holds Ingredients);

/// One file of a pack, in memory.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_pack_file {
    /// The path relative to the pack's folder, with `/` between its parts, such as
    /// `rules/consent.toml`.
    pub path: cts_str,
    /// What is in it.
    pub data: *const c_void,
    /// How many bytes.
    pub len: usize,
}

/// Makes an empty builder: the built-in pack `whatsapp` alone, and the built-in directory.
///
/// `*builder` is the caller's; free it with `cts_builder_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_builder_new(builder: *mut *mut cts_builder) -> cts_status {
    called!(|c| {
        let builder = c.out(builder, "builder");
        let builder = builder?;
        builder.put(handle::give(Ingredients::default()));
        Ok(())
    })
}

/// Adds a pack that is built in, such as `messaging-law`, on top of those added before. The
/// built-in pack `whatsapp` is beneath all of them; naming it, or another one twice, changes
/// nothing. Whether there is one of that name is found out when the engine is made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_builder_add_built_in_pack(
    builder: *mut cts_builder,
    name: *const c_char,
    name_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let builder = c.exclusive(builder, "builder")?;
        let name = c.text(name, name_len, "name")?;
        builder.packs.push(Source::BuiltIn(name.to_owned()));
        Ok(())
    })
}

/// Leaves out the built-in pack `whatsapp`, which is beneath all others unless one that is added is
/// itself called so. Added by its name, it is there all the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_builder_without_built_in(
    builder: *mut cts_builder,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let builder = c.exclusive(builder, "builder")?;
        builder.without_built_in = true;
        Ok(())
    })
}

/// Adds the pack in a folder, on top of those added before. The files are read now; what is in them
/// is checked when the engine is made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_builder_add_pack_folder(
    builder: *mut cts_builder,
    path: *const c_char,
    path_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let builder = c.exclusive(builder, "builder")?;
        let path = c.text(path, path_len, "path")?;
        let files = cleartosend_files::read_pack(Path::new(path))
            .map_err(|error| Failure::of_folder(path, error))?;
        builder.packs.push(Source::Files { called: path.to_owned(), files });
        Ok(())
    })
}

/// Adds a pack of files in memory, on top of those added before. `called` is how errors call the
/// pack. What is in the files is checked when the engine is made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_builder_add_pack_files(
    builder: *mut cts_builder,
    called: *const c_char,
    called_len: usize,
    files: *const cts_pack_file,
    file_count: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let builder = c.exclusive(builder, "builder")?;
        let called = c.text(called, called_len, "called")?;
        let files = files_of(c, files, file_count)?;
        builder.packs.push(Source::Files { called: called.to_owned(), files });
        Ok(())
    })
}

/// Adds a pack that was read, on top of those added before. One with the name and version of a
/// built-in pack and other files is refused when the engine is made: decisions would bear a name
/// that is not theirs. Takes no ownership of `pack`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_builder_add_pack(
    builder: *mut cts_builder,
    pack: *const cts_pack,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let pack = Arc::clone(c.shared(pack, "pack")?);
        let builder = c.exclusive(builder, "builder")?;
        builder.packs.push(Source::Read(pack));
        Ok(())
    })
}

/// Sets the directory: the bytes of a directory file, which are read and checked now. A directory
/// that was set before is replaced.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_builder_set_directory(
    builder: *mut cts_builder,
    data: *const c_void,
    len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let builder = c.exclusive(builder, "builder")?;
        let bytes = c.bytes(data, len, "data")?;
        builder.directory = Some(Arc::new(Directory::from_json(bytes).map_err(EngineError::from)?));
        Ok(())
    })
}

/// Sets the base document: what is the same for all campaigns of a sender, such as its `account`,
/// `provider` and `access`. It has the form of a campaign document; `send_at` may be left out, and
/// it may not have a recipient. It is checked when the engine is made; one that was set
/// before is replaced.
///
/// Every campaign that the engine reads, and the facts that `cts_facts_new` makes, begin with it: a
/// campaign's own members win, member by member within objects, and a list or null of the campaign
/// replaces the list or value of the base. Decisions are about what is known after merging.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_builder_base(
    builder: *mut cts_builder,
    json: *const c_void,
    json_len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let builder = c.exclusive(builder, "builder")?;
        if !json.is_null() {
            // What is longer is refused anyway, and must not be copied first.
            input::at_most(json_len, DOCUMENT_BYTES_MAX, "json")?;
        }
        let json = c.bytes(json, json_len, "json")?;
        builder.base = Some(json.into());
        Ok(())
    })
}

/// Adds exceptions to rules: the bytes of a file in the form of a pack's `waivers.toml`. `called`
/// is how errors call it. What is in it is checked when the engine is made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_builder_add_waivers(
    builder: *mut cts_builder,
    called: *const c_char,
    called_len: usize,
    data: *const c_void,
    len: usize,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let builder = c.exclusive(builder, "builder")?;
        let called = c.text(called, called_len, "called")?;
        if !data.is_null() {
            input::at_most(len, PACK_BYTES_MAX, "data")?;
        }
        let bytes = c.bytes(data, len, "data")?;
        builder.waivers.push((called.to_owned(), bytes.to_vec()));
        Ok(())
    })
}

/// Frees a builder; NULL is allowed. Engines made from it go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_builder_free(builder: *mut cts_builder) {
    free!(builder);
}

/// The files of a pack in memory, copied.
pub(crate) fn files_of(
    c: Contract<'_>,
    files: *const cts_pack_file,
    file_count: usize,
) -> Result<Vec<PackFile>, Failure> {
    if !files.is_null() {
        input::at_most(file_count, PACK_FILES_MAX, "files")?;
    }
    let given = c.items(files, file_count, "files")?;
    let mut files = Vec::with_capacity(given.len());
    let mut bytes_left = PACK_BYTES_MAX;
    for file in given {
        if !file.data.is_null() {
            // Whatever is longer than all that is left is too long, and must not be copied
            // first.
            input::at_most(file.len, bytes_left, "files")?;
            bytes_left = bytes_left.saturating_sub(file.len);
        }
        let path = c.text(file.path.data, file.path.len, "files")?;
        let bytes = c.bytes(file.data, file.len, "files")?;
        files.push(PackFile { path: path.to_owned(), bytes: Cow::Owned(bytes.to_vec()) });
    }
    Ok(files)
}

/// What is behind a [`cts_builder`], and what an engine was made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ingredients {
    packs: Vec<Source>,
    /// Whether the packs alone count, without the built-in one beneath.
    without_built_in: bool,
    /// The built-in sample, if there is none.
    directory: Option<Arc<Directory>>,
    base: Option<Arc<[u8]>>,
    /// Files of waivers, and how errors call them.
    waivers: Vec<(String, Vec<u8>)>,
}

#[derive(Clone, Debug)]
enum Source {
    BuiltIn(String),
    Files { called: String, files: Vec<PackFile> },
    Read(Arc<Pack>),
}

impl Ingredients {
    /// The built-in pack over the built-in directory.
    pub(crate) fn built_in() -> Self {
        Self::default()
    }

    /// These, and from `before` what these do not name.
    pub(crate) fn or(&self, before: &Self) -> Self {
        let names_packs = !self.packs.is_empty() || self.without_built_in;
        let packs = if names_packs { self } else { before };
        Self {
            packs: packs.packs.clone(),
            without_built_in: packs.without_built_in,
            directory: self.directory.as_ref().or(before.directory.as_ref()).cloned(),
            base: self.base.as_ref().or(before.base.as_ref()).cloned(),
            waivers: match self.waivers.is_empty() {
                true => before.waivers.clone(),
                false => self.waivers.clone(),
            },
        }
    }

    /// Reads and checks everything.
    pub(crate) fn build(&self) -> Result<Engine, Failure> {
        if self.packs.is_empty() && self.without_built_in {
            return Err(Failure::no_pack());
        }
        let mut builder = Engine::builder();
        if self.without_built_in {
            builder = builder.without_built_in();
        }
        for source in &self.packs {
            builder = match source {
                Source::BuiltIn(name) => builder.built_in_pack(name),
                Source::Files { called, files } => builder.pack(called, files.clone()),
                Source::Read(pack) => builder.add(Arc::clone(pack)),
            };
        }
        if let Some(directory) = &self.directory {
            builder = builder.directory(Arc::clone(directory));
        }
        if let Some(base) = &self.base {
            builder = builder.base(base);
        }
        for (called, bytes) in &self.waivers {
            builder = builder.waivers(called, bytes);
        }
        Ok(builder.build()?)
    }
}
