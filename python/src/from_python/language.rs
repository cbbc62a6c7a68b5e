//! In which language?

use cleartosend::Lang;
use pyo3::prelude::*;

use crate::error;

/// The language of that name.
pub(crate) fn language(py: Python<'_>, lang: &str) -> PyResult<Lang> {
    Lang::from_name(lang).ok_or_else(|| error::unknown_language(py, lang))
}
