//! `cts`: is this campaign clear to send?
//!
//! The command: reads files and arguments, hands bytes over, prints what comes back. Exit
//! codes: 0 allow, 1 deny, 3 review, 2 for bad use or bad input.
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
mod value;

use std::ffi::OsString;

use clap::Parser as _;
use cleartosend::expert::text::escaped;

use crate::arguments::Arguments;

pub use cleartosend_files::{FolderError, Unreadable, name_of, read_pack};
pub use commands::{
    Columns, Gap, LeftOut, RowsAgain, TestFailure, Tested, judge_rows, linted, read_options, tested,
};
pub use files::{open, read};
pub use mapping::{read_as, written_as};

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

/// A decoder that panics over a malformed file is reported as an error of that file, and not as a
/// crash: from now on, for the whole program.
pub fn quiet_decoders() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let error = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !cleartosend_audience::is_decoding() {
                error(panic);
            }
        }));
    });
}
