//! How can one imitate another?

use crate::language::{Lang, catalogue};

/// How a name or domain imitates another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The right name with another domain.
    OtherDomain,
    /// The right name with another id.
    OtherId,
    /// Characters that are taken for others.
    ConfusableCharacters,
    /// Letters of several scripts in one word.
    MixedScripts,
    /// A domain that hides such characters in an encoded label.
    Punycode,
    /// Only hyphens, spaces or dots differ.
    Separators,
    /// The same words in another order.
    SwappedWords,
    /// A known name with words put before, behind or around it.
    AddedWords,
    /// A known domain's label under another public suffix.
    OtherSuffix,
    /// A known name or domain as a subdomain of another.
    Subdomain,
    /// A misspelling.
    Misspelling,
}

impl Reason {
    /// Every reason, in order.
    pub const ALL: &'static [Self] = &[
        Self::OtherDomain,
        Self::OtherId,
        Self::ConfusableCharacters,
        Self::MixedScripts,
        Self::Punycode,
        Self::Separators,
        Self::SwappedWords,
        Self::AddedWords,
        Self::OtherSuffix,
        Self::Subdomain,
        Self::Misspelling,
    ];

    /// A stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OtherDomain => "other-domain",
            Self::OtherId => "other-id",
            Self::ConfusableCharacters => "confusable-characters",
            Self::MixedScripts => "mixed-scripts",
            Self::Punycode => "punycode",
            Self::Separators => "separators",
            Self::SwappedWords => "swapped-words",
            Self::AddedWords => "added-words",
            Self::OtherSuffix => "other-suffix",
            Self::Subdomain => "subdomain",
            Self::Misspelling => "misspelling",
        }
    }

    /// What it means, in a sentence without a full stop.
    pub const fn sentence(self) -> &'static str {
        self.sentence_in(Lang::English)
    }

    /// The same for people, in their language.
    pub const fn sentence_in(self, lang: Lang) -> &'static str {
        let words = match self {
            Self::OtherDomain => catalogue::LIKE_OTHER_DOMAIN,
            Self::OtherId => catalogue::LIKE_OTHER_ID,
            Self::ConfusableCharacters => catalogue::LIKE_CONFUSABLE,
            Self::MixedScripts => catalogue::LIKE_MIXED_SCRIPTS,
            Self::Punycode => catalogue::LIKE_PUNYCODE,
            Self::Separators => catalogue::LIKE_SEPARATORS,
            Self::SwappedWords => catalogue::LIKE_SWAPPED_WORDS,
            Self::AddedWords => catalogue::LIKE_ADDED_WORDS,
            Self::OtherSuffix => catalogue::LIKE_OTHER_SUFFIX,
            Self::Subdomain => catalogue::LIKE_SUBDOMAIN,
            Self::Misspelling => catalogue::LIKE_MISSPELLING,
        };
        words.of(lang)
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
