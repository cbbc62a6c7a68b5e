//! How does a decision read, and how an explanation?
//!
//! In: a decision, a language and a width. Out: a page that an officer can file: what was decided,
//! by which rule and whose word, what is at stake and what to do; of an explanation, what would
//! help, and from when. Every word of ours comes from the catalogue of [`crate::language`], those of
//! rules from their packs. Nothing is decided here.

mod explanation;
mod paper;
mod row;

pub use explanation::{TimelineShape, change, clear, explanation, help, rule_counts, to_supply};
pub use paper::paper;
pub use row::{Ink, Page, directory, period};

use crate::decide::Decision;
use crate::explain::Explanation;
use crate::language::Lang;

/// Columns of a page where nobody says how many there are.
pub const WIDTH: usize = 100;

impl Decision {
    /// The decision for people: a page of 100 columns in their language, without styles. What a
    /// stranger's text holds that cannot be seen is shown as `\u{…}`.
    ///
    /// The document, codes and digest do not depend on the language. Texts of rules that their pack
    /// does not have in a language are in English.
    pub fn text(&self, lang: Lang) -> String {
        paper(self, &Page { lang, width: WIDTH, ink: |_, text| text.to_owned() })
    }
}

impl Explanation {
    /// The explanation for people: a page of 100 columns in their language, without styles. What a
    /// stranger's text holds that cannot be seen is shown as `\u{…}`.
    ///
    /// What to do and where a fact comes from are the schema's texts, which are in English.
    pub fn text(&self, lang: Lang) -> String {
        let page = Page { lang, width: WIDTH, ink: |_, text| text.to_owned() };
        explanation(self, &page, TimelineShape::Lines)
    }
}
