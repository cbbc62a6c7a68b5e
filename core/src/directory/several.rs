//! Does a name list several firms?

use super::asked::{Asked, Identity};
use super::list::Directory;
use super::names::{folded, without_legal_form};
use super::provider::Provider;

/// What stands between two names that are written as one.
const MARKS: [char; 16] =
    [',', ';', '/', '|', '&', '+', '(', ')', '[', ']', '·', '•', '–', '—', '、', '→'];

/// The same as a word, in the languages in which lists are written.
const WORDS: [&str; 21] = [
    "and", "or", "via", "with", "through", "by", "over", "x", "y", "o", "u", "con", "por", "e",
    "ou", "com", "et", "par", "und", "mit", "über",
];

/// Words of a name that are compared, and of one firm's name within it. Names of firms end before;
/// a longer text is compared by its marks alone.
const WORDS_MAX: usize = 16;
const WORDS_OF_A_FIRM_MAX: usize = 5;

impl Directory {
    /// Whether a name lists several providers, and is not one provider's own.
    pub(crate) fn names_several(&self, name: &str) -> bool {
        match self.known.of(&Identity { name: Some(name), ..Identity::default() }) {
            Some(known) => *known.names_several.get_or_init(|| self.lists_several(name)),
            None => self.lists_several(name),
        }
    }

    /// Whether a name lists several providers, as `Acme, Quillwork`, `Acme via Quillwork` or
    /// `Acme Quillwork`, and is not one provider's own.
    ///
    /// Between marks a provider's whole name has to stand, and without one nothing but names of
    /// providers: `Charles Bird Consulting` is a firm of its own.
    pub(super) fn lists_several(&self, name: &str) -> bool {
        let is_one_word = !name.contains(|c: char| !c.is_alphanumeric());
        if is_one_word || self.called(name).is_some() {
            return false;
        }
        let mut found = Vec::new();
        self.firms_in(name, false, &mut found);
        if name.contains('-') {
            self.firms_in(name, true, &mut found);
        }
        found.iter().any(|id| Some(id) != found.first())
    }

    /// The ids of the providers that stand between the marks of a name.
    fn firms_in<'d>(&'d self, name: &str, splits_at_hyphens: bool, found: &mut Vec<&'d str>) {
        let is_mark = |c: char| MARKS.contains(&c) || (splits_at_hyphens && c == '-');
        for part in name.split(is_mark) {
            let mut between: Vec<&str> = Vec::new();
            for word in part.split_whitespace() {
                let plain = word.trim_matches('-').to_lowercase();
                if plain.is_empty() || WORDS.contains(&&*plain) {
                    self.firms_of_words(&between, found);
                    between.clear();
                } else {
                    between.push(word);
                }
            }
            self.firms_of_words(&between, found);
        }
    }

    /// Words that are one provider's name, or those of several and nothing besides.
    fn firms_of_words<'d>(&'d self, words: &[&str], found: &mut Vec<&'d str>) {
        if let Some(provider) = self.called(&words.join(" ")) {
            found.push(provider.id());
            return;
        }
        if !(2..=WORDS_MAX).contains(&words.len()) {
            return;
        }
        let mut firms = Vec::new();
        let mut rest = words;
        while !rest.is_empty() {
            let longest = (1..=rest.len().min(WORDS_OF_A_FIRM_MAX)).rev().find_map(|count| {
                let (head, tail) = rest.split_at_checked(count)?;
                Some((self.called(&head.join(" "))?, tail))
            });
            let Some((provider, tail)) = longest else { return };
            firms.push(provider.id());
            rest = tail;
        }
        found.extend(firms);
    }

    /// The provider that has exactly this name, with or without a legal form.
    fn called(&self, name: &str) -> Option<&Provider> {
        let owner = |name: &str| {
            let asked = Asked::new(&Identity { name: Some(name), ..Identity::default() });
            self.candidates(&asked).find(|provider| asked.leads_to(provider))
        };
        owner(name).or_else(|| owner(&without_legal_form(&folded(name)?)?))
    }
}

#[cfg(test)]
mod tests {
    use crate::directory::Directory;

    #[test]
    fn firms_that_are_written_as_one_are_seen() {
        let directory = Directory::built_in().expect("the built-in directory");
        for name in [
            "Twilio, Infobip",
            "Twilio via Infobip",
            "Twilio (Infobip)",
            "Twilio - Infobip",
            "Twilio-Infobip",
            "Twilio/Infobip Ltd",
            "Twilio、Infobip",
            "Twilio | Infobip",
            "Twilio & Infobip",
            "Twilio and Infobip",
            "Twilio y Infobip Inc.",
            "TWILIO  INFOBIP",
            "twilio → infobip",
        ] {
            assert!(directory.lists_several(name), "{name}");
        }
        for name in [
            "Twilio",
            "Twilio Inc.",
            "Twilio, Inc.",
            "Twilio (WhatsApp)",
            "Twilio Twilio",
            "Acme via Twilio",
            "Acme & Sons",
            "Twilio Infobip Consulting",
            "",
            "-",
        ] {
            assert!(!directory.lists_several(name), "{name}");
        }
    }

    #[test]
    fn no_record_lists_several_by_its_own_name() {
        let directory = Directory::built_in().expect("the built-in directory");
        for provider in directory.providers() {
            let aliases = provider.aliases().iter().map(String::as_str);
            for name in std::iter::once(provider.name()).chain(aliases) {
                for name in [name.to_owned(), format!("{name} Ltd"), format!("{name} (WhatsApp)")] {
                    assert!(!directory.lists_several(&name), "{name}");
                }
            }
        }
    }
}
