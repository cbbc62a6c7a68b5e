//! Is a pack in order, before an engine is made of it?

use std::ffi::c_char;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use cleartosend::{EngineError, Pack, PackErrors, PackFile, Schema, Timestamp};
use cleartosend_authoring::{TestReport, lint, lint_json, run_tests};
use serde_json::json;

use crate::boundary::Failure;
use crate::builder::{cts_pack_file, files_of};
use crate::contract::{built_in, called, free};
use crate::error::cts_error;
use crate::handle;
use crate::status::cts_status;
use crate::text::cts_text;

/// A pack that was read, and is valid by itself. Never changes; may be used by several threads at
/// once.
pub struct cts_pack(PhantomData<*mut u8>);

crate::handle::handle!(cts_pack holds Arc<Pack>);

/// Reads the pack in a folder. What is wrong with it is an error with every problem, as of
/// `cts pack lint`. A pack may be the next edition of a built-in one.
///
/// `*pack` is the caller's; free it with `cts_pack_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_pack_read_folder(
    path: *const c_char,
    path_len: usize,
    pack: *mut *mut cts_pack,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(pack, "pack");
        let path = c.text(path, path_len, "path")?;
        let out = out?;
        let files = cleartosend_files::read_pack(Path::new(path))
            .map_err(|error| Failure::of_folder(path, error))?;
        out.put(handle::give(read(path, &files)?));
        Ok(())
    })
}

/// As `cts_pack_read_folder`, of files in memory. `called` is how errors call the pack.
///
/// `*pack` is the caller's; free it with `cts_pack_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_pack_read_files(
    called: *const c_char,
    called_len: usize,
    files: *const cts_pack_file,
    file_count: usize,
    pack: *mut *mut cts_pack,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let out = c.out(pack, "pack");
        let called = c.text(called, called_len, "called")?;
        let files = files_of(c, files, file_count)?;
        let out = out?;
        out.put(handle::give(read(called, &files)?));
        Ok(())
    })
}

/// Looks for what in a pack is allowed and probably not meant, and gives it as the JSON of
/// `cts pack lint --json`: `pack`, `version`, `digest`, how many `rules`, `sets`, `ladders` and
/// `tests`, and `warnings`, each with `code`, `file`, `line`, `column` and `message`. Waivers and
/// dates are judged at an instant, in seconds since 1970. `*warning_count` is how many there are.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_pack_lint(
    pack: *const cts_pack,
    at_seconds: i64,
    warning_count: *mut usize,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let count = c.out(warning_count, "warning_count");
        let out = c.out(json, "json");
        built_in!("authoring");
        let pack = c.shared(pack, "pack")?;
        let at = Timestamp::new(at_seconds, 0).ok_or_else(|| {
            Failure::value("at_seconds", at_seconds, "a timestamp of the years 0001 to 9999")
        })?;
        let (count, out) = (count?, out?);
        let tests = pack.tests().map_err(|errors| refused(pack, errors))?;
        let warnings = lint(pack, at)?;
        count.put(warnings.len());
        out.put(handle::give(lint_json(pack, tests.tests.len(), &warnings)));
        Ok(())
    })
}

/// Runs a pack's own tests, and gives what came of them as the JSON of `cts pack test --json`,
/// without the shares: `pack`, `passed`, how many `tests` and `drafts`, what `failed`, and what no
/// test shows, `not_covered`. `*passed` is 1 if no test fails and nothing is left unshown, else 0:
/// to be asked before `cts_engine_replace` puts the pack in force.
///
/// `*json` is the caller's; free it with `cts_text_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_pack_test(
    pack: *const cts_pack,
    passed: *mut u32,
    json: *mut *mut cts_text,
    error: *mut *mut cts_error,
) -> cts_status {
    called!(error, |c| {
        let passed = c.out(passed, "passed");
        let out = c.out(json, "json");
        built_in!("authoring");
        let pack = c.shared(pack, "pack")?;
        let (passed, out) = (passed?, out?);
        let tests = pack.tests().map_err(|errors| refused(pack, errors))?;
        let report = run_tests(pack, tests).map_err(EngineError::from)?;
        let drafts = tests.tests.iter().filter(|test| test.is_draft).count();
        let has_passed = report.failures.is_empty() && report.gaps.is_empty();
        passed.put(u32::from(has_passed));
        out.put(handle::give(tests_json(pack, tests.tests.len(), drafts, &report)));
        Ok(())
    })
}

/// Frees a pack; NULL is allowed. Builders that it was added to, and their engines, stay good.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_pack_free(pack: *mut cts_pack) {
    free!(pack);
}

fn read(called: &str, files: &[PackFile]) -> Result<Arc<Pack>, Failure> {
    let pack = Pack::load(files, &Schema::built_in())
        .map_err(|errors| EngineError::Pack { pack: called.to_owned(), errors })?;
    Ok(Arc::new(pack))
}

fn refused(pack: &Pack, errors: PackErrors) -> Failure {
    EngineError::Pack { pack: pack.name.to_string(), errors }.into()
}

fn tests_json(pack: &Pack, tests: usize, drafts: usize, report: &TestReport) -> String {
    let failed = report.failures.iter().map(|failure| {
        json!({
            "test": &*failure.name,
            "at": failure.place.to_string(),
            "problems": failure.problems,
        })
    });
    let not_covered = report
        .gaps
        .iter()
        .map(|gap| json!({"at": gap.place.to_string(), "what": gap.what, "exempt": gap.exempt}));
    json!({
        "pack": &*pack.name,
        "passed": report.failures.is_empty() && report.gaps.is_empty(),
        "tests": tests,
        "drafts": drafts,
        "failed": failed.collect::<Vec<_>>(),
        "not_covered": not_covered.collect::<Vec<_>>(),
    })
    .to_string()
}
