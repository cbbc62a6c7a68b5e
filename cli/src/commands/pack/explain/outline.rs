//! How does a condition of several parts stand on a page?
//!
//! What is short is a sentence. What would be a long one, with brackets in brackets, is a list of
//! its parts, each again a sentence or a list.

use std::fmt::Write as _;

use cleartosend::Lang;
use cleartosend::expert::language::{Words, rules as words};
use cleartosend::expert::render::Page;
use cleartosend::expert::text::escaped;

/// LIMIT: letters of a sentence; one with more is told part by part, where it has parts. About three
/// lines of a page, which a reader still sees as one thing.
const SENTENCE_MAX: usize = 240;

/// LIMIT: lists within lists; what is deeper is a sentence again, however long.
const LISTS_MAX: usize = 8;

/// Something that is said, and its parts.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    /// As a sentence, or a part of one.
    said: String,
    /// How many brackets keep it apart within a sentence.
    brackets: usize,
    /// Of one that has several.
    parts: Vec<Outline>,
    joint: Joint,
}

/// How parts stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    All,
    Any,
}

impl Joint {
    pub(super) const fn words(self) -> Words {
        match self {
            Self::All => words::BOTH,
            Self::Any => words::EITHER,
        }
    }

    /// What stands above a list of parts.
    const fn heading(self) -> Words {
        match self {
            Self::All => words::ALL_OF_THESE,
            Self::Any => words::ONE_OF_THESE,
        }
    }
}

impl Outline {
    /// Something without parts.
    pub(super) const fn plain(said: String) -> Self {
        Self { said, brackets: 0, parts: Vec::new(), joint: Joint::All }
    }

    /// Something said as a sentence that can be told part by part instead.
    pub(super) fn of_parts(said: String, joint: Joint, mut parts: Vec<Self>) -> Self {
        match (parts.len(), parts.pop()) {
            (1, Some(only)) => Self { said, ..only },
            (_, last) => {
                parts.extend(last);
                Self { said, brackets: 0, parts, joint }
            }
        }
    }

    /// In brackets, within a sentence.
    pub(super) fn bracketed(self) -> Self {
        Self { said: format!("({})", self.said), brackets: self.brackets + 1, ..self }
    }

    /// By itself.
    fn alone(&self) -> &str {
        let end = self.said.len().saturating_sub(self.brackets);
        self.said.get(self.brackets..end).unwrap_or(&self.said)
    }

    /// As a part of a sentence.
    pub(super) fn said(&self) -> &str {
        &self.said
    }

    /// As a part of a list, or as several.
    pub(super) fn write(&self, text: &mut String, page: &Page) {
        self.write_at(text, page, 0);
    }

    fn write_at(&self, text: &mut String, page: &Page, depth: usize) {
        let is_sentence = self.alone().chars().count() <= SENTENCE_MAX;
        if is_sentence || self.parts.is_empty() || depth > LISTS_MAX {
            return bullet(text, self.alone(), page, depth);
        }
        match self.joint {
            // What stands in a list of which all holds is a part of that list.
            Joint::All if depth == 0 => self.each(text, page, depth, Joint::All),
            joint => {
                bullet(text, joint.heading().of(page.lang), page, depth);
                self.each(text, page, depth + 1, joint);
            }
        }
    }

    /// The parts, one below the other; those of a part that goes together as these do among them.
    fn each(&self, text: &mut String, page: &Page, depth: usize, joint: Joint) {
        for part in &self.parts {
            match part.joint == joint && !part.parts.is_empty() {
                true => part.each(text, page, depth, joint),
                false => part.write_at(text, page, depth),
            }
        }
    }
}

/// A part of a list, wrapped.
pub(super) fn bullet(text: &mut String, answer_format: &str, page: &Page, depth: usize) {
    let indent = 2 + 2 * depth;
    let width = page.width.saturating_sub(indent + 2).max(20);
    let mut begin = format!("{:indent$}- ", "");
    let mut row = String::new();
    let answer_format = escaped(answer_format);
    for word in answer_format.split(' ') {
        if !row.is_empty() && row.chars().count() + 1 + word.chars().count() > width {
            let _ = writeln!(text, "{begin}{row}");
            begin = format!("{:indent$}  ", "");
            row.clear();
        }
        if !row.is_empty() {
            row.push(' ');
        }
        row.push_str(word);
    }
    let _ = writeln!(text, "{begin}{row}");
}

/// Parts as one sentence; none where there are none.
pub(super) fn joined(
    parts: impl IntoIterator<Item = String>,
    joint: Joint,
    lang: Lang,
) -> Option<String> {
    let words = joint.words();
    parts.into_iter().reduce(|one, other| words.with(lang, &[("one", &one), ("other", &other)]))
}
