//! How does a decision read, and how an explanation?
//!
//! In: a decision or an explanation, a language and a width. Out: a page for people. Every word of
//! ours comes from [`crate::language`], those of rules from their packs. Nothing is decided here.
//!
//! - [`paper()`]: all that was decided, for an officer to file.
//! - [`short()`]: the same on one screen, for whoever wants to send.
//! - [`markdown`]: both as Markdown.
//! - [`explanation()`]: what would help, from when, and what to supply.

mod change;
mod explanation;
pub mod markdown;
mod paper;
mod row;
mod short;

pub use change::change;
pub use explanation::{TimelineShape, clear, counts, explanation, help};
#[cfg(feature = "screen")]
pub(crate) use paper::waived;
pub use paper::{paper, says};
pub use row::{Ink, Page, directory, pack, period};
pub use short::{SCREEN_LINES, short, to_supply};

use crate::decide::Decision;
use crate::explain::Explanation;
use crate::language::Lang;

/// Columns of a page where nobody says how many there are.
pub const WIDTH: usize = 100;

impl Decision {
    /// The decision for people: a page of 100 columns in their language, without styles. What a
    /// foreign text holds that cannot be seen is shown as `\u{…}`.
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
    pub fn text(&self, lang: Lang) -> String {
        let page = Page { lang, width: WIDTH, ink: |_, text| text.to_owned() };
        explanation(self, TimelineShape::Lines, &page)
    }
}
