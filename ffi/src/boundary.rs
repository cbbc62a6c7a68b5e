//! How does a result, or a panic, become a status?

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use arrow_schema::ArrowError;
use cleartosend::expert::text::shortened;
use cleartosend::{EngineError, ExplainError, FactsError, ScreenError};
use cleartosend_account::AccountError;
use cleartosend_audience::AudienceError;
use cleartosend_evidence::RecordError;
use cleartosend_files::{FolderError, Unreadable, name_of, reason};

use crate::error::{ErrorReport, Problem, cts_error};
use crate::handle;
use crate::input::Out;
use crate::status::cts_status;

/// Why a call came to nothing.
#[derive(Debug)]
pub(crate) struct Failure {
    status: cts_status,
    /// For people: all of it.
    message: String,
    /// At least one.
    problems: Vec<Problem>,
}

/// Where C wants its error, if it wants one.
#[derive(Debug)]
pub(crate) struct ErrorPlace(Option<Out<*mut cts_error>>);

impl ErrorPlace {
    /// # Safety
    /// `place` is NULL, or may be written until the call ends.
    pub(crate) unsafe fn new(place: *mut *mut cts_error) -> Self {
        // Most callers in a loop want none, and the failure that `Out` would make of it is a
        // hundred times the cost of this line.
        if place.is_null() {
            return Self(None);
        }
        // SAFETY: as promised to this function.
        Self(unsafe { Out::new(place, "error") }.ok())
    }
}

/// Runs the body of a function that C calls. No panic gets past it, and the process's panic hook is
/// left alone.
///
/// The error is set to a new one, or to NULL where all is well.
pub(crate) fn boundary(
    error: ErrorPlace,
    body: impl FnOnce() -> Result<(), Failure>,
) -> cts_status {
    // What a body may leave half-changed is behind a handle of the caller, which the contract says
    // to free.
    match caught(body).unwrap_or_else(|| Err(Failure::panic())) {
        Ok(()) => {
            if let Some(error) = error.0 {
                error.put(std::ptr::null_mut());
            }
            cts_status::CTS_OK
        }
        Err(failure) => {
            let status = failure.status;
            if let Some(error) = error.0 {
                error.put(handle::give::<cts_error>(ErrorReport::new(
                    failure.message,
                    failure.problems,
                )));
            }
            status
        }
    }
}

/// What a body gives; nothing if it panics.
pub(crate) fn caught<T>(body: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(made) => Some(made),
        Err(payload) => {
            // Messages are freed. Anything else may panic when it is dropped, and is rare enough to
            // be leaked.
            if !payload.is::<String>() && !payload.is::<&'static str>() {
                std::mem::forget(payload);
            }
            None
        }
    }
}

impl Failure {
    fn new(status: cts_status, code: &'static str, message: String, place: &str) -> Self {
        let problem =
            Problem { code, message: message.clone(), place: place.to_owned(), line: 0, column: 0 };
        let message = if place.is_empty() { message } else { format!("`{place}`: {message}") };
        Self { status, message, problems: vec![problem] }
    }

    pub(crate) fn null(argument: &'static str) -> Self {
        Self::new(
            cts_status::CTS_ERR_NULL,
            "c/null",
            "is NULL, expected a pointer".to_owned(),
            argument,
        )
    }

    pub(crate) fn wrong_handle(argument: &'static str) -> Self {
        Self::new(
            cts_status::CTS_ERR_HANDLE,
            "c/wrong-handle",
            "is no handle of that type, or was freed".to_owned(),
            argument,
        )
    }

    pub(crate) fn not_utf8(argument: &'static str, at: usize) -> Self {
        Self::new(
            cts_status::CTS_ERR_UTF8,
            "c/not-utf8",
            format!("is not UTF-8 at byte {at}"),
            argument,
        )
    }

    pub(crate) fn length(argument: &'static str, found: usize) -> Self {
        Self::new(
            cts_status::CTS_ERR_LENGTH,
            "c/length",
            format!("a length of {found} is more than any object has"),
            argument,
        )
    }

    /// A length that an object could have, but that is too long for this argument.
    pub(crate) fn too_long(argument: &'static str, found: usize, max: usize) -> Self {
        Self::new(
            cts_status::CTS_ERR_LENGTH,
            "c/length",
            format!("its length is {found}, expected at most {max}"),
            argument,
        )
    }

    pub(crate) fn struct_size(argument: &'static str, found: usize, expected: &[usize]) -> Self {
        let expected: Vec<String> = expected.iter().map(usize::to_string).collect();
        let message = format!(
            "its struct_size is {found}, expected {}: set it with the structure's INIT macro",
            expected.join(" or ")
        );
        Self::new(cts_status::CTS_ERR_STRUCT_SIZE, "c/struct-size", message, argument)
    }

    pub(crate) fn value(
        argument: &'static str,
        found: impl std::fmt::Display,
        expected: &str,
    ) -> Self {
        Self::new(
            cts_status::CTS_ERR_VALUE,
            "c/value",
            format!("found {found}, expected {expected}"),
            argument,
        )
    }

    /// A function that is in every library, and does nothing in one that is small.
    pub(crate) fn left_out(feature: &str) -> Self {
        let message = format!(
            "this library was built without `{feature}`; one made with that feature has it"
        );
        Self::new(cts_status::CTS_ERR_VALUE, "c/not-built-in", message, "")
    }

    pub(crate) fn index(found: usize, length: usize) -> Self {
        Self::new(
            cts_status::CTS_ERR_INDEX,
            "c/index",
            format!("found {found}, but there are {length}"),
            "index",
        )
    }

    pub(crate) fn unknown_attribute(name: &str, nearest: Option<&str>) -> Self {
        let shown = shortened(name, 60);
        let help =
            nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default();
        Self::new(
            cts_status::CTS_ERR_ATTRIBUTE,
            "c/unknown-attribute",
            format!("there is no attribute `{shown}`{help}"),
            "name",
        )
    }

    pub(crate) fn foreign_attribute(found: u32) -> Self {
        let message =
            format!("{found:#010x} is no attribute of the engine that these facts were made for");
        Self::new(cts_status::CTS_ERR_ATTRIBUTE, "c/foreign-attribute", message, "attribute")
    }

    pub(crate) fn no_pack() -> Self {
        let message =
            "no pack was added: an engine without rules would allow everything".to_owned();
        Self::new(cts_status::CTS_ERR_PACK, "c/no-pack", message, "builder")
    }

    pub(crate) fn empty_report() -> Self {
        Self::new(
            cts_status::CTS_ERR_EMPTY,
            "c/empty-report",
            "no check has filled it, or the last one failed".to_owned(),
            "report",
        )
    }

    pub(crate) fn no_row() -> Self {
        Self::new(
            cts_status::CTS_ERR_EMPTY,
            "c/no-row",
            "there is no row of that key".to_owned(),
            "key",
        )
    }

    pub(crate) fn no_event() -> Self {
        Self::new(cts_status::CTS_ERR_EMPTY, "c/no-event", "has no event yet".to_owned(), "account")
    }

    pub(crate) fn no_code(name: &str) -> Self {
        let message = format!("the catalogue does not have the code {name}");
        Self::new(cts_status::CTS_ERR_EMPTY, "account/unknown-code", message, "code")
    }

    pub(crate) fn busy() -> Self {
        let message = "a batch is being judged at this moment".to_owned();
        Self::new(cts_status::CTS_ERR_BUSY, "c/busy", message, "screening")
    }

    /// Of the host's stream. The message begins with its code, as in the stream of the rows.
    pub(crate) fn stream(message: String) -> Self {
        let message = message.strip_prefix("c/stream: ").map(str::to_owned).unwrap_or(message);
        Self::new(cts_status::CTS_ERR_AUDIENCE, "c/stream", message, "audience")
    }

    pub(crate) fn file(path: &str, reason: &str) -> Self {
        Self::new(cts_status::CTS_ERR_FILE, "c/file", format!("cannot be read: {reason}"), path)
    }

    pub(crate) fn unreadable(file: &Path, error: &io::Error) -> Self {
        Self::file(&name_of(file), &reason(error))
    }

    pub(crate) fn unwritten(file: &Path, error: &io::Error) -> Self {
        let message = format!("cannot be written: {}", reason(error));
        Self::new(cts_status::CTS_ERR_FILE, "c/file", message, &name_of(file))
    }

    /// The folder of a pack, as the caller named it.
    pub(crate) fn of_folder(folder: &str, error: FolderError) -> Self {
        match error {
            FolderError::Unreadable(Unreadable { path, error }) => {
                Self::file(&name_of(&path), &reason(&error))
            }
            FolderError::Pack(errors) => {
                EngineError::Pack { pack: folder.to_owned(), errors }.into()
            }
        }
    }

    /// A tree that could not be scanned.
    pub(crate) fn of_scan(path: &str, code: &'static str, message: String) -> Self {
        Self::new(cts_status::CTS_ERR_FILE, code, message, path)
    }

    /// Of a table that is read or written.
    pub(crate) fn of_table(argument: &'static str, error: &AudienceError) -> Self {
        let status = match error.code() {
            "audience/unwritten" => cts_status::CTS_ERR_FILE,
            "audience/same-file" => cts_status::CTS_ERR_VALUE,
            _ => cts_status::CTS_ERR_AUDIENCE,
        };
        let mut failure = Self::new(status, error.code(), error.message().to_owned(), argument);
        let line = error.line().map_or(0, |line| u32::try_from(line).unwrap_or(u32::MAX));
        for problem in &mut failure.problems {
            problem.line = line;
        }
        Self { message: format!("`{argument}`: {error}"), ..failure }
    }

    /// Of a batch that could not be read or judged.
    pub(crate) fn of_batch(error: &ArrowError) -> Self {
        match AudienceError::within(error) {
            Some(error) => Self::of_table("audience", error),
            None => {
                Self::new(cts_status::CTS_ERR_AUDIENCE, "c/stream", error.to_string(), "audience")
            }
        }
    }

    pub(crate) fn not_json(name: &str, why: &serde_json::Error) -> Self {
        Self::new(
            cts_status::CTS_ERR_FACTS,
            "facts/syntax",
            format!("not one JSON value: {why}"),
            name,
        )
    }

    /// Of a member that was read by itself: line and column would be those of a document that the
    /// caller has never seen.
    pub(crate) fn of_member(error: &FactsError) -> Self {
        Self::new(cts_status::CTS_ERR_FACTS, error.code(), error.message().to_owned(), error.path())
    }

    /// Of a value that is set by an attribute's number: the error knows no place.
    pub(crate) fn of_value(error: &FactsError, path: &str) -> Self {
        Self::new(cts_status::CTS_ERR_FACTS, error.code(), error.message().to_owned(), path)
    }

    #[cfg(test)]
    pub(crate) fn status(&self) -> cts_status {
        self.status
    }

    #[cfg(test)]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn internal(message: &str) -> Self {
        Self::new(cts_status::CTS_ERR_INTERNAL, "internal/c", message.to_owned(), "")
    }

    fn panic() -> Self {
        let message = "a defect of the library was met and caught; please report it".to_owned();
        Self::new(cts_status::CTS_ERR_PANIC, "internal/panic", message, "")
    }
}

impl From<FactsError> for Failure {
    fn from(error: FactsError) -> Self {
        let status = if error.code() == "facts/other-engine" {
            cts_status::CTS_ERR_OTHER_ENGINE
        } else {
            cts_status::CTS_ERR_FACTS
        };
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let problem = |error: &FactsError| {
            let (line, column) =
                error.line_column().map_or((0, 0), |(line, column)| (number(line), number(column)));
            Problem {
                code: error.code(),
                message: error.message().to_owned(),
                place: error.path().to_owned(),
                line,
                column,
            }
        };
        let all = || [&error].into_iter().chain(error.further());
        let mut lines: Vec<String> = all().map(ToString::to_string).collect();
        if error.left_out() > 0 {
            lines.push(format!("and {} more", error.left_out()));
        }
        Self { status, message: lines.join("\n"), problems: all().map(problem).collect() }
    }
}

impl From<ExplainError> for Failure {
    fn from(error: ExplainError) -> Self {
        match error.facts() {
            Some(facts) => facts.clone().into(),
            None => {
                Self::new(cts_status::CTS_ERR_VALUE, error.code(), error.to_string(), "options")
            }
        }
    }
}

impl From<ScreenError> for Failure {
    fn from(error: ScreenError) -> Self {
        let status = match error.code() {
            "facts/other-engine" => cts_status::CTS_ERR_OTHER_ENGINE,
            code if code.starts_with("facts/") => cts_status::CTS_ERR_FACTS,
            _ => cts_status::CTS_ERR_AUDIENCE,
        };
        Self::new(status, error.code(), error.message().to_owned(), error.column())
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        Self::new(cts_status::CTS_ERR_RECORD, error.code(), error.to_string(), "")
    }
}

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        Self::new(
            cts_status::CTS_ERR_ACCOUNT,
            error.code(),
            error.message().to_owned(),
            error.path(),
        )
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        if let EngineError::Base(problem) = &error {
            return Self { message: error.to_string(), ..problem.clone().into() };
        }
        let message = error.to_string();
        let problem = |place: &str| Problem {
            code: error.code(),
            message: message.clone(),
            place: place.to_owned(),
            line: 0,
            column: 0,
        };
        let (status, problems) = match &error {
            EngineError::Pack { errors, .. } | EngineError::Waivers { errors, .. } => {
                let reported = errors.iter().map(|error| Problem {
                    code: error.code(),
                    message: error.help().map_or_else(
                        || error.message(),
                        |help| format!("{}; {help}", error.message()),
                    ),
                    place: error.place().file.to_string(),
                    line: error.place().line,
                    column: error.place().column,
                });
                (cts_status::CTS_ERR_PACK, reported.collect())
            }
            EngineError::UnknownPack { name } | EngineError::OtherThanBuiltIn { name, .. } => {
                (cts_status::CTS_ERR_PACK, vec![problem(name)])
            }
            EngineError::Directory(error) => {
                (cts_status::CTS_ERR_DIRECTORY, vec![problem(error.path())])
            }
            EngineError::Compile(_) => (cts_status::CTS_ERR_PACK, vec![problem("")]),
            _ => (cts_status::CTS_ERR_INTERNAL, vec![problem("")]),
        };
        Self { status, message, problems }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status_and_an_error() {
        let mut error = std::ptr::null_mut();
        // SAFETY: `error` is a local variable.
        let place = unsafe { ErrorPlace::new(&raw mut error) };
        let status = boundary(place, || panic!("on purpose"));
        assert_eq!(status, cts_status::CTS_ERR_PANIC);
        // SAFETY: the error came from the line above.
        let reported = unsafe { handle::shared(error.cast_const(), "error") }.unwrap();
        assert_eq!(reported.problems().first().unwrap().code, "internal/panic");
        // SAFETY: as above, and it is not used again.
        unsafe { handle::release(error) };
    }

    #[test]
    fn an_error_is_optional_and_cleared_when_all_is_well() {
        let mut error = std::ptr::dangling_mut::<cts_error>();
        // SAFETY: `error` is a local variable.
        let place = unsafe { ErrorPlace::new(&raw mut error) };
        assert_eq!(boundary(place, || Ok(())), cts_status::CTS_OK);
        assert!(error.is_null());
        assert_eq!(
            boundary(ErrorPlace(None), || Err(Failure::no_pack())),
            cts_status::CTS_ERR_PACK
        );
    }
}
