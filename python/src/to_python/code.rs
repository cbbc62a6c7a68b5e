//! `Code`: what an error code of WhatsApp means.

use pyo3::prelude::*;

/// What an error code of WhatsApp means.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Code(pub(crate) &'static cleartosend::account::codes::Code);

#[pymethods]
impl Code {
    #[getter]
    fn code(&self) -> i64 {
        self.0.code
    }

    #[getter]
    fn title(&self) -> &str {
        &self.0.title
    }

    #[getter]
    fn meaning(&self) -> &str {
        &self.0.meaning
    }

    #[getter]
    fn gate(&self) -> &str {
        &self.0.gate
    }

    #[getter]
    fn retry(&self) -> &'static str {
        self.0.retry.name()
    }

    #[getter]
    fn retry_when(&self) -> &str {
        &self.0.retry_when
    }

    #[getter]
    fn http(&self) -> Vec<u16> {
        self.0.http.clone()
    }

    #[getter]
    fn api(&self) -> &'static str {
        self.0.api.name()
    }

    #[getter]
    fn source(&self) -> &str {
        &self.0.source
    }

    #[getter]
    fn url(&self) -> &str {
        &self.0.url
    }

    #[getter]
    fn retrieved(&self) -> &str {
        &self.0.retrieved
    }

    #[getter]
    fn confidence(&self) -> &'static str {
        self.0.confidence.name()
    }

    fn __repr__(&self) -> String {
        format!("<Code {}: {}>", self.0.code, self.0.title)
    }
}
