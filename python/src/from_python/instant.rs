//! An instant: an aware datetime, or text as RFC 3339 has it.

use cleartosend::{Facts, FactsError, Schema, Timestamp};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDateTime, PyDelta, PyDict};

use super::campaign::{self, Raised};

/// How to fix a datetime without an offset.
const AWARE: &str = "say which, as with `dt.replace(tzinfo=timezone.utc)`";

/// Reads an instant that is an argument of its own. What is wrong with it is reported as of the
/// campaign's `send_at`.
pub(crate) fn instant(value: &Bound<'_, PyAny>) -> Result<Timestamp, Raised> {
    if value.is_instance_of::<PyDateTime>() {
        let (seconds, nanos) = since_epoch(value)?;
        if let Some(at) = u32::try_from(nanos).ok().and_then(|nanos| Timestamp::new(seconds, nanos))
        {
            return Ok(at);
        }
    }
    // Whatever else it is, the reader of campaigns knows it or says what is wrong with it.
    let document = PyDict::new(value.py());
    document.set_item(intern!(value.py(), "send_at"), value)?;
    let schema = Schema::built_in();
    let facts = campaign::read(
        document.as_any(),
        |document| Facts::from_json(&schema, document),
        |source| Facts::from_source(&schema, source),
    )?;
    Ok(facts.send_at().unwrap_or(Timestamp::MIN))
}

/// Seconds since 1970, rounded down, and nanoseconds after them.
pub(super) fn since_epoch(value: &Bound<'_, PyAny>) -> Result<(i64, i64), Raised> {
    let py = value.py();
    // Python subtracts exactly, and knows every kind of time zone and the two meanings of an hour
    // that comes twice.
    let span = match value.sub(epoch(py)?) {
        Ok(span) => span,
        Err(error) if error.is_instance_of::<PyTypeError>(py) && is_naive(value)? => {
            let found = value.call_method0(intern!(py, "isoformat"))?.str()?.to_string();
            return Err(FactsError::instant_without_offset(&found, AWARE).into());
        }
        Err(error) => return Err(error.into()),
    };
    // pandas' `NaT` is a datetime by its class, and what it is away from another is `NaT` again.
    let Ok(span) = span.cast_into::<PyDelta>() else {
        let class = value.get_type().name()?.to_string();
        let expected = "an aware datetime, or None where there is none";
        return Err(FactsError::foreign_value(
            &format!("a value of type `{class}`, which is not an instant"),
            expected,
        )
        .into());
    };
    let part = |name| span.getattr(name).and_then(|part| part.extract::<i64>());
    let (days, seconds, micros) = (
        part(intern!(py, "days"))?,
        part(intern!(py, "seconds"))?,
        part(intern!(py, "microseconds"))?,
    );
    // Those of pandas count nanoseconds, too.
    let nanos = if span.is_exact_instance_of::<PyDelta>() {
        0
    } else {
        span.getattr_opt(intern!(py, "nanoseconds"))?
            .map_or(Ok(0), |nanos| nanos.extract::<i64>())?
    };
    Ok((
        days.saturating_mul(86_400).saturating_add(seconds),
        micros.saturating_mul(1000).saturating_add(nanos),
    ))
}

fn is_naive(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    value.call_method0(intern!(value.py(), "utcoffset")).map(|offset| offset.is_none())
}

/// 1970-01-01T00:00:00Z.
pub(crate) fn epoch(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static EPOCH: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = || {
        let datetime = py.import("datetime")?;
        let utc = datetime.getattr("timezone")?.getattr("utc")?;
        let arguments = (1970, 1, 1, 0, 0, 0, 0, utc);
        Ok::<_, PyErr>(datetime.getattr("datetime")?.call1(arguments)?.unbind())
    };
    Ok(EPOCH.get_or_try_init(py, make)?.bind(py))
}
