//! Is a file that is to be written one that is read, or written twice?

use std::path::{Path, PathBuf};

use crate::beside::end_of_links;
use crate::error::{self, AudienceError};

/// A file of a call, with what it is in words, such as `the audience`.
pub type Named<'a> = (&'a str, &'a Path);

/// Refuses outputs that are inputs, or each other. To be asked before anything is written: an
/// output takes the place of what was there.
///
/// Files are compared as the system knows them, so that other paths and links to one file are
/// found; files that are not there yet, by where their paths lead. `-` is standard input as an
/// input, and no file as an output. An input that is a folder stands for all files in it. What is
/// no plain file, such as `/dev/null`, may be written and read as often as one likes.
///
/// # Errors
/// `audience/same-file`.
pub fn refuse_same_file(outputs: &[Named<'_>], inputs: &[Named<'_>]) -> Result<(), AudienceError> {
    let known: Vec<(&str, Identity)> =
        inputs.iter().filter_map(|(what, path)| Some((*what, Identity::of_input(path)?))).collect();
    let mut written: Vec<(&str, Identity)> = Vec::new();
    for (what, path) in outputs {
        let Some(identity) = Identity::of_output(path) else { continue };
        if let Some((other, _)) =
            known.iter().chain(&written).find(|(_, other)| other.holds(&identity))
        {
            return Err(error::same_file(what, other, path));
        }
        written.push((what, identity));
    }
    Ok(())
}

/// What distinguishes a file from any other.
#[derive(Debug)]
struct Identity {
    path: PathBuf,
    is_folder: bool,
    /// Its device and its number there, where the system has such and there is a file.
    number: Option<(u64, u64)>,
}

const STANDARD: &str = "-";

impl Identity {
    fn of_input(path: &Path) -> Option<Self> {
        // Systems that have it lead from here to the file that standard input was redirected from.
        let path = if path == Path::new(STANDARD) { Path::new("/dev/stdin") } else { path };
        Self::of(path)
    }

    fn of_output(path: &Path) -> Option<Self> {
        if path == Path::new(STANDARD) { None } else { Self::of(path) }
    }

    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok();
        if metadata.as_ref().is_some_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
            return None;
        }
        let is_folder = metadata.as_ref().is_some_and(std::fs::Metadata::is_dir);
        Some(Self {
            path: end_of_links(path).ok()?,
            is_folder,
            number: metadata.as_ref().and_then(number),
        })
    }

    fn holds(&self, output: &Self) -> bool {
        if self.is_folder {
            return output.number.is_some() && output.path.starts_with(&self.path);
        }
        self.path == output.path || self.number.is_some() && self.number == output.number
    }
}

#[cfg(unix)]
fn number(metadata: &std::fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn number(_: &std::fs::Metadata) -> Option<(u64, u64)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(outputs: &[Named<'_>], inputs: &[Named<'_>]) -> Result<(), &'static str> {
        refuse_same_file(outputs, inputs).map_err(|problem| problem.code())
    }

    #[test]
    fn one_file_under_several_names() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list.csv");
        std::fs::write(&list, "id\n").unwrap();
        let same =
            folder.path().join("../").join(folder.path().file_name().unwrap()).join("list.csv");
        let copy = folder.path().join("copy.csv");
        std::fs::copy(&list, &copy).unwrap();
        let new = folder.path().join("new.csv");
        assert_eq!(code(&[("`-o`", &same)], &[("the audience", &list)]), Err("audience/same-file"));
        assert_eq!(code(&[("`-o`", &copy)], &[("the audience", &list)]), Ok(()));
        assert_eq!(code(&[("`-o`", &new), ("`--summary`", &new)], &[]), Err("audience/same-file"));
        assert_eq!(code(&[("`-o`", Path::new("-")), ("`--summary`", Path::new("-"))], &[]), Ok(()));
        assert_eq!(
            code(&[("`-o`", &list)], &[("a pack", folder.path())]),
            if cfg!(unix) { Err("audience/same-file") } else { Ok(()) }
        );
        assert_eq!(code(&[("`-o`", &new)], &[("a pack", folder.path())]), Ok(()));
        #[cfg(unix)]
        {
            let (link, hard) = (folder.path().join("link.csv"), folder.path().join("hard.csv"));
            std::os::unix::fs::symlink("list.csv", &link).unwrap();
            std::fs::hard_link(&list, &hard).unwrap();
            assert_eq!(
                code(&[("`-o`", &link)], &[("the audience", &list)]),
                Err("audience/same-file")
            );
            assert_eq!(
                code(&[("`-o`", &hard)], &[("the audience", &list)]),
                Err("audience/same-file")
            );
            let null = Path::new("/dev/null");
            assert_eq!(
                code(&[("`-o`", null), ("`--summary`", null)], &[("the audience", null)]),
                Ok(())
            );
            let dangling = folder.path().join("dangling.csv");
            std::os::unix::fs::symlink("new.csv", &dangling).unwrap();
            assert_eq!(
                code(&[("`-o`", &dangling), ("`--summary`", &new)], &[]),
                Err("audience/same-file")
            );
        }
        let error =
            refuse_same_file(&[("`--output`", &list)], &[("the audience", &list)]).unwrap_err();
        assert!(
            error.to_string().starts_with("`--output` and the audience are one file"),
            "{error}"
        );
    }
}
