//! `scan`: what a source tree installs, runs and calls.

use std::path::PathBuf;

use cleartosend::expert::clients::Catalogue;
use cleartosend_scan::{Acceptances, Day, Installed, Options, render};
use pyo3::prelude::*;

use crate::error;
use crate::to_python::loads;

/// Which clients of WhatsApp a source tree (or one file of it) installs, runs and calls, and
/// which are unofficial: the report of `cts scan --json`. Nothing is run and no network asked.
/// What the tree itself lists as accepted is heard only where `at` says of which day; `exclude`
/// has patterns of paths that are left out, `installed` reads installed packages too.
#[expect(clippy::needless_pass_by_value, reason = "what Python hands over is made for the call")]
#[pyfunction]
#[pyo3(signature = (tree, *, at = None, exclude = Vec::new(), installed = false))]
pub(crate) fn scan<'py>(
    py: Python<'py>,
    tree: PathBuf,
    at: Option<&Bound<'py, PyAny>>,
    exclude: Vec<String>,
    installed: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let accepted = match at {
        None => Acceptances::Ignore,
        Some(at) => Acceptances::On(day(at)?),
    };
    let installed = if installed { Installed::Read } else { Installed::Skip };
    let options = Options { installed, exclude, accepted, ..Options::default() };
    let json = py.detach(|| {
        let catalogue = Catalogue::built_in().map_err(|error| (error.code(), error.to_string()))?;
        let report = cleartosend_scan::scan(&tree, &catalogue, &options)
            .map_err(|error| (error.code(), error.to_string()))?;
        render::json(&report).map_err(|error| ("internal/python", error.to_string()))
    });
    match json {
        Ok(json) => loads(py, &json),
        Err((code, message)) => Err(error::of_scan(py, code, &message)),
    }
}

/// A date, or a text of one.
fn day(at: &Bound<'_, PyAny>) -> PyResult<Day> {
    let text = at.str()?.to_string();
    text.parse().map_err(|_| error::no_day(&text))
}
