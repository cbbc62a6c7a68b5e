//! `Code`: what an error code of WhatsApp means.

use pyo3::prelude::*;

/// What an error code of WhatsApp means.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Code(pub(crate) &'static cleartosend::account::codes::Code);

#[pymethods]
impl Code {
    /// The code.
    #[getter]
    fn code(&self) -> i64 {
        self.0.code
    }

    /// One line on what it is.
    #[getter]
    fn title(&self) -> &str {
        &self.0.title
    }

    /// What it means.
    #[getter]
    fn meaning(&self) -> &str {
        &self.0.meaning
    }

    /// What the gate reads from it.
    #[getter]
    fn gate(&self) -> &str {
        &self.0.gate
    }

    /// Whether to try again: `never`, `later`, `when_fixed`, `otherwise`.
    #[getter]
    fn retry(&self) -> &'static str {
        self.0.retry.name()
    }

    /// When to try again, and on what condition.
    #[getter]
    fn retry_when(&self) -> &str {
        &self.0.retry_when
    }

    /// The status of the HTTP answer; empty where it is not known.
    #[getter]
    fn http(&self) -> Vec<u16> {
        self.0.http.clone()
    }

    /// Where it is told: `cloud_api`, `on_premises_api`, `health_status`.
    #[getter]
    fn api(&self) -> &'static str {
        self.0.api.name()
    }

    /// By whose word.
    #[getter]
    fn source(&self) -> &str {
        &self.0.source
    }

    /// The source's address.
    #[getter]
    fn url(&self) -> &str {
        &self.0.url
    }

    /// The day on which the source was read.
    #[getter]
    fn retrieved(&self) -> &str {
        &self.0.retrieved
    }

    /// How near the source is to the origin: `official`, `secondary`, `unconfirmed`.
    #[getter]
    fn confidence(&self) -> &'static str {
        self.0.confidence.name()
    }

    fn __repr__(&self) -> String {
        format!("<Code {}: {}>", self.0.code, self.0.title)
    }
}
