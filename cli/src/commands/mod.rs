//! One file a command.

mod account;
mod check;
mod code;
mod diff;
mod directory;
mod eval;
mod explain;
mod pack;
mod program;
mod provider;
mod scan;
mod screen;

use cleartosend::Verdict;
use cleartosend::schema::json_schema;

use crate::arguments::Command;
use crate::engine;
use crate::failure::Failure;
use crate::output::Answer;

pub use pack::{Gap, TestFailure, Tested, tested};
pub use screen::{Columns, LeftOut, read_options};

/// The exit code of a verdict.
fn code_of(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Allow => 0,
        Verdict::Deny => 1,
        Verdict::Review => 3,
    }
}

/// Carries out a command.
pub(crate) fn run(command: &Command) -> Result<Answer, Failure> {
    match command {
        Command::Check(arguments) => check::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Screen(arguments) => screen::run(arguments),
        Command::Eval(arguments) => eval::run(arguments),
        Command::Schema(with) => {
            let engine = engine::of(with)?;
            Ok(Answer::of_bytes(format!("{:#}\n", json_schema::campaign_schema(engine.schema()))))
        }
        Command::Pack(pack) => pack::run(pack),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Program(with) => program::run(with),
        Command::Provider(arguments) => provider::run(arguments),
        Command::Directory(directory) => directory::run(directory),
        Command::Scan(arguments) => scan::run(arguments),
        Command::Account(account) => account::run(account),
        Command::Code(arguments) => code::run(arguments),
    }
}
