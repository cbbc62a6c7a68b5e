//! A pack that was named: a built-in one, a folder, or one that was loaded before.

use std::path::{Path, PathBuf};

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::pack::Pack;

/// A pack as the caller named it.
pub(crate) enum Named<'py> {
    BuiltIn(String),
    Folder(PathBuf),
    Loaded(Bound<'py, Pack>),
}

/// A text is a folder if there is one, or if it looks like a path, as on the command line; else the
/// name of a built-in pack.
pub(crate) fn named<'py>(value: &Bound<'py, PyAny>) -> PyResult<Named<'py>> {
    if let Ok(pack) = value.cast::<Pack>() {
        return Ok(Named::Loaded(pack.clone()));
    }
    let path: PathBuf = value.extract()?;
    let text = path.to_string_lossy();
    let is_name = value.is_instance_of::<PyString>()
        && !text.contains(['/', '\\', '.'])
        && !Path::new(&path).is_dir();
    Ok(if is_name { Named::BuiltIn(text.into_owned()) } else { Named::Folder(path) })
}
