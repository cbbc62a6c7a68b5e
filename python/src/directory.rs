//! `Directory`: who was listed as a provider, when.

use std::path::PathBuf;
use std::sync::Arc;

use cleartosend::directory::Identity;
use cleartosend::expert::facts::check_identity;
use cleartosend::expert::limits;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDateTime};

use crate::error;
use crate::from_python;
use crate::pack::{hash, pickling};
use crate::to_python::datetime;
use crate::to_python::provider::Provider;

/// A dated snapshot of the list of solution providers.
#[pyclass(frozen, module = "cleartosend")]
#[derive(Clone)]
pub(crate) struct Directory {
    pub(crate) directory: Arc<cleartosend::Directory>,
    /// The bytes that its digest is over, where it was read from some.
    file: Option<Arc<[u8]>>,
}

#[pymethods]
impl Directory {
    /// The sample that ships with the engine: names seen in public, no listing periods, not
    /// complete.
    #[staticmethod]
    fn built_in(py: Python<'_>) -> PyResult<Self> {
        py.detach(cleartosend::Directory::built_in)
            .map(Self::of)
            .map_err(|problem| error::of_directory(py, &problem))
    }

    /// Reads a directory file.
    ///
    /// Raises `DirectoryError` for whatever is not in order, and `OSError` for what cannot be read.
    #[staticmethod]
    fn load(path: &Bound<'_, PyAny>) -> PyResult<Self> {
        read(path.py(), &path.extract::<PathBuf>()?)
    }

    /// Reads a directory from JSON, or from what the standard library writes as JSON.
    #[staticmethod]
    fn from_json(py: Python<'_>, document: &Bound<'_, PyAny>) -> PyResult<Self> {
        parse(py, from_python::json(document)?.as_bytes())
    }

    /// This directory with your own on top, of providers that you vetted: it adds providers, and
    /// never makes another one unlisted.
    fn stack(&self, py: Python<'_>, own: &Self) -> PyResult<Self> {
        let stacked = py.detach(|| cleartosend::Directory::stack(&self.directory, &own.directory));
        stacked
            .map(|directory| Self::of(Arc::new(directory)))
            .map_err(|problem| error::of_directory(py, &problem))
    }

    /// What the directory says about a provider, and which it imitates, at a timestamp; on the day
    /// of the directory, if none is given.
    ///
    /// It is *listed* only if all that is given leads to one entry. What leads nowhere is
    /// *unlisted* if the directory is complete for that instant, and else *unknown*.
    #[pyo3(signature = (name=None, *, domain=None, id=None, at=None))]
    fn lookup(
        &self,
        py: Python<'_>,
        name: Option<&str>,
        domain: Option<&str>,
        id: Option<&str>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Provider> {
        find(py, &self.directory, name, domain, id, at)
    }

    /// By its file; the sample by its digest, so that another process which has another one refuses
    /// it.
    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, DirectoryParts<'py>)> {
        Ok((pickling(py, "directory")?, self.parts(py)))
    }

    /// The directory as a file.
    fn to_json(&self) -> String {
        self.directory.to_snapshot().to_json()
    }

    /// Where the list came from, in words.
    #[getter]
    fn source(&self) -> &str {
        self.directory.source()
    }

    /// When the list was retrieved.
    #[getter]
    fn retrieved_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        datetime(py, self.directory.retrieved_at())
    }

    /// Whether it names every provider that was listed in the time it covers.
    #[getter]
    fn complete(&self) -> bool {
        self.directory.complete()
    }

    /// The digest of the file.
    #[getter]
    fn digest(&self) -> String {
        self.directory.digest().to_string()
    }

    /// How many providers it names.
    fn __len__(&self) -> usize {
        self.directory.providers().len()
    }

    /// Always true: a directory that names nobody is still a directory.
    fn __bool__(&self) -> bool {
        true
    }

    fn __repr__(&self) -> String {
        format!("<Directory {}>", described(&self.directory))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.directory.digest() == other.directory.digest()
    }

    fn __hash__(&self) -> u64 {
        hash(&self.directory.digest())
    }
}

/// The digest of a directory and the bytes of its file; no bytes of the sample.
pub(crate) type DirectoryParts<'py> = (String, Option<Bound<'py, PyBytes>>);

impl Directory {
    /// One that was read from no bytes of its own.
    pub(crate) fn of(directory: Arc<cleartosend::Directory>) -> Self {
        Self { directory, file: None }
    }

    /// What another process makes it of.
    pub(crate) fn parts<'py>(&self, py: Python<'py>) -> DirectoryParts<'py> {
        let sample = cleartosend::Directory::built_in();
        let is_sample = sample.is_ok_and(|sample| sample.digest() == self.directory.digest());
        let bytes = |file: &[u8]| PyBytes::new(py, file);
        let file = match &self.file {
            _ if is_sample => None,
            Some(file) => Some(bytes(file)),
            // The digest of one that was made of others is over this.
            None => Some(bytes(self.to_json().as_bytes())),
        };
        (self.digest(), file)
    }
}

/// A directory as the caller named it: an object, the bytes of a directory file, or its path.
pub(crate) fn named(value: &Bound<'_, PyAny>) -> PyResult<Directory> {
    if let Ok(directory) = value.cast::<Directory>() {
        return Ok(directory.get().clone());
    }
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return parse(value.py(), bytes.as_bytes());
    }
    read(value.py(), &value.extract::<PathBuf>()?)
}

/// Asks about a provider; without an instant, about the day of the directory, since no clock is
/// asked.
pub(crate) fn find(
    py: Python<'_>,
    directory: &Arc<cleartosend::Directory>,
    name: Option<&str>,
    domain: Option<&str>,
    id: Option<&str>,
    at: Option<&Bound<'_, PyAny>>,
) -> PyResult<Provider> {
    let at = at
        .map(from_python::instant)
        .transpose()
        .map_err(|raised| error::of_reading(py, raised, "at"))?;
    let at = at.unwrap_or(directory.retrieved_at());
    let who = Identity { id, name, domain };
    check_identity(&who).map_err(|problem| error::of_facts(py, &problem, ""))?;
    Ok(py.detach(|| Provider::of(&directory.find(&who, at), at)))
}

/// For people.
pub(crate) fn described(directory: &cleartosend::Directory) -> String {
    let complete = if directory.complete() { "complete" } else { "not complete" };
    format!(
        "of {} providers, retrieved {}, {complete}",
        directory.providers().len(),
        directory.retrieved_at()
    )
}

fn read(py: Python<'_>, path: &std::path::Path) -> PyResult<Directory> {
    let bytes = py.detach(|| cleartosend_files::read(path, limits::DIRECTORY_BYTES_MAX));
    parse(py, &bytes.map_err(|problem| error::of_file(&problem))?)
}

fn parse(py: Python<'_>, bytes: &[u8]) -> PyResult<Directory> {
    let directory = py.detach(|| cleartosend::Directory::from_json(bytes));
    let directory = directory.map_err(|problem| error::of_directory(py, &problem))?;
    Ok(Directory { directory: Arc::new(directory), file: Some(bytes.into()) })
}
