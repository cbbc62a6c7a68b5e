//! What does an error code leave behind in a book?
//!
//! In: a code. Out: a [`Consequence`], which is what the catalogue names as its `effect` and
//! nothing else, so that what `cts code` says and what a check says are one thing.

use cleartosend::Timestamp;

use crate::book::{Register, Word};
use crate::codes::{self, Effect, EffectScope};
use crate::fold::Standing;

/// What a code leaves behind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Consequence {
    /// Checks of the account or number look twice, for so many seconds after the code came.
    Look { seconds: i64 },
    /// Something stops the account.
    Stand(Standing),
    /// A mark of the recipient of the message.
    Mark(Register),
    /// Another word on one matter.
    Tell(Register, Word),
}

/// For how long a code that nobody can explain makes checks look twice: as long as any that
/// somebody can.
const STRANGE_SECONDS: i64 = 7 * 86_400;

/// Whom a code that came at an instant concerns, and what it leaves behind; none for one that says
/// nothing which outlasts the message. What a code means that the catalogue does not have, nobody
/// knows.
pub(crate) fn of(code: i64, at: Timestamp) -> Option<(EffectScope, Consequence)> {
    match codes::explain(code) {
        Some(known) => {
            let effect = known.effect.as_ref()?;
            consequence(effect, at).map(|known| (effect.scope, known))
        }
        None => Some((EffectScope::Account, Consequence::Look { seconds: STRANGE_SECONDS })),
    }
}

/// For how many seconds after it came a code makes checks look twice, as rows have it.
pub(crate) fn term_of(code: &Word) -> Option<i64> {
    match code {
        Word::Int(code) => match of(*code, Timestamp::MIN) {
            Some((_, Consequence::Look { seconds })) => Some(seconds),
            _ => None,
        },
        _ => Some(STRANGE_SECONDS),
    }
}

fn consequence(effect: &Effect, at: Timestamp) -> Option<Consequence> {
    const HOUR_SECONDS: i64 = 3600;
    let (whose, member) = effect.attribute.split_once('.')?;
    Some(match (whose, member, &*effect.value) {
        ("account", "recent_errors", "code") => {
            Consequence::Look { seconds: i64::from(effect.hours?) * HOUR_SECONDS }
        }
        ("account", "restrictions", "unknown") => Consequence::Stand(Standing::Refused),
        ("account", "restrictions", "account_disabled") => {
            Consequence::Stand(Standing::Ban { since: at })
        }
        ("account", "restrictions", "business_initiated") => Consequence::Stand(Standing::Payment),
        ("recipient", member, _) => Consequence::Mark(Register::from_name(member)?),
        ("account", member, "unknown") => {
            Consequence::Tell(Register::from_name(member)?, Word::Unknown)
        }
        ("account", member, word) => {
            Consequence::Tell(Register::from_name(member)?, Word::text(word))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_of_the_catalogue_is_something_that_a_book_holds() {
        for code in codes::all() {
            // A subcode never comes alone, and an effect of its own would never count.
            assert!(code.effect.is_none() || code.subcode_of.is_empty(), "{}", code.code);
            if code.effect.is_some() {
                assert!(
                    of(code.code, Timestamp::MIN).is_some(),
                    "{}: {:?}",
                    code.code,
                    code.effect
                );
            }
        }
    }
}
