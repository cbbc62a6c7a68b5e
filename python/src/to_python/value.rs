//! Values, instants and JSON as Python's own objects.

use cleartosend::{Timestamp, Value};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDelta, PyTuple};

use crate::from_python::epoch;

/// A fact's value: an instant is an aware datetime, a duration a timedelta, a list a tuple.
pub(crate) fn value<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Bool(value) => value.into_pyobject(py)?.to_owned().into_any(),
        Value::Int(value) => value.into_pyobject(py)?.into_any(),
        Value::Double(value) => value.into_pyobject(py)?.into_any(),
        Value::String(value) => (**value).into_pyobject(py)?.into_any(),
        Value::Timestamp(at) => datetime(py, *at)?.into_any(),
        Value::Duration(span) => delta(py, span.as_nanos())?.into_any(),
        Value::List(values) => {
            let values: PyResult<Vec<_>> =
                values.iter().map(|item| self::value(py, item)).collect();
            PyTuple::new(py, values?)?.into_any()
        }
    })
}

/// An instant as an aware datetime in UTC, to the microsecond, rounded down.
pub(crate) fn datetime(py: Python<'_>, at: Timestamp) -> PyResult<Bound<'_, PyDateTime>> {
    let shown = epoch(py)?
        .add(delta(py, at.since(Timestamp::new(0, 0).unwrap_or(Timestamp::MIN)).as_nanos())?)?;
    Ok(shown.cast_into::<PyDateTime>()?)
}

fn delta(py: Python<'_>, nanos: i128) -> PyResult<Bound<'_, PyDelta>> {
    const MICROS_PER_DAY: i128 = 86_400_000_000;
    let micros = nanos.div_euclid(1000);
    let (days, rest) = (micros.div_euclid(MICROS_PER_DAY), micros.rem_euclid(MICROS_PER_DAY));
    let part = |part: i128| i32::try_from(part).unwrap_or(i32::MAX);
    PyDelta::new(py, part(days), part(rest / 1_000_000), part(rest % 1_000_000), false)
}

/// JSON as the standard library reads it.
pub(crate) fn loads<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "json"))?.call_method1(intern!(py, "loads"), (json,))
}
