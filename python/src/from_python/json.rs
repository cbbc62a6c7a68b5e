//! JSON that was handed over as text or bytes, or as objects that are to become it.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyMemoryView, PyString};

/// Text in UTF-8.
pub(crate) enum Text<'py> {
    Read(Bound<'py, PyBytes>),
    /// Half a surrogate pair is in it.
    NotUnicode,
}

/// The bytes of text, bytes or what is like bytes; none for anything else.
pub(crate) fn text<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Text<'py>>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Some(Text::Read(bytes.clone())));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Some(text.encode_utf8().map_or(Text::NotUnicode, Text::Read)));
    }
    if value.is_instance_of::<PyByteArray>() || value.is_instance_of::<PyMemoryView>() {
        let bytes = value.py().get_type::<PyBytes>().call1((value,))?;
        return Ok(Some(Text::Read(bytes.cast_into::<PyBytes>()?)));
    }
    Ok(None)
}

/// JSON text of whatever it is: text and bytes as they are, objects as the standard library writes
/// them.
pub(crate) fn json<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    match text(value)? {
        Some(Text::Read(bytes)) => Ok(bytes),
        // The standard library escapes it, and the reader of JSON says what is wrong with it.
        Some(Text::NotUnicode) => Ok(PyBytes::new(value.py(), b"\"\\ud800\"")),
        None => {
            let written =
                value.py().import("json")?.call_method1(intern!(value.py(), "dumps"), (value,))?;
            written.cast_into::<PyString>()?.encode_utf8()
        }
    }
}

/// The JSON of a document: text and bytes as they are, a mapping as the package writes it.
pub(crate) fn document(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let written = match text(value)? {
        Some(Text::Read(bytes)) => return Ok(String::from_utf8_lossy(bytes.as_bytes()).into()),
        // No reader takes it, so that nobody asks.
        Some(Text::NotUnicode) => return Ok(String::new()),
        None => documents(value.py())?.call_method1(intern!(value.py(), "written"), (value,))?,
    };
    written.extract()
}

/// A campaign with its recipient.
pub(crate) fn with_recipient<'py>(
    campaign: &Bound<'py, PyAny>,
    recipient: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = campaign.py();
    documents(py)?.call_method1(intern!(py, "with_recipient"), (campaign, recipient))
}

fn documents(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import(intern!(py, "cleartosend._documents"))
}
