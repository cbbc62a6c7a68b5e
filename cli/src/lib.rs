//! `cts`: is this campaign clear to send?
//!
//! The command: reads files and arguments, hands bytes over, prints what comes back. Exit
//! codes: 0 allow, 1 deny, 3 review, 2 for bad use or bad input, 4 where something
//! differs (diff, verify, replay).
//!
//! A library, so that the Python package brings the command without a second binary; [`main`] is
//! all of it.

mod arguments;
mod ci;
mod commands;
mod config;
mod engine;
mod failure;
mod files;
mod format;
mod inputs;
mod interrupt;
mod mapping;
mod output;
mod paper;
mod schemas;
mod style;
mod value;

use std::ffi::OsString;

use clap::Parser as _;
use cleartosend::expert::text::escaped;
use cleartosend_audience::quiet_decoders;

use crate::arguments::Arguments;

/// Carries out a command line, whose first word is the command's own name: prints the answer and
/// gives the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match Arguments::try_parse_from(&arguments) {
        Ok(arguments) => {
            quiet_decoders();
            let answer = output::colours().and_then(|()| commands::run(&arguments.command));
            output::finish(answer)
        }
        Err(error) => {
            // The error may quote foreign text, so it is made again from the arguments
            // in their escaped form.
            let shown =
                arguments.iter().map(|argument| escaped(&argument.to_string_lossy()).into_owned());
            let error = Arguments::try_parse_from(shown).err().unwrap_or(error);
            output::print(&error);
            // Help and version are no failure.
            u8::try_from(error.exit_code()).unwrap_or(2)
        }
    }
}
