//! The command `cts`, as the wheel brings it.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Carries out a command line, whose first word is the command's own name: prints the answer and
/// gives the exit code.
#[pyfunction]
pub(crate) fn cts(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| cleartosend_cli::main(arguments))
}
