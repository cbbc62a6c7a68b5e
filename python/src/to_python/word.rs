//! The words of a decision, as members of the enumerations of `cleartosend.words`.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyTuple};

use cleartosend::directory::Listing;
use cleartosend::schema::Scope;
use cleartosend::schema::levers::ChangedBy;
use cleartosend::{Exposure, FindingVerdict, RuleTopic, Status, Topic, Verdict};

/// A word of core that has an enumeration in Python.
pub(crate) trait Word: Copy + 'static {
    /// The name of the class.
    const CLASS: &'static str;

    fn name(self) -> &'static str;

    /// The class, imported once.
    fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>>;
}

macro_rules! words {
    ($($word:ident),+) => {$(
        impl Word for $word {
            const CLASS: &'static str = stringify!($word);

            fn name(self) -> &'static str {
                $word::name(self)
            }

            fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
                static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                let make = || py.import("cleartosend.words")?.getattr(Self::CLASS).map(Bound::unbind);
                Ok(CLASS.get_or_try_init(py, make)?.bind(py))
            }
        }
    )+};
}

words!(Verdict, FindingVerdict, Status, Topic, Exposure, Scope, Listing, ChangedBy);

/// A word as a member of its enumeration.
pub(crate) fn word<W: Word>(py: Python<'_>, word: W) -> PyResult<Bound<'_, PyAny>> {
    W::class(py)?.call1((word.name(),))
}

/// A topic as a member of its enumeration, or as a text where it is a pack's own.
pub(crate) fn topic<'py>(py: Python<'py>, topic: &RuleTopic) -> PyResult<Bound<'py, PyAny>> {
    match topic {
        RuleTopic::BuiltIn(topic) => word(py, *topic),
        RuleTopic::Own(name) => Ok(PyString::new(py, name).into_any()),
    }
}

/// Words, in their order.
pub(crate) fn words<'py, W: Word>(py: Python<'py>, words: &[W]) -> PyResult<Bound<'py, PyTuple>> {
    let words: PyResult<Vec<_>> = words.iter().map(|one| word(py, *one)).collect();
    PyTuple::new(py, words?)
}
