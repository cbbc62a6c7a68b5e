//! What came of a pack's tests, as the plain tuples of `cleartosend.testing`.

use cleartosend_authoring::{Gap, TestFailure};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// A test that fails.
pub(crate) fn failed_test<'py>(
    py: Python<'py>,
    failure: &TestFailure,
) -> PyResult<Bound<'py, PyAny>> {
    let problems = PyTuple::new(py, &failure.problems)?;
    class(py, "FailedTest")?.call1((&*failure.name, failure.place.to_string(), problems))
}

/// Something that no test shows.
pub(crate) fn gap<'py>(py: Python<'py>, gap: &Gap) -> PyResult<Bound<'py, PyAny>> {
    class(py, "Gap")?.call1((&*gap.what, gap.place.to_string()))
}

/// All of it.
pub(crate) fn report<'py>(
    py: Python<'py>,
    tests: usize,
    failures: Vec<Bound<'py, PyAny>>,
    gaps: Vec<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    class(py, "Tested")?.call1((tests, PyTuple::new(py, failures)?, PyTuple::new(py, gaps)?))
}

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("cleartosend.testing")?.getattr(name)
}
