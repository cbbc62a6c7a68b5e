//! Running the command, for all tests of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot run the command has failed")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A command that would run in a folder, with nothing on standard input.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cts"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command
}

/// Runs a command in the root of the repository.
pub(crate) fn cts(arguments: &[&str]) -> Output {
    cts_in(&root(), arguments)
}

/// Runs a command in a folder.
pub(crate) fn cts_in(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// Runs a command in a folder, with this on standard input.
pub(crate) fn cts_fed(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = command(folder, arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_vec();
    // What refuses its input early does not read all of it.
    let feeding = std::thread::spawn(move || drop(pipe.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap();
    output
}

/// Runs a command as it is typed, without quotation marks, in a folder.
pub(crate) fn cts_line(folder: &Path, line: &str, input: &str) -> Output {
    cts_fed(folder, &line.split_whitespace().collect::<Vec<_>>(), input.as_bytes())
}

/// The manifest of the pack `house`, to which a test appends its own attributes.
pub(crate) const HOUSE: &str = r#"
name      = "house"
version   = "1.0.0"
requires  = ">=1.0, <2"
title     = "House rules"
published = 2026-02-01

[sources.handbook]
title      = "Handbook"
url        = "https://intranet.acme.example/handbook"
retrieved  = 2026-02-01
confidence = "official"
"#;

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
