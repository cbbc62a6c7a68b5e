//! `cts`: is this campaign clear to send?
//!
//! A door to the engine: reads files and arguments, hands bytes over, prints what comes back. Exit codes: 0 allow, 1 deny, 3 review, 2 for
//! bad use or bad input.

mod arguments;
mod commands;
mod engine;
mod failure;
mod files;
mod interrupt;
mod output;
mod paper;
mod value;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // A decoder that gives up over a malformed file is told as an error of that file.
        if !cleartosend_audience::is_decoding() {
            told(panic);
        }
    }));
    output::finish(commands::run(&arguments.command))
}
