//! Where may a path of a `cts.toml` lead?
//!
//! Below its own folder, and nowhere else: whoever reads an untrusted campaign with the `cts.toml`
//! beside it reads nothing but what came with it.

use std::path::{Component, Path, PathBuf};

/// The path, from the folder of the `cts.toml`.
///
/// # Errors
/// One that leads out of the folder, also by a link.
pub(super) fn below(folder: &Path, path: &str) -> Result<PathBuf, String> {
    if path.trim().is_empty() {
        return Err("an empty path".to_owned());
    }
    let outside = || {
        format!(
            "`{path}` leads out of the folder of the configuration; put it below that folder, or \
             name it on the command line"
        )
    };
    let relative = Path::new(path);
    let is_below = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !relative.components().all(is_below) {
        return Err(outside());
    }
    let whole = folder
        .join(relative.components().filter(|part| *part != Component::CurDir).collect::<PathBuf>());
    // What is not there is reported where it is read.
    let leads_out = match (whole.canonicalize(), folder.canonicalize()) {
        (Ok(whole), Ok(folder)) => !whole.starts_with(folder),
        _ => false,
    };
    if leads_out { Err(outside()) } else { Ok(whole) }
}
