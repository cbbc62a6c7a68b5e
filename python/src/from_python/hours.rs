//! Hours for which a screening counts what sending then would change.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyBool;

/// How many hours come. `True` is a number to Python, and would be one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hours(pub(crate) i64);

impl FromPyObject<'_, '_> for Hours {
    type Error = PyErr;

    fn extract(hours: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if hours.is_instance_of::<PyBool>() {
            return Err(PyTypeError::new_err(
                "found a bool, expected how many hours: 0 for changes of the campaign and the \
                 sender alone, or `None` to ask nothing",
            ));
        }
        hours.extract().map(Self)
    }
}
