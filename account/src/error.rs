//! What can be wrong with a state, an event, or a question about them.

use std::fmt;

use cleartosend::expert::suggest;
pub(crate) use cleartosend::expert::text::quoted;

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

    pub(crate) fn at(mut self, path: &str) -> Self {
        self.path = path.to_owned();
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

fn did_you_mean<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    suggest::nearest(wrong, names)
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}

/// The nearest of the names, or all of them where none is near.
fn nearest_or_all<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match did_you_mean(wrong, names.iter().copied()) {
        near if !near.is_empty() => near,
        _ => format!("; the kinds are `{}`", names.join("`, `")),
    }
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

pub(crate) fn syntax(problem: &serde_json::Error) -> AccountError {
    let whole = problem.to_string();
    let what = whole.split(" at line ").next().unwrap_or(&whole);
    error(
        "account/syntax",
        format!("not JSON: {what}, at line {}, column {}", problem.line(), problem.column()),
    )
}

pub(crate) fn repeated_member() -> AccountError {
    error("account/repeated-member", "given twice, and which of the two counts is not said".into())
}

pub(crate) fn too_deep() -> AccountError {
    error("account/too-deep", "lists and objects nest too deep here".into())
}

pub(crate) fn too_large(bytes: usize, bytes_max: usize) -> AccountError {
    error("account/too-large", format!("{bytes} bytes, expected at most {bytes_max}"))
}

pub(crate) fn wrong_type(value: &serde_json::Value, expected: &str) -> AccountError {
    error("account/wrong-type", format!("found {}, expected {expected}", found(value)))
}

pub(crate) fn missing(expected: &str) -> AccountError {
    error("account/missing-member", format!("missing; expected {expected}"))
}

pub(crate) fn bad_instant(value: &serde_json::Value) -> AccountError {
    error(
        "account/bad-instant",
        format!(
            "found {}, expected seconds since 1970 or a timestamp such as `2026-03-02T15:00:00Z`",
            found(value)
        ),
    )
}

pub(crate) fn bad_date(value: &serde_json::Value) -> AccountError {
    error(
        "account/bad-date",
        format!("found {}, expected a date such as `April 17, 2025`", found(value)),
    )
}

pub(crate) fn no_time() -> AccountError {
    error(
        "account/no-time",
        "missing; the event does not say when it happened, in seconds since 1970".into(),
    )
}

pub(crate) fn no_read_time() -> AccountError {
    error(
        "account/no-read-time",
        "an answer of the Graph API does not say when it was read; wrap it as {\"read_at\": …, \
         \"answer\": …}, or give the instant"
            .into(),
    )
}

pub(crate) fn no_event(value: &serde_json::Value) -> AccountError {
    let has = |name: &str| value.get(name).is_some();
    let help = if value.is_array() {
        "; this is a list: give its items one by one"
    } else if has("field") && has("value") {
        "; this is a change alone: wrap it as {\"entry\": [{\"id\": ACCOUNT, \"time\": SECONDS, \
         \"changes\": [CHANGE]}]}"
    } else if has("changes") {
        "; this is an entry alone: wrap it as {\"entry\": [ENTRY]}"
    } else if has("messaging_product") || has("event") || has("metadata") {
        "; this is the value of a change: wrap it as {\"entry\": [{\"id\": ACCOUNT, \"time\": \
         SECONDS, \"changes\": [{\"field\": LABEL, \"value\": VALUE}]}]}"
    } else if has("body") {
        "; this has a `body`: give that"
    } else {
        ""
    };
    error(
        "account/not-an-event",
        format!("neither a webhook, which has `entry`, nor an answer of the Graph API{help}"),
    )
}

pub(crate) fn no_changes() -> AccountError {
    error("account/no-changes", "holds no change, so that there is nothing to read".into())
}

pub(crate) fn no_error_code() -> AccountError {
    error(
        "account/no-error-code",
        "holds no error code; expected `{\"error\": {\"code\": …}}`, or the errors of a webhook or \
         a health state"
            .into(),
    )
}

pub(crate) fn bad_point(spot: &crate::fields::Spot<'_>) -> AccountError {
    error(
        "account/bad-row",
        format!(
            "found {}, expected a register of this version with [timestamp, word]",
            found(spot.value)
        ),
    )
    .at(&spot.path)
}

pub(crate) fn bad_key(key: &str) -> AccountError {
    error(
        "account/bad-key",
        format!(
            "found {}, expected a key such as `account/100` or `recipient/100/+34600000000`",
            quoted(key)
        ),
    )
}

/// `read` is the number, were it one with its country code.
pub(crate) fn no_country(name: &str, read: &str) -> AccountError {
    error(
        "account/not-a-person",
        format!(
            "found {}, without a `+` before its country code, expected a number such as `{read}`, \
             if it begins with one",
            quoted(name)
        ),
    )
}

pub(crate) fn no_person(name: &str) -> AccountError {
    error(
        "account/not-a-person",
        format!(
            "found {}, expected a number with its country code, such as `+34600000000`, or a user \
             id, such as `ES.1`",
            quoted(name)
        ),
    )
}

pub(crate) fn no_account<'a>(id: &str, known: impl IntoIterator<Item = &'a str>) -> AccountError {
    let help = did_you_mean(id, known);
    error("account/no-such-account", format!("the book has no account {}{help}", quoted(id)))
}

pub(crate) fn several_accounts<'a>(known: impl IntoIterator<Item = &'a str>) -> AccountError {
    const SHOWN: usize = 3;
    let known: Vec<String> = known.into_iter().take(SHOWN + 1).map(quoted).collect();
    let more = if known.len() > SHOWN { ", …" } else { "" };
    let shown: Vec<&str> = known.iter().take(SHOWN).map(String::as_str).collect();
    error(
        "account/several-accounts",
        format!("the book has several accounts ({}{more}); name one", shown.join(", ")),
    )
}

pub(crate) fn unknown_restriction<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> AccountError {
    error(
        "account/unknown-restriction",
        format!("there is no restriction kind {}{}", quoted(name), nearest_or_all(name, known)),
    )
}

pub(crate) fn unknown_member(name: &str, known: &[&str]) -> AccountError {
    let help = did_you_mean(name, known.iter().copied());
    error("account/unknown-member", format!("a book has no such member{help}"))
}

pub(crate) fn facts(problem: &cleartosend::FactsError) -> AccountError {
    error("account/bad-account", format!("{} [{}]", problem.message(), problem.code()))
        .at(problem.path())
}

pub(crate) fn unknown_violation<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> AccountError {
    error(
        "account/unknown-violation",
        format!("there is no violation kind {}{}", quoted(name), nearest_or_all(name, known)),
    )
}
