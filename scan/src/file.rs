//! What does one file of the tree hold?

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use crate::limits;

/// The variables of a `.env` file in the same folder, which compose files are filled in with.
pub(crate) fn settings_beside(path: &Path) -> BTreeMap<String, String> {
    let settings = path.with_file_name(".env");
    let is_file = settings.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    let bytes = if is_file { read(&settings, limits::SETTINGS_BYTES_MAX).ok() } else { None };
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.trim().trim_start_matches("export ").split_once('='))
        .filter(|(name, _)| !name.starts_with('#'))
        .map(|(name, value)| {
            let value = value.split(" #").next().unwrap_or(value).trim();
            (name.trim().to_owned(), value.trim_matches(['"', '\'']).to_owned())
        })
        .collect()
}

/// A path with its `..` taken away, if it stays below the root, without a link on the way out of
/// it.
pub(crate) fn inside(root: &Path, path: &Path) -> Option<PathBuf> {
    let below = path.strip_prefix(root).ok()?;
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in below.components() {
        match part {
            Component::Normal(_) => parts.push(part),
            Component::ParentDir => drop(parts.pop()?),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    let path = root.join(parts.iter().collect::<PathBuf>());
    path.canonicalize().ok()?.starts_with(root.canonicalize().ok()?).then_some(path)
}

/// The first bytes of a file, as far as a line that names an interpreter goes.
#[expect(
    clippy::disallowed_methods,
    reason = "the scanner is what reads the tree; the engine never does"
)]
pub(crate) fn beginning(path: &Path) -> Option<Vec<u8>> {
    /// LIMIT: bytes of such a line.
    const LINE_BYTES_MAX: u64 = 256;
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LINE_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the scanner is what reads the tree; the engine never does"
)]
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    // One byte more than the limit tells a file at the limit from one past it, whatever its
    // metadata say.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > limit {
        return Err(format!("larger than {} MiB", limit >> 20));
    }
    Ok(bytes)
}
