//! What does the tree say that it accepts?

use std::path::Path;

use crate::accept::{self, Accepted, Day};
use crate::file::read;
use crate::limits;
use crate::options::ScanError;

/// What the tree accepts: as one of two files says.
pub(crate) fn own_list(root: &Path, today: Day, config: Heard) -> Result<Accepted, ScanError> {
    let own = accept_file(root, accept::FILE, |text| Accepted::parse(text, today).map(Some))?;
    let config = match config {
        Heard::Yes => {
            accept_file(root, accept::CONFIG_FILE, |text| Accepted::parse_config(text, today))?
        }
        Heard::No => None,
    };
    match (own, config) {
        (Some(_), Some(_)) => Err(ScanError::AcceptFile {
            file: root.join(accept::FILE),
            line: 1,
            reason: format!(
                "`{}` has a table `scan` too; move all of it there, and take this file away",
                accept::CONFIG_FILE
            ),
        }),
        (own, config) => Ok(own.or(config).unwrap_or_default()),
    }
}

/// Whether the tree's `cts.toml` is heard.
#[derive(Clone, Copy)]
pub(crate) enum Heard {
    Yes,
    No,
}

/// What a file at the root says; none where it is not there or says nothing of this.
fn accept_file(
    root: &Path,
    name: &str,
    parse: impl FnOnce(&str) -> Result<Option<Accepted>, (usize, String)>,
) -> Result<Option<Accepted>, ScanError> {
    let file = root.join(name);
    let error = |line, reason| ScanError::AcceptFile { file: file.clone(), line, reason };
    match file.symlink_metadata() {
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Ok(metadata) if !metadata.is_file() => {
            return Err(error(1, "not a regular file".to_owned()));
        }
        _ => {}
    }
    let bytes = read(&file, limits::ACCEPT_FILE_BYTES_MAX).map_err(|reason| error(1, reason))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| error(1, "not UTF-8".to_owned()))?;
    parse(text).map_err(|(line, reason)| error(line, reason))
}
