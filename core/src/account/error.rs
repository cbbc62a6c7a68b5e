//! What can be wrong with a state, an event, or a question about them.

use std::fmt;

use crate::limits;
use crate::suggest;
use crate::text::shortened;

/// Why an event or a state was refused: what was found, what was expected, and where. Nothing of it
/// has been taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountError {
    code: &'static str,
    path: String,
    message: String,
}

impl AccountError {
    /// A stable name for programs, such as `account/wrong-type`. Listed in
    /// `docs/reference/account.md`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The member, such as `entry[0].changes[1].value.event`; empty for the whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn at(mut self, path: &str) -> Self {
        self.path = path.to_owned();
        self
    }

    /// The same problem, in something that lies at that path.
    pub(super) fn under(mut self, outer: &str) -> Self {
        self.path =
            if self.path.is_empty() { outer.to_owned() } else { format!("{outer}.{}", self.path) };
        self
    }
}

impl fmt::Display for AccountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "`{}`: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for AccountError {}

fn error(code: &'static str, message: String) -> AccountError {
    AccountError { code, path: String::new(), message }
}

/// A stranger's text, cut so that a message stays a line.
pub(super) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    format!("`{}`", shortened(text, SHOWN))
}

fn did_you_mean<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    suggest::nearest(wrong, names)
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}

/// What a JSON value is, in words.
fn found(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "null".into(),
        serde_json::Value::Bool(value) => value.to_string(),
        serde_json::Value::Number(value) => format!("the number {value}"),
        serde_json::Value::String(text) => format!("the text {}", quoted(text)),
        serde_json::Value::Array(_) => "a list".into(),
        serde_json::Value::Object(_) => "an object".into(),
    }
}

pub(super) fn syntax(problem: &serde_json::Error) -> AccountError {
    let whole = problem.to_string();
    let what = whole.split(" at line ").next().unwrap_or(&whole);
    error(
        "account/syntax",
        format!("not JSON: {what}, at line {}, column {}", problem.line(), problem.column()),
    )
}

pub(super) fn repeated_member() -> AccountError {
    error("account/repeated-member", "given twice, and which of the two counts is not said".into())
}

pub(super) fn too_deep() -> AccountError {
    error("account/too-deep", "lists and objects nest too deep here".into())
}

pub(super) fn too_large(bytes: usize, bytes_max: usize) -> AccountError {
    error("account/too-large", format!("{bytes} bytes, expected at most {bytes_max}"))
}

pub(super) fn too_many_events() -> AccountError {
    error(
        "account/too-many-events",
        format!(
            "the state would hold more than {} events that still count; begin a new one",
            limits::ACCOUNT_EVENTS_MAX
        ),
    )
}

pub(super) fn wrong_type(value: &serde_json::Value, expected: &str) -> AccountError {
    error("account/wrong-type", format!("found {}, expected {expected}", found(value)))
}

pub(super) fn missing(expected: &str) -> AccountError {
    error("account/missing-member", format!("missing; expected {expected}"))
}

pub(super) fn bad_instant(value: &serde_json::Value) -> AccountError {
    error(
        "account/bad-instant",
        format!(
            "found {}, expected seconds since 1970 or an instant such as `2026-03-02T15:00:00Z`",
            found(value)
        ),
    )
}

pub(super) fn bad_date(value: &serde_json::Value) -> AccountError {
    error(
        "account/bad-date",
        format!("found {}, expected a date such as `April 17, 2025`", found(value)),
    )
}

pub(super) fn no_time() -> AccountError {
    error(
        "account/no-time",
        "missing; the event does not say when it happened, in seconds since 1970".into(),
    )
}

pub(super) fn no_read_time() -> AccountError {
    error(
        "account/no-read-time",
        "an answer of the Graph API does not say when it was read; wrap it as {\"read_at\": …, \
         \"answer\": …}, or give the instant"
            .into(),
    )
}

pub(super) fn no_event() -> AccountError {
    error(
        "account/not-an-event",
        "neither a webhook, which has `entry`, nor an answer of the Graph API".into(),
    )
}

pub(super) fn no_error_code() -> AccountError {
    error(
        "account/no-error-code",
        "holds no error code; expected `{\"error\": {\"code\": …}}`, or the errors of a webhook or \
         a health state"
            .into(),
    )
}

pub(super) fn other_account(found: &str, expected: &str) -> AccountError {
    error(
        "account/other-account",
        format!(
            "found account {}, expected {}, whose state this is",
            quoted(found),
            quoted(expected)
        ),
    )
}

pub(super) fn unknown_member(name: &str, known: &[&str]) -> AccountError {
    let help = did_you_mean(name, known.iter().copied());
    error("account/unknown-member", format!("a state has no such member{help}"))
}

pub(super) fn edited(found: &serde_json::Value, told: &serde_json::Value) -> AccountError {
    error(
        "account/edited",
        format!(
            "found {found}, but the events of `history` tell {told}; apply an event instead of \
             editing what events tell"
        ),
    )
}

pub(super) fn facts(problem: &crate::facts::FactsError) -> AccountError {
    error("account/bad-account", format!("{} [{}]", problem.message(), problem.code()))
        .at(problem.path())
}

pub(super) fn unknown_violation<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> AccountError {
    error(
        "account/unknown-violation",
        format!("there is no violation kind {}{}", quoted(name), did_you_mean(name, known)),
    )
}
