//! What does JavaScript learn of an error?
//!
//! A text of JSON, of which the package makes a `CtsError`: the code, the place and the message
//! that core gives, and every problem where there are several.

use arrow_schema::ArrowError;
use cleartosend::pack::{PackError, PackErrors};
use cleartosend::{DirectoryError, EngineError, ExplainError, FactsError, ScreenError};
use serde::Serialize;
use wasm_bindgen::JsValue;

/// One problem, or all of an error.
#[derive(Serialize)]
struct Problem<'a> {
    code: &'a str,
    path: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// How many further problems are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<Problem<'a>>,
}

impl<'a> Problem<'a> {
    fn new(code: &'a str, path: &'a str, message: &'a str) -> Self {
        Self { code, path, message, help: None, more: None, problems: Vec::new() }
    }

    fn thrown(&self) -> JsValue {
        // It has texts and numbers alone, which are always written.
        JsValue::from_str(&serde_json::to_string(self).unwrap_or_default())
    }
}

/// An error of this binding or one that has a code, a place and a message.
pub(crate) fn plain(code: &str, path: &str, message: &str) -> JsValue {
    Problem::new(code, path, message).thrown()
}

/// A campaign that was refused; `within` is the argument, where it is not the campaign.
pub(crate) fn of_facts(error: &FactsError, within: &str) -> JsValue {
    let all = || std::iter::once(error).chain(error.further());
    let places: Vec<String> = all().map(|problem| facts_place(problem, within)).collect();
    let problems = all()
        .zip(&places)
        .map(|(problem, place)| Problem::new(problem.code(), place, problem.message()))
        .collect();
    Problem {
        more: Some(error.left_out()).filter(|more| *more > 0),
        problems,
        ..Problem::new(error.code(), places.first().map_or("", String::as_str), error.message())
    }
    .thrown()
}

/// Where a problem of a campaign is: its path, or where it has none, line and column.
fn facts_place(error: &FactsError, within: &str) -> String {
    let place = error.line_column().map(|(line, column)| format!("line {line}, column {column}"));
    let path = match (within, error.path()) {
        (within, "") => within.to_owned(),
        ("", path) => path.to_owned(),
        (within, path) => format!("{within}.{path}"),
    };
    if path.is_empty() { place.unwrap_or_default() } else { path }
}

/// What is no directory.
pub(crate) fn of_directory(error: &DirectoryError) -> JsValue {
    let text = error.to_string();
    let message =
        text.strip_prefix(error.path()).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&text);
    plain(error.code(), error.path(), message)
}

/// Every problem of a pack, which the caller calls `called`.
pub(crate) fn of_pack(called: &str, errors: &PackErrors) -> JsValue {
    let described = |error: &PackError| (format!("{called}/{}", error.place()), error.message());
    let texts: Vec<(String, String)> = errors.iter().map(described).collect();
    let problems: Vec<Problem<'_>> = errors
        .iter()
        .zip(&texts)
        .map(|(error, (place, message))| Problem {
            help: error.help(),
            ..Problem::new(error.code(), place, message)
        })
        .collect();
    let Some((first, (place, message))) = errors.iter().next().zip(texts.first()) else {
        return plain("internal/pack", called, "a pack was refused without a reason");
    };
    Problem { help: first.help(), problems, ..Problem::new(first.code(), place, message) }.thrown()
}

/// Why no engine was made.
pub(crate) fn of_engine(error: &EngineError) -> JsValue {
    match error {
        EngineError::Pack { pack: called, errors } | EngineError::Waivers { called, errors } => {
            of_pack(called, errors)
        }
        EngineError::Directory(error) => of_directory(error),
        EngineError::Base(error) => of_facts(error, "base"),
        EngineError::UnknownPack { name } => plain(error.code(), name, &error.to_string()),
        _ => plain(error.code(), "", &error.to_string()),
    }
}

/// Why nothing was explained.
pub(crate) fn of_explaining(error: &ExplainError) -> JsValue {
    match error.facts() {
        Some(facts) => of_facts(facts, ""),
        None => plain(error.code(), "until", &error.to_string()),
    }
}

/// An audience that was refused before its first row.
pub(crate) fn of_screening(error: &ScreenError) -> JsValue {
    plain(error.code(), error.column(), error.message())
}

/// What a screening failed with. Core's own errors within those of Arrow begin with their code.
pub(crate) fn of_arrow(error: &ArrowError) -> JsValue {
    let text = match error {
        ArrowError::ComputeError(text) | ArrowError::InvalidArgumentError(text) => text.clone(),
        other => other.to_string(),
    };
    match text.split_once(": ") {
        Some((code, message)) if code.starts_with("screen/") || code.starts_with("internal/") => {
            plain(code, "", message)
        }
        _ => plain("internal/js", "", &text),
    }
}
