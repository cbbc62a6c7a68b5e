//! Why did a call fail?

use std::marker::PhantomData;

use crate::boundary::Failure;
use crate::contract::{free, getter, record};
use crate::input::StartsWithSize;
use crate::status::cts_status;
use crate::text::cts_str;

/// Why a call failed. Never changes; may be read by several threads at once.
pub struct cts_error(PhantomData<*mut u8>);

crate::handle::handle!(cts_error holds ErrorReport);

/// One thing that is wrong. A pack that is refused has as many as were found; every other error has
/// one.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cts_problem {
    /// `sizeof(cts_problem)`, set by `CTS_PROBLEM_INIT`.
    pub struct_size: usize,
    /// A stable name for programs, such as `facts/unknown-member` or `c/null`.
    pub code: cts_str,
    /// What is wrong, without the place.
    pub message: cts_str,
    /// Where: an argument of the call, a member of the document such as
    /// `account.restrictions[0].until`, a file of a pack. Empty for the whole of it.
    pub place: cts_str,
    /// The line in the document or file, from 1; 0 where there is none.
    pub line: u32,
    /// The column in that line, from 1; 0 where there is none.
    pub column: u32,
}

/// Gives the stable name of what is wrong, such as `facts/unknown-member`; of several problems, the
/// first one's.
///
/// `*code` is borrowed from `error` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_error_code(error: *const cts_error, code: *mut cts_str) -> cts_status {
    getter!(error, code, |reported| cts_str::of(
        reported.problems.first().map_or("", |problem| problem.code)
    ))
}

/// Gives all that is wrong, for people: a line for each problem, each with its place.
///
/// `*message` is borrowed from `error` and dies with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_error_message(
    error: *const cts_error,
    message: *mut cts_str,
) -> cts_status {
    getter!(error, message, |reported| cts_str::of(&reported.message))
}

/// Gives the number of problems, at least one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_error_problem_count(
    error: *const cts_error,
    count: *mut usize,
) -> cts_status {
    getter!(error, count, |reported| reported.problems.len())
}

/// Gives one problem. `problem->struct_size` must be set, as by `CTS_PROBLEM_INIT`.
///
/// The texts in `*problem` are borrowed from `error` and die with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_error_problem(
    error: *const cts_error,
    index: usize,
    problem: *mut cts_problem,
) -> cts_status {
    record!(error, problem, |reported| {
        let problem = reported
            .problems
            .get(index)
            .ok_or_else(|| Failure::index(index, reported.problems.len()))?;
        cts_problem {
            struct_size: size_of::<cts_problem>(),
            code: cts_str::of(problem.code),
            message: cts_str::of(&problem.message),
            place: cts_str::of(&problem.place),
            line: problem.line,
            column: problem.column,
        }
    })
}

/// Frees an error; NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cts_error_free(error: *mut cts_error) {
    free!(error);
}

/// What is behind a [`cts_error`].
#[derive(Debug)]
pub(crate) struct ErrorReport {
    message: String,
    problems: Vec<Problem>,
}

/// What is behind a [`cts_problem`].
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) place: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl ErrorReport {
    pub(crate) fn new(message: String, problems: Vec<Problem>) -> Self {
        Self { message, problems }
    }

    #[cfg(test)]
    pub(crate) fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

// SAFETY: `repr(C)`, the size first, and all zero is a value.
unsafe impl StartsWithSize for cts_problem {
    const SIZES: &'static [usize] = &[size_of::<Self>()];
}
