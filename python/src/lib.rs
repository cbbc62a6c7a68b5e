//! The Python binding: the module `cleartosend._core`.
//!
//! It only translates. [`from_python`] turns objects into what core takes, [`to_python`] turns what
//! core gives into frozen objects; names, codes and bytes are those of core. The package around it
//! (`package/cleartosend`) adds exceptions, words and types, which are Python.
//!
//! Nothing here keeps the interpreter's lock while it works for long: reading objects needs it,
//! deciding does not.

mod account;
mod arrow;
mod command;
mod directory;
mod engine;
mod error;
mod evidence;
mod from_python;
mod pack;
mod scan;
mod screening;
mod to_python;

use pyo3::prelude::*;

/// Are we clear to send? The compiled part of `cleartosend`; import that instead.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::account::{Account, explain_code};
    #[pymodule_export]
    use super::command::cts;
    #[pymodule_export]
    use super::directory::Directory;
    #[pymodule_export]
    use super::engine::Engine;
    #[pymodule_export]
    use super::evidence::{Log, Mask, Record, report};
    #[pymodule_export]
    use super::pack::Pack;
    #[pymodule_export]
    use super::scan::scan;
    #[pymodule_export]
    use super::screening::{Batches, Screening};
    #[pymodule_export]
    use super::to_python::batch::Batch;
    #[pymodule_export]
    use super::to_python::code::{Code, CodeEffect};
    #[pymodule_export]
    use super::to_python::decision::{Decision, DirectoryStamp, PackStamp};
    #[pymodule_export]
    use super::to_python::explanation::Explanation;
    #[pymodule_export]
    use super::to_python::finding::{Finding, Source};
    #[pymodule_export]
    use super::to_python::judgement::Judgement;
    #[pymodule_export]
    use super::to_python::provider::{Lookalike, Provider};
    #[pymodule_export]
    use super::to_python::rule::Rule;
    #[pymodule_export]
    use super::to_python::summary::Summary;

    /// The version of the engine.
    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python calls it so")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
