//! In which language does a person read?
//!
//! [`Lang`] names the languages, and [`catalogue`] has every word of our own that a page for people
//! shows, in all of them. The texts of rules stand in their packs. What programs read (JSON, codes,
//! digests, errors) is the same whatever the language; dates, numbers, paths and values of
//! attributes are written alike in all.

use std::fmt::{Display, Write as _};

pub mod catalogue;

crate::verdict::names! {
    /// A language of texts for people.
    #[non_exhaustive]
    Lang {
        /// The language of packs and of everything that programs read.
        English = "en",
        /// Spanish.
        Spanish = "es",
        /// Portuguese, as written in Brazil.
        Portuguese = "pt",
    }
}

impl Lang {
    /// The languages that texts are translated into.
    pub const TRANSLATIONS: &'static [Self] = &[Self::Spanish, Self::Portuguese];
}

/// One text of ours in every language. `{name}` in it is a place for what a case tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    english: &'static str,
    spanish: &'static str,
    portuguese: &'static str,
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
    pub fn with(self, lang: Lang, told: &[(&str, &dyn Display)]) -> String {
        let mut text = String::new();
        let mut rest = self.of(lang);
        while let Some((before, name, after)) = next_place(rest) {
            text.push_str(before);
            // Writing to a text cannot fail. What is not told stays to be seen.
            let _ = match told.iter().find(|(told, _)| *told == name) {
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
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::verdict::{Exposure, FindingVerdict, Status, Topic, Verdict};

    fn places(mut text: &str) -> BTreeSet<&str> {
        let mut places = BTreeSet::new();
        while let Some((_, name, after)) = next_place(text) {
            places.insert(name);
            text = after;
        }
        places
    }

    #[test]
    fn every_text_has_the_same_places_in_every_language() {
        let mut names = BTreeSet::new();
        for (name, words) in catalogue::ALL {
            assert!(names.insert(name), "{name} is there twice");
            for lang in Lang::ALL {
                let text = words.of(*lang);
                assert!(!text.trim().is_empty(), "{name} is empty in {lang}");
                assert_eq!(places(text), places(words.english), "{name} in {lang}");
                let ends = |text: &str| text.ends_with(['.', ':']);
                assert_eq!(ends(text), ends(words.english), "{name} in {lang} ends otherwise");
            }
        }
    }

    #[test]
    fn words_of_decisions_are_their_names_in_english() {
        let same = |words: Words, name: &str| assert_eq!(words.of(Lang::English), name);
        Verdict::ALL.iter().for_each(|word| same(catalogue::verdict(*word), word.name()));
        FindingVerdict::ALL
            .iter()
            .for_each(|word| same(catalogue::finding_verdict(*word), word.name()));
        Status::ALL.iter().for_each(|word| same(catalogue::status(*word), word.name()));
        Topic::ALL.iter().for_each(|word| same(catalogue::topic(*word), word.name()));
        Exposure::ALL.iter().for_each(|word| same(catalogue::exposure(*word), word.name()));
    }

    #[test]
    fn labels_fit_beside_what_they_label() {
        for label in catalogue::LABELS {
            for lang in Lang::ALL {
                let text = label.of(*lang);
                assert!(text.chars().count() <= 10, "`{text}` is longer than the column of labels");
            }
        }
    }

    #[test]
    fn what_is_told_stands_in_its_place() {
        let words = Words { english: "{a} and {b}", spanish: "{b} y {a}", portuguese: "{a}" };
        assert_eq!(words.with(Lang::English, &[("a", &1), ("b", &"x{a}")]), "1 and x{a}");
        assert_eq!(words.with(Lang::Spanish, &[("a", &1), ("b", &"x")]), "x y 1");
        assert_eq!(words.with(Lang::Portuguese, &[]), "{a}");
    }
}
