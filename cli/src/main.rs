//! `cts`: is this campaign clear to send?

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(cleartosend_cli::main(std::env::args_os()))
}
