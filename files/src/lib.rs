//! What do a file and a pack's folder hold?
//!
//! The engine takes bytes, and this is what reads them for the command, for C and for Python. In: a
//! file ([`read`]) or a folder ([`read_pack`]). Out: its bytes; the pack's files by paths relative
//! to it, in order; or why there are none ([`Unreadable`], [`FolderError`]).
//!
//! A pack is plain files in plain folders. No link within it is followed, and what is no plain file
//! (a link, a pipe, a device, a socket) is refused by its name without being opened, so that a pack
//! shows nobody what lies outside of it and nobody waits for it. The folder itself may be named by
//! a link. What [`Pack::passes_over`] says is not looked at, so that a pack can be a repository of
//! its own.
#![expect(clippy::disallowed_methods, reason = "the engine opens no file; this reads them for it")]

use std::borrow::Cow;
use std::fs::{self, File, FileType};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use cleartosend::expert::limits;
use cleartosend::expert::text::escaped;
use cleartosend::{Pack, PackErrors, PackFile};

/// Why the folder of a pack was not read.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "either the system or the pack is the reason")]
pub enum FolderError {
    /// The system does not let it be read.
    Unreadable(Unreadable),
    /// It is no pack's folder, or holds what no pack may hold: every such thing, in path order.
    Pack(PackErrors),
}

/// A file or folder that cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Which; `-` is standard input.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

impl From<Unreadable> for FolderError {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl From<PackErrors> for FolderError {
    fn from(errors: PackErrors) -> Self {
        Self::Pack(errors)
    }
}

/// A path as messages show it: nothing in it breaks a line or steers a terminal.
pub fn name_of(path: &Path) -> String {
    escaped(&path.display().to_string()).into_owned()
}

/// In words, where the system's are not the user's.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        io::ErrorKind::NotADirectory => "it is not a folder".into(),
        io::ErrorKind::AlreadyExists => "it is there already".into(),
        io::ErrorKind::StorageFull => "no space is left".into(),
        _ => error.to_string(),
    }
}

/// Standard input, where a file is named.
const PIPE: &str = "-";

/// Reads a file, or standard input for `-`, but no more than one byte past the limit: the reader of
/// the bytes then refuses them.
///
/// # Errors
/// What the system says.
pub fn read(file: &Path, bytes_max: usize) -> Result<Vec<u8>, Unreadable> {
    if file == Path::new(PIPE) {
        return read_up_to(io::stdin().lock(), bytes_max).map_err(|error| of(file, error));
    }
    File::open(file)
        .and_then(|opened| read_up_to(opened, bytes_max))
        .map_err(|error| of(file, error))
}

/// Reads at most one byte past the limit.
fn read_up_to(input: impl io::Read, bytes_max: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(bytes_max as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn of(path: &Path, error: io::Error) -> Unreadable {
    Unreadable { path: path.to_path_buf(), error }
}

/// The file that makes a folder a pack.
const MANIFEST: &str = "pack.toml";

/// Reads all files of a pack's folder, by paths relative to it, in order.
///
/// Reads at most one byte and one file past the limits; whoever reads the pack then refuses it.
///
/// # Errors
/// What the system says; a folder without `pack.toml`, with the packs that are in the folders below
/// it; all that is no plain file.
pub fn read_pack(folder: &Path) -> Result<Vec<PackFile>, FolderError> {
    let top = entries(folder)?;
    if !top.iter().any(|entry| entry.name == MANIFEST) {
        let below = top.iter().filter(|entry| {
            entry.is_folder() && !Pack::passes_over(&entry.name) && has_manifest(&entry.path)
        });
        return Err(PackErrors::without_manifest(below.map(|entry| entry.name.as_str())).into());
    }
    let mut read =
        Read { files: Vec::new(), irregular: Vec::new(), bytes_left: limits::PACK_BYTES_MAX };
    let mut folders = Vec::new();
    read.take(top, "", &mut folders)?;
    let mut folder_count = 0;
    while let Some((here, prefix)) = folders.pop() {
        folder_count += 1;
        // LIMIT: a pack has three folders. Further ones are read so that what is in them can be
        // listed, but only up to a limit.
        if folder_count > limits::PACK_FILES_MAX {
            let error =
                io::Error::other(format!("it has more than {} folders", limits::PACK_FILES_MAX));
            return Err(of(folder, error).into());
        }
        read.take(entries(&here)?, &prefix, &mut folders)?;
        if read.files.len() > limits::PACK_FILES_MAX {
            break;
        }
    }
    if read.irregular.is_empty() {
        read.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(read.files)
    } else {
        Err(PackErrors::irregular(read.irregular).into())
    }
}

/// What was read so far.
struct Read {
    files: Vec<PackFile>,
    /// What is no plain file: the path, and what it is instead.
    irregular: Vec<(String, &'static str)>,
    bytes_left: usize,
}

impl Read {
    /// Takes what a folder has; its own folders are left to be read.
    fn take(
        &mut self,
        entries: Vec<Entry>,
        prefix: &str,
        folders: &mut Vec<(PathBuf, String)>,
    ) -> Result<(), Unreadable> {
        for entry in entries {
            let path = format!("{prefix}{}", entry.name);
            if Pack::passes_over(&path) {
                continue;
            }
            if entry.is_folder() {
                folders.push((entry.path, format!("{path}/")));
            } else if entry.kind.is_file() {
                let bytes = File::open(&entry.path)
                    .and_then(|opened| read_up_to(opened, self.bytes_left))
                    .map_err(|error| of(&entry.path, error))?;
                self.bytes_left = self.bytes_left.saturating_sub(bytes.len());
                self.files.push(PackFile { path, bytes: Cow::Owned(bytes) });
            } else {
                self.irregular.push((path, what(entry.kind)));
            }
            if self.files.len() > limits::PACK_FILES_MAX {
                break;
            }
        }
        Ok(())
    }
}

/// One name in a folder.
struct Entry {
    name: String,
    path: PathBuf,
    /// Of itself: a link is a link, whatever it leads to.
    kind: FileType,
}

impl Entry {
    fn is_folder(&self) -> bool {
        self.kind.is_dir()
    }
}

/// What a folder has, by name.
fn entries(folder: &Path) -> Result<Vec<Entry>, Unreadable> {
    let failed = |error: io::Error| of(folder, error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        entries.push(Entry {
            name: entry.file_name().to_string_lossy().into_owned(),
            path: entry.path(),
            kind,
        });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

fn has_manifest(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(MANIFEST)).is_ok_and(|metadata| metadata.is_file())
}

/// What something is that is neither a plain file nor a folder.
fn what(kind: FileType) -> &'static str {
    if kind.is_symlink() {
        return "a link";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_block_device() || kind.is_char_device() {
            return "a device";
        }
    }
    "neither a file nor a folder"
}
