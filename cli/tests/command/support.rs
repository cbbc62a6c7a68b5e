//! Running the command, for all tests of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot run the command has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs a command in the root of the repository.
pub(crate) fn cts(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cts")).current_dir(root()).args(arguments).output().unwrap()
}

/// What it printed.
pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it printed on standard error.
pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Exit code 2, nothing on standard output, and this on standard error.
pub(crate) fn refused(output: &Output, says: &[&str]) {
    assert_eq!((output.status.code(), out(output).as_str()), (Some(2), ""), "{}", err(output));
    for part in says {
        assert!(err(output).contains(part), "{part}: {}", err(output));
    }
}

/// What it printed on both.
pub(crate) fn text(output: &Output) -> String {
    String::from_utf8([&*output.stdout, &*output.stderr].concat()).unwrap()
}
