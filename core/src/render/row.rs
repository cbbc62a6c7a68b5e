//! How does a line of a page look?

use std::fmt::Write as _;

use textwrap::{Options, WordSplitter};

use crate::decide::{DirectoryStamp, PackStamp, WrittenDate};
use crate::language::{Lang, Words, catalogue as words};
use crate::text::escaped;
use crate::verdict::{FindingVerdict, Verdict};

/// Columns of a row's label: of the longest word that is one, and a blank.
const fn label_columns(lang: Lang) -> usize {
    match lang {
        Lang::English => 11,
        Lang::Spanish | Lang::Portuguese => "indeterminada ".len(),
    }
}

/// What a piece of a page is, for whoever gives it a style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ink {
    /// The verdict of a decision.
    Verdict(Verdict),
    /// The verdict of a finding.
    Finding(FindingVerdict),
    /// A name that is looked for.
    Strong,
    /// A label.
    Faint,
}

/// A page for people.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a page is made by whoever has a place for it")]
pub struct Page {
    /// The language of our own words.
    pub lang: Lang,
    /// How many columns it has.
    pub width: usize,
    /// Gives a piece its style. The piece is escaped already.
    pub ink: fn(Ink, &str) -> String,
}

impl Page {
    /// A piece in its style, escaped.
    pub fn inked(&self, ink: Ink, text: &str) -> String {
        (self.ink)(ink, &escaped(text))
    }

    /// Writes a label and what belongs to it, escaped, and wrapped beside it.
    pub fn row(&self, text: &mut String, label: Words, value: &str) {
        self.labelled(text, label.of(self.lang), value);
    }

    /// Writes what belongs to the row before.
    pub fn more(&self, text: &mut String, value: &str) {
        self.labelled(text, "", value);
    }

    /// As [`Self::row`], with a label that is no word.
    pub fn labelled(&self, text: &mut String, label: &str, value: &str) {
        self.inked_row(text, Ink::Faint, label, value);
    }

    /// As [`Self::labelled`], with the label in a style of its own.
    pub(super) fn inked_row(&self, text: &mut String, ink: Ink, label: &str, value: &str) {
        let columns = label.chars().count();
        // A blank stands behind a label that is longer than its column.
        let label_columns = label_columns(self.lang);
        let room = if columns < label_columns { label_columns } else { columns + 1 };
        let first = format!("   {label:<room$}");
        let next = " ".repeat(3 + label_columns);
        let inked_first =
            format!("   {}{}", self.inked(ink, label), " ".repeat(room.saturating_sub(columns)));
        let value = escaped(value);
        // Words are copied: an address or the id of a rule is never split, not even at hyphens.
        let options = Options::new(self.width).initial_indent(&first).subsequent_indent(&next);
        let wrapped = textwrap::wrap(
            &value,
            options.break_words(false).word_splitter(WordSplitter::NoHyphenation),
        );
        for (number, line) in wrapped.iter().enumerate() {
            let line = line.trim_end();
            let _ = match (number, line.strip_prefix(&*first)) {
                (0, Some(rest)) => writeln!(text, "{inked_first}{rest}"),
                _ => writeln!(text, "{line}"),
            };
        }
    }

    /// Writes what a part of a page is about, and what is to be known of all of it.
    pub(super) fn heading(&self, text: &mut String, title: &str, rest: &str) {
        let title = self.inked(Ink::Strong, title);
        let _ = match rest {
            "" => writeln!(text, "{title}"),
            rest => writeln!(text, "{title}  {}", self.inked(Ink::Faint, rest)),
        };
    }

    /// Writes an address below a row, whole, so that it can be copied.
    pub fn address(&self, text: &mut String, address: &str) {
        let indent = " ".repeat(3 + label_columns(self.lang));
        let _ = writeln!(text, "{indent}{}", escaped(address));
    }

    /// Writes a text, escaped and wrapped, that far from the margin.
    pub(super) fn paragraph(&self, text: &mut String, indent: &str, value: &str) {
        let options = Options::new(self.width).initial_indent(indent).subsequent_indent(indent);
        // An address that does not fit stands on a line of its own, whole.
        let options = options.break_words(false).word_splitter(WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&escaped(value), options) {
            let _ = writeln!(text, "{line}");
        }
    }
}

/// `from 2018-08-01 until 2025-10-23`
pub fn period(from: Option<WrittenDate>, until: Option<WrittenDate>, lang: Lang) -> String {
    match (from, until) {
        (Some(from), Some(until)) => {
            words::FROM_UNTIL.with(lang, &[("from", &from), ("until", &until)])
        }
        (Some(from), None) => words::FROM.with(lang, &[("from", &from)]),
        (None, Some(until)) => words::UNTIL.with(lang, &[("until", &until)]),
        (None, None) => words::ALWAYS.of(lang).to_owned(),
    }
}

/// A pack in one line, up to its digest.
pub fn pack(stamp: &PackStamp, lang: Lang) -> String {
    let mut text = format!("{} {}", stamp.name, stamp.version);
    if let Some(date) = &stamp.known_until {
        text.push_str(", ");
        text.push_str(&words::PACK_KNOWN_UNTIL.with(lang, &[("date", date)]));
    }
    text
}

/// A directory in one line.
pub fn directory(stamp: &DirectoryStamp, lang: Lang) -> String {
    let says =
        if stamp.complete { words::DIRECTORY_COMPLETE } else { words::DIRECTORY_NOT_COMPLETE };
    // What the sample says of itself are our words; any other list is named as its source names it.
    let sample = words::SAMPLE_DIRECTORY;
    // A semicolon follows.
    let source = if *stamp.source == *sample.of(Lang::English) {
        sample.of(lang).trim_end_matches('.')
    } else {
        &stamp.source
    };
    let date = WrittenDate(stamp.retrieved_at.0);
    says.with(lang, &[("source", &source), ("date", &date), ("digest", &stamp.digest)])
}

/// A count in words: one has words of its own.
pub(super) fn counted(one: Words, several: Words, count: usize, lang: Lang) -> String {
    match count {
        1 => one.of(lang).to_owned(),
        _ => several.with(lang, &[("count", &count)]),
    }
}
