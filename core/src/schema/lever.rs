//! What is a change that somebody can make to a fact?

use crate::verdict::names;

names! {
    /// Who can change a fact.
    ChangedBy {
        /// Whoever makes the campaign: by editing the message.
        Campaign = "campaign",
        /// Whoever runs the sending: by another provider, route or client.
        Sender = "sender",
        /// The business: by what it can do about its standing.
        Account = "account",
        /// Whoever plans the sending: by sending later.
        Time = "time",
        /// Whoever chooses the audience: by leaving a recipient out.
        Audience = "audience",
        /// Nobody: it is a fact of the world.
        Nobody = "nobody",
    }
}

names! {
    /// How much a change asks for, from little to much.
    Effort {
        /// A choice that is made anew: whom to write to, when, how fast.
        Choice = "choice",
        /// Another message, or other words in it.
        Message = "message",
        /// A setting of an account or a profile.
        Setting = "setting",
        /// Other software, another route or provider.
        Switch = "switch",
        /// What others decide, or only time brings: reviews, ratings, licences.
        Standing = "standing",
    }
}

/// What may be proposed in place of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever proposes has to know all of them")]
pub enum Proposal {
    /// Nothing: it is nobody's to change, or changing it alone would be a false statement.
    Nothing,
    /// One of these values.
    Values(&'static [&'static str]),
    /// A smaller number.
    Fewer,
    /// A greater number.
    More,
    /// An empty list.
    Emptied,
    /// The list without what does not use the official API.
    OfficialOnly,
    /// The list with the campaign's use case added.
    WithUseCase,
    /// Category and use case together, as [`KINDS`](super::levers::KINDS) has them: another kind of message.
    Kind,
    /// Identity, role and review of the provider together: another provider.
    Provider,
    /// A later instant.
    Later,
    /// A list of objects without one of them.
    WithoutEntry,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lever {
    /// Who can change it.
    pub by: ChangedBy,
    /// How: what to do, in one line; of what nobody can change, why not.
    pub how: &'static str,
    /// How much that asks for.
    pub effort: Effort,
    /// What may be proposed.
    pub to: Proposal,
    /// Where the value usually comes from.
    pub comes_from: &'static str,
}

pub(super) const fn lever(
    by: ChangedBy,
    effort: Effort,
    to: Proposal,
    how: &'static str,
    comes_from: &'static str,
) -> Lever {
    Lever { by, how, effort, to, comes_from }
}

/// A fact that nobody changes by deciding to.
pub(super) const fn fixed(how: &'static str, comes_from: &'static str) -> Lever {
    lever(ChangedBy::Nobody, Effort::Standing, Proposal::Nothing, how, comes_from)
}

/// A fact of a recipient: who it stands against is left out.
pub(super) const fn of_recipient(how: &'static str, comes_from: &'static str) -> Lever {
    lever(ChangedBy::Audience, Effort::Choice, Proposal::Nothing, how, comes_from)
}
