//! The words of a decision: verdict, status, topic, exposure.

use std::fmt;
use std::sync::Arc;

use crate::suggest;
use crate::text::{self, quoted};

/// Declares a fieldless enum with its stable names, so that the name list cannot drift from the
/// variants.
#[doc(hidden)]
#[macro_export]
macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[allow(
            clippy::allow_attributes,
            clippy::exhaustive_enums,
            reason = "whoever reads a word decides about each: a new one breaks them on purpose"
        )]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every variant, in declaration order, which is also the order of `Ord`.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name used in packs, documents and decisions.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The variant of that name, if there is one.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::from_name(name)
                    .ok_or_else(|| $crate::UnknownWord::new(name, &[$($text,)+]))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use names;

/// Why a text is no word of a list, such as `"alow".parse::<Verdict>()`. It has no code of its own:
/// what is read from files is refused with that of the file, such as `pack/unknown-word`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is none of {}{}", quoted(.found), .known.join(", "), meant(.nearest))]
pub struct UnknownWord {
    found: String,
    known: &'static [&'static str],
    nearest: Option<&'static str>,
}

impl UnknownWord {
    /// That `found` is none of `known`.
    pub fn new(found: &str, known: &'static [&'static str]) -> Self {
        let nearest = suggest::nearest(found, known.iter().copied());
        Self { found: text::shortened(found, 60), known, nearest }
    }

    /// The word that was probably meant.
    pub const fn nearest(&self) -> Option<&'static str> {
        self.nearest
    }
}

fn meant(nearest: &Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |word| format!("; did you mean `{word}`?"))
}

names! {
    /// What a check concludes. The worst finding wins: `allow` < `review` < `deny`.
    ///
    /// This list is finished: a fourth verdict must break every caller's build.
    Verdict {
        /// Nothing known stands against sending.
        Allow = "allow",
        /// A person must decide, or a fact is missing.
        Review = "review",
        /// Sending would break a rule that is in force.
        Deny = "deny",
    }
}

names! {
    /// What a finding means. The order is by weight: `allow` < `note` < `review` < `deny`.
    ///
    /// This list is finished, as that of [`Verdict`] is.
    FindingVerdict {
        /// Nothing stands against sending.
        Allow = "allow",
        /// Worth knowing: shown and counted, and without effect on the verdict of the decision.
        Note = "note",
        /// A person must decide, or a fact is missing.
        Review = "review",
        /// Sending would break a rule that is in force.
        Deny = "deny",
    }
}

impl Verdict {
    /// The verdict of a decision with these findings: the worst wins; allow where there is none.
    pub fn of_findings(findings: impl IntoIterator<Item = FindingVerdict>) -> Self {
        findings.into_iter().map(FindingVerdict::effect).max().unwrap_or(Self::Allow)
    }
}

impl FindingVerdict {
    /// What a finding that means this adds to the verdict of its decision.
    pub const fn effect(self) -> Verdict {
        match self {
            Self::Allow | Self::Note => Verdict::Allow,
            Self::Review => Verdict::Review,
            Self::Deny => Verdict::Deny,
        }
    }
}

names! {
    /// What one rule says of one case.
    Status {
        /// The rule is in force, applies, and is violated.
        Violated = "violated",
        /// The given facts do not settle the rule.
        Undetermined = "undetermined",
        /// The rule is in force, applies, and is satisfied.
        Satisfied = "satisfied",
        /// The rule is not in force at `send_at`, or does not apply.
        NotApplicable = "not_applicable",
    }
}

names! {
    /// What a rule is about.
    Topic {
        /// Who carries the messages.
        Provider = "provider",
        /// By which technical route.
        Access = "access",
        /// The state of the business account.
        Account = "account",
        /// What the account may be used for.
        UseCase = "use_case",
        /// Message templates.
        Template = "template",
        /// Opt-in and opt-out.
        Consent = "consent",
        /// The customer service window.
        Window = "window",
        /// A value in a row that could not be read.
        Input = "input",
        /// Hours and days.
        Timing = "timing",
        /// How often.
        Frequency = "frequency",
        /// The trade of the sender.
        Vertical = "vertical",
        /// The place of sender or recipient.
        Territory = "territory",
        /// Bots and assistants.
        Automation = "automation",
        /// Personal data asked for or sent.
        Data = "data",
        /// Messaging limits.
        Limits = "limits",
        /// Quality, blocks and reports.
        Feedback = "feedback",
        /// The provider directory itself.
        Directory = "directory",
    }
}

/// What a rule is about: a topic that all packs know, or one of its pack's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a topic is everybody's or somebody's")]
pub enum RuleTopic {
    /// A topic that all packs know.
    BuiltIn(Topic),
    /// One of the pack's own, such as `house/loyalty`.
    Own(Arc<str>),
}

impl RuleTopic {
    /// As packs and decisions write it.
    pub fn name(&self) -> &str {
        match self {
            Self::BuiltIn(topic) => topic.name(),
            Self::Own(name) => name,
        }
    }
}

impl From<Topic> for RuleTopic {
    fn from(topic: Topic) -> Self {
        Self::BuiltIn(topic)
    }
}

impl PartialEq<Topic> for RuleTopic {
    fn eq(&self, topic: &Topic) -> bool {
        *self == Self::BuiltIn(*topic)
    }
}

impl fmt::Display for RuleTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl serde::Serialize for RuleTopic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

names! {
    /// What a violation can lead to, from mild to grave.
    Exposure {
        /// A warning.
        Warning = "warning",
        /// Access to features is limited.
        AccessLimited = "access_limited",
        /// Business-initiated messages are blocked for a time.
        BlockBusinessInitiated = "block_business_initiated",
        /// All messages are blocked for a time.
        BlockAllMessaging = "block_all_messaging",
        /// The account is locked until an appeal succeeds.
        AccountLock = "account_lock",
        /// The account is disabled.
        AccountDisabled = "account_disabled",
        /// The number is banned for a time.
        NumberBanTemporary = "number_ban_temporary",
        /// The number is banned for good.
        NumberBanPermanent = "number_ban_permanent",
        /// The whole company is barred.
        BrandBan = "brand_ban",
        /// Legal action.
        LegalAction = "legal_action",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_none_finds_its_neighbour() {
        assert_eq!("deny".parse(), Ok(Verdict::Deny));
        let error = "alow".parse::<Verdict>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`alow` is none of allow, review, deny; did you mean `allow`?"
        );
        assert_eq!(error.nearest(), Some("allow"));
    }

    #[test]
    fn names_read_back() {
        for topic in Topic::ALL {
            assert_eq!(Topic::from_name(topic.name()), Some(*topic));
        }
        assert!(Verdict::Allow < Verdict::Review && Verdict::Review < Verdict::Deny);
        for verdict in FindingVerdict::ALL {
            assert_eq!(FindingVerdict::from_name(verdict.name()), Some(*verdict));
        }
    }

    #[test]
    fn the_verdict_of_a_finding_decides_by_its_name_but_for_notes() {
        assert!(FindingVerdict::ALL.is_sorted_by_key(|verdict| verdict.effect()));
        for verdict in FindingVerdict::ALL {
            let named = Verdict::from_name(verdict.name());
            assert_eq!(verdict.effect(), named.unwrap_or(Verdict::Allow));
            assert_eq!(named.is_none(), *verdict == FindingVerdict::Note);
        }
    }
}
