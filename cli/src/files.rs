//! How are files read and written?

use std::io::Write as _;
use std::path::{Path, PathBuf};

use cleartosend_audience::Source;
pub(crate) use cleartosend_files::read;
use cleartosend_files::{Unreadable, name_of};
use same_file::Handle;

use crate::failure::{Failure, files_name};
use crate::interrupt;

/// Opens a file, or standard input for `-`, to be read as it comes.
pub(crate) fn open(file: &Path) -> Result<Source, Unreadable> {
    Source::open(file).map_err(|error| Unreadable { path: file.to_path_buf(), error })
}

/// Writes a file whole: beside it first, then in its place, so that nobody ever reads half of it,
/// and nothing is left of it if the command is interrupted.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), Failure> {
    interrupt::tidy_up()?;
    let beside = interrupt::begin(file)?;
    let written = beside
        .handle()
        .and_then(|mut handle| handle.write_all(text.as_bytes()))
        .and_then(|()| beside.store());
    written.map_err(|error| Failure::of_writing(file, &error))?;
    interrupt::finish(vec![(file, beside)])
}

/// Writes files that are not there yet: all of them, or none. All are whole beside their places
/// before the first is put there.
pub(crate) fn write_new(texts: &[(PathBuf, &str)]) -> Result<(), Failure> {
    interrupt::tidy_up()?;
    let mut complete = Vec::with_capacity(texts.len());
    for (file, text) in texts {
        let beside = interrupt::begin(file)?;
        let written = beside
            .handle()
            .and_then(|mut handle| handle.write_all(text.as_bytes()))
            .and_then(|()| beside.store());
        written.map_err(|error| Failure::of_writing(file, &error))?;
        complete.push((file.as_path(), beside));
    }
    interrupt::finish(complete)
}

/// Refuses a file to be written that is one of those to be read, under whatever name. `instead` is
/// what would write it all the same.
pub(crate) fn refuse_input(output: &Path, inputs: &[&Path], instead: &str) -> Result<(), Failure> {
    // What is no plain file, such as a pipe or `/dev/null`, is not replaced.
    let is_plain = std::fs::metadata(output).is_ok_and(|metadata| metadata.is_file());
    let Some(written) = Handle::from_path(output).ok().filter(|_| is_plain) else { return Ok(()) };
    let is_written = |input: &&&Path| {
        let input =
            if **input == Path::new("-") { Handle::stdin() } else { Handle::from_path(input) };
        input.is_ok_and(|input| input == written)
    };
    match inputs.iter().find(is_written) {
        None => Ok(()),
        Some(input) if **input == *output => Err(Failure::new(&format!(
            "{} is read and would be replaced; {instead}",
            files_name(output)
        ))),
        Some(input) => {
            let (output, input) = (name_of(output), files_name(input));
            Err(Failure::new(&format!(
                "{output} is the same file as {input}, which is read and would be replaced; \
                 {instead}"
            )))
        }
    }
}
