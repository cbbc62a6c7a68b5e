//! In which language does a person read?
//!
//! [`Lang`] names the languages, and [`catalogue`], [`answers`] and [`rules`] have every word of our own
//! that a page for people shows, in all of them. The texts of rules stand in their packs. What programs read (JSON, codes,
//! digests, errors) is the same whatever the language; dates, numbers, paths and values of
//! attributes are written alike in all; in a sentence some have words ([`values`]).

pub mod answers;
pub mod catalogue;
mod lang;
pub mod levers;
pub mod rules;
pub mod values;
mod words;

pub use lang::Lang;
pub use words::Words;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::words::next_place;
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
        let of_all = [catalogue::ALL, answers::ALL, rules::ALL, values::ALL];
        for (name, words) in of_all.iter().copied().flatten() {
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
        for label in catalogue::LABELS.iter().chain(answers::LABELS) {
            for lang in Lang::ALL {
                let text = label.of(*lang);
                assert!(text.chars().count() <= 10, "`{text}` is longer than the column of labels");
            }
        }
    }

    #[test]
    fn what_is_given_stands_in_its_place() {
        let words = Words { english: "{a} and {b}", spanish: "{b} y {a}", portuguese: "{a}" };
        assert_eq!(words.with(Lang::English, &[("a", &1), ("b", &"x{a}")]), "1 and x{a}");
        assert_eq!(words.with(Lang::Spanish, &[("a", &1), ("b", &"x")]), "x y 1");
        assert_eq!(words.with(Lang::Portuguese, &[]), "{a}");
    }
}
