//! Nothing that a document says is markup of a page in Markdown.

use std::borrow::Cow;

use minijinja::{AutoEscape, Error, Output, State, Value, escape_formatter};

/// How templates of Markdown are escaped.
pub(super) const ESCAPE: AutoEscape = AutoEscape::Custom(Cow::Borrowed("markdown"));

/// Writes a value of a template: escaped, whatever it is, unless a filter made it.
pub(super) fn formatter(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    if *state.auto_escape() != ESCAPE {
        return escape_formatter(out, state, value);
    }
    if value.is_undefined() || value.is_none() {
        return Ok(());
    }
    let text = value.to_string();
    let text = if value.is_safe() { text } else { cell(&text) };
    out.write_str(&text).map_err(Error::from)
}

/// An address between angle brackets of Markdown, and within a cell.
pub(super) fn address(text: &str) -> Value {
    Value::from_safe_string(text.replace(['<', '>', ' ', '\n', '\r', '|', '`', '\\'], "%20"))
}

/// A text within a cell of a table, in which nothing of it is markup.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                safe.push('\\');
                safe.push(letter);
            }
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\n' | '\r' => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}
