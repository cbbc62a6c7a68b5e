//! How do texts of documents stand on a page of HTML?
//!
//! All of them are escaped here: what these filters give is markup of our own around it.

use cleartosend::Lang;
use cleartosend::expert::language::levers;
use minijinja::{HtmlEscape, Value};

/// A sentence: what stands between backticks is code.
pub(super) fn prose(of: &Value) -> Value {
    let text = text(of);
    let parts: Vec<&str> = text.split('`').collect();
    let pairs = parts.len() % 2 == 1;
    let mut page = String::new();
    for (place, part) in parts.iter().enumerate() {
        let part = HtmlEscape(part);
        page += &match place % 2 {
            1 if pairs => format!("<code class=\"value\">{part}</code>"),
            0 if pairs => part.to_string(),
            // One that stands alone marks nothing.
            _ if place > 0 => format!("`{part}"),
            _ => part.to_string(),
        };
    }
    Value::from_safe_string(page)
}

/// What to do, in the language of the page. Words that are not ours stay as they are.
pub(super) fn how(of: &Value, lang: &str) -> Value {
    let lang = Lang::ALL.iter().copied().find(|known| known.name() == lang);
    Value::from(levers::of(&text(of), lang.unwrap_or(Lang::English)))
}

fn text(of: &Value) -> String {
    if of.is_undefined() || of.is_none() { String::new() } else { of.to_string() }
}
