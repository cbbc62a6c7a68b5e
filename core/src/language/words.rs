//! How does a text of ours stand in every language?

use std::fmt::{Display, Write as _};

use super::lang::Lang;

/// One text of ours in every language. `{name}` in it is a placeholder for a fact of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    pub(super) english: &'static str,
    pub(super) spanish: &'static str,
    pub(super) portuguese: &'static str,
}

impl Words {
    /// The text as it stands.
    pub const fn of(self, lang: Lang) -> &'static str {
        match lang {
            Lang::English => self.english,
            Lang::Spanish => self.spanish,
            Lang::Portuguese => self.portuguese,
        }
    }

    /// The text with something in each of its places.
    pub fn with(self, lang: Lang, values: &[(&str, &dyn Display)]) -> String {
        let mut text = String::new();
        let mut rest = self.of(lang);
        while let Some((before, name, after)) = next_place(rest) {
            text.push_str(before);
            // Writing to a text cannot fail. A placeholder without a value stays visible.
            let _ = match values.iter().find(|(values, _)| *values == name) {
                Some((_, value)) => write!(text, "{value}"),
                None => write!(text, "{{{name}}}"),
            };
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

/// What stands before the next place, its name, and what stands behind it.
pub(super) fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}
