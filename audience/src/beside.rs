//! Does a file appear whole, or not at all?

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Bytes of its name that a file has while it is written.
const NAME_BYTES: usize = 100;
/// Links that lead to each other, after which systems give up too.
const LINKS_MAX: usize = 40;

/// Where a path leads in the end, whether a file is there or not.
///
/// # Errors
/// Links that lead in a circle, or a link that cannot be read.
pub(crate) fn end_of_links(path: &Path) -> io::Result<PathBuf> {
    if let Ok(whole) = std::fs::canonicalize(path) {
        return Ok(whole);
    }
    let mut end = path.to_path_buf();
    for _ in 0..LINKS_MAX {
        if !std::fs::symlink_metadata(&end).is_ok_and(|metadata| metadata.is_symlink()) {
            // The folder at least is there, or writing fails.
            return Ok(
                match (
                    end.parent().map(|folder| {
                        if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
                    }),
                    end.file_name(),
                ) {
                    (Some(folder), Some(name)) => std::fs::canonicalize(folder)
                        .map_or_else(|_| end.clone(), |folder| folder.join(name)),
                    _ => end,
                },
            );
        }
        let led = std::fs::read_link(&end)?;
        end = end.parent().unwrap_or(Path::new("")).join(led);
    }
    Err(io::Error::other("links lead in a circle"))
}

/// A file that is written beside its place and put there when it is complete. Until then, what
/// stood there before stands there still; a file that is dropped before leaves nothing behind.
///
/// What is no plain file, such as a pipe or `/dev/null`, is written to directly.
#[derive(Debug)]
pub struct Beside(Kind);

#[derive(Debug)]
enum Kind {
    Beside { written: NamedTempFile, target: PathBuf },
    There(File),
}

impl Beside {
    /// Begins the file.
    ///
    /// # Errors
    /// A folder that is not there or cannot be written to, or a target that is a folder.
    pub fn new(target: &Path) -> io::Result<Self> {
        // What `/dev/stdout` leads to may be a pipe, which has no path of its own.
        if std::fs::metadata(target).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            return Ok(Self(Kind::There(OpenOptions::new().write(true).open(target)?)));
        }
        // A link stays a link: what it leads to is replaced, or made.
        let target = end_of_links(target)?;
        let before = std::fs::metadata(&target).ok();
        if before.as_ref().is_some_and(Metadata::is_dir) {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        let name =
            target.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let folder = target
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        // Of a long name only the beginning, since the whole with its ends would be longer than
        // names may be.
        let name = name.to_string_lossy();
        let name: String = name
            .char_indices()
            .take_while(|(at, letter)| at + letter.len_utf8() <= NAME_BYTES)
            .map(|(_, letter)| letter)
            .collect();
        let prefix = format!(".{name}.");
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // Who could read the file before can read the new one; a new file is as any program
            // makes it, less what the umask takes.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let written = builder.tempfile_in(folder)?;
        if let Some(before) = before {
            written.as_file().set_permissions(before.permissions())?;
        }
        Ok(Self(Kind::Beside { written, target }))
    }

    /// Where it is written until it is complete; none if it is written directly.
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Beside { written, .. } => Some(written.path()),
            Kind::There(_) => None,
        }
    }

    /// A handle to write with.
    ///
    /// # Errors
    /// Of the system, such as too many open files.
    pub fn handle(&self) -> io::Result<File> {
        match &self.0 {
            Kind::Beside { written, .. } => written.as_file().try_clone(),
            Kind::There(file) => file.try_clone(),
        }
    }

    /// Makes sure that all that was written is stored. To be called before [`Self::finish`], which
    /// then has little left that can fail.
    ///
    /// # Errors
    /// Of the system, such as a full disk.
    pub fn store(&self) -> io::Result<()> {
        match &self.0 {
            Kind::Beside { written, .. } => written.as_file().sync_all(),
            Kind::There(_) => Ok(()),
        }
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// Of the system; what stood there before is then still there.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Kind::Beside { written, target } => {
                written.persist(target).map(|_| ()).map_err(|error| error.error)
            }
            Kind::There(_) => Ok(()),
        }
    }
}
