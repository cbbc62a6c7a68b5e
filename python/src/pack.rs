//! `Pack`: dated, cited rules.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cleartosend::expert::digest::Digest;
use cleartosend::{EngineBuilder, EngineError, PackFile, Schema};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDateTime, PyDict, PyTuple};

use crate::error;
use crate::from_python::{self, Named, named};
use crate::to_python::rule::Rule;
use crate::to_python::{datetime, failed_test, gap, report};

/// Dated, cited rules, read and checked. A pack with a problem is refused whole.
#[pyclass(frozen, module = "cleartosend")]
pub(crate) struct Pack(pub(crate) Arc<cleartosend::Pack>);

/// A pack that somebody named, to be read on top of others.
pub(crate) enum PackSource {
    BuiltIn(String),
    Folder { called: String, files: Vec<PackFile> },
    Loaded(Arc<cleartosend::Pack>),
}

#[pymethods]
impl Pack {
    /// Reads a pack from a folder, or a built-in one by its name.
    ///
    /// Raises `PackError` with every problem of the pack, and `OSError` for what cannot be read.
    #[staticmethod]
    fn load(py: Python<'_>, pack: &Bound<'_, PyAny>) -> PyResult<Self> {
        let source = PackSource::named(py, pack)?;
        let pack = py.detach(|| source.load()).map_err(|problem| error::of_engine(py, &problem))?;
        Ok(Self(pack))
    }

    /// Reads a pack from the bytes of its files, by their paths within its folder, with `/`.
    ///
    /// Raises `PackError` with every problem of the pack.
    #[staticmethod]
    fn from_files(py: Python<'_>, files: BTreeMap<String, Vec<u8>>) -> PyResult<Self> {
        let file = |(path, bytes)| PackFile { path, bytes: Cow::Owned(bytes) };
        let files: Vec<PackFile> = files.into_iter().map(file).collect();
        let source = PackSource::Folder { called: "pack".to_owned(), files };
        let pack = py.detach(|| source.load()).map_err(|problem| error::of_engine(py, &problem))?;
        Ok(Self(pack))
    }

    /// The bytes of its files, by their paths, as `from_files` reads them.
    #[getter]
    fn files<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let files = PyDict::new(py);
        for file in self.0.files() {
            files.set_item(&file.path, PyBytes::new(py, &file.bytes))?;
        }
        Ok(files)
    }

    /// By its files; a built-in pack by its name, and by its digest, so that another process which
    /// has another one refuses it.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, PackParts<'py>)> {
        Ok((pickling(py, "pack")?, self.parts(py)?))
    }

    /// Every problem of the pack in a folder; none if it is in order.
    ///
    /// With `at`, of a pack that is in order what is allowed and probably not meant too: warnings,
    /// whose codes begin with `lint/`, as `cts pack lint` has them. Waivers that have ended then
    /// are among them, which is why it has to be said when.
    #[staticmethod]
    #[pyo3(signature = (folder, *, at=None))]
    fn lint<'py>(
        py: Python<'py>,
        folder: &Bound<'py, PyAny>,
        at: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let at = at.map(from_python::instant).transpose();
        let at = at.map_err(|raised| error::of_reading(py, raised, "at"))?;
        let source = PackSource::of_folder(py, &folder.extract::<PathBuf>()?)?;
        let called = folder.str()?.to_string();
        let found = py.detach(|| {
            let pack = source.load()?;
            at.map_or_else(|| Ok(Vec::new()), |at| cleartosend_authoring::lint(&pack, at))
        });
        match found {
            Ok(warnings) => error::warnings(py, &called, &warnings),
            Err(EngineError::Pack { pack, errors }) => error::problems(py, &pack, &errors),
            Err(other) => Err(error::of_engine(py, &other)),
        }
    }

    /// The names of the built-in packs.
    #[staticmethod]
    fn built_in_names(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
        PyTuple::new(py, cleartosend::Pack::built_in_names().collect::<Vec<_>>())
    }

    /// Runs the pack's own tests, and lists what no test shows.
    fn test<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let tested = py.detach(|| {
            let tests = self
                .0
                .tests()
                .map_err(|errors| EngineError::Pack { pack: self.0.name.to_string(), errors })?;
            let report = cleartosend_authoring::run_tests(&self.0, tests)?;
            Ok((report, tests.tests.len()))
        });
        let (tested, count) =
            tested.map_err(|problem: EngineError| error::of_engine(py, &problem))?;
        let failures: PyResult<Vec<_>> =
            tested.failures.iter().map(|failure| failed_test(py, failure)).collect();
        let gaps: PyResult<Vec<_>> = tested.gaps.iter().map(|items| gap(py, items)).collect();
        report(py, count, failures?, gaps?)
    }

    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Its version.
    #[getter]
    fn version(&self) -> String {
        self.0.version.to_string()
    }

    /// One line on what it is.
    #[getter]
    fn title(&self) -> &str {
        &self.0.title
    }

    /// When this version was published.
    #[getter]
    fn published<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDateTime>> {
        datetime(py, self.0.published)
    }

    /// The digest of its files.
    #[getter]
    fn digest(&self) -> String {
        self.0.digest.to_string()
    }

    /// Its rules, in source order.
    #[getter]
    fn rules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let rules: Vec<Rule> =
            (0..self.0.rules.len()).map(|place| Rule::new(Arc::clone(&self.0), place)).collect();
        PyTuple::new(py, rules)
    }

    fn __repr__(&self) -> String {
        format!("<Pack {} {}: {} rules>", self.0.name, self.0.version, self.0.rules.len())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0.digest == other.0.digest && self.0.name == other.0.name
    }

    fn __hash__(&self) -> u64 {
        hash(&self.0.digest)
    }
}

/// Name, version, digest and files of a pack; no files of one that is built in.
pub(crate) type PackParts<'py> = (String, String, String, Option<Bound<'py, PyDict>>);

/// A function that makes again in another process what was pickled in this one.
pub(crate) fn pickling<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import(intern!(py, "cleartosend._pickling"))?.getattr(name)
}

impl Pack {
    /// What another process makes it of.
    pub(crate) fn parts<'py>(&self, py: Python<'py>) -> PyResult<PackParts<'py>> {
        let built_in = cleartosend::Pack::built_in(&self.0.name).and_then(Result::ok);
        let is_built_in = built_in.is_some_and(|known| known.digest == self.0.digest);
        let files = if is_built_in { None } else { Some(self.files(py)?) };
        Ok((self.0.name.to_string(), self.version(), self.digest(), files))
    }
}

impl PackSource {
    /// A built-in pack's name, a folder, or a `Pack`.
    pub(crate) fn named(py: Python<'_>, pack: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(match named(pack)? {
            Named::BuiltIn(name) => Self::BuiltIn(name),
            Named::Folder(folder) => Self::of_folder(py, &folder)?,
            Named::Loaded(pack) => Self::Loaded(Arc::clone(&pack.get().0)),
        })
    }

    fn of_folder(py: Python<'_>, folder: &Path) -> PyResult<Self> {
        let files = py
            .detach(|| cleartosend_files::read_pack(folder))
            .map_err(|problem| error::of_folder(py, folder, &problem))?;
        Ok(Self::Folder { called: folder.display().to_string(), files })
    }

    /// Stacks this pack on those of a builder.
    pub(crate) fn add_to(self, builder: EngineBuilder) -> EngineBuilder {
        match self {
            Self::BuiltIn(name) => builder.built_in_pack(&name),
            Self::Folder { called, files } => builder.pack(&called, files),
            Self::Loaded(pack) => builder.add(pack),
        }
    }

    /// The pack by itself.
    fn load(&self) -> Result<Arc<cleartosend::Pack>, EngineError> {
        match self {
            Self::BuiltIn(name) => {
                let pack = cleartosend::Pack::built_in(name)
                    .ok_or_else(|| EngineError::UnknownPack { name: name.clone() })?;
                pack.map_err(|errors| EngineError::Pack { pack: name.clone(), errors })
            }
            Self::Folder { called, files } => {
                let pack = cleartosend::Pack::load(files, &Schema::built_in()).map(Arc::new);
                pack.map_err(|errors| EngineError::Pack { pack: called.clone(), errors })
            }
            Self::Loaded(pack) => Ok(Arc::clone(pack)),
        }
    }
}

/// The first bytes of a digest: it is as good as any hash.
pub(crate) fn hash(digest: &Digest) -> u64 {
    let text = digest.to_string();
    text.get("sha256:".len()..)
        .and_then(|digits| u64::from_str_radix(digits.get(..16)?, 16).ok())
        .unwrap_or_default()
}
