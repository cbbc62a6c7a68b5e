//! `Code`: what an error code of WhatsApp means.

use pyo3::prelude::*;

/// What an error code of WhatsApp means.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Code(pub(crate) &'static cleartosend_account::codes::Code);

#[pymethods]
impl Code {
    /// The code.
    #[getter]
    fn code(&self) -> i64 {
        self.0.code
    }

    /// The codes of which this is a subcode; empty for a code that stands alone.
    #[getter]
    fn subcode_of(&self) -> Vec<i64> {
        self.0.subcode_of.clone()
    }

    /// The id of its family, such as `calls`.
    #[getter]
    fn family(&self) -> &str {
        &self.0.family
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

    /// Which API reports it: `cloud_api`, `on_premises_api`, `health_status`.
    #[getter]
    fn api(&self) -> &'static str {
        self.0.api.name()
    }

    /// What an account holds from then on; `None` where nothing outlasts the message.
    #[getter]
    fn effect(&self) -> Option<CodeEffect> {
        self.0.effect.as_ref().map(CodeEffect)
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

/// What an account holds after a code, as a member of campaign documents.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct CodeEffect(&'static cleartosend_account::codes::Effect);

#[pymethods]
impl CodeEffect {
    /// Whom it concerns: `recipient`, `template`, `number`, `account`, `portfolio`.
    #[getter]
    fn scope(&self) -> &'static str {
        self.0.scope.name()
    }

    /// The attribute; `account.restrictions` stands for one more restriction, of the kind that
    /// `value` names.
    #[getter]
    fn attribute(&self) -> &str {
        &self.0.attribute
    }

    /// Its value; `unknown` takes back what was known, `instant` is when the error came, `code`
    /// adds the code to a list.
    #[getter]
    fn value(&self) -> &str {
        &self.0.value
    }

    /// For how many hours; `None` where it holds until an event says otherwise.
    #[getter]
    fn hours(&self) -> Option<u32> {
        self.0.hours
    }

    fn __repr__(&self) -> String {
        format!("<CodeEffect {}: {} = {}>", self.0.scope, self.0.attribute, self.0.value)
    }
}
