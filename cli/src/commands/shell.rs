//! `cts completions` and `cts man`: what shells and `man` want to know of the command.

use std::path::Path;

use clap::CommandFactory as _;

use crate::arguments::{Arguments, Completions, Man};
use crate::failure::Failure;
use crate::output::Answer;

/// The script that completes a command line in a shell.
pub(super) fn completions(arguments: &Completions) -> Answer {
    let mut command = Arguments::command();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, NAME, &mut script);
    Answer::of_bytes(String::from_utf8_lossy(&script).into_owned())
}

const NAME: &str = "cts";

/// The manual page of the command, or into a folder those of all commands.
pub(super) fn man(arguments: &Man) -> Result<Answer, Failure> {
    let command = Arguments::command();
    let Some(folder) = &arguments.output else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command)
            .render(&mut page)
            .map_err(|error| Failure::of_writing(Path::new("-"), &error))?;
        return Ok(Answer::of_bytes(String::from_utf8_lossy(&page).into_owned()));
    };
    std::fs::create_dir_all(folder).map_err(|error| Failure::of_writing(folder, &error))?;
    clap_mangen::generate_to(command, folder)
        .map_err(|error| Failure::of_writing(folder, &error))?;
    Ok(Answer::new(String::new()))
}
