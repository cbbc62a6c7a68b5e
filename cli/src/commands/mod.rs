//! One file a command.

mod account;
mod check;
mod code;
mod diff;
mod directory;
mod eval;
mod evidence;
mod explain;
mod init;
mod pack;
mod program;
mod provider;
mod scan;
mod schema;
mod screen;
mod several;
mod shell;

use cleartosend::Verdict;

use crate::arguments::Command;
use crate::failure::Failure;
use crate::output::Answer;

pub(crate) use evidence::Trusted;

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
        Command::Init { folder } => init::run(folder),
        Command::Screen(arguments) => screen::run(arguments),
        Command::Eval(arguments) => eval::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Pack(pack) => pack::run(pack),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Program(arguments) => program::run(arguments),
        Command::Provider(arguments) => provider::run(arguments),
        Command::Directory(directory) => directory::run(directory),
        Command::Scan(arguments) => scan::run(arguments),
        Command::Account(account) => account::run(account),
        Command::Code(arguments) => code::run(arguments),
        Command::Completions(arguments) => Ok(shell::completions(arguments)),
        Command::Man(arguments) => shell::man(arguments),
        Command::Verify(arguments) => evidence::verify(arguments),
        Command::Replay(arguments) => evidence::replay(arguments),
        Command::Report(arguments) => evidence::report(arguments),
        Command::Records(arguments) => evidence::records(arguments),
        Command::Key(arguments) => evidence::key(arguments),
    }
}
