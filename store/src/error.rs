//! What can be wrong with a store.

use std::fmt;

use cleartosend_account::AccountError;

/// Why a store could not be read or written. Nothing was written where it was for a change.
#[derive(Debug)]
pub struct StoreError {
    code: &'static str,
    message: String,
}

impl StoreError {
    /// A stable name for programs, such as `store/not-a-store`. Listed in
    /// `docs/reference/account.md`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}

impl From<AccountError> for StoreError {
    fn from(problem: AccountError) -> Self {
        Self { code: problem.code(), message: problem.to_string() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(problem: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match problem.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self {
                code: "store/busy",
                message: "other processes kept the store busy for too long; try again".to_owned(),
            },
            Some(ErrorCode::NotADatabase) => not_a_store(),
            Some(ErrorCode::DatabaseCorrupt) => Self {
                code: "store/damaged",
                message: "the file is damaged; go back to a copy of it".to_owned(),
            },
            _ => Self { code: "store/failed", message: problem.to_string() },
        }
    }
}

pub(crate) fn not_a_store() -> StoreError {
    StoreError {
        code: "store/not-a-store",
        message: "not a store of an account book, which `cts account --book FILE` makes where \
                  there is no file"
            .to_owned(),
    }
}

pub(crate) fn newer(found: i64, known: i64) -> StoreError {
    StoreError {
        code: "store/newer",
        message: format!("a store of version {found}, and this program knows version {known}"),
    }
}

pub(crate) fn damaged_row(key: &str, problem: &AccountError) -> StoreError {
    StoreError {
        code: "store/damaged",
        message: format!(
            "the row `{}` is damaged: {problem}",
            cleartosend::expert::text::escaped(key)
        ),
    }
}

pub(crate) fn bad_line(number: usize, problem: &str) -> StoreError {
    StoreError {
        code: "store/bad-line",
        message: format!("line {number}: {problem}; expected {{\"key\": KEY, \"row\": ROW}}"),
    }
}
