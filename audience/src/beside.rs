//! Does a file appear whole, or not at all?

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that is written beside its place and put there when it is complete. Until then, what stood there before stands there still; a file
/// that is dropped before leaves nothing behind.
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
        // A link stays a link: what it leads to is replaced.
        let target = std::fs::canonicalize(target).unwrap_or_else(|_| target.to_path_buf());
        let before = std::fs::metadata(&target).ok();
        if before.as_ref().is_some_and(Metadata::is_dir) {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        if before.as_ref().is_some_and(|before| !before.is_file()) {
            return Ok(Self(Kind::There(OpenOptions::new().write(true).open(&target)?)));
        }
        let name = target.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let prefix = format!(".{}.", name.to_string_lossy());
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // Who could read the file before can read the new one; a new file is as any program makes it, less what the umask takes.
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

    /// Makes sure that all that was written is stored. To be called before [`Self::finish`], which then has little left that can fail.
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
            Kind::Beside { written, target } => written.persist(target).map(|_| ()).map_err(|error| error.error),
            Kind::There(_) => Ok(()),
        }
    }
}
